//! `add`: texts into a study.

use super::options::pair;
use super::{Failure, output};
use nomoscope_desk::study::Given;
use nomoscope_desk::{Act, Desk, stamp};
use nomoscope_engine::words::counted;
use nomoscope_formats::FORMATS;
use std::path::PathBuf;

/// Add texts to a study: files or folders
#[derive(Debug, clap::Args)]
#[command(after_help = help())]
pub(super) struct Args {
    /// A study folder or a .nomo file
    study: PathBuf,
    /// Files or folders; none completes an earlier change that was interrupted
    paths: Vec<PathBuf>,
    /// A table (csv, xlsx, ods) with a column `path` and attributes of the files
    #[arg(long, value_name = "TABLE")]
    meta: Option<PathBuf>,
    /// A pattern of file names whose parts become attributes, such as {institution}_{date}
    #[arg(long, value_name = "PATTERN")]
    name: Option<String>,
    /// The column or key that holds the text, in tables and JSON (repeat for more; each becomes a section with its name)
    #[arg(long, value_name = "COLUMN")]
    text: Vec<String>,
    /// The column or key that tells one row from another
    #[arg(long, value_name = "COLUMN")]
    id: Option<String>,
    /// The character encoding of the files, where it is guessed wrongly
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Add nothing if any file cannot be read
    #[arg(long)]
    strict: bool,
    /// An attribute of all files (repeat for more)
    #[arg(long = "set", value_name = "ATTR=VALUE")]
    set: Vec<String>,
}

/// Examples, and what can be read: from the table of formats.
fn help() -> String {
    let mut out = "Examples:\n  nomoscope add my-study treaties/*.md --set kind=treaty\n  nomoscope add my-study interviews --meta interviews.xlsx\n  nomoscope add my-study survey.csv --text Q5 --text Q6 --id ResponseId\n  nomoscope add my-study reports --name \"{institution}_{date}\"\n\nWhat can be read:\n".to_owned();
    for format in FORMATS {
        let endings: Vec<String> = format.extensions.iter().map(|e| format!(".{e}")).collect();
        out.push_str(&format!("  {:<22} {}\n", endings.join(" "), format.description));
    }
    out.push_str("\nColumns of --meta and names of --set that have a meaning: title, kind, date, language; any other becomes an attribute.");
    out
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let mut given = match &args.meta {
        None => Given::default(),
        Some(file) => {
            let name = file.display().to_string();
            let bytes = super::read(file)?;
            Given::parse(&name, &bytes, args.encoding.as_deref())?
        }
    };
    for set in &args.set {
        let (key, value) = pair(set, "--set")?;
        given.all.insert(key, value);
    }
    let texts = (!args.text.is_empty()).then(|| args.text.join("\n"));
    let said = [("text_column", texts), ("id_column", args.id.clone()), ("encoding", args.encoding.clone())];
    given.all.extend(said.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
    given.name.clone_from(&args.name);
    given.strict = args.strict;
    let study = args.study.display().to_string();
    if !args.study.exists() {
        let hint = "`nomoscope new NAME` makes a study";
        return Err(Failure::Bad(format!("{study}: there is no such study\n  hint: {hint}")));
    }
    let desk = Desk::open(&args.study)?;
    let added = desk.apply(&Act::Add { paths: args.paths.clone(), given }, &stamp::coder())?;
    match &added.recovery {
        Some(recovery) => output::talk(&format!("note: {recovery}")),
        None if args.paths.is_empty() => {
            let hint = format!("`nomoscope add {} FILE…` adds files or folders", output::typed(&args.study));
            return Err(Failure::Bad(format!("no files are named\n  hint: {hint}")));
        }
        None => {}
    }
    for note in &added.notes {
        output::talk(&format!("note: {}", note.phrased(&super::words::slot)));
    }
    for path in &added.there {
        output::talk(&format!("note: {path} is in the study already"));
    }
    for file in &added.files {
        output::data(&format!("added {file}"));
    }
    output::data(&format!("{} added to {study}", counted(added.n, "source", "sources")));
    if added.left_out > 0 {
        let files = counted(added.left_out, "file was", "files were");
        output::talk(&format!("{files} left out, for the reasons above; --strict adds all files or none"));
    }
    if added.event.is_some() {
        output::talk(&format!("nomoscope undo {} takes it back", output::typed(&args.study)));
    }
    output::talk(&format!("next: nomoscope sources {}", output::typed(&args.study)));
    Ok(())
}
