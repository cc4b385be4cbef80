//! Do speakers alternate between two labels, keep to one for a while, or use them in no order? And is the choice told by
//! what stands around?

use super::mention::{Mention, Speaker};
use crate::codebook::ConceptIx;
use crate::norm::corpus::Corpus;
use libm::log;
use nomoscope_stats::Interval;
use nomoscope_stats::bootstrap::permutation_p;
use nomoscope_stats::rng::{Seed, Stream};
use nomoscope_stats::runs::{ChangeRatio, change_ratio, changes, distribution, tails};
use nomoscope_stats::special::{ln_gamma, normal_quantile, t_two_sided_quantile};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A pair is tested from this many changes expected in random order.
pub const MIN_EXPECTED: f64 = 5.0;
/// Level of all intervals.
pub const LEVEL: f64 = 0.95;
/// Random orders that are drawn at a time.
const BATCH: usize = 250;
/// Once so many random orders are as extreme, more of them tell nothing new (Besag & Clifford 1991).
const ENOUGH: usize = 50;

/// Two labels in the order in which one speaker uses them.
#[derive(Debug, Clone, PartialEq)]
pub struct Sequence {
    /// Number of the speaker.
    pub speaker: usize,
    /// The mentions, lists with both labels left out.
    pub mentions: Vec<Mention>,
    /// Whether each is of the first label.
    pub first: Vec<bool>,
}

impl Sequence {
    fn counts(&self) -> (u64, u64) {
        let a = self.first.iter().filter(|f| **f).count() as u64;
        (a, self.first.len() as u64 - a)
    }
}

/// Returns the sequences of all speakers who use both labels.
#[must_use]
pub fn sequences(speakers: &[Speaker], a: ConceptIx, b: ConceptIx) -> Vec<Sequence> {
    let one = |(speaker, s): (usize, &Speaker)| {
        let mentions = s.pair(a, b);
        let first: Vec<bool> = mentions.iter().map(|m| m.label == a).collect();
        let both = first.contains(&true) && first.contains(&false);
        both.then_some(Sequence { speaker, mentions, first })
    };
    speakers.iter().enumerate().filter_map(one).collect()
}

/// The changes of one speaker between two labels.
#[derive(Debug, Clone, PartialEq)]
pub struct OfSpeaker {
    /// Number of the speaker.
    pub speaker: usize,
    /// Mentions of the first label and of the second.
    pub mentions: (u64, u64),
    /// Changes observed.
    pub observed: u64,
    /// Changes expected in random order.
    pub expected: f64,
    /// Two-sided p-value from the exact distribution of changes.
    pub p: f64,
}

/// Returns the changes of each speaker, those with most to say first.
#[must_use]
pub fn by_speaker(sequences: &[Sequence]) -> Vec<OfSpeaker> {
    let one = |s: &Sequence| {
        let (a, b) = s.counts();
        let chances = distribution(a, b).ok()?;
        let observed = changes(&s.first);
        // Changes are counted from 1 here: both labels occur.
        let at = (observed as usize).saturating_sub(1);
        let below: f64 = chances.iter().take(at + 1).sum();
        let above: f64 = chances.iter().skip(at).sum();
        let expected = chances.iter().enumerate().map(|(i, c)| (i + 1) as f64 * c).sum();
        Some(OfSpeaker {
            speaker: s.speaker,
            mentions: (a, b),
            observed,
            expected,
            p: (2.0 * below.min(above)).min(1.0),
        })
    };
    let mut all: Vec<OfSpeaker> = sequences.iter().filter_map(one).collect();
    all.sort_by(|x, y| y.expected.total_cmp(&x.expected).then(x.speaker.cmp(&y.speaker)));
    all
}

/// The order of two labels, pooled over speakers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Order {
    /// Observed over expected changes.
    pub ratio: ChangeRatio,
    /// Its interval.
    pub interval: Interval,
    /// The greatest ratio that any order could give: near 1 where one label is much rarer than the other, and then a ratio
    /// about 1 says nothing.
    pub attainable: f64,
    /// Two-sided p-value against random order within each speaker.
    pub p: f64,
    /// Random orders drawn; none where all orders were counted.
    pub permutations: Option<usize>,
}

