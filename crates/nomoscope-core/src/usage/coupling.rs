//! Coupling of two concepts: within a text (textual) and between texts (actor-level).
//!
//! Two questions that are never mixed. *Textual*: are both used in the same place? Longer units hold more of
//! everything, so presence is compared with what the length of the unit explains. *Actor-level*: do sources that use
//! the one also use the other?
//!
//! Everything needed for a bootstrap over sources is kept as per-source summands, so that counting is a mergeable sum.

use crate::codebook::{Codebook, ConceptIx};
use crate::coding::Coding;
use crate::norm::corpus::{CodedSource, Corpus};
use crate::stats::association::Joint;
use crate::stats::exact::{Conditional, Estimate, Table2x2, Tail};
use crate::stats::fdr::benjamini_hochberg;
use crate::stats::length_adjusted::{Rate, fit_rate};
use crate::stats::mantel_haenszel::clustered;
use crate::stats::special::{t_two_sided, t_two_sided_quantile};
use crate::stats::{Interval, StatsError};
use crate::text::{Level, UnitRole};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A pair is tested from this many informative sources.
pub const MIN_SOURCES: usize = 5;
/// A pair belongs to the tested family from this many expected joint units.
pub const MIN_EXPECTED: f64 = 5.0;
/// Level of all intervals.
pub const LEVEL: f64 = 0.95;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CouplingLevel {
    /// Units within texts.
    Textual,
    /// Texts.
    Actor,
}

impl CouplingLevel {
    /// Returns the name used in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Textual => "textual",
            Self::Actor => "actor",
        }
    }
}

/// A pair of concepts with everything that is said about it at one level.
#[derive(Debug, Clone)]
pub struct Coupling {
    /// The concept that comes first in the codebook.
    pub a: ConceptIx,
    /// The other.
    pub b: ConceptIx,
    /// The question.
    pub level: CouplingLevel,
    /// Units (or sources) with both.
    pub n11: u64,
    /// Units (or sources) with the first, with the second, and in all.
    pub n1: u64,
    /// Units (or sources) with the second.
    pub n2: u64,
    /// All units (or sources).
    pub n: u64,
    /// Joint units expected if length alone explained them (textual), or if use were independent (actor).
    pub expected: f64,
    /// Sources in which both concepts vary over units (textual), or all sources (actor).
    pub informative_sources: usize,
    /// Odds ratio; none when nothing is informative or it is unbounded.
    pub odds_ratio: Option<f64>,
    /// The odds ratio without regard to length and source.
    pub unadjusted: Option<f64>,
    /// Interval of the odds ratio.
    pub interval: Option<Interval>,
    /// Two-sided p-value.
    pub p: Option<f64>,
    /// Benjamini-Hochberg q-value over the tested family.
    pub q: Option<f64>,
    /// Normalised pointwise mutual information, shown but not used.
    pub npmi: Option<f64>,
    /// Jaccard index.
    pub jaccard: Option<f64>,
    /// Salton's cosine.
    pub cosine: Option<f64>,
    /// Association strength (van Eck & Waltman 2009).
    pub association_strength: Option<f64>,
    /// Whether the pair belongs to the backbone.
    pub backbone: bool,
    /// Why a number is missing.
    pub reason: Option<&'static str>,
}

impl Coupling {
    /// Returns the lower end of the interval of ln OR: the weight of the edge.
    #[must_use]
    pub fn lower_ln(&self) -> Option<f64> {
        self.interval.and_then(|i| i.lower).filter(|&l| l > 0.0).map(libm::log)
    }
}

/// What one source says about a pair.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Summand {
    source: u32,
    /// Σ (a − p)(b − q) over units.
    u: f64,
    /// Numerator and denominator of the Mantel-Haenszel odds ratio.
    r: f64,
    t: f64,
    expected: f64,
    n11: u32,
    informative: bool,
}

/// Per-source summands of all pairs at the textual level.
#[derive(Debug)]
pub struct TextualData {
    pairs: BTreeMap<(ConceptIx, ConceptIx), Vec<Summand>>,
    /// Per concept: units with it.
    n_with: Vec<u64>,
    n_units: u64,
}

