//! What a search finds is the same in a folder, which is read, and in a file, whose index is asked first.

use crate::support::{act, both, place, study};
use nomoscope_desk::act::Wording;
use nomoscope_desk::{Act, Desk};
use nomoscope_engine::handle::Handle;
use nomoscope_engine::sources::answer::{Listed, terms};
use nomoscope_engine::sources::question::Question;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn ask(desk: &Desk, words: &str, with_index: bool) -> Listed {
    let material = desk.material(None).unwrap().material;
    let among = if with_index { desk.can_hold(&terms(words)).unwrap() } else { None };
    let question = Question { words: Some(words.to_owned()), ..Question::default() };
    question.ask_among(&material, among.as_ref(), &Handle::default()).unwrap()
}

fn paths(listed: &Listed) -> BTreeSet<String> {
    listed.rows.iter().map(|row| row.path.rsplit('/').next().unwrap().replace(".txt", "")).collect()
}

/// Returns the sources that hold the words, after it was compared with what reading everything finds.
#[track_caller]
fn check(desks: &[Desk; 2], words: &str, want: &[&str]) {
    for desk in desks {
        let found = ask(desk, words, true);
        assert_eq!(paths(&found), want.iter().map(|p| (*p).to_owned()).collect(), "{words}");
        let places = |listed: &Listed| listed.rows.iter().map(|r| r.found.clone()).collect::<Vec<_>>();
        assert_eq!(places(&found), places(&ask(desk, words, false)), "{words}");
    }
}

const TEXTS: [(&str, &str); 6] = [
    ("sources/en.txt", "Forced labour of children.\n\nA child's rights. Anti-trafficking laws; l\u{2019}Union."),
    ("sources/en2.txt", "Labour is not forced. Children are free."),
    ("sources/fr.txt", "La trai\u{302}te des e\u{302}tres humains, l\u{2019}enfant E\u{301}lise."),
    (
        "sources/th.txt",
        "\u{e40}\u{e14}\u{e47}\u{e01}\u{e16}\u{e39}\u{e01}\u{e1a}\u{e31}\u{e07}\u{e04}\u{e31}\u{e1a}\u{e43}\u{e2b}\u{e49}\u{e17}\u{e33}\u{e07}\u{e32}\u{e19}",
    ),
    (
        "sources/km.txt",
        "\u{1780}\u{17b6}\u{179a}\u{1787}\u{17bd}\u{1789}\u{178a}\u{17bc}\u{179a}\u{200b}\u{1798}\u{1793}\u{17bb}\u{179f}\u{17d2}\u{179f}",
    ),
    (
        "sources/zh.txt",
        "\u{7981}\u{6b62}\u{5f3a}\u{8feb}\u{52b3}\u{52a8}\u{3002}\u{513f}\u{7ae5}\u{6743}\u{5229}\u{3002}",
    ),
];

#[test]
fn words_phrases_and_beginnings_are_found_in_every_script() {
    let (_dir, desks) = both(&TEXTS);
    check(&desks, "forced labour", &["en", "en2"]);
    check(&desks, "\"forced labour\"", &["en"]);
    check(&desks, "child* forc*", &["en", "en2"]);
    check(&desks, "child", &["en"]);
    check(&desks, "anti-trafficking", &["en"]);
    check(&desks, "TRAITE", &["fr"]);
    check(&desks, "elise enfant", &["fr"]);
    check(&desks, "(forced|compulsory) labour", &["en"]);
    check(&desks, "labour NEAR/4 forced", &["en", "en2"]);
    check(&desks, "nowhere", &[]);
    check(&desks, "\u{e40}\u{e14}\u{e47}\u{e01}", &["th"]);
    check(&desks, "\u{1798}\u{1793}\u{17bb}\u{179f}\u{17d2}\u{179f}", &["km"]);
    check(&desks, "\u{5f3a}\u{8feb}\u{52b3}\u{52a8} \u{513f}\u{7ae5}", &["zh"]);
    // The index does pass over what cannot hold the words.
    let asked = desks[1].can_hold(&terms("\"forced labour\"")).unwrap().unwrap();
    assert_eq!(asked, BTreeSet::from(["sources/en.txt".to_owned(), "sources/en2.txt".to_owned()]));
    assert_eq!(desks[1].can_hold(&terms("\u{5f3a}\u{8feb}")).unwrap().unwrap().len(), 1);
}

