//! `code`: the lexicon's codings, stored.

use super::{Failure, output};
use nomoscope_desk::{Act, Desk, stamp};
use nomoscope_engine::reading::LEXICON;
use std::path::PathBuf;

/// Code all sources with the lexicon and store the codings
///
/// Analyses need no stored codings: they apply the codebook in memory. Store them to export or to correct them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  nomoscope code my-study.nomo\n  nomoscope code my-study --coder lexicon")]
pub(super) struct Args {
    /// A study folder or a .nomo file
    study: PathBuf,
    /// Code with this codebook instead of the study's own
    #[arg(long, value_name = "FILE")]
    codebook: Option<PathBuf>,
    /// Name under which the codings are stored
    #[arg(long, value_name = "NAME", default_value = LEXICON)]
    coder: String,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if args.coder.trim().is_empty() {
        return Err(Failure::Bad("--coder: the name is empty".to_owned()));
    }
    let path = &args.study;
    let act = Act::Code { coder: args.coder.clone(), codebook: args.codebook.clone() };
    let done = Desk::open(path)?.apply(&act, &stamp::coder())?;
    super::words::notes(&done.notes);
    // What changed nothing is in no log: to undo it would undo something else.
    let nothing = done.n == 0;
    let no_texts = nothing && nomoscope_desk::load::study(path)?.study.sources.is_empty();
    output::talk(&match done.event {
        None if no_texts => "note: the study has no texts yet; nothing changed".to_owned(),
        None if nothing => "note: the codebook finds nothing in these texts; nothing changed".to_owned(),
        Some(_) => format!("nomoscope undo {} takes it back", output::typed(path)),
        None => "note: they were stored already; nothing changed".to_owned(),
    });
    output::data(&format!("{} codings by {} stored in {}", done.n, args.coder, path.display()));
    let study = output::typed(path);
    output::talk(&if no_texts {
        format!("next: nomoscope add {study} FILE… adds texts")
    } else if nothing {
        format!(
            "next: nomoscope codebook check {study} lists the patterns that never match; nomoscope terms {study} the words of the texts"
        )
    } else {
        format!("next: nomoscope map {study}")
    });
    Ok(())
}
