//! What all formats share: how one is described, and where metadata belongs.

use crate::{FormatError, Input, Read, ReadOptions};
use nomoscope_core::text::{Direction, Document};

/// A format that can be read.
#[derive(Debug)]
pub struct Format {
    /// A short name: `docx`.
    pub name: &'static str,
    /// File name extensions in lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// One line for help and documentation.
    pub description: &'static str,
    /// Local names of the root elements that an XML file of this format may have; none: any.
    pub roots: &'static [&'static str],
    /// Reads a file of this format.
    pub read: fn(&Input, &ReadOptions) -> Result<Vec<Read>, FormatError>,
}

/// A file with exactly one text.
pub(super) fn single(document: Document, notes: Vec<String>) -> Vec<Read> {
    vec![Read { document, row: None, notes }]
}

/// Puts a piece of metadata where it belongs: title, language (as it is written), or the other attributes. Empty values
/// are dropped.
pub(super) fn set(document: &mut Document, key: &str, value: &str) {
    let (key, value) = (key.trim(), value.trim());
    if key.is_empty() || value.is_empty() {
        return;
    }
    match key.to_ascii_lowercase().as_str() {
        "title" => document.title = Some(value.to_owned()),
        "language" | "lang" => document.language = Some(value.to_owned()),
        "direction" | "dir" if direction(value).is_some() => document.direction = direction(value),
        _ => {
            document.attributes.insert(key.to_owned(), value.to_owned());
        }
    }
}

/// Returns digits as raised digits: `12` beside a word is the number of a note, beside a number a part of it (133¹).
pub(super) fn raised(text: &str) -> Option<String> {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let text = text.trim();
    let digits = text.chars().map(|c| c.to_digit(10).and_then(|digit| RAISED.get(digit as usize)));
    let raised: String = digits.collect::<Option<String>>()?;
    (!raised.is_empty() && text.len() <= 4).then_some(raised)
}

pub(super) fn direction(value: &str) -> Option<Direction> {
    match value.trim().to_ascii_lowercase().as_str() {
        "ltr" => Some(Direction::Ltr),
        "rtl" => Some(Direction::Rtl),
        _ => None,
    }
}
