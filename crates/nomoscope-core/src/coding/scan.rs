//! From text to tokens that carry the numbers of the codebook's words.
//!
//! One pass. Words of pure ASCII, nearly all of an English text, are folded and hashed byte by byte; other words are
//! folded in full ([`fold_word`]); scripts without spaces become one token a character, with the word boundaries of
//! the script's dictionary marked, so that a phrase may not begin or end inside a word.

use crate::codebook::fold::{ends_sentence, fold_word, is_accent, is_apostrophe, is_dash, is_unspaced};
use crate::codebook::pattern::{MAX_NEAR, is_clitic};
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed, options::WordBreakInvariantOptions};
use std::collections::BTreeMap;

/// Number of a word or wildcard of the codebook; 0 is none.
pub(super) type TermId = u32;
/// The term of any dash.
pub(super) const DASH: TermId = 1;
/// The term of any other punctuation.
pub(super) const PUNCTUATION: TermId = 2;

/// Tokens are handed over in blocks of about this many: they stay in the second-level cache.
const BLOCK_TOKENS: usize = 4096;
/// A block without any place to cut is cut here all the same.
const MAX_BLOCK_TOKENS: usize = 1 << 20;
/// Added to the word count at the end of a sentence, so that NEAR cannot reach over it.
const SENTENCE_JUMP: u32 = MAX_NEAR * 2 + 64;

const STARTS: u8 = 1;
const ENDS: u8 = 2;
const WORD: u8 = 4;
const ENDING: u8 = 8;
const BREAK: u8 = 16;

/// A stretch of text with the codebook's words that it equals.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) literal: TermId,
    /// Number of the word in the text.
    pub(super) word: u32,
    globs_at: u32,
    n_globs: u8,
    flags: u8,
}

impl Token {
    pub(super) fn globs<'a>(&self, all: &'a [TermId]) -> &'a [TermId] {
        if self.n_globs == 0 {
            return &[];
        }
        &all[self.globs_at as usize..self.globs_at as usize + usize::from(self.n_globs)]
    }

    pub(super) const fn starts_word(&self) -> bool {
        self.flags & STARTS != 0
    }

    pub(super) const fn ends_word(&self) -> bool {
        self.flags & ENDS != 0
    }

    pub(super) const fn is_word(&self) -> bool {
        self.flags & WORD != 0
    }

    /// Whether it is an ending such as the `'s` of "child's".
    pub(super) const fn is_ending(&self) -> bool {
        self.flags & ENDING != 0
    }

    /// Whether it ends a sentence or paragraph.
    pub(super) const fn is_break(&self) -> bool {
        self.flags & BREAK != 0
    }
}

#[derive(Debug, Clone)]
struct Glob {
    term: TermId,
    parts: Vec<Vec<u8>>,
}

/// The words and wildcards of a codebook, numbered.
#[derive(Debug)]
pub(super) struct Vocabulary {
    keep_accents: bool,
    terms: BTreeMap<Vec<Vec<u8>>, TermId>,
    words: Vec<(Vec<u8>, TermId)>,
    all_globs: Vec<Glob>,
    n_terms: u32,
    filter: Vec<u64>,
    table: Vec<(u64, u32)>,
    mask: usize,
    /// By the first two folded bytes, a list of wildcards that such a word may match.
    glob_index: Vec<u16>,
    glob_lists: Vec<Vec<u16>>,
    /// Folded forms of the letters from U+0080 to U+024F.
    latin: Vec<Option<Box<str>>>,
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x9E37_79B9_7F4A_7C15;

const fn hash_step(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(PRIME)
}

const fn hash_end(hash: u64) -> u64 {
    hash ^ (hash >> 32)
}

fn hash_bytes(bytes: &[u8]) -> u64 {
    hash_end(bytes.iter().fold(SEED, |h, &b| hash_step(h, b)))
}

impl Vocabulary {
    pub(super) fn new(keep_accents: bool) -> Self {
        Self {
            keep_accents,
            terms: BTreeMap::new(),
            words: Vec::new(),
            all_globs: Vec::new(),
            n_terms: PUNCTUATION,
            filter: Vec::new(),
            table: Vec::new(),
            mask: 0,
            glob_index: Vec::new(),
            glob_lists: Vec::new(),
            latin: Vec::new(),
        }
    }

