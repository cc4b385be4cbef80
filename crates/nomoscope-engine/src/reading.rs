//! The sources read by the codebook: what the lexicon finds, with what people decided about it.

use crate::handle::{Handle, Step};
use crate::refusal::{Problem, Refusal};
use nomoscope_core::codebook::{Codebook, ConceptIx};
use nomoscope_core::coding::Coding;
use nomoscope_core::norm::corpus::{Corpus, Interviewers, code};
use nomoscope_core::study::{CoderKind, CodingRecord, CodingStatus, Study};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The coder under whose name the lexicon's codings are stored.
pub const LEXICON: &str = "lexicon";

/// Returns the sources coded with the codebook; what people coded is added, and what they rejected is taken out.
///
/// # Errors
/// Patterns that do not parse; codings of concepts that the codebook does not have.
pub(crate) fn corpus(codebook: &Arc<Codebook>, study: &Study, handle: &Handle) -> Result<Corpus, Refusal> {
    let by_people = by_people(codebook, study)?;
    let mut corpus = code(codebook.clone(), study.sources.clone(), &Interviewers::of(&study.meta), &|bytes| {
        handle.step(Step::Coded(bytes))
    })
    .map_err(|list| Refusal::Input(list.in_file("codebook.toml")))?;
    for (coded, source) in corpus.coded.iter_mut().zip(&*study.sources) {
        let Some(decisions) = by_people.get(source.path.as_str()) else {
            continue;
        };
        // Rejections first, and then in the order of the text: the order of rows must not change what is found.
        for (concept, record) in decisions.iter().filter(|(_, r)| r.status == CodingStatus::Rejected) {
            coded.codings.retain(|c| !(c.concept == *concept && c.span.overlaps(record.span)));
        }
        let mut accepted: Vec<_> = decisions.iter().filter(|(_, r)| r.status.counts()).collect();
        accepted.sort_by_key(|(concept, r)| (r.span, *concept));
        for (concept, record) in accepted {
            if !coded.codings.iter().any(|c| c.concept == *concept && c.span.overlaps(record.span)) {
                coded.codings.push(Coding { span: record.span, concept: *concept, origin: study.origin(record) });
            }
        }
        coded.codings.sort_unstable_by_key(|c| (c.span.start, std::cmp::Reverse(c.span.end), c.concept));
    }
    Ok(corpus)
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
    for record in &study.codings {
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
