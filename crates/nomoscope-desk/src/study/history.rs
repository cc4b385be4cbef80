//! What takes a change of a folder back: per file the bytes that stood there, with hashes of before and after.
//!
//! Only what differs is kept, in whole lines. Files may be changed by hand or by git between a change and its undo; then the
//! lines that it wrote are looked for, and where they do not stand exactly once, nothing is touched.

use nomoscope_store::hash_hex;
use serde::{Deserialize, Serialize};

/// Above this, lines that were written are known by the hash of their file alone.
const MAX_SOUGHT_BYTES: usize = 64 << 10;

/// What an event of a folder says.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Patches {
    /// The event that this one takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) undoes: Option<String>,
    /// What was changed.
    pub(crate) files: Vec<Patch>,
}

/// What takes the change of one file back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Patch {
    /// The file, relative to the folder.
    pub(crate) path: String,
    /// SHA-256 of what stood before; none if there was no file.
    pub(crate) before: Option<String>,
    /// SHA-256 of what stands after; none if there is no file.
    pub(crate) after: Option<String>,
    /// Where the difference begins, in bytes.
    at: usize,
    /// How many bytes stand there after.
    n_after: usize,
    /// What stood there before.
    old: Bytes,
    /// What stands there after, where that is short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    new: Option<String>,
}

/// Bytes in JSON: as text where they are text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Bytes {
    Text(String),
    Hex(String),
}

impl Bytes {
    fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Hex(bytes.iter().map(|b| format!("{b:02x}")).collect()),
        }
    }

    fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Self::Text(text) => Some(text.clone().into_bytes()),
            Self::Hex(hex) => {
                let pairs = hex.as_bytes().chunks(2);
                pairs.map(|p| u8::from_str_radix(std::str::from_utf8(p).ok()?, 16).ok()).collect()
            }
        }
    }
}

/// Returns where two files begin to differ, and how much of each does, in whole lines.
fn difference(before: &[u8], after: &[u8]) -> (usize, usize, usize) {
    let same = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let line = |bytes: &[u8], at: usize| {
        bytes.get(..at).and_then(|b| b.iter().rposition(|&b| b == b'\n')).map_or(0, |n| n + 1)
    };
    let at = line(before, same);
    let rest = |bytes: &[u8]| bytes.len() - at;
    let tail = before.iter().rev().zip(after.iter().rev()).take_while(|(a, b)| a == b).count();
    let tail = tail.min(rest(before)).min(rest(after));
    // The tail begins with a line, in both.
    let is_line = |bytes: &[u8], at: usize| at == 0 || bytes.get(at - 1) == Some(&b'\n');
    let whole = is_line(before, before.len() - tail) && is_line(after, after.len() - tail);
    let cut = before.get(before.len() - tail..).and_then(|b| b.iter().position(|&b| b == b'\n'));
    let tail = match cut {
        _ if whole => tail,
        Some(end) => tail - end - 1,
        None => 0,
    };
    (at, rest(before) - tail, rest(after) - tail)
}

impl Patch {
    /// Returns what takes a change back, or none if it changes nothing.
    pub(crate) fn of(path: &str, before: Option<&[u8]>, after: Option<&[u8]>) -> Option<Self> {
        if before == after {
            return None;
        }
        let (at, n_before, n_after) = match (before, after) {
            // What a new table holds is its rows: others may add to them, below the same names of columns.
            (None, Some(after)) if path.ends_with(".csv") => {
                let head = after.iter().position(|&b| b == b'\n').map_or(after.len(), |end| end + 1);
                (head, 0, after.len() - head)
            }
            _ => difference(before.unwrap_or_default(), after.unwrap_or_default()),
        };
        let part =
            |bytes: Option<&[u8]>, n: usize| bytes.unwrap_or_default().get(at..at + n).unwrap_or_default().to_vec();
        let new = part(after, n_after);
        let sought = (before.is_some() || path.ends_with(".csv")) && !new.is_empty() && new.len() <= MAX_SOUGHT_BYTES;
        Some(Self {
            path: path.to_owned(),
            before: before.map(hash_hex),
            after: after.map(hash_hex),
            at,
            n_after,
            old: Bytes::of(&part(before, n_before)),
            new: sought.then(|| String::from_utf8(new).ok()).flatten(),
        })
    }

