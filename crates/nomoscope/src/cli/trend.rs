//! `trend`: the cluster in time.

use super::Failure;
use super::options::{MapArgs, Selection, StudyArgs, refuse_empty, run_record};
use super::output::{self, Progress};
use super::words::with_hint;
use crate::analysis::{Options, Statements, Step, statements};
use crate::load::Opened;
use crate::report::trend_section as words;
use crate::study::{Problem, Problems};
use clap::builder::PossibleValuesParser;
use nomoscope_core::stats::kernel::Kernel;
use nomoscope_core::stats::rng::Seed;
use nomoscope_core::study::Source;
use nomoscope_core::text::Level;
use nomoscope_core::usage::trend::period::{Division, PeriodError, every, length, periods};
use nomoscope_core::usage::trend::{Settings, Trend, trend};
use nomoscope_figure::{View, networks};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Follow the cluster through time: snapshots, what came and went, drift, and who said what first
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Without --every, --periods or --width, time is divided as study.toml says (`periods`), or else by decades.\n\nExamples:\n  nomoscope trend my-study --every 10y\n  nomoscope trend my-study --periods 1945-1969,1970-1999,2000- --json > trend.json\n  nomoscope trend my-study --kernel epanechnikov --width 10y --step 1y"
)]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyArgs,
    /// Divide time into periods of this length (10y, 6m), decades beginning with a nought
    #[arg(long, value_name = "LENGTH", conflicts_with_all = ["periods", "kernel", "width", "step"])]
    every: Option<String>,
    /// Divide time into these periods, both years included (1945-1969,1970-)
    #[arg(long, value_name = "LIST", conflicts_with_all = ["kernel", "width", "step"])]
    periods: Option<String>,
    /// Slide a window of this shape over time [default: uniform, if there is a --width]
    #[arg(long, value_name = "KERNEL", value_parser = kernels())]
    kernel: Option<String>,
    /// Width of the sliding window; it covers exactly that much [default: 10y, if there is a --kernel]
    #[arg(long, value_name = "LENGTH")]
    width: Option<String>,
    /// How far the window slides each time [default: 1y]
    #[arg(long, value_name = "LENGTH")]
    step: Option<String>,
    /// The concept whose cluster is followed; by default the study's focus
    #[arg(long, value_name = "CONCEPT")]
    focus: Option<String>,
    /// The unit of co-occurrence; by default the study's window, or else paragraph
    #[arg(long, value_name = "LEVEL", value_parser = PossibleValuesParser::new(Level::ALL.map(Level::name)))]
    window: Option<String>,
    /// Let operative units inherit problems and values of title and preamble
    #[arg(long)]
    inherit: bool,
    /// Least lower bound of the odds ratio in the backbone
    #[arg(long, value_name = "OR", default_value_t = 1.5, allow_negative_numbers = true)]
    min_or: f64,
    /// Bootstrap draws over sources in each period (0 for none)
    #[arg(long, value_name = "N", default_value_t = 200)]
    bootstrap: usize,
    /// Random divisions of the sources, for the tests of change
    #[arg(long, value_name = "N", default_value_t = 999)]
    permutations: usize,
    /// Seed of everything that is drawn at random
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many first appearances to print, and statements of each period [default: 10; in JSON 100 statements]
    #[arg(long, value_name = "N")]
    top: Option<usize>,
    /// Write figures and tables into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Rows where nobody said how many.
const ROWS: usize = 10;
/// Statements of a period, and of a change, in JSON.
const JSON_STATEMENTS: usize = 100;
/// Length of periods where nobody said any.
const EVERY: &str = "10y";

fn kernels() -> PossibleValuesParser {
    PossibleValuesParser::new(Kernel::ALL.map(Kernel::name))
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let opened = args.study.open()?;
    let options = args.options(&opened)?;
    refuse_empty(&opened.loaded.study.sources)?;
    let division = args.division(&opened)?;
    let settings = settings(&options, division, args.permutations);
    let (reading, trend) = compute(&opened, &options, &settings, args.focus.is_some())?;
    let cautions = words::cautions(reading.coded(), &trend);
    if let Some(out) = &args.out {
        let figures = words::figures(reading.coded(), &trend, settings.min_or, View::default());
        super::report::write_beside(out, &figures, &words::tables(reading.coded(), &trend))?;
        if figures.iter().all(|f| f.id != networks::OVER_TIME) {
            output::talk("note: no networks over time, for no period couples any pair");
        }
    }
    if args.json {
        let run = record(&opened, &options, &args.study.selection, &settings);
        let top = args.top.unwrap_or(JSON_STATEMENTS);
        output::json(&crate::json::trend::trend(reading.coded(), &trend, &cautions, top, run));
        return Ok(());
    }
    output::data(&format!("{}\n", words::answer(reading.coded(), &trend)));
    let top = args.top.unwrap_or(ROWS);
    for table in words::tables(reading.coded(), &trend) {
        let rows = if table.id == words::PERIODS || table.id == words::CHANGES { usize::MAX } else { top };
        output::table(&table, rows);
    }
    for caution in cautions {
        output::talk(&format!("caution: {caution}"));
    }
    let study = output::typed(&args.study.study);
    if args.out.is_none() {
        output::talk(&format!("next: nomoscope trend {study} --out DIR draws it"));
    }
    output::talk(&format!("next: nomoscope trend {study} --json has every number, with the passage of each first use"));
    output::talk(&format!("next: nomoscope slip {study} tells whether labels are used for one another"));
    Ok(())
}

