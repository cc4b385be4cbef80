//! Which changes stand on which: a change can be taken back past others only if none of them needs it.
//!
//! Told from what changes wrote. Each change writes some things and needs others: a coding needs its source, its text and
//! its concept, a memo what it is about. Two changes that write the same thing need each other.

use crate::ops::{Entity, Op, columns};
use nomoscope_core::study::{Annotation, Subject};
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, BTreeSet};

/// Returns the ids of the concepts in the bytes of a codebook; the store itself reads none.
pub type Concepts<'a> = &'a dyn Fn(&[u8]) -> BTreeSet<String>;

/// The things that a change writes, and those that it needs to be there, or to be as they are.
#[derive(Debug, Default)]
pub(crate) struct Things {
    writes: BTreeSet<String>,
    needs: BTreeSet<String>,
}

impl Things {
    /// Returns the things of changes that were made, as the tables know them now.
    pub(crate) fn of(conn: &Connection, ops: &[Op], concepts: Concepts<'_>) -> rusqlite::Result<Self> {
        let mut things = Self::default();
        for op in ops {
            things.add(conn, op, concepts)?;
        }
        Ok(things)
    }

    /// Returns whether one of two changes cannot do without the other.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        let meet = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.intersection(b).next().is_some();
        meet(&self.writes, &other.writes) || meet(&self.writes, &other.needs) || meet(&self.needs, &other.writes)
    }

    fn add(&mut self, conn: &Connection, op: &Op, concepts: Concepts<'_>) -> rusqlite::Result<()> {
        match op {
            Op::Hidden { of, id, .. } => self.entity(conn, *of, id)?,
            Op::Coding { id, hidden } | Op::Shown { id, hidden, .. } => {
                self.writes.insert(format!("coding:{id}"));
                // What goes needs nothing to be there.
                if !hidden {
                    self.coding(conn, id)?;
                }
            }
            Op::Status { id, .. } => self.field(conn, id, "status")?,
            Op::Remark { id, .. } => self.field(conn, id, "memo")?,
            Op::Place { id, .. } => self.field(conn, id, "place")?,
            Op::Concept { id, concept, .. } => {
                self.needs.insert(format!("concept:{concept}"));
                self.field(conn, id, "concept")?;
            }
            Op::About { id, about } => {
                self.writes.insert(format!("memo:{id}:about"));
                self.needs.insert(format!("memo:{id}"));
                self.subject(conn, about)?;
            }
            Op::Version { source, .. } => {
                self.writes.extend([format!("text:{source}"), format!("described:{source}")]);
                self.needs.insert(format!("source:{source}"));
            }
            Op::Described { source, .. } => {
                self.writes.insert(format!("described:{source}"));
                self.needs.insert(format!("source:{source}"));
            }
            Op::Row { id, cells } => {
                self.writes.insert(format!("row:{id}"));
                self.cells(cells);
            }
            Op::Columns { columns: then } => {
                self.writes.insert("columns".to_owned());
                let now: BTreeSet<String> = columns(conn)?.into_iter().flatten().collect();
                let then: BTreeSet<String> = then.iter().flatten().cloned().collect();
                self.writes.extend(now.symmetric_difference(&then).map(|name| format!("column:{name}")));
            }
            Op::Batch { coder, batch } => {
                self.writes.insert(format!("codings of:{coder}"));
                self.batch(conn, batch)?;
            }
            Op::File { path, hash } => self.file(conn, path, hash.as_deref(), concepts)?,
        }
        Ok(())
    }

    fn entity(&mut self, conn: &Connection, of: Entity, id: &str) -> rusqlite::Result<()> {
        let one = |query: &str| -> rusqlite::Result<Option<String>> {
            conn.prepare_cached(query)?.query_row([id], |row| row.get(0)).optional()
        };
        match of {
            Entity::Source => drop(self.writes.insert(format!("source:{id}"))),
            Entity::SourceRow => {
                self.writes.insert(format!("row:{id}"));
                let cells = one("SELECT cells FROM source_row WHERE id = ?1")?;
                self.cells(&cells.unwrap_or_default());
            }
            Entity::Coder => drop(self.writes.insert(format!("coder:{id}"))),
            Entity::Memo => {
                self.writes.insert(format!("memo:{id}"));
                if let Some(about) = one("SELECT about FROM memo WHERE id = ?1")? {
                    self.subject(conn, &about)?;
                }
            }
            Entity::Record => {
                let body = one("SELECT body FROM record WHERE id = ?1")?.unwrap_or_default();
                let Ok(annotation) = serde_json::from_str::<Annotation>(&body) else { return Ok(()) };
                self.writes.insert(format!("record:{}", annotation.key().join("\0")));
                self.writes.extend(annotation.subject().map(|subject| subject.to_string()));
                for subject in annotation.mentions() {
                    self.subject(conn, &subject.to_string())?;
                }
                if let Annotation::Passage(passage) = annotation {
                    self.text(conn, &passage.source)?;
                }
            }
        }
        Ok(())
    }

    /// A row needs the columns in which something stands.
    fn cells(&mut self, cells: &str) {
        let cells: BTreeMap<String, String> = serde_json::from_str(cells).unwrap_or_default();
        let said = cells.into_iter().filter(|(_, value)| !value.is_empty());
        self.needs.extend(said.map(|(name, _)| format!("column:{name}")));
    }

    /// A coding has a source, a place in its text, and a concept.
    fn coding(&mut self, conn: &Connection, id: &str) -> rusqlite::Result<()> {
        let query = "SELECT source, concept FROM coding WHERE id = ?1";
        let mut statement = conn.prepare_cached(query)?;
        let rows = statement.query_map([id], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        for row in rows {
            let (source, concept) = row?;
            self.needs.extend([format!("source:{source}"), format!("text:{source}"), format!("concept:{concept}")]);
        }
        Ok(())
    }

    fn field(&mut self, conn: &Connection, id: &str, field: &str) -> rusqlite::Result<()> {
        self.writes.insert(format!("coding:{id}:{field}"));
        self.needs.insert(format!("coding:{id}"));
        // A lexicon that coded anew has another coding of the same name.
        let query = "SELECT coder FROM coding WHERE id = ?1 AND batch <> ''";
        let coder: Option<String> = conn.prepare_cached(query)?.query_row([id], |row| row.get(0)).optional()?;
        self.needs.extend(coder.map(|coder| format!("codings of:{coder}")));
        Ok(())
    }

    fn batch(&mut self, conn: &Connection, batch: &str) -> rusqlite::Result<()> {
        let query = "SELECT DISTINCT source FROM coding WHERE batch = ?1 AND batch <> ''";
        let mut statement = conn.prepare_cached(query)?;
        let sources = statement.query_map([batch], |row| row.get::<_, String>(0))?;
        for source in sources {
            let source = source?;
            self.needs.extend([format!("source:{source}"), format!("text:{source}")]);
        }
        Ok(())
    }

    fn text(&mut self, conn: &Connection, path: &str) -> rusqlite::Result<()> {
        let query = "SELECT id FROM source WHERE path = ?1 AND hidden = 0";
        let id: Option<String> = conn.prepare_cached(query)?.query_row([path], |row| row.get(0)).optional()?;
        self.needs.extend(id.map(|id| format!("text:{id}")));
        Ok(())
    }

    /// Needs what something is about.
    fn subject(&mut self, conn: &Connection, about: &str) -> rusqlite::Result<()> {
        match about.parse::<Subject>() {
            Ok(Subject::Source(path)) => {
                let query = "SELECT id FROM source WHERE path = ?1 AND hidden = 0";
                let id: Option<String> =
                    conn.prepare_cached(query)?.query_row([path.as_str()], |row| row.get(0)).optional()?;
                self.needs.extend(id.map(|id| format!("source:{id}")));
            }
            Ok(subject) => drop(self.needs.insert(subject.to_string())),
            Err(_) => {}
        }
        Ok(())
    }

    /// A file is written; a codebook also has concepts that it had not, or no longer has.
    fn file(
        &mut self,
        conn: &Connection,
        path: &str,
        hash: Option<&str>,
        concepts: Concepts<'_>,
    ) -> rusqlite::Result<()> {
        self.writes.insert(format!("file:{path}"));
        if path != "codebook.toml" {
            return Ok(());
        }
        let ids = |hash: Option<&str>| -> rusqlite::Result<BTreeSet<String>> {
            let Some(hash) = hash else { return Ok(BTreeSet::new()) };
            let query = "SELECT bytes FROM blob WHERE hash = ?1";
            let bytes: Option<Vec<u8>> = conn.query_row(query, [hash], |row| row.get(0)).optional()?;
            Ok(bytes.map(|bytes| concepts(&bytes)).unwrap_or_default())
        };
        let query = "SELECT hash FROM file WHERE path = ?1";
        let now: Option<Option<String>> = conn.query_row(query, [path], |row| row.get(0)).optional()?;
        let (now, then) = (ids(now.flatten().as_deref())?, ids(hash)?);
        self.writes.extend(now.symmetric_difference(&then).map(|id| format!("concept:{id}")));
        Ok(())
    }
}
