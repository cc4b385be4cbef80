//! Whether the facts entered satisfy a definition, do not satisfy it, or do not settle it, and why.

use super::Law;
use super::case::{Grade, Known, Person};
use super::definition::{Atom, Element, Norm, Remark, Term, facts_of};
use super::logic::{Compiled, Logic, LogicError, OpenReading, Truth, Variable, World};
use super::minimal::{Literal, MinimalSets, minimal_sets};
use super::proposal::{Proposal, with_proposals};
use super::speech::Speech;
use super::vocabulary::FactIx;
use biodivine_lib_bdd::Bdd;
use std::collections::BTreeSet;

pub use super::verdict::Finding;

impl Finding {
    pub(super) const fn of(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::Established,
            Truth::False => Self::NotEstablished,
            Truth::Open => Self::Undetermined,
        }
    }
}

/// How cases are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// How open lists are read.
    pub open: OpenReading,
    /// Whether entailments by interpretation count.
    pub interpretation: bool,
}

impl Default for Reading {
    /// That of cases: one residue for all open lists, interpretations on.
    fn default() -> Self {
        Self { open: OpenReading::Shared, interpretation: true }
    }
}

/// An element of a limb that stands in its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// The limb's place in the norm.
    pub limb: usize,
    /// The requirement that is not met.
    pub requirement: Term,
    /// Terms of the element that are false, or, for an exception, those that are true.
    pub terms: Vec<Term>,
}

/// One line of evidence on one norm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What the facts do.
    pub finding: Finding,
    /// The limbs that are established, in the order of the norm.
    pub limbs: Vec<usize>,
    /// What fails, limb by limb; for a norm that is not established every limb has at least one entry, unless its
    /// elements fail only together.
    pub failing: Vec<Obstacle>,
    /// What each limb still leaves open.
    pub open: Vec<Obstacle>,
    /// Smallest sets of facts that would establish an undetermined norm.
    pub missing: MinimalSets,
    /// Smallest sets of facts that would defeat an undetermined norm.
    pub defeating: MinimalSets,
    /// Whether the norm would be established if its open list were read to reach this case.
    pub established_if_open: bool,
    /// Whether the person was taken for a child because their age is uncertain.
    pub presumed_minor: bool,
    /// What signs, or what took place, propose of what this norm speaks: on the line of protection only.
    pub proposed: Vec<Proposal>,
}

/// What a case gives for one norm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The norm's place in the law.
    pub norm: usize,
    /// On all facts as entered, whatever their grade.
    pub all: Line,
    /// On facts that are at least supported, with the presumption of minority.
    pub protection: Line,
    /// On facts that are proved.
    pub prosecution: Line,
    /// Remarks whose condition holds on all facts as entered, by place.
    pub remarks: Vec<usize>,
    /// What limits where the instrument applies, by place, with whether it is met.
    pub scopes: Vec<(usize, Finding)>,
    /// Aggravations that apply on all facts as entered, by place.
    pub aggravations: Vec<usize>,
}

/// A person's facts, ready to be asked for any norm.
#[derive(Debug)]
pub struct Bench<'b> {
    logic: &'b Logic,
    reading: Reading,
    all: Side,
    protection: Side,
    prosecution: Side,
}

#[derive(Debug)]
struct Side {
    known: Known,
    world: World,
    proposals: Vec<Proposal>,
}

impl Side {
    fn new(logic: &Logic, known: Known, reading: Reading) -> Result<Self, LogicError> {
        let world = World::new(logic, &known, reading.interpretation)?;
        Ok(Self { known, world, proposals: Vec::new() })
    }

    /// Where the facts entered exclude that the person is a child, nobody presumes it.
    fn protection(logic: &Logic, person: &Person, reading: Reading) -> Result<Self, LogicError> {
        let presumed = person.for_protection();
        match Self::proposed(logic, presumed.clone(), reading) {
            Err(error @ LogicError::TooComplex { .. }) => Err(error),
            Err(_) if presumed.presumed_minor => {
                let known = Known { inference: true, ..person.at_least(Grade::Supported) };
                Self::proposed(logic, known, reading)
            }
            other => other,
        }
    }

    /// What signs propose counts beside what is known; where that contradicts what was entered, what was entered stands alone.
    fn proposed(logic: &Logic, known: Known, reading: Reading) -> Result<Self, LogicError> {
        let (more, proposals) = with_proposals(&logic.law, known.clone());
        // What follows by inference is entered by now: as rules it would join almost all facts to one diagram.
        let more = Known { inference: false, ..more };
        match Self::new(logic, more, reading) {
            Ok(side) => Ok(Self { proposals, ..side }),
            Err(error @ LogicError::TooComplex { .. }) => Err(error),
            Err(_) => Self::new(logic, Known { inference: false, ..known }, reading),
        }
    }
}

/// Returns what counts for protection: facts at least supported, a person who may be a child taken for one, unless
/// the facts entered exclude it.
///
/// # Errors
/// [`LogicError`]: the facts contradict each other.
pub fn known_for_protection(logic: &Logic, person: &Person, reading: Reading) -> Result<Known, LogicError> {
    Side::protection(logic, person, reading).map(|side| side.known)
}

