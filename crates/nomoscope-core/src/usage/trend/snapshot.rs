//! A snapshot: the cluster as the sources of one stretch of time have it.

use super::period::Slice;
use crate::codebook::{Codebook, ConceptIx};
use crate::counts::Counts;
use crate::norm::focal::{FocalSource, sources_with_statements};
use crate::norm::kind::{self, Kind};
use crate::norm::statement::Statement;
use crate::norm::support::{Support, weighted_support};
use crate::usage::coupling::TextualData;
use nomoscope_stats::Interval;
use nomoscope_stats::kernel::effective_size;
use nomoscope_stats::rng::Seed;
use std::collections::{BTreeMap, BTreeSet};

/// How much of something there is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Amount {
    /// Weight of focal statements.
    pub weight: f64,
    /// Focal sources that hold it.
    pub sources: usize,
}

/// An edge of a snapshot's backbone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The concept that comes first in the codebook.
    pub a: ConceptIx,
    /// The other.
    pub b: ConceptIx,
    /// Windows with both; none in a window of a kernel.
    pub n11: Option<u64>,
    /// Informative sources.
    pub sources: usize,
    /// Common odds ratio; none where it is unbounded.
    pub odds_ratio: Option<f64>,
    /// Its interval.
    pub interval: Option<Interval>,
    /// Benjamini-Hochberg q-value over the pairs that are tested in this snapshot.
    pub q: f64,
}

impl Edge {
    /// Returns the lower bound of the logarithm of the odds ratio; none without an interval.
    #[must_use]
    pub fn lower_ln(&self) -> Option<f64> {
        self.interval?.lower.filter(|&low| low > 0.0).map(libm::log)
    }
}

/// The cluster in one stretch of time.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The stretch of time, and its sources.
    pub slice: Slice,
    /// How many sources of equal weight they are worth; sources of one actor are one.
    pub effective_sources: f64,
    /// Sources with a focal window.
    pub focal_sources: usize,
    /// Windows of all sources.
    pub units: usize,
    /// Focal windows.
    pub focal_units: usize,
    /// Weight of all focal statements: focal windows, each with the weight of its source.
    pub focal_weight: f64,
    /// Median length of paragraphs, in words.
    pub median_paragraph_words: Option<u32>,
    /// Type and effective numbers, or why there are none.
    pub kind: Result<Kind, String>,
    /// Support of each type.
    pub support: Support,
    /// Sources, or actors, with a complete statement on the focus.
    pub complete_sources: usize,
    /// The backbone, strongest first.
    pub edges: Vec<Edge>,
    /// Pairs that are tested in this snapshot, with their informative sources.
    pub tested: BTreeMap<(ConceptIx, ConceptIx), usize>,
    /// Focal statements.
    pub statements: BTreeMap<Statement, Amount>,
    /// Windows that hold each concept.
    pub holding: BTreeMap<ConceptIx, u64>,
    /// Concepts in focal statements.
    pub concepts: BTreeMap<ConceptIx, Amount>,
    /// The same by part of the statement.
    pub parts: [BTreeMap<ConceptIx, Amount>; 3],
    /// Concepts in the windows of the focus: windows and sources with both.
    pub company: BTreeMap<ConceptIx, (u64, usize)>,
}

