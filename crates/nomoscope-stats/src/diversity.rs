//! Effective numbers: how many equally frequent kinds would be as diverse as these.
//!
//! Hill numbers are read off weights as they are; the estimators take counts, because they learn from the kinds seen
//! once and twice how much was not seen. Kinds are categories, chance of being drawn is per unit: a study that codes
//! every occurrence of one source's favourite phrase does not draw independently, so intervals belong to the bootstrap over sources.

use super::special::{beta_fraction, digamma, ln_gamma};
use super::{StatsError, check_weights};
use libm::{exp, fabs, log, pow};

/// Returns the Hill number of order `q`: the number of kinds (0), the exponential of Shannon's entropy (1),
/// the inverse of Simpson's concentration (2), or anything between and beyond.
/// # Input   weights of kinds, finite and at least 0, not all 0; q ≥ 0
/// # Errors  [`StatsError::Empty`], [`StatsError::BadValue`]
/// # Source  Hill (1973), Ecology 54(2): 427–432; Jost (2006), Oikos 113(2): 363–375
pub fn hill_number(weights: &[f64], q: f64) -> Result<f64, StatsError> {
    if !(q.is_finite() && q >= 0.0) {
        return Err(StatsError::BadValue { what: "order", at: 0, value: q });
    }
    if fabs(q - 1.0) < 1e-9 {
        return entropy(weights).map(exp);
    }
    let total = positive_total(weights)?;
    let shares = weights.iter().filter(|w| **w > 0.0).map(|w| w / total);
    let sum: f64 = if q == 0.0 { shares.map(|_| 1.0).sum() } else { shares.map(|p| pow(p, q)).sum() };
    Ok(pow(sum, 1.0 / (1.0 - q)))
}

/// Returns the effective number of kinds (order 2) behind a sample: one over the chance that two of its units are of one kind.
///
/// Unbiased in that chance, so that it does not grow with the sample as the plug-in does.
/// # Input   counts of kinds; zeros are skipped
/// # Errors  [`StatsError::Empty`] where no kind was seen twice
/// # Source  Simpson (1949), Nature 163: 688
pub fn simpson_effective_number(counts: &[u64]) -> Result<f64, StatsError> {
    let pairs = |x: f64| x * (x - 1.0);
    let n = counts.iter().map(|&c| c as f64).sum::<f64>();
    let same = counts.iter().map(|&c| pairs(c as f64)).sum::<f64>();
    if same > 0.0 { Ok(pairs(n) / same) } else { Err(StatsError::Empty) }
}

/// Returns Shannon's entropy of weights, in nats.
/// # Errors  [`StatsError::Empty`] if no weight is above 0, [`StatsError::BadValue`]
/// # Source  Shannon (1948), Bell System Technical Journal 27: 379–423
pub fn entropy(weights: &[f64]) -> Result<f64, StatsError> {
    let total = positive_total(weights)?;
    let shares = weights.iter().filter(|w| **w > 0.0).map(|w| w / total);
    Ok(shares.map(|p| -p * log(p)).sum::<f64>().max(0.0))
}

fn positive_total(weights: &[f64]) -> Result<f64, StatsError> {
    let total = check_weights("weight", weights.iter().copied())?;
    if total > 0.0 { Ok(total) } else { Err(StatsError::Empty) }
}

/// Counts, with the numbers of kinds seen once and twice.
struct Sample {
    n: f64,
    singletons: f64,
    doubletons: f64,
}

impl Sample {
    fn new(counts: &[u64]) -> Result<Self, StatsError> {
        let n: u64 = counts.iter().sum();
        if n == 0 {
            return Err(StatsError::Empty);
        }
        let seen = |times: u64| counts.iter().filter(|&&c| c == times).count() as f64;
        Ok(Self { n: n as f64, singletons: seen(1), doubletons: seen(2) })
    }

