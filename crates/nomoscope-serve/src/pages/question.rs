//! A page that asks one question and shows its answer: its words, figures and tables. What takes long goes on behind a page
//! that tells how far it is.

use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, Working, page as show, working};
use crate::strings::phrase;
use crate::{link, strings};
use askama::Template;
use axum::Router;
use axum::extract::{Extension, Form, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use nomoscope_core::codebook::Concept;
use nomoscope_core::study::Source;
use nomoscope_core::table::{Cell, Table};
use nomoscope_core::text::Level;
use nomoscope_desk::keeper::{Kept, Seat};
use nomoscope_engine::address::{self, Pairs, encoded, field};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::disclosure::{Threshold, release};
use nomoscope_engine::handle::Handle;
use nomoscope_engine::material::{Material, Selection};
use nomoscope_engine::record::{Named, Record};
use nomoscope_engine::refusal::Refusal;
use nomoscope_figure::{Figure, Theme, View};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::any::Any;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Rows of a table on the page; the download has all.
const ROWS: usize = 15;

/// A page that asks a question.
#[derive(Debug)]
pub(super) struct Kind<Q, A: 'static> {
    /// Its address.
    pub(super) here: &'static str,
    /// Its title.
    pub(super) title: &'static str,
    /// What can be asked for, the most wanted first.
    pub(super) fields: &'static [Field],
    /// How many fields stand open; the others unfold.
    pub(super) open: usize,
    /// Asks it.
    pub(super) ask: fn(&Q, &Material, &Handle) -> Result<A, Refusal>,
    /// Files beside figures, tables and the answer: their names, and what writes them.
    pub(super) more: &'static [More<A>],
}

impl<Q: Named, A> Kind<Q, A> {
    /// Returns the name of its question, and its address.
    pub(super) const fn asks(&self) -> (&'static str, &'static str) {
        (Q::NAME, self.here)
    }
}

/// A file of its own: its name, and what writes it.
pub(super) type More<A> = (&'static str, fn(&A) -> String);

/// A field of the form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) input: Input,
}

/// What a field takes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Input {
    Concept,
    Level,
    Attribute,
    Number,
    Check,
    Words,
    /// An attribute with a value.
    Pair,
    /// Words, some of which are proposed.
    Proposed(&'static [&'static str]),
    /// One of these: as it is asked for, as it is shown.
    Choice(&'static [(&'static str, &'static str)]),
    /// Some of the concepts that are names of norms.
    Labels,
    /// Some of the people who coded.
    Coders,
    /// One of the values of the attribute that stands in this field; the number tells it from others of its name.
    Value(&'static str, usize),
    /// One of what is offered; the number tells the field from others of its name. With nothing to choose from, as where a
    /// table was dropped, it is written.
    One(Offer, usize),
    /// Some of what is offered.
    Some(Offer),
}

/// What can be chosen, as it is asked for and as it is shown, by what else the address says.
pub(super) type Offer = fn(&Pairs) -> Vec<(String, String)>;

/// The fields by which sources are chosen, on every page.
const WHICH: [Field; 3] = [
    Field { name: "where", label: "Only sources with (attribute=value)", input: Input::Pair },
    Field { name: "since", label: "Since", input: Input::Words },
    Field { name: "until", label: "Until", input: Input::Words },
];

/// A field as it stands on the page.
pub(super) struct Shown {
    pub(super) name: &'static str,
    pub(super) label: String,
    input: Input,
    /// What was given; a list may hold several.
    values: Vec<String>,
    pub(super) choices: Vec<(String, String)>,
}

impl Shown {
    /// What stands in the field.
    pub(super) fn value(&self) -> &str {
        let nth = match self.input {
            Input::One(_, nth) | Input::Value(_, nth) => nth,
            _ => 0,
        };
        self.values.get(nth).map_or("", String::as_str)
    }

    pub(super) fn is_chosen(&self, choice: &str) -> bool {
        if self.is_list() { self.values.iter().any(|value| value == choice) } else { self.value() == choice }
    }

    pub(super) fn is_select(&self) -> bool {
        use Input::{Attribute, Choice, Concept, Level, One, Value};
        matches!(self.input, Concept | Level | Attribute | Choice(_) | Value(..))
            || matches!(self.input, One(..)) && !self.choices.is_empty()
    }

    /// What stands for nothing chosen.
    pub(super) fn nothing(&self) -> &'static str {
        match self.input {
            Input::One(_, 0) => "(choose)",
            Input::One(..) | Input::Value(..) => "all",
            _ => "as in the study",
        }
    }

    pub(super) fn is_list(&self) -> bool {
        matches!(self.input, Input::Labels | Input::Coders | Input::Some(_))
    }

    pub(super) fn is_check(&self) -> bool {
        matches!(self.input, Input::Check)
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self.input, Input::Number)
    }
}

