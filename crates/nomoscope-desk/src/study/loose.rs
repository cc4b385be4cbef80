//! Files that are no study yet: whatever can be read below some folders, for a first look. Nothing here writes.
//!
//! A file that cannot be read hinders no other: it is left out and named with its reason.

use super::source::{empty_row, sources_of};
use super::walk::{list, read_capped};
use super::{Problem, Problems, Readers, Reading};
use nomoscope_core::problem::{Act, Remedy};
use nomoscope_core::study::{Source, Study, StudyMeta};
use nomoscope_store::hash_hex;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The attribute that says in which folder a file lies.
pub const FOLDER: &str = "folder";

/// What was found.
#[derive(Debug, Default)]
pub struct Loose {
    /// The texts as the sources of a study without settings; where they lie in several folders, each has the attribute `folder`.
    pub study: Study,
    /// SHA-256 of every file that was read, by path.
    pub hashes: BTreeMap<String, String>,
    /// What was left out, each with its reason.
    pub left_out: Vec<Problem>,
    /// What people should know of what was read.
    pub notes: Vec<Problem>,
}

/// A file, the name that it goes by, and the folder that it is counted under.
struct Target {
    file: PathBuf,
    path: String,
    folder: Option<String>,
}

/// Reads the texts of all files that are named, or lie below a folder that is.
///
/// # Errors
/// A path that does not exist, or nothing that can be read.
pub fn read_loose(given: &[PathBuf], readers: &Readers<'_>) -> Result<Loose, Problems> {
    let mut out = Loose::default();
    let targets = targets(given, readers, &mut out.left_out)?;
    let read = targets.par_iter().map(|target| read_one(target, readers)).collect();
    gathered(out, &targets, read, given, readers)
}

/// Reads texts that no file of this machine holds, by their names.
///
/// # Errors
/// Nothing of them can be read.
pub fn read_loose_bytes(files: &BTreeMap<String, Vec<u8>>, readers: &Readers<'_>) -> Result<Loose, Problems> {
    let named: Vec<PathBuf> = files.keys().map(PathBuf::from).collect();
    let mut out = Loose::default();
    let target = |name: &String| Target { file: PathBuf::new(), path: name.clone(), folder: None };
    let mut targets: Vec<Target> = files.keys().map(target).collect();
    targets.retain(|target| is_readable(target, readers, &mut out.left_out));
    let bytes = |target: &Target| files.get(&target.path).map(Vec::as_slice).unwrap_or_default();
    let read = targets.par_iter().map(|target| texts(target, bytes(target), readers)).collect();
    gathered(out, &targets, read, &named, readers)
}

/// Joins what was read of each file.
fn gathered(
    mut out: Loose,
    targets: &[Target],
    read: Vec<Result<One, Vec<Problem>>>,
    given: &[PathBuf],
    readers: &Readers<'_>,
) -> Result<Loose, Problems> {
    let mut sources: Vec<Source> = Vec::new();
    let mut bytes = 0_u64;
    for (target, result) in targets.iter().zip(read) {
        match result {
            Ok((hash, size, found, notes)) => {
                bytes += size;
                out.hashes.insert(target.path.clone(), hash);
                out.notes.extend(notes.into_iter().map(|note| Problem::new(target.path.as_str(), note)));
                if found.is_empty() {
                    out.left_out.push(Problem::new(target.path.as_str(), "holds no text"));
                }
                sources.extend(found);
            }
            Err(problems) => out.left_out.extend(problems),
        }
        if bytes > readers.caps.total_bytes {
            let mib = readers.caps.total_bytes >> 20;
            return Err(
                Problem::new(target.path.as_str(), format!("all files together are larger than {mib} MiB")).into()
            );
        }
    }
    name_folders(&mut sources, targets);
    if sources.is_empty() {
        return Err(nothing(given, &out.left_out));
    }
    out.study = Study { meta: StudyMeta::default(), sources: sources.into(), ..Study::default() };
    Ok(out)
}

