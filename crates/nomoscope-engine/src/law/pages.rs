//! Answers about definitions as pages of plain text.

use super::answer::{Burdened, FactList, FallenBack, Left, Overlapped, Shown, Two};
use super::words::{self, ROLES, apart, mark, open_lists, witness};
use nomoscope_core::date::PartialDate;
use nomoscope_core::law::Law;
use nomoscope_core::law::compare::{Comparison, Relation, listed};
use nomoscope_core::law::definition::{Atom, Cited, Element, Norm, Term};
use nomoscope_core::law::fallback::Remaining;
use nomoscope_core::law::logic::words as term_id;
use nomoscope_core::law::vocabulary::FactIx;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Returns definitions, one after the other.
#[must_use]
pub fn shown(shown: &Shown) -> String {
    let law = &shown.library.law;
    shown.norms.iter().map(|&n| norm(law, &law.norms[n])).collect::<Vec<_>>().join("\n")
}

fn norm(law: &Law, n: &Norm) -> String {
    let mut out = format!("{}  {}\n  {}\n", n.id, n.short, n.title);
    let mut say = |words: String| out.push_str(&format!("  {words}\n"));
    let date = |words: &str, d: Option<PartialDate>| d.map(|d| format!("{words} {d}"));
    let dates = [
        date("adopted", n.adopted),
        date("in force", n.in_force),
        date("this version from", n.valid_from),
        date("this version until", n.valid_to),
        date("to be transposed by", n.transposition),
    ];
    say(dates.into_iter().flatten().collect::<Vec<_>>().join(", "));
    say(format!("{}, {}", n.family, n.kind));
    let checked = words::verified(n.verified).unwrap_or("wording seen");
    let on = n.checked_on.map(|d| format!(" ({d})")).unwrap_or_default();
    say(format!("verified: {checked}{on}{}", source(n)));
    if n.against_person {
        say("aimed at the person concerned: never offered as a fallback".to_owned());
    }
    if !n.check.is_empty() {
        say(format!("check before use: {}", n.check));
    }
    if let Some(p) = &n.penalty {
        say(format!("penalty: {}", p.words()));
    }
    out.push_str("\n  Limbs: each of these is enough\n");
    for (i, l) in n.limbs.iter().enumerate() {
        let list: Vec<String> = l.requires.iter().map(|t| requirement(law, n, *t)).collect();
        let _ = writeln!(out, "    {}: {}", words::limb(n, i), list.join(" and "));
    }
    out.push_str("\n  Elements\n");
    for e in &n.elements {
        let cite = if e.cite.is_empty() { String::new() } else { format!(", {}", e.cite) };
        let _ = writeln!(out, "    {} ({}{cite})", e.label, e.role);
        lists(law, n, e, &mut out);
    }
    cited(&mut out, "What it brings the person", &n.protection);
    cited(&mut out, "The person is not to be punished", &n.non_punishment);
    for r in &n.remarks {
        let _ = writeln!(out, "  remark ({}): {}", r.cite, r.text);
    }
    for s in &n.scopes {
        let _ = writeln!(out, "  scope ({}): {}", s.cite, s.text);
    }
    for a in &n.aggravations {
        let penalty = a.penalty.as_ref().map(|p| format!(": {}", p.words())).unwrap_or_default();
        let _ = writeln!(out, "  aggravated ({}): {}{penalty}", a.cite, a.label);
    }
    if !n.note.is_empty() {
        let _ = writeln!(out, "  note: {}", n.note);
    }
    out
}

fn source(n: &Norm) -> String {
    let title = if n.source.title.is_empty() { &n.source.url } else { &n.source.title };
    if title.is_empty() { String::new() } else { format!("; source: {title}") }
}

fn cited(out: &mut String, head: &str, list: &[Cited]) {
    if list.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n  {head}");
    for c in list {
        let cite = if c.cite.is_empty() { String::new() } else { format!(" ({})", c.cite) };
        let _ = writeln!(out, "    {}{cite}", c.text);
    }
}

fn requirement(law: &Law, n: &Norm, t: Term) -> String {
    let words = match t.atom {
        Atom::Element(e) => n.elements.get(e).map_or_else(String::new, |e| e.label.clone()),
        Atom::Fact(_) | Atom::Below(..) => words::term(law, n, Term { negated: false, ..t }),
    };
    if t.negated { format!("no {words}") } else { words }
}

