//! Akoma Ntoso.

use crate::support::{attribute, error, headings, labels, read_one, under};
use nomoscope_core::text::MarkKind;

fn file(prefix: &str, namespace: &str, body: &str) -> String {
    let body = body
        .replace("</", &format!("</{prefix}"))
        .replace('<', &format!("<{prefix}"))
        .replace(&format!("<{prefix}/{prefix}"), &format!("</{prefix}"));
    let colon = prefix.trim_end_matches(':');
    let binding =
        if colon.is_empty() { format!("xmlns='{namespace}'") } else { format!("xmlns:{colon}='{namespace}'") };
    format!("<{prefix}akomaNtoso {binding}>{body}</{prefix}akomaNtoso>")
}

const ACT: &str = "<act><meta><identification><FRBRWork><FRBRthis value='/act/1'/><FRBRdate date='1926-09-25' name=''/><FRBRcountry value='xx'/></FRBRWork>
<FRBRExpression><FRBRlanguage language='fra'/></FRBRExpression></identification></meta>
<preface><longTitle><p>An <docTitle>Act of trial</docTitle></p></longTitle></preface>
<preamble><recitals><recital eId='r1'><num>(1)</num><p>Whereas one.</p></recital></recitals></preamble>
<body><chapter eId='c1'><num>Chapter I</num><heading>General</heading>
<article eId='a1'><num>Article 1</num><heading>Use of
  terms</heading><paragraph eId='a1p1'><num>1.</num><list><intro><p>For us:</p></intro>
<point eId='a1p1a'><num>(a)</num><content><p>first <i>point</i>;</p></content></point><point><num>(b)</num><content><p>second.</p></content></point></list></paragraph>
<paragraph><num>2.</num><content><p>Text<authorialNote marker='*'><p>A note.</p></authorialNote>, <del>old </del><ins>new</ins>.</p></content></paragraph></article>
<article wId='w2'><num>2</num><content><p>Replace:<quotedStructure><article><num>Article 9</num><content><p>Quoted.</p></content></article></quotedStructure></p></content></article></chapter>
<section eId='s3'><num>3</num><intro><p>A person shall</p></intro><paragraph><num>(a)</num><content><p>do,</p></content></paragraph></section>
</body></act>";

#[test]
fn an_act_in_any_namespace_and_prefix() {
    let want = "An Act of trial\n\n(1) Whereas one.\n\nChapter I General\n\nArticle 1 Use of terms\n\n1. For us:\n\n(a) first point;\n\n(b) second.\n\n\
        2. Text[*], new.\n\n2\n\nReplace:\n\nArticle 9\n\nQuoted.\n\n3\n\nA person shall\n\n(a) do,\n\n[*] A note.";
    for (prefix, namespace) in [
        ("", "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"),
        ("an:", "http://docs.oasis-open.org/legaldocml/ns/akn/3.0/WD17"),
        ("x:", "http://www.akomantoso.org/2.0"),
    ] {
        let read = read_one("a.xml", file(prefix, namespace, ACT).as_bytes());
        assert_eq!(read.document.text, want);
        assert_eq!(labels(&read, MarkKind::Section), ["Art. 1", "Art. 2", "Section 3"]);
        assert_eq!(labels(&read, MarkKind::Paragraph), ["-", "Recital 1", "Art. 1(1)", "Art. 1(2)", "-", "-"]);
        assert_eq!(labels(&read, MarkKind::Item), ["Art. 1(1)(a)", "Art. 1(1)(b)", "Section 3(a)"]);
        assert_eq!(under(&read, MarkKind::Item)[0], "(a) first point;");
        assert_eq!(under(&read, MarkKind::Preamble), ["(1) Whereas one."]);
        assert_eq!(headings(&read), ["1 Chapter I General", "2 Article 1 Use of terms", "2 2", "1 3"]);
        let ids: Vec<&str> = read
            .document
            .marks
            .iter()
            .filter(|mark| mark.kind == MarkKind::Section)
            .filter_map(|mark| mark.id.as_deref())
            .collect();
        assert_eq!(ids, ["a1", "w2", "s3"]);
        assert_eq!(read.document.title.as_deref(), Some("Act of trial"));
        assert_eq!(read.document.language.as_deref(), Some("fr"));
        assert_eq!((attribute(&read, "date"), attribute(&read, "kind")), ("1926-09-25", "act"));
        assert_eq!(read.notes, ["left out: struck-out words (1)"]);
    }
}

#[test]
fn judgments_are_cited_by_their_paragraphs() {
    let body = "<judgment><judgmentBody><decision><level><heading>Facts</heading><paragraph eId='p1'><num>1.</num><content><p>One.</p></content></paragraph>
        <paragraph><num>2.</num><intro><p>Two:</p></intro><subparagraph><num>2.1.</num><content><p>sub</p></content></subparagraph>
        <subparagraph><num>(a)</num><content><p>letter</p></content></subparagraph><subparagraph><content><p>unnumbered</p></content></subparagraph></paragraph></level></decision></judgmentBody></judgment>";
    let read = read_one("a.akn", file("", "", body).as_bytes());
    assert_eq!(labels(&read, MarkKind::Section), ["Facts"]);
    assert_eq!(labels(&read, MarkKind::Paragraph), ["¶ 1", "¶ 2"]);
    assert_eq!(labels(&read, MarkKind::Item), ["¶ 2.1", "¶ 2(a)"]);
}

#[test]
fn debates_have_turns() {
    let body = "<debate><meta><references><TLCPerson eId='jane' showAs='Jane Doe'/></references></meta><debateBody><debateSection><heading>Questions</heading>
        <speech by='#jane'><from>Mrs Doe:</from><p>I ask.</p></speech><answer><from>The Minister:</from><p>I answer.</p></answer></debateSection></debateBody></debate>";
    let read = read_one("a.xml", file("", "", body).as_bytes());
    assert_eq!(labels(&read, MarkKind::Turn), ["Jane Doe", "The Minister"]);
    assert_eq!(under(&read, MarkKind::Turn)[0], "Mrs Doe:\n\nI ask.");
    assert_eq!(labels(&read, MarkKind::Section), Vec::<&str>::new());
}

#[test]
fn broken_files() {
    assert_eq!(
        error("a.xml", b"<akomaNtoso><act><body>\n<p>x</body></act></akomaNtoso>"),
        "a.xml: line 2, column 5: not well-formed XML: expected 'p' tag, not 'body'"
    );
    assert_eq!(error("a.xml", b"<akomaNtoso/>"), "a.xml: no text found");
    assert_eq!(error("a.akn", b"no XML"), "a.akn: line 1, column 1: not well-formed XML: unknown token");
}

#[test]
fn levels_within_a_subsection_are_its_points() {
    let act = "<akomaNtoso><act><body><section eId='s1'><num>1</num><heading>Work</heading><subsection><num>(1)</num><intro><p>Nobody may</p></intro><level class='para1'><num>(a)</num><content><p>take it unpaid;</p></content></level><level class='para1'><num>(b)</num><content><p>sell it.</p></content></level></subsection></section></body></act></akomaNtoso>";
    let read = read_one("a.xml", act.as_bytes());
    assert_eq!(labels(&read, MarkKind::Section), ["Section 1"]);
    assert_eq!(labels(&read, MarkKind::Paragraph), ["Section 1(1)"]);
    assert_eq!(labels(&read, MarkKind::Item), ["Section 1(1)(a)", "Section 1(1)(b)"]);
}
