//! What definitions and entailments are made of: facts and elements, present or absent.

/// A fact's place in its [`Vocabulary`](super::vocabulary::Vocabulary).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactIx(pub u16);

impl FactIx {
    /// Returns the place as an index.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Words as a file gives them, before they are known to name anything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Written {
    /// The words.
    pub text: String,
    /// Their line, from 1.
    pub line: u32,
}

/// What a term is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Atom {
    /// A fact is true.
    Fact(FactIx),
    /// A number lies below a bound, in the fact's unit (years for an age).
    Below(FactIx, u16),
    /// Another element of the same norm holds.
    Element(usize),
}

/// An atom or its absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    /// What it is about.
    pub atom: Atom,
    /// Whether it must *not* hold.
    pub negated: bool,
}
