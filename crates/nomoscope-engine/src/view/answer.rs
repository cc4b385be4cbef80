//! A part of a source: blocks of sentences, cut into pieces at every end of a coding.

use crate::material::Material;
use crate::reading::is_lexicon;
use nomoscope_core::codebook::{Codebook, ConceptIx, Role};
use nomoscope_core::norm::corpus::{CodedSource, Corpus};
use nomoscope_core::study::{CodingRecord, CodingStatus, Origin, Source};
use nomoscope_core::text::{Level, Span, Unit, UnitRole};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// About how many bytes of text a part holds.
const PART_BYTES: u32 = 16 << 10;
/// How many codings are named at one place; beyond, a reader could not tell them apart.
const MOST_AT_ONCE: usize = 24;
/// How many brackets stand side by side; further ones share the last column.
const MOST_COLUMNS: usize = 8;

/// A part of a source as it is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Place of the source in the study, from 0.
    pub source: usize,
    /// Place of the part, from 0.
    pub at: usize,
    /// How many parts the source has.
    pub n: usize,
    /// Where in the text.
    pub span: Span,
    /// Bytes of the whole text.
    pub bytes: u32,
    /// The paragraphs.
    pub blocks: Vec<Block>,
    /// The codings that touch the part, by start, longer first.
    pub marks: Vec<Mark>,
    /// How many columns their brackets take.
    pub columns: usize,
}

/// A paragraph, or a stretch of a long one.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Citable label.
    pub label: String,
    /// What it is.
    pub role: UnitRole,
    /// Whether a new section begins with it.
    pub opens: bool,
    /// Its items, one where it has no points.
    pub items: Vec<Vec<Sentence>>,
    /// The marks that begin in it, by their place in [`Part::marks`].
    pub marks: Vec<usize>,
}

/// A sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    /// Where.
    pub span: Span,
    /// Its pieces, with what stands between it and the next one.
    pub pieces: Vec<Piece>,
}

/// A stretch of text under the same codings.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Where.
    pub span: Span,
    /// The words.
    pub text: String,
    /// The marks, by their place in [`Part::marks`], the shortest first.
    pub marks: Vec<usize>,
}

/// A concept at a place: what the lexicon found, what people coded, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Where.
    pub span: Span,
    /// The concept.
    pub concept: ConceptIx,
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: String,
    /// The part of a norm that it may fill.
    pub role: Option<Role>,
    /// The words.
    pub quote: String,
    /// Whether the lexicon found it.
    pub found: bool,
    /// What others than the lexicon said of it.
    pub records: Vec<Said>,
    /// The column of its bracket, from 0.
    pub column: usize,
}

/// A coding by somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The coding.
    pub id: String,
    /// Who.
    pub coder: String,
    /// Where it came from.
    pub origin: Origin,
    /// Whether it counts.
    pub status: CodingStatus,
    /// When.
    pub created: String,
    /// The note on it.
    pub memo: String,
}

/// Returns what tells a coding from all others of its source: its place and its concept.
#[must_use]
pub fn key(span: Span, concept: &str) -> String {
    format!("{}-{}-{concept}", span.start, span.end)
}

impl Mark {
    /// Returns what tells the mark from all others of the source.
    #[must_use]
    pub fn key(&self) -> String {
        key(self.span, &self.id)
    }

    /// Returns whether it is a hit of the lexicon about which nobody has decided.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.found && self.records.is_empty()
    }

    /// Returns whether somebody turned it down.
    #[must_use]
    pub fn is_rejected(&self) -> bool {
        self.records.iter().any(|r| r.status == CodingStatus::Rejected)
    }

    /// Returns whether it is shown as counting.
    #[must_use]
    pub fn counts(&self) -> bool {
        !self.is_rejected() && (self.found || self.records.iter().any(|r| r.status.counts()))
    }
}

