//! The answer serialised.

use super::answer::{Kwic, Sort, What};
use super::words;
use crate::record::Record;
use schemars::JsonSchema;
use serde::Serialize;

/// A concordance.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// What was found, in a sentence.
    pub lead: String,
    /// The pattern, or the label of the concept.
    pub keyword: String,
    /// The concept; null where a pattern was looked for.
    pub concept: Option<String>,
    /// `text`, `left`, `right` or an attribute of the sources.
    pub sort: String,
    /// Places.
    pub n: usize,
    /// Sources that were read.
    pub sources: usize,
    /// Of them, sources with a place.
    pub sources_with: usize,
    /// The places.
    pub lines: Vec<Line>,
    /// What is needed to ask the same again.
    pub run: Record,
}

/// A place.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Line {
    /// Path of the source.
    pub source: String,
    /// Label of the paragraph.
    pub place: String,
    /// Value of the attribute by which the places are sorted; null where there is none.
    pub group: Option<String>,
    /// First byte of the keyword in the extracted text.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// What stands before.
    pub before: String,
    /// The keyword as it stands in the text.
    pub keyword: String,
    /// What stands after.
    pub after: String,
}

impl Said {
    /// Returns the answer with at most `top` places.
    #[must_use]
    pub fn new(answer: &Kwic, top: Option<usize>, run: Record) -> Self {
        let shown = answer.lines.iter().take(top.unwrap_or(usize::MAX));
        Self {
            lead: words::lead(answer),
            keyword: words::keyword(answer),
            concept: match &answer.what {
                What::Concept(concept) => Some(answer.corpus.codebook.get(*concept).id.clone()),
                What::Pattern(_) => None,
            },
            sort: match &answer.sort {
                Sort::Text => "text".to_owned(),
                Sort::Left => "left".to_owned(),
                Sort::Right => "right".to_owned(),
                Sort::By(attribute) => attribute.clone(),
            },
            n: answer.lines.len(),
            sources: answer.corpus.sources.len(),
            sources_with: answer.n_sources(),
            lines: shown.map(|found| line(answer, found)).collect(),
            run,
        }
    }
}

fn line(answer: &Kwic, found: &nomoscope_core::usage::concordance::Line) -> Line {
    let source = &answer.corpus.sources[found.source];
    let [before, keyword, after] = answer.parts(found);
    let group = match &answer.sort {
        Sort::By(attribute) => source.attribute(attribute),
        Sort::Text | Sort::Left | Sort::Right => None,
    };
    Line {
        source: source.path.clone(),
        place: answer.place(found).to_owned(),
        group,
        start: found.hit.start,
        end: found.hit.end,
        before,
        keyword,
        after,
    }
}
