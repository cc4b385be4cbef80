//! Transcripts and records in the forms in which they are kept, from lines to turns and to what is coded in them.

use crate::corpora::{codebook, sources};
use nomoscope_core::norm::corpus::{Interviewers, code};
use nomoscope_core::text::segment::{TextKind, segment, speaker};
use nomoscope_core::text::{Document, Level};

fn speakers(text: &str) -> Vec<String> {
    let document = Document { text: text.to_owned(), ..Document::default() };
    let segmentation = segment(&document, None);
    let turns: Vec<String> = segmentation.units.iter().filter_map(|unit| speaker(unit).map(str::to_owned)).collect();
    assert_eq!(segmentation.kind == TextKind::Interview, !turns.is_empty());
    turns
}

#[track_caller]
fn check(text: &str, want: &[&str]) {
    assert_eq!(speakers(text), want, "{text}");
}

/// The codings of "lamps" and "old lamps" that stay, and how many were asked.
#[track_caller]
fn coded(text: &str, want: (usize, usize)) {
    let codebook = codebook(&[("lamps", "p", "(lamp*|лампы|灯)", "")]);
    let corpus =
        code(std::sync::Arc::new(codebook.clone()), sources(&[text]).clone().into(), &Interviewers::default(), &|_| ())
            .unwrap();
    assert_eq!((corpus.coded[0].codings.len(), corpus.coded[0].n_asked), want, "{text}");
}

#[test]
fn times_after_the_colon() {
    let text = "PROSECUTOR ROE: [10:03:04] Were there ropes?\n\nTHE WITNESS: [10:03:10] Yes, ropes.\n\n\
                PROSECUTOR ROE: [10:03:14] Old ones?\n\nTHE WITNESS: [10:03:20] Old ones.\n";
    check(text, &["PROSECUTOR ROE", "THE WITNESS", "PROSECUTOR ROE", "THE WITNESS"]);
}

#[test]
fn questions_and_answers_by_letters() {
    let text = "Q. Were there lamps?\nA. Yes, there were lamps.\nQ. When?\nA. In May.\nQ. Where?\nA. In Lyon.\n";
    check(text, &["Q", "A", "Q", "A", "Q", "A"]);
    let judge = "Q.   Were there lamps?\nA.   Yes.\n     JUDGE ROE: Slowly.\nQ.   When was\nthat?\nA.   In May.\n";
    check(judge, &["Q", "A", "JUDGE ROE", "Q", "A"]);
    check("P. ¿Había lámparas?\nR. Sí.\nP. ¿Cuándo?\nR. En mayo.\n", &["P", "R", "P", "R"]);
    check("A. Lamps are lit.\nB. Ropes are tied.\nC. Nets are cast.\nD. Boats are old.\n", &[]);
    check("A. Lamps are lit.\nB. Ropes are tied.\n\nA. Nets are cast.\nB. Boats are old.\n", &[]);
}

#[test]
fn debates_in_which_the_chair_alone_comes_again() {
    let text = "Präsidentin Anna Beispiel:\nIch eröffne die Sitzung.\n\nOlaf Beispiel, Bundeskanzler:\nLampen sind alt.\n\n\
                Präsidentin Anna Beispiel:\nDanke.\n\nFrida Muster (ABC/DEF):\nNein.\n\nGerd Muster (GHI):\nDoch.\n";
    let names = ["Präsidentin Anna Beispiel", "Olaf Beispiel, Bundeskanzler", "Präsidentin Anna Beispiel"];
    check(text, &[&names[..], &["Frida Muster (ABC/DEF)", "Gerd Muster (GHI)"]].concat());
    let once = "The President: I declare the meeting open.\n\nMr. Alva (Freedonia) (spoke in Spanish): Lamps are old.\n\n\
                Ms. Bird (Sylvania): So are ropes.\n";
    check(once, &["The President", "Mr. Alva (Freedonia)", "Ms. Bird (Sylvania)"]);
    let chinese =
        "主席：现在开会。\n\n阿尔瓦先生（自由国）（以西班牙语发言）：灯很旧。\n\n伯德女士（林国）：绳也旧。\n";
    check(chinese, &["主席", "阿尔瓦先生（自由国）", "伯德女士（林国）"]);
    check("A: Lamps are lit.\nB: Ropes are tied.\nR: Nets are cast.\n", &[]);
    check("President: Anna Roe\nSecretary: Ben Low\nMinister of Lamps: Carla Moe\n", &[]);
    let speech =
        "Mr. President:\n\nI come here.\n\nMr. Secretary-General:\n\nWe are here.\n\nMr. President:\n\nWe go.\n";
    check(speech, &[]);
    check("Mr. President. I come here.\n\nMadam Chair. We are here.\n\nMr. President. We go.\n", &[]);
}

