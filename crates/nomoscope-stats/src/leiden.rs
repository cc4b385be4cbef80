//! Communities by the Leiden algorithm (Traag, Waltman & van Eck 2019).
//!
//! Both qualities have one form: twice the inner weight less a price times the squared mass of each community. Mass is
//! strength for modularity and number of nodes for the constant Potts model; the algorithm sees only this form.
//! Communities are connected: what the algorithm leaves in two pieces is split, which never lowers the quality.

use super::StatsError;
use super::graph::Graph;
use super::rng::{Seed, Stream};
use libm::exp;
use std::collections::VecDeque;

/// What a good partition is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quality {
    /// Modularity (Newman & Girvan 2004) with a resolution (Reichardt & Bornholdt 2006); 1 is the usual one.
    Modularity {
        /// Higher gives smaller communities.
        resolution: f64,
    },
    /// The constant Potts model (Traag, Van Dooren & Nesterov 2011): inner density above the resolution.
    Cpm {
        /// Density that separates communities.
        resolution: f64,
    },
}

/// A partition with its quality.
#[derive(Debug, Clone, PartialEq)]
pub struct Communities {
    /// Community of each node, numbered from 0 by their first nodes.
    pub community: Vec<usize>,
    /// Number of communities.
    pub n_communities: usize,
    /// Modularity, or for CPM the sum of inner weight less resolution × pairs of nodes.
    pub quality: f64,
}

/// Randomness of the refinement, as a share of the mean edge weight.
const TEMPERATURE: f64 = 0.01;
/// A partition that has not settled by then is returned as it is; in practice a handful suffices.
const MAX_ROUNDS: usize = 100;
/// Moves must gain more than this share of the total weight, or rounding would let nodes wander for ever.
const LEAST_GAIN: f64 = 1e-12;

/// Returns communities found by the Leiden algorithm, repeated until the quality no longer rises.
///
/// The result is a local optimum that depends on the seed: run several and compare, or report the share of runs.
/// # Input   a graph with at least one edge; resolution finite and at least 0
/// # Errors  [`StatsError::NoEdges`], [`StatsError::BadValue`]
/// # Source  Traag, Waltman & van Eck (2019), Scientific Reports 9: 5233
pub fn leiden(graph: &Graph, quality: Quality, seed: Seed) -> Result<Communities, StatsError> {
    let price = price(graph, quality)?;
    let level = Level::new(graph, quality);
    let mut stream = seed.stream(0);
    let mut best: Vec<usize> = (0..graph.n_nodes()).collect();
    let mut best_score = score(graph, &level.mass, price, &best);
    for _ in 0..MAX_ROUNDS {
        let found = round(&level, price, best.clone(), &mut stream);
        let found = graph.components_within(&found);
        let found_score = score(graph, &level.mass, price, &found);
        if found_score <= best_score + LEAST_GAIN * graph.total_weight() {
            break;
        }
        (best, best_score) = (found, found_score);
    }
    let best = graph.components_within(&best);
    Ok(Communities { n_communities: count(&best), quality: self::quality(graph, quality, &best)?, community: best })
}

/// Returns the quality of a partition.
/// # Input   one community a node
/// # Errors  [`StatsError::LengthMismatch`], [`StatsError::NoEdges`], [`StatsError::BadValue`]
/// # Source  as [`Quality`]
pub fn quality(graph: &Graph, quality: Quality, community: &[usize]) -> Result<f64, StatsError> {
    if community.len() != graph.n_nodes() {
        return Err(StatsError::LengthMismatch {
            what: "nodes and communities",
            left: graph.n_nodes(),
            right: community.len(),
        });
    }
    let price = price(graph, quality)?;
    let community = compact(community);
    let raw = score(graph, &masses(graph, quality), price, &community);
    Ok(match quality {
        Quality::Modularity { .. } => raw / (2.0 * graph.total_weight()),
        Quality::Cpm { resolution } => 0.5 * (raw + resolution * graph.n_nodes() as f64),
    })
}

/// Returns the modularity of a partition, with resolution 1.
/// # Errors  those of [`quality`]
/// # Source  Newman & Girvan (2004), Physical Review E 69: 026113
pub fn modularity(graph: &Graph, community: &[usize]) -> Result<f64, StatsError> {
    quality(graph, Quality::Modularity { resolution: 1.0 }, community)
}

fn price(graph: &Graph, quality: Quality) -> Result<f64, StatsError> {
    let (Quality::Modularity { resolution } | Quality::Cpm { resolution }) = quality;
    if !(resolution.is_finite() && resolution >= 0.0) {
        return Err(StatsError::BadValue { what: "resolution", at: 0, value: resolution });
    }
    let total = graph.total_weight();
    if total <= 0.0 {
        return Err(StatsError::NoEdges);
    }
    Ok(match quality {
        Quality::Modularity { .. } => resolution / (2.0 * total),
        Quality::Cpm { .. } => resolution,
    })
}

