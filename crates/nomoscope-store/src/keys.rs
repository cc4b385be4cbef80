//! Where passphrases come from: whoever has a terminal says how they are asked for.
//!
//! A passphrase is asked for once a process, and kept only in its memory.

use crate::StoreError;
use crate::seal::{Lock, SealError, Secret};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

type Asker = dyn Fn(&Path) -> Result<Secret, String> + Send + Sync;

static ASKER: OnceLock<Box<Asker>> = OnceLock::new();
static KNOWN: Mutex<BTreeMap<PathBuf, (Secret, Option<Lock>)>> = Mutex::new(BTreeMap::new());

/// Says how the passphrase of a study file is asked for; what is said first holds.
pub fn on_ask(asker: impl Fn(&Path) -> Result<Secret, String> + Send + Sync + 'static) {
    let _ = ASKER.set(Box::new(asker));
}

/// Remembers the passphrase of a study file.
pub fn remember(path: &Path, secret: Secret) {
    known(|all| all.insert(name(path), (secret, None)));
}

/// Forgets the passphrase of a study file.
pub fn forget(path: &Path) {
    known(|all| all.remove(&name(path)));
}

/// Returns whether the passphrase of a study file is known.
#[must_use]
pub fn knows(path: &Path) -> bool {
    known(|all| all.contains_key(&name(path)))
}

fn known<T>(work: impl FnOnce(&mut BTreeMap<PathBuf, (Secret, Option<Lock>)>) -> T) -> T {
    work(&mut KNOWN.lock().unwrap_or_else(PoisonError::into_inner))
}

fn name(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Returns the lock of sealed bytes that stand at the path.
pub(crate) fn lock_of(path: &Path, bytes: &[u8]) -> Result<Lock, StoreError> {
    let name = name(path);
    let there = known(|all| all.get(&name).cloned());
    if let Some((_, Some(lock))) = &there
        && lock.fits(bytes)
    {
        return Ok(lock.clone());
    }
    let secret = match there {
        Some((secret, _)) => secret,
        None => {
            let asker = ASKER.get().ok_or_else(|| StoreError::Sealed(path.to_owned()))?;
            asker(path).map_err(|what| StoreError::NoPassphrase { path: path.to_owned(), what })?
        }
    };
    match Lock::of(bytes, &secret) {
        Ok(lock) => {
            known(|all| all.insert(name, (secret, Some(lock.clone()))));
            Ok(lock)
        }
        Err(source) => {
            if source == SealError::WrongPassphrase {
                known(|all| all.remove(&name));
            }
            Err(StoreError::Seal { path: path.to_owned(), source })
        }
    }
}
