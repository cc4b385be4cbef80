//! `law`: definitions, one by one and against each other.

mod burden;
mod check;
mod compare;
mod fallback;
mod library;
mod list;
mod overlap;
mod show;

use super::Failure;
use clap::Subcommand;

pub(super) use library::{LawArgs, ReadingArgs, law_files};
use library::{Open, refused};

/// Look at definitions of law, compare them, and find what remains when one fails
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope law list --family trafficking\n  nomoscope law compare un.palermo.3 fr.cp.225-4-1\n  nomoscope law fallback --norm un.palermo.3 --without means\n\nNot legal advice."
)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::Args),
    Show(show::Args),
    Facts(list::FactsArgs),
    Check(check::Args),
    Compare(compare::Args),
    Overlap(overlap::Args),
    Burden(burden::Args),
    Fallback(fallback::Args),
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    match &args.command {
        Command::List(args) => list::run(args),
        Command::Show(args) => show::run(args),
        Command::Facts(args) => list::run_facts(args),
        Command::Check(args) => check::run(args),
        Command::Compare(args) => compare::run(args),
        Command::Overlap(args) => overlap::run(args),
        Command::Burden(args) => burden::run(args),
        Command::Fallback(args) => fallback::run(args),
    }
}
