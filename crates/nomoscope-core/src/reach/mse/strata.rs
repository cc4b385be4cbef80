//! The sum over strata: groups of persons that are estimated apart.

use super::Fit;
use libm::{exp, sqrt};
use nomoscope_stats::special::normal_quantile;

/// A population estimated group by group, in persons.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sum {
    /// Persons on any list.
    pub n_observed: u64,
    /// The sum of the estimates.
    pub point: f64,
    /// Its interval of 95 %, conditional on the models.
    pub interval: (f64, f64),
}

/// Returns the sum of estimates of groups that do not overlap.
///
/// Groups are independent of each other, so that variances of the numbers on no list add; the interval is symmetric on the
/// scale of logarithms, like that of each group.
/// # Source  the delta method: var(h) ≈ h² var(ln h)
#[must_use]
pub fn sum_of_strata(fits: &[&Fit]) -> Sum {
    let n_observed = fits.iter().map(|f| f.n_observed).sum();
    let hidden: f64 = fits.iter().map(|f| f.hidden).sum();
    let error = |f: &&Fit| f.hidden * f.log_hidden_error();
    let variance: f64 = fits.iter().map(|f| error(f) * error(f)).sum();
    let n = n_observed as f64;
    let z = if hidden > 0.0 { normal_quantile(0.975) * sqrt(variance) / hidden } else { 0.0 };
    Sum { n_observed, point: n + hidden, interval: (n + hidden * exp(-z), n + hidden * exp(z)) }
}
