//! What states did after they accepted: when each made something a crime, or first convicted somebody.
//!
//! Three kinds of table are read: a date a state; a level a state and year (0 none, 1 in part, 2 in full, or the words);
//! and the table of the United Nations Office on Drugs and Crime, whose persons convicted are counted by state and year.

use super::ratification::state_columns;
use super::victims::{self, Victims};
use super::{dates, state};
use crate::grid::Row;
use crate::grid::{Found, Grid, is_blank, no_header};
use crate::study::{Problem, Problems};
use nomoscope_core::date::PartialDate;
use nomoscope_core::problem::{Remedy, Slot};
use nomoscope_core::reach::gap::{Status, StepTable};
use nomoscope_core::reach::states::{States, start_of};
use std::collections::{BTreeMap, BTreeSet};

const YEARS: &[&str] = &["year", "yr"];
const MONTHS: &[&str] = &["month"];
/// Columns that hold a level, best first. An adjusted level corrects one that was coded before.
const LEVELS: &[&str] = &["adjcrimlevel", "crim", "crimlevel", "level", "criminalisation", "criminalization", "status"];
const LEVEL_WORDS: &[&str] = &["crim_level", "level_name", "level_words"];
/// Columns that hold the date of the step.
const DATES: &[&str] = &[
    "criminalised",
    "criminalized",
    "criminalisation_date",
    "convicted",
    "first_conviction",
    "conviction",
    "date",
    "since",
    "start_year",
    "year",
];
/// Columns that hold until when a state was watched.
const UNTIL: &[&str] = &["until", "observed_until", "watched_until"];
/// The level at which a step counts as taken.
const FULL: u8 = 2;

/// Returns what a table says of a step.
///
/// # Errors
/// Everything that is wrong with the table, by row.
pub fn step(grid: &Grid, states: &States, step: &str, today: PartialDate) -> Result<StepTable, Problems> {
    if victims::is_victims(grid) {
        return convictions(&victims::read(grid)?, states, step);
    }
    let is_header = |row: &Row| !state_columns(&row.cells).is_empty() && row.cells.len() > 1;
    let hint = "such a table has a column `iso3` or `state`, and a date a state, or `year` and a level of 0, 1 or 2";
    let Some(found) = grid.below(is_header) else { return Err(no_header(grid, "the state", hint).into()) };
    let mut reader = Reader { grid, states, today, problems: Problems::new() };
    found.check_widths(&grid.file, &mut reader.problems);
    let year = found.column(YEARS);
    let levels: Vec<usize> = [LEVELS, LEVEL_WORDS].iter().filter_map(|names| found.column(names)).collect();
    let of = match (year, levels.is_empty(), found.column(DATES)) {
        (Some(year), false, _) => reader.panel(&found, year, &levels),
        // Years that repeat are those of observations, not of steps.
        (Some(year), true, Some(date)) if year == date && repeats(&found) => {
            return Err(no_header(grid, "the level, though states have several years,", hint).into());
        }
        (_, true, Some(date)) => reader.dates(&found, date),
        _ => return Err(no_header(grid, "the date or the level", hint).into()),
    };
    let (of, until, years) = of;
    reader.problems.or(StepTable { step: step.to_owned(), of, until, years })
}

fn repeats(found: &Found<'_>) -> bool {
    let columns = state_columns(&found.header.cells);
    let mut seen = BTreeSet::new();
    let named = |row: &Row| columns.iter().map(|c| found.cell(row, *c).to_lowercase()).find(|cell| !is_blank(cell));
    found.rows.iter().filter_map(named).any(|name| !seen.insert(name))
}

/// What is known of each state, until when, and in which years it was looked at (none: in all).
type Known = (BTreeMap<String, Status>, Option<PartialDate>, BTreeSet<u16>);

struct Reader<'r> {
    grid: &'r Grid,
    states: &'r States,
    today: PartialDate,
    problems: Problems,
}

