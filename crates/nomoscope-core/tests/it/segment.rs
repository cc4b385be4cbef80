//! Segmentation: what tiles, what is unique, and what a lawyer would cite.

use nomoscope_core::text::segment::{ParagraphsBy, Segmentation, TextKind, segment};
use nomoscope_core::text::{Document, Level, Mark, MarkKind, Span, Unit, UnitRole};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn document(text: &str) -> Document {
    Document { text: text.to_string(), ..Document::default() }
}

/// Turns lines of `#` into heading marks, and drops emphasis.
fn markdown(source: &str) -> Document {
    let mut document = Document::default();
    for line in source.lines() {
        let hashes = line.bytes().take_while(|&byte| byte == b'#').count();
        let words = line[hashes..].trim().replace('*', "");
        let start = document.text.len() as u32;
        document.text.push_str(&words);
        if (1..=6).contains(&hashes) && line[hashes..].starts_with(' ') {
            let span = Span::new(start, document.text.len() as u32);
            document.marks.push(Mark { span, kind: MarkKind::Heading { level: hashes as u8 }, label: None, id: None });
        }
        document.text.push('\n');
    }
    document
}

fn labels(segmentation: &Segmentation, level: Level) -> Vec<&str> {
    segmentation.units.iter().filter(|unit| unit.level == level).map(|unit| &*unit.label).collect()
}

#[track_caller]
fn check(document: &Document, level: Level, want: &[&str]) {
    let segmentation = segment(document, None);
    tiles(document, &segmentation);
    assert_eq!(labels(&segmentation, level), want);
}

/// Every level tiles, labels are unique within a level, and every letter lies in exactly one sentence.
#[track_caller]
fn tiles(document: &Document, segmentation: &Segmentation) {
    let (text, units) = (&document.text, &segmentation.units);
    let mut seen: BTreeSet<(Level, &str)> = BTreeSet::new();
    let mut has_child = vec![false; units.len()];
    for (index, unit) in units.iter().enumerate() {
        assert!(seen.insert((unit.level, &unit.label)), "label twice: {}", unit.label);
        assert!(text.is_char_boundary(unit.span.start as usize) && text.is_char_boundary(unit.span.end as usize));
        let Some(parent) = unit.parent else {
            assert_eq!((index, unit.level), (0, Level::Source));
            continue;
        };
        let words = unit.span.of(text);
        assert!(!words.is_empty() && words.trim() == words, "{}: {words:?}", unit.label);
        assert!((parent as usize) < index);
        has_child[parent as usize] = true;
        let above = &units[parent as usize];
        assert!(above.span.contains(unit.span), "{} leaves {}", unit.label, above.label);
        assert_eq!(above.level as u8 + 1, unit.level as u8);
    }
    assert!(units.iter().zip(&has_child).skip(1).all(|(unit, &child)| child || unit.level == Level::Sentence));
    let mut at = 0;
    for unit in units.iter().filter(|unit| unit.level == Level::Sentence) {
        let (start, end) = (unit.span.start as usize, unit.span.end as usize);
        assert!(start >= at, "sentences overlap at {}", unit.label);
        assert!(!text[at..start].chars().any(char::is_alphabetic), "letters outside: {:?}", &text[at..start]);
        at = end;
    }
    assert!(!text[at..].chars().any(char::is_alphabetic), "letters outside: {:?}", &text[at..]);
    let order = units.windows(2).all(|pair| pair[0].span.start <= pair[1].span.start);
    assert!(order, "not in the order of the text");
}

const TREATY: &str = "\
CONVENTION ON THE CARE OF LIGHTHOUSES

Preamble

The States Parties to this Convention, Recalling earlier lights; Convinced that lamps matter, and Noting the fog,
Have agreed as follows:

PART I
General matters

Article 1
Terms

For the purposes of this Convention:

(a) a lamp is whatever shines:

(i) by oil; or

(ii) by gas;

(b) a keeper is whoever tends it.

The terms bind all.

Article 2

1. Each Party shall tend its lamps. It shall report.
2. Each Party shall, in particular:

a) clean them;

b) light them,

whatever the weather.
3. No Party may put them out.

Article 3 bis

Parties meet yearly.

They eat together.

In witness whereof the keepers have signed.

Optional Protocol to the Convention on the Care of Lighthouses

The Parties, Considering the cost, Agree as follows:

Article 1

Oil is free.
";

