//! `network`: discourse networks.

use super::Failure;
use super::options::{Selection, files_record, is_table, refuse_small, run_record, tell_interviewers, watched};
use super::output;
use clap::ValueEnum;
use nomoscope_core::table::Table;
use nomoscope_core::usage::discourse::{Aggregation, Compat, Duplicates, Kernel, Normalisation, Qualifier, TimeUnit};
use nomoscope_engine::answer::Answer;
use nomoscope_engine::network::answer::{DiscourseNetwork, Mode};
use nomoscope_engine::network::question::Question;
use nomoscope_engine::network::tables;
use nomoscope_engine::record::Record;
use nomoscope_formats::Input;
use nomoscope_formats::exchange::graph::GRAPHS;
use nomoscope_formats::exchange::workbook;
use nomoscope_page::to_csv as csv;
use nomoscope_store::disk::write_atomic;
use std::path::{Path, PathBuf};

/// Make a discourse network: which actors take the same stances, on what, and which concepts go together
///
/// Of a table, each row is a statement: an actor, a concept, and where there is one a stance (for or against, whole numbers, or
/// words), a document and a date. Of a study whose passages are statements, as DNA makes them, each of these is one, and its
/// variables are the columns. Of any other study, each coding is a statement by the actor that an attribute of its source names; it
/// is against the concept where its sentence negates it. Where nothing says whose words the sources hold, --mode concepts ties
/// concepts by the passages that hold both. Formulas are those of discourse network analysis (Leifeld 2017), corrected
/// where the program DNA 3 computes something else than it says; --compat dna3 gives its numbers.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  nomoscope network statements.csv\n  nomoscope network statements.csv --aggregate subtract --normalise average --duplicates document\n  nomoscope network statements.csv --mode two-mode --aggregate combine --out matrix.csv\n  nomoscope network statements.csv --time months --width 3 --kernel epanechnikov --json\n  nomoscope network my-study --actor institution --aggregate congruence --normalise cosine --edges edges.csv"
)]
pub(super) struct Args {
    /// A study folder, a .nomo file, or a table of statements (csv, tsv)
    #[arg(value_name = "STUDY|FILE")]
    input: PathBuf,
    /// The nodes
    #[arg(long, value_enum, default_value = "actors")]
    mode: ModeArg,
    /// How stances are put together [default: congruence, between actors and concepts subtract; without stances ignore]
    #[arg(long, value_enum)]
    aggregate: Option<AggregationArg>,
    /// How ties are divided by how much their ends say
    #[arg(long, value_enum, default_value = "no", alias = "normalize")]
    normalise: NormalisationArg,
    /// Which repetitions of a statement are left out [default: of a table none (include), of a study those in a document]
    #[arg(long, value_enum)]
    duplicates: Option<DuplicatesArg>,
    /// Of a table: what stances are [default: told from the values]
    #[arg(long, value_enum)]
    qualifier: Option<QualifierArg>,
    /// Column, or attribute of the sources, that names the actor
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,
    /// Of a table: column of the concept
    #[arg(long, value_name = "COLUMN")]
    concept: Option<String>,
    /// Of a table: column of the stance
    #[arg(long, value_name = "COLUMN")]
    stance: Option<String>,
    /// Of a table: column of the document
    #[arg(long, value_name = "COLUMN")]
    document: Option<String>,
    /// Of a table: column of the date
    #[arg(long, value_name = "COLUMN")]
    date: Option<String>,
    /// Of a table: column of the type of statement
    #[arg(long = "type", value_name = "COLUMN")]
    kind: Option<String>,
    /// Only statements on this concept (repeat for several)
    #[arg(long, value_name = "CONCEPT")]
    only: Vec<String>,
    /// No statements of this actor, or on this concept (repeat for several)
    #[arg(long, value_name = "NAME")]
    exclude: Vec<String>,
    /// A network for each window of time, one unit after the other
    #[arg(long, value_enum)]
    time: Option<TimeArg>,
    /// Units of time that a window covers
    #[arg(long, value_name = "N", default_value_t = 1)]
    width: u32,
    /// How much statements count by their distance from the middle of a window
    #[arg(long, value_enum, default_value = "no")]
    kernel: KernelArg,
    /// Compute as this program does, its faults included
    #[arg(long, value_enum)]
    compat: Option<CompatArg>,
    /// Write the matrix as .csv or .xlsx, or the network as .graphml, .gexf or .dot
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write the ties, one a row, as .csv or .xlsx
    #[arg(long, value_name = "FILE")]
    edges: Option<PathBuf>,
    /// How many ties to print [default: 20; in JSON 10000]
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

/// Ties where nobody said how many.
const ROWS: usize = 20;

/// A flag's values, and what each stands for in the core.
macro_rules! choices {
    ($name:ident, $of:ty, $($value:ident => $meaning:expr),+ $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
        enum $name { $($value),+ }
        impl From<$name> for $of {
            fn from(given: $name) -> Self {
                match given { $($name::$value => $meaning),+ }
            }
        }
    };
}

choices!(ModeArg, Mode, Actors => Mode::Actors, Concepts => Mode::Concepts, TwoMode => Mode::TwoMode);
choices!(AggregationArg, Aggregation, Ignore => Self::Ignore, Congruence => Self::Congruence, Conflict => Self::Conflict,
    Subtract => Self::Subtract, Combine => Self::Combine);
choices!(NormalisationArg, Normalisation, No => Self::No, Average => Self::Average, Jaccard => Self::Jaccard,
    Cosine => Self::Cosine, Activity => Self::Activity, Prominence => Self::Prominence);
choices!(DuplicatesArg, Duplicates, Include => Self::Include, Document => Self::Document, Week => Self::Week,
    Month => Self::Month, Year => Self::Year, Acrossrange => Self::AcrossRange);
choices!(QualifierArg, Qualifier, Boolean => Self::Boolean, Integer => Self::Integer, Text => Self::Text);
choices!(TimeArg, TimeUnit, Days => Self::Days, Weeks => Self::Weeks, Months => Self::Months, Years => Self::Years,
    Events => Self::Events);
choices!(KernelArg, Kernel, No => Self::No, Uniform => Self::Uniform, Triangular => Self::Triangular,
    Epanechnikov => Self::Epanechnikov, Gaussian => Self::Gaussian);
choices!(CompatArg, Compat, Dna3 => Self::Dna3);

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if args.out.is_some() && args.time.is_some() {
        return Err(Failure::Bad(
            "--out writes one matrix, and --time makes many; --edges writes the ties of all".to_owned(),
        ));
    }
    let (found, record) = asked(args)?;
    write(args, &found)?;
    if args.json {
        output::json(&found.json(args.top, record));
        return Ok(());
    }
    print(args, &found);
    Ok(())
}

