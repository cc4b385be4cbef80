//! The common odds ratio against R and statsmodels; the clustered variance against its own formula at other data.

use nomoscope_stats::StatsError;
use nomoscope_stats::exact::{Conditional, Estimate, Table2x2};
use nomoscope_stats::mantel_haenszel::{Stratum, clustered, equal_odds};
use proptest::prelude::*;

#[derive(serde::Deserialize)]
struct File {
    case: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    strata: Vec<[u64; 4]>,
    odds_ratio: f64,
    breslow_day: f64,
    breslow_day_p: f64,
    tarone: f64,
    tarone_p: f64,
    exact_p: Option<f64>,
    exact_odds_ratio: Option<f64>,
}

#[track_caller]
fn near(what: &str, value: f64, expect: f64, tolerance: f64) {
    assert!((value / expect - 1.0).abs() < tolerance, "{what}: {value}, not {expect}");
}

fn strata(rows: &[[u64; 4]]) -> Vec<Stratum> {
    rows.iter().map(|&[a, b, c, d]| Stratum::new(a, b, c, d)).collect()
}

fn summands(rows: &[[u64; 4]]) -> Vec<(f64, f64)> {
    strata(rows).iter().map(Stratum::summands).collect()
}

#[test]
fn values_agree_with_r_and_statsmodels() {
    let file: File = toml::from_str(include_str!("../../testdata/mantel_haenszel.toml")).unwrap();
    for case in &file.case {
        let tables = strata(&case.strata);
        let common = clustered(&summands(&case.strata), 0.95).unwrap();
        near(&case.name, common.ln_odds_ratio.exp(), case.odds_ratio, 1e-12);
        let equal = equal_odds(&tables).unwrap();
        near("Breslow-Day", equal.breslow_day.statistic, case.breslow_day, 1e-9);
        near("Breslow-Day p", equal.breslow_day.p, case.breslow_day_p, 1e-9);
        near("Tarone", equal.tarone.statistic, case.tarone, 1e-9);
        near("Tarone p", equal.tarone.p, case.tarone_p, 1e-9);
        let rows: Vec<Table2x2> = case.strata.iter().map(|&[a, b, c, d]| Table2x2::new(a, b, c, d)).collect();
        let exact = Conditional::new(&rows).unwrap();
        case.exact_p.inspect(|&p| near("exact p", exact.p_two_sided(), p, 1e-10));
        if let Some(expect) = case.exact_odds_ratio {
            let Estimate::Finite(value) = exact.estimate() else { panic!("not finite") };
            near("exact odds ratio", value, expect, 1e-4);
        }
    }
}

#[test]
fn clustered_variance_by_hand() {
    // R = 6, T = 3; r/R − t/T = 1/6 − 1/3, 2/6 − 1/3, 3/6 − 1/3, so the squares sum to 1/36 + 0 + 1/36; times 3/2: 1/12.
    let found = clustered(&[(1.0, 1.0), (2.0, 1.0), (0.0, 0.0), (3.0, 1.0)], 0.95).unwrap();
    assert_eq!(found.n_informative, 3);
    near("ln OR", found.ln_odds_ratio, 2.0_f64.ln(), 1e-14);
    near("variance", found.variance_ln, 1.0 / 12.0, 1e-14);
    // Quantile 0.975 of t with 2 degrees of freedom: R 4.2.2 qt(0.975, 2) = 4.30265272974946.
    let reach = 4.302_652_729_749_46 * (1.0_f64 / 12.0).sqrt();
    near("upper", found.interval.upper.unwrap(), 2.0 * reach.exp(), 1e-12);
    near("lower", found.interval.lower.unwrap(), 2.0 * (-reach).exp(), 1e-12);
    // R 4.2.2: 2 * pt(-log(2) / sqrt(1/12), 2)
    near("p", found.p, 0.138_345_506_822_492_8, 1e-9);
}

#[test]
fn what_cannot_be_computed_says_why() {
    let or = |rows: &[[u64; 4]]| clustered(&summands(rows), 0.95).map(|o| o.ln_odds_ratio);
    assert_eq!(or(&[]), Err(StatsError::NoInformativeStratum));
    assert_eq!(or(&[[0, 0, 0, 0]]), Err(StatsError::NoInformativeStratum));
    assert_eq!(or(&[[0, 3, 4, 5]]), Err(StatsError::EmptyNumerator));
    assert_eq!(or(&[[2, 0, 4, 5]]), Err(StatsError::EmptyDenominator));
    assert_eq!(clustered(&[(1.0, 1.0)], 0.95), Err(StatsError::TooFewSources { n: 1, needed: 2 }));
    assert_eq!(
        clustered(&[(1.0, 2.0), (2.0, 4.0)], 0.95),
        Err(StatsError::NoVariance { what: "the odds ratio between sources" })
    );
    assert!(matches!(clustered(&[(f64::NAN, 1.0)], 0.95), Err(StatsError::BadValue { .. })));
    assert!(matches!(clustered(&[(1.0, 1.0), (2.0, 1.0)], 1.0), Err(StatsError::NotAProportion { .. })));
    assert_eq!(equal_odds(&strata(&[[3, 2, 4, 1]])), Err(StatsError::NoInformativeStratum));
}

fn cells() -> impl Strategy<Value = Vec<[u64; 4]>> {
    prop::collection::vec(prop::array::uniform4(0_u64..40), 1..12)
}

proptest! {
    #[test]
    fn swapping_columns_inverts(rows in cells()) {
        let swapped: Vec<[u64; 4]> = rows.iter().map(|&[a, b, c, d]| [b, a, d, c]).collect();
        if let (Ok(x), Ok(y)) = (clustered(&summands(&rows), 0.95), clustered(&summands(&swapped), 0.95)) {
            prop_assert!((x.ln_odds_ratio + y.ln_odds_ratio).abs() < 1e-9);
            prop_assert!((x.variance_ln - y.variance_ln).abs() < 1e-9);
            prop_assert!(x.interval.contains(x.ln_odds_ratio.exp()));
        }
    }

    #[test]
    fn order_of_strata_does_not_matter(rows in cells()) {
        let reversed: Vec<[u64; 4]> = rows.iter().rev().copied().collect();
        let (x, y) = (clustered(&summands(&rows), 0.9), clustered(&summands(&reversed), 0.9));
        match (x, y) {
            (Ok(x), Ok(y)) => prop_assert!((x.ln_odds_ratio - y.ln_odds_ratio).abs() < 1e-12),
            // Where sources hardly differ, rounding may leave a variance of 0 in one order alone.
            (Err(StatsError::NoVariance { .. }), _) | (_, Err(StatsError::NoVariance { .. })) => {}
            (x, y) => prop_assert_eq!(x.err(), y.err()),
        }
    }

    #[test]
    fn tests_give_probabilities(rows in cells()) {
        let tables = strata(&rows);
        if let Ok(test) = equal_odds(&tables) {
            prop_assert!((0.0..=1.0).contains(&test.breslow_day.p));
            prop_assert!(test.tarone.statistic <= test.breslow_day.statistic + 1e-9);
            prop_assert!(test.min_expected >= 0.0);
        }
        if let Ok(found) = clustered(&summands(&rows), 0.95) {
            prop_assert!((0.0..=1.0).contains(&found.p));
            prop_assert!(found.interval.contains(found.ln_odds_ratio.exp()));
        }
    }
}
