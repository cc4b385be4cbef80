//! A table of any kind as rows of text: separated values, an Excel workbook or a Stata file.
//!
//! The one reader of tables: what a cell means is decided by who asked for the table. Separated values are what RFC 4180
//! describes, with any of four separators, in any encoding that texts are read in, with LF, CRLF or CR. An own reader,
//! because a crate that forgives an open quotation mark cannot say in which line it was opened; it is strict where
//! leniency would move cells between columns.

mod ods;
mod stata;
mod workbook;

use crate::decode::{Declaration, decode};
use crate::study::{Problem, Problems};
use crate::{Input, Limits, ReadOptions};
use std::collections::BTreeSet;

/// What may stand between columns, the likeliest first.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];
/// The most cells that one file may have.
pub(crate) const MAX_CELLS: usize = 50_000_000;

/// A row with the line on which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Line, from 1.
    pub line: u32,
    /// Cells.
    pub cells: Vec<String>,
}

/// How far down a header is looked for: tables of agencies begin with a name, a date and an address.
pub(crate) const HEADER_WITHIN: usize = 20;
/// How many bytes are looked at to tell what separates the columns.
const SEPARATOR_WITHIN: usize = 1 << 20;

/// A table as it stands in a file: rows of cells without white space around them, with their places.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    /// The file name, for messages.
    pub file: String,
    /// The rows; blank ones are left out.
    pub rows: Vec<Row>,
    /// Whether columns are separated by something else than commas: then a comma may be a decimal sign.
    pub decimal_comma: bool,
    /// What was guessed, in words for the user.
    pub notes: Vec<String>,
    /// Cells, by line and column, that hold what the first of some merged cells says.
    pub(crate) merged: BTreeSet<(u32, usize)>,
}

/// The rows of a sheet of a workbook, and which cells of them were merged with one above.
#[derive(Debug, Default)]
struct Sheet {
    name: String,
    rows: Vec<Row>,
    merged: BTreeSet<(u32, usize)>,
    /// How many cells were looked at to merge them.
    looked_at: usize,
}

/// The sheet of a workbook that is read, and the names of the others that have cells.
#[derive(Debug, Default)]
struct Chosen {
    sheet: Sheet,
    before: Vec<String>,
    after: Vec<String>,
}

impl Chosen {
    /// Takes the first sheet that fits; where none does, the first that has any cells.
    fn among(
        sheets: impl Iterator<Item = Result<Sheet, String>>,
        fits: &dyn Fn(&[Row]) -> bool,
    ) -> Result<Self, String> {
        let mut first: Option<Self> = None;
        let mut found = false;
        for sheet in sheets {
            let sheet = sheet?;
            if sheet.rows.is_empty() {
                continue;
            }
            let fits = !found && fits(&sheet.rows);
            match &mut first {
                None => first = Some(Self { sheet, ..Self::default() }),
                Some(chosen) if fits => {
                    chosen.before.push(std::mem::take(&mut chosen.sheet.name));
                    chosen.before.append(&mut chosen.after);
                    chosen.sheet = sheet;
                }
                Some(chosen) => chosen.after.push(sheet.name),
            }
            found |= fits;
        }
        first.ok_or_else(|| "no sheet has any cells".to_owned())
    }

    /// Returns what to say of the other sheets.
    fn note(&self) -> Option<String> {
        if self.before.is_empty() {
            let others = !self.after.is_empty();
            return others.then(|| format!("left out: the sheets after the first: {}", columns_of(&self.after)));
        }
        let others: Vec<String> = self.before.iter().chain(&self.after).cloned().collect();
        Some(format!("read: the sheet `{}`; left out: the sheets {}", self.sheet.name, columns_of(&others)))
    }
}

impl Sheet {
    /// Gives the rows below the first of some merged cells what that says; a row that has no cells stays away.
    fn merge(&mut self, column: usize, first: u32, last: u32) {
        let line = |row: &Row| row.line;
        let from = self.rows.partition_point(|row| line(row) < first);
        let upto = self.rows.partition_point(|row| line(row) <= last);
        let Some((top, below)) = self.rows.get_mut(from..upto).and_then(<[Row]>::split_first_mut) else {
            return;
        };
        let Some(said) = top.cells.get(column).filter(|said| top.line == first && !said.is_empty()) else {
            return;
        };
        self.looked_at = self.looked_at.saturating_add(below.len().saturating_mul(column + 1));
        if self.looked_at > MAX_CELLS {
            return;
        }
        for row in below {
            if row.cells.len() <= column {
                row.cells.resize(column + 1, String::new());
            }
            if let Some(cell) = row.cells.get_mut(column).filter(|cell| cell.is_empty()) {
                cell.clone_from(said);
                self.merged.insert((row.line, column));
            }
        }
    }
}

