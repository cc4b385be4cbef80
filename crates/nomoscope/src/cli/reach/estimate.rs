//! `reach estimate`: how many persons are on none of the lists.

use super::super::options::files_record;
use super::super::{Failure, output, read, report};
use indicatif::ProgressBar;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::estimate::answer::{ASSUMPTIONS, Estimated};
use nomoscope_engine::estimate::question::Question;
use nomoscope_engine::estimate::tables::{models_table, steps_table, strata_table};
use nomoscope_engine::estimate::words::{headline, lines, range, stratified, without_estimate};
use nomoscope_engine::handle::{Handle, Step};
use nomoscope_engine::refusal::Refusal;
use nomoscope_figure::View;
use nomoscope_formats::Input;
use nomoscope_store::disk::write_atomic;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Estimate how many persons are on none of several lists (multiple systems estimation)
///
/// Reads a table with a column for each list. A cell says whether the persons of the row are on it: 1 or 0, obs or un, yes or no, TRUE or
/// FALSE. A column named count, n, freq, frequency or y says how many persons; without one, each row is a person. Histories that are
/// not in the table are 0; a row on no list with an empty count is what is estimated.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope reach estimate lists.csv\n  nomoscope reach estimate lists.csv --model all --out my-figures\n  nomoscope reach estimate lists.csv --model \"A*B+C\" --json\n  nomoscope reach estimate lists.csv --bootstrap 2000 --seed 7\n  nomoscope reach estimate persons.csv --by sex,region\n\nFormulas:\n  A*B + C            A, B, C and the pair A:B\n  A + B + C + A:B    the same\n  (A + B + C)^2      all pairs of these; .^2 all pairs\n  .^2 - A:B          all pairs but one\n  [AB][C]            the same as A*B + C; [LA NG][PF] for longer names\n  `list 1`:B         backticks around a name with spaces or signs"
)]
pub(super) struct Args {
    /// A table of lists (separated values, Excel or Stata)
    file: PathBuf,
    /// bic, main, stepwise, all, or a formula such as "A*B + C"
    #[arg(long, value_name = "MODEL", default_value_t = Question::default().model, allow_hyphen_values = true)]
    model: String,
    /// Lists in the largest dependence that is tried: 2 for pairs
    #[arg(long, value_name = "N", default_value_t = Question::default().max_order)]
    max_order: usize,
    /// Estimate groups of persons apart, by these columns, and add them up
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    by: Vec<String>,
    /// The column that holds the counts; `none` if each row is a person
    #[arg(long, value_name = "NAME")]
    count: Option<String>,
    /// The columns that are lists; by default all that look like one
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    lists: Vec<String>,
    /// Bootstrap draws, the model chosen again in each (0 for none)
    #[arg(long, value_name = "N", default_value_t = Question::default().bootstrap)]
    bootstrap: usize,
    /// Seed of the bootstrap
    #[arg(long, value_name = "N", default_value_t = Question::default().seed)]
    seed: u64,
    /// p-value below which stepwise adds a pair
    #[arg(long, value_name = "P", default_value_t = Question::default().threshold)]
    threshold: f64,
    /// How many models to print [default: 12; in JSON 50000]
    #[arg(long, value_name = "N")]
    top: Option<usize>,
    /// Write the figure (SVG, PNG), the tables (CSV) and the JSON into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Models printed where nobody said how many.
const ROWS: usize = 12;

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let question = args.question();
    let path = args.file.display().to_string();
    let bytes = read(&args.file)?;
    if let Some(out) = &args.out {
        report::make_folder(out)?;
    }
    let input = Input { name: &path, bytes: &bytes };
    let answer = question.ask(&input, &watched(args.bootstrap > 0))?;
    let json = answer.json(args.top, files_record(&question, &[input]));
    if let Some(out) = &args.out {
        write(out, &answer, &json)?;
    }
    if args.json {
        output::json(&json);
    } else {
        args.print(&answer);
    }
    without_estimate(&answer).map_or(Ok(()), |problem| Err(Refusal::NoAnswer(problem).into()))
}

/// Returns a handle that shows how many models and draws are done.
fn watched(is_bootstrap: bool) -> Handle {
    let bar: OnceLock<ProgressBar> = OnceLock::new();
    let what = if is_bootstrap { "bootstrap" } else { "models" };
    Handle::watched(move |step| match (step, bar.get()) {
        (Step::Work(n), _) => drop(bar.set(output::steps(n, what))),
        (Step::Model | Step::Draw, Some(bar)) => bar.inc(1),
        (Step::Done, Some(bar)) => bar.finish_and_clear(),
        _ => {}
    })
}

impl Args {
    fn question(&self) -> Question {
        Question {
            model: self.model.clone(),
            max_order: self.max_order,
            by: self.by.clone(),
            count: self.count.clone(),
            lists: self.lists.clone(),
            bootstrap: self.bootstrap,
            seed: self.seed,
            threshold: self.threshold,
        }
    }

    fn print(&self, answer: &Estimated) {
        let p = &answer.whole;
        if let Some(first) = stratified(answer) {
            output::prose(&first);
            output::table(&strata_table(answer, "strata"), usize::MAX);
            output::data(&format!("\nAll persons together, {} ignored:", answer.by().join(" and ")));
        }
        headline(p).iter().for_each(|line| output::prose(line));
        output::prose(&range(p));
        lines(p).iter().for_each(|line| output::prose(line));
        output::data("");
        let top = self.top.unwrap_or(ROWS);
        output::table(&models_table(p, "estimates", "Models, the one asked for first, then by AIC"), top);
        if p.asked == "stepwise" && !p.stepwise.steps.is_empty() {
            output::data("");
            output::table(&steps_table(p, "steps"), usize::MAX);
        }
        output::data("\nEvery estimate assumes:");
        ASSUMPTIONS.iter().for_each(|assumption| output::prose(&format!("- {assumption}")));
        answer.table.notes.iter().for_each(|note| output::talk(&format!("note: {}", crate::cli::words::words(note))));
        answer.cautions().iter().for_each(|caution| output::talk(&format!("caution: {caution}")));
        if p.fit().is_some() {
            self.next();
        }
    }

    fn next(&self) {
        let file = output::typed(&self.file);
        output::talk(&if let Some(out) = &self.out {
            format!("wrote figure, tables and JSON into {}", out.display())
        } else if self.bootstrap == 0 {
            format!(
                "next: nomoscope reach estimate {file} --bootstrap 1000 for an interval that holds the choice of the model; --out DIR for the figure"
            )
        } else {
            format!("next: nomoscope reach estimate {file} --out DIR writes the figure and the tables")
        });
    }
}

/// Writes figure, tables and JSON.
fn write(out: &Path, answer: &Estimated, json: &Value) -> Result<(), Failure> {
    let view = View::default();
    let mut files = nomoscope_page::beside(&answer.figures(view), &answer.tables(), None)?;
    files.insert("estimate.json".to_owned(), serde_json::to_vec_pretty(json).unwrap_or_default());
    for (name, bytes) in &files {
        write_atomic(&out.join(name), bytes)?;
    }
    Ok(())
}
