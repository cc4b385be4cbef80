//! Reading a study folder. Nothing here writes.

use super::source::{empty_row, fill_languages, sources_of};
use super::walk::{Place, list};
use super::{Caps, Problem, Problems};
use crate::memory::Memory;
use nomoscope_core::amount::counted;
use nomoscope_core::problem::{Act, Remedy};
use nomoscope_core::study::{Known, Source, Study, StudyMeta, Subject, SubjectKind};
use nomoscope_core::text::Document;
use nomoscope_formats::Input;
use nomoscope_formats::study as files;
use nomoscope_formats::study::sources_csv::{Reading, SourceRow, Sources};
use nomoscope_store::{FolderImage, MANAGED, disk, hash_hex};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// What the reader of a file gave.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Texts {
    /// The texts: one, or one a row with the id of the row.
    pub texts: Vec<(Document, Option<String>)>,
    /// What was guessed or left out.
    pub notes: Vec<String>,
}

/// Reads the texts of a file, given its name, its bytes and what is said of how to read it, or says everything that is
/// wrong with it.
pub type ReadText<'a> = dyn Fn(&str, &[u8], &Reading) -> Result<Texts, Vec<Problem>> + Sync + 'a;

/// How texts are read.
#[derive(Clone, Copy)]
pub struct Readers<'a> {
    /// Reads the texts of a file.
    pub read_text: &'a ReadText<'a>,
    /// Says by its name whether a file can be read.
    pub importable: &'a (dyn Fn(&str) -> bool + Sync),
    /// How much is read.
    pub caps: Caps,
    /// What was read before, where a study stays open.
    pub(crate) memory: Option<&'a Memory>,
}

impl<'a> Readers<'a> {
    /// Returns readers that remember nothing.
    #[must_use]
    pub const fn new(read_text: &'a ReadText<'a>, importable: &'a (dyn Fn(&str) -> bool + Sync), caps: Caps) -> Self {
        Self { read_text, importable, caps, memory: None }
    }

    /// Returns readers with other caps.
    #[must_use]
    pub const fn with_caps(self, caps: Caps) -> Self {
        Self { caps, ..self }
    }
}

/// A study as commands use it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Loaded {
    /// The study; sources that say no language have those of the study.
    pub study: Study,
    /// The bytes of `codebook.toml`, if there is one.
    pub codebook: Option<Vec<u8>>,
    /// Its tables of lists, by path.
    pub lists: BTreeMap<String, Vec<u8>>,
    /// SHA-256 of every file that was read, by path.
    pub hashes: BTreeMap<String, String>,
    /// What people should know; no errors.
    pub notes: Vec<Problem>,
    /// What tells this state of the study from every other one.
    pub revision: String,
}

/// Where a study keeps tables of lists.
const LISTS: &str = "lists";

/// Returns whether a file of a study is a table of lists, as `lists/uk-2013.csv` is.
pub(crate) fn is_lists(path: &str) -> bool {
    let name = path.strip_prefix(LISTS).and_then(|rest| rest.strip_prefix('/'));
    let is_table = |name: &str| ["csv", "tsv"].contains(&Input { name, bytes: &[] }.extension().as_str());
    name.is_some_and(|name| !name.contains('/') && !nomoscope_formats::is_system_file(name) && is_table(name))
}

/// Returns the revision of a study folder: its files are hashed, but no text is read.
pub(crate) fn revision(folder: &Path, readers: &Readers<'_>) -> Result<String, Problems> {
    let nothing = |_: &str, _: &[u8], _: &Reading| Ok(Texts::default());
    let readers = Readers { read_text: &nothing, ..*readers };
    let mut reader = Reader::open(folder, &readers, false)?;
    let mut image = FolderImage::default();
    reader.study_toml(&mut image);
    let tables = [files::CODEBOOK_TOML, files::CODERS_CSV, files::MEMOS_CSV, files::CODINGS_CSV];
    for path in tables.iter().chain(&files::annotations_csv::FILES) {
        reader.managed(&mut image, path);
    }
    reader.lists(&mut image);
    let sheet = reader.sheet(&mut image);
    let named = reader.named(sheet.as_ref());
    reader.sources(&mut image, &named);
    reader.finish().map(|loaded| loaded.revision)
}

