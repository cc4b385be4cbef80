//! The codebook: its tree, what each concept finds, and changes of it that codings follow.

use super::acts::{identity, perform};
use crate::app::{App, Session};
use crate::failure::Failure;
use crate::frame::{Frame, page as show};
use crate::link;
use crate::strings::phrase;
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use nomoscope_core::codebook::{Codebook, Concept, ConceptIx, Role};
use nomoscope_core::study::{CodingRecord, Memo, Subject};
use nomoscope_core::usage::concordance::Line;
use nomoscope_desk::Act;
use nomoscope_desk::act::{ConceptEdit, Fields, NewConcept};
use nomoscope_engine::address::{Pairs, all, field, question};
use nomoscope_engine::handle::Handle;
use nomoscope_engine::kwic::answer::Kwic;
use nomoscope_engine::{concepts, kwic, review};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Places that a preview shows.
const PREVIEW: usize = 100;

/// Codings that can be chosen one by one.
const MOST_CODED: usize = 500;

/// A concept in the tree.
struct Branch {
    id: String,
    label: String,
    depth: usize,
    role: &'static str,
    is_norm: bool,
    codings: u64,
    sources: u64,
    precision: Option<String>,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "codebook.html")]
struct Page {
    frame: Frame,
    title: String,
    tree: Vec<Branch>,
    edit: Option<String>,
    language: String,
    /// A pattern that is to become a concept.
    new: String,
}

/// One concept with its fields.
#[derive(Template)]
#[template(path = "concept.html")]
struct Edit {
    frame: Frame,
    concept: Concept,
    languages: Vec<String>,
    all: Vec<(String, String)>,
    memos: Vec<Memo>,
    uses: u64,
    /// Codings that a split may take along, the first of them.
    codings: Vec<Coded>,
    /// How many there are.
    n_codings: usize,
}

/// A coding as it is chosen from a list.
struct Coded {
    id: String,
    quote: String,
    source: String,
    coder: String,
}

impl Edit {
    fn label(&self, language: &str) -> &str {
        self.concept.label.get(language).map_or("", String::as_str)
    }

    fn patterns(&self, language: &str) -> String {
        lines(&self.concept.patterns, language)
    }

    fn not(&self, language: &str) -> String {
        lines(&self.concept.not, language)
    }

    fn has(&self, role: &Role) -> bool {
        self.concept.has(*role)
    }

    fn roles(&self) -> [Role; 3] {
        Role::ALL
    }

    fn is_broader(&self, id: &str) -> bool {
        self.concept.broader.as_deref() == Some(id)
    }

    /// The patterns of a language, one each.
    fn each(&self, language: &str) -> Vec<&str> {
        self.concept.patterns.get(language).into_iter().flatten().map(|p| p.text.as_str()).collect()
    }

    /// The fields as the form shows them, by which changes of others since then are told from those of the form.
    fn shown(&self) -> Vec<(String, String)> {
        shown(&self.concept, &self.languages)
    }

    fn rows(&self, text: &str) -> usize {
        text.lines().count().clamp(2, 14)
    }
}

/// Returns the fields of a concept by their names, as its form has them.
fn shown(concept: &Concept, languages: &[String]) -> Vec<(String, String)> {
    let each = |language: &String| {
        [
            (format!("label.{language}"), concept.label.get(language).cloned().unwrap_or_default()),
            (format!("patterns.{language}"), lines(&concept.patterns, language)),
            (format!("not.{language}"), lines(&concept.not, language)),
        ]
    };
    let mut all: Vec<(String, String)> = languages.iter().flat_map(each).collect();
    let roles: Vec<&str> = Role::ALL.iter().filter(|role| concept.has(**role)).map(|role| role.name()).collect();
    all.push(("role".to_owned(), roles.join(" ")));
    all.push(("norm_label".to_owned(), if concept.norm_label { "1" } else { "" }.to_owned()));
    all.push(("note".to_owned(), concept.note.clone()));
    all
}

