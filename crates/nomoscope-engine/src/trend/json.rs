//! The answer serialised.

use super::answer::ClusterInTime;
use crate::json::{Ends, Number};
use crate::record::Record;
use crate::words::quotation;
use nomoscope_core::codebook::{Codebook, ConceptIx, Role};
use nomoscope_core::norm;
use nomoscope_core::norm::kind::Model;
use nomoscope_core::text::Level;
use nomoscope_core::usage::trend;
use nomoscope_core::usage::trend::change::Part;
use nomoscope_core::usage::trend::drift::Of;
use nomoscope_core::usage::trend::first::{FirstUse, What};
use nomoscope_core::usage::trend::period;
use nomoscope_core::usage::trend::snapshot::Snapshot;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many sources of one date are listed.
const LISTED: usize = 20;

/// A cluster in time.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// The focus as it was used, the same in all periods.
    pub focus: Option<Focus>,
    /// How time was divided.
    pub division: Division,
    /// Sources that were read.
    pub sources: usize,
    /// Sources without a date, hence in no period.
    pub undated: usize,
    /// Sources that are dated, but outside all periods.
    pub outside: usize,
    /// The cluster in each period or window, in order.
    pub periods: Vec<Period>,
    /// Concepts, then couplings (two concepts in one window), each by date.
    pub first: Vec<First>,
    /// From each period to the next; of windows, to the next that does not overlap.
    pub changes: Vec<Change>,
    /// For each distribution, the change that stands out most.
    pub turning_points: Vec<TurningPoint>,
    /// Medians of paragraphs, where those of two periods differ more than threefold.
    pub uneven_paragraphs: Option<Uneven>,
    /// What the trend cannot say.
    pub cautions: Vec<String>,
    /// What is needed to ask the same again.
    pub run: Record,
}

/// The focus.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Focus {
    /// The concept that was used.
    pub concept: String,
    /// The concept that was asked for.
    pub asked: String,
    /// Whether it went one step up `broader`.
    pub widened: bool,
    /// It and everything narrower.
    pub concepts: Vec<String>,
}

/// How time was divided.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Division {
    /// `periods` or `windows`.
    pub kind: &'static str,
    /// `uniform`, `epanechnikov`, `triangular`, `gaussian`; of windows.
    pub kernel: Option<&'static str>,
    /// Width of a window, in years.
    pub width: Option<Number>,
    /// From one window to the next, in years.
    pub step: Option<Number>,
}

/// The cluster in one stretch of time.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Period {
    /// Its name.
    pub period: String,
    /// The year where it begins, included; null if it has no beginning.
    pub from: Number,
    /// The year where it ends, not included; null if it has no end.
    pub to: Number,
    /// Sources dated within it.
    pub sources: usize,
    /// How many sources of equal weight they are worth (Kish).
    pub effective_sources: Number,
    /// Sources with a focal window.
    pub focal_sources: usize,
    /// Windows of all these sources.
    pub units: usize,
    /// Windows that are focal.
    pub focal_units: usize,
    /// Median length of paragraphs, in words.
    pub median_paragraph_words: Option<u32>,
    /// Effective numbers of the focal complete statements.
    pub effective: Effective,
    /// Type of the cluster.
    #[serde(rename = "type")]
    pub kind: Type,
    /// Edges of the backbone of this period alone, strongest first.
    pub backbone: Vec<Edge>,
    /// Pairs tested in this period.
    pub tested_pairs: usize,
    /// Concepts in focal statements by part, heaviest first.
    pub components: Vec<Component>,
    /// Heaviest focal statements.
    pub statements: Vec<Statement>,
    /// Different focal statements.
    pub n_statements: usize,
    /// Concepts that meet the focus in a window, most sources first.
    pub with_focus: Vec<Met>,
}

/// Effective numbers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Effective {
    /// Problems.
    pub problem: Number,
    /// Values.
    pub value: Number,
    /// Behaviours.
    pub behaviour: Number,
    /// Statements.
    pub statement: Number,
    /// Why there are none; only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Type of the cluster.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Type {
    /// The type.
    pub model: Option<&'static str>,
    /// Share of bootstrap draws by type.
    #[schemars(with = "Option<BTreeMap<String, Number>>")]
    pub support: Option<BTreeMap<Model, Number>>,
    /// Draws.
    pub draws: usize,
    /// Sources with a complete focal statement.
    pub complete_sources: usize,
    /// Why type or support is missing; only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// An edge of a backbone.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Edge {
    /// One concept.
    pub a: String,
    /// The other.
    pub b: String,
    /// Windows with both; null in sliding windows.
    pub n11: Option<u64>,
    /// Informative sources.
    pub sources: usize,
    /// The odds ratio at which the scores sum to 0; null if unbounded.
    pub odds_ratio: Number,
    /// 95 % interval, clustered by source.
    pub ci: Ends,
    /// Over the pairs tested in this period.
    pub q: Number,
}

