//! Discourse networks of a study or of a table of statements. Joins them with the formulas of the core; prints nothing.

use nomoscope_core::codebook::{Codebook, Concept};
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::norm::cues::negated;
use nomoscope_core::study::{Annotations, Source, Study, Subject, Value};
use nomoscope_core::text::Level;
use nomoscope_core::usage::discourse::{
    ActorStatement, Aggregation, Compat, DiscourseError, Duplicates, Kernel, Matrix, Normalisation, Qualifier,
    Settings, TimeUnit, one_mode, two_mode, windows, without_duplicates,
};
use nomoscope_formats::exchange::graph::Attributes;
use nomoscope_formats::tables::Delimited;
use nomoscope_formats::tables::statements::Statements;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Attributes that usually name who speaks, the most telling first.
pub const ACTORS: [&str; 6] = ["actor", "organisation", "organization", "institution", "speaker", "country"];

/// Statements with their names, wherever they come from.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// `study`, `passages` (of a study that says nobody's words: concepts in them), `statements` (passages of a study that are
    /// statements) or `table`.
    pub kind: &'static str,
    /// Names of actors.
    pub actors: Vec<String>,
    /// Names of concepts.
    pub concepts: Vec<String>,
    /// What people call concepts, where their names are ids.
    pub labels: BTreeMap<String, String>,
    /// Names of documents.
    pub documents: Vec<String>,
    /// Stances that are words.
    pub stances: Vec<String>,
    /// What stances are; none where there are none.
    pub qualifier: Option<Qualifier>,
    /// The statements.
    pub statements: Vec<ActorStatement>,
    /// Where each stands in its document: the citable label of its sentence.
    pub units: Vec<String>,
    /// What people should know.
    pub notes: Vec<String>,
    /// What is known of actors and of concepts beside their names, by name.
    pub known: [BTreeMap<String, Attributes>; 2],
}

impl From<Statements> for Said {
    fn from(table: Statements) -> Self {
        let units = vec![String::new(); table.statements.len()];
        Self {
            kind: "table",
            actors: table.actors,
            concepts: table.concepts,
            labels: BTreeMap::new(),
            documents: table.documents,
            stances: table.stances,
            qualifier: table.qualifier,
            statements: table.statements,
            units,
            notes: table.notes,
            known: Default::default(),
        }
    }
}

/// Returns what is said of cases: of those of this name, among which are the members of the set `of` where there are any.
///
/// An entity of DNA is a case in the set of its variable: an organization and a person may have one name.
#[must_use]
pub fn known_cases(study: &Study, names: &[String], of: &str) -> BTreeMap<String, Attributes> {
    let Annotations { cases, sets, members, .. } = &study.annotations;
    let sets: BTreeSet<&str> = sets.iter().filter(|set| set.name == of).map(|set| set.id.as_str()).collect();
    let inside = members.iter().filter(|m| matches!(&m.of, Subject::Set(id) if sets.contains(id.as_str())));
    let inside: BTreeSet<&Subject> = inside.map(|m| &m.member).collect();
    let wanted: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let cases = cases.iter().map(|case| (case.name.as_str(), Subject::Case(case.id.clone())));
    let mut cases: Vec<_> = cases.filter(|(name, _)| wanted.contains(name)).collect();
    if cases.iter().any(|(_, case)| inside.contains(case)) {
        cases.retain(|(_, case)| inside.contains(case));
    }
    let mut said = said_of(study);
    let of = |(name, case): (&str, Subject)| Some((name.to_owned(), said.remove(&case)?));
    cases.into_iter().filter_map(of).collect()
}

