//! Drift: how far the statements of one stretch of time lie from those of the next, and whether chance would do as much.

use crate::codebook::ConceptIx;
use crate::norm::statement::Statement;
use nomoscope_stats::bootstrap::{multiplicities, permutation_p, quantile};
use nomoscope_stats::divergence::jensen_shannon;
use nomoscope_stats::rng::Seed;
use nomoscope_stats::{Interval, StatsError};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Sources on each side from which on an interval is given.
pub const MIN_SOURCES: usize = 8;
/// Level of the intervals.
const LEVEL: f64 = 0.95;

/// Whose distribution is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Of {
    /// Whole statements, missing parts included.
    Statements,
    /// Their problems.
    Problems,
    /// Their values.
    Values,
    /// Their behaviours.
    Behaviours,
}

impl Of {
    /// All distributions.
    pub const ALL: [Self; 4] = [Self::Statements, Self::Problems, Self::Values, Self::Behaviours];

    /// Returns the name used in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Statements => "statements",
            Self::Problems => "problems",
            Self::Values => "values",
            Self::Behaviours => "behaviours",
        }
    }
}

/// Weights of kinds, source by source.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Weights {
    /// Per source, kinds with their weights.
    pub rows: Vec<Vec<(u32, f64)>>,
    /// How many kinds there are.
    pub n_kinds: usize,
}

impl Weights {
    /// Returns the weights of one distribution of the statements of each source.
    #[must_use]
    pub fn of(statements: &[BTreeMap<Statement, f64>], of: Of) -> Self {
        match of {
            Of::Statements => Self::index(statements.iter().map(|s| s.iter().map(|(k, w)| (*k, *w)))),
            Of::Problems => Self::part(statements, 0),
            Of::Values => Self::part(statements, 1),
            Of::Behaviours => Self::part(statements, 2),
        }
    }

    fn part(statements: &[BTreeMap<Statement, f64>], part: usize) -> Self {
        let sums = |s: &BTreeMap<Statement, f64>| {
            let mut sums: BTreeMap<ConceptIx, f64> = BTreeMap::new();
            for (statement, weight) in s {
                if let Some(concept) = statement.parts()[part] {
                    *sums.entry(concept).or_default() += weight;
                }
            }
            sums
        };
        Self::index(statements.iter().map(sums))
    }

    /// Numbers the kinds in order and keeps the weights by number.
    fn index<K: Ord + Copy>(rows: impl Iterator<Item = impl IntoIterator<Item = (K, f64)>>) -> Self {
        let rows: Vec<Vec<(K, f64)>> = rows.map(|r| r.into_iter().collect()).collect();
        let mut number: BTreeMap<K, u32> = rows.iter().flatten().map(|(k, _)| (*k, 0)).collect();
        for (i, n) in number.values_mut().enumerate() {
            *n = i as u32;
        }
        let of = |row: Vec<(K, f64)>| row.into_iter().map(|(k, w)| (number[&k], w)).collect();
        Self { n_kinds: number.len(), rows: rows.into_iter().map(of).collect() }
    }

    fn add(&self, source: usize, times: f64, to: &mut [f64]) {
        for &(kind, weight) in &self.rows[source] {
            to[kind as usize] += times * weight;
        }
    }
}

/// A source on either side of a comparison: its number and its weights there.
pub type Side = (usize, f64, f64);

/// Returns the sources with any weight of their own that count on either side.
#[must_use]
pub fn sides(weights: &Weights, before: &[(usize, f64)], after: &[(usize, f64)]) -> Vec<Side> {
    let mut both: BTreeMap<usize, (f64, f64)> = before.iter().map(|&(i, w)| (i, (w, 0.0))).collect();
    for &(i, w) in after {
        both.entry(i).or_default().1 = w;
    }
    both.into_iter().filter(|(i, _)| !weights.rows[*i].is_empty()).map(|(i, (b, a))| (i, b, a)).collect()
}

