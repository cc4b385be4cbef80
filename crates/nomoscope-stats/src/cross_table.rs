//! Independence of rows and columns of a table of counts, exactly.
//!
//! The p-value sums the probability, given the margins, of all tables that are no more probable than the one observed
//! (Freeman & Halton 1951). Columns are filled one after the other; partial tables with the same counts left to place and
//! the same probability so far are one, whichever way they came about (the idea of Mehta & Patel's network). Where even
//! these are too many, tables are drawn at random with the same margins, and the result says so.

use super::StatsError;
use super::bootstrap::{permutation_p, permutations};
use super::rng::Seed;
use super::special::ln_gamma;
use libm::{exp, sqrt};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The most partial tables held at once, and columns tried from them, before tables are drawn instead.
const MAX_STATES: usize = 80_000;
const MAX_STEPS: u64 = 20_000_000;
/// A table counts as no more probable than the one observed when it exceeds it by no more than this; as R's `fisher.test`.
const RELATIVE_TIE: f64 = 1e-7;

/// How the p-value was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HowExact {
    /// Over all tables with these margins.
    Exact,
    /// Over tables drawn at random with these margins.
    MonteCarlo,
}

/// The test of independence.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct CrossTest {
    /// P-value.
    pub p: f64,
    /// How it was found.
    pub method: HowExact,
    /// Tables drawn; 0 where all were counted.
    pub n_draws: usize,
    /// Cramér's V: strength of the association, 0 to 1.
    pub cramers_v: f64,
    /// Objects in the table.
    pub n: u64,
}

/// Returns the exact test of independence of a table of counts (Fisher, Freeman & Halton).
/// # Input   rows of equal length; empty rows and columns are left out, at least two of each must remain; at least one draw
/// # Errors  [`StatsError::LengthMismatch`] for ragged rows, [`StatsError::Empty`], [`StatsError::NoVariance`] with a single row or column left
/// # Source  Freeman & Halton (1951), Biometrika 38: 141–149; Mehta & Patel (1983), JASA 78: 427–434; as R's `fisher.test`. Effect: Cramér (1946)
pub fn independence(table: &[Vec<u64>], n_draws: usize, seed: Seed) -> Result<CrossTest, StatsError> {
    let width = table.first().map_or(0, Vec::len);
    if let Some(row) = table.iter().find(|r| r.len() != width) {
        return Err(StatsError::LengthMismatch { what: "columns", left: width, right: row.len() });
    }
    let columns: Vec<usize> = (0..width).filter(|&j| table.iter().any(|r| r[j] > 0)).collect();
    let table: Vec<Vec<u64>> =
        table.iter().filter(|r| r.iter().any(|&n| n > 0)).map(|r| columns.iter().map(|&j| r[j]).collect()).collect();
    if table.is_empty() || n_draws == 0 {
        return Err(StatsError::Empty);
    }
    if table.len() < 2 || columns.len() < 2 {
        return Err(StatsError::NoVariance { what: "rows or columns" });
    }
    let n: u64 = table.iter().flatten().sum();
    let cramers_v = cramers_v(&table, n);
    // Fewer rows make fewer states.
    let table = if table.len() > columns.len() { transposed(&table) } else { table };
    if let Some(p) = enumerated(&table) {
        return Ok(CrossTest { p, method: HowExact::Exact, n_draws: 0, cramers_v, n });
    }
    let p = drawn(&table, n_draws, seed);
    Ok(CrossTest { p, method: HowExact::MonteCarlo, n_draws, cramers_v, n })
}

fn transposed(table: &[Vec<u64>]) -> Vec<Vec<u64>> {
    (0..table.first().map_or(0, Vec::len)).map(|j| table.iter().map(|r| r[j]).collect()).collect()
}

fn sums(table: &[Vec<u64>]) -> (Vec<u64>, Vec<u64>) {
    let columns = transposed(table);
    (table.iter().map(|r| r.iter().sum()).collect(), columns.iter().map(|c| c.iter().sum()).collect())
}

