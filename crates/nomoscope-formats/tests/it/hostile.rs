//! No bytes make a reader panic, hang or lie about its marks.

use crate::support::{check_marks, error, try_read, zip};
use nomoscope_formats::{FORMATS, Input, Limits, ReadOptions, read};
use proptest::prelude::*;

/// The name of a file for each extension of each format.
fn names() -> Vec<String> {
    FORMATS.iter().flat_map(|format| format.extensions.iter().map(|extension| format!("a.{extension}"))).collect()
}

fn check_all(bytes: &[u8]) {
    for name in names() {
        for read in try_read(&name, bytes).unwrap_or_default() {
            assert!(!read.document.text.contains('\0'), "{name}");
            check_marks(&read.document);
        }
    }
}

/// Pieces that formats are made of, so that random files get further than their first check.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "<akomaNtoso>", "<act>", "<body>", "<article eId='x'>", "<num>1.</num>", "<heading>", "</heading>", "<p>", "</p>", "<list>", "<intro>",
            "<point>", "</article>", "</act>", "</akomaNtoso>", "<udhr xml:lang='en'>", "<Section>", "<Label>(a)</Label>", "<table>", "<tr>", "<td>",
            "<ol>", "<li>", "<main>", "<b>", "</b>", "<br>", "<!--", "-->", "<![CDATA[", "]]>", "&amp;", "&#0;", "&x;", "# ", "## ", "- ", "1. ",
            "| a | b |\n|--|--|\n", "> ", "```\n", "---\n", "+++\n", "key: value\n", "[^1]: ", "[^1]", "text,id\n", "\"", ",", ";", "\t", "\n", "\r\n", "\r",
            "{\"text\":", "\"a\"}", "[[", "é", "😀", "\u{202e}", "\u{a0}", "ﬁ", "word ", "%PDF-1.5\n", "obj", "stream\n", "endstream", "<<", ">>",
        ]).prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        check_all(&bytes);
    }

    #[test]
    fn random_pieces(bytes in pieces()) {
        check_all(&bytes);
    }

    #[test]
    fn random_pieces_within_word_documents(inside in pieces()) {
        let inside = String::from_utf8_lossy(&inside).replace('<', "<w:").replace("<w:/", "</w:");
        let document = format!("<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>x</w:t></w:r></w:p>{inside}</w:body></w:document>");
        check_all(&zip(&[("word/document.xml", document.as_bytes()), ("word/numbering.xml", inside.as_bytes())]));
    }

    #[test]
    fn damaged_pdfs(at in 0_usize..700, byte in any::<u8>()) {
        let mut bytes = include_bytes!("fixtures/small.pdf").to_vec();
        if let Some(old) = bytes.get_mut(at) {
            *old = byte;
        }
        check_all(&bytes);
    }
}

#[test]
fn deep_nesting_is_refused() {
    let deep = |open: &str, n: usize| open.repeat(n);
    assert!(error("a.xml", deep("<a>", 300).as_bytes()).contains("nested deeper than 256 levels"));
    assert!(error("a.xml", ("<udhr>".to_owned() + &deep("<a>", 100_000)).as_bytes()).contains("nested deeper"));
    assert!(error("a.html", deep("<div>", 100_000).as_bytes()).contains("nested deeper"));
    assert!(error("a.html", deep("<b><p>", 50_000).as_bytes()).contains("no text found"));
    let spans: String = (0..50_000).map(|n| format!("<font x={n}><p>")).collect();
    assert_eq!(error("a.html", spans.as_bytes()), "a.html: nested deeper than 256 levels");
    assert!(
        error("a.jsonl", format!("{{\"text\":{}", deep("[", 300)).as_bytes()).contains("nested deeper than 256 levels")
    );
    assert!(error("a.jsonl", format!("{{\"text\":{}", deep("[", 200)).as_bytes()).contains("not a JSON object"));
    check_all(deep("> ", 20_000).as_bytes());
    check_all(deep("[", 20_000).as_bytes());
    check_all(deep("*a_ ", 20_000).as_bytes());
    check_all(deep("- ", 5_000).as_bytes());
}

#[test]
fn elements_with_countless_attributes_are_refused() {
    let attributes: String = (0..200_000).map(|n| format!(" a{n}='1'")).collect();
    assert_eq!(
        error("a.xml", format!("<a{attributes}>x</a>").as_bytes()),
        "a.xml: line 1, column 1: more than 256 attributes of one element"
    );
    assert_eq!(error("a.html", format!("<p{attributes}>x").as_bytes()), "a.html: more than 32768 bytes in one tag");
    assert_eq!(error("a.html", format!("<p \"{attributes}>x").as_bytes()), "a.html: more than 32768 bytes in one tag");
    let long = "x".repeat(200_000);
    let page = format!("<!-- <a {long} --><script>if (a<b {long}</script><p title='{long}' class=\"'>\">text");
    assert_eq!(try_read("a.html", page.as_bytes()).unwrap()[0].document.text, "text");
    assert!(try_read("a.xml", format!("<a b='{}'>x</a>", "=".repeat(300)).as_bytes()).is_ok());
}

#[test]
fn huge_lines_are_read() {
    let line = "word ".repeat(400_000);
    for name in ["a.txt", "a.md", "a.html"] {
        let reads = try_read(name, line.as_bytes()).unwrap();
        assert_eq!(reads[0].document.text.trim_end().len(), line.len() - 1, "{name}");
    }
    assert_eq!(try_read("a.csv", format!("text\n{line}\n").as_bytes()).unwrap().len(), 1);
}

#[test]
fn limits_are_kept() {
    let check = |name: &str, text: &str, limits: Limits, want: &str| {
        let options = ReadOptions { limits, ..ReadOptions::default() };
        let wrong = read(&Input { name, bytes: text.as_bytes() }, &options).unwrap_err().to_string();
        assert_eq!(wrong, want);
    };
    let limits = Limits::default;
    check("a.txt", "12345", Limits { max_bytes: 4, ..limits() }, "a.txt: larger than 4 bytes");
    check("a.txt", "12345", Limits { max_text_bytes: 4, ..limits() }, "a.txt: the text is longer than 4 bytes");
    check("a.md", "12345", Limits { max_text_bytes: 4, ..limits() }, "a.md: the text is longer than 4 bytes");
    check("a.xml", "<a><b/><c/>x</a>", Limits { max_nodes: 3, ..limits() }, "a.xml: more than 3 XML nodes");
    check("a.html", "<p>x<p>y<p>z", Limits { max_nodes: 5, ..limits() }, "a.html: more than 5 HTML nodes");
    check("a.csv", "text\na\nb\nc\n", Limits { max_rows: 2, ..limits() }, "a.csv: more than 2 rows");
    check(
        "a.csv",
        "text\nabcde\n",
        Limits { max_field_bytes: 4, ..limits() },
        "a.csv: line 2: a field longer than 4 bytes",
    );
    check(
        "a.jsonl",
        "{\"text\":\"a\"}\n{\"text\":\"b\"}",
        Limits { max_rows: 1, ..limits() },
        "a.jsonl: line 2: more than 1 rows",
    );
}

#[test]
fn the_table_of_formats_is_sound() {
    let mut seen = std::collections::BTreeSet::new();
    for format in FORMATS {
        assert!(seen.insert(format.name), "{} occurs twice", format.name);
        assert!(!format.description.is_empty() && !format.description.ends_with('.'));
        assert!(
            format
                .extensions
                .iter()
                .all(|extension| *extension == extension.to_lowercase() && !extension.starts_with('.'))
        );
    }
}
