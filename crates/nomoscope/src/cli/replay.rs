//! `replay`: what was asked before, asked again.

use super::failure::{read, read_all};
use super::options::{program, watched};
use super::report::{Target, make, make_folder, write};
use super::{Failure, output};
use nomoscope_desk::load::{Opened, open};
use nomoscope_desk::study::{Problem, Problems};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::law::library::{Files, bundled_files, read as read_law};
use nomoscope_engine::map::question::Question as Map;
use nomoscope_engine::questions::{Of, Subject, asked};
use nomoscope_engine::record::{Named, Record};
use nomoscope_engine::report::question::Question as Report;
use nomoscope_formats::Input;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Ask again what was asked before, from the run record that every answer carries, and print the same answer
///
/// RUN.json is the run.json of a report, or what any command printed with --json. Of a study, STUDY says where it lies now; of
/// files, each is looked for where it was, or among those that are named. What differs from then is told, by its hash.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope map my-study --json > map.json\n  nomoscope replay map.json my-study\n  nomoscope replay my-report/run.json my-study --out again\n  nomoscope reach estimate lists.csv --json > estimate.json\n  nomoscope replay estimate.json\n\nExit codes: 0 asked again, 1 no answer, 2 the inputs are not those of then (unless --changed), or bad input."
)]
pub(super) struct Args {
    /// A run record, or an answer that carries one
    #[arg(value_name = "RUN.json")]
    run: PathBuf,
    /// The study, or the files, that were asked
    #[arg(value_name = "STUDY|FILE")]
    inputs: Vec<PathBuf>,
    /// Read with this codebook, if it was not the study's own
    #[arg(long, value_name = "FILE")]
    codebook: Option<PathBuf>,
    /// Answer all the same where inputs are not those of then
    #[arg(long)]
    changed: bool,
    /// Of a report, or a map: write the report again, into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let record = record(&args.run)?;
    let (kind, settings, selection) = asked(&record)?;
    if args.out.is_some() && ![Report::NAME, Map::NAME].contains(&kind.name) {
        return Err(Failure::Bad(format!("--out: writes a report, and {} was asked", kind.name)));
    }
    if record.version != program().version {
        output::talk(&format!("note: version {} answered then, {} does now", record.version, program().version));
    }
    let answer = if record.is_of_study() {
        let [study] = args.inputs.as_slice() else {
            let hint = "a run record does not tell where a study lies";
            return Err(Failure::Bad(format!("name the one study that was asked: {}\n  hint: {hint}", record.study)));
        };
        let mut opened = open(study, args.codebook.as_deref())?;
        opened.material = opened.material.select(&selection)?;
        compare(args, &record, opened.material.inputs.clone(), &opened.material.codebook_hash)?;
        if let Some(out) = &args.out {
            return report(&opened, &settings, record.clone(), out);
        }
        kind.ask(settings, Subject::Study(&opened.material), &watched(&opened.material))?
    } else {
        of_files(args, &record, kind.of, |subject| Ok(kind.ask(settings, subject, &Handle::default())?))?
    };
    output::json(&answer.json(None, again(record)));
    Ok(())
}

/// Returns the run record of a file: the file itself, or what stands in it under `run`.
fn record(path: &Path) -> Result<Record, Failure> {
    let wrong = |reason: String| {
        let hint = "a run record is run.json of a report, or what a command prints with --json";
        Failure::from(Problems::from(Problem::new(path.display().to_string(), reason).hint(hint)))
    };
    let mut value: Value =
        serde_json::from_slice(&read(path)?).map_err(|error| wrong(format!("is no JSON: {error}")))?;
    if let Some(run) = value.get_mut("run") {
        value = run.take();
    }
    serde_json::from_value(value).map_err(|error| wrong(format!("holds no run record: {error}")))
}

/// The record of an answer that is given now: as then, but for the program that gives it.
fn again(record: Record) -> Record {
    Record { version: program().version, ..record }
}

/// Asks files, or the law beside files.
fn of_files(
    args: &Args,
    record: &Record,
    of: Of,
    ask: impl FnOnce(Subject<'_>) -> Result<Box<dyn Answer>, Failure>,
) -> Result<Box<dyn Answer>, Failure> {
    let files = found(args, record)?;
    let hashes = files.iter().map(|(name, bytes)| (name.clone(), nomoscope_store::hash_hex(bytes))).collect();
    compare(args, record, hashes, "")?;
    if matches!(of, Of::Law | Of::Cases) {
        let library = read_law(&bundled_files(), &files).usable()?;
        return ask(Subject::Law(&library, &library.cases_of(&files)));
    }
    let inputs: Vec<Input<'_>> = files.iter().map(|(name, bytes)| Input { name, bytes }).collect();
    ask(Subject::Files(&inputs))
}

/// Returns the files of then under the names of then: from among those that were named now, or from where they were.
fn found(args: &Args, record: &Record) -> Result<Files, Failure> {
    let paths = record.inputs.keys().map(|name| {
        let named = args.inputs.iter().find(|path| path.file_name() == Path::new(name).file_name());
        (name.clone(), named.map_or(Path::new(name), PathBuf::as_path))
    });
    Ok(read_all(paths)?.into_iter().collect())
}

/// Tells what is not as it was then, and refuses unless that is wanted.
fn compare(args: &Args, record: &Record, now: BTreeMap<String, String>, codebook: &str) -> Result<(), Failure> {
    let mut problems = Problems::new();
    for (name, hash) in &record.inputs {
        match now.get(name) {
            None => problems.push(Problem::new(name, "was read then, and is not there now")),
            Some(found) if found != hash => problems.push(Problem::new(name, "has changed since")),
            Some(_) => {}
        }
    }
    // Tables of lists are read for reports alone, and records of before did not name them.
    let counts = |name: &&String| record.question == Report::NAME || !name.starts_with("lists/");
    let added = now.keys().filter(|name| !record.inputs.contains_key(*name)).filter(counts);
    added.for_each(|name| problems.push(Problem::new(name, "was not read then, and is now")));
    if record.codebook.sha256 != codebook {
        problems.push(Problem::new(&record.codebook.name, "has changed since"));
    }
    if problems.is_empty() {
        return Ok(());
    }
    if args.changed {
        problems.as_slice().iter().for_each(|problem| output::talk(&format!("note: {problem}")));
        return Ok(());
    }
    let failure = Failure::from(problems);
    output::talk("hint: --changed answers all the same");
    Err(failure)
}

/// Writes a report again.
fn report(opened: &Opened, settings: &Value, record: Record, out: &Path) -> Result<(), Failure> {
    let wrong = |error: serde_json::Error| Failure::Bad(error.to_string());
    let question: Report = if record.question == Map::NAME {
        let map = serde_json::from_value(settings.clone()).map_err(wrong)?;
        Report { map, ..Report::default() }
    } else {
        serde_json::from_value(settings.clone()).map_err(wrong)?
    };
    make_folder(out)?;
    let report = make(&question, opened)?;
    write(&report, &again(record), Target { out, demo: false })?;
    output::talk(&format!("wrote {}", out.join("report.html").display()));
    Ok(())
}