#[test]
fn the_best_passages_come_first() {
    let (_dir, desks) = both(&[("sources/a.txt", "A child. Labour is hard. A child at labour. Nobody.")]);
    for desk in &desks {
        let listed = ask(desk, "labour child", true);
        let found = listed.rows[0].found.clone().unwrap();
        let quotes: Vec<&str> = found.places.iter().map(|p| p.quote.as_str()).collect();
        assert_eq!((found.n, quotes), (4, vec!["A child at labour.", "A child.", "Labour is hard."]));
    }
}

#[test]
fn the_index_follows_every_act() {
    let (dir, desks) = both(&TEXTS[..2]);
    let all = |act_: &dyn Fn(&Desk)| desks.iter().for_each(act_);
    check(&desks, "bondage", &[]);
    all(&|desk| {
        let span = place(&study(desk), "sources/en2.txt", "free");
        let change = Wording { span, was: "free".to_owned(), text: "in bondage".to_owned() };
        let (source, agreed) = ("sources/en2.txt".to_owned(), BTreeSet::new());
        act(desk, &Act::Correct { source, changes: vec![change], agreed });
    });
    check(&desks, "bondage", &["en2"]);
    check(&desks, "free", &[]);
    all(&|desk| drop(act(desk, &Act::Undo)));
    check(&desks, "free", &["en2"]);
    check(&desks, "bondage", &[]);
    all(&|desk| drop(act(desk, &Act::Redo)));
    check(&desks, "bondage", &["en2"]);
    let files = || [("new.txt".to_owned(), b"A new text on bondage.".to_vec())].into();
    all(&|desk| drop(act(desk, &Act::AddBytes { files: files(), given: Default::default() })));
    check(&desks, "bondage", &["en2", "new"]);
    all(&|desk| drop(act(desk, &Act::RemoveSource { path: "sources/en2.txt".to_owned() })));
    check(&desks, "bondage", &["new"]);
    all(&|desk| drop(act(desk, &Act::Undo)));
    check(&desks, "bondage", &["en2", "new"]);
    // What is erased is in no index, either.
    all(&|desk| drop(act(desk, &Act::Forget { what: "bondage".to_owned() })));
    check(&desks, "bondage", &[]);
    check(&desks, "erased", &["en2", "new"]);
    let bytes = std::fs::read(dir.path().join("s.nomo")).unwrap();
    assert!(!bytes.windows(7).any(|w| w.eq_ignore_ascii_case(b"bondage")));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn the_index_passes_over_nothing_that_reading_finds(
        texts in proptest::collection::vec(
            "[abe\u{301}\u{e9}S\u{df} '\u{2019}.\u{ad}\u{200b}\u{e01}\u{e48}\u{e33}\u{e38}\u{5f3a}\u{8feb}\u{ff76}\u{ff9e}-]{1,14}", 3),
        words in "[abe\u{e9}s '\u{e01}\u{e48}\u{e33}\u{e38}\u{5f3a}\u{8feb}\u{30ac}*-]{1,5}"
    ) {
        let names = ["sources/a.txt", "sources/b.txt", "sources/c.txt"];
        // Every text has a word, so that it is one.
        let texts: Vec<String> = texts.iter().map(|text| format!("Q {text}")).collect();
        let files: Vec<(&str, &str)> = names.iter().copied().zip(texts.iter().map(String::as_str)).collect();
        let (_dir, desks) = both(&files);
        let material = desks[1].material(None).unwrap().material;
        let question = Question { words: Some(words.clone()), ..Question::default() };
        let among = desks[1].can_hold(&terms(&words)).unwrap();
        if let Ok(read) = question.ask(&material, &Handle::default()) {
            let indexed = question.ask_among(&material, among.as_ref(), &Handle::default()).unwrap();
            prop_assert_eq!(paths(&indexed), paths(&read), "{:?} {:?}", words, texts);
        }
    }
}
