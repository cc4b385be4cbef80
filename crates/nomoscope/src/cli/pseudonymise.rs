//! `pseudonymise`: proposes pseudonyms, and puts those that a person confirmed in the place of names.

use super::{Failure, output, passphrase, read};
use nomoscope_desk::study::key::Key;
use nomoscope_desk::study::names::{self, Proposal, words_of_name};
use nomoscope_desk::study::{Rewritten, StudyError, names_in, read_any};
use nomoscope_desk::{Act, Desk, load, stamp};
use nomoscope_engine::words::counted;
use nomoscope_formats::study::{self as files, csv as sheet};
use nomoscope_store::seal::{self, Secret};
use nomoscope_store::{Store, disk};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How many words that still stand are named.
const NAMED: usize = 10;

const COLUMNS: [&str; 7] = ["use", "kind", "found", "replacement", "times", "texts", "example"];

/// Propose pseudonyms for what tells who somebody is, and put those in place that you confirm
///
/// First writes a table: names, places, dates, telephone numbers, mail, numbers of papers, as rules and lists find them. Set `use`
/// to yes or no in every row, change replacements, add rows for what was missed. Then `--apply` puts them in place, in texts,
/// notes, rows and names of files: codings keep their places, and the study is written anew, so that no name is in its past. It
/// cannot be undone. The key that leads back is an encrypted file of its own: keep it elsewhere.
///
/// Rules miss names. Read the texts before you share them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope pseudonymise my-study.nomo --out names.csv\n  (set `use` to yes or no in names.csv)\n  nomoscope pseudonymise my-study.nomo --apply names.csv --key names.key\n\nThe key opens with its passphrase, by age --decrypt names.key, too. With --passphrase-fd, the line of the study comes\nfirst if it is encrypted, that of the key next."
)]
pub(super) struct Args {
    /// A study folder or a .nomo file
    study: PathBuf,
    /// Write the table of proposals to this file
    #[arg(long, value_name = "CSV", conflicts_with = "apply")]
    out: Option<PathBuf>,
    /// Put the pseudonyms of this table in place
    #[arg(long, value_name = "CSV", requires = "key")]
    apply: Option<PathBuf>,
    /// The key: names with their pseudonyms, encrypted; one that is there goes on
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    match (&args.apply, &args.key) {
        (Some(table), Some(key)) => apply(args, table, key),
        (_, key) => propose(args, key.as_deref()),
    }
}

fn propose(args: &Args, key: Option<&Path>) -> Result<(), Failure> {
    let opened = load::study(&args.study)?;
    let known = match key {
        Some(key) if key.exists() => open_key(key)?.names,
        _ => BTreeMap::new(),
    };
    let texts: Vec<(&str, &str)> =
        opened.study.sources.iter().map(|s| (s.path.as_str(), s.document.text.as_str())).collect();
    let proposals = names::propose(&texts, &known);
    let rows = std::iter::once(COLUMNS.map(str::to_owned).to_vec()).chain(proposals.iter().map(row));
    let table: String = rows.map(|cells| line(&cells)).collect();
    let sure = proposals.iter().filter(|p| p.is_sure).count();
    match &args.out {
        None => output::data(table.trim_end()),
        Some(out) => {
            refuse_inside(&args.study, out)?;
            disk::write_private_new(out, table.as_bytes())?;
            output::data(&format!("wrote {}", out.display()));
        }
    }
    output::talk(&format!(
        "{} found: {sure} marked yes, {} to decide",
        counted(proposals.len(), "thing", "things"),
        proposals.len() - sure
    ));
    let study = output::typed(&args.study);
    output::talk("next: set `use` to yes or no in every row, and add what was missed; rules miss names");
    output::talk(&format!("then: nomoscope pseudonymise {study} --apply FILE --key KEY"));
    Ok(())
}

fn row(proposal: &Proposal) -> Vec<String> {
    let Proposal { kind, found, replacement, times, texts, is_sure, example } = proposal;
    let used = if *is_sure { "yes" } else { "" };
    vec![
        used.to_owned(),
        (*kind).to_owned(),
        found.clone(),
        replacement.clone(),
        times.to_string(),
        texts.to_string(),
        example.clone(),
    ]
}