/// Returns the summands of all pairs over windows at `level`; kin under `broader` are left out.
#[must_use]
pub fn textual_data(corpus: &Corpus<'_>, level: Level) -> TextualData {
    let deciles = length_deciles(corpus, level);
    let per_source: Vec<SourcePairs> = corpus
        .coded
        .par_iter()
        .enumerate()
        .map(|(s, coded)| {
            SourceView::new(coded, corpus.codebook.len(), level, &deciles).pairs(s as u32, corpus.codebook)
        })
        .collect();
    let mut data = TextualData { pairs: BTreeMap::new(), n_with: vec![0; corpus.codebook.len()], n_units: 0 };
    for source in per_source {
        data.n_units += source.n_units;
        for (concept, n) in source.n_with {
            data.n_with[concept.get()] += n;
        }
        for (pair, summand) in source.pairs {
            data.pairs.entry(pair).or_default().push(summand);
        }
    }
    data
}

struct SourcePairs {
    pairs: Vec<((ConceptIx, ConceptIx), Summand)>,
    n_with: Vec<(ConceptIx, u64)>,
    n_units: u64,
}

/// Upper bounds of the first nine tenths of unit lengths over the whole study, in words.
fn length_deciles(corpus: &Corpus<'_>, level: Level) -> Vec<u32> {
    let mut lengths: Vec<u32> =
        corpus.coded.iter().flat_map(|coded| coded.windows(level).map(|u| coded.words[u as usize])).collect();
    lengths.sort_unstable();
    let mut bounds: Vec<u32> = (1..10).filter_map(|d| lengths.get(lengths.len() * d / 10).copied()).collect();
    bounds.dedup();
    bounds
}

struct SourceView {
    words: Vec<f64>,
    deciles: Vec<Vec<usize>>,
    presence: BTreeMap<ConceptIx, Vec<bool>>,
    /// Units in which a pair meets only in overlapping spans, with the concept of the shorter span.
    overlaps: BTreeMap<(ConceptIx, ConceptIx), Vec<(usize, ConceptIx)>>,
}

impl SourceView {
    fn new(coded: &CodedSource, n_concepts: usize, level: Level, bounds: &[u32]) -> Self {
        let windows: Vec<u32> = coded.windows(level).collect();
        let words: Vec<u32> = windows.iter().map(|&w| coded.words[w as usize]).collect();
        let mut deciles = vec![Vec::new(); bounds.len() + 1];
        for (i, &w) in words.iter().enumerate() {
            deciles[bounds.partition_point(|&b| b <= w)].push(i);
        }
        let mut view = Self {
            words: words.iter().map(|&w| f64::from(w.max(1))).collect(),
            deciles,
            presence: BTreeMap::new(),
            overlaps: BTreeMap::new(),
        };
        debug_assert!(n_concepts <= usize::from(u16::MAX));
        for (i, &window) in windows.iter().enumerate() {
            view.read_window(coded, window, i, windows.len());
        }
        view
    }

    fn read_window(&mut self, coded: &CodedSource, window: u32, i: usize, n: usize) {
        let codings = window_codings(coded, window);
        for coding in &codings {
            self.presence.entry(coding.concept).or_insert_with(|| vec![false; n])[i] = true;
        }
        for (pair, loser) in overlapping_only(&codings) {
            self.overlaps.entry(pair).or_default().push((i, loser));
        }
    }

