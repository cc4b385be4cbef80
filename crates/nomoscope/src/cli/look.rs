//! `look`: a first look at texts that are no study yet.

use super::Failure;
use super::options::{program, watched};
use super::output;
use nomoscope_core::study::Study;
use nomoscope_desk::load;
use nomoscope_desk::study::{FOLDER, Problem, read_loose};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::bundled;
use nomoscope_engine::look::answer::Look;
use nomoscope_engine::look::question::Question;
use nomoscope_engine::record::Record;
use nomoscope_engine::words::counted;
use nomoscope_formats::study::STUDY_TOML;
use nomoscope_page::look::{Head, page};
use nomoscope_store::disk::write_private;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Look at texts that are no study yet: what they are, frequent words and phrases, what sets folders apart, on one page
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Reads what can be read and says what it left out. Folders within a folder, or several folders, are compared. With a codebook, the page shows where its concepts stand in each text; without one, where the words stand that most texts share.\n\nExamples:\n  nomoscope look interviews\n  nomoscope look treaties statutes --codebook child-trafficking\n  nomoscope look recommendations.csv --by region --out first.html"
)]
pub(super) struct Args {
    /// Files and folders
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// child-trafficking, transitional-justice, or a codebook.toml of your own
    #[arg(long, value_name = "NAME|FILE")]
    codebook: Option<String>,
    /// Compare the groups that this attribute makes: a column of a table, a key of front matter [default: the folders]
    #[arg(long, value_name = "ATTR")]
    by: Option<String>,
    /// The page that is written
    #[arg(long, value_name = "FILE", default_value = "nomoscope-look.html")]
    out: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Files that are named as left out.
const NAMED: usize = 5;

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let (study, hashes, left_out) = texts(&args.paths)?;
    let codebook = codebook(args)?;
    let material =
        load::loose(study, hashes, codebook.as_ref().map(|(name, bytes)| (name.as_str(), bytes.as_slice())))?;
    let question = Question { by: args.by.clone() };
    let told: Vec<(String, String)> =
        left_out.iter().map(|p| (p.file.clone(), p.reason.phrased(&super::words::slot))).collect();
    let answer = question.ask(&material, (FOLDER, told), &watched(&material))?;
    let record = Record::new(&question, &nomoscope_engine::material::Selection::default(), &material, &program());
    if args.json {
        output::json(&answer.json(None, record));
        return Ok(());
    }
    write(args, &answer, &record)?;
    output::lead(&answer.lead());
    tell_left_out(&answer);
    for caution in answer.cautions() {
        output::talk(&format!("caution: {caution}"));
    }
    output::talk(&format!("wrote {}; open it in a browser", args.out.display()));
    let folder = args.paths.first().map(|path| output::typed(path)).unwrap_or_default();
    let codebook = args.codebook.as_deref().map_or_else(String::new, |name| format!(" --codebook {name}"));
    output::talk(&format!("next: nomoscope new my-study{codebook}, then nomoscope add my-study {folder}"));
    Ok(())
}

type Texts = (Study, BTreeMap<String, String>, Vec<Problem>);

/// Reads the files; of a study the sources.
fn texts(paths: &[PathBuf]) -> Result<Texts, Failure> {
    let is_study = |path: &Path| {
        path.join(STUDY_TOML).is_file() || path.extension().is_some_and(|e| e.eq_ignore_ascii_case("nomo"))
    };
    if let [path] = paths
        && is_study(path)
    {
        let loaded = load::study(path)?;
        return Ok((loaded.study, loaded.hashes, loaded.notes));
    }
    let loose = read_loose(paths, &load::readers())?;
    super::words::notes(&loose.notes);
    Ok((loose.study, loose.hashes, loose.left_out))
}

/// Returns the codebook that was named, with its name.
fn codebook(args: &Args) -> Result<Option<(String, Vec<u8>)>, Failure> {
    let Some(given) = &args.codebook else { return Ok(None) };
    let bytes = codebook_named(given).map_err(|hint| {
        let said = format!("--codebook {given}: there is no such codebook");
        Failure::Bad(format!("{said}\n  hint: {hint}"))
    })??;
    Ok(Some((given.clone(), bytes)))
}

/// Returns the bytes of a codebook that is brought along, or of a file; where there is neither, what could be named.
pub(super) fn codebook_named(given: &str) -> Result<Result<Vec<u8>, Failure>, String> {
    if let Some(bytes) = bundled::codebook(given) {
        return Ok(Ok(bytes));
    }
    if Path::new(given).exists() {
        return Ok(super::read(Path::new(given)));
    }
    let names: Vec<&str> = bundled::codebooks().collect();
    Err(format!("name {}, or the file of a codebook", names.join(" or ")))
}

fn write(args: &Args, answer: &Look, record: &Record) -> Result<(), Failure> {
    if let Some(folder) = args.out.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        super::report::make_folder(folder)?;
    }
    let names: Vec<String> = args.paths.iter().map(|path| name_of(path)).collect();
    let title = format!("A first look at {}", names.join(", "));
    let run = serde_json::to_string_pretty(record).unwrap_or_default();
    let program = format!("nomoscope {}", super::VERSION);
    let head = Head { title: &title, date: &record.date, run: &run, program: &program };
    Ok(write_private(&args.out, page(answer, &head).as_bytes())?)
}

/// Returns the last part of a path: the page does not tell where somebody keeps their files.
fn name_of(path: &Path) -> String {
    let real = path.canonicalize().ok();
    let name = real.as_deref().unwrap_or(path).file_name();
    name.map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

fn tell_left_out(answer: &Look) {
    let n = answer.left_out.len();
    for (file, reason) in answer.left_out.iter().take(NAMED) {
        output::talk(&format!("left out: {file}: {reason}"));
    }
    if n > NAMED {
        output::talk(&format!("left out: and {}; the page lists them", counted(n - NAMED, "more file", "more files")));
    }
}
