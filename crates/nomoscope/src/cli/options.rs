//! Flags that several commands share.

use super::Failure;
use super::failure::read_all;
use super::output::{Progress, talk};
use clap::builder::PossibleValuesParser;
use nomoscope_core::norm::corpus::Corpus;
use nomoscope_core::study::SMALL;
use nomoscope_core::text::Level;
use nomoscope_desk::load::{Opened, open};
use nomoscope_desk::study::StudyError;
use nomoscope_engine::answer::Answer;
use nomoscope_engine::counted::tables::GROUPS;
use nomoscope_engine::disclosure::Threshold;
use nomoscope_engine::handle::{Handle, Step};
use nomoscope_engine::law::library::Library;
use nomoscope_engine::map::answer::Analysis;
use nomoscope_engine::map::question::{Question, STRATA};
use nomoscope_engine::material::Material;
use nomoscope_engine::record::{Named, Program, Record};
use nomoscope_engine::refusal::Refusal;
use nomoscope_formats::Input;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A study and how to read it.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct StudyArgs {
    /// A study folder or a .nomo file
    pub study: PathBuf,
    /// Read with this codebook instead of the study's own: a file, or child-trafficking or transitional-justice
    #[arg(long, value_name = "FILE")]
    pub codebook: Option<PathBuf>,
    #[command(flatten)]
    pub selection: Selection,
}

/// A study and how to read it, or counts in its place.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct StudyOrCounts {
    /// A study folder or a .nomo file
    #[arg(required_unless_present = "counts")]
    pub study: Option<PathBuf>,
    /// Read counts that `scan` wrote, in place of a study: couplings alone (repeat to join several)
    #[arg(long, value_name = "FILE", conflicts_with = "codebook")]
    pub counts: Vec<PathBuf>,
    /// Read with this codebook instead of the study's own: a file, or child-trafficking or transitional-justice
    #[arg(long, value_name = "FILE")]
    pub codebook: Option<PathBuf>,
    #[command(flatten)]
    pub selection: Selection,
}

impl StudyOrCounts {
    /// Returns the study that was named; none where counts are read.
    pub(super) fn study(&self) -> Option<StudyArgs> {
        let (codebook, selection) = (self.codebook.clone(), self.selection.clone());
        let study = self.study.clone().filter(|_| self.counts.is_empty())?;
        Some(StudyArgs { study, codebook, selection })
    }

    /// Refuses a study beside counts.
    pub(super) fn counts_alone(&self) -> Result<(), Failure> {
        match &self.study {
            Some(study) => {
                let hint = "name a study, or counts; `scan` counts texts that are no study";
                let said = format!("{}: cannot be read beside --counts", study.display());
                Err(Failure::Bad(format!("{said}\n  hint: {hint}")))
            }
            None => Ok(()),
        }
    }

    /// Asks a question of the counts.
    pub(super) fn ask<Q: Named, A>(
        &self,
        question: &Q,
        ask: impl FnOnce(&Q, &[Input<'_>]) -> Result<A, Refusal>,
    ) -> Result<(A, Record), Failure> {
        let files = read_all(self.counts.iter().map(|path| (path.display().to_string(), path.as_path())))?;
        let files: Vec<Input<'_>> = files.iter().map(|(name, bytes)| Input { name, bytes }).collect();
        Ok((ask(question, &files)?, files_record(question, &files)))
    }
}

/// Prints what was found in counts.
pub(super) fn print_counted(answer: &dyn Answer, record: Record, json: bool, top: Option<usize>, rows: usize) {
    if json {
        super::output::json(&answer.json(top, record));
        return;
    }
    super::output::lead(&answer.lead());
    for table in answer.tables() {
        super::output::table(&table, if table.id == GROUPS { usize::MAX } else { top.unwrap_or(rows) });
    }
    for caution in answer.cautions() {
        talk(&format!("caution: {caution}"));
    }
}

/// Whether small counts are withheld from what is written.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(super) struct Small {
    /// Withhold counts from 1 to N-1 from the files that are written, and what would give them away; without N, from 1 to 4
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "5", value_parser = threshold)]
    pub suppress_small: Option<Threshold>,
}

/// Reads the smallest count that is told.
fn threshold(words: &str) -> Result<Threshold, String> {
    let found = words.parse().ok().and_then(Threshold::new);
    found.ok_or_else(|| format!("takes a whole number from {} to {}", SMALL.start(), SMALL.end()))
}

impl Small {
    /// Returns the threshold that holds for a study: the greater one of what is asked for and what study.toml says.
    pub(super) fn of(self, opened: &Opened) -> Option<Threshold> {
        Threshold::of(&opened.material.study.meta, self.suppress_small)
    }
}

