//! Projects of other programs and other studies into this one, and this one out in the formats of others.

use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use crate::pages::question::download;
use crate::upload::Upload;
use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use nomoscope_core::problem::Problems;
use nomoscope_desk::StudyFiles;
use nomoscope_desk::keeper::{Kept, Seat};
use nomoscope_desk::study::{Imported, Options, StudyError, Tally, import};
use nomoscope_desk::{Act, clock};
use nomoscope_engine::address::{Pairs, field};
use nomoscope_formats::exchange::account::holds_words;
use nomoscope_formats::exchange::{EXCHANGE, Exchange, Loss, Outgoing, Written};
use nomoscope_formats::{Input, codebook_table};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The files that are written here and are no format of exchange: what they are called, and what they hold.
const OWN: [(&str, &str); 2] = [
    ("study.zip", "The study as a folder of plain files, which every version of this program opens"),
    ("codebook.csv", "The codebook as a table, a row a pattern, for a spreadsheet"),
];

#[derive(Template)]
#[template(path = "exchange.html")]
struct Page {
    frame: Frame,
    own: &'static [(&'static str, &'static str)],
    written: Vec<&'static Exchange>,
    read: String,
    chosen: Option<Chosen>,
    wrong: Vec<String>,
    told: Vec<Told>,
    /// Whether the study says that names in it were replaced.
    pseudonymised: bool,
}

/// What comes through of the study in a format.
struct Chosen {
    name: &'static str,
    file: String,
    /// What comes through, in words.
    holds: String,
    lost: Vec<String>,
    notes: Vec<String>,
}

/// What came of a file.
struct Told {
    title: String,
    lines: Vec<String>,
}

impl Page {
    fn is_chosen(&self, format: &Exchange) -> bool {
        self.chosen.as_ref().is_some_and(|chosen| chosen.name == format.name)
    }

    fn of(kept: &Kept, session: &Session) -> Self {
        let readable = EXCHANGE.iter().filter(|format| format.read.is_some());
        let endings = readable.flat_map(|format| format.extensions).map(|ending| format!(".{ending}"));
        let endings: BTreeSet<String> = endings.collect();
        Self {
            frame: Frame::of(kept, session, "/exchange", "Exchange"),
            own: &OWN,
            written: EXCHANGE.iter().filter(|format| format.write.is_some()).collect(),
            read: endings.into_iter().collect::<Vec<_>>().join(", "),
            chosen: None,
            wrong: Vec::new(),
            told: Vec::new(),
            pseudonymised: kept.opened.material.study.meta.pseudonymised,
        }
    }
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Query(pairs): Query<Pairs>,
) -> Result<Response, Failure> {
    app.work(move |app| {
        let kept = app.study(&session)?.now()?;
        let mut page = Page::of(&kept, &session);
        if let Some(name) = field(&pairs, "to") {
            let format = format_of(name)?;
            let written = written(app, &kept, format)?;
            page.chosen = Some(Chosen {
                name: format.name,
                file: file_name(format),
                holds: holds_words(&written.holds),
                lost: Loss::lines(&written.lost),
                notes: written.notes.into_iter().chain(notes(&kept)).collect(),
            });
        }
        Ok(show(&page)?.into_response())
    })
    .await
}

/// Returns what should be known before the study leaves as a file.
fn notes(kept: &Kept) -> Vec<String> {
    let study = &kept.opened.material.study;
    let mut out = Vec::new();
    if study.codings.is_empty() {
        out.push("The study has no codings of people; what the lexicon finds is not stored.".to_owned());
    }
    if let Some(under) = study.meta.suppress_small {
        out.push(format!("Counts under {under} are withheld from reports; whoever has this file can count."));
    }
    out
}

fn format_of(name: &str) -> Result<&'static Exchange, Failure> {
    EXCHANGE.iter().find(|format| format.name == name && format.write.is_some()).ok_or(Failure::NotFound)
}

fn file_name(format: &Exchange) -> String {
    format!("study.{}", format.extensions.first().copied().unwrap_or(format.name))
}

/// Writes the study, as far as it is shown, in a format.
fn written(app: &App, kept: &Kept, format: &Exchange) -> Result<Written, Failure> {
    let write = format.write.ok_or(Failure::NotFound)?;
    let material = &kept.opened.material;
    let (program, time) = (format!("Nomoscope {}", app.options.version), clock::timestamp());
    let out = Outgoing {
        study: &material.study,
        codebook: &material.codebook,
        order: &kept.opened.order,
        program: &program,
        time: &time,
    };
    Ok(write.write(&out).map_err(StudyError::from)?)
}

