//! What is said of sources beside their texts: their rows, and what comes of a row.

use crate::load::Described;
use crate::ops::{Op, columns};
use crate::write::{Done, add_rows};
use crate::{Addition, Change, Stamp, Store, StoreError};
use nomoscope_core::study::Source;
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, BTreeSet};

type Row = BTreeMap<String, String>;

/// What is said of a file from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// The file.
    pub file: String,
    /// Its row.
    pub row: Row,
    /// Its sources with what the row says of them; their texts are those of before.
    pub sources: Vec<Source>,
}

impl Store {
    /// Says something else of sources.
    ///
    /// # Errors
    /// One of them is not there.
    pub fn describe(&mut self, said: &[Description], stamp: &mut Stamp<'_>) -> Result<Option<Change>, StoreError> {
        self.change(stamp, |conn, stamp| describe(conn, said, stamp))
    }
}

pub(crate) fn describe(conn: &Connection, said: &[Description], stamp: &mut Stamp<'_>) -> Done<Vec<Op>> {
    let mut ops = rows(conn, said.iter().map(|of| (of.file.as_str(), &of.row)), stamp)?;
    for source in said.iter().flat_map(|of| &of.sources) {
        let query = "SELECT id FROM source WHERE path = ?1 AND hidden = 0";
        let id: Option<String> = conn.prepare_cached(query)?.query_row([&source.path], |row| row.get(0)).optional()?;
        let id = id.ok_or_else(|| StoreError::UnknownSource(source.path.clone()))?;
        let described = serde_json::to_string(&Described::of(source)).unwrap_or_default();
        ops.push(Op::Described { source: id, described });
    }
    Ok(ops)
}

/// Returns what gives files other rows, or a row where they have none.
pub(crate) fn rows<'r>(
    conn: &Connection,
    rows: impl Iterator<Item = (&'r str, &'r Row)>,
    stamp: &mut Stamp<'_>,
) -> Done<Vec<Op>> {
    let (mut known, mut names, mut new) = (Vec::new(), BTreeSet::new(), Addition::default());
    for (file, row) in rows {
        names.extend(row.keys().cloned());
        let query = "SELECT id FROM source_row WHERE path = ?1 AND hidden = 0";
        match conn.prepare_cached(query)?.query_row([file], |row| row.get(0)).optional()? {
            Some(id) => known.push(Op::Row { id, cells: serde_json::to_string(row).unwrap_or_default() }),
            None => new.rows.push(row.clone()),
        }
    }
    let mut ops = if new.rows.is_empty() { Vec::new() } else { add_rows(conn, &new, stamp)? };
    if !known.is_empty() {
        let mut all = columns(conn)?.unwrap_or_default();
        names.retain(|name| !all.contains(name));
        all.extend(names);
        ops.push(Op::Columns { columns: Some(all) });
        ops.extend(known);
    }
    Ok(ops)
}
