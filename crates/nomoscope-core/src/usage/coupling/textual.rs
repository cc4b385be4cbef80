//! The textual level: units within texts, summed by source.

use super::{Coupling, CouplingLevel, LEVEL, MAX_Q, MIN_EXPECTED, MIN_SOURCES, UnitShape};
use super::{blank, calibration_caution, in_backbone, set_q};
use crate::codebook::ConceptIx;
use crate::counts::{Counts, Pair, SourceUnits};
use crate::stats::exact::{Conditional, Table2x2, Tail};
use crate::stats::fdr::benjamini_hochberg;
use crate::stats::length_adjusted::{Rate, fit_rate, score_test};
use crate::stats::mantel_haenszel::{EqualOdds, Stratum, clustered, equal_odds};
use crate::stats::special::t_two_sided_quantile;
use crate::stats::{Interval, StatsError};
use libm::{exp, log, sqrt};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Sources are counted in groups of this many, so that their summands need not all be held twice.
const CHUNK: usize = 512;
/// The square of the least z with p ≤ 5 %, that of five sources: t = z √(4 / (5 − z²)) is then 2.776, z² = 3.292; with more
/// sources it rises to 3.84.
const LEAST_Z2: f64 = 3.29;
/// Strata of unit length over the whole study.
const N_LENGTHS: usize = 10;

/// What one informative source says about a pair. Four to a cache line matter: a bootstrap reads millions per draw.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Summand {
    source: u32,
    /// Joint units expected from length; narrow, because it only decides about the tested family.
    expected: f32,
    /// Σ (a − p)(b − q) over units.
    u: f64,
    /// Numerator and denominator of the Mantel-Haenszel odds ratio.
    r: f64,
    t: f64,
}

/// All that is kept of a pair.
#[derive(Debug, Clone, Default)]
struct PairData {
    /// Of sources in which both vary; the others cannot move test or odds ratio.
    summands: Vec<Summand>,
    n11: u64,
    /// Units in which one only stands inside the other, so that it does not count there.
    left_out: [u64; 2],
    expected: f64,
    /// The one-sided exact interval, where one side of the odds ratio is empty.
    exact: Option<Interval>,
    /// Lower end of the interval over all sources.
    lower: Option<f64>,
    /// The exact distribution behind `exact`, kept for pairs of the tested family only.
    distribution: Option<Box<Conditional>>,
}

impl PairData {
    /// Returns whether the pair belongs to the tested family, which its margins and the lengths alone decide.
    fn tested(&self) -> bool {
        self.summands.len() >= MIN_SOURCES
            && self.summands.iter().map(|s| f64::from(s.expected)).sum::<f64>() >= MIN_EXPECTED
    }

    /// Makes one summand of those of one cluster.
    fn join_clusters(&mut self) {
        self.summands.sort_by_key(|s| s.source);
        self.summands.dedup_by(|next, kept| {
            let same = next.source == kept.source;
            if same {
                kept.expected += next.expected;
                kept.u += next.u;
                kept.r += next.r;
                kept.t += next.t;
            }
            same
        });
    }

    fn clustered(&self) -> Result<crate::stats::mantel_haenszel::Clustered, StatsError> {
        let summands: Vec<(f64, f64)> = self.summands.iter().map(|s| (s.r, s.t)).collect();
        clustered(&summands, LEVEL)
    }
}

/// Per-source summands of all pairs at the textual level.
#[derive(Debug)]
pub struct TextualData {
    pairs: BTreeMap<Pair, PairData>,
    /// Units with each concept.
    n_with: BTreeMap<ConceptIx, u64>,
    n_units: u64,
    n_sources: usize,
    lengths: Moments,
    /// Sums of products of neighbouring residuals, and of their squares.
    neighbours: (f64, f64),
}

/// Count, mean and sum of squared deviations of the logarithm of unit lengths.
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    n: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn of(sources: &[&SourceUnits]) -> Self {
        let lengths = || sources.iter().flat_map(|s| s.words()).map(|&w| log(f64::from(w.max(1))));
        let n = lengths().count() as f64;
        let mean = if n > 0.0 { lengths().sum::<f64>() / n } else { 0.0 };
        Self { n, mean, squares: lengths().map(|x| (x - mean) * (x - mean)).sum() }
    }

    /// Returns the moments of both together (Chan, Golub & LeVeque 1979).
    fn with(self, other: Self) -> Self {
        let n = self.n + other.n;
        if n <= 0.0 {
            return self;
        }
        let apart = other.mean - self.mean;
        Self {
            n,
            mean: self.mean + apart * other.n / n,
            squares: self.squares + other.squares + apart * apart * self.n * other.n / n,
        }
    }

    fn dispersion(self) -> f64 {
        if self.n < 2.0 { 0.0 } else { sqrt(self.squares / (self.n - 1.0)) }
    }
}

