//! The settings of the study: what it is called, what is asked of it where nobody says otherwise.

use super::acts::perform;
use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use askama::Template;
use axum::Extension;
use axum::extract::{Form, State};
use axum::http::HeaderMap;
use axum::response::{Html, Response};
use nomoscope_core::study::StudyMeta;
use nomoscope_core::text::Level;
use nomoscope_desk::Act;
use nomoscope_desk::act::Setting;
use nomoscope_engine::address::{Pairs, field};
use nomoscope_formats::study::study_toml::WORDS;
use std::collections::BTreeSet;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "settings.html")]
struct Page {
    frame: Frame,
    meta: StudyMeta,
    concepts: Vec<(String, String)>,
    levels: Vec<&'static str>,
    /// Attributes that sources have.
    attributes: String,
}

impl Page {
    /// A setting as its field has it.
    fn said(&self, key: &str) -> String {
        said(&self.meta, key)
    }

    fn is_focus(&self, id: &str) -> bool {
        self.meta.focus.as_deref() == Some(id)
    }

    fn is_window(&self, name: &str) -> bool {
        self.meta.window.is_some_and(|level| level.name() == name)
    }

    /// The settings as the form shows them, by which changes of others since then are told from those of the form.
    fn shown(&self) -> Vec<(&'static str, String)> {
        WORDS.iter().map(|key| (*key, self.said(key))).collect()
    }
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| {
        let kept = app.study(&session)?.now()?;
        let material = &kept.opened.material;
        let own = material.study.sources.iter().flat_map(|s| s.attributes.keys().map(String::as_str));
        let attributes: BTreeSet<&str> = own.chain(["kind", "language", "year"]).collect();
        let label = |c: &nomoscope_core::codebook::Concept| (c.id.clone(), c.label_in(session.language).to_owned());
        show(&Page {
            frame: Frame::of(&kept, &session, "/settings", "Settings"),
            meta: material.study.meta.clone(),
            concepts: material.codebook.concepts().iter().map(label).collect(),
            levels: Level::ALL.iter().map(|level| level.name()).collect(),
            attributes: attributes.into_iter().collect::<Vec<_>>().join(", "),
        })
    })
    .await
}

/// Writes the settings that somebody changed, by what their form showed; all else in `study.toml` stays as it is.
pub(super) async fn write(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Result<Response, Failure> {
    perform((state, session, headers), Some("/settings".to_owned()), move |_| {
        let of = |name: &str| field(&pairs, name).unwrap_or_default().replace("\r\n", "\n");
        let given = WORDS.iter().filter(|key| pairs.iter().any(|(name, _)| name == *key));
        let changed = given.map(|key| ((*key).to_owned(), of(key), of(&format!("was.{key}"))));
        let changed = changed.filter(|(_, words, was)| words != was).map(|(key, words, _)| (key, words));
        Ok(Act::Switch { to: Setting::Words(changed.collect()) })
    })
    .await
}

/// Returns a setting as its field has it.
fn said(meta: &StudyMeta, key: &str) -> String {
    match key {
        "title" => meta.title.clone(),
        "description" => meta.description.clone(),
        "language" => meta.language.join(", "),
        "focus" => meta.focus.clone().unwrap_or_default(),
        "window" => meta.window.map_or("", Level::name).to_owned(),
        "actor" => meta.actor.clone().unwrap_or_default(),
        "groupings" => meta.groupings.join(", "),
        "periods" => meta.periods.join(", "),
        "interviewers" => meta.interviewers.join(", "),
        "suppress_small" => meta.suppress_small.map_or_else(String::new, |n| n.to_string()),
        _ => String::new(),
    }
}