impl<'b> Bench<'b> {
    /// Returns the three lines of evidence of a person.
    ///
    /// # Errors
    /// [`LogicError`]: the facts contradict each other.
    pub fn new(logic: &'b Logic, person: &Person, reading: Reading) -> Result<Self, LogicError> {
        Ok(Self {
            logic,
            reading,
            all: Side::new(logic, person.known(), reading)?,
            protection: Side::protection(logic, person, reading)?,
            prosecution: Side::new(logic, person.for_prosecution(), reading)?,
        })
    }

    /// Returns what the facts give for a norm.
    ///
    /// # Errors
    /// [`LogicError::TooComplex`]
    pub fn outcome(&self, norm: usize) -> Result<Outcome, LogicError> {
        let compiled = self.logic.compile(norm, &self.all.world, self.reading.open)?;
        let n = &self.logic.law.norms[norm];
        let all = self.line_of(&self.all, norm, &compiled)?;
        let status = |terms: &[Term]| status(self.logic, &self.all.world, &compiled, terms);
        let holds = |list: &[Remark]| -> Result<Vec<(usize, Truth)>, LogicError> {
            list.iter().enumerate().map(|(i, r)| Ok((i, status(&r.when)?))).collect()
        };
        let mut aggravations = Vec::new();
        for (i, aggravation) in n.aggravations.iter().enumerate() {
            if all.finding == Finding::Established && status(&aggravation.requires)? == Truth::True {
                aggravations.push(i);
            }
        }
        Ok(Outcome {
            norm,
            protection: self.line(&self.protection, norm, &all)?,
            prosecution: self.line(&self.prosecution, norm, &all)?,
            remarks: holds(&n.remarks)?.into_iter().filter(|(_, t)| *t == Truth::True).map(|(i, _)| i).collect(),
            scopes: holds(&n.scopes)?.into_iter().map(|(i, t)| (i, Finding::of(t))).collect(),
            aggravations,
            all,
        })
    }

    /// Returns a norm's line on the facts of at least a grade.
    ///
    /// # Errors
    /// [`LogicError`]
    pub fn line_for(&self, known: Known, norm: usize) -> Result<Line, LogicError> {
        let side = Side::new(self.logic, known, self.reading)?;
        let compiled = self.logic.compile(norm, &side.world, self.reading.open)?;
        self.line_of(&side, norm, &compiled)
    }

    /// A line that rests on the same facts as another is the same.
    fn line(&self, side: &Side, norm: usize, all: &Line) -> Result<Line, LogicError> {
        if side.known == self.all.known {
            return Ok(all.clone());
        }
        let compiled = self.logic.compile(norm, &side.world, self.reading.open)?;
        self.line_of(side, norm, &compiled)
    }

    fn line_of(&self, side: &Side, norm: usize, compiled: &Compiled) -> Result<Line, LogicError> {
        let (logic, world) = (self.logic, &side.world);
        let n = &logic.law.norms[norm];
        let constraint = world.constraint(logic, &compiled.holds)?;
        let finding = Finding::of(logic.truth(&compiled.holds, &constraint)?);
        let mut limbs = Vec::new();
        for (i, limb) in compiled.limbs.iter().enumerate() {
            if logic.truth(limb, &constraint)? == Truth::True {
                limbs.push(i);
            }
        }
        let (failing, open) = self.obstacles(n, world, compiled)?;
        let (missing, defeating) = if finding == Finding::Undetermined {
            let sets = |goal: &Bdd| minimal_sets(logic, goal, &constraint).map(|sets| self.entered_first(sets));
            (sets(&compiled.holds)?, sets(&compiled.holds.not())?)
        } else {
            let none = MinimalSets { sets: Vec::new(), complete: true };
            (none.clone(), none)
        };
        let established_if_open = finding != Finding::Established && self.if_open(&side.known, norm)?;
        let presumed_minor = side.known.presumed_minor;
        let proposed = relevant(&logic.law, n, &side.proposals);
        Ok(Line { finding, limbs, failing, open, missing, defeating, established_if_open, presumed_minor, proposed })
    }

    /// Among sets of one size those come first whose facts were entered, though not well enough established for this
    /// line: what is alleged is nearer to proof than what nobody said.
    fn entered_first(&self, mut sets: MinimalSets) -> MinimalSets {
        let said = |l: &Literal| match l.variable {
            Variable::Fact(f) => self.all.known.values.get(&f) == Some(&l.value),
            Variable::Below(..) | Variable::Open(_) => false,
        };
        sets.sets.sort_by_key(|set| (set.len(), set.iter().filter(|l| !said(l)).count()));
        sets
    }

    /// Returns, over all limbs, the requirements that fail and those that are open.
    fn obstacles(
        &self,
        n: &Norm,
        world: &World,
        compiled: &Compiled,
    ) -> Result<(Vec<Obstacle>, Vec<Obstacle>), LogicError> {
        let (mut failing, mut open) = (Vec::new(), Vec::new());
        for (limb, l) in n.limbs.iter().enumerate() {
            for &requirement in &l.requires {
                let truth = status(self.logic, world, compiled, &[requirement])?;
                if truth == Truth::True {
                    continue;
                }
                let terms = self.terms(n, world, compiled, requirement, truth)?;
                let obstacle = Obstacle { limb, requirement, terms };
                if truth == Truth::False { failing.push(obstacle) } else { open.push(obstacle) }
            }
        }
        Ok((failing, open))
    }

