//! Definitions as decision diagrams, and what is known as a world in which they are read.
//!
//! Every question here is answered exactly: a diagram stands for all ways in which the open facts can fall. The
//! diagrams are those of the crate `biodivine-lib-bdd`; what grows beyond [`MAX_NODES`] is refused, not guessed.

use super::Law;
use super::case::{AgeRange, Known, MAJORITY, Rest};
use super::definition::{Atom, Norm, Term};
use super::vocabulary::{Basis, Entailment, FactIx, Kind};
use crate::problem::{Act, Remedy, Slot};
use biodivine_lib_bdd::{Bdd, BddVariable, BddVariableSet, op_function};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Largest diagram, in nodes; the largest bundled norm has about a hundred.
pub const MAX_NODES: usize = 200_000;

/// What a diagram decides on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variable {
    /// A number lies below a bound.
    Below(FactIx, u16),
    /// A fact is true.
    Fact(FactIx),
    /// What the open list of one norm, read as its own question, reaches; the norm's place in the law.
    Open(usize),
}

/// How the open end of a list ("at a minimum") is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OpenReading {
    /// Only what is listed.
    Closed,
    /// All instruments leave the same thing open: one fact for all.
    #[default]
    Shared,
    /// Each instrument's open end is its own question.
    Own,
}

impl OpenReading {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Closed, Self::Shared, Self::Own];

    /// Returns the word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Shared => "shared",
            Self::Own => "own",
        }
    }
}

/// Whether something holds in every way the open facts can fall, in none, or in some.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// In every way.
    True,
    /// In none.
    False,
    /// In some.
    Open,
}

/// Why a question cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogicError {
    /// A diagram grew too large.
    #[error("norm `{norm}` combines too many facts to be decided exactly")]
    TooComplex {
        /// The norm; empty where the entailments alone are too many.
        norm: String,
    },
    /// A fact is entered as untrue although others entail it.
    #[error("the facts contradict each other: {because} entails `{fact}`, which is entered as false")]
    Entailed {
        /// The fact.
        fact: String,
        /// The facts that entail it.
        because: String,
        /// Why they do.
        basis: Basis,
    },
    /// Two facts exclude each other.
    #[error("the facts contradict each other: `{a}` and `{b}` cannot both be true")]
    Excluded {
        /// One.
        a: String,
        /// The other.
        b: String,
    },
    /// It was answered that there was nothing of a kind, and a fact of that kind is entered as true.
    #[error("the answers contradict each other: `{fact}` is true, and there was nothing of the kind `{kind}`")]
    Denied {
        /// The screen, by id.
        kind: String,
        /// The fact.
        fact: String,
    },
    /// No way to fill in the unknown facts is free of contradiction.
    #[error("the facts contradict each other: there is no way to fill in the unknown ones")]
    Impossible,
}

impl LogicError {
    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<Remedy> {
        match self {
            Self::TooComplex { .. } => Some("split the norm, or shorten its lists".into()),
            Self::Entailed { basis: Basis::Interpretation, .. } => Some(Remedy::with(
                "correct one of them, or switch interpretations off with {}",
                [Slot::setting("no_interpretation")],
            )),
            Self::Entailed { .. } | Self::Excluded { .. } | Self::Denied { .. } | Self::Impossible => {
                Some(Remedy::with("correct one of them; `{}` shows what entails what", [Act::ListFacts]))
            }
        }
    }
}

/// The diagrams of a norm in one world.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// Each element.
    pub elements: Vec<Bdd>,
    /// Each limb.
    pub limbs: Vec<Bdd>,
    /// The norm.
    pub holds: Bdd,
}

/// The variables of a law, and how to build diagrams over them.
#[derive(Debug)]
pub struct Logic {
    /// The law.
    pub law: Arc<Law>,
    set: BddVariableSet,
    variables: Vec<Variable>,
    place: BTreeMap<Variable, usize>,
    handles: Vec<BddVariable>,
    /// Per number, the bounds that occur, in order.
    bounds: BTreeMap<FactIx, BTreeSet<u16>>,
}

