//! Rates, exponents and the textual test against SciPy, by hand and by simulation.

use nomoscope_stats::StatsError;
use nomoscope_stats::length_adjusted::{
    Cell, CommonOdds, LengthClass, Rate, Scores, SourceScore, fit_exponent, fit_rate,
};
use nomoscope_stats::rng::{Seed, Stream};
use proptest::prelude::*;

/// Each unit a class of its own.
fn classes(words: &[f64], present: &[bool]) -> Vec<LengthClass> {
    let class = |(&w, &x): (&f64, &bool)| LengthClass {
        units: 1.0,
        ln_words: w.max(1.0).ln(),
        holding: f64::from(u8::from(x)),
    };
    words.iter().zip(present).map(class).collect()
}

#[test]
fn rate_agrees_with_statsmodels_and_scipy() {
    // statsmodels 0.15.0 GLM(Binomial, CLogLog, offset = ln words): 0.0075129342535 (its convergence stops at 1e-9);
    // scipy.optimize.brentq 1.17.1 on the score: 0.007512934256281883
    let words = [12.0, 35.0, 48.0, 60.0, 75.0, 90.0, 120.0, 150.0, 200.0, 310.0];
    let present = [false, false, true, false, true, false, true, true, false, true];
    let Rate::PerWord(rate) = fit_rate(&classes(&words, &present), 1.0).unwrap() else { panic!("not a rate") };
    assert!((rate / 0.007_512_934_256_281_883 - 1.0).abs() < 1e-12, "{rate}");
}

#[test]
fn equal_lengths_give_the_share() {
    let class = LengthClass { units: 8.0, ln_words: 50.0_f64.ln(), holding: 3.0 };
    for exponent in [0.0, 0.7, 1.0, 2.0] {
        let rate = fit_rate(&[class], exponent).unwrap();
        assert!((rate.probability(class.ln_words, exponent) - 0.375).abs() < 1e-13);
    }
}

#[test]
fn extremes_and_refusals() {
    let of = |words: &[f64], present: &[bool]| fit_rate(&classes(words, present), 1.0);
    assert_eq!(of(&[3.0, 4.0], &[true, true]), Ok(Rate::Everywhere));
    assert_eq!(of(&[3.0, 4.0], &[false, false]), Ok(Rate::Never));
    assert_eq!(of(&[], &[]), Err(StatsError::Empty));
    assert!(fit_rate(&[LengthClass { units: 2.0, ln_words: 1.0, holding: 3.0 }], 1.0).is_err());
    assert!(fit_rate(&[LengthClass { units: 2.0, ln_words: f64::NAN, holding: 1.0 }], 1.0).is_err());
    // A long unit without the hit and a short one with it still have a rate.
    for (words, present) in [([1.0, 1e6], [true, false]), ([1e6, 1.0], [true, false]), ([1e9, 1.0], [false, true])] {
        let Rate::PerWord(rate) = of(&words, &present).unwrap() else { panic!("not a rate") };
        let score: f64 =
            (0..2).map(|i| if present[i] { words[i] / (rate * words[i]).exp_m1() } else { -words[i] }).sum();
        assert!(rate > 0.0 && score.abs() < 1e-6 * words[0].max(words[1]), "{rate} {score}");
    }
}

