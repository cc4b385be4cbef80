//! The formats: one file each, one line each in [`FORMATS`].

mod akn;
mod attributes;
pub(crate) mod csv;
mod docx;
mod eml;
mod epub;
mod format;
mod formex;
mod html;
mod json;
pub(crate) mod jsonl;
mod markdown;
mod odt;
mod pdf;
mod pptx;
mod rows;
mod rtf;
mod subtitles;
mod tei;
mod txt;
mod udhr;
mod workbook;
mod xml_any;
mod zip_of_files;

use crate::{FormatError, Input, Reason, decode, xml};

pub use format::Format;
use format::{direction, raised, set, single};

/// All formats. Where several share an extension, the first whose root element fits is taken.
pub static FORMATS: &[Format] = &[
    txt::FORMAT,
    markdown::FORMAT,
    html::FORMAT,
    docx::FORMAT,
    odt::FORMAT,
    rtf::FORMAT,
    pdf::FORMAT,
    epub::FORMAT,
    pptx::FORMAT,
    eml::FORMAT,
    subtitles::FORMAT,
    akn::FORMAT,
    formex::FORMAT,
    tei::FORMAT,
    udhr::FORMAT,
    xml_any::FORMAT,
    csv::FORMAT,
    workbook::XLSX,
    workbook::ODS,
    jsonl::FORMAT,
    json::FORMAT,
    zip_of_files::FORMAT,
];

/// Formats that are zip archives.
static ZIPPED: &[&str] = &["docx", "odt", "epub", "pptx", "xlsx", "ods", "zip"];

/// Beginnings of files that are often found under a wrong name, the formats that begin so, and what it is.
static SIGNATURES: &[(&[u8], &[&str], &str)] = &[
    (b"%PDF-", &["pdf"], "a PDF"),
    (b"PK\x03\x04", ZIPPED, "a zip archive (docx, odt, epub …)"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", &[], "an old Word file (doc) or a docx with a password"),
    (b"{\\rtf", &["rtf"], "a Rich Text file (rtf)"),
    (b"\x89PNG", &[], "a picture"),
    (b"\xFF\xD8\xFF", &[], "a picture"),
    (b"\x1F\x8B", &[], "a gzip archive"),
    (b"SQLite format 3\0", &[], "a database"),
];

/// Kinds of files that people have and that are not read: extensions, what it is, and the way out.
static NOT_READ: &[(&[&str], &str, &str)] = &[
    (
        &["doc", "dot"],
        "a document in the old format of Word",
        "open it in Word or LibreOffice and save it as docx or odt",
    ),
    (&["xls"], "a workbook in the old format of Excel", "open it in Excel or LibreOffice and save it as xlsx or csv"),
    (
        &["ppt", "pps"],
        "a presentation in the old format of PowerPoint",
        "open it in PowerPoint or LibreOffice and save it as pptx or odp",
    ),
    (
        &["wpd", "wps", "sxw", "abw"],
        "a document of an old word processor",
        "open it in LibreOffice and save it as odt or docx",
    ),
    (
        &["pages", "numbers", "key"],
        "a document of Apple's programs",
        "open it there and export it as docx, xlsx or pptx",
    ),
    (&["msg", "pst", "mbox"], "messages in a container", "save each message as eml"),
    (&["mobi", "azw", "azw3", "fb2"], "an electronic book", "convert it to epub"),
    (
        &["djvu", "tif", "tiff", "png", "jpg", "jpeg", "gif", "bmp", "webp", "heic"],
        "a picture",
        "run optical character recognition (OCR) on it, and read the result",
    ),
    (
        &["mp3", "wav", "m4a", "mp4", "mov", "avi", "ogg", "mkv"],
        "a recording",
        "transcribe it, and read the transcript",
    ),
    (&["rar", "7z", "gz", "tar", "tgz", "bz2"], "an archive", "unpack it first, or pack the files as zip"),
    (&["tex"], "the source of a document", "read the PDF or the plain text that is made of it"),
];

/// Returns what a file is that is known and not read, by its name, and what to do about it.
#[must_use]
pub fn not_read(name: &str) -> Option<(&'static str, &'static str)> {
    let extension = Input { name, bytes: &[] }.extension();
    let known = NOT_READ.iter().find(|(extensions, _, _)| extensions.contains(&extension.as_str()));
    known.map(|&(_, what, way_out)| (what, way_out))
}

/// Returns the format of a file, by its extension, its first bytes and, for XML, its root element.
/// # Errors
/// [`Reason::UnknownFormat`], [`Reason::WrongType`]
pub fn format_of(input: &Input) -> Result<&'static Format, FormatError> {
    let extension = input.extension();
    let candidates: Vec<&Format> =
        FORMATS.iter().filter(|format| format.extensions.contains(&extension.as_str())).collect();
    let Some(first) = candidates.first() else {
        let reason = match not_read(input.name) {
            Some((what, way_out)) => Reason::NotRead { what, way_out },
            None => Reason::UnknownFormat { extension },
        };
        return Err(FormatError::new(input, None, reason));
    };
    if let Some((_, names, found)) = SIGNATURES.iter().find(|(bytes, _, _)| input.bytes.starts_with(bytes))
        && !candidates.iter().any(|format| names.contains(&format.name))
    {
        return Err(FormatError::new(input, None, Reason::WrongType { expected: first.name, found }));
    }
    if candidates.len() == 1 && first.roots.is_empty() {
        return Ok(first);
    }
    let root = xml::root_name(&decode::peek(input.bytes));
    let fits =
        |format: &&&Format| format.roots.is_empty() || root.as_deref().is_some_and(|root| format.roots.contains(&root));
    Ok(candidates.iter().find(fits).unwrap_or(first))
}
