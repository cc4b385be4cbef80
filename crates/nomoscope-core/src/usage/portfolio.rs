//! Same definition, different meaning: do actors who adopted one definition hold the same statements?
//!
//! An actor is one source or several; its portfolio is the set of statements of at least two parts that its focal sentences make by
//! themselves. Who says more holds more: so two portfolios are compared by stretches of equal length, drawn from each, and are as far apart
//! as the Jaccard distance of these is on average. The idea is Narminio's (2020, section 4.1): stakeholders
//! who share a definition word by word mean different norms by it.

use super::sentences::{Sentences, run_length, sentences_of, stretch};
use crate::norm::statement::{Formed, Statement};
use nomoscope_stats::StatsError;
use nomoscope_stats::permanova::{Distances, Permanova, permanova};
use nomoscope_stats::rng::Seed;
use std::collections::{BTreeMap, BTreeSet};

/// More actors than this are thinned evenly before they are compared in pairs.
pub const MAX_ACTORS: usize = 1000;

/// Draws of stretches that distances are averaged over.
const DRAWS: usize = 20;

/// An actor with what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Actor {
    /// Its name.
    pub name: String,
    /// Its sources, as indices of the corpus.
    pub sources: Vec<usize>,
    /// The focal statements of at least two parts that they make in sentences of their own.
    pub portfolio: BTreeSet<Statement>,
    /// The same sentence by sentence.
    pub sentences: Sentences,
}

/// Returns the actors with their portfolios, by name; `name` says whose a source is, or nobody's.
pub fn actors(formed: &Formed, focal: &[BTreeSet<u32>], name: impl Fn(usize) -> Option<String>) -> Vec<Actor> {
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for source in 0..formed.windows.len() {
        if let Some(name) = name(source) {
            by_name.entry(name).or_default().push(source);
        }
    }
    let actor = |(name, sources): (String, Vec<usize>)| {
        let sentences = sentences_of(formed, focal, &sources);
        Actor { name, portfolio: sentences.iter().flatten().copied().collect(), sources, sentences }
    };
    by_name.into_iter().map(actor).collect()
}

/// Returns the Jaccard distance of two sets: 0 if they are the same, 1 if they share nothing.
/// # Source  Jaccard (1912), New Phytologist 11(2): 37–50
#[must_use]
pub fn jaccard_distance<T: Ord>(x: &BTreeSet<T>, y: &BTreeSet<T>) -> f64 {
    let joint = x.intersection(y).count();
    let all = x.len() + y.len() - joint;
    if all == 0 { 0.0 } else { 1.0 - joint as f64 / all as f64 }
}

/// Two actors of one group, by index of the compared actors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FarPair {
    /// Index of the one.
    pub a: usize,
    /// Index of the other.
    pub b: usize,
    /// Their distance.
    pub distance: f64,
    /// Statements that both hold.
    pub shared: usize,
}

/// Portfolios of actors compared within and between groups.
#[derive(Debug, Clone, PartialEq)]
pub struct PortfolioContrast {
    /// The groups, in order, each with its actors by index of the compared ones and the mean distance within it.
    pub groups: Vec<(String, Vec<usize>, Option<f64>)>,
    /// Actors compared, as indices of the list that was given.
    pub compared: Vec<usize>,
    /// Actors with a group that hold no focal statement, and so no portfolio.
    pub silent: usize,
    /// Actors that say too little of the focus for a stretch of the length compared.
    pub short: usize,
    /// Sentences of a stretch; none where nobody speaks.
    pub run: Option<usize>,
    /// Actors left out because there were too many.
    pub thinned: usize,
    /// Mean distance between actors of one group.
    pub within: Option<f64>,
    /// Mean distance between actors of different groups.
    pub between: Option<f64>,
    /// The test, actors permuted over groups, or why there is none.
    pub test: Result<Permanova, &'static str>,
    /// Pairs within one group, furthest apart first, at most as many as asked for.
    pub furthest: Vec<FarPair>,
}

