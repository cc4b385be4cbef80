//! Tables that commands of reach read, and everything that is wrong with them at once.

use crate::cli::{Failure, read};
use nomoscope_desk::study::Problems;
use nomoscope_formats::reach::grid::{self, Grid};
use nomoscope_formats::{Input, Limits};
use std::path::Path;

/// Reads a table of any kind.
pub(super) fn table(file: &Path) -> Result<Grid, Failure> {
    let bytes = read(file)?;
    let name = file.display().to_string();
    Ok(grid::read(&Input { name: &name, bytes: &bytes }, &Limits::default())?)
}

/// Adds the problems of one file to those of the others, so that all are told at once.
pub(super) fn collect<T>(result: Result<T, Failure>, problems: &mut Vec<String>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(Failure::Bad(message) | Failure::Refused(message)) => {
            problems.push(message);
            None
        }
    }
}

/// Returns all messages as one failure, or the value.
pub(super) fn all<T>(problems: &[String], value: T) -> Result<T, Failure> {
    if problems.is_empty() { Ok(value) } else { Err(Failure::Bad(problems.join("\n"))) }
}

/// Returns a problem of the command line.
pub(super) fn wrong(flag: &str, reason: impl Into<String>, hint: &str) -> Failure {
    Failure::from(Problems::from(nomoscope_desk::study::Problem::new(flag, reason).hint(hint)))
}
