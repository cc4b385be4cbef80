//! `forget`: true erasure.

use super::{Failure, output};
use nomoscope_desk::study::Rewritten;
use nomoscope_desk::{Act, Desk, stamp};
use nomoscope_engine::words::counted;
use std::path::PathBuf;

/// Erase a source, or a person's name, from a study and from its past
///
/// A source goes with its text, its codings, and the notes on it. A name, or any other words, are replaced by `[erased]` wherever
/// they stand, in small letters or capitals: in texts, notes, rows, names of cases and files. The study is written anew: nothing
/// of what was erased is in it afterwards, nor in its log. The log keeps who did something and when, and that something was
/// erased. It cannot be undone, and what was done before cannot be, either.
///
/// Copies, exports and reports that were made before are as they were, and a disk may keep what no file has any more.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope forget my-study.nomo sources/interview-7.docx --yes\n  nomoscope forget my-study \"Amina Diallo\" --yes"
)]
pub(super) struct Args {
    /// A study folder or a .nomo file
    study: PathBuf,
    /// A file of the study, or words
    what: String,
    /// Erase it: without this, nothing is done
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if !args.yes {
        let hint = "say --yes to erase; make a copy first if you are not sure";
        return Err(Failure::Bad(format!("what is erased cannot be brought back\n  hint: {hint}")));
    }
    let act = Act::Forget { what: args.what.trim().to_owned() };
    let done = Desk::open(&args.study)?.apply(&act, &stamp::coder())?;
    super::words::notes(&done.notes);
    let Rewritten { sources, codings, places, notes } = done.rewritten.unwrap_or_default();
    super::words::notes(&notes);
    let sources = counted(sources, "source", "sources");
    if places > 0 {
        output::data(&format!("erased at {} in {sources}", counted(places, "place", "places")));
    } else {
        output::data(&format!("erased {sources}, {}", counted(codings, "coding", "codings")));
    }
    output::talk("note: the log tells that something was erased, not what; earlier changes cannot be undone any more");
    output::talk("note: copies, exports, reports and versions in git are as they were");
    Ok(())
}
