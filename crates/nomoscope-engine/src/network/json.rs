//! The answer serialised.

use crate::json::Number;
use crate::network::answer::{Choice, DiscourseNetwork, Mode, Named, Said as Statements, Slice, Tie, sum};
use crate::record::Record;
use nomoscope_core::usage::discourse::Qualifier;
use schemars::JsonSchema;
use serde::Serialize;

/// A discourse network.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// `study`, `passages` (of a study that does not say whose words it holds), `statements` (of a study whose passages are
    /// statements) or `table`.
    pub kind: &'static str,
    /// `actors`, `concepts` or `two-mode`.
    pub mode: &'static str,
    /// `ignore`, `congruence`, `conflict`, `subtract`, `combine`.
    pub aggregation: String,
    /// `no`, `average`, `jaccard`, `cosine`, `activity`, `prominence`.
    pub normalisation: String,
    /// `include`, `document`, `week`, `month`, `year`, `acrossrange`.
    pub duplicates: String,
    /// `boolean`, `integer`, `text`; null without stances.
    pub qualifier: Option<String>,
    /// `corrected` or `dna3`.
    pub compat: String,
    /// Reasons for which these numbers are not those of DNA 3.
    pub differs_from_dna3: Vec<&'static str>,
    /// Statements before repetitions were left out.
    pub statements_read: usize,
    /// Statements that count.
    pub statements: usize,
    /// Names of the rows.
    pub rows: Vec<String>,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The network, row by row.
    pub matrix: Vec<Vec<Number>>,
    /// Sum of all cells; of a one-mode network over ordered pairs.
    pub sum: Number,
    /// Ties that are not 0, heaviest first.
    pub edges: Vec<Edge>,
    /// Ties that are not listed.
    pub omitted: usize,
    /// The statements that count.
    pub said: Vec<Statement>,
    /// What was guessed or left out.
    pub notes: Vec<String>,
    /// How time was divided; only where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Time>,
    /// One window of time after the other; only where time was divided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub windows: Option<Vec<Window>>,
    /// What is needed to ask the same again.
    pub run: Record,
}

/// A tie.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Edge {
    /// One end; the actor.
    pub a: String,
    /// The other; the concept.
    pub b: String,
    /// Its weight.
    pub weight: Number,
    /// Between actors: concepts of which both speak.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concepts: Option<Vec<String>>,
    /// Between concepts: actors who speak of both; of passages, the sources that hold them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actors: Option<Vec<String>>,
}

/// A statement.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Statement {
    /// Who speaks.
    pub actor: String,
    /// Of what.
    pub concept: String,
    /// 1 for and 0 against, a whole number, or a word; null without stances.
    pub stance: Option<Stance>,
    /// Path of the source, or name in the table.
    pub document: String,
    /// Of a study: citable label of the sentence.
    pub unit: Option<String>,
    /// The day, as far as it is known.
    pub date: Option<String>,
}

/// What a speaker holds of a concept.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Stance {
    /// A number.
    Number(i64),
    /// A word.
    Word(String),
}

/// How time was divided.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Time {
    /// `days`, `weeks`, `months`, `years`, `events`.
    pub unit: String,
    /// Units that a window covers.
    pub width: u32,
    /// `no`, `uniform`, `triangular`, `epanechnikov`, `gaussian`.
    pub kernel: String,
}

/// A window of time.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Window {
    /// First unit of time: a date, a month, a year, or the place of a statement.
    pub from: String,
    /// Last, included.
    pub to: String,
    /// Statements that count in it.
    pub statements: usize,
    /// Its ties.
    pub edges: Vec<Edge>,
}

impl Said {
    /// Returns the network with at most `top` ties and statements each.
    #[must_use]
    pub fn new(answer: &DiscourseNetwork, top: usize, run: Record) -> Self {
        let (said, found) = (&answer.said, &answer.networks);
        let Choice { mode, settings, series } = found.choice;
        let time =
            |s: crate::network::answer::Series| Time { unit: key(&s.unit), width: s.width, kernel: key(&s.kernel) };
        Self {
            kind: said.kind,
            mode: mode.name(),
            aggregation: key(&settings.aggregation),
            normalisation: key(&settings.normalisation),
            duplicates: key(&settings.duplicates),
            qualifier: said.qualifier.as_ref().map(key),
            compat: key(&settings.compat),
            differs_from_dna3: found.differs.clone(),
            statements_read: found.n_read,
            statements: found.counted.len(),
            rows: found.whole.rows.clone(),
            columns: found.whole.columns.clone(),
            matrix: matrix(&found.whole),
            sum: sum(&found.whole).into(),
            edges: edges(&found.whole, mode, top),
            omitted: found.whole.ties.len().saturating_sub(top),
            said: found.counted.iter().take(top).filter_map(|at| statement(said, *at)).collect(),
            notes: said.notes.clone(),
            time: series.map(time),
            windows: series.map(|_| found.slices.iter().map(|s| window(s, mode, top)).collect()),
            run,
        }
    }
}

/// Returns the name of a choice as questions have it.
fn key(choice: &impl Serialize) -> String {
    serde_json::to_value(choice).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn matrix(named: &Named) -> Vec<Vec<Number>> {
    let width = named.columns.len().max(1);
    named.matrix.cells.chunks(width).map(|row| row.iter().map(|x| (*x).into()).collect()).collect()
}

fn edges(named: &Named, mode: Mode, top: usize) -> Vec<Edge> {
    let shared = |t: &Tie, of: Mode| (mode == of).then(|| t.shared.clone());
    let edge = |t: &Tie| Edge {
        a: t.a.clone(),
        b: t.b.clone(),
        weight: t.weight.into(),
        concepts: shared(t, Mode::Actors),
        actors: shared(t, Mode::Concepts),
    };
    named.ties.iter().take(top).map(edge).collect()
}

fn window(slice: &Slice, mode: Mode, top: usize) -> Window {
    Window {
        from: slice.from.clone(),
        to: slice.to.clone(),
        statements: slice.n_statements,
        edges: slice.network.as_ref().map(|n| edges(n, mode, top)).unwrap_or_default(),
    }
}

fn statement(said: &Statements, at: usize) -> Option<Statement> {
    let s = said.statements.get(at)?;
    let name = |list: &[String], at: u32| list.get(at as usize).cloned().unwrap_or_default();
    let stance = said.qualifier.map(|qualifier| match qualifier {
        Qualifier::Text => Stance::Word(name(&said.stances, u32::try_from(s.stance).unwrap_or(u32::MAX))),
        Qualifier::Boolean | Qualifier::Integer => Stance::Number(s.stance),
    });
    Some(Statement {
        actor: name(&said.actors, s.actor),
        concept: name(&said.concepts, s.concept),
        stance,
        document: name(&said.documents, s.document),
        unit: said.units.get(at).cloned(),
        date: s.date.map(|d| d.to_string()),
    })
}
