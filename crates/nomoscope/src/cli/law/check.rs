//! `law check`: everything wrong with facts, norms and cases, at once.

use super::super::Failure;
use super::super::options::law_record;
use super::super::output;
use super::super::words::slot;
use nomoscope_desk::law::files_at;
use nomoscope_desk::study::Problems;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::law::library::{Files, bundled_files, read};
use nomoscope_engine::law::question::Check;
use std::path::PathBuf;

/// Find everything that is wrong with facts, norms and cases, and the limbs that no case reaches
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Without a path it checks the bundled law. Norms and facts are read beside the bundled ones.\n\nExamples:\n  nomoscope law check\n  nomoscope law check my-norms/ my-case.toml\n  nomoscope law check case.toml --json"
)]
pub(super) struct Args {
    /// Files or folders of facts, norms and cases
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Do not print warnings: norms from memory, limbs that no case reaches
    #[arg(long)]
    errors_only: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let mut own = Files::new();
    let mut unread = Vec::new();
    for path in &args.paths {
        match files_at(path) {
            Ok(files) => own.extend(files),
            Err(complaints) => unread.extend(complaints),
        }
    }
    let question = Check {};
    let library = read(&bundled_files(), &own);
    let answer = question.ask(&library, &own, unread);
    if args.json {
        output::json(&answer.json(None, law_record(&question, &library)));
    } else {
        if !args.errors_only {
            answer.warnings.iter().for_each(|warning| output::prose(&format!("warning: {}", warning.phrased(&slot))));
        }
        output::prose(&answer.lead());
    }
    if answer.errors.is_empty() {
        if !args.json {
            output::talk("next: nomoscope law show NORM, or nomoscope test CASE.toml");
        }
        return Ok(());
    }
    Err(answer.errors.iter().cloned().collect::<Problems>().into())
}