/// Returns the marks of a source that touch a span, by start, longer first.
fn marks(material: &Material, coded: &CodedSource, source: &Source, span: Span, of: Whose<'_>) -> Vec<Mark> {
    let (study, codebook, text) = (&*material.study, &material.codebook, source.document.text.as_str());
    let mut by_place = Places::new();
    for coding in coded.codings.iter().filter(|c| c.span.overlaps(span)) {
        place(&mut by_place, codebook, text, coding.concept, coding.span).found = true;
    }
    let origins = study.origins();
    let shown = |r: &&CodingRecord| {
        r.span.overlaps(span)
            && r.source.as_str() == source.path
            && of.is_none_or(|coders| coders.iter().any(|c| r.coder == *c))
    };
    for record in study.codings.iter().filter(shown) {
        // What a lexicon stored is found anew; only what was turned down of it says more.
        if record.status.counts() && is_lexicon(study, &record.coder) {
            continue;
        }
        let Some(concept) = codebook.find(&record.concept) else { continue };
        place(&mut by_place, codebook, text, concept, record.span).records.push(Said {
            id: record.id.to_string(),
            coder: record.coder.to_string(),
            origin: origins.of(record),
            status: record.status,
            created: record.created.clone(),
            memo: record.memo.clone(),
        });
    }
    by_place.into_values().collect()
}

type Places = BTreeMap<(u32, Reverse<u32>, ConceptIx), Mark>;

fn place<'a>(places: &'a mut Places, codebook: &Codebook, text: &str, concept: ConceptIx, span: Span) -> &'a mut Mark {
    places.entry((span.start, Reverse(span.end), concept)).or_insert_with(|| {
        let known = codebook.get(concept);
        Mark {
            span,
            concept,
            id: known.id.clone(),
            label: known.label_in("en").to_owned(),
            role: known.roles.first().copied(),
            quote: span.of(text).to_owned(),
            found: false,
            records: Vec::new(),
            column: 0,
        }
    })
}

pub(super) type Whose<'a> = Option<&'a [String]>;

/// Which part is wanted, and whose codings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) part: Option<usize>,
    pub(super) at: Option<u32>,
    pub(super) coders: Whose<'a>,
}

pub(super) fn part(material: &Material, lexicon: &Corpus, source: usize, wanted: Wanted<'_>) -> Part {
    let (coded, from) = (&lexicon.coded[source], &material.study.sources[source]);
    let text = from.document.text.as_str();
    let stretches = stretches(&coded.segmentation.units);
    let parts = parts(&stretches);
    let holds = |at: u32| parts.partition_point(|p| stretches[p.start].span.start <= at).saturating_sub(1);
    let at = wanted.part.unwrap_or_else(|| wanted.at.map_or(0, holds)).min(parts.len().saturating_sub(1));
    let chosen = parts.get(at).map_or(&stretches[..0], |p| &stretches[p.clone()]);
    let start = if at == 0 { 0 } else { chosen.first().map_or(0, |s| s.span.start) };
    let end = parts.get(at + 1).map_or(text.len() as u32, |next| stretches[next.start].span.start);
    let span = Span::new(start, end);
    let mut marks = marks(material, coded, from, span, wanted.coders);
    let columns = columns(&mut marks);
    let mut cutter = Cutter::new(text, &marks);
    let mut blocks = Vec::new();
    let mut next_mark = 0;
    for (i, stretch) in chosen.iter().enumerate() {
        let until = chosen.get(i + 1).map_or(end, |next| next.span.start);
        let first = next_mark;
        while marks.get(next_mark).is_some_and(|m| m.span.start < until) {
            next_mark += 1;
        }
        blocks.push(Block {
            label: stretch.label.clone(),
            role: stretch.role,
            opens: stretch.opens,
            items: items(&coded.segmentation.units, stretch, until, &mut cutter),
            marks: (first..next_mark).collect(),
        });
    }
    Part { source, at, n: parts.len().max(1), span, bytes: text.len() as u32, blocks, marks, columns }
}

/// A paragraph, or some sentences of one that is very long.
struct Stretch {
    span: Span,
    label: String,
    role: UnitRole,
    opens: bool,
    /// The sentences, as units.
    sentences: Vec<u32>,
}

fn stretches(units: &[Unit]) -> Vec<Stretch> {
    let mut out: Vec<Stretch> = Vec::new();
    let mut opens = false;
    for (i, unit) in units.iter().enumerate() {
        match unit.level {
            Level::Source | Level::Item => {}
            Level::Section => opens = true,
            Level::Paragraph => {
                let (label, role) = (unit.label.to_string(), unit.role);
                out.push(Stretch { span: unit.span, label, role, opens, sentences: Vec::new() });
                opens = false;
            }
            Level::Sentence => {
                let Some(last) = out.last_mut() else { continue };
                if !last.sentences.is_empty() && unit.span.end.saturating_sub(last.span.start) > PART_BYTES {
                    let (label, role) = (last.label.clone(), last.role);
                    last.span.end = unit.span.start;
                    out.push(Stretch { span: unit.span, label, role, opens: false, sentences: vec![i as u32] });
                } else {
                    last.sentences.push(i as u32);
                }
            }
        }
    }
    out.retain(|s| !s.sentences.is_empty());
    out
}

