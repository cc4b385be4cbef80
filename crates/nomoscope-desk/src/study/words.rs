//! Words of people looked for as a search finds them, in whichever way they are written, and what takes their place.
//!
//! What is left behind because it was written in another way is a name that gets out: so accents, width, apostrophes, soft
//! hyphens, signs without width, and hyphens at the end of a line are folded here as the matcher folds them. Where it is
//! otherwise, it is more careful: a name of several words is found in identities, too, in which its words are joined.

use super::edits::apply;
use nomoscope_core::codebook::fold::fold_word;
use nomoscope_core::text::Span;
use nomoscope_core::text::characters::{
    Role, is_accent, is_dash, is_invisible, is_space_of_no_width, is_unspaced, role,
};
use nomoscope_formats::study::{CODEBOOK_TOML, STUDY_TOML};
use nomoscope_store::MANAGED;
use std::collections::BTreeMap;

/// What is put in the place of what.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    /// What is looked for, by its first character; longer ones first.
    by_first: BTreeMap<char, Vec<Name>>,
    /// Whether small and capital letters are the same; otherwise a word has the capitals that it was given with.
    any_case: bool,
    /// The same for identities and names of files, in which a name stands in small letters, and numbers behind it.
    of_ids: Option<Box<Self>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    given: String,
    /// Its characters folded, a space between words, each with whether it must be a capital.
    folded: Vec<(char, bool)>,
    to: String,
    /// What takes its place in identities and names of files.
    slug: String,
}

/// Where a name stands.
struct Hit<'w> {
    span: Span,
    name: &'w Name,
    /// Whether its words are joined, as they are in identities.
    is_id: bool,
}

