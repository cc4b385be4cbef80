//! A source whose text is corrected: another version of it, with the codings that stand elsewhere now.

use crate::describe::rows;
use crate::load::{Described, Structure};
use crate::ops::{Op, apply_all};
use crate::record;
use crate::write::{Done, batch_of_coding, check_path, is_file, put_blob, source_text};
use crate::{Change, Gone, Stamp, Store, StoreError, hash_hex, words};
use nomoscope_core::study::{Annotation, CodingId, MemoId, Source, Subject};
use nomoscope_core::text::Span;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;

/// A source with other words than before, and what follows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The file as the study has it.
    pub file: String,
    /// The file afterwards: of the same name, unless its form cannot hold the corrected text.
    pub path: String,
    /// Its bytes afterwards.
    pub bytes: Vec<u8>,
    /// The source as the study knows it.
    pub before: String,
    /// The source afterwards.
    pub source: Source,
    /// What a row has to say of the source, where its file no longer says it.
    pub row: Option<BTreeMap<String, String>>,
    /// Where codings stand that stood elsewhere, or had other words.
    pub places: Vec<(CodingId, Span)>,
    /// What goes: codings and annotations whose words are gone.
    pub gone: Gone,
    /// Annotations that take the place of those of the same identity.
    pub annotations: Vec<Annotation>,
    /// Memos that are about something of another name.
    pub about: Vec<(MemoId, Subject)>,
}

impl Store {
    /// Corrects the text of a source; the earlier text stays in the study file, as everything does.
    ///
    /// # Errors
    /// There is no such source; the new path is taken; a coding or passage does not fit the new text.
    pub fn correct(
        &mut self,
        correction: &Correction,
        extractor: &str,
        stamp: &mut Stamp<'_>,
    ) -> Result<Option<Change>, StoreError> {
        self.change(stamp, |conn, stamp| corrected(conn, correction, extractor, stamp))
    }
}

/// Returns what makes a correction, and leaves everything as it was.
pub(crate) fn corrected(
    conn: &Connection,
    correction: &Correction,
    extractor: &str,
    stamp: &mut Stamp<'_>,
) -> Done<Vec<Op>> {
    let mut ops = versions(conn, correction, extractor, stamp)?;
    // What stands in the new text is only taken while that can be seen; then all is as it was, so that the event knows what
    // it changes.
    let (_, back) = apply_all(conn, ops.clone())?;
    let follow = follow(conn, correction, stamp)?;
    apply_all(conn, back)?;
    ops.extend(follow);
    Ok(ops)
}

/// Adds the version of before, if there is none, and the new one; returns what shows the new one.
fn versions(conn: &Connection, correction: &Correction, extractor: &str, stamp: &mut Stamp<'_>) -> Done<Vec<Op>> {
    let Correction { file, path, bytes, before, source, .. } = correction;
    check_path(path)?;
    if file != path && is_file(conn, path)? {
        return Err(StoreError::DuplicateSource(path.clone()).into());
    }
    let query = "SELECT id, version FROM source WHERE path = ?1 AND hidden = 0";
    let found: Option<(String, Option<String>)> =
        conn.query_row(query, [before], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let (id, version) = found.ok_or_else(|| StoreError::UnknownSource(before.clone()))?;
    if version.is_none() {
        let first = (stamp.new_id)();
        let write =
            "INSERT INTO version SELECT ?2, id, path, file, bytes_hash, text_hash, extractor, described, NULL, NULL
                     FROM source WHERE id = ?1";
        conn.execute(write, [&id, &first])?;
        conn.execute("UPDATE source SET version = ?2 WHERE id = ?1", [&id, &first])?;
    }
    let hash = put_blob(conn, bytes)?;
    let next = (stamp.new_id)();
    conn.execute(
        "INSERT INTO version VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            next,
            id,
            source.path,
            path,
            hash,
            hash_hex(source.document.text.as_bytes()),
            extractor,
            serde_json::to_string(&Described::of(source)).unwrap_or_default(),
            source.document.text,
            serde_json::to_string(&Structure::of(&source.document)).unwrap_or_default(),
        ],
    )?;
    words::of_version(conn, &next, &source.document)?;
    let mut ops = vec![Op::Version { source: id, version: next, described: None }];
    if file != path {
        ops.push(Op::File { path: file.clone(), hash: None });
    }
    ops.push(Op::File { path: path.clone(), hash: Some(hash) });
    Ok(ops)
}

/// Returns what lets codings, annotations, memos and the row of the file follow.
fn follow(conn: &Connection, correction: &Correction, stamp: &mut Stamp<'_>) -> Done<Vec<Op>> {
    let Correction { source, gone, .. } = correction;
    let row = correction.row.iter().map(|row| (correction.file.as_str(), row));
    let mut ops = rows(conn, row, stamp)?;
    let (_, text) = source_text(conn, &source.path)?;
    for (id, span) in &correction.places {
        let batch = batch_of_coding(conn, id)?;
        let query = "SELECT quote FROM coding WHERE id = ?1 AND batch = ?2";
        let was: String = conn.prepare_cached(query)?.query_row([id.as_str(), &batch], |row| row.get(0))?;
        let quote = text.get(span.start as usize..span.end as usize).filter(|quote| !quote.is_empty());
        let quote = quote.ok_or_else(|| StoreError::Misplaced(format!("coding `{id}`")))?;
        let quote = (quote != was).then(|| quote.to_owned());
        ops.push(Op::Place { id: id.to_string(), batch, start: span.start, stop: span.end, quote });
    }
    for id in &gone.codings {
        ops.push(Op::Shown { id: id.clone(), batch: batch_of_coding(conn, id)?, hidden: true });
    }
    ops.extend(record::gone(conn, &gone.annotations)?);
    ops.extend(record::replace(conn, &correction.annotations, stamp)?);
    ops.extend(correction.about.iter().map(|(id, about)| Op::About { id: id.to_string(), about: about.to_string() }));
    Ok(ops)
}
