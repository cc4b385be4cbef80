//! Documents of office programs, made here: odt, rtf, epub, pptx, ods, and archives of files.

use crate::support::{attribute, error, headings, labels, read_one, try_read, under, zip};
use nomoscope_core::text::MarkKind;
use nomoscope_formats::{Input, ReadOptions, read};

const NAMES: &str = "xmlns:office='urn:o' xmlns:text='urn:t' xmlns:style='urn:s' xmlns:table='urn:ta' xmlns:draw='urn:d' xmlns:fo='urn:f' xmlns:dc='urn:dc' xmlns:meta='urn:m'";

fn odt(body: &str, styles: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content {NAMES}><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    );
    let meta = format!(
        "<office:document-meta {NAMES}><office:meta><dc:title>The title</dc:title><dc:language>fr-FR</dc:language><meta:initial-creator>A. Roe</meta:initial-creator></office:meta></office:document-meta>"
    );
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", content.as_bytes()),
        ("meta.xml", meta.as_bytes()),
    ])
}

#[track_caller]
fn check_odt(body: &str, styles: &str, want: &str) {
    assert_eq!(read_one("a.odt", &odt(body, styles)).document.text, want);
}

#[test]
fn opendocument_texts() {
    check_odt(
        "<text:h text:outline-level='1'>Head</text:h><text:p>one<text:s text:c='2'/>two<text:tab/>three<text:line-break/>four <text:span>five</text:span></text:p>",
        "",
        "Head\n\none  two\tthree\nfour five",
    );
    let read = read_one("a.odt", &odt("<text:h text:outline-level='2'>Head</text:h><text:p>Text.</text:p>", ""));
    assert_eq!(headings(&read), ["2 Head"]);
    assert_eq!((read.document.title.as_deref(), read.document.language.as_deref()), (Some("The title"), Some("fr-FR")));
    assert_eq!(attribute(&read, "author"), "A. Roe");
    let list = "<text:list-style style:name='L1'><text:list-level-style-number text:level='1' style:num-format='1' style:num-suffix='.'/><text:list-level-style-number text:level='2' style:num-format='a' style:num-prefix='(' style:num-suffix=')'/></text:list-style>";
    let item = |text: &str, inner: &str| format!("<text:list-item><text:p>{text}</text:p>{inner}</text:list-item>");
    let inner = format!("<text:list>{}{}</text:list>", item("x", ""), item("y", ""));
    check_odt(
        &format!(
            "<text:list text:style-name='L1'>{}{}</text:list><text:list text:style-name='L1' text:continue-numbering='true'>{}</text:list>",
            item("one", &inner),
            item("two", ""),
            item("three", "")
        ),
        list,
        "1. one\n\n(a) x\n\n(b) y\n\n2. two\n\n3. three",
    );
    check_odt(
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p><text:p>b</text:p></table:table-cell><table:table-cell><text:p>c</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>d</text:p></table:table-cell></table:table-row></table:table>",
        "",
        "a b\tc\nd",
    );
}

#[test]
fn what_an_opendocument_text_does_not_show_is_told() {
    let body = "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes>\
        <text:table-of-content><text:p>Contents 1</text:p></text:table-of-content>\
        <text:p>slavery<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>The note.</text:p></text:note-body></text:note> and<office:annotation><text:p>a remark</text:p></office:annotation> trade<text:span text:style-name='Up'>12</text:span></text:p><text:p text:style-name='Hid'>hidden</text:p>";
    let styles = "<style:style style:name='Up'><style:text-properties style:text-position='super 58%'/></style:style><style:style style:name='Hid'><style:text-properties text:display='none'/></style:style>";
    let read = read_one("a.odt", &odt(body, styles));
    assert_eq!(read.document.text, "slavery[1] and trade\u{b9}\u{b2}\n\n[1] The note.");
    assert_eq!(under(&read, MarkKind::NoteMark), ["[1]", "[1]"]);
    assert_eq!(under(&read, MarkKind::Note), ["[1] The note."]);
    assert_eq!(
        read.notes,
        [
            "left out: comments (1)",
            "left out: deleted passages (1)",
            "left out: hidden passages (1)",
            "left out: tables of contents and indexes (1)"
        ]
    );
    let locked = zip(&[("content.xml", b"\x01"), ("META-INF/manifest.xml", b"<m><encryption-data/></m>")]);
    assert_eq!(error("a.odt", &locked), "a.odt: the file is encrypted");
    assert_eq!(error("a.odt", &zip(&[("x", b"y")])), "a.odt: the part `content.xml` is missing");
}

