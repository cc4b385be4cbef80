//! Agreement between coders: percent, Cohen's and Fleiss' kappa, Krippendorff's alpha, Gwet's AC, Brennan and Prediger.
//!
//! Sees ratings only: which coder gave which unit which category. Units may carry a weight (a run of characters that all
//! coders treat alike) and belong to a cluster (a source), because units of one text are not drawn independently: the
//! bootstrap draws clusters. All coefficients but percent have the form 1 − observed / expected disagreement, and are
//! handed out as those two numbers, so that several concepts can be pooled before the division.

use super::StatsError;
use super::bootstrap::{multiplicities, percentile_interval, quantile};
use super::rng::Seed;
use super::special::{normal_cdf, normal_quantile};
use super::{Interval, check_level};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The most pairs of coders that are compared one by one.
pub const MAX_PAIRS: usize = 100_000;
/// The most pairs of coders that are compared again in each draw.
const MAX_DRAWN_PAIRS: usize = 1000;
/// The most comparisons of values that the draws may cost at ratio level, where each value meets each other.
const MAX_RATIO_STEPS: usize = 20_000_000_000;
/// The most categories for which chance is summed over all pairs of them, at ratio level.
const MAX_RATIO_CATEGORIES: usize = 2000;
/// The least number of clusters that an interval is drawn from.
pub const MIN_CLUSTERS: usize = 5;
/// Clusters, and clusters that hold anything but the most frequent category, from which on intervals keep their level.
const CALIBRATED: (usize, usize) = (30, 10);
/// Clusters up to which the jackknife that corrects the interval is affordable; beyond, the correction is negligible.
const MAX_JACKKNIFE: usize = 1000;

/// What may be done with the values that coders give.
/// # Source  Stevens (1946), Science 103(2684): 677–680
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Measurement {
    /// Names: the same or not.
    Nominal,
    /// Ranks.
    Ordinal,
    /// Numbers with differences.
    Interval,
    /// Numbers with a zero, compared by their relative difference.
    Ratio,
}

impl Measurement {
    /// All levels, the weakest first.
    pub const ALL: [Self; 4] = [Self::Nominal, Self::Ordinal, Self::Interval, Self::Ratio];

    /// Returns the name used in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nominal => "nominal",
            Self::Ordinal => "ordinal",
            Self::Interval => "interval",
            Self::Ratio => "ratio",
        }
    }
}

/// Why a coefficient of agreement is not given.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum AgreementError {
    /// Nobody to agree with.
    #[error("{n} {}: agreement needs two", if *.n == 1 { "coder" } else { "coders" })]
    TooFewCoders {
        /// Coders with any value.
        n: usize,
    },
    /// No unit has two values.
    #[error("no unit was coded by two coders")]
    NoPair,
    /// All values are the same.
    #[error("all values are the same: without variation agreement cannot be told from chance")]
    NoVariation,
    /// Too many different values to compare each with each.
    #[error("{n} different values, more than {MAX_RATIO_CATEGORIES} at ratio level")]
    TooManyValues {
        /// Values.
        n: usize,
    },
    /// No two coders coded the same place with anything.
    #[error("no two coders coded the same place")]
    NoIntersection,
    /// Too many pairs to compare one by one.
    #[error("{n} pairs of coders, more than {MAX_PAIRS}")]
    TooManyPairs {
        /// Pairs.
        n: usize,
    },
    /// A value that the level of measurement does not allow.
    #[error("value `{value}` is not possible at the level {}", .level.name())]
    BadValue {
        /// The value.
        value: f64,
        /// The level.
        level: Measurement,
    },
    /// A rating that names no category or a unit of another width.
    #[error("unit {unit} does not fit the table: {n_coders} coders, {n_categories} categories")]
    Malformed {
        /// Position of the unit.
        unit: usize,
        /// Coders.
        n_coders: usize,
        /// Categories.
        n_categories: usize,
    },
}

/// A unit with what each coder said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RatedUnit {
    /// Category by coder; none where the value is missing.
    pub by_coder: Vec<Option<u32>>,
    /// How many units this one stands for.
    pub weight: u64,
    /// The cluster that the bootstrap draws it with.
    pub cluster: u32,
}

/// Disagreement as it was seen, and as chance alone would make it.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
pub struct Disagreement {
    /// Seen.
    pub observed: f64,
    /// To be expected if values were dealt out at random.
    pub expected: f64,
}

impl Disagreement {
    /// Returns 1 − observed / expected.
    /// # Errors  [`AgreementError::NoVariation`] where nothing is expected
    pub fn agreement(self) -> Result<f64, AgreementError> {
        if self.expected > 0.0 { Ok(1.0 - self.observed / self.expected) } else { Err(AgreementError::NoVariation) }
    }

    /// Returns the sums over several.
    #[must_use]
    pub fn pooled(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().fold(Self::default(), |sum, d| Self {
            observed: sum.observed + d.observed,
            expected: sum.expected + d.expected,
        })
    }
}

/// Units alike in all that counts, within one cluster.
#[derive(Debug, Clone)]
struct Row {
    by_coder: Vec<Option<u32>>,
    /// Categories with how many coders gave them.
    counts: Vec<(u32, u32)>,
    /// How many coders gave a value.
    n: u32,
    weight: f64,
    cluster: usize,
    /// Mean disagreement of the pairs, times n, at the levels nominal, interval and ratio; ordinal depends on the draw.
    within: [f64; 3],
}

