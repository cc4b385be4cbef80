//! Markdown.

use crate::support::{attribute, error, headings, read_one, try_read, under};
use nomoscope_core::text::{Direction, MarkKind};

#[track_caller]
fn check(source: &str, want: &str) {
    assert_eq!(read_one("a.md", source.as_bytes()).document.text, want);
}

#[test]
fn markup_goes_words_stay() {
    check(
        "*one* **two** `three` [four](http://x) ![five](y.png) &amp; \\*six\\* <b>seven</b>",
        "one two three four five & *six* seven",
    );
    check("a\nb  \nc", "a\nb\nc");
    check("> quoted\n\n---\n\nafter", "quoted\n\nafter");
    check("word[^1] more\n\n[^1]: The note.", "word[1] more\n\n[1] The note.");
    check(
        "before\n\n<div>\n<p>one</p><p>two</p><script>x()</script>\n</div>\n\nafter",
        "before\n\none\n\ntwo\n\nafter",
    );
    check("Term\n:   meaning", "Term\nmeaning");
    check("    code  x\n    more", "code  x\n    more".replace("    more", "more").as_str());
}

#[test]
fn list_numbers_stay_as_written() {
    check("4. four\n4. again\n", "4. four\n4. again");
    check("1)  one\n\n2)  two\n", "1) one\n\n2) two");
    check("- a\n  - b\n- c\n", "- a\n- b\n- c");
    check("1. one\n\n   more\n\n2. two\n", "1. one\n\nmore\n\n2. two");
    check("(a) first;\n\n(b) second.", "(a) first;\n\n(b) second.");
    check("1.\n2. two\n", "1.\n2. two");
}

#[test]
fn tables_have_tabs() {
    check("x\n\n| A | B |\n|---|---|\n| 1 | *2* |\n|   | 3 |\n", "x\n\nA\tB\n1\t2\n\t3");
}

#[test]
fn headings_are_marks() {
    let read = read_one("a.md", "# The *Title*\n\nArticle 1\n---------\n\nBody.\n\n###### Deep #\n\ntext".as_bytes());
    assert_eq!(headings(&read), ["1 The Title", "2 Article 1", "6 Deep"]);
    assert_eq!(read.document.title.as_deref(), Some("The Title"));
    assert_eq!(read.document.text, "The Title\n\nArticle 1\n\nBody.\n\nDeep\n\ntext");
}

#[test]
fn languages_as_people_write_them() {
    for (written, want) in [
        ("fr", "fr"),
        ("French", "fr"),
        ("en, fr", "en fr"),
        ("en;fr", "en fr"),
        ("en/fr", "en fr"),
        ("[en, fr]", "en fr"),
        ("English and French", "en fr"),
        ("français et anglais", "fr en"),
        ("French (Canada)", "fr"),
        ("Bahasa Indonesia, English", "id en"),
        ("en et lv", "en et lv"),
    ] {
        let read = read_one("a.md", format!("---\nlanguage: {written}\n---\nBody.\n").as_bytes());
        let several = read.document.attributes.get("language").map(String::as_str);
        assert_eq!(several.or(read.document.language.as_deref()), Some(want), "{written}");
        assert_eq!(read.notes, [] as [String; 0]);
    }
    let unknown = read_one("a.md", b"---\nlanguage: Frensh\n---\nBody.\n");
    assert_eq!(unknown.document.language, None);
    assert_eq!(unknown.notes, ["its language, `Frensh`, is no language tag: write en, fr or zh-Hant"]);
}

#[test]
fn front_matter_becomes_attributes() {
    let source = "---\nTitle: \"A: b\"\nlang: fr\ndate: 1926-09 # signed\ntags: [one, 'two, three']\nlist:\n  - x\n- y\nnote: >\n  folded\n  text\ncountry: NO\nnested:\n  key: value\n? odd\n---\n# Body\n";
    let read = read_one("a.md", source.as_bytes());
    assert_eq!(read.document.title.as_deref(), Some("A: b"));
    assert_eq!(read.document.language.as_deref(), Some("fr"));
    for (key, want) in
        [("date", "1926-09"), ("tags", "one; two, three"), ("list", "x; y"), ("note", "folded text"), ("country", "NO")]
    {
        assert_eq!(attribute(&read, key), want);
    }
    assert_eq!(read.notes, ["front matter, line 15: not understood, left out"]);
    assert_eq!(read.document.text, "Body");
    let read = read_one("a.md", b"+++\ntitle = \"T\"\nyear = 1926\nwho = ['a', 'b']\ndir = 'rtl'\n+++\nBody");
    assert_eq!((attribute(&read, "year"), attribute(&read, "who")), ("1926", "a; b"));
    assert_eq!(read.document.direction, Some(Direction::Rtl));
    assert!(error("a.md", b"+++\ntitle = \n+++\nBody").starts_with("a.md: line 2: front matter: "));
    // A rule at the head of a text is no front matter.
    check("---\n\nA sentence without a key.\n\n---\n\nMore.", "A sentence without a key.\n\nMore.");
}

/// On a thread with a small stack, where a list in a list without bound would end the process.
#[test]
fn front_matter_nests_to_a_bound() {
    let n = 35_000;
    for text in [
        format!("---\ntitle: a\ntags: {}{}\n---\nText.\n", "[".repeat(n), "]".repeat(n)),
        format!("---\ntitle: a\ntags: [a, {}{}]\n---\nText.\n", "[ ".repeat(n), "]".repeat(n)),
        format!("---\ntags:\n- {}{}\n---\nText.\n", "[".repeat(n), "]".repeat(n)),
        format!("+++\ntitle = 'a'\ntags = {}{}\n+++\nText.\n", "[".repeat(n), "]".repeat(n)),
        format!("+++\ntitle = 'a'\n{}a = 1\n+++\nText.\n", "a.".repeat(n)),
    ] {
        let read = move || try_read("a.md", text.as_bytes()).map(|_| ()).unwrap_err().to_string();
        let told = std::thread::Builder::new().stack_size(256 << 10).spawn(read).unwrap().join().unwrap();
        assert_eq!(told, "a.md: line 3: nested deeper than 32 levels");
    }
}

#[test]
fn marks_of_notes_are_marked() {
    for (source, want, marks) in [
        ("unpaid<sup>1</sup> work", "unpaid\u{b9} work", vec![]),
        ("unpaid<sup>a</sup> work, unpaid<sup>[2]</sup>", "unpaida work, unpaid[2]", vec!["a", "[2]"]),
        ("the 1<sup>er</sup> day", "the 1er day", vec![]),
        ("unpaid[^1] work [^ no", "unpaid[1] work [^ no", vec!["[1]"]),
    ] {
        let read = read_one("a.md", source.as_bytes());
        assert_eq!((read.document.text.as_str(), under(&read, MarkKind::NoteMark)), (want, marks), "{source}");
    }
}
