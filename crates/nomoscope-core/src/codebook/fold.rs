//! Folding: what the matcher treats as the same.
//!
//! Case, width, accents, apostrophes, dashes and soft hyphens are folded; the span of the original is kept by the
//! caller. Accents are folded by removing combining marks of scripts where they decorate letters; vowel signs of
//! Thai, Khmer and their like stay, because there they *are* letters.

use crate::text::characters::{Role, is_accent, is_apostrophe, is_invisible, role};
use icu_casemap::CaseMapper;
use icu_normalizer::DecomposingNormalizerBorrowed;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

/// Returns `word` in the form in which words are compared.
#[must_use]
pub fn fold_word(word: &str, keep_accents: bool) -> String {
    // Raised digits before anything else: decomposed they are digits like any other.
    let word: Cow<'_, str> =
        if word.contains(is_invisible) { word.replace(is_invisible, "").into() } else { word.into() };
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
            c => out.push(c),
        }
    }
    // Compatibility forms can decompose into capitals (℡), so case is folded once more.
    if out.chars().any(char::is_uppercase) { CaseMapper::new().fold_string(&out).into_owned() } else { out }
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
            _ => put_word(&mut word, &mut words),
        }
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
    for c in fold_word(run, false).chars() {
        words.extend(before.map(|before| format!("{before}{c}")));
        *before = Some(c);
    }
    run.clear();
}

fn put_word(word: &mut String, words: &mut HashSet<String>) {
    if word.is_empty() {
        return;
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
        check("", &[]);
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
        ];
        for (word, want) in rows {
            assert_eq!(fold_word(word, false), want, "{word}");
        }
        assert_eq!(fold_word("Né", true), "ne\u{301}");
    }
}