impl Reader<'_> {
    fn who(&mut self, found: &Found<'_>, row: &Row) -> Option<String> {
        let columns = state_columns(&found.header.cells);
        let written = columns.iter().map(|c| found.cell(row, *c)).find(|cell| !is_blank(cell));
        let Some(written) = written else {
            self.problems.push(Problem::new(&self.grid.file, "no state is named").at(row.line));
            return None;
        };
        match state(self.states, &self.grid.file, row.line, written) {
            Ok(found) => Some(found.iso3.clone()),
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }

    fn date(&mut self, cell: &str, line: u32) -> Option<PartialDate> {
        match dates::read(cell) {
            Ok(Some(dated)) if start_of(dated.date) > self.today => {
                let reason = format!("{} lies in the future: today is {}", dated.date, self.today);
                let problem = Problem::new(&self.grid.file, reason).at(line);
                self.problems.push(
                    problem.hint(Remedy::with("check the year; `{}` sets another day", [Slot::setting("today")])),
                );
                None
            }
            Ok(dated) => dated.map(|d| d.date),
            Err(error) => {
                self.problems.push(Problem::new(&self.grid.file, error.to_string()).at(line).hint(error.hint()));
                None
            }
        }
    }

    /// Reads a date a state; a state with a blank one had not taken the step by the date in the column `until`, or by the
    /// last date of the table.
    fn dates(&mut self, found: &Found<'_>, column: usize) -> Known {
        let watched = found.column(UNTIL);
        let mut rows: BTreeMap<String, (u32, Option<PartialDate>, Option<PartialDate>)> = BTreeMap::new();
        for row in found.rows {
            let Some(iso3) = self.who(found, row) else { continue };
            let date = self.date(found.cell(row, column), row.line);
            let until = watched.and_then(|c| self.date(found.cell(row, c), row.line)).map(|d| end_of_year(d.year));
            if let Some((first, ..)) = rows.get(&iso3) {
                let reason = format!("`{iso3}` is there twice, first in row {first}");
                self.problems.push(Problem::new(&self.grid.file, reason).at(row.line).hint("leave one row a state"));
                continue;
            }
            rows.insert(iso3, (row.line, date, until));
        }
        let until = rows.values().flat_map(|(_, d, u)| [*d, *u]).flatten().map(|d| end_of_year(d.year)).max();
        let Some(end) = until else {
            let problem = Problem::new(&self.grid.file, "no row has a date");
            self.problems.push(problem.hint("check that the right columns were found"));
            return Known::default();
        };
        let status = |(iso3, (_, date, until)): (String, (u32, Option<PartialDate>, Option<PartialDate>))| {
            (iso3, date.map_or(Status::NotBy(until.unwrap_or(end)), Status::Taken))
        };
        (rows.into_iter().map(status).collect(), until, BTreeSet::new())
    }

    /// Reads a level a state and year.
    fn panel(&mut self, found: &Found<'_>, year: usize, levels: &[usize]) -> Known {
        let month = found.column(MONTHS);
        let mut seen: BTreeMap<String, BTreeMap<u16, (u32, u8, PartialDate)>> = BTreeMap::new();
        for row in found.rows {
            let Some(iso3) = self.who(found, row) else { continue };
            let Some(date) = self.date(found.cell(row, year), row.line) else { continue };
            let Some(level) = self.level(found, row, levels) else { continue };
            let month = month.map(|c| found.cell(row, c)).filter(|c| !is_blank(c)).and_then(|c| c.parse::<u8>().ok());
            let date = PartialDate { month: month.filter(|m| (1..=12).contains(m)).or(date.month), ..date };
            let years = seen.entry(iso3.clone()).or_default();
            if let Some((first, ..)) = years.get(&date.year) {
                let reason = format!("`{iso3}` is there twice in {}, first in row {first}", date.year);
                self.problems
                    .push(Problem::new(&self.grid.file, reason).at(row.line).hint("leave one row a state and year"));
                continue;
            }
            years.insert(date.year, (row.line, level, date));
        }
        let looked: BTreeSet<u16> = seen.values().flat_map(|y| y.keys().copied()).collect();
        let until = looked.last().map(|y| end_of_year(*y));
        let known = seen.iter().filter_map(|(iso3, years)| status(years).map(|s| (iso3.clone(), s))).collect();
        (known, until, looked)
    }

    /// Returns the level of a row; none where nobody observed one. Where the number is missing a level in words counts,
    /// but "no" beside a missing number is what tables are filled up with.
    fn level(&mut self, found: &Found<'_>, row: &Row, columns: &[usize]) -> Option<u8> {
        let mut missing = false;
        for &column in columns {
            let cell = found.cell(row, column);
            if is_blank(cell) {
                missing = true;
                continue;
            }
            return match level(cell) {
                Some(0) if missing => None,
                Some(level) => Some(level),
                None => {
                    let problem = Problem::new(&self.grid.file, format!("`{cell}` is no level")).at(row.line);
                    self.problems.push(problem.hint("a level is 0, 1 or 2, or begins with no, partial or full"));
                    None
                }
            };
        }
        None
    }
}

