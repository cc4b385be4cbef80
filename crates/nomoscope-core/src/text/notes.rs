//! What stands among the words of a text and is none of them: marks of notes, numbers of lines, times of cues.
//!
//! A format that knows its notes marks them ([`super::MarkKind::NoteMark`]). Plain text does not, and a mark then splits
//! every phrase over which it stands. What is found here becomes blanks of the same length, so that every position stays
//! what it is. The pass over the text stops at a few bytes only; whatever costs more is done where one of them is found.

use super::characters::{Role, role};
use super::layout::{ends_sentence, starts_lower};
use super::{Document, MarkKind, Span};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

impl Document {
    /// Returns the text as it flows: marks of notes, numbers of lines and times of cues are spaces, so that every position
    /// stays what it is.
    #[must_use]
    pub fn flowing(&self) -> Cow<'_, str> {
        let marks = self.marks.iter().filter(|mark| mark.kind == MarkKind::NoteMark).map(|mark| mark.span);
        let mut spans: Vec<Span> = marks.collect();
        spans.extend(furniture(&self.text));
        spans.extend(note_marks(&self.text));
        blanked(&self.text, spans)
    }
}

/// Returns the text with blanks for the stretches, which may overlap, leave the text or cut characters.
pub(super) fn blanked<'a>(text: &'a str, mut spans: Vec<Span>) -> Cow<'a, str> {
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    spans.sort_unstable();
    let mut flowing = String::with_capacity(text.len());
    for span in spans {
        // Marks come from a file: a span that leaves the text, cuts a character or begins in another is passed over.
        let (start, words) = (span.start as usize, span.of(text));
        if let Some(between) = text.get(flowing.len()..start) {
            flowing.push_str(between);
            flowing.extend(std::iter::repeat_n(' ', words.len()));
        }
    }
    flowing.push_str(text.get(flowing.len()..).unwrap_or(""));
    Cow::Owned(flowing)
}

/// Words that are counted by numbers: "article5" is one of them, written without its space.
static COUNTED: &[&str] = &[
    "article",
    "articles",
    "artikel",
    "articolo",
    "artículo",
    "artigo",
    "art",
    "section",
    "sections",
    "sec",
    "abschnitt",
    "paragraph",
    "paragraphe",
    "párrafo",
    "absatz",
    "para",
    "chapter",
    "chapitre",
    "capítulo",
    "kapitel",
    "part",
    "page",
    "pages",
    "seite",
    "line",
    "table",
    "tableau",
    "tabla",
    "tabelle",
    "figure",
    "abbildung",
    "annex",
    "annexe",
    "anexo",
    "anhang",
    "appendix",
    "rule",
    "point",
    "item",
    "clause",
    "question",
    "frage",
    "note",
    "footnote",
    "speaker",
    "participant",
    "interview",
    "interviewer",
    "interviewee",
    "respondent",
    "witness",
    "case",
    "step",
    "level",
    "stage",
    "phase",
    "type",
    "group",
    "gruppe",
    "class",
    "grade",
    "covid",
    "sars",
    "version",
    "windows",
    "chapters",
    "beijing",
    "статья",
    "статьи",
    "пункт",
    "глава",
    "часть",
    "المادة",
    "مادة",
    "الفقرة",
    "अनुच्छेद",
    "धारा",
];

fn is_counted(word: &str) -> bool {
    COUNTED.contains(&word.to_lowercase().as_str())
}

const fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '\u{660}'..='\u{669}' => Some(c as u32 - 0x660),
        '\u{6f0}'..='\u{6f9}' => Some(c as u32 - 0x6f0),
        '\u{966}'..='\u{96f}' => Some(c as u32 - 0x966),
        _ => None,
    }
}

/// Reads a number of up to three digits that begins no lower than one; returns it and its length.
fn number(text: &str) -> Option<(u32, usize)> {
    let (mut value, mut length, mut digits) = (0, 0, 0);
    for c in text.chars() {
        let Some(here) = digit(c) else { break };
        digits += 1;
        if digits > 3 {
            return None;
        }
        value = value * 10 + here;
        length += c.len_utf8();
        if value == 0 {
            return None;
        }
    }
    (digits > 0).then_some((value, length))
}

