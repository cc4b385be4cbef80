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
