//! `scan`: from tables of any size to counts.

use super::look::codebook_named;
use super::options::{level, levels, program};
use super::{Failure, output};
use nomoscope_core::text::Level;
use nomoscope_desk::scan::{Job, Outcome, STDIN, Target, scan, targets};
use nomoscope_engine::handle::{Handle, Step};
use nomoscope_engine::record::Record;
use nomoscope_engine::scan::json::{Found, Said};
use nomoscope_engine::scan::question::Question;
use nomoscope_engine::scan::words::{cautions, lead};
use nomoscope_formats::stream::split::Kind;
use nomoscope_store::{hash_hex, hash_read};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Count concepts in tables of any size, a text in each row: from jsonl, csv or Parquet to counts that map, compare and trend read
///
/// Rows are read one after the other by all cores and none is kept, so that memory does not grow with the input. An interrupted
/// scan goes on where it was when the same command is given again.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Files end with .jsonl, .ndjson, .csv, .tsv or .tab, perhaps with .gz, in UTF-8, or with .parquet; a folder stands for all of them below it. Columns `kind`, `date` (or `year`) and `language` say of a text what they say in sources.csv. A row is a source of its own.\n\nWritten beside --out debates.counts: debates.sums.csv (sums by stratum), debates.bad.csv (rows that could not be read, with line and reason), and until all is done debates.counts.state and .part. With --out debates.parquet the counts are a table of Parquet, a row a source, and the sums stand in debates.sums.parquet, too.\n\nExamples:\n  nomoscope scan codebook.toml debates.jsonl --by year,country --out debates.counts\n  nomoscope scan codebook.toml 'rulings/*.csv.gz' --text body --by court --out rulings.counts --codings rulings-codings.csv\n  nomoscope scan codebook.toml 'speeches/*.parquet' --by year --out speeches.parquet\n  zcat crawl.jsonl.gz | nomoscope scan codebook.toml - --format jsonl --language en --out crawl.counts\n  nomoscope map --counts debates.counts --focus forced-labour"
)]
pub(super) struct Args {
    /// A codebook.toml, or child-trafficking or transitional-justice
    codebook: String,
    /// Files, folders, patterns in quotation marks, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    /// The column that holds the text
    #[arg(long, value_name = "COLUMN", default_value_t = Question::default().text)]
    text: String,
    /// Columns that are kept as attributes; sums are made by their values
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    by: Vec<String>,
    /// Languages of the texts, where there is no column `language`; by default they are told by their words
    #[arg(long, value_name = "TAGS", value_delimiter = ',')]
    language: Vec<String>,
    /// The unit of co-occurrence
    #[arg(long, value_name = "LEVEL", value_parser = levels(), default_value = Level::Paragraph.name())]
    window: String,
    /// Code what interviewers say, too
    #[arg(long)]
    interviewers: bool,
    /// Where the counts go, as Parquet if it ends with .parquet; what goes beside them is named after it
    #[arg(long, value_name = "FILE", default_value = "scan.counts")]
    out: PathBuf,
    /// Write every coding, too: JSON lines if it ends with .jsonl, else CSV
    #[arg(long, value_name = "FILE")]
    codings: Option<PathBuf>,
    /// What standard input, and files whose names do not say so, are
    #[arg(long, value_name = "FORMAT", value_parser = ["jsonl", "csv"])]
    format: Option<String>,
    /// End without counts if any row cannot be read
    #[arg(long)]
    strict: bool,
    /// Replace what an earlier scan wrote
    #[arg(long)]
    force: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Bad rows that are told one by one.
const NAMED: usize = 10;

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let bytes = codebook_named(&args.codebook)
        .map_err(|hint| Failure::Bad(format!("{}: there is no such codebook\n  hint: {hint}", args.codebook)))??;
    let kind = args.format.as_deref().map(|name| if name == "jsonl" { Kind::JsonLines } else { Kind::Separated });
    let targets = targets(&args.inputs, kind)?;
    let question = args.question();
    let codebook = (args.codebook.as_str(), bytes.as_slice());
    let (codings, force) = (args.codings.as_deref(), args.force);
    let job = Job { codebook, targets: &targets, question: &question, out: &args.out, codings, force };
    let bar: Arc<Mutex<Option<output::Progress>>> = Arc::default();
    let shown = bar.clone();
    let handle = Handle::watched(move |step| watch(&shown, step));
    let begin = |bytes: u64| {
        *bar.lock().unwrap_or_else(PoisonError::into_inner) = Some(output::Progress::new(bytes));
    };
    let outcome = scan(&job, &handle, &begin)?;
    if args.json {
        output::json(&serde_json::json!(Said::new(found(&outcome), record(args, &question, &bytes, &targets)?)));
    } else {
        output::lead(&lead(&outcome.sums, outcome.head.window()));
    }
    tell(args, &outcome);
    Ok(())
}

