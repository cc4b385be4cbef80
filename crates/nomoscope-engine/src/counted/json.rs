//! The answers serialised.

use super::answer::{Coupled, CoupledGroups, CoupledOpposition, CoupledTime};
use crate::compare::json::{between, equal_odds, within};
use crate::json::{Number, number};
use crate::map::json::{Coupling, Focus, Membership, couplings, focus, membership};
use crate::record::Record;
use crate::trend::json::{Division, Edge, division, edge};
use nomoscope_core::usage::contrast::Contrast;
use nomoscope_core::usage::trend::change::{Part, Turnover};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

/// The couplings of all sources, from counts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Map {
    /// The focus as it was used.
    pub focus: Option<Focus>,
    /// The unit of co-occurrence.
    pub window: &'static str,
    /// Sources.
    pub sources: usize,
    /// Windows of all sources.
    pub units: usize,
    /// Couplings at both levels.
    pub couplings: Vec<Coupling>,
    /// Membership in the community of the focus.
    pub membership: Membership,
    /// What is needed to ask the same again.
    pub run: Record,
}

impl Map {
    /// Returns the answer.
    #[must_use]
    pub fn new(c: &Coupled, run: Record) -> Self {
        let codebook = &c.basis.codebook;
        Self {
            focus: c.focus.as_ref().map(|f| focus(codebook, f)),
            window: c.basis.counts.window().name(),
            sources: c.basis.sources().len(),
            units: c.basis.n_units(),
            couplings: couplings(codebook, [&c.textual, &c.actor]),
            membership: membership(codebook, &c.membership),
            run,
        }
    }
}

/// Returns the couplings between groups; `top` bounds the pairs.
#[must_use]
pub fn compare(c: &CoupledGroups, top: usize, run: &Record) -> Value {
    let rows = c.sorted();
    let pairs: Vec<Value> = rows.iter().take(top).map(|(sides, x)| pair(c, sides, x)).collect();
    let groups = c.groups.iter().map(|g| {
        json!({
            "group": g.name,
            "sources": g.sources,
            "actors": g.actors,
            "small": g.is_small(),
            "units": g.units,
            "median_unit_words": number(g.median_words),
            "tested_pairs": g.couplings.iter().filter(|c| c.p.is_some()).count(),
            "backbone_pairs": g.couplings.iter().filter(|c| c.backbone).count(),
        })
    });
    let contrasts = c.oppositions.iter().map(|o| {
        json!({
            "group": c.side(o, 0),
            "against": o.against.map(|_| c.side(o, 1)),
            "sources": o.sources,
            "tested_pairs": o.pairs.iter().filter(|p| p.tested).count(),
            "certain_pairs": o.pairs.iter().filter(|p| p.verdict().is_certain()).count(),
            "caution": o.caution,
        })
    });
    json!({
        "by": c.choice.by,
        "window": c.basis.counts.window().name(),
        "sources": c.groups.iter().map(|g| g.sources).sum::<usize>(),
        "left_out": c.left_out,
        "groups": groups.collect::<Vec<_>>(),
        "contrasts": contrasts.collect::<Vec<_>>(),
        "couplings": pairs,
        "omitted": { "couplings": rows.len().saturating_sub(top) },
        "run": run,
    })
}

fn pair(c: &CoupledGroups, sides: &CoupledOpposition, x: &Contrast) -> Value {
    let side = |side: usize, coupling: &nomoscope_core::usage::coupling::Coupling| {
        let group = if side == 0 { Some(sides.group) } else { sides.against };
        let group = group.and_then(|g| c.groups.get(g)).filter(|g| g.draws > 0);
        let support = group.map(|g| g.support.get(&x.pair()).copied().unwrap_or(0.0));
        let mut out = within(coupling, support);
        if let Some(reason) = coupling.reason {
            out["reason"] = json!(reason);
        }
        out
    };
    let [first, second] = &x.sides;
    let names = [json!(c.side(sides, 0)), json!(sides.against.map(|_| c.side(sides, 1)))];
    between(&c.basis.codebook, x, names, [side(0, first), side(1, second)], equal_odds(c.equal.get(&x.pair())))
}

/// Couplings in time, from counts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Trend {
    /// The unit of co-occurrence.
    pub window: &'static str,
    /// How time was divided.
    pub division: Division,
    /// Each stretch of time.
    pub periods: Vec<Period>,
    /// From each to the next.
    pub changes: Vec<Change>,
    /// Sources without a date.
    pub undated: usize,
    /// Dated sources outside all periods.
    pub outside: usize,
    /// What is needed to ask the same again.
    pub run: Record,
}

/// A stretch of time.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Period {
    /// Its name.
    pub period: String,
    /// The year where it begins.
    pub from: Number,
    /// The year where it ends.
    pub to: Number,
    /// Its sources.
    pub sources: usize,
    /// Their windows.
    pub units: usize,
    /// The backbone, strongest first.
    pub backbone: Vec<Edge>,
    /// Pairs tested.
    pub tested_pairs: usize,
}

/// From one stretch of time to the next.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Change {
    /// The earlier.
    pub from: String,
    /// The later.
    pub to: String,
    /// Couplings of the later backbone alone.
    pub births: Vec<Turned>,
    /// Couplings of the earlier backbone alone.
    pub deaths: Vec<Turned>,
    /// Jaccard index of the backbones; null where both are empty.
    pub backbone: Number,
}

/// A coupling that came or went.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Turned {
    /// The one concept.
    pub a: String,
    /// The other.
    pub b: String,
    /// Informative sources before; null if it was not tested.
    pub sources_before: Option<usize>,
    /// The same after.
    pub sources_after: Option<usize>,
    /// Whether it was tested on both sides: else it could not have been found on one.
    pub tested_on_both_sides: Option<bool>,
}

impl Trend {
    /// Returns the answer.
    #[must_use]
    pub fn new(c: &CoupledTime, run: Record) -> Self {
        let codebook = &c.basis.codebook;
        let turned = |list: &[Turnover]| {
            let one = |t: &Turnover| {
                let Part::Coupling(a, b) = t.part else { return None };
                let [a, b] = [a, b].map(|c| codebook.get(c).id.clone());
                let (sources_before, sources_after) = (t.sources_before, t.sources_after);
                Some(Turned { a, b, sources_before, sources_after, tested_on_both_sides: t.tested_on_both_sides })
            };
            list.iter().filter_map(one).collect()
        };
        let periods = c.trend.periods.iter().map(|p| Period {
            period: p.slice.period.name.clone(),
            from: p.slice.period.from.into(),
            to: p.slice.period.to.into(),
            sources: p.slice.weights.len(),
            units: p.units,
            backbone: p.edges.iter().map(|e| edge(codebook, e)).collect(),
            tested_pairs: p.tested.len(),
        });
        let changes = c.trend.changes.iter().map(|x| Change {
            from: c.name(x.before).to_owned(),
            to: c.name(x.after).to_owned(),
            births: turned(&x.births),
            deaths: turned(&x.deaths),
            backbone: x.backbone.into(),
        });
        Self {
            window: c.basis.counts.window().name(),
            division: division(&c.trend.division),
            periods: periods.collect(),
            changes: changes.collect(),
            undated: c.trend.undated,
            outside: c.trend.outside,
            run,
        }
    }
}
