//! Does a norm hold on these facts, and if not, which one does?
//!
//! A *definition* is elements in limbs ("act, means and purpose"; "act, purpose, a child"); a *case* is facts that are
//! true, false or unknown. From both follows, exactly, whether the facts entered satisfy the definition, do not satisfy
//! it, or do not settle it; and with which facts more it would be settled. Definitions are compared by what they let
//! in, not by their words. The idea is section 3 of Narminio (2020): the trafficking norm asks for much, national law
//! draws other boundaries, and those who cannot prove it fall back on its neighbours.
//!
//! `vocabulary` ← `definition` ← `case`; `logic` turns definitions into decision diagrams; `finding`, `compare`,
//! `template`, `burden`, `fallback` and `interview` each answer one question with them; `lint` says what is wrong with
//! the data. Nothing here knows a file, a court or a person: facts come in, findings go out. It never says that
//! somebody is or is not a victim.

pub mod burden;
pub mod case;
pub mod compare;
pub mod definition;
pub mod fallback;
pub mod finding;
pub mod interview;
pub mod lint;
pub mod logic;
pub mod minimal;
pub mod resolve;
pub mod template;
pub mod vocabulary;

use definition::Norm;
use vocabulary::Vocabulary;

/// Where something is written: for messages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Origin {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 for the whole file.
    pub line: u32,
}

/// A vocabulary of facts with the definitions that use it, checked: every atom names a fact or an element that exists.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Law {
    /// The facts and what follows from what.
    pub vocabulary: Vocabulary,
    /// The definitions, by id.
    pub norms: Vec<Norm>,
    /// Definitions with a problem, for [`lint`] alone: elements of which not every term names something ask for nothing
    /// here, so that what is impossible all the same can be told in the same breath.
    pub damaged: Vec<Norm>,
}

impl Law {
    /// Returns the place of a norm in [`Law::norms`].
    #[must_use]
    pub fn find(&self, id: &str) -> Option<usize> {
        self.norms.binary_search_by(|n| n.id.as_str().cmp(id)).ok()
    }
}
