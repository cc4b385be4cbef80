//! The Universal Declaration, and XML that belongs to no other format.

use crate::support::{attribute, error, headings, labels, read_one, under};
use nomoscope_core::text::{Direction, MarkKind};

#[test]
fn the_universal_declaration() {
    let file = "<udhr xmlns='http://efele.net/udhr' xml:lang='ar' dir='rtl' key='arb' iso15924='Arab'><title>T</title><note><para>N</para></note>
        <preamble><title>P</title><para>Whereas\n  a,</para></preamble><article number='1'><title>A 1</title><para>One.</para></article>
        <article number='2'><title>A 2</title><orderedlist><listitem><para>first</para></listitem><listitem tag='(b)'><para>second</para></listitem></orderedlist></article></udhr>";
    let read = read_one("udhr.xml", file.as_bytes());
    assert_eq!(read.document.text, "T\n\nN\n\nP\n\nWhereas a,\n\nA 1\n\nOne.\n\nA 2\n\n1. first\n\n(b) second");
    assert_eq!(labels(&read, MarkKind::Section), ["Art. 1", "Art. 2"]);
    assert_eq!(labels(&read, MarkKind::Paragraph), ["-", "-", "-", "Art. 2(1)", "Art. 2(2)"]);
    assert_eq!(under(&read, MarkKind::Preamble), ["P\n\nWhereas a,"]);
    assert_eq!((read.document.language.as_deref(), read.document.direction), (Some("ar"), Some(Direction::Rtl)));
    assert_eq!(attribute(&read, "script"), "Arab");
}

#[test]
fn any_xml() {
    let file = "<Statute xml:lang='en'><Body><Heading><TitleText>Part <Emphasis>one</Emphasis></TitleText></Heading>
        <Section><MarginalNote>Offence</MarginalNote><Label>2.</Label><Subsection><Label>(1)</Label><Text>Every person who</Text>
        <Paragraph><Label>(<Emphasis>a</Emphasis>)</Label><Text>recruits, or</Text></Paragraph></Subsection></Section>
        <Section><Label>3</Label><Text>Chapeau</Text><Paragraph><Label>(a)</Label><Text>x</Text></Paragraph></Section></Body></Statute>";
    let read = read_one("a.xml", file.as_bytes());
    assert_eq!(
        read.document.text,
        "Part one\n\nOffence\n\n2. (1) Every person who\n\n(a) recruits, or\n\n3 Chapeau\n\n(a) x"
    );
    assert_eq!(headings(&read), ["1 Part one", "2 Offence"]);
    assert_eq!(labels(&read, MarkKind::Section), ["Section 2", "Section 3"]);
    assert_eq!(labels(&read, MarkKind::Paragraph), ["Section 2(1)", "-"]);
    assert_eq!(labels(&read, MarkKind::Item), ["Section 2(1)(a)", "Section 3(a)"]);
    let read = read_one("a.xml", "<!-- c --><r><x>a</x><y>b <b>c</b><![CDATA[ <d>]]></y>tail<z/></r>".as_bytes());
    assert_eq!(read.document.text, "abb c <d>tail".replace("abb", "ab b").replace("ab b", "ab"));
}

#[test]
fn a_doctype_is_skipped_but_may_declare_nothing() {
    let ok =
        "<?xml version='1.0'?><!DOCTYPE Bill PUBLIC '-//X//DTD [odd]//EN' \"BillExchange.dtd\"><Bill><p>x</p></Bill>";
    assert_eq!(read_one("a.xml", ok.as_bytes()).document.text, "x");
    let bomb = "<!DOCTYPE lolz [\n<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]>\n<lolz>&lol2;</lolz>";
    assert!(error("a.xml", bomb.as_bytes()).starts_with("a.xml: line 1, column 16: a DOCTYPE with declarations"));
    assert!(
        error("a.xml", b"<!DOCTYPE r SYSTEM 'file:///etc/passwd' [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r>&x;</r>")
            .contains("refused")
    );
    assert!(error("a.xml", b"<!DOCTYPE r SYSTEM 'x.dtd'><r>&x;</r>").contains("not well-formed XML"));
}

#[test]
fn statutes_of_japan_britain_and_germany() {
    let japan = "<Law><LawBody><LawTitle>灯火法</LawTitle><MainProvision><Article Num='1'><ArticleCaption>（目的）</ArticleCaption>\
        <ArticleTitle>第一条</ArticleTitle><Paragraph Num='1'><ParagraphNum/><ParagraphSentence><Sentence>灯火。</Sentence>\
        </ParagraphSentence></Paragraph><Paragraph Num='2'><ParagraphNum>２</ParagraphNum><ParagraphSentence><Sentence>油。\
        </Sentence></ParagraphSentence></Paragraph></Article></MainProvision></LawBody></Law>";
    let read = read_one("a.xml", japan.as_bytes());
    assert_eq!(read.document.title.as_deref(), Some("灯火法"));
    assert_eq!(labels(&read, MarkKind::Section), ["第一条"]);
    assert_eq!(labels(&read, MarkKind::Paragraph), ["-", "第一条(2)"]);
    let britain = "<Legislation><Metadata><title>Lamps Act 2015</title></Metadata><Primary><Body><P1group><Title>Oil</Title><P1>\
        <Pnumber>1</Pnumber><P1para><P2><Pnumber>1</Pnumber><P2para><Text>A keeper lights—</Text><P3><Pnumber>a</Pnumber><P3para>\
        <Text>a lamp</Text></P3para></P3></P2para></P2></P1para></P1></P1group></Body></Primary></Legislation>";
    let read = read_one("a.xml", britain.as_bytes());
    assert_eq!(read.document.text, "Oil\n\n1\n\n(1) A keeper lights—\n\n(a) a lamp");
    assert_eq!(labels(&read, MarkKind::Section), ["s. 1"]);
    assert_eq!(labels(&read, MarkKind::Paragraph), ["s. 1(1)"]);
    assert_eq!(labels(&read, MarkKind::Item), ["s. 1(1)(a)"]);
    assert_eq!(headings(&read), ["2 Oil", "2 1"]);
    let germany = "<dokumente><norm><metadaten><jurabk>LG</jurabk><langue>Lampengesetz</langue></metadaten></norm><norm><metadaten>\
        <jurabk>LG</jurabk><enbez>§ 2</enbez><titel>Öl</titel></metadaten><textdaten><text><Content><P>(1) Licht.</P>\
        <P>(2) Öl:<DL><DT>1.</DT><DD><LA>Docht</LA></DD><DT>2.</DT><DD><LA>Glas</LA></DD></DL></P></Content></text></textdaten>\
        </norm></dokumente>";
    let read = read_one("a.xml", germany.as_bytes());
    assert_eq!(read.document.text, "Lampengesetz\n\n§ 2 Öl\n\n(1) Licht.\n\n(2) Öl:\n\n1. Docht\n\n2. Glas");
    assert_eq!(labels(&read, MarkKind::Section), ["§ 2"]);
    assert_eq!(under(&read, MarkKind::Item), ["1. Docht", "2. Glas"]);
    assert_eq!(read.notes, ["left out: jurabk"]);
}
