//! Counts: per source, what couplings are computed from. The way from texts to statistics.
//!
//! Texts are read once, wherever they lie and in as many parts as one likes; parts are joined by [`Counts::merge`], and from
//! there on no text is needed: textual and actor-level couplings, their tests, intervals, bootstrap draws and cautions,
//! contrasts of groups and the couplings of a trend take these. Whole numbers only, so that counts that were written and
//! read again give the same bits.
//!
//! Not here: what needs a passage, or windows one after the other. Statements, types, evidence, first meetings, holdings,
//! portfolios, avoidance and slippage read the coded corpus.

mod tally;
mod units;

pub use tally::{ConceptTally, PairTally, Tally};
pub use units::SourceUnits;
pub(crate) use units::{Pair, overlapping_only};

use crate::codebook::{Codebook, Concept, ConceptIx, Role};
use crate::norm::cluster::{Focus, focus_among};
use crate::norm::corpus::{CodedSource, Corpus};
use crate::problem::Problems;
use crate::study::Source;
use crate::text::Level;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Counts of a study, or of a part of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Counts {
    #[serde(flatten)]
    head: CountsHead,
    sources: Vec<SourceCounts>,
}

/// The same as it was read, before anything is believed.
#[derive(Deserialize)]
struct Unchecked {
    #[serde(flatten)]
    head: CountsHead,
    sources: Vec<SourceCounts>,
}

/// What all counts that can be joined have in common: the codebook and the unit of co-occurrence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountsHead {
    codebook: Counted,
    window: Level,
}

impl CountsHead {
    /// Returns what counts with this codebook, over windows at `window`, begin with.
    #[must_use]
    pub fn new(codebook: &Codebook, window: Level) -> Self {
        Self { codebook: Counted::of(codebook), window }
    }

    /// Returns the counts of one coded source.
    #[must_use]
    pub fn count(&self, source: &Source, coded: &CodedSource) -> SourceCounts {
        SourceCounts::of(source, coded, self.window)
    }

    /// Returns the unit of co-occurrence.
    #[must_use]
    pub const fn window(&self) -> Level {
        self.window
    }

    /// Returns the id of each concept, in the order of the codebook.
    pub fn concepts(&self) -> impl ExactSizeIterator<Item = &str> {
        self.codebook.concepts.iter().map(|c| c.id.as_str())
    }

    /// Returns a number that differs between codebooks that find different things.
    #[must_use]
    pub const fn fingerprint(&self) -> u64 {
        self.codebook.fingerprint
    }
}

/// What counts know of the codebook that they were made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Counted {
    fingerprint: u64,
    concepts: Vec<CountedConcept>,
}

#[derive(Debug, Clone, Eq, Serialize, Deserialize)]
struct CountedConcept {
    id: String,
    /// What people call it, in English if there is a label for it.
    label: String,
    /// Whether it names a whole norm.
    norm_label: bool,
    roles: BTreeSet<Role>,
    /// All wider concepts: a list, since a chain that somebody sends may bite its own tail.
    above: Vec<ConceptIx>,
}

/// Labels say nothing of what is counted: parts with other labels can be joined.
impl PartialEq for CountedConcept {
    fn eq(&self, other: &Self) -> bool {
        (&self.id, &self.roles, &self.above) == (&other.id, &other.roles, &other.above)
    }
}

/// One source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceCounts {
    /// Path, kind, date and attributes, by which groups, strata and periods are made; without its text.
    pub(crate) source: Source,
    /// Its windows.
    pub(crate) units: SourceUnits,
    /// Words of the whole text.
    pub(crate) words: u32,
    /// The concepts that it uses anywhere, in headings too, with how often; ascending.
    pub(crate) used: Vec<(ConceptIx, u32)>,
    /// Pairs that meet only in overlapping spans in the whole source, with the concept of the shorter span.
    pub(crate) nested: Vec<(Pair, ConceptIx)>,
}

/// Why counts cannot be joined or believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CountsProblem {
    /// Two codebooks, with the first concept by which they differ; none if only patterns or roles do.
    #[error("the codebooks differ{}", .concept.as_ref().map(|c| format!(", first at `{c}`")).unwrap_or_default())]
    OtherCodebook {
        /// Its id.
        concept: Option<String>,
    },
    /// Two units of co-occurrence.
    #[error("some were counted by {}, others by {}", .window.name(), .other.name())]
    OtherWindow {
        /// That of the first.
        window: Level,
        /// That of the second.
        other: Level,
    },
    /// A source in both parts.
    #[error("source `{path}` was counted twice")]
    CountedTwice {
        /// Its path.
        path: String,
    },
    /// A concept that the codebook does not have.
    #[error("source `{path}` uses concept {concept} of a codebook of {n_concepts}")]
    UnknownConcept {
        /// Path of the source.
        path: String,
        /// Index of the concept, from 0.
        concept: u16,
        /// Concepts of the codebook.
        n_concepts: usize,
    },
}

