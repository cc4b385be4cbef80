//! Definitions: a list, one in full, two against each other, many side by side.

use super::question::{Field, Free, Input, free_file, free_page, refused};
use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::{Html, Response};
use nomoscope_core::law::definition::Norm;
use nomoscope_core::law::speech::Speech;
use nomoscope_desk::clock;
use nomoscope_engine::address::{Pairs, field, question};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::law::answer::Listed;
use nomoscope_engine::law::library::{Library, bundled};
use nomoscope_engine::law::question::{Burden, Compare, Fallback, List, Overlap, Show};
use nomoscope_engine::law::words;
use nomoscope_engine::refusal::Refusal;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// Returns the law that the program brings along, read once.
pub(super) fn library() -> Result<Arc<Library>, Failure> {
    static LAW: OnceLock<Option<Arc<Library>>> = OnceLock::new();
    LAW.get_or_init(|| bundled().usable().ok()).clone().ok_or(Failure::Broken)
}

#[derive(Template)]
#[template(path = "law.html")]
struct Page {
    frame: Frame,
    listed: Listed,
    systems: Vec<(String, bool)>,
    families: Vec<(String, bool)>,
    disclaimer: String,
}

impl Page {
    fn norms(&self) -> Vec<&Norm> {
        self.listed.norms().collect()
    }

    fn force(&self, norm: &Norm) -> String {
        norm.valid_from.or(norm.in_force).map_or_else(|| "–".to_owned(), |d| d.to_string())
    }
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Query(pairs): Query<Pairs>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| {
        let library = library()?;
        let asked: List = question(&pairs, &List::default())?;
        let listed = asked.ask(&library, &Handle::default())?;
        let all = &library.law.norms;
        let choice = |of: fn(&Norm) -> &str, name: &str| {
            let values: BTreeSet<&str> = all.iter().map(of).collect();
            let chosen = field(&pairs, name);
            values.into_iter().map(|v| (v.to_owned(), chosen == Some(v))).collect::<Vec<_>>()
        };
        let (systems, families) = (choice(|n| &n.system, "system"), choice(|n| &n.family, "family"));
        let disclaimer = Speech::new(&library.law, session.language).say(words::DISCLAIMER).to_owned();
        let frame = Frame::perhaps(app, &session, "/law", "Law");
        show(&Page { frame, listed, systems, families, disclaimer })
    })
    .await
}

/// How the open end of a list is read.
static OPEN: [(&str, &str); 3] = [
    ("closed", "only what is listed"),
    ("shared", "as one fact that all leave open"),
    ("own", "each as a question of its own"),
];

fn norms(_: &Pairs) -> Vec<(String, String)> {
    let of = |library: Arc<Library>| library.law.norms.iter().map(|n| (n.id.clone(), named(n))).collect();
    library().map(of).unwrap_or_default()
}

fn named(norm: &Norm) -> String {
    format!("{} ({})", norm.short, norm.id)
}

fn families(_: &Pairs) -> Vec<(String, String)> {
    let of = |library: Arc<Library>| library.law.norms.iter().map(|n| n.family.clone()).collect::<BTreeSet<_>>();
    library().map(of).unwrap_or_default().into_iter().map(|family| (family.clone(), family)).collect()
}

/// The elements of the norm that is chosen.
fn elements(pairs: &Pairs) -> Vec<(String, String)> {
    let Ok(library) = library() else { return Vec::new() };
    let norm = library.law.norms.iter().find(|n| Some(n.id.as_str()) == field(pairs, "norm"));
    let of = |norm: &Norm| (0..).zip(&norm.elements).map(|(i, e)| (e.id.clone(), words::element(norm, i))).collect();
    norm.map(of).unwrap_or_default()
}

