//! `reach adoption`: states over time.

use super::super::failure::read_all;
use super::super::options::files_record;
use super::super::report::write_beside;
use super::super::{Failure, output};
use nomoscope_engine::adoption::question::Question;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::handle::Handle;
use nomoscope_figure::View;
use nomoscope_formats::Input;
use std::path::{Path, PathBuf};

/// Measure how states took a norm up: who joined a treaty when, and how far law and courts trail behind
///
/// FILE is a table of states and dates, one a treaty or with a column `treaty`: as the United Nations Treaty Collection prints
/// them, or with ISO dates, or with years (CSV, xlsx). Without FILE: the Palermo Protocol and its neighbours, with
/// criminalisation and convictions, as the program brings them along.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope reach adoption\n  nomoscope reach adoption 18-12-a.csv --name Palermo --criminalised laws.csv --convicted data_glotip.xlsx\n  nomoscope reach adoption 18-12-a.csv 4-11-c.csv 7-11-a.csv --out figures"
)]
pub(super) struct Args {
    /// Tables of states and dates
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Name of a treaty, one a FILE in their order [default: the name of the file]
    #[arg(long, value_name = "NAME")]
    name: Vec<String>,
    /// Which states made it a crime, and when: a date a state, or a level (0, 1, 2) a state and year
    #[arg(long, value_name = "FILE")]
    criminalised: Option<PathBuf>,
    /// Which states convicted somebody, and when: a date a state, or the table of victims and suspects
    #[arg(long, value_name = "FILE")]
    convicted: Option<PathBuf>,
    /// The treaty whose gap is measured [default: the first]
    #[arg(long, value_name = "TREATY")]
    of: Option<String>,
    /// Leave out what came after this year
    #[arg(long, value_name = "YEAR")]
    until: Option<u16>,
    /// The day after which no date can lie [default: today]
    #[arg(long, value_name = "DATE")]
    today: Option<String>,
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
        name: args.name.clone(),
        of: args.of.clone(),
        until: args.until,
        today: Some(args.today.clone().unwrap_or_else(nomoscope_desk::clock::today)),
        criminalised: args.criminalised.as_deref().map(name),
        convicted: args.convicted.as_deref().map(name),
    };
    let paths = args.files.iter().chain(&args.criminalised).chain(&args.convicted);
    let files = read_all(paths.map(|path| (name(path), path.as_path())))?;
    let inputs: Vec<Input<'_>> = files.iter().map(|(name, bytes)| Input { name, bytes }).collect();
    let answer = question.ask(&inputs, &Handle::default())?;
    if args.json {
        output::json(&answer.json(args.top, files_record(&question, &inputs)));
    } else {
        output::lead(&answer.lead());
        answer.tables().iter().for_each(|table| output::table(table, args.top.unwrap_or(ROWS)));
        if let Some(Err(reason)) = answer.gap.as_ref().map(|g| g.gap.as_ref()) {
            output::talk(&format!("caution: No gap: {reason}.\n  hint: {}", crate::cli::words::remedy(&reason.hint())));
        }
        answer.cautions().iter().for_each(|caution| output::talk(&format!("caution: {caution}")));
    }
    if let Some(out) = &args.out {
        write_beside(out, &answer.figures(View::default()), &answer.tables(), None)?;
    }
    if !args.json {
        next(args);
    }
    Ok(())
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

fn next(args: &Args) {
    let words = match (args.files.first(), &args.out) {
        (None, None) => "next: nomoscope reach adoption --out DIR draws it; give FILE for your own table".to_owned(),
        (Some(file), _) if args.criminalised.is_none() && args.convicted.is_none() => {
            format!(
                "next: --criminalised FILE and --convicted FILE beside {} measure the implementation gap",
                typed(file)
            )
        }
        (Some(file), None) => format!("next: nomoscope reach adoption {} … --out DIR draws it", typed(file)),
        _ => "next: nomoscope reach attrition shows how many people the norm reaches".to_owned(),
    };
    output::talk(&words);
}

fn typed(file: &Path) -> String {
    output::typed(file)
}
