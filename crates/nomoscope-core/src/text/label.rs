//! What stands at the beginning of a line: numbers of paragraphs and points, keywords of articles and divisions.
//!
//! The words of each language stand in [`super::legal_words`]. Labels keep the numeral as the text writes it.

use super::legal_words::{LATIN_SUFFIXES, LEGAL_WORDS, LegalWords};
use std::collections::HashMap;

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
    RomanLower,
    RomanUpper,
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
    /// `1°`
    Degree,
    /// A dash or bullet.
    Mark,
}

impl Class {
    pub(super) fn is_arabic(self) -> bool {
        matches!(self.numeral, Numeral::Arabic | Numeral::Decimal(_)) && self.form != Form::Degree
    }

    pub(super) fn is_mark(self) -> bool {
        self.form == Form::Mark
    }

    /// Letters and numerals with a full stop may as well be initials or the end of a sentence.
    pub(super) fn is_weak(self) -> bool {
        self.form == Form::Dot && self.numeral != Numeral::Arabic
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
    let (form, end) = form(text, at, open)?;
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
        return Some((Numeral::Arabic, value, None, end + latin_suffix(&text[end..])));
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

/// Returns the bytes of " bis", "-ter", "QUATER" at the start of `rest`.
fn latin_suffix(rest: &str) -> usize {
    let word = rest.strip_prefix([' ', '-', '\u{a0}', '\u{2011}']).unwrap_or(rest);
    let end = word.find(|c: char| !c.is_alphabetic()).unwrap_or(word.len());
    let known = end <= 20 && LATIN_SUFFIXES.contains(&word[..end].to_lowercase().as_str());
    let closed = !word[end..].starts_with(char::is_alphanumeric);
    if known && closed { rest.len() - word.len() + end } else { 0 }
}

fn letter_value(word: &str) -> u32 {
    let first = word.bytes().next().map_or(0, |b| u32::from(b.to_ascii_lowercase() - b'a') + 1);
    first + if word.len() == 2 { 26 } else { 0 }
}

/// Returns the value of a Roman numeral below 400 that is written in the usual way.
pub(super) fn roman(word: &str) -> Option<u32> {
    if word.is_empty() || word.len() > 10 {
        return None;
    }
    let upper = word.to_ascii_uppercase();
    let mut rest = upper.as_str();
    let mut value = 0;
    for (sign, worth, most) in [
        ("C", 100, 3),
        ("XC", 90, 1),
        ("L", 50, 1),
        ("XL", 40, 1),
        ("X", 10, 3),
        ("IX", 9, 1),
        ("V", 5, 1),
        ("IV", 4, 1),
        ("I", 1, 3),
    ] {
        for _ in 0..most {
            let Some(after) = rest.strip_prefix(sign) else {
                break;
            };
            value += worth;
            rest = after;
        }
    }
    (rest.is_empty() && value > 0).then_some(value)
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

/// Where an article stands among its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    /// The number without its additions; none for one that is not read (in words, in parts).
    pub(super) value: Option<u32>,
    /// Whether it was inserted after the article of that number: 120-1, 12a, 5 bis.
    pub(super) inserted: bool,
    /// Whether the script tells no beginning of a sentence, so that "Article 5 of the law" looks like an article.
    pub(super) caseless: bool,
}

/// What a heading, or a line that could be one, announces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Keyword {
    /// `Art. 5`, `§ 12a`, `Sec. 3`; the label, and the bytes up to the heading's own words.
    Article { label: String, len: usize, section: bool, number: Place },
    /// `Part I`, `Chapter II`; the kind without its number, and the label.
    Division { kind: String, label: String },
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
        } else if got != wanted && !got.to_lowercase().eq(std::iter::once(wanted)) {
            return None;
        }
    }
    Some(rest.as_str())
}

/// Whether the text begins as a heading may: not in lower case.
fn starts_capital(text: &str) -> bool {
    text.chars().next().is_some_and(|c| c == '§' || (c.is_alphabetic() && !c.is_lowercase()))
}

fn is_caseless(c: char) -> bool {
    c.is_alphabetic() && !c.is_uppercase() && !c.is_lowercase()
}

fn words_of(of: fn(&LegalWords) -> &'static [&'static str]) -> impl Iterator<Item = &'static str> {
    LEGAL_WORDS.iter().flat_map(of).copied()
}

/// Reads the keyword with which a heading or line begins.
pub(super) fn keyword(text: &str, names: Names) -> Option<Keyword> {
    let text = text.trim_start_matches(['*', '_', ' ']);
    if let Some(len) = preamble_word(text) {
        return Some(Keyword::Preamble { len });
    }
    article(text, names).or_else(|| division(text)).or_else(|| instrument(text))
}