static SHOW: Free = Free {
    here: "/law/show",
    title: "A definition",
    fields: &[Field { name: "norms", label: "Norm", input: Input::One(norms, 0) }],
    takes: "",
};
static COMPARE: Free = Free {
    here: "/law/compare",
    title: "Definitions compared",
    fields: &[
        Field { name: "norms", label: "Norm", input: Input::One(norms, 0) },
        Field { name: "norms", label: "against this one", input: Input::One(norms, 1) },
        Field { name: "open", label: "Open lists are read", input: Input::Choice(&OPEN) },
        Field { name: "all", label: "Against all norms, not only those of the family", input: Input::Check },
        Field { name: "interpretation", label: "Facts follow by interpretation, too", input: Input::Check },
    ],
    takes: "",
};
static OVERLAP: Free = Free {
    here: "/law/overlap",
    title: "Definitions side by side",
    fields: &[
        Field { name: "family", label: "Family", input: Input::One(families, 0) },
        Field { name: "norms", label: "Only these norms", input: Input::Some(norms) },
        Field { name: "open", label: "Open lists are read", input: Input::Choice(&OPEN) },
    ],
    takes: "",
};
static BURDEN: Free = Free {
    here: "/law/burden",
    title: "What has to be proved",
    fields: &[Field { name: "norms", label: "Only these norms", input: Input::Some(norms) }],
    takes: "",
};
static FALLBACK: Free = Free {
    here: "/law/fallback",
    title: "What remains when an element cannot be proved",
    fields: &[
        Field { name: "norm", label: "Norm", input: Input::One(norms, 0) },
        Field { name: "without", label: "Without these elements", input: Input::Some(elements) },
        Field { name: "age", label: "Age", input: Input::Number },
    ],
    takes: "",
};

/// Norms are written with spaces or commas between them, or come one a field.
fn apart(pairs: &Pairs) -> Pairs {
    let several = |name: &str| matches!(name, "norms" | "without");
    let parts = |(name, given): &(String, String)| -> Pairs {
        if !several(name) {
            return vec![(name.clone(), given.clone())];
        }
        given.split([' ', ',']).filter(|p| !p.is_empty()).map(|p| (name.clone(), p.to_owned())).collect()
    };
    pairs.iter().flat_map(parts).collect()
}

/// Asks a question about definitions; none where nothing was chosen yet of what it needs.
fn ask(library: &Arc<Library>, name: &str, pairs: &Pairs) -> Result<Option<Box<dyn Answer>>, Refusal> {
    let handle = Handle::default();
    Ok(Some(match name {
        "show" => Box::new(question::<Show>(pairs, &Show::default())?.ask(library, &handle)?),
        "compare" => Box::new(question::<Compare>(pairs, &Compare::default())?.ask(library, &handle)?),
        "overlap" => Box::new(question::<Overlap>(pairs, &Overlap::default())?.ask(library, &handle)?),
        "burden" => Box::new(question::<Burden>(pairs, &Burden::default())?.ask(library, &handle)?),
        _ if field(pairs, "norm").is_none() || field(pairs, "without").is_none() => return Ok(None),
        _ => {
            let default = Fallback { date: Some(clock::today()), ..Fallback::default() };
            Box::new(question::<Fallback>(pairs, &default)?.ask(library, &[], &handle)?)
        }
    }))
}

fn kind(name: &str) -> Result<&'static Free, Failure> {
    [("show", &SHOW), ("compare", &COMPARE), ("overlap", &OVERLAP), ("burden", &BURDEN), ("fallback", &FALLBACK)]
        .into_iter()
        .find(|(known, _)| *known == name)
        .map(|(_, free)| free)
        .ok_or(Failure::NotFound)
}

pub(super) async fn answer(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Path(name): Path<String>,
    Query(pairs): Query<Pairs>,
) -> Result<Response, Failure> {
    app.work(move |app| {
        let (stem, file) = name.split_once('~').map_or((name.as_str(), None), |(stem, file)| (stem, Some(file)));
        let (free, pairs) = (kind(stem)?, apart(&pairs));
        let found = ask(&library()?, stem, &pairs).map_err(|refusal| refused(free, &session, refusal));
        match (found, file) {
            (Ok(Some(answer)), Some(file)) => free_file(&*answer, file),
            (Ok(None), Some(_)) => Err(Failure::NotFound),
            (Ok(Some(answer)), None) => free_page(app, &session, &pairs, free, Ok(&*answer), None),
            (Ok(None), None) => free_page(app, &session, &pairs, free, Err(Vec::new()), None),
            (Err(Failure::Bad(lines) | Failure::Refused(lines)), None) => {
                free_page(app, &session, &pairs, free, Err(lines), None)
            }
            (Err(failure), _) => Err(failure),
        }
    })
    .await
}
