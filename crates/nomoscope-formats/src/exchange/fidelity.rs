//! What came through of a project, what did not and why: the report of every import, check and export.

use super::place::{Counting, Placement};
use super::project::{ForeignProject, Loss};
use serde::Serialize;
use std::collections::BTreeMap;

/// How selections of a source came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// The words at the place are those that were stored.
    pub exact: usize,
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
    /// How many begin at the edge of a word by the next best way that puts them elsewhere.
    pub next_best_begin_on_a_word: Option<usize>,
    /// Whether every way puts them in the same places.
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
    /// The source; empty where it is not in the project.
    pub source: String,
    /// Where the project says it is.
    pub place: Option<(i64, i64)>,
    /// The stored words.
    pub quote: String,
    /// What is wrong.
    pub reason: String,
    /// Whether it was kept.
    pub kept: bool,
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
    /// Selections that do not fit.
    pub unfit: Vec<Unfit>,
    /// What did not come through, and why.
    pub lost: Vec<Loss>,
    /// What people should know.
    pub notes: Vec<String>,
}

impl Fidelity {
    /// Returns the report of a project that was placed.
    #[must_use]
    pub fn of(file: &str, project: &ForeignProject, placement: &Placement) -> Self {
        Self {
            file: file.to_owned(),
            format: project.format.to_owned(),
            origin: project.origin.clone(),
            project: project.name.clone(),
            holds: project.counts.clone(),
            sources: placement.sources.clone(),
            healed: placement.healed.clone(),
            unfit: placement.unfit.clone(),
            lost: project.lost.clone(),
            notes: project.notes.clone(),
        }
    }

    /// Returns the report in words, a line each; of long lists the first few.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let by = if self.origin.is_empty() { String::new() } else { format!(", written by {}", self.origin) };
        let mut lines = vec![format!("{}: a project of the format {}{by}", self.file, self.format)];
        let holds: Vec<String> = self.holds.iter().map(|(what, n)| format!("{n} {what}")).collect();
        lines.push(format!("holds: {}", holds.join(", ")));
        lines.extend(self.readings());
        let sum = |of: fn(&Counts) -> usize| self.sources.iter().map(|s| of(&s.counts)).sum::<usize>();
        lines.push(format!(
            "selections: {} fit their stored quotation, {} have none to compare, {} moved to it, {} kept as found",
            sum(|c| c.exact),
            sum(|c| c.unchecked),
            sum(|c| c.healed),
            self.unfit.len()
        ));
        let healed = self.healed.iter().map(|moved| {
            let by = moved.by.map_or("placed".to_owned(), |by| format!("moved by {by}"));
            format!("{by}: `{}` in {}", shortened(&moved.quote), moved.source)
        });
        lines.extend(first(healed, self.healed.len()));
        let unfit = self.unfit.iter().map(|unfit| {
            let place = unfit.place.map_or(String::new(), |(start, end)| format!(" at {start} to {end}"));
            let kept = if unfit.kept { "kept as found" } else { "left out" };
            format!("{kept}: `{}`{place} in {}: {}", shortened(&unfit.quote), unfit.source, unfit.reason)
        });
        lines.extend(first(unfit, self.unfit.len()));
        lines.extend(self.lost.iter().map(|loss| format!("does not come through: {} {}: {}", loss.n, loss.what, loss.why)));
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
            let evidence = if sources.iter().all(|s| s.evidence.only_reading) {
                "every way of counting gives the same places".to_owned()
            } else {
                let next = sources.iter().filter_map(|s| s.evidence.next_best_begin_on_a_word).sum::<usize>();
                let quoted = match sum(|e| e.quotations_fit) {
                    0 => String::new(),
                    fit => format!("{fit} stored quotations fit, "),
                };
                format!("{quoted}{} of {n} begin on a word; by the next best way {next}", sum(|e| e.begin_on_a_word))
            };
            let of = match sources.as_slice() {
                [only] => only.name.clone(),
                several => format!("{} sources", several.len()),
            };
            lines.push(format!("{of}: counted in {way} ({evidence})"));
        }
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
