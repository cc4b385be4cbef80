//! The cluster round a focus: which windows speak of it, and which concepts belong to it, by degrees.
//!
//! Boundaries of a norm cluster move (Narminio 2020), so membership is a share of bootstrap draws over sources, not a
//! yes or no. Knows nothing of how edges are found: a closure hands over the backbone of each draw.

use super::corpus::{CodedSource, Corpus};
use super::statement::Formed;
use crate::codebook::{Codebook, ConceptIx};
use crate::coding::Coding;
use nomoscope_stats::bootstrap::bootstrap;
use nomoscope_stats::graph::Graph;
use nomoscope_stats::leiden::{Quality, leiden};
use nomoscope_stats::partition::{adjusted_rand_index, participation};
use nomoscope_stats::rng::Seed;
use std::collections::{BTreeMap, BTreeSet};

/// Below this many sources the focus goes one step up `broader`.
pub const MIN_FOCUS_SOURCES: usize = 5;
/// Membership from which a concept is core.
pub const CORE: f64 = 0.8;
/// Membership from which a concept lies on the boundary.
pub const BOUNDARY: f64 = 0.2;

/// The focus as it was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Focus {
    /// The concept that was asked for.
    pub asked: ConceptIx,
    /// The concept that is used: `asked` or one above it.
    pub used: ConceptIx,
    /// Number of sources in which `asked`, or a narrower concept, occurs.
    pub sources_of_asked: usize,
    /// Number of sources in which `used`, or a narrower concept, occurs.
    pub sources: usize,
    /// `used` and everything narrower.
    pub concepts: BTreeSet<ConceptIx>,
}

/// Returns the focus, going up `broader` while it occurs in too few sources, or in sources of too few actors where `actor` says whose each is.
#[must_use]
pub fn focus(corpus: &Corpus, asked: ConceptIx, actor: &[usize]) -> Focus {
    let holds = |s: usize, concepts: &BTreeSet<ConceptIx>| {
        corpus.coded.get(s).is_some_and(|s: &CodedSource| s.codings.iter().any(|c| concepts.contains(&c.concept)))
    };
    focus_among(&corpus.codebook, corpus.coded.len(), &holds, asked, actor)
}

/// Returns the same among `n` sources of which `holds` says whether they hold one of some concepts.
pub(crate) fn focus_among(
    codebook: &Codebook,
    n: usize,
    holds: &dyn Fn(usize, &BTreeSet<ConceptIx>) -> bool,
    asked: ConceptIx,
    actor: &[usize],
) -> Focus {
    let narrower = |wide: ConceptIx| -> BTreeSet<ConceptIx> {
        codebook.indices().filter(|&c| codebook.includes(wide, c)).collect()
    };
    let n_sources = |concepts: &BTreeSet<ConceptIx>| {
        let whose = |i: usize| actor.get(i).copied().unwrap_or(i);
        (0..n).filter(|&i| holds(i, concepts)).map(whose).collect::<BTreeSet<usize>>().len()
    };
    let mut used = asked;
    let mut concepts = narrower(asked);
    let sources_of_asked = n_sources(&concepts);
    let mut sources = sources_of_asked;
    if sources < MIN_FOCUS_SOURCES
        && let Some(up) = codebook.broader(asked)
    {
        let wider = narrower(up);
        let n = n_sources(&wider);
        if n > sources {
            (used, concepts, sources) = (up, wider, n);
        }
    }
    Focus { asked, used, sources_of_asked, sources, concepts }
}

/// Returns, per source, the windows in which the focus occurs.
#[must_use]
pub fn focal_windows(corpus: &Corpus, formed: &Formed, focus: &Focus) -> Vec<BTreeSet<u32>> {
    corpus
        .coded
        .iter()
        .zip(&formed.windows)
        .map(|(coded, windows)| {
            let level = formed.settings.window;
            let codings = coded.codings_by_window(level);
            let holds = |codings: &[Coding]| codings.iter().any(|c| focus.concepts.contains(&c.concept));
            let with_focus: BTreeSet<u32> = codings.iter().filter(|(_, c)| holds(c)).map(|(w, _)| *w).collect();
            // An item is about what its chapeau names.
            let speaks = |w: u32| with_focus.contains(&w) || coded.chapeau(w).is_some_and(|c| with_focus.contains(&c));
            windows.iter().map(|w| w.unit).filter(|&w| speaks(w)).collect()
        })
        .collect()
}

/// How many draws and seeds the membership rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    /// Bootstrap draws over sources.
    pub draws: usize,
    /// Seeds of the community search per draw.
    pub seeds: usize,
    /// Seed of everything.
    pub seed: Seed,
}

/// Membership of one concept.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The concept.
    pub concept: ConceptIx,
    /// Share of runs in which it shares the community of the focus.
    pub membership: f64,
    /// Participation coefficient on the full backbone; none without an edge.
    pub participation: Option<f64>,
    /// Community on the full backbone.
    pub community: usize,
}

impl Member {
    /// Returns `core`, `boundary` or `outside`.
    #[must_use]
    pub fn standing(&self) -> &'static str {
        if self.membership >= CORE {
            "core"
        } else if self.membership >= BOUNDARY {
            "boundary"
        } else {
            "outside"
        }
    }
}

