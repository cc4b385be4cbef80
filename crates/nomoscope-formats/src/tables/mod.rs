//! Tables of data that are not texts: ratings of coders, statements of actors.
//!
//! Whatever [`crate::grid`] reads. What a cell means is decided by the reader of each kind of table; here every cell is
//! only found, with its line.

pub mod ratings;
pub mod statements;

use crate::grid::{self, Row};
use crate::study::{Problem, Problems};
use crate::{Input, Limits};
use nomoscope_core::problem::Remedy;
use nomoscope_core::spelling::nearest;

/// A table: a header and rows as wide as it, cells without the white space around them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delimited {
    /// Column names.
    pub columns: Vec<String>,
    /// Rows, each with its line.
    pub rows: Vec<(u32, Vec<String>)>,
    /// Whether columns are separated by something else than commas: then a comma may be a decimal sign.
    pub decimal_comma: bool,
    /// What was guessed, in words for the user.
    pub notes: Vec<String>,
}

/// Reads a table.
///
/// # Errors
/// Bytes that cannot be decoded, quotation marks that are never closed, uneven rows, a file without rows.
pub fn read(name: &str, bytes: &[u8]) -> Result<Delimited, Problems> {
    let whole = |reason: &str| Problems::from(Problem::new(name, reason));
    if bytes.is_empty() {
        return Err(whole("the file is empty"));
    }
    let grid = grid::open(&Input { name, bytes }, &Limits::default())?;
    let mut table = Delimited { decimal_comma: grid.decimal_comma, notes: grid.notes, ..Delimited::default() };
    let mut problems = Problems::new();
    for row in grid.rows {
        table.add(name, row, &mut problems);
    }
    table.drop_empty_columns();
    if table.columns.is_empty() {
        return Err(whole("the file has no header"));
    }
    if table.rows.is_empty() && problems.is_empty() {
        return Err(whole("the table has a header and no rows"));
    }
    problems.or(table)
}

impl Delimited {
    fn add(&mut self, name: &str, Row { line, cells: mut row }: Row, problems: &mut Problems) {
        if self.columns.is_empty() {
            self.columns = row;
            return;
        }
        // Spreadsheets write empty cells beyond the table.
        while row.len() > self.columns.len() && row.last().is_some_and(String::is_empty) {
            row.pop();
        }
        if row.len() == self.columns.len() {
            self.rows.push((line, row));
        } else {
            let reason = format!("{} cells where the header has {}", row.len(), self.columns.len());
            let hint = "put a cell that contains the separator in quotation marks";
            problems.push(Problem::new(name, reason).at(line).hint(hint));
        }
    }

    /// Takes out columns at the end that have neither a name nor a cell.
    fn drop_empty_columns(&mut self) {
        while self.columns.len() > 1 && self.columns.last().is_some_and(String::is_empty) {
            let empty = |row: &(u32, Vec<String>)| row.1.last().is_none_or(String::is_empty);
            if !self.rows.iter().all(empty) {
                return;
            }
            self.columns.pop();
            self.rows.iter_mut().for_each(|(_, row)| {
                row.pop();
            });
        }
    }

    /// Returns where a column stands, whatever the case of its name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        let exact = self.columns.iter().position(|c| c == name);
        exact.or_else(|| self.columns.iter().position(|c| c.eq_ignore_ascii_case(name)))
    }
}

/// Reads a number, with a comma for its decimal sign where the table allows it.
#[must_use]
pub fn number(cell: &str, decimal_comma: bool) -> Option<f64> {
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E' | '−');
    let cell = if decimal_comma && !cell.contains('.') && cell.matches(',').count() == 1 {
        cell.replace(',', ".")
    } else {
        cell.to_owned()
    };
    // The parser of the language also takes `inf` and `nan`, which are no values.
    if !cell.chars().all(plain) {
        return None;
    }
    cell.replace('−', "-").parse::<f64>().ok().filter(|v| v.is_finite())
}

/// Says which name was meant, or which there are.
pub(crate) fn hint_of_names<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str> + Clone) -> Remedy {
    match nearest(wanted, names.clone()) {
        Some(near) => Remedy::nearest(near),
        None => {
            let shown: Vec<&str> = names.into_iter().take(20).collect();
            format!("there are {}", shown.join(", ")).into()
        }
    }
}
