//! What is asked.

use super::answer::{Proposed, proposed};
use crate::handle::Handle;
use crate::material::Material;
use crate::refusal::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which passages look like those in which people found a concept?
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The concept.
    pub concept: String,
}

impl Question {
    /// Asks the question.
    ///
    /// # Errors
    /// Suggestions are switched off; a concept that is not there; too few examples; a codebook that does not fit.
    pub fn ask(&self, material: &Material, handle: &Handle) -> Result<Proposed, Refusal> {
        if !material.study.meta.suggestions {
            return Err(Refusal::no_answer("suggestions are switched off in this study"));
        }
        let found = material.codebook.find(&self.concept);
        let concept = found
            .ok_or_else(|| Refusal::setting("concept", format!("the codebook has no concept `{}`", self.concept)))?;
        proposed(material, &*material.lexicon(handle)?, concept)
    }
}