impl Logic {
    /// Returns the variables of a law: bounds first, then facts, those that entail each other side by side.
    #[must_use]
    pub fn new(law: &Arc<Law>) -> Self {
        let bounds = bounds(law);
        let mut variables: Vec<Variable> =
            bounds.iter().flat_map(|(&f, ns)| ns.iter().map(move |&n| Variable::Below(f, n))).collect();
        variables.extend(grouped(law).into_iter().map(Variable::Fact));
        variables.extend((0..law.norms.len()).map(Variable::Open));
        let set = BddVariableSet::new_anonymous(u16::try_from(variables.len()).unwrap_or(u16::MAX));
        let handles = set.variables();
        let place = variables.iter().enumerate().map(|(i, &v)| (v, i)).collect();
        Self { law: law.clone(), set, variables, place, handles, bounds }
    }

    /// Returns the diagram that is always true.
    #[must_use]
    pub fn yes(&self) -> Bdd {
        self.set.mk_true()
    }

    /// Returns the diagram that is never true.
    #[must_use]
    pub fn no(&self) -> Bdd {
        self.set.mk_false()
    }

    fn constant(&self, value: bool) -> Bdd {
        if value { self.yes() } else { self.no() }
    }

    /// Returns the diagram of one variable.
    #[must_use]
    pub fn variable(&self, variable: Variable) -> Bdd {
        match self.handle(variable) {
            Some(handle) => self.set.mk_var(handle),
            None => self.no(),
        }
    }

    /// Returns the variable behind a diagram's own.
    #[must_use]
    pub fn of_handle(&self, handle: BddVariable) -> Option<Variable> {
        self.variables.get(handle.to_index()).copied()
    }

    /// Returns the diagram's own name for a variable.
    #[must_use]
    pub fn handle(&self, variable: Variable) -> Option<BddVariable> {
        self.place.get(&variable).and_then(|&i| self.handles.get(i)).copied()
    }

    /// Returns the variables that a diagram depends on, in order.
    #[must_use]
    pub fn support(&self, diagram: &Bdd) -> BTreeSet<Variable> {
        diagram.support_set().into_iter().filter_map(|h| self.of_handle(h)).collect()
    }

    /// Returns both.
    ///
    /// # Errors
    /// [`LogicError::TooComplex`]
    pub fn and(&self, a: &Bdd, b: &Bdd) -> Result<Bdd, LogicError> {
        Bdd::binary_op_with_limit(MAX_NODES, a, b, op_function::and).ok_or_else(too_complex)
    }

    /// Returns either.
    ///
    /// # Errors
    /// [`LogicError::TooComplex`]
    pub fn or(&self, a: &Bdd, b: &Bdd) -> Result<Bdd, LogicError> {
        Bdd::binary_op_with_limit(MAX_NODES, a, b, op_function::or).ok_or_else(too_complex)
    }

    /// Returns the first without the second.
    ///
    /// # Errors
    /// [`LogicError::TooComplex`]
    pub fn and_not(&self, a: &Bdd, b: &Bdd) -> Result<Bdd, LogicError> {
        Bdd::binary_op_with_limit(MAX_NODES, a, b, op_function::and_not).ok_or_else(too_complex)
    }

    /// Returns whether something holds wherever the constraint does.
    ///
    /// # Errors
    /// [`LogicError::TooComplex`]
    pub fn truth(&self, diagram: &Bdd, constraint: &Bdd) -> Result<Truth, LogicError> {
        if self.and(diagram, constraint)?.is_false() {
            return Ok(Truth::False);
        }
        Ok(if self.and_not(constraint, diagram)?.is_false() { Truth::True } else { Truth::Open })
    }

