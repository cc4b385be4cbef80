//! Everything that changes a study file. Each function is one transaction and at most one event.

use crate::decisions::{keep_decisions, same, with_free_ids};
use crate::depend::{Concepts, Things};
use crate::disk::write_note;
use crate::image::{FolderImage, MANAGED, file_of};
use crate::load::{self, Described, Structure, VISIBLE};
use crate::log::Standing;
use crate::ops::{Entity, Op, Ops, apply_all, columns, set_meta};
use crate::store::holder_note;
use crate::{Stamp, Store, StoreError, hash_hex, record, words};
use nomoscope_core::study::{
    Coder, CoderKind, CodingRecord, CodingStatus, Event, Memo, Source, SourceSheet, check_relative_path,
};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// New sources with their files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Addition {
    /// The files by path relative to the study folder.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The sources that were read from them.
    pub sources: Vec<Source>,
    /// Rows for `sources.csv`, column to value; `path` names the file. A file may go without.
    pub rows: Vec<BTreeMap<String, String>>,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The event in the log.
    pub event: Event,
    /// The command that was taken back or done again, if this was an undo or a redo.
    pub undone: Option<String>,
}

/// A failure inside a transaction: SQLite's, or the study's.
pub(crate) enum Fail {
    Sqlite(rusqlite::Error),
    Store(StoreError),
}

impl From<rusqlite::Error> for Fail {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<StoreError> for Fail {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

pub(crate) type Done<T> = Result<T, Fail>;

impl Store {
    /// Fills an empty study file from a folder.
    ///
    /// # Errors
    /// The study file is not empty; paths leave the folder; sources without a file; codings without a source.
    pub fn import_folder_image(
        &mut self,
        image: &FolderImage,
        extractor: &str,
        stamp: &mut Stamp<'_>,
    ) -> Result<(), StoreError> {
        if !self.events()?.is_empty() {
            return Err(StoreError::Exists(self.path.clone()));
        }
        let summary = serde_json::json!({
            "files": image.files.len(), "sources": image.sources.len(), "codings": image.codings.len(),
        });
        self.fill(image, &summary.to_string(), extractor, stamp).map(|_| ())
    }

    /// Fills an empty study file; the event says what it did.
    pub(crate) fn fill(
        &mut self,
        image: &FolderImage,
        summary: &str,
        extractor: &str,
        stamp: &mut Stamp<'_>,
    ) -> Result<Event, StoreError> {
        let who = stamp.who();
        self.transact(&who, |conn| {
            import(conn, image, extractor, stamp)?;
            // `null` takes nothing back: a study file cannot be undone into nothing.
            let event = log(conn, stamp, summary, "null")?;
            // The digests are taken from what was stored, so that they compare what comes out with what comes out.
            let back = self.folder_image()?;
            for path in MANAGED {
                if let Some(bytes) = image.files.get(path) {
                    let (state, _) = load::state_of(&back, path);
                    let hash = put_blob(conn, bytes)?;
                    let write = "INSERT INTO original VALUES (?1, ?2, ?3)";
                    conn.execute(write, [path, &hash, &state])?;
                }
            }
            Ok(event)
        })
    }

    /// Adds sources.
    ///
    /// # Errors
    /// A path is taken or leaves the folder; a source has no file.
    pub fn add_sources(
        &mut self,
        addition: &Addition,
        extractor: &str,
        stamp: &mut Stamp<'_>,
    ) -> Result<Option<Change>, StoreError> {
        self.change(stamp, |conn, stamp| add_addition(conn, addition, extractor, stamp))
    }

