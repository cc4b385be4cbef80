//! `law burden`: what has to be proved.

use super::super::Failure;
use super::super::options::law_record;
use super::super::output;
use super::{LawArgs, refused};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::law::pages::burden_in_a_sentence;
use nomoscope_engine::law::question::Burden;

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

/// So many norms are told one by one.
const TOLD: usize = 3;

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let question = Burden { norms: args.norms.clone() };
    let library = args.law.open()?;
    let answer = question.ask(&library, &Handle::default()).map_err(refused)?;
    if args.json {
        output::json(&answer.json(None, law_record(&question, &library)));
        return Ok(());
    }
    if answer.burdens.len() <= TOLD {
        output::prose(&answer.lead());
    } else {
        output::prose(&burden_in_a_sentence(&answer));
    }
    answer.tables().iter().for_each(|table| output::table(table, usize::MAX));
    output::talk("next: nomoscope law fallback --norm NORM --without ELEMENT shows what is left when one fails");
    Ok(())
}
