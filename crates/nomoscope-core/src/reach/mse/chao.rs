//! Chao's lower bound for lists of any length: what persons on one and on two lists say of those on none.

use super::design::Design;
use super::fit::{NoEstimate, fit_design};
use super::histories::Histories;
use super::model::Model;

/// The level of its interval.
const LEVEL: f64 = 0.95;

/// A lower bound of the population.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LowerBound {
    /// Persons on exactly one list.
    pub on_one: u64,
    /// Persons on exactly two lists.
    pub on_two: u64,
    /// Observed + exp(β₀), in persons.
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
    /// The lists of those on one and on two do not settle how long each is.
    #[error("Chao's lower bound has no value: of those on one or two lists, {0}")]
    NoFit(#[from] NoEstimate),
}

/// Returns Chao's lower bound for the population size, in persons.
///
/// Main effects are fitted to the histories of one and two lists alone, so that every list may have its own length. Where the
/// odds of being on a list are those of the list times those of the person (Rasch), the numbers on 0, 1 and 2 lists are
/// moments m₀, m₁, m₂ of one measure, and m₀ ≥ m₁²/m₂, which is exp(β₀): a lower bound, whatever persons are like, and the number
/// itself where they are alike. It is none where lists depend on each other otherwise: lists that take different persons push
/// it above the truth. For two lists it is Lincoln and Petersen's; for lists of equal length observed + (t − 1)/t · f₁²/(2 f₂),
/// which, of lists of other lengths, lies above the truth (docs/adr/0041).
/// # Errors  [`ChaoError`]
/// # Source  Chao (1987), Biometrics 43(4): 783–791; of lists that differ: Rivest & Baillargeon (2007), Biometrics 63(4): 999–1006,
///   `Mth Chao (LB)` in Rcapture; interval as for every other fit
pub fn chao_lower_bound(histories: &Histories) -> Result<LowerBound, ChaoError> {
    let by_number = histories.by_number_of_lists();
    let (on_one, on_two) = (by_number[0], by_number.get(1).copied().unwrap_or(0));
    if on_two == 0 {
        return Err(ChaoError::NobodyOnTwoLists);
    }
    if on_one == 0 {
        return Err(ChaoError::NobodyOnOneList);
    }
    let is_low = |lists: usize| lists.count_ones() <= 2;
    let of_few = histories.counts().iter().enumerate().map(|(lists, &n)| if is_low(lists) { n } else { 0 });
    let few = histories.with_counts(of_few.collect());
    let mut design = Design::new(&few, &Model::main());
    design.kept.iter_mut().enumerate().for_each(|(lists, kept)| *kept &= is_low(lists));
    let fit = fit_design(&few, &design)?;
    let seen_on_more = (histories.n_observed() - few.n_observed()) as f64;
    let (low, high) = fit.interval(LEVEL);
    Ok(LowerBound {
        on_one,
        on_two,
        point: seen_on_more + fit.point(),
        interval: (seen_on_more + low, seen_on_more + high),
    })
}
