//! Between a study folder and a study file.

use super::folder::is_lists;
use super::source::fill_languages;
use super::{Loaded, Problem, Problems, Readers, StudyError, read_image};
use nomoscope_core::study::check_relative_path;
use nomoscope_formats::study as files;
use nomoscope_store::seal::Secret;
use nomoscope_store::{FolderImage, Stamp, Store, disk};
use std::collections::BTreeMap;
use std::path::Path;

/// Returns all files of a folder, those written anew that changed.
///
/// # Errors
/// Codings that have no place in their text.
pub fn render(image: &FolderImage) -> Result<BTreeMap<String, Vec<u8>>, Problems> {
    let mut all = image.files.clone();
    let texts = image.sources.iter().map(|s| (s.path.as_str(), s.document.text.as_str())).collect();
    for path in &image.stale {
        let text = match path.as_str() {
            files::SOURCES_CSV => match &image.sheet {
                Some(sheet) => files::sources_csv::write(sheet),
                None => continue,
            },
            files::CODINGS_CSV => files::codings_csv::write(&image.codings, &texts)?,
            files::CODERS_CSV => files::people_csv::write_coders(&image.coders),
            files::MEMOS_CSV => files::people_csv::write_memos(&image.memos),
            files::HISTORY_JSONL => files::history_jsonl::write(&image.history),
            other => match files::annotations_csv::write(other, &image.annotations, &texts)? {
                Some(text) => text,
                None => continue,
            },
        };
        all.insert(path.clone(), text.into_bytes());
    }
    Ok(all)
}

/// Makes a study file of a folder; returns it with notes. `extractor` is the version of the readers.
///
/// # Errors
/// Everything that is wrong with the folder; the study file exists or cannot be written.
pub fn new_file(
    folder: &Path,
    file: &Path,
    readers: &Readers<'_>,
    extractor: &str,
    stamp: &mut Stamp<'_>,
) -> Result<(Store, Vec<Problem>), StudyError> {
    let (image, notes) = read_image(folder, readers)?;
    let store = Store::create_filled(file, |store| store.import_folder_image(&image, extractor, stamp))?;
    Ok((store, notes))
}

/// Like [`new_file`], encrypted: the contents are nowhere on the disk but sealed.
///
/// # Errors
/// Those of [`new_file`].
pub fn new_sealed_file(
    folder: &Path,
    file: &Path,
    secret: Secret,
    readers: &Readers<'_>,
    extractor: &str,
    stamp: &mut Stamp<'_>,
) -> Result<(Store, Vec<Problem>), StudyError> {
    let (image, notes) = read_image(folder, readers)?;
    let store = Store::create_sealed(file, secret, |store| store.import_folder_image(&image, extractor, stamp))?;
    Ok((store, notes))
}

/// Writes a study file as a folder, whole or not at all; returns the files that were left out because no study has files
/// of their names. A study file may come from anybody: `.git/config` among its files would be run by the next `git status`.
///
/// # Errors
/// The target is not empty, or cannot be written; the study file is damaged.
pub fn export_folder(store: &Store, target: &Path, force: bool) -> Result<BTreeMap<String, Vec<u8>>, StudyError> {
    write_image(&store.reading(Store::folder_image)?, target, force)
}

/// Writes a study that is in memory as a folder; returns what was left out, as [`export_folder`] does.
///
/// # Errors
/// The target is not empty, or cannot be written.
pub fn write_image(image: &FolderImage, target: &Path, force: bool) -> Result<BTreeMap<String, Vec<u8>>, StudyError> {
    let (kept, left_out) = study_files(image)?;
    disk::write_folder(target, &kept, force)?;
    Ok(left_out)
}

/// Files by their path.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Returns the files of a study folder, and apart from them those that no study has.
pub(crate) fn study_files(image: &FolderImage) -> Result<(Files, Files), StudyError> {
    Ok(render(image)?.into_iter().partition(|(path, _)| is_study_name(path)))
}

/// Files at the root of a study, beside those that explain it.
const ROOT: [&str; 7] = [
    files::STUDY_TOML,
    files::CODEBOOK_TOML,
    files::SOURCES_CSV,
    files::CODINGS_CSV,
    files::CODERS_CSV,
    files::MEMOS_CSV,
    files::HISTORY_JSONL,
];
/// What explains a study to others.
const EXPLAINS: [&str; 3] = ["README", "LICENSE", "CITATION"];
/// Endings of facts, lists and explanations, beside those of texts.
pub(crate) const DATA: [&str; 8] = ["toml", "csv", "tsv", "xlsx", "dta", "json", "txt", "md"];

