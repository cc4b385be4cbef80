//! A table in which people describe files: a row a file, with its title, kind, date and whatever else they know.
//!
//! It is read as tables are: any separator, encoding or kind of workbook. The column of file names is known by its name in
//! any case; dates are taken as spreadsheets and people write them. Which file a row means is the caller's to decide.

use super::sources_csv::is_date_column;
use super::{Problem, Problems};
use crate::grid::{self, Row};
use crate::reach::dates;
use crate::{Input, Limits};
use nomoscope_core::date::PartialDate;
use std::collections::BTreeMap;

/// Names that the column of file names has, in lower case.
const PATH_NAMES: [&str; 16] = [
    "path",
    "filename",
    "file name",
    "file_name",
    "file",
    "filepath",
    "file path",
    "file_path",
    "source",
    "document",
    "doc",
    "datei",
    "dateiname",
    "fichier",
    "archivo",
    "nom du fichier",
];

/// One row: what is said of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// Where the row begins, from 1.
    pub line: u32,
    /// The file as the table names it.
    pub path: String,
    /// Columns and cells; empty cells are left out.
    pub cells: BTreeMap<String, String>,
}

/// What a table says of files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Descriptions {
    /// Rows with a file name.
    pub rows: Vec<Described>,
    /// What was guessed or left out, in words for the user.
    pub notes: Vec<String>,
}

/// Reads a table that describes files.
///
/// # Errors
/// Everything that keeps it from being read: no column of file names, dates that may mean two days.
pub fn parse(input: &Input, encoding: Option<&str>) -> Result<Descriptions, Problems> {
    if input.bytes.is_empty() {
        return Err(Problem::new(input.name, "the file is empty").hint("check that the right file was given").into());
    }
    let table = grid::open_as(input, &Limits::default(), encoding)?;
    let is_path = |cell: &String| PATH_NAMES.contains(&cell.to_lowercase().as_str());
    let Some(found) = table.below(|row| row.cells.iter().any(is_path)) else {
        let hint = "name the column of file names `path`";
        return Err(grid::no_header(&table, "the names of files", hint).into());
    };
    let at = found.column(&PATH_NAMES).unwrap_or_default();
    let names: Vec<String> = found.header.cells.iter().map(|name| column(name)).collect();
    let mut problems = Problems::new();
    check_header(&table.file, found.header, &names, at, &mut problems);
    found.check_widths(&table.file, &mut problems);
    let mut out = Descriptions { rows: Vec::new(), notes: table.notes.clone() };
    let mut nameless = 0_usize;
    let days_first = days_first(&names, found.rows);
    for row in found.rows {
        let path = found.cell(row, at).to_owned();
        if path.is_empty() {
            nameless += 1;
            continue;
        }
        let mut cells = BTreeMap::new();
        for (index, name) in names.iter().enumerate().filter(|(index, name)| *index != at && !name.is_empty()) {
            let cell = found.cell(row, index);
            if cell.is_empty() {
                continue;
            }
            let value = if is_date_column(name) {
                date(cell, days_first.get(name.as_str()).copied().flatten()).unwrap_or_else(|reason| {
                    let problem = Problem::new(&*table.file, format!("column `{name}`: {reason}")).at(row.line);
                    problems.push(problem.hint("write the month as a word, or the date as 2000-12-31"));
                    String::new()
                })
            } else {
                cell.to_owned()
            };
            cells.insert(name.clone(), value);
        }
        out.rows.push(Described { line: row.line, path, cells });
    }
    if nameless > 0 {
        let rows = if nameless == 1 { "1 row".to_owned() } else { format!("{nameless} rows") };
        out.notes.push(format!("left out: {rows} that name no file"));
    }
    problems.or(out)
}

/// Returns the name of a column: those that have a meaning in lower case, a year as a date.
fn column(name: &str) -> String {
    let lower = name.to_lowercase();
    match lower.as_str() {
        "title" | "kind" | "date" | "language" | "in_force" | "text_column" | "id_column" | "encoding" => lower,
        "lang" => "language".to_owned(),
        "year" => "date".to_owned(),
        _ if lower.ends_with("_date") => lower,
        _ => name.to_owned(),
    }
}

fn check_header(file: &str, header: &Row, names: &[String], at: usize, problems: &mut Problems) {
    for (index, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if index != at && names.iter().take(index).any(|before| before == name) {
            let written = header.cells.get(index).map_or("", String::as_str);
            let reason = match name.as_str() {
                "date" => format!("columns `date` and `{written}` both say the date"),
                _ => format!("column `{written}` occurs twice"),
            };
            problems.push(Problem::new(file, reason).at(header.line).hint("rename or remove one of them"));
        }
    }
}

/// Returns for each column of dates whether days stand before months, where some of its dates can only be read so.
fn days_first<'n>(names: &'n [String], rows: &[Row]) -> BTreeMap<&'n str, Option<bool>> {
    let mut found = BTreeMap::new();
    for (index, name) in names.iter().enumerate().filter(|(_, name)| is_date_column(name)) {
        let (mut day, mut month) = (false, false);
        for (first, second) in rows.iter().filter_map(|row| strokes(row.cells.get(index)?)).map(|(a, b, _)| (a, b)) {
            day |= first > 12;
            month |= second > 12;
        }
        found.insert(name.as_str(), (day != month).then_some(day));
    }
    found
}

