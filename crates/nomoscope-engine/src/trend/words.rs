//! Sentences of this answer.

use super::answer::ClusterInTime;
use crate::words::{capital, counted, thousands};
use nomoscope_core::codebook::ConceptIx;
use nomoscope_core::norm::statement::Statement;
use nomoscope_core::usage::trend::change::{Change, MAX_Q, Part, Turnover};
use nomoscope_core::usage::trend::drift::{Drift, MIN_SOURCES, Of, Turn};
use nomoscope_core::usage::trend::first::{FirstUse, What};
use nomoscope_core::usage::trend::snapshot::Snapshot;
use nomoscope_core::usage::trend::{Coded, Trend};
use std::collections::BTreeMap;

/// Below this many focal sources a period is marked.
const FEW_SOURCES: usize = 5;

/// Fewer periods, or changes, are a sentence of the answer and no figure.
pub(super) const FEWEST: usize = 3;

/// How many names a cell lists.
const NAMES: usize = 4;

/// Returns the label of a concept.
pub(super) fn label<'c>(c: Coded<'c>, concept: ConceptIx) -> &'c str {
    c.corpus.codebook.get(concept).label_in("en")
}

/// Returns what the trend is of.
pub(super) fn subject(c: Coded<'_>) -> String {
    c.focus.map_or_else(|| "all norms of the study".to_owned(), |f| label(c, f.used).to_owned())
}

/// Returns the name of a period.
pub(super) fn name(trend: &Trend, snapshot: usize) -> &str {
    &trend.snapshots[snapshot].slice.period.name
}

/// Returns one sentence that answers "when did it change, and how sure are we".
#[must_use]
pub fn lead(answer: &ClusterInTime) -> String {
    let (c, trend) = (answer.coded(), &answer.trend);
    let subject = capital(&subject(c));
    let Some(first) = trend.snapshots.iter().find(|s| s.focal_units > 0) else {
        return format!("{subject} occurs in no dated source of these periods.");
    };
    let peak = peak(trend).map_or_else(String::new, |words| format!(" {words}"));
    let first = format!("{subject} is first found in {}.", first.slice.period.name);
    if speaking(trend) < 2 {
        return format!("{first}{peak} In no other period does a source speak of it, so no change can be told.");
    }
    let few = few_drifts(trend).map_or_else(String::new, |words| format!(" {words}"));
    format!("{first}{peak} {} {}{few}", moves(c, trend), turning(trend))
}

/// Returns in which period most sources speak of the focus; nothing where no period stands out from another.
fn peak(trend: &Trend) -> Option<String> {
    let filled = || trend.snapshots.iter().filter(|s| !s.slice.weights.is_empty());
    // A share of two sources is no share.
    let many: Vec<&Snapshot> = filled().filter(|s| s.slice.weights.len() >= FEW_SOURCES).collect();
    // Shares are compared as fractions: two that are equal must not part in their last digit.
    let times = |x: &Snapshot, y: &Snapshot| x.focal_sources * y.slice.weights.len();
    let top = many.iter().copied().max_by(|x, y| times(x, y).cmp(&times(y, x)))?;
    if many.len() < 2 || many.iter().filter(|s| times(s, top) == times(top, s)).count() > 1 {
        return None;
    }
    let among = if many.len() < filled().count() {
        format!("Among periods with {FEW_SOURCES} sources or more, it")
    } else {
        "It".to_owned()
    };
    Some(format!("{among} is most common in {}: in {:.0} % of the sources.", top.slice.period.name, 100.0 * share(top)))
}

/// Returns in how many periods a source speaks of the focus.
pub(super) fn speaking(trend: &Trend) -> usize {
    trend.snapshots.iter().filter(|s| s.focal_sources > 0).count()
}

/// Returns the drifts of whole statements that have a value, each with its change.
pub(super) fn told_drifts(trend: &Trend) -> impl Iterator<Item = (&Change, &Drift)> {
    let whole = |c: &'_ &Change| c.drift.iter().position(|d| d.of == Of::Statements && d.beyond_chance.is_some());
    trend.changes.iter().filter_map(move |c| Some((c, c.drift.get(whole(&c)?)?)))
}

/// Returns in words what no figure is drawn of, because it would have one point or two.
fn few_drifts(trend: &Trend) -> Option<String> {
    let told: Vec<_> = told_drifts(trend).collect();
    if told.is_empty() || told.len() >= FEWEST {
        return None;
    }
    let one = |(change, drift): &(&Change, &Drift)| {
        let between = format!("From {} to {}", name(trend, change.before), name(trend, change.after));
        let (observed, expected) = (drift.divergence.unwrap_or(0.0), drift.expected.unwrap_or(0.0));
        let apart = format!("{observed:.2}; {expected:.2} by chance; 1 is nothing in common");
        if drift.q.is_some_and(|q| q <= MAX_Q) {
            return format!("{between} its statements moved apart beyond chance ({apart}).");
        }
        // What cannot be told is not the same as what has not changed.
        let few = drift.sources_before < MIN_SOURCES || drift.sources_after < MIN_SOURCES;
        if few {
            format!("{between} too few sources speak of it to tell whether its statements moved ({apart}).")
        } else {
            format!(
                "{between} its statements lie no further apart than chance alone puts those of the same sources ({apart})."
            )
        }
    };
    Some(told.iter().map(one).collect::<Vec<_>>().join(" "))
}

