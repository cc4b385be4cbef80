//! A table of any kind as rows of text.

use super::{stata, workbook};
use crate::study::csv::{Row, read_rows};
use crate::study::{Problem, Problems, utf8};
use crate::{Input, Limits};

/// How far down a header is looked for: tables of agencies begin with a name, a date and an address.
const HEADER_WITHIN: usize = 20;

/// A table as it stands in a file: rows of cells without white space around them, with their places.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    /// The file name, for messages.
    pub file: String,
    /// The rows; blank ones are left out.
    pub rows: Vec<Row>,
}

/// A table with its header found.
#[derive(Debug, Clone, Copy)]
pub struct Found<'g> {
    /// The header's cells.
    pub header: &'g Row,
    /// The rows below it.
    pub rows: &'g [Row],
}

/// Reads a table: CSV, or by its first bytes an Excel workbook or a Stata file.
///
/// # Errors
/// Everything that keeps it from being read.
pub fn read(input: &Input, limits: &Limits) -> Result<Grid, Problems> {
    if input.bytes.is_empty() {
        return Err(Problem::new(input.name, "the file is empty").hint("check that the right file was given").into());
    }
    if input.bytes.len() > limits.max_bytes {
        return Err(Problem::new(input.name, format!("larger than {} bytes", limits.max_bytes)).into());
    }
    let rows = if input.bytes.starts_with(b"PK\x03\x04") {
        workbook::read(input, limits)?
    } else if input.bytes.starts_with(b"<stata_dta>") {
        stata::read(input, limits)?
    } else if input.bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let problem = Problem::new(input.name, "a workbook in the old format of Excel, or an encrypted one");
        return Err(problem.hint("save it as .xlsx without a password, or as CSV").into());
    } else {
        let rows = read_rows(input.name, utf8(input.name, input.bytes)?)?;
        separators(input.name, &rows)?;
        rows
    };
    let trimmed = rows.into_iter().map(|mut row| {
        row.cells.iter_mut().for_each(|cell| *cell = cell.trim().to_owned());
        row
    });
    let rows: Vec<Row> = trimmed.filter(|row| row.cells.iter().any(|cell| !cell.is_empty())).collect();
    if rows.len() < 2 {
        let reason = if rows.is_empty() { "the table is empty" } else { "the table has a header and no rows" };
        return Err(Problem::new(input.name, reason).hint("check that the right file was given").into());
    }
    Ok(Grid { file: input.name.to_owned(), rows })
}

fn separators(file: &str, rows: &[Row]) -> Result<(), Problem> {
    match rows.first().map(|r| (r.line, r.cells.as_slice())) {
        Some((line, [only])) if only.contains(';') || only.contains('\t') => {
            Err(Problem::new(file, "the columns are not separated by commas")
                .at(line)
                .hint("save it as CSV with commas; semicolons and tabs are not read"))
        }
        _ => Ok(()),
    }
}

impl Grid {
    /// Returns the table below the first row, of the first twenty, that is a header.
    #[must_use]
    pub fn below(&self, is_header: impl Fn(&Row) -> bool) -> Option<Found<'_>> {
        let at = self.rows.iter().take(HEADER_WITHIN).position(is_header)?;
        let rows = self.rows.get(at + 1..).unwrap_or_default();
        Some(Found { header: self.rows.get(at)?, rows })
    }

    /// Returns the cells of the row that most looks like a header, for messages: the first with two cells or more.
    #[must_use]
    pub fn likely_header(&self) -> Vec<&str> {
        let filled = |row: &&Row| row.cells.iter().filter(|c| !c.is_empty()).count() >= 2;
        let row = self.rows.iter().find(filled).or(self.rows.first());
        row.map(|r| r.cells.iter().map(String::as_str).filter(|c| !c.is_empty()).take(12).collect()).unwrap_or_default()
    }
}

impl Found<'_> {
    /// Returns the place of the first column whose name, in lower case, is one of these.
    #[must_use]
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.header.cells.iter().position(|c| c.to_lowercase() == *name))
    }

    /// Returns a cell; empty where the row is too short.
    #[must_use]
    pub fn cell<'r>(&self, row: &'r Row, column: usize) -> &'r str {
        row.cells.get(column).map_or("", String::as_str)
    }

    /// Returns the rows that are longer than the header, as problems.
    pub(super) fn check_widths(&self, file: &str, problems: &mut Problems) {
        for row in self.rows {
            let extra = row.cells.iter().skip(self.header.cells.len()).any(|c| !c.is_empty());
            if extra {
                let reason = format!("{} cells where the header has {}", row.cells.len(), self.header.cells.len());
                let hint = "put a cell that contains a comma in quotation marks";
                problems.push(Problem::new(file, reason).at(row.line).hint(hint));
            }
        }
    }
}

/// Returns whether a cell says that nothing is known.
#[must_use]
pub fn is_blank(cell: &str) -> bool {
    matches!(cell.trim(), "" | "-" | "–" | "—" | "." | ".." | "…" | "NA" | "N/A" | "n/a" | "na" | "NaN" | "null")
}

/// Returns the columns of a table as words for a message.
pub(super) fn columns(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { format!("`{}`", names.join("`, `")) }
}

/// Returns a problem of the header: what is missed, and what there is.
pub(super) fn no_header(grid: &Grid, what: &str, hint: &str) -> Problem {
    let line = grid.rows.first().map_or(1, |r| r.line);
    let reason = format!("no column for {what} among {}", columns(&grid.likely_header()));
    Problem::new(&grid.file, reason).at(line).hint(hint)
}
