//! What is asked.

use super::answer::{Rules, Terms};
use crate::handle::Handle;
use crate::material::{Material, check_attribute};
use crate::refusal::{Problem, Problems, Refusal};
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::norm::corpus::Interviewers;
use nomoscope_core::problem::{Act, Remedy};
use nomoscope_core::usage::terms::{MAX_WORDS, Settings, count};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most words on either side of a concept.
const MAX_WIDTH: usize = 50;

/// Which words and phrases are frequent, which set groups of sources apart, and which stand near a concept?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// Compare the groups of sources that this attribute makes.
    pub by: Option<String>,
    /// Words of a phrase; 1 counts single words.
    pub ngrams: usize,
    /// A concept of the codebook: which words stand near it?
    pub near: Option<String>,
    /// How many words before and after the concept are near.
    pub width: usize,
    /// How often a word must occur to be compared.
    pub least: u64,
    /// List words that say little alone (the, of, and), too.
    pub stop_words: bool,
}

impl Default for Question {
    fn default() -> Self {
        Self { by: None, ngrams: 1, near: None, width: 5, least: 3, stop_words: false }
    }
}

impl Question {
    /// Asks the question.
    ///
    /// # Errors
    /// Settings out of bounds, an attribute or a concept that does not exist; no sources, groups or words to compare.
    pub fn ask(&self, material: &Material, handle: &Handle) -> Result<Terms, Refusal> {
        let mut problems = Problems::new();
        if let Some(by) = &self.by {
            check_attribute(&material.study.sources, by, "by", &mut problems);
        }
        self.check(&mut problems);
        let near = self.near.as_ref().and_then(|id| concept(material, id, "near", &mut problems));
        problems.or(())?;
        if material.study.sources.is_empty() {
            return Err(Refusal::nothing_to_read());
        }
        let (names, groups) = self.groups(material)?;
        let corpus = material.corpus(handle)?;
        let settings = Settings {
            length: self.ngrams,
            groups,
            interviewers: Interviewers::of(&material.study.meta),
            near: near.map(|concept| (concept, self.width)),
        };
        handle.check()?;
        let counted = count(&corpus, &settings);
        if near.is_some() && counted.nodes == 0 {
            let id = self.near.as_deref().unwrap_or_default();
            let reason = format!("the concept `{id}` does not occur, so nothing stands near it");
            let hint = Remedy::with("`{}` lists the concepts that occur", [Act::ListConcepts]);
            return Err(Refusal::NoAnswer(Problem::new("", reason).hint(hint)));
        }
        let rules =
            Rules { by: self.by.clone(), near, width: self.width, least: self.least, stop_words: self.stop_words };
        Ok(Terms::new(corpus, counted, names, &settings, rules))
    }

    fn check(&self, problems: &mut Problems) {
        if !(1..=MAX_WORDS).contains(&self.ngrams) {
            problems.push(Problem::of_setting("ngrams", format!("takes 1 to {MAX_WORDS} words")));
        }
        if !(1..=MAX_WIDTH).contains(&self.width) {
            problems.push(Problem::of_setting("width", format!("takes 1 to {MAX_WIDTH} words on either side")));
        }
        if self.near.is_some() && self.ngrams != 1 {
            problems.push(Problem::of_setting("near", "is answered for single words, not for phrases"));
        }
        if self.least == 0 {
            problems.push(Problem::of_setting("least", "takes a number from 1"));
        }
    }

    /// Returns the groups by name, and the group of each source.
    fn groups(&self, material: &Material) -> Result<(Vec<String>, Vec<u32>), Refusal> {
        let Some(by) = &self.by else { return Ok((Vec::new(), Vec::new())) };
        let sources = &material.study.sources;
        let values: Vec<String> =
            sources.iter().map(|s| s.attribute(by).unwrap_or_else(|| "(none)".to_owned())).collect();
        let names: Vec<String> = values.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
        if let [only] = names.as_slice() {
            let reason = format!("all sources have the same {by}, {only}, so there is nothing to compare");
            return Err(Refusal::no_answer(reason));
        }
        let place = |value: &String| names.binary_search(value).unwrap_or_default() as u32;
        let groups = values.iter().map(place).collect();
        Ok((names, groups))
    }
}

/// Returns the concept of this id, or complains; `setting` says where it was asked for.
pub(crate) fn concept(
    material: &Material,
    id: &str,
    setting: &'static str,
    problems: &mut Problems,
) -> Option<ConceptIx> {
    let found = material.codebook.find(id.trim());
    if found.is_none() {
        let near = material.codebook.suggestions(id);
        let hint = match near.first() {
            Some(near) => Remedy::nearest(near),
            None => Remedy::with("`{}` lists the concepts of the codebook", [Act::ListConcepts]),
        };
        problems.push(Problem::of_setting(setting, format!("`{id}` is no concept of the codebook")).hint(hint));
    }
    found
}
