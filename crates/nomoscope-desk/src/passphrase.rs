//! A study file that only a passphrase opens. It is the same study before and after, so its log tells nothing of it.

use crate::study::key::{Secret, long_enough};
use crate::study::{Problem, Problems, StudyError};
use nomoscope_store::{Store, keys};
use std::path::Path;

/// What becomes of the passphrase of a study file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passphrase {
    /// It has one from now on.
    Set(Secret),
    /// It has another one.
    Change {
        /// The one that it had.
        from: Secret,
        /// The one that it has from now on.
        to: Secret,
    },
    /// It has none any more.
    Remove {
        /// The one that it had.
        from: Secret,
    },
}

/// Encrypts a study file, gives it another passphrase, or decrypts it.
///
/// # Errors
/// It is a folder; the passphrase is another, or a new one short; the file cannot be written.
pub fn settle(study: &Path, passphrase: Passphrase) -> Result<(), StudyError> {
    if study.is_dir() {
        let reason = "only a study file can be encrypted, and this study is a folder";
        return Err(Problems::from(Problem::new("", reason).hint("make an encrypted study file of it")).into());
    }
    // Whoever sits at a study that is open need not be who knows its passphrase.
    match passphrase {
        Passphrase::Set(to) => {
            long_enough(&to)?;
            Store::encrypt(study, to)?;
        }
        Passphrase::Change { from, to } => {
            long_enough(&to)?;
            Store::check_passphrase(study, &from)?;
            Store::change_passphrase(study, || Ok(to))?;
        }
        Passphrase::Remove { from } => {
            Store::check_passphrase(study, &from)?;
            Store::decrypt(study)?;
        }
    }
    Ok(())
}

/// Returns whether a study is encrypted.
#[must_use]
pub fn is_encrypted(study: &Path) -> bool {
    !study.is_dir() && Store::is_encrypted(study)
}

/// Returns whether a study cannot be opened before somebody says its passphrase.
#[must_use]
pub fn is_locked(study: &Path) -> bool {
    is_encrypted(study) && !keys::knows(study)
}

/// Opens an encrypted study for this program; its passphrase is known until that ends.
///
/// # Errors
/// It is not encrypted, or the passphrase is another.
pub fn unlock(study: &Path, secret: Secret) -> Result<(), StudyError> {
    Store::check_passphrase(study, &secret)?;
    keys::remember(study, secret);
    Ok(())
}
