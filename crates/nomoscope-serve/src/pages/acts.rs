//! What is done to the study: each address is one act.

use crate::app::{App, Session};
use crate::escape::byte_at;
use crate::failure::Failure;
use crate::link;
use crate::upload::Upload;
use axum::extract::{Form, Multipart, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use nomoscope_core::text::Span;
use nomoscope_desk::act::{Hit, NewConcept, Setting};
use nomoscope_desk::keeper::Seat;
use nomoscope_desk::study::Given;
use nomoscope_desk::{Act, Done};
use nomoscope_engine::handle::Handle;
use nomoscope_engine::review;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) type Asked = (State<Arc<App>>, Extension<Session>, HeaderMap);

/// Does something, and leads back; to a script it tells what was done.
pub(super) async fn perform(
    (State(app), Extension(session), headers): Asked,
    back: Option<String>,
    act: impl FnOnce(&Seat) -> Result<Act, Failure> + Send + 'static,
) -> Result<Response, Failure> {
    let wants_json = headers.get(header::ACCEPT).is_some_and(|v| v.as_bytes().starts_with(b"application/json"));
    let result = app
        .work(move |app| {
            let study = app.study(&session)?;
            let act = act(&study)?;
            let done = study.apply(&act)?;
            let revision = study.revision()?;
            Ok((said(&act, &done), revision))
        })
        .await;
    if wants_json {
        return Ok(match result {
            Ok((said, revision)) => Json(json!({ "said": said, "revision": revision })).into_response(),
            Err(failure) => {
                let lines = failure.lines();
                let status = failure.into_response().status();
                (status, Json(json!({ "wrong": lines }))).into_response()
            }
        });
    }
    result.map(|_| link::to(&link::back(back.as_deref())).into_response())
}

/// Returns what was done, in words.
fn said(act: &Act, done: &Done) -> String {
    if let Some(command) = &done.undone {
        let did = if matches!(act, Act::Undo | Act::UndoOf { .. }) { "Took back" } else { "Did again" };
        let left = if done.left.is_empty() { "" } else { "; something was changed since and stays" };
        return format!("{did}: {command}{left}");
    }
    let nothing = done.event.is_none();
    match act {
        _ if nothing => "Nothing changed".to_owned(),
        Act::Mark { concept, .. } => format!("Coded as {concept}"),
        Act::MarkNew { concept, .. } => format!("Coded as {}, a new concept", concept.id),
        Act::Unmark { .. } => "Coding taken away".to_owned(),
        Act::Judge { right, hits } => match (right, hits.len()) {
            (true, 1) => "Accepted".to_owned(),
            (false, 1) => "Turned down".to_owned(),
            (true, n) => format!("{n} accepted"),
            (false, n) => format!("{n} turned down"),
        },
        Act::Finish { done: true, .. } => "You are done with this source".to_owned(),
        Act::Finish { done: false, .. } => "You are not done with this source".to_owned(),
        Act::Adjudicate { decisions } if decisions.len() > 1 => format!("{} decided", decisions.len()),
        Act::Adjudicate { .. } => "Decided".to_owned(),
        Act::DrawAudit { sample } => format!("{} passages drawn", sample.passages.len()),
        Act::Audit { missing, .. } if missing.is_empty() => "Nothing is missing there".to_owned(),
        Act::Audit { missing, .. } => format!("Coded as {}", missing.join(", ")),
        Act::TakeSuggestion { hit, .. } => format!("Coded as {}", hit.concept),
        Act::Switch { to: Setting::Words(_) } => "Settings written".to_owned(),
        Act::Switch { to: Setting::Report(questions) } if questions.is_empty() => {
            "No further question stands in the report".to_owned()
        }
        Act::Switch { to: Setting::Report(questions) } => {
            let n =
                nomoscope_engine::words::counted(questions.len(), "further question stands", "further questions stand");
            format!("{n} in the report")
        }
        Act::Describe { .. } => format!("{} described", nomoscope_engine::words::counted(done.n, "source", "sources")),
        Act::AddBytes { .. } => format!("{} added", nomoscope_engine::words::counted(done.n, "source", "sources")),
        _ => "Done".to_owned(),
    }
}

/// A passage that is to be coded. A script tells its ends as it knows them: a piece of text, and how many UTF-16 units into it.
#[derive(Debug, Deserialize)]
pub(super) struct Passage {
    source: String,
    start: u32,
    #[serde(default)]
    start_units: u32,
    end: u32,
    #[serde(default)]
    end_units: u32,
    concept: String,
    /// The role of a concept that is new.
    role: Option<String>,
    back: Option<String>,
}

pub(super) async fn mark(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(given): Form<Passage>,
) -> Result<Response, Failure> {
    let back = given.back.clone();
    perform((state, session, headers), back, move |study| passage(study, given)).await
}

fn passage(study: &Seat, given: Passage) -> Result<Act, Failure> {
    let kept = study.now()?;
    let sources = &kept.opened.material.study.sources;
    let source = sources.iter().find(|s| s.path == given.source).ok_or(Failure::NotFound)?;
    let text = source.document.text.as_str();
    let ends = (byte_at(text, given.start, given.start_units), byte_at(text, given.end, given.end_units));
    let (Some(start), Some(end)) = ends else { return Err(Failure::bad("The text has changed: load the page again.")) };
    let span = trimmed(text, Span::new(start, end));
    if span.is_empty() {
        return Err(Failure::bad("Select some words first."));
    }
    let Some(role) = given.role.filter(|r| !r.is_empty()) else {
        return Ok(Act::Mark { source: given.source, span, concept: given.concept, memo: String::new() });
    };
    let language = kept.opened.material.study.meta.language.first().map_or("en", String::as_str).to_owned();
    let concept = NewConcept {
        id: identity(&given.concept),
        label: BTreeMap::from([(language, given.concept.trim().to_owned())]),
        roles: vec![role],
        ..NewConcept::default()
    };
    Ok(Act::MarkNew { source: given.source, span, concept })
}

