//! `law show`: one definition, to be read.

use super::super::Failure;
use super::super::output;
use super::{LawArgs, norms};
use crate::law::words;
use nomoscope_core::law::Law;
use nomoscope_core::law::definition::{Atom, Cited, Element, Norm, Term};
use nomoscope_core::law::logic::words as term_id;
use serde_json::{Value, json};

/// Show a definition: elements, limbs, citations, penalty, protection, how far it was checked
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope law show un.palermo.3\n  nomoscope law show fr.cp.225-4-1 uk.msa.2 --json"
)]
pub(super) struct Args {
    /// Norms by id; a prefix such as `fr` stands for all norms below it
    #[arg(required = true, value_name = "NORM")]
    norms: Vec<String>,
    #[command(flatten)]
    law: LawArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let library = args.law.open()?;
    let law = &library.law;
    let chosen = norms(law, &args.norms, "NORM")?;
    if args.json {
        let list: Vec<Value> = chosen.iter().map(|&n| norm_json(law, &law.norms[n])).collect();
        output::json(&json!({ "norms": list, "disclaimer": words::DISCLAIMER }));
        return Ok(());
    }
    let pages: Vec<String> = chosen.iter().map(|&n| page(law, &law.norms[n])).collect();
    output::data(&format!("{}\n{}\n", pages.join("\n"), words::DISCLAIMER));
    output::talk("next: nomoscope law compare NORM NORM, or nomoscope test CASE.toml");
    Ok(())
}

fn page(law: &Law, n: &Norm) -> String {
    let mut out = format!("{}  {}\n  {}\n", n.id, n.short, n.title);
    let mut say = |words: String| out.push_str(&format!("  {words}\n"));
    let date = |words: &str, d: Option<_>| d.map(|d: nomoscope_core::date::PartialDate| format!("{words} {d}"));
    let dates = [
        date("adopted", n.adopted),
        date("in force", n.in_force),
        date("this version from", n.valid_from),
        date("this version until", n.valid_to),
        date("to be transposed by", n.transposition),
    ];
    say(dates.into_iter().flatten().collect::<Vec<_>>().join(", "));
    say(format!("{}, {}", n.family, n.kind));
    let checked = match words::verified(n.verified) {
        Some(words) => words.to_owned(),
        None => "wording seen".to_owned(),
    };
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
        out.push_str(&format!("    {}: {}\n", words::limb(n, i), list.join(" and ")));
    }
    out.push_str("\n  Elements\n");
    for e in &n.elements {
        out.push_str(&format!(
            "    {} ({}{})\n",
            e.label,
            e.role,
            if e.cite.is_empty() { String::new() } else { format!(", {}", e.cite) }
        ));
        out.push_str(&lists(law, n, e));
    }
    cited(&mut out, "What it brings the person", &n.protection);
    cited(&mut out, "The person is not to be punished", &n.non_punishment);
    for r in &n.remarks {
        out.push_str(&format!("  remark ({}): {}\n", r.cite, r.text));
    }
    for s in &n.scopes {
        out.push_str(&format!("  scope ({}): {}\n", s.cite, s.text));
    }
    for a in &n.aggravations {
        let penalty = a.penalty.as_ref().map(|p| format!(": {}", p.words())).unwrap_or_default();
        out.push_str(&format!("  aggravated ({}): {}{penalty}\n", a.cite, a.label));
    }
    if !n.note.is_empty() {
        out.push_str(&format!("  note: {}\n", n.note));
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
    out.push_str(&format!("\n  {head}\n"));
    for c in list {
        let cite = if c.cite.is_empty() { String::new() } else { format!(" ({})", c.cite) };
        out.push_str(&format!("    {}{cite}\n", c.text));
    }
}

fn requirement(law: &Law, n: &Norm, t: Term) -> String {
    let words = match t.atom {
        Atom::Element(e) => n.elements.get(e).map_or_else(String::new, |e| e.label.clone()),
        Atom::Fact(_) | Atom::Below(..) => words::term(law, n, Term { negated: false, ..t }),
    };
    if t.negated { format!("no {words}") } else { words }
}

fn lists(law: &Law, n: &Norm, e: &Element) -> String {
    let join = |list: &[Term]| list.iter().map(|t| words::term(law, n, *t)).collect::<Vec<_>>().join(", ");
    let mut out = String::new();
    if !e.all.is_empty() {
        out.push_str(&format!("      all of: {}\n", join(&e.all)));
    }
    if !e.any.is_empty() {
        let open = if e.open.is_some() { ", or what the list leaves open" } else { "" };
        out.push_str(&format!("      one of: {}{open}\n", join(&e.any)));
    }
    if !e.none.is_empty() {
        out.push_str(&format!("      none of: {}\n", join(&e.none)));
    }
    if !e.note.is_empty() {
        out.push_str(&format!("      note: {}\n", e.note));
    }
    out
}

fn norm_json(law: &Law, n: &Norm) -> Value {
    let id = |t: &Term| match t.atom {
        Atom::Element(e) => {
            let id = n.elements.get(e).map_or("", |e| e.id.as_str());
            format!("{}@{id}", if t.negated { "!" } else { "" })
        }
        Atom::Fact(_) | Atom::Below(..) => term_id(law, *t),
    };
    let ids = |list: &[Term]| list.iter().map(id).collect::<Vec<_>>();
    let cited = |list: &[Cited]| list.iter().map(|c| json!({ "cite": c.cite, "text": c.text })).collect::<Vec<_>>();
    json!({
        "norm": n.id, "title": n.title, "short": n.short, "system": n.system, "kind": n.kind, "family": n.family,
        "adopted": n.adopted.map(|d| d.to_string()), "in_force": n.in_force.map(|d| d.to_string()),
        "valid_from": n.valid_from.map(|d| d.to_string()), "valid_to": n.valid_to.map(|d| d.to_string()),
        "verified": n.verified.name(), "checked_on": n.checked_on.map(|d| d.to_string()),
        "source": { "title": n.source.title, "url": n.source.url, "language": n.source.language, "translation": n.source.translation },
        "against_person": n.against_person, "check": n.check, "note": n.note,
        "penalty": n.penalty.as_ref().map(crate::json::law::penalty),
        "protection": cited(&n.protection), "non_punishment": cited(&n.non_punishment),
        "elements": n.elements.iter().map(|e| json!({
            "id": e.id, "role": e.role, "cite": e.cite, "label": e.label, "all": ids(&e.all), "any": ids(&e.any),
            "none": ids(&e.none), "open": e.open.as_ref().map(id) })).collect::<Vec<_>>(),
        "limbs": n.limbs.iter().map(|l| json!({
            "id": l.id, "cite": l.cite, "label": l.label, "requires": ids(&l.requires) })).collect::<Vec<_>>(),
        "remarks": n.remarks.iter().map(|r| json!({ "when": ids(&r.when), "cite": r.cite, "text": r.text })).collect::<Vec<_>>(),
        "scope": n.scopes.iter().map(|r| json!({ "requires": ids(&r.when), "cite": r.cite, "text": r.text })).collect::<Vec<_>>(),
        "aggravations": n.aggravations.iter().map(|a| json!({
            "id": a.id, "cite": a.cite, "label": a.label, "requires": ids(&a.requires),
            "penalty": a.penalty.as_ref().map(crate::json::law::penalty) })).collect::<Vec<_>>(),
    })
}
