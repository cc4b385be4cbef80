//! Writing files and folders so that a crash leaves either what was or what should be.
//!
//! A single file is written beside its place and renamed. A change of several files in a folder goes through a staging
//! folder: everything is written there, then a plan, whose appearance decides; from then on the change is completed,
//! by this process or by the next one that changes the folder.

use nomoscope_core::problem::{Remedy, Slot};
use nomoscope_core::study::{PathError, check_relative_path};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Where a change of a folder is prepared.
pub const STAGING: &str = ".nomoscope-staging";
/// The lock of a folder on systems where a folder itself cannot be locked.
pub const LOCK: &str = ".nomoscope-lock";
/// Who is changing a folder, for those who wait; the lock itself is the system's and ends with its process.
pub const HOLDER: &str = ".nomoscope-holder";

/// How long a writer waits for another one.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// How often it looks whether the other one is done.
const LOOK: Duration = Duration::from_millis(20);
/// How many files are made durable at a time: the system joins what is asked for together.
const SYNC_THREADS: usize = 16;

/// Why something could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiskError {
    /// The system says no.
    #[error("{path}: {source}")]
    Io {
        /// What was read or written.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A path that is not inside a study folder.
    #[error("`{path}`: {source}")]
    Path {
        /// The path.
        path: String,
        /// What is wrong with it.
        source: PathError,
    },
    /// A link leads out of the folder.
    #[error("`{0}` leads out of the folder")]
    Outside(String),
    /// The folder has something in it.
    #[error("{0}: is not empty")]
    NotEmpty(PathBuf),
    /// The path exists and is no folder.
    #[error("{0}: is not a folder")]
    NotAFolder(PathBuf),
    /// Another process is changing the folder.
    #[error("{path}: is being changed by {holder}")]
    Busy {
        /// The folder.
        path: PathBuf,
        /// Who does it.
        holder: String,
    },
}

impl DiskError {
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }

    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<Remedy> {
        match self {
            Self::Path { source, .. } => Some(source.hint().into()),
            Self::NotEmpty(_) => {
                Some(Remedy::with("choose another folder, or write over it with {}", [Slot::setting("force")]))
            }
            Self::Busy { .. } => Some("wait until the other program is done".into()),
            Self::Outside(_) => Some("replace the link by a folder".into()),
            Self::Io { .. } | Self::NotAFolder(_) => None,
        }
    }
}

type Done<T> = Result<T, DiskError>;

fn at<T>(path: &Path, result: io::Result<T>) -> Done<T> {
    result.map_err(|e| DiskError::io(path, e))
}

/// Returns the path with something added to its file name, and hidden.
pub(crate) fn sibling(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(suffix);
    path.with_file_name(name)
}

/// Makes an empty file that only its owner may read.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a folder with those above it; only its owner may look into those that are new.
fn create_private_folders(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Gives a file a name that must be free.
pub(crate) fn rename_new(from: &Path, to: &Path) -> Done<()> {
    // A hard link never replaces; where there are none, the look before the rename has to do.
    match fs::hard_link(from, to) {
        Ok(()) => at(from, fs::remove_file(from))?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(DiskError::io(to, error));
        }
        Err(_) if fs::symlink_metadata(to).is_ok() => {
            return Err(DiskError::io(to, io::ErrorKind::AlreadyExists.into()));
        }
        Err(_) => at(to, fs::rename(from, to))?,
    }
    sync_folder(to.parent().unwrap_or(Path::new("")))
}

/// Gives a file the name of another one, which it replaces.
pub(crate) fn replace(from: &Path, to: &Path) -> Done<()> {
    if let Ok(meta) = fs::metadata(to) {
        at(from, fs::set_permissions(from, meta.permissions()))?;
    }
    at(to, fs::rename(from, to))?;
    sync_folder(to.parent().unwrap_or(Path::new("")))
}

/// Makes the names in a folder durable, on systems where that can be asked for.
fn sync_folder(folder: &Path) -> Done<()> {
    if cfg!(unix) {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        at(folder, File::open(folder).and_then(|f| f.sync_all()))?;
    }
    Ok(())
}

