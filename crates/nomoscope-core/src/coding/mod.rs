//! Coding: concepts applied to spans of a source, by the lexicon.
//!
//! [`Matcher`] compiles a codebook and reads a text once for all patterns. It knows nothing of units, statements or
//! sources; it hands over spans.

pub mod agreement;
mod scan;
mod trie;
mod whole_names;

use crate::codebook::pattern::Pattern;
use crate::codebook::{Codebook, ConceptIx};
use crate::problem::{Problem, Problems};
use crate::study::Origin;
use crate::text::Span;
use crate::text::segment::sentences;
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
    /// Where it came from; the number of a pattern is that in [`Matcher::patterns`].
    pub origin: Origin,
}

/// A hit of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    span: Span,
    concept: ConceptIx,
    pattern: u32,
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
    operands: Vec<Operand>,
    /// Per pattern: the distances between its operands; empty for a plain pattern.
    near: Vec<Vec<u32>>,
    has_veto: Vec<bool>,
}

/// What a hit of the trie stands for.
#[derive(Debug, Clone, Copy)]
struct Operand {
    pattern: u32,
    concept: ConceptIx,
    /// Its place among the operands of a NEAR pattern; none in a plain pattern, whose hit is a hit of the pattern.
    place: Option<u8>,
}

/// A hit of one operand of a NEAR pattern.
#[derive(Debug, Clone, Copy)]
struct RawHit {
    span: Span,
    words: (u32, u32),
}

impl Matcher {
    /// Returns the codebook compiled for texts in `languages`; none means every language of the codebook.
    ///
    /// A language tag chooses patterns by its primary subtag (`en-GB` uses `en`); patterns under `und` always apply.
    ///
    /// # Errors
    /// Patterns that do not parse, all at once. A checked [`Codebook`] has none.
    pub fn new(codebook: &Codebook, languages: &[String]) -> Result<Self, Problems> {
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
        let sentences = self.asks_for_sentences().then(|| sentences(text, None));
        self.find_within(text, sentences.as_deref(), counts)
    }

    /// Like [`Matcher::find_counting`]; `sentences` are those of the text, by start, as its segmentation tells them.
    #[must_use]
    pub fn find_in_sentences(&self, text: &str, sentences: &[Span], counts: &mut [u64]) -> Vec<Coding> {
        self.find_within(text, self.asks_for_sentences().then_some(sentences), counts)
    }

    /// Whether a pattern reaches over further words, which it may within a sentence only.
    fn asks_for_sentences(&self) -> bool {
        self.trie.has_gaps() || self.near.iter().any(|distances| !distances.is_empty())
    }

    fn find_within(&self, text: &str, sentences: Option<&[Span]>, counts: &mut [u64]) -> Vec<Coding> {
        let mut hits = self.hits(text, sentences, scan::BLOCK_TOKENS);
        if !counts.is_empty() {
            for hit in &hits {
                if let Some(n) = counts.get_mut(hit.pattern as usize) {
                    *n += 1;
                }
            }
        }
        self.resolve(&mut hits);
        hits.into_iter()
            .map(|Hit { span, concept, pattern }| Coding { span, concept, origin: Origin::Pattern(pattern) })
            .collect()
    }

    /// Returns the hits of all patterns, those of plain patterns by start.
    fn hits(&self, text: &str, sentences: Option<&[Span]>, block_tokens: usize) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut parts: BTreeMap<u32, Vec<Vec<RawHit>>> = BTreeMap::new();
        scan::scan(
            &self.vocabulary,
            text,
            sentences,
            self.trie.uses_punctuation(),
            block_tokens,
            &mut |tokens, globs| {
                self.trie.find(tokens, globs, &mut |accept: Accept, start, end, words| {
                    let Operand { pattern, concept, place } = self.operands[accept.operand as usize];
                    let span = Span { start, end };
                    match place {
                        None => hits.push(Hit { span, concept, pattern }),
                        Some(place) => {
                            let n_operands = self.near[pattern as usize].len() + 1;
                            let operands = parts.entry(pattern).or_insert_with(|| vec![Vec::new(); n_operands]);
                            operands[usize::from(place)].push(RawHit { span, words });
                        }
                    }
                });
            },
        );
        self.join(parts, &mut hits);
        hits
    }

    /// Joins the operands of NEAR patterns.
    fn join(&self, parts: BTreeMap<u32, Vec<Vec<RawHit>>>, hits: &mut Vec<Hit>) {
        for (pattern, operands) in parts {
            let mut operands = operands.into_iter();
            let mut joined = operands.next().unwrap_or_default();
            for (right, &distance) in operands.zip(&self.near[pattern as usize]) {
                joined = join_near(&joined, &right, distance);
            }
            let concept = self.patterns[pattern as usize].concept;
            hits.extend(joined.iter().map(|hit| Hit { span: hit.span, concept, pattern }));
        }
    }

    /// Takes out vetoes, what they hit, and overlaps within a concept; leaves the rest in order.
    fn resolve(&self, hits: &mut Vec<Hit>) {
        sort_nearly_sorted(hits);
        let mut vetoes: BTreeMap<ConceptIx, Vetoes> = BTreeMap::new();
        if self.has_veto.contains(&true) {
            for hit in hits.iter().filter(|h| self.has_veto[h.concept.get()]) {
                if self.patterns[hit.pattern as usize].veto {
                    vetoes.entry(hit.concept).or_default().spans.push(hit.span);
                }
            }
        }
        // Where the last hit of each concept ended that stayed.
        let mut ends = vec![0; self.has_veto.len()];
        hits.retain(|hit| {
            let end = &mut ends[hit.concept.get()];
            if hit.span.start < *end {
                return false;
            }
            if self.has_veto[hit.concept.get()]
                && (self.patterns[hit.pattern as usize].veto
                    || vetoes.get_mut(&hit.concept).is_some_and(|v| v.overlap(hit.span)))
            {
                return false;
            }
            *end = hit.span.end;
            true
        });
    }
}

