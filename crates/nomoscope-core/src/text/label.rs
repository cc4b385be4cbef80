//! What stands at the beginning of a line: numbers of paragraphs and points, keywords of articles and divisions.
//!
//! The words of each language stand in [`super::legal_words`]. Labels keep the numeral as the text writes it.

use super::legal_words::{LEGAL_WORDS, LegalWords, PARAGRAPHS};
use super::number::{
    HAN_NUMERALS, Number, Place, bracketed, code_number, digit, east_asian, han_value, is_digit, numeral_word,
    ordinal_sign, roman, row_of_numbers, word_suffix,
};
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use std::collections::HashMap;
use std::sync::LazyLock;

/// The kind of numeral and what stands around it: points of one list share a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Class {
    numeral: Numeral,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numeral {
    Arabic,
    Lower,
    Upper,
    /// A letter of one of the [`ALPHABETS`].
    Letter(u8),
    RomanLower,
    RomanUpper,
    Han,
    Decimal(u8),
    Mark(char),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `1.`
    Dot,
    /// `1)`
    Close,
    /// `(1)`
    Both,
    /// `1 -`, `I -`, `1-`
    Dash,
    /// `1°`
    Degree,
    /// `１　`, `一　`: the wide space of East Asian texts.
    Wide,
    /// `一、`
    Comma,
    /// `§ 1.`, where articles have a word of their own.
    Sign,
    /// A dash or bullet.
    Mark,
}

impl Class {
    pub(super) fn is_arabic(self) -> bool {
        matches!(self.numeral, Numeral::Arabic | Numeral::Decimal(_)) && self.form != Form::Degree
    }

    /// `(1)`, as notes are numbered.
    pub(super) fn is_bracketed_arabic(self) -> bool {
        self.form == Form::Both && self.numeral == Numeral::Arabic
    }

    /// The numbers of the paragraphs of a Japanese article, of which the first has none.
    pub(super) fn is_wide_arabic(self) -> bool {
        self.form == Form::Wide && self.numeral == Numeral::Arabic
    }

    pub(super) fn is_mark(self) -> bool {
        self.form == Form::Mark
    }

    /// Letters and numerals with a full stop may as well be initials or the end of a sentence, numbers before a dash anything.
    pub(super) fn is_weak(self) -> bool {
        self.form == Form::Dot && self.numeral != Numeral::Arabic || self.form == Form::Dash
    }

    pub(super) fn is_upper_dot(self) -> bool {
        self.form == Form::Dot && matches!(self.numeral, Numeral::Upper | Numeral::RomanUpper)
    }
}

/// A number, letter or mark that opens a paragraph or point.
#[derive(Debug, Clone)]
pub(super) struct Enumerator {
    pub(super) class: Class,
    pub(super) ordinal: u32,
    /// The other reading of `i`, `v`, `x` …: a letter.
    pub(super) letter: Option<(Class, u32)>,
    /// As cited: `3`, `a`, `iv`, `1a`.
    pub(super) label: String,
    /// Bytes up to the words that it numbers.
    pub(super) len: usize,
}

/// Reads the enumerator with which `text` begins.
pub(super) fn enumerator(text: &str) -> Option<Enumerator> {
    let bytes = text.as_bytes();
    if bytes.first().is_some_and(|byte| (0xe3..=0xef).contains(byte)) {
        return wide_enumerator(text);
    }
    let mut at = 0;
    while at < 2 && matches!(bytes.get(at), Some(b'"' | b'*' | b'_')) {
        at += 1;
    }
    if text[at..].starts_with('\u{201c}') {
        at += '\u{201c}'.len_utf8();
    }
    if let Some(found) = mark(text, at) {
        return Some(found);
    }
    let open = bytes.get(at) == Some(&b'(');
    at += usize::from(open);
    while bytes.get(at) == Some(&b'*') {
        at += 1;
    }
    let (numeral, ordinal, letter, end) = numeral(text, at)?;
    let mut label = text[at..end].trim_end_matches('*').trim().to_string();
    at = end;
    while bytes.get(at) == Some(&b'*') {
        at += 1;
    }
    let (form, end) = form(text, at, open).or_else(|| dash(text, at, numeral).filter(|_| !open))?;
    // A letter of another script stands in brackets, or before one.
    if matches!(numeral, Numeral::Letter(_)) && !matches!(form, Form::Both | Form::Close) {
        return None;
    }
    at = end;
    if form == Form::Degree {
        label.push('°');
    }
    let class = |numeral| Class { numeral, form };
    if form == Form::Dot && !dot_holds(text, at, numeral) {
        return None;
    }
    let rest = &text[at..];
    let len = at + rest.len() - rest.trim_start_matches([' ', '\t', '*', '\u{a0}', '\u{202f}']).len();
    Some(Enumerator {
        class: class(numeral),
        ordinal,
        letter: letter.map(|value| (class(Numeral::Lower), value)),
        label,
        len,
    })
    .map(|found| {
        if found.letter.is_some() && matches!(numeral, Numeral::RomanUpper) { upper_letter(found, form) } else { found }
    })
}

