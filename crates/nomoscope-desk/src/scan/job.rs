//! A scan from its beginning, or from where it stopped, to its end.

use super::inputs::{Part, Parts, Target, look};
use super::output::{Output, bad_rows, bad_rows_of, beside, codings, is_json, is_parquet, sums_as_parquet, sums_of};
use super::state::{Asked, State};
use crate::load::reason;
use crate::study::{Problem, Problems, StudyError};
use nomoscope_core::counts::CountsHead;
use nomoscope_core::problem::Slot;
use nomoscope_core::table::{Cell, Table};
use nomoscope_engine::handle::{Handle, Step};
use nomoscope_engine::refusal::Refusal;
use nomoscope_engine::scan::question::Question;
use nomoscope_engine::scan::scanner::{BadRow, Scanner};
use nomoscope_engine::scan::sums::Sums;
use nomoscope_engine::scan::tables;
use nomoscope_formats::{codebook_toml, counts_file, parquet_file, study::csv};
use nomoscope_store::disk::write_private;
use nomoscope_store::hash_hex;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many pieces a thread is given at a time: enough that none waits long for the last of another.
const PIECES_A_THREAD: usize = 8;
/// After how many rounds of pieces it is written down how far the scan has come.
const ROUNDS: u64 = 8;
/// How many bad rows are kept to be told; all of them are in the list beside the output.
const KEPT: usize = 1000;

/// A scan that is to be done.
#[derive(Debug)]
pub struct Job<'j> {
    /// The codebook's file, and its name for messages.
    pub codebook: (&'j str, &'j [u8]),
    /// The files, in order.
    pub targets: &'j [Target],
    /// What is asked.
    pub question: &'j Question,
    /// Where the counts go.
    pub out: &'j Path,
    /// Where codings go, if anybody wants them.
    pub codings: Option<&'j Path>,
    /// Whether an earlier output is replaced.
    pub force: bool,
}

/// What a scan gave.
#[derive(Debug)]
pub struct Outcome {
    /// What the counts begin with.
    pub head: CountsHead,
    /// Sums by stratum.
    pub sums: Sums,
    /// Where they stand, in each form; nowhere where there were too many strata.
    pub sums_files: Vec<PathBuf>,
    /// Texts.
    pub sources: u64,
    /// Rows that could not be read.
    pub n_bad: u64,
    /// The first of them that this run met.
    pub bad: Vec<BadRow>,
    /// Where all are listed.
    pub bad_file: PathBuf,
    /// Rows without a text.
    pub n_empty: u64,
    /// Texts whose date cannot be read, and that no group was asked by.
    pub n_undated: u64,
    /// Languages that the codebook has no pattern for, with their texts.
    pub unread: BTreeMap<String, u64>,
    /// How many texts had been counted before this run.
    pub before: u64,
}

/// What is written of a piece.
#[derive(Default)]
struct Done {
    hash: String,
    counts: String,
    codings: String,
    bad: Vec<BadRow>,
    n_empty: u64,
    n_undated: u64,
    n_sources: u64,
    sums: Vec<nomoscope_core::counts::SourceCounts>,
    unread: BTreeMap<String, u64>,
}

/// Scans, or goes on with a scan of the same that was interrupted. `begin` is told how many bytes there are.
///
/// # Errors
/// A codebook, files or columns that cannot be read; a state of another scan, or of files that have changed; with `strict` any
/// row that cannot be read. Then nothing is left behind, but for what an interrupted scan can go on from.
pub fn scan(job: &Job<'_>, handle: &Handle, begin: &dyn Fn(u64)) -> Result<Outcome, StudyError> {
    let (name, bytes) = job.codebook;
    let codebook = codebook_toml::parse(bytes).map_err(|problems| problems.in_file(name))?;
    let plan = job.question.plan().map_err(StudyError::Coding)?;
    let scanner = Scanner::new(Arc::new(codebook), plan).map_err(StudyError::Coding)?;
    free(job)?;
    let size = look(job.targets, &scanner)?;
    let kind = job.codings.map(|path| if is_json(path) { "jsonl" } else { "csv" }.to_owned());
    let inputs = job.targets.iter().map(|target| target.name.clone()).collect();
    let asked = Asked::new(bytes, job.question, inputs, kind);
    let kept = kept(job.out, &asked)?;
    let mut run = Run::new(job, &scanner, kept.unwrap_or_else(|| State::new(asked)))?;
    begin(size);
    match run.all(job.targets, handle) {
        Ok(()) => run.finish(job, &scanner),
        Err(error) => {
            if run.fresh {
                run.output.discard();
            }
            Err(error)
        }
    }
}

