//! A study and its codebook, ready for analysis, from a folder or a study file.

use crate::study::convert::load_known_file;
use crate::study::{Loaded, Problem, Problems, Readers, Reading, StudyError, Texts, read_folder};
use nomoscope_core::codebook::Codebook;
use nomoscope_core::problem::{Act, Remedy, Slot};
use nomoscope_core::study::Study;
use nomoscope_engine::bundled;
use nomoscope_engine::material::Material;
use nomoscope_formats::study::STUDY_TOML;
use nomoscope_formats::{FORMATS, Input, ReadOptions, codebook_toml, read};
use nomoscope_store::{Store, hash_hex};
use std::collections::BTreeMap;
use std::path::Path;

pub use crate::reason::reason;

/// A study with its codebook parsed.
#[derive(Debug)]
pub struct Opened {
    /// What questions are asked of.
    pub material: Material,
    /// What people should know; no errors.
    pub notes: Vec<Problem>,
    /// The ids of concepts in the order of their file, which those of the material are not in.
    pub order: Vec<String>,
}

impl Opened {
    fn new(loaded: Loaded, codebook: Codebook, name: &str, hash: String) -> Self {
        let order = loaded.codebook.as_deref().map(nomoscope_formats::codebook_toml::order).unwrap_or_default();
        let material = Material::new(loaded.study, codebook, (name, hash), loaded.hashes).with_lists(loaded.lists);
        Self { material, notes: loaded.notes, order }
    }
}

/// Reads the texts of a file.
///
/// # Errors
/// What the reader says, each with its line.
pub fn read_text(name: &str, bytes: &[u8], reading: &Reading) -> Result<Texts, Vec<Problem>> {
    let Reading { text_columns, id_column, encoding } = reading.clone();
    let options = ReadOptions { text_columns, id_column, encoding, ..ReadOptions::default() };
    let read = read(&Input { name, bytes }, &options)
        .map_err(|error| Problems::from(error).into_iter().collect::<Vec<_>>())?;
    let mut out = Texts::default();
    for text in read {
        out.notes.extend(text.notes);
        out.texts.push((text.document, text.row));
    }
    Ok(out)
}

/// Says whether a file can be read, by its extension.
#[must_use]
pub fn importable(name: &str) -> bool {
    let extension = Input { name, bytes: &[] }.extension();
    FORMATS.iter().any(|f| f.extensions.contains(&extension.as_str()))
}

/// Returns the readers of all formats.
#[must_use]
pub fn readers() -> Readers<'static> {
    Readers::new(&read_text, &importable, crate::study::Caps::default())
}

/// Returns the study at `path`, a folder or a study file.
///
/// # Errors
/// Everything that is wrong with it.
pub fn study(path: &Path) -> Result<Loaded, StudyError> {
    study_by(path, &readers())
}

fn study_by(path: &Path, readers: &Readers<'_>) -> Result<Loaded, StudyError> {
    if path.is_dir() && std::fs::symlink_metadata(path.join(STUDY_TOML)).is_err() {
        let problem = Problem::new(path.display().to_string(), "is no study folder: it has no study.toml");
        Err(Problems::from(problem.hint(Remedy::with("`{}` makes a study", [Act::NewStudy]))).into())
    } else if path.is_dir() {
        Ok(read_folder(path, readers)?)
    } else if path.exists() {
        load_known_file(&Store::open_read_only(path)?, readers)
    } else {
        let hint = Remedy::with("`{}` makes a study; `{}` shows one", [Act::NewStudy, Act::Demo]);
        Err(Problems::from(Problem::new(path.display().to_string(), "there is no such study").hint(hint)).into())
    }
}

/// Returns the study with its codebook, or with the one in the file `other`.
///
/// # Errors
/// Everything that is wrong with either.
pub fn open(path: &Path, other: Option<&Path>) -> Result<Opened, StudyError> {
    with_other_codebook(study(path)?, path, other)
}

/// Like [`open`], reading texts in another way.
pub(crate) fn open_by(path: &Path, other: Option<&Path>, readers: &Readers<'_>) -> Result<Opened, StudyError> {
    with_other_codebook(study_by(path, readers)?, path, other)
}

/// Returns a study that was read with its codebook, or with the one in the file `other`, or of that name among those brought along.
pub(crate) fn with_other_codebook(loaded: Loaded, path: &Path, other: Option<&Path>) -> Result<Opened, StudyError> {
    if let Some(file) = other {
        let name = file.display().to_string();
        if let Some(bytes) = bundled::codebook(&name).filter(|_| !file.exists()) {
            return with_codebook(loaded, &name, &bytes);
        }
        let bytes = std::fs::read(file)
            .map_err(|e| Problems::from(Problem::new(name.clone(), format!("cannot be read: {}", reason(&e)))))?;
        return with_codebook(loaded, &name, &bytes);
    }
    let Some(bytes) = loaded.codebook.clone() else {
        let hint = Remedy::with("add one, or name one with {}", [Slot::set("codebook", "FILE")]);
        let problem = Problem::new(path.display().to_string(), "the study has no codebook.toml").hint(hint);
        return Err(Problems::from(problem).into());
    };
    with_codebook(loaded, "codebook.toml", &bytes)
}

/// Returns the study with a codebook of these bytes; `name` says where they come from.
///
/// # Errors
/// Everything that is wrong with either.
pub fn open_with(path: &Path, name: &str, bytes: &[u8]) -> Result<Opened, StudyError> {
    with_codebook(study(path)?, name, bytes)
}

fn with_codebook(loaded: Loaded, name: &str, bytes: &[u8]) -> Result<Opened, StudyError> {
    let codebook = codebook_toml::parse(bytes).map_err(|p| p.in_file(name))?;
    Ok(Opened::new(loaded, codebook, name, hash_hex(bytes)))
}

/// Returns the study with an empty codebook: for what needs no concepts.
///
/// # Errors
/// Everything that is wrong with the study.
pub fn open_plain(path: &Path) -> Result<Opened, StudyError> {
    let mut loaded = study(path)?;
    loaded.study.codings.clear();
    Ok(Opened::new(loaded, Codebook::default(), "", String::new()))
}

/// Returns what questions are asked of: texts that are no study, with the hashes of their files, and a codebook with its name.
///
/// # Errors
/// Everything that is wrong with the codebook.
pub fn loose(
    study: Study,
    hashes: BTreeMap<String, String>,
    codebook: Option<(&str, &[u8])>,
) -> Result<Material, StudyError> {
    let Some((name, bytes)) = codebook else {
        return Ok(Material::new(study, Codebook::default(), ("", String::new()), hashes));
    };
    let parsed = codebook_toml::parse(bytes).map_err(|p| p.in_file(name))?;
    Ok(Material::new(study, parsed, (name, hash_hex(bytes)), hashes))
}
