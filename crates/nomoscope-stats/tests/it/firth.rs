//! Firth's logistic regression against firthlogist, and what must hold.

use nomoscope_stats::StatsError;
use nomoscope_stats::firth::effect;

const Y: &str = "1001001100110000100101000010111110010101";
const B: &str = "1001101100100110000001001010010110010101";
const W: [f64; 40] = [
    7.243, 7.173, 7.769, 6.101, 6.537, 6.413, 5.786, 7.089, 7.369, 6.483, 7.97, 7.575, 7.439, 7.281, 7.669, 6.068,
    7.43, 7.422, 5.763, 7.243, 6.825, 7.547, 6.693, 6.987, 7.24, 6.387, 7.419, 6.927, 7.345, 6.635, 7.76, 7.424, 6.875,
    7.442, 7.882, 8.254, 5.898, 7.618, 7.326, 6.934,
];
const C: [f64; 40] = [
    1.993, 4.257, 1.738, 3.567, 4.302, 1.4, 2.697, 1.691, 3.244, 4.514, 5.024, 1.222, 2.425, 3.704, 4.579, 3.421,
    2.254, 3.297, 2.983, 2.796, 2.266, 3.387, 3.308, 2.907, 2.778, 1.715, 2.514, 4.206, 2.809, 1.56, 4.334, 3.53,
    5.108, 3.063, 2.539, 1.552, 4.324, 5.57, 2.179, 2.353,
];

fn bits(s: &str) -> Vec<bool> {
    s.chars().map(|c| c == '1').collect()
}

fn rows(b: &[bool]) -> Vec<Vec<f64>> {
    (0..b.len()).map(|i| vec![1.0, f64::from(u8::from(b[i])), W[i], C[i]]).collect()
}

/// Made up (numpy 1.26.4, default_rng(11)); coefficients and profile intervals: PyPI firthlogist 0.5.0, tolerance 1e-12, and scipy 1.12.0, BFGS on
/// the penalised likelihood; p-values of its ratio: scipy (firthlogist leaves the tested column out of the penalty).
#[test]
fn agrees_with_firthlogist() {
    let (y, b) = (bits(Y), bits(B));
    let near = |value: f64, want: f64, tolerance: f64| assert!((value - want).abs() < tolerance, "{value}, not {want}");
    for (column, ln_odds, p, lower, upper) in [
        (1, 2.453_715_88, 0.000_564_416_65, 1.002_171_38, 4.254_707_06),
        (2, 0.776_794_81, 0.213_993_046_537, -0.434_835_01, 2.157_016_29),
        (3, -0.389_641_82, 0.256_622_619_952, -1.138_161_64, 0.281_136_49),
    ] {
        let found = effect(&rows(&b), &y, column, 0.95).unwrap();
        near(found.ln_odds, ln_odds, 1e-6);
        near(found.p, p, 1e-6);
        near(found.interval.lower.unwrap(), lower, 1e-4);
        near(found.interval.upper.unwrap(), upper, 1e-4);
    }
    // The outcome is the cause: no maximum of the likelihood, one of the penalised.
    let found = effect(&rows(&b), &b, 1, 0.95).unwrap();
    near(found.ln_odds, 6.181_660_37, 1e-5);
    near(found.interval.lower.unwrap(), 3.695_200_9, 1e-4);
    assert!(found.p < 1e-9 && found.interval.upper.unwrap() > 15.0);
}

#[test]
fn p_and_interval_never_part_and_units_do_not_matter() {
    let (y, b) = (bits(Y), bits(B));
    for shift in 0..20 {
        let mut turned = b.clone();
        turned.rotate_left(shift);
        let found = effect(&rows(&turned), &y, 1, 0.95).unwrap();
        assert_eq!(found.p > 0.05, found.interval.contains(0.0), "{found:?}");
        let scaled: Vec<Vec<f64>> =
            rows(&turned).iter().map(|r| vec![1.0, r[1], 10.0 * (r[2] - 7.0), r[3] / 3.0]).collect();
        let again = effect(&scaled, &y, 1, 0.95).unwrap();
        assert!((again.ln_odds - found.ln_odds).abs() < 1e-6 && (again.p - found.p).abs() < 1e-6);
    }
}

#[test]
fn what_cannot_be_fitted_says_so() {
    let (y, b) = (bits(Y), bits(B));
    let double: Vec<Vec<f64>> = rows(&b)
        .into_iter()
        .map(|mut r| {
            r.push(r[1]);
            r
        })
        .collect();
    assert!(matches!(effect(&double, &y, 1, 0.95), Err(StatsError::NoVariance { .. })));
    assert!(effect(&rows(&b), &y[..3], 1, 0.95).is_err());
    assert!(effect(&[], &[], 0, 0.95).is_err() && effect(&rows(&b), &y, 9, 0.95).is_err());
    assert!(effect(&[vec![1.0, f64::NAN]], &[true], 1, 0.95).is_err());
    // The place is that in the input, also where rows before it are alike.
    let alike = [vec![1.0, 2.0], vec![1.0, 2.0], vec![1.0, f64::INFINITY]];
    assert!(matches!(effect(&alike, &[true; 3], 1, 0.95), Err(StatsError::BadValue { at: 2, .. })));
}

/// Observations that are alike count as often as they are there: the same as if a trifle told them apart.
#[test]
fn equal_rows_count_as_often_as_they_are_there() {
    let (y, b) = (bits(&Y.repeat(5)), bits(&B.repeat(5)));
    let row = |i: usize, trifle: f64| {
        vec![1.0, f64::from(u8::from(b[i])), W[i % 40].round() + trifle * i as f64, (C[i % 40] / 2.0).round()]
    };
    let of = |trifle: f64| effect(&(0..200).map(|i| row(i, trifle)).collect::<Vec<_>>(), &y, 1, 0.95).unwrap();
    let (alike, apart) = (of(0.0), of(1e-11));
    assert!((alike.ln_odds - apart.ln_odds).abs() < 1e-6 && (alike.p / apart.p - 1.0).abs() < 1e-6);
    let ends = |e: nomoscope_stats::firth::Effect| [e.interval.lower.unwrap(), e.interval.upper.unwrap()];
    ends(alike).iter().zip(ends(apart)).for_each(|(a, b)| assert!((a - b).abs() < 1e-5, "{a} {b}"));
}
