//! Hierarchical log-linear models: which lists depend on each other.

use super::term::Term;
use std::collections::BTreeSet;

/// A hierarchical model: all main effects, and interactions with everything that is within them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Model {
    /// Terms of two and more lists, in their order; each with all its facets.
    interactions: Vec<Term>,
}

impl Model {
    /// Returns the model without interaction.
    #[must_use]
    pub const fn main() -> Self {
        Self { interactions: Vec::new() }
    }

    /// Returns the least hierarchical model with these terms: what is within a term comes with it.
    #[must_use]
    pub fn with(terms: impl IntoIterator<Item = Term>) -> Self {
        let mut all = BTreeSet::new();
        let mut todo: Vec<Term> = terms.into_iter().collect();
        while let Some(term) = todo.pop() {
            if term.order() >= 2 && all.insert(term) {
                todo.extend(term.facets());
            }
        }
        Self { interactions: all.into_iter().collect() }
    }

    /// Returns the model with one more term.
    #[must_use]
    pub fn and(&self, term: Term) -> Self {
        Self::with(self.interactions.iter().copied().chain([term]))
    }

    /// Returns the terms of two and more lists.
    #[must_use]
    pub fn interactions(&self) -> &[Term] {
        &self.interactions
    }

    /// Returns whether the model has this interaction.
    #[must_use]
    pub fn has(&self, term: Term) -> bool {
        self.interactions.binary_search(&term).is_ok()
    }

    /// Returns all terms but the intercept: main effects, then interactions.
    #[must_use]
    pub fn terms(&self, n_lists: usize) -> Vec<Term> {
        (0..n_lists).map(Term::list).chain(self.interactions.iter().copied()).collect()
    }
}