/// Returns observed over expected changes with interval and test.
///
/// The interval takes the larger of two errors: that of a random order, and that between speakers, with Student's t.
///
/// # Source
/// Wald & Wolfowitz (1940); all orders within speakers: Stevens (1939); where they are too many, random ones: Phipson & Smyth (2010),
/// drawn in sequence: Besag & Clifford (1991), Biometrika 78(2): 301–304
#[must_use]
pub fn order(sequences: &[Sequence], permutations: usize, seed: Seed) -> Option<Order> {
    let counts: Vec<(u64, u64, u64)> = sequences
        .iter()
        .map(|s| {
            let (a, b) = s.counts();
            (changes(&s.first), a, b)
        })
        .collect();
    let ratio = change_ratio(&counts).ok()?;
    if ratio.expected < MIN_EXPECTED {
        return None;
    }
    let (p, permutations) = match tails(&counts) {
        Some((few, many)) => ((2.0 * few.min(many)).min(1.0), None),
        None => drawn_p(sequences, &counts, permutations, seed),
    };
    let most: u64 = counts.iter().map(|&(_, a, b)| 2 * a.min(b) - u64::from(a == b)).sum();
    let attainable = most as f64 / ratio.expected;
    Some(Order { ratio, interval: interval(&ratio), attainable, p, permutations })
}

/// Returns the p-value from random orders, and how many were drawn.
fn drawn_p(
    sequences: &[Sequence],
    counts: &[(u64, u64, u64)],
    permutations: usize,
    seed: Seed,
) -> (f64, Option<usize>) {
    let observed: u64 = counts.iter().map(|c| c.0).sum();
    let draw = |stream: &mut Stream| -> u64 {
        sequences
            .iter()
            .map(|s| {
                let mut order = s.first.clone();
                stream.shuffle(&mut order);
                changes(&order)
            })
            .sum()
    };
    let (n, few, many) = batches(permutations, seed, &draw, |x| x <= observed, |x| x >= observed);
    ((2.0 * permutation_p(few, n).min(permutation_p(many, n))).min(1.0), Some(n))
}

fn interval(ratio: &ChangeRatio) -> Interval {
    let plain = normal_quantile(0.5 * (1.0 + LEVEL)) * ratio.error_of_order;
    let reach = match ratio.error_of_speakers {
        Some(error) => plain.max(t_two_sided_quantile(1.0 - LEVEL, ratio.n_speakers as f64 - 1.0) * error),
        None => plain,
    };
    Interval { lower: Some((ratio.ratio - reach).max(0.0)), upper: Some(ratio.ratio + reach), level: LEVEL }
}

/// Draws in batches until enough are as extreme on both sides; returns draws, and how many lie on either side.
fn batches<T: Send + Copy>(
    most: usize,
    seed: Seed,
    draw: &(dyn Fn(&mut Stream) -> T + Sync),
    low: impl Fn(T) -> bool,
    high: impl Fn(T) -> bool,
) -> (usize, usize, usize) {
    let (mut n, mut few, mut many) = (0, 0, 0);
    while n < most && few.min(many) < ENOUGH {
        let next = (n + BATCH).min(most);
        let drawn: Vec<T> = (n..next).into_par_iter().map(|task| draw(&mut seed.stream(task as u64))).collect();
        few += drawn.iter().filter(|x| low(**x)).count();
        many += drawn.iter().filter(|x| high(**x)).count();
        n = next;
    }
    (n, few, many)
}

/// How far the concepts around tell which of two labels is used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Predictability {
    /// H(label | context) / H(label): 1 if the context tells nothing.
    pub ratio: f64,
    /// The same when runs of labels are put into random order.
    pub expected: f64,
    /// One-sided p-value: share of random orders in which the context tells as much.
    pub p: f64,
    /// Random orders drawn.
    pub permutations: usize,
}

/// What stands around each mention, as numbered concepts with weights that sum to 1.
type Contexts = Vec<Vec<Vec<(usize, f64)>>>;

