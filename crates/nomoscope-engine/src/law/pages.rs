//! Answers about definitions as pages of plain text.

use super::answer::{Burdened, FactList, FallenBack, Left, Overlapped, Shown, Two};
use super::words::{self, ROLES, apart, mark, open_lists, witness};
use nomoscope_core::amount::counted;
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
    if let Some(day) = n.second_reading {
        say(format!("read a second time: {day}"));
    }
    if !n.territory.is_empty() {
        say(format!("applies in: {}", n.territory));
    }
    if !n.strength.is_empty() {
        say(format!("strength: {}", n.strength));
    }
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
    if title.is_empty() {
        return String::new();
    }
    let version = if n.source.version.is_empty() { String::new() } else { format!(" ({})", n.source.version) };
    let hash: String = n.source.sha256.chars().take(12).collect();
    let hash = if hash.is_empty() { hash } else { format!(", sha256 {hash}…") };
    format!("; source: {title}{version}{hash}")
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
    let mut out = String::new();
    say(&mut out, "", &two_in_a_sentence(two));
    out.push('\n');
    say(&mut out, "", &format!("{}  and  {}", head(two.a), head(two.b)));
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
    out.push('\n');
    say(out, "", &format!("Open lists {}: {said}", open_lists(c.reading)));
    for (only, here, there) in [(&c.only_first, a, b), (&c.only_second, b, a)] {
        if let Some(w) = only {
            say(out, "  ", &format!("held by {here}, not by {there}: {}", witness(law, w)));
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
            say(out, "    ", &format!("only {}: {}", law.norms[n].short, labels(law, &facts)));
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
    let mut out = String::new();
    say(&mut out, "", &overlap_in_a_sentence(overlapped));
    out.push_str("\nWho holds most of the ways to meet a definition, too\n");
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
        say(&mut out, "  ", &format!("{}: {words}", law.norms[a].short));
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
        let mut out = String::new();
        say(&mut out, "", &law.norms[b.norm].short);
        say(&mut out, "  ", &format!("smallest set: {least}"));
        say(&mut out, "  ", &format!("indispensable: {needed}"));
        out
    };
    let mut out = String::new();
    say(&mut out, "", &burden_in_a_sentence(burdened));
    out + &burdened.burdens.iter().map(page).collect::<String>()
}

/// Returns what is left, person by person, or for a norm.
#[must_use]
pub fn fallen_back(fallen: &FallenBack) -> String {
    fallen.left.iter().map(|l| format!("{}{}", left(&fallen.library.law, l), in_force(fallen, l))).collect()
}

/// Says on which day the norms had to be in force, where no case said it, and how many were left out for it.
fn in_force(fallen: &FallenBack, l: &Left) -> String {
    let mut out = String::new();
    let others = match l.not_in_force {
        0 => String::new(),
        1 => "; 1 other that holds or is near was not".to_owned(),
        n => format!("; {n} others that hold or are near were not"),
    };
    if let Some(day) = fallen.day {
        say(&mut out, "", &format!("No date was given: all norms named were in force on {day}{others}."));
    } else if l.not_in_force > 0 {
        let those =
            crate::words::counted(l.not_in_force, "norm that holds or is near was", "norms that hold or are near were");
        say(&mut out, "", &format!("{those} not in force on the date of the case, and not named."));
    }
    if out.is_empty() { out } else { format!("\n{out}") }
}

fn left(law: &Law, l: &Left) -> String {
    let mut out = String::new();
    say(&mut out, "", &l.of);
    if !l.lost.is_empty() {
        say(&mut out, "  ", &format!("not proved: {}", l.lost.join("; ")));
    }
    l.aimed.iter().for_each(|&n| lost_with(&law.norms[n], &mut out));
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
        remaining(law, l, r, &mut out);
    }
    if l.more > 0 {
        let _ = writeln!(out, "\nand {} farther or narrower", crate::words::counted(l.more, "norm", "norms"));
    }
    if l.fallback.remaining.is_empty() {
        out.push_str("\nNo norm of the collection holds or is near enough\n");
    }
    if !l.fallback.kept_out.is_empty() {
        let names: Vec<&str> = l.fallback.kept_out.iter().map(|&n| law.norms[n].short.as_str()).collect();
        out.push('\n');
        say(&mut out, "", &format!("Kept out, because aimed at the person concerned: {}", names.join("; ")));
        let mut cited: Vec<String> = Vec::new();
        for c in l.fallback.kept_out.iter().flat_map(|&n| &law.norms[n].non_punishment) {
            let mut words = String::new();
            say(&mut words, "  ", &format!("{} ({})", c.text, c.cite));
            if !cited.contains(&words) {
                cited.push(words);
            }
        }
        out.push_str(&cited.concat());
    }
    out
}

fn remaining(law: &Law, l: &Left, r: &Remaining, out: &mut String) {
    const SHOWN: usize = 2;
    let norm = &law.norms[r.norm];
    let ways = match r.ways {
        Some((held, of)) if held > 0 && held < of => format!(" in {held} of {of} ways"),
        _ => String::new(),
    };
    say(out, "  ", &format!("{}: {} ({}){ways}{}", words::system(&norm.system), norm.short, norm.id, mark(norm)));
    let missing: Vec<String> = r.missing.iter().take(SHOWN).map(|s| words::set(law, s)).collect();
    if !missing.is_empty() {
        let more = r.missing.len().saturating_sub(SHOWN);
        let rest = if more > 0 { format!("; or {more} more") } else { String::new() };
        say(out, "    ", &format!("needs {}{rest}", missing.join("; or ")));
    }
    let penalty = norm.penalty.as_ref().map_or_else(|| "none recorded".to_owned(), |p| p.words());
    let against = l.aimed.map(|n| &law.norms[n]);
    // A treaty that leaves the penalty to the States takes none with it.
    let fixed = against.and_then(|n| n.penalty.as_ref()).filter(|p| p.max_years.is_some() || p.life);
    let instead = fixed.map(|p| format!(", instead of {}", p.words())).unwrap_or_default();
    say(out, "    ", &format!("penalty: {penalty}{instead}"));
    for c in norm.protection.iter().take(SHOWN) {
        say(out, "    ", &format!("protection: {} ({})", c.text, c.cite));
    }
}

