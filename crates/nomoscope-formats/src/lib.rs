//! Bytes to core types and back: every file format that Nomoscope reads or writes.
//!
//! Hostile input lives here and only here. This crate never opens a file, never touches the network and never
//! reads a clock other than to stop a reader that takes too long: bytes come in, core types go out.
//!
//! A format is one file under [`readers`] and one line in [`FORMATS`]; help, pages, documentation and tests read
//! that table. Every reader gives the text that people read, without markup, and what the format itself says of its
//! structure as marks; what is a section or an item *in general* is decided in `nomoscope_core::text::segment`.
//! Absent on purpose: layout, images, and any guess at what a text means.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

mod builder;
pub mod codebook_toml;
mod decode;
mod error;
pub mod grid;
pub mod law;
mod limits;
pub mod list_table;
pub mod reach;
pub mod readers;
mod settings;
pub mod study;
pub mod tables;
mod xml;
mod zip_archive;

pub use error::{Fault, FormatError, Reason};
pub use limits::Limits;
pub use readers::{FORMATS, Format};

pub use nomoscope_core::problem::Place;
use nomoscope_core::text::Document;

/// The version of the extracted text: raised when any reader gives another text or other marks for the same bytes.
pub const EXTRACTOR_VERSION: u32 = 1;

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
    /// The column (csv) or key (jsonl) that holds the text; by default `text`, `body`, `content` and the like.
    pub text_column: Option<String>,
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

/// Returns the texts of a file, read by the format that its name and first bytes call for.
/// # Errors
/// [`FormatError`] with all problems found, each with its place.
pub fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    if input.bytes.len() > options.limits.max_bytes {
        return Err(FormatError::new(input, None, Reason::TooLarge { limit: options.limits.max_bytes }));
    }
    if input.bytes.is_empty() {
        return Err(FormatError::new(input, None, Reason::Empty));
    }
    let format = readers::format_of(input)?;
    (format.read)(input, options)
}