/// Returns the label of the field that asks for a setting, in the language of whoever asks.
fn label_of(fields: &[Field], language: &str, name: &str) -> Option<String> {
    let found = fields.iter().chain(&WHICH).find(|f| f.name == name || f.name.rsplit('.').next() == Some(name))?;
    Some(strings::say(language, found.label).to_owned())
}

#[derive(Template)]
#[template(path = "answer.html")]
struct Page {
    frame: Frame,
    here: &'static str,
    fields: Vec<Shown>,
    open: usize,
    query: String,
    /// The question as the study keeps it for its report, and whether it does.
    address: String,
    in_report: bool,
    /// Names of further files.
    more: Vec<&'static str>,
    wrong: Vec<String>,
    /// Whether anything was asked, or somebody has only come to the page.
    is_asked: bool,
    lead: String,
    cautions: Vec<String>,
    figures: Vec<Drawn>,
    tables: Vec<Table>,
}

struct Drawn {
    id: String,
    title: String,
    svg: String,
    table: Table,
}

impl Page {
    fn rows<'t>(&self, table: &'t Table) -> &'t [Vec<Cell>] {
        table.rows.get(..ROWS).unwrap_or(&table.rows)
    }

    fn left(&self, table: &Table) -> usize {
        table.rows.len().saturating_sub(ROWS)
    }

    fn cell(&self, cell: &Cell) -> String {
        cell.display()
    }

    fn is_number(&self, cell: &Cell) -> bool {
        cell.is_number()
    }

    /// The address of a further file.
    fn named(&self, name: &str) -> String {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        self.file(stem, ending)
    }

    fn back(&self) -> String {
        link::asking(self.here, &self.query)
    }

    fn file(&self, name: &str, ending: &str) -> String {
        link::asking(&format!("{}/{name}.{ending}", self.here), &self.query)
    }
}

/// What was asked, and of what.
pub(super) struct Asked<A> {
    pub(super) kept: Kept,
    pub(super) answer: Arc<A>,
    pub(super) query: String,
}

/// An answer, or that it is being computed.
pub(super) enum Found<A> {
    Answer(Asked<A>),
    Working(Response),
}

/// Who asks what.
pub(super) struct Visit<'v> {
    pub(super) app: &'v Arc<App>,
    pub(super) session: &'v Session,
    pub(super) pairs: &'v Pairs,
}

