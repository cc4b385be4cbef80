//! Who couples, holds and names what others do not.

use super::question::{self, Field, Input, Kind, Visit};
use crate::app::{App, Session};
use crate::ask::Pairs;
use crate::failure::Failure;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use nomoscope_engine::compare::question::Question;
use std::sync::Arc;

const KIND: Kind = Kind {
    here: "/compare",
    title: "Compare",
    fields: &[
        Field { name: "by", label: "Groups by", input: Input::Attribute },
        Field { name: "groups", label: "Only two groups (a,b)", input: Input::Words },
        Field { name: "map.focus", label: "Focus", input: Input::Concept },
        Field { name: "map.window", label: "Window", input: Input::Level },
        Field { name: "actor", label: "Whose a source is", input: Input::Attribute },
        Field { name: "definition", label: "Definition adopted", input: Input::Attribute },
        Field { name: "permutations", label: "Permutations", input: Input::Number },
        Field { name: "map.bootstrap", label: "Bootstrap draws", input: Input::Number },
        Field { name: "map.min_or", label: "Least odds ratio of the backbone", input: Input::Number },
        Field { name: "map.seed", label: "Seed", input: Input::Number },
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
