//! What all requests share: the study, who is there, what is being computed.

use crate::failure::Failure;
use crate::files::Files;
use crate::jobs::Jobs;
use crate::making::Making;
use crate::options::Options;
use crate::secret::same;
use nomoscope_desk::keeper::{Keeper, Kept, Seat};
use nomoscope_desk::{clock, stamp};
use nomoscope_engine::material::Selection;
use nomoscope_engine::record::{Named, Program, Record};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Sessions at once; the oldest goes first.
const MOST_SESSIONS: usize = 64;
/// Requests that read or write a study at once.
const AT_ONCE: usize = 6;
/// How long an answer is waited for before it is told that it is being computed, where nobody looks at an empty page.
const PATIENCE: Duration = Duration::from_millis(600);
/// The longest name of a coder, in characters.
const MOST_NAME: usize = 60;

/// What all requests share.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) options: Options,
    pub(crate) token: String,
    /// The name of the cookie: browsers keep those of all ports of a machine together.
    pub(crate) cookie: String,
    /// By which names this server may be asked.
    pub(crate) names: Vec<String>,
    study: RwLock<Option<Arc<Keeper>>>,
    sessions: Mutex<Vec<(String, Session)>>,
    places: Semaphore,
    pub(crate) jobs: Jobs,
    pub(crate) late: Making,
    pub(crate) files: Files,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) id: String,
    /// The name under which changes are logged.
    pub(crate) coder: String,
    /// The language of the pages.
    pub(crate) language: &'static str,
    /// How long an answer is waited for before it is told that it is being computed.
    pub(crate) patience: Duration,
}

impl App {
    pub(crate) fn new(study: Option<Arc<Keeper>>, options: Options, port: u16, token: String) -> Self {
        Self {
            token,
            cookie: format!("nomoscope-{port}"),
            names: ["127.0.0.1", "localhost"].map(|name| format!("{name}:{port}")).to_vec(),
            study: RwLock::new(study),
            sessions: Mutex::default(),
            places: Semaphore::new(AT_ONCE),
            jobs: Jobs::default(),
            late: Making::default(),
            files: Files::default(),
            options,
        }
    }

    /// Returns the open study as somebody may see it. There is no other way to it: a page cannot forget to ask.
    pub(crate) fn study(&self, session: &Session) -> Result<Seat, Failure> {
        let keeper = self.study.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or(Failure::NoStudy)?;
        Ok(keeper.seat(&session.coder))
    }

    /// Returns whether a study is open.
    pub(crate) fn has_study(&self) -> bool {
        self.study.read().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Opens another study.
    pub(crate) fn open(&self, study: Option<Keeper>) {
        *self.study.write().unwrap_or_else(PoisonError::into_inner) = study.map(Arc::new);
    }

    /// Lets somebody in who showed the token; returns the session.
    pub(crate) fn enter(&self, token: &str) -> Option<Session> {
        if !same(token, &self.token) {
            return None;
        }
        let session = Session {
            id: format!("{}{}", stamp::uuid(), stamp::uuid()),
            coder: stamp::coder(),
            language: "en",
            patience: PATIENCE,
        };
        let mut sessions = self.sessions();
        if sessions.len() >= MOST_SESSIONS {
            sessions.remove(0);
        }
        sessions.push((session.id.clone(), session.clone()));
        Some(session)
    }

    /// Returns the session of a cookie.
    pub(crate) fn session(&self, id: &str) -> Option<Session> {
        // All are compared, so that the time does not tell how near a guess came.
        let mut found = None;
        for (known, session) in self.sessions().iter() {
            if same(known, id) {
                found = Some(session.clone());
            }
        }
        found
    }

    /// Gives a session another coder or language.
    pub(crate) fn settle(&self, id: &str, coder: Option<&str>, language: Option<&'static str>) {
        for (_, session) in self.sessions().iter_mut().filter(|(known, _)| known == id) {
            if let Some(coder) = coder {
                session.coder = coder.to_owned();
            }
            if let Some(language) = language {
                session.language = language;
            }
        }
    }

    fn sessions(&self) -> MutexGuard<'_, Vec<(String, Session)>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs work that reads or writes a study, a few at once, away from the threads that answer.
    pub(crate) async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Arc<Self>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let _place = self.places.acquire().await.map_err(|_| Failure::Broken)?;
        let app = self.clone();
        tokio::task::spawn_blocking(move || work(&app)).await.map_err(|_| Failure::Broken)?
    }

    /// Returns what is needed to ask the same again.
    pub(crate) fn record(&self, kept: &Kept, question: &impl Named, selection: &Selection) -> Record {
        let program = Program { version: self.options.version.clone(), date: clock::today() };
        Record::new(question, selection, &kept.opened.material, &program)
    }
}

/// Returns a name of a coder as it is kept; none if it is none.
pub(crate) fn coder_name(given: &str) -> Option<String> {
    let name = given.split_whitespace().collect::<Vec<_>>().join(" ");
    // Lists of coders are written with commas.
    let is_odd = |c: char| c.is_control() || c == ',';
    let fine = !name.is_empty() && name.chars().count() <= MOST_NAME && !name.chars().any(is_odd);
    fine.then_some(name)
}
