//! Counting words by the Unicode rules (UAX 29), with dictionaries where a script writes no spaces.
//!
//! Most text that researchers bring is Latin, Greek or Cyrillic, where the rules need one look ahead and one behind:
//! that part is done here, an order of magnitude faster than a general segmenter. Everything else goes to ICU, white
//! space by white space, which is a word boundary under every rule.

use super::Span;
use icu_segmenter::WordSegmenter;
use icu_segmenter::options::WordBreakInvariantOptions;

const OTHER: u8 = 0;
const LETTER: u8 = 1;
const DIGIT: u8 = 2;
/// `_`: continues a word but does not make one.
const JOINER: u8 = 3;
/// Apostrophe and full stop: within a word and within a number.
const MID_BOTH: u8 = 4;
/// Colon and middle dot: within a word.
const MID_LETTER: u8 = 5;
/// Comma and semicolon: within a number.
const MID_NUMBER: u8 = 6;
const SPACE: u8 = 7;
const WIDE: u8 = 8;

const fn classes() -> [u8; 256] {
    let mut table = [OTHER; 256];
    let mut byte = 0usize;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' => DIGIT,
            b'_' => JOINER,
            b'\'' | b'.' => MID_BOTH,
            b':' => MID_LETTER,
            b',' | b';' => MID_NUMBER,
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => SPACE,
            128..=255 => WIDE,
            _ => OTHER,
        };
        byte += 1;
    }
    table
}

static CLASSES: [u8; 256] = classes();

/// Returns the number of words in `text` by the Unicode rules; dictionaries divide Thai, Lao, Khmer, Burmese, Chinese and Japanese.
#[must_use]
pub fn count_words(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let mut words = 0u32;
    let mut at = 0usize;
    // Whether the byte before `at` belongs to a word.
    let mut inside = false;
    // Up to here byte by byte: a chunk was refused.
    let mut carefully = 0usize;
    while let Some(&byte) = bytes.get(at) {
        if at >= carefully {
            if let Some((starts, ends_inside)) = count_chunk(bytes, at, inside) {
                words = words.saturating_add(starts);
                inside = ends_inside;
                at += CHUNK;
                continue;
            }
            carefully = at + CHUNK;
        }
        let class = CLASSES[byte as usize];
        match class {
            LETTER | DIGIT => {
                words = words.saturating_add(u32::from(!inside));
                inside = true;
                at += 1;
            }
            SPACE | OTHER => {
                inside = false;
                at += 1;
            }
            WIDE | JOINER => {
                // The rest of this stretch up to white space is rare enough to be done with care, together with what
                // precedes it: a word is never counted twice because the careful count starts where the stretch does.
                let start = stretch_start(bytes, at);
                let end = stretch_end(bytes, at);
                words = words.saturating_sub(count_simple(bytes.get(start..at).unwrap_or(&[])));
                words = words.saturating_add(text.get(start..end).map_or(0, count_stretch));
                inside = false;
                at = end;
            }
            _ => {
                let joins = inside && joined(class, bytes[at - 1], bytes.get(at + 1).copied());
                inside = joins;
                at += 1;
            }
        }
    }
    words
}

/// Bytes that are counted at once: few enough that most hold no mark within a word.
const CHUNK: usize = 32;

/// Returns how many words begin in the chunk, and whether its last byte belongs to one; none where a byte asks for care: one
/// beyond ASCII, `_`, or a mark with no white space after it, which may stand within a word.
///
/// Without a branch a byte, so that the compiler does sixteen at a time.
#[inline]
fn count_chunk(bytes: &[u8], at: usize, inside: bool) -> Option<(u32, bool)> {
    let with_next: &[u8; CHUNK + 1] = bytes.get(at..=at + CHUNK)?.try_into().ok()?;
    let mut is_word = [0u8; CHUNK];
    let mut careful = 0u8;
    for i in 0..CHUNK {
        let (byte, next) = (with_next[i], with_next[i + 1]);
        let letter = u8::from((byte | 0x20).wrapping_sub(b'a') < 26);
        let digit = u8::from(byte.wrapping_sub(b'0') < 10);
        is_word[i] = letter | digit;
        let mark = u8::from(byte == b'\'')
            | u8::from(byte == b'.')
            | u8::from(byte == b':')
            | u8::from(byte == b',')
            | u8::from(byte == b';');
        let space = u8::from(next == b' ') | u8::from(next.wrapping_sub(b'\t') < 5);
        careful |= u8::from(byte >= 128) | u8::from(byte == b'_') | (mark & (space ^ 1));
    }
    if careful != 0 {
        return None;
    }
    let first = is_word[0] & u8::from(!inside);
    let starts = (1..CHUNK).fold(first, |n, i| n + (is_word[i] & (is_word[i - 1] ^ 1)));
    Some((u32::from(starts), is_word[CHUNK - 1] == 1))
}

