//! Which language a text looks to be in, where nobody said.

use super::language::known;
use super::stop_words::{languages_with_rows, rows_of};

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
    let mut before: Option<&'static str> = None;
    let mut letters = Letters::default();
    for stretch in stretches.into_iter().filter(|stretch| stretch.len() >= DETECTED_FROM) {
        let Some(language) = by_small_words(stretch, before).or_else(|| letters.language(stretch)) else { continue };
        before = Some(language);
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

/// So many stretches of a script are looked at one after the other, and then every so manieth as long as all were in one
/// language: a prime, so that a page which changes between two or three is not always met in the same one.
const AT_FIRST: usize = 3;
const EVERY: usize = 7;

/// What the letters of stretches told, by script: to ask them costs ten times what a search for all words of a codebook does.
#[derive(Default)]
struct Letters {
    /// The script, how many stretches it had, the answer to the first, and whether all others were the same.
    scripts: Vec<(whatlang::Script, usize, Option<&'static str>, bool)>,
}

impl Letters {
    fn language(&mut self, stretch: &str) -> Option<&'static str> {
        let script = whatlang::detect_script(stretch)?;
        let Some((_, n, first, agree)) = self.scripts.iter_mut().find(|(own, ..)| *own == script) else {
            let found = detect(stretch);
            self.scripts.push((script, 1, found, true));
            return found;
        };
        *n += 1;
        if *agree && *n > AT_FIRST && !n.is_multiple_of(EVERY) {
            return *first;
        }
        let found = detect(stretch);
        *agree &= found == *first;
        found
    }
}

/// The share of words from which a stretch that is full of a language's small words is in that language: in English, French or
/// Spanish they are two in five, and no two languages share so many.
const FULL: f64 = 0.3;
/// Languages whose small words no other that [`detect`] knows, or is silent about, shares in such a number. Spanish has Catalan and
/// Galician beside it, Dutch has Afrikaans: there the letters decide.
const ALONE: [&str; 3] = ["en", "fr", "de"];

/// Returns the language of a stretch by its small words: that of the stretch before, if it goes on, or one that stands alone
/// and has twice as many as any other. Cheaper than to ask the letters in threes, by far.
fn by_small_words(text: &str, before: Option<&'static str>) -> Option<&'static str> {
    let mut small = [0_u32; u8::BITS as usize];
    let mut n = 0_u32;
    let mut word = String::new();
    for piece in text.split(|c: char| !c.is_alphabetic()).filter(|piece| !piece.is_empty()) {
        n += 1;
        word.clear();
        if piece.is_ascii() {
            word.push_str(piece);
            word.make_ascii_lowercase();
        } else {
            word.extend(piece.chars().flat_map(char::to_lowercase));
        }
        let mut rows = rows_of(&word);
        while rows != 0 {
            small[rows.trailing_zeros() as usize] += 1;
            rows &= rows - 1;
        }
    }
    let is_full = |count: u32| n > 0 && f64::from(count) >= FULL * f64::from(n);
    let goes_on = languages_with_rows().zip(small).find(|(language, _)| before == Some(language));
    if let Some((language, count)) = goes_on
        && is_full(count)
    {
        return Some(language);
    }
    let (best, most) = languages_with_rows().zip(small).max_by_key(|(_, count)| *count)?;
    let clear = languages_with_rows().zip(small).all(|(language, count)| language == best || count * 2 <= most);
    (is_full(most) && clear && ALONE.contains(&best)).then_some(best)
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
    // Odd: a page that changes language with every paragraph would be met in one of them alone.
    let step = all.len().div_ceil(STRETCHES).max(1) | 1;
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
        let polish = "Każdy, kto mieszka w tym kraju, ma takie same prawa wobec ustawy i nikt nie może być przetrzymywany wbrew swojej woli przez innych ludzi, także wtedy, gdy wcześniej się na to zgodził.\n\n";
        let czech = "Každý, kdo žije v této zemi, má stejná práva před zákonem a nikdo nesmí být držen proti své vůli nikým jiným, ani tehdy, když s tím dříve souhlasil a nikdo ho k tomu nenutil.\n\n";
        assert_eq!(detect_all(&polish.repeat(60)), ["pl"]);
        assert_eq!(detect_all(&format!("{}{}", polish.repeat(60), czech.repeat(40))), ["pl", "cs"]);
        let page = |words: &str| format!("{0} {0}\n\n", words.trim_end());
        assert_eq!(detect_all(&format!("{}{}", page(polish), page(czech)).repeat(30)), ["cs", "pl"], "page by page");
    }

    #[test]
    fn small_words_tell_a_language_that_stands_alone_or_goes_on() {
        let spanish = "Toda persona que vive en el país tiene los mismos derechos ante la ley, y nadie puede ser retenido contra su voluntad por otro.";
        let german = "Wer in dem Land lebt, hat die gleichen Rechte vor dem Gesetz, und niemand darf gegen seinen Willen von anderen festgehalten werden.";
        assert_eq!(by_small_words(german, None), Some("de"));
        assert_eq!(by_small_words(spanish, None), None, "it has near relatives");
        assert_eq!(by_small_words(spanish, Some("es")), Some("es"));
        assert_eq!(by_small_words("Iron ore, copper cathodes, soya beans: tonnes shipped", Some("en")), None);
    }
}
