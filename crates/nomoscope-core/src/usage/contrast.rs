//! Contrasts between two groups of sources: who couples what the others do not, holds what they do not hold.
//!
//! "Certain here, uncertain there" is no difference: whether a difference exists is a test of its own, over a family of
//! pairs that margins and lengths alone fix, never over pairs picked because one group shows them. Knows groups as lists
//! of sources only; by which attribute they were made is the caller's business.

use super::coupling::{Coupling, LEVEL, MAX_Q, Side, TextualData};
use super::permuted::{means, permuted};
use super::sentences::{Sentences, run_length, sentences_of, shares};
use crate::codebook::ConceptIx;
use crate::counts::Pair;
use crate::norm::statement::{Formed, FormedWindow, Statement, count};
use libm::{exp, sqrt};
use nomoscope_stats::Interval;
use nomoscope_stats::fdr::benjamini_hochberg;
use nomoscope_stats::rng::Seed;
use nomoscope_stats::special::t_two_sided_quantile;
use nomoscope_stats::wald::{Estimated, difference};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Groups with fewer sources are shown and marked as small.
pub const SMALL: usize = 5;
/// Medians of unit length that differ by more than this factor are warned of.
pub const LENGTH_FACTOR: f64 = 3.0;
/// A statement belongs to the tested family if at least this many actors of the two groups hold it.
pub const MIN_HOLDERS: usize = 5;

/// What is said of a pair of concepts in two groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The first couples them, the second does not, and the difference is certain.
    FirstOnly,
    /// The second couples them, the first does not, and the difference is certain.
    SecondOnly,
    /// Both couple them, the first certainly more.
    FirstMore,
    /// Both couple them, the second certainly more.
    SecondMore,
    /// The odds ratios differ for certain, but neither group couples the pair.
    Differ,
    /// Both couple them, and no difference is certain.
    Both,
    /// One group couples them, but that the other differs is not certain.
    Undecided,
    /// Neither couples them.
    Neither,
}

impl Verdict {
    /// Returns the name used in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FirstOnly => "first-only",
            Self::SecondOnly => "second-only",
            Self::FirstMore => "first-more",
            Self::SecondMore => "second-more",
            Self::Differ => "differ",
            Self::Both => "both",
            Self::Undecided => "undecided",
            Self::Neither => "neither",
        }
    }

    /// Returns whether the two groups differ for certain.
    #[must_use]
    pub const fn is_certain(self) -> bool {
        matches!(self, Self::FirstOnly | Self::SecondOnly | Self::FirstMore | Self::SecondMore | Self::Differ)
    }
}

/// How a difference of odds ratios was tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DifferenceTest {
    /// Wald test on the difference of logarithms.
    Wald,
    /// One odds ratio is 0 or unbounded: how far the bounds of the two can be drawn until they meet.
    Bounds,
}

impl DifferenceTest {
    /// Returns the name used in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wald => "wald",
            Self::Bounds => "bounds",
        }
    }
}

/// A pair of concepts in two groups.
#[derive(Debug, Clone)]
pub struct Contrast {
    /// The pair as each group couples it.
    pub sides: [Coupling; 2],
    /// Whether the pair belongs to the tested family: in both groups enough sources and joint units expected.
    pub tested: bool,
    /// Odds ratio of the first group over that of the second.
    pub ratio: Option<f64>,
    /// Its interval.
    pub interval: Option<Interval>,
    /// Two-sided p-value of equal odds ratios; 1 where a tested pair cannot be told.
    pub p: Option<f64>,
    /// q-value over the family; see [`set_q`].
    pub q: Option<f64>,
    /// How the difference was tested.
    pub test: Option<DifferenceTest>,
    /// Why a number is missing.
    pub reason: Option<&'static str>,
}

impl Contrast {
    /// Returns the two concepts.
    #[must_use]
    pub fn pair(&self) -> (ConceptIx, ConceptIx) {
        (self.sides[0].a, self.sides[0].b)
    }

