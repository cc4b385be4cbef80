//! A study that stays open: read once a revision, each question asked of it once, and shown to each as they may see it.

use crate::act::{ConceptEdit, Wording};
use crate::desk::StudyFiles;
use crate::doctor::{self, Examined};
use crate::load::Opened;
use crate::passphrase::{self, Passphrase};
use crate::study::correct::{self, Plan, Touched};
use crate::study::{Erasure, Problem, Problems, StudyError};
use crate::{Act, Desk, Done};
use nomoscope_core::codebook::{Codebook, Concept};
use nomoscope_core::study::double::DoubleCoding;
use nomoscope_core::study::{Event, Known, Study, Subject};
use nomoscope_engine::refusal::Refusal;
use nomoscope_formats::codebook_toml;
use nomoscope_formats::study as files;
use nomoscope_store::StoreError;
use std::any::Any;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many answers are kept; the oldest goes first.
const MAX_ANSWERS: usize = 48;
/// How many people's views of a study are kept.
const MAX_VIEWS: usize = 16;
/// What takes the place of what another did while it is hidden.
const HIDDEN: &str = "(hidden until both are done)";
/// Commands that tell nothing of what somebody coded.
const TELL_NOTHING: [&str; 21] = [
    "add",
    "blind",
    "convert",
    "demo",
    "describe",
    "done",
    "draw-audit",
    "encrypt",
    "export",
    "forget",
    "import",
    "merge",
    "new",
    "not-done",
    "pseudonymise",
    "put",
    "redo",
    "report",
    "settings",
    "suggestions",
    "undo",
];

/// A desk with what was read and answered at the present revision.
#[derive(Debug)]
pub struct Keeper {
    desk: Desk,
    kept: Mutex<Option<Kept>>,
    /// Held while the study is read: several who ask at once wait for one reading.
    reading: Mutex<()>,
    answers: Mutex<Vec<(String, Kind)>>,
    /// The study as people see it from whom something is hidden; the oldest goes first.
    views: Mutex<Vec<(String, Kept)>>,
}

type Kind = Arc<dyn Any + Send + Sync>;

/// A study as it stood at a revision.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The revision.
    pub revision: Arc<str>,
    /// The study with its codebook, as far as it is shown.
    pub opened: Arc<Opened>,
    /// In how many sources something may be hidden from whom: where double coding is blind.
    pub hidden: Option<(Arc<str>, usize)>,
}

impl Kept {
    /// Returns what tells this state of the study, as it is shown, from every other one.
    #[must_use]
    pub fn state(&self) -> String {
        match &self.hidden {
            None => self.revision.to_string(),
            Some((viewer, _)) => format!("{} {viewer:?}", self.revision),
        }
    }

    /// Returns the study as one person may see it.
    fn seen_by(&self, viewer: &str) -> Self {
        let Some(mut material) = self.opened.material.seen_by(viewer) else { return self.clone() };
        let double = DoubleCoding::of(&material.study);
        let closed = material.study.sources.iter().filter(|s| double.is_closed(&s.path, viewer)).count();
        // Notes on tables of codings quote them, and a hash tells whether a guess is right.
        material.inputs.retain(|file, _| !tells(file));
        let notes = self.opened.notes.iter().filter(|p| !tells(&p.file)).cloned().collect();
        Self {
            revision: self.revision.clone(),
            opened: Arc::new(Opened { material, notes, order: self.opened.order.clone() }),
            hidden: Some((viewer.into(), closed)),
        }
    }
}

impl Keeper {
    /// Opens the study at `path`.
    ///
    /// # Errors
    /// There is none.
    pub fn open(path: &Path) -> Result<Self, StudyError> {
        let desk = Desk::open(path)?.remembering();
        Ok(Self {
            desk,
            kept: Mutex::default(),
            reading: Mutex::default(),
            answers: Mutex::default(),
            views: Mutex::default(),
        })
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
        let known = lock(&self.kept).clone().filter(|kept| *kept.revision == *revision);
        if let Some(kept) = known {
            return Ok(kept);
        }
        let _reading = lock(&self.reading);
        // While this one waited, the study may have changed: what is read now is of the revision of now.
        let revision = self.desk.revision()?;
        let before = lock(&self.kept).clone();
        if let Some(kept) = before.as_ref().filter(|kept| *kept.revision == *revision) {
            return Ok(kept.clone());
        }
        let mut opened = self.desk.material(None)?;
        if let Some(before) = before {
            opened.material.reuse(&before.opened.material);
        }
        let kept = Kept { revision: revision.into(), opened: Arc::new(opened), hidden: None };
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
        let key = format!("{} {} {key}", kept.state(), std::any::type_name::<A>());
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
        self.known::<A>(&format!("{} {} {key}", kept.state(), std::any::type_name::<A>())).is_some()
    }

