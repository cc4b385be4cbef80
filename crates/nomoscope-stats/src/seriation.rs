//! Seriation: an order of things in which those that are alike stand together.
//!
//! Things are joined by average linkage; among all orders that keep every branch of that tree together, the one with the
//! least sum of dissimilarities between neighbours is taken. A tree without the second step leaves 2^(n−1) orders open,
//! and a shortest path without a tree tears groups apart for the sake of one step. Same input, same order: ties go to
//! what was given first, and of an order and its reverse the one that begins nearer to the first thing given.

use super::StatsError;
use std::cmp::Ordering;

/// Returns the Jaccard dissimilarity of all pairs of rows: the share of columns held by either that one of them lacks.
///
/// Two rows that hold nothing are alike: 0.
/// # Input   rows of equal length, one value a column
/// # Errors  [`StatsError::LengthMismatch`]
/// # Source  Jaccard (1912), New Phytologist 11(2): 37–50
pub fn jaccard_dissimilarity(rows: &[Vec<bool>]) -> Result<Vec<Vec<f64>>, StatsError> {
    let n_columns = rows.first().map_or(0, Vec::len);
    if let Some(odd) = rows.iter().find(|row| row.len() != n_columns) {
        return Err(StatsError::LengthMismatch { what: "columns of two rows", left: n_columns, right: odd.len() });
    }
    Ok(rows.iter().map(|a| rows.iter().map(|b| dissimilarity(a, b)).collect()).collect())
}

#[expect(clippy::cast_precision_loss, reason = "columns are far fewer than 2^53")]
fn dissimilarity(a: &[bool], b: &[bool]) -> f64 {
    let either = a.iter().zip(b).filter(|(x, y)| **x || **y).count();
    let one = a.iter().zip(b).filter(|(x, y)| x != y).count();
    if either == 0 { 0.0 } else { one as f64 / either as f64 }
}

/// Returns the indices of all things in an order in which those that are alike stand together.
///
/// Average linkage (UPGMA), then the optimal order of its leaves; time grows with the cube of the number of things.
/// # Input   dissimilarities of all pairs: a square, symmetric, finite, at least 0; the diagonal is not read
/// # Errors  [`StatsError::LengthMismatch`], [`StatsError::BadValue`] with the position counted row by row
/// # Source  Sokal & Michener (1958), University of Kansas Science Bulletin 38: 1409–1438; Bar-Joseph, Gifford & Jaakkola
///   (2001), Bioinformatics 17(S1): S22–S29
pub fn seriation(dissimilarities: &[Vec<f64>]) -> Result<Vec<usize>, StatsError> {
    check_square(dissimilarities)?;
    if dissimilarities.is_empty() {
        return Ok(Vec::new());
    }
    let merges = average_linkage(dissimilarities);
    let mut order = optimal_leaves(dissimilarities, &merges);
    let place = order.iter().position(|&thing| thing == 0).unwrap_or(0);
    let from_the_end = order.len() - 1 - place;
    if place > from_the_end || place == from_the_end && order.first() > order.last() {
        order.reverse();
    }
    Ok(order)
}

/// Returns the sum of dissimilarities between neighbours of an order; indices without a value count as 0.
#[must_use]
pub fn path_length(dissimilarities: &[Vec<f64>], order: &[usize]) -> f64 {
    let step = |pair: &[usize]| match pair {
        [a, b] => dissimilarities.get(*a).and_then(|row| row.get(*b)).copied().unwrap_or(0.0),
        _ => 0.0,
    };
    order.windows(2).map(step).sum()
}

fn check_square(matrix: &[Vec<f64>]) -> Result<(), StatsError> {
    let n = matrix.len();
    for (i, row) in matrix.iter().enumerate() {
        if row.len() != n {
            return Err(StatsError::LengthMismatch { what: "rows and columns", left: n, right: row.len() });
        }
        for (j, &value) in row.iter().enumerate().filter(|(j, _)| *j != i) {
            // Every row has n values by now or is refused in its turn: the mirrored value is compared where it exists.
            let mirrored = matrix[j].get(i).copied().unwrap_or(value);
            if !(value.is_finite() && value >= 0.0 && (value - mirrored).abs() <= 1e-12) {
                return Err(StatsError::BadValue { what: "dissimilarity", at: i * n + j, value });
            }
        }
    }
    Ok(())
}

/// The two groups of leaves that a step of the linkage joins.
type Merge = (Vec<usize>, Vec<usize>);

