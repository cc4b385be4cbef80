//! Measures of how closely two things go together.
//!
//! None of them is a test: they describe counts. For a common thing and for a rare one they mean different things, so
//! a coupling carries them side by side.

use super::bootstrap::{permutation_p, permutations};
use super::rng::Seed;
use super::{StatsError, check_weights};
use libm::{log, sqrt};
use std::collections::BTreeMap;

/// How often two things occur, alone and jointly.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Joint {
    n11: f64,
    n1: f64,
    n2: f64,
    n: f64,
}

impl Joint {
    /// Returns the counts, or weights, of two things among `n` units.
    /// # Input   n11 ≤ min(n1, n2), n1 + n2 − n11 ≤ n, all finite and at least 0
    /// # Errors  [`StatsError::BadValue`] with the position of the one that does not fit
    pub fn new(n11: f64, n1: f64, n2: f64, n: f64) -> Result<Self, StatsError> {
        check_weights("joint count (n11, n1, n2, n)", [n11, n1, n2, n].into_iter())?;
        // Sums of weights may miss their bound by rounding.
        let slack = 1e-9 * n;
        if n11 > n1.min(n2) + slack {
            return Err(StatsError::BadValue { what: "joint count (n11, n1, n2, n)", at: 0, value: n11 });
        }
        if n1 + n2 - n11 > n + slack {
            return Err(StatsError::BadValue { what: "joint count (n11, n1, n2, n)", at: 3, value: n });
        }
        Ok(Self { n11, n1, n2, n })
    }

    /// Returns the share of units with both among those with either, in [0, 1]; `None` if neither occurs.
    /// # Source  Jaccard (1912), New Phytologist 11(2): 37–50
    #[must_use]
    pub fn jaccard(&self) -> Option<f64> {
        let either = self.n1 + self.n2 - self.n11;
        (either > 0.0).then(|| (self.n11 / either).min(1.0))
    }

    /// Returns Salton's cosine, in [0, 1]; `None` if either does not occur.
    /// # Source  Salton & McGill (1983), Introduction to Modern Information Retrieval
    #[must_use]
    pub fn cosine(&self) -> Option<f64> {
        self.both_occur().then(|| (self.n11 / (sqrt(self.n1) * sqrt(self.n2))).min(1.0))
    }

    /// Returns observed over expected joint occurrences, from 0 up; 1 means independence.
    /// The original leaves out the constant factor n.
    /// # Source  van Eck & Waltman (2009), JASIST 60(8): 1635–1651
    #[must_use]
    pub fn association_strength(&self) -> Option<f64> {
        self.both_occur().then(|| self.n11 / self.n1 * (self.n / self.n2))
    }

    /// Returns the pointwise mutual information in nats; `None` if they never occur together.
    /// # Source  Church & Hanks (1990), Computational Linguistics 16(1): 22–29
    #[must_use]
    pub fn pmi(&self) -> Option<f64> {
        if self.n11 > 0.0 { self.association_strength().map(log) } else { None }
    }

    /// Returns the normalised pointwise mutual information, in [−1, 1]: −1 never together (by continuity), 0 independent,
    /// 1 only together; `None` if either does not occur or both are everywhere.
    /// # Source  Bouma (2009), Proceedings of GSCL: 31–40
    #[must_use]
    pub fn npmi(&self) -> Option<f64> {
        if !self.both_occur() {
            return None;
        }
        let Some(pmi) = self.pmi() else {
            return Some(-1.0);
        };
        let surprise = -log(self.n11 / self.n);
        (surprise > 0.0).then(|| (pmi / surprise).clamp(-1.0, 1.0))
    }

    fn both_occur(&self) -> bool {
        self.n1 > 0.0 && self.n2 > 0.0
    }
}

/// How far two labels determine each other, in nats.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct MutualInformation {
    /// Entropy of the row labels.
    pub h_x: f64,
    /// Entropy of the column labels.
    pub h_y: f64,
    /// Mutual information.
    pub information: f64,
    /// Mutual information over the smaller entropy, in [0, 1]; `None` if one label never varies.
    pub share: Option<f64>,
}

