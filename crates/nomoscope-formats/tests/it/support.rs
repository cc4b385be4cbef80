//! What all tests share.

use nomoscope_core::text::{Document, MarkKind};
use nomoscope_formats::{FormatError, Input, Read, ReadOptions, read};
use std::path::PathBuf;

/// Reads bytes under a file name with the default options.
pub(crate) fn try_read(name: &str, bytes: &[u8]) -> Result<Vec<Read>, FormatError> {
    read(&Input { name, bytes }, &ReadOptions::default())
}

/// Reads bytes that hold exactly one text, and checks its marks.
#[track_caller]
pub(crate) fn read_one(name: &str, bytes: &[u8]) -> Read {
    let mut reads = try_read(name, bytes).unwrap();
    assert_eq!(reads.len(), 1);
    let read = reads.pop().unwrap();
    check_marks(&read.document);
    read
}

/// Returns the message of the error that reading gives.
#[track_caller]
pub(crate) fn error(name: &str, bytes: &[u8]) -> String {
    try_read(name, bytes).unwrap_err().to_string()
}

/// Marks lie within the text, on characters, are never empty, and are sorted by start, longer first.
#[track_caller]
pub(crate) fn check_marks(document: &Document) {
    let mut last = (0, u32::MAX);
    for mark in &document.marks {
        let range = mark.span.start as usize..mark.span.end as usize;
        assert!(document.text.get(range).is_some_and(|text| !text.is_empty()), "{mark:?}");
        assert!(
            mark.span.start > last.0 || (mark.span.start == last.0 && mark.span.end <= last.1),
            "{mark:?} after {last:?}"
        );
        last = (mark.span.start, mark.span.end);
    }
}

/// Returns the texts under the marks of one kind.
pub(crate) fn under(read: &Read, kind: MarkKind) -> Vec<&str> {
    let marks = read.document.marks.iter().filter(|mark| mark.kind == kind);
    marks.map(|mark| mark.span.of(&read.document.text)).collect()
}

/// Returns the labels of the marks of one kind, `-` for none.
pub(crate) fn labels(read: &Read, kind: MarkKind) -> Vec<&str> {
    let marks = read.document.marks.iter().filter(|mark| mark.kind == kind);
    marks.map(|mark| mark.label.as_deref().unwrap_or("-")).collect()
}

/// Returns headings as `level text`.
pub(crate) fn headings(read: &Read) -> Vec<String> {
    let heading = |mark: &nomoscope_core::text::Mark| match mark.kind {
        MarkKind::Heading { level } => Some(format!("{level} {}", mark.span.of(&read.document.text))),
        _ => None,
    };
    read.document.marks.iter().filter_map(heading).collect()
}

/// Returns an attribute, or the empty string.
pub(crate) fn attribute<'a>(read: &'a Read, key: &str) -> &'a str {
    read.document.attributes.get(key).map_or("", String::as_str)
}

/// Returns a folder of data beside the checkout; says so and returns none where it is not.
pub(crate) fn shared(folder: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: {folder} is not at hand");
    None
}

/// Returns all files below a folder that have one of the extensions, sorted.
pub(crate) fn files(folder: &std::path::Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
            } else if extensions.contains(&extension.as_str()) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A zip archive of the given members.
pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
