//! `law overlap`: what definitions ask for, side by side, and how far each holds what the others hold.

use super::super::Failure;
use super::super::options::law_record;
use super::super::output;
use super::super::report::write_beside;
use super::{LawArgs, Open, refused};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::law::question::Overlap;
use nomoscope_engine::law::words::DISCLAIMER;
use nomoscope_figure::View;
use std::path::PathBuf;

/// Lay definitions side by side: which acts, means and purposes each lists, and how many ways to meet one another holds
#[derive(Debug, clap::Args)]
#[command(
    after_help = "With --out it draws the matrix of definitions by element and the diagram of implication.\n\nExamples:\n  nomoscope law overlap --family trafficking\n  nomoscope law overlap un.palermo.3 fr.cp.225-4-1 it.cp.601\n  nomoscope law overlap --out overlap/"
)]
pub(super) struct Args {
    /// Norms by id (default: all); a prefix such as `fr` stands for all norms below it
    #[arg(value_name = "NORM")]
    norms: Vec<String>,
    /// Only norms of this family (trafficking, slavery, forced-labour, …)
    #[arg(long, value_name = "NAME")]
    family: Option<String>,
    /// How the open end of a list is read
    #[arg(long, value_enum, default_value_t = Open::Shared)]
    open: Open,
    /// Let facts follow from others by interpretation, too
    #[arg(long)]
    interpretation: bool,
    /// Write figures (SVG, PNG) and tables (CSV) into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    law: LawArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let question = Overlap {
        norms: args.norms.clone(),
        family: args.family.clone(),
        open: args.open.reading(),
        interpretation: args.interpretation,
    };
    let library = args.law.open()?;
    let answer = question.ask(&library, &Handle::default()).map_err(refused)?;
    let tables = answer.tables();
    if args.json {
        output::json(&answer.json(None, law_record(&question, &library)));
    } else {
        // A terminal is too narrow for the whole matrix: the lead names the nearest neighbours of each.
        output::prose(&answer.lead());
        tables.iter().take(1).for_each(|table| output::table(table, usize::MAX));
        output::prose(DISCLAIMER);
    }
    if let Some(out) = &args.out {
        write_beside(out, &answer.figures(View::default()), &tables, None)?;
    }
    output::talk("next: nomoscope law compare NORM NORM shows with which facts two of them part");
    Ok(())
}