fn lines(of: &BTreeMap<String, Vec<nomoscope_core::codebook::PatternText>>, language: &str) -> String {
    let all = of.get(language).map(|list| list.iter().map(|p| p.text.as_str()).collect::<Vec<_>>());
    all.unwrap_or_default().join("\n")
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
    let material = &kept.opened.material;
    let codebook = &material.codebook;
    let counts =
        study.answer(&kept, "all", || concepts::question::Question::default().ask(material, &Handle::default()))?;
    let review =
        study.answer(&kept, "all", || review::question::Question::default().ask(material, &Handle::default()))?;
    let precision: BTreeMap<&str, String> =
        review.concepts.iter().filter_map(|c| Some((c.id.as_str(), review::words::precision(c)?))).collect();
    let chosen = field(pairs, "concept").and_then(|id| codebook.find(id));
    let branch = |(ix, depth): (ConceptIx, usize)| {
        let concept = codebook.get(ix);
        let [codings, _, sources] = counts.counts.total.get(&ix).copied().unwrap_or_default();
        Branch {
            id: concept.id.clone(),
            label: concept.label_in(session.language).to_owned(),
            depth: depth.min(6),
            role: concept.roles.first().map_or("none", |r| r.name()),
            is_norm: concept.norm_label,
            codings,
            sources,
            precision: precision.get(concept.id.as_str()).cloned(),
            chosen: chosen == Some(ix),
        }
    };
    let edit = chosen.map(|ix| {
        let concept = codebook.get(ix).clone();
        let mut languages: BTreeSet<String> = codebook.languages().into_iter().map(str::to_owned).collect();
        languages.extend(concept.label.keys().cloned());
        languages.extend(concept.patterns.keys().cloned());
        languages.extend(material.study.meta.language.iter().cloned());
        let others = codebook.concepts().iter().filter(|c| c.id != concept.id);
        let about = Subject::Concept(concept.id.as_str().into());
        let view = Edit {
            frame: Frame::of(&kept, session, "/codebook", "Codebook"),
            languages: languages.into_iter().collect(),
            all: others.map(|c| (c.id.clone(), c.label_in(session.language).to_owned())).collect(),
            memos: material.study.memos.iter().filter(|m| m.about == about).cloned().collect(),
            codings: material
                .study
                .codings
                .iter()
                .filter(|c| c.concept == *concept.id)
                .take(MOST_CODED)
                .map(coded)
                .collect(),
            n_codings: material.study.codings.iter().filter(|c| c.concept == *concept.id).count(),
            uses: counts.counts.total.get(&ix).map_or(0, |n| n[0]),
            concept,
        };
        view.render().map_err(|_| Failure::Broken)
    });
    show(&Page {
        frame: Frame::of(&kept, session, "/codebook", "Codebook"),
        title: codebook.title.clone(),
        tree: tree(codebook).into_iter().map(branch).collect(),
        edit: edit.transpose()?,
        language: material.study.meta.language.first().map_or("en", String::as_str).to_owned(),
        new: field(pairs, "new").unwrap_or_default().to_owned(),
    })
}

fn coded(coding: &CodingRecord) -> Coded {
    Coded {
        id: coding.id.to_string(),
        quote: coding.quote.clone(),
        source: coding.source.to_string(),
        coder: coding.coder.to_string(),
    }
}

/// Returns the concepts with their depth, each before those below it, in the order of the codebook.
fn tree(codebook: &Codebook) -> Vec<(ConceptIx, usize)> {
    let mut below: BTreeMap<Option<ConceptIx>, Vec<ConceptIx>> = BTreeMap::new();
    for ix in codebook.indices() {
        below.entry(codebook.broader(ix)).or_default().push(ix);
    }
    let mut open: Vec<(ConceptIx, usize)> = below.get(&None).into_iter().flatten().rev().map(|&ix| (ix, 0)).collect();
    let mut out = Vec::new();
    while let Some((ix, depth)) = open.pop() {
        out.push((ix, depth));
        open.extend(below.get(&Some(ix)).into_iter().flatten().rev().map(|&ix| (ix, depth + 1)));
    }
    out
}

#[derive(Template)]
#[template(path = "preview.html")]
struct Preview {
    frame: Frame,
    kwic: Arc<Kwic>,
    pattern: String,
    sort: String,
}

