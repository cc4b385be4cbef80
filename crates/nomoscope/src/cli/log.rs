//! `log`, `undo` and `redo`: what was done to a study, taking it back, and doing it again.

use super::{Failure, output};
use nomoscope_core::date::PartialDate;
use nomoscope_core::study::Event;
use nomoscope_core::table::{Cell, Table};
use nomoscope_desk::log::Wanted;
use nomoscope_desk::{Act, Desk, stamp};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// List what was done to a study, and by whom
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope log my-study\n  nomoscope log my-study.nomo --coder ana --since 2026-11\n  nomoscope log my-study --words import --last 5"
)]
pub(super) struct LogArgs {
    /// A study folder or a .nomo file
    study: PathBuf,
    /// Only what this coder did
    #[arg(long, value_name = "NAME")]
    coder: Option<String>,
    /// Only changes that these words stand in, such as the name of a command or of a file
    #[arg(long, value_name = "WORDS", default_value = "", hide_default_value = true)]
    words: String,
    /// Only from this day, month or year on (UTC)
    #[arg(long, value_name = "DATE")]
    since: Option<PartialDate>,
    /// Only until this day, month or year, all of it (UTC)
    #[arg(long, value_name = "DATE")]
    until: Option<PartialDate>,
    /// Only the last N of these
    #[arg(long, value_name = "N")]
    last: Option<usize>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Take back your last change to a study
///
/// What others changed since stays, as long as it does without yours; otherwise it is told which change needs it, and nothing is
/// done. In a folder, what was changed by hand or by git since is listed and stays as it is.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope undo my-study\n  nomoscope undo my-study.nomo\n  nomoscope undo my-study --coder ben"
)]
pub(super) struct UndoArgs {
    /// A study folder or a .nomo file
    study: PathBuf,
    /// The last change of this coder, in place of your own
    #[arg(long, value_name = "NAME")]
    coder: Option<String>,
}

/// Do again what you took back last
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  nomoscope redo my-study\n  nomoscope redo my-study.nomo")]
pub(super) struct RedoArgs {
    /// A study folder or a .nomo file
    study: PathBuf,
}

pub(super) fn run_log(args: &LogArgs) -> Result<(), Failure> {
    let (coder, words) = (args.coder.clone(), args.words.clone());
    let wanted = Wanted { coder, words, since: args.since, until: args.until };
    let mut events = Desk::open(&args.study)?.log()?;
    let n_all = events.len();
    events.retain(|event| wanted.has(event));
    events.drain(..events.len().saturating_sub(args.last.unwrap_or(usize::MAX)));
    let n = events.len();
    if args.json {
        let row = |e: Event| json!({ "id": e.id, "time": e.time, "coder": e.coder, "command": e.command });
        let changes: Vec<Value> = events.into_iter().map(row).collect();
        output::data(&format!("{:#}", json!({ "of": n_all, "changes": changes })));
        return Ok(());
    }
    let mut table = Table::new("log", "Changes, oldest first", &["time", "coder", "command"]);
    for event in events {
        table.push(vec![Cell::text(event.time), Cell::text(event.coder), Cell::text(event.command)]);
    }
    output::table(&table, usize::MAX);
    if n < n_all {
        output::talk(&format!("{n} of {n_all} changes are shown"));
    }
    output::talk(&format!("next: nomoscope undo {} takes your last change back", output::typed(&args.study)));
    Ok(())
}

pub(super) fn run_undo(args: &UndoArgs) -> Result<(), Failure> {
    let act = args.coder.clone().map_or(Act::Undo, |coder| Act::UndoOf { coder });
    go(&args.study, &act, "took back")?;
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
    super::words::notes(&done.notes);
    for problem in &done.left {
        output::talk(&format!("note: left as it is: {problem}"));
    }
    output::data(&format!("{did}: {}", done.undone.unwrap_or_default()));
    Ok(())
}
