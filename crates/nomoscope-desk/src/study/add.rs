//! Adding sources to a study, and making a new one.

use super::source::{empty_row, sources_of};
use super::walk::{list, read_capped};
use super::{Problem, Problems, Readers, StudyError};
use nomoscope_core::problem::{Act, Remedy};
use nomoscope_core::study::Source;
use nomoscope_formats::study as files;
use nomoscope_formats::study::sources_csv::{self, SourceRow, Sources};
use nomoscope_store::Addition;
use nomoscope_store::disk::Edits;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What people say of the sources that they add.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Given {
    /// Columns of single files, by the path under which each was given, or by its name.
    pub rows: BTreeMap<String, BTreeMap<String, String>>,
    /// Columns of all files; a column of a single file goes before.
    pub all: BTreeMap<String, String>,
}

impl Given {
    /// Reads a CSV file with a column `path`.
    ///
    /// # Errors
    /// Everything that is wrong with it; `file` names it.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, Problems> {
        let sheet = files::csv::read(file, bytes)?;
        let mut problems = Problems::new();
        if !sheet.columns.iter().any(|c| c == "path") {
            problems.push(Problem::new(file, "no column `path`").at(1));
        }
        let mut given = Self::default();
        for row in &sheet.rows {
            let cells = sheet.columns.iter().zip(&row.cells);
            let mut cells: BTreeMap<String, String> = cells.map(|(c, v)| (c.clone(), v.clone())).collect();
            let path = cells.remove("path").unwrap_or_default();
            if given.rows.insert(path.clone(), cells).is_some() {
                let reason = format!("`{path}` occurs twice");
                problems.push(Problem::new(file, reason).at(row.line));
            }
        }
        problems.or(given)
    }

    fn of(&self, given: &Path) -> BTreeMap<String, String> {
        let mut row = self.all.clone();
        let name = given.file_name().map(|n| n.to_string_lossy().into_owned());
        let by_path = self.rows.get(&given.to_string_lossy().into_owned());
        let by_name = || self.rows.get(&name.unwrap_or_default());
        row.extend(by_path.or_else(by_name).cloned().unwrap_or_default());
        row.retain(|_, value| !value.is_empty());
        row
    }
}

/// Returns whether a path is a source by the rows of `sources.csv`.
pub(crate) fn is_taken(sheet: Option<&Sources>, path: &str) -> bool {
    sheet.is_some_and(|sheet| sheet.rows.iter().any(|row| row.path == path))
}

/// Returns the files of a folder that an addition writes: copies under `sources/`, and `sources.csv` where it needs rows.
pub(crate) fn edits_of(root: &Path, addition: &Addition, readers: &Readers<'_>) -> Result<Edits, StudyError> {
    let bytes = read_sheet(root, readers)?;
    let sheet = bytes.as_deref().map(sources_csv::parse).transpose()?;
    let mut edits: Edits = BTreeMap::new();
    for (path, bytes) in &addition.files {
        if !root.join(path).exists() {
            edits.insert(path.clone(), Some(bytes.clone()));
        }
    }
    if let Some(text) = new_sheet(root, bytes.as_deref(), sheet, addition, readers)? {
        edits.insert(files::SOURCES_CSV.to_owned(), Some(text.into_bytes()));
    }
    Ok(edits)
}

pub(crate) fn read_sheet(folder: &Path, readers: &Readers<'_>) -> Result<Option<Vec<u8>>, Problems> {
    let file = folder.join(files::SOURCES_CSV);
    if !file.exists() {
        return Ok(None);
    }
    Ok(Some(read_capped(&file, files::SOURCES_CSV, &readers.caps)?))
}

/// What is to be added, and what is to be said of it.
pub(crate) struct Prepared {
    pub(crate) addition: Addition,
    pub(crate) there: Vec<String>,
    pub(crate) notes: Vec<Problem>,
}