fn nothing(given: &[PathBuf], left_out: &[Problem]) -> Problems {
    let hint = Remedy::with("`{}` lists what can be read", [Act::ListFormats]);
    let none =
        |path: &PathBuf| Problem::new(path.display().to_string(), "holds no text that can be read").hint(hint.clone());
    left_out.iter().cloned().chain(given.iter().map(none)).collect()
}

fn targets(given: &[PathBuf], readers: &Readers<'_>, left_out: &mut Vec<Problem>) -> Result<Vec<Target>, Problems> {
    let mut problems = Problems::new();
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for path in given {
        let shown = path.display().to_string();
        let real = match path.canonicalize() {
            Ok(real) => real,
            Err(error) => {
                problems.push(Problem::new(shown, crate::reason::reason(&error)));
                continue;
            }
        };
        let name = real.file_name().map_or_else(|| shown.clone(), |name| name.to_string_lossy().into_owned());
        if !real.is_dir() {
            out.push(Target { file: real, path: name, folder: None });
            continue;
        }
        let listing = match list(&real, "", &readers.caps) {
            Ok(listing) => listing,
            Err(problem) => {
                problems.push(Problem { file: format!("{name}/{}", problem.file), ..problem });
                continue;
            }
        };
        left_out.extend(listing.strange.into_iter().map(|p| Problem { file: format!("{name}/{}", p.file), ..p }));
        for file in listing.files {
            // Of one folder, those in it are its groups; of several, each is one.
            let folder = if given.len() > 1 { name.clone() } else { upper(&file).unwrap_or_else(|| name.clone()) };
            out.push(Target { file: real.join(&file), path: format!("{name}/{file}"), folder: Some(folder) });
        }
    }
    out.retain(|target| is_readable(target, readers, left_out) && seen.insert(target.file.clone()));
    problems.or(out)
}

/// Returns whether a file can be read by its name; what cannot is told, unless systems left it.
fn is_readable(target: &Target, readers: &Readers<'_>, left_out: &mut Vec<Problem>) -> bool {
    let hidden = target.path.rsplit('/').next().is_some_and(|name| name.starts_with('.') || name.starts_with("~$"));
    let readable = (readers.importable)(&target.path);
    if !hidden && !readable {
        left_out.push(Problem::new(target.path.as_str(), "of a kind that cannot be read"));
    }
    !hidden && readable
}

/// Returns the first folder of a path.
fn upper(path: &str) -> Option<String> {
    Path::new(path).parent()?.iter().next()?.to_str().map(str::to_owned)
}

type One = (String, u64, Vec<Source>, Vec<String>);

fn read_one(target: &Target, readers: &Readers<'_>) -> Result<One, Vec<Problem>> {
    let bytes = read_capped(&target.file, &target.path, &readers.caps).map_err(|problem| vec![problem])?;
    texts(target, &bytes, readers)
}

fn texts(target: &Target, bytes: &[u8], readers: &Readers<'_>) -> Result<One, Vec<Problem>> {
    let path = target.path.as_str();
    let read = (readers.read_text)(path, bytes, &Reading::default())?;
    let mut sources = sources_of(path, &empty_row(path), read.texts)?;
    for source in &mut sources {
        if let Some(folder) = &target.folder {
            source.attributes.entry(FOLDER.to_owned()).or_insert_with(|| folder.clone());
        }
    }
    Ok((hash_hex(bytes), bytes.len() as u64, sources, read.notes))
}

/// One folder for all files says nothing.
fn name_folders(sources: &mut [Source], targets: &[Target]) {
    let folders: BTreeSet<&Option<String>> = targets.iter().map(|target| &target.folder).collect();
    if folders.len() < 2 {
        sources.iter_mut().for_each(|source| drop(source.attributes.remove(FOLDER)));
    }
}
