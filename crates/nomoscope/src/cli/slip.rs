//! `slip`: labels used for one another.

use super::Failure;
use super::options::{Small, StudyArgs, level, levels, run_record, tell_interviewers, watched};
use super::output;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::slip::question::Question;
use nomoscope_figure::View;
use std::path::PathBuf;

/// Tell whether norm labels are used for one another, listed together, or kept apart
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A speaker is whoever speaks a turn of a transcript; of a source without turns, the source. Where one actor has several sources, name the attribute that says whose they are with --actor.\n\nExamples:\n  nomoscope slip interviews\n  nomoscope slip my-study --labels human-trafficking,modern-slavery,forced-labour --actor institution\n  nomoscope slip my-study --actor institution --by region --json > slip.json"
)]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyArgs,
    /// The labels, with commas between [default: all norm labels of the codebook]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    labels: Option<Vec<String>>,
    /// Also apart for each value of this attribute of the sources
    #[arg(long, value_name = "ATTR")]
    by: Option<String>,
    /// Attribute that says whose a source is: sources of one actor have one speaker; by default the study's
    // Its name in earlier versions still does.
    #[arg(long, alias = "speaker", value_name = "ATTR")]
    actor: Option<String>,
    /// What stands around a label: the unit; by default the study's window, or else paragraph
    #[arg(long, value_name = "LEVEL", value_parser = levels())]
    window: Option<String>,
    /// Random orders for each test [default: enough for p ≤ 0.05 / (2 × pairs tested)]
    #[arg(long, value_name = "N")]
    permutations: Option<usize>,
    /// Bootstrap draws for the similarity of contexts (0 for none)
    #[arg(long, value_name = "N", default_value_t = Question::default().bootstrap)]
    bootstrap: usize,
    /// Seed of everything that is drawn at random
    #[arg(long, value_name = "N", default_value_t = Question::default().seed)]
    seed: u64,
    /// How many pairs to print, and passages of each pair in JSON [default: 20 and 10]
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

/// Pairs where nobody said how many.
const ROWS: usize = 20;

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let opened = args.study.open()?;
    let question = args.question();
    let answer = question.ask(&opened.material, &watched(&opened.material))?;
    if let Some(out) = &args.out {
        let drawn = answer.figures(View::default());
        super::report::write_beside(out, &drawn, &answer.tables(), args.small.of(&opened))?;
        if drawn.is_empty() {
            output::talk("note: no figure, for the data tell nothing of any pair");
        }
    }
    if args.json {
        output::json(&answer.json(args.top, run_record(&opened, &question, &args.study.selection)));
        return Ok(());
    }
    tell_interviewers(&opened)?;
    output::lead(&answer.lead());
    let top = args.top.unwrap_or(ROWS);
    for table in answer.tables() {
        output::table(&table, top);
    }
    for caution in answer.cautions() {
        output::talk(&format!("caution: {caution}"));
    }
    if answer.sources_are_speakers() {
        output::talk("hint: --actor ATTR joins the sources of one actor");
    }
    let study = output::typed(&args.study.study);
    output::talk(&format!(
        "next: nomoscope slip {study} --json has the passages of every pair, and each speaker's order"
    ));
    Ok(())
}

impl Args {
    fn question(&self) -> Question {
        Question {
            labels: self.labels.clone(),
            actor: self.actor.clone(),
            by: self.by.clone(),
            window: self.window.as_deref().and_then(level),
            permutations: self.permutations,
            bootstrap: self.bootstrap,
            seed: self.seed,
        }
    }
}
