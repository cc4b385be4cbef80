//! `log` and `undo`: what was done to a study file, and taking it back.

use super::{Failure, output};
use nomoscope_core::table::{Cell, Table};
use nomoscope_desk::stamp;
use nomoscope_store::{Stamp, Store};
use std::path::PathBuf;

/// List what was done to a study file, and by whom
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  nomoscope log my-study.nomo")]
pub(super) struct LogArgs {
    /// A .nomo file
    study: PathBuf,
}

/// Take back the last change to a study file
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  nomoscope undo my-study.nomo")]
pub(super) struct UndoArgs {
    /// A .nomo file
    study: PathBuf,
}

fn no_folder(study: &std::path::Path, what: &str) -> Result<(), Failure> {
    if study.is_dir() {
        return Err(Failure::Bad(format!(
            "{}: a study folder has no {what}; git keeps its history\n  hint: `nomoscope new NAME.nomo --from {}` makes a study file",
            study.display(),
            study.display()
        )));
    }
    Ok(())
}

pub(super) fn run_log(args: &LogArgs) -> Result<(), Failure> {
    no_folder(&args.study, "log")?;
    let mut table = Table::new("log", "Changes, oldest first", &["time", "coder", "command"]);
    for event in Store::open_read_only(&args.study)?.log()? {
        table.push(vec![Cell::text(event.time), Cell::text(event.coder), Cell::text(event.command)]);
    }
    output::table(&table, usize::MAX);
    output::talk(&format!("next: nomoscope undo {} takes the last change back", output::typed(&args.study)));
    Ok(())
}

pub(super) fn run_undo(args: &UndoArgs) -> Result<(), Failure> {
    no_folder(&args.study, "log to undo from")?;
    let mut store = Store::open(&args.study)?;
    let time = nomoscope_desk::clock::timestamp();
    let (coder, command) = (stamp::coder(), stamp::command(&["undo", &args.study.display().to_string()]));
    let mut new_id = stamp::uuid;
    let mut stamp = Stamp { coder: &coder, time: &time, command: &command, new_id: &mut new_id };
    let change = store.undo(&mut stamp)?;
    output::data(&format!("took back: {}", change.undone.unwrap_or_default()));
    output::talk(&format!("next: nomoscope log {}", output::typed(&args.study)));
    Ok(())
}
