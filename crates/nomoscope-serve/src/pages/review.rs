//! How good what the lexicon finds is, and what nobody has looked at.

use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Html;
use nomoscope_desk::keeper::Kept;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::audit;
use nomoscope_engine::audit::answer::Audited;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::review::answer::{Judged, Review};
use nomoscope_engine::review::{question::Question, words};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "review.html")]
struct Page {
    frame: Frame,
    kept: Kept,
    review: Arc<Review>,
    audited: Arc<Audited>,
}

impl Page {
    fn lead(&self) -> String {
        self.review.lead()
    }

    fn cautions(&self) -> Vec<String> {
        self.review.cautions()
    }

    fn precision(&self, judged: &Judged) -> Option<String> {
        words::precision(judged)
    }

    /// How much of a concept the lexicon finds, where an audit tells.
    fn recall(&self, judged: &Judged) -> Option<String> {
        let found = self.audited.concepts.iter().find(|f| f.id == judged.id)?;
        found.recall.is_some().then(|| audit::words::recall(found))
    }

    fn label<'j>(&'j self, judged: &'j Judged) -> &'j str {
        let codebook = &self.kept.opened.material.codebook;
        codebook.find(&judged.id).map_or(&judged.label, |ix| codebook.get(ix).label_in(self.frame.language))
    }

    fn role(&self, judged: &Judged) -> &'static str {
        judged.roles.first().map_or("none", |r| r.name())
    }
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| {
        let study = app.study(&session)?;
        let kept = study.now()?;
        let asked = Question::default();
        let review = study.answer(&kept, "all", || asked.ask(&kept.opened.material, &Handle::default()))?;
        let asked = audit::question::Question::default();
        let audited = study.answer(&kept, "", || asked.ask(&kept.opened.material, &Handle::default()))?;
        show(&Page { frame: Frame::of(&kept, &session, "/review", "Review"), kept, review, audited })
    })
    .await
}