    /// Returns the diagrams of a norm, its variables read in a world.
    ///
    /// # Errors
    /// [`LogicError::TooComplex`]
    pub fn compile(&self, norm: usize, world: &World, reading: OpenReading) -> Result<Compiled, LogicError> {
        let n = &self.law.norms[norm];
        let named = |e: LogicError| match e {
            LogicError::TooComplex { .. } => LogicError::TooComplex { norm: n.id.clone() },
            other => other,
        };
        let mut elements: Vec<Option<Bdd>> = vec![None; n.elements.len()];
        for i in order(n) {
            let built = self.element(norm, i, &elements, world, reading).map_err(named)?;
            elements[i] = Some(built);
        }
        let elements: Vec<Bdd> = elements.into_iter().map(|e| e.unwrap_or_else(|| self.no())).collect();
        let known: Vec<Option<Bdd>> = elements.iter().cloned().map(Some).collect();
        let mut limbs = Vec::with_capacity(n.limbs.len());
        let mut holds = self.no();
        for limb in &n.limbs {
            let diagram = self.all(&limb.requires, &known, world).map_err(named)?;
            holds = self.or(&holds, &diagram).map_err(named)?;
            limbs.push(diagram);
        }
        Ok(Compiled { elements, limbs, holds })
    }

    fn element(
        &self,
        norm: usize,
        element: usize,
        known: &[Option<Bdd>],
        world: &World,
        reading: OpenReading,
    ) -> Result<Bdd, LogicError> {
        let e = &self.law.norms[norm].elements[element];
        let mut out = self.all(&e.all, known, world)?;
        if !e.any.is_empty() || e.open.is_some() {
            let mut any = self.no();
            for term in &e.any {
                any = self.or(&any, &self.term(*term, known, world))?;
            }
            if let Some(open) = e.open {
                let residue = match reading {
                    OpenReading::Closed => self.no(),
                    OpenReading::Shared => self.term(open, known, world),
                    OpenReading::Own => world.value(self, Variable::Open(norm)),
                };
                any = self.or(&any, &residue)?;
            }
            out = self.and(&out, &any)?;
        }
        for term in &e.none {
            out = self.and_not(&out, &self.term(*term, known, world))?;
        }
        Ok(out)
    }

    /// Returns the diagram of all these terms together; `known` holds the elements that they may name.
    ///
    /// # Errors
    /// [`LogicError::TooComplex`]
    pub fn all(&self, terms: &[Term], known: &[Option<Bdd>], world: &World) -> Result<Bdd, LogicError> {
        let mut out = self.yes();
        for term in terms {
            out = self.and(&out, &self.term(*term, known, world))?;
        }
        Ok(out)
    }

    fn term(&self, term: Term, known: &[Option<Bdd>], world: &World) -> Bdd {
        let diagram = match term.atom {
            Atom::Fact(f) => world.value(self, Variable::Fact(f)),
            Atom::Below(f, n) => world.value(self, Variable::Below(f, n)),
            Atom::Element(e) => known.get(e).and_then(Clone::clone).unwrap_or_else(|| self.no()),
        };
        if term.negated { diagram.not() } else { diagram }
    }

    fn bounds_of(&self, fact: FactIx) -> impl Iterator<Item = u16> + '_ {
        self.bounds.get(&fact).into_iter().flatten().copied()
    }
}

fn too_complex() -> LogicError {
    LogicError::TooComplex { norm: String::new() }
}

/// Returns the elements of a norm, each after those that it refers to.
fn order(norm: &Norm) -> Vec<usize> {
    let mut out = Vec::with_capacity(norm.elements.len());
    let mut placed = vec![false; norm.elements.len()];
    // A definition has no circles, so each pass places at least one element.
    for _ in 0..norm.elements.len() {
        for (i, element) in norm.elements.iter().enumerate() {
            let ready = element.terms().all(|t| match t.atom {
                Atom::Element(e) => placed.get(e).copied().unwrap_or(true),
                Atom::Fact(_) | Atom::Below(..) => true,
            });
            if ready && !placed[i] {
                placed[i] = true;
                out.push(i);
            }
        }
        if out.len() == norm.elements.len() {
            break;
        }
    }
    out
}