/// Returns which parts certainly came, went, rose or fell.
fn moves(c: Coded<'_>, trend: &Trend) -> String {
    const TOLD: usize = 3;
    let mut told: Vec<(f64, String)> = Vec::new();
    let mut n_tested = 0;
    for change in &trend.changes {
        let between = format!("between {} and {}", name(trend, change.before), name(trend, change.after));
        for (list, what) in [(&change.births, "came"), (&change.deaths, "went"), (&change.shifts, "")] {
            for t in list {
                let Part::Concept(concept) = t.part else { continue };
                n_tested += usize::from(t.p().is_some());
                let Some([Some(before), Some(after)]) = t.held.filter(|_| t.is_certain()).map(|h| h.held) else {
                    continue;
                };
                let what = match what {
                    "" if after > before => "became more common",
                    "" => "became less common",
                    other => other,
                };
                told.push((t.p().unwrap_or(1.0), format!("{} {what} {between}", label(c, concept))));
            }
        }
    }
    told.sort_by(|x, y| x.0.total_cmp(&y.0).then_with(|| x.1.cmp(&y.1)));
    let more = told.len().saturating_sub(TOLD);
    let list = told.into_iter().take(TOLD).map(|t| t.1).collect::<Vec<_>>().join("; ");
    match (n_tested, list.is_empty()) {
        (0, _) => "Too few sources say enough of it to tell whether its parts came or went.".to_owned(),
        (_, true) => "None of its parts came, went, or became more or less common beyond chance.".to_owned(),
        (_, false) if more > 0 => format!("At equal length of text, {list}; {more} more of its parts moved."),
        (_, false) => format!("At equal length of text, {list}."),
    }
}

/// Returns the share of the sources that speak of the focus.
fn share(s: &Snapshot) -> f64 {
    let n = s.slice.weights.len();
    if n == 0 { 0.0 } else { s.focal_sources as f64 / n as f64 }
}

/// Returns where it changes most, if that stands out.
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
pub fn cautions(answer: &ClusterInTime) -> Vec<String> {
    let (c, trend) = (answer.coded(), &answer.trend);
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
            "The median paragraph has {least} words in one period and {greatest} in another: a longer window holds more of everything, so couplings and statements are not comparable. Sentences as windows are."
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
    out.extend(short_sources(trend));
    let lopsided: Vec<&str> = trend.changes.iter().filter(|c| c.is_lopsided()).map(|c| name(trend, c.after)).collect();
    if !lopsided.is_empty() {
        out.push(format!(
            "What came and went by {} is told of sources of which those on one side say little, and those on the other more than twice as much: in simulated studies like that the 5 % test erred up to 8 % of the time.",
            listed(&lopsided)
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

/// Says which sources the tests of what came and went left out, because they say too little.
fn short_sources(trend: &Trend) -> Option<String> {
    let left: usize = trend.changes.iter().map(|c| c.short[0] + c.short[1]).sum();
    let all: usize = trend.changes.iter().map(|c| c.compared[0] + c.compared[1]).sum::<usize>() + left;
    let longest = trend.changes.iter().filter_map(|c| c.run).max()?;
    (left > 0).then(|| {
        format!(
            "What came and went is told from stretches of equal length, of up to {} on the focus: {} of {} comparisons of a source are left out, because it says less.",
            counted(longest, "sentence", "sentences"),
            thousands(left as u64),
            thousands(all as u64)
        )
    })
}

fn listed(names: &[&str]) -> String {
    let more = names.len().saturating_sub(8);
    let shown = names[..names.len() - more].join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// Returns what most often stands with the focus.
pub(super) fn company(c: Coded<'_>, s: &Snapshot) -> String {
    let mut list: Vec<_> = s.company.iter().collect();
    list.sort_by_key(|(concept, (units, sources))| (std::cmp::Reverse((*sources, *units)), **concept));
    let one = |(concept, (_, sources)): &(&ConceptIx, &(u64, usize))| format!("{} {sources}", label(c, **concept));
    list.iter().take(NAMES).map(one).collect::<Vec<_>>().join(", ")
}

/// Returns the interval of a drift.
pub(super) fn interval(d: &Drift) -> Option<String> {
    let i = d.interval?;
    Some(format!("{:.2} to {:.2}", i.lower?, i.upper?))
}

/// Names what came or went for certain.
pub(super) fn certain(c: Coded<'_>, list: &[Turnover]) -> String {
    let sure = |t: &&Turnover| match t.part {
        Part::Concept(_) => t.is_certain(),
        Part::Coupling(..) => t.tested_on_both_sides == Some(true),
        Part::Statement(_) => false,
    };
    let names: Vec<String> = list.iter().filter(sure).map(|t| part(c, t.part)).collect();
    let more = names.len().saturating_sub(NAMES);
    let shown = names[..names.len() - more].join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// Returns the words for something that came or went.
fn part(c: Coded<'_>, part: Part) -> String {
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

/// Returns the title of a source, or its path.
pub(super) fn title(c: Coded<'_>, source: usize) -> String {
    let source = &c.corpus.sources[source];
    if source.title.trim().is_empty() { source.path.clone() } else { source.title.clone() }
}

/// Returns the sources that may be as early as the first.
pub(super) fn others(c: Coded<'_>, f: &FirstUse) -> String {
    let names: Vec<String> = f.also.iter().take(NAMES).map(|&s| title(c, s)).collect();
    let more = f.also.len().saturating_sub(NAMES);
    if more > 0 { format!("{} and {} more", names.join(", "), thousands(more as u64)) } else { names.join(", ") }
}

/// Returns whether a turning point stands out, four distributions having been looked at.
pub(super) fn is_turn(t: &Turn) -> bool {
    t.p.is_some_and(|p| p <= 0.05 / Of::ALL.len() as f64)
}
