//! Coding: concepts applied to spans of a source, by the lexicon.
//!
//! [`Matcher`] compiles a codebook and reads a text once for all patterns. It knows nothing of units, statements or
//! sources; it hands over spans.

mod scan;
mod trie;

use crate::codebook::pattern::Pattern;
use crate::codebook::{Codebook, CodebookProblem, ConceptIx};
use crate::text::Span;
use scan::Vocabulary;
use std::collections::BTreeMap;
use trie::{Accept, Trie};

/// A concept applied to a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coding {
    /// Where.
    pub span: Span,
    /// Which concept.
    pub concept: ConceptIx,
    /// Which pattern of [`Matcher::patterns`] found it.
    pub pattern: u32,
}

/// A pattern of a compiled codebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternInfo {
    /// Its concept.
    pub concept: ConceptIx,
    /// Language key of the codebook.
    pub language: String,
    /// The words of the pattern.
    pub text: String,
    /// Line in the codebook file.
    pub line: u32,
    /// Whether it vetoes instead of finding.
    pub veto: bool,
}

/// A codebook compiled for one set of languages.
#[derive(Debug)]
pub struct Matcher {
    vocabulary: Vocabulary,
    trie: Trie,
    patterns: Vec<PatternInfo>,
    /// Per operand: the pattern and its place among the pattern's operands.
    operands: Vec<(u32, u8)>,
    /// Per pattern: the distances between its operands; empty for a plain pattern.
    near: Vec<Vec<u32>>,
    has_veto: Vec<bool>,
}

/// A hit of one operand of a pattern, before vetoes and overlaps are settled.
#[derive(Debug, Clone, Copy)]
struct RawHit {
    span: Span,
    words: (u32, u32),
    operand: u32,
}

impl Matcher {
    /// Returns the codebook compiled for texts in `languages`; none means every language of the codebook.
    ///
    /// A language tag chooses patterns by its primary subtag (`en-GB` uses `en`); patterns under `und` always apply.
    ///
    /// # Errors
    /// Patterns that do not parse, all at once. A checked [`Codebook`] has none.
    pub fn new(codebook: &Codebook, languages: &[String]) -> Result<Self, Vec<CodebookProblem>> {
        let wanted: Vec<String> = languages.iter().map(|l| primary_subtag(l)).collect();
        let applies = |l: &str| wanted.is_empty() || l == "und" || wanted.iter().any(|w| *w == primary_subtag(l));
        let mut builder = Builder::new(codebook.keep_accents);
        for ix in codebook.indices() {
            let concept = codebook.get(ix);
            for (veto, table) in [(false, &concept.patterns), (true, &concept.not)] {
                for (language, texts) in table.iter().filter(|(l, _)| applies(l)) {
                    for text in texts {
                        builder.add(PatternInfo {
                            concept: ix,
                            language: language.clone(),
                            text: text.text.clone(),
                            line: text.line,
                            veto,
                        });
                    }
                }
            }
        }
        builder.finish(codebook.len())
    }

    /// Returns the patterns, in the order of their numbers.
    #[must_use]
    pub fn patterns(&self) -> &[PatternInfo] {
        &self.patterns
    }

    /// Returns the codings of `text`, by start, then longer first, then concept.
    ///
    /// Hits of different concepts may overlap and nest. Among overlapping hits of one concept the leftmost, then the
    /// longest, stays; a hit that overlaps a veto of its concept goes.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Coding> {
        self.find_counting(text, &mut [])
    }

    /// Like [`Matcher::find`], and adds to `counts` (one per pattern) how often each pattern matched, before vetoes.
    #[must_use]
    pub fn find_counting(&self, text: &str, counts: &mut [u64]) -> Vec<Coding> {
        let raw = self.raw(text);
        let mut hits = self.assemble(raw);
        if !counts.is_empty() {
            for hit in &hits {
                if let Some(n) = counts.get_mut(hit.pattern as usize) {
                    *n += 1;
                }
            }
        }
        self.resolve(&mut hits)
    }

    /// Returns the number of hits before vetoes and overlaps are settled; for benchmarks.
    #[must_use]
    pub fn count_raw(&self, text: &str) -> usize {
        self.raw(text).len()
    }

    fn raw(&self, text: &str) -> Vec<RawHit> {
        let mut hits = Vec::new();
        let needs_punctuation = self.trie.uses_punctuation();
        scan::scan(&self.vocabulary, text, needs_punctuation, &mut |tokens, globs| {
            self.trie.find(tokens, globs, &mut |accept: Accept, start, end, words| {
                hits.push(RawHit { span: Span::new(start, end), words, operand: accept.operand });
            });
        });
        hits
    }

    /// Joins the operands of NEAR patterns and turns operands into patterns.
    fn assemble(&self, raw: Vec<RawHit>) -> Vec<Coding> {
        let mut out = Vec::with_capacity(raw.len());
        let mut parts: BTreeMap<u32, Vec<Vec<RawHit>>> = BTreeMap::new();
        for hit in raw {
            let (pattern, place) = self.operands[hit.operand as usize];
            let near = &self.near[pattern as usize];
            if near.is_empty() {
                out.push(self.coding(pattern, hit.span));
            } else {
                parts.entry(pattern).or_insert_with(|| vec![Vec::new(); near.len() + 1])[usize::from(place)].push(hit);
            }
        }
        for (pattern, operands) in parts {
            let mut operands = operands.into_iter();
            let mut joined = operands.next().unwrap_or_default();
            for (right, &distance) in operands.zip(&self.near[pattern as usize]) {
                joined = join_near(&joined, &right, distance);
            }
            out.extend(joined.iter().map(|hit| self.coding(pattern, hit.span)));
        }
        out
    }

    fn coding(&self, pattern: u32, span: Span) -> Coding {
        Coding { span, concept: self.patterns[pattern as usize].concept, pattern }
    }

    fn resolve(&self, hits: &mut [Coding]) -> Vec<Coding> {
        hits.sort_unstable_by_key(|h| (h.concept, h.span.start, std::cmp::Reverse(h.span.end), h.pattern));
        let mut out: Vec<Coding> = Vec::with_capacity(hits.len());
        for group in hits.chunk_by(|a, b| a.concept == b.concept) {
            let vetoes: Vec<Span> = if self.has_veto[group[0].concept.get()] {
                group.iter().filter(|h| self.patterns[h.pattern as usize].veto).map(|h| h.span).collect()
            } else {
                Vec::new()
            };
            let mut end = 0;
            for hit in group {
                if self.patterns[hit.pattern as usize].veto || hit.span.start < end || vetoed(hit.span, &vetoes) {
                    continue;
                }
                end = hit.span.end;
                out.push(*hit);
            }
        }
        out.sort_unstable_by_key(|h| (h.span.start, std::cmp::Reverse(h.span.end), h.concept));
        out
    }
}

