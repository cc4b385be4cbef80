//! What people say of the files that they add: for all of them, by a pattern of their names, and in a table, whose rows are
//! matched with the files here.

use super::{Problem, Problems};
use nomoscope_core::amount::{counted, of_many};
use nomoscope_core::spelling::comparable;
use nomoscope_formats::Input;
use nomoscope_formats::study::described;
use nomoscope_formats::study::sources_csv::is_date_column;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How many names stand in a note.
const NAMED: usize = 5;

type Row = BTreeMap<String, String>;

/// What people say of the sources that they add.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Given {
    /// Columns of single files, by the path under which each was given, or by its name.
    pub rows: BTreeMap<String, Row>,
    /// Columns of all files; a column of a single file goes before.
    pub all: Row,
    /// The table that the rows come from: their paths may be relative to its folder.
    pub table: Option<PathBuf>,
    /// A pattern of file names whose parts are columns: `{institution}_{date}`.
    pub name: Option<String>,
    /// Whether a file that cannot be read keeps all others out.
    pub strict: bool,
    /// What was guessed when the table was read.
    pub notes: Vec<String>,
}

impl Given {
    /// Reads a table with a column of file names: separated values, or a workbook.
    ///
    /// # Errors
    /// Everything that is wrong with it; `file` names it.
    pub fn parse(file: &str, bytes: &[u8], encoding: Option<&str>) -> Result<Self, Problems> {
        // The encoding is that of the texts; a table in UTF-8 is one whatever they are in.
        let encoding = encoding.filter(|_| std::str::from_utf8(bytes).is_err());
        let table = described::parse(&Input { name: file, bytes }, encoding)?;
        let mut problems = Problems::new();
        let mut given = Self { table: Some(PathBuf::from(file)), notes: table.notes, ..Self::default() };
        for row in table.rows {
            let twice = given.rows.get(&row.path).is_some_and(|before| *before != row.cells);
            if twice {
                let reason = format!("`{}` occurs twice, and its rows differ", row.path);
                problems.push(Problem::new(file, reason).at(row.line));
            }
            given.rows.insert(row.path, row.cells);
        }
        problems.or(given)
    }

    /// Returns what is said of each file; rows that mean no file are told, and a table of which nothing fits is wrong.
    pub(super) fn of_files(
        &self,
        root: &Path,
        files: &[(PathBuf, String)],
        problems: &mut Problems,
        notes: &mut Vec<Problem>,
    ) -> Vec<Row> {
        let mut rows = vec![self.all.clone(); files.len()];
        self.by_names(files, &mut rows, problems, notes);
        self.by_table(root, files, &mut rows, problems, notes);
        rows.iter_mut().for_each(|row| row.retain(|_, value| !value.is_empty()));
        rows
    }

    fn by_names(
        &self,
        files: &[(PathBuf, String)],
        rows: &mut [Row],
        problems: &mut Problems,
        notes: &mut Vec<Problem>,
    ) {
        let Some(pattern) = &self.name else { return };
        let pieces = match pieces(pattern) {
            Ok(pieces) => pieces,
            Err(reason) => {
                let hint = "write names of columns in braces, with signs between them: {institution}_{date}";
                return problems.push(Problem::new(pattern.as_str(), reason).hint(hint));
            }
        };
        // A pattern with strokes means the folders of a file, too.
        let depth = pattern.matches('/').count() + 1;
        let mut other = Vec::new();
        let mut found: Vec<(&mut Row, Row)> = Vec::new();
        for ((file, _), row) in files.iter().zip(rows) {
            let said = |file: &Path| {
                let parts: Vec<_> = file.iter().map(|part| part.to_string_lossy()).collect();
                parts.get(parts.len().saturating_sub(depth)..).unwrap_or_default().join("/")
            };
            // Some write the extension into the pattern, as it stands in the names.
            let columns = taken_apart(&pieces, &said(&file.with_extension("")));
            match columns.or_else(|| taken_apart(&pieces, &said(file))) {
                Some(columns) => found.push((row, columns)),
                None => other.push(file.display().to_string()),
            }
        }
        for piece in &pieces {
            if let Piece::Column(column) = piece
                && is_date_column(column)
            {
                read_dates(column, found.iter_mut().map(|(_, columns)| columns), pattern, notes);
            }
        }
        found.into_iter().for_each(|(row, columns)| row.extend(columns));
        if !other.is_empty() && other.len() == files.len() {
            let hint = format!("a name is for example `{}`", other.first().map_or("", String::as_str));
            problems.push(Problem::new(pattern.as_str(), "fits no name of the files").hint(hint));
        } else if !other.is_empty() {
            let reason = format!("{} not fit it: {}", counted(other.len(), "name does", "names do"), shown(&other));
            notes.push(Problem::new(pattern.as_str(), reason));
        }
    }

