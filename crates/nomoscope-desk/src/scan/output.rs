//! What a scan writes: unfinished files beside the output, which get their names when all is done.

use crate::load::reason;
use crate::study::{Problem, StudyError};
use nomoscope_core::counts::SourceCounts;
use nomoscope_engine::scan::scanner::{BadRow, Scanned};
use nomoscope_engine::scan::sums::Sums;
use nomoscope_formats::{counts_file, counts_parquet, parquet_file, study::csv};
use nomoscope_store::disk::write_private;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Columns of the codings; positions are in characters of the text, from 0.
const CODINGS: [&str; 5] = ["source", "start", "end", "quote", "concept"];

/// Returns the path with more at its end.
pub(super) fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(more);
    name.into()
}

fn wrong(path: &Path, error: &std::io::Error) -> StudyError {
    crate::study::Problems::from(Problem::new(path.display().to_string(), reason(error))).into()
}

/// An unfinished file.
struct Unfinished {
    path: PathBuf,
    file: File,
    length: u64,
}

impl Unfinished {
    /// Opens it, and takes away what was written after it had this length.
    fn open(path: PathBuf, length: u64) -> Result<Self, StudyError> {
        let open = || {
            let mut file = private().truncate(false).read(true).open(&path)?;
            if file.metadata()?.len() < length {
                return Err(std::io::Error::other("is shorter than the state of the scan says"));
            }
            file.set_len(length)?;
            file.seek(SeekFrom::Start(length))?;
            Ok(file)
        };
        match open() {
            Ok(file) => Ok(Self { path, file, length }),
            Err(error) => Err(wrong(&path, &error)),
        }
    }

    fn add(&mut self, bytes: &[u8]) -> Result<(), StudyError> {
        self.length += bytes.len() as u64;
        self.file.write_all(bytes).map_err(|error| wrong(&self.path, &error))
    }

    fn sync(&self) -> Result<(), StudyError> {
        self.file.sync_data().map_err(|error| wrong(&self.path, &error))
    }
}

/// The files of a scan.
pub(super) struct Output {
    /// Counts, codings, bad rows.
    files: [Option<Unfinished>; 3],
    /// The names that they get.
    names: [PathBuf; 3],
    state: PathBuf,
    json: bool,
}

impl Output {
    pub(super) fn open(out: &Path, codings: Option<&Path>, lengths: [u64; 3]) -> Result<Self, StudyError> {
        let names = [out.to_owned(), codings.unwrap_or(Path::new("")).to_owned(), bad_rows_of(out)];
        let unfinished = |name: &PathBuf, length| Unfinished::open(beside(name, ".part"), length).map(Some);
        let [counts, written, bad] = lengths;
        let files = [
            unfinished(&names[0], counts)?,
            if codings.is_some() { unfinished(&names[1], written)? } else { None },
            unfinished(&names[2], bad)?,
        ];
        let json = codings.is_some_and(is_json);
        let mut output = Self { files, names, state: beside(out, ".state"), json };
        if written == 0 && !json {
            output.add(1, &csv::write(CODINGS, std::iter::empty::<[&str; 5]>()))?;
        }
        Ok(output)
    }

    pub(super) fn add(&mut self, which: usize, words: &str) -> Result<(), StudyError> {
        match self.files.get_mut(which).and_then(Option::as_mut) {
            Some(file) if !words.is_empty() => file.add(words.as_bytes()),
            _ => Ok(()),
        }
    }

    pub(super) const fn is_json(&self) -> bool {
        self.json
    }

    pub(super) fn has_codings(&self) -> bool {
        self.files.get(1).is_some_and(Option::is_some)
    }

    pub(super) fn lengths(&self) -> [u64; 3] {
        self.files.each_ref().map(|file| file.as_ref().map_or(0, |file| file.length))
    }

    /// Makes what was written durable, and then says that it was.
    pub(super) fn checkpoint(&self, state: &super::state::State) -> Result<(), StudyError> {
        self.files.iter().flatten().try_for_each(Unfinished::sync)?;
        let bytes = serde_json::to_vec_pretty(state).unwrap_or_default();
        Ok(write_private(&self.state, &bytes)?)
    }

    /// Adds up what was counted before.
    pub(super) fn sums(&self, sums: &mut Sums) -> Result<(), StudyError> {
        let Some(counts) = self.files.first().and_then(Option::as_ref) else { return Ok(()) };
        let file = File::open(&counts.path).map_err(|error| wrong(&counts.path, &error))?;
        for (number, line) in (1_u32..).zip(BufReader::new(file).lines()).skip(1) {
            let line = line.map_err(|error| wrong(&counts.path, &error))?;
            let source: SourceCounts = counts_file::read_source(&line).map_err(|said| {
                crate::study::Problems::from(Problem::in_line(&counts.path.display().to_string(), number, said))
            })?;
            sums.add(&source);
        }
        Ok(())
    }

