//! Chao's lower bound: what persons on one and on two lists say without any model of the lists.

use super::histories::Histories;
use libm::{exp, log1p, sqrt};
use nomoscope_stats::special::normal_quantile;

/// A lower bound of the population.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LowerBound {
    /// Persons on exactly one list.
    pub on_one: u64,
    /// Persons on exactly two lists.
    pub on_two: u64,
    /// Observed + (t − 1)/t · f₁²/(2 f₂) for t lists, in persons.
    pub point: f64,
    /// Its interval of 95 %.
    pub interval: (f64, f64),
}

/// Why there is no lower bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChaoError {
    /// Nobody is on exactly two lists.
    #[error("nobody is on exactly two lists, so Chao's lower bound has no value")]
    NobodyOnTwoLists,
    /// Nobody is on exactly one list: there is nothing to infer a hidden number from.
    #[error("nobody is on exactly one list, so Chao's lower bound has no interval")]
    NobodyOnOneList,
}

/// Returns Chao's lower bound for the population size, in persons.
///
/// A lower bound where persons differ in how easily they are seen and lists do not depend on each other otherwise; lists that
/// refer persons to each other push it below, lists that take different persons above the truth. With t lists f₁²/(2 f₂) carries the
/// factor (t − 1)/t: without it the "bound" lies above the truth wherever lists are independent (docs/adr/0019).
/// # Errors  [`ChaoError`]
/// # Source  Chao (1987), Biometrics 43(4): 783–791; Rcapture's `Mh Chao (LB)`: Rivest & Baillargeon (2007), Biometrics 63(4): 999–1006;
///   variance for a finite number of occasions and interval on the scale of logarithms: Chao, Colwell, Lin & Gotelli (2009), Ecology 90(4): 1125–1133
pub fn chao_lower_bound(histories: &Histories) -> Result<LowerBound, ChaoError> {
    let by_number = histories.by_number_of_lists();
    let (on_one, on_two) = (by_number[0], by_number.get(1).copied().unwrap_or(0));
    if on_two == 0 {
        return Err(ChaoError::NobodyOnTwoLists);
    }
    if on_one == 0 {
        return Err(ChaoError::NobodyOnOneList);
    }
    let (n, f1, f2) = (histories.n_observed() as f64, on_one as f64, on_two as f64);
    let (lists, ratio) = (histories.n_lists() as f64, f1 / f2);
    let finite = (lists - 1.0) / lists;
    let hidden = finite * f1 * ratio / 2.0;
    let variance = f2 * finite * ratio * ratio * (0.5 + finite * ratio + finite * ratio * ratio / 4.0);
    let factor = exp(normal_quantile(0.975) * sqrt(log1p(variance / (hidden * hidden))));
    Ok(LowerBound { on_one, on_two, point: n + hidden, interval: (n + hidden / factor, n + hidden * factor) })
}