impl CountsProblem {
    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::OtherCodebook { .. } => "count all parts with one codebook",
            Self::OtherWindow { .. } => "count all parts by one unit of co-occurrence",
            Self::CountedTwice { .. } => "leave the source out of one of the parts",
            Self::UnknownConcept { .. } => "the counts are damaged: count the texts again",
        }
    }
}

/// All that stands against joining or believing counts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct CountsProblems(pub Vec<CountsProblem>);

impl Counts {
    /// Returns the counts of a coded corpus over windows at `window`, its sources in their order.
    #[must_use]
    pub fn of(corpus: &Corpus, window: Level) -> Self {
        let head = CountsHead::new(&corpus.codebook, window);
        let pairs: Vec<(&Source, &CodedSource)> = corpus.sources.iter().zip(&corpus.coded).collect();
        let sources = pairs.into_par_iter().map(|(source, coded)| head.count(source, coded)).collect();
        Self { head, sources }
    }

    /// Returns the counts of sources that were counted one by one, in their order.
    ///
    /// # Errors
    /// [`CountsProblem::UnknownConcept`], [`CountsProblem::CountedTwice`], all at once
    pub fn new(head: CountsHead, sources: Vec<SourceCounts>) -> Result<Self, CountsProblems> {
        let n_concepts = head.codebook.concepts.len();
        let unknown = |s: &SourceCounts| {
            let concept = s.greatest_concept().filter(|c| c.get() >= n_concepts)?.0;
            Some(CountsProblem::UnknownConcept { path: s.source.path.clone(), concept, n_concepts })
        };
        let mut problems: Vec<CountsProblem> = sources.iter().filter_map(unknown).collect();
        let mut known = BTreeSet::new();
        let twice = sources.iter().filter(|s| !known.insert(s.source.path.as_str()));
        problems.extend(twice.map(|s| CountsProblem::CountedTwice { path: s.source.path.clone() }));
        if problems.is_empty() { Ok(Self { head, sources }) } else { Err(CountsProblems(problems)) }
    }

    /// Returns two parts as one, sources by path: in whatever order parts are joined, the whole is the same.
    ///
    /// # Errors
    /// [`CountsProblem::OtherCodebook`], [`CountsProblem::OtherWindow`], [`CountsProblem::CountedTwice`], all at once
    pub fn merge(mut self, other: Self) -> Result<Self, CountsProblems> {
        let mut problems = Vec::new();
        let (own, others) = (&self.head, &other.head);
        if own.codebook != others.codebook {
            problems.push(CountsProblem::OtherCodebook { concept: own.codebook.first_other(&others.codebook) });
        }
        if own.window != others.window {
            problems.push(CountsProblem::OtherWindow { window: own.window, other: others.window });
        }
        let known: BTreeSet<&str> = self.sources().map(|s| s.path.as_str()).collect();
        let twice = other.sources().filter(|s| known.contains(s.path.as_str()));
        problems.extend(twice.map(|s| CountsProblem::CountedTwice { path: s.path.clone() }));
        if !problems.is_empty() {
            return Err(CountsProblems(problems));
        }
        self.sources.extend(other.sources);
        self.sources.sort_by(|x, y| x.source.path.cmp(&y.source.path));
        Ok(self)
    }

    /// Returns the counts of the sources that `keep` chooses by their place and attributes.
    #[must_use]
    pub fn select(&self, keep: impl Fn(usize, &Source) -> bool) -> Self {
        let kept = self.sources.iter().enumerate().filter(|(i, s)| keep(*i, &s.source));
        Self { head: self.head.clone(), sources: kept.map(|(_, source)| source.clone()).collect() }
    }

    /// Returns what these counts have in common with those that they can be joined with.
    #[must_use]
    pub const fn head(&self) -> &CountsHead {
        &self.head
    }

    /// Returns the unit of co-occurrence.
    #[must_use]
    pub const fn window(&self) -> Level {
        self.head.window
    }

    /// Returns the codebook as far as counts know it: ids, labels, roles and what lies above each, but no pattern.
    ///
    /// # Errors
    /// Concepts that no codebook can have, from counts that somebody sent.
    pub fn codebook(&self) -> Result<Codebook, Problems> {
        let counted = &self.head.codebook.concepts;
        let concepts = counted.iter().map(|c| Concept {
            id: c.id.clone(),
            roles: c.roles.clone(),
            unassigned: c.roles.is_empty(),
            norm_label: c.norm_label,
            broader: c.above.first().and_then(|wide| counted.get(wide.get())).map(|wide| wide.id.clone()),
            label: BTreeMap::from([("en".to_owned(), c.label.clone())]),
            ..Concept::default()
        });
        Codebook::new(String::new(), String::new(), concepts.collect())
    }