#[track_caller]
fn check_rtf(inside: &[u8], want: &str) {
    let bytes = [b"{\\rtf1\\ansi\\ansicpg1252 ".as_slice(), inside, b"}"].concat();
    assert_eq!(read_one("a.rtf", &bytes).document.text, want);
}

#[test]
fn rich_text() {
    check_rtf(b"One {\\b bold} word.\\par Two\\line three\\tab four\\par", "One bold word.\n\nTwo\nthree\tfour");
    check_rtf(
        b"caf\\'e9 \\ldblquote x\\rdblquote  \\u8211? \\u1090?\\u-10179?\\u-8704?",
        "caf\u{e9} \u{201c}x\u{201d} \u{2013} \u{442}\u{1f600}",
    );
    check_rtf(
        b"{\\fonttbl{\\f0\\fcharset204 Arial;}{\\f1\\fcharset0 Times;}}{\\colortbl;\\red0;}\\f0 \\'f0\\'e0\\'e1\\f1  a",
        "\u{440}\u{430}\u{431} a",
    );
    check_rtf(b"{\\header head}{\\*\\unknown words}{\\pict 0102}a{\\v hidden}{\\deleted old}b{\\field{\\*\\fldinst PAGE}{\\fldrslt 7}}", "ab7");
    check_rtf(
        b"\\trowd\\intbl a\\cell\\intbl b\\cell\\row\\trowd\\intbl c\\cell\\intbl d\\cell\\row\\pard after",
        "a\tb\nc\td\n\nafter",
    );
    check_rtf(b"x{\\bin3 {}}y\\{z\\}", "xy{z}");
    let bytes = b"{\\rtf1{\\stylesheet{\\s0 Normal;}{\\s1 heading 1;}}{\\info{\\title T}{\\author A. Roe}}\\pard\\s1 Head\\par\\pard Text{\\super 1}{\\footnote\\pard {\\super 1} A note.} goes on.\\par}";
    let read = read_one("a.rtf", bytes);
    assert_eq!(headings(&read), ["1 Head"]);
    assert_eq!(read.document.text, "Head\n\nText\u{b9}[1] goes on.\n\n[1] 1 A note.");
    assert_eq!((read.document.title.as_deref(), attribute(&read, "author")), (Some("T"), "A. Roe"));
    assert!(error("a.rtf", &[b"{\\rtf1".as_slice(), &b"{".repeat(2000)].concat()).contains("nested deeper"));
    assert_eq!(error("a.rtf", b"{\\rtf1{\\pict 00}}"), "a.rtf: no text found");
}

#[test]
fn books_in_the_order_of_reading() {
    let opf = "<package xmlns:dc='urn:dc'><metadata><dc:title>T</dc:title><dc:language>de</dc:language></metadata><manifest><item id='b' href='two%20b.xhtml' media-type='application/xhtml+xml'/><item id='a' href='one.xhtml' media-type='application/xhtml+xml'/><item id='n' href='n.xhtml' media-type='application/xhtml+xml'/><item id='gone' href='g.xhtml' media-type='application/xhtml+xml'/></manifest><spine><itemref idref='a'/><itemref idref='b'/><itemref idref='n' linear='no'/><itemref idref='gone'/></spine></package>";
    let page = |text: &str| {
        format!("<html xmlns='http://www.w3.org/1999/xhtml'><body><h1>{text}</h1><p>Words of {text}.</p></body></html>")
    };
    let bytes = zip(&[
        (
            "META-INF/container.xml",
            b"<container><rootfiles><rootfile full-path='OPS/book.opf'/></rootfiles></container>",
        ),
        ("OPS/book.opf", opf.as_bytes()),
        ("OPS/two b.xhtml", page("two").as_bytes()),
        ("OPS/one.xhtml", page("one").as_bytes()),
    ]);
    let read = read_one("a.epub", &bytes);
    assert_eq!(read.document.text, "one\n\nWords of one.\n\ntwo\n\nWords of two.");
    assert_eq!(headings(&read), ["1 one", "1 two"]);
    assert_eq!(read.document.language.as_deref(), Some("de"));
    assert_eq!(
        read.notes,
        ["left out: 1 chapter that the book names and does not hold", "left out: 1 part beside the text"]
    );
    assert_eq!(error("a.epub", &zip(&[("x", b"y")])), "a.epub: the part `META-INF/container.xml` is missing");
}