/// A concept in focal statements.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Component {
    /// `problem`, `value`, `behaviour`.
    pub part: &'static str,
    /// The concept.
    pub concept: String,
    /// Weight of statements.
    pub weight: Number,
    /// Share of all focal weight.
    pub share: Number,
    /// Sources that hold it.
    pub sources: usize,
}

/// A focal statement.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Statement {
    /// Problem.
    pub problem: Option<String>,
    /// Value.
    pub value: Option<String>,
    /// Behaviour.
    pub behaviour: Option<String>,
    /// Weight, each window counting 1.
    pub weight: Number,
    /// Share of all focal weight.
    pub share: Number,
    /// Sources that make it.
    pub sources: usize,
}

/// A concept that meets the focus.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Met {
    /// The concept.
    pub concept: String,
    /// Windows with both.
    pub units: u64,
    /// Sources with such a window.
    pub sources: usize,
}

/// A first appearance.
#[derive(Debug, Serialize, JsonSchema)]
pub struct First {
    /// What appears.
    #[serde(flatten)]
    pub what: Appears,
    /// The source with the earliest date; of one date, the first in the study.
    pub source: String,
    /// Its title.
    pub title: String,
    /// Its date.
    pub date: String,
    /// Label of the window; null in a heading.
    pub unit: Option<String>,
    /// The sentence, at most 300 characters.
    pub quote: String,
    /// Of a concept: what else stands in the window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<Vec<String>>,
    /// Sources that may be as early or earlier, as far as dates tell (at most 20).
    pub also: Vec<String>,
    /// How many there are.
    pub n_also: usize,
    /// Dated sources that hold it.
    pub sources: usize,
}

/// What appears.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Appears {
    /// A concept.
    Concept {
        /// The concept.
        concept: String,
    },
    /// Two concepts in one window.
    Coupling {
        /// The one.
        a: String,
        /// The other.
        b: String,
    },
}

/// From one period to another.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Change {
    /// The earlier period.
    pub from: String,
    /// The later one.
    pub to: String,
    /// The year where the later one begins.
    pub at: Number,
    /// Concepts, backbone couplings and statements that are new; concepts first, the most certain before others.
    pub births: Vec<Turnover>,
    /// Those that are gone.
    pub deaths: Vec<Turnover>,
    /// Concepts on both sides.
    pub shifts: Vec<Turnover>,
    /// All new statements.
    pub n_statements_born: usize,
    /// All that are gone.
    pub n_statements_dead: usize,
    /// The stretches of equal length by which concepts and statements are compared.
    pub stretches: Stretches,
    /// Jaccard indices of the two sides.
    pub persistence: Persistence,
    /// Drift of whole statements.
    pub drift: Option<WholeDrift>,
}

/// Stretches of sentences on the focus, as long on both sides.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Stretches {
    /// Sentences of a stretch; null where a side has none.
    pub sentences: Option<usize>,
    /// Sources compared before.
    pub sources_before: usize,
    /// The same after.
    pub sources_after: usize,
    /// Sources left out before, for they have fewer sentences.
    pub short_before: usize,
    /// The same after.
    pub short_after: usize,
}

/// Jaccard indices of two sides.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Persistence {
    /// Of statements.
    pub statements: Number,
    /// Of concepts in them.
    pub concepts: Number,
    /// Of the backbones.
    pub backbone: Number,
    /// Why one is missing.
    pub reason: Option<&'static str>,
}

/// What came, went or moved.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Turnover {
    /// A concept.
    Concept {
        /// `concept`.
        kind: &'static str,
        /// The concept.
        concept: String,
        /// Focal sources that hold it, and its share.
        #[serde(flatten)]
        held: Held,
        /// Over all concepts and changes.
        q: Number,
    },
    /// A coupling of the backbone.
    Coupling {
        /// `coupling`.
        kind: &'static str,
        /// The one concept.
        a: String,
        /// The other.
        b: String,
        /// Informative sources before; null if it was not tested.
        sources_before: Option<usize>,
        /// The same after.
        sources_after: Option<usize>,
        /// Whether it was tested on both sides: else it could not have been found on one.
        tested_on_both_sides: Option<bool>,
    },
    /// A statement.
    Statement {
        /// Problem.
        problem: Option<String>,
        /// Value.
        value: Option<String>,
        /// Behaviour.
        behaviour: Option<String>,
        /// `statement`.
        kind: &'static str,
        /// Focal sources that hold it, and its share.
        #[serde(flatten)]
        held: Held,
    },
}