impl Counts {
    /// Returns the summands of all pairs of concepts with a role, kin under `broader` left out.
    #[must_use]
    pub fn textual(&self) -> TextualData {
        self.coupled(&|c| self.has_role(c))
    }

    /// Returns the summands of all pairs, those of concepts without a role among them: a trend follows elements of norms, too.
    pub(in crate::usage) fn textual_of_all(&self) -> TextualData {
        self.coupled(&|_| true)
    }

    fn coupled(&self, couples: &(dyn Fn(ConceptIx) -> bool + Sync)) -> TextualData {
        TextualData::of(self.units().collect(), Rules { couples, related: &|a, b| self.kin(a, b) })
    }

    /// Returns groups of sources, each given by their places, as [`GroupedData::new`] does.
    #[must_use]
    pub fn grouped(&self, groups: &[Vec<usize>], actor: &[usize]) -> GroupedData<'_> {
        let rules = Rules { couples: &|c| self.has_role(c), related: &|a, b| self.kin(a, b) };
        GroupedData::of(&self.units().collect::<Vec<_>>(), groups, actor, rules)
    }
}

/// Which concepts are coupled, and which pairs of them are left out.
#[derive(Clone, Copy)]
struct Rules<'r> {
    couples: &'r (dyn Fn(ConceptIx) -> bool + Sync),
    related: &'r (dyn Fn(ConceptIx, ConceptIx) -> bool + Sync),
}

/// Upper bounds of the first nine tenths of unit lengths over the whole study, in words.
fn length_deciles(sources: &[&SourceUnits]) -> Vec<u32> {
    let mut lengths: Vec<u32> = sources.iter().flat_map(|s| s.words().iter().copied()).collect();
    lengths.sort_unstable();
    let tenth = |d| lengths.get(lengths.len() * d / N_LENGTHS).copied();
    let mut bounds: Vec<u32> = (1..N_LENGTHS).filter_map(tenth).collect();
    bounds.dedup();
    bounds
}

/// Presence of a concept in the units of a source, with what length leads one to expect.
#[derive(Clone)]
struct Fit {
    present: Vec<bool>,
    p: Vec<f64>,
    varies: bool,
}

/// A source with everything that its pairs share.
struct SourceView<'a> {
    source: u32,
    units: &'a SourceUnits,
    words: Vec<f64>,
    decile: Vec<u8>,
    fits: BTreeMap<ConceptIx, Fit>,
}

struct SourcePairs {
    pairs: Vec<(Pair, PairCounts)>,
    n_with: Vec<(ConceptIx, u64)>,
    /// Sums of products of neighbouring residuals, and of their squares.
    neighbours: (f64, f64),
}

struct PairCounts {
    summand: Summand,
    informative: bool,
    n11: u64,
    left_out: [u64; 2],
    expected: f64,
}

impl<'a> SourceView<'a> {
    fn new(source: usize, units: &'a SourceUnits, bounds: &[u32], couples: &dyn Fn(ConceptIx) -> bool) -> Self {
        let words: Vec<f64> = units.words().iter().map(|&w| f64::from(w.max(1))).collect();
        let decile = units.words().iter().map(|&w| bounds.partition_point(|&b| b <= w) as u8).collect();
        let mut view = Self { source: source as u32, units, words, decile, fits: BTreeMap::new() };
        let held = units.holding().map(|(concept, _)| concept).filter(|&c| couples(c));
        view.fits = held.map(|c| (c, view.fit(units.presence(c)))).collect();
        view
    }

    fn fit(&self, present: Vec<bool>) -> Fit {
        let rate = fit_rate(&self.words, &present).unwrap_or(Rate::Never);
        let p = self.words.iter().map(|&w| rate.probability(w)).collect();
        Fit { present, p, varies: matches!(rate, Rate::PerWord(_)) }
    }

    /// Returns the two concepts, fitted without the units in which the one only stands inside the other.
    fn fits(&self, pair: Pair) -> Option<(Cow<'_, Fit>, Cow<'_, Fit>, [u64; 2])> {
        let (a, b) = (self.fits.get(&pair.0)?, self.fits.get(&pair.1)?);
        let nested = self.units.nested(pair);
        if nested.is_empty() {
            return Some((Cow::Borrowed(a), Cow::Borrowed(b), [0, 0]));
        }
        let (mut in_a, mut in_b, mut left_out) = (a.present.clone(), b.present.clone(), [0, 0]);
        for &(unit, shorter) in nested {
            if shorter == pair.0 {
                in_a[unit as usize] = false;
                left_out[0] += 1;
            } else {
                in_b[unit as usize] = false;
                left_out[1] += 1;
            }
        }
        Some((Cow::Owned(self.fit(in_a)), Cow::Owned(self.fit(in_b)), left_out))
    }