/// Returns a word without the number that was glued to it, if that may be the number of a note: not in "G20", "CO2" or
/// "article5".
#[must_use]
pub(crate) fn without_number(word: &str) -> Option<&str> {
    // Asked of words that end in anything: nearly all are no candidates by their last character.
    word.chars().next_back().and_then(digit)?;
    let letters = word.trim_end_matches(|c| digit(c).is_some());
    number(&word[letters.len()..])?;
    let enough = if letters.is_ascii() { 4 } else { 3 };
    let plain = letters.chars().enumerate().all(|(i, c)| role(c) == Role::Letter && (i == 0 || !c.is_uppercase()));
    let words = letters.chars().all(|c| !c.is_numeric() && c != '_');
    (plain && words && letters.chars().count() >= enough && !is_counted(letters)).then_some(letters)
}

/// Bytes at which something may begin that is no word.
const LOOK: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 256 {
        // The last six begin signs of notes, wide brackets, the digits of Arabic and Persian, and those of Devanagari.
        table[b] = matches!(b as u8, b'0'..=b'9' | b'[' | b'(' | b'*' | b'<' | 0xe2 | 0xe3 | 0xef | 0xd9 | 0xdb | 0xe0);
        b += 1;
    }
    table
};

/// A number that was glued to a word.
struct Glued {
    word: Span,
    mark: Span,
    number: u32,
    /// The last number of several: 13 of "slavery12,13".
    last: u32,
}

#[derive(Default)]
struct Found {
    /// What can be nothing but marks.
    sure: Vec<Span>,
    /// Numbers glued to words.
    glued: Vec<Glued>,
    /// "(1)" after a word.
    round: Vec<(Span, u32)>,
}

/// Returns where the marks of notes stand.
pub(super) fn note_marks(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut found = Found::default();
    let mut at = 0;
    while let Some(offset) = bytes.get(at..).and_then(|rest| rest.iter().position(|&b| LOOK[usize::from(b)])) {
        at += offset;
        at += found.look(text, at).max(1);
    }
    if found.glued.is_empty() && found.round.is_empty() {
        return found.sure;
    }
    let lines = numbered_lines(text);
    let mut marks = found.sure;
    marks.extend(glued_marks(text, &found.glued, &lines));
    marks.extend(round_marks(&found.round, &lines));
    marks
}

/// How many bytes before a star its line is looked at.
const FAR: usize = 1_000;

impl Found {
    /// Looks at what begins at `at`; returns how many bytes need not be looked at again.
    fn look(&mut self, text: &str, at: usize) -> usize {
        let bytes = text.as_bytes();
        match bytes[at] {
            b'0'..=b'9' => {
                // A number after a space, nearly always.
                let glued = at > 0 && (bytes[at - 1] >= 0x80 || bytes[at - 1].is_ascii_alphabetic());
                let digits = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
                if glued {
                    self.glued_number(text, at);
                }
                digits
            }
            0xd9 | 0xdb | 0xe0 => {
                let starts = text.get(at..).and_then(|rest| rest.chars().next()).and_then(digit).is_some();
                if starts { self.glued_number(text, at) } else { 0 }
            }
            b'[' => self.sure_mark(text, at, square(&text[at..])),
            b'<' => self.sure_mark(text, at, raised(&text[at..])),
            b'(' => {
                let found = bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
                if found { self.round_number(text, at) } else { 0 }
            }
            b'*' => self.star(text, at),
            _ => self.sign(text, at),
        }
    }

    fn push(&mut self, at: usize, length: usize) -> usize {
        self.sure.push(span(at, at + length));
        length
    }

