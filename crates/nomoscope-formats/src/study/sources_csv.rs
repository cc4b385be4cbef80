//! `sources.csv`: which files are sources, and their attributes.
//!
//! `path` is required; `title`, `kind`, `date` and `language` have a meaning, and so have `text_column`, `id_column` and
//! `encoding`, which say how the file is read; every other column is an attribute.

use super::study_toml::language_tag;
use super::{Problem, Problems, SOURCES_CSV, csv};
use nomoscope_core::date::PartialDate;
use nomoscope_core::study::{SourceSheet, check_relative_path};
use std::collections::BTreeMap;

/// What one row says of a source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceRow {
    /// Where the row begins, from 1.
    pub line: u32,
    /// The file, relative to the study folder.
    pub path: String,
    /// Title for people.
    pub title: Option<String>,
    /// Kind of text.
    pub kind: Option<String>,
    /// When it was adopted, given or published.
    pub date: Option<PartialDate>,
    /// Languages.
    pub language: Vec<String>,
    /// How the file is read.
    pub reading: Reading,
    /// All further columns, empty cells left out.
    pub attributes: BTreeMap<String, String>,
}

/// How a file is read, where it does not tell by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// The columns or keys that hold the text; in the table one a line of the cell.
    pub text_columns: Vec<String>,
    /// The column or key that tells one text of a table from the others.
    pub id_column: Option<String>,
    /// The character encoding.
    pub encoding: Option<String>,
}

/// `sources.csv`: the rows as written and what they say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sources {
    /// Columns and cells as written.
    pub sheet: SourceSheet,
    /// What each row says.
    pub rows: Vec<SourceRow>,
}

/// Reads `sources.csv`.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn parse(bytes: &[u8]) -> Result<Sources, Problems> {
    let sheet = csv::read(SOURCES_CSV, bytes)?;
    let mut problems = Problems::new();
    check_columns(&sheet, &mut problems);
    let mut seen = BTreeMap::new();
    let mut rows = Vec::new();
    for row in &sheet.rows {
        let read = read_row(&sheet, row, &mut problems);
        if let Some(first) = seen.insert(read.path.clone(), row.line)
            && !read.path.is_empty()
        {
            let reason = format!("`{}` stands already in line {first}", read.path);
            problems.push(Problem::new(SOURCES_CSV, reason).at(row.line));
        }
        rows.push(read);
    }
    let sheet = SourceSheet { columns: sheet.columns, rows: sheet.rows.into_iter().map(|r| r.cells).collect() };
    problems.or(Sources { sheet, rows })
}

fn check_columns(sheet: &csv::Sheet, problems: &mut Problems) {
    let header = |reason: &str| Problem::new(SOURCES_CSV, reason).at(1);
    let has = |name: &str| sheet.columns.iter().any(|c| c == name);
    if !has("path") {
        let near = nomoscope_core::spelling::nearest("path", sheet.columns.iter().map(String::as_str));
        problems.push(match near {
            Some(near) => header("no column `path`").hint(format!("rename column `{near}`")),
            None => header("no column `path`").hint("the first columns are path,title,kind,date"),
        });
    }
    if has("year") {
        problems.push(
            header("a column `year` would be hidden by the year of `date`")
                .hint("name the column `date`: a year alone is a date"),
        );
    }
}

fn read_row(sheet: &csv::Sheet, row: &csv::Row, problems: &mut Problems) -> SourceRow {
    let mut read = SourceRow { line: row.line, ..SourceRow::default() };
    for (column, cell) in sheet.columns.iter().zip(&row.cells) {
        let at = |reason: String| Problem::new(SOURCES_CSV, reason).at(row.line);
        if column == "path" {
            if let Err(error) = check_relative_path(cell) {
                problems.push(at(format!("`{cell}`: {error}")).hint(error.hint()));
            }
            read.path.clone_from(cell);
            continue;
        }
        if cell.is_empty() {
            continue;
        }
        if is_date_column(column)
            && let Err(error) = cell.parse::<PartialDate>()
        {
            problems.push(at(format!("column `{column}`: {error}")));
        }
        match column.as_str() {
            "title" => read.title = Some(cell.clone()),
            "kind" => read.kind = Some(cell.clone()),
            "date" => read.date = cell.parse().ok(),
            "text_column" => read.reading.text_columns = cell.lines().map(str::to_owned).collect(),
            "id_column" => read.reading.id_column = Some(cell.clone()),
            "encoding" => read.reading.encoding = Some(cell.clone()),
            "language" => match languages(cell) {
                Ok(tags) => read.language = tags,
                Err(tag) => problems.push(
                    at(format!("`{tag}` is no language tag")).hint("write BCP 47 tags such as en, fr or zh-Hant"),
                ),
            },
            _ => {
                read.attributes.insert(column.clone(), cell.clone());
            }
        }
    }
    read
}