    fn pairs(&self, related: &dyn Fn(ConceptIx, ConceptIx) -> bool) -> SourcePairs {
        let concepts: Vec<ConceptIx> = self.fits.keys().copied().collect();
        let mut pairs = Vec::new();
        for (i, &a) in concepts.iter().enumerate() {
            for &b in &concepts[i + 1..] {
                if !related(a, b)
                    && let Some(counts) = self.counts((a, b))
                {
                    pairs.push(((a, b), counts));
                }
            }
        }
        let n_with = self.fits.iter().map(|(&c, fit)| (c, fit.present.iter().filter(|&&x| x).count() as u64)).collect();
        SourcePairs { pairs, n_with, neighbours: self.neighbours() }
    }

    fn counts(&self, pair: Pair) -> Option<PairCounts> {
        let (a, b, left_out) = self.fits(pair)?;
        let (mut u, mut expected) = (0.0, 0.0);
        for i in 0..self.words.len() {
            u += (f64::from(u8::from(a.present[i])) - a.p[i]) * (f64::from(u8::from(b.present[i])) - b.p[i]);
            expected += a.p[i] * b.p[i];
        }
        let (mut r, mut t, mut n11) = (0.0, 0.0, 0);
        for [neither, second, first, both] in self.cells(&a, &b) {
            let n = f64::from(neither + second + first + both);
            if n > 0.0 {
                r += f64::from(both) * f64::from(neither) / n;
                t += f64::from(first) * f64::from(second) / n;
                n11 += u64::from(both);
            }
        }
        let summand = Summand { source: self.source, expected: expected as f32, u, r, t };
        Some(PairCounts { summand, informative: a.varies && b.varies, n11, left_out, expected })
    }

    /// Returns for each length the units with neither, with the second only, with the first only, with both.
    fn cells(&self, a: &Fit, b: &Fit) -> [[u32; 4]; N_LENGTHS] {
        let mut cells = [[0_u32; 4]; N_LENGTHS];
        for (i, &decile) in self.decile.iter().enumerate() {
            cells[usize::from(decile)][usize::from(a.present[i]) * 2 + usize::from(b.present[i])] += 1;
        }
        cells
    }

    fn tables(&self, pair: Pair) -> Vec<Table2x2> {
        let Some((a, b, _)) = self.fits(pair) else { return Vec::new() };
        let table = |c: [u32; 4]| Table2x2::new(c[3].into(), c[2].into(), c[1].into(), c[0].into());
        self.cells(&a, &b).into_iter().filter(|c| c.iter().any(|&n| n > 0)).map(table).collect()
    }

    fn neighbours(&self) -> (f64, f64) {
        let (mut products, mut squares) = (0.0, 0.0);
        for fit in self.fits.values().filter(|f| f.varies) {
            let residuals = || fit.present.iter().zip(&fit.p).map(|(&x, p)| f64::from(u8::from(x)) - p);
            products += residuals().zip(residuals().skip(1)).map(|(x, y)| x * y).sum::<f64>();
            squares += residuals().map(|x| x * x).sum::<f64>();
        }
        (products, squares)
    }
}

impl TextualData {
    /// Returns the summands of all pairs of concepts that share a source, `related` ones left out.
    ///
    /// # Source
    /// docs/methods.md, section 3: length-adjusted scores, and Mantel-Haenszel by source and tenth of length.
    #[must_use]
    pub fn new(sources: &[SourceUnits], related: &(dyn Fn(ConceptIx, ConceptIx) -> bool + Sync)) -> Self {
        Self::of(sources.iter().collect(), Rules { couples: &|_| true, related })
    }

    fn of(sources: Vec<&SourceUnits>, rules: Rules<'_>) -> Self {
        Self::within(&sources, &Clusters::sources(sources.len()), &length_deciles(&sources), rules)
    }