#[test]
fn treaty_from_lines() {
    let document = document(TREATY);
    check(
        &document,
        Level::Section,
        &[
            "Title",
            "Preamble",
            "Part I",
            "Art. 1",
            "Art. 2",
            "Art. 3 bis",
            "Closing",
            "OP Title",
            "OP Preamble",
            "OP Art. 1",
        ],
    );
    let want = [
        "Title heading",
        "Preamble heading",
        "Preamble chapeau",
        "Preamble(1)",
        "Preamble(2)",
        "Preamble(3)",
        "Preamble enacting words",
        "Part I heading",
        "Art. 1 heading",
        "Art. 1 ¶1",
        "Art. 1 ¶2",
        "Art. 2 heading",
        "Art. 2(1)",
        "Art. 2(2)",
        "Art. 2(3)",
        "Art. 3 bis heading",
        "Art. 3 bis ¶1",
        "Art. 3 bis ¶2",
        "Closing ¶1",
        "OP Title heading",
        "OP Preamble chapeau",
        "OP Preamble(1)",
        "OP Preamble enacting words",
        "OP Art. 1 heading",
        "OP Art. 1 ¶1",
    ];
    check(&document, Level::Paragraph, &want);
    let segmentation = segment(&document, None);
    assert_eq!(segmentation.kind, TextKind::Treaty);
    let items: Vec<&Unit> =
        segmentation.units.iter().filter(|unit| unit.level == Level::Item && unit.label.starts_with("Art. ")).collect();
    let found: Vec<(&str, UnitRole)> =
        items.iter().map(|unit| (&*unit.label, unit.role)).filter(|(_, role)| *role != UnitRole::Heading).collect();
    let (body, chapeau) = (UnitRole::Body, UnitRole::Chapeau);
    let want = [
        ("Art. 1 chapeau", chapeau),
        ("Art. 1(a) chapeau", body),
        ("Art. 1(a)(i)", body),
        ("Art. 1(a)(ii)", body),
        ("Art. 1(b)", body),
        ("Art. 1 ¶2", body),
        ("Art. 2(1)", body),
        ("Art. 2(2) chapeau", chapeau),
        ("Art. 2(2)(a)", body),
        ("Art. 2(2)(b)", body),
        ("Art. 2(2) flush", body),
        ("Art. 2(3)", body),
        ("Art. 3 bis ¶1", body),
        ("Art. 3 bis ¶2", body),
    ];
    assert_eq!(found, want);
    assert!(labels(&segmentation, Level::Sentence).contains(&"Art. 2(1) s2"));
}

#[test]
fn line_ends_do_not_matter() {
    for end in ["\r\n", "\r"] {
        let other = document(&TREATY.replace('\n', end));
        let (one, two) = (segment(&document(TREATY), None), segment(&other, None));
        tiles(&other, &two);
        for level in Level::ALL {
            assert_eq!(labels(&one, level), labels(&two, level));
        }
    }
}

#[test]
fn articles_of_many_languages() {
    let head = |text: &str| document(&format!("{text}\n\nDas gilt.\n\n{}\n\nUnd das.", text.replace('1', "2")));
    for (line, want) in [
        ("§ 1 Begriffe", ["§ 1", "§ 2"]),
        ("§ 1584. Sale of lamps", ["§ 1584", "§ 2584"]),
        ("Artikel 1", ["Art. 1", "Art. 2"]),
        ("Artículo 1", ["Art. 1", "Art. 2"]),
        ("Article 225-4-1", ["Art. 225-4-1", "Art. 225-4-2"]),
        ("ARTICLE 1 - Lamps", ["Art. 1", "Art. 2"]),
        ("Section 1", ["Sec. 1", "Sec. 2"]),
        ("Sec. 1.", ["Sec. 1", "Sec. 2"]),
        ("Статья 1", ["Art. 1", "Art. 2"]),
        ("第1条", ["第1条", "第2条"]),
    ] {
        check(&head(line), Level::Section, &want);
    }
    check(
        &document("Art. I. The lamp burns.\nArt. II. It is put out. Then it is lit."),
        Level::Section,
        &["Art. I", "Art. II"],
    );
}

/// The labels of the sections that are articles, and who has them.
#[track_caller]
fn articles(text: &str, want: &[&str]) {
    let document = document(text);
    let segmentation = segment(&document, None);
    tiles(&document, &segmentation);
    let found: Vec<&str> = labels(&segmentation, Level::Section).into_iter().filter(|l| *l != "Title").collect();
    assert_eq!(found, want, "{text}");
}

