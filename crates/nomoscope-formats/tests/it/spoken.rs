//! Transcripts, debates and messages, made here: vtt, srt, TEI, Formex, eml, json.

use crate::support::{attribute, error, headings, labels, read_one, try_read, under};
use nomoscope_core::text::MarkKind;

#[track_caller]
fn check_turns(name: &str, text: &str, want: &[(&str, &str)]) {
    let read = read_one(name, text.as_bytes());
    let got: Vec<(&str, &str)> = labels(&read, MarkKind::Turn).into_iter().zip(under(&read, MarkKind::Turn)).collect();
    assert_eq!(got, want, "{text}");
}

#[test]
fn subtitles_in_turns() {
    check_turns(
        "a.vtt",
        "WEBVTT\n\nNOTE a remark\nof two lines\n\n1\n00:00:01.000 --> 00:00:02.000\n<v Ana P\u{e9}rez>Good morning.</v>\n\n00:00:02.500 --> 00:00:04.000 align:start\n<v Ana P\u{e9}rez>How are you?</v>\n\n00:00:05.000 --> 00:00:06.000\n<v I1>Well &amp; good.</v>\n",
        &[("Ana P\u{e9}rez", "Good morning. How are you?"), ("I1", "Well & good.")],
    );
    check_turns(
        "a.srt",
        "1\r\n00:00:01,000 --> 00:00:02,000\r\nAna P\u{e9}rez: Good\r\nmorning.\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nMax: <i>Well</i>.\r\nAna P\u{e9}rez: And you?\r\n",
        &[("Ana P\u{e9}rez", "Good morning."), ("Max", "Well."), ("Ana P\u{e9}rez", "And you?")],
    );
    let read = read_one("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\nNote: this is\n\n2\n00:00:02,000 --> 00:00:03,000\nNote: this is\na sentence.\n\n3\n00:00:09,000 --> 00:00:10,000\nAnother 3 < 4.\n");
    assert_eq!(read.document.text, "Note: this is a sentence.\n\nAnother 3 < 4.");
    // Who says the same again after a pause, or in a cue that shows something else before it, says it twice.
    let read = read_one("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\nYes.\n\n2\n00:00:03,000 --> 00:00:04,000\nYes.\n\n3\n00:00:04,000 --> 00:00:05,000\nNo.\nYes.\n");
    assert_eq!(read.document.text, "Yes. Yes. No. Yes.");
    assert_eq!(read.notes, ["left out: the times of the cues"]);
    assert_eq!(error("a.vtt", b"WEBVTT\n"), "a.vtt: no text found");
}

#[test]
fn tei_and_its_debates() {
    let debate = "<TEI xmlns='http://www.tei-c.org/ns/1.0' xml:lang='en'><teiHeader><fileDesc><titleStmt><title>Sitting</title></titleStmt><publicationStmt><date when='2020-01-01'/></publicationStmt><sourceDesc><bibl><date when='2001-03-21'/></bibl></sourceDesc></fileDesc><profileDesc><particDesc><listPerson><person xml:id='RoeA'><persName><surname>Roe</surname><forename>Ann</forename></persName></person></listPerson></particDesc></profileDesc></teiHeader><text><body><div><head>Debate</head><note type='speaker'>Mr Chair:</note><u who='#Chair' ana='#chair'><seg>Order.</seg></u><note type='time'>10:00</note><u who='#RoeA'><seg>First <vocal><desc>laughter</desc></vocal>point.</seg><seg><s><w join='right'>Second</w><pc>,</pc> <w>point</w><pc>.</pc></s></seg></u></div></body></text></TEI>";
    let read = read_one("a.xml", debate.as_bytes());
    assert_eq!(read.document.text, "Debate\n\nOrder.\n\nFirst point.\n\nSecond, point .");
    assert_eq!(labels(&read, MarkKind::Turn), ["Mr Chair", "Ann Roe"]);
    assert_eq!((read.document.title.as_deref(), attribute(&read, "date")), (Some("Sitting"), "2001-03-21"));
    assert_eq!(read.notes, ["left out: what is noted beside the words (2)"]);
    let play = "<TEI><text><body><div><head>Scene</head><sp><speaker>ANN.</speaker><p>Line<note n='1' place='foot'>A note.</note>.</p></sp><p>An <choice><sic>erorr</sic><corr>error</corr></choice></p></div></body></text></TEI>";
    let read = read_one("a.tei", play.as_bytes());
    assert_eq!(read.document.text, "Scene\n\nLine[1].\n\nAn error\n\n[1] A note.");
    assert_eq!((labels(&read, MarkKind::Turn), headings(&read)), (vec!["ANN"], vec!["1 Scene".to_owned()]));
    assert_eq!(error("a.tei", b"<TEI/>"), "a.tei: no text found");
}

