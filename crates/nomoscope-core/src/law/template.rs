//! Templates: the ways in which a definition can be established, one alternative of each list.
//!
//! Palermo's definition has five acts, nine means and eight purposes: 360 templates for an adult, 40 for a child.

use super::Law;
use super::case::{AgeRange, MAJORITY};
use super::definition::{Atom, Norm, Term};
use super::logic::{OpenReading, active};
use super::vocabulary::{FactIx, OLDEST};
use std::collections::BTreeSet;

/// One way to establish a norm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The limb's place in the norm.
    pub limb: usize,
    /// Facts that are true in it.
    pub facts: BTreeSet<FactIx>,
    /// Facts that must be false in it: exceptions that must not apply.
    pub absent: BTreeSet<FactIx>,
    /// The ages that it admits.
    pub age: AgeRange,
    /// Whether it rests on what an open list leaves open.
    pub residual: bool,
}

impl Template {
    /// Returns whether it is for children only.
    #[must_use]
    pub const fn is_child(&self) -> bool {
        self.age.high < MAJORITY
    }
}

/// Most templates of a norm.
pub const MAX_TEMPLATES: usize = 20_000;

/// The templates of a norm.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Templates {
    /// The templates, limb by limb.
    pub list: Vec<Template>,
    /// Whether there were more than [`MAX_TEMPLATES`].
    pub cut: bool,
}

impl Templates {
    /// Returns how many there are for anybody (adults) and for children only.
    #[must_use]
    pub fn counts(&self) -> [u64; 2] {
        let child = self.list.iter().filter(|t| t.is_child()).count() as u64;
        [self.list.len() as u64 - child, child]
    }
}

/// Returns the templates of a norm. What an open list leaves open counts as one alternative, unless lists are read as closed.
///
/// # Input
/// Counts are of combinations of list entries: an entry that names another element stands for that element's own ways.
///
/// # Source
/// METHODS section 10; reference counts in the law's seed data (Palermo 360 + 40, EU 2011 540 + 60).
#[must_use]
pub fn templates(norm: &Norm, reading: OpenReading) -> Templates {
    let mut out = Templates::default();
    let mut builder = Builder { norm, reading, cut: false };
    for (i, limb) in norm.limbs.iter().enumerate() {
        let start =
            Template { limb: i, facts: BTreeSet::new(), absent: BTreeSet::new(), age: AgeRange::ANY, residual: false };
        let ways = limb.requires.iter().fold(vec![start], |ways, term| builder.with(ways, *term));
        out.list.extend(ways);
    }
    out.cut = builder.cut || out.list.len() > MAX_TEMPLATES;
    out.list.truncate(MAX_TEMPLATES);
    out
}

struct Builder<'n> {
    norm: &'n Norm,
    reading: OpenReading,
    cut: bool,
}

impl Builder<'_> {
    /// Returns the ways that meet one term more; ways that contradict themselves fall out.
    fn with(&mut self, ways: Vec<Template>, term: Term) -> Vec<Template> {
        match (term.atom, term.negated) {
            (Atom::Fact(f), false) => keep(ways, |w| {
                w.facts.insert(f);
                !w.absent.contains(&f)
            }),
            (Atom::Fact(f), true) => keep(ways, |w| {
                w.absent.insert(f);
                !w.facts.contains(&f)
            }),
            (Atom::Below(_, n), false) => keep(ways, |w| {
                w.age.high = w.age.high.min(n - 1);
                w.age.low <= w.age.high
            }),
            (Atom::Below(_, n), true) => keep(ways, |w| {
                w.age.low = w.age.low.max(n);
                w.age.low <= w.age.high
            }),
            (Atom::Element(e), false) => self.with_element(ways, e),
            (Atom::Element(e), true) => self.without_element(ways, e),
        }
    }

    fn with_element(&mut self, ways: Vec<Template>, e: usize) -> Vec<Template> {
        let norm = self.norm;
        let Some(element) = norm.elements.get(e) else { return Vec::new() };
        let mut out = element.all.iter().fold(ways, |ways, t| self.with(ways, *t));
        if !element.any.is_empty() {
            let before = out;
            out = Vec::new();
            for &term in &element.any {
                if out.len() > MAX_TEMPLATES {
                    self.cut = true;
                    break;
                }
                out.extend(self.with(before.clone(), term));
            }
            if let (Some(open), false) = (element.open, self.reading == OpenReading::Closed) {
                let residual = self.with(before, open);
                out.extend(residual.into_iter().map(|w| Template { residual: true, ..w }));
            }
        }
        let negated = |t: &Term| Term { atom: t.atom, negated: !t.negated };
        element.none.iter().map(negated).fold(out, |ways, t| self.with(ways, t))
    }

    /// An exception must not apply. Only its lists of facts count: all of them are absent.
    fn without_element(&mut self, ways: Vec<Template>, e: usize) -> Vec<Template> {
        let norm = self.norm;
        let Some(element) = norm.elements.get(e) else { return ways };
        let negated = |t: &Term| Term { atom: t.atom, negated: !t.negated };
        match (element.all.as_slice(), element.any.as_slice()) {
            ([], any) => any.iter().map(negated).fold(ways, |ways, t| self.with(ways, t)),
            // One missing part is enough to keep an exception from applying; the first stands for all.
            ([first, ..], _) => self.with(ways, negated(first)),
        }
    }
}

