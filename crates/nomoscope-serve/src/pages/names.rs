//! Names that tell who somebody is: proposed, decided by a person, replaced by pseudonyms.

use super::question::download;
use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::response::{Html, Response};
use nomoscope_desk::Act;
use nomoscope_desk::study::Problem;
use nomoscope_desk::study::key::Secret;
use nomoscope_desk::study::key::{FEWEST, Key};
use nomoscope_desk::study::names::{self, Proposal};
use nomoscope_engine::address::{Pairs, field};
use nomoscope_engine::words::counted;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Proposals on the page: more than that are gone through in a spreadsheet.
const MOST: usize = 1_000;

#[derive(Template)]
#[template(path = "names.html")]
struct Page {
    frame: Frame,
    proposals: Vec<Proposal>,
    /// How many there are.
    n: usize,
    fewest: usize,
    /// The key that is to be saved, and the names that are then replaced, by which they are found.
    ready: Option<Ready>,
    said: Vec<String>,
    wrong: Vec<String>,
}

struct Ready {
    key: String,
    names: String,
    n: usize,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| show(&proposed(app, &session)?)).await
}

fn proposed(app: &App, session: &Session) -> Result<Page, Failure> {
    let kept = app.study(session)?.now()?;
    let sources = &kept.opened.material.study.sources;
    let texts: Vec<(&str, &str)> = sources.iter().map(|s| (s.path.as_str(), s.document.text.as_str())).collect();
    let mut proposals = names::propose(&texts, &BTreeMap::new());
    let n = proposals.len();
    proposals.truncate(MOST);
    let frame = Frame::of(&kept, session, "/settings", "Names");
    Ok(Page { frame, proposals, n, fewest: FEWEST, ready: None, said: Vec::new(), wrong: Vec::new() })
}

/// Seals the key of what was decided; nothing is replaced before it could be saved.
pub(super) async fn key(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Form(pairs): Form<Pairs>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| {
        let page = proposed(app, &session)?;
        match sealed(app, &pairs) {
            Ok(ready) => show(&Page { proposals: Vec::new(), ready: Some(ready), ..page }),
            Err(Failure::Bad(wrong)) => show(&Page { wrong, ..page }),
            Err(other) => Err(other),
        }
    })
    .await
}

fn sealed(app: &App, pairs: &Pairs) -> Result<Ready, Failure> {
    let names = decided(pairs)?;
    let [first, again] = ["passphrase", "again"].map(|name| {
        let given = pairs.iter().find(|(known, _)| known == name);
        Secret::new(given.map(|(_, words)| words.clone()).unwrap_or_default())
    });
    if first != again {
        return Err(Failure::bad("The two passphrases are not the same."));
    }
    let mut key = Key::new(&first)?;
    key.names = names;
    let list = serde_json::to_vec(&key.names).map_err(|_| Failure::Broken)?;
    let n = key.names.len();
    Ok(Ready { key: app.files.keep("names.key", key.sealed()?), names: app.files.keep("names", list), n })
}

/// Returns each name that somebody said yes to with its pseudonym, those of the list and those that were written below it.
fn decided(pairs: &Pairs) -> Result<BTreeMap<String, String>, Failure> {
    let (mut names, mut wrong) = (BTreeMap::new(), Vec::new());
    let of = |kind: &str, number: &str| field(pairs, &format!("{kind}.{number}")).unwrap_or_default().to_owned();
    for number in pairs.iter().filter_map(|(name, _)| name.strip_prefix("use.")) {
        names.insert(of("found", number), of("put", number));
    }
    for line in field(pairs, "more").unwrap_or_default().lines().filter(|line| !line.trim().is_empty()) {
        match line.split_once('=') {
            Some((name, put)) => drop(names.insert(name.trim().to_owned(), put.trim().to_owned())),
            None => wrong.push(format!("“{line}”: write a name, =, and its pseudonym.")),
        }
    }
    let empty = names.iter().filter(|(name, put)| name.is_empty() || put.is_empty());
    wrong.extend(empty.map(|(name, put)| format!("“{name}” = “{put}”: a name or its pseudonym is missing.")));
    if names.is_empty() && wrong.is_empty() {
        wrong.push("Nothing is marked to be replaced.".to_owned());
    }
    if wrong.is_empty() { Ok(names) } else { Err(Failure::Bad(wrong)) }
}

/// Serves the key.
pub(super) async fn file(State(app): State<Arc<App>>, Query(pairs): Query<Pairs>) -> Result<Response, Failure> {
    let file = field(&pairs, "file").and_then(|id| app.files.get(id)).ok_or(Failure::NotFound)?;
    if file.name != "names.key" {
        return Err(Failure::NotFound);
    }
    Ok(download("names.key", "application/octet-stream", file.bytes.clone()))
}

/// Replaces the names.
pub(super) async fn replace(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Form(pairs): Form<Pairs>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| {
        let gone = || Failure::bad("The list of names is not kept any more: decide again.");
        let list = field(&pairs, "names").and_then(|id| app.files.get(id)).filter(|f| f.name == "names");
        let names: BTreeMap<String, String> =
            serde_json::from_slice(&list.ok_or_else(gone)?.bytes).map_err(|_| gone())?;
        let done = app.study(&session)?.apply(&Act::Pseudonymise { names: names.into_iter().collect() })?;
        let rewritten = done.rewritten.unwrap_or_default();
        let mut said = vec![format!(
            "Replaced {} in {}. Earlier changes cannot be undone any more; copies and exports are as they were.",
            counted(rewritten.places, "place", "places"),
            counted(rewritten.sources, "source", "sources")
        )];
        said.extend(rewritten.notes.iter().chain(&done.notes).map(Problem::to_string));
        show(&Page { said, ..proposed(app, &session)? })
    })
    .await
}