pub(crate) fn write_synced(path: &Path, bytes: &[u8], make: impl FnOnce(&Path) -> io::Result<File>) -> Done<()> {
    let write = || {
        let mut file = make(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    at(path, write())
}

/// Writes a file whole or not at all.
///
/// # Errors
/// What the system says.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Done<()> {
    // What tells nothing of people, such as a table of codes, is as readable as its writer's other files.
    write_whole(path, bytes, |path| OpenOptions::new().write(true).create_new(true).open(path))
}

/// Writes a file that is not there yet and that only its owner may read.
///
/// # Errors
/// It is there; what the system says.
pub fn write_private_new(path: &Path, bytes: &[u8]) -> Done<()> {
    write_synced(path, bytes, create_private)
}

/// Writes a file whole or not at all; a new one only its owner may read.
///
/// # Errors
/// What the system says.
pub fn write_private(path: &Path, bytes: &[u8]) -> Done<()> {
    write_whole(path, bytes, create_private)
}

fn write_whole(path: &Path, bytes: &[u8], make: impl FnOnce(&Path) -> io::Result<File>) -> Done<()> {
    let unfinished = sibling(path, ".unfinished");
    // What a crash left behind is of no use to anybody.
    let _ = fs::remove_file(&unfinished);
    let written = write_synced(&unfinished, bytes, make).and_then(|()| {
        if let Ok(meta) = fs::metadata(path) {
            at(&unfinished, fs::set_permissions(&unfinished, meta.permissions()))?;
        }
        at(path, fs::rename(&unfinished, path))
    });
    if written.is_err() {
        let _ = fs::remove_file(&unfinished);
        return written;
    }
    sync_folder(path.parent().unwrap_or(Path::new("")))
}

/// The new bytes of files in a folder by relative path; none takes a file away.
pub type Edits = BTreeMap<String, Option<Vec<u8>>>;

/// What became of a change that was interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// It had been decided and is now complete.
    Completed {
        /// How many files it touched.
        n_files: usize,
    },
    /// It had not been decided, or could not be made; everything is as before it.
    Dropped,
}

impl std::fmt::Display for Recovery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Completed { n_files } => {
                let files = if *n_files == 1 { "file" } else { "files" };
                write!(f, "an earlier change of {n_files} {files} was interrupted; it is complete now")
            }
            Self::Dropped => write!(f, "an earlier change was interrupted; everything is as before it"),
        }
    }
}

/// Returns whether a change of the folder was decided and is not complete: what is read now may be half of it.
#[must_use]
pub fn is_interrupted(folder: &Path) -> bool {
    let staging = folder.join(STAGING);
    staging.join("plan").exists() || staging.join("back").exists()
}

/// Changes several files of a folder, or none; completes or drops an interrupted change first.
///
/// # Errors
/// A path or a link leads out of the folder, another process is changing it, or the system says no.
pub fn edit_folder(folder: &Path, edits: &Edits) -> Done<Option<Recovery>> {
    let held = hold(folder, "")?;
    held.edit(edits)?;
    Ok(held.recovery)
}

/// Completes or drops an interrupted change.
///
/// # Errors
/// Another process is changing the folder, or the system says no.
pub fn recover_folder(folder: &Path) -> Done<Option<Recovery>> {
    Ok(hold(folder, "")?.recovery)
}

/// A folder that nobody else changes as long as this is held.
#[derive(Debug)]
pub struct Held {
    folder: PathBuf,
    /// What became of an earlier change that was interrupted.
    pub recovery: Option<Recovery>,
    _lock: File,
}

/// Waits until nobody else changes the folder, and completes or drops an interrupted change. `who` is told to those who
/// wait meanwhile.
///
/// # Errors
/// Another process is still changing it after some seconds, or the system says no.
pub fn hold(folder: &Path, who: &str) -> Done<Held> {
    let lock = lock(folder)?;
    // The note is a courtesy: a disk that is full must not keep anybody from making room.
    if !who.is_empty() {
        write_note(&folder.join(HOLDER), who);
    }
    let mut held = Held { folder: folder.to_owned(), recovery: None, _lock: lock };
    held.recovery = recover(folder)?;
    Ok(held)
}

impl Drop for Held {
    fn drop(&mut self) {
        // Still under the lock, which goes with its file after this.
        let _ = fs::remove_file(self.folder.join(HOLDER));
    }
}

impl Held {
    /// Changes several files, or none.
    ///
    /// # Errors
    /// A path or a link leads out of the folder, or the system says no.
    pub fn edit(&self, edits: &Edits) -> Done<()> {
        self.edit_with(edits, &mut |_| Ok(()))
    }

