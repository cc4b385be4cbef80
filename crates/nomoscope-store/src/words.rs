//! Which texts can hold some words: an index in the study file.
//!
//! Texts are only added, and so are their words: what is visible is asked of the sources, as for everything else. So no act
//! can leave the index behind. It holds of each text which words it has, not where and not how often.

use crate::load::Structure;
use crate::{Store, StoreError};
use nomoscope_core::codebook::fold::index_words;
use nomoscope_core::text::Document;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;

/// What a text must hold: of each part one of some ways, each with words and beginnings of words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// The parts, all of which must be there.
    pub parts: Vec<Vec<Way>>,
}

/// One way in which something may be said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Way {
    /// Words as the index has them.
    pub words: BTreeSet<String>,
    /// How words begin.
    pub beginnings: BTreeSet<String>,
}

impl Wanted {
    /// Returns the question to the index; none where nothing is known that it could tell.
    fn query(&self) -> Option<String> {
        // Words hold no quotation mark: they are letters and digits.
        let way = |way: &Way| {
            let words = way.words.iter().map(|word| format!("\"{word}\""));
            let begin = way.beginnings.iter().map(|word| format!("\"{word}\" *"));
            let all: Vec<String> = words.chain(begin).collect();
            (!all.is_empty()).then(|| format!("({})", all.join(" AND ")))
        };
        // A way of which nothing is known may be anywhere.
        let part = |ways: &Vec<Way>| {
            let ways: Option<Vec<String>> = ways.iter().map(way).collect();
            ways.filter(|ways| !ways.is_empty()).map(|ways| format!("({})", ways.join(" OR ")))
        };
        let parts: Vec<String> = self.parts.iter().filter_map(part).collect();
        (!parts.is_empty()).then(|| parts.join(" AND "))
    }
}

impl Store {
    /// Returns the sources whose texts can hold this, and more than those that do; none where the index cannot tell.
    ///
    /// # Errors
    /// The file is damaged.
    pub fn can_hold(&self, wanted: &Wanted) -> Result<Option<BTreeSet<String>>, StoreError> {
        let Some(query) = wanted.query() else { return Ok(None) };
        let sql = "SELECT s.path FROM source s LEFT JOIN version v ON v.id = s.version WHERE s.hidden = 0
                   AND iif(v.text IS NULL, s.ord * 2, v.rowid * 2 + 1) IN (SELECT rowid FROM word WHERE word MATCH ?1)";
        let paths = || -> rusqlite::Result<BTreeSet<String>> {
            let mut statement = self.conn.prepare(sql)?;
            let rows = statement.query_map([&query], |row| row.get(0))?;
            rows.collect()
        };
        paths().map(Some).map_err(|e| self.sqlite(e))
    }
}

/// Adds the words of the text of a source.
pub(crate) fn of_source(conn: &Connection, id: &str, document: &Document) -> rusqlite::Result<()> {
    let ord: i64 = conn.prepare_cached("SELECT ord FROM source WHERE id = ?1")?.query_row([id], |row| row.get(0))?;
    add(conn, ord * 2, document)
}

/// Adds the words of a corrected text.
pub(crate) fn of_version(conn: &Connection, id: &str, document: &Document) -> rusqlite::Result<()> {
    let row: i64 = conn.query_row("SELECT rowid FROM version WHERE id = ?1", [id], |row| row.get(0))?;
    add(conn, row * 2 + 1, document)
}

fn add(conn: &Connection, row: i64, document: &Document) -> rusqlite::Result<()> {
    let words: Vec<String> = index_words(&document.flowing()).into_iter().collect();
    let write = "INSERT INTO word(rowid, words) VALUES (?1, ?2)";
    conn.prepare_cached(write)?.execute(params![row, words.join(" ")]).map(|_| ())
}

/// The texts that are indexed, those of sources and those that were corrected: from where the next is looked for, the row of its
/// words, and the text.
const TEXTS: [&str; 2] = [
    "SELECT s.ord, s.ord * 2, d.text, d.structure FROM source s JOIN document d ON d.source = s.id
     WHERE s.ord > ?1 ORDER BY s.ord LIMIT 1",
    "SELECT rowid, rowid * 2 + 1, text, structure FROM version WHERE rowid > ?1 AND text IS NOT NULL ORDER BY rowid LIMIT 1",
];

/// Adds the words of all texts of a file whose index is empty.
pub(crate) fn index_all(conn: &Connection) -> rusqlite::Result<()> {
    for query in TEXTS {
        let mut last = -1_i64;
        // One after the other: a study may be larger than memory.
        let next = |last: i64| {
            let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
            conn.query_row(query, [last], row).optional()
        };
        while let Some((at, row, text, structure)) = next(last)? {
            let (text, structure): (String, Option<String>) = (text, structure);
            let structure = structure.and_then(|s| serde_json::from_str::<Structure>(&s).ok());
            let document = structure.map(|s| s.document(text.clone()));
            add(conn, row, &document.unwrap_or_else(|| Document { text, ..Document::default() }))?;
            last = at;
        }
    }
    Ok(())
}
