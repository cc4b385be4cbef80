//! What a reader is given, and what it gives.

use crate::Limits;
use nomoscope_core::text::Document;

/// One file as it was handed over.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The file name, for the extension and for messages; it is never opened.
    pub name: &'a str,
    /// The content.
    pub bytes: &'a [u8],
}

impl Input<'_> {
    /// Returns the extension in lower case, without the dot; empty where there is none.
    #[must_use]
    pub fn extension(&self) -> String {
        let file = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        file.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default()
    }
}

/// What a user may say about how to read a file.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The columns (csv) or keys (jsonl) that hold the text; none: `text`, `body`, `content` and the like. Of several, each is a
    /// section that bears its name.
    pub text_columns: Vec<String>,
    /// The column (csv) or key (jsonl) that tells one text from another; by default `id` and the like.
    pub id_column: Option<String>,
    /// The character encoding, as a label of the WHATWG Encoding Standard or `utf-32le`/`utf-32be`; it overrides what
    /// the file says of itself, but not a byte order mark.
    pub encoding: Option<String>,
    /// How much a reader may take.
    pub limits: Limits,
}

/// One text that a reader found in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The text with its marks and attributes.
    pub document: Document,
    /// The row's identifier where a file holds many texts (csv, jsonl): its `id` column, or its number.
    pub row: Option<String>,
    /// What was guessed or left out, in words for the user.
    pub notes: Vec<String>,
}
