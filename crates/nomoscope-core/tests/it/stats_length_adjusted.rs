//! The rate against statsmodels and SciPy, the textual test by hand and by simulation.

use nomoscope_core::stats::StatsError;
use nomoscope_core::stats::length_adjusted::{Rate, fit_rate, score_test};
use nomoscope_core::stats::rng::{Seed, Stream};
use proptest::prelude::*;

#[test]
fn rate_agrees_with_statsmodels_and_scipy() {
    // statsmodels 0.15.0 GLM(Binomial, CLogLog, offset = ln words): 0.0075129342535 (its convergence stops at 1e-9);
    // scipy.optimize.brentq 1.17.1 on the score: 0.007512934256281883
    let words = [12.0, 35.0, 48.0, 60.0, 75.0, 90.0, 120.0, 150.0, 200.0, 310.0];
    let present = [false, false, true, false, true, false, true, true, false, true];
    let Rate::PerWord(rate) = fit_rate(&words, &present).unwrap() else { panic!("not a rate") };
    assert!((rate / 0.007_512_934_256_281_883 - 1.0).abs() < 1e-12, "{rate}");
}

#[test]
fn equal_lengths_give_the_share() {
    let Rate::PerWord(rate) = fit_rate(&[50.0; 8], &[true, false, false, true, true, false, false, false]).unwrap()
    else {
        panic!("not a rate")
    };
    assert!((Rate::PerWord(rate).probability(50.0) - 0.375).abs() < 1e-14);
}

#[test]
fn extremes_and_refusals() {
    assert_eq!(fit_rate(&[3.0, 4.0], &[true, true]), Ok(Rate::Everywhere));
    assert_eq!(fit_rate(&[3.0, 4.0], &[false, false]), Ok(Rate::Never));
    assert_eq!(fit_rate(&[], &[]), Err(StatsError::Empty));
    assert!(fit_rate(&[3.0], &[true, false]).is_err());
    assert!(fit_rate(&[f64::NAN, 1.0], &[true, false]).is_err());
    // Units without words count as one word; a long unit without the hit and a short one with it still have a rate.
    for (words, present) in [([0.0, 1e6], [true, false]), ([1e6, 0.0], [true, false]), ([1e9, 1.0], [false, true])] {
        let Rate::PerWord(rate) = fit_rate(&words, &present).unwrap() else { panic!("not a rate") };
        let w = words.map(|w: f64| w.max(1.0));
        let score: f64 = (0..2).map(|i| if present[i] { w[i] / libm::expm1(rate * w[i]) } else { -w[i] }).sum();
        assert!(rate > 0.0 && score.abs() < 1e-6 * w[0].max(w[1]), "{rate} {score}");
    }
}

/// What the parts of the textual test give for two concepts.
struct Found {
    n11: usize,
    expected_n11: f64,
    n_informative: u64,
    z: f64,
    p: f64,
    p_uncentred: f64,
}

/// Puts the parts together as the module says: per source the products of what length leaves, summed.
fn textual_test(words: &[Vec<f64>], a: &[Vec<bool>], b: &[Vec<bool>]) -> Result<Found, StatsError> {
    let (mut n11, mut expected_n11, mut n_informative, mut sum, mut squares) = (0, 0.0, 0, 0.0, 0.0);
    for ((words, a), b) in words.iter().zip(a).zip(b) {
        let (first, second) = (fit_rate(words, a)?, fit_rate(words, b)?);
        let mut score = 0.0;
        for ((&w, &x), &y) in words.iter().zip(a).zip(b) {
            let (p, q) = (first.probability(w), second.probability(w));
            n11 += usize::from(x && y);
            expected_n11 += p * q;
            score += (f64::from(u8::from(x)) - p) * (f64::from(u8::from(y)) - q);
        }
        if let (Rate::PerWord(_), Rate::PerWord(_)) = (first, second) {
            n_informative += 1;
            sum += score;
            squares += score * score;
        }
    }
    let test = score_test(n_informative, sum, squares)?;
    Ok(Found { n11, expected_n11, n_informative, z: test.z, p: test.p, p_uncentred: test.p_uncentred })
}

