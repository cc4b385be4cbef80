//! `reach attrition`: from stage to stage.

use super::super::options::files_record;
use super::super::report::write_beside;
use super::super::{Failure, output, read};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::attrition::figures::MOST;
use nomoscope_engine::attrition::question::Question;
use nomoscope_engine::handle::Handle;
use nomoscope_figure::View;
use nomoscope_formats::Input;
use std::path::PathBuf;

/// Measure what is left from stage to stage: of those whom a norm protects, how many it reaches
///
/// FILE is a TOML file of stages, or the table of victims and suspects that the United Nations Office on Drugs and Crime
/// publishes (xlsx or CSV). Without FILE: the chain of Narminio (2020), whose units differ and which therefore needs --mixed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope reach attrition --mixed\n  nomoscope reach attrition stages.toml --json\n  nomoscope reach attrition data_glotip.xlsx --by year\n  nomoscope reach attrition data_glotip.xlsx --by region --where year=2018 --out figures"
)]
pub(super) struct Args {
    /// A file of stages (TOML) or a table of victims and suspects
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Let stages count different things: orders of magnitude without intervals
    #[arg(long)]
    mixed: bool,
    /// Of a table: a ladder for each value of these attributes (year, region, subregion, country …)
    #[arg(long, value_name = "ATTR,…", value_delimiter = ',')]
    by: Vec<String>,
    /// Of a table: only rows with this value
    #[arg(long = "where", value_name = "ATTR=VALUE")]
    filter: Vec<String>,
    /// The least that a suppressed cell such as "<5" may be
    #[arg(long, value_name = "N", default_value_t = Question::default().suppressed_from)]
    suppressed_from: u64,
    /// Draws over the ranges
    #[arg(long, value_name = "N", default_value_t = Question::default().draws)]
    draws: usize,
    /// What the draws follow from
    #[arg(long, value_name = "N", default_value_t = Question::default().seed)]
    seed: u64,
    /// Write figures and tables into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How many rows of each table to print [default: 60]
    #[arg(long, value_name = "N")]
    top: Option<usize>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Rows of each table where nobody said how many.
const ROWS: usize = 60;

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let question = Question {
        mixed: args.mixed,
        by: args.by.clone(),
        wanted: args.filter.clone(),
        suppressed_from: args.suppressed_from,
        draws: args.draws,
        seed: args.seed,
    };
    let file = match &args.file {
        Some(path) => Some((path.display().to_string(), read(path)?)),
        None => None,
    };
    let input = file.as_ref().map(|(name, bytes)| Input { name, bytes });
    let answer = question.ask(input.as_ref(), &Handle::default())?;
    if args.json {
        output::json(&answer.json(args.top, files_record(&question, input.as_slice())));
    } else {
        output::lead(&answer.lead());
        answer.tables().iter().for_each(|table| output::table(table, args.top.unwrap_or(ROWS)));
        answer.cautions().iter().for_each(|caution| output::talk(&format!("caution: {caution}")));
    }
    if let Some(out) = &args.out {
        write_beside(out, &answer.figures(View::default()), &answer.tables(), None)?;
        let known = answer.known().count();
        if known > MOST {
            output::talk(&format!("note: drawn are the first {MOST} of {known} groups"));
        }
    }
    if !args.json {
        next(args);
    }
    Ok(())
}

fn next(args: &Args) {
    let words = match (&args.file, args.by.is_empty(), &args.out) {
        (Some(file), true, _) if !file.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) => {
            format!("next: nomoscope reach attrition {} --by year, or --by region, takes it apart", output::typed(file))
        }
        (Some(file), _, None) => format!("next: nomoscope reach attrition {} --out DIR draws it", output::typed(file)),
        (None, _, None) => "next: nomoscope reach attrition --mixed --out DIR draws it; nomoscope reach adoption shows how many states took the norm up".to_owned(),
        _ => "next: nomoscope reach adoption shows how many states took the norm up".to_owned(),
    };
    output::talk(&words);
}
