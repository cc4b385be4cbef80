//! What is asked.

use super::answer::{Listed, list};
use crate::handle::Handle;
use crate::material::{Material, Selection};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which sources are there, and which of them hold these words?
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    /// Words and "phrases", all of which a source must hold, or a pattern as in the codebook.
    pub words: Option<String>,
    /// Which sources.
    #[serde(flatten)]
    pub selection: Selection,
}

impl Question {
    /// Asks the question.
    ///
    /// # Errors
    /// A pattern that does not parse, an attribute that no source has; a codebook that does not fit.
    pub fn ask(&self, material: &Material, handle: &Handle) -> Result<Listed, Refusal> {
        self.ask_among(material, None, handle)
    }

    /// Asks the question where it is known which sources can hold the words: the answer is the same, and comes sooner.
    ///
    /// # Errors
    /// As of [`Question::ask`].
    pub fn ask_among(
        &self,
        material: &Material,
        among: Option<&BTreeSet<String>>,
        handle: &Handle,
    ) -> Result<Listed, Refusal> {
        list(material, self.words.as_deref(), (&self.selection, among), handle)
    }
}