/// A table with its header found.
#[derive(Debug, Clone, Copy)]
pub struct Found<'g> {
    /// The header's cells.
    pub header: &'g Row,
    /// The rows below it.
    pub rows: &'g [Row],
}

/// Reads a table that has rows below its header.
///
/// # Errors
/// Everything that keeps it from being read.
pub fn read(input: &Input, limits: &Limits) -> Result<Grid, Problems> {
    if input.bytes.is_empty() {
        return Err(Problem::new(input.name, "the file is empty").hint("check that the right file was given").into());
    }
    let grid = open(input, limits)?;
    if grid.rows.len() < 2 {
        let reason = if grid.rows.is_empty() { "the table is empty" } else { "the table has a header and no rows" };
        return Err(Problem::new(input.name, reason).hint("check that the right file was given").into());
    }
    Ok(grid)
}

/// Reads what a table holds, even if that is nothing: separated values, or by its first bytes a workbook or a Stata file.
pub(crate) fn open(input: &Input, limits: &Limits) -> Result<Grid, Problems> {
    open_where(input, limits, None, &|_| true)
}

/// Like [`open`], with the encoding of separated values where people name it, and of a workbook the first sheet that fits.
pub(crate) fn open_where(
    input: &Input,
    limits: &Limits,
    encoding: Option<&str>,
    fits: &dyn Fn(&[Row]) -> bool,
) -> Result<Grid, Problems> {
    if input.bytes.len() > limits.max_bytes {
        return Err(Problem::new(input.name, format!("larger than {} bytes", limits.max_bytes)).into());
    }
    let mut grid = Grid { file: input.name.to_owned(), ..Grid::default() };
    let rows = if input.bytes.starts_with(b"PK\x03\x04") {
        let chosen = if ods::is_one(input.bytes) {
            ods::read(input, limits, fits)?
        } else {
            workbook::read(input, limits, fits)?
        };
        grid.notes.extend(chosen.note());
        grid.merged = chosen.sheet.merged;
        padded(chosen.sheet.rows)
    } else if input.bytes.starts_with(b"<stata_dta>") {
        stata::read(input, limits)?
    } else if input.bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let problem = Problem::new(input.name, "a workbook in the old format of Excel, or an encrypted one");
        return Err(problem.hint("save it as .xlsx without a password, or as CSV").into());
    } else {
        let options =
            ReadOptions { limits: limits.clone(), encoding: encoding.map(str::to_owned), ..ReadOptions::default() };
        let decoded = decode(input, Declaration::None, &options)?;
        let (text, separator, line) = start(&input.extension(), &decoded.text);
        grid.decimal_comma = separator != ',';
        grid.notes = decoded.notes;
        rows(text, separator, line)
            .map_err(|flaws| flaws.into_iter().map(|flaw| flaw.problem(input.name)).collect::<Problems>())?
    };
    let trimmed = rows.into_iter().map(|mut row| {
        row.cells.iter_mut().for_each(|cell| *cell = cell.trim().to_owned());
        row
    });
    grid.rows = trimmed.filter(|row| row.cells.iter().any(|cell| !cell.is_empty())).collect();
    Ok(grid)
}

/// Returns rows of the same width: a workbook has no cells where nothing was written.
fn padded(mut rows: Vec<Row>) -> Vec<Row> {
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    if width.saturating_mul(rows.len()) <= MAX_CELLS {
        rows.iter_mut().for_each(|row| row.cells.resize(width, String::new()));
    }
    rows
}

/// Returns the text of a table without a first line `sep=;`, which spreadsheets write, its separator and its first line.
pub(crate) fn start<'t>(extension: &str, text: &'t str) -> (&'t str, char, u32) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    // Saved once more by a spreadsheet, the line is a cell in quotation marks.
    let first = first.trim_end_matches('\r').trim_matches('"');
    let said = first.split_at_checked(4).filter(|(word, _)| word.eq_ignore_ascii_case("sep="));
    match SEPARATORS.into_iter().find(|s| said.is_some_and(|(_, sign)| sign.chars().eq([*s]))) {
        Some(separator) => (rest, separator, 2),
        None if matches!(extension, "tsv" | "tab") => (text, '\t', 1),
        None => (text, separator(text), 1),
    }
}

/// Returns what separates the columns: the sign by which most of the first rows have the same number of cells, for a
/// question in a header may have more commas than the header has semicolons.
fn separator(text: &str) -> char {
    let head = text.get(..text.floor_char_boundary(SEPARATOR_WITHIN)).unwrap_or(text);
    let scores = SEPARATORS.map(|separator| (evenness(head, separator), separator));
    // The first of equals wins: max_by_key would take the last.
    let best = scores.into_iter().rev().max_by_key(|(score, _)| *score);
    best.filter(|(score, _)| score.0 > 0).map_or(',', |(_, separator)| separator)
}

