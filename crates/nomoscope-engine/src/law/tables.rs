//! Results of law as tables: for the terminal, the page and CSV.

use super::answer::{Drift, Left, Listed, Pairs};
use super::words;
use nomoscope_core::law::Law;
use nomoscope_core::law::burden::{Burden, Factor};
use nomoscope_core::law::compare::Relation;
use nomoscope_core::law::definition::{Atom, Norm, Term};
use nomoscope_core::law::logic::OpenReading;
use nomoscope_core::law::template::{Overlap, templates};
use nomoscope_core::table::{Cell, Table};
use std::collections::BTreeSet;

/// Returns the norms, a row each.
#[must_use]
pub fn norms(listed: &Listed) -> Table {
    let columns = ["norm", "short", "family", "in_force", "limbs", "verified"];
    let mut table = Table::new("norms", words::listed(listed), &columns);
    for n in listed.norms() {
        let force = n
            .valid_from
            .or(n.in_force)
            .map_or(Cell::Missing("not in force or not known"), |d| Cell::text(d.to_string()));
        table.push(vec![
            Cell::text(&n.id),
            Cell::text(&n.short),
            Cell::text(if n.against_person { format!("{} (aimed at the person)", n.family) } else { n.family.clone() }),
            force,
            Cell::Whole(n.limbs.len() as u64),
            Cell::text(n.verified.name()),
        ]);
    }
    table.notes.push(words::DISCLAIMER.to_owned());
    table
}

/// The lists of which additions and losses are counted.
const DRIFT: &[&str] = &["act", "means", "purpose"];

/// Returns how each definition stands to the one, and what it added and dropped.
#[must_use]
pub fn drift(drift: &Drift) -> Table {
    let Drift { library, from, others, readings, relations } = drift;
    let law = &library.law;
    let mut columns = vec!["norm".to_owned()];
    columns.extend(readings.iter().map(|r| r.name().to_owned()));
    columns.extend(DRIFT.iter().flat_map(|role| [format!("{role}_added"), format!("{role}_dropped")]));
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut table = Table::new("drift", words::drift(drift), &names);
    for (i, &n) in others.iter().enumerate() {
        let mut row = vec![Cell::text(&law.norms[n].short)];
        row.extend(relations.iter().map(|column| Cell::text(column[i].name())));
        for role in DRIFT {
            let [dropped, added] = words::apart(law, *from, n, role);
            row.extend([Cell::Whole(added.len() as u64), Cell::Whole(dropped.len() as u64)]);
        }
        table.push(row);
    }
    table.notes.push(format!("implies: whatever it holds, {} holds; is-implied: the reverse. Added and dropped count entries of the lists of acts, means and purposes.", law.norms[*from].short));
    table.notes.push(words::DISCLAIMER.to_owned());
    table
}

/// Returns the pairs of which one holds whatever the other holds.
#[must_use]
pub fn pairs(pairs: &Pairs) -> Table {
    let norms = &pairs.library.law.norms;
    let mut table = Table::new("pairs", words::pairs(pairs), &["norm", "relation", "norm_2"]);
    for (a, b, relation) in pairs.pairs.iter().filter(|(_, _, r)| *r != Relation::Incomparable) {
        let (a, b, relation) = match relation {
            Relation::IsImplied => (b, a, Relation::Implies),
            other => (a, b, *other),
        };
        table.push(vec![Cell::text(&norms[*a].id), Cell::text(relation.name()), Cell::text(&norms[*b].id)]);
    }
    table
}

/// Returns a definition for adults and for children, each element with its provision; no row where it does not tell them apart.
#[must_use]
pub fn definition(law: &Law, norm: &Norm, id: &str) -> Table {
    let columns = ["element", "adults", "children", "provision"];
    let mut table = Table::new(id, format!("{}: what has to be proved", norm.short), &columns);
    let is_age = |t: &Term| matches!(t.atom, Atom::Element(e) if norm.elements.get(e).is_some_and(|e| e.role == "age"));
    let child_limb = norm.limbs.iter().find(|l| l.requires.iter().any(is_age));
    let adult_limb = norm.limbs.iter().find(|l| !l.requires.iter().any(is_age));
    let (Some(adult), Some(child)) = (adult_limb, child_limb) else { return table };
    let mut seen = BTreeSet::new();
    for term in adult.requires.iter().chain(&child.requires) {
        let Atom::Element(e) = term.atom else { continue };
        if !seen.insert(e) {
            continue;
        }
        let element = &norm.elements[e];
        let listed: Vec<String> = element.all.iter().chain(&element.any).map(|t| words::term(law, norm, *t)).collect();
        let open = if element.open.is_some() { "; the list is open" } else { "" };
        let words = format!("{}{open}", listed.join(", "));
        let of_limb = |limb: &[Term]| {
            if limb.contains(term) { Cell::text(words.clone()) } else { Cell::text("not required") }
        };
        table.push(vec![
            Cell::text(&element.role),
            of_limb(&adult.requires),
            of_limb(&child.requires),
            Cell::text(&element.cite),
        ]);
    }
    table.notes.push(format!("Limbs: {} for anybody, {} for a child.", adult.cite, child.cite));
    table.notes.extend(norm.remarks.iter().map(|r| format!("{} ({})", r.text, r.cite)));
    table.notes.extend(norm.scopes.iter().map(|s| format!("{} ({})", s.text, s.cite)));
    table
}