/// Returns every bound that a norm or an entailment draws, by number; the age always has that of majority.
fn bounds(law: &Law) -> BTreeMap<FactIx, BTreeSet<u16>> {
    let mut out: BTreeMap<FactIx, BTreeSet<u16>> = BTreeMap::new();
    let of_norm = |n: &Norm| -> Vec<Term> {
        let said = n.remarks.iter().chain(&n.scopes).flat_map(|r| &r.when);
        let required = n.limbs.iter().flat_map(|l| &l.requires).chain(n.aggravations.iter().flat_map(|a| &a.requires));
        n.elements.iter().flat_map(|e| e.terms()).chain(said.copied()).chain(required.copied()).collect()
    };
    let terms = law.norms.iter().flat_map(of_norm);
    let premises = law.vocabulary.entailments.iter().flat_map(|e| e.premises.iter().copied());
    for term in terms.chain(premises) {
        if let Atom::Below(fact, n) = term.atom {
            out.entry(fact).or_default().insert(n);
        }
    }
    if let Some(age) = law.vocabulary.age() {
        out.entry(age).or_default().insert(MAJORITY);
    }
    out
}

/// Returns the facts so that those joined by an entailment stand side by side: that keeps diagrams small.
fn grouped(law: &Law) -> Vec<FactIx> {
    let n = law.vocabulary.facts().len();
    let mut group: Vec<usize> = (0..n).collect();
    // Groups are named by their first fact; joining renames, which is cheap for a vocabulary.
    let mut join = |a: usize, b: usize| {
        let (from, to) = (group[a].max(group[b]), group[a].min(group[b]));
        group.iter_mut().filter(|g| **g == from).for_each(|g| *g = to);
    };
    for rule in &law.vocabulary.entailments {
        let facts: Vec<usize> = rule
            .premises
            .iter()
            .chain(&rule.conclusions)
            .filter_map(|t| match t.atom {
                Atom::Fact(f) => Some(f.index()),
                Atom::Below(..) | Atom::Element(_) => None,
            })
            .collect();
        facts.windows(2).for_each(|pair| join(pair[0], pair[1]));
    }
    law.vocabulary.exclusions.iter().for_each(|(a, b)| join(a.index(), b.index()));
    let mut order: Vec<usize> = (0..n).filter(|&i| law.vocabulary.facts()[i].kind == Kind::Bool).collect();
    order.sort_by_key(|&i| (group[i], i));
    order.into_iter().map(|i| FactIx(i as u16)).collect()
}

/// What is known, as values of the variables, with what the unknown ones must respect.
#[derive(Debug, Clone)]
pub struct World {
    /// Values that are not free; a variable that is missing here is free.
    values: BTreeMap<Variable, Bdd>,
    /// What holds between the free variables.
    pieces: Vec<(BTreeSet<Variable>, Bdd)>,
}

impl World {
    /// Returns the world in which nothing is known; `interpretation` tells whether entailments by interpretation count.
    ///
    /// # Errors
    /// [`LogicError`]
    pub fn open(logic: &Logic, interpretation: bool) -> Result<Self, LogicError> {
        let known = Known {
            values: BTreeMap::new(),
            unknown: BTreeSet::new(),
            age: AgeRange::ANY,
            rest: Rest::Unknown,
            presumed_minor: false,
            inference: false,
        };
        Self::new(logic, &known, interpretation)
    }

