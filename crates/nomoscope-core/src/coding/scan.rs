//! From text to tokens that carry the numbers of the codebook's words.
//!
//! One pass. Words of up to fifteen ASCII letters, nearly all of an English text, are measured, folded and hashed eight
//! bytes at a time; other words are folded in full ([`fold_word`]); scripts without spaces become one token a character,
//! with the word boundaries of the script's dictionary marked, so that a phrase may not begin or end inside a word.

use super::whole_names::whole_name;
use crate::codebook::fold::{compose_unspaced, fold_word};
use crate::codebook::pattern::{AfterApostrophe, MAX_NEAR, after_apostrophe};
use crate::text::Span;
use crate::text::characters::{Role, is_apostrophe, is_raised, is_space_of_no_width, role};
use crate::text::notes::without_number;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed, options::WordBreakInvariantOptions};
use std::collections::{BTreeMap, HashMap};

/// Number of a word or wildcard of the codebook; 0 is none.
pub(super) type TermId = u32;
/// The term of any dash.
pub(super) const DASH: TermId = 1;
/// The term of any other punctuation.
pub(super) const PUNCTUATION: TermId = 2;

/// Tokens are handed over in blocks of about this many: they stay in the first-level cache.
pub(super) const BLOCK_TOKENS: usize = 1024;
/// A block without any place to cut is cut here all the same.
const MAX_BLOCK_TOKENS: usize = 1 << 20;
/// Added to the word count at the end of a sentence, so that NEAR cannot reach over it.
const SENTENCE_JUMP: u32 = MAX_NEAR * 2 + 64;

const STARTS: u8 = 1;
const ENDS: u8 = 2;
const WORD: u8 = 4;
const ENDING: u8 = 8;
const BREAK: u8 = 16;
const NUMBERED: u8 = 32;

/// A stretch of text with the codebook's words that it equals.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) literal: TermId,
    /// Number of the word in the text.
    pub(super) word: u32,
    globs_at: u32,
    n_globs: u16,
    flags: u8,
}

impl Token {
    #[inline]
    pub(super) const fn has_globs(&self) -> bool {
        self.n_globs != 0
    }

    #[inline]
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

    /// Whether a number was taken off its word: alone it may be a name, and the words beside it must tell.
    pub(super) const fn is_numbered(&self) -> bool {
        self.flags & NUMBERED != 0
    }

    /// Whether it ends a sentence or paragraph.
    pub(super) const fn is_break(&self) -> bool {
        self.flags & BREAK != 0
    }
}

/// A word with wildcards.
#[derive(Debug, Clone)]
struct Glob {
    term: TermId,
    /// The first bytes of a word that begins as the wildcard does, and which bits of them count.
    head: Head,
    mask: Head,
    /// Whether the head says all: a short beginning and anything after it.
    head_suffices: bool,
    parts: Vec<Vec<u8>>,
}

/// The first sixteen bytes of a word, padded with zeros: no word holds a zero byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head(u64, u64);

impl Head {
    const BYTES: usize = 16;

    fn new(word: &[u8]) -> Self {
        Self(eight_bytes(word, 0), eight_bytes(word, 8))
    }

