//! `map`: the cluster and its type.

use super::Failure;
use super::options::{MapArgs, StudyOrCounts, print_counted, run_record};
use super::output;
use nomoscope_core::codebook::{Codebook, Role};
use nomoscope_core::text::Level;
use nomoscope_core::usage::coupling::CouplingLevel;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::counted::question as counted;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::map::answer::Analysis;
use nomoscope_engine::map::{tables, words};
use nomoscope_formats::study::CODEBOOK_TOML;

/// Map the norm cluster: statements, couplings, type and membership, with their certainty
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope map my-study\n  nomoscope map my-study --focus forced-labour --window sentence\n  nomoscope map my-study --where kind=treaty --since 2000 --json > map.json\n  nomoscope map --counts debates.counts --focus forced-labour"
)]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyOrCounts,
    #[command(flatten)]
    map: MapArgs,
    /// How many statements and couplings to print [default: 10; in JSON the 1000 heaviest statements]
    #[arg(long, value_name = "N")]
    top: Option<usize>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Rows where nobody said how many.
const ROWS: usize = 10;

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let Some(study) = args.study.study() else { return of_counts(args) };
    let opened = study.open()?;
    let analysis = args.map.analyse(&opened)?;
    if args.json {
        let run = run_record(&opened, &args.map.question(), &args.study.selection);
        output::json(&analysis.json(args.top, run));
        return Ok(());
    }
    output::lead(&words::answer(&analysis));
    let top = args.top.unwrap_or(ROWS);
    // Where the codebook finds nothing, a dozen empty tables would only hide that.
    if analysis.corpus.coded.iter().any(|c| !c.codings.is_empty()) {
        print_tables(&analysis, top);
    }
    for caution in words::cautions(&analysis) {
        output::talk(&format!("caution: {caution}"));
    }
    if let Some(reason) = &analysis.membership.reason {
        output::talk(&format!("caution: No membership: {reason}."));
    }
    let own_codebook = if study.study.is_dir() { study.study.join(CODEBOOK_TOML) } else { study.study.clone() };
    let study = output::typed(&study.study);
    let wider = !matches!(analysis.options.window, Level::Source | Level::Section);
    let lacking = lacking(&analysis.corpus.codebook);
    if !lacking.is_empty() {
        let file = args.study.codebook.clone().unwrap_or(own_codebook);
        output::talk(&format!(
            "hint: {} has no concept that is a {}; add some, or give concepts that role",
            output::typed(&file),
            lacking.join(" or a ")
        ));
    } else if analysis.kind.is_err() && analysis.focal_source_count() > 0 && wider {
        output::talk("hint: a wider window, such as --window section, joins parts that stand further apart");
    }
    if analysis.focal_source_count() == 0 {
        output::talk(&format!(
            "next: nomoscope codebook check {study} tells what the codebook finds and what it misses"
        ));
    } else {
        output::talk(&format!("next: nomoscope report {study} --out DIR writes all of this with figures and passages"));
    }
    Ok(())
}

/// Returns the parts of a norm for which the codebook has no concept: no window makes up for them.
fn lacking(codebook: &Codebook) -> Vec<&'static str> {
    let has = |role: &Role| codebook.indices().any(|concept| codebook.get(concept).has(*role));
    Role::ALL.into_iter().filter(|role| !has(role)).map(Role::name).collect()
}

/// Maps counts: couplings and membership, the rest needs passages.
fn of_counts(args: &Args) -> Result<(), Failure> {
    args.study.counts_alone()?;
    let question = counted::Map { which: args.study.selection.question(), how: args.map.question() };
    let (answer, record) = args.study.ask(&question, |q, files| q.ask(files, &Handle::default()))?;
    print_counted(&answer, record, args.json, args.top, ROWS);
    Ok(())
}

fn print_tables(analysis: &Analysis, top: usize) {
    let all = tables::all(analysis);
    for id in ["statements", "effective", "types", "support", "completeness", "force"] {
        if let Some(table) = all.iter().find(|t| t.id == id) {
            output::table(table, top);
        }
    }
    for level in [CouplingLevel::Textual, CouplingLevel::Actor] {
        output::table(&tables::couplings(analysis, level), top);
    }
    if let Some(table) = all.iter().find(|t| t.id == "membership") {
        output::table(table, top.max(20));
    }
}
