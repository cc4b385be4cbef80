//! Permeability: how much of a label's statement weight also carries another label.

use crate::codebook::ConceptIx;
use crate::norm::statement::{Formed, FormedSentence};
use std::collections::{BTreeMap, BTreeSet};

/// Statement weights of labels, alone and with one another.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Permeability {
    /// Weight of the statements of a label.
    pub weight: BTreeMap<ConceptIx, f64>,
    /// Of it, what stands in a sentence that states any other label, too.
    pub any: BTreeMap<ConceptIx, f64>,
    /// Of the first label's weight, what stands in a sentence that states the second, too.
    pub with: BTreeMap<(ConceptIx, ConceptIx), f64>,
}

impl Permeability {
    /// Returns the share of a label's weight that also carries the other.
    #[must_use]
    pub fn of(&self, label: ConceptIx, other: ConceptIx) -> Option<f64> {
        share(self.with.get(&(label, other)), self.weight.get(&label))
    }

    /// Returns the share of a label's weight that also carries any other label.
    #[must_use]
    pub fn any(&self, label: ConceptIx) -> Option<f64> {
        share(self.any.get(&label), self.weight.get(&label))
    }
}

fn share(part: Option<&f64>, whole: Option<&f64>) -> Option<f64> {
    let whole = whole.copied().filter(|w| *w > 0.0)?;
    Some((part.copied().unwrap_or(0.0) / whole).min(1.0))
}

/// Returns the permeability of labels over the statements of the kept sources.
#[must_use]
pub fn permeability(formed: &Formed, labels: &BTreeSet<ConceptIx>, keep: &dyn Fn(usize) -> bool) -> Permeability {
    let mut out = Permeability::default();
    for (_, windows) in formed.windows.iter().enumerate().filter(|(s, _)| keep(*s)) {
        for window in windows {
            for sentence in &window.sentences {
                add(&mut out, sentence, labels, 1.0 / window.combinations);
            }
        }
    }
    out
}

fn add(out: &mut Permeability, sentence: &FormedSentence, labels: &BTreeSet<ConceptIx>, share: f64) {
    let mut own: BTreeMap<ConceptIx, f64> = BTreeMap::new();
    for parts in &sentence.parts {
        for part in parts.iter().filter(|p| labels.contains(&p.concept)) {
            // A statement holds one of the parts of a role, so each has an equal portion of the combinations.
            let weight = share * sentence.combinations() / parts.len() as f64;
            let w = own.entry(part.concept).or_insert(0.0);
            *w = w.max(weight);
        }
    }
    for (&label, &weight) in &own {
        *out.weight.entry(label).or_default() += weight;
        if own.len() > 1 {
            *out.any.entry(label).or_default() += weight;
        }
        for &other in own.keys().filter(|o| **o != label) {
            *out.with.entry((label, other)).or_default() += weight;
        }
    }
}
