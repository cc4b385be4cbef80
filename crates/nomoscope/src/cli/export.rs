//! `export`: a study file back into a folder.

use super::{Failure, output};
use nomoscope_desk::study::export_folder;
use nomoscope_store::Store;
use std::path::PathBuf;

/// Write a study file as a study folder
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  nomoscope export my-study.nomo --to my-study")]
pub(super) struct Args {
    /// A .nomo file
    study: PathBuf,
    /// The folder to write
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// Replace what the folder holds
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if args.study.is_dir() {
        return Err(Failure::Bad(format!("{}: is a study folder already", args.study.display())));
    }
    let store = Store::open_read_only(&args.study)?;
    export_folder(&store, &args.to, args.force)?;
    output::data(&format!("wrote {}", args.to.display()));
    output::talk("note: the folder holds the sources in full; look through it before you share it");
    output::talk(&format!("next: nomoscope map {}", output::typed(&args.to)));
    Ok(())
}
