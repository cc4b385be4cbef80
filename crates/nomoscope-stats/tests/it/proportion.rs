//! Exact intervals against SciPy, and how often the interval of a recall holds, by enumeration.

use nomoscope_stats::StatsError;
use nomoscope_stats::proportion::{Searched, clopper_pearson, recall};

#[derive(serde::Deserialize)]
struct File {
    exact: Vec<Exact>,
}

#[derive(serde::Deserialize)]
struct Exact {
    k: u64,
    n: u64,
    level: f64,
    lower: f64,
    upper: f64,
}

#[test]
fn exact_intervals_of_scipy() {
    let file: File = toml::from_str(include_str!("../../testdata/proportion.toml")).unwrap();
    for Exact { k, n, level, lower, upper } in file.exact {
        let found = clopper_pearson(k, n, level).unwrap();
        let (low, high) = (found.lower.unwrap(), found.upper.unwrap());
        assert!((low - lower).abs() < 1e-10 && (high - upper).abs() < 1e-10, "{k} of {n}: {low} to {high}");
    }
    assert_eq!(clopper_pearson(0, 0, 0.95).unwrap_err(), StatsError::Empty);
    assert!(clopper_pearson(2, 1, 0.95).is_err() && clopper_pearson(1, 2, 1.0).is_err());
}

/// 80 of 100 found are right (20 looked at: 16), 40 of 1,000 others are missed (50 looked at: 2).
const SAMPLE: Searched = Searched { found: 100, looked: 20, right: 16, rest: 1000, audited: 50, missed: 2 };

#[test]
fn a_recall_by_hand() {
    let (share, interval) = recall(&SAMPLE, 0.95).unwrap();
    assert!((share - 80.0 / 120.0).abs() < 1e-12);
    // Both ends at 97.5 %: right 53.5 to 94.9 of a hundred, missed 3.6 to 149 of a thousand (the values of Clopper & Pearson).
    let ends = |k, n| clopper_pearson(k, n, 0.975).unwrap();
    let (right, missed) = (ends(16, 20), ends(2, 50));
    let low = right.lower.unwrap() * 100.0 / (right.lower.unwrap() * 100.0 + missed.upper.unwrap() * 1000.0);
    let high = right.upper.unwrap() * 100.0 / (right.upper.unwrap() * 100.0 + missed.lower.unwrap() * 1000.0);
    assert!((interval.lower.unwrap() - low).abs() < 1e-12 && (interval.upper.unwrap() - high).abs() < 1e-12);
}

#[test]
fn what_was_looked_at_whole_is_known() {
    let whole = Searched { looked: 100, right: 80, audited: 1000, missed: 40, ..SAMPLE };
    let (share, interval) = recall(&whole, 0.95).unwrap();
    assert_eq!((Some(share), Some(share)), (interval.lower, interval.upper));
    let nothing = Searched { found: 0, looked: 0, right: 0, ..SAMPLE };
    assert_eq!(recall(&nothing, 0.95).unwrap().0, 0.0, "what finds nothing misses all there is");
    assert_eq!(recall(&Searched { audited: 0, missed: 0, ..SAMPLE }, 0.95), Err(StatsError::Empty));
    assert_eq!(recall(&Searched { looked: 0, right: 0, ..SAMPLE }, 0.95), Err(StatsError::Empty));
    assert_eq!(recall(&Searched { missed: 0, ..nothing }, 0.95), Err(StatsError::Empty));
    assert!(recall(&Searched { looked: 101, ..SAMPLE }, 0.95).is_err());
}

/// Returns the probability of each number of successes.
fn binomial(n: u64, p: f64) -> Vec<f64> {
    let mut out = vec![1.0];
    for _ in 0..n {
        let mut next = vec![0.0; out.len() + 1];
        for (k, mass) in out.iter().enumerate() {
            next[k] += mass * (1.0 - p);
            next[k + 1] += mass * p;
        }
        out = next;
    }
    out
}

#[test]
fn the_interval_of_a_recall_holds_as_often_as_it_says() {
    for (right, missed) in [(0.5, 0.01), (0.8, 0.04), (0.95, 0.002), (0.3, 0.2), (0.99, 0.5)] {
        let truth = right * 100.0 / (right * 100.0 + missed * 1000.0);
        let (by_looking, by_audit) = (binomial(20, right), binomial(50, missed));
        let mut holds = 0.0;
        for (r, p) in by_looking.iter().enumerate() {
            for (m, q) in by_audit.iter().enumerate() {
                // A sample that shows nothing to be found gives no interval, and so none that is wrong.
                let covers = recall(&Searched { right: r as u64, missed: m as u64, ..SAMPLE }, 0.95)
                    .map_or(true, |(_, i)| i.lower.unwrap() <= truth && truth <= i.upper.unwrap());
                holds += if covers { p * q } else { 0.0 };
            }
        }
        assert!(holds >= 0.95, "{right} {missed}: {holds}");
    }
}
