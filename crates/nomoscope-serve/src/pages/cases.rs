//! A case: the interview, one question at a time, what it supports by now, and what is handed on.
//!
//! Nothing is kept here: what was answered travels in the form, never in an address, where a browser would remember it, and
//! is gone when the page is closed. Whoever wants to go on later takes the case along as a file.

use super::law::library;
use super::question::download;
use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use crate::upload::Upload;
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Multipart, State};
use axum::response::{Html, IntoResponse, Response};
use nomoscope_core::law::case::{Case, Grade};
use nomoscope_core::law::guide::spoken;
use nomoscope_core::law::speech::Speech;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::law::library::Library;
use nomoscope_engine::law::words::DISCLAIMER;
use nomoscope_engine::refusal::Refusal;
use nomoscope_engine::test::brief::{Parts, parts};
use nomoscope_engine::test::interview::{Answered, Asked, Contradiction, Evidence, Interview, Told, Turn};
use nomoscope_engine::test::question::Question;
use nomoscope_engine::test::reply::Unclear;
use nomoscope_engine::test::sheets::sheets;
use nomoscope_engine::test::tables::matrix;
use nomoscope_formats::law::write;
use serde::Deserialize;
use std::collections::BTreeMap;
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
    /// The case file with which it goes on, as text; empty: none.
    case: String,
    /// The person of the file, by id; empty where it holds one.
    person: String,
    /// What is done: `answer`, `skip`, `holds`, `back`, `stop`, `save`, `reopen:` with a part of the story, or `file:` with a name.
    what: String,
    /// The question that is answered; of two answers that contradict each other the one that holds.
    fact: String,
    /// What is said, in words.
    reply: String,
    /// What stands beside each answer when changes are saved: `reply.FACT`, `grade.FACT`, `by.FACT`, …
    #[serde(flatten)]
    rows: BTreeMap<String, String>,
}

/// The largest case file that goes on here, in bytes: it travels with each form.
const MOST_CASE: usize = 256 << 10;

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
    case: String,
    person: String,
    states: Vec<(String, String)>,
    asked: Option<Asked>,
    contradiction: Option<Contradiction>,
    is_unsafe: bool,
    /// Why the words were no answer; empty where they were one.
    unclear: Vec<String>,
    /// The words that were no answer, so that they can be mended.
    typed: String,
    told: Vec<Told>,
    stands: Option<Parts>,
    disclaimer: String,
}

impl Page {
    fn both<'c>(&self, c: &'c Contradiction) -> Vec<&'c Told> {
        c.earlier.iter().chain([&c.later]).collect()
    }

    /// The three answers to most questions, as they are sent and as they are shown.
    fn three(&self) -> [(&'static str, &'static str); 3] {
        [("yes", "Yes"), ("no", "No"), ("?", "Don't know")]
    }

    /// The grades, as they are sent and as they are shown.
    fn grades(&self) -> [(&'static str, &'static str); 4] {
        Grade::ALL.map(|grade| (grade.name(), grade.plain()))
    }

    fn grade(&self, told: &Told) -> &'static str {
        counts_as(told).name()
    }

    /// How an answer is known, in words; empty where nothing is said of it.
    fn known(&self, told: &Told) -> String {
        let e = &told.evidence;
        let grade = e.grade.map(|g| self.frame.t(g.plain()).to_owned()).unwrap_or_default();
        let when = e.when.map(|d| d.to_string()).unwrap_or_default();
        let parts = [&grade, &e.by, &when, &e.place, &e.document];
        parts.into_iter().filter(|p| !p.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", ")
    }

    fn when(&self, told: &Told) -> String {
        told.evidence.when.map(|d| d.to_string()).unwrap_or_default()
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
        case: String::new(),
        person: String::new(),
        states: library.law.guide.states.iter().map(label).collect(),
        asked: None,
        contradiction: None,
        is_unsafe: false,
        unclear: Vec::new(),
        typed: String::new(),
        told: Vec::new(),
        stands: None,
        disclaimer: Speech::new(&library.law, session.language).say(DISCLAIMER).to_owned(),
    })
}