/// Returns the values of all things, by the names of their variables; what is empty is not known.
fn said_of(study: &Study) -> BTreeMap<&Subject, Attributes> {
    let Annotations { variables, values, .. } = &study.annotations;
    let names: BTreeMap<&str, &str> = variables.iter().map(|v| (v.id.as_str(), v.name.as_str())).collect();
    let mut out: BTreeMap<&Subject, Attributes> = BTreeMap::new();
    for value in values.iter().filter(|value| !value.value.to_string().is_empty()) {
        if let Some(name) = names.get(value.variable.as_str()) {
            out.entry(&value.of).or_default().insert((*name).to_owned(), value.value.clone());
        }
    }
    out
}

/// Returns what a codebook and a study say of concepts.
fn known_concepts(study: &Study, codebook: &Codebook) -> BTreeMap<String, Attributes> {
    let mut said = said_of(study);
    let of = |concept: &Concept| {
        let mut known = said.remove(&Subject::Concept(concept.id.as_str().into())).unwrap_or_default();
        let roles: Vec<&str> = concept.roles.iter().map(|role| role.name()).collect();
        let broader = concept.broader.clone().unwrap_or_default();
        let words = [("title", concept.label_in("en").to_owned()), ("roles", roles.join(" ")), ("broader", broader)];
        let words = words.into_iter().filter(|(_, words)| !words.is_empty());
        known.extend(words.map(|(name, words)| (name.to_owned(), Value::Text(words))));
        (concept.id.clone(), known)
    };
    codebook.concepts().iter().map(of).collect()
}

/// Returns the concepts of a coded study by the passages in which they stand, where nothing says whose words these are: each
/// passage is an actor of its own, called as its source.
#[must_use]
pub fn of_passages(corpus: &Corpus, study: &Study, window: Level) -> Said {
    let mut said = Said { kind: "passages", qualifier: None, ..of_corpus(corpus, study) };
    for (document, (source, coded)) in corpus.sources.iter().zip(&corpus.coded).enumerate() {
        let mut last = None;
        for coding in &coded.codings {
            let unit = coded.unit_at(coding.span.start, window);
            if last.replace(unit) != Some(unit) {
                said.actors.push(source.path.clone());
            }
            said.statements.push(ActorStatement {
                actor: said.actors.len().saturating_sub(1) as u32,
                concept: coding.concept.get() as u32,
                stance: 0,
                document: document as u32,
                date: source.date,
                kind: 0,
            });
            said.units.push(coded.label(unit).to_owned());
        }
    }
    let each = format!("concepts are tied by each {} that holds both", window.name());
    said.notes.push(format!("nothing says whose words a source holds: {each}"));
    said
}

/// Returns what all statements of a coded study have in common.
fn of_corpus(corpus: &Corpus, study: &Study) -> Said {
    let concepts = || corpus.codebook.concepts().iter();
    Said {
        concepts: concepts().map(|concept| concept.id.clone()).collect(),
        labels: concepts().map(|concept| (concept.id.clone(), concept.label_in("en").to_owned())).collect(),
        documents: corpus.sources.iter().map(|s| s.path.clone()).collect(),
        known: [BTreeMap::new(), known_concepts(study, &corpus.codebook)],
        ..Said::default()
    }
}

/// Returns the statements of a coded study: each coding is one, by the actor that an attribute of its source names, for the
/// concept, or against it where its sentence negates it.
#[must_use]
pub fn of_study(corpus: &Corpus, study: &Study, attribute: &str) -> Said {
    let actor_of = |s: &Source| s.attribute(attribute).filter(|a| !a.is_empty());
    let actors: BTreeSet<String> = corpus.sources.iter().filter_map(actor_of).collect();
    let actors: Vec<String> = actors.into_iter().collect();
    let mut said = Said { kind: "study", qualifier: Some(Qualifier::Boolean), ..of_corpus(corpus, study) };
    let mut silent = 0;
    for (document, (source, coded)) in corpus.sources.iter().zip(&corpus.coded).enumerate() {
        let Some(actor) = actor_of(source).and_then(|a| actors.binary_search(&a).ok()) else {
            silent += 1;
            continue;
        };
        for coding in &coded.codings {
            let sentence = coded.unit_at(coding.span.start, Level::Sentence);
            let against = negated(&source.document.text, coded.cues_in(coded.span(sentence)), coding.span);
            said.statements.push(ActorStatement {
                actor: actor as u32,
                concept: coding.concept.get() as u32,
                stance: i64::from(!against),
                document: document as u32,
                date: source.date,
                kind: 0,
            });
            said.units.push(coded.label(sentence).to_owned());
        }
    }
    if silent > 0 {
        said.notes
            .push(format!("{silent} of {} sources have no `{attribute}`, and are left out", corpus.sources.len()));
    }
    said.known[0] = known_cases(study, &actors, attribute);
    said.actors = actors;
    said
}

