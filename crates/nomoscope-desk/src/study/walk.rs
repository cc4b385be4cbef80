//! Files below a folder, and paths that stay in it.

use super::{Caps, Problem};
use nomoscope_core::study::check_relative_path;
use nomoscope_store::disk::{HOLDER, LOCK, STAGING};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The deepest folder that is looked into.
const MAX_DEPTH: usize = 32;

/// Folders and files of other programs, which are no part of a study.
const FOREIGN: [&str; 8] = [".git", ".hg", ".svn", ".DS_Store", "Thumbs.db", STAGING, LOCK, HOLDER];

/// What stands below a folder.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// Paths relative to the root of the study, with `/`, sorted.
    pub(crate) files: Vec<String>,
    /// What is no file that can be read: links to folders, names that are not UTF-8, special files.
    pub(crate) strange: Vec<Problem>,
}

/// Where the files of a study folder are: on the disk, or in memory, as they are to be.
#[derive(Debug, Clone)]
pub(crate) enum Place<'a> {
    /// A folder, canonical.
    Disk(PathBuf),
    /// Files by path.
    Memory(&'a BTreeMap<String, Vec<u8>>),
}

impl Place<'_> {
    pub(crate) fn has(&self, path: &str) -> bool {
        match self {
            Self::Disk(root) => fs::symlink_metadata(root.join(path)).is_ok(),
            Self::Memory(files) => files.contains_key(path),
        }
    }

    /// Returns what the folder is called.
    pub(crate) fn name(&self) -> String {
        let Self::Disk(root) = self else { return String::new() };
        root.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }

    /// Checks that there is a file of the study at a path.
    pub(crate) fn find(&self, path: &str) -> Result<(), Problem> {
        match self {
            Self::Disk(root) => resolve(root, path).map(drop),
            Self::Memory(files) => {
                check_relative_path(path).map_err(|e| Problem::new(path, e.to_string()).hint(e.hint()))?;
                files.get(path).map(drop).ok_or_else(|| Problem::new(path, "no such file"))
            }
        }
    }

    pub(crate) fn bytes(&self, path: &str, caps: &Caps) -> Result<Vec<u8>, Problem> {
        match self {
            Self::Disk(root) => read_capped(&resolve(root, path)?, path, caps),
            Self::Memory(files) => self.find(path).map(|()| files.get(path).cloned().unwrap_or_default()),
        }
    }

    pub(crate) fn list(&self, under: &str, caps: &Caps) -> Result<Listing, Problem> {
        match self {
            Self::Disk(root) => list(root, under, caps),
            Self::Memory(files) => {
                let head = if under.is_empty() { String::new() } else { format!("{under}/") };
                let below = files.keys().filter(|path| path.starts_with(&head));
                Ok(Listing { files: below.cloned().collect(), strange: Vec::new() })
            }
        }
    }
}

/// Lists the files below `root/under`; links to folders are not followed.
pub(crate) fn list(root: &Path, under: &str, caps: &Caps) -> Result<Listing, Problem> {
    let mut listing = Listing::default();
    let start = (root.join(under), under.to_owned(), 0);
    let mut todo = vec![start];
    while let Some((folder, path, depth)) = todo.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(e) if e.kind() == ErrorKind::NotFound && depth == 0 => break,
            Err(e) => {
                listing.strange.push(Problem::new(path, crate::load::reason(&e)));
                continue;
            }
        };
        for entry in entries {
            let entry = entry.map_err(|e| Problem::new(path.as_str(), crate::load::reason(&e)))?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                let shown = format!("{path}/{}", name.to_string_lossy());
                let problem = Problem::new(shown, "the name is not UTF-8");
                listing.strange.push(problem.hint("rename the file"));
                continue;
            };
            if FOREIGN.contains(&name) {
                continue;
            }
            let below = match path.as_str() {
                "" => name.to_owned(),
                path => format!("{path}/{name}"),
            };
            let kind = entry.file_type().map_err(|e| Problem::new(below.as_str(), crate::load::reason(&e)))?;
            if kind.is_dir() {
                if depth == MAX_DEPTH {
                    let reason = format!("folders are nested deeper than {MAX_DEPTH}");
                    return Err(Problem::new(below, reason));
                }
                todo.push((entry.path(), below, depth + 1));
            } else if kind.is_symlink() && entry.path().is_dir() {
                let problem = Problem::new(below, "links to folders are not followed");
                listing.strange.push(problem);
            } else {
                listing.files.push(below);
            }
            if listing.files.len() > caps.files {
                let reason = format!("more than {} files", caps.files);
                return Err(Problem::new(under, reason));
            }
        }
    }
    listing.files.sort();
    Ok(listing)
}