/// Returns how far the concepts in the window tell the label.
///
/// A label said once tends to be said again, and neighbouring mentions share their window: random order of single mentions
/// would take that for prediction, and find sticky synonyms predictable. So whole runs change places within a speaker,
/// those of one label among themselves, which leaves their number and lengths as they are. Decision 14.
///
/// # Source
/// Conditional entropy: Shannon (1948); p-value: Phipson & Smyth (2010)
#[must_use]
pub fn predictability(
    corpus: &Corpus,
    sequences: &[Sequence],
    pair: (ConceptIx, ConceptIx),
    permutations: usize,
    seed: Seed,
) -> Option<Predictability> {
    let contexts = contexts(corpus, sequences, pair);
    let labels = || sequences.iter().map(|s| s.first.clone());
    predictability_of(&labels().collect::<Vec<_>>(), &contexts, permutations, seed)
}

/// Returns the same from labels and contexts as they are, one context a mention: for simulations.
#[must_use]
pub fn predictability_of(
    labels: &[Vec<bool>],
    contexts: &[Vec<Vec<(usize, f64)>>],
    permutations: usize,
    seed: Seed,
) -> Option<Predictability> {
    let paired = labels.len() == contexts.len() && labels.iter().zip(contexts).all(|(l, c)| l.len() == c.len());
    if !paired {
        return None;
    }
    let around = Around::of(labels, contexts);
    let entropy = around.entropy();
    if entropy <= 1e-12 || permutations == 0 {
        return None;
    }
    // With few runs every order is much like the one observed, and the context can neither tell nor not tell.
    let runs = Runs::of(labels);
    if runs.ln_orders() < LEAST_LN_ORDERS {
        return None;
    }
    let observed = around.information(&runs.lengths, &runs, entropy);
    let draw = |stream: &mut Stream| -> f64 { around.information(&runs.shuffled(stream), &runs, entropy) };
    let (n, _, many) = batches(permutations, seed, &draw, |_| true, |x| x >= observed - 1e-12);
    let some: Vec<f64> = (0..n.min(BATCH)).into_par_iter().map(|t| draw(&mut seed.stream(t as u64))).collect();
    let mean = some.iter().sum::<f64>() / some.len().max(1) as f64;
    let share = |information: f64| (1.0 - information / entropy).clamp(0.0, 1.0);
    Some(Predictability { ratio: share(observed), expected: share(mean), p: permutation_p(many, n), permutations: n })
}

/// What stands around the mentions of all speakers, one after the other, concepts numbered without gaps: random orders
/// only move labels over it.
struct Around {
    /// Where the concepts of each mention begin, and where the last ones end.
    starts: Vec<usize>,
    concepts: Vec<(u32, f64)>,
    totals: Vec<f64>,
    n_first: f64,
}

impl Around {
    fn of(labels: &[Vec<bool>], contexts: &[Vec<Vec<(usize, f64)>>]) -> Self {
        let used: BTreeSet<usize> = contexts.iter().flatten().flatten().map(|c| c.0).collect();
        let number: BTreeMap<usize, usize> = used.into_iter().enumerate().map(|(i, c)| (c, i)).collect();
        let mut totals = vec![0.0; number.len()];
        let (mut starts, mut concepts) = (vec![0], Vec::new());
        for mention in contexts.iter().flatten() {
            for (concept, weight) in mention {
                let n = number[concept];
                totals[n] += weight;
                concepts.push((n as u32, *weight));
            }
            starts.push(concepts.len());
        }
        let n_first = labels.iter().flatten().filter(|l| **l).count() as f64;
        Self { starts, concepts, totals, n_first }
    }

    fn n(&self) -> f64 {
        self.totals.iter().sum()
    }

    /// Returns the entropy of the labels, in nats.
    fn entropy(&self) -> f64 {
        let n = (self.starts.len() - 1) as f64;
        let term = |x: f64| if x > 0.0 { -(x / n) * log(x / n) } else { 0.0 };
        term(self.n_first) + term(n - self.n_first)
    }

