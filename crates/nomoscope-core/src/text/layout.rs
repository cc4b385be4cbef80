//! Lines of a text, the blocks that they form, and the paragraphs of running text by the layout that it has.
//!
//! A paragraph may be told by a blank line, a number, the end of a line, or, in text broken at a fixed width, by a last
//! line that was left short. Which of these a text uses is decided once for the whole text, because a reading that
//! mixed them would measure typography.

use super::label::{Enumerator, enumerator, is_small};
use super::sentence;
use super::{Mark, MarkKind, Span};
use std::collections::HashMap;

/// What a line of a legal text is, where its words alone do not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Role {
    #[default]
    Words,
    /// "§ 2. …", where § numbers the paragraphs of an article.
    Sign,
    /// A line of a table of contents.
    Contents,
    /// The title of an article above its number.
    Caption,
}

/// A line without the white space around it; never empty.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether the line before was blank, or a mark begins here.
    pub(super) blank_before: bool,
    /// Index of the heading mark, or [`LINE_HEADING`] where a line rule found it.
    pub(super) heading: Option<u32>,
    /// Index of the unlabelled paragraph or item mark in which it starts.
    pub(super) block: Option<u32>,
    /// Whether that mark is an item.
    pub(super) bullet: bool,
    /// Whether it is the text of a note.
    pub(super) note: bool,
    pub(super) role: Role,
}

/// A heading that no mark told.
pub(super) const LINE_HEADING: u32 = u32::MAX;

/// Lines that belong together: a heading, or a stretch between breaks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) heading: bool,
    pub(super) bullet: bool,
    pub(super) note: bool,
    pub(super) role: Role,
}

impl Block {
    pub(super) fn text_of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// A text with its lines and what its layout is.
pub(super) struct Layout<'a> {
    pub(super) text: &'a str,
    pub(super) lines: Vec<Line>,
    /// Whether lines are broken at a fixed width, so that an end of line means nothing.
    pub(super) wrapped: bool,
    /// The usual length of a full line, in bytes.
    pub(super) width: usize,
    /// Whether unlabelled marks tell the paragraphs.
    pub(super) marked: bool,
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{feff}' | '\u{200b}')
}

/// Returns `start..end` without white space at its ends, or nothing where only that is left.
pub(super) fn trim(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let inner = text.get(start..end)?;
    let left = inner.trim_start_matches(is_blank);
    let start = start + inner.len() - left.len();
    let kept = left.trim_end_matches(is_blank).len();
    (kept > 0).then_some((start, start + kept))
}

pub(super) fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

pub(super) fn layout<'a>(text: &'a str, marks: &[Mark]) -> Layout<'a> {
    let headings: Vec<(usize, usize, u32)> =
        spans_of(text, marks, |kind| matches!(kind, MarkKind::Heading { .. }), true);
    let blocks = leaf_blocks(text, marks);
    let notes = spans_of(text, marks, |kind| kind == MarkKind::Note, true);
    let marked = blocks.iter().filter(|block| !block.3).count() >= 2;
    let mut lines = Vec::new();
    let bytes = text.as_bytes();
    let (mut at, mut blank, mut first_heading, mut first_block) = (0usize, true, 0usize, 0usize);
    while at < bytes.len() {
        let end = bytes[at..].iter().position(|&b| b == b'\n' || b == b'\r').map_or(bytes.len(), |offset| at + offset);
        let mut from = at;
        while first_heading < headings.len() && headings[first_heading].1 <= at {
            first_heading += 1;
        }
        let mut heading = first_heading;
        let mut any = false;
        // A heading mark may cover part of a line only ("Article 1. The Parties …"): cut the line there.
        while from < end {
            let (cut, index) = match headings.get(heading) {
                Some(&(start, stop, index)) if start <= from && from < stop => (stop.min(end), Some(index)),
                Some(&(start, ..)) if start < end && start > from => (start, None),
                _ => (end, None),
            };
            if index.is_some() && cut < end {
                heading += 1;
            }
            // A rule of dashes or stars separates like a blank line.
            if let Some((start, stop)) = trim(text, from, cut).filter(|&(start, stop)| has_words(&text[start..stop])) {
                while first_block < blocks.len() && blocks[first_block].1 <= start {
                    first_block += 1;
                }
                let block = blocks.get(first_block).filter(|b| b.0 <= start);
                lines.push(Line {
                    start,
                    end: stop,
                    blank_before: blank,
                    heading: index,
                    block: block.map(|b| b.2),
                    bullet: block.is_some_and(|b| b.3),
                    note: notes[..notes.partition_point(|n| n.0 <= start)].last().is_some_and(|n| start < n.1),
                    role: Role::Words,
                });
                blank = false;
                any = true;
            }
            from = cut.max(from + 1);
        }
        if !any {
            blank = true;
        }
        at = end + 1 + usize::from(bytes.get(end) == Some(&b'\r') && bytes.get(end + 1) == Some(&b'\n'));
    }
    let (wrapped, width) = shape(text, &lines);
    Layout { text, lines, wrapped, width, marked }
}