    fn by_table(
        &self,
        root: &Path,
        files: &[(PathBuf, String)],
        rows: &mut [Row],
        problems: &mut Problems,
        notes: &mut Vec<Problem>,
    ) {
        if self.rows.is_empty() {
            return;
        }
        let table = self.table.as_ref().map_or_else(|| "the table".to_owned(), |table| table.display().to_string());
        notes.extend(self.notes.iter().map(|note| Problem::new(&*table, note.clone())));
        let index = Index::new(root, self.table.as_deref(), files);
        let mut described: BTreeMap<usize, &String> = BTreeMap::new();
        let mut unmatched = Vec::new();
        for (key, cells) in &self.rows {
            let meant = index.meant(key);
            if meant.len() > 1 {
                let names: Vec<String> = meant.iter().filter_map(|&at| Some(files.get(at)?.1.clone())).collect();
                let reason = format!("`{key}` may mean {}", shown(&names));
                problems.push(Problem::new(&*table, reason).hint("name the file with its folder and its extension"));
                continue;
            }
            let Some(&at) = meant.first() else {
                unmatched.push(key.clone());
                continue;
            };
            if let Some(before) = described.insert(at, key) {
                let reason = format!("`{before}` and `{key}` mean the same file");
                problems.push(Problem::new(&*table, reason).hint("keep one of the rows"));
            }
            if let Some(row) = rows.get_mut(at) {
                row.extend(cells.clone());
            }
        }
        if described.is_empty() && problems.is_empty() {
            let example = files.first().map_or("", |(_, path)| path);
            let reason = format!(
                "none of its {} names a file that is added: {}",
                of_many(self.rows.len(), "rows"),
                shown(&unmatched)
            );
            let hint = format!("a file is named by its path or its name, such as `{example}`");
            return problems.push(Problem::new(table, reason).hint(hint));
        }
        if !unmatched.is_empty() {
            let reason = format!(
                "of {}, {} no file that is added: {}",
                of_many(self.rows.len(), "rows"),
                counted(unmatched.len(), "names", "name"),
                shown(&unmatched)
            );
            notes.push(Problem::new(&*table, reason));
        }
        let plain = (0..files.len()).filter(|at| !described.contains_key(at));
        let plain: Vec<String> = plain.filter_map(|at| Some(files.get(at)?.0.display().to_string())).collect();
        if !plain.is_empty() {
            let reason = format!(
                "of {}, {} no row: {}",
                of_many(files.len(), "files"),
                counted(plain.len(), "has", "have"),
                shown(&plain)
            );
            notes.push(Problem::new(table, reason));
        }
    }
}

/// The files that are added, by their names in the form in which names are compared.
struct Index<'f> {
    root: &'f Path,
    /// The folder of the table.
    beside: Option<&'f Path>,
    files: &'f [(PathBuf, String)],
    named: Named,
}

impl<'f> Index<'f> {
    fn new(root: &'f Path, table: Option<&'f Path>, files: &'f [(PathBuf, String)]) -> Self {
        let real = |file: &PathBuf| file.canonicalize().unwrap_or_else(|_| file.clone());
        let named = Named::new(files.iter().map(|(file, _)| real(file).to_string_lossy().into_owned()));
        Self { root, beside: table.and_then(Path::parent), files, named }
    }

    /// Returns the files that a row may mean: the one at its path, or those whose paths end like it, with the extension or
    /// without. The whole path of a file on another computer means the files here that end like most of it.
    fn meant(&self, key: &str) -> Vec<usize> {
        let key = key.trim();
        if key.contains("..") || Path::new(key).is_absolute() {
            let places =
                [self.beside.map(|folder| folder.join(key)), Some(self.root.join(key)), Some(PathBuf::from(key))];
            let real: Vec<PathBuf> = places.into_iter().flatten().filter_map(|path| path.canonicalize().ok()).collect();
            if real.is_empty() && Path::new(key).is_absolute() {
                return self.by_end(key);
            }
            let is_there = |file: &Path| file.canonicalize().is_ok_and(|file| real.contains(&file));
            return (0..self.files.len())
                .filter(|&at| self.files.get(at).is_some_and(|(file, _)| is_there(file)))
                .collect();
        }
        if is_of_windows(key) { self.by_end(key) } else { self.named.meant(key) }
    }

    fn by_end(&self, key: &str) -> Vec<usize> {
        let parts: Vec<&str> = key.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
        let ends = (0..parts.len()).filter_map(|from| parts.get(from..));
        ends.map(|end| self.named.meant(&end.join("/"))).find(|meant| !meant.is_empty()).unwrap_or_default()
    }
}

