//! Many quotations searched for in one text, in time that grows with the text and not with their number.
//!
//! The beginnings of the quotations, of at most [`HEAD`] bytes, are hashed by length; a window of each such length goes once
//! over the text (Karp and Rabin 1987, IBM Journal of Research and Development 31(2)).

use std::collections::{BTreeMap, HashMap};

/// Bytes of a quotation that are hashed.
const HEAD: usize = 16;
/// Bytes that are compared beyond the hashes, in all; text that repeats itself without end is not searched without end.
const MAX_COMPARED: u64 = 2 << 30;
const BASE: u64 = 0x0100_0000_01b3;

/// Where a quotation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Hits {
    /// The first byte of its first occurrence.
    pub(super) first: Option<usize>,
    /// How often it occurs; occurrences may overlap.
    pub(super) n: usize,
    /// The first byte of its first occurrence that is whole words, and how many of these there are.
    pub(super) whole: Option<usize>,
    pub(super) n_whole: usize,
}

/// Returns where each of the quotations stands in the text; an empty one stands nowhere.
pub(super) fn search<'q>(text: &str, quotes: impl IntoIterator<Item = &'q str>) -> HashMap<&'q str, Hits> {
    let mut found: HashMap<&str, Hits> = quotes.into_iter().map(|quote| (quote, Hits::default())).collect();
    let mut by_length: BTreeMap<usize, HashMap<u64, Vec<&'q str>>> = BTreeMap::new();
    for quote in found.keys().copied().filter(|quote| !quote.is_empty()) {
        let head = quote.as_bytes().get(..HEAD).unwrap_or(quote.as_bytes());
        by_length.entry(head.len()).or_default().entry(hash(head)).or_default().push(quote);
    }
    let mut budget = MAX_COMPARED;
    for (length, heads) in by_length {
        scan(text, length, &heads, &mut budget, &mut found);
    }
    found
}

fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |hash: u64, byte| hash.wrapping_mul(BASE).wrapping_add(u64::from(*byte) + 1))
}

fn scan<'q>(
    words: &str,
    length: usize,
    heads: &HashMap<u64, Vec<&'q str>>,
    budget: &mut u64,
    found: &mut HashMap<&'q str, Hits>,
) {
    let text = words.as_bytes();
    let Some(first) = text.get(..length) else { return };
    let out = (1..length).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let mut rolling = hash(first);
    for at in 0..=text.len() - length {
        if let Some(quotes) = heads.get(&rolling) {
            let rest = text.get(at..).unwrap_or_default();
            for quote in quotes {
                let Some(left) = budget.checked_sub(quote.len() as u64) else { return };
                *budget = left;
                if rest.starts_with(quote.as_bytes())
                    && let Some(hits) = found.get_mut(quote)
                {
                    hits.first.get_or_insert(at);
                    hits.n += 1;
                    if is_whole(words, at, at + quote.len()) {
                        hits.whole.get_or_insert(at);
                        hits.n_whole += 1;
                    }
                }
            }
        }
        if let (Some(old), Some(new)) = (text.get(at), text.get(at + length)) {
            rolling = rolling.wrapping_sub(out.wrapping_mul(u64::from(*old) + 1));
            rolling = rolling.wrapping_mul(BASE).wrapping_add(u64::from(*new) + 1);
        }
    }
}

/// Returns whether a stretch of a text neither begins nor ends inside a word.
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let is_inside = |at: usize| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at..).and_then(|t| t.chars().next());
        before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
    };
    !is_inside(start) && !is_inside(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_finds_what_looking_everywhere_finds(
            text in "[ab\u{e9}]{0,60}",
            quotes in proptest::collection::vec("[ab\u{e9}]{0,20}", 1..8),
        ) {
            let found = search(&text, quotes.iter().map(String::as_str));
            for quote in &quotes {
                let all: Vec<usize> = (0..=text.len())
                    .filter(|at| !quote.is_empty() && text.as_bytes()[*at..].starts_with(quote.as_bytes()))
                    .collect();
                let hits = found[quote.as_str()];
                prop_assert_eq!((hits.first, hits.n), (all.first().copied(), all.len()), "{}", quote);
                let letter = |at: Option<usize>| at.is_some_and(|at| text[at..].starts_with(['a', 'b', '\u{e9}']));
                let before = |at: usize| text[..at].char_indices().next_back().map(|(at, _)| at);
                let whole: Vec<usize> = all
                    .into_iter()
                    .filter(|at| !letter(before(*at)) && !letter(Some(at + quote.len())))
                    .collect();
                prop_assert_eq!((hits.whole, hits.n_whole), (whole.first().copied(), whole.len()), "{}", quote);
            }
        }
    }
}