/// Takes an answer and asks the next question, or hands out a file.
pub(super) async fn go(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Form(given): Form<Given>,
) -> Result<Response, Failure> {
    app.work(move |app| turn(app, &session, given)).await
}

/// Takes a case file, with which the interview goes on.
pub(super) async fn take_file(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    parts: Multipart,
) -> Result<Response, Failure> {
    let upload = Upload::of(parts).await?;
    let of = |field: &str| upload.fields.get(field).cloned().unwrap_or_default();
    let (person, thorough, own_acts) = (of("person"), of("thorough"), of("own_acts"));
    let (_, bytes) = upload.one()?;
    if bytes.len() > MOST_CASE {
        let reason = "A case file of more than 256 KB is too large for this page.";
        return Err(Failure::bad(reason));
    }
    let case = String::from_utf8(bytes).map_err(|_| Failure::bad("This is no case file: it is no text."))?;
    if case.trim().is_empty() {
        return Err(Failure::bad("Choose a file that holds a case: this one is empty."));
    }
    let given = Given { case, person, thorough, own_acts, ..Given::default() };
    app.work(move |app| turn(app, &session, given)).await
}

fn turn(app: &App, session: &Session, given: Given) -> Result<Response, Failure> {
    let library = library()?;
    let question = Question {
        state: Some(given.state.clone()).filter(|s| !s.is_empty()),
        person: Some(given.person.clone()).filter(|s| !s.is_empty()),
        own_acts: given.own_acts == "1",
        thorough: given.thorough == "1",
        language: session.language.to_owned(),
        ..Question::default()
    };
    let mut interview = Interview::new(&question, &library, &cases(&library, &given.case)?, answers(&given.answers)?)?;
    let unclear = take(&mut interview, &given)?;
    if let Some(name) = given.what.strip_prefix("file:") {
        return hand_out(&interview, &question, &library, name);
    }
    let mut page = blank(app, session)?;
    page.begun = true;
    let whole = |u: &(Option<String>, Unclear)| {
        let of = u.0.iter().map(|q| format!("{q} ")).collect::<String>();
        format!("{of}{}", u.1.words(&Speech::new(&library.law, session.language)))
    };
    page.unclear = unclear.iter().map(whole).collect();
    (page.state, page.own_acts, page.thorough) = (given.state, question.own_acts, question.thorough);
    (page.case, page.person) = (given.case, given.person);
    page.is_unsafe = interview.is_unsafe();
    match interview.turn()? {
        Turn::Contradicted(c) => page.contradiction = Some(c),
        Turn::Ask(asked) if given.what != "stop" => page.asked = Some(asked),
        Turn::Ask(_) | Turn::Done => {}
    }
    if !page.unclear.is_empty() && given.what == "answer" {
        page.typed = given.reply;
    }
    // Who hears the page hears first what it asks.
    if let Some(asked) = &page.asked {
        page.frame.title = format!("{}. {}", asked.number, asked.question);
    }
    page.told = interview.told();
    page.answers = serde_json::to_string(&interview.answers).map_err(|_| Failure::Broken)?;
    let facts = page.told.iter().filter(|t| !["safety", "state", "date"].contains(&&*t.fact)).count();
    if page.contradiction.is_none() && facts > 0 {
        let tested = interview.tested(&Handle::default())?;
        page.stands = tested.tried.first().map(|tried| parts(&tested, tried, session.language));
    }
    Ok(show(&page)?.into_response())
}

fn answers(given: &str) -> Result<Vec<Answered>, Failure> {
    if given.is_empty() {
        return Ok(Vec::new());
    }
    let answers: Vec<Answered> =
        serde_json::from_str(given).map_err(|_| Failure::bad("The form cannot be read: load the page again."))?;
    if answers.len() > MOST { Err(Failure::bad("More answers than there are questions.")) } else { Ok(answers) }
}

