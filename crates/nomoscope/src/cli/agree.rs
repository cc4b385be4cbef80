//! `agree`: agreement between coders.

use super::Failure;
use super::options::{Selection, files_record, is_table, level, run_record, watched};
use super::output;
use clap::builder::PossibleValuesParser;
use nomoscope_core::codebook::Codebook;
use nomoscope_core::text::Level;
use nomoscope_desk::load::Opened;
use nomoscope_engine::agree::question::Question;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::material::Material;
use nomoscope_formats::tables::ratings::Orientation;
use nomoscope_formats::{Input, codebook_toml};
use nomoscope_stats::agreement::Measurement;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Measure how far coders agree, per concept and in all, and list the passages where they differ, worst first
///
/// Of a study, the people who coded it are compared, character by character or (--unit) by whether a concept occurs in a
/// unit; and the lexicon with them: precision and recall. A single coder is compared with the lexicon. Of a table of coders
/// by units, the first header cell, `unit` or `coder`, says what stands in the rows. Missing values are empty, `*`, `.` or `NA`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope agree my-study\n  nomoscope agree my-study --coders ana,ben --unit paragraph\n  nomoscope agree my-study --coders ana,lexicon --json > agreement.json\n  nomoscope agree ratings.csv --level ordinal\n  nomoscope agree ratings.csv --units columns --level ordinal --order low,middle,high"
)]
pub(super) struct Args {
    /// A study folder, a .nomo file, or a table of ratings (csv, tsv; `-` for standard input)
    #[arg(value_name = "STUDY|FILE")]
    input: PathBuf,
    /// Compare these coders only; `lexicon` is the codebook's
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    coders: Vec<String>,
    /// Of a study: what is compared; a unit counts as coded if any of it is [default: character]
    #[arg(long, value_name = "UNIT", value_parser = unit_names())]
    unit: Option<String>,
    /// Of a study: every coder read every source; otherwise those in which they coded anything
    #[arg(long)]
    all_read: bool,
    /// Of a table: how values are compared
    #[arg(long, value_name = "LEVEL", value_parser = PossibleValuesParser::new(Measurement::ALL.map(Measurement::name)))]
    level: Option<String>,
    /// Of a table: where the units stand, if the first header cell is neither `unit` nor `coder`
    #[arg(long, value_name = "WHERE", value_parser = ["rows", "columns"])]
    units: Option<String>,
    /// Of a table at ordinal level: the values, lowest first, if they are not numbers
    #[arg(long, value_name = "VALUE,…", value_delimiter = ',')]
    order: Vec<String>,
    /// Bootstrap draws for the intervals (0 for none)
    #[arg(long, value_name = "N", default_value_t = Question::default().bootstrap)]
    bootstrap: usize,
    /// Seed of the draws
    #[arg(long, value_name = "N", default_value_t = Question::default().seed)]
    seed: u64,
    /// How many differences to print [default: 20; in JSON 1000]
    #[arg(long, value_name = "N")]
    top: Option<usize>,
    /// Of a study: read with this codebook instead of the study's own
    #[arg(long, value_name = "FILE")]
    codebook: Option<PathBuf>,
    #[command(flatten)]
    selection: Selection,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Differences where nobody said how many.
const ROWS: usize = 20;
/// The most bytes of a table from standard input.
const MAX_INPUT: u64 = 512 << 20;

fn unit_names() -> PossibleValuesParser {
    PossibleValuesParser::new(std::iter::once("character").chain(Level::ALL.map(Level::name)))
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if args.input.as_os_str() == "-" || is_table(&args.input) { run_table(args) } else { run_study(args) }
}

impl Args {
    fn question(&self) -> Question {
        let named = |name: &str| Measurement::ALL.into_iter().find(|m| m.name() == name);
        Question {
            coders: self.coders.clone(),
            // Where every character is compared, no unit is.
            unit: self.unit.as_deref().and_then(level),
            all_read: self.all_read,
            level: self.level.as_deref().and_then(named).unwrap_or(Question::default().level),
            units: self.units.as_deref().map(|units| match units {
                "rows" => Orientation::UnitsInRows,
                _ => Orientation::UnitsInColumns,
            }),
            order: self.order.clone(),
            bootstrap: self.bootstrap,
            seed: self.seed,
        }
    }
}

fn run_table(args: &Args) -> Result<(), Failure> {
    args.selection.refuse_for_table(args.codebook.as_deref(), &[("--unit", args.unit.is_some())])?;
    let question = args.question();
    let (name, bytes) = bytes(&args.input)?;
    let found = question.ask_table(&name, &bytes)?;
    if args.json {
        output::json(&found.json(args.top, files_record(&question, &[Input { name: &name, bytes: &bytes }])));
        return Ok(());
    }
    print(args, &found);
    output::talk("next: let the coders talk about the units at the top, then code new ones; --json gives all of it");
    Ok(())
}

fn bytes(input: &Path) -> Result<(String, Vec<u8>), Failure> {
    if input.as_os_str() != "-" {
        return Ok((input.display().to_string(), super::read(input)?));
    }
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MAX_INPUT + 1).read_to_end(&mut bytes);
    read.map_err(|e| Failure::Bad(format!("standard input: cannot be read: {}", super::reason(&e))))?;
    Ok(("standard input".to_owned(), bytes))
}

/// Prints an answer: each table with its own number of rows.
fn print(args: &Args, answer: &dyn Answer) {
    output::lead(&answer.lead());
    let top = args.top.unwrap_or(ROWS);
    for table in answer.tables() {
        let whole = matches!(table.id.as_str(), "agreement" | "coders" | "categories");
        output::table(&table, if whole { usize::MAX } else { top });
    }
    answer.cautions().iter().for_each(|caution| output::talk(&format!("caution: {caution}")));
}

fn run_study(args: &Args) -> Result<(), Failure> {
    let opened = args.selection.of(|| open(&args.input, args.codebook.as_deref()))?;
    let question = args.question();
    let found = question.ask(&opened.material, &watched(&opened.material))?;
    if args.json {
        output::json(&found.json(args.top, run_record(&opened, &question, &args.selection)));
        return Ok(());
    }
    print(args, &found);
    if found.n_alone > 0 {
        output::talk("hint: --all-read says that every coder read every source");
    }
    let study = output::typed(&args.input);
    output::talk(&format!(
        "next: nomoscope agree {study} --unit paragraph asks only whether a concept occurs in a paragraph; nomoscope report {study} --out DIR writes the passages on a page"
    ));
    Ok(())
}

/// Opens a study; codings can be compared without a codebook, only not with a lexicon.
fn open(path: &Path, codebook: Option<&Path>) -> Result<Opened, nomoscope_desk::study::StudyError> {
    if codebook.is_some() {
        return nomoscope_desk::load::open(path, codebook);
    }
    let loaded = nomoscope_desk::load::study(path)?;
    let parsed = match &loaded.codebook {
        Some(bytes) => codebook_toml::parse(bytes).map_err(|p| p.in_file("codebook.toml"))?,
        None => Codebook::default(),
    };
    let name = if loaded.codebook.is_some() { "codebook.toml" } else { "" };
    let hash = loaded.codebook.as_deref().map(nomoscope_store::hash_hex).unwrap_or_default();
    let material = Material::new(loaded.study, parsed, (name, hash), loaded.hashes);
    Ok(Opened { material, notes: loaded.notes, order: Vec::new() })
}
