//! `law overlap`: what definitions ask for, side by side, and how far each holds what the others hold.

use super::super::Failure;
use super::super::output;
use super::compare::refused;
use super::{LawArgs, Open, norms};
use nomoscope_core::law::Law;
use nomoscope_core::law::compare::Definitions;
use nomoscope_core::law::logic::Logic;
use nomoscope_core::law::template::{overlap, templates};
use nomoscope_engine::law::{figures, tables, words};
use nomoscope_figure::View;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Lay definitions side by side: which acts, means and purposes each lists, and how many ways to meet one another holds
#[derive(Debug, clap::Args)]
#[command(
    after_help = "With --out it draws the matrix of definitions by element and the diagram of implication.\n\nExamples:\n  nomoscope law overlap --family trafficking\n  nomoscope law overlap un.palermo.3 fr.cp.225-4-1 it.cp.601\n  nomoscope law overlap --out overlap/"
)]
pub(super) struct Args {
    /// Norms by id (default: all); a prefix such as `fr` stands for all norms below it
    #[arg(value_name = "NORM")]
    norms: Vec<String>,
    /// Only norms of this family (trafficking, slavery, forced-labour, …)
    #[arg(long, value_name = "NAME")]
    family: Option<String>,
    /// How the open end of a list is read
    #[arg(long, value_enum, default_value_t = Open::Shared)]
    open: Open,
    /// Let facts follow from others by interpretation, too
    #[arg(long)]
    interpretation: bool,
    /// Write figures (SVG, PNG) and tables (CSV) into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    law: LawArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let library = args.law.open()?;
    let law = &library.law;
    let mut chosen =
        if args.norms.is_empty() { (0..law.norms.len()).collect() } else { norms(law, &args.norms, "NORM")? };
    if let Some(family) = &args.family {
        chosen.retain(|&n| law.norms[n].family == *family);
    }
    if chosen.is_empty() {
        let mut families: Vec<&str> = law.norms.iter().map(|n| n.family.as_str()).collect();
        families.sort_unstable();
        families.dedup();
        return Err(Failure::Refused(format!("no norm fits\n  hint: families are {}", families.join(", "))));
    }
    let reading = args.open.reading();
    let overlaps = overlap(law, &chosen, reading, args.interpretation);
    let counts = tables::template_counts(law, &chosen, reading);
    let matrix = tables::overlap(law, &chosen, &overlaps);
    if args.json {
        let rows: Vec<Value> = chosen
            .iter()
            .zip(&overlaps)
            .map(|(&a, row)| {
                let [anybody, children] = templates(&law.norms[a], reading).counts();
                let held: Vec<Value> = chosen
                    .iter()
                    .zip(row)
                    .filter(|(b, o)| **b != a && o.adult + o.child > 0)
                    .map(|(&b, o)| json!({ "norm": law.norms[b].id, "adult": o.adult, "child": o.child }))
                    .collect();
                json!({ "norm": law.norms[a].id, "adult": anybody, "child": children, "held_by": held })
            })
            .collect();
        output::json(&json!({ "open": reading.name(), "norms": rows, "disclaimer": words::DISCLAIMER }));
    } else {
        output::table(&counts, usize::MAX);
        // A terminal is too narrow for the whole matrix: it names the nearest neighbours of each.
        output::data(&neighbours(law, &chosen, &overlaps));
        output::data(words::DISCLAIMER);
    }
    if let Some(out) = &args.out {
        let logic = Logic::new(law);
        let definitions = Definitions::new(&logic, reading, args.interpretation).map_err(|e| refused(&e))?;
        let order = definitions.order(&chosen).map_err(|e| refused(&e))?;
        let view = View::default();
        let drawn = [figures::matrix(law, &chosen, view), figures::implication(law, &order, reading, view)];
        super::super::report::write_beside(out, &drawn, &[counts, matrix])?;
    }
    output::talk("next: nomoscope law compare NORM NORM shows with which facts two of them part");
    Ok(())
}

fn neighbours(law: &Law, chosen: &[usize], overlaps: &[Vec<nomoscope_core::law::template::Overlap>]) -> String {
    const SHOWN: usize = 3;
    let mut out = "Who holds most of the ways to meet a definition, too\n".to_owned();
    for (&a, row) in chosen.iter().zip(overlaps) {
        let mut near: Vec<(u64, u64, usize)> = chosen
            .iter()
            .zip(row)
            .filter(|(b, o)| **b != a && o.adult + o.child > 0)
            .map(|(&b, o)| (o.adult + o.child, o.adult_of + o.child_of, b))
            .collect();
        near.sort_by_key(|(held, _, b)| (std::cmp::Reverse(*held), *b));
        let words: Vec<String> =
            near.iter().take(SHOWN).map(|(held, of, b)| format!("{} {held} of {of}", law.norms[*b].short)).collect();
        let words = if words.is_empty() { "none".to_owned() } else { words.join("; ") };
        out.push_str(&format!("  {}: {words}\n", law.norms[a].short));
    }
    out
}
