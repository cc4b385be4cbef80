//! One word for patterns and texts: what is copied from a text into a codebook finds its place there.

use nomoscope_core::codebook::{Codebook, Concept, PatternText, Role};
use nomoscope_core::coding::Matcher;
use nomoscope_core::text::{Document, Mark, MarkKind, Span};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

fn matcher(patterns: &[String]) -> Matcher {
    let concepts = patterns.iter().enumerate().map(|(i, pattern)| Concept {
        id: format!("c{i}"),
        roles: BTreeSet::from([Role::Problem]),
        patterns: BTreeMap::from([("und".to_owned(), vec![PatternText { text: pattern.clone(), line: 1 }])]),
        ..Concept::default()
    });
    let codebook = Codebook::new("t".into(), "1".into(), concepts.collect()).unwrap();
    Matcher::new(&codebook, &[]).unwrap()
}

fn found<'t>(pattern: &str, text: &'t str) -> Vec<&'t str> {
    matcher(&[pattern.to_owned()]).find(text).iter().map(|coding| coding.span.of(text)).collect()
}

#[track_caller]
fn check(pattern: &str, text: &str, want: &[&str]) {
    assert_eq!(found(pattern, text), want, "{pattern:?} in {text:?}");
}

#[test]
fn viramas_nuktas_and_vowel_signs_are_part_of_a_word() {
    check("संस्कृति", "हमारी संस्कृति है", &["संस्कृति"]);
    check("लड़का", "एक लड\u{93c}का आया", &["लड\u{93c}का"]);
    check("মানুষ্য পাচার", "সব মানুষ্য পাচার বন্ধ", &["মানুষ্য পাচার"]);
    check("ශ්\u{200d}රී", "එය ශ්\u{200d}රී ලංකා", &["ශ්\u{200d}රී"]);
    check("கடத்தல்", "ஆள் கடத்தல் குற்றம்", &["கடத்தல்"]);
    check("മനുഷ്യക്കടത്ത്", "അത് മനുഷ്യക്കടത്ത് ആണ്", &["മനുഷ്യക്കടത്ത്"]);
    // A word is found whole or not at all.
    check("संस्", "हमारी संस्कृति है", &[]);
}

#[test]
fn apostrophes_are_one_whatever_their_sign() {
    for text in ["об'єкт", "об’єкт", "обʼєкт"] {
        for pattern in ["об'єкт", "об’єкт", "обʼєкт"] {
            check(pattern, text, &[text]);
        }
    }
    check("oʻzbek", "bu o‘zbek tili", &["o‘zbek"]);
    check("‘slavery’", "a ‘slavery’ of old", &["slavery"]);
    check("rock'n'roll", "old rock’n’roll", &["rock’n’roll"]);
    // Nothing is elided after a digit, or before one.
    check("slave", "slave'7", &["slave"]);
    check("slave7", "slave7'slave", &["slave7"]);
}

#[test]
fn invisible_characters_neither_hide_nor_split() {
    for mark in ["\u{200e}", "\u{200f}", "\u{61c}", "\u{202b}", "\u{2066}", "\u{200c}", "\u{ad}", "\u{feff}"] {
        let text = format!("no {mark}human{mark} {mark}traf{mark}ficking{mark}.");
        let want = format!("human{mark} {mark}traf{mark}ficking");
        check("human trafficking", &text, &[&want]);
        check(&format!("human{mark} {mark}trafficking"), "human trafficking", &["human trafficking"]);
    }
    check("مكافحة\u{200f} الاتجار", "في مكافحة الاتجار هنا", &["مكافحة الاتجار"]);
    check("ទាស\u{200b}ភាព", "ទាសភាព", &["ទាសភាព"]);
    check("ទាសភាព", "ទាស\u{200b}ភាព", &["ទាស\u{200b}ភាព"]);
}

#[test]
fn words_divided_at_the_ends_of_lines_and_pages() {
    check("trafficking", "human traf¬\nficking", &["traf¬\nficking"]);
    check("trafficking", "human traf\u{ad} \nficking", &["traf\u{ad} \nficking"]);
    check("punish", "they pun-\n\u{c}ish all", &["pun-\n\u{c}ish"]);
    check("punish", "they pun-\n\n\u{c}\nish all", &["pun-\n\n\u{c}\nish"]);
    check("human trafficking", "human\n\u{c}trafficking", &["human\n\u{c}trafficking"]);
    check("human trafficking", "about human.\n\u{c}Trafficking", &[]);
}

#[test]
fn numbers_of_notes_are_no_part_of_a_phrase() {
    check("slavery and servitude", "of slavery¹ and servitude¹² there", &["slavery¹ and servitude"]);
    let text = "forced[1] labour and human trafficking[12] are".to_owned();
    let note = |at: usize, n: u32| Mark {
        span: Span::new(at as u32, at as u32 + n),
        kind: MarkKind::NoteMark,
        label: None,
        id: None,
    };
    let marks = vec![note(text.find("[1]").unwrap(), 3), note(text.find("[12]").unwrap(), 4)];
    let document = Document { text, marks, ..Document::default() };
    let codings = matcher(&["forced labour".to_owned(), "trafficking are".to_owned()]).find(&document.flowing());
    let quoted: Vec<&str> = codings.iter().map(|coding| coding.span.of(&document.text)).collect();
    assert_eq!(quoted, ["forced[1] labour", "trafficking[12] are"]);
}

