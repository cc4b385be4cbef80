//! Work that takes longer than somebody should look at an empty page: it goes on behind it, tells how far it is, and can be
//! ended.

use nomoscope_engine::handle::{Handle, Step};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Jobs at once; further ones are refused.
const MOST: usize = 8;

/// What is being computed, by its question.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    running: Mutex<BTreeMap<String, Job>>,
    /// Why jobs had no answer, told once to whoever waits for it.
    failed: Mutex<BTreeMap<String, Vec<String>>>,
}

/// One of them.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) handle: Handle,
    pub(crate) progress: Arc<Progress>,
}

/// How far it is.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    bytes: AtomicU64,
    stage: AtomicU64,
    of: AtomicU64,
    done: AtomicU64,
}

impl Progress {
    fn step(&self, step: Step) {
        let add = |to: &AtomicU64, n: u64| {
            to.fetch_add(n, Ordering::Relaxed);
        };
        match step {
            Step::Coded(bytes) => add(&self.bytes, bytes as u64),
            Step::Statements => self.stage.store(1, Ordering::Relaxed),
            Step::Couplings => self.stage.store(2, Ordering::Relaxed),
            Step::Bootstrap => self.stage.store(3, Ordering::Relaxed),
            Step::Work(n) => add(&self.of, n),
            Step::Model | Step::Draw => add(&self.done, 1),
            Step::Done => self.stage.store(4, Ordering::Relaxed),
        }
    }

    /// Returns what is being done, as a key of the strings.
    pub(crate) fn stage(&self) -> &'static str {
        match self.stage.load(Ordering::Relaxed) {
            0 => "Reading the sources",
            1 => "Forming statements",
            2 => "Counting couplings",
            3 => "Drawing samples, to see how certain this is",
            _ => "Writing the answer",
        }
    }

    /// Returns how many of how many steps are done, where that is known.
    pub(crate) fn steps(&self) -> Option<(u64, u64)> {
        let of = self.of.load(Ordering::Relaxed);
        (of > 0).then(|| (self.done.load(Ordering::Relaxed).min(of), of))
    }
}

impl Jobs {
    /// Begins a job, or returns the one that answers the same question; none if too many run.
    pub(crate) fn begin(&self, key: &str) -> Option<(Job, bool)> {
        let mut running = self.lock();
        if let Some(job) = running.get(key) {
            return Some((job.clone(), false));
        }
        if running.len() >= MOST {
            return None;
        }
        let progress = Arc::new(Progress::default());
        let watched = progress.clone();
        let job = Job { handle: Handle::watched(move |step| watched.step(step)), progress };
        running.insert(key.to_owned(), job.clone());
        Some((job, true))
    }

    /// Forgets a job that is over, but for why it has no answer.
    pub(crate) fn end(&self, key: &str, failed: Option<Vec<String>>) {
        self.lock().remove(key);
        let mut all = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= 8 * MOST {
            all.clear();
        }
        if let Some(lines) = failed {
            all.insert(key.to_owned(), lines);
        }
    }

    /// Returns why a job had no answer.
    pub(crate) fn failure(&self, key: &str) -> Option<Vec<String>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).remove(key)
    }

    /// Asks a job to end.
    pub(crate) fn cancel(&self, key: &str) {
        if let Some(job) = self.lock().get(key) {
            job.handle.cancel();
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Job>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
