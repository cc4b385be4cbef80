//! `describe`: what is said of sources beside their texts.

use super::options::pair;
use super::{Failure, output};
use nomoscope_desk::{Act, Desk, stamp};
use nomoscope_engine::words::counted;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Say something else of sources: their title, kind, date or language, or any attribute
///
/// It is written into their rows of sources.csv; texts and codings stay as they are. Of a table, name the file: what is said holds
/// of all its rows where the table itself does not say it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope describe my-study sources/a.docx --set title=\"Interview 7\" --set date=2024-05\n  nomoscope describe my-study.nomo sources/a.docx sources/b.docx --set kind=interview --set region="
)]
pub(super) struct Args {
    /// A study folder or a .nomo file
    study: PathBuf,
    /// Sources of the study
    #[arg(required = true)]
    sources: Vec<String>,
    /// What is said of each (repeat for more); ATTR= leaves it to the file again, or to the study
    #[arg(long = "set", value_name = "ATTR=VALUE", required = true)]
    set: Vec<String>,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let said = args.set.iter().map(|set| pair(set, "--set")).collect::<Result<BTreeMap<_, _>, _>>()?;
    let act = Act::Describe { sources: args.sources.iter().cloned().collect(), said };
    let done = Desk::open(&args.study)?.apply(&act, &stamp::coder())?;
    super::words::notes(&done.notes);
    if done.event.is_none() {
        output::data("nothing changed: it is said already");
        return Ok(());
    }
    output::data(&format!("{} described", counted(done.n, "source", "sources")));
    output::talk(&format!("nomoscope undo {} takes it back", output::typed(&args.study)));
    Ok(())
}
