//! `report`: one page with figures and tables.

use super::Failure;
use super::options::{MapArgs, Small, StudyArgs, run_record, tell_left_out, watched};
use super::output;
use nomoscope_core::table::Table;
use nomoscope_desk::load::Opened;
use nomoscope_engine::disclosure::Threshold;
use nomoscope_engine::map::words;
use nomoscope_engine::questions;
use nomoscope_engine::record::Record;
use nomoscope_engine::report::answer::Report;
use nomoscope_engine::report::question::Question;
use nomoscope_figure::Figure;
use nomoscope_page::{files, head::Head, sections::Context};
use nomoscope_store::disk::write_private;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Write a report: one page with figures inline, and beside it figures (PNG; SVG for 180 mm, and for 90 mm, a column) and tables (CSV)
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope report my-study --out my-report\n  nomoscope report treaties --codebook codebook.toml --focus human-trafficking --out out"
)]
pub(super) struct Args {
    #[command(flatten)]
    study: StudyArgs,
    #[command(flatten)]
    map: MapArgs,
    /// A further question whose answer stands in the report, beside those in study.toml: a name, or NAME?SETTING=VALUE&… (repeat
    /// for more)
    #[arg(long, value_name = "QUESTION")]
    further: Vec<String>,
    #[command(flatten)]
    small: Small,
    /// Folder for the report
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The key of a study whose names were replaced: nothing is written if any of its names is found
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    super::pseudonymise::refuse_names(&args.study.study, args.key.as_deref())?;
    let opened = args.study.open()?;
    // Asked before the long work, not after it.
    make_folder(&args.out)?;
    let question = Question { map: args.map.question(), further: args.further.clone() };
    let report = make(&question, &opened)?;
    let under = args.small.of(&opened);
    let record = run_record(&opened, &question, &args.study.selection);
    let run = Record { suppress_small: under.map(Threshold::get), ..record };
    write(&report, &run, Target { out: &args.out, demo: false })?;
    output::data(&format!("{}\n", words::answer(&report.map)));
    output::talk(&format!("wrote {}", args.out.join("report.html").display()));
    match under {
        Some(under) => output::talk(&format!(
            "note: counts under {} are withheld from the report, and so are sentences and passages; what stands above is not for sharing",
            under.get()
        )),
        None => {
            output::talk("note: a report quotes its sources; look through it before you share it");
            output::talk(
                "note: counts under 5 may tell of somebody; --suppress-small withholds them, with the passages",
            );
        }
    }
    output::talk("next: open it in a browser; its tables lie beside it as CSV");
    Ok(())
}

/// Asks for a report, with progress, and tells which further questions have no answer.
pub(super) fn make(question: &Question, opened: &Opened) -> Result<Report, Failure> {
    let report = questions::report(question, &opened.material, &watched(&opened.material))?;
    tell_left_out(&report.map.corpus);
    for further in &report.further {
        if let Err(why) = &further.answer {
            output::talk(&format!("note: {}: has no answer: {why}", further.address));
        }
    }
    Ok(report)
}

/// Where a report is written, and whether it is that of the demo, which carries the bundled law and figures of reach.
#[derive(Clone, Copy)]
pub(super) struct Target<'t> {
    pub(super) out: &'t Path,
    pub(super) demo: bool,
}

/// Writes all files of a report; what its record withholds is withheld.
pub(super) fn write(report: &Report, run: &Record, Target { out, demo }: Target<'_>) -> Result<(), Failure> {
    let (date, under) = (&run.date, run.suppress_small.and_then(Threshold::new));
    let run = serde_json::to_string_pretty(&run).unwrap_or_default();
    let meta = &report.study.meta;
    let program = format!("nomoscope {}", super::VERSION);
    let head = Head {
        title: &meta.title,
        description: &meta.description,
        claim: meta.claim.as_deref(),
        date,
        run: &run,
        program: &program,
    };
    let files = files(&Context { report, under, demo }, &head)?;
    let old = of_earlier_reports(&files, out);
    if let (Some(_), false) = (under, old.is_empty()) {
        return Err(Failure::Bad(format!(
            "{}: an earlier report lies there and may tell what is withheld: {}\n  hint: choose another folder with --out DIR",
            out.display(),
            old.join(", ")
        )));
    }
    for (path, bytes) in &files {
        let target = out.join(path);
        if let Some(folder) = target.parent() {
            make_folder(folder)?;
        }
        write_private(&target, bytes)?;
    }
    if !old.is_empty() {
        output::talk(&format!("note: not of this report, though beside it: {}", old.join(", ")));
    }
    Ok(())
}

/// Writes figures and tables into a folder of their own, without small counts where a threshold is given, and says which.
pub(super) fn write_beside(
    out: &Path,
    figures: &[Figure],
    tables: &[Table],
    under: Option<Threshold>,
) -> Result<(), Failure> {
    make_folder(out)?;
    let files = nomoscope_page::beside(figures, tables, under)?;
    if let Some(under) = under {
        output::talk(&format!("note: counts under {} are withheld from the files", under.get()));
    }
    for (path, bytes) in &files {
        write_private(&out.join(path), bytes)?;
    }
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    output::talk(&format!("wrote {} into {}", names.join(", "), out.display()));
    Ok(())
}

/// Returns the pages, figures and tables in the folder that this report did not write: they might be taken for its own.
fn of_earlier_reports(files: &BTreeMap<String, Vec<u8>>, out: &Path) -> Vec<String> {
    let pages = ["report.html", "appendix.html"].map(str::to_owned);
    let mut old: Vec<String> =
        pages.into_iter().filter(|page| !files.contains_key(page) && out.join(page).exists()).collect();
    for folder in ["figures", "tables"] {
        let names = std::fs::read_dir(out.join(folder)).into_iter().flatten().flatten();
        let paths = names.filter_map(|e| e.file_name().to_str().map(|name| format!("{folder}/{name}")));
        let of_report = |path: &String| [".svg", ".png", ".csv"].iter().any(|end| path.ends_with(end));
        old.extend(paths.filter(|path| of_report(path) && !files.contains_key(path)));
    }
    old.sort();
    old
}

/// Makes a folder, or says why there cannot be one.
pub(super) fn make_folder(folder: &Path) -> Result<(), Failure> {
    const HINT: &str = "choose another folder with --out DIR";
    let file = folder.ancestors().find(|a| a.exists() && !a.is_dir());
    if let Some(file) = file {
        return Err(Failure::Bad(format!("{}: is a file, not a folder\n  hint: {HINT}", file.display())));
    }
    std::fs::create_dir_all(folder).map_err(|error| {
        let why = super::reason(&error);
        Failure::Bad(format!("{}: cannot be made: {why}\n  hint: {HINT}", folder.display()))
    })
}
