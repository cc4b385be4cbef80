//! The answer in words.

use super::answer::{Kwic, What};
use crate::words::{capital, counted};

/// Returns what was looked for as people read it.
#[must_use]
pub fn keyword(answer: &Kwic) -> String {
    match &answer.what {
        What::Concept(concept) => answer.corpus.codebook.get(*concept).label_in("en").to_owned(),
        What::Pattern(pattern) => pattern.clone(),
    }
}

/// Returns how often it stands, and in how many sources.
#[must_use]
pub fn lead(answer: &Kwic) -> String {
    let (keyword, all) = (keyword(answer), answer.corpus.sources.len());
    let what = match answer.what {
        What::Concept(_) => format!("the concept “{keyword}”"),
        What::Pattern(_) => format!("“{keyword}”"),
    };
    let sources = counted(all, "source", "sources");
    if answer.lines.is_empty() {
        return match all {
            1 => capital(&format!("{what} does not stand in the source.")),
            _ => capital(&format!("{what} stands in none of {sources}.")),
        };
    }
    let times = match answer.lines.len() {
        1 => "once".to_owned(),
        n => counted(n, "time", "times"),
    };
    let with = answer.n_sources();
    let within = if with == all { format!("in {sources}") } else { format!("in {with} of {sources}") };
    capital(&format!("{what} stands {times} {within}."))
}

/// Returns what should be known before the places are counted.
#[must_use]
pub fn cautions(answer: &Kwic) -> Vec<String> {
    let unread = match answer.what {
        What::Concept(_) => crate::words::unread(&answer.corpus),
        What::Pattern(_) => Vec::new(),
    };
    unread.into_iter().map(|said| format!("{said}: nothing is found in them")).chain(answer.unheard.clone()).collect()
}
