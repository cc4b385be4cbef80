//! How far a norm reaches: people left at each stage, people on no list, states that joined. Of the figures that the program
//! brings along, or of a table that is dropped on the page.

use super::question::{Field, Free, Input as Kind, free_file, free_page, refused};
use crate::app::{App, Session};
use crate::failure::Failure;
use crate::files::Given;
use crate::frame::{Frame, page as show};
use crate::link;
use crate::upload::Upload;
use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, Path, Query, State};
use axum::response::{Html, Redirect, Response};
use nomoscope_desk::clock;
use nomoscope_engine::address::{Pairs, field, question};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::questions::{Asked, Subject};
use nomoscope_engine::refusal::Refusal;
use nomoscope_engine::{adoption, attrition, bundled, estimate};
use nomoscope_formats::Input;
use std::sync::{Arc, OnceLock};

/// Asks with what the form and the file say.
type Ask = fn(&Pairs, Option<&Given>) -> Result<Box<dyn Answer>, Refusal>;

/// A question about reach.
struct Asks {
    name: &'static str,
    page: Free,
    answer: Ask,
}

static ASKS: [Asks; 3] = [
    Asks {
        name: "attrition",
        page: Free {
            here: "/reach/attrition",
            title: "How many are left at each stage",
            fields: &[
                Field {
                    name: "mixed",
                    label: "Stages count different things: orders of magnitude only",
                    input: Kind::Check,
                },
                Field {
                    name: "by",
                    label: "Apart for each (year, region)",
                    input: Kind::Proposed(&["year", "region", "subregion", "country"]),
                },
                Field { name: "where", label: "Only rows with (attribute=value)", input: Kind::Words },
                Field { name: "draws", label: "Draws", input: Kind::Number },
            ],
            takes: "A file of stages (TOML) or a table of victims and suspects; without one, the chain of Narminio (2020).",
        },
        answer: attrition_of,
    },
    Asks {
        name: "estimate",
        page: Free {
            here: "/reach/estimate",
            title: "How many are on no list",
            fields: &[
                Field {
                    name: "model",
                    label: "Model: main, stepwise, all, or A*B + C",
                    input: Kind::Proposed(&["bic", "main", "stepwise", "all"]),
                },
                Field { name: "max_order", label: "Lists in the largest dependence", input: Kind::Number },
                Field { name: "bootstrap", label: "Bootstrap draws", input: Kind::Number },
                Field { name: "by", label: "Apart for each (column)", input: Kind::Words },
                Field { name: "count", label: "Column of counts", input: Kind::Words },
            ],
            takes: "A table of lists (csv, xlsx or dta); without one, potential victims in the United Kingdom in 2013.",
        },
        answer: estimate_of,
    },
    Asks {
        name: "adoption",
        page: Free {
            here: "/reach/adoption",
            title: "Which states joined, and what they did then",
            fields: &[
                Field { name: "of", label: "Treaty", input: Kind::One(treaties, 0) },
                Field { name: "until", label: "Until the year", input: Kind::Number },
            ],
            takes: "A table of states and dates; without one, the Palermo Protocol and its neighbours.",
        },
        answer: adoption_of,
    },
];

fn attrition_of(pairs: &Pairs, file: Option<&Given>) -> Result<Box<dyn Answer>, Refusal> {
    // The chain that is brought along counts different things, and says so.
    let default = attrition::question::Question { mixed: file.is_none(), ..attrition::question::Question::default() };
    let input = file.map(|f| Input { name: &f.name, bytes: &f.bytes });
    Ok(Box::new(question(pairs, &default)?.ask(input.as_ref(), &Handle::default())?))
}

fn estimate_of(pairs: &Pairs, file: Option<&Given>) -> Result<Box<dyn Answer>, Refusal> {
    let asked = question(pairs, &estimate::question::Question::default())?;
    let brought = Input { name: "uk-2013.csv", bytes: bundled::LISTS };
    let input = file.map_or(brought, |f| Input { name: &f.name, bytes: &f.bytes });
    Ok(Box::new(asked.ask(&input, &Handle::default())?))
}

fn adoption_of(pairs: &Pairs, file: Option<&Given>) -> Result<Box<dyn Answer>, Refusal> {
    let today = file.map(|_| clock::today());
    let default = adoption::question::Question { today, ..adoption::question::Question::default() };
    let files: Vec<Input<'_>> = file.map(|f| Input { name: &f.name, bytes: &f.bytes }).into_iter().collect();
    question(pairs, &default)?.asked(Subject::Files(&files), &Handle::default())
}

/// Returns the treaties whose tables the program brings along; none where a table was dropped, which has its own.
fn treaties(pairs: &Pairs) -> Vec<(String, String)> {
    static KNOWN: OnceLock<Vec<String>> = OnceLock::new();
    let read = || {
        let found = adoption::question::Question::default().ask(&[], &Handle::default());
        found.map(|found| found.treaties.into_iter().map(|t| t.treaty.name).collect()).unwrap_or_default()
    };
    if field(pairs, "file").is_some() {
        return Vec::new();
    }
    KNOWN.get_or_init(read).iter().map(|name| (name.clone(), name.clone())).collect()
}

fn asks(name: &str) -> Result<&'static Asks, Failure> {
    ASKS.iter().find(|asks| asks.name == name).ok_or(Failure::NotFound)
}

fn given(app: &App, pairs: &Pairs) -> Result<Option<Arc<Given>>, Failure> {
    let Some(id) = field(pairs, "file") else { return Ok(None) };
    let gone = || Failure::bad("The file that was dropped is not kept any more: drop it again.");
    app.files.get(id).map(Some).ok_or_else(gone)
}

#[derive(Template)]
#[template(path = "reach.html")]
struct Page {
    frame: Frame,
    asks: Vec<(&'static str, &'static str, &'static str)>,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| {
        let asks = ASKS.iter().map(|a| (a.page.here, a.page.title, a.page.takes)).collect();
        show(&Page { frame: Frame::perhaps(app, &session, "/reach", "Reach"), asks })
    })
    .await
}

pub(super) async fn answer(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Path(name): Path<String>,
    Query(pairs): Query<Pairs>,
) -> Result<Response, Failure> {
    app.work(move |app| {
        let (stem, file) = name.split_once('~').map_or((name.as_str(), None), |(stem, file)| (stem, Some(file)));
        let asks = asks(stem)?;
        let kept = given(app, &pairs);
        let found = kept.and_then(|kept| {
            let answer = (asks.answer)(&pairs, kept.as_deref());
            Ok((answer.map_err(|refusal| refused(&asks.page, &session, refusal))?, kept))
        });
        match (file, found) {
            (Some(file), Ok((answer, _))) => free_file(&*answer, file),
            (Some(_), Err(failure)) => Err(failure),
            (None, Ok((answer, kept))) => {
                let name = kept.map(|k| k.name.clone());
                free_page(app, &session, &pairs, &asks.page, Ok(&*answer), name)
            }
            (None, Err(Failure::Bad(lines) | Failure::Refused(lines))) => {
                free_page(app, &session, &pairs, &asks.page, Err(lines), None)
            }
            (None, Err(failure)) => Err(failure),
        }
    })
    .await
}

/// Takes a table; the question is then asked of it.
pub(super) async fn take(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    parts: Multipart,
) -> Result<Redirect, Failure> {
    let asks = asks(&name)?;
    let (name, bytes) = Upload::of(parts).await?.one()?;
    let id = app.files.keep(&name, bytes);
    Ok(link::to(&format!("{}?file={id}", asks.page.here)))
}