    /// Returns the file as it was before the change, given what stands there now; none where there was no file.
    ///
    /// # Errors
    /// Why the change does not stand any more.
    pub(crate) fn take_back(&self, now: Option<&[u8]>) -> Result<Option<Vec<u8>>, &'static str> {
        let damaged = "the log does not fit what stands there";
        let old = self.old.bytes().ok_or(damaged)?;
        if now.map(hash_hex) != self.after {
            return self.take_back_lines(now, &old);
        }
        if self.before.is_none() {
            return Ok(None);
        }
        let now = now.unwrap_or_default();
        let end = self.at.checked_add(self.n_after).ok_or(damaged)?;
        let (head, tail) = (now.get(..self.at).ok_or(damaged)?, now.get(end..).ok_or(damaged)?);
        let was = [head, &old, tail].concat();
        if Some(hash_hex(&was)) == self.before { Ok(Some(was)) } else { Err(damaged) }
    }

    /// Takes back the lines that were written, if they stand exactly once.
    fn take_back_lines(&self, now: Option<&[u8]>, old: &[u8]) -> Result<Option<Vec<u8>>, &'static str> {
        let (Some(now), Some(new)) = (now, &self.new) else {
            return Err(match (now.is_some(), self.after.is_some()) {
                (false, true) => "was removed since",
                (true, false) => "was made again since",
                _ => "was changed since",
            });
        };
        let text = std::str::from_utf8(now).map_err(|_| "was changed since")?;
        let at_line = |at: &usize| *at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n');
        let places: Vec<usize> = text.match_indices(new.as_str()).map(|(at, _)| at).filter(at_line).take(2).collect();
        let [at] = places[..] else {
            return Err("was changed since, where this wrote");
        };
        let tail = now.get(at + new.len()..).unwrap_or_default();
        Ok(Some([now.get(..at).unwrap_or_default(), old, tail].concat()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn back(before: Option<&str>, after: Option<&str>, now: Option<&str>) -> Result<Option<String>, &'static str> {
        let patch = Patch::of("f", before.map(str::as_bytes), after.map(str::as_bytes)).expect("differs");
        let patch: Patch = serde_json::from_str(&serde_json::to_string(&patch).unwrap()).unwrap();
        Ok(patch.take_back(now.map(str::as_bytes))?.map(|bytes| String::from_utf8(bytes).unwrap()))
    }

    #[test]
    fn what_was_written_is_found_beside_what_others_wrote() {
        let all = |s: &str| Ok(Some(s.to_owned()));
        assert_eq!(back(Some("a\nb\n"), Some("a\nnew\nb\n"), Some("a\nnew\nb\nhand\n")), all("a\nb\nhand\n"));
        assert_eq!(back(Some("a\nb\n"), Some("a\nB\n"), Some("x\na\nB\n")), all("x\na\nb\n"));
        assert_eq!(back(Some("a\n"), Some("a\nnew\n"), Some("a\nnewer\n")), Err("was changed since, where this wrote"));
        assert_eq!(
            back(Some("a\n"), Some("a\nnew\n"), Some("new\na\nnew\n")),
            Err("was changed since, where this wrote")
        );
        assert_eq!(back(None, Some("x"), Some("x")), Ok(None));
        assert_eq!(back(None, Some("x"), Some("y")), Err("was changed since"));
        assert_eq!(back(None, Some("x"), None), Err("was removed since"));
        // A table that this change began, and to which another added.
        let table = Patch::of("codings.csv", None, Some(b"id\n1\n")).unwrap();
        let back_table = |now: &[u8]| table.take_back(Some(now));
        assert_eq!(back_table(b"id\n1\n2\n"), Ok(Some(b"id\n2\n".to_vec())));
        assert_eq!(back_table(b"id\n1\n"), Ok(None));
        assert_eq!(back_table(b"id\n3\n"), Err("was changed since, where this wrote"));
        assert_eq!(back(Some("x"), None, None), all("x"));
        assert_eq!(back(Some("x"), None, Some("y")), Err("was made again since"));
    }

    proptest! {
        #[test]
        fn every_change_is_taken_back(before in proptest::option::of("[a\n\u{e9}]{0,12}"), after in proptest::option::of("[a\n\u{e9}]{0,12}")) {
            if before != after {
                prop_assert_eq!(back(before.as_deref(), after.as_deref(), after.as_deref()), Ok(before));
            }
        }

        #[test]
        fn bytes_that_are_no_text(before in proptest::collection::vec(any::<u8>(), 0..9), after in proptest::collection::vec(any::<u8>(), 0..9)) {
            if let Some(patch) = Patch::of("f", Some(&before), Some(&after)) {
                let patch: Patch = serde_json::from_str(&serde_json::to_string(&patch).unwrap()).unwrap();
                prop_assert_eq!(patch.take_back(Some(&after)), Ok(Some(before)));
            }
        }
    }
}
