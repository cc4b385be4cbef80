//! Whether the study is sound, what is wrong with it, and what of that the program can put right.

use crate::app::{App, Session};
use crate::failure::{Failure, in_words};
use crate::frame::{Frame, page as show};
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Html;
use nomoscope_desk::doctor::Examined;
use nomoscope_desk::study::Problem;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "doctor.html")]
struct Page {
    frame: Frame,
    found: Examined,
    /// What was put right just now; none where nobody asked for it.
    repaired: Option<Vec<Problem>>,
}

impl Page {
    /// Lines of a problem: what is wrong, and what to do about it.
    fn told(&self, problem: &Problem) -> String {
        in_words(problem)
    }
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| render(app, &session, None)).await
}

/// Puts right what an interruption left.
pub(super) async fn repair(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| {
        let repaired = app.study(&session)?.repair()?;
        render(app, &session, Some(repaired))
    })
    .await
}

fn render(app: &App, session: &Session, repaired: Option<Vec<Problem>>) -> Result<Html<String>, Failure> {
    let found = app.study(session)?.look_over()?;
    // A study that cannot be read has no frame of its own, and needs this page most.
    show(&Page { frame: Frame::perhaps(app, session, "/doctor", "Is the study sound?"), found, repaired })
}