/// A passage does not begin or end with white space.
fn trimmed(text: &str, span: Span) -> Span {
    let words = span.of(text);
    let start = span.start + (words.len() - words.trim_start().len()) as u32;
    Span::new(start, start + words.trim().len() as u32)
}

/// Returns the id of a concept of this name.
pub(super) fn identity(name: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() { c } else { ' ' };
    let words: String = name.to_lowercase().chars().map(kept).collect();
    words.split_whitespace().collect::<Vec<_>>().join("-").chars().take(80).collect()
}

/// Codings by their ids.
#[derive(Debug, Deserialize)]
pub(super) struct Codings {
    coding: String,
    back: Option<String>,
}

pub(super) async fn unmark(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(given): Form<Codings>,
) -> Result<Response, Failure> {
    perform((state, session, headers), given.back, |_| Ok(Act::Unmark { codings: vec![given.coding] })).await
}

/// A hit of the lexicon with what is said of it.
#[derive(Debug, Deserialize)]
pub(super) struct Verdict {
    source: String,
    start: u32,
    end: u32,
    concept: String,
    right: u8,
    back: Option<String>,
}

pub(super) async fn judge(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(given): Form<Verdict>,
) -> Result<Response, Failure> {
    perform((state, session, headers), given.back, move |_| {
        let hit = Hit { source: given.source, span: Span::new(given.start, given.end), concept: given.concept };
        Ok(Act::Judge { right: given.right == 1, hits: vec![hit] })
    })
    .await
}

/// A whole concept with what is said of its hits.
#[derive(Debug, Deserialize)]
pub(super) struct Verdicts {
    concept: String,
    source: Option<String>,
    right: u8,
    back: Option<String>,
}

pub(super) async fn judge_all(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(given): Form<Verdicts>,
) -> Result<Response, Failure> {
    perform((state, session, headers), given.back.clone(), move |study| {
        let kept = study.now()?;
        let source = given.source.filter(|s| !s.is_empty());
        let asked = review::question::Question { concept: Some(given.concept), source };
        let review = asked.ask(&kept.opened.material, &Handle::default())?;
        let hit = |h: review::answer::Hit| Hit { source: h.source, span: h.span, concept: h.concept };
        Ok(Act::Judge { right: given.right == 1, hits: review.open.into_iter().map(hit).collect() })
    })
    .await
}

/// A note on a coding.
#[derive(Debug, Deserialize)]
pub(super) struct Note {
    coding: String,
    text: String,
    back: Option<String>,
}

pub(super) async fn remark(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(given): Form<Note>,
) -> Result<Response, Failure> {
    perform((state, session, headers), given.back, |_| Ok(Act::Remark { coding: given.coding, text: given.text })).await
}

/// A memo.
#[derive(Debug, Deserialize)]
pub(super) struct Memo {
    about: String,
    text: String,
    back: Option<String>,
}

pub(super) async fn memo(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(given): Form<Memo>,
) -> Result<Response, Failure> {
    perform((state, session, headers), given.back, |_| {
        if given.text.trim().is_empty() {
            return Err(Failure::bad("A memo needs words."));
        }
        Ok(Act::Memo { about: given.about, text: given.text })
    })
    .await
}

/// Where to go afterwards, and whose change is meant.
#[derive(Debug, Deserialize)]
pub(super) struct Back {
    back: Option<String>,
    coder: Option<String>,
}

pub(super) async fn undo(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(given): Form<Back>,
) -> Result<Response, Failure> {
    let other = given.coder.filter(|coder| *coder != session.coder);
    let act = other.map_or(Act::Undo, |coder| Act::UndoOf { coder });
    perform((state, session, headers), given.back, |_| Ok(act)).await
}

pub(super) async fn redo(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(given): Form<Back>,
) -> Result<Response, Failure> {
    perform((state, session, headers), given.back, |_| Ok(Act::Redo)).await
}

/// Takes files that were dropped on a page or chosen in a form; their readers say whether they are texts.
pub(super) async fn add(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    parts: Multipart,
) -> Result<Response, Failure> {
    let upload = Upload::of(parts).await?;
    let said = upload.fields.iter().filter_map(|(field, value)| Some((field.strip_prefix("set.")?, value)));
    let mut given = Given::default();
    given.all.extend(said.map(|(attribute, value)| (attribute.to_owned(), value.clone())));
    let files = upload.some()?;
    perform((state, session, headers), Some("/sources".to_owned()), |_| Ok(Act::AddBytes { files, given })).await
}

/// A question that is to stand in the report, or no longer.
#[derive(Debug, Deserialize)]
pub(super) struct Further {
    address: String,
    keep: u8,
    back: Option<String>,
}

/// Puts a question into the report, or takes it out.
pub(super) async fn report(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(given): Form<Further>,
) -> Result<Response, Failure> {
    perform((state, session, headers), given.back.clone(), move |study| {
        let kept = study.now()?;
        let mut questions = kept.opened.material.study.meta.report.clone();
        questions.retain(|address| *address != given.address);
        if given.keep == 1 {
            questions.push(given.address);
        }
        Ok(Act::Switch { to: Setting::Report(questions) })
    })
    .await
}