/// Returns the passages of a study as a table of statements: a column for each variable of theirs, and the source, its date and
/// the type of the statement. None where no passage has a value.
#[must_use]
pub fn statements_of(study: &Study) -> Option<Delimited> {
    let Annotations { passages, variables, values, .. } = &study.annotations;
    let names: BTreeMap<&str, &str> = variables.iter().map(|v| (v.id.as_str(), v.name.as_str())).collect();
    let mut of: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
    for value in values {
        if let (Subject::Passage(passage), Some(name)) = (&value.of, names.get(value.variable.as_str())) {
            of.entry(passage).or_default().insert(name, value.value.to_string());
        }
    }
    let dates: BTreeMap<&str, String> =
        study.sources.iter().filter_map(|source| Some((source.path.as_str(), source.date?.to_string()))).collect();
    let said: BTreeSet<&str> = of.values().flat_map(|values| values.keys().copied()).collect();
    if said.is_empty() {
        return None;
    }
    let own = ["document", "date"];
    let said: Vec<&str> = said.into_iter().filter(|name| !own.contains(name)).collect();
    // A type is looked for under this name.
    let columns = said.iter().map(|name| if *name == "statement type" { "statement_type" } else { name });
    let mut table =
        Delimited { columns: own.into_iter().chain(columns).map(str::to_owned).collect(), ..Delimited::default() };
    for (line, passage) in (1_u32..).zip(passages) {
        let Some(values) = of.get(passage.id.as_str()) else { continue };
        let cell = |name: &&str| values.get(name).cloned().unwrap_or_default();
        let date = dates.get(passage.source.as_str()).cloned().unwrap_or_default();
        let row = [passage.source.to_string(), date].into_iter().chain(said.iter().map(cell)).collect();
        table.rows.push((line, row));
    }
    Some(table)
}

impl Said {
    /// Keeps the statements on concepts of which `only` is not empty and lists them, without actors and concepts in `without`.
    ///
    /// # Errors
    /// Names that are neither actors nor concepts.
    pub fn narrowed(mut self, only: &[String], without: &[String]) -> Result<Self, Vec<String>> {
        let known = |name: &String| self.concepts.contains(name) || self.actors.contains(name);
        let unknown: Vec<String> = only
            .iter()
            .filter(|n| !self.concepts.contains(n))
            .chain(without.iter().filter(|n| !known(n)))
            .cloned()
            .collect();
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let keep: Vec<bool> = self
            .statements
            .iter()
            .map(|s| {
                let (actor, concept) = (self.actor(s), self.concept(s));
                (only.is_empty() || only.iter().any(|n| n == concept))
                    && !without.iter().any(|n| n == actor || n == concept)
            })
            .collect();
        let mut kept = keep.iter();
        self.statements.retain(|_| kept.next().copied().unwrap_or(true));
        let mut kept = keep.iter();
        self.units.retain(|_| kept.next().copied().unwrap_or(true));
        Ok(self)
    }

    fn actor(&self, s: &ActorStatement) -> &str {
        self.actors.get(s.actor as usize).map_or("", String::as_str)
    }

    fn concept(&self, s: &ActorStatement) -> &str {
        self.concepts.get(s.concept as usize).map_or("", String::as_str)
    }
}