    /// Gives the files their names, and takes away the state.
    ///
    /// Counts whose name says Parquet are written anew from their lines; `by` names the attributes that get a column each.
    pub(super) fn finish(self, by: &[String]) -> Result<(), StudyError> {
        for (which, (file, name)) in self.files.into_iter().zip(&self.names).enumerate() {
            let Some(file) = file else { continue };
            file.sync()?;
            let empty = file.length == 0;
            drop(file.file);
            if which == 0 && is_parquet(name) {
                as_parquet(&file.path, name, by)?;
                continue;
            }
            // No bad row, no list of them; one of an earlier scan would be believed.
            let done = if empty {
                let _ = fs::remove_file(name);
                fs::remove_file(&file.path)
            } else {
                fs::rename(&file.path, name)
            };
            done.map_err(|error| wrong(name, &error))?;
        }
        let _ = fs::remove_file(&self.state);
        Ok(())
    }

    /// Takes away everything that was begun.
    pub(super) fn discard(self) {
        for file in self.files.into_iter().flatten() {
            drop(file.file);
            let _ = fs::remove_file(&file.path);
        }
        let _ = fs::remove_file(&self.state);
    }
}

/// How files are made that tell of texts: a new one is its owner's alone.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Writes counts as Parquet under their name, and takes away their lines.
fn as_parquet(lines: &Path, name: &Path, by: &[String]) -> Result<(), StudyError> {
    let part = beside(name, ".columns.part");
    let write = || -> Result<(), String> {
        let mut from = BufReader::new(File::open(lines).map_err(|error| reason(&error))?).lines();
        let first = from.next().and_then(Result::ok).unwrap_or_default();
        let into = private().truncate(true).open(&part).map_err(|error| reason(&error))?;
        // The last line, which counts the others, is not of a source; it was not written yet.
        let sources = from.map(|line| counts_file::read_source(&line.map_err(|error| reason(&error))?));
        let into = counts_parquet::write(&first, sources, by, into)?;
        into.sync_all().and_then(|()| fs::rename(&part, name)).map_err(|error| reason(&error))
    };
    if let Err(said) = write() {
        let _ = fs::remove_file(&part);
        return Err(crate::study::Problems::from(Problem::new(name.display().to_string(), said)).into());
    }
    fs::remove_file(lines).map_err(|error| wrong(lines, &error))
}

/// Returns whether a file is to be Parquet.
pub(super) fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case(parquet_file::ENDING))
}

/// Returns the output's name without its ending.
fn stem(out: &Path) -> PathBuf {
    if is_parquet(out) || out.extension().is_some_and(|e| e.eq_ignore_ascii_case(counts_file::ENDING)) {
        out.with_extension("")
    } else {
        out.to_owned()
    }
}

/// Returns where the bad rows of a scan are listed.
pub(super) fn bad_rows_of(out: &Path) -> PathBuf {
    beside(&stem(out), ".bad.csv")
}

/// Returns where the sums of a scan stand: never where the table `x.csv` lies that `x.counts` was made of.
pub(super) fn sums_of(out: &Path) -> PathBuf {
    beside(&stem(out), ".sums.csv")
}

/// Returns where they stand as Parquet, where the counts do.
pub(super) fn sums_as_parquet(out: &Path) -> Option<PathBuf> {
    is_parquet(out).then(|| beside(&stem(out), ".sums.parquet"))
}

/// Returns whether codings are written as JSON lines.
pub(super) fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("jsonl") || e.eq_ignore_ascii_case("ndjson"))
}

/// Returns the rows of the codings of a text.
pub(super) fn codings(text: &Scanned, ids: &[&str], json: bool, out: &mut String) {
    let source = &text.counts.source().path;
    // Codings stand by their starts: the characters before each are counted on from the one before it.
    let (mut at, mut points) = (0, 0);
    for coding in &text.codings {
        let begin = coding.span.start as usize;
        points += text.text.get(at..begin).map_or(0, |words| words.chars().count());
        at = begin;
        let quote = coding.span.of(&text.text);
        let end = points + quote.chars().count();
        let concept = ids.get(coding.concept.get()).copied().unwrap_or_default();
        if json {
            let row = serde_json::json!({ "source": source, "start": points, "end": end, "quote": quote, "concept": concept });
            out.push_str(&format!("{row}\n"));
        } else {
            let row = [source.as_str(), &points.to_string(), &end.to_string(), quote, concept];
            out.push_str(&csv::write(row, std::iter::empty::<[&str; 5]>()));
        }
    }
}

/// Returns the rows of a list of bad rows.
pub(super) fn bad_rows(rows: &[BadRow], with_header: bool) -> String {
    let lines: Vec<String> = rows.iter().map(|row| row.line.to_string()).collect();
    let rows = rows.iter().zip(&lines).map(|(row, line)| [row.file.as_str(), line, row.reason.as_str()]);
    let all = csv::write(["file", "line", "reason"], rows);
    if with_header { all } else { all.split_once('\n').map_or_else(String::new, |(_, rest)| rest.to_owned()) }
}