    /// Returns the two places where the word may stand, in a table of two to the power of `64 - shift`.
    #[inline]
    const fn places(self, shift: u32) -> [usize; 2] {
        // Neither follows from the other, so that no three words share both places in tables of every size.
        let one = (self.0 ^ self.1.wrapping_mul(0xA24B_AED4_963E_E407)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let two = (self.1 ^ self.0.wrapping_mul(0xD6E8_FEB8_6659_FD93)).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
        [(one >> shift) as usize, (two >> shift) as usize]
    }

    #[inline]
    const fn fits(self, mask: Self, head: Self) -> bool {
        (self.0 & mask.0) ^ head.0 | (self.1 & mask.1) ^ head.1 == 0
    }
}

/// Returns eight bytes from `at` as a number, zeros where the text ends.
#[inline]
fn eight_bytes(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or(&[]);
    if let Some(eight) = rest.first_chunk::<8>() {
        return u64::from_le_bytes(*eight);
    }
    let mut eight = [0; 8];
    eight[..rest.len()].copy_from_slice(rest);
    u64::from_le_bytes(eight)
}

/// The words of a codebook that are no longer than a head, found by cuckoo hashing.
///
/// Each word stands at one of two places, so that a look-up reads both and needs no branch. Whether a word of a text is in
/// the codebook is what a processor cannot guess: about half are, and each wrong guess costs as much as the look-up.
#[derive(Debug)]
struct ShortWords {
    /// Numbers of words; the first word is nobody's.
    places: Vec<u32>,
    shift: u32,
    words: Vec<(Head, TermId)>,
}

impl ShortWords {
    fn new(words: impl Iterator<Item = (Head, TermId)>) -> Self {
        let words: Vec<(Head, TermId)> = std::iter::once((Head(0, 0), 0)).chain(words).collect();
        let mut bits = (words.len() * 2).next_power_of_two().max(16).trailing_zeros();
        let mut found = Self { places: Vec::new(), shift: 0, words };
        while !found.fill(bits) {
            bits += 1;
        }
        found
    }

    /// Gives each word a place among so many; returns whether all found one.
    fn fill(&mut self, bits: u32) -> bool {
        self.places = vec![0; 1 << bits];
        self.shift = 64 - bits;
        let places = &mut self.places;
        for number in 1..self.words.len() as u32 {
            let (mut homeless, mut place) = (number, self.words[number as usize].0.places(self.shift)[0]);
            let mut moves = 0;
            while homeless != 0 {
                std::mem::swap(&mut places[place], &mut homeless);
                let [a, b] = self.words[homeless as usize].0.places(self.shift);
                place = if place == a { b } else { a };
                moves += 1;
                if moves > 200 {
                    return false;
                }
            }
        }
        true
    }

    /// Returns the number of a word, or 0.
    #[inline]
    fn find(&self, head: Head) -> TermId {
        let at = |place: usize| {
            let number = self.places.get(place).copied().unwrap_or(0);
            let (there, term) = self.words.get(number as usize).copied().unwrap_or((Head(0, 0), 0));
            let same = (there.0 ^ head.0 | there.1 ^ head.1) == 0;
            term & u32::from(same).wrapping_neg()
        };
        let [a, b] = head.places(self.shift);
        at(a) | at(b)
    }
}

/// The words and wildcards of a codebook, numbered.
#[derive(Debug)]
pub(super) struct Vocabulary {
    keep_accents: bool,
    terms: BTreeMap<Vec<Vec<u8>>, TermId>,
    words: Vec<(Vec<u8>, TermId)>,
    globs: Vec<Glob>,
    n_terms: u32,
    short: ShortWords,
    /// Words that are longer than a head.
    long: HashMap<Vec<u8>, TermId>,
    /// By the first two folded bytes, a list of wildcards that such a word may match.
    glob_index: Vec<u32>,
    /// The same for words that begin with two letters of ASCII, small enough to stay in the cache.
    letter_index: Vec<u32>,
    glob_lists: Vec<Vec<u32>>,
    /// Folded forms of the letters from U+0080 to U+024F.
    latin: Vec<Option<Box<str>>>,
}

impl Vocabulary {
    pub(super) fn new(keep_accents: bool) -> Self {
        Self {
            keep_accents,
            terms: BTreeMap::new(),
            words: Vec::new(),
            globs: Vec::new(),
            n_terms: PUNCTUATION,
            short: ShortWords::new(std::iter::empty()),
            long: HashMap::new(),
            glob_index: Vec::new(),
            letter_index: Vec::new(),
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
        let first = key.first().map_or(&[][..], Vec::as_slice);
        let start = &first[..first.len().min(Head::BYTES)];
        self.globs.push(Glob {
            term: self.n_terms,
            head: Head::new(start),
            mask: Head::new(&vec![0xff; start.len()]),
            head_suffices: key.len() > 1 && start.len() == first.len() && key[1..].iter().all(Vec::is_empty),
            parts: key.clone(),
        });
        self.terms.insert(key, self.n_terms);
        self.n_terms
    }

    pub(super) fn freeze(&mut self) {
        let (short, long): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.words).into_iter().partition(|(word, _)| word.len() <= Head::BYTES);
        self.short = ShortWords::new(short.iter().map(|(word, term)| (Head::new(word), *term)));
        self.long = long.into_iter().collect();
        self.freeze_globs();
        self.latin = (0x80_u32..0x250)
            .map(|c| {
                let c = char::from_u32(c)?;
                (role(c) == Role::Letter).then(|| fold_word(&c.to_string(), self.keep_accents).into_boxed_str())
            })
            .collect();
        self.terms = BTreeMap::new();
    }

