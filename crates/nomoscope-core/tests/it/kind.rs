//! The type of a cluster on planted corpora.

use crate::corpora::{Row, codebook, corpus, sources};
use nomoscope_core::codebook::Codebook;
use nomoscope_core::norm::kind::{FocalSource, Kind, Model, focal_sources, kind, sources_with_statements, support};
use nomoscope_core::norm::statement::{Reading, Settings, form};
use nomoscope_core::stats::rng::Seed;
use nomoscope_core::text::Level;
use std::collections::BTreeSet;

const BOOK: &[Row<'_>] = &[
    ("bondage", "p", "bondage", ""),
    ("v0", "v", "dignity", "values"),
    ("v1", "v", "safety", "values"),
    ("v2", "v", "health", "values"),
    ("v3", "v", "order", "values"),
    ("values", "v", "values", ""),
    ("b0", "b", "punish", ""),
    ("b1", "b", "protect", ""),
    ("b2", "b", "prevent", ""),
    ("b3", "b", "cooperate", ""),
];
const VALUES: [&str; 4] = ["dignity", "safety", "health", "order"];
const BEHAVIOURS: [&str; 4] = ["punish", "protect", "prevent", "cooperate"];

/// A text with a paragraph for each pair of value and behaviour.
fn text(pairs: impl IntoIterator<Item = (usize, usize)>) -> String {
    let one = |(v, b): (usize, usize)| format!("Bondage harms {}, so {} it.", VALUES[v], BEHAVIOURS[b]);
    pairs.into_iter().map(one).collect::<Vec<_>>().join("\n\n")
}

fn focal(book: &Codebook, texts: &[String]) -> Vec<FocalSource> {
    let sources = sources(texts);
    let settings = Settings { window: Level::Paragraph, reading: Reading::Rule, inherit: false };
    let formed = form(&corpus(book, &sources), settings);
    let all: Vec<BTreeSet<u32>> = formed.windows.iter().map(|w| w.iter().map(|w| w.unit).collect()).collect();
    focal_sources(&formed.windows, &all)
}

fn of(texts: &[String]) -> Result<Kind, &'static str> {
    let book = codebook(BOOK);
    kind(&focal(&book, texts), &vec![1; texts.len()], &book, 199, Seed(3))
}

fn side_by_side() -> Vec<String> {
    vec![text((0..4).map(|i| (i, i))); 10]
}

fn crossing() -> Vec<String> {
    vec![text((0..4).flat_map(|v| (0..4).map(move |b| (v, b)))); 10]
}

#[test]
fn side_by_side_is_told_from_crossing() {
    let (apart, crossed) = (of(&side_by_side()).unwrap(), of(&crossing()).unwrap());
    assert_eq!((apart.model, crossed.model), (Model::SideBySide, Model::MultipleValue));
    for found in [&apart, &crossed] {
        assert!((found.effective[0].observed - 1.0).abs() < 1e-12);
        // Four equally frequent values and behaviours are exactly four.
        assert!((found.effective[1].observed - 4.0).abs() < 1e-12);
        assert!((found.effective[2].observed - 4.0).abs() < 1e-12);
        assert_eq!(found.by_threshold.len(), 4);
        // One level up all values are one value.
        assert_eq!(found.merged_values, Some(Model::SingleValue));
        assert!((found.merged_effective_values.unwrap() - 1.0).abs() < 1e-9);
    }
    assert!((apart.effective_statements.observed - 4.0).abs() < 1e-12);
    assert!((crossed.effective_statements.observed - 16.0).abs() < 1e-9);
    // 40 occurrences, ten of each of four: no singletons, so coverage is 1; entropy (Chao, Wang & Jost 2013) is then
    // ψ(40) − ψ(10), by SciPy 1.17.1 1.4245747849681218; its exponential:
    let adjusted = apart.effective[1];
    assert_eq!(adjusted.coverage, Some(1.0));
    assert!((adjusted.adjusted - PSI).abs() < 1e-9, "{}", adjusted.adjusted);
}

const PSI: f64 = 4.156_090_234_934_196;

#[test]
fn the_single_types() {
    let repeat = |pairs: &[(usize, usize)]| vec![text(pairs.iter().copied()); 10];
    for (pairs, want) in [
        (&[(0, 0)][..], Model::SingleNorm),
        (&[(0, 0), (0, 1), (0, 2)], Model::SingleValue),
        (&[(0, 0), (1, 0), (2, 0)], Model::SingleBehaviour),
    ] {
        assert_eq!(of(&repeat(pairs)).unwrap().model, want);
    }
}

#[test]
fn without_a_complete_statement_there_is_no_type() {
    let incomplete = vec!["Bondage harms dignity.\n\nPunish it.".to_owned(); 10];
    assert!(of(&incomplete).unwrap_err().starts_with("no complete statement"));
    let book = codebook(BOOK);
    let sources = focal(&book, &side_by_side());
    assert_eq!(sources_with_statements(&sources), 10);
    assert!(kind(&sources, &[0; 10], &book, 99, Seed(1)).is_err());
}

#[test]
fn support_sums_to_one_and_is_refused_for_few() {
    let book = codebook(BOOK);
    let mut texts = side_by_side();
    // Sources without a complete statement thin the draws.
    texts.extend(vec!["Bondage.".to_owned(); 10]);
    let sources = focal(&book, &texts);
    let found = support(&sources, &book, 20, false, Seed(5));
    let shares = found.shares.unwrap();
    assert_eq!(shares.keys().copied().collect::<Vec<_>>(), Model::ALL);
    assert!((shares.values().sum::<f64>() - 1.0).abs() < 1e-12);
    assert!(shares[&Model::SideBySide] > 0.9, "{shares:?}");
    let few = focal(&book, &texts[..7]);
    let reason = support(&few, &book, 20, false, Seed(5)).reason.unwrap();
    assert_eq!(reason, "support needs 8 sources, the study has 7");
    assert!(support(&sources, &book, 20, true, Seed(5)).reason.unwrap().starts_with("an illustration"));
    assert!(support(&sources, &book, 0, false, Seed(5)).shares.is_none());
}

#[test]
fn the_order_of_sources_does_not_change_the_type() {
    let mut texts: Vec<String> = (0..8).map(|i| text([(i % 4, i % 4), (i % 3, (i + 1) % 4)])).collect();
    let straight = of(&texts).unwrap();
    texts.reverse();
    let reversed = of(&texts).unwrap();
    for (x, y) in straight.effective.iter().zip(&reversed.effective) {
        assert!((x.adjusted - y.adjusted).abs() < 1e-12);
    }
}
