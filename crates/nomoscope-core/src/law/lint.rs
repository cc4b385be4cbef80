//! What is wrong with definitions and cases that can only be seen by reasoning about them.

use super::Law;
use super::case::Case;
use super::definition::{Atom, Term, Verified};
use super::finding::{Bench, Finding, Reading};
use super::logic::{Logic, LogicError, OpenReading, Truth, World};
use crate::problem::{Act, Problem, Remedy, Severity};
use crate::spelling::nearest;
use biodivine_lib_bdd::Bdd;
use rayon::prelude::*;
use std::sync::Arc;

/// Returns what is wrong with the definitions: limbs that can never hold, limbs that another makes needless, norms
/// that nobody checked against a text.
#[must_use]
pub fn definitions(logic: &Logic) -> Vec<Problem> {
    let world = match World::open(logic, false) {
        Ok(world) => world,
        Err(error) => return vec![Problem::in_line("", 0, error.to_string())],
    };
    let mut out: Vec<Problem> = (0..logic.law.norms.len())
        .into_par_iter()
        .flat_map_iter(|norm| {
            of_norm(logic, &world, norm).unwrap_or_else(|error| {
                let origin = &logic.law.norms[norm].origin;
                vec![complaint(&origin.file, origin.line, &error)]
            })
        })
        .collect();
    out.extend(impossible(&logic.law));
    out.sort();
    out
}

/// Returns the limbs of damaged norms that could never hold, whatever the damaged elements ask for.
fn impossible(law: &Law) -> Vec<Problem> {
    let damaged = Arc::new(Law { vocabulary: law.vocabulary.clone(), norms: law.damaged.clone(), ..Law::default() });
    let logic = Logic::new(&damaged);
    let Ok(world) = World::open(&logic, false) else { return Vec::new() };
    let mut out = Vec::new();
    for (n, norm) in damaged.norms.iter().enumerate() {
        let empty = |t: &Term| match t.atom {
            Atom::Element(e) => t.negated && norm.elements[e].terms().next().is_none(),
            Atom::Fact(_) | Atom::Below(..) => false,
        };
        let found = of_norm(&logic, &world, n).unwrap_or_default();
        // That an exception asks for nothing makes its limb impossible here, and nowhere else.
        let blind: Vec<u64> =
            norm.limbs.iter().filter(|l| l.requires.iter().any(empty)).map(|l| l.line.into()).collect();
        out.extend(
            found.into_iter().filter(|c| c.severity == Severity::Error && !blind.contains(&c.line().unwrap_or(0))),
        );
    }
    out
}

fn complaint(file: &str, line: u32, error: &LogicError) -> Problem {
    let complaint = Problem::in_line(file, line, error.to_string());
    complaint.perhaps(error.hint())
}

fn of_norm(logic: &Logic, world: &World, norm: usize) -> Result<Vec<Problem>, LogicError> {
    let n = &logic.law.norms[norm];
    let file = &n.origin.file;
    let compiled = logic.compile(norm, world, OpenReading::Shared)?;
    let possible = |diagram: &Bdd| -> Result<bool, LogicError> {
        Ok(logic.truth(diagram, &world.constraint(logic, diagram)?)? != Truth::False)
    };
    let mut out = Vec::new();
    let mut impossible = vec![false; n.limbs.len()];
    for (i, limb) in n.limbs.iter().enumerate() {
        if possible(&compiled.limbs[i])? {
            continue;
        }
        impossible[i] = true;
        let mut blame = Vec::new();
        for term in &limb.requires {
            if let Term { atom: Atom::Element(e), negated: false } = *term
                && !possible(&compiled.elements[e])?
            {
                blame.push(format!("`{}`", n.elements[e].id));
            }
        }
        let why = match blame.len() {
            0 => "its elements exclude each other".to_owned(),
            1 => format!("its element {} cannot", blame[0]),
            _ => format!("its elements {} cannot", blame.join(", ")),
        };
        out.push(Problem::in_line(file, limb.line, format!("limb `{}` of `{}` can never hold: {why}", limb.id, n.id)));
    }
    for (i, limb) in n.limbs.iter().enumerate() {
        for (j, other) in n.limbs.iter().enumerate() {
            if i == j || impossible[i] || impossible[j] {
                continue;
            }
            let inside = |a: usize, b: usize| -> Result<bool, LogicError> {
                let admitted = logic.and(&compiled.limbs[a], &world.constraint(logic, &compiled.limbs[a])?)?;
                Ok(logic.and_not(&admitted, &compiled.limbs[b])?.is_false())
            };
            if inside(i, j)? && (i > j || !inside(j, i)?) {
                let reason = format!("limb `{}` of `{}` adds nothing to limb `{}`", limb.id, n.id, other.id);
                out.push(Problem::in_line(file, limb.line, reason).warning());
                break;
            }
        }
    }
    if n.verified == Verified::Memory {
        let reason = format!("norm `{}` is stated from memory and was not checked against a text", n.id);
        out.push(Problem::in_line(file, n.origin.line, reason).warning());
    }
    Ok(out)
}

