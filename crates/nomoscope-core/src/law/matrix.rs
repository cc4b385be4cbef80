//! Element by evidence: how well each element of a definition stands, on what, and what is missing.

use super::case::{Grade, Known, Person, Value};
use super::definition::{Atom, Norm, Term, facts_of};
use super::finding::Reading;
use super::logic::{Logic, LogicError, Truth, World};
use super::proposal::{Proposal, with_proposals};
use super::vocabulary::FactIx;
use std::collections::BTreeSet;

/// How well an element stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// The facts entered exclude it.
    Excluded,
    /// Nothing entered settles it.
    Open,
    /// Signs, or what took place, propose it: somebody has to look.
    Proposed,
    /// It holds on facts of this grade.
    Holds(Grade),
}

/// One element of a norm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its place in the norm.
    pub element: usize,
    /// How well it stands.
    pub standing: Standing,
    /// Whether it holds only by what nobody gave a grade.
    pub ungraded: bool,
    /// Facts entered that it speaks of.
    pub evidence: Vec<FactIx>,
    /// What proposes it, where that is all.
    pub proposed: Vec<Proposal>,
    /// Facts of which it speaks and nobody has said anything; empty where it holds as proved.
    pub gap: Vec<FactIx>,
}

/// Returns the elements that the limbs of a norm require, each with its evidence and its gap.
///
/// An exception is left out: that it does not apply is no element to be proved.
///
/// # Errors
/// [`LogicError`]: the facts contradict each other.
pub fn matrix(logic: &Logic, person: &Person, norm: usize, reading: Reading) -> Result<Vec<Row>, LogicError> {
    let n = &logic.law.norms[norm];
    let sides = |person: &Person| -> Result<Vec<(Grade, Vec<Truth>)>, LogicError> {
        let side = |grade| Ok((grade, elements(logic, &person.at_least(grade), norm, reading)?));
        Grade::ALL.into_iter().rev().map(side).collect()
    };
    // Ungraded facts count as proved; where others that have a grade suffice, it is theirs.
    let (graded, sides) = (sides(&person.graded())?, sides(person)?);
    let (known, proposals) = with_proposals(&logic.law, person.for_protection());
    let proposed = elements(logic, &known, norm, reading).ok();
    let mut rows = Vec::new();
    for element in required(n) {
        let at = |list: &[Truth]| list.get(element).copied().unwrap_or(Truth::Open);
        let best = |sides: &[(Grade, Vec<Truth>)]| sides.iter().find(|(_, l)| at(l) == Truth::True).map(|(g, _)| *g);
        let (by_grade, best) = (best(&graded), best(&sides));
        let excluded = sides.last().is_some_and(|(_, list)| at(list) == Truth::False);
        let standing = match by_grade.or(best) {
            Some(grade) => Standing::Holds(grade),
            None if proposed.as_deref().is_some_and(|list| at(list) == Truth::True) => Standing::Proposed,
            None if excluded => Standing::Excluded,
            None => Standing::Open,
        };
        let facts = facts_of(n, element);
        let said = |f: &FactIx| person.facts.get(f).is_some_and(|e| e.value != Value::Unknown);
        let evidence = facts.iter().copied().filter(said).collect();
        let from = if standing == Standing::Proposed {
            proposals.iter().filter(|p| facts.contains(&p.fact)).cloned().collect()
        } else {
            Vec::new()
        };
        let gap = match standing {
            Standing::Holds(Grade::Proved) => Vec::new(),
            _ => facts.iter().copied().filter(|f| !said(f)).collect(),
        };
        let ungraded = by_grade.is_none() && best.is_some();
        rows.push(Row { element, standing, ungraded, evidence, proposed: from, gap });
    }
    Ok(rows)
}

fn elements(logic: &Logic, known: &Known, norm: usize, reading: Reading) -> Result<Vec<Truth>, LogicError> {
    let world = World::new(logic, known, reading.interpretation)?;
    let compiled = logic.compile(norm, &world, reading.open)?;
    compiled.elements.iter().map(|e| logic.truth(e, &world.constraint(logic, e)?)).collect()
}

/// Returns the elements that some limb requires, in the order of the norm.
fn required(n: &Norm) -> BTreeSet<usize> {
    let of = |t: &Term| match t.atom {
        Atom::Element(e) if !t.negated => Some(e),
        _ => None,
    };
    n.limbs.iter().flat_map(|l| l.requires.iter().filter_map(of)).collect()
}
