//! `doctor`: whether a study is sound.

use super::words::slot;
use super::{Failure, output};
use nomoscope_desk::doctor::examine;
use nomoscope_engine::words::counted;
use std::path::PathBuf;

/// Look a study over: is it sound, and what is wrong with it?
///
/// Reads all of it, checks every byte of a study file against its hash, and whether codings fit their texts and their codebook. A
/// change that was interrupted is completed or taken back; nothing that people made is touched.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope doctor my-study\n  nomoscope doctor my-study.nomo\n\nExit codes: 0 sound, 1 something is wrong, 2 no study."
)]
pub(super) struct Args {
    /// A study folder or a .nomo file
    study: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let found = examine(&args.study)?;
    found.repaired.iter().for_each(|problem| output::talk(&format!("repaired: {}", problem.phrased(&slot))));
    super::words::notes(&found.notes);
    let read = format!(
        "{}, {}, {} in the log",
        counted(found.sources, "source", "sources"),
        counted(found.codings, "stored coding", "stored codings"),
        counted(found.changes, "change", "changes"),
    );
    if found.is_sound() {
        output::data(&format!("sound: {read}"));
        return Ok(());
    }
    let n = counted(found.problems.len(), "thing is wrong", "things are wrong");
    Err(Failure::Refused(format!("{n} ({read} could be read)\n{}", found.problems.phrased(&slot))))
}
