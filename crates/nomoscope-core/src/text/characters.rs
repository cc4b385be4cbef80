//! What a character does in a word: the one answer for texts, patterns and counts.
//!
//! Two answers cost words: a pattern that was cut at a virama, where the text was not, could never match. So the pattern
//! language ([`crate::codebook::pattern`]) and the matcher ask here and nowhere else.

use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;

/// What a character does in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A letter, digit, vowel sign or mark of a script that puts spaces between words.
    Letter,
    /// The same of a script that puts none.
    Unspaced,
    /// Nothing: directional marks, joiners, soft hyphens, variation selectors, raised numbers of notes.
    Invisible,
    /// One of the apostrophes.
    Apostrophe,
    /// One of the dashes.
    Dash,
    /// White space, the space of no width with which Khmer texts divide words, and the maqaf of Hebrew.
    Space,
    /// A mark that can end a sentence.
    Stop,
    /// Any other punctuation or symbol.
    Punctuation,
}

/// The hyphen of Hebrew, which stands where another writer puts a space.
const MAQAF: char = '\u{5be}';

/// Returns what the character does in a word.
#[must_use]
pub fn role(c: char) -> Role {
    if c.is_ascii_alphanumeric() || c == '_' {
        Role::Letter
    } else if is_apostrophe(c) {
        Role::Apostrophe
    } else if is_dash(c) {
        Role::Dash
    } else if c.is_whitespace() || matches!(c, '\u{200b}' | MAQAF | '\0') {
        Role::Space
    } else if is_invisible(c) {
        Role::Invisible
    } else if ends_sentence(c) {
        Role::Stop
    } else if is_unspaced(c) {
        Role::Unspaced
    } else if c.is_alphanumeric() || is_mark(c) {
        Role::Letter
    } else {
        Role::Punctuation
    }
}

/// Returns whether the character is a mark on or after a letter: an accent, a virama, a nukta, a vowel sign.
///
/// Vowel signs are alphabetic to Unicode; viramas and nuktas are not, but they have a class of combination.
fn is_mark(c: char) -> bool {
    !c.is_ascii()
        && (is_accent(c)
            || c.is_alphabetic()
            || CanonicalCombiningClassMapBorrowed::new().get_u8(c) != 0
            || matches!(c, '\u{1885}'..='\u{1886}' | '\u{135d}'..='\u{135f}'))
}

/// Returns whether the character takes no part in a word, wherever it stands.
#[must_use]
pub const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0100}'..='\u{e01ef}')
        || is_raised(c)
}

/// Returns whether the character is the space of no width: a divider in Khmer and Thai, nothing within a word of others.
#[must_use]
pub const fn is_space_of_no_width(c: char) -> bool {
    c == '\u{200b}'
}

/// Returns whether the character is a raised digit or sign: in running text the number of a note.
#[must_use]
pub const fn is_raised(c: char) -> bool {
    matches!(c, '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{2070}' | '\u{2074}'..='\u{207e}')
}

/// Returns whether the character is a combining mark that decorates a letter.
#[must_use]
pub const fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c2}'
        | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Returns whether the character is one of the apostrophes.
#[must_use]
pub const fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '\u{2018}'
            | '\u{2019}'
            | '\u{201b}'
            | '\u{2b9}'
            | '\u{2bb}'
            | '\u{2bc}'
            | '\u{ff07}'
            | '\u{b4}'
            | '\u{2032}'
            | '`'
    )
}

/// Returns whether the character is one of the dashes that join or separate words.
#[must_use]
pub const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' | '\u{58a}')
}

/// Returns whether words of the character's script are written without spaces between them.
#[must_use]
pub const fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}'   // Thai, Lao
        | '\u{1000}'..='\u{109f}' | '\u{a9e0}'..='\u{a9ff}' | '\u{aa60}'..='\u{aa7f}' // Myanmar
        | '\u{1780}'..='\u{17ff}' | '\u{19e0}'..='\u{19ff}' // Khmer
        | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3031}'..='\u{3035}'
        | '\u{3038}'..='\u{303c}' | '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

/// Returns whether the character can end a sentence.
#[must_use]
pub const fn ends_sentence(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '?'
            | '\u{3002}'
            | '\u{ff01}'
            | '\u{ff1f}'
            | '\u{ff0e}'
            | '\u{ff61}'
            | '\u{17d4}'
            | '\u{17d5}'
            | '\u{104b}'
            | '\u{61f}'
            | '\u{6d4}'
            | '\u{964}'
            | '\u{965}'
            | '\u{2026}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_of_the_characters_that_were_once_told_apart() {
        let rows = [
            // Hindi virama and nukta, Bengali virama, Sinhala al-lakuna, Tamil pulli, Malayalam virama.
            ("\u{94d}\u{93c}\u{9cd}\u{dca}\u{bcd}\u{d4d}", Role::Letter),
            // Vowel signs of Devanagari and Bengali; a combining accent; an Arabic tatweel.
            ("\u{93e}\u{9c7}\u{301}\u{640}", Role::Letter),
            ("\u{200c}\u{200d}\u{200e}\u{200f}\u{61c}\u{202a}\u{2069}\u{ad}\u{feff}\u{b9}\u{2074}", Role::Invisible),
            ("\u{200b}\u{a0}\u{3000}\u{5be}\n", Role::Space),
            ("'\u{2019}\u{2bc}\u{2bb}", Role::Apostrophe),
            ("\u{964}\u{17d4}。.", Role::Stop),
            ("人ក\u{17d2}ท", Role::Unspaced),
            ("\u{970}\u{3001},[", Role::Punctuation),
        ];
        for (characters, want) in rows {
            for c in characters.chars() {
                assert_eq!(role(c), want, "U+{:04X}", c as u32);
            }
        }
    }
}
