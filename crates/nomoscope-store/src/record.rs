//! Passages, cases, sets, variables, links and foreign ids in a study file.
//!
//! One table for all: a row holds one [`Annotation`] as JSON. Rows are only added; which version of a thing is visible is
//! said by `hidden`, as for everything else, so that the log takes these changes back as it does others.

use crate::load::VISIBLE;
use crate::ops::{Entity, Op};
use crate::write::{Done, Fail, show, source_text};
use crate::{Change, Stamp, Store, StoreError};
use nomoscope_core::study::{Annotation, Annotations, Passage, Study, Subject};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;

impl Store {
    /// Adds a passage, case, set, member, variable, value, link or foreign id; one with the same identity is replaced.
    ///
    /// # Errors
    /// It refers to something that is not in the study; a passage does not fit its text.
    pub fn put_annotation(
        &mut self,
        annotation: &Annotation,
        stamp: &mut Stamp<'_>,
    ) -> Result<Option<Change>, StoreError> {
        self.change(stamp, |conn, stamp| {
            for mention in annotation.mentions() {
                check_there(conn, &mention)?;
            }
            let old = visible(conn, annotation)?;
            if old.as_ref().is_some_and(|(_, body)| *body == json(annotation)) {
                return Ok(Vec::new());
            }
            let id = (stamp.new_id)();
            add(conn, &id, annotation, true, &mut Texts::default())?;
            let hide = old.map(|(id, _)| Op::Hidden { of: Entity::Record, id, hidden: true });
            Ok(hide.into_iter().chain([show(Entity::Record, id)]).collect())
        })
    }

    /// Takes an annotation out of the study. What refers to it is no longer shown, and is again when this is undone.
    ///
    /// # Errors
    /// There is no such annotation.
    pub fn remove_annotation(
        &mut self,
        annotation: &Annotation,
        stamp: &mut Stamp<'_>,
    ) -> Result<Option<Change>, StoreError> {
        self.change(stamp, |conn, _| {
            let (id, _) = visible(conn, annotation)?.ok_or_else(|| StoreError::Unknown(annotation.key().join(" ")))?;
            Ok(vec![Op::Hidden { of: Entity::Record, id, hidden: true }])
        })
    }

    /// Returns the visible annotations in the order in which they came, those on hidden sources left out.
    pub(crate) fn annotations(&self) -> Result<Annotations, StoreError> {
        let query = "SELECT r.body FROM record r LEFT JOIN source s ON s.id = r.source
                     WHERE r.hidden = 0 AND coalesce(s.hidden, 0) = 0 ORDER BY r.ord";
        let mut annotations = Annotations::default();
        for body in self.all(query, |row| row.get::<_, String>(0))? {
            let annotation =
                serde_json::from_str(&body).map_err(|_| self.damaged("a passage, case, variable or link"))?;
            annotations.push(annotation);
        }
        Ok(annotations)
    }

    /// Checks that the passages of a study fit their texts.
    pub(crate) fn check_passages(&self, study: &Study) -> Result<(), StoreError> {
        let texts = study.sources.iter().map(|s| (s.path.as_str(), s.document.text.as_str()));
        let texts: BTreeMap<&str, &str> = texts.collect();
        let fits = |p: &Passage| texts.get(p.source.as_str()).is_some_and(|text| fits(p, text));
        match study.annotations.passages.iter().find(|p| !fits(p)) {
            None => Ok(()),
            Some(passage) => Err(self.damaged(format!("passage `{}` does not fit its text", passage.id))),
        }
    }
}

/// Adds what came with a folder.
///
/// # Errors
/// Two have the same identity; one refers to something that is not there; a passage does not fit its text.
pub(crate) fn import(conn: &Connection, annotations: &Annotations, stamp: &mut Stamp<'_>) -> Done<()> {
    let mut texts = Texts::default();
    for annotation in annotations.iter() {
        if visible(conn, &annotation)?.is_some() {
            return Err(StoreError::Duplicate(annotation.key().join(" ")).into());
        }
        add(conn, &(stamp.new_id)(), &annotation, false, &mut texts)?;
    }
    // Checked when all are there: a link may name one that comes later.
    annotations.iter().flat_map(|a| a.mentions()).try_for_each(|mention| check_there(conn, &mention))
}

/// Refuses what is not in the study. Concepts are not asked for: they stand in the codebook, which is bytes here.
pub(crate) fn check_there(conn: &Connection, subject: &Subject) -> Done<()> {
    let query = match subject {
        Subject::Study | Subject::Concept(_) => return Ok(()),
        Subject::Source(_) => "SELECT 1 FROM source WHERE path = ?1 AND hidden = 0",
        Subject::Coding(id) => {
            let query =
                format!("SELECT 1 FROM coding c JOIN source s ON s.id = c.source WHERE c.id = ?1 AND {VISIBLE}");
            return one(conn, &query, id, subject);
        }
        // Somebody who codes is known, whether or not a row describes them.
        Subject::Coder(_) => {
            "SELECT 1 FROM (SELECT id FROM coder WHERE hidden = 0 UNION SELECT coder FROM coding) WHERE id = ?1"
        }
        Subject::Memo(_) => "SELECT 1 FROM memo WHERE id = ?1 AND hidden = 0",
        Subject::Passage(_) | Subject::Case(_) | Subject::Set(_) | Subject::Variable(_) | Subject::Link(_) => {
            let key = serde_json::to_string(&[subject.kind().name(), subject.id()]).unwrap_or_default();
            return one(conn, "SELECT 1 FROM record WHERE key = ?1 AND hidden = 0", &key, subject);
        }
    };
    one(conn, query, subject.id(), subject)
}

