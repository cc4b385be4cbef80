//! Help: the keys, the formats, where to begin.

use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Html;
use nomoscope_formats::FORMATS;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "help.html")]
struct Page {
    frame: Frame,
    formats: Vec<(String, &'static str)>,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| {
        let frame = Frame::perhaps(app, &session, "/help", "Help");
        let formats = FORMATS.iter().map(|f| (f.extensions.join(", "), f.description)).collect();
        show(&Page { frame, formats })
    })
    .await
}
