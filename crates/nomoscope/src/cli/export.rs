//! `export`: a study in the formats of other programs, or a study file back into a folder.

use super::network;
use super::options::{Small, refuse_small, watched};
use super::{Failure, output};
use nomoscope_desk::study::export_folder;
use nomoscope_desk::{clock, load};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::disclosure::Threshold;
use nomoscope_engine::network::answer::Mode;
use nomoscope_engine::network::question::Question;
use nomoscope_engine::network::tables;
use nomoscope_engine::refusal::Refusal;
use nomoscope_formats::Input;
use nomoscope_formats::exchange::account::{account, holds_words};
use nomoscope_formats::exchange::graph::GRAPHS;
use nomoscope_formats::exchange::{self, EXCHANGE, Loss, Outgoing, Writing, Written};
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
    /// Of .csv and .xlsx: what the table holds
    #[arg(long = "as", value_enum, default_value = "codings")]
    what: What,
    /// The key of a study whose names were replaced: nothing is written if any of its names is found
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Print what came through and what did not as JSON
    #[arg(long)]
    json: bool,
    /// Replace the file, or what the folder holds
    #[arg(long)]
    force: bool,
    /// Write files that no study folder has into this zip archive; without it they are listed and left out
    #[arg(long, value_name = "FILE")]
    archive: Option<PathBuf>,
}

/// What a table is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// The codings, one a row
    Codings,
    /// The nodes of the network of the study, with what is known of each
    Nodes,
    /// Its ties, one a row
    Edges,
    /// The network as a matrix
    Matrix,
}

/// Examples, and what can be written: from the table of formats.
fn help() -> String {
    let mut out = "Examples:\n  nomoscope export my-study --to my-study.qdpx\n  nomoscope export my-study --to network.graphml\n  nomoscope export my-study --to edges.csv --as edges\n  nomoscope export my-study.nomo --to my-study\n  nomoscope export my-study --replication my-package\n\nWhat can be written:\n".to_owned();
    for format in EXCHANGE.iter().filter(|format| format.write.is_some()) {
        let endings: Vec<String> = format.extensions.iter().map(|e| format!(".{e}")).collect();
        out.push_str(&format!("  {:<22} {}\n", endings.join(" "), format.description));
    }
    out.push_str("  .graphml .gexf .dot    the network of the study; .csv and .xlsx with --as nodes, edges or matrix\n  a folder               a study file as a study folder\n\nThe network is that of `nomoscope network`, which has settings: actors who take the same stances or, where nothing says whose words the sources hold, concepts in the same passages.");
    out
}

/// Endings of what is asked for and not written here, with what to do instead.
const ELSEWHERE: [(&str, &str); 5] = [
    ("nomo", "a study file is copied as it is; `nomoscope new NAME.nomo --from FOLDER` makes one of a folder"),
    ("rqda", "projects of RQDA are read, and not written; write .qdpx, which other programs open"),
    ("qda", "projects of QualCoder are read, and not written; write .qdpx, which QualCoder imports"),
    ("sqlite3", "databases of Taguette are read, and not written; write .qdpx or .csv"),
    ("requal", "projects of requal are read, and not written; write .qdpx or .csv"),
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
    let extension = Input { name: &name, bytes: &[] }.extension();
    let is_table = matches!(extension.as_str(), "csv" | "xlsx");
    if args.what != What::Codings && !is_table {
        return Err(Failure::Bad(format!("{}: --as is for .csv and .xlsx", to.display())));
    }
    if args.what != What::Codings || GRAPHS.iter().any(|(ending, _)| *ending == extension) {
        return network(args, &to);
    }
    if let Some(writing) = exchange::format_of(&name).and_then(|format| format.write) {
        return file(args, &to, writing);
    }
    if let Some((_, hint)) = ELSEWHERE.iter().find(|(ending, _)| *ending == extension) {
        return Err(Failure::Bad(format!("{}: cannot be written\n  hint: {hint}", to.display())));
    }
    folder(args, &to)
}

fn file(args: &Args, to: &Path, writing: &Writing) -> Result<(), Failure> {
    refuse_replacing(to, args.force)?;
    let loaded = load::study(&args.study)?;
    let codebook = loaded.codebook.as_deref().map(codebook_toml::parse).transpose();
    let codebook = codebook.map_err(|p| p.in_file(files::CODEBOOK_TOML))?.unwrap_or_default();
    let (program, time) = (format!("Nomoscope {}", env!("CARGO_PKG_VERSION")), clock::timestamp());
    let order = loaded.codebook.as_deref().map(codebook_toml::order).unwrap_or_default();
    let out = Outgoing { study: &loaded.study, codebook: &codebook, order: &order, program: &program, time: &time };
    let written = writing.write(&out)?;
    write_private(to, &written.bytes)?;
    tell(args, to, &written);
    if loaded.study.codings.is_empty() {
        output::talk("note: the study has no stored codings; `nomoscope code` stores those of the lexicon");
    }
    if writing.quotes() {
        output::talk("note: the file holds what people said, word for word; look through it before you share it");
    }
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

/// Says what came through and what did not, and why.
fn tell(args: &Args, to: &Path, written: &Written) {
    let Written { holds, lost, notes, .. } = written;
    if args.json {
        let file = to.file_name().map(|n| n.to_string_lossy().into_owned());
        output::json(&serde_json::json!({ "file": file, "holds": holds, "lost": lost, "notes": notes }));
        return;
    }
    output::data(&format!("wrote {}", to.display()));
    output::data(&format!("came through: {}", holds_words(holds)));
    Loss::lines(lost).iter().for_each(|line| output::data(&format!("does not come through: {line}")));
    notes.iter().for_each(|note| output::talk(&format!("note: {note}")));
}

/// Writes the network of the study, as `network` makes it without settings: where nothing says whose words the sources hold, of
/// concepts.
fn network(args: &Args, to: &Path) -> Result<(), Failure> {
    refuse_replacing(to, args.force)?;
    let opened = load::open(&args.study, None)?;
    refuse_small(&opened, "a network")?;
    let (material, handle) = (&opened.material, watched(&opened.material));
    let of_concepts = Question { mode: Mode::Concepts, ..Question::default() };
    let found = match Question::default().ask(material, &handle) {
        Err(Refusal::NoAnswer(_)) => of_concepts.ask(material, &handle)?,
        other => other?,
    };
    let table = match args.what {
        What::Nodes => tables::nodes(&found),
        What::Edges => tables::ties(&found, false),
        What::Codings | What::Matrix => tables::matrix(&found.networks),
    };
    let bytes = network::file_of(to, &found, &table)?;
    let out =
        Outgoing { study: &material.study, codebook: &material.codebook, order: &opened.order, program: "", time: "" };
    let mut written = Written { bytes, notes: found.cautions(), ..Written::default() };
    account(&out, &[], "a network has nodes and ties; what is known of a node goes with it", &mut written);
    let graph = tables::graph(&found);
    let known = graph.nodes.iter().map(|node| node.attributes.len()).sum();
    let ties = [("nodes", graph.nodes.len()), ("ties", graph.edges.len()), ("attributes of nodes", known)];
    let ties = ties.into_iter().filter(|(what, _)| args.what != What::Matrix || *what != "attributes of nodes");
    written.holds.extend(ties.map(|(what, n)| (what.to_owned(), n as u64)));
    write_private(to, &written.bytes)?;
    tell(args, to, &written);
    output::talk(&format!("next: nomoscope network {} --help, for other networks", output::typed(&args.study)));
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
