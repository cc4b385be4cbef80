//! The tables of a comparison between groups.

use crate::compare::answer::{Comparison, CrossTable, NormAvoidance, Opposition, Portfolios};
use nomoscope_core::codebook::{Codebook, ConceptIx};
use nomoscope_core::norm::statement::Statement;
use nomoscope_core::table::{Cell, Table};
use nomoscope_core::usage::contrast::{Contrast, Holding};
use nomoscope_core::usage::coupling::Coupling;
use nomoscope_stats::Interval;
use nomoscope_stats::cross_table::HowExact;

/// How many labels used instead a cell names.
const INSTEAD: usize = 4;

pub(crate) fn optional(value: Option<f64>, digits: u8, reason: &'static str) -> Cell {
    value.map_or(Cell::Missing(reason), |v| Cell::number(v, digits))
}

fn ends(interval: Option<Interval>, digits: u8, reason: &'static str) -> [Cell; 2] {
    [interval.and_then(|i| i.lower), interval.and_then(|i| i.upper)].map(|end| optional(end, digits, reason))
}

/// Returns all tables, in the order of the page; `suffix` tells those of several groupings apart.
#[must_use]
pub fn all(c: &Comparison, suffix: &str) -> Vec<Table> {
    let codebook = c.codebook();
    let mut out = vec![
        groups(c, suffix),
        differences(c, codebook, suffix),
        statements(c, codebook, suffix),
        types(c, suffix),
        avoidance(c, codebook, suffix),
        portfolios(c, suffix),
        furthest(c, codebook, suffix),
    ];
    out.extend(c.cross.iter().map(|t| cross(t, suffix)));
    out
}

/// Returns the groups with what they hold.
#[must_use]
pub fn groups(c: &Comparison, suffix: &str) -> Table {
    let columns = [
        "group",
        "sources",
        "small",
        "units",
        "median_words",
        "on_focus",
        "type",
        "support",
        "problems",
        "values",
        "behaviours",
        "backbone",
    ];
    let title = format!("Groups by {}", c.choice.by);
    let mut table = Table::new(format!("compare-groups{suffix}"), title, &columns);
    for g in &c.groups {
        let none = "no complete statement";
        let kind = g.kind.as_ref().ok();
        let support = kind.and_then(|k| g.support.shares.as_ref()?.get(&k.model).copied());
        let mut row = vec![
            Cell::text(&g.name),
            Cell::Count(g.sources.len() as u64),
            Cell::text(if g.is_small() { "yes" } else { "" }),
            Cell::Count(g.units as u64),
            optional(g.median_words, 0, "no units"),
            Cell::Count(g.speakers as u64),
            kind.map_or(Cell::Missing(none), |k| Cell::text(k.model.name())),
            optional(support, 2, "no support: too few sources, no draws, or an illustration"),
        ];
        row.extend((0..3).map(|part| optional(g.effective(part).map(|e| e.0), 1, none)));
        row.push(Cell::Whole(g.couplings.iter().filter(|c| c.backbone).count() as u64));
        table.push(row);
    }
    table.notes.push(
        "`on_focus`: sources that speak of the focus. `type`, and effective problems, values and behaviours, from its complete statements. \
         `backbone`: pairs coupled within the group."
            .to_owned(),
    );
    table
}

/// A pair of one opposition.
pub type Row<'c> = (usize, &'c Opposition, &'c Contrast);

/// Returns the pairs that were tested or that a group couples, the most certain differences first.
#[must_use]
pub fn sorted(c: &Comparison) -> Vec<Row<'_>> {
    let told = |x: &&Contrast| x.tested || x.sides.iter().any(|s| s.backbone);
    let mut rows: Vec<Row<'_>> = c
        .oppositions
        .iter()
        .enumerate()
        .flat_map(|(o, sides)| sides.pairs.iter().filter(told).map(move |x| (o, sides, x)))
        .collect();
    let size = |x: &Contrast| x.ratio.map_or(0.0, |r| libm_ln(r).abs());
    rows.sort_by(|(o, _, x), (p, _, y)| {
        let (qx, qy) = (x.q.unwrap_or(2.0), y.q.unwrap_or(2.0));
        qx.total_cmp(&qy)
            .then(x.p.unwrap_or(2.0).total_cmp(&y.p.unwrap_or(2.0)))
            .then(size(y).total_cmp(&size(x)))
            .then((o, x.pair()).cmp(&(p, y.pair())))
    });
    rows
}

fn libm_ln(x: f64) -> f64 {
    if x > 0.0 { x.ln() } else { 0.0 }
}

pub(crate) fn label(codebook: &Codebook, ix: ConceptIx) -> &str {
    codebook.get(ix).label_in("en")
}

