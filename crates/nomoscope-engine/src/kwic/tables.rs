//! The answer as a table.

use super::answer::{Kwic, Sort};
use nomoscope_core::table::{Cell, Table};

/// Returns the places, a row each.
#[must_use]
pub fn concordance(answer: &Kwic) -> Table {
    let mut columns = vec!["source", "place", "before", "keyword", "after"];
    if let Sort::By(attribute) = &answer.sort {
        columns.insert(0, attribute);
    }
    let mut table = Table::new("concordance", "Concordance", &columns);
    for line in &answer.lines {
        let source = &answer.corpus.sources[line.source];
        let mut row = vec![Cell::text(&source.path), Cell::text(answer.place(line))];
        if let Sort::By(attribute) = &answer.sort {
            row.insert(0, source.attribute(attribute).map_or(Cell::Missing("the source does not say"), Cell::Text));
        }
        row.extend(answer.parts(line).map(Cell::Text));
        table.push(row);
    }
    table
}
