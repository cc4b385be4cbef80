//! The answer in words.

use super::answer::Terms;
use crate::words::{counted, thousands};

/// How many words a sentence names.
const NAMED: usize = 5;

/// Returns what is counted, in the singular or the plural.
#[must_use]
pub fn terms(answer: &Terms, n: usize) -> String {
    match answer.length {
        1 => counted(n, "word", "words"),
        length => format!("{} of {length} words", counted(n, "phrase", "phrases")),
    }
}

/// Returns how much was read, what is most frequent, what sets the groups apart, and what stands near the concept.
#[must_use]
pub fn lead(answer: &Terms) -> String {
    let all = &answer.counted;
    let sources = counted(answer.corpus.sources.len(), "source", "sources");
    let named: Vec<String> =
        answer.listed().take(NAMED).map(|(_, t)| format!("“{}” ({})", t.written, thousands(t.n))).collect();
    let read = match answer.length {
        1 => format!(
            "{} in {sources}, {} of them different.",
            counted_words(all.total()),
            thousands(all.terms.len() as u64)
        ),
        _ => format!("{} in {sources}.", terms(answer, all.terms.len())),
    };
    let mut out = match named.as_slice() {
        [] => format!("{read} None is listed."),
        [one] => format!("{read} The most frequent is {one}."),
        _ => format!("{read} The most frequent are {}.", listed(&named)),
    };
    for group in answer.groups.iter().take(NAMED) {
        let apart: Vec<String> =
            group.more.iter().take(NAMED).map(|key| format!("“{}”", answer.written(key.term))).collect();
        if !apart.is_empty() {
            let by = answer.rules.by.as_deref().unwrap_or("group");
            out.push_str(&format!(" What sets {by} “{}” apart: {}.", group.name, listed(&apart)));
        }
    }
    if let Some(concept) = answer.rules.near {
        let label = answer.corpus.codebook.get(concept).label_in("en");
        let places = counted(all.nodes as usize, "place", "places");
        let near: Vec<String> =
            answer.near.iter().take(NAMED).map(|c| format!("“{}”", answer.written(c.term))).collect();
        out.push_str(&match near.as_slice() {
            [] => format!(" Near “{label}” ({places}) no word stands more often than elsewhere."),
            _ => format!(" Near “{label}” ({places}) more often than elsewhere: {}.", listed(&near)),
        });
    }
    out
}

fn counted_words(n: u64) -> String {
    counted(usize::try_from(n).unwrap_or(usize::MAX), "word", "words")
}

/// Returns a list with its last two joined by "and".
pub(crate) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// Returns what should be known before the numbers are used.
#[must_use]
pub fn cautions(answer: &Terms) -> Vec<String> {
    let mut out: Vec<String> = answer.unheard.iter().cloned().collect();
    if !answer.rules.stop_words {
        for (language, n) in &answer.counted.without_stop_words {
            let sources = counted(*n, "source is", "sources are");
            out.push(format!(
                "{sources} in `{language}`, of which the program knows no stop words: words that join others stand in the lists"
            ));
        }
    }
    if answer.counted.dropped {
        out.push("there are so many different phrases that some seen once were dropped on the way; their counts may be one too low".to_owned());
    }
    if let Some(short) = answer.groups.iter().find(|group| group.all == 0) {
        out.push(format!("the group {} has no words to compare", short.name));
    }
    out
}
