//! Partitions compared, and the place of nodes and edges in a network.

use super::StatsError;
use super::graph::Graph;
use libm::pow;
use std::collections::BTreeMap;

/// Returns the adjusted Rand index of two partitions: 1 the same, 0 as alike as chance makes them.
///
/// Two partitions that are both trivial in the same way agree fully: 1.
/// # Input   a label for each item, in the same order
/// # Errors  [`StatsError::LengthMismatch`], [`StatsError::Empty`]
/// # Source  Hubert & Arabie (1985), Journal of Classification 2: 193–218
pub fn adjusted_rand_index(first: &[usize], second: &[usize]) -> Result<f64, StatsError> {
    if first.len() != second.len() {
        return Err(StatsError::LengthMismatch { what: "labels", left: first.len(), right: second.len() });
    }
    if first.is_empty() {
        return Err(StatsError::Empty);
    }
    let mut cells: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    let mut rows: BTreeMap<usize, u64> = BTreeMap::new();
    let mut columns: BTreeMap<usize, u64> = BTreeMap::new();
    for (&x, &y) in first.iter().zip(second) {
        *cells.entry((x, y)).or_default() += 1;
        *rows.entry(x).or_default() += 1;
        *columns.entry(y).or_default() += 1;
    }
    let pairs = |counts: &mut dyn Iterator<Item = u64>| counts.map(|c| c as f64 * (c as f64 - 1.0) / 2.0).sum::<f64>();
    let together = pairs(&mut cells.values().copied());
    let in_first = pairs(&mut rows.values().copied());
    let in_second = pairs(&mut columns.values().copied());
    let all = pairs(&mut std::iter::once(first.len() as u64));
    let expected = if all > 0.0 { in_first * in_second / all } else { 0.0 };
    let most = 0.5 * (in_first + in_second);
    if most == expected {
        return Ok(1.0);
    }
    Ok((together - expected) / (most - expected))
}

/// Returns the participation coefficient of each node: 0 if all its edges stay in one community, near 1 if they
/// spread evenly over many; `None` for a node without edges.
/// # Input   one community a node; a loop counts as an edge within the community
/// # Errors  [`StatsError::LengthMismatch`]
/// # Source  Guimerà & Amaral (2005), Nature 433: 895–900
pub fn participation(graph: &Graph, community: &[usize]) -> Result<Vec<Option<f64>>, StatsError> {
    let n = graph.n_nodes();
    if community.len() != n {
        return Err(StatsError::LengthMismatch { what: "nodes and communities", left: n, right: community.len() });
    }
    Ok((0..n).map(|node| participation_of(graph, community, node)).collect())
}

fn participation_of(graph: &Graph, community: &[usize], node: usize) -> Option<f64> {
    let strength = graph.strength(node);
    if strength <= 0.0 {
        return None;
    }
    let mut by_community: BTreeMap<usize, f64> = BTreeMap::new();
    *by_community.entry(community[node]).or_default() += 2.0 * graph.loop_weight(node);
    for (to, weight) in graph.neighbours(node) {
        *by_community.entry(community[to]).or_default() += weight;
    }
    let concentration: f64 = by_community.values().map(|w| (w / strength) * (w / strength)).sum();
    Some((1.0 - concentration).max(0.0))
}

/// An edge with its significance in the disparity filter.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct EdgeSignificance {
    /// One end.
    pub from: usize,
    /// The other end, greater than `from`.
    pub to: usize,
    /// Weight of the edge.
    pub weight: f64,
    /// Chance of so large a share of a node's strength if it were spread at random; the smaller of the two ends.
    pub p: f64,
}

/// Returns the significance of each edge in the disparity filter; the backbone keeps those below a level.
///
/// A node with one neighbour says nothing of its edge (p = 1): the edge stays only if the other end holds it. Loops are left out.
/// # Source  Serrano, Boguñá & Vespignani (2009), PNAS 106(16): 6483–6488
#[must_use]
pub fn disparity_filter(graph: &Graph) -> Vec<EdgeSignificance> {
    let strength: Vec<f64> = (0..graph.n_nodes()).map(|node| graph.neighbours(node).map(|(_, w)| w).sum()).collect();
    let at_end = |node: usize, weight: f64| {
        let degree = graph.degree(node);
        if degree <= 1 { 1.0 } else { pow((1.0 - weight / strength[node]).max(0.0), degree as f64 - 1.0) }
    };
    graph
        .edges()
        .filter(|&(from, to, _)| from != to)
        .map(|(from, to, weight)| {
            let p = f64::min(at_end(from, weight), at_end(to, weight));
            EdgeSignificance { from, to, weight, p }
        })
        .collect()
}
