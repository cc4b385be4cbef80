//! Exact conditional inference against full enumeration, SciPy and R.

use nomoscope_stats::StatsError;
use nomoscope_stats::exact::{Conditional, Estimate, Table2x2, Tail};
use proptest::prelude::*;

#[derive(serde::Deserialize)]
struct File {
    case: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    tables: Vec<[u64; 4]>,
    p_two_sided: f64,
    p_less: f64,
    p_greater: f64,
    p_mid: f64,
    odds_ratio: Option<f64>,
    exact_lower: Option<f64>,
    exact_upper: Option<f64>,
    mid_lower: Option<f64>,
    mid_upper: Option<f64>,
    one_sided_lower: Option<f64>,
    one_sided_upper: Option<f64>,
}

fn conditional(tables: &[[u64; 4]]) -> Result<Conditional, StatsError> {
    let tables: Vec<Table2x2> = tables.iter().map(|&[a, b, c, d]| Table2x2::new(a, b, c, d)).collect();
    Conditional::new(&tables)
}

#[track_caller]
fn near(what: &str, value: Option<f64>, expect: Option<f64>) {
    match (value, expect) {
        (None, None) => {}
        (Some(value), Some(expect)) => {
            assert!((value / expect - 1.0).abs() < 1e-11, "{what}: {value}, not {expect}");
        }
        other => panic!("{what}: {other:?}"),
    }
}

#[test]
fn values_agree_with_enumeration() {
    let file: File = toml::from_str(include_str!("../../testdata/exact.toml")).unwrap();
    assert_eq!(file.case.len(), 12);
    for case in &file.case {
        let found = conditional(&case.tables).unwrap();
        let name = &case.name;
        near(name, Some(found.p_two_sided()), Some(case.p_two_sided));
        near(name, Some(found.p_less()), Some(case.p_less));
        near(name, Some(found.p_greater()), Some(case.p_greater));
        near(name, Some(found.p_mid()), Some(case.p_mid));
        let estimate = if let Estimate::Finite(value) = found.estimate() { Some(value) } else { None };
        near(name, estimate, case.odds_ratio);
        let exact = found.interval(0.95, Tail::Exact).unwrap();
        near(name, exact.lower, case.exact_lower);
        near(name, exact.upper, case.exact_upper);
        let mid = found.interval(0.95, Tail::Mid).unwrap();
        near(name, mid.lower, case.mid_lower);
        near(name, mid.upper, case.mid_upper);
        let one_sided = found.one_sided_interval(0.95, Tail::Exact).unwrap();
        near(name, one_sided.and_then(|i| i.lower), case.one_sided_lower);
        near(name, one_sided.and_then(|i| i.upper), case.one_sided_upper);
    }
}

#[test]
fn large_margins_stay_exact() {
    // R 4.2.2 fisher.test and SciPy 1.17.1 fisher_exact, which agree on these digits.
    for (table, p) in [
        ([5000, 5000, 4000, 6000], 7.767_005_619_8e-46),
        ([900, 9100, 800, 9200], 1.204_920_136_8e-2),
        ([14_000, 6000, 13_000, 7000], 1.429_976_565e-26),
        ([900, 19_100, 800, 19_200], 1.411_329_715_5e-2),
        ([10, 19_990, 2, 19_998], 3.854_602_297_6e-2),
    ] {
        let value = conditional(&[table]).unwrap().p_two_sided();
        assert!((value / p - 1.0).abs() < 1e-8, "{table:?}: {value:e}, not {p:e}");
    }
    // Estimate and interval as R prints them, within the tolerance of its root finder.
    let found = conditional(&[[5000, 5000, 4000, 6000]]).unwrap();
    let Estimate::Finite(estimate) = found.estimate() else { panic!("not finite") };
    assert!((estimate - 1.499_932_6).abs() < 1e-4);
    let interval = found.interval(0.95, Tail::Exact).unwrap();
    assert!((interval.lower.unwrap() - 1.417_721_28).abs() < 2e-4);
    assert!((interval.upper.unwrap() - 1.586_990_48).abs() < 2e-4);
}

#[test]
fn many_strata_of_one_table_each_stay_fast_and_right() {
    // Matched pairs: the exact conditional test is McNemar's. 30 against 12 discordant pairs: R 4.2.2 binom.test(30, 42) p =
    // 0.007915897334896735, estimate 30/12; 20,000 concordant pairs say nothing.
    let mut tables = vec![[1, 0, 0, 1]; 30];
    tables.extend([[0, 1, 1, 0]; 12]);
    tables.extend(std::iter::repeat_n([1, 1, 0, 0], 20_000));
    let found = conditional(&tables).unwrap();
    assert_eq!((found.observed(), found.range()), (30, (0, 42)));
    assert!((found.p_two_sided() / 0.007_915_897_334_896_735 - 1.0).abs() < 1e-10, "{}", found.p_two_sided());
    let Estimate::Finite(estimate) = found.estimate() else { panic!("not finite") };
    assert!((estimate - 2.5).abs() < 1e-12);
}