/// Refuses to write what lists single passages, or every tie, of a study that withholds small counts.
pub(super) fn refuse_small(opened: &Opened, what: &str) -> Result<(), Failure> {
    let Some(under) = Threshold::of(&opened.material.study.meta, None) else { return Ok(()) };
    Err(Failure::Bad(format!(
        "study.toml withholds counts under {}, and {what} would tell them\n  hint: print it instead, or take suppress_small out of study.toml",
        under.get()
    )))
}

/// Which sources of a study are read.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Selection {
    /// Only sources whose attribute has this value (repeat to narrow further)
    #[arg(long = "where", value_name = "ATTR=VALUE")]
    pub wanted: Vec<String>,
    /// Only sources from this date on (2000, 2000-11 or 2000-11-15)
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Only sources up to this date
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Code what interviewers say, too
    #[arg(long)]
    pub interviewers: bool,
}

/// How to map.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct MapArgs {
    /// The concept whose cluster is mapped; by default the study's focus
    #[arg(long, value_name = "CONCEPT")]
    pub focus: Option<String>,
    /// The unit of co-occurrence; by default the study's window, or else paragraph
    #[arg(long, value_name = "LEVEL", value_parser = levels())]
    pub window: Option<String>,
    /// Let operative units inherit problems and values of title and preamble
    #[arg(long)]
    pub inherit: bool,
    /// Least lower bound of the odds ratio in the backbone
    #[arg(long, value_name = "OR", default_value_t = Question::default().min_or, allow_negative_numbers = true)]
    pub min_or: f64,
    /// Bootstrap draws over sources (0 for none)
    #[arg(long, value_name = "N", default_value_t = Question::default().bootstrap)]
    pub bootstrap: usize,
    /// Seeds of the community search in each draw
    #[arg(long, value_name = "N", default_value_t = Question::default().seeds)]
    pub seeds: usize,
    /// Seed of everything that is drawn at random
    #[arg(long, value_name = "N", default_value_t = Question::default().seed)]
    pub seed: u64,
    /// Attribute by which actor-level tests are stratified
    #[arg(long, value_name = "ATTR", default_value = STRATA)]
    pub strata: String,
    /// Attribute that says whose a source is: sources of one actor count as one; by default the study's, or else each source by itself
    #[arg(long, value_name = "ATTR")]
    pub actor: Option<String>,
}

impl Default for MapArgs {
    fn default() -> Self {
        let Question { inherit, min_or, bootstrap, seeds, seed, strata, .. } = Question::default();
        Self { focus: None, window: None, inherit, min_or, bootstrap, seeds, seed, strata, actor: None }
    }
}

impl StudyArgs {
    /// Opens the study and keeps the sources that were asked for.
    pub(super) fn open(&self) -> Result<Opened, Failure> {
        self.selection.of(|| open(&self.study, self.codebook.as_deref()))
    }
}

/// Returns whether an input is a table: a file that is no study file.
pub(super) fn is_table(input: &Path) -> bool {
    let ends = |endings: &[&str]| input.extension().is_some_and(|e| endings.iter().any(|t| e.eq_ignore_ascii_case(t)));
    !input.is_dir() && !ends(&["nomo"]) && (ends(&["csv", "tsv", "tab"]) || input.is_file())
}

impl Selection {
    /// Refuses flags that say something of a study, `more` among them, where the input is a table.
    pub(super) fn refuse_for_table(&self, codebook: Option<&Path>, more: &[(&str, bool)]) -> Result<(), Failure> {
        let own = [
            ("--codebook", codebook.is_some()),
            ("--where", !self.wanted.is_empty()),
            ("--since", self.since.is_some()),
            ("--until", self.until.is_some()),
        ];
        let given: Vec<&str> = more.iter().chain(&own).filter(|(_, given)| *given).map(|(flag, _)| *flag).collect();
        if given.is_empty() {
            return Ok(());
        }
        Err(Failure::Bad(format!("{}: only for a study, and this is a table", given.join(", "))))
    }

    /// Returns the selection as a question has it.
    pub(super) fn question(&self) -> nomoscope_engine::material::Selection {
        nomoscope_engine::material::Selection {
            wanted: self.wanted.clone(),
            since: self.since.clone(),
            until: self.until.clone(),
            interviewers: self.interviewers,
        }
    }

