//! The textual level: units within texts, summed by source, or by the actor whose sources they are.

use super::{Coupling, CouplingLevel, LEVEL, MAX_Q, MIN_EXPECTED, MIN_SOURCES, UnitShape};
use super::{blank, calibration_caution, in_backbone, set_q};
use crate::codebook::ConceptIx;
use crate::counts::{Counts, Pair, SourceUnits};
use libm::{exp, log, log2, sqrt};
use nomoscope_stats::fdr::benjamini_hochberg;
use nomoscope_stats::length_adjusted::{
    Cell, CommonOdds, LengthClass, Rate, Scores, SourceScore, fit_exponent, fit_rate, studentised,
};
use nomoscope_stats::mantel_haenszel::{EqualOdds, Stratum, equal_odds};
use nomoscope_stats::special::{t_two_sided, t_two_sided_quantile};
use nomoscope_stats::wald::Estimated;
use nomoscope_stats::{Interval, StatsError};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Sources are counted in groups of this many, so that their summands need not all be held twice.
const CHUNK: usize = 512;
/// Classes of unit length to a doubling of it: what they cost is less than a tenth of a standard error (docs/calibration.md).
const CLASSES_TO_A_DOUBLING: f64 = 2.0;
/// Odds ratios at which a bootstrap draw knows the scores of each source: between them it interpolates.
const NODES: [f64; 5] = [1.0, 1.5, 2.5, 5.0, 12.0];

/// What one informative source says about a pair.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Summand {
    source: u32,
    /// Joint units expected from length; narrow, because it only decides about the tested family.
    expected: f32,
    /// Σ (a − p)(b − q) over units.
    observed: f64,
    /// Score and variance at each of [`NODES`]; narrow, because millions are read per draw.
    nodes: [(f32, f32); NODES.len()],
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
}

impl PairData {
    /// Returns whether the pair belongs to the tested family, which its margins and the lengths alone decide.
    fn tested(&self) -> bool {
        self.summands.len() >= MIN_SOURCES
            && self.summands.iter().map(|s| f64::from(s.expected)).sum::<f64>() >= MIN_EXPECTED
    }
}

/// Per-source summands of all pairs at the textual level.
#[derive(Debug)]
pub struct TextualData {
    pairs: BTreeMap<Pair, PairData>,
    /// The sources that the summands are of.
    views: Vec<SourceView>,
    /// Units with each concept.
    n_with: BTreeMap<ConceptIx, u64>,
    n_units: u64,
    lengths: Moments,
    /// Sums of products of neighbouring residuals, and of their squares.
    neighbours: (f64, f64),
}

/// Count, mean and sum of squared deviations of the logarithm of unit lengths.
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    n: f64,
    squares: f64,
}

impl Moments {
    fn of(sources: &[&SourceUnits]) -> Self {
        let lengths = || sources.iter().flat_map(|s| s.words()).map(|&w| log(f64::from(w.max(1))));
        let n = lengths().count() as f64;
        let mean = if n > 0.0 { lengths().sum::<f64>() / n } else { 0.0 };
        Self { n, squares: lengths().map(|x| (x - mean) * (x - mean)).sum() }
    }

    fn dispersion(self) -> f64 {
        if self.n < 2.0 { 0.0 } else { sqrt(self.squares / (self.n - 1.0)) }
    }
}

impl Counts {
    /// Returns the summands of all pairs of concepts with a role, kin under `broader` left out.
    #[must_use]
    pub fn textual(&self) -> TextualData {
        self.coupled(&|c| self.has_role(c), &[])
    }

    /// Returns the same with the sources of each actor as one: `actor` says whose each source is.
    ///
    /// Within an actor units of all their sources are compared, so that sources of a single sentence say something, too.
    #[must_use]
    pub fn textual_by(&self, actor: &[usize]) -> TextualData {
        self.coupled(&|c| self.has_role(c), actor)
    }

