//! A study that stays open: read once a revision, each question asked of it once.

use crate::load::Opened;
use crate::study::StudyError;
use crate::{Act, Desk, Done};
use nomoscope_engine::refusal::Refusal;
use std::any::Any;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many answers are kept; the oldest goes first.
const MAX_ANSWERS: usize = 48;

/// A desk with what was read and answered at the present revision.
#[derive(Debug)]
pub struct Keeper {
    desk: Desk,
    kept: Mutex<Option<Kept>>,
    answers: Mutex<Vec<(String, Kind)>>,
}

type Kind = Arc<dyn Any + Send + Sync>;

/// A study as it stood at a revision.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The revision.
    pub revision: Arc<str>,
    /// The study with its codebook.
    pub opened: Arc<Opened>,
}

impl Keeper {
    /// Opens the study at `path`.
    ///
    /// # Errors
    /// There is none.
    pub fn open(path: &Path) -> Result<Self, StudyError> {
        let desk = Desk::open(path)?.remembering();
        Ok(Self { desk, kept: Mutex::default(), answers: Mutex::default() })
    }

    /// Returns the desk.
    #[must_use]
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Returns the study as it stands now; it is read only where it changed.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn now(&self) -> Result<Kept, StudyError> {
        // Asked before it is read: what changes in between is read again at the next call.
        let revision = self.desk.revision()?;
        let before = lock(&self.kept).clone();
        if let Some(kept) = before.as_ref().filter(|kept| *kept.revision == *revision) {
            return Ok(kept.clone());
        }
        let mut opened = self.desk.material(None)?;
        if let Some(before) = before {
            opened.material.reuse(&before.opened.material);
        }
        let kept = Kept { revision: revision.into(), opened: Arc::new(opened) };
        *lock(&self.kept) = Some(kept.clone());
        Ok(kept)
    }

    /// Returns the answer to a question at a revision, asked only where it was not asked before; `key` is the question.
    ///
    /// # Errors
    /// The question's own.
    pub fn answer<A: Any + Send + Sync>(
        &self,
        kept: &Kept,
        key: &str,
        ask: impl FnOnce() -> Result<A, Refusal>,
    ) -> Result<Arc<A>, Refusal> {
        let key = format!("{} {} {key}", kept.revision, std::any::type_name::<A>());
        if let Some(known) = self.known(&key) {
            return Ok(known);
        }
        let answer = Arc::new(ask()?);
        let mut answers = lock(&self.answers);
        if answers.len() >= MAX_ANSWERS {
            answers.remove(0);
        }
        answers.push((key, answer.clone()));
        Ok(answer)
    }

    /// Returns whether the answer is there.
    #[must_use]
    pub fn has<A: Any + Send + Sync>(&self, kept: &Kept, key: &str) -> bool {
        self.known::<A>(&format!("{} {} {key}", kept.revision, std::any::type_name::<A>())).is_some()
    }

    fn known<A: Any + Send + Sync>(&self, key: &str) -> Option<Arc<A>> {
        let mut answers = lock(&self.answers);
        let at = answers.iter().position(|(k, _)| k == key)?;
        let found = answers.remove(at);
        let answer = found.1.clone().downcast().ok();
        answers.push(found);
        answer
    }

    /// Does something to the study in the name of a coder.
    ///
    /// # Errors
    /// As of [`Desk::apply`].
    pub fn apply(&self, act: &Act, coder: &str) -> Result<Done, StudyError> {
        self.desk.apply(act, coder)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