/// Whether a path is a whole one of Windows, with a drive or a server: `C:\texts`, `\\server`.
fn is_of_windows(path: &str) -> bool {
    let drive = path.split_once(':').is_some_and(|(drive, rest)| {
        drive.len() == 1 && drive.bytes().all(|b| b.is_ascii_alphabetic()) && rest.starts_with(['/', '\\'])
    });
    drive || path.starts_with("\\\\")
}

/// Files that are found by what people call them.
pub(super) struct Named {
    /// Parts of each path, the last first.
    parts: Vec<Vec<String>>,
    names: BTreeMap<String, Vec<usize>>,
    stems: BTreeMap<String, Vec<usize>>,
}

impl Named {
    pub(super) fn new(paths: impl Iterator<Item = String>) -> Self {
        let mut named = Self { parts: Vec::new(), names: BTreeMap::new(), stems: BTreeMap::new() };
        for (at, path) in paths.enumerate() {
            let parts = parts(&path);
            if let Some(name) = parts.first() {
                named.names.entry(name.clone()).or_default().push(at);
                named.stems.entry(stem(name).to_owned()).or_default().push(at);
            }
            named.parts.push(parts);
        }
        named
    }

    /// Returns the files whose paths end like this one, with the extension or without.
    pub(super) fn meant(&self, key: &str) -> Vec<usize> {
        let wanted = parts(key);
        let Some((name, folders)) = wanted.split_first() else {
            return Vec::new();
        };
        let fits = |at: &usize| {
            self.parts.get(*at).and_then(|parts| parts.get(1..=folders.len())).is_some_and(|own| own == folders)
        };
        let among = |index: &BTreeMap<String, Vec<usize>>, name: &str| -> Vec<usize> {
            index.get(name).into_iter().flatten().copied().filter(fits).collect()
        };
        let by_name = among(&self.names, name);
        if !by_name.is_empty() {
            return by_name;
        }
        let by_stem = among(&self.stems, name);
        if !by_stem.is_empty() {
            return by_stem;
        }
        // A table of recordings describes the transcripts: the same name with another extension.
        if stem(name) == name { Vec::new() } else { among(&self.stems, stem(name)) }
    }
}

/// Returns the parts of a path, the last first, as they are compared.
fn parts(path: &str) -> Vec<String> {
    let parts = path.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".");
    parts.rev().map(comparable).collect()
}

fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 6 && !ending.contains(' ') => stem,
        _ => name,
    }
}

/// A part of a pattern of names.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Signs(String),
    Column(String),
}

fn pieces(pattern: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((column, tail)) = after.split_once('}') else {
            return Err("a brace is opened and never closed".to_owned());
        };
        let column = column.trim();
        if column.is_empty() || column.contains('{') || column == "path" {
            return Err(format!("`{{{column}}}` is no name of a column"));
        }
        if !before.is_empty() {
            pieces.push(Piece::Signs(before.to_owned()));
        } else if matches!(pieces.last(), Some(Piece::Column(_))) {
            return Err(format!("nothing stands before `{{{column}}}` that would end the column before it"));
        }
        pieces.push(Piece::Column(column.to_owned()));
        rest = tail;
    }
    if pieces.is_empty() {
        return Err("names no column".to_owned());
    }
    if !rest.is_empty() {
        pieces.push(Piece::Signs(rest.to_owned()));
    }
    Ok(pieces)
}

/// Returns the columns of a name; none where it does not fit. A column ends where the signs after it first come.
fn taken_apart(pieces: &[Piece], name: &str) -> Option<Row> {
    let mut row = Row::new();
    let mut rest = name;
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Signs(signs) => rest = rest.strip_prefix(signs.as_str())?,
            Piece::Column(column) => {
                let end = match pieces.get(at + 1) {
                    Some(Piece::Signs(signs)) => rest.find(signs.as_str())?,
                    _ => rest.len(),
                };
                let (value, after) = rest.split_at_checked(end)?;
                if value.is_empty() {
                    return None;
                }
                row.insert(column.clone(), value.to_owned());
                rest = after;
            }
        }
    }
    rest.is_empty().then_some(row)
}

