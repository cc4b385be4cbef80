//! A study: sources with attributes, a codebook, the codings of people, what they noted beside them, and how it wants to be
//! read.
//!
//! Plain data, the same whether it came from a study folder or a study file. It knows no path on disk.

mod annotation;
pub mod audit;
mod case;
mod coding;
pub mod double;
mod ids;
mod link;
mod variable;

pub use annotation::{Annotation, Annotations, Known};
pub use case::{Case, Member, Set};
pub use coding::{Coder, CoderKind, CodingRecord, CodingStatus, Origin};
pub use ids::{
    CaseId, CoderId, CodingId, ConceptId, ForeignId, LinkId, MemoId, PassageId, SetId, SourceId, Subject, SubjectError,
    SubjectKind, VariableId,
};
pub use link::{Direction, Link, Memo, Passage};
pub use variable::{Decimal, Value, ValueError, Variable, VariableKind, VariableValue};

use crate::date::PartialDate;
use crate::text::detect::detect_all;
use crate::text::language::primary;
use crate::text::{Document, Level};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The settings of a study: `study.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StudyMeta {
    /// What the study is called; required.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// Languages of the sources as BCP 47 tags, where a source does not say its own.
    pub language: Vec<String>,
    /// The concept whose cluster is mapped.
    pub focus: Option<String>,
    /// The unit of co-occurrence.
    pub window: Option<Level>,
    /// The attribute that says whose a source is: sources of one actor are one cluster.
    pub actor: Option<String>,
    /// Speakers who ask in interviews, where their label does not say so.
    pub interviewers: Vec<String>,
    /// Whether what interviewers say is coded like what others say.
    pub codes_questions: bool,
    /// Attributes by which sources are grouped.
    pub groupings: Vec<String>,
    /// Periods such as `1920-1949`, in order.
    pub periods: Vec<String>,
    /// True for a study that was written to illustrate an argument: no bootstrap support is printed for it.
    pub illustration: bool,
    /// Whether names in its texts were replaced by pseudonyms: then no real name may leave the study.
    pub pseudonymised: bool,
    /// What an illustration claims, in the words of its author: told first, in place of a computed answer.
    pub claim: Option<String>,
    /// Those who code blindly: none sees what another coded in a source before both are done with it.
    pub blind: Vec<String>,
    /// Whether passages are suggested by what people accepted and turned down.
    pub suggestions: bool,
    /// Questions whose answers stand in its report, each as an address: `compare?by=region`.
    pub report: Vec<String>,
    /// The smallest count that is told in what leaves the study, one of [`SMALL`]; all are told where it is none.
    pub suppress_small: Option<u64>,
}

/// What the smallest count that is told may be.
pub const SMALL: std::ops::RangeInclusive<u64> = 2..=1000;

/// A source of a study with its text, which is left out where a source is written with its counts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Source {
    /// Path relative to the study folder, with `#row` for a row of a table: the identity of the source.
    pub path: String,
    /// Title for people.
    pub title: String,
    /// Kind of text: treaty, interview, speech …
    pub kind: Option<String>,
    /// When it was adopted, given or published.
    pub date: Option<PartialDate>,
    /// All further attributes (institution, region, actor …), by name.
    pub attributes: BTreeMap<String, String>,
    /// Languages as BCP 47 tags; empty when nobody said.
    pub language: Vec<String>,
    /// Languages that parts of the text look to be in, where nobody said one for this source. They never take the place of
    /// what the study says of all its sources, but stand beside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub detected: Vec<String>,
    /// The extracted text with its structure.
    #[serde(skip)]
    pub document: Document,
}

impl Source {
    /// Returns everything that is said about the source, and none of what it says.
    #[must_use]
    pub fn without_text(&self) -> Self {
        Self {
            path: self.path.clone(),
            title: self.title.clone(),
            kind: self.kind.clone(),
            date: self.date,
            attributes: self.attributes.clone(),
            language: self.language.clone(),
            detected: self.detected.clone(),
            document: Document::default(),
        }
    }