/// Returns what codings are read from, by the hashes of a study's files: its texts, how they are read, and the table.
pub(crate) fn of_codings(hashes: &BTreeMap<String, String>) -> String {
    let table = |path: &str| MANAGED.contains(&path) || [files::STUDY_TOML, files::CODEBOOK_TOML].contains(&path);
    let counts =
        |path: &str| !table(path) && !is_lists(path) || [files::SOURCES_CSV, files::CODINGS_CSV].contains(&path);
    let lines = hashes.iter().filter(|(path, _)| counts(path)).map(|(path, hash)| format!("{hash} {path}\n"));
    lines.collect()
}

/// Hashes what was read; the log apart, so that a study whose last change was taken back is what it was.
fn revision_of(hashes: &BTreeMap<String, String>) -> String {
    let read = hashes.iter().filter(|(path, _)| path.as_str() != files::HISTORY_JSONL);
    hash_hex(read.map(|(path, hash)| format!("{hash} {path}\n")).collect::<String>().as_bytes())
}

/// Reads what an analysis needs of a study folder.
///
/// # Errors
/// Everything that is wrong with the folder.
pub fn read_folder(folder: &Path, readers: &Readers<'_>) -> Result<Loaded, Problems> {
    let mut reader = Reader::open(folder, readers, false)?;
    let mut image = reader.image();
    let mut loaded = reader.finish()?;
    loaded.study = Study {
        meta: loaded.study.meta,
        sources: image.sources,
        codings: image.codings,
        coders: image.coders,
        memos: image.memos,
        annotations: image.annotations,
    };
    fill_languages(&mut loaded.study);
    loaded.codebook = image.files.remove(files::CODEBOOK_TOML);
    loaded.lists = image.files.into_iter().filter(|(path, _)| is_lists(path)).collect();
    Ok(loaded)
}

/// Reads all of a study folder, to make a study file of it; returns notes beside it.
///
/// # Errors
/// Everything that is wrong with the folder.
pub fn read_image(folder: &Path, readers: &Readers<'_>) -> Result<(FolderImage, Vec<Problem>), Problems> {
    let mut reader = Reader::open(folder, readers, true)?;
    let image = reader.image();
    reader.finish().map(|loaded| (image, loaded.notes))
}

/// Reads a study folder that is in memory, as it would be read on the disk.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn read_files(files: &BTreeMap<String, Vec<u8>>, readers: &Readers<'_>) -> Result<FolderImage, Problems> {
    let mut reader = Reader::of(Place::Memory(files), readers, false);
    let image = reader.image();
    reader.finish().map(|_| image)
}

/// One file with the row that names it.
struct Named {
    row: SourceRow,
    /// Whether the row stands in `sources.csv`.
    listed: bool,
}

/// What came of one file.
struct Read {
    path: String,
    hash: String,
    bytes: Option<Vec<u8>>,
    sources: Vec<Source>,
    notes: Vec<String>,
}

/// Why a file gave no sources.
enum Failure {
    /// Nothing can be read at its path.
    Path(Problem),
    /// What can be read is wrong.
    Content(Vec<Problem>),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Content(vec![problem])
    }
}

struct Reader<'a> {
    place: Place<'a>,
    readers: &'a Readers<'a>,
    /// Whether the bytes of all files are kept.
    keep: bool,
    meta: StudyMeta,
    problems: Problems,
    notes: Vec<Problem>,
    hashes: BTreeMap<String, String>,
    /// Sources that could not be read: what is said of them elsewhere cannot be checked.
    failed: BTreeSet<String>,
    /// Files under `sources/` that no row names.
    found: Vec<String>,
}

impl<'a> Reader<'a> {
    fn open(folder: &Path, readers: &'a Readers<'a>, keep: bool) -> Result<Self, Problems> {
        let problem = |reason: String| Problem::new(folder.display().to_string(), reason);
        let root = folder.canonicalize().map_err(|e| problem(crate::reason::reason(&e)))?;
        if !root.is_dir() {
            return Err(problem("is no folder".to_owned()).into());
        }
        let mut notes = Vec::new();
        if disk::is_interrupted(&root) {
            // What was decided is completed by whoever comes next, a reader as well: half a change is no study.
            match disk::recover_folder(&root) {
                Ok(recovery) => notes.extend(recovery.map(|recovery| problem(recovery.to_string()))),
                Err(error) => {
                    let reason =
                        format!("an earlier change of this folder was interrupted, and cannot be completed: {error}");
                    let hint = Remedy::with("`{}` with this study, without files, completes it", [Act::Complete]);
                    return Err(problem(reason).hint(hint).into());
                }
            }
        }
        let mut reader = Self::of(Place::Disk(root), readers, keep);
        reader.notes = notes;
        Ok(reader)
    }

