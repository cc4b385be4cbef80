//! What `test` is asked.

use crate::cli::law::{LawArgs, ReadingArgs};
use nomoscope_core::date::PartialDate;
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
    /// Only these norms, by id, separated by commas; `fr` stands for all norms of that order (default: those of the State and its treaties)
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    norms: Vec<String>,
    /// Only facts of at least this grade: supported is the line of protection, proved that of prosecution
    #[arg(long, value_enum)]
    at: Option<At>,
    /// Ask for the facts: along the story, what is hardest last, and no more than is needed
    #[arg(long)]
    pub(super) ask: bool,
    /// With --ask: write what was answered into this case file, after every answer
    #[arg(long, value_name = "FILE", requires = "ask")]
    pub(super) save: Option<PathBuf>,
    /// The State whose law and treaties are tried (`uk`, `fr`, …); without it that of the case, or all that was in force
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// When it happened (2014, 2014-03 or 2014-03-21): the law of that time is tried; without it that of the date of the case, or of today
    #[arg(long, value_name = "DATE")]
    date: Option<PartialDate>,
    /// Norm by norm: what holds, what fails and why, what is missing
    #[arg(long)]
    pub(super) full: bool,
    /// Element by evidence, for whoever prosecutes
    #[arg(long)]
    pub(super) matrix: bool,
    /// Write referral summary, element sheet, evidence matrix and a page for the person (HTML, DOCX, CSV) into this folder
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// With --ask: go on until nothing more can change, for every norm
    #[arg(long, requires = "ask")]
    thorough: bool,
    /// With --ask: also about what the person is said to have done; such answers may have to be disclosed, and FILE keeps them encrypted, apart from the case
    #[arg(long, value_name = "FILE", requires = "ask", num_args = 0..=1, require_equals = true)]
    pub(super) own_acts: Option<Option<PathBuf>>,
    /// With --ask: also what is a question for the file, not for the person
    #[arg(long, requires = "ask")]
    file: bool,
    /// With --ask: how well the answers are established (a credible account is support)
    #[arg(long, requires = "ask", value_enum, default_value_t = Answered::Supported)]
    grade: Answered,
    /// The language of questions and of the page for the person: en, fr
    #[arg(long, value_name = "CODE", default_value = "en")]
    pub(super) language: String,
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

/// The grade of what is answered in an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(in crate::cli) enum Answered {
    /// Said, and nothing more
    Said,
    /// Said, and credible: reasonable grounds
    Supported,
    /// Proved
    Proved,
}

impl Answered {
    const fn grade(self) -> Grade {
        match self {
            Self::Said => Grade::Alleged,
            Self::Supported => Grade::Supported,
            Self::Proved => Grade::Proved,
        }
    }
}

impl Args {
    /// Whether norms were named.
    pub(super) const fn by_norm(&self) -> bool {
        !self.norms.is_empty()
    }

    /// Returns the question that the flags ask.
    pub(super) fn question(&self) -> Question {
        let reading = self.reading.reading();
        Question {
            norms: self.norms.clone(),
            at: self.at.map(At::grade),
            person: self.person.clone(),
            state: self.state.clone(),
            date: self.date,
            thorough: self.thorough,
            own_acts: self.own_acts.is_some(),
            file: self.file,
            grade: Some(self.grade.grade()),
            language: self.language.clone(),
            open: reading.open,
            interpretation: reading.interpretation,
        }
    }
}
