//! Which name was meant by one that does not exist.

use icu_normalizer::ComposingNormalizerBorrowed;
use strsim::osa_distance;

/// The longest name that is compared, in bytes: a distance costs the product of the lengths.
const MAX_BYTES: usize = 256;

/// Returns up to three of `names`, best first, that a third of the word's letters, four at most, tell from `word`.
///
/// A letter more, less, or in place of another counts one, and so do two neighbours exchanged; case counts nothing.
pub fn nearest_three<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    if word.len() > MAX_BYTES {
        return Vec::new();
    }
    let folded = word.to_lowercase();
    let n_letters = folded.chars().count();
    let limit = (n_letters / 3).clamp(1, 4);
    let mut near: Vec<(usize, &str)> = names
        .into_iter()
        .filter(|name| name.len() <= MAX_BYTES && name.chars().count().abs_diff(n_letters) <= limit)
        .map(|name| (osa_distance(&folded, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Returns the name that comes nearest to `word`, if any is near enough to have been meant.
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_three(word, names).first().copied()
}

/// Returns a name in the form in which names of files are compared: composed, as most systems write accents, and in
/// lower case.
#[must_use]
pub fn comparable(name: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(&name.to_lowercase()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, names: &[&'static str], want: &[&str]) {
        assert_eq!(nearest_three(word, names.iter().copied()), want, "{word}");
    }

    #[test]
    fn what_was_meant() {
        check("titel", &["title", "tile", "note"], &["title"]);
        check("forced-labor", &["forced-labour", "slavery"], &["forced-labour"]);
        check("DATE", &["data", "date"], &["date", "data"]);
        check("edn", &["end", "red"], &["end"]);
        check("x", &["y", "yz", "abc"], &["y"]);
        check("whatever", &["nothing-like-it"], &[]);
        check(&"a".repeat(300), &["a"], &[]);
    }
}
