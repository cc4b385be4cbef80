//! The units of one source: how long they are, and which concepts they hold.
//!
//! Units stand in the order of the text, because the caution about bursts compares neighbours; the textual test itself asks only how many
//! units of each class of length hold a concept.

use crate::codebook::ConceptIx;
use crate::coding::Coding;
use crate::norm::corpus::CodedSource;
use crate::text::Level;
use nomoscope_stats::StatsError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Two concepts, the one that comes first in the codebook before the other.
pub(crate) type Pair = (ConceptIx, ConceptIx);

/// The units of one source: how long they are, and which concepts they hold.
///
/// What a pair shares is not kept: a unit with k concepts would then cost k² numbers instead of k, and a pair that never meets
/// costs nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct SourceUnits {
    words: Vec<u32>,
    /// Units that hold each concept, ascending.
    with: BTreeMap<ConceptIx, Vec<u32>>,
    /// By pair, the units in which it meets only in overlapping spans, with the concept of the shorter span.
    nested: Vec<(Pair, Vec<(u32, ConceptIx)>)>,
}

/// The same as it was read, before anything is believed.
#[derive(Deserialize)]
struct Unchecked {
    words: Vec<u32>,
    with: BTreeMap<ConceptIx, Vec<u32>>,
    nested: Vec<(Pair, Vec<(u32, ConceptIx)>)>,
}

/// Units that no counting can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum BadUnits {
    #[error("the units that hold concept {0} do not ascend, or go beyond the units of the source")]
    Holding(u16),
    #[error("the pairs in overlapping spans do not ascend at concepts {0} and {1}")]
    Pairs(u16, u16),
    #[error("concepts {0} and {1} overlap in units that do not ascend, or do not hold the shorter one")]
    Overlap(u16, u16),
}

impl SourceUnits {
    /// Returns a source from the lengths of its units in words and the presence of each concept in them.
    ///
    /// # Errors
    /// [`StatsError::LengthMismatch`]
    pub fn new(words: Vec<u32>, presence: BTreeMap<ConceptIx, Vec<bool>>) -> Result<Self, StatsError> {
        if let Some(p) = presence.values().find(|p| p.len() != words.len()) {
            return Err(StatsError::LengthMismatch { what: "units", left: words.len(), right: p.len() });
        }
        let held = |p: Vec<bool>| (0_u32..).zip(p).filter_map(|(unit, present)| present.then_some(unit)).collect();
        Ok(Self { words, with: presence.into_iter().map(|(c, p)| (c, held(p))).collect(), nested: Vec::new() })
    }

    /// Returns the windows at `level` of a coded source; an item also has the codings and the words of its chapeau.
    #[must_use]
    pub fn of(coded: &CodedSource, level: Level) -> Self {
        let (mut words, mut with) = (Vec::new(), BTreeMap::<ConceptIx, Vec<u32>>::new());
        let mut nested: BTreeMap<Pair, Vec<(u32, ConceptIx)>> = BTreeMap::new();
        for (unit, (window, codings)) in (0_u32..).zip(coded.governed_codings_by_window(level)) {
            let chapeau = coded.chapeau(window).map_or(0, |c| coded.words[c as usize]);
            words.push(coded.words[window as usize].saturating_add(chapeau));
            for coding in &codings {
                let held = with.entry(coding.concept).or_default();
                if held.last() != Some(&unit) {
                    held.push(unit);
                }
            }
            for (pair, shorter) in overlapping_only(&codings) {
                nested.entry(pair).or_default().push((unit, shorter));
            }
        }
        Self { words, with, nested: nested.into_iter().collect() }
    }

    /// Returns the number of units.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Returns whether there are no units.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Returns the words of each unit.
    pub(crate) fn words(&self) -> &[u32] {
        &self.words
    }

    /// Returns in how many units each concept is present.
    pub fn holding(&self) -> impl Iterator<Item = (ConceptIx, u64)> {
        self.with.iter().map(|(&concept, units)| (concept, units.len() as u64))
    }

    /// Returns the units that hold the concept, ascending.
    pub(crate) fn units_with(&self, concept: ConceptIx) -> &[u32] {
        self.with.get(&concept).map_or(&[], Vec::as_slice)
    }

    /// Returns the units of several sources as those of one, one source after the other.
    pub(crate) fn joined(sources: &[&Self]) -> Self {
        if let [one] = sources {
            return (*one).clone();
        }
        let mut out = Self::default();
        let mut nested: BTreeMap<Pair, Vec<(u32, ConceptIx)>> = BTreeMap::new();
        for source in sources {
            let from = out.words.len() as u32;
            out.words.extend(&source.words);
            for (&concept, units) in &source.with {
                out.with.entry(concept).or_default().extend(units.iter().map(|u| u + from));
            }
            for (pair, units) in &source.nested {
                nested.entry(*pair).or_default().extend(units.iter().map(|&(u, shorter)| (u + from, shorter)));
            }
        }
        out.nested = nested.into_iter().collect();
        out
    }

