//! `law burden`: what has to be proved.

use super::super::Failure;
use super::super::output;
use super::compare::{refused, witness};
use super::{LawArgs, norms};
use nomoscope_core::law::burden::{Burden, burden};
use nomoscope_core::law::compare::Definitions;
use nomoscope_core::law::logic::{Logic, OpenReading};
use nomoscope_engine::law::json as json_law;
use nomoscope_engine::law::{tables, words};
use rayon::prelude::*;
use serde_json::json;

/// Count what has to be proved: conjuncts of each limb, smallest sufficient set, indispensable facts
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  nomoscope law burden\n  nomoscope law burden un.palermo.3 uk.msa.2 --json")]
pub(super) struct Args {
    /// Norms by id (default: all); a prefix such as `fr` stands for all norms below it
    #[arg(value_name = "NORM")]
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
    let logic = Logic::new(law);
    let chosen = if args.norms.is_empty() { (0..law.norms.len()).collect() } else { norms(law, &args.norms, "NORM")? };
    let definitions = Definitions::new(&logic, OpenReading::Shared, false).map_err(|e| refused(&e))?;
    let burdens: Vec<Burden> = chosen
        .par_iter()
        .map(|&n| burden(&logic, &definitions, n))
        .collect::<Result<_, _>>()
        .map_err(|e| refused(&e))?;
    if args.json {
        output::json(&json!({
            "norms": burdens.iter().map(|b| json_law::burden(law, b)).collect::<Vec<_>>(),
            "disclaimer": words::DISCLAIMER,
        }));
        return Ok(());
    }
    output::table(&tables::burden(law, &burdens), usize::MAX);
    for b in burdens.iter().filter(|_| chosen.len() <= 3) {
        let least = b.smallest.as_ref().map_or_else(|| "none".to_owned(), |w| witness(law, w));
        let needed: Vec<&str> = b.indispensable.iter().map(|f| law.vocabulary.get(*f).label.as_str()).collect();
        let needed = if needed.is_empty() { "none".to_owned() } else { needed.join(", ") };
        output::data(&format!("{}\n  smallest set: {least}\n  indispensable: {needed}", law.norms[b.norm].short));
    }
    output::talk("next: nomoscope law fallback --norm NORM --without ELEMENT shows what is left when one fails");
    Ok(())
}
