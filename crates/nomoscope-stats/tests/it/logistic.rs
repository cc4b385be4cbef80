//! Penalised logistic regression against scikit-learn.

use nomoscope_stats::StatsError;
use nomoscope_stats::logistic::fit;
use proptest::prelude::*;

#[derive(serde::Deserialize)]
struct File {
    case: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    c: f64,
    n_words: usize,
    rows: Vec<Vec<u32>>,
    outcome: Vec<bool>,
    intercept: f64,
    weights: Vec<f64>,
}

#[test]
fn weights_of_scikit_learn() {
    let file: File = toml::from_str(include_str!("../../testdata/logistic.toml")).unwrap();
    assert_eq!(file.case.len(), 4);
    for case in file.case {
        let model = fit(&case.rows, &case.outcome, case.n_words, case.c).unwrap();
        assert!(
            (model.intercept - case.intercept).abs() < 1e-9,
            "{}: {} not {}",
            case.name,
            model.intercept,
            case.intercept
        );
        assert_eq!(model.weights.len(), case.weights.len());
        for (at, (weight, expect)) in model.weights.iter().zip(&case.weights).enumerate() {
            assert!((weight - expect).abs() < 1e-9, "{}, word {at}: {weight} not {expect}", case.name);
        }
    }
}

#[test]
fn what_cannot_be_learned_from_is_refused() {
    let rows = [vec![0], vec![1]];
    assert_eq!(fit(&rows, &[true, true], 2, 1.0), Err(StatsError::Empty));
    assert_eq!(fit(&[], &[], 2, 1.0), Err(StatsError::Empty));
    assert!(fit(&rows, &[true], 2, 1.0).is_err());
    assert!(fit(&rows, &[true, false], 1, 1.0).is_err(), "a word that is not there");
    assert!(fit(&rows, &[true, false], 2, 0.0).is_err() && fit(&rows, &[true, false], 2, f64::NAN).is_err());
}

proptest! {
    #[test]
    fn the_slope_is_level_at_the_bottom(
        rows in proptest::collection::vec(proptest::collection::btree_set(0u32..12, 0..6), 4..30),
        seed in any::<u32>(),
        c in 0.01f64..100.0,
    ) {
        let rows: Vec<Vec<u32>> = rows.into_iter().map(|r| r.into_iter().collect()).collect();
        let mut outcome: Vec<bool> = (0..rows.len()).map(|i| seed >> (i % 32) & 1 == 1).collect();
        (outcome[0], outcome[1]) = (true, false);
        let model = fit(&rows, &outcome, 12, c).unwrap();
        // Weights are the penalty's answer to what the examples still ask for; the intercept leaves nothing to ask.
        let asks: Vec<f64> = rows.iter().zip(&outcome).map(|(r, y)| c * (f64::from(u8::from(*y)) - model.probability(r))).collect();
        prop_assert!(asks.iter().sum::<f64>().abs() < 1e-5 * c * rows.len() as f64);
        for (word, weight) in model.weights.iter().enumerate() {
            let of: f64 = rows.iter().zip(&asks).filter(|(r, _)| r.contains(&(word as u32))).map(|(_, a)| a).sum();
            prop_assert!((of - weight).abs() < 1e-5 * c * rows.len() as f64);
        }
        // The order of examples says nothing.
        let (mut back, mut out) = (rows.clone(), outcome.clone());
        back.reverse();
        out.reverse();
        let other = fit(&back, &out, 12, c).unwrap();
        for (a, b) in model.weights.iter().zip(&other.weights) {
            prop_assert!((a - b).abs() < 1e-6);
        }
    }
}
