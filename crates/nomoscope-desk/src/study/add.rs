//! Adding sources to a study, and making a new one.

use super::convert::{NOT_EVERYWHERE, is_plain};
use super::source::{empty_row, sources_of};
use super::walk::{list, read_capped};
use super::{Given, Problem, Problems, Readers, StudyError};
use nomoscope_core::problem::{Act, Remedy};
use nomoscope_core::study::Source;
use nomoscope_formats::study as files;
use nomoscope_formats::study::sources_csv::{self, SourceRow, Sources};
use nomoscope_store::Addition;
use nomoscope_store::disk::Edits;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

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
    /// How many files were left out; the notes say why.
    pub(crate) left_out: usize,
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
    let mut left = Vec::new();
    let targets = targets(root, given, readers, &mut problems, &mut left);
    let said = meta.of_files(root, &targets, &mut problems, &mut notes);
    for ((file, path), row) in targets.iter().zip(said) {
        let shown = file.display().to_string();
        let again = addition.files.contains_key(path);
        let inside = file.canonicalize().is_ok_and(|f| f.starts_with(root));
        // The study's own folder is named to add what was put there by hand; the rest of it is there already.
        if inside && !again && taken(path) && !given.contains(file) {
            there.push(path.clone());
            continue;
        }
        if again || taken(path) || (!inside && root.join(path).exists()) {
            let reason = format!("`{path}` is in the study already");
            let hint = if inside { "nothing needs to be done" } else { THERE };
            problems.push(Problem::new(shown, reason).hint(hint));
            continue;
        }
        let of_file = |mut problem: Problem| {
            problem.file = problem.file.replacen(path.as_str(), &shown, 1);
            problem
        };
        let checked = match check_row(path, &row) {
            Ok(checked) => checked,
            Err(wrong) => {
                problems.extend(wrong.as_slice().iter().cloned().map(of_file).collect::<Problems>());
                continue;
            }
        };
        match read_one(file, path, &checked, readers) {
            Ok(One { bytes, sources, notes: said }) => {
                notes.extend(said.into_iter().map(|note| Problem::new(shown.as_str(), note)));
                addition.files.insert(path.clone(), bytes);
                addition.sources.extend(sources);
            }
            Err(wrong) => {
                left.extend(wrong.into_iter().map(|problem| (1, of_file(problem))));
                continue;
            }
        }
        if !row.is_empty() {
            let named = row.into_iter().chain([("path".to_owned(), path.clone())]);
            addition.rows.push(named.collect());
        }
    }
    // One file that cannot be read does not keep the others out, unless it must, or there are no others; where all are
    // refused for another reason, it is told with the rest.
    let alone = addition.files.is_empty() && there.is_empty();
    if meta.strict || alone || !problems.is_empty() {
        problems.extend(left.into_iter().map(|(_, problem)| problem).collect::<Problems>());
        left = Vec::new();
    }
    if problems.is_empty() && addition.files.is_empty() && !given.is_empty() {
        let hint = Remedy::with("`{}` lists what can be read", [Act::ListFormats]);
        for path in given {
            let reason = if there.is_empty() { "holds no file that can be read" } else { "holds nothing new" };
            problems.push(Problem::new(path.display().to_string(), reason).hint(hint.clone()));
        }
    }
    notes.extend(equal_texts(&addition.sources));
    notes.extend(unfit_elsewhere(addition.files.keys()));
    let files: BTreeSet<&str> =
        left.iter().filter(|(n, _)| *n == 1).map(|(_, problem)| problem.file.as_str()).collect();
    let left_out = files.len() + left.iter().map(|(n, _)| *n).filter(|n| *n != 1).sum::<usize>();
    notes.extend(left.into_iter().map(|(_, mut problem)| {
        problem.reason = format!("left out: {}", problem.reason.plain()).into();
        problem
    }));
    problems.or(Prepared { addition, there, notes, left_out })
}