#[test]
fn acts_in_formex() {
    let act = "<ACT><BIB.INSTANCE><DATE ISO='20110405'>20110405</DATE><LG.DOC>EN</LG.DOC></BIB.INSTANCE><TITLE><TI><P>DIRECTIVE</P></TI></TITLE><PREAMBLE><GR.CONSID><GR.CONSID.INIT>Whereas:</GR.CONSID.INIT><CONSID><NP><NO.P>(1)</NO.P><TXT>Harm<NOTE><P>OJ L 1.</P></NOTE> is grave.</TXT></NP></CONSID></GR.CONSID></PREAMBLE><ENACTING.TERMS><DIVISION><TITLE><TI><P>CHAPTER I</P></TI></TITLE><ARTICLE IDENTIFIER='001'><TI.ART>Article 1</TI.ART><STI.ART>Aim</STI.ART><PARAG IDENTIFIER='001.001'><NO.PARAG>1.</NO.PARAG><ALINEA>States shall act:</ALINEA><LIST><ITEM><NP><NO.P>(a)</NO.P><TXT>here;</TXT></NP></ITEM></LIST></PARAG></ARTICLE><ARTICLE><TI.ART>Article 2</TI.ART><ALINEA>It is <QUOT.START CODE='2018'/>so<QUOT.END CODE='2019'/>.</ALINEA></ARTICLE></DIVISION></ENACTING.TERMS></ACT>";
    let read = read_one("a.xml", act.as_bytes());
    assert_eq!(
        read.document.text,
        "DIRECTIVE\n\nWhereas:\n\n(1) Harm[1] is grave.\n\nCHAPTER I\n\nArticle 1\n\nAim\n\n1. States shall act:\n\n(a) here;\n\nArticle 2\n\nIt is \u{2018}so\u{2019}.\n\n[1] OJ L 1."
    );
    assert_eq!(labels(&read, MarkKind::Section), ["Art. 1", "Art. 2"]);
    assert_eq!(labels(&read, MarkKind::Paragraph), ["Recital 1", "Art. 1(1)", "-"]);
    assert_eq!(labels(&read, MarkKind::Item), ["Art. 1(1)(a)"]);
    assert_eq!((attribute(&read, "date"), read.document.language.as_deref()), ("2011-04-05", Some("en")));
}

#[test]
fn a_title_that_holds_chapters_is_no_heading() {
    let code = "<uscDoc><meta><p>x</p></meta><main><title><num>Title 18\u{2014}</num><heading>CRIMES</heading><chapter><num>CHAPTER 77\u{2014}</num><heading>PEONAGE</heading><section><num>\u{a7} 1584.</num><heading>Sale</heading><content><p>Whoever sells.</p></content><sourceCredit>(1948)</sourceCredit><notes><note><heading>Amendments</heading><p>Old words.</p></note></notes></section></chapter></title></main></uscDoc>";
    let read = read_one("a.xml", code.as_bytes());
    assert_eq!(labels(&read, MarkKind::Section), ["\u{a7} 1584"]);
    assert_eq!(headings(&read), ["1 Title 18\u{2014} CRIMES", "1 CHAPTER 77\u{2014} PEONAGE", "2 \u{a7} 1584. Sale"]);
    assert_eq!(under(&read, MarkKind::Note), ["(1948)", "Amendments\n\nOld words."]);
}

