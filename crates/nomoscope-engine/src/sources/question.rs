//! What is asked.

use super::answer::{Listed, list};
use crate::handle::Handle;
use crate::material::{Material, Selection};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// Which sources are there, and which of them hold these words?
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    /// Words, or a pattern as in the codebook; only sources that hold them.
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
        list(material, self.words.as_deref(), &self.selection, handle)
    }
}