    /// Like [`Held::edit`]; `crash` is asked before each step and ends the work on the spot when it errs, as a crash would.
    fn edit_with(&self, edits: &Edits, crash: &mut dyn FnMut(&str) -> io::Result<()>) -> Done<()> {
        let folder = self.folder.as_path();
        for path in edits.keys() {
            check_inside(folder, path)?;
            check_free(folder, path)?;
        }
        if edits.is_empty() {
            return Ok(());
        }
        let staging = folder.join(STAGING);
        let mut step = |name: &str| at(&staging, crash(name));
        step("begin")?;
        if let Err(error) = stage(&staging, folder, edits) {
            let _ = fs::remove_dir_all(&staging);
            return Err(error);
        }
        step("staged")?;
        let plan = Plan::of(&staging, edits);
        if let Err(error) = write_atomic(&staging.join("plan"), plan.text().as_bytes()) {
            let _ = fs::remove_dir_all(&staging);
            return Err(error);
        }
        step("decided")?;
        for (number, line) in plan.0.iter().enumerate() {
            if let Err(error) = apply(folder, number, line) {
                // What went wrong first is what people need to hear; the staging folder keeps the rest for the next try.
                let _ = fs::rename(staging.join("plan"), staging.join("back"))
                    .map_err(|e| DiskError::io(&staging, e))
                    .and_then(|()| take_back(folder, &plan, &mut step));
                return Err(error);
            }
            step("applied")?;
        }
        finish(folder, &plan, "plan")
    }
}

/// Takes the lock of a folder; it goes with the file.
fn lock(folder: &Path) -> Done<File> {
    let meta = at(folder, fs::metadata(folder))?;
    if !meta.is_dir() {
        return Err(DiskError::NotAFolder(folder.to_owned()));
    }
    #[cfg(unix)]
    let file = at(folder, File::open(folder))?;
    #[cfg(not(unix))]
    let file = at(folder, OpenOptions::new().create(true).write(true).truncate(false).open(folder.join(LOCK)))?;
    if lock_in_time(&file, folder)? {
        return Ok(file);
    }
    let holder = holder(&folder.join(HOLDER));
    Err(DiskError::Busy { path: folder.to_owned(), holder })
}

/// Says who holds something. Whatever stood there is replaced and never written into: a study of somebody else may bring a
/// link of this name.
pub(crate) fn write_note(note: &Path, who: &str) {
    let _ = fs::remove_file(note);
    let _ = create_private(note).and_then(|mut file| file.write_all(who.as_bytes()));
}

/// Opens a file to be locked, never through a link.
fn open_lock(path: &Path) -> io::Result<File> {
    if fs::symlink_metadata(path).is_ok_and(|meta| !meta.is_file()) {
        fs::remove_file(path)?;
    }
    OpenOptions::new().create(true).write(true).truncate(false).open(path)
}

/// Returns who says that they hold something.
pub(crate) fn holder(note: &Path) -> String {
    let is_note = fs::symlink_metadata(note).is_ok_and(|meta| meta.is_file() && meta.len() < 10_000);
    let said = if is_note { fs::read_to_string(note).unwrap_or_default() } else { String::new() };
    // The note may be anybody's: it is shown as one short line.
    let line: String = said.chars().filter(|c| !c.is_control()).take(200).collect();
    if line.trim().is_empty() { "another program".to_owned() } else { line }
}

/// Waits some seconds for a lock; returns whether it was given.
fn lock_in_time(file: &File, path: &Path) -> Done<bool> {
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(fs::TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => std::thread::sleep(LOOK),
            Err(fs::TryLockError::WouldBlock) => return Ok(false),
            // Some network file systems have no locks; one writer at a time is then up to people.
            Err(fs::TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => return Ok(true),
            Err(fs::TryLockError::Error(error)) => return Err(DiskError::io(path, error)),
        }
    }
}

/// What is being made beside its place under another name; nobody else makes it meanwhile, and what a process that is
/// dead left of it is gone.
#[derive(Debug)]
pub(crate) struct Unfinished {
    /// Where it is made.
    pub(crate) path: PathBuf,
    note: PathBuf,
    _lock: File,
}

impl Unfinished {
    /// Claims the place beside `target`.
    pub(crate) fn claim(target: &Path) -> Done<Self> {
        let note = sibling(target, ".unfinished.lock");
        loop {
            let lock = at(&note, open_lock(&note))?;
            if !lock_in_time(&lock, &note)? {
                return Err(DiskError::Busy { path: target.to_owned(), holder: "another program".to_owned() });
            }
            // Whoever held it before has removed the name: the lock on a file without one keeps nobody out.
            if same_file(&lock, &note) {
                remove_left_overs(target)?;
                return Ok(Self { path: sibling(target, ".unfinished"), note, _lock: lock });
            }
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.note);
    }
}

