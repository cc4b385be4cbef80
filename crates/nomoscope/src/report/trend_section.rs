//! The cluster in time, as sentences and tables, and as a section of the report.

use super::html::escape;
use super::sections::{Block, Context, Place, Section};
use super::trend_networks;
use super::words::{capital, counted, p_value, thousands};
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::norm::kind::Model;
use nomoscope_core::norm::statement::Statement;
use nomoscope_core::table::{Cell, Table};
use nomoscope_core::usage::trend::change::{Part, Turnover};
use nomoscope_core::usage::trend::drift::{Drift, Of, Turn};
use nomoscope_core::usage::trend::first::{FirstUse, What};
use nomoscope_core::usage::trend::snapshot::Snapshot;
use nomoscope_core::usage::trend::{Coded, Trend};
use nomoscope_figure::change::{self, Change as ChangeFigure, Column, Ribbon};
use nomoscope_figure::drift::{self, DriftModel, Panel, Step};
use nomoscope_figure::{Figure, Heading, Role, View, networks};
use std::collections::{BTreeMap, BTreeSet};

/// Id of the table of periods.
pub const PERIODS: &str = "trend-periods";
/// Id of the table of changes.
pub const CHANGES: &str = "trend-changes";
/// Below this many focal sources a period is marked.
pub const FEW_SOURCES: usize = 5;
/// How many names a cell lists.
const NAMES: usize = 4;

fn label<'c>(c: Coded<'c>, concept: ConceptIx) -> &'c str {
    c.corpus.codebook.get(concept).label_in("en")
}

fn subject(c: Coded<'_>) -> String {
    c.focus.map_or_else(|| "all norms of the study".to_owned(), |f| label(c, f.used).to_owned())
}

fn name(trend: &Trend, snapshot: usize) -> &str {
    &trend.snapshots[snapshot].slice.period.name
}

/// Returns one sentence that answers "when did it change, and how sure are we".
#[must_use]
pub fn answer(c: Coded<'_>, trend: &Trend) -> String {
    let subject = capital(&subject(c));
    let Some(first) = trend.snapshots.iter().find(|s| s.focal_units > 0) else {
        return format!("{subject} occurs in no dated source of these periods.");
    };
    // A share of two sources is no share.
    let many = |s: &&Snapshot| s.slice.weights.len() >= FEW_SOURCES;
    let peak = trend
        .snapshots
        .iter()
        .filter(many)
        .max_by(|x, y| share(x).total_cmp(&share(y)).then(y.slice.period.from.total_cmp(&x.slice.period.from)));
    let peak = peak.map_or_else(String::new, |s| {
        format!(" It is most common in {}: in {:.0} % of the sources.", s.slice.period.name, 100.0 * share(s))
    });
    format!("{subject} is first found in {}.{peak} {}", first.slice.period.name, turning(trend))
}

fn share(s: &Snapshot) -> f64 {
    let n = s.slice.weights.len();
    if n == 0 { 0.0 } else { s.focal_sources as f64 / n as f64 }
}

fn turning(trend: &Trend) -> String {
    let best = trend.turns.iter().filter(|t| is_turn(t));
    let mut by_change: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for t in best {
        if let Some(change) = t.change {
            by_change.entry(change).or_default().push(t.of.name());
        }
    }
    if by_change.is_empty() {
        return "No turning point stands out from chance.".to_owned();
    }
    let one = |(change, of): (&usize, &Vec<&str>)| {
        let change = &trend.changes[*change];
        format!(
            "its {} change most between {} and {}",
            of.join(", "),
            name(trend, change.before),
            name(trend, change.after)
        )
    };
    format!("{}.", capital(&by_change.iter().map(one).collect::<Vec<_>>().join("; ")))
}