    /// Returns the focus as [`crate::norm::cluster::focus`] does, from what the sources use; `actor` says whose each source is.
    #[must_use]
    pub fn focus(&self, codebook: &Codebook, asked: ConceptIx, actor: &[usize]) -> Focus {
        let holds = |s: usize, concepts: &BTreeSet<ConceptIx>| {
            self.sources.get(s).is_some_and(|s| s.used.iter().any(|(c, _)| concepts.contains(c)))
        };
        focus_among(codebook, self.sources.len(), &holds, asked, actor)
    }

    /// Returns the counts source by source.
    #[must_use]
    pub fn by_source(&self) -> &[SourceCounts] {
        &self.sources
    }

    /// Returns the sources, without their texts.
    pub fn sources(&self) -> impl ExactSizeIterator<Item = &Source> {
        self.sources.iter().map(|s| &s.source)
    }

    /// Returns the units of each source.
    pub fn units(&self) -> impl ExactSizeIterator<Item = &SourceUnits> {
        self.sources.iter().map(|s| &s.units)
    }

    pub(crate) fn counted(&self) -> &[SourceCounts] {
        &self.sources
    }

    /// Returns whether the concept has a part in norms; one that only tells norms apart couples with nothing.
    pub(crate) fn has_role(&self, concept: ConceptIx) -> bool {
        self.head.codebook.concepts.get(concept.get()).is_some_and(|c| !c.roles.is_empty())
    }

    /// Returns whether one of the two lies above the other, or both are the same.
    pub(crate) fn kin(&self, a: ConceptIx, b: ConceptIx) -> bool {
        let above = |wide, narrow: ConceptIx| {
            self.head.codebook.concepts.get(narrow.get()).is_some_and(|c| c.above.contains(&wide))
        };
        a == b || above(a, b) || above(b, a)
    }
}

impl Counted {
    fn of(codebook: &Codebook) -> Self {
        let above = |ix| std::iter::successors(codebook.broader(ix), |&wide| codebook.broader(wide)).collect();
        let concepts = codebook.indices().map(|ix| CountedConcept {
            id: codebook.get(ix).id.clone(),
            label: codebook.get(ix).label_in("en").to_owned(),
            norm_label: codebook.get(ix).norm_label,
            roles: codebook.get(ix).roles.clone(),
            above: above(ix),
        });
        Self { fingerprint: codebook.fingerprint(), concepts: concepts.collect() }
    }

    /// Returns the first concept that the other has not, or has elsewhere or otherwise.
    fn first_other(&self, other: &Self) -> Option<String> {
        let n = self.concepts.len().max(other.concepts.len());
        let differ = (0..n).map(|i| (self.concepts.get(i), other.concepts.get(i))).find(|(a, b)| a != b)?;
        differ.0.or(differ.1).map(|c| c.id.clone())
    }
}

impl SourceCounts {
    fn of(source: &Source, coded: &CodedSource, window: Level) -> Self {
        let mut used: BTreeMap<ConceptIx, u32> = BTreeMap::new();
        coded.codings.iter().for_each(|c| *used.entry(c.concept).or_default() += 1);
        Self {
            source: source.without_text(),
            units: SourceUnits::of(coded, window),
            words: coded.words.first().copied().unwrap_or(0),
            used: used.into_iter().collect(),
            nested: overlapping_only(&coded.codings),
        }
    }

    /// Returns the source without its text.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// Returns the units of the source.
    #[must_use]
    pub const fn units(&self) -> &SourceUnits {
        &self.units
    }

    /// Returns the words of the whole text.
    #[must_use]
    pub const fn words(&self) -> u32 {
        self.words
    }

    /// Returns how often the source uses each concept, headings included.
    #[must_use]
    pub fn used(&self) -> &[(ConceptIx, u32)] {
        &self.used
    }

    fn greatest_concept(&self) -> Option<ConceptIx> {
        let nested = self.nested.iter().flat_map(|&((a, b), shorter)| [a, b, shorter]);
        nested.chain(self.used.iter().map(|u| u.0)).chain(self.units.greatest_concept()).max()
    }
}

impl TryFrom<Unchecked> for Counts {
    type Error = CountsProblems;

    fn try_from(read: Unchecked) -> Result<Self, CountsProblems> {
        Self::new(read.head, read.sources)
    }
}
