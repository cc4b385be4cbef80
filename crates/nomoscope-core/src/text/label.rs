//! What stands at the beginning of a line: numbers of paragraphs and points, keywords of articles and divisions.
//!
//! Keywords are those of English, French, German, Dutch, Spanish, Italian and Portuguese instruments. Labels keep the
//! numeral as the text writes it.

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

fn latin_suffix(rest: &str) -> usize {
    for suffix in [" bis", " ter", " quater", "bis", "ter", "quater"] {
        if rest.starts_with(suffix) && !rest[suffix.len()..].starts_with(|c: char| c.is_alphanumeric()) {
            return suffix.len();
        }
    }
    0
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

/// What a heading, or a line that could be one, announces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Keyword {
    /// `Art. 5`, `§ 12a`, `Sec. 3`; the label, and the bytes up to the heading's own words.
    Article { label: String, len: usize, section: bool },
    /// `Part I`, `Chapter II`; the kind without its number, and the label.
    Division { kind: String, label: String },
    /// An annex, a schedule, an optional protocol: what follows is cited after this.
    Instrument { prefix: String },
    /// A preamble; the bytes of the word.
    Preamble { len: usize },
}

const ARTICLES: &[&str] =
    &["articles", "article", "artikel", "artículo", "articulo", "articolo", "статья", "artigo", "art."];
const SECTIONS: &[&str] = &["section", "sec."];
const DIVISIONS: &[&str] = &[
    "part",
    "chapter",
    "title",
    "section",
    "subchapter",
    "subpart",
    "division",
    "book",
    "partie",
    "chapitre",
    "titre",
    "livre",
    "teil",
    "kapitel",
    "abschnitt",
    "unterabschnitt",
    "titel",
    "untertitel",
    "buch",
    "hoofdstuk",
    "afdeling",
    "deel",
    "paragraaf",
    "parte",
    "capítulo",
    "capitulo",
    "título",
    "titulo",
    "sección",
    "seccion",
    "libro",
    "capo",
    "titolo",
    "sezione",
    "sous-section",
];
const ANNEXES: &[&str] =
    &["annex", "annexe", "schedule", "appendix", "anlage", "anhang", "bijlage", "anexo", "allegato", "appendice"];
const PREAMBLES: &[&str] = &["preambule", "preamble", "préambule", "präambel", "preámbulo", "preambolo", "preâmbulo"];

/// Returns the rest of `text` after `word` in any case.
fn after_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    for wanted in word.chars() {
        let got = rest.next()?;
        if got != wanted && !got.to_lowercase().eq(std::iter::once(wanted)) {
            return None;
        }
    }
    Some(rest.as_str())
}

fn starts_capital(text: &str) -> bool {
    text.chars().next().is_some_and(|c| c.is_uppercase() || c == '§')
}

/// Reads the keyword with which a heading or line begins. `sections` says that "Section 3" is an article, no division.
pub(super) fn keyword(text: &str, sections: bool) -> Option<Keyword> {
    let text = text.trim_start_matches(['*', '_', ' ']);
    if let Some(len) = preamble_word(text) {
        return Some(Keyword::Preamble { len });
    }
    article(text, sections).or_else(|| division(text)).or_else(|| instrument(text))
}

/// Returns the bytes of a leading word for "preamble", also where the text after it was glued on.
pub(super) fn preamble_word(text: &str) -> Option<usize> {
    PREAMBLES.iter().find_map(|word| {
        let rest = after_word(text, word)?;
        let rest = rest.trim_start_matches(['*', '_', ':', '.']);
        let glued_lower = rest.starts_with(char::is_lowercase);
        (starts_capital(text) && !glued_lower).then(|| text.len() - rest.len())
    })
}

/// Reads `Article 5 bis`, `Art. 5`, `ARTICLE V`, `§ 232a`, `Section 3`.
pub(super) fn article(text: &str, sections: bool) -> Option<Keyword> {
    if let Some(rest) = text.strip_prefix('§') {
        let rest = rest.trim_start_matches('§').trim_start();
        let end = code_number(rest)?;
        let label = format!("§ {}", &rest[..end]);
        return Some(Keyword::Article { label, len: text.len() - rest.len() + end, section: true });
    }
    if let Some(label) = east_asian(text) {
        let len = label.len();
        return Some(Keyword::Article { label, len, section: false });
    }
    if !starts_capital(text) {
        return None;
    }
    let find = |words: &[&str], short: &'static str, section: bool| {
        words.iter().find_map(|word| {
            let rest = after_word(text, word)?;
            let number = rest.trim_start_matches([' ', '\t', '\u{a0}', '*']);
            if number.len() == rest.len() && !word.ends_with('.') {
                return None;
            }
            let end = code_number(number)?;
            let label = format!("{short} {}", number[..end].replace("premier", "1").replace("1er", "1"));
            Some(Keyword::Article { label, len: text.len() - number.len() + end, section })
        })
    };
    find(ARTICLES, "Art.", false).or_else(|| sections.then(|| find(SECTIONS, "Sec.", true)).flatten())
}

