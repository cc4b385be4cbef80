//! `law compare`: what one definition lets in and another does not.

use super::super::Failure;
use super::super::output;
use super::{LawArgs, Open};
use crate::json::law as json_law;
use crate::law::words;
use nomoscope_core::law::Law;
use nomoscope_core::law::compare::{Comparison, Definitions, Relation, Witness, listed};
use nomoscope_core::law::finding::variable_words;
use nomoscope_core::law::logic::{Logic, LogicError, OpenReading, Variable};
use nomoscope_core::law::vocabulary::FactIx;
use nomoscope_core::table::{Cell, Table};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Compare definitions by what they let in: two, one against all of its family, or all pairs
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Two norms are compared under all three readings of open lists, each time with a least fact pattern that\none holds and the other does not. One norm gives the drift of the others from it. No norm gives all pairs.\n\nExamples:\n  nomoscope law compare un.palermo.3 fr.cp.225-4-1\n  nomoscope law compare un.palermo.3\n  nomoscope law compare --open shared --json\n\nExit code: 0."
)]
pub(super) struct Args {
    /// One or two norms by id; none compares all pairs
    #[arg(num_args = 0..=2, value_name = "NORM")]
    norms: Vec<String>,
    /// How the open end of a list is read; two norms are compared under all three unless this says otherwise
    #[arg(long, value_enum)]
    open: Option<Open>,
    /// With one norm: against all norms, not only those of its family
    #[arg(long)]
    all: bool,
    /// Let facts follow from others by interpretation, too
    #[arg(long)]
    interpretation: bool,
    #[command(flatten)]
    law: LawArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let library = args.law.open()?;
    let law = &library.law;
    let logic = Logic::new(law);
    let chosen = args.norms.iter().map(|id| super::norm(law, id)).collect::<Result<Vec<_>, _>>()?;
    match chosen[..] {
        [a, b] => two(args, &logic, a, b),
        [from] => drift(args, &logic, from),
        _ => pairs(args, &logic),
    }
}

impl Args {
    /// Returns the readings that are compared; for more than two norms one is enough.
    fn readings(&self, several: bool) -> Vec<OpenReading> {
        match self.open {
            Some(open) => vec![open.reading()],
            None if several => vec![OpenReading::Closed],
            None => OpenReading::ALL.to_vec(),
        }
    }
}

/// Turns what cannot be decided into a failure of the command.
pub(super) fn refused(error: &LogicError) -> Failure {
    Failure::Bad(crate::cli::words::with_hint(error, error.hint()))
}

fn two(args: &Args, logic: &Logic<'_>, a: usize, b: usize) -> Result<(), Failure> {
    let law = logic.law;
    let mut comparisons = Vec::new();
    for reading in args.readings(false) {
        let definitions = Definitions::new(logic, reading, args.interpretation).map_err(|e| refused(&e))?;
        comparisons.push(definitions.compare(a, b).map_err(|e| refused(&e))?);
    }
    if args.json {
        output::json(&json!({
            "a": law.norms[a].id,
            "b": law.norms[b].id,
            "interpretation": args.interpretation,
            "readings": comparisons.iter().map(|c| json_law::comparison(law, c)).collect::<Vec<_>>(),
            "roles": ROLES.iter().map(|r| roles_json(law, a, b, r)).collect::<Vec<_>>(),
            "disclaimer": words::DISCLAIMER,
        }));
        return Ok(());
    }
    let mut out = format!("{}  and  {}\n", head(law, a), head(law, b));
    for c in &comparisons {
        out.push_str(&readings_page(law, a, b, c));
    }
    out.push_str("\nElement by element\n");
    for role in ROLES {
        out.push_str(&role_line(law, a, b, role));
    }
    out.push_str(&format!("{}\n", words::DISCLAIMER));
    output::data(&out);
    output::talk("next: nomoscope law overlap, or nomoscope law fallback --norm NORM --without ELEMENT");
    Ok(())
}

