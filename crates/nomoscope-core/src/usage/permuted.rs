//! Means of two groups compared: actors are put in random order, and the difference is measured in its standard error.
//!
//! Studentised, because groups of unequal size and spread would otherwise err. Knows numbers only.

use libm::sqrt;
use nomoscope_stats::Interval;
use nomoscope_stats::bootstrap::{permutation_p, permutations};
use nomoscope_stats::rng::Seed;

/// Level of the intervals.
const LEVEL: f64 = 0.95;

/// A difference of two means, as far as random orders tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Permuted {
    /// The share of orders with a difference as great, in standard errors.
    pub p: f64,
    /// Interval of the difference, from the same orders; none where nothing varies.
    pub interval: Option<Interval>,
}

/// Returns the mean of each group; none of an empty one.
/// # Input   a value an actor, those of the first group before those of the second
#[must_use]
pub fn means(values: &[f64], n_first: usize) -> [Option<f64>; 2] {
    let mean = |v: &[f64]| (!v.is_empty()).then(|| v.iter().sum::<f64>() / v.len() as f64);
    let (first, second) = values.split_at(n_first.min(values.len()));
    [mean(first), mean(second)]
}

/// Returns what random orders of the actors say of each list of values between 0 and 1; all lists share the orders.
/// # Input   lists of equal length; in each a value an actor, those of the first group before those of the second
/// # Source  studentised permutation: Janssen (1997), Statistics & Probability Letters 36(1): 9–21; p-value: Phipson & Smyth (2010)
#[must_use]
pub fn permuted(lists: &[Vec<f64>], n_first: usize, orders: usize, seed: Seed) -> Vec<Permuted> {
    let Some(n) = lists.first().map(Vec::len) else { return Vec::new() };
    let draws: Vec<Vec<f64>> = permutations(n, orders, seed, |order| {
        let is_first = |i: usize| order.get(i).is_some_and(|at| *at < n_first);
        lists.iter().map(|values| Studentised::new(values, is_first).t()).collect()
    });
    let one = |(at, values): (usize, &Vec<f64>)| {
        let found = Studentised::new(values, |i| i < n_first);
        let mut drawn: Vec<f64> = draws.iter().filter_map(|d| d.get(at).copied()).collect();
        drawn.sort_by(f64::total_cmp);
        let as_extreme = drawn.iter().filter(|t| **t >= found.t() - 1e-9).count();
        let critical = drawn.get((LEVEL * (drawn.len() as f64 + 1.0)) as usize).copied().filter(|c| c.is_finite());
        Permuted {
            p: permutation_p(as_extreme, orders),
            interval: critical.filter(|_| found.error > 0.0).map(|c| Interval {
                lower: Some((found.difference - c * found.error).max(-1.0)),
                upper: Some((found.difference + c * found.error).min(1.0)),
                level: LEVEL,
            }),
        }
    };
    lists.iter().enumerate().map(one).collect()
}

/// Difference of two means in units of its standard error.
struct Studentised {
    difference: f64,
    error: f64,
}

impl Studentised {
    fn new(values: &[f64], is_first: impl Fn(usize) -> bool) -> Self {
        let (mut n, mut sums, mut squares) = ([0.0; 2], [0.0; 2], [0.0; 2]);
        for (i, value) in values.iter().enumerate() {
            let g = usize::from(!is_first(i));
            n[g] += 1.0;
            sums[g] += value;
            squares[g] += value * value;
        }
        let variance = |g: usize| ((squares[g] - sums[g] * sums[g] / n[g]) / (n[g] - 1.0)).max(0.0) / n[g];
        Self { difference: sums[0] / n[0] - sums[1] / n[1], error: sqrt(variance(0) + variance(1)) }
    }

    fn t(&self) -> f64 {
        let difference = libm::fabs(self.difference);
        // Differences of rounding are none.
        if difference < 1e-12 {
            0.0
        } else if self.error > 1e-12 {
            difference / self.error
        } else {
            f64::INFINITY
        }
    }
}
