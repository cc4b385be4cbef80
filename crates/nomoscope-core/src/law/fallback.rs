//! What is left when a norm cannot be established: the neighbours that hold all the same, or nearly.
//!
//! "The pragmatic recourse to adjacent legal norms" (Narminio 2020, section 4.2). Norms that are aimed at the person
//! concerned are never among them: they are counted, so that their absence can be told.

use super::Law;
use super::case::{AgeRange, Grade, Known, MAJORITY, Person, Rest};
use super::definition::{Atom, NON_PUNISHMENT, Term};
use super::finding::{Reading, known_for_protection};
use super::logic::{Logic, LogicError, OpenReading, Truth, World};
use super::minimal::{Literal, Nearest, nearest_sets};
use super::template::{Template, ages, templates};
use super::vocabulary::FactIx;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A norm that remains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remaining {
    /// The norm's place in the law.
    pub norm: usize,
    /// How many facts more it would take; 0 where it holds as things are.
    pub distance: u32,
    /// Smallest sets of facts that would establish it.
    pub missing: Vec<Vec<Literal>>,
    /// In how many of the ways that the lost norm could be meant it holds without a further fact; none for a case.
    pub ways: Option<(u64, u64)>,
}

/// What is left.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fallback {
    /// Norms that hold or are near, nearest first, then by id.
    pub remaining: Vec<Remaining>,
    /// Norms aimed at the person that would hold and were kept out.
    pub kept_out: Vec<usize>,
}

/// Which evidence a case is read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// All facts as entered.
    #[default]
    #[serde(rename = "entered")]
    All,
    /// Facts at least supported, with the presumption of minority.
    Protection,
    /// Facts proved.
    Prosecution,
}

/// The farthest norm that is offered, in facts.
pub const FARTHEST: u32 = 3;

/// Returns what is left for a person among these norms, by place: facts that are not listed may still be found, those entered as
/// false stay false.
///
/// # Errors
/// [`LogicError`]: the facts contradict each other.
pub fn of_case(
    logic: &Logic,
    person: &Person,
    evidence: Evidence,
    reading: Reading,
    within: u32,
    norms: &[usize],
) -> Result<Fallback, LogicError> {
    let known = match evidence {
        Evidence::All => person.at_least(Grade::Disputed),
        Evidence::Protection => known_for_protection(logic, person, reading)?,
        Evidence::Prosecution => person.for_prosecution(),
    };
    let closed = World::new(logic, &known, reading.interpretation)?;
    let open = World::new(logic, &Known { rest: Rest::Unknown, ..known }, reading.interpretation)?;
    let mut out = Fallback::default();
    for &norm in norms {
        let holds = truth(logic, &closed, norm, reading.open)? == Truth::True;
        let near = if holds { Some((0, Vec::new())) } else { distance(logic, &open, norm, reading.open, within)? };
        let Some((distance, missing)) = near else { continue };
        if logic.law.norms[norm].kind == NON_PUNISHMENT {
            continue;
        }
        if logic.law.norms[norm].against_person {
            out.kept_out.push(norm);
        } else {
            out.remaining.push(Remaining { norm, distance, missing, ways: None });
        }
    }
    out.remaining.sort_by_key(|r| (r.distance, r.norm));
    Ok(out)
}

fn truth(logic: &Logic, world: &World, norm: usize, reading: OpenReading) -> Result<Truth, LogicError> {
    let holds = logic.compile(norm, world, reading)?.holds;
    logic.truth(&holds, &world.constraint(logic, &holds)?)
}

/// Returns how many facts more a norm needs, with the smallest sets, if that is near enough.
fn distance(
    logic: &Logic,
    world: &World,
    norm: usize,
    reading: OpenReading,
    within: u32,
) -> Result<Nearest, LogicError> {
    let holds = logic.compile(norm, world, reading)?.holds;
    let constraint = world.constraint(logic, &holds)?;
    Ok(nearest_sets(logic, &holds, &constraint, within)?.map(|(least, sets)| {
        let positive = |set: Vec<Literal>| set.into_iter().filter(|l| l.value).collect::<Vec<_>>();
        let mut nearest: Vec<Vec<Literal>> = sets.into_iter().map(positive).collect();
        nearest.sort();
        nearest.dedup();
        (least, nearest)
    }))
}