#[test]
fn test_by_hand() {
    // Equal lengths: p = q = 1/2 in each source, so each unit adds 1/4 if both or neither, −1/4 otherwise.
    let words = vec![vec![10.0; 4]; 6];
    let a = vec![vec![true, true, false, false]; 6];
    let mut b = a.clone();
    b[0] = vec![true, false, true, false];
    b[1] = vec![false, false, true, true];
    let found = textual_test(&words, &a, &b).unwrap();
    assert_eq!((found.n11, found.n_informative), (9, 6));
    assert!((found.expected_n11 - 6.0).abs() < 1e-12);
    // U = 0, −1, 1, 1, 1, 1: z = 3/√5; R 4.2.2: 2 * pt(-3/sqrt(5), 5) = 0.2374193100632492
    assert!((found.z - 3.0 / 5.0_f64.sqrt()).abs() < 1e-12);
    assert!((found.p_uncentred - 0.237_419_310_063_249_2).abs() < 1e-12, "{}", found.p_uncentred);
    // R 4.2.2: t.test(c(0, -1, 1, 1, 1, 1))$p.value
    assert!((found.p - 0.20311066372005465).abs() < 1e-12, "{}", found.p);
}

#[test]
fn sources_in_which_a_concept_does_not_vary_say_nothing() {
    let words = vec![vec![10.0, 20.0]; 6];
    let varied = vec![vec![true, false]; 6];
    let mut constant = varied.clone();
    constant[0] = vec![true, true];
    constant[1] = vec![false, false];
    let found = textual_test(&words, &varied, &constant).unwrap();
    assert_eq!((found.n11, found.n_informative), (5, 4));
    assert_eq!(score_test(1, 0.5, 0.25), Err(StatsError::TooFewSources { n: 1, needed: 2 }));
    assert!(score_test(5, 0.0, 0.0).is_err());
}

/// Returns whether the 5 % test rejects for two independent concepts in units of very different length.
fn rejects(stream: &mut Stream) -> Option<bool> {
    let n_sources = 30;
    let words: Vec<Vec<f64>> = (0..n_sources)
        .map(|_| (0..20).map(|_| libm::floor(libm::exp(2.5 + 3.0 * stream.uniform()))).collect())
        .collect();
    let mut concept = |rate: f64| -> Vec<Vec<bool>> {
        words.iter().map(|s| s.iter().map(|&w| stream.uniform() < -libm::expm1(-rate * w)).collect()).collect()
    };
    let (a, b) = (concept(0.006), concept(0.004));
    textual_test(&words, &a, &b).ok().map(|test| test.p < 0.05)
}

#[test]
fn independent_concepts_are_rejected_one_time_in_twenty() {
    let n = 2000;
    let n_rejected = (0..n).filter(|&i| rejects(&mut Seed(20).stream(i)).expect("thirty sources are enough")).count();
    let share = n_rejected as f64 / n as f64;
    // Three standard errors of 2,000 tests at 5 % are 1.5 points.
    assert!((0.035..0.065).contains(&share), "{share}");
}

proptest! {
    #[test]
    fn expected_presence_weighted_by_odds_balances(units in prop::collection::vec((1.0..2000.0_f64, any::<bool>()), 1..60)) {
        let (words, present): (Vec<f64>, Vec<bool>) = units.into_iter().unzip();
        if let Rate::PerWord(rate) = fit_rate(&words, &present).unwrap() {
            let with: f64 = words.iter().zip(&present).filter(|u| *u.1).map(|(w, _)| w / libm::expm1(rate * w)).sum();
            let without: f64 = words.iter().zip(&present).filter(|u| !*u.1).map(|(w, _)| w).sum();
            prop_assert!((with / without - 1.0).abs() < 1e-10);
            prop_assert!(words.iter().all(|&w| (0.0..=1.0).contains(&Rate::PerWord(rate).probability(w))));
        }
    }

    #[test]
    fn test_is_symmetric_and_bounded(units in prop::collection::vec(prop::collection::vec((1.0..500.0_f64, any::<bool>(), any::<bool>()), 1..12), 5..12)) {
        let pick = |f: fn(&(f64, bool, bool)) -> bool| units.iter().map(|s| s.iter().map(f).collect()).collect::<Vec<Vec<bool>>>();
        let words: Vec<Vec<f64>> = units.iter().map(|s| s.iter().map(|u| u.0).collect()).collect();
        let (a, b) = (pick(|u| u.1), pick(|u| u.2));
        if let (Ok(x), Ok(y)) = (textual_test(&words, &a, &b), textual_test(&words, &b, &a)) {
            prop_assert!((0.0..=1.0).contains(&x.p) && (x.z - y.z).abs() < 1e-12);
            prop_assert!(x.expected_n11 >= 0.0);
        }
    }
}