    /// Returns the summands of all pairs, those of concepts without a role among them: a trend follows elements of norms, too. `cluster`
    /// says whose each source is, as in [`Counts::textual_by`].
    pub(in crate::usage) fn textual_of_all(&self, cluster: &[usize]) -> TextualData {
        self.coupled(&|_| true, cluster)
    }

    fn coupled(&self, couples: &(dyn Fn(ConceptIx) -> bool + Sync), actor: &[usize]) -> TextualData {
        let sources: Vec<&SourceUnits> = self.units().collect();
        let clusters = Clusters::of_sources(sources.len(), actor);
        TextualData::of(&sources, &clusters, None, Rules { couples, related: &|a, b| self.kin(a, b) })
    }

    /// Returns groups of sources, each given by their places, as [`GroupedData::new`] does.
    #[must_use]
    pub fn grouped(&self, groups: &[Vec<usize>], actor: &[usize]) -> GroupedData<'_> {
        let rules = Owned { couples: Box::new(|c| self.has_role(c)), related: Box::new(|a, b| self.kin(a, b)) };
        GroupedData::of(&self.units().collect::<Vec<_>>(), groups, actor, rules)
    }
}

/// Which concepts are coupled, and which pairs of them are left out.
#[derive(Clone, Copy)]
struct Rules<'r> {
    couples: &'r (dyn Fn(ConceptIx) -> bool + Sync),
    related: &'r (dyn Fn(ConceptIx, ConceptIx) -> bool + Sync),
}

/// The same for groups, which are asked again.
struct Owned<'r> {
    couples: Box<dyn Fn(ConceptIx) -> bool + Sync + 'r>,
    related: Box<dyn Fn(ConceptIx, ConceptIx) -> bool + Sync + 'r>,
}

impl Owned<'_> {
    fn rules(&self) -> Rules<'_> {
        Rules { couples: &*self.couples, related: &*self.related }
    }
}

/// Exponents of length by concept, fitted to all sources that are compared.
type Exponents = BTreeMap<ConceptIx, f64>;

/// What a source says of one concept.
#[derive(Debug, Clone)]
struct Fit {
    /// Units of each class that hold it.
    holding: Vec<f64>,
    /// Probability of such a unit to hold it.
    p: Vec<f64>,
    varies: bool,
}

/// A source, or all sources of an actor, with everything that its pairs share.
#[derive(Debug, Clone)]
struct SourceView {
    source: u32,
    units: SourceUnits,
    /// The class of length of each unit.
    class: Vec<u8>,
    /// Units of each class, and the logarithm of their mean length.
    classes: Vec<(f64, f64)>,
    exponents: Exponents,
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

impl SourceView {
    fn new(source: usize, units: SourceUnits) -> Self {
        let mut by_class: BTreeMap<u8, (f64, f64)> = BTreeMap::new();
        let class_of = |w: u32| (log2(f64::from(w.max(1))) * CLASSES_TO_A_DOUBLING) as u8;
        for &w in units.words() {
            let sum = by_class.entry(class_of(w)).or_default();
            *sum = (sum.0 + 1.0, sum.1 + f64::from(w.max(1)));
        }
        let known: Vec<u8> = by_class.keys().copied().collect();
        let place = |w: u32| known.binary_search(&class_of(w)).unwrap_or(0) as u8;
        let class = units.words().iter().map(|&w| place(w)).collect();
        let classes = by_class.values().map(|&(n, words)| (n, log(words / n))).collect();
        Self { source: source as u32, units, class, classes, exponents: Exponents::new(), fits: BTreeMap::new() }
    }

    fn holding(&self, units: impl Iterator<Item = u32>) -> Vec<f64> {
        let mut holding = vec![0.0; self.classes.len()];
        units.for_each(|unit| holding[usize::from(self.class[unit as usize])] += 1.0);
        holding
    }

    fn lengths(&self, holding: &[f64]) -> Vec<LengthClass> {
        let class = |(&(units, ln_words), &holding): (&(f64, f64), &f64)| LengthClass { units, ln_words, holding };
        self.classes.iter().zip(holding).map(class).collect()
    }