#[test]
fn articles_of_further_languages() {
    for (first, second, third, want) in [
        ("المادة 1", "المادة 2", "المادة 3", ["Art. 1", "Art. 2", "Art. 3"]),
        ("المادة (١)", "المادة (٢)", "المادة (٣)", ["Art. ١", "Art. ٢", "Art. ٣"]),
        ("المادة الأولى", "المادة الثانية", "المادة الثالثة", ["Art. الأولى", "Art. الثانية", "Art. الثالثة"]),
        ("ماده ۱", "ماده ۲", "ماده ۳", ["Art. ۱", "Art. ۲", "Art. ۳"]),
        ("มาตรา ๑", "มาตรา ๒", "มาตรา ๓", ["Art. ๑", "Art. ๒", "Art. ๓"]),
        ("មាត្រា ១", "មាត្រា ២", "មាត្រា ៣", ["Art. ១", "Art. ២", "Art. ៣"]),
        ("ມາດຕາ 1", "ມາດຕາ 2", "ມາດຕາ 3", ["Art. 1", "Art. 2", "Art. 3"]),
        ("ပုဒ်မ ၁", "ပုဒ်မ ၂", "ပုဒ်မ ၃", ["Art. ၁", "Art. ၂", "Art. ၃"]),
        ("Điều 1.", "Điều 2.", "Điều 3.", ["Art. 1", "Art. 2", "Art. 3"]),
        ("Pasal 1", "Pasal 2", "Pasal 3", ["Art. 1", "Art. 2", "Art. 3"]),
        ("MADDE 1", "MADDE 2", "MADDE 3", ["Art. 1", "Art. 2", "Art. 3"]),
        ("Άρθρο 1", "Άρθρο 2", "Άρθρο 3", ["Art. 1", "Art. 2", "Art. 3"]),
        ("Статья 1", "Статья 2", "Статья 3", ["Art. 1", "Art. 2", "Art. 3"]),
        ("Стаття 149", "Стаття 149-1", "Стаття 150", ["Art. 149", "Art. 149-1", "Art. 150"]),
        ("Чл. 1.", "Чл. 2.", "Чл. 3.", ["Art. 1", "Art. 2", "Art. 3"]),
        ("Члан 1", "Члан 2", "Члан 3", ["Art. 1", "Art. 2", "Art. 3"]),
        ("Artykuł 1", "Artykuł 2", "Artykuł 3", ["Art. 1", "Art. 2", "Art. 3"]),
        ("Článek 1", "Článek 2", "Článek 3", ["Art. 1", "Art. 2", "Art. 3"]),
        ("Articolul 1", "Articolul 2", "Articolul 3", ["Art. 1", "Art. 2", "Art. 3"]),
        ("1. cikk", "2. cikk", "3. cikk", ["Art. 1", "Art. 2", "Art. 3"]),
        ("סעיף 1", "סעיף 2", "סעיף 3", ["Art. 1", "Art. 2", "Art. 3"]),
        ("अनुच्छेद 1", "अनुच्छेद 2", "अनुच्छेद 3", ["Art. 1", "Art. 2", "Art. 3"]),
        ("제1조", "제1조의2", "제2조", ["제1조", "제1조의2", "제2조"]),
        ("第一条", "第一条之一", "第二条", ["第一条", "第一条之一", "第二条"]),
        ("第百二十条", "第百二十条の二", "第百二十一条", ["第百二十条", "第百二十条の二", "第百二十一条"]),
        ("Artigo 1.º", "Artigo 2.º", "Artigo 3.º", ["Art. 1", "Art. 2", "Art. 3"]),
    ] {
        articles(&format!("{first}\nLux.\n\n{second}\nLux.\n\n{third}\nLux.\n"), &want);
    }
}

#[test]
fn numbers_that_were_added_to_articles() {
    articles(
        "Artículo 1º. Objeto.\nLa lámpara.\n\nArtículo 2º. Fin.\nLa luz.\n\nArtículo 10. Penas.\nNo hay.\n",
        &["Art. 1", "Art. 2", "Art. 10"],
    );
    articles(
        "ARTICULO 145. - La lámpara arde.\n\nARTICULO 145 BIS. - El aceite.\n\nARTICULO 145 quáter. - La luz.\n\nARTICULO 146. - Otro.\n",
        &["Art. 145", "Art. 145 BIS", "Art. 145 quáter", "Art. 146"],
    );
    articles(
        "Art. 600-bis. - La lampada. È accesa.\n\nArt. 600-nonies. - L'olio. È poco.\n\nArt. 601. - La luce. È fioca.\n",
        &["Art. 600-bis", "Art. 600-nonies", "Art. 601"],
    );
    articles(
        "Article R*121-3\nLa lampe.\n\nArticle L. 8112-2\nL'huile.\n\nArticle 225-4-1\nLa lumière.\n",
        &["Art. R*121-3", "Art. L. 8112-2", "Art. 225-4-1"],
    );
    articles("§ 262\nLicht.\n\n§ 262 a\nÖl.\n\n§ 263\nDocht.\n", &["§ 262", "§ 262 a", "§ 263"]);
    articles("Art 1\nLicht.\n\nArt 133¹\nÖl.\n\nArt 134\nDocht.\n", &["Art. 1", "Art. 133¹", "Art. 134"]);
}

