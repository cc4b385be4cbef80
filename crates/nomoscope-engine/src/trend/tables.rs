//! Tables of this answer.

use super::answer::ClusterInTime;
use super::words::{certain, company, interval, label, name, others, title};
use crate::words::p_value;
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::norm::kind::Model;
use nomoscope_core::table::{Cell, Table};
use nomoscope_core::usage::trend::drift::Of;
use nomoscope_core::usage::trend::first::{FirstUse, What};
use nomoscope_core::usage::trend::snapshot::Snapshot;
use nomoscope_core::usage::trend::{Coded, Trend};

/// Id of the table of periods.
pub const PERIODS: &str = "trend-periods";

/// Id of the table of changes.
pub const CHANGES: &str = "trend-changes";

/// Returns the tables: periods, changes, turning points, first appearances of labels and of couplings with the focus.
#[must_use]
pub fn all(answer: &ClusterInTime) -> Vec<Table> {
    let (coded, trend) = (answer.coded(), &answer.trend);
    vec![
        periods(coded, trend),
        changes(coded, trend),
        turns(trend),
        first_concepts(coded, trend),
        first_couplings(coded, trend),
    ]
}

const fn missing(why: &'static str) -> Cell {
    Cell::Missing(why)
}

/// Returns the share of draws that give a period its type.
fn support(s: &Snapshot) -> Cell {
    let model: Option<Model> = s.kind.as_ref().ok().map(|k| k.model);
    match (model, &s.support.shares) {
        (Some(model), Some(shares)) => Cell::number(shares.get(&model).copied().unwrap_or(0.0), 2),
        _ => missing("too few sources, or no complete statement"),
    }
}

fn periods(c: Coded<'_>, trend: &Trend) -> Table {
    let columns = [
        "period",
        "sources",
        "with_focus",
        "units",
        "focal_units",
        "problems",
        "values",
        "behaviours",
        "type",
        "support",
        "backbone",
        "most_often_with_focus",
    ];
    let mut table = Table::new(PERIODS, "The cluster period by period", &columns);
    for s in &trend.snapshots {
        let effective = |i: usize| {
            s.kind.as_ref().map_or(missing("no complete statement"), |k| Cell::number(k.effective[i].observed, 1))
        };
        table.push(vec![
            Cell::text(&s.slice.period.name),
            Cell::Count(s.slice.weights.len() as u64),
            Cell::Count(s.focal_sources as u64),
            Cell::Count(s.units as u64),
            Cell::Count(s.focal_units as u64),
            effective(0),
            effective(1),
            effective(2),
            s.kind.as_ref().map_or(missing("no complete statement"), |k| Cell::text(k.model.name())),
            support(s),
            Cell::Whole(s.edges.len() as u64),
            Cell::text(company(c, s)),
        ]);
    }
    table.notes.push("problems, values, behaviours: effective numbers in complete statements on the focus; support: share of bootstrap draws with this type.".to_owned());
    table
}

fn changes(c: Coded<'_>, trend: &Trend) -> Table {
    let columns = [
        "from",
        "to",
        "drift",
        "by_chance",
        "beyond_chance",
        "interval",
        "p",
        "q",
        "statements_kept",
        "backbone_kept",
        "born",
        "died",
    ];
    let mut table = Table::new(CHANGES, "What changed", &columns);
    for change in &trend.changes {
        let drift = change.drift.iter().find(|d| d.of == Of::Statements);
        let number = |x: Option<f64>, digits| x.map_or(missing("see the reason in JSON"), |x| Cell::number(x, digits));
        table.push(vec![
            Cell::text(name(trend, change.before)),
            Cell::text(name(trend, change.after)),
            number(drift.and_then(|d| d.divergence), 2),
            number(drift.and_then(|d| d.expected), 2),
            number(drift.and_then(|d| d.beyond_chance), 2),
            drift.and_then(interval).map_or(missing("fewer than 8 sources on one side"), Cell::text),
            drift.and_then(|d| d.p).map_or(missing("not tested"), |p| Cell::text(p_value(p))),
            drift.and_then(|d| d.q).map_or(missing("not tested"), |q| Cell::text(p_value(q))),
            number(change.statements, 2),
            number(change.backbone, 2),
            Cell::text(certain(c, &change.births)),
            Cell::text(certain(c, &change.deaths)),
        ]);
    }
    table.notes.push("drift: Jensen-Shannon divergence of statement weights, in bits; by_chance: its mean when the same sources are divided at random; kept: Jaccard index.".to_owned());
    table.notes.push("born, died: couplings of the backbone whose pair was tested on both sides, and concepts with q ≤ 0.05 in stretches of equal length; JSON has all.".to_owned());
    table
}

fn turns(trend: &Trend) -> Table {
    let mut table = Table::new("trend-turns", "Where each distribution changes most", &["of", "from", "to", "z", "p"]);
    for t in &trend.turns {
        let change = t.change.and_then(|i| trend.changes.get(i));
        let period = |i: Option<usize>| i.map_or(missing("none"), |i| Cell::text(name(trend, i)));
        table.push(vec![
            Cell::text(t.of.name()),
            period(change.map(|x| x.before)),
            period(change.map(|x| x.after)),
            t.z.map_or(missing("none"), |z| Cell::number(z, 1)),
            t.p.map_or(missing("none"), |p| Cell::text(p_value(p))),
        ]);
    }
    table.notes.push(
        "z: standard deviations above sources in random order of time; p: of the greatest z over all changes."
            .to_owned(),
    );
    table
}

fn first_concepts(c: Coded<'_>, trend: &Trend) -> Table {
    let columns = ["date", "concept", "source", "or_also", "with"];
    let mut table = Table::new("trend-first", "First appearances: names of norms, then other concepts", &columns);
    let mut list: Vec<(&FirstUse, ConceptIx)> = trend
        .first
        .iter()
        .filter_map(|f| match f.what {
            What::Concept(x) => Some((f, x)),
            What::Coupling(..) => None,
        })
        .collect();
    let of_focus = |x: &ConceptIx| c.focus.is_some_and(|f| f.concepts.contains(x));
    list.sort_by_key(|(f, x)| (!of_focus(x), !c.corpus.codebook.get(*x).norm_label, f.date, f.source, *x));
    for (f, x) in list {
        table.push(vec![
            Cell::text(f.date.to_string()),
            Cell::text(label(c, x)),
            Cell::text(title(c, f.source)),
            Cell::text(others(c, f)),
            Cell::text(f.with.iter().take(6).map(|w| label(c, *w)).collect::<Vec<_>>().join(", ")),
        ]);
    }
    table.notes.push(
        "or_also: sources that may be as early, as far as dates tell; with: concepts in the same unit.".to_owned(),
    );
    table
}

fn first_couplings(c: Coded<'_>, trend: &Trend) -> Table {
    let title_of = c.focus.map_or("First meetings", |_| "First meetings with the focus");
    let mut table = Table::new("trend-first-couplings", title_of, &["date", "a", "b", "source", "or_also", "sources"]);
    for f in &trend.first {
        let What::Coupling(a, b) = f.what else { continue };
        if c.focus.is_some_and(|focus| focus.concepts.contains(&a) == focus.concepts.contains(&b)) {
            continue;
        }
        table.push(vec![
            Cell::text(f.date.to_string()),
            Cell::text(label(c, a)),
            Cell::text(label(c, b)),
            Cell::text(title(c, f.source)),
            Cell::text(others(c, f)),
            Cell::Count(f.sources as u64),
        ]);
    }
    table
}
