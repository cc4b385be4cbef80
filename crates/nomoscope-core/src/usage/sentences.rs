//! What actors say of the focus, sentence by sentence: cut to stretches of equal length, so that who says more does not seem to say
//! other things.
//!
//! An actor with two hundred sentences holds more statements than one with twenty, whatever they mean. So holding is asked of stretches:
//! of m sentences that follow each other, how often is the statement among them? Parts that a window supplies are left out, because longer
//! paragraphs supply more.

use crate::codebook::ConceptIx;
use crate::norm::statement::{Formed, FormedSentence, Statement, Supply};
use std::collections::{BTreeMap, BTreeSet};

/// Combinations of one sentence, at most.
const MAX_COMBINATIONS: usize = 1000;
/// The least length of a stretch.
const MIN_RUN: usize = 2;

/// The focal sentences of an actor in their order, each with the statements of at least two parts that it makes by itself.
pub type Sentences = Vec<BTreeSet<Statement>>;

/// Returns the focal sentences of the given sources, one source after the other.
#[must_use]
pub fn sentences_of(formed: &Formed, focal: &[BTreeSet<u32>], sources: &[usize]) -> Sentences {
    let mut out = Vec::new();
    for &source in sources {
        let (Some(windows), Some(focal)) = (formed.windows.get(source), focal.get(source)) else { continue };
        let focal = windows.iter().filter(|w| focal.contains(&w.unit));
        out.extend(focal.flat_map(|w| &w.sentences).map(own_statements));
    }
    out
}

/// Returns the statements of at least two parts that stand in the sentence itself.
pub(super) fn own_statements(sentence: &FormedSentence) -> BTreeSet<Statement> {
    // By itself it judges the label, whatever stands around it.
    let [no_problem, answered, no_behaviour] = [&[][..], &sentence.answered, &[]];
    let own = [(0, no_problem), (1, answered), (2, no_behaviour)].map(|(role, more)| {
        let own = sentence.parts[role].iter().filter(|p| p.supply == Supply::Sentence).chain(more);
        let mut own: Vec<_> = own.map(|p| Some(p.concept)).collect();
        if own.is_empty() {
            own.push(None);
        }
        own
    });
    let [problems, values, behaviours] = &own;
    let all = problems.iter().flat_map(|&problem| {
        values
            .iter()
            .flat_map(move |&value| behaviours.iter().map(move |&behaviour| Statement { problem, value, behaviour }))
    });
    all.take(MAX_COMBINATIONS).filter(|s| s.parts().iter().flatten().count() >= 2).collect()
}

/// Returns the concepts that are parts in the sentence itself.
pub(super) fn own_concepts(sentence: &FormedSentence) -> impl Iterator<Item = ConceptIx> + '_ {
    sentence.own().map(|p| p.concept)
}

/// Returns how many sentences a stretch has: the least lower quartile of the groups, at least two; none where a group is silent.
/// # Input   by group, the number of focal sentences of each actor that has any
#[must_use]
pub fn run_length(groups: &[Vec<usize>]) -> Option<usize> {
    let quartile = |lengths: &Vec<usize>| {
        let mut sorted = lengths.clone();
        sorted.sort_unstable();
        sorted.get(lengths.len().saturating_sub(1) / 4).copied()
    };
    let least: Option<Vec<usize>> = groups.iter().map(quartile).collect();
    least?.into_iter().min().map(|m| m.max(MIN_RUN))
}

/// Returns, for each statement (or whatever the sentences hold), the share of stretches of `run` sentences that contain it; none for an
/// actor with fewer sentences.
#[must_use]
pub fn shares<K: Ord + Copy>(sentences: &[BTreeSet<K>], run: usize) -> Option<BTreeMap<K, f64>> {
    let n_runs = (sentences.len() + 1).checked_sub(run).filter(|n| *n > 0 && run > 0)?;
    let mut places: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (at, held) in sentences.iter().enumerate() {
        held.iter().for_each(|k| places.entry(*k).or_default().push(at));
    }
    let share = |places: Vec<usize>| {
        // Stretches begin at 0 to n − m; one begins within m − 1 before each place. What the last place covered is not counted twice.
        let (mut covered, mut next) = (0, 0);
        for at in places {
            let (from, to) = ((at + 1).saturating_sub(run).max(next), at.min(n_runs - 1));
            if to + 1 > from {
                covered += to + 1 - from;
                next = to + 1;
            }
        }
        covered as f64 / n_runs as f64
    };
    Some(places.into_iter().map(|(s, places)| (s, share(places))).collect())
}

/// Returns all statements of one stretch.
#[must_use]
pub fn stretch(sentences: &Sentences, from: usize, run: usize) -> BTreeSet<Statement> {
    sentences.iter().skip(from).take(run).flatten().copied().collect()
}
