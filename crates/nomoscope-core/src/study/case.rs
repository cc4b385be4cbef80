//! Cases and sets: what belongs together.

use super::ids::{CaseId, SetId, Subject};
use serde::{Deserialize, Serialize};

/// A unit of the world that is studied, such as a person, a trial or an organisation; its attributes are
/// [values](super::VariableValue), its material are its [members](Member).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Case {
    /// Stable identity.
    pub id: CaseId,
    /// Name for people; it may occur twice or be empty.
    pub name: String,
    /// What it is.
    pub description: String,
}

/// A group of sources, concepts or memos that somebody put together; it says nothing of the world.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Set {
    /// Stable identity.
    pub id: SetId,
    /// Name for people; it may occur twice or be empty.
    pub name: String,
    /// What it is for.
    pub description: String,
}

/// That something belongs to a case or a set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Member {
    /// The case or the set.
    pub of: Subject,
    /// What belongs to it: a source, a passage, a coding, a concept, a memo …
    pub member: Subject,
}