    /// Returns the terms of a requirement that are to blame: the false ones, the open ones, the exceptions that apply.
    fn terms(
        &self,
        n: &Norm,
        world: &World,
        compiled: &Compiled,
        requirement: Term,
        truth: Truth,
    ) -> Result<Vec<Term>, LogicError> {
        let Atom::Element(e) = requirement.atom else { return Ok(vec![requirement]) };
        let mut out = Vec::new();
        let mut add = |list: &[Term], wanted: Truth| -> Result<(), LogicError> {
            for &term in list {
                if status(self.logic, world, compiled, &[term])? == wanted && !out.contains(&term) {
                    out.push(term);
                }
            }
            Ok(())
        };
        let element = &n.elements[e];
        match (requirement.negated, truth) {
            // An exception applies: what makes it apply.
            (true, Truth::False) => {
                add(&element.all, Truth::True)?;
                add(&element.any, Truth::True)?;
            }
            (false, Truth::False) => {
                add(&element.all, Truth::False)?;
                add(&element.any, Truth::False)?;
                add(&element.none, Truth::True)?;
            }
            _ => {
                let listed: Vec<Term> = element.terms().collect();
                add(&listed, Truth::Open)?;
            }
        }
        Ok(out)
    }

    /// Whether the norm would hold if what its list leaves open were true; what was entered as false stays false.
    fn if_open(&self, known: &Known, norm: usize) -> Result<bool, LogicError> {
        let n = &self.logic.law.norms[norm];
        let residues: BTreeSet<FactIx> = n.elements.iter().filter_map(residue).collect();
        if residues.is_empty() || residues.iter().any(|f| known.values.get(f) == Some(&false)) {
            return Ok(false);
        }
        let mut known = known.clone();
        for fact in residues {
            known.unknown.remove(&fact);
            known.values.insert(fact, true);
        }
        let world = match World::new(self.logic, &known, self.reading.interpretation) {
            Ok(world) => world,
            Err(error @ LogicError::TooComplex { .. }) => return Err(error),
            Err(_) => return Ok(false),
        };
        let compiled = self.logic.compile(norm, &world, OpenReading::Shared)?;
        let constraint = world.constraint(self.logic, &compiled.holds)?;
        Ok(self.logic.truth(&compiled.holds, &constraint)? == Truth::True)
    }
}

/// Returns the proposals of which a norm speaks, or which give a fact of which it speaks.
fn relevant(law: &Law, n: &Norm, proposals: &[Proposal]) -> Vec<Proposal> {
    if proposals.is_empty() {
        return Vec::new();
    }
    let mut facts: BTreeSet<FactIx> = (0..n.elements.len()).flat_map(|e| facts_of(n, e)).collect();
    let fact = |t: &Term| match t.atom {
        Atom::Fact(f) => Some(f),
        Atom::Below(..) | Atom::Element(_) => None,
    };
    for rule in &law.vocabulary.entailments {
        if rule.conclusions.iter().filter_map(fact).any(|f| facts.contains(&f)) {
            facts.extend(rule.premises.iter().filter_map(fact));
        }
    }
    proposals.iter().filter(|p| facts.contains(&p.fact)).cloned().collect()
}

/// Returns the fact that stands for what an element's list leaves open.
fn residue(element: &Element) -> Option<FactIx> {
    match element.open?.atom {
        Atom::Fact(f) => Some(f),
        Atom::Below(..) | Atom::Element(_) => None,
    }
}

fn status(logic: &Logic, world: &World, compiled: &Compiled, terms: &[Term]) -> Result<Truth, LogicError> {
    let known: Vec<Option<Bdd>> = compiled.elements.iter().cloned().map(Some).collect();
    let diagram = logic.all(terms, &known, world)?;
    logic.truth(&diagram, &world.constraint(logic, &diagram)?)
}

/// Returns the words of a variable: a fact's label, an age.
#[must_use]
pub fn variable_words(law: &Law, variable: Variable, value: bool) -> String {
    Speech::english(law).variable(variable, value)
}

/// Returns the id of a variable with its value, as a case file writes it: `act.recruit`, `!act.recruit`, `victim.age < 18`.
#[must_use]
pub fn variable_id(law: &Law, variable: Variable, value: bool) -> String {
    match variable {
        Variable::Fact(f) => format!("{}{}", if value { "" } else { "!" }, law.vocabulary.get(f).id),
        Variable::Below(f, n) => format!("{} {} {n}", law.vocabulary.get(f).id, if value { "<" } else { ">=" }),
        Variable::Open(norm) => {
            let id = law.norms.get(norm).map_or("", |n| n.id.as_str());
            format!("{}open({id})", if value { "" } else { "!" })
        }
    }
}