impl Args {
    fn options(&self, opened: &Opened) -> Result<Options, Failure> {
        if self.permutations > 1_000_000 {
            return Err(Failure::Bad("--permutations takes 0 to 1000000".to_owned()));
        }
        MapArgs {
            focus: self.focus.clone(),
            window: self.window.clone(),
            inherit: self.inherit,
            min_or: self.min_or,
            bootstrap: self.bootstrap,
            seed: self.seed,
            ..MapArgs::default()
        }
        .options(opened)
    }

    fn division(&self, opened: &Opened) -> Result<Division, Failure> {
        let sources = &opened.loaded.study.sources;
        if sources.iter().all(|s| s.date.is_none()) {
            return Err(Failure::Refused(
                "no source has a date, so there is no time to follow\n  hint: a column `date` in sources.csv, such as 2000 or 2000-11-15".to_owned(),
            ));
        }
        if self.kernel.is_some() || self.width.is_some() || self.step.is_some() {
            return self.windows();
        }
        if let Some(list) = &self.periods {
            let names: Vec<&str> = list.split(',').collect();
            return named("--periods", &names);
        }
        let own = &opened.loaded.study.meta.periods;
        match &self.every {
            None if !own.is_empty() => named("study.toml: periods", own),
            every => equal(every.as_deref().unwrap_or(EVERY), sources),
        }
    }

    fn windows(&self) -> Result<Division, Failure> {
        let mut problems = Problems::new();
        let mut read = |given: &Option<String>, flag: &str, default: f64| match given {
            None => default,
            Some(text) => length(text).unwrap_or_else(|e| {
                problems.push(Problem::new(flag, e.to_string()).hint(e.hint()));
                default
            }),
        };
        let (width, step) = (read(&self.width, "--width", 10.0), read(&self.step, "--step", 1.0));
        problems.or(())?;
        let kernel = Kernel::ALL.into_iter().find(|k| Some(k.name()) == self.kernel.as_deref());
        Ok(Division::Windows { kernel: kernel.unwrap_or(Kernel::Uniform), width, step })
    }
}

fn named<T: AsRef<str>>(place: &str, names: &[T]) -> Result<Division, Failure> {
    let list = periods(names).map_err(|problems| {
        let mut all = Problems::new();
        for p in problems {
            all.push(Problem::new(place, p.to_string()).hint(p.hint()));
        }
        all
    })?;
    Ok(Division::Periods(list))
}

fn equal(text: &str, sources: &[Source]) -> Result<Division, Failure> {
    let bad = |e: PeriodError| Failure::Bad(format!("--every: {}", with_hint(&e, e.hint())));
    Ok(Division::Periods(every(length(text).map_err(bad)?, sources).map_err(bad)?))
}

fn settings(options: &Options, division: Division, permutations: usize) -> Settings {
    Settings {
        division,
        window: options.window,
        min_or: options.min_or,
        draws: options.draws,
        permutations,
        seed: Seed(options.seed),
        illustration: options.illustration,
    }
}

fn compute<'a>(
    opened: &'a Opened,
    options: &Options,
    settings: &Settings,
    focus_given: bool,
) -> Result<(Statements<'a>, Trend), Failure> {
    let study = &opened.loaded.study;
    let progress = Progress::new(study.sources.iter().map(|s| s.document.text.len() as u64).sum());
    let reading = statements(&opened.codebook, study, options, &|step| progress.step(step))
        .map_err(|error| super::options::tell_focus_error(error, focus_given))?;
    progress.step(Step::Bootstrap);
    let found = trend(reading.coded(), settings).map_err(|e| Failure::Refused(with_hint(&e, e.hint())));
    progress.step(Step::Done);
    let found = found?;
    Ok((reading, found))
}

fn record(opened: &Opened, options: &Options, selection: &Selection, settings: &Settings) -> Value {
    let mut run = run_record(opened, options, selection, &super::report::today());
    let own = &mut run["settings"];
    if let Some(map) = own.as_object_mut() {
        map.remove("seeds");
        map.remove("strata");
    }
    own["permutations"] = json!(settings.permutations);
    own["periods"] = match &settings.division {
        Division::Periods(list) => list.iter().map(|p| p.name.clone()).collect::<Vec<_>>().into(),
        Division::Windows { .. } => Value::Null,
    };
    if let Division::Windows { kernel, width, step } = &settings.division {
        own["kernel"] = json!(kernel.name());
        own["width"] = json!(width);
        own["step"] = json!(step);
    }
    run
}