#[test]
fn slides_with_what_the_speaker_noted() {
    const N: &str = "xmlns:p='urn:p' xmlns:a='urn:a' xmlns:r='urn:r'";
    let main = format!(
        "<p:presentation {N}><p:sldIdLst><p:sldId id='1' r:id='r2'/><p:sldId id='2' r:id='r1'/><p:sldId id='3' r:id='r3'/></p:sldIdLst></p:presentation>"
    );
    let slide = |show: &str, title: &str, text: &str| {
        format!(
            "<p:sld {N} {show}><p:cSld><p:spTree><p:sp><p:nvSpPr><p:nvPr><p:ph type='title'/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>{title}</a:t></a:r></a:p></p:txBody></p:sp><p:sp><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>"
        )
    };
    let rel = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id='{id}' Type='http://x/{kind}' Target='{target}'/>")
    };
    let rels = format!(
        "<R>{}{}{}</R>",
        rel("r1", "slide", "slides/s1.xml"),
        rel("r2", "slide", "slides/s2.xml"),
        rel("r3", "slide", "slides/s3.xml")
    );
    let noted = format!(
        "<p:notes {N}><p:sp><p:nvSpPr><p:nvPr><p:ph type='body'/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>Said aloud.</a:t></a:r></a:p></p:txBody></p:sp><p:sp><p:nvSpPr><p:nvPr><p:ph type='sldNum'/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>2</a:t></a:r></a:p></p:txBody></p:sp></p:notes>"
    );
    let bytes = zip(&[
        ("ppt/presentation.xml", main.as_bytes()),
        ("ppt/_rels/presentation.xml.rels", rels.as_bytes()),
        ("ppt/slides/s1.xml", slide("", "Second", "b").as_bytes()),
        ("ppt/slides/s2.xml", slide("", "First", "a").as_bytes()),
        ("ppt/slides/s3.xml", slide("show='0'", "Hidden", "c").as_bytes()),
        ("ppt/slides/_rels/s2.xml.rels", format!("<R>{}</R>", rel("r1", "notesSlide", "../notes/n.xml")).as_bytes()),
        ("ppt/notes/n.xml", noted.as_bytes()),
    ]);
    let read = read_one("a.pptx", &bytes);
    assert_eq!(read.document.text, "First\n\na\n\nSaid aloud.\n\nSecond\n\nb");
    assert_eq!(labels(&read, MarkKind::Section), ["Slide 1", "Slide 2"]);
    assert_eq!(read.notes, ["left out: 1 hidden slide"]);
    assert!(error("a.pptx", &zip(&[("x", b"y")])).contains("`ppt/presentation.xml` is missing"));
}

fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content {NAMES}><office:body><office:spreadsheet><table:table table:name='A'>{rows}</table:table><table:table table:name='B'><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let mut bytes = Vec::new();
    // The first member says what the archive is, uncompressed.
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(&mut bytes));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, text) in
        [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.as_str())]
    {
        writer.start_file(name, stored).unwrap();
        std::io::Write::write_all(&mut writer, text.as_bytes()).unwrap();
    }
    writer.finish().unwrap();
    bytes
}

