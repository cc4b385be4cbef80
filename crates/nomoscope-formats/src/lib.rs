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
mod caught;
pub mod codebook_edit;
pub mod codebook_table;
pub mod codebook_toml;
mod column_names;
pub mod counts_file;
pub mod counts_parquet;
mod decode;
pub mod docx_sheet;
mod error;
pub mod exchange;
pub mod grid;
mod input;
pub mod law;
mod limits;
pub mod list_table;
mod package;
pub mod parquet_file;
pub mod reach;
pub mod readers;
mod settings;
pub mod stream;
pub mod study;
mod system_file;
pub mod tables;
pub mod toml_words;
pub mod written_dates;
mod xml;
mod zip_archive;

pub use error::{Fault, FormatError, Reason};
pub use input::{Input, Read, ReadOptions};
pub use limits::Limits;
pub use nomoscope_core::problem::Place;
pub use readers::{FORMATS, Format, not_read};
pub use system_file::is_system_file;
pub use zip_archive::{archive, zipped};

/// The version of the extracted text: raised when any reader gives another text or other marks for the same bytes.
pub const EXTRACTOR_VERSION: u32 = 5;

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
    let mut reads = (format.read)(input, options)?;
    reads.iter_mut().for_each(meant_language);
    Ok(reads)
}

/// Makes tags of what a file says of its language; several stand as the attribute that a table would have for them.
fn meant_language(read: &mut Read) {
    let Some(written) = read.document.language.take() else { return };
    match study::sources_csv::languages(&written) {
        Ok(tags) => {
            if tags.len() > 1 {
                read.document.attributes.insert("language".to_owned(), tags.join(" "));
            }
            read.document.language = tags.into_iter().next();
        }
        Err(word) => read.notes.push(format!("its language, `{word}`, is no language tag: write en, fr or zh-Hant")),
    }
}