/// Reliability data: units by coders.
#[derive(Debug, Clone)]
pub struct Ratings {
    n_coders: usize,
    n_clusters: usize,
    /// Value of each category, divided by the greatest: squares stay finite, and no coefficient changes.
    values: Vec<f64>,
    rows: Vec<Row>,
}

impl Ratings {
    /// Returns the data in a form that can be counted many times.
    /// # Input   `values`: number that each category stands for, ascending at ordinal level and above; at nominal level anything
    /// # Errors  [`AgreementError::Malformed`]; [`AgreementError::BadValue`] for a value that is not finite
    pub fn new(n_coders: usize, values: &[f64], units: &[RatedUnit]) -> Result<Self, AgreementError> {
        if let Some(&value) = values.iter().find(|v| !v.is_finite()) {
            return Err(AgreementError::BadValue { value, level: Measurement::Interval });
        }
        let greatest = values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let values: Vec<f64> = values.iter().map(|v| if greatest > 0.0 { v / greatest } else { 0.0 }).collect();
        let mut merged: BTreeMap<(u32, &[Option<u32>]), f64> = BTreeMap::new();
        for (at, unit) in units.iter().enumerate() {
            let fits = |c: &u32| (*c as usize) < values.len();
            if unit.by_coder.len() != n_coders || !unit.by_coder.iter().flatten().all(fits) {
                return Err(AgreementError::Malformed { unit: at, n_coders, n_categories: values.len() });
            }
            *merged.entry((unit.cluster, &unit.by_coder)).or_default() += unit.weight as f64;
        }
        let rows: Vec<Row> = merged.into_iter().map(|((c, by), weight)| row(by, weight, c as usize, &values)).collect();
        let n_clusters = units.iter().map(|u| u.cluster as usize + 1).max().unwrap_or(0);
        Ok(Self { n_coders, n_clusters, values, rows })
    }

    /// Returns the number of clusters.
    #[must_use]
    pub const fn n_clusters(&self) -> usize {
        self.n_clusters
    }

    /// Returns the number of units with at least two values.
    #[must_use]
    pub fn n_units(&self) -> u64 {
        self.rows.iter().filter(|r| r.n >= 2).map(|r| r.weight as u64).sum()
    }

    /// Returns in how many clusters a unit has at least two values: only these tell how far coders agree.
    #[must_use]
    pub fn n_telling_clusters(&self) -> usize {
        self.rows.iter().filter(|r| r.n >= 2).map(|r| r.cluster).collect::<BTreeSet<_>>().len()
    }

    /// Returns in how many clusters anything but the most frequent category was given.
    #[must_use]
    pub fn n_uncommon_clusters(&self) -> usize {
        let mut totals = vec![0.0_f64; self.values.len()];
        for row in self.rows.iter().filter(|r| r.n >= 2) {
            row.counts.iter().for_each(|&(c, k)| totals[c as usize] += row.weight * f64::from(k));
        }
        let common = (0..totals.len()).fold(0, |best, c| if totals[c] > totals[best] { c } else { best });
        let uncommon = |r: &&Row| r.n >= 2 && r.counts.iter().any(|(c, _)| *c as usize != common);
        self.rows.iter().filter(uncommon).map(|r| r.cluster).collect::<BTreeSet<_>>().len()
    }

    /// Returns what the calibration says against intervals from these data, if anything: see docs/calibration.md.
    /// # Input   what a cluster is: `units`
    #[must_use]
    pub fn caution(&self, what: &str) -> Option<String> {
        caution(self.n_telling_clusters(), self.n_uncommon_clusters(), what)
    }

    /// Returns the number of units that two coders both coded.
    #[must_use]
    pub fn n_pair_units(&self, a: usize, b: usize) -> u64 {
        let both = |r: &&Row| r.by_coder[a].is_some() && r.by_coder[b].is_some();
        self.rows.iter().filter(both).map(|r| r.weight as u64).sum()
    }

    /// Returns every cluster once.
    #[must_use]
    pub fn all(&self) -> Vec<u32> {
        vec![1; self.n_clusters]
    }