/// Returns the spans of marks of one kind that lie in the text and do not overlap.
fn spans_of(text: &str, marks: &[Mark], wanted: impl Fn(MarkKind) -> bool, disjoint: bool) -> Vec<(usize, usize, u32)> {
    let mut spans: Vec<(usize, usize, u32)> = Vec::new();
    for (index, mark) in marks.iter().enumerate().filter(|(_, mark)| wanted(mark.kind)) {
        let (start, end) = (mark.span.start as usize, mark.span.end as usize);
        if start < end && text.is_char_boundary(start) && text.is_char_boundary(end) {
            spans.push((start, end, sentence::narrow(index)));
        }
    }
    spans.sort_unstable_by_key(|&(start, end, index)| (start, std::cmp::Reverse(end), index));
    if disjoint {
        let mut reach = 0;
        spans.retain(|&(start, end, _)| {
            let keep = start >= reach;
            if keep {
                reach = end;
            }
            keep
        });
    }
    spans
}

/// Returns the unlabelled paragraph and item marks cut into disjoint stretches, the innermost on top: start, end, index, item.
fn leaf_blocks(text: &str, marks: &[Mark]) -> Vec<(usize, usize, u32, bool)> {
    let kind = |index: u32| marks.get(index as usize).map(|mark| mark.kind);
    let mut spans = spans_of(text, marks, |kind| matches!(kind, MarkKind::Paragraph | MarkKind::Item), false);
    spans.retain(|&(.., index)| marks.get(index as usize).is_some_and(|mark| mark.label.is_none()));
    flatten(&spans)
        .into_iter()
        .map(|(start, end, index)| (start, end, index, kind(index) == Some(MarkKind::Item)))
        .collect()
}

/// Cuts nested spans (by start, longer first) into disjoint ones that name the innermost.
pub(super) fn flatten(spans: &[(usize, usize, u32)]) -> Vec<(usize, usize, u32)> {
    let mut pieces = Vec::with_capacity(spans.len());
    let mut open: Vec<(usize, u32)> = Vec::new();
    let mut at = 0usize;
    let mut close = |open: &mut Vec<(usize, u32)>, at: &mut usize, to: usize| {
        while let Some(&(end, index)) = open.last() {
            let stop = end.min(to);
            if stop > *at {
                pieces.push((*at, stop, index));
                *at = stop;
            }
            if end > to {
                break;
            }
            open.pop();
        }
    };
    for &(start, end, index) in spans {
        close(&mut open, &mut at, start);
        at = at.max(start);
        open.push((end, index));
    }
    close(&mut open, &mut at, usize::MAX);
    pieces
}

pub(super) fn ends_sentence(text: &str) -> bool {
    let kept = text.trim_end_matches(['"', '\'', ')', ']', '*', '_', '\u{2019}', '\u{201d}', '»', ' ']);
    kept.ends_with([
        '.', '!', '?', ':', ';', '。', '！', '？', '\u{61f}', '\u{6d4}', '\u{964}', '\u{104b}', '\u{17d4}', '…',
    ])
}

pub(super) fn starts_lower(text: &str) -> bool {
    text.chars().find(|c| !matches!(c, '"' | '\'' | '\u{201c}' | '\u{2018}' | '«' | ' ')).is_some_and(is_small)
}

