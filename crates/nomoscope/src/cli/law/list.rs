//! `law list` and `law facts`.

use super::super::Failure;
use super::super::options::law_record;
use super::super::output;
use super::LawArgs;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::handle::Handle;
use nomoscope_engine::law::question::{Facts, List};

/// List the norms: legal order, dates, how far each was checked
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope law list\n  nomoscope law list --system fr\n  nomoscope law list --family trafficking --json"
)]
pub(super) struct Args {
    #[command(flatten)]
    law: LawArgs,
    /// Only norms of this legal order (un, eu, fr, …)
    #[arg(long, value_name = "ID")]
    system: Option<String>,
    /// Only norms of this family (trafficking, slavery, forced-labour, …)
    #[arg(long, value_name = "NAME")]
    family: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let question = List { system: args.system.clone(), family: args.family.clone() };
    let library = args.law.open()?;
    let answer = question.ask(&library, &Handle::default())?;
    if args.json {
        output::json(&answer.json(None, law_record(&question, &library)));
        return Ok(());
    }
    answer.tables().iter().for_each(|table| output::table(table, usize::MAX));
    output::talk("next: nomoscope law show un.palermo.3, or nomoscope test CASE.toml");
    Ok(())
}

/// List the facts that a case can hold, with their questions, and what entails what
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  nomoscope law facts\n  nomoscope law facts --group means --json")]
pub(super) struct FactsArgs {
    #[command(flatten)]
    law: LawArgs,
    /// Only facts of this group (victim, act, means, purpose, work, …)
    #[arg(long, value_name = "NAME")]
    group: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run_facts(args: &FactsArgs) -> Result<(), Failure> {
    let question = Facts { group: args.group.clone() };
    let library = args.law.open()?;
    let answer = question.ask(&library, &Handle::default())?;
    if args.json {
        output::json(&answer.json(None, law_record(&question, &library)));
        return Ok(());
    }
    output::prose(&answer.lead());
    output::talk("next: write a case file (docs/guide.md), or nomoscope test --ask");
    Ok(())
}
