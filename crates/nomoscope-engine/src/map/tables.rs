//! The tables of a report: each is printed on the page and written as CSV.

use crate::concepts::answer::Counts;
use crate::map::answer::Analysis;
use crate::map::words::{NOTHING_LEFT, incomplete, ranked};
use nomoscope_core::codebook::{Codebook, ConceptIx};
use nomoscope_core::norm::cluster::Membership;
use nomoscope_core::norm::completeness::Completeness;
use nomoscope_core::norm::cues::Force;
use nomoscope_core::norm::kind::{Effective, Model};
use nomoscope_core::table::{Cell, Table};
use nomoscope_core::usage::coupling::{Coupling, CouplingLevel};

fn optional(value: Option<f64>, digits: u8, reason: &'static str) -> Cell {
    value.map_or(Cell::Missing(reason), |v| Cell::number(v, digits))
}

/// Returns all tables, in the order of the page.
#[must_use]
pub fn all(a: &Analysis) -> Vec<Table> {
    vec![
        sources(a),
        first_appearances(a),
        citations(a),
        concepts(a),
        statements(a),
        completeness(a),
        force(a),
        couplings(a, CouplingLevel::Textual),
        couplings(a, CouplingLevel::Actor),
        effective(a),
        types(a),
        support(a),
        membership(a),
        resemblance(a),
    ]
}

/// Returns the sources with their size.
#[must_use]
pub fn sources(a: &Analysis) -> Table {
    let columns = ["path", "title", "kind", "date", "words", "units", "codings", "focal_units"];
    let mut table = Table::new("sources", "The sources", &columns);
    for (i, (source, coded)) in a.corpus.sources.iter().zip(&a.corpus.coded).enumerate() {
        table.push(vec![
            Cell::text(&source.path),
            Cell::text(&source.title),
            source.kind.as_deref().map_or(Cell::Missing("not given"), Cell::text),
            source.date.map_or(Cell::Missing("not given"), |d| Cell::text(d.to_string())),
            Cell::Count(coded.words.first().copied().unwrap_or(0).into()),
            Cell::Count(coded.windows(a.options.window).count() as u64),
            Cell::Count(coded.codings.len() as u64),
            Cell::Count(a.focal[i].len() as u64),
        ]);
    }
    table
}

fn first_appearances(a: &Analysis) -> Table {
    let mut table =
        Table::new("first", "First appearance of each concept", &["date", "concept", "roles", "source", "n_also"]);
    let mut rows: Vec<_> = a.first.iter().collect();
    rows.sort_by_key(|(c, f)| (f.date, f.source, **c));
    for (concept, first) in rows {
        table.push(vec![
            Cell::text(first.date.to_string()),
            Cell::text(a.label(*concept)),
            Cell::text(roles(&a.corpus.codebook, *concept)),
            Cell::text(&a.corpus.sources[first.source].title),
            Cell::Count(first.n_also as u64),
        ]);
    }
    table.notes.push(
        "The earliest dated source of this study that the codebook finds it in; not the history of the word. `n_also`: further sources that may be as early, as far as dates tell."
            .to_owned(),
    );
    table
}

fn roles(codebook: &Codebook, concept: ConceptIx) -> String {
    let names: Vec<&str> = codebook.get(concept).roles.iter().map(|r| r.name()).collect();
    names.join(", ")
}

fn citations(a: &Analysis) -> Table {
    let mut table = Table::new("citations", "Sources that name each other", &["from", "to", "places"]);
    for c in &a.citations {
        table.push(vec![
            Cell::text(&a.corpus.sources[c.from].title),
            Cell::text(&a.corpus.sources[c.to].title),
            Cell::Count(c.places.len() as u64),
        ]);
    }
    table
}