    /// Returns the world of what is known.
    ///
    /// First the facts that are listed; then what they entail; then the rest. Where the rest is false, a fact that is
    /// not listed is false unless the unknown facts, as they fall, entail it.
    ///
    /// # Errors
    /// [`LogicError`]: the facts contradict each other, or are too many.
    pub fn new(logic: &Logic, known: &Known, interpretation: bool) -> Result<Self, LogicError> {
        let rules = active(&logic.law, interpretation);
        let inferred = if known.inference { inferences(&logic.law, known) } else { Vec::new() };
        let mut world = Self { values: BTreeMap::new(), pieces: Vec::new() };
        world.bounds(logic, known);
        let all: Vec<(usize, &Entailment)> = rules.iter().chain(&inferred).copied().collect();
        let facts = world.closure(&logic.law, known, &all)?;
        for (&fact, &value) in &facts {
            world.values.insert(Variable::Fact(fact), logic.constant(value));
        }
        if known.rest == Rest::False {
            world.close(logic, known, &rules)?;
        }
        world.infer(logic, &inferred)?;
        world.constrain(logic, &rules)?;
        if world.everything(logic)?.is_false() {
            return Err(LogicError::Impossible);
        }
        Ok(world)
    }

    /// Returns the diagram of a variable in this world.
    #[must_use]
    pub fn value(&self, logic: &Logic, variable: Variable) -> Bdd {
        self.values.get(&variable).cloned().unwrap_or_else(|| logic.variable(variable))
    }

    /// Returns what the free variables that these depend on must respect.
    ///
    /// # Errors
    /// [`LogicError::TooComplex`]
    pub fn constraint(&self, logic: &Logic, diagram: &Bdd) -> Result<Bdd, LogicError> {
        self.constraint_of(logic, Some(logic.support(diagram)))
    }

    /// Returns everything that the free variables must respect.
    ///
    /// # Errors
    /// [`LogicError::TooComplex`]
    pub fn everything(&self, logic: &Logic) -> Result<Bdd, LogicError> {
        self.constraint_of(logic, None)
    }

    /// With no support given, everything.
    fn constraint_of(&self, logic: &Logic, support: Option<BTreeSet<Variable>>) -> Result<Bdd, LogicError> {
        let mut reached = support;
        let mut taken = vec![false; self.pieces.len()];
        let mut out = logic.yes();
        loop {
            let mut more = false;
            for (i, (variables, piece)) in self.pieces.iter().enumerate() {
                let linked = reached.as_ref().is_none_or(|r| variables.iter().any(|v| reaches(r, *v)));
                if linked && !std::mem::replace(&mut taken[i], true) {
                    out = logic.and(&out, piece)?;
                    if let Some(r) = &mut reached {
                        r.extend(variables);
                    }
                    more = true;
                }
            }
            if !more {
                break;
            }
        }
        self.nested(logic, out, reached.as_ref())
    }

    /// Adds that under 16 is under 18, for the bounds that matter only: others would offer needless ways to be a child.
    fn nested(&self, logic: &Logic, mut out: Bdd, reached: Option<&BTreeSet<Variable>>) -> Result<Bdd, LogicError> {
        for (&fact, ns) in &logic.bounds {
            let mut before: Option<Bdd> = None;
            for &n in ns {
                let variable = Variable::Below(fact, n);
                if reached.is_some_and(|r| !r.contains(&variable)) {
                    continue;
                }
                let below = self.value(logic, variable);
                if let Some(lower) = before {
                    out = logic.and(&out, &logic.or(&lower.not(), &below)?)?;
                }
                before = Some(below);
            }
        }
        Ok(out)
    }

    fn bounds(&mut self, logic: &Logic, known: &Known) {
        let Some(age) = logic.law.vocabulary.age() else { return };
        for n in logic.bounds_of(age) {
            let value = if known.age.high < n {
                true
            } else if known.age.low >= n {
                false
            } else {
                continue;
            };
            self.values.insert(Variable::Below(age, n), logic.constant(value));
        }
    }

