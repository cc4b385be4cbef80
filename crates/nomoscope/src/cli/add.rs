//! `add`: texts into a study.

use super::options::pair;
use super::{Failure, output, stamp};
use crate::load::readers;
use crate::study::{Given, add_to_file, add_to_folder};
use nomoscope_formats::EXTRACTOR_VERSION;
use nomoscope_store::{Stamp, Store};
use std::path::PathBuf;

/// Add texts to a study: files or folders
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope add my-study treaties/*.md --set kind=treaty\n  nomoscope add my-study interviews --meta interviews.csv"
)]
pub(super) struct Args {
    /// A study folder or a .nomo file
    study: PathBuf,
    /// Files or folders; none completes an earlier change that was interrupted
    paths: Vec<PathBuf>,
    /// A table with a column `path` and attributes of the files
    #[arg(long, value_name = "CSV")]
    meta: Option<PathBuf>,
    /// An attribute of all files (repeat for more)
    #[arg(long = "set", value_name = "ATTR=VALUE")]
    set: Vec<String>,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let mut given = match &args.meta {
        None => Given::default(),
        Some(file) => {
            let name = file.display().to_string();
            let bytes = std::fs::read(file).map_err(|e| Failure::Bad(format!("{name}: cannot be read: {e}")))?;
            Given::parse(&name, &bytes)?
        }
    };
    for set in &args.set {
        let (key, value) = pair(set, "--set")?;
        given.all.insert(key, value);
    }
    let study = args.study.display().to_string();
    let added = if args.study.is_dir() {
        add_to_folder(&args.study, &args.paths, &given, &readers())?
    } else {
        let mut store = Store::open(&args.study)?;
        let time = super::report::timestamp();
        let (coder, command) = (stamp::coder(), stamp::command(&["add", &study]));
        let mut new_id = stamp::uuid;
        let mut stamp = Stamp { coder: &coder, time: &time, command: &command, new_id: &mut new_id };
        add_to_file(&mut store, &args.paths, &given, &readers(), &EXTRACTOR_VERSION.to_string(), &mut stamp)?
    };
    for file in &added.files {
        output::data(&format!("added {file}"));
    }
    output::data(&format!("{} sources added to {study}", added.n_sources));
    if !args.study.is_dir() {
        output::talk(&format!("nomoscope undo {study} takes it back"));
    }
    output::talk(&format!("next: nomoscope sources {study}"));
    Ok(())
}
