//! Codings as a study keeps them, and who made them.

use super::ids::{CoderId, CodingId, ConceptId, SourceId};
use crate::text::Span;
use serde::{Deserialize, Serialize};

/// Where a coding came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A pattern of the codebook, by its number in the matcher.
    Pattern(u32),
    /// A person.
    Person,
    /// Another program's project, where nobody is named as its coder.
    Import,
    /// A suggestion of a model that a person accepted.
    Suggestion,
}

impl Origin {
    /// The variables of a coding that was suggested, by name: the score that it had, and the hash of the model.
    pub const SUGGESTION: [&'static str; 2] = ["suggestion score", "suggestion model"];
}

/// Whether a coding counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CodingStatus {
    /// Proposed, not yet accepted by a person.
    Suggested,
    /// Made or accepted by a person, or made by the lexicon.
    Accepted,
    /// Turned down; kept for the record.
    Rejected,
}

impl CodingStatus {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Accepted, Self::Rejected, Self::Suggested];

    /// Returns whether a coding in this state is counted: a suggestion is not before a person accepts it.
    #[must_use]
    pub const fn counts(self) -> bool {
        matches!(self, Self::Accepted)
    }

    /// Returns the state of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Returns the name used in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Suggested => "suggested",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
        }
    }
}

/// A concept applied to a span of a source by a coder, as a study keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodingRecord {
    /// Stable identity, unique in the study.
    pub id: CodingId,
    /// Path of the source.
    pub source: SourceId,
    /// Where in the extracted text, in UTF-8 bytes.
    pub span: Span,
    /// The words of the span when it was coded.
    pub quote: String,
    /// Concept id.
    pub concept: ConceptId,
    /// Coder id; `lexicon` for the matcher.
    pub coder: CoderId,
    /// Whether it counts.
    pub status: CodingStatus,
    /// When it was made, RFC 3339; empty when unknown.
    pub created: String,
    /// A note of the coder.
    pub memo: String,
}

/// What somebody, or something, is that codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoderKind {
    /// A person.
    #[default]
    Person,
    /// The matcher with a codebook.
    Lexicon,
    /// A reader of another program's projects.
    Importer,
    /// A language model, which suggests.
    Model,
    /// Decisions between people who coded the same; whoever took one is told by the log.
    Adjudication,
}

impl CoderKind {
    /// All kinds, in the order in which people are told of them.
    pub const ALL: [Self; 5] = [Self::Person, Self::Lexicon, Self::Importer, Self::Model, Self::Adjudication];

    /// Returns the name used in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Lexicon => "lexicon",
            Self::Importer => "importer",
            Self::Model => "model",
            Self::Adjudication => "adjudication",
        }
    }

    /// Returns the kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Somebody, or something, that codes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coder {
    /// Stable identity.
    pub id: CoderId,
    /// Name for people.
    pub name: String,
    /// What it is.
    pub kind: CoderKind,
}
