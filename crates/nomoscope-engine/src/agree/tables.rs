//! Agreement as tables: for the terminal and for the page.

use crate::agree::answer::{
    CoderCount, ConceptAgreement, LexiconScore, PairAgreement, Proportion, StudyAgreement, TableAgreement, Unit,
    Validity, reasons,
};
use crate::words::counted;
use nomoscope_core::table::{Cell, Table};
use nomoscope_stats::Interval;
use nomoscope_stats::agreement::{AgreementError, Coefficient, Estimate};
use std::collections::BTreeMap;

const MISSING: &str = "no value";

fn value(found: Result<f64, AgreementError>) -> Cell {
    found.map_or(Cell::Missing(MISSING), rounded)
}

/// A number of three digits; what rounds to 0 loses its sign.
fn rounded(value: f64) -> Cell {
    Cell::number(if value.abs() < 0.0005 { 0.0 } else { value }, 3)
}

fn ends(interval: Option<Interval>) -> [Cell; 2] {
    let end = |e: Option<f64>| e.map_or(Cell::Missing("no interval"), rounded);
    [end(interval.and_then(|i| i.lower)), end(interval.and_then(|i| i.upper))]
}

/// Returns the coefficients with their intervals; why one is missing stands below.
#[must_use]
pub fn coefficients(all: &[Estimate], unit: &str) -> Table {
    let columns = ["coefficient", "level", "value", "lower", "upper", "n", "of"];
    let mut table = Table::new("agreement-coefficients", "Coefficients of agreement, with intervals of 95 %", &columns);
    for estimate in all {
        let [lower, upper] = ends(estimate.interval.ok());
        table.push(vec![
            Cell::text(estimate.coefficient.name()),
            Cell::text(estimate.level.name()),
            value(estimate.value),
            lower,
            upper,
            Cell::Count(estimate.n_units),
            Cell::text(if unitised(estimate.coefficient) { "characters" } else { unit }),
        ]);
    }
    table.notes = missing(all);
    table
}

/// Why values and intervals are missing, each reason once.
fn missing(all: &[Estimate]) -> Vec<String> {
    let mut by_reason: Vec<(String, Vec<&str>)> = Vec::new();
    for estimate in all {
        let (of_value, of_interval) = reasons(estimate);
        let Some(reason) = of_value.or_else(|| of_interval.map(|r| format!("no interval: {r}"))) else { continue };
        let name = estimate.coefficient.name();
        match by_reason.iter_mut().find(|(r, _)| *r == reason) {
            Some((_, names)) => names.push(name),
            None => by_reason.push((reason, vec![name])),
        }
    }
    by_reason.into_iter().map(|(reason, names)| format!("{}: {reason}.", names.join(", "))).collect()
}

/// Returns names as a list for a sentence: of many, the first and how many more there are.
#[must_use]
pub fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 8;
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        many if many.len() > SHOWN + 1 => {
            let (first, rest) = many.split_at(SHOWN);
            format!("{} and {} more", first.join(", "), rest.len())
        }
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

const fn unitised(coefficient: Coefficient) -> bool {
    matches!(coefficient, Coefficient::UAlpha | Coefficient::CuAlpha | Coefficient::KuAlpha)
}

/// Returns what each coder did.
#[must_use]
pub fn coders(all: &[CoderCount], what: [&str; 2]) -> Table {
    let mut table = Table::new("coders", "The coders", &["coder", what[0], what[1]]);
    for c in all {
        table.push(vec![Cell::text(&c.coder), Cell::Count(c.codings), Cell::Count(c.read)]);
    }
    table
}

/// Returns each pair of coders.
#[must_use]
pub fn pairs(all: &[PairAgreement], coders: &[CoderCount]) -> Table {
    let mut table = Table::new("agreement-pairs", "Coders two by two", &["a", "b", "units", "percent", "cohen_kappa"]);
    let name = |at: usize| Cell::text(coders.get(at).map_or("", |c| c.coder.as_str()));
    for p in all {
        table.push(vec![name(p.pair.0), name(p.pair.1), Cell::Count(p.n_units), value(p.percent), value(p.kappa)]);
    }
    table
}