    fn of(place: Place<'a>, readers: &'a Readers<'a>, keep: bool) -> Self {
        Self {
            place,
            readers,
            keep,
            meta: StudyMeta::default(),
            problems: Problems::new(),
            notes: Vec::new(),
            hashes: BTreeMap::new(),
            failed: BTreeSet::new(),
            found: Vec::new(),
        }
    }

    /// Returns settings, hashes and notes, if nothing is wrong.
    fn finish(mut self) -> Result<Loaded, Problems> {
        self.notes.sort();
        self.notes.dedup();
        self.problems.or(Loaded {
            study: Study { meta: self.meta, ..Study::default() },
            codebook: None,
            lists: BTreeMap::new(),
            revision: revision_of(&self.hashes),
            hashes: self.hashes,
            notes: self.notes,
        })
    }

    /// Reads everything; what is wrong is in `problems` afterwards.
    fn image(&mut self) -> FolderImage {
        let mut image = FolderImage::default();
        self.study_toml(&mut image);
        self.managed(&mut image, files::CODEBOOK_TOML);
        let sheet = self.sheet(&mut image);
        let named = self.named(sheet.as_ref());
        image.sheet = sheet.map(|s| s.sheet);
        self.sources(&mut image, &named);
        self.people(&mut image);
        self.codings(&mut image);
        self.annotations(&mut image);
        self.lists(&mut image);
        if self.keep {
            self.others(&mut image);
        }
        image
    }

    /// Reads the tables of lists that a report estimates from.
    fn lists(&mut self, image: &mut FolderImage) {
        match self.place.list(LISTS, &self.readers.caps) {
            Ok(listing) => {
                let mut paths: Vec<String> = listing.files.into_iter().filter(|path| is_lists(path)).collect();
                paths.sort();
                for path in paths {
                    // One that cannot be read keeps nobody from the study: it is told.
                    if let Err(problem) = self.file(image, &path) {
                        self.notes.push(problem);
                    }
                }
            }
            Err(problem) => self.notes.push(problem),
        }
    }

    fn study_toml(&mut self, image: &mut FolderImage) {
        match self.managed(image, files::STUDY_TOML) {
            Some(bytes) => {
                let meta = files::study_toml::parse(&bytes);
                self.meta = self.or_default(meta);
            }
            None if self.problems.is_empty() => self.problems.push(
                Problem::new(files::STUDY_TOML, "no such file")
                    .hint(Remedy::with("a study folder has one; `{}` makes a study", [Act::NewStudy])),
            ),
            None => {}
        }
    }

    fn or_default<T: Default>(&mut self, result: Result<T, Problems>) -> T {
        result.unwrap_or_else(|problems| {
            self.problems.extend(problems);
            T::default()
        })
    }

    /// Reads a file that the study may have or not.
    fn managed(&mut self, image: &mut FolderImage, path: &str) -> Option<Vec<u8>> {
        if !self.place.has(path) {
            return None;
        }
        self.file(image, path).map_err(|problem| self.problems.push(problem)).ok()
    }

    /// Reads a file of the study, and keeps it with its hash.
    fn file(&mut self, image: &mut FolderImage, path: &str) -> Result<Vec<u8>, Problem> {
        let bytes = self.place.bytes(path, &self.readers.caps)?;
        self.hashes.insert(path.to_owned(), hash_hex(&bytes));
        image.files.insert(path.to_owned(), bytes.clone());
        Ok(bytes)
    }

    fn sheet(&mut self, image: &mut FolderImage) -> Option<Sources> {
        let bytes = self.managed(image, files::SOURCES_CSV)?;
        let sources = files::sources_csv::parse(&bytes);
        Some(self.or_default(sources))
    }

