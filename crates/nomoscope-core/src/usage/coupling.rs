//! Coupling of two concepts: within a text (textual) and between texts (actor-level).
//!
//! Two questions that are never mixed. *Textual*: are both used in the same place? Longer units hold more of
//! everything, so presence is compared with what the length of the unit explains. *Actor-level*: do sources that use
//! the one also use the other?
//!
//! Both are asked of [`Counts`]: no text is read here. What a bootstrap over sources needs is kept as per-source summands.

mod caution;
mod textual;

pub use caution::{
    CALIBRATION, CONTRAST_CALIBRATION, CalibrationCell, ContrastCell, UnitShape, calibration_caution, contrast_caution,
};
pub(in crate::usage) use textual::Side;
pub use textual::{GroupedData, TextualData, WeightedCoupling};

use crate::codebook::ConceptIx;
use crate::counts::{Counts, Pair};
use crate::stats::Interval;
use crate::stats::association::Joint;
use crate::stats::exact::{Conditional, Estimate, Table2x2, Tail};
use crate::stats::fdr::benjamini_hochberg;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A pair is tested from this many informative sources.
pub const MIN_SOURCES: usize = 5;
/// A pair belongs to the tested family from this many expected joint units.
pub const MIN_EXPECTED: f64 = 5.0;
/// Greatest q-value of a pair in the backbone.
pub const MAX_Q: f64 = 0.05;
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
    /// Units (or sources) with the first, those left out in which it only stands inside the second.
    pub n1: u64,
    /// Units (or sources) with the second, in the same way.
    pub n2: u64,
    /// All units (or sources).
    pub n: u64,
    /// Joint units expected if length alone explained them (textual), or if use were independent (actor).
    pub expected: f64,
    /// Sources in which both concepts vary over units (textual), or all sources (actor).
    pub informative_sources: usize,
    /// Odds ratio; none when nothing is informative or it is unbounded, 0 when the two never meet.
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

/// The logarithm of the lower bound is the weight of an edge, so that it must lie above 1 whatever `min_or` allows.
fn in_backbone(q: Option<f64>, lower: Option<f64>, min_or: f64) -> bool {
    q.is_some_and(|q| q <= MAX_Q) && lower.is_some_and(|l| l >= min_or && l > 1.0)
}

fn set_q(couplings: &mut [Coupling]) {
    let tested: Vec<usize> = (0..couplings.len()).filter(|&i| couplings[i].p.is_some()).collect();
    let p: Vec<f64> = tested.iter().filter_map(|&i| couplings[i].p).collect();
    for (&i, q) in tested.iter().zip(benjamini_hochberg(&p).unwrap_or_default()) {
        couplings[i].q = Some(q);
    }
}

fn blank((a, b): Pair, level: CouplingLevel, n11: u64, n1: u64, n2: u64, n: u64) -> Coupling {
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

impl Counts {
    /// Returns the actor-level couplings: 2 × 2 tables over sources, stratified by `strata` (one name a source).
    ///
    /// # Source
    /// docs/methods.md, section 3: exact conditional test with mid-p (Fisher 1935; Mehta, Patel & Gray 1985; Lancaster 1961).
    #[must_use]
    pub fn actor(&self, strata: &[String]) -> Vec<Coupling> {
        let used: Vec<BTreeSet<ConceptIx>> =
            self.counted().iter().map(|s| s.used.iter().copied().filter(|&c| self.has_role(c)).collect()).collect();
        let mut nested: BTreeMap<Pair, Vec<(usize, ConceptIx)>> = BTreeMap::new();
        for (s, source) in self.counted().iter().enumerate() {
            for &(pair, shorter) in &source.nested {
                nested.entry(pair).or_default().push((s, shorter));
            }
        }
        let names: BTreeSet<&String> = strata.iter().collect();
        let names: Vec<&String> = names.into_iter().collect();
        let stratum_of: Vec<usize> =
            (0..used.len()).map(|s| strata.get(s).and_then(|s| names.binary_search(&s).ok()).unwrap_or(0)).collect();
        let concepts: Vec<ConceptIx> = used.iter().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let with: Vec<Vec<bool>> = concepts.iter().map(|c| used.iter().map(|u| u.contains(c)).collect()).collect();
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for i in 0..concepts.len() {
            for j in i + 1..concepts.len() {
                if !self.kin(concepts[i], concepts[j]) {
                    pairs.push((i, j));
                }
            }
        }
        let mut out: Vec<Coupling> = pairs
            .par_iter()
            .map(|&(i, j)| {
                let pair = (concepts[i], concepts[j]);
                let (mut a, mut b) = (Cow::Borrowed(&with[i]), Cow::Borrowed(&with[j]));
                for &(s, shorter) in nested.get(&pair).into_iter().flatten() {
                    let side = if shorter == pair.0 { &mut a } else { &mut b };
                    side.to_mut()[s] = false;
                }
                actor_coupling(pair, &a, &b, &stratum_of, names.len())
            })
            .filter(|c| c.n11 > 0 || c.p.is_some())
            .collect();
        set_q(&mut out);
        out
    }
}

fn actor_coupling(pair: Pair, a: &[bool], b: &[bool], stratum: &[usize], n_strata: usize) -> Coupling {
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
        c.reason =
            Some("the margins leave nothing to compare: in each stratum all sources use one of the two, or none does");
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