/// Which nodes a network has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Actors.
    Actors,
    /// Concepts.
    Concepts,
    /// Actors and concepts.
    TwoMode,
}

impl Mode {
    /// Returns the name used in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Actors => "actors",
            Self::Concepts => "concepts",
            Self::TwoMode => "two-mode",
        }
    }
}

/// A series of windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Series {
    /// Unit of time.
    pub unit: TimeUnit,
    /// Units that a window covers.
    pub width: u32,
    /// How statements count within it.
    pub kernel: Kernel,
}

/// What a user can choose about a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Which nodes.
    pub mode: Mode,
    /// The formulas.
    pub settings: Settings,
    /// Windows, if time counts.
    pub series: Option<Series>,
}

/// What was said, and the networks that it makes.
#[derive(Debug, Clone)]
pub struct DiscourseNetwork {
    /// The statements.
    pub said: Said,
    /// The networks.
    pub networks: Networks,
}

/// A tie with what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Tie {
    /// One end; of a two-mode network the actor.
    pub a: String,
    /// The other; of a two-mode network the concept.
    pub b: String,
    /// Its weight.
    pub weight: f64,
    /// What both ends have in common: concepts of actors, actors of concepts.
    pub shared: Vec<String>,
}

/// A network with names.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Named {
    /// Names of the rows.
    pub rows: Vec<String>,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The numbers.
    pub matrix: Matrix,
    /// The ties, heaviest first.
    pub ties: Vec<Tie>,
}

/// A window of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// First unit of time in it.
    pub from: String,
    /// Last, included.
    pub to: String,
    /// Statements that count in it.
    pub n_statements: usize,
    /// Its network; none where nothing was said.
    pub network: Option<Named>,
}

/// The networks of a set of statements.
#[derive(Debug, Clone)]
pub struct Networks {
    /// What was chosen.
    pub choice: Choice,
    /// Statements before repetitions were left out.
    pub n_read: usize,
    /// Those that count, by position among all.
    pub counted: Vec<usize>,
    /// The network over the whole time.
    pub whole: Named,
    /// The windows, where time counts.
    pub slices: Vec<Slice>,
    /// How these numbers differ from those of DNA 3, with the reasons; empty if they do not.
    pub differs: Vec<&'static str>,
}

/// Returns the networks.
///
/// # Errors
/// [`DiscourseError`]
pub fn networks(said: &Said, choice: Choice) -> Result<Networks, DiscourseError> {
    let counted = without_duplicates(&said.statements, choice.settings);
    let kept: Vec<ActorStatement> = counted.iter().map(|at| said.statements[*at]).collect();
    let once: Vec<(ActorStatement, f64)> = kept.iter().map(|s| (*s, 1.0)).collect();
    let whole = network(said, &once, choice)?;
    let mut slices = Vec::new();
    if let Some(Series { unit, width, kernel }) = choice.series {
        for window in windows(&kept, unit, width, kernel, choice.settings.compat, choice.mode != Mode::TwoMode)? {
            let network = match network(said, &window.statements, choice) {
                Ok(found) => Some(found),
                Err(DiscourseError::Empty) => None,
                Err(other) => return Err(other),
            };
            slices.push(Slice {
                from: unit.label(window.from),
                to: unit.label(window.to),
                n_statements: window.statements.len(),
                network,
            });
        }
    }
    Ok(Networks { choice, n_read: said.statements.len(), counted, whole, slices, differs: differs(choice) })
}