fn masses(graph: &Graph, quality: Quality) -> Vec<f64> {
    match quality {
        Quality::Modularity { .. } => (0..graph.n_nodes()).map(|node| graph.strength(node)).collect(),
        Quality::Cpm { .. } => vec![1.0; graph.n_nodes()],
    }
}

/// Returns Σ over communities of 2 × inner weight − price × mass².
fn score(graph: &Graph, mass: &[f64], price: f64, community: &[usize]) -> f64 {
    let mut inner = 0.0;
    let mut sums = vec![0.0; count(community)];
    for node in 0..graph.n_nodes() {
        sums[community[node]] += mass[node];
        inner += 2.0 * graph.loop_weight(node);
        inner +=
            graph.neighbours(node).filter(|&(to, _)| community[to] == community[node]).map(|(_, w)| w).sum::<f64>();
    }
    inner - price * sums.iter().map(|m| m * m).sum::<f64>()
}

fn count(community: &[usize]) -> usize {
    community.iter().max().map_or(0, |&c| c + 1)
}

/// Renumbers communities from 0 by their first nodes.
fn compact(community: &[usize]) -> Vec<usize> {
    let mut number = std::collections::BTreeMap::new();
    community
        .iter()
        .map(|&c| {
            let next = number.len();
            *number.entry(c).or_insert(next)
        })
        .collect()
}

/// A graph of (aggregated) nodes with their masses.
struct Level {
    graph: Graph,
    mass: Vec<f64>,
    least_gain: f64,
    temperature: f64,
}

impl Level {
    fn new(graph: &Graph, quality: Quality) -> Self {
        let total = graph.total_weight();
        let n_edges = graph.edges().count().max(1) as f64;
        Self {
            mass: masses(graph, quality),
            graph: graph.clone(),
            least_gain: LEAST_GAIN * total,
            temperature: TEMPERATURE * total / n_edges,
        }
    }

    /// Returns the level whose nodes are the groups of this one.
    fn aggregate(&self, group: &[usize]) -> Self {
        let n = count(group);
        let mut mass = vec![0.0; n];
        let mut loops = vec![0.0; n];
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); n];
        for (node, &g) in group.iter().enumerate() {
            mass[g] += self.mass[node];
            loops[g] += self.graph.loop_weight(node);
            members[g].push(node);
        }
        let mut scatter = Scatter::new(n);
        let mut edges = Vec::new();
        for (g, nodes) in members.iter().enumerate() {
            for &node in nodes {
                for (to, weight) in self.graph.neighbours(node) {
                    scatter.add(group[to], weight);
                }
            }
            for (other, weight) in scatter.drain() {
                match other.cmp(&g) {
                    std::cmp::Ordering::Less => {}
                    // Inner edges were met from both ends.
                    std::cmp::Ordering::Equal => loops[g] += 0.5 * weight,
                    std::cmp::Ordering::Greater => edges.push((g, other, weight)),
                }
            }
        }
        edges.extend(loops.iter().enumerate().map(|(g, &weight)| (g, g, weight)));
        // The edges come from a valid graph: building cannot fail.
        let graph = Graph::new(n, &edges).unwrap_or_default();
        Self { graph, mass, least_gain: self.least_gain, temperature: self.temperature }
    }
}

/// Sums by key, cleared in the time of what was added.
struct Scatter {
    sums: Vec<f64>,
    keys: Vec<usize>,
}

impl Scatter {
    fn new(n: usize) -> Self {
        Self { sums: vec![0.0; n], keys: Vec::new() }
    }

    fn add(&mut self, key: usize, value: f64) {
        if self.sums[key] == 0.0 {
            self.keys.push(key);
        }
        self.sums[key] += value;
    }

    fn get(&self, key: usize) -> f64 {
        self.sums[key]
    }

    /// Returns all sums in ascending order of key, and starts anew.
    fn drain(&mut self) -> Vec<(usize, f64)> {
        self.keys.sort_unstable();
        let sums = &mut self.sums;
        self.keys.drain(..).map(|key| (key, std::mem::take(&mut sums[key]))).collect()
    }
}

/// Returns the partition after one round of the algorithm: move, refine, aggregate, until nothing is left to aggregate.
fn round(base: &Level, price: f64, start: Vec<usize>, stream: &mut Stream) -> Vec<usize> {
    let mut community = start;
    move_nodes(base, price, &mut community, stream);
    let mut community = compact(&community);
    // `place` is the node of the current level in which each original node lies.
    let mut place: Vec<usize> = (0..base.graph.n_nodes()).collect();
    let mut owned: Option<Level> = None;
    loop {
        let level = owned.as_ref().unwrap_or(base);
        let n = level.graph.n_nodes();
        if count(&community) == n {
            break;
        }
        let refined = compact(&refine(level, price, &community, stream));
        if count(&refined) == n {
            break;
        }
        let next = level.aggregate(&refined);
        let mut lifted = vec![0; count(&refined)];
        for (node, &r) in refined.iter().enumerate() {
            lifted[r] = community[node];
        }
        place.iter_mut().for_each(|p| *p = refined[*p]);
        move_nodes(&next, price, &mut lifted, stream);
        community = compact(&lifted);
        owned = Some(next);
    }
    place.iter().map(|&p| community[p]).collect()
}

