//! What sources say more or less often of the focus from one stretch of time to the next, told from stretches of equal length.
//!
//! A period with four times as many sentences on the focus holds more of everything, and a test of who holds a part anywhere finds a shift
//! in 98 % of studies in which there is none. So each source is asked what share of its stretches of m focal sentences contains the part,
//! parts that a window supplies left out; sources with fewer sentences are left out and counted. Where a source lies in time decides by
//! which side it counts, and random orders of the sources how far the sides may differ by chance.

use crate::codebook::ConceptIx;
use crate::norm::statement::{Formed, FormedWindow, Statement};
use crate::usage::contrast::MIN_HOLDERS;
use crate::usage::permuted::{means, permuted};
use crate::usage::sentences::{own_concepts, own_statements, run_length, shares};
use nomoscope_stats::Interval;
use nomoscope_stats::rng::Seed;
use std::collections::{BTreeMap, BTreeSet};

/// Something that came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A concept in focal statements.
    Concept(ConceptIx),
    /// A coupling of the backbone.
    Coupling(ConceptIx, ConceptIx),
    /// A statement.
    Statement(Statement),
}

/// The focal sentences of a source in their order, each with the concepts and the statements of at least two parts that it makes itself.
pub type Said = Vec<BTreeSet<Part>>;

/// Returns what each source says of the focus, by source.
#[must_use]
pub fn said(formed: &Formed, focal: &[BTreeSet<u32>]) -> Vec<Said> {
    let of = |(windows, focal): (&Vec<_>, &BTreeSet<u32>)| -> Said {
        let windows = windows.iter().filter(|w: &&FormedWindow| focal.contains(&w.unit));
        let sentences = windows.flat_map(|w| &w.sentences);
        sentences
            .map(|s| {
                own_concepts(s).map(Part::Concept).chain(own_statements(s).into_iter().map(Part::Statement)).collect()
            })
            .collect()
    };
    formed.windows.iter().zip(focal).map(of).collect()
}

/// How a part is held on two sides.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Shift {
    /// Mean share of stretches of equal length that contain it, before and after.
    pub held: [Option<f64>; 2],
    /// Interval of the share after less the share before.
    pub interval: Option<Interval>,
    /// P-value by studentised permutation of sources; of tested parts only.
    pub p: Option<f64>,
    /// Why there is none.
    pub reason: Option<&'static str>,
}

/// The parts of two sides, and what they were compared by.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shifts {
    /// Sentences of a stretch; none where a side is silent.
    pub run: Option<usize>,
    /// Sources with a stretch of that length, before and after.
    pub compared: [usize; 2],
    /// Sources that speak of the focus, but in fewer sentences, before and after.
    pub short: [usize; 2],
    /// Median number of sentences of the sources that speak, before and after.
    pub sentences: [usize; 2],
    /// By part.
    pub parts: BTreeMap<Part, Shift>,
}

/// Returns how each part is held before and after, at equal length.
///
/// Tested are the parts that at least [`MIN_HOLDERS`] sources of both sides together hold, which does not depend on where they stand.
/// # Source  docs/methods.md, section 7; [`permuted`]
#[must_use]
pub fn shifts(sides: [&[&Said]; 2], orders: usize, seed: Seed) -> Shifts {
    let speaking = sides.map(|side| side.iter().copied().filter(|s| !s.is_empty()).collect::<Vec<&Said>>());
    let lengths: Vec<Vec<usize>> = speaking.iter().map(|side| side.iter().map(|s| s.len()).collect()).collect();
    let Some(run) = run_length(&lengths) else { return Shifts::default() };
    let shared = speaking.each_ref().map(|side| side.iter().filter_map(|s| shares(s, run)).collect::<Vec<_>>());
    let compared = shared.each_ref().map(Vec::len);
    let mut holders: BTreeMap<Part, usize> = BTreeMap::new();
    for said in speaking.iter().flatten() {
        let parts: BTreeSet<Part> = said.iter().flatten().copied().collect();
        parts.into_iter().for_each(|part| *holders.entry(part).or_default() += 1);
    }
    let values = |part: &Part| -> Vec<f64> {
        shared.iter().flatten().map(|shares| shares.get(part).copied().unwrap_or(0.0)).collect()
    };
    let few = compared.iter().any(|n| *n < 2);
    let blank = |(part, n): (&Part, &usize)| {
        let reason = if orders == 0 {
            Some("no random orders were asked for")
        } else if few {
            Some("fewer than two sources on a side say enough of the focus")
        } else if *n < MIN_HOLDERS {
            Some("too few sources hold it for a test")
        } else {
            None
        };
        (*part, Shift { held: means(&values(part), compared[0]), reason, ..Shift::default() })
    };
    let mut parts: BTreeMap<Part, Shift> = holders.iter().map(blank).collect();
    let tested: Vec<Part> = parts.iter().filter(|(_, s)| s.reason.is_none()).map(|(p, _)| *p).collect();
    let lists: Vec<Vec<f64>> = tested.iter().map(values).collect();
    for (part, found) in tested.iter().zip(permuted(&lists, compared[0], orders, seed)) {
        if let Some(shift) = parts.get_mut(part) {
            shift.p = Some(found.p);
            // What is compared is the first side less the second; people read the change.
            shift.interval = found.interval.map(|i| Interval {
                lower: i.upper.map(|x| -x),
                upper: i.lower.map(|x| -x),
                level: i.level,
            });
        }
    }
    let short = [0, 1].map(|side| speaking[side].len() - compared[side]);
    let sentences = [0, 1].map(|side| median(&lengths[side]));
    Shifts { run: Some(run), compared, short, sentences, parts }
}

fn median(lengths: &[usize]) -> usize {
    let mut sorted = lengths.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or(0)
}
