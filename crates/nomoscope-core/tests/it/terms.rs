//! Words, phrases, surroundings and concordances, counted again in plainer ways.

use crate::corpora::{Draw, codebook, corpus, ix, sources};
use nomoscope_core::norm::corpus::{Corpus, Interviewers, code};
use nomoscope_core::text::Level;
use nomoscope_core::usage::concordance::{Line, Sought, concordance};
use nomoscope_core::usage::terms::{Counted, Settings, Term, count};
use std::collections::BTreeMap;

fn settings(length: usize) -> Settings {
    Settings { length, groups: Vec::new(), interviewers: Interviewers::default(), near: None }
}

fn find<'c>(counted: &'c Counted, form: &str) -> Option<&'c Term> {
    counted.terms.iter().find(|term| term.form == form)
}

fn slavery(texts: &[&str]) -> Corpus {
    corpus(&codebook(&[("slavery", "p", "slavery", "")]), &sources(texts))
}

#[test]
fn words_are_those_of_the_matcher() {
    let corpus = slavery(&["The State's child; a Child, CHILD children's d’enfants in 2003 (3.14) don't. STATE"]);
    let counted = count(&corpus, &settings(1));
    let shown: Vec<(&str, &str, u64, bool)> =
        counted.terms.iter().map(|t| (t.form.as_str(), t.written.as_str(), t.n, t.stop)).collect();
    let want = [
        ("child", "child", 3, false),
        ("state", "State", 2, false),
        ("a", "a", 1, true),
        ("children", "children", 1, false),
        ("don't", "don't", 1, true),
        ("enfants", "enfants", 1, false),
        ("in", "in", 1, true),
        ("the", "The", 1, true),
    ];
    assert_eq!(shown, want);
    // Numbers are words, though they are not listed.
    assert_eq!(counted.total(), 13);
}

#[test]
fn phrases_stay_within_commas_and_begin_and_end_with_words_that_say_something() {
    let text = "The best interests of the child, child labour. Labour camps and best interests of children";
    let counted = count(&slavery(&[text]), &settings(2));
    let shown: Vec<(&str, u64)> = counted.terms.iter().map(|t| (t.form.as_str(), t.n)).collect();
    assert_eq!(shown, [("best interests", 2), ("child labour", 1), ("labour camps", 1)]);
    assert_eq!(counted.total(), 12);
    let three = count(&slavery(&[text]), &settings(3));
    assert_eq!(find(&three, "interests of children").map(|t| t.n), Some(1));
    assert_eq!(find(&three, "interests of the"), None);
}

#[test]
fn scripts_without_spaces_have_words_and_phrases() {
    let mut sources = sources(&["你好世界。你好世界", "สวัสดีชาวโลก"]);
    sources[0].language = vec!["zh".to_owned()];
    sources[1].language = vec!["th".to_owned()];
    let codebook = codebook(&[("slavery", "p", "slavery", "")]);
    let both = corpus(&codebook, &sources);
    let words = count(&both, &settings(1));
    assert_eq!(find(&words, "世界").map(|t| (t.n, t.sources)), Some((2, 1)));
    assert!(find(&words, "ชาว").is_some());
    let pairs = count(&both, &settings(2));
    assert_eq!(find(&pairs, "你好 世界").map(|t| (t.written.as_str(), t.n)), Some(("你好世界", 2)));
    assert_eq!(words.without_stop_words, BTreeMap::from([("th".to_owned(), 1), ("zh".to_owned(), 1)]));
}

#[test]
fn who_asks_is_not_counted_and_no_speaker_is_a_word() {
    let text = "Interviewer: Was it bondage?\nAnna: It was slavery.\nInterviewer: Really bondage?\nAnna: Yes, slavery, slavery.\n";
    let list = sources(&[text]);
    let codebook = codebook(&[("slavery", "p", "slavery", "")]);
    let corpus = code(std::sync::Arc::new(codebook), list.into(), &Interviewers::default(), &|_| ()).unwrap();
    let counted = count(&corpus, &settings(1));
    assert_eq!(find(&counted, "slavery").map(|t| t.n), Some(3));
    assert_eq!((find(&counted, "bondage"), find(&counted, "anna"), find(&counted, "interviewer")), (None, None, None));
    let everybody = Settings { interviewers: Interviewers { coded: true, ..Interviewers::default() }, ..settings(1) };
    assert_eq!(find(&count(&corpus, &everybody), "bondage").map(|t| t.n), Some(2));
}