/// Returns the bytes of a leading word for "preamble", also where the text after it was glued on.
pub(super) fn preamble_word(text: &str) -> Option<usize> {
    if !starts_capital(text) {
        return None;
    }
    words_of(|row| row.preambles).find_map(|word| {
        let rest = after_word(text, word)?;
        let rest = rest.trim_start_matches(['*', '_', ':', '.']);
        // A script without capitals cannot tell a word that was glued on from a longer word.
        let glued = rest.starts_with(|c: char| c.is_lowercase() || is_caseless(c));
        (!glued).then(|| text.len() - rest.len())
    })
}

/// Reads `Article 5 bis`, `Art. 5`, `ARTICLE V`, `§ 232a`, `Section 3`, `المادة 5`, `第五条`, `5. cikk`.
pub(super) fn article(text: &str, names: Names) -> Option<Keyword> {
    if let Some(rest) = text.strip_prefix('§') {
        let rest = rest.trim_start_matches('§').trim_start_matches([' ', '\t', '\u{a0}', '\u{202f}']);
        let number = code_number(rest, true)?;
        return Some(number.article("§", text.len() - rest.len(), true));
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
    let after = |word: &str| {
        let rest = after_word(text, word)?;
        let number = rest.trim_start_matches([' ', '\t', '\u{a0}', '\u{202f}', '*']);
        if number.len() == rest.len() && !word.ends_with('.') && !(caseless && number.starts_with(is_digit)) {
            return None;
        }
        Some(number)
    };
    let find = |short: &str, word: &'static str, section: bool| {
        let rest = after(word)?;
        let mut number = code_number(rest, word == "artikel" || word == "art")
            .or_else(|| caseless.then(|| bracketed(rest)).flatten())
            .or_else(|| numeral_word(rest))?;
        number.place.caseless = caseless;
        Some(number.article(short, text.len() - rest.len(), section))
    };
    words_of(|row| row.articles).find_map(|word| find("Art.", word, false)).or_else(|| {
        (names == Names::Sections).then(|| SECTIONS.iter().find_map(|word| find("Sec.", word, true))).flatten()
    })
}

/// The number of an article.
struct Number {
    /// As cited, without the sign of an ordinal.
    label: String,
    len: usize,
    place: Place,
}

impl Number {
    fn article(self, short: &str, before: usize, section: bool) -> Keyword {
        let label = format!("{short} {}", self.label);
        Keyword::Article { label, len: before + self.len, section, number: self.place }
    }
}

/// Reads "(5)" and "(٥)", as Arabic laws number.
fn bracketed(text: &str) -> Option<Number> {
    let inner = text.strip_prefix(['(', '\u{fd3e}', '\u{fd3f}'])?;
    let open = text.len() - inner.len();
    let skipped = inner.len() - inner.trim_start().len();
    let number = code_number(inner.trim_start(), false)?;
    let rest = inner.get(skipped + number.len..)?;
    let close = rest.trim_start().strip_prefix([')', '\u{fd3e}', '\u{fd3f}'])?;
    Some(Number { len: open + inner.len() - close.len(), ..number })
}

/// Reads "premier", "único", "الحادية عشرة": up to three words of a list.
fn numeral_word(text: &str) -> Option<Number> {
    let mut len = 0;
    for _ in 0..3 {
        let rest = text[len..].trim_start_matches(' ');
        let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let lower = rest[..end].to_lowercase();
        if end == 0 || !words_of(|row| row.numerals).any(|word| word == lower) {
            break;
        }
        len = text.len() - rest.len() + end;
    }
    let words = &text[..len];
    let first = matches!(words, "premier" | "primero" | "الأولى" | "الاولى" | "اول" | "πρώτο");
    let label = if words == "premier" { "1".to_string() } else { words.to_string() };
    (len > 0).then(|| Number { label, len, place: Place { value: first.then_some(1), ..Place::default() } })
}

