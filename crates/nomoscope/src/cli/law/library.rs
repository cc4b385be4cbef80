//! Which law is read, and how.

use crate::cli::Failure;
use nomoscope_core::law::finding::Reading;
use nomoscope_core::law::logic::OpenReading;
use nomoscope_core::problem::Place;
use nomoscope_desk::law::files_at;
use nomoscope_desk::study::{Problem, Problems};
use nomoscope_engine::law::library::{Files, Library, bundled_files, read};
use nomoscope_engine::refusal::Refusal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Which law is read, and how.
#[derive(Debug, Clone, clap::Args)]
pub(in crate::cli) struct LawArgs {
    /// A file or folder of norms and facts beside the bundled ones; the same id takes the place of a bundled one
    #[arg(long, value_name = "PATH")]
    pub law: Option<PathBuf>,
}

impl LawArgs {
    /// Opens the law, or says everything that is wrong with it.
    pub(in crate::cli) fn open(&self) -> Result<Arc<Library>, Failure> {
        self.open_with(&Files::new())
    }

    /// Opens the law together with files of cases.
    pub(in crate::cli) fn open_with(&self, cases: &Files) -> Result<Arc<Library>, Failure> {
        let mut own = self.law.as_deref().map(law_files).transpose()?.unwrap_or_default();
        own.extend(cases.iter().map(|(name, bytes)| (name.clone(), bytes.clone())));
        Ok(read(&bundled_files(), &own).usable()?)
    }
}

/// How norms are read.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
pub(in crate::cli) enum Open {
    /// Only what lists name
    Closed,
    /// One residue that all open lists share
    #[default]
    Shared,
    /// Each open list its own question
    Own,
}

impl Open {
    pub(in crate::cli) const fn reading(self) -> OpenReading {
        match self {
            Self::Closed => OpenReading::Closed,
            Self::Shared => OpenReading::Shared,
            Self::Own => OpenReading::Own,
        }
    }
}

/// How facts of a case are read.
#[derive(Debug, Clone, clap::Args)]
pub(in crate::cli) struct ReadingArgs {
    /// How the open end of a list ("at a minimum") is read
    #[arg(long, value_enum, default_value_t = Open::Shared)]
    open: Open,
    /// Let facts follow from others by definition only, not by interpretation
    #[arg(long)]
    no_interpretation: bool,
}

impl ReadingArgs {
    pub(in crate::cli) const fn reading(&self) -> Reading {
        Reading { open: self.open.reading(), interpretation: !self.no_interpretation }
    }
}

/// Returns the files of law or of cases at a path, or says everything that keeps them from being read.
pub(in crate::cli) fn law_files(path: &Path) -> Result<Files, Failure> {
    files_at(path).map_err(|problems| problems.into_iter().collect::<Problems>().into())
}

/// Returns a refusal as the failure of a command that takes norms without a flag.
pub(in crate::cli) fn refused(refusal: Refusal) -> Failure {
    let Refusal::Input(problems) = refusal else { return refusal.into() };
    let named = |problem: &Problem| match &problem.place {
        Some(Place::Setting("norms")) => Problem { file: "NORM".to_owned(), place: None, ..problem.clone() },
        _ => problem.clone(),
    };
    Refusal::Input(problems.as_slice().iter().map(named).collect()).into()
}
