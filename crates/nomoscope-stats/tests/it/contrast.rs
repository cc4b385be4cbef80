//! What compares groups: differences, permutational analysis of variance, exact tests of tables, shares.

use nomoscope_stats::StatsError;
use nomoscope_stats::cross_table::{HowExact, independence};
use nomoscope_stats::permanova::{Distances, permanova};
use nomoscope_stats::rng::Seed;
use nomoscope_stats::wald::{Estimated, clustered_share, difference};
use proptest::prelude::*;
use std::collections::BTreeSet;

#[derive(serde::Deserialize)]
struct File {
    difference: Vec<DifferenceCase>,
    permanova: Vec<PermanovaCase>,
    independence: Vec<TableCase>,
}

#[derive(serde::Deserialize)]
struct DifferenceCase {
    name: String,
    first: [f64; 3],
    second: [f64; 3],
    value: f64,
    df: f64,
    p: f64,
    lower: f64,
    upper: f64,
}

#[derive(serde::Deserialize)]
struct PermanovaCase {
    name: String,
    #[serde(default)]
    sets: Vec<BTreeSet<u32>>,
    #[serde(default)]
    line: Vec<f64>,
    groups: Vec<usize>,
    f: f64,
    p: f64,
}

#[derive(serde::Deserialize)]
struct TableCase {
    name: String,
    #[serde(default)]
    too_many: bool,
    table: Vec<Vec<u64>>,
    p: f64,
    cramers_v: f64,
}

fn file() -> File {
    toml::from_str(include_str!("../../testdata/contrast.toml")).unwrap()
}

#[track_caller]
fn near(what: &str, value: f64, expect: f64, tolerance: f64) {
    assert!((value - expect).abs() <= tolerance * expect.abs().max(1e-300), "{what}: {value}, not {expect}");
}

fn estimated([value, variance, df]: [f64; 3]) -> Estimated {
    Estimated { value, variance, df }
}

#[test]
fn differences_agree_with_welch() {
    for case in file().difference {
        let found = difference(estimated(case.first), estimated(case.second), 0.95).unwrap();
        near(&case.name, found.value, case.value, 1e-9);
        near("df", found.df, case.df, 1e-9);
        near("p", found.p, case.p, 1e-8);
        near("lower", found.interval.lower.unwrap(), case.lower, 1e-7);
        near("upper", found.interval.upper.unwrap(), case.upper, 1e-7);
        let mirrored = difference(estimated(case.second), estimated(case.first), 0.95).unwrap();
        near("mirrored p", mirrored.p, found.p, 1e-12);
    }
}

#[test]
fn what_cannot_be_compared_says_why() {
    let good = Estimated { value: 0.0, variance: 1.0, df: 3.0 };
    let bad = |e: Estimated| difference(e, good, 0.95).unwrap_err();
    assert!(matches!(bad(Estimated { value: f64::NAN, ..good }), StatsError::BadValue { what: "estimate", .. }));
    assert!(matches!(bad(Estimated { variance: -1.0, ..good }), StatsError::BadValue { what: "variance", .. }));
    assert!(matches!(bad(Estimated { df: 0.0, ..good }), StatsError::BadValue { what: "degrees of freedom", .. }));
    let still = Estimated { variance: 0.0, ..good };
    assert!(matches!(difference(still, still, 0.95), Err(StatsError::NoVariance { .. })));
}

#[test]
fn shares_by_hand() {
    // R 4.2.2: y <- c(1,2,0,5); n <- c(4,4,3,5); p = 0.5; variance 4/3 sum((y - p n)^2) / 16^2, on log-odds divided by (p (1-p))^2.
    let found = clustered_share(&[(1.0, 4.0), (2.0, 4.0), (0.0, 3.0), (5.0, 5.0), (0.0, 0.0)], 0.95).unwrap();
    assert_eq!((found.share, found.n_sources), (0.5, 4));
    near("variance", found.logit.unwrap().variance, 0.791_666_666_666_666_6, 1e-12);
    near("lower", found.interval.unwrap().lower.unwrap(), 0.055_640_143_417_331_15, 1e-9);
    near("upper", found.interval.unwrap().upper.unwrap(), 0.944_359_856_582_669, 1e-9);
    let never = clustered_share(&[(0.0, 4.0), (0.0, 2.0)], 0.95).unwrap();
    assert_eq!((never.share, never.interval), (0.0, None));
    assert_eq!(clustered_share(&[(0.0, 0.0)], 0.95), Err(StatsError::Empty));
    assert!(matches!(clustered_share(&[(3.0, 2.0)], 0.95), Err(StatsError::BadValue { what: "hits", .. })));
}

