//! Tables that somebody dropped on a page: kept in memory until the program ends, in no study and on no disk.

use nomoscope_desk::stamp;
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
}

impl Files {
    /// Keeps a file; returns by what it is found.
    pub(crate) fn keep(&self, name: &str, bytes: Vec<u8>) -> String {
        let id = stamp::uuid();
        let mut kept = self.lock();
        kept.push((id.clone(), Arc::new(Given { name: name.to_owned(), bytes })));
        while kept.len() > MOST || kept.iter().map(|(_, f)| f.bytes.len()).sum::<usize>() > MOST_BYTES {
            kept.remove(0);
        }
        id
    }

    /// Returns a file.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<Given>> {
        self.lock().iter().find(|(known, _)| known == id).map(|(_, file)| file.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(String, Arc<Given>)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
