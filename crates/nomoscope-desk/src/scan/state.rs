//! How far a scan has come, beside its output: what it was asked, what was read, and how long the files were then.

use crate::study::{Problem, Problems};
use nomoscope_engine::scan::question::Question;
use nomoscope_store::hash_hex;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The shape of the file.
const VERSION: u32 = 1;

/// What is asked; a scan goes on only with the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Asked {
    pub(super) version: u32,
    /// Version of the readers of texts.
    pub(super) extractor: u32,
    /// SHA-256 of the codebook.
    pub(super) codebook: String,
    pub(super) question: Question,
    /// The names of the files, in order.
    pub(super) inputs: Vec<String>,
    /// Whether codings are written, and how.
    pub(super) codings: Option<String>,
}

impl Asked {
    pub(super) fn new(codebook: &[u8], question: &Question, inputs: Vec<String>, codings: Option<String>) -> Self {
        let extractor = nomoscope_formats::EXTRACTOR_VERSION;
        let (codebook, question) = (hash_hex(codebook), question.clone());
        Self { version: VERSION, extractor, codebook, question, inputs, codings }
    }
}

/// How far a scan has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    pub(super) asked: Asked,
    /// Pieces that were counted and written.
    pub(super) pieces: u64,
    /// A hash over the hashes of all their bytes.
    pub(super) read: String,
    /// Lengths of counts, codings and bad rows then.
    pub(super) lengths: [u64; 3],
    pub(super) sources: u64,
    pub(super) n_bad: u64,
    pub(super) n_empty: u64,
    #[serde(default)]
    pub(super) n_undated: u64,
    pub(super) unread: BTreeMap<String, u64>,
}

impl State {
    pub(super) fn new(asked: Asked) -> Self {
        Self {
            asked,
            pieces: 0,
            read: String::new(),
            lengths: [0; 3],
            sources: 0,
            n_bad: 0,
            n_empty: 0,
            n_undated: 0,
            unread: BTreeMap::new(),
        }
    }

    /// Returns the state that was written, if it is of the same scan.
    pub(super) fn read(name: &str, bytes: &[u8], asked: &Asked) -> Result<Self, Problems> {
        const HINT: &str = "take it away, with the unfinished files beside it, to begin again";
        let wrong = |reason: String| Problem::new(name, reason).hint(HINT);
        let state: Self =
            serde_json::from_slice(bytes).map_err(|error| wrong(format!("is no state of a scan: {error}")))?;
        let then = &state.asked;
        let differ = [
            (then.codebook != asked.codebook, "was begun with another codebook"),
            (then.inputs != asked.inputs, "was begun with other files"),
            (then.question != asked.question, "was begun with other settings"),
            (then.codings != asked.codings, "was begun with other codings to be written"),
            ((then.version, then.extractor) != (asked.version, asked.extractor), "was begun by another version"),
        ];
        let problems: Problems =
            differ.iter().filter(|(differs, _)| *differs).map(|(_, why)| wrong(format!("the scan {why}"))).collect();
        problems.or(state)
    }

    /// Adds a piece to what was read.
    pub(super) fn chain(read: &str, piece: &str) -> String {
        hash_hex(format!("{read}{piece}").as_bytes())
    }
}