    /// Rows with at least `least` values, each with its weight in the draw.
    fn drawn<'a>(&'a self, times: &'a [u32], least: u32) -> impl Iterator<Item = (&'a Row, f64)> {
        self.rows
            .iter()
            .filter(move |r| r.n >= least)
            .map(move |r| (r, r.weight * f64::from(times[r.cluster])))
            .filter(|(_, w)| *w > 0.0)
    }

    /// Returns the share of pairs of values of a unit that are the same, averaged over units with at least two.
    ///
    /// For two coders the share of units on which they agree; for more, that of their pairs.
    /// # Input   `times`: how often each cluster counts
    /// # Errors  [`AgreementError::NoPair`]
    /// # Source  Fleiss (1971), Psychological Bulletin 76(5): 378–382, formula 5
    pub fn percent(&self, times: &[u32]) -> Result<f64, AgreementError> {
        let (mut units, mut differing) = (0.0, 0.0);
        for (row, weight) in self.drawn(times, 2) {
            units += weight;
            differing += weight * row.within[0] / f64::from(row.n);
        }
        if units > 0.0 { Ok(1.0 - differing / units) } else { Err(AgreementError::NoPair) }
    }

    /// Returns the disagreement of Cohen's kappa between two coders, over the units that both coded.
    /// # Input   indices of the coders
    /// # Errors  [`AgreementError::NoPair`]
    /// # Source  Cohen (1960), Educational and Psychological Measurement 20(1): 37–46
    pub fn cohen(&self, a: usize, b: usize, times: &[u32]) -> Result<Disagreement, AgreementError> {
        let mut marginals = vec![[0.0_f64; 2]; self.values.len()];
        let (mut units, mut differing) = (0.0, 0.0);
        for (row, weight) in self.drawn(times, 2) {
            if let (Some(x), Some(y)) = (row.by_coder[a], row.by_coder[b]) {
                units += weight;
                marginals[x as usize][0] += weight;
                marginals[y as usize][1] += weight;
                differing += if x == y { 0.0 } else { weight };
            }
        }
        if units <= 0.0 {
            return Err(AgreementError::NoPair);
        }
        let same: f64 = marginals.iter().map(|[x, y]| x * y).sum();
        Ok(Disagreement { observed: differing / units, expected: (units * units - same) / (units * units) })
    }

    /// Returns the share of pairs of values of a unit that differ, averaged over units with at least two, and the mean share
    /// of each category over all units with any value, every unit counting once, however many coded it.
    fn seen_and_shares(&self, level: Measurement, times: &[u32]) -> Result<(f64, Vec<f64>), AgreementError> {
        let (mut pairs, mut differing, mut units) = (0.0, 0.0, 0.0);
        let mut shares = vec![0.0_f64; self.values.len()];
        for (row, weight) in self.drawn(times, 1) {
            units += weight;
            for &(category, count) in &row.counts {
                shares[category as usize] += weight * f64::from(count) / f64::from(row.n);
            }
            if row.n >= 2 {
                pairs += weight;
                differing += weight * self.graded(row, level) / f64::from(row.n);
            }
        }
        if pairs <= 0.0 {
            return Err(AgreementError::NoPair);
        }
        shares.iter_mut().for_each(|s| *s /= units);
        Ok((differing / pairs, shares))
    }

    /// Returns the disagreement of Fleiss' kappa over units with at least two values, however many coders gave them.
    ///
    /// Units that not all coders coded count like others: what was seen is averaged over units with at least two values, the
    /// shares of categories over all units. With complete units this is Fleiss (1971).
    /// # Errors  [`AgreementError::NoPair`]
    /// # Source  Fleiss (1971), Psychological Bulletin 76(5): 378–382; incomplete units: Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., chapter 2
    pub fn fleiss(&self, times: &[u32]) -> Result<Disagreement, AgreementError> {
        let (observed, shares) = self.seen_and_shares(Measurement::Nominal, times)?;
        Ok(Disagreement { observed, expected: unlike(&shares) })
    }

    /// Returns the disagreement of Gwet's AC1 (nominal level) or AC2 (above it, with the weights of `irrCAC`: ordinal,
    /// quadratic, ratio).
    ///
    /// Chance is how often raters guess at all, so that agreement on a rare category is not called chance as kappa does.
    /// # Errors  [`AgreementError::NoPair`], [`AgreementError::TooManyValues`]; [`AgreementError::BadValue`] for a negative value at ratio level
    /// # Source  Gwet (2008), British Journal of Mathematical and Statistical Psychology 61(1): 29–48; Gwet (2014), chapters 4 and 5
    pub fn gwet(&self, level: Measurement, times: &[u32]) -> Result<Disagreement, AgreementError> {
        let apart = self.apart(level)?;
        let (observed, shares) = self.seen_and_shares(level, times)?;
        let q = self.values.len() as f64;
        let agreeing = if q > 1.0 { (q * q - apart) * unlike(&shares) / (q * (q - 1.0)) } else { 1.0 };
        Ok(Disagreement { observed, expected: 1.0 - agreeing })
    }

    /// Returns the disagreement of Brennan and Prediger's coefficient: chance deals all categories out alike.
    /// # Errors  as for [`Ratings::gwet`]
    /// # Source  Brennan & Prediger (1981), Educational and Psychological Measurement 41(3): 687–699; weights: Gwet (2014), chapter 4
    pub fn brennan_prediger(&self, level: Measurement, times: &[u32]) -> Result<Disagreement, AgreementError> {
        let apart = self.apart(level)?;
        let (observed, _) = self.seen_and_shares(level, times)?;
        let q = self.values.len() as f64;
        Ok(Disagreement { observed, expected: apart / (q * q) })
    }

    /// Returns the sum over all ordered pairs of categories of how far they lie apart, the farthest two being 1 apart.
    fn apart(&self, level: Measurement) -> Result<f64, AgreementError> {
        let (values, q) = (&self.values, self.values.len());
        let n = q as f64;
        Ok(match level {
            Measurement::Nominal => n * (n - 1.0),
            Measurement::Ordinal => (1..q).map(|d| 2.0 * (n - d as f64) * steps(d) / steps(q - 1)).sum(),
            Measurement::Interval => {
                let (sum, squares) = values.iter().fold((0.0, 0.0), |(s, t), v| (s + v, t + v * v));
                let range = self.range();
                if range > 0.0 { 2.0 * (n * squares - sum * sum) / (range * range) } else { 0.0 }
            }
            Measurement::Ratio if q > MAX_RATIO_CATEGORIES => return Err(AgreementError::TooManyValues { n: q }),
            Measurement::Ratio => {
                if let Some(&value) = values.iter().find(|v| **v < 0.0) {
                    return Err(AgreementError::BadValue { value, level });
                }
                let farthest = self.farthest();
                let all = values.iter().flat_map(|a| values.iter().map(move |b| relative(*a, *b)));
                if farthest > 0.0 { all.sum::<f64>() / farthest } else { 0.0 }
            }
        })
    }

    /// Returns the differences within a unit as [`within`], the farthest two categories being 1 apart.
    fn graded(&self, row: &Row, level: Measurement) -> f64 {
        let scaled = |sum: f64, by: f64| if by > 0.0 { sum / by } else { 0.0 };
        match level {
            Measurement::Nominal => row.within[0],
            Measurement::Interval => scaled(row.within[1], self.range() * self.range()),
            Measurement::Ratio => scaled(row.within[2], self.farthest()),
            Measurement::Ordinal => within(&row.counts, row.n, |counts| {
                let apart = |&(a, k): &(u32, u32), &(b, l): &(u32, u32)| {
                    f64::from(k) * f64::from(l) * steps(a.abs_diff(b) as usize)
                };
                let all = counts.iter().flat_map(|x| counts.iter().map(move |y| apart(x, y)));
                scaled(all.sum(), steps(self.values.len().saturating_sub(1)))
            }),
        }
    }

    fn range(&self) -> f64 {
        let (low, high) = ends(&self.values);
        high - low
    }

    fn farthest(&self) -> f64 {
        let (low, high) = ends(&self.values);
        relative(low, high)
    }

    /// Returns the disagreement of Krippendorff's alpha: all values of units that have at least two, however many coders gave them.
    /// # Errors  [`AgreementError::NoPair`]; [`AgreementError::BadValue`] for a negative value at ratio level
    /// # Source  Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; Krippendorff (2019), Content Analysis, 4th ed., chapter 12
    pub fn alpha(&self, level: Measurement, times: &[u32]) -> Result<Disagreement, AgreementError> {
        if let Some(&value) = self.values.iter().find(|&&v| v < 0.0 && level == Measurement::Ratio) {
            return Err(AgreementError::BadValue { value, level });
        }
        let mut totals = vec![0.0_f64; self.values.len()];
        let mut n = 0.0;
        for (row, weight) in self.drawn(times, 2) {
            n += weight * f64::from(row.n);
            for &(category, count) in &row.counts {
                totals[category as usize] += weight * f64::from(count);
            }
        }
        if n <= 0.0 {
            return Err(AgreementError::NoPair);
        }
        let ranks = if level == Measurement::Ordinal { middle_ranks(&totals) } else { Vec::new() };
        let seen: f64 = self.drawn(times, 2).map(|(row, weight)| weight * self.within(row, level, &ranks)).sum();
        let chance = match level {
            Measurement::Nominal => n * n - totals.iter().map(|t| t * t).sum::<f64>(),
            Measurement::Interval => squares_of_totals(&totals, &self.values),
            Measurement::Ordinal => squares_of_totals(&totals, &ranks),
            Measurement::Ratio => relative_squares_of_totals(&totals, &self.values),
        };
        Ok(Disagreement { observed: seen / n, expected: if n > 1.0 { chance / (n * (n - 1.0)) } else { 0.0 } })
    }

    /// Returns how far the values of each cluster lie apart, measured by what chance makes of the same values: 0 for
    /// agreement, about 1 for values dealt out at random; none where no unit of it has two values.
    /// # Errors  as for [`Ratings::alpha`], and [`AgreementError::NoVariation`]
    pub fn disagreement_by_cluster(&self, level: Measurement) -> Result<Vec<Option<f64>>, AgreementError> {
        let whole = self.alpha(level, &self.all())?;
        if whole.expected <= 0.0 {
            return Err(AgreementError::NoVariation);
        }
        let mut totals = vec![0.0_f64; self.values.len()];
        for (row, weight) in self.rows.iter().filter(|r| r.n >= 2).map(|r| (r, r.weight)) {
            for &(category, count) in &row.counts {
                totals[category as usize] += weight * f64::from(count);
            }
        }
        let ranks = middle_ranks(&totals);
        let mut sums = vec![(0.0, 0.0); self.n_clusters];
        for row in self.rows.iter().filter(|r| r.n >= 2) {
            let (apart, n) = &mut sums[row.cluster];
            *apart += row.weight * self.within(row, level, &ranks);
            *n += row.weight * f64::from(row.n);
        }
        Ok(sums.into_iter().map(|(apart, n)| (n > 0.0).then(|| apart / n / whole.expected)).collect())
    }

    fn within(&self, row: &Row, level: Measurement, ranks: &[f64]) -> f64 {
        match level {
            Measurement::Nominal => row.within[0],
            Measurement::Interval => row.within[1],
            Measurement::Ratio => row.within[2],
            Measurement::Ordinal => within(&row.counts, row.n, |counts| squares(counts, ranks)),
        }
    }

    /// Returns the same data with one category against all others.
    #[must_use]
    pub fn only(&self, category: u32) -> Self {
        let binary = |value: &Option<u32>| value.map(|v| u32::from(v == category));
        let values = [0.0, 1.0];
        let rows = self
            .rows
            .iter()
            .map(|r| row(&r.by_coder.iter().map(binary).collect::<Vec<_>>(), r.weight, r.cluster, &values))
            .collect();
        Self { rows, values: values.to_vec(), ..self.clone() }
    }
}

