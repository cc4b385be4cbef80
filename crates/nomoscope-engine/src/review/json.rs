//! The answer serialised.

use super::answer::{Hit, Judged, Review};
use crate::json::{Ends, Number, Stretch};
use crate::record::Record;
use schemars::JsonSchema;
use serde::Serialize;

/// Hits without a decision that are listed where nobody said how many.
const OPEN: usize = 1000;

/// What people decided about what the lexicon finds.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// What was found, in a sentence.
    pub lead: String,
    /// The concepts that were found, in the order of the codebook.
    pub concepts: Vec<Concept>,
    /// Hits about which nobody has decided, in the order of the study.
    pub open: Vec<Open>,
    /// How many of them are not listed.
    pub omitted: usize,
    /// What cannot be said.
    pub cautions: Vec<String>,
    /// What is needed to ask the same again.
    pub run: Record,
}

/// How often a concept was found, and what people said.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Concept {
    /// The id.
    pub concept: String,
    /// How often it was found.
    pub hits: u64,
    /// How often somebody said that it is right, and nobody that it is wrong.
    pub right: u64,
    /// How often somebody said that it is wrong.
    pub wrong: u64,
    /// Share of the right ones among those that were looked at; null where nobody looked.
    pub precision: Number,
    /// Its interval at 95 %.
    pub interval: Ends,
}

/// A hit of the lexicon about which nobody has decided.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Open {
    /// Path of the source.
    pub source: String,
    /// Where in the extracted text, in bytes.
    #[serde(flatten)]
    pub span: Stretch,
    /// The concept.
    pub concept: String,
}

impl Said {
    /// Returns the answer with at most `top` open hits.
    #[must_use]
    pub fn new(review: &Review, top: Option<usize>, run: Record) -> Self {
        let open: Vec<Open> = review.open.iter().take(top.unwrap_or(OPEN)).map(open).collect();
        Self {
            lead: super::words::lead(review),
            concepts: review.concepts.iter().map(concept).collect(),
            omitted: review.open.len() - open.len(),
            open,
            cautions: super::words::cautions(review),
            run,
        }
    }
}

fn open(hit: &Hit) -> Open {
    Open { source: hit.source.clone(), span: hit.span.into(), concept: hit.concept.clone() }
}

fn concept(judged: &Judged) -> Concept {
    Concept {
        concept: judged.id.clone(),
        hits: judged.hits,
        right: judged.right,
        wrong: judged.wrong,
        precision: judged.precision().into(),
        interval: judged.interval().into(),
    }
}
