//! Logistic regression on which of many words a text has, held back by an L2 penalty: what ranks texts by examples.
//!
//! For prediction alone. The penalty keeps weights finite where words outnumber texts, and says nothing of any one of them;
//! whoever asks for an effect takes [`super::firth`].

use super::StatsError;
use libm::{exp, fabs, log1p, sqrt};

/// Newton steps before it gives up.
const MAX_STEPS: usize = 200;
/// Steps of the inner iteration.
const MAX_INNER: usize = 2_000;
/// The largest slope at which it is at rest, as a share of the number of texts.
const STILL: f64 = 1e-11;

/// A model: how much each word speaks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    /// What no word speaks for.
    pub intercept: f64,
    /// By word.
    pub weights: Vec<f64>,
}

impl Logistic {
    /// Returns how probable the outcome is, from 0 to 1.
    /// # Input   the words of a text, each once; those that the model does not know are passed over
    #[must_use]
    pub fn probability(&self, words: &[u32]) -> f64 {
        sigmoid(self.linear(words))
    }

    fn linear(&self, words: &[u32]) -> f64 {
        let known = words.iter().filter_map(|w| self.weights.get(*w as usize));
        self.intercept + known.sum::<f64>()
    }
}

fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 { 1.0 / (1.0 + exp(-x)) } else { exp(x) / (1.0 + exp(x)) }
}

/// Returns the model that fits examples best: the least of ½ Σ w² + C Σ ln(1 + exp(−y f)), the intercept not held back.
/// # Input   per example the words that it has, each once and below `n_words`; its outcome; C > 0, the larger the less is held back
/// # Errors  [`StatsError::LengthMismatch`]; [`StatsError::Empty`] without examples of both outcomes; [`StatsError::BadValue`] for C
///   or a word out of range; [`StatsError::NoVariance`] where it does not come to rest
/// # Source  Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning, section 4.4 (Newton steps), with the
///   objective of scikit-learn's `LogisticRegression`; inner steps by conjugate gradients: Lin, Weng & Keerthi (2008), Journal of
///   Machine Learning Research 9: 627–650
pub fn fit(rows: &[Vec<u32>], outcome: &[bool], n_words: usize, c: f64) -> Result<Logistic, StatsError> {
    if rows.len() != outcome.len() {
        return Err(StatsError::LengthMismatch { what: "outcomes", left: rows.len(), right: outcome.len() });
    }
    if !(c.is_finite() && c > 0.0) {
        return Err(StatsError::BadValue { what: "C", at: 0, value: c });
    }
    if let Some((at, w)) =
        rows.iter().enumerate().find_map(|(i, r)| Some((i, *r.iter().find(|w| **w as usize >= n_words)?)))
    {
        return Err(StatsError::BadValue { what: "words", at, value: f64::from(w) });
    }
    if outcome.iter().all(|y| *y) || !outcome.iter().any(|y| *y) {
        return Err(StatsError::Empty);
    }
    let examples = Examples { rows, outcome, c };
    // The intercept comes last.
    let mut at = vec![0.0; n_words + 1];
    let mut value = examples.value(&at);
    for _ in 0..MAX_STEPS {
        let (slope, curvature) = examples.slope(&at);
        if largest(&slope) <= STILL * c * rows.len() as f64 {
            return Ok(model(at));
        }
        let step = examples.newton(&slope, &curvature);
        if let Some((next, lower)) = examples.along(&at, &step, &slope, value) {
            (at, value) = (next, lower);
            continue;
        }
        // Near the bottom heights no longer differ in the numbers that there are, and slopes still do.
        let next: Vec<f64> = at.iter().zip(&step).map(|(x, s)| x + s).collect();
        if largest(&examples.slope(&next).0) < largest(&slope) {
            at = next;
        } else if largest(&slope) <= sqrt(STILL) * c * rows.len() as f64 {
            return Ok(model(at));
        } else {
            return Err(StatsError::NoVariance { what: "the examples" });
        }
    }
    Err(StatsError::NoVariance { what: "the examples" })
}

