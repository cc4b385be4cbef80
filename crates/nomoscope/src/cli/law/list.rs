//! `law list` and `law facts`.

use super::super::Failure;
use super::super::output;
use super::LawArgs;
use nomoscope_core::law::logic::words;
use nomoscope_core::table::{Cell, Table};
use serde_json::json;

/// List the norms: legal order, dates, how far each was checked
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope law list\n  nomoscope law list --system fr\n  nomoscope law list --family trafficking --json"
)]
pub(super) struct Args {
    #[command(flatten)]
    law: LawArgs,
    /// Only norms of this legal order (un, eu, fr, …)
    #[arg(long, value_name = "ID")]
    system: Option<String>,
    /// Only norms of this family (trafficking, slavery, forced-labour, …)
    #[arg(long, value_name = "NAME")]
    family: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let library = args.law.open()?;
    let wanted = |given: &Option<String>, have: &str| given.as_ref().is_none_or(|g| g == have);
    let norms: Vec<_> = library
        .law
        .norms
        .iter()
        .filter(|n| wanted(&args.system, &n.system) && wanted(&args.family, &n.family))
        .collect();
    if norms.is_empty() {
        let mut known: Vec<&str> =
            library.law.norms.iter().flat_map(|n| [n.system.as_str(), n.family.as_str()]).collect();
        known.sort_unstable();
        known.dedup();
        return Err(Failure::Refused(format!(
            "no norm fits --system and --family\n  hint: legal orders and families are {}",
            known.join(", ")
        )));
    }
    if args.json {
        let list: Vec<_> = norms
            .iter()
            .map(|n| {
                json!({
                    "norm": n.id, "short": n.short, "title": n.title, "system": n.system, "family": n.family,
                    "kind": n.kind, "adopted": n.adopted.map(|d| d.to_string()),
                    "in_force": n.in_force.map(|d| d.to_string()), "valid_to": n.valid_to.map(|d| d.to_string()),
                    "limbs": n.limbs.len(), "verified": n.verified.name(), "against_person": n.against_person,
                    "check": n.check,
                })
            })
            .collect();
        output::json(&json!({ "norms": list, "disclaimer": nomoscope_engine::law::words::DISCLAIMER }));
        return Ok(());
    }
    let mut table = Table::new(
        "norms",
        format!("{} norms", norms.len()),
        &["norm", "short", "family", "in_force", "limbs", "verified"],
    );
    for n in norms {
        let force = n
            .valid_from
            .or(n.in_force)
            .map_or(Cell::Missing("not in force or not known"), |d| Cell::text(d.to_string()));
        table.push(vec![
            Cell::text(&n.id),
            Cell::text(&n.short),
            Cell::text(if n.against_person { format!("{} (aimed at the person)", n.family) } else { n.family.clone() }),
            force,
            Cell::Count(n.limbs.len() as u64),
            Cell::text(n.verified.name()),
        ]);
    }
    table.notes.push(nomoscope_engine::law::words::DISCLAIMER.to_owned());
    output::table(&table, usize::MAX);
    output::talk("next: nomoscope law show un.palermo.3, or nomoscope test CASE.toml");
    Ok(())
}

/// List the facts that a case can hold, with their questions, and what entails what
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  nomoscope law facts\n  nomoscope law facts --group means --json")]
pub(super) struct FactsArgs {
    #[command(flatten)]
    law: LawArgs,
    /// Only facts of this group (victim, act, means, purpose, work, …)
    #[arg(long, value_name = "NAME")]
    group: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run_facts(args: &FactsArgs) -> Result<(), Failure> {
    let library = args.law.open()?;
    let law = &library.law;
    let facts: Vec<_> =
        law.vocabulary.facts().iter().filter(|f| args.group.as_deref().is_none_or(|g| g == f.group())).collect();
    if facts.is_empty() {
        let mut groups: Vec<&str> = law.vocabulary.facts().iter().map(|f| f.group()).collect();
        groups.dedup();
        return Err(Failure::Refused(format!("no fact is in that group\n  hint: groups are {}", groups.join(", "))));
    }
    if args.json {
        let entailments: Vec<_> = law
            .vocabulary
            .entailments
            .iter()
            .map(|e| {
                json!({
                    "if": e.premises.iter().map(|t| words(law, *t)).collect::<Vec<_>>(),
                    "then": e.conclusions.iter().map(|t| words(law, *t)).collect::<Vec<_>>(),
                    "basis": e.basis.name(), "note": e.note, "cite": e.cite,
                })
            })
            .collect();
        let list: Vec<_> = facts
            .iter()
            .map(|f| {
                json!({ "fact": f.id, "question": f.question, "label": f.label, "judgement": f.judge,
                    "distressing": f.distress, "prior": f.prior, "cites": f.cites })
            })
            .collect();
        output::json(&json!({ "facts": list, "entailments": entailments }));
        return Ok(());
    }
    let mut out = String::new();
    for f in facts {
        let mark = if f.judge { "  [a judgement]" } else { "" };
        out.push_str(&format!("{}{mark}\n  {}\n", f.id, f.question));
    }
    out.push_str("\nWhat follows from what\n");
    for e in &law.vocabulary.entailments {
        let terms = |list: &[_]| list.iter().map(|t| words(law, *t)).collect::<Vec<_>>().join(" and ");
        out.push_str(&format!("  {} gives {}  ({})\n", terms(&e.premises), terms(&e.conclusions), e.basis.name()));
    }
    output::data(&out);
    output::talk("next: write a case file (docs/guide.md), or nomoscope test --ask");
    Ok(())
}