    fn pairs(&self, source: u32, codebook: &Codebook) -> SourcePairs {
        let n_with = self.presence.iter().map(|(&c, p)| (c, p.iter().filter(|&&x| x).count() as u64)).collect();
        let residuals: BTreeMap<ConceptIx, (Vec<f64>, Vec<f64>)> =
            self.presence.iter().map(|(&c, p)| (c, self.residuals(p))).collect();
        let concepts: Vec<ConceptIx> = self.presence.keys().copied().collect();
        let mut pairs = Vec::new();
        for (i, &a) in concepts.iter().enumerate() {
            for &b in &concepts[i + 1..] {
                if codebook.kin(a, b) {
                    continue;
                }
                let summand = match self.overlaps.get(&(a, b)) {
                    None => {
                        self.summand(source, (&self.presence[&a], &residuals[&a]), (&self.presence[&b], &residuals[&b]))
                    }
                    Some(units) => {
                        // The longer span has the words; the shorter one's concept is not counted there.
                        let (pa, pb) = self.without(a, b, units);
                        let (ra, rb) = (self.residuals(&pa), self.residuals(&pb));
                        self.summand(source, (&pa, &ra), (&pb, &rb))
                    }
                };
                pairs.push(((a, b), summand));
            }
        }
        SourcePairs { pairs, n_with, n_units: self.words.len() as u64 }
    }

    fn without(&self, a: ConceptIx, b: ConceptIx, units: &[(usize, ConceptIx)]) -> (Vec<bool>, Vec<bool>) {
        let (mut pa, mut pb) = (self.presence[&a].clone(), self.presence[&b].clone());
        for &(unit, loser) in units {
            if loser == a {
                pa[unit] = false;
            } else {
                pb[unit] = false;
            }
        }
        (pa, pb)
    }

    /// Returns (a − p, p) per unit.
    fn residuals(&self, present: &[bool]) -> (Vec<f64>, Vec<f64>) {
        let rate = fit_rate(&self.words, present).unwrap_or(Rate::Never);
        let p: Vec<f64> = self.words.iter().map(|&w| rate.probability(w)).collect();
        let residuals = present.iter().zip(&p).map(|(&x, p)| f64::from(u8::from(x)) - p).collect();
        (residuals, p)
    }

    fn summand(
        &self,
        source: u32,
        (pa, (ra, ea)): (&[bool], &(Vec<f64>, Vec<f64>)),
        (pb, (rb, eb)): (&[bool], &(Vec<f64>, Vec<f64>)),
    ) -> Summand {
        let u = ra.iter().zip(rb).map(|(x, y)| x * y).sum();
        let expected = ea.iter().zip(eb).map(|(x, y)| x * y).sum();
        let (mut r, mut t, mut n11) = (0.0, 0.0, 0_u32);
        for units in self.deciles.iter().filter(|u| !u.is_empty()) {
            let mut cells = [0_u32; 4];
            for &i in units {
                cells[usize::from(pa[i]) * 2 + usize::from(pb[i])] += 1;
            }
            let [d, c, b, a] = cells.map(f64::from);
            r += a * d / units.len() as f64;
            t += b * c / units.len() as f64;
            n11 += cells[3];
        }
        let varies = |p: &[bool]| p.iter().any(|&x| x) && p.iter().any(|&x| !x);
        Summand { source, u, r, t, expected, n11, informative: varies(pa) && varies(pb) }
    }
}

/// Returns the codings in a window; an item also has those of its chapeau.
fn window_codings(coded: &CodedSource, window: u32) -> Vec<Coding> {
    let units = &coded.segmentation.units;
    let mut codings = coded.codings_in(coded.span(window)).to_vec();
    if units[window as usize].level == Level::Item && units[window as usize].role != UnitRole::Chapeau {
        let chapeau = units[window as usize].parent.and_then(|p| {
            coded
                .below(p)
                .take_while(|&u| u < window as usize)
                .filter(|&u| units[u].level == Level::Item && units[u].role == UnitRole::Chapeau)
                .last()
        });
        if let Some(chapeau) = chapeau {
            codings.extend_from_slice(coded.codings_in(coded.span(chapeau as u32)));
        }
    }
    codings
}

