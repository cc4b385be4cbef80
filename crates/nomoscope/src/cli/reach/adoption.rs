//! `reach adoption`: states over time.

use super::super::{Failure, output};
use crate::reach::{self, adoption};
use nomoscope_core::date::PartialDate;
use nomoscope_core::reach::adoption::Treaty;
use nomoscope_core::reach::gap::StepTable;
use nomoscope_core::reach::states::States;
use nomoscope_core::spelling::nearest;
use nomoscope_figure::{Figure, Frame, Theme, View, adoption as figure, lag};
use nomoscope_formats::grid::Grid;
use nomoscope_formats::reach::{ratification, steps};
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

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let today = today(args)?;
    let states = reach::states()?;
    let (treaties, steps) = read(args, &states, today)?;
    let of = which(args, &treaties)?;
    let adoption = adoption::adoption(treaties, &steps, &states, args.until, of);
    if args.json {
        output::json(&crate::json::adoption::adoption(&adoption, &today.to_string()));
    } else {
        print(&adoption, args.top.unwrap_or(60));
    }
    if let Some(out) = &args.out {
        super::super::report::write_beside(out, &figures(&adoption, of, &states), &adoption::tables(&adoption))?;
    }
    if !args.json {
        next(args);
    }
    Ok(())
}

fn today(args: &Args) -> Result<PartialDate, Failure> {
    let today = args.today.clone().unwrap_or_else(super::super::report::today);
    let date: PartialDate = today.parse().map_err(|e: nomoscope_core::date::DateError| {
        super::wrong("--today", e.to_string(), "write --today 2026-11-24")
    })?;
    if let Some(until) = args.until.filter(|u| *u > date.year) {
        return Err(super::wrong("--until", format!("{until} lies in the future"), "nothing is known of it yet"));
    }
    Ok(nomoscope_core::reach::states::end_of(date))
}

/// Reads all tables; what is wrong with any of them is told at once.
fn read(args: &Args, states: &States, today: PartialDate) -> Result<(Vec<Treaty>, Vec<StepTable>), Failure> {
    if args.name.len() > args.files.len() {
        let reason = format!("{} names for {} files", args.name.len(), args.files.len());
        return Err(super::wrong("--name", reason, "give --name once a FILE, in their order"));
    }
    let mut problems = Vec::new();
    let mut treaties: Vec<Treaty> = Vec::new();
    for (at, file) in args.files.iter().enumerate() {
        let stem = file.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let name = args.name.get(at).cloned().unwrap_or(stem);
        let read = super::table(file).and_then(|grid| of_grid(&grid, states, &name, today));
        treaties.extend(super::collect(read, &mut problems).unwrap_or_default());
    }
    let mut steps = Vec::new();
    for (file, step) in [(&args.criminalised, "criminalised"), (&args.convicted, "convicted")] {
        let Some(file) = file else { continue };
        let read = super::table(file).and_then(|grid| Ok(steps::step(&grid, states, step, today)?));
        steps.extend(super::collect(read, &mut problems));
    }
    if args.files.is_empty() {
        let (bundled, more) = reach::brought(states)?;
        treaties = bundled;
        // The user's own tables take the place of those that the program brings along.
        if steps.is_empty() && args.criminalised.is_none() && args.convicted.is_none() {
            steps = more;
        }
    }
    for (at, treaty) in treaties.iter().enumerate() {
        if treaties.iter().take(at).any(|t| t.name == treaty.name) {
            problems.push(format!("treaty `{}` is there twice\n  hint: --name gives each its own", treaty.name));
        }
    }
    super::all(&problems, (treaties, steps))
}

fn of_grid(grid: &Grid, states: &States, name: &str, today: PartialDate) -> Result<Vec<Treaty>, Failure> {
    Ok(ratification::treaties(grid, states, name, today)?)
}

fn which(args: &Args, treaties: &[Treaty]) -> Result<usize, Failure> {
    let Some(name) = &args.of else { return Ok(0) };
    treaties.iter().position(|t| t.name == *name).ok_or_else(|| {
        let near = nearest(name, treaties.iter().map(|t| t.name.as_str()));
        let hint = near.map_or("give its name as it is printed".to_owned(), |n| format!("did you mean `{n}`?"));
        super::wrong("--of", format!("no treaty is called `{name}`"), &hint)
    })
}

fn print(adoption: &adoption::Adoption, rows: usize) {
    let mut words: Vec<String> = adoption.treaties.iter().map(adoption::TreatyReport::answer).collect();
    words.extend(adoption.gap.iter().flat_map(adoption::GapReport::answer));
    output::data(&format!("{}\n", words.join("\n")));
    for table in adoption::tables(adoption) {
        output::table(&table, rows);
    }
    if let Some(Err(reason)) = adoption.gap.as_ref().map(|g| g.gap.as_ref()) {
        output::talk(&format!("caution: No gap: {reason}.\n  hint: {}", crate::cli::words::remedy(&reason.hint())));
    }
    for caution in adoption::cautions(adoption) {
        output::talk(&format!("caution: {caution}"));
    }
}

/// The figures: the treaty whose gap is measured, the comparison, the lags.
fn figures(adoption: &adoption::Adoption, of: usize, states: &States) -> Vec<Figure> {
    let view = View { frame: Frame::Wide, theme: Theme::Light };
    let one = adoption::treaty_figure(adoption, of, states).map(|m| figure::draw(&m, view));
    let many = adoption::comparison_figure(adoption, "adoption-compared").map(|m| figure::draw(&m, view));
    let lags = adoption.gap.as_ref().and_then(adoption::lag_figure).map(|m| lag::draw(&m, view));
    [one, many, lags].into_iter().flatten().collect()
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
