//! The numbers of articles: digits of many scripts, Roman and Chinese numerals, words, and what is added to them.
//!
//! Labels keep the numeral as the text writes it; its value only tells where the article stands among its neighbours.

use super::characters::is_raised;
use super::legal_words::{LATIN_SUFFIXES, LEGAL_WORDS};

/// Where an article stands among its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    /// The number without its additions; none for one that is not read (in parts).
    pub(super) value: Option<u32>,
    /// Whether it was inserted after the article of that number: 120-1, 12a, 5 bis.
    pub(super) inserted: bool,
    /// Whether the script tells no beginning of a sentence, so that "Article 5 of the law" looks like an article.
    pub(super) caseless: bool,
}

/// The number of an article.
pub(super) struct Number {
    /// As cited, without the sign of an ordinal.
    pub(super) label: String,
    pub(super) len: usize,
    pub(super) place: Place,
}

/// The dash of Arabic script that Unicode counts among the letters.
const TATWEEL: char = '\u{640}';

const SPACES: [char; 4] = [' ', '\t', '\u{a0}', '\u{202f}'];

/// Whether a word or number goes on here.
fn goes_on(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_alphanumeric() && c != TATWEEL && !is_raised(c))
}

/// Returns the bytes of " bis", "-ter", "QUATER", " مكرر" at the start of `rest`.
pub(super) fn word_suffix(rest: &str) -> usize {
    let word = rest.strip_prefix([' ', '-', '\u{a0}', '\u{2011}']).unwrap_or(rest);
    let end = word.find(|c: char| !c.is_alphabetic() && !is_mark(c)).unwrap_or(word.len());
    let known = (1..=24).contains(&end) && LATIN_SUFFIXES.contains(&word[..end].to_lowercase().as_str());
    if known && !goes_on(&word[end..]) { rest.len() - word.len() + end } else { 0 }
}

/// Returns the bytes of " (أ)", " (2)" after an Arabic word of that kind: in other scripts, brackets there cite a paragraph.
fn suffix_in_brackets(suffix: &str, rest: &str) -> usize {
    let arabic = suffix.contains(|c: char| matches!(c, '\u{600}'..='\u{6ff}'));
    let inner = rest.trim_start_matches(SPACES).strip_prefix('(').filter(|_| arabic);
    let Some((inner, after)) = inner.and_then(|inner| inner.split_once(')')) else { return 0 };
    let letter = inner.trim().trim_end_matches(TATWEEL);
    let counts = letter.chars().count() <= 2 && letter.chars().all(is_digit)
        || letter.chars().count() == 1 && letter.chars().all(char::is_alphabetic);
    if counts && !letter.is_empty() { rest.len() - after.len() } else { 0 }
}

