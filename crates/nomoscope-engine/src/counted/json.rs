//! The answers serialised.

use super::answer::{Coupled, CoupledGroup, CoupledGroups, CoupledOpposition, CoupledTime};
use crate::compare::json::{OfSide, Pair, Sides};
use crate::json::Number;
use crate::map::json::{Coupling, Focus, Membership, couplings, focus, membership};
use crate::record::Record;
use crate::trend::json::{Division, Edge, division, edge};
use nomoscope_core::usage::contrast::Contrast;
use nomoscope_core::usage::trend::change::{Part, Turnover};
use schemars::JsonSchema;
use serde::Serialize;

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

/// The couplings between groups, from counts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Compare {
    /// The attribute that makes the groups.
    pub by: String,
    /// The unit of co-occurrence.
    pub window: &'static str,
    /// Sources compared.
    pub sources: usize,
    /// Sources without the attribute, or of neither group.
    pub left_out: usize,
    /// The groups by name, or as they were named.
    pub groups: Vec<CountedGroup>,
    /// Two sides each: two groups, or each group and all the others.
    pub contrasts: Vec<Sides>,
    /// Pairs that were tested or that a side couples, one entry a contrast, the most certain differences first.
    pub couplings: Vec<Pair<OfSide>>,
    /// What the lists leave out.
    pub omitted: PairsOmitted,
    /// What is needed to ask the same again.
    pub run: Record,
}

/// A group of sources.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CountedGroup {
    /// The value of the attribute.
    pub group: String,
    /// Sources in it.
    pub sources: usize,
    /// Actors in it: as many as sources, unless an attribute says whose these are.
    pub actors: usize,
    /// Whether it has fewer than 5 actors.
    pub small: bool,
    /// Windows in it.
    pub units: usize,
    /// Median length of its windows, in words.
    pub median_unit_words: Number,
    /// Pairs tested for coupling within the group.
    pub tested_pairs: usize,
    /// Pairs that it couples.
    pub backbone_pairs: usize,
}

/// What a list leaves out.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PairsOmitted {
    /// Pairs.
    pub couplings: usize,
}

impl Compare {
    /// Returns the answer; `top` bounds the pairs.
    #[must_use]
    pub fn new(c: &CoupledGroups, top: usize, run: Record) -> Self {
        let rows = c.sorted();
        let group = |g: &CoupledGroup| CountedGroup {
            group: g.name.clone(),
            sources: g.sources,
            actors: g.actors,
            small: g.is_small(),
            units: g.units,
            median_unit_words: g.median_words.into(),
            tested_pairs: g.couplings.iter().filter(|c| c.p.is_some()).count(),
            backbone_pairs: g.couplings.iter().filter(|c| c.backbone).count(),
        };
        let sides = |o: &CoupledOpposition| {
            let names = (c.side(o, 0), o.against.map(|_| c.side(o, 1)));
            Sides::new(names, o.sources, &o.pairs, o.caution.clone())
        };
        Self {
            by: c.choice.by.clone(),
            window: c.basis.counts.window().name(),
            sources: c.groups.iter().map(|g| g.sources).sum(),
            left_out: c.left_out,
            groups: c.groups.iter().map(group).collect(),
            contrasts: c.oppositions.iter().map(sides).collect(),
            couplings: rows.iter().take(top).map(|(sides, x)| pair(c, sides, x)).collect(),
            omitted: PairsOmitted { couplings: rows.len().saturating_sub(top) },
            run,
        }
    }
}

fn pair(c: &CoupledGroups, sides: &CoupledOpposition, x: &Contrast) -> Pair<OfSide> {
    let side = |side: usize, coupling: &nomoscope_core::usage::coupling::Coupling| {
        let group = if side == 0 { Some(sides.group) } else { sides.against };
        let group = group.and_then(|g| c.groups.get(g)).filter(|g| g.draws > 0);
        OfSide::new(coupling, group.map(|g| g.support.get(&x.pair()).copied().unwrap_or(0.0)))
    };
    let [first, second] = &x.sides;
    let names = (c.side(sides, 0), sides.against.map(|_| c.side(sides, 1)));
    Pair::new(&c.basis.codebook, x, names, [side(0, first), side(1, second)], c.equal.get(&x.pair()))
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
