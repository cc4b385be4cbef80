//! The formats: one file each, one line each in [`FORMATS`].

mod akn;
pub(crate) mod csv;
mod docx;
mod format;
mod html;
mod jsonl;
mod markdown;
mod pdf;
mod txt;
mod udhr;
mod xml_any;

use crate::{FormatError, Input, Reason, decode, xml};

pub use format::Format;
use format::{direction, set, single};

/// All formats. Where several share an extension, the first whose root element fits is taken.
pub static FORMATS: &[Format] = &[
    txt::FORMAT,
    markdown::FORMAT,
    html::FORMAT,
    docx::FORMAT,
    pdf::FORMAT,
    akn::FORMAT,
    udhr::FORMAT,
    xml_any::FORMAT,
    csv::FORMAT,
    jsonl::FORMAT,
];

/// Beginnings of files that are often found under a wrong name.
static SIGNATURES: &[(&[u8], &str, &str)] = &[
    (b"%PDF-", "pdf", "a PDF"),
    (b"PK\x03\x04", "docx", "a zip archive (docx, odt, epub …)"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "", "an old Word file (doc) or a docx with a password"),
    (b"{\\rtf", "", "a Rich Text file (rtf)"),
    (b"\x89PNG", "", "a picture"),
    (b"\xFF\xD8\xFF", "", "a picture"),
    (b"\x1F\x8B", "", "a gzip archive"),
    (b"SQLite format 3\0", "", "a database"),
];

/// Returns the format of a file, by its extension, its first bytes and, for XML, its root element.
/// # Errors
/// [`Reason::UnknownFormat`], [`Reason::WrongType`]
pub fn format_of(input: &Input) -> Result<&'static Format, FormatError> {
    let extension = input.extension();
    let candidates: Vec<&Format> =
        FORMATS.iter().filter(|format| format.extensions.contains(&extension.as_str())).collect();
    let Some(first) = candidates.first() else {
        return Err(FormatError::new(input, None, Reason::UnknownFormat { extension }));
    };
    if let Some((_, name, found)) = SIGNATURES.iter().find(|(bytes, _, _)| input.bytes.starts_with(bytes))
        && !candidates.iter().any(|format| format.name == *name)
    {
        return Err(FormatError::new(input, None, Reason::WrongType { expected: first.name, found }));
    }
    if candidates.len() == 1 && first.root.is_none() {
        return Ok(first);
    }
    let root = xml::root_name(&decode::peek(input.bytes));
    let fits = |format: &&&Format| format.root.is_none_or(|name| Some(name) == root.as_deref());
    Ok(candidates.iter().find(fits).unwrap_or(first))
}
