//! A case: the interview, one question at a time, what it supports by now, and what is handed on.
//!
//! Nothing is kept here: what was answered travels in the form, never in an address, where a browser would remember it, and
//! is gone when the page is closed. Whoever wants to go on later takes the case along as a file.

use super::law::library;
use super::question::download;
use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use askama::Template;
use axum::Extension;
use axum::extract::{Form, State};
use axum::response::{Html, IntoResponse, Response};
use nomoscope_core::law::guide::spoken;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::law::library::Library;
use nomoscope_engine::law::words::DISCLAIMER;
use nomoscope_engine::test::brief::{Parts, parts};
use nomoscope_engine::test::interview::{Answered, Asked, Contradiction, Interview, Told, Turn};
use nomoscope_engine::test::question::Question;
use nomoscope_engine::test::reply::Unclear;
use nomoscope_engine::test::sheets::sheets;
use nomoscope_engine::test::tables::matrix;
use nomoscope_formats::law::write;
use serde::Deserialize;
use std::sync::Arc;

/// The most answers that are taken along.
const MOST: usize = 500;

/// What the form says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    /// What was answered before, as JSON.
    answers: String,
    /// The State, by id; empty: it is asked for.
    state: String,
    /// Whether the person's own acts are asked about.
    own_acts: String,
    /// Whether it is asked until nothing can change for any norm.
    thorough: String,
    /// What is done: `answer`, `skip`, `holds`, `back`, `stop`, or the name of a file.
    what: String,
    /// The question that is answered; of two answers that contradict each other the one that holds.
    fact: String,
    /// What is said, in words.
    reply: String,
}

#[derive(Template)]
#[template(path = "cases.html")]
struct Page {
    frame: Frame,
    begun: bool,
    /// What the form takes along.
    answers: String,
    state: String,
    own_acts: bool,
    thorough: bool,
    states: Vec<(String, String)>,
    asked: Option<Asked>,
    contradiction: Option<Contradiction>,
    is_unsafe: bool,
    /// Why the words were no answer; empty where they were one.
    unclear: Vec<&'static str>,
    told: Vec<Told>,
    stands: Option<Parts>,
    disclaimer: &'static str,
}

impl Page {
    /// Whether it is answered with yes or no, and can be changed by a choice of the three.
    fn is_fact(&self, told: &Told) -> bool {
        told.yes_or_no
    }

    /// Whether it is a part of the story that was left for later.
    fn is_part(&self, told: &Told) -> bool {
        told.left_out
    }

    fn both<'c>(&self, c: &'c Contradiction) -> Vec<&'c Told> {
        c.earlier.iter().chain([&c.later]).collect()
    }
}

/// Before anything is asked.
pub(super) async fn begin(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| show(&blank(app, &session)?)).await
}

fn blank(app: &App, session: &Session) -> Result<Page, Failure> {
    let library = library()?;
    let label = |s: &nomoscope_core::law::guide::State| (s.id.clone(), spoken(&s.label, session.language).to_owned());
    Ok(Page {
        frame: Frame::perhaps(app, session, "/case", "A case"),
        begun: false,
        answers: "[]".to_owned(),
        state: String::new(),
        own_acts: false,
        thorough: false,
        states: library.law.guide.states.iter().map(label).collect(),
        asked: None,
        contradiction: None,
        is_unsafe: false,
        unclear: Vec::new(),
        told: Vec::new(),
        stands: None,
        disclaimer: DISCLAIMER,
    })
}