/// Refuses to write over what is there.
fn free(job: &Job<'_>) -> Result<(), StudyError> {
    let sums = sums_of(job.out);
    let columns = sums_as_parquet(job.out);
    let all = [Some(job.out), job.codings, Some(sums.as_path()), columns.as_deref()];
    let taken = all.into_iter().flatten().filter(|path| !job.force && path.exists());
    let mut problems: Problems = taken
        .map(|path| {
            let hint = nomoscope_core::problem::Remedy::with("{} replaces it", [Slot::setting("force")]);
            Problem::new(path.display().to_string(), "is there already").hint(hint)
        })
        .collect();
    let bad = bad_rows_of(job.out);
    if job.codings.is_some_and(|path| path == job.out || path == sums.as_path() || path == bad.as_path()) {
        problems.push(Problem::of_setting("codings", "is a file that counts, sums or bad rows go to"));
    }
    if job.codings.is_some_and(is_parquet) {
        problems
            .push(Problem::of_setting("codings", "are written as they come, as CSV or JSON lines, and not as Parquet"));
    }
    // Whatever may be replaced, what is being read may not.
    let inputs: Vec<PathBuf> = job.targets.iter().filter_map(|t| t.path.as_ref()?.canonicalize().ok()).collect();
    for path in all.into_iter().chain([Some(bad.as_path())]).flatten() {
        if path.canonicalize().is_ok_and(|path| inputs.contains(&path)) {
            problems.push(Problem::new(path.display().to_string(), "is one of the files to be scanned"));
        }
    }
    Ok(problems.or(())?)
}

/// Returns how far an earlier scan of the same came.
fn kept(out: &Path, asked: &Asked) -> Result<Option<State>, StudyError> {
    let path = beside(out, ".state");
    let shown = path.display().to_string();
    match std::fs::read(&path) {
        Ok(bytes) => Ok(Some(State::read(&shown, &bytes, asked)?)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Problems::from(Problem::new(shown, reason(&error))).into()),
    }
}

struct Run<'s> {
    scanner: &'s Scanner,
    state: State,
    output: Output,
    sums: Sums,
    bad: Vec<BadRow>,
    /// Texts that were counted before this run.
    before: u64,
    /// Whether nothing can be gone on from yet.
    fresh: bool,
}

impl<'s> Run<'s> {
    fn new(job: &Job<'_>, scanner: &'s Scanner, state: State) -> Result<Self, StudyError> {
        let mut output = Output::open(job.out, job.codings, state.lengths)?;
        let mut sums = Sums::new(&job.question.by);
        if state.pieces == 0 && state.lengths == [0; 3] {
            output.add(0, &counts_file::first_line(scanner.head()))?;
        } else {
            output.sums(&mut sums)?;
        }
        let (before, fresh) = (state.sources, state.pieces == 0);
        Ok(Self { scanner, state, output, sums, bad: Vec::new(), before, fresh })
    }

    fn all(&mut self, targets: &[Target], handle: &Handle) -> Result<(), StudyError> {
        let mut parts = Parts::new(targets, self.scanner);
        let n = rayon::current_num_threads() * PIECES_A_THREAD;
        let mut told = 0;
        let (mut skipped, mut read) = (0, String::new());
        let mut batch = parts.batch(n).map_err(Problems::from)?;
        let mut round = 0;
        while !batch.is_empty() {
            if handle.is_cancelled() {
                self.checkpoint()?;
                return Err(StudyError::Coding(Refusal::Cancelled));
            }
            // What was counted already is read again, so that it is the same; the others are counted, the next read meanwhile.
            let known = (self.state.pieces - skipped).min(batch.len() as u64) as usize;
            let (next, done) = rayon::join(|| parts.batch(n), || self.count(&batch, known));
            for piece in done.iter().take(known) {
                read = State::chain(&read, &piece.hash);
                skipped += 1;
            }
            if skipped == self.state.pieces && known > 0 && read != self.state.read {
                return Err(changed(targets));
            }
            for piece in done.into_iter().skip(known) {
                self.write(piece)?;
                skipped += 1;
            }
            let bytes = parts.bytes();
            handle.step(Step::Coded((bytes - told) as usize));
            told = bytes;
            round += 1;
            if round % ROUNDS == 0 && known == 0 {
                self.checkpoint()?;
            }
            batch = next.map_err(Problems::from)?;
        }
        if skipped < self.state.pieces {
            return Err(changed(targets));
        }
        handle.step(Step::Done);
        Ok(())
    }