fn network(said: &Said, statements: &[(ActorStatement, f64)], choice: Choice) -> Result<Named, DiscourseError> {
    let matrix = match choice.mode {
        Mode::Actors => one_mode(statements, choice.settings, false)?,
        Mode::Concepts => one_mode(statements, choice.settings, true)?,
        Mode::TwoMode => two_mode(statements, choice.settings)?,
    };
    let (rows, columns) = match choice.mode {
        Mode::Actors => (&said.actors, &said.actors),
        Mode::Concepts => (&said.concepts, &said.concepts),
        Mode::TwoMode => (&said.actors, &said.concepts),
    };
    let names = |numbers: &[u32], list: &[String]| -> Vec<String> {
        numbers.iter().map(|n| list.get(*n as usize).cloned().unwrap_or_default()).collect()
    };
    let mut named =
        Named { rows: names(&matrix.rows, rows), columns: names(&matrix.columns, columns), ties: Vec::new(), matrix };
    named.ties = ties(said, statements, &named, choice.mode);
    Ok(named)
}

/// The ties that are not 0, heaviest first, conflict as heavy as congruence.
fn ties(said: &Said, statements: &[(ActorStatement, f64)], named: &Named, mode: Mode) -> Vec<Tie> {
    let mut of: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for (s, _) in statements {
        let (node, other) = if mode == Mode::Concepts { (s.concept, s.actor) } else { (s.actor, s.concept) };
        of.entry(node).or_default().insert(other);
    }
    let others = if mode == Mode::Concepts { &said.actors } else { &said.concepts };
    let shared = |row: usize, column: usize| -> Vec<String> {
        if mode == Mode::TwoMode {
            return Vec::new();
        }
        let (a, b) = (of.get(&named.matrix.rows[row]), of.get(&named.matrix.columns[column]));
        let (Some(a), Some(b)) = (a, b) else { return Vec::new() };
        let mut names: Vec<&String> = a.intersection(b).filter_map(|n| others.get(*n as usize)).collect();
        // Passages are called as their sources, one after the other.
        names.dedup();
        names.into_iter().cloned().collect()
    };
    let mut out = Vec::new();
    for (row, a) in named.rows.iter().enumerate() {
        let from = if mode == Mode::TwoMode { 0 } else { row + 1 };
        for (column, b) in named.columns.iter().enumerate().skip(from) {
            let weight = named.matrix.cell(row, column);
            if weight != 0.0 {
                out.push(Tie { a: a.clone(), b: b.clone(), weight, shared: shared(row, column) });
            }
        }
    }
    out.sort_by(|x, y| {
        y.weight
            .abs()
            .total_cmp(&x.weight.abs())
            .then(y.weight.total_cmp(&x.weight))
            .then_with(|| (&x.a, &x.b).cmp(&(&y.a, &y.b)))
    });
    out
}

/// Why numbers differ from those of DNA 3, as far as what was chosen touches it.
fn differs(choice: Choice) -> Vec<&'static str> {
    let s = choice.settings;
    let mut out = Vec::new();
    if s.compat == Compat::Dna3 {
        return out;
    }
    if s.normalisation == Normalisation::Cosine {
        out.push("cosine divides by the lengths of both vectors (Salton), not by the product of their sums");
    }
    if matches!(s.duplicates, Duplicates::Week | Duplicates::Month) {
        out.push("a week or month of one year is not that of another");
    }
    if s.qualifier == Qualifier::Integer && s.duplicates != Duplicates::Include {
        out.push("whole numbers beyond 127 are compared by value when repetitions are sought");
    }
    if s.qualifier == Qualifier::Text && matches!(s.aggregation, Aggregation::Conflict | Aggregation::Subtract) {
        out.push("conflict of words is different words on one concept, not words that one side alone uses");
    }
    if let Some(series) = choice.series {
        if series.width.is_multiple_of(2) {
            out.push("a window of an even number of units covers exactly these, not one more");
        }
        if series.kernel == Kernel::Triangular {
            out.push("the triangular kernel is symmetric");
        }
    }
    out
}

/// Returns the sum of all cells: of a one-mode network over ordered pairs.
#[must_use]
pub fn sum(named: &Named) -> f64 {
    named.matrix.cells.iter().sum()
}
