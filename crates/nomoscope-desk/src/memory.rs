//! Texts that were read out of files, kept while a study is open: a change of one coding must not read every text again.

use crate::study::{Problem, ReadText, Reading, Texts};
use nomoscope_store::hash_hex;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How many bytes of text are kept; what is beyond is read anew.
const MAX_BYTES: usize = 512 << 20;

/// What readers gave, by name and bytes of the file, and how it was read.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    kept: Mutex<Kept>,
    /// How the files of a study folder looked from outside, and the revision that they had then.
    looked: Mutex<Option<(String, String)>>,
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
        let known = self.looked.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, revision)) = known.filter(|(known, _)| *known == looks) {
            return Ok(revision);
        }
        let revision = read()?;
        *self.looked.lock().unwrap_or_else(PoisonError::into_inner) = Some((looks, revision.clone()));
        Ok(revision)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