/// The narrowest column of a page, in bytes.
const NARROW: usize = 22;

/// Returns whether lines are broken at a fixed width, and that width.
fn shape(text: &str, lines: &[Line]) -> (bool, usize) {
    let (mut pairs, mut open, mut lower, mut cased) = (0usize, 0usize, 0usize, 0usize);
    let mut lengths: Vec<usize> = Vec::new();
    for pair in lines.windows(2) {
        let [line, next] = pair else { continue };
        if line.heading.is_some() || next.heading.is_some() {
            continue;
        }
        let (this, after) = (&text[line.start..line.end], &text[next.start..next.end]);
        let runs_on = !ends_sentence(this);
        // A break in the middle of a sentence tells the width even across a blank line (a page break, a scan).
        if next.blank_before && !(runs_on && starts_lower(after)) {
            continue;
        }
        pairs += 1;
        open += usize::from(runs_on);
        if runs_on {
            lengths.push(this.len());
            let first = after.chars().next();
            cased += usize::from(first.is_some_and(|c| c.is_lowercase() || c.is_uppercase()));
            lower += usize::from(starts_lower(after));
        }
    }
    lengths.sort_unstable();
    let (Some(&median), Some(&wide)) = (lengths.get(lengths.len() / 2), lengths.get(lengths.len() * 9 / 10)) else {
        return (false, 0);
    };
    let even = median * 10 >= wide * 6;
    let runs_on = if cased * 2 >= open { lower * 4 >= open } else { even && median >= 40 };
    // Words that stand in lines of their own are no column of a page.
    let column = (NARROW..=400).contains(&wide);
    (pairs >= 3 && open * 2 >= pairs && column && even && runs_on, median)
}

impl Layout<'_> {
    /// Returns the lines within `from..to`, cut there.
    pub(super) fn lines_in(&self, from: usize, to: usize) -> Vec<Line> {
        let first = self.lines.partition_point(|line| line.end <= from);
        let mut found = Vec::new();
        for line in &self.lines[first..] {
            if line.start >= to {
                break;
            }
            if let Some((start, end)) = trim(self.text, line.start.max(from), line.end.min(to)) {
                found.push(Line { start, end, ..*line });
            }
        }
        found
    }

    /// Returns the blocks of a legal text: headings, and text between blank lines and line-opening numbers.
    pub(super) fn blocks(&self, from: usize, to: usize) -> Vec<Block> {
        let lines = self.lines_in(from, to);
        let mut blocks: Vec<Block> = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let before = index.checked_sub(1).map(|i| lines[i]);
            let joined = before.is_some_and(|before| self.joins(before, *line));
            match blocks.last_mut() {
                Some(block) if joined => block.end = line.end,
                _ => blocks.push(Block {
                    start: line.start,
                    end: line.end,
                    heading: line.heading.is_some(),
                    bullet: line.bullet,
                    note: line.note,
                    role: line.role,
                }),
            }
        }
        blocks.retain(|block| has_words(&self.text[block.start..block.end]));
        blocks
    }

    fn joins(&self, before: Line, line: Line) -> bool {
        let apart = before.role != line.role || matches!(line.role, Role::Sign | Role::Contents);
        if apart && !(before.role == Role::Sign && line.role == Role::Words) {
            return false;
        }
        if before.heading != line.heading || before.note != line.note || line.heading == Some(LINE_HEADING) {
            return false;
        }
        if line.heading.is_some() {
            return true;
        }
        if before.block != line.block {
            return false;
        }
        if line.block.is_some() {
            return true;
        }
        if line.blank_before || !self.wrapped {
            return false;
        }
        !self.breaks_list(before, line)
    }

    /// Whether a line of wrapped text opens a numbered paragraph or point, and does not merely happen to begin with a number.
    fn breaks_list(&self, before: Line, line: Line) -> bool {
        let text = &self.text[line.start..line.end];
        let Some(found) = enumerator(text) else {
            return false;
        };
        let previous = &self.text[before.start..before.end];
        let ended = ends_sentence(previous)
            || previous.ends_with([',', '\u{2014}', '\u{2013}'])
            || [" and", " or", " und", " oder", " et", " ou"].iter().any(|word| previous.ends_with(word));
        ended
            || enumerator(previous).is_some_and(|e| e.len >= previous.len())
            || (found.class.is_mark() && previous.len() * 10 < self.width * 7)
    }
}