/// Reads "第三条".
fn east_asian(text: &str) -> Option<String> {
    let number = text.strip_prefix('第')?;
    let number = &number[..number.floor_char_boundary(18)];
    let end = number.find(['条', '條', '조'])?;
    let digits = number[..end].trim();
    let numeral = |c: char| c.is_numeric() || "〇零一二三四五六七八九十百千".contains(c);
    (!digits.is_empty() && digits.chars().all(numeral))
        .then(|| {
            let sign = number[end..].chars().next().map_or(0, char::len_utf8);
            text['第'.len_utf8() + end + sign..].len()
        })
        .map(|rest| text[..text.len() - rest].to_string())
}

/// Returns the length of the number of an article: `5`, `5 bis`, `12a`, `225-4-1`, `L. 8112-2`, `V`, `1er`.
fn code_number(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    if matches!(bytes.first(), Some(b'L' | b'R' | b'D')) {
        let rest = text[1..].trim_start_matches(['.', ' ']);
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            at = text.len() - rest.len();
        }
    }
    let digits = bytes.get(at..)?.iter().take(7).take_while(|b| b.is_ascii_digit()).count();
    if digits == 0 {
        let word = bytes.iter().take(10).take_while(|b| b.is_ascii_alphabetic()).count();
        let is_first = &text[..word] == "premier";
        let is_numeral = text.starts_with(|c: char| c.is_ascii_uppercase())
            && roman(&text[..word]).is_some()
            && text[..word].bytes().all(|b| b.is_ascii_uppercase());
        return (is_first || is_numeral).then(|| word + latin_suffix(&text[word..]));
    }
    if digits > 6 {
        return None;
    }
    at += digits;
    if text[at..].starts_with("er") {
        at += 2;
    }
    // Parts such as "-4-1", "a", ".2", and " A" as in "224-1 A".
    for _ in 0..6 {
        let letters = bytes[at..].iter().take(3).take_while(|b| b.is_ascii_alphabetic()).count();
        if letters == 1 || (letters == 2 && bytes[at..at + 2].iter().all(u8::is_ascii_lowercase)) {
            at += letters;
            continue;
        }
        let joined =
            matches!(bytes.get(at), Some(b'-' | b'.')) && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
        if !joined {
            break;
        }
        let more = bytes[at + 1..].iter().take(6).take_while(|b| b.is_ascii_digit()).count();
        if more == 0 {
            break;
        }
        at += 1 + more;
    }
    at += latin_suffix(&text[at..]);
    let tail = &text[at..];
    if let Some(letter) = tail.strip_prefix(' ') {
        let end = letter.find(char::is_whitespace).unwrap_or(letter.len());
        if end == 1 && letter.starts_with(|c: char| c.is_ascii_uppercase()) && letter[end..].trim().is_empty() {
            at += 2;
        }
    }
    (!text[at..].starts_with(|c: char| c.is_alphanumeric())).then_some(at)
}

fn division(text: &str) -> Option<Keyword> {
    if !starts_capital(text) {
        return None;
    }
    for word in DIVISIONS {
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
            || word_number.starts_with(|c: char| c.is_ascii_digit())
            || (word_number.len() == 1 && word_number.starts_with(|c: char| c.is_ascii_uppercase()))
            || [
                "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "premier", "PREMIER", "Premier", "One", "Two", "Three",
                "Four", "Five",
            ]
            .contains(&word_number);
        if numeral && word_number.len() <= 8 {
            return Some(Keyword::Division {
                kind: (*word).to_string(),
                label: format!("{} {word_number}", capitalised(word)),
            });
        }
    }
    // "Erster Abschnitt - Das Strafgesetz"; "I", "II. General provisions".
    let (head, _) = split_title(text);
    let last = head.rsplit(' ').next().unwrap_or("").to_lowercase();
    if head.contains(' ') && head.len() <= 40 && head.split(' ').count() <= 3 && DIVISIONS.contains(&last.as_str()) {
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
    if ANNEXES.contains(&first.as_str()) && starts_capital(text) {
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

/// Makes labels unique by appending " [2]", " [3]" …
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

    pub(super) fn has(&self, label: &str) -> bool {
        self.seen.contains_key(label)
    }
}