    fn within(sources: &[&SourceUnits], clusters: &Clusters, bounds: &[u32], rules: Rules<'_>) -> Self {
        let mut data = Self {
            pairs: BTreeMap::new(),
            n_with: BTreeMap::new(),
            n_units: sources.iter().map(|s| s.len() as u64).sum(),
            n_sources: clusters.n,
            lengths: Moments::of(sources),
            neighbours: (0.0, 0.0),
        };
        for (chunk, group) in sources.chunks(CHUNK).enumerate() {
            let found: Vec<SourcePairs> = group
                .par_iter()
                .enumerate()
                .map(|(i, units)| {
                    let source = clusters.of(chunk * CHUNK + i);
                    SourceView::new(source, units, bounds, rules.couples).pairs(rules.related)
                })
                .collect();
            for source in found {
                data.neighbours.0 += source.neighbours.0;
                data.neighbours.1 += source.neighbours.1;
                data.add(source);
            }
        }
        if clusters.n < sources.len() {
            data.pairs.par_iter_mut().for_each(|(_, pair)| pair.join_clusters());
        }
        data.bound(sources, bounds);
        data
    }

    fn add(&mut self, source: SourcePairs) {
        for (concept, n) in source.n_with {
            *self.n_with.entry(concept).or_default() += n;
        }
        for (pair, counts) in source.pairs {
            let data = self.pairs.entry(pair).or_default();
            data.n11 += counts.n11;
            data.expected += counts.expected;
            data.left_out[0] += counts.left_out[0];
            data.left_out[1] += counts.left_out[1];
            if counts.informative {
                data.summands.push(counts.summand);
            }
        }
    }

    /// Sets the lower ends of all intervals; where one side of the odds ratio is empty, from the exact test.
    fn bound(&mut self, sources: &[&SourceUnits], bounds: &[u32]) {
        let empty: BTreeSet<Pair> = self
            .pairs
            .par_iter_mut()
            .filter(|(_, data)| data.summands.len() >= MIN_SOURCES)
            .filter_map(|(pair, data)| match data.clustered() {
                Ok(found) => {
                    data.lower = found.interval.lower;
                    None
                }
                Err(StatsError::EmptyNumerator | StatsError::EmptyDenominator) => Some(*pair),
                Err(_) => None,
            })
            .collect();
        let tables: Vec<Vec<(Pair, Vec<Table2x2>)>> = if empty.is_empty() {
            Vec::new()
        } else {
            let asked: BTreeSet<ConceptIx> = empty.iter().flat_map(|&(a, b)| [a, b]).collect();
            let of = |units: &&SourceUnits| {
                let view = SourceView::new(0, units, bounds, &|c| asked.contains(&c));
                let held = empty.iter().filter(|(a, b)| view.fits.contains_key(a) && view.fits.contains_key(b));
                held.map(|&pair| (pair, view.tables(pair))).collect()
            };
            sources.par_iter().map(of).collect()
        };
        let mut joined: BTreeMap<Pair, Vec<Table2x2>> = BTreeMap::new();
        for (pair, more) in tables.into_iter().flatten() {
            joined.entry(pair).or_default().extend(more);
        }
        let intervals: Vec<(Pair, Interval, Conditional)> = joined
            .par_iter()
            .filter_map(|(&pair, tables)| {
                let distribution = Conditional::new(tables).ok()?;
                let exact = distribution.one_sided_interval(LEVEL, Tail::Exact).ok()??;
                Some((pair, exact, distribution))
            })
            .collect();
        for (pair, interval, distribution) in intervals {
            if let Some(data) = self.pairs.get_mut(&pair) {
                data.exact = Some(interval);
                data.lower = interval.lower;
                data.distribution = data.tested().then(|| Box::new(distribution));
            }
        }
    }

    /// Takes in what was counted of other sources; `cluster` says which of all clusters each of theirs is.
    fn merge(&mut self, other: &Self, cluster: &[u32]) {
        for (&pair, more) in &other.pairs {
            let data = self.pairs.entry(pair).or_default();
            let known =
                more.summands.iter().filter_map(|s| Some(Summand { source: *cluster.get(s.source as usize)?, ..*s }));
            data.summands.extend(known);
            data.n11 += more.n11;
            data.expected += more.expected;
            data.left_out[0] += more.left_out[0];
            data.left_out[1] += more.left_out[1];
            (data.exact, data.lower, data.distribution) = (None, None, None);
        }
        for (&concept, n) in &other.n_with {
            *self.n_with.entry(concept).or_default() += n;
        }
        self.n_units += other.n_units;
        self.lengths = self.lengths.with(other.lengths);
        self.neighbours.0 += other.neighbours.0;
        self.neighbours.1 += other.neighbours.1;
    }

    /// Returns what is said of a pair that `couplings` leaves out: it never meets, or too rarely for a test.
    pub(in crate::usage) fn unmet(&self, pair: Pair) -> Coupling {
        match self.pairs.get(&pair) {
            Some(data) => self.coupling(pair, data),
            None => self.coupling(pair, &PairData::default()),
        }
    }

