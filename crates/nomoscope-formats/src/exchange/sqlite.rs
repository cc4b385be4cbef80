//! SQLite databases of other programs, read from bytes as if they were hostile.
//!
//! The database lives in memory, read-only and defensive: no trigger, no view, no virtual table and no extension is run, for
//! only plain tables are read, whole, column by column. Numbers and sizes of rows are bounded.

use super::project::ForeignProject;
use super::times::time;
use crate::{FormatError, Input, Limits, Reason};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, WINDOWS_1252};
use nomoscope_core::study::Subject;
use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, MAIN_DB};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What every database begins with.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";

/// The most tables that are looked at.
const MAX_TABLES: usize = 2_000;
/// How many bytes of words that are no UTF-8 are looked at to tell in which encoding they are.
const ENOUGH_TO_GUESS: usize = 1 << 20;

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
}

impl Cell {
    /// Returns the cell as words; a number as it is written.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Integer(n) => n.to_string(),
            Self::Real(x) if x.fract() == 0.0 && x.abs() < 9e15 => format!("{}", *x as i64),
            Self::Real(x) => x.to_string(),
            Self::Text(text) => text.clone(),
        }
    }

    /// Returns the cell as a whole number.
    pub(super) fn int(&self) -> Option<i64> {
        match self {
            Self::Integer(n) => Some(*n),
            Self::Real(x) if x.fract() == 0.0 && x.abs() < 9e15 => Some(*x as i64),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// Returns whether something stands there.
    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

/// A row: a cell for each column that was asked for.
pub(super) type Row = Vec<Cell>;

/// Adds a memo whose words, coder and time stand in these columns, if it has words.
pub(super) fn memo(
    project: &mut ForeignProject,
    about: Subject,
    row: &Row,
    (text, coder, created): (usize, usize, usize),
) {
    let cell = |column: usize| at(row, column).text();
    project.remark(about, cell(text), &cell(coder), time(&cell(created)));
}

/// Adds an entry of a journal: its words, its coder, its time, and its title, which stands above the words.
pub(super) fn entry(project: &mut ForeignProject, row: &Row) {
    let [words, coder, created, title] = [0, 1, 2, 3].map(|column| at(row, column).text());
    let title = title.trim();
    // Where nobody gave one, it is the time.
    let text = match title.is_empty() || !time(title).is_empty() || words.trim_start().starts_with(title) {
        true => words,
        false => format!("{title}\n\n{words}"),
    };
    project.remark(Subject::Study, text, &coder, time(&created));
}

/// A cell by its place in the row; nothing beyond its end.
pub(super) fn at(row: &Row, place: usize) -> &Cell {
    row.get(place).unwrap_or(&Cell::Null)
}

/// A database.
pub(super) struct Database<'a> {
    conn: Connection,
    input: Input<'a>,
    limits: &'a Limits,
    /// Columns by table, both in lower case, with the name of the table as it stands.
    tables: BTreeMap<String, (String, Vec<String>)>,
    /// In which encoding words are that are no UTF-8; none where there are no such words.
    encoding: Option<&'static Encoding>,
}

impl<'a> Database<'a> {
    /// Opens a database and lists its plain tables.
    pub(super) fn open(input: &Input<'a>, limits: &'a Limits) -> Result<Self, FormatError> {
        let fail = |message: String| FormatError::new(input, None, Reason::Database { message });
        if !input.bytes.starts_with(MAGIC) {
            return Err(fail("the file does not begin as one".to_owned()));
        }
        let conn = connect(input.bytes).map_err(|e| fail(e.to_string()))?;
        let mut database = Self { conn, input: *input, limits, tables: BTreeMap::new(), encoding: None };
        database.tables = database.list().map_err(|e| fail(e.to_string()))?;
        database.encoding = database.guessed().map_err(|e| fail(e.to_string()))?;
        Ok(database)
    }

    /// Says in which encoding words are that are no UTF-8, and what the database would run, which is never run here.
    pub(super) fn told(&self) -> Vec<String> {
        let encoding = self.encoding.map(|encoding| {
            format!(
                "words that are no UTF-8 are read as {}, guessed from all of them; names and texts show whether they are",
                encoding.name()
            )
        });
        let query = "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'";
        let triggers = self.conn.query_row(query, [], |row| row.get::<_, u32>(0)).unwrap_or_default() as usize;
        let triggers = (triggers > 0).then(|| {
            let triggers = nomoscope_core::amount::counted(triggers, "trigger", "triggers");
            format!("the database has {triggers}, which no program of this kind makes; none is run here, and another program may run it")
        });
        encoding.into_iter().chain(triggers).collect()
    }

    /// Guesses from all words that are no UTF-8 in which encoding they are: old programs stored that of their machine. A name of
    /// four letters says too little alone.
    fn guessed(&self) -> rusqlite::Result<Option<&'static Encoding>> {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        let mut fed = 0_usize;
        for (name, columns) in self.tables.values().filter(|(_, columns)| !columns.is_empty()) {
            let columns: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
            let limit = self.limits.max_rows;
            let query = format!("SELECT {} FROM {} LIMIT {limit}", columns.join(", "), quoted(name));
            let mut statement = self.conn.prepare(&query)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                for at in 0..columns.len() {
                    if let ValueRef::Text(bytes) = row.get_ref(at)?
                        && std::str::from_utf8(bytes).is_err()
                        && fed < ENOUGH_TO_GUESS
                    {
                        fed += bytes.len();
                        detector.feed(bytes, false);
                        detector.feed(b" ", false);
                    }
                }
            }
        }
        detector.feed(b"", true);
        Ok((fed > 0).then(|| detector.guess(None, Utf8Detection::Deny)))
    }

    fn list(&self) -> rusqlite::Result<BTreeMap<String, (String, Vec<String>)>> {
        // What makes a virtual table begins otherwise; a view is of another type.
        let query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 \
                     AND upper(substr(ltrim(sql), 1, 12)) = 'CREATE TABLE' LIMIT ?1";
        let mut statement = self.conn.prepare(query)?;
        let names = statement.query_map([MAX_TABLES as i64], |row| row.get::<_, String>(0))?;
        let names: Vec<String> = names.collect::<rusqlite::Result<_>>()?;
        let mut tables = BTreeMap::new();
        for name in names {
            // Columns that are computed are not listed here: what they would run is not read.
            let mut statement = self.conn.prepare("SELECT name FROM pragma_table_info(?1)")?;
            let columns = statement.query_map([&name], |row| row.get::<_, String>(0))?;
            let columns = columns.map(|c| c.map(|c| c.to_lowercase())).collect::<rusqlite::Result<_>>()?;
            tables.insert(name.to_lowercase(), (name, columns));
        }
        Ok(tables)
    }

    /// Returns whether there is a table with these columns.
    pub(super) fn has(&self, table: &str, columns: &[&str]) -> bool {
        let columns_are = |there: &Vec<String>| columns.iter().all(|c| there.contains(&c.to_lowercase()));
        self.tables.get(&table.to_lowercase()).is_some_and(|(_, there)| columns_are(there))
    }

    /// Returns the rows of a table in the order in which they were put in; a column that it lacks is empty, and of a table
    /// that is not there, there are none.
    pub(super) fn rows(&self, table: &str, columns: &[&str]) -> Result<Vec<Row>, FormatError> {
        let Some((name, there)) = self.tables.get(&table.to_lowercase()) else { return Ok(Vec::new()) };
        let limit = self.limits.max_rows;
        let wanted: Vec<String> = columns
            .iter()
            .map(|c| if there.contains(&c.to_lowercase()) { quoted(c) } else { "NULL".to_owned() })
            .collect();
        let query = format!("SELECT {} FROM {} LIMIT {}", wanted.join(", "), quoted(name), limit.saturating_add(1));
        let rows = self.select(&query, columns.len()).map_err(|error| {
            let message = format!("table `{table}`: {error}");
            FormatError::new(&self.input, None, Reason::Database { message })
        })?;
        if rows.len() > limit {
            return Err(FormatError::new(&self.input, None, Reason::TooMany { what: "rows", limit }));
        }
        Ok(rows)
    }

    fn select(&self, query: &str, width: usize) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.conn.prepare(query)?;
        let mut rows = statement.query([])?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let encoding = self.encoding.unwrap_or(WINDOWS_1252);
            let cells = (0..width).map(|i| row.get_ref(i).map(|value| cell(value, encoding)));
            out.push(cells.collect::<rusqlite::Result<_>>()?);
        }
        Ok(out)
    }
}