/// Reads "5. cikk", "5 straipsnis", "5 §".
fn number_first(text: &str) -> Option<Keyword> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, 'I' | 'V' | 'X')) {
        return None;
    }
    let number = code_number(text, false)?;
    let rest = text[number.len..].trim_start_matches(['.', ' ', '\u{a0}']);
    if rest.len() == text.len() - number.len {
        return None;
    }
    words_of(|row| row.after_number).find_map(|word| {
        let after = after_word(rest, word).filter(|after| !after.starts_with(char::is_alphanumeric))?;
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

/// Reads "1 Slavery, servitude …", "370A. Exploitation of a trafficked person.—(1) …".
fn act_section(text: &str) -> Option<Keyword> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 4 {
        return None;
    }
    let mut len = digits;
    let decimals = text[len..].strip_prefix('.').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    if decimals > 0 {
        len += 1 + decimals;
    }
    len += text[len..].bytes().take(3).take_while(u8::is_ascii_uppercase).count();
    let inserted = len > digits;
    let rest = text[len..].strip_prefix('.').unwrap_or(&text[len..]);
    let words = rest.trim_start();
    let opens = words.starts_with(|c: char| c.is_uppercase() || matches!(c, '(' | '[' | '"' | '\u{201c}'));
    if words.len() == rest.len() || !opens {
        return None;
    }
    let number = Place { value: text[..digits].parse().ok(), inserted, caseless: false };
    Some(Keyword::Article { label: format!("s. {}", &text[..len]), len, section: true, number })
}

/// The number with its sign, as in "第三条" and "제3조의2".
struct EastAsian {
    len: usize,
    place: Place,
}

const HAN_NUMERALS: &str = "〇零一二三四五六七八九十百千两";

/// Reads "第三条", "第百二十条の二", "第一百二十条之一", "제3조의2", up to one of `signs` and what was inserted after it.
fn east_asian(text: &str, signs: &[char]) -> Option<EastAsian> {
    let number = text.strip_prefix(['第', '제'])?;
    let is_numeral = |c: char| is_digit(c) || HAN_NUMERALS.contains(c);
    let digits = number.trim_start_matches(' ');
    let end = digits.char_indices().take(12).find(|&(_, c)| !is_numeral(c)).map(|(at, _)| at)?;
    let after = digits[end..].trim_start_matches(' ').strip_prefix(signs)?;
    if end == 0 {
        return None;
    }
    let (mut rest, mut inserted) = (after, false);
    while let Some(further) = rest.strip_prefix(['之', 'の', 'ノ', '의']) {
        let past = further.trim_start_matches(is_numeral);
        if past.len() == further.len() {
            break;
        }
        (rest, inserted) = (past, true);
    }
    let value = han_value(&digits[..end]);
    Some(EastAsian { len: text.len() - rest.len(), place: Place { value, inserted, caseless: true } })
}

/// Returns the value of digits of any script or of Chinese numerals up to the thousands.
fn han_value(numeral: &str) -> Option<u32> {
    if numeral.chars().all(is_digit) {
        return numeral.chars().try_fold(0_u32, |value, c| value.checked_mul(10)?.checked_add(digit(c)?));
    }
    if !numeral.contains(['十', '百', '千']) {
        // 一二〇: digits by place.
        return numeral.chars().try_fold(0_u32, |value, c| value.checked_mul(10)?.checked_add(han_digit(c)?));
    }
    let (mut total, mut pending) = (0_u32, None);
    for c in numeral.chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            _ => {
                pending = Some(han_digit(c).or_else(|| digit(c))?);
                continue;
            }
        };
        total = total.checked_add(pending.take().filter(|&n| n > 0).unwrap_or(1) * unit)?;
    }
    total.checked_add(pending.unwrap_or(0))
}

fn han_digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return digit(c),
    })
}

/// The zeros of the scripts in which laws are numbered.
const ZEROS: [u32; 17] = [
    0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0x1040, 0x17e0,
    0xff10,
];

fn digit(c: char) -> Option<u32> {
    ZEROS.iter().find_map(|zero| (c as u32).checked_sub(*zero).filter(|value| *value < 10))
}

fn is_digit(c: char) -> bool {
    digit(c).is_some()
}

/// Reads the number of an article: `5`, `5 bis`, `12a`, `225-4-1`, `L. 8112-2`, `R*121-3`, `V`, `1º`, `133¹`, `٥`.
///
/// `spaced` says that a letter may stand apart, as in "§ 262 a": in French, "Article 5 a été modifié" is a sentence.
fn code_number(text: &str, spaced: bool) -> Option<Number> {
    let bytes = text.as_bytes();
    let mut at = 0;
    if matches!(bytes.first(), Some(b'L' | b'R' | b'D')) {
        let rest = text[1..].trim_start_matches(['O', '.', ' ', '*']);
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            at = text.len() - rest.len();
        }
    }
    let digits: usize = text[at..].chars().take(7).take_while(|&c| is_digit(c)).map(char::len_utf8).sum();
    if digits == 0 {
        return roman_number(text);
    }
    if text[at..at + digits].chars().count() > 6 {
        return None;
    }
    let value = han_value(&text[at..at + digits]);
    at += digits;
    let whole = at;
    // The sign of an ordinal is no part of the number that is cited.
    let mut sign = 0;
    for ordinal in ["er", "re", ".º", "º", ".ª", "ª", ".°", "°"] {
        let rest = text[at..].strip_prefix(ordinal);
        if rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)) {
            sign = ordinal.len();
            break;
        }
    }
    at += sign;
    // Parts such as "-4-1", "a", ".2".
    for _ in 0..6 {
        let letters = bytes[at..].iter().take(3).take_while(|b| b.is_ascii_alphabetic()).count();
        if letters == 1 || (letters == 2 && bytes[at..at + 2].iter().all(u8::is_ascii_lowercase)) {
            at += letters;
            continue;
        }
        let joined =
            matches!(bytes.get(at), Some(b'-' | b'.' | b'^')) && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        if !joined {
            break;
        }
        at += 1 + bytes[at + 1..].iter().take(6).take_while(|b| b.is_ascii_digit()).count();
    }
    at += text[at..].chars().take_while(|&c| super::characters::is_raised(c)).map(char::len_utf8).sum::<usize>();
    at += latin_suffix(&text[at..]);
    at += lone_letter(&text[at..], spaced);
    if text[at..].starts_with(char::is_alphanumeric) {
        return None;
    }
    let label = format!("{}{}", &text[..whole], &text[whole + sign..at]);
    Some(Number { label, len: at, place: Place { value, inserted: at > whole + sign, caseless: false } })
}