/// How often cases reach a limb.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reached {
    /// Cases that establish it.
    pub established: u32,
    /// Cases in which it is not established.
    pub not_established: u32,
}

/// What cases show of the definitions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Coverage {
    /// What is wrong with the cases: expectations that do not hold, unknown norms, contradictory facts.
    pub complaints: Vec<Problem>,
    /// Expectations that were tried.
    pub expectations: usize,
    /// By norm and limb.
    pub reached: Vec<Vec<Reached>>,
}

/// Tries the expectations of cases, and counts which limbs they reach: only expectations count, since what a case
/// happens to give proves nothing.
#[must_use]
pub fn cases(logic: &Logic, cases: &[Case]) -> Coverage {
    let results: Vec<Coverage> = cases.par_iter().map(|case| one_case(logic, case)).collect();
    let mut out = Coverage { reached: empty(&logic.law), ..Coverage::default() };
    for result in results {
        out.complaints.extend(result.complaints);
        out.expectations += result.expectations;
        for (sum, more) in out.reached.iter_mut().flatten().zip(result.reached.iter().flatten()) {
            sum.established += more.established;
            sum.not_established += more.not_established;
        }
    }
    out.complaints.sort();
    out
}

fn empty(law: &Law) -> Vec<Vec<Reached>> {
    law.norms.iter().map(|n| vec![Reached::default(); n.limbs.len()]).collect()
}

fn one_case(logic: &Logic, case: &Case) -> Coverage {
    let mut out = Coverage { reached: empty(&logic.law), ..Coverage::default() };
    let file = &case.origin.file;
    for person in &case.persons {
        let bench = match Bench::new(logic, person, Reading::default()) {
            Ok(bench) => bench,
            Err(error) => {
                let mut c = complaint(file, person.line, &error);
                c.reason = format!("person `{}` of case `{}`: {error}", person.id, case.id).into();
                out.complaints.push(c);
                continue;
            }
        };
        for expected in &person.expect {
            out.expectations += 1;
            let Some(norm) = logic.law.find(&expected.norm) else {
                let reason = format!("unknown norm `{}`", expected.norm);
                let near = nearest(&expected.norm, logic.law.norms.iter().map(|n| n.id.as_str()));
                let c = Problem::in_line(file, expected.line, reason);
                out.complaints.push(match near {
                    Some(near) => c.hint(Remedy::nearest(near)),
                    None => c.hint(Remedy::with("`{}` lists the norms", [Act::ListNorms])),
                });
                continue;
            };
            let line = match bench.outcome(norm) {
                Ok(outcome) => outcome.all,
                Err(error) => {
                    out.complaints.push(complaint(file, expected.line, &error));
                    continue;
                }
            };
            let n = &logic.law.norms[norm];
            if line.finding != expected.finding {
                let reason = format!(
                    "case `{}`, person `{}`, norm `{}`: expected {}, found {}",
                    case.id,
                    person.id,
                    n.id,
                    expected.finding.name(),
                    line.finding.name()
                );
                out.complaints.push(Problem::in_line(file, expected.line, reason));
                continue;
            }
            if let Some(limb) = &expected.limb
                && !line.limbs.iter().any(|&l| n.limbs[l].id == *limb)
            {
                let reason = format!("case `{}`: `{}` is not established by its limb `{limb}`", case.id, n.id);
                out.complaints.push(Problem::in_line(file, expected.line, reason));
            }
            for (limb, reached) in out.reached[norm].iter_mut().enumerate() {
                match line.finding {
                    Finding::Established if line.limbs.contains(&limb) => reached.established += 1,
                    Finding::NotEstablished => reached.not_established += 1,
                    Finding::Established | Finding::Undetermined => {}
                }
            }
        }
    }
    out
}

/// Returns of each norm how many cases from published judgments and reports expect something of it.
#[must_use]
pub fn independent(law: &Law, cases: &[Case]) -> Vec<usize> {
    let expects = |case: &&Case, norm: &str| case.persons.iter().any(|p| p.expect.iter().any(|e| e.norm == norm));
    let real: Vec<&Case> = cases.iter().filter(|c| c.is_independent()).collect();
    law.norms.iter().map(|norm| real.iter().filter(|case| expects(case, &norm.id)).count()).collect()
}

/// Returns a warning for each limb that no case establishes, or that no case leaves unestablished.
#[must_use]
pub fn unreached(law: &Law, coverage: &Coverage) -> Vec<Problem> {
    let mut out = Vec::new();
    for (norm, reached) in law.norms.iter().zip(&coverage.reached) {
        for (limb, r) in norm.limbs.iter().zip(reached) {
            let what = match (r.established, r.not_established) {
                (0, 0) => "reached by no case",
                (0, _) => "established by no case",
                (_, 0) => "left unestablished by no case",
                _ => continue,
            };
            let reason = format!("limb `{}` of `{}` is {what}", limb.id, norm.id);
            out.push(Problem::in_line(&norm.origin.file, limb.line, reason).warning());
        }
    }
    out
}
