//! Files that pages keep in memory until the program ends, in no study and on no disk: tables that somebody dropped, and keys
//! and lists of names until they are used.

use nomoscope_desk::stamp;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Files that are kept, and their bytes; the oldest goes first.
const MOST: usize = 12;
const MOST_BYTES: usize = 256 << 20;

/// The files.
#[derive(Debug, Default)]
pub(crate) struct Files {
    kept: Mutex<Vec<(String, Arc<Given>)>>,
}

/// One of them.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// Whether it is kept for one page alone, and no question is asked of it.
    secret: bool,
    fetched: AtomicBool,
}

impl Given {
    /// Remembers that somebody has it.
    pub(crate) fn fetch(&self) {
        self.fetched.store(true, Ordering::Relaxed);
    }

    /// Returns whether somebody has it.
    pub(crate) fn is_fetched(&self) -> bool {
        self.fetched.load(Ordering::Relaxed)
    }
}

impl Files {
    /// Keeps a file; returns by what it is found.
    pub(crate) fn keep(&self, name: &str, bytes: Vec<u8>) -> String {
        self.put(name, bytes, false)
    }

    /// Keeps a file of which no question is asked; returns by what it is found.
    pub(crate) fn keep_secret(&self, name: &str, bytes: Vec<u8>) -> String {
        self.put(name, bytes, true)
    }

    fn put(&self, name: &str, bytes: Vec<u8>, secret: bool) -> String {
        let id = stamp::uuid();
        let mut kept = self.lock();
        let file = Given { name: name.to_owned(), bytes, secret, fetched: AtomicBool::default() };
        kept.push((id.clone(), Arc::new(file)));
        while kept.len() > MOST || kept.iter().map(|(_, f)| f.bytes.len()).sum::<usize>() > MOST_BYTES {
            kept.remove(0);
        }
        id
    }

    /// Returns a file.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<Given>> {
        self.find(id).filter(|file| !file.secret)
    }

    /// Returns a file of which no question is asked.
    pub(crate) fn secret(&self, id: &str) -> Option<Arc<Given>> {
        self.find(id).filter(|file| file.secret)
    }

    /// Lets go of a file.
    pub(crate) fn forget(&self, id: &str) {
        self.lock().retain(|(known, _)| known != id);
    }

    fn find(&self, id: &str) -> Option<Arc<Given>> {
        self.lock().iter().find(|(known, _)| known == id).map(|(_, file)| file.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(String, Arc<Given>)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
