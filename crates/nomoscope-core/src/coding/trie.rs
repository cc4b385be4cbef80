//! The trie of flat phrases, walked from every word that can begin one.
//!
//! Edges are word numbers of the [`Vocabulary`], so a step costs one look-up whatever the length of the word. A
//! byte-wise automaton over the same phrases is faster on bare literals, but it knows neither folding nor word
//! boundaries nor gaps, and filtering its matches afterwards costs more than this walk.

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

#[derive(Debug, Clone, Default)]
struct Node {
    accepts: Vec<Accept>,
    gap: Option<(u8, u32)>,
    leaf: bool,
}

/// Phrases as paths of term numbers.
#[derive(Debug, Default)]
pub(super) struct Trie {
    nodes: Vec<Node>,
    building: BTreeMap<(u32, TermId), u32>,
    edges: EdgeTable,
    /// Child of the root by term number; 0 for none.
    roots: Vec<u32>,
    uses_punctuation: bool,
}

impl Trie {
    pub(super) fn insert(&mut self, phrase: &Phrase, operand: u32, vocabulary: &mut Vocabulary) {
        if self.nodes.is_empty() {
            self.nodes.push(Node::default());
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
        let accepts = &mut self.nodes[at as usize].accepts;
        if !accepts.contains(&accept) {
            accepts.push(accept);
        }
    }

    fn gap_child(&mut self, at: u32, n: u8) -> u32 {
        if let Some((_, child)) = self.nodes[at as usize].gap {
            return child;
        }
        let child = self.add_node();
        self.nodes[at as usize].gap = Some((n, child));
        child
    }

    fn add_node(&mut self) -> u32 {
        self.nodes.push(Node::default());
        (self.nodes.len() - 1) as u32
    }

    pub(super) fn freeze(&mut self, vocabulary: &Vocabulary) {
        self.roots = vec![0; vocabulary.n_terms() as usize + 1];
        for node in &mut self.nodes {
            node.leaf = node.gap.is_none();
        }
        for &(from, _) in self.building.keys() {
            self.nodes[from as usize].leaf = false;
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

    /// Calls `found(accept, start byte, end byte, (first word, last word))` for every phrase in `tokens`.
    pub(super) fn find(&self, tokens: &[Token], globs: &[TermId], found: &mut dyn FnMut(Accept, u32, u32, (u32, u32))) {
        if self.nodes.is_empty() {
            return;
        }
        for (i, token) in tokens.iter().enumerate() {
            let root = self.roots[token.literal as usize];
            if root != 0 {
                self.walk(root, i, i, false, tokens, globs, found);
            }
            for &glob in token.globs(globs) {
                let root = self.roots[glob as usize];
                if root != 0 {
                    self.walk(root, i, i, true, tokens, globs, found);
                }
            }
        }
    }

    /// Goes on from `node`, which was reached by consuming token `at`.
    #[allow(clippy::too_many_arguments, reason = "the state of a depth-first walk; a struct would only rename it")]
    fn walk(
        &self,
        node: u32,
        first: usize,
        at: usize,
        by_glob: bool,
        tokens: &[Token],
        globs: &[TermId],
        found: &mut dyn FnMut(Accept, u32, u32, (u32, u32)),
    ) {
        let here = &self.nodes[node as usize];
        // `child*` takes the ending of "child's" with it.
        let ending = by_glob && tokens.get(at + 1).is_some_and(|t| t.is_ending() && t.start == tokens[at].end);
        for &accept in &here.accepts {
            let last = if ending { at + 1 } else { at };
            if (accept.open_start || tokens[first].starts_word()) && (accept.open_end || tokens[at].ends_word()) {
                found(accept, tokens[first].start, tokens[last].end, (tokens[first].word, tokens[at].word));
            }
        }
        if here.leaf {
            return;
        }
        if ending {
            self.step(node, first, at + 2, tokens, globs, found);
        }
        self.step(node, first, at + 1, tokens, globs, found);
        if let Some((n, child)) = here.gap {
            let mut words = 0;
            let mut next = at + 1;
            while let Some(token) = tokens.get(next) {
                if token.is_break() {
                    break;
                }
                self.step(child, first, next, tokens, globs, found);
                if token.is_word() {
                    words += 1;
                    if words > n {
                        break;
                    }
                }
                next += 1;
            }
        }
    }

    fn step(
        &self,
        node: u32,
        first: usize,
        next: usize,
        tokens: &[Token],
        globs: &[TermId],
        found: &mut dyn FnMut(Accept, u32, u32, (u32, u32)),
    ) {
        let Some(token) = tokens.get(next) else {
            return;
        };
        if token.literal != 0
            && let Some(child) = self.edges.get(node, token.literal)
        {
            self.walk(child, first, next, false, tokens, globs, found);
        }
        for &glob in token.globs(globs) {
            if let Some(child) = self.edges.get(node, glob) {
                self.walk(child, first, next, true, tokens, globs, found);
            }
        }
    }
}

/// Open addressing from (node, term) to node.
#[derive(Debug, Default)]
struct EdgeTable {
    slots: Vec<(u32, TermId, u32)>,
    mask: usize,
}

impl EdgeTable {
    fn new(edges: &[(u32, TermId, u32)]) -> Self {
        let size = (edges.len() * 2).next_power_of_two().max(8);
        let mut table = Self { slots: vec![(0, 0, 0); size], mask: size - 1 };
        for &(from, term, to) in edges {
            let mut slot = Self::hash(from, term) & table.mask;
            while table.slots[slot].2 != 0 {
                slot = (slot + 1) & table.mask;
            }
            table.slots[slot] = (from, term, to);
        }
        table
    }

    const fn hash(from: u32, term: TermId) -> usize {
        let key = ((from as u64) << 32) | term as u64;
        (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 29) as usize
    }

    fn get(&self, from: u32, term: TermId) -> Option<u32> {
        let mut slot = Self::hash(from, term) & self.mask;
        loop {
            let (f, t, to) = *self.slots.get(slot)?;
            if to == 0 {
                return None;
            }
            if f == from && t == term {
                return Some(to);
            }
            slot = (slot + 1) & self.mask;
        }
    }
}