    /// Returns what is said of the pair, once q-values are set.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let [first, second] = [self.sides[0].backbone, self.sides[1].backbone];
        let certain = self.q.is_some_and(|q| q <= MAX_Q);
        let above = match (self.ratio, self.interval) {
            (Some(ratio), _) => ratio > 1.0,
            (None, Some(i)) => i.lower.is_some(),
            (None, None) => false,
        };
        match (certain, first, second) {
            (false, true, true) => Verdict::Both,
            (false, false, false) => Verdict::Neither,
            (false, ..) => Verdict::Undecided,
            (true, true, false) if above => Verdict::FirstOnly,
            (true, false, true) if !above => Verdict::SecondOnly,
            (true, true, true) => {
                if above {
                    Verdict::FirstMore
                } else {
                    Verdict::SecondMore
                }
            }
            (true, ..) => Verdict::Differ,
        }
    }
}

/// Returns the contrasts of all pairs that meet in either group or belong to the tested family; q-values are not set.
///
/// # Source
/// docs/methods.md, “Between groups”: Wald test on the difference of ln OR with source-clustered variances and Satterthwaite's
/// degrees of freedom.
#[must_use]
pub fn contrasts(first: &TextualData, second: &TextualData, min_or: f64) -> Vec<Contrast> {
    let sides: [BTreeMap<Pair, Coupling>; 2] =
        [first, second].map(|data| data.couplings(min_or).into_iter().map(|c| ((c.a, c.b), c)).collect());
    let pairs: BTreeSet<Pair> = sides.iter().flat_map(BTreeMap::keys).copied().collect();
    let pairs: Vec<Pair> = pairs.into_iter().collect();
    pairs
        .par_iter()
        .map(|&pair| {
            let of =
                |side: usize, data: &TextualData| sides[side].get(&pair).cloned().unwrap_or_else(|| data.unmet(pair));
            contrast([of(0, first), of(1, second)], first.side(pair), second.side(pair))
        })
        .collect()
}

/// Sets the q-values over all tested pairs of all contrasts at once.
pub fn set_q(all: &mut [&mut [Contrast]]) {
    let p: Vec<f64> = all.iter().flat_map(|list| list.iter()).filter_map(|c| c.p).collect();
    let mut q = benjamini_hochberg(&p).unwrap_or_default().into_iter();
    for contrast in all.iter_mut().flat_map(|list| list.iter_mut()).filter(|c| c.p.is_some()) {
        contrast.q = q.next();
    }
}

fn contrast(sides: [Coupling; 2], first: Option<Side>, second: Option<Side>) -> Contrast {
    let mut out =
        Contrast { sides, tested: false, ratio: None, interval: None, p: None, q: None, test: None, reason: None };
    let (Some(first), Some(second)) = (first, second) else {
        out.reason = Some("too few sources or joint units expected in one of the groups");
        return out;
    };
    out.tested = true;
    match (&first, &second) {
        (Side::Estimated(x), Side::Estimated(y)) => wald(&mut out, *x, *y),
        (Side::Unknown, _) | (_, Side::Unknown) => {
            out.p = Some(1.0);
            out.reason =
                Some("in one of the groups all sources agree to the last digit, so the difference has no test");
        }
        (Side::Zero(_), Side::Zero(_)) | (Side::Unbounded(_), Side::Unbounded(_)) => {
            out.p = Some(1.0);
            out.reason = Some("both odds ratios are 0, or both are unbounded");
        }
        (x, y) => bounds(&mut out, x, y),
    }
    out
}

fn wald(out: &mut Contrast, x: Estimated, y: Estimated) {
    match difference(x, y, LEVEL) {
        Ok(found) => {
            let back = |end: Option<f64>| end.map(exp).filter(|e| e.is_finite());
            let Interval { lower, upper, level } = found.interval;
            out.ratio = Some(exp(found.value)).filter(|r| r.is_finite());
            out.interval = Some(Interval { lower: back(lower), upper: back(upper), level });
            out.p = Some(found.p);
            out.test = Some(DifferenceTest::Wald);
        }
        Err(_) => {
            out.p = Some(1.0);
            out.reason = Some("the difference has no variance");
        }
    }
}

/// The one-sided bound of an odds ratio from below or above, on the logarithm, each tail being `tail`.
fn bound(side: &Side, tail: f64, upper: bool) -> Option<f64> {
    match side {
        Side::Estimated(found) => {
            let reach = t_two_sided_quantile(2.0 * tail, found.df) * sqrt(found.variance);
            Some(found.value + if upper { reach } else { -reach })
        }
        Side::Zero(scores) | Side::Unbounded(scores) => {
            scores.end(t_two_sided_quantile(2.0 * tail, scores.len() as f64 - 1.0), upper)
        }
        Side::Unknown => None,
    }
}

