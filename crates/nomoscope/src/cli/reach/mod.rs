//! `reach`: how many people a norm reaches, how many it does not, and how many states took it up.

mod adoption;
mod attrition;
mod estimate;

use super::Failure;
use crate::study::Problems;
use nomoscope_formats::grid::{self, Grid};
use nomoscope_formats::{Input, Limits};
use std::path::Path;

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

/// Reads a table of any kind.
fn table(file: &Path) -> Result<Grid, Failure> {
    let bytes = super::read(file)?;
    let name = file.display().to_string();
    let grid = grid::read(&Input { name: &name, bytes: &bytes }, &Limits::default())?;
    grid.notes.iter().for_each(|note| crate::cli::output::talk(&format!("note: {name}: {note}")));
    Ok(grid)
}

/// Adds the problems of one file to those of the others, so that all are told at once.
fn collect<T>(result: Result<T, Failure>, problems: &mut Vec<String>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(Failure::Bad(message) | Failure::Refused(message)) => {
            problems.push(message);
            None
        }
    }
}

/// Returns all messages as one failure, or the value.
fn all<T>(problems: &[String], value: T) -> Result<T, Failure> {
    if problems.is_empty() { Ok(value) } else { Err(Failure::Bad(problems.join("\n"))) }
}

/// Returns a problem of the command line.
fn wrong(flag: &str, reason: impl Into<nomoscope_core::problem::Words>, hint: &str) -> Failure {
    Failure::from(Problems::from(crate::study::Problem::new(flag, reason).hint(hint)))
}