    /// Takes a file with all its sources out of the study; its bytes, texts and codings stay in the study file, hidden.
    ///
    /// # Errors
    /// There is no such source; the path is one row of a table.
    pub fn remove_source(&mut self, path: &str, stamp: &mut Stamp<'_>) -> Result<Option<Change>, StoreError> {
        self.change(stamp, |conn, _| {
            let query = "SELECT file FROM source WHERE hidden = 0 AND (path = ?1 OR file = ?1)";
            let file: Option<String> = conn.query_row(query, [path], |r| r.get(0)).optional()?;
            let file = file.ok_or_else(|| StoreError::UnknownSource(path.to_owned()))?;
            let mut ops = hide(conn, Entity::Source, &file)?;
            if ops.len() > 1 && file != path {
                return Err(StoreError::RowOfTable(path.to_owned()).into());
            }
            ops.extend(hide(conn, Entity::SourceRow, &file)?);
            ops.push(Op::File { path: file, hash: None });
            Ok(ops)
        })
    }

    /// Replaces all codings of a coder that is no person, such as the lexicon. What people decided stays: [`keep_decisions`].
    ///
    /// # Errors
    /// The coder codes by hand; a coding has no source, does not fit its text, or has an id that occurs already.
    pub fn put_codings(
        &mut self,
        coder: &Coder,
        records: &[CodingRecord],
        stamp: &mut Stamp<'_>,
    ) -> Result<Option<Change>, StoreError> {
        self.change(stamp, |conn, stamp| {
            let query = "SELECT count(*) FROM coding WHERE coder = ?1 AND batch = '' AND hidden = 0";
            let by_hand: i64 = conn.query_row(query, [coder.id.as_str()], |row| row.get(0))?;
            if by_hand > 0 {
                return Err(StoreError::CodesByHand(coder.id.to_string()).into());
            }
            let before = load::codings(conn, Some(&coder.id))?;
            let mut records = keep_decisions(records, &before, &coder.id).records;
            if same(&records, &before) {
                return Ok(Vec::new());
            }
            let mut statement = conn.prepare(&taken_id())?;
            with_free_ids(&mut records, &before, |id| {
                statement.query_row([id, &coder.id], |row| row.get::<_, i64>(0)).map(|n| n > 0)
            })?;
            let mut ops: Vec<Op> = add_coder(conn, coder)?.into_iter().collect();
            let batch = (stamp.new_id)();
            add_codings(conn, &records, |_| batch.as_str(), false)?;
            ops.push(Op::Batch { coder: coder.id.to_string(), batch: batch.clone() });
            Ok(ops)
        })
    }

    /// Returns the codings with somebody's memo that [`Store::put_codings`] would keep although these do not have them.
    ///
    /// # Errors
    /// The file is damaged.
    pub fn not_found(&self, coder: &str, records: &[CodingRecord]) -> Result<Vec<CodingRecord>, StoreError> {
        Ok(keep_decisions(records, &self.codings(Some(coder))?, coder).not_found)
    }

    /// Adds a coding by hand.
    ///
    /// # Errors
    /// It has no source, does not fit its text, or its id occurs already.
    pub fn add_coding(&mut self, record: &CodingRecord, stamp: &mut Stamp<'_>) -> Result<Option<Change>, StoreError> {
        self.change(stamp, |conn, _| {
            let query = "SELECT count(*) FROM batch_of WHERE coder = ?1 AND batch <> ''";
            let batches: i64 = conn.query_row(query, [record.coder.as_str()], |row| row.get(0))?;
            if batches > 0 {
                return Err(StoreError::CodesByHand(record.coder.to_string()).into());
            }
            check_ids(conn, std::slice::from_ref(record), "")?;
            add_codings(conn, std::slice::from_ref(record), |_| "", true)?;
            Ok(vec![Op::Coding { id: record.id.to_string(), hidden: false }])
        })
    }

    /// Gives a coding another status: accepts a suggestion, rejects a coding, takes a rejection back.
    ///
    /// # Errors
    /// There is no such coding.
    pub fn set_coding_status(
        &mut self,
        id: &str,
        status: CodingStatus,
        stamp: &mut Stamp<'_>,
    ) -> Result<Option<Change>, StoreError> {
        self.change(stamp, |conn, _| {
            let batch = batch_of_coding(conn, id)?;
            Ok(vec![Op::Status { id: id.to_owned(), batch, status: status.name().to_owned() }])
        })
    }

