//! First appearances of concepts and of couplings, with the sources that date alone cannot put behind them.

use crate::codebook::ConceptIx;
use crate::coding::Coding;
use crate::counts::{Pair, overlapping_only};
use crate::date::PartialDate;
use crate::norm::corpus::{CodedSource, Corpus};
use crate::text::{Level, Span};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What appeared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A concept.
    Concept(ConceptIx),
    /// Two concepts in one window.
    Coupling(ConceptIx, ConceptIx),
}

/// A first appearance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstUse {
    /// What appeared.
    pub what: What,
    /// Index of the source: the earliest date; of sources of one date, the first in the study.
    pub source: usize,
    /// Its date.
    pub date: PartialDate,
    /// The window; none where the concept stands in a heading.
    pub unit: Option<u32>,
    /// The passage, or the first of the two.
    pub span: Span,
    /// Concepts in the same window, of a concept's first appearance.
    pub with: Vec<ConceptIx>,
    /// Other sources that hold it and may be as early or earlier, as far as the dates tell.
    pub also: Vec<usize>,
    /// Sources with a date that hold it.
    pub sources: usize,
}

/// Two concepts in the windows of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meeting {
    /// The pair.
    pub pair: Pair,
    /// Windows with both.
    pub windows: u32,
    /// The first of them.
    pub unit: u32,
    /// The first passage there.
    pub span: Span,
}

/// Returns, per source, the pairs that meet in its windows; kin under `broader` and overlapping spans do not.
#[must_use]
pub fn meetings(corpus: &Corpus, level: Level) -> Vec<Vec<Meeting>> {
    corpus.coded.par_iter().map(|coded| of_source(coded, level, &|a, b| corpus.codebook.kin(a, b))).collect()
}

fn of_source(coded: &CodedSource, level: Level, kin: &dyn Fn(ConceptIx, ConceptIx) -> bool) -> Vec<Meeting> {
    let mut found: BTreeMap<Pair, Meeting> = BTreeMap::new();
    for (unit, codings) in coded.codings_by_window(level) {
        let concepts: Vec<ConceptIx> = codings.iter().map(|c| c.concept).collect::<BTreeSet<_>>().into_iter().collect();
        if concepts.len() < 2 {
            continue;
        }
        let nested: BTreeSet<Pair> = overlapping_only(&codings).into_iter().map(|(pair, _)| pair).collect();
        for (i, &a) in concepts.iter().enumerate() {
            for &b in &concepts[i + 1..] {
                if nested.contains(&(a, b)) || kin(a, b) {
                    continue;
                }
                let first = || span_of(&codings, a, b);
                found.entry((a, b)).and_modify(|m| m.windows += 1).or_insert_with(|| Meeting {
                    pair: (a, b),
                    windows: 1,
                    unit,
                    span: first(),
                });
            }
        }
    }
    found.into_values().collect()
}

fn span_of(codings: &[Coding], a: ConceptIx, b: ConceptIx) -> Span {
    let first = codings.iter().find(|c| c.concept == a || c.concept == b);
    first.map_or(Span::new(0, 0), |c| c.span)
}

/// A use: date, source, window, passage.
type Use = (PartialDate, usize, Option<u32>, Span);

/// Returns the first appearances of all concepts, then of all couplings, by date.
#[must_use]
pub fn first_uses(corpus: &Corpus, level: Level, meetings: &[Vec<Meeting>]) -> Vec<FirstUse> {
    let mut found: BTreeMap<What, Vec<Use>> = BTreeMap::new();
    for (i, source) in corpus.sources.iter().enumerate() {
        let Some(date) = source.date else { continue };
        let mut seen: BTreeSet<ConceptIx> = BTreeSet::new();
        for coding in &corpus.coded[i].codings {
            if seen.insert(coding.concept) {
                found.entry(What::Concept(coding.concept)).or_default().push((date, i, None, coding.span));
            }
        }
        for m in &meetings[i] {
            found.entry(What::Coupling(m.pair.0, m.pair.1)).or_default().push((date, i, Some(m.unit), m.span));
        }
    }
    let mut out: Vec<FirstUse> = found.into_iter().filter_map(|(what, uses)| first_use(what, &uses)).collect();
    for first in &mut out {
        if let What::Concept(concept) = first.what {
            let coded = &corpus.coded[first.source];
            first.unit = window_of(coded, level, first.span);
            first.with = first.unit.map(|unit| company(coded, level, unit, concept)).unwrap_or_default();
        }
    }
    out.sort_by_key(|f| (matches!(f.what, What::Coupling(..)), f.date, f.source, f.what));
    out
}

fn first_use(what: What, uses: &[Use]) -> Option<FirstUse> {
    let &(date, source, unit, span) = uses.iter().min_by_key(|(date, source, ..)| (*date, *source))?;
    let certain_by = uses.iter().map(|(d, ..)| d.latest()).min()?;
    let also =
        uses.iter().filter(|(d, s, ..)| *s != source && d.earliest() <= certain_by).map(|(_, s, ..)| *s).collect();
    Some(FirstUse { what, source, date, unit, span, with: Vec::new(), also, sources: uses.len() })
}

fn window_of(coded: &CodedSource, level: Level, span: Span) -> Option<u32> {
    coded.windows(level).find(|&w| coded.span(w).overlaps(span))
}

fn company(coded: &CodedSource, level: Level, unit: u32, concept: ConceptIx) -> Vec<ConceptIx> {
    let all = coded.codings_by_window(level);
    let Some((_, codings)) = all.iter().find(|(w, _)| *w == unit) else { return Vec::new() };
    let own: Vec<Span> = codings.iter().filter(|c| c.concept == concept).map(|c| c.span).collect();
    let apart = |c: &&Coding| c.concept != concept && own.iter().any(|s| !s.overlaps(c.span));
    codings.iter().filter(apart).map(|c| c.concept).collect::<BTreeSet<_>>().into_iter().collect()
}