/// Returns whether the cells of a column are dates: `date`, `in_force` and whatever ends with `_date`.
#[must_use]
pub fn is_date_column(name: &str) -> bool {
    matches!(name, "date" | "in_force") || name.ends_with("_date")
}

/// What stands between languages where people write several: "English and French", "français et anglais".
const AND: [&str; 6] = ["and", "et", "und", "y", "e", "&"];

/// Returns the language tags of a cell, as people write them: `en, fr`, `en/fr`, `[en, fr]`, `English and French`,
/// `French (Canada)`.
///
/// # Errors
/// The first word that is no tag.
pub fn languages(cell: &str) -> Result<Vec<String>, String> {
    let mut tags: Vec<String> = Vec::new();
    let mut add = |tag: String| {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    };
    for piece in cell.split([',', ';', '/', '|', '[', ']', '"', '+']).map(without_brackets) {
        // The names of some languages are two words.
        if let Some(tag) = language_tag(piece.trim()) {
            add(tag);
            continue;
        }
        let words: Vec<&str> = piece.split_whitespace().collect();
        for (at, word) in words.iter().enumerate() {
            // In a row of tags, "et" is Estonian.
            let names = words.iter().any(|word| word.len() > 3);
            let between = at > 0 && at + 1 < words.len() && names;
            match language_tag(word) {
                _ if between && AND.contains(&word.to_lowercase().as_str()) => {}
                Some(tag) => add(tag),
                None => return Err((*word).to_owned()),
            }
        }
    }
    Ok(tags)
}

fn without_brackets(piece: &str) -> &str {
    piece.split('(').next().unwrap_or_default()
}

/// Writes `sources.csv`, columns and rows in their order.
#[must_use]
pub fn write(sheet: &SourceSheet) -> String {
    csv::write(sheet.columns.iter().map(String::as_str), sheet.rows.iter().map(|row| row.iter().map(String::as_str)))
}

/// Adds rows, given as column and value; columns that are new are added at the end.
pub fn add_rows(sheet: &mut SourceSheet, rows: &[BTreeMap<String, String>]) {
    if sheet.columns.is_empty() {
        sheet.columns = ["path", "title", "kind", "date"].map(str::to_owned).to_vec();
    }
    for name in rows.iter().flat_map(BTreeMap::keys) {
        if sheet.column(name).is_none() {
            sheet.columns.push(name.clone());
            for row in &mut sheet.rows {
                row.push(String::new());
            }
        }
    }
    for row in rows {
        let cells = sheet.columns.iter();
        let cells = cells.map(|c| row.get(c).cloned().unwrap_or_default());
        sheet.rows.push(cells.collect());
    }
}

/// Returns a file with rows added. As long as no column is new, what stands there stays as it is, byte for byte.
#[must_use]
pub fn append(bytes: &[u8], mut sheet: SourceSheet, rows: &[BTreeMap<String, String>]) -> String {
    let (n_columns, n_rows) = (sheet.columns.len(), sheet.rows.len());
    add_rows(&mut sheet, rows);
    let before = String::from_utf8_lossy(bytes);
    let end = if before.contains("\r\n") { "\r\n" } else { "\n" };
    let mut added = SourceSheet { rows: sheet.rows.split_off(n_rows), columns: sheet.columns.clone() };
    if n_columns != sheet.columns.len() {
        sheet.rows.append(&mut added.rows);
        return with_ends(&sheet, 0, end);
    }
    let mut text = before.into_owned();
    if !text.ends_with(['\n', '\r']) {
        text.push_str(end);
    }
    text + &with_ends(&added, 1, end)
}

