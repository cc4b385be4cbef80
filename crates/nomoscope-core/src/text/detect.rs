//! Which language a text looks to be in, where nobody said.

use super::language::known;
use super::stop_words::stop_words;
use std::collections::HashSet;

/// The least text by which a language is told, in bytes, and how sure that must be.
const DETECTED_FROM: usize = 200;
const CONFIDENCE: f64 = 0.9;
/// How much of a text is looked at: its letters in threes tell a language after some hundred bytes, and cost ten times what the search
/// for all words of a codebook costs.
const HEAD_BYTES: usize = 2_000;

/// Returns the language that a text looks to be in; none if it is short or the answer unsure.
#[must_use]
pub fn detect(text: &str) -> Option<&'static str> {
    // The beginning tells as much as the whole, and in the same time for any text.
    let head = &text[..text.floor_char_boundary(HEAD_BYTES)];
    if head.len() < DETECTED_FROM {
        return None;
    }
    let found = whatlang::detect(head).filter(|found| found.confidence() >= CONFIDENCE)?;
    known(found.lang().code())
}

/// How many stretches of a text are looked at, how long each is, and the share of them that a language must have.
const STRETCHES: usize = 48;
const STRETCH_BYTES: usize = 700;
const SHARE: f64 = 0.2;

/// Returns the languages that parts of a text look to be in, the one with most parts first; none if it is short or the
/// answers unsure.
///
/// A page in two languages has both: each of up to forty-eight stretches, spread evenly, is looked at by itself.
#[must_use]
pub fn detect_all(text: &str) -> Vec<&'static str> {
    let stretches = stretches(text);
    let n = stretches.len();
    let mut counts: Vec<(&'static str, usize)> = Vec::new();
    let mut before: Option<(&'static str, HashSet<&'static str>)> = None;
    for stretch in stretches {
        let goes_on = before.as_ref().filter(|(_, words)| is_full_of(stretch, words)).map(|(language, _)| *language);
        let Some(language) = goes_on.or_else(|| detect(stretch)) else { continue };
        if before.as_ref().is_none_or(|(own, _)| *own != language) {
            before = Some((language, stop_words([language]).into_iter().collect()));
        }
        match counts.iter_mut().find(|(own, _)| *own == language) {
            Some((_, count)) => *count += 1,
            None => counts.push((language, 1)),
        }
    }
    // One stretch of a long text may be a quotation.
    #[allow(clippy::cast_precision_loss, reason = "at most forty-eight")]
    counts.retain(|(_, count)| *count as f64 >= n as f64 * SHARE);
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    counts.into_iter().map(|(language, _)| language).collect()
}

/// The share of words from which a stretch that is full of a language's small words is in that language: in English, French or
/// Spanish they are two in five, and no two languages share so many.
const FULL: f64 = 0.3;

/// Returns whether a text goes on in the language with these stop words. Cheaper than to find out which it is in, by far: nearly
/// all texts are in one language.
fn is_full_of(text: &str, words: &HashSet<&'static str>) -> bool {
    let of = |word: &str| words.contains(word.to_lowercase().as_str());
    let all = || text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let (n, small) = all().fold((0_usize, 0_usize), |(n, small), word| (n + 1, small + usize::from(of(word))));
    #[allow(clippy::cast_precision_loss, reason = "words of a stretch")]
    let is_full = text.len() >= DETECTED_FROM && small as f64 >= FULL * n as f64;
    is_full && n > 0
}

/// Returns stretches of whole lines, each ended by a blank line or by its length, spread evenly over the text.
fn stretches(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let (mut from, mut to) = (0, 0);
    for line in text.split_inclusive('\n') {
        to += line.len();
        // A paragraph is in one language where a page is in two.
        let ended = line.trim().is_empty() && to - from >= DETECTED_FROM;
        if ended || to - from >= STRETCH_BYTES {
            all.push(&text[from..to]);
            from = to;
        }
    }
    if to > from {
        all.push(&text[from..to]);
    }
    let step = all.len().div_ceil(STRETCHES).max(1);
    all.into_iter().step_by(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_of_parts() {
        let english = "Everybody who lives in the country has the same rights before the law, and nobody may be held against their will by anyone.\n";
        let french = "Toute personne qui vit dans le pays a les mêmes droits devant la loi, et nul ne peut être retenu contre sa volonté par quiconque.\n";
        assert_eq!(detect_all(&english.repeat(20)), ["en"]);
        assert_eq!(detect_all(&format!("{}{}", english.repeat(20), french.repeat(30))), ["fr", "en"]);
        assert_eq!(detect_all(&format!("{}{}", english.repeat(200), french.repeat(4))), ["en"], "a quotation is none");
        let page = format!("{}\n{}\n", english.repeat(3), french.repeat(3));
        assert_eq!(detect_all(&page.repeat(4)), ["en", "fr"]);
        assert_eq!(detect_all("Too short."), Vec::<&str>::new());
    }
}