/// Returns the bytes of ".1" and " 4" after such a word: "600 octies.1", "303 bis 4. — …".
fn suffix_number(rest: &str) -> usize {
    let Some(number) = rest.strip_prefix(['.', ' ', '-', '\u{a0}']) else {
        return 0;
    };
    let digits: usize = number.chars().take(3).take_while(|&c| is_digit(c)).map(char::len_utf8).sum();
    let tail = &number[digits..];
    // "Artículo 5 bis 1. Las lámparas …": after a space, words may follow the number of a paragraph.
    let after = tail.trim_start_matches(['.', ' ', ')']);
    let apart = rest.starts_with(['.', '-']) || after.is_empty() || after.starts_with(['-', ':', '–', '—', '(']);
    let fits = digits > 0 && number[..digits].chars().count() <= 2 && apart && !goes_on(tail);
    if fits { rest.len() - tail.len() } else { 0 }
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

/// Reads "(5)" and "(٥) مكرر", as Arabic laws number.
pub(super) fn bracketed(text: &str) -> Option<Number> {
    let inner = text.strip_prefix(['(', '\u{fd3e}', '\u{fd3f}'])?;
    let open = text.len() - inner.len();
    let skipped = inner.len() - inner.trim_start().len();
    let number = code_number(inner.trim_start(), false)?;
    let rest = inner.get(skipped + number.len..)?;
    let close = rest.trim_start().strip_prefix([')', '\u{fd3e}', '\u{fd3f}'])?;
    let suffix = word_suffix(close);
    let suffix = if suffix > 0 { suffix + suffix_number(&close[suffix..]) } else { 0 };
    let suffix = suffix + suffix_in_brackets(&close[..suffix], &close[suffix..]);
    let inserted = number.place.inserted || suffix > 0;
    Some(Number {
        label: format!("{}{}", number.label, &close[..suffix]),
        len: open + inner.len() - close.len() + suffix,
        place: Place { inserted, ..number.place },
    })
}

/// The most words of which a number is made: "vigésimo primero", "چهل و سوم", "الحادية والعشرون بعد المائة".
const NUMERAL_WORDS: usize = 5;

/// Reads "premier", "único", "الحادية عشرة", "vigésimo primero", "چهل و سوم": words of a list, whose values add up.
pub(super) fn numeral_word(text: &str) -> Option<Number> {
    let (mut len, mut value) = (0, 0);
    for _ in 0..NUMERAL_WORDS {
        let rest = text[len..].trim_start_matches(SPACES);
        let mut word = rest;
        if len > 0 {
            // "and", "after": they join two numerals, or belong to the sentence.
            word = ["و ", "بعد "].iter().find_map(|joint| rest.strip_prefix(joint)).unwrap_or(rest);
        }
        let end = word.find(|c: char| !c.is_alphanumeric() && c != '\u{200c}').unwrap_or(word.len());
        let lower = word[..end].to_lowercase();
        let joined = lower.strip_prefix('و').filter(|_| len > 0);
        let Some(worth) = numeral_value(&lower).or_else(|| joined.and_then(numeral_value)).filter(|_| end > 0) else {
            break;
        };
        value += worth;
        len = text.len() - word.len() + end;
    }
    // "الخامسة والـ…": a number of which only the first word is known would be the number of another article.
    if len == 0 || text[len..].trim_start_matches(SPACES).starts_with("وال") {
        return None;
    }
    let words = &text[..len];
    let label = if words == "premier" { "1".to_string() } else { words.to_string() };
    Some(Number { label, len, place: Place { value: Some(value), ..Place::default() } })
}

fn numeral_value(word: &str) -> Option<u32> {
    LEGAL_WORDS.iter().flat_map(|row| row.numerals).find(|(known, _)| *known == word).map(|&(_, value)| value)
}

/// The number with its sign, as in "第三条" and "제3조의2".
pub(super) struct EastAsian {
    pub(super) len: usize,
    pub(super) place: Place,
}

pub(super) const HAN_NUMERALS: &str = "〇零一二三四五六七八九十百千两";

/// Reads "第三条", "第百二十条の二", "第一百二十条之一", "제3조의2", up to one of `signs` and what was inserted after it.
pub(super) fn east_asian(text: &str, signs: &[char]) -> Option<EastAsian> {
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
pub(super) fn han_value(numeral: &str) -> Option<u32> {
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

pub(super) fn digit(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    ZEROS.iter().find_map(|zero| (c as u32).checked_sub(*zero).filter(|value| *value < 10))
}

pub(super) fn is_digit(c: char) -> bool {
    digit(c).is_some()
}

/// Reads the number of an article: `5`, `5 bis`, `12a`, `225-4-1`, `L. 8112-2`, `R*121-3`, `V`, `1º`, `133¹`, `٥`.
///
/// `spaced` says that a letter may stand apart, as in "§ 262 a": in French, "Article 5 a été modifié" is a sentence.
pub(super) fn code_number(text: &str, spaced: bool) -> Option<Number> {
    let mut at = 0;
    if text.starts_with(['L', 'R', 'D']) {
        let rest = text[1..].trim_start_matches(['O', '.', ' ', '*']);
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            at = text.len() - rest.len();
        }
    }
    // The numbers of the annex of a French code.
    if text.starts_with("annexe ") {
        at = "annexe ".len();
    }
    let digits: usize = text[at..].chars().take(7).take_while(|&c| is_digit(c)).map(char::len_utf8).sum();
    if digits == 0 {
        return if at == 0 { roman_number(text) } else { None };
    }
    if text[at..at + digits].chars().count() > 6 {
        return None;
    }
    let value = han_value(&text[at..at + digits]);
    at += digits;
    let whole = at;
    let sign = ordinal_sign(&text[at..]);
    at += sign;
    for _ in 0..6 {
        at += part(&text[at..]);
    }
    at += text[at..].chars().take_while(|&c| is_raised(c)).map(char::len_utf8).sum::<usize>();
    let suffix = word_suffix(&text[at..]);
    // German "§ 234 bis 236": to.
    let reaches = spaced && text[at + suffix..].strip_prefix(' ').is_some_and(|next| next.starts_with(is_digit));
    if suffix > 0 && !reaches {
        at += suffix;
        at += suffix_number(&text[at..]);
        at += suffix_in_brackets(&text[whole..at], &text[at..]);
    }
    // Romanian, where raised digits cannot be typed.
    if let Some(index) = text[at..].strip_prefix(" ind. ") {
        at += " ind. ".len() + index.bytes().take(2).take_while(u8::is_ascii_digit).count();
    }
    at += lone_letter(&text[at..], spaced);
    if goes_on(&text[at..]) {
        return None;
    }
    let label = format!("{}{}", &text[..whole], &text[whole + sign..at]);
    Some(Number { label, len: at, place: Place { value, inserted: at > whole + sign, caseless: false } })
}

/// Returns the bytes of the sign of an ordinal, which is no part of the number that is cited.
pub(super) fn ordinal_sign(rest: &str) -> usize {
    ["er", "re", ".º", "º", ".ª", "ª", ".°", "°"]
        .iter()
        .find(|sign| rest.strip_prefix(**sign).is_some_and(|after| !after.starts_with(char::is_alphanumeric)))
        .map_or(0, |sign| sign.len())
}

/// Returns the bytes of one part of a number, such as "-4", "a", ".2", "/A", "-б".
fn part(rest: &str) -> usize {
    let letters = rest.bytes().take(4).take_while(u8::is_ascii_alphabetic).count();
    let (upper, lower) = (u8::is_ascii_uppercase, u8::is_ascii_lowercase);
    let run = &rest.as_bytes()[..letters];
    if letters == 1
        || (letters == 2 && run.iter().all(lower))
        || (letters == 3 || letters == 2) && run.iter().all(upper)
    {
        return letters;
    }
    let mut signs = rest.chars();
    let Some(first) = signs.next() else { return 0 };
    if !first.is_ascii() && first.is_alphabetic() && first != TATWEEL {
        return if closed(signs.as_str()) { first.len_utf8() } else { 0 };
    }
    if !matches!(first, '-' | '.' | '^' | '/' | '\u{2011}') {
        return 0;
    }
    let further = signs.as_str();
    let digits: usize = further.chars().take(6).take_while(|&c| is_digit(c)).map(char::len_utf8).sum();
    if digits > 0 {
        // "3/2009" is the number of a law, or a date.
        let dated = first == '/' && (further[digits..].starts_with(['/', '-']) || is_year(further));
        return if dated { 0 } else { first.len_utf8() + digits };
    }
    let letter = further.chars().next().filter(|c| c.is_alphabetic() && *c != TATWEEL);
    letter
        .filter(|&letter| matches!(first, '-' | '/' | '\u{2011}') && stands_alone(letter, further))
        .map_or(0, |letter| first.len_utf8() + letter.len_utf8())
}

/// Whether more than two digits follow.
fn is_year(digits: &str) -> bool {
    digits.chars().take_while(|&c| is_digit(c)).take(3).count() > 2
}

/// Whether no letter, digit or mark of a letter follows.
fn closed(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_alphanumeric() && !is_raised(c) && c != TATWEEL || is_mark(c))
}

/// Viramas and nuktas are no letters to Unicode, but a letter with one is no number.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{94d}' | '\u{93c}' | '\u{9cd}' | '\u{e47}'..='\u{e4e}' | '\u{103a}' | '\u{17d2}')
}

