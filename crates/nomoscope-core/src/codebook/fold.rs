//! Folding: what the matcher treats as the same.
//!
//! Case, width, accents, apostrophes, dashes and soft hyphens are folded; the span of the original is kept by the
//! caller. Accents are folded by removing combining marks of scripts where they decorate letters; vowel signs of
//! Thai, Khmer and their like stay, because there they *are* letters.

use crate::text::characters::{Role, is_accent, is_apostrophe, is_invisible, is_space_of_no_width, role};
use crate::text::notes::without_number;
use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

/// Returns `word` in the form in which words are compared.
#[must_use]
pub fn fold_word(word: &str, keep_accents: bool) -> String {
    // Raised digits before anything else: decomposed they are digits like any other.
    let unseen = |c: char| is_invisible(c) || is_space_of_no_width(c);
    let word: Cow<'_, str> = if word.contains(unseen) { word.replace(unseen, "").into() } else { word.into() };
    let folded = CaseMapper::new().fold_string(&word);
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize(&folded);
    let mut out = String::with_capacity(decomposed.len());
    for c in decomposed.chars() {
        match c {
            c if is_invisible(c) => {}
            c if is_apostrophe(c) => out.push('\''),
            'œ' if !keep_accents => out.push_str("oe"),
            'æ' if !keep_accents => out.push_str("ae"),
            'ø' if !keep_accents => out.push('o'),
            'ł' if !keep_accents => out.push('l'),
            'đ' if !keep_accents => out.push('d'),
            'ı' if !keep_accents => out.push('i'),
            c if !keep_accents && is_accent(c) => {}
            // Persian has its own yeh and kaf, which keyboards and scans confuse with those of Arabic.
            '\u{6cc}' => out.push('\u{64a}'),
            '\u{6a9}' => out.push('\u{643}'),
            c => out.push(c),
        }
    }
    // Compatibility forms can decompose into capitals (℡), so case is folded once more.
    if out.chars().any(char::is_uppercase) { CaseMapper::new().fold_string(&out).into_owned() } else { out }
}

/// Whether a character of a script without spaces is written in two ways, or is a part of one that is.
const fn may_compose(c: char) -> bool {
    matches!(c, '\u{e4d}' | '\u{ecd}' | '\u{3099}' | '\u{309a}' | '\u{ff65}'..='\u{ff9f}')
}

/// Returns a run of a script without spaces with each letter written in one way, and where each character of it stands in
/// the run; none where it is so already.
///
/// Kana of half width have their voice in a character of its own, and copies of Thai and Lao write the vowel am in two,
/// with the tone between or after: a phrase is compared character by character, so these have to be as many.
pub(crate) fn compose_unspaced(run: &str) -> Option<(String, Vec<(usize, usize)>)> {
    if !run.contains(may_compose) {
        return None;
    }
    let chars: Vec<(usize, char)> = run.char_indices().collect();
    let end = |i: usize| chars.get(i).map_or(run.len(), |&(at, c)| at + c.len_utf8());
    let (mut composed, mut places) = (String::with_capacity(run.len()), Vec::with_capacity(chars.len()));
    let mut i = 0;
    while let Some(&(at, c)) = chars.get(i) {
        let next = |n: usize| chars.get(i + n).map(|&(_, c)| c);
        let is_aa = |c: Option<char>| {
            matches!(
                (chars.get(i).map(|&(_, c)| c), c),
                (Some('\u{e4d}'), Some('\u{e32}')) | (Some('\u{ecd}'), Some('\u{eb2}'))
            )
        };
        let am = if c == '\u{e4d}' { '\u{e33}' } else { '\u{eb3}' };
        let tone = next(1).filter(|c| matches!(c, '\u{e48}'..='\u{e4b}' | '\u{ec8}'..='\u{ecb}'));
        if is_aa(next(1)) {
            composed.push(am);
            places.push((at, end(i + 1)));
            i += 2;
        } else if let Some(tone) = tone.filter(|_| is_aa(next(2))) {
            composed.extend([tone, am]);
            places.extend([(at, end(i + 1)), (end(i + 1), end(i + 2))]);
            i += 3;
        } else {
            let voiced = next(1).is_some_and(|c| matches!(c, '\u{3099}' | '\u{309a}' | '\u{ff9e}' | '\u{ff9f}'));
            let last = i + usize::from(voiced);
            if voiced || may_compose(c) {
                let letter = run.get(at..end(last)).unwrap_or_default();
                let before = composed.chars().count();
                composed.push_str(&ComposingNormalizerBorrowed::new_nfkc().normalize(letter));
                places.extend((before..composed.chars().count()).map(|_| (at, end(last))));
            } else {
                composed.push(c);
                places.push((at, end(i)));
            }
            i = last + 1;
        }
    }
    Some((composed, places))
}

