//! How likely something is, facts being independent with their priors.
//!
//! An interview weighs each open norm under each answer to each question it may ask. Building a new diagram for every one of them
//! cost most of the time of a question; one pass over the nodes of the diagram that is there gives the same number.

use super::logic::{Logic, Variable};
use biodivine_lib_bdd::Bdd;

/// The nodes of a diagram with the chance that each variable is true, children before parents.
#[derive(Debug)]
pub(super) struct Weighed {
    nodes: Vec<Node>,
}

#[derive(Debug)]
enum Node {
    Leaf(f64),
    Branch { variable: Option<Variable>, prior: f64, low: usize, high: usize },
}

impl Weighed {
    /// Takes a diagram apart; what is no fact is as likely as not.
    pub(super) fn new(logic: &Logic, diagram: &Bdd, prior: impl Fn(Variable) -> f64) -> Self {
        // Nodes are numbered from the leaves up, so that what lies below is there first.
        let node = |at: biodivine_lib_bdd::BddPointer| match (at.is_zero(), at.is_one()) {
            (true, _) => Node::Leaf(0.0),
            (_, true) => Node::Leaf(1.0),
            _ => {
                let variable = logic.of_handle(diagram.var_of(at));
                let (low, high) = (diagram.low_link_of(at).to_index(), diagram.high_link_of(at).to_index());
                Node::Branch { variable, prior: variable.map_or(0.5, &prior), low, high }
            }
        };
        Self { nodes: diagram.pointers().map(node).collect() }
    }

    /// Returns the chance that the diagram holds where these variables have these values; exactly 0 where it cannot, as long as
    /// no prior is 0 or 1.
    pub(super) fn chance(&self, fixed: &[(Variable, bool)]) -> f64 {
        let mut known: Vec<f64> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let value = match *node {
                Node::Leaf(value) => value,
                Node::Branch { variable, prior, low, high } => {
                    let of = |at: usize| known.get(at).copied().unwrap_or(0.0);
                    match fixed.iter().find(|(v, _)| Some(*v) == variable) {
                        Some((_, true)) => of(high),
                        Some((_, false)) => of(low),
                        None => (1.0 - prior) * of(low) + prior * of(high),
                    }
                }
            };
            known.push(value);
        }
        known.last().copied().unwrap_or(0.0)
    }
}