fn concepts(a: &Analysis) -> Table {
    let counts = Counts::new(&a.corpus, None);
    let columns = ["concept", "label", "roles", "codings", "units", "sources"];
    let mut table = Table::new("concepts", "How often each concept occurs", &columns);
    let mut rows: Vec<ConceptIx> = a.corpus.codebook.indices().collect();
    let of = |c: &ConceptIx| counts.total.get(c).copied().unwrap_or_default();
    rows.sort_by_key(|c| (std::cmp::Reverse(of(c)[0]), *c));
    for c in rows {
        let [codings, units, sources] = of(&c);
        table.push(vec![
            Cell::text(a.id(c)),
            Cell::text(a.label(c)),
            Cell::text(roles(&a.corpus.codebook, c)),
            Cell::Count(codings),
            Cell::Count(units),
            Cell::Count(sources),
        ]);
    }
    table
}

fn statements(a: &Analysis) -> Table {
    let columns = [
        "rank",
        "problem",
        "value",
        "behaviour",
        "own_weight",
        "own_sources",
        "own_makers",
        "weight",
        "source_weight",
        "supplied",
        "units",
        "sources",
    ];
    let mut table = Table::new(
        "statements",
        "The statements of the cluster: first those that may lead, then the other complete ones, each by own weight",
        &columns,
    );
    let part = |c: Option<ConceptIx>| c.map_or(Cell::Missing("none"), |c| Cell::text(a.label(c)));
    for (i, (s, n)) in ranked(a).into_iter().enumerate() {
        table.push(vec![
            Cell::Rank(i as u64 + 1),
            part(s.problem),
            part(s.value),
            part(s.behaviour),
            Cell::number(n.own_weight(), 2),
            Cell::Count(n.own_sources.len() as u64),
            Cell::Count(n.own_makers.len() as u64),
            Cell::number(n.weight, 2),
            Cell::number(n.source_weight, 3),
            Cell::number(n.supplied / n.weight, 2),
            Cell::Count(n.windows.len() as u64),
            Cell::Count(n.sources.len() as u64),
        ]);
    }
    table.notes.push(
        "Each unit spreads a weight of 1 over its combinations. `own_weight`, `own_sources`: in sentences that name by themselves all that the statement has; `own_makers`: whose sources these are, \
         one by one where no actor was named; a complete one that three so make may lead. \
         `supplied`: share of the weight in which the sentence lacks a part that its window has."
            .to_owned(),
    );
    table.notes.extend(incomplete(a));
    table
}

fn completeness(a: &Analysis) -> Table {
    let mut table = Table::new("completeness", "How complete the statements are", &["measure", "all", "focus"]);
    let share = |part: fn(&Completeness) -> u64, whole: fn(&Completeness) -> u64| {
        a.completeness.each_ref().map(|c| Cell::share(part(c), whole(c), 3, "no sentence"))
    };
    let mut row = |name: &str, [all, focus]: [Cell; 2]| table.push(vec![Cell::text(name), all, focus]);
    row("sentences with any part", a.completeness.each_ref().map(|c| Cell::Count(c.sentences)));
    row("complete in the sentence", share(|c| c.complete_alone, |c| c.sentences));
    row("complete with parts from the window", share(|c| c.complete, |c| c.sentences));
    row("no problem", share(|c| c.without_problem, |c| c.sentences));
    row("no value", share(|c| c.without_value, |c| c.sentences));
    row("no behaviour", share(|c| c.without_behaviour, |c| c.sentences));
    row("sentences that ask for a behaviour", a.completeness.each_ref().map(|c| Cell::Count(c.with_behaviour)));
    row("behaviour without a value", share(|c| c.behaviour_without_value, |c| c.with_behaviour));
    row("behaviour with another norm's value", share(|c| c.behaviour_with_value_of_another_norm, |c| c.with_behaviour));
    table
}

fn force(a: &Analysis) -> Table {
    let columns = ["family", "duty", "hedged", "permission", "unmarked", "hedged_share"];
    let mut table = Table::new("force", "How binding the behaviours are, by family", &columns);
    for (family, by_force) in &a.force {
        let n = |f: Force| by_force.get(&f).copied().unwrap_or(0);
        let marked = n(Force::Duty) + n(Force::Hedged) + n(Force::Permission);
        let share = (marked > 0).then(|| (n(Force::Hedged) + n(Force::Permission)) as f64 / marked as f64);
        let mut row = vec![Cell::text(family)];
        row.extend(Force::ALL.iter().map(|&f| Cell::Count(n(f))));
        row.push(optional(share, 2, "nothing tells"));
        table.push(row);
    }
    table.notes.push(
        "`hedged_share`: hedged or permitted among those whose force the sentence or its chapeau tells.".to_owned(),
    );
    table
}