fn cramers_v(table: &[Vec<u64>], n: u64) -> f64 {
    let (rows, columns) = sums(table);
    let mut chi_square = 0.0;
    for (row, &r) in table.iter().zip(&rows) {
        for (&cell, &c) in row.iter().zip(&columns) {
            let expected = r as f64 * c as f64 / n as f64;
            chi_square += (cell as f64 - expected) * (cell as f64 - expected) / expected;
        }
    }
    let smaller = rows.len().min(columns.len()) as f64 - 1.0;
    sqrt(chi_square / (n as f64 * smaller)).min(1.0)
}

/// Logarithms of the first factorials: small cells are asked for millions of times.
static SMALL: LazyLock<Vec<f64>> = LazyLock::new(|| (0..1024).map(|n| ln_gamma(f64::from(n) + 1.0)).collect());

fn ln_factorial(n: u64) -> f64 {
    SMALL.get(n as usize).copied().unwrap_or_else(|| ln_gamma(n as f64 + 1.0))
}

/// The logarithm of the probability of a table is a constant of the margins plus this.
fn ln_weight<'c>(cells: impl Iterator<Item = &'c u64>) -> f64 {
    -cells.map(|&n| ln_factorial(n)).sum::<f64>()
}

/// Partial tables by what is left to place in the rows (in order of size) and their weight so far, with how many there are.
type States = BTreeMap<(Vec<u64>, i64), (f64, f64)>;

/// Weights that agree to this many parts of one are the same.
const FINENESS: f64 = 1e9;

fn enumerated(table: &[Vec<u64>]) -> Option<f64> {
    let (rows, mut columns) = sums(table);
    columns.sort_unstable_by(|a, b| b.cmp(a));
    let n: u64 = rows.iter().sum();
    let constant = rows.iter().chain(&columns).map(|&m| ln_factorial(m)).sum::<f64>() - ln_factorial(n);
    let bound = ln_weight(table.iter().flatten()) + RELATIVE_TIE;
    let mut start = rows;
    start.sort_unstable();
    let mut states: States = BTreeMap::from([((start, 0), (0.0, 1.0))]);
    let (mut steps, mut p) = (0_u64, 0.0);
    // The last column takes what is left.
    let (_, placed) = columns.split_last()?;
    for (done, &column) in placed.iter().enumerate() {
        let mut next: States = BTreeMap::new();
        let last = done + 1 == placed.len();
        for ((left, _), (weight, ways)) in &states {
            let ahead = Ahead::new(left, &columns[done..]);
            if weight + ahead.most <= bound {
                // All tables that begin so are no more probable than the one observed.
                p += ways * exp(constant + weight + ahead.ln_total);
            } else if weight + ahead.least <= bound {
                let mut place =
                    Placing { left, below: below(left), cells: vec![0; left.len()], next: &mut next, bound, near: 0.0 };
                if last {
                    place.finish(0, column, *weight, &mut steps)?;
                    p += ways * exp(constant) * place.near;
                } else {
                    place.fill(0, column, (*weight, *ways), &mut steps)?;
                }
            }
        }
        states = next;
    }
    Some(p.min(1.0))
}

/// What may still come of a partial table.
struct Ahead {
    /// No completion weighs more than this (cells as even as they can be).
    most: f64,
    /// None weighs less (cells as uneven as they can be).
    least: f64,
    /// The logarithm of the sum over all completions.
    ln_total: f64,
}