    /// Returns for each unit whether it holds the concept.
    pub(crate) fn presence(&self, concept: ConceptIx) -> Vec<bool> {
        let mut present = vec![false; self.words.len()];
        for &unit in self.with.get(&concept).into_iter().flatten() {
            present[unit as usize] = true;
        }
        present
    }

    /// Returns the pairs that meet only in overlapping spans somewhere, each with these units and the concept of the shorter span.
    pub(super) fn nested_by_pair(&self) -> &[(Pair, Vec<(u32, ConceptIx)>)] {
        &self.nested
    }

    /// Returns the units in which the pair meets only in overlapping spans, with the concept of the shorter span.
    pub(crate) fn nested(&self, pair: Pair) -> &[(u32, ConceptIx)] {
        self.nested.binary_search_by_key(&pair, |n| n.0).map_or(&[], |at| &self.nested[at].1)
    }

    /// Returns the units with both, with the first only, with the second only, with neither; none if either is nowhere.
    pub(crate) fn table(&self, pair: Pair) -> Option<[u64; 4]> {
        let (a, b) = (self.with.get(&pair.0)?, self.with.get(&pair.1)?);
        let nested = self.nested(pair);
        let hidden = |unit: u32, concept| nested.contains(&(unit, concept));
        let (n, n_hidden) = (self.words.len() as u64, |c| nested.iter().filter(|x| x.1 == c).count() as u64);
        let is_both = |unit: &&u32| b.binary_search(unit).is_ok() && !hidden(**unit, pair.0) && !hidden(**unit, pair.1);
        let both = a.iter().filter(is_both).count() as u64;
        let (first, second) = (a.len() as u64 - n_hidden(pair.0) - both, b.len() as u64 - n_hidden(pair.1) - both);
        Some([both, first, second, n - both - first - second])
    }

    pub(super) fn greatest_concept(&self) -> Option<ConceptIx> {
        let nested = self.nested.iter().map(|&((_, b), _)| b);
        nested.chain(self.with.keys().copied()).max()
    }

    fn check(&self) -> Result<(), BadUnits> {
        let n = self.words.len();
        for (concept, held) in &self.with {
            if !held.is_sorted_by(|x, y| x < y) || held.last().is_some_and(|&unit| unit as usize >= n) {
                return Err(BadUnits::Holding(concept.0));
            }
        }
        for (i, ((a, b), units)) in self.nested.iter().enumerate() {
            if a >= b || i > 0 && self.nested[i - 1].0 >= (*a, *b) {
                return Err(BadUnits::Pairs(a.0, b.0));
            }
            let holds = |&(unit, shorter): &(u32, ConceptIx)| {
                (shorter == *a || shorter == *b)
                    && self.with.get(&shorter).is_some_and(|held| held.binary_search(&unit).is_ok())
            };
            if !units.is_sorted_by(|x, y| x.0 < y.0) || !units.iter().all(holds) {
                return Err(BadUnits::Overlap(a.0, b.0));
            }
        }
        Ok(())
    }
}

impl TryFrom<Unchecked> for SourceUnits {
    type Error = BadUnits;

    fn try_from(Unchecked { words, with, nested }: Unchecked) -> Result<Self, BadUnits> {
        let units = Self { words, with, nested };
        units.check().map(|()| units)
    }
}

/// Returns the pairs that meet in these codings only through overlapping spans, with the concept of the shorter one.
///
/// `codings` are by start. At one position the longest label wins: the shorter one's concept is not used there.
pub(crate) fn overlapping_only(codings: &[Coding]) -> Vec<(Pair, ConceptIx)> {
    let mut overlapping: BTreeMap<Pair, ConceptIx> = BTreeMap::new();
    for (i, x) in codings.iter().enumerate() {
        for y in codings[i + 1..].iter().take_while(|y| y.span.start < x.span.end) {
            if x.concept != y.concept && x.span.overlaps(y.span) {
                let pair = (x.concept.min(y.concept), x.concept.max(y.concept));
                let shorter = if (x.span.len(), x.concept) < (y.span.len(), y.concept) { x } else { y };
                overlapping.entry(pair).or_insert(shorter.concept);
            }
        }
    }
    if overlapping.is_empty() {
        return Vec::new();
    }
    // Two concepts also meet apart if the first span of one ends before the last span of the other begins.
    let mut reach: BTreeMap<ConceptIx, (u32, u32)> = BTreeMap::new();
    for coding in codings {
        let (first_end, last_start) = reach.entry(coding.concept).or_insert((u32::MAX, 0));
        *first_end = coding.span.end.min(*first_end);
        *last_start = coding.span.start.max(*last_start);
    }
    let apart = |a: ConceptIx, b: ConceptIx| reach[&a].0 <= reach[&b].1 || reach[&b].0 <= reach[&a].1;
    overlapping.retain(|&(a, b), _| !apart(a, b));
    overlapping.into_iter().collect()
}
