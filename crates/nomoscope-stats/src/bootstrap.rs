//! The bootstrap over sources: draws as multiplicities, one stream a draw, any number of threads.
//!
//! A draw is how often each source occurs in it, not a list of sources: counts per source are then only multiplied,
//! and no text is read again.

use super::rng::{Seed, Stream};
use super::{Interval, StatsError, check_level};
use rayon::prelude::*;

/// Returns how often each of `n` sources occurs in one draw of `n` with replacement.
/// # Source  Efron (1979), Annals of Statistics 7(1): 1–26
#[must_use]
pub fn multiplicities(n: usize, stream: &mut Stream) -> Vec<u32> {
    let mut times = vec![0; n];
    for _ in 0..n {
        times[stream.below(n)] += 1;
    }
    times
}

/// Returns one result for each draw, in the order of the draws, whatever the number of threads.
///
/// `statistic` is given the multiplicities of the draw and a stream for chance of its own.
pub fn bootstrap<T: Send>(
    n_sources: usize,
    n_draws: usize,
    seed: Seed,
    statistic: impl Fn(&[u32], &mut Stream) -> T + Sync,
) -> Vec<T> {
    (0..n_draws)
        .into_par_iter()
        .map(|draw| {
            let mut stream = seed.stream(draw as u64);
            let times = multiplicities(n_sources, &mut stream);
            statistic(&times, &mut stream)
        })
        .collect()
}

/// Returns one result for each random order of `n` items, in the order of the permutations.
pub fn permutations<T: Send>(
    n: usize,
    n_permutations: usize,
    seed: Seed,
    statistic: impl Fn(&[usize]) -> T + Sync,
) -> Vec<T> {
    (0..n_permutations).into_par_iter().map(|index| statistic(&seed.stream(index as u64).permutation(n))).collect()
}

/// Returns the p-value of a permutation test: (1 + number at least as extreme) / (1 + permutations), never 0.
/// # Source  Phipson & Smyth (2010), Statistical Applications in Genetics and Molecular Biology 9(1): 39
#[must_use]
pub fn permutation_p(n_as_extreme: usize, n_permutations: usize) -> f64 {
    (n_as_extreme as f64 + 1.0) / (n_permutations as f64 + 1.0)
}

/// Returns a quantile of values in any order, by linear interpolation (type 7 of Hyndman & Fan).
/// # Errors  [`StatsError::Empty`], [`StatsError::BadValue`] for a value that is not finite or `p` outside [0, 1]
/// # Source  Hyndman & Fan (1996), American Statistician 50(4): 361–365
pub fn quantile(values: &[f64], p: f64) -> Result<f64, StatsError> {
    if !(0.0..=1.0).contains(&p) {
        return Err(StatsError::BadValue { what: "share", at: 0, value: p });
    }
    if let Some((at, &value)) = values.iter().enumerate().find(|(_, v)| !v.is_finite()) {
        return Err(StatsError::BadValue { what: "draw", at, value });
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else {
        return Err(StatsError::Empty);
    };
    let position = p * last as f64;
    let below = libm::floor(position) as usize;
    let above = (below + 1).min(last);
    Ok(sorted[below] + (position - below as f64) * (sorted[above] - sorted[below]))
}

/// Returns the percentile interval of bootstrap draws.
/// # Errors  those of [`quantile`], and [`StatsError::NotAProportion`] for the level
/// # Source  Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 13
pub fn percentile_interval(draws: &[f64], level: f64) -> Result<Interval, StatsError> {
    check_level(level)?;
    Ok(Interval {
        lower: Some(quantile(draws, 0.5 * (1.0 - level))?),
        upper: Some(quantile(draws, 0.5 * (1.0 + level))?),
        level,
    })
}
