//! Statistics: tests, intervals, diversity, communities, agreement, resampling.
//!
//! Everything here is a pure function of slices: it knows nothing of texts, concepts or sources beyond their
//! numbers. Logarithms and exponentials come from `libm`, sums run in index order, ties break by index and chance
//! comes from a [`rng::Seed`], so that the same input gives the same bits on every machine and with any number of threads.
//! Whatever cannot be computed is a [`StatsError`] with its reason; no public function returns `NaN` for input it accepted.

#![allow(
    clippy::indexing_slicing,
    reason = "indices here come from the same data structure a few lines above; bytes from outside are indexed in nomoscope-formats, where the lint is on"
)]

pub mod agreement;
pub mod association;
pub mod bootstrap;
pub mod cross_table;
pub mod divergence;
pub mod diversity;
mod error;
pub mod exact;
pub mod fdr;
pub mod firth;
pub mod fourfold;
pub mod graph;
pub mod kernel;
pub mod leiden;
pub mod length_adjusted;
pub mod logistic;
pub mod mantel_haenszel;
pub mod partition;
pub mod permanova;
pub mod ppmi;
pub mod proportion;
pub mod rng;
pub mod runs;
pub mod seriation;
pub mod special;
pub mod unitizing;
pub mod wald;

pub use error::StatsError;

/// An interval of plausible values.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Interval {
    /// Lower end; `None` where the data set no lower limit.
    pub lower: Option<f64>,
    /// Upper end; `None` where the data set no upper limit.
    pub upper: Option<f64>,
    /// Nominal share of repetitions that cover the truth, such as 0.95.
    pub level: f64,
}

impl Interval {
    /// Returns whether `value` lies within, ends included.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        self.lower.is_none_or(|lower| lower <= value) && self.upper.is_none_or(|upper| value <= upper)
    }
}

/// Checks that a level lies strictly between 0 and 1.
///
/// # Errors
/// [`StatsError::NotAProportion`].
pub fn check_level(level: f64) -> Result<f64, StatsError> {
    if level > 0.0 && level < 1.0 { Ok(level) } else { Err(StatsError::NotAProportion { what: "level", value: level }) }
}

/// Checks that all weights are finite and not negative, and returns their sum.
pub(crate) fn check_weights(what: &'static str, weights: impl Iterator<Item = f64>) -> Result<f64, StatsError> {
    let mut sum = 0.0;
    for (at, value) in weights.enumerate() {
        if !(value.is_finite() && value >= 0.0) {
            return Err(StatsError::BadValue { what, at, value });
        }
        sum += value;
    }
    if sum.is_finite() { Ok(sum) } else { Err(StatsError::BadValue { what, at: 0, value: sum }) }
}