    fn known<A: Any + Send + Sync>(&self, key: &str) -> Option<Arc<A>> {
        let mut answers = lock(&self.answers);
        let at = answers.iter().position(|(k, _)| k == key)?;
        let found = answers.remove(at);
        let answer = found.1.clone().downcast().ok();
        answers.push(found);
        answer
    }

    /// Returns the place of somebody who works on the study: through it they see and change no more than they may.
    #[must_use]
    pub fn seat(self: &Arc<Self>, coder: &str) -> Seat {
        Seat { keeper: self.clone(), coder: coder.to_owned() }
    }

    fn seen_by(&self, kept: &Kept, viewer: &str) -> Kept {
        if kept.opened.material.study.meta.blind.is_empty() {
            return kept.clone();
        }
        let key = format!("{} {viewer:?}", kept.revision);
        if let Some((_, known)) = lock(&self.views).iter().find(|(k, _)| *k == key) {
            return known.clone();
        }
        let seen = kept.seen_by(viewer);
        let mut views = lock(&self.views);
        // A view of what the study was holds all of its texts.
        views.retain(|(_, of)| of.revision == kept.revision);
        if views.len() >= MAX_VIEWS {
            views.remove(0);
        }
        views.push((key, seen.clone()));
        seen
    }

    /// Does something to the study in the name of a coder.
    ///
    /// # Errors
    /// As of [`Desk::apply`].
    pub fn apply(&self, act: &Act, coder: &str) -> Result<Done, StudyError> {
        let done = self.desk.apply(act, coder)?;
        if done.rewritten.is_some() {
            // What was erased is kept nowhere, and neither are answers that quote it.
            *lock(&self.kept) = None;
            lock(&self.answers).clear();
            lock(&self.views).clear();
            self.desk.forget();
        }
        Ok(done)
    }
}

/// A study as one person sees it. Where double coding is blind, nothing that it returns tells what is hidden from them.
#[derive(Debug, Clone)]
pub struct Seat {
    keeper: Arc<Keeper>,
    coder: String,
}

