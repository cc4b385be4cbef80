//! Which files are meant, and their pieces one after the other.

use crate::load::reason;
use crate::study::{Problem, Problems};
use flate2::read::MultiGzDecoder;
use nomoscope_engine::scan::scanner::Scanner;
use nomoscope_formats::stream::row::Shape;
use nomoscope_formats::stream::split::{ENDINGS, Kind, Piece};
use nomoscope_formats::stream::table::Table;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What stands for standard input.
pub const STDIN: &str = "-";
/// The deepest folder that is looked into, and the most files that one scan takes.
const MAX_DEPTH: usize = 32;
const MAX_FILES: usize = 1_000_000;

/// A file to scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Where it lies; none for standard input.
    pub path: Option<PathBuf>,
    /// What it is called in paths of sources and in messages.
    pub name: String,
    /// How its records are told apart.
    pub kind: Kind,
}

/// Returns the files that are meant by paths, folders, patterns such as `debates/*.csv`, and `-`.
///
/// # Errors
/// Everything that is not there, or of a kind that is not scanned.
pub fn targets(given: &[String], kind: Option<Kind>) -> Result<Vec<Target>, Problems> {
    let (mut out, mut problems) = (Vec::new(), Problems::new());
    for word in given {
        let found = match word.as_str() {
            STDIN => stdin(kind).map(|target| vec![target]),
            word if Path::new(word).is_dir() => folder(Path::new(word)),
            word if Path::new(word).exists() => one(Path::new(word), kind).map(|target| vec![target]),
            word if word.contains(['*', '?', '[']) => pattern(word, kind),
            word => Err(Problem::new(word, "there is no such file")),
        };
        match found {
            Ok(found) => out.extend(found),
            Err(problem) => problems.push(problem),
        }
    }
    if out.len() > MAX_FILES {
        problems.push(Problem::new("", format!("more than {MAX_FILES} files")).hint("scan them in several parts"));
    }
    let mut seen = BTreeSet::new();
    for target in &out {
        if !seen.insert(target.name.as_str()) {
            problems.push(Problem::new(target.name.as_str(), "is named twice"));
        }
    }
    if out.is_empty() && problems.is_empty() {
        problems.push(Problem::new("", "no file is named"));
    }
    problems.or(()).map(|()| out)
}

fn stdin(kind: Option<Kind>) -> Result<Target, Problem> {
    let unsaid = || Problem::of_setting("format", "standard input does not say what it is: name jsonl, csv or tsv");
    Ok(Target { path: None, name: "stdin".to_owned(), kind: kind.ok_or_else(unsaid)? })
}

/// Returns a path as sources are named by it: with `/`, and without what only says where somebody keeps their files.
fn name_of(path: &Path) -> String {
    let shown = path.to_string_lossy().replace('\\', "/");
    let plain = shown.trim_start_matches("./").to_owned();
    if !path.is_absolute() && !plain.split('/').any(|part| part == "..") {
        return plain;
    }
    path.file_name().map_or(plain, |name| name.to_string_lossy().into_owned())
}

fn one(path: &Path, kind: Option<Kind>) -> Result<Target, Problem> {
    let name = name_of(path);
    let unknown = || {
        let hint = format!(
            "name one that ends with {}; those of lines also with .gz",
            ENDINGS.map(|e| format!(".{e}")).join(", ")
        );
        Problem::new(path.display().to_string(), "of a kind that is not scanned").hint(hint)
    };
    let kind = Kind::of_name(&name).or(kind).ok_or_else(unknown)?;
    Ok(Target { path: Some(path.to_owned()), name, kind })
}

/// Returns all files of a folder that can be scanned, by path.
fn folder(root: &Path) -> Result<Vec<Target>, Problem> {
    let wrong = |path: &Path, error: &io::Error| Problem::new(path.display().to_string(), reason(error));
    let (mut todo, mut files) = (vec![(root.to_owned(), 0)], Vec::new());
    let top = root.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    while let Some((folder, depth)) = todo.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| wrong(&folder, &error))? {
            let entry = entry.map_err(|error| wrong(&folder, &error))?;
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(['.', '~']) {
                continue;
            }
            let kind = entry.file_type().map_err(|error| wrong(&path, &error))?;
            if kind.is_dir() {
                if depth == MAX_DEPTH {
                    return Err(Problem::new(path.display().to_string(), format!("nested deeper than {MAX_DEPTH}")));
                }
                todo.push((path, depth + 1));
            } else if path.is_file()
                && let Some(kind) = Kind::of_name(&name)
            {
                let below = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                let name = if top.is_empty() { below } else { format!("{top}/{below}") };
                files.push(Target { path: Some(path), name, kind });
            }
        }
    }
    files.sort_by(|x, y| x.name.cmp(&y.name));
    if files.is_empty() {
        let hint = format!("files that are scanned end with {}", ENDINGS.join(", "));
        return Err(Problem::new(root.display().to_string(), "holds no file that can be scanned").hint(hint));
    }
    Ok(files)
}

