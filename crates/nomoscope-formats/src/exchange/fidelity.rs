//! What came through of a project, what did not and why: the report of every import, check and export.

use super::account::holds_words;
use super::counting::Counting;
use super::project::Loss;
use nomoscope_core::amount::counted;
use serde::Serialize;
use std::collections::BTreeMap;

/// How selections of a source came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// The words at the place are those that were stored.
    pub exact: usize,
    /// The words at the place are those that were stored, with other white space between them; listed.
    pub spaced: usize,
    /// Nothing was stored to compare the words with.
    pub unchecked: usize,
    /// Moved to where the stored words stand.
    pub healed: usize,
    /// Kept as found, and listed.
    pub unfit: usize,
}

/// On what the choice of a way of counting rests.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Evidence {
    /// How many selections there are.
    pub selections: usize,
    /// At how many the stored quotation stands.
    pub quotations_fit: usize,
    /// How many begin at the edge of a word.
    pub begin_on_a_word: usize,
    /// How many end at the edge of a word.
    pub end_on_a_word: usize,
    /// How many begin at the edge of a word by the next best way that lets them begin elsewhere.
    pub next_best_begin_on_a_word: Option<usize>,
    /// How many end at the edge of a word if the end is taken the other way, as included or not.
    pub other_end_on_a_word: usize,
    /// Whether every way lets them begin at the same places.
    pub only_reading: bool,
}

/// How a source was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceReport {
    /// Its identity in the project.
    pub id: String,
    /// Its name there.
    pub name: String,
    /// Its length in code points.
    pub characters: u64,
    /// Whether the project lacks its text.
    pub missing: bool,
    /// Whether the places of selections without stored words are in doubt: whatever is tried, they begin and end inside words.
    pub doubtful: bool,
    /// How positions were counted; none where there are none.
    pub counting: Option<Counting>,
    /// On what evidence.
    pub evidence: Evidence,
    /// How its selections came through.
    pub counts: Counts,
}

/// A selection that was moved to its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// The source.
    pub source: String,
    /// The words.
    pub quote: String,
    /// Where the project said they stand.
    pub place: Option<(i64, i64)>,
    /// By how many code points it was moved; none where it had no place.
    pub by: Option<i64>,
}

/// A selection that does not fit its text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unfit {
    /// The source.
    pub source: String,
    /// Where the project says it is.
    pub place: Option<(i64, i64)>,
    /// The stored words.
    pub quote: String,
    /// What is wrong.
    pub reason: String,
}

/// What came through of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fidelity {
    /// The file.
    pub file: String,
    /// The format.
    pub format: String,
    /// The program that wrote it, as it says.
    pub origin: String,
    /// The name of the project.
    pub project: String,
    /// What the file holds, in its own words.
    pub holds: BTreeMap<String, u64>,
    /// How each source was read.
    pub sources: Vec<SourceReport>,
    /// Selections that were moved to their words.
    pub healed: Vec<Moved>,
    /// Selections that stand at their place with other white space.
    pub spaced: Vec<Unfit>,
    /// Selections that do not fit.
    pub unfit: Vec<Unfit>,
    /// What did not come through, and why.
    pub lost: Vec<Loss>,
    /// What people should know.
    pub notes: Vec<String>,
}

