//! Sums over the sources of a stratum: whole numbers, so that parts that were counted anywhere, in whatever order, add up to
//! the same.
//!
//! Less than [`Counts`]: which unit of which source holds a concept is gone, and with it what compares sources. What is left
//! grows with the number of strata and not with that of sources.

use super::{Counts, SourceCounts};
use crate::codebook::ConceptIx;
use crate::study::Source;
use std::collections::BTreeMap;

/// The sums of one stratum.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Sources.
    pub texts: u64,
    /// Their units of co-occurrence.
    pub units: u64,
    /// Their words.
    pub words: u64,
    /// Each concept that they use.
    pub concepts: BTreeMap<ConceptIx, ConceptTally>,
    /// Each pair of which both stand in one source, the concept that comes first in the codebook before the other.
    pub pairs: BTreeMap<(ConceptIx, ConceptIx), PairTally>,
}

/// The sums of a concept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ConceptTally {
    /// Sources that use it, in headings too.
    pub texts: u64,
    /// Units that hold it.
    pub units: u64,
    /// Its codings, those in headings too.
    pub codings: u64,
}

/// The sums of a pair.
///
/// Units with the first concept only are those that hold it, less `units`, less `inside.0`: at one place the longest label has
/// the words, and the concept of the shorter one is not used there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PairTally {
    /// Sources that use both, and not only in overlapping spans.
    pub texts: u64,
    /// Units that hold both, and not only in overlapping spans.
    pub units: u64,
    /// Units in which the first, or the second, stands only within a longer span of the other.
    pub inside: (u64, u64),
}

impl Tally {
    /// Adds the sums of another part.
    pub fn merge(&mut self, other: Self) {
        self.texts += other.texts;
        self.units += other.units;
        self.words += other.words;
        for (concept, more) in other.concepts {
            let sum = self.concepts.entry(concept).or_default();
            sum.texts += more.texts;
            sum.units += more.units;
            sum.codings += more.codings;
        }
        for (pair, more) in other.pairs {
            let sum = self.pairs.entry(pair).or_default();
            sum.texts += more.texts;
            sum.units += more.units;
            sum.inside.0 += more.inside.0;
            sum.inside.1 += more.inside.1;
        }
    }

    fn add(&mut self, source: &SourceCounts) {
        self.texts += 1;
        self.units += source.units.len() as u64;
        self.words += u64::from(source.words);
        for &(concept, codings) in &source.used {
            let sum = self.concepts.entry(concept).or_default();
            sum.texts += 1;
            sum.codings += u64::from(codings);
        }
        for (concept, units) in source.units.holding() {
            self.concepts.entry(concept).or_default().units += units;
        }
        self.add_pairs(source);
    }

    fn add_pairs(&mut self, source: &SourceCounts) {
        for (i, &(a, _)) in source.used.iter().enumerate() {
            for &(b, _) in source.used.iter().skip(i + 1) {
                let apart = source.nested.binary_search_by_key(&(a, b), |n| n.0).is_err();
                self.pairs.entry((a, b)).or_default().texts += u64::from(apart);
            }
        }
        let mut held: Vec<Vec<ConceptIx>> = vec![Vec::new(); source.units.len()];
        for (concept, _) in source.units.holding() {
            for &unit in source.units.units_with(concept) {
                held[unit as usize].push(concept);
            }
        }
        for concepts in &held {
            for (i, &a) in concepts.iter().enumerate() {
                concepts.iter().skip(i + 1).for_each(|&b| self.pairs.entry((a, b)).or_default().units += 1);
            }
        }
        // A unit in which two concepts meet only within each other's words holds both, and was counted above.
        for (pair, units) in source.units.nested_by_pair() {
            let sum = self.pairs.entry(*pair).or_default();
            for &(_, shorter) in units {
                sum.units -= 1;
                *(if shorter == pair.0 { &mut sum.inside.0 } else { &mut sum.inside.1 }) += 1;
            }
        }
    }
}