/// Returns the pairs that meet in these codings only through overlapping spans, with the concept of the shorter one.
fn overlapping_only(codings: &[Coding]) -> Vec<((ConceptIx, ConceptIx), ConceptIx)> {
    let mut overlapping: BTreeMap<(ConceptIx, ConceptIx), ConceptIx> = BTreeMap::new();
    for (i, x) in codings.iter().enumerate() {
        for y in &codings[i + 1..] {
            if x.concept != y.concept && x.span.overlaps(y.span) {
                let pair = (x.concept.min(y.concept), x.concept.max(y.concept));
                let shorter = if (x.span.len(), x.concept) < (y.span.len(), y.concept) { x } else { y };
                overlapping.entry(pair).or_insert(shorter.concept);
            }
        }
    }
    let apart = |a: ConceptIx, b: ConceptIx| {
        codings
            .iter()
            .filter(|x| x.concept == a)
            .any(|x| codings.iter().filter(|y| y.concept == b).any(|y| !x.span.overlaps(y.span)))
    };
    overlapping.retain(|&(a, b), _| !apart(a, b));
    overlapping.into_iter().collect()
}

impl TextualData {
    /// Returns whether a pair belongs to the family that is tested, which is fixed before looking at the result.
    fn tested(summands: &[Summand]) -> bool {
        summands.iter().map(|s| s.expected).sum::<f64>() >= MIN_EXPECTED
            && summands.iter().filter(|s| s.informative).count() >= MIN_SOURCES
    }

    /// Returns all pairs that meet at least once or belong to the tested family.
    ///
    /// # Source
    /// docs/methods.md, section 3: length-adjusted score test, Mantel-Haenszel odds ratio with source-clustered variance.
    #[must_use]
    pub fn couplings(&self, min_or: f64) -> Vec<Coupling> {
        let mut out: Vec<Coupling> = self
            .pairs
            .iter()
            .map(|(&pair, summands)| self.coupling(pair, summands))
            .filter(|c| c.n11 > 0 || c.p.is_some())
            .collect();
        set_q(&mut out);
        for c in &mut out {
            c.backbone = in_backbone(c.q, c.interval.and_then(|i| i.lower), min_or);
        }
        out
    }

    fn coupling(&self, (a, b): (ConceptIx, ConceptIx), summands: &[Summand]) -> Coupling {
        let informative: Vec<&Summand> = summands.iter().filter(|s| s.informative).collect();
        let n11: u64 = summands.iter().map(|s| u64::from(s.n11)).sum();
        let (n1, n2, n) = (self.n_with[a.get()], self.n_with[b.get()], self.n_units);
        let mut c = Coupling {
            expected: summands.iter().map(|s| s.expected).sum(),
            informative_sources: informative.len(),
            ..blank((a, b), CouplingLevel::Textual, n11, n1, n2, n)
        };
        let pairs: Vec<(f64, f64)> = informative.iter().map(|s| (s.r, s.t)).collect();
        match clustered(&pairs, LEVEL) {
            Ok(found) => {
                c.odds_ratio = Some(libm::exp(found.ln_odds_ratio));
                c.interval = Some(found.interval);
            }
            Err(StatsError::EmptyDenominator) => {
                c.reason = Some("unbounded: no unit has one of the two without the other");
            }
            Err(StatsError::EmptyNumerator) => c.reason = Some("zero: the two never meet in a unit of their length"),
            Err(_) => c.reason = Some("too few sources for an interval"),
        }
        if informative.len() < MIN_SOURCES {
            c.reason = Some("too few informative sources for a test");
            c.interval = None;
        } else if Self::tested(summands) {
            c.p = score_p(informative.iter().map(|s| (s.u, 1)));
        } else {
            c.reason = Some("too few joint units expected for a test");
        }
        c
    }

    /// Returns the edges of the backbone when source `s` counts `times[s]` times: (a, b, lower bound of ln OR).
    #[must_use]
    pub fn backbone_of_draw(&self, times: &[u32], min_or: f64) -> Vec<(usize, usize, f64)> {
        let mut tested: Vec<((ConceptIx, ConceptIx), f64, f64)> = Vec::new();
        for (&pair, summands) in &self.pairs {
            if let Some((p, lower)) = draw_pair(summands, times) {
                tested.push((pair, p, lower));
            }
        }
        let p: Vec<f64> = tested.iter().map(|t| t.1).collect();
        let q = benjamini_hochberg(&p).unwrap_or_default();
        tested
            .iter()
            .zip(q)
            .filter(|((_, _, lower), q)| in_backbone(Some(*q), Some(*lower), min_or))
            .map(|(&((a, b), _, lower), _)| (a.get(), b.get(), libm::log(lower)))
            .collect()
    }
}