fn asked(args: &Args) -> Result<(DiscourseNetwork, Record), Failure> {
    if !is_table(&args.input) {
        return of_study(args);
    }
    args.selection.refuse_for_table(args.codebook.as_deref(), &[])?;
    let (name, bytes, question) = (args.input.display().to_string(), super::read(&args.input)?, args.question());
    let found = question.ask_table(&name, &bytes)?;
    Ok((found, files_record(&question, &[Input { name: &name, bytes: &bytes }])))
}

fn of_study(args: &Args) -> Result<(DiscourseNetwork, Record), Failure> {
    let opened = args.selection.of(|| nomoscope_desk::load::open(&args.input, args.codebook.as_deref()))?;
    if args.out.is_some() || args.edges.is_some() {
        refuse_small(&opened, "a network")?;
    }
    let question = args.question();
    let found = question.ask(&opened.material, &watched(&opened.material))?;
    tell_interviewers(&opened)?;
    Ok((found, run_record(&opened, &question, &args.selection)))
}

impl Args {
    fn question(&self) -> Question {
        Question {
            mode: self.mode.into(),
            aggregate: self.aggregate.map(Into::into),
            normalise: self.normalise.into(),
            duplicates: self.duplicates.map(Into::into),
            qualifier: self.qualifier.map(Into::into),
            actor: self.actor.clone(),
            concept: self.concept.clone(),
            stance: self.stance.clone(),
            document: self.document.clone(),
            date: self.date.clone(),
            kind: self.kind.clone(),
            only: self.only.clone(),
            exclude: self.exclude.clone(),
            time: self.time.map(Into::into),
            width: self.width,
            kernel: self.kernel.into(),
            compat: self.compat.map_or(Compat::Corrected, Into::into),
        }
    }
}

fn write(args: &Args, found: &DiscourseNetwork) -> Result<(), Failure> {
    let files = [(&args.out, tables::matrix(&found.networks)), (&args.edges, tables::ties(found, false))];
    for (path, table) in files.iter().filter_map(|(path, table)| Some((path.as_ref()?, table))) {
        write_atomic(path, &file_of(path, found, table)?)?;
        output::talk(&format!("wrote {}", path.display()));
    }
    Ok(())
}

/// Returns the file that the ending of its name says: the network as a graph, or one of its tables.
pub(super) fn file_of(path: &Path, found: &DiscourseNetwork, table: &Table) -> Result<Vec<u8>, Failure> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    if let Some((_, graph)) = GRAPHS.iter().find(|(extension, _)| *extension == ending) {
        return Ok(graph(&tables::graph(found)).into_bytes());
    }
    let failed = |e: &dyn std::fmt::Display| Failure::Bad(format!("{}: {e}", path.display()));
    if ending == "xlsx" { workbook(table).map_err(|e| failed(&e)) } else { csv(table).map_err(|e| failed(&e)) }
}

fn print(args: &Args, found: &DiscourseNetwork) {
    output::lead(&found.lead());
    let ties = tables::ties(found, true);
    for table in std::iter::once(ties).chain(tables::windows(&found.networks)) {
        output::table(&table, args.top.unwrap_or(ROWS));
    }
    found.cautions().iter().for_each(|caution| output::talk(&format!("note: {caution}")));
    if !found.networks.differs.is_empty() {
        output::talk("hint: --compat dna3 gives the numbers of DNA 3");
    }
    output::talk(
        "next: --out matrix.csv or --edges edges.csv for a network program, --json for the statements behind each tie",
    );
}
