//! `merge`: another study into this one.

use super::{Failure, output};
use nomoscope_desk::{Act, Desk, stamp};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Join another study to this one, such as that of a second coder
///
/// What both have is one thing; what either has alone is kept: sources, codings with their coder, status and memo, concepts, cases,
/// variables, memos, facts and lists. Nothing is taken out. Where both decided differently about one coding, it is turned down if
/// either turned it down, and both notes are kept. Where a concept or a file differs, it stays as it is here and is told.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope merge my-study.nomo ben.nomo\n  nomoscope merge my-study ../copy-of-ben --coder me=ben"
)]
pub(super) struct Args {
    /// A study folder or a .nomo file: it takes the other one in
    study: PathBuf,
    /// The other study, which stays as it is
    other: PathBuf,
    /// Another name for a coder of the other study, where two people worked under one name (repeat for more)
    #[arg(long = "coder", value_name = "OLD=NEW")]
    coders: Vec<String>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let act = Act::Merge { other: args.other.clone(), coders: names(&args.coders)? };
    let done = Desk::open(&args.study)?.apply(&act, &stamp::coder())?;
    if let Some(recovery) = &done.recovery {
        output::talk(&format!("note: {recovery}"));
    }
    super::words::notes(&done.notes);
    let tally = done.joined.unwrap_or_default();
    let study = output::typed(&args.study);
    if args.json {
        output::json(&serde_json::json!({ "changed": done.event.is_some(), "joined": tally }));
    } else {
        tally.words().iter().for_each(|line| output::data(line));
    }
    match done.event {
        Some(_) => output::talk(&format!("nomoscope undo {study} takes it back")),
        None => output::talk("note: the study has all of it already; nothing changed"),
    }
    output::talk(&format!("next: nomoscope agree {study} compares the coders"));
    Ok(())
}

fn names(given: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    let name = |given: &String| match given.split_once('=') {
        Some((old, new)) if !old.trim().is_empty() && !new.trim().is_empty() => {
            Ok((old.trim().to_owned(), new.trim().to_owned()))
        }
        _ => Err(Failure::Bad(format!("--coder {given}: is no pair of names\n  hint: write OLD=NEW"))),
    };
    given.iter().map(name).collect()
}