/// How the paragraphs of running text are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PlainMode {
    Marks,
    Blank,
    /// Every line; `true` where blank lines stand between most of them.
    Lines(bool),
    /// Last lines that were left short, in text broken at a fixed width.
    ShortLines,
    /// Numbered paragraphs: where they start. `true` where most lines carry a number, so that the others belong to them.
    Numbered(Vec<usize>, bool),
    SentenceBlocks,
}

/// A paragraph of some three hundred words: where the average exceeds this, the layout does not tell the paragraphs.
const LONG_PARAGRAPH: usize = 1800;

pub(super) fn plain_mode(layout: &Layout<'_>) -> PlainMode {
    let lines: Vec<Line> = layout.lines.iter().copied().filter(|line| line.heading.is_none()).collect();
    if layout.marked {
        return PlainMode::Marks;
    }
    if let Some(mode) = numbered(layout.text, &lines) {
        return mode;
    }
    let bytes: usize = lines.iter().map(|line| line.end - line.start + 1).sum();
    let gaps = lines.len().saturating_sub(1);
    let blanks = lines.windows(2).filter(|pair| real_blank(layout, pair[0], pair[1])).count();
    if layout.wrapped {
        let shorts = lines
            .windows(2)
            .filter(|pair| real_blank(layout, pair[0], pair[1]) || left_short(layout, pair[0], pair[1]))
            .count();
        // Where most short lines have no blank line after them, the blank lines are those between pages.
        let spaced = blanks * 10 >= shorts * 6 && (blanks > 0 || bytes < LONG_PARAGRAPH);
        return if spaced && (blanks + 1) * LONG_PARAGRAPH >= bytes {
            PlainMode::Blank
        } else if (shorts + 1) * LONG_PARAGRAPH >= bytes {
            PlainMode::ShortLines
        } else {
            PlainMode::SentenceBlocks
        };
    }
    let average = bytes / lines.len().max(1);
    if average > 2 * LONG_PARAGRAPH {
        PlainMode::SentenceBlocks
    } else if gaps == 0 || blanks * 2 >= gaps {
        PlainMode::Lines(true)
    } else if blanks * 6 >= gaps && average < 200 && (blanks + 1) * LONG_PARAGRAPH >= bytes {
        PlainMode::Blank
    } else if average < 80 && lines.len() > 20 {
        PlainMode::SentenceBlocks
    } else {
        PlainMode::Lines(false)
    }
}

/// Whether the blank line between two lines ends a paragraph: one in the middle of a sentence does not.
fn real_blank(layout: &Layout<'_>, line: Line, next: Line) -> bool {
    let (this, after) = (&layout.text[line.start..line.end], &layout.text[next.start..next.end]);
    next.blank_before && (!layout.wrapped || ends_sentence(this) || !starts_lower(after))
}

/// Whether a line of wrapped text ends a sentence and was left although the next word would have fitted.
fn left_short(layout: &Layout<'_>, line: Line, next: Line) -> bool {
    let this = &layout.text[line.start..line.end];
    let word = layout.text[next.start..next.end].split_whitespace().next().map_or(0, str::len);
    // Lines of proportional type differ in length: only a line that is clearly short counts.
    ends_sentence(this) && !this.ends_with([';', ':']) && (this.len() + 1 + word) * 20 <= layout.width * 19
}

