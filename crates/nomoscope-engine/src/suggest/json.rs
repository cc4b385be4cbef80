//! The answer serialised.

use super::answer::{Missed, Suggestions};
use super::words;
use crate::json::Number;
use crate::record::Record;
use schemars::JsonSchema;
use serde::Serialize;

/// What a concept may miss.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// What was found, in a few sentences.
    pub lead: String,
    /// The concept.
    pub concept: String,
    /// Occurrences of it.
    pub places: u64,
    /// Words that begin like one that it codes.
    pub kin: Vec<Word>,
    /// Words near it that no concept has.
    pub near: Vec<Word>,
    /// What is needed to ask the same again.
    pub run: Record,
}

/// A word.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Word {
    /// As it is written.
    pub word: String,
    /// How often the concept does not code it.
    pub uncoded: u64,
    /// How often it occurs.
    pub n: u64,
    /// In how many sources.
    pub sources: u32,
    /// How often it is coded with another concept.
    pub elsewhere: u64,
    /// Its logDice with the concept; null where it was not measured.
    pub log_dice: Number,
    /// Path of a source where it is not coded.
    pub source: Option<String>,
    /// The sentence.
    pub example: Option<String>,
}

impl Said {
    /// Returns the answer with at most `top` words in each list.
    #[must_use]
    pub fn new(answer: &Suggestions, top: Option<usize>, run: Record) -> Self {
        let list = |words: &[Missed]| words.iter().take(top.unwrap_or(usize::MAX)).map(|w| word(answer, w)).collect();
        Self {
            lead: words::lead(answer),
            concept: answer.corpus.codebook.get(answer.concept).id.clone(),
            places: answer.places,
            kin: list(&answer.kin),
            near: list(&answer.near),
            run,
        }
    }
}

fn word(answer: &Suggestions, missed: &Missed) -> Word {
    let example = missed.example.as_ref();
    Word {
        word: missed.word.clone(),
        uncoded: missed.uncoded,
        n: missed.n,
        sources: missed.sources,
        elsewhere: missed.elsewhere,
        log_dice: missed.log_dice.into(),
        source: example.map(|(source, _)| answer.corpus.sources[*source].path.clone()),
        example: example.map(|(_, quote)| quote.clone()),
    }
}
