//! Time: the cluster period by period, what came and went between them, and when everything was first said.
//!
//! After Narminio (2020), sections 2 and 4: the boundaries of a norm cluster move. Reads coded sources with their dates;
//! knows nothing of files, figures or groups. What a window of a kernel weighs is in `stats::kernel`.

pub mod change;
pub mod counted;
pub mod drift;
pub mod first;
pub mod period;
pub mod shift;
pub mod snapshot;

use crate::codebook::ConceptIx;
use crate::counts::Counts;
use crate::norm::cluster::Focus;
use crate::norm::corpus::Corpus;
use crate::norm::focal::{by_actor, focal_sources};
use crate::norm::statement::{Formed, Statement, weights};
use crate::norm::support::Support;
use crate::text::{Level, UnitRole};
use change::{Change, change};
use drift::{Effort, Of, Turn, Weights, drift, sides, turn};
use first::{FirstUse, Meeting, first_uses, meetings};
use nomoscope_stats::rng::Seed;
use period::{Division, PeriodError, Slice, Weighed, clusters, neighbours, slices};
use rayon::prelude::*;
use shift::{Said, Shifts, shifts};
use snapshot::{Snapshot, Typing, amounts, couple, hold, typed};
use std::collections::{BTreeMap, BTreeSet};

/// Medians of paragraph lengths that differ by more than this make periods hard to compare.
pub const MAX_LENGTH_RATIO: f64 = 3.0;

/// How a trend is computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// How time is divided.
    pub division: Division,
    /// Whose each source is: what an actor says in one stretch of time is one cluster, for types, couplings and every test. Empty where
    /// each is its own.
    pub actor: Vec<usize>,
    /// The unit of co-occurrence.
    pub window: Level,
    /// Least lower bound of the odds ratio for the backbone.
    pub min_or: f64,
    /// Bootstrap draws over sources, for supports and intervals.
    pub draws: usize,
    /// Random divisions and orders, for the tests of change.
    pub permutations: usize,
    /// Seed of everything.
    pub seed: Seed,
    /// Whether the study illustrates an argument: no support and no interval is given.
    pub illustration: bool,
}

/// The coded study that a trend is read from.
#[derive(Clone, Copy)]
pub struct Coded<'c> {
    /// The coded sources.
    pub corpus: &'c Corpus,
    /// Statements by the rule for norm labels.
    pub formed: &'c Formed,
    /// Per source, the windows of the focus.
    pub focal: &'c [BTreeSet<u32>],
    /// The focus; none if all windows are focal.
    pub focus: Option<&'c Focus>,
}

/// A cluster in time.
#[derive(Debug)]
pub struct Trend {
    /// How time was divided.
    pub division: Division,
    /// The cluster in each stretch of time.
    pub snapshots: Vec<Snapshot>,
    /// From each to the next.
    pub changes: Vec<Change>,
    /// Where each distribution changes most.
    pub turns: Vec<Turn>,
    /// First appearances.
    pub first: Vec<FirstUse>,
    /// Sources without a date.
    pub undated: usize,
    /// Dated sources outside all periods.
    pub outside: usize,
    /// Least and greatest median length of paragraphs, where they differ more than threefold.
    pub uneven_lengths: Option<(u32, u32)>,
}

/// Returns the cluster in time.
///
/// # Errors
/// [`PeriodError::TooMany`], [`PeriodError::TooShort`]
/// # Source
/// docs/methods.md, section 7
pub fn trend(coded: Coded<'_>, settings: &Settings) -> Result<Trend, PeriodError> {
    let corpus = coded.corpus;
    let slices = slices(&settings.division, &corpus.sources)?;
    let statements: Vec<BTreeMap<Statement, f64>> = coded
        .formed
        .windows
        .par_iter()
        .zip(coded.focal)
        .map(|(windows, focal)| weights(windows.iter().filter(|w| focal.contains(&w.unit))))
        .collect();
    let meetings = meetings(corpus, settings.window);
    let cluster = clusters(&settings.division, &slices, &corpus.sources, &settings.actor);
    let weighed: Vec<Weighed> = slices.iter().map(|slice| slice.clustered(&cluster)).collect();
    let snapshots = snapshots(coded, settings, &slices, (&cluster, &weighed), &statements, &meetings);
    let pairs = neighbours(&slices, |i| snapshots[i].focal_sources > 0);
    let mut together: Vec<BTreeMap<Statement, f64>> = vec![BTreeMap::new(); cluster.len()];
    for (of_source, &at) in statements.iter().zip(&cluster) {
        of_source.iter().for_each(|(statement, weight)| *together[at].entry(*statement).or_default() += weight);
    }
    let (mut changes, turns) = changes(&snapshots, &weighed, &pairs, &together, settings);
    let mut said: Vec<Said> = vec![Said::new(); cluster.len()];
    for (of_source, &at) in shift::said(coded.formed, coded.focal).into_iter().zip(&cluster) {
        said[at].extend(of_source);
    }
    for (n, change) in changes.iter_mut().enumerate() {
        let seed = settings.seed.part(3000).part(n as u64);
        change.set_held(&held(&said, &weighed, change, settings.permutations, seed));
    }
    change::set_q(&mut changes);
    let inside: BTreeSet<usize> = slices.iter().flat_map(|s| &s.weights).map(|w| w.0).collect();
    let dated = corpus.sources.iter().filter(|s| s.date.is_some()).count();
    Ok(Trend {
        division: settings.division.clone(),
        uneven_lengths: uneven_lengths(&snapshots),
        first: first_uses(corpus, settings.window, &meetings),
        undated: corpus.sources.len() - dated,
        outside: dated - inside.len(),
        snapshots,
        changes,
        turns,
    })
}