    /// Returns the odds ratio of a pair as far as a comparison needs it, if the pair belongs to the tested family.
    pub(in crate::usage) fn side(&self, pair: Pair) -> Option<Side<'_>> {
        let data = self.pairs.get(&pair).filter(|d| d.tested())?;
        Some(match data.clustered() {
            Ok(found) => Side::Estimated(found),
            Err(StatsError::EmptyNumerator) => data.distribution.as_deref().map_or(Side::Unknown, Side::Zero),
            Err(StatsError::EmptyDenominator) => data.distribution.as_deref().map_or(Side::Unknown, Side::Unbounded),
            Err(_) => Side::Unknown,
        })
    }

    /// Returns all pairs that meet at least once or belong to the tested family.
    ///
    /// # Source
    /// docs/methods.md, section 3: length-adjusted score test, Mantel-Haenszel odds ratio with source-clustered variance.
    #[must_use]
    pub fn couplings(&self, min_or: f64) -> Vec<Coupling> {
        let mut out: Vec<Coupling> = self
            .pairs
            .par_iter()
            .map(|(&pair, data)| self.coupling(pair, data))
            .filter(|c| c.n11 > 0 || c.p.is_some())
            .collect();
        set_q(&mut out);
        for c in &mut out {
            c.backbone = in_backbone(c.q, c.interval.and_then(|i| i.lower), min_or);
        }
        out
    }

    fn coupling(&self, pair: Pair, data: &PairData) -> Coupling {
        let n_with = |c: ConceptIx| self.n_with.get(&c).copied().unwrap_or(0);
        let (n1, n2) = (n_with(pair.0) - data.left_out[0], n_with(pair.1) - data.left_out[1]);
        let mut c = Coupling {
            expected: data.expected,
            informative_sources: data.summands.len(),
            ..blank(pair, CouplingLevel::Textual, data.n11, n1, n2, self.n_units)
        };
        let (r, t) = data.summands.iter().fold((0.0, 0.0), |(r, t), s| (r + s.r, t + s.t));
        c.odds_ratio = (t > 0.0).then(|| r / t);
        match data.clustered() {
            Ok(found) => c.interval = Some(found.interval),
            Err(StatsError::EmptyDenominator) => {
                c.interval = data.exact;
                c.reason = Some("unbounded: units of one length never have one of the two without the other");
            }
            Err(StatsError::EmptyNumerator) => {
                c.interval = data.exact;
                c.reason = Some("zero: the two never meet where units of the same length could tell");
            }
            Err(StatsError::NoInformativeStratum) => {
                c.reason = Some("no source has units of one length that could tell");
            }
            Err(StatsError::NoVariance { .. }) => c.reason = Some("all sources agree to the last digit: no interval"),
            Err(_) => c.reason = Some("too few sources for an interval"),
        }
        if data.summands.len() < MIN_SOURCES {
            c.reason = Some("too few informative sources for a test");
            c.interval = None;
        } else if data.tested() {
            let (sum, squares) = data.summands.iter().fold((0.0, 0.0), |(s, q), x| (s + x.u, q + x.u * x.u));
            c.p = score_test(data.summands.len() as u64, sum, squares).ok().map(|t| t.p);
        } else {
            c.reason = Some("too few joint units expected for a test");
        }
        c
    }

    /// Returns the edges of the backbone when source `s` counts `times[s]` times: (a, b, lower bound of ln OR).
    #[must_use]
    pub fn backbone_of_draw(&self, times: &[u32], min_or: f64) -> Vec<(usize, usize, f64)> {
        let tested: Vec<(Pair, Draw)> =
            self.pairs.iter().filter_map(|(&pair, data)| Some((pair, Draw::new(data, times)?))).collect();
        let p: Vec<f64> = tested.iter().map(|(_, draw)| draw.p).collect();
        let q = benjamini_hochberg(&p).unwrap_or_default();
        tested
            .iter()
            .zip(q)
            .filter(|(_, q)| *q <= MAX_Q)
            .filter_map(|(((a, b), draw), q)| {
                let lower = draw.lower(min_or)?;
                in_backbone(Some(q), Some(lower), min_or).then(|| (a.get(), b.get(), log(lower)))
            })
            .collect()
    }

    /// Returns the pairs that are tested when source `s` counts with weight `weights[s]`, as in a window of a kernel.
    ///
    /// A pair whose odds ratio is 0 or unbounded among these sources has no interval here.
    ///
    /// # Source
    /// docs/methods.md, section 4; weights as of a pseudo-maximum-likelihood score (White 1982, Econometrica 50(1): 1–25)
    #[must_use]
    pub fn weighted(&self, weights: &[f64], min_or: f64) -> Vec<WeightedCoupling> {
        let tested: Vec<(Pair, WeightedCoupling)> = self
            .pairs
            .iter()
            .filter_map(|(&pair, data)| Some((pair, WeightedCoupling::new(pair, data, weights)?)))
            .collect();
        let p: Vec<f64> = tested.iter().map(|(_, c)| c.p).collect();
        let q = benjamini_hochberg(&p).unwrap_or_default();
        tested
            .into_iter()
            .zip(q)
            .map(|((_, c), q)| WeightedCoupling {
                q,
                backbone: in_backbone(Some(q), c.interval.and_then(|i| i.lower), min_or),
                ..c
            })
            .collect()
    }

    /// Returns what decides whether intervals keep their level.
    #[must_use]
    pub fn shape(&self) -> UnitShape {
        let (products, squares) = self.neighbours;
        UnitShape {
            n_sources: self.n_sources,
            length_dispersion: self.lengths.dispersion(),
            lag1: if squares > 0.0 { products / squares } else { 0.0 },
        }
    }

    /// Returns a warning where intervals of studies like this one missed their level in simulations.
    #[must_use]
    pub fn caution(&self) -> Option<String> {
        let shape = self.shape();
        calibration_caution(shape.n_sources, shape.length_dispersion, shape.lag1)
    }
}