/// Returns the page, and its figures, tables and answer as files.
pub(super) fn routes<Q, A>(kind: &'static Kind<Q, A>) -> Router<Arc<App>>
where
    Q: Named + DeserializeOwned + Default + Send + 'static,
    A: Answer + Any,
{
    type Asked = (State<Arc<App>>, Extension<Session>);
    let shown = move |(State(app), Extension(session)): Asked, Query(pairs): Query<Pairs>| async move {
        page(Visit { app: &app, session: &session, pairs: &pairs }, kind).await
    };
    let taken = move |(State(app), Extension(session)): Asked, Path(name): Path<String>, Query(pairs): Query<Pairs>| async move {
        file(Visit { app: &app, session: &session, pairs: &pairs }, kind, name).await
    };
    Router::new().route(kind.here, get(shown)).route(&format!("{}/{{file}}", kind.here), get(taken))
}

/// Asks the question of an address.
pub(super) async fn find<Q, A>(visit: &Visit<'_>, kind: &'static Kind<Q, A>) -> Result<Found<A>, Failure>
where
    Q: Serialize + DeserializeOwned + Default + Send + 'static,
    A: Any + Send + Sync,
{
    let Visit { app, session, pairs } = visit;
    let labels = |name: &str| label_of(kind.fields, session.language, name);
    let refused = |refusal: Refusal| Failure::of(refusal, &labels);
    let question: Q = address::question(pairs, &Q::default()).map_err(refused)?;
    let selection: Selection = address::question(pairs, &Selection::default()).map_err(refused)?;
    let parts = [address::address(&question, &Q::default()), address::address(&selection, &Selection::default())];
    let query = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("&");
    let (study, kept) = app
        .work({
            let session = (*session).clone();
            move |app| {
                let study = app.study(&session)?;
                let kept = study.now()?;
                Ok((study, kept))
            }
        })
        .await?;
    let language = session.language;
    let key = format!("{}?{query}", kind.here);
    // What is refused is told in the language of whoever asked.
    let whole = format!("{language} {} {key}", kept.state());
    if let Some(lines) = app.jobs.failure(&whole) {
        return Err(Failure::Refused(lines));
    }
    let known = |study: &Seat| study.has::<A>(&kept, &key);
    if !known(&study) {
        let (job, is_new) = app.jobs.begin(&whole).ok_or(Failure::Busy)?;
        if is_new {
            let (app, study, kept, key, whole, handle) =
                ((*app).clone(), study.clone(), kept.clone(), key.clone(), whole.clone(), job.handle.clone());
            let work = tokio::task::spawn_blocking(move || {
                let asked = study.answer(&kept, &key, || {
                    let material = kept.opened.material.select(&selection)?;
                    (kind.ask)(&question, &material, &handle)
                });
                let labels = |name: &str| label_of(kind.fields, language, name);
                app.jobs.end(&whole, asked.err().map(|refusal| Failure::of(refusal, &labels).lines()));
            });
            let _ = tokio::time::timeout(session.patience, work).await;
        } else {
            tokio::time::sleep(session.patience).await;
        }
        if let Some(lines) = app.jobs.failure(&whole) {
            return Err(Failure::Refused(lines));
        }
        if !known(&study) {
            let page = Working {
                frame: Frame::of(&kept, session, kind.here, kind.title),
                stage: job.progress.stage(),
                steps: job.progress.steps(),
                job: Some(whole),
                back: key,
            };
            return Ok(Found::Working(working(&page)?));
        }
    }
    let answer = study.answer(&kept, &key, || Err(Refusal::Cancelled))?;
    Ok(Found::Answer(Asked { kept, answer, query }))
}

/// Shows an answer as a page.
async fn page<Q, A>(visit: Visit<'_>, kind: &'static Kind<Q, A>) -> Result<Response, Failure>
where
    Q: Named + DeserializeOwned + Default + Send + 'static,
    A: Answer + Any,
{
    let found = match find(&visit, kind).await {
        Ok(Found::Working(response)) => return Ok(response),
        Ok(Found::Answer(asked)) => Ok(asked),
        // What is wrong with the question stands beside its fields.
        Err(Failure::Bad(lines) | Failure::Refused(lines)) => Err(lines),
        Err(failure) => return Err(failure),
    };
    let (session, pairs) = (visit.session.clone(), visit.pairs.clone());
    let work = move |app: &Arc<App>| match found {
        Ok(asked) => face(&asked, &session, &pairs, kind),
        Err(lines) => {
            let kept = app.study(&session)?.now()?;
            // Who has only come to the page has asked nothing yet, and made no mistake.
            let is_asked = pairs.iter().any(|(_, value)| !value.is_empty());
            let status = if is_asked { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            let page = Page { wrong: lines, is_asked, ..blank(&kept, &session, &pairs, kind) };
            Ok((status, show(&page)?).into_response())
        }
    };
    visit.app.work(work).await
}

/// Returns the page before anything was answered.
fn blank<Q, A>(kept: &Kept, session: &Session, pairs: &Pairs, kind: &Kind<Q, A>) -> Page {
    Page {
        frame: Frame::of(kept, session, kind.here, kind.title),
        here: kind.here,
        fields: fields(kind, &kept.opened.material, pairs, session),
        open: kind.open,
        query: String::new(),
        address: String::new(),
        in_report: false,
        more: kind.more.iter().map(|(name, _)| *name).collect(),
        wrong: Vec::new(),
        is_asked: true,
        lead: String::new(),
        cautions: Vec::new(),
        figures: Vec::new(),
        tables: Vec::new(),
    }
}

/// Returns the fields of a page as they stand on it, those by which sources are chosen last.
pub(super) fn fields<Q, A>(kind: &Kind<Q, A>, material: &Material, pairs: &Pairs, session: &Session) -> Vec<Shown> {
    kind.fields.iter().chain(&WHICH).map(|field| shown(field, pairs, material, session)).collect()
}

fn face<Q: Named, A: Answer>(
    asked: &Asked<A>,
    session: &Session,
    pairs: &Pairs,
    kind: &Kind<Q, A>,
) -> Result<Response, Failure> {
    let material = &asked.kept.opened.material;
    let view = View::default();
    let drawn = |figure: Figure| Drawn {
        svg: inline(&figure.svg, kind.here, &asked.query, material),
        id: figure.id,
        title: figure.title,
        table: figure.table,
    };
    let address = link::asking(Q::NAME, &asked.query);
    let page = Page {
        query: asked.query.clone(),
        in_report: material.study.meta.report.contains(&address),
        address,
        lead: asked.answer.lead(),
        cautions: asked.answer.cautions(),
        figures: asked.answer.figures(view).into_iter().map(drawn).collect(),
        tables: asked.answer.tables(),
        ..blank(&asked.kept, session, pairs, kind)
    };
    Ok(show(&page)?.into_response())
}

fn shown(field_: &Field, pairs: &Pairs, material: &Material, session: &Session) -> Shown {
    let Field { name, label, input } = *field_;
    let plain = |value: String| (value.clone(), value);
    let sources = || material.study.sources.iter();
    let t = |words: &str| strings::say(session.language, words).to_owned();
    let concepts = |wanted: fn(&Concept) -> bool| -> Vec<(String, String)> {
        let all = material.codebook.concepts().iter().filter(|c| wanted(c));
        all.map(|c| (c.id.clone(), c.label_in(session.language).to_owned())).collect()
    };
    let choices = match input {
        Input::Concept => concepts(|_| true),
        Input::Labels => concepts(|c| c.norm_label),
        Input::Level => Level::ALL.iter().map(|l| (l.name().to_owned(), t(l.name()))).collect(),
        Input::Attribute => attributes(material).into_iter().map(plain).collect(),
        Input::Pair => pairs_of(material).into_iter().map(plain).collect(),
        Input::Coders => {
            // Decisions between coders are nobody's work.
            let people = material.study.codings.iter().filter(|c| !material.study.adjudicates(&c.coder));
            let all: BTreeSet<String> = people.map(|c| c.coder.to_string()).collect();
            all.into_iter().map(plain).collect()
        }
        Input::Value(by, _) => {
            let by = field(pairs, by).unwrap_or_default();
            let all: BTreeSet<String> = sources().filter_map(|s| Some(s.attribute(by)?.to_string())).collect();
            all.into_iter().filter(|value| !value.is_empty()).map(plain).collect()
        }
        Input::Choice(all) => all.iter().map(|(value, words)| ((*value).to_owned(), t(words))).collect(),
        Input::Proposed(all) => all.iter().map(|value| plain((*value).to_owned())).collect(),
        Input::One(offer, _) | Input::Some(offer) => offer(pairs),
        Input::Number | Input::Check | Input::Words => Vec::new(),
    };
    // Lists may come as one field with commas, as people cite them.
    let is_list = matches!(input, Input::Labels | Input::Coders | Input::Value(..));
    let given = address::all(pairs, name);
    let apart = |value: String| value.split(',').map(|part| part.trim().to_owned()).collect::<Vec<_>>();
    let values = if is_list { given.into_iter().flat_map(apart).collect() } else { given };
    Shown { name, label: t(label), input, values, choices }
}

/// The most pairs of attribute and value that are proposed.
const MOST_PAIRS: usize = 300;

/// Returns the attributes that sources have.
pub(super) fn attributes(material: &Material) -> Vec<String> {
    let own = material.study.sources.iter().flat_map(|s| s.attributes.keys().map(String::as_str));
    let all: BTreeSet<&str> = own.chain(["kind", "language", "year"]).collect();
    all.into_iter().map(str::to_owned).collect()
}

/// Returns attributes with their values, as sources are chosen by them.
fn pairs_of(material: &Material) -> Vec<String> {
    let names = attributes(material);
    let of = |source: &Source| {
        let pair = |name: &String| Some(format!("{name}={}", source.attribute(name).filter(|v| !v.is_empty())?));
        names.iter().filter_map(pair).collect::<Vec<_>>()
    };
    let all: BTreeSet<String> = material.study.sources.iter().flat_map(of).collect();
    all.into_iter().take(MOST_PAIRS).collect()
}

/// Returns a figure for a page: its style stands in the page's own, and its links lead to passages.
fn inline(svg: &str, here: &str, query: &str, material: &Material) -> String {
    let mut out = String::with_capacity(svg.len());
    let mut rest = svg;
    while let Some((before, after)) = rest.split_once("<style>") {
        out.push_str(before);
        rest = after.split_once("</style>").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    let mut linked = String::with_capacity(out.len());
    let mut rest = out.as_str();
    while let Some((before, after)) = rest.split_once("href=\"#") {
        let (anchor, after) = after.split_once('"').unwrap_or((after, ""));
        linked.push_str(before);
        let number = anchor.strip_prefix("src-").and_then(|n| n.parse::<usize>().ok()).and_then(|n| n.checked_sub(1));
        let source = number.and_then(|n| material.study.sources.get(n));
        let to = match source {
            Some(source) => link::read(&source.path, None),
            None if anchor.starts_with(['k', 's', 'c']) => {
                let more = if query.is_empty() { String::new() } else { format!("&{query}") };
                format!("{here}/passages?of={}{more}", encoded(anchor))
            }
            None => format!("#{anchor}"),
        };
        linked.push_str(&format!("href=\"{}\"", nomoscope_page::html::escape(&to)));
        rest = after;
    }
    linked.push_str(rest);
    // An image has no links in it for those who hear a page; a group has.
    if linked.contains("<a ") { linked.replacen("role=\"img\"", "role=\"group\"", 1) } else { linked }
}

/// Serves a figure, a table, or the whole answer as a file.
async fn file<Q, A>(visit: Visit<'_>, kind: &'static Kind<Q, A>, name: String) -> Result<Response, Failure>
where
    Q: Named + DeserializeOwned + Default + Send + 'static,
    A: Answer + Any,
{
    let asked = match find(&visit, kind).await? {
        Found::Working(response) => return Ok(response),
        Found::Answer(asked) => asked,
    };
    let pairs = visit.pairs.clone();
    visit
        .app
        .work(move |app| {
            let under = Threshold::of(&asked.kept.opened.material.study.meta, None);
            if let Some((_, write)) = kind.more.iter().find(|(known, _)| *known == name) {
                return match under {
                    Some(under) => Err(withheld(under, "this file tells them; the tables as CSV leave them out")),
                    None => Ok(download(&name, "application/octet-stream", write(&asked.answer).into_bytes())),
                };
            }
            if !name.ends_with(".json") {
                let (body, kind) = part(&*asked.answer, &name, under)?;
                return Ok(download(&name, kind, body));
            }
            if let Some(under) = under {
                return Err(withheld(under, "the whole answer tells them; its tables as CSV leave them out"));
            }
            let json = asked.answer.json(None, record::<Q>(app, &asked.kept, &pairs)?);
            let json = serde_json::to_vec_pretty(&seen(json, &asked.kept)).map_err(|_| Failure::Broken)?;
            Ok(download(&name, "application/json", json))
        })
        .await
}

/// Returns what is needed to ask the question of an address again.
pub(super) fn record<Q: Named + DeserializeOwned + Default>(
    app: &App,
    kept: &Kept,
    pairs: &Pairs,
) -> Result<Record, Failure> {
    let question: Q = address::question(pairs, &Q::default())?;
    let selection: Selection = address::question(pairs, &Selection::default())?;
    Ok(app.record(kept, &question, &selection))
}

/// Returns JSON that says who saw what, where something was hidden: whoever asks the same of the whole study gets another
/// answer.
pub(super) fn seen(mut json: Value, kept: &Kept) -> Value {
    if let (Some((coder, n)), Some(fields)) = (&kept.hidden, json.as_object_mut()) {
        fields.insert("seen_by".to_owned(), serde_json::json!({ "coder": **coder, "hidden_sources": n }));
    }
    json
}

fn withheld(under: Threshold, why: &str) -> Failure {
    Failure::Refused(vec![phrase(
        "This study withholds counts under {} from what leaves it, and {}.",
        &[&under.get().to_string(), why],
    )])
}

/// Returns a figure or a table of an answer as bytes, with what they are; without small counts, where a threshold is given.
fn part(answer: &dyn Answer, name: &str, under: Option<Threshold>) -> Result<(Vec<u8>, &'static str), Failure> {
    let (stem, ending) = name.rsplit_once('.').ok_or(Failure::NotFound)?;
    let view = View::default();
    let (tables, figures) = match under {
        None => (answer.tables(), answer.figures(view)),
        Some(under) => {
            let told = release(answer.tables(), answer.figures(view), under);
            (told.tables, told.figures)
        }
    };
    let figure = || match (figures.iter().find(|f| f.id == stem), under) {
        (Some(figure), _) => Ok(figure),
        (None, Some(under)) if answer.figures(view).iter().any(|f| f.id == stem) => {
            Err(withheld(under, "this figure tells some; its data as CSV leave them out"))
        }
        (None, _) => Err(Failure::NotFound),
    };
    match ending {
        "svg" => Ok((figure()?.themed(Theme::Light).into_bytes(), "image/svg+xml")),
        "png" => {
            let png = nomoscope_page::png::png(&figure()?.themed(Theme::Light), nomoscope_page::PNG_WIDTH);
            Ok((png.map_err(|_| Failure::Broken)?, "image/png"))
        }
        "csv" => {
            let mut all = tables.iter().chain(figures.iter().map(|f| &f.table));
            let table = all.find(|t| t.id == stem).ok_or(Failure::NotFound)?;
            Ok((nomoscope_page::to_csv(table).map_err(|_| Failure::Broken)?, "text/csv; charset=utf-8"))
        }
        _ => Err(Failure::NotFound),
    }
}

/// Returns bytes that a browser saves and does not show: whatever stands in them, it is no page of this server.
pub(super) fn download(name: &str, kind: &'static str, body: Vec<u8>) -> Response {
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
    let disposition = format!("attachment; filename=\"{plain}\"");
    let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, policy.to_owned()),
    ];
    (headers, body).into_response()
}

/// Which job is to end.
#[derive(Debug, Deserialize)]
pub(super) struct Ended {
    key: String,
}

pub(super) async fn cancel(State(app): State<Arc<App>>, Form(given): Form<Ended>) -> Redirect {
    app.jobs.cancel(&given.key);
    link::to("/sources")
}

/// A page that asks a question of no study.
#[derive(Debug, Clone, Copy)]
pub(super) struct Free {
    pub(super) here: &'static str,
    pub(super) title: &'static str,
    pub(super) fields: &'static [Field],
    /// What tables can be dropped on it; none if none can.
    pub(super) takes: &'static str,
}

#[derive(Template)]
#[template(path = "free.html")]
struct FreePage {
    frame: Frame,
    free: Free,
    file: Option<String>,
    name: Option<String>,
    fields: Vec<Shown>,
    query: String,
    wrong: Vec<String>,
    lead: String,
    cautions: Vec<String>,
    figures: Vec<Drawn>,
    tables: Vec<Table>,
}

impl FreePage {
    fn rows<'t>(&self, table: &'t Table) -> &'t [Vec<Cell>] {
        table.rows.get(..ROWS).unwrap_or(&table.rows)
    }

    fn more(&self, table: &Table) -> usize {
        table.rows.len().saturating_sub(ROWS)
    }

    fn cell(&self, cell: &Cell) -> String {
        cell.display()
    }

    fn is_number(&self, cell: &Cell) -> bool {
        cell.is_number()
    }

    /// Whether the words are a sheet whose lines have their places.
    fn is_sheet(&self) -> bool {
        self.lead.contains("\n ")
    }

    fn file(&self, name: &str, ending: &str) -> String {
        format!("{}~{name}.{ending}?{}", self.free.here, self.query)
    }
}