/// Returns what the calibration says against intervals drawn from so many clusters, of which so many hold anything but the
/// most frequent category; `what` they are: `sources`.
#[must_use]
pub fn caution(n_clusters: usize, n_uncommon: usize, what: &str) -> Option<String> {
    if n_clusters < CALIBRATED.0 {
        Some(format!("intervals are drawn from {n_clusters} {what}, and are not to be trusted below {}", CALIBRATED.0))
    } else if n_uncommon < CALIBRATED.1 {
        let least = CALIBRATED.1;
        Some(format!(
            "only {n_uncommon} {what} hold anything but the most frequent value; below {least} intervals are too narrow"
        ))
    } else {
        None
    }
}

fn row(by_coder: &[Option<u32>], weight: f64, cluster: usize, values: &[f64]) -> Row {
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    for &category in by_coder.iter().flatten() {
        *counts.entry(category).or_default() += 1;
    }
    let counts: Vec<(u32, u32)> = counts.into_iter().collect();
    let n: u32 = counts.iter().map(|(_, c)| c).sum();
    let within = [
        within(&counts, n, |c| {
            f64::from(n) * f64::from(n) - c.iter().map(|&(_, k)| f64::from(k) * f64::from(k)).sum::<f64>()
        }),
        within(&counts, n, |c| squares(c, values)),
        within(&counts, n, |c| relative_squares(c, values)),
    ];
    Row { by_coder: by_coder.to_vec(), counts, n, weight, cluster, within }
}

