//! Special functions against mpmath and R, over wide ranges and far tails.

use nomoscope_stats::special;
use proptest::prelude::*;

#[derive(serde::Deserialize)]
struct File {
    case: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    r#fn: String,
    args: Vec<f64>,
    expect: f64,
    tolerance: f64,
}

fn call(name: &str, a: &[f64]) -> f64 {
    match name {
        "ln_gamma" => special::ln_gamma(a[0]),
        "digamma" => special::digamma(a[0]),
        "normal_cdf" => special::normal_cdf(a[0]),
        "normal_quantile" => special::normal_quantile(a[0]),
        "t_two_sided" => special::t_two_sided(a[0], a[1]),
        "t_two_sided_quantile" => special::t_two_sided_quantile(a[0], a[1]),
        "chi_square_sf" => special::chi_square_sf(a[0], a[1]),
        "beta_inc" => special::beta_inc(a[0], a[1], a[2]),
        "gamma_p" => special::gamma_inc(a[0], a[1]).0,
        other => panic!("no function `{other}`"),
    }
}

#[test]
fn values_agree_with_mpmath_and_r() {
    let file: File = toml::from_str(include_str!("../../testdata/special.toml")).unwrap();
    assert!(file.case.len() > 90);
    let mut wrong = Vec::new();
    for case in &file.case {
        let value = call(&case.r#fn, &case.args);
        let error = (value - case.expect).abs() / case.expect.abs().max(f64::MIN_POSITIVE);
        // Relative error; at zero the function must be zero.
        let fits = if case.expect == 0.0 { value == 0.0 } else { error < case.tolerance };
        if !fits {
            wrong.push(format!("{}({:?}) = {value:e}, not {:e} (error {error:e})", case.r#fn, case.args, case.expect));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn edges_are_not_nan() {
    assert_eq!(special::normal_quantile(0.0), f64::NEG_INFINITY);
    assert_eq!(special::normal_quantile(1.0), f64::INFINITY);
    assert_eq!(special::normal_quantile(0.5), 0.0);
    assert_eq!(special::t_two_sided(f64::INFINITY, 3.0), 0.0);
    assert_eq!(special::t_two_sided_quantile(1.0, 3.0), 0.0);
    assert_eq!(special::chi_square_sf(0.0, 2.0), 1.0);
    assert_eq!(special::chi_square_sf(f64::INFINITY, 2.0), 0.0);
    assert_eq!(special::beta_inc(2.0, 3.0, 0.0), 0.0);
    assert_eq!(special::beta_inc(2.0, 3.0, 1.0), 1.0);
}

proptest! {
    #[test]
    fn t_quantile_undoes_t(p in 1e-12..0.999_f64, df in 0.5..5e3_f64) {
        let t = special::t_two_sided_quantile(p, df);
        let back = special::t_two_sided(t, df);
        // A quantile near 0 has few digits, and p then hardly depends on it.
        prop_assert!((back / p - 1.0).abs() < 1e-10, "p {p}, df {df}: {back}");
    }

    #[test]
    fn normal_quantile_undoes_normal_cdf(p in 1e-300..1.0_f64) {
        let back = special::normal_cdf(special::normal_quantile(p));
        prop_assert!((back / p - 1.0).abs() < 1e-12);
    }

    #[test]
    fn t_nears_normal(t in -6.0..6.0_f64) {
        let difference = special::t_two_sided(t, 1e7) / special::normal_two_sided(t) - 1.0;
        prop_assert!(difference.abs() < 1e-4);
    }

    #[test]
    fn incomplete_beta_is_a_distribution(a in 0.05..500.0_f64, b in 0.05..500.0_f64, x in 0.0..1.0_f64, dx in 0.0..0.1_f64) {
        let (low, high) = (special::beta_inc(a, b, x), special::beta_inc(a, b, (x + dx).min(1.0)));
        prop_assert!((0.0..=1.0).contains(&low) && (0.0..=1.0).contains(&high));
        prop_assert!(low <= high + 1e-12);
        prop_assert!((low + special::beta_inc(b, a, 1.0 - x) - 1.0).abs() < 1e-10);
    }
}
