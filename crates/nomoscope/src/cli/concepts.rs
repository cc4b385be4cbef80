//! `concepts`: how often each concept occurs, where, since when.

use super::Failure;
use super::options::{StudyArgs, run_record, tell_interviewers, watched};
use super::output;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::concepts::question::Question;

/// Count the concepts: how often, in how many units and sources, since when
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  nomoscope concepts my-study\n  nomoscope concepts my-study --by category --json")]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyArgs,
    /// Count by this attribute of the sources
    #[arg(long, value_name = "ATTR")]
    by: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let opened = args.study.open()?;
    let question = Question { by: args.by.clone() };
    let answer = question.ask(&opened.material, &watched(&opened.material))?;
    if args.json {
        output::json(&answer.json(None, run_record(&opened, &question, &args.study.selection)));
        return Ok(());
    }
    for table in answer.tables() {
        output::table(&table, usize::MAX);
    }
    tell_interviewers(&opened)?;
    for caution in answer.cautions() {
        output::talk(&format!("caution: {caution}"));
    }
    let study = output::typed(&args.study.study);
    output::talk(&if answer.corpus.sources.is_empty() {
        format!("next: nomoscope add {study} FILE… adds texts")
    } else if answer.corpus.coded.iter().all(|coded| coded.codings.is_empty()) {
        format!("next: nomoscope codebook check {study} lists the patterns that never match")
    } else {
        format!("next: nomoscope map {study}")
    });
    Ok(())
}