/// Shares of 30 sources whose own shares and sizes vary: the interval must miss in about 5 of 100 samples, the test of two such
/// groups err as often.
#[test]
fn clustered_shares_keep_their_level() {
    let mut stream = Seed(4).stream(0);
    let mut group = || -> Vec<(f64, f64)> {
        let one = |stream: &mut nomoscope_stats::rng::Stream| {
            let own = [0.1, 0.3, 0.5][stream.below(3)];
            let units = 1 + stream.below(12);
            ((0..units).filter(|_| stream.uniform() < own).count() as f64, units as f64)
        };
        (0..30).map(|_| one(&mut stream)).collect()
    };
    let (n, mut misses, mut errs) = (2_000, 0, 0);
    for _ in 0..n {
        let [x, y] = [group(), group()].map(|g| clustered_share(&g, 0.95).unwrap());
        misses += u32::from(!x.interval.unwrap().contains(0.3));
        errs += u32::from(difference(x.logit.unwrap(), y.logit.unwrap(), 0.95).unwrap().p < 0.05);
    }
    for (what, count) in [("misses", misses), ("errs", errs)] {
        let share = f64::from(count) / f64::from(n);
        assert!((0.035..=0.065).contains(&share), "{what}: {share}");
    }
}

fn distances(case: &PermanovaCase) -> Distances {
    if case.line.is_empty() {
        let d = |i: usize, j: usize| {
            let joint = case.sets[i].intersection(&case.sets[j]).count() as f64;
            1.0 - joint / case.sets[i].union(&case.sets[j]).count() as f64
        };
        Distances::new(case.sets.len(), d).unwrap()
    } else {
        Distances::new(case.line.len(), |i, j| (case.line[i] - case.line[j]).abs()).unwrap()
    }
}

#[test]
fn permanova_agrees_with_scikit_bio_and_with_the_analysis_of_variance() {
    for case in file().permanova {
        let found = permanova(&distances(&case), &case.groups, 19_999, Seed(1)).unwrap();
        near(&case.name, found.f, case.f, 1e-10);
        // Both p-values are drawn: four standard errors of the difference.
        let error = (case.p * (1.0 / 19_999.0 + 1.0 / 99_999.0)).sqrt();
        assert!((found.p - case.p).abs() < 4.0 * error, "{}: p {} against {}", case.name, found.p, case.p);
    }
}

#[test]
fn permanova_says_why_not() {
    let d = Distances::new(4, |_, _| 1.0).unwrap();
    assert_eq!(permanova(&d, &[0, 0, 0, 0], 99, Seed(1)), Err(StatsError::Empty));
    assert!(matches!(permanova(&d, &[0, 1, 2, 3], 99, Seed(1)), Err(StatsError::SampleTooLarge { .. })));
    assert!(matches!(permanova(&d, &[0, 1], 99, Seed(1)), Err(StatsError::LengthMismatch { .. })));
    let same = Distances::new(4, |i, j| f64::from(u8::from((i < 2) != (j < 2)))).unwrap();
    assert!(matches!(permanova(&same, &[0, 0, 1, 1], 99, Seed(1)), Err(StatsError::NoVariance { .. })));
    assert!(Distances::new(2, |_, _| f64::NAN).is_err());
}

/// Under no difference a p-value of at most 5 % must come in about 5 of 100 samples.
#[test]
fn permanova_keeps_its_level() {
    let mut stream = Seed(3).stream(0);
    let n = 600;
    let below = (0..n).filter(|&k| {
        let at: Vec<f64> = (0..12).map(|_| stream.uniform()).collect();
        let d = Distances::new(12, |i, j| (at[i] - at[j]).abs()).unwrap();
        let groups: Vec<usize> = (0..12).map(|i| i % 3).collect();
        permanova(&d, &groups, 199, Seed(k)).unwrap().p <= 0.05
    });
    let share = below.count() as f64 / n as f64;
    assert!((share - 0.05).abs() < 4.0 * (0.05 * 0.95 / n as f64).sqrt(), "{share}");
}

#[test]
fn tables_agree_with_r() {
    for case in file().independence {
        let found = independence(&case.table, 9_999, Seed(1)).unwrap();
        if case.too_many {
            // Four standard errors of a share that is drawn.
            let error = (case.p * (1.0 - case.p) / 9_999.0).sqrt();
            assert_eq!(found.method, HowExact::MonteCarlo, "{}", case.name);
            assert!((found.p - case.p).abs() < 4.0 * error, "{}: {}", case.name, found.p);
        } else {
            assert_eq!(found.method, HowExact::Exact, "{}", case.name);
            near(&case.name, found.p, case.p, 1e-9);
        }
        near("V", found.cramers_v, case.cramers_v, 1e-12);
    }
}

#[test]
fn large_tables_are_drawn_and_say_so() {
    // R datasets HairEyeColor, hair by eye: R's fisher.test runs out of workspace too and, simulated, finds 1e-5 = 1/(B + 1).
    let hair = [[68, 20, 15, 5], [119, 84, 54, 29], [26, 17, 14, 14], [7, 94, 10, 16]].map(|r| r.to_vec());
    let found = independence(&hair, 9_999, Seed(1)).unwrap();
    assert_eq!((found.method, found.n_draws, found.p), (HowExact::MonteCarlo, 9_999, 1.0 / 10_000.0));
    let even: Vec<Vec<u64>> = (0..6).map(|i| (0..6).map(|j| 20 + (i * j) % 3).collect()).collect();
    let drawn = independence(&even, 999, Seed(1)).unwrap();
    assert_eq!(drawn.method, HowExact::MonteCarlo);
    assert!(drawn.p > 0.5, "{}", drawn.p);
}

