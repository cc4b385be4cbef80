//! `map`: the cluster and its type.

use super::Failure;
use super::options::{MapArgs, StudyArgs, run_record};
use super::output;
use crate::report::{tables, words};
use nomoscope_core::usage::coupling::CouplingLevel;

/// Map the norm cluster: statements, couplings, type and membership, with their certainty
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope map my-study\n  nomoscope map my-study --focus forced-labour --window sentence\n  nomoscope map my-study --where kind=treaty --since 2000 --json > map.json"
)]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyArgs,
    #[command(flatten)]
    map: MapArgs,
    /// How many statements and couplings to print
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,
    /// Print JSON; holds every statement unless --top is given
    #[arg(long)]
    json: bool,
}

/// Statements in JSON where nobody said how many.
const JSON_STATEMENTS: usize = 1000;

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let opened = args.study.open()?;
    let analysis = args.map.analyse(&opened)?;
    if args.json {
        let run = run_record(&opened, &analysis.options, &args.study, &super::report::today());
        let top = if args.top == 10 { JSON_STATEMENTS } else { args.top };
        output::json(&crate::json::map(&analysis, top, run));
        return Ok(());
    }
    output::data(&format!("{}\n", words::answer(&analysis)));
    let all = tables::all(&analysis);
    for id in ["statements", "effective", "types", "support", "completeness", "force"] {
        if let Some(table) = all.iter().find(|t| t.id == id) {
            output::table(table, args.top);
        }
    }
    for level in [CouplingLevel::Textual, CouplingLevel::Actor] {
        output::table(&tables::couplings(&analysis, level), args.top);
    }
    if let Some(table) = all.iter().find(|t| t.id == "membership") {
        output::table(table, args.top.max(20));
    }
    for caution in words::cautions(&analysis) {
        output::talk(&format!("caution: {caution}"));
    }
    output::talk(&format!(
        "next: nomoscope report {} --out DIR writes all of this with figures and passages",
        args.study.study.display()
    ));
    Ok(())
}