    /// Returns the units by length with those that hold the concept.
    fn classes_of(&self, concept: ConceptIx) -> Vec<LengthClass> {
        self.lengths(&self.holding(self.units.units_with(concept).iter().copied()))
    }

    fn fit_all(&mut self, exponents: &Exponents) {
        let held = self.units.holding().map(|(concept, _)| concept).filter(|c| exponents.contains_key(c));
        self.exponents = held.map(|c| (c, exponents[&c])).collect();
        let fit = |(&c, &exponent): (&ConceptIx, &f64)| {
            (c, self.fit(self.holding(self.units.units_with(c).iter().copied()), exponent))
        };
        self.fits = self.exponents.iter().map(fit).collect();
    }

    fn fit(&self, holding: Vec<f64>, exponent: f64) -> Fit {
        let rate = fit_rate(&self.lengths(&holding), exponent).unwrap_or(Rate::Never);
        let p = self.classes.iter().map(|c| rate.probability(c.1, exponent)).collect();
        Fit { holding, p, varies: matches!(rate, Rate::PerWord(_)) }
    }

    /// Returns the two concepts, fitted without the units in which the one only stands inside the other.
    fn fits(&self, pair: Pair) -> Option<(Cow<'_, Fit>, Cow<'_, Fit>, [u64; 2])> {
        let (a, b) = (self.fits.get(&pair.0)?, self.fits.get(&pair.1)?);
        let nested = self.units.nested(pair);
        if nested.is_empty() {
            return Some((Cow::Borrowed(a), Cow::Borrowed(b), [0, 0]));
        }
        let (mut in_a, mut in_b, mut left_out) = (a.holding.clone(), b.holding.clone(), [0, 0]);
        for &(unit, shorter) in nested {
            let class = usize::from(self.class[unit as usize]);
            if shorter == pair.0 {
                in_a[class] -= 1.0;
                left_out[0] += 1;
            } else {
                in_b[class] -= 1.0;
                left_out[1] += 1;
            }
        }
        let exponent = |c: ConceptIx| self.exponents.get(&c).copied().unwrap_or(1.0);
        Some((Cow::Owned(self.fit(in_a, exponent(pair.0))), Cow::Owned(self.fit(in_b, exponent(pair.1))), left_out))
    }

    fn cells(&self, a: &Fit, b: &Fit) -> Vec<Cell> {
        let cell = |((&(units, _), &p), &q): ((&(f64, f64), &f64), &f64)| Cell { units, p, q };
        self.classes.iter().zip(&a.p).zip(&b.p).map(cell).collect()
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
        let n_with = self.fits.iter().map(|(&c, fit)| (c, fit.holding.iter().sum::<f64>() as u64)).collect();
        SourcePairs { pairs, n_with, neighbours: self.neighbours() }
    }

    fn counts(&self, pair: Pair) -> Option<PairCounts> {
        let (a, b, left_out) = self.fits(pair)?;
        let [n11, ..] = self.units.table(pair)?;
        let (mut alone, mut expected) = (0.0, 0.0);
        for (g, &(n, _)) in self.classes.iter().enumerate() {
            let joint = n * a.p[g] * b.p[g];
            alone += b.p[g] * a.holding[g] + a.p[g] * b.holding[g] - joint;
            expected += joint;
        }
        let informative = a.varies && b.varies;
        let mut nodes = [(0.0_f32, 0.0_f32); NODES.len()];
        let observed = n11 as f64 - alone;
        if informative {
            let score = SourceScore { weight: 1.0, observed, cells: self.cells(&a, &b) };
            for (node, odds_ratio) in nodes.iter_mut().zip(NODES) {
                let (excess, variance) = score.expected(odds_ratio);
                *node = ((observed - excess) as f32, variance as f32);
            }
        }
        let summand = Summand { source: self.source, expected: expected as f32, observed, nodes };
        Some(PairCounts { summand, informative, n11, left_out, expected })
    }

