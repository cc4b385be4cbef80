//! The answer in words.

use super::answer::{Missed, Suggestions};
use crate::terms::words::listed;
use crate::words::counted;

/// How many words a sentence names.
const NAMED: usize = 5;

/// Returns what the concept may miss.
#[must_use]
pub fn lead(answer: &Suggestions) -> String {
    let label = answer.label();
    let places = counted(usize::try_from(answer.places).unwrap_or(usize::MAX), "time", "times");
    let named = |words: &[Missed]| -> String {
        listed(&words.iter().take(NAMED).map(|word| format!("“{}”", word.word)).collect::<Vec<_>>())
    };
    let begins = match answer.kin.as_slice() {
        [] => "No word that begins like one of its own stands uncoded".to_owned(),
        words => format!("Words like its own that it does not code: {}", named(words)),
    };
    let near = match answer.near.as_slice() {
        [] => "No word that no concept has stands near it more often than elsewhere".to_owned(),
        words => format!("Words near it that no concept has: {}", named(words)),
    };
    format!("“{label}” is coded {places}. {begins}. {near}.")
}