fn watch(bar: &Mutex<Option<output::Progress>>, step: Step) {
    if let Some(bar) = &*bar.lock().unwrap_or_else(PoisonError::into_inner) {
        bar.step(step);
    }
}

fn unread(outcome: &Outcome) -> impl Iterator<Item = (&str, usize)> {
    outcome.unread.iter().map(|(language, n)| (language.as_str(), *n as usize))
}

fn found(outcome: &Outcome) -> Found<'_> {
    Found {
        head: &outcome.head,
        sums: &outcome.sums,
        bad: &outcome.bad,
        n_bad: outcome.n_bad as usize,
        n_empty: outcome.n_empty as usize,
        n_undated: outcome.n_undated as usize,
        unread: unread(outcome).map(|(language, n)| (language.to_owned(), n)).collect(),
    }
}

/// Returns what is needed to ask the same again: files are read once more for their hashes.
fn record(args: &Args, question: &Question, codebook: &[u8], targets: &[Target]) -> Result<Record, Failure> {
    let mut inputs = BTreeMap::from([(args.codebook.clone(), hash_hex(codebook))]);
    for target in targets {
        let Some(path) = &target.path else { continue };
        let hash = std::fs::File::open(path).and_then(hash_read);
        let hash = hash.map_err(|error| Failure::Bad(format!("{}: {}", path.display(), super::reason(&error))))?;
        inputs.insert(target.name.clone(), hash);
    }
    if targets.iter().any(|target| target.path.is_none()) {
        output::talk(&format!(
            "note: `{STDIN}` is gone: the run record cannot name it, and replay cannot ask it again"
        ));
    }
    Ok(Record::of_files(question, inputs, &program()))
}

fn tell(args: &Args, outcome: &Outcome) {
    if outcome.before > 0 {
        output::talk(&format!("note: went on from {} texts that were counted before", outcome.before));
    }
    for row in outcome.bad.iter().take(NAMED) {
        output::talk(&format!("left out: {}:{}: {}", row.file, row.line, row.reason));
    }
    for caution in
        cautions(outcome.n_bad as usize, outcome.n_empty as usize, outcome.n_undated as usize, unread(outcome))
    {
        output::talk(&format!("caution: {caution}"));
    }
    let more = outcome.sums_files.iter().chain((outcome.n_bad > 0).then_some(&outcome.bad_file)).chain(&args.codings);
    let written: Vec<String> = std::iter::once(&args.out).chain(more).map(|path| path.display().to_string()).collect();
    output::talk(&format!("wrote {}", written.join(", ")));
    if outcome.sums_files.is_empty() {
        output::talk(
            "note: no sums: there are more strata than can be summed; choose columns with fewer values for --by",
        );
    }
    output::talk(&format!("next: nomoscope map --counts {} couples the concepts", output::typed(&args.out)));
}

impl Args {
    fn question(&self) -> Question {
        Question {
            text: self.text.clone(),
            by: self.by.clone(),
            language: self.language.clone(),
            window: level(&self.window),
            interviewers: self.interviewers,
            strict: self.strict,
        }
    }
}