fn lists(law: &Law, n: &Norm, e: &Element, out: &mut String) {
    let open = if e.open.is_some() { ", or what the list leaves open" } else { "" };
    for (head, list, tail) in [("all of", &e.all, ""), ("one of", &e.any, open), ("none of", &e.none, "")] {
        if !list.is_empty() {
            let words: Vec<String> = list.iter().map(|t| words::term(law, n, *t)).collect();
            let _ = writeln!(out, "      {head}: {}{tail}", words.join(", "));
        }
    }
    if !e.note.is_empty() {
        let _ = writeln!(out, "      note: {}", e.note);
    }
}

/// Returns the facts with their questions, and what follows from what.
#[must_use]
pub fn facts(list: &FactList) -> String {
    let law = &list.library.law;
    let mut out = String::new();
    for f in list.facts.iter().map(|&f| &law.vocabulary.facts()[f]) {
        let judgement = if f.judge { "  [a judgement]" } else { "" };
        let _ = writeln!(out, "{}{judgement}\n  {}", f.id, f.question);
    }
    out.push_str("\nWhat follows from what\n");
    for e in &law.vocabulary.entailments {
        let terms = |list: &[Term]| list.iter().map(|t| term_id(law, *t)).collect::<Vec<_>>().join(" and ");
        let _ = writeln!(out, "  {} gives {}  ({})", terms(&e.premises), terms(&e.conclusions), e.basis.name());
    }
    out
}

/// Returns one definition against another, reading by reading, then element by element.
#[must_use]
pub fn two(two: &Two) -> String {
    let law = two.law();
    let head = |n: usize| format!("{}{}", law.norms[n].short, mark(&law.norms[n]));
    let mut out = format!("{}  and  {}\n", head(two.a), head(two.b));
    for comparison in &two.comparisons {
        reading(law, two, comparison, &mut out);
    }
    out.push_str("\nElement by element\n");
    for role in ROLES {
        role_line(law, two, role, &mut out);
    }
    out
}

fn reading(law: &Law, two: &Two, c: &Comparison, out: &mut String) {
    let (a, b) = (&law.norms[two.a].short, &law.norms[two.b].short);
    let said = match c.relation {
        Relation::Equal => format!("{a} and {b} let in the same"),
        Relation::Implies => format!("{a} implies {b}: whatever the first holds, the second holds"),
        Relation::IsImplied => format!("{b} implies {a}: whatever the second holds, the first holds"),
        Relation::Incomparable => "incomparable: each holds what the other does not".to_owned(),
    };
    let _ = writeln!(out, "\nOpen lists {}: {said}", open_lists(c.reading));
    for (only, here, there) in [(&c.only_first, a, b), (&c.only_second, b, a)] {
        if let Some(w) = only {
            let _ = writeln!(out, "  held by {here}, not by {there}: {}", witness(law, w));
        }
    }
    if !c.overlap {
        out.push_str("  nothing is held by both\n");
    }
}

fn role_line(law: &Law, two: &Two, role: &str, out: &mut String) {
    if listed(law, two.a, role).is_empty() && listed(law, two.b, role).is_empty() {
        return;
    }
    let [only_a, only_b] = apart(law, two.a, two.b, role);
    if only_a.is_empty() && only_b.is_empty() {
        let _ = writeln!(out, "  {role}: the same");
        return;
    }
    let _ = writeln!(out, "  {role}:");
    for (facts, n) in [(only_a, two.a), (only_b, two.b)] {
        if !facts.is_empty() {
            let _ = writeln!(out, "    only {}: {}", law.norms[n].short, labels(law, &facts));
        }
    }
}

fn labels(law: &Law, facts: &BTreeSet<FactIx>) -> String {
    facts.iter().map(|f| law.vocabulary.get(*f).label.as_str()).collect::<Vec<_>>().join(", ")
}