#[cfg(unix)]
fn same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let here = file.metadata().map(|m| (m.dev(), m.ino()));
    let there = fs::metadata(path).map(|m| (m.dev(), m.ino()));
    matches!((here, there), (Ok(here), Ok(there)) if here == there)
}

#[cfg(not(unix))]
fn same_file(_: &File, path: &Path) -> bool {
    path.exists()
}

/// Returns what a process that died while it made `target` may have left.
fn left_overs_of(target: &Path) -> Vec<PathBuf> {
    let made = sibling(target, ".unfinished");
    vec![sibling(target, ".unfinished-journal"), sibling(&made, ".holder"), made]
}

fn remove_left_overs(target: &Path) -> Done<Vec<PathBuf>> {
    let mut gone = Vec::new();
    for path in left_overs_of(target) {
        let removed = match fs::symlink_metadata(&path) {
            Err(_) => continue,
            Ok(meta) if meta.is_dir() => fs::remove_dir_all(&path),
            Ok(_) => fs::remove_file(&path),
        };
        at(&path, removed)?;
        gone.push(path);
    }
    Ok(gone)
}

/// Removes what processes that are dead left half made beside `target`, whatever they were making; returns what is gone.
///
/// # Errors
/// The system says no.
pub fn tidy(target: &Path) -> Done<Vec<PathBuf>> {
    let mut gone = Vec::new();
    let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut targets = vec![target.to_owned()];
    for entry in at(folder, fs::read_dir(folder))?.flatten() {
        let name = entry.file_name();
        let name = name.to_str().unwrap_or_default();
        if let Some(made) = name.strip_prefix('.').and_then(|n| n.strip_suffix(".unfinished.lock")) {
            targets.push(folder.join(made));
        } else if is_template_folder(name) && entry.path().join("study.toml").is_file() {
            at(&entry.path(), fs::remove_dir_all(entry.path()))?;
            gone.push(entry.path());
        }
    }
    for target in targets {
        let note = sibling(&target, ".unfinished.lock");
        let left = || left_overs_of(&target).iter().any(|path| fs::symlink_metadata(path).is_ok());
        if !note.exists() && !left() {
            continue;
        }
        let lock = at(&note, open_lock(&note))?;
        // Who lives and is at work keeps it.
        if lock.try_lock().is_ok() {
            gone.extend(remove_left_overs(&target)?);
            let _ = fs::remove_file(&note);
        }
    }
    gone.sort();
    Ok(gone)
}

/// Returns whether a folder has the name under which earlier versions passed a template on: `N.nomo-UUID`.
fn is_template_folder(name: &str) -> bool {
    let Some((_, uuid)) = name.rsplit_once(".nomo-") else {
        return false;
    };
    let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && uuid.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

/// Checks that a path is relative and that no link on its way leads out of the folder.
fn check_inside(folder: &Path, path: &str) -> Done<()> {
    check_relative_path(path).map_err(|source| DiskError::Path { path: path.to_owned(), source })?;
    let root = at(folder, folder.canonicalize())?;
    let mut way = folder.to_owned();
    let parts: Vec<&str> = path.split('/').collect();
    if parts.first() == Some(&STAGING) {
        return Err(DiskError::Outside(path.to_owned()));
    }
    for part in parts.iter().take(parts.len() - 1) {
        way.push(part);
        match fs::symlink_metadata(&way) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(DiskError::io(&way, error)),
            Ok(_) => {}
        }
        let real = at(&way, way.canonicalize())?;
        if !real.starts_with(&root) {
            return Err(DiskError::Outside(path.to_owned()));
        }
    }
    Ok(())
}

/// Checks that a file can stand at a path: no file is in the way of its folders, and no folder in its own.
fn check_free(folder: &Path, path: &str) -> Done<()> {
    for (end, _) in path.match_indices('/') {
        let parent = folder.join(path.get(..end).unwrap_or_default());
        if parent.exists() && !parent.is_dir() {
            return Err(DiskError::NotAFolder(parent));
        }
    }
    let target = folder.join(path);
    if target.is_dir() {
        let error = io::Error::new(io::ErrorKind::IsADirectory, "is a folder, not a file");
        return Err(DiskError::io(&target, error));
    }
    Ok(())
}

