//! Pages that are being made, kept until somebody comes for them.

use axum::response::Response;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::task::JoinHandle;

/// Pages that are made, or wait to be fetched, at once; further ones are waited for.
const MOST: usize = 64;

/// Who asked, and for which address.
pub(crate) type Key = (String, String);
/// A page, and when it was made.
pub(crate) type Task = JoinHandle<(Response, Instant)>;

/// The pages that are being made.
#[derive(Debug, Default)]
pub(crate) struct Making {
    making: Mutex<BTreeMap<Key, Task>>,
}

impl Making {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, Task>> {
        self.making.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what somebody asked for: they change something, and what is being made shows how it was before.
    pub(crate) fn forget(&self, session: &str) {
        self.lock().retain(|(of, _), _| of != session);
    }

    /// Takes what is being made for somebody, if it is.
    pub(crate) fn take(&self, key: &Key) -> Option<Task> {
        self.lock().remove(key)
    }

    pub(crate) fn is_full(&self) -> bool {
        self.lock().len() >= MOST
    }

    /// Keeps a page until it is asked for; pages that are made and that nobody came for make room.
    pub(crate) fn keep(&self, key: Key, task: Task) {
        let mut making = self.lock();
        if making.len() >= MOST {
            making.retain(|_, task| !task.is_finished());
        }
        making.insert(key, task);
    }
}
