//! `codebook check`: everything wrong with a codebook, at once.

use super::Failure;
use super::output;
use crate::load;
use nomoscope_core::codebook::Role;
use nomoscope_formats::codebook_toml;
use std::path::PathBuf;

/// Work on codebooks
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Check(CheckArgs),
}

/// Report everything wrong with a codebook, and which patterns never match in a study
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope codebook check codebook.toml\n  nomoscope codebook check codebook.toml my-study"
)]
pub(super) struct CheckArgs {
    /// The codebook, or a study folder that has one
    file: PathBuf,
    /// A study in which to try the patterns
    study: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let Command::Check(check) = &args.command;
    let file = if check.file.is_dir() { check.file.join("codebook.toml") } else { check.file.clone() };
    let name = file.display().to_string();
    let bytes = std::fs::read(&file).map_err(|e| Failure::Bad(format!("{name}: cannot be read: {e}")))?;
    let codebook = codebook_toml::parse(&bytes).map_err(|p| load::problems(&name, p))?;
    let n = |role: Role| codebook.concepts().iter().filter(|c| c.has(role)).count();
    let labels = codebook.concepts().iter().filter(|c| c.norm_label).count();
    let languages: Vec<&str> = codebook.languages().into_iter().collect();
    output::data(&format!(
        "{name}: {} concepts ({} problems, {} values, {} behaviours; {labels} norm labels), languages: {}; nothing wrong",
        codebook.len(),
        n(Role::Problem),
        n(Role::Value),
        n(Role::Behaviour),
        if languages.is_empty() { "any".to_owned() } else { languages.join(", ") }
    ));
    for concept in codebook.concepts().iter().filter(|c| c.patterns.values().all(Vec::is_empty)) {
        output::data(&format!(
            "{name}:{}: concept `{}` has no pattern; only people can code it",
            concept.line, concept.id
        ));
    }
    let Some(study) = &check.study else {
        output::talk(&format!("next: nomoscope codebook check {name} STUDY tells which patterns never match"));
        return Ok(());
    };
    let opened = load::open(study, Some(&file))?;
    let corpus = super::options::coded(&opened)?;
    let mut silent = 0;
    for ((line, language, pattern, veto), n) in &corpus.pattern_counts {
        if *n == 0 {
            silent += 1;
            let what = if *veto { "`not` pattern" } else { "pattern" };
            output::data(&format!("{name}:{line}: {what} `{pattern}` ({language}) never matches"));
        }
    }
    let found: std::collections::BTreeSet<_> =
        corpus.coded.iter().flat_map(|c| c.codings.iter().map(|k| k.concept)).collect();
    for ix in corpus.codebook.indices().filter(|ix| !found.contains(ix)) {
        let concept = corpus.codebook.get(ix);
        output::data(&format!("{name}:{}: concept `{}` never occurs", concept.line, concept.id));
    }
    output::data(&format!(
        "{silent} of {} patterns never match in {} sources",
        corpus.pattern_counts.len(),
        corpus.sources.len()
    ));
    Ok(())
}
