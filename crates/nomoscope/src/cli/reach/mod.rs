//! `reach`: how many a norm reaches, in numbers of persons and of states.

mod estimate;

use super::Failure;

/// How many does the norm reach, and how many not?
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  nomoscope reach estimate lists.csv")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Estimate(estimate::Args),
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    match &args.command {
        Command::Estimate(args) => estimate::run(args),
    }
}
