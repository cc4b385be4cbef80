//! How far two distributions lie apart.

use super::{StatsError, check_weights};
use libm::log2;

/// Returns the Jensen-Shannon divergence of two lists of weights over the same kinds, in bits: 0 if their shares are the
/// same, 1 if no kind occurs in both.
///
/// Of small samples it is too high, and the higher the more kinds there are: two samples of one distribution lie apart by
/// chance. Compare it with what random division of the same sources gives.
/// # Input   weights finite and at least 0, both lists of one length, neither all 0
/// # Errors  [`StatsError::LengthMismatch`], [`StatsError::BadValue`], [`StatsError::Empty`]
/// # Source  Lin (1991), IEEE Transactions on Information Theory 37(1): 145–151
pub fn jensen_shannon(p: &[f64], q: &[f64]) -> Result<f64, StatsError> {
    if p.len() != q.len() {
        return Err(StatsError::LengthMismatch { what: "kinds", left: p.len(), right: q.len() });
    }
    let of_p = check_weights("weight", p.iter().copied())?;
    let of_q = check_weights("weight", q.iter().copied())?;
    if of_p <= 0.0 || of_q <= 0.0 {
        return Err(StatsError::Empty);
    }
    let part = |x: f64, middle: f64| if x > 0.0 { 0.5 * x * log2(x / middle) } else { 0.0 };
    let sum: f64 = p
        .iter()
        .zip(q)
        .map(|(p, q)| {
            let (p, q) = (p / of_p, q / of_q);
            let middle = f64::midpoint(p, q);
            part(p, middle) + part(q, middle)
        })
        .sum();
    Ok(sum.clamp(0.0, 1.0))
}

/// Returns the Jaccard index of two sorted lists without repetitions; `None` if both are empty.
/// # Source  Jaccard (1912), New Phytologist 11(2): 37–50
#[must_use]
pub fn jaccard<T: Ord>(a: &[T], b: &[T]) -> Option<f64> {
    let both = a.iter().filter(|x| b.binary_search(x).is_ok()).count();
    let either = a.len() + b.len() - both;
    (either > 0).then(|| both as f64 / either as f64)
}