    /// A mark that stands within a line, and not where the note itself begins.
    fn sure_mark(&mut self, text: &str, at: usize, length: Option<usize>) -> usize {
        let Some(length) = length else { return 0 };
        let before = text[..at].trim_end_matches([' ', '\u{a0}']).chars().next_back();
        // After a word or the end of a sentence; after a sign it is data or the text of a link.
        let within = before.is_some_and(|c| c.is_alphanumeric() || ends_phrase(c) || role(c) == Role::Letter);
        if within { self.push(at, length) } else { length }
    }

    /// `slavery* and`, but not the end of `*slavery*`, and not `wom*n`.
    fn star(&mut self, text: &str, at: usize) -> usize {
        let length = text[at..].bytes().take_while(|&b| b == b'*').count();
        // A line may be a whole book: what was marked far before says nothing of this star.
        let line = &text[text.floor_char_boundary(at.saturating_sub(FAR))..at];
        let line = &line[line.rfind('\n').map_or(0, |end| end + 1)..];
        let after = text[at + length..].chars().next();
        let ends = after.is_none_or(|c| c.is_whitespace() || matches!(role(c), Role::Stop | Role::Punctuation));
        let letters = line.chars().rev().take(3).filter(|c| c.is_alphabetic()).count();
        if length <= 3 && ends && letters == 3 && !line.contains('*') { self.push(at, length) } else { length }
    }

    /// A dagger or a number in a ring after a word, or `［1］`.
    fn sign(&mut self, text: &str, at: usize) -> usize {
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else { return 0 };
        let length = match c {
            '\u{2020}' | '\u{2021}' | '\u{2460}'..='\u{2473}' => c.len_utf8(),
            '\u{ff3b}' | '\u{3014}' => {
                let inner = &text[at + c.len_utf8()..];
                let Some((_, digits)) = number(inner) else { return 0 };
                let close = inner[digits..].chars().next().filter(|c| matches!(c, '\u{ff3d}' | '\u{3015}'));
                let Some(close) = close else { return 0 };
                c.len_utf8() + digits + close.len_utf8()
            }
            _ => return 0,
        };
        let after_word = text[..at].chars().next_back().is_some_and(char::is_alphabetic);
        if after_word { self.push(at, length) } else { length }
    }

    /// `esclavage (1) et`.
    fn round_number(&mut self, text: &str, at: usize) -> usize {
        let Some((value, length)) = number(&text[at + 1..]) else { return 0 };
        let end = at + 1 + length;
        let before = text[..at].trim_end_matches([' ', '\u{a0}']);
        let start = word_start(before, before.len());
        if text[end..].starts_with(')') && start < before.len() && !is_counted(&before[start..]) {
            self.round.push((span(at, end + 1), value));
        }
        length
    }

    /// `slavery12`, `slavery12,13`, `인신매매1)`.
    fn glued_number(&mut self, text: &str, at: usize) -> usize {
        let Some((value, mut length)) = number(&text[at..]) else {
            return text[at..].chars().take_while(|&c| digit(c).is_some()).map(char::len_utf8).sum();
        };
        let start = word_start(text, at);
        let word = &text[start..at];
        let Some(last) = word.chars().next_back() else { return length };
        let mut last_number = value;
        while let Some((next, more)) = text[at + length..].strip_prefix(',').and_then(number) {
            last_number = next;
            length += 1 + more;
        }
        let end = at + length;
        let unspaced = role(last) == Role::Unspaced || matches!(last, '\u{ac00}'..='\u{d7a3}');
        if text[end..].starts_with(')') && unspaced {
            if !opens_bracket(text, start) {
                return self.push(at, length + 1);
            }
            return length;
        }
        let after = text[end..].chars().next();
        let ends = after.is_none_or(|c| c.is_whitespace() || ends_number(c, &text[end + c.len_utf8()..]));
        let enough = if word.is_ascii() { 3 } else { 2 };
        if ends && role(last) == Role::Letter && word.chars().count() >= enough && !is_counted(word) {
            let paren = after == Some(')') && !opens_bracket(text, start);
            self.glued.push(Glued {
                word: span(start, at),
                mark: span(at, end + usize::from(paren)),
                number: value,
                last: last_number,
            });
        }
        length
    }
}

