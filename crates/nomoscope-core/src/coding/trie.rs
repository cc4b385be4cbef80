//! The trie of flat phrases, walked from every word that can begin one.
//!
//! Edges are word numbers of the [`Vocabulary`], so a step costs one look-up whatever the length of the word, and most
//! walks end at a filter of word pairs before they begin. `docs/benchmarks.md` compares it with a byte-wise automaton
//! over the bare phrases.

use super::scan::{DASH, PUNCTUATION, TermId, Token, Vocabulary};
use crate::codebook::pattern::{Phrase, Step};
use std::collections::BTreeMap;

/// What the end of a phrase stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Accept {
    pub(super) operand: u32,
    open_start: bool,
    open_end: bool,
}

/// A node while the trie is being built.
#[derive(Debug, Clone, Default)]
struct Growing {
    accepts: Vec<Accept>,
    gap: Option<(u8, u32)>,
}

/// A node of the finished trie.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// Where its accepts begin; they end where those of the next node begin.
    accepts: u32,
    /// The child after a gap; 0 for none.
    gap: u32,
    gap_words: u8,
    /// Whether nothing can follow.
    leaf: bool,
    /// Whether it neither accepts nor has a gap, so that only the next word counts.
    passing: bool,
}

/// Phrases as paths of term numbers.
#[derive(Debug, Default)]
pub(super) struct Trie {
    growing: Vec<Growing>,
    building: BTreeMap<(u32, TermId), u32>,
    nodes: Vec<Node>,
    accepts: Vec<Accept>,
    edges: EdgeTable,
    /// Child of the root by term number; 0 for none.
    roots: Vec<u32>,
    uses_punctuation: bool,
    has_gaps: bool,
}

/// What a walk needs to know about where it is.
#[derive(Clone, Copy)]
struct Text<'a> {
    tokens: &'a [Token],
    globs: &'a [TermId],
}

impl Trie {
    pub(super) fn insert(&mut self, phrase: &Phrase, operand: u32, vocabulary: &mut Vocabulary) {
        if self.growing.is_empty() {
            self.growing.push(Growing::default());
        }
        let mut at = 0_u32;
        for step in &phrase.steps {
            let term = match step {
                Step::Gap(n) => {
                    at = self.gap_child(at, *n);
                    continue;
                }
                Step::Word(word) => vocabulary.literal(word),
                Step::Glob(parts) => vocabulary.glob(parts),
                Step::Dash => DASH,
                Step::Punctuation => {
                    self.uses_punctuation = true;
                    PUNCTUATION
                }
            };
            at = match self.building.get(&(at, term)) {
                Some(&child) => child,
                None => {
                    let child = self.add_node();
                    self.building.insert((at, term), child);
                    child
                }
            };
        }
        let accept = Accept { operand, open_start: phrase.open_start, open_end: phrase.open_end };
        let accepts = &mut self.growing[at as usize].accepts;
        if !accepts.contains(&accept) {
            accepts.push(accept);
        }
    }

    fn gap_child(&mut self, at: u32, n: u8) -> u32 {
        if let Some((_, child)) = self.growing[at as usize].gap {
            return child;
        }
        self.has_gaps = true;
        let child = self.add_node();
        self.growing[at as usize].gap = Some((n, child));
        child
    }

    fn add_node(&mut self) -> u32 {
        self.growing.push(Growing::default());
        (self.growing.len() - 1) as u32
    }

    pub(super) fn freeze(&mut self, vocabulary: &Vocabulary) {
        self.roots = vec![0; vocabulary.n_terms() as usize + 1];
        let mut inner = vec![false; self.growing.len()];
        for &(from, _) in self.building.keys() {
            inner[from as usize] = true;
        }
        for (node, inner) in std::mem::take(&mut self.growing).into_iter().zip(inner) {
            let (gap_words, gap) = node.gap.unwrap_or_default();
            self.nodes.push(Node {
                accepts: self.accepts.len() as u32,
                gap,
                gap_words,
                leaf: !inner && node.gap.is_none(),
                passing: node.accepts.is_empty() && node.gap.is_none(),
            });
            self.accepts.extend(node.accepts);
        }
        for (&(from, term), &to) in &self.building {
            if from == 0 {
                self.roots[term as usize] = to;
            }
        }
        let inner = self.building.iter().filter(|((from, _), _)| *from != 0).map(|(&(f, t), &to)| (f, t, to));
        self.edges = EdgeTable::new(&inner.collect::<Vec<_>>());
        self.building = BTreeMap::new();
    }

    pub(super) const fn uses_punctuation(&self) -> bool {
        self.uses_punctuation
    }

    pub(super) const fn has_gaps(&self) -> bool {
        self.has_gaps
    }

    /// Calls `found(accept, start byte, end byte, (first word, last word))` for every phrase in `tokens`.
    pub(super) fn find(
        &self,
        tokens: &[Token],
        globs: &[TermId],
        found: &mut impl FnMut(Accept, u32, u32, (u32, u32)),
    ) {
        let text = Text { tokens, globs };
        for (i, token) in tokens.iter().enumerate() {
            let root = self.roots.get(token.literal as usize).copied().unwrap_or(0);
            // One branch for all that decides, taken for the few words with which a phrase begins that may go on so.
            let begins = match tokens.get(i + 1) {
                Some(next) => {
                    (root != 0)
                        & (self.goes_anywhere(root) | next.has_globs() | self.edges.may_have(root, next.literal))
                }
                None => root != 0,
            };
            if begins {
                self.walk(root, i, i, false, text, found);
            }
            for &glob in token.globs(globs) {
                let root = self.roots[glob as usize];
                if root != 0 {
                    self.walk(root, i, i, true, text, found);
                }
            }
        }
    }