/// Sum of differences over ordered pairs of a unit's values, divided by n − 1; exactly 0 where all are the same.
fn within(counts: &[(u32, u32)], n: u32, sum: impl Fn(&[(u32, u32)]) -> f64) -> f64 {
    if n < 2 || counts.len() < 2 { 0.0 } else { sum(counts) / (f64::from(n) - 1.0) }
}

/// Sum of squared differences over ordered pairs: 2 n times the sum of squares about the mean.
fn squares(counts: &[(u32, u32)], values: &[f64]) -> f64 {
    let n: f64 = counts.iter().map(|&(_, k)| f64::from(k)).sum();
    let mean = counts.iter().map(|&(c, k)| f64::from(k) * values[c as usize]).sum::<f64>() / n;
    let about = |&(c, k): &(u32, u32)| f64::from(k) * (values[c as usize] - mean) * (values[c as usize] - mean);
    2.0 * n * counts.iter().map(about).sum::<f64>()
}

fn squares_of_totals(totals: &[f64], values: &[f64]) -> f64 {
    let n: f64 = totals.iter().sum();
    // Of one category the mean may be off by a rounding, and nothing would look like a little variation.
    if totals.iter().filter(|t| **t > 0.0).count() < 2 {
        return 0.0;
    }
    let mean = totals.iter().zip(values).map(|(t, v)| t * v).sum::<f64>() / n;
    2.0 * n * totals.iter().zip(values).map(|(t, v)| t * (v - mean) * (v - mean)).sum::<f64>()
}

fn relative(a: f64, b: f64) -> f64 {
    let sum = a + b;
    if sum == 0.0 { 0.0 } else { (a - b) / sum * ((a - b) / sum) }
}

fn relative_squares(counts: &[(u32, u32)], values: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (i, &(a, m)) in counts.iter().enumerate() {
        for &(b, n) in &counts[i + 1..] {
            sum += 2.0 * f64::from(m) * f64::from(n) * relative(values[a as usize], values[b as usize]);
        }
    }
    sum
}

fn relative_squares_of_totals(totals: &[f64], values: &[f64]) -> f64 {
    let used: Vec<(f64, f64)> = totals.iter().copied().zip(values.iter().copied()).filter(|(t, _)| *t > 0.0).collect();
    let mut sum = 0.0;
    for (i, &(m, a)) in used.iter().enumerate() {
        for &(n, b) in &used[i + 1..] {
            sum += 2.0 * m * n * relative(a, b);
        }
    }
    sum
}

/// The rank in the middle of each category: the ordinal difference of two categories is that of their middle ranks.
fn middle_ranks(totals: &[f64]) -> Vec<f64> {
    let mut below = 0.0;
    totals
        .iter()
        .map(|t| {
            let middle = below + t / 2.0;
            below += t;
            middle
        })
        .collect()
}

/// The chance that two values drawn from these shares differ.
fn unlike(shares: &[f64]) -> f64 {
    1.0 - shares.iter().map(|s| s * s).sum::<f64>()
}