/// How much there is of a concept or a statement on two sides.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Held {
    /// Focal sources that hold it before.
    pub sources_before: Option<usize>,
    /// The same after.
    pub sources_after: Option<usize>,
    /// Share of focal weight before.
    pub share_before: Number,
    /// The same after.
    pub share_after: Number,
    /// Mean share of stretches of equal length that contain it before, over the sources compared; null where no sentence makes it by itself.
    pub equal_before: Number,
    /// The same after.
    pub equal_after: Number,
    /// 95 % interval of the second less the first.
    pub interval: Ends,
    /// Studentised permutation of sources over these shares; null where it is not tested.
    pub p: Number,
    /// Why there is no p; only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

/// The drift of whole statements, with that of their parts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WholeDrift {
    /// Of whole statements.
    #[serde(flatten)]
    pub whole: Drift,
    /// The same for problems, values, behaviours.
    pub parts: Vec<Drift>,
}

/// How far a distribution moved.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Drift {
    /// `statements`, `problems`, `values`, `behaviours`.
    pub of: &'static str,
    /// Jensen-Shannon divergence as observed, in bits.
    pub divergence: Number,
    /// Its mean when the same sources are divided at random.
    pub expected: Number,
    /// (divergence − expected) / (1 − expected), 0 at least.
    pub beyond_chance: Number,
    /// 95 % interval of it, by bootstrap over sources.
    pub interval: Ends,
    /// Share of random divisions that lie as far apart.
    pub p: Number,
    /// Over all changes and distributions.
    pub q: Number,
    /// Sources, or actors, with weight before.
    pub sources_before: usize,
    /// The same after.
    pub sources_after: usize,
    /// Why a number is missing.
    pub reason: Option<&'static str>,
}

/// Where a distribution changes most.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TurningPoint {
    /// The distribution.
    pub of: &'static str,
    /// The earlier period.
    pub from: Option<String>,
    /// The later one.
    pub to: Option<String>,
    /// The year where the later one begins.
    pub at: Number,
    /// Standard deviations above sources in random order of time.
    pub z: Number,
    /// Of the greatest z over all changes.
    pub p: Number,
    /// Why there is none.
    pub reason: Option<&'static str>,
}

/// Medians of paragraphs that differ.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Uneven {
    /// The least median, in words.
    pub least: u32,
    /// The greatest.
    pub greatest: u32,
}

impl Said {
    /// Returns the answer serialised; `top` caps the statements of each period and of each change.
    #[must_use]
    pub fn new(answer: &ClusterInTime, top: usize, run: Record) -> Self {
        let ids = Ids { answer, top };
        let trend = &answer.trend;
        Self {
            focus: ids.focus(),
            division: division(&trend.division),
            sources: answer.read.corpus.sources.len(),
            undated: trend.undated,
            outside: trend.outside,
            periods: trend.snapshots.iter().map(|s| ids.period(s)).collect(),
            first: trend.first.iter().map(|f| ids.first(f)).collect(),
            changes: trend.changes.iter().map(|c| ids.change(c)).collect(),
            turning_points: trend.turns.iter().map(|t| ids.turning_point(t)).collect(),
            uneven_paragraphs: trend.uneven_lengths.map(|(least, greatest)| Uneven { least, greatest }),
            cautions: super::words::cautions(answer),
            run,
        }
    }
}

pub(crate) fn division(division: &period::Division) -> Division {
    match division {
        period::Division::Periods(_) => Division { kind: "periods", kernel: None, width: None, step: None },
        period::Division::Windows { kernel, width, step } => Division {
            kind: "windows",
            kernel: Some(kernel.name()),
            width: Some((*width).into()),
            step: Some((*step).into()),
        },
    }
}

pub(crate) fn edge(codebook: &Codebook, e: &trend::snapshot::Edge) -> Edge {
    Edge {
        a: codebook.get(e.a).id.clone(),
        b: codebook.get(e.b).id.clone(),
        n11: e.n11,
        sources: e.sources,
        odds_ratio: e.odds_ratio.into(),
        ci: e.interval.into(),
        q: e.q.into(),
    }
}

/// Writes ids and paths for what the answer holds as indices.
struct Ids<'a> {
    answer: &'a ClusterInTime,
    top: usize,
}