impl Fidelity {
    /// Returns the report in words, a line each; of long lists the first few.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let by = if self.origin.is_empty() { String::new() } else { format!(", written by {}", self.origin) };
        let mut lines = vec![format!("{}: a project of the format {}{by}", self.file, self.format)];
        lines.push(format!("holds: {}", holds_words(&self.holds)));
        lines.extend(self.readings());
        let sum = |of: fn(&Counts) -> usize| self.sources.iter().map(|s| of(&s.counts)).sum::<usize>();
        let came: Vec<String> = [
            (
                sum(|c| c.exact),
                "exactly at the words that are stored with it",
                "exactly at the words that are stored with them",
            ),
            (sum(|c| c.spaced), "there but for white space", "there but for white space"),
            (sum(|c| c.unchecked), "without stored words to compare", "without stored words to compare"),
            (sum(|c| c.healed), "moved to its stored words", "moved to their stored words"),
            (self.unfit.len(), "kept as found", "kept as found"),
        ]
        .into_iter()
        .filter(|(n, ..)| *n > 0)
        .map(|(n, one, many)| counted(n, one, many))
        .collect();
        if !came.is_empty() {
            lines.push(format!("selections: {}", came.join(", ")));
        }
        let healed = self.healed.iter().map(|moved| {
            let by = match moved.by {
                None => "placed".to_owned(),
                Some(0) => "its end moved".to_owned(),
                Some(by) => format!("moved by {by}"),
            };
            format!("{by}: `{}` in {}", shortened(&moved.quote), moved.source)
        });
        lines.extend(first(healed, self.healed.len()));
        let spaced = self.spaced.iter();
        let spaced =
            spaced.map(|s| format!("in place, with other white space: `{}` in {}", shortened(&s.quote), s.source));
        lines.extend(first(spaced, self.spaced.len()));
        let unfit = self.unfit.iter().map(|unfit| {
            let place = unfit.place.map_or(String::new(), |(start, end)| format!(" at {start} to {end}"));
            format!("kept as found: `{}`{place} in {}: {}", shortened(&unfit.quote), unfit.source, unfit.reason)
        });
        lines.extend(first(unfit, self.unfit.len()));
        lines.extend(Loss::lines(&self.lost).iter().map(|line| format!("does not come through: {line}")));
        lines.extend(self.notes.iter().map(|note| format!("note: {note}")));
        lines
    }

    /// Says which ways of counting were chosen, sources with the same together.
    fn readings(&self) -> Vec<String> {
        let mut by_way: BTreeMap<String, Vec<&SourceReport>> = BTreeMap::new();
        let mut missing = Vec::new();
        for source in &self.sources {
            match source.counting {
                _ if source.missing => missing.push(source.name.as_str()),
                Some(way) => by_way.entry(way.words()).or_default().push(source),
                None => {}
            }
        }
        let mut lines = Vec::new();
        for (way, sources) in by_way {
            let sum = |of: fn(&Evidence) -> usize| sources.iter().map(|s| of(&s.evidence)).sum::<usize>();
            let n = sum(|e| e.selections);
            let (ends, other) = (sum(|e| e.end_on_a_word), sum(|e| e.other_end_on_a_word));
            let evidence = if sources.iter().all(|s| s.evidence.only_reading) {
                format!(
                    "every way of counting gives the same places; {ends} of {n} end on a word, the other end {other}"
                )
            } else {
                let next = sources.iter().filter_map(|s| s.evidence.next_best_begin_on_a_word).sum::<usize>();
                let quoted = match sum(|e| e.quotations_fit) {
                    0 => String::new(),
                    fit => format!("{fit} stored quotations fit, "),
                };
                let begins = sum(|e| e.begin_on_a_word);
                format!(
                    "{quoted}{begins} of {n} begin on a word, by the next best way {next}; {ends} end on one, the other end {other}"
                )
            };
            let of = match sources.as_slice() {
                [only] => only.name.clone(),
                several => format!("{} sources", several.len()),
            };
            lines.push(format!("{of}: counted in {way} ({evidence})"));
        }
        lines.extend(self.sources.iter().filter(|source| source.doubtful).map(|source| {
            let Evidence { begin_on_a_word, end_on_a_word, .. } = source.evidence;
            let of = counted(source.evidence.selections, "selection", "selections");
            format!(
                "{}: the places are doubtful: of {of}, {begin_on_a_word} begin and {end_on_a_word} end on a word, however positions are counted; compare some with the other program",
                source.name
            )
        }));
        if !missing.is_empty() {
            lines.push(format!("the file lacks the text of: {}", missing.join(", ")));
        }
        lines
    }
}

/// How many of a list are shown.
const SHOWN: usize = 10;

fn first(lines: impl Iterator<Item = String>, n: usize) -> impl Iterator<Item = String> {
    let more = (n > SHOWN).then(|| format!("and {} more such selections", n - SHOWN));
    lines.take(SHOWN).chain(more)
}

/// Returns the beginning of a quotation on one line.
fn shortened(quote: &str) -> String {
    const LENGTH: usize = 60;
    let line = quote.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LENGTH) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}