/// Returns whether a veto overlaps the span; `vetoes` are by start.
fn vetoed(span: Span, vetoes: &[Span]) -> bool {
    // Vetoes may nest, so the ends are not sorted; they are few, and those that start after the span cannot overlap.
    let upto = vetoes.partition_point(|v| v.start < span.end);
    vetoes[..upto].iter().rev().any(|v| v.overlaps(span))
}

/// Returns each left hit joined with the nearest right hit within `distance` words.
fn join_near(left: &[RawHit], right: &[RawHit], distance: u32) -> Vec<RawHit> {
    let mut left = left.to_vec();
    let mut right = right.to_vec();
    left.sort_unstable_by_key(|h| (h.words, h.span));
    right.sort_unstable_by_key(|h| (h.words, h.span));
    let mut out = Vec::new();
    for a in &left {
        let from = right.partition_point(|b| b.words.0 + distance + 16 < a.words.0);
        let mut best: Option<(u32, RawHit)> = None;
        for b in right[from..].iter().take_while(|b| b.words.0 <= a.words.1 + distance) {
            if a.span.overlaps(b.span) {
                continue;
            }
            let gap = if b.words.0 > a.words.1 { b.words.0 - a.words.1 } else { a.words.0.saturating_sub(b.words.1) };
            if gap <= distance && best.is_none_or(|(g, _)| gap < g) {
                best = Some((gap, *b));
            }
        }
        if let Some((_, b)) = best {
            let span = Span::new(a.span.start.min(b.span.start), a.span.end.max(b.span.end));
            let words = (a.words.0.min(b.words.0), a.words.1.max(b.words.1));
            out.push(RawHit { span, words, operand: a.operand });
        }
    }
    out
}

/// Returns the language without region and script, in lower case.
#[must_use]
pub fn primary_subtag(language: &str) -> String {
    language.split(['-', '_']).next().unwrap_or("").to_lowercase()
}

struct Builder {
    keep_accents: bool,
    vocabulary: Vocabulary,
    trie: Trie,
    patterns: Vec<PatternInfo>,
    operands: Vec<(u32, u8)>,
    near: Vec<Vec<u32>>,
    problems: Vec<CodebookProblem>,
}

impl Builder {
    fn new(keep_accents: bool) -> Self {
        Self {
            keep_accents,
            vocabulary: Vocabulary::new(keep_accents),
            trie: Trie::default(),
            patterns: Vec::new(),
            operands: Vec::new(),
            near: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn add(&mut self, info: PatternInfo) {
        let parsed = match Pattern::parse_with(&info.text, self.keep_accents) {
            Ok(parsed) => parsed,
            Err(error) => {
                let reason = format!("pattern `{}`: {error}", info.text);
                self.problems.push(CodebookProblem { line: info.line, reason, hint: error.hint() });
                return;
            }
        };
        let number = self.patterns.len() as u32;
        self.near.push(parsed.near.iter().map(|(n, _)| *n).collect());
        let operands = std::iter::once(&parsed.first).chain(parsed.near.iter().map(|(_, phrases)| phrases));
        for (place, phrases) in operands.enumerate() {
            let operand = self.operands.len() as u32;
            self.operands.push((number, place as u8));
            for phrase in phrases {
                self.trie.insert(phrase, operand, &mut self.vocabulary);
            }
        }
        self.patterns.push(info);
    }

    fn finish(mut self, n_concepts: usize) -> Result<Matcher, Vec<CodebookProblem>> {
        if !self.problems.is_empty() {
            self.problems.sort();
            return Err(self.problems);
        }
        self.vocabulary.freeze();
        self.trie.freeze(&self.vocabulary);
        let mut has_veto = vec![false; n_concepts];
        for pattern in self.patterns.iter().filter(|p| p.veto) {
            has_veto[pattern.concept.get()] = true;
        }
        Ok(Matcher {
            vocabulary: self.vocabulary,
            trie: self.trie,
            patterns: self.patterns,
            operands: self.operands,
            near: self.near,
            has_veto,
        })
    }
}
