//! Word documents, made here.

use crate::support::{attribute, error, headings, read_one, try_read, zip};
use nomoscope_formats::Reason;

const W: &str =
    "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' xmlns:mc='urn:mc' xmlns:wps='urn:wps'";

const STYLES: &str = "<w:style w:styleId='berschrift1'><w:name w:val='heading 1'/></w:style>
<w:style w:styleId='Mine'><w:name w:val='Mine'/><w:basedOn w:val='berschrift1'/></w:style>
<w:style w:styleId='Plain'><w:name w:val='Plain'/><w:basedOn w:val='Mine'/><w:pPr><w:outlineLvl w:val='9'/></w:pPr></w:style>
<w:style w:styleId='Loop'><w:name w:val='Loop'/><w:basedOn w:val='Loop'/></w:style>
<w:style w:styleId='TOC1'><w:name w:val='toc 1'/></w:style>
<w:style w:styleId='Num'><w:name w:val='Num'/><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr></w:style>";

const NUMBERS: &str = "<w:abstractNum w:abstractNumId='0'>
<w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl>
<w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='lowerLetter'/><w:lvlText w:val='(%2)'/></w:lvl>
<w:lvl w:ilvl='2'><w:start w:val='1'/><w:numFmt w:val='upperRoman'/><w:lvlText w:val='%1.%2.%3'/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId='1'><w:lvl w:ilvl='0'><w:numFmt w:val='bullet'/><w:lvlText w:val='\u{f0b7}'/></w:lvl></w:abstractNum>
<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num><w:num w:numId='2'><w:abstractNumId w:val='1'/></w:num>
<w:num w:numId='3'><w:abstractNumId w:val='0'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='7'/></w:lvlOverride></w:num>";

fn docx(body: &str) -> Vec<u8> {
    let part =
        |name: &str, inside: &str| format!("<?xml version='1.0' encoding='UTF-8'?><w:{name} {W}>{inside}</w:{name}>");
    let document = part("document", &format!("<w:body>{body}</w:body>"));
    let (styles, numbering) = (part("styles", STYLES), part("numbering", NUMBERS));
    let notes = |name: &str, text: &str| {
        let inside = format!(
            "<w:{name} w:id='-1' w:type='separator'><w:p><w:r><w:t>SEP</w:t></w:r></w:p></w:{name}><w:{name} w:id='2'>{}</w:{name}>",
            p(text)
        );
        part(&format!("{name}s"), &inside)
    };
    let (footnotes, endnotes) = (notes("footnote", "Foot."), notes("endnote", "End."));
    let core = "<cp:coreProperties xmlns:cp='urn:cp' xmlns:dc='urn:dc'><dc:title>The title</dc:title><dc:creator>Somebody</dc:creator><dc:language>fr-FR</dc:language></cp:coreProperties>";
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", document.as_bytes()),
        ("word/styles.xml", styles.as_bytes()),
        ("word/numbering.xml", numbering.as_bytes()),
        ("word/footnotes.xml", footnotes.as_bytes()),
        ("word/endnotes.xml", endnotes.as_bytes()),
        ("docProps/core.xml", core.as_bytes()),
    ])
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn styled(style: &str, text: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val='{style}'/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn numbered(list: u32, level: u32, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{list}'/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
    )
}

#[track_caller]
fn check(body: &str, want: &str) {
    assert_eq!(read_one("a.docx", &docx(body)).document.text, want);
}

#[test]
fn runs_make_the_text() {
    check(
        "<w:p><w:r><w:t xml:space='preserve'>one </w:t></w:r><w:r><w:t>t</w:t><w:t>wo</w:t><w:tab/><w:t>three</w:t><w:br/><w:t>non</w:t><w:noBreakHyphen/><w:t>x</w:t></w:r></w:p>",
        "one two\tthree\nnon\u{2011}x",
    );
    check(
        "<w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom></w:p>",
        "new",
    );
    check(
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText>SEQ x</w:instrText><w:fldChar w:fldCharType='separate'/><w:t>12</w:t><w:fldChar w:fldCharType='end'/></w:r><w:r><w:t>. Text</w:t></w:r></w:p>",
        "12. Text",
    );
    check(
        "<w:p><w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p><w:p/><w:sdt><w:sdtContent><w:p><w:r><w:t>control</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        "link\n\ncontrol",
    );
    check(
        "<w:p><w:r><w:t>at</w:t><mc:AlternateContent><mc:Choice><wps:txbx><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></wps:txbx></mc:Choice><mc:Fallback><w:t>again</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>",
        "at\n\nbox",
    );
}

