//! The tables of a study file and the steps that bring an older file up to date.

use crate::words;
use rusqlite::{Connection, Transaction};
use std::sync::OnceLock;

/// Marks the database as a study file: "NOMO".
pub(crate) const APPLICATION_ID: i64 = 0x4e4f_4d4f;

/// One step a version; a step that was published is never edited.
pub(crate) const MIGRATIONS: &[&str] = &[V1, V2, V3, V4];

/// The version that this program writes.
pub(crate) const VERSION: i64 = MIGRATIONS.len() as i64;

/// Entities (blob, source, document, source_row, coding, coder, memo, record) are only ever added; what of them is
/// visible is said by `hidden`, `file.hash`, `batch_of.batch` and `meta`, which events change.
const V1: &str = "
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE blob(hash TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE file(path TEXT PRIMARY KEY, hash TEXT REFERENCES blob(hash)) STRICT, WITHOUT ROWID;
CREATE TABLE original(path TEXT PRIMARY KEY, hash TEXT NOT NULL REFERENCES blob(hash), state TEXT NOT NULL) STRICT;
CREATE TABLE codebook(ord INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE REFERENCES blob(hash), time TEXT NOT NULL) STRICT;
CREATE TABLE source(
  ord INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, path TEXT NOT NULL, file TEXT NOT NULL,
  bytes_hash TEXT NOT NULL REFERENCES blob(hash), text_hash TEXT NOT NULL, extractor TEXT NOT NULL,
  described TEXT NOT NULL, hidden INTEGER NOT NULL CHECK(hidden IN (0, 1))) STRICT;
CREATE UNIQUE INDEX source_path ON source(path) WHERE hidden = 0;
CREATE TABLE document(source TEXT PRIMARY KEY REFERENCES source(id), text TEXT NOT NULL, structure TEXT NOT NULL) STRICT;
CREATE TABLE source_row(
  ord INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, path TEXT NOT NULL, cells TEXT NOT NULL,
  hidden INTEGER NOT NULL CHECK(hidden IN (0, 1))) STRICT;
CREATE TABLE coding(
  ord INTEGER PRIMARY KEY, id TEXT NOT NULL, source TEXT NOT NULL REFERENCES source(id),
  start INTEGER NOT NULL, stop INTEGER NOT NULL, quote TEXT NOT NULL, concept TEXT NOT NULL, coder TEXT NOT NULL,
  status TEXT NOT NULL CHECK(status IN ('suggested', 'accepted', 'rejected')), created TEXT NOT NULL, memo TEXT NOT NULL,
  batch TEXT NOT NULL, hidden INTEGER NOT NULL CHECK(hidden IN (0, 1)), UNIQUE(id, batch)) STRICT;
CREATE INDEX coding_batch ON coding(coder, batch);
CREATE TABLE batch_of(coder TEXT PRIMARY KEY, batch TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE coder(
  ord INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT NOT NULL,
  hidden INTEGER NOT NULL CHECK(hidden IN (0, 1))) STRICT;
CREATE TABLE memo(
  ord INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, about TEXT NOT NULL, coder TEXT NOT NULL, created TEXT NOT NULL,
  text TEXT NOT NULL, hidden INTEGER NOT NULL CHECK(hidden IN (0, 1))) STRICT;
CREATE TABLE attachment(
  ord INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, about TEXT NOT NULL, name TEXT NOT NULL,
  hash TEXT NOT NULL REFERENCES blob(hash), hidden INTEGER NOT NULL CHECK(hidden IN (0, 1))) STRICT;
CREATE TABLE lexicon_cache(
  text_hash TEXT NOT NULL, codebook_hash TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY(text_hash, codebook_hash)) STRICT;
CREATE TABLE event(
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, parents TEXT NOT NULL, coder TEXT NOT NULL, time TEXT NOT NULL,
  command TEXT NOT NULL, forward TEXT NOT NULL, inverse TEXT NOT NULL,
  imported INTEGER NOT NULL CHECK(imported IN (0, 1))) STRICT;
CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER blob_no_update BEFORE UPDATE ON blob BEGIN SELECT RAISE(ABORT, 'bytes do not change'); END;
CREATE TRIGGER blob_no_delete BEFORE DELETE ON blob BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER document_no_update BEFORE UPDATE ON document BEGIN SELECT RAISE(ABORT, 'texts do not change'); END;
CREATE TRIGGER document_no_delete BEFORE DELETE ON document BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER source_no_delete BEFORE DELETE ON source BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER coding_no_delete BEFORE DELETE ON coding BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER memo_no_delete BEFORE DELETE ON memo BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
";

/// Passages, cases, sets, variables, links and foreign ids. Attachments go: nothing ever wrote one.
const V2: &str = "
DROP TABLE attachment;
CREATE TABLE record(
  ord INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, key TEXT NOT NULL, source TEXT REFERENCES source(id),
  body TEXT NOT NULL, hidden INTEGER NOT NULL CHECK(hidden IN (0, 1))) STRICT;
CREATE UNIQUE INDEX record_key ON record(key) WHERE hidden = 0;
CREATE TRIGGER record_no_delete BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
";

/// Texts that were corrected: what a source was before is a version, too; only its text stays where it is. And the words of
/// all texts, by which a search passes over those that cannot hold what is looked for.
const V3: &str = "
CREATE TABLE version(
  id TEXT PRIMARY KEY, source TEXT NOT NULL REFERENCES source(id), path TEXT NOT NULL, file TEXT NOT NULL,
  bytes_hash TEXT NOT NULL REFERENCES blob(hash), text_hash TEXT NOT NULL, extractor TEXT NOT NULL,
  described TEXT NOT NULL, text TEXT, structure TEXT) STRICT;
CREATE TRIGGER version_no_update BEFORE UPDATE ON version BEGIN SELECT RAISE(ABORT, 'texts do not change'); END;
CREATE TRIGGER version_no_delete BEFORE DELETE ON version BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
ALTER TABLE source ADD COLUMN version TEXT;
CREATE VIRTUAL TABLE word USING fts5(words, content = '', detail = none, columnsize = 0, tokenize = \"ascii tokenchars '_'\");
";

/// The index once more: what is one word changed (numbers of notes, letters that keyboards write in two ways), and with words of
/// before a search would pass over texts that hold what is looked for.
const V4: &str = "
DROP TABLE word;
CREATE VIRTUAL TABLE word USING fts5(words, content = '', detail = none, columnsize = 0, tokenize = \"ascii tokenchars '_'\");
";

/// Brings the tables from a version to the newest one.
pub(crate) fn migrate(tx: &Transaction<'_>, from: i64) -> rusqlite::Result<()> {
    let done = usize::try_from(from).unwrap_or(0);
    for step in MIGRATIONS.iter().skip(done) {
        tx.execute_batch(step)?;
    }
    // The last step that changed the index of words.
    const INDEXED: usize = 4;
    if done < INDEXED {
        words::index_all(tx)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", VERSION)
}

/// Returns every object of the schema with its definition.
pub(crate) fn objects(conn: &Connection) -> rusqlite::Result<Vec<(String, String, String)>> {
    let mut statement = conn.prepare(
        "SELECT type, name, coalesce(sql, '') FROM sqlite_master
         WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    rows.collect()
}

/// Returns the objects that a file of this version must have, no more and no fewer.
pub(crate) fn expected() -> rusqlite::Result<&'static [(String, String, String)]> {
    // A file is opened for every page of the workbench: they are made once.
    static EXPECTED: OnceLock<Vec<(String, String, String)>> = OnceLock::new();
    if let Some(known) = EXPECTED.get() {
        return Ok(known);
    }
    let mut conn = Connection::open_in_memory()?;
    let tx = conn.transaction()?;
    migrate(&tx, 0)?;
    let made = objects(&tx)?;
    Ok(EXPECTED.get_or_init(|| made))
}