#[test]
fn messages() {
    let text = b"From: =?utf-8?q?Jos=C3=A9?= <j@x.org>\r\nTo: ann@x.org\r\nSubject: =?iso-8859-1?Q?R=E9ponse?=\r\nDate: Wed, 21 Mar 2001 10:00:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nCaf=E9 and=\r\n more.\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"r.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n";
    let read = read_one("a.eml", text);
    assert_eq!(read.document.text, "Caf\u{e9} and more.");
    assert_eq!(read.document.title.as_deref(), Some("R\u{e9}ponse"));
    assert_eq!((attribute(&read, "date"), attribute(&read, "from")), ("2001-03-21", "Jos\u{e9}"));
    assert_eq!(read.notes, ["left out: 1 attachment: r.pdf"]);
    assert!(try_read("a.eml", b"\xff\xfe\0\0").is_err());
}

#[test]
fn json_wherever_the_texts_stand() {
    let row = |reads: &[nomoscope_formats::Read], at: usize| (reads[at].row.clone(), reads[at].document.text.clone());
    let reads = try_read(
        "a.json",
        b"{\"meta\":{\"n\":2},\"data\":[{\"id\":\"x\",\"text\":\"One.\",\"year\":1999},{\"text\":\"Two.\"}]}",
    )
    .unwrap();
    assert_eq!(row(&reads, 0), (Some("x".to_owned()), "One.".to_owned()));
    assert_eq!((row(&reads, 1).0.as_deref(), attribute(&reads[0], "year")), (Some("2"), "1999"));
    assert_eq!(row(&try_read("a.json", b"{\"text\":\"One.\",\"title\":\"T\"}").unwrap(), 0), (None, "One.".to_owned()));
    assert_eq!(try_read("a.json", b"[\"One.\",\"Two.\"]").unwrap().len(), 2);
    assert_eq!(
        try_read("a.json", b"{\"text\":\"a\"}\n{\"text\":\"b\"}\n").unwrap().len(),
        2,
        "lines under another name"
    );
    assert_eq!(error("a.json", b"{\"a\":1}"), "a.json: `text` is missing or not a text");
    assert!(error("a.json", b"[{\"text\":\"a\"},{\"text\":1}]").contains("item 2: `text` is missing"));
    assert!(error("a.json", b"{").starts_with("a.json: line 1, column "));
}

#[test]
fn rows_of_respondents_and_of_qualtrics() {
    let reads = try_read("a.csv", b"id,text\nR1,a\nR2,b\nR1,c\n").unwrap();
    let rows: Vec<_> = reads.iter().map(|read| read.row.as_deref().unwrap()).collect();
    assert_eq!(rows, ["R1", "R2", "R1-2"]);
    assert_eq!((attribute(&reads[0], "id"), attribute(&reads[2], "id"), attribute(&reads[1], "id")), ("R1", "R1", ""));
    assert!(reads[0].notes[0].starts_with("1 id in several rows: `R1`"));
    let reads = try_read("a.csv", b"ResponseId,text\nResponse ID,\"What, in your words?\"\n\"{\"\"ImportId\"\":\"\"_recordId\"\"}\",\"{\"\"ImportId\"\":\"\"QID1\"\"}\"\nR_1,an answer\n").unwrap();
    assert_eq!(reads.len(), 1);
    assert_eq!(reads[0].notes, ["left out: 2 rows in which Qualtrics repeats the questions"]);
}

