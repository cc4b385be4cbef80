//! The answer as a table.

use super::answer::{Audited, Found};
use nomoscope_core::table::{Cell, Table};

/// Returns the recall by role and by concept, with its interval and the passages that it rests on.
#[must_use]
pub fn recall(audited: &Audited) -> Table {
    let columns = ["of", "found", "looked", "right", "without_hit", "read", "missed", "recall", "lower", "upper"];
    let mut table = Table::new("recall", "Recall of the lexicon, in passages", &columns);
    table.rows.extend(audited.roles.iter().map(row));
    table.rows.extend(audited.concepts.iter().map(row));
    table
}

fn row<T>(of: &Found<T>) -> Vec<Cell> {
    let counts = of.counts;
    let (share, interval) = of.recall.unzip();
    let end = |value: Option<f64>| value.map_or(Cell::Missing("not looked at"), |v| Cell::number(v, 2));
    let counted = [counts.found, counts.looked, counts.right, counts.rest, counts.audited, counts.missed];
    let mut row = vec![Cell::text(&of.id)];
    row.extend(counted.map(Cell::Count));
    row.extend([end(share), end(interval.and_then(|i| i.lower)), end(interval.and_then(|i| i.upper))]);
    row
}
