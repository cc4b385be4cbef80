//! The concepts of the codebook, for the palette.

use crate::app::{App, Session};
use crate::failure::Failure;
use axum::extract::State;
use axum::{Extension, Json};
use serde_json::{Value, json};
use std::sync::Arc;

/// How many concepts that somebody used last stand first.
const RECENT: usize = 5;

pub(super) async fn list(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
) -> Result<Json<Value>, Failure> {
    app.work(move |app| {
        let kept = app.study(&session)?.now()?;
        let material = &kept.opened.material;
        let mine = material.study.codings.iter().filter(|c| c.coder == session.coder);
        let mut used: Vec<(&str, &str)> = mine.map(|c| (c.created.as_str(), c.concept.as_str())).collect();
        used.sort_unstable_by(|a, b| b.cmp(a));
        let mut recent: Vec<&str> = Vec::new();
        for (_, concept) in used {
            if recent.len() < RECENT && !recent.contains(&concept) {
                recent.push(concept);
            }
        }
        let concepts = material.codebook.concepts().iter().map(|c| {
            json!({
                "id": c.id, "label": c.label_in(session.language), "labels": c.label.values().collect::<Vec<_>>(),
                "role": c.roles.first().map(|r| r.name()),
            })
        });
        Ok(Json(json!({ "recent": recent, "concepts": concepts.collect::<Vec<_>>() })))
    })
    .await
}
