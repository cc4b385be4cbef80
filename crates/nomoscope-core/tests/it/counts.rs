//! Counts: joined from parts, written and read again, and refused where they do not fit or were damaged.

use crate::corpora::{Row, codebook, corpus, sources};
use nomoscope_core::codebook::{Codebook, ConceptIx};
use nomoscope_core::counts::{Counts, CountsProblem, SourceUnits};
use nomoscope_core::study::Source;
use nomoscope_core::text::Level;
use nomoscope_core::usage::contrast::contrasts;
use nomoscope_core::usage::coupling::TextualData;
use proptest::prelude::*;
use std::collections::BTreeMap;

const BOOK: &[Row<'_>] = &[
    ("smuggling", "p", "smuggling", ""),
    ("child-smuggling", "p", "smuggling of children", ""),
    ("crime", "p", "crime", ""),
    ("organised-crime", "p", "organised crime", "crime"),
    ("safety", "v", "safety", ""),
    ("punish", "b", "punish", ""),
];

/// Paragraphs of each source, as places in `SAID`.
type Study = Vec<Vec<Vec<usize>>>;

const SAID: &[&str] = &[
    "smuggling",
    "smuggling of children",
    "crime",
    "organised crime",
    "safety",
    "punish",
    "words",
    "more words",
    "nothing else here",
    "and so it goes on and on",
];

fn studies() -> impl Strategy<Value = Study> {
    let paragraph = prop::collection::vec(0..SAID.len(), 1..7);
    prop::collection::vec(prop::collection::vec(paragraph, 4..16), 6..12)
}

fn read(study: &Study) -> Vec<Source> {
    // A capital and a full stop: a line without them may be the rest of the paragraph before it.
    let paragraph = |p: &Vec<usize>| format!("Here {}.", p.iter().map(|&i| SAID[i]).collect::<Vec<_>>().join(", "));
    let texts: Vec<String> = study.iter().map(|s| s.iter().map(paragraph).collect::<Vec<_>>().join("\n\n")).collect();
    let mut sources = sources(&texts);
    for (i, source) in sources.iter_mut().enumerate() {
        source.kind = Some(if i % 2 == 0 { "treaty" } else { "speech" }.to_owned());
        source.date = format!("{}-05", 1990 + i).parse().ok();
        source.attributes.insert("region".to_owned(), format!("region {}", i % 3));
    }
    sources
}

fn count(book: &Codebook, sources: &[Source]) -> Counts {
    Counts::of(&corpus(book, sources), Level::Paragraph)
}

