//! How complete the statements are, and how binding their behaviours.
//!
//! Winston's two kinds of overcounting: a behaviour without any value, and a behaviour beside another norm's value.

use super::cues::Force;
use super::statement::{FormedSentence, FormedWindow, Supply};
use crate::codebook::{Codebook, Role};
use serde::Serialize;
use std::collections::BTreeMap;

/// Counts of sentences that hold any part of a norm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Completeness {
    /// Sentences with any part.
    pub sentences: u64,
    /// All three parts in the sentence itself.
    pub complete_alone: u64,
    /// All three parts, some supplied by the window.
    pub complete: u64,
    /// No problem even after supply.
    pub without_problem: u64,
    /// No value even after supply.
    pub without_value: u64,
    /// No behaviour even after supply.
    pub without_behaviour: u64,
    /// Sentences with a behaviour of their own.
    pub with_behaviour: u64,
    /// Of these, without any value.
    pub behaviour_without_value: u64,
    /// Of these, with a value supplied from a sentence on another problem.
    pub behaviour_with_value_of_another_norm: u64,
}

impl Completeness {
    /// Returns `part / whole`, or none for an empty whole.
    #[must_use]
    pub fn share(part: u64, whole: u64) -> Option<f64> {
        (whole > 0).then(|| part as f64 / whole as f64)
    }

    fn add(&mut self, sentence: &FormedSentence) {
        let missing = |role: Role| u64::from(sentence.parts[role.index()].is_empty());
        let own = |role: Role| sentence.parts[role.index()].iter().any(|p| p.supply == Supply::Sentence);
        self.sentences += 1;
        self.complete_alone += u64::from(sentence.is_complete_alone());
        self.complete += u64::from(sentence.is_complete());
        self.without_problem += missing(Role::Problem);
        self.without_value += missing(Role::Value);
        self.without_behaviour += missing(Role::Behaviour);
        if own(Role::Behaviour) {
            self.with_behaviour += 1;
            self.behaviour_without_value += missing(Role::Value);
            self.behaviour_with_value_of_another_norm += u64::from(sentence.value_of_another_norm);
        }
    }
}

/// Returns the completeness of the given windows.
pub fn completeness<'a>(windows: impl Iterator<Item = &'a FormedWindow>) -> Completeness {
    let mut out = Completeness::default();
    for sentence in windows.flat_map(|w| &w.sentences) {
        out.add(sentence);
    }
    out
}

/// Returns, by family of behaviour, how many behaviours of the sentences themselves carry each force.
///
/// A behaviour without a family counts under `other`.
pub fn force_by_family<'a>(
    windows: impl Iterator<Item = &'a FormedWindow>,
    codebook: &Codebook,
) -> BTreeMap<String, BTreeMap<Force, u64>> {
    let mut out: BTreeMap<String, BTreeMap<Force, u64>> = BTreeMap::new();
    for sentence in windows.flat_map(|w| &w.sentences) {
        let own = sentence.parts[Role::Behaviour.index()].iter().filter(|p| p.supply == Supply::Sentence);
        for part in own {
            let family = codebook.get(part.concept).family.as_deref().unwrap_or("other");
            *out.entry(family.to_owned()).or_default().entry(part.force).or_default() += 1;
        }
    }
    out
}