/// Returns the mutual information of the rows and columns of a table of weights.
/// # Input   weights finite and at least 0, not all 0
/// # Errors  [`StatsError::Empty`], [`StatsError::BadValue`]
/// # Source  Shannon (1948); normalisation by the smaller entropy: Kvålseth (1987), IEEE SMC 17(3): 517–519
pub fn mutual_information(table: &BTreeMap<(usize, usize), f64>) -> Result<MutualInformation, StatsError> {
    let total = check_weights("weight", table.values().copied())?;
    if total <= 0.0 {
        return Err(StatsError::Empty);
    }
    let mut rows: BTreeMap<usize, f64> = BTreeMap::new();
    let mut columns: BTreeMap<usize, f64> = BTreeMap::new();
    for (&(x, y), &weight) in table {
        *rows.entry(x).or_default() += weight;
        *columns.entry(y).or_default() += weight;
    }
    let entropy = |weights: &mut dyn Iterator<Item = f64>| -> f64 {
        weights.filter(|&w| w > 0.0).map(|w| -(w / total) * log(w / total)).sum::<f64>().max(0.0)
    };
    let h_x = entropy(&mut rows.values().copied());
    let h_y = entropy(&mut columns.values().copied());
    let h_xy = entropy(&mut table.values().copied());
    let smaller = h_x.min(h_y);
    let information = (h_x + h_y - h_xy).clamp(0.0, smaller);
    // One label with rounding dust of entropy does not vary.
    let share = (smaller > 1e-12).then(|| information / smaller);
    Ok(MutualInformation { h_x, h_y, information, share })
}

/// A pair of labels with the weight of the observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// First label.
    pub x: usize,
    /// Second label.
    pub y: usize,
    /// Weight of the observation.
    pub weight: f64,
}

/// Mutual information with its permutation test.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct MutualInformationTest {
    /// As observed.
    pub observed: MutualInformation,
    /// Mean mutual information under permutation: what chance alone gives so small a table.
    pub expected: f64,
    /// P-value against independence, one-sided, never 0.
    pub p: f64,
    /// Number of permutations.
    pub n_permutations: usize,
}

/// Returns the mutual information of paired labels, tested by permuting the second labels over the observations.
///
/// Weights stay with the first label's observation, so the weighted share of each first label is fixed.
/// # Input   pairs with finite weights of at least 0, not all 0; at least one permutation
/// # Errors  [`StatsError::Empty`], [`StatsError::BadValue`]
/// # Source  Good (2005), Permutation, Parametric and Bootstrap Tests of Hypotheses; p-value: Phipson & Smyth (2010)
pub fn mutual_information_test(
    pairs: &[Pair],
    n_permutations: usize,
    seed: Seed,
) -> Result<MutualInformationTest, StatsError> {
    if n_permutations == 0 {
        return Err(StatsError::Empty);
    }
    let observed = mutual_information(&cross_table(pairs, |i| pairs[i].y))?;
    let draws = permutations(pairs.len(), n_permutations, seed, |order| {
        mutual_information(&cross_table(pairs, |i| pairs[order[i]].y)).map(|m| m.information)
    });
    let draws = draws.into_iter().collect::<Result<Vec<f64>, StatsError>>()?;
    // A permutation that gives the same table in another order must count as equal.
    let bound = observed.information - 1e-12;
    let n_as_extreme = draws.iter().filter(|&&d| d >= bound).count();
    Ok(MutualInformationTest {
        observed,
        expected: draws.iter().sum::<f64>() / n_permutations as f64,
        p: permutation_p(n_as_extreme, n_permutations),
        n_permutations,
    })
}

fn cross_table(pairs: &[Pair], second: impl Fn(usize) -> usize) -> BTreeMap<(usize, usize), f64> {
    let mut table = BTreeMap::new();
    for (i, pair) in pairs.iter().enumerate() {
        *table.entry((pair.x, second(i))).or_default() += pair.weight;
    }
    table
}
