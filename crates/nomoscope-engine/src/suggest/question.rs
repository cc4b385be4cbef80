//! What is asked.

use super::answer::Suggestions;
use crate::handle::Handle;
use crate::material::Material;
use crate::refusal::{Problem, Problems, Refusal};
use crate::terms;
use nomoscope_core::norm::corpus::Interviewers;
use nomoscope_core::usage::uncoded::uncoded;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which words may a concept miss?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The concept.
    pub concept: String,
    /// How often a word must stand outside the concept's codings.
    pub least: u64,
}

impl Default for Question {
    fn default() -> Self {
        Self { concept: String::new(), least: 2 }
    }
}

impl Question {
    /// Asks the question.
    ///
    /// # Errors
    /// A concept that does not exist or does not occur; no sources.
    pub fn ask(&self, material: &Material, handle: &Handle) -> Result<Suggestions, Refusal> {
        let mut problems = Problems::new();
        let concept = terms::question::concept(material, &self.concept, "concept", &mut problems);
        if self.least == 0 {
            problems.push(Problem::of_setting("least", "takes a number from 1"));
        }
        problems.or(())?;
        let Some(concept) = concept else { return Err(Refusal::nothing_to_read()) };
        let near = terms::question::Question { near: Some(self.concept.clone()), ..Default::default() };
        let near = near.ask(material, handle)?;
        let words = uncoded(&near.corpus, concept, &Interviewers::of(&material.study.meta));
        Ok(Suggestions::new(near, concept, &words, self.least))
    }
}
