//! A study folder in memory.

use nomoscope_core::study::{Annotations, Coder, CodingRecord, Event, Memo, Source, SourceSheet};
use std::collections::{BTreeMap, BTreeSet};

/// The files whose contents the study keeps in tables; all others are kept as bytes.
pub const MANAGED: [&str; 13] = [
    "cases.csv",
    "coders.csv",
    "codings.csv",
    "foreign_ids.csv",
    "history.jsonl",
    "links.csv",
    "members.csv",
    "memos.csv",
    "passages.csv",
    "sets.csv",
    "sources.csv",
    "values.csv",
    "variables.csv",
];

/// A study folder in memory: its files, and what those mean that the study keeps in tables.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FolderImage {
    /// All files by path relative to the folder, with `/`.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Managed files that changed and are to be written from the fields below; they are not in `files`.
    pub stale: BTreeSet<String>,
    /// The sources with their texts.
    pub sources: std::sync::Arc<[Source]>,
    /// The rows of `sources.csv`, if there is one.
    pub sheet: Option<SourceSheet>,
    /// The codings.
    pub codings: Vec<CodingRecord>,
    /// The coders.
    pub coders: Vec<Coder>,
    /// The memos.
    pub memos: Vec<Memo>,
    /// Passages, cases, sets, variables, links and foreign ids.
    pub annotations: Annotations,
    /// The log of changes.
    pub history: Vec<Event>,
}

/// Returns the file of a source: its path, or for a row of a table the path before a `#`.
#[must_use]
pub fn file_of(source: &str, is_file: impl Fn(&str) -> bool) -> Option<&str> {
    if is_file(source) {
        return Some(source);
    }
    // Row ids and file names may both contain `#`: the longest file name wins.
    source.rmatch_indices('#').filter_map(|(at, _)| source.get(..at)).find(|path| is_file(path))
}
