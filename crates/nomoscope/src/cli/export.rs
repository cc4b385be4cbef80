//! `export`: a study in the formats of other programs, or a study file back into a folder.

use super::options::Small;
use super::{Failure, output};
use nomoscope_desk::study::{Problems, export_folder};
use nomoscope_desk::{clock, load};
use nomoscope_engine::disclosure::Threshold;
use nomoscope_formats::Input;
use nomoscope_formats::exchange::{self, EXCHANGE, Outgoing};
use nomoscope_formats::{codebook_toml, study as files};
use nomoscope_store::Store;
use nomoscope_store::disk::write_private;
use std::path::{Path, PathBuf};

/// Write a study for other programs, or a study file as a study folder
///
/// The ending of the name says the format. What a format cannot hold is counted; no path of this machine is written, and no cell of a
/// table is run by a spreadsheet. Stored codings are written: `nomoscope code` stores those of the lexicon.
#[derive(Debug, clap::Args)]
#[command(after_help = help())]
pub(super) struct Args {
    /// A study folder or a .nomo file
    study: PathBuf,
    /// The file to write, or the folder
    #[arg(long, value_name = "FILE|FOLDER", required_unless_present = "replication")]
    to: Option<PathBuf>,
    /// Write a replication package into this folder: study, report, run record, checksums, and how to ask again
    #[arg(long, value_name = "DIR", conflicts_with = "to")]
    replication: Option<PathBuf>,
    #[command(flatten)]
    small: Small,
    /// The key of a study whose names were replaced: nothing is written if any of its names is found
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Print what did not come through as JSON
    #[arg(long)]
    json: bool,
    /// Replace the file, or what the folder holds
    #[arg(long)]
    force: bool,
    /// Write files that no study folder has into this zip archive; without it they are listed and left out
    #[arg(long, value_name = "FILE")]
    archive: Option<PathBuf>,
}

/// Examples, and what can be written: from the table of formats.
fn help() -> String {
    let mut out = "Examples:\n  nomoscope export my-study --to my-study.qdpx\n  nomoscope export my-study.nomo --to my-study\n  nomoscope export my-study --replication my-package\n\nWhat can be written:\n".to_owned();
    for format in EXCHANGE.iter().filter(|format| format.write.is_some()) {
        let endings: Vec<String> = format.extensions.iter().map(|e| format!(".{e}")).collect();
        out.push_str(&format!("  {:<22} {}\n", endings.join(" "), format.description));
    }
    out.push_str("  a folder               a study file as a study folder\n\nNetworks are written by `nomoscope network --out FILE`: csv, graphml, gexf, dot.");
    out
}

/// Endings of what is asked for and not written here, with what to do instead.
const ELSEWHERE: [(&str, &str); 9] = [
    ("graphml", "networks are written by `nomoscope network STUDY --out FILE.graphml`"),
    ("gexf", "networks are written by `nomoscope network STUDY --out FILE.gexf`"),
    ("dot", "networks are written by `nomoscope network STUDY --out FILE.dot`"),
    ("nomo", "a study file is copied as it is; `nomoscope new NAME.nomo --from FOLDER` makes one of a folder"),
    ("rqda", "projects of RQDA are read, and not written; write .qdpx, which other programs open"),
    ("qda", "projects of QualCoder are read, and not written; write .qdpx, which QualCoder imports"),
    ("sqlite3", "databases of Taguette are read, and not written; write .qdpx or .csv"),
    ("requal", "projects of requal are read, and not written; write .qdpx or .csv"),
    ("xlsx", "workbooks are not written; write .csv, which spreadsheets open"),
];

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    super::pseudonymise::refuse_names(&args.study, args.key.as_deref())?;
    if let Some(package) = &args.replication {
        return super::replication::write(&args.study, package, args.small);
    }
    if args.small.suppress_small.is_some() {
        let hint = "report, compare, trend, slip and terms write tables of counts; a replication package has a report";
        let reason = "--suppress-small: this holds every coding and text, and anybody can count them";
        return Err(Failure::Bad(format!("{reason}\n  hint: {hint}")));
    }
    let to = args.to.clone().unwrap_or_default();
    let name = to.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    if let Some(write) = exchange::format_of(&name).and_then(|format| format.write) {
        return file(args, &to, write);
    }
    let extension = Input { name: &name, bytes: &[] }.extension();
    if let Some((_, hint)) = ELSEWHERE.iter().find(|(ending, _)| *ending == extension) {
        return Err(Failure::Bad(format!("{}: cannot be written\n  hint: {hint}", to.display())));
    }
    folder(args, &to)
}

/// What writes a study as one file.
type Write = fn(&Outgoing<'_>) -> Result<exchange::Written, Problems>;

fn file(args: &Args, to: &Path, write: Write) -> Result<(), Failure> {
    refuse_replacing(to, args.force)?;
    let loaded = load::study(&args.study)?;
    let codebook = loaded.codebook.as_deref().map(codebook_toml::parse).transpose();
    let codebook = codebook.map_err(|p| p.in_file(files::CODEBOOK_TOML))?.unwrap_or_default();
    let (program, time) = (format!("Nomoscope {}", env!("CARGO_PKG_VERSION")), clock::timestamp());
    let order = loaded.codebook.as_deref().map(codebook_toml::order).unwrap_or_default();
    let out = Outgoing { study: &loaded.study, codebook: &codebook, order: &order, program: &program, time: &time };
    let written = write(&out)?;
    write_private(to, &written.bytes)?;
    if args.json {
        let report = serde_json::json!({
            "file": to.file_name().map(|n| n.to_string_lossy().into_owned()),
            "lost": written.lost,
            "notes": written.notes,
        });
        output::json(&report);
    } else {
        output::data(&format!("wrote {}", to.display()));
        for loss in &written.lost {
            output::data(&format!("does not come through: {} {}: {}", loss.n, loss.what, loss.why));
        }
        written.notes.iter().for_each(|note| output::talk(&format!("note: {note}")));
    }
    if loaded.study.codings.is_empty() {
        output::talk("note: the study has no stored codings; `nomoscope code` stores those of the lexicon");
    }
    output::talk("note: the file holds what people said, word for word; look through it before you share it");
    if let Some(under) = Threshold::of(&loaded.study.meta, None) {
        output::talk(&format!(
            "note: study.toml withholds counts under {} from reports; whoever has this file can count",
            under.get()
        ));
    }
    if exchange::format_of(&to.to_string_lossy()).is_some_and(|format| format.read.is_some()) {
        output::talk(&format!("next: nomoscope check {}", output::typed(to)));
    }
    Ok(())
}

fn refuse_replacing(file: &Path, force: bool) -> Result<(), Failure> {
    if file.exists() && !force {
        let name = file.display();
        return Err(Failure::Bad(format!("{name}: is there already\n  hint: --force replaces it")));
    }
    Ok(())
}

fn folder(args: &Args, to: &Path) -> Result<(), Failure> {
    if args.study.is_dir() {
        return Err(Failure::Bad(format!("{}: is a study folder already", args.study.display())));
    }
    let store = Store::open_read_only(&args.study)?;
    let left_out = export_folder(&store, to, args.force)?;
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
        write_private(archive, &bytes)?;
        output::data(&format!("wrote {}", archive.display()));
    }
    output::data(&format!("wrote {}", to.display()));
    output::talk("note: the folder holds the sources in full; look through it before you share it");
    output::talk(&format!("next: nomoscope map {}", output::typed(to)));
    Ok(())
}
