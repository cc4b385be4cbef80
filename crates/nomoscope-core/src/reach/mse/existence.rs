//! Does a model have an estimate? Decided before one is sought.
//!
//! *Identifiable*: the histories that are left determine all finite parameters (the design matrix has full rank).
//! *Exists*: no direction of the parameters raises the likelihood for ever. Such a direction leaves the means of all
//! histories with persons alone, raises none of the others and lowers some. Directions that leave observed histories
//! alone are a space of few dimensions, mostly none; a linear programme within it decides, instead of one over all histories.
//!
//! An iterative fit cannot tell: it stops somewhere on the way to infinity and prints a number.

use super::design::Design;
use super::histories::Histories;
use microlp::{ComparisonOp, OptimizationDirection, Problem};
use std::collections::BTreeSet;

/// What is smaller is 0: entries are sums of a few dozen ones.
const ZERO: f64 = 1e-9;
/// An optimum below this is 0; a true one is at least of the order of one over the number of parameters.
const FLAT: f64 = 1e-6;

/// Whether a model has an estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existence {
    /// It has one, and only one.
    Exists,
    /// The histories determine fewer parameters than there are.
    NotIdentifiable {
        /// Parameters that they determine.
        rank: usize,
        /// Parameters.
        n_parameters: usize,
        /// Histories that are to be fitted.
        n_cells: usize,
    },
    /// Some parameter runs off to infinity.
    DoesNotExist,
}

/// Returns whether the design has an estimate.
///
/// # Source
/// Fienberg & Rinaldo (2012), Annals of Statistics 40(2): 996–1023, theorem 1, in its dual form; Chan, Silverman & Vincent (2021), JASA 116(535): 1297–1306
#[must_use]
pub fn existence(histories: &Histories, design: &Design) -> Existence {
    let n_parameters = design.finite.len();
    let mut observed = Rows::new(n_parameters);
    let mut all = Rows::new(n_parameters);
    for lists in design.cells().filter(|&lists| histories.counts()[lists] > 0) {
        observed.add(design.row(lists).collect());
        if observed.is_full() {
            break;
        }
    }
    if observed.is_full() {
        return Existence::Exists;
    }
    for lists in design.cells() {
        if all.is_full() {
            break;
        }
        all.add(design.row(lists).collect());
    }
    if !all.is_full() {
        let n_cells = design.cells().count();
        return Existence::NotIdentifiable { rank: all.rank(), n_parameters, n_cells };
    }
    let empty = design.cells().filter(|&lists| histories.counts()[lists] == 0);
    if has_ray(&observed.null_space(), empty.map(|lists| design.row(lists).collect())) {
        Existence::DoesNotExist
    } else {
        Existence::Exists
    }
}

/// Returns whether a combination of the directions lowers some of the rows and raises none.
///
/// A programme that the solver gives up on counts as a ray: no estimate is better than one that may not exist.
fn has_ray(directions: &[Vec<f64>], rows: impl Iterator<Item = Vec<f64>>) -> bool {
    let dot = |row: &[f64], direction: &Vec<f64>| row.iter().zip(direction).map(|(a, b)| a * b).sum::<f64>();
    // Rows that move alike are one constraint; the entries are ratios of small whole numbers.
    let mut constraints: BTreeSet<Vec<i64>> = BTreeSet::new();
    for row in rows {
        let moves: Vec<i64> = directions.iter().map(|d| libm::round(dot(&row, d) * SCALE) as i64).collect();
        if moves.iter().any(|&m| m != 0) {
            constraints.insert(moves);
        }
    }
    if constraints.is_empty() {
        return false;
    }
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    let fall = |d: usize| constraints.iter().map(|c| -(c[d] as f64) / SCALE).sum::<f64>();
    let weights: Vec<_> = (0..directions.len()).map(|d| problem.add_var(fall(d), (-1.0, 1.0))).collect();
    for constraint in &constraints {
        let terms: Vec<_> = weights.iter().zip(constraint).map(|(w, &c)| (*w, c as f64 / SCALE)).collect();
        problem.add_constraint(terms.as_slice(), ComparisonOp::Le, 0.0);
    }
    let solved = problem.solve().ok().and_then(|outcome| outcome.into_solution().ok());
    solved.is_none_or(|solution| solution.objective() > FLAT)
}

const SCALE: f64 = (1_u64 << 30) as f64;

/// Rows in reduced echelon form, each with the place of its leading 1.
struct Rows {
    width: usize,
    rows: Vec<(usize, Vec<f64>)>,
}

impl Rows {
    const fn new(width: usize) -> Self {
        Self { width, rows: Vec::new() }
    }

    fn rank(&self) -> usize {
        self.rows.len()
    }

    fn is_full(&self) -> bool {
        self.rank() == self.width
    }

    fn add(&mut self, mut row: Vec<f64>) {
        for (lead, basis) in &self.rows {
            let times = row[*lead];
            subtract(&mut row, basis, times);
        }
        let lead = (0..self.width).max_by(|&a, &b| row[a].abs().total_cmp(&row[b].abs()).then(b.cmp(&a)));
        let Some(lead) = lead.filter(|&l| row[l].abs() > ZERO) else { return };
        let scale = 1.0 / row[lead];
        row.iter_mut().for_each(|value| *value *= scale);
        for (_, basis) in &mut self.rows {
            let times = basis[lead];
            subtract(basis, &row, times);
        }
        self.rows.push((lead, row));
    }

    /// Returns directions that span everything on which all rows are 0.
    fn null_space(&self) -> Vec<Vec<f64>> {
        let leads: BTreeSet<usize> = self.rows.iter().map(|(lead, _)| *lead).collect();
        let free = (0..self.width).filter(|i| !leads.contains(i));
        let direction = |at: usize| {
            let mut out = vec![0.0; self.width];
            out[at] = 1.0;
            self.rows.iter().for_each(|(lead, row)| out[*lead] = -row[at]);
            out
        };
        free.map(direction).collect()
    }
}

fn subtract(row: &mut [f64], other: &[f64], times: f64) {
    if times != 0.0 {
        row.iter_mut().zip(other).for_each(|(value, o)| *value -= times * o);
    }
}