/// Returns the words of a text for an index, folded, each once and in order.
///
/// An index only tells which texts *cannot* hold something, so its words are shorter than those of the matcher: cut at every
/// apostrophe, dash and point. Where words are not divided by spaces, they are pairs of characters that follow each other,
/// and the last character alone.
#[must_use]
pub fn index_words(text: &str) -> BTreeSet<String> {
    // Most words of a text stand in it already: each is looked up by its hash, and put in order once.
    let mut words = HashSet::new();
    let (mut word, mut run, mut before) = (String::new(), String::new(), None::<char>);
    // What stands before a space of no width, which may be within a word.
    let mut parts = String::new();
    for c in text.chars() {
        let role = role(c);
        if !matches!(role, Role::Unspaced | Role::Invisible) {
            put_run(&mut run, &mut before, &mut words);
        }
        match role {
            Role::Invisible => {}
            Role::Letter => word.push(c),
            Role::Unspaced => {
                put_word(&mut word, &mut words);
                run.push(c);
            }
            _ => {
                if !word.is_empty() && (is_space_of_no_width(c) || !parts.is_empty()) {
                    parts.push_str(&word);
                    put_word(&mut parts.clone(), &mut words);
                }
                if !is_space_of_no_width(c) {
                    parts.clear();
                }
                put_word(&mut word, &mut words);
            }
        }
    }
    if !parts.is_empty() {
        parts.push_str(&word);
        put_word(&mut parts, &mut words);
    }
    put_word(&mut word, &mut words);
    put_run(&mut run, &mut before, &mut words);
    words.extend(before.map(String::from));
    words.into_iter().collect()
}

/// Puts pairs of characters; whatever stands between two runs, they go on from each other.
fn put_run(run: &mut String, before: &mut Option<char>, words: &mut HashSet<String>) {
    if run.is_empty() {
        return;
    }
    // Folded as a whole: marks above and below a letter are brought into one order.
    let composed = compose_unspaced(run);
    for c in fold_word(composed.as_ref().map_or(run.as_str(), |(run, _)| run), false).chars() {
        words.extend(before.map(|before| format!("{before}{c}")));
        *before = Some(c);
    }
    run.clear();
}

fn put_word(word: &mut String, words: &mut HashSet<String>) {
    if word.is_empty() {
        return;
    }
    // The matcher takes the number of a note off a word.
    if let Some(letters) = without_number(word) {
        words.insert(fold_word(letters, false));
    }
    if word.is_ascii() {
        word.make_ascii_lowercase();
        if !words.contains(word.as_str()) {
            words.insert(word.clone());
        }
        word.clear();
        return;
    }
    // A compatibility form may hold a sign: `\u{2100}` is `a/c`.
    let is_sign = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && c != '_';
    let folded = fold_word(word, false);
    words.extend(folded.split(is_sign).filter(|part| !part.is_empty()).map(str::to_owned));
    word.clear();
}

#[cfg(test)]
mod tests {
    use super::{fold_word, index_words};

    #[test]
    fn words_of_an_index() {
        let check = |text: &str, want: &[&str]| {
            assert_eq!(index_words(text).iter().map(String::as_str).collect::<Vec<_>>(), want, "{text}");
        };
        check("L\u{2019}Enfant, l'enfant", &["enfant", "l"]);
        check("anti-traf\u{ad}ficking", &["anti", "trafficking"]);
        check(
            "\u{5f3a}\u{8feb}\u{52b3}\u{52a8}",
            &["\u{52a8}", "\u{52b3}\u{52a8}", "\u{5f3a}\u{8feb}", "\u{8feb}\u{52b3}"],
        );
        check("Men\u{200b}schen rope12", &["men", "menschen", "rope", "rope12", "schen"]);
        assert_eq!(index_words("ﾊﾟﾜｰ"), index_words("パワー"));
        assert_eq!(index_words("นํ้า"), index_words("น้ำ"));
        check("", &[]);
    }

    #[test]
    fn letters_of_two_characters_are_one() {
        let composed = |run: &str| super::compose_unspaced(run).map(|(run, places)| (run, places.len()));
        assert_eq!(composed("ﾊﾟﾜｰ"), Some(("パワー".to_owned(), 3)));
        assert_eq!(composed("ハ\u{309a}"), Some(("パ".to_owned(), 1)));
        assert_eq!(composed("ท\u{e4d}\u{e32}งาน"), Some(("ทำงาน".to_owned(), 5)));
        assert_eq!(composed("น\u{e4d}\u{e49}\u{e32}"), Some(("น้ำ".to_owned(), 3)));
        assert_eq!(composed("ทำงาน"), None);
    }

    #[test]
    fn folds_what_it_promises() {
        let rows = [
            ("Trafficking", "trafficking"),
            ("Élisa", "elisa"),
            ("E\u{301}lisa", "elisa"),
            ("ＴＲＡＦＦＩＣ", "traffic"),
            ("d\u{2019}enfants", "d'enfants"),
            ("traf\u{ad}ficking", "trafficking"),
            ("Straße", "strasse"),
            ("cœur", "coeur"),
            ("ทาส", "ทาส"),
            ("الاتّجار", "الاتجار"),
            ("می\u{200c}شود", "ميشود"),
            ("مي\u{200c}شود", "ميشود"),
            ("کار", "كار"),
            ("men\u{200b}schen", "menschen"),
        ];
        for (word, want) in rows {
            assert_eq!(fold_word(word, false), want, "{word}");
        }
        assert_eq!(fold_word("Né", true), "ne\u{301}");
    }
}