/// Returns the parts of `3/4/2001`, without a time of day.
fn strokes(cell: &str) -> Option<(u32, u32, u32)> {
    let day = cell.split([' ', 'T']).next()?;
    let parts: Vec<&str> = day.split('/').collect();
    let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.len() <= 4);
    match parts.as_slice() {
        [a, b, y] if y.len() == 4 => Some((number(a)?, number(b)?, number(y)?)),
        _ => None,
    }
}

/// Returns a date as it stands in `sources.csv`.
fn date(cell: &str, days_first: Option<bool>) -> Result<String, String> {
    // A day before the time of a spreadsheet: "21.03.2001 00:00".
    let (day, time) = cell.split_once(' ').unwrap_or((cell, ""));
    let bare = if time.contains(':') && time.starts_with(|c: char| c.is_ascii_digit()) { day } else { cell };
    if let (Some(first), Some((a, b, year))) = (days_first, strokes(bare)) {
        let (day, month) = if first { (a, b) } else { (b, a) };
        let iso = format!("{year:04}-{month:02}-{day:02}");
        return iso.parse::<PartialDate>().map(|date| date.to_string()).map_err(|error| error.to_string());
    }
    if let Some(day) = serial(bare) {
        return Ok(day);
    }
    match dates::read(bare) {
        Ok(Some(dated)) => Ok(dated.date.to_string()),
        Ok(None) => Ok(String::new()),
        Err(error) => Err(error.to_string()),
    }
}

/// Returns the day that a spreadsheet counts from the end of 1899, for days from 1927 on: a smaller number is a year.
fn serial(cell: &str) -> Option<String> {
    let (whole, fraction) = cell.split_once('.').unwrap_or((cell, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let days: i64 = whole.parse().ok().filter(|_| digits(whole) && digits(fraction))?;
    if !(10_000..=80_000).contains(&days) {
        return None;
    }
    // Days since 1 March of the year 0, in eras of 400 years. # Source  Hinnant, chrono-compatible date algorithms
    let days = days + 693_899;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, bytes: &[u8]) -> Result<Descriptions, String> {
        parse(&Input { name, bytes }, None).map_err(|problems| problems.to_string())
    }

    #[track_caller]
    fn check(bytes: &[u8], want: &[(&str, &[(&str, &str)])]) {
        let got = read("m.csv", bytes).expect("reads");
        let got: Vec<(&str, Vec<(&str, &str)>)> = got
            .rows
            .iter()
            .map(|row| (row.path.as_str(), row.cells.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect()))
            .collect();
        let want: Vec<(&str, Vec<(&str, &str)>)> = want.iter().map(|(path, cells)| (*path, cells.to_vec())).collect();
        assert_eq!(got, want, "{}", String::from_utf8_lossy(bytes));
    }

    #[test]
    fn tables_as_people_make_them() {
        check(b"path,kind\r\na.txt,x\r\nb.txt,\r\n", &[("a.txt", &[("kind", "x")]), ("b.txt", &[])]);
        check(
            b"sep=;\nFilename;Date;Region\na;21.03.2001;Asia\n",
            &[("a", &[("Region", "Asia"), ("date", "2001-03-21")])],
        );
        check(b"Date\tPath\n2001-03-21 00:00:00\tx/a.txt\n", &[("x/a.txt", &[("date", "2001-03-21")])]);
        check(b"File Name;Year\na.txt;1999\n", &[("a.txt", &[("date", "1999")])]);
        check(
            b"path;date\na;01/02/2001\nb;25/02/2001\n",
            &[("a", &[("date", "2001-02-01")]), ("b", &[("date", "2001-02-25")])],
        );
        check(
            b"path;date\na;01/02/2001\nb;02/25/2001\n",
            &[("a", &[("date", "2001-01-02")]), ("b", &[("date", "2001-02-25")])],
        );
        check(
            b"path;date\na;36971\nb;March 2001\n",
            &[("a", &[("date", "2001-03-21")]), ("b", &[("date", "2001-03")])],
        );
        // Windows-1252.
        check(
            b"path;title\ncaf\xe9.txt;D\xe9claration des droits\n",
            &[("caf\u{e9}.txt", &[("title", "D\u{e9}claration des droits")])],
        );
        check(b"Title of the table\n\npath,kind\na,b\n,c\n", &[("a", &[("kind", "b")])]);
    }

    #[test]
    fn what_is_wrong_with_a_table() {
        for (bytes, want) in [
            (b"name,kind\na,b\n".as_slice(), "no column for the names of files among `name`, `kind`"),
            (b"path,date\na,03/04/2001\n", "column `date`: `03/04/2001` may be day and month or month and day"),
            (b"path,date\na,soon\n", "column `date`: `soon` is no date"),
            (b"path,date,year\na,2001,2001\n", "columns `date` and `year` both say the date"),
            (b"", "the file is empty"),
        ] {
            let got = read("m.csv", bytes).expect_err("is bad");
            assert!(got.contains(want), "{got}");
        }
    }

    #[test]
    fn days_of_spreadsheets() {
        // As LibreOffice 24.2 shows them.
        for (serial, want) in
            [("36526", "2000-01-01"), ("36585", "2000-02-29"), ("45351.5", "2024-02-29"), ("25569", "1970-01-01")]
        {
            assert_eq!(super::serial(serial).as_deref(), Some(want));
        }
        assert_eq!(super::serial("2001"), None);
    }
}
