//! The answer serialised.

use super::answer::{Attrition, Counted, GroupLadder};
use super::words::cautions;
use crate::json::{Ends, Number};
use nomoscope_core::reach::attrition::{self as core, Size};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// Ladders of attrition.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// What the ladders are about.
    pub title: String,
    /// What the file asks to bear in mind.
    pub caution: String,
    /// Whether stages do not count the same.
    pub mixed: bool,
    /// One entry a group.
    pub ladders: Vec<Ladder>,
    /// Of a table: each indicator by itself, whoever reports it.
    pub counts: Vec<Count>,
    /// Of the intervals.
    pub level: Number,
    /// Draws over the ranges.
    pub draws: usize,
    /// What the draws follow from.
    pub seed: u64,
    /// The least that a suppressed cell may be.
    pub suppressed_from: u64,
    /// What must be said with the numbers.
    pub cautions: Vec<String>,
}

/// The values of attributes, by their names.
pub type Group = Map<String, Value>;

fn group(pairs: &[(String, String)]) -> Group {
    pairs.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect()
}

/// A ladder of one group.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Ladder {
    /// Its values of the attributes that groups were made by; empty for a file of stages.
    pub group: Group,
    /// States and years that report all stages: those that count; null for a file of stages.
    pub reporting_all: Option<u64>,
    /// States and years that report any stage.
    pub reporting_any: Option<u64>,
    /// In order; empty where there is no ladder.
    pub stages: Vec<Stage>,
    /// From each stage to the next.
    pub ratios: Vec<Ratio>,
    /// From the first stage to each later one.
    pub from_first: Vec<Ratio>,
    /// What neighbouring stages differ in.
    pub differences: Vec<Difference>,
    /// Why there is no ladder.
    pub reason: Option<String>,
}

/// A stage.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Stage {
    /// The id.
    pub id: String,
    /// What people read.
    pub label: String,
    /// What is counted.
    pub unit: String,
    /// Year or years.
    pub year: String,
    /// `stock` or `flow`.
    pub kind: Option<&'static str>,
    /// Of whom.
    pub population: String,
    /// Who counted.
    pub source: String,
    /// What to bear in mind.
    pub note: String,
    /// The count, ranges at their middle; null where only a relation is stated.
    pub count: Number,
    /// The least that it can be.
    pub low: Number,
    /// The most that it can be.
    pub high: Number,
    /// Cells that are suppressed.
    pub suppressed_cells: u64,
    /// 1 in so many, as its source states it.
    pub stated_one_in: Number,
}

/// What is left from one stage to another.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Ratio {
    /// The earlier stage.
    pub from: Option<String>,
    /// The later stage.
    pub to: Option<String>,
    /// Later over earlier; null where the two do not count the same.
    pub ratio: Number,
    /// Over the stated ranges; an end is null where it is open.
    pub interval: Ends,
    /// The ratio turned over.
    pub one_in: Number,
    /// 2 for 1 in 100; only where the two do not count the same.
    pub order_of_magnitude: Option<i32>,
    /// Why a number is missing, or what the interval does not say.
    pub reason: Option<&'static str>,
}

/// What two neighbouring stages differ in.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Difference {
    /// The earlier stage.
    pub from: String,
    /// The later stage.
    pub to: String,
    /// `unit`, `population` or `stock or flow`.
    pub what: &'static str,
    /// The earlier stage's.
    pub before: String,
    /// The later stage's.
    pub after: String,
}

/// What one indicator counts in one group.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Count {
    /// The values of the attributes that groups were made by.
    pub group: Group,
    /// What is counted.
    pub indicator: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// States and years that report it.
    pub reports: u64,
    /// The least that it can be.
    pub low: Number,
    /// The most that it can be.
    pub high: Number,
    /// Cells that are suppressed.
    pub suppressed_cells: u64,
}

impl From<&Attrition> for Said {
    fn from(a: &Attrition) -> Self {
        Self {
            title: a.title.clone(),
            caution: a.caution.clone(),
            mixed: a.known().any(|(_, ladder)| ladder.mixed),
            ladders: a.ladders.iter().map(ladder).collect(),
            counts: a.counts.iter().map(count).collect(),
            level: a.settings.level.into(),
            draws: a.settings.draws,
            seed: a.settings.seed.0,
            suppressed_from: a.suppressed_from,
            cautions: cautions(a),
        }
    }
}

fn count(c: &Counted) -> Count {
    Count {
        group: group(&c.group),
        indicator: c.label,
        unit: c.unit,
        reports: c.reports,
        low: c.count.low().into(),
        high: c.count.high().into(),
        suppressed_cells: c.count.suppressed(),
    }
}

fn ladder(g: &GroupLadder) -> Ladder {
    let known = g.ladder.as_ref();
    Ladder {
        group: group(&g.group),
        reporting_all: g.reporting.map(|r| r.0),
        reporting_any: g.reporting.map(|r| r.1),
        stages: known.map_or_else(|_| Vec::new(), |l| l.stages.iter().zip(&l.counts).map(stage).collect()),
        ratios: known.map_or_else(|_| Vec::new(), |l| ratios(l, &l.steps)),
        from_first: known.map_or_else(|_| Vec::new(), |l| ratios(l, &l.from_first)),
        differences: known.map_or_else(|_| Vec::new(), |l| l.differences.iter().map(difference).collect()),
        reason: known.err().cloned(),
    }
}

fn stage((stage, count): (&core::Stage, &core::Count)) -> Stage {
    let one_in = match stage.size {
        Size::OneIn { n, .. } => Some(n),
        Size::Count(_) => None,
    };
    let counted = |value: f64| Number(Some(value).filter(|_| one_in.is_none()));
    Stage {
        id: stage.id.clone(),
        label: stage.label.clone(),
        unit: stage.unit.clone(),
        year: stage.year.clone(),
        kind: stage.kind.map(core::Kind::name),
        population: stage.population.clone(),
        source: stage.source.clone(),
        note: stage.note.clone(),
        count: counted(count.point()),
        low: counted(count.low()),
        high: counted(count.high()),
        suppressed_cells: count.suppressed(),
        stated_one_in: one_in.into(),
    }
}

fn ratios(ladder: &core::Ladder, ratios: &[core::Ratio]) -> Vec<Ratio> {
    let id = |at: usize| ladder.stages.get(at).map(|s| s.id.clone());
    let ratio = |r: &core::Ratio| Ratio {
        from: id(r.from),
        to: id(r.to),
        ratio: r.ratio.into(),
        interval: r.interval.into(),
        one_in: r.ratio.filter(|v| *v > 0.0).map(|v| 1.0 / v).into(),
        order_of_magnitude: r.order,
        reason: r.reason,
    };
    ratios.iter().map(ratio).collect()
}

fn difference(d: &core::Difference) -> Difference {
    Difference {
        from: d.from.clone(),
        to: d.to.clone(),
        what: d.what,
        before: d.before.clone(),
        after: d.after.clone(),
    }
}
