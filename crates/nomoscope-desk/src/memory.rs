//! What was read of a study, kept while it is open: a change of one coding must not read every text and every coding again.

use crate::study::{Loaded, Problem, ReadText, Reading, Texts};
use nomoscope_formats::study::codings_csv::Codings;
use nomoscope_store::hash_hex;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many bytes of text are kept; what is beyond is read anew.
const MAX_BYTES: usize = 512 << 20;
/// How many tables of codings are kept: as they are, as they become, and as they were.
const MAX_TABLES: usize = 3;

/// What readers gave, by name and bytes of the file, and how it was read.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    kept: Mutex<Kept>,
    /// How the files of a study folder looked from outside, and the revision that they had then.
    looked: Mutex<Option<(String, String)>>,
    /// Codings of a folder by what they were read from; the oldest goes first.
    codings: Mutex<Vec<(String, Codings)>>,
    /// A study file as it was read at a revision.
    loaded: Mutex<Option<Loaded>>,
}

#[derive(Debug, Default)]
struct Kept {
    texts: HashMap<(String, String, String), Texts>,
    bytes: usize,
}

impl Memory {
    /// Returns the texts of a file, read by `read` where they are not known.
    pub(crate) fn texts(
        &self,
        name: &str,
        bytes: &[u8],
        reading: &Reading,
        read: &ReadText,
    ) -> Result<Texts, Vec<Problem>> {
        let key = (name.to_owned(), hash_hex(bytes), format!("{reading:?}"));
        if let Some(texts) = self.lock().texts.get(&key) {
            return Ok(texts.clone());
        }
        let texts = read(name, bytes, reading)?;
        let n: usize = texts.texts.iter().map(|(document, _)| document.text.len()).sum();
        let mut kept = self.lock();
        if kept.bytes + n > MAX_BYTES {
            *kept = Kept::default();
        }
        if n <= MAX_BYTES {
            kept.bytes += n;
            kept.texts.insert(key, texts.clone());
        }
        Ok(texts)
    }

    /// Returns the revision of a folder, read by `read` unless all files look as they did: a study of 100 MB would have to be
    /// hashed for every page. None for how they look where that cannot be trusted.
    pub(crate) fn revision<E>(
        &self,
        looks: Option<String>,
        read: impl FnOnce() -> Result<String, E>,
    ) -> Result<String, E> {
        let Some(looks) = looks else { return read() };
        let known = lock(&self.looked).clone();
        if let Some((_, revision)) = known.filter(|(known, _)| *known == looks) {
            return Ok(revision);
        }
        let revision = read()?;
        *lock(&self.looked) = Some((looks, revision.clone()));
        Ok(revision)
    }

    /// Returns the codings that were read from the same files, or written so that they would be.
    pub(crate) fn codings(&self, key: &str) -> Option<Codings> {
        lock(&self.codings).iter().find(|(known, _)| known == key).map(|(_, codings)| codings.clone())
    }

    pub(crate) fn keep_codings(&self, key: String, codings: Codings) {
        let mut kept = lock(&self.codings);
        kept.retain(|(known, _)| *known != key);
        if kept.len() >= MAX_TABLES {
            kept.remove(0);
        }
        kept.push((key, codings));
    }

    /// Returns the study file as it was read at this revision.
    pub(crate) fn loaded(&self, revision: &str) -> Option<Loaded> {
        lock(&self.loaded).as_ref().filter(|loaded| loaded.revision == revision).cloned()
    }

    pub(crate) fn keep_loaded(&self, loaded: &Loaded) {
        // What was told when it was read is told once.
        *lock(&self.loaded) = Some(Loaded { notes: Vec::new(), ..loaded.clone() });
    }

    /// Lets go of everything.
    pub(crate) fn forget(&self) {
        *self.lock() = Kept::default();
        *lock(&self.looked) = None;
        lock(&self.codings).clear();
        *lock(&self.loaded) = None;
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        lock(&self.kept)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