#[test]
fn records_without_a_colon() {
    let parliament = "President. \u{2013} The sitting is open.\n\nMaria Roe (ABC), rapporteur. \u{2013} Lamps are old.\n\n\
                      President. \u{2013} Thank you.\n";
    check(parliament, &["President", "Maria Roe (ABC), rapporteur", "President"]);
    let french = "M. le président. La parole est à Mme Anne Durand.\n\nMme Anne Durand. La lampe est vieille.\n\n\
                  M. le président. Merci.\n";
    check(french, &["M. le président", "Mme Anne Durand", "M. le président"]);
    let congress = "  Mr. SMITH of New Land. Mr. Speaker, lamps are\nold.\n  The SPEAKER pro tempore. The gentleman is out.\n\
                    \u{20} Ms. JONES. I yield.\n";
    check(congress, &["Mr. SMITH of New Land", "The SPEAKER pro tempore", "Ms. JONES"]);
    let web =
        "Ms Jane Doe (Borsetshire) (Lab)\nI ask about lamps.\n\nThe Minister for Lamps (Jess Roe)\nWe act on lamps.\n";
    check(web, &["Ms Jane Doe (Borsetshire) (Lab)", "The Minister for Lamps (Jess Roe)"]);
    // Headings of provisions, and a list of who was there.
    check(
        "Penalty. \u{2014} Whoever lights lamps.\n\nShort title. \u{2014} Lamps.\n\nSecretary. \u{2014} The keeper.\n",
        &[],
    );
    check(
        "Ms Jane Doe (Borsetshire)\nMember\n\nMr John Roe (Sylvania)\nMember\n\nMs Ann Low (Freedonia)\nChair\n",
        &[],
    );
}

#[test]
fn parliaments_of_further_states() {
    let italy = "PRESIDENTE. La seduta è aperta. Ha facoltà di parlare la deputata Verdi.\n\nANNA VERDI (AB-CD). Signor \
                 Presidente, le lampade.\n\nPRESIDENTE. Grazie.\n\nUGO NERI, Ministro delle lampade. Il Governo.\n\n\
                 PRESIDENTE. Grazie, Ministro.\n";
    check(italy, &["PRESIDENTE", "ANNA VERDI (AB-CD)", "PRESIDENTE", "UGO NERI, Ministro delle lampade", "PRESIDENTE"]);
    let netherlands = "De voorzitter:\nHet woord is aan mevrouw Zee.\n\nMevrouw Zee (ABC):\nLampen.\n\nDe heer Van der Berg \
                       (DEF):\nTouwen.\n\nMevrouw Zee (ABC):\nDank.\n\nDe minister van Licht en Water:\nGoed.\n\nDe \
                       voorzitter:\nDank.\n";
    check(
        netherlands,
        &[
            "De voorzitter",
            "Mevrouw Zee (ABC)",
            "De heer Van der Berg (DEF)",
            "Mevrouw Zee (ABC)",
            "De minister van Licht en Water",
            "De voorzitter",
        ],
    );
    check(
        "○議長（山田花子君）　開きます。\n\n○海野太郎君　灯火。\n\n○国務大臣（川野一郎君）　点じます。\n\n○海野太郎君　油。\n",
        &["議長（山田花子君）", "海野太郎君", "国務大臣（川野一郎君）", "海野太郎君"],
    );
    check(
        "◯의장 김바다 시작하겠습니다.\n\n◯이등불 위원 등불은 오래되었습니다.\n\n◯등불부장관 박기름 켜겠습니다.\n",
        &["의장 김바다", "이등불 위원", "등불부장관 박기름"],
    );
    check(
        "Anf. 1 ANNA HAV (S): Lampor.\n\nAnf. 2 Ljusminister UNO VIK (M): Ja.\n\nAnf. 3 ANNA HAV (S): Tack.\n",
        &["ANNA HAV (S)", "Ljusminister UNO VIK (M)", "ANNA HAV (S)"],
    );
    check("○ Lamps are lit.\n\n○ Ropes are tied.\n\n○ Nets are cast.\n", &[]);
    check("INTRODUCTION. Lamps are lit.\n\nMETHODS. Ropes are tied.\n\nRESULTS. Nets are cast.\n", &[]);
}

