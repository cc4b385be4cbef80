//! Making studies, and finding those that lie in a folder.

use super::{Problem, StudyError, new_file, new_sealed_file};
use crate::{clock, load, stamp};
use nomoscope_engine::bundled;
use nomoscope_formats::EXTRACTOR_VERSION;
use nomoscope_formats::study::STUDY_TOML;
use nomoscope_store::disk::write_folder;
use nomoscope_store::seal::Secret;
use nomoscope_store::{Stamp, Store};
use std::collections::BTreeMap;
use std::path::Path;

/// How many studies are looked for in a folder.
const MOST: usize = 500;

/// Makes a study from a template, as a file if the name ends in `.nomo`; returns what people should know.
///
/// # Errors
/// Something of the name is there; it cannot be written.
pub fn from_template(template: &str, at: &Path) -> Result<Vec<Problem>, StudyError> {
    from_template_sealed(template, at, None)
}

/// Like [`from_template`]; a study file is encrypted where a passphrase is given.
///
/// # Errors
/// Something of the name is there; it cannot be written.
pub fn from_template_sealed(template: &str, at: &Path, secret: Option<Secret>) -> Result<Vec<Problem>, StudyError> {
    from_files(&bundled::files(template).unwrap_or_default(), at, secret)
}

/// Makes a study of these files, as a file if the name ends in `.nomo`; returns what people should know.
///
/// # Errors
/// Something of the name is there; it cannot be written; the files are no study.
pub fn from_files(
    files: &BTreeMap<String, Vec<u8>>,
    at: &Path,
    secret: Option<Secret>,
) -> Result<Vec<Problem>, StudyError> {
    let mut files = files.clone();
    let name = if is_file_name(at) { at.file_stem() } else { at.file_name() };
    if let Some(title) = name.and_then(|name| name.to_str()) {
        bundled::entitle(&mut files, title);
    }
    let files = &files;
    if !is_file_name(at) {
        write_folder(at, files, false)?;
        return Ok(Vec::new());
    }
    // A study file is made from a folder, so the template passes through one that nobody else sees.
    // A template is nobody's secret: a kill may leave it where the system cleans.
    let folder = std::env::temp_dir().join(format!("nomoscope-{}", stamp::uuid()));
    write_folder(&folder, files, false)?;
    let made = from_folder(&folder, at, secret);
    let _ = std::fs::remove_dir_all(&folder);
    made
}

/// Makes a study file of a study folder, encrypted where a passphrase is given; returns what people should know.
///
/// # Errors
/// Everything that is wrong with the folder; the file is there or cannot be written.
pub fn from_folder(folder: &Path, file: &Path, secret: Option<Secret>) -> Result<Vec<Problem>, StudyError> {
    let time = clock::timestamp();
    let (coder, command) = (stamp::coder(), stamp::command(&["new", &file.display().to_string()]));
    let mut new_id = stamp::uuid;
    let mut stamp = Stamp { coder: &coder, time: &time, command: &command, new_id: &mut new_id };
    let gone = Store::tidy(file)?.into_iter();
    let mut notes: Vec<Problem> = gone
        .map(|left| Problem::new(left.display().to_string(), "removed: a command that was interrupted left it"))
        .collect();
    let (readers, extractor) = (load::readers(), EXTRACTOR_VERSION.to_string());
    let (_, said) = match secret {
        None => new_file(folder, file, &readers, &extractor, &mut stamp)?,
        Some(secret) => new_sealed_file(folder, file, secret, &readers, &extractor, &mut stamp)?,
    };
    notes.extend(said);
    Ok(notes)
}

/// Returns whether a study of this name is a file.
#[must_use]
pub fn is_file_name(at: &Path) -> bool {
    at.extension().is_some_and(|e| e.eq_ignore_ascii_case("nomo"))
}

/// Returns the names of the studies in a folder, in order.
#[must_use]
pub fn studies_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let is_study = |path: &Path| path.join(STUDY_TOML).is_file() || (is_file_name(path) && path.is_file());
    let named = entries.flatten().take(100 * MOST).filter(|e| is_study(&e.path()));
    let mut names: Vec<String> = named.filter_map(|e| e.file_name().into_string().ok()).take(MOST).collect();
    names.sort();
    names
}

/// Returns whether a name is that of one study in a folder and leads nowhere else.
#[must_use]
pub fn is_plain_name(name: &str) -> bool {
    super::convert::is_plain(name) && nomoscope_core::study::check_relative_path(name).is_ok() && !name.contains('/')
}
