//! Passages, links and memos: what people point at, connect and write beside the texts.

use super::ids::{CoderId, LinkId, MemoId, PassageId, SourceId, Subject};
use crate::text::Span;
use serde::{Deserialize, Serialize};

/// A marked stretch of a source, coded or not: what a memo, a link, a case or a value can be about.
///
/// A coding is a concept on a span and stands by itself; a passage is what another program calls a selection or a statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Passage {
    /// Stable identity.
    pub id: PassageId,
    /// The source.
    pub source: SourceId,
    /// Where in the extracted text, in UTF-8 bytes; empty for a point.
    pub span: Span,
    /// The words of the span when it was marked.
    pub quote: String,
    /// Name for people; mostly empty.
    pub name: String,
    /// Who marked it; empty when unknown.
    pub coder: CoderId,
    /// When, RFC 3339; empty when unknown.
    pub created: String,
}

/// Which way a link points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Neither way.
    #[default]
    Associative,
    /// From the first to the second.
    OneWay,
    /// Both ways.
    Bidirectional,
}

impl Direction {
    /// All directions.
    pub const ALL: [Self; 3] = [Self::Associative, Self::OneWay, Self::Bidirectional];

    /// Returns the name used in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Associative => "associative",
            Self::OneWay => "one_way",
            Self::Bidirectional => "bidirectional",
        }
    }

    /// Returns the direction of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|direction| direction.name() == name)
    }
}

/// A connection of two things, such as the coding of a problem with that of a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Link {
    /// Stable identity.
    pub id: LinkId,
    /// Its one end.
    pub from: Subject,
    /// Its other end.
    pub to: Subject,
    /// Which way it points.
    pub direction: Direction,
    /// What it says: "suggests", "contradicts" …
    pub name: String,
    /// Who made it; empty when unknown.
    pub coder: CoderId,
    /// When, RFC 3339; empty when unknown.
    pub created: String,
}

/// What somebody wrote about something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memo {
    /// Stable identity.
    pub id: MemoId,
    /// What it is about.
    pub about: Subject,
    /// Who wrote it; empty when unknown.
    pub coder: CoderId,
    /// When it was written, RFC 3339; empty when unknown.
    pub created: String,
    /// The words.
    pub text: String,
}