impl Seat {
    /// Returns the study as it stands now, as far as it is shown.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn now(&self) -> Result<Kept, StudyError> {
        Ok(self.keeper.seen_by(&self.keeper.now()?, &self.coder))
    }

    /// Returns what tells this state of the study from every other one.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn revision(&self) -> Result<String, StudyError> {
        self.keeper.desk.revision()
    }

    /// Returns everything that was done to the study, the first thing first; of what others did while it is hidden, who
    /// and when.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn log(&self) -> Result<Vec<Event>, StudyError> {
        let mut events = self.keeper.desk.log()?;
        if self.now()?.hidden.is_some() {
            events.iter_mut().filter(|e| self.is_secret(e)).for_each(|event| {
                HIDDEN.clone_into(&mut event.command);
                event.forward.clear();
                event.inverse.clear();
            });
        }
        Ok(events)
    }

    fn is_secret(&self, event: &Event) -> bool {
        let name = event.command.split(' ').next().unwrap_or_default();
        event.coder != self.coder && !TELL_NOTHING.contains(&name)
    }

    /// As [`Keeper::answer`].
    ///
    /// # Errors
    /// The question's own.
    pub fn answer<A: Any + Send + Sync>(
        &self,
        kept: &Kept,
        key: &str,
        ask: impl FnOnce() -> Result<A, Refusal>,
    ) -> Result<Arc<A>, Refusal> {
        self.keeper.answer(kept, key, ask)
    }

    /// As [`Keeper::has`].
    #[must_use]
    pub fn has<A: Any + Send + Sync>(&self, kept: &Kept, key: &str) -> bool {
        self.keeper.has::<A>(kept, key)
    }

    /// Returns the study as the files of a study folder, by path.
    ///
    /// # Errors
    /// As of [`Desk::files`]; something of it is hidden.
    pub fn files(&self) -> Result<StudyFiles, StudyError> {
        if self.now()?.hidden.is_some() {
            let reason = "the study holds what is hidden from you";
            return Err(Problems::from(Problem::new("", reason).hint("wait until both are done")).into());
        }
        self.keeper.desk.files()
    }

    /// Returns the sources that can hold all parts of a search, where an index tells it of this state of the study.
    ///
    /// # Errors
    /// The study file is damaged.
    pub fn can_hold(&self, kept: &Kept, terms: &[String]) -> Result<Option<BTreeSet<String>>, StudyError> {
        let found = self.keeper.desk.can_hold(terms)?;
        // A text that was corrected meanwhile has other words in the index than here.
        Ok(found.filter(|_| self.keeper.desk.revision().is_ok_and(|now| *now == *kept.revision)))
    }

    /// Looks the study over, as far as it is shown, be it sound or not; puts nothing right.
    ///
    /// # Errors
    /// As of [`doctor::look_over`].
    pub fn look_over(&self) -> Result<Examined, StudyError> {
        let mut found = doctor::look_over(self.keeper.desk.path())?;
        if let Some(kept) = self.now().ok().filter(|kept| kept.hidden.is_some()) {
            found.codings = kept.opened.material.study.codings.len();
            found.problems = found.problems.as_slice().iter().filter(|p| !tells(&p.file)).cloned().collect();
            found.notes.retain(|p| !tells(&p.file));
        }
        Ok(found)
    }

    /// Puts right what an interruption left, and nothing else; returns what was done.
    ///
    /// # Errors
    /// As of [`doctor::repair`].
    pub fn repair(&self) -> Result<Vec<Problem>, StudyError> {
        doctor::repair(self.keeper.desk.path())
    }

    /// Returns whether the study is a folder.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        self.keeper.desk.is_folder()
    }

    /// Returns whether the study is encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        passphrase::is_encrypted(self.keeper.desk.path())
    }

    /// Encrypts the study file, gives it another passphrase, or decrypts it.
    ///
    /// # Errors
    /// As of [`passphrase::settle`].
    pub fn settle(&self, passphrase: Passphrase) -> Result<(), StudyError> {
        passphrase::settle(self.keeper.desk.path(), passphrase)
    }

    /// Returns what an erasure would do, and does nothing.
    ///
    /// # Errors
    /// As of [`Desk::would_forget`]; something of the study is hidden.
    pub fn would_forget(&self, what: &str) -> Result<Erasure, StudyError> {
        let kept = self.now()?;
        if kept.hidden.is_some() {
            check(&Act::Forget { what: what.to_owned() }, &kept.opened.material.study)?;
        }
        self.keeper.desk.would_forget(what)
    }

    /// Returns what a correction of a source would do, as far as that is shown, and does nothing.
    ///
    /// # Errors
    /// As of [`Desk::plan`]; it could touch what is hidden.
    pub fn plan(&self, source: &str, changes: &[Wording]) -> Result<Plan, StudyError> {
        let kept = self.now()?;
        let shown = &kept.opened.material.study;
        if kept.hidden.is_some() {
            only_spelling(source, changes, shown, &self.coder)?;
        }
        let mut plan = self.keeper.desk.plan(source, changes)?;
        if kept.hidden.is_some() {
            let known = |t: &Touched| {
                shown.codings.iter().any(|c| c.id == *t.id) || shown.annotations.passages.iter().any(|p| p.id == *t.id)
            };
            plan.reworded.retain(known);
            plan.moved = 0;
        }
        Ok(plan)
    }

    /// Does something to the study. What is hidden cannot be changed, and is not there for whoever asks for it by its id.
    ///
    /// # Errors
    /// As of [`Desk::apply`].
    pub fn apply(&self, act: &Act) -> Result<Done, StudyError> {
        let kept = self.now()?;
        if kept.hidden.is_none() {
            return self.keeper.apply(act, &self.coder);
        }
        check(act, &kept.opened.material.study)?;
        if let Act::Correct { source, changes, .. } = act {
            only_spelling(source, changes, &kept.opened.material.study, &self.coder)?;
        }
        if let Act::EditCodebook { toml } = act {
            keeps_concepts(toml, &kept.opened.material.codebook)?;
        }
        let done = self.keeper.apply(act, &self.coder).map_err(discreet)?;
        // What a project or another study had in common with what is hidden would tell of it.
        Ok(Done { notes: Vec::new(), imported: Vec::new(), joined: None, ..done })
    }
}