    fn neighbours(&self) -> (f64, f64) {
        let (mut products, mut squares) = (0.0, 0.0);
        for (&concept, fit) in self.fits.iter().filter(|(_, f)| f.varies) {
            let present = self.units.presence(concept);
            let residual = |(&x, &class): (&bool, &u8)| f64::from(u8::from(x)) - fit.p[usize::from(class)];
            let residuals = || present.iter().zip(&self.class).map(residual);
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
    /// docs/methods.md, section 3: length-adjusted scores by source.
    #[must_use]
    pub fn new(sources: &[SourceUnits], related: &(dyn Fn(ConceptIx, ConceptIx) -> bool + Sync)) -> Self {
        let sources: Vec<&SourceUnits> = sources.iter().collect();
        Self::of(&sources, &Clusters::of_sources(sources.len(), &[]), None, Rules { couples: &|_| true, related })
    }

    fn of(sources: &[&SourceUnits], clusters: &Clusters, exponents: Option<&Exponents>, rules: Rules<'_>) -> Self {
        let mut views = clusters.views(sources);
        let fitted = exponents.is_none().then(|| self::exponents(&views, rules.couples));
        let exponents = exponents.or(fitted.as_ref());
        if let Some(exponents) = exponents {
            views.par_iter_mut().for_each(|v| v.fit_all(exponents));
        }
        let mut data = Self {
            pairs: BTreeMap::new(),
            views: Vec::new(),
            n_with: BTreeMap::new(),
            n_units: sources.iter().map(|s| s.len() as u64).sum(),
            lengths: Moments::of(sources),
            neighbours: (0.0, 0.0),
        };
        for group in views.chunks(CHUNK) {
            let found: Vec<SourcePairs> = group.par_iter().map(|v| v.pairs(rules.related)).collect();
            for source in found {
                data.neighbours.0 += source.neighbours.0;
                data.neighbours.1 += source.neighbours.1;
                data.add(source);
            }
        }
        data.views = views;
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

    /// Returns what the informative sources say of a pair, each with a weight.
    fn scores(&self, pair: Pair, data: &PairData, weight: &dyn Fn(u32) -> f64) -> Scores {
        let of = |s: &Summand| {
            let weight = weight(s.source);
            let view = self.views.get(s.source as usize).filter(|_| weight > 0.0)?;
            let (a, b, _) = view.fits(pair)?;
            Some(SourceScore { weight, observed: s.observed, cells: view.cells(&a, &b) })
        };
        Scores::new(data.summands.iter().filter_map(of).collect())
    }

    /// Returns what is said of a pair that `couplings` leaves out: it never meets, or too rarely for a test.
    pub(in crate::usage) fn unmet(&self, pair: Pair) -> Coupling {
        match self.pairs.get(&pair) {
            Some(data) => self.coupling(pair, data),
            None => self.coupling(pair, &PairData::default()),
        }
    }

    /// Returns the odds ratio of a pair as far as a comparison needs it, if the pair belongs to the tested family.
    pub(in crate::usage) fn side(&self, pair: Pair) -> Option<Side> {
        let data = self.pairs.get(&pair).filter(|d| d.tested())?;
        let scores = self.scores(pair, data, &|_| 1.0);
        let critical = t_two_sided_quantile(1.0 - LEVEL, scores.len() as f64 - 1.0);
        Some(match scores.common_odds() {
            // An estimate at the edge has no standard error that would mean anything: its bounds are compared.
            CommonOdds::Finite(_) if scores.end(critical, false).is_none() => Side::Zero(scores),
            CommonOdds::Finite(_) if scores.end(critical, true).is_none() => Side::Unbounded(scores),
            CommonOdds::Finite(_) => scores.estimated().map_or(Side::Unknown, Side::Estimated),
            CommonOdds::Zero => Side::Zero(scores),
            CommonOdds::Unbounded => Side::Unbounded(scores),
        })
    }

    /// Returns all pairs that meet at least once or belong to the tested family.
    ///
    /// # Source
    /// docs/methods.md, section 3: length-adjusted scores, one statistic for p-value and interval.
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
        if data.summands.is_empty() {
            c.reason = Some("no source has units with and without each of the two");
            return c;
        }
        let scores = self.scores(pair, data, &|_| 1.0);
        match scores.common_odds() {
            CommonOdds::Finite(x) => c.odds_ratio = Some(exp(x)),
            CommonOdds::Zero => {
                c.odds_ratio = Some(0.0);
                c.reason = Some("zero: the two meet no more often than their frequency forces");
            }
            CommonOdds::Unbounded => {
                c.reason = Some("unbounded: the two meet as often as their frequency allows");
            }
        }
        if data.summands.len() < MIN_SOURCES {
            c.reason = Some("too few informative sources for a test");
            return c;
        }
        c.interval = scores.interval(LEVEL).ok();
        if data.tested() {
            c.p = scores.p().ok();
            if c.p.is_none() {
                c.reason = Some("the scores of the sources have no variance: no test");
            }
        } else {
            c.reason = Some("too few joint units expected for a test");
        }
        c
    }

    /// Returns the edges of the backbone when source `s` counts `times[s]` times: (a, b, lower bound of ln OR).
    ///
    /// The bound is interpolated between a few odds ratios; that of the study itself is exact.
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
                let lower = draw.lower(times)?;
                in_backbone(Some(q), Some(lower), min_or).then(|| (a.get(), b.get(), log(lower)))
            })
            .collect()
    }

