//! The answer in words.

use super::answer::Proposed;
use crate::words::counted;

/// Returns what was learned, from what.
#[must_use]
pub fn lead(p: &Proposed) -> String {
    let [yes, no] = p.examples;
    format!(
        "Learned from {yes} sentences in which people accepted “{}” and {no} in which they turned it down. What is suggested counts only once a person accepts it.",
        p.label
    )
}

/// Returns what should be known before a suggestion is trusted.
#[must_use]
pub fn cautions(p: &Proposed) -> Vec<String> {
    let mut out = Vec::new();
    let telling = p.model.telling(8);
    if !telling.is_empty() {
        out.push(format!("The words that speak most for it: {}.", telling.join(", ")));
    }
    out.push(match p.audited {
        [_, 0] => "No audited sentence holds the concept without a hit: what the model misses is not known.".to_owned(),
        [found, n] => format!(
            "Of {} in audits that hold the concept and have no hit, the model would find {found}.",
            counted(n, "sentence", "sentences")
        ),
    });
    out.push("Somebody who accepts what is suggested finds more of the same. A random audit tells what is found by neither the lexicon nor the model.".to_owned());
    out
}