/// Reads `２　`, `一　`, `（1）`, `（一）`, `一、`.
fn wide_enumerator(text: &str) -> Option<Enumerator> {
    let inner = text.strip_prefix('（');
    let number = inner.unwrap_or(text);
    let is_number = |c: char| is_digit(c) || HAN_NUMERALS.contains(c);
    let len: usize = number.chars().take(5).take_while(|&c| is_number(c)).map(char::len_utf8).sum();
    let label = &number[..len];
    if len == 0 || label.chars().count() > 4 {
        return None;
    }
    let (rest, form) = match inner {
        Some(_) => (number[len..].strip_prefix(['）', ')'])?, Form::Both),
        None => number[len..]
            .strip_prefix('\u{3000}')
            .map(|rest| (rest, Form::Wide))
            .or_else(|| number[len..].strip_prefix('、').map(|rest| (rest, Form::Comma)))?,
    };
    let numeral = if label.chars().all(is_digit) { Numeral::Arabic } else { Numeral::Han };
    // "1、2、3" counts things.
    if form == Form::Comma && numeral == Numeral::Arabic {
        return None;
    }
    let words = rest.trim_start_matches([' ', '\u{3000}']);
    Some(Enumerator {
        class: Class { numeral, form },
        ordinal: han_value(label)?,
        letter: None,
        label: label
            .chars()
            .map(|c| digit(c).filter(|_| numeral == Numeral::Arabic).and_then(as_ascii).unwrap_or(c))
            .collect(),
        len: text.len() - words.len(),
    })
}

fn as_ascii(digit: u32) -> Option<char> {
    char::from_digit(digit, 10)
}

/// The only paragraph of a Brazilian article.
const ONLY_PARAGRAPH: &str = "Parágrafo único";

/// Reads `§ 1.`, `§ 2º`, `§ 1a.`, `Parágrafo único.` as the number of a paragraph.
pub(super) fn paragraph_sign(text: &str) -> Option<Enumerator> {
    let class = Class { numeral: Numeral::Arabic, form: Form::Sign };
    if let Some(rest) = text.strip_prefix(ONLY_PARAGRAPH) {
        let words = rest.trim_start_matches(['.', ' ', '-', '\u{2013}']);
        let label = "único".to_owned();
        return Some(Enumerator { class, ordinal: 1, letter: None, label, len: text.len() - words.len() });
    }
    let number = text.strip_prefix('§')?.trim_start_matches([' ', '\t', '\u{a0}', '\u{202f}']);
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let ordinal = number.get(..digits)?.parse::<u32>().ok()?;
    let letter = usize::from(number[digits..].starts_with(|c: char| c.is_ascii_lowercase()));
    let sign = ordinal_sign(&number[digits..]);
    let end = digits + if sign > 0 { sign } else { letter };
    let rest = &number[end..];
    let words = rest.trim_start_matches(['.', ' ', '\t', '\u{a0}', '-', '\u{2013}']);
    let opens = words.len() < rest.len() && !words.starts_with(char::is_lowercase);
    opens.then(|| Enumerator {
        class,
        ordinal,
        letter: None,
        label: number[..if sign > 0 { digits } else { end }].to_string(),
        len: text.len() - words.len(),
    })
}

fn upper_letter(mut found: Enumerator, form: Form) -> Enumerator {
    found.letter = found.letter.map(|(_, value)| (Class { numeral: Numeral::Upper, form }, value));
    found
}

fn mark(text: &str, at: usize) -> Option<Enumerator> {
    let sign = text[at..].chars().next()?;
    if !matches!(
        sign,
        '-' | '\u{2013}'
            | '\u{2014}'
            | '\u{2022}'
            | '\u{b7}'
            | '\u{25aa}'
            | '\u{2023}'
            | '\u{25cf}'
            | '\u{25e6}'
            | '\u{f0b7}'
    ) {
        return None;
    }
    let rest = &text[at + sign.len_utf8()..];
    let words = rest.trim_start_matches([' ', '\t', '\u{a0}']);
    if words.len() == rest.len()
        || !words.chars().next().is_some_and(|c| c.is_alphanumeric() || matches!(c, '"' | '(' | '\u{201c}'))
    {
        return None;
    }
    let class = Class { numeral: Numeral::Mark(sign), form: Form::Mark };
    Some(Enumerator { class, ordinal: 0, letter: None, label: String::new(), len: text.len() - words.len() })
}