#[test]
fn an_article_on_one_line_has_a_body() {
    let document = document("第一条　灯塔照亮大海，灯亮。\n\n第二条　守塔人点灯。\n\n第三条　本法今日施行。\n");
    let segmentation = segment(&document, None);
    tiles(&document, &segmentation);
    assert_eq!(labels(&segmentation, Level::Section), ["第一条", "第二条", "第三条"]);
    let roles: Vec<UnitRole> =
        segmentation.units.iter().filter(|unit| unit.level == Level::Section).map(|unit| unit.role).collect();
    assert_eq!(roles, [UnitRole::Body; 3]);
}

#[test]
fn a_reference_at_the_start_of_a_paragraph_is_no_article() {
    articles(
        "第一條\n\n燈塔。\n\n第二條\n\n第一條所稱之燈，應點亮。\n\n第三條\n\n守塔人。\n",
        &["第一條", "第二條", "第三條"],
    );
    articles("§ 1\nLicht.\n\n§ 2\nÖl.\n\n§ 1 Abs. 2 gilt hier.\n\n§ 3\nDocht.\n", &["§ 1", "§ 2", "§ 3"]);
    articles(
        "المادة 1\nالمصباح.\n\nالمادة 2\nالزيت.\n\nالمادة 1 من هذا القانون تسري.\n\nالمادة 3\nالنور.\n",
        &["Art. 1", "Art. 2", "Art. 3"],
    );
}

#[test]
fn a_number_that_comes_again_relabels_nothing_after_it() {
    articles(
        "Article 1\nOil.\n\nArticle 2\nLamps.\n\nArticle 2\nLamps again.\n\nArticle 3\nFog.\n",
        &["Art. 1", "Art. 2", "Art. 2 [2]", "Art. 3"],
    );
}

#[test]
fn a_table_of_contents_is_no_row_of_articles() {
    let text = "Contents\n\nArticle 1 Oil\nArticle 2 Lamps\nArticle 3 Fog\n\nArticle 1 Oil\nOil is free.\n\nArticle 2 Lamps\nLamps shine.\n\nArticle 3 Fog\nFog falls.\n";
    let document = document(text);
    let segmentation = segment(&document, None);
    tiles(&document, &segmentation);
    let found = labels(&segmentation, Level::Section);
    assert!(found.ends_with(&["Art. 1", "Art. 2", "Art. 3"]), "{found:?}");
    assert!(found.iter().all(|label| !label.contains('[')), "{found:?}");
}

#[test]
fn sections_of_common_law_acts() {
    articles(
        "Lighthouses Act 2015\n\nBe it enacted by the keepers.\n\n1 Lamps and oil\n(1) A keeper must light the lamp.\n\n2 Fog\n(1) A keeper must sound the horn.\n",
        &["s. 1", "s. 2"],
    );
    articles(
        "370. Putting out a lamp.—(1) Whoever puts out a lamp shall pay.\n\n370A. Selling the oil.—(1) Whoever sells the oil shall pay.\n\n371. Habit.—Whoever does so often shall go.\n",
        &["s. 370", "s. 370A", "s. 371"],
    );
}

#[test]
fn whereas_alone_is_no_recital() {
    let text = "DIRECTIVE\n\nTHE KEEPERS,\n\nWhereas:\n\n(1) Lamps are bright.\n\n(2) Fog is thick.\n\nHAVE ADOPTED THIS DIRECTIVE:\n\nArticle 1\n\nLamps shall burn.\n\nArticle 2\n\nKeepers shall wake.\n";
    let document = document(text);
    let segmentation = segment(&document, None);
    tiles(&document, &segmentation);
    let found = labels(&segmentation, Level::Paragraph);
    assert!(found.contains(&"Preamble(1)") && found.contains(&"Preamble(2)"), "{found:?}");
    assert!(found.iter().all(|label| !label.contains('[')), "{found:?}");
}

#[test]
fn the_text_of_a_note_is_no_paragraph_of_its_article() {
    let text = "Article 1\n\n1. Oil is free.\n\n(1) OJ L 1, p. 1.\n\n2. Lamps are not.\n\nArticle 2\n\nFog.\n";
    let at = text.find("(1) OJ").unwrap() as u32;
    let mark = Mark { span: Span::new(at, at + 17), kind: MarkKind::Note, label: None, id: None };
    let noted = Document { text: text.to_owned(), marks: vec![mark], ..Document::default() };
    check(
        &noted,
        Level::Paragraph,
        &["Art. 1 heading", "Art. 1(1)", "Art. 1(note 1)", "Art. 1(2)", "Art. 2 heading", "Art. 2 ¶1"],
    );
}