impl Words {
    /// Returns the replacements; a pair that is empty on the left is passed over.
    pub(crate) fn new<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>, any_case: bool) -> Self {
        let names: Vec<Name> = pairs.into_iter().map(|(from, to)| Name::new(from.trim(), to)).collect();
        let of_ids = Self { by_first: by_first(&names), any_case: true, of_ids: None };
        Self { by_first: by_first(&names), any_case, of_ids: Some(Box::new(of_ids)) }
    }

    /// Returns where words stand as whole words, from left to right, with what takes their place.
    pub(crate) fn find<'w>(&'w self, text: &str) -> Vec<(Span, &'w str)> {
        let put = |hit: Hit<'w>| (hit.span, if hit.is_id { &*hit.name.slug } else { &*hit.name.to });
        self.hits(text).into_iter().map(put).collect()
    }

    /// Returns which words stand in a text as whole words, as they were given, and where.
    pub(crate) fn names<'w>(&'w self, text: &str) -> Vec<(Span, &'w str)> {
        self.hits(text).into_iter().map(|hit| (hit.span, &*hit.name.given)).collect()
    }

    /// Returns which words stand in an identity or the name of a file, as they were given.
    pub(crate) fn names_in_id<'w>(&'w self, id: &str) -> Vec<&'w str> {
        self.ids().names(id).into_iter().map(|(_, name)| name).collect()
    }

    fn ids(&self) -> &Self {
        self.of_ids.as_deref().unwrap_or(self)
    }

    /// Identities are the one kind of words that have no others for identities.
    const fn is_of_ids(&self) -> bool {
        self.of_ids.is_none()
    }

    fn hits<'w>(&'w self, text: &str) -> Vec<Hit<'w>> {
        let mut found: Vec<Hit<'w>> = Vec::new();
        let (mut next, mut before) = (0_usize, None);
        for (at, c) in text.char_indices() {
            if at >= next && !joins(before, Some(c)) && !is_passed_over(c) {
                found.extend(self.at(text, at, c));
                next = found.last().map_or(next, |hit| hit.span.end as usize).max(next);
            }
            // A mark goes with its letter; a space of no width may divide words.
            if !is_accent(c) && (!is_passed_over(c) || is_space_of_no_width(c)) {
                before = Some(c);
            }
        }
        found
    }

    fn at<'w>(&'w self, text: &str, at: usize, first: char) -> Option<Hit<'w>> {
        let rest = text.get(at..)?;
        let names = self.by_first.get(&folded(first).chars().next()?)?;
        let fits = |name: &'w Name| {
            let (length, is_id) = self.length(rest, &name.folded)?;
            let after = rest.get(length..)?.chars().find(|c| is_space_of_no_width(*c) || !is_passed_over(*c));
            let last = rest.get(..length)?.chars().rev().find(|c| !is_accent(*c) && !is_passed_over(*c));
            // `amina2.txt` is the second interview with her.
            let is_numbered =
                self.is_of_ids() && last.is_some_and(char::is_alphabetic) && after.is_some_and(char::is_numeric);
            (is_numbered || !joins(last, after)).then_some((name, length, is_id))
        };
        let (name, length, is_id) = names.iter().find_map(fits)?;
        // Of names that are the same but for accents the one that is written like this is meant.
        let spelling = |words: &str| fold_word(words, true);
        let here = spelling(rest.get(..length).unwrap_or_default());
        let same = |other: &&Name| other.folded == name.folded && spelling(&other.given) == here;
        let name = names.iter().find(same).unwrap_or(name);
        Some(Hit { span: Span::new(at as u32, (at + length) as u32), name, is_id })
    }

    /// Returns how many bytes of a text are these words, and whether they are joined there as in an identity.
    fn length(&self, text: &str, words: &[(char, bool)]) -> Option<(usize, bool)> {
        let mut reader = Reading { text, at: 0, pending: Vec::new(), is_capital: false };
        let (mut is_id, mut is_small) = (false, false);
        let mut before = None;
        for (want, is_capital) in words {
            if *want == ' ' {
                is_id |= reader.gap()?;
            } else {
                if reader.next(before, *want)? != *want {
                    return None;
                }
                is_small |= *is_capital && !reader.is_capital;
            }
            before = Some(*want);
        }
        // In `amina_diallo` small letters tell as much.
        let has_capitals = self.any_case || is_id || !is_small;
        (reader.pending.is_empty() && has_capitals).then(|| (reader.end(), is_id))
    }

    /// Returns a text with the words replaced.
    pub(crate) fn apply(&self, text: &str) -> String {
        apply(text, &self.find(text))
    }

    /// Returns a text with the words replaced as in identities, wherever they are found.
    pub(crate) fn slugged(&self, text: &str) -> String {
        let hits = self.hits(text);
        let edits: Vec<(Span, &str)> = hits.iter().map(|hit| (hit.span, hit.name.slug.as_str())).collect();
        apply(text, &edits)
    }

    /// Returns an identity with the words replaced.
    pub(crate) fn id(&self, id: &str) -> String {
        self.ids().slugged(id)
    }

    /// Returns a path with the words replaced: not the names that a study goes by, and no ending, by which files are read.
    pub(crate) fn path(&self, path: &str) -> String {
        let (from, to) = changeable(path);
        let middle = path.get(from..to).unwrap_or_default();
        format!("{}{}{}", path.get(..from).unwrap_or_default(), self.id(middle), path.get(to..).unwrap_or_default())
    }

    /// Returns which words stand in what may be changed of a path.
    pub(crate) fn names_in_path(&self, path: &str) -> Vec<&str> {
        let (from, to) = changeable(path);
        self.names_in_id(path.get(from..to).unwrap_or_default())
    }
}

/// Returns from where to where a path may have another name.
fn changeable(path: &str) -> (usize, usize) {
    if MANAGED.contains(&path) || [STUDY_TOML, CODEBOOK_TOML].contains(&path) {
        return (path.len(), path.len());
    }
    let head = ["sources/", "facts/", "lists/"].into_iter().find(|head| path.starts_with(head));
    let from = head.map_or(0, str::len);
    let ending = path.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| is_ending(ending));
    (from, ending.map_or(path.len(), |ending| path.len() - ending.len() - 1).max(from))
}

/// Returns whether files are read by this ending.
pub(crate) fn is_ending(words: &str) -> bool {
    crate::load::importable(&format!("x.{words}")) || super::convert::DATA.contains(&words.to_lowercase().as_str())
}

fn by_first(names: &[Name]) -> BTreeMap<char, Vec<Name>> {
    let mut by_first: BTreeMap<char, Vec<Name>> = BTreeMap::new();
    for name in names {
        if let Some((first, _)) = name.folded.first() {
            by_first.entry(*first).or_default().push(name.clone());
        }
    }
    for list in by_first.values_mut() {
        list.sort_by(|a, b| {
            b.folded.len().cmp(&a.folded.len()).then_with(|| (&a.given, &a.to).cmp(&(&b.given, &b.to)))
        });
        list.dedup_by(|a, b| a.given == b.given);
    }
    by_first
}