    /// Returns the mutual information of label and context, in nats, when runs of these lengths follow one another.
    fn information(&self, lengths: &[u32], runs: &Runs, entropy: f64) -> f64 {
        let mut first = vec![0.0; self.totals.len()];
        let (mut of_first, mut at) = (0.0, 0_usize);
        runs.walk(lengths, |label, long| {
            if label {
                let (from, to) = (self.starts[at], self.starts[at + long]);
                for &(concept, weight) in &self.concepts[from..to] {
                    first[concept as usize] += weight;
                    of_first += weight;
                }
            }
            at += long;
        });
        let n = self.n();
        let term = |joint: f64, row: f64, column: f64| {
            if joint > 1e-12 { joint / n * log(joint * n / (row * column)) } else { 0.0 }
        };
        let cells = first.iter().zip(&self.totals);
        let sum: f64 = cells.map(|(&a, &all)| term(a, of_first, all) + term(all - a, n - of_first, all)).sum();
        sum.clamp(0.0, entropy)
    }
}

fn contexts(corpus: &Corpus, sequences: &[Sequence], (a, b): (ConceptIx, ConceptIx)) -> Contexts {
    let around = |m: &Mention| -> Vec<(usize, f64)> {
        let coded = &corpus.coded[m.source];
        let span = coded.span(m.window.unwrap_or(m.sentence));
        let codings = coded.codings_in(span).iter();
        let concepts: BTreeSet<usize> = codings
            .filter(|c| c.concept != a && c.concept != b && !c.span.overlaps(m.span))
            .map(|c| c.concept.get() + 1)
            .collect();
        // Nothing around is a context, too.
        if concepts.is_empty() {
            return vec![(0, 1.0)];
        }
        let share = 1.0 / concepts.len() as f64;
        concepts.into_iter().map(|c| (c, share)).collect()
    };
    sequences.iter().map(|s| s.mentions.iter().map(around).collect()).collect()
}

/// Logarithm of the number of orders of runs from which on the context is tested: a thousand.
const LEAST_LN_ORDERS: f64 = 6.9;

/// Runs of equal labels of all speakers.
struct Runs {
    /// Per speaker, its first label, and where its runs of this label begin in `lengths`, those of the other, and their end.
    speakers: Vec<(bool, [usize; 3])>,
    /// Lengths of runs: of each speaker those of its first label, then those of the other.
    lengths: Vec<u32>,
}

impl Runs {
    fn of(labels: &[Vec<bool>]) -> Self {
        let mut out = Self { speakers: Vec::new(), lengths: Vec::new() };
        for labels in labels {
            let starts_with = labels.first().copied().unwrap_or(true);
            let mut lengths: [Vec<u32>; 2] = Default::default();
            let mut at = 0;
            while at < labels.len() {
                let long = labels[at..].iter().take_while(|l| **l == labels[at]).count();
                lengths[usize::from(labels[at] != starts_with)].push(long as u32);
                at += long;
            }
            let from = out.lengths.len();
            out.lengths.extend(&lengths[0]);
            let other = out.lengths.len();
            out.lengths.extend(&lengths[1]);
            out.speakers.push((starts_with, [from, other, out.lengths.len()]));
        }
        out
    }

    /// Calls `run(label, length)` for every run in its order, given the lengths.
    fn walk(&self, lengths: &[u32], mut run: impl FnMut(bool, usize)) {
        for &(label, [from, other, end]) in &self.speakers {
            for i in 0..other - from {
                run(label, lengths[from + i] as usize);
                if other + i < end {
                    run(!label, lengths[other + i] as usize);
                }
            }
        }
    }

    /// Returns the logarithm of the number of different orders of the runs.
    fn ln_orders(&self) -> f64 {
        let ln_factorial = |n: usize| ln_gamma(n as f64 + 1.0);
        let of = |lengths: &[u32]| {
            let mut same: BTreeMap<u32, usize> = BTreeMap::new();
            for n in lengths {
                *same.entry(*n).or_default() += 1;
            }
            ln_factorial(lengths.len()) - same.values().map(|n| ln_factorial(*n)).sum::<f64>()
        };
        let both = |&(_, [from, other, end]): &(bool, [usize; 3])| {
            of(&self.lengths[from..other]) + of(&self.lengths[other..end])
        };
        self.speakers.iter().map(both).sum()
    }

    fn shuffled(&self, stream: &mut Stream) -> Vec<u32> {
        let mut lengths = self.lengths.clone();
        for &(_, [from, other, end]) in &self.speakers {
            stream.shuffle(&mut lengths[from..other]);
            stream.shuffle(&mut lengths[other..end]);
        }
        lengths
    }
}
