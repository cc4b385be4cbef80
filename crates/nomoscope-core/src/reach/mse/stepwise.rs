//! Stepwise choice of pairs, as in `SparseMSE`.

use super::design::Design;
use super::existence::{Existence, existence};
use super::histories::Histories;
use super::model::Model;
use super::term::Term;
use super::{Estimate, Fit};
use nomoscope_stats::special::gamma_inc;

/// p-value below which a pair is added.
pub const THRESHOLD: f64 = 0.02;

/// A pair that was added.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The pair.
    pub pair: Term,
    /// Persons on both lists.
    pub observed: u64,
    /// Persons on both that the model before expects.
    pub expected: f64,
    /// The smaller one-sided Poisson tail.
    pub p: f64,
}

/// A model chosen step by step.
#[derive(Debug, Clone, PartialEq)]
pub struct Stepwise {
    /// What was added, in order.
    pub steps: Vec<Step>,
    /// The model at the end.
    pub estimate: Estimate,
}

/// Returns the model that forward selection of pairs ends at.
///
/// For each absent pair the number observed on both lists is compared with its mean under the present model, without a
/// refit; pairs whose model would have no estimate are skipped; the smallest p is added while it is below the threshold,
/// of equal ones the first pair.
/// # Source  Chan, Silverman & Vincent (2021), JASA 116(535): 1297–1306; `SparseMSE` 2.0.1, `stepwisefit`
#[must_use]
pub fn stepwise(histories: &Histories, threshold: f64) -> Stepwise {
    let mut out = Stepwise { steps: Vec::new(), estimate: Estimate::of(histories, Model::main()) };
    let pairs = Term::pairs(histories.n_lists());
    for _ in 0..pairs.len() {
        let Some(fit) = out.estimate.fit() else { break };
        let model = &out.estimate.model;
        let absent = pairs.iter().copied().filter(|&pair| !model.has(pair));
        let mut candidates: Vec<Step> =
            absent.map(|pair| candidate(histories, fit, pair)).filter(|step| step.p < threshold).collect();
        // The sort is stable: of equal p the first pair stays first.
        candidates.sort_by(|a, b| a.p.total_cmp(&b.p));
        let has_estimate =
            |model: &Model| matches!(existence(histories, &Design::new(histories, model)), Existence::Exists);
        let Some(step) = candidates.into_iter().find(|step| has_estimate(&model.and(step.pair))) else { break };
        let next = Estimate::of(histories, model.and(step.pair));
        if next.outcome.is_err() {
            break;
        }
        out.steps.push(step);
        out.estimate = next;
    }
    out
}

fn candidate(histories: &Histories, fit: &Fit, pair: Term) -> Step {
    let (observed, expected) = (histories.margin(pair), fit.expected(pair));
    Step { pair, observed, expected, p: poisson_p(observed, expected) }
}

/// Returns the smaller of P(X ≤ k) and P(X ≥ k) of a Poisson distribution.
/// # Source  DLMF 8.17; P(X ≤ k) = Q(k + 1, mean)
fn poisson_p(k: u64, mean: f64) -> f64 {
    if mean <= 0.0 {
        return if k == 0 { 1.0 } else { 0.0 };
    }
    let at_most = gamma_inc(k as f64 + 1.0, mean).1;
    let at_least = if k == 0 { 1.0 } else { gamma_inc(k as f64, mean).0 };
    at_most.min(at_least)
}
