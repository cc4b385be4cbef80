//! `codebook suggest`: words near a concept that it misses.

use crate::cli::options::{StudyArgs, run_record, watched};
use crate::cli::{Failure, output};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::suggest::question::Question;

/// Suggest words that a concept may miss: those like its own, and those near it that no concept has
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Suggestions are counted, not judged: read the example before you add a pattern.\n\nExample:\n  nomoscope codebook suggest my-study child-trafficking"
)]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyArgs,
    /// The id of the concept
    concept: String,
    /// How often a word must stand where the concept does not code it
    #[arg(long, value_name = "N", default_value_t = Question::default().least)]
    least: u64,
    /// How many words of each kind to print [default: 15; all in JSON]
    #[arg(long, value_name = "N")]
    top: Option<usize>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Words of each kind where nobody said how many.
const ROWS: usize = 15;

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let opened = args.study.open()?;
    let question = Question { concept: args.concept.clone(), least: args.least };
    let answer = question.ask(&opened.material, &watched(&opened.material))?;
    if args.json {
        output::json(&answer.json(args.top, run_record(&opened, &question, &args.study.selection)));
        return Ok(());
    }
    output::lead(&answer.lead());
    for table in answer.tables() {
        output::table(&table, args.top.unwrap_or(ROWS));
    }
    let study = output::typed(&args.study.study);
    output::talk(&format!("next: nomoscope codebook add {study} {} --pattern PATTERN", args.concept));
    Ok(())
}