    fn freeze_globs(&mut self) {
        self.glob_lists = vec![Vec::new()];
        if self.globs.is_empty() {
            return;
        }
        // Wildcards by how much of their first two bytes is given.
        let mut any = Vec::new();
        let mut by_one: BTreeMap<u8, Vec<u32>> = BTreeMap::new();
        let mut by_two: BTreeMap<(u8, u8), Vec<u32>> = BTreeMap::new();
        for (i, glob) in self.globs.iter().enumerate() {
            match glob.parts.first().map(Vec::as_slice) {
                Some([]) | None => any.push(i as u32),
                Some([a]) => by_one.entry(*a).or_default().push(i as u32),
                Some([a, b, ..]) => by_two.entry((*a, *b)).or_default().push(i as u32),
            }
        }
        self.glob_index = vec![0; 1 << 16];
        for a in 0..=u8::MAX {
            let common = [any.as_slice(), by_one.get(&a).map_or(&[], Vec::as_slice)].concat();
            let row = usize::from(a) << 8;
            let list = self.add_list(&common);
            self.glob_index[row..row + 256].fill(list);
            for ((_, b), more) in by_two.range((a, 0)..=(a, u8::MAX)) {
                let list = self.add_list(&[common.as_slice(), more].concat());
                self.glob_index[row + usize::from(*b)] = list;
            }
        }
        let second = |i: usize| if i & 31 == 0 { 0 } else { 0x60 + (i & 31) };
        self.letter_index = (0..1024).map(|i| self.glob_index[(0x60 + (i >> 5)) << 8 | second(i)]).collect();
    }

    fn add_list(&mut self, globs: &[u32]) -> u32 {
        if globs.is_empty() {
            return 0;
        }
        self.glob_lists.push(globs.to_vec());
        (self.glob_lists.len() - 1) as u32
    }

    /// Returns the number of a folded word, or 0.
    fn find_word(&self, word: &[u8]) -> TermId {
        if word.len() <= Head::BYTES {
            return self.short.find(Head::new(word));
        }
        self.long.get(word).copied().unwrap_or(0)
    }

    /// Appends to `out` the wildcards that a word of letters of ASCII matches, not longer than its head.
    #[inline]
    fn find_letter_globs(&self, head: Head, out: &mut Vec<TermId>) {
        // Letters in lower case differ in the lower five bits; the second is 0 in a word of one letter.
        let key = (head.0 & 31) << 5 | (head.0 >> 8 & 31);
        match self.letter_index.get(key as usize) {
            None | Some(0) => {}
            Some(&list) => self.find_listed_globs(list, head, None, out),
        }
    }

    /// Appends to `out` the wildcards that the folded word matches.
    fn find_globs(&self, word: &[u8], out: &mut Vec<TermId>) {
        let Some(&first) = word.first() else { return };
        let second = word.get(1).copied().unwrap_or(0);
        match self.glob_index.get(usize::from(first) << 8 | usize::from(second)) {
            None | Some(0) => {}
            Some(&list) => self.find_listed_globs(list, Head::new(word), Some(word), out),
        }
    }