fn keep(ways: Vec<Template>, mut change: impl FnMut(&mut Template) -> bool) -> Vec<Template> {
    ways.into_iter().filter_map(|mut w| change(&mut w).then_some(w)).collect()
}

/// Facts that are all known: those in the set are true, all others false.
#[derive(Debug, Clone)]
pub struct Closed {
    facts: BTreeSet<FactIx>,
    age: u16,
}

impl Closed {
    /// Returns the closed case of these facts with what they entail, for a person of this age in completed years.
    #[must_use]
    pub fn new(law: &Law, facts: &BTreeSet<FactIx>, age: u16, interpretation: bool) -> Self {
        let mut out = Self { facts: facts.clone(), age };
        let rules = active(law, interpretation);
        for _ in 0..=rules.len() {
            let before = out.facts.len();
            for (_, rule) in &rules {
                if rule.premises.iter().all(|t| out.term(*t, None)) {
                    out.facts.extend(rule.conclusions.iter().filter_map(|t| match t.atom {
                        Atom::Fact(f) => Some(f),
                        Atom::Below(..) | Atom::Element(_) => None,
                    }));
                }
            }
            if out.facts.len() == before {
                break;
            }
        }
        out
    }

    /// Returns whether the norm holds.
    #[must_use]
    pub fn satisfies(&self, norm: &Norm) -> bool {
        norm.limbs.iter().any(|l| l.requires.iter().all(|t| self.term(*t, Some(norm))))
    }

    fn term(&self, term: Term, norm: Option<&Norm>) -> bool {
        let value = match term.atom {
            Atom::Fact(f) => self.facts.contains(&f),
            Atom::Below(_, n) => self.age < n,
            Atom::Element(e) => norm.is_some_and(|n| n.elements.get(e).is_some_and(|_| self.element(n, e))),
        };
        value != term.negated
    }

    fn element(&self, norm: &Norm, e: usize) -> bool {
        let element = &norm.elements[e];
        let term = |t: &Term| self.term(*t, Some(norm));
        let any = (element.any.is_empty() && element.open.is_none())
            || element.any.iter().any(term)
            || element.open.as_ref().is_some_and(term);
        element.all.iter().all(term) && any && !element.none.iter().any(term)
    }
}

/// Returns ages that stand for all ages of a range: one on each side of every bound of the law.
#[must_use]
pub fn ages(law: &Law, range: AgeRange) -> Vec<u16> {
    let mut bounds: BTreeSet<u16> = BTreeSet::from([range.low]);
    for norm in &law.norms {
        let required = norm.limbs.iter().flat_map(|l| &l.requires).copied();
        for term in norm.elements.iter().flat_map(|e| e.terms()).chain(required) {
            if let Atom::Below(_, n) = term.atom {
                bounds.insert(n);
            }
        }
    }
    bounds.into_iter().filter(|n| (range.low..=range.high.min(OLDEST)).contains(n)).collect()
}

/// How much of one norm's templates another holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overlap {
    /// Templates for anybody, read with an adult, that the other norm holds too.
    pub adult: u64,
    /// Templates for anybody.
    pub adult_of: u64,
    /// Templates for children that the other norm holds at every age that they admit.
    pub child: u64,
    /// Templates for children.
    pub child_of: u64,
}

/// Returns, for each norm, how many of its templates every norm holds: rows hold templates, columns hold them.
///
/// An adult is of an age above every bound of the law, or as old as the template admits, so that a limb for those
/// under 21 counts for its own templates only.
#[must_use]
pub fn overlap(law: &Law, norms: &[usize], reading: OpenReading, interpretation: bool) -> Vec<Vec<Overlap>> {
    use rayon::prelude::*;
    let adult = ages(law, AgeRange::ANY).last().copied().unwrap_or(MAJORITY).max(MAJORITY);
    let row = |&a: &usize| -> Vec<Overlap> {
        let mut out = vec![Overlap::default(); norms.len()];
        for template in templates(&law.norms[a], reading).list {
            let range = AgeRange { high: template.age.high.min(OLDEST), ..template.age };
            let tried = if template.is_child() { ages(law, range) } else { vec![adult.min(range.high).max(range.low)] };
            let closed: Vec<Closed> =
                tried.iter().map(|&age| Closed::new(law, &template.facts, age, interpretation)).collect();
            for (cell, &b) in out.iter_mut().zip(norms) {
                let held = u64::from(closed.iter().all(|c| c.satisfies(&law.norms[b])));
                if template.is_child() {
                    cell.child += held;
                    cell.child_of += 1;
                } else {
                    cell.adult += held;
                    cell.adult_of += 1;
                }
            }
        }
        out
    };
    norms.par_iter().map(row).collect()
}