/// Reads all files and checks what is said of them.
pub(crate) fn prepare(
    root: &Path,
    given: &[PathBuf],
    meta: &Given,
    readers: &Readers<'_>,
    taken: &dyn Fn(&str) -> bool,
) -> Result<Prepared, Problems> {
    let mut addition = Addition::default();
    let (mut there, mut notes) = (Vec::new(), Vec::new());
    let mut problems = Problems::new();
    for (file, path) in targets(root, given, readers, &mut problems) {
        let shown = file.display().to_string();
        let again = addition.files.contains_key(&path);
        let inside = file.canonicalize().is_ok_and(|f| f.starts_with(root));
        // The study's own folder is named to add what was put there by hand; the rest of it is there already.
        if inside && !again && taken(&path) && !given.contains(&file) {
            there.push(path);
            continue;
        }
        if again || taken(&path) || (!inside && root.join(&path).exists()) {
            let reason = format!("`{path}` is in the study already");
            let hint = if inside { "nothing needs to be done" } else { "rename the file" };
            problems.push(Problem::new(shown, reason).hint(hint));
            continue;
        }
        let row = meta.of(&file);
        match read_one(&file, &path, &row, readers) {
            Ok(One { bytes, sources, notes: said }) => {
                notes.extend(said.into_iter().map(|note| Problem::new(shown.as_str(), note)));
                addition.files.insert(path.clone(), bytes);
                addition.sources.extend(sources);
            }
            Err(wrong) => wrong.into_iter().for_each(|mut problem| {
                problem.file = problem.file.replacen(&path, &shown, 1);
                problems.push(problem);
            }),
        }
        if !row.is_empty() {
            let named = row.into_iter().chain([("path".to_owned(), path)]);
            addition.rows.push(named.collect());
        }
    }
    if problems.is_empty() && addition.files.is_empty() && !given.is_empty() {
        let hint = Remedy::with("`{}` lists what can be read", [Act::ListFormats]);
        for path in given {
            let reason = if there.is_empty() { "holds no file that can be read" } else { "holds nothing new" };
            problems.push(Problem::new(path.display().to_string(), reason).hint(hint.clone()));
        }
    }
    problems.extend(unused(given, meta, &addition));
    problems.or(Prepared { addition, there, notes })
}

/// Reads files that came as bytes and checks what is said of them; their names lead nowhere but into `sources/`.
pub(crate) fn prepare_bytes(
    given: &BTreeMap<String, Vec<u8>>,
    meta: &Given,
    readers: &Readers<'_>,
    taken: &dyn Fn(&str) -> bool,
) -> Result<Prepared, Problems> {
    let mut addition = Addition::default();
    let mut notes = Vec::new();
    let mut problems = Problems::new();
    for (name, bytes) in given {
        let path = format!("sources/{name}");
        if name.contains('/') || !super::convert::is_study_name(&path) {
            let problem = Problem::new(name, "of a kind or a name that cannot be read");
            problems.push(problem.hint(Remedy::with("`{}` lists what can be read", [Act::ListFormats])));
            continue;
        }
        if taken(&path) {
            problems.push(Problem::new(name, "is in the study already").hint("rename the file"));
            continue;
        }
        let row = meta.of(Path::new(name));
        match read_bytes(&path, bytes.clone(), &row, readers) {
            Ok(One { bytes, sources, notes: said }) => {
                notes.extend(said.into_iter().map(|note| Problem::new(name, note)));
                addition.files.insert(path.clone(), bytes);
                addition.sources.extend(sources);
            }
            Err(wrong) => wrong.into_iter().for_each(|problem| problems.push(problem)),
        }
        if !row.is_empty() {
            addition.rows.push(row.into_iter().chain([("path".to_owned(), path)]).collect());
        }
    }
    problems.or(Prepared { addition, there: Vec::new(), notes })
}

/// Returns what is said of files that are not among those given: a slip that would lose it.
fn unused(given: &[PathBuf], meta: &Given, addition: &Addition) -> Problems {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let names: BTreeSet<String> = addition.files.keys().map(|p| name(p)).collect();
    let used = |key: &String| names.contains(&name(key)) || given.iter().any(|p| p.to_string_lossy() == *key);
    let unused = meta.rows.keys().filter(|key| !used(key));
    unused.map(|key| Problem::new(key.as_str(), "described, but not among the files that are added")).collect()
}

type Row = BTreeMap<String, String>;

/// One file, read.
struct One {
    bytes: Vec<u8>,
    sources: Vec<Source>,
    notes: Vec<String>,
}

fn read_one(file: &Path, path: &str, row: &Row, readers: &Readers<'_>) -> Result<One, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    if !(readers.importable)(path) {
        let problem = Problem::new(path, "of a kind that cannot be read");
        return Err(vec![problem.hint(Remedy::with("`{}` lists what can be read", [Act::ListFormats]))]);
    }
    let bytes = read_capped(file, path, &readers.caps).map_err(one)?;
    read_bytes(path, bytes, row, readers)
}

