//! Tables of these answers.

use super::answer::{CoupledGroups, CoupledTime};
use crate::compare::tables::{contrast_row, contrasts, label, optional};
use nomoscope_core::table::{Cell, Table};
use nomoscope_core::usage::trend::change::{Part, Turnover};

/// Id of the table of groups.
pub const GROUPS: &str = "compare-groups";

/// Returns the groups with their couplings.
#[must_use]
pub fn groups(c: &CoupledGroups) -> Table {
    let columns = ["group", "sources", "small", "units", "median_words", "tested", "backbone"];
    let mut table = Table::new(GROUPS, format!("Groups by {}", c.choice.by), &columns);
    for g in &c.groups {
        table.push(vec![
            Cell::text(&g.name),
            Cell::Count(g.sources as u64),
            Cell::text(if g.is_small() { "small" } else { "" }),
            Cell::Count(g.units as u64),
            optional(g.median_words, 0, "no units"),
            Cell::Whole(g.couplings.iter().filter(|c| c.p.is_some()).count() as u64),
            Cell::Whole(g.couplings.iter().filter(|c| c.backbone).count() as u64),
        ]);
    }
    table.notes.push("`tested`, `backbone`: pairs tested, and coupled, within the group.".to_owned());
    table
}

/// Returns who couples what.
#[must_use]
pub fn differences(c: &CoupledGroups) -> Table {
    let mut table = contrasts("compare-couplings".to_owned(), &[]);
    for (sides, x) in c.sorted() {
        table.push(contrast_row(&c.basis.codebook, [c.side(sides, 0), c.side(sides, 1)], x));
    }
    table.notes.push("`q` over all tested pairs of all groups.".to_owned());
    table
}

/// Returns the stretches of time.
#[must_use]
pub fn periods(c: &CoupledTime) -> Table {
    let columns = ["period", "sources", "units", "tested", "backbone", "strongest"];
    let mut table = Table::new("trend-periods", "Couplings period by period", &columns);
    for p in &c.trend.periods {
        let pair = |a, b| format!("{} – {}", label(&c.basis.codebook, a), label(&c.basis.codebook, b));
        let strongest: Vec<String> = p.edges.iter().take(3).map(|e| pair(e.a, e.b)).collect();
        table.push(vec![
            Cell::text(&p.slice.period.name),
            Cell::Count(p.slice.weights.len() as u64),
            Cell::Count(p.units as u64),
            Cell::Whole(p.tested.len() as u64),
            Cell::Whole(p.edges.len() as u64),
            Cell::text(strongest.join(", ")),
        ]);
    }
    table
}

/// Returns which couplings came and went.
#[must_use]
pub fn changes(c: &CoupledTime) -> Table {
    let columns = ["from", "to", "backbone_kept", "what", "a", "b", "tested_on_both_sides"];
    let mut table = Table::new("trend-changes", "Couplings that came and went", &columns);
    for change in &c.trend.changes {
        let mut row = |what: &str, t: &Turnover| {
            let Part::Coupling(a, b) = t.part else { return };
            table.push(vec![
                Cell::text(c.name(change.before)),
                Cell::text(c.name(change.after)),
                optional(change.backbone, 2, "neither has a backbone"),
                Cell::text(what),
                Cell::text(label(&c.basis.codebook, a)),
                Cell::text(label(&c.basis.codebook, b)),
                Cell::text(if t.tested_on_both_sides == Some(true) { "yes" } else { "no" }),
            ]);
        };
        change.births.iter().for_each(|t| row("came", t));
        change.deaths.iter().for_each(|t| row("went", t));
    }
    table.notes.push("A pair that was not tested on both sides could not have been found on one.".to_owned());
    table
}