impl Name {
    fn new(from: &str, to: &str) -> Self {
        let mut folded_all: Vec<(char, bool)> = Vec::new();
        for word in from.split_whitespace() {
            if !folded_all.is_empty() {
                folded_all.push((' ', false));
            }
            // What is given in capitals alone, such as initials, is no word that begins a sentence.
            let is_loud =
                word.chars().filter(|c| c.is_alphabetic()).count() > 1 && !word.chars().any(char::is_lowercase);
            let mut is_first = true;
            for c in word.chars().filter(|c| !is_passed_over(*c)) {
                let is_capital = c.is_uppercase() && (is_first || is_loud);
                folded_all.extend(folded(c).chars().map(|c| (c, is_capital)));
                is_first = false;
            }
        }
        // A name of a file that was nothing but its ending would be hidden.
        let slug = Some(slug(to)).filter(|slug| !slug.is_empty()).unwrap_or_else(|| "name".to_owned());
        Self { given: from.to_owned(), folded: folded_all, to: to.to_owned(), slug }
    }
}

/// Returns a name as identities and files have it: letters and digits in lower case, hyphens between.
pub(crate) fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

/// Returns whether two characters that stand next to each other are of one word; where words are not divided, none are.
fn joins(before: Option<char>, after: Option<char>) -> bool {
    let is_letter = |c: char| c != '_' && role(c) == Role::Letter;
    before.is_some_and(is_letter) && after.is_some_and(is_letter)
}

/// Returns whether a character says nothing within a word.
fn is_passed_over(c: char) -> bool {
    is_invisible(c) || is_space_of_no_width(c)
}

/// Returns a character in the form in which it is compared; nothing of an accent.
fn folded(c: char) -> String {
    match c {
        c if c.is_ascii_alphanumeric() => c.to_ascii_lowercase().to_string(),
        c if is_dash(c) => "-".to_owned(),
        c => fold_word(&c.to_string(), false),
    }
}

/// Returns whether a sign joins words of an identity.
const fn is_joint(c: char) -> bool {
    matches!(c, '_' | '.') || is_dash(c)
}

/// A text that is read folded, character by character.
struct Reading<'t> {
    text: &'t str,
    at: usize,
    /// What one character was folded into beyond what was read, the last first.
    pending: Vec<char>,
    /// Whether the last character was a capital.
    is_capital: bool,
}

impl Reading<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Returns the next character that says something; `before` is what was read, `want` what is looked for.
    fn next(&mut self, before: Option<char>, want: char) -> Option<char> {
        loop {
            if let Some(c) = self.pending.pop() {
                return Some(c);
            }
            let c = self.rest().chars().next()?;
            // A word that is broken at the end of a line, with a hyphen of its own or another.
            let hyphen = match before {
                Some('-') => 0,
                Some(b) if b.is_alphanumeric() && want.is_alphanumeric() && (is_dash(c) || c == '\u{ad}') => {
                    c.len_utf8()
                }
                _ => usize::MAX,
            };
            let after = self.rest().get(hyphen..).unwrap_or_default();
            let next = after.trim_start();
            if after.get(..after.len() - next.len()).is_some_and(|blank| blank.contains('\n')) {
                self.at = self.text.len() - next.len();
                continue;
            }
            self.at += c.len_utf8();
            if !is_passed_over(c) {
                self.is_capital = c.is_uppercase();
                self.pending = folded(c).chars().rev().collect();
            }
        }
    }

    /// Passes over what stands between two words; returns whether they are joined as in an identity, and none where they are
    /// not next to each other.
    fn gap(&mut self) -> Option<bool> {
        let is_blank = |c: char| c.is_whitespace() || is_passed_over(c) || is_accent(c);
        let rest = self.text.get(self.at..)?;
        let next = rest.trim_start_matches(is_blank);
        let passed = rest.get(..rest.len() - next.len())?;
        let is_spaced = passed.contains(|c: char| c.is_whitespace() || is_space_of_no_width(c));
        let c = next.chars().next()?;
        if !self.pending.is_empty() {
            return None;
        }
        self.at = self.text.len() - next.len();
        if is_spaced || is_unspaced(c) {
            // A name may be broken over two lines.
            return Some(false);
        }
        if is_joint(c) {
            let after = next.get(c.len_utf8()..)?;
            let word = after.trim_start();
            self.at = self.text.len() - word.len();
            let between = after.get(..after.len() - word.len())?;
            let is_broken = is_dash(c) && between.contains('\n');
            return (between.is_empty() || is_broken).then_some(!is_broken);
        }
        // `AminaDiallo`: without the capital, `le gal` would stand in `legal`.
        c.is_uppercase().then_some(true)
    }

    /// Returns where what was read ends, with the marks on its last letter.
    fn end(&self) -> usize {
        self.text.len() - self.rest().trim_start_matches(is_accent).len()
    }
}