/// The columns of a contrast.
const CONTRAST: [&str; 14] = [
    "a",
    "b",
    "group",
    "against",
    "odds_ratio",
    "odds_ratio_against",
    "ratio",
    "ci_low",
    "ci_high",
    "p",
    "q",
    "verdict",
    "n11",
    "n11_against",
];

/// Returns the empty table of contrasts, with further columns.
pub(crate) fn contrasts(id: String, more: &[&str]) -> Table {
    let columns = [&CONTRAST, more].concat();
    Table::new(id, "Who couples what: odds ratios of one group over those of the other", &columns)
}

/// Returns the cells of a contrast between two sides, by name.
pub(crate) fn contrast_row(codebook: &Codebook, [group, against]: [&str; 2], x: &Contrast) -> Vec<Cell> {
    let reason = x.reason.unwrap_or("not computed");
    let odds = |s: &Coupling| optional(s.odds_ratio, 2, s.reason.unwrap_or("not computed"));
    let [low, high] = ends(x.interval, 2, reason);
    let [first, second] = &x.sides;
    vec![
        Cell::text(label(codebook, first.a)),
        Cell::text(label(codebook, first.b)),
        Cell::text(group),
        Cell::text(against),
        odds(first),
        odds(second),
        optional(x.ratio, 2, reason),
        low,
        high,
        optional(x.p, 4, reason),
        optional(x.q, 4, reason),
        Cell::text(verdict_between(group, against, x)),
        Cell::Count(first.n11),
        Cell::Count(second.n11),
    ]
}

fn differences(c: &Comparison, codebook: &Codebook, suffix: &str) -> Table {
    let mut table = contrasts(format!("compare-couplings{suffix}"), &["reason"]);
    for (_, sides, x) in sorted(c) {
        let mut row = contrast_row(codebook, [c.side(sides, 0), c.side(sides, 1)], x);
        row.push(x.reason.map_or(Cell::text(""), Cell::text));
        table.push(row);
    }
    table.notes.push(
        "`q` over all tested pairs of all groups. A group couples a pair if it enters the group's backbone; that one couples it and the other \
         does not is said only where the difference itself is certain (q ≤ 0.05), else it is undecided."
            .to_owned(),
    );
    table
}

/// Returns what is said of a pair, with the names of the groups.
#[must_use]
pub fn verdict(c: &Comparison, sides: &Opposition, x: &Contrast) -> String {
    verdict_between(c.side(sides, 0), c.side(sides, 1), x)
}

pub(crate) fn verdict_between(first: &str, second: &str, x: &Contrast) -> String {
    use nomoscope_core::usage::contrast::Verdict;
    match x.verdict() {
        Verdict::FirstOnly => format!("only {first}"),
        Verdict::SecondOnly => format!("only {second}"),
        Verdict::FirstMore => format!("both, {first} more"),
        Verdict::SecondMore => format!("both, {second} more"),
        Verdict::Differ => "differ, neither couples".to_owned(),
        Verdict::Both => "both".to_owned(),
        Verdict::Undecided => "undecided".to_owned(),
        Verdict::Neither => "neither".to_owned(),
    }
}

/// Returns the statements of all oppositions, the most certain differences first, then by holders.
#[must_use]
pub fn sorted_statements(c: &Comparison) -> Vec<(usize, &Opposition, &Holding)> {
    let mut rows: Vec<_> = c
        .oppositions
        .iter()
        .enumerate()
        .flat_map(|(o, sides)| sides.statements.iter().map(move |h| (o, sides, h)))
        .collect();
    let holders = |h: &Holding| h.holders[0].len() + h.holders[1].len();
    rows.sort_by(|(o, _, x), (p, _, y)| {
        let key = |h: &Holding| h.q.unwrap_or(2.0);
        key(x)
            .total_cmp(&key(y))
            .then(x.p.unwrap_or(2.0).total_cmp(&y.p.unwrap_or(2.0)))
            .then(holders(y).cmp(&holders(x)))
            .then((o, x.statement).cmp(&(p, y.statement)))
    });
    rows
}

/// Returns a statement in few words.
#[must_use]
pub fn in_words(codebook: &Codebook, s: &Statement) -> String {
    let part = |c: Option<ConceptIx>| c.map_or("–", |c| label(codebook, c));
    format!("{} / {} / {}", part(s.problem), part(s.value), part(s.behaviour))
}