impl Ids<'_> {
    fn id(&self, concept: ConceptIx) -> String {
        self.answer.read.corpus.codebook.get(concept).id.clone()
    }

    fn path(&self, source: usize) -> String {
        self.answer.read.corpus.sources[source].path.clone()
    }

    fn name(&self, snapshot: usize) -> String {
        super::words::name(&self.answer.trend, snapshot).to_owned()
    }

    fn begins(&self, snapshot: usize) -> f64 {
        self.answer.trend.snapshots[snapshot].slice.period.from
    }

    fn parts(&self, statement: &norm::statement::Statement) -> [Option<String>; 3] {
        statement.parts().map(|concept| concept.map(|c| self.id(c)))
    }

    fn focus(&self) -> Option<Focus> {
        self.answer.read.focus.as_ref().map(|f| Focus {
            concept: self.id(f.used),
            asked: self.id(f.asked),
            widened: f.used != f.asked,
            concepts: f.concepts.iter().map(|c| self.id(*c)).collect(),
        })
    }

    fn period(&self, s: &Snapshot) -> Period {
        Period {
            period: s.slice.period.name.clone(),
            from: s.slice.period.from.into(),
            to: s.slice.period.to.into(),
            sources: s.slice.weights.len(),
            effective_sources: s.effective_sources.into(),
            focal_sources: s.focal_sources,
            units: s.units,
            focal_units: s.focal_units,
            median_paragraph_words: s.median_paragraph_words,
            effective: effective(s),
            kind: kind(s),
            backbone: s.edges.iter().map(|e| self.edge(e)).collect(),
            tested_pairs: s.tested.len(),
            components: Role::ALL.into_iter().flat_map(|role| self.components(s, role)).collect(),
            statements: self.statements(s),
            n_statements: s.statements.len(),
            with_focus: self.with_focus(s),
        }
    }

    fn edge(&self, e: &trend::snapshot::Edge) -> Edge {
        edge(&self.answer.read.corpus.codebook, e)
    }

    fn components(&self, s: &Snapshot, role: Role) -> Vec<Component> {
        let mut list: Vec<_> = s.parts[role.index()].iter().collect();
        list.sort_by(|x, y| y.1.weight.total_cmp(&x.1.weight).then(x.0.cmp(y.0)));
        let component = |(concept, amount): (&ConceptIx, &trend::snapshot::Amount)| Component {
            part: role.name(),
            concept: self.id(*concept),
            weight: amount.weight.into(),
            share: (amount.weight / s.focal_weight).into(),
            sources: amount.sources,
        };
        list.into_iter().map(component).collect()
    }

    fn statements(&self, s: &Snapshot) -> Vec<Statement> {
        let mut list: Vec<_> = s.statements.iter().collect();
        list.sort_by(|x, y| y.1.weight.total_cmp(&x.1.weight).then(x.0.cmp(y.0)));
        list.into_iter()
            .take(self.top)
            .map(|(statement, amount)| {
                let [problem, value, behaviour] = self.parts(statement);
                Statement {
                    problem,
                    value,
                    behaviour,
                    weight: amount.weight.into(),
                    share: (amount.weight / s.focal_weight).into(),
                    sources: amount.sources,
                }
            })
            .collect()
    }

    fn with_focus(&self, s: &Snapshot) -> Vec<Met> {
        let mut list: Vec<_> = s.company.iter().collect();
        list.sort_by_key(|(c, (units, sources))| (std::cmp::Reverse((*sources, *units)), **c));
        list.into_iter().map(|(c, &(units, sources))| Met { concept: self.id(*c), units, sources }).collect()
    }

    fn first(&self, f: &FirstUse) -> First {
        let source = &self.answer.read.corpus.sources[f.source];
        let coded = &self.answer.read.corpus.coded[f.source];
        let sentence = coded.unit_at(f.span.start, Level::Sentence);
        let with = || f.with.iter().map(|c| self.id(*c)).collect();
        First {
            what: match f.what {
                What::Concept(c) => Appears::Concept { concept: self.id(c) },
                What::Coupling(a, b) => Appears::Coupling { a: self.id(a), b: self.id(b) },
            },
            source: source.path.clone(),
            title: source.title.clone(),
            date: f.date.to_string(),
            unit: f.unit.map(|u| coded.label(u).to_owned()),
            quote: quotation(&source.document.text, coded.span(sentence), f.span),
            with: matches!(f.what, What::Concept(_)).then(with),
            also: f.also.iter().take(LISTED).map(|&s| self.path(s)).collect(),
            n_also: f.also.len(),
            sources: f.sources,
        }
    }

    fn change(&self, c: &trend::change::Change) -> Change {
        let parts = || c.drift.iter().filter(|d| d.of != Of::Statements).map(Drift::from).collect();
        let whole = c.drift.iter().find(|d| d.of == Of::Statements);
        Change {
            from: self.name(c.before),
            to: self.name(c.after),
            at: self.begins(c.after).into(),
            births: self.turnovers(&c.births),
            deaths: self.turnovers(&c.deaths),
            shifts: self.turnovers(&c.shifts),
            n_statements_born: c.births.iter().filter(is_statement).count(),
            n_statements_dead: c.deaths.iter().filter(is_statement).count(),
            stretches: Stretches {
                sentences: c.run,
                sources_before: c.compared[0],
                sources_after: c.compared[1],
                short_before: c.short[0],
                short_after: c.short[1],
            },
            persistence: Persistence {
                statements: c.statements.into(),
                concepts: c.concepts.into(),
                backbone: c.backbone.into(),
                reason: c.backbone.is_none().then_some("neither has a backbone, or neither has any statement"),
            },
            drift: whole.map(|d| WholeDrift { whole: d.into(), parts: parts() }),
        }
    }

    /// Lists all concepts and couplings, and the heaviest statements.
    fn turnovers(&self, list: &[trend::change::Turnover]) -> Vec<Turnover> {
        let statements = list.iter().filter(is_statement).take(self.top);
        list.iter().filter(|t| !is_statement(t)).chain(statements).map(|t| self.turnover(t)).collect()
    }

    fn turnover(&self, t: &trend::change::Turnover) -> Turnover {
        let held = Held {
            sources_before: t.sources_before,
            sources_after: t.sources_after,
            share_before: t.share_before.into(),
            share_after: t.share_after.into(),
            equal_before: t.held.and_then(|h| h.held[0]).into(),
            equal_after: t.held.and_then(|h| h.held[1]).into(),
            interval: t.held.and_then(|h| h.interval).into(),
            p: t.p().into(),
            reason: t.held.map_or(Some("no sentence makes it by itself"), |h| h.reason),
        };
        match t.part {
            Part::Concept(c) => Turnover::Concept { kind: "concept", concept: self.id(c), held, q: t.q.into() },
            Part::Coupling(a, b) => Turnover::Coupling {
                kind: "coupling",
                a: self.id(a),
                b: self.id(b),
                sources_before: t.sources_before,
                sources_after: t.sources_after,
                tested_on_both_sides: t.tested_on_both_sides,
            },
            Part::Statement(s) => {
                let [problem, value, behaviour] = self.parts(&s);
                Turnover::Statement { problem, value, behaviour, kind: "statement", held }
            }
        }
    }

    fn turning_point(&self, t: &trend::drift::Turn) -> TurningPoint {
        let change = t.change.and_then(|c| self.answer.trend.changes.get(c));
        TurningPoint {
            of: t.of.name(),
            from: change.map(|c| self.name(c.before)),
            to: change.map(|c| self.name(c.after)),
            at: change.map(|c| self.begins(c.after)).into(),
            z: t.z.into(),
            p: t.p.into(),
            reason: t.reason,
        }
    }
}

