//! What the rows of a study refer to, checked when everything is read: a link may stand before the memo that it names.

use super::{MAX_HINTS, Problem, Problems};
use nomoscope_core::problem::Remedy;
use nomoscope_core::spelling::nearest;
use nomoscope_core::study::{Known, Subject, SubjectKind};
use std::collections::BTreeSet;

/// That a row refers to something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The file.
    pub file: &'static str,
    /// The line.
    pub line: u32,
    /// What it refers to.
    pub subject: Subject,
}

/// All mentions of a study.
pub type Mentions = Vec<Mention>;

/// Returns everything that is referred to and not there. Kinds that could not be read are not asked for: whoever reads the
/// list would look for faults that only follow from others.
#[must_use]
pub fn check(mentions: &[Mention], known: &Known<'_>, unread: &BTreeSet<SubjectKind>) -> Problems {
    let missing = mentions.iter().filter(|m| !unread.contains(&m.subject.kind()) && !known.contains(&m.subject));
    missing
        .enumerate()
        .map(|(i, Mention { file, line, subject })| {
            let (kind, id) = (subject.kind(), subject.id());
            let reason = match kind {
                SubjectKind::Source => format!("`{id}` is no source of the study"),
                _ => format!("there is no {} `{id}`", kind.name()),
            };
            let problem = Problem::new(*file, reason).at(*line);
            match nearest(id, known.ids(kind).filter(|_| i < MAX_HINTS)) {
                Some(near) => problem.hint(Remedy::nearest(&format!("{}:{near}", kind.name()))),
                None => problem,
            }
        })
        .collect()
}

/// Returns what a cell names; `role` says what for.
pub(super) fn subject(file: &str, word: &str, role: &str) -> Result<Subject, Problem> {
    word.parse().map_err(|_| {
        let kind = word.split(':').next().unwrap_or_default();
        let problem = Problem::new(file, format!("`{word}` is nothing {role}"));
        let all = || format!("write `study`, `source:<path>`, or an id behind {}", Subject::KINDS.join(", "));
        match nearest(kind, Subject::KINDS.iter().copied()).filter(|near| *near != kind && word.contains(':')) {
            Some(near) => problem.hint(Remedy::nearest(&format!("{near}:…"))),
            None => problem.hint(all()),
        }
    })
}
