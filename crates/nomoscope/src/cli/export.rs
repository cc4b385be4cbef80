//! `export`: a study file back into a folder.

use super::{Failure, output};
use nomoscope_desk::study::export_folder;
use nomoscope_store::Store;
use nomoscope_store::disk::write_atomic;
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
    /// Write files that no study folder has into this zip archive; without it they are listed and left out
    #[arg(long, value_name = "FILE")]
    archive: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if args.study.is_dir() {
        return Err(Failure::Bad(format!("{}: is a study folder already", args.study.display())));
    }
    let store = Store::open_read_only(&args.study)?;
    let left_out = export_folder(&store, &args.to, args.force)?;
    for (number, path) in (1..).zip(left_out.keys()) {
        let where_to = args.archive.as_ref().map_or_else(String::new, |_| format!("; file {number} of the archive"));
        output::talk(&format!(
            "note: left out, for no study has a file of this name: {}{where_to}",
            path.escape_debug()
        ));
    }
    if let (Some(archive), false) = (&args.archive, left_out.is_empty()) {
        let bytes =
            nomoscope_formats::archive(&left_out).map_err(|e| Failure::Bad(format!("{}: {e}", archive.display())))?;
        write_atomic(archive, &bytes)?;
        output::data(&format!("wrote {}", archive.display()));
    }
    output::data(&format!("wrote {}", args.to.display()));
    output::talk("note: the folder holds the sources in full; look through it before you share it");
    output::talk(&format!("next: nomoscope map {}", output::typed(&args.to)));
    Ok(())
}
