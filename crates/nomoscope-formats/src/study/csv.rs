//! The tables of a study folder: comma-separated values in UTF-8, with a header and rows as wide as it.
//!
//! Stricter than tables of others, which [`crate::grid`] takes with any separator and in any encoding: these files are
//! written back, and what was guessed on the way in would be changed on the way out.

use super::{Problem, Problems, utf8};
use nomoscope_core::problem::Remedy;

pub use crate::grid::{Row, line_of};

/// A file with a header: column names and rows of the same width.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// Column names.
    pub columns: Vec<String>,
    /// Rows.
    pub rows: Vec<Row>,
}

impl Sheet {
    /// Returns a cell by row and column name; empty where the file has no such column.
    #[must_use]
    pub fn cell<'a>(&self, row: &'a Row, column: &str) -> &'a str {
        self.columns.iter().position(|c| c == column).and_then(|i| row.cells.get(i)).map_or("", String::as_str)
    }
}

/// Reads a file with a header and checks that all rows are as wide as it.
///
/// # Errors
/// Bytes that are not UTF-8, open quotation marks, empty or repeated column names, uneven rows.
pub fn read(file: &str, bytes: &[u8]) -> Result<Sheet, Problems> {
    let text = utf8(file, bytes)?;
    let mut rows = read_rows(file, text)?.into_iter();
    let Some(header) = rows.next() else {
        return Err(Problem::new(file, "the file has no header").at(1).into());
    };
    let mut problems = Problems::new();
    check_header(file, &header, &mut problems);
    let rows: Vec<Row> = rows.collect();
    for row in &rows {
        if row.cells.len() != header.cells.len() {
            let reason = format!("{} cells where the header has {}", row.cells.len(), header.cells.len());
            problems.push(
                Problem::new(file, reason).at(row.line).hint("put a cell that contains a comma in quotation marks"),
            );
        }
    }
    let columns = header.cells;
    problems.or(Sheet { columns, rows })
}

fn check_header(file: &str, header: &Row, problems: &mut Problems) {
    let at = |reason: String| Problem::new(file, reason).at(header.line);
    if let [only] = header.cells.as_slice()
        && (only.contains(';') || only.contains('\t'))
    {
        problems.push(
            at("the columns are not separated by commas".to_owned())
                .hint("save it as CSV with commas; semicolons and tabs are not read"),
        );
    }
    for (i, name) in header.cells.iter().enumerate() {
        if name.trim().is_empty() {
            problems.push(at(format!("column {} has no name", i + 1)));
        } else if name.trim() != name {
            problems.push(at(format!("the column name `{name}` begins or ends with white space")));
        } else if header.cells.iter().take(i).any(|n| n == name) {
            problems.push(at(format!("column `{name}` occurs twice")));
        }
    }
}

/// Checks the columns of a file whose columns are all known.
pub(super) fn check_columns(file: &str, sheet: &Sheet, known: &[&str], required: &[&str], problems: &mut Problems) {
    for name in sheet.columns.iter().filter(|n| !known.contains(&n.as_str())) {
        let problem = Problem::new(file, format!("unknown column `{name}`")).at(1);
        problems.push(match nomoscope_core::spelling::nearest(name, known.iter().copied()) {
            Some(near) => problem.hint(Remedy::nearest(near)),
            None => problem.hint(format!("the columns are {}", known.join(","))),
        });
    }
    for name in required {
        if !sheet.columns.iter().any(|c| c == name) {
            problems.push(Problem::new(file, format!("no column `{name}`")).at(1));
        }
    }
}

/// Reads all rows; blank lines are skipped.
///
/// # Errors
/// An open quotation mark, text after a closing one, too many cells.
pub fn read_rows(file: &str, text: &str) -> Result<Vec<Row>, Problems> {
    crate::grid::rows(text, ',', 1).map_err(|flaws| flaws.into_iter().map(|flaw| flaw.problem(file)).collect())
}

