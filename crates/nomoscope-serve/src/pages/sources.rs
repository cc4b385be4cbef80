//! The sources: filters, full-text search, and a place to drop texts.

use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use crate::link;
use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Html;
use nomoscope_desk::keeper::{Kept, Seat};
use nomoscope_engine::address::{Pairs, field};
use nomoscope_engine::handle::Handle;
use nomoscope_engine::material::Selection;
use nomoscope_engine::sources::answer::{Found, Listed, Place, Row, terms};
use nomoscope_engine::sources::question::Question;
use nomoscope_engine::words::thousands;
use std::sync::Arc;

/// Sources on a page.
const ROWS: usize = 200;

#[derive(Template)]
#[template(path = "sources.html")]
struct Page {
    frame: Frame,
    listed: Arc<Listed>,
    words: String,
    since: String,
    until: String,
    filters: Vec<Filter>,
    from: usize,
    total: usize,
    previous: Option<String>,
    next: Option<String>,
    wrong: Vec<String>,
    /// What was asked, by which all of it is found again.
    asked: Pairs,
}

impl Page {
    fn rows(&self) -> &[Row] {
        self.listed.rows.get(self.from..(self.from + ROWS).min(self.total)).unwrap_or_default()
    }

    fn read(&self, row: &Row) -> String {
        link::read(&row.path, row.found.as_ref().map(Found::start))
    }

    fn place(&self, row: &Row, place: &Place) -> String {
        link::read(&row.path, Some(place.hit.start))
    }

    fn n(&self, n: &usize) -> String {
        thousands(*n as u64)
    }
}

/// An attribute with its values, and the one that is chosen.
struct Filter {
    name: String,
    values: Vec<(String, bool)>,
}

impl Page {
    /// Whether another source has the same title: then its file tells it apart.
    fn has_twin(&self, row: &Row) -> bool {
        self.listed.rows.iter().filter(|other| other.title == row.title).count() > 1
    }
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Query(pairs): Query<Pairs>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| render(app, &session, &pairs)).await
}

fn render(app: &App, session: &Session, pairs: &Pairs) -> Result<Html<String>, Failure> {
    let study = app.study(session)?;
    let kept = study.now()?;
    let mut frame = Frame::of(&kept, session, "/sources", "Sources");
    frame.notes = kept.opened.notes.iter().take(5).map(|n| crate::failure::without_paths(&n.to_string())).collect();
    let (asked, chosen) = asked(pairs);
    let mut wrong = Vec::new();
    let listed = match list(&study, &kept, &asked) {
        Ok(listed) => listed,
        Err(Failure::Bad(lines) | Failure::Refused(lines)) => {
            // What is wrong with the search stands beside all sources.
            wrong = lines;
            study.answer(&kept, "all", || Question::default().ask(&kept.opened.material, &Handle::default()))?
        }
        Err(failure) => return Err(failure),
    };
    let value = |name: &str, value: &String| (value.clone(), chosen.contains(&(name, value.as_str())));
    let filters = listed
        .attributes
        .iter()
        .map(|(name, values)| Filter { name: name.clone(), values: values.iter().map(|v| value(name, v)).collect() });
    let filters = filters.collect();
    let total = listed.rows.len();
    let from =
        field(pairs, "from").and_then(|n| n.parse().ok()).unwrap_or(0usize).min(total.saturating_sub(1) / ROWS * ROWS);
    let with = |from: usize| {
        use nomoscope_engine::address::encoded;
        let rest = pairs.iter().filter(|(name, value)| name != "from" && !value.is_empty());
        let rest: String = rest.map(|(n, v)| format!("&{}={}", encoded(n), encoded(v))).collect();
        format!("/sources?from={from}{rest}")
    };
    show(&Page {
        words: asked.words.unwrap_or_default(),
        since: asked.selection.since.unwrap_or_default(),
        until: asked.selection.until.unwrap_or_default(),
        previous: (from > 0).then(|| with(from.saturating_sub(ROWS))),
        next: (from + ROWS < total).then(|| with(from + ROWS)),
        frame,
        filters,
        from,
        total,
        wrong,
        asked: pairs.iter().filter(|(name, value)| name != "from" && !value.is_empty()).cloned().collect(),
        listed,
    })
}

/// Returns the sources that a search and filters ask for.
pub(super) fn listed(study: &Seat, kept: &Kept, pairs: &Pairs) -> Result<Arc<Listed>, Failure> {
    list(study, kept, &asked(pairs).0)
}

fn list(study: &Seat, kept: &Kept, asked: &Question) -> Result<Arc<Listed>, Failure> {
    let key = serde_json::to_string(asked).unwrap_or_default();
    let among = match &asked.words {
        Some(words) => study.can_hold(kept, &terms(words))?,
        None => None,
    };
    let ask = || asked.ask_among(&kept.opened.material, among.as_ref(), &Handle::default());
    Ok(study.answer(kept, &key, ask)?)
}

/// Returns what is asked, and the attributes with their values that were chosen.
fn asked(pairs: &Pairs) -> (Question, Vec<(&str, &str)>) {
    let chosen: Vec<(&str, &str)> = pairs
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("is.")?, value.as_str())))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let selection = Selection {
        wanted: chosen.iter().map(|(name, value)| format!("{name}={value}")).collect(),
        since: field(pairs, "since").map(str::to_owned),
        until: field(pairs, "until").map(str::to_owned),
        ..Selection::default()
    };
    (Question { words: field(pairs, "words").map(str::to_owned), selection }, chosen)
}
