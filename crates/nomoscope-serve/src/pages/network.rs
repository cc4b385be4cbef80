//! Who says what: discourse networks of actors and concepts.

use super::question::{self, Field, Input, Kind, Visit};
use crate::app::{App, Session};
use crate::ask::Pairs;
use crate::failure::Failure;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use nomoscope_engine::network::question::Question;
use std::sync::Arc;

const KIND: Kind = Kind {
    here: "/network",
    title: "Network",
    fields: &[
        Field { name: "mode", label: "Nodes: actors, concepts, two-mode", input: Input::Words },
        Field { name: "actor", label: "Whose a source is", input: Input::Attribute },
        Field { name: "aggregate", label: "Stances: ignore, congruence, conflict, subtract", input: Input::Words },
        Field { name: "normalise", label: "Divided by: no, average, jaccard, cosine", input: Input::Words },
        Field { name: "duplicates", label: "Left out once said: include, document, year", input: Input::Words },
        Field { name: "time", label: "A network for each: years, months", input: Input::Words },
        Field { name: "width", label: "Units of time in a window", input: Input::Number },
    ],
    open: 2,
};

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Query(pairs): Query<Pairs>,
) -> Result<Response, Failure> {
    let visit = Visit { app: &app, session: &session, pairs: &pairs };
    question::page(visit, KIND, Question::ask).await
}

pub(super) async fn file(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Path(name): Path<String>,
    Query(pairs): Query<Pairs>,
) -> Result<Response, Failure> {
    let visit = Visit { app: &app, session: &session, pairs: &pairs };
    question::file(visit, KIND, name, Question::ask).await
}
