//! The smallest sets of facts that settle a question.
//!
//! A set is *minimal* if it settles the question and no part of it does: a prime implicant of what is left to decide.

use super::logic::{Logic, LogicError, Variable};
use biodivine_lib_bdd::{Bdd, BddPointer, BddVariable};
use std::collections::HashMap;

/// A fact with the value that it would have to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Literal {
    /// What would have to be settled.
    pub variable: Variable,
    /// How.
    pub value: bool,
}

/// Minimal sets, smallest first, ties by the order of facts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MinimalSets {
    /// The sets.
    pub sets: Vec<Vec<Literal>>,
    /// Whether these are all; otherwise they are the smallest.
    pub complete: bool,
}

/// How many sets are kept.
pub const MAX_SETS: usize = 256;
/// How many diagrams are looked at before the search stops.
const MAX_STEPS: usize = 20_000;

/// Returns the minimal sets of facts that make `goal` hold wherever `constraint` does, smallest first.
///
/// # Errors
/// [`LogicError::TooComplex`]
///
/// # Source
/// Coudert, O. & Madre, J. C. (1992), Implicit and incremental computation of primes and essential primes of Boolean
/// functions, DAC 29: 36–39.
pub fn minimal_sets(logic: &Logic, goal: &Bdd, constraint: &Bdd) -> Result<MinimalSets, LogicError> {
    sets_within(logic, goal, constraint, u32::MAX)
}

/// Sets of one size, by how many facts each asks to be true.
pub type Nearest = Option<(u32, Vec<Vec<Literal>>)>;

/// Returns how many facts have to become true for `goal` to hold wherever `constraint` does, if they are at most `within`, with
/// all minimal sets of as many.
///
/// Only facts that have to be true count: what nobody said is taken as absent until somebody says it.
///
/// # Errors
/// [`LogicError::TooComplex`]
pub fn nearest_sets(logic: &Logic, goal: &Bdd, constraint: &Bdd, within: u32) -> Result<Nearest, LogicError> {
    for distance in 0..=within {
        let sets = sets_within(logic, goal, constraint, distance)?.sets;
        if !sets.is_empty() {
            return Ok(Some((distance, sets)));
        }
    }
    Ok(None)
}

/// Returns the minimal sets in which at most `most` facts have to be true.
fn sets_within(logic: &Logic, goal: &Bdd, constraint: &Bdd, most: u32) -> Result<MinimalSets, LogicError> {
    let wanted = logic.or(goal, &constraint.not())?;
    let mut search = Search { logic, memo: HashMap::new(), steps: 0, complete: true };
    let primes = search.primes(&wanted, most)?;
    let mut sets = Vec::new();
    for prime in primes {
        // A set that contradicts the constraint settles nothing: it cannot come about.
        if !constraint.restrict(&prime).is_false() {
            let literal = |&(handle, value): &(BddVariable, bool)| {
                logic.of_handle(handle).map(|variable| Literal { variable, value })
            };
            let mut set: Vec<Literal> = prime.iter().filter_map(literal).collect();
            set.sort_unstable();
            sets.push(set);
        }
    }
    sets.sort_unstable_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    Ok(MinimalSets { sets, complete: search.complete })
}

type Cube = Vec<(BddVariable, bool)>;

struct Search<'s> {
    logic: &'s Logic,
    memo: HashMap<(Bdd, u32), Vec<Cube>>,
    steps: usize,
    complete: bool,
}

impl Search<'_> {
    /// The primes of f are those of f0 and f1 together, and those of either that are not primes of both; `most` is how many of their
    /// literals may be true.
    fn primes(&mut self, f: &Bdd, most: u32) -> Result<Vec<Cube>, LogicError> {
        if f.is_false() {
            return Ok(Vec::new());
        }
        if f.is_true() {
            return Ok(vec![Vec::new()]);
        }
        // A set of a few true facts is also met where all others are absent.
        if fewest_true(f) > most {
            return Ok(Vec::new());
        }
        // Owned, since the table's keys are: what the lookup costs is little beside what it saves.
        let key = (f.clone(), most);
        if let Some(done) = self.memo.get(&key) {
            return Ok(done.clone());
        }
        self.steps += 1;
        if self.steps > MAX_STEPS {
            self.complete = false;
            return Ok(Vec::new());
        }
        let variable = f.var_of(f.root_pointer());
        let (f0, f1) = (f.var_restrict(variable, false), f.var_restrict(variable, true));
        let both = self.logic.and(&f0, &f1)?;
        let mut out = self.primes(&both, most)?;
        // All sets are asked for with a number that no set reaches: it must stay one, or nothing would be found twice.
        let one_less = if most == u32::MAX { Some(most) } else { most.checked_sub(1) };
        for (half, other, value, most) in [(&f0, &f1, false, Some(most)), (&f1, &f0, true, one_less)] {
            let Some(most) = most else { continue };
            for mut cube in self.primes(half, most)? {
                if !other.restrict(&cube).is_true() {
                    cube.push((variable, value));
                    out.push(cube);
                }
            }
        }
        if out.len() > MAX_SETS {
            // The smallest sets of a function come from the smallest of its halves, so cutting here loses only larger ones.
            out.iter_mut().for_each(|c| c.sort_unstable());
            out.sort_unstable_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
            out.truncate(MAX_SETS);
            self.complete = false;
        }
        self.memo.insert(key, out.clone());
        Ok(out)
    }
}

/// Returns how many variables are true, at least, where a diagram that is not false holds.
fn fewest_true(f: &Bdd) -> u32 {
    // Each node stands after those that it leads to.
    let mut fewest: Vec<u32> = Vec::with_capacity(f.size());
    for node in f.pointers() {
        let of = |to: BddPointer| fewest.get(to.to_index()).copied().unwrap_or(u32::MAX);
        fewest.push(match node {
            _ if node.is_zero() => u32::MAX,
            _ if node.is_one() => 0,
            _ => of(f.low_link_of(node)).min(of(f.high_link_of(node)).saturating_add(1)),
        });
    }
    fewest.last().copied().unwrap_or(u32::MAX)
}