fn read_bytes(path: &str, bytes: Vec<u8>, row: &Row, readers: &Readers<'_>) -> Result<One, Vec<Problem>> {
    let row = check_row(path, row).map_err(|p| p.as_slice().to_vec())?;
    let read = (readers.read_text)(path, &bytes)?;
    let sources = sources_of(path, &row, read.texts)?;
    Ok(One { bytes, sources, notes: read.notes })
}

/// Checks columns as if they stood in `sources.csv`.
fn check_row(path: &str, row: &Row) -> Result<SourceRow, Problems> {
    let mut sheet = nomoscope_core::study::SourceSheet::default();
    let mut row = row.clone();
    row.insert("path".to_owned(), path.to_owned());
    sources_csv::add_rows(&mut sheet, &[row]);
    let read = sources_csv::parse(sources_csv::write(&sheet).as_bytes());
    let rows = read.map(|s| s.rows).map_err(|problems| {
        let of_file = |p: &Problem| Problem { file: path.to_owned(), place: None, ..p.clone() };
        problems.as_slice().iter().map(of_file).collect::<Problems>()
    })?;
    Ok(rows.into_iter().next().unwrap_or_else(|| empty_row(path)))
}

/// Returns each file that is to be added with its path in the study; of a folder, all that can be read.
fn targets(root: &Path, given: &[PathBuf], readers: &Readers<'_>, problems: &mut Problems) -> Vec<(PathBuf, String)> {
    let mut targets = Vec::new();
    for path in given {
        let mut wrong = |reason: &str| {
            problems.push(Problem::new(path.display().to_string(), reason));
        };
        let real = match path.canonicalize() {
            Ok(real) => real,
            Err(error) => {
                wrong(&crate::load::reason(&error));
                continue;
            }
        };
        let inside = real.strip_prefix(root).ok().and_then(slashes);
        // A folder is asked for its own name, not for that of a link to it.
        let Some(name) = real.file_name().and_then(|n| n.to_str()) else {
            wrong("the name is not UTF-8");
            continue;
        };
        let target = inside.unwrap_or_else(|| format!("sources/{name}"));
        if !real.is_dir() {
            targets.push((path.clone(), target));
            continue;
        }
        match list(&real, "", &readers.caps) {
            Ok(listing) => {
                let readable = listing.files.iter().filter(|f| (readers.importable)(f));
                targets.extend(readable.map(|f| (path.join(f), format!("{target}/{f}"))));
            }
            Err(problem) => wrong(&problem.reason.plain()),
        }
    }
    targets
}

fn slashes(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| parts.join("/"))
}

/// Returns the new `sources.csv`, if the addition needs one.
fn new_sheet(
    root: &Path,
    bytes: Option<&[u8]>,
    sheet: Option<Sources>,
    addition: &Addition,
    readers: &Readers<'_>,
) -> Result<Option<String>, Problems> {
    let outside = |path: &String| !path.starts_with("sources/");
    let needed = !addition.rows.is_empty() || addition.files.keys().any(outside);
    if addition.files.is_empty() || (sheet.is_none() && !needed) {
        return Ok(None);
    }
    let row_of = |path: &String| Row::from([("path".to_owned(), path.clone())]);
    let mut rows = Vec::new();
    if sheet.is_none() {
        // From now on exactly the rows are sources: those that are there need one too.
        let listing = list(root, "sources", &readers.caps)?;
        let there = listing.files.iter().filter(|path| {
            let name = path.rsplit('/').next().unwrap_or(path);
            (readers.importable)(path) && !name.starts_with(['.', '~']) && !addition.files.contains_key(*path)
        });
        rows.extend(there.map(row_of));
    }
    for path in addition.files.keys() {
        let given = addition.rows.iter().find(|r| r.get("path") == Some(path));
        rows.push(given.cloned().unwrap_or_else(|| row_of(path)));
    }
    let sheet = sheet.map(|s| s.sheet).unwrap_or_default();
    let text = sources_csv::append(bytes.unwrap_or_default(), sheet, &rows);
    // What was written must be readable: better to refuse now than at the next command.
    sources_csv::parse(text.as_bytes()).map(|_| Some(text))
}
