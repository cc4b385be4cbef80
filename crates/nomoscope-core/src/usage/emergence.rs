//! Emergence: when each concept first appeared, and in which source.

use crate::codebook::ConceptIx;
use crate::date::PartialDate;
use crate::norm::corpus::Corpus;
use crate::text::Span;
use std::collections::BTreeMap;

/// The first dated source that uses a concept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct First {
    /// Index of the source.
    pub source: usize,
    /// Its date.
    pub date: PartialDate,
    /// The first passage there.
    pub span: Span,
}

/// Returns the first appearance of each concept; of sources of one date, the first in the study counts.
#[must_use]
pub fn first_appearances(corpus: &Corpus) -> BTreeMap<ConceptIx, First> {
    let mut order: Vec<(PartialDate, usize)> =
        corpus.sources.iter().enumerate().filter_map(|(i, s)| Some((s.date?, i))).collect();
    order.sort_unstable();
    let mut out = BTreeMap::new();
    for (date, source) in order {
        for coding in &corpus.coded[source].codings {
            out.entry(coding.concept).or_insert(First { source, date, span: coding.span });
        }
    }
    out
}