#[test]
fn spreadsheets_with_texts() {
    let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    let date = "<table:table-cell office:value-type='date' office:date-value='2001-03-21'><text:p>21.3.01</text:p></table:table-cell>";
    let rows = format!(
        "<table:table-row>{}{}{}</table:table-row><table:table-row>{}{date}{}</table:table-row><table:table-row table:number-rows-repeated='1048000'><table:table-cell table:number-columns-repeated='1024'/></table:table-row>",
        cell("id"),
        cell("date"),
        cell("Said"),
        cell("R1"),
        cell("words")
    );
    let options = ReadOptions { text_columns: vec!["said".to_owned()], ..ReadOptions::default() };
    let bytes = ods(&rows);
    let reads = read(&Input { name: "a.ods", bytes: &bytes }, &options).unwrap();
    assert_eq!(
        (reads[0].document.text.as_str(), reads[0].row.as_deref(), attribute(&reads[0], "date")),
        ("words", Some("R1"), "2001-03-21")
    );
    assert_eq!(reads[0].notes, ["left out: the sheets after the first: `B`"]);
    assert_eq!(error("a.ods", &bytes), "a.ods: line 1: no column for the text among `id`, `date`, `Said`");
    assert!(error("a.xlsx", b"PK\x03\x04").contains("not a readable table"));
}

#[test]
fn cells_of_a_spreadsheet_that_span_rows_hold_for_all_of_them() {
    let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    let rows = format!(
        "<table:table-row>{}{}</table:table-row><table:table-row><table:table-cell table:number-rows-spanned='2'><text:p>P1</text:p></table:table-cell>{}</table:table-row><table:table-row><table:covered-table-cell/>{}</table:table-row>",
        cell("id"),
        cell("text"),
        cell("one"),
        cell("two")
    );
    let reads = try_read("a.ods", &ods(&rows)).unwrap();
    let ids: Vec<_> = reads.iter().map(|read| read.row.as_deref().unwrap()).collect();
    assert_eq!(ids, ["P1", "P1-2"]);
}

#[test]
fn archives_of_files() {
    let bytes = zip(&[
        ("a/one.txt", b"One."),
        ("__MACOSX/a/._one.txt", b"\0"),
        ("two.csv", b"id,text\nx,Two.\n"),
        ("p.png", b"\x89PNG"),
        ("in.zip", &zip(&[("x.txt", b"y")])),
    ]);
    let reads = try_read("a.zip", &bytes).unwrap();
    let got: Vec<_> = reads.iter().map(|read| (read.row.as_deref().unwrap(), read.document.text.as_str())).collect();
    assert_eq!(got, [("a/one.txt", "One."), ("two.csv#x", "Two.")]);
    assert_eq!(
        reads[0].notes,
        [
            "left out: 2 files of the archive: p.png (a picture, which is not read), in.zip (an archive in an archive, which is not read)"
        ]
    );
    assert_eq!(error("a.zip", &zip(&[("p.png", b"x")])), "a.zip: no text found");
    let word = zip(&[(
        "word/document.xml",
        b"<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>Text</w:t></w:r></w:p></w:body></w:document>",
    )]);
    assert_eq!(read_one("a.zip", &word).document.text, "Text");
}

#[test]
fn documents_embedded_in_word_documents() {
    let body = "<w:document xmlns:w='w' xmlns:r='r'><w:body><w:p><w:r><w:t>Before.</w:t></w:r></w:p><w:altChunk r:id='c1'/><w:altChunk r:id='c2'/><w:p><w:subDoc r:id='s'/></w:p><w:subDoc r:id='s'/><w:p><w:r><w:t>After.</w:t></w:r></w:p></w:body></w:document>";
    let bytes = zip(&[
        ("word/document.xml", body.as_bytes()),
        ("word/_rels/document.xml.rels", b"<R><Relationship Id='c1' Type='x/aFChunk' Target='chunk.html'/><Relationship Id='c2' Type='x/aFChunk' Target='gone.html'/></R>"),
        ("word/chunk.html", b"<html><body><p>Inside.</p></body></html>"),
    ]);
    let read = read_one("a.docx", &bytes);
    assert_eq!(read.document.text, "Before.\n\nInside.\n\nAfter.");
    assert_eq!(read.notes, ["left out: documents in other files (1)", "left out: embedded documents (1)"]);
}