    /// Returns the files that are sources, and counts those that are not.
    fn named(&mut self, sheet: Option<&Sources>) -> Vec<Named> {
        let listing = match self.place.list("sources", &self.readers.caps) {
            Ok(listing) => listing,
            Err(problem) => {
                self.problems.push(problem);
                return Vec::new();
            }
        };
        let mut found = listing.files;
        found.retain(|path| !nomoscope_formats::is_system_file(path));
        if let Some(sheet) = sheet {
            let listed: BTreeSet<&str> = sheet.rows.iter().map(|r| r.path.as_str()).collect();
            found.retain(|path| !listed.contains(path.as_str()));
            self.left_out(&found, "in no row of sources.csv");
            self.found = found;
            let named = |row: &SourceRow| Named { row: row.clone(), listed: true };
            return sheet.rows.iter().map(named).collect();
        }
        for strange in listing.strange {
            self.problems.push(strange);
        }
        let (importable, other): (Vec<String>, Vec<String>) =
            found.into_iter().partition(|path| (self.readers.importable)(path));
        self.left_out(&other, "of a kind that cannot be read");
        let named = |path: &String| Named { row: empty_row(path), listed: false };
        importable.iter().map(named).collect()
    }

    fn left_out(&mut self, paths: &[String], why: &str) {
        let n = paths.len();
        if n == 0 {
            return;
        }
        let shown: Vec<&str> = paths.iter().take(3).map(String::as_str).collect();
        let dots = if n > 3 { ", …" } else { "" };
        let files = if n == 1 { "1 file is" } else { &format!("{n} files are") };
        let reason = format!("{files} {why}: {}{dots}", shown.join(", "));
        self.notes.push(Problem::new("sources", reason));
    }

    /// Reads the texts, several files at a time; the order is that of the study.
    fn sources(&mut self, image: &mut FolderImage, named: &[Named]) {
        let total = AtomicU64::new(0);
        let read: Vec<Result<Read, Failure>> = named.par_iter().map(|named| self.read(named, &total)).collect();
        let mut paths = BTreeSet::new();
        let mut sources = Vec::new();
        for (result, named) in read.into_iter().zip(named) {
            let read = match result {
                Ok(read) => read,
                Err(failure) => {
                    self.fail(failure, named);
                    continue;
                }
            };
            self.notes.extend(read.notes.into_iter().map(|note| Problem::new(read.path.as_str(), note)));
            if read.sources.is_empty() {
                let note = Problem::new(read.path.as_str(), "holds no text");
                self.notes.push(note);
            }
            for source in &read.sources {
                if !paths.insert(source.path.clone()) {
                    let reason = "two sources have this path";
                    self.problems.push(Problem::new(source.path.as_str(), reason));
                }
            }
            if let Some(bytes) = read.bytes {
                image.files.insert(read.path.clone(), bytes);
            }
            self.hashes.insert(read.path, read.hash);
            sources.extend(read.sources);
        }
        image.sources = sources.into();
    }

    fn read(&self, named: &Named, total: &AtomicU64) -> Result<Read, Failure> {
        let path = named.row.path.as_str();
        self.place.find(path).map_err(Failure::Path)?;
        let bytes = self.place.bytes(path, &self.readers.caps)?;
        let sum = total.fetch_add(bytes.len() as u64, Ordering::Relaxed) + bytes.len() as u64;
        if sum > self.readers.caps.total_bytes {
            let mib = self.readers.caps.total_bytes >> 20;
            let reason = format!("all sources together are larger than {mib} MiB");
            return Err(Problem::new("sources", reason).into());
        }
        let read = (self.readers.read_text)(path, &bytes, &named.row.reading).map_err(Failure::Content)?;
        Ok(Read {
            path: path.to_owned(),
            hash: hash_hex(&bytes),
            sources: sources_of(path, &named.row, read.texts).map_err(Failure::Content)?,
            notes: read.notes,
            bytes: self.keep.then_some(bytes),
        })
    }

    fn fail(&mut self, failure: Failure, named: &Named) {
        self.failed.insert(named.row.path.clone());
        match failure {
            Failure::Content(problems) => problems.into_iter().for_each(|p| self.problems.push(p)),
            Failure::Path(problem) if !named.listed => self.problems.push(problem),
            Failure::Path(problem) => {
                let listed = self.in_sheet(problem, named);
                self.problems.push(listed);
            }
        }
    }

