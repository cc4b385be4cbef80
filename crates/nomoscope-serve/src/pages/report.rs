//! The report of the study, as the command line writes it, and what else is to stand in it.

use super::question::{self, Field, Found, Input, Kind, Shown, Visit};
use super::{agree, compare, map, network, slip, trend, words};
use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use crate::link;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use nomoscope_engine::address::{self, Pairs, encoded};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::disclosure::Threshold;
use nomoscope_engine::questions;
use nomoscope_engine::record::Record;
use nomoscope_engine::refusal::Refusal;
use nomoscope_engine::report::answer::Report;
use nomoscope_engine::report::question::Question;
use nomoscope_engine::report::words::title;
use nomoscope_page::head::Head;
use nomoscope_page::sections::Context;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) static KIND: Kind<Question, Report> = Kind {
    here: "/report",
    title: "Report",
    fields: &[
        Field { name: "map.focus", label: "Focus", input: Input::Concept },
        Field { name: "map.window", label: "Window", input: Input::Level },
        Field { name: "map.min_or", label: "Least odds ratio of the backbone", input: Input::Number },
        Field { name: "map.bootstrap", label: "Bootstrap draws", input: Input::Number },
        Field { name: "map.inherit", label: "Operative units inherit from the preamble", input: Input::Check },
        Field { name: "map.strata", label: "Strata", input: Input::Attribute },
        Field { name: "map.seed", label: "Seed", input: Input::Number },
    ],
    open: 2,
    ask: questions::report,
    more: &[],
};

/// A page of a report is read here: it holds no script, and loads nothing.
pub(super) const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// In the place of a query that sets nothing.
const NOTHING: &str = "-";

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    frame: Frame,
    here: &'static str,
    fields: Vec<Shown>,
    open: usize,
    query: String,
    further: Vec<Further>,
    wrong: Vec<String>,
    lead: String,
    cautions: Vec<String>,
}

/// A question beside those that every report asks.
struct Further {
    address: String,
    title: String,
    /// Where its answer stands.
    page: Option<String>,
}

impl Page {
    fn file(&self, name: &str) -> String {
        let query = if self.query.is_empty() { NOTHING } else { self.query.as_str() };
        format!("/report/{}/{name}", encoded(query))
    }
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Query(pairs): Query<Pairs>,
) -> Result<Response, Failure> {
    let found = match question::find(&Visit { app: &app, session: &session, pairs: &pairs }, &KIND).await {
        Ok(Found::Working(response)) => return Ok(response),
        Ok(Found::Answer(asked)) => Ok(asked),
        Err(Failure::Bad(lines) | Failure::Refused(lines)) => Err(lines),
        Err(failure) => return Err(failure),
    };
    app.work(move |app| {
        let kept = match &found {
            Ok(asked) => asked.kept.clone(),
            Err(_) => app.study(&session)?.now()?,
        };
        let material = &kept.opened.material;
        let mut page = Page {
            frame: Frame::of(&kept, &session, KIND.here, KIND.title),
            here: KIND.here,
            fields: question::fields(&KIND, material, &pairs, &session),
            open: KIND.open,
            query: String::new(),
            further: material.study.meta.report.iter().map(|address| further(address)).collect(),
            wrong: Vec::new(),
            lead: String::new(),
            cautions: Vec::new(),
        };
        let status = match found {
            Ok(asked) => {
                page.lead = asked.answer.lead();
                page.cautions = asked.answer.cautions();
                page.query = asked.query;
                StatusCode::OK
            }
            Err(lines) => {
                page.wrong = lines;
                StatusCode::UNPROCESSABLE_ENTITY
            }
        };
        Ok((status, show(&page)?).into_response())
    })
    .await
}

fn further(address: &str) -> Further {
    let (name, query) = address.split_once('?').map_or((address, ""), |(name, query)| (name, query));
    let pages = [
        agree::KIND.asks(),
        compare::KIND.asks(),
        map::KIND.asks(),
        network::KIND.asks(),
        slip::KIND.asks(),
        trend::KIND.asks(),
        words::KIND.asks(),
    ];
    let page = pages.iter().find(|(known, _)| *known == name).map(|(_, page)| link::asking(page, query));
    Further { address: address.to_owned(), title: title(address), page }
}

/// The files of a report by their paths, as they were made.
#[derive(Debug)]
struct Pages(BTreeMap<String, Vec<u8>>);

#[derive(Debug)]
struct Files(BTreeMap<String, Vec<u8>>);

/// Serves a file of the report; the question stands in the path, so that its pages lead to each other.
pub(super) async fn file(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Path((query, name)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let pairs = if query == NOTHING { Pairs::new() } else { address::parts(&format!("report?{query}")).1 };
    let visit = Visit { app: &app, session: &session, pairs: &pairs };
    let asked = match question::find(&visit, &KIND).await? {
        Found::Working(response) => return Ok(response),
        Found::Answer(asked) => asked,
    };
    app.work(move |app| {
        let (study, kept) = (app.study(&session)?, &asked.kept);
        let meta = &kept.opened.material.study.meta;
        let under = Threshold::of(meta, None);
        let record = question::record::<Question>(app, kept, &pairs)?;
        let record = Record { suppress_small: under.map(Threshold::get), ..record };
        let date = record.date.clone();
        let run = question::seen(serde_json::to_value(record).map_err(|_| Failure::Broken)?, kept);
        let run = serde_json::to_string_pretty(&run).map_err(|_| Failure::Broken)?;
        let head = Head {
            title: &meta.title,
            description: &meta.description,
            claim: meta.claim.as_deref(),
            date: &date,
            run: &run,
            program: &format!("nomoscope {}", app.options.version),
        };
        let context = Context { report: &asked.answer, under, demo: false };
        let key = format!("{}?{}", KIND.here, asked.query);
        if name.ends_with(".html") {
            let made = study.answer(kept, &key, || Ok(Pages(nomoscope_page::pages(&context, &head))))?;
            let bytes = made.0.get(&name).ok_or(Failure::NotFound)?;
            let policy = (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
            return Ok(([policy], Html(bytes.clone())).into_response());
        }
        let made = study.answer(kept, &key, || {
            let files = nomoscope_page::files(&context, &head);
            files.map(Files).map_err(|error| Refusal::no_answer(error.to_string()))
        })?;
        if name == "report.zip" {
            let files = made.0.iter().map(|(path, bytes)| (format!("report/{path}"), bytes.as_slice()));
            let zip = nomoscope_formats::zipped(files).map_err(|_| Failure::Broken)?;
            return Ok(question::download(&name, "application/zip", zip));
        }
        let bytes = made.0.get(&name).ok_or(Failure::NotFound)?.clone();
        let kind = match name.rsplit('.').next() {
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            Some("csv") => "text/csv; charset=utf-8",
            Some("json") => "application/json",
            _ => return Err(Failure::NotFound),
        };
        Ok(question::download(name.rsplit('/').next().unwrap_or(&name), kind, bytes))
    })
    .await
}
