//! Putting a text together while its marks are still open.
//!
//! White space between blocks is only decided when the next character arrives, so that marks never begin or end in it.

use crate::{FormatError, Input, Limits, Reason};
use nomoscope_core::text::{Document, Mark, MarkKind, Span};

/// Stand round the mark of a note in a string that is not built yet. Unicode keeps them out of texts: a reader that
/// uses them takes them out of what it reads.
pub(crate) const NOTE_OPENS: char = '\u{fdd0}';
pub(crate) const NOTE_CLOSES: char = '\u{fdd1}';

/// What stands between two stretches of text; the widest one asked for wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Space,
    Line,
    Block,
}

/// A mark that was opened. It must be closed by [`Builder::close`].
#[derive(Debug, Clone, Copy)]
#[must_use]
pub(crate) struct Open(usize);

#[derive(Debug)]
struct Draft {
    kind: MarkKind,
    label: Option<String>,
    id: Option<String>,
    start: Option<usize>,
    end: Option<usize>,
}

/// A text under construction.
#[derive(Debug)]
pub(crate) struct Builder {
    text: String,
    drafts: Vec<Draft>,
    /// Opened, but no character has arrived yet.
    waiting: Vec<usize>,
    gap: Gap,
    /// Above zero, blocks and lines become spaces (inside a table cell or a heading).
    flat: u32,
    /// A number was written and what follows goes on in its line.
    stuck: bool,
    max_bytes: usize,
    overflow: bool,
}