    /// Gives a source that says no language those that are `said` of all, and beside them those that its text looks to be in:
    /// an interview in French must not go unread because the study is said to be in English. Where nothing is said of any,
    /// it is read by the patterns of all languages.
    pub fn fill_language(&mut self, said: &[String]) {
        if !self.language.is_empty() {
            return;
        }
        self.detected = detect_all(&self.document.text).into_iter().map(str::to_owned).collect();
        self.language = said.to_vec();
        if !said.is_empty() {
            let own: Vec<String> = said.iter().map(|tag| primary(tag)).collect();
            self.language.extend(self.detected.iter().filter(|tag| !own.contains(tag)).cloned());
        }
    }

    /// Returns the languages in which the source is read: those that were said, or else those that its text looks to be in.
    #[must_use]
    pub fn read_as(&self) -> &[String] {
        if self.language.is_empty() { &self.detected } else { &self.language }
    }

    /// Returns the value of an attribute, `kind`, `date`, `title`, `path` and `language` included.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<String> {
        match name {
            "path" => Some(self.path.clone()),
            "title" => Some(self.title.clone()),
            "kind" => self.kind.clone(),
            "date" => self.date.map(|d| d.to_string()),
            "year" => self.date.map(|d| d.year.to_string()),
            "language" => (!self.language.is_empty()).then(|| self.language.join(" ")),
            _ => self.attributes.get(name).filter(|v| !v.is_empty()).cloned(),
        }
    }
}

/// A study in memory, without its codebook, which is parsed apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Study {
    /// Settings.
    pub meta: StudyMeta,
    /// Sources in the order of the study.
    pub sources: std::sync::Arc<[Source]>,
    /// Codings kept with the study, by people and tools.
    pub codings: Vec<CodingRecord>,
    /// Who coded.
    pub coders: Vec<Coder>,
    /// Memos.
    pub memos: Vec<Memo>,
    /// Passages, cases, sets, variables, links, and the identities that other programs gave.
    pub annotations: Annotations,
}

/// Where the codings of a study came from.
#[derive(Debug, Clone)]
pub struct Origins<'s> {
    kinds: BTreeMap<&'s str, CoderKind>,
    /// Codings that were suggested, and that a person accepted.
    suggested: BTreeSet<&'s str>,
}

impl Origins<'_> {
    /// Returns where a coding that counts came from.
    #[must_use]
    pub fn of(&self, record: &CodingRecord) -> Origin {
        if self.suggested.contains(record.id.as_str()) {
            return Origin::Suggestion;
        }
        match self.kinds.get(record.coder.as_str()) {
            Some(CoderKind::Importer) => Origin::Import,
            Some(CoderKind::Model) => Origin::Suggestion,
            Some(CoderKind::Person | CoderKind::Lexicon | CoderKind::Adjudication) | None => Origin::Person,
        }
    }
}

impl Study {
    /// Returns what tells where each coding came from.
    ///
    /// The lexicon is applied anew at each reading, so that what it stored is never asked for its pattern.
    #[must_use]
    pub fn origins(&self) -> Origins<'_> {
        let [score, _] = Origin::SUGGESTION;
        let scored = self.annotations.values.iter().filter(|v| self.is_variable(&v.variable, score));
        let suggested = scored.filter_map(|v| if let Subject::Coding(id) = &v.of { Some(id.as_str()) } else { None });
        let kinds = self.coders.iter().map(|c| (c.id.as_str(), c.kind));
        Origins { kinds: kinds.collect(), suggested: suggested.collect() }
    }

    /// Returns whether a variable has this name.
    #[must_use]
    pub fn is_variable(&self, id: &VariableId, name: &str) -> bool {
        self.annotations.variables.iter().any(|v| v.id == *id && v.name == name)
    }

    /// Returns the identities that other programs gave to something, in the order in which they came.
    pub fn foreign_ids<'a>(&'a self, of: &'a Subject) -> impl Iterator<Item = &'a ForeignId> {
        self.annotations.foreign.iter().filter(move |foreign| foreign.of == *of)
    }

    /// Takes out what refers to something that is not there: to a source that was taken out of the study, to a memo on it,
    /// to a link of that memo.
    pub fn drop_dangling(&mut self) {
        if self.memos.is_empty() && self.annotations.iter().next().is_none() {
            return;
        }
        let gone = annotation::dangling(self);
        let mut at = 0;
        let mut keep = || {
            at += 1;
            !gone.contains(&(at - 1))
        };
        let mut annotations = Annotations::default();
        for annotation in self.annotations.iter() {
            if keep() {
                annotations.push(annotation);
            }
        }
        self.annotations = annotations;
        self.memos.retain(|_| keep());
    }
}