/// Writes the new files and keeps the old ones beside them.
fn stage(staging: &Path, folder: &Path, edits: &Edits) -> Done<()> {
    at(staging, fs::create_dir(staging))?;
    for (number, (path, bytes)) in edits.iter().enumerate() {
        let target = folder.join(path);
        if let Some(bytes) = bytes {
            let new = staging.join(format!("new-{number}"));
            write_synced(&new, bytes, create_private)?;
            if let Ok(meta) = fs::metadata(&target) {
                at(&new, fs::set_permissions(&new, meta.permissions()))?;
            }
        }
        if fs::symlink_metadata(&target).is_ok() {
            at(&target, fs::copy(&target, staging.join(format!("old-{number}"))))?;
        }
    }
    sync_folder(staging)
}

/// What is to be done, a file after the other.
struct Plan(Vec<(Deed, String)>);

/// What is to be done with a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    Add,
    Replace,
    Remove,
}

impl Plan {
    fn of(staging: &Path, edits: &Edits) -> Self {
        let deed = |number: usize, write: bool| match (write, staging.join(format!("old-{number}")).exists()) {
            (false, _) => Deed::Remove,
            (true, true) => Deed::Replace,
            (true, false) => Deed::Add,
        };
        let lines = edits.iter().enumerate();
        Self(lines.map(|(n, (path, bytes))| (deed(n, bytes.is_some()), path.clone())).collect())
    }

    /// Returns one line a file: a sign, then the path, which has no control characters.
    fn text(&self) -> String {
        let sign = |deed| match deed {
            Deed::Add => '+',
            Deed::Replace => '=',
            Deed::Remove => '-',
        };
        let lines = self.0.iter();
        lines.map(|(deed, path)| format!("{}{path}\n", sign(*deed))).collect()
    }

    /// Reads a plan that may have come with a folder from elsewhere: its paths are checked like any.
    fn read(folder: &Path, file: &Path) -> Done<Option<Self>> {
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(DiskError::io(file, error)),
        };
        let mut lines = Vec::new();
        for line in text.lines() {
            let path = line.get(1..).unwrap_or_default();
            check_inside(folder, path)?;
            let deed = match line.as_bytes() {
                [b'+', ..] => Deed::Add,
                [b'=', ..] => Deed::Replace,
                _ => Deed::Remove,
            };
            lines.push((deed, path.to_owned()));
        }
        Ok(Some(Self(lines)))
    }
}

fn remove_if_there(path: &Path) -> Done<()> {
    use io::ErrorKind::{NotADirectory, NotFound};
    match fs::remove_file(path) {
        Err(e) if !matches!(e.kind(), NotFound | NotADirectory) => Err(DiskError::io(path, e)),
        _ => Ok(()),
    }
}

/// Does what a line of the plan says, if it was not done before.
fn apply(folder: &Path, number: usize, (deed, path): &(Deed, String)) -> Done<()> {
    let target = folder.join(path);
    if *deed == Deed::Remove {
        return remove_if_there(&target);
    }
    let new = folder.join(STAGING).join(format!("new-{number}"));
    if !new.exists() {
        return Ok(());
    }
    if let Some(parent) = target.parent() {
        at(parent, create_private_folders(parent))?;
    }
    at(&target, fs::rename(&new, &target))
}

/// Puts back what stood there, if it was not put back before.
fn take_back(folder: &Path, plan: &Plan, step: &mut dyn FnMut(&str) -> Done<()>) -> Done<()> {
    let staging = folder.join(STAGING);
    for (number, (deed, path)) in plan.0.iter().enumerate() {
        let target = folder.join(path);
        let old = staging.join(format!("old-{number}"));
        if old.exists() {
            at(&target, fs::rename(&old, &target))?;
        } else if *deed == Deed::Add && !staging.join(format!("new-{number}")).exists() {
            remove_if_there(&target)?;
        }
        step("taken back")?;
    }
    finish(folder, plan, "back")
}

