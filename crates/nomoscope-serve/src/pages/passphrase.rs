//! The passphrase of a study file: it gets one, another one, or none. What is typed comes with forms alone and is kept nowhere.

use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use askama::Template;
use axum::Extension;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use nomoscope_desk::keeper::Seat;
use nomoscope_desk::passphrase::Passphrase;
use nomoscope_desk::study::key::{FEWEST, Secret};
use nomoscope_engine::address::{Pairs, field};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "passphrase.html")]
struct Page {
    frame: Frame,
    is_folder: bool,
    is_encrypted: bool,
    fewest: usize,
    said: &'static str,
    wrong: Vec<String>,
}

impl Page {
    fn of(study: &Seat, session: &Session) -> Result<Self, Failure> {
        Ok(Self {
            frame: Frame::of(&study.now()?, session, "/doctor", "Passphrase"),
            is_folder: study.is_folder(),
            is_encrypted: study.is_encrypted(),
            fewest: FEWEST,
            said: "",
            wrong: Vec::new(),
        })
    }
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| show(&Page::of(&app.study(&session)?, &session)?)).await
}

/// Encrypts the study, changes its passphrase, or decrypts it: `do` says which.
pub(super) async fn settle(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Form(mut pairs): Form<Pairs>,
) -> Result<Response, Failure> {
    let [from, to, again] = ["passphrase", "new", "again"].map(|name| taken(&mut pairs, name));
    app.work(move |app| {
        let study = app.study(&session)?;
        let (passphrase, said) = match field(&pairs, "do") {
            Some("encrypt") => (Passphrase::Set(to.clone()), "Encrypted: without the passphrase nobody opens it."),
            Some("change") => {
                (Passphrase::Change { from, to: to.clone() }, "It has another passphrase, and another key with it.")
            }
            Some("decrypt") => (Passphrase::Remove { from }, "Decrypted: whoever has the file can read it now."),
            _ => return Err(Failure::NotFound),
        };
        let done = match passphrase {
            Passphrase::Set(_) | Passphrase::Change { .. } if to != again => {
                Err(Failure::bad("The two new passphrases are not the same."))
            }
            passphrase => study.settle(passphrase).map_err(Failure::from),
        };
        let page = Page::of(&study, &session)?;
        match done {
            Ok(()) => Ok(show(&Page { said, ..page })?.into_response()),
            Err(Failure::Bad(wrong)) => {
                Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&Page { wrong, ..page })?).into_response())
            }
            Err(failure) => Err(failure),
        }
    })
    .await
}

/// Takes a passphrase out of a form, so that no copy of it stays there.
pub(super) fn taken(pairs: &mut Pairs, name: &str) -> Secret {
    let given = pairs.iter_mut().find(|(known, _)| known == name);
    Secret::new(given.map(|(_, words)| std::mem::take(words)).unwrap_or_default())
}