#[test]
fn two_speakers_of_a_cue_are_apart() {
    let cue = |words: &str| format!("1\n00:00:01,000 --> 00:00:02,000\n{words}\n");
    for (words, want) in [
        ("- Unpaid?\n- Yes.", "Unpaid?\n\nYes."),
        ("\u{2013} Unpaid?\n\u{2013} Yes.", "Unpaid?\n\nYes."),
        ("- a lone dash", "- a lone dash"),
        (">> Unpaid? >> Yes.", "Unpaid?\n\nYes."),
        ("[Door closes] No.", "[Door closes] No."),
        ("[ANN] Alone.", "[ANN] Alone."),
    ] {
        assert_eq!(read_one("a.srt", cue(words).as_bytes()).document.text, want, "{words}");
    }
    check_turns(
        "a.srt",
        "1\n00:00:01,000 --> 00:00:02,000\n[INTERVIEWER] Unpaid?\n\n2\n00:00:03,000 --> 00:00:04,000\n[P1] Yes.\n[LAUGHS] No.\n\n3\n00:00:05,000 --> 00:00:06,000\n[INTERVIEWER] So?\n",
        &[("INTERVIEWER", "Unpaid?"), ("P1", "Yes. [LAUGHS] No."), ("INTERVIEWER", "So?")],
    );
    check_turns(
        "a.vtt",
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n&gt;&gt; BEN: Unpaid? &gt;&gt; ANN: Yes.\n\n00:00:02.000 --> 00:00:03.000\nBut\n&gt;&gt; no.\n",
        &[("BEN", "Unpaid?"), ("ANN", "Yes. But")],
    );
}

#[test]
fn words_that_run_over_lines_and_pages() {
    let text = "<TEI><text><body><p>un<lb break='no'/>paid, un<pb break='no'/><fw>12</fw>\n paid, un <lb break='no'/>paid work<lb/>ends</p></body></text></TEI>";
    assert_eq!(read_one("a.xml", text.as_bytes()).document.text, "unpaid, unpaid, unpaid work ends");
}

#[test]
fn debates_of_parliaments() {
    let german = "<dbtplenarprotokoll sitzung-datum='24.10.2017'><sitzungsverlauf><sitzungsbeginn><name>Pr\u{e4}sidentin Muster:</name><p klasse='J'>Guten Tag.</p></sitzungsbeginn><tagesordnungspunkt><rede id='ID1'><p klasse='redner'><redner id='1'><name><titel>Dr.</titel><vorname>Anna</vorname><nachname>Probe</nachname><fraktion>SPD</fraktion></name></redner>Dr. Anna Probe (SPD):</p><p klasse='J_1'>Erstens.</p><kommentar>(Beifall)</kommentar><p klasse='J'>Zweitens.</p><name>Pr\u{e4}sidentin Muster:</name><p klasse='J'>Danke.</p></rede></tagesordnungspunkt></sitzungsverlauf><rednerliste><redner><name><vorname>Anna</vorname></name></redner></rednerliste></dbtplenarprotokoll>";
    let read = read_one("a.xml", german.as_bytes());
    assert_eq!(read.document.text, "Guten Tag.\n\nErstens.\n\nZweitens.\n\nDanke.");
    assert_eq!(labels(&read, MarkKind::Turn), ["Pr\u{e4}sidentin Muster", "Dr. Anna Probe", "Pr\u{e4}sidentin Muster"]);
    assert_eq!(under(&read, MarkKind::Turn)[1], "Erstens.\n\nZweitens.");
    assert_eq!(attribute(&read, "date"), "2017-10-24");
    assert_eq!(read.notes, ["left out: kommentar, rednerliste"]);
    check_turns(
        "a.xml",
        "<publicwhip><major-heading id='h'>Work</major-heading><speech id='s1' speakername='Ann Roe' time='10:00'><p>One.</p><p>Two.</p></speech><speech id='s2' nospeaker='true'><p>Noted.</p></speech><speech id='s3' speakername='Ben Poe'><p>Three.</p></speech></publicwhip>",
        &[("Ann Roe", "One.\n\nTwo."), ("Ben Poe", "Three.")],
    );
}
