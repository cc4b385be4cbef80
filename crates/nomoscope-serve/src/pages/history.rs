//! What was done to the study, and by whom.

use super::deeds::Hearer;
use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::{Extension, Json};
use nomoscope_core::study::Event;
use nomoscope_desk::keeper::Kept;
use nomoscope_desk::log::Wanted;
use nomoscope_engine::address::{Pairs, field};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Changes on a page, the newest first.
const ROWS: usize = 300;

#[derive(Template)]
#[template(path = "history.html")]
struct Page {
    frame: Frame,
    kept: Kept,
    events: Vec<Event>,
    total: usize,
    coders: Vec<(String, bool)>,
    words: String,
}

impl Page {
    fn what(&self, event: &Event) -> String {
        let codebook = &self.kept.opened.material.codebook;
        Hearer { language: self.frame.language, codebook }.logged(&event.command)
    }

    fn when(&self, event: &Event) -> String {
        self.frame.when(&event.time)
    }
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Query(pairs): Query<Pairs>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| {
        let study = app.study(&session)?;
        let kept = study.now()?;
        let mut events = study.log()?;
        let coders: BTreeSet<String> = events.iter().map(|e| e.coder.clone()).collect();
        let (coder, words) = (field(&pairs, "coder"), field(&pairs, "words").unwrap_or_default());
        let wanted = Wanted { coder: coder.map(str::to_owned), words: words.to_owned(), ..Wanted::default() };
        events.retain(|event| wanted.has(event));
        let total = events.len();
        events.reverse();
        events.truncate(ROWS);
        let coders = coders.into_iter().map(|c| (c.clone(), coder == Some(c.as_str()))).collect();
        let frame = Frame::of(&kept, &session, "/history", "History");
        show(&Page { frame, kept, events, total, coders, words: words.to_owned() })
    })
    .await
}

/// Tells the revision of the study, by which a page knows that somebody changed it.
pub(super) async fn revision(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
) -> Result<Json<Value>, Failure> {
    app.work(move |app| Ok(Json(json!({ "revision": app.study(&session)?.revision()? })))).await
}