#[test]
fn turns_of_debates() {
    let record = "The President: I open the debate.\n\nMr. Alva (Freedonia) (spoke in Spanish): Lamps matter.\n\nThe President (spoke in French): Thank you.\n\nMs. Bird (Sylvania): So does oil.\n\nThe President: We close.\n";
    check(
        &document(record),
        Level::Section,
        &[
            "The President, turn 1",
            "Mr. Alva (Freedonia), turn 2",
            "The President, turn 3",
            "Ms. Bird (Sylvania), turn 4",
            "The President, turn 5",
        ],
    );
    let report = "Recommendation: Light the lamps.\nObservation: It is dark.\nRecommendation: Buy oil.\nObservation: There is none.\nRecommendation: Wait.\n";
    check(&document(report), Level::Section, &["Text"]);
    let table = "I1\tWhy a lamp?\nR1\tIt was dark.\nI1\tAnd oil?\nR1\tThere was some.\n";
    check(&document(table), Level::Section, &["I1, turn 1", "R1, turn 2", "I1, turn 3", "R1, turn 4"]);
}

#[test]
fn american_subsections() {
    let text = "§ 1. Lamps\n\n(a) Whoever tends a lamp—\n\n(1) by day; or\n\n(2) by night,\n\nshall be paid.\n\n(b)\n\n(1) Oil is free.\n\n(2) Gas is not.\n\n§ 2. Fog\n\nFog is free.";
    let want = [
        "§ 1 heading",
        "§ 1(a) chapeau",
        "§ 1(a)(1)",
        "§ 1(a)(2)",
        "§ 1(a) flush",
        "§ 1(b)(1)",
        "§ 1(b)(2)",
        "§ 2 heading",
        "§ 2 ¶1",
    ];
    check(&document(text), Level::Item, &want);
}

#[test]
fn closing_words_may_open_a_second_list() {
    let text = "§ 1 Lampen\n\n(1) Wer\n\n1. Öl oder\n\n2. Gas\n\nverwendet, muss\n\n1. putzen oder\n\n2. ruhen.\n\n§ 2 Nebel\n\nNebel ist frei.";
    let want = [
        "§ 1 heading",
        "§ 1(1) chapeau",
        "§ 1(1)(1)",
        "§ 1(1)(2)",
        "§ 1(1) flush",
        "§ 1(1)(1) [2]",
        "§ 1(1)(2) [2]",
        "§ 2 heading",
        "§ 2 ¶1",
    ];
    check(&document(text), Level::Item, &want);
}

#[test]
fn inline_numbers_and_points() {
    let text = "Article 1\n1. Lamps burn. 2. Parties shall: (a) clean their lamps; (b) tend them, as points (a), (c) and (d) say; and (c) rest. 3. Fog ends.\nArticle 2\nNone.";
    let want = [
        "Art. 1 heading",
        "Art. 1(1)",
        "Art. 1(2) chapeau",
        "Art. 1(2)(a)",
        "Art. 1(2)(b)",
        "Art. 1(2)(c)",
        "Art. 1(3)",
        "Art. 2 heading",
        "Art. 2 ¶1",
    ];
    check(&document(text), Level::Item, &want);
}

#[test]
fn turns_of_an_interview() {
    let text = "Interview with a keeper\n\nINTERVIEWER: Why lamps?\n\nAnna: They shine. I like that.\n\nAnd they warm.\n\nINTERVIEWER: And fog?\n\nAnna: No.";
    let document = document(text);
    check(
        &document,
        Level::Section,
        &["Title", "INTERVIEWER, turn 1", "Anna, turn 2", "INTERVIEWER, turn 3", "Anna, turn 4"],
    );
    let segmentation = segment(&document, None);
    assert_eq!(segmentation.kind, TextKind::Interview);
    assert_eq!(
        segmentation.units.iter().filter(|unit| unit.level == Level::Paragraph && unit.label.contains("turn")).count(),
        4
    );
    let mut marked = self::document("Why?\nBecause.\n");
    for (start, end, speaker) in [(0, 4, "Q"), (5, 13, "A")] {
        marked.marks.push(Mark {
            span: Span::new(start, end),
            kind: MarkKind::Turn,
            label: Some(speaker.to_string()),
            id: None,
        });
    }
    check(&marked, Level::Section, &["Q, turn 1", "A, turn 2"]);
    marked.text.insert_str(0, "A talk. ");
    for mark in &mut marked.marks {
        mark.span = Span::new(mark.span.start + 8, mark.span.end + 8);
    }
    check(&marked, Level::Section, &["Title", "Q, turn 1", "A, turn 2"]);
}

