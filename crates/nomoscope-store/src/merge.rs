//! What comes into a study from elsewhere, in one transaction and one event.

use crate::ops::{Entity, Op, apply_all};
use crate::record;
use crate::write::{Done, add_addition, add_codebook, add_coder, add_codings, add_memo, check_ids, put_blob, show};
use crate::{Addition, Change, Stamp, Store, StoreError};
use nomoscope_core::study::{Annotation, Coder, CodingRecord, Memo};
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeSet;

/// What comes in, and what goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Merge {
    /// New sources.
    pub addition: Addition,
    /// `codebook.toml` with new concepts.
    pub codebook: Option<Vec<u8>>,
    /// New coders.
    pub coders: Vec<Coder>,
    /// New codings.
    pub codings: Vec<CodingRecord>,
    /// New memos.
    pub memos: Vec<Memo>,
    /// New annotations, and those that replace one with the same identity.
    pub annotations: Vec<Annotation>,
    /// What goes.
    pub gone: Gone,
}

/// What goes, by identity.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gone {
    /// Codings.
    pub codings: BTreeSet<String>,
    /// Memos.
    pub memos: BTreeSet<String>,
    /// Annotations, by what no two have in common.
    pub annotations: BTreeSet<Vec<String>>,
}

impl Merge {
    /// Returns whether nothing comes and nothing goes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Store {
    /// Takes in what comes from elsewhere.
    ///
    /// # Errors
    /// A path is taken; a coding or passage does not fit its text; an identity occurs already; something refers to what is
    /// not there.
    pub fn merge(
        &mut self,
        merge: &Merge,
        extractor: &str,
        stamp: &mut Stamp<'_>,
    ) -> Result<Option<Change>, StoreError> {
        self.change(stamp, |conn, stamp| {
            let sources = add_addition(conn, &merge.addition, extractor, stamp)?;
            // What stands in a new source is only taken while that can be seen. Then all is hidden again, so that the event
            // knows what it shows.
            let (_, back) = apply_all(conn, sources.clone())?;
            let ops = add(conn, merge, stamp)?;
            apply_all(conn, back)?;
            Ok(sources.into_iter().chain(ops).collect())
        })
    }
}

/// Adds everything but the sources, hidden; returns what shows it, and hides what goes.
fn add(conn: &Connection, merge: &Merge, stamp: &mut Stamp<'_>) -> Done<Vec<Op>> {
    let mut ops = Vec::new();
    if let Some(bytes) = &merge.codebook {
        let hash = put_blob(conn, bytes)?;
        add_codebook(conn, &hash, stamp.time)?;
        ops.push(Op::File { path: "codebook.toml".to_owned(), hash: Some(hash) });
    }
    for coder in &merge.coders {
        ops.extend(add_coder(conn, coder)?);
    }
    check_ids(conn, &merge.codings, "")?;
    add_codings(conn, &merge.codings, |_| "", true)?;
    ops.extend(merge.codings.iter().map(|coding| Op::Coding { id: coding.id.to_string(), hidden: false }));
    for memo in &merge.memos {
        add_memo(conn, memo, true)?;
        ops.push(show(Entity::Memo, memo.id.to_string()));
    }
    let mut texts = record::Texts::default();
    for annotation in &merge.annotations {
        let old = record::visible(conn, annotation)?;
        let id = (stamp.new_id)();
        record::add(conn, &id, annotation, true, &mut texts)?;
        ops.extend(old.map(|(id, _)| Op::Hidden { of: Entity::Record, id, hidden: true }));
        ops.push(show(Entity::Record, id));
    }
    let Gone { codings, memos, annotations } = &merge.gone;
    ops.extend(codings.iter().map(|id| Op::Coding { id: id.clone(), hidden: true }));
    ops.extend(memos.iter().map(|id| Op::Hidden { of: Entity::Memo, id: id.clone(), hidden: true }));
    for key in annotations {
        let key = serde_json::to_string(key).unwrap_or_default();
        let query = "SELECT id FROM record WHERE key = ?1 AND hidden = 0";
        let found: Option<String> = conn.prepare_cached(query)?.query_row([&key], |row| row.get(0)).optional()?;
        ops.extend(found.map(|id| Op::Hidden { of: Entity::Record, id, hidden: true }));
    }
    Ok(ops)
}
