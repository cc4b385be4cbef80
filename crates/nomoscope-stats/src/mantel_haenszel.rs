//! One odds ratio common to many 2 × 2 tables (Mantel & Haenszel 1959), and how sure it is.
//!
//! [`Clustered`] lets sources be as uneven as they are: to take units as independent would be too sure for texts, where a
//! concept that occurs once tends to occur again nearby. [`equal_odds`] asks whether there is one odds ratio at all.

use super::special::{chi_square_sf, t_two_sided, t_two_sided_quantile};
use super::{Interval, StatsError, check_level, check_weights};
use libm::{exp, log, sqrt};

/// A 2 × 2 table of one stratum; counts, or weights.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
pub struct Stratum {
    /// Units with both.
    pub a: f64,
    /// Units with the first only.
    pub b: f64,
    /// Units with the second only.
    pub c: f64,
    /// Units with neither.
    pub d: f64,
}

impl Stratum {
    /// Returns a stratum of counts.
    #[must_use]
    pub fn new(a: u64, b: u64, c: u64, d: u64) -> Self {
        Self { a: a as f64, b: b as f64, c: c as f64, d: d as f64 }
    }

    /// Returns the number of units.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.a + self.b + self.c + self.d
    }

    /// Returns the stratum's summands of numerator and denominator of the common odds ratio, `ad/n` and `bc/n`.
    #[must_use]
    pub fn summands(&self) -> (f64, f64) {
        let n = self.total();
        if n > 0.0 { (self.a * self.d / n, self.b * self.c / n) } else { (0.0, 0.0) }
    }

    /// Returns the expected number of units with both if the two were independent in this stratum.
    #[must_use]
    pub fn expected_a(&self) -> f64 {
        let n = self.total();
        if n > 0.0 { (self.a + self.b) * (self.a + self.c) / n } else { 0.0 }
    }

    /// Returns the variance of `a` given the margins.
    fn variance_a(&self) -> f64 {
        let n = self.total();
        if n <= 1.0 {
            return 0.0;
        }
        (self.a + self.b) * (self.c + self.d) * (self.a + self.c) * (self.b + self.d) / (n * n * (n - 1.0))
    }
}

fn check(strata: &[Stratum]) -> Result<(), StatsError> {
    check_weights("cell (four to a stratum)", strata.iter().flat_map(|s| [s.a, s.b, s.c, s.d])).map(|_| ())
}

/// Returns numerator and denominator, both above zero, or which of them is empty.
fn sums(summands: impl Iterator<Item = (f64, f64)>) -> Result<(f64, f64), StatsError> {
    let (r, t) = summands.fold((0.0, 0.0), |(r, t), (ri, ti)| (r + ri, t + ti));
    match (r > 0.0, t > 0.0) {
        (true, true) => Ok((r, t)),
        (false, false) => Err(StatsError::NoInformativeStratum),
        (false, true) => Err(StatsError::EmptyNumerator),
        (true, false) => Err(StatsError::EmptyDenominator),
    }
}

/// A chi-square statistic with its p-value.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct ChiSquare {
    /// The statistic.
    pub statistic: f64,
    /// Degrees of freedom.
    pub df: f64,
    /// P-value.
    pub p: f64,
}

/// The common odds ratio with the variance between sources.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Clustered {
    /// Natural logarithm of the common odds ratio.
    pub ln_odds_ratio: f64,
    /// Variance of `ln_odds_ratio`, from the differences between sources.
    pub variance_ln: f64,
    /// Sources that contribute to numerator or denominator.
    pub n_informative: usize,
    /// Interval of the odds ratio.
    pub interval: Interval,
    /// Two-sided p-value of an odds ratio of 1, by t with `n_informative` − 1 degrees of freedom.
    pub p: f64,
}

