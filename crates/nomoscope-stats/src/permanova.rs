//! Permutational analysis of variance on distances: do groups differ more than their members do among themselves?
//!
//! Needs distances only, so that portfolios of statements can be compared which have no mean. It answers to differences
//! in spread as well as in place: the mean distances within each group tell them apart.

use super::StatsError;
use super::bootstrap::{permutation_p, permutations};
use super::rng::Seed;

/// Distances between `n` objects: symmetric, 0 to itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Distances {
    n: usize,
    /// Row by row.
    values: Vec<f64>,
}

impl Distances {
    /// Returns the distances that a function gives for each pair (i, j), i < j.
    /// # Errors  [`StatsError::BadValue`] for a distance that is negative or not finite
    pub fn new(n: usize, distance: impl Fn(usize, usize) -> f64) -> Result<Self, StatsError> {
        let mut values = vec![0.0; n * n];
        for i in 0..n {
            for j in i + 1..n {
                let d = distance(i, j);
                if !(d.is_finite() && d >= 0.0) {
                    return Err(StatsError::BadValue { what: "distance", at: i * n + j, value: d });
                }
                values[i * n + j] = d;
                values[j * n + i] = d;
            }
        }
        Ok(Self { n, values })
    }

    /// Returns the number of objects.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.n
    }

    /// Returns whether there are no objects.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// Returns the distance of two objects; 0 beyond the last.
    #[must_use]
    pub fn get(&self, i: usize, j: usize) -> f64 {
        if i < self.n && j < self.n { self.values[i * self.n + j] } else { 0.0 }
    }

    /// Returns the means of the distances within groups and between them; none where there is no such pair.
    #[must_use]
    pub fn means(&self, group: &[usize]) -> (Option<f64>, Option<f64>) {
        let (mut sums, mut pairs) = ([0.0; 2], [0.0; 2]);
        for (i, x) in group.iter().enumerate().take(self.n) {
            for (j, y) in group.iter().enumerate().take(self.n).skip(i + 1) {
                let side = usize::from(x != y);
                sums[side] += self.values[i * self.n + j];
                pairs[side] += 1.0;
            }
        }
        let mean = |side: usize| (pairs[side] > 0.0).then(|| sums[side] / pairs[side]);
        (mean(0), mean(1))
    }
}

/// The result of the analysis.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Permanova {
    /// Pseudo-F: variance between groups over variance within them.
    pub f: f64,
    /// Share of the sum of squared distances that the groups explain.
    pub r_squared: f64,
    /// P-value by permutation of the objects over the groups, never 0.
    pub p: f64,
    /// Permutations.
    pub n_permutations: usize,
    /// Groups.
    pub n_groups: usize,
}

/// Returns the permutational analysis of variance of objects in groups.
/// # Input   one group index an object; at least two groups, and more objects than groups; at least one permutation
/// # Errors  [`StatsError::LengthMismatch`], [`StatsError::Empty`] with fewer than two groups or no permutation,
///   [`StatsError::SampleTooLarge`] where every object is a group of its own, [`StatsError::NoVariance`] where members of a group do not
///   differ at all
/// # Source  Anderson (2001), Austral Ecology 26(1): 32–46; p-value: Phipson & Smyth (2010)
pub fn permanova(
    distances: &Distances,
    group: &[usize],
    n_permutations: usize,
    seed: Seed,
) -> Result<Permanova, StatsError> {
    let n = distances.n;
    if group.len() != n {
        return Err(StatsError::LengthMismatch { what: "objects", left: n, right: group.len() });
    }
    let mut names = group.to_vec();
    names.sort_unstable();
    names.dedup();
    let n_groups = names.len();
    if n_groups < 2 || n_permutations == 0 {
        return Err(StatsError::Empty);
    }
    if n_groups >= n {
        return Err(StatsError::SampleTooLarge { asked: n_groups as u64, available: n as u64 });
    }
    let index: Vec<usize> = group.iter().map(|g| names.partition_point(|x| x < g)).collect();
    let mut sizes = vec![0.0; n_groups];
    index.iter().for_each(|&g| sizes[g] += 1.0);
    let squares: Vec<f64> = distances.values.iter().map(|d| d * d).collect();
    let total = squares.iter().sum::<f64>() / 2.0 / n as f64;
    let within = |label: &dyn Fn(usize) -> usize| -> f64 {
        let mut sums = vec![0.0; n_groups];
        for i in 0..n {
            let g = label(i);
            for (j, square) in squares[i * n..(i + 1) * n].iter().enumerate().skip(i + 1) {
                if label(j) == g {
                    sums[g] += square;
                }
            }
        }
        sums.iter().zip(&sizes).map(|(s, n)| s / n).sum()
    };
    let observed = within(&|i| index[i]);
    if observed <= 0.0 {
        return Err(StatsError::NoVariance { what: "distances within groups" });
    }
    let draws = permutations(n, n_permutations, seed, |order| within(&|i| index[order[i]]));
    // The total is fixed, so that F is as large as observed exactly when the sum within groups is as small.
    let bound = observed * (1.0 + 1e-9);
    let n_as_extreme = draws.iter().filter(|&&d| d <= bound).count();
    let between = (total - observed).max(0.0);
    Ok(Permanova {
        f: between / (n_groups as f64 - 1.0) / (observed / (n - n_groups) as f64),
        r_squared: between / total,
        p: permutation_p(n_as_extreme, n_permutations),
        n_permutations,
        n_groups,
    })
}