fn roman_number(text: &str) -> Option<Number> {
    let word = text.bytes().take(10).take_while(u8::is_ascii_alphabetic).count();
    let upper = word > 0 && text[..word].bytes().all(|b| b.is_ascii_uppercase());
    let value = roman(&text[..word]).filter(|_| upper)?;
    let len = word + latin_suffix(&text[word..]);
    let place = Place { value: Some(value), inserted: len > word, caseless: false };
    Some(Number { label: text[..len].to_string(), len, place })
}

/// The letter of "224-1 A" at the end of a heading, or of "§ 262 a".
fn lone_letter(tail: &str, spaced: bool) -> usize {
    let Some(letter) = tail.strip_prefix([' ', '\u{a0}']) else {
        return 0;
    };
    let space = tail.len() - letter.len();
    let mut letters = letter.chars();
    let (Some(first), rest) = (letters.next(), letters.as_str()) else {
        return 0;
    };
    let after = rest.trim_start();
    let ends = rest.trim().is_empty();
    let stands = ends
        || (after.len() < rest.len() && after.starts_with(|c: char| c.is_uppercase() || c == '('))
        || rest.starts_with('.');
    let fits = (first.is_ascii_uppercase() && ends) || (spaced && first.is_ascii_lowercase() && stands);
    if fits { space + 1 } else { 0 }
}

fn division(text: &str) -> Option<Keyword> {
    if let Some(found) = east_asian(text, &['编', '編', '章', '节', '節', '篇', '장', '절', '편', '관']) {
        let label = &text[..found.len];
        let kind =
            label.chars().find(|c| !HAN_NUMERALS.contains(*c) && !is_digit(*c) && !matches!(c, '第' | '제' | ' '));
        return Some(Keyword::Division { kind: kind.map(String::from).unwrap_or_default(), label: label.to_string() });
    }
    if !starts_capital(text) {
        return None;
    }
    for word in words_of(|row| row.divisions) {
        let Some(rest) = after_word(text, word) else {
            continue;
        };
        let number = rest.trim_start_matches([' ', '\t', '\u{a0}']);
        if number.len() == rest.len() {
            continue;
        }
        let end = number.find(|c: char| !c.is_alphanumeric()).unwrap_or(number.len());
        let word_number = &number[..end];
        let numeral = (roman(word_number).is_some() && word_number.bytes().all(|b| b.is_ascii_uppercase()))
            || word_number.starts_with(is_digit)
            || numeral_word(word_number).is_some()
            || (word_number.len() == 1 && word_number.starts_with(|c: char| c.is_ascii_uppercase()))
            || [
                "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "premier", "PREMIER", "Premier", "One", "Two", "Three",
                "Four", "Five",
            ]
            .contains(&word_number);
        if numeral && (word_number.len() <= 8 || !word_number.is_ascii()) {
            return Some(Keyword::Division {
                kind: word.to_string(),
                label: format!("{} {word_number}", capitalised(word)),
            });
        }
    }
    // "Erster Abschnitt - Das Strafgesetz"; "I", "II. General provisions".
    let (head, _) = split_title(text);
    let last = head.rsplit(' ').next().unwrap_or("").to_lowercase();
    if head.contains(' ')
        && head.len() <= 40
        && head.split(' ').count() <= 3
        && words_of(|row| row.divisions).any(|word| word == last)
    {
        return Some(Keyword::Division { kind: last, label: head.to_string() });
    }
    let head = text.split([' ', '.', ':']).next().unwrap_or("");
    if roman(head).is_some()
        && head.bytes().all(|b| b.is_ascii_uppercase())
        && (head.len() == text.trim_end_matches('.').len() || text[head.len()..].starts_with(". "))
    {
        return Some(Keyword::Division { kind: "numeral".to_string(), label: head.to_string() });
    }
    None
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
    if words_of(|row| row.annexes).any(|word| word == first) && starts_capital(text) {
        return Some(Keyword::Instrument { prefix: format!("{}{}", capitalised(&first), numbered(words.get(1))) });
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
