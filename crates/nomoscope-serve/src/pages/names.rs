//! Names that tell who somebody is: proposed, decided by a person, replaced by pseudonyms.

use super::passphrase::taken;
use super::question::download;
use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use crate::upload::Upload;
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Multipart, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
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

/// What the key and the list of names are called while they are kept.
const KEY: &str = "names.key";
const LIST: &str = "names";
const EARLIER: &str = "names of the key before";

#[derive(Template)]
#[template(path = "names.html")]
struct Page {
    frame: Frame,
    proposals: Vec<Proposal>,
    /// How many there are.
    n: usize,
    fewest: usize,
    /// What was written below the list.
    more: String,
    /// The key that is to be saved, and the names that are then replaced, by which they are found.
    ready: Option<Ready>,
    /// The names of an earlier round's key, by which they are found, and how many they are.
    earlier: Option<(String, usize)>,
    /// The key of what was replaced.
    key: Option<String>,
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
    app.work(move |app| show(&proposed(app, &session, None)?)).await
}

/// Opens the key of an earlier round: who has a pseudonym keeps it, and the next key holds all of them.
pub(super) async fn earlier(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    parts: Multipart,
) -> Result<Response, Failure> {
    let mut upload = Upload::of(parts).await?;
    let phrase = Secret::new(upload.fields.remove("passphrase").unwrap_or_default());
    app.work(move |app| {
        let opened = upload.one().and_then(|(name, bytes)| Ok(Key::open(&name, &bytes, &phrase)?));
        let list = opened.and_then(|key| serde_json::to_vec(&key.names).map_err(|_| Failure::Broken));
        match list {
            Ok(list) => {
                let id = app.files.keep_secret(EARLIER, list);
                Ok(show(&proposed(app, &session, Some(&id))?)?.into_response())
            }
            Err(Failure::Bad(wrong)) => {
                let page = proposed(app, &session, None)?;
                Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&Page { wrong, ..page })?).into_response())
            }
            Err(other) => Err(other),
        }
    })
    .await
}

/// Returns the names of an earlier round's key, which this program keeps.
fn earlier_names(app: &App, id: &str) -> Result<BTreeMap<String, String>, Failure> {
    let gone = || Failure::bad("The names of the earlier key are not kept any more: open it again.");
    let file = app.files.secret(id).filter(|file| file.name == EARLIER).ok_or_else(gone)?;
    serde_json::from_slice(&file.bytes).map_err(|_| gone())
}

fn proposed(app: &App, session: &Session, earlier: Option<&str>) -> Result<Page, Failure> {
    let kept = app.study(session)?.now()?;
    let sources = &kept.opened.material.study.sources;
    let texts: Vec<(&str, &str)> = sources.iter().map(|s| (s.path.as_str(), s.document.text.as_str())).collect();
    let known = earlier.map(|id| earlier_names(app, id)).transpose()?.unwrap_or_default();
    let earlier = earlier.map(|id| (id.to_owned(), known.len()));
    let mut proposals = names::propose(&texts, &known);
    let n = proposals.len();
    proposals.truncate(MOST);
    let frame = Frame::of(&kept, session, "/settings", "Names");
    let (more, said, wrong) = (String::new(), Vec::new(), Vec::new());
    Ok(Page { frame, proposals, n, fewest: FEWEST, more, ready: None, earlier, key: None, said, wrong })
}

/// Puts what somebody decided in the place of what is proposed.
fn as_decided(page: &mut Page, pairs: &Pairs) {
    let numbers = pairs.iter().filter_map(|(name, words)| Some((name.strip_prefix("found.")?, words.as_str())));
    let shown: BTreeMap<&str, &str> = numbers.map(|(number, words)| (words, number)).collect();
    for proposal in &mut page.proposals {
        if let Some(number) = shown.get(proposal.found.as_str()) {
            proposal.is_sure = field(pairs, &format!("use.{number}")).is_some();
            proposal.replacement = field(pairs, &format!("put.{number}")).unwrap_or_default().to_owned();
        }
    }
    page.more = field(pairs, "more").unwrap_or_default().to_owned();
}

/// Seals the key of what was decided; nothing is replaced before it could be saved.
pub(super) async fn key(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Form(mut pairs): Form<Pairs>,
) -> Result<Response, Failure> {
    let phrases = ["passphrase", "again"].map(|name| taken(&mut pairs, name));
    app.work(move |app| {
        let mut page = proposed(app, &session, field(&pairs, "earlier"))?;
        match sealed(app, &pairs, phrases) {
            Ok(ready) => Ok(show(&Page { proposals: Vec::new(), ready: Some(ready), ..page })?.into_response()),
            Err(Failure::Bad(wrong)) => {
                as_decided(&mut page, &pairs);
                Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&Page { wrong, ..page })?).into_response())
            }
            Err(other) => Err(other),
        }
    })
    .await
}

fn sealed(app: &App, pairs: &Pairs, [first, again]: [Secret; 2]) -> Result<Ready, Failure> {
    let names = decided(pairs)?;
    if first != again {
        return Err(Failure::bad("The two passphrases are not the same."));
    }
    let mut key = Key::new(&first)?;
    let (list, n) = (serde_json::to_vec(&names).map_err(|_| Failure::Broken)?, names.len());
    key.names = field(pairs, "earlier").map(|id| earlier_names(app, id)).transpose()?.unwrap_or_default();
    key.names.extend(names);
    let (names, key) = (app.files.keep_secret(LIST, list), app.files.keep_secret(KEY, key.sealed()?));
    Ok(Ready { key, names, n })
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
    let file = field(&pairs, "file").and_then(|id| app.files.secret(id)).filter(|file| file.name == KEY);
    let file = file.ok_or(Failure::NotFound)?;
    file.fetch();
    Ok(download(KEY, "application/octet-stream", file.bytes.clone()))
}

/// Replaces the names.
pub(super) async fn replace(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Form(pairs): Form<Pairs>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| {
        let gone = || Failure::bad("The list of names is not kept any more: decide again.");
        let of = |name: &str, kept: &str| {
            let id = field(&pairs, name).unwrap_or_default().to_owned();
            app.files.secret(&id).filter(|file| file.name == kept).map(|file| (id, file)).ok_or_else(gone)
        };
        let ((list, names), (id, key)) = (of("names", LIST)?, of("key", KEY)?);
        if !key.is_fetched() {
            return Err(Failure::bad("Save the key first: without it nobody finds the way back."));
        }
        let names: BTreeMap<String, String> = serde_json::from_slice(&names.bytes).map_err(|_| gone())?;
        let done = app.study(&session)?.apply(&Act::Pseudonymise { names: names.into_iter().collect() })?;
        app.files.forget(&list);
        let rewritten = done.rewritten.unwrap_or_default();
        let mut said = vec![format!(
            "Replaced {} in {}. Earlier changes cannot be undone any more; copies and exports are as they were.",
            counted(rewritten.places, "place", "places"),
            counted(rewritten.sources, "source", "sources")
        )];
        said.extend(rewritten.notes.iter().chain(&done.notes).map(Problem::to_string));
        show(&Page { said, key: Some(id), ..proposed(app, &session, None)? })
    })
    .await
}