/// Takes an answer and asks the next question, or hands out a file.
pub(super) async fn go(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Form(given): Form<Given>,
) -> Result<Response, Failure> {
    app.work(move |app| {
        let library = library()?;
        let question = Question {
            state: Some(given.state.clone()).filter(|s| !s.is_empty()),
            own_acts: given.own_acts == "1",
            thorough: given.thorough == "1",
            language: session.language.to_owned(),
            ..Question::default()
        };
        let answers: Vec<Answered> = if given.answers.is_empty() {
            Vec::new()
        } else {
            serde_json::from_str(&given.answers).map_err(|e| Failure::bad(format!("answers: {e}")))?
        };
        if answers.len() > MOST {
            return Err(Failure::bad("More answers than there are questions."));
        }
        let mut interview = Interview::new(&question, &library, &[], answers)?;
        let unclear = take(&mut interview, &given)?;
        if let Some(name) = given.what.strip_prefix("file:") {
            return hand_out(&interview, &question, &library, name);
        }
        let mut page = blank(app, &session)?;
        page.begun = true;
        page.unclear = unclear.map(|u| u.looks.into_iter().chain([u.how]).collect()).unwrap_or_default();
        (page.state, page.own_acts, page.thorough) = (given.state, question.own_acts, question.thorough);
        page.is_unsafe = interview.is_unsafe();
        match interview.turn()? {
            Turn::Contradicted(c) => page.contradiction = Some(c),
            Turn::Ask(asked) if given.what != "stop" => page.asked = Some(asked),
            Turn::Ask(_) | Turn::Done => {}
        }
        page.told = interview.told();
        page.answers = serde_json::to_string(&interview.answers).map_err(|_| Failure::Broken)?;
        let facts = page.told.iter().filter(|t| !["safety", "state"].contains(&&*t.fact)).count();
        if page.contradiction.is_none() && facts > 0 {
            let tested = interview.tested(&Handle::default())?;
            page.stands = tested.tried.first().map(|tried| parts(&tested, tried, session.language));
        }
        Ok(show(&page)?.into_response())
    })
    .await
}

/// Does what the form says to the interview; returns why the words are no answer, where they are none.
fn take(interview: &mut Interview, given: &Given) -> Result<Option<Unclear>, Failure> {
    match given.what.as_str() {
        "answer" => return Ok(interview.say(&given.fact, &given.reply).err()),
        "skip" => return Ok(interview.say(&given.fact, "not now").err()),
        "holds" => {
            if let Turn::Contradicted(c) = interview.turn()? {
                interview.settle(&c, Some(given.fact.as_str()).filter(|fact| !fact.is_empty()));
            }
        }
        "back" => {
            interview.back();
        }
        _ => {}
    }
    Ok(None)
}

/// Hands out a sheet, the matrix of evidence, or the case itself.
fn hand_out(
    interview: &Interview,
    question: &Question,
    library: &Arc<Library>,
    name: &str,
) -> Result<Response, Failure> {
    if name == "case.toml" {
        let words = write(&interview.whole_case(), &library.law.vocabulary);
        return Ok(download(name, "application/toml; charset=utf-8", words.into_bytes()));
    }
    let tested = interview.tested(&Handle::default())?;
    let tried = tested.tried.first().ok_or(Failure::NotFound)?;
    if name == "matrix.csv" {
        let tables: Result<Vec<Vec<u8>>, _> = matrix(&tested, tried).iter().map(nomoscope_page::to_csv).collect();
        let body = tables.map_err(|_| Failure::Broken)?.join(&b'\n');
        return Ok(download(name, "text/csv; charset=utf-8", body));
    }
    let (stem, ending) = name.rsplit_once('.').ok_or(Failure::NotFound)?;
    let all = sheets(&tested, tried, &question.language);
    let sheet = all.iter().find(|sheet| sheet.id == stem).ok_or(Failure::NotFound)?;
    match ending {
        "html" => Ok(download(name, "text/html; charset=utf-8", nomoscope_page::sheet::html(sheet).into_bytes())),
        "docx" => {
            const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
            let bytes = nomoscope_formats::docx_sheet::write(sheet).map_err(|_| Failure::Broken)?;
            Ok(download(name, DOCX, bytes))
        }
        _ => Err(Failure::NotFound),
    }
}
