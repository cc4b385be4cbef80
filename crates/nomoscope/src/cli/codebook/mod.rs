//! `codebook`: what is wrong with one, from a table and back, additions, suggestions.

mod add;
mod check;
mod export;
mod new;
mod suggest;

use super::Failure;

/// Work on codebooks
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope codebook check my-study\n  nomoscope codebook new --from codes.xlsx --out codebook.toml\n  nomoscope codebook suggest my-study child-trafficking"
)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Check(check::Args),
    New(new::Args),
    Export(export::Args),
    Add(add::Args),
    Suggest(suggest::Args),
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    match &args.command {
        Command::Check(args) => check::run(args),
        Command::New(args) => new::run(args),
        Command::Export(args) => export::run(args),
        Command::Add(args) => add::run(args),
        Command::Suggest(args) => suggest::run(args),
    }
}