/// Returns the couplings of one level, the most certain first.
#[must_use]
pub fn couplings(a: &Analysis, level: CouplingLevel) -> Table {
    couplings_of(&a.corpus.codebook, of_level(a, level), level)
}

/// Returns the same of couplings by themselves.
pub(crate) fn couplings_of(codebook: &Codebook, list: &[Coupling], level: CouplingLevel) -> Table {
    let columns = [
        "a",
        "b",
        "n11",
        "expected",
        "sources",
        "odds_ratio",
        "ci_low",
        "ci_high",
        "unadjusted",
        "p",
        "q",
        "npmi",
        "backbone",
        "reason",
    ];
    let (id, title) = match level {
        CouplingLevel::Textual => ("couplings-textual", "Coupling within texts"),
        CouplingLevel::Actor => ("couplings-actor", "Coupling between sources"),
    };
    let mut table = Table::new(id, title, &columns);
    for c in in_order(list) {
        let reason = c.reason.unwrap_or("not computed");
        table.push(vec![
            Cell::text(codebook.get(c.a).label_in("en")),
            Cell::text(codebook.get(c.b).label_in("en")),
            Cell::Count(c.n11),
            Cell::number(c.expected, 1),
            Cell::Count(c.informative_sources as u64),
            optional(c.odds_ratio, 2, reason),
            optional(c.interval.and_then(|i| i.lower), 2, reason),
            optional(c.interval.and_then(|i| i.upper), 2, reason),
            optional(c.unadjusted, 2, "a cell is empty"),
            optional(c.p, 4, reason),
            optional(c.q, 4, reason),
            optional(c.npmi, 2, "not defined"),
            Cell::text(if c.backbone { "yes" } else { "no" }),
            c.reason.map_or(Cell::text(""), Cell::text),
        ]);
    }
    table
}

/// Returns the couplings of a level: backbone first, then by q, then by joint units.
#[must_use]
pub fn sorted(a: &Analysis, level: CouplingLevel) -> Vec<&Coupling> {
    in_order(of_level(a, level))
}

fn of_level(a: &Analysis, level: CouplingLevel) -> &[Coupling] {
    if level == CouplingLevel::Textual { &a.textual } else { &a.actor }
}

fn in_order(list: &[Coupling]) -> Vec<&Coupling> {
    let mut list: Vec<&Coupling> = list.iter().collect();
    let key = |c: &Coupling| (!c.backbone, c.q.unwrap_or(2.0), -(c.lower_ln().unwrap_or(0.0)));
    list.sort_by(|x, y| {
        let (x3, y3) = (key(x), key(y));
        x3.0.cmp(&y3.0)
            .then(y.q.is_some().cmp(&x.q.is_some()))
            .then(x3.2.total_cmp(&y3.2))
            .then(x3.1.total_cmp(&y3.1))
            .then(y.n11.cmp(&x.n11))
            .then((x.a, x.b).cmp(&(y.a, y.b)))
    });
    list
}

fn effective(a: &Analysis) -> Table {
    let columns =
        ["part", "leading", "left", "observed", "kinds_seen", "adjusted", "coverage", "occurrences", "rarefied"];
    let mut table = Table::new("effective", "Effective numbers of the complete focal statements", &columns);
    match &a.kind {
        Ok(k) => {
            let rarefied = k.rarefied;
            let mut row = |name: &str, e: &Effective, r: Option<f64>| {
                table.push(vec![
                    Cell::text(name),
                    optional(e.leading, 2, NOTHING_LEFT),
                    Cell::Whole(e.left as u64),
                    Cell::number(e.observed, 2),
                    Cell::Whole(e.richness as u64),
                    optional(e.adjusted, 2, "coverage below 0.7"),
                    optional(e.coverage, 3, "not estimable"),
                    Cell::Count(e.n),
                    optional(r, 2, "not computed"),
                ]);
            };
            for (i, name) in ["problem", "value", "behaviour"].iter().enumerate() {
                row(name, &k.effective[i], rarefied.map(|r| r[i]));
            }
            row("statement", &k.effective_statements, None);
            table.notes.push(
                "`leading`: effective number of order 2 of what is `left` once parts with under 5 % of the weight or in fewer than 3 sources are taken out; the type rests on it. \
                 `observed`: order 1, of everything. `adjusted`: order 1 with an estimate of what was not seen, at most what the codebook has; none where the coverage is below 0.7."
                    .to_owned(),
            );
        }
        Err(reason) => table.notes.push(reason.clone()),
    }
    table
}

