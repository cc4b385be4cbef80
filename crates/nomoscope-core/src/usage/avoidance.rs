//! Avoidance: the elements of a norm are there, its name is not, and another name is used instead.
//!
//! What constitutes a norm is said by its codebook (`elements`). Those who go round a norm describe what it forbids and call
//! it by its neighbour's name (Narminio 2020, sections 4.1 and 4.2).

use crate::codebook::{Codebook, ConceptIx};
use crate::coding::Coding;
use crate::norm::corpus::Corpus;
use crate::text::Level;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What one source does with a norm of which it names the elements.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Avoidance {
    /// Windows with all elements and the label.
    pub named: Vec<u32>,
    /// Windows with all elements and no label, each with the other norm labels in it.
    pub avoided: Vec<(u32, BTreeSet<ConceptIx>)>,
}

impl Avoidance {
    /// Returns the number of windows with all elements.
    #[must_use]
    pub fn windows(&self) -> usize {
        self.named.len() + self.avoided.len()
    }
}

/// A norm label with its elements: each a list of concepts of which one is enough.
type Sought<'c> = (ConceptIx, &'c [Vec<ConceptIx>]);

/// Returns for each norm label with elements what every source does with it, in the order of the sources.
///
/// An element is present through any of its concepts or a narrower one, in a span outside the label's own words. The label is
/// present through itself or a narrower concept.
#[must_use]
pub fn avoidance(corpus: &Corpus, level: Level) -> BTreeMap<ConceptIx, Vec<Avoidance>> {
    let codebook = &corpus.codebook;
    let sought: Vec<Sought<'_>> =
        codebook.indices().filter_map(|ix| codebook.elements(ix).map(|elements| (ix, elements))).collect();
    if sought.is_empty() {
        return BTreeMap::new();
    }
    let by_source: Vec<Vec<Avoidance>> = corpus
        .coded
        .par_iter()
        .map(|coded| {
            let mut out = vec![Avoidance::default(); sought.len()];
            for (window, codings) in coded.governed_codings_by_window(level) {
                for (found, norm) in out.iter_mut().zip(&sought) {
                    look(found, codebook, norm, window, &codings);
                }
            }
            out
        })
        .collect();
    let mut out: BTreeMap<ConceptIx, Vec<Avoidance>> = sought.iter().map(|(ix, _)| (*ix, Vec::new())).collect();
    for source in by_source {
        for ((label, _), found) in sought.iter().zip(source) {
            out.entry(*label).or_default().push(found);
        }
    }
    out
}

fn look(found: &mut Avoidance, codebook: &Codebook, (label, elements): &Sought<'_>, window: u32, codings: &[Coding]) {
    let is_label = |c: &&Coding| codebook.includes(*label, c.concept);
    let outside = |c: &Coding| codings.iter().filter(is_label).all(|l| !l.span.overlaps(c.span));
    let present = |alternatives: &[ConceptIx]| {
        codings.iter().any(|c| alternatives.iter().any(|&e| codebook.includes(e, c.concept)) && outside(c))
    };
    if !elements.iter().all(|alternatives| present(alternatives)) {
        return;
    }
    if codings.iter().any(|c| is_label(&c)) {
        found.named.push(window);
    } else {
        let others = codings.iter().map(|c| c.concept).filter(|&c| codebook.get(c).norm_label);
        found.avoided.push((window, others.collect()));
    }
}