#[track_caller]
fn check_layout(text: &str, by: ParagraphsBy, paragraphs: &[&str]) {
    let document = document(text);
    let segmentation = segment(&document, None);
    tiles(&document, &segmentation);
    assert_eq!((segmentation.paragraphs_by, labels(&segmentation, Level::Paragraph)), (by, paragraphs.to_vec()));
}

#[test]
fn layouts_of_running_text() {
    check_layout("One lamp.\n\nTwo lamps.\n\nThree.", ParagraphsBy::BlankLines, &["¶ 1", "¶ 2", "¶ 3"]);
    check_layout("lamps\n\noil\n\nwicks\n\nlight", ParagraphsBy::BlankLines, &["¶ 1", "¶ 2", "¶ 3", "¶ 4"]);
    check_layout("One lamp burns.\nTwo lamps burn.\nThree do not.", ParagraphsBy::Lines, &["¶ 1", "¶ 2", "¶ 3"]);
    check_layout("7. One lamp.\n8. Two lamps.\n9. Three lamps.", ParagraphsBy::Numbered, &["¶ 7", "¶ 8", "¶ 9"]);
    check_layout(
        "Mr. Lux speaks. 7. One lamp. 8. Two lamps. 9. Three lamps. 10. Four.",
        ParagraphsBy::Numbered,
        &["¶ 0/1", "¶ 7", "¶ 8", "¶ 9", "¶ 10"],
    );
    let sentence = "The lamp that stood upon the rock burned through all of the night and was seen by many ships. ";
    check_layout(
        &sentence.repeat(40),
        ParagraphsBy::SentenceBlocks,
        &["¶ 1", "¶ 2", "¶ 3", "¶ 4", "¶ 5", "¶ 6", "¶ 7", "¶ 8"],
    );
    let list = "Lamps need:\n\n- oil;\n\n- a wick.\n\nThat is all.";
    check(&document(list), Level::Item, &["¶ 1 chapeau", "¶ 1 indent 1", "¶ 1 indent 2", "¶ 2"]);
}

#[test]
fn lines_broken_at_a_fixed_width() {
    let wrapped = "The lamp that stood upon the rock burned\nthrough the night and was seen by ships\nthat came from far away and by the men\nwho tended it.\nIn the morning it was put out, and then\nthe keeper went to bed and slept until\nnoon, when the boat came with the oil\nand with bread.\n";
    check_layout(wrapped, ParagraphsBy::Lines, &["¶ 1", "¶ 2"]);
    check_layout(&wrapped.replace("it.\n", "it.\n\n"), ParagraphsBy::BlankLines, &["¶ 1", "¶ 2"]);
    // A page break in the middle of a sentence ends no paragraph.
    check_layout(
        &wrapped.replace("it.\n", "it.\n\n").replace("from far", "from\n\n\u{c}\nfar"),
        ParagraphsBy::BlankLines,
        &["¶ 1", "¶ 2"],
    );
}

#[test]
fn headings_divide_running_text() {
    check(
        &markdown("# On lamps\n\nA word.\n\n## Oil\n\nIt burns.\n\n## Oil\n\nAgain."),
        Level::Section,
        &["Title", "Text", "Oil", "Oil [2]"],
    );
    let mut paged = document("One page.\nAnother.");
    for (start, end, label) in [(0, 9, "iv"), (10, 18, "v")] {
        paged.marks.push(Mark {
            span: Span::new(start, end),
            kind: MarkKind::Page,
            label: Some(label.to_string()),
            id: None,
        });
    }
    check(&paged, Level::Section, &["p. iv", "p. v"]);
}

#[test]
fn marks_come_first() {
    let mut marked =
        document("Lamps Act\nThe Queen wishes light.\nTerms\nA lamp shines: (a) by oil; or (b) by gas.\nFog ends.");
    let mut mark = |start, end, kind, label: Option<&str>| {
        marked.marks.push(Mark { span: Span::new(start, end), kind, label: label.map(str::to_string), id: None })
    };
    mark(0, 9, MarkKind::Heading { level: 1 }, None);
    mark(10, 33, MarkKind::Preamble, None);
    mark(34, 91, MarkKind::Section, Some("s. 1"));
    mark(34, 39, MarkKind::Heading { level: 2 }, None);
    mark(40, 81, MarkKind::Paragraph, Some("1"));
    mark(82, 91, MarkKind::Paragraph, Some("2"));
    check(&marked, Level::Section, &["Title", "Preamble", "s. 1"]);
    check(&marked, Level::Paragraph, &["Title heading", "Preamble ¶1", "s. 1 heading", "s. 1(1)", "s. 1(2)"]);
    check(
        &marked,
        Level::Item,
        &["Title heading", "Preamble ¶1", "s. 1 heading", "s. 1(1) chapeau", "s. 1(1)(a)", "s. 1(1)(b)", "s. 1(2)"],
    );
}

