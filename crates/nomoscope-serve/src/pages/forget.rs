//! Erasure of a source, or of words wherever they stand: told before it happens, and done for good.

use crate::app::{App, Session};
use crate::failure::{Failure, in_words};
use crate::frame::{Frame, page as show};
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use nomoscope_desk::Act;
use nomoscope_desk::keeper::Kept;
use nomoscope_desk::study::{Erasure, Rewritten};
use nomoscope_engine::address::{Pairs, field};
use nomoscope_engine::words::counted;
use std::sync::Arc;

/// Sources in the list: more than that are named by their paths.
const MOST: usize = 500;
/// Paths that are named.
const NAMED: usize = 20;

#[derive(Template)]
#[template(path = "forget.html")]
struct Page {
    frame: Frame,
    /// Path and title of each source that is a file.
    sources: Vec<(String, String)>,
    chosen: String,
    /// What is to be erased, and what would go.
    asked: Option<(String, Erasure)>,
    said: Vec<String>,
    wrong: Vec<String>,
}

impl Page {
    fn of(kept: &Kept, session: &Session) -> Self {
        let inputs = &kept.opened.material.inputs;
        let sources = kept.opened.material.study.sources.iter().filter(|s| inputs.contains_key(&s.path)).take(MOST);
        Self {
            frame: Frame::of(kept, session, "/doctor", "Erase for good"),
            sources: sources.map(|s| (s.path.clone(), s.title.clone())).collect(),
            chosen: String::new(),
            asked: None,
            said: Vec::new(),
            wrong: Vec::new(),
        }
    }

    fn first<'p>(&self, paths: &'p [String]) -> &'p [String] {
        paths.get(..NAMED).unwrap_or(paths)
    }

    fn more(&self, paths: &[String]) -> usize {
        paths.len().saturating_sub(NAMED)
    }

    fn notes(&self, of: &Erasure) -> Vec<String> {
        of.notes.iter().map(in_words).collect()
    }
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Query(pairs): Query<Pairs>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| {
        let kept = app.study(&session)?.now()?;
        let chosen = field(&pairs, "source").unwrap_or_default().to_owned();
        show(&Page { chosen, ..Page::of(&kept, &session) })
    })
    .await
}

/// Tells what would go. The words come with a form: they must stand in no address, for browsers keep addresses.
pub(super) async fn preview(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Form(pairs): Form<Pairs>,
) -> Result<Response, Failure> {
    app.work(move |app| {
        let words = field(&pairs, "words").or_else(|| field(&pairs, "source")).unwrap_or_default().trim().to_owned();
        let nothing = words.is_empty().then(|| vec!["Choose a source, or write some words.".to_owned()]);
        told_first(app, &session, words, nothing)
    })
    .await
}

/// Returns the page with what would go, and with what is wrong.
fn told_first(app: &App, session: &Session, what: String, wrong: Option<Vec<String>>) -> Result<Response, Failure> {
    let study = app.study(session)?;
    let mut page = Page::of(&study.now()?, session);
    page.wrong = wrong.unwrap_or_default();
    if !what.is_empty() {
        match study.would_forget(&what).map_err(Failure::from) {
            Ok(erasure) => page.asked = Some((what, erasure)),
            Err(Failure::Bad(lines)) => page.wrong = lines,
            Err(failure) => return Err(failure),
        }
    }
    let status = if page.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, show(&page)?).into_response())
}

/// Erases what was told, where somebody writes it once more and nothing changed since.
pub(super) async fn erase(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Form(pairs): Form<Pairs>,
) -> Result<Response, Failure> {
    app.work(move |app| {
        let study = app.study(&session)?;
        let what = field(&pairs, "what").unwrap_or_default().to_owned();
        let wrong = if field(&pairs, "again").map(str::trim) != Some(what.as_str()) {
            Some("What you wrote is not what is to be erased: nothing was erased.")
        } else if field(&pairs, "revision") != Some(study.revision()?.as_str()) {
            Some("The study was changed meanwhile: look once more at what would go.")
        } else {
            None
        };
        if let Some(wrong) = wrong {
            return told_first(app, &session, what, Some(vec![wrong.to_owned()]));
        }
        let done = study.apply(&Act::Forget { what })?;
        let Rewritten { sources, codings, places, notes } = done.rewritten.unwrap_or_default();
        let sources = counted(sources, "source", "sources");
        let erased = match places {
            0 => format!("Erased: {sources}, {}.", counted(codings, "coding", "codings")),
            _ => format!("Erased at {} in {sources}.", counted(places, "place", "places")),
        };
        let mut said = vec![erased];
        said.extend(notes.iter().chain(&done.notes).map(in_words));
        Ok(show(&Page { said, ..Page::of(&study.now()?, &session) })?.into_response())
    })
    .await
}