/// Reads `12`, `12a`, `12 bis`, `1.2`, `b`, `aa`, `iv`, `IV`.
fn numeral(text: &str, at: usize) -> Option<(Numeral, u32, Option<u32>, usize)> {
    let bytes = text.as_bytes();
    let run = |from: usize, is: fn(&u8) -> bool| {
        bytes.get(from..).map_or(from, |rest| from + rest.iter().take(8).take_while(|&b| is(b)).count())
    };
    let end = run(at, u8::is_ascii_digit);
    if end > at {
        if end - at > 4 {
            return None;
        }
        let mut value = text[at..end].parse::<u32>().ok()?;
        let (mut end, mut depth) = (end, 0u8);
        while bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) && depth < 4 {
            let next = run(end + 1, u8::is_ascii_digit);
            value = text[end + 1..next].parse().ok()?;
            end = next;
            depth += 1;
        }
        if depth > 0 {
            return Some((Numeral::Decimal(depth), value, None, end));
        }
        if bytes.get(end).is_some_and(u8::is_ascii_lowercase)
            && bytes.get(end + 1).is_some_and(|b| matches!(b, b')' | b'.'))
        {
            end += 1;
        }
        return Some((Numeral::Arabic, value, None, end + word_suffix(&text[end..])));
    }
    if bytes.get(at).is_some_and(|byte| !byte.is_ascii()) {
        return numeral_of_other_scripts(text, at);
    }
    let end = run(at, u8::is_ascii_alphabetic);
    let word = &text[at..end];
    let roman = roman(word);
    let single = word.len() == 1 || (word.len() == 2 && word.as_bytes()[0] == word.as_bytes()[1]);
    let lower = word.bytes().all(|b| b.is_ascii_lowercase());
    if !lower && !word.bytes().all(|b| b.is_ascii_uppercase()) {
        return None;
    }
    let letter = single.then(|| letter_value(word));
    match (roman, lower) {
        (Some(value), true) => Some((Numeral::RomanLower, value, letter, end)),
        (Some(value), false) => Some((Numeral::RomanUpper, value, letter, end)),
        (None, true) => letter.map(|value| (Numeral::Lower, value, None, end)),
        (None, false) => letter.map(|value| (Numeral::Upper, value, None, end)),
    }
}

/// Letters that count points, in their order; what a text leaves out is a gap.
const ALPHABETS: [&str; 8] = [
    "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ",
    "абвгґдѓђеєжзѕиіїйјкќлљмнњопрстћуфхцчџшщьюяыэ",
    "αβγδε\u{3db}ζηθικλμνξοπρστυφχψω",
    "אבגדהוזחטיכלמנסעפצקרשת",
    "กขคฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ",
    "कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसह",
    "កខគឃងចឆជឈញដឋឌឍណតថទធនបផពភមយរលវសហឡអ",
    "가나다라마바사아자차카타파하",
];

/// Letters that are written in another way: Persian "الف", Arabic "ا" and "هـ", Greek "στ".
const LETTERS: [(&str, char); 4] = [("الف", 'أ'), ("هـ", 'ه'), ("ا", 'أ'), ("στ", '\u{3db}')];

/// Reads `٢`, `๑`, `(أ)`, `الف)`, `а)`, `(ก)`.
fn numeral_of_other_scripts(text: &str, at: usize) -> Option<(Numeral, u32, Option<u32>, usize)> {
    let rest = &text[at..];
    let digits: usize = rest.chars().take(5).take_while(|&c| is_digit(c)).map(char::len_utf8).sum();
    if digits > 0 {
        let value = han_value(&rest[..digits]).filter(|_| rest[..digits].chars().count() <= 4)?;
        return Some((Numeral::Arabic, value, None, at + digits));
    }
    let written =
        LETTERS.iter().find(|(written, _)| rest.strip_prefix(written).is_some_and(|rest| rest.starts_with(')')));
    let (letter, len) = match written {
        Some((written, letter)) => (*letter, written.len()),
        None => rest
            .chars()
            .next()
            .map(|first| (first, first.len_utf8()))
            .filter(|(_, len)| rest[*len..].starts_with(')'))?,
    };
    let (alphabet, place) = (0_u8..)
        .zip(ALPHABETS)
        .find_map(|(alphabet, letters)| Some((alphabet, letters.chars().position(|own| own == letter)?)))?;
    Some((Numeral::Letter(alphabet), u32::try_from(place).ok()? + 1, None, at + len))
}

/// Reads the dash of "1 - Quem …", "I - respeito …", "١- …": words follow it, and no number, as in a range.
fn dash(text: &str, at: usize, numeral: Numeral) -> Option<(Form, usize)> {
    if !matches!(numeral, Numeral::Arabic | Numeral::RomanUpper) {
        return None;
    }
    let rest = text[at..].trim_start_matches(SPACES).strip_prefix(['-', '\u{2013}', '\u{2014}'])?;
    let words = rest.trim_start_matches(SPACES);
    let letter = words.chars().find(|c| !matches!(c, '"' | '\u{201c}' | '«' | '('))?;
    let opens = letter.is_alphabetic() && (words.len() < rest.len() || is_caseless(letter));
    opens.then(|| (Form::Dash, text.len() - rest.len()))
}

fn letter_value(word: &str) -> u32 {
    let first = word.bytes().next().map_or(0, |b| u32::from(b.to_ascii_lowercase() - b'a') + 1);
    first + if word.len() == 2 { 26 } else { 0 }
}

fn form(text: &str, at: usize, open: bool) -> Option<(Form, usize)> {
    let bytes = text.as_bytes();
    match bytes.get(at)? {
        b')' if open => Some((Form::Both, at + 1)),
        b')' => Some((Form::Close, at + 1)),
        b'.' if !open => {
            let mut end = at + 1;
            while bytes.get(end) == Some(&b'.') {
                end += 1;
            }
            Some((Form::Dot, end))
        }
        _ if !open && text[at..].starts_with('°') => Some((Form::Degree, at + '°'.len_utf8())),
        _ => None,
    }
}

