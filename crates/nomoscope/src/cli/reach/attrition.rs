//! `reach attrition`: from stage to stage.

use super::super::{Failure, output};
use crate::bundled;
use crate::reach::attrition::{self, Attrition, ReachError};
use nomoscope_core::reach::attrition::Settings;
use nomoscope_core::stats::rng::Seed;
use nomoscope_figure::{Frame, Theme, View, reality_check};
use nomoscope_formats::reach::victims::{self, Selection};
use std::path::{Path, PathBuf};

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
    #[arg(long, value_name = "N", default_value_t = 0)]
    suppressed_from: u64,
    /// Draws over the ranges
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    draws: usize,
    /// What the draws follow from
    #[arg(long, value_name = "N", default_value_t = 1)]
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

/// The most draws: a minute for a long ladder.
const MOST_DRAWS: usize = 1_000_000;
/// The most groups of which a figure is drawn.
const FIGURES: usize = 24;

impl From<ReachError> for Failure {
    fn from(error: ReachError) -> Self {
        match error {
            ReachError::Problems(problems) => problems.into(),
            ReachError::Refused(refused) => {
                use nomoscope_core::reach::attrition::AttritionError as E;
                let message = crate::cli::words::with_hint(&refused, refused.hint());
                match refused {
                    E::Mixed { .. } => Self::Refused(message),
                    _ => Self::Bad(message),
                }
            }
        }
    }
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if args.draws > MOST_DRAWS {
        return Err(super::wrong(
            "--draws",
            format!("{} draws, more than {MOST_DRAWS}", args.draws),
            "10000 are plenty",
        ));
    }
    let settings = Settings { mixed: args.mixed, draws: args.draws, seed: Seed(args.seed), ..Settings::default() };
    let attrition = attrition(args, &settings)?;
    if args.json {
        output::json(&crate::json::attrition::attrition(&attrition));
    } else {
        print(&attrition, args.top.unwrap_or(60));
    }
    if let Some(out) = &args.out {
        write(&attrition, out)?;
    }
    if !args.json {
        next(args);
    }
    Ok(())
}

fn attrition(args: &Args, settings: &Settings) -> Result<Attrition, Failure> {
    let from = args.suppressed_from;
    let Some(file) = &args.file else {
        no_table_flags(args)?;
        return Ok(attrition::of_stages("narminio-2020.toml", bundled::ATTRITION, settings, from)?);
    };
    if file.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
        no_table_flags(args)?;
        let bytes = super::super::read(file)?;
        return Ok(attrition::of_stages(&file.display().to_string(), &bytes, settings, from)?);
    }
    let table = victims::read(&super::table(file)?)?;
    let by: Vec<String> = args.by.iter().map(|b| b.trim().to_lowercase()).collect();
    Ok(attrition::of_victims(&table, &by, &selection(args)?, settings, from)?)
}

fn no_table_flags(args: &Args) -> Result<(), Failure> {
    if args.by.is_empty() && args.filter.is_empty() {
        return Ok(());
    }
    let flag = if args.by.is_empty() { "--where" } else { "--by" };
    Err(super::wrong(flag, "stages have no attributes", "it goes with a table of victims and suspects"))
}

fn selection(args: &Args) -> Result<Selection, Failure> {
    let mut out = Selection::new();
    for pair in &args.filter {
        let Some((name, value)) = pair.split_once('=').filter(|(n, v)| !n.trim().is_empty() && !v.trim().is_empty())
        else {
            return Err(super::wrong("--where", format!("`{pair}` has no value"), "write --where region=Europe"));
        };
        out.insert(name.trim().to_lowercase(), value.trim().to_owned());
    }
    Ok(out)
}

fn print(attrition: &Attrition, rows: usize) {
    output::data(&format!("{}\n", attrition::answer(attrition)));
    for table in attrition::tables(attrition) {
        output::table(&table, rows);
    }
    for caution in attrition::cautions(attrition) {
        output::talk(&format!("caution: {caution}"));
    }
}

fn write(attrition: &Attrition, out: &Path) -> Result<(), Failure> {
    let view = View { frame: Frame::Wide, theme: Theme::Light };
    let known: Vec<_> = attrition.ladders.iter().filter(|l| l.ladder.is_ok()).collect();
    let figures: Vec<_> = known
        .iter()
        .take(FIGURES)
        .enumerate()
        .filter_map(|(i, group)| {
            let id = if known.len() == 1 {
                reality_check::ID.to_owned()
            } else {
                format!("{}-{}", reality_check::ID, i + 1)
            };
            attrition::figure(attrition, group, &id).map(|model| reality_check::draw(&model, view))
        })
        .collect();
    super::super::report::write_beside(out, &figures, &attrition::tables(attrition))?;
    if known.len() > FIGURES {
        output::talk(&format!("note: drawn are the first {FIGURES} of {} groups", known.len()));
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
