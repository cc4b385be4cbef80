//! `law`: definitions, one by one and against each other.

mod burden;
mod check;
mod compare;
mod fallback;
mod list;
mod overlap;
mod show;

use super::Failure;
use crate::law::{Files, Library, bundled_files, files_at, read};
use crate::study::{Problem, Problems};
use clap::Subcommand;
use nomoscope_core::law::Law;
use nomoscope_core::law::finding::Reading;
use nomoscope_core::law::logic::OpenReading;
use nomoscope_core::spelling::nearest;
use std::path::PathBuf;

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
    pub(super) fn open(&self) -> Result<Library, Failure> {
        self.open_with(&Files::new())
    }

    /// Opens the law together with files of cases.
    pub(super) fn open_with(&self, cases: &Files) -> Result<Library, Failure> {
        let mut own = match &self.law {
            Some(path) => files_at(path).map_err(|list| failure(&list))?,
            None => Files::new(),
        };
        own.extend(cases.iter().map(|(k, v)| (k.clone(), v.clone())));
        let library = read(&bundled_files(), &own);
        let errors = library.errors();
        if errors.is_empty() { Ok(library) } else { Err(failure(&errors)) }
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

/// Returns problems as the failure of a command.
pub(super) fn failure(problems: &[Problem]) -> Failure {
    problems.iter().cloned().collect::<Problems>().into()
}

/// Returns the places of norms by id; a prefix such as `fr` or `un.palermo` stands for all norms below it.
pub(super) fn norms(law: &Law, asked: &[String], flag: &str) -> Result<Vec<usize>, Failure> {
    let mut out = Vec::new();
    let mut problems = Problems::new();
    for id in asked.iter().flat_map(|list| list.split(',')).map(str::trim).filter(|id| !id.is_empty()) {
        let below = format!("{id}.");
        let found: Vec<usize> = match law.find(id) {
            Some(norm) => vec![norm],
            None => (0..law.norms.len()).filter(|&n| law.norms[n].id.starts_with(&below)).collect(),
        };
        if found.is_empty() {
            let near = nearest(id, law.norms.iter().map(|n| n.id.as_str()));
            let hint = near.map_or_else(
                || "`nomoscope law list` lists the norms".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            problems.push(Problem::new(flag, format!("unknown norm `{id}`")).hint(hint));
        }
        out.extend(found.into_iter().filter(|n| !out.contains(n)).collect::<Vec<_>>());
    }
    problems.or(out).map_err(Failure::from)
}

/// Returns the place of one norm by id.
pub(super) fn norm(law: &Law, id: &str) -> Result<usize, Failure> {
    match norms(law, &[id.to_owned()], "NORM")?.as_slice() {
        [one] => Ok(*one),
        several => {
            let ids: Vec<&str> = several.iter().map(|&n| law.norms[n].id.as_str()).collect();
            Err(Failure::Bad(format!("`{id}` stands for several norms: {}", ids.join(", "))))
        }
    }
}
