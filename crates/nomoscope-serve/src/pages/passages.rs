//! The passages behind a part of an answer: a concept, a statement, a pair of concepts.

use super::question::{self, Found, Kind, Visit};
use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use crate::link;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use nomoscope_core::text::Span;
use nomoscope_engine::address::{Pairs, field};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::record::Named;
use nomoscope_engine::words::quotation;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::any::Any;
use std::sync::Arc;

/// Passages on a page.
const PASSAGES: usize = 100;

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

/// Returns the pages of a question, with one for the passages behind its figures.
pub(super) fn routes<Q, A>(kind: &'static Kind<Q, A>) -> Router<Arc<App>>
where
    Q: Named + DeserializeOwned + Default + Send + 'static,
    A: Answer + Any,
{
    type Asked = (State<Arc<App>>, Extension<Session>);
    let behind = move |(State(app), Extension(session)): Asked, Query(pairs): Query<Pairs>| async move {
        page(Visit { app: &app, session: &session, pairs: &pairs }, kind).await
    };
    question::routes(kind).route(&format!("{}/passages", kind.here), get(behind))
}

/// Shows the passages behind what a link of a figure names.
async fn page<Q, A>(visit: Visit<'_>, kind: &'static Kind<Q, A>) -> Result<Response, Failure>
where
    Q: Serialize + DeserializeOwned + Default + Send + 'static,
    A: Answer + Any,
{
    let asked = match question::find(&visit, kind).await? {
        Found::Working(response) => return Ok(response),
        Found::Answer(asked) => asked,
    };
    let anchor = field(visit.pairs, "of").unwrap_or_default().to_owned();
    let session = visit.session.clone();
    let app = visit.app;
    app.work(move |_| {
        let found = asked.answer.behind(&anchor, PASSAGES).ok_or(Failure::NotFound)?;
        let corpus = asked.answer.read_from().ok_or(Failure::NotFound)?.corpus;
        let passage = |&(source, unit, hit): &(usize, u32, Span)| {
            let (from, coded) = (&corpus.sources[source], &corpus.coded[source]);
            let coding = coded.codings.iter().find(|c| c.span == hit && found.concepts.contains(&c.concept));
            Passage {
                link: coding.map_or_else(
                    || link::read(&from.path, Some(hit.start)),
                    |c| link::coding(&from.path, hit, &corpus.codebook.get(c.concept).id),
                ),
                title: from.title.clone(),
                label: coded.label(unit).to_owned(),
                language: from.language.first().cloned().unwrap_or_default(),
                quote: quotation(&from.document.text, coded.span(unit), hit),
            }
        };
        let passages = found.places.iter().map(passage).collect();
        let page = Passages {
            frame: Frame::of(&asked.kept, &session, kind.here, "Passages"),
            title: found.title.clone(),
            back: link::asking(kind.here, &asked.query),
            n: found.n,
            passages,
        };
        Ok(show(&page)?.into_response())
    })
    .await
}
