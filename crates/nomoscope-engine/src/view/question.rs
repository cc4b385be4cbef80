//! What is asked.

use super::answer::{Part, Wanted, part};
use crate::handle::Handle;
use crate::material::Material;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// What stands in a source, and who coded what of it?
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The source, by its path.
    pub source: String,
    /// The part, from 0; none takes the one that holds `at`, or the first.
    pub part: Option<usize>,
    /// A position in the text, in bytes, that the part is to hold.
    pub at: Option<u32>,
    /// Whose codings are shown beside the lexicon's; none shows everybody's.
    pub coders: Option<Vec<String>>,
}

impl Question {
    /// Asks the question.
    ///
    /// # Errors
    /// A source that is not there; a codebook that does not fit.
    pub fn ask(&self, material: &Material, handle: &Handle) -> Result<Part, Refusal> {
        let found = material.study.sources.iter().position(|s| s.path == self.source);
        let source = found.ok_or_else(|| Refusal::setting("source", format!("`{}` is no source", self.source)))?;
        let wanted = Wanted { part: self.part, at: self.at, coders: self.coders.as_deref() };
        let lexicon = material.lexicon(handle)?;
        Ok(part(material, &lexicon, source, wanted))
    }
}
