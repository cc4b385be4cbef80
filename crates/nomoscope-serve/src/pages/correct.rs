//! Words of a text are corrected: paragraph by paragraph, and what cannot follow is told before anything happens.

use super::acts::wants_json;
use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use crate::link;
use crate::strings::tell;
use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse, Response};
use axum::{Extension, Json};
use nomoscope_core::study::Source;
use nomoscope_core::text::{Direction, Span};
use nomoscope_desk::Act;
use nomoscope_desk::act::Wording;
use nomoscope_desk::study::correct::Plan;
use nomoscope_engine::address::{Pairs, encoded, field, question};
use nomoscope_engine::handle::Handle;
use nomoscope_engine::view::answer::Block;
use nomoscope_engine::view::question::Question;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A paragraph with its words.
struct Paragraph {
    label: String,
    span: Span,
    words: String,
    /// How high its field is.
    lines: usize,
    /// Whether somebody came from here.
    wanted: bool,
}

#[derive(Template)]
#[template(path = "correct.html")]
struct Page {
    frame: Frame,
    title: String,
    source: String,
    language: String,
    direction: &'static str,
    part: usize,
    paragraphs: Vec<Paragraph>,
    back: String,
}

/// What somebody has to agree to before a text is corrected.
#[derive(Template)]
#[template(path = "agree.html")]
struct Ask {
    frame: Frame,
    title: String,
    plan: Plan,
    asks: Vec<String>,
    fields: Vec<(String, String)>,
    back: String,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Query(pairs): Query<Pairs>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| render(app, &session, &pairs)).await
}

fn render(app: &App, session: &Session, pairs: &Pairs) -> Result<Html<String>, Failure> {
    let study = app.study(session)?;
    let kept = study.now()?;
    let asked: Question = question(pairs, &Question::default())?;
    let key = serde_json::to_string(&asked).unwrap_or_default();
    let part = study.answer(&kept, &key, || asked.ask(&kept.opened.material, &Handle::default()))?;
    let source = &kept.opened.material.study.sources[part.source];
    let at: Option<u32> = field(pairs, "at").and_then(|at| at.parse().ok());
    let paragraph = |block: &Block| paragraph(block, source, at);
    let mut frame = Frame::of(&kept, session, "/sources", "Correct the text");
    let title = format!("{}: {}", frame.title, source.title);
    frame.title.clone_from(&title);
    show(&Page {
        title,
        language: source.language.first().cloned().unwrap_or_default(),
        direction: if source.document.direction == Some(Direction::Rtl) { "rtl" } else { "" },
        part: part.at,
        paragraphs: part.blocks.iter().filter_map(paragraph).collect(),
        back: back(&source.path, at, part.at),
        source: source.path.clone(),
        frame,
    })
}

fn back(source: &str, at: Option<u32>, part: usize) -> String {
    match at {
        Some(_) => link::read(source, at),
        None => format!("/read?source={}&part={part}", encoded(source)),
    }
}

fn paragraph(block: &Block, source: &Source, at: Option<u32>) -> Option<Paragraph> {
    let sentences = || block.items.iter().flatten();
    let (first, last) = (sentences().next()?, sentences().next_back()?);
    let end = last.pieces.last().map_or(last.span.end, |piece| piece.span.end);
    let span = Span::new(first.span.start, end.max(last.span.end));
    let words = span.of(&source.document.text).trim_end();
    let span = Span::new(span.start, span.start + words.len() as u32);
    Some(Paragraph {
        label: block.label.clone(),
        lines: (words.chars().count() / 90 + words.lines().count()).clamp(1, 14),
        words: words.to_owned(),
        wanted: at.is_some_and(|at| span.start <= at && at < span.end),
        span,
    })
}

/// What comes of a correction that was sent.
enum Outcome {
    Done(String),
    Ask(Html<String>),
}

pub(super) async fn correct(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Result<Response, Failure> {
    let said = tell(session.language, "Text corrected", &[]);
    let outcome = app.work(move |app| apply(app, &session, &pairs)).await?;
    Ok(match outcome {
        Outcome::Done(back) if wants_json(&headers) => Json(json!({ "said": said, "back": back })).into_response(),
        // What has to be agreed to is a page of its own, which the script then lets the form load.
        Outcome::Ask(_) if wants_json(&headers) => Json(json!({ "ask": true })).into_response(),
        Outcome::Done(address) => link::to(&address).into_response(),
        Outcome::Ask(page) => page.into_response(),
    })
}

fn apply(app: &App, session: &Session, pairs: &Pairs) -> Result<Outcome, Failure> {
    let study = app.study(session)?;
    let kept = study.now()?;
    let path = field(pairs, "source").unwrap_or_default();
    let source = kept.opened.material.study.sources.iter().find(|s| s.path == path).ok_or(Failure::NotFound)?;
    let changes = changes(source, pairs)?;
    let place = changes.first().map(|change| change.span.start);
    let back = back(path, place, field(pairs, "part").and_then(|part| part.parse().ok()).unwrap_or_default());
    if changes.is_empty() {
        return Ok(Outcome::Done(back));
    }
    let plan = study.plan(path, &changes)?;
    let agreed: BTreeSet<String> =
        pairs.iter().filter(|(name, _)| name == "agreed").map(|(_, id)| id.clone()).collect();
    let asks = plan.asks();
    if asks.is_subset(&agreed) {
        let to = link::read(&plan.source, place);
        study.apply(&Act::Correct { source: path.to_owned(), changes, agreed })?;
        return Ok(Outcome::Done(to));
    }
    let frame = Frame::of(&kept, session, "/sources", "Before the text is corrected");
    let fields = pairs.iter().filter(|(name, value)| name != "agreed" && !value.is_empty()).cloned().collect();
    let asks = asks.into_iter().collect();
    show(&Ask { title: frame.title.clone(), frame, plan, asks, fields, back }).map(Outcome::Ask)
}

/// Returns what differs between the paragraphs as they were sent to the page and as they came back.
fn changes(source: &Source, pairs: &Pairs) -> Result<Vec<Wording>, Failure> {
    let mut changes = Vec::new();
    for (name, text) in pairs {
        let Some(place) = name.strip_prefix("text.") else { continue };
        let ends = place.split_once('-').and_then(|(from, to)| Some(Span::new(from.parse().ok()?, to.parse().ok()?)));
        let span = ends.ok_or_else(|| Failure::bad("The form cannot be read: load the page again."))?;
        let was = span.of(&source.document.text);
        // A browser sends every end of a line in one way, whatever it was.
        if field(pairs, &format!("was.{place}")).map(plain) != Some(plain(was)) {
            return Err(Failure::bad(
                "The text was changed meanwhile. Copy what you wrote, load the page again, and put it in.",
            ));
        }
        if plain(text) == plain(was) {
            continue;
        }
        let end = if was.contains("\r\n") { "\r\n" } else { "\n" };
        let text = plain(text).replace('\n', end);
        changes.push(Wording { span, was: was.to_owned(), text });
    }
    Ok(changes)
}

fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}