/// The odds ratio of a pair in one of two groups.
#[derive(Debug, Clone, Copy)]
pub(in crate::usage) enum Side<'d> {
    /// With its variance between sources.
    Estimated(crate::stats::mantel_haenszel::Clustered),
    /// The two never meet where units of the same length could tell.
    Zero(&'d Conditional),
    /// Units of one length never have one without the other.
    Unbounded(&'d Conditional),
    /// No variance or no bound.
    Unknown,
}

/// Which sources count as one: those of one actor, or each by itself.
#[derive(Debug, Clone)]
struct Clusters {
    n: usize,
    /// Per source; empty where each is a cluster of its own.
    of: Vec<u32>,
    /// Per cluster, the actor.
    actors: Vec<usize>,
}

impl Clusters {
    fn sources(n: usize) -> Self {
        Self { n, of: Vec::new(), actors: (0..n).collect() }
    }

    /// Returns the clusters of sources whose actors are given, numbered in the order in which they come.
    fn new(actors: &[usize]) -> Self {
        let mut index: BTreeMap<usize, u32> = BTreeMap::new();
        let mut out = Self { n: 0, of: Vec::new(), actors: Vec::new() };
        for &actor in actors {
            let cluster = *index.entry(actor).or_insert_with(|| {
                out.actors.push(actor);
                out.actors.len() as u32 - 1
            });
            out.of.push(cluster);
        }
        out.n = out.actors.len();
        out
    }

    fn of(&self, source: usize) -> usize {
        self.of.get(source).map_or(source, |&c| c as usize)
    }
}

/// Groups of sources of one study, counted with the tenths of length of all of them together.
#[derive(Debug)]
pub struct GroupedData<'u> {
    members: Vec<Vec<&'u SourceUnits>>,
    clusters: Vec<Clusters>,
    bounds: Vec<u32>,
    groups: Vec<TextualData>,
}

impl<'u> GroupedData<'u> {
    /// Returns the groups, each given by the indices of its sources; indices beyond the sources are left out.
    ///
    /// `actor` says whose each source is: what one actor says in several sources is not independent, so its sources count
    /// as one wherever sources vary.
    ///
    /// # Source
    /// docs/methods.md, “Between groups”: strata of length are those of all compared sources, so that odds ratios of groups are
    /// ratios of the same thing.
    #[must_use]
    pub fn new(
        sources: &'u [SourceUnits],
        groups: &[Vec<usize>],
        actor: &[usize],
        related: &(dyn Fn(ConceptIx, ConceptIx) -> bool + Sync),
    ) -> Self {
        Self::of(&sources.iter().collect::<Vec<_>>(), groups, actor, Rules { couples: &|_| true, related })
    }

