//! The smallest changes of what is visible; an event is a list of them and of those that take them back.

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

/// One change of visible state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Op {
    /// Shows or hides an entity.
    Hidden {
        /// Which table.
        of: Entity,
        /// Identity.
        id: String,
        /// Whether it is hidden afterwards.
        hidden: bool,
    },
    /// Gives a coding another status.
    Status { id: String, batch: String, status: String },
    /// Gives a coding another memo.
    Remark { id: String, batch: String, memo: String },
    /// Gives a coding another concept.
    Concept { id: String, batch: String, concept: String },
    /// Lets a memo be about something else.
    About { id: String, about: String },
    /// Shows or hides a coding made by hand.
    Coding { id: String, hidden: bool },
    /// Shows or hides a coding, of whichever batch.
    Shown { id: String, batch: String, hidden: bool },
    /// Lets a coding stand at another place of its source; without words, they stay as they are.
    Place {
        id: String,
        batch: String,
        start: u32,
        stop: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quote: Option<String>,
    },
    /// Gives a source another of its texts; what is said of it comes with the text, unless something else was said since.
    Version {
        source: String,
        version: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        described: Option<String>,
    },
    /// Says something else of a source.
    Described { source: String, described: String },
    /// Gives a row of the sheet of sources other cells.
    Row { id: String, cells: String },
    /// Chooses which batch of codings of a coder is visible; the empty one has none.
    Batch { coder: String, batch: String },
    /// Gives a file other bytes, or none.
    File { path: String, hash: Option<String> },
    /// Gives the sheet of sources other columns, or none at all.
    Columns { columns: Option<Vec<String>> },
}

/// A table whose rows can be hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Entity {
    Source,
    SourceRow,
    Coder,
    Memo,
    Record,
}

impl Entity {
    const fn table(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::SourceRow => "source_row",
            Self::Coder => "coder",
            Self::Memo => "memo",
            Self::Record => "record",
        }
    }
}

/// What an event did, as its JSON says.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Ops {
    /// The event that this one takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) undoes: Option<String>,
    /// The changes in order.
    #[serde(default)]
    pub(crate) ops: Vec<Op>,
}

/// Applies changes in order; returns those that had an effect and what takes them back, last first.
pub(crate) fn apply_all(conn: &Connection, ops: Vec<Op>) -> rusqlite::Result<(Vec<Op>, Vec<Op>)> {
    let mut done = Vec::new();
    let mut inverse = Vec::new();
    for op in ops {
        if let Some(back) = apply(conn, &op)? {
            done.push(op);
            inverse.push(back);
        }
    }
    inverse.reverse();
    Ok((done, inverse))
}

/// Applies a change; returns what takes it back, or none where it changes nothing.
fn apply(conn: &Connection, op: &Op) -> rusqlite::Result<Option<Op>> {
    let back = match op {
        Op::Hidden { of, id, hidden } => {
            let table = of.table();
            let read = format!("SELECT hidden FROM {table} WHERE id = ?1");
            let old: bool = conn.query_row(&read, [id], |row| row.get(0))?;
            let write = format!("UPDATE {table} SET hidden = ?2 WHERE id = ?1");
            conn.execute(&write, params![id, hidden])?;
            Op::Hidden { of: *of, id: id.clone(), hidden: old }
        }
        Op::Coding { id, hidden } => {
            let read = "SELECT hidden FROM coding WHERE id = ?1 AND batch = ''";
            let old: bool = conn.query_row(read, [id], |row| row.get(0))?;
            let write = "UPDATE coding SET hidden = ?2 WHERE id = ?1 AND batch = ''";
            conn.execute(write, params![id, hidden])?;
            Op::Coding { id: id.clone(), hidden: old }
        }
        Op::Status { id, batch, status } => {
            let read = "SELECT status FROM coding WHERE id = ?1 AND batch = ?2";
            let old: String = conn.query_row(read, [id, batch], |row| row.get(0))?;
            let write = "UPDATE coding SET status = ?3 WHERE id = ?1 AND batch = ?2";
            conn.execute(write, params![id, batch, status])?;
            Op::Status { id: id.clone(), batch: batch.clone(), status: old }
        }
        Op::Remark { id, batch, memo } => {
            let read = "SELECT memo FROM coding WHERE id = ?1 AND batch = ?2";
            let old: String = conn.query_row(read, [id, batch], |row| row.get(0))?;
            let write = "UPDATE coding SET memo = ?3 WHERE id = ?1 AND batch = ?2";
            conn.execute(write, params![id, batch, memo])?;
            Op::Remark { id: id.clone(), batch: batch.clone(), memo: old }
        }
        Op::Concept { id, batch, concept } => {
            let read = "SELECT concept FROM coding WHERE id = ?1 AND batch = ?2";
            let old: String = conn.query_row(read, [id, batch], |row| row.get(0))?;
            let write = "UPDATE coding SET concept = ?3 WHERE id = ?1 AND batch = ?2";
            conn.execute(write, params![id, batch, concept])?;
            Op::Concept { id: id.clone(), batch: batch.clone(), concept: old }
        }
        Op::About { id, about } => {
            let old: String = conn.query_row("SELECT about FROM memo WHERE id = ?1", [id], |row| row.get(0))?;
            conn.execute("UPDATE memo SET about = ?2 WHERE id = ?1", [id, about])?;
            Op::About { id: id.clone(), about: old }
        }
        Op::Shown { id, batch, hidden } => {
            let read = "SELECT hidden FROM coding WHERE id = ?1 AND batch = ?2";
            let old: bool = conn.query_row(read, [id, batch], |row| row.get(0))?;
            let write = "UPDATE coding SET hidden = ?3 WHERE id = ?1 AND batch = ?2";
            conn.execute(write, params![id, batch, hidden])?;
            Op::Shown { id: id.clone(), batch: batch.clone(), hidden: old }
        }
        Op::Place { id, batch, start, stop, quote } => place_op(conn, (id, batch), (*start, *stop), quote.as_deref())?,
        Op::Version { source, version, described } => version_op(conn, source, version, described.as_deref())?,
        Op::Described { source, described } => {
            let read = "SELECT described FROM source WHERE id = ?1";
            let old: String = conn.query_row(read, [source], |row| row.get(0))?;
            conn.execute("UPDATE source SET described = ?2 WHERE id = ?1", [source, described])?;
            Op::Described { source: source.clone(), described: old }
        }
        Op::Row { id, cells } => row_op(conn, id, cells)?,
        Op::Batch { coder, batch } => batch_op(conn, coder, batch)?,
        Op::File { path, hash } => file_op(conn, path, hash.as_deref())?,
        Op::Columns { columns } => columns_op(conn, columns.as_deref())?,
    };
    Ok((back != *op).then_some(back))
}

