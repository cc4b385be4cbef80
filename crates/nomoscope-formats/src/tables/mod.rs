//! Tables of data that are not texts: ratings of coders, statements of actors.
//!
//! Separated by commas, semicolons or tabs, in any encoding that the readers of texts take. What a cell means is decided
//! by the reader of each kind of table; here every cell is only found, with its line.

pub mod ratings;
pub mod statements;

use crate::decode::{Declaration, decode};
use crate::readers::csv::{open_quote, sniff};
use crate::study::{Problem, Problems};
use crate::{Input, Limits, ReadOptions};
use csv::{ReaderBuilder, StringRecord};
use nomoscope_core::problem::Remedy;
use nomoscope_core::spelling::nearest;

/// The most cells that one table may have.
const MAX_CELLS: usize = 50_000_000;

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
    let limits = Limits::default();
    if bytes.is_empty() {
        return Err(whole("the file is empty"));
    }
    if bytes.len() > limits.max_bytes {
        return Err(whole(&format!("the file is larger than {} MiB", limits.max_bytes >> 20)));
    }
    let decoded = decode(&Input { name, bytes }, Declaration::None, &ReadOptions::default())?;
    let (text, skipped, said) = without_preface(&decoded.text);
    let delimiter = said.unwrap_or_else(|| sniff(text));
    if let Some(line) = open_quote(text, delimiter) {
        let problem = Problem::new(name, "a quotation mark is opened and never closed").at(line_number(line) + skipped);
        return Err(problem.hint("write a quotation mark inside quotation marks twice").into());
    }
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut table = Delimited { decimal_comma: delimiter != b',', notes: decoded.notes, ..Delimited::default() };
    let mut problems = Problems::new();
    let mut cells = 0;
    let mut record = StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => return Err(whole(&format!("not a readable table: {error}"))),
        }
        let line = record.position().map_or(0, |p| line_number(p.line())) + skipped;
        cells += record.len();
        if cells > MAX_CELLS {
            return Err(Problem::new(name, format!("more than {MAX_CELLS} cells")).at(line).into());
        }
        table.add(name, line, &record, &mut problems);
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
    fn add(&mut self, name: &str, line: u32, record: &StringRecord, problems: &mut Problems) {
        let mut row: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        if row.iter().all(String::is_empty) {
            return;
        }
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

/// Returns the table without a first line `sep=;`, which spreadsheets write, the lines left out and what it said.
fn without_preface(text: &str) -> (&str, u32, Option<u8>) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    match first.trim_end_matches('\r').as_bytes() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter @ (b',' | b';' | b'\t')] => (rest, 1, Some(*delimiter)),
        _ => {
            let blank = text.len() - text.trim_start_matches(['\r', '\n']).len();
            let (before, rest) = text.split_at(blank);
            (rest, u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX), None)
        }
    }
}

fn line_number(line: u64) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
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
