//! Every place where a pattern or a concept stands, in its context.

use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::norm::corpus::{Corpus, Interviewers};
use nomoscope_core::text::Span;
use nomoscope_core::usage::concordance::Line;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A concept.
    Concept(ConceptIx),
    /// A pattern.
    Pattern(String),
}

/// In which order the places stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sort {
    /// Of the sources and their texts.
    Text,
    /// Of the words before, the nearest first.
    Left,
    /// Of the words after.
    Right,
    /// Of an attribute of the sources.
    By(String),
}

/// The places with the sources in which they are.
#[derive(Debug)]
pub struct Kwic {
    /// The coded sources.
    pub corpus: Arc<Corpus>,
    /// What was looked for.
    pub what: What,
    /// The order of the places.
    pub sort: Sort,
    /// The places, in that order.
    pub lines: Vec<Line>,
    /// How many words of interviewers were not read.
    pub unheard: Option<String>,
}

impl Kwic {
    /// Puts the places into order.
    #[must_use]
    pub fn new(corpus: Arc<Corpus>, what: What, sort: Sort, mut lines: Vec<Line>, interviewers: &Interviewers) -> Self {
        // The sort is stable: places that are equal stand in the order of the texts.
        match &sort {
            Sort::Text => {}
            Sort::Left => lines.sort_by(|a, b| a.keys[0].cmp(&b.keys[0])),
            Sort::Right => lines.sort_by(|a, b| a.keys[1].cmp(&b.keys[1])),
            Sort::By(attribute) => {
                // A source without the attribute comes last.
                let key = |line: &Line| {
                    let value = corpus.sources[line.source].attribute(attribute);
                    (value.is_none(), value)
                };
                lines.sort_by_cached_key(key);
            }
        }
        let unheard = crate::words::unheard(&corpus, interviewers);
        Self { corpus, what, sort, lines, unheard }
    }

    /// Returns how many sources have a place.
    #[must_use]
    pub fn n_sources(&self) -> usize {
        self.lines.iter().map(|line| line.source).collect::<BTreeSet<_>>().len()
    }

    /// Returns what stands before, what was found, and what stands after, each on one line.
    #[must_use]
    pub fn parts(&self, line: &Line) -> [String; 3] {
        let text = &self.corpus.sources[line.source].document.text;
        let flat = |span: Span| span.of(text).split_whitespace().collect::<Vec<_>>().join(" ");
        [flat(line.left), flat(line.hit), flat(line.right)]
    }

    /// Returns where in its source a place is, to be cited.
    #[must_use]
    pub fn place(&self, line: &Line) -> &str {
        self.corpus.coded[line.source].label(line.unit)
    }
}
