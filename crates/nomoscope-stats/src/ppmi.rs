//! Contexts of words: positive pointwise mutual information, and how alike two contexts are.

use super::StatsError;
use libm::{log, sqrt};

/// Returns ln(p(word | context) / p(word)) for each word where it is positive, else 0, given ln p(word) over the corpus.
/// # Input   counts of a label's context words; the logarithms of their shares in the whole corpus
/// # Errors  [`StatsError::Empty`] if the label has no context, [`StatsError::LengthMismatch`]
/// # Source  Church & Hanks (1990), Computational Linguistics 16(1): 22–29; Bullinaria & Levy (2007), Behavior Research Methods 39(3): 510–526
pub fn ppmi(counts: &[u32], ln_shares: &[f64]) -> Result<Vec<f64>, StatsError> {
    if counts.len() != ln_shares.len() {
        return Err(StatsError::LengthMismatch { what: "words", left: counts.len(), right: ln_shares.len() });
    }
    let total: u64 = counts.iter().map(|&n| u64::from(n)).sum();
    if total == 0 {
        return Err(StatsError::Empty);
    }
    let ln_total = log(total as f64);
    // Nearly all counts are small: their logarithms are taken once.
    let small: Vec<f64> = (0..64_u32).map(|n| log(f64::from(n.max(1)))).collect();
    let ln = |n: u32| small.get(n as usize).copied().unwrap_or_else(|| log(f64::from(n)));
    let value = |(&n, &share): (&u32, &f64)| if n == 0 { 0.0 } else { (ln(n) - ln_total - share).max(0.0) };
    Ok(counts.iter().zip(ln_shares).map(value).collect())
}

/// Returns the cosine of two vectors of one length; `None` if either is all 0.
/// # Source  Salton & McGill (1983), Introduction to Modern Information Retrieval
#[must_use]
pub fn cosine(a: &[f64], b: &[f64]) -> Option<f64> {
    let (mut dot, mut of_a, mut of_b) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        dot += x * y;
        of_a += x * x;
        of_b += y * y;
    }
    (of_a > 0.0 && of_b > 0.0).then(|| (dot / (sqrt(of_a) * sqrt(of_b))).clamp(-1.0, 1.0))
}
