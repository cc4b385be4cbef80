//! What is asked.

use super::answer::Concepts;
use crate::handle::Handle;
use crate::material::{Material, check_attribute};
use crate::refusal::{Problems, Refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How often does each concept occur, where, and since when?
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// Count by this attribute of the sources.
    pub by: Option<String>,
}

impl Question {
    /// Asks the question.
    ///
    /// # Errors
    /// An attribute that no source has; a codebook that does not fit.
    pub fn ask(&self, material: &Material, handle: &Handle) -> Result<Concepts, Refusal> {
        let mut problems = Problems::new();
        if let Some(by) = &self.by {
            check_attribute(&material.study.sources, by, "by", &mut problems);
        }
        problems.or(())?;
        Ok(Concepts::new(material.corpus(handle)?, self.by.clone()))
    }
}
