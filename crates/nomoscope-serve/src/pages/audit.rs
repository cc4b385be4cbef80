//! A random sample of passages, read one by one for what the lexicon misses.

use super::acts::perform;
use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use crate::link;
use askama::Template;
use axum::Extension;
use axum::extract::{Form, State};
use axum::http::HeaderMap;
use axum::response::{Html, Response};
use nomoscope_core::text::Level;
use nomoscope_desk::Act;
use nomoscope_desk::act::Sample;
use nomoscope_engine::address::{Pairs, all, field};
use nomoscope_engine::audit::answer::{Audited, Found, ToRead};
use nomoscope_engine::audit::question::{Draw, Question};
use nomoscope_engine::audit::words;
use nomoscope_engine::handle::Handle;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "audit.html")]
struct Page {
    frame: Frame,
    audited: Arc<Audited>,
    draw: Draw,
}

impl Page {
    fn lead(&self) -> String {
        words::lead(&self.audited)
    }

    fn cautions(&self) -> Vec<String> {
        words::cautions(&self.audited)
    }

    fn levels(&self) -> [Level; 2] {
        [Level::Sentence, Level::Paragraph]
    }

    fn read(&self, passage: &ToRead) -> String {
        link::read(&passage.source, Some(passage.span.start))
    }

    fn recall<T>(&self, found: &Found<T>) -> String {
        words::recall(found)
    }

    /// Of how many passages the one that is shown is one.
    fn n(&self) -> usize {
        self.audited.audit.as_ref().map_or(0, |about| about.n)
    }
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| {
        let study = app.study(&session)?;
        let kept = study.now()?;
        let asked = Question::default();
        let audited = study.answer(&kept, "", || asked.ask(&kept.opened.material, &Handle::default()))?;
        // Another draw takes another seed, so that it is another sample.
        let seed = audited.audit.as_ref().map_or(1, |about| about.seed.saturating_add(1));
        let frame = Frame::of(&kept, &session, "/review", "Audit");
        show(&Page { frame, audited, draw: Draw { seed, ..Draw::default() } })
    })
    .await
}

pub(super) async fn draw(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Result<Response, Failure> {
    perform((state, session, headers), Some("/audit".to_owned()), move |study| {
        let asked: Draw = nomoscope_engine::address::question(&pairs, &Draw::default())?;
        let kept = study.now()?;
        let material = &kept.opened.material;
        let drawn = asked.ask(material, &Handle::default())?;
        Ok(Act::DrawAudit {
            sample: Sample {
                seed: asked.seed,
                level: asked.level.name().to_owned(),
                population: drawn.population,
                codebook: material.codebook_hash.clone(),
                passages: drawn.passages,
            },
        })
    })
    .await
}

/// Says of a passage that it was read; each field `missing` is a concept that is there.
pub(super) async fn read(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Result<Response, Failure> {
    let passage = field(&pairs, "passage").ok_or(Failure::NotFound)?.to_owned();
    let (missing, some) = (all(&pairs, "missing"), field(&pairs, "said") == Some("some"));
    if some == missing.is_empty() {
        let words = if some { "Choose what is missing." } else { "Something is chosen as missing: say that it is." };
        return Err(Failure::bad(words));
    }
    perform((state, session, headers), Some("/audit".to_owned()), |_| Ok(Act::Audit { passage, missing })).await
}