/// The parts of a definition that can be laid side by side.
const ROLES: &[&str] = &["act", "means", "purpose", "work", "status", "benefit", "mental", "jurisdiction", "exception"];

fn head(law: &Law, norm: usize) -> String {
    let n = &law.norms[norm];
    let mark = words::verified(n.verified).map(|w| format!(" [{w}]")).unwrap_or_default();
    format!("{}{mark}", n.short)
}

fn readings_page(law: &Law, a: usize, b: usize, c: &Comparison) -> String {
    let (x, y) = (&law.norms[a].short, &law.norms[b].short);
    let said = match c.relation {
        Relation::Equal => format!("{x} and {y} let in the same"),
        Relation::Implies => format!("{x} implies {y}: whatever the first holds, the second holds"),
        Relation::IsImplied => format!("{y} implies {x}: whatever the second holds, the first holds"),
        Relation::Incomparable => "incomparable: each holds what the other does not".to_owned(),
    };
    let mut out = format!("\nOpen lists {}: {said}\n", reading_words(c.reading));
    for (only, here, there) in [(&c.only_first, x, y), (&c.only_second, y, x)] {
        if let Some(w) = only {
            out.push_str(&format!("  held by {here}, not by {there}: {}\n", witness(law, w)));
        }
    }
    if !c.overlap {
        out.push_str("  nothing is held by both\n");
    }
    out
}

const fn reading_words(r: OpenReading) -> &'static str {
    match r {
        OpenReading::Closed => "read as closed",
        OpenReading::Shared => "leaving the same thing open",
        OpenReading::Own => "each its own question",
    }
}

/// Returns a least fact pattern in plain words.
pub(super) fn witness(law: &Law, w: &Witness) -> String {
    let mut words: Vec<String> = w.facts.iter().map(|f| law.vocabulary.get(*f).label.clone()).collect();
    words.extend(w.open.iter().map(|&n| variable_words(law, Variable::Open(n), true)));
    words.extend(w.age.map(|a| a.words()));
    if words.is_empty() { "no fact at all".to_owned() } else { words.join(" + ") }
}

fn apart(law: &Law, a: usize, b: usize, role: &str) -> [BTreeSet<FactIx>; 2] {
    let (x, y) = (listed(law, a, role), listed(law, b, role));
    [&x - &y, &y - &x]
}

fn labels(law: &Law, facts: &BTreeSet<FactIx>) -> String {
    facts.iter().map(|f| law.vocabulary.get(*f).label.as_str()).collect::<Vec<_>>().join(", ")
}

fn role_line(law: &Law, a: usize, b: usize, role: &str) -> String {
    if listed(law, a, role).is_empty() && listed(law, b, role).is_empty() {
        return String::new();
    }
    let [only_a, only_b] = apart(law, a, b, role);
    if only_a.is_empty() && only_b.is_empty() {
        return format!("  {role}: the same\n");
    }
    let mut out = format!("  {role}:\n");
    for (facts, n) in [(&only_a, a), (&only_b, b)] {
        if !facts.is_empty() {
            out.push_str(&format!("    only {}: {}\n", law.norms[n].short, labels(law, facts)));
        }
    }
    out
}

fn roles_json(law: &Law, a: usize, b: usize, role: &str) -> Value {
    let [only_a, only_b] = apart(law, a, b, role);
    let ids = |facts: &BTreeSet<FactIx>| facts.iter().map(|f| law.vocabulary.get(*f).id.clone()).collect::<Vec<_>>();
    json!({ "role": role, "only_a": ids(&only_a), "only_b": ids(&only_b) })
}

