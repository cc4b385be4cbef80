//! `law compare`: what one definition lets in and another does not.

use super::super::Failure;
use super::super::options::law_record;
use super::super::output;
use super::{LawArgs, Open, refused};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::law::answer::Compared;
use nomoscope_engine::law::pages::drift_in_a_sentence;
use nomoscope_engine::law::question::Compare;
use nomoscope_engine::law::words::DISCLAIMER;

/// Compare definitions by what they let in: two, one against all of its family, or all pairs
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Two norms are compared under all three readings of open lists, each time with a least fact pattern that\none holds and the other does not. One norm gives the drift of the others from it. No norm gives all pairs.\n\nExamples:\n  nomoscope law compare un.palermo.3 fr.cp.225-4-1\n  nomoscope law compare un.palermo.3\n  nomoscope law compare --open shared --json\n\nExit code: 0."
)]
pub(super) struct Args {
    /// One or two norms by id; none compares all pairs
    #[arg(num_args = 0..=2, value_name = "NORM")]
    norms: Vec<String>,
    /// How the open end of a list is read; two norms are compared under all three unless this says otherwise
    #[arg(long, value_enum)]
    open: Option<Open>,
    /// With one norm: against all norms, not only those of its family
    #[arg(long)]
    all: bool,
    /// Let facts follow from others by interpretation, too
    #[arg(long)]
    interpretation: bool,
    #[command(flatten)]
    law: LawArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let question = Compare {
        norms: args.norms.clone(),
        open: args.open.map(Open::reading),
        all: args.all,
        interpretation: args.interpretation,
    };
    let library = args.law.open()?;
    let answer = question.ask(&library, &Handle::default()).map_err(refused)?;
    if args.json {
        output::json(&answer.json(None, law_record(&question, &library)));
        return Ok(());
    }
    if let Compared::Drift(drift) = &answer {
        output::prose(&drift_in_a_sentence(drift));
    }
    answer.tables().iter().for_each(|table| output::table(table, usize::MAX));
    output::talk(match &answer {
        Compared::Two(_) => {
            output::prose(&format!("{}{DISCLAIMER}\n", answer.lead()));
            "next: nomoscope law overlap, or nomoscope law fallback --norm NORM --without ELEMENT"
        }
        Compared::Drift(_) => "next: nomoscope law compare NORM NORM shows with which facts two of them part",
        Compared::Pairs(_) => "next: nomoscope law overlap --out DIR draws them",
    });
    Ok(())
}
