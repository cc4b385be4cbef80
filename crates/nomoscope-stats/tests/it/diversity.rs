//! Effective numbers against the published formulas in mpmath, and the published spider example.

use nomoscope_stats::StatsError;
use nomoscope_stats::diversity::{
    chao_effective_number, chao_entropy, coverage, entropy, hill_number, rarefied_effective_number,
    simpson_effective_number,
};
use proptest::prelude::*;

#[derive(serde::Deserialize)]
struct File {
    case: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    counts: Vec<u64>,
    coverage: f64,
    chao_entropy: f64,
    chao_effective: f64,
    hill: [f64; 3],
    rarefied: Vec<(f64, f64)>,
}

#[track_caller]
fn near(what: &str, value: f64, expect: f64, tolerance: f64) {
    assert!((value - expect).abs() <= tolerance * expect.abs().max(1e-3), "{what}: {value}, not {expect}");
}

fn weights(counts: &[u64]) -> Vec<f64> {
    counts.iter().map(|&c| c as f64).collect()
}

#[test]
fn values_agree_with_the_formulas() {
    let file: File = toml::from_str(include_str!("../../testdata/diversity.toml")).unwrap();
    assert_eq!(file.case.len(), 10);
    for case in &file.case {
        near(&case.name, coverage(&case.counts).unwrap(), case.coverage, 1e-13);
        near(&case.name, chao_entropy(&case.counts).unwrap(), case.chao_entropy, 1e-11);
        near(&case.name, chao_effective_number(&case.counts).unwrap(), case.chao_effective, 1e-11);
        for (q, expect) in case.hill.into_iter().enumerate() {
            near(&case.name, hill_number(&weights(&case.counts), q as f64).unwrap(), expect, 1e-12);
        }
        for &(size, expect) in &case.rarefied {
            near(&case.name, rarefied_effective_number(&case.counts, size as u64).unwrap(), expect, 1e-11);
        }
    }
}

#[test]
fn refusals() {
    assert_eq!(hill_number(&[], 1.0), Err(StatsError::Empty));
    assert_eq!(entropy(&[0.0, 0.0]), Err(StatsError::Empty));
    assert!(matches!(hill_number(&[1.0, -1.0], 1.0), Err(StatsError::BadValue { at: 1, .. })));
    assert!(hill_number(&[1.0], f64::NAN).is_err());
    assert_eq!(coverage(&[0, 0]), Err(StatsError::Empty));
    assert_eq!(rarefied_effective_number(&[2, 3], 6), Err(StatsError::SampleTooLarge { asked: 6, available: 5 }));
}

proptest! {
    #[test]
    fn hill_numbers_fall_with_their_order(w in prop::collection::vec(0.001..100.0_f64, 1..30), q in 0.0..4.0_f64, dq in 0.0..2.0_f64) {
        let (low, high) = (hill_number(&w, q + dq).unwrap(), hill_number(&w, q).unwrap());
        prop_assert!(low <= high * (1.0 + 1e-6));
        prop_assert!(1.0 - 1e-9 <= low && high <= w.len() as f64 * (1.0 + 1e-9));
    }

    #[test]
    fn doubling_every_kind_doubles_the_number(w in prop::collection::vec(0.001..100.0_f64, 1..30)) {
        // Jost's replication principle: two equal, disjoint communities together are twice as diverse.
        let twice: Vec<f64> = w.iter().chain(&w).copied().collect();
        for q in [0.0, 0.5, 1.0, 2.0] {
            let ratio = hill_number(&twice, q).unwrap() / hill_number(&w, q).unwrap();
            prop_assert!((ratio - 2.0).abs() < 1e-9);
        }
    }

    #[test]
    fn estimates_are_at_least_what_was_seen(counts in prop::collection::vec(0_u64..30, 1..30)) {
        let Ok(estimate) = chao_effective_number(&counts) else { return Ok(()) };
        prop_assert!(estimate.is_finite() && estimate >= 1.0);
        prop_assert!(estimate >= hill_number(&weights(&counts), 1.0).unwrap() - 1e-9);
        prop_assert!((0.0..=1.0).contains(&coverage(&counts).unwrap()));
    }

    #[test]
    fn rarefied_number_grows_to_the_whole(counts in prop::collection::vec(1_u64..20, 1..12)) {
        let n: u64 = counts.iter().sum();
        let mut before = 0.0;
        for size in 1..=n {
            let now = rarefied_effective_number(&counts, size).unwrap();
            prop_assert!(now >= before - 1e-9);
            before = now;
        }
        prop_assert!((before - hill_number(&weights(&counts), 1.0).unwrap()).abs() < 1e-9);
    }
}

/// By hand: of 5, 3 and 2, two of ten are alike in 20 + 6 + 2 of 90 ways.
#[test]
fn simpson_by_hand() {
    assert!((simpson_effective_number(&[5, 3, 0, 2]).unwrap() - 90.0 / 28.0).abs() < 1e-14);
    assert_eq!(simpson_effective_number(&[7]), Ok(1.0));
    assert!(simpson_effective_number(&[1, 1, 1]).is_err() && simpson_effective_number(&[]).is_err());
}