    fn of(sources: &[&'u SourceUnits], groups: &[Vec<usize>], actor: &[usize], rules: Rules<'_>) -> Self {
        let known = |g: &Vec<usize>| -> Vec<usize> { g.iter().copied().filter(|&s| s < sources.len()).collect() };
        let groups: Vec<Vec<usize>> = groups.iter().map(known).collect();
        let members: Vec<Vec<&SourceUnits>> =
            groups.iter().map(|g| g.iter().filter_map(|&s| sources.get(s).copied()).collect()).collect();
        let whose = |s: usize| actor.get(s).copied().unwrap_or(s);
        let clusters: Vec<Clusters> =
            groups.iter().map(|g| Clusters::new(&g.iter().map(|&s| whose(s)).collect::<Vec<_>>())).collect();
        let all: Vec<&SourceUnits> = members.iter().flatten().copied().collect();
        let bounds = length_deciles(&all);
        let groups = members.iter().zip(&clusters).map(|(m, c)| TextualData::within(m, c, &bounds, rules)).collect();
        Self { members, clusters, bounds, groups }
    }

    /// Returns one group; its actors are numbered from 0 in the order in which their sources were given.
    #[must_use]
    pub fn group(&self, g: usize) -> Option<&TextualData> {
        self.groups.get(g)
    }

    /// Returns the number of actors in a group.
    #[must_use]
    pub fn n_actors(&self, g: usize) -> usize {
        self.clusters.get(g).map_or(0, |c| c.n)
    }

    /// Returns all groups but one together.
    #[must_use]
    pub fn rest(&self, g: usize) -> TextualData {
        let others: Vec<usize> = (0..self.groups.len()).filter(|&o| o != g).collect();
        let mut rest = TextualData::within(&[], &Clusters::sources(0), &self.bounds, NOTHING);
        // An actor of several groups is one again.
        let all: Vec<usize> = others.iter().flat_map(|&o| self.clusters[o].actors.iter().copied()).collect();
        let joined = Clusters::new(&all);
        let mut from = 0;
        for &o in &others {
            let to = from + self.clusters[o].n;
            rest.merge(&self.groups[o], &joined.of[from..to]);
            from = to;
        }
        rest.n_sources = joined.n;
        rest.pairs.par_iter_mut().for_each(|(_, pair)| pair.join_clusters());
        let sources: Vec<&SourceUnits> = others.iter().flat_map(|&o| self.members[o].iter().copied()).collect();
        rest.bound(&sources, &self.bounds);
        rest
    }

    /// Returns the median length of the units of a group, in words; none without units.
    #[must_use]
    pub fn median_words(&self, g: usize) -> Option<f64> {
        let mut words: Vec<u32> = self.members.get(g)?.iter().flat_map(|s| s.words().iter().copied()).collect();
        words.sort_unstable();
        let middle = words.len() / 2;
        let (low, high) = (words.get(middle.checked_sub(1 - words.len() % 2)?)?, words.get(middle)?);
        Some(f64::midpoint(f64::from(*low), f64::from(*high)))
    }

    /// Returns for each pair whether one odds ratio fits all sources, by Breslow and Day's test with Tarone's correction.
    ///
    /// Strata are the sources. The test is given only where every cell expected under the common odds ratio is at least 5: in sparse
    /// strata it errs far more often than it says.
    ///
    /// # Source
    /// Breslow & Day (1980), 4.4; Tarone (1985)
    #[must_use]
    pub fn equal_between_sources(&self, pairs: &[(ConceptIx, ConceptIx)]) -> Vec<Result<EqualOdds, &'static str>> {
        let sources: Vec<&SourceUnits> = self.members.iter().flatten().copied().collect();
        pairs.par_iter().map(|&pair| equal_between(&sources, pair)).collect()
    }
}

/// For sums to which others are added.
const NOTHING: Rules<'_> = Rules { couples: &|_| false, related: &|_, _| true };

/// Least expected cell of the test of equal odds ratios.
const LEAST_CELL: f64 = 5.0;

fn equal_between(sources: &[&SourceUnits], pair: Pair) -> Result<EqualOdds, &'static str> {
    const SPARSE: &str = "a source has an expected cell below 5";
    let mut strata = Vec::new();
    for units in sources {
        let Some([both, first, second, neither]) = units.table(pair) else { continue };
        let margins = [both + first, second + neither, both + second, first + neither];
        if margins.contains(&0) {
            continue;
        }
        // Two cells of at least 5 make a margin of at least 10: most pairs are settled by their first source.
        if margins.iter().any(|&m| (m as f64) < 2.0 * LEAST_CELL) {
            return Err(SPARSE);
        }
        strata.push(Stratum::new(both, first, second, neither));
    }
    let found = equal_odds(&strata).map_err(|e| match e {
        StatsError::NoInformativeStratum => "fewer than two sources could tell",
        _ => "the common odds ratio is 0 or unbounded",
    })?;
    if found.min_expected < LEAST_CELL { Err(SPARSE) } else { Ok(found) }
}

