//! The one handle on long work: how far it is, and a way to end it early.

use crate::refusal::Refusal;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A step of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A source of so many bytes was read and coded.
    Coded(usize),
    /// The statements are being formed.
    Statements,
    /// The couplings are being counted.
    Couplings,
    /// The bootstrap runs.
    Bootstrap,
    /// So many models and draws are to come.
    Work(u64),
    /// A model was fitted.
    Model,
    /// A draw was made.
    Draw,
    /// Done.
    Done,
}

/// Tells progress to whoever watches, and carries the wish to stop.
#[derive(Clone, Default)]
pub struct Handle {
    watcher: Option<Arc<dyn Fn(Step) + Send + Sync>>,
    cancelled: Arc<AtomicBool>,
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("cancelled", &self.is_cancelled()).finish_non_exhaustive()
    }
}

impl Handle {
    /// Returns a handle that calls `watcher` at each step, from any thread.
    pub fn watched(watcher: impl Fn(Step) + Send + Sync + 'static) -> Self {
        Self { watcher: Some(Arc::new(watcher)), ..Self::default() }
    }

    /// Returns a handle that tells nobody anything, and ends when this one does.
    #[must_use]
    pub fn silent(&self) -> Self {
        Self { watcher: None, cancelled: self.cancelled.clone() }
    }

    /// Tells a step.
    pub fn step(&self, step: Step) {
        if let Some(watcher) = &self.watcher {
            watcher(step);
        }
    }

    /// Tells a step; returns whether the work is still wanted.
    #[must_use]
    pub fn goes_on(&self, step: Step) -> bool {
        self.step(step);
        !self.is_cancelled()
    }

    /// Asks the work to end at its next step.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Returns whether the work was asked to end.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Ends the work if that was asked for: called between steps, so that nobody waits for a bootstrap that nobody wants.
    ///
    /// # Errors
    /// [`Refusal::Cancelled`]
    pub fn check(&self) -> Result<(), Refusal> {
        if self.is_cancelled() { Err(Refusal::Cancelled) } else { Ok(()) }
    }
}