fn finish(folder: &Path, plan: &Plan, name: &str) -> Done<()> {
    for (_, path) in &plan.0 {
        if let Some(parent) = folder.join(path).parent()
            && parent.is_dir()
        {
            sync_folder(parent)?;
        }
    }
    let gone: Vec<&str> = plan.0.iter().map(|(_, path)| path.as_str()).filter(|p| !folder.join(p).exists()).collect();
    let staging = folder.join(STAGING);
    // The plan goes first: without it the rest is rubbish and no change.
    let plan = staging.join(name);
    at(&plan, fs::remove_file(&plan))?;
    at(&staging, fs::remove_dir_all(&staging))?;
    gone.iter().for_each(|path| remove_empty_folders(folder, path));
    sync_folder(folder)
}

/// Removes the folders above a file that went, as far as they are empty: a name that was erased would stay as that of a folder.
fn remove_empty_folders(folder: &Path, path: &str) {
    let mut above = Path::new(path).parent();
    while let Some(parent) = above.filter(|p| !p.as_os_str().is_empty()) {
        // The system refuses where anything is left in it.
        if fs::remove_dir(folder.join(parent)).is_err() {
            return;
        }
        above = parent.parent();
    }
}

fn recover(folder: &Path) -> Done<Option<Recovery>> {
    let staging = folder.join(STAGING);
    match fs::symlink_metadata(&staging) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(DiskError::io(&staging, error)),
        Ok(meta) if !meta.is_dir() => return Err(DiskError::NotAFolder(staging)),
        Ok(_) => {}
    }
    if let Some(plan) = Plan::read(folder, &staging.join("plan"))? {
        for (number, line) in plan.0.iter().enumerate() {
            apply(folder, number, line)?;
        }
        finish(folder, &plan, "plan")?;
        let n_files = plan.0.len();
        return Ok(Some(Recovery::Completed { n_files }));
    }
    if let Some(plan) = Plan::read(folder, &staging.join("back"))? {
        take_back(folder, &plan, &mut |_| Ok(()))?;
    } else {
        at(&staging, fs::remove_dir_all(&staging))?;
    }
    Ok(Some(Recovery::Dropped))
}

/// Writes a whole folder, or nothing. A target that is not empty is refused unless `force` is set; then the files are
/// written over it and all others are left alone.
///
/// # Errors
/// The target is not empty, a path leads out of it, or the system says no.
pub fn write_folder(target: &Path, files: &BTreeMap<String, Vec<u8>>, force: bool) -> Done<()> {
    for path in files.keys() {
        check_relative_path(path).map_err(|source| DiskError::Path { path: path.clone(), source })?;
    }
    let empty = match fs::read_dir(target) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(DiskError::NotAFolder(target.to_owned()));
        }
        Err(error) => return Err(DiskError::io(target, error)),
    };
    if !empty {
        if !force {
            return Err(DiskError::NotEmpty(target.to_owned()));
        }
        let edits = files.iter().map(|(p, b)| (p.clone(), Some(b.clone())));
        return edit_folder(target, &edits.collect()).map(|_| ());
    }
    if let Some(parent) = target.parent() {
        at(parent, fs::create_dir_all(parent))?;
    }
    let unfinished = Unfinished::claim(target)?;
    let written = write_new_folder(&unfinished.path, target, files);
    if written.is_err() {
        let _ = fs::remove_dir_all(&unfinished.path);
    }
    written
}

fn write_new_folder(unfinished: &Path, target: &Path, files: &BTreeMap<String, Vec<u8>>) -> Done<()> {
    at(unfinished, create_private_folders(unfinished))?;
    let mut written = Vec::new();
    for (path, bytes) in files {
        let file = unfinished.join(path);
        if let Some(parent) = file.parent() {
            at(parent, create_private_folders(parent))?;
        }
        at(&file, create_private(&file).and_then(|mut f| f.write_all(bytes)))?;
        written.push(file);
    }
    sync_files(&written)?;
    sync_folder(unfinished)?;
    if target.is_dir() {
        // Empty, as was seen; not every system renames over a folder.
        at(target, fs::remove_dir(target))?;
    }
    at(target, fs::rename(unfinished, target))?;
    sync_folder(target.parent().unwrap_or(Path::new("")))
}

