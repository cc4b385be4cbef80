//! `law check`: everything wrong with facts, norms and cases, at once.

use super::super::Failure;
use super::super::output;
use crate::cli::words::{remedy, slot, words};
use crate::law::{Files, Library, bundled_files, files_at, read};
use nomoscope_core::law::lint;
use nomoscope_core::law::logic::Logic;
use nomoscope_core::problem::{Problem, Problems, Severity};
use serde_json::json;
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
    let mut complaints = Vec::new();
    for path in &args.paths {
        match files_at(path) {
            Ok(files) => own.extend(files),
            Err(list) => complaints.extend(list),
        }
    }
    let library = read(&bundled_files(), &own);
    complaints.extend(library.complaints.iter().cloned());
    let logic = Logic::new(&library.law);
    complaints.extend(lint::definitions(&logic));
    let coverage = lint::cases(&logic, &library.cases);
    complaints.extend(coverage.complaints.iter().cloned());
    // Limbs are only missed where the cases are there to reach them.
    if args.paths.is_empty() {
        complaints.extend(lint::unreached(&library.law, &coverage));
    } else {
        complaints.retain(|c| c.severity == Severity::Error || own.contains_key(&c.file));
    }
    complaints.sort();
    complaints.dedup();
    let (errors, warnings): (Vec<_>, Vec<_>) = complaints.into_iter().partition(|c| c.severity == Severity::Error);
    let summary = summary(&library, coverage.expectations);
    if args.json {
        output::json(&json!({
            "errors": errors.iter().map(entry).collect::<Vec<_>>(),
            "warnings": warnings.iter().map(entry).collect::<Vec<_>>(),
            "facts": library.law.vocabulary.facts().len(),
            "norms": library.law.norms.len(),
            "cases": library.cases.len(),
            "expectations": coverage.expectations,
        }));
    } else {
        if !args.errors_only {
            for warning in &warnings {
                output::data(&format!("warning: {}", warning.phrased(&slot)));
            }
        }
        output::data(&summary);
    }
    if errors.is_empty() {
        if !args.json {
            output::talk("next: nomoscope law show NORM, or nomoscope test CASE.toml");
        }
        return Ok(());
    }
    Err(errors.into_iter().collect::<Problems>().into())
}

fn summary(library: &Library, expectations: usize) -> String {
    format!(
        "checked {} facts, {} norms and {} cases with {expectations} expectations",
        library.law.vocabulary.facts().len(),
        library.law.norms.len(),
        library.cases.len(),
    )
}

fn entry(c: &Problem) -> serde_json::Value {
    json!({ "file": c.file, "line": c.line().unwrap_or(0), "reason": words(&c.reason), "hint": c.remedy.as_ref().map(remedy) })
}
