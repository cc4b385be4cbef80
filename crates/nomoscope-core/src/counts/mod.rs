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

use crate::codebook::{Codebook, ConceptIx, Role};
use crate::norm::corpus::{CodedSource, Corpus};
use crate::study::Source;
use crate::text::Level;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Counts of a study, or of a part of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Counts {
    codebook: Counted,
    window: Level,
    sources: Vec<SourceCounts>,
}

/// The same as it was read, before anything is believed.
#[derive(Deserialize)]
struct Unchecked {
    codebook: Counted,
    window: Level,
    sources: Vec<SourceCounts>,
}

/// What counts know of the codebook that they were made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Counted {
    fingerprint: u64,
    concepts: Vec<CountedConcept>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct CountedConcept {
    id: String,
    roles: BTreeSet<Role>,
    /// All wider concepts: a list, since a chain that somebody sends may bite its own tail.
    above: Vec<ConceptIx>,
}

/// One source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct SourceCounts {
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
        let pairs: Vec<(&Source, &CodedSource)> = corpus.sources.iter().zip(&corpus.coded).collect();
        let sources = pairs.into_par_iter().map(|(source, coded)| SourceCounts::of(source, coded, window)).collect();
        Self { codebook: Counted::of(&corpus.codebook), window, sources }
    }

    /// Returns two parts as one, sources by path: in whatever order parts are joined, the whole is the same.
    ///
    /// # Errors
    /// [`CountsProblem::OtherCodebook`], [`CountsProblem::OtherWindow`], [`CountsProblem::CountedTwice`], all at once
    pub fn merge(mut self, other: Self) -> Result<Self, CountsProblems> {
        let mut problems = Vec::new();
        if self.codebook != other.codebook {
            problems.push(CountsProblem::OtherCodebook { concept: self.codebook.first_other(&other.codebook) });
        }
        if self.window != other.window {
            problems.push(CountsProblem::OtherWindow { window: self.window, other: other.window });
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
        Self {
            codebook: self.codebook.clone(),
            window: self.window,
            sources: kept.map(|(_, source)| source.clone()).collect(),
        }
    }

    /// Returns the unit of co-occurrence.
    #[must_use]
    pub const fn window(&self) -> Level {
        self.window
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
        self.codebook.concepts.get(concept.get()).is_some_and(|c| !c.roles.is_empty())
    }

    /// Returns whether one of the two lies above the other, or both are the same.
    pub(crate) fn kin(&self, a: ConceptIx, b: ConceptIx) -> bool {
        let above =
            |wide, narrow: ConceptIx| self.codebook.concepts.get(narrow.get()).is_some_and(|c| c.above.contains(&wide));
        a == b || above(a, b) || above(b, a)
    }
}

impl Counted {
    fn of(codebook: &Codebook) -> Self {
        let above = |ix| std::iter::successors(codebook.broader(ix), |&wide| codebook.broader(wide)).collect();
        let concepts = codebook.indices().map(|ix| CountedConcept {
            id: codebook.get(ix).id.clone(),
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

    fn greatest_concept(&self) -> Option<ConceptIx> {
        let nested = self.nested.iter().flat_map(|&((a, b), shorter)| [a, b, shorter]);
        nested.chain(self.used.iter().map(|u| u.0)).chain(self.units.greatest_concept()).max()
    }
}

impl TryFrom<Unchecked> for Counts {
    type Error = CountsProblems;

    fn try_from(read: Unchecked) -> Result<Self, CountsProblems> {
        let n_concepts = read.codebook.concepts.len();
        let unknown = |s: &SourceCounts| {
            let concept = s.greatest_concept().filter(|c| c.get() >= n_concepts)?.0;
            Some(CountsProblem::UnknownConcept { path: s.source.path.clone(), concept, n_concepts })
        };
        let problems: Vec<CountsProblem> = read.sources.iter().filter_map(unknown).collect();
        let Unchecked { codebook, window, sources } = read;
        if problems.is_empty() { Ok(Self { codebook, window, sources }) } else { Err(CountsProblems(problems)) }
    }
}
