//! The answer as a table.

use super::answer::Proposed;
use nomoscope_core::table::{Cell, Table};

/// Returns the sentences that are suggested, the most probable first.
#[must_use]
pub fn suggestions(proposed: &Proposed) -> Table {
    let title = format!("Sentences that may speak of “{}”", proposed.label);
    let mut table = Table::new("suggestions", title, &["score", "source", "unit", "sentence"]);
    for r in &proposed.ranked {
        table.push(vec![Cell::number(r.score, 2), Cell::text(&r.source), Cell::text(&r.unit), Cell::text(&r.quote)]);
    }
    table
}
