//! Between a study folder and a study file.

use super::source::fill_languages;
use super::{Loaded, Problem, Problems, Readers, StudyError, read_image};
use nomoscope_formats::study as files;
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

/// Writes a study file as a folder, whole or not at all.
///
/// # Errors
/// The target is not empty, or cannot be written; the study file is damaged.
pub fn export_folder(store: &Store, target: &Path, force: bool) -> Result<(), StudyError> {
    let files = render(&store.folder_image()?)?;
    Ok(disk::write_folder(target, &files, force)?)
}

/// Reads what an analysis needs of a study file.
///
/// # Errors
/// The file is damaged, or its settings are wrong.
pub fn load_file(store: &Store) -> Result<Loaded, StudyError> {
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
    for source in store.source_hashes()? {
        let file =
            nomoscope_store::file_of(&source.path, |p| paths.binary_search_by(|known| known.as_str().cmp(p)).is_ok());
        hashes.insert(file.unwrap_or(&source.path).to_owned(), source.bytes);
    }
    Ok(Loaded { study, codebook, hashes, notes: Vec::new() })
}