/// Reads the case file that was taken along; none where there is none.
fn cases(library: &Library, text: &str) -> Result<Vec<Case>, Failure> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let name = "case.toml";
    Ok(library.read_cases(name, text.as_bytes()).map_err(Refusal::Input)?)
}

/// Words that are no answer: to which question, where several were answered at once, and why not.
type NoAnswer = (Option<String>, Unclear);

/// Does what the form says to the interview; returns which words are no answer, and why.
fn take(interview: &mut Interview, given: &Given) -> Result<Vec<NoAnswer>, Failure> {
    let said = |u: Unclear| (None, u);
    match given.what.as_str() {
        "answer" => return Ok(interview.say(&given.fact, &given.reply).err().map(said).into_iter().collect()),
        "skip" => return Ok(interview.say(&given.fact, "not now").err().map(said).into_iter().collect()),
        "save" => return Ok(save(interview, &given.rows)),
        "holds" => {
            if let Turn::Contradicted(c) = interview.turn()? {
                interview.settle(&c, Some(given.fact.as_str()).filter(|fact| !fact.is_empty()));
            }
        }
        "back" => {
            interview.back();
        }
        what => {
            if let Some(part) = what.strip_prefix("reopen:") {
                return Ok(interview.say(part, "yes").err().map(said).into_iter().collect());
            }
        }
    }
    Ok(Vec::new())
}

/// Takes over what was changed beside the answers; what was left as it was stays untouched.
fn save(interview: &mut Interview, rows: &BTreeMap<String, String>) -> Vec<NoAnswer> {
    let mut unclear = Vec::new();
    for told in interview.told() {
        let row = |key: &str| rows.get(&format!("{key}.{}", told.fact)).map(|words| words.trim());
        if let Some(words) = row("reply").filter(|words| *words != told.typed)
            && let Err(why) = interview.say(&told.fact, words)
        {
            unclear.push((Some(told.question.clone()), why));
        }
        let Some(grade) = row("grade") else { continue };
        let words = |key: &str| row(key).unwrap_or_default().to_owned();
        let when = match row("when").filter(|w| !w.is_empty()).map(str::parse).transpose() {
            Ok(when) => when,
            Err(_) => {
                unclear.push((Some(told.question.clone()), Unclear { looks: None, how: DATES }));
                told.evidence.when
            }
        };
        // The grade that is shown where none was given is no grade that somebody gave.
        let chosen = Grade::ALL.into_iter().find(|g| g.name() == grade);
        let grade = chosen.filter(|g| told.evidence.grade.is_some() || *g != counts_as(&told));
        let evidence = Evidence { grade, by: words("by"), when, place: words("where"), document: words("document") };
        if evidence != told.evidence {
            interview.note(&told.fact, evidence);
        }
    }
    unclear
}

/// The grade that an answer counts with: its own; an answer here is a credible account, a fact of a file without a grade is proved.
fn counts_as(told: &Told) -> Grade {
    told.evidence.grade.unwrap_or(if told.from_file { Grade::Proved } else { Grade::Supported })
}

/// How a day is written.
const DATES: &str = "A date is written 2026, 2026-11 or 2026-11-24.";

/// Hands out a sheet, the matrix of evidence, or the case itself.
fn hand_out(
    interview: &Interview,
    question: &Question,
    library: &Arc<Library>,
    name: &str,
) -> Result<Response, Failure> {
    if name == "case.toml" {
        let words = write(&interview.whole_case(), &library.law);
        return Ok(download(name, "application/toml; charset=utf-8", words.into_bytes()));
    }
    let tested = interview.tested(&Handle::default())?;
    let tried = tested.tried.first().ok_or(Failure::NotFound)?;
    if name == "matrix.csv" {
        let tables = matrix(&tested, tried, &question.language);
        let tables: Result<Vec<Vec<u8>>, _> = tables.iter().map(nomoscope_page::to_csv).collect();
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