/// Serves the study as a file.
pub(super) async fn file(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    app.work(move |app| {
        let study = app.study(&session)?;
        let kept = study.now()?;
        match name.as_str() {
            "study.zip" => {
                let StudyFiles { files, left_out } = study.files()?;
                let names: String = left_out.iter().map(|name| format!("{}\n", name.escape_debug())).collect();
                let files = files.iter().map(|(path, bytes)| (format!("study/{path}"), bytes.as_slice()));
                // No study folder has files of these names: they are told, and stay where they are.
                let left = (!names.is_empty()).then(|| ("left-out.txt".to_owned(), names.as_bytes()));
                let zip = nomoscope_formats::zipped(files.chain(left)).map_err(|_| Failure::Broken)?;
                Ok(download(&name, "application/zip", zip))
            }
            "codebook.csv" => {
                let table = codebook_table::write(&kept.opened.material.codebook);
                Ok(download(&name, "text/csv; charset=utf-8", table.into_bytes()))
            }
            name => {
                let format = format_of(name)?;
                let bytes = written(app, &kept, format)?.bytes;
                Ok(download(&file_name(format), "application/octet-stream", bytes))
            }
        }
    })
    .await
}

/// Takes in what comes with the form: `do` says as what.
pub(super) async fn take(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    parts: Multipart,
) -> Result<Response, Failure> {
    let upload = Upload::of(parts).await?;
    app.work(move |app| {
        let study = app.study(&session)?;
        let (status, wrong, told) = match taken(&study, upload) {
            Ok(told) => (StatusCode::OK, Vec::new(), told),
            Err(Failure::Bad(lines) | Failure::Refused(lines)) => (StatusCode::UNPROCESSABLE_ENTITY, lines, Vec::new()),
            Err(failure) => return Err(failure),
        };
        let page = Page { wrong, told, ..Page::of(&study.now()?, &session) };
        Ok((status, show(&page)?).into_response())
    })
    .await
}

fn taken(study: &Seat, upload: Upload) -> Result<Vec<Told>, Failure> {
    match upload.fields.get("do").map(String::as_str) {
        Some("check") => checked(study, upload),
        Some("import") => {
            let options = Options {
                roles: roles(upload.fields.get("roles").map_or("", String::as_str))?,
                prune: upload.fields.contains_key("prune"),
            };
            let done = study.apply(&Act::ImportBytes { files: upload.some()?, options })?;
            if let Some(told) = hidden(study)? {
                return Ok(told);
            }
            let of = |Imported { fidelity, tally }: &Imported| told(&fidelity.file, fidelity.words(), Some(tally));
            let mut out: Vec<Told> = done.imported.iter().map(of).collect();
            out.extend(nothing_new(done.event.is_none()));
            Ok(out)
        }
        Some("join") => {
            let (name, bytes) = upload.one()?;
            let act = Act::MergeBytes { name: name.clone(), bytes, coders: Default::default() };
            let done = study.apply(&act)?;
            if let Some(told) = hidden(study)? {
                return Ok(told);
            }
            let mut out: Vec<Told> = done.joined.iter().map(|tally| told(&name, Vec::new(), Some(tally))).collect();
            out.extend(nothing_new(done.event.is_none()));
            Ok(out)
        }
        Some("codebook") => {
            let kept = study.now()?;
            let (name, bytes) = upload.one()?;
            let title = &kept.opened.material.codebook.title;
            let read = codebook_table::read(&Input { name: &name, bytes: &bytes }, title).map_err(StudyError::from)?;
            study.apply(&Act::EditCodebook { toml: codebook_table::to_toml(&read) })?;
            let n = nomoscope_engine::words::counted(read.len(), "concept", "concepts");
            Ok(vec![told(&name, vec![format!("the codebook has {n} now")], None)])
        }
        _ => Err(Failure::NotFound),
    }
}

/// Says what projects hold, and takes nothing in.
fn checked(study: &Seat, upload: Upload) -> Result<Vec<Told>, Failure> {
    let kept = study.now()?;
    let files = upload.some()?;
    let of = |(name, bytes): (&String, &Vec<u8>)| -> Result<Told, StudyError> {
        let (_, _, fidelity) = import::open_bytes(name, bytes, Some(&kept.opened.material.study))?;
        Ok(told(name, fidelity.words(), None))
    };
    Ok(files.iter().map(of).collect::<Result<_, _>>()?)
}

fn told(title: &str, mut lines: Vec<String>, tally: Option<&Tally>) -> Told {
    lines.extend(tally.map(Tally::words).unwrap_or_default());
    Told { title: title.to_owned(), lines }
}

/// Returns what is told where something is hidden: how much of it is new would tell what is there already.
fn hidden(study: &Seat) -> Result<Option<Vec<Told>>, Failure> {
    let line = "Taken in. What of it is new is not told while the work of others is hidden from you.".to_owned();
    Ok(study.now()?.hidden.map(|_| vec![Told { title: String::new(), lines: vec![line] }]))
}

fn nothing_new(nothing: bool) -> Option<Told> {
    let lines = vec!["The study has all of it already; nothing changed.".to_owned()];
    nothing.then(|| Told { title: String::new(), lines })
}

/// Reads roles of codes, a code a line.
fn roles(given: &str) -> Result<BTreeMap<String, BTreeSet<String>>, Failure> {
    let (mut out, mut problems) = (BTreeMap::new(), Problems::new());
    for line in given.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match import::roles_of(line) {
            Ok(roles) => out.extend([roles]),
            Err(problem) => problems.push(problem),
        }
    }
    Ok(problems.or(out).map_err(StudyError::from)?)
}