/// A word processor tells paragraphs and list points without numbering them: only the words say what they are.
#[test]
fn unlabelled_marks_are_breaks() {
    let mut marked = document(TREATY);
    for line in TREATY.split_inclusive('\n').filter(|line| !line.trim().is_empty()) {
        let start = (line.as_ptr() as usize - TREATY.as_ptr() as usize) as u32;
        let span = Span::new(start, start + line.trim_end().len() as u32);
        marked.marks.push(Mark { span, kind: MarkKind::Paragraph, label: None, id: None });
    }
    let (one, two) = (segment(&document(TREATY), None), segment(&marked, None));
    tiles(&marked, &two);
    for level in Level::ALL {
        assert_eq!(labels(&one, level), labels(&two, level));
    }
    let mut list = document("Lamps need:\noil\na wick\nThat is all.");
    for (start, end, kind) in [
        (0, 11, MarkKind::Paragraph),
        (12, 15, MarkKind::Item),
        (16, 22, MarkKind::Item),
        (23, 35, MarkKind::Paragraph),
    ] {
        list.marks.push(Mark { span: Span::new(start, end), kind, label: None, id: None });
    }
    check(&list, Level::Item, &["¶ 1 chapeau", "¶ 1 indent 1", "¶ 1 indent 2", "¶ 2"]);
    assert_eq!(segment(&list, None).paragraphs_by, ParagraphsBy::Marks);
}

#[test]
fn nothing_comes_of_nothing() {
    for text in ["", " \n\n\r\n", "\u{feff}", "* * *\n---"] {
        let document = document(text);
        let segmentation = segment(&document, None);
        tiles(&document, &segmentation);
        assert_eq!(segmentation.units.len(), 1, "{text:?}");
        assert_eq!(segmentation.median_paragraph_words, 0);
    }
}

fn marks_within(length: usize) -> impl Strategy<Value = Vec<Mark>> {
    let kinds = prop_oneof![
        Just(MarkKind::Heading { level: 2 }),
        Just(MarkKind::Section),
        Just(MarkKind::Preamble),
        Just(MarkKind::Paragraph),
        Just(MarkKind::Item),
        Just(MarkKind::Turn),
        Just(MarkKind::Page),
    ];
    let mark = (0..=length as u32, 0..=length as u32, kinds, proptest::option::of("[A-Z]{0,2}[0-9.()]{0,3}"));
    proptest::collection::vec(mark, 0..8).prop_map(|marks| {
        let mut marks: Vec<Mark> = marks
            .into_iter()
            .map(|(start, length, kind, label)| Mark {
                id: None,
                span: Span::new(start, start.saturating_add(length / 2)),
                kind,
                label,
            })
            .collect();
        marks.sort_by_key(|mark| (mark.span.start, std::cmp::Reverse(mark.span.end)));
        marks
    })
}

proptest! {
    #[test]
    fn any_text_tiles(text in "\\PC{0,200}|(\\PC|\n|\r){0,200}") {
        let document = document(&text);
        tiles(&document, &segment(&document, None));
    }

    #[test]
    fn anything_like_law_tiles(pieces in proptest::collection::vec(prop_oneof![
        Just("Article 1"), Just("Article 2\n"), Just("\n\n"), Just("\n"), Just("\r"), Just("1. "), Just("(a) "), Just("(i)"), Just("b) "), Just("- "), Just("§ 3 "), Just("PART I"), Just("Section 4"),
        Just("Preamble"), Just(", Recalling"), Just("Have agreed"), Just("The lamp burns. "), Just("it shall:"), Just("; and "), Just("\u{2014}"), Just("Anna: "), Just("Q: "), Just("é。"), Just("Optional Protocol to it"),
        Just("ANNEX"), Just("In witness whereof"), Just("II"), Just("2. "), Just("3. "), Just("ไทย "), Just("[2]"), Just(" s1"),
    ], 0..60), marks in marks_within(300)) {
        let mut document = document(&pieces.concat());
        tiles(&document, &segment(&document, None));
        document.marks = marks;
        tiles(&document, &segment(&document, Some("de")));
    }
}

#[expect(clippy::print_stdout, reason = "a test that checks nothing says so")]
fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(path);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not there", path.display());
    None
}

