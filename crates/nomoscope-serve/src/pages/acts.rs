//! What is done to the study: each address is one act.

use super::deeds::Hearer;
use crate::app::{App, Session};
use crate::escape::byte_at;
use crate::failure::Failure;
use crate::link;
use crate::upload::Upload;
use axum::extract::{Form, Multipart, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use nomoscope_core::study::{CodingRecord, Study};
use nomoscope_core::text::Span;
use nomoscope_core::text::words;
use nomoscope_desk::Act;
use nomoscope_desk::act::{Hit, NewConcept, Setting};
use nomoscope_desk::keeper::Seat;
use nomoscope_desk::study::Given;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::{review, view};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) type Asked = (State<Arc<App>>, Extension<Session>, HeaderMap);

/// Does something, and leads back; to a script it tells what was done, and where it leads.
pub(super) async fn perform(
    (State(app), Extension(session), headers): Asked,
    back: Option<String>,
    act: impl FnOnce(&Seat) -> Result<Act, Failure> + Send + 'static,
) -> Result<Response, Failure> {
    let language = session.language;
    let done = app
        .work(move |app| {
            let study = app.study(&session)?;
            // Read before it is changed: an act that takes a concept away is told by its label.
            let kept = study.now()?;
            let act = act(&study)?;
            let done = study.apply(&act).map_err(Failure::of_act)?;
            let hearer = Hearer { language, codebook: &kept.opened.material.codebook };
            Ok((hearer.said(&act, &done), study.revision()?, after(&act, &kept.opened.material.study)))
        })
        .await;
    let (said, revision, after) = done?;
    let back = link::back(after.as_deref().or(back.as_deref()).or(from(&headers)));
    Ok(match wants_json(&headers) {
        true => Json(json!({ "said": said, "revision": revision, "back": back })).into_response(),
        false => link::to(&back).into_response(),
    })
}

/// Returns where something is after an act that gave it another place.
fn after(act: &Act, before: &Study) -> Option<String> {
    let Act::Recode { coding, span, concept } = act else { return None };
    let known = before.codings.iter().find(|c| c.id == coding.as_str())?;
    let (span, concept) = (span.unwrap_or(known.span), concept.as_deref().unwrap_or(&known.concept));
    Some(link::coding(&known.source, span, concept))
}

/// Returns whether a script asks, which stays on its page.
pub(super) fn wants_json(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|v| v.as_bytes().starts_with(b"application/json"))
}

/// Returns the page from which a form was sent, with what it asked; the gate let in only pages of this server.
fn from(headers: &HeaderMap) -> Option<&str> {
    let page = headers.get(header::REFERER)?.to_str().ok()?.strip_prefix("http://")?;
    page.find('/').and_then(|at| page.get(at..))
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

/// What a coding is to be: its ends as a script knows them, or an end that goes on or back by a word, or another concept.
#[derive(Debug, Deserialize)]
pub(super) struct Recoded {
    coding: String,
    start: Option<u32>,
    #[serde(default)]
    start_units: u32,
    end: Option<u32>,
    #[serde(default)]
    end_units: u32,
    concept: Option<String>,
    #[serde(rename = "move")]
    step: Option<String>,
    back: Option<String>,
}

pub(super) async fn recode(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(given): Form<Recoded>,
) -> Result<Response, Failure> {
    let back = given.back.clone();
    perform((state, session, headers), back, move |study| {
        let kept = study.now()?;
        let known = &kept.opened.material.study;
        let coding = known.codings.iter().find(|c| c.id == given.coding.as_str()).ok_or(Failure::NotFound)?;
        let source = known.sources.iter().find(|s| s.path == *coding.source).ok_or(Failure::NotFound)?;
        let text = source.document.text.as_str();
        let span = match (given.start, given.end, given.step.as_deref()) {
            (Some(start), Some(end), _) => {
                let ends = (byte_at(text, start, given.start_units), byte_at(text, end, given.end_units));
                let (Some(start), Some(end)) = ends else {
                    return Err(Failure::bad("The text has changed: load the page again."));
                };
                Some(trimmed(text, Span::new(start.min(end), start.max(end))))
            }
            (.., Some(step)) => Some(stepped(text, coding.span, step)),
            _ => None,
        };
        if span.is_some_and(Span::is_empty) {
            return Err(Failure::bad("Select some words first."));
        }
        let concept = given.concept.filter(|concept| !concept.is_empty());
        Ok(Act::Recode { coding: given.coding, span, concept })
    })
    .await
}

/// Returns a span with one end a word further out or in; an end beyond which there is no word stays, and so does a last word.
fn stepped(text: &str, span: Span, step: &str) -> Span {
    let all = words(text);
    let first = all.partition_point(|w| w.end <= span.start);
    let after = all.partition_point(|w| w.start < span.end);
    let last = after.saturating_sub(1);
    let start = |at: usize| all.get(at).map_or(span.start, |w| w.start);
    let end = |at: usize| all.get(at).map_or(span.end, |w| w.end);
    match step {
        "start-back" if first > 0 => Span::new(start(first - 1), span.end),
        "start-on" if first < last => Span::new(start(first + 1), span.end),
        "end-back" if first < last => Span::new(span.start, end(last - 1)),
        "end-on" => Span::new(span.start, end(after)),
        _ => span,
    }
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
    perform((state, session, headers), given.back.clone(), move |study| {
        let hit = Hit { source: given.source, span: Span::new(given.start, given.end), concept: given.concept };
        is_there(study, &hit)?;
        Ok(Act::Judge { right: given.right == 1, hits: vec![hit] })
    })
    .await
}

/// Refuses to say of words whether they are rightly coded where nothing coded them: that would be a coding of its own.
fn is_there(study: &Seat, hit: &Hit) -> Result<(), Failure> {
    let kept = study.now()?;
    let material = &kept.opened.material;
    let coded = |c: &CodingRecord| c.source == *hit.source && c.span == hit.span && c.concept == *hit.concept;
    if material.study.codings.iter().any(coded) {
        return Ok(());
    }
    let asked = view::question::Question { source: hit.source.clone(), at: Some(hit.span.start), ..Default::default() };
    let part = asked.ask(material, &Handle::default())?;
    let found = part.marks.iter().any(|mark| mark.found && mark.span == hit.span && mark.id == hit.concept);
    if found { Ok(()) } else { Err(Failure::bad("Nothing coded these words so: load the page again.")) }
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

/// A source that is to leave the study.
#[derive(Debug, Deserialize)]
pub(super) struct Leaving {
    source: String,
}

/// Takes a source out of the study with its codings; one undo brings it back.
pub(super) async fn remove_source(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(given): Form<Leaving>,
) -> Result<Response, Failure> {
    perform((state, session, headers), Some("/sources".to_owned()), move |study| {
        if study.now()?.hidden.is_some() {
            return Err(Failure::bad(
                "What others coded in it may be hidden from you: wait until all are done with it.",
            ));
        }
        Ok(Act::RemoveSource { path: given.source })
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
    let n = files.len();
    let added =
        perform((state, session, headers), Some("/sources".to_owned()), |_| Ok(Act::AddBytes { files, given })).await;
    added.map_err(|failure| match failure {
        Failure::Bad(mut lines) if n > 1 => {
            lines.push("None of the files was added.".to_owned());
            Failure::Bad(lines)
        }
        other => other,
    })
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
