//! Texts that were encoded twice: their UTF-8 was taken for Windows-1252 and encoded again.
//!
//! They are read as they are, for nobody can tell how much of a file is so; but no pattern finds their words.

use encoding_rs::WINDOWS_1252;

/// Returns what to say of a text in which a word was encoded twice.
pub(super) fn note(text: &str) -> Option<String> {
    let leads = |c: char| matches!(c, '\u{c2}' | '\u{c3}' | '\u{c4}' | '\u{c5}' | '\u{e2}');
    let at = text
        .char_indices()
        .filter(|(_, c)| leads(*c))
        .find(|(at, _)| once(text.get(*at..).unwrap_or_default()).is_some());
    let (at, _) = at?;
    let before = text.get(..at).unwrap_or_default();
    let start = before
        .rfind(char::is_whitespace)
        .map_or(0, |end| end + before.get(end..).and_then(|s| s.chars().next()).map_or(1, char::len_utf8));
    let word = text.get(start..).unwrap_or_default().split(char::is_whitespace).next().unwrap_or_default();
    let word: String = word.chars().take(40).collect();
    Some(format!(
        "looks as if it had been encoded twice: `{word}` stands for `{}`; words with such signs are not found",
        repaired(&word)
    ))
}

/// Returns the sign that some signs at the beginning stand for, and how many bytes they take.
fn once(text: &str) -> Option<(char, usize)> {
    let length = if text.starts_with('\u{e2}') { 3 } else { 2 };
    let end = text.char_indices().nth(length).map_or(text.len(), |(end, _)| end);
    let (bytes, _, unmappable) = WINDOWS_1252.encode(text.get(..end)?);
    let decoded = std::str::from_utf8(&bytes).ok().filter(|_| !unmappable)?;
    let mut signs = decoded.chars();
    let (sign, rest) = (signs.next()?, signs.next());
    let expected = matches!(sign, '\u{a0}' | '\u{ab}' | '\u{bb}' | '\u{b0}' | '\u{a7}' | '\u{c0}'..='\u{17f}' | '\u{2010}'..='\u{2026}');
    (rest.is_none() && expected && sign.len_utf8() == length).then_some((sign, end))
}

fn repaired(word: &str) -> String {
    let mut out = String::new();
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let (sign, length) = once(rest).unwrap_or((first, first.len_utf8()));
        out.push(sign);
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}