fn joined(class: u8, before: u8, after: Option<u8>) -> bool {
    let before = CLASSES[before as usize];
    let after = after.map_or(SPACE, |byte| CLASSES[byte as usize]);
    match class {
        MID_BOTH => before == after && (before == LETTER || before == DIGIT),
        MID_LETTER => before == LETTER && after == LETTER,
        MID_NUMBER => before == DIGIT && after == DIGIT,
        _ => false,
    }
}

/// Bytes that a careful count may reach back: a longer stretch without white space is no text that people wrote.
const STRETCH: usize = 4096;

fn stretch_start(bytes: &[u8], at: usize) -> usize {
    let floor = at.saturating_sub(STRETCH);
    let mut start = at;
    while start > floor && CLASSES[bytes[start - 1] as usize] != SPACE && bytes[start - 1] < 128 {
        start -= 1;
    }
    start
}

fn stretch_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|&byte| CLASSES[byte as usize] == SPACE).map_or(bytes.len(), |offset| at + offset)
}

fn count_simple(bytes: &[u8]) -> u32 {
    let mut words = 0u32;
    let mut inside = false;
    for (at, &byte) in bytes.iter().enumerate() {
        let class = CLASSES[byte as usize];
        inside = match class {
            LETTER | DIGIT => {
                words += u32::from(!inside);
                true
            }
            MID_BOTH | MID_LETTER | MID_NUMBER => {
                inside && at > 0 && joined(class, bytes[at - 1], bytes.get(at + 1).copied())
            }
            _ => false,
        };
    }
    words
}

/// Counts in a stretch without ASCII white space.
fn count_stretch(stretch: &str) -> u32 {
    if stretch.chars().all(is_plain) { count_plain(stretch) } else { count_icu(stretch) }
}

/// Characters for which [`wide_class`] is all there is to know.
fn is_plain(character: char) -> bool {
    matches!(character, '\u{0}'..='\u{7f}' | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{24f}' | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{52f}'
        | '\u{1e00}'..='\u{1fff}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{203a}' | '\u{20a0}'..='\u{20bf}')
}

fn wide_class(character: char) -> u8 {
    match character {
        '\u{0}'..='\u{7f}' => CLASSES[character as usize],
        '\u{2018}' | '\u{2019}' | '\u{2024}' => MID_BOTH,
        '\u{b7}' | '\u{387}' | '\u{2027}' => MID_LETTER,
        '\u{37e}' => MID_NUMBER,
        _ if character.is_alphabetic() => LETTER,
        _ => OTHER,
    }
}

fn count_plain(stretch: &str) -> u32 {
    let mut words = 0u32;
    plain_words(stretch, |_, _| words += 1);
    words
}

/// Tells where each word begins and ends.
fn plain_words(stretch: &str, mut word: impl FnMut(usize, usize)) {
    let mut before = OTHER;
    // Where the run began, and whether it has a letter or digit, and so counts as a word.
    let (mut open, mut counted) = (None, false);
    let mut rest = stretch.char_indices().peekable();
    while let Some((at, character)) = rest.next() {
        let class = wide_class(character);
        let inside = match class {
            LETTER | DIGIT | JOINER => true,
            MID_BOTH | MID_LETTER | MID_NUMBER => {
                let after = rest.peek().map_or(OTHER, |&(_, next)| wide_class(next));
                open.is_some()
                    && match class {
                        MID_BOTH => before == after && (before == LETTER || before == DIGIT),
                        MID_LETTER => before == LETTER && after == LETTER,
                        _ => before == DIGIT && after == DIGIT,
                    }
            }
            _ => false,
        };
        match (inside, open) {
            (true, None) => (open, counted) = (Some(at), false),
            (false, Some(start)) => {
                if counted {
                    word(start, at);
                }
                open = None;
            }
            _ => {}
        }
        counted |= matches!(class, LETTER | DIGIT);
        before = class;
    }
    if let Some(start) = open.filter(|_| counted) {
        word(start, stretch.len());
    }
}