    /// Gives a coding another memo.
    ///
    /// # Errors
    /// There is no such coding.
    pub fn set_coding_memo(
        &mut self,
        id: &str,
        memo: &str,
        stamp: &mut Stamp<'_>,
    ) -> Result<Option<Change>, StoreError> {
        self.change(stamp, |conn, _| {
            let batch = batch_of_coding(conn, id)?;
            Ok(vec![Op::Remark { id: id.to_owned(), batch, memo: memo.to_owned() }])
        })
    }

    /// Adds a coder, or shows one again that was hidden.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn add_coder(&mut self, coder: &Coder, stamp: &mut Stamp<'_>) -> Result<Option<Change>, StoreError> {
        self.change(stamp, |conn, _| Ok(add_coder(conn, coder)?.into_iter().collect()))
    }

    /// Adds a memo.
    ///
    /// # Errors
    /// It is about nothing in the study; its id occurs already; the file cannot be written.
    pub fn add_memo(&mut self, memo: &Memo, stamp: &mut Stamp<'_>) -> Result<Option<Change>, StoreError> {
        self.change(stamp, |conn, _| {
            record::check_there(conn, &memo.about)?;
            add_memo(conn, memo, true)?;
            Ok(vec![show(Entity::Memo, memo.id.to_string())])
        })
    }

    /// Gives a file of the study other bytes, or takes it out: `study.toml`, `codebook.toml`, a case, a list, a README.
    ///
    /// # Errors
    /// The path leaves the folder, belongs to a source, or is kept in tables.
    pub fn put_file(
        &mut self,
        path: &str,
        bytes: Option<&[u8]>,
        stamp: &mut Stamp<'_>,
    ) -> Result<Option<Change>, StoreError> {
        self.change(stamp, |conn, stamp| Ok(vec![put_file_op(conn, path, bytes, stamp)?]))
    }

    /// Takes back the last change of a coder that stands, past those of others as long as they do without it.
    ///
    /// # Errors
    /// There is none; a later change needs it.
    pub fn undo(&mut self, coder: &str, concepts: Concepts<'_>, stamp: &mut Stamp<'_>) -> Result<Change, StoreError> {
        let standing = self.standing()?;
        let nothing = || StoreError::nothing_of(coder, standing.last_coder(), StoreError::NothingToUndo);
        let (event, command) = standing.undo(coder).cloned().ok_or_else(nothing)?;
        self.take_back(&event, &command, (&standing, concepts), stamp)
    }

    /// Does again what a coder took back last, if they did nothing else since.
    ///
    /// # Errors
    /// There is nothing; a change that came since stands in the way.
    pub fn redo(&mut self, coder: &str, concepts: Concepts<'_>, stamp: &mut Stamp<'_>) -> Result<Change, StoreError> {
        let standing = self.standing()?;
        let (event, command) = standing.redo(coder).cloned().ok_or(StoreError::NothingToRedo)?;
        self.take_back(&event, &command, (&standing, concepts), stamp)
    }

    fn standing(&self) -> Result<Standing, StoreError> {
        let mut standing = Standing::default();
        for (event, imported) in self.events()? {
            if imported {
                continue;
            }
            if event.inverse == "null" {
                standing = Standing::default();
                continue;
            }
            let ops: Ops = serde_json::from_str(&event.forward).unwrap_or_default();
            standing.then(event, ops.undoes.as_deref());
        }
        Ok(standing)
    }

