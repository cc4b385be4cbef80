//! The settings of the study: what it is called, what is asked of it where nobody says otherwise.

use super::acts::perform;
use super::question::attributes;
use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use crate::strings::phrase;
use askama::Template;
use axum::Extension;
use axum::extract::{Form, State};
use axum::http::HeaderMap;
use axum::response::{Html, Response};
use nomoscope_core::study::StudyMeta;
use nomoscope_core::text::Level;
use nomoscope_desk::Act;
use nomoscope_desk::act::Setting;
use nomoscope_engine::address::{Pairs, all};
use nomoscope_engine::material::Material;
use nomoscope_formats::study::study_toml::WORDS;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "settings.html")]
struct Page {
    frame: Frame,
    meta: StudyMeta,
    concepts: Vec<(String, String)>,
    levels: Vec<&'static str>,
    /// Attributes that sources have, and those that the settings name.
    attributes: Vec<String>,
}

impl Page {
    /// A setting as its field has it.
    fn said(&self, key: &str) -> String {
        said(&self.meta, key)
    }

    fn is_actor(&self, attribute: &str) -> bool {
        self.meta.actor.as_deref() == Some(attribute)
    }

    fn is_grouping(&self, attribute: &str) -> bool {
        self.meta.groupings.iter().any(|known| known == attribute)
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
        let meta = &material.study.meta;
        let named = meta.actor.iter().chain(&meta.groupings).cloned();
        let named: BTreeSet<String> = attributes(material).into_iter().chain(named).collect();
        let label = |c: &nomoscope_core::codebook::Concept| (c.id.clone(), c.label_in(session.language).to_owned());
        show(&Page {
            frame: Frame::of(&kept, &session, "/settings", "Settings"),
            meta: material.study.meta.clone(),
            concepts: material.codebook.concepts().iter().map(label).collect(),
            levels: Level::ALL.iter().map(|level| level.name()).collect(),
            attributes: named.into_iter().collect(),
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
    perform((state, session, headers), Some("/settings".to_owned()), move |study| {
        // Groups are ticked one by one; what is kept is a list.
        let of = |name: &str| all(&pairs, name).join(", ").trim().replace("\r\n", "\n");
        let given = WORDS.iter().filter(|key| pairs.iter().any(|(name, _)| name == *key));
        let changed = given.map(|key| ((*key).to_owned(), of(key), of(&format!("was.{key}"))));
        let changed: BTreeMap<String, String> =
            changed.filter(|(_, words, was)| words != was).map(|(key, words, _)| (key, words)).collect();
        check(&study.now()?.opened.material, &changed)?;
        Ok(Act::Switch { to: Setting::Words(changed) })
    })
    .await
}

/// Refuses settings that name what the study does not have: questions would fail by them later.
fn check(material: &Material, changed: &BTreeMap<String, String>) -> Result<(), Failure> {
    let known = attributes(material);
    for key in ["actor", "groupings"] {
        let named = changed.get(key).into_iter().flat_map(|words| words.split(',').map(str::trim));
        if let Some(odd) = named.filter(|name| !name.is_empty()).find(|name| !known.iter().any(|known| known == name)) {
            return Err(Failure::bad(phrase("No source has an attribute “{}”.", &[odd])));
        }
    }
    match changed.get("focus").filter(|id| !id.is_empty() && material.codebook.find(id).is_none()) {
        Some(odd) => Err(Failure::bad(phrase("The codebook has no concept “{}”.", &[odd]))),
        None => Ok(()),
    }
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