#[test]
fn a_number_glued_to_a_word_of_the_codebook_is_a_note() {
    check("forced labour", "They banned forced2 labour.", &["forced2 labour"]);
    check("forced labour", "They banned forced labour12.", &["forced labour"]);
    check("это рабство", "Это рабство12 было", &["Это рабство"]);
    check("यह दासता", "यह दासता१२ थी", &["यह दासता"]);
    check("هذه العبودية هنا", "هذه العبودية١٢ هنا", &["هذه العبودية١٢ هنا"]);
    // Alone it may be a name: only other notes of the text tell that it is none.
    check("labour", "of labour12, and", &[]);
    check("slaver*", "of slavery12 there", &["slavery12"]);
    // Numbers that are parts of names and of counted things.
    for (pattern, text) in [("g", "G20"), ("co", "CO2"), ("covid", "covid19"), ("article", "article5"), ("mp", "MP3")] {
        check(&format!("the {pattern}"), &format!("the {text} here"), &[]);
        check(text, &format!("the {text} here"), &[text]);
    }
    check("labour2", "of labour2 here", &["labour2"]);
}

#[test]
fn marks_of_notes_in_plain_text_split_no_phrase() {
    let flows = |pattern: &str, text: &str, want: &str| {
        let document = Document { text: text.to_owned(), ..Document::default() };
        let codings = matcher(&[pattern.to_owned()]).find(&document.flowing());
        let quoted: Vec<&str> = codings.iter().map(|coding| coding.span.of(text)).collect();
        assert_eq!(quoted, [want], "{pattern:?} in {text:?}");
    };
    flows("forced labour", "no forced[1] labour here", "forced[1] labour");
    flows("forced labour", "no forced [1] labour here", "forced [1] labour");
    flows("forced labour", "no forced<sup>1</sup> labour here", "forced<sup>1</sup> labour");
    flows("forced labour", "no forced[^1] labour here", "forced[^1] labour");
    flows("slavery and", "of slavery* and more", "slavery* and");
    flows("slavery and", "of slavery† and more", "slavery† and");
    flows("esclavage et", "cet esclavage (1) et.\n\n(1) Voir.", "esclavage (1) et");
    flows("奴役和贩运", "禁止奴役[1]和贩运。", "奴役[1]和贩运");
    flows("奴役和贩运", "禁止奴役①和贩运。", "奴役①和贩运");
    flows("인신매매 피해자", "모든 인신매매1) 피해자", "인신매매1) 피해자");
    flows("slavery and servitude", "All slavery12 and servitude13.\n\n12 See.\n13 Ibid.", "slavery12 and servitude");
}

#[test]
fn letters_that_are_written_in_two_ways() {
    check("パワー", "その ﾊﾟﾜｰ だ", &["ﾊﾟﾜｰ"]);
    check("ﾊﾟﾜｰ", "その パワー だ", &["パワー"]);
    check("ทำงาน", "เขาทํางานที่นี่", &["ทํางาน"]);
    check("ทํางาน", "เขาทำงานที่นี่", &["ทำงาน"]);
    check("น้ำ", "มีนํ้าที่นี่", &["นํ้า"]);
    check("می\u{200c}شود", "این مي\u{200c}شود است", &["مي\u{200c}شود"]);
    check("كار", "این کار است", &["کار"]);
    check("סחר בני אדם", "על סחר־בני אדם כאן", &["סחר־בני אדם"]);
    check("סחר־בני אדם", "על סחר בני אדם כאן", &["סחר בני אדם"]);
    check("Menschenhandel", "der Menschen\u{200b}handel war", &["Menschen\u{200b}handel"]);
    check("Menschenhandel", "der Men\u{200b}schen\u{200b}handel war", &["Men\u{200b}schen\u{200b}handel"]);
    check("Menschen\u{200b}handel", "der Menschen\u{200b}handel war", &["Menschen\u{200b}handel"]);
}

#[test]
fn ends_of_lines_and_pages_within_a_line_hide_no_phrase() {
    for end in ["\u{2028}", "\u{85}", "\u{c}", " \u{c}", "\u{2028} "] {
        let phrase = format!("forced{end}labour");
        check("forced labour", &format!("no {phrase} here"), &[&phrase]);
    }
    for end in ["\u{2028}\u{2028}", "\u{2029}", ".\u{c}", "\n\n"] {
        check("forced labour", &format!("no forced{end}labour here"), &[]);
    }
}

