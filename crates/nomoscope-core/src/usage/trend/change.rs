//! What came and went between two stretches of time: births, deaths, what persists.

use super::drift::Drift;
pub use super::shift::Part;
use super::shift::{Shift, Shifts};
use super::snapshot::Snapshot;
use crate::codebook::ConceptIx;
use nomoscope_stats::divergence::jaccard;
use nomoscope_stats::fdr::benjamini_hochberg;
use std::collections::{BTreeMap, BTreeSet};

/// The greatest q-value of what is certain.
pub const MAX_Q: f64 = 0.05;

/// A birth, a death, or a concept that became more or less common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turnover {
    /// What.
    pub part: Part,
    /// Focal sources that hold it before; of a coupling, informative sources if it was tested.
    pub sources_before: Option<usize>,
    /// The same after.
    pub sources_after: Option<usize>,
    /// Share of focal weight before, of concepts and statements.
    pub share_before: f64,
    /// The same after.
    pub share_after: f64,
    /// How it is held at equal length on both sides, with the test; of concepts and statements that sentences make themselves.
    pub held: Option<Shift>,
    /// Benjamini-Hochberg q-value over all concepts and all changes.
    pub q: Option<f64>,
    /// Whether a coupling could have been found where it is not: its pair was tested on both sides.
    pub tested_on_both_sides: Option<bool>,
}

impl Turnover {
    /// Returns the p-value of its test; none of what was not tested.
    #[must_use]
    pub fn p(&self) -> Option<f64> {
        self.held.and_then(|h| h.p)
    }

    /// Returns whether it came, went or moved beyond chance at 5 % false discoveries; of concepts.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.q.is_some_and(|q| q <= MAX_Q)
    }
}

/// From one stretch of time to the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Number of the earlier snapshot.
    pub before: usize,
    /// Number of the later one.
    pub after: usize,
    /// What is there after and was not before.
    pub births: Vec<Turnover>,
    /// What was there before and is not after.
    pub deaths: Vec<Turnover>,
    /// Concepts on both sides.
    pub shifts: Vec<Turnover>,
    /// Jaccard index of the backbones; none where both are empty.
    pub backbone: Option<f64>,
    /// Jaccard index of the statements.
    pub statements: Option<f64>,
    /// Jaccard index of the concepts in statements.
    pub concepts: Option<f64>,
    /// Drift of each distribution.
    pub drift: Vec<Drift>,
    /// Sentences of the stretches that parts are compared by; none where a side has none of its own.
    pub run: Option<usize>,
    /// Sources compared by such stretches, before and after.
    pub compared: [usize; 2],
    /// Sources that say too little of the focus for one, before and after.
    pub short: [usize; 2],
    /// Median number of focal sentences of the sources that speak, before and after.
    pub sentences: [usize; 2],
}

/// Returns what came, went and stayed between two snapshots; drift and q-values are set by the caller.
#[must_use]
pub fn change(before: usize, after: usize, x: &Snapshot, y: &Snapshot) -> Change {
    let mut change = Change {
        before,
        after,
        births: Vec::new(),
        deaths: Vec::new(),
        shifts: Vec::new(),
        backbone: jaccard(&x.backbone(), &y.backbone()),
        statements: jaccard(&keys(&x.statements), &keys(&y.statements)),
        concepts: jaccard(&keys(&x.concepts), &keys(&y.concepts)),
        drift: Vec::new(),
        run: None,
        compared: [0; 2],
        short: [0; 2],
        sentences: [0; 2],
    };
    for concept in union(&x.concepts, &y.concepts) {
        let [b, a] = [&x.concepts, &y.concepts].map(|c| c.get(&concept).map(|k| (k.sources, k.weight)));
        change.add(turnover(Part::Concept(concept), b, a, x, y));
    }
    couplings(&mut change, x, y);
    for statement in union(&x.statements, &y.statements) {
        let [b, a] = [&x.statements, &y.statements].map(|s| s.get(&statement).map(|k| (k.sources, k.weight)));
        if b.is_none() || a.is_none() {
            change.add(turnover(Part::Statement(statement), b, a, x, y));
        }
    }
    change
}

fn keys<K: Ord + Copy, V>(map: &BTreeMap<K, V>) -> Vec<K> {
    map.keys().copied().collect()
}

fn union<K: Ord + Copy, V>(a: &BTreeMap<K, V>, b: &BTreeMap<K, V>) -> BTreeSet<K> {
    a.keys().chain(b.keys()).copied().collect()
}

type Held = Option<(usize, f64)>;