/// How far two categories lie apart in ranks, as ordinal weights count it: the pairs among those from the one to the other.
/// # Source  Gwet (2014), chapter 3; `irrCAC`, `ordinal.weights`
fn steps(ranks: usize) -> f64 {
    ranks as f64 * (ranks as f64 + 1.0) / 2.0
}

fn ends(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &v| (low.min(v), high.max(v)))
}

/// The coefficients by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coefficient {
    /// Share of agreeing pairs.
    Percent,
    /// Cohen's kappa; of more than two coders the mean over their pairs (Light 1971).
    CohenKappa,
    /// Fleiss' kappa.
    FleissKappa,
    /// Krippendorff's alpha of values given to units.
    KrippendorffAlpha,
    /// Gwet's AC: AC1 at nominal level, AC2 above it.
    GwetAc,
    /// Brennan and Prediger's coefficient.
    BrennanPrediger,
    /// Krippendorff's alpha of unitising: where, how far, and as what.
    UAlpha,
    /// Krippendorff's alpha of coding where coders marked the same place.
    CuAlpha,
    /// The same of one category.
    KuAlpha,
}

impl Coefficient {
    /// Returns the name used in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Percent => "percent",
            Self::CohenKappa => "cohen-kappa",
            Self::FleissKappa => "fleiss-kappa",
            Self::KrippendorffAlpha => "krippendorff-alpha",
            Self::GwetAc => "gwet-ac",
            Self::BrennanPrediger => "brennan-prediger",
            Self::UAlpha => "u-alpha",
            Self::CuAlpha => "cu-alpha",
            Self::KuAlpha => "ku-alpha",
        }
    }
}

/// A coefficient with its interval, or why either is missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Which.
    pub coefficient: Coefficient,
    /// The level of measurement at which values are compared.
    pub level: Measurement,
    /// The value: 1 is perfect agreement, 0 what chance makes.
    pub value: Result<f64, AgreementError>,
    /// Its interval.
    pub interval: Result<Interval, NoInterval>,
    /// Units that it rests on.
    pub n_units: u64,
}

/// What the coefficients of ratings are counted from: those of several categories may be pooled.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// Percent agreement.
    pub percent: Result<f64, AgreementError>,
    /// Disagreement of each pair of coders, in the order of [`pairs`]; an error where there are too many.
    pub cohen: Result<Vec<Result<Disagreement, AgreementError>>, AgreementError>,
    /// Disagreement of Fleiss' kappa.
    pub fleiss: Result<Disagreement, AgreementError>,
    /// Disagreement of Krippendorff's alpha.
    pub alpha: Result<Disagreement, AgreementError>,
    /// Disagreement of Gwet's AC.
    pub gwet: Result<Disagreement, AgreementError>,
    /// Disagreement of Brennan and Prediger's coefficient.
    pub brennan_prediger: Result<Disagreement, AgreementError>,
}

/// Returns the pairs of coders, first by first.
#[must_use]
pub fn pairs(n_coders: usize) -> Vec<(usize, usize)> {
    (0..n_coders).flat_map(|a| (a + 1..n_coders).map(move |b| (a, b))).collect()
}

impl Ratings {
    /// Returns everything that the coefficients are made of, for one draw of clusters.
    #[must_use]
    pub fn count(&self, level: Measurement, times: &[u32]) -> Counted {
        self.count_up_to(MAX_PAIRS, level, times)
    }

    const fn n_pairs(&self) -> usize {
        self.n_coders * self.n_coders.saturating_sub(1) / 2
    }

    fn count_up_to(&self, max_pairs: usize, level: Measurement, times: &[u32]) -> Counted {
        let n_pairs = self.n_pairs();
        let cohen = if n_pairs > max_pairs {
            Err(AgreementError::TooManyPairs { n: n_pairs })
        } else {
            Ok(pairs(self.n_coders).into_iter().map(|(a, b)| self.cohen(a, b, times)).collect())
        };
        Counted {
            percent: self.percent(times),
            cohen,
            fleiss: self.fleiss(times),
            alpha: self.alpha(level, times),
            gwet: self.gwet(level, times),
            brennan_prediger: self.brennan_prediger(level, times),
        }
    }
}

impl Counted {
    /// Returns the coefficients in the order of [`OF_RATINGS`].
    pub fn values(&self) -> [Result<f64, AgreementError>; 6] {
        [
            self.percent,
            self.cohen.as_ref().map_err(|e| *e).and_then(|pairs| mean_kappa(pairs)),
            self.fleiss.and_then(Disagreement::agreement),
            self.alpha.and_then(Disagreement::agreement),
            self.gwet.and_then(Disagreement::agreement),
            self.brennan_prediger.and_then(Disagreement::agreement),
        ]
    }