/// Returns how many of the first rows have as many cells as most of them, in thousandths, and how many those are; of rows
/// with one cell none, for a sign that never occurs separates nothing.
fn evenness(head: &str, separator: char) -> (usize, usize) {
    let mut reader = Reader { rest: head, line: 1, separator };
    let mut widths = Vec::new();
    while widths.len() <= HEADER_WITHIN && !reader.rest.is_empty() {
        match reader.row() {
            Ok(None) => {}
            Ok(Some(cells)) => widths.push(cells.len()),
            // Cut short by the end of what is looked at, or no such table.
            Err(_) => break,
        }
    }
    let even = |width: usize| widths.iter().filter(|w| **w == width).count();
    let wide = widths.iter().copied().filter(|width| *width > 1);
    let Some((n, width)) = wide.map(|width| (even(width), width)).max() else {
        return (0, 0);
    };
    (n * 1000 / widths.len(), width)
}

/// What keeps separated values from being taken apart, with its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Flaw {
    pub(crate) line: u32,
    pub(crate) kind: FlawKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FlawKind {
    OpenQuote,
    AfterQuote,
    TooManyCells,
}

impl Flaw {
    /// Returns what is wrong, in words.
    pub(crate) fn reason(self) -> String {
        match self.kind {
            FlawKind::OpenQuote => "a quotation mark is opened and never closed".to_owned(),
            FlawKind::AfterQuote => "text after a closing quotation mark".to_owned(),
            FlawKind::TooManyCells => format!("more than {MAX_CELLS} cells"),
        }
    }

    pub(crate) fn problem(self, file: &str) -> Problem {
        let problem = Problem::new(file, self.reason()).at(self.line);
        match self.kind {
            FlawKind::OpenQuote | FlawKind::AfterQuote => {
                problem.hint("write a quotation mark inside quotation marks twice")
            }
            FlawKind::TooManyCells => problem,
        }
    }
}

/// Returns all rows of separated values, the first of them in `line`; blank lines are skipped.
///
/// # Errors
/// An open quotation mark, text after a closing one, too many cells.
pub(crate) fn rows(text: &str, separator: char, line: u32) -> Result<Vec<Row>, Vec<Flaw>> {
    let mut reader = Reader { rest: text, line, separator };
    let (mut rows, mut flaws, mut n_cells) = (Vec::new(), Vec::new(), 0);
    while !reader.rest.is_empty() {
        let line = reader.line;
        match reader.row() {
            Ok(None) => {}
            Ok(Some(cells)) => {
                n_cells += cells.len();
                if n_cells > MAX_CELLS {
                    return Err(vec![Flaw { line, kind: FlawKind::TooManyCells }]);
                }
                rows.push(Row { line, cells });
            }
            Err(kind) => flaws.push(Flaw { line, kind }),
        }
    }
    if flaws.is_empty() { Ok(rows) } else { Err(flaws) }
}

struct Reader<'a> {
    rest: &'a str,
    line: u32,
    separator: char,
}

impl Reader<'_> {
    /// Reads one row; none for a blank line.
    fn row(&mut self) -> Result<Option<Vec<String>>, FlawKind> {
        if self.line_end() {
            return Ok(None);
        }
        let mut cells = Vec::new();
        loop {
            cells.push(self.cell()?);
            if let Some(rest) = self.rest.strip_prefix(self.separator) {
                self.rest = rest;
            } else if self.rest.is_empty() || self.line_end() {
                return Ok(Some(cells));
            } else {
                self.skip_line();
                return Err(FlawKind::AfterQuote);
            }
        }
    }

    fn cell(&mut self) -> Result<String, FlawKind> {
        if let Some(rest) = self.rest.strip_prefix('"') {
            self.rest = rest;
            return self.quoted();
        }
        let end = self.rest.find([self.separator, '\n', '\r']).unwrap_or(self.rest.len());
        let (cell, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(cell.to_owned())
    }

    fn quoted(&mut self) -> Result<String, FlawKind> {
        let mut cell = String::new();
        loop {
            let Some((inside, rest)) = self.rest.split_once('"') else {
                self.rest = "";
                return Err(FlawKind::OpenQuote);
            };
            cell.push_str(inside);
            self.line = self.line.saturating_add(line_of(inside.as_bytes()) - 1);
            self.rest = rest;
            match rest.strip_prefix('"') {
                Some(rest) => {
                    cell.push('"');
                    self.rest = rest;
                }
                None => return Ok(cell),
            }
        }
    }

    fn line_end(&mut self) -> bool {
        for end in ["\r\n", "\n", "\r"] {
            if let Some(rest) = self.rest.strip_prefix(end) {
                self.rest = rest;
                self.line = self.line.saturating_add(1);
                return true;
            }
        }
        false
    }

    fn skip_line(&mut self) {
        let end = self.rest.find(['\n', '\r']).unwrap_or(self.rest.len());
        self.rest = self.rest.get(end..).unwrap_or_default();
        self.line_end();
    }
}