    /// Returns the pairs that are tested when source `s` counts with weight `weights[s]`, as in a window of a kernel.
    ///
    /// # Source
    /// docs/methods.md, section 4; weights as of a pseudo-maximum-likelihood score (White 1982, Econometrica 50(1): 1–25)
    #[must_use]
    pub fn weighted(&self, weights: &[f64], min_or: f64) -> Vec<WeightedCoupling> {
        let tested: Vec<WeightedCoupling> =
            self.pairs.par_iter().filter_map(|(&pair, data)| self.weighted_coupling(pair, data, weights)).collect();
        let p: Vec<f64> = tested.iter().map(|c| c.p).collect();
        let q = benjamini_hochberg(&p).unwrap_or_default();
        tested
            .into_iter()
            .zip(q)
            .map(|(c, q)| WeightedCoupling {
                q,
                backbone: in_backbone(Some(q), c.interval.and_then(|i| i.lower), min_or),
                ..c
            })
            .collect()
    }

    fn weighted_coupling(&self, pair: Pair, data: &PairData, weights: &[f64]) -> Option<WeightedCoupling> {
        let weight = |s: u32| weights.get(s as usize).copied().unwrap_or(0.0);
        let held = || data.summands.iter().filter(|s| weight(s.source) > 0.0);
        let n = held().count();
        let expected: f64 = held().map(|s| weight(s.source) * f64::from(s.expected)).sum();
        if n < MIN_SOURCES || expected < MIN_EXPECTED {
            return None;
        }
        let scores = self.scores(pair, data, &weight);
        let p = scores.p().ok()?;
        Some(WeightedCoupling {
            a: pair.0,
            b: pair.1,
            informative_sources: n,
            odds_ratio: match scores.common_odds() {
                CommonOdds::Finite(x) => Some(exp(x)),
                CommonOdds::Zero => Some(0.0),
                CommonOdds::Unbounded => None,
            },
            interval: scores.interval(LEVEL).ok(),
            p,
            q: p,
            backbone: false,
        })
    }