impl Builder {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            text: String::new(),
            drafts: Vec::new(),
            waiting: Vec::new(),
            gap: Gap::None,
            flat: 0,
            stuck: false,
            max_bytes: limits.max_text_bytes.min(nomoscope_core::text::MAX_TEXT_BYTES),
            overflow: false,
        }
    }

    /// Adds running text; runs of ASCII white space become one space, as XML and HTML have it.
    ///
    /// No-break and ideographic spaces stay: people put them there.
    pub(crate) fn inline(&mut self, text: &str) {
        let is_space = |c: char| c.is_ascii_whitespace() || c == '\u{b}';
        let mut rest = text;
        while !rest.is_empty() {
            let trimmed = rest.trim_start_matches(is_space);
            if trimmed.len() < rest.len() {
                self.space();
            }
            let end = trimmed.find(is_space).unwrap_or(trimmed.len());
            let (word, after) = trimmed.split_at(end);
            self.exact(word);
            rest = after;
        }
    }

    /// Adds text as it is.
    pub(crate) fn exact(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.settle();
        self.stuck = false;
        if self.text.len() + text.len() > self.max_bytes {
            self.overflow = true;
        } else {
            self.text.push_str(text);
        }
    }

    /// Adds the mark of a note as it is.
    pub(crate) fn note_mark(&mut self, text: &str) {
        let open = self.open(MarkKind::NoteMark, None, None);
        self.exact(text);
        self.close(open);
    }

    /// Returns the signs since the last white space; none if white space was asked for.
    pub(crate) fn last_word(&self) -> &str {
        if self.gap != Gap::None {
            return "";
        }
        self.text.rsplit(char::is_whitespace).next().unwrap_or_default()
    }

    /// Takes back a space that was asked for: what follows is the rest of a word.
    pub(crate) fn join(&mut self) {
        if self.gap == Gap::Space {
            self.gap = Gap::None;
        }
    }

    /// Adds text in which the marks of notes stand between [`NOTE_OPENS`] and [`NOTE_CLOSES`], with `add` for the rest.
    pub(crate) fn with_notes(&mut self, text: &str, add: fn(&mut Self, &str)) {
        for piece in text.split(NOTE_CLOSES) {
            let (words, note) = piece.split_once(NOTE_OPENS).unwrap_or((piece, ""));
            add(self, words);
            self.note_mark(note);
        }
    }

    /// Adds a text that another reader extracted, with its marks.
    pub(crate) fn document(&mut self, document: Document) {
        self.exact(&document.text);
        let Some(start) = self.text.len().checked_sub(document.text.len()).filter(|_| !self.overflow) else {
            return;
        };
        for mark in document.marks {
            let (from, to) = (start + mark.span.start as usize, start + mark.span.end as usize);
            self.drafts.push(Draft {
                kind: mark.kind,
                label: mark.label,
                id: mark.id,
                start: Some(from),
                end: Some(to),
            });
        }
    }

    /// Asks for a space before the next character.
    pub(crate) fn space(&mut self) {
        self.gap = self.gap.max(Gap::Space);
    }

    /// Asks for a new line before the next character.
    pub(crate) fn line(&mut self) {
        self.gap = self.gap.max(if self.flat > 0 || self.stuck { Gap::Space } else { Gap::Line });
    }

    /// Asks for an empty line before the next character.
    pub(crate) fn block(&mut self) {
        self.gap = self.gap.max(if self.flat > 0 || self.stuck { Gap::Space } else { Gap::Block });
    }

    /// Lets the next block go on in the line of what was written last, as a paragraph does after its number.
    pub(crate) fn stick(&mut self) {
        self.gap = Gap::Space;
        self.stuck = true;
    }

    /// Takes that back where nothing followed.
    pub(crate) fn unstick(&mut self) {
        self.stuck = false;
    }

    /// Ends a table cell.
    pub(crate) fn cell(&mut self) {
        if self.gap == Gap::Space {
            self.gap = Gap::None;
        }
        self.exact("\t");
    }

    /// Begins a stretch in which blocks and lines become spaces.
    pub(crate) fn flatten(&mut self) {
        self.flat += 1;
    }

    /// Ends that stretch.
    pub(crate) fn unflatten(&mut self) {
        self.flat = self.flat.saturating_sub(1);
    }

    /// Opens a mark at the next character.
    pub(crate) fn open(&mut self, kind: MarkKind, label: Option<String>, id: Option<String>) -> Open {
        let index = self.drafts.len();
        self.drafts.push(Draft { kind, label, id, start: None, end: None });
        self.waiting.push(index);
        Open(index)
    }

    /// Closes a mark after the last character; a mark without any character is dropped.
    pub(crate) fn close(&mut self, open: Open) {
        let end = self.text.len();
        if let Some(draft) = self.drafts.get_mut(open.0) {
            draft.end = Some(end);
            if draft.start.is_none() {
                self.waiting.retain(|&index| index != open.0);
            }
        }
    }

    /// Returns the text and its marks, by start, longer first.
    pub(crate) fn finish(mut self, input: &Input) -> Result<(String, Vec<Mark>), FormatError> {
        if self.overflow {
            return Err(FormatError::new(input, None, Reason::TextTooLarge { limit: self.max_bytes }));
        }
        if self.text.trim().is_empty() {
            return Err(FormatError::new(input, None, Reason::NoText));
        }
        let length = self.text.len();
        let mut marks: Vec<Mark> = self
            .drafts
            .drain(..)
            .filter_map(|draft| {
                let span = span(draft.start?, draft.end.unwrap_or(length))?;
                (!span.is_empty()).then_some(Mark { span, kind: draft.kind, label: draft.label, id: draft.id })
            })
            .collect();
        // The order of opening breaks ties: what was opened first is the outer one.
        marks.sort_by_key(|mark| (mark.span.start, std::cmp::Reverse(mark.span.end)));
        Ok((self.text, marks))
    }

    fn settle(&mut self) {
        if !self.text.is_empty() {
            match self.gap {
                Gap::None => {}
                Gap::Space if self.text.ends_with(['\t', '\n']) => {}
                Gap::Space => self.text.push(' '),
                Gap::Line => self.text.push('\n'),
                Gap::Block => self.text.push_str("\n\n"),
            }
        }
        self.gap = Gap::None;
        for index in self.waiting.drain(..) {
            if let Some(draft) = self.drafts.get_mut(index) {
                draft.start = Some(self.text.len());
            }
        }
    }
}

fn span(start: usize, end: usize) -> Option<Span> {
    Some(Span::new(u32::try_from(start).ok()?, u32::try_from(end).ok()?))
}