fn snapshots(
    coded: Coded<'_>,
    settings: &Settings,
    slices: &[Slice],
    (cluster, weighed): (&[usize], &[Weighed]),
    statements: &[BTreeMap<Statement, f64>],
    meetings: &[Vec<Meeting>],
) -> Vec<Snapshot> {
    let corpus = coded.corpus;
    let focal_sources = by_actor(focal_sources(&coded.formed.windows, coded.focal), cluster);
    let counts = Counts::of(corpus, settings.window);
    let whole = matches!(settings.division, Division::Windows { .. }).then(|| counts.textual_of_all(cluster));
    let draws = if settings.illustration { 0 } else { settings.draws };
    let mut out = Vec::new();
    for (i, slice) in slices.iter().enumerate() {
        let held = || slice.weights.iter().map(|w| w.0);
        let mut snapshot = blank(slice.clone());
        snapshot.focal_sources = held().filter(|&s| !coded.focal[s].is_empty()).count();
        hold(&mut snapshot, &counts);
        snapshot.focal_units = held().map(|s| coded.focal[s].len()).sum();
        snapshot.median_paragraph_words = median_paragraph(corpus, held());
        amounts(&mut snapshot, statements);
        company(&mut snapshot, coded, meetings);
        let seed = settings.seed.part(10 + i as u64);
        typed(
            &mut snapshot,
            Typing {
                sources: &focal_sources,
                weights: &weighed[i],
                codebook: &corpus.codebook,
                draws,
                illustration: settings.illustration,
                seed,
            },
        );
        couple(&mut snapshot, &counts, cluster, whole.as_ref(), settings.min_or);
        out.push(snapshot);
    }
    out
}

fn blank(slice: Slice) -> Snapshot {
    Snapshot {
        slice,
        effective_sources: 0.0,
        focal_sources: 0,
        units: 0,
        focal_units: 0,
        focal_weight: 0.0,
        median_paragraph_words: None,
        kind: Err("not computed".to_owned()),
        support: Support { shares: None, draws: 0, references: Vec::new(), reason: Some("not computed".to_owned()) },
        complete_sources: 0,
        edges: Vec::new(),
        tested: BTreeMap::new(),
        statements: BTreeMap::new(),
        holding: BTreeMap::new(),
        concepts: BTreeMap::new(),
        parts: Default::default(),
        company: BTreeMap::new(),
    }
}

/// Counts the windows and sources in which each concept meets one of the focus.
fn company(snapshot: &mut Snapshot, coded: Coded<'_>, meetings: &[Vec<Meeting>]) {
    let Some(focus) = coded.focus else { return };
    for &(source, _) in &snapshot.slice.weights {
        let mut seen: BTreeMap<ConceptIx, u64> = BTreeMap::new();
        for m in &meetings[source] {
            let (a, b) = m.pair;
            let other = match (focus.concepts.contains(&a), focus.concepts.contains(&b)) {
                (true, false) => b,
                (false, true) => a,
                _ => continue,
            };
            // Windows that several concepts of the focus share would count twice: the greatest number is taken.
            let n = seen.entry(other).or_default();
            *n = (*n).max(u64::from(m.windows));
        }
        for (concept, windows) in seen {
            let amount = snapshot.company.entry(concept).or_default();
            amount.0 += windows;
            amount.1 += 1;
        }
    }
}

fn median_paragraph(corpus: &Corpus, sources: impl Iterator<Item = usize>) -> Option<u32> {
    let mut lengths: Vec<u32> = Vec::new();
    for coded in sources.map(|s| &corpus.coded[s]) {
        let units = &coded.segmentation.units;
        let paragraph = |u: &usize| units[*u].level == Level::Paragraph && units[*u].role != UnitRole::Heading;
        lengths.extend((0..units.len()).filter(paragraph).map(|u| coded.words[u]));
    }
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied()
}

fn uneven_lengths(snapshots: &[Snapshot]) -> Option<(u32, u32)> {
    let medians = || snapshots.iter().filter(|s| s.focal_units > 0).filter_map(|s| s.median_paragraph_words);
    let (least, greatest) = (medians().min()?, medians().max()?);
    (f64::from(greatest) > MAX_LENGTH_RATIO * f64::from(least.max(1))).then_some((least, greatest))
}

fn changes(
    snapshots: &[Snapshot],
    weighed: &[Weighed],
    pairs: &[(usize, usize)],
    statements: &[BTreeMap<Statement, f64>],
    settings: &Settings,
) -> (Vec<Change>, Vec<Turn>) {
    let mut out: Vec<Change> = pairs.iter().map(|&(i, j)| change(i, j, &snapshots[i], &snapshots[j])).collect();
    let draws = if settings.illustration { 0 } else { settings.draws };
    let mut turns = Vec::new();
    for (k, of) in Of::ALL.into_iter().enumerate() {
        let weights = Weights::of(statements, of);
        let all: Vec<_> = pairs.iter().map(|&(i, j)| sides(&weights, &weighed[i], &weighed[j])).collect();
        for (n, (change, sides)) in out.iter_mut().zip(&all).enumerate() {
            let seed = settings.seed.part(1000 + k as u64).part(n as u64);
            let effort = Effort { permutations: settings.permutations, draws, seed };
            change.drift.push(drift(of, &weights, sides, effort));
        }
        turns.push(turn(of, &weights, &all, settings.permutations, settings.seed.part(2000 + k as u64)));
    }
    (out, turns)
}

/// Compares what the sources of two stretches of time say of the focus, at equal length.
fn held(said: &[Said], weighed: &[Weighed], change: &Change, orders: usize, seed: Seed) -> Shifts {
    let side = |i: usize| -> Vec<&Said> { weighed[i].iter().filter_map(|w| said.get(w.0)).collect() };
    shifts([&side(change.before), &side(change.after)], orders, seed)
}
