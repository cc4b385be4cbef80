//! Whether one definition contains another, and what lies between them.

use super::Law;
use super::case::AgeRange;
use super::logic::{Logic, LogicError, OpenReading, Variable, World};
use super::vocabulary::{FactIx, OLDEST};
use biodivine_lib_bdd::{Bdd, BddPointer};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// How two definitions stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// The same facts satisfy both.
    Equal,
    /// Whatever satisfies the first satisfies the second.
    Implies,
    /// Whatever satisfies the second satisfies the first.
    IsImplied,
    /// Each is satisfied by facts that do not satisfy the other.
    Incomparable,
}

impl Relation {
    /// Returns the word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Implies => "implies",
            Self::IsImplied => "is-implied",
            Self::Incomparable => "incomparable",
        }
    }
}

/// A least fact pattern: the fewest facts that satisfy one definition and not the other; all others are untrue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Witness {
    /// Facts that are true.
    pub facts: BTreeSet<FactIx>,
    /// Whether the open list of a norm, read as its own question, reaches the case.
    pub open: BTreeSet<usize>,
    /// The ages for which it holds, if they matter.
    pub age: Option<AgeRange>,
}

/// How two definitions stand to each other under one reading of open lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The reading.
    pub reading: OpenReading,
    /// The relation.
    pub relation: Relation,
    /// What satisfies the first and not the second.
    pub only_first: Option<Witness>,
    /// What satisfies the second and not the first.
    pub only_second: Option<Witness>,
    /// Whether some facts satisfy both.
    pub overlap: bool,
}

/// The definitions as diagrams with nothing known.
#[derive(Debug)]
pub struct Definitions<'l> {
    logic: &'l Logic,
    reading: OpenReading,
    holds: Vec<Bdd>,
    /// Each definition with what entails what.
    admitted: Vec<Bdd>,
    theory: Bdd,
}

impl<'l> Definitions<'l> {
    /// Returns the definitions under a reading; entailments by interpretation are off unless asked for.
    ///
    /// # Errors
    /// [`LogicError::TooComplex`]
    pub fn new(logic: &'l Logic, reading: OpenReading, interpretation: bool) -> Result<Self, LogicError> {
        let world = World::open(logic, interpretation)?;
        let holds: Vec<Bdd> = (0..logic.law.norms.len())
            .into_par_iter()
            .map(|n| logic.compile(n, &world, reading).map(|c| c.holds))
            .collect::<Result<_, _>>()?;
        let theory = world.everything(logic)?;
        let admitted = holds.par_iter().map(|h| logic.and(h, &theory)).collect::<Result<_, _>>()?;
        Ok(Self { logic, reading, holds, admitted, theory })
    }

    /// Returns a definition's diagram.
    #[must_use]
    pub fn holds(&self, norm: usize) -> &Bdd {
        &self.holds[norm]
    }

    /// Returns what entails what.
    #[must_use]
    pub const fn theory(&self) -> &Bdd {
        &self.theory
    }

    /// Returns how two definitions stand to each other.
    ///
    /// # Errors
    /// [`LogicError::TooComplex`]
    pub fn relation(&self, a: usize, b: usize) -> Result<Relation, LogicError> {
        let implies = self.logic.and_not(&self.admitted[a], &self.holds[b])?.is_false();
        let implied = self.logic.and_not(&self.admitted[b], &self.holds[a])?.is_false();
        Ok(match (implies, implied) {
            (true, true) => Relation::Equal,
            (true, false) => Relation::Implies,
            (false, true) => Relation::IsImplied,
            (false, false) => Relation::Incomparable,
        })
    }

    /// Returns how two definitions stand to each other, with least witnesses.
    ///
    /// # Errors
    /// [`LogicError::TooComplex`]
    pub fn compare(&self, a: usize, b: usize) -> Result<Comparison, LogicError> {
        let only = |x: usize, y: usize| -> Result<Option<Witness>, LogicError> {
            Ok(least(self.logic, &self.logic.and_not(&self.admitted[x], &self.holds[y])?))
        };
        let (only_first, only_second) = (only(a, b)?, only(b, a)?);
        let relation = match (&only_first, &only_second) {
            (None, None) => Relation::Equal,
            (None, Some(_)) => Relation::Implies,
            (Some(_), None) => Relation::IsImplied,
            (Some(_), Some(_)) => Relation::Incomparable,
        };
        let overlap = !self.logic.and(&self.admitted[a], &self.holds[b])?.is_false();
        Ok(Comparison { reading: self.reading, relation, only_first, only_second, overlap })
    }

    /// Returns the relation of every pair of the given norms, first before second in the list.
    ///
    /// # Errors
    /// [`LogicError::TooComplex`]
    pub fn pairs(&self, norms: &[usize]) -> Result<Vec<(usize, usize, Relation)>, LogicError> {
        let pairs: Vec<(usize, usize)> =
            norms.iter().enumerate().flat_map(|(i, &a)| norms[i + 1..].iter().map(move |&b| (a, b))).collect();
        pairs.into_par_iter().map(|(a, b)| Ok((a, b, self.relation(a, b)?))).collect()
    }

    /// Returns the order of implication among the given norms.
    ///
    /// # Errors
    /// [`LogicError::TooComplex`]
    pub fn order(&self, norms: &[usize]) -> Result<Implication, LogicError> {
        Ok(implication(norms, &self.pairs(norms)?))
    }
}