/// A tested pair among weighted sources.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedCoupling {
    /// The concept that comes first in the codebook.
    pub a: ConceptIx,
    /// The other.
    pub b: ConceptIx,
    /// Informative sources with a weight above 0.
    pub informative_sources: usize,
    /// Mantel-Haenszel odds ratio; none where it is unbounded.
    pub odds_ratio: Option<f64>,
    /// Its interval.
    pub interval: Option<Interval>,
    /// Two-sided p-value.
    pub p: f64,
    /// Benjamini-Hochberg q-value over the tested pairs.
    pub q: f64,
    /// Whether the pair belongs to the backbone.
    pub backbone: bool,
}

impl WeightedCoupling {
    fn new((a, b): Pair, data: &PairData, weights: &[f64]) -> Option<Self> {
        let of = |s: &Summand| weights.get(s.source as usize).copied().filter(|&w| w > 0.0);
        let held: Vec<(f64, &Summand)> = data.summands.iter().filter_map(|s| Some((of(s)?, s))).collect();
        let expected: f64 = held.iter().map(|(w, s)| w * f64::from(s.expected)).sum();
        if held.len() < MIN_SOURCES || expected < MIN_EXPECTED {
            return None;
        }
        let (sum, squares) = held.iter().fold((0.0, 0.0), |(u, q), (w, s)| (u + w * s.u, q + w * w * s.u * s.u));
        let p = score_test(held.len() as u64, sum, squares).ok()?.p;
        let summands: Vec<(f64, f64)> = held.iter().map(|(w, s)| (w * s.r, w * s.t)).collect();
        let found = clustered(&summands, LEVEL).ok();
        let (r, t) = summands.iter().fold((0.0, 0.0), |(r, t), s| (r + s.0, t + s.1));
        Some(Self {
            a,
            b,
            informative_sources: held.len(),
            odds_ratio: (t > 0.0).then(|| r / t),
            interval: found.map(|f| f.interval),
            p,
            q: p,
            backbone: false,
        })
    }
}

/// A pair in a bootstrap draw; a source drawn twice counts as two.
struct Draw {
    p: f64,
    n_contributing: u64,
    r: f64,
    t: f64,
    rr: f64,
    rt: f64,
    tt: f64,
    /// Lower end of the interval over all sources.
    whole: Option<f64>,
}

impl Draw {
    /// Returns the pair as the draw has it, if it is tested there. One pass: the summands do not fit into a cache.
    fn new(data: &PairData, times: &[u32]) -> Option<Self> {
        if data.summands.is_empty() {
            return None;
        }
        let (mut n, mut n_contributing, mut expected, mut sum, mut squares) = (0_u64, 0_u64, 0.0, 0.0, 0.0);
        let (mut r, mut t, mut rr, mut rt, mut tt) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for s in &data.summands {
            // No branch on sources that were not drawn: a third of them, in no order that a processor could guess.
            let m = times.get(s.source as usize).copied().unwrap_or(0);
            let times = f64::from(m);
            n += u64::from(m);
            n_contributing += u64::from(m) * u64::from((s.r > 0.0) | (s.t > 0.0));
            expected += times * f64::from(s.expected);
            sum += times * s.u;
            squares += times * s.u * s.u;
            r += times * s.r;
            t += times * s.t;
            rr += times * s.r * s.r;
            rt += times * s.r * s.t;
            tt += times * s.t * s.t;
        }
        if n < MIN_SOURCES as u64 || expected < MIN_EXPECTED {
            return None;
        }
        if squares <= 0.0 {
            return None;
        }
        // The backbone asks for q ≤ 5 %, hence p ≤ 5 %, hence z² at least that of five sources: below it the exact p is not worth its price.
        let p = if sum * sum < LEAST_Z2 * squares { 1.0 } else { score_test(n, sum, squares).ok()?.p };
        Some(Self { p, n_contributing, r, t, rr, rt, tt, whole: data.lower })
    }

    /// Returns the lower end of the interval of the odds ratio, unless it surely lies below `min_or`.
    fn lower(&self, min_or: f64) -> Option<f64> {
        let (r, t, df) = (self.r, self.t, self.n_contributing as f64 - 1.0);
        if r <= 0.0 {
            return None;
        }
        // A draw without the units that speak against a pair cannot bound it: it takes the bound of the whole study.
        if t <= 0.0 || df < 1.0 {
            return self.whole;
        }
        let squares = self.rr / (r * r) - 2.0 * self.rt / (r * t) + self.tt / (t * t);
        let error = sqrt(squares.max(0.0) * (df + 1.0) / df);
        // Quantiles of t lie above that of the normal distribution, and cost a search.
        if r / t * exp(-1.959 * error) < min_or {
            return None;
        }
        Some(exp(log(r / t) - t_two_sided_quantile(1.0 - LEVEL, df) * error))
    }
}
