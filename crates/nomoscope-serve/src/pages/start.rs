//! The door, and the page where a study is made or opened.

use super::passphrase::taken;
use crate::app::{App, Session, coder_name};
use crate::failure::Failure;
use crate::frame::{Frame, page};
use crate::strings::phrase;
use crate::{link, strings};
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use nomoscope_desk::keeper::Keeper;
use nomoscope_desk::passphrase;
use nomoscope_desk::study::make;
use nomoscope_engine::address::{Pairs, field};
use nomoscope_engine::bundled::{self, TEMPLATES};
use serde::Deserialize;
use std::sync::Arc;

/// Lets in who shows the token. The way on is a page of its own: after a redirect from elsewhere a browser would keep the
/// cookie back.
pub(super) async fn enter(State(app): State<Arc<App>>, Path(token): Path<String>) -> Response {
    let Some(session) = app.enter(&token) else {
        return (StatusCode::FORBIDDEN, "this is not the address that the program printed").into_response();
    };
    let cookie = format!("{}={}; HttpOnly; SameSite=Strict; Path=/", app.cookie, session.id);
    let body = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0;url=/\"><link rel=\"icon\" href=\"/static/icon.svg\"><title>Nomoscope</title><p><a href=\"/\">To the workbench</a></p></html>";
    ([(header::SET_COOKIE, cookie)], Html(body)).into_response()
}

pub(super) async fn home(State(app): State<Arc<App>>) -> Redirect {
    link::to(if app.has_study() { "/sources" } else { "/start" })
}

#[derive(Template)]
#[template(path = "start.html")]
struct Page {
    frame: Frame,
    found: Vec<String>,
    templates: Vec<(&'static str, &'static str)>,
}

pub(super) async fn start(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| {
        let frame = Frame::perhaps(app, &session, "/start", "Studies");
        let found = make::studies_in(&app.options.home);
        let templates = TEMPLATES.iter().map(|t| (t.name, t.about)).collect();
        page(&Page { frame, found, templates })
    })
    .await
}

/// Opens a study of the folder, or makes one: from a template, as one file or as a folder.
pub(super) async fn choose(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Form(mut pairs): Form<Pairs>,
) -> Result<Response, Failure> {
    let secret = pairs.iter().any(|(name, _)| name == "passphrase").then(|| taken(&mut pairs, "passphrase"));
    app.work(move |app| {
        let name = match (field(&pairs, "open"), field(&pairs, "name")) {
            (Some(open), _) => open.trim().to_owned(),
            (None, Some(name)) => new(app, name.trim(), &pairs)?,
            (None, None) => return Err(Failure::bad("Choose a study, or name a new one.")),
        };
        if !make::is_plain_name(&name) {
            return Err(Failure::bad(phrase("“{}” is no name of a study.", &[&name])));
        }
        let at = app.options.home.join(&name);
        let mut wrong = Vec::new();
        if let Some(secret) = secret
            && let Err(error) = passphrase::unlock(&at, secret)
        {
            wrong = Failure::from(error).lines();
        }
        // Asked for here: whoever started the program may sit elsewhere.
        if passphrase::is_locked(&at) {
            let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            let frame = Frame::perhaps(app, &session, "/start", "Studies");
            return Ok((status, page(&Unlock { frame, name, wrong })?).into_response());
        }
        app.open(Some(Keeper::open(&at)?));
        Ok(link::to("/sources").into_response())
    })
    .await
}

/// A study that opens with its passphrase alone.
#[derive(Template)]
#[template(path = "unlock.html")]
struct Unlock {
    frame: Frame,
    name: String,
    wrong: Vec<String>,
}

fn new(app: &App, name: &str, pairs: &Pairs) -> Result<String, Failure> {
    let name = match field(pairs, "file") {
        Some(_) if !name.to_lowercase().ends_with(".nomo") => format!("{name}.nomo"),
        _ => name.to_owned(),
    };
    if !make::is_plain_name(&name) {
        return Err(Failure::bad(phrase(
            "“{}” cannot be the name of a study: take letters, digits and hyphens.",
            &[&name],
        )));
    }
    let known = |t: &&str| TEMPLATES.iter().any(|known| known.name == *t);
    let template = field(pairs, "template").filter(known).unwrap_or("blank");
    let at = app.options.home.join(&name);
    if at.exists() {
        return Err(Failure::bad(phrase("“{}” is there already. Choose another name.", &[&name])));
    }
    match bundled::files(template).and_then(|mut files| files.remove("codebook.toml")).filter(|_| template == "blank") {
        // Whoever codes by reading makes concepts on the way: a focus on the example would open the map on what stands in no text.
        Some(codebook) => make::from_files(&bundled::blank_with(codebook, ""), &at, None)?,
        None => make::from_template(template, &at)?,
    };
    Ok(name)
}

/// Who sits here, and in which language.
#[derive(Debug, Deserialize)]
pub(super) struct Settled {
    coder: Option<String>,
    language: Option<String>,
    back: Option<String>,
}

pub(super) async fn settle(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Form(given): Form<Settled>,
) -> Result<Redirect, Failure> {
    let coder = given
        .coder
        .as_deref()
        .map(|name| coder_name(name).ok_or_else(|| Failure::bad("A name has 1 to 60 characters, and no comma.")));
    let language = given.language.as_deref().and_then(strings::tag);
    app.settle(&session.id, coder.transpose()?.as_deref(), language);
    Ok(link::to(&link::back(given.back.as_deref())))
}