/// A place as it is shown.
struct Place {
    link: String,
    source: String,
    label: String,
    language: String,
    parts: [String; 3],
}

impl Preview {
    fn places(&self) -> Vec<Place> {
        let place = |line: &Line| {
            let source = &self.kwic.corpus.sources[line.source];
            Place {
                link: link::read(&source.path, Some(line.hit.start)),
                source: source.title.clone(),
                label: self.kwic.place(line).to_owned(),
                language: source.language.first().cloned().unwrap_or_default(),
                parts: self.kwic.parts(line),
            }
        };
        self.kwic.lines.iter().take(PREVIEW).map(place).collect()
    }

    fn address(&self) -> String {
        nomoscope_engine::address::encoded(&self.pattern)
    }

    fn is_sorted(&self, by: &str) -> bool {
        self.sort == by
    }
}

/// Shows where a pattern or a concept stands, before it is in the codebook.
pub(super) async fn preview(
    State(app): State<Arc<App>>,
    Extension(session): Extension<Session>,
    Query(pairs): Query<Pairs>,
) -> Result<Response, Failure> {
    let unfinished = field(&pairs, "unfinished").is_some();
    let found: Result<Html<String>, Failure> = app
        .work(move |app| {
            let study = app.study(&session)?;
            let kept = study.now()?;
            let asked: kwic::question::Question = question(&pairs, &kwic::question::Question::default())?;
            let key = serde_json::to_string(&asked).unwrap_or_default();
            let kwic = study.answer(&kept, &key, || asked.ask(&kept.opened.material, &Handle::default()))?;
            let frame = Frame::of(&kept, &session, "/codebook", "Codebook");
            show(&Preview { frame, kwic, pattern: asked.pattern, sort: asked.sort.unwrap_or_default() })
        })
        .await;
    let mut response = found.into_response();
    // While it is written a pattern is rarely one; the console of the browser need not list each letter.
    if unfinished && response.status() == StatusCode::BAD_REQUEST {
        *response.status_mut() = StatusCode::OK;
    }
    Ok(response)
}