/// Returns the p-value and the lower bound of the odds ratio of a pair in a bootstrap draw, if it is tested there.
fn draw_pair(summands: &[Summand], times: &[u32]) -> Option<(f64, f64)> {
    let drawn = || {
        summands
            .iter()
            .map(|s| (s, times.get(s.source as usize).copied().unwrap_or(0)))
            .filter(|(s, m)| *m > 0 && s.informative)
    };
    let n: u32 = drawn().map(|(_, m)| m).sum();
    let expected: f64 =
        summands.iter().map(|s| s.expected * f64::from(times.get(s.source as usize).copied().unwrap_or(0))).sum();
    if (n as usize) < MIN_SOURCES || expected < MIN_EXPECTED {
        return None;
    }
    let p = score_p(drawn().map(|(s, m)| (s.u, m)))?;
    let r: f64 = drawn().map(|(s, m)| s.r * f64::from(m)).sum();
    let t: f64 = drawn().map(|(s, m)| s.t * f64::from(m)).sum();
    if r <= 0.0 || t <= 0.0 {
        return Some((p, 0.0));
    }
    let contributing: u32 = drawn().filter(|(s, _)| s.r > 0.0 || s.t > 0.0).map(|(_, m)| m).sum();
    let df = f64::from(contributing) - 1.0;
    if df < 1.0 {
        return Some((p, 0.0));
    }
    let squares: f64 = drawn().map(|(s, m)| f64::from(m) * (s.r / r - s.t / t) * (s.r / r - s.t / t)).sum();
    let error = (squares * f64::from(contributing) / df).sqrt();
    let lower = libm::exp(libm::log(r / t) - t_two_sided_quantile(1.0 - LEVEL, df) * error);
    Some((p, lower))
}

/// Two-sided p of z = ΣU / √ΣU² by t with S − 1 degrees of freedom, sources counted by multiplicity.
fn score_p(sources: impl Iterator<Item = (f64, u32)>) -> Option<f64> {
    let (mut sum, mut squares, mut n) = (0.0, 0.0, 0.0);
    for (u, times) in sources {
        let times = f64::from(times);
        sum += u * times;
        squares += u * u * times;
        n += times;
    }
    (n >= 2.0 && squares > 0.0).then(|| t_two_sided(sum / squares.sqrt(), n - 1.0))
}

fn in_backbone(q: Option<f64>, lower: Option<f64>, min_or: f64) -> bool {
    q.is_some_and(|q| q <= 0.05) && lower.is_some_and(|l| l >= min_or)
}

fn set_q(couplings: &mut [Coupling]) {
    let tested: Vec<usize> = (0..couplings.len()).filter(|&i| couplings[i].p.is_some()).collect();
    let p: Vec<f64> = tested.iter().filter_map(|&i| couplings[i].p).collect();
    for (&i, q) in tested.iter().zip(benjamini_hochberg(&p).unwrap_or_default()) {
        couplings[i].q = Some(q);
    }
}

fn blank((a, b): (ConceptIx, ConceptIx), level: CouplingLevel, n11: u64, n1: u64, n2: u64, n: u64) -> Coupling {
    let joint = Joint::new(n11 as f64, n1 as f64, n2 as f64, n as f64).ok();
    let (n10, n01) = (n1.saturating_sub(n11), n2.saturating_sub(n11));
    let n00 = n.saturating_sub(n11 + n10 + n01);
    let unadjusted = (n10 > 0 && n01 > 0).then(|| n11 as f64 * n00 as f64 / (n10 as f64 * n01 as f64));
    Coupling {
        a,
        b,
        level,
        n11,
        n1,
        n2,
        n,
        expected: 0.0,
        informative_sources: 0,
        odds_ratio: None,
        unadjusted,
        interval: None,
        p: None,
        q: None,
        npmi: joint.as_ref().and_then(Joint::npmi),
        jaccard: joint.as_ref().and_then(Joint::jaccard),
        cosine: joint.as_ref().and_then(Joint::cosine),
        association_strength: joint.as_ref().and_then(Joint::association_strength),
        backbone: false,
        reason: None,
    }
}