    /// Returns what is to be written of the pieces; of the first `known` only their hashes.
    fn count(&self, batch: &[Part], known: usize) -> Vec<Done> {
        let ids: Vec<&str> = self.scanner.head().concepts().collect();
        let one = |(i, part): (usize, &Part)| {
            let mut done = Done { hash: hash_hex(&part.piece.bytes), ..Done::default() };
            if i < known {
                return done;
            }
            let found = self.scanner.piece(&part.name, &part.shape, &part.piece);
            done.bad = found.bad;
            done.n_empty = found.n_empty as u64;
            done.n_undated = found.n_undated as u64;
            done.n_sources = found.texts.len() as u64;
            for text in found.texts {
                done.counts.push_str(&counts_file::source_line(&text.counts));
                if self.output.has_codings() {
                    codings(&text, &ids, self.output.is_json(), &mut done.codings);
                }
                for language in self.scanner.unread(text.counts.source()) {
                    *done.unread.entry(language.to_owned()).or_default() += 1;
                }
                done.sums.push(text.counts);
            }
            done
        };
        batch.par_iter().enumerate().map(one).collect()
    }

    fn write(&mut self, done: Done) -> Result<(), StudyError> {
        self.output.add(0, &done.counts)?;
        self.output.add(1, &done.codings)?;
        if !done.bad.is_empty() {
            self.output.add(2, &bad_rows(&done.bad, self.state.n_bad == 0))?;
        }
        let state = &mut self.state;
        state.pieces += 1;
        state.read = State::chain(&state.read, &done.hash);
        state.lengths = self.output.lengths();
        state.sources += done.n_sources;
        state.n_bad += done.bad.len() as u64;
        state.n_empty += done.n_empty;
        state.n_undated += done.n_undated;
        for (language, n) in done.unread {
            *state.unread.entry(language).or_default() += n;
        }
        done.sums.iter().for_each(|source| self.sums.add(source));
        self.bad.extend(done.bad.into_iter().take(KEPT.saturating_sub(self.bad.len())));
        Ok(())
    }

    fn checkpoint(&mut self) -> Result<(), StudyError> {
        if self.state.pieces > 0 {
            self.output.checkpoint(&self.state)?;
            self.fresh = false;
        }
        Ok(())
    }

    fn finish(mut self, job: &Job<'_>, scanner: &Scanner) -> Result<Outcome, StudyError> {
        // Where nothing is left to count, why each row was left out is the answer.
        if (job.question.strict || self.state.sources == 0) && self.state.n_bad > 0 {
            let told = self.bad.iter().map(|row| Problem::in_line(&row.file, row.line as u32, row.reason.as_str()));
            let problems: Problems = told.collect();
            self.output.discard();
            return Err(problems.into());
        }
        if self.state.sources == 0 {
            self.output.discard();
            let said = format!("no row holds a text in `{}`", job.question.text);
            return Err(StudyError::Coding(Refusal::no_answer(said)));
        }
        if !is_parquet(job.out) {
            self.output.add(0, &counts_file::last_line(self.state.sources))?;
        }
        let mut sums_files = Vec::new();
        if self.sums.strata().is_some() {
            let (path, table) = (sums_of(job.out), tables::sums(&self.sums, scanner.head()));
            write_private(&path, table_csv(&table).as_bytes())?;
            sums_files.push(path);
            if let Some(path) = sums_as_parquet(job.out) {
                let said = |said| Problems::from(Problem::new(path.display().to_string(), said));
                write_private(&path, &parquet_file::write::table(&table).map_err(said)?)?;
                sums_files.push(path);
            }
        }
        self.output.finish(&job.question.by)?;
        let State { sources, n_bad, n_empty, n_undated, unread, .. } = self.state;
        let (sums, bad, before) = (self.sums, self.bad, self.before);
        let (head, bad_file) = (scanner.head().clone(), bad_rows_of(job.out));
        Ok(Outcome { head, sums, sums_files, sources, n_bad, bad, bad_file, n_empty, n_undated, unread, before })
    }
}

fn table_csv(table: &Table) -> String {
    let rows: Vec<Vec<String>> = table.rows.iter().map(|row| row.iter().map(Cell::csv).collect()).collect();
    csv::write(table.columns.iter().map(String::as_str), rows.iter().map(|row| row.iter().map(String::as_str)))
}

fn changed(targets: &[Target]) -> StudyError {
    let name = if let [one] = targets { one.name.as_str() } else { "" };
    let hint = "take the file that ends with .state away to begin again";
    Problems::from(Problem::new(name, "what was scanned has changed since the scan was interrupted").hint(hint)).into()
}
