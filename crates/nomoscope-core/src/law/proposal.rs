//! What signs propose: an element that somebody has to look at, on the line of protection only.
//!
//! Identification is not proof. What a caseworker sees (papers kept by another, a debt that grows) proposes an element; what took
//! place proposes what was meant. Neither counts for a prosecution, and neither speaks against what was entered.

use super::Law;
use super::case::{Known, Rest};
use super::definition::Atom;
use super::guide::Strength;
use super::logic::{denied, inferences};
use super::term::Term;
use super::vocabulary::FactIx;
use std::collections::BTreeSet;

/// A fact that is proposed, with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The fact.
    pub fact: FactIx,
    /// From which facts.
    pub from: Vec<FactIx>,
    /// Why.
    pub why: Why,
}

/// Why something is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Signs of one dimension, by its place.
    Signs(usize),
    /// What took place; the entailment's place.
    TookPlace(usize),
}

/// Returns whether signs of these strengths are enough together.
///
/// # Source
/// ILO & European Commission (2009), Operational indicators of trafficking in human beings: two strong ones; one strong and one
/// medium or weak; three medium; two medium and one weak. From knowledge of the method, not checked against the copy.
#[must_use]
pub fn enough(strengths: &[Strength]) -> bool {
    let count = |wanted: Strength| strengths.iter().filter(|s| **s == wanted).count();
    let (strong, medium, weak) = (count(Strength::Strong), count(Strength::Medium), count(Strength::Weak));
    strong >= 2 || (strong == 1 && medium + weak >= 1) || medium >= 3 || (medium == 2 && weak >= 1)
}

/// Returns what is proposed beside what is known, in the order in which it follows.
#[must_use]
pub fn proposals(law: &Law, known: &Known) -> Vec<Proposal> {
    let mut held: BTreeSet<FactIx> = known.values.iter().filter(|(_, v)| **v).map(|(f, _)| *f).collect();
    let denied = denied(law, known);
    let denied = |f: FactIx| denied.contains(&f);
    let mut out: Vec<Proposal> = Vec::new();
    let rules = inferences(law, known);
    loop {
        let before = out.len();
        for (d, dimension) in law.guide.dimensions.iter().enumerate() {
            let fact = dimension.proposes;
            let together = dimension.with.is_empty() || dimension.with.iter().any(|f| held.contains(f));
            if held.contains(&fact) || denied(fact) || !together {
                continue;
            }
            let seen: Vec<_> =
                law.guide.indicators.iter().filter(|i| i.dimension == d && held.contains(&i.fact)).collect();
            if enough(&seen.iter().map(|i| i.strength).collect::<Vec<_>>()) {
                let from = seen.iter().map(|i| i.fact).collect();
                held.insert(fact);
                out.push(Proposal { fact, from, why: Why::Signs(d) });
            }
        }
        for (r, rule) in &rules {
            if !rule.premises.iter().all(|t| met(*t, &held, known)) {
                continue;
            }
            let from: Vec<FactIx> = rule.premises.iter().filter_map(fact_of).collect();
            for fact in rule.conclusions.iter().filter_map(fact_of) {
                if !denied(fact) && held.insert(fact) {
                    out.push(Proposal { fact, from: from.clone(), why: Why::TookPlace(*r) });
                }
            }
        }
        if out.len() == before {
            return out;
        }
    }
}

/// Returns what is known with what is proposed from signs counted as true, and exceptions that nobody raised as absent.
#[must_use]
pub fn with_proposals(law: &Law, mut known: Known) -> (Known, Vec<Proposal>) {
    let found = proposals(law, &known);
    for proposal in &found {
        known.unknown.remove(&proposal.fact);
        known.values.insert(proposal.fact, true);
    }
    if known.rest == Rest::Unknown {
        for (i, _) in law.vocabulary.facts().iter().enumerate().filter(|(_, f)| f.absent) {
            let ix = FactIx(i as u16);
            if !known.values.contains_key(&ix) && !known.unknown.contains(&ix) {
                known.values.insert(ix, false);
            }
        }
    }
    (known, found)
}

fn fact_of(term: &Term) -> Option<FactIx> {
    match term.atom {
        Atom::Fact(f) => Some(f),
        Atom::Below(..) | Atom::Element(_) => None,
    }
}

/// Whether a premise holds where these facts do.
pub(super) fn met(term: Term, held: &BTreeSet<FactIx>, known: &Known) -> bool {
    match term.atom {
        Atom::Fact(f) => held.contains(&f) != term.negated,
        Atom::Below(_, n) => {
            if term.negated {
                known.age.low >= n
            } else {
                known.age.high < n
            }
        }
        Atom::Element(_) => false,
    }
}