/// Finds the longest run of numbers that count on by one (or skip one or two) at line starts and after sentences.
fn numbered(text: &str, lines: &[Line]) -> Option<PlainMode> {
    let mut candidates: Vec<(usize, u32, bool)> = Vec::new();
    for line in lines {
        let words = &text[line.start..line.end];
        if words.as_bytes()[0].is_ascii_digit()
            && let Some(found) = enumerator(words)
            && found.class.is_arabic()
            && !found.class.is_weak()
        {
            candidates.push((line.start, found.ordinal, true));
        }
        inline_numbers(words, line.start, &mut candidates);
    }
    let chain = longest_chain(&candidates);
    let (&first, &last) = (chain.first()?, chain.last()?);
    let (from, to) = (candidates[first].0, candidates[last].0);
    let whole = lines.last()?.end - lines.first()?.start;
    let enough = chain.len() >= 5 || (chain.len() >= 3 && whole < 6 * LONG_PARAGRAPH);
    if !enough || (to - from) * 10 < whole * 5 || (to - from) > chain.len() * 3 * LONG_PARAGRAPH {
        return None;
    }
    let at_lines = chain.iter().filter(|&&index| candidates[index].2).count();
    let mostly = at_lines * 2 >= lines.len() || at_lines * 2 < chain.len() || !lines_stand_alone(text, lines);
    Some(PlainMode::Numbered(chain.into_iter().map(|index| candidates[index].0).collect(), mostly))
}

fn lines_stand_alone(text: &str, lines: &[Line]) -> bool {
    let ended = lines.iter().filter(|line| ends_sentence(&text[line.start..line.end])).count();
    ended * 2 > lines.len()
}

/// Finds "… of the Charter. 13. The Committee …" within a line.
fn inline_numbers(words: &str, base: usize, candidates: &mut Vec<(usize, u32, bool)>) {
    let bytes = words.as_bytes();
    for (dot, _) in bytes.iter().enumerate().skip(1).filter(|&(at, &b)| b == b'.' && bytes[at - 1].is_ascii_digit()) {
        let digits = bytes[..dot].iter().rev().take(5).take_while(|b| b.is_ascii_digit()).count();
        let start = dot - digits;
        if digits > 4 || start < 3 || !bytes[start - 1].is_ascii_whitespace() {
            continue;
        }
        let after = words[dot + 1..].trim_start();
        let spaced = after.len() + dot + 1 < words.len();
        if spaced
            && after.starts_with(|c: char| c.is_uppercase() || matches!(c, '"' | '\u{201c}'))
            && ends_sentence(&words[..start - 1])
        {
            let value = words[start..dot].parse().unwrap_or(0);
            candidates.push((base + start, value, false));
        }
    }
}

fn longest_chain(candidates: &[(usize, u32, bool)]) -> Vec<usize> {
    let mut best: HashMap<u32, usize> = HashMap::new();
    let mut length = vec![1usize; candidates.len()];
    let mut previous: Vec<Option<usize>> = vec![None; candidates.len()];
    for (index, &(_, value, _)) in candidates.iter().enumerate() {
        for back in 1..=3 {
            let before = value.checked_sub(back).and_then(|wanted| best.get(&wanted)).copied();
            if let Some(before) = before.filter(|&before| length[before] >= length[index]) {
                length[index] = length[before] + 1;
                previous[index] = Some(before);
            }
        }
        let entry = best.entry(value).or_insert(index);
        if length[index] >= length[*entry] {
            *entry = index;
        }
    }
    let mut chain = Vec::new();
    let mut at = (0..candidates.len()).rev().max_by_key(|&index| length[index]);
    while let Some(index) = at {
        chain.push(index);
        at = previous[index];
    }
    chain.reverse();
    chain
}

/// A block of running text, with the number by which it is cited if it has one.
#[derive(Debug, Clone)]
pub(super) struct PlainBlock {
    pub(super) block: Block,
    pub(super) number: Option<String>,
    /// Goes on in the paragraph before.
    pub(super) continues: bool,
}

/// Cuts the running text in `from..to` by `mode`.
pub(super) fn plain_blocks(
    layout: &Layout<'_>,
    mode: &PlainMode,
    from: usize,
    to: usize,
    language: Option<&str>,
) -> Vec<PlainBlock> {
    let lines: Vec<Line> = layout.lines_in(from, to).into_iter().filter(|line| line.heading.is_none()).collect();
    let mut blocks = match mode {
        PlainMode::SentenceBlocks => sentence_blocks(layout, &lines, language),
        PlainMode::Numbered(starts, mostly) => numbered_blocks(layout, &lines, starts, *mostly),
        _ => line_blocks(layout, mode, &lines),
    };
    blocks.retain(|found| has_words(&layout.text[found.block.start..found.block.end]));
    blocks
}

