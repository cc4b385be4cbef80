//! The estimate that is told first: the model of least BIC, chosen again in each draw of a bootstrap.
//!
//! Up to five lists every hierarchical model with terms of up to three lists is fitted (two for three lists). Parameters at
//! minus infinity count in the BIC, as in R's `MultipleSystemsEstimation`: they were read off the data like others. Fitting
//! thousands of models in each draw is out of reach, so that draws choose among those that fit the data themselves best;
//! nested sets of them show whether their number matters.
//!
//! # Source
//! Silverman, Chan & Vincent (2024), Statistics and Computing 34:44

use super::all::all_models;
use super::bootstrap::{BootstrapError, Drawing, accelerated, bca_interval};
use super::histories::Histories;
use super::model::Model;
use super::{Estimate, Fit};
use nomoscope_stats::bootstrap::percentile_interval;
use nomoscope_stats::rng::Seed;
use rayon::prelude::*;

/// The most lists of which all models are fitted.
pub const MAX_RANKED_LISTS: usize = 5;
/// Models among which each draw chooses.
pub const CANDIDATES: usize = 40;
/// The level of its intervals.
const LEVEL: f64 = 0.95;

/// The models of a table of lists by their BIC.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// The best of those that have an estimate, best first, at most [`CANDIDATES`].
    pub best: Vec<Estimate>,
    /// Models that were tried, those left out that equal a smaller one.
    pub n_models: usize,
    /// Lists in the largest term that was tried.
    pub max_order: usize,
}

/// Returns the models of least BIC; none for more than [`MAX_RANKED_LISTS`] lists, or where no model has an estimate.
///
/// A model with a term above an overlap that is empty is the model without that term, and counts once.
/// # Source  Schwarz (1978), Annals of Statistics 6(2): 461–464, n = observed persons; Silverman, Chan & Vincent (2024)
#[must_use]
pub fn ranked(histories: &Histories) -> Option<Ranked> {
    let n_lists = histories.n_lists();
    if n_lists > MAX_RANKED_LISTS {
        return None;
    }
    let max_order = if n_lists <= 3 { 2.min(n_lists.saturating_sub(1)) } else { 3 };
    let estimates = all_models(histories, max_order, usize::MAX >> 1, &|| true).ok()?;
    let n_models = estimates.len();
    let mut best: Vec<Estimate> = estimates.into_iter().filter(|e| e.fit().is_some()).collect();
    // Equal ones as in `least`: fits of one optimum end in another last digit, and the simpler model stands first.
    let key = |e: &Estimate| e.fit().map_or(f64::INFINITY, |f| libm::round(f.bic_counting_infinite * 1e8));
    best.sort_by(|a, b| {
        let size = |e: &Estimate| e.model.interactions().len();
        key(a).total_cmp(&key(b)).then(size(a).cmp(&size(b))).then_with(|| a.model.cmp(&b.model))
    });
    best.truncate(CANDIDATES);
    (!best.is_empty()).then_some(Ranked { best, n_models, max_order })
}

/// What the interval is if fewer models are chosen among.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nested {
    /// Models.
    pub n_models: usize,
    /// Percentile interval, in persons.
    pub interval: (f64, f64),
}

/// A bootstrap of the headline.
#[derive(Debug, Clone, PartialEq)]
pub struct Redrawn {
    /// Percentile interval, in persons, with the model chosen again among all candidates.
    pub interval: (f64, f64),
    /// BCa interval, in persons.
    pub bca: Result<(f64, f64), BootstrapError>,
    /// Percentile intervals of a quarter, half and all of the candidates.
    pub nested: Vec<Nested>,
    /// Draws with an estimate.
    pub n_draws: usize,
    /// Draws without one.
    pub n_failed: usize,
    /// How often the draws chose the model of the data, of the draws with an estimate.
    pub same_model: f64,
}