/// Whether a mark of a note may stand after the character.
const fn ends_phrase(c: char) -> bool {
    matches!(
        c,
        '.' | ','
            | ';'
            | ':'
            | '!'
            | '?'
            | ')'
            | ']'
            | '"'
            | '\''
            | '\u{2019}'
            | '\u{201d}'
            | '»'
            | '*'
            | '>'
            | '。'
            | '，'
            | '；'
            | '」'
            | '』'
            | '》'
            | '）'
            | '؟'
            | '،'
            | '؛'
    )
}

fn span(start: usize, end: usize) -> Span {
    let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(narrow(start), narrow(end))
}

/// Whether a mark after a number ends it: the point of "2.5" and the hyphen of "type2-error" do not.
fn ends_number(c: char, rest: &str) -> bool {
    matches!(role(c), Role::Stop | Role::Punctuation)
        && !matches!(c, '%' | '/' | '\\' | '@' | '#' | '=' | '+' | '(' | '[' | '<')
        && !rest.starts_with(|c: char| c.is_alphanumeric())
}

/// Where the letters begin that end at `end`.
fn word_start(text: &str, end: usize) -> usize {
    let letters = |c: &char| {
        (c.is_alphabetic() || matches!(role(*c), Role::Letter | Role::Unspaced)) && !c.is_numeric() && *c != '_'
    };
    let length: usize = text[..end].chars().rev().take(64).take_while(letters).map(char::len_utf8).sum();
    let start = end - length;
    // "A1B2" is a code: its letters are no word.
    if text[..start].ends_with(|c: char| c.is_numeric() || c == '_') { end } else { start }
}

/// Whether a bracket was opened before, not far away, and not closed.
fn opens_bracket(text: &str, at: usize) -> bool {
    let near = &text[text.floor_char_boundary(at.saturating_sub(200))..at];
    let near = &near[near.rfind('\n').unwrap_or(0)..];
    near.matches(['(', '（']).count() > near.matches([')', '）']).count()
}

/// The length of `[1]`, `[2, 3]`, `[^1]` or `[*]`.
fn square(text: &str) -> Option<usize> {
    let head = &text.as_bytes()[1..text.len().min(14)];
    let length = head.iter().position(|&b| b == b']')?;
    let inner = text.get(1..=length)?;
    let named = inner
        .strip_prefix('^')
        .is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')));
    let numbers = inner.split([',', '-', '\u{2013}']).all(|part| {
        let part = part.trim();
        number(part).is_some_and(|(_, length)| length == part.len())
    });
    let stars = !inner.is_empty() && inner.chars().all(|c| matches!(c, '*' | '\u{2020}' | '\u{2021}'));
    // `[^1]:` opens the note itself.
    let rest = &text[length + 2..];
    // So is the text of a link: `[1](address)`.
    let opens = (named && rest.starts_with(':')) || rest.starts_with('(');
    ((named || numbers || stars) && !opens).then_some(length + 2)
}

/// The length of `<sup>1</sup>`.
fn raised(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("<sup>")?;
    let end = inner[..inner.floor_char_boundary(40)].find("</sup>")?;
    // "16<sup>th</sup>" is a word.
    let mark = inner[..end].trim();
    let is_mark = mark.chars().count() <= 1 || mark.chars().all(|c| !c.is_alphabetic());
    is_mark.then_some("<sup></sup>".len() + end)
}

/// By number, where the last line begins that begins with it; brackets around it are left out.
fn numbered_lines(text: &str) -> BTreeMap<u32, (usize, bool)> {
    let mut lines = BTreeMap::new();
    for line in text.split(['\n', '\r']) {
        let words = line.trim_start();
        let inner = words.trim_start_matches(['(', '[', '^', '*']);
        let Some((value, length)) = number(inner) else { continue };
        let rest = &inner[length..];
        let after = rest.trim_start_matches([' ', '\t', '.', ')', ']', ':', '\u{a0}']);
        if after.len() < rest.len() && after.starts_with(|c: char| !c.is_numeric()) {
            lines.insert(value, (words.as_ptr() as usize - text.as_ptr() as usize, words.starts_with('(')));
        }
    }
    lines
}

