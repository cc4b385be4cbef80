//! What `test` is asked.

use crate::cli::law::{LawArgs, ReadingArgs};
use nomoscope_core::law::case::Grade;
use nomoscope_engine::test::question::Question;
use std::path::PathBuf;

/// Test whether norms hold on the facts of a case, and what is missing
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A case file lists facts that are true, false or unknown (`nomoscope law facts` lists them):\n  age = 16\n  true = [\"act.recruit\", \"purpose.forced_labour\"]\n  unknown = [\"means.deception\"]\n\nTwo lines a norm: protection rests on facts at least supported, prosecution on facts proved.\n\nExamples:\n  nomoscope test case.toml\n  nomoscope test case.toml --norms un.palermo.3,fr\n  nomoscope test case.toml --at proved --json\n  nomoscope test --ask --norms un.palermo.3 --save case.toml\n\nExit codes: 0 the facts satisfy every norm asked for, 1 they do not, or do not settle it, 2 bad input."
)]
pub(in crate::cli) struct Args {
    /// The case file; `-` reads it from stdin
    #[arg(value_name = "FACTS.toml")]
    pub(super) facts: Option<PathBuf>,
    /// Only these norms, by id, separated by commas; `fr` stands for all norms of that order (default: all)
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    norms: Vec<String>,
    /// Only facts of at least this grade: supported is the line of protection, proved that of prosecution
    #[arg(long, value_enum)]
    at: Option<At>,
    /// Ask for the facts: the question that is expected to settle most comes first
    #[arg(long)]
    pub(super) ask: bool,
    /// With --ask: write what was answered into this case file, after every answer
    #[arg(long, value_name = "FILE", requires = "ask")]
    pub(super) save: Option<PathBuf>,
    /// Only this person of the case
    #[arg(long, value_name = "ID")]
    person: Option<String>,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(flatten)]
    pub(super) law: LawArgs,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// The grade that facts must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(in crate::cli) enum At {
    Alleged,
    Supported,
    Proved,
}

impl At {
    const fn grade(self) -> Grade {
        match self {
            Self::Alleged => Grade::Alleged,
            Self::Supported => Grade::Supported,
            Self::Proved => Grade::Proved,
        }
    }
}

impl Args {
    /// Returns the question that the flags ask.
    pub(super) fn question(&self) -> Question {
        let reading = self.reading.reading();
        Question {
            norms: self.norms.clone(),
            at: self.at.map(At::grade),
            person: self.person.clone(),
            open: reading.open,
            interpretation: reading.interpretation,
        }
    }
}