/// What to do where a file of this name is in the study.
const THERE: &str =
    "rename the file if it is another text; a text that changed is corrected where it is, and its codings follow";

/// Says which names other systems cannot hold, or take for the same.
fn unfit_elsewhere<'p>(paths: impl Iterator<Item = &'p String>) -> Vec<Problem> {
    let fits = |part: &str| {
        let stem = part.rsplit_once('.').map_or(part, |(stem, _)| stem);
        is_plain(part) && !stem.ends_with(' ') && !part.contains(NOT_EVERYWHERE)
    };
    let mut seen: BTreeMap<String, &String> = BTreeMap::new();
    let mut notes = Vec::new();
    for path in paths {
        if !path.split('/').all(fits) {
            notes.push(Problem::new(path.as_str(), "other systems cannot hold a file of this name"));
        }
        if let Some(twin) = seen.insert(super::redact::alike(path), path) {
            notes.push(Problem::new(path.as_str(), format!("other systems take its name for that of {twin}")));
        }
    }
    notes
}

/// Says which sources have the same text.
fn equal_texts(sources: &[Source]) -> Vec<Problem> {
    let pairs = nomoscope_engine::sources::equal_texts(sources);
    pairs.into_iter().map(|(path, first)| Problem::new(path, format!("has the same text as {first}"))).collect()
}

/// Reads files that came as bytes and checks what is said of them; their names lead nowhere but into `sources/`.
pub(crate) fn prepare_bytes(
    root: &Path,
    given: &BTreeMap<String, Vec<u8>>,
    meta: &Given,
    readers: &Readers<'_>,
    taken: &dyn Fn(&str) -> bool,
) -> Result<Prepared, Problems> {
    let mut addition = Addition::default();
    let mut notes = Vec::new();
    let mut problems = Problems::new();
    let targets: Vec<(PathBuf, String)> =
        given.keys().map(|name| (PathBuf::from(name), format!("sources/{name}"))).collect();
    let said = meta.of_files(Path::new(""), &targets, &mut problems, &mut notes);
    for (((name, bytes), (_, path)), row) in given.iter().zip(&targets).zip(said) {
        if name.contains('/') || !super::convert::is_study_name(path) {
            problems.push(unreadable(name, "of a kind or a name that cannot be read"));
            continue;
        }
        // Without `sources.csv` no row says that a file is there; it is there all the same.
        if taken(path) || root.join(path).exists() {
            problems.push(Problem::new(name, "is in the study already").hint(THERE));
            continue;
        }
        let checked = match check_row(path, &row) {
            Ok(checked) => checked,
            Err(wrong) => {
                problems.extend(wrong);
                continue;
            }
        };
        match read_bytes(path, bytes.clone(), &checked, readers) {
            Ok(One { bytes, sources, notes: said }) => {
                notes.extend(said.into_iter().map(|note| Problem::new(name, note)));
                addition.files.insert(path.clone(), bytes);
                addition.sources.extend(sources);
            }
            Err(wrong) => wrong.into_iter().for_each(|problem| problems.push(problem)),
        }
        if !row.is_empty() {
            addition.rows.push(row.into_iter().chain([("path".to_owned(), path.clone())]).collect());
        }
    }
    notes.extend(equal_texts(&addition.sources));
    notes.extend(unfit_elsewhere(addition.files.keys()));
    problems.or(Prepared { addition, there: Vec::new(), notes, left_out: 0 })
}

type Row = BTreeMap<String, String>;

/// One file, read.
struct One {
    bytes: Vec<u8>,
    sources: Vec<Source>,
    notes: Vec<String>,
}

fn read_one(file: &Path, path: &str, row: &SourceRow, readers: &Readers<'_>) -> Result<One, Vec<Problem>> {
    if !(readers.importable)(path) {
        return Err(vec![unreadable(path, "of a kind that cannot be read")]);
    }
    let bytes = read_capped(file, path, &readers.caps).map_err(|problem| vec![problem])?;
    read_bytes(path, bytes, row, readers)
}

