//! Two estimates with their variances, compared; and shares whose units depend on each other within sources.
//!
//! Sources are few and uneven, so the difference is judged by Student's t with the degrees of freedom that the two
//! variances together deserve (Satterthwaite 1946; Welch 1947), not by the normal distribution.

use super::special::{t_two_sided, t_two_sided_quantile};
use super::{Interval, StatsError, check_level, check_weights};
use libm::{exp, fabs, log, sqrt};

/// An estimate on a scale without bounds, such as a logarithm, with its sampling variance.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Estimated {
    /// The estimate.
    pub value: f64,
    /// Its variance.
    pub variance: f64,
    /// Degrees of freedom of the variance: sources less one.
    pub df: f64,
}

impl Estimated {
    /// Returns the exponential of an estimate on the scale of logarithms, with its interval.
    /// # Errors  [`StatsError::NotAProportion`] for the level
    /// # Source  Student (1908)
    pub fn exponential(&self, level: f64) -> Result<(f64, Interval), StatsError> {
        check_level(level)?;
        let reach = t_two_sided_quantile(1.0 - level, self.df) * sqrt(self.variance);
        let finite = |x: f64| Some(x).filter(|x| x.is_finite());
        let interval =
            Interval { lower: finite(exp(self.value - reach)), upper: finite(exp(self.value + reach)), level };
        Ok((exp(self.value), interval))
    }
}

/// A difference of two independent estimates.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Difference {
    /// First less second.
    pub value: f64,
    /// Its variance.
    pub variance: f64,
    /// Degrees of freedom.
    pub df: f64,
    /// Interval of the difference.
    pub interval: Interval,
    /// Two-sided p-value of no difference.
    pub p: f64,
}

impl Difference {
    /// Returns the ratio behind a difference of logarithms, with its interval.
    #[must_use]
    pub fn ratio(&self) -> (f64, Interval) {
        let back = |end: Option<f64>| end.map(exp).filter(|e| e.is_finite());
        let Interval { lower, upper, level } = self.interval;
        (exp(self.value), Interval { lower: back(lower), upper: back(upper), level })
    }
}

/// Returns the difference of two independent estimates by a Wald test with Satterthwaite's degrees of freedom.
/// # Input   finite values, variances of at least 0 (not both 0), degrees of freedom above 0
/// # Errors  [`StatsError::BadValue`], [`StatsError::NoVariance`], [`StatsError::NotAProportion`]
/// # Source  Wald (1943); Satterthwaite (1946), Biometrics Bulletin 2(6): 110–114; Welch (1947), Biometrika 34: 28–35
pub fn difference(first: Estimated, second: Estimated, level: f64) -> Result<Difference, StatsError> {
    check_level(level)?;
    for (at, e) in [first, second].into_iter().enumerate() {
        let bad = |what, value| Err(StatsError::BadValue { what, at, value });
        if !e.value.is_finite() {
            return bad("estimate", e.value);
        }
        if !(e.variance.is_finite() && e.variance >= 0.0) {
            return bad("variance", e.variance);
        }
        if !(e.df.is_finite() && e.df > 0.0) {
            return bad("degrees of freedom", e.df);
        }
    }
    let value = first.value - second.value;
    let variance = first.variance + second.variance;
    if variance <= 0.0 {
        return Err(StatsError::NoVariance { what: "the difference" });
    }
    // Shares of the variance: squares of the variances themselves may leave the range of numbers.
    let (x, y) = (first.variance / variance, second.variance / variance);
    let df = 1.0 / (x * x / first.df + y * y / second.df);
    let error = sqrt(variance);
    let reach = t_two_sided_quantile(1.0 - level, df) * error;
    let interval = Interval { lower: Some(value - reach), upper: Some(value + reach), level };
    Ok(Difference { value, variance, df, interval, p: t_two_sided(fabs(value) / error, df) })
}

/// A share of units, with the variance between sources.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct ClusteredShare {
    /// The share, between 0 and 1.
    pub share: f64,
    /// Its log-odds with their variance; none where the share is 0 or 1 or sources do not differ.
    pub logit: Option<Estimated>,
    /// Interval of the share, formed on log-odds.
    pub interval: Option<Interval>,
    /// Sources with any unit.
    pub n_sources: usize,
}

/// Returns the share Σ hits / Σ units of sources with its variance between them: S/(S−1) Σ (yₛ − p nₛ)² / N².
/// # Input   (hits, units) of each source, hits at most units; sources without units are skipped
/// # Errors  [`StatsError::Empty`], [`StatsError::BadValue`], [`StatsError::NotAProportion`]
/// # Source  linearised variance of a ratio: Cochran (1977), Sampling Techniques, 3rd ed., 6.4; on log-odds so that it stays within 0 and 1
pub fn clustered_share(sources: &[(f64, f64)], level: f64) -> Result<ClusteredShare, StatsError> {
    check_level(level)?;
    check_weights("count (two to a source)", sources.iter().flat_map(|&(hits, units)| [hits, units]))?;
    if let Some((at, &(value, _))) = sources.iter().enumerate().find(|(_, (hits, units))| hits > units) {
        return Err(StatsError::BadValue { what: "hits", at, value });
    }
    let (hits, units) = sources.iter().fold((0.0, 0.0), |(y, n), s| (y + s.0, n + s.1));
    if units <= 0.0 {
        return Err(StatsError::Empty);
    }
    let share = hits / units;
    let n_sources = sources.iter().filter(|s| s.1 > 0.0).count();
    let squares: f64 = sources.iter().map(|&(y, n)| (y - share * n) * (y - share * n)).sum();
    let df = n_sources as f64 - 1.0;
    let spread = share * (1.0 - share);
    if df < 1.0 || squares <= 0.0 || spread <= 0.0 {
        return Ok(ClusteredShare { share, logit: None, interval: None, n_sources });
    }
    let variance = n_sources as f64 / df * squares / (units * units) / (spread * spread);
    let value = log(share / (1.0 - share));
    let reach = t_two_sided_quantile(1.0 - level, df) * sqrt(variance);
    let back = |logit: f64| 1.0 / (1.0 + exp(-logit));
    let interval = Interval { lower: Some(back(value - reach)), upper: Some(back(value + reach)), level };
    Ok(ClusteredShare { share, logit: Some(Estimated { value, variance, df }), interval: Some(interval), n_sources })
}
