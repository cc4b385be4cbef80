//! What comes into a study from elsewhere, in one transaction and one event.

use crate::correct;
use crate::ops::{Entity, Op, apply_all};
use crate::record;
use crate::write::{
    Done, add_addition, add_codebook, add_coder, add_codings, add_memo, batch_of_coding, check_ids, put_blob,
    put_file_op, show,
};
use crate::{Addition, Change, Correction, Stamp, Store, StoreError};
use nomoscope_core::study::{Annotation, Coder, CodingId, CodingRecord, CodingStatus, Memo};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// What comes in, and what goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Merge {
    /// Sources with other words than before, with what follows them.
    pub corrections: Vec<Correction>,
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
    /// Codings that get another status.
    pub status: Vec<(CodingId, CodingStatus)>,
    /// Codings that get another memo.
    pub remarks: Vec<(CodingId, String)>,
    /// Coders that are no persons, each with all its codings, which replace those that it has.
    pub lexica: Vec<(Coder, Vec<CodingRecord>)>,
    /// Files that are no sources, with their bytes.
    pub files: BTreeMap<String, Vec<u8>>,
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
            let mut ops = Vec::new();
            for correction in &merge.corrections {
                ops.extend(correct::corrected(conn, correction, extractor, stamp)?);
            }
            ops.extend(add_addition(conn, &merge.addition, extractor, stamp)?);
            // What stands in a new source, or in a new text, is only taken while that can be seen. Then all is as it was, so
            // that the event knows what it shows.
            let (_, back) = apply_all(conn, ops.clone())?;
            ops.extend(add(conn, merge, stamp)?);
            apply_all(conn, back)?;
            Ok(ops)
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
    ops.extend(record::replace(conn, &merge.annotations, stamp)?);
    decide(conn, merge, stamp, &mut ops)?;
    for (path, bytes) in &merge.files {
        ops.push(put_file_op(conn, path, Some(bytes), stamp)?);
    }
    let Gone { codings, memos, annotations } = &merge.gone;
    ops.extend(codings.iter().map(|id| Op::Coding { id: id.clone(), hidden: true }));
    ops.extend(memos.iter().map(|id| Op::Hidden { of: Entity::Memo, id: id.clone(), hidden: true }));
    ops.extend(record::gone(conn, annotations)?);
    Ok(ops)
}

/// Gives codings what was decided about them elsewhere, and lexica their codings.
fn decide(conn: &Connection, merge: &Merge, stamp: &mut Stamp<'_>, ops: &mut Vec<Op>) -> Done<()> {
    for (id, status) in &merge.status {
        let batch = batch_of_coding(conn, id)?;
        ops.push(Op::Status { id: id.to_string(), batch, status: status.name().to_owned() });
    }
    for (id, memo) in &merge.remarks {
        let batch = batch_of_coding(conn, id)?;
        ops.push(Op::Remark { id: id.to_string(), batch, memo: memo.clone() });
    }
    for (coder, records) in &merge.lexica {
        check_ids(conn, records, &coder.id)?;
        ops.extend(add_coder(conn, coder)?);
        let batch = (stamp.new_id)();
        add_codings(conn, records, |_| batch.as_str(), false)?;
        ops.push(Op::Batch { coder: coder.id.to_string(), batch: batch.clone() });
    }
    Ok(())
}
