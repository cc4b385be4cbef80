//! How far coders agree, and where they differ.

use super::question::{self, Field, Input, Kind, Visit};
use crate::app::{App, Session};
use crate::ask::Pairs;
use crate::failure::Failure;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use nomoscope_engine::agree::question::Question;
use std::sync::Arc;

const KIND: Kind = Kind {
    here: "/agree",
    title: "Agreement",
    fields: &[
        Field { name: "coders", label: "Coders (a, b)", input: Input::Words },
        Field { name: "unit", label: "Unit", input: Input::Level },
        Field { name: "all_read", label: "Everybody read every source", input: Input::Check },
        Field { name: "bootstrap", label: "Bootstrap draws", input: Input::Number },
        Field { name: "seed", label: "Seed", input: Input::Number },
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
