//! `law`: definitions, one by one and against each other.

mod burden;
mod check;
mod compare;
mod fallback;
mod list;
mod overlap;
mod show;

use super::Failure;
use clap::Subcommand;
use nomoscope_core::law::finding::Reading;
use nomoscope_core::law::logic::OpenReading;
use nomoscope_desk::law::files_at;
use nomoscope_desk::study::{Problem, Problems};
use nomoscope_engine::law::library::{Files, Library, bundled_files, problem, read};
use nomoscope_engine::refusal::Refusal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Look at definitions of law, compare them, and find what remains when one fails
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope law list --family trafficking\n  nomoscope law compare un.palermo.3 fr.cp.225-4-1\n  nomoscope law fallback --norm un.palermo.3 --without means\n\nNot legal advice."
)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::Args),
    Show(show::Args),
    Facts(list::FactsArgs),
    Check(check::Args),
    Compare(compare::Args),
    Overlap(overlap::Args),
    Burden(burden::Args),
    Fallback(fallback::Args),
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    match &args.command {
        Command::List(args) => list::run(args),
        Command::Show(args) => show::run(args),
        Command::Facts(args) => list::run_facts(args),
        Command::Check(args) => check::run(args),
        Command::Compare(args) => compare::run(args),
        Command::Overlap(args) => overlap::run(args),
        Command::Burden(args) => burden::run(args),
        Command::Fallback(args) => fallback::run(args),
    }
}

/// Which law is read, and how.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct LawArgs {
    /// A file or folder of norms and facts beside the bundled ones; the same id takes the place of a bundled one
    #[arg(long, value_name = "PATH")]
    pub law: Option<PathBuf>,
}

impl LawArgs {
    /// Opens the law, or says everything that is wrong with it.
    pub(super) fn open(&self) -> Result<Arc<Library>, Failure> {
        self.open_with(&Files::new())
    }

    /// Opens the law together with files of cases.
    pub(super) fn open_with(&self, cases: &Files) -> Result<Arc<Library>, Failure> {
        let mut own = self.law.as_deref().map(law_files).transpose()?.unwrap_or_default();
        own.extend(cases.iter().map(|(name, bytes)| (name.clone(), bytes.clone())));
        Ok(read(&bundled_files(), &own).usable()?)
    }
}

/// How norms are read.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
pub(super) enum Open {
    /// Only what lists name
    Closed,
    /// One residue that all open lists share
    #[default]
    Shared,
    /// Each open list its own question
    Own,
}

impl Open {
    pub(super) const fn reading(self) -> OpenReading {
        match self {
            Self::Closed => OpenReading::Closed,
            Self::Shared => OpenReading::Shared,
            Self::Own => OpenReading::Own,
        }
    }
}

/// How facts of a case are read.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct ReadingArgs {
    /// How the open end of a list ("at a minimum") is read
    #[arg(long, value_enum, default_value_t = Open::Shared)]
    open: Open,
    /// Let facts follow from others by definition only, not by interpretation
    #[arg(long)]
    no_interpretation: bool,
}

impl ReadingArgs {
    pub(super) const fn reading(&self) -> Reading {
        Reading { open: self.open.reading(), interpretation: !self.no_interpretation }
    }
}

/// Returns the files of law or of cases at a path, or says everything that keeps them from being read.
pub(super) fn law_files(path: &Path) -> Result<Files, Failure> {
    files_at(path).map_err(|complaints| complaints.iter().map(problem).collect::<Problems>().into())
}

/// Returns a refusal as the failure of a command that takes norms without a flag.
fn refused(refusal: Refusal) -> Failure {
    let Refusal::Input(problems) = refusal else { return refusal.into() };
    let named = |problem: &Problem| match problem.file.as_str() {
        "norms" => Problem { file: "NORM".to_owned(), ..problem.clone() },
        _ => problem.clone(),
    };
    Refusal::Input(problems.as_slice().iter().map(named).collect()).into()
}