fn read_bytes(path: &str, bytes: Vec<u8>, row: &SourceRow, readers: &Readers<'_>) -> Result<One, Vec<Problem>> {
    let read = (readers.read_text)(path, &bytes, &row.reading)?;
    let sources = sources_of(path, row, read.texts)?;
    Ok(One { bytes, sources, notes: read.notes })
}

/// Says of a file that it is of a kind that cannot be read, and what to do.
fn unreadable(path: &str, otherwise: &str) -> Problem {
    match nomoscope_formats::not_read(path) {
        Some((what, way_out)) => Problem::new(path, format!("{what}, which is not read")).hint(way_out),
        None => Problem::new(path, otherwise.to_owned())
            .hint(Remedy::with("`{}` lists what can be read", [Act::ListFormats])),
    }
}

/// Reads columns as if they stood in `sources.csv`, or says what is wrong with them.
pub(super) fn check_row(path: &str, row: &Row) -> Result<SourceRow, Problems> {
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

/// Returns each file that is to be added with its path in the study; of a folder, all that can be read. What a folder has
/// besides is told with its number of files; what systems leave in folders is passed over.
fn targets(
    root: &Path,
    given: &[PathBuf],
    readers: &Readers<'_>,
    problems: &mut Problems,
    left: &mut Vec<(usize, Problem)>,
) -> Vec<(PathBuf, String)> {
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
            Ok(mut listing) => {
                listing.files.retain(|f| !nomoscope_formats::is_system_file(f));
                let (readable, other): (Vec<String>, Vec<String>) =
                    listing.files.into_iter().partition(|f| (readers.importable)(f));
                targets.extend(readable.into_iter().map(|f| (path.join(&f), format!("{target}/{f}"))));
                left.extend(of_other_kinds(path, &other));
                left.extend(listing.strange.into_iter().map(|mut problem| {
                    problem.file = path.join(&problem.file).display().to_string();
                    (1, problem)
                }));
            }
            Err(problem) => wrong(&problem.reason.plain()),
        }
    }
    targets
}

/// Says which files of a folder cannot be read, a note for each kind, with their number.
fn of_other_kinds(folder: &Path, files: &[String]) -> Vec<(usize, Problem)> {
    const NAMED: usize = 5;
    let mut kinds: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for file in files {
        let name = file.rsplit('/').next().unwrap_or(file);
        let kind = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
        kinds.entry(kind).or_default().push(file);
    }
    let mut notes = Vec::new();
    for files in kinds.into_values() {
        let Some(first) = files.first() else { continue };
        let problem = unreadable(first, "of a kind that cannot be read");
        if files.len() == 1 {
            notes.push((1, Problem { file: folder.join(first).display().to_string(), ..problem }));
            continue;
        }
        let named: Vec<&str> = files.iter().take(NAMED).map(|file| file.as_str()).collect();
        let dots = if files.len() > NAMED { ", …" } else { "" };
        let reason = format!("{} files ({}{dots}), {}", files.len(), named.join(", "), problem.reason.plain());
        notes.push((files.len(), Problem { file: folder.display().to_string(), reason: reason.into(), ..problem }));
    }
    notes
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
            let passed_over = nomoscope_formats::is_system_file(path);
            (readers.importable)(path) && !passed_over && !addition.files.contains_key(*path)
        });
        rows.extend(there.map(row_of));
    }
    let given: BTreeMap<&String, &Row> = addition.rows.iter().filter_map(|row| Some((row.get("path")?, row))).collect();
    rows.extend(addition.files.keys().map(|path| given.get(path).map_or_else(|| row_of(path), |row| (*row).clone())));
    let sheet = sheet.map(|s| s.sheet).unwrap_or_default();
    let text = sources_csv::append(bytes.unwrap_or_default(), sheet, &rows);
    // What was written must be readable: better to refuse now than at the next command.
    sources_csv::parse(text.as_bytes()).map(|_| Some(text))
}