/// Whether a full stop after a numeral opens a paragraph: "1. The", "1.The", "a.to", but not "1.5", "e.g.", "U.N.".
fn dot_holds(text: &str, at: usize, numeral: Numeral) -> bool {
    let mut rest = text[at..].chars();
    let Some(next) = rest.next() else { return true };
    if next.is_whitespace() {
        return true;
    }
    if matches!(numeral, Numeral::Decimal(_)) {
        return false;
    }
    let second = rest.next().unwrap_or(' ');
    (next.is_alphabetic() || matches!(next, '"' | '\'' | '(' | '\u{201c}' | '\u{2018}' | '«'))
        && second != '.'
        && (numeral == Numeral::Arabic
            || second.is_alphabetic()
            || !next.is_alphabetic()
            || (next == 'a' && second == ' '))
}

/// What a heading, or a line that could be one, announces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Keyword {
    /// `Art. 5`, `§ 12a`, `Sec. 3`; the label, and the bytes up to the heading's own words.
    Article { label: String, len: usize, section: bool, number: Place },
    /// `Part I`, `Chapter II`; the kind without its number, the label, and its bytes in the text.
    Division { kind: String, label: String, len: usize },
    /// An annex, a schedule, an optional protocol: what follows is cited after this.
    Instrument { prefix: String },
    /// A preamble; the bytes of the word.
    Preamble { len: usize },
}

/// What is an article where no line says "Article".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Names {
    /// "Article 3" is one; "Section 3" divides.
    #[default]
    Articles,
    /// "Section 3" is one.
    Sections,
    /// "3 Slavery", "370A. Trafficking": acts of the common law.
    Acts,
}

const SECTIONS: &[&str] = &["section", "sec."];

/// Returns the rest of `text` after `word` in any case.
fn after_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    for wanted in word.chars() {
        let got = rest.next()?;
        // Most lines begin with another letter of ASCII: no table of cases is asked for these.
        if got.is_ascii() && wanted.is_ascii() {
            if !got.eq_ignore_ascii_case(&wanted) {
                return None;
            }
        } else if got != wanted && !is_capital_of(got, wanted) {
            return None;
        }
    }
    Some(rest.as_str())
}

/// Whether `got` is the capital of `wanted`, also in Turkish, where I and İ are two letters.
fn is_capital_of(got: char, wanted: char) -> bool {
    matches!((got, wanted), ('I', 'ı') | ('İ', 'i')) || got.to_lowercase().eq(std::iter::once(wanted))
}