fn plain_block(start: usize, end: usize, bullet: bool) -> PlainBlock {
    PlainBlock {
        block: Block { start, end, heading: false, bullet, note: false, role: Role::Words },
        number: None,
        continues: false,
    }
}

/// A line with fewer letters was ended by whoever wrote it.
const FEW_LETTERS: usize = 30;

fn line_blocks(layout: &Layout<'_>, mode: &PlainMode, lines: &[Line]) -> Vec<PlainBlock> {
    let mut blocks: Vec<PlainBlock> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let before = index.checked_sub(1).map(|i| lines[i]);
        let fresh = before.is_none_or(|before| match mode {
            PlainMode::Marks => {
                before.block != line.block || (line.block.is_none() && (line.blank_before || !layout.wrapped))
            }
            PlainMode::Lines(_) => {
                // A word or two above a blank line are no line that was cut short by the width of the page.
                let few = layout.text[before.start..before.end].chars().count() < FEW_LETTERS;
                (line.blank_before && few)
                    || !starts_lower(&layout.text[line.start..line.end])
                    || ends_sentence(&layout.text[before.start..before.end])
            }
            PlainMode::ShortLines => {
                real_blank(layout, before, *line)
                    || left_short(layout, before, *line)
                    || list_line(layout, before, *line)
            }
            _ => real_blank(layout, before, *line) || list_line(layout, before, *line),
        });
        match blocks.last_mut() {
            Some(last) if !fresh => last.block.end = line.end,
            _ => blocks.push(plain_block(line.start, line.end, line.bullet)),
        }
    }
    blocks
}

fn list_line(layout: &Layout<'_>, before: Line, line: Line) -> bool {
    enumerator(&layout.text[line.start..line.end]).is_some_and(|found| is_point(&found))
        && (!layout.wrapped || layout.breaks_list(before, line))
}

/// Whether an enumerator opens a point of a list in running text, where "1." may be anything.
pub(super) fn is_point(found: &Enumerator) -> bool {
    !found.class.is_weak()
}

fn sentence_blocks(layout: &Layout<'_>, lines: &[Line], language: Option<&str>) -> Vec<PlainBlock> {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
        return Vec::new();
    };
    let mut spans: Vec<Span> = Vec::new();
    sentence::split(layout.text, first.start, last.end, language, &mut spans);
    let ends = |five: &[Span]| Some((five.first()?.start as usize, five.last()?.end as usize));
    spans.chunks(5).filter_map(ends).map(|(start, end)| plain_block(start, end, false)).collect()
}

/// Lines without a number that still belong to the numbered paragraph above them: quotations, points.
const CONTINUED_LINES: u32 = 6;

fn numbered_blocks(layout: &Layout<'_>, lines: &[Line], starts: &[usize], mostly: bool) -> Vec<PlainBlock> {
    let mut blocks: Vec<PlainBlock> = Vec::new();
    let mut since = CONTINUED_LINES;
    for (index, line) in lines.iter().enumerate() {
        let mut from = line.start;
        let mut next = starts.partition_point(|&start| start < line.start);
        while from < line.end {
            let numbered = starts.get(next) == Some(&from);
            next += usize::from(numbered);
            let cut = starts.get(next).map_or(line.end, |&start| start.min(line.end));
            let Some((start, end)) = trim(layout.text, from, cut) else {
                break;
            };
            let before = index.checked_sub(1).map(|i| lines[i]).filter(|_| from == line.start);
            let runs_on = before.is_some_and(|before| {
                (layout.wrapped && !real_blank(layout, before, *line))
                    || (starts_lower(&layout.text[start..end])
                        && !ends_sentence(&layout.text[before.start..before.end]))
            });
            if numbered {
                let label = enumerator(&layout.text[start..end]).map(|found| found.label);
                blocks.push(PlainBlock { number: label, ..plain_block(start, end, false) });
                since = 0;
            } else if runs_on && !blocks.is_empty() {
                if let Some(last) = blocks.last_mut() {
                    last.block.end = end;
                }
            } else {
                blocks.push(PlainBlock {
                    continues: mostly && since < CONTINUED_LINES,
                    ..plain_block(start, end, line.bullet)
                });
                since += 1;
            }
            from = cut;
        }
    }
    blocks
}
