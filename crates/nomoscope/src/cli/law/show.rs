//! `law show`: one definition, to be read.

use super::super::Failure;
use super::super::options::law_record;
use super::super::output;
use super::{LawArgs, refused};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::law::question::Show;
use nomoscope_engine::law::words::DISCLAIMER;

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
    let question = Show { norms: args.norms.clone() };
    let library = args.law.open()?;
    let answer = question.ask(&library, &Handle::default()).map_err(refused)?;
    if args.json {
        output::json(&answer.json(None, law_record(&question, &library)));
        return Ok(());
    }
    output::prose(&format!("{}\n{DISCLAIMER}\n", answer.lead()));
    output::talk("next: nomoscope law compare NORM NORM, or nomoscope test CASE.toml");
    Ok(())
}
