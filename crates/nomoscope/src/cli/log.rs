//! `log`, `undo` and `redo`: what was done to a study, taking it back, and doing it again.

use super::{Failure, output};
use nomoscope_core::table::{Cell, Table};
use nomoscope_desk::{Act, Desk, stamp};
use std::path::{Path, PathBuf};

/// List what was done to a study, and by whom
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  nomoscope log my-study\n  nomoscope log my-study.nomo")]
pub(super) struct LogArgs {
    /// A study folder or a .nomo file
    study: PathBuf,
}

/// Take back the last change to a study
///
/// In a folder, what was changed by hand or by git since is listed and stays as it is.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  nomoscope undo my-study\n  nomoscope undo my-study.nomo")]
pub(super) struct UndoArgs {
    /// A study folder or a .nomo file
    study: PathBuf,
}

/// Do again what was taken back last
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  nomoscope redo my-study\n  nomoscope redo my-study.nomo")]
pub(super) struct RedoArgs {
    /// A study folder or a .nomo file
    study: PathBuf,
}

pub(super) fn run_log(args: &LogArgs) -> Result<(), Failure> {
    let mut table = Table::new("log", "Changes, oldest first", &["time", "coder", "command"]);
    for event in Desk::open(&args.study)?.log()? {
        table.push(vec![Cell::text(event.time), Cell::text(event.coder), Cell::text(event.command)]);
    }
    output::table(&table, usize::MAX);
    output::talk(&format!("next: nomoscope undo {} takes the last change back", output::typed(&args.study)));
    Ok(())
}

pub(super) fn run_undo(args: &UndoArgs) -> Result<(), Failure> {
    go(&args.study, &Act::Undo, "took back")?;
    output::talk(&format!("nomoscope redo {} does it again", output::typed(&args.study)));
    output::talk(&format!("next: nomoscope log {}", output::typed(&args.study)));
    Ok(())
}

pub(super) fn run_redo(args: &RedoArgs) -> Result<(), Failure> {
    go(&args.study, &Act::Redo, "did again")?;
    output::talk(&format!("next: nomoscope log {}", output::typed(&args.study)));
    Ok(())
}

fn go(study: &Path, act: &Act, did: &str) -> Result<(), Failure> {
    let done = Desk::open(study)?.apply(act, &stamp::coder())?;
    output::notes(&done.notes);
    for problem in &done.left {
        output::talk(&format!("note: left as it is: {problem}"));
    }
    output::data(&format!("{did}: {}", done.undone.unwrap_or_default()));
    Ok(())
}
