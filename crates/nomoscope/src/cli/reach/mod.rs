//! `reach`: how many people a norm reaches, how many it does not, and how many states took it up.

mod adoption;
mod attrition;
mod estimate;

use super::Failure;

/// How many people and states a norm reaches
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope reach attrition --mixed\n  nomoscope reach estimate lists.csv\n  nomoscope reach adoption palermo.csv --criminalised laws.csv"
)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Attrition(attrition::Args),
    Estimate(estimate::Args),
    Adoption(adoption::Args),
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    match &args.command {
        Command::Attrition(args) => attrition::run(args),
        Command::Estimate(args) => estimate::run(args),
        Command::Adoption(args) => adoption::run(args),
    }
}