    /// Returns what decides whether intervals keep their level.
    #[must_use]
    pub fn shape(&self) -> UnitShape {
        let (products, squares) = self.neighbours;
        UnitShape {
            n_sources: self.views.len(),
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

/// Returns the exponent of length of each concept that couples, fitted to all sources.
fn exponents(views: &[SourceView], couples: &(dyn Fn(ConceptIx) -> bool + Sync)) -> Exponents {
    let mut holders: BTreeMap<ConceptIx, Vec<&SourceView>> = BTreeMap::new();
    for view in views {
        view.units.holding().filter(|(c, _)| couples(*c)).for_each(|(c, _)| holders.entry(c).or_default().push(view));
    }
    let fit = |(&concept, views): (&ConceptIx, &Vec<&SourceView>)| {
        (concept, fit_exponent(&views.iter().map(|v| v.classes_of(concept)).collect::<Vec<_>>()))
    };
    holders.par_iter().map(fit).collect()
}

/// The odds ratio of a pair in one of two groups.
#[derive(Debug, Clone)]
pub(in crate::usage) enum Side {
    /// With its variance between sources.
    Estimated(Estimated),
    /// The two meet no more often than their frequency forces.
    Zero(Scores),
    /// They meet as often as their frequency allows.
    Unbounded(Scores),
    /// No variance.
    Unknown,
}

/// Which sources count as one: those of one actor, or each by itself.
#[derive(Debug, Clone)]
struct Clusters {
    n: usize,
    /// Per source; empty where each is a cluster of its own.
    of: Vec<u32>,
}

impl Clusters {
    /// Returns the clusters of sources whose actors are given, numbered in the order in which they come; without actors each source is one.
    fn of_sources(n: usize, actors: &[usize]) -> Self {
        if actors.is_empty() {
            return Self { n, of: Vec::new() };
        }
        let mut index: BTreeMap<usize, u32> = BTreeMap::new();
        let mut of = Vec::with_capacity(n);
        for &actor in actors {
            let next = index.len() as u32;
            of.push(*index.entry(actor).or_insert(next));
        }
        Self { n: index.len(), of }
    }

    /// Returns the sources, those of a cluster joined.
    fn views(&self, sources: &[&SourceUnits]) -> Vec<SourceView> {
        let mut members: Vec<Vec<&SourceUnits>> = vec![Vec::new(); self.n];
        for (at, source) in sources.iter().enumerate() {
            let cluster = self.of.get(at).map_or(at, |&c| c as usize);
            if let Some(list) = members.get_mut(cluster) {
                list.push(source);
            }
        }
        members.par_iter().enumerate().map(|(at, list)| SourceView::new(at, SourceUnits::joined(list))).collect()
    }
}

/// Groups of sources of one study, with the exponents of length of all of them together.
pub struct GroupedData<'u> {
    members: Vec<Vec<&'u SourceUnits>>,
    /// Of each group, whose its sources are.
    actors: Vec<Vec<usize>>,
    exponents: Exponents,
    rules: Owned<'u>,
    groups: Vec<TextualData>,
}

impl<'u> GroupedData<'u> {
    /// Returns the groups, each given by the indices of its sources; indices beyond the sources are left out.
    ///
    /// `actor` says whose each source is: what one actor says in several sources is not independent, so its sources count
    /// as one wherever sources vary.
    ///
    /// # Source
    /// docs/methods.md, “Between groups”: what length does to a concept is that of all compared sources, so that odds ratios of groups are
    /// ratios of the same thing.
    #[must_use]
    pub fn new(
        sources: &'u [SourceUnits],
        groups: &[Vec<usize>],
        actor: &[usize],
        related: &'u (dyn Fn(ConceptIx, ConceptIx) -> bool + Sync),
    ) -> Self {
        let rules = Owned { couples: Box::new(|_| true), related: Box::new(related) };
        Self::of(&sources.iter().collect::<Vec<_>>(), groups, actor, rules)
    }

    fn of(sources: &[&'u SourceUnits], groups: &[Vec<usize>], actor: &[usize], rules: Owned<'u>) -> Self {
        let known = |g: &Vec<usize>| -> Vec<usize> { g.iter().copied().filter(|&s| s < sources.len()).collect() };
        let groups: Vec<Vec<usize>> = groups.iter().map(known).collect();
        let members: Vec<Vec<&SourceUnits>> =
            groups.iter().map(|g| g.iter().filter_map(|&s| sources.get(s).copied()).collect()).collect();
        let whose = |s: usize| actor.get(s).copied().unwrap_or(s);
        let actors: Vec<Vec<usize>> = groups.iter().map(|g| g.iter().map(|&s| whose(s)).collect()).collect();
        let (all, owners): (Vec<&SourceUnits>, Vec<usize>) =
            (members.iter().flatten().copied().collect(), actors.iter().flatten().copied().collect());
        let exponents = exponents(&Clusters::of_sources(all.len(), &owners).views(&all), rules.rules().couples);
        let mut out = Self { members, actors, exponents, rules, groups: Vec::new() };
        out.groups = (0..out.members.len()).map(|g| out.together(&[g])).collect();
        out
    }

    /// Returns some groups as one; an actor of several of them is one.
    fn together(&self, groups: &[usize]) -> TextualData {
        let of = |list: &[Vec<usize>]| -> Vec<usize> {
            groups.iter().filter_map(|&g| list.get(g)).flatten().copied().collect()
        };
        let sources: Vec<&SourceUnits> =
            groups.iter().filter_map(|&g| self.members.get(g)).flatten().copied().collect();
        let clusters = Clusters::of_sources(sources.len(), &of(&self.actors));
        TextualData::of(&sources, &clusters, Some(&self.exponents), self.rules.rules())
    }

    /// Returns one group; its actors are numbered from 0 in the order in which their sources were given.
    #[must_use]
    pub fn group(&self, g: usize) -> Option<&TextualData> {
        self.groups.get(g)
    }

    /// Returns the number of actors in a group.
    #[must_use]
    pub fn n_actors(&self, g: usize) -> usize {
        self.groups.get(g).map_or(0, |data| data.views.len())
    }

    /// Returns all groups but one together.
    #[must_use]
    pub fn rest(&self, g: usize) -> TextualData {
        self.together(&(0..self.members.len()).filter(|&o| o != g).collect::<Vec<_>>())
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
    /// Common odds ratio; none where it is unbounded.
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

/// A pair in a bootstrap draw; a source drawn twice counts as two.
struct Draw<'d> {
    p: f64,
    n: u64,
    data: &'d PairData,
}

impl<'d> Draw<'d> {
    /// Returns the pair as the draw has it, if it is tested there.
    fn new(data: &'d PairData, times: &[u32]) -> Option<Self> {
        let (mut n, mut expected) = (0_u64, 0.0);
        for s in &data.summands {
            let m = times.get(s.source as usize).copied().unwrap_or(0);
            n += u64::from(m);
            expected += f64::from(m) * f64::from(s.expected);
        }
        if n < MIN_SOURCES as u64 || expected < MIN_EXPECTED {
            return None;
        }
        let p = t_two_sided(statistic_of_draw(data, times, 0)?, n as f64 - 1.0);
        Some(Self { p, n, data })
    }

    /// Returns the lower end of the interval of the odds ratio; none where it lies below 1.
    fn lower(&self, times: &[u32]) -> Option<f64> {
        let critical = t_two_sided_quantile(1.0 - LEVEL, self.n as f64 - 1.0);
        let mut before: Option<(f64, f64)> = None;
        for (at, odds_ratio) in NODES.into_iter().enumerate() {
            let (x, t) = (log(odds_ratio), statistic_of_draw(self.data, times, at)?);
            if t <= critical {
                let (x0, t0) = before?;
                return Some(exp(x0 + (x - x0) * (t0 - critical) / (t0 - t)));
            }
            before = Some((x, t));
        }
        before.map(|(x, _)| exp(x))
    }
}

/// Returns T of a draw at one of the [`NODES`]: each copy of a source is a source.
fn statistic_of_draw(data: &PairData, times: &[u32], node: usize) -> Option<f64> {
    let copies = data.summands.iter().flat_map(|s| {
        let m = times.get(s.source as usize).copied().unwrap_or(0) as usize;
        let (u, v) = s.nodes.get(node).copied().unwrap_or_default();
        std::iter::repeat_n((1.0, f64::from(u), f64::from(v)), m)
    });
    studentised(copies)
}