/// Changes the codebook: `do` says how.
pub(super) async fn change(
    state: State<Arc<App>>,
    session: Extension<Session>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Result<Response, Failure> {
    let edit = edit(&pairs)?;
    let next = match &edit {
        ConceptEdit::Add(NewConcept { id, .. }) | ConceptEdit::Change { id, .. } | ConceptEdit::Move { id, .. } => {
            Some(id)
        }
        ConceptEdit::Split { new: NewConcept { id, .. }, .. } => Some(id),
        ConceptEdit::Rename { to, .. } | ConceptEdit::Merge { into: to, .. } => Some(to),
        ConceptEdit::Remove { .. } => None,
    };
    let back = next
        .map_or("/codebook".to_owned(), |id| format!("/codebook?concept={}", nomoscope_engine::address::encoded(id)));
    perform((state, session, headers), Some(back), move |study| {
        if let ConceptEdit::Change { id, to } = &edit {
            let kept = study.now()?;
            let codebook = &kept.opened.material.codebook;
            let known = codebook.find(id).map(|ix| codebook.get(ix));
            let to = known.map_or_else(|| Ok(to.clone()), |concept| changed(&pairs, concept))?;
            return Ok(Act::Concept { edit: ConceptEdit::Change { id: id.clone(), to } });
        }
        Ok(Act::Concept { edit })
    })
    .await
}

/// Returns the fields that somebody changed in the form; what another changed since the form was shown stays.
///
/// A field that both changed is refused: whoever saved later would overwrite what they never saw.
fn changed(pairs: &Pairs, concept: &Concept) -> Result<Fields, Failure> {
    // A form that does not tell what it showed is taken at its word.
    if !pairs.iter().any(|(name, _)| name.starts_with("was.")) {
        return Ok(fields(pairs));
    }
    let plain = |words: &str| words.replace("\r\n", "\n").trim_end().to_owned();
    let given = |name: &str| match name {
        "role" => all(pairs, "role").join(" "),
        _ => pairs.iter().find(|(known, _)| known == name).map(|(_, words)| plain(words)).unwrap_or_default(),
    };
    let languages: BTreeSet<String> =
        pairs.iter().filter_map(|(name, _)| Some(name.strip_prefix("label.")?.to_owned())).collect();
    let mut own = Pairs::new();
    for (name, now) in shown(concept, &languages.into_iter().collect::<Vec<_>>()) {
        let Some((_, was)) = pairs.iter().find(|(known, _)| known.strip_prefix("was.") == Some(&*name)) else {
            continue;
        };
        let (was, now, to) = (plain(was), plain(&now), given(&name));
        if to == was {
            own.push((name, now));
            continue;
        }
        if now != was && now != to {
            let reason = phrase("Somebody else changed this meanwhile; it is now: {}", &[&now]);
            return Err(Failure::bad(reason));
        }
        own.push((name, to));
    }
    let own = own.into_iter().flat_map(|(name, words)| match name.as_str() {
        "role" => words.split(' ').filter(|w| !w.is_empty()).map(|w| ("role".to_owned(), w.to_owned())).collect(),
        "norm_label" if words.is_empty() => Vec::new(),
        _ => vec![(name, words)],
    });
    Ok(fields(&own.collect()))
}

fn edit(pairs: &Pairs) -> Result<ConceptEdit, Failure> {
    let get = |name: &str| field(pairs, name).map(str::to_owned);
    let need = |name: &str, what: &str| get(name).ok_or_else(|| Failure::bad(phrase("Choose {} first.", &[what])));
    let id = || need("concept", "a concept");
    Ok(match field(pairs, "do") {
        Some("add") => {
            let label = need("label", "a name")?;
            let language = get("language").unwrap_or_else(|| "en".to_owned());
            let patterns = split(field(pairs, "patterns").unwrap_or_default());
            ConceptEdit::Add(NewConcept {
                id: identity(&label),
                roles: all(pairs, "role"),
                broader: get("broader"),
                patterns: if patterns.is_empty() {
                    BTreeMap::new()
                } else {
                    BTreeMap::from([(language.clone(), patterns)])
                },
                label: BTreeMap::from([(language, label)]),
            })
        }
        Some("change") => ConceptEdit::Change { id: id()?, to: fields(pairs) },
        Some("rename") => ConceptEdit::Rename { from: id()?, to: identity(&need("to", "a new name")?) },
        Some("move") => ConceptEdit::Move { id: id()?, broader: get("broader") },
        Some("merge") => ConceptEdit::Merge { from: id()?, into: need("into", "the concept that stays")? },
        Some("split") => ConceptEdit::Split {
            from: id()?,
            new: split_off(pairs, need("label", "a name")?),
            codings: all(pairs, "coding").into_iter().collect(),
            with_hits: field(pairs, "with_hits").is_some(),
        },
        Some("remove") => ConceptEdit::Remove { id: id()? },
        _ => return Err(Failure::NotFound),
    })
}

/// Returns the concept that is split off, with the patterns that were chosen.
fn split_off(pairs: &Pairs, label: String) -> NewConcept {
    let mut patterns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, pattern) in pairs {
        if let Some(language) = name.strip_prefix("take.") {
            patterns.entry(language.to_owned()).or_default().push(pattern.clone());
        }
    }
    let language = field(pairs, "language").unwrap_or("en").to_owned();
    NewConcept {
        id: identity(&label),
        roles: all(pairs, "role"),
        broader: field(pairs, "broader").map(str::to_owned),
        patterns,
        label: BTreeMap::from([(language, label)]),
    }
}

fn split(given: &str) -> Vec<String> {
    given.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn fields(pairs: &Pairs) -> Fields {
    let of = |before: &str| -> BTreeMap<String, String> {
        let own = pairs.iter().filter_map(|(name, given)| Some((name.strip_prefix(before)?.to_owned(), given.clone())));
        own.collect()
    };
    let lists = |before: &str| of(before).into_iter().map(|(language, given)| (language, split(&given))).collect();
    Fields {
        label: of("label."),
        roles: Some(all(pairs, "role")),
        norm_label: Some(field(pairs, "norm_label").is_some()),
        patterns: lists("patterns."),
        not: lists("not."),
        note: pairs.iter().find(|(name, _)| name == "note").map(|(_, note)| note.clone()),
    }
}
