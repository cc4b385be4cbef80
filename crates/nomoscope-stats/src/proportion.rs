//! Intervals of a proportion.

use super::special::normal_quantile;
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