/// The order of implication: classes of equal definitions, and which lies directly below which.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Implication {
    /// Classes of norms that are equal.
    pub classes: Vec<Vec<usize>>,
    /// Pairs of classes: the first implies the second, and nothing lies between.
    pub covers: Vec<(usize, usize)>,
}

fn implication(norms: &[usize], pairs: &[(usize, usize, Relation)]) -> Implication {
    let mut class_of: BTreeMap<usize, usize> = BTreeMap::new();
    let mut classes: Vec<Vec<usize>> = Vec::new();
    for &n in norms {
        let equal = pairs.iter().find(|(a, b, r)| *b == n && *r == Relation::Equal && class_of.contains_key(a));
        match equal.and_then(|(a, _, _)| class_of.get(a).copied()) {
            Some(class) => {
                class_of.insert(n, class);
                classes[class].push(n);
            }
            None => {
                class_of.insert(n, classes.len());
                classes.push(vec![n]);
            }
        }
    }
    let mut below: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (a, b, relation) in pairs {
        let (Some(&x), Some(&y)) = (class_of.get(a), class_of.get(b)) else { continue };
        match relation {
            Relation::Implies => below.insert((x, y)),
            Relation::IsImplied => below.insert((y, x)),
            Relation::Equal | Relation::Incomparable => false,
        };
    }
    let direct =
        |&&(x, y): &&(usize, usize)| !(0..classes.len()).any(|z| below.contains(&(x, z)) && below.contains(&(z, y)));
    let covers = below.iter().filter(direct).copied().collect();
    Implication { classes, covers }
}

/// Returns the pattern with the fewest true facts that satisfies a diagram; ties go to the facts that come first.
#[must_use]
pub fn least(logic: &Logic, diagram: &Bdd) -> Option<Witness> {
    if diagram.is_false() {
        return None;
    }
    // From the leaves up: the least number of true facts below each node. Pointers are in that order in this crate,
    // but a search that does not rely on it costs little.
    let mut cost: BTreeMap<BddPointer, u32> = BTreeMap::new();
    measure(logic, diagram, &mut cost);
    let mut witness = Witness::default();
    let mut age = AgeRange::ANY;
    let mut at = diagram.root_pointer();
    while !at.is_one() && !at.is_zero() {
        let (low, high) = (diagram.low_link_of(at), diagram.high_link_of(at));
        let variable = logic.of_handle(diagram.var_of(at));
        let [without, with] = costs(variable, &cost, low, high);
        let value = with < without;
        match (variable, value) {
            (Some(Variable::Fact(f)), true) => {
                witness.facts.insert(f);
            }
            (Some(Variable::Open(n)), true) => {
                witness.open.insert(n);
            }
            (Some(Variable::Below(_, n)), true) => {
                age.high = age.high.min(n - 1);
                witness.age = Some(age);
            }
            (Some(Variable::Below(_, n)), false) => {
                age.low = age.low.max(n);
                witness.age = Some(age);
            }
            _ => {}
        }
        at = if value { high } else { low };
    }
    witness.age = witness.age.map(|a| AgeRange { low: a.low, high: a.high.min(OLDEST) });
    Some(witness)
}

/// Returns the least cost with the variable false and with it true; what cannot be satisfied costs most.
fn costs(variable: Option<Variable>, cost: &BTreeMap<BddPointer, u32>, low: BddPointer, high: BddPointer) -> [u32; 2] {
    let of = |p: BddPointer| match (p.is_one(), p.is_zero()) {
        (true, _) => 0,
        (_, true) => u32::MAX,
        _ => cost.get(&p).copied().unwrap_or(u32::MAX),
    };
    let price = u32::from(!matches!(variable, Some(Variable::Below(..))));
    [of(low), of(high).saturating_add(price)]
}

fn measure(logic: &Logic, diagram: &Bdd, cost: &mut BTreeMap<BddPointer, u32>) {
    let mut open = vec![diagram.root_pointer()];
    while let Some(&at) = open.last() {
        if at.is_one() || at.is_zero() || cost.contains_key(&at) {
            open.pop();
            continue;
        }
        let (low, high) = (diagram.low_link_of(at), diagram.high_link_of(at));
        let waiting: Vec<BddPointer> =
            [low, high].into_iter().filter(|p| !p.is_one() && !p.is_zero() && !cost.contains_key(p)).collect();
        if waiting.is_empty() {
            let [without, with] = costs(logic.of_handle(diagram.var_of(at)), cost, low, high);
            cost.insert(at, without.min(with));
            open.pop();
        } else {
            open.extend(waiting);
        }
    }
}

/// What a definition lists under one role, for a comparison element by element.
#[must_use]
pub fn listed(law: &Law, norm: usize, role: &str) -> BTreeSet<FactIx> {
    let n = &law.norms[norm];
    let mut out = BTreeSet::new();
    let mut open: Vec<usize> = (0..n.elements.len()).filter(|&e| n.elements[e].role == role).collect();
    let mut seen = BTreeSet::new();
    while let Some(e) = open.pop() {
        if !seen.insert(e) {
            continue;
        }
        for term in n.elements[e].all.iter().chain(&n.elements[e].any) {
            match term.atom {
                super::definition::Atom::Fact(f) => {
                    out.insert(f);
                }
                super::definition::Atom::Element(inner) => open.push(inner),
                super::definition::Atom::Below(..) => {}
            }
        }
    }
    out
}
