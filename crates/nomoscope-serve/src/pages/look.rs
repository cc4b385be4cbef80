//! A first look at texts that are no study yet, nor become one: they are kept on no disk.

use crate::app::{App, Session};
use crate::failure::{Failure, in_words};
use crate::frame::{Frame, page as show};
use crate::pages::report::POLICY;
use crate::upload::Upload;
use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use nomoscope_desk::study::{FOLDER, StudyError, read_loose_bytes};
use nomoscope_desk::{clock, load};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::bundled;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::look::question::Question;
use nomoscope_engine::material::Selection;
use nomoscope_engine::record::{Program, Record};
use nomoscope_engine::words::counted;
use nomoscope_formats::FORMATS;
use nomoscope_page::look::{Head, page as written};
use std::sync::Arc;

/// What the page of a look is called while it is kept.
const LOOK: &str = "look.html";

#[derive(Template)]
#[template(path = "look.html")]
struct Page {
    frame: Frame,
    codebooks: Vec<&'static str>,
    endings: String,
    found: Option<Found>,
    wrong: Vec<String>,
}

/// What was found, and the page that tells all of it.
struct Found {
    lead: String,
    cautions: Vec<String>,
    left_out: Vec<(String, String)>,
    page: String,
}

fn empty(app: &App, session: &Session) -> Page {
    let endings = FORMATS.iter().flat_map(|format| format.extensions).map(|ending| format!(".{ending}"));
    Page {
        frame: Frame::perhaps(app, session, "/start", "Look at texts"),
        codebooks: bundled::codebooks().collect(),
        endings: endings.collect::<Vec<_>>().join(", "),
        found: None,
        wrong: Vec::new(),
    }
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| show(&empty(app, &session))).await
}

/// Looks at the texts that come with the form.
pub(super) async fn take(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    parts: Multipart,
) -> Result<Response, Failure> {
    let upload = Upload::of(parts).await?;
    app.work(move |app| {
        let page = empty(app, &session);
        match looked(app, upload) {
            Ok(found) => Ok(show(&Page { found: Some(found), ..page })?.into_response()),
            Err(Failure::Bad(wrong) | Failure::Refused(wrong)) => {
                Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&Page { wrong, ..page })?).into_response())
            }
            Err(failure) => Err(failure),
        }
    })
    .await
}

fn looked(app: &App, mut upload: Upload) -> Result<Found, Failure> {
    let (by, name) = (upload.fields.remove("by"), upload.fields.remove("codebook").unwrap_or_default());
    let loose = read_loose_bytes(&upload.some()?, &load::readers()).map_err(StudyError::from)?;
    let n = loose.study.sources.len();
    let bytes = bundled::codebook(&name);
    let codebook = bytes.as_deref().map(|bytes| (name.as_str(), bytes));
    let material = load::loose(loose.study, loose.hashes, codebook)?;
    let question = Question { by };
    let left_out = loose.left_out.iter().map(|p| (p.file.clone(), p.reason.plain())).collect();
    let answer = question.ask(&material, (FOLDER, left_out), &Handle::default())?;
    let program = Program { version: app.options.version.clone(), date: clock::today() };
    let record = Record::new(&question, &Selection::default(), &material, &program);
    let head = Head {
        title: &format!("A first look at {}", counted(n, "text", "texts")),
        date: &record.date,
        run: &serde_json::to_string_pretty(&record).map_err(|_| Failure::Broken)?,
        program: &format!("nomoscope {}", app.options.version),
    };
    let page = app.files.keep_secret(LOOK, written(&answer, &head).into_bytes());
    let left_out = answer.left_out.clone();
    let notes = loose.notes.iter().map(in_words);
    Ok(Found { lead: answer.lead(), cautions: answer.cautions().into_iter().chain(notes).collect(), left_out, page })
}

/// Serves the page of a look.
pub(super) async fn file(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<Response, Failure> {
    let file = app.files.secret(&id).filter(|file| file.name == LOOK).ok_or(Failure::NotFound)?;
    let policy = (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(([policy], Html(file.bytes.clone())).into_response())
}