/// Returns whether what is wrong with a file tells of codings: notes on tables of codings quote them.
fn tells(file: &str) -> bool {
    let tables = [doctor::CODINGS, files::CODINGS_CSV, files::MEMOS_CSV, files::HISTORY_JSONL];
    tables.iter().chain(&files::annotations_csv::FILES).any(|table| file == *table)
}

/// Refuses a codebook that lacks a concept: which of them others coded must not be told.
fn keeps_concepts(toml: &str, known: &Codebook) -> Result<(), StudyError> {
    let new = codebook_toml::parse(toml.as_bytes()).map_err(|p| p.in_file(files::CODEBOOK_TOML))?;
    let lost = known.concepts().iter().filter(|concept| new.find(&concept.id).is_none());
    let problem = |concept: &Concept| {
        let reason = format!("has no concept `{}`, and what others coded is hidden from you", concept.id);
        Problem::new(files::CODEBOOK_TOML, reason).hint("keep all concepts until both are done")
    };
    Ok(lost.map(problem).collect::<Problems>().or(())?)
}

/// Returns why something was not done, without what others did while that is hidden.
fn discreet(error: StudyError) -> StudyError {
    match error {
        StudyError::Store(StoreError::CannotUndo { command, .. }) => {
            let reason = "something that another did since needs it, and is hidden from you until both are done";
            StoreError::CannotUndo { command, reason: reason.to_owned() }.into()
        }
        other => other,
    }
}

/// Refuses corrections by which work that is hidden could lose its place, be there any or not.
fn only_spelling(source: &str, changes: &[Wording], shown: &Study, coder: &str) -> Result<(), StudyError> {
    if !DoubleCoding::of(shown).is_closed(source, coder) || correct::is_spelling(changes) {
        return Ok(());
    }
    let reason =
        "more than the spelling of single words cannot be corrected while the work of others is hidden from you";
    Err(Problems::from(Problem::new(source, reason).hint("wait until all are done with this source")).into())
}

/// Refuses to touch what is not shown.
fn check(act: &Act, shown: &Study) -> Result<(), StudyError> {
    let known = |id: &String| match shown.codings.iter().any(|c| c.id == *id) {
        true => Ok(()),
        false => Err(StoreError::UnknownCoding(id.clone()).into()),
    };
    match act {
        Act::UndoOf { .. } => {
            let reason = "what another did cannot be taken back while it is hidden from you";
            Err(Problems::from(Problem::new("", reason).hint("wait until both are done")).into())
        }
        Act::Import { options, .. } | Act::ImportBytes { options, .. } if options.prune => {
            let reason = "what an earlier import brought may be hidden from you, and cannot be taken out";
            Err(Problems::from(Problem::new("", reason).hint("wait until both are done")).into())
        }
        Act::Pseudonymise { .. } | Act::Forget { .. } => {
            let reason = "the study cannot be written anew while work of others is hidden from you";
            Err(Problems::from(Problem::new("", reason).hint("wait until both are done")).into())
        }
        Act::Unmark { codings } => codings.iter().try_for_each(known),
        Act::Concept { edit: ConceptEdit::Split { codings, .. } } => codings.iter().try_for_each(known),
        Act::Accept { coding } | Act::Reject { coding } | Act::Remark { coding, .. } | Act::Recode { coding, .. } => {
            known(coding)
        }
        Act::Memo { about, .. } => {
            let Study { sources, codings, coders, memos, annotations, .. } = shown;
            let there = Known::of(sources, codings, coders, memos, annotations);
            let subject = about.parse::<Subject>().ok();
            if subject.is_some_and(|subject| there.contains(&subject)) {
                return Ok(());
            }
            Err(StoreError::Unknown(about.clone()).into())
        }
        _ => Ok(()),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
