//! Phrases with places for what is not known before: `{} of {}`.
//!
//! A language may need another order of words, so that whole phrases are translated and never their pieces.

/// Where a part of a phrase stands.
const PLACE: &str = "{}";

/// Returns a phrase with these parts, in their order, in its places; a place without a part stays empty.
#[must_use]
pub fn fill(phrase: &str, parts: &[&str]) -> String {
    let mut parts = parts.iter();
    let mut pieces = phrase.split(PLACE);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        out.push_str(parts.next().copied().unwrap_or_default());
        out.push_str(piece);
    }
    out
}

/// Returns how many parts a phrase takes.
#[must_use]
pub fn places(phrase: &str) -> usize {
    phrase.matches(PLACE).count()
}