/// Returns whether a study has files of this name: its tables, readable texts, facts, lists, and what explains it; nothing
/// hidden, nothing that is a device or another file on another system.
pub(crate) fn is_study_name(path: &str) -> bool {
    if check_relative_path(path).is_err() || !path.split('/').all(is_plain) {
        return false;
    }
    let extension = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, e)| e.to_lowercase());
    let is_data = extension.as_deref().is_some_and(|e| DATA.contains(&e));
    match path.split_once('/') {
        None => {
            let (stem, ending) = path.split_once('.').unwrap_or((path, ""));
            ROOT.contains(&path)
                || EXPLAINS.contains(&stem) && ["", "md", "txt", "cff"].contains(&ending)
                || crate::load::importable(path)
        }
        Some(("facts" | "lists", _)) => is_data,
        // Sources may lie in other folders, too, if `sources.csv` says so.
        Some(_) => crate::load::importable(path),
    }
}

/// Signs that Windows has in no name.
pub(crate) const NOT_EVERYWHERE: [char; 7] = ['<', '>', ':', '"', '|', '?', '*'];

/// Returns whether a part of a path is a plain name on every system.
pub(crate) fn is_plain(part: &str) -> bool {
    const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
    let stem = part.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let numbered = |name: &str| {
        let number = stem.strip_prefix(name);
        number.is_some_and(|n| n.chars().count() == 1 && n.chars().all(|c| c.is_ascii_digit() || "¹²³".contains(c)))
    };
    // Some systems do not see these characters in names: `.git` with one of them in front is `.git` to them.
    let unseen = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}');
    !part.starts_with('.')
        && !part.ends_with(['.', ' '])
        && !part.contains(|c: char| unseen(c) || cfg!(windows) && NOT_EVERYWHERE.contains(&c))
        && !DEVICES.contains(&stem.as_str())
        && !numbered("COM")
        && !numbered("LPT")
}

/// Reads what an analysis needs of a study file.
///
/// # Errors
/// The file is damaged, or its settings are wrong.
pub fn load_file(store: &Store) -> Result<Loaded, StudyError> {
    let mut loaded = store.reading(load_state)?;
    loaded.notes.extend(brought_up_to_date(store));
    Ok(loaded)
}

/// Like [`load_file`]; what was read at the same revision is not read again where a study stays open.
pub(crate) fn load_known_file(store: &Store, readers: &Readers<'_>) -> Result<Loaded, StudyError> {
    let Some(memory) = readers.memory else { return load_file(store) };
    let revision = nomoscope_store::hash_hex(store.heads()?.as_bytes());
    if let Some(known) = memory.loaded(&revision) {
        return Ok(known);
    }
    let loaded = load_file(store)?;
    memory.keep_loaded(&loaded);
    Ok(loaded)
}

/// Returns what is told of a file of an older version that was brought up to date.
pub(crate) fn brought_up_to_date(store: &Store) -> Option<Problem> {
    let kept = store.kept()?.display();
    let told = format!("was of an older version and is brought up to date; as it was it stays in {kept}");
    Some(Problem::new(store.path().display().to_string(), told))
}

fn load_state(store: &Store) -> Result<Loaded, StudyError> {
    let mut study = store.load()?;
    let settings = store.file(files::STUDY_TOML)?.unwrap_or_default();
    study.meta = files::study_toml::parse(&settings)?;
    fill_languages(&mut study);
    let codebook = store.file(files::CODEBOOK_TOML)?;
    let mut hashes = BTreeMap::new();
    for (path, bytes) in [(files::STUDY_TOML, Some(&settings)), (files::CODEBOOK_TOML, codebook.as_ref())] {
        if let Some(bytes) = bytes {
            hashes.insert(path.to_owned(), nomoscope_store::hash_hex(bytes));
        }
    }
    let paths = store.file_paths()?;
    let mut lists = BTreeMap::new();
    for path in paths.iter().filter(|path| is_lists(path)) {
        let bytes = store.file(path)?.unwrap_or_default();
        hashes.insert(path.clone(), nomoscope_store::hash_hex(&bytes));
        lists.insert(path.clone(), bytes);
    }
    for source in store.source_hashes()? {
        let file =
            nomoscope_store::file_of(&source.path, |p| paths.binary_search_by(|known| known.as_str().cmp(p)).is_ok());
        hashes.insert(file.unwrap_or(&source.path).to_owned(), source.bytes);
    }
    let revision = nomoscope_store::hash_hex(store.heads()?.as_bytes());
    Ok(Loaded { study, codebook, lists, hashes, notes: Vec::new(), revision })
}