/// Seven made-up sources (numpy 1.26.4, default_rng(5)): words of each unit, and which hold the first and the second concept.
const STUDY: [(&str, &str, &str); 7] = [
    (
        "15 34 55 94 44 27 23 70 136 49 16 20 132 47 11 38 17 25 28 24 61 39 26 55",
        "000010100000110000000001",
        "010100101000110100001000",
    ),
    (
        "49 29 28 24 28 46 31 44 165 58 13 146 52 20 79 41 26 25 19 42 89 32 55 162 16 49",
        "00000011100100000000000100",
        "00000011100100000000100100",
    ),
    (
        "9 26 40 97 19 66 73 24 35 150 144 76 52 94 36 38 21 41 38 315 35",
        "000000000111100100110",
        "000110000100100000110",
    ),
    (
        "103 39 43 43 7 60 32 33 43 20 75 24 21 21 45 70 26 13 89 18 98 39 24 25 57 78 35 82",
        "1000000000000000000010000000",
        "1000001000010001100110000001",
    ),
    (
        "73 19 53 131 24 39 24 51 18 133 31 13 152 83 59 60 31 34 69 80 81 47 29 35",
        "001000000110010000100100",
        "000100000010000010110011",
    ),
    ("53 108 14 12 64 81 179 71 75 21 71 67 19 21 37 50 5 43", "010000100000000100", "001000110001000010"),
    (
        "31 63 14 22 4 105 59 42 33 25 38 32 34 39 44 127 14 49 25 17 7 63 19 23 57 18 41 38 73",
        "00000100100010110100000000001",
        "01010100100010000100000110000",
    ),
];

type Unit = (f64, bool, bool);

fn study() -> Vec<Vec<Unit>> {
    let bits = |s: &str| s.chars().map(|c| c == '1').collect::<Vec<bool>>();
    STUDY
        .iter()
        .map(|(w, a, b)| {
            w.split(' ').map(|w| w.parse().unwrap()).zip(bits(a)).zip(bits(b)).map(|((w, a), b)| (w, a, b)).collect()
        })
        .collect()
}

fn of(source: &[Unit], second: bool) -> Vec<LengthClass> {
    let words: Vec<f64> = source.iter().map(|u| u.0).collect();
    classes(&words, &source.iter().map(|u| if second { u.2 } else { u.1 }).collect::<Vec<_>>())
}

fn scores(study: &[Vec<Unit>], exponents: [f64; 2]) -> Scores {
    let score = |source: &Vec<Unit>| {
        let rates = [false, true].map(|second| fit_rate(&of(source, second), exponents[usize::from(second)]).unwrap());
        let [Rate::PerWord(_), Rate::PerWord(_)] = rates else { return None };
        let (mut observed, mut cells) = (0.0, Vec::new());
        for &(w, a, b) in source {
            let [p, q] = [0, 1].map(|k| rates[k].probability(w.ln(), exponents[k]));
            observed += (f64::from(u8::from(a)) - p) * (f64::from(u8::from(b)) - q);
            cells.push(Cell { units: 1.0, p, q });
        }
        Some(SourceScore { weight: 1.0, observed, cells })
    };
    Scores::new(study.iter().filter_map(score).collect())
}

/// scipy 1.12.0: exponents by minimize_scalar on the profile likelihood, everything else by brentq.
#[test]
fn exponent_test_and_interval_agree_with_scipy() {
    let study = study();
    let exponents = [false, true].map(|second| fit_exponent(&study.iter().map(|s| of(s, second)).collect::<Vec<_>>()));
    for (found, want) in exponents.iter().zip([1.647_859_080_25, 0.865_672_708_89]) {
        assert!((found - want).abs() < 2e-6, "{found}, not {want}");
    }
    let scores = scores(&study, [1.647_859_080_254_625_8, 0.865_672_708_894_720_5]);
    let near = |value: f64, want: f64| assert!((value / want - 1.0).abs() < 1e-9, "{value}, not {want}");
    near(scores.statistic(0.0).unwrap(), 3.058_935_381_654_658_5);
    near(scores.p().unwrap(), 0.022_255_359_625_966_635);
    let CommonOdds::Finite(ln_odds) = scores.common_odds() else { panic!("no odds ratio") };
    near(ln_odds.exp(), 4.032_905_881_085_587);
    let interval = scores.interval(0.95).unwrap();
    // Quantiles of t differ in the ninth digit.
    assert!((interval.lower.unwrap() / 1.300_635_845_854_868_6 - 1.0).abs() < 1e-8);
    assert!((interval.upper.unwrap() / 18.297_576_563_706_98 - 1.0).abs() < 1e-8);
    let estimated = scores.estimated().unwrap();
    assert!((estimated.value - ln_odds).abs() < 1e-12 && estimated.variance > 0.0 && estimated.df == 6.0);
}