/// Everything that is computed from counts, to the last bit: Rust writes floating-point numbers so that they can be read back.
fn said(counts: &Counts) -> String {
    let kinds: Vec<String> = counts.sources().map(|s| s.attribute("kind").unwrap_or_default()).collect();
    let data = counts.textual();
    let times: Vec<u32> = (0..kinds.len() as u32).map(|i| i % 3).collect();
    let weights: Vec<f64> = times.iter().map(|&t| f64::from(t) / 2.0).collect();
    let of_kind = |kind: &str| (0..kinds.len()).filter(|&i| kinds[i] == kind).collect::<Vec<_>>();
    let grouped = counts.grouped(&[of_kind("treaty"), of_kind("speech")], &[]);
    let (first, second) = (grouped.group(0).unwrap(), grouped.group(1).unwrap());
    format!(
        "{:?}\n{:?}\n{:?}\n{:?}\n{:?} {:?}\n{:?}\n{:?}",
        data.couplings(1.5),
        counts.actor(&kinds),
        data.backbone_of_draw(&times, 1.0),
        data.weighted(&weights, 1.0),
        data.shape(),
        data.caution(),
        contrasts(first, second, 1.5),
        grouped.median_words(0),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn parts_joined_in_any_order_are_the_whole(study in studies(), deal in prop::collection::vec(0..3_usize, 12)) {
        let (book, sources) = (codebook(BOOK), read(&study));
        let part = |k: usize| -> Vec<Source> {
            sources.iter().zip(&deal).filter(|(_, d)| **d == k).map(|(s, _)| s.clone()).collect()
        };
        let whole = count(&book, &sources);
        let [a, b, c] = [0, 1, 2].map(|k| count(&book, &part(k)));
        let joined = a.clone().merge(b.clone()).unwrap().merge(c.clone()).unwrap();
        prop_assert_eq!(&joined, &whole);
        prop_assert_eq!(&c.clone().merge(a.clone().merge(b.clone()).unwrap()).unwrap(), &whole);
        prop_assert_eq!(b.merge(c).unwrap().merge(a).unwrap(), joined.clone());
        prop_assert_eq!(said(&joined), said(&whole));
        // To choose is to count only those.
        prop_assert_eq!(whole.select(|i, _| deal[i] == 1), count(&book, &part(1)));
    }

    #[test]
    fn counts_that_were_written_and_read_say_the_same_to_the_last_bit(study in studies()) {
        let counts = count(&codebook(BOOK), &read(&study));
        let written = serde_json::to_string(&counts).unwrap();
        let again: Counts = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(said(&again), said(&counts));
        prop_assert_eq!(again, counts);
        prop_assert!(!written.contains("goes on and on"), "the text stays at home");
    }

    #[test]
    fn textual_couplings_are_those_of_the_paragraphs_read_by_hand(study in studies()) {
        // Only what does not overlap: then a paragraph holds what it lists, and its words are those between spaces.
        let plain: Study = study.iter().map(|s| s.iter().map(|p| p.iter().map(|&i| i.max(4)).collect()).collect()).collect();
        let by_hand: Vec<SourceUnits> = plain.iter().map(|source| {
            let words = |p: &Vec<usize>| 1 + p.iter().map(|&i| SAID[i].split(' ').count() as u32).sum::<u32>();
            let held = |c: usize| source.iter().map(|p| p.contains(&c)).collect::<Vec<bool>>();
            let presence = [4, 5].map(|c| (ConceptIx(c as u16), held(c)));
            let presence: BTreeMap<_, _> = presence.into_iter().filter(|(_, held)| held.contains(&true)).collect();
            SourceUnits::new(source.iter().map(words).collect(), presence).unwrap()
        }).collect();
        let counts = count(&codebook(BOOK), &read(&plain));
        prop_assert_eq!(counts.units().cloned().collect::<Vec<_>>(), by_hand.clone());
        let (x, y) = (counts.textual().couplings(1.5), TextualData::new(&by_hand, &|_, _| false).couplings(1.5));
        prop_assert_eq!(format!("{x:?}"), format!("{y:?}"));
    }
}

#[test]
fn sources_keep_what_groups_and_periods_are_made_by() {
    let counts = count(&codebook(BOOK), &read(&vec![vec![vec![0, 4]]; 3]));
    let again: Counts = serde_json::from_str(&serde_json::to_string(&counts).unwrap()).unwrap();
    let last = again.sources().last().unwrap();
    assert_eq!(
        (last.attribute("region").as_deref(), last.attribute("kind").as_deref()),
        (Some("region 2"), Some("treaty"))
    );
    assert_eq!((last.attribute("date").as_deref(), last.path.as_str()), (Some("1992-05"), "002.txt"));
    assert_eq!((last.document.text.as_str(), again.window()), ("", Level::Paragraph));
}

#[test]
fn what_does_not_fit_is_refused_with_all_reasons() {
    let sources = read(&vec![vec![vec![0, 4]]; 2]);
    let book = codebook(BOOK);
    let mut rows = BOOK.to_vec();
    rows[4].2 = "security";
    let here = count(&book, &sources);
    // Another pattern alone: no concept differs by name, but the counts are not of the same thing.
    let problems = here.clone().merge(count(&codebook(&rows), &[])).unwrap_err().0;
    assert_eq!(problems, [CountsProblem::OtherCodebook { concept: None }]);
    rows[4].3 = "crime";
    let there = Counts::of(&corpus(&codebook(&rows), &sources), Level::Sentence);
    let problems = here.merge(there).unwrap_err();
    assert_eq!(
        problems.0,
        [
            CountsProblem::OtherCodebook { concept: Some("safety".to_owned()) },
            CountsProblem::OtherWindow { window: Level::Paragraph, other: Level::Sentence },
            CountsProblem::CountedTwice { path: "000.txt".to_owned() },
            CountsProblem::CountedTwice { path: "001.txt".to_owned() },
        ]
    );
    assert_eq!(
        problems.to_string(),
        "the codebooks differ, first at `safety`; some were counted by paragraph, others by sentence; source `000.txt` was \
         counted twice; source `001.txt` was counted twice"
    );
    assert!(problems.0.iter().all(|p| !p.hint().is_empty()));
}

#[test]
fn damaged_counts_are_refused() {
    // One paragraph with both concepts of an overlap, and one with neither.
    let written = serde_json::to_value(count(&codebook(BOOK), &read(&vec![vec![vec![1], vec![6]]]))).unwrap();
    let units = &written["sources"][0]["units"];
    assert_eq!(units["nested"], serde_json::json!([[[0, 1], [[0, 0]]]]), "{units}");
    let check = |place: &str, value: serde_json::Value, why: &str| {
        let mut damaged = written.clone();
        *damaged.pointer_mut(place).unwrap() = value;
        let error = serde_json::from_value::<Counts>(damaged).unwrap_err().to_string();
        assert!(error.contains(why), "{place}: {error}");
    };
    check("/sources/0/units/with/0", serde_json::json!([2]), "hold concept 0");
    check("/sources/0/units/with/0", serde_json::json!([1, 0]), "hold concept 0");
    check("/sources/0/units/nested/0/1", serde_json::json!([[1, 0]]), "do not hold the shorter one");
    check("/sources/0/units/nested/0/1", serde_json::json!([[0, 4]]), "do not hold the shorter one");
    check("/sources/0/units/nested/0/0", serde_json::json!([1, 0]), "do not ascend at concepts 1 and 0");
    check("/sources/0/used", serde_json::json!([[6, 1]]), "uses concept 6 of a codebook of 6");
    check("/sources/0/nested/0/1", serde_json::json!(77), "uses concept 77 of a codebook of 6");
    check("/sources/0/source/date", serde_json::json!("1990-13"), "is not a date");
    check("/window", serde_json::json!("page"), "unknown variant");
}
