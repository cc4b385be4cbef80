//! Decisions about hits, counted.

use crate::material::Material;
use crate::reading::{Spans, is_lexicon, standing};
use nomoscope_core::codebook::Role;
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::study::CodingStatus;
use nomoscope_core::text::Span;
use nomoscope_stats::Interval;
use nomoscope_stats::proportion::wilson;
use std::collections::BTreeMap;

/// What people decided about what the lexicon finds.
#[derive(Debug, Clone, Default)]
pub struct Review {
    /// The concepts that were found, in the order of the codebook.
    pub concepts: Vec<Judged>,
    /// The hits about which nobody has decided, in the order of the study.
    pub open: Vec<Hit>,
}

/// A hit of the lexicon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The source.
    pub source: String,
    /// Where.
    pub span: Span,
    /// The concept.
    pub concept: String,
}

/// How often a concept was found, and what people said.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judged {
    /// The id.
    pub id: String,
    /// The label.
    pub label: String,
    /// Its roles.
    pub roles: Vec<Role>,
    /// How often it was found.
    pub hits: u64,
    /// How often somebody said that it is right, and nobody that it is wrong.
    pub right: u64,
    /// How often somebody said that it is wrong.
    pub wrong: u64,
}

impl Judged {
    /// Returns the share of hits that are right among those that were looked at.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        let n = self.right + self.wrong;
        (n > 0).then(|| self.right as f64 / n as f64)
    }

    /// Returns its interval at 95 %, as if hits had been looked at by chance.
    /// # Source  Wilson (1927), Journal of the American Statistical Association 22(158): 209–212
    #[must_use]
    pub fn interval(&self) -> Option<Interval> {
        wilson(self.right, self.right + self.wrong, 0.95).ok()
    }

    /// Returns how many hits nobody looked at.
    #[must_use]
    pub const fn open(&self) -> u64 {
        self.hits - self.right - self.wrong
    }
}

/// Where people said that a concept is there, and where they said that it is not, by source.
pub(crate) fn decisions(material: &Material) -> BTreeMap<&str, [Spans; 2]> {
    let (study, codebook) = (&*material.study, &material.codebook);
    let mut said: BTreeMap<&str, [Vec<_>; 2]> = BTreeMap::new();
    for record in standing(study) {
        let (Some(concept), rejected) = (codebook.find(&record.concept), record.status == CodingStatus::Rejected)
        else {
            continue;
        };
        let decides = rejected || (record.status.counts() && !is_lexicon(study, &record.coder));
        if decides {
            said.entry(&record.source).or_default()[usize::from(rejected)].push((concept, record.span));
        }
    }
    said.into_iter().map(|(source, both)| (source, both.map(|spans| Spans::of(spans.into_iter())))).collect()
}

/// `only` names the concept and the source that are looked at; none looks at all.
pub(super) fn review(material: &Material, lexicon: &Corpus, only: [Option<&str>; 2]) -> Review {
    let [only_concept, only_source] = only;
    let (study, codebook) = (&material.study, &material.codebook);
    let mut said = decisions(material);
    let mut counts = vec![Judged::default(); codebook.len()];
    let mut open = Vec::new();
    for (source, coded) in study.sources.iter().zip(&lexicon.coded) {
        if only_source.is_some_and(|wanted| wanted != source.path) {
            continue;
        }
        let [right, wrong] = said.remove(source.path.as_str()).unwrap_or_default();
        for coding in &coded.codings {
            let concept = codebook.get(coding.concept);
            if only_concept.is_some_and(|wanted| wanted != concept.id) {
                continue;
            }
            let count = &mut counts[coding.concept.get()];
            count.hits += 1;
            if wrong.meet(coding.concept, coding.span) {
                count.wrong += 1;
            } else if right.meet(coding.concept, coding.span) {
                count.right += 1;
            } else {
                let hit = Hit { source: source.path.clone(), span: coding.span, concept: concept.id.clone() };
                open.push(hit);
            }
        }
    }
    let concepts = codebook.indices().zip(counts).filter(|(_, c)| c.hits > 0).map(|(ix, count)| {
        let concept = codebook.get(ix);
        let roles = concept.roles.iter().copied().collect();
        Judged { id: concept.id.clone(), label: concept.label_in("en").to_owned(), roles, ..count }
    });
    Review { concepts: concepts.collect(), open }
}