/// Communities on the backbone with their stability.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Membership {
    /// Concepts with membership above 0, or an edge of the backbone, by membership.
    pub members: Vec<Member>,
    /// Mean adjusted Rand index between the full backbone's communities and those of the draws.
    pub bootstrap_rand: Option<f64>,
    /// Mean adjusted Rand index between seeds on the full backbone: algorithmic stability only.
    pub algorithmic_rand: Option<f64>,
    /// Modularity of the full backbone's communities.
    pub modularity: Option<f64>,
    /// Runs counted.
    pub runs: usize,
    /// Why there is no membership.
    pub reason: Option<String>,
}

/// Returns the graded membership of all concepts in the cluster of `focus`.
///
/// `backbone(times)` gives the edges (a, b, weight) when each source counts as often as `times` says.
pub fn membership(
    n_concepts: usize,
    n_sources: usize,
    focus: &BTreeSet<ConceptIx>,
    draws: Draws,
    backbone: impl Fn(&[u32]) -> Vec<(usize, usize, f64)> + Sync,
) -> Membership {
    let full = backbone(&vec![1; n_sources]);
    let Ok(graph) = Graph::new(n_concepts, &full) else {
        return Membership { reason: Some("the backbone could not be built".to_owned()), ..Membership::default() };
    };
    if full.is_empty() {
        let reason = "no pair of concepts is coupled strongly enough for a backbone".to_owned();
        return Membership { reason: Some(reason), ..Membership::default() };
    }
    let Some(reference) = communities(&graph, draws.seed.part(0)) else {
        return Membership { reason: Some("no community was found".to_owned()), ..Membership::default() };
    };
    let runs = bootstrap(n_sources, draws.draws, draws.seed.part(1), |times, stream| {
        let edges = backbone(times);
        let graph = Graph::new(n_concepts, &edges).ok()?;
        let found: Vec<Vec<usize>> =
            (0..draws.seeds).filter_map(|_| communities(&graph, Seed(stream.next_u64()))).collect();
        Some((found, linked(n_concepts, &edges)))
    });
    let mut shares = vec![0_usize; n_concepts];
    let mut rand = Vec::new();
    for run in runs.iter() {
        let Some((found, linked)) = run else { continue };
        for community in found {
            tally(&mut shares, community, linked, focus);
            rand.push(rand_on_linked(&reference, community, linked));
        }
    }
    let n_runs = draws.draws * draws.seeds;
    let between_seeds: Vec<f64> = (1..=draws.seeds as u64)
        .filter_map(|s| communities(&graph, draws.seed.part(100 + s)))
        .filter_map(|c| adjusted_rand_index(&reference, &c).ok())
        .collect();
    let linked = linked(n_concepts, &full);
    let spread = participation(&graph, &reference).unwrap_or_else(|_| vec![None; n_concepts]);
    let mut members: Vec<Member> = (0..n_concepts)
        .filter(|&c| shares[c] > 0 || linked[c] || focus.contains(&ConceptIx(c as u16)))
        .map(|c| Member {
            concept: ConceptIx(c as u16),
            membership: shares[c] as f64 / n_runs.max(1) as f64,
            participation: spread[c],
            community: reference[c],
        })
        .collect();
    members.sort_by(|x, y| y.membership.total_cmp(&x.membership).then(x.concept.cmp(&y.concept)));
    Membership {
        members,
        bootstrap_rand: mean(rand.iter().copied().flatten()),
        algorithmic_rand: mean(between_seeds.into_iter()),
        modularity: nomoscope_stats::leiden::modularity(&graph, &reference).ok(),
        runs: n_runs,
        reason: None,
    }
}

fn communities(graph: &Graph, seed: Seed) -> Option<Vec<usize>> {
    leiden(graph, Quality::Modularity { resolution: 1.0 }, seed).ok().map(|c| c.community)
}

fn linked(n: usize, edges: &[(usize, usize, f64)]) -> Vec<bool> {
    let mut linked = vec![false; n];
    for &(a, b, _) in edges {
        linked[a] = true;
        linked[b] = true;
    }
    linked
}

/// Counts a run for every linked concept that shares a community with a linked concept of the focus.
fn tally(shares: &mut [usize], community: &[usize], linked: &[bool], focus: &BTreeSet<ConceptIx>) {
    let of_focus: BTreeSet<usize> = focus.iter().filter(|c| linked[c.get()]).map(|c| community[c.get()]).collect();
    for c in 0..shares.len() {
        if linked[c] && of_focus.contains(&community[c]) {
            shares[c] += 1;
        }
    }
}

/// Compares two partitions over the concepts that have an edge in the draw.
fn rand_on_linked(reference: &[usize], community: &[usize], linked: &[bool]) -> Option<f64> {
    let pick = |p: &[usize]| p.iter().zip(linked).filter(|(_, l)| **l).map(|(c, _)| *c).collect::<Vec<_>>();
    adjusted_rand_index(&pick(reference), &pick(community)).ok()
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut n) = (0.0, 0.0);
    for value in values {
        sum += value;
        n += 1.0;
    }
    (n > 0.0).then(|| sum / n)
}

/// Returns how many sources use each concept.
#[must_use]
pub fn sources_by_concept(corpus: &Corpus) -> BTreeMap<ConceptIx, usize> {
    let mut n = BTreeMap::new();
    for coded in &corpus.coded {
        for concept in coded.codings.iter().map(|c| c.concept).collect::<BTreeSet<_>>() {
            *n.entry(concept).or_default() += 1;
        }
    }
    n
}