/// Returns the comparison of actors by group; `group` gives an actor's group, by index, or none.
/// # Source  Anderson (2001), Austral Ecology 26(1): 32–46, on Jaccard distances
#[must_use]
pub fn compare_portfolios(
    actors: &[Actor],
    group: &[Option<String>],
    n_permutations: usize,
    n_pairs: usize,
    seed: Seed,
) -> PortfolioContrast {
    let grouped: Vec<usize> = (0..actors.len()).filter(|&i| group.get(i).is_some_and(Option::is_some)).collect();
    let holding: Vec<usize> = grouped.iter().copied().filter(|&i| !actors[i].portfolio.is_empty()).collect();
    let run = run_length(&lengths(actors, group, &holding));
    let speaking: Vec<usize> =
        holding.iter().copied().filter(|&i| run.is_some_and(|m| actors[i].sentences.len() >= m)).collect();
    let step = speaking.len().div_ceil(MAX_ACTORS).max(1);
    let compared: Vec<usize> = speaking.iter().copied().step_by(step).collect();
    let of = |i: usize| group[i].clone().unwrap_or_default();
    let names: Vec<String> = compared.iter().map(|&i| of(i)).collect::<BTreeSet<_>>().into_iter().collect();
    let index: Vec<usize> = compared.iter().map(|&i| names.partition_point(|n| *n < of(i))).collect();
    let drawn = stretches(actors, &compared, run.unwrap_or(0), seed.part(1));
    let distance =
        |i: usize, j: usize| drawn.iter().map(|d| jaccard_distance(&d[i], &d[j])).sum::<f64>() / drawn.len() as f64;
    let distances = Distances::new(compared.len(), distance).ok();
    let (within, between) = distances.as_ref().map_or((None, None), |d| d.means(&index));
    let groups = names.iter().enumerate().map(|(g, name)| {
        let members: Vec<usize> = (0..compared.len()).filter(|&i| index[i] == g).collect();
        let mean = distances.as_ref().and_then(|d| mean_distance(d, &members));
        (name.clone(), members, mean)
    });
    let test = distances.as_ref().map_or(Err("no distances"), |d| {
        permanova(d, &index, n_permutations, seed).map_err(|e| match e {
            StatsError::Empty => "fewer than two groups with portfolios, or no permutations asked for",
            StatsError::SampleTooLarge { .. } => "no two actors are of one group",
            _ => "actors of one group hold the very same statements",
        })
    });
    PortfolioContrast {
        groups: groups.collect(),
        silent: grouped.len() - holding.len(),
        short: holding.len() - speaking.len(),
        run,
        thinned: speaking.len() - compared.len(),
        within,
        between,
        test,
        furthest: distances.as_ref().map(|d| furthest(d, &index, actors, &compared, n_pairs)).unwrap_or_default(),
        compared,
    }
}

/// Returns, by group, the number of focal sentences of each of its actors.
fn lengths(actors: &[Actor], group: &[Option<String>], speaking: &[usize]) -> Vec<Vec<usize>> {
    let mut by_group: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for &i in speaking {
        if let Some(name) = group.get(i).and_then(Option::as_deref) {
            by_group.entry(name).or_default().push(actors[i].sentences.len());
        }
    }
    by_group.into_values().collect()
}

/// Returns draws of one stretch of each actor.
fn stretches(actors: &[Actor], compared: &[usize], run: usize, seed: Seed) -> Vec<Vec<BTreeSet<Statement>>> {
    let draw = |d: usize| {
        let mut stream = seed.stream(d as u64);
        let mut of = |&i: &usize| {
            let sentences = &actors[i].sentences;
            stretch(sentences, stream.below((sentences.len() + 1).saturating_sub(run)), run)
        };
        compared.iter().map(&mut of).collect()
    };
    (0..DRAWS).map(draw).collect()
}

fn mean_distance(distances: &Distances, members: &[usize]) -> Option<f64> {
    let (mut sum, mut pairs) = (0.0, 0.0);
    for (k, &i) in members.iter().enumerate() {
        for &j in &members[k + 1..] {
            sum += distances.get(i, j);
            pairs += 1.0;
        }
    }
    (pairs > 0.0).then(|| sum / pairs)
}

/// Of pairs equally far apart, those come first who hold more: two large portfolios without a common statement say more.
fn furthest(distances: &Distances, group: &[usize], actors: &[Actor], compared: &[usize], n: usize) -> Vec<FarPair> {
    let size = |i: usize| actors[compared[i]].portfolio.len();
    let mut pairs: Vec<(f64, usize, usize, usize)> = Vec::new();
    for i in 0..distances.len() {
        for j in i + 1..distances.len() {
            if group[i] == group[j] {
                pairs.push((distances.get(i, j), size(i).min(size(j)), i, j));
            }
        }
    }
    pairs.sort_by(|x, y| y.0.total_cmp(&x.0).then(y.1.cmp(&x.1)).then((x.2, x.3).cmp(&(y.2, y.3))));
    pairs.truncate(n);
    let shared =
        |i: usize, j: usize| actors[compared[i]].portfolio.intersection(&actors[compared[j]].portfolio).count();
    pairs.into_iter().map(|(distance, _, a, b)| FarPair { a, b, distance, shared: shared(a, b) }).collect()
}
