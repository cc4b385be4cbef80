//! The formats: one file each, one line each in [`FORMATS`].

mod akn;
pub(crate) mod csv;
mod docx;
mod html;
mod jsonl;
mod markdown;
mod pdf;
mod txt;
mod udhr;
mod xml_any;

use crate::{FormatError, Input, Read, ReadOptions, Reason, decode, xml};
use nomoscope_core::text::{Direction, Document, language};

/// A format that can be read.
#[derive(Debug)]
pub struct Format {
    /// A short name: `docx`.
    pub name: &'static str,
    /// File name extensions in lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// One line for help and documentation.
    pub description: &'static str,
    /// Local name of the root element that an XML file of this format has; none: any.
    pub root: Option<&'static str>,
    /// Reads a file of this format.
    pub read: fn(&Input, &ReadOptions) -> Result<Vec<Read>, FormatError>,
}

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

/// A file with exactly one text.
fn single(document: Document, notes: Vec<String>) -> Vec<Read> {
    vec![Read { document, row: None, notes }]
}

/// Puts a piece of metadata where it belongs: title, language, or the other attributes. Empty values are dropped.
fn set(document: &mut Document, key: &str, value: &str) {
    let (key, value) = (key.trim(), value.trim());
    if key.is_empty() || value.is_empty() {
        return;
    }
    match key.to_ascii_lowercase().as_str() {
        "title" => document.title = Some(value.to_owned()),
        "language" | "lang" => document.language = Some(language::tag(value).unwrap_or_else(|| value.to_owned())),
        "direction" | "dir" if direction(value).is_some() => document.direction = direction(value),
        _ => {
            document.attributes.insert(key.to_owned(), value.to_owned());
        }
    }
}

/// Returns digits as raised digits: `12` beside a word is the number of a note, beside a number a part of it (133¹).
fn raised(text: &str) -> Option<String> {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let text = text.trim();
    let digits = text.chars().map(|c| c.to_digit(10).and_then(|digit| RAISED.get(digit as usize)));
    let raised: String = digits.collect::<Option<String>>()?;
    (!raised.is_empty() && text.len() <= 4).then_some(raised)
}

fn direction(value: &str) -> Option<Direction> {
    match value.trim().to_ascii_lowercase().as_str() {
        "ltr" => Some(Direction::Ltr),
        "rtl" => Some(Direction::Rtl),
        _ => None,
    }
}
