//! The command line: a file a command.
//!
//! Data goes to stdout, talk to stderr. Exit 0 done, 1 refused or below a threshold, 2 bad input.

mod add;
mod agree;
mod code;
mod codebook;
mod compare;
mod completions;
mod concepts;
mod demo;
mod export;
mod law;
mod log;
mod map;
mod network;
mod new;
mod options;
mod output;
mod reach;
mod report;
mod slip;
mod sources;
mod stamp;
mod test;
mod trend;
mod words;

use crate::study::StudyError;
use clap::{CommandFactory, Parser, Subcommand};
use nomoscope_store::StoreError;
use nomoscope_store::disk::DiskError;
use std::ffi::OsString;
use std::process::ExitCode;

/// The version with the commit, where it is known.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("NOMOSCOPE_COMMIT"), ")");

/// Shows what norms become in use.
///
/// Maps a norm cluster, "If [problem], [value] suggests [behaviour]", from the texts that make, interpret and apply it.
#[allow(rustdoc::broken_intra_doc_links, reason = "clap prints the brackets of the formula as they stand")]
#[derive(Debug, Parser)]
#[command(name = "nomoscope", version = VERSION, max_term_width = 100, arg_required_else_help = false)]
#[command(
    after_help = "Begin with:\n  nomoscope demo                    a finished study with its report\n  nomoscope new my-study            a folder for your own texts; then\n  (edit my-study/codebook.toml)     your concepts, and the words that show them\n  nomoscope add my-study FILE…      your texts\n  nomoscope codebook check my-study what the codebook finds in them, and what it misses\n  nomoscope map my-study            the cluster, its type and its certainty\n  nomoscope report my-study --out my-report\n\nExit codes: 0 done, 1 no answer can be given, 2 bad input or usage.\nGlossary, guide and methods: docs/ in the source."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Args),
    New(new::Args),
    Add(add::Args),
    Sources(sources::Args),
    Code(code::Args),
    Codebook(codebook::Args),
    Concepts(concepts::Args),
    Map(map::Args),
    Reach(reach::Args),
    Trend(trend::Args),
    Slip(slip::Args),
    Agree(agree::Args),
    Network(Box<network::Args>),
    Compare(compare::Args),
    Report(report::Args),
    Export(export::Args),
    Test(test::Args),
    Law(law::Args),
    Log(log::LogArgs),
    Undo(log::UndoArgs),
    Completions(completions::Args),
}

/// Why a command ended without doing what it was asked.
#[derive(Debug)]
pub enum Failure {
    /// Bad input: exit 2.
    Bad(String),
    /// A refusal to compute, or a threshold not reached: exit 1.
    Refused(String),
}

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        let io = match &error {
            StudyError::Disk(DiskError::Io { path, source })
            | StudyError::Store(StoreError::Disk(DiskError::Io { path, source })) => Some((path, source)),
            _ => None,
        };
        if let Some((path, source)) = io {
            return Self::Bad(format!("{}: {}", path.display(), reason(source)));
        }
        Self::Bad(match (&error, error.hint()) {
            // Several problems begin on a line each, so that all of them can be read and clicked on.
            (StudyError::Problems(list), _) if list.as_slice().len() > 1 => {
                format!("{} problems\n{}", list.len(), list.phrased(&words::slot))
            }
            (StudyError::Problems(list), _) => list.phrased(&words::slot),
            (_, hint) => words::with_hint(&error, hint),
        })
    }
}

pub(crate) use crate::load::reason;

/// Returns the bytes of a file that the user named.
fn read(file: &std::path::Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|e| Failure::Bad(format!("{}: cannot be read: {}", file.display(), reason(&e))))
}

impl From<crate::study::Problems> for Failure {
    fn from(problems: crate::study::Problems) -> Self {
        Self::from(StudyError::from(problems))
    }
}

impl From<nomoscope_store::StoreError> for Failure {
    fn from(error: nomoscope_store::StoreError) -> Self {
        Self::from(StudyError::from(error))
    }
}

impl From<nomoscope_store::disk::DiskError> for Failure {
    fn from(error: nomoscope_store::disk::DiskError) -> Self {
        Self::from(StudyError::from(error))
    }
}

impl From<crate::analysis::AnalysisError> for Failure {
    fn from(error: crate::analysis::AnalysisError) -> Self {
        Self::Bad(match error {
            crate::analysis::AnalysisError::Codebook(list) => {
                return list.in_file("codebook.toml").into();
            }
            other => words::with_hint(&other, other.hint()),
        })
    }
}

impl From<crate::estimate::EstimateError> for Failure {
    fn from(error: crate::estimate::EstimateError) -> Self {
        let words = words::with_hint(&error, error.hint());
        match error {
            crate::estimate::EstimateError::Formula { .. } => Self::Bad(words),
            crate::estimate::EstimateError::Models(_) => Self::Refused(words),
        }
    }
}

impl From<crate::report::ReportError> for Failure {
    fn from(error: crate::report::ReportError) -> Self {
        Self::Bad(error.to_string())
    }
}

/// Runs the program with these arguments.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let result = match cli.command {
        None => {
            output::data(WELCOME);
            Ok(())
        }
        Some(Command::Demo(args)) => demo::run(&args),
        Some(Command::New(args)) => new::run(&args),
        Some(Command::Add(args)) => add::run(&args),
        Some(Command::Sources(args)) => sources::run(&args),
        Some(Command::Code(args)) => code::run(&args),
        Some(Command::Codebook(args)) => codebook::run(&args),
        Some(Command::Concepts(args)) => concepts::run(&args),
        Some(Command::Map(args)) => map::run(&args),
        Some(Command::Reach(args)) => reach::run(&args),
        Some(Command::Trend(args)) => trend::run(&args),
        Some(Command::Slip(args)) => slip::run(&args),
        Some(Command::Agree(args)) => agree::run(&args),
        Some(Command::Network(args)) => network::run(&args),
        Some(Command::Compare(args)) => compare::run(&args),
        Some(Command::Report(args)) => report::run(&args),
        Some(Command::Export(args)) => export::run(&args),
        Some(Command::Test(args)) => test::run(&args),
        Some(Command::Law(args)) => law::run(&args),
        Some(Command::Log(args)) => log::run_log(&args),
        Some(Command::Undo(args)) => log::run_undo(&args),
        Some(Command::Completions(args)) => completions::run(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Bad(message)) => {
            output::talk(&format!("error: {message}"));
            ExitCode::from(2)
        }
        Err(Failure::Refused(message)) => {
            output::talk(&format!("no answer: {message}"));
            ExitCode::from(1)
        }
    }
}

/// Returns the command line as clap knows it, for the reference and the completions.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

const WELCOME: &str = "nomoscope shows what norms become in use: it reads treaties, laws, speeches and interviews,\nfinds \"If [problem], [value] suggests [behaviour]\", and maps the cluster that they form.\nSee a finished study:   nomoscope demo\nBegin your own:         nomoscope new my-study   (then: add, codebook check, map, report)\nAll commands:           nomoscope --help\n";
