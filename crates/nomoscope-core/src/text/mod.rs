//! Text, spans and units: what a reader hands over, and the stretches that analyses count.
//!
//! Positions are UTF-8 byte offsets ([`Span`]); conversions to code points or UTF-16 belong to `nomoscope-formats`.
//! Text is never changed after it was extracted.

mod abbreviations;
pub mod characters;
mod contents;
pub mod detect;
mod label;
pub mod language;
mod layout;
mod legal;
mod legal_words;
pub(crate) mod notes;
mod number;
mod preamble;
pub mod segment;
mod sentence;
mod speaker_lines;
mod speaker_words;
pub mod stop_words;
mod turns;
mod who_asks;
mod words;

pub use words::words;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The longest text of one source, in bytes.
pub const MAX_TEXT_BYTES: usize = 1 << 30;

/// A half-open stretch of a text, in UTF-8 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Returns the span `start..end`; an end before the start becomes an empty span at `start`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end: if end < start { start } else { end } }
    }

    /// Returns the length in bytes.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end - self.start
    }

    /// Returns whether the span is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns whether the two spans share a byte.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Returns whether `other` lies within this span.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns the stretch of `text`, or the empty string where the span leaves the text or cuts a character.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

/// Writing direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

/// What a reader knows about a stretch of text from the file format itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MarkKind {
    /// A heading; the span covers its words. Level 1 is the highest.
    Heading {
        /// 1 to 6.
        level: u8,
    },
    /// An article, section or comparable division; the span covers its heading and body.
    Section,
    /// A preamble or recitals; the span covers all of it.
    Preamble,
    /// A paragraph.
    Paragraph,
    /// A lettered or numbered point below a chapeau.
    Item,
    /// A turn of a speaker; the label is the speaker.
    Turn,
    /// A page; the label is the page label.
    Page,
    /// The mark of a note within the text (`[1]`, `*`): shown where the text is quoted, but no part of its words.
    NoteMark,
    /// The text of a note: a paragraph of its own, whatever number it begins with.
    Note,
}

/// A [`MarkKind`] on a span, with the label that the format gives (a number, a speaker), if any.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Mark {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: MarkKind,
    /// The label as it should be cited.
    pub label: Option<String>,
    /// The identifier that the file itself gives (an Akoma Ntoso `eId`, an HTML `id`), for links back into the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// A text as a reader extracted it, with what the format told about its structure.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// The text that people read: no markup, line ends as in the file.
    pub text: String,
    /// Structure known from the format, by start, longer first.
    pub marks: Vec<Mark>,
    /// The title, if the file names one.
    pub title: Option<String>,
    /// Language as a BCP 47 tag, if the file names one.
    pub language: Option<String>,
    /// Writing direction, if the file names one.
    pub direction: Option<Direction>,
    /// Everything else that the file says of itself (front matter, columns, metadata).
    pub attributes: BTreeMap<String, String>,
}

/// A level of the unit hierarchy. A source contains sections, these paragraphs, these items, these sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The whole text.
    Source,
    /// An article, a speaker's turn, the text under a heading.
    Section,
    /// A paragraph; in a treaty article a numbered paragraph with its chapeau and items.
    Paragraph,
    /// A chapeau, or one lettered or numbered point below it; a paragraph without points is one item.
    Item,
    /// A sentence.
    Sentence,
}

impl Level {
    /// All levels, widest first.
    pub const ALL: [Self; 5] = [Self::Source, Self::Section, Self::Paragraph, Self::Item, Self::Sentence];

    /// Returns the name used in files and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Section => "section",
            Self::Paragraph => "paragraph",
            Self::Item => "item",
            Self::Sentence => "sentence",
        }
    }
}

/// What a unit is within its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnitRole {
    /// Running text.
    Body,
    /// A heading or title: its codings count for frequencies, but it is no window of co-occurrence.
    Heading,
    /// The words that introduce a list of items.
    Chapeau,
    /// Part of a preamble.
    Preamble,
}

/// A stretch of a source at one level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// The level.
    pub level: Level,
    /// Where.
    pub span: Span,
    /// Citable label, unique among the units of the same level in the source: `Art. 3(a)`, `Preamble(2)`, `¶ 7`.
    pub label: Box<str>,
    /// Index of the enclosing unit; none for the source itself.
    pub parent: Option<u32>,
    /// What it is within its parent.
    pub role: UnitRole,
}