/// Makes files durable, several at a time: one by one the disk would be waited for as often as there are files, which took
/// 48 seconds of 49 for 20,000 sources.
pub(crate) fn sync_files(files: &[PathBuf]) -> Done<()> {
    let sync = |files: &[PathBuf]| {
        files.iter().try_for_each(|file| {
            let open = OpenOptions::new().write(true).open(file);
            at(file, open.and_then(|f| f.sync_all()))
        })
    };
    let share = files.len().div_ceil(SYNC_THREADS).max(1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = files.chunks(share).map(|files| scope.spawn(move || sync(files))).collect();
        let ended = |_| Err(DiskError::io(Path::new(""), io::Error::other("a thread ended early")));
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(ended))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit_with(
        folder: &Path,
        edits: &Edits,
        crash: &mut dyn FnMut(&str) -> io::Result<()>,
    ) -> Done<Option<Recovery>> {
        let held = hold(folder, "")?;
        held.edit_with(edits, crash)?;
        Ok(held.recovery)
    }

    fn edits(list: &[(&str, Option<&str>)]) -> Edits {
        let edit = |(p, b): &(&str, Option<&str>)| (p.to_string(), b.map(|b| b.into()));
        list.iter().map(edit).collect()
    }

    fn folder() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a"), "old a").unwrap();
        fs::write(dir.path().join("b"), "old b").unwrap();
        dir
    }

    fn state(dir: &Path) -> Vec<Option<String>> {
        let read = |name: &str| fs::read_to_string(dir.join(name)).ok();
        vec![read("a"), read("b"), read("s/c"), read(".nomoscope-staging/plan")]
    }

    fn change() -> Edits {
        edits(&[("a", Some("new a")), ("b", None), ("s/c", Some("new c"))])
    }

    const OLD: [Option<&str>; 4] = [Some("old a"), Some("old b"), None, None];
    const NEW: [Option<&str>; 4] = [Some("new a"), None, Some("new c"), None];

    #[track_caller]
    fn check(dir: &Path, want: [Option<&str>; 4]) {
        let want: Vec<Option<String>> = want.iter().map(|w| w.map(str::to_owned)).collect();
        assert_eq!(state(dir), want, "{:?}", fs::read_dir(dir));
        assert!(!dir.join(STAGING).exists());
    }

    #[test]
    fn several_files_change_together() {
        let dir = folder();
        assert_eq!(edit_folder(dir.path(), &change()).unwrap(), None);
        check(dir.path(), NEW);
    }

    #[test]
    fn a_crash_at_any_step_leaves_all_or_nothing() {
        // begin, staged, decided, applied three times
        for stop in 0..6 {
            let dir = folder();
            let mut steps = 0;
            let crashed = edit_with(dir.path(), &change(), &mut |_| {
                steps += 1;
                if steps > stop { Err(io::Error::other("crash")) } else { Ok(()) }
            });
            assert!(crashed.is_err());
            assert_eq!(is_interrupted(dir.path()), stop >= 2);
            let recovery = recover_folder(dir.path()).unwrap();
            match stop {
                0 => assert_eq!(recovery, None),
                1 => assert_eq!(recovery, Some(Recovery::Dropped)),
                _ => assert_eq!(recovery, Some(Recovery::Completed { n_files: 3 })),
            }
            check(dir.path(), if stop < 2 { OLD } else { NEW });
        }
    }

    #[test]
    fn the_next_change_completes_an_interrupted_one() {
        let dir = folder();
        let mut steps = 0;
        let _ = edit_with(dir.path(), &change(), &mut |_| {
            steps += 1;
            if steps > 4 { Err(io::Error::other("crash")) } else { Ok(()) }
        });
        let recovery = edit_folder(dir.path(), &edits(&[("b", Some("newer b"))])).unwrap();
        assert_eq!(recovery, Some(Recovery::Completed { n_files: 3 }));
        check(dir.path(), [Some("new a"), Some("newer b"), Some("new c"), None]);
    }

    #[test]
    fn a_change_that_fails_half_way_is_rolled_back() {
        let dir = folder();
        // The file `s` appears after the check and is in the way of the folder `s`.
        let failed = edit_with(dir.path(), &change(), &mut |step| {
            if step == "decided" { fs::write(dir.path().join("s"), "in the way") } else { Ok(()) }
        });
        assert!(matches!(failed, Err(DiskError::Io { .. })));
        check(dir.path(), OLD);
    }

    #[test]
    fn a_crash_while_rolling_back_leaves_what_was() {
        for stop in 1..4 {
            let dir = folder();
            let mut steps = 0;
            let failed = edit_with(dir.path(), &change(), &mut |step| match step {
                "decided" => fs::write(dir.path().join("s"), "in the way"),
                "taken back" => {
                    steps += 1;
                    if steps == stop { Err(io::Error::other("crash")) } else { Ok(()) }
                }
                _ => Ok(()),
            });
            assert!(failed.is_err());
            assert!(is_interrupted(dir.path()));
            assert_eq!(recover_folder(dir.path()).unwrap(), Some(Recovery::Dropped));
            check(dir.path(), OLD);
        }
    }

    #[test]
    fn paths_that_lead_out_are_refused() {
        let dir = folder();
        for path in ["../x", "/x", "a\\b", "C:/x", "", ".nomoscope-staging/plan", "a/x"] {
            assert!(edit_folder(dir.path(), &edits(&[("b", None), (path, Some("x"))])).is_err(), "{path}");
            check(dir.path(), OLD);
        }
        #[cfg(unix)]
        {
            let outside = tempfile::tempdir().unwrap();
            std::os::unix::fs::symlink(outside.path(), dir.path().join("out")).unwrap();
            let refused = edit_folder(dir.path(), &edits(&[("out/x", Some("x"))]));
            assert!(matches!(refused, Err(DiskError::Outside(_))));
            assert!(!outside.path().join("x").exists());
            // A hostile plan that came with the folder leads nowhere either.
            fs::create_dir(dir.path().join(STAGING)).unwrap();
            fs::write(dir.path().join(STAGING).join("plan"), "+out/x\n").unwrap();
            fs::write(dir.path().join(STAGING).join("new-0"), "x").unwrap();
            assert!(recover_folder(dir.path()).is_err());
            assert!(!outside.path().join("x").exists());
            // Nor does a note about who holds the folder.
            fs::remove_dir_all(dir.path().join(STAGING)).unwrap();
            std::os::unix::fs::symlink(outside.path().join("note"), dir.path().join(HOLDER)).unwrap();
            drop(hold(dir.path(), "ana").unwrap());
            assert!(!outside.path().join("note").exists());
        }
    }

    #[test]
    fn a_second_writer_waits() {
        let dir = folder();
        let busy = edit_with(dir.path(), &change(), &mut |step| {
            if step == "staged" {
                assert!(matches!(edit_folder(dir.path(), &change()), Err(DiskError::Busy { .. })));
            }
            Ok(())
        });
        assert!(busy.is_ok());
        check(dir.path(), NEW);
    }

    #[test]
    fn a_folder_is_written_whole_and_never_over_another() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("study");
        let files = BTreeMap::from([("study.toml".to_owned(), b"x".to_vec()), ("sources/a".to_owned(), Vec::new())]);
        write_folder(&target, &files, false).unwrap();
        assert_eq!(fs::read(target.join("sources/a")).unwrap(), b"");
        assert!(matches!(write_folder(&target, &files, false), Err(DiskError::NotEmpty(_))));
        let over = BTreeMap::from([("study.toml".to_owned(), b"y".to_vec())]);
        write_folder(&target, &over, true).unwrap();
        assert_eq!(fs::read(target.join("study.toml")).unwrap(), b"y");
        assert!(target.join("sources/a").exists());
        let bad = BTreeMap::from([("../x".to_owned(), Vec::new())]);
        assert!(write_folder(&dir.path().join("other"), &bad, false).is_err());
        // A file that is in the way of a folder fails on the way; nothing stays.
        let bad = BTreeMap::from([("a".to_owned(), Vec::new()), ("a/b".to_owned(), Vec::new())]);
        assert!(write_folder(&dir.path().join("other"), &bad, false).is_err());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        fs::create_dir(dir.path().join("empty")).unwrap();
        write_folder(&dir.path().join("empty"), &files, false).unwrap();
        assert!(dir.path().join("empty/study.toml").exists());
        assert!(matches!(write_folder(&target.join("study.toml"), &files, true), Err(DiskError::NotAFolder(_))));
    }

    #[test]
    fn a_folder_that_becomes_empty_goes() {
        let dir = tempfile::tempdir().unwrap();
        edit_folder(dir.path(), &edits(&[("s/x/y/a", Some("a")), ("s/b", Some("b"))])).unwrap();
        edit_folder(dir.path(), &edits(&[("s/x/y/a", None)])).unwrap();
        assert!(dir.path().join("s/b").exists() && !dir.path().join("s/x").exists());
    }

    #[test]
    fn a_file_is_written_whole() {
        let dir = folder();
        write_atomic(&dir.path().join("a"), b"new").unwrap();
        assert_eq!(fs::read(dir.path().join("a")).unwrap(), b"new");
        assert!(write_atomic(&dir.path().join("none/a"), b"new").is_err());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    }
}
