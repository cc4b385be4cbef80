//! The sources read by the codebook: what the lexicon finds, with what people decided about it.

use crate::handle::{Handle, Step};
use crate::refusal::{Problem, Refusal};
use nomoscope_core::codebook::{Codebook, ConceptIx};
use nomoscope_core::coding::Coding;
use nomoscope_core::norm::corpus::{Corpus, Interviewers, code};
use nomoscope_core::study::{CoderKind, CodingRecord, CodingStatus, Study};
use nomoscope_core::text::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The coder under whose name the lexicon's codings are stored.
pub const LEXICON: &str = "lexicon";

/// Returns what the lexicon finds in the sources, whatever people decided about it.
///
/// # Errors
/// Patterns that do not parse.
pub(crate) fn lexicon(codebook: &Arc<Codebook>, study: &Study, handle: &Handle) -> Result<Corpus, Refusal> {
    code(codebook.clone(), study.sources.clone(), &Interviewers::of(&study.meta), &|bytes| {
        handle.step(Step::Coded(bytes))
    })
    .map_err(|list| Refusal::Input(list.in_file("codebook.toml")))
}

/// Returns the sources coded with the codebook; what people coded is added, and what they rejected is taken out.
///
/// # Errors
/// Codings of concepts that the codebook does not have.
pub(crate) fn decided(lexicon: &Arc<Corpus>, study: &Study) -> Result<Arc<Corpus>, Refusal> {
    let by_people = by_people(&lexicon.codebook, study)?;
    if by_people.is_empty() {
        return Ok(lexicon.clone());
    }
    let origins = study.origins();
    let mut corpus = Corpus::clone(lexicon);
    for (coded, source) in corpus.coded.iter_mut().zip(&*study.sources) {
        let Some(decisions) = by_people.get(source.path.as_str()) else {
            continue;
        };
        // Rejections first, and then in the order of the text: the order of rows must not change what is found.
        let rejected = decisions.iter().filter(|(_, r)| r.status == CodingStatus::Rejected);
        let rejected = Spans::of(rejected.map(|(concept, record)| (*concept, record.span)));
        coded.codings.retain(|c| !rejected.meet(c.concept, c.span));
        let mut accepted: Vec<_> = decisions.iter().filter(|(_, r)| r.status.counts()).collect();
        accepted.sort_by_key(|(concept, r)| (r.span, *concept));
        let mut there = Spans::of(coded.codings.iter().map(|c| (c.concept, c.span)));
        for (concept, record) in accepted {
            if !there.meet(*concept, record.span) {
                there.add(*concept, record.span);
                coded.codings.push(Coding { span: record.span, concept: *concept, origin: origins.of(record) });
            }
        }
        coded.codings.sort_unstable_by_key(|c| (c.span.start, std::cmp::Reverse(c.span.end), c.concept));
    }
    Ok(Arc::new(corpus))
}

/// Spans by concept, asked whether one of them meets another: thousands of decisions against thousands of hits.
#[derive(Default)]
pub(crate) struct Spans {
    /// By start; with each the furthest end of those up to it.
    by_concept: BTreeMap<ConceptIx, BTreeMap<u32, u32>>,
}

impl Spans {
    pub(crate) fn of(spans: impl Iterator<Item = (ConceptIx, Span)>) -> Self {
        let mut out = Self::default();
        spans.for_each(|(concept, span)| out.add(concept, span));
        out
    }

    /// Adds a span; those that meet become one, which meets what either of them did.
    fn add(&mut self, concept: ConceptIx, span: Span) {
        if span.is_empty() {
            return;
        }
        let of = self.by_concept.entry(concept).or_default();
        let (mut start, mut end) = (span.start, span.end);
        while let Some((&s, &e)) = of.range(..end).next_back().filter(|(_, e)| **e > start) {
            of.remove(&s);
            (start, end) = (start.min(s), end.max(e));
        }
        of.insert(start, end);
    }

    pub(crate) fn meet(&self, concept: ConceptIx, span: Span) -> bool {
        let last = self.by_concept.get(&concept).and_then(|of| of.range(..span.end).next_back());
        last.is_some_and(|(_, &end)| end > span.start)
    }
}

/// Returns the codings of a study without those over which a decision between coders was taken: the decision stands for them.
pub(crate) fn standing(study: &Study) -> impl Iterator<Item = &CodingRecord> {
    let mut decided: BTreeMap<(&str, &str), Vec<Span>> = BTreeMap::new();
    let adjudicators: Vec<&str> =
        (study.coders.iter().filter(|c| c.kind == CoderKind::Adjudication)).map(|c| c.id.as_str()).collect();
    let decides = move |record: &CodingRecord| adjudicators.iter().any(|id| record.coder == **id);
    for record in study.codings.iter().filter(|r| decides(r)) {
        decided.entry((record.source.as_str(), record.concept.as_str())).or_default().push(record.span);
    }
    study.codings.iter().filter(move |r| {
        let spans = decided.get(&(r.source.as_str(), r.concept.as_str()));
        decides(r) || spans.is_none_or(|spans| !spans.iter().any(|span| span.overlaps(r.span)))
    })
}

type ByPeople<'s> = BTreeMap<&'s str, Vec<(ConceptIx, &'s CodingRecord)>>;

/// Returns whether codings under this name are those of a lexicon: it is applied anew, so what it stored does not count.
#[must_use]
pub fn is_lexicon(study: &Study, coder: &str) -> bool {
    coder == LEXICON || study.coders.iter().any(|c| c.id == coder && c.kind == CoderKind::Lexicon)
}

/// Codings by people, by path of the source; the lexicon's own count only where a person rejected them.
fn by_people<'s>(codebook: &Codebook, study: &'s Study) -> Result<ByPeople<'s>, Refusal> {
    let mut unknown: BTreeSet<&str> = BTreeSet::new();
    let mut out: ByPeople<'s> = BTreeMap::new();
    for record in standing(study) {
        if record.status.counts() && is_lexicon(study, &record.coder) {
            continue;
        }
        match codebook.find(&record.concept) {
            Some(concept) => out.entry(&record.source).or_default().push((concept, record)),
            None => {
                unknown.insert(&record.concept);
            }
        }
    }
    if unknown.is_empty() {
        Ok(out)
    } else {
        let list: Vec<&str> = unknown.into_iter().collect();
        let reason = format!("names concepts that the codebook does not have: {}", list.join(", "));
        let hint = "add them to codebook.toml, or correct the column `concept`";
        Err(Refusal::Input(Problem::new("codings.csv", reason).hint(hint).into()))
    }
}