/// Writes a header and rows, lines ended by LF, cells quoted where they must be.
#[must_use]
pub fn write<'a>(
    columns: impl IntoIterator<Item = &'a str>,
    rows: impl IntoIterator<Item = impl IntoIterator<Item = &'a str>>,
) -> String {
    let mut out = String::new();
    write_row(&mut out, columns);
    for row in rows {
        write_row(&mut out, row);
    }
    out
}

fn write_row<'a>(out: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    let start = out.len();
    for (i, cell) in cells.into_iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        // A byte order mark at the very start would be taken for the file's own.
        if cell.contains(['"', ',', '\n', '\r']) || (out.is_empty() && cell.starts_with('\u{feff}')) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    // A row that is one empty cell must not look like a blank line.
    if out.len() == start {
        out.push_str("\"\"");
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, want: &[(u32, &[&str])]) {
        let rows = read_rows("f.csv", text).expect("reads");
        let got: Vec<(u32, Vec<&str>)> =
            rows.iter().map(|r| (r.line, r.cells.iter().map(String::as_str).collect())).collect();
        let want: Vec<(u32, Vec<&str>)> = want.iter().map(|(l, c)| (*l, c.to_vec())).collect();
        assert_eq!(got, want, "{text:?}");
    }

    #[test]
    fn rows_and_their_lines() {
        check("", &[]);
        check("a,b\n1,2", &[(1, &["a", "b"]), (2, &["1", "2"])]);
        check("a\r\n\r\nb\r\n", &[(1, &["a"]), (3, &["b"])]);
        check("a\rb\rc", &[(1, &["a"]), (2, &["b"]), (3, &["c"])]);
        check("\"a\r\nb\",c\nd,", &[(1, &["a\r\nb", "c"]), (3, &["d", ""])]);
        check("\"a \"\"b\"\"\"\n", &[(1, &["a \"b\""])]);
        check("5\" pipe,\"\"\n", &[(1, &["5\" pipe", ""])]);
    }

    #[track_caller]
    fn check_bad(bytes: &[u8], want: &[&str]) {
        let problems = read("f.csv", bytes).expect_err("is bad");
        let got: Vec<String> =
            problems.as_slice().iter().map(|p| format!("{}: {}", p.line().unwrap_or(0), p.reason.plain())).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn what_is_wrong_with_a_file() {
        check_bad(b"", &["1: the file has no header"]);
        check_bad(b"a\n\"b\nc", &["2: a quotation mark is opened and never closed"]);
        check_bad(
            b"a,b\n1,\"2\"3\n4\n\"5\" 6,7\n",
            &["2: text after a closing quotation mark", "4: text after a closing quotation mark"],
        );
        check_bad(
            b"a,,a, b\n1\n1,2,3,4\n1,2,3,4,5\n",
            &[
                "1: column 2 has no name",
                "1: column `a` occurs twice",
                "1: the column name ` b` begins or ends with white space",
                "2: 1 cells where the header has 4",
                "4: 5 cells where the header has 4",
            ],
        );
        check_bad(b"path;title\n", &["1: the columns are not separated by commas"]);
        check_bad(b"path\r\ncaf\xe9\n", &["2: the file is not UTF-8"]);
        check_bad(b"\xff\xfep\0", &["1: the file is UTF-16, not UTF-8"]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(rows in proptest::collection::vec(proptest::collection::vec("[a,\"\r\n\u{feff}é ]{0,4}", 2), 1..5)) {
            let text = write(rows[0].iter().map(String::as_str), rows[1..].iter().map(|r| r.iter().map(String::as_str)));
            let back: Vec<Vec<String>> = read_rows("f", text.strip_prefix('\u{feff}').unwrap_or(&text)).expect("reads").into_iter().map(|r| r.cells).collect();
            prop_assert_eq!(back, rows);
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60), text in "[a,\"\r\n]{0,30}") {
            let _ = read("f", &bytes);
            let _ = read("f", text.as_bytes());
        }
    }
}
