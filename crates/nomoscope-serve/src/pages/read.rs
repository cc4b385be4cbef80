//! The reading view: a source in parts, its codings beside it, and what is known of one of them.

use crate::app::{App, Session};
use crate::escape::exact;
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use crate::link;
use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use nomoscope_core::study::double::DoubleCoding;
use nomoscope_core::study::{CodingStatus, Memo, Origin, Source, Subject};
use nomoscope_core::text::{Direction, UnitRole};
use nomoscope_desk::keeper::{Kept, Seat};
use nomoscope_engine::address::{Pairs, encoded, field, question};
use nomoscope_engine::handle::Handle;
use nomoscope_engine::review;
use nomoscope_engine::view::answer::{Block, Mark, Part, Piece, Said};
use nomoscope_engine::view::question::Question;
use std::sync::Arc;

/// A part of a source.
#[derive(Template)]
#[template(path = "part.html")]
struct PartView {
    frame: Frame,
    part: Arc<Part>,
    source: String,
    language: String,
    direction: &'static str,
    chosen: Option<String>,
    /// The label of each coding, in the language of the page.
    labels: Vec<String>,
}

impl PartView {
    fn role(&self, block: &Block) -> &'static str {
        match block.role {
            UnitRole::Heading => "heading",
            UnitRole::Preamble => "preamble",
            UnitRole::Body | UnitRole::Chapeau => "running",
        }
    }

    fn text(&self, piece: &Piece) -> String {
        exact(&piece.text)
    }

    fn label(&self, i: &usize) -> &str {
        self.labels.get(*i).map_or("", String::as_str)
    }

    fn mark(&self, i: &usize) -> &Mark {
        &self.part.marks[*i]
    }

    /// The classes of a piece: those of its smallest coding that counts.
    fn classes(&self, piece: &Piece) -> String {
        let first = piece.marks.iter().find(|&&m| self.part.marks[m].counts()).or(piece.marks.first());
        first.map(|m| self.kind(&self.part.marks[*m])).unwrap_or_default()
    }

    /// What a coding looks like: the role by colour, where it came from and what was decided by shape.
    fn kind(&self, mark: &Mark) -> String {
        kind(mark)
    }

    fn keys(&self, piece: &Piece) -> String {
        piece.marks.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    fn link(&self, mark: &Mark) -> String {
        link::coding(&self.source, mark.span, &mark.id)
    }

    fn state(&self, mark: &Mark) -> String {
        state(&self.frame, mark)
    }

    fn sign(&self, mark: &Mark) -> &'static str {
        sign(mark)
    }

    fn is_chosen(&self, mark: &Mark) -> bool {
        self.chosen.as_deref() == Some(mark.key().as_str())
    }
}

fn kind(mark: &Mark) -> String {
    let role = mark.role.map_or("none", nomoscope_core::codebook::Role::name);
    let by = match mark.records.iter().find(|r| r.status.counts()) {
        Some(said) if said.origin == Origin::Import => "import",
        Some(_) => "person",
        None => "lexicon",
    };
    let decided = match mark {
        m if m.is_rejected() => "rejected",
        m if m.is_open() => "open",
        _ => "accepted",
    };
    format!("c {role} {by} {decided}")
}

fn sign(mark: &Mark) -> &'static str {
    match mark {
        m if m.is_rejected() => "✗",
        m if m.is_open() => "◇",
        m if m.found => "✓",
        m if m.records.iter().all(|r| r.origin == Origin::Import) => "▢",
        _ => "●",
    }
}

fn state(frame: &Frame, mark: &Mark) -> String {
    let who = |status: fn(&Said) -> bool| {
        let mut who: Vec<&str> = mark.records.iter().filter(|r| status(r)).map(|r| r.coder.as_str()).collect();
        who.sort_unstable();
        who.dedup();
        who.join(", ")
    };
    if mark.is_rejected() {
        return format!("{} {}", frame.t("turned down by"), who(|r| r.status == CodingStatus::Rejected));
    }
    match (mark.found, mark.records.is_empty()) {
        (true, true) => frame.t("found by the lexicon, not looked at").to_owned(),
        (true, false) => format!("{} {}", frame.t("found by the lexicon, accepted by"), who(|r| r.status.counts())),
        _ => format!("{} {}", frame.t("coded by"), who(|_| true)),
    }
}