#[test]
fn near_and_gaps_stay_in_the_sentences_that_the_text_has() {
    check("sale NEAR/6 children", "The sale (art. 3) of children is a crime.", &["sale (art. 3) of children"]);
    check("sale NEAR/6 children", "The sale, No. 182, of children.", &["sale, No. 182, of children"]);
    check("protect ... victims", "States protect 3.5 million victims.", &["protect 3.5 million victims"]);
    check("protect ... victims", "States protect U.S. victims.", &["protect U.S. victims"]);
    check("protect ... victims", "They protect. All victims.", &[]);
    check("sale NEAR/6 children", "A sale. Children left.", &[]);
    check("sale NEAR/6 children", "A sale! Children left.", &[]);
}

/// Words of letters that Unicode puts together, each with where it stands. Scripts that put no spaces between words
/// are divided by the dictionary that readers of the text would take.
fn words(text: &str) -> Vec<(usize, usize)> {
    let segmenter =
        icu_segmenter::WordSegmenter::new_dictionary(icu_segmenter::options::WordBreakInvariantOptions::default());
    let ends: Vec<usize> = segmenter.segment_str(text).collect();
    ends.windows(2)
        .map(|pair| (pair[0], pair[1]))
        .filter(|&(from, to)| text[from..to].chars().any(|c| c.is_alphabetic() && !matches!(c, 'ـ' | 'ʼ')))
        .filter(|&(from, to)| !text[from..to].contains(['(', ')', '[', ']', '|', '*', '…', '.', ':']))
        .collect()
}

/// Every word, and every two words with nothing but one space between, is found where it stands.
fn finds_itself(text: &str) -> Result<usize, String> {
    let words = words(text);
    let mut places: Vec<(usize, usize)> = words.clone();
    for pair in words.windows(2) {
        let between = &text[pair[0].1..pair[1].0];
        if matches!(between, "" | " " | "\u{a0}" | "\u{200b}") {
            places.push((pair[0].0, pair[1].1));
        }
    }
    places.retain(|&(from, to)| !text[from..to].starts_with("NEAR") && to - from < 500);
    for chunk in places.chunks(2000) {
        let patterns: Vec<String> = chunk.iter().map(|&(from, to)| text[from..to].to_owned()).collect();
        let codings = matcher(&patterns).find(text);
        let mut spans: BTreeMap<usize, Vec<Span>> = BTreeMap::new();
        for coding in codings {
            spans.entry(coding.concept.get()).or_default().push(coding.span);
        }
        for (i, &(from, to)) in chunk.iter().enumerate() {
            let near = spans
                .get(&i)
                .is_some_and(|spans| spans.iter().any(|span| (span.start as usize) < to && from < span.end as usize));
            if !near {
                return Err(format!("{:?} at {from} is not found", &text[from..to]));
            }
        }
    }
    Ok(places.len())
}

/// Syllables of many scripts, and what people and programs put between and into words.
fn piece() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "slave",
        "é",
        "ß",
        "İ",
        "o\u{301}",
        "д",
        "ї",
        "λό",
        "क",
        "क्",
        "कि",
        "ड\u{93c}",
        "ৰ",
        "ক্ষ",
        "த்",
        "ශ්\u{200d}",
        "മ്",
        "حر",
        "بِ",
        "ـ",
        "می\u{200c}",
        "של",
        "שָׁ",
        "ገ",
        "한",
        "국",
        "ກ",
        "สิ",
        "ក្ត",
        "က်",
        "人",
        "权",
        "カ",
        "ｶﾞ",
        "の",
        "7",
        "12",
        "'",
        "’",
        "ʼ",
        "-",
        "–",
        "\u{ad}",
        "\u{200f}",
        "\u{200e}",
        "\u{200d}",
        "\u{200b}",
        "¹",
        " ",
        " ",
        " ",
        " ",
        ", ",
        ". ",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_word_and_any_two_neighbours_find_their_place(pieces in proptest::collection::vec(piece(), 1..40)) {
        let text = pieces.concat();
        prop_assert_eq!(finds_itself(&text).err(), None, "{:?}", text);
    }
}

/// The declarations of the data folder, if it is there.
#[test]
fn words_of_the_declarations_find_their_places() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/corpora/udhr");
    let Ok(files) = std::fs::read_dir(&folder) else {
        println!("skipped: no declarations at {}", folder.display());
        return;
    };
    let mut read = 0;
    for file in files.flatten().filter(|file| file.path().extension().is_some_and(|ending| ending == "xml")) {
        let source = std::fs::read_to_string(file.path()).unwrap();
        let mut text = String::new();
        let mut inside = false;
        for c in source.chars() {
            match c {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    text.push('\n');
                }
                c if !inside => text.push(c),
                _ => {}
            }
        }
        let n = finds_itself(&text).unwrap_or_else(|missing| panic!("{}: {missing}", file.path().display()));
        assert!(n > 1000, "{}: only {n} places", file.path().display());
        read += 1;
    }
    assert!(read > 0);
}