/// Writes a sheet without its first rows, each ended as the file has it; line ends inside cells stay.
fn with_ends(sheet: &SourceSheet, skip: usize, end: &str) -> String {
    let all = std::iter::once(&sheet.columns).chain(&sheet.rows);
    all.skip(skip)
        .map(|row| {
            let line = csv::write(row.iter().map(String::as_str), std::iter::empty::<[&str; 0]>());
            format!("{}{end}", line.strip_suffix('\n').unwrap_or(&line))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rows_with_attributes() {
        let text = "\u{feff}path,title,kind,date,region,signed_date,language\r\nsources/a.txt,\"A, or B\",treaty,2000-11,,1999,en fr\r\nsources/é.md,,,,Asia,,\r\n";
        let sources = parse(text.as_bytes()).expect("reads");
        let [a, b] = sources.rows.as_slice() else { panic!("two rows") };
        assert_eq!(a.title.as_deref(), Some("A, or B"));
        assert_eq!(a.date.map(|d| d.to_string()).as_deref(), Some("2000-11"));
        assert_eq!(a.language, ["en", "fr"]);
        assert_eq!(a.attributes.len(), 1);
        assert_eq!((b.line, b.path.as_str()), (3, "sources/é.md"));
        assert_eq!(b.attributes.get("region").map(String::as_str), Some("Asia"));
        assert_eq!(sources.sheet.columns.last().map(String::as_str), Some("language"));
    }

    #[track_caller]
    fn check_bad(text: &str, want: &[&str]) {
        let problems = parse(text.as_bytes()).expect_err("is bad");
        let got: Vec<String> =
            problems.as_slice().iter().map(|p| format!("{}: {}", p.line().unwrap_or(0), p.reason.plain())).collect();
        assert_eq!(got, want, "{text:?}");
    }

    #[test]
    fn what_is_wrong_with_a_file() {
        check_bad(
            "path,date,in_force,end_date,language\na,2001-13,x,2001-02-30,en\na,01/02/2001,,,klingon\n../b,,,,\nc:/d,,,,\n\"e\\f\",,,,\n,,,,\n/etc/passwd,,,,\n",
            &[
                "2: column `date`: `2001-13` is not a date of the form 2000, 2000-11 or 2000-11-15",
                "2: column `end_date`: `2001-02-30` is not a date of the form 2000, 2000-11 or 2000-11-15",
                "2: column `in_force`: `x` is not a date of the form 2000, 2000-11 or 2000-11-15",
                "3: `a` stands already in line 2",
                "3: `klingon` is no language tag",
                "3: column `date`: `01/02/2001` is not a date of the form 2000, 2000-11 or 2000-11-15",
                "4: `../b`: the path contains `..`",
                "5: `c:/d`: the path names a drive",
                "6: `e\\f`: the path contains a backslash",
                "7: ``: the path is empty",
                "8: `/etc/passwd`: the path is absolute",
            ],
        );
        check_bad(
            "Path,year\nx,1999\n",
            &["1: a column `year` would be hidden by the year of `date`", "1: no column `path`"],
        );
    }

    #[test]
    fn rows_are_added_with_their_columns() {
        let mut sheet = parse(b"title,path,x\nT,a,1\n").expect("reads").sheet;
        let row = [("path", "b"), ("region", "Asia")];
        let row = row.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        add_rows(&mut sheet, &[row]);
        assert_eq!(write(&sheet), "title,path,x,region\nT,a,1,\n,b,,Asia\n");
    }

    #[track_caller]
    fn check_append(before: &str, row: &[(&str, &str)], want: &str) {
        let sheet = match before {
            "" => SourceSheet::default(),
            _ => parse(before.as_bytes()).expect("reads").sheet,
        };
        let row = row.iter().map(|(k, v)| (k.to_string(), v.to_string()));
        let after = append(before.as_bytes(), sheet, &[row.collect()]);
        assert_eq!(after, want, "{before:?}");
        parse(after.as_bytes()).expect("reads");
    }

    #[test]
    fn what_stands_there_stays_when_rows_are_added() {
        check_append(
            "\u{feff}\"path\",x\r\n\"a\",\r\n",
            &[("path", "b"), ("x", "1,2")],
            "\u{feff}\"path\",x\r\n\"a\",\r\nb,\"1,2\"\r\n",
        );
        check_append("path\na", &[("path", "b")], "path\na\nb\n");
        check_append("path\r\na", &[("path", "b"), ("y", "é\nè")], "path,y\r\na,\r\nb,\"é\nè\"\r\n");
        check_append("", &[("path", "b"), ("kind", "treaty")], "path,title,kind,date\nb,,treaty,\n");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(cells in proptest::collection::vec(("\\PC{0,6}", "[a,\"\r\n]{0,5}"), 0..5)) {
            let sheet = SourceSheet {
                columns: ["note", "path", "title"].map(str::to_owned).to_vec(),
                rows: cells.into_iter().enumerate().map(|(i, (note, title))| vec![note, format!("sources/{i}.txt"), title]).collect(),
            };
            prop_assert_eq!(parse(write(&sheet).as_bytes()).map(|s| s.sheet), Ok(sheet));
        }
    }
}
