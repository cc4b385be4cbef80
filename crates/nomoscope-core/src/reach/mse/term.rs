//! Sets of lists.

use std::cmp::Ordering;

/// The most lists: there are 2ⁿ histories.
pub const MAX_LISTS: usize = 16;

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
        let end = 1_u32 << n_lists.min(MAX_LISTS);
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