/// Returns what has to be proved, a row a limb.
#[must_use]
pub fn burden(law: &Law, burdens: &[Burden]) -> Table {
    let columns = ["norm", "limb", "conjuncts", "exceptions", "ways", "least_facts", "factored"];
    let mut table = Table::new("burden", "What has to be proved, limb by limb", &columns);
    for b in burdens {
        let norm = &law.norms[b.norm];
        for l in &b.limbs {
            let factors: Vec<String> = l.factors.iter().map(factor).collect();
            table.push(vec![
                Cell::text(&norm.short),
                Cell::text(words::limb(norm, l.limb)),
                Cell::Whole(l.conjuncts.into()),
                Cell::Whole(l.exceptions.into()),
                Cell::Whole(l.templates),
                b.smallest.as_ref().map_or(Cell::Missing("nothing establishes it"), |w| {
                    Cell::Whole((w.facts.len() + usize::from(w.age.is_some())) as u64)
                }),
                Cell::text(factors.join(" and ")),
            ]);
        }
    }
    table.notes.push("Conjuncts: elements to be proved together; exceptions: facts to be shown absent; ways: combinations of list entries; least facts: of the whole norm by the limb that needs fewest, an age counted as one of them.".to_owned());
    table
}

fn factor(f: &Factor) -> String {
    let label = if f.label.is_empty() { "a fact" } else { &f.label };
    let open = if f.open { ", open" } else { "" };
    match (f.absent, f.all, f.any) {
        (true, ..) => format!("no {label}"),
        (false, _, 0 | 1) => label.to_owned(),
        (false, 1, any) => format!("{label} (1 of {any}{open})"),
        (false, all, any) => format!("{label} ({} and 1 of {any}{open})", all - 1),
    }
}

/// Returns how many templates each norm has.
#[must_use]
pub fn template_counts(law: &Law, norms: &[usize], reading: OpenReading) -> Table {
    let columns = ["norm", "for_anybody", "for_children_only", "open"];
    let mut table = Table::new("templates", "In how many ways each definition can be met", &columns);
    for &n in norms {
        let t = templates(&law.norms[n], reading);
        let [anybody, children] = t.counts();
        table.push(vec![
            Cell::text(&law.norms[n].short),
            Cell::Whole(anybody),
            Cell::Whole(children),
            Cell::text(if law.norms[n].is_open() { "open list" } else { "closed lists" }),
        ]);
    }
    table.notes.push("A way takes one entry of each list: an act, a means, a purpose. What an open list leaves open counts as one entry.".to_owned());
    table
}

/// Returns how many of the ways to meet one definition (rows) another holds (columns).
#[must_use]
pub fn overlap(law: &Law, norms: &[usize], overlaps: &[Vec<Overlap>]) -> Table {
    let mut columns = vec!["ways_of".to_owned(), "person".to_owned(), "ways".to_owned()];
    columns.extend(norms.iter().map(|&n| law.norms[n].id.clone()));
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut table = Table::new("overlap", "How many ways to meet one definition another holds, too", &names);
    for (&n, row) in norms.iter().zip(overlaps) {
        let own = row.iter().zip(norms).find(|(_, m)| **m == n).map(|(o, _)| *o).unwrap_or_default();
        for (person, all, held) in [
            ("adult", own.adult_of, row.iter().map(|o| o.adult).collect::<Vec<_>>()),
            ("child", own.child_of, row.iter().map(|o| o.child).collect()),
        ] {
            if all > 0 {
                let mut cells = vec![Cell::text(&law.norms[n].id), Cell::text(person), Cell::Whole(all)];
                cells.extend(held.into_iter().map(Cell::Whole));
                table.push(cells);
            }
        }
    }
    table.notes.push("Child: limbs for children only. Adult: all other limbs, read with a person above every age limit. All other facts are untrue.".to_owned());
    table
}

/// Returns what is left; of the norm that cannot be established the penalty and the protection, where one was named.
#[must_use]
pub fn fallback(law: &Law, left: &Left) -> Table {
    let columns = [
        "norm",
        "order",
        "facts_missing",
        "holds_in",
        "share_of_ways",
        "what_is_missing",
        "penalty",
        "penalty_lost",
        "protection",
        "protection_lost",
        "verified",
    ];
    let mut table = Table::new("fallback", "What is left", &columns);
    let aimed = left.aimed.map(|n| &law.norms[n]);
    for r in &left.fallback.remaining {
        let norm = &law.norms[r.norm];
        let missing: Vec<String> = r.missing.iter().take(3).map(|s| words::set(law, s)).collect();
        let more = r.missing.len().saturating_sub(3);
        let rest = if more > 0 { format!("; or {more} more") } else { String::new() };
        const CASE: &str = "a case, not a norm";
        table.push(vec![
            Cell::text(&norm.short),
            Cell::text(&norm.system),
            Cell::Whole(r.distance.into()),
            r.ways.map_or(Cell::Missing(CASE), |(held, of)| Cell::text(format!("{held} of {of}"))),
            r.ways.map_or(Cell::Missing(CASE), |(held, of)| Cell::number(held as f64 / of.max(1) as f64, 3)),
            if missing.is_empty() {
                Cell::Missing("nothing")
            } else {
                Cell::text(format!("{}{rest}", missing.join("; or ")))
            },
            penalty(Some(norm)),
            penalty(aimed),
            protection(Some(norm)),
            protection(aimed),
            Cell::text(norm.verified.name()),
        ]);
    }
    table
}

fn penalty(norm: Option<&Norm>) -> Cell {
    norm.and_then(|n| n.penalty.as_ref()).map_or(Cell::Missing("not given"), |p| Cell::text(p.words()))
}

fn protection(norm: Option<&Norm>) -> Cell {
    let words: Vec<&str> = norm.iter().flat_map(|n| &n.protection).map(|c| c.text.as_str()).collect();
    if words.is_empty() { Cell::Missing("not given") } else { Cell::text(words.join(" ")) }
}