/// Says once what is lost with the norm aimed at: what the others are to be measured against.
fn lost_with(aimed: &Norm, out: &mut String) {
    let penalty = aimed.penalty.as_ref().map_or_else(|| "none recorded".to_owned(), |p| p.words());
    say(out, "  ", &format!("lost with {}: penalty: {penalty}", aimed.short));
    for c in &aimed.protection {
        say(out, "    ", &format!("protection: {} ({})", c.text, c.cite));
    }
}

/// Adds words in lines of 80 signs.
fn say(out: &mut String, indent: &str, words: &str) {
    const WIDTH: usize = 80;
    for (i, line) in crate::words::wrap(words, WIDTH - indent.len() - 2).into_iter().enumerate() {
        let hang = if i > 0 { "  " } else { "" };
        let _ = writeln!(out, "{indent}{hang}{line}");
    }
}

/// Returns, in one sentence for a prosecutor, how two definitions stand to each other.
#[must_use]
pub fn two_in_a_sentence(two: &Two) -> String {
    let law = two.law();
    let (a, b) = (&law.norms[two.a].short, &law.norms[two.b].short);
    let Some(c) = two
        .comparisons
        .iter()
        .find(|c| c.reading == nomoscope_core::law::logic::OpenReading::Shared)
        .or(two.comparisons.first())
    else {
        return String::new();
    };
    let example =
        |w: &Option<nomoscope_core::law::compare::Witness>| w.as_ref().map(|w| witness(law, w)).unwrap_or_default();
    match c.relation {
        Relation::Equal => format!("Whatever can be charged under {a} can be charged under {b}, and the reverse."),
        Relation::Implies => {
            format!("Whatever {a} holds, {b} holds too; {b} holds more, for example {}.", example(&c.only_second))
        }
        Relation::IsImplied => {
            format!("Whatever {b} holds, {a} holds too; {a} holds more, for example {}.", example(&c.only_first))
        }
        Relation::Incomparable => format!(
            "Neither covers the other: {a} alone holds {}; {b} alone holds {}.",
            example(&c.only_first),
            example(&c.only_second)
        ),
    }
}

/// Returns, in one sentence for a prosecutor, how others stand to one definition.
#[must_use]
pub fn drift_in_a_sentence(drift: &super::answer::Drift) -> String {
    let law = &drift.library.law;
    let from = &law.norms[drift.from].short;
    let at = drift.readings.iter().position(|r| *r == nomoscope_core::law::logic::OpenReading::Shared).unwrap_or(0);
    let Some(relations) = drift.relations.get(at) else { return String::new() };
    let count = |wanted: &[Relation]| relations.iter().filter(|r| wanted.contains(r)).count();
    format!(
        "Of {} {} whatever {from} holds; {} nothing that it does not; {} from it both ways.",
        counted(relations.len(), "other", "others"),
        counted(count(&[Relation::IsImplied, Relation::Equal]), "holds", "hold"),
        counted(count(&[Relation::Implies, Relation::Equal]), "holds", "hold"),
        counted(count(&[Relation::Incomparable]), "parts", "part")
    )
}

/// Returns, in one sentence for a prosecutor, what is least to prove.
#[must_use]
pub fn burden_in_a_sentence(burdened: &Burdened) -> String {
    let law = &burdened.library.law;
    let conjuncts =
        |b: &&nomoscope_core::law::burden::Burden| b.limbs.iter().map(|l| l.conjuncts).min().unwrap_or(u32::MAX);
    let least = burdened.burdens.iter().min_by_key(conjuncts);
    let most = burdened.burdens.iter().max_by_key(conjuncts);
    match (least, most) {
        (Some(l), Some(m)) if l.norm != m.norm => format!(
            "Least has to be proved for {} ({}), most for {} ({}).",
            law.norms[l.norm].short,
            crate::words::counted(conjuncts(&l) as usize, "element", "elements"),
            law.norms[m.norm].short,
            conjuncts(&m)
        ),
        (Some(l), _) => format!(
            "For {} at least {} must be proved together.",
            law.norms[l.norm].short,
            crate::words::counted(conjuncts(&l) as usize, "element", "elements")
        ),
        _ => String::new(),
    }
}

/// Returns, in one sentence for a prosecutor, which definition holds most of what the others hold.
#[must_use]
pub fn overlap_in_a_sentence(overlapped: &Overlapped) -> String {
    let law = &overlapped.library.law;
    // For each definition: in how many of the ways to meet the others it holds.
    let held = |b: usize| -> (u64, u64) {
        let others = overlapped.norms.iter().zip(&overlapped.overlaps).filter(|(a, _)| **a != overlapped.norms[b]);
        others
            .filter_map(|(_, row)| row.get(b))
            .fold((0, 0), |(h, of), o| (h + o.adult + o.child, of + o.adult_of + o.child_of))
    };
    let widest = (0..overlapped.norms.len()).max_by_key(|&b| (held(b).0, Reverse(b)));
    widest.map_or_else(String::new, |b| {
        let (h, of) = held(b);
        if h == 0 {
            return "None of them holds in any of the ways to meet the others.".to_owned();
        }
        format!(
            "{} reaches farthest: it holds {h} of the {of} ways to meet the others.",
            law.norms[overlapped.norms[b]].short
        )
    })
}
