//! `test`: does a norm hold on the facts of a case?

use super::Failure;
use super::law::{LawArgs, ReadingArgs, law_files};
use super::options::files_record;
use super::output;
use nomoscope_core::law::case::{Case, Grade};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::law::library::{Files, Library};
use nomoscope_engine::law::words::DISCLAIMER;
use nomoscope_engine::test::question::Question;
use nomoscope_engine::test::words::{page, verdict};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

mod ask;

/// Test whether norms hold on the facts of a case, and what is missing
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A case file lists facts that are true, false or unknown (`nomoscope law facts` lists them):\n  age = 16\n  true = [\"act.recruit\", \"purpose.forced_labour\"]\n  unknown = [\"means.deception\"]\n\nTwo lines a norm: protection rests on facts at least supported, prosecution on facts proved.\n\nExamples:\n  nomoscope test case.toml\n  nomoscope test case.toml --norms un.palermo.3,fr\n  nomoscope test case.toml --at proved --json\n  nomoscope test --ask --norms un.palermo.3 --save case.toml\n\nExit codes: 0 the facts satisfy every norm asked for, 1 they do not, or do not settle it, 2 bad input."
)]
pub(super) struct Args {
    /// The case file; `-` reads it from stdin
    #[arg(value_name = "FACTS.toml")]
    facts: Option<PathBuf>,
    /// Only these norms, by id, separated by commas; `fr` stands for all norms of that order (default: all)
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    norms: Vec<String>,
    /// Only facts of at least this grade: supported is the line of protection, proved that of prosecution
    #[arg(long, value_enum)]
    at: Option<At>,
    /// Ask for the facts: the question that is expected to settle most comes first
    #[arg(long)]
    ask: bool,
    /// With --ask: write what was answered into this case file, after every answer
    #[arg(long, value_name = "FILE", requires = "ask")]
    save: Option<PathBuf>,
    /// Only this person of the case
    #[arg(long, value_name = "ID")]
    person: Option<String>,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(flatten)]
    law: LawArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The grade that facts must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum At {
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

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let (library, cases) = open(args)?;
    let question = args.question();
    let cases = if args.ask { vec![ask::run(args, &question, &library, &cases)?] } else { cases };
    let answer = question.ask(&library, &cases, &Handle::default())?;
    if args.json {
        output::json(&answer.json(None, files_record(&question)));
    } else {
        answer.tried.iter().for_each(|tried| output::data(&page(&answer, tried)));
        output::data(DISCLAIMER);
        output::talk(
            "next: nomoscope law fallback CASE.toml for what remains, nomoscope law show NORM for a definition",
        );
    }
    verdict(&answer).map_or(Ok(()), |words| Err(Failure::Refused(words)))
}

impl Args {
    fn question(&self) -> Question {
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

/// Opens the law with the cases of the file; without a file the person is asked, and there is no case yet.
fn open(args: &Args) -> Result<(Arc<Library>, Vec<Case>), Failure> {
    let Some(path) = &args.facts else {
        if args.ask {
            return Ok((args.law.open()?, Vec::new()));
        }
        return Err(Failure::Bad(
            "no case file is given\n  hint: nomoscope test case.toml, or nomoscope test --ask to be asked".to_owned(),
        ));
    };
    let files = if path == Path::new("-") {
        Files::from([("stdin".to_owned(), stdin()?)])
    } else if path.is_dir() {
        return Err(Failure::Bad(format!("{}: is a folder, not a case file", path.display())));
    } else {
        law_files(path)?
    };
    let library = args.law.open_with(&files)?;
    let cases = library.cases_of(&files);
    if cases.is_empty() {
        let hint = "a case has `age`, `true`, `false` and `unknown`, or [[victim]] tables; see docs/guide.md";
        return Err(Failure::Bad(format!("{}: holds no case\n  hint: {hint}", path.display())));
    }
    Ok((library, cases))
}

fn stdin() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    // One byte too many is read, so that the reader of cases can say that it is too many.
    let limit = nomoscope_formats::law::MAX_BYTES as u64 + 1;
    match std::io::stdin().lock().take(limit).read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failure::Bad(format!("stdin: cannot be read: {}", super::reason(&error)))),
    }
}