fn line(cells: &[String]) -> String {
    let cell = |cell: &String| {
        // A cell that begins like a formula would be run by a spreadsheet.
        let guarded = if cell.starts_with(['=', '@', '\t']) { format!("'{cell}") } else { cell.clone() };
        if guarded.contains([',', '"', '\n', '\r']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
    };
    format!("{}\n", cells.iter().map(cell).collect::<Vec<_>>().join(","))
}

fn apply(args: &Args, table: &Path, key: &Path) -> Result<(), Failure> {
    let names = confirmed(table)?;
    refuse_inside(&args.study, key)?;
    // The study is asked for before its key, whichever the order in which they are opened.
    let desk = Desk::open(&args.study)?;
    drop(desk.revision()?);
    let before = if key.exists() { Some(read(key)?) } else { None };
    let mut opened = if before.is_some() { open_key(key)? } else { Key::new(&passphrase::new(key)?)? };
    opened.names.extend(names.iter().cloned());
    // First the key: a study without its key would be worse than a key without its study.
    disk::write_private(key, &opened.sealed()?)?;
    let done = desk.apply(&Act::Pseudonymise { names }, &stamp::coder());
    if let Err(StudyError::Problems(_)) = done {
        // Refused before anything was written; after any other error the study may be changed, and needs its key.
        match &before {
            Some(bytes) => disk::write_private(key, bytes)?,
            None => std::fs::remove_file(key).map_err(|e| Failure::Bad(format!("{}: {e}", key.display())))?,
        }
    }
    let done = done?;
    super::words::notes(&done.notes);
    let Rewritten { sources, places, notes, .. } = done.rewritten.unwrap_or_default();
    super::words::notes(&notes);
    output::data(&format!(
        "replaced {} in {}; study.toml says so",
        counted(places, "place", "places"),
        counted(sources, "source", "sources")
    ));
    output::talk(&format!("the key is {}: keep it elsewhere, and remove {}", key.display(), table.display()));
    output::talk(
        "note: earlier changes cannot be undone any more; copies, exports and versions in git are as they were",
    );
    let study = output::typed(&args.study);
    output::talk(&format!("next: nomoscope pseudonymise {study} looks again; read the texts before you share them"));
    Ok(())
}

/// Refuses to write real names into a study folder: they would go wherever that goes.
fn refuse_inside(study: &Path, file: &Path) -> Result<(), Failure> {
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let is_inside = match (study.canonicalize(), folder.canonicalize()) {
        (Ok(study), Ok(folder)) => study.is_dir() && folder.starts_with(study),
        _ => false,
    };
    match is_inside {
        true => Err(Failure::Bad(format!("{}: lies in the study\n  hint: keep names apart from it", file.display()))),
        false => Ok(()),
    }
}

/// Opens a key.
pub(super) fn open_key(key: &Path) -> Result<Key, Failure> {
    let bytes = read(key)?;
    let name = key.display().to_string();
    // Nobody is asked for the passphrase of what is no key.
    let secret = if seal::is_sealed(&bytes) { passphrase::of(key)? } else { Secret::new(String::new()) };
    Ok(Key::open(&name, &bytes, &secret)?)
}

/// Reads a table that somebody went through; every row has to be decided.
fn confirmed(table: &Path) -> Result<Vec<(String, String)>, Failure> {
    let name = table.display().to_string();
    let read = sheet::read(&name, &read(table)?).map_err(StudyError::from)?;
    for column in ["use", "found", "replacement"] {
        if !read.columns.iter().any(|c| c == column) {
            return Err(Failure::Bad(format!("{name}: no column `{column}`")));
        }
    }
    let (mut names, mut problems) = (Vec::new(), Vec::new());
    for row in &read.rows {
        let (found, put) = (read.cell(row, "found").trim(), read.cell(row, "replacement").trim());
        match read.cell(row, "use").trim().to_lowercase().as_str() {
            "no" | "n" => {}
            "yes" | "y" if found.is_empty() || put.is_empty() => {
                problems.push(format!("{name}:{}: a name or its replacement is missing", row.line));
            }
            "yes" | "y" => names.push((found.trim_start_matches('\'').to_owned(), put.to_owned())),
            "" => problems.push(format!("{name}:{}: `{found}` is not decided", row.line)),
            other => problems.push(format!("{name}:{}: `{other}` is neither yes nor no", row.line)),
        }
    }
    if let Some(first) = problems.first() {
        let more = if problems.len() > 1 { format!("\n… and {} more", problems.len() - 1) } else { String::new() };
        return Err(Failure::Bad(format!("{first}{more}\n  hint: set `use` to yes or no in every row")));
    }
    if names.is_empty() {
        return Err(Failure::Bad(format!("{name}: no row says yes")));
    }
    Ok(names)
}

/// Refuses to let a study out that says that its names were replaced, and holds one of the key.
pub(super) fn refuse_names(study: &Path, key: Option<&Path>) -> Result<(), Failure> {
    let is_file = study.extension().is_some_and(|e| e.eq_ignore_ascii_case("nomo"));
    let Some(key) = key else {
        let settings = match is_file {
            true => Store::open_read_only(study)?.file(files::STUDY_TOML)?,
            false => std::fs::read(study.join(files::STUDY_TOML)).ok(),
        };
        let meta = settings.and_then(|bytes| files::study_toml::parse(&bytes).ok());
        if meta.is_some_and(|meta| meta.pseudonymised) {
            output::talk("note: its names were replaced by pseudonyms; --key FILE makes sure that none is left");
        }
        return Ok(());
    };
    let image = read_any(study, &load::readers())?;
    let names = open_key(key)?.names;
    let left = names_in(&image, names.keys().map(String::as_str))?;
    let Some((name, file)) = left.first() else {
        // A word of a name may be nobody's name; whoever has the key can tell.
        let words: BTreeSet<&str> = names.keys().flat_map(|name| words_of_name(name)).collect();
        let left = names_in(&image, words)?;
        let told: Vec<String> = left.iter().take(NAMED).map(|(word, file)| format!("`{word}` in {file}")).collect();
        if !told.is_empty() {
            let more = left.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(", and {more} more") } else { String::new() };
            output::talk(&format!("note: words of names in the key still stand: {}{more}", told.join(", ")));
            output::talk(
                "next: look whether they are names there; nomoscope pseudonymise STUDY --key FILE proposes them",
            );
        }
        return Ok(());
    };
    let more = if left.len() > 1 { format!(", and {} more", left.len() - 1) } else { String::new() };
    let hint = "nomoscope pseudonymise STUDY --apply TABLE --key FILE replaces them";
    Err(Failure::Refused(format!("the study still holds names of the key: `{name}` in {file}{more}\n  hint: {hint}")))
}
