//! The answer serialised.

use super::answer::{Proposed, Ranked};
use crate::json::{Number, Stretch};
use crate::record::Record;
use schemars::JsonSchema;
use serde::Serialize;

/// How many words that speak for the concept are told.
const WORDS: usize = 20;

/// What is suggested for a concept.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// What was learned, in a sentence.
    pub lead: String,
    /// The id of the concept.
    pub concept: String,
    /// Sentences that people accepted.
    pub accepted: usize,
    /// Sentences that people turned down.
    pub rejected: usize,
    /// The words that speak most for the concept, the most telling first.
    pub telling: Vec<String>,
    /// Sentences without the concept about which nobody has decided, the most probable first.
    pub suggestions: Vec<Suggested>,
    /// How many of them are not listed.
    pub omitted: usize,
    /// Sentences of audits that hold the concept and that the lexicon missed.
    pub audited: usize,
    /// Of them, how many the model takes for the concept.
    pub audited_found: usize,
    /// What cannot be said.
    pub cautions: Vec<String>,
    /// What is needed to ask the same again.
    pub run: Record,
}

/// A sentence that is suggested; it counts once a person accepts it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Suggested {
    /// Path of the source.
    pub source: String,
    /// Citable label.
    pub unit: String,
    /// Where in the extracted text, in bytes.
    #[serde(flatten)]
    pub span: Stretch,
    /// The words.
    pub quote: String,
    /// How probable the model takes it to be that the concept is there.
    pub score: Number,
}

impl Said {
    /// Returns the answer with at most `top` sentences.
    #[must_use]
    pub fn new(p: &Proposed, top: Option<usize>, run: Record) -> Self {
        let suggestions: Vec<Suggested> = p.ranked.iter().take(top.unwrap_or(usize::MAX)).map(suggested).collect();
        let ([accepted, rejected], [audited_found, audited]) = (p.examples, p.audited);
        Self {
            lead: super::words::lead(p),
            concept: p.concept.clone(),
            accepted,
            rejected,
            telling: p.model.telling(WORDS).into_iter().map(str::to_owned).collect(),
            omitted: p.ranked.len() - suggestions.len(),
            suggestions,
            audited,
            audited_found,
            cautions: super::words::cautions(p),
            run,
        }
    }
}

fn suggested(r: &Ranked) -> Suggested {
    Suggested {
        source: r.source.clone(),
        unit: r.unit.clone(),
        span: r.span.into(),
        quote: r.quote.clone(),
        score: r.score.into(),
    }
}
