//! Hierarchical log-linear models: which lists depend on each other.

use super::histories::Histories;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// A set of lists that has a parameter: one list (main effect), a pair, a triple …
///
/// Ordered by size, then as words are: (1,2), (1,3), (2,3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Term(u32);

impl Term {
    /// The empty set: the intercept, whose exponential is the number of persons on no list.
    pub const INTERCEPT: Self = Self(0);

    /// Returns the main effect of a list.
    #[must_use]
    pub const fn list(index: usize) -> Self {
        Self(if index < 32 { 1 << index } else { 0 })
    }

    /// Returns the term of these lists.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// Returns the lists as bits: bit i is list i.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Returns the number of lists.
    #[must_use]
    pub const fn order(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Returns the lists, ascending.
    pub fn lists(self) -> impl Iterator<Item = usize> {
        (0..32).filter(move |i| self.0 >> i & 1 == 1)
    }

    /// Returns the lists of both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns whether all lists of this term are in the set.
    #[must_use]
    pub const fn is_within(self, lists: u32) -> bool {
        self.0 & lists == self.0
    }

    /// Returns the terms with one list fewer.
    pub fn facets(self) -> impl Iterator<Item = Self> {
        self.lists().map(move |i| Self(self.0 & !(1 << i)))
    }

    /// Returns all pairs of so many lists: (1,2), (1,3), …
    #[must_use]
    pub fn pairs(n_lists: usize) -> Vec<Self> {
        Self::of_order(n_lists, 2)
    }

    /// Returns all terms of one order.
    #[must_use]
    pub fn of_order(n_lists: usize, order: usize) -> Vec<Self> {
        let end = 1_u32 << n_lists.min(super::MAX_LISTS);
        let mut out: Vec<Self> = (0..end).map(Self).filter(|t| t.order() == order).collect();
        out.sort_unstable();
        out
    }
}

impl Ord for Term {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order().cmp(&other.order()).then_with(|| other.0.reverse_bits().cmp(&self.0.reverse_bits()))
    }
}

impl PartialOrd for Term {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

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

    /// Returns the model as a formula that can be given to the program again; `main` for main effects alone.
    #[must_use]
    pub fn formula(&self, histories: &Histories) -> String {
        if self.interactions.is_empty() {
            return "main".to_owned();
        }
        let name = |t: &Term| {
            let names = t.lists().filter_map(|i| histories.names().get(i)).map(|n| super::formula::quoted(n));
            names.collect::<Vec<_>>().join(":")
        };
        self.terms(histories.n_lists()).iter().map(name).collect::<Vec<_>>().join(" + ")
    }
}