#[test]
fn tables_have_tabs() {
    let cell = |inside: &str| format!("<w:tc>{inside}</w:tc>");
    let table = format!(
        "<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl>",
        cell(&p("A")),
        cell(&(p("B") + &p("b"))),
        cell("<w:p/>"),
        cell(&p("D"))
    );
    check(&format!("{}{table}{}", p("before"), p("after")), "before\n\nA\tB b\n\tD\n\nafter");
}

#[test]
fn notes_stand_at_the_end() {
    check(
        "<w:p><w:r><w:t>one</w:t><w:footnoteReference w:id='2'/><w:t>, two</w:t><w:endnoteReference w:id='2'/></w:r></w:p>",
        "one[1], two[i]\n\n[1] Foot.\n\n[i] End.",
    );
}

#[test]
fn headings_by_style_and_outline() {
    let outline = "<w:p><w:pPr><w:outlineLvl w:val='2'/></w:pPr><w:r><w:t>three</w:t></w:r></w:p>";
    let body = [
        styled("berschrift1", "one"),
        styled("Mine", "two"),
        outline.to_owned(),
        styled("Plain", "body"),
        styled("Loop", "loop"),
        styled("Titre2", "deux"),
        styled("TOC1", "contents"),
    ];
    let read = read_one("a.docx", &docx(&body.concat()));
    assert_eq!(headings(&read), ["1 one", "1 two", "3 three", "2 deux"]);
    assert_eq!(read.notes, ["left out: lines of the table of contents (1)"]);
    assert_eq!(read.document.title.as_deref(), Some("The title"));
    assert_eq!(read.document.language.as_deref(), Some("fr-FR"));
    assert_eq!(attribute(&read, "author"), "Somebody");
}

#[test]
fn automatic_numbers_are_counted_as_word_counts() {
    let body = [
        styled("Num", "a"),
        numbered(1, 1, "b"),
        numbered(1, 1, "c"),
        numbered(1, 2, "d"),
        numbered(1, 0, "e"),
        numbered(1, 1, "f"),
        numbered(2, 0, "g"),
        numbered(0, 0, "h"),
        numbered(3, 0, "i"),
        numbered(3, 0, "j"),
        numbered(99, 0, "k"),
        numbered(1, 8, "l"),
    ];
    check(&body.concat(), "1. a\n\n(a) b\n\n(b) c\n\n1.b.I d\n\n2. e\n\n(a) f\n\n• g\n\nh\n\n7. i\n\n8. j\n\nk\n\nl");
}

#[test]
fn broken_archives() {
    let whole = docx(&p("x"));
    for cut in [1, 4, 30, whole.len() / 2, whole.len() - 1] {
        assert!(error("a.docx", &whole[..cut]).contains("not a readable zip archive"), "{cut}");
    }
    assert_eq!(error("a.docx", b"plain text"), "a.docx: not a readable zip archive: the file does not begin like one");
    assert_eq!(error("a.docx", &zip(&[("x", b"")])), "a.docx: the part `word/document.xml` is missing");
    let broken = zip(&[("word/document.xml", b"<w:document xmlns:w='w'>\n<w:body></w:document>")]);
    assert_eq!(
        error("a.docx", &broken),
        "a.docx: `word/document.xml`, line 2, column 9: not well-formed XML: expected 'w:body' tag, not 'w:document'"
    );
    assert_eq!(error("a.docx", &docx("<w:p/>")), "a.docx: no text found");
    let elsewhere = zip(&[
        ("_rels/.rels", b"<R><R Type='http://x/officeDocument' Target='/word/doc2.xml'/></R>"),
        ("word/doc2.xml", format!("<w:document {W}><w:body>{}</w:body></w:document>", p("found")).as_bytes()),
    ]);
    assert_eq!(read_one("a.docx", &elsewhere).document.text, "found");
}

#[test]
fn hostile_archives() {
    let slip = zip(&[("../../etc/passwd", b"x"), ("word/document.xml", b"<x/>")]);
    assert_eq!(error("a.docx", &slip), "a.docx: the member name `../../etc/passwd` leads out of the archive");
    let blanks = vec![b' '; 40 << 20];
    let wrong = try_read("a.docx", &zip(&[("word/document.xml", &blanks)])).unwrap_err();
    assert!(matches!(wrong.problems[0].reason, Reason::Bomb { .. }), "{wrong}");
    let bomb = "<!DOCTYPE w [<!ENTITY a 'aaaa'>]><w>&a;</w>";
    assert!(error("a.docx", &zip(&[("word/document.xml", bomb.as_bytes())])).contains("`word/document.xml`, line 1"));
    let names: Vec<String> = (0..10_001).map(|n| format!("m{n}")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    assert_eq!(error("a.docx", &zip(&members)), "a.docx: more than 10000 members");
}