/// Words by the letter with which they begin, so that most lines are passed over without comparing one.
struct ByLetter {
    /// In the order of the letters, then of the rows.
    words: Vec<(char, &'static str)>,
    /// The letters of ASCII among them, a bit each.
    ascii: u128,
}

type Field = fn(&'static LegalWords) -> &'static [&'static str];

impl ByLetter {
    fn of(field: Field) -> Self {
        let mut words: Vec<(char, &'static str)> = Vec::new();
        for word in LEGAL_WORDS.iter().flat_map(field).copied() {
            let Some(letter) = word.chars().next() else { continue };
            // A Turkish capital I may be that of either letter.
            for letter in [letter, 'i'].into_iter().take(1 + usize::from(letter == 'ı')) {
                if !words.contains(&(letter, word)) {
                    words.push((letter, word));
                }
            }
        }
        words.sort_by_key(|&(letter, _)| letter);
        let ascii =
            words.iter().filter(|(letter, _)| letter.is_ascii()).fold(0, |set, &(letter, _)| set | 1 << letter as u32);
        Self { words, ascii }
    }

    /// Returns the words that begin with the letter of `text`, with what follows them there.
    fn after<'s, 'a: 's>(&'s self, text: &'a str) -> impl Iterator<Item = (&'static str, &'a str)> + 's {
        let letter = text
            .chars()
            .next()
            .map_or('\0', |c| if c.is_ascii() { c.to_ascii_lowercase() } else { c.to_lowercase().next().unwrap_or(c) });
        let known = !letter.is_ascii() || self.ascii >> (letter as u32) & 1 == 1;
        let from = if known { self.words.partition_point(|&(first, _)| first < letter) } else { self.words.len() };
        self.words[from..]
            .iter()
            .take_while(move |&&(first, _)| first == letter)
            .filter_map(move |&(_, word)| Some((word, after_word(text, word)?)))
    }
}

static ARTICLES: LazyLock<ByLetter> = LazyLock::new(|| ByLetter::of(|row| row.articles));
static PROVISIONS: LazyLock<ByLetter> = LazyLock::new(|| ByLetter::of(|row| row.provisions));
static AFTER_NUMBER: LazyLock<ByLetter> = LazyLock::new(|| ByLetter::of(|row| row.after_number));
static DIVISIONS: LazyLock<ByLetter> = LazyLock::new(|| ByLetter::of(|row| row.divisions));
static NAMED_DIVISIONS: LazyLock<ByLetter> = LazyLock::new(|| ByLetter::of(|row| row.named_divisions));
static ANNEXES: LazyLock<ByLetter> = LazyLock::new(|| ByLetter::of(|row| row.annexes));
static PREAMBLES: LazyLock<ByLetter> = LazyLock::new(|| ByLetter::of(|row| row.preambles));

/// Georgian has one case, although Unicode calls its letters small.
pub(super) fn is_small(c: char) -> bool {
    c.is_lowercase() && !matches!(c, '\u{10d0}'..='\u{10ff}')
}

/// Whether the text begins as a heading may: not in lower case.
fn starts_capital(text: &str) -> bool {
    text.chars().next().is_some_and(|c| c == '§' || (c.is_alphabetic() && !is_small(c)))
}

fn is_caseless(c: char) -> bool {
    c.is_alphabetic() && !c.is_uppercase() && !is_small(c)
}

/// Whether accents stand beside their letters, as in text from some systems and from PDF.
fn is_decomposed(text: &str) -> bool {
    let head = &text.as_bytes()[..text.len().min(64)];
    if head.is_ascii() {
        return false;
    }
    // Combining accents, and the parts of Korean syllables.
    head.iter().any(|&byte| matches!(byte, 0xcc | 0xcd))
        || head.windows(2).any(|pair| pair[0] == 0xe1 && (0x84..=0x87).contains(&pair[1]))
}

/// Reads `text` with its letters composed, and gives lengths as they are in `text`.
fn composed(text: &str, read: impl Fn(&str) -> Option<Keyword>) -> Option<Keyword> {
    let whole = ComposingNormalizerBorrowed::new_nfc().normalize(text);
    let mut found = read(&whole)?;
    if let Keyword::Article { len, .. } | Keyword::Division { len, .. } | Keyword::Preamble { len } = &mut found {
        *len = decomposed_len(text, whole.get(..*len)?);
    }
    Some(found)
}

/// Returns the bytes at the start of `text` that are `head`, composed.
fn decomposed_len(text: &str, head: &str) -> usize {
    let decompose = DecomposingNormalizerBorrowed::new_nfd();
    let wanted = decompose.normalize_iter(head.chars()).count();
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        if seen >= wanted {
            return at;
        }
        seen += decompose.normalize_iter(std::iter::once(c)).count();
    }
    text.len()
}

/// Reads the keyword with which a heading or line begins.
pub(super) fn keyword(text: &str, names: Names) -> Option<Keyword> {
    let text = text.trim_start_matches(['*', '_', ' ']);
    if is_decomposed(text) {
        return composed(text, |whole| composed_keyword(whole, names));
    }
    composed_keyword(text, names)
}

fn composed_keyword(text: &str, names: Names) -> Option<Keyword> {
    if let Some(len) = preamble_word(text) {
        return Some(Keyword::Preamble { len });
    }
    composed_article(text, names).or_else(|| division(text)).or_else(|| instrument(text))
}

/// Returns the bytes of a leading word for "preamble", also where the text after it was glued on.
pub(super) fn preamble_word(text: &str) -> Option<usize> {
    if !starts_capital(text) {
        return None;
    }
    PREAMBLES.after(text).find_map(|(_, rest)| {
        let rest = rest.trim_start_matches(['*', '_', ':', '.']);
        // A script without capitals cannot tell a word that was glued on from a longer word.
        let glued = rest.starts_with(|c: char| c.is_lowercase() || is_caseless(c));
        (!glued).then(|| text.len() - rest.len())
    })
}

/// Reads `Article 5 bis`, `Art. 5`, `ARTICLE V`, `§ 232a`, `Section 3`, `المادة 5`, `第五条`, `5. cikk`.
pub(super) fn article(text: &str, names: Names) -> Option<Keyword> {
    if is_decomposed(text) {
        return composed(text, |whole| composed_article(whole, names));
    }
    composed_article(text, names)
}

/// The spaces between a word or sign and its number.
const SPACES: [char; 4] = [' ', '\t', '\u{a0}', '\u{202f}'];

fn composed_article(text: &str, names: Names) -> Option<Keyword> {
    if let Some(found) = section_sign(text) {
        return Some(found);
    }
    if let Some(found) = east_asian(text, &['条', '條', '조']) {
        let number = Place { caseless: true, ..found.place };
        return Some(Keyword::Article { label: text[..found.len].to_string(), len: found.len, section: false, number });
    }
    if let Some(found) = number_first(text) {
        return Some(found);
    }
    if names == Names::Acts {
        return act_section(text);
    }
    if !starts_capital(text) {
        return None;
    }
    let caseless = text.starts_with(is_caseless);
    let find = |short: &str, word: &'static str, rest: &str, section: bool| {
        let rest = before_number(rest, word, caseless)?;
        let number = code_number(rest, word == "artikel" || word == "art")
            .or_else(|| caseless.then(|| bracketed(rest)).flatten())
            .or_else(|| numeral_word(rest))?;
        let mut number = if word == "artt." { row_of_numbers(rest, number) } else { number };
        number.add_paragraph(rest);
        number.place.caseless = caseless;
        Some(number.article(short, text.len() - rest.len(), section))
    };
    let short = |word: &str| if word == "artt." { "Artt." } else { "Art." };
    ARTICLES
        .after(text)
        .find_map(|(word, rest)| find(short(word), word, rest, false))
        .or_else(|| PROVISIONS.after(text).find_map(|(word, rest)| provision(text, word, rest)))
        .or_else(|| {
            let section = |word: &&'static str| find("Sec.", word, after_word(text, word)?, true);
            (names == Names::Sections).then(|| SECTIONS.iter().find_map(section)).flatten()
        })
}

/// Returns `rest` from the number on, if it stands apart from the word before.
fn before_number<'a>(rest: &'a str, word: &str, caseless: bool) -> Option<&'a str> {
    let number = rest.trim_start_matches([' ', '\t', '\u{a0}', '\u{202f}', '*']);
    if caseless && let Some(dashed) = number.strip_prefix(['-', '\u{2013}']).filter(|after| after.starts_with(is_digit))
    {
        return Some(dashed);
    }
    let apart = number.len() < rest.len() || word.ends_with('.') || (caseless && number.starts_with(is_digit));
    apart.then_some(number)
}

