//! What was found, in words.

use super::sums::Sums;
use crate::words::counted;
use nomoscope_core::text::Level;

/// Returns the answer in a sentence.
#[must_use]
pub fn lead(sums: &Sums, window: Level) -> String {
    let total = sums.total();
    format!(
        "{} with {} in {}: {}.",
        counted(total.sources as usize, "text", "texts"),
        counted(total.words as usize, "word", "words"),
        counted(total.units as usize, window.name(), &format!("{}s", window.name())),
        counted(total.codings as usize, "coding", "codings"),
    )
}

/// Returns what should be known before the numbers are used.
pub fn cautions<'l>(
    n_bad: usize,
    n_empty: usize,
    n_undated: usize,
    unread: impl Iterator<Item = (&'l str, usize)>,
) -> Vec<String> {
    let mut out = Vec::new();
    if n_bad > 0 {
        let rows = counted(n_bad, "row", "rows");
        out.push(format!("{rows} could not be read and {} in no number.", if n_bad == 1 { "is" } else { "are" }));
    }
    if n_empty > 0 {
        out.push(format!("{} without a text.", counted(n_empty, "row", "rows")));
    }
    if n_undated > 0 {
        let texts = counted(n_undated, "text has", "texts have");
        let are = if n_undated == 1 { "is" } else { "are" };
        out.push(format!("{texts} a date that cannot be read, and {are} counted without one."));
    }
    out.extend(unread.map(|(language, n)| format!("{}.", crate::words::unread_language(language, n))));
    out
}