    /// Opens a study, tells its notes, and keeps the sources that were asked for.
    pub(super) fn of(&self, open: impl FnOnce() -> Result<Opened, StudyError>) -> Result<Opened, Failure> {
        let mut opened = open()?;
        tell_notes(&opened);
        let all = opened.material.study.sources.len();
        let selected = opened.material.select(&self.question());
        let kept = match &selected {
            Ok(material) => material.study.sources.len(),
            Err(Refusal::NoAnswer(_)) => 0,
            Err(_) => all,
        };
        if kept < all {
            talk(&format!("note: {kept} of {all} sources fit --where, --since and --until"));
        }
        opened.material = selected?;
        Ok(opened)
    }
}

/// Tells what people should know of the study that was opened.
pub(super) fn tell_notes(opened: &Opened) {
    super::words::notes(&opened.notes);
}

/// Splits `key=value`.
pub(super) fn pair(given: &str, flag: &str) -> Result<(String, String), Failure> {
    match given.split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(Failure::Bad(format!("{flag} {given}: expected ATTR=VALUE, such as kind=treaty"))),
    }
}

pub(super) fn levels() -> PossibleValuesParser {
    PossibleValuesParser::new(Level::ALL.map(Level::name))
}

impl MapArgs {
    /// Returns the question that the flags ask.
    pub(super) fn question(&self) -> Question {
        Question {
            focus: self.focus.clone(),
            window: self.window.as_deref().and_then(level),
            inherit: self.inherit,
            min_or: self.min_or,
            bootstrap: self.bootstrap,
            seeds: self.seeds,
            seed: self.seed,
            strata: self.strata.clone(),
            actor: self.actor.clone(),
        }
    }

    /// Analyses an opened study, with progress.
    pub(super) fn analyse(&self, opened: &Opened) -> Result<Analysis, Failure> {
        let analysis = self.question().ask(&opened.material, &watched(&opened.material))?;
        tell_left_out(&analysis.corpus);
        Ok(analysis)
    }
}

/// Returns the level of this name; clap has seen to it that there is one.
pub(super) fn level(name: &str) -> Option<Level> {
    Level::ALL.into_iter().find(|l| l.name() == name)
}

/// Returns a handle that shows a progress bar where somebody watches.
pub(super) fn watched(material: &Material) -> Handle {
    let bytes = material.study.sources.iter().map(|s| s.document.text.len() as u64).sum();
    let progress = Progress::new(bytes);
    Handle::watched(move |step| progress.step(step))
}

/// Codes an opened study, with progress.
pub(super) fn coded(opened: &Opened) -> Result<Arc<Corpus>, Failure> {
    let handle = watched(&opened.material);
    let corpus = opened.material.corpus(&handle)?;
    handle.step(Step::Done);
    tell_left_out(&corpus);
    tell_unread(&corpus);
    Ok(corpus)
}

/// Which program answers, and when.
pub(super) fn program() -> Program {
    Program { version: super::VERSION.to_owned(), date: nomoscope_desk::clock::today() }
}

/// Says which sources the codebook cannot read for want of their language.
fn tell_unread(corpus: &Corpus) {
    for said in nomoscope_engine::words::unread(corpus) {
        talk(&format!("note: {said}"));
    }
}

/// Says so where interviewers' words were left out of the codings of a study.
pub(super) fn tell_interviewers(opened: &Opened) -> Result<(), Failure> {
    tell_left_out(&*opened.material.corpus(&Handle::default())?);
    Ok(())
}

/// Says that interviewers' words were left out of the codings.
pub(super) fn tell_left_out(corpus: &Corpus) {
    let asked: usize = corpus.coded.iter().map(|coded| coded.n_asked).sum();
    let sources = corpus.coded.iter().filter(|coded| coded.n_asked > 0).count();
    if asked > 0 {
        let codings = if asked == 1 { "1 coding".to_owned() } else { format!("{asked} codings") };
        let where_ = if sources == 1 { "1 source".to_owned() } else { format!("{sources} sources") };
        talk(&format!("note: {codings} of interviewers' words in {where_} left out; --interviewers puts them back"));
    }
}

/// Returns what is needed to run the same again.
pub(super) fn run_record(opened: &Opened, question: &impl Named, selection: &Selection) -> Record {
    Record::new(question, &selection.question(), &opened.material, &program())
}

/// Returns what is needed to ask the same again of these files; of none: of what the program brings along.
pub(super) fn files_record(question: &impl Named, files: &[Input<'_>]) -> Record {
    let hash = |file: &Input<'_>| (file.name.to_owned(), nomoscope_store::hash_hex(file.bytes));
    Record::of_files(question, files.iter().map(hash).collect(), &program())
}

/// Returns what is needed to ask the law the same again, with the user's own files.
pub(super) fn law_record(question: &impl Named, library: &Library) -> Record {
    let own: Vec<Input<'_>> = library.own.iter().map(|(name, bytes)| Input { name, bytes }).collect();
    files_record(question, &own)
}
