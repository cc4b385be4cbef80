//! A table in which people describe files: a row a file, with its title, kind, date and whatever else they know.
//!
//! It is read as tables are: any separator, encoding or kind of workbook. The column of file names is known by its name in
//! any case and in many languages; dates are taken as spreadsheets and people write them. Which file a row means is the caller's to decide.

use super::sources_csv::is_date_column;
use super::{Problem, Problems};
use crate::column_names::{self, Meaning, is_path, path_rank};
use crate::grid::{self, Found, Row};
use crate::{Input, Limits, written_dates};
use std::collections::{BTreeMap, BTreeSet};

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
    let is_header = |row: &Row| row.cells.iter().any(|cell| is_path(cell));
    let has_paths = |rows: &[Row]| rows.iter().take(grid::HEADER_WITHIN).any(is_header);
    let table = grid::open_where(input, &Limits::default(), encoding, &has_paths)?;
    let Some(found) = table.below(is_header) else {
        let hint = "name the column of file names `path`";
        return Err(grid::no_header(&table, "the names of files", hint).into());
    };
    let header = &found.header.cells;
    let ranked = header.iter().enumerate().filter_map(|(index, name)| Some((path_rank(name)?, index)));
    let at = ranked.min().map_or(0, |(_, index)| index);
    let columns = Columns::of(&found, at);
    let mut problems = Problems::new();
    check_header(&table.file, found.header, &columns.names, at, &mut problems);
    found.check_widths(&table.file, &mut problems);
    let mut out = Descriptions { rows: Vec::new(), notes: table.notes.clone() };
    out.notes.extend(columns.note(header));
    let mut nameless = 0_usize;
    let mut guessed = BTreeSet::new();
    for row in found.rows {
        let path = found.cell(row, at).to_owned();
        if path.is_empty() {
            nameless += 1;
            continue;
        }
        let cells = columns.cells(&found, row, &table.file, &mut guessed, &mut problems);
        out.rows.push(Described { line: row.line, path, cells });
    }
    if nameless > 0 {
        let rows = if nameless == 1 { "1 row".to_owned() } else { format!("{nameless} rows") };
        out.notes.push(format!("left out: {rows} that name no file"));
    }
    out.notes.extend(guessed.into_iter().map(written_dates::century_note));
    problems.or(out)
}

/// Returns the dates of one column as `sources.csv` has them, in the order of its cells; whether days stand before months
/// is told by all of them. A cell that is no date says why.
pub fn dates<'c>(cells: impl Iterator<Item = &'c str> + Clone) -> Vec<Result<String, String>> {
    let days_first = written_dates::days_first(cells.clone());
    let date = |cell: &str| match written_dates::read(cell, days_first) {
        Ok(Some(written)) => Ok(written.date.to_string()),
        Ok(None) => Err(format!("`{cell}` is no date")),
        Err(reason) => Err(reason.to_string()),
    };
    cells.map(date).collect()
}

/// What the columns are.
struct Columns {
    /// The column of file names.
    path: usize,
    /// Names as they stand in `sources.csv`.
    names: Vec<String>,
    /// Columns that were taken for something by a word of any language.
    taken: Vec<(usize, Meaning)>,
    /// For each column of dates, whether days stand before months in it.
    days_first: BTreeMap<usize, Option<bool>>,
}

impl Columns {
    fn of(found: &Found, path: usize) -> Self {
        let header = &found.header.cells;
        let mut names: Vec<String> = header.iter().map(|name| column(name)).collect();
        let mut taken = vec![(path, Meaning::Path)];
        for (index, written) in header.iter().enumerate().filter(|(index, _)| *index != path) {
            let cells = || found.rows.iter().map(|row| found.cell(row, index)).filter(|cell| !cell.is_empty());
            let Some(meaning) = column_names::foreign_of(written, cells) else { continue };
            if !names.iter().any(|name| name == meaning.name()) {
                taken.push((index, meaning));
                if let Some(name) = names.get_mut(index) {
                    meaning.name().clone_into(name);
                }
            }
        }
        let dates = names.iter().enumerate().filter(|(_, name)| is_date_column(name));
        let cells = |index: usize| found.rows.iter().map(move |row| found.cell(row, index));
        let days_first = dates.map(|(index, _)| (index, written_dates::days_first(cells(index)))).collect();
        Self { path, names, taken, days_first }
    }

    /// Returns which columns were taken for what, where a name is none of the program's own.
    fn note(&self, header: &[String]) -> Option<String> {
        let names = self.taken.iter().filter_map(|(index, meaning)| Some((header.get(*index)?.as_str(), *meaning)));
        let foreign: Vec<_> = names.filter(|(name, meaning)| column_names::foreign(name) == Some(*meaning)).collect();
        column_names::note(&foreign)
    }

    /// Returns what a row says of its file; columns with a year of two digits are added to those `guessed`.
    fn cells<'c>(
        &'c self,
        found: &Found,
        row: &Row,
        file: &str,
        guessed: &mut BTreeSet<&'c str>,
        problems: &mut Problems,
    ) -> BTreeMap<String, String> {
        let mut cells = BTreeMap::new();
        for (index, name) in
            self.names.iter().enumerate().filter(|(index, name)| *index != self.path && !name.is_empty())
        {
            let cell = found.cell(row, index);
            if cell.is_empty() {
                continue;
            }
            let Some(days_first) = self.days_first.get(&index) else {
                cells.insert(name.clone(), cell.to_owned());
                continue;
            };
            let value = match written_dates::read(cell, *days_first) {
                Ok(None) => String::new(),
                Ok(Some(written)) => {
                    if written.century_guessed {
                        guessed.insert(name.as_str());
                    }
                    written.date.to_string()
                }
                Err(reason) => {
                    let problem = Problem::new(file, format!("column `{name}`: {reason}")).at(row.line);
                    problems.push(problem.hint("write the month as a word, or the date as 2000-12-31"));
                    String::new()
                }
            };
            cells.insert(name.clone(), value);
        }
        cells
    }
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
    fn columns_in_any_language() {
        let want: &[(&str, &[(&str, &str)])] =
            &[("a", &[("date", "2001-03-21"), ("language", "fr"), ("title", "T")]), ("b", &[("date", "2001-04")])];
        check("Datei;Datum;Titel;Sprache\na;21.03.2001;T;fr\nb;April 2001;;\n".as_bytes(), want);
        check("T\u{cd}TULO,Archivo,FECHA,Idioma\nT,a,3/21/2001 14:05,fr\n,b,abril 2001,\n".as_bytes(), want);
        check("Титул,Файл,Заголовок,Дата,Язык\n,a,T,21 марта 2001,fr\n,b,,2001-04,\n".as_bytes(), want);
        check("文件,日期,标题,语言\na,2001年3月21日,T,fr\nb,2001年4月,,\n".as_bytes(), want);
        check(b"path;data;date\na;one;3-Apr-01\n", &[("a", &[("data", "one"), ("date", "2001-04-03")])]);
        check(b"path;Data\na;one\n", &[("a", &[("Data", "one")])]);
        let notes = read("m.csv", b"Datei;Datum;Titel\na;21.03.01;T\n").expect("reads").notes;
        assert_eq!(
            notes[0],
            "taken by their names: columns `Datei` for the names of files, `Datum` for the date, `Titel` for the title"
        );
        assert!(notes[1].starts_with("column `date`: years of two digits"), "{notes:?}");
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
}