    /// Returns the coefficients of several decisions together: percent is averaged, and for the others the observed and
    /// the expected disagreements are summed before they are divided, so that a rare category weighs little.
    /// # Source  De Vries, Elliott, Kanouse & Teleki (2008), Field Methods 20(3): 272–282
    #[must_use]
    pub fn pooled(all: &[Self]) -> Self {
        let sum = |of: &dyn Fn(&Self) -> Result<Disagreement, AgreementError>| {
            let found: Vec<Disagreement> = all.iter().filter_map(|c| of(c).ok()).collect();
            match (found.is_empty(), all.first()) {
                (true, Some(first)) => of(first),
                (true, None) => Err(AgreementError::NoPair),
                (false, _) => Ok(Disagreement::pooled(found)),
            }
        };
        let percents: Vec<f64> = all.iter().filter_map(|c| c.percent.ok()).collect();
        let n_pairs = all.iter().filter_map(|c| c.cohen.as_ref().ok()).map(Vec::len).max().unwrap_or(0);
        let too_many = all.iter().find_map(|c| c.cohen.as_ref().err());
        let of_pair = |at: usize| {
            sum(&|c| {
                c.cohen.as_ref().map_err(|e| *e).and_then(|p| p.get(at).copied().unwrap_or(Err(AgreementError::NoPair)))
            })
        };
        Self {
            percent: if percents.is_empty() {
                Err(AgreementError::NoPair)
            } else {
                Ok(percents.iter().sum::<f64>() / percents.len() as f64)
            },
            cohen: too_many.map_or_else(|| Ok((0..n_pairs).map(of_pair).collect()), |e| Err(*e)),
            fleiss: sum(&|c| c.fleiss),
            alpha: sum(&|c| c.alpha),
            gwet: sum(&|c| c.gwet),
            brennan_prediger: sum(&|c| c.brennan_prediger),
        }
    }
}

/// Mean of the kappas of the pairs that have one.
/// # Source  Light (1971), Psychological Bulletin 76(5): 365–377
fn mean_kappa(pairs: &[Result<Disagreement, AgreementError>]) -> Result<f64, AgreementError> {
    let kappas: Vec<Result<f64, AgreementError>> = pairs.iter().map(|p| p.and_then(Disagreement::agreement)).collect();
    let found: Vec<f64> = kappas.iter().filter_map(|k| k.ok()).collect();
    if found.is_empty() {
        return Err(kappas.iter().find_map(|k| k.err()).unwrap_or(AgreementError::NoPair));
    }
    Ok(found.iter().sum::<f64>() / found.len() as f64)
}

/// The coefficients of ratings, in the order of [`Counted::values`].
pub const OF_RATINGS: [Coefficient; 6] = [
    Coefficient::Percent,
    Coefficient::CohenKappa,
    Coefficient::FleissKappa,
    Coefficient::KrippendorffAlpha,
    Coefficient::GwetAc,
    Coefficient::BrennanPrediger,
];

/// Returns whether a coefficient knows the level of measurement; the others compare names.
#[must_use]
pub const fn is_graded(coefficient: Coefficient) -> bool {
    matches!(coefficient, Coefficient::KrippendorffAlpha | Coefficient::GwetAc | Coefficient::BrennanPrediger)
}

/// Returns all coefficients of a table of ratings with their intervals; those that know levels at `level`, the others compare names.
/// # Source  those of [`Ratings`] and [`intervals`]
#[must_use]
pub fn estimates(ratings: &Ratings, level: Measurement, how: Bootstrap) -> Vec<Estimate> {
    let values = ratings.count(level, &ratings.all()).values();
    let many_values = level == Measurement::Ratio
        && ratings.values.len().saturating_mul(ratings.values.len()).saturating_mul(how.draws) > MAX_RATIO_STEPS;
    // Alpha at ratio level of a draw is too dear then: that of names takes its place and is not shown.
    let drawn_level = if many_values { Measurement::Nominal } else { level };
    let statistics =
        |times: &[u32]| ratings.count_up_to(MAX_DRAWN_PAIRS, drawn_level, times).values().map(Result::ok).to_vec();
    let intervals = intervals(ratings.n_clusters, how, statistics);
    OF_RATINGS
        .into_iter()
        .zip(values)
        .zip(intervals)
        .map(|((coefficient, value), interval)| Estimate {
            coefficient,
            level: if is_graded(coefficient) { level } else { Measurement::Nominal },
            value,
            interval: interval_of(ratings, coefficient, value, interval, many_values),
            n_units: ratings.n_units(),
        })
        .collect()
}

/// The interval of a coefficient, unless its draws would say too little or were not made.
fn interval_of(
    ratings: &Ratings,
    coefficient: Coefficient,
    value: Result<f64, AgreementError>,
    interval: Result<Interval, NoInterval>,
    many_values: bool,
) -> Result<Interval, NoInterval> {
    let n = ratings.n_telling_clusters();
    match coefficient {
        _ if interval.is_ok() && n < MIN_CLUSTERS => Err(NoInterval::TooFewClusters { n }),
        c if is_graded(c) && value.is_ok() && many_values => Err(NoInterval::TooManyValues { n: ratings.values.len() }),
        Coefficient::CohenKappa if value.is_ok() && ratings.n_pairs() > MAX_DRAWN_PAIRS => {
            Err(NoInterval::TooManyPairs { n: ratings.n_pairs() })
        }
        _ => interval,
    }
}

/// How a sampling interval is drawn.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Bootstrap {
    /// Draws of clusters; 0 for no interval.
    pub draws: usize,
    /// Seed.
    pub seed: Seed,
    /// Nominal share of repetitions that cover the truth.
    pub level: f64,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self { draws: 1000, seed: Seed(1), level: 0.95 }
    }
}

