//! The bootstrap with the model chosen again in each draw: BCa intervals.
//!
//! A draw takes as many persons as were observed, with replacement ([`Drawing`]); the model is chosen anew, so that the interval holds
//! what the choice adds. Which draw a thread takes does not matter: its chance follows from the seed and its number.

use super::histories::Histories;
use super::{Estimate, Fit, MseError, Selection};
use nomoscope_stats::rng::{Seed, Stream, binomial};
use nomoscope_stats::special::{normal_cdf, normal_quantile};
use rayon::prelude::*;

/// Steps of all draws beyond which nobody wants to wait.
const MAX_STEPS: f64 = 2e10;
/// Persons beyond which draws are made by history: up to here a draw takes each person by itself, as those that are published did.
const MAX_DRAWN_ONE_BY_ONE: u64 = 200_000;

/// A bootstrap of an estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap {
    /// Estimates of the draws that have one, in persons, in the order of the draws.
    pub draws: Vec<f64>,
    /// Draws without an estimate.
    pub n_failed: usize,
    /// The acceleration, from leaving out one person at a time.
    pub acceleration: f64,
    /// The BCa interval, in persons.
    pub interval: Result<(f64, f64), BootstrapError>,
}

/// Why there is no bootstrap interval.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum BootstrapError {
    /// Models to choose from are too many for each draw.
    #[error("{0}")]
    Models(#[from] MseError),
    /// Too many persons for so many draws.
    #[error("{n_draws} draws of {n_observed} persons are too many")]
    TooManyPersons {
        /// Draws asked for.
        n_draws: usize,
        /// Persons observed.
        n_observed: u64,
    },
    /// Most draws have no estimate.
    #[error("{n_failed} of {n_draws} draws have no estimate")]
    TooFewDraws {
        /// Draws without an estimate.
        n_failed: usize,
        /// Draws.
        n_draws: usize,
    },
    /// All draws lie on one side of the estimate: there is no bias correction.
    #[error("{share} of the draws lie below the estimate, so BCa has no bias correction")]
    OneSided {
        /// Share of draws below the estimate: 0 or 1.
        share: f64,
    },
    /// The acceleration turns the correction over.
    #[error("the acceleration {acceleration} is too large for a BCa interval")]
    Acceleration {
        /// The acceleration.
        acceleration: f64,
    },
}

/// Returns the bootstrap of an estimate, its model chosen again in each draw.
/// # Input   `point`: the estimate itself, in persons; `limit`: models to choose from in a draw, at most; `progress` is called once a draw, from any thread, and says whether somebody still waits
/// # Errors  [`BootstrapError`]
/// # Source  DiCiccio & Efron (1996), Statistical Science 11(3): 189–228; Chan, Silverman & Vincent (2021), section 3.3; `SparseMSE` 2.0.1, `estimatepopulation`
pub fn bootstrap(
    histories: &Histories,
    selection: &Selection,
    point: f64,
    (n_draws, seed): (usize, Seed),
    limit: usize,
    progress: &(dyn Fn() -> bool + Sync),
) -> Result<Bootstrap, BootstrapError> {
    let drawing = Drawing::new(histories, n_draws)?;
    let draw = |index: usize| {
        if !progress() {
            return Ok(None);
        }
        estimate(&drawing.draw(&mut seed.stream(index as u64)), selection, limit)
    };
    let all = (0..n_draws).into_par_iter().map(draw).collect::<Result<Vec<Option<f64>>, MseError>>()?;
    let draws: Vec<f64> = all.into_iter().flatten().collect();
    let n_failed = n_draws - draws.len();
    if 2 * n_failed > n_draws || draws.is_empty() {
        return Err(BootstrapError::TooFewDraws { n_failed, n_draws });
    }
    let acceleration = accelerated(histories, &|without| estimate(without, selection, limit))?;
    let interval = bca_interval(&draws, point, acceleration, 0.95);
    Ok(Bootstrap { draws, n_failed, acceleration, interval })
}

/// How as many persons as were observed are drawn with replacement.
pub(super) struct Drawing<'h> {
    histories: &'h Histories,
    /// The history of each person; empty where there are too many to draw them one by one.
    persons: Vec<u16>,
}

impl<'h> Drawing<'h> {
    /// Returns the drawing.
    /// # Errors  [`BootstrapError::TooManyPersons`]
    pub(super) fn new(histories: &'h Histories, n_draws: usize) -> Result<Self, BootstrapError> {
        let n_observed = histories.n_observed();
        if n_observed > MAX_DRAWN_ONE_BY_ONE {
            // A binomial number is found some standard deviations around its mode.
            let steps: f64 = histories.counts().iter().map(|&n| 40.0 * libm::sqrt(n as f64)).sum();
            if steps * n_draws as f64 > MAX_STEPS {
                return Err(BootstrapError::TooManyPersons { n_draws, n_observed });
            }
            return Ok(Self { histories, persons: Vec::new() });
        }
        let cells = histories.counts().iter().enumerate();
        let persons = cells.flat_map(|(lists, &n)| std::iter::repeat_n(lists as u16, n as usize)).collect();
        Ok(Self { histories, persons })
    }

