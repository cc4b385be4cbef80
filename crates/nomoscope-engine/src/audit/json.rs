//! The answer serialised.

use super::answer::{About, Audited, Found};
use crate::json::{Ends, Number, Stretch};
use crate::record::Record;
use schemars::JsonSchema;
use serde::Serialize;

/// How much of what is there the lexicon finds.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// What was found, in a sentence.
    pub lead: String,
    /// The audit: the last of which anything was read, or else the last; null without any.
    pub audit: Option<About>,
    /// The next passage that is to be read; null where there is none.
    pub next: Option<Next>,
    /// By role, where any of its concepts is found or missed.
    pub roles: Vec<Recall>,
    /// By concept that is found or missed, in the order of the codebook.
    pub concepts: Vec<Recall>,
    /// What cannot be said.
    pub cautions: Vec<String>,
    /// What is needed to ask the same again.
    pub run: Record,
}

/// A passage that is to be read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Next {
    /// The passage.
    pub id: String,
    /// Path of the source.
    pub source: String,
    /// Where in the extracted text, in bytes.
    #[serde(flatten)]
    pub span: Stretch,
    /// The words.
    pub quote: String,
    /// The place in the draw, from 1.
    pub number: usize,
}

/// How much of a concept or a role is found; passages are counted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Recall {
    /// The id of the concept, or the role.
    pub id: String,
    /// The label.
    pub label: String,
    /// Passages with a hit.
    pub found: u64,
    /// Of these, how many were looked at.
    pub looked: u64,
    /// Of these, how many are right.
    pub right: u64,
    /// Passages without a hit.
    pub rest: u64,
    /// Of these, how many were drawn and read.
    pub audited: u64,
    /// Of these, how many hold it.
    pub missed: u64,
    /// Share of the passages that hold it in which it is found; null where hits or passages without hits were not looked at.
    pub recall: Number,
    /// Its interval at 95 %.
    pub interval: Ends,
}

impl Said {
    /// Returns the answer.
    #[must_use]
    pub fn new(audited: &Audited, run: Record) -> Self {
        let next = audited.next.as_ref().map(|p| Next {
            id: p.id.clone(),
            source: p.source.clone(),
            span: p.span.into(),
            quote: p.quote.clone(),
            number: p.number,
        });
        Self {
            lead: super::words::lead(audited),
            audit: audited.audit.clone(),
            next,
            roles: audited.roles.iter().map(recall).collect(),
            concepts: audited.concepts.iter().map(recall).collect(),
            cautions: super::words::cautions(audited),
            run,
        }
    }
}

fn recall<T>(of: &Found<T>) -> Recall {
    let counts = of.counts;
    let (share, interval) = of.recall.unzip();
    Recall {
        id: of.id.clone(),
        label: of.label.clone(),
        found: counts.found,
        looked: counts.looked,
        right: counts.right,
        rest: counts.rest,
        audited: counts.audited,
        missed: counts.missed,
        recall: share.into(),
        interval: interval.into(),
    }
}