fn batch_op(conn: &Connection, coder: &str, batch: &str) -> rusqlite::Result<Op> {
    let read = "SELECT batch FROM batch_of WHERE coder = ?1";
    let old: Option<String> = conn.query_row(read, [coder], |row| row.get(0)).optional()?;
    let write = "INSERT INTO batch_of VALUES (?1, ?2) ON CONFLICT(coder) DO UPDATE SET batch = ?2";
    conn.execute(write, [coder, batch])?;
    Ok(Op::Batch { coder: coder.to_owned(), batch: old.unwrap_or_default() })
}

fn place_op(conn: &Connection, of: (&str, &str), to: (u32, u32), quote: Option<&str>) -> rusqlite::Result<Op> {
    let (id, batch) = of;
    let read = "SELECT start, stop, quote FROM coding WHERE id = ?1 AND batch = ?2";
    let (start, stop, was): (u32, u32, String) =
        conn.prepare_cached(read)?.query_row([id, batch], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let write = "UPDATE coding SET start = ?3, stop = ?4, quote = coalesce(?5, quote) WHERE id = ?1 AND batch = ?2";
    conn.prepare_cached(write)?.execute(params![id, batch, to.0, to.1, quote])?;
    let quote = quote.map(|_| was);
    Ok(Op::Place { id: id.to_owned(), batch: batch.to_owned(), start, stop, quote })
}

fn version_op(conn: &Connection, source: &str, version: &str, described: Option<&str>) -> rusqlite::Result<Op> {
    let read = "SELECT s.version, iif(s.described = v.described, NULL, s.described)
                FROM source s JOIN version v ON v.id = s.version WHERE s.id = ?1";
    let (old, was) = conn.query_row(read, [source], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let write = "UPDATE source SET (path, file, bytes_hash, text_hash, extractor, described, version)
                 = (SELECT path, file, bytes_hash, text_hash, extractor, coalesce(?3, described), id FROM version
                    WHERE id = ?2 AND source = ?1) WHERE id = ?1";
    conn.execute(write, params![source, version, described])?;
    Ok(Op::Version { source: source.to_owned(), version: old, described: was })
}

fn row_op(conn: &Connection, id: &str, cells: &str) -> rusqlite::Result<Op> {
    let old: String = conn.query_row("SELECT cells FROM source_row WHERE id = ?1", [id], |row| row.get(0))?;
    let write = "UPDATE source_row SET cells = ?2, path = coalesce(?2 ->> '$.path', '') WHERE id = ?1";
    conn.execute(write, [id, cells])?;
    Ok(Op::Row { id: id.to_owned(), cells: old })
}

fn file_op(conn: &Connection, path: &str, hash: Option<&str>) -> rusqlite::Result<Op> {
    let read = "SELECT hash FROM file WHERE path = ?1";
    let old: Option<Option<String>> = conn.query_row(read, [path], |row| row.get(0)).optional()?;
    let write = "INSERT INTO file VALUES (?1, ?2) ON CONFLICT(path) DO UPDATE SET hash = ?2";
    conn.execute(write, params![path, hash])?;
    Ok(Op::File { path: path.to_owned(), hash: old.flatten() })
}

/// Returns the columns of the sheet of sources, if there is a sheet.
pub(crate) fn columns(conn: &Connection) -> rusqlite::Result<Option<Vec<String>>> {
    let read = "SELECT value FROM meta WHERE key = 'columns'";
    let json: Option<String> = conn.query_row(read, [], |row| row.get(0)).optional()?;
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()).flatten())
}

fn columns_op(conn: &Connection, new: Option<&[String]>) -> rusqlite::Result<Op> {
    let old = columns(conn)?;
    let json = serde_json::to_string(&new).unwrap_or_default();
    set_meta(conn, "columns", &json)?;
    Ok(Op::Columns { columns: old })
}

/// Writes a value beside the tables.
pub(crate) fn set_meta(conn: &Connection, key: &str, value: &str) -> rusqlite::Result<()> {
    let write = "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT(key) DO UPDATE SET value = ?2";
    conn.execute(write, [key, value]).map(|_| ())
}