/// Returns the actor-level couplings: 2 × 2 tables over sources, stratified by `stratum` (one name a source).
///
/// # Source
/// docs/methods.md, section 3: exact conditional test with mid-p (Fisher 1935; Mehta, Patel & Gray 1985; Lancaster 1961).
#[must_use]
pub fn actor_couplings(corpus: &Corpus<'_>, strata: &[String]) -> Vec<Coupling> {
    let used: Vec<BTreeSet<ConceptIx>> =
        corpus.coded.iter().map(|c| c.codings.iter().map(|x| x.concept).collect()).collect();
    let names: BTreeSet<&String> = strata.iter().collect();
    let names: Vec<&String> = names.into_iter().collect();
    let stratum_of: Vec<usize> = strata.iter().map(|s| names.binary_search(&s).unwrap_or(0)).collect();
    let concepts: Vec<ConceptIx> = used.iter().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let with: Vec<Vec<bool>> = concepts.iter().map(|c| used.iter().map(|u| u.contains(c)).collect()).collect();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for i in 0..concepts.len() {
        for j in i + 1..concepts.len() {
            if !corpus.codebook.kin(concepts[i], concepts[j]) {
                pairs.push((i, j));
            }
        }
    }
    let mut out: Vec<Coupling> = pairs
        .par_iter()
        .map(|&(i, j)| actor_coupling((concepts[i], concepts[j]), &with[i], &with[j], &stratum_of, names.len()))
        .filter(|c| c.n11 > 0 || c.p.is_some())
        .collect();
    set_q(&mut out);
    out
}

fn actor_coupling(
    pair: (ConceptIx, ConceptIx),
    a: &[bool],
    b: &[bool],
    stratum: &[usize],
    n_strata: usize,
) -> Coupling {
    let mut tables = vec![Table2x2::default(); n_strata.max(1)];
    for ((&x, &y), &s) in a.iter().zip(b).zip(stratum) {
        let table = &mut tables[s];
        match (x, y) {
            (true, true) => table.a += 1,
            (true, false) => table.b += 1,
            (false, true) => table.c += 1,
            (false, false) => table.d += 1,
        }
    }
    let sum = |f: fn(&Table2x2) -> u64| tables.iter().map(f).sum::<u64>();
    let expected: f64 = tables
        .iter()
        .filter(|t| t.a + t.b + t.c + t.d > 0)
        .map(|t| (t.a + t.b) as f64 * (t.a + t.c) as f64 / (t.a + t.b + t.c + t.d) as f64)
        .sum();
    let mut c = Coupling {
        expected,
        informative_sources: a.len(),
        ..blank(pair, CouplingLevel::Actor, sum(|t| t.a), sum(|t| t.a + t.b), sum(|t| t.a + t.c), a.len() as u64)
    };
    let Ok(conditional) = Conditional::new(&tables) else {
        c.reason = Some("all sources use both or neither: nothing to compare");
        return c;
    };
    match conditional.estimate() {
        Estimate::Finite(odds_ratio) => {
            c.odds_ratio = Some(odds_ratio);
            c.interval = conditional.interval(LEVEL, Tail::Mid).ok();
        }
        Estimate::Zero => {
            c.odds_ratio = Some(0.0);
            c.interval = conditional.one_sided_interval(LEVEL, Tail::Mid).ok().flatten();
            c.reason = Some("zero: no more joint sources than the margins force; one-sided interval");
        }
        Estimate::Unbounded => {
            c.interval = conditional.one_sided_interval(LEVEL, Tail::Mid).ok().flatten();
            c.reason = Some("unbounded: as many joint sources as the margins allow; one-sided interval");
        }
    }
    if expected >= MIN_EXPECTED {
        c.p = Some(conditional.p_mid());
    } else if c.reason.is_none() {
        c.reason = Some("too few joint sources expected for a test");
    }
    c
}