impl Ahead {
    fn new(left: &[u64], columns: &[u64]) -> Self {
        let even = |sum: u64, cells: usize| -(cells as f64) * ln_gamma(sum as f64 / cells as f64 + 1.0);
        let by_columns: f64 = columns.iter().map(|&c| even(c, left.len())).sum();
        let by_rows: f64 = left.iter().map(|&r| even(r, columns.len())).sum();
        let packed = |sum: u64, largest_last: &mut dyn Iterator<Item = u64>| -> f64 {
            let mut rest = sum;
            let mut weight = 0.0;
            for room in largest_last {
                let cell = room.min(rest);
                weight -= ln_factorial(cell);
                rest -= cell;
            }
            weight
        };
        // Rows stand in order of size, columns too, the largest first.
        let from_columns: f64 = columns.iter().map(|&c| packed(c, &mut left.iter().rev().copied())).sum();
        let from_rows: f64 = left.iter().map(|&r| packed(r, &mut columns.iter().copied())).sum();
        let n: u64 = left.iter().sum();
        let margins: f64 = left.iter().chain(columns).map(|&m| ln_factorial(m)).sum();
        Self { most: by_columns.min(by_rows), least: from_columns.max(from_rows), ln_total: ln_factorial(n) - margins }
    }
}

/// For each row, what the rows after it have left together.
fn below(left: &[u64]) -> Vec<u64> {
    (0..left.len()).map(|row| left[row + 1..].iter().sum()).collect()
}

/// A column that is being placed below one partial table.
struct Placing<'s> {
    left: &'s [u64],
    below: Vec<u64>,
    cells: Vec<u64>,
    next: &'s mut States,
    bound: f64,
    /// Sum of the weights of the completions no heavier than the bound.
    near: f64,
}

impl Placing<'_> {
    /// Tries all ways to place `rest` in the rows from `row` on and keeps what they leave; none if that goes too far.
    fn fill(&mut self, row: usize, rest: u64, (weight, ways): (f64, f64), steps: &mut u64) -> Option<()> {
        *steps += 1;
        if *steps > MAX_STEPS || self.next.len() > MAX_STATES {
            return None;
        }
        if row == self.left.len() {
            let mut left: Vec<u64> = self.left.iter().zip(&self.cells).map(|(l, c)| l - c).collect();
            left.sort_unstable();
            let key = libm::round(weight * FINENESS) as i64;
            self.next.entry((left, key)).or_insert((weight, 0.0)).1 += ways;
            return Some(());
        }
        for cell in rest.saturating_sub(self.below[row])..=self.left[row].min(rest) {
            self.cells[row] = cell;
            self.fill(row + 1, rest - cell, (weight - ln_factorial(cell), ways), steps)?;
        }
        Some(())
    }

    /// The same for the last column but one: what it leaves goes into the last, and the table is weighed.
    fn finish(&mut self, row: usize, rest: u64, weight: f64, steps: &mut u64) -> Option<()> {
        *steps += 1;
        if *steps > MAX_STEPS {
            return None;
        }
        let Some(&left) = self.left.get(row) else {
            self.near += if weight <= self.bound { exp(weight) } else { 0.0 };
            return Some(());
        };
        for cell in rest.saturating_sub(self.below[row])..=left.min(rest) {
            self.finish(row + 1, rest - cell, weight - ln_factorial(cell) - ln_factorial(left - cell), steps)?;
        }
        Some(())
    }
}

fn drawn(table: &[Vec<u64>], n_draws: usize, seed: Seed) -> f64 {
    let width = table.first().map_or(0, Vec::len);
    let (mut row_of, mut column_of) = (Vec::new(), Vec::new());
    for (i, row) in table.iter().enumerate() {
        for (j, &n) in row.iter().enumerate() {
            row_of.extend((0..n).map(|_| i));
            column_of.extend((0..n).map(|_| j));
        }
    }
    let bound = ln_weight(table.iter().flatten()) + RELATIVE_TIE;
    let weights = permutations(row_of.len(), n_draws, seed, |order| {
        let mut cells = vec![0_u64; table.len() * width];
        for (&i, &other) in row_of.iter().zip(order) {
            cells[i * width + column_of[other]] += 1;
        }
        ln_weight(cells.iter())
    });
    permutation_p(weights.iter().filter(|&&w| w <= bound).count(), n_draws)
}