fn parts(stretches: &[Stretch]) -> Vec<std::ops::Range<usize>> {
    let mut out: Vec<std::ops::Range<usize>> = Vec::new();
    for (i, stretch) in stretches.iter().enumerate() {
        match out.last_mut() {
            Some(last) if stretch.span.end - stretches[last.start].span.start <= PART_BYTES => last.end = i + 1,
            _ => out.push(i..i + 1),
        }
    }
    out
}

fn items(units: &[Unit], stretch: &Stretch, until: u32, cutter: &mut Cutter<'_>) -> Vec<Vec<Sentence>> {
    let mut out: Vec<(Option<u32>, Vec<Sentence>)> = Vec::new();
    for (i, &sentence) in stretch.sentences.iter().enumerate() {
        let unit = &units[sentence as usize];
        let next = stretch.sentences.get(i + 1).map_or(until, |&n| units[n as usize].span.start);
        let made = Sentence { span: unit.span, pieces: cutter.cut(Span::new(unit.span.start, next), unit.span.end) };
        match out.last_mut() {
            Some((item, list)) if *item == unit.parent => list.push(made),
            _ => out.push((unit.parent, vec![made])),
        }
    }
    out.into_iter().map(|(_, list)| list).collect()
}

/// Cuts text at the ends of marks, going forward once.
struct Cutter<'a> {
    text: &'a str,
    marks: &'a [Mark],
    /// All ends of marks, in order.
    ends: Vec<u32>,
    next_end: usize,
    next_mark: usize,
    open: Vec<usize>,
}

impl<'a> Cutter<'a> {
    fn new(text: &'a str, marks: &'a [Mark]) -> Self {
        let mut ends: Vec<u32> = marks.iter().flat_map(|m| [m.span.start, m.span.end]).collect();
        ends.sort_unstable();
        ends.dedup();
        Self { text, marks, ends, next_end: 0, next_mark: 0, open: Vec::new() }
    }

    /// Returns the pieces of a span that begins where the last one ended or later; it is cut at `also`, too.
    fn cut(&mut self, span: Span, also: u32) -> Vec<Piece> {
        let mut out = Vec::new();
        let mut at = span.start;
        while at < span.end {
            while self.ends.get(self.next_end).is_some_and(|&e| e <= at) {
                self.next_end += 1;
            }
            let mut end = self.ends.get(self.next_end).copied().unwrap_or(span.end).min(span.end);
            if also > at {
                end = end.min(also);
            }
            let piece = Span::new(at, end);
            out.push(Piece { span: piece, text: piece.of(self.text).to_owned(), marks: self.at(at) });
            at = end;
        }
        out
    }

    fn at(&mut self, at: u32) -> Vec<usize> {
        while self.marks.get(self.next_mark).is_some_and(|m| m.span.start <= at) {
            self.open.push(self.next_mark);
            self.next_mark += 1;
        }
        self.open.retain(|&m| self.marks[m].span.end > at);
        let mut here: Vec<usize> = self.open.clone();
        here.sort_by_key(|&m| (self.marks[m].span.len(), m));
        here.truncate(MOST_AT_ONCE);
        here
    }
}

/// Gives each bracket the leftmost column that is free; returns how many there are.
fn columns(marks: &mut [Mark]) -> usize {
    let mut free: BinaryHeap<Reverse<usize>> = BinaryHeap::new();
    let mut taken: BinaryHeap<Reverse<(u32, usize)>> = BinaryHeap::new();
    let mut n = 0;
    for mark in marks.iter_mut() {
        while let Some(Reverse((end, column))) = taken.peek().copied() {
            if end > mark.span.start {
                break;
            }
            taken.pop();
            free.push(Reverse(column));
        }
        let column = free.pop().map_or(n, |Reverse(column)| column);
        n = n.max(column + 1);
        taken.push(Reverse((mark.span.end, column)));
        mark.column = column.min(MOST_COLUMNS - 1);
    }
    n.min(MOST_COLUMNS)
}
