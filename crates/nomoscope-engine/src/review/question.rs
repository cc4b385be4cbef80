//! What is asked.

use super::answer::{Review, review};
use crate::handle::Handle;
use crate::material::Material;
use crate::refusal::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How good is what the lexicon finds, and what of it has nobody looked at?
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// Only this concept.
    pub concept: Option<String>,
    /// Only this source.
    pub source: Option<String>,
}

impl Question {
    /// Asks the question.
    ///
    /// # Errors
    /// A codebook that does not fit.
    pub fn ask(&self, material: &Material, handle: &Handle) -> Result<Review, Refusal> {
        let lexicon = material.lexicon(handle)?;
        Ok(review(material, &lexicon, [self.concept.as_deref(), self.source.as_deref()]))
    }
}
