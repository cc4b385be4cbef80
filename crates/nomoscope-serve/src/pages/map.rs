//! The map of the norm cluster, and the passages behind its parts.

use super::question::{self, Field, Found, Input, Kind, Visit};
use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use crate::link;
use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use nomoscope_engine::address::{Pairs, encoded, field};
use nomoscope_engine::map::answer::Analysis;
use nomoscope_engine::map::passages::behind;
use nomoscope_engine::map::question::Question;
use nomoscope_engine::words::quotation;
use std::sync::Arc;

/// Passages on a page.
const PASSAGES: usize = 100;

pub(super) static KIND: Kind<Question, Analysis> = Kind {
    here: "/map",
    title: "Map",
    fields: &[
        Field { name: "focus", label: "Focus", input: Input::Concept },
        Field { name: "window", label: "Window", input: Input::Level },
        Field { name: "min_or", label: "Least odds ratio of the backbone", input: Input::Number },
        Field { name: "bootstrap", label: "Bootstrap draws", input: Input::Number },
        Field { name: "inherit", label: "Operative units inherit from the preamble", input: Input::Check },
        Field { name: "strata", label: "Strata", input: Input::Attribute },
        Field { name: "seed", label: "Seed", input: Input::Number },
    ],
    open: 2,
    ask: Question::ask,
    more: &[],
};

#[derive(Template)]
#[template(path = "passages.html")]
struct Passages {
    frame: Frame,
    title: String,
    back: String,
    passages: Vec<Passage>,
    n: usize,
}

struct Passage {
    link: String,
    title: String,
    label: String,
    language: String,
    quote: String,
}

/// Shows the passages behind a concept, a statement or a coupling.
pub(super) async fn passages(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Query(pairs): Query<Pairs>,
) -> Result<Response, Failure> {
    let visit = Visit { app: &app, session: &session, pairs: &pairs };
    let asked = match question::find(&visit, &KIND).await? {
        Found::Working(response) => return Ok(response),
        Found::Answer(asked) => asked,
    };
    let anchor = field(&pairs, "of").unwrap_or_default().to_owned();
    app.work(move |_| {
        let a = &asked.answer;
        let found = behind(a, &anchor, PASSAGES).ok_or(Failure::NotFound)?;
        let passage = |&(source, unit, hit): &(usize, u32, nomoscope_core::text::Span)| {
            let (from, coded) = (&a.corpus.sources[source], &a.corpus.coded[source]);
            let coding = coded.codings.iter().find(|c| c.span == hit && found.concepts.contains(&c.concept));
            let mark = coding.map(|c| format!("{}-{}-{}", hit.start, hit.end, a.id(c.concept)));
            let mark = mark.map(|m| format!("&mark={}", encoded(&m))).unwrap_or_default();
            Passage {
                link: format!("/read?source={}&at={}{mark}#t{}", encoded(&from.path), hit.start, hit.start),
                title: from.title.clone(),
                label: coded.label(unit).to_owned(),
                language: from.language.first().cloned().unwrap_or_default(),
                quote: quotation(&from.document.text, coded.span(unit), hit),
            }
        };
        let passages = found.places.iter().map(passage).collect();
        let page = Passages {
            frame: Frame::of(&asked.kept, &session, "/map", "Passages"),
            title: found.title.clone(),
            back: link::asking("/map", &asked.query),
            n: found.n,
            passages,
        };
        Ok(show(&page)?.into_response())
    })
    .await
}
