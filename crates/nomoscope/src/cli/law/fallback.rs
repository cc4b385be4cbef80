//! `law fallback`: what is left when a norm cannot be established.

use super::super::Failure;
use super::super::options::law_record;
use super::super::output;
use super::super::report::write_beside;
use super::{LawArgs, ReadingArgs, law_files};
use nomoscope_core::law::fallback::{Evidence, FARTHEST};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::law::library::Files;
use nomoscope_engine::law::question::Fallback;
use nomoscope_engine::law::words::DISCLAIMER;
use nomoscope_figure::View;
use std::path::PathBuf;

/// Find which norms hold all the same, or are a fact away, when another cannot be established
#[derive(Debug, clap::Args)]
#[command(
    after_help = "For a case it looks at the facts entered; facts that are not listed may still be found, those entered as\nfalse stay false. For a norm without an element it takes the other elements as met, in each of their ways, for an\nadult unless --age says otherwise. Norms aimed at the person concerned are never offered.\n\nExamples:\n  nomoscope law fallback case.toml\n  nomoscope law fallback case.toml --on prosecution --within 2\n  nomoscope law fallback --norm un.palermo.3 --without means\n  nomoscope law fallback --norm un.palermo.3 --without purpose --age 15 --out fallback/"
)]
pub(super) struct Args {
    /// A case file
    #[arg(value_name = "CASE.toml", required_unless_present = "norm")]
    case: Option<PathBuf>,
    /// A norm that cannot be established
    #[arg(long, value_name = "NORM")]
    norm: Option<String>,
    /// With --norm and without a case: the elements that cannot be proved, separated by commas
    #[arg(long, value_name = "ELEMENT", value_delimiter = ',', requires = "norm", conflicts_with = "case")]
    without: Vec<String>,
    /// With --norm and without a case: the age of the person in completed years
    #[arg(long, value_name = "YEARS", requires = "norm", conflicts_with = "case")]
    age: Option<u16>,
    /// On which facts of the case
    #[arg(long, value_enum, default_value_t = On::Entered)]
    on: On,
    /// How many facts a norm may be away
    #[arg(long, value_name = "N", default_value_t = Fallback::default().within, value_parser = clap::value_parser!(u32).range(0..=i64::from(FARTHEST)))]
    within: u32,
    /// Only norms of this State and its treaties (`uk`, `fr`, …); without it those of the State of the case, or all
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// The day on which norms have to be in force, where the case names none [default: today]
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// At most so many norms; 0 names all
    #[arg(long, value_name = "N", default_value_t = Fallback::default().most)]
    most: usize,
    /// Only this person of the case
    #[arg(long, value_name = "ID")]
    person: Option<String>,
    /// Write the figure (SVG, PNG) and the table (CSV) into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(flatten)]
    law: LawArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Which facts of a case count.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum On {
    /// All facts as entered
    Entered,
    /// Facts at least supported, with the presumption of minority
    Protection,
    /// Facts proved
    Prosecution,
}

impl On {
    const fn evidence(self) -> Evidence {
        match self {
            Self::Entered => Evidence::All,
            Self::Protection => Evidence::Protection,
            Self::Prosecution => Evidence::Prosecution,
        }
    }
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let files = args.case.as_deref().map(law_files).transpose()?.unwrap_or_else(Files::new);
    let library = args.law.open_with(&files)?;
    let cases = library.cases_of(&files);
    if let (Some(path), true) = (&args.case, cases.is_empty()) {
        return Err(Failure::Bad(format!("{}: holds no case", path.display())));
    }
    let reading = args.reading.reading();
    let question = Fallback {
        norm: args.norm.clone(),
        without: args.without.clone(),
        age: args.age,
        on: args.on.evidence(),
        within: args.within,
        person: args.person.clone(),
        state: args.state.clone(),
        date: Some(args.date.clone().unwrap_or_else(nomoscope_desk::clock::today)),
        most: args.most,
        open: reading.open,
        interpretation: reading.interpretation,
    };
    let answer = question.ask(&library, &cases, &Handle::default())?;
    if args.json {
        output::json(&answer.json(None, law_record(&question, &library)));
    } else {
        output::prose(&answer.lead());
        output::prose(DISCLAIMER);
        if args.within < FARTHEST && answer.left.iter().any(|l| l.fallback.remaining.is_empty()) {
            output::talk(&format!("hint: --within {} looks further", args.within + 1));
        }
    }
    if let Some(out) = &args.out {
        write_beside(out, &answer.figures(View::default()), &answer.tables(), None)?;
    }
    output::talk("next: nomoscope law show NORM for a definition, nomoscope test CASE.toml for what is missing");
    Ok(())
}