/// Returns the nearest neighbours of each definition: the whole matrix is wider than a page of text.
#[must_use]
pub fn neighbours(overlapped: &Overlapped) -> String {
    const SHOWN: usize = 3;
    let Overlapped { library, norms, overlaps, .. } = overlapped;
    let law = &library.law;
    let mut out = "Who holds most of the ways to meet a definition, too\n".to_owned();
    for (&a, row) in norms.iter().zip(overlaps) {
        let mut near: Vec<(u64, u64, usize)> = norms
            .iter()
            .zip(row)
            .filter(|(b, o)| **b != a && o.adult + o.child > 0)
            .map(|(&b, o)| (o.adult + o.child, o.adult_of + o.child_of, b))
            .collect();
        near.sort_by_key(|(held, _, b)| (Reverse(*held), *b));
        let words: Vec<String> =
            near.iter().take(SHOWN).map(|(held, of, b)| format!("{} {held} of {of}", law.norms[*b].short)).collect();
        let words = if words.is_empty() { "none".to_owned() } else { words.join("; ") };
        let _ = writeln!(out, "  {}: {words}", law.norms[a].short);
    }
    out
}

/// Returns the least that establishes each norm, and what none can do without.
#[must_use]
pub fn burdens(burdened: &Burdened) -> String {
    let law = &burdened.library.law;
    let page = |b: &nomoscope_core::law::burden::Burden| {
        let least = b.smallest.as_ref().map_or_else(|| "none".to_owned(), |w| witness(law, w));
        let needed: Vec<&str> = b.indispensable.iter().map(|f| law.vocabulary.get(*f).label.as_str()).collect();
        let needed = if needed.is_empty() { "none".to_owned() } else { needed.join(", ") };
        format!("{}\n  smallest set: {least}\n  indispensable: {needed}\n", law.norms[b.norm].short)
    };
    burdened.burdens.iter().map(page).collect()
}

/// Returns what is left, person by person, or for a norm.
#[must_use]
pub fn fallen_back(fallen: &FallenBack) -> String {
    fallen.left.iter().map(|l| left(&fallen.library.law, l)).collect()
}

fn left(law: &Law, l: &Left) -> String {
    let mut out = format!("{}\n", l.of);
    if !l.lost.is_empty() {
        let _ = writeln!(out, "  not proved: {}", l.lost.join("; "));
    }
    let mut last = u32::MAX;
    for r in &l.fallback.remaining {
        if r.distance != last {
            last = r.distance;
            out.push_str(&match last {
                0 => "\nThese hold all the same\n".to_owned(),
                1 => "\nThese are one fact away\n".to_owned(),
                n => format!("\nThese are {n} facts away\n"),
            });
        }
        remaining(law, r, &mut out);
    }
    if l.fallback.remaining.is_empty() {
        out.push_str("\nNo norm of the collection holds or is near enough\n");
    }
    if !l.fallback.kept_out.is_empty() {
        let names: Vec<&str> = l.fallback.kept_out.iter().map(|&n| law.norms[n].short.as_str()).collect();
        let _ = writeln!(out, "\nKept out, because aimed at the person concerned: {}", names.join("; "));
        let mut cited: Vec<String> = Vec::new();
        for c in l.fallback.kept_out.iter().flat_map(|&n| &law.norms[n].non_punishment) {
            let words = format!("  {} ({})\n", c.text, c.cite);
            if !cited.contains(&words) {
                cited.push(words);
            }
        }
        out.push_str(&cited.concat());
    }
    out
}

fn remaining(law: &Law, r: &Remaining, out: &mut String) {
    const SHOWN: usize = 4;
    let norm = &law.norms[r.norm];
    let ways = match r.ways {
        Some((held, of)) if held > 0 && held < of => format!(" in {held} of {of} ways"),
        _ => String::new(),
    };
    let _ = writeln!(out, "  {}: {}  ({}){ways}{}", words::system(&norm.system), norm.short, norm.id, mark(norm));
    let missing: Vec<String> = r.missing.iter().take(SHOWN).map(|s| words::set(law, s)).collect();
    if !missing.is_empty() {
        let more = r.missing.len().saturating_sub(SHOWN);
        let rest = if more > 0 { format!("; or {more} more") } else { String::new() };
        let _ = writeln!(out, "    needs {}{rest}", missing.join("; or "));
    }
    if let Some(p) = &norm.penalty {
        let _ = writeln!(out, "    penalty: {}", p.words());
    }
    for c in &norm.protection {
        let _ = writeln!(out, "    protection: {} ({})", c.text, c.cite);
    }
}
