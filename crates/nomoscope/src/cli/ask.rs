//! `ask`: any question of a study by its name, also those that have no command of their own.

use super::Failure;
use super::options::{Small, StudyArgs, program, watched};
use super::output;
use nomoscope_desk::study::{Problem, Problems};
use nomoscope_engine::questions::{QUESTIONS, Subject, kind};
use nomoscope_engine::record::Record;
use nomoscope_figure::View;
use serde_json::{Map, Value};
use std::path::PathBuf;

/// Ask a study any question by its name, such as how good the lexicon is
///
/// What other commands ask under names of their own is asked here as a run record has it, and so are questions that pages ask:
/// review (how many hits of each concept people accepted), audit (what the lexicon misses), adjudicate (over what coders who are
/// done differ), propose (sentences like those that people accepted).
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Settings of every question: docs/reference/json.md. A value is JSON, or else text.\n\nExamples:\n  nomoscope ask my-study review\n  nomoscope ask my-study audit --json\n  nomoscope ask my-study propose --set concept=forced-labour --top 20\n  nomoscope ask my-study map --set focus=child-trafficking --set bootstrap=0\n\nExit codes: 0 asked, 1 no answer, 2 bad input or usage."
)]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyArgs,
    /// The question
    question: String,
    /// A setting of the question
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// How many rows to print, and to list in JSON [default: 20 rows; all in JSON]
    #[arg(long, value_name = "N")]
    top: Option<usize>,
    /// Write tables and figures into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    small: Small,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Rows of a table where nobody said how many.
const ROWS: usize = 20;

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let kind = kind(&args.question)?;
    if !kind.of.takes_study() {
        let names = QUESTIONS.iter().filter(|k| k.of.takes_study()).map(|k| k.name);
        let hint = format!("questions of a study are {}", names.collect::<Vec<_>>().join(", "));
        let problem = Problem::new("", format!("`{}` is not asked of a study", kind.name)).hint(hint);
        return Err(Problems::from(problem).into());
    }
    let settings = kind.settled(settings(&args.set)?)?;
    let opened = args.study.open()?;
    let answer = kind.ask(settings.clone(), Subject::Study(&opened.material), &watched(&opened.material))?;
    if let Some(out) = &args.out {
        super::report::write_beside(out, &answer.figures(View::default()), &answer.tables(), args.small.of(&opened))?;
    }
    if args.json {
        let which = args.study.selection.question();
        let record = Record::of_study(kind.name, settings, &which, &opened.material, &program());
        output::json(&answer.json(args.top, record));
        return Ok(());
    }
    output::lead(&answer.lead());
    for table in answer.tables() {
        output::table(&table, args.top.unwrap_or(ROWS));
    }
    for caution in answer.cautions() {
        output::talk(&format!("caution: {caution}"));
    }
    Ok(())
}

/// Reads settings; all that are wrong are told at once.
fn settings(given: &[String]) -> Result<Value, Failure> {
    let mut problems = Problems::new();
    let mut out = Map::new();
    for pair in given {
        match pair.split_once('=').map(|(name, value)| (name.trim(), value.trim())) {
            Some((name, value)) if !name.is_empty() => {
                let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
                if out.insert(name.to_owned(), value).is_some() {
                    problems.push(Problem::new("--set", format!("`{name}` is set twice")));
                }
            }
            _ => problems.push(Problem::new("--set", format!("{pair}: expected NAME=VALUE, such as n=60"))),
        }
    }
    Ok(problems.or(Value::Object(out))?)
}
