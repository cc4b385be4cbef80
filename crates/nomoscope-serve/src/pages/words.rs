//! Words to begin from: frequent ones, those that set groups apart, and those near a concept.

use super::question::{self, Field, Input, Kind, Visit};
use crate::app::{App, Session};
use crate::ask::Pairs;
use crate::failure::Failure;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use nomoscope_engine::terms::question::Question;
use std::sync::Arc;

const KIND: Kind = Kind {
    here: "/words",
    title: "Words",
    fields: &[
        Field { name: "by", label: "Groups by", input: Input::Attribute },
        Field { name: "ngrams", label: "Words of a phrase", input: Input::Number },
        Field { name: "near", label: "Near the concept", input: Input::Concept },
        Field { name: "width", label: "How many words are near", input: Input::Number },
        Field { name: "least", label: "Least number", input: Input::Number },
        Field { name: "stop_words", label: "Words that say little alone, too", input: Input::Check },
    ],
    open: 3,
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
