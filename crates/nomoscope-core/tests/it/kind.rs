//! The type of a cluster on planted corpora.

use crate::corpora::{Row, codebook, corpus, sources};
use nomoscope_core::codebook::Codebook;
use nomoscope_core::norm::focal::{FocalSource, focal_sources, sources_with_statements};
use nomoscope_core::norm::kind::{Kind, MIN_SENTENCES, Model, effective_of, kind};
use nomoscope_core::norm::statement::{Reading, Settings, form};
use nomoscope_core::norm::support::support;
use nomoscope_core::text::Level;
use nomoscope_stats::rng::{Seed, Stream};
use nomoscope_stats::wald::difference;
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
    assert!((adjusted.adjusted.unwrap() - PSI).abs() < 1e-9, "{adjusted:?}");
    // Order 2: 40 · 39 / (4 · 10 · 9) is 4 1/3, and there are only four.
    assert!((adjusted.leading.unwrap() - 4.0).abs() < 1e-12);
    assert_eq!((adjusted.left, adjusted.kinds), (4, 5));
}

const PSI: f64 = 4.156_090_234_934_196;

#[test]
fn the_single_types() {
    let repeat = |pairs: &[(usize, usize)]| vec![text(pairs.iter().copied()); 20];
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
    // With wrong codings added: still mostly so.
    assert!(shares.values().all(|s| *s <= shares[&Model::SideBySide]), "{shares:?}");
    let apart = found.references.iter().find(|r| r.truth == Model::SideBySide).unwrap();
    assert!((apart.called.iter().sum::<f64>() - 1.0).abs() < 1e-12 && apart.n == 20);
    assert!(found.references.iter().any(|r| r.truth == Model::SingleNorm && r.called(Model::SingleNorm) >= 0.9));
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
        assert!((x.observed - y.observed).abs() < 1e-12 && x.leading == y.leading);
    }
}

/// What little evidence gives: numbers, but no type, and the reason.
#[test]
fn too_little_has_no_type() {
    let reason = |texts: &[String]| {
        let found = of(texts).unwrap();
        assert_eq!(found.model, Model::Undetermined);
        assert!(found.by_threshold.iter().all(|(_, m)| *m == Model::Undetermined));
        found.thin.unwrap()
    };
    let few = vec![text((0..4).map(|i| (i, i))); 7];
    assert_eq!(reason(&few), "a type needs 8 sources with complete statements, and 7 make any");
    let short = vec![text([(0, 0)]); MIN_SENTENCES - 1];
    assert_eq!(reason(&short), "a type needs 20 complete sentences, and there are 19");
    let mut without = vec![text((0..4).map(|i| (i, i))); 10];
    without.iter_mut().for_each(|t| t.push_str(&"\n\nPunish bondage.".repeat(6)));
    assert_eq!(reason(&without), "60 % of what is said of it names no value");
    // Parts that one window supplies to another sentence do not tell whether value and behaviour belong together.
    let apart: Vec<String> = (0..10)
        .map(|i| {
            (0..3)
                .map(|j| format!("Bondage harms {}. We {}.", VALUES[(i + j) % 3], BEHAVIOURS[j]))
                .collect::<Vec<_>>()
                .join("\n\n")
        })
        .collect();
    assert!(reason(&apart).starts_with("value and behaviour stand in one sentence 0 times"), "{}", reason(&apart));
}

const WORDS: [&str; 20] = [
    "dignity",
    "safety",
    "health",
    "order",
    "equality",
    "justice",
    "peace",
    "honour",
    "privacy",
    "welfare",
    "punish",
    "protect",
    "prevent",
    "cooperate",
    "report",
    "rescue",
    "train",
    "inform",
    "monitor",
    "compensate",
];

/// A codebook of ten values and ten behaviours.
fn large_book() -> Codebook {
    let words = WORDS;
    let mut rows: Vec<Row<'_>> = vec![("bondage", "p", "bondage", "")];
    rows.extend(words.iter().enumerate().map(|(i, w)| (*w, if i < 10 { "v" } else { "b" }, *w, "")));
    codebook(&rows)
}

