//! A zip archive of files that can be read: each of its files gives its texts.

use super::{Format, docx, epub, format_of, odt, pptx, workbook};
use crate::zip_archive::Archive;
use crate::{FormatError, Input, Read, ReadOptions, Reason};
use nomoscope_core::amount::of_many;

pub(super) const FORMAT: Format =
    Format { name: "zip", extensions: &["zip"], description: "a zip archive of such files", roots: &[], read };

/// How many files are named in a note.
const NAMED: usize = 5;

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let mut archive = Archive::open(input, &options.limits)?;
    let mut names = archive.names();
    names.retain(|name| !name.ends_with('/'));
    if let Some(other) = in_disguise(&names) {
        return (other.read)(input, options);
    }
    let (mut reads, mut left): (Vec<Read>, Vec<String>) = (Vec::new(), Vec::new());
    let mut notes = Vec::new();
    for name in names {
        if crate::system_file::is_system_file(&name) {
            continue;
        }
        let shown = |name: &str| name.escape_debug().to_string();
        let bytes = archive.member(&name)?.unwrap_or_default();
        let part = Input { name: &name, bytes: &bytes };
        match inside(&part, options) {
            Ok(texts) => {
                for mut text in texts {
                    notes.extend(text.notes.drain(..).map(|note| format!("{}: {note}", shown(&name))));
                    text.row = Some(text.row.map_or_else(|| name.clone(), |row| format!("{name}#{row}")));
                    reads.push(text);
                }
            }
            Err(error) => {
                let reason =
                    error.problems.first().map_or_else(String::new, |problem| format!(" ({})", problem.reason));
                left.push(format!("{}{reason}", shown(&name)));
            }
        }
    }
    if !left.is_empty() {
        let named = left.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let dots = if left.len() > NAMED { ", …" } else { "" };
        notes.push(format!("left out: {} of the archive: {named}{dots}", of_many(left.len(), "files")));
    }
    let Some(first) = reads.first_mut() else {
        return Err(FormatError::new(input, None, Reason::NoText));
    };
    first.notes = notes;
    Ok(reads)
}

/// Reads a file of an archive. An archive in an archive is refused: it could hold another, without end.
fn inside(part: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let format = format_of(part)?;
    if format.name == FORMAT.name {
        return Err(FormatError::new(
            part,
            None,
            Reason::NotRead { what: "an archive in an archive", way_out: "unpack it first" },
        ));
    }
    if part.bytes.is_empty() {
        return Err(FormatError::new(part, None, Reason::Empty));
    }
    (format.read)(part, options)
}

/// Returns the format of a document that is itself a zip archive and was named so.
fn in_disguise(names: &[String]) -> Option<&'static Format> {
    let has = |name: &str| names.iter().any(|own| own == name);
    Some(if has("word/document.xml") {
        &docx::FORMAT
    } else if has("ppt/presentation.xml") {
        &pptx::FORMAT
    } else if has("xl/workbook.xml") {
        &workbook::XLSX
    } else if has("META-INF/container.xml") {
        &epub::FORMAT
    } else if has("content.xml") && has("META-INF/manifest.xml") {
        &odt::FORMAT
    } else {
        return None;
    })
}
