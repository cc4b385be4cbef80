//! `codebook new`: a codebook from a table.

use crate::cli::{Failure, output, read, words};
use nomoscope_core::codebook::Codebook;
use nomoscope_engine::words::counted;
use nomoscope_formats::{Input, codebook_table};
use nomoscope_store::disk::write_atomic;
use std::path::PathBuf;

/// Make a codebook.toml from a table: CSV or a workbook, a row a pattern
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Columns: concept (needed), role (problem, value, behaviour), label, language, pattern, note; also not, norm_label, broader, family, elements, source. A cell with several lines holds several patterns; a pattern without a language holds for all.\n\nExamples:\n  nomoscope codebook new --from codes.xlsx --out codebook.toml\n  nomoscope codebook new --from codes.csv --out my-study/codebook.toml --force"
)]
pub(super) struct Args {
    /// The table
    #[arg(long, value_name = "CSV|XLSX")]
    from: PathBuf,
    /// The codebook that is written
    #[arg(long, value_name = "FILE", default_value = "codebook.toml")]
    out: PathBuf,
    /// Replace a codebook that is there
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let (name, bytes) = (args.from.display().to_string(), read(&args.from)?);
    let title = args.from.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let codebook = codebook_table::read(&Input { name: &name, bytes: &bytes }, &title)?;
    if args.out.exists() && !args.force {
        let hint = "name another file with --out, or replace it with --force";
        return Err(Failure::Bad(words::with_hint(
            &format!("{}: there is a codebook already", args.out.display()),
            nomoscope_core::problem::Remedy::from(hint),
        )));
    }
    write_atomic(&args.out, codebook_table::to_toml(&codebook).as_bytes())?;
    output::data(&format!("wrote {} with {}", args.out.display(), contents(&codebook)));
    output::talk(&format!("next: nomoscope codebook check {}", output::typed(&args.out)));
    Ok(())
}

/// Returns how many concepts and patterns a codebook has, and in which languages.
pub(super) fn contents(codebook: &Codebook) -> String {
    let patterns: usize = codebook.concepts().iter().flat_map(|c| c.patterns.values()).map(Vec::len).sum();
    let languages: Vec<&str> = codebook.languages().into_iter().collect();
    let languages = if languages.is_empty() { "any language".to_owned() } else { languages.join(", ") };
    format!(
        "{} and {} ({languages})",
        counted(codebook.len(), "concept", "concepts"),
        counted(patterns, "pattern", "patterns")
    )
}