/// Returns the coefficients by concept or category, worst first; those without a value last.
#[must_use]
pub fn by_concept(all: &[ConceptAgreement], coders: &[CoderCount], what: &str, by: Coefficient) -> Table {
    let title =
        if what == "concept" { "Agreement by concept, worst first" } else { "Agreement by category, worst first" };
    let shown = [
        Coefficient::Percent,
        Coefficient::CohenKappa,
        Coefficient::FleissKappa,
        Coefficient::KrippendorffAlpha,
        Coefficient::GwetAc,
        Coefficient::UAlpha,
    ];
    let has = |c: &Coefficient| all.iter().any(|k| k.estimates.iter().any(|e| e.coefficient == *c));
    // Of two coders Fleiss' kappa is another number for the same; the JSON has it.
    let wanted = |c: &Coefficient| has(c) && (*c != Coefficient::FleissKappa || coders.len() > 2);
    let shown: Vec<Coefficient> = shown.into_iter().filter(wanted).collect();
    let few = coders.len() <= 4;
    let mut columns: Vec<String> = vec![what.to_owned()];
    if few {
        columns.extend(coders.iter().map(|c| format!("by_{}", c.coder)));
    } else {
        columns.push("codings".to_owned());
    }
    for c in &shown {
        columns.push(c.name().replace('-', "_"));
        if *c == by {
            columns.extend(["lower".to_owned(), "upper".to_owned()]);
        }
    }
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut table = Table::new(format!("agreement-{what}s"), title, &columns);
    let of = |c: &ConceptAgreement, which: Coefficient| c.estimates.iter().find(|e| e.coefficient == which).copied();
    let key = |c: &ConceptAgreement| of(c, by).and_then(|e| e.value.ok());
    let mut order: Vec<&ConceptAgreement> = all.iter().collect();
    order.sort_by(|a, b| match (key(a), key(b)) {
        (Some(x), Some(y)) => x.total_cmp(&y).then_with(|| a.concept.cmp(&b.concept)),
        (x, y) => x.is_none().cmp(&y.is_none()).then_with(|| a.concept.cmp(&b.concept)),
    });
    for c in order {
        let mut row = vec![Cell::text(&c.concept)];
        if few {
            row.extend(c.by_coder.iter().map(|n| Cell::Count(*n)));
        } else {
            row.push(Cell::Count(c.by_coder.iter().sum()));
        }
        for which in &shown {
            let estimate = of(c, *which);
            row.push(estimate.map_or(Cell::Missing(MISSING), |e| value(e.value)));
            if *which == by {
                row.extend(ends(estimate.and_then(|e| e.interval.ok())));
            }
        }
        table.push(row);
    }
    if what == "concept" {
        table.notes.push("Below ten sources (or paragraphs) that hold a concept its interval is too narrow; below five there is none.".to_owned());
    }
    table
}

/// Returns the passages over which coders differ, worst first.
#[must_use]
pub fn passages(a: &StudyAgreement) -> Table {
    let columns =
        ["concept", "marked_by", "not_by", "instead", "disagreement", "characters", "source", "unit", "passage"];
    let mut table = Table::new("agreement-passages", "Where coders differ, worst first", &columns);
    let name = |at: &usize| a.coders.get(*at).map_or("", |c| c.coder.as_str());
    let names = |list: &[usize]| list.iter().map(name).collect::<Vec<_>>().join(", ");
    let concept = |at: usize| a.concepts.get(at).map_or("", |c| c.concept.as_str());
    for p in &a.passages {
        let d = &p.difference;
        let instead: Vec<String> = match a.coders.len() {
            2 => d.instead.iter().map(|(_, c)| concept(*c as usize).to_owned()).collect(),
            _ => d.instead.iter().map(|(who, c)| format!("{} ({})", concept(*c as usize), name(who))).collect(),
        };
        let not_by =
            if d.not_by.is_empty() { Cell::text("nobody: other bounds") } else { Cell::text(names(&d.not_by)) };
        table.push(vec![
            Cell::text(concept(p.concept)),
            Cell::text(names(&d.marked_by)),
            not_by,
            if instead.is_empty() { Cell::Missing("nothing") } else { Cell::text(instead.join(", ")) },
            Cell::number(d.share, 2),
            Cell::Count(d.characters),
            Cell::text(&p.source),
            Cell::text(&p.unit),
            Cell::text(p.quote.split_whitespace().collect::<Vec<_>>().join(" ")),
        ]);
    }
    table
}