/// How far two stretches of time lie apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// Whose distribution.
    pub of: Of,
    /// Jensen-Shannon divergence as observed, in bits.
    pub divergence: Option<f64>,
    /// Mean divergence when the same sources are divided at random.
    pub expected: Option<f64>,
    /// What lies beyond chance, as a share of what could: (observed − expected) / (1 − expected); 0 where chance does more.
    pub beyond_chance: Option<f64>,
    /// Its interval, by bootstrap over sources within each side.
    pub interval: Option<Interval>,
    /// P-value: share of random divisions that lie as far apart.
    pub p: Option<f64>,
    /// Benjamini-Hochberg q-value over all changes and distributions.
    pub q: Option<f64>,
    /// Sources, or actors, with weight before.
    pub sources_before: usize,
    /// Sources, or actors, with weight after.
    pub sources_after: usize,
    /// Why a number is missing.
    pub reason: Option<&'static str>,
}

/// How many draws a drift rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Random divisions.
    pub permutations: usize,
    /// Bootstrap draws; 0 for no interval.
    pub draws: usize,
    /// Seed of both.
    pub seed: Seed,
}

/// Returns the drift between two sides, with its reference and its interval.
///
/// Two samples of one distribution lie apart by chance, and the smaller they are the further. The reference is the mean
/// divergence when sources change sides at random; p counts the divisions that lie as far apart as observed. The
/// bootstrap draws sources within each side; a draw lies further apart than the sample by its own chance, so only the
/// spread of the draws round their mean is taken from it.
///
/// # Source
/// Lin (1991); permutation: Good (2005), Phipson & Smyth (2010); centring of the draws: Efron & Tibshirani (1993), 10.2
#[must_use]
pub fn drift(of: Of, weights: &Weights, sides: &[Side], effort: Effort) -> Drift {
    let before = sides.iter().filter(|s| s.1 > 0.0).count();
    let after = sides.iter().filter(|s| s.2 > 0.0).count();
    let mut out = Drift {
        of,
        divergence: None,
        expected: None,
        beyond_chance: None,
        interval: None,
        p: None,
        q: None,
        sources_before: before,
        sources_after: after,
        reason: None,
    };
    let Ok(observed) = between(weights, sides.iter().copied()) else {
        out.reason = Some("no statement of the focus on one side");
        return out;
    };
    out.divergence = Some(observed);
    if before < 2 || after < 2 || effort.permutations == 0 {
        out.reason = Some("fewer than two sources on one side: nothing to compare the divergence with");
        return out;
    }
    let found = random_divisions(weights, sides, effort);
    let n = found.len();
    if n == 0 {
        out.reason = Some("no random division gives both sides a statement");
        return out;
    }
    let expected = found.iter().sum::<f64>() / n as f64;
    out.expected = Some(expected);
    out.p = Some(permutation_p(found.iter().filter(|&&x| x >= observed - 1e-12).count(), n));
    let beyond = |x: f64| if expected < 1.0 { ((x - expected) / (1.0 - expected)).clamp(0.0, 1.0) } else { 0.0 };
    out.beyond_chance = Some(beyond(observed));
    if before < MIN_SOURCES || after < MIN_SOURCES {
        out.reason = Some("fewer than 8 sources on one side: no interval");
    } else if effort.draws == 0 {
        out.reason = Some("no bootstrap draws were asked for");
    } else if let Some((lower, upper)) = spread(weights, sides, observed, effort) {
        out.interval = Some(Interval { lower: Some(beyond(lower)), upper: Some(beyond(upper)), level: LEVEL });
    }
    out
}

fn between(weights: &Weights, sides: impl Iterator<Item = Side>) -> Result<f64, StatsError> {
    let (mut p, mut q) = (vec![0.0; weights.n_kinds], vec![0.0; weights.n_kinds]);
    for (source, before, after) in sides {
        if before > 0.0 {
            weights.add(source, before, &mut p);
        }
        if after > 0.0 {
            weights.add(source, after, &mut q);
        }
    }
    jensen_shannon(&p, &q)
}

fn random_divisions(weights: &Weights, sides: &[Side], effort: Effort) -> Vec<f64> {
    (0..effort.permutations)
        .into_par_iter()
        .filter_map(|task| {
            let order = effort.seed.stream(task as u64).permutation(sides.len());
            let moved = sides.iter().zip(order).map(|(side, from)| (side.0, sides[from].1, sides[from].2));
            between(weights, moved).ok()
        })
        .collect()
}