    /// Returns the mean chance of one more unit of the kinds seen once, as the Good-Turing argument estimates it.
    fn chance_of_singletons(&self) -> f64 {
        let (n, f1, f2) = (self.n, self.singletons, self.doubletons);
        if f2 > 0.0 {
            2.0 * f2 / ((n - 1.0) * f1 + 2.0 * f2)
        } else if f1 > 0.0 {
            2.0 / ((n - 1.0) * (f1 - 1.0) + 2.0)
        } else {
            1.0
        }
    }
}

/// Returns the sample coverage: the share of all units that belong to kinds seen at least once.
/// # Input   counts of kinds; zeros are skipped
/// # Errors  [`StatsError::Empty`]
/// # Source  Chao & Jost (2012), Ecology 93(12): 2533–2547, equation 4a
pub fn coverage(counts: &[u64]) -> Result<f64, StatsError> {
    let sample = Sample::new(counts)?;
    let unseen = sample.singletons / sample.n * (1.0 - sample.chance_of_singletons());
    Ok((1.0 - unseen).clamp(0.0, 1.0))
}

/// Returns the entropy of the kinds behind a sample, in nats, unseen kinds included.
///
/// The plain entropy of a small sample is too low, and lower the smaller the sample: groups with fewer texts
/// would look poorer for that alone.
/// # Input   counts of kinds; zeros are skipped
/// # Errors  [`StatsError::Empty`]
/// # Source  Chao, Wang & Jost (2013), Methods in Ecology and Evolution 4(11): 1091–1100
pub fn chao_entropy(counts: &[u64]) -> Result<f64, StatsError> {
    let sample = Sample::new(counts)?;
    let n = sample.n;
    let psi_n = digamma(n);
    let seen: f64 =
        counts.iter().map(|&c| c as f64).filter(|&x| x >= 1.0 && x < n).map(|x| x / n * (psi_n - digamma(x))).sum();
    let unseen = sample.singletons / n * ln_remainder(n, sample.chance_of_singletons());
    Ok((seen + unseen).max(0.0))
}

/// Returns (1−A)^(1−n) × (−ln A − Σ (1−A)^r / r over r below n).
///
/// As written, the bracket cancels to nothing and its factor overflows. The same is Σ (1−A)^j / (n − 1 + j) over j
/// from 1 on, which is the incomplete beta function with second argument 0, and has its continued fraction.
fn ln_remainder(n: f64, a: f64) -> f64 {
    let rest = 1.0 - a;
    if rest <= 0.0 { 0.0 } else { rest / n * beta_fraction(n, 0.0, rest) }
}

/// Returns the effective number of kinds (order 1) behind a sample, unseen kinds included.
/// # Errors  [`StatsError::Empty`]
/// # Source  as [`chao_entropy`]
pub fn chao_effective_number(counts: &[u64]) -> Result<f64, StatsError> {
    chao_entropy(counts).map(exp)
}

/// Returns the effective number of kinds (order 1) to expect in a random part of `size` units.
///
/// Analytic: from the expected numbers of kinds seen k times in the part, without any random draw.
/// # Input   counts of kinds; 1 ≤ size ≤ their sum
/// # Errors  [`StatsError::Empty`], [`StatsError::SampleTooLarge`]
/// # Source  Chao et al. (2014), Ecological Monographs 84(1): 45–67, equations 4 and 7
pub fn rarefied_effective_number(counts: &[u64], size: u64) -> Result<f64, StatsError> {
    let n: u64 = counts.iter().sum();
    if n == 0 || size == 0 {
        return Err(StatsError::Empty);
    }
    if size > n {
        return Err(StatsError::SampleTooLarge { asked: size, available: n });
    }
    let ln_all = ln_choose(n, size);
    let mut entropy = 0.0;
    for &count in counts {
        let least = (size + count).saturating_sub(n).max(1);
        for k in least..=count.min(size) {
            let chance = exp(ln_choose(count, k) + ln_choose(n - count, size - k) - ln_all);
            let share = k as f64 / size as f64;
            entropy -= chance * share * log(share);
        }
    }
    Ok(exp(entropy))
}

fn ln_choose(n: u64, k: u64) -> f64 {
    ln_gamma(n as f64 + 1.0) - ln_gamma(k as f64 + 1.0) - ln_gamma((n - k) as f64 + 1.0)
}
