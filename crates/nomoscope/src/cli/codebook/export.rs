//! `codebook export`: a codebook as a table.

use super::new::contents;
use crate::cli::{Failure, output};
use nomoscope_formats::{codebook_table, codebook_toml};
use nomoscope_store::disk::write_atomic;
use std::path::PathBuf;

/// Write a codebook as a table, a row a pattern, to be edited in a spreadsheet
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope codebook export my-study --to codes.csv\n  nomoscope codebook export codebook.toml > codes.csv"
)]
pub(super) struct Args {
    /// A codebook.toml, or a study
    file: PathBuf,
    /// The table that is written; without it, the table is printed
    #[arg(long, value_name = "CSV")]
    to: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let (name, bytes) = super::check::bytes(&args.file)?;
    let codebook = codebook_toml::parse(&bytes).map_err(|p| p.in_file(&name))?;
    let table = codebook_table::write(&codebook);
    let Some(to) = &args.to else {
        output::data(&table);
        return Ok(());
    };
    write_atomic(to, table.as_bytes())?;
    output::data(&format!("wrote {} with {}", to.display(), contents(&codebook)));
    output::talk(&format!("next: edit it, then nomoscope codebook new --from {}", output::typed(to)));
    Ok(())
}
