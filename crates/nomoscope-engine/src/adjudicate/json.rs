//! The answer serialised.

use super::answer::{Claim, Item, Kind, Queue};
use crate::json::Stretch;
use crate::record::Record;
use nomoscope_core::text::Span;
use schemars::JsonSchema;
use serde::Serialize;

/// What is to be decided between coders who are done.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// What is to be decided, in a sentence.
    pub lead: String,
    /// Sources with which at least two coders are done, and of which nothing is hidden.
    pub sources: Vec<String>,
    /// Where all who are done agree, and nothing was decided yet.
    pub agreed: Vec<Place>,
    /// Where they differ, and nothing was decided yet, in the order of the study.
    pub open: Vec<Place>,
    /// Agreements and differences that are not listed.
    pub omitted: usize,
    /// How many agreements and differences are decided.
    pub decided: usize,
    /// What is needed to ask the same again.
    pub run: Record,
}

/// A place with what coders made of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Place {
    /// Path of the source.
    pub source: String,
    /// Citable label of the paragraph.
    pub unit: String,
    /// Where in the extracted text, in bytes.
    #[serde(flatten)]
    pub span: Stretch,
    /// The words in question.
    pub quote: String,
    /// How coders differ.
    pub kind: Kind,
    /// What is claimed of the place: one concept, or two.
    pub claims: Vec<Claimed>,
}

/// A concept that some say is there.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Claimed {
    /// Its id.
    pub concept: String,
    /// Its label.
    pub label: String,
    /// Its roles.
    pub roles: Vec<&'static str>,
    /// By coder who is done with the source, what they marked.
    pub by: Vec<Marked>,
}

/// What one coder marked.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Marked {
    /// The coder.
    pub coder: String,
    /// Where; nothing where they did not.
    pub spans: Vec<Stretch>,
}

impl Said {
    /// Returns the answer with at most `top` agreements and differences each.
    #[must_use]
    pub fn new(queue: &Queue, top: Option<usize>, run: Record) -> Self {
        let shown =
            |items: &[Item]| -> Vec<Place> { items.iter().take(top.unwrap_or(usize::MAX)).map(place).collect() };
        let (agreed, open) = (shown(&queue.agreed), shown(&queue.open));
        Self {
            lead: super::words::lead(queue),
            sources: queue.sources.clone(),
            omitted: queue.agreed.len() + queue.open.len() - agreed.len() - open.len(),
            agreed,
            open,
            decided: queue.decided,
            run,
        }
    }
}

fn place(item: &Item) -> Place {
    let [_, quote, _] = &item.quote;
    Place {
        source: item.source.clone(),
        unit: item.unit.clone(),
        span: item.place().into(),
        quote: quote.clone(),
        kind: item.kind,
        claims: item.claims.iter().map(claimed).collect(),
    }
}

fn claimed(claim: &Claim) -> Claimed {
    let marked = |(coder, spans): &(String, Vec<Span>)| Marked {
        coder: coder.clone(),
        spans: spans.iter().map(|span| (*span).into()).collect(),
    };
    Claimed {
        concept: claim.concept.clone(),
        label: claim.label.clone(),
        roles: claim.roles.iter().map(|role| role.name()).collect(),
        by: claim.by.iter().map(marked).collect(),
    }
}
