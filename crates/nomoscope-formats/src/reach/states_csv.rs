//! `states.csv`: the register of states.

use crate::study::csv;
use crate::study::{Problem, Problems};
use nomoscope_core::date::PartialDate;
use nomoscope_core::reach::states::{State, StateKind, States};

const COLUMNS: [&str; 9] = ["iso3", "name", "kind", "since", "admitted", "ended", "continues", "variants", "source"];

/// Reads a register.
///
/// # Errors
/// Everything that is wrong with it, by line.
pub fn parse(file: &str, bytes: &[u8]) -> Result<States, Problems> {
    let sheet = csv::read(file, bytes)?;
    let mut problems = Problems::new();
    for name in COLUMNS.iter().filter(|c| !sheet.columns.iter().any(|have| have == *c)) {
        let hint = format!("the columns are {}", COLUMNS.join(","));
        problems.push(Problem::new(file, format!("no column `{name}`")).at(1).hint(hint));
    }
    let rows = sheet.rows.iter().map(|row| {
        let cell = |column: &str| sheet.cell(row, column).trim();
        let mut date = |column: &str| -> Option<PartialDate> {
            let cell = cell(column);
            match cell.parse() {
                _ if cell.is_empty() => None,
                Ok(date) => Some(date),
                Err(error) => {
                    problems.push(Problem::new(file, format!("{column}: {error}")).at(row.line));
                    None
                }
            }
        };
        let (since, admitted, ended) = (date("since"), date("admitted"), date("ended"));
        let kind = StateKind::ALL.into_iter().find(|k| k.name() == cell("kind"));
        if kind.is_none() {
            let names = StateKind::ALL.map(StateKind::name).join(", ");
            let reason = format!("`{}` is no kind of entry", cell("kind"));
            problems.push(Problem::new(file, reason).at(row.line).hint(format!("a kind is one of {names}")));
        }
        for column in ["iso3", "name", "source"].into_iter().filter(|c| cell(c).is_empty()) {
            problems.push(Problem::new(file, format!("no {column}")).at(row.line));
        }
        State {
            iso3: cell("iso3").to_owned(),
            name: cell("name").to_owned(),
            kind: kind.unwrap_or(StateKind::Other),
            since,
            admitted,
            ended,
            continues: Some(cell("continues")).filter(|c| !c.is_empty()).map(str::to_owned),
            variants: cell("variants").split('|').filter(|v| !v.is_empty()).map(str::to_owned).collect(),
            source: cell("source").to_owned(),
        }
    });
    let all: Vec<State> = rows.collect();
    match States::new(all) {
        Ok(states) => problems.or(states),
        Err(ambiguous) => {
            ambiguous.iter().for_each(|a| problems.push(Problem::new(file, a.to_string())));
            Err(problems)
        }
    }
}
