//! An undirected weighted graph, packed, and its connected components.

use super::StatsError;

/// An undirected weighted graph in compressed rows.
///
/// Edges given twice add up. A loop counts once in the weight of the graph and twice in the strength of its node, as usual.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Graph {
    offsets: Vec<usize>,
    targets: Vec<usize>,
    weights: Vec<f64>,
    loops: Vec<f64>,
}

impl Graph {
    /// Returns the graph with these edges.
    /// # Input   edges between nodes below `n_nodes`, weights finite and at least 0; edges of weight 0 are left out
    /// # Errors  [`StatsError::NodeOutOfRange`], [`StatsError::BadValue`]
    pub fn new(n_nodes: usize, edges: &[(usize, usize, f64)]) -> Result<Self, StatsError> {
        super::check_weights("edge weight", edges.iter().map(|e| e.2))?;
        let mut loops = vec![0.0; n_nodes];
        let mut arcs = Vec::with_capacity(2 * edges.len());
        for (at, &(from, to, weight)) in edges.iter().enumerate() {
            let node = from.max(to);
            if node >= n_nodes {
                return Err(StatsError::NodeOutOfRange { at, node, n_nodes });
            }
            if from == to {
                loops[from] += weight;
            } else if weight > 0.0 {
                arcs.push((from, to, weight));
                arcs.push((to, from, weight));
            }
        }
        // A stable sort keeps parallel edges in input order, so that both directions add up to the same bits.
        arcs.sort_by_key(|&(from, to, _)| (from, to));
        arcs.dedup_by(|later, earlier| {
            let same = (later.0, later.1) == (earlier.0, earlier.1);
            if same {
                earlier.2 += later.2;
            }
            same
        });
        let mut offsets = vec![0; n_nodes + 1];
        for &(from, ..) in &arcs {
            offsets[from + 1] += 1;
        }
        for node in 0..n_nodes {
            offsets[node + 1] += offsets[node];
        }
        Ok(Self {
            offsets,
            targets: arcs.iter().map(|a| a.1).collect(),
            weights: arcs.iter().map(|a| a.2).collect(),
            loops,
        })
    }

    /// Returns the number of nodes.
    #[must_use]
    pub fn n_nodes(&self) -> usize {
        self.loops.len()
    }

    /// Returns the neighbours of a node, in ascending order, with the weights of the edges; without the node itself.
    pub fn neighbours(&self, node: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.offsets[node]..self.offsets[node + 1];
        self.targets[range.clone()].iter().copied().zip(self.weights[range].iter().copied())
    }

    /// Returns the number of neighbours of a node.
    #[must_use]
    pub fn degree(&self, node: usize) -> usize {
        self.offsets[node + 1] - self.offsets[node]
    }

    /// Returns the weight of the node's loop.
    #[must_use]
    pub fn loop_weight(&self, node: usize) -> f64 {
        self.loops[node]
    }

    /// Returns the sum of the weights of a node's edges, its loop counted twice.
    #[must_use]
    pub fn strength(&self, node: usize) -> f64 {
        self.neighbours(node).map(|(_, w)| w).sum::<f64>() + 2.0 * self.loops[node]
    }

    /// Returns the sum of all edge weights.
    #[must_use]
    pub fn total_weight(&self) -> f64 {
        0.5 * self.weights.iter().sum::<f64>() + self.loops.iter().sum::<f64>()
    }

    /// Returns each edge once, with from ≤ to, in ascending order.
    pub fn edges(&self) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
        (0..self.n_nodes()).flat_map(move |from| {
            let own = (self.loops[from] > 0.0).then_some((from, from, self.loops[from]));
            own.into_iter()
                .chain(self.neighbours(from).filter(move |&(to, _)| to > from).map(move |(to, w)| (from, to, w)))
        })
    }

    /// Returns the connected component of each node, numbered by their first nodes.
    #[must_use]
    pub fn components(&self) -> Vec<usize> {
        self.components_within(&vec![0; self.n_nodes()])
    }

    /// Returns the connected parts of each group of a partition, numbered by their first nodes.
    ///
    /// # Input   one group a node (missing nodes count as group 0)
    #[must_use]
    pub fn components_within(&self, group: &[usize]) -> Vec<usize> {
        const UNSEEN: usize = usize::MAX;
        let group_of = |node: usize| group.get(node).copied().unwrap_or(0);
        let mut part = vec![UNSEEN; self.n_nodes()];
        let mut n_parts = 0;
        for first in 0..self.n_nodes() {
            if part[first] != UNSEEN {
                continue;
            }
            part[first] = n_parts;
            let mut stack = vec![first];
            while let Some(node) = stack.pop() {
                for (next, _) in self.neighbours(node) {
                    if part[next] == UNSEEN && group_of(next) == group_of(first) {
                        part[next] = n_parts;
                        stack.push(next);
                    }
                }
            }
            n_parts += 1;
        }
        part
    }
}
