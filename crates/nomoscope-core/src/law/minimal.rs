//! The smallest sets of facts that settle a question.
//!
//! A set is *minimal* if it settles the question and no part of it does: a prime implicant of what is left to decide.

use super::logic::{Logic, LogicError, Variable};
use biodivine_lib_bdd::{Bdd, BddVariable};
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
    let wanted = logic.or(goal, &constraint.not())?;
    let mut search = Search { logic, memo: HashMap::new(), steps: 0, complete: true };
    let primes = search.primes(&wanted)?;
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
    memo: HashMap<Bdd, Vec<Cube>>,
    steps: usize,
    complete: bool,
}

impl Search<'_> {
    /// The primes of f are those of f0 and f1 together, and those of either that are not primes of both.
    fn primes(&mut self, f: &Bdd) -> Result<Vec<Cube>, LogicError> {
        if f.is_false() {
            return Ok(Vec::new());
        }
        if f.is_true() {
            return Ok(vec![Vec::new()]);
        }
        if let Some(done) = self.memo.get(f) {
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
        let mut out = self.primes(&both)?;
        for (half, other, value) in [(&f0, &f1, false), (&f1, &f0, true)] {
            for mut cube in self.primes(half)? {
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
        self.memo.insert(f.clone(), out.clone());
        Ok(out)
    }
}