#[test]
fn a_cell_has_the_odds_ratio_that_it_is_asked_for() {
    for (p, q) in [(0.1, 0.2), (0.5, 0.5), (0.9, 0.8), (1e-6, 0.3), (0.97, 0.01)] {
        for psi in [1e-6, 0.01, 0.3, 1.0, 1.0 + 1e-9, 3.0, 100.0, 1e6] {
            let cell = Cell { units: 1.0, p, q };
            let (excess, variance) = cell.excess(psi);
            let c: f64 = excess + p * q;
            let (d, e, f) = (p - c, q - c, 1.0 - p - q + c);
            assert!(c >= 0.0 && d >= -1e-15 && e >= -1e-15 && f >= -1e-15);
            if [c, d, e, f].iter().all(|x| *x > 1e-9) {
                assert!((c * f / (d * e) / psi - 1.0).abs() < 1e-6, "{p} {q} {psi}");
            }
            // The variance from the four cells.
            let value = |a: f64, b: f64| (a - p) * (b - q);
            let moments = [(c, 1.0, 1.0), (d, 1.0, 0.0), (e, 0.0, 1.0), (f, 0.0, 0.0)];
            let second: f64 = moments.iter().map(|(w, a, b)| w * value(*a, *b) * value(*a, *b)).sum();
            assert!((variance - (second - excess * excess)).abs() < 1e-12);
        }
    }
}

#[test]
fn what_has_no_test_says_so() {
    let one =
        Scores::new(vec![SourceScore { weight: 1.0, observed: 0.5, cells: vec![Cell { units: 4.0, p: 0.5, q: 0.5 }] }]);
    assert_eq!(one.p(), Err(StatsError::TooFewSources { n: 1, needed: 2 }));
    assert!(one.interval(0.95).is_err() && one.interval(1.5).is_err());
    assert_eq!(fit_exponent(&[]), 1.0);
    assert_eq!(fit_exponent(&[vec![LengthClass { units: 5.0, ln_words: 2.0, holding: 2.0 }]]), 1.0);
}

/// Units of very different length in which two concepts ignore each other, or one follows the other.
fn drawn(stream: &mut Stream, n_sources: usize, follows: f64) -> Vec<Vec<Unit>> {
    let mut unit = || {
        let w = libm::floor(libm::exp(2.5 + 3.0 * stream.uniform()));
        let a = stream.uniform() < -libm::expm1(-0.006 * w);
        let b = stream.uniform() < -libm::expm1(-0.004 * w) || a && stream.uniform() < follows;
        (w, a, b)
    };
    (0..n_sources).map(|_| (0..20).map(|_| unit()).collect()).collect()
}

fn fitted(study: &[Vec<Unit>]) -> Scores {
    let exponents = [false, true].map(|second| fit_exponent(&study.iter().map(|s| of(s, second)).collect::<Vec<_>>()));
    scores(study, exponents)
}

#[test]
fn independent_concepts_are_rejected_one_time_in_twenty() {
    let n = 300;
    let rejected = (0..n).filter(|i| fitted(&drawn(&mut Seed(3).stream(*i), 30, 0.0)).p().unwrap() < 0.05).count();
    // 3.0 to 5.2 % in larger simulations; two standard errors of 300 are 2.5 %.
    assert!((3..=24).contains(&rejected), "{rejected} of {n}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn test_and_interval_never_part(seed in 0_u64..100_000, n in 5_usize..14, follows in 0.0_f64..0.5) {
        let scores = fitted(&drawn(&mut Seed(seed).stream(0), n, follows));
        if let (Ok(p), Ok(interval)) = (scores.p(), scores.interval(0.95)) {
            prop_assert_eq!(p > 0.05, interval.contains(1.0), "{} {:?}", p, interval);
            if let CommonOdds::Finite(x) = scores.common_odds() {
                prop_assert!(interval.contains(x.exp()));
            }
        }
    }
}
