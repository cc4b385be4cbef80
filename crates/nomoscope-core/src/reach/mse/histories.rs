//! Capture histories: how many persons are on exactly these lists and on no other.

use super::subsets::add_supersets;
use crate::problem::{Remedy, Slot};

pub use super::term::MAX_LISTS;
use super::term::Term;

/// The most persons: beyond, counts are no longer exact in floating point.
pub const MAX_PERSONS: u64 = 1 << 50;

/// Counts of persons by the lists that they are on.
///
/// No list is empty, no two are the same, and there are at least two of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histories {
    names: Vec<String>,
    /// By the set of lists; the first, on no list, is what nobody has seen and always 0 here.
    counts: Vec<u64>,
    /// Persons on all of these lists, and perhaps on others.
    margins: Vec<u64>,
}

/// Why counts are no capture histories.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HistoriesError {
    /// Fewer than two lists.
    #[error("{}", match n_lists { 0 => "there is no list".to_owned(), n => format!("there is only {n} list") })]
    TooFewLists {
        /// Lists found.
        n_lists: usize,
    },
    /// More lists than the program takes.
    #[error("{n_lists} lists, more than {MAX_LISTS}")]
    TooManyLists {
        /// Lists found.
        n_lists: usize,
    },
    /// A list on which nobody is.
    #[error("nobody is on the list `{list}`")]
    EmptyList {
        /// Its name.
        list: String,
    },
    /// Two lists with the same persons.
    #[error("the lists `{first}` and `{second}` are identical: whoever is on one is on the other")]
    IdenticalLists {
        /// One of them.
        first: String,
        /// The other.
        second: String,
    },
    /// Nobody at all.
    #[error("nobody is on any list")]
    Nobody,
    /// Counts too large to be exact.
    #[error("more than {MAX_PERSONS} persons")]
    TooManyPersons,
}

impl HistoriesError {
    /// Returns what to do about it, where something can be done.
    #[must_use]
    pub fn hint(&self) -> Option<Remedy> {
        match self {
            Self::TooFewLists { .. } => Some(
                "the overlap of at least two lists tells how many are on none; a list is a column of 0 and 1".into(),
            ),
            Self::TooManyLists { .. } => Some(Remedy::with(
                "merge lists of one kind, or name those to read with {}",
                [Slot::set("lists", "A,B,C")],
            )),
            Self::EmptyList { .. } => Some("leave the list out: it says nothing about who is on none".into()),
            Self::IdenticalLists { .. } => Some("leave one of them out: two copies of a list are one list".into()),
            Self::Nobody | Self::TooManyPersons => None,
        }
    }
}

impl Histories {
    /// Returns the histories; counts of one history are added up, and those on no list left out.
    /// # Input   names of the lists; sets of lists (bit i: list i) with how many persons are on exactly these
    /// # Errors  all of [`HistoriesError`] that hold, at once
    pub fn new(names: Vec<String>, counts: impl IntoIterator<Item = (u32, u64)>) -> Result<Self, Vec<HistoriesError>> {
        let n_lists = names.len();
        if n_lists > MAX_LISTS {
            return Err(vec![HistoriesError::TooManyLists { n_lists }]);
        }
        let mut cells = vec![0_u64; 1 << n_lists];
        let mut total = 0_u64;
        for (lists, count) in counts {
            let Some(cell) = cells.get_mut(lists as usize) else { continue };
            if lists != 0 {
                *cell = cell.saturating_add(count);
                total = total.saturating_add(count);
            }
        }
        let mut errors = Vec::new();
        if n_lists < 2 {
            errors.push(HistoriesError::TooFewLists { n_lists });
        }
        if total > MAX_PERSONS {
            return Err(vec![HistoriesError::TooManyPersons]);
        }
        let histories = Self { names, ..Self::of_counts(cells) };
        if total == 0 && n_lists > 0 {
            errors.push(HistoriesError::Nobody);
        } else {
            errors.extend(histories.faults());
        }
        if errors.is_empty() { Ok(histories) } else { Err(errors) }
    }

    fn of_counts(counts: Vec<u64>) -> Self {
        let mut margins = counts.clone();
        add_supersets(&mut margins);
        Self { names: Vec::new(), counts, margins }
    }

    fn faults(&self) -> Vec<HistoriesError> {
        let name = |i: usize| self.names[i].clone();
        let on = |term: Term| self.margin(term);
        let mut out = Vec::new();
        for i in 0..self.n_lists() {
            if on(Term::list(i)) == 0 {
                out.push(HistoriesError::EmptyList { list: name(i) });
            }
        }
        for pair in Term::pairs(self.n_lists()) {
            let mut lists = pair.lists();
            let (Some(a), Some(b)) = (lists.next(), lists.next()) else { continue };
            let both = on(pair);
            if both > 0 && both == on(Term::list(a)) && both == on(Term::list(b)) {
                out.push(HistoriesError::IdenticalLists { first: name(a), second: name(b) });
            }
        }
        out
    }

    /// Returns the same lists with other counts, which a draw may have left empty.
    pub(super) fn with_counts(&self, counts: Vec<u64>) -> Self {
        Self { names: self.names.clone(), ..Self::of_counts(counts) }
    }

    /// Returns the names of the lists.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Returns the number of lists.
    #[must_use]
    pub fn n_lists(&self) -> usize {
        self.names.len()
    }

    /// Returns the counts by set of lists (bit i: list i); the first is 0.
    #[must_use]
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Returns how many persons are on all lists of the term, whether or not on others.
    #[must_use]
    pub fn margin(&self, term: Term) -> u64 {
        self.margins.get(term.bits() as usize).copied().unwrap_or(0)
    }

    /// Returns how many persons are on any list.
    #[must_use]
    pub fn n_observed(&self) -> u64 {
        self.margins.first().copied().unwrap_or(0)
    }

    /// Returns how many persons are on exactly 1, 2, … lists.
    #[must_use]
    pub fn by_number_of_lists(&self) -> Vec<u64> {
        let mut out = vec![0; self.n_lists()];
        for (lists, count) in self.counts.iter().enumerate().skip(1) {
            out[lists.count_ones() as usize - 1] += count;
        }
        out
    }

    /// Returns the term as people write it: names joined by colons.
    #[must_use]
    pub fn name(&self, term: Term) -> String {
        let names: Vec<&str> = term.lists().filter_map(|i| self.names.get(i)).map(String::as_str).collect();
        names.join(":")
    }
}
