//! Passages that look like those that people accepted, off until somebody switches them on.

use super::acts::perform;
use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use crate::link;
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::http::HeaderMap;
use axum::response::{Html, Response};
use nomoscope_core::text::Span;
use nomoscope_desk::act::{Hit, Setting};
use nomoscope_desk::keeper::{Kept, Seat};
use nomoscope_desk::{Act, stamp};
use nomoscope_engine::address::{Pairs, field};
use nomoscope_engine::handle::Handle;
use nomoscope_engine::propose::answer::{LEAST, Proposed, Ranked};
use nomoscope_engine::propose::question::Question;
use nomoscope_engine::propose::words;
use serde::Deserialize;
use std::sync::Arc;

/// Suggestions on a page.
const ROWS: usize = 20;

#[derive(Template)]
#[template(path = "suggestions.html")]
struct Page {
    frame: Frame,
    on: bool,
    /// Concepts by id and label, and whether one is chosen.
    concepts: Vec<(String, String, bool)>,
    concept: String,
    wrong: Vec<String>,
    proposed: Option<Arc<Proposed>>,
    least: usize,
}

impl Page {
    fn lead(&self, proposed: &Proposed) -> String {
        words::lead(proposed)
    }

    fn cautions(&self, proposed: &Proposed) -> Vec<String> {
        words::cautions(proposed)
    }

    fn rows<'p>(&self, proposed: &'p Proposed) -> &'p [Ranked] {
        proposed.ranked.get(..ROWS).unwrap_or(&proposed.ranked)
    }

    fn read(&self, ranked: &Ranked) -> String {
        link::read(&ranked.source, Some(ranked.span.start))
    }

    fn score(&self, ranked: &Ranked) -> String {
        score(ranked)
    }
}

/// Returns a score as it is shown and kept.
fn score(ranked: &Ranked) -> String {
    format!("{:.3}", ranked.score)
}

fn asked(study: &Seat, kept: &Kept, concept: &str) -> Result<Arc<Proposed>, Failure> {
    let asked = Question { concept: concept.to_owned() };
    Ok(study.answer(kept, concept, || asked.ask(&kept.opened.material, &Handle::default()))?)
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Query(pairs): Query<Pairs>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| {
        let study = app.study(&session)?;
        let kept = study.now()?;
        let material = &kept.opened.material;
        let concept = field(&pairs, "concept").unwrap_or_default();
        let on = material.study.meta.suggestions;
        let found = (on && !concept.is_empty()).then(|| asked(&study, &kept, concept)).transpose();
        let (proposed, wrong) = match found {
            Ok(proposed) => (proposed, Vec::new()),
            Err(failure @ (Failure::Bad(_) | Failure::Refused(_))) => (None, failure.lines()),
            Err(failure) => return Err(failure),
        };
        let all = material.codebook.concepts().iter();
        let named = all.map(|c| (c.id.clone(), c.label_in(session.language).to_owned(), c.id == concept));
        show(&Page {
            on,
            concepts: named.collect(),
            concept: concept.to_owned(),
            wrong,
            proposed,
            least: LEAST,
            frame: Frame::of(&kept, &session, "/review", "Suggestions"),
        })
    })
    .await
}

/// Whether passages are suggested.
#[derive(Debug, Deserialize)]
pub(super) struct Switch {
    on: u8,
}

pub(super) async fn switch(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(given): Form<Switch>,
) -> Result<Response, Failure> {
    let back = Some("/suggestions".to_owned());
    perform((state, session, headers), back, move |_| Ok(Act::Switch { to: Setting::Suggestions(given.on == 1) })).await
}

/// What is said of a suggestion.
#[derive(Debug, Deserialize)]
pub(super) struct Verdict {
    concept: String,
    source: String,
    start: u32,
    end: u32,
    right: u8,
    back: Option<String>,
}

/// Accepts a suggestion or turns it down. Its score and model are those of the study as it stands, whatever a page says.
pub(super) async fn take(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(given): Form<Verdict>,
) -> Result<Response, Failure> {
    perform((state, session, headers), given.back.clone(), move |study| {
        let kept = study.now()?;
        let proposed = asked(study, &kept, &given.concept)?;
        let span = Span::new(given.start, given.end);
        let known = proposed.ranked.iter().find(|r| r.source == given.source && r.span == span);
        let ranked = known.ok_or_else(|| Failure::bad("This is no suggestion any more: load the page again."))?;
        let hit = Hit { source: given.source, span, concept: given.concept };
        if given.right != 1 {
            return Ok(Act::Judge { right: false, hits: vec![hit] });
        }
        let score = score(ranked).parse().map_err(|_| Failure::Broken)?;
        Ok(Act::TakeSuggestion { hit, score, model: stamp::hash(&proposed.model.bytes()) })
    })
    .await
}
