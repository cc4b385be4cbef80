//! Looks a study over: whether it is sound, what is wrong with it, and what of that it could put right.
//!
//! Putting right here means what the next change would do as well: an interrupted change is completed or taken back, what
//! dead processes left is removed. Nothing that people made is touched.

use crate::study::{Loaded, Problem, Problems, StudyError, load_file, read_folder};
use crate::{desk, load};
use nomoscope_core::codebook::Codebook;
use nomoscope_core::problem::{Act, Remedy};
use nomoscope_core::study::CodingStatus;
use nomoscope_formats::codebook_toml;
use nomoscope_store::{Store, disk};
use std::collections::BTreeMap;
use std::path::Path;

/// Where codings stand, in a study of either kind.
pub(crate) const CODINGS: &str = "codings";

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Examined {
    /// Sources that were read.
    pub sources: usize,
    /// Codings that the study keeps.
    pub codings: usize,
    /// Changes in its log.
    pub changes: usize,
    /// Whether a change of the folder was interrupted, and waits to be completed or taken back.
    pub is_interrupted: bool,
    /// What was put right.
    pub repaired: Vec<Problem>,
    /// What is wrong.
    pub problems: Problems,
    /// What people should know.
    pub notes: Vec<Problem>,
}

impl Examined {
    /// Returns whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Puts right what can be put right, then looks a study folder or a study file over.
///
/// # Errors
/// There is no study at the path, or the system says no; what is wrong *with* a study is no error here.
pub fn examine(path: &Path) -> Result<Examined, StudyError> {
    let repaired = repair(path)?;
    Ok(Examined { repaired, ..look_over(path)? })
}

/// Completes an interrupted change or takes it back, and removes what dead processes left; returns what was done.
///
/// # Errors
/// There is no study at the path, or the system says no.
pub fn repair(path: &Path) -> Result<Vec<Problem>, StudyError> {
    let desk = desk::Desk::open(path)?;
    if !desk.is_folder() {
        return desk.tidy();
    }
    let recovery = disk::recover_folder(path)?;
    Ok(recovery.map(|recovery| Problem::new(path.display().to_string(), recovery.to_string())).into_iter().collect())
}

/// Looks a study folder or a study file over, and puts nothing right.
///
/// # Errors
/// As of [`examine`].
pub fn look_over(path: &Path) -> Result<Examined, StudyError> {
    let desk = desk::Desk::open(path)?;
    let mut found = Examined { is_interrupted: desk.is_folder() && disk::is_interrupted(path), ..Examined::default() };
    let loaded = if found.is_interrupted {
        // To read it would complete the change, and looking puts nothing right.
        let reason = "an earlier change of this folder was interrupted";
        Err(Problems::from(Problem::new(path.display().to_string(), reason)).into())
    } else if desk.is_folder() {
        read_folder(path, &load::readers()).map_err(StudyError::from)
    } else {
        file(path, &mut found)
    };
    if let Some(loaded) = kept(loaded, &mut found)? {
        study(&loaded, &mut found);
    }
    if let Some(log) = kept(desk.log(), &mut found)? {
        found.changes = log.len();
    }
    Ok(found)
}

/// Keeps what is wrong with the study as a finding.
fn kept<T>(read: Result<T, StudyError>, found: &mut Examined) -> Result<Option<T>, StudyError> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(StudyError::Problems(problems)) => {
            found.problems.extend(problems);
            Ok(None)
        }
        Err(error @ StudyError::Disk(_)) => Err(error),
        Err(error) => {
            let hint = error.hint();
            found.problems.push(Problem::new("", error.to_string()).perhaps(hint));
            Ok(None)
        }
    }
}

fn file(path: &Path, found: &mut Examined) -> Result<Loaded, StudyError> {
    // Opening takes an interrupted change back.
    let store = Store::open_read_only(path)?;
    if let Err(error) = store.verify() {
        let hint = "an export, or a copy from before, may still hold what is damaged here; keep this file as it is";
        found.problems.push(Problem::new(path.display().to_string(), error.to_string()).hint(hint));
    }
    let now = nomoscope_formats::EXTRACTOR_VERSION.to_string();
    let old = store.source_hashes()?.iter().filter(|source| source.extractor != now).count();
    if old > 0 {
        let reason = format!("{old} sources were read by an earlier version; their texts stay as they were read");
        let hint = Remedy::with("`{}` writes a folder, whose texts are read anew", [Act::Export]);
        found.notes.push(Problem::new(path.display().to_string(), reason).hint(hint));
    }
    load_file(&store)
}

/// What holds of both kinds of study.
fn study(loaded: &Loaded, found: &mut Examined) {
    let study = &loaded.study;
    (found.sources, found.codings) = (study.sources.len(), study.codings.len());
    found.notes.extend(loaded.notes.iter().cloned());
    match loaded.codebook.as_deref().map(codebook_toml::parse) {
        None => found.notes.push(Problem::new("codebook.toml", "is not there")),
        Some(Err(problems)) => found.problems.extend(problems.in_file("codebook.toml")),
        Some(Ok(codebook)) => unknown_concepts(loaded, &codebook, found),
    }
}

fn unknown_concepts(loaded: &Loaded, codebook: &Codebook, found: &mut Examined) {
    let counts = loaded.study.codings.iter().filter(|coding| coding.status == CodingStatus::Accepted);
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    for coding in counts.filter(|coding| codebook.find(&coding.concept).is_none()) {
        *unknown.entry(coding.concept.to_string()).or_default() += 1;
    }
    for (concept, n) in unknown {
        let reason = format!("{n} codings are of `{concept}`, which the codebook does not have");
        let hint = Remedy::with("add the concept again; `{}` lists those that are there", [Act::ListConcepts]);
        found.problems.push(Problem::new(CODINGS, reason).hint(hint));
    }
}
