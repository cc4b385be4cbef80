//! How often each concept occurs, where, and since when.

use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::norm::corpus::{CodedSource, Corpus};
use nomoscope_core::text::Level;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The counts with the sources that they are of.
#[derive(Debug)]
pub struct Concepts {
    /// The coded sources.
    pub corpus: Arc<Corpus>,
    /// The attribute that they are grouped by, if any.
    pub by: Option<String>,
    /// The counts.
    pub counts: Counts,
}

impl Concepts {
    /// Counts.
    #[must_use]
    pub fn new(corpus: Arc<Corpus>, by: Option<String>) -> Self {
        let counts = Counts::new(&corpus, by.as_deref());
        Self { corpus, by, counts }
    }
}

/// How often each concept occurs, in all and by group.
#[derive(Debug, Default)]
pub struct Counts {
    /// Per concept: codings, units (paragraphs), sources.
    pub total: BTreeMap<ConceptIx, [u64; 3]>,
    /// The same by group.
    pub groups: BTreeMap<(ConceptIx, String), [u64; 3]>,
    /// First dated source of each concept.
    pub first: BTreeMap<ConceptIx, nomoscope_core::usage::emergence::First>,
}

impl Counts {
    /// Returns the counts of a concept in each group that has it.
    pub fn of_groups(&self, concept: ConceptIx) -> impl Iterator<Item = (&str, [u64; 3])> {
        let from = self.groups.range((concept, String::new())..);
        from.take_while(move |((c, _), _)| *c == concept).map(|((_, group), n)| (group.as_str(), *n))
    }

    /// Returns the counts, by group where an attribute is named.
    #[must_use]
    pub fn new(corpus: &Corpus, by: Option<&str>) -> Self {
        let mut out = Self { first: nomoscope_core::usage::emergence::first_appearances(corpus), ..Self::default() };
        for (source, coded) in corpus.sources.iter().zip(&corpus.coded) {
            let group = by.map(|k| source.attribute(k).unwrap_or_else(|| "(none)".to_owned()));
            for (concept, n) in in_source(coded) {
                add(out.total.entry(concept).or_default(), n);
                if let Some(group) = &group {
                    add(out.groups.entry((concept, group.clone())).or_default(), n);
                }
            }
        }
        out
    }
}

fn add(to: &mut [u64; 3], n: [u64; 3]) {
    for (t, n) in to.iter_mut().zip(n) {
        *t += n;
    }
}

fn in_source(coded: &CodedSource) -> BTreeMap<ConceptIx, [u64; 3]> {
    let mut out: BTreeMap<ConceptIx, [u64; 3]> = BTreeMap::new();
    let mut paragraphs: BTreeSet<(ConceptIx, u32)> = BTreeSet::new();
    for coding in &coded.codings {
        out.entry(coding.concept).or_insert([0, 0, 1])[0] += 1;
        paragraphs.insert((coding.concept, coded.unit_at(coding.span.start, Level::Paragraph)));
    }
    for (concept, _) in paragraphs {
        if let Some(n) = out.get_mut(&concept) {
            n[1] += 1;
        }
    }
    out
}