impl Redrawn {
    /// Returns whether the interval has settled: half of the candidates give ends within a tenth of those of all.
    #[must_use]
    pub fn has_settled(&self) -> bool {
        let near = |a: f64, b: f64| (a - b).abs() <= 0.1 * a.abs().max(b.abs());
        let last = self.nested.len().checked_sub(2).and_then(|at| self.nested.get(at));
        last.is_none_or(|n| near(n.interval.0, self.interval.0) && near(n.interval.1, self.interval.1))
    }
}

/// Returns the bootstrap of the model of least BIC, chosen again in each draw among the best models of the data.
/// # Input   `progress` is called once a draw, from any thread, and says whether somebody still waits
/// # Errors  [`BootstrapError`]
/// # Source  Silverman, Chan & Vincent (2024), Statistics and Computing 34:44; percentile interval: Efron & Tibshirani (1993), chapter 13
pub fn redraw(
    histories: &Histories,
    ranked: &Ranked,
    (n_draws, seed): (usize, Seed),
    progress: &(dyn Fn() -> bool + Sync),
) -> Result<Redrawn, BootstrapError> {
    let drawing = Drawing::new(histories, n_draws)?;
    let models: Vec<&Model> = ranked.best.iter().map(|e| &e.model).collect();
    let sizes = sizes(models.len());
    let draw = |index: usize| {
        if !progress() {
            return Vec::new();
        }
        chosen(&drawing.draw(&mut seed.stream(index as u64)), &models, &sizes)
    };
    let all: Vec<Vec<Option<(usize, f64)>>> = (0..n_draws).into_par_iter().map(draw).collect();
    let of_size =
        |at: usize| -> Vec<(usize, f64)> { all.iter().filter_map(|d| d.get(at).copied().flatten()).collect() };
    let whole = of_size(sizes.len() - 1);
    let n_failed = n_draws - whole.len();
    if 2 * n_failed > n_draws || whole.is_empty() {
        return Err(BootstrapError::TooFewDraws { n_failed, n_draws });
    }
    let points = |draws: &[(usize, f64)]| draws.iter().map(|d| d.1).collect::<Vec<f64>>();
    let interval = |draws: &[(usize, f64)]| {
        let found = percentile_interval(&points(draws), LEVEL).ok()?;
        found.lower.zip(found.upper)
    };
    let nested = sizes
        .iter()
        .enumerate()
        .filter_map(|(at, &n_models)| Some(Nested { n_models, interval: interval(&of_size(at))? }));
    let nested: Vec<Nested> = nested.collect();
    let interval = interval(&whole).ok_or(BootstrapError::TooFewDraws { n_failed, n_draws })?;
    let point = ranked.best.first().and_then(Estimate::fit).map_or(f64::NAN, Fit::point);
    let all_models = [models.len()];
    let acceleration = accelerated(histories, &|without| {
        Ok(chosen(without, &models, &all_models).first().copied().flatten().map(|c| c.1))
    })?;
    Ok(Redrawn {
        interval,
        bca: bca_interval(&points(&whole), point, acceleration, LEVEL),
        nested,
        n_draws: whole.len(),
        n_failed,
        same_model: whole.iter().filter(|d| d.0 == 0).count() as f64 / whole.len() as f64,
    })
}

fn sizes(n: usize) -> Vec<usize> {
    let mut sizes: Vec<usize> = [n.div_ceil(4), n.div_ceil(2), n].into_iter().collect();
    sizes.dedup();
    sizes
}

/// Returns, for each number of models, which of the first so many has the least BIC, and its estimate.
fn chosen(histories: &Histories, models: &[&Model], sizes: &[usize]) -> Vec<Option<(usize, f64)>> {
    let mut out = Vec::with_capacity(sizes.len());
    let mut best: Option<(usize, f64, f64)> = None;
    let mut next = 0;
    for &size in sizes {
        for (at, model) in models.iter().enumerate().take(size).skip(next) {
            let Ok(fit) = super::fit(histories, model) else { continue };
            let bic = fit.bic_counting_infinite;
            if fit.point().is_finite() && best.is_none_or(|(_, _, least)| bic < least - 1e-9) {
                best = Some((at, fit.point(), bic));
            }
        }
        next = size;
        out.push(best.map(|(at, point, _)| (at, point)));
    }
    out
}
