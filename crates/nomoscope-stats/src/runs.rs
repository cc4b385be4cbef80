//! Changes in a sequence of two labels: more or fewer than in random order of the same sequence.

use super::StatsError;
use libm::{exp, sqrt};

/// Changes expected in random order of a sequence, and their variance.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct ExpectedChanges {
    /// Mean over all orders.
    pub mean: f64,
    /// Variance over all orders.
    pub variance: f64,
}

/// Returns how often neighbours in a sequence differ.
#[must_use]
pub fn changes(sequence: &[bool]) -> u64 {
    sequence.windows(2).filter(|w| w[0] != w[1]).count() as u64
}

/// Returns the changes to expect in random order of `a` labels of one kind and `b` of the other.
/// # Errors  [`StatsError::Empty`] if either does not occur: there is nothing to change to
/// # Source  Wald & Wolfowitz (1940), Annals of Mathematical Statistics 11(2): 147–162; changes are runs less one
pub fn expected_changes(a: u64, b: u64) -> Result<ExpectedChanges, StatsError> {
    if a == 0 || b == 0 {
        return Err(StatsError::Empty);
    }
    let (a, b) = (a as f64, b as f64);
    let n = a + b;
    let product = 2.0 * a * b;
    Ok(ExpectedChanges { mean: product / n, variance: product * (product - n) / (n * n * (n - 1.0)) })
}

/// Returns the chance of each number of changes, from 1 up, in random order of `a` and `b` labels: both occur, so there is one.
/// # Errors  [`StatsError::Empty`] if either does not occur
/// # Source  Stevens (1939), Annals of Eugenics 9(1): 10–17; Wald & Wolfowitz (1940)
pub fn distribution(a: u64, b: u64) -> Result<Vec<f64>, StatsError> {
    if a == 0 || b == 0 {
        return Err(StatsError::Empty);
    }
    let ln_all = ln_choose(a + b, a);
    let most_runs = 2 * a.min(b) + u64::from(a != b);
    let chance = |runs: u64| {
        let k = runs / 2;
        let ways = |x: u64, y: u64| {
            if x > a || y > b || x == 0 || y == 0 {
                0.0
            } else {
                exp(ln_choose(a - 1, x - 1) + ln_choose(b - 1, y - 1) - ln_all)
            }
        };
        if runs.is_multiple_of(2) { 2.0 * ways(k, k) } else { ways(k, k + 1) + ways(k + 1, k) }
    };
    Ok((2..=most_runs).map(chance).collect())
}

/// The most changes over all speakers for which the distribution of their sum is computed.
const MAX_SUM: usize = 20_000;

/// Returns the chances that random order within each speaker gives at most, and at least, the changes observed over all.
///
/// All orders count, not a sample of them: the chances of each number of changes are known for each speaker, and are added up
/// by convolution. `None` where that would take too long.
/// # Input   (changes, first labels, second labels) a speaker; speakers with one label only are left out
/// # Source  Stevens (1939), Annals of Eugenics 9(1): 10–17; pooled over speakers as the exact test over strata
#[must_use]
pub fn tails(speakers: &[(u64, u64, u64)]) -> Option<(f64, f64)> {
    let used = || speakers.iter().filter(|(_, a, b)| *a > 0 && *b > 0);
    let most: u64 = used().map(|(_, a, b)| 2 * a.min(b)).sum();
    if most == 0 || most > MAX_SUM as u64 {
        return None;
    }
    let (mut sum, mut observed, mut least) = (vec![1.0], 0_u64, 0_u64);
    for &(changes, a, b) in used() {
        let chances = distribution(a, b).ok()?;
        let mut next = vec![0.0; sum.len() + chances.len() - 1];
        for (i, x) in sum.iter().enumerate().filter(|(_, x)| **x > 0.0) {
            for (j, y) in chances.iter().enumerate() {
                next[i + j] += x * y;
            }
        }
        sum = next;
        observed += changes;
        least += 1;
    }
    let at = (observed.checked_sub(least)?) as usize;
    let few: f64 = sum.iter().take(at + 1).sum();
    let many: f64 = sum.iter().skip(at).sum();
    Some((few.min(1.0), many.min(1.0)))
}

fn ln_choose(n: u64, k: u64) -> f64 {
    use super::special::ln_gamma;
    ln_gamma(n as f64 + 1.0) - ln_gamma(k as f64 + 1.0) - ln_gamma((n - k) as f64 + 1.0)
}

/// Observed over expected changes, pooled over speakers, with its standard error.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct ChangeRatio {
    /// Changes observed.
    pub observed: f64,
    /// Changes expected in random order.
    pub expected: f64,
    /// Observed over expected: 1 free, above 1 alternating, below 1 separated.
    pub ratio: f64,
    /// Standard error of the ratio in random order.
    pub error_of_order: f64,
    /// Standard error of the ratio between speakers; none with fewer than five of them.
    pub error_of_speakers: Option<f64>,
    /// Speakers who use both labels.
    pub n_speakers: usize,
}

/// Speakers from which on their differences tell how certain a ratio is.
pub const MIN_SPEAKERS: usize = 5;

/// Returns the ratio of changes over speakers, each with changes observed and the numbers of both labels.
///
/// Its error is the larger of two: that of a random order, and that between speakers, who may differ in their habits.
/// # Input   (changes, first labels, second labels) a speaker; speakers with one label only are left out
/// # Errors  [`StatsError::Empty`] if no speaker uses both
/// # Source  Wald & Wolfowitz (1940); ratio over clusters: Cochran (1977), Sampling Techniques, section 6.5
pub fn change_ratio(speakers: &[(u64, u64, u64)]) -> Result<ChangeRatio, StatsError> {
    let (mut observed, mut expected, mut variance, mut pairs) = (0.0, 0.0, 0.0, Vec::new());
    for &(changes, a, b) in speakers {
        let Ok(want) = expected_changes(a, b) else { continue };
        observed += changes as f64;
        expected += want.mean;
        variance += want.variance;
        pairs.push((changes as f64, want.mean));
    }
    if pairs.is_empty() || expected <= 0.0 {
        return Err(StatsError::Empty);
    }
    let ratio = observed / expected;
    let n = pairs.len() as f64;
    let between = (pairs.len() >= MIN_SPEAKERS).then(|| {
        let squares: f64 = pairs.iter().map(|(o, e)| (o - ratio * e) * (o - ratio * e)).sum();
        sqrt(n / (n - 1.0) * squares) / expected
    });
    Ok(ChangeRatio {
        observed,
        expected,
        ratio,
        error_of_order: sqrt(variance) / expected,
        error_of_speakers: between,
        n_speakers: pairs.len(),
    })
}