/// Returns the number of the line after `before`, where LF, CRLF and CR end a line.
#[must_use]
pub fn line_of(before: &[u8]) -> u32 {
    let mut line = 1_u32;
    let mut previous = 0;
    for &byte in before {
        if byte == b'\r' || (byte == b'\n' && previous != b'\r') {
            line = line.saturating_add(1);
        }
        previous = byte;
    }
    line
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
    pub(crate) fn check_widths(&self, file: &str, problems: &mut Problems) {
        for row in self.rows {
            let extra = row.cells.iter().skip(self.header.cells.len()).any(|c| !c.is_empty());
            if extra {
                let reason = format!("{} cells where the header has {}", row.cells.len(), self.header.cells.len());
                let hint = "put a cell that contains the separator in quotation marks";
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

fn columns_of(names: &[String]) -> String {
    columns(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Returns the columns of a table as words for a message.
pub(crate) fn columns(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { format!("`{}`", names.join("`, `")) }
}

/// Returns a problem of the header: what is missed, and what there is.
pub(crate) fn no_header(grid: &Grid, what: &str, hint: &str) -> Problem {
    let line = grid.rows.first().map_or(1, |r| r.line);
    let reason = format!("no column for {what} among {}", columns(&grid.likely_header()));
    Problem::new(&grid.file, reason).at(line).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(name: &str, bytes: &[u8], want: &[(u32, &[&str])]) {
        let grid = open(&Input { name, bytes }, &Limits::default()).expect("reads");
        let got: Vec<(u32, Vec<&str>)> =
            grid.rows.iter().map(|r| (r.line, r.cells.iter().map(String::as_str).collect())).collect();
        let want: Vec<(u32, Vec<&str>)> = want.iter().map(|(line, cells)| (*line, cells.to_vec())).collect();
        assert_eq!(got, want, "{:?}", String::from_utf8_lossy(bytes));
    }

    #[test]
    fn any_separator_and_encoding() {
        check("a.csv", b"a,b\n1,2\n", &[(1, &["a", "b"]), (2, &["1", "2"])]);
        check("a.csv", b"a;b\r\n1,5;\"x;y\"\r\n", &[(1, &["a", "b"]), (2, &["1,5", "x;y"])]);
        check("a.csv", b"a\tb\n1\t2", &[(1, &["a", "b"]), (2, &["1", "2"])]);
        check("a.csv", b"a|b\n1|2", &[(1, &["a", "b"]), (2, &["1", "2"])]);
        check("a.tsv", b"a,b\tc\n1\t2", &[(1, &["a,b", "c"]), (2, &["1", "2"])]);
        check("a.csv", b"sep=;\r\na,b;c\n\n1;2\n", &[(2, &["a,b", "c"]), (4, &["1", "2"])]);
        check("a.csv", b"sep=\xe2\x82\xac\n", &[(1, &["sep=\u{20ac}"])]);
        check("a.csv", b"\xef\xbb\xbfa,b\n1,2", &[(1, &["a", "b"]), (2, &["1", "2"])]);
        // Windows-1252, as spreadsheets in Western Europe save it; the words are common enough to be guessed.
        let french = b"pays;ann\xe9e\nC\xf4te d'Ivoire;2000\nHa\xefti;2001\nS\xe9n\xe9gal;2002\n";
        check(
            "a.csv",
            french,
            &[
                (1, &["pays", "ann\u{e9}e"]),
                (2, &["C\u{f4}te d'Ivoire", "2000"]),
                (3, &["Ha\u{ef}ti", "2001"]),
                (4, &["S\u{e9}n\u{e9}gal", "2002"]),
            ],
        );
        let utf16: Vec<u8> = "\u{feff}\u{e9};b\n1;2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check("a.csv", &utf16, &[(1, &["\u{e9}", "b"]), (2, &["1", "2"])]);
    }

    #[test]
    fn a_title_above_does_not_choose_the_separator() {
        check(
            "a.csv",
            b"Protocol, Palermo, 2000\n\nState;Date\nFrance;29 Oct 2002\n",
            &[(1, &["Protocol, Palermo, 2000"]), (3, &["State", "Date"]), (4, &["France", "29 Oct 2002"])],
        );
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80), text in "[a,;|\t\"\r\n=\u{e9}sep]{0,40}") {
            let _ = open(&Input { name: "a.csv", bytes: &bytes }, &Limits::default());
            let _ = open(&Input { name: "a.csv", bytes: text.as_bytes() }, &Limits::default());
        }
    }
}