/// Returns what the trend cannot say.
#[must_use]
pub fn cautions(c: Coded<'_>, trend: &Trend) -> Vec<String> {
    let mut out = Vec::new();
    if trend.undated > 0 {
        let verb = if trend.undated == 1 { "has" } else { "have" };
        out.push(format!(
            "{} {verb} no date and {verb} no place in time.",
            counted(trend.undated, "source", "sources")
        ));
    }
    if trend.outside > 0 {
        let verb = if trend.outside == 1 { "lies" } else { "lie" };
        out.push(format!("{} {verb} outside all periods.", counted(trend.outside, "dated source", "dated sources")));
    }
    if let Some((least, greatest)) = trend.uneven_lengths {
        out.push(format!(
            "The median paragraph has {least} words in one period and {greatest} in another: a longer window holds more of everything, so couplings and statements are not comparable. Use --window sentence."
        ));
    }
    let few: Vec<&str> = trend
        .snapshots
        .iter()
        .filter(|s| s.focal_sources > 0 && s.focal_sources < FEW_SOURCES)
        .map(|s| s.slice.period.name.as_str())
        .collect();
    if !few.is_empty() {
        out.push(format!("Fewer than {FEW_SOURCES} sources speak of the focus in {}.", listed(&few)));
    }
    if let Some(width) = trend.snapshots.first().map(|s| s.slice.period.to - s.slice.period.from)
        && width < 1.0 - 1e-9
        && c.corpus.sources.iter().any(|s| s.date.is_some_and(|d| d.month.is_none()))
    {
        out.push("Dates known to the year only are taken as its middle, which is no place within a year.".to_owned());
    }
    // docs/calibration-use.md: there 95 % intervals missed up to 11 %.
    let narrow = |d: &&Drift| {
        d.interval.is_some() && d.sources_before.min(d.sources_after) < 60 && d.beyond_chance.is_some_and(|x| x > 0.15)
    };
    let n_narrow = trend.changes.iter().flat_map(|c| &c.drift).filter(narrow).count();
    if n_narrow > 0 {
        out.push(format!(
            "Of {} the interval may be too narrow: in simulated studies with fewer than 60 sources on a side, 95 % intervals of changes this large missed the truth up to 11 % of the time.",
            counted(n_narrow, "drift", "drifts")
        ));
    }
    let tied = trend.first.iter().filter(|f| matches!(f.what, What::Concept(_)) && !f.also.is_empty()).count();
    if tied > 0 {
        out.push(format!(
            "Of {} several sources may be the first, as far as their dates tell: they stand beside it.",
            counted(tied, "concept", "concepts")
        ));
    }
    if let Some(f) = c.focus.filter(|f| f.used != f.asked) {
        out.push(format!("The focus went one step up, from “{}” to “{}”.", label(c, f.asked), label(c, f.used)));
    }
    if let Some(reason) =
        trend.snapshots.first().and_then(|s| s.support.reason.as_ref()).filter(|r| r.starts_with("an illustration"))
    {
        out.push(format!("No support and no intervals: {reason}."));
    }
    out
}

fn listed(names: &[&str]) -> String {
    let more = names.len().saturating_sub(8);
    let shown = names[..names.len() - more].join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// Returns the tables: periods, changes, first appearances of labels and of couplings with the focus, turning points.
#[must_use]
pub fn tables(c: Coded<'_>, trend: &Trend) -> Vec<Table> {
    vec![periods(c, trend), changes(c, trend), turns(trend), first_concepts(c, trend), first_couplings(c, trend)]
}

fn missing(why: &'static str) -> Cell {
    Cell::Missing(why)
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
            s.kind.as_ref().map_or(missing("no complete statement"), |k| Cell::number(k.effective[i].adjusted, 1))
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
            Cell::Count(s.edges.len() as u64),
            Cell::text(company(c, s)),
        ]);
    }
    table.notes.push("problems, values, behaviours: effective numbers in complete statements on the focus; support: share of bootstrap draws with this type.".to_owned());
    table
}

fn support(s: &Snapshot) -> Cell {
    let model: Option<Model> = s.kind.as_ref().ok().map(|k| k.model);
    match (model, &s.support.shares) {
        (Some(model), Some(shares)) => Cell::number(shares.get(&model).copied().unwrap_or(0.0), 2),
        _ => missing("too few sources, or no complete statement"),
    }
}

fn company(c: Coded<'_>, s: &Snapshot) -> String {
    let mut list: Vec<_> = s.company.iter().collect();
    list.sort_by_key(|(concept, (units, sources))| (std::cmp::Reverse((*sources, *units)), **concept));
    let one = |(concept, (_, sources)): &(&ConceptIx, &(u64, usize))| format!("{} {sources}", label(c, **concept));
    list.iter().take(NAMES).map(one).collect::<Vec<_>>().join(", ")
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
    table.notes.push("born, died: couplings of the backbone whose pair was tested on both sides, and concepts with q ≤ 0.05; JSON has all.".to_owned());
    table
}

fn interval(d: &Drift) -> Option<String> {
    let i = d.interval?;
    Some(format!("{:.2} to {:.2}", i.lower?, i.upper?))
}