/// Letters and digits, but no superscripts or fractions: they are numbers of notes more often than words.
fn makes_word(character: char) -> bool {
    character.is_alphanumeric()
        && !matches!(character, '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{bc}'..='\u{be}' | '\u{2070}'..='\u{209c}' | '\u{2150}'..='\u{215f}' | '\u{2460}'..='\u{249b}')
}

fn count_icu(stretch: &str) -> u32 {
    let mut words = 0u32;
    icu_words(stretch, |_, _| words = words.saturating_add(1));
    words
}

/// A stretch between two boundaries is a word if it has a letter or digit: the segmenter's own notion of a word looks at
/// the last character only.
fn icu_words(stretch: &str, mut word: impl FnMut(usize, usize)) {
    let segmenter = WordSegmenter::new_dictionary(WordBreakInvariantOptions::default());
    let mut start = 0;
    for end in segmenter.segment_str(stretch) {
        if stretch[start..end].chars().any(makes_word) {
            word(start, end);
        }
        start = end;
    }
}

/// Returns where each word of `text` stands, in order: as many as [`count_words`] counts.
#[must_use]
pub fn words(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if CLASSES[byte as usize] == SPACE {
            at += 1;
            continue;
        }
        let end = stretch_end(bytes, at);
        let stretch = text.get(at..end).unwrap_or_default();
        let word = |from: usize, to: usize| out.push(Span::new((at + from) as u32, (at + to) as u32));
        if stretch.chars().all(is_plain) {
            plain_words(stretch, word)
        } else {
            icu_words(stretch, word)
        }
        at = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, want: u32) {
        assert_eq!(count_words(text), want, "{text:?}");
    }

    #[test]
    fn words_of_many_scripts() {
        check("", 0);
        check("The State's 3.14 e.g. co-operation, 1,000.", 7);
        check("d\u{2019}esclavage à l’égard 4°", 4);
        check("Zwangsarbeit — früher »Arbeit«", 3);
        check("права человека", 2);
        // A greeting and "world", as any dictionary of the language divides them.
        check("こんにちは世界", 2);
        check("สวัสดีชาวโลก", 3);
        check("你好世界", 2);
        check("मानव अधिकार", 2);
        check("حقوق الإنسان", 2);
    }

    #[test]
    fn words_stand_where_they_are_counted() {
        let rows: [(&str, &[&str]); 5] = [
            (
                "The State's 3.14 e.g. co-operation, 1,000.",
                &["The", "State's", "3.14", "e.g", "co", "operation", "1,000"],
            ),
            ("d\u{2019}esclavage à l’égard 4°", &["d\u{2019}esclavage", "à", "l’égard", "4"]),
            ("  _ __a «b»\u{a0}c ", &["__a", "b", "c"]),
            ("你好世界。สวัสดีชาวโลก", &["你好", "世界", "สวัสดี", "ชาว", "โลก"]),
            ("", &[]),
        ];
        for (text, want) in rows {
            let have: Vec<&str> = words(text).into_iter().map(|span| span.of(text)).collect();
            assert_eq!(have, want, "{text}");
        }
    }

    proptest! {
        #[test]
        fn there_are_as_many_words_as_are_counted(text in "\\PC{0,60}|[a-c1-2A .,;:'’_\u{e9}\u{e4}\u{430}«·\n-]{0,60}") {
            prop_assert_eq!(words(&text).len() as u32, count_words(&text));
        }

        #[test]
        fn agrees_with_icu(text in "[a-c1-2A .,;:'’_\u{e9}\u{e4}\u{3b1}\u{430}«·-]{0,40}") {
            prop_assert_eq!(count_words(&text), count_icu(&text));
        }

        #[test]
        fn agrees_with_icu_on_any_text(text in "\\PC{0,40}") {
            // White space outside ASCII and format characters may be glued by ICU to what surrounds them; the count of words must not differ.
            prop_assert_eq!(count_words(&text), count_icu(&text));
        }
    }
}