/// Reads "§ 232a", "§§ 234 bis 236", and "18 U.S.C. § 1581".
fn section_sign(text: &str) -> Option<Keyword> {
    let mut signed = text;
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        let title = text.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(' ')?;
        let code = ["U.S.C. ", "U.S.C.A. ", "USC ", "U. S. C. ", "C.F.R. ", "CFR "];
        signed = code.iter().find_map(|code| title.strip_prefix(code))?;
    }
    let rest = signed.strip_prefix('§')?;
    let several = rest.starts_with('§');
    let rest = rest.trim_start_matches('§').trim_start_matches(SPACES);
    let number = code_number(rest, true)?;
    let alone = number.len;
    let number = if several { row_of_numbers(rest, number) } else { number };
    let short = if number.len > alone { "§§" } else { "§" };
    Some(number.article(short, text.len() - rest.len(), true))
}

/// Reads "EK MADDE 1", "Disposición adicional primera": counted beside the articles.
fn provision(text: &str, word: &str, rest: &str) -> Option<Keyword> {
    let rest = before_number(rest, word, false)?;
    let mut number = code_number(rest, false).or_else(|| numeral_word(rest))?;
    number.place.value = None;
    Some(number.article(&capitalised(word), text.len() - rest.len(), false))
}

impl Number {
    fn article(self, short: &str, before: usize, section: bool) -> Keyword {
        let label = format!("{short} {}", self.label);
        Keyword::Article { label, len: before + self.len, section, number: self.place }
    }

    /// Takes in ", comma 3" where nothing follows it in `text`: a line that names a paragraph of an article.
    fn add_paragraph(&mut self, text: &str) {
        let Some(words) = text[self.len..].strip_prefix(", ") else {
            return;
        };
        let number =
            PARAGRAPHS.iter().find_map(|word| after_word(words, word)).map(|rest| rest.trim_start_matches(SPACES));
        let whole = number.is_some_and(|number| {
            let rest = number.trim_start_matches(|c: char| c.is_ascii_digit());
            let rest = &rest[word_suffix(rest)..];
            rest.len() < number.len() && rest.trim_end_matches(['.', ':']).is_empty()
        });
        if whole {
            let end = text.trim_end_matches(['.', ':']).len();
            self.label.push_str(&text[self.len..end]);
            self.len = end;
            self.place.inserted = true;
        }
    }
}

/// Reads "5. cikk", "5 straipsnis", "5 §", "194/A. §".
fn number_first(text: &str) -> Option<Keyword> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, 'I' | 'V' | 'X')) {
        return None;
    }
    let number = code_number(text, true)?;
    let rest = text[number.len..].trim_start_matches(['.', ' ', '\u{a0}']);
    if rest.len() == text.len() - number.len {
        return None;
    }
    AFTER_NUMBER.after(rest).find_map(|(word, after)| {
        let after = Some(after).filter(|after| !after.starts_with(char::is_alphanumeric))?;
        let short = if word == "§" { "§" } else { "Art." };
        let len = text.len() - after.len();
        Some(Keyword::Article {
            label: format!("{short} {}", number.label),
            len,
            section: word == "§",
            number: number.place,
        })
    })
}

/// The sign after the number of a section of a Burmese law.
const SECTION_MARK: char = '\u{104b}';

/// Reads "1 Slavery, servitude …", "370A. Exploitation of a trafficked person.—(1) …", "279.01 (1) …", "၃။ …".
fn act_section(text: &str) -> Option<Keyword> {
    let count: usize = text.chars().take_while(|&c| is_digit(c)).map(char::len_utf8).sum();
    if count == 0 || text[..count].chars().count() > 4 {
        return None;
    }
    let ascii = text.as_bytes()[0].is_ascii();
    let mut len = count;
    let decimals = text[len..].strip_prefix('.').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    if decimals > 0 {
        len += 1 + decimals;
    }
    len += text[len..].bytes().take(3).take_while(u8::is_ascii_uppercase).count();
    // "3א.", "2क.": one letter of a script without capitals, before a point.
    len += text[len..]
        .chars()
        .next()
        .filter(|&c| is_caseless(c) && text[len + c.len_utf8()..].starts_with('.'))
        .map_or(0, char::len_utf8);
    let inserted = len > count;
    let rest = text[len..].strip_prefix(['.', SECTION_MARK]).unwrap_or(&text[len..]);
    let marked = rest.len() < text.len() - len;
    if !ascii && !marked {
        return None;
    }
    let words = rest.trim_start();
    let opens = words.is_empty()
        || words.starts_with(|c: char| c.is_uppercase() || matches!(c, '(' | '[' | '"' | '\u{201c}'))
        || marked && words.starts_with(is_caseless);
    let apart = words.len() < rest.len() || words.is_empty();
    if !apart || !opens || cites_an_act(&text[..count], words) {
        return None;
    }
    let number = Place { value: han_value(&text[..count]), inserted, caseless: false };
    Some(Keyword::Article { label: format!("s. {}", &text[..len]), len, section: true, number })
}