fn types(a: &Analysis) -> Table {
    let mut table = Table::new("types", "The type under other choices", &["choice", "type"]);
    let name = |m: Model| Cell::text(m.name());
    if let Ok(k) = &a.kind {
        for (t, model) in &k.by_threshold {
            table.push(vec![Cell::text(format!("several from {t} effective on")), name(*model)]);
        }
        if let Some(model) = k.merged_values {
            table.push(vec![Cell::text("values merged one level up"), name(model)]);
        }
    }
    for (reading, kind) in &a.readings {
        let label = format!("norm labels read as: {}", reading.name());
        table.push(vec![
            Cell::text(label),
            kind.as_ref().map_or(Cell::Missing("no complete statement"), |k| name(k.model)),
        ]);
    }
    table
}

fn support(a: &Analysis) -> Table {
    let names: Vec<String> =
        a.support.references.iter().map(|r| format!("if_{}", r.truth.name().replace('-', "_"))).collect();
    let columns: Vec<&str> = ["type", "support"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let mut table = Table::new("support", "Bootstrap support of each type", &columns);
    match &a.support.shares {
        Some(shares) => {
            for (model, share) in shares {
                let mut row = vec![Cell::text(model.name()), Cell::number(*share, 3)];
                row.extend(a.support.references.iter().map(|r| Cell::number(r.called(*model), 2)));
                table.push(row);
            }
            if let Some(first) = a.support.references.first() {
                table.notes.push(format!(
                    "`if_…`: how often {} made-up clusters of that type, with as many sources and sentences and with wrong codings at the published rate, are called each type.",
                    first.n
                ));
            }
        }
        None => table.notes.extend(a.support.reason.clone()),
    }
    table
}

fn membership(a: &Analysis) -> Table {
    membership_of(&a.corpus.codebook, &a.membership)
}

pub(crate) fn membership_of(codebook: &Codebook, membership: &Membership) -> Table {
    let columns = ["concept", "roles", "membership", "standing", "community", "participation"];
    let mut table = Table::new("membership", "Membership in the cluster of the focus", &columns);
    for m in &membership.members {
        let counted = membership.runs > 0;
        table.push(vec![
            Cell::text(codebook.get(m.concept).label_in("en")),
            Cell::text(roles(codebook, m.concept)),
            if counted { Cell::number(m.membership, 2) } else { Cell::Missing("no draws") },
            if counted { Cell::text(m.standing()) } else { Cell::Missing("no draws") },
            Cell::Whole(m.community as u64),
            optional(m.participation, 2, "no edge"),
        ]);
    }
    table.notes.extend(membership.reason.clone());
    table
}

fn resemblance(a: &Analysis) -> Table {
    let r = &a.resemblance;
    let mut table = Table::new("resemblance", "Family resemblance of the sources", &["measure", "value"]);
    table.push(vec![Cell::text("sources that hold a focal statement"), Cell::Count(r.adopters as u64)]);
    table.push(vec![Cell::text("different statements of two or three parts"), Cell::Count(r.statements as u64)]);
    table
        .push(vec![Cell::text("mean Jaccard index of two portfolios"), optional(r.mean_jaccard, 3, "too few sources")]);
    table.push(vec![
        Cell::text("share of pairs with the same portfolio"),
        optional(r.identical_pairs, 3, "too few sources"),
    ]);
    table.push(vec![Cell::text("statements that 80 % of sources hold"), Cell::Count(r.core as u64)]);
    table.push(vec![Cell::text("statements that one source alone holds"), Cell::Count(r.idiosyncratic as u64)]);
    table
}