/// Returns the steps of average linkage, innermost first; ties join the pair that was given first.
#[expect(clippy::cast_precision_loss, reason = "groups are far smaller than 2^53")]
fn average_linkage(matrix: &[Vec<f64>]) -> Vec<Merge> {
    let mut groups: Vec<Vec<usize>> = (0..matrix.len()).map(|leaf| vec![leaf]).collect();
    let mut between: Vec<Vec<f64>> = matrix.to_vec();
    let mut merges = Vec::new();
    while groups.len() > 1 {
        let (a, b) = closest(&between);
        let (n_a, n_b) = (groups[a].len() as f64, groups[b].len() as f64);
        let means: Vec<f64> =
            between[a].iter().zip(&between[b]).map(|(near, far)| (near * n_a + far * n_b) / (n_a + n_b)).collect();
        for (row, mean) in between.iter_mut().zip(&means) {
            row[a] = *mean;
        }
        between[a] = means;
        between.remove(b);
        for row in &mut between {
            row.remove(b);
        }
        let right = groups.remove(b);
        let left = std::mem::take(&mut groups[a]);
        groups[a] = left.iter().chain(&right).copied().collect();
        merges.push((left, right));
    }
    merges
}

/// Returns the pair of groups that are least apart, `a < b`; the first of several.
fn closest(between: &[Vec<f64>]) -> (usize, usize) {
    let mut best = (f64::INFINITY, (0, 1));
    for (a, row) in between.iter().enumerate() {
        for (b, &value) in row.iter().enumerate().skip(a + 1) {
            if value < best.0 {
                best = (value, (a, b));
            }
        }
    }
    best.1
}

/// Returns the order of the leaves with the least path among those that the tree allows.
///
/// `least[u][w]` is the least path over the smallest branch that holds u and w, with u at one end and w at the other.
fn optimal_leaves(matrix: &[Vec<f64>], merges: &[Merge]) -> Vec<usize> {
    let n = matrix.len();
    let mut least = vec![vec![f64::INFINITY; n]; n];
    let mut joint = vec![vec![(0, 0); n]; n];
    for (leaf, row) in least.iter_mut().enumerate() {
        row[leaf] = 0.0;
    }
    let mut other_ends: Vec<Vec<usize>> = (0..n).map(|leaf| vec![leaf]).collect();
    for (left, right) in merges {
        join(matrix, (left, right), &other_ends, &mut least, &mut joint);
        for &leaf in left {
            other_ends[leaf].clone_from(right);
        }
        for &leaf in right {
            other_ends[leaf].clone_from(left);
        }
    }
    let Some((left, right)) = merges.last() else {
        return (0..n).collect();
    };
    let ends = left.iter().flat_map(|&u| right.iter().map(move |&w| (u, w)));
    let best = ends.min_by(|&(u, w), &(x, y)| {
        least[u][w].partial_cmp(&least[x][y]).unwrap_or(Ordering::Equal).then((u, w).cmp(&(x, y)))
    });
    let mut order = Vec::with_capacity(n);
    if let Some((u, w)) = best {
        unfold(u, w, &joint, &mut order);
    }
    order
}

/// Fills the least paths of a branch from those of its two halves. `other_ends[u]` are the leaves that can end u's half
/// when u begins it.
fn join(
    matrix: &[Vec<f64>],
    (left, right): (&[usize], &[usize]),
    other_ends: &[Vec<usize>],
    least: &mut [Vec<f64>],
    joint: &mut [Vec<(usize, usize)>],
) {
    let mut to_next = vec![(f64::INFINITY, 0); matrix.len()];
    for &u in left {
        // First to every leaf of the right half that may come next, then on to every end: a cube instead of a fourth power.
        for &k in right {
            to_next[k] = (f64::INFINITY, u);
            for &m in &other_ends[u] {
                let path = least[u][m] + matrix[m][k];
                if path < to_next[k].0 {
                    to_next[k] = (path, m);
                }
            }
        }
        for &w in right {
            let mut best = (f64::INFINITY, (u, w));
            for &k in &other_ends[w] {
                let (path, m) = to_next[k];
                if path + least[k][w] < best.0 {
                    best = (path + least[k][w], (m, k));
                }
            }
            least[u][w] = best.0;
            least[w][u] = best.0;
            joint[u][w] = best.1;
            joint[w][u] = (best.1.1, best.1.0);
        }
    }
}

/// Writes the leaves from `u` to `w` in order; a stack instead of recursion, because a tree may be as deep as it has leaves.
fn unfold(u: usize, w: usize, joint: &[Vec<(usize, usize)>], order: &mut Vec<usize>) {
    let mut stack = vec![(u, w)];
    while let Some((from, to)) = stack.pop() {
        if from == to {
            order.push(from);
            continue;
        }
        let (m, k) = joint[from][to];
        stack.push((k, to));
        stack.push((from, m));
    }
}
