//! Why a command ended without doing what it was asked, in words.

use super::words;
use nomoscope_desk::load::reason;
use nomoscope_desk::study::StudyError;
use nomoscope_engine::refusal::Refusal;
use nomoscope_store::StoreError;
use nomoscope_store::disk::DiskError;

/// Why a command ended without doing what it was asked.
#[derive(Debug)]
pub enum Failure {
    /// Bad input: exit 2.
    Bad(String),
    /// A refusal to compute, or a threshold not reached: exit 1.
    Refused(String),
    /// An answer that is not yes all through: exit 1.
    NotAll(String),
}

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        let error = match error {
            StudyError::Coding(refusal) => return refusal.into(),
            other => other,
        };
        let io = match &error {
            StudyError::Disk(DiskError::Io { path, source })
            | StudyError::Store(StoreError::Disk(DiskError::Io { path, source })) => Some((path, source)),
            _ => None,
        };
        if let Some((path, source)) = io {
            return Self::Bad(format!("{}: {}", path.display(), reason(source)));
        }
        Self::Bad(match (&error, error.hint()) {
            // Several problems begin on a line each, so that all of them can be read and clicked on.
            (StudyError::Problems(list), _) if list.as_slice().len() > 1 => {
                format!("{} problems\n{}", list.len(), list.phrased(&words::slot))
            }
            (StudyError::Problems(list), _) => list.phrased(&words::slot),
            (_, hint) => words::with_hint(&error, hint),
        })
    }
}

/// Returns the bytes of a file that the user named.
pub(super) fn read(file: &std::path::Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|e| Failure::Bad(format!("{}: cannot be read: {}", file.display(), reason(&e))))
}

/// Returns the bytes of several files under the names that are to be told; those that cannot be read are told at once.
pub(super) fn read_all<'p>(
    files: impl Iterator<Item = (String, &'p std::path::Path)>,
) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let (mut out, mut unread) = (Vec::new(), Vec::new());
    for (name, path) in files {
        match read(path) {
            Ok(bytes) => out.push((name, bytes)),
            Err(Failure::Bad(message) | Failure::Refused(message) | Failure::NotAll(message)) => unread.push(message),
        }
    }
    if unread.is_empty() { Ok(out) } else { Err(Failure::Bad(unread.join("\n"))) }
}

impl From<nomoscope_desk::study::Problems> for Failure {
    fn from(problems: nomoscope_desk::study::Problems) -> Self {
        Self::from(StudyError::from(problems))
    }
}

impl From<nomoscope_store::StoreError> for Failure {
    fn from(error: nomoscope_store::StoreError) -> Self {
        Self::from(StudyError::from(error))
    }
}

impl From<nomoscope_store::disk::DiskError> for Failure {
    fn from(error: nomoscope_store::disk::DiskError) -> Self {
        Self::from(StudyError::from(error))
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Input(problems) => problems.into(),
            Refusal::NoAnswer(problem) => Self::Refused(problem.phrased(&words::slot)),
            Refusal::Cancelled => Self::Refused("cancelled".to_owned()),
        }
    }
}

impl From<nomoscope_page::ReportError> for Failure {
    fn from(error: nomoscope_page::ReportError) -> Self {
        Self::Bad(error.to_string())
    }
}