/// Where an odds ratio is 0 or unbounded there is no Wald test: the difference is as certain as the bounds of the two can be
/// drawn, each with a quarter of the error, until they meet (Bonferroni for two bounds and two directions).
fn bounds(out: &mut Contrast, x: &Side, y: &Side) {
    let first_greater = matches!(x, Side::Unbounded(_)) || matches!(y, Side::Zero(_));
    let (greater, lesser) = if first_greater { (x, y) } else { (y, x) };
    let gap = |tail: f64| Some(bound(greater, tail, false)? - bound(lesser, tail, true)?);
    let least = 1e-9;
    let (mut low, mut high) = (least, 0.25);
    if gap(least).is_some_and(|g| g > 0.0) {
        high = least;
    } else if gap(high).is_some_and(|g| g > 0.0) {
        // The gap grows with the error allowed: forty halvings of the logarithm settle its root.
        for _ in 0..40 {
            let middle = sqrt(low * high);
            if gap(middle).is_some_and(|g| g > 0.0) {
                high = middle;
            } else {
                low = middle;
            }
        }
    }
    out.p = Some((4.0 * high).min(1.0));
    out.test = Some(DifferenceTest::Bounds);
    out.interval = gap((1.0 - LEVEL) / 4.0).map(|g| {
        let (lower, upper) = if first_greater { (Some(exp(g)), None) } else { (None, Some(exp(-g))) };
        Interval { lower, upper, level: LEVEL }
    });
    out.reason = Some("one odds ratio is 0 or unbounded: the bounds of both are compared, one-sided");
}

/// A statement in two groups: which actors hold it. Where nobody says whose the sources are, each is an actor.
#[derive(Debug, Clone)]
pub struct Holding {
    /// The statement.
    pub statement: Statement,
    /// Actors of each group that make it in a sentence of their own, wherever.
    pub holders: [BTreeSet<usize>; 2],
    /// Actors of each group that speak of the focus.
    pub speakers: [usize; 2],
    /// Windows that make it in each group, as (source, window).
    pub windows: [BTreeSet<(u32, u32)>; 2],
    /// Mean share of stretches of equal length that contain it, by group.
    pub shares: [Option<f64>; 2],
    /// The first share less the second.
    pub difference: Option<f64>,
    /// Its interval, from the same permutations as `p`.
    pub interval: Option<Interval>,
    /// P-value by studentised permutation of actors; of statements of the tested family only.
    pub p: Option<f64>,
    /// q-value over the family.
    pub q: Option<f64>,
    /// Why a number is missing.
    pub reason: Option<&'static str>,
}

impl Holding {
    /// Returns whether it is certain that the groups differ.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.q.is_some_and(|q| q <= MAX_Q)
    }
}

/// The statements of two groups, and what they were compared by.
#[derive(Debug, Clone, Default)]
pub struct Holdings {
    /// Statements of at least two parts that any actor makes in a sentence of their own.
    pub all: Vec<Holding>,
    /// Sentences of a stretch; none where a group is silent.
    pub run: Option<usize>,
    /// Actors of each group that say so little that they have no stretch, and are left out of shares and tests.
    pub short: [usize; 2],
    /// Median of the numbers of focal sentences of the actors of each group.
    pub sentences: [Option<usize>; 2],
}

/// Random orders of actors.
const HOLDING_ORDERS: usize = 1999;

/// Returns the focal statements of at least two parts with the actors of two groups that hold them; q-values are not set.
///
/// `actor` says whose each source is. Compared are stretches of equal length, so that who says more of the focus does not seem to hold more.
/// Asked of the actors that speak of the focus: one that is silent about it holds nothing for another reason. Tested are the statements that
/// at least [`MIN_HOLDERS`] actors of both groups together hold, which does not depend on where they stand.
/// # Source  studentised permutation: Janssen (1997), Statistics & Probability Letters 36(1): 9–21; p-value: Phipson & Smyth (2010)
#[must_use]
pub fn holdings(
    formed: &Formed,
    focal: &[BTreeSet<u32>],
    groups: [&[usize]; 2],
    actor: &[usize],
    seed: Seed,
) -> Holdings {
    let whose = |s: usize| actor.get(s).copied().unwrap_or(s);
    let of_actors = |list: &[usize]| {
        let mut by_actor: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        list.iter().for_each(|&s| by_actor.entry(whose(s)).or_default().push(s));
        let said = by_actor.into_iter().map(|(a, sources)| (a, sentences_of(formed, focal, &sources)));
        said.filter(|(_, sentences)| !sentences.is_empty()).collect::<Vec<(usize, Sentences)>>()
    };
    let said = groups.map(of_actors);
    let lengths: Vec<Vec<usize>> = said.iter().map(|g| g.iter().map(|(_, s)| s.len()).collect()).collect();
    let run = run_length(&lengths);
    let median = |lengths: &Vec<usize>| {
        let mut sorted = lengths.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).copied()
    };
    let shared: [Vec<BTreeMap<Statement, f64>>; 2] = said
        .each_ref()
        .map(|group| run.map(|run| group.iter().filter_map(|(_, s)| shares(s, run)).collect()).unwrap_or_default());
    let mut all = held(formed, focal, groups, &said);
    test_holdings(&mut all, &shared, seed);
    Holdings {
        all,
        run,
        short: [0, 1].map(|g| said[g].len() - shared[g].len()),
        sentences: [median(&lengths[0]), median(&lengths[1])],
    }
}