impl Counts {
    /// Returns the sums of each stratum; `stratum` says of each source, by its place and what is said of it, to which it
    /// belongs.
    pub fn tally<K: Ord>(&self, stratum: impl Fn(usize, &Source) -> K) -> BTreeMap<K, Tally> {
        let mut out: BTreeMap<K, Tally> = BTreeMap::new();
        for (i, source) in self.sources.iter().enumerate() {
            out.entry(stratum(i, &source.source)).or_default().add(source);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codebook::{Codebook, Concept, PatternText, Role};
    use crate::norm::corpus::{Interviewers, code};
    use crate::text::{Document, Level};
    use std::collections::BTreeSet;
    use std::sync::Arc;

    fn counts(texts: &[&str], patterns: &[&str]) -> Counts {
        let concept = |p: &&str| Concept {
            id: p.replace(' ', "-"),
            roles: BTreeSet::from([Role::Problem]),
            patterns: BTreeMap::from([("und".to_owned(), vec![PatternText { text: (*p).to_owned(), line: 1 }])]),
            ..Concept::default()
        };
        let codebook = Codebook::new("t".into(), "1".into(), patterns.iter().map(concept).collect()).unwrap();
        let source = |(i, text): (usize, &&str)| Source {
            path: i.to_string(),
            document: Document { text: (*text).to_owned(), ..Document::default() },
            ..Source::default()
        };
        let sources: Arc<[Source]> = texts.iter().enumerate().map(source).collect();
        Counts::of(&code(Arc::new(codebook), sources, &Interviewers::default(), &|_| {}).unwrap(), Level::Sentence)
    }

    /// Counted by hand; `labour` within `forced labour` is not used there.
    #[test]
    fn sums_are_those_of_the_fourfold_tables() {
        let all = counts(
            &[
                "Forced labour is slavery. Labour is no slavery.",
                "Forced labour. Labour pays for forced labour.",
                "Nothing.",
            ],
            &["forced labour", "labour", "slavery"],
        );
        let whole = &all.tally(|_, _| ())[&()];
        let concept = |texts, units, codings| ConceptTally { texts, units, codings };
        let pair = |texts, units, inside| PairTally { texts, units, inside };
        assert_eq!((whole.texts, whole.units, whole.words), (3, 5, 16));
        assert_eq!(
            whole.concepts.values().copied().collect::<Vec<_>>(),
            [concept(2, 3, 3), concept(2, 4, 5), concept(1, 2, 2)]
        );
        let pairs: Vec<_> = whole.pairs.iter().map(|((a, b), sums)| (a.0, b.0, *sums)).collect();
        assert_eq!(pairs, [(0, 1, pair(2, 1, (0, 2))), (0, 2, pair(1, 1, (0, 0))), (1, 2, pair(1, 2, (0, 0)))]);
        for ((a, b), sums) in &whole.pairs {
            let table = all.units().filter_map(|u| u.table((*a, *b))).fold([0; 2], |s, t| [s[0] + t[0], s[1] + t[1]]);
            let only_first = whole.concepts[a].units - sums.units - sums.inside.0;
            // A text without one of the two has no table; here each that holds the first but not the second adds to it.
            let without: u64 =
                all.units().filter(|u| u.table((*a, *b)).is_none()).map(|u| u.units_with(*a).len() as u64).sum();
            assert_eq!([sums.units, only_first], [table[0], table[1] + without]);
        }
    }

    #[test]
    fn parts_add_up_in_any_order() {
        let texts = ["Forced labour is slavery.", "Labour. Slavery.", "Forced labour, labour.", "Slavery is slavery."];
        let all = counts(&texts, &["forced labour", "labour", "slavery"]);
        let whole = all.tally(|_, _| ()).remove(&()).unwrap();
        let mut sum = Tally::default();
        for (_, part) in all.tally(|i, _| std::cmp::Reverse(i % 3)) {
            sum.merge(part);
        }
        assert_eq!(sum, whole);
    }
}
