//! Which sources can hold some words, as the index of a study file knows it.
//!
//! The index is asked less than what was searched for, never more: what it passes over cannot hold the words, and what it
//! leaves is read. So a file and a folder give the same answer.

use nomoscope_core::codebook::fold::index_words;
use nomoscope_core::codebook::pattern::{Pattern, Phrase, Step};
use nomoscope_store::{Wanted, Way};

/// Beyond this many ways to say a part, the index is not asked for it.
const MOST_WAYS: usize = 64;

/// Returns what a text must hold for every part of a search; a part that is no pattern is not asked for.
pub(crate) fn wanted(terms: &[String]) -> Wanted {
    let mut wanted = Wanted::default();
    for pattern in terms.iter().filter_map(|term| Pattern::parse(term).ok()) {
        let operands = std::iter::once(&pattern.first).chain(pattern.near.iter().map(|(_, phrases)| phrases));
        for phrases in operands.filter(|phrases| phrases.len() <= MOST_WAYS) {
            wanted.parts.push(phrases.iter().map(way).collect());
        }
    }
    wanted
}

/// Returns the words that a text must have for a phrase to be in it.
fn way(phrase: &Phrase) -> Way {
    let mut way = Way::default();
    for step in &phrase.steps {
        match step {
            Step::Word(word) => add(&mut way, word),
            Step::Glob(parts) => {
                if let Some(first) = parts.first() {
                    begin(&mut way, first);
                }
            }
            Step::Dash | Step::Punctuation | Step::Gap(_) => {}
        }
    }
    way
}

/// A word of the index, or pairs of its characters. The last character of undivided words alone says nothing: in the text,
/// others may follow it.
fn add(way: &mut Way, word: &str) {
    let mut words = index_words(word);
    let is_last = |w: &String| w.chars().count() == 1 && w.chars().any(nomoscope_core::text::characters::is_unspaced);
    let last: Vec<String> = words.iter().filter(|w| is_last(w)).cloned().collect();
    for last in last {
        words.remove(&last);
        if words.is_empty() {
            way.beginnings.insert(last);
        }
    }
    way.words.extend(words);
}

/// What stands before a star begins a word; of several words, those before the last stand whole.
fn begin(way: &mut Way, part: &str) {
    let is_simple = !part.is_empty() && part.chars().all(char::is_alphanumeric);
    if is_simple && !part.chars().any(nomoscope_core::text::characters::is_unspaced) {
        way.beginnings.insert(part.to_owned());
    }
}
