//! Family resemblance of portfolios, by hand.

use crate::corpora::{Row, codebook, corpus, sources};
use nomoscope_core::norm::resemblance::{CORE_SHARE, Resemblance, resemblance};
use nomoscope_core::norm::statement::{Reading, Settings, count, form};
use nomoscope_core::text::Level;
use proptest::prelude::*;

const BOOK: &[Row<'_>] = &[
    ("bondage", "p", "bondage", ""),
    ("smuggling", "p", "smuggling", ""),
    ("dignity", "v", "dignity", ""),
    ("safety", "v", "safety", ""),
    ("punish", "b", "punish*", ""),
];

fn of<T: AsRef<str>>(texts: &[T]) -> Resemblance {
    let (book, sources) = (codebook(BOOK), sources(texts));
    let settings = Settings { window: Level::Paragraph, reading: Reading::Rule, inherit: false };
    resemblance(&count(&form(&corpus(&book, &sources), settings), &[], &|_, _| true))
}

const X: &str = "Bondage offends dignity, so punish it.";
const Y: &str = "Smuggling harms safety, so punish it.";
const Z: &str = "Smuggling harms dignity.";

#[test]
fn portfolios_by_hand() {
    // {x, y}, {x}, {x}, {x, z}, {y}, and one with a single part, which adopts nothing.
    let both = format!("{X}\n\n{Y}");
    let third = format!("{X}\n\n{Z}");
    let found = of(&[both.as_str(), X, X, &third, Y, "Bondage."]);
    assert_eq!((found.adopters, found.compared, found.statements), (5, 5, 3));
    // Jaccard: 1/2 1/2 1/3 1/2 | 1 1/2 0 | 1/2 0 | 0 over ten pairs; one pair is the same.
    assert!((found.mean_jaccard.unwrap() - (4.0 * 0.5 + 1.0 + 1.0 / 3.0 + 0.5) / 10.0).abs() < 1e-12);
    assert!((found.identical_pairs.unwrap() - 0.1).abs() < 1e-12);
    // x is held by four of five: just core. z is held by one.
    assert_eq!((CORE_SHARE, found.core, found.idiosyncratic), (0.8, 1, 1));
}

#[test]
fn one_adopter_resembles_nobody() {
    let found = of(&[X]);
    assert_eq!((found.adopters, found.mean_jaccard, found.identical_pairs, found.core), (1, None, None, 1));
    let none: [&str; 0] = [];
    assert_eq!((of(&none).adopters, of(&none).core), (0, 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn shares_lie_within_bounds(picks in prop::collection::vec(prop::collection::vec(0..3_usize, 0..4), 1..10)) {
        let texts: Vec<String> =
            picks.iter().map(|p| p.iter().map(|&i| [X, Y, Z][i]).collect::<Vec<_>>().join("\n\n")).collect();
        let found = of(&texts);
        prop_assert!(found.mean_jaccard.is_none_or(|j| (0.0..=1.0).contains(&j)));
        prop_assert!(found.identical_pairs.is_none_or(|s| s <= found.mean_jaccard.unwrap_or(1.0) + 1e-12));
        prop_assert!(found.core <= found.statements && found.idiosyncratic <= found.statements);
    }
}