/// Returns the ends of the interval of the divergence itself.
fn spread(weights: &Weights, sides: &[Side], observed: f64, effort: Effort) -> Option<(f64, f64)> {
    let of = |side: fn(&Side) -> f64| -> Vec<Side> { sides.iter().copied().filter(|s| side(s) > 0.0).collect() };
    let (before, after) = (of(|s| s.1), of(|s| s.2));
    let seed = effort.seed.part(1);
    let draws: Vec<f64> = (0..effort.draws)
        .into_par_iter()
        .filter_map(|task| {
            let mut stream = seed.stream(task as u64);
            let times = [multiplicities(before.len(), &mut stream), multiplicities(after.len(), &mut stream)];
            let left = before.iter().zip(&times[0]).map(|(s, &m)| (s.0, s.1 * f64::from(m), 0.0));
            let right = after.iter().zip(&times[1]).map(|(s, &m)| (s.0, 0.0, s.2 * f64::from(m)));
            between(weights, left.chain(right)).ok()
        })
        .collect();
    let mean = draws.iter().sum::<f64>() / draws.len().max(1) as f64;
    let low = quantile(&draws, 0.5 * (1.0 - LEVEL)).ok()?;
    let high = quantile(&draws, 0.5 * (1.0 + LEVEL)).ok()?;
    Some((observed - (high - mean), observed + (mean - low)))
}

/// The boundary at which a distribution changes most.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// Whose distribution.
    pub of: Of,
    /// Number of the change, if any stands out.
    pub change: Option<usize>,
    /// By how many standard deviations of random order the divergence there exceeds its mean.
    pub z: Option<f64>,
    /// P-value of the greatest z over all changes, so that looking at all of them is paid for.
    pub p: Option<f64>,
    /// Why there is none.
    pub reason: Option<&'static str>,
}

/// Returns the change at which the divergence stands out most from sources in random order of time.
///
/// # Source
/// Maximum over tests under permutation: Westfall & Young (1993), Resampling-Based Multiple Testing
#[must_use]
pub fn turn(of: Of, weights: &Weights, changes: &[Vec<Side>], permutations: usize, seed: Seed) -> Turn {
    let none = |reason| Turn { of, change: None, z: None, p: None, reason: Some(reason) };
    let sources: Vec<usize> = {
        let mut all: Vec<usize> = changes.iter().flatten().map(|s| s.0).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    if changes.is_empty() || sources.len() < 4 || permutations < 99 {
        return none("fewer than two stretches of time, four sources or 99 permutations");
    }
    let observed: Vec<Option<f64>> = changes.iter().map(|c| between(weights, c.iter().copied()).ok()).collect();
    let draws: Vec<Vec<Option<f64>>> = (0..permutations)
        .into_par_iter()
        .map(|task| {
            let order = seed.stream(task as u64).permutation(sources.len());
            let place = |source: usize| sources.binary_search(&source).unwrap_or(0);
            let moved =
                |c: &Vec<Side>| between(weights, c.iter().map(|&(s, b, a)| (sources[order[place(s)]], b, a))).ok();
            changes.iter().map(moved).collect()
        })
        .collect();
    let norms: Vec<Option<(f64, f64)>> = (0..changes.len()).map(|i| mean_and_sd(draws.iter().map(|d| d[i]))).collect();
    let score = |values: &[Option<f64>]| -> Option<(usize, f64)> {
        let z = |(i, x): (usize, &Option<f64>)| Some((i, ((*x)? - norms[i]?.0) / norms[i]?.1));
        values.iter().enumerate().filter_map(z).max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
    };
    let Some((change, z)) = score(&observed) else { return none("no change has statements on both sides") };
    let as_great = draws.iter().filter_map(|d| score(d)).filter(|(_, x)| *x >= z - 1e-12).count();
    Turn { of, change: Some(change), z: Some(z), p: Some(permutation_p(as_great, permutations)), reason: None }
}

fn mean_and_sd(values: impl Iterator<Item = Option<f64>> + Clone) -> Option<(f64, f64)> {
    let n = values.clone().flatten().count() as f64;
    if n < 2.0 {
        return None;
    }
    let mean = values.clone().flatten().sum::<f64>() / n;
    let variance = values.flatten().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
    (variance > 1e-18).then(|| (mean, libm::sqrt(variance)))
}
