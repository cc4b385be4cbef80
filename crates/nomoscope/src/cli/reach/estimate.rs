//! `reach estimate`: how many persons are on none of the lists.

use super::super::output;
use super::super::{Failure, read, report};
use crate::estimate::{ASSUMPTIONS, Answer, Asked, Options, Population, Step, estimate, work};
use crate::report::estimate_section::{
    bracket, coefficients_table, figure, lines, models_table, name, persons, range, steps_table, strata_table, warnings,
};
use crate::report::{PNG_WIDTH, png, tables};
use nomoscope_core::table::Table;
use nomoscope_figure::{Theme, View};
use nomoscope_formats::Input;
use nomoscope_formats::list_table::{self, ListOptions, ListTable};
use nomoscope_store::disk::write_atomic;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Estimate how many persons are on none of several lists (multiple systems estimation)
///
/// Reads a table with a column for each list. A cell says whether the persons of the row are on it: 1 or 0, obs or un, yes or no, TRUE or
/// FALSE. A column named count, n, freq, frequency or y says how many persons; without one, each row is a person. Histories that are
/// not in the table are 0; a row on no list with an empty count is what is estimated.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope reach estimate lists.csv\n  nomoscope reach estimate lists.csv --model all --out my-figures\n  nomoscope reach estimate lists.csv --model \"A*B+C\" --json\n  nomoscope reach estimate lists.csv --bootstrap 1000 --seed 7\n  nomoscope reach estimate persons.csv --by sex,region\n\nFormulas:\n  A*B + C            A, B, C and the pair A:B\n  A + B + C + A:B    the same\n  (A + B + C)^2      all pairs of these; .^2 all pairs\n  .^2 - A:B          all pairs but one\n  [AB][C]            the same as A*B + C; [LA NG][PF] for longer names\n  `list 1`:B         backticks around a name with spaces or signs"
)]
pub(super) struct Args {
    /// A table of lists (separated values, Excel or Stata)
    file: PathBuf,
    /// main, stepwise, all, or a formula such as "A*B + C"
    #[arg(long, value_name = "MODEL", default_value = "stepwise", allow_hyphen_values = true)]
    model: String,
    /// Lists in the largest dependence that is tried: 2 for pairs
    #[arg(long, value_name = "N", default_value_t = 2)]
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
    /// Bootstrap draws for an interval that holds the choice of the model (0 for none)
    #[arg(long, value_name = "N", default_value_t = 0)]
    bootstrap: usize,
    /// Seed of the bootstrap
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// p-value below which stepwise adds a pair
    #[arg(long, value_name = "P", default_value_t = nomoscope_core::reach::mse::THRESHOLD)]
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
    let options = args.options()?;
    let path = args.file.display().to_string();
    let bytes = read(&args.file)?;
    let by = |words: &[String]| words.iter().map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect();
    let wanted = ListOptions { count: args.count.clone(), lists: by(&args.lists), by: by(&args.by) };
    let table = list_table::read(&Input { name: &path, bytes: &bytes }, &wanted)?;
    if let Some(out) = &args.out {
        report::make_folder(out)?;
    }
    let bar = output::steps(work(&table, &options), if options.draws > 0 { "bootstrap" } else { "models" });
    let answer = estimate(&table, &options, &|_: Step| bar.inc(1));
    bar.finish_and_clear();
    let answer = answer?;
    let json =
        crate::json::estimate::estimate(&file_name(&args.file), &table, &answer, args.top, args.run_record(&bytes));
    if let Some(out) = &args.out {
        write(out, &table, &answer, &json)?;
    }
    if args.json {
        output::json(&json);
    } else {
        args.print(&table, &answer);
    }
    refusal(&answer)
}

impl Args {
    fn options(&self) -> Result<Options, Failure> {
        let mut wrong = Vec::new();
        if !(2..=16).contains(&self.max_order) && self.max_order != 1 {
            wrong.push(format!("--max-order {}: takes 1 to 16 lists", self.max_order));
        }
        if self.bootstrap > 100_000 {
            wrong.push(format!("--bootstrap {}: takes 0 to 100000 draws", self.bootstrap));
        }
        if !(self.threshold > 0.0 && self.threshold <= 1.0) {
            wrong.push(format!("--threshold {}: must be above 0 and at most 1", self.threshold));
        }
        if !wrong.is_empty() {
            return Err(Failure::Bad(wrong.join("\n")));
        }
        Ok(Options {
            asked: Asked::new(&self.model),
            max_order: self.max_order,
            threshold: self.threshold,
            draws: self.bootstrap,
            seed: self.seed,
        })
    }

    fn run_record(&self, bytes: &[u8]) -> Value {
        json!({
            "program": "nomoscope",
            "version": super::super::VERSION,
            "input": { "name": file_name(&self.file), "sha256": nomoscope_store::hash_hex(bytes) },
            "settings": {
                "model": self.model,
                "max_order": self.max_order,
                "by": self.by,
                "count": self.count,
                "lists": self.lists,
                "bootstrap": self.bootstrap,
                "seed": self.seed,
                "threshold": self.threshold,
            },
        })
    }