/// Numbers glued to words are marks where a line further on begins with them, or where they rise through the text.
fn glued_marks(text: &str, glued: &[Glued], lines: &BTreeMap<u32, (usize, bool)>) -> Vec<Span> {
    let key = |one: &Glued| (one.word.of(text).to_lowercase(), one.number);
    let mut times: HashMap<(String, u32), u32> = HashMap::new();
    let mut numbers: HashMap<String, HashSet<u32>> = HashMap::new();
    for one in glued {
        let (word, number) = key(one);
        *times.entry((word.clone(), number)).or_default() += 1;
        numbers.entry(word).or_default().insert(number);
    }
    // What is written so again and again is a name: "covid19".
    let candidates: Vec<&Glued> = glued.iter().filter(|one| times.get(&key(one)).is_none_or(|&n| n < 2)).collect();
    let capitals = |one: &Glued| one.word.of(text).chars().all(char::is_uppercase);
    let has_note = |one: &Glued| lines.get(&one.number).is_some_and(|&(start, _)| start > one.mark.end as usize);
    let varied = |one: &Glued| numbers.get(&key(one).0).is_some_and(|numbers| numbers.len() > 1);
    let rising: Vec<&Glued> = candidates.iter().copied().filter(|one| !capitals(one) && !varied(one)).collect();
    let values: Vec<u32> = rising.iter().map(|one| one.number).collect();
    let chain = longest_rise(&values);
    let risen: HashSet<u32> = if chain.len() >= 3 {
        chain.into_iter().filter_map(|i| Some(rising.get(i)?.mark.start)).collect()
    } else {
        HashSet::new()
    };
    // A list has numbers too: one note alone is believed where its line is the last that begins with a number.
    let last = lines.values().map(|&(start, _)| start).max();
    let noted = |one: &Glued| !capitals(one) && has_note(one);
    let several = candidates.iter().filter(|one| noted(one)).map(|one| one.number).collect::<HashSet<u32>>().len() >= 2;
    let is_last = |one: &Glued| lines.get(&one.last).map(|&(start, _)| start) == last;
    let is_mark = |one: &&Glued| risen.contains(&one.mark.start) || (noted(one) && (several || is_last(one)));
    candidates.into_iter().filter(is_mark).map(|one| one.mark).collect()
}

/// The longest row of numbers each of which is one to three more than the one before.
fn longest_rise(values: &[u32]) -> Vec<usize> {
    let mut best: HashMap<u32, usize> = HashMap::new();
    let (mut length, mut before) = (vec![1_usize; values.len()], vec![None; values.len()]);
    for (i, &value) in values.iter().enumerate() {
        for back in 1..=3 {
            let last = value.checked_sub(back).and_then(|wanted| best.get(&wanted)).copied();
            if let Some(last) = last.filter(|&last| length[last] >= length[i]) {
                (length[i], before[i]) = (length[last] + 1, Some(last));
            }
        }
        let entry = best.entry(value).or_insert(i);
        if length[i] >= length[*entry] {
            *entry = i;
        }
    }
    let mut at = (0..values.len()).rev().max_by_key(|&i| length[i]);
    let mut chain = Vec::new();
    while let Some(i) = at {
        chain.push(i);
        at = before[i];
    }
    chain.reverse();
    chain
}

/// "(1)" is a mark only where the numbers count from one, and lines that begin with them follow the last of them: in a
/// statute such numbers name its paragraphs.
fn round_marks(round: &[(Span, u32)], lines: &BTreeMap<u32, (usize, bool)>) -> Vec<Span> {
    let Some(&(last, _)) = round.last() else { return Vec::new() };
    let mut reach = last.end as usize;
    for (&(_, number), expected) in round.iter().zip(1..) {
        match lines.get(&number) {
            Some(&(start, true)) if number == expected && start >= reach => reach = start,
            _ => return Vec::new(),
        }
    }
    round.iter().map(|&(span, _)| span).collect()
}