/// Returns the units of a table over which coders differ, worst first.
#[must_use]
pub fn units(a: &TableAgreement) -> Table {
    let mut columns: Vec<&str> = vec!["unit", "disagreement"];
    let few = a.coders.len() <= 12;
    if few {
        columns.extend(a.coders.iter().map(|c| c.coder.as_str()));
    } else {
        columns.push("values");
    }
    let mut table =
        Table::new("agreement-units", "Where coders differ, worst first (1: as far apart as chance makes)", &columns);
    for d in &a.differences {
        let mut row = vec![Cell::text(&d.unit), Cell::number(d.disagreement, 2)];
        if few {
            row.extend(d.values.iter().map(|v| v.as_deref().map_or(Cell::Missing("missing"), Cell::text)));
        } else {
            row.push(Cell::text(tallied(&d.values)));
        }
        table.push(row);
    }
    table
}

/// Values with how many coders gave each, the most frequent first.
fn tallied(values: &[Option<String>]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for value in values.iter().flatten() {
        *counts.entry(value).or_default() += 1;
    }
    let mut order: Vec<(&str, usize)> = counts.into_iter().collect();
    order.sort_by_key(|(value, n)| (std::cmp::Reverse(*n), *value));
    order.iter().map(|(value, n)| format!("{value} × {n}")).collect::<Vec<_>>().join(", ")
}

/// Returns how the lexicon fares against people.
#[must_use]
pub fn lexicon(v: &Validity) -> Table {
    let columns =
        ["of", "hits", "right", "precision", "p_lower", "p_upper", "passages", "found", "recall", "r_lower", "r_upper"];
    let title = format!(
        "The lexicon against {}, in {}, worst concepts first",
        v.people.join(", "),
        counted(v.n_sources, "source", "sources")
    );
    let mut table = Table::new("agreement-lexicon", title, &columns);
    let mut push = |of: &str, s: &LexiconScore| {
        let mut row = vec![Cell::text(of)];
        for p in [&s.precision, &s.recall] {
            row.extend([Cell::Count(p.n), Cell::Count(p.k), share(p)]);
            row.extend(ends(p.interval));
        }
        table.push(row);
    };
    push("all", &v.overall);
    for (role, s) in &v.roles {
        push(&format!("role: {}", role.name()), s);
    }
    let key = |s: &LexiconScore| s.precision.value().unwrap_or(1.0).min(s.recall.value().unwrap_or(1.0));
    let mut order: Vec<&(String, LexiconScore)> = v.concepts.iter().collect();
    order.sort_by(|(c, s), (d, t)| key(s).total_cmp(&key(t)).then_with(|| c.cmp(d)));
    for (concept, s) in order {
        push(concept, s);
    }
    let wilson = [&v.overall.precision, &v.overall.recall].iter().any(|p| p.interval.is_some() && !p.by_sources);
    if wilson {
        table.notes.push(
            "Intervals are Wilson's and take passages for independent: there are too few sources to draw from."
                .to_owned(),
        );
    }
    table
}

fn share(p: &Proportion) -> Cell {
    p.value().map_or(Cell::Missing("nothing to count"), |v| Cell::number(v, 3))
}

/// Returns what was compared, as a sentence.
#[must_use]
pub fn headline(a: &StudyAgreement) -> String {
    let names: Vec<&str> = a.coders.iter().map(|c| c.coder.as_str()).collect();
    let what = match a.options.unit {
        Unit::Character => counted(a.n_units as usize, "character", "characters"),
        Unit::Level(level) => counted(a.n_units as usize, level.name(), &format!("{}s", level.name())),
    };
    let mut out = format!(
        "Agreement of {} on {} in {}, {}.",
        listed(&names),
        counted(a.concepts.len(), "concept", "concepts"),
        counted(a.n_sources, "source", "sources"),
        what
    );
    if a.n_alone > 0 {
        out.push_str(&format!(
            " {} left out: only one of them coded there.",
            counted(a.n_alone, "source is", "sources are")
        ));
    }
    out
}