    pub(super) const fn n_terms(&self) -> u32 {
        self.n_terms
    }

    /// Returns the number of a folded word.
    pub(super) fn literal(&mut self, word: &str) -> TermId {
        let key = vec![word.as_bytes().to_vec()];
        if let Some(&term) = self.terms.get(&key) {
            return term;
        }
        self.n_terms += 1;
        self.words.push((word.as_bytes().to_vec(), self.n_terms));
        self.terms.insert(key, self.n_terms);
        self.n_terms
    }

    /// Returns the number of a word with wildcards.
    pub(super) fn glob(&mut self, parts: &[String]) -> TermId {
        let key: Vec<Vec<u8>> = parts.iter().map(|p| p.as_bytes().to_vec()).collect();
        if let Some(&term) = self.terms.get(&key) {
            return term;
        }
        self.n_terms += 1;
        self.all_globs.push(Glob { term: self.n_terms, parts: key.clone() });
        self.terms.insert(key, self.n_terms);
        self.n_terms
    }

    pub(super) fn freeze(&mut self) {
        self.filter = vec![0; 1024];
        let size = (self.words.len() * 4).next_power_of_two().max(16);
        self.table = vec![(0, 0); size];
        self.mask = size - 1;
        for (i, (word, _)) in self.words.iter().enumerate() {
            let hash = hash_bytes(word);
            let bit = (hash >> 48) as usize;
            self.filter[bit >> 6] |= 1 << (bit & 63);
            let mut slot = hash as usize & self.mask;
            while self.table[slot].1 != 0 {
                slot = (slot + 1) & self.mask;
            }
            self.table[slot] = (hash, i as u32 + 1);
        }
        self.freeze_globs();
        self.latin = (0x80_u32..0x250)
            .map(|c| {
                let c = char::from_u32(c)?;
                (c.is_alphanumeric()).then(|| fold_word(&c.to_string(), self.keep_accents).into_boxed_str())
            })
            .collect();
        self.terms = BTreeMap::new();
    }

    fn freeze_globs(&mut self) {
        let mut lists: BTreeMap<Vec<u16>, u16> = BTreeMap::new();
        self.glob_lists = vec![Vec::new()];
        self.glob_index = vec![0; 1 << 16];
        if self.all_globs.is_empty() {
            return;
        }
        for (key, slot) in self.glob_index.iter_mut().enumerate() {
            let (a, b) = ((key >> 8) as u8, key as u8);
            let fits = |g: &Glob| match g.parts.first().map(Vec::as_slice) {
                Some([]) | None => true,
                Some([x]) => *x == a,
                Some([x, y, ..]) => *x == a && *y == b,
            };
            let list: Vec<u16> =
                self.all_globs.iter().enumerate().filter(|(_, g)| fits(g)).map(|(i, _)| i as u16).collect();
            if list.is_empty() {
                continue;
            }
            *slot = *lists.entry(list.clone()).or_insert_with(|| {
                self.glob_lists.push(list);
                (self.glob_lists.len() - 1) as u16
            });
        }
    }

    #[inline]
    fn maybe(&self, hash: u64) -> bool {
        let bit = (hash >> 48) as usize;
        self.filter[bit >> 6] >> (bit & 63) & 1 != 0
    }

    /// Returns the number of the word whose folded bytes satisfy `equal`, or 0.
    #[inline]
    fn find_word(&self, hash: u64, equal: impl Fn(&[u8]) -> bool) -> TermId {
        if !self.maybe(hash) {
            return 0;
        }
        let mut slot = hash as usize & self.mask;
        loop {
            let (h, i) = self.table[slot];
            if i == 0 {
                return 0;
            }
            if h == hash {
                let (word, term) = &self.words[i as usize - 1];
                if equal(word) {
                    return *term;
                }
            }
            slot = (slot + 1) & self.mask;
        }
    }