impl Snapshot {
    /// Returns the pairs of the backbone in order.
    #[must_use]
    pub fn backbone(&self) -> Vec<(ConceptIx, ConceptIx)> {
        self.edges.iter().map(|e| (e.a, e.b)).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// Returns the amounts of statements, concepts and parts among weighted sources.
pub(super) fn amounts(snapshot: &mut Snapshot, statements: &[BTreeMap<Statement, f64>]) {
    for &(source, times) in &snapshot.slice.weights {
        let mut seen: [BTreeSet<ConceptIx>; 3] = Default::default();
        for (statement, &weight) in &statements[source] {
            add(snapshot.statements.entry(*statement).or_default(), times * weight, true);
            let parts: BTreeSet<ConceptIx> = statement.parts().into_iter().flatten().collect();
            for concept in parts {
                let first = seen.iter().all(|s| !s.contains(&concept));
                add(snapshot.concepts.entry(concept).or_default(), times * weight, first);
            }
            for (part, concept) in statement.parts().into_iter().enumerate() {
                if let Some(concept) = concept {
                    let first = seen[part].insert(concept);
                    add(snapshot.parts[part].entry(concept).or_default(), times * weight, first);
                }
            }
        }
        snapshot.focal_weight += times * statements[source].values().sum::<f64>();
    }
}

fn add(amount: &mut Amount, weight: f64, new_source: bool) {
    amount.weight += weight;
    amount.sources += usize::from(new_source);
}

/// What the type of a snapshot is found from.
#[derive(Clone, Copy)]
pub(super) struct Typing<'t> {
    /// By cluster.
    pub(super) sources: &'t [FocalSource],
    /// The clusters of the snapshot, each with its weight.
    pub(super) weights: &'t [(usize, f64)],
    pub(super) codebook: &'t Codebook,
    pub(super) draws: usize,
    pub(super) illustration: bool,
    pub(super) seed: Seed,
}

pub(super) fn typed(snapshot: &mut Snapshot, typing: Typing<'_>) {
    let weights: Vec<f64> = typing.weights.iter().map(|w| w.1).collect();
    let sources: Vec<FocalSource> = typing.weights.iter().map(|&(i, _)| typing.sources[i].clone()).collect();
    let kind = kind::weighted_kind(&sources, &weights, typing.codebook, 999, typing.seed.part(1));
    snapshot.kind = kind.map_err(str::to_owned);
    snapshot.complete_sources = sources_with_statements(&sources);
    let Typing { codebook, draws, illustration, seed, .. } = typing;
    snapshot.support = weighted_support(&sources, &weights, codebook, draws, illustration, seed.part(2));
    snapshot.effective_sources = effective_size(weights.into_iter());
}

/// Sets the backbone; `whole` are the summands of the whole study by cluster, where time is divided by a window of a kernel.
pub(super) fn couple(
    snapshot: &mut Snapshot,
    counts: &Counts,
    cluster: &[usize],
    whole: Option<&TextualData>,
    min_or: f64,
) {
    match whole {
        Some(data) => couple_weighted(snapshot, data, cluster, min_or),
        None => {
            let own: BTreeSet<usize> = snapshot.slice.weights.iter().map(|w| w.0).collect();
            let whose: Vec<usize> = own.iter().filter_map(|&i| cluster.get(i).copied()).collect();
            couple_counts(snapshot, &counts.select(|i, _| own.contains(&i)).textual_of_all(&whose), min_or);
        }
    }
}

/// Sets how many windows there are, and how many hold each concept.
pub(super) fn hold(snapshot: &mut Snapshot, counts: &Counts) {
    for source in snapshot.slice.weights.iter().filter_map(|w| counts.by_source().get(w.0)) {
        snapshot.units += source.units().len();
        for (concept, windows) in source.units().holding() {
            *snapshot.holding.entry(concept).or_default() += windows;
        }
    }
}

/// Sets the backbone from the summands of its sources alone: in a period, where all count alike.
fn couple_counts(snapshot: &mut Snapshot, data: &TextualData, min_or: f64) {
    let found = data.couplings(min_or);
    snapshot.tested = found.iter().filter(|c| c.p.is_some()).map(|c| ((c.a, c.b), c.informative_sources)).collect();
    let backbone = found.iter().filter(|c| c.backbone);
    snapshot.edges = backbone
        .map(|c| Edge {
            a: c.a,
            b: c.b,
            n11: Some(c.n11),
            sources: c.informative_sources,
            odds_ratio: c.odds_ratio,
            interval: c.interval,
            q: c.q.unwrap_or(1.0),
        })
        .collect();
    strongest_first(&mut snapshot.edges);
}

/// Sets the backbone from the summands of the whole study, each with the weight of its cluster: in a window.
fn couple_weighted(snapshot: &mut Snapshot, data: &TextualData, cluster: &[usize], min_or: f64) {
    let mut weights = vec![0.0; cluster.len()];
    for (i, w) in snapshot.slice.clustered(cluster) {
        weights[i] = w;
    }
    let found = data.weighted(&weights, min_or);
    snapshot.tested = found.iter().map(|c| ((c.a, c.b), c.informative_sources)).collect();
    snapshot.edges = found
        .iter()
        .filter(|c| c.backbone)
        .map(|c| Edge {
            a: c.a,
            b: c.b,
            n11: None,
            sources: c.informative_sources,
            odds_ratio: c.odds_ratio,
            interval: c.interval,
            q: c.q,
        })
        .collect();
    strongest_first(&mut snapshot.edges);
}

fn strongest_first(edges: &mut [Edge]) {
    let lower = |e: &Edge| e.interval.and_then(|i| i.lower).unwrap_or(0.0);
    edges.sort_by(|x, y| lower(y).total_cmp(&lower(x)).then((x.a, x.b).cmp(&(y.a, y.b))));
}