/// Moves nodes to the neighbouring community that gains most, until no move gains; nodes whose surroundings changed come again.
fn move_nodes(level: &Level, price: f64, community: &mut [usize], stream: &mut Stream) {
    let n = level.graph.n_nodes();
    let mut mass = vec![0.0; n];
    let mut size = vec![0_usize; n];
    for node in 0..n {
        mass[community[node]] += level.mass[node];
        size[community[node]] += 1;
    }
    let mut empty: Vec<usize> = (0..n).rev().filter(|&c| size[c] == 0).collect();
    let mut queue: VecDeque<usize> = stream.permutation(n).into();
    let mut waiting = vec![true; n];
    let mut to_community = Scatter::new(n);
    while let Some(node) = queue.pop_front() {
        waiting[node] = false;
        let own = community[node];
        mass[own] -= level.mass[node];
        size[own] -= 1;
        for (to, weight) in level.graph.neighbours(node) {
            to_community.add(community[to], weight);
        }
        let gain = |weight: f64, mass: f64| weight - price * level.mass[node] * mass;
        let stay = gain(to_community.get(own), mass[own]);
        let mut best = (own, stay + level.least_gain);
        for (candidate, weight) in to_community.drain() {
            let value = gain(weight, mass[candidate]);
            if candidate != own && value > best.1 {
                best = (candidate, value);
            }
        }
        // To stand alone gains 0, which is more than a bad company.
        if size[own] > 0 && best.1 < 0.0 {
            best.0 = empty.pop().unwrap_or(own);
        }
        if size[own] == 0 && best.0 != own {
            empty.push(own);
        }
        mass[best.0] += level.mass[node];
        size[best.0] += 1;
        community[node] = best.0;
        if best.0 != own {
            for (to, _) in level.graph.neighbours(node) {
                if community[to] != best.0 && !waiting[to] {
                    waiting[to] = true;
                    queue.push_back(to);
                }
            }
        }
    }
}

/// Returns a finer partition: within each community single nodes merge, at random but well connected.
fn refine(level: &Level, price: f64, community: &[usize], stream: &mut Stream) -> Vec<usize> {
    let n = level.graph.n_nodes();
    let mut community_mass = vec![0.0; n];
    for node in 0..n {
        community_mass[community[node]] += level.mass[node];
    }
    let mut refined: Vec<usize> = (0..n).collect();
    let mut mass = level.mass.clone();
    let mut size = vec![1_usize; n];
    // Weight from each refined group to the rest of its community.
    let mut outward: Vec<f64> = (0..n)
        .map(|node| {
            level.graph.neighbours(node).filter(|&(to, _)| community[to] == community[node]).map(|(_, w)| w).sum()
        })
        .collect();
    let well_connected = |outward: f64, mass: f64, whole: f64| outward >= price * mass * (whole - mass);
    let mut to_group = Scatter::new(n);
    for node in stream.permutation(n) {
        let whole = community_mass[community[node]];
        if size[refined[node]] != 1 || !well_connected(outward[refined[node]], level.mass[node], whole) {
            continue;
        }
        for (to, weight) in level.graph.neighbours(node) {
            if community[to] == community[node] {
                to_group.add(refined[to], weight);
            }
        }
        let mut choices = Vec::new();
        for (group, weight) in to_group.drain() {
            let gain = weight - price * level.mass[node] * mass[group];
            if gain >= 0.0 && well_connected(outward[group], mass[group], whole) {
                choices.push((group, weight, gain));
            }
        }
        let Some((group, weight)) = choose(&choices, level.temperature, stream) else {
            continue;
        };
        let own = refined[node];
        outward[group] += outward[own] - 2.0 * weight;
        mass[group] += level.mass[node];
        size[group] += 1;
        size[own] = 0;
        refined[node] = group;
    }
    refined
}

/// Returns one choice, the likelier the more it gains; standing alone, which gains 0, is one of them.
fn choose(choices: &[(usize, f64, f64)], temperature: f64, stream: &mut Stream) -> Option<(usize, f64)> {
    let most = choices.iter().map(|c| c.2).fold(0.0, f64::max);
    let odds: Vec<f64> = choices.iter().map(|c| exp((c.2 - most) / temperature)).collect();
    let alone = exp(-most / temperature);
    let mut at = stream.uniform() * (odds.iter().sum::<f64>() + alone);
    for (choice, share) in choices.iter().zip(odds) {
        if at < share {
            return Some((choice.0, choice.1));
        }
        at -= share;
    }
    None
}
