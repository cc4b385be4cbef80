//! Family resemblance: how alike the portfolios of statements are that adopters hold (Winston 2018).

use super::statement::StatementTable;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// More adopters than this are thinned evenly before they are compared in pairs.
pub const MAX_ADOPTERS: usize = 1500;
/// A statement is core if this share of adopters holds it.
pub const CORE_SHARE: f64 = 0.8;

/// How alike adopters are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Resemblance {
    /// Sources that hold any statement of at least two parts.
    pub adopters: usize,
    /// Adopters compared in pairs.
    pub compared: usize,
    /// Different statements of at least two parts.
    pub statements: usize,
    /// Mean Jaccard index over pairs of adopters; none below two.
    pub mean_jaccard: Option<f64>,
    /// Share of pairs with the same portfolio; none below two.
    pub identical_pairs: Option<f64>,
    /// Statements that at least 80 % of adopters hold.
    pub core: usize,
    /// Statements that one adopter alone holds.
    pub idiosyncratic: usize,
}

/// Returns the resemblance of the sources in a table of statements.
#[must_use]
pub fn resemblance(table: &StatementTable) -> Resemblance {
    let mut portfolios: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
    let mut holders: Vec<usize> = Vec::new();
    let two_parts = table.counts.iter().filter(|(s, _)| s.parts().iter().flatten().count() >= 2);
    for (i, (_, count)) in two_parts.enumerate() {
        holders.push(count.sources.len());
        for &source in &count.sources {
            portfolios.entry(source).or_default().insert(i);
        }
    }
    let adopters = portfolios.len();
    let step = adopters.div_ceil(MAX_ADOPTERS).max(1);
    let compared: Vec<&BTreeSet<usize>> = portfolios.values().step_by(step).collect();
    let (mut jaccard, mut same, mut pairs) = (0.0, 0.0, 0.0);
    for (i, x) in compared.iter().enumerate() {
        for y in &compared[i + 1..] {
            let joint = x.intersection(y).count() as f64;
            jaccard += joint / (x.len() + y.len()) as f64 / (1.0 - joint / (x.len() + y.len()) as f64);
            same += f64::from(u8::from(x == y));
            pairs += 1.0;
        }
    }
    Resemblance {
        adopters,
        compared: compared.len(),
        statements: holders.len(),
        mean_jaccard: (pairs > 0.0).then(|| jaccard / pairs),
        identical_pairs: (pairs > 0.0).then(|| same / pairs),
        core: holders.iter().filter(|&&n| n as f64 >= CORE_SHARE * adopters as f64).count(),
        idiosyncratic: holders.iter().filter(|&&n| n == 1).count(),
    }
}