    fn print(&self, table: &ListTable, answer: &Answer) {
        if let Some(first) = stratified(table, answer) {
            output::data(&first);
            output::table(&strata_table(answer, &table.by, "strata"), usize::MAX);
            output::data(&format!("\nAll persons together, {} ignored:", table.by.join(" and ")));
        }
        let p = &answer.whole;
        output::data(&range(p));
        lines(p).iter().for_each(|line| output::data(line));
        output::data("");
        let top = self.top.unwrap_or(ROWS);
        output::table(&models_table(p, "estimates", "Models, the one asked for first, then by AIC"), top);
        if p.asked == "stepwise" && !p.stepwise.steps.is_empty() {
            output::data("");
            output::table(&steps_table(p, "steps"), usize::MAX);
        }
        output::data("\nEvery estimate assumes:");
        ASSUMPTIONS.iter().for_each(|assumption| output::data(&format!("- {assumption}")));
        table.notes.iter().for_each(|note| output::talk(&format!("note: {}", crate::cli::words::words(note))));
        warnings(p).iter().for_each(|warning| output::talk(&format!("caution: {warning}")));
        self.next(p);
    }

    fn next(&self, p: &Population) {
        if p.fit().is_none() {
            return;
        }
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

/// Returns the first line of an estimate by groups.
fn stratified(table: &ListTable, answer: &Answer) -> Option<String> {
    let n = answer.strata.len();
    Some(match answer.sum.as_ref()? {
        Ok(sum) => {
            let ranges: Vec<(f64, f64)> = answer.strata.values().flatten().filter_map(|p| p.survey.range()).collect();
            let (low, high) = ranges.iter().fold((0.0, 0.0), |(l, h), r| (l + r.0, h + r.1));
            let range = if persons(low) == persons(high) {
                format!("About {} persons", persons(low))
            } else {
                format!("Between {} and {} persons", persons(low), persons(high))
            };
            format!(
                "{range}, on lists or not: the sum over {n} groups by {}, each with its models within 2 AIC of the best.\nOne model a group: {} {}, conditional on these models.",
                table.by.join(" and "),
                persons(sum.point),
                bracket(sum.interval)
            )
        }
        Err(without) => {
            format!("No sum over the {n} groups by {}: no estimate for {}.", table.by.join(" and "), without.join("; "))
        }
    })
}

/// Refuses where what was asked for has no estimate; what else could be told has been printed.
fn refusal(answer: &Answer) -> Result<(), Failure> {
    let any_stratum = answer.strata.values().flatten().any(|p| p.fit().is_some());
    let p = &answer.whole;
    let Some(Err(reason)) = p.main().map(|e| &e.outcome) else { return Ok(()) };
    if any_stratum {
        return Ok(());
    }
    let other = |wanted: &'static str| {
        let named = p.models.iter().find(|m| m.names.contains(&wanted))?;
        Some(format!("{} would give {}", name(wanted), persons(named.estimate.fit()?.point())))
    };
    let others: Vec<String> = ["main", "stepwise"].into_iter().filter_map(other).take(1).collect();
    let hint =
        if others.is_empty() { reason.hint().to_owned() } else { format!("{}; {}", reason.hint(), others.join(", ")) };
    Err(Failure::Refused(format!("{reason}\n  hint: {hint}")))
}

/// Writes figure, tables and JSON.
fn write(out: &Path, table: &ListTable, answer: &Answer, json: &Value) -> Result<(), Failure> {
    let p = &answer.whole;
    let id = nomoscope_figure::hidden_population::ID;
    let drawn = figure(p, id, None, View { theme: Theme::Light, ..View::default() });
    let bitmap = png::png(&drawn.svg, PNG_WIDTH)
        .map_err(|e| Failure::Bad(format!("the figure could not be drawn as PNG: {e}")))?;
    let mut files: Vec<(String, Vec<u8>)> =
        vec![(format!("{id}.svg"), drawn.svg.clone().into_bytes()), (format!("{id}.png"), bitmap)];
    let mut sheets: Vec<Table> = vec![
        drawn.table,
        models_table(p, "estimates", "Models"),
        coefficients_table(p, "coefficients"),
        steps_table(p, "steps"),
    ];
    if !table.by.is_empty() {
        sheets.push(strata_table(answer, &table.by, "strata"));
    }
    for sheet in &sheets {
        let csv = tables::csv(sheet).map_err(|e| Failure::Bad(format!("{}: {e}", sheet.id)))?;
        files.push((format!("{}.csv", sheet.id), csv));
    }
    files.push(("estimate.json".to_owned(), serde_json::to_vec_pretty(json).unwrap_or_default()));
    for (name, bytes) in &files {
        write_atomic(&out.join(name), bytes)?;
    }
    Ok(())
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}