    /// Tries the wildcards of a list; the word is `word`, or the bytes of its head.
    fn find_listed_globs(&self, list: u32, head: Head, word: Option<&[u8]>, out: &mut Vec<TermId>) {
        for &g in &self.glob_lists[list as usize] {
            let glob = &self.globs[g as usize];
            if !head.fits(glob.mask, glob.head) {
                continue;
            }
            if glob.head_suffices
                || word.map_or_else(|| glob_matches_head(&glob.parts, head), |w| glob_matches(&glob.parts, w))
            {
                out.push(glob.term);
            }
        }
    }
}

fn glob_matches_head(parts: &[Vec<u8>], head: Head) -> bool {
    let mut bytes = [0; Head::BYTES];
    bytes[..8].copy_from_slice(&head.0.to_le_bytes());
    bytes[8..].copy_from_slice(&head.1.to_le_bytes());
    let n = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
    glob_matches(parts, &bytes[..n])
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

/// The highest bit of each of eight bytes.
const HIGH: u64 = 0x8080_8080_8080_8080;
/// The lowest bit of each of eight bytes.
const LOW: u64 = 0x0101_0101_0101_0101;

/// Returns how many of eight bytes, from the first, are letters of ASCII.
#[inline]
const fn leading_letters(eight: u64) -> u32 {
    let lower = (eight | (LOW * 0x20)) & !HIGH;
    // No byte of `lower` exceeds 0x7f, so neither sum carries into the next byte.
    let from_a = lower + LOW * (0x80 - b'a' as u64);
    let beyond_z = lower + LOW * (0x7f - b'z' as u64);
    let letters = from_a & !beyond_z & !eight & HIGH;
    (letters ^ HIGH).trailing_zeros() / 8
}

/// Returns the first `n` of eight letters in lower case, zeros after them.
#[inline]
const fn lower_letters(eight: u64, n: u32) -> u64 {
    // Twice by half of the bits, for a shift by all sixty-four is none.
    (eight | (LOW * 0x20)) & !(u64::MAX << (n * 4) << (n * 4))
}

/// Returns sixteen bytes from `at` as two numbers, zeros where the text ends.
#[inline]
fn sixteen_bytes(bytes: &[u8], at: usize) -> (u64, u64) {
    match bytes.get(at..).and_then(<[u8]>::first_chunk::<16>) {
        Some(sixteen) => {
            let both = u128::from_le_bytes(*sixteen);
            (both as u64, (both >> 64) as u64)
        }
        None => (eight_bytes(bytes, at), eight_bytes(bytes, at + 8)),
    }
}

/// Line ends beyond ASCII.
const fn is_line_end(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{85}')
}

/// Reads `text` once and hands over blocks of about `block_tokens` tokens, cut where no phrase can reach over.
///
/// Where its sentences are given, their ends are breaks that no gap and no NEAR reaches over. Without them every mark
/// that could end a sentence is a place to cut at, which is right only if the patterns have neither.
pub(super) fn scan(
    vocabulary: &Vocabulary,
    text: &str,
    sentences: Option<&[Span]>,
    only_paragraphs: bool,
    block_tokens: usize,
    block: &mut impl FnMut(&[Token], &[TermId]),
) {
    let mut scanner = Scanner {
        vocabulary,
        text,
        bytes: text.as_bytes(),
        at: 0,
        block_tokens,
        tokens: Vec::with_capacity((block_tokens * 5 / 4).min(text.len() / 2 + 1)),
        globs: Vec::new(),
        buffer: Vec::new(),
        word: 0,
        joining: None,
        segmenter: None,
        told: sentences.is_some(),
        sentences: sentences.unwrap_or(&[]),
        next_sentence: 0,
    };
    scanner.pass_sentences();
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
    block_tokens: usize,
    tokens: Vec<Token>,
    globs: Vec<TermId>,
    buffer: Vec<u8>,
    word: u32,
    /// Index of the token before a hyphen at the end of a line, waiting for the rest of its word.
    joining: Option<usize>,
    segmenter: Option<WordSegmenterBorrowed<'static>>,
    /// Whether somebody told the sentences.
    told: bool,
    /// The sentences from the next one on.
    sentences: &'a [Span],
    /// Where the next sentence begins; beyond the text after the last.
    next_sentence: usize,
}

impl Scanner<'_> {
    /// Fills a block; returns false at the end of the text.
    fn next(&mut self, only_paragraphs: bool) -> bool {
        while let Some(&byte) = self.bytes.get(self.at) {
            if self.at >= self.next_sentence && self.end_sentence(only_paragraphs) {
                return true;
            }
            let class = CLASS[usize::from(byte)];
            // Asked first: after a word and its space comes a word, nearly always, and a jump table cannot know that.
            if class == C_WORD {
                self.ascii_words();
            } else if self.between_words(class, only_paragraphs) {
                return true;
            }
            if self.tokens.len() >= MAX_BLOCK_TOKENS {
                return true;
            }
        }
        false
    }

    /// Passes what is not a word of ASCII; returns whether a block may end here.
    fn between_words(&mut self, class: u8, only_paragraphs: bool) -> bool {
        match class {
            C_SPACE => self.at += 1,
            C_SOFT => self.punctuation(1, 0),
            C_HARD => {
                self.punctuation(1, 0);
                if !self.told && self.tokens.len() >= self.block_tokens && !only_paragraphs && self.at_space() {
                    return true;
                }
            }
            C_NEWLINE => {
                let paragraph = self.newline();
                if paragraph && self.tokens.len() >= self.block_tokens {
                    return true;
                }
            }
            C_DASH => self.hyphen(1, DASH),
            C_APOSTROPHE => self.at += 1,
            _ => self.other(),
        }
        false
    }

    /// Passes the sentences that began at or before this place.
    fn pass_sentences(&mut self) {
        let passed = self.sentences.iter().take_while(|s| s.start as usize <= self.at).count();
        self.sentences = &self.sentences[passed..];
        self.next_sentence = self.sentences.first().map_or(usize::MAX, |s| s.start as usize);
    }

    /// Marks the end of a sentence on the token before it; returns whether a block may end here.
    fn end_sentence(&mut self, only_paragraphs: bool) -> bool {
        self.pass_sentences();
        self.word = self.word.saturating_add(SENTENCE_JUMP);
        let Some(last) = self.tokens.last_mut() else { return false };
        last.flags |= BREAK;
        // A sentence that ends without a mark (a heading, a line of Thai) does not end a phrase.
        last.literal == PUNCTUATION && !only_paragraphs && self.tokens.len() >= self.block_tokens
    }

    fn at_space(&self) -> bool {
        self.bytes.get(self.at).is_none_or(|&b| matches!(CLASS[usize::from(b)], C_SPACE | C_NEWLINE))
    }

    /// Reads words of ASCII with single spaces between them, the first of which begins here.
    #[inline]
    fn ascii_words(&mut self) {
        while self.ascii_word() {}
    }

    /// Reads a word that begins in ASCII; returns whether another begins right after it and its space.
    #[inline]
    fn ascii_word(&mut self) -> bool {
        let start = self.at;
        let (low, high) = sixteen_bytes(self.bytes, start);
        let n_low = leading_letters(low);
        // Both halves always: whether a word has more than eight letters is a guess that fails too often.
        let n_high = leading_letters(high) * (n_low >> 3);
        let head = Head(lower_letters(low, n_low), lower_letters(high, n_high));
        let end = start + (n_low + n_high) as usize;
        let next = self.bytes.get(end).copied().unwrap_or(b' ');
        let class = CLASS[usize::from(next)];
        // Goes on with a digit or beyond ASCII, is longer than its head, has an apostrophe, or ends a broken word.
        if matches!(class, C_WORD | C_APOSTROPHE | C_OTHER) || self.joining.is_some() {
            self.longer_word();
            return false;
        }
        let spaced = class == C_SPACE;
        self.at = end + usize::from(spaced);
        let literal = self.vocabulary.short.find(head);
        let globs_at = self.globs.len();
        self.vocabulary.find_letter_globs(head, &mut self.globs);
        self.push(start, end, literal, globs_at, 0);
        let goes_on = self.bytes.get(self.at).is_some_and(|&b| CLASS[usize::from(b)] == C_WORD);
        spaced & goes_on & (self.at < self.next_sentence) & (self.tokens.len() < MAX_BLOCK_TOKENS)
    }

    /// Reads a word that begins in ASCII, without short cuts.
    fn longer_word(&mut self) {
        let start = self.at;
        let mut end = start;
        self.buffer.clear();
        while let Some(&byte) = self.bytes.get(end) {
            let folded = FOLD[usize::from(byte)];
            if folded == 0 {
                break;
            }
            self.buffer.push(folded);
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
        self.push_buffer(start, end, 0);
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
            n_globs: (self.globs.len() - globs_at).min(usize::from(u16::MAX)) as u16,
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
        if literal == 0 && self.buffer.last().is_some_and(|&byte| byte.is_ascii_digit() || byte >= 0x80) {
            return self.push_numbered(start, end, globs_at, extra);
        }
        self.push(start, end, literal, globs_at, extra);
    }

    /// Pushes a word that the codebook does not have; without the number of a note that was glued to it, it may.
    fn push_numbered(&mut self, start: usize, end: usize, globs_at: usize, extra: u8) {
        let Some(letters) = without_number(&self.text[start..end]) else {
            return self.push(start, end, 0, globs_at, extra);
        };
        self.buffer = fold_word(letters, self.vocabulary.keep_accents).into_bytes();
        match self.vocabulary.find_word(&self.buffer) {
            0 => self.push(start, end, 0, globs_at, extra),
            literal => self.push(start, start + letters.len(), literal, globs_at, extra | NUMBERED),
        }
    }

    fn look_up_buffer(&mut self) -> (TermId, usize) {
        let literal = self.vocabulary.find_word(&self.buffer);
        let globs_at = self.globs.len();
        self.vocabulary.find_globs(&self.buffer, &mut self.globs);
        (literal, globs_at)
    }

    /// Joins the word in the buffer to the token before a hyphen at the end of a line, if the codebook knows the whole.
    fn try_join(&mut self, before: usize, end: usize) -> bool {
        let Some(&head) = self.tokens.get(before) else {
            return false;
        };
        // Between the parts of a word that spaces of no width divide stands no token.
        let last = self.tokens.last().filter(|token| token.is_word()).map_or(head.end, |token| token.end);
        let head_text = self.text.get(head.start as usize..last as usize).unwrap_or("");
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
        self.char_at(at).is_some_and(|c| matches!(role(c), Role::Letter | Role::Invisible))
    }

    /// Reads a word that holds a character beyond ASCII.
    fn folded_word(&mut self, start: usize) {
        self.buffer.clear();
        // Where the word ends, and where the invisible characters after it do.
        let (mut end, mut after) = (start, start);
        let (mut plain, mut noted) = (true, false);
        while let Some(c) = self.char_at(after) {
            let here = role(c);
            // The number of a note ends a word, even where the next was glued on.
            if noted && !is_raised(c) {
                break;
            }
            noted = is_raised(c);
            after += match here {
                Role::Letter | Role::Invisible => c.len_utf8(),
                _ => break,
            };
            if here == Role::Invisible {
                continue;
            }
            end = after;
            if c.is_ascii() {
                self.buffer.push(c.to_ascii_lowercase() as u8);
            } else if let Some(Some(folded)) = self.vocabulary.latin.get((c as usize).wrapping_sub(0x80)) {
                self.buffer.extend_from_slice(folded.as_bytes());
            } else {
                plain = false;
            }
        }
        if !plain {
            self.buffer = fold_word(&self.text[start..end], self.vocabulary.keep_accents).into_bytes();
        }
        if self.buffer.is_empty() {
            // Nothing but marks that fold away.
            self.at = after;
            return;
        }
        if !noted && self.apostrophe_at(after).is_some() {
            let folded = std::mem::take(&mut self.buffer);
            return self.word_with_apostrophe(start, after, Some(folded));
        }
        self.at = after;
        self.push_buffer(start, end, 0);
        if self.text[end..after].contains('\u{ad}') && self.line_ends_then_lower(after) {
            self.joining = self.tokens.len().checked_sub(1);
        }
    }

    /// Pushes the word `start..end`, which an apostrophe follows.
    fn word_with_apostrophe(&mut self, start: usize, end: usize, folded: Option<Vec<u8>>) {
        let after = end + self.apostrophe_at(end).unwrap_or(1);
        self.buffer = folded.unwrap_or_else(|| self.bytes[start..end].to_ascii_lowercase());
        // Nothing is elided after a digit: the apostrophe stands between two words.
        let number = std::str::from_utf8(&self.buffer).is_ok_and(|word| word.ends_with(char::is_numeric));
        match after_apostrophe(self.text.get(after..).unwrap_or("").chars(), |_| false) {
            AfterApostrophe::Word if number => {
                self.at = after;
                self.push_buffer(start, end, 0);
            }
            AfterApostrophe::Nothing => {
                self.at = after;
                self.push_buffer(start, end, 0);
            }
            AfterApostrophe::Ending(ending) => {
                self.push_buffer(start, end, 0);
                self.at = after + ending.len();
                self.buffer = format!("'{ending}").into_bytes();
                self.push_buffer(end, self.at, ENDING);
                self.word -= 1;
            }
            AfterApostrophe::Word => {
                self.buffer.push(b'\'');
                self.at = after;
                self.push_buffer(start, after, 0);
            }
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

    /// Reads a dash, or the sign `¬` with which scanned books divide words.
    fn hyphen(&mut self, length: usize, literal: TermId) {
        let start = self.at;
        let after_word = self.tokens.last().is_some_and(|t| t.is_word() && t.end as usize == start);
        self.at += length;
        let head = self.tokens.len().wrapping_sub(1);
        self.mark(start, self.at, literal, 0);
        if after_word && self.line_ends_then_lower(self.at) {
            self.joining = Some(head);
        }
    }

    /// Returns whether only the end of this line or page and a lower-case letter follow.
    fn line_ends_then_lower(&self, from: usize) -> bool {
        let rest = self.text.get(from..).unwrap_or("");
        let word = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}', '\u{2028}', '\u{85}']);
        let between = &rest[..rest.len() - word.len()];
        let lines =
            between.matches('\n').count().max(between.matches('\r').count()) + between.matches(is_line_end).count();
        // A word goes on over the end of a page, whatever blank lines are there, but over no other blank line.
        let ends = lines == 1 || between.contains('\u{c}');
        ends && word.starts_with(char::is_lowercase)
    }

    /// Passes a line end; returns whether it ends a paragraph.
    fn newline(&mut self) -> bool {
        let start = self.at;
        let (mut lines, mut page) = (0, false);
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\r' if self.bytes.get(self.at + 1) == Some(&b'\n') => {}
                b'\n' | b'\r' => lines += 1,
                0x0b => lines += 2,
                0x0c => page = true,
                b' ' | b'\t' => {}
                _ => break,
            }
            self.at += 1;
        }
        // The end of a page is no end of a paragraph where the words run on.
        let runs_on = || self.runs_on(start, lines > 0);
        let paragraph = if page { self.joining.is_none() && !runs_on() } else { lines >= 2 };
        if paragraph {
            // No term: a pattern with punctuation must not reach over the end of a paragraph.
            self.mark(start, start + 1, 0, BREAK);
        }
        paragraph
    }

    /// Whether the words after the end of a page run on from those before it, which end at `start`.
    fn runs_on(&self, start: usize, line_ends: bool) -> bool {
        let Some(next) = self.char_at(self.at) else { return false };
        if line_ends {
            return next.is_lowercase();
        }
        // Within a line: a lone word above the end of a page is its number or heading, and no sentence.
        let before = &self.text[self.text.floor_char_boundary(start.saturating_sub(400))..start];
        let line = before[before.rfind(['\n', '\r', '\u{c}']).unwrap_or(0)..].trim();
        let word_before = line.ends_with(|c: char| matches!(role(c), Role::Letter | Role::Unspaced));
        let uncased = next.is_alphabetic() && !next.is_lowercase() && !next.is_uppercase();
        line.contains([' ', '\u{a0}']) && word_before && (next.is_lowercase() || uncased)
    }

    fn other(&mut self) {
        let Some(c) = self.char_at(self.at) else {
            self.at += 1;
            return;
        };
        let length = c.len_utf8();
        match role(c) {
            Role::Unspaced => self.unspaced(),
            Role::Letter => self.folded_word(self.at),
            Role::Dash => self.hyphen(length, DASH),
            Role::Apostrophe | Role::Invisible => self.at += length,
            Role::Space if is_space_of_no_width(c) => self.space_of_no_width(length),
            Role::Space if c == '\u{2029}' => self.punctuation(length, BREAK),
            // One ends a line, as line ends do; two leave a blank line.
            Role::Space if is_line_end(c) && self.char_at(self.at + length).is_some_and(is_line_end) => {
                self.punctuation(length, BREAK);
            }
            Role::Space => self.at += length,
            Role::Punctuation if c == '¬' => self.hyphen(length, PUNCTUATION),
            Role::Stop | Role::Punctuation => self.punctuation(length, 0),
        }
    }

    /// Passes a space of no width: within a word of letters it is nothing, if the codebook knows the whole.
    fn space_of_no_width(&mut self, length: usize) {
        let mut first = None;
        let mut end = self.at;
        // Pages divide a long word more than once; a word of many parts is none.
        for (i, token) in self.tokens.iter().enumerate().rev().take(8) {
            if !token.is_word() || token.end as usize != end {
                break;
            }
            first = Some(i);
            end = (token.start as usize).saturating_sub(length);
            if self.char_at(end) != Some('\u{200b}') {
                break;
            }
        }
        self.at += length;
        let goes_on = self.char_at(self.at).is_some_and(|c| role(c) == Role::Letter);
        self.joining = first.filter(|_| goes_on);
    }

    /// Reads a run of a script without spaces: one token a character, word boundaries marked.
    fn unspaced(&mut self) {
        let start = self.at;
        // Bounds the work of the segmenter on a hostile text; a boundary is assumed where a run is cut.
        let run = &self.text[start..self.text.floor_char_boundary(start + (1 << 16))];
        let end = run
            .char_indices()
            .find(|&(_, c)| !matches!(role(c), Role::Unspaced | Role::Invisible))
            .map_or(run.len(), |(i, _)| i);
        let run = &run[..end];
        match compose_unspaced(run) {
            None => self.unspaced_run(run, |_, i, c| (start + i, start + i + c.len_utf8())),
            Some((composed, places)) => self.unspaced_run(&composed, |n, _, _| {
                places.get(n).map_or((start, start), |&(from, to)| (start + from, start + to))
            }),
        }
        self.at = start + run.len();
    }

    /// Pushes the characters of a run; `place` tells by its number, its place in the run and itself where each stands in
    /// the text.
    fn unspaced_run(&mut self, run: &str, place: impl Fn(usize, usize, char) -> (usize, usize)) {
        let segmenter =
            self.segmenter.get_or_insert_with(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()));
        let mut boundaries = segmenter.segment_str(run).peekable();
        let seen = |&(_, (_, c)): &(usize, (usize, char))| role(c) != Role::Invisible;
        let mut chars = run.char_indices().enumerate().filter(seen).peekable();
        let mut starts = true;
        let mut name_ends = 0;
        while let Some((n, (i, c))) = chars.next() {
            let after = chars.peek().map_or(run.len(), |&(_, (j, _))| j);
            if starts && i >= name_ends {
                name_ends = whole_name(&run[i..]).map_or(0, |length| i + length);
            }
            // A boundary beside an invisible character is one between the letters around it.
            let mut ends = after == run.len();
            while let Some(boundary) = boundaries.next_if(|&b| b <= after) {
                ends |= boundary > i;
            }
            ends = if after < name_ends { false } else { ends || after == name_ends };
            self.buffer.clear();
            self.buffer.extend_from_slice(fold_word(&c.to_string(), self.vocabulary.keep_accents).as_bytes());
            self.joining = None;
            let (literal, globs_at) = self.look_up_buffer();
            let (from, to) = place(n, i, c);
            self.push(from, to, literal, globs_at, 0);
            let word = if starts { self.word } else { self.word - 1 };
            self.word = word;
            if let Some(token) = self.tokens.last_mut() {
                token.flags = u8::from(starts) * (STARTS | WORD) + u8::from(ends) * ENDS;
                token.word = word;
            }
            starts = ends;
        }
    }
}
