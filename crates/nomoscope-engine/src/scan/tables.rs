//! Tables of this answer.

use super::scanner::BadRow;
use super::sums::{Held, Sums};
use nomoscope_core::counts::CountsHead;
use nomoscope_core::table::{Cell, Table};

/// Id of the table of sums.
pub const SUMS: &str = "scan-sums";
/// Id of the table of rows that could not be read.
pub const BAD: &str = "scan-bad-rows";

/// Returns the sums: of each stratum a row for all of it and one for each concept that it holds.
#[must_use]
pub fn sums(sums: &Sums, head: &CountsHead) -> Table {
    let own = ["concept", "codings", "units", "texts", "all_codings", "all_units", "all_texts", "all_words"];
    let columns: Vec<&str> = sums.by().iter().map(String::as_str).chain(own).collect();
    let mut table = Table::new(SUMS, "Sums by stratum", &columns);
    let ids: Vec<&str> = head.concepts().collect();
    let Some(strata) = sums.strata() else {
        table.notes.push("There are more strata than can be summed: choose attributes with fewer values.".to_owned());
        return table;
    };
    for (values, stratum) in strata {
        let t = stratum.total;
        let all = Held { codings: t.codings, units: t.units, sources: t.sources };
        let held = stratum.concepts.iter().map(|(c, held)| (ids.get(c.get()).copied().unwrap_or_default(), *held));
        for (concept, held) in std::iter::once(("", all)).chain(held) {
            let mut row: Vec<Cell> = values.iter().map(Cell::text).collect();
            row.push(Cell::text(concept));
            let numbers = [held.codings, held.units, held.sources, t.codings, t.units, t.sources, t.words];
            row.extend(numbers.map(Cell::Count));
            table.push(row);
        }
    }
    table.notes.push(
        "`units`, `texts`: how many hold the concept, headings left out of units; `all_…`: of the whole stratum, whose row names no concept."
            .to_owned(),
    );
    table
}

/// Returns the rows that could not be read.
#[must_use]
pub fn bad(rows: &[BadRow]) -> Table {
    let mut table = Table::new(BAD, "Rows that could not be read", &["file", "line", "reason"]);
    for row in rows {
        table.push(vec![Cell::text(&row.file), Cell::Whole(row.line), Cell::text(&row.reason)]);
    }
    table
}