/// Returns the files that fit a pattern, for shells that hand it over as it is.
fn pattern(word: &str, kind: Option<Kind>) -> Result<Vec<Target>, Problem> {
    let paths = glob::glob(word).map_err(|error| Problem::new(word, format!("is no pattern: {error}")))?;
    let mut files = Vec::new();
    for path in paths {
        let path = path.map_err(|error| Problem::new(error.path().display().to_string(), reason(error.error())))?;
        if path.is_file() {
            files.push(one(&path, kind)?);
        }
    }
    if files.is_empty() { Err(Problem::new(word, "no file fits this pattern")) } else { Ok(files) }
}

/// Counts the bytes that go through.
struct Counting<R>(R, Arc<AtomicU64>);

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.0.read(into)?;
        self.1.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// A piece with the file that it is of.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: Arc<str>,
    pub(super) shape: Arc<Shape>,
    pub(super) piece: Piece,
}

/// The pieces of all files, one after the other.
pub(super) struct Parts<'t> {
    targets: std::slice::Iter<'t, Target>,
    scanner: &'t Scanner,
    open: Option<Open>,
    read: Arc<AtomicU64>,
}

/// A file that is being read.
struct Open {
    name: Arc<str>,
    shape: Arc<Shape>,
    table: Table<'static>,
    /// Its bytes, and how many of them were told, where nobody counts them as they are read.
    bytes: u64,
    told: u64,
}

impl<'t> Parts<'t> {
    pub(super) fn new(targets: &'t [Target], scanner: &'t Scanner) -> Self {
        Self { targets: targets.iter(), scanner, open: None, read: Arc::default() }
    }

    /// Returns how many bytes were read of the files as they lie on disk.
    pub(super) fn bytes(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Returns the next pieces, at most `n`.
    pub(super) fn batch(&mut self, n: usize) -> Result<Vec<Part>, Problem> {
        let mut out = Vec::new();
        while out.len() < n {
            match self.next()? {
                Some(part) => out.push(part),
                None => break,
            }
        }
        Ok(out)
    }

    fn next(&mut self) -> Result<Option<Part>, Problem> {
        loop {
            if let Some(open) = &mut self.open {
                let found = open.table.next_piece().map_err(|error| Problem::new(&*open.name, reason(&error)))?;
                if let Some(share) = open.table.share() {
                    let now = (open.bytes as f64 * share) as u64;
                    self.read.fetch_add(now.saturating_sub(open.told), Ordering::Relaxed);
                    open.told = now;
                }
                if let Some(piece) = found {
                    return Ok(Some(Part { name: open.name.clone(), shape: open.shape.clone(), piece }));
                }
            }
            let Some(target) = self.targets.next() else { return Ok(None) };
            self.open = Some(open(target, self.scanner, &self.read)?);
        }
    }
}

fn open(target: &Target, scanner: &Scanner, read: &Arc<AtomicU64>) -> Result<Open, Problem> {
    let wrong = |said: String| Problem::new(target.name.as_str(), said);
    let file = |path: &PathBuf| File::open(path).map_err(|error| wrong(reason(&error)));
    let (bytes, opened) = match (&target.path, target.kind) {
        (Some(path), Kind::Parquet) => {
            let file = file(path)?;
            let bytes = file.metadata().map_or(0, |meta| meta.len());
            (bytes, Table::of_parquet(file, &|column| scanner.wants(column)))
        }
        (path, kind) => {
            let raw: Box<dyn Read + Send> = match path {
                Some(path) => Box::new(file(path)?),
                None => Box::new(io::stdin()),
            };
            let raw = Counting(raw, read.clone());
            let is_packed = target.name.to_ascii_lowercase().ends_with(".gz");
            let plain: Box<dyn Read + Send> =
                if is_packed { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) };
            (0, Table::of_lines(plain, kind, &target.name))
        }
    };
    let (shape, table) = opened.map_err(wrong)?;
    Ok(Open { name: target.name.as_str().into(), shape: Arc::new(shape), table, bytes, told: 0 })
}

/// Returns the columns of a file; of JSON lines, which name theirs line by line, those of its first piece. None of a file without
/// a row: nothing can be wrong with it.
fn columns(mut open: Open) -> Result<Option<Shape>, String> {
    if open.shape.kind != Kind::JsonLines {
        return Ok(Some((*open.shape).clone()));
    }
    let Some(piece) = open.table.next_piece().map_err(|error| reason(&error))? else { return Ok(None) };
    let found: BTreeSet<String> = piece.records().flat_map(|(_, record)| open.shape.names(record)).collect();
    Ok((!found.is_empty()).then(|| Shape::of_columns(found.into_iter().collect())))
}

/// Returns everything that is wrong with the beginnings of the files, and how large all are.
pub(super) fn look(targets: &[Target], scanner: &Scanner) -> Result<u64, Problems> {
    let (mut problems, mut bytes) = (Problems::new(), 0);
    for target in targets {
        let Some(path) = &target.path else { continue };
        bytes += fs::metadata(path).map_or(0, |meta| meta.len());
        match open(target, scanner, &Arc::default()) {
            Ok(open) => match columns(open) {
                Ok(Some(shape)) => problems.extend(scanner.check(&target.name, &shape)),
                Ok(None) => {}
                Err(reason) => problems.push(Problem::new(target.name.as_str(), reason)),
            },
            Err(problem) => problems.push(problem),
        }
    }
    problems.or(bytes)
}
