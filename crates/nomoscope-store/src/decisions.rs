//! What people decided about codings, kept when a lexicon codes again.
//!
//! A decision (a rejection, an acceptance, a memo) hangs on the place in the text and the concept, not on an identity: the
//! identity of a lexicon's coding is made anew with each run.

use crate::hash_hex;
use nomoscope_core::study::{CodingId, CodingRecord, CodingStatus};
use std::collections::{BTreeMap, BTreeSet};

type Key<'a> = (&'a str, u32, u32, &'a str);

fn key(record: &CodingRecord) -> Key<'_> {
    let span = record.span;
    (&record.source, span.start, span.end, &record.concept)
}

/// The codings of a lexicon with what people decided about them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decided {
    /// The codings to keep, in the order of the new ones; those that were decided on but not found again follow.
    pub records: Vec<CodingRecord>,
    /// Those of them with a memo that were not found again and not rejected: people have to say what becomes of them.
    pub not_found: Vec<CodingRecord>,
}

/// Returns new codings under the name of the coder, with what people decided about the same codings before.
///
/// What was decided about a coding that is not found again stays: a rejection keeps the place from being coded, and the
/// words of a memo are somebody's work.
#[must_use]
pub fn keep_decisions(records: &[CodingRecord], before: &[CodingRecord], coder: &str) -> Decided {
    use CodingStatus::Rejected;
    let is_decided = |r: &CodingRecord| r.status == Rejected || !r.memo.is_empty();
    let mut old: BTreeMap<Key<'_>, &CodingRecord> = BTreeMap::new();
    for record in before {
        // Of two codings of one place the one that was decided on counts.
        let known = old.entry(key(record)).or_insert(record);
        if is_decided(record) && !is_decided(known) {
            *known = record;
        }
    }
    let mut out = Decided::default();
    let mut kept: Vec<&str> = Vec::new();
    for new in records {
        let mut record = CodingRecord { coder: coder.into(), ..new.clone() };
        if let Some(old) = old.get(&key(new)) {
            // Whatever it is, it is what somebody left it as: a suggestion is accepted by people alone.
            record.status = old.status;
            if is_decided(old) {
                // Links and memos elsewhere may name it: it stays the coding that it was.
                record.id.clone_from(&old.id);
                record.created.clone_from(&old.created);
                record.memo.clone_from(&old.memo);
                kept.push(&old.id);
            }
        }
        out.records.push(record);
    }
    kept.sort_unstable();
    for record in before.iter().filter(|r| is_decided(r) && kept.binary_search(&r.id.as_str()).is_err()) {
        if record.status != Rejected {
            out.not_found.push(record.clone());
        }
        out.records.push(CodingRecord { coder: coder.into(), ..record.clone() });
    }
    out
}

/// Gives each coding of a lexicon another id that has one that is taken, by somebody else or within the list; those of `before`
/// keep theirs. `taken` tells the ids of others.
///
/// The id of a lexicon's coding is made of what it says: where somebody made such a coding their own, with its id, refusing
/// would keep the lexicon from ever coding again.
///
/// # Errors
/// Those of `taken`.
pub fn with_free_ids<E>(
    records: &mut [CodingRecord],
    before: &[CodingRecord],
    mut taken: impl FnMut(&str) -> Result<bool, E>,
) -> Result<(), E> {
    let old: BTreeSet<&CodingId> = before.iter().map(|r| &r.id).collect();
    let mut seen = BTreeSet::new();
    // A link may name those that were there: the new ones give way.
    for of_old in [true, false] {
        for record in records.iter_mut().filter(|r| old.contains(&r.id) == of_old) {
            while seen.contains(&record.id) || taken(&record.id)? {
                record.id = identity(&record.id).into();
            }
            seen.insert(record.id.clone());
        }
    }
    Ok(())
}

/// Returns an id that is made of words: the same coding has the same id on every run, so that runs can be compared.
#[must_use]
pub fn identity(of: &str) -> String {
    let hash = hash_hex(of.as_bytes());
    let part = |from: usize, to: usize| hash.get(from..to).unwrap_or_default().to_owned();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// Returns whether two lists of codings say the same, ids, times and order apart.
pub(crate) fn same(a: &[CodingRecord], b: &[CodingRecord]) -> bool {
    let said = |list: &[CodingRecord]| {
        let mut said: Vec<_> =
            list.iter().map(|r| (r.source.clone(), r.span, r.concept.clone(), r.status, r.memo.clone())).collect();
        said.sort();
        said
    };
    a.len() == b.len() && said(a) == said(b)
}
