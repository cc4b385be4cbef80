//! When the cluster changed, and who said what first.

use super::question::{self, Field, Input, Kind, Visit};
use crate::app::{App, Session};
use crate::ask::Pairs;
use crate::failure::Failure;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use nomoscope_engine::trend::question::Question;
use std::sync::Arc;

const KIND: Kind = Kind {
    here: "/trend",
    title: "Trend",
    fields: &[
        Field { name: "every", label: "Periods of (10y)", input: Input::Words },
        Field { name: "periods", label: "Or these periods (1920-1949, 1950-)", input: Input::Words },
        Field { name: "focus", label: "Focus", input: Input::Concept },
        Field { name: "window", label: "Window", input: Input::Level },
        Field { name: "bootstrap", label: "Bootstrap draws", input: Input::Number },
        Field { name: "permutations", label: "Permutations", input: Input::Number },
        Field { name: "min_or", label: "Least odds ratio of the backbone", input: Input::Number },
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
