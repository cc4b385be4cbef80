//! `trend`: the cluster in time.

use super::Failure;
use super::options::{Small, StudyOrCounts, level, levels, print_counted, run_record, tell_interviewers, watched};
use super::output;
use clap::builder::PossibleValuesParser;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::counted::question as counted;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::trend::question::Question;
use nomoscope_engine::trend::tables;
use nomoscope_figure::{View, networks};
use nomoscope_stats::kernel::Kernel;
use std::path::PathBuf;

/// Follow the cluster through time: snapshots, what came and went, drift, and who said what first
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Without --every, --periods or --width, time is divided as study.toml says (`periods`), or else by decades.\n\nExamples:\n  nomoscope trend my-study --every 10y\n  nomoscope trend my-study --periods 1945-1969,1970-1999,2000- --json > trend.json\n  nomoscope trend my-study --kernel epanechnikov --width 10y --step 1y\n  nomoscope trend my-study --every 5y --actor state"
)]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyOrCounts,
    /// Divide time into periods of this length (10y, 6m), decades beginning with a nought
    #[arg(long, value_name = "LENGTH", conflicts_with_all = ["periods", "kernel", "width", "step"])]
    every: Option<String>,
    /// Divide time into these periods, both years included (1945-1969,1970-)
    #[arg(long, value_name = "LIST", value_delimiter = ',', conflicts_with_all = ["kernel", "width", "step"])]
    periods: Option<Vec<String>>,
    /// Slide a window of this shape over time [default: uniform, if there is a --width]
    #[arg(long, value_name = "KERNEL", value_parser = kernels())]
    kernel: Option<String>,
    /// Width of the sliding window; it covers exactly that much [default: 10y, if there is a --kernel]
    #[arg(long, value_name = "LENGTH")]
    width: Option<String>,
    /// How far the window slides each time [default: 1y]
    #[arg(long, value_name = "LENGTH")]
    step: Option<String>,
    /// Attribute that says whose a source is: what an actor says in one period counts as one; by default the study's
    #[arg(long, value_name = "ATTR")]
    actor: Option<String>,
    /// The concept whose cluster is followed; by default the study's focus
    #[arg(long, value_name = "CONCEPT")]
    focus: Option<String>,
    /// The unit of co-occurrence; by default the study's window, or else paragraph
    #[arg(long, value_name = "LEVEL", value_parser = levels())]
    window: Option<String>,
    /// Let operative units inherit problems and values of title and preamble
    #[arg(long)]
    inherit: bool,
    /// Least lower bound of the odds ratio in the backbone
    #[arg(long, value_name = "OR", default_value_t = Question::default().min_or, allow_negative_numbers = true)]
    min_or: f64,
    /// Bootstrap draws over sources in each period (0 for none)
    #[arg(long, value_name = "N", default_value_t = Question::default().bootstrap)]
    bootstrap: usize,
    /// Random divisions of the sources, for the tests of change
    #[arg(long, value_name = "N", default_value_t = Question::default().permutations)]
    permutations: usize,
    /// Seed of everything that is drawn at random
    #[arg(long, value_name = "N", default_value_t = Question::default().seed)]
    seed: u64,
    /// How many first appearances to print, and statements of each period [default: 10; in JSON 100 statements]
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
const ROWS: usize = 10;

fn kernels() -> PossibleValuesParser {
    PossibleValuesParser::new(Kernel::ALL.map(Kernel::name))
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let Some(study) = args.study.study() else { return of_counts(args) };
    let opened = study.open()?;
    let question = args.question();
    let answer = question.ask(&opened.material, &watched(&opened.material))?;
    let drawn = answer.figures(View::default());
    if let Some(out) = &args.out {
        super::report::write_beside(out, &drawn, &answer.tables(), args.small.of(&opened))?;
        if drawn.iter().all(|f| f.id != networks::OVER_TIME) {
            output::talk("note: no networks over time, for no period couples any pair");
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
        let rows = if table.id == tables::PERIODS || table.id == tables::CHANGES { usize::MAX } else { top };
        output::table(&table, rows);
    }
    for caution in answer.cautions() {
        output::talk(&format!("caution: {caution}"));
    }
    let study = output::typed(&study.study);
    if args.out.is_none() && !drawn.is_empty() {
        output::talk(&format!("next: nomoscope trend {study} --out DIR draws it"));
    }
    output::talk(&format!("next: nomoscope trend {study} --json has every number, with the passage of each first use"));
    output::talk(&format!("next: nomoscope slip {study} tells whether labels are used for one another"));
    Ok(())
}

/// Follows couplings by counts alone.
fn of_counts(args: &Args) -> Result<(), Failure> {
    args.study.counts_alone()?;
    let question = counted::Trend { which: args.study.selection.question(), how: args.question() };
    let (answer, record) = args.study.ask(&question, |q, files| q.ask(files, &Handle::default()))?;
    if let Some(out) = &args.out {
        super::report::write_beside(
            out,
            &answer.figures(View::default()),
            &answer.tables(),
            args.small.suppress_small,
        )?;
    }
    print_counted(&answer, record, args.json, args.top, usize::MAX);
    Ok(())
}

impl Args {
    fn question(&self) -> Question {
        Question {
            every: self.every.clone(),
            periods: self.periods.clone(),
            kernel: Kernel::ALL.into_iter().find(|k| Some(k.name()) == self.kernel.as_deref()),
            width: self.width.clone(),
            step: self.step.clone(),
            actor: self.actor.clone(),
            focus: self.focus.clone(),
            window: self.window.as_deref().and_then(level),
            inherit: self.inherit,
            min_or: self.min_or,
            bootstrap: self.bootstrap,
            permutations: self.permutations,
            seed: self.seed,
        }
    }
}