fn one(conn: &Connection, query: &str, id: &str, subject: &Subject) -> Done<()> {
    let found: Option<i64> = conn.query_row(query, [id], |row| row.get(0)).optional()?;
    found.map(|_| ()).ok_or_else(|| match subject {
        Subject::Source(path) => Fail::Store(StoreError::UnknownSource(path.to_string())),
        _ => Fail::Store(StoreError::Unknown(subject.to_string())),
    })
}

/// Returns the row and the body of the visible annotation with the same identity.
pub(crate) fn visible(conn: &Connection, annotation: &Annotation) -> rusqlite::Result<Option<(String, String)>> {
    let mut statement = conn.prepare_cached("SELECT id, body FROM record WHERE key = ?1 AND hidden = 0")?;
    statement.query_row([key(annotation)], |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

/// Texts of sources that passages were compared with, so that each is read once.
#[derive(Default)]
pub(crate) struct Texts(BTreeMap<String, (String, String)>);

impl Texts {
    /// Returns the row and the text of a source.
    fn of(&mut self, conn: &Connection, path: &str) -> Done<&(String, String)> {
        if !self.0.contains_key(path) {
            self.0.insert(path.to_owned(), source_text(conn, path)?);
        }
        self.0.get(path).ok_or_else(|| StoreError::UnknownSource(path.to_owned()).into())
    }
}

pub(crate) fn add(conn: &Connection, id: &str, annotation: &Annotation, hidden: bool, texts: &mut Texts) -> Done<()> {
    let source = match annotation {
        Annotation::Passage(passage) => {
            let (source, text) = texts.of(conn, &passage.source)?;
            if !fits(passage, text) {
                return Err(StoreError::Misplaced(format!("passage `{}`", passage.id)).into());
            }
            Some(source.as_str())
        }
        _ => None,
    };
    let write = "INSERT INTO record(id, key, source, body, hidden) VALUES (?1, ?2, ?3, ?4, ?5)";
    conn.prepare_cached(write)?.execute(params![id, key(annotation), source, json(annotation), hidden])?;
    Ok(())
}

/// Adds annotations, hidden; returns what shows them, each in the place of the one with its identity.
pub(crate) fn replace(conn: &Connection, annotations: &[Annotation], stamp: &mut Stamp<'_>) -> Done<Vec<Op>> {
    let (mut ops, mut texts) = (Vec::new(), Texts::default());
    for annotation in annotations {
        let old = visible(conn, annotation)?;
        let id = (stamp.new_id)();
        add(conn, &id, annotation, true, &mut texts)?;
        ops.extend(old.map(|(id, _)| Op::Hidden { of: Entity::Record, id, hidden: true }));
        ops.push(show(Entity::Record, id));
    }
    Ok(ops)
}

/// Returns what hides the annotations of these identities.
pub(crate) fn gone<'k>(conn: &Connection, keys: impl IntoIterator<Item = &'k Vec<String>>) -> Done<Vec<Op>> {
    let mut ops = Vec::new();
    for key in keys {
        let key = serde_json::to_string(key).unwrap_or_default();
        let query = "SELECT id FROM record WHERE key = ?1 AND hidden = 0";
        let found: Option<String> = conn.prepare_cached(query)?.query_row([&key], |row| row.get(0)).optional()?;
        ops.extend(found.map(|id| Op::Hidden { of: Entity::Record, id, hidden: true }));
    }
    Ok(ops)
}

fn fits(passage: &Passage, text: &str) -> bool {
    text.get(passage.span.start as usize..passage.span.end as usize) == Some(passage.quote.as_str())
}

fn key(annotation: &Annotation) -> String {
    serde_json::to_string(&annotation.key()).unwrap_or_default()
}

/// Returns an annotation as it is stored; strings and numbers always serialise.
fn json(annotation: &Annotation) -> String {
    serde_json::to_string(annotation).unwrap_or_default()
}

/// Returns what the files of an annotation would hold, row by row.
pub(crate) fn rows(annotations: &Annotations, file: &str) -> Vec<String> {
    annotations.iter().filter(|a| file_of(a) == file).map(|a| json(&a)).collect()
}

/// Returns the file of a study folder in which an annotation stands.
const fn file_of(annotation: &Annotation) -> &'static str {
    match annotation {
        Annotation::Passage(_) => "passages.csv",
        Annotation::Case(_) => "cases.csv",
        Annotation::Set(_) => "sets.csv",
        Annotation::Member(_) => "members.csv",
        Annotation::Variable(_) => "variables.csv",
        Annotation::Value(_) => "values.csv",
        Annotation::Link(_) => "links.csv",
        Annotation::Foreign(_) => "foreign_ids.csv",
    }
}