fn turnover(part: Part, before: Held, after: Held, x: &Snapshot, y: &Snapshot) -> Turnover {
    let sources = |held: Held| held.map_or(0, |h| h.0);
    let share = |held: Held, s: &Snapshot| match held {
        Some((_, weight)) if s.focal_weight > 0.0 => weight / s.focal_weight,
        _ => 0.0,
    };
    let (b, a) = (sources(before), sources(after));
    Turnover {
        part,
        sources_before: Some(b),
        sources_after: Some(a),
        share_before: share(before, x),
        share_after: share(after, y),
        held: None,
        q: None,
        tested_on_both_sides: None,
    }
}

impl Change {
    fn add(&mut self, t: Turnover) {
        match (t.sources_before, t.sources_after) {
            (Some(0), _) => self.births.push(t),
            (_, Some(0)) => self.deaths.push(t),
            _ => self.shifts.push(t),
        }
    }

    /// Sets how parts are held at equal length.
    pub fn set_held(&mut self, found: &Shifts) {
        (self.run, self.compared, self.short) = (found.run, found.compared, found.short);
        self.sentences = found.sentences;
        for t in self.births.iter_mut().chain(&mut self.deaths).chain(&mut self.shifts) {
            t.held = found.parts.get(&t.part).copied();
        }
    }

    /// Returns whether one side says more than twice as much as the other, and this says next to nothing or has few sources: there the
    /// test of what came and went errs more than its level says.
    ///
    /// # Source
    /// docs/calibration-use.md, “What came and went”
    #[must_use]
    pub fn is_lopsided(&self) -> bool {
        const NEXT_TO_NOTHING: usize = 5;
        const MANY: usize = 40;
        let far = |little: usize, much: usize| {
            2 * self.sentences[little] <= self.sentences[much]
                && (self.sentences[little] < NEXT_TO_NOTHING || 2 * self.compared[little] <= self.compared[much])
        };
        self.compared.iter().all(|n| *n > 1) && self.compared.iter().any(|n| *n < MANY) && (far(0, 1) || far(1, 0))
    }

    /// Returns the births, deaths and shifts of concepts.
    pub fn concepts_mut(&mut self) -> impl Iterator<Item = &mut Turnover> {
        let all = self.births.iter_mut().chain(&mut self.deaths).chain(&mut self.shifts);
        all.filter(|t| matches!(t.part, Part::Concept(_)))
    }
}

fn couplings(change: &mut Change, x: &Snapshot, y: &Snapshot) {
    let (before, after) = (x.backbone(), y.backbone());
    let make = |pair: (ConceptIx, ConceptIx)| {
        let of = |s: &Snapshot| s.tested.get(&pair).copied();
        Turnover {
            part: Part::Coupling(pair.0, pair.1),
            sources_before: of(x),
            sources_after: of(y),
            share_before: 0.0,
            share_after: 0.0,
            held: None,
            q: None,
            tested_on_both_sides: Some(of(x).is_some() && of(y).is_some()),
        }
    };
    change.births.extend(after.iter().filter(|p| before.binary_search(p).is_err()).map(|&p| make(p)));
    change.deaths.extend(before.iter().filter(|p| after.binary_search(p).is_err()).map(|&p| make(p)));
}

/// Sets the q-values of concepts and of drift, each over all changes, and puts what is most certain first.
pub fn set_q(changes: &mut [Change]) {
    let mut p: Vec<f64> = Vec::new();
    for change in changes.iter_mut() {
        p.extend(change.concepts_mut().filter_map(|t| t.p()));
    }
    let mut q = benjamini_hochberg(&p).unwrap_or_default().into_iter();
    for change in changes.iter_mut() {
        for t in change.concepts_mut().filter(|t| t.p().is_some()) {
            t.q = q.next();
        }
    }
    let drift: Vec<f64> = changes.iter().flat_map(|c| &c.drift).filter_map(|d| d.p).collect();
    let mut q = benjamini_hochberg(&drift).unwrap_or_default().into_iter();
    for d in changes.iter_mut().flat_map(|c| &mut c.drift).filter(|d| d.p.is_some()) {
        d.q = q.next();
    }
    for change in changes {
        for list in [&mut change.births, &mut change.deaths, &mut change.shifts] {
            list.sort_by(|a, b| {
                rank(a).cmp(&rank(b)).then(crate::weight::compare(weight(b), weight(a))).then(a.part.cmp(&b.part))
            });
        }
    }
}

const fn rank(t: &Turnover) -> u8 {
    match t.part {
        Part::Concept(_) => 0,
        Part::Coupling(..) => 1,
        Part::Statement(_) => 2,
    }
}

/// By certainty where there is a q-value, else by what it moved.
fn weight(t: &Turnover) -> f64 {
    t.q.map_or(0.0, |q| 10.0 * (1.0 - q)) + (t.share_after - t.share_before).abs()
}
