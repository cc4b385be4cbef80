//! The answer as a table.

use super::answer::Queue;
use super::words;
use nomoscope_core::table::{Cell, Table};

/// Returns what is open, a place a row.
#[must_use]
pub fn open(queue: &Queue) -> Table {
    let mut table =
        Table::new("differences", "Where coders who are done differ", &["source", "unit", "words", "difference"]);
    for item in &queue.open {
        let [_, quote, _] = &item.quote;
        let cells = [item.source.clone(), item.unit.clone(), quote.clone(), words::difference(item)];
        table.push(cells.map(Cell::text).into());
    }
    table
}
