//! The body of law: a vocabulary with the definitions that use it.

use super::definition::Norm;
use super::guide::Guide;
use super::vocabulary::Vocabulary;

/// A vocabulary of facts with the definitions that use it, checked: every atom names a fact or an element that exists.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Law {
    /// The facts and what follows from what.
    pub vocabulary: Vocabulary,
    /// The definitions, by id.
    pub norms: Vec<Norm>,
    /// What goes with them: the order of the story, indicators, States and what is owed.
    pub guide: Guide,
    /// Definitions with a problem, for [`super::lint`] alone: elements of which not every term names something ask for nothing
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
