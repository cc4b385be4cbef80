//! Sentences of this answer.

use crate::agree::answer::StudyAgreement;
use crate::agree::tables;

/// Passages on the page; the CSV has the same, `agree --json` all.
pub const PASSAGES: usize = 30;

/// Characters of a passage on the page.
const WORDS: usize = 240;

/// Opening.
pub fn opening(a: &StudyAgreement) -> String {
    let drawn = format!(
        "Intervals of 95 % are drawn by the bootstrap over {} ({}), with seed {}.",
        a.drawn.0, a.drawn.1, a.options.bootstrap.seed.0
    );
    let pooled =
        if a.overlapping { " Coders gave one place several concepts, so u-alpha is pooled over concepts." } else { "" };
    format!(
        "{} Text that nobody marked counts as agreement that the concept is not there. {drawn}{pooled} Krippendorff (2019) takes conclusions as safe from 0.8 on, and as tentative from 0.667 on.",
        tables::headline(a)
    )
}

/// Clip.
pub fn clip(words: &mut String) {
    if words.chars().count() > WORDS {
        *words = format!("{}…", words.chars().take(WORDS).collect::<String>().trim_end());
    }
}