/// Studies of known type with stray mentions in one window of five: the true statement, and somewhere beside it a value or a
/// behaviour that does not belong.
fn with_strays(truth: Model, n_sources: usize, stray: f64, stream: &mut Stream) -> Vec<String> {
    let (values, behaviours) = WORDS.split_at(10);
    let mut window = || {
        let (v, b) = match truth {
            Model::SingleNorm => (0, 0),
            Model::SingleValue => (0, stream.below(3)),
            Model::SingleBehaviour => (stream.below(3), 0),
            Model::SideBySide => {
                let at = stream.below(2);
                (at, at)
            }
            _ => (stream.below(3), stream.below(3)),
        };
        let mut out = format!("Bondage harms {}, so {} it", values[v], behaviours[b]);
        if stream.uniform() < stray {
            out.push_str(&format!(" with {}", values[stream.below(10)]));
        }
        if stream.uniform() < stray {
            out.push_str(&format!(" and {}", behaviours[stream.below(10)]));
        }
        out + "."
    };
    (0..n_sources).map(|_| (0..5).map(|_| window()).collect::<Vec<_>>().join("\n\n")).collect()
}

/// 20 sources of five windows each, ten values: with stray mentions in every fifth window a single norm was called multiple-value in 40 of 40.
#[test]
fn stray_mentions_do_not_make_the_type() {
    let book = large_book();
    for truth in
        [Model::SingleNorm, Model::SingleValue, Model::SingleBehaviour, Model::SideBySide, Model::MultipleValue]
    {
        let right = (0..10).filter(|i| {
            let texts = with_strays(truth, 20, 0.2, &mut Seed(17).stream(*i));
            let found = kind(&focal(&book, &texts), &[1; 20], &book, 99, Seed(3)).unwrap();
            found.model == truth
        });
        let right = right.count();
        assert!(right >= 9, "{}: {right} of 10", truth.name());
    }
}

/// Numbers end where the codebook ends, and nothing is said of what was not seen where most was not.
#[test]
fn numbers_stay_within_the_codebook() {
    let book = large_book();
    let (mut stream, words) = (Seed(5).stream(0), WORDS);
    let mut window = || format!("Bondage harms {}, so {} it.", words[stream.below(10)], words[10 + stream.below(10)]);
    let texts: Vec<String> = (0..8).map(|_| (0..5).map(|_| window()).collect::<Vec<_>>().join("\n\n")).collect();
    let found = kind(&focal(&book, &texts), &[1; 8], &book, 99, Seed(3)).unwrap();
    for (e, kinds) in found.effective.iter().zip([1, 10, 10]) {
        assert_eq!(e.kinds, kinds);
        assert!(e.leading.unwrap() <= kinds as f64 && e.adjusted.unwrap() <= kinds as f64 + 1e-12, "{e:?}");
    }
    let statements = found.effective_statements;
    assert!(statements.coverage.unwrap() < 0.7 && statements.adjusted.is_none(), "{statements:?}");
}

/// Leaving out each source by hand: counts 3 and 1 in one source, 1 and 3 in another, 2 and 2 in a third.
#[test]
fn the_jackknife_by_hand() {
    let book = codebook(BOOK);
    let times = |a: usize, b: usize| text(std::iter::repeat_n((0, 0), a).chain(std::iter::repeat_n((1, 0), b)));
    let sources = focal(&book, &[times(3, 1), times(1, 3), times(2, 2)]);
    let found = effective_of(&sources)[1].unwrap();
    let number = |a: f64, b: f64| ((a + b) * (a + b - 1.0) / (a * (a - 1.0) + b * (b - 1.0))).min(2.0).ln();
    let left_out = [number(3.0, 5.0), number(5.0, 3.0), number(4.0, 4.0)];
    let mean = left_out.iter().sum::<f64>() / 3.0;
    let variance = 2.0 / 3.0 * left_out.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
    assert!((found.value - number(6.0, 6.0)).abs() < 1e-12 && (found.variance - variance).abs() < 1e-12);
    assert!((found.df - 2.0).abs() < 1e-12);
    assert_eq!(effective_of(&sources[..2]), [None; 3]);
}

/// Sources of one process dealt to two groups at random: the interval of the difference covers 0 about as often as it says.
#[test]
fn random_groups_differ_as_rarely_as_they_should() {
    let book = large_book();
    let n = 60;
    let missed = (0..n)
        .filter(|i| {
            let mut stream = Seed(23).stream(*i);
            // Sources differ in what they dwell on: three values of their own each.
            let texts: Vec<String> = (0..24)
                .map(|_| {
                    let own: Vec<usize> = (0..2).map(|_| stream.below(4)).collect();
                    text((0..4).map(|_| (own[stream.below(2)], 0)))
                })
                .collect();
            let (first, second) = texts.split_at(12);
            let of = |t: &[String]| effective_of(&focal(&book, t))[1].unwrap();
            let found = difference(of(first), of(second), 0.95).unwrap();
            !found.interval.contains(0.0)
        })
        .count();
    assert!(missed <= 7, "{missed} of {n}");
}