fn statements(c: &Comparison, codebook: &Codebook, suffix: &str) -> Table {
    let columns = [
        "problem",
        "value",
        "behaviour",
        "group",
        "against",
        "holders",
        "of",
        "holders_against",
        "of_against",
        "share",
        "share_against",
        "difference",
        "ci_low",
        "ci_high",
        "p",
        "q",
    ];
    let title = "Who holds which statement, in stretches of equal length on the focus";
    let mut table = Table::new(format!("compare-statements{suffix}"), title, &columns);
    for (_, sides, h) in sorted_statements(c) {
        let reason = h.reason.unwrap_or("not computed");
        let part = |x: Option<ConceptIx>| x.map_or(Cell::Missing("none"), |x| Cell::text(label(codebook, x)));
        let mut row = h.statement.parts().map(part).to_vec();
        row.extend([Cell::text(c.side(sides, 0)), Cell::text(c.side(sides, 1))]);
        for side in 0..2 {
            row.extend([Cell::Count(h.holders[side].len() as u64), Cell::Count(h.speakers[side] as u64)]);
        }
        row.extend(h.shares.map(|s| optional(s, 2, "nobody says enough of the focus")));
        row.push(optional(h.difference, 2, reason));
        row.extend(ends(h.interval, 2, reason));
        row.extend([optional(h.p, 4, reason), optional(h.q, 4, reason)]);
        table.push(row);
    }
    table.notes.push(
        "`share`: mean share of stretches of equal length (in focal sentences) that contain the statement, parts of one sentence only; `difference`: the first less \
         the second, p by studentised permutation of actors. `holders`: who makes it anywhere."
            .to_owned(),
    );
    table
}

fn types(c: &Comparison, suffix: &str) -> Table {
    let columns = ["group", "against", "types_differ", "problems", "values", "behaviours"];
    let title = "How far types and effective numbers of two groups differ";
    let mut table = Table::new(format!("compare-types{suffix}"), title, &columns);
    for t in &c.types {
        let [a, b] = t.groups.map(|g| c.groups[g].name.as_str());
        let mut row = vec![Cell::text(a), Cell::text(b), optional(t.differ, 2, "no support in one of the groups")];
        row.extend((0..3).map(|part| match t.effective[part].map(|d| d.ratio()) {
            Some((ratio, i)) => {
                let end = |e: Option<f64>| e.map_or_else(|| "–".to_owned(), |e| format!("{e:.2}"));
                Cell::text(format!("{ratio:.2} [{}; {}]", end(i.lower), end(i.upper)))
            }
            None => Cell::Missing("too few sources with complete statements"),
        }));
        table.push(row);
    }
    table.notes.push(if c.types.is_empty() {
        "No two groups have enough complete statements for a comparison of types.".to_owned()
    } else {
        "`types_differ`: share of pairs of bootstrap draws, one from each group, that give different types; near 1 they surely differ. \
         problems, values, behaviours: effective numbers (order 2) of the first over those of the second, with 95 % intervals (one source left out at a time)."
            .to_owned()
    });
    table
}

fn avoidance(c: &Comparison, codebook: &Codebook, suffix: &str) -> Table {
    let columns = ["norm", "group", "windows", "without_label", "share", "ci_low", "ci_high", "p", "q", "used_instead"];
    let title = "Elements of a norm without its name, and the name used instead";
    let mut table = Table::new(format!("compare-avoidance{suffix}"), title, &columns);
    for norm in &c.avoidance {
        for g in norm.groups.iter().filter(|g| g.windows > 0) {
            let share = g.share.as_ref();
            let [low, high] = ends(share.and_then(|s| s.interval), 2, "always, never, or a single source");
            let test = of_group(c, norm, g.group);
            let reason = test.and_then(|t| t.reason).unwrap_or("not computed");
            table.push(vec![
                Cell::text(label(codebook, norm.label)),
                Cell::text(&c.groups[g.group].name),
                Cell::Count(g.windows as u64),
                Cell::Count(g.avoided.len() as u64),
                optional(share.map(|s| s.share), 2, "no window has all elements"),
                low,
                high,
                optional(test.and_then(|t| t.difference.map(|d| d.p)), 4, reason),
                optional(test.and_then(|t| t.q), 4, reason),
                Cell::text(instead(codebook, &g.instead, g.unnamed)),
            ]);
        }
    }
    table.notes.push(if c.avoidance.is_empty() {
        "No norm label of the codebook has elements, so avoidance cannot be told.".to_owned()
    } else {
        "Of the windows with all elements of a norm, those without its label; intervals and tests between sources. `p` against the other group, or \
         all others."
            .to_owned()
    });
    table
}

/// Returns the test of a group against the other side; the second of two groups shares that of the first.
fn of_group<'n>(
    c: &Comparison,
    norm: &'n NormAvoidance,
    group: usize,
) -> Option<&'n crate::compare::answer::AvoidanceContrast> {
    norm.contrasts
        .iter()
        .find(|t| c.oppositions.get(t.opposition).is_some_and(|o| o.group == group || o.against == Some(group)))
}