fn level(cell: &str) -> Option<u8> {
    let lower = cell.to_lowercase();
    let words = [("no", 0), ("none", 0), ("partial", 1), ("full", FULL), ("yes", FULL)];
    if let Some((_, level)) = words.iter().find(|(word, _)| lower.split_whitespace().next() == Some(*word)) {
        return Some(*level);
    }
    let value: f64 = lower.parse().ok()?;
    [0_u8, 1, 2].into_iter().find(|n| f64::from(*n) == value)
}

fn end_of_year(year: u16) -> PartialDate {
    PartialDate { year, month: Some(12), day: Some(31) }
}

/// Returns what the years of one state say: the first at the full level, or that there was none.
fn status(years: &BTreeMap<u16, (u32, u8, PartialDate)>) -> Option<Status> {
    let mut before: Option<PartialDate> = None;
    for (_, level, date) in years.values() {
        if *level >= FULL {
            // A month says when in the year it was; otherwise it was seen in that year and not in the one before.
            return Some(if date.month.is_some() && before.is_some_and(|b| b.year + 1 == date.year) {
                Status::Taken(*date)
            } else {
                Status::Seen { by: *date, after: before }
            });
        }
        before = Some(PartialDate { month: None, day: None, ..*date });
    }
    before.map(|date| Status::NotBy(end_of_year(date.year)))
}

/// Returns when each state first reported a conviction for certain.
///
/// A suppressed cell ("<5") may be none, so it dates nothing; the first report may come later than the first conviction.
fn convictions(table: &Victims, states: &States, step: &str) -> Result<StepTable, Problems> {
    let mut problems = Problems::new();
    let mut of: BTreeMap<String, BTreeMap<u16, bool>> = BTreeMap::new();
    for row in table.totals(victims::CONVICTED) {
        match state(states, &table.file, row.line, &row.country) {
            Ok(found) => {
                let certain = of.entry(found.iso3.clone()).or_default().entry(row.year).or_default();
                *certain |= row.value.is_some_and(|n| n > 0);
            }
            Err(problem) => problems.push(problem),
        }
    }
    let until = of.values().filter_map(|y| y.keys().next_back()).max().map(|y| end_of_year(*y));
    if until.is_none() && problems.is_empty() {
        problems.push(Problem::new(&table.file, format!("no row counts `{}`", victims::CONVICTED)));
    }
    let status = |(iso3, years): (String, BTreeMap<u16, bool>)| {
        let first = years.iter().find(|(_, certain)| **certain).map(|(year, _)| *year);
        let last = years.keys().next_back().copied().unwrap_or_default();
        let status = match first {
            Some(year) => Status::Taken(PartialDate { year, month: None, day: None }),
            None => Status::NotBy(end_of_year(last)),
        };
        (iso3, status)
    };
    problems.or(StepTable {
        step: step.to_owned(),
        of: of.into_iter().map(status).collect(),
        until,
        years: BTreeSet::new(),
    })
}
