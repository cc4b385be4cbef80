//! The answer in words.

use super::answer::Concepts;
use crate::words::{blank, capital, counted, unread};

/// Returns how many concepts of the codebook occur, and in how many sources.
#[must_use]
pub fn lead(answer: &Concepts) -> String {
    let found = answer.counts.total.values().filter(|n| n[0] > 0).count();
    let sources = counted(answer.corpus.sources.len(), "source", "sources");
    match found {
        0 => format!("No concept of the codebook occurs in {sources}."),
        n => capital(&format!(
            "{} of {} {} in {sources}.",
            n,
            counted(answer.corpus.codebook.len(), "concept", "concepts"),
            if n == 1 { "occurs" } else { "occur" }
        )),
    }
}

/// Returns what should be known before the counts are used.
#[must_use]
pub fn cautions(answer: &Concepts) -> Vec<String> {
    unread(&answer.corpus).into_iter().chain(blank(&answer.corpus)).map(|said| format!("{said}.")).collect()
}