fn model(mut at: Vec<f64>) -> Logistic {
    let intercept = at.pop().unwrap_or_default();
    Logistic { intercept, weights: at }
}

fn largest(of: &[f64]) -> f64 {
    of.iter().fold(0.0, |m, x| fabs(*x).max(m))
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

struct Examples<'e> {
    rows: &'e [Vec<u32>],
    outcome: &'e [bool],
    c: f64,
}

impl Examples<'_> {
    fn linear(&self, at: &[f64]) -> Vec<f64> {
        let intercept = at.last().copied().unwrap_or_default();
        let of = |row: &Vec<u32>| intercept + row.iter().filter_map(|w| at.get(*w as usize)).sum::<f64>();
        self.rows.iter().map(of).collect()
    }

    fn value(&self, at: &[f64]) -> f64 {
        let held: f64 = at.iter().rev().skip(1).map(|w| w * w).sum();
        let loss = |(f, y): (f64, &bool)| {
            let margin = if *y { f } else { -f };
            if margin > 0.0 { log1p(exp(-margin)) } else { log1p(exp(margin)) - margin }
        };
        0.5 * held + self.c * self.linear(at).into_iter().zip(self.outcome).map(loss).sum::<f64>()
    }

    /// The slope, and the curvature of each example.
    fn slope(&self, at: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let mut slope = at.to_vec();
        if let Some(last) = slope.last_mut() {
            *last = 0.0;
        }
        let mut curvature = Vec::with_capacity(self.rows.len());
        for ((f, y), row) in self.linear(at).into_iter().zip(self.outcome).zip(self.rows) {
            let p = sigmoid(f);
            self.add(&mut slope, row, self.c * (p - f64::from(u8::from(*y))));
            curvature.push(self.c * p * (1.0 - p));
        }
        (slope, curvature)
    }

    fn add(&self, to: &mut [f64], row: &[u32], by: f64) {
        for word in row {
            if let Some(weight) = to.get_mut(*word as usize) {
                *weight += by;
            }
        }
        if let Some(last) = to.last_mut() {
            *last += by;
        }
    }

    /// The second derivative times a direction.
    fn curved(&self, direction: &[f64], curvature: &[f64]) -> Vec<f64> {
        let mut out = direction.to_vec();
        if let Some(last) = out.last_mut() {
            *last = 0.0;
        }
        for ((f, bend), row) in self.linear(direction).into_iter().zip(curvature).zip(self.rows) {
            self.add(&mut out, row, f * bend);
        }
        out
    }

    /// Solves for the Newton step by conjugate gradients.
    fn newton(&self, slope: &[f64], curvature: &[f64]) -> Vec<f64> {
        let mut step = vec![0.0; slope.len()];
        let mut rest: Vec<f64> = slope.iter().map(|g| -g).collect();
        let mut direction = rest.clone();
        let mut length = dot(&rest, &rest);
        let enough = 1e-20 * length;
        for _ in 0..MAX_INNER {
            if length <= enough {
                break;
            }
            let curved = self.curved(&direction, curvature);
            let bend = dot(&direction, &curved);
            if bend <= 0.0 {
                break;
            }
            let by = length / bend;
            step.iter_mut().zip(&direction).for_each(|(s, d)| *s += by * d);
            rest.iter_mut().zip(&curved).for_each(|(r, h)| *r -= by * h);
            let next = dot(&rest, &rest);
            direction.iter_mut().zip(&rest).for_each(|(d, r)| *d = r + next / length * *d);
            length = next;
        }
        step
    }

    /// Goes along a step, or a part of it, until it is lower.
    fn along(&self, at: &[f64], step: &[f64], slope: &[f64], value: f64) -> Option<(Vec<f64>, f64)> {
        let descent = dot(slope, step);
        let mut share = 1.0;
        for _ in 0..60 {
            let next: Vec<f64> = at.iter().zip(step).map(|(x, s)| x + share * s).collect();
            let lower = self.value(&next);
            if lower <= value + 1e-4 * share * descent && lower < value {
                return Some((next, lower));
            }
            share *= 0.5;
        }
        None
    }
}