/// A row to be written: its table, its columns and their cells.
pub(super) type NewRow = (&'static str, Vec<&'static str>, Vec<rusqlite::types::Value>);

/// Returns the bytes of a database with these tables and rows, in their order.
///
/// # Errors
/// Whatever SQLite says.
pub(super) fn written(schema: &str, rows: &[NewRow]) -> rusqlite::Result<Vec<u8>> {
    let mut conn = Connection::open_in_memory()?;
    let transaction = conn.transaction()?;
    transaction.execute_batch(schema)?;
    for (table, columns, cells) in rows {
        let places = vec!["?"; cells.len()].join(", ");
        let statement = format!("INSERT INTO {table}({}) VALUES ({places})", columns.join(", "));
        transaction.prepare_cached(&statement)?.execute(rusqlite::params_from_iter(cells))?;
    }
    transaction.commit()?;
    Ok(conn.serialize(MAIN_DB)?.to_vec())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn cell(value: ValueRef<'_>, encoding: &'static Encoding) -> Cell {
    match value {
        ValueRef::Null | ValueRef::Blob(_) => Cell::Null,
        ValueRef::Integer(n) => Cell::Integer(n),
        ValueRef::Real(x) => Cell::Real(x),
        ValueRef::Text(bytes) => Cell::Text(match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
        }),
    }
}

fn connect(bytes: &[u8]) -> rusqlite::Result<Connection> {
    // A database that was used with a write-ahead log says so in its header, and memory has none.
    let mut bytes = Cow::Borrowed(bytes);
    if bytes.get(18..20).is_some_and(|versions| versions.contains(&2)) {
        bytes.to_mut().iter_mut().skip(18).take(2).for_each(|byte| *byte = 1);
    }
    let mut conn = Connection::open_in_memory()?;
    conn.deserialize_read_exact(MAIN_DB, bytes.as_ref(), bytes.len(), true)?;
    for (setting, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
    ] {
        conn.set_db_config(setting, on)?;
    }
    // A damaged page is told as an error instead of being followed.
    conn.pragma_update(None, "cell_size_check", true)?;
    conn.pragma_update(None, "query_only", true)?;
    Ok(conn)
}
