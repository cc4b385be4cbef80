//! Coupling of two concepts: within a text (textual) and between texts (actor-level).
//!
//! Two questions that are never mixed. *Textual*: are both used in the same place? Longer units hold more of
//! everything, so presence is compared with what the length of the unit explains. *Actor-level*: do sources that use
//! the one also use the other? Who writes more uses more of everything, so that length is held there, too.
//!
//! Both are asked of [`crate::counts::Counts`]: no text is read here. What a bootstrap over sources needs is kept as per-source summands.

mod actor;
mod caution;
mod textual;

pub use caution::{
    CALIBRATION, CONTRAST_CALIBRATION, CalibrationCell, ContrastCell, UnitShape, calibration_caution, contrast_caution,
};
pub(in crate::usage) use textual::Side;
pub use textual::{GroupedData, TextualData, WeightedCoupling};

use crate::codebook::ConceptIx;
use crate::counts::Pair;
use nomoscope_stats::Interval;
use nomoscope_stats::association::Joint;
use nomoscope_stats::fdr::benjamini_hochberg;

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
    /// Sources in which both concepts vary over units (textual), or all sources or actors (actor).
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