fn drift(args: &Args, logic: &Logic<'_>, from: usize) -> Result<(), Failure> {
    let law = logic.law;
    let family = &law.norms[from].family;
    let others: Vec<usize> =
        (0..law.norms.len()).filter(|&n| n != from && (args.all || law.norms[n].family == *family)).collect();
    let readings = if args.open.is_some() { args.readings(true) } else { OpenReading::ALL.to_vec() };
    let mut relations: Vec<Vec<Relation>> = Vec::new();
    for &reading in &readings {
        let definitions = Definitions::new(logic, reading, args.interpretation).map_err(|e| refused(&e))?;
        let column = others.iter().map(|&n| definitions.relation(n, from)).collect::<Result<_, _>>();
        relations.push(column.map_err(|e| refused(&e))?);
    }
    if args.json {
        let list: Vec<Value> = others
            .iter()
            .enumerate()
            .map(|(i, &n)| {
                let by_reading: serde_json::Map<String, Value> = readings
                    .iter()
                    .zip(&relations)
                    .map(|(r, column)| (r.name().to_owned(), json!(column[i].name())))
                    .collect();
                json!({ "norm": law.norms[n].id, "relation": by_reading,
                    "roles": ROLES.iter().map(|r| roles_json(law, from, n, r)).collect::<Vec<_>>() })
            })
            .collect();
        output::json(&json!({ "from": law.norms[from].id, "drift": list, "disclaimer": words::DISCLAIMER }));
        return Ok(());
    }
    let mut columns = vec!["norm".to_owned()];
    columns.extend(readings.iter().map(|r| r.name().to_owned()));
    columns.extend(DRIFT.iter().flat_map(|role| [format!("{role}_added"), format!("{role}_dropped")]));
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    let title = format!("Drift from {}: what {} other definitions let in", law.norms[from].short, others.len());
    let mut table = Table::new("drift", title, &names);
    for (i, &n) in others.iter().enumerate() {
        let mut row = vec![Cell::text(&law.norms[n].short)];
        row.extend(relations.iter().map(|column| Cell::text(column[i].name())));
        for role in DRIFT {
            let [dropped, added] = apart(law, from, n, role);
            row.extend([Cell::Count(added.len() as u64), Cell::Count(dropped.len() as u64)]);
        }
        table.push(row);
    }
    table.notes.push(format!("implies: whatever it holds, {} holds; is-implied: the reverse. Added and dropped count entries of the lists of acts, means and purposes.", law.norms[from].short));
    table.notes.push(words::DISCLAIMER.to_owned());
    output::table(&table, usize::MAX);
    output::talk("next: nomoscope law compare NORM NORM shows with which facts two of them part");
    Ok(())
}

/// The lists of which additions and losses are counted.
const DRIFT: &[&str] = &["act", "means", "purpose"];

fn pairs(args: &Args, logic: &Logic<'_>) -> Result<(), Failure> {
    let law = logic.law;
    let all: Vec<usize> = (0..law.norms.len()).collect();
    let reading = args.readings(true).first().copied().unwrap_or_default();
    let definitions = Definitions::new(logic, reading, args.interpretation).map_err(|e| refused(&e))?;
    let pairs = definitions.pairs(&all).map_err(|e| refused(&e))?;
    if args.json {
        let list: Vec<Value> = pairs
            .iter()
            .map(|(a, b, r)| json!({ "a": law.norms[*a].id, "b": law.norms[*b].id, "relation": r.name() }))
            .collect();
        output::json(&json!({ "open": reading.name(), "interpretation": args.interpretation, "pairs": list,
            "disclaimer": words::DISCLAIMER }));
        return Ok(());
    }
    let told: Vec<_> = pairs.iter().filter(|(_, _, r)| *r != Relation::Incomparable).collect();
    let title =
        format!("{} of {} pairs are comparable with open lists {}", told.len(), pairs.len(), reading_words(reading));
    let mut table = Table::new("pairs", title, &["norm", "relation", "norm_2"]);
    for (a, b, r) in told {
        let (a, b, r) = if *r == Relation::IsImplied { (b, a, Relation::Implies) } else { (a, b, *r) };
        table.push(vec![Cell::text(&law.norms[*a].id), Cell::text(r.name()), Cell::text(&law.norms[*b].id)]);
    }
    output::table(&table, usize::MAX);
    output::talk("next: nomoscope law overlap --out DIR draws them");
    Ok(())
}
