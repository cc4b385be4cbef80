//! What is asked: a sample, and later what came of it.

use super::answer::{Audited, Drawn, audited, draw};
use crate::handle::Handle;
use crate::material::Material;
use crate::refusal::Refusal;
use nomoscope_core::text::Level;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which passages are to be read for what the lexicon misses?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Draw {
    /// What a passage is.
    pub level: Level,
    /// How many are drawn.
    pub n: usize,
    /// Seed of the draw.
    pub seed: u64,
}

impl Default for Draw {
    fn default() -> Self {
        Self { level: Level::Sentence, n: 60, seed: 1 }
    }
}

impl Draw {
    /// Asks the question.
    ///
    /// # Errors
    /// A number out of bounds; no sources; a codebook that does not fit.
    pub fn ask(&self, material: &Material, handle: &Handle) -> Result<Drawn, Refusal> {
        if self.n == 0 || self.n > 10_000 {
            return Err(Refusal::setting("n", format!("{}: takes 1 to 10000 passages", self.n)));
        }
        material.some_sources()?;
        let drawn = draw(&*material.lexicon(handle)?, &material.study, (self.level, self.n, self.seed));
        if drawn.passages.is_empty() { Err(Refusal::no_answer("the study has no such passage")) } else { Ok(drawn) }
    }
}

/// How much of what is there does the lexicon find, by the last audit?
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {}

impl Question {
    /// Asks the question.
    ///
    /// # Errors
    /// A codebook that does not fit.
    pub fn ask(&self, material: &Material, handle: &Handle) -> Result<Audited, Refusal> {
        Ok(audited(material, &*material.lexicon(handle)?))
    }
}
