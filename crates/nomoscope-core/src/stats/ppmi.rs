//! Contexts of words: positive pointwise mutual information, and how alike two contexts are.

use super::StatsError;
use libm::{log, sqrt};
use std::collections::BTreeMap;

/// Counts of context words, by number of the word.
pub type Counts = BTreeMap<u32, f64>;

/// Returns ln(p(word | context) / p(word)) for each word where it is positive, given the shares of all words.
/// # Input   counts of a label's contexts, finite and above 0; `share(word)` over the whole corpus, in (0, 1]
/// # Errors  [`StatsError::Empty`] if the label has no context
/// # Source  Church & Hanks (1990), Computational Linguistics 16(1); Bullinaria & Levy (2007), Behavior Research Methods 39(3)
pub fn ppmi(counts: &Counts, share: impl Fn(u32) -> f64) -> Result<Counts, StatsError> {
    let total: f64 = counts.values().sum();
    if !(total.is_finite() && total > 0.0) {
        return Err(StatsError::Empty);
    }
    let value = |(&word, &n): (&u32, &f64)| {
        let base = share(word);
        let mutual = if base > 0.0 && n > 0.0 { log(n / total / base) } else { 0.0 };
        (mutual > 0.0).then_some((word, mutual))
    };
    Ok(counts.iter().filter_map(value).collect())
}

/// Returns the cosine of two sparse vectors; `None` if either is empty.
/// # Source  Salton & McGill (1983), Introduction to Modern Information Retrieval
#[must_use]
pub fn cosine(a: &Counts, b: &Counts) -> Option<f64> {
    let norm = |v: &Counts| sqrt(v.values().map(|x| x * x).sum());
    let (of_a, of_b): (f64, f64) = (norm(a), norm(b));
    if of_a <= 0.0 || of_b <= 0.0 {
        return None;
    }
    let dot: f64 = a.iter().filter_map(|(word, x)| b.get(word).map(|y| x * y)).sum();
    Some((dot / of_a / of_b).clamp(-1.0, 1.0))
}