/// One coding in detail.
#[derive(Template)]
#[template(path = "mark.html")]
struct MarkView {
    frame: Frame,
    mark: Mark,
    /// The label of its concept, in the language of the page.
    label: String,
    /// The place of the coding among those of the part.
    at: usize,
    source: String,
    note: String,
    back: String,
    /// Those that stand at the same place.
    others: Vec<(String, String)>,
    /// The concepts that it could have, by id, with their labels.
    concepts: Vec<(String, String)>,
    memos: Vec<Memo>,
}

impl MarkView {
    fn state(&self) -> String {
        state(&self.frame, &self.mark)
    }

    fn suggested(&self, said: &Said) -> bool {
        said.origin == Origin::Suggestion
    }

    /// Returns the person's own coding, whose ends they may drag.
    fn own(&self) -> Option<&str> {
        self.mark.records.iter().find(|said| self.mine(said)).map(|said| &*said.id)
    }

    fn mine(&self, said: &Said) -> bool {
        said.coder == self.frame.coder
    }

    fn address(&self) -> String {
        encoded(&self.source)
    }

    fn about(&self) -> String {
        format!("concept:{}", self.mark.id)
    }
}

/// The memos on a source, with a field for the next one.
#[derive(Template)]
#[template(path = "memos.html")]
struct Beside {
    frame: Frame,
    source: String,
    back: String,
    memos: Vec<Memo>,
}

#[derive(Template)]
#[template(path = "read.html")]
struct Page {
    frame: Frame,
    title: String,
    described: String,
    source: String,
    part: String,
    at: usize,
    n: usize,
    mark: Option<String>,
    previous: Option<String>,
    next: Option<String>,
    /// The memos on the source.
    beside: String,
    /// Whether the person said that they are done with the source.
    done: bool,
    closed: bool,
}

impl Page {
    fn number(&self, n: &usize) -> usize {
        n + 1
    }

    fn address(&self) -> String {
        encoded(&self.source)
    }
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Query(pairs): Query<Pairs>,
) -> Result<Response, Failure> {
    let html = app.work(move |app| render(app, &session, &pairs)).await?;
    Ok(html.map_or_else(|| StatusCode::NO_CONTENT.into_response(), IntoResponse::into_response))
}

/// Returns a part of a source, asked once a revision.
fn part(study: &Seat, kept: &Kept, pairs: &Pairs) -> Result<(Question, Arc<Part>), Failure> {
    let asked: Question = question(pairs, &Question::default())?;
    let key = serde_json::to_string(&asked).unwrap_or_default();
    let part = study.answer(kept, &key, || asked.ask(&kept.opened.material, &Handle::default()))?;
    Ok((asked, part))
}

/// Returns the page or a fragment of it; none where a fragment is asked for of a source that is gone.
fn render(app: &App, session: &Session, pairs: &Pairs) -> Result<Option<Html<String>>, Failure> {
    let study = app.study(session)?;
    let kept = study.now()?;
    let is_there = |path: &str| kept.opened.material.study.sources.iter().any(|source| source.path == path);
    if field(pairs, "fragment").is_some() && !field(pairs, "source").is_some_and(is_there) {
        return Ok(None);
    }
    let (asked, part) = part(&study, &kept, pairs)?;
    let material = &kept.opened.material;
    let source = &material.study.sources[part.source];
    let frame = Frame::of(&kept, session, "/sources", "Sources");
    let chosen = field(pairs, "mark").map(str::to_owned);
    let mark = match &chosen {
        Some(key) => mark(&frame, &kept, &part, source, key)?,
        None => None,
    };
    if field(pairs, "fragment") == Some("mark") {
        return mark.map(|html| Some(Html(html))).ok_or(Failure::NotFound);
    }
    let (at, n) = (part.at, part.n);
    let beside = Beside {
        back: format!("/read?source={}&part={at}", encoded(&source.path)),
        memos: memos(&kept, &Subject::Source(source.path.as_str().into())),
        source: source.path.clone(),
        frame: frame.clone(),
    };
    if field(pairs, "fragment") == Some("memos") {
        return show(&beside).map(Some);
    }
    let label = |mark: &Mark| material.codebook.get(mark.concept).label_in(session.language).to_owned();
    let view = PartView {
        frame: frame.clone(),
        source: source.path.clone(),
        language: source.language.first().cloned().unwrap_or_default(),
        direction: if source.document.direction == Some(Direction::Rtl) { "rtl" } else { "" },
        labels: part.marks.iter().map(label).collect(),
        part,
        chosen,
    };
    if field(pairs, "fragment").is_some() {
        return show(&view).map(Some);
    }
    let html = view.render().map_err(|_| Failure::Broken)?;
    let neighbour = |i: Option<usize>| i.and_then(|i| material.study.sources.get(i)).map(|s| link::read(&s.path, None));
    let double = DoubleCoding::of(&material.study);
    let place = view.part.source;
    let mut frame = frame;
    frame.title.clone_from(&source.title);
    show(&Page {
        title: source.title.clone(),
        described: described(source),
        part: html,
        mark,
        previous: neighbour(place.checked_sub(1)),
        next: neighbour(Some(place + 1)),
        done: double.is_done(&source.path, &session.coder),
        closed: double.is_closed(&source.path, &session.coder),
        beside: beside.render().map_err(|_| Failure::Broken)?,
        source: asked.source,
        frame,
        at,
        n,
    })
    .map(Some)
}

