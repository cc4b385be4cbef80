//! Double coding: who codes blindly, and who is done with what.

use super::acts::perform;
use crate::app::{App, Session, coder_name};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use crate::link;
use askama::Template;
use axum::Extension;
use axum::extract::{Form, State};
use axum::http::HeaderMap;
use axum::response::{Html, Response};
use nomoscope_core::study::double::DoubleCoding;
use nomoscope_desk::Act;
use nomoscope_desk::act::Setting;
use nomoscope_engine::adjudicate::question::Question;
use nomoscope_engine::adjudicate::words;
use nomoscope_engine::handle::Handle;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Sources on the page.
const ROWS: usize = 500;

#[derive(Template)]
#[template(path = "double.html")]
struct Page {
    frame: Frame,
    blind: String,
    coders: Vec<String>,
    rows: Vec<Row>,
    /// Sources that are not shown.
    more: usize,
    lead: String,
    open: usize,
}

/// A source with who is done with it.
struct Row {
    link: String,
    title: String,
    done: Vec<bool>,
    closed: bool,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| {
        let study = app.study(&session)?;
        let kept = study.now()?;
        let material = &kept.opened.material;
        let asked = Question { source: None, viewer: session.coder.clone() };
        let key = serde_json::to_string(&asked).unwrap_or_default();
        let queue = study.answer(&kept, &key, || asked.ask(material, &Handle::default()))?;
        let double = DoubleCoding::of(&material.study);
        let coders: BTreeSet<&str> = double.coders().into_iter().chain(double.blind()).collect();
        let sources = &material.study.sources;
        let row = |source: &nomoscope_core::study::Source| Row {
            link: link::read(&source.path, None),
            title: match sources.iter().filter(|other| other.title == source.title).count() {
                1 => source.title.clone(),
                _ => format!("{} ({})", source.title, source.path),
            },
            done: coders.iter().map(|c| double.is_done(&source.path, c)).collect(),
            closed: double.is_closed(&source.path, &session.coder),
        };
        show(&Page {
            blind: double.blind().collect::<Vec<_>>().join(", "),
            rows: sources.iter().take(ROWS).map(row).collect(),
            more: sources.len().saturating_sub(ROWS),
            coders: coders.into_iter().map(str::to_owned).collect(),
            lead: words::lead(&queue),
            open: queue.open.len() + queue.agreed.len(),
            frame: Frame::of(&kept, &session, "/double", "Double coding"),
        })
    })
    .await
}

/// Who is to code blindly.
#[derive(Debug, Deserialize)]
pub(super) struct Blind {
    coders: String,
    back: Option<String>,
}

pub(super) async fn blind(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(given): Form<Blind>,
) -> Result<Response, Failure> {
    perform((state, session, headers), given.back, move |_| {
        let names = given.coders.split(',').filter(|name| !name.trim().is_empty());
        let coders = names
            .map(|name| coder_name(name).ok_or_else(|| Failure::bad("A name has 1 to 60 characters, and no comma.")));
        Ok(Act::Switch { to: Setting::Blind(coders.collect::<Result<_, _>>()?) })
    })
    .await
}

/// Which source somebody is done with.
#[derive(Debug, Deserialize)]
pub(super) struct Finished {
    source: String,
    done: u8,
    back: Option<String>,
}

pub(super) async fn finish(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(given): Form<Finished>,
) -> Result<Response, Failure> {
    perform((state, session, headers), given.back, move |_| {
        Ok(Act::Finish { source: given.source, done: given.done == 1 })
    })
    .await
}
