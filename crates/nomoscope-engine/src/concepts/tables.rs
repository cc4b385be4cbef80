//! The answer as a table.

use super::answer::Concepts;
use nomoscope_core::table::{Cell, Table};

/// Returns the concepts, the most frequent first; with groups, a row a concept and group.
#[must_use]
pub fn concepts(answer: &Concepts) -> Table {
    let Concepts { corpus, by, counts } = answer;
    let mut columns = vec!["concept", "id", "roles", "codings", "units", "sources", "first"];
    if by.is_some() {
        columns.insert(2, "group");
    }
    let mut table = Table::new("concepts", "Concepts", &columns);
    let mut order: Vec<_> = corpus.codebook.indices().collect();
    order.sort_by_key(|c| (std::cmp::Reverse(counts.total.get(c).map_or(0, |n| n[0])), *c));
    for ix in order {
        let concept = corpus.codebook.get(ix);
        let roles: Vec<&str> = concept.roles.iter().map(|r| r.name()).collect();
        let first = counts.first.get(&ix).map_or(Cell::Missing("no dated source"), |f| Cell::text(f.date.to_string()));
        let mut row = |group: Option<&str>, n: [u64; 3]| {
            let mut cells =
                vec![Cell::text(concept.label_in("en")), Cell::text(&concept.id), Cell::text(roles.join(" "))];
            if let Some(group) = group {
                cells.insert(2, Cell::text(group));
            }
            cells.extend(n.map(Cell::Count));
            cells.push(first.clone());
            table.push(cells);
        };
        if by.is_none() {
            row(None, counts.total.get(&ix).copied().unwrap_or_default());
        } else {
            for (group, n) in counts.of_groups(ix) {
                row(Some(group), n);
            }
        }
    }
    table
}