/// Lines by which a text is told to be numbered, or to have cues.
const FIRST_LINES: usize = 12;

/// Returns where numbers of lines and times of cues stand, if the text is made of such lines.
pub(super) fn furniture(text: &str) -> Vec<Span> {
    let first = || text.split('\n').map(str::trim).filter(|line| !line.is_empty()).take(FIRST_LINES);
    let digits = |line: &str| line.starts_with(|c: char| c.is_ascii_digit());
    let (all, numbered) = (first().count(), first().filter(|line| digits(line)).count());
    if numbered == 0 {
        return Vec::new();
    }
    if first().any(|line| line.contains("-->") && is_cue_time(line))
        || first().filter(|line| is_cue_time(line)).count() >= 3
    {
        return cues(text);
    }
    if numbered * 10 >= all * 8 { line_numbers(text) } else { Vec::new() }
}

/// Whether a line is `00:00:01,000 --> 00:00:04,000`, or a time and nothing else.
pub(super) fn is_cue_time(line: &str) -> bool {
    if !line.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let time = |text: &str| {
        let time = text.split_whitespace().next().unwrap_or("");
        time.contains(':') && time.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | ','))
    };
    match line.split_once("-->") {
        Some((from, to)) => time(from) && time(to),
        None => line.len() <= 12 && !line.contains(' ') && !line.ends_with([':', '.', ',']) && time(line),
    }
}

/// The stretches between the words of cues: number, time, blank lines. One end of line is left between two cues.
fn cues(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    // Where the last line of words ended, its line end included; and where a number of a cue began after that.
    let (mut words_end, mut within, mut at) = (0, false, 0);
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let inner = line.trim();
        let number = !inner.is_empty() && inner.bytes().all(|b| b.is_ascii_digit());
        let before_time = number && lines.peek().is_some_and(|next| is_cue_time(next.trim()));
        if is_cue_time(inner) {
            within = true;
        } else if !inner.is_empty() && !before_time {
            if within {
                spans.push(span(words_end, at));
                within = false;
            }
            words_end = at + line.len();
        }
        at += line.len();
    }
    if within {
        spans.push(span(words_end, at));
    }
    spans
}