#[test]
fn who_asks_above_the_words_by_numbers_in_chats_and_in_thai() {
    let alone =
        "Interviewer\n\nTell me of lamps.\n\nFatima\n\nOld lamps.\n\nInterviewer\n\nAnd lamps?\n\nFatima\n\nYes\n";
    check(alone, &["Interviewer", "Fatima", "Interviewer", "Fatima"]);
    coded(alone, (1, 2));
    let below = "Interviewer\nTell me.\n\nInterviewee\nLamps.\n\nInterviewer\nMore?\n\nInterviewee\nNo.\n";
    check(below, &["Interviewer", "Interviewee", "Interviewer", "Interviewee"]);
    check("I1\tTell me.\nB1\tLamps.\nI1\tAnd?\nB1\tNo.\nB2\tRopes.\n", &["I1", "B1", "I1", "B1", "B2"]);
    check("Q1. Tell me?\nA1. Lamps.\nQ2. And?\nA2. No.\n", &["Q", "A", "Q", "A"]);
    coded("ผู้สัมภาษณ์: lamps ไหม\nผู้ให้สัมภาษณ์: lamps มี\nผู้สัมภาษณ์: เมื่อไร\nผู้ให้สัมภาษณ์: ไม่มี\n", (1, 1));
    let chat = [
        "[12/03/2020, 10:11:12] Maria: Tell me.",
        "[12/03/2020, 10:12:12] Jo: Lamps.",
        "[12/03/2020, 10:13:12] Maria: And?",
    ];
    check(&chat.join("\n"), &["Maria", "Jo", "Maria"]);
    let chat =
        ["12/03/2020, 10:11 - Maria: Tell me.", "12/03/2020, 10:12 - Jo: Lamps.", "12/03/2020, 10:13 - Maria: And?"];
    check(&chat.join("\n"), &["Maria", "Jo", "Maria"]);
    check(
        "The PRESIDENT (12:00): Lamps.\n\nSenator McROE (Sylvania) (14:05): Old.\n\nSenator McROE (Sylvania) (14:20): Yes.\n",
        &["The PRESIDENT", "Senator McROE (Sylvania)", "Senator McROE (Sylvania)"],
    );
    check("Lamps\n\nThey are lit.\n\nRopes\n\nThey are tied.\n\nLamps\n\nThey are old.\n", &[]);
}

#[test]
fn offices_in_small_letters() {
    let france = "M. le président. La parole est à M. le ministre.\n\nM. le ministre de la mer. La lampe est vieille.\n\n\
                  Mme la présidente de la commission des phares. Avis favorable.\n\nM. le garde des lampes. Non.\n\n\
                  M. le ministre protège les lampes. Il agit.\n\nM. le président. Merci.\n";
    check(
        france,
        &[
            "M. le président",
            "M. le ministre de la mer",
            "Mme la présidente de la commission des phares",
            "M. le garde des lampes",
            "M. le président",
        ],
    );
    let spain = "El señor PRESIDENTE: Tiene la palabra.\n\nLa señora MAR AZUL: Gracias.\n\nEl señor ministro de FAROS \
                 (Luz Sol): Lámparas.\n\nLa señora vicepresidenta primera y ministra de Faros (Luz): Sí.\n\nEl señor \
                 PRESIDENTE: Gracias.\n";
    check(
        spain,
        &[
            "El señor PRESIDENTE",
            "La señora MAR AZUL",
            "El señor ministro de FAROS (Luz Sol)",
            "La señora vicepresidenta primera y ministra de Faros (Luz)",
            "El señor PRESIDENTE",
        ],
    );
}

