//! `terms`: words and phrases, what sets groups apart, what stands near a concept.

use super::Failure;
use super::options::{Small, StudyArgs, run_record, watched};
use super::output;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::terms::question::Question;
use std::path::PathBuf;

/// Count words and phrases: the frequent ones, what sets groups of sources apart, what stands near a concept
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Words that only join others (the, of) are not listed unless you ask with --stop-words. What sets a group apart is ordered by Dunning's log-likelihood; what stands near a concept, too, with logDice, t and mutual information beside it.\n\nExamples:\n  nomoscope terms my-study\n  nomoscope terms my-study --ngrams 2 --by region\n  nomoscope terms my-study --near child-trafficking --out my-terms"
)]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyArgs,
    /// Tell what sets apart the groups of sources that this attribute makes
    #[arg(long, value_name = "ATTR")]
    by: Option<String>,
    /// Count phrases of so many words instead of words
    #[arg(long, value_name = "N", default_value_t = Question::default().ngrams)]
    ngrams: usize,
    /// Tell which words stand near this concept
    #[arg(long, value_name = "CONCEPT")]
    near: Option<String>,
    /// How many words before and after the concept are near
    #[arg(long, value_name = "N", default_value_t = Question::default().width)]
    width: usize,
    /// How often a word must occur to be compared
    #[arg(long, value_name = "N", default_value_t = Question::default().least)]
    least: u64,
    /// List words that only join others, too
    #[arg(long)]
    stop_words: bool,
    /// How many rows to print of each table, and entries of each list in JSON [default: 20 and 1000]
    #[arg(long, value_name = "N")]
    top: Option<usize>,
    /// Write figures and tables into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    small: Small,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Rows where nobody said how many.
const ROWS: usize = 20;

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let opened = args.study.open()?;
    let question = args.question();
    let answer = question.ask(&opened.material, &watched(&opened.material))?;
    if let Some(out) = &args.out {
        super::report::write_beside(
            out,
            &answer.figures(nomoscope_figure::View::default()),
            &answer.tables(),
            args.small.of(&opened),
        )?;
    }
    if args.json {
        output::json(&answer.json(args.top, run_record(&opened, &question, &args.study.selection)));
        return Ok(());
    }
    output::lead(&answer.lead());
    for table in answer.tables() {
        output::table(&table, args.top.unwrap_or(ROWS));
    }
    for caution in answer.cautions() {
        output::talk(&format!("caution: {caution}"));
    }
    if answer.unheard.is_some() {
        output::talk("hint: --interviewers reads what interviewers say, too");
    }
    let study = output::typed(&args.study.study);
    output::talk(&format!("next: nomoscope kwic {study} WORD shows a word in its places"));
    Ok(())
}

impl Args {
    fn question(&self) -> Question {
        Question {
            by: self.by.clone(),
            ngrams: self.ngrams,
            near: self.near.clone(),
            width: self.width,
            least: self.least,
            stop_words: self.stop_words,
        }
    }
}