/// The numbers of the lines, where nearly all lines have one, each one more than the one before, and sentences run on
/// from line to line: numbered paragraphs end theirs.
fn line_numbers(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let (mut all, mut counted, mut runs_on, mut labels) = (0_usize, 0_usize, 0_usize, 0_usize);
    let (mut before, mut open, mut at) = (None, false, 0);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let inner = line.trim();
        if inner.is_empty() {
            continue;
        }
        all += 1;
        let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
        let rest = &inner[digits..];
        let words = rest.trim_start_matches([' ', '\t', '\u{a0}']);
        let value: Option<u32> = inner[..digits].parse().ok().filter(|_| digits <= 5);
        let Some(value) = value.filter(|_| words.is_empty() || words.len() < rest.len()) else {
            open = false;
            continue;
        };
        counted += usize::from(before.is_none_or(|before: u32| value == before.saturating_add(1) || value == 1));
        before = Some(value);
        runs_on += usize::from(open && starts_lower(words));
        labels += usize::from(words.get(..words.floor_char_boundary(30)).is_some_and(|head| head.contains(": ")));
        open = !words.is_empty() && !ends_sentence(words);
        let from = start + line.len() - line.trim_start().len();
        spans.push(span(from, from + digits));
    }
    let numbered = spans.len() >= 2 && spans.len() * 10 >= all * 9 && counted * 10 >= spans.len() * 9;
    let flows = runs_on > 0 && (runs_on * 10 >= spans.len() || labels >= 2);
    if numbered && flows { spans } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(text: &str) -> Vec<&str> {
        let mut spans = note_marks(text);
        spans.sort_unstable();
        spans.into_iter().map(|span| span.of(text)).collect()
    }

    #[track_caller]
    fn check(text: &str, want: &[&str]) {
        assert_eq!(marks(text), want, "{text:?}");
    }

    #[test]
    fn numbers_glued_to_words() {
        let text = "All sorts of lamps12 and ropes13 are banned.\n\n12 See the Charter.\n13 Ibid.";
        check(text, &["12", "13"]);
        check("Лампы12 и верёвки13 тут.\n\n12 См. Хартию.\n13 Там же.", &["12", "13"]);
        check("दीपक१२ और रस्सी१३ हैं।\n\n१२ देखें।\n१३ वही।", &["१२", "१३"]);
        check("المصابيح12 والحبال13 هنا.\n\n12 انظر.\n13 هناك.", &["12", "13"]);
        // They rise through the text, whose notes stand elsewhere.
        check("Lamps4 shine, ropes5 hold, and nets6 catch.", &["4", "5", "6"]);
        check("Lamps4,5 shine.\n\n4 See.\n5 Ibid.", &["4,5"]);
    }

    #[test]
    fn numbers_that_belong_to_words() {
        check("The G20, covid19, article5, B1, CO2 and MP3 are here.", &[]);
        check("See article5, article6 and article7.\n5 The lamp.\n6 The rope.", &[]);
        check("A lamp of type2-glass, and windows10.", &[]);
        check("Fjord7 again, and fjord7 again.\n7 Ibid.", &[]);
        check("第12条 と 2012年", &[]);
        check("The lamp is euro5 now.\n4. The lamp.\n5. The rope.\n6. The net.", &[]);
    }

    #[test]
    fn marks_in_brackets_and_signs() {
        check("old[1] lamps and ropes [2, 3] here\n[1] See.", &["[1]", "[2, 3]"]);
        check("lamps[^a] and\n\n[^a]: See.", &["[^a]"]);
        check("old<sup>1</sup> lamps of the 16<sup>th</sup>", &["<sup>1</sup>"]);
        check("old [1](there) and x = [16, 19]", &[]);
        check("lamps* and ropes† there", &["*", "†"]);
        check("*lamps* and **ropes** and wom*n, f***", &[]);
        check("灯①和绳[1]和网", &["①", "[1]"]);
        check("등불1) 그물", &["1)"]);
        check("灯［1］和绳〔2〕", &["［1］", "〔2〕"]);
        check("lampes (1) et cordes (2).\n\n(1) Voir.\n(2) Ibid.", &["(1)", "(2)"]);
        check("The lamp of (1) and (2).\n(2) The rope.\n(1) The net.", &[]);
        check("lampes (1) et cordes", &[]);
        check("[1] The lamp\n[2] The rope", &[]);
        check("decided in [2004] and in [12345]", &[]);
    }

    #[test]
    fn numbers_of_lines() {
        let shown = |text: &str| furniture(text).iter().map(|span| span.of(text).to_owned()).collect::<Vec<_>>();
        assert_eq!(shown("1 I: What was there?\n2 R: It was a lamp, and an old\n3 rope, I think.\n"), ["1", "2", "3"]);
        assert!(shown("1 Lamps are lit.\n2 Ropes are tied.\n3 Nets are cast.\n").is_empty());
        assert!(shown("12 lamps\n7 ropes\n30 nets and\n4 old ones").is_empty());
        assert!(shown("In 1 lamp\nthere are 2 ropes").is_empty());
    }

    #[test]
    fn cues_run_on() {
        let text = "1\n00:00:01,000 --> 00:00:04,000\nan old\n\n2\n00:00:04,000 --> 00:00:06,000\nlamp\n";
        let flowing = blanked(text, furniture(text));
        assert_eq!(flowing.split_whitespace().collect::<Vec<_>>(), ["an", "old", "lamp"]);
        assert_eq!(flowing.len(), text.len());
        assert_eq!(flowing.trim().matches('\n').count(), 1);
        let times = "0:03\nan old\n0:05\nlamp\n0:09\nshines\n";
        assert_eq!(blanked(times, furniture(times)).split_whitespace().count(), 4);
    }
}