/// The number of articles of 32 instruments, as counted by those who compiled the corpus.
#[test]
fn articles_of_treaties() {
    let Some(folder) = shared("data/corpora/treaties") else {
        return;
    };
    let table = std::fs::read_to_string(folder.join("sources.csv")).unwrap();
    let mut checked = 0;
    for row in table.lines().skip(1) {
        let path = row.split(',').next().unwrap();
        let want: usize = row.rsplit(',').nth(1).unwrap().parse().unwrap();
        let marked = markdown(&std::fs::read_to_string(folder.join(path)).unwrap());
        // Once with the headings told, once from the lines alone.
        let bare = Document { text: marked.text.clone(), ..Document::default() };
        for document in [marked, bare] {
            let segmentation = segment(&document, None);
            tiles(&document, &segmentation);
            let articles = labels(&segmentation, Level::Section)
                .into_iter()
                .filter(|label| label.starts_with("Art. ") || label.starts_with("OP Art. "))
                .count();
            assert_eq!(articles, want, "{path}");
            assert_eq!(segmentation.kind, TextKind::Treaty, "{path}");
        }
        checked += 1;
    }
    assert_eq!(checked, 32);
}

#[test]
fn passages_of_treaties() {
    let Some(folder) = shared("data/corpora/treaties/en") else {
        return;
    };
    for (file, label, start) in [
        ("palermo_protocol_2000.md", "Art. 3(a)", "a) “Trafficking in persons"),
        ("palermo_protocol_2000.md", "Art. 6(3)(b)", "b) Counselling"),
        ("palermo_protocol_2000.md", "Preamble(5)", "Convinced"),
        ("crc_1989.md", "Preamble(13)", "Recognizing the importance"),
        ("opsc_2000.md", "Art. 3(1)(a)(i)(b)", "b.Transfer of organs"),
        ("slavery_convention_1926.md", "Art. 1(1)", "1.Slavery"),
        ("coe_istanbul_2011.md", "Art. 53(2) indent 3", "– where necessary"),
        ("iccpr_1966.md", "Art. 41(1)(h)(ii)", "(ii)"),
        ("iccpr_1966.md", "OP Art. 5(2)(b)", "(b) The individual"),
        ("untoc_2000.md", "Art. 18(3)(i)", "i) Any other type"),
        ("refugee_convention_1951.md", "Art. 1(F)(a)", "(a)he has committed"),
        ("crpd_2006.md", "Preamble(y)", "y) Convinced"),
        ("ilo_c029_1930.md", "Art. 2(2)(d)", "(d)any work"),
    ] {
        let document = markdown(&std::fs::read_to_string(folder.join(file)).unwrap());
        let segmentation = segment(&document, None);
        let unit = segmentation.units.iter().find(|unit| unit.level == Level::Item && &*unit.label == label);
        let words = unit.map(|unit| unit.span.of(&document.text));
        assert!(words.is_some_and(|words| words.starts_with(start)), "{file} {label}: {words:?}");
    }
}

/// Median paragraphs of speeches of two sessions lie within a factor of three, as a comparison between them supposes.
#[test]
fn speeches_have_paragraphs() {
    let Some(folder) = shared("data/corpora/ungdc/sample") else {
        return;
    };
    for session in std::fs::read_dir(folder).unwrap() {
        let session = session.unwrap().path();
        if !session.is_dir() {
            continue;
        }
        for speech in std::fs::read_dir(&session).unwrap() {
            let path = speech.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let document = document(text.trim_start_matches('\u{feff}'));
            let segmentation = segment(&document, Some("en"));
            tiles(&document, &segmentation);
            assert!(
                (15..=250).contains(&segmentation.median_paragraph_words),
                "{}: {} words by {}",
                path.display(),
                segmentation.median_paragraph_words,
                segmentation.paragraphs_by.name()
            );
            assert_eq!(segmentation.kind, TextKind::Plain, "{}", path.display());
        }
    }
}

#[test]
fn statutes() {
    let Some(folder) = shared("data/corpora/laws") else {
        return;
    };
    for (file, label) in [
        ("de/stgb-index.md", "§ 232(1)(1)(a)"),
        ("fr/Article 225-4-1.md", "Art. 225-4-1(I)(1°)"),
        ("us/title-18/chunck-880.md", "§ 1593(b)(1)"),
    ] {
        let document = markdown(&std::fs::read_to_string(folder.join(file)).unwrap());
        let segmentation = segment(&document, None);
        tiles(&document, &segmentation);
        assert_eq!(segmentation.kind, TextKind::Statute, "{file}");
        assert!(labels(&segmentation, Level::Item).contains(&label), "{file} {label}");
    }
}