    /// Says of a path that stands in `sources.csv` in which line.
    fn in_sheet(&self, problem: Problem, named: &Named) -> Problem {
        let reason = format!("`{}`: {}", problem.file, problem.reason.plain());
        let mut listed = Problem::new(files::SOURCES_CSV, reason).at(named.row.line);
        let compare = self.failed.len() <= files::MAX_HINTS;
        let found = self.found.iter().map(String::as_str).filter(|_| compare);
        let near = nomoscope_core::spelling::nearest(&problem.file, found);
        let near = near.map(Remedy::nearest);
        listed.remedy = problem.remedy.or(near);
        listed
    }

    fn people(&mut self, image: &mut FolderImage) {
        if let Some(bytes) = self.managed(image, files::CODERS_CSV) {
            let coders = files::people_csv::parse_coders(&bytes);
            image.coders = self.or_default(coders);
        }
        if let Some(bytes) = self.managed(image, files::HISTORY_JSONL) {
            let history = files::history_jsonl::parse(&bytes);
            image.history = self.or_default(history);
        }
    }

    /// Reads memos, cases, links and what else refers to other things, and checks that those are there.
    fn annotations(&mut self, image: &mut FolderImage) {
        let files: Vec<_> =
            files::annotations_csv::FILES.iter().filter_map(|path| Some((*path, self.managed(image, path)?))).collect();
        let memos = self.managed(image, files::MEMOS_CSV);
        let texts = image.sources.iter().map(|s| (s.path.as_str(), s.document.text.as_str())).collect();
        let mut reader = files::annotations_csv::Reader::new(&texts);
        for (path, bytes) in files {
            reader.read(path, &bytes);
        }
        let files::annotations_csv::Read { mut annotations, mut mentions, mut problems, mut unread, notes } =
            reader.finish();
        self.notes.extend(notes);
        if let Some(bytes) = memos {
            match files::people_csv::parse_memos(&bytes, &mut mentions) {
                Ok(memos) => image.memos = memos,
                Err(wrong) => {
                    problems.extend(wrong);
                    unread.insert(SubjectKind::Memo);
                }
            }
        }
        let in_file = |path: &str| self.problems.as_slice().iter().any(|problem| problem.file == path);
        if in_file(files::CODINGS_CSV) || !self.failed.is_empty() {
            unread.extend([SubjectKind::Coding, SubjectKind::Coder]);
        }
        if in_file(files::CODERS_CSV) {
            unread.insert(SubjectKind::Coder);
        }
        if !self.failed.is_empty() {
            unread.insert(SubjectKind::Passage);
        }
        let known = Known::of(&image.sources, &image.codings, &image.coders, &image.memos, &annotations);
        // Who takes a row out of another table by hand leaves the identity that another program gave it: it says nothing any more.
        let is_gone = |of: &Subject| !unread.contains(&of.kind()) && !known.contains(of);
        let gone: BTreeSet<Subject> =
            annotations.foreign.iter().map(|foreign| &foreign.of).filter(|of| is_gone(of)).cloned().collect();
        mentions.retain(|mention| mention.file != files::FOREIGN_IDS_CSV || !gone.contains(&mention.subject));
        problems.extend(files::mentions::check(&mentions, &known, &unread));
        annotations.foreign.retain(|foreign| !gone.contains(&foreign.of));
        if !gone.is_empty() {
            let said = counted(gone.len(), "thing is named that is", "things are named that are");
            self.notes
                .push(Problem::new(files::FOREIGN_IDS_CSV, format!("{said} no longer in the study; passed over")));
        }
        image.annotations = annotations;
        self.push_checked(&problems);
    }

