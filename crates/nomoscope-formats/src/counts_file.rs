//! A file of counts: a line of JSON that says with what was counted, a line for each source, and a last line that says how
//! many there are, so that a file that was cut short is not taken for a whole one.
//!
//! Lines can be written as sources are counted, wherever they are counted, and no more than one of them must be held.

use crate::study::{Problem, Problems};
use crate::{counts_parquet, parquet_file};
use nomoscope_core::counts::{Counts, CountsHead, CountsProblems, SourceCounts};
use serde::{Deserialize, Serialize};

/// The shape of the file; it rises where what was written before can no longer be read.
pub const VERSION: u32 = 1;

/// How the file may end.
pub const ENDING: &str = "counts";

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct First {
    /// The shape of the file.
    pub nomoscope_counts: u32,
    /// Version of the readers of texts.
    pub extractor: u32,
    /// Codebook and unit of co-occurrence.
    #[serde(flatten)]
    pub head: CountsHead,
}

/// The last line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Last {
    /// How many sources stand above.
    pub sources: u64,
}

/// Returns the first line.
#[must_use]
pub fn first_line(head: &CountsHead) -> String {
    line(&First { nomoscope_counts: VERSION, extractor: crate::EXTRACTOR_VERSION, head: head.clone() })
}

/// Returns the line of a source.
#[must_use]
pub fn source_line(source: &SourceCounts) -> String {
    line(source)
}

/// Returns the last line, below so many sources.
#[must_use]
pub fn last_line(sources: u64) -> String {
    line(&Last { sources })
}

/// Returns counts as a file.
#[must_use]
pub fn write(counts: &Counts) -> String {
    let sources = counts.by_source();
    let lines = sources.iter().map(source_line).collect::<String>();
    format!("{}{lines}{}", first_line(counts.head()), last_line(sources.len() as u64))
}

fn line(value: &impl Serialize) -> String {
    // Whole numbers, words and dates: nothing that JSON could not hold.
    let mut line = serde_json::to_string(value).unwrap_or_default();
    line.push('\n');
    line
}

/// Reads the line of a source.
///
/// # Errors
/// What is wrong with it, in words.
pub fn read_source(line: &str) -> Result<SourceCounts, String> {
    serde_json::from_str(line).map_err(|error| error.to_string())
}

/// Reads counts; `name` is the file, for messages.
///
/// # Errors
/// Everything that is wrong, each with its line: another shape, damaged lines, a file that was cut short.
pub fn read(name: &str, bytes: &[u8]) -> Result<Counts, Problems> {
    let hint = "count the texts again";
    let at = |line: u64, reason: String| Problem::in_line(name, line as u32, reason).hint(hint);
    if bytes.starts_with(parquet_file::MAGIC) {
        let lines = counts_parquet::lines(bytes).map_err(|reason| Problem::new(name, reason).hint(hint))?;
        // A table knows how many rows it has.
        let (last, rows) = (last_line(lines.len().saturating_sub(1) as u64), lines.join("\n"));
        return read(name, format!("{rows}\n{last}").as_bytes());
    }
    let text = std::str::from_utf8(bytes).map_err(|_| at(1, "is no file of counts: it is not UTF-8".to_owned()))?;
    let mut lines = (1_u64..).zip(text.lines());
    let Some((_, head)) = lines.next() else {
        return Err(at(1, "is no file of counts: it is empty".to_owned()).into());
    };
    let first: First = serde_json::from_str(head).map_err(|error| at(1, format!("is no file of counts: {error}")))?;
    if first.nomoscope_counts != VERSION {
        let reason = format!("counts of shape {}, and this program reads {VERSION}", first.nomoscope_counts);
        return Err(at(1, reason).into());
    }
    let rest: Vec<(u64, &str)> = lines.collect();
    let cut = || at(rest.len() as u64 + 1, "the file was cut short: its last line is missing".to_owned());
    let Some(((number, last), sources)) = rest.split_last() else { return Err(cut().into()) };
    let last: Last = serde_json::from_str(last).map_err(|_| cut())?;
    let mut problems = Problems::new();
    if last.sources != sources.len() as u64 {
        problems.push(at(*number, format!("{} sources are announced, and {} are there", last.sources, sources.len())));
    }
    let mut read = Vec::with_capacity(sources.len());
    for (number, line) in sources {
        match read_source(line) {
            Ok(source) => read.push(source),
            Err(reason) => problems.push(at(*number, reason)),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Counts::new(first.head, read).map_err(|problems| told(name, &problems))
}

/// Returns why counts cannot be believed or joined, as problems of this file.
#[must_use]
pub fn told(name: &str, problems: &CountsProblems) -> Problems {
    problems.0.iter().map(|problem| Problem::new(name, problem.to_string()).hint(problem.hint())).collect()
}

/// Returns the counts of several files as one.
///
/// # Errors
/// Everything that keeps one of them from being read or joined with those before it.
pub fn read_all<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> Result<Option<Counts>, Problems> {
    let (mut whole, mut problems): (Option<Counts>, Problems) = (None, Problems::new());
    for (name, bytes) in files {
        match read(name, bytes) {
            Err(found) => problems.extend(found),
            Ok(counts) => match whole.take() {
                None => whole = Some(counts),
                Some(before) => match before.clone().merge(counts) {
                    Ok(joined) => whole = Some(joined),
                    Err(found) => {
                        problems.extend(told(name, &found));
                        whole = Some(before);
                    }
                },
            },
        }
    }
    problems.or(whole)
}