    /// Appends to `out` the wildcards that the folded word matches.
    #[inline]
    fn find_globs(&self, first: u8, second: u8, word: impl Fn() -> Vec<u8>, out: &mut Vec<TermId>) {
        let list = self.glob_index[usize::from(first) << 8 | usize::from(second)];
        if list == 0 {
            return;
        }
        let word = word();
        for &g in &self.glob_lists[usize::from(list)] {
            let glob = &self.all_globs[usize::from(g)];
            if glob_matches(&glob.parts, &word) {
                out.push(glob.term);
            }
        }
    }
}

/// Returns whether `word` is the parts in order with anything between them.
fn glob_matches(parts: &[Vec<u8>], word: &[u8]) -> bool {
    let [first, middle @ .., last] = parts else {
        return false;
    };
    let Some(mut rest) = word.strip_prefix(first.as_slice()) else {
        return false;
    };
    for part in middle.iter().filter(|p| !p.is_empty()) {
        match rest.windows(part.len()).position(|w| w == part.as_slice()) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

const C_SPACE: u8 = 0;
const C_WORD: u8 = 1;
const C_NEWLINE: u8 = 2;
const C_DASH: u8 = 3;
const C_APOSTROPHE: u8 = 4;
const C_SOFT: u8 = 5;
const C_HARD: u8 = 6;
const C_OTHER: u8 = 7;

const CLASS: [u8; 256] = {
    let mut table = [C_SOFT; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = match b as u8 {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' => C_WORD,
            b' ' | b'\t' | 0 => C_SPACE,
            b'\n' | b'\r' | 0x0b | 0x0c => C_NEWLINE,
            b'-' => C_DASH,
            b'\'' | b'`' => C_APOSTROPHE,
            b'.' | b'!' | b'?' => C_HARD,
            0x80.. => C_OTHER,
            _ => C_SOFT,
        };
        b += 1;
    }
    table
};

/// Lower-case form of ASCII word bytes; 0 for everything else.
const FOLD: [u8; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 128 {
        if CLASS[b] == C_WORD {
            table[b] = (b as u8).to_ascii_lowercase();
        }
        b += 1;
    }
    table
};

/// Reads `text` once and hands over blocks of tokens, cut where no phrase can reach over.
pub(super) fn scan(
    vocabulary: &Vocabulary,
    text: &str,
    only_paragraphs: bool,
    block: &mut dyn FnMut(&[Token], &[TermId]),
) {
    let mut scanner = Scanner {
        vocabulary,
        text,
        bytes: text.as_bytes(),
        at: 0,
        tokens: Vec::with_capacity(BLOCK_TOKENS * 2),
        globs: Vec::new(),
        buffer: Vec::new(),
        word: 0,
        joining: None,
        segmenter: None,
    };
    while scanner.next(only_paragraphs) {
        block(&scanner.tokens, &scanner.globs);
        scanner.tokens.clear();
        scanner.globs.clear();
        scanner.joining = None;
    }
    block(&scanner.tokens, &scanner.globs);
}

struct Scanner<'a> {
    vocabulary: &'a Vocabulary,
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    tokens: Vec<Token>,
    globs: Vec<TermId>,
    buffer: Vec<u8>,
    word: u32,
    /// Index of the token before a hyphen at the end of a line, waiting for the rest of its word.
    joining: Option<usize>,
    segmenter: Option<WordSegmenterBorrowed<'static>>,
}

impl Scanner<'_> {
    /// Fills a block; returns false at the end of the text.
    fn next(&mut self, only_paragraphs: bool) -> bool {
        while let Some(&byte) = self.bytes.get(self.at) {
            match CLASS[usize::from(byte)] {
                C_WORD => self.ascii_word(),
                C_SPACE => self.at += 1,
                C_SOFT => self.punctuation(1, 0),
                C_HARD => {
                    self.punctuation(1, BREAK);
                    if self.tokens.len() >= BLOCK_TOKENS && !only_paragraphs && self.at_space() {
                        return true;
                    }
                }
                C_NEWLINE => {
                    let paragraph = self.newline();
                    if paragraph && self.tokens.len() >= BLOCK_TOKENS {
                        return true;
                    }
                }
                C_DASH => self.dash(1),
                C_APOSTROPHE => self.at += 1,
                _ => self.other(),
            }
            if self.tokens.len() >= MAX_BLOCK_TOKENS {
                return true;
            }
        }
        false
    }

    fn at_space(&self) -> bool {
        self.bytes.get(self.at).is_none_or(|&b| matches!(CLASS[usize::from(b)], C_SPACE | C_NEWLINE))
    }

    fn ascii_word(&mut self) {
        let start = self.at;
        let mut hash = SEED;
        let mut end = start;
        while let Some(&byte) = self.bytes.get(end) {
            let folded = FOLD[usize::from(byte)];
            if folded == 0 {
                break;
            }
            hash = hash_step(hash, folded);
            end += 1;
        }
        if let Some(&next) = self.bytes.get(end) {
            if next >= 0x80 && self.continues_word(end) {
                return self.folded_word(start);
            }
            if CLASS[usize::from(next)] == C_APOSTROPHE || (next >= 0x80 && self.apostrophe_at(end).is_some()) {
                return self.word_with_apostrophe(start, end, None);
            }
        }
        self.at = end;
        if self.joining.is_some() {
            self.buffer.clear();
            self.buffer.extend(self.bytes[start..end].iter().map(u8::to_ascii_lowercase));
            return self.push_buffer(start, end, 0);
        }
        let word = &self.bytes[start..end];
        let literal = self.vocabulary.find_word(hash_end(hash), |w| w.eq_ignore_ascii_case(word));
        let globs_at = self.globs.len();
        let (first, second) = (FOLD[usize::from(word[0])], word.get(1).map_or(0, |&b| FOLD[usize::from(b)]));
        self.vocabulary.find_globs(first, second, || word.to_ascii_lowercase(), &mut self.globs);
        self.push(start, end, literal, globs_at, 0);
    }

    #[inline]
    fn push(&mut self, start: usize, end: usize, literal: TermId, globs_at: usize, extra: u8) {
        self.word += 1;
        self.tokens.push(Token {
            start: start as u32,
            end: end as u32,
            literal,
            word: self.word,
            globs_at: globs_at as u32,
            n_globs: (self.globs.len() - globs_at).min(255) as u8,
            flags: STARTS | ENDS | WORD | extra,
        });
    }

    /// Pushes the word whose folded bytes stand in the buffer.
    fn push_buffer(&mut self, start: usize, end: usize, extra: u8) {
        if let Some(before) = self.joining.take()
            && self.try_join(before, end)
        {
            return;
        }
        let (literal, globs_at) = self.look_up_buffer();
        self.push(start, end, literal, globs_at, extra);
    }

    fn look_up_buffer(&mut self) -> (TermId, usize) {
        let buffer = std::mem::take(&mut self.buffer);
        let literal = self.vocabulary.find_word(hash_bytes(&buffer), |w| w == buffer.as_slice());
        let globs_at = self.globs.len();
        if let Some(&first) = buffer.first() {
            let second = buffer.get(1).copied().unwrap_or(0);
            self.vocabulary.find_globs(first, second, || buffer.clone(), &mut self.globs);
        }
        self.buffer = buffer;
        (literal, globs_at)
    }

    /// Joins the word in the buffer to the token before a hyphen at the end of a line, if the codebook knows the whole.
    fn try_join(&mut self, before: usize, end: usize) -> bool {
        let Some(&head) = self.tokens.get(before) else {
            return false;
        };
        let head_text = self.text.get(head.start as usize..head.end as usize).unwrap_or("");
        let mut whole = fold_word(head_text, self.vocabulary.keep_accents).into_bytes();
        whole.extend_from_slice(&self.buffer);
        let tail = std::mem::replace(&mut self.buffer, whole);
        let (literal, globs_at) = self.look_up_buffer();
        if literal == 0 && self.globs.len() == globs_at {
            self.buffer = tail;
            return false;
        }
        self.tokens.truncate(before);
        self.push(head.start as usize, end, literal, globs_at, 0);
        true
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// Returns the length of the apostrophe at `at`, if there is one.
    fn apostrophe_at(&self, at: usize) -> Option<usize> {
        self.char_at(at).filter(|&c| is_apostrophe(c)).map(char::len_utf8)
    }

    fn continues_word(&self, at: usize) -> bool {
        self.char_at(at).is_some_and(is_word_char)
    }

    /// Reads a word that holds a character beyond ASCII.
    fn folded_word(&mut self, start: usize) {
        self.buffer.clear();
        let mut end = start;
        let mut plain = true;
        while let Some(c) = self.char_at(end) {
            if !is_word_char(c) {
                break;
            }
            if c.is_ascii() {
                self.buffer.push(c.to_ascii_lowercase() as u8);
            } else if let Some(Some(folded)) = self.vocabulary.latin.get((c as usize).wrapping_sub(0x80)) {
                self.buffer.extend_from_slice(folded.as_bytes());
            } else {
                plain = false;
            }
            end += c.len_utf8();
        }
        if !plain {
            self.buffer = fold_word(&self.text[start..end], self.vocabulary.keep_accents).into_bytes();
        }
        if self.apostrophe_at(end).is_some() {
            let folded = std::mem::take(&mut self.buffer);
            return self.word_with_apostrophe(start, end, Some(folded));
        }
        self.at = end;
        let soft = self.text[start..end].ends_with('\u{ad}');
        self.push_buffer(start, end, 0);
        if soft && self.line_ends_then_lower(end).is_some() {
            self.joining = Some(self.tokens.len() - 1);
        }
    }

    /// Pushes the word `start..end`, which an apostrophe follows.
    fn word_with_apostrophe(&mut self, start: usize, end: usize, folded: Option<Vec<u8>>) {
        let length = self.apostrophe_at(end).unwrap_or(1);
        let after = end + length;
        let rest: String =
            self.text.get(after..).unwrap_or("").chars().take_while(|c| c.is_alphanumeric()).take(3).collect();
        self.buffer = folded.unwrap_or_else(|| self.bytes[start..end].to_ascii_lowercase());
        if rest.is_empty() {
            self.at = after;
            self.push_buffer(start, end, 0);
        } else if is_clitic(&rest.to_lowercase()) {
            self.push_buffer(start, end, 0);
            self.at = after + rest.len();
            self.buffer = format!("'{}", rest.to_lowercase()).into_bytes();
            self.push_buffer(end, self.at, ENDING);
            self.word -= 1;
        } else {
            self.buffer.push(b'\'');
            self.at = after;
            self.push_buffer(start, after, 0);
        }
    }

    fn punctuation(&mut self, length: usize, flags: u8) {
        let start = self.at;
        self.at += length;
        self.mark(start, self.at, PUNCTUATION, flags);
    }

    fn mark(&mut self, start: usize, end: usize, literal: TermId, flags: u8) {
        self.joining = None;
        if flags & BREAK != 0 {
            self.word = self.word.saturating_add(SENTENCE_JUMP);
        }
        self.tokens.push(Token {
            start: start as u32,
            end: end as u32,
            literal,
            word: self.word,
            globs_at: 0,
            n_globs: 0,
            flags: flags | STARTS | ENDS,
        });
    }

    fn dash(&mut self, length: usize) {
        let start = self.at;
        let after_word = self.tokens.last().is_some_and(|t| t.is_word() && t.end as usize == start);
        self.at += length;
        let head = self.tokens.len().wrapping_sub(1);
        self.mark(start, self.at, DASH, 0);
        if after_word && self.line_ends_then_lower(self.at).is_some() {
            self.joining = Some(head);
        }
    }

    /// Returns where the next line begins, if only this line's end and a lower-case letter follow.
    fn line_ends_then_lower(&self, from: usize) -> Option<usize> {
        let rest = self.text.get(from..)?;
        let line = rest.trim_start_matches([' ', '\t']);
        let next = line.strip_prefix("\r\n").or_else(|| line.strip_prefix(['\n', '\r']))?;
        let word = next.trim_start_matches([' ', '\t']);
        word.chars().next().filter(|c| c.is_lowercase())?;
        Some(self.text.len() - word.len())
    }

    /// Passes a line end; returns whether it ends a paragraph.
    fn newline(&mut self) -> bool {
        let start = self.at;
        let mut lines = 0;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\r' if self.bytes.get(self.at + 1) == Some(&b'\n') => {}
                b'\n' | b'\r' => lines += 1,
                0x0b | 0x0c => lines += 2,
                b' ' | b'\t' => {}
                _ => break,
            }
            self.at += 1;
        }
        if lines >= 2 {
            self.mark(start, start + 1, PUNCTUATION, BREAK);
        }
        lines >= 2
    }

