//! What is asked.

use super::answer::Look;
use crate::handle::Handle;
use crate::material::Material;
use crate::refusal::Refusal;
use crate::terms;
use nomoscope_core::norm::corpus::Interviewers;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most groups that are compared unless somebody names their attribute.
const GROUPS: usize = 12;

/// What do these texts speak of?
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// Compare the groups of texts that this attribute makes; none takes the folders, where there are several.
    pub by: Option<String>,
}

impl Question {
    /// Asks the question; `folder` is the attribute that says in which folder a text lies, `left_out` what could not be read.
    ///
    /// # Errors
    /// An attribute that no text has; no texts.
    pub fn ask(
        &self,
        material: &Material,
        (folder, left_out): (&str, Vec<(String, String)>),
        handle: &Handle,
    ) -> Result<Look, Refusal> {
        let by = self.by.clone().or_else(|| groups(material, folder));
        let of = |ngrams: usize, by: Option<String>| terms::question::Question { by, ngrams, ..Default::default() };
        let words = of(1, by).ask(material, handle)?;
        handle.check()?;
        let phrases = [2, 3].map(|ngrams| of(ngrams, None).ask(material, handle));
        let [pairs, triples] = phrases;
        let interviewers = Interviewers::of(&material.study.meta);
        Ok(Look::new(words, [pairs?, triples?], left_out, &interviewers))
    }
}

/// Returns the attribute of the folders, where it makes a few groups of several texts.
fn groups(material: &Material, folder: &str) -> Option<String> {
    let values: Vec<Option<String>> = material.study.sources.iter().map(|s| s.attribute(folder)).collect();
    let different = values.iter().collect::<BTreeSet<_>>().len();
    ((2..=GROUPS).contains(&different) && different < values.len()).then(|| folder.to_owned())
}