/// Whether "2015 CHAPTER 30", "1976 No. 3" stands there: a year, a word, and the number of the act in that year.
fn cites_an_act(number: &str, words: &str) -> bool {
    let year = number.parse::<u32>().is_ok_and(|year| (1200..2200).contains(&year));
    let mut parts = words.split_whitespace();
    let (Some(word), Some(count)) = (parts.next(), parts.next()) else {
        return false;
    };
    let worded = word.trim_end_matches('.').chars().all(char::is_alphabetic);
    let counted = count.starts_with(|c: char| c.is_ascii_digit());
    year && worded && counted && parts.next().is_none_or(|further| further.starts_with(['(', '[']))
}

/// Returns the bytes of "第一章", "제2절", "第一部分".
fn east_asian_division(text: &str) -> Option<usize> {
    if let Some(found) = east_asian(text, &['编', '編', '章', '节', '節', '篇', '장', '절', '편', '관']) {
        return Some(found.len);
    }
    // "第一部法律": the word also counts laws.
    let len = east_asian(text, &['部', '부'])?.len;
    let rest = text[len..].strip_prefix('分').unwrap_or(&text[len..]);
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| text.len() - rest.len())
}

fn division(text: &str) -> Option<Keyword> {
    if let Some(len) = east_asian_division(text) {
        let label = &text[..len];
        let kind =
            label.chars().find(|c| !HAN_NUMERALS.contains(*c) && !is_digit(*c) && !matches!(c, '第' | '제' | ' '));
        return Some(Keyword::Division {
            kind: kind.map(String::from).unwrap_or_default(),
            label: label.to_string(),
            len,
        });
    }
    if !starts_capital(text) {
        return None;
    }
    let named = NAMED_DIVISIONS.after(text).find(|(_, rest)| rest.trim_end_matches([' ', ':', '.']).is_empty());
    if named.is_some() {
        return Some(Keyword::Division { kind: "named".to_owned(), label: heading_label(text), len: text.len() });
    }
    for (word, rest) in DIVISIONS.after(text) {
        let number = rest.trim_start_matches(SPACES);
        if number.len() == rest.len() {
            continue;
        }
        let end = number.find(|c: char| !c.is_alphanumeric()).unwrap_or(number.len());
        let word_number = &number[..end];
        if is_division_number(word_number) && (word_number.len() <= 8 || !word_number.is_ascii()) {
            let label = format!("{} {word_number}", capitalised(word));
            let len = text.len() - number.len() + end;
            return Some(Keyword::Division { kind: word.to_string(), label, len });
        }
    }
    ordinal_division(text).or_else(|| bare_numeral(text))
}

fn is_division_number(number: &str) -> bool {
    (roman(number).is_some() && number.bytes().all(|b| b.is_ascii_uppercase()))
        || number.starts_with(is_digit)
        || numeral_word(number).is_some()
        || (number.len() == 1 && number.starts_with(|c: char| c.is_ascii_uppercase()))
        || [
            "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "premier", "PREMIER", "Premier", "One", "Two", "Three",
            "Four", "Five",
        ]
        .contains(&number)
}

/// Reads "Erster Abschnitt - Das Strafgesetz", "I. fejezet": numbers and ordinals before the name of a division.
fn ordinal_division(text: &str) -> Option<Keyword> {
    let (head, _) = split_title(text);
    let (before, last) = head.rsplit_once(' ').filter(|_| head.len() <= 80 && head.chars().count() <= 40)?;
    let ordinal = |word: &str| {
        let word = word.trim_end_matches('.');
        let lower = word.to_lowercase();
        roman(word).is_some() && word.bytes().all(|b| b.is_ascii_uppercase())
            // German: "Zweiundzwanzigster Abschnitt".
            || ["igster", "igste", "igstes"].iter().any(|end| lower.ends_with(end))
            || word.len() <= 3 && !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()) && !text.contains(':')
            || LEGAL_WORDS.iter().any(|row| row.ordinals.iter().any(|known| *known == lower || is_turkish(word, known)))
    };
    if before.split(' ').count() > 2 || !before.split(' ').all(ordinal) {
        return None;
    }
    let kind = DIVISIONS.after(last).find(|(_, rest)| rest.is_empty())?.0.to_string();
    let len = text.find(head).map_or(0, |at| at + head.len());
    Some(Keyword::Division { kind, label: head.to_string(), len })
}

/// "BİRİNCİ" in small letters is not what Unicode makes of it.
fn is_turkish(word: &str, known: &str) -> bool {
    word.contains(['I', 'İ']) && after_word(word, known).is_some_and(str::is_empty)
}

/// Reads "I", "II. General provisions".
fn bare_numeral(text: &str) -> Option<Keyword> {
    let head = text.split([' ', '.', ':']).next().unwrap_or("");
    let stands = roman(head).is_some()
        && head.bytes().all(|b| b.is_ascii_uppercase())
        && (head.len() == text.trim_end_matches('.').len() || text[head.len()..].starts_with(". "));
    stands.then(|| Keyword::Division { kind: "numeral".to_string(), label: head.to_string(), len: head.len() })
}

