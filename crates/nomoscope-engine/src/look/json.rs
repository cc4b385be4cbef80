//! The answer serialised.

use super::answer::Look;
use super::words;
use crate::record::Record;
use crate::terms::json::Said as Counted;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A first look.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// What was found, in a few sentences.
    pub lead: String,
    /// Texts that were read.
    pub texts: usize,
    /// Texts by language, said or detected; empty where it could not be told.
    pub languages: BTreeMap<String, usize>,
    /// Files by ending.
    pub files: BTreeMap<String, usize>,
    /// Files that were left out.
    pub left_out: Vec<LeftOut>,
    /// Single words, and what sets groups apart.
    pub words: Counted,
    /// Phrases of two words.
    pub pairs: Counted,
    /// Phrases of three words.
    pub triples: Counted,
    /// Concepts of the codebook that occur, those in most texts first.
    pub concepts: Vec<Concept>,
    /// What should be known before the numbers are used.
    pub cautions: Vec<String>,
}

/// A file that was left out.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LeftOut {
    /// The file.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// A concept that occurs.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Concept {
    /// Its id.
    pub concept: String,
    /// Places.
    pub places: u64,
    /// Texts with a place.
    pub texts: u64,
}

impl Said {
    /// Returns the answer with at most `top` entries in each list.
    #[must_use]
    pub fn new(answer: &Look, top: Option<usize>, run: Record) -> Self {
        let [pairs, triples] = &answer.phrases;
        Self {
            lead: words::lead(answer),
            texts: answer.corpus().sources.len(),
            languages: answer.languages().into_iter().collect(),
            files: answer.endings().into_iter().collect(),
            left_out: answer
                .left_out
                .iter()
                .map(|(file, reason)| LeftOut { file: file.clone(), reason: reason.clone() })
                .collect(),
            words: Counted::new(&answer.words, top, run.clone()),
            pairs: Counted::new(pairs, top, run.clone()),
            triples: Counted::new(triples, top, run),
            concepts: answer
                .concepts
                .iter()
                .map(|(concept, places, texts)| Concept {
                    concept: answer.corpus().codebook.get(*concept).id.clone(),
                    places: *places,
                    texts: *texts,
                })
                .collect(),
            cautions: words::cautions(answer),
        }
    }
}
