//! A study and its codebook, ready for analysis, from a folder or a study file.

use crate::study::{Loaded, Problem, Problems, Readers, StudyError, Texts, load_file, read_folder};
use nomoscope_core::codebook::Codebook;
use nomoscope_engine::material::Material;
use nomoscope_engine::reading::codebook_problems;
use nomoscope_formats::study::STUDY_TOML;
use nomoscope_formats::{FORMATS, FormatError, Input, Place, ReadOptions, codebook_toml, read};
use nomoscope_store::{Store, hash_hex};
use std::path::Path;

pub use crate::reason::reason;

/// A study with its codebook parsed.
#[derive(Debug)]
pub struct Opened {
    /// What questions are asked of.
    pub material: Material,
    /// What people should know; no errors.
    pub notes: Vec<Problem>,
}

impl Opened {
    fn new(loaded: Loaded, codebook: Codebook, name: &str, hash: String) -> Self {
        let material = Material::new(loaded.study, codebook, (name, hash), loaded.hashes);
        Self { material, notes: loaded.notes }
    }
}

/// Reads the texts of a file.
///
/// # Errors
/// What the reader says, each with its line.
pub fn read_text(name: &str, bytes: &[u8]) -> Result<Texts, Vec<Problem>> {
    let read = read(&Input { name, bytes }, &ReadOptions::default()).map_err(|error| in_words(&error))?;
    let mut out = Texts::default();
    for text in read {
        out.notes.extend(text.notes);
        out.texts.push((text.document, text.row));
    }
    Ok(out)
}

/// Turns what a reader says into what a study says: file, line, reason, hint.
fn in_words(error: &FormatError) -> Vec<Problem> {
    let one = |problem: &nomoscope_formats::Problem| {
        let place = |place: &Place| match place {
            Place::Line(line) => (Some(*line), String::new()),
            Place::LineColumn { line, column } => (Some(*line), format!("column {column}: ")),
            Place::LineByte { line, byte } => (Some(*line), format!("byte {byte} of the file: ")),
            other => (None, format!("{other}: ")),
        };
        let (line, within) = problem.place.as_ref().map(place).unwrap_or_default();
        let mut out = Problem::new(error.file.as_str(), format!("{within}{}", problem.reason));
        out.line = line.and_then(|line| u32::try_from(line).ok());
        out.hint = problem.reason.hint().map(str::to_owned);
        out
    };
    error.problems.iter().map(one).collect()
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
    Readers { read_text: &read_text, importable: &importable, caps: crate::study::Caps::default() }
}

/// Returns the study at `path`, a folder or a study file.
///
/// # Errors
/// Everything that is wrong with it.
pub fn study(path: &Path) -> Result<Loaded, StudyError> {
    if path.is_dir() && std::fs::symlink_metadata(path.join(STUDY_TOML)).is_err() {
        let problem = Problem::new(path.display().to_string(), "is no study folder: it has no study.toml");
        Err(Problems::from(problem.hint("`nomoscope new NAME` makes a study")).into())
    } else if path.is_dir() {
        Ok(read_folder(path, &readers())?)
    } else if path.exists() {
        load_file(&Store::open_read_only(path)?)
    } else {
        let hint = "`nomoscope new NAME` makes a study; `nomoscope demo` shows one";
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

/// Returns a study that was read with its codebook, or with the one in the file `other`.
pub(crate) fn with_other_codebook(loaded: Loaded, path: &Path, other: Option<&Path>) -> Result<Opened, StudyError> {
    if let Some(file) = other {
        let name = file.display().to_string();
        let bytes = std::fs::read(file)
            .map_err(|e| Problems::from(Problem::new(name.clone(), format!("cannot be read: {}", reason(&e)))))?;
        return with_codebook(loaded, &name, &bytes);
    }
    let Some(bytes) = loaded.codebook.clone() else {
        let hint = "add one, or name one with --codebook FILE";
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
    let codebook = codebook_toml::parse(bytes).map_err(|p| codebook_problems(name, p))?;
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