#[test]
fn who_asks_in_other_languages_or_by_the_head() {
    coded("E: ¿Había lamps?\nP: Sí, lamps.\nE: ¿Cuándo?\nP: En mayo.\n", (1, 1));
    coded("问：有灯吗？\n答：有灯。\n问：何时？\n答：五月。\n", (1, 1));
    coded("Вопрос: Были лампы?\nОтвет: Да, лампы.\nВопрос: Когда?\nОтвет: В мае.\n", (1, 1));
    coded(
        "Interviewer: Anna Roe\nInterviewee: M. K.\n\nAR: Tell me of lamps.\nMK: Lamps.\nAR: More.\nMK: No.\n",
        (1, 1),
    );
    check(
        "Interviewer: Anna Roe\nInterviewee: M. K.\n\nAR: Tell me of lamps.\nMK: Lamps.\nAR: More.\nMK: No.\n",
        &["AR", "MK", "AR", "MK"],
    );
    coded("Q. Were there lamps?\nA. Yes, lamps.\nQ. When?\nA. In May.\n", (1, 1));
}

#[test]
fn what_meeting_software_writes() {
    let turns = ["Anna Müller", "Ben Low", "Anna Müller", "Ben Low"];
    check(
        "[Anna Müller] 10:03:05\nTell me of lamps.\n\n[Ben Low] 10:03:15\nThey shine.\n\n[Anna Müller] 10:03:25\nAnd?\n\n\
         [Ben Low] 10:03:35\nNo more.\n",
        &turns,
    );
    check(
        "0:0:0.0 --> 0:0:5.120\nAnna Müller\nTell me of lamps.\n\n0:0:5.120 --> 0:0:9.0\nBen Low\nThey shine.\n\n\
         0:0:9.0 --> 0:0:12.0\nAnna Müller\nAnd?\n\n0:0:12.0 --> 0:0:15.0\nBen Low\nNo more.\n",
        &turns,
    );
    check(
        "10:03:05 From Anna Müller to Everyone:\n\tTell me of lamps.\n10:03:15 From Ben Low to Everyone:\n\tThey shine.\n\
         10:03:25 From Anna Müller to Everyone:\n\tAnd?\n10:03:35 From Ben Low to Everyone:\n\tNo more.\n",
        &turns,
    );
    check("00:00:01\tI\tTell me.\n00:00:05\tR\tThey shine.\n00:00:09\tI\tAnd?\n", &["I", "R", "I"]);
    check(
        "[INTERVIEWER] Tell me.\n[ANNA] They shine.\n[INTERVIEWER] And?\n[ANNA] No.\n",
        &["INTERVIEWER", "ANNA", "INTERVIEWER", "ANNA"],
    );
    check(">> BEN: Tell me.\n>> ANNA: They shine.\n>> BEN: And?\n>> ANNA: No.\n", &["BEN", "ANNA", "BEN", "ANNA"]);
    check("- Were there lamps?\n- There were.\n- And ropes?\n- No ropes.\n", &["Q", "A", "Q", "A"]);
    check("- Lamps are lit.\n- Are ropes tied?\n- Nets are cast.\n- Boats are old.\n", &[]);
}

#[test]
fn numbers_of_lines_and_times_of_cues_split_nothing() {
    let codebook = codebook(&[("lamps", "p", "old lamps", "")]);
    let found = |text: &str| {
        let corpus =
            code(std::sync::Arc::new(codebook.clone()), sources(&[text]).into(), &Interviewers::default(), &|_| ())
                .unwrap();
        corpus.coded[0].codings.iter().map(|coding| coding.span.of(text).to_owned()).collect::<Vec<_>>()
    };
    let numbered =
        "1 I: What was there?\n2 R: There was a rope, and old\n3 lamps, I think.\n4 I: And then?\n5 R: Nothing.\n";
    assert_eq!(found(numbered), ["old\n3 lamps"]);
    check(numbered, &["I", "R", "I", "R"]);
    let cues = "1\n00:00:01,000 --> 00:00:04,000\nold\n\n2\n00:00:04,000 --> 00:00:06,000\nlamps.\n";
    assert_eq!(found(cues).len(), 1);
    assert_eq!(found("All the old12 lamps and ropes13.\n\n12 See.\n13 Ibid.\n"), ["old12 lamps"]);
    let paragraphs =
        Document { text: "1 Lamps are lit.\n2 Ropes are tied.\n3 Nets are cast.\n".to_owned(), ..Document::default() };
    let segmentation = segment(&paragraphs, None);
    assert_eq!(segmentation.units.iter().filter(|unit| unit.level == Level::Paragraph).count(), 3);
}