fn described(source: &Source) -> String {
    let mut parts: Vec<String> = source.kind.iter().cloned().collect();
    parts.extend(source.date.map(|d| d.to_string()));
    parts.extend(source.attributes.iter().filter(|(_, v)| !v.is_empty()).take(6).map(|(k, v)| format!("{k}: {v}")));
    parts.join(" · ")
}

fn memos(kept: &Kept, about: &Subject) -> Vec<Memo> {
    kept.opened.material.study.memos.iter().filter(|m| m.about == *about).cloned().collect()
}

fn mark(frame: &Frame, kept: &Kept, part: &Part, source: &Source, key: &str) -> Result<Option<String>, Failure> {
    let Some(at) = part.marks.iter().position(|m| m.key() == key) else { return Ok(None) };
    let mark = part.marks[at].clone();
    let address = |m: &Mark| link::coding(&source.path, m.span, &m.id);
    let same = part.marks.iter().filter(|m| m.key() != key && m.span.overlaps(mark.span)).take(12);
    let codebook = &kept.opened.material.codebook;
    let label = |m: &Mark| codebook.get(m.concept).label_in(frame.language).to_owned();
    let others = same.map(|m| (address(m), label(m))).collect();
    let view = MarkView {
        frame: frame.clone(),
        note: codebook.get(mark.concept).note.clone(),
        back: address(&mark),
        source: source.path.clone(),
        memos: memos(kept, &Subject::Concept(mark.id.as_str().into())),
        others,
        concepts: codebook
            .concepts()
            .iter()
            .map(|concept| (concept.id.clone(), concept.label_in(frame.language).to_owned()))
            .collect(),
        label: label(&mark),
        mark,
        at,
    };
    view.render().map(Some).map_err(|_| Failure::Broken)
}

/// Leads to the next or the previous hit that nobody has decided about.
pub(super) async fn next(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Query(pairs): Query<Pairs>,
) -> Result<Redirect, Failure> {
    app.work(move |app| {
        let study = app.study(&session)?;
        let kept = study.now()?;
        let asked = review::question::Question { concept: field(&pairs, "concept").map(str::to_owned), source: None };
        let key = serde_json::to_string(&asked).unwrap_or_default();
        let review = study.answer(&kept, &key, || asked.ask(&kept.opened.material, &Handle::default()))?;
        let sources = &kept.opened.material.study.sources;
        let place = |path: &str| sources.iter().position(|s| s.path == path).unwrap_or(0);
        let here = (
            place(field(&pairs, "source").unwrap_or_default()),
            field(&pairs, "at").and_then(|n| n.parse::<u32>().ok()),
        );
        let at = |h: &review::answer::Hit| (place(&h.source), Some(h.span.start));
        let found = if field(&pairs, "way") == Some("back") {
            review.open.iter().rev().find(|h| at(h) < here)
        } else {
            review.open.iter().find(|h| at(h) > here).or(review.open.first())
        };
        let Some(hit) = found else { return Ok(link::to("/review")) };
        Ok(link::to(&link::coding(&hit.source, hit.span, &hit.concept)))
    })
    .await
}