#[test]
fn a_far_tail_over_many_strata() {
    // Twenty equal strata: by symmetry the two tails are equal, so the two-sided p is twice the one-sided one.
    let found = conditional(&[[300, 250, 250, 300]; 20]).unwrap();
    assert!(found.p_two_sided() < 1e-40 && found.p_two_sided() > 0.0);
    assert!((found.p_two_sided() / (2.0 * found.p_greater()) - 1.0).abs() < 1e-9);
    // Beyond the smallest number the p-value is 0; estimate and interval are not harmed.
    let found = conditional(&[[9000, 8000, 7000, 9100]; 20]).unwrap();
    assert_eq!(found.p_two_sided(), 0.0);
    assert!(found.interval(0.95, Tail::Exact).unwrap().lower.unwrap() > 1.44);
}

#[test]
fn tied_modes_are_both_the_mode() {
    // SciPy 1.17.1 fisher_exact: 1 for all of them.
    for table in [[1, 0, 0, 1], [0, 1, 1, 0], [2, 1, 10, 11], [1, 2, 11, 10]] {
        let p = conditional(&[table]).unwrap().p_two_sided();
        assert!((p - 1.0).abs() < 1e-12, "{table:?}: {p}");
    }
}

#[test]
fn margins_without_freedom_are_refused() {
    assert_eq!(conditional(&[]).unwrap_err(), StatsError::NoInformativeStratum);
    assert_eq!(conditional(&[[3, 4, 0, 0], [0, 0, 0, 0]]).unwrap_err(), StatsError::NoInformativeStratum);
    assert!(conditional(&[[3, 1, 1, 3]]).unwrap().interval(0.0, Tail::Exact).is_err());
}

fn choose(n: u64, k: u64) -> f64 {
    (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product()
}

proptest! {
    #[test]
    fn single_tables_agree_with_plain_sums(cells in prop::array::uniform4(0_u64..25)) {
        let [a, b, c, d] = cells;
        let Ok(found) = conditional(&[cells]) else { return Ok(()) };
        let (low, high) = found.range();
        let weight = |x: u64| choose(a + b, x) * choose(c + d, a + c - x);
        let total: f64 = (low..=high).map(weight).sum();
        let less: f64 = (low..=a).map(weight).sum::<f64>() / total;
        let two: f64 = (low..=high).map(weight).filter(|&w| w <= weight(a) * (1.0 + 1e-7)).sum::<f64>() / total;
        prop_assert!((found.p_less() - less).abs() < 1e-11);
        prop_assert!((found.p_two_sided() - two).abs() < 1e-11, "{} {}", found.p_two_sided(), two);
        prop_assert!((0.0..=1.0).contains(&found.p_mid()));
    }

    #[test]
    fn intervals_and_tests_agree(tables in prop::collection::vec(prop::array::uniform4(0_u64..12), 1..6)) {
        let Ok(found) = conditional(&tables) else { return Ok(()) };
        let mid = found.interval(0.95, Tail::Mid).unwrap();
        let exact = found.interval(0.95, Tail::Exact).unwrap();
        if (found.p_mid() - 0.05).abs() > 1e-9 {
            prop_assert_eq!(found.p_mid() < 0.05, !mid.contains(1.0));
        }
        if let Estimate::Finite(value) = found.estimate() {
            prop_assert!(mid.contains(value));
        }
        prop_assert!(exact.lower.unwrap_or(0.0) <= mid.lower.unwrap_or(0.0) + 1e-12);
        prop_assert!(mid.upper.unwrap_or(f64::INFINITY) <= exact.upper.unwrap_or(f64::INFINITY) * (1.0 + 1e-12));
    }

    #[test]
    fn swapping_columns_inverts(tables in prop::collection::vec(prop::array::uniform4(0_u64..12), 1..6)) {
        let swapped: Vec<[u64; 4]> = tables.iter().map(|&[a, b, c, d]| [b, a, d, c]).collect();
        let (Ok(x), Ok(y)) = (conditional(&tables), conditional(&swapped)) else { return Ok(()) };
        prop_assert!((x.p_two_sided() - y.p_two_sided()).abs() < 1e-10);
        if let (Estimate::Finite(x), Estimate::Finite(y)) = (x.estimate(), y.estimate()) {
            prop_assert!((x * y - 1.0).abs() < 1e-10);
        }
    }
}
