//! Many changes of codings and files at once, as one event: what one deed of a person does is taken back by one undo.

use crate::ops::Op;
use crate::write::{Done, add_codings, batch_of_coding, check_ids, put_file_op};
use crate::{Change, Stamp, Store, StoreError};
use nomoscope_core::study::{CodingId, CodingRecord, CodingStatus, ConceptId, MemoId, Subject};
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Changes that are done together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch {
    /// Codings by hand that come.
    pub add: Vec<CodingRecord>,
    /// Codings that get another status.
    pub status: Vec<(CodingId, CodingStatus)>,
    /// Codings by hand that go.
    pub remove: Vec<CodingId>,
    /// Codings that get another concept.
    pub concept: Vec<(CodingId, ConceptId)>,
    /// Memos that are about something else afterwards.
    pub about: Vec<(MemoId, Subject)>,
    /// Files of the study with their bytes.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Store {
    /// Does all of this in one transaction, with one event.
    ///
    /// # Errors
    /// A coding has no source, does not fit its text, or has an id that occurs already; one that is to change is not there.
    pub fn change_many(&mut self, batch: &Batch, stamp: &mut Stamp<'_>) -> Result<Option<Change>, StoreError> {
        self.change(stamp, |conn, stamp| {
            let mut ops = Vec::new();
            for (path, bytes) in &batch.files {
                ops.push(put_file_op(conn, path, Some(bytes), stamp)?);
            }
            changed(conn, batch, &mut ops)?;
            check_ids(conn, &batch.add, "")?;
            add_codings(conn, &batch.add, |_| "", true)?;
            ops.extend(batch.add.iter().map(|c| Op::Coding { id: c.id.to_string(), hidden: false }));
            Ok(ops)
        })
    }
}

fn changed(conn: &Connection, batch: &Batch, ops: &mut Vec<Op>) -> Done<()> {
    for (id, status) in &batch.status {
        let of = batch_of_coding(conn, id)?;
        ops.push(Op::Status { id: id.to_string(), batch: of, status: status.name().to_owned() });
    }
    for id in &batch.remove {
        // What a lexicon found is turned down, not removed: it would come back.
        if !batch_of_coding(conn, id)?.is_empty() {
            return Err(StoreError::UnknownCoding(id.to_string()).into());
        }
        ops.push(Op::Coding { id: id.to_string(), hidden: true });
    }
    for (id, concept) in &batch.concept {
        let of = batch_of_coding(conn, id)?;
        ops.push(Op::Concept { id: id.to_string(), batch: of, concept: concept.to_string() });
    }
    for (id, about) in &batch.about {
        ops.push(Op::About { id: id.to_string(), about: about.to_string() });
    }
    Ok(())
}
