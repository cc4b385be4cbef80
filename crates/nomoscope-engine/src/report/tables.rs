//! The tables of all its answers, each under a name that no other has.

use super::answer::Report;
use crate::answer::Answer;
use nomoscope_core::table::Table;

/// Returns all tables.
#[must_use]
pub fn all(report: &Report) -> Vec<Table> {
    report.parts().iter().flat_map(|part| named(part.answer, &part.suffix)).collect()
}

/// Returns the tables of an answer, their ids ending in `suffix`.
#[must_use]
pub fn named(answer: &dyn Answer, suffix: &str) -> Vec<Table> {
    let mut tables = answer.tables();
    for table in &mut tables {
        table.id.push_str(suffix);
    }
    tables
}