fn instead(codebook: &Codebook, labels: &[(ConceptIx, usize)], unnamed: usize) -> String {
    let mut words: Vec<String> =
        labels.iter().take(INSTEAD).map(|&(l, n)| format!("{} {n}", label(codebook, l))).collect();
    if labels.len() > INSTEAD {
        words.push(format!("{} more", labels.len() - INSTEAD));
    }
    if unnamed > 0 {
        words.push(format!("no label {unnamed}"));
    }
    words.join(", ")
}

/// Returns what actors are grouped by, in words.
#[must_use]
pub fn grouped_by(p: &Portfolios) -> String {
    match &p.among {
        Some((attribute, value)) => format!("{}, among {attribute} {value}", p.attribute),
        None => p.attribute.clone(),
    }
}

fn portfolios(c: &Comparison, suffix: &str) -> Table {
    let columns =
        ["actors_by", "actors", "groups", "silent", "short", "within", "between", "pseudo_f", "r_squared", "p"];
    let title = "Same definition, same meaning? Distances between the portfolios of actors";
    let mut table = Table::new(format!("compare-portfolios{suffix}"), title, &columns);
    for p in &c.portfolios {
        let x = &p.contrast;
        let (test, reason) = match &x.test {
            Ok(test) => (Some(test), ""),
            Err(reason) => (None, *reason),
        };
        table.push(vec![
            Cell::text(grouped_by(p)),
            Cell::Count(x.compared.len() as u64),
            Cell::Count(x.groups.len() as u64),
            Cell::Count(x.silent as u64),
            Cell::Count(x.short as u64),
            optional(x.within, 3, "no two actors of one group"),
            optional(x.between, 3, "no two actors of different groups"),
            optional(test.map(|t| t.f), 2, reason),
            optional(test.map(|t| t.r_squared), 3, reason),
            optional(test.map(|t| t.p), 4, reason),
        ]);
    }
    table.notes.push(
        "Jaccard distance of the focal statements held: 0 the same, 1 none in common. `p` by permuting actors over groups (PERMANOVA): it answers to \
         differences in spread as well. `silent`: actors that hold no focal statement; `short`: actors that say too little of the focus for a stretch of the length compared."
            .to_owned(),
    );
    table
}

fn furthest(c: &Comparison, codebook: &Codebook, suffix: &str) -> Table {
    let columns = ["actors_by", "value", "actor", "other", "distance", "shared", "only_actor", "only_other"];
    let title = "Actors of one definition or group that lie furthest apart";
    let mut table = Table::new(format!("compare-furthest{suffix}"), title, &columns);
    for p in c.portfolios.iter().filter(|p| p.among.is_none()) {
        let x = &p.contrast;
        for pair in &x.furthest {
            let value = x.groups.iter().find(|g| g.1.contains(&pair.a)).map_or("", |g| g.0.as_str());
            let [a, b] = [pair.a, pair.b].map(|i| x.compared[i]);
            let example = |own: usize, other: usize| {
                c.only(own, other).next().map_or(Cell::text(""), |s| Cell::text(in_words(codebook, s)))
            };
            table.push(vec![
                Cell::text(&p.attribute),
                Cell::text(value),
                Cell::text(c.title(a)),
                Cell::text(c.title(b)),
                Cell::number(pair.distance, 3),
                Cell::Count(pair.shared as u64),
                example(a, b),
                example(b, a),
            ]);
        }
    }
    table.notes.push("`only_actor`, `only_other`: a statement, as problem / value / behaviour, that one holds and the other does not.".to_owned());
    table
}

/// Returns a cross-table with its test.
#[must_use]
pub fn cross(t: &CrossTable, suffix: &str) -> Table {
    let [a, b] = &t.attributes;
    let mut columns: Vec<&str> = vec![a];
    columns.extend(t.columns.iter().map(String::as_str));
    let clean =
        |s: &str| s.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>().to_lowercase();
    let id = format!("compare-cross-{}-{}{suffix}", clean(a), clean(b));
    let mut table = Table::new(id, format!("Actors by {a} and {b}"), &columns);
    for (row, cells) in t.rows.iter().zip(&t.cells) {
        let mut line = vec![Cell::text(row)];
        line.extend(cells.iter().map(|c| Cell::Count(c.len() as u64)));
        table.push(line);
    }
    table.notes.push(match &t.test {
        Ok(test) => {
            let how = match test.method {
                HowExact::Exact => "exact test (Fisher, Freeman & Halton)".to_owned(),
                HowExact::MonteCarlo => format!("exact test by {} random tables with these margins", test.n_draws),
            };
            format!("{how}: p {}; Cramér's V {:.2}; {} actors.", crate::words::p_value(test.p), test.cramers_v, test.n)
        }
        Err(reason) => format!("No test: {reason}."),
    });
    if t.without > 0 {
        table.notes.push(format!(
            "{} without one of the two, or with several values of it.",
            crate::words::counted(t.without, "actor", "actors")
        ));
    }
    table
}