    /// Returns the facts entered with what they entail.
    fn closure(
        &mut self,
        law: &Law,
        known: &Known,
        rules: &[(usize, &Entailment)],
    ) -> Result<BTreeMap<FactIx, bool>, LogicError> {
        let mut facts = known.values.clone();
        let name = |f: FactIx| law.vocabulary.get(f).id.clone();
        loop {
            let before = facts.len() + facts.values().filter(|v| **v).count();
            for (_, rule) in rules {
                if !rule.premises.iter().all(|t| self.met(*t, &facts)) {
                    continue;
                }
                for fact in rule.conclusions.iter().filter_map(fact_of) {
                    if facts.get(&fact) == Some(&false) {
                        let because: Vec<String> =
                            rule.premises.iter().map(|t| format!("`{}`", words(law, *t))).collect();
                        return Err(LogicError::Entailed {
                            fact: name(fact),
                            because: because.join(" and "),
                            basis: rule.basis,
                        });
                    }
                    facts.insert(fact, true);
                }
            }
            if facts.len() + facts.values().filter(|v| **v).count() == before {
                break;
            }
        }
        for (a, b) in &law.vocabulary.exclusions {
            if facts.get(a) == Some(&true) && facts.get(b) == Some(&true) {
                return Err(LogicError::Excluded { a: name(*a), b: name(*b) });
            }
        }
        Ok(facts)
    }

    fn met(&self, term: Term, facts: &BTreeMap<FactIx, bool>) -> bool {
        match term.atom {
            Atom::Fact(f) => facts.get(&f) == Some(&!term.negated),
            Atom::Below(f, n) => self
                .values
                .get(&Variable::Below(f, n))
                .is_some_and(|d| if term.negated { d.is_false() } else { d.is_true() }),
            Atom::Element(_) => false,
        }
    }

    /// Takes what is not listed as false, unless the unknown facts entail it: the least solution of the entailments.
    fn close(&mut self, logic: &Logic, known: &Known, rules: &[(usize, &Entailment)]) -> Result<(), LogicError> {
        let mut closed = BTreeSet::new();
        for (i, fact) in logic.law.vocabulary.facts().iter().enumerate() {
            let ix = FactIx(i as u16);
            let variable = Variable::Fact(ix);
            if fact.kind == Kind::Bool && !self.values.contains_key(&variable) && !known.unknown.contains(&ix) {
                self.values.insert(variable, logic.no());
                closed.insert(ix);
            }
        }
        for norm in 0..logic.law.norms.len() {
            self.values.insert(Variable::Open(norm), logic.no());
        }
        // Each pass that changes anything makes some fact hold in more ways; a chain is at most as long as the rules.
        for _ in 0..=rules.len() {
            let mut changed = false;
            for (_, rule) in rules {
                let premise = logic.all(&rule.premises, &[], self)?;
                for fact in rule.conclusions.iter().filter_map(fact_of).filter(|f| closed.contains(f)) {
                    let before = self.value(logic, Variable::Fact(fact));
                    let after = logic.or(&before, &premise)?;
                    if after != before {
                        self.values.insert(Variable::Fact(fact), after);
                        changed = true;
                    }
                }
            }
            if !changed {
                break;
            }
        }
        Ok(())
    }

    /// Lets a fact hold where it is said, or where what took place gives it. As a constraint between free facts the same would
    /// join almost all facts into one diagram.
    fn infer(&mut self, logic: &Logic, rules: &[(usize, &Entailment)]) -> Result<(), LogicError> {
        // Each pass that changes anything makes some fact hold in more ways; a chain is at most as long as the rules.
        for _ in 0..=rules.len() {
            let mut changed = false;
            for (_, rule) in rules {
                let premise = logic.all(&rule.premises, &[], self)?;
                for fact in rule.conclusions.iter().filter_map(fact_of) {
                    let before = self.value(logic, Variable::Fact(fact));
                    let after = logic.or(&before, &premise)?;
                    if after != before {
                        self.values.insert(Variable::Fact(fact), after);
                        changed = true;
                    }
                }
            }
            if !changed {
                break;
            }
        }
        Ok(())
    }