/// Shows an answer to a question of no study, or why there is none.
pub(super) fn free_page(
    app: &App,
    session: &Session,
    pairs: &Pairs,
    free: &Free,
    found: Result<&dyn Answer, Vec<String>>,
    name: Option<String>,
) -> Result<Response, Failure> {
    let nothing = Material::default();
    let view = View::default();
    let group = free.here.split('/').nth(1).unwrap_or_default();
    let here = crate::frame::PAGES.iter().map(|(page, _)| *page).find(|p| p.strip_prefix('/') == Some(group));
    let drawn = |figure: Figure| Drawn {
        svg: inline(&figure.svg, free.here, "", &nothing),
        id: figure.id,
        title: figure.title,
        table: figure.table,
    };
    let query = pairs.iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| format!("{}={}", encoded(n), encoded(v)));
    let mut page = FreePage {
        frame: Frame::perhaps(app, session, here.unwrap_or("/help"), free.title),
        free: *free,
        file: field(pairs, "file").map(str::to_owned),
        name,
        fields: free.fields.iter().map(|f| shown(f, pairs, &nothing, session)).collect(),
        query: query.collect::<Vec<_>>().join("&"),
        wrong: Vec::new(),
        lead: String::new(),
        cautions: Vec::new(),
        figures: Vec::new(),
        tables: Vec::new(),
    };
    let status = match found {
        // Nothing was asked yet: the form alone.
        Err(lines) if lines.is_empty() => StatusCode::OK,
        Ok(answer) => {
            page.lead = answer.lead();
            page.cautions = answer.cautions();
            page.figures = answer.figures(view).into_iter().map(drawn).collect();
            page.tables = answer.tables();
            StatusCode::OK
        }
        Err(lines) => {
            page.wrong = lines;
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    Ok((status, show(&page)?).into_response())
}

/// Returns why a question of no study has no answer, in the words of its form.
pub(super) fn refused(free: &Free, session: &Session, refusal: Refusal) -> Failure {
    Failure::of(refusal, &|name| label_of(free.fields, session.language, name))
}

/// Serves a figure or a table of an answer as a file.
pub(super) fn free_file(answer: &dyn Answer, name: &str) -> Result<Response, Failure> {
    let (body, kind) = part(answer, name, None)?;
    Ok(download(name, kind, body))
}
