//! Findings as tables.

use super::answer::{Tested, Tried};
use crate::law::words::{caveats, line, person};
use crate::words::capital;
use nomoscope_core::table::{Cell, Table};

/// Returns what a person's facts do to each norm, on the two lines of evidence.
#[must_use]
pub fn findings(tested: &Tested, tried: &Tried) -> Table {
    let (case, who) = (tested.case(tried), tested.person(tried));
    let id = format!("case-{}", case.id.replace('_', "-"));
    let id = if tried.person == 0 { id } else { format!("{id}-{}", tried.person) };
    let title = format!("{} ({})", case.title, person(case, who));
    let mut table = Table::new(id, title, &["norm", "protection", "prosecution", "penalty"]);
    for outcome in &tried.outcomes {
        let norm = tested.norm(outcome);
        let aimed = if norm.against_person { ", aimed at the person: never a fallback" } else { "" };
        table.push(vec![
            Cell::text(format!("{}{aimed}", norm.short)),
            Cell::text(line(&tested.library.law, norm, &outcome.protection)),
            Cell::text(line(&tested.library.law, norm, &outcome.prosecution)),
            norm.penalty.as_ref().map_or(Cell::Missing("not given"), |p| Cell::text(p.words())),
        ]);
    }
    if !case.kind.is_empty() {
        table.notes.push(format!("{} case. {}", capital(&case.kind), case.why));
    }
    table.notes.extend(caveats(who).iter().map(|c| format!("{}.", capital(c))));
    table
}
