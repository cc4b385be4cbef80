//! Definitions: a list, one in full, two against each other, many side by side.

use super::question::{Field, Free, Input, free_file, free_page};
use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use nomoscope_core::law::definition::Norm;
use nomoscope_desk::clock;
use nomoscope_engine::address::{Pairs, field, question};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::law::answer::Listed;
use nomoscope_engine::law::library::{Library, bundled};
use nomoscope_engine::law::question::{Burden, Compare, Fallback, List, Overlap, Show};
use nomoscope_engine::law::words;
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
    disclaimer: &'static str,
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
        let frame = Frame::perhaps(app, &session, "/law", "Law");
        show(&Page { frame, listed, systems, families, disclaimer: words::DISCLAIMER })
    })
    .await
}

static SHOW: Free = Free {
    here: "/law/show",
    title: "A definition",
    fields: &[Field { name: "norms", label: "Norm", input: Input::Words }],
    takes: "",
};
static COMPARE: Free = Free {
    here: "/law/compare",
    title: "Definitions compared",
    fields: &[
        Field { name: "norms", label: "Norms, one or two (a b)", input: Input::Words },
        Field { name: "open", label: "Open lists are read: closed, shared, own", input: Input::Words },
        Field { name: "all", label: "Against all norms, not only those of the family", input: Input::Check },
        Field { name: "interpretation", label: "Facts follow by interpretation, too", input: Input::Check },
    ],
    takes: "",
};
static OVERLAP: Free = Free {
    here: "/law/overlap",
    title: "Definitions side by side",
    fields: &[
        Field { name: "family", label: "Family", input: Input::Words },
        Field { name: "norms", label: "Norms (a b c)", input: Input::Words },
        Field { name: "open", label: "Open lists are read: closed, shared, own", input: Input::Words },
    ],
    takes: "",
};
static BURDEN: Free = Free {
    here: "/law/burden",
    title: "What has to be proved",
    fields: &[Field { name: "norms", label: "Norms (a b)", input: Input::Words }],
    takes: "",
};
static FALLBACK: Free = Free {
    here: "/law/fallback",
    title: "What remains when an element cannot be proved",
    fields: &[
        Field { name: "norm", label: "Norm", input: Input::Words },
        Field { name: "without", label: "Without (elements)", input: Input::Words },
        Field { name: "age", label: "Age", input: Input::Words },
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

fn ask(name: &str, pairs: &Pairs) -> Result<(&'static Free, Box<dyn Answer>), Failure> {
    let (library, handle, pairs) = (library()?, Handle::default(), apart(pairs));
    Ok(match name {
        "show" => (&SHOW, Box::new(question::<Show>(&pairs, &Show::default())?.ask(&library, &handle)?)),
        "compare" => (&COMPARE, Box::new(question::<Compare>(&pairs, &Compare::default())?.ask(&library, &handle)?)),
        "overlap" => (&OVERLAP, Box::new(question::<Overlap>(&pairs, &Overlap::default())?.ask(&library, &handle)?)),
        "burden" => (&BURDEN, Box::new(question::<Burden>(&pairs, &Burden::default())?.ask(&library, &handle)?)),
        "fallback" => {
            let default = Fallback { date: Some(clock::today()), ..Fallback::default() };
            (&FALLBACK, Box::new(question::<Fallback>(&pairs, &default)?.ask(&library, &[], &handle)?))
        }
        _ => return Err(Failure::NotFound),
    })
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
        match (ask(stem, &pairs), file) {
            (Ok((_, answer)), Some(file)) => free_file(&*answer, file),
            (Ok((free, answer)), None) => free_page(app, &session, &pairs, free, Ok(&*answer), None),
            (Err(Failure::Bad(lines) | Failure::Refused(lines)), None) => {
                Ok(free_page(app, &session, &pairs, kind(stem)?, Err(lines), None)?.into_response())
            }
            (Err(failure), _) => Err(failure),
        }
    })
    .await
}
