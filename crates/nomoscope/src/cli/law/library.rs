//! Which law is read and how, and norms by their ids.

use crate::cli::Failure;
use nomoscope_core::codebook::nearest;
use nomoscope_core::law::Law;
use nomoscope_core::law::finding::Reading;
use nomoscope_core::law::logic::OpenReading;
use nomoscope_core::law::resolve::Complaint;
use nomoscope_desk::law::files_at;
use nomoscope_desk::study::{Problem, Problems};
use nomoscope_engine::law::answer::{Files, Library, bundled_files, read};
use std::path::PathBuf;

/// Which law is read, and how.
#[derive(Debug, Clone, clap::Args)]
pub(in crate::cli) struct LawArgs {
    /// A file or folder of norms and facts beside the bundled ones; the same id takes the place of a bundled one
    #[arg(long, value_name = "PATH")]
    pub law: Option<PathBuf>,
}

impl LawArgs {
    /// Opens the law, or says everything that is wrong with it.
    pub(in crate::cli) fn open(&self) -> Result<Library, Failure> {
        self.open_with(&Files::new())
    }

    /// Opens the law together with files of cases.
    pub(in crate::cli) fn open_with(&self, cases: &Files) -> Result<Library, Failure> {
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

/// Returns complaints as the failure of a command.
pub(in crate::cli) fn failure(complaints: &[Complaint]) -> Failure {
    complaints.iter().map(problem).collect::<Problems>().into()
}

/// Returns a complaint as a problem of a file.
pub(in crate::cli) fn problem(complaint: &Complaint) -> Problem {
    let mut problem = Problem::new(complaint.origin.file.clone(), complaint.reason.clone());
    if complaint.origin.line > 0 {
        problem = problem.at(complaint.origin.line);
    }
    match &complaint.hint {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

/// Returns the places of norms by id; a prefix such as `fr` or `un.palermo` stands for all norms below it.
pub(in crate::cli) fn norms(law: &Law, asked: &[String], flag: &str) -> Result<Vec<usize>, Failure> {
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
            let hint = near.first().map_or_else(
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
pub(in crate::cli) fn norm(law: &Law, id: &str) -> Result<usize, Failure> {
    match norms(law, &[id.to_owned()], "NORM")?.as_slice() {
        [one] => Ok(*one),
        several => {
            let ids: Vec<&str> = several.iter().map(|&n| law.norms[n].id.as_str()).collect();
            Err(Failure::Bad(format!("`{id}` stands for several norms: {}", ids.join(", "))))
        }
    }
}