    fn codings(&mut self, image: &mut FolderImage) {
        let Some(bytes) = self.managed(image, files::CODINGS_CSV) else {
            return;
        };
        let key = of_codings(&self.hashes);
        let known = self.readers.memory.filter(|_| self.failed.is_empty()).and_then(|memory| memory.codings(&key));
        let read = known.map_or_else(
            || {
                let texts = image.sources.iter().map(|s| (s.path.as_str(), s.document.text.as_str())).collect();
                let codings = files::codings_csv::parse(&bytes, &texts)?;
                if let Some(memory) = self.readers.memory.filter(|_| self.failed.is_empty()) {
                    memory.keep_codings(key, codings.clone());
                }
                Ok(codings)
            },
            Ok,
        );
        match read {
            Ok(codings) => {
                image.codings = codings.records;
                self.notes.extend(codings.notes);
            }
            Err(problems) => self.push_checked(&problems),
        }
        let known: BTreeSet<&str> = image.coders.iter().map(|c| c.id.as_str()).collect();
        let used: BTreeSet<&str> = image.codings.iter().map(|c| c.coder.as_str()).collect();
        if !known.is_empty() {
            for coder in used.difference(&known).filter(|c| **c != "lexicon") {
                let reason = format!("coder `{coder}` is not in coders.csv");
                self.notes.push(Problem::new(files::CODINGS_CSV, reason));
            }
        }
    }

    /// Adds problems, but those that only follow from a source that could not be read.
    fn push_checked(&mut self, problems: &Problems) {
        for problem in problems.as_slice() {
            let of_failed = self.failed.iter().any(|path| {
                let reason = problem.reason.plain();
                let rest = reason.strip_prefix('`');
                let rest = rest.and_then(|r| r.strip_prefix(path.as_str()));
                rest.is_some_and(|r| r.starts_with(['`', '#']) && r.ends_with("is no source of the study"))
            });
            if !of_failed {
                self.problems.push(problem.clone());
            }
        }
    }

    /// Says which folders of the study hold most.
    fn fullest(&self) -> String {
        const SHOWN: usize = 3;
        let mut counts: Vec<(usize, String)> = Vec::new();
        let Place::Disk(root) = &self.place else { return String::new() };
        for entry in std::fs::read_dir(root).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() {
                let under = list(root, &name, &self.readers.caps);
                counts.push((under.map_or(usize::MAX, |l| l.files.len()), name));
            }
        }
        counts.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let named = counts.iter().take(SHOWN).map(|(_, name)| format!("{name}/"));
        format!(
            "keep what is no part of the study elsewhere; most files are in {}",
            named.collect::<Vec<_>>().join(", ")
        )
    }

    /// Reads all files that are not read yet.
    fn others(&mut self, image: &mut FolderImage) {
        // What the study names was counted when it was read: only what lies beside it counts here.
        let own = image.files.len() + self.failed.len();
        let caps = Caps { files: self.readers.caps.files.saturating_add(own), ..self.readers.caps };
        let listing = match self.place.list("", &caps) {
            Ok(listing) => listing,
            Err(problem) if !problem.reason.plain().starts_with("more than") => return self.problems.push(problem),
            Err(mut problem) => {
                // One of very many files tells people nothing; the folders that hold them do.
                problem.file = self.place.name();
                problem.reason =
                    format!("more than {} files beside those of the study", self.readers.caps.files).into();
                return self.problems.push(problem.hint(self.fullest()));
            }
        };
        self.notes.extend(listing.strange);
        let mut total: u64 = image.files.values().map(|b| b.len() as u64).sum();
        for path in listing.files {
            if image.files.contains_key(&path) || self.failed.contains(&path) {
                continue;
            }
            // A study file may hold what was taken out of the study: it must not travel inside another.
            if path.ends_with(".nomo") || path.ends_with(".nomo-journal") {
                let note = Problem::new(path, "left out: is itself a study file");
                self.notes.push(note);
                continue;
            }
            match self.place.bytes(&path, &self.readers.caps) {
                Ok(bytes) => {
                    total = total.saturating_add(bytes.len() as u64);
                    image.files.insert(path, bytes);
                }
                Err(mut problem) => {
                    problem.reason = format!("left out: {}", problem.reason.plain()).into();
                    self.notes.push(problem);
                }
            }
            if total > self.readers.caps.total_bytes {
                let mib = self.readers.caps.total_bytes >> 20;
                let largest = image.files.iter().max_by_key(|(_, bytes)| bytes.len());
                let largest = largest.map(|(path, _)| path.clone()).unwrap_or_default();
                let reason = format!("with this file, the largest, all together are larger than {mib} MiB");
                return self
                    .problems
                    .push(Problem::new(largest, reason).hint("keep what is no part of the study elsewhere"));
            }
        }
    }
}
