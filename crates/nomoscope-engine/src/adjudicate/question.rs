//! What is asked.

use super::answer::{Queue, queue};
use crate::handle::Handle;
use crate::material::Material;
use crate::refusal::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Over what do coders who are done differ, and what of it is decided?
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// Only this source.
    pub source: Option<String>,
    /// Who is to decide: sources of which something is hidden from them are left out.
    pub viewer: String,
}

impl Question {
    /// Asks the question.
    ///
    /// # Errors
    /// A codebook that does not fit.
    pub fn ask(&self, material: &Material, handle: &Handle) -> Result<Queue, Refusal> {
        let lexicon = material.lexicon(handle)?;
        Ok(queue(material, &lexicon, self.source.as_deref(), &self.viewer))
    }
}
