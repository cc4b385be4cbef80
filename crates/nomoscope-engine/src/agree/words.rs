//! Sentences of this answer.

use crate::agree::answer::{ENOUGH_SOURCES, StudyAgreement, TableAgreement};
use crate::agree::tables;
use crate::words::counted;

/// Passages on the page; the CSV has the same, `agree --json` all.
pub const PASSAGES: usize = 30;

/// Characters of a passage on the page.
const WORDS: usize = 240;

/// Returns what a reader of the section must know first: who was compared, on what, and how certain that is.
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

/// Shortens a passage to what a table can hold.
pub fn clip(words: &mut String) {
    if words.chars().count() > WORDS {
        *words = format!("{}…", words.chars().take(WORDS).collect::<String>().trim_end());
    }
}

/// Returns what was compared, as a sentence.
#[must_use]
pub fn of_table(a: &TableAgreement) -> String {
    let coders: Vec<&str> = a.coders.iter().map(|c| c.coder.as_str()).collect();
    format!(
        "Agreement of {} coders ({}) on {} of {} units, level {}.",
        coders.len(),
        tables::listed(&coders),
        a.n_compared,
        a.n_units,
        a.level.name()
    )
}

/// Returns what should be known before coefficients and intervals are used.
#[must_use]
pub fn cautions(a: &StudyAgreement) -> Vec<String> {
    let mut out = Vec::new();
    if !a.unknown_concepts.is_empty() {
        out.push(format!("not in the codebook: {}", a.unknown_concepts.join(", ")));
    }
    if let Some((done, n)) = a.blind {
        let sources = counted(n, "source", "sources");
        out.push(format!(
            "double coding is blind: two coders are done with {done} of {sources}, and only these are compared"
        ));
    }
    if a.n_alone > 0 && a.blind.is_none() {
        out.push("a coder is taken to have read only the sources in which they coded anything".to_owned());
    }
    if a.overlapping {
        out.push("coders gave one place several concepts, so u-alpha is pooled over concepts".to_owned());
    }
    if let Err(reason) = &a.validity {
        out.push(format!("the lexicon is not compared with people: {reason}"));
    }
    if a.options.bootstrap.draws > 0 {
        out.extend(a.caution.clone());
        if a.drawn.0 == "paragraphs" {
            out.push(format!(
                "intervals draw paragraphs, as if they were independent: there are fewer than {ENOUGH_SOURCES} sources to draw from"
            ));
        }
    }
    out
}