/// How long ago a file must have changed last for its times to be trusted: what changes twice within one tick of the clock of a
/// disk keeps its time.
const SETTLED: Duration = Duration::from_secs(2);

/// Returns how the files of a study folder look from outside: name, size and times of each. None where one cannot be looked at,
/// or changed so lately that it may change again and look the same.
pub(crate) fn looks(root: &Path, caps: &Caps, now: SystemTime) -> Option<String> {
    let mut out = String::new();
    for path in list(root, "", caps).ok()?.files {
        let of = fs::metadata(root.join(&path)).ok()?;
        let changed = of.modified().ok()?.max(entered(&of));
        if now.duration_since(changed).ok()? < SETTLED {
            return None;
        }
        let _ = writeln!(out, "{path} {} {:?} {:?}", of.len(), of.modified().ok()?, entered(&of));
    }
    Some(out)
}

/// Returns when anything of a file changed last, which no program can set: where the system tells it.
#[cfg(unix)]
fn entered(of: &fs::Metadata) -> SystemTime {
    use std::os::unix::fs::MetadataExt;
    let seconds = Duration::from_secs(of.ctime().try_into().unwrap_or_default());
    let nanos = Duration::from_nanos(of.ctime_nsec().try_into().unwrap_or_default());
    SystemTime::UNIX_EPOCH + seconds + nanos
}

#[cfg(not(unix))]
fn entered(_: &fs::Metadata) -> SystemTime {
    SystemTime::UNIX_EPOCH
}

/// Returns where a file of a study really is; `root` is canonical.
pub(crate) fn resolve(root: &Path, path: &str) -> Result<PathBuf, Problem> {
    let problem = |reason: &str| Problem::new(path, reason);
    check_relative_path(path).map_err(|e| problem(&e.to_string()).hint(e.hint()))?;
    let real = root.join(path).canonicalize().map_err(|e| match e.kind() {
        ErrorKind::NotFound => problem("no such file"),
        _ => problem(&crate::load::reason(&e)),
    })?;
    if !real.starts_with(root) {
        return Err(problem("a link leads out of the study folder").hint("copy the file into the study folder"));
    }
    if !real.is_file() {
        return Err(problem("is no file"));
    }
    Ok(real)
}

/// Reads a file that may not be larger than allowed.
pub(crate) fn read_capped(file: &Path, path: &str, caps: &Caps) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let limit = caps.file_bytes.saturating_add(1);
    // Whoever opens a pipe waits for somebody to write into it.
    if !fs::metadata(file).map_err(|e| Problem::new(path, crate::load::reason(&e)))?.is_file() {
        return Err(Problem::new(path, "is no file"));
    }
    let read = File::open(file).and_then(|f| f.take(limit).read_to_end(&mut bytes));
    read.map_err(|e| Problem::new(path, crate::load::reason(&e)))?;
    if bytes.len() as u64 > caps.file_bytes {
        let reason = format!("the file is larger than {} MiB", caps.file_bytes >> 20);
        return Err(Problem::new(path, reason).hint("split it"));
    }
    Ok(bytes)
}
