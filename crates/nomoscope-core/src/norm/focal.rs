//! What the type of a cluster is told from: the complete sentences of the focus, source by source.

use super::statement::{FormedSentence, FormedWindow, Supply};
use crate::codebook::{ConceptIx, Role};
use std::collections::{BTreeMap, BTreeSet};

/// What one source says of the focus: its complete statements, window by window, and how much names no value.
#[derive(Debug, Clone, Default)]
pub struct FocalSource {
    /// Windows with complete sentences.
    pub(super) units: Vec<FocalUnit>,
    /// Focal windows with any part.
    pub(super) windows: f64,
    /// Of their weight, that of statements without a value.
    pub(super) without_value: f64,
}

impl FocalSource {
    /// Adds the statements of another source of the same actor.
    pub fn join(&mut self, other: Self) {
        self.units.extend(other.units);
        self.windows += other.windows;
        self.without_value += other.without_value;
    }
}

/// The complete sentences of a window.
#[derive(Debug, Clone, Default)]
pub(super) struct FocalUnit {
    pub(super) sentences: Vec<Sentence>,
    /// Weight of one combination.
    pub(super) share: f64,
}

/// A complete sentence.
#[derive(Debug, Clone)]
pub(super) struct Sentence {
    pub(super) parts: [Vec<ConceptIx>; 3],
    /// Whether value and behaviour both stand in the sentence itself.
    pub(super) own: bool,
}

/// Returns the complete statements of the chosen windows of each source.
#[must_use]
pub fn focal_sources(windows: &[Vec<FormedWindow>], focal: &[BTreeSet<u32>]) -> Vec<FocalSource> {
    let of = |(windows, focal): (&Vec<FormedWindow>, &BTreeSet<u32>)| {
        let mut out = FocalSource::default();
        for window in windows.iter().filter(|w| focal.contains(&w.unit)) {
            out.windows += 1.0;
            let without = window.sentences.iter().filter(|s| s.parts[Role::Value.index()].is_empty());
            out.without_value += without.map(FormedSentence::combinations).sum::<f64>() / window.combinations;
            out.units.extend(focal_unit(window));
        }
        out
    };
    windows.iter().zip(focal).map(of).collect()
}

fn focal_unit(window: &FormedWindow) -> Option<FocalUnit> {
    let sentences: Vec<Sentence> = window.sentences.iter().filter(|s| s.is_complete()).map(sentence).collect();
    (!sentences.is_empty()).then(|| FocalUnit { sentences, share: 1.0 / window.combinations })
}

fn sentence(formed: &FormedSentence) -> Sentence {
    let own = |role: Role| formed.parts[role.index()].iter().any(|p| p.supply == Supply::Sentence);
    Sentence {
        parts: formed.parts.each_ref().map(|list| list.iter().map(|p| p.concept).collect()),
        own: own(Role::Value) && own(Role::Behaviour),
    }
}

/// Returns the sources of each actor as one; `actor` says whose each is, and where it is empty each is its own.
#[must_use]
pub fn by_actor(sources: Vec<FocalSource>, actor: &[usize]) -> Vec<FocalSource> {
    let mut index: BTreeMap<usize, usize> = BTreeMap::new();
    let mut out: Vec<FocalSource> = Vec::new();
    for (s, source) in sources.into_iter().enumerate() {
        let next = out.len();
        let at = *index.entry(actor.get(s).copied().unwrap_or(s)).or_insert(next);
        match out.get_mut(at) {
            Some(known) => known.join(source),
            None => out.push(source),
        }
    }
    out
}

/// Returns how many sources make complete focal statements.
#[must_use]
pub fn sources_with_statements(sources: &[FocalSource]) -> usize {
    sources.iter().filter(|s| !s.units.is_empty()).count()
}