/// Who makes which statement, and in which windows.
fn held(
    formed: &Formed,
    focal: &[BTreeSet<u32>],
    groups: [&[usize]; 2],
    said: &[Vec<(usize, Sentences)>; 2],
) -> Vec<Holding> {
    let member: BTreeMap<usize, usize> =
        groups.iter().enumerate().flat_map(|(g, list)| list.iter().map(move |&s| (s, g))).collect();
    let keep = |s: usize, w: &FormedWindow| member.contains_key(&s) && focal[s].contains(&w.unit);
    let table = count(formed, &[], &keep);
    let speakers = said.each_ref().map(Vec::len);
    let mut out: BTreeMap<Statement, Holding> = BTreeMap::new();
    for (g, group) in said.iter().enumerate() {
        for (actor, sentences) in group {
            for statement in sentences.iter().flatten() {
                let entry = out.entry(*statement).or_insert_with(|| Holding {
                    statement: *statement,
                    holders: Default::default(),
                    speakers,
                    windows: Default::default(),
                    shares: [None; 2],
                    difference: None,
                    interval: None,
                    p: None,
                    q: None,
                    reason: None,
                });
                entry.holders[g].insert(*actor);
            }
        }
    }
    for holding in out.values_mut() {
        let windows = table.counts.get(&holding.statement).map(|n| &n.windows);
        for &(source, window) in windows.into_iter().flatten() {
            if let Some(&g) = member.get(&(source as usize)) {
                holding.windows[g].insert((source, window));
            }
        }
    }
    out.into_values().collect()
}

fn test_holdings(all: &mut [Holding], shared: &[Vec<BTreeMap<Statement, f64>>; 2], seed: Seed) {
    let sizes = shared.each_ref().map(Vec::len);
    let values_of = |statement: &Statement| -> Vec<f64> {
        shared.iter().flatten().map(|shares| shares.get(statement).copied().unwrap_or(0.0)).collect()
    };
    for h in all.iter_mut() {
        h.shares = means(&values_of(&h.statement), sizes[0]);
        h.difference = h.shares[0].zip(h.shares[1]).map(|(x, y)| x - y);
        if h.holders[0].len() + h.holders[1].len() < MIN_HOLDERS {
            h.reason = Some("too few hold it for a test");
        } else if sizes.iter().any(|&s| s < 2) {
            h.reason = Some("a group has fewer than two actors who say enough of the focus");
        }
    }
    let tested: Vec<usize> = (0..all.len()).filter(|&i| all[i].reason.is_none()).collect();
    let values: Vec<Vec<f64>> = tested.iter().map(|&i| values_of(&all[i].statement)).collect();
    for (&i, found) in tested.iter().zip(permuted(&values, sizes[0], HOLDING_ORDERS, seed)) {
        all[i].p = Some(found.p);
        all[i].interval = found.interval;
    }
}

/// Sets the q-values over all tested statements of all pairs of groups at once.
pub fn set_holding_q(all: &mut [&mut [Holding]]) {
    let p: Vec<f64> = all.iter().flat_map(|list| list.iter()).filter_map(|h| h.p).collect();
    let mut q = benjamini_hochberg(&p).unwrap_or_default().into_iter();
    for holding in all.iter_mut().flat_map(|list| list.iter_mut()).filter(|h| h.p.is_some()) {
        holding.q = q.next();
    }
}