/// Sorts by start, longer first, then concept, then pattern.
///
/// The trie hands hits over by start, so only runs with the same start are left to sort; NEAR hits come after them.
fn sort_nearly_sorted(hits: &mut [Hit]) {
    if !hits.is_sorted_by_key(|h| h.span.start) {
        hits.sort_by_key(|h| h.span.start);
    }
    let mut from = 0;
    while from < hits.len() {
        let start = hits[from].span.start;
        let n = hits[from..].iter().take_while(|h| h.span.start == start).count();
        if n > 1 {
            hits[from..from + n].sort_unstable_by_key(|h| (std::cmp::Reverse(h.span.end), h.concept, h.pattern));
        }
        from += n;
    }
}

/// The vetoes of a concept, asked in the order of the text.
#[derive(Debug, Default)]
struct Vetoes {
    spans: Vec<Span>,
    /// How many begin no later than the last hit, and how far they reach.
    passed: usize,
    reach: u32,
}

impl Vetoes {
    /// Returns whether a veto overlaps the span, which begins no earlier than the one before it.
    fn overlap(&mut self, span: Span) -> bool {
        // Vetoes may nest, so their ends are not sorted; but how far those reach that began so far only grows.
        while let Some(veto) = self.spans.get(self.passed).filter(|v| v.start <= span.start) {
            self.reach = self.reach.max(veto.end);
            self.passed += 1;
        }
        self.reach > span.start || self.spans.get(self.passed).is_some_and(|v| v.start < span.end)
    }
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
            out.push(RawHit { span, words });
        }
    }
    out
}

/// Returns the language without region and script, in lower case, however it was written.
#[must_use]
pub fn primary_subtag(language: &str) -> String {
    crate::text::language::primary(language)
}

struct Builder {
    keep_accents: bool,
    vocabulary: Vocabulary,
    trie: Trie,
    patterns: Vec<PatternInfo>,
    operands: Vec<Operand>,
    near: Vec<Vec<u32>>,
    problems: Problems,
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
            problems: Problems::new(),
        }
    }

    fn add(&mut self, info: PatternInfo) {
        let parsed = match Pattern::parse_with(&info.text, self.keep_accents) {
            Ok(parsed) => parsed,
            Err(error) => {
                let reason = format!("pattern `{}`: {error}", info.text);
                self.problems.push(Problem::in_line("", info.line, reason).perhaps(error.hint()));
                return;
            }
        };
        let number = self.patterns.len() as u32;
        self.near.push(parsed.near.iter().map(|(n, _)| *n).collect());
        let operands = std::iter::once(&parsed.first).chain(parsed.near.iter().map(|(_, phrases)| phrases));
        for (place, phrases) in operands.enumerate() {
            let operand = self.operands.len() as u32;
            let place = (!parsed.near.is_empty()).then_some(place as u8);
            self.operands.push(Operand { pattern: number, concept: info.concept, place });
            for phrase in phrases {
                self.trie.insert(phrase, operand, &mut self.vocabulary);
            }
        }
        self.patterns.push(info);
    }

    fn finish(mut self, n_concepts: usize) -> Result<Matcher, Problems> {
        if !self.problems.is_empty() {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codebook::{Concept, PatternText, Role};
    use std::collections::BTreeSet;

    fn matcher(patterns: &[&str]) -> Matcher {
        let texts = patterns.iter().map(|p| PatternText { text: (*p).to_owned(), line: 1 }).collect();
        let concept = Concept {
            id: "c".to_owned(),
            roles: BTreeSet::from([Role::Problem]),
            patterns: BTreeMap::from([("und".to_owned(), texts)]),
            ..Concept::default()
        };
        Matcher::new(&Codebook::new("t".into(), "1".into(), vec![concept]).unwrap(), &[]).unwrap()
    }

    fn sorted_hits(matcher: &Matcher, text: &str, block_tokens: usize) -> Vec<Hit> {
        let told = matcher.asks_for_sentences().then(|| sentences(text, None));
        let mut hits = matcher.hits(text, told.as_deref(), block_tokens);
        hits.sort_unstable();
        hits
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(500))]

        /// Where a text is cut into blocks of tokens does not show in the hits.
        #[test]
        fn the_size_of_blocks_does_not_matter(
            pieces in proptest::collection::vec(
                proptest::sample::select(vec![
                    "a", "b", "ab", "a", "b", "a's", "a-", "-b", "\u{ad}", ".", ". ", "? ", ", ", " ", " ", " ", "\n", "\r\n",
                    "\n\n", "\u{2029}", "\u{a0}", "’", "é", "一", "。", "123",
                ]),
                0..80,
            ),
            block_tokens in 1_usize..6,
        ) {
            let text = pieces.concat();
            let plain = matcher(&["a b", "a* b", "a ... b", "a NEAR/2 b", "b a b", "a-b", "ab", "*b", "一 a", "a"]);
            proptest::prop_assert_eq!(sorted_hits(&plain, &text, block_tokens), sorted_hits(&plain, &text, usize::MAX >> 8));
            let punctuated = matcher(&["a, b", "a. b", "a, ... b", "a b"]);
            proptest::prop_assert_eq!(
                sorted_hits(&punctuated, &text, block_tokens),
                sorted_hits(&punctuated, &text, usize::MAX >> 8)
            );
        }
    }
}