    /// Returns whether more than the next word counts after a first one: it is a phrase itself, or a gap follows.
    #[inline]
    fn goes_anywhere(&self, root: u32) -> bool {
        self.nodes.get(root as usize).is_some_and(|node| !node.passing)
    }

    fn accepts(&self, node: u32) -> &[Accept] {
        let from = self.nodes[node as usize].accepts as usize;
        let to = self.nodes.get(node as usize + 1).map_or(self.accepts.len(), |n| n.accepts as usize);
        &self.accepts[from..to]
    }

    /// Goes on from `node`, which was reached by consuming token `at`.
    fn walk(
        &self,
        node: u32,
        first: usize,
        at: usize,
        by_glob: bool,
        text: Text<'_>,
        found: &mut impl FnMut(Accept, u32, u32, (u32, u32)),
    ) {
        let tokens = text.tokens;
        let here = self.nodes[node as usize];
        // `child*` takes the ending of "child's" with it.
        let ending = by_glob && tokens.get(at + 1).is_some_and(|t| t.is_ending() && t.start == tokens[at].end);
        let alone = at == first && !by_glob && tokens[at].is_numbered();
        for &accept in self.accepts(node).iter().filter(|_| !alone) {
            let last = if ending { at + 1 } else { at };
            if (accept.open_start || tokens[first].starts_word()) && (accept.open_end || tokens[at].ends_word()) {
                found(accept, tokens[first].start, tokens[last].end, (tokens[first].word, tokens[at].word));
            }
        }
        if here.leaf {
            return;
        }
        if ending {
            self.step(node, first, at + 2, text, found);
        }
        self.step(node, first, at + 1, text, found);
        if here.gap != 0 && !tokens[at].is_break() {
            self.gap(here, first, at + 1, text, found);
        }
    }

    /// Goes on after up to so many words between.
    fn gap(
        &self,
        node: Node,
        first: usize,
        from: usize,
        text: Text<'_>,
        found: &mut impl FnMut(Accept, u32, u32, (u32, u32)),
    ) {
        let mut words = 0;
        for (i, token) in text.tokens.iter().enumerate().skip(from) {
            if token.is_break() && !token.is_word() {
                break;
            }
            self.step(node.gap, first, i, text, found);
            if token.is_break() {
                break;
            }
            if token.is_word() {
                words += 1;
                if words > node.gap_words {
                    break;
                }
            }
        }
    }

    fn step(
        &self,
        node: u32,
        first: usize,
        next: usize,
        text: Text<'_>,
        found: &mut impl FnMut(Accept, u32, u32, (u32, u32)),
    ) {
        let Some(token) = text.tokens.get(next) else {
            return;
        };
        if token.literal != 0
            && let Some(child) = self.edges.get(node, token.literal)
        {
            self.walk(child, first, next, false, text, found);
        }
        for &glob in token.globs(text.globs) {
            if let Some(child) = self.edges.get(node, glob) {
                self.walk(child, first, next, true, text, found);
            }
        }
    }
}

/// Open addressing from (node, term) to node, behind a filter.
#[derive(Debug, Default)]
struct EdgeTable {
    slots: Vec<(u32, TermId, u32)>,
    shift: u32,
    /// A bit for each value of the upper bits of a hash.
    filter: Vec<u64>,
    filter_shift: u32,
}

impl EdgeTable {
    fn new(edges: &[(u32, TermId, u32)]) -> Self {
        let size = (edges.len() * 2).next_power_of_two().max(8);
        // Eight kilobytes stay in the first-level cache; more edges need more, or the filter lets everything through.
        let bits = (edges.len() * 16).next_power_of_two().clamp(1 << 16, 1 << 22);
        let mut table = Self {
            slots: vec![(0, 0, 0); size],
            shift: 64 - size.trailing_zeros(),
            filter: vec![0; bits / 64],
            filter_shift: 64 - bits.trailing_zeros(),
        };
        for &(from, term, to) in edges {
            let hash = Self::hash(from, term);
            let bit = (hash >> table.filter_shift) as usize;
            table.filter[bit >> 6] |= 1 << (bit & 63);
            let mut slot = (hash >> table.shift) as usize;
            while table.slots[slot].2 != 0 {
                slot = (slot + 1) & (size - 1);
            }
            table.slots[slot] = (from, term, to);
        }
        table
    }

    #[inline]
    const fn hash(from: u32, term: TermId) -> u64 {
        let key = ((from as u64) << 32) | term as u64;
        // Twice, because the term alone would leave its mark on few of the upper bits.
        (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ key).wrapping_mul(0xA24B_AED4_963E_E407)
    }

    /// Returns false only if there is no such edge.
    #[inline]
    fn may_have(&self, from: u32, term: TermId) -> bool {
        let bit = (Self::hash(from, term) >> self.filter_shift) as usize;
        self.filter.get(bit >> 6).copied().unwrap_or(0) >> (bit & 63) & 1 != 0
    }

    fn get(&self, from: u32, term: TermId) -> Option<u32> {
        let mut slot = (Self::hash(from, term) >> self.shift) as usize;
        loop {
            let (f, t, to) = *self.slots.get(slot)?;
            if to == 0 {
                return None;
            }
            if f == from && t == term {
                return Some(to);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }
}