/// Names what came or went for certain.
fn certain(c: Coded<'_>, list: &[Turnover]) -> String {
    let sure = |t: &&Turnover| match t.part {
        Part::Concept(_) => t.q.is_some_and(|q| q <= 0.05),
        Part::Coupling(..) => t.tested_on_both_sides == Some(true),
        Part::Statement(_) => false,
    };
    let names: Vec<String> = list.iter().filter(sure).map(|t| part(c, t.part)).collect();
    let more = names.len().saturating_sub(NAMES);
    let shown = names[..names.len() - more].join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// Returns the words for something that came or went.
#[must_use]
pub fn part(c: Coded<'_>, part: Part) -> String {
    match part {
        Part::Concept(x) => label(c, x).to_owned(),
        Part::Coupling(a, b) => format!("{} – {}", label(c, a), label(c, b)),
        Part::Statement(s) => statement(c, &s),
    }
}

fn statement(c: Coded<'_>, s: &Statement) -> String {
    let name = |x: Option<ConceptIx>| x.map_or("–", |x| label(c, x));
    format!("{} / {} / {}", name(s.problem), name(s.value), name(s.behaviour))
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

fn title(c: Coded<'_>, source: usize) -> String {
    let source = &c.corpus.sources[source];
    if source.title.trim().is_empty() { source.path.clone() } else { source.title.clone() }
}

fn others(c: Coded<'_>, f: &FirstUse) -> String {
    let names: Vec<String> = f.also.iter().take(NAMES).map(|&s| title(c, s)).collect();
    let more = f.also.len().saturating_sub(NAMES);
    if more > 0 { format!("{} and {} more", names.join(", "), thousands(more as u64)) } else { names.join(", ") }
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

/// Returns the section of a report, for a study that names its periods.
#[must_use]
pub fn section(context: &Context<'_>, view: View) -> Option<Section> {
    let a = context.analysis;
    let trend = a.trend(&context.meta.periods)?;
    let c = a.coded();
    let mut blocks = vec![Block::Html(format!("<p>{}</p>\n", escape(&answer(c, trend))))];
    blocks.extend(figures(c, trend, a.options.min_or, view).into_iter().map(Block::Figure));
    blocks.extend(tables(c, trend).into_iter().filter(|t| !t.rows.is_empty()).map(Block::Table));
    let cautions = cautions(c, trend);
    if !cautions.is_empty() {
        let items: String = cautions.iter().map(|x| format!("<li>{}</li>", escape(x))).collect();
        blocks.push(Block::Html(format!("<ul class=\"cautions\">{items}</ul>\n")));
    }
    Some(Section { id: "trend", nav: "Change", title: "Change".to_owned(), place: Place::AfterEmergence, blocks })
}

/// Returns the figures that the trend can fill: the river, the networks of the periods, the drift.
#[must_use]
pub fn figures(c: Coded<'_>, trend: &Trend, min_or: f64, view: View) -> Vec<Figure> {
    let mut out = Vec::new();
    let river = river(c, trend);
    if !river.ribbons.is_empty() {
        out.push(change::draw(&river, view));
    }
    let multiples = trend_networks::model(c, trend, min_or);
    if multiples.panels.iter().any(|p| !p.ties.is_empty()) {
        out.push(networks::draw(&multiples, view));
    }
    let drift = drift_model(trend);
    if drift.panels.iter().flat_map(|p| &p.steps).any(|s| s.value.is_some()) {
        out.push(drift::draw(&drift, view));
    }
    out
}

/// Returns the model of the river.
#[must_use]
pub fn river(c: Coded<'_>, trend: &Trend) -> ChangeFigure {
    let periods = trend.snapshots.iter().map(|s| {
        let model = s.kind.as_ref().ok().map(|k| k.model);
        Column {
            name: s.slice.period.name.clone(),
            focal_sources: s.focal_sources as u64,
            model,
            support: model.and_then(|m| s.support.shares.as_ref()?.get(&m).copied()),
        }
    });
    let mut ribbons = Vec::new();
    for (part, role) in [Role::Problem, Role::Value, Role::Behaviour].into_iter().enumerate() {
        let used: BTreeSet<ConceptIx> = trend.snapshots.iter().flat_map(|s| s.parts[part].keys().copied()).collect();
        ribbons.extend(used.into_iter().map(|concept| {
            let share = |s: &Snapshot| match s.parts[part].get(&concept) {
                Some(amount) if s.focal_weight > 0.0 => amount.weight / s.focal_weight,
                _ => 0.0,
            };
            Ribbon {
                id: c.corpus.codebook.get(concept).id.clone(),
                label: label(c, concept).to_owned(),
                role,
                shares: trend.snapshots.iter().map(share).collect(),
                href: Some(format!("#k-{}", c.corpus.codebook.get(concept).id)),
            }
        }));
    }
    let note = format!(
        "Statements on {}; the height of a bed is all of them, what is left blank names no such part.",
        subject(c)
    );
    ChangeFigure { heading: Heading { note: Some(note), ..Heading::default() }, periods: periods.collect(), ribbons }
}

/// Returns the model of the drift.
#[must_use]
pub fn drift_model(trend: &Trend) -> DriftModel {
    let panel = |of: Of| Panel {
        of: of.name().to_owned(),
        steps: trend
            .changes
            .iter()
            .map(|change| {
                let d = change.drift.iter().find(|d| d.of == of);
                Step {
                    at: name(trend, change.after).replace('-', "–"),
                    value: d.and_then(|d| d.beyond_chance),
                    interval: d.and_then(|d| Some((d.interval?.lower?, d.interval?.upper?))),
                    q: d.and_then(|d| d.q),
                }
            })
            .collect(),
        turn: trend.turns.iter().find(|t| t.of == of && is_turn(t)).and_then(|t| t.change),
    };
    DriftModel { heading: Heading::default(), panels: Of::ALL.into_iter().map(panel).collect() }
}

/// Returns whether a turning point stands out, four distributions having been looked at.
fn is_turn(t: &Turn) -> bool {
    t.p.is_some_and(|p| p <= 0.05 / Of::ALL.len() as f64)
}
