//! Why a study could not be read or changed.

use super::Problems;
use nomoscope_engine::refusal::Refusal;
use nomoscope_store::StoreError;
use nomoscope_store::disk::DiskError;

/// Why a study could not be read or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// What is wrong with its files.
    #[error(transparent)]
    Problems(#[from] Problems),
    /// What is wrong with the study file.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Why its texts could not be coded.
    #[error(transparent)]
    Coding(#[from] Refusal),
    /// What could not be written.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

impl StudyError {
    /// Returns what to do about it; problems of files carry their own hints.
    #[must_use]
    pub fn hint(&self) -> Option<nomoscope_core::problem::Remedy> {
        match self {
            Self::Problems(_) | Self::Coding(_) => None,
            Self::Store(error) => error.hint(),
            Self::Disk(error) => error.hint(),
        }
    }
}
