//! What was found, in words.

use super::answer::{Basis, Coupled, CoupledGroups, CoupledTime};
use crate::words::counted;

/// What is said with every answer from counts.
pub const NOT_HERE: &str = "From counts alone: couplings are those that the texts would give; statements, types, evidence, holdings, avoidance and \
     first appearances need the texts.";

fn of(basis: &Basis) -> String {
    let units = format!("{}s", basis.counts.window().name());
    format!(
        "{} with {}",
        counted(basis.sources().len(), "source", "sources"),
        counted(basis.n_units(), basis.counts.window().name(), &units)
    )
}

/// Returns the answer of all sources.
#[must_use]
pub fn coupled(c: &Coupled) -> String {
    let tested = |list: &[nomoscope_core::usage::coupling::Coupling]| list.iter().filter(|c| c.p.is_some()).count();
    let backbone = c.textual.iter().filter(|c| c.backbone).count();
    format!(
        "{}. Tested within texts: {}, of which {} in the backbone; between sources: {}.",
        of(&c.basis),
        counted(tested(&c.textual), "pair of concepts", "pairs of concepts"),
        crate::words::thousands(backbone as u64),
        counted(tested(&c.actor), "pair", "pairs"),
    )
}

/// Returns the answer between groups.
#[must_use]
pub fn groups(c: &CoupledGroups) -> String {
    let all = || c.oppositions.iter().flat_map(|o| &o.pairs);
    let certain = all().filter(|p| p.verdict().is_certain()).count();
    format!(
        "{} in {} by `{}`: {} tested, {} differ for certain.",
        of(&c.basis),
        counted(c.groups.len(), "group", "groups"),
        c.choice.by,
        counted(all().filter(|p| p.tested).count(), "difference", "differences"),
        crate::words::thousands(certain as u64),
    )
}

/// Returns the answer in time.
#[must_use]
pub fn time(c: &CoupledTime) -> String {
    let born: usize = c.trend.changes.iter().map(|c| c.births.len()).sum();
    let died: usize = c.trend.changes.iter().map(|c| c.deaths.len()).sum();
    format!(
        "{} in {}: {} came, {} went.",
        of(&c.basis),
        counted(c.trend.periods.len(), "stretch of time", "stretches of time"),
        counted(born, "coupling", "couplings"),
        crate::words::thousands(died as u64),
    )
}