/// Reads the dates of names as those of a table, all names being one column; a name without one keeps what else it says.
fn read_dates<'r>(column: &str, rows: impl Iterator<Item = &'r mut Row>, pattern: &str, notes: &mut Vec<Problem>) {
    let rows: Vec<&mut Row> = rows.collect();
    let written: Vec<String> = rows.iter().map(|row| row.get(column).cloned().unwrap_or_default()).collect();
    let dates = described::dates(written.iter().map(String::as_str));
    let mut wrong = Vec::new();
    for (row, date) in rows.into_iter().zip(dates) {
        match date {
            Ok(date) => drop(row.insert(column.to_owned(), date)),
            Err(reason) => {
                row.remove(column);
                wrong.push(reason);
            }
        }
    }
    if !wrong.is_empty() {
        let reason = format!("{} no `{column}`: {}", counted(wrong.len(), "name tells", "names tell"), shown(&wrong));
        notes.push(Problem::new(pattern, reason));
    }
}

fn shown(names: &[String]) -> String {
    let dots = if names.len() > NAMED { ", …" } else { "" };
    format!("{}{dots}", names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_taken_apart() {
        let parse = |pattern: &str, name: &str| {
            let row = taken_apart(&pieces(pattern)?, name).ok_or("does not fit".to_owned())?;
            Ok::<_, String>(row.into_iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(parse("{institution}_{date}", "ILO_2001-03-21").as_deref(), Ok("date=2001-03-21 institution=ILO"));
        assert_eq!(
            parse("{date} {institution}", "20010321 International Labour Office").as_deref(),
            Ok("date=20010321 institution=International Labour Office")
        );
        assert_eq!(parse("Interview {n} ({place})", "Interview 12 (Palermo)").as_deref(), Ok("n=12 place=Palermo"));
        assert_eq!(parse("{date}_{place}.txt", "2001_Palermo.txt").as_deref(), Ok("date=2001 place=Palermo"));
        for (pattern, name) in
            [("{a}_{b}", "x"), ("{a}_{b}", "_x"), ("{a}{b}", "xy"), ("a", "a"), ("{a", "a"), ("{}", "a")]
        {
            assert!(parse(pattern, name).is_err(), "{pattern}");
        }
    }

    #[test]
    fn names_tell_dates_as_tables_do_and_folders_too() {
        let given = Given { name: Some("{country}_{date}".to_owned()), ..Given::default() };
        let say = |given: &Given, names: &[&str]| {
            let files: Vec<(PathBuf, String)> =
                names.iter().map(|name| (PathBuf::from("/x/in").join(name), format!("sources/{name}"))).collect();
            let (mut problems, mut notes) = (Problems::new(), Vec::new());
            let rows = given.of_files(Path::new("/nowhere"), &files, &mut problems, &mut notes);
            assert!(problems.is_empty());
            let said = rows.into_iter().map(|row| row.into_values().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>();
            (said, notes.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        let names =
            ["A_21.03.2001.txt", "B_5 May 2002.txt", "C_20030704.txt", "D_2004.txt", "E_03-04-2005.txt", "F_soon.txt"];
        let (rows, notes) = say(&given, &names);
        assert_eq!(rows, ["A 2001-03-21", "B 2002-05-05", "C 2003-07-04", "D 2004", "E", "F"]);
        assert_eq!(notes.len(), 1);
        assert!(notes[0].contains("2 names tell no `date`"), "{notes:?}");
        let folders = Given { name: Some("{date}/{country}/{title}".to_owned()), ..Given::default() };
        let (rows, _) = say(&folders, &["2001/AFG/one.txt", "2002/USA/two.txt"]);
        assert_eq!(rows, ["AFG 2001 one", "USA 2002 two"]);
    }

    #[test]
    fn rows_find_their_files() {
        let root = Path::new("/nowhere/study");
        let files: Vec<(PathBuf, String)> =
            ["/x/texts/a.txt", "/x/texts/sub/Cafe\u{301}.DOCX", "/x/texts/sub/a.txt", "/x/texts/b.c.txt"]
                .map(|file| (PathBuf::from(file), format!("sources/{}", file.trim_start_matches("/x/"))))
                .to_vec();
        let index = Index::new(root, Some(Path::new("/x/meta.csv")), &files);
        for (key, want) in [
            ("texts/a.txt", vec![0]),
            ("a.txt", vec![0, 2]),
            ("sub/a", vec![2]),
            ("SUB\\A.TXT", vec![2]),
            ("caf\u{e9}", vec![1]),
            ("./sub/caf\u{e9}.docx", vec![1]),
            ("b.c", vec![3]),
            ("caf\u{e9}.mp3", vec![1]),
            ("c.txt", vec![]),
            ("C:\\mine\\texts\\a.txt", vec![0]),
            ("\\\\server\\in\\sub\\a.txt", vec![2]),
            ("d:/in/b.c.txt", vec![3]),
            ("C:\\mine\\c.txt", vec![]),
            ("/another/computer/texts/a.txt", vec![0]),
            ("other/a.txt", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(index.meant(key), want, "{key}");
        }
    }
}