/// Whether the letter after a dash belongs to the number ("149-A.") and does not open the words ("5 -A lamp burns").
fn stands_alone(letter: char, further: &str) -> bool {
    let after = &further[letter.len_utf8()..];
    let words = after.trim_start_matches(SPACES);
    let caseless = !letter.is_uppercase() && !letter.is_lowercase();
    let runs_on = words.len() < after.len()
        && words.starts_with(|c: char| if caseless { c.is_alphabetic() } else { c.is_lowercase() });
    closed(after) && !runs_on
}

fn roman_number(text: &str) -> Option<Number> {
    let word = text.bytes().take(10).take_while(u8::is_ascii_uppercase).count();
    let value = roman(&text[..word])?;
    // French "Article Ier".
    let sign = ["er", "re"].iter().find(|sign| text[word..].starts_with(**sign)).map_or(0, |sign| sign.len());
    if text[word + sign..].starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let suffix = word_suffix(&text[word + sign..]);
    let len = word + sign + suffix;
    let place = Place { value: Some(value), inserted: suffix > 0, caseless: false };
    Some(Number { label: format!("{}{}", &text[..word], &text[word + sign..len]), len, place })
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
    // "Article 1er bis A (nouveau)": brackets after a letter say what became of it.
    let ends = rest.trim().is_empty() || rest.starts_with(" (");
    let stands = ends
        || (after.len() < rest.len() && after.starts_with(|c: char| c.is_uppercase() || c == '(' || c == '§'))
        || rest.starts_with('.');
    let fits = (first.is_uppercase() && ends) || (spaced && first.is_ascii_lowercase() && stands);
    if fits { space + first.len_utf8() } else { 0 }
}

/// Reads on to the last number of a row: "234 bis 236", "3-4", "12, 13".
pub(super) fn row_of_numbers(text: &str, first: Number) -> Number {
    let mut len = first.len;
    for _ in 0..6 {
        let rest = &text[len..];
        let joint = [" bis ", "-", " - ", "\u{2013}", " \u{2013} ", " und ", ", ", " e ", " i ", " et "];
        let next = joint.iter().find_map(|joint| {
            let number = rest.strip_prefix(joint).filter(|number| number.starts_with(is_digit))?;
            Some(joint.len() + code_number(number, true)?.len)
        });
        let Some(next) = next else { break };
        len += next;
    }
    if len == first.len { first } else { Number { label: text[..len].to_string(), len, ..first } }
}