/// Returns the common odds ratio with a variance that lets units of a source depend on each other.
///
/// A source's summands are sums over its strata (such as length deciles) of [`Stratum::summands`]. The variance is
/// S/(S−1) Σ (r/R − t/T)², S being the sources with any summand above zero: the others cannot move the ratio.
/// # Input   (r, t) of each source, finite and at least 0; at least two informative
/// # Errors  [`StatsError::TooFewSources`], [`StatsError::NoVariance`], [`StatsError::EmptyNumerator`],
///   [`StatsError::EmptyDenominator`], [`StatsError::NoInformativeStratum`], [`StatsError::BadValue`],
///   [`StatsError::NotAProportion`]
/// # Source  linearisation (sandwich) variance of a ratio of sums: Liang (1985), Biometrika 72(3): 678–682
pub fn clustered(summands: &[(f64, f64)], level: f64) -> Result<Clustered, StatsError> {
    check_level(level)?;
    check_weights("summand (two to a source)", summands.iter().flat_map(|&(r, t)| [r, t]))?;
    let (r, t) = sums(summands.iter().copied())?;
    let n_informative = summands.iter().filter(|&&(ri, ti)| ri > 0.0 || ti > 0.0).count();
    if n_informative < 2 {
        return Err(StatsError::TooFewSources { n: n_informative, needed: 2 });
    }
    let squares: f64 = summands.iter().map(|&(ri, ti)| ri / r - ti / t).map(|x| x * x).sum();
    let df = n_informative as f64 - 1.0;
    let variance_ln = (n_informative as f64 / df) * squares;
    if variance_ln <= 0.0 {
        return Err(StatsError::NoVariance { what: "the odds ratio between sources" });
    }
    let ln_odds_ratio = log(r / t);
    let error = sqrt(variance_ln);
    let reach = t_two_sided_quantile(1.0 - level, df) * error;
    Ok(Clustered {
        ln_odds_ratio,
        variance_ln,
        n_informative,
        interval: Interval {
            lower: Some(exp(ln_odds_ratio - reach)),
            upper: Some(exp(ln_odds_ratio + reach)).filter(|u| u.is_finite()),
            level,
        },
        p: t_two_sided(ln_odds_ratio / error, df),
    })
}

/// The test whether one odds ratio fits all strata.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct EqualOdds {
    /// Breslow and Day's statistic.
    pub breslow_day: ChiSquare,
    /// The statistic with Tarone's correction.
    pub tarone: ChiSquare,
    /// Smallest cell expected under the common odds ratio; below 5 the test errs too often.
    pub min_expected: f64,
}

/// Returns Breslow and Day's test of equal odds ratios, without and with Tarone's correction.
///
/// Strata with an empty margin say nothing of an odds ratio: they are skipped and not counted in the degrees of freedom.
/// # Errors  [`StatsError::NoInformativeStratum`] with fewer than two strata left, [`StatsError::EmptyNumerator`],
///   [`StatsError::EmptyDenominator`], [`StatsError::NoVariance`], [`StatsError::BadValue`]
/// # Source  Breslow & Day (1980), Statistical Methods in Cancer Research I, 4.4; Tarone (1985), Biometrika 72(1): 91–95
pub fn equal_odds(strata: &[Stratum]) -> Result<EqualOdds, StatsError> {
    check(strata)?;
    let (r, t) = sums(strata.iter().map(Stratum::summands))?;
    let common = r / t;
    let (mut statistic, mut difference, mut variance, mut min_expected) = (0.0, 0.0, 0.0, f64::INFINITY);
    let mut n_strata = 0.0;
    for stratum in strata.iter().filter(|s| s.variance_a() > 0.0) {
        let cells = fitted_cells(stratum, common);
        let stratum_variance = 1.0 / cells.iter().map(|cell| 1.0 / cell).sum::<f64>();
        let residual = stratum.a - cells[0];
        statistic += residual * residual / stratum_variance;
        difference += residual;
        variance += stratum_variance;
        min_expected = cells.iter().copied().fold(min_expected, f64::min);
        n_strata += 1.0;
    }
    if n_strata < 2.0 {
        return Err(StatsError::NoInformativeStratum);
    }
    if variance <= 0.0 || !statistic.is_finite() {
        return Err(StatsError::NoVariance { what: "the joint count" });
    }
    let df = n_strata - 1.0;
    let test = |statistic: f64| ChiSquare { statistic, df, p: chi_square_sf(statistic, df) };
    let corrected = f64::max(statistic - difference * difference / variance, 0.0);
    Ok(EqualOdds { breslow_day: test(statistic), tarone: test(corrected), min_expected })
}

/// Returns the cells with the stratum's margins and the given odds ratio.
fn fitted_cells(stratum: &Stratum, odds_ratio: f64) -> [f64; 4] {
    let (row, column, n) = (stratum.a + stratum.b, stratum.a + stratum.c, stratum.total());
    // (1 − ψ) x² + (n − row − column + ψ (row + column)) x − ψ row column = 0, in the form without cancellation.
    let linear = n - row - column + odds_ratio * (row + column);
    let quadratic = 1.0 - odds_ratio;
    let constant = odds_ratio * row * column;
    let root = sqrt((linear * linear + 4.0 * quadratic * constant).max(0.0));
    // n − row − column may be negative, but linear > 0 whenever the margins are free, except for tiny odds ratios.
    let a = if linear >= 0.0 { 2.0 * constant / (linear + root) } else { (root - linear) / (2.0 * quadratic) };
    let a = a.clamp((row + column - n).max(0.0), row.min(column));
    [a, row - a, column - a, n - row - column + a]
}
