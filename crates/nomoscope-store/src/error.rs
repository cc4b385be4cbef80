//! What can go wrong with a study file.

use crate::disk::DiskError;
use nomoscope_core::problem::{Act, Remedy, Slot};
use rusqlite::ErrorCode;
use std::path::PathBuf;

/// Why a study file could not be read or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such file.
    #[error("{0}: no such file")]
    NotFound(PathBuf),
    /// The path is a folder.
    #[error("{0}: is a folder, not a study file")]
    IsFolder(PathBuf),
    /// The file is there already.
    #[error("{0}: exists already")]
    Exists(PathBuf),
    /// The file is no database.
    #[error("{0}: is not a study file")]
    NotADatabase(PathBuf),
    /// The file is a database of another program.
    #[error("{0}: is a database of another program")]
    OtherApplication(PathBuf),
    /// A newer program wrote the file.
    #[error("{path}: was written by a newer version (format {found}; this program knows {known})")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Version of its format.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// Another program is writing to the file.
    #[error("{path}: is being changed by {holder}")]
    Locked {
        /// The file.
        path: PathBuf,
        /// Who does it.
        holder: String,
    },
    /// A change was interrupted and cannot be taken back here.
    #[error("{0}: a change of it was interrupted, and it cannot be written to take that back")]
    Interrupted(PathBuf),
    /// The file is encrypted, and nobody is there to be asked.
    #[error("{0}: is encrypted")]
    Sealed(PathBuf),
    /// The file is encrypted, and no passphrase was given.
    #[error("{path}: is encrypted, and {what}")]
    NoPassphrase {
        /// The file.
        path: PathBuf,
        /// Why there is none.
        what: String,
    },
    /// The file could not be opened with the passphrase, or not be sealed with it.
    #[error("{path}: {source}")]
    Seal {
        /// The file.
        path: PathBuf,
        /// Why.
        source: crate::seal::SealError,
    },
    /// The file is encrypted already.
    #[error("{0}: is encrypted already")]
    SealedAlready(PathBuf),
    /// The file is not encrypted.
    #[error("{0}: is not encrypted")]
    NotSealed(PathBuf),
    /// The system does not open the file.
    #[error("{path}: cannot be opened: {what}")]
    CannotOpen {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        what: String,
    },
    /// The file may not be written.
    #[error("{0}: is read-only")]
    ReadOnly(PathBuf),
    /// There is no room on the disk.
    #[error("{0}: the disk is full")]
    DiskFull(PathBuf),
    /// The tables are not those that this program makes, or their contents contradict each other.
    #[error("{path}: is damaged: {what}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// A source of this path is in the study.
    #[error("`{0}` is in the study already")]
    DuplicateSource(String),
    /// No source has this path.
    #[error("`{0}` is no source of the study")]
    UnknownSource(String),
    /// The source is one row of a table.
    #[error("`{0}` is one row of a table and cannot be removed alone")]
    RowOfTable(String),
    /// A coding of this id is in the study.
    #[error("coding `{0}` is in the study already")]
    DuplicateCoding(String),
    /// No coding has this id.
    #[error("there is no coding `{0}`")]
    UnknownCoding(String),
    /// Something of this identity is in the study.
    #[error("`{0}` is in the study already")]
    Duplicate(String),
    /// Nothing has this identity.
    #[error("`{0}` is not in the study")]
    Unknown(String),
    /// The words at the place of a coding or passage are not its quotation.
    #[error("{0} does not fit the text of its source")]
    Misplaced(String),
    /// The coder codes by hand, so that a lexicon must not write in their name.
    #[error("coder `{0}` codes by hand")]
    CodesByHand(String),
    /// A path that is not inside a study folder.
    #[error("`{path}`: {source}")]
    Path {
        /// The path.
        path: String,
        /// What is wrong with it.
        source: nomoscope_core::study::PathError,
    },
    /// Nothing can be taken back.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// Somebody changed nothing that stands, and others did.
    #[error("there is nothing of {coder} to undo; the last change is by {last}")]
    NothingOf {
        /// Whose change was to be taken back.
        coder: String,
        /// Who made the last one.
        last: String,
    },
    /// Nothing was taken back that could be done again.
    #[error("there is nothing to redo")]
    NothingToRedo,
    /// A change cannot be taken back because of a later one.
    #[error("`{command}` cannot be undone: {reason}")]
    CannotUndo {
        /// The command of the change.
        command: String,
        /// Why.
        reason: String,
    },
    /// Anything else that SQLite says.
    #[error("{path}: {source}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// A file could not be written.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

impl StoreError {
    /// Returns that somebody has nothing to take back, and who has.
    #[must_use]
    pub fn nothing_of(coder: &str, last: Option<&str>, otherwise: Self) -> Self {
        match last {
            Some(last) if last != coder => Self::NothingOf { coder: coder.to_owned(), last: last.to_owned() },
            _ => otherwise,
        }
    }

    /// Returns why a change cannot be taken back: another one needs it.
    #[must_use]
    pub fn in_the_way(command: &str, coder: &str) -> String {
        format!("`{command}` by {coder} came later and needs it; take that back first")
    }

    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<Remedy> {
        let words = match self {
            Self::NotFound(_) => return Some(Remedy::with("`{}` makes one", [Act::NewFile])),
            Self::Exists(_) => "choose another name, or remove the file first",
            Self::NotADatabase(_) => "a study file ends with .nomo",
            Self::Newer { .. } => "install the newest version of nomoscope",
            Self::Locked { .. } => "close the other program, or wait until it is done",
            Self::ReadOnly(_) => {
                "get the right to write the file and its folder, or copy it to a place where you have it"
            }
            Self::Interrupted(_) => {
                "get the right to write the file and its folder; a copy needs the file beside it whose name ends in -journal, too"
            }
            Self::Damaged { .. } => {
                return Some(Remedy::with("go back to a copy; `{}` may still read parts of it", [Act::Export]));
            }
            Self::RowOfTable(_) => "remove the table file with all its rows",
            Self::NothingOf { .. } => {
                return Some(Remedy::with("to take theirs back, name them with {}", [Slot::setting("coder")]));
            }
            Self::CodesByHand(_) => return Some(Remedy::with("choose another name with {}", [Slot::setting("coder")])),
            Self::Disk(error) => return error.hint(),
            _ => return None,
        };
        Some(words.into())
    }

    /// Returns what an error of SQLite means for this file.
    pub(crate) fn from_sqlite(path: &std::path::Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                let holder = crate::disk::holder(&crate::store::holder_note(&path));
                Self::Locked { path, holder }
            }
            // To copy the file alone would lose what its journal holds.
            Some(ErrorCode::ReadOnly) if crate::store::has_journal(&path) => Self::Interrupted(path),
            Some(ErrorCode::ReadOnly) => Self::ReadOnly(path),
            Some(ErrorCode::CannotOpen) => Self::CannotOpen { path, what: source.to_string() },
            Some(ErrorCode::NotADatabase) => Self::NotADatabase(path),
            Some(ErrorCode::DiskFull) => Self::DiskFull(path),
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { path, what: source.to_string() },
            _ => Self::Sqlite { path, source },
        }
    }
}