fn is_statement(t: &&trend::change::Turnover) -> bool {
    matches!(t.part, Part::Statement(_))
}

impl From<&trend::drift::Drift> for Drift {
    fn from(d: &trend::drift::Drift) -> Self {
        Self {
            of: d.of.name(),
            divergence: d.divergence.into(),
            expected: d.expected.into(),
            beyond_chance: d.beyond_chance.into(),
            interval: d.interval.into(),
            p: d.p.into(),
            q: d.q.into(),
            sources_before: d.sources_before,
            sources_after: d.sources_after,
            reason: d.reason,
        }
    }
}

fn effective(s: &Snapshot) -> Effective {
    let kind = s.kind.as_ref().ok();
    let number = |part: usize| Number(kind.map(|k| k.effective[part].observed));
    Effective {
        problem: number(0),
        value: number(1),
        behaviour: number(2),
        statement: Number(kind.map(|k| k.effective_statements.observed)),
        reason: s.kind.as_ref().err().cloned(),
    }
}

fn kind(s: &Snapshot) -> Type {
    let by_name =
        |shares: &BTreeMap<Model, f64>| shares.iter().map(|(model, share)| (*model, Number::from(*share))).collect();
    Type {
        model: s.kind.as_ref().ok().filter(|k| k.thin.is_none()).map(|k| k.model.name()),
        support: s.support.shares.as_ref().map(by_name),
        draws: s.support.draws,
        complete_sources: s.complete_sources,
        reason: s.kind.as_ref().map_or_else(Some, |k| k.thin.as_ref()).or(s.support.reason.as_ref()).cloned(),
    }
}
