//! What is said of sources beside their texts: of one in a form with all its attributes, of many what holds of all.

use super::acts::perform;
use super::sources;
use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use crate::link;
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::http::HeaderMap;
use axum::response::{Html, Response};
use nomoscope_core::study::Source;
use nomoscope_desk::Act;
use nomoscope_desk::keeper::Kept;
use nomoscope_engine::address::{Pairs, encoded, field};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is asked of every source, with its name for people.
const OWN: [(&str, &str); 4] = [("title", "Title"), ("kind", "Kind"), ("date", "Date"), ("language", "Language")];
/// Attributes with a field of their own: any other is named.
const MOST: usize = 60;
/// Sources that are named.
const NAMED: usize = 12;

#[derive(Template)]
#[template(path = "describe.html")]
struct Page {
    frame: Frame,
    /// The files whose sources are described.
    files: BTreeSet<String>,
    /// The titles of the first sources.
    titles: Vec<String>,
    n: usize,
    fields: Vec<Field>,
    /// Whether a table holds them, which says itself what it knows.
    in_table: bool,
    back: String,
}

/// Something that is said of the sources.
struct Field {
    name: String,
    label: String,
    /// What is said of all of them; none where they differ.
    value: Option<String>,
    /// How many values there are.
    values: usize,
}

impl Page {
    fn is_one(&self) -> bool {
        self.n == 1
    }

    fn address(&self, file: &str) -> String {
        encoded(file)
    }

    fn more(&self) -> usize {
        self.n.saturating_sub(self.titles.len())
    }

    fn is_date(&self, field: &Field) -> bool {
        field.name == "date"
    }
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Query(pairs): Query<Pairs>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| render(app, &session, &pairs)).await
}

/// The same for sources that were marked in a list: more than an address can hold.
pub(super) async fn chosen(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Form(pairs): Form<Pairs>,
) -> Result<Html<String>, Failure> {
    app.work(move |app| render(app, &session, &pairs)).await
}

fn render(app: &App, session: &Session, pairs: &Pairs) -> Result<Html<String>, Failure> {
    let study = app.study(session)?;
    let kept = study.now()?;
    let named: BTreeSet<String> = match field(pairs, "all") {
        Some(_) => sources::listed(&study, &kept, pairs)?.rows.iter().map(|row| row.path.clone()).collect(),
        None => pairs.iter().filter(|(name, _)| name == "source").map(|(_, path)| path.clone()).collect(),
    };
    let files: BTreeSet<String> = named.iter().map(|path| file(&kept, path).to_owned()).collect();
    let material = &kept.opened.material;
    let of_files = |source: &&Source| files.contains(file(&kept, &source.path));
    let described: Vec<&Source> = material.study.sources.iter().filter(of_files).collect();
    if described.is_empty() {
        return Err(Failure::bad("Choose some sources first."));
    }
    let own = OWN.iter().filter(|(name, _)| *name != "title" || described.len() == 1);
    let own = own.map(|(name, label)| ((*name).to_owned(), strings_of(session, label)));
    let others: BTreeSet<&String> = material.study.sources.iter().flat_map(|s| s.attributes.keys()).collect();
    let others = others.into_iter().take(MOST).map(|name| (name.clone(), name.clone()));
    let fields = own.chain(others).map(|(name, label)| {
        let values: BTreeSet<String> = described.iter().map(|source| said(source, &name)).collect();
        let value = values.first().filter(|_| values.len() == 1).cloned();
        Field { name, label, value, values: values.len() }
    });
    let mut frame = Frame::of(&kept, session, "/sources", "Describe sources");
    if let [source] = described[..] {
        frame.title = format!("{}: {}", frame.t("Describe"), source.title);
    }
    show(&Page {
        fields: fields.collect(),
        titles: described.iter().take(NAMED).map(|source| source.title.clone()).collect(),
        n: described.len(),
        in_table: described.iter().any(|source| file(&kept, &source.path) != source.path),
        back: match described[..] {
            [source] => link::read(&source.path, None),
            _ => "/sources".to_owned(),
        },
        files,
        frame,
    })
}

fn strings_of(session: &Session, words: &'static str) -> String {
    crate::strings::say(session.language, words).to_owned()
}

/// Returns the file of a source: a table holds many.
fn file<'p>(kept: &Kept, path: &'p str) -> &'p str {
    let inputs = &kept.opened.material.inputs;
    let table = path.rsplit_once('#').map(|(table, _)| table);
    table.filter(|table| !inputs.contains_key(path) && inputs.contains_key(*table)).unwrap_or(path)
}

fn said(source: &Source, name: &str) -> String {
    match name {
        "title" => source.title.clone(),
        "kind" => source.kind.clone().unwrap_or_default(),
        "date" => source.date.map(|date| date.to_string()).unwrap_or_default(),
        "language" => source.language.join(" "),
        _ => source.attributes.get(name).cloned().unwrap_or_default(),
    }
}

/// Says what somebody changed, by what their form showed; an attribute that is to be empty says so.
pub(super) async fn describe(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Result<Response, Failure> {
    let back = field(&pairs, "back").map(str::to_owned);
    perform((state, session, headers), back, move |_| {
        let sources = pairs.iter().filter(|(name, _)| name == "source").map(|(_, path)| path.clone()).collect();
        // A field that is left empty comes, too: it takes back what stood there.
        let of = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim());
        let mut said = BTreeMap::new();
        for (name, value) in &pairs {
            if let Some(attribute) = name.strip_prefix("set.")
                && of(&format!("was.{attribute}")).unwrap_or_default() != value.trim()
            {
                said.insert(attribute.to_owned(), value.trim().to_owned());
            } else if let Some(attribute) = name.strip_prefix("clear.") {
                said.insert(attribute.to_owned(), String::new());
            }
        }
        if let (Some(name), Some(value)) = (of("name"), of("value"))
            && !(name.is_empty() && value.is_empty())
        {
            said.insert(name.to_owned(), value.to_owned());
        }
        Ok(Act::Describe { sources, said })
    })
    .await
}