/// Splits "Erster Abschnitt - Das Strafgesetz" and "CHAPTER 77— PEONAGE".
fn split_title(text: &str) -> (&str, &str) {
    let text = text.trim_end_matches([' ', '-', '\u{2013}', '\u{2014}']);
    let cut = text.find(" - ").or_else(|| text.find(['\u{2013}', '\u{2014}', ':']));
    cut.map_or((text.trim(), ""), |at| (text[..at].trim(), &text[at..]))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Words with which the names of instruments begin.
const INSTRUMENTS: &[&str] = &[
    "optional",
    "facultatief",
    "protocole",
    "additional",
    "protocol",
    "protokoll",
    "recommendation",
    "final",
    "declaration",
    "convention",
    "agreement",
    "statute",
    "charter",
    "covenant",
    "resolution",
    "international",
    "supplementary",
    "second",
    "third",
];

fn instrument(text: &str) -> Option<Keyword> {
    let words: Vec<&str> = text.split_whitespace().take(12).collect();
    let first = words.first()?.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let numbered = |word: Option<&&str>| {
        word.map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()))
            .filter(|w| {
                roman(w).is_some()
                    || w.starts_with(|c: char| c.is_ascii_digit())
                    || (w.len() == 1 && w.starts_with(|c: char| c.is_uppercase()))
            })
            .map(|w| format!(" {w}"))
            .unwrap_or_default()
    };
    let annex = ANNEXES.after(first.as_str()).any(|(_, rest)| rest.is_empty());
    if annex && starts_capital(text) {
        return Some(Keyword::Instrument { prefix: format!("{}{}", capitalised(&first), numbered(words.get(1))) });
    }
    if !INSTRUMENTS.contains(&first.as_str()) {
        return None;
    }
    let second = words.get(1).map_or(String::new(), |w| w.to_lowercase());
    let prefix = match (first.as_str(), second.as_str()) {
        ("optional", "protocol") | ("facultatief", "protocol") => "OP".to_string(),
        ("protocole", "facultatif") => "PF".to_string(),
        ("additional", "protocol") => "AP".to_string(),
        ("protocol" | "protocole" | "protokoll", _) => {
            format!("Prot.{}", numbered(words.get(1).filter(|w| w.len() < 4).or(words.get(2))))
        }
        ("recommendation", _) => format!("Rec.{}", numbered(words.get(1))),
        ("final", "act") => "Final Act".to_string(),
        ("declaration" | "convention" | "agreement" | "statute" | "charter" | "covenant" | "resolution", _) => {
            initialism(text)
        }
        (
            "international" | "supplementary" | "second" | "third",
            "convention" | "agreement" | "protocol" | "optional",
        ) => initialism(text),
        _ => return None,
    };
    Some(Keyword::Instrument { prefix })
}

/// Returns the capitals of the words up to the first preposition: "Second Optional Protocol to the …" is SOP.
fn initialism(text: &str) -> String {
    let words = text.split_whitespace().take_while(|w| {
        !matches!(w.to_lowercase().as_str(), "to" | "of" | "on" | "concerning" | "relating" | "for" | "against")
    });
    let letters: String = words
        .filter_map(|w| w.chars().next())
        .filter(|c| c.is_alphabetic())
        .take(5)
        .flat_map(char::to_uppercase)
        .collect();
    if letters.len() == 1 {
        format!("{}.", text.split_whitespace().next().unwrap_or("").chars().take(4).collect::<String>())
    } else {
        letters
    }
}

/// Returns the words of a heading as a label of at most sixty characters on one line.
pub(super) fn heading_label(text: &str) -> String {
    let mut label = String::new();
    let mut length = 0usize;
    for word in text.split_whitespace() {
        let word = word.trim_matches(['*', '_', '#', '|']);
        let letters = word.chars().count();
        if word.is_empty() {
            continue;
        }
        if length + letters > 60 {
            if label.is_empty() {
                label.extend(word.chars().take(60));
            }
            label.push('…');
            break;
        }
        if !label.is_empty() {
            label.push(' ');
            length += 1;
        }
        label.push_str(word);
        length += letters;
    }
    let kept = label.trim_end_matches([' ', '-', '\u{2013}', '\u{2014}', ':']).len();
    label.truncate(kept);
    label
}

/// Makes labels unique by appending `" [2]"`, `" [3]"` …
#[derive(Default)]
pub(super) struct Unique {
    seen: HashMap<String, u32>,
}

impl Unique {
    pub(super) fn label(&mut self, label: String) -> Box<str> {
        let Some(times) = self.seen.get_mut(&label) else {
            self.seen.insert(label.clone(), 1);
            return label.into_boxed_str();
        };
        // Bounded: a text holds finitely many labels of this form, and each try counts on.
        let mut next = *times;
        loop {
            next = next.saturating_add(1);
            let candidate = format!("{label} [{next}]");
            if !self.seen.contains_key(&candidate) {
                self.seen.insert(label, next);
                self.seen.insert(candidate.clone(), 1);
                return candidate.into_boxed_str();
            }
        }
    }
}
