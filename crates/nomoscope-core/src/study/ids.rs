//! Identities of what a study holds: one type each, so that none is taken for another.
//!
//! An identity is kept as it came: a UUID where this program drew it, a path for a source, a word for a concept or a coder.

use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Returns the identity as it is written in files.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }

        impl PartialEq<String> for $name {
            fn eq(&self, other: &String) -> bool {
                self.0 == *other
            }
        }
    )*};
}

ids! {
    /// A source: its path relative to the study folder, with `#row` for a row of a table.
    SourceId;
    /// A concept of the codebook.
    ConceptId;
    /// Somebody, or something, that codes.
    CoderId;
    /// A coding.
    CodingId;
    /// A passage.
    PassageId;
    /// A case.
    CaseId;
    /// A set.
    SetId;
    /// A variable.
    VariableId;
    /// A link.
    LinkId;
    /// A memo.
    MemoId;
}

macro_rules! subjects {
    ($($(#[$doc:meta])* $variant:ident($id:ident) = $name:literal;)*) => {
        /// Something that a memo, a value, a link or a set can be about, as files write it: `study`, `case:<id>` …
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub enum Subject {
            /// The study itself.
            Study,
            $($(#[$doc])* $variant($id),)*
        }

        /// What a [`Subject`] is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum SubjectKind {
            /// The study itself.
            Study,
            $($(#[$doc])* $variant,)*
        }

        impl SubjectKind {
            /// Returns the word before the colon.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    Self::Study => "study",
                    $(Self::$variant => $name,)*
                }
            }

            /// Returns the subject of this kind and identity.
            #[must_use]
            pub fn of(self, id: &str) -> Subject {
                match self {
                    Self::Study => Subject::Study,
                    $(Self::$variant => Subject::$variant(id.into()),)*
                }
            }
        }

        impl Subject {
            /// The words before the colon, in the order in which people are told of them.
            pub const KINDS: &[&str] = &[$($name),*];

            /// Returns what it is.
            #[must_use]
            pub const fn kind(&self) -> SubjectKind {
                match self {
                    Self::Study => SubjectKind::Study,
                    $(Self::$variant(_) => SubjectKind::$variant,)*
                }
            }

            /// Returns the identity; empty for the study.
            #[must_use]
            pub fn id(&self) -> &str {
                match self {
                    Self::Study => "",
                    $(Self::$variant(id) => id,)*
                }
            }
        }

        impl FromStr for Subject {
            type Err = SubjectError;

            fn from_str(word: &str) -> Result<Self, SubjectError> {
                let wrong = || SubjectError(word.to_owned());
                if word == "study" {
                    return Ok(Self::Study);
                }
                let (kind, id) = word.split_once(':').filter(|(_, id)| !id.trim().is_empty()).ok_or_else(wrong)?;
                match kind {
                    $($name => Ok(Self::$variant(id.into())),)*
                    _ => Err(wrong()),
                }
            }
        }
    };
}

subjects! {
    /// A source, by its path.
    Source(SourceId) = "source";
    /// A concept.
    Concept(ConceptId) = "concept";
    /// A coding.
    Coding(CodingId) = "coding";
    /// A passage.
    Passage(PassageId) = "passage";
    /// A case.
    Case(CaseId) = "case";
    /// A set.
    Set(SetId) = "set";
    /// A variable.
    Variable(VariableId) = "variable";
    /// A link.
    Link(LinkId) = "link";
    /// A memo.
    Memo(MemoId) = "memo";
    /// A coder.
    Coder(CoderId) = "coder";
}

/// Why a word names nothing in a study.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names nothing in a study")]
pub struct SubjectError(pub String);

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Study => f.write_str("study"),
            other => write!(f, "{}:{}", other.kind().name(), other.id()),
        }
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.to_string()
    }
}

impl TryFrom<String> for Subject {
    type Error = SubjectError;

    fn try_from(word: String) -> Result<Self, SubjectError> {
        word.parse()
    }
}

/// The identity that another program gave to something, as it came: neither case nor braces are changed.
///
/// In a list of its own rather than in each entity: concepts and sources live in files that have no room for it, and one
/// thing may have passed through several programs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ForeignId {
    /// What has it.
    pub of: Subject,
    /// The program or format: `refi-qda`, `dna`, `qualcoder` …
    pub system: String,
    /// The identity there.
    pub id: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, want: Option<(SubjectKind, &str)>) {
        let got = word.parse::<Subject>();
        assert_eq!(got.as_ref().ok().map(|s| (s.kind(), s.id())), want, "{word:?}");
        if let Ok(subject) = got {
            assert_eq!(subject.to_string(), word);
            assert_eq!(subject.kind().of(subject.id()), subject);
        }
    }

    #[test]
    fn subjects_are_read_and_written() {
        check("study", Some((SubjectKind::Study, "")));
        check("source:sources/a: b.txt", Some((SubjectKind::Source, "sources/a: b.txt")));
        check("memo:{6F9619FF}", Some((SubjectKind::Memo, "{6F9619FF}")));
        for wrong in ["", "study:", "case:", "case: ", "Case:1", "cases:1", "1"] {
            check(wrong, None);
        }
        for kind in Subject::KINDS {
            let subject: Subject = format!("{kind}:x").parse().unwrap();
            assert_eq!(subject.kind().name(), *kind);
        }
    }
}