    /// Applies what takes an event back; `command` is what people know it by.
    fn take_back(
        &mut self,
        event: &Event,
        command: &str,
        (standing, concepts): (&Standing, Concepts<'_>),
        stamp: &mut Stamp<'_>,
    ) -> Result<Change, StoreError> {
        let cannot = |reason: String| StoreError::CannotUndo { command: command.to_owned(), reason };
        let unread = || cannot("the log cannot be read".to_owned());
        let inverse: Ops = serde_json::from_str(&event.inverse).map_err(|_| unread())?;
        let later = standing.after(&event.id);
        let undone = self.record(stamp, Some(event.id.clone()), |conn, _| {
            let own = Things::of(conn, &inverse.ops, concepts)?;
            for (later, command) in later {
                let ops: Ops = serde_json::from_str(&later.forward).map_err(|_| Fail::Store(unread()))?;
                if own.meets(&Things::of(conn, &ops.ops, concepts)?) {
                    return Err(cannot(StoreError::in_the_way(command, &later.coder)).into());
                }
            }
            Ok(inverse.ops)
        })?;
        undone
            .map(|event| Change { event, undone: Some(command.to_owned()) })
            .ok_or_else(|| cannot("a later change has done so".to_owned()))
    }

    pub(crate) fn change(
        &mut self,
        stamp: &mut Stamp<'_>,
        body: impl FnOnce(&Connection, &mut Stamp<'_>) -> Done<Vec<Op>>,
    ) -> Result<Option<Change>, StoreError> {
        let event = self.record(stamp, None, body)?;
        Ok(event.map(|event| Change { event, undone: None }))
    }

    /// Runs `body`, applies its changes and logs them in one transaction; none if they change nothing.
    fn record(
        &mut self,
        stamp: &mut Stamp<'_>,
        undoes: Option<String>,
        body: impl FnOnce(&Connection, &mut Stamp<'_>) -> Done<Vec<Op>>,
    ) -> Result<Option<Event>, StoreError> {
        let who = stamp.who();
        let event = self.transact(&who, |conn| {
            let ops = body(conn, stamp)?;
            let (done, inverse) = apply_all(conn, ops)?;
            if done.is_empty() {
                return Ok(None);
            }
            let json = |undoes, ops| serde_json::to_string(&Ops { undoes, ops }).unwrap_or_default();
            log(conn, stamp, &json(undoes, done), &json(None, inverse)).map(Some)
        })?;
        if event.is_some() {
            // An encrypted study lives in memory: what was done is done once its file says so.
            self.keep()?;
        }
        Ok(event)
    }

    fn transact<T>(&self, who: &str, body: impl FnOnce(&Connection) -> Done<T>) -> Result<T, StoreError> {
        let fail = |fail: Fail| match fail {
            Fail::Sqlite(error) => self.sqlite(error),
            Fail::Store(error) => error,
        };
        // Unchecked, so that `body` can read through the store; no function here opens a second transaction.
        let tx = Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate).map_err(|e| fail(e.into()))?;
        let _note = self.sealed.is_none().then(|| Note::of(&self.path, who));
        // Dropping the transaction takes everything back.
        let value = body(&tx).map_err(fail)?;
        tx.commit().map_err(|e| fail(e.into()))?;
        Ok(value)
    }
}

/// Adds sources, hidden; returns what shows them.
pub(crate) fn add_addition(
    conn: &Connection,
    addition: &Addition,
    extractor: &str,
    stamp: &mut Stamp<'_>,
) -> Done<Vec<Op>> {
    let mut ops = Vec::new();
    for (path, bytes) in &addition.files {
        check_path(path)?;
        if MANAGED.contains(&path.as_str()) || is_file(conn, path)? {
            return Err(StoreError::DuplicateSource(path.clone()).into());
        }
        ops.push(Op::File { path: path.clone(), hash: Some(put_blob(conn, bytes)?) });
    }
    let hashes = hashes(&addition.files);
    for source in &addition.sources {
        let id = (stamp.new_id)();
        add_source(conn, &id, source, &hashes, extractor, true)?;
        ops.push(show(Entity::Source, id));
    }
    ops.extend(add_rows(conn, addition, stamp)?);
    Ok(ops)
}

/// Says who is changing a study file, to those who wait, as long as it lives.
struct Note(PathBuf);

impl Note {
    fn of(path: &Path, who: &str) -> Self {
        let note = holder_note(path);
        // A courtesy: where it cannot be written, the others wait without a name.
        write_note(&note, who);
        Self(note)
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Returns what gives a file of the study other bytes.
pub(crate) fn put_file_op(conn: &Connection, path: &str, bytes: Option<&[u8]>, stamp: &Stamp<'_>) -> Done<Op> {
    check_path(path)?;
    let query = "SELECT count(*) FROM source WHERE file = ?1 AND hidden = 0";
    let sources: i64 = conn.query_row(query, [path], |row| row.get(0))?;
    if sources > 0 || MANAGED.contains(&path) {
        return Err(StoreError::DuplicateSource(path.to_owned()).into());
    }
    let hash = bytes.map(|bytes| put_blob(conn, bytes)).transpose()?;
    if let ("codebook.toml", Some(hash)) = (path, &hash) {
        add_codebook(conn, hash, stamp.time)?;
    }
    Ok(Op::File { path: path.to_owned(), hash })
}

/// Returns the batch of a coding that can be seen.
pub(crate) fn batch_of_coding(conn: &Connection, id: &str) -> Done<String> {
    let query = format!("SELECT c.batch FROM coding c JOIN source s ON s.id = c.source WHERE c.id = ?1 AND {VISIBLE}");
    let batch: Option<String> = conn.query_row(&query, [id], |row| row.get(0)).optional()?;
    batch.ok_or_else(|| StoreError::UnknownCoding(id.to_owned()).into())
}

pub(crate) fn show(of: Entity, id: String) -> Op {
    Op::Hidden { of, id, hidden: false }
}

/// Returns what hides all that a file brought.
fn hide(conn: &Connection, of: Entity, file: &str) -> rusqlite::Result<Vec<Op>> {
    let (table, column) = match of {
        Entity::Source => ("source", "file"),
        _ => ("source_row", "path"),
    };
    let query = format!("SELECT id FROM {table} WHERE hidden = 0 AND {column} = ?1 ORDER BY ord");
    let mut statement = conn.prepare(&query)?;
    let ids = statement.query_map([file], |row| row.get(0))?;
    ids.map(|id| id.map(|id| Op::Hidden { of, id, hidden: true })).collect()
}

pub(crate) fn check_path(path: &str) -> Done<()> {
    check_relative_path(path).map_err(|source| Fail::Store(StoreError::Path { path: path.to_owned(), source }))
}

pub(crate) fn put_blob(conn: &Connection, bytes: &[u8]) -> rusqlite::Result<String> {
    let hash = hash_hex(bytes);
    let write = "INSERT OR IGNORE INTO blob VALUES (?1, ?2)";
    conn.prepare_cached(write)?.execute(params![hash, bytes])?;
    Ok(hash)
}

pub(crate) fn is_file(conn: &Connection, path: &str) -> rusqlite::Result<bool> {
    let query = "SELECT count(*) FROM file WHERE path = ?1 AND hash IS NOT NULL";
    conn.query_row(query, [path], |row| row.get::<_, i64>(0)).map(|n| n > 0)
}

pub(crate) fn add_codebook(conn: &Connection, hash: &str, time: &str) -> rusqlite::Result<()> {
    let write = "INSERT OR IGNORE INTO codebook(hash, time) VALUES (?1, ?2)";
    conn.execute(write, [hash, time]).map(|_| ())
}

/// Writes an event behind all others.
fn log(conn: &Connection, stamp: &mut Stamp<'_>, forward: &str, inverse: &str) -> Done<Event> {
    let query = "SELECT value FROM meta WHERE key = 'heads'";
    let heads: Option<String> = conn.query_row(query, [], |row| row.get(0)).optional()?;
    let heads: Option<Vec<String>> = heads.and_then(|json| serde_json::from_str(&json).ok());
    let event = Event {
        id: (stamp.new_id)(),
        parents: heads.unwrap_or_default(),
        coder: stamp.coder.to_owned(),
        time: stamp.time.to_owned(),
        command: stamp.command.to_owned(),
        forward: forward.to_owned(),
        inverse: inverse.to_owned(),
    };
    write_event(conn, &event, false)?;
    set_heads(conn, &[event.id.as_str()])?;
    Ok(event)
}

fn write_event(conn: &Connection, event: &Event, imported: bool) -> rusqlite::Result<()> {
    let parents = serde_json::to_string(&event.parents).unwrap_or_default();
    conn.prepare_cached(
        "INSERT INTO event(id, parents, coder, time, command, forward, inverse, imported)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![event.id, parents, event.coder, event.time, event.command, event.forward, event.inverse, imported])
    .map(|_| ())
}

fn set_heads(conn: &Connection, heads: &[&str]) -> rusqlite::Result<()> {
    let json = serde_json::to_string(heads).unwrap_or_default();
    set_meta(conn, "heads", &json)
}

fn import(conn: &Connection, image: &FolderImage, extractor: &str, stamp: &mut Stamp<'_>) -> Done<()> {
    let mut ops = Vec::new();
    for (path, bytes) in &image.files {
        check_path(path)?;
        if MANAGED.contains(&path.as_str()) {
            continue;
        }
        let hash = Some(put_blob(conn, bytes)?);
        if let ("codebook.toml", Some(hash)) = (path.as_str(), &hash) {
            add_codebook(conn, hash, stamp.time)?;
        }
        ops.push(Op::File { path: path.clone(), hash });
    }
    let hashes = hashes(&image.files);
    for source in &*image.sources {
        let id = (stamp.new_id)();
        add_source(conn, &id, source, &hashes, extractor, false)?;
    }
    if let Some(sheet) = &image.sheet {
        ops.push(Op::Columns { columns: Some(sheet.columns.clone()) });
        for row in 0..sheet.rows.len() {
            add_row(conn, &(stamp.new_id)(), &cells(sheet, row), false)?;
        }
    }
    for coder in &image.coders {
        ops.extend(add_coder(conn, coder)?);
    }
    for memo in &image.memos {
        add_memo(conn, memo, false)?;
    }
    ops.extend(import_codings(conn, image, stamp)?);
    import_history(conn, &image.history)?;
    apply_all(conn, ops)?;
    record::import(conn, &image.annotations, stamp)?;
    // What refers to nothing would be in the file and never be seen.
    image.memos.iter().try_for_each(|memo| record::check_there(conn, &memo.about))
}

/// Adds codings; those of a lexicon become its batch, so that the next run replaces them.
fn import_codings(conn: &Connection, image: &FolderImage, stamp: &mut Stamp<'_>) -> Done<Vec<Op>> {
    let is_lexicon =
        |id: &str| id == "lexicon" || image.coders.iter().any(|c| c.id == id && c.kind == CoderKind::Lexicon);
    let coders: BTreeSet<&str> = image.codings.iter().map(|c| c.coder.as_str()).collect();
    let batches: BTreeMap<&str, String> =
        coders.into_iter().filter(|id| is_lexicon(id)).map(|id| (id, (stamp.new_id)())).collect();
    check_ids(conn, &image.codings, "")?;
    let batch_of = |coder: &str| batches.get(coder).map_or("", String::as_str);
    add_codings(conn, &image.codings, batch_of, false)?;
    let ops = batches.iter().map(|(coder, batch)| Op::Batch { coder: (*coder).to_owned(), batch: batch.clone() });
    Ok(ops.collect())
}

fn import_history(conn: &Connection, history: &[Event]) -> Done<()> {
    let mut heads: Vec<&str> = Vec::new();
    for event in history {
        write_event(conn, event, true)?;
        heads.retain(|head| !event.parents.iter().any(|p| p == head));
        heads.push(&event.id);
    }
    Ok(set_heads(conn, &heads)?)
}

fn cells(sheet: &SourceSheet, row: usize) -> BTreeMap<String, String> {
    let cells = sheet.rows.get(row).map_or(&[][..], Vec::as_slice);
    let named = sheet.columns.iter().zip(cells);
    named.map(|(c, v)| (c.clone(), v.clone())).collect()
}

/// Returns the hash of each file: a table has a row a source, and is hashed once for all of them.
fn hashes(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<&str, String> {
    files.iter().map(|(path, bytes)| (path.as_str(), hash_hex(bytes))).collect()
}

fn add_source(
    conn: &Connection,
    id: &str,
    source: &Source,
    hashes: &BTreeMap<&str, String>,
    extractor: &str,
    hidden: bool,
) -> Done<()> {
    let query = "SELECT count(*) FROM source WHERE path = ?1 AND hidden = 0";
    let taken: i64 = conn.prepare_cached(query)?.query_row([&source.path], |row| row.get(0))?;
    if taken > 0 {
        return Err(StoreError::DuplicateSource(source.path.clone()).into());
    }
    let file = file_of(&source.path, |path| hashes.contains_key(path));
    let file = file.ok_or_else(|| StoreError::UnknownSource(source.path.clone()))?;
    let bytes_hash = hashes.get(file);
    let described = serde_json::to_string(&Described::of(source)).unwrap_or_default();
    conn.prepare_cached(
        "INSERT INTO source(id, path, file, bytes_hash, text_hash, extractor, described, hidden)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        id,
        source.path,
        file,
        bytes_hash,
        hash_hex(source.document.text.as_bytes()),
        extractor,
        described,
        hidden
    ])?;
    let structure = serde_json::to_string(&Structure::of(&source.document)).unwrap_or_default();
    conn.prepare_cached("INSERT INTO document VALUES (?1, ?2, ?3)")?.execute([
        id,
        &source.document.text,
        &structure,
    ])?;
    words::of_source(conn, id, &source.document)?;
    Ok(())
}

fn add_row(conn: &Connection, id: &str, cells: &BTreeMap<String, String>, hidden: bool) -> rusqlite::Result<()> {
    let path = cells.get("path").map_or("", String::as_str);
    let json = serde_json::to_string(cells).unwrap_or_default();
    let write = "INSERT INTO source_row(id, path, cells, hidden) VALUES (?1, ?2, ?3, ?4)";
    conn.prepare_cached(write)?.execute(params![id, path, json, hidden]).map(|_| ())
}

/// Writes the rows of new sources; where the study has no sheet yet and needs one, with rows for all that is there.
pub(crate) fn add_rows(conn: &Connection, addition: &Addition, stamp: &mut Stamp<'_>) -> Done<Vec<Op>> {
    let old = columns(conn)?;
    let outside = |path: &String| !path.starts_with("sources/");
    if old.is_none() && addition.rows.is_empty() && !addition.files.keys().any(outside) {
        return Ok(Vec::new());
    }
    let mut rows = Vec::new();
    let row_of = |path: String| BTreeMap::from([("path".to_owned(), path)]);
    if old.is_none() {
        let query = "SELECT file FROM source WHERE hidden = 0 GROUP BY file ORDER BY min(ord)";
        let files: Vec<String> = load::all(conn, query, |row| row.get(0))?;
        // A file that has its place already keeps it.
        let given = |path: &String| addition.rows.iter().find(|r| r.get("path") == Some(path)).cloned();
        rows.extend(files.iter().map(|path| given(path).unwrap_or_else(|| row_of(path.clone()))));
    }
    let there: BTreeSet<String> = rows.iter().filter_map(|r| r.get("path").cloned()).collect();
    let is_new = |row: &&BTreeMap<String, String>| row.get("path").is_none_or(|path| !there.contains(path));
    rows.extend(addition.rows.iter().filter(is_new).cloned());
    let named: BTreeSet<&String> = addition.rows.iter().filter_map(|r| r.get("path")).collect();
    let unnamed = addition.files.keys().filter(|path| !named.contains(path));
    rows.extend(unnamed.cloned().map(row_of));

    let first = || ["path", "title", "kind", "date"].map(str::to_owned).to_vec();
    let mut all = old.unwrap_or_else(first);
    for name in addition.rows.iter().flat_map(BTreeMap::keys) {
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    let mut ops = vec![Op::Columns { columns: Some(all) }];
    for row in rows {
        let id = (stamp.new_id)();
        add_row(conn, &id, &row, true)?;
        ops.push(show(Entity::SourceRow, id));
    }
    Ok(ops)
}

/// Adds a coder where there is none of this id; returns what makes it visible.
pub(crate) fn add_coder(conn: &Connection, coder: &Coder) -> rusqlite::Result<Option<Op>> {
    conn.execute(
        "INSERT OR IGNORE INTO coder(id, name, kind, hidden) VALUES (?1, ?2, ?3, 1)",
        [&coder.id, coder.name.as_str(), coder.kind.name()],
    )?;
    Ok(Some(show(Entity::Coder, coder.id.to_string())))
}

pub(crate) fn add_memo(conn: &Connection, memo: &Memo, hidden: bool) -> rusqlite::Result<()> {
    conn.execute(
        "INSERT INTO memo(id, about, coder, created, text, hidden) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![&*memo.id, memo.about.to_string(), &*memo.coder, memo.created, memo.text, hidden],
    )
    .map(|_| ())
}

/// Returns the question whether a coding has an id, those of a lexicon that is being replaced left aside.
fn taken_id() -> String {
    format!(
        "SELECT count(*) FROM coding c JOIN source s ON s.id = c.source
         WHERE c.id = ?1 AND (c.batch = '' OR ({VISIBLE} AND c.coder <> ?2))"
    )
}

/// Checks that ids are new: among themselves and in the study, the codings of `replaced` left aside.
pub(crate) fn check_ids(conn: &Connection, records: &[CodingRecord], replaced: &str) -> Done<()> {
    let mut statement = conn.prepare(&taken_id())?;
    let mut seen = BTreeSet::new();
    for record in records {
        let taken: i64 = statement.query_row([&*record.id, replaced], |row| row.get(0))?;
        if taken > 0 || !seen.insert(&record.id) {
            return Err(StoreError::DuplicateCoding(record.id.to_string()).into());
        }
    }
    Ok(())
}

pub(crate) fn add_codings<'a>(
    conn: &Connection,
    records: &[CodingRecord],
    batch_of: impl Fn(&str) -> &'a str,
    hidden: bool,
) -> Done<()> {
    let mut texts: BTreeMap<&str, (String, String)> = BTreeMap::new();
    let mut statement = conn.prepare(
        "INSERT INTO coding(id, source, start, stop, quote, concept, coder, status, created, memo, batch, hidden)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    for record in records {
        if !texts.contains_key(record.source.as_str()) {
            let source = source_text(conn, &record.source)?;
            texts.insert(&record.source, source);
        }
        let Some((source, text)) = texts.get(record.source.as_str()) else {
            continue;
        };
        let range = record.span.start as usize..record.span.end as usize;
        if text.get(range) != Some(record.quote.as_str()) {
            return Err(StoreError::Misplaced(format!("coding `{}`", record.id)).into());
        }
        statement.execute(params![
            &*record.id,
            source,
            record.span.start,
            record.span.end,
            record.quote,
            &*record.concept,
            &*record.coder,
            record.status.name(),
            record.created,
            record.memo,
            batch_of(&record.coder),
            hidden
        ])?;
    }
    Ok(())
}

pub(crate) fn source_text(conn: &Connection, path: &str) -> Done<(String, String)> {
    let query = "SELECT s.id, coalesce(v.text, d.text) FROM source s JOIN document d ON d.source = s.id
                 LEFT JOIN version v ON v.id = s.version WHERE s.path = ?1 AND s.hidden = 0";
    conn.query_row(query, [path], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .ok_or_else(|| StoreError::UnknownSource(path.to_owned()).into())
}