#[cfg(test)]
mod tests {
    use super::super::edits::carry;
    use super::*;

    #[track_caller]
    fn check(any_case: bool, text: &str, want: &str) {
        let pairs = [
            ("Amina Diallo", "[person 1]"),
            ("Amina", "[person 1]"),
            ("Diallo", "[person 1]"),
            ("a@b.org", "[mail 1]"),
            ("李明", "[person 2]"),
            ("Zoë", "[person 3]"),
            ("Zoe", "[person 4]"),
            ("Le Gal", "[person 5]"),
            ("Jean-Luc", "[person 6]"),
        ];
        assert_eq!(Words::new(pairs, any_case).apply(text), want);
    }

    #[test]
    fn words_are_found_whole_and_the_longest_first() {
        check(false, "Amina Diallo, AMINA, amina; Aminata.", "[person 1], [person 1], amina; Aminata.");
        check(true, "Amina Diallo, AMINA, amina; Aminata.", "[person 1], [person 1], [person 1]; Aminata.");
        check(false, "Amina\n  Diallo’s mail: a@b.org.", "[person 1]’s mail: [mail 1].");
        check(false, "sources/amina-diallo.txt amina_diallo", "sources/person-1.txt person-1");
        check(false, "我叫李明。", "我叫[person 2]。");
        check(false, "xAmina 1Amina", "xAmina 1Amina");
    }

    #[test]
    fn words_are_found_in_every_spelling() {
        for any_case in [false, true] {
            check(any_case, "Zoe\u{308}, Zoë, Zoe, ZOË", "[person 3], [person 3], [person 4], [person 3]");
            check(any_case, "Ami\u{ad}na, Di\u{200b}allo, Dial\u{200d}lo", "[person 1], [person 1], [person 1]");
            check(any_case, "Dial-\nlo, Dial\u{2010}\r\n  lo, Dial\u{ad}\nlo", "[person 1], [person 1], [person 1]");
            check(any_case, "Amina\u{200b}Diallo, Amina\u{a0}Diallo, Ａmina", "[person 1], [person 1], [person 1]");
            check(any_case, "AminaDiallo, Amina-\nDiallo", "person-1, [person 1]");
            check(any_case, "amina.diallo@x.org", "person-1@x.org");
            check(any_case, "legal, le-gal, LeGal", "legal, person-5, person-5");
            check(any_case, "Jean‑Luc, Jean-\nLuc, Jean Luc", "[person 6], [person 6], Jean Luc");
            check(any_case, "Aminae\u{301}, e\u{301}Amina", "Aminae\u{301}, e\u{301}Amina");
            check(any_case, "Diallo\u{b9}.", "[person 1]\u{b9}.");
        }
    }

    #[test]
    fn names_of_files_keep_what_they_are_read_by() {
        let words =
            Words::new([("Amina", "[erased]"), ("txt", "[erased]"), ("sources", "[erased]"), ("x", "…")], false);
        for (path, want) in [
            ("sources/in/amina.txt", "sources/in/erased.txt"),
            ("sources/Amina2.txt", "sources/erased2.txt"),
            ("sources/x.txt", "sources/name.txt"),
            ("sources/txt", "sources/erased"),
            ("sources/a.amina", "sources/a.erased"),
            ("sources.csv", "sources.csv"),
        ] {
            assert_eq!(words.path(path), want);
        }
    }

    #[test]
    fn places_follow_their_words() {
        let words = Words::new([("Amina", "[person 1]")], false);
        let text = "So Amina said, and Amina left.";
        let edits = words.find(text);
        let after = words.apply(text);
        for (quote, want) in [
            ("So", "So"),
            ("Amina", "[person 1]"),
            ("mina said", "[person 1] said"),
            ("said, and", "said, and"),
            ("and Ami", "and [person 1]"),
            ("left.", "left."),
        ] {
            let start = text.find(quote).unwrap() as u32;
            let span = carry(Span::new(start, start + quote.len() as u32), &edits);
            assert_eq!(span.of(&after), want);
        }
    }
}