    fn other(&mut self) {
        let Some(c) = self.char_at(self.at) else {
            self.at += 1;
            return;
        };
        let length = c.len_utf8();
        if is_unspaced(c) && (c.is_alphanumeric() || !ends_sentence(c)) {
            self.unspaced();
        } else if is_word_char(c) {
            self.folded_word(self.at);
        } else if is_dash(c) {
            self.dash(length);
        } else if ends_sentence(c) {
            self.punctuation(length, BREAK);
        } else if matches!(c, '\u{2028}' | '\u{2029}' | '\u{85}') {
            self.punctuation(length, if c == '\u{2029}' { BREAK } else { 0 });
        } else if c.is_whitespace() || is_apostrophe(c) || c == '\u{200b}' || c == '\u{feff}' || is_joiner(c) {
            self.at += length;
        } else {
            self.punctuation(length, 0);
        }
    }

    /// Reads a run of a script without spaces: one token a character, word boundaries marked.
    fn unspaced(&mut self) {
        let start = self.at;
        let run = &self.text[start..];
        let end = run
            .char_indices()
            .find(|&(_, c)| !is_unspaced(c) || ends_sentence(c))
            .map_or(run.len(), |(i, _)| i)
            // Bounds the work of the segmenter on a hostile text; a boundary is assumed where a run is cut.
            .min(floor_boundary(run, 1 << 16));
        let run = &run[..end.max(run.chars().next().map_or(1, char::len_utf8))];
        let segmenter =
            self.segmenter.get_or_insert_with(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()));
        let mut boundaries = segmenter.segment_str(run).peekable();
        let mut chars = run.char_indices().peekable();
        while let Some((i, c)) = chars.next() {
            let after = chars.peek().map_or(run.len(), |&(j, _)| j);
            while boundaries.peek().is_some_and(|&b| b < i) {
                boundaries.next();
            }
            let starts = boundaries.peek() == Some(&i);
            while boundaries.peek().is_some_and(|&b| b <= i) {
                boundaries.next();
            }
            let ends = after == run.len() || boundaries.peek() == Some(&after);
            self.buffer.clear();
            self.buffer.extend_from_slice(fold_word(&c.to_string(), self.vocabulary.keep_accents).as_bytes());
            self.joining = None;
            let (literal, globs_at) = self.look_up_buffer();
            self.push(start + i, start + after, literal, globs_at, 0);
            if let Some(token) = self.tokens.last_mut() {
                token.flags = u8::from(starts) * (STARTS | WORD) + u8::from(ends) * ENDS;
            }
            if !starts {
                self.word -= 1;
                let word = self.word;
                if let Some(token) = self.tokens.last_mut() {
                    token.word = word;
                }
            }
        }
        self.at = start + run.len();
    }
}

/// Returns the greatest character boundary at or before `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}')
}

fn is_word_char(c: char) -> bool {
    (c.is_alphanumeric() && !is_unspaced(c)) || c == '_' || is_accent(c) || is_joiner(c) || is_mark_in_word(c)
}

/// Vowel signs and the like of scripts that do put spaces between words.
const fn is_mark_in_word(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{963}' | '\u{970}'..='\u{dff}' | '\u{f18}'..='\u{fbc}' | '\u{1b00}'..='\u{1bff}')
}
