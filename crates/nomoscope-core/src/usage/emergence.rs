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
    /// Other sources that use it and may be as early or earlier, as far as the dates tell.
    pub n_also: usize,
}

/// Returns the first appearance of each concept; of sources of one date, the first in the study counts.
#[must_use]
pub fn first_appearances(corpus: &Corpus) -> BTreeMap<ConceptIx, First> {
    let mut uses: BTreeMap<ConceptIx, BTreeMap<(PartialDate, usize), Span>> = BTreeMap::new();
    for (source, coded) in corpus.coded.iter().enumerate() {
        let Some(date) = corpus.sources[source].date else { continue };
        for coding in &coded.codings {
            uses.entry(coding.concept).or_default().entry((date, source)).or_insert(coding.span);
        }
    }
    uses.into_iter().filter_map(|(concept, uses)| Some((concept, first(&uses)?))).collect()
}

fn first(uses: &BTreeMap<(PartialDate, usize), Span>) -> Option<First> {
    let (&(date, source), &span) = uses.first_key_value()?;
    let certain_by = uses.keys().map(|(date, _)| date.latest()).min()?;
    let n_also = uses.keys().filter(|(date, s)| *s != source && date.earliest() <= certain_by).count();
    Some(First { source, date, span, n_also })
}