#[test]
fn groups_add_up() {
    let corpus = slavery(&["slavery labour", "labour labour", "camps labour slavery"]);
    let counted = count(&corpus, &Settings { groups: vec![0, 1, 0], ..settings(1) });
    let labour = find(&counted, "labour").unwrap();
    assert_eq!((labour.n, labour.sources), (4, 3));
    assert_eq!(labour.groups, BTreeMap::from([(0, (2, 2)), (1, (2, 1))]));
    assert_eq!(counted.all, BTreeMap::from([(0, 5), (1, 2)]));
}

/// A random text of few words, so that surroundings overlap.
fn text(draw: &mut Draw) -> String {
    let words = ["slavery", "labour", "camp", "law", "slavery", "girl"];
    let n = 5 + draw.below(40);
    (0..n).map(|_| words[draw.below(6) as usize]).collect::<Vec<_>>().join(" ")
}

#[test]
fn surroundings_agree_with_a_plainer_count() {
    let mut draw = Draw(7);
    for width in [1, 2, 5] {
        let texts: Vec<String> = (0..6).map(|_| text(&mut draw)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let codebook = codebook(&[("slavery", "p", "slavery", "")]);
        let corpus = corpus(&codebook, &sources(&texts));
        let near = Some((ix(&codebook, "slavery"), width));
        let counted = count(&corpus, &Settings { near, ..settings(1) });
        for word in ["labour", "camp", "law", "girl"] {
            let (mut beside, mut nodes, mut n) = (0_u64, 0_u64, 0_u64);
            for text in &texts {
                let words: Vec<&str> = text.split(' ').collect();
                let is_near = |i: usize, j: usize| i.abs_diff(j) <= width;
                let of = |w: &str| (0..words.len()).filter(|&i| words[i] == w).collect::<Vec<_>>();
                let (here, there) = (of(word), of("slavery"));
                n += here.len() as u64;
                beside += here.iter().filter(|&&i| there.iter().any(|&j| is_near(i, j))).count() as u64;
                nodes += there.iter().filter(|&&j| here.iter().any(|&i| is_near(i, j))).count() as u64;
            }
            let term = find(&counted, word).unwrap();
            assert_eq!((term.n, term.outside, term.beside, term.nodes), (n, n, beside, nodes), "{word} within {width}");
            assert!(term.beside <= counted.beside && term.outside <= counted.outside);
        }
        let all: usize = texts.iter().map(|t| t.split(' ').count()).sum();
        assert_eq!(counted.outside + counted.nodes, all as u64);
    }
}

fn shown(corpus: &Corpus, lines: &[Line]) -> Vec<String> {
    let part = |line: &Line| {
        let text = &corpus.sources[line.source].document.text;
        format!("{}|{}|{}", line.left.of(text), line.hit.of(text), line.right.of(text))
    };
    lines.iter().map(part).collect()
}

#[test]
fn a_concordance_has_every_place_in_its_section() {
    let corpus = slavery(&["One two three slavery four, five six. Slavery", "No more slavery"]);
    let everybody = Interviewers { coded: true, ..Interviewers::default() };
    let concept = Sought::Concept(ix(&corpus.codebook, "slavery"));
    let want =
        ["two three |slavery| four, five".to_owned(), "five six. |Slavery|".to_owned(), "No more |slavery|".to_owned()];
    for sought in [concept, Sought::Pattern("slaver*")] {
        let lines = concordance(&corpus, sought, 2, &everybody).unwrap();
        assert_eq!(shown(&corpus, &lines), want);
        assert_eq!(
            lines[0].keys,
            [vec!["three".to_owned(), "two".to_owned()], vec!["four".to_owned(), "five".to_owned()]]
        );
        assert!(
            lines.iter().all(|l| corpus.coded[l.source].segmentation.units[l.unit as usize].level == Level::Paragraph)
        );
    }
    assert!(concordance(&corpus, Sought::Pattern("(a|"), 2, &everybody).is_err());
    assert!(concordance(&corpus, Sought::Pattern("nowhere"), 2, &everybody).unwrap().is_empty());
    // A turn ends the context, and who asks is not quoted.
    let interview = "Interviewer: Was it slavery?\nAnna: It was slavery.\nInterviewer: Really slavery?\nAnna: Yes.\n";
    let corpus = slavery(&[interview]);
    let lines = concordance(&corpus, Sought::Pattern("slavery"), 9, &Interviewers::default()).unwrap();
    assert_eq!(shown(&corpus, &lines), ["Anna: It was |slavery|"]);
}