    /// Collects what the free variables must respect: entailments and exclusions.
    fn constrain(&mut self, logic: &Logic, rules: &[(usize, &Entailment)]) -> Result<(), LogicError> {
        let mut pieces = Vec::new();
        for (_, rule) in rules {
            let premise = logic.all(&rule.premises, &[], self)?;
            let conclusion = logic.all(&rule.conclusions, &[], self)?;
            pieces.push(logic.or(&premise.not(), &conclusion)?);
        }
        for (a, b) in &logic.law.vocabulary.exclusions {
            let both = logic.and(&self.value(logic, Variable::Fact(*a)), &self.value(logic, Variable::Fact(*b)))?;
            pieces.push(both.not());
        }
        self.pieces = pieces.into_iter().filter(|p| !p.is_true()).map(|p| (logic.support(&p), p)).collect();
        Ok(())
    }
}

/// Returns whether a variable bears on others: itself, or another bound of the same number.
fn reaches(variables: &BTreeSet<Variable>, variable: Variable) -> bool {
    match variable {
        Variable::Below(f, _) => variables.range(Variable::Below(f, 0)..=Variable::Below(f, u16::MAX)).next().is_some(),
        Variable::Fact(_) | Variable::Open(_) => variables.contains(&variable),
    }
}

fn fact_of(term: &Term) -> Option<FactIx> {
    match term.atom {
        Atom::Fact(f) => Some(f),
        Atom::Below(..) | Atom::Element(_) => None,
    }
}

/// Returns a term as a file writes it.
#[must_use]
pub fn words(law: &Law, term: Term) -> String {
    match term.atom {
        Atom::Fact(f) => format!("{}{}", if term.negated { "!" } else { "" }, law.vocabulary.get(f).id),
        Atom::Below(f, n) => {
            format!("{} {} {n}", law.vocabulary.get(f).id, if term.negated { ">=" } else { "<" })
        }
        Atom::Element(e) => format!("{}@{e}", if term.negated { "!" } else { "" }),
    }
}

/// Returns the entailments that count, with their places.
#[must_use]
pub fn active(law: &Law, interpretation: bool) -> Vec<(usize, &Entailment)> {
    let counts = |e: &Entailment| match e.basis {
        Basis::Definition => true,
        Basis::Interpretation => interpretation,
        Basis::Inference => false,
    };
    law.vocabulary.entailments.iter().enumerate().filter(|(_, e)| counts(e)).collect()
}

/// Returns the facts that were entered as untrue, and those that would make one of them true: whoever denied that the work was
/// exploitative has denied that it was forced.
#[must_use]
pub fn denied(law: &Law, known: &Known) -> BTreeSet<FactIx> {
    let mut out: BTreeSet<FactIx> = known.values.iter().filter(|(_, v)| !**v).map(|(f, _)| *f).collect();
    let rules = active(law, true);
    let held = |t: &Term| !t.negated && fact_of(t).is_some_and(|f| known.values.get(&f) == Some(&true));
    loop {
        let leads =
            |e: &Entailment| e.conclusions.iter().any(|t| !t.negated && fact_of(t).is_some_and(|f| out.contains(&f)));
        let last = |e: &Entailment| {
            let mut open = e.premises.iter().filter(|t| !held(t));
            let premise = open.next().filter(|t| !t.negated).and_then(fact_of)?;
            open.next().is_none().then_some(premise)
        };
        let more: Vec<FactIx> =
            rules.iter().filter(|(_, e)| leads(e)).filter_map(|(_, e)| last(e)).filter(|f| !out.contains(f)).collect();
        if more.is_empty() {
            return out;
        }
        out.extend(more);
    }
}

/// Returns the inferences that count beside what is known: none to a fact that was denied.
#[must_use]
pub fn inferences<'l>(law: &'l Law, known: &Known) -> Vec<(usize, &'l Entailment)> {
    let all = denied(law, known);
    let denied = |t: &Term| fact_of(t).is_some_and(|f| all.contains(&f));
    let counts = |e: &Entailment| e.basis == Basis::Inference && !e.conclusions.iter().any(denied);
    law.vocabulary.entailments.iter().enumerate().filter(|(_, e)| counts(e)).collect()
}
