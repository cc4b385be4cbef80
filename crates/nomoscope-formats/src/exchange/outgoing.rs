//! What of a study goes out, whatever the format: one set of identities, and what a format cannot hold, counted.

use super::project::Loss;
use nomoscope_core::codebook::Codebook;
use nomoscope_core::study::{Study, Subject};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A study on its way out.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// The study.
    pub study: &'a Study,
    /// Its codebook.
    pub codebook: &'a Codebook,
    /// The ids of its concepts in the order in which people wrote them; those that are missing come last, in theirs.
    pub order: &'a [String],
    /// The program, with its version.
    pub program: &'a str,
    /// When, RFC 3339.
    pub time: &'a str,
}

/// A file, and what it does not hold of the study.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many of what the file holds.
    pub holds: BTreeMap<String, u64>,
    /// What does not come through.
    pub lost: Vec<Loss>,
    /// What people should know.
    pub notes: Vec<String>,
}

/// Counts what does not come through.
#[derive(Default)]
pub(super) struct Lost(Vec<Loss>);

impl Lost {
    /// Returns a file that lacks this.
    pub(super) fn written(self, bytes: Vec<u8>) -> Written {
        Written { bytes, lost: self.0, ..Written::default() }
    }

    pub(super) fn add(&mut self, what: &str, n: usize, why: &str) {
        if n == 0 {
            return;
        }
        match self.0.iter_mut().find(|loss| loss.what == what && loss.why == why) {
            Some(loss) => loss.n += n,
            None => self.0.push(Loss { what: what.to_owned(), n, why: why.to_owned() }),
        }
    }
}

/// Gives each thing the identity that it had in a project, or one that is the same at each export.
pub(super) struct Guids<'a> {
    foreign: HashMap<&'a Subject, &'a str>,
    given: HashMap<Subject, String>,
    used: HashSet<String>,
}

impl<'a> Guids<'a> {
    pub(super) fn new(study: &'a Study) -> Self {
        let mut foreign = HashMap::new();
        for known in study.annotations.foreign.iter().filter(|f| is_guid(&f.id)) {
            foreign.entry(&known.of).or_insert(known.id.as_str());
        }
        Self { foreign, given: HashMap::new(), used: HashSet::new() }
    }

    /// Returns whether a thing has an identity that it brought along.
    pub(super) fn is_known(&self, subject: &Subject) -> bool {
        self.foreign.contains_key(subject)
    }

    /// Gives a thing the identity of another one, which stands for both there.
    pub(super) fn share(&mut self, subject: Subject, with: &Subject) {
        let guid = self.of(with);
        self.given.insert(subject, guid);
    }

    /// Returns the identity of a thing, in capital letters, as most programs write it.
    pub(super) fn of(&mut self, subject: &Subject) -> String {
        if let Some(given) = self.given.get(subject) {
            return given.clone();
        }
        let own = self.foreign.get(subject).copied().or_else(|| Some(subject.id()).filter(|id| is_guid(id)));
        let own = own.map(str::to_ascii_uppercase).filter(|id| !self.used.contains(id));
        let guid = own.unwrap_or_else(|| made(&subject.to_string()));
        self.used.insert(guid.clone());
        self.given.insert(subject.clone(), guid.clone());
        guid
    }
}

fn is_guid(word: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let parts: Vec<&str> = word.split('-').collect();
    parts.len() == lengths.len()
        && parts.iter().zip(lengths).all(|(part, n)| part.len() == n && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Returns an identity made of words: the same for the same words. FNV-1a of 128 bits, marked as of version 8 (RFC 9562).
pub(super) fn made(words: &str) -> String {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash = words.bytes().fold(OFFSET, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    let hash = (hash & !(0xf << 76) & !(0x3 << 62)) | (0x8 << 76) | (0x2 << 62);
    let hex = format!("{hash:032X}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// Returns words as XML; what XML cannot hold is left out. Ends of lines are written so that they come back as they are.
pub(super) fn xml(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

/// Returns a cell that no spreadsheet runs: one that begins like a formula gets an apostrophe before it.
#[must_use]
pub fn guarded(cell: &str) -> String {
    let first = cell.trim_start_matches([' ', '\u{a0}']).chars().next();
    if first.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r')) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_look_like_identities() {
        let guid = made("coding:1");
        assert!(is_guid(&guid), "{guid}");
        assert_eq!((&guid[14..15], made("coding:1")), ("8", guid.clone()));
        assert!("89AB".contains(&guid[19..20]));
        assert_ne!(guid, made("coding:2"));
        assert!(!is_guid("d3") && !is_guid("2b7369da-757c-5886-88dd-41d158ff8d7"));
    }

    #[test]
    fn cells_are_not_run() {
        for (cell, want) in [("=1+1", "'=1+1"), ("@x", "'@x"), (" -2", "' -2"), ("a-b", "a-b"), ("", "")] {
            assert_eq!(guarded(cell), want);
        }
    }
}