/// Why a coefficient has no interval.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum NoInterval {
    /// None was asked for.
    #[error("no draws were asked for")]
    NoDraws,
    /// The coefficient itself is not given.
    #[error("there is no value")]
    NoValue,
    /// Too little to draw from.
    #[error("{n} that two coders read to draw from, fewer than {MIN_CLUSTERS}")]
    TooFewClusters {
        /// Clusters.
        n: usize,
    },
    /// No coder ever disagreed, so that no draw can.
    #[error("no disagreement was seen: drawing again from units that all agree cannot show how much there may be")]
    NoDisagreement,
    /// Most draws have no variation.
    #[error("{undefined} of {draws} draws have no variation")]
    MostlyUndefined {
        /// Draws without a value.
        undefined: usize,
        /// Draws.
        draws: usize,
    },
    /// Too many pairs of coders to compare in each draw.
    #[error("{n} pairs of coders, more than {MAX_DRAWN_PAIRS}")]
    TooManyPairs {
        /// Pairs.
        n: usize,
    },
    /// Too many different values to compare in each draw.
    #[error("{n} different values: ask for fewer draws")]
    TooManyValues {
        /// Values.
        n: usize,
    },
    /// Something else.
    #[error("{0}")]
    Stats(StatsError),
}

/// Returns an interval for each of several statistics of the same clusters, by the bias-corrected and accelerated bootstrap.
///
/// Draws in which a statistic has no value are left out; where they are the most there is no interval.
/// # Input   a function from multiplicities of clusters to the statistics, in the same order every time
/// # Source  Efron (1987), Journal of the American Statistical Association 82(397): 171–185
pub fn intervals(
    n_clusters: usize,
    how: Bootstrap,
    statistics: impl Fn(&[u32]) -> Vec<Option<f64>> + Sync,
) -> Vec<Result<Interval, NoInterval>> {
    let values = statistics(&vec![1; n_clusters]);
    let refused = |why: NoInterval| values.iter().map(|v| Err(v.map_or(NoInterval::NoValue, |_| why))).collect();
    if how.draws == 0 {
        return refused(NoInterval::NoDraws);
    }
    if let Err(error) = check_level(how.level) {
        return refused(NoInterval::Stats(error));
    }
    if n_clusters < MIN_CLUSTERS {
        return refused(NoInterval::TooFewClusters { n: n_clusters });
    }
    let draw = |at: usize| statistics(&multiplicities(n_clusters, &mut how.seed.stream(at as u64)));
    let draws: Vec<Vec<Option<f64>>> = (0..how.draws).into_par_iter().map(draw).collect();
    let without = |at: usize| {
        let mut times = vec![1; n_clusters];
        times[at] = 0;
        statistics(&times)
    };
    let n_left_out = if n_clusters <= MAX_JACKKNIFE { n_clusters } else { 0 };
    let left_out: Vec<Vec<Option<f64>>> = (0..n_left_out).into_par_iter().map(without).collect();
    let column = |rows: &[Vec<Option<f64>>], at: usize| -> Vec<f64> {
        rows.iter().filter_map(|row| row.get(at).copied().flatten()).collect()
    };
    values
        .iter()
        .enumerate()
        .map(|(at, value)| {
            let value = value.ok_or(NoInterval::NoValue)?;
            corrected(value, &column(&draws, at), &column(&left_out, at), how)
        })
        .collect()
}

/// The interval of one statistic from its draws and from the samples with one cluster left out.
fn corrected(value: f64, draws: &[f64], left_out: &[f64], how: Bootstrap) -> Result<Interval, NoInterval> {
    let undefined = how.draws - draws.len();
    if undefined * 2 > how.draws {
        return Err(NoInterval::MostlyUndefined { undefined, draws: how.draws });
    }
    if value >= 1.0 {
        return Err(NoInterval::NoDisagreement);
    }
    let below = draws.iter().filter(|d| **d < value).count() as f64;
    let ties = draws.iter().filter(|d| **d == value).count() as f64;
    let share = (below + 0.5 * ties) / draws.len() as f64;
    if share <= 0.0 || share >= 1.0 {
        return percentile_interval(draws, how.level).map_err(NoInterval::Stats);
    }
    let bias = normal_quantile(share);
    let acceleration = acceleration(left_out);
    let end = |p: f64| {
        let z = bias + normal_quantile(p);
        let p = normal_cdf(bias + z / (1.0 - acceleration * z));
        quantile(draws, p.clamp(0.0, 1.0)).map_err(NoInterval::Stats)
    };
    let tail = 0.5 * (1.0 - how.level);
    Ok(Interval { lower: Some(end(tail)?), upper: Some(end(1.0 - tail)?), level: how.level })
}

fn acceleration(left_out: &[f64]) -> f64 {
    if left_out.is_empty() {
        return 0.0;
    }
    let mean = left_out.iter().sum::<f64>() / left_out.len() as f64;
    let spread: f64 = left_out.iter().map(|x| (mean - x) * (mean - x)).sum();
    let skew: f64 = left_out.iter().map(|x| (mean - x) * (mean - x) * (mean - x)).sum();
    // Beyond a quarter the correction turns the tails round; data so small say nothing of their skewness.
    if spread > 0.0 { (skew / (6.0 * spread * libm::sqrt(spread))).clamp(-0.25, 0.25) } else { 0.0 }
}
