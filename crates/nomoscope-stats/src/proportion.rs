//! Intervals of a proportion, and of a recall that rests on two of them.

use super::special::{beta_inc, normal_quantile};
use super::{Interval, StatsError, check_level};
use libm::sqrt;

/// Returns Wilson's score interval of a proportion.
/// # Input   successes among `n` trials that are independent
/// # Errors  [`StatsError::Empty`] without trials, [`StatsError::SampleTooLarge`] for more successes than trials, [`StatsError::NotAProportion`] for the level
/// # Source  Wilson (1927), Journal of the American Statistical Association 22(158): 209–212
pub fn wilson(successes: u64, n: u64, level: f64) -> Result<Interval, StatsError> {
    check_level(level)?;
    if n == 0 {
        return Err(StatsError::Empty);
    }
    if successes > n {
        return Err(StatsError::SampleTooLarge { asked: successes, available: n });
    }
    let (p, n) = (successes as f64 / n as f64, n as f64);
    let z = normal_quantile(0.5 * (1.0 + level));
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n));
    // At the ends the score equation has 0 and 1 as exact solutions, which rounding would miss.
    let lower = if successes == 0 { 0.0 } else { (middle - half).max(0.0) };
    let upper = if p >= 1.0 { 1.0 } else { (middle + half).min(1.0) };
    Ok(Interval { lower: Some(lower), upper: Some(upper), level })
}

/// Returns the exact interval of a proportion, which covers it at least as often as `level` says.
/// # Input   successes among `n` trials that are independent
/// # Errors  as of [`wilson`]
/// # Source  Clopper & Pearson (1934), Biometrika 26(4): 404–413
pub fn clopper_pearson(successes: u64, n: u64, level: f64) -> Result<Interval, StatsError> {
    check_level(level)?;
    if n == 0 {
        return Err(StatsError::Empty);
    }
    if successes > n {
        return Err(StatsError::SampleTooLarge { asked: successes, available: n });
    }
    let tail = 0.5 * (1.0 - level);
    let (k, rest) = (successes as f64, (n - successes) as f64);
    let lower = if successes == 0 { 0.0 } else { quantile_of_beta(k, rest + 1.0, tail) };
    let upper = if successes == n { 1.0 } else { quantile_of_beta(k + 1.0, rest, 1.0 - tail) };
    Ok(Interval { lower: Some(lower), upper: Some(upper), level })
}

/// Halves the unit interval until it cannot be halved any more: the distribution function grows with x.
fn quantile_of_beta(a: f64, b: f64, p: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if beta_inc(a, b, middle) < p { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// What was looked at of what a search found, and of the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Searched {
    /// What was found.
    pub found: u64,
    /// Of these, how many were looked at, by chance.
    pub looked: u64,
    /// Of these, how many are right.
    pub right: u64,
    /// What was not found.
    pub rest: u64,
    /// Of these, how many were looked at, by chance.
    pub audited: u64,
    /// Of these, how many should have been found.
    pub missed: u64,
}

/// Returns the share of what should be found that is found, with its interval.
///
/// Both the share of what is right among what was found and the share of what was missed among the rest are estimated; the
/// interval takes the worst of both, each at a level that together gives at least `level` (Bonferroni). It is wide where the
/// rest is large and the sample of it small, and that is so.
/// # Input   counts of units; each sample by chance
/// # Errors  [`StatsError::Empty`] where one of the two was not looked at, or nothing is to be found; [`StatsError::SampleTooLarge`]
///   where more was looked at than there is; [`StatsError::NotAProportion`] for the level
/// # Source  what is estimated: Webber (2013), Approximate Recall Confidence Intervals, ACM Transactions on Information Systems
///   31(1); the interval is wider than those compared there, so that it holds for small samples of rare things
pub fn recall(s: &Searched, level: f64) -> Result<(f64, Interval), StatsError> {
    check_level(level)?;
    for (asked, available) in [(s.looked, s.found), (s.audited, s.rest)] {
        if asked > available {
            return Err(StatsError::SampleTooLarge { asked, available });
        }
    }
    // What was looked at whole is known; only what was drawn from is estimated.
    let drawn = u32::from(s.looked < s.found) + u32::from(s.audited < s.rest);
    let each = if drawn == 2 { 0.5 * (1.0 + level) } else { level };
    let part = |k: u64, n: u64, of: u64| -> Result<[f64; 3], StatsError> {
        let all = of as f64;
        if n == of {
            return Ok([k as f64; 3]);
        }
        let interval = clopper_pearson(k, n, each)?;
        let (lower, upper) = (interval.lower.unwrap_or(0.0), interval.upper.unwrap_or(1.0));
        Ok([lower * all, k as f64 / n as f64 * all, upper * all])
    };
    let [right, missed] = [part(s.right, s.looked, s.found)?, part(s.missed, s.audited, s.rest)?];
    let share = |right: f64, missed: f64| if right + missed > 0.0 { right / (right + missed) } else { 1.0 };
    if right[1] + missed[1] <= 0.0 {
        return Err(StatsError::Empty);
    }
    let interval = Interval { lower: Some(share(right[0], missed[2])), upper: Some(share(right[2], missed[0])), level };
    Ok((share(right[1], missed[1]), interval))
}