/// Returns what is left when some elements of a norm cannot be proved, but the others can, in one of their ways.
///
/// The person is an adult unless `age` says otherwise: for a child the limb without means still holds.
///
/// # Errors
/// [`LogicError::TooComplex`]
pub fn of_elements(
    logic: &Logic,
    norm: usize,
    lost: &BTreeSet<usize>,
    age: Option<AgeRange>,
    reading: Reading,
    within: u32,
) -> Result<Fallback, LogicError> {
    let law = &*logic.law;
    let adult = ages(law, AgeRange::ANY).last().copied().unwrap_or(MAJORITY).max(MAJORITY);
    let age = age.unwrap_or(AgeRange { low: adult, high: adult });
    let false_facts = facts_of(law, norm, lost);
    let ways = ways(law, norm, lost, age, &false_facts, reading.open);
    let mut out = Fallback::default();
    let mut worlds = Vec::new();
    for facts in &ways {
        let mut values: BTreeMap<FactIx, bool> = facts.iter().map(|f| (*f, true)).collect();
        values.extend(false_facts.iter().map(|f| (*f, false)));
        let known = Known {
            values,
            unknown: BTreeSet::new(),
            age,
            rest: Rest::Unknown,
            presumed_minor: false,
            inference: false,
        };
        let closed = World::new(logic, &Known { rest: Rest::False, ..known.clone() }, reading.interpretation);
        let open = World::new(logic, &known, reading.interpretation);
        // A way whose facts entail a lost one cannot come about.
        if let (Ok(closed), Ok(open)) = (closed, open) {
            worlds.push((closed, open));
        }
    }
    for other in (0..law.norms.len()).filter(|&o| o != norm) {
        let mut held = 0;
        let mut nearest: Nearest = None;
        for (closed, open) in &worlds {
            if truth(logic, closed, other, reading.open)? == Truth::True {
                held += 1;
                nearest = Some((0, Vec::new()));
            } else if nearest.as_ref().is_none_or(|(d, _)| *d > 0)
                && let Some((d, sets)) = distance(logic, open, other, reading.open, within)?
            {
                match &mut nearest {
                    Some((have, list)) if *have == d => list.extend(sets),
                    Some((have, _)) if *have < d => {}
                    _ => nearest = Some((d, sets)),
                }
            }
        }
        let Some((distance, mut missing)) = nearest else { continue };
        missing.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        missing.dedup();
        if law.norms[other].kind == NON_PUNISHMENT {
            continue;
        }
        if law.norms[other].against_person {
            out.kept_out.push(other);
        } else {
            let ways = Some((held, worlds.len() as u64));
            out.remaining.push(Remaining { norm: other, distance, missing, ways });
        }
    }
    out.remaining.sort_by_key(|r| (r.distance, std::cmp::Reverse(r.ways.map_or(0, |w| w.0)), r.norm));
    Ok(out)
}

/// Returns the facts that the lost elements speak of.
fn facts_of(law: &Law, norm: usize, lost: &BTreeSet<usize>) -> BTreeSet<FactIx> {
    let n = &law.norms[norm];
    let mut out = BTreeSet::new();
    let mut open: Vec<usize> = lost.iter().copied().collect();
    let mut seen = BTreeSet::new();
    while let Some(e) = open.pop() {
        let Some(element) = n.elements.get(e).filter(|_| seen.insert(e)) else { continue };
        for term in element.terms() {
            match term.atom {
                Atom::Fact(f) => {
                    out.insert(f);
                }
                Atom::Element(inner) => open.push(inner),
                Atom::Below(..) => {}
            }
        }
    }
    out
}

/// Most ways that are followed; a norm has a few hundred.
const MAX_WAYS: usize = 500;

/// Returns the ways in which the other elements of the limbs that lost something can be met.
fn ways(
    law: &Law,
    norm: usize,
    lost: &BTreeSet<usize>,
    age: AgeRange,
    false_facts: &BTreeSet<FactIx>,
    reading: OpenReading,
) -> Vec<BTreeSet<FactIx>> {
    let is_lost = |t: &Term| matches!(t.atom, Atom::Element(e) if lost.contains(&e));
    let mut left = law.norms[norm].clone();
    left.limbs.retain(|l| l.requires.iter().any(is_lost));
    left.limbs.iter_mut().for_each(|l| l.requires.retain(|t| !is_lost(t)));
    let fits = |t: &Template| t.age.low <= age.high && t.age.high >= age.low && t.facts.is_disjoint(false_facts);
    let ways: BTreeSet<BTreeSet<FactIx>> =
        templates(&left, reading).list.into_iter().filter(|t| fits(t)).map(|t| t.facts).collect();
    ways.into_iter().take(MAX_WAYS).collect()
}