    /// Returns the histories of one draw.
    pub(super) fn draw(&self, stream: &mut Stream) -> Histories {
        let counts = if self.persons.is_empty() { self.by_history(stream) } else { self.one_by_one(stream) };
        self.histories.with_counts(counts)
    }

    fn one_by_one(&self, stream: &mut Stream) -> Vec<u64> {
        let mut counts = vec![0_u64; self.histories.counts().len()];
        for _ in 0..self.persons.len() {
            if let Some(count) =
                self.persons.get(stream.below(self.persons.len())).and_then(|&p| counts.get_mut(p as usize))
            {
                *count += 1;
            }
        }
        counts
    }

    /// A multinomial draw: of those that are left, a binomial number is on the next history.
    fn by_history(&self, stream: &mut Stream) -> Vec<u64> {
        let (mut drawn, mut observed) = (self.histories.n_observed(), self.histories.n_observed());
        let next = |&n: &u64| {
            let taken = binomial(drawn, n as f64 / observed.max(1) as f64, stream);
            drawn -= taken;
            observed -= n;
            taken
        };
        self.histories.counts().iter().map(next).collect()
    }
}

/// Returns the estimate of the model that the selection takes for these counts, some of whose lists may be empty.
fn estimate(histories: &Histories, selection: &Selection, limit: usize) -> Result<Option<f64>, MseError> {
    let chosen = match selection {
        Selection::Fixed(model) => Estimate::of(histories, model.clone()),
        other => other.estimate(histories, limit)?,
    };
    Ok(chosen.fit().map(Fit::point).filter(|point| point.is_finite()))
}

/// Returns the acceleration: the skewness of what leaving out one person does, over 6.
pub(super) fn accelerated(
    histories: &Histories,
    estimate: &(dyn Fn(&Histories) -> Result<Option<f64>, MseError> + Sync),
) -> Result<f64, MseError> {
    let cells: Vec<usize> = (1..histories.counts().len()).filter(|&lists| histories.counts()[lists] > 0).collect();
    let without = |lists: usize| {
        let mut counts = histories.counts().to_vec();
        let weight = counts[lists] as f64;
        counts[lists] -= 1;
        let point = estimate(&histories.with_counts(counts))?;
        Ok(point.map(|p| (weight, p)))
    };
    let all = cells.into_par_iter().map(without).collect::<Result<Vec<Option<(f64, f64)>>, MseError>>()?;
    let all: Vec<(f64, f64)> = all.into_iter().flatten().collect();
    let weight: f64 = all.iter().map(|(w, _)| w).sum();
    let mean = all.iter().map(|(w, p)| w * p).sum::<f64>() / weight;
    let moment = |power: i32| all.iter().map(|(w, p)| w * (0..power).fold(1.0, |x, _| x * (mean - p))).sum::<f64>();
    let spread = moment(2);
    if spread > 0.0 { Ok(moment(3) / (6.0 * spread * libm::sqrt(spread))) } else { Ok(0.0) }
}

/// Returns the bias-corrected and accelerated interval of bootstrap draws.
/// # Input   draws in any order, the estimate, the acceleration, a level such as 0.95
/// # Errors  [`BootstrapError::OneSided`], [`BootstrapError::Acceleration`], [`BootstrapError::TooFewDraws`] of none
/// # Source  Efron (1987), JASA 82(397): 171–185; quantiles of type 8 of Hyndman & Fan (1996), as in `SparseMSE` 2.0.1
pub fn bca_interval(draws: &[f64], point: f64, acceleration: f64, level: f64) -> Result<(f64, f64), BootstrapError> {
    let mut sorted = draws.to_vec();
    sorted.sort_by(f64::total_cmp);
    if sorted.is_empty() {
        return Err(BootstrapError::TooFewDraws { n_failed: 0, n_draws: 0 });
    }
    let share = sorted.iter().filter(|&&d| d < point).count() as f64 / sorted.len() as f64;
    if share <= 0.0 || share >= 1.0 {
        return Err(BootstrapError::OneSided { share });
    }
    let bias = normal_quantile(share);
    let end = |p: f64| {
        let shifted = bias + normal_quantile(p);
        let scale = 1.0 - acceleration * shifted;
        if scale <= 0.0 {
            return Err(BootstrapError::Acceleration { acceleration });
        }
        Ok(quantile_8(&sorted, normal_cdf(bias + shifted / scale)))
    };
    Ok((end(0.5 * (1.0 - level))?, end(0.5 * (1.0 + level))?))
}

/// Returns a quantile of sorted values, median-unbiased (type 8).
fn quantile_8(sorted: &[f64], p: f64) -> f64 {
    let n = sorted.len();
    let position = n as f64 * p + (p + 1.0) / 3.0;
    let below = libm::floor(position);
    let at = |k: f64| sorted[(k.clamp(1.0, n as f64) as usize) - 1];
    at(below) + (position - below) * (at(below + 1.0) - at(below))
}