#[test]
fn tables_that_say_nothing() {
    assert_eq!(independence(&[], 9, Seed(1)), Err(StatsError::Empty));
    assert_eq!(independence(&[vec![0, 0], vec![0, 0]], 9, Seed(1)), Err(StatsError::Empty));
    assert!(matches!(independence(&[vec![3, 4], vec![0, 0]], 9, Seed(1)), Err(StatsError::NoVariance { .. })));
    assert!(matches!(independence(&[vec![3, 4], vec![1]], 9, Seed(1)), Err(StatsError::LengthMismatch { .. })));
}

fn tables() -> impl Strategy<Value = Vec<Vec<u64>>> {
    (2_usize..4, 2_usize..5)
        .prop_flat_map(|(rows, columns)| prop::collection::vec(prop::collection::vec(0_u64..6, columns), rows))
}

proptest! {
    #[test]
    fn rows_and_columns_may_change_places(table in tables()) {
        let turned: Vec<Vec<u64>> = (0..table[0].len()).map(|j| table.iter().map(|r| r[j]).collect()).collect();
        match (independence(&table, 9, Seed(1)), independence(&turned, 9, Seed(1))) {
            (Ok(x), Ok(y)) => {
                prop_assert!((0.0..=1.0).contains(&x.p) && (0.0..=1.0).contains(&x.cramers_v));
                prop_assert!((x.p - y.p).abs() < 1e-9 * x.p);
                prop_assert!((x.cramers_v - y.cramers_v).abs() < 1e-12);
            }
            (x, y) => prop_assert_eq!(x.is_err(), y.is_err()),
        }
    }

    /// All ways to fill a table, one by one, against the merged ones.
    #[test]
    fn merging_loses_no_table(table in tables()) {
        let rows: Vec<u64> = table.iter().map(|r| r.iter().sum()).collect();
        let columns: Vec<u64> = (0..table[0].len()).map(|j| table.iter().map(|r| r[j]).sum()).collect();
        if let Ok(found) = independence(&table, 9, Seed(1))
            && rows.iter().sum::<u64>() <= 14
        {
            let observed: f64 = table.iter().flatten().map(|&n| ln_factorial(n)).sum();
            let (mut near, mut all) = (0.0, 0.0);
            every(&rows, &columns, &mut Vec::new(), &mut |cells| {
                let weight: f64 = cells.iter().map(|&n| ln_factorial(n)).sum();
                all += (-weight).exp();
                near += if weight >= observed - 1e-7 { (-weight).exp() } else { 0.0 };
            });
            prop_assert!((found.p - near / all).abs() < 1e-9, "{} against {}", found.p, near / all);
        }
    }

    #[test]
    fn permuting_objects_changes_nothing(values in prop::collection::vec(0.0_f64..10.0, 6..12)) {
        let n = values.len();
        let groups: Vec<usize> = (0..n).map(|i| i % 2).collect();
        let turned: Vec<f64> = values.iter().rev().copied().collect();
        let turned_groups: Vec<usize> = groups.iter().rev().copied().collect();
        let f = |v: &[f64], g: &[usize]| {
            let d = Distances::new(v.len(), |i, j| (v[i] - v[j]).abs()).unwrap();
            permanova(&d, g, 9, Seed(1)).map(|p| (p.f, p.r_squared))
        };
        if let (Ok(x), Ok(y)) = (f(&values, &groups), f(&turned, &turned_groups)) {
            prop_assert!((x.0 - y.0).abs() <= 1e-9 * (1.0 + x.0.abs()));
            prop_assert!((0.0..=1.0).contains(&x.1));
        }
    }
}

fn ln_factorial(n: u64) -> f64 {
    (2..=n).map(|k| (k as f64).ln()).sum()
}

fn every(rows: &[u64], columns: &[u64], cells: &mut Vec<u64>, tell: &mut dyn FnMut(&[u64])) {
    let (i, j) = (cells.len() / columns.len(), cells.len() % columns.len());
    if i == rows.len() {
        return tell(cells);
    }
    let in_row: u64 = cells[i * columns.len()..].iter().sum();
    let in_column: u64 = (0..i).map(|k| cells[k * columns.len() + j]).sum();
    let room = (rows[i] - in_row).min(columns[j] - in_column);
    for n in 0..=room {
        if j + 1 == columns.len() && in_row + n != rows[i] {
            continue;
        }
        if i + 1 == rows.len() && in_column + n != columns[j] {
            continue;
        }
        cells.push(n);
        every(rows, columns, cells, tell);
        cells.pop();
    }
}