/// The rows of `sources.csv` as they were written, columns in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceSheet {
    /// Column names, `path` among them.
    pub columns: Vec<String>,
    /// Cells, as many in each row as there are columns.
    pub rows: Vec<Vec<String>>,
}

impl SourceSheet {
    /// Returns where a column stands.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c == name)
    }

    /// Returns a cell by row and column name; empty where there is none.
    #[must_use]
    pub fn cell(&self, row: usize, column: &str) -> &str {
        self.column(column).and_then(|c| self.rows.get(row)?.get(c)).map_or("", String::as_str)
    }
}

/// One change of a study, as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Stable identity.
    pub id: String,
    /// The events that this one follows.
    pub parents: Vec<String>,
    /// Who did it.
    pub coder: String,
    /// When, RFC 3339.
    pub time: String,
    /// The command that did it, in words.
    pub command: String,
    /// What was done, as JSON.
    pub forward: String,
    /// What would take it back, as JSON.
    pub inverse: String,
}

/// Why a path is no path inside a study folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// Nothing there.
    #[error("the path is empty")]
    Empty,
    /// Longer than file systems allow.
    #[error("the path is longer than {MAX_PATH_BYTES} bytes")]
    TooLong,
    /// Begins at a root.
    #[error("the path is absolute")]
    Absolute,
    /// Begins with a drive such as `C:`.
    #[error("the path names a drive")]
    Drive,
    /// Contains a backslash.
    #[error("the path contains a backslash")]
    Backslash,
    /// Contains `..`.
    #[error("the path contains `..`")]
    Parent,
    /// Contains `.` or nothing between two slashes, or ends with a slash.
    #[error("the path contains an empty or `.` part")]
    NotNormal,
    /// Contains a control character.
    #[error("the path contains a control character")]
    Control,
}

/// The longest path inside a study folder, in bytes.
pub const MAX_PATH_BYTES: usize = 1024;

impl PathError {
    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Backslash => "separate folders with `/`",
            _ => "write it relative to the study folder, such as `sources/treaty.txt`",
        }
    }
}

/// Checks that a path stays inside the folder that it is relative to.
///
/// Paths of other systems are refused too: a study written on one machine is opened on another.
///
/// # Errors
/// The first [`PathError`] that applies.
pub fn check_relative_path(path: &str) -> Result<(), PathError> {
    let bytes = path.as_bytes();
    match bytes {
        [] => return Err(PathError::Empty),
        [b'/', ..] => return Err(PathError::Absolute),
        [letter, b':', ..] if letter.is_ascii_alphabetic() => return Err(PathError::Drive),
        _ if bytes.len() > MAX_PATH_BYTES => return Err(PathError::TooLong),
        _ if bytes.contains(&b'\\') => return Err(PathError::Backslash),
        _ if path.chars().any(char::is_control) => return Err(PathError::Control),
        _ => {}
    }
    path.split('/').try_for_each(|part| match part {
        ".." => Err(PathError::Parent),
        "" | "." => Err(PathError::NotNormal),
        _ => Ok(()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, want: Result<(), PathError>) {
        assert_eq!(check_relative_path(path), want, "{path:?}");
    }

    #[test]
    fn paths_stay_inside() {
        check("sources/a b é.txt", Ok(()));
        check("a..b/...", Ok(()));
        check("", Err(PathError::Empty));
        check("/etc/passwd", Err(PathError::Absolute));
        check("C:/x", Err(PathError::Drive));
        check("c:x", Err(PathError::Drive));
        check("a\\b", Err(PathError::Backslash));
        check("\\\\server\\x", Err(PathError::Backslash));
        check("../x", Err(PathError::Parent));
        check("a/../../x", Err(PathError::Parent));
        check("a//b", Err(PathError::NotNormal));
        check("./a", Err(PathError::NotNormal));
        check("a/", Err(PathError::NotNormal));
        check("a\nb", Err(PathError::Control));
        check(&"x".repeat(2000), Err(PathError::TooLong));
    }
}
