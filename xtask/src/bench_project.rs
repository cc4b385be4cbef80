//! A project of REFI-QDA of any size, made up from a fixed seed: as programs for Windows write them, which is what takes a reader
//! most, with CRLF, a byte order mark, and positions in UTF-16 units of texts that are not all ASCII.

use crate::made_up::Words;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const CODES: u64 = 300;
const USERS: u64 = 4;
const CODINGS_A_TEXT: u64 = 250;
const BYTES_A_TEXT: usize = 500_000;

/// Writes a project with so many codings; returns how many bytes its texts have.
pub(crate) fn write(path: &Path, codings: u64) -> io::Result<u64> {
    let mut zip = ZipWriter::new(BufWriter::new(File::create(path)?));
    let options = SimpleFileOptions::default();
    let mut words = Words { state: 13 };
    let (mut sources, mut bytes) = (String::new(), 0);
    for n in 0..codings.div_ceil(CODINGS_A_TEXT) {
        let of_text = CODINGS_A_TEXT.min(codings - n * CODINGS_A_TEXT);
        let text = text(&mut words, n, of_text, &mut sources);
        bytes += text.len() as u64;
        zip.start_file(format!("Sources/{}.txt", guid(1, n)), options)?;
        zip.write_all(text.as_bytes())?;
    }
    zip.start_file("project.qde", options)?;
    let head =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Project xmlns=\"urn:QDA-XML:project:1.0\" name=\"Made up\">";
    write!(zip, "{head}<Users>")?;
    for n in 0..USERS {
        write!(zip, "<User guid=\"{}\" name=\"Coder {n}\"/>", guid(2, n))?;
    }
    write!(zip, "</Users><CodeBook><Codes>")?;
    // Ten codes below each of the first.
    for n in 0..CODES / 10 {
        write!(zip, "<Code guid=\"{}\" name=\"Group {n}\" isCodable=\"true\" color=\"#99ccff\">", guid(3, n * 10))?;
        for k in 1..10 {
            write!(zip, "<Code guid=\"{}\" name=\"Code {k}\" isCodable=\"true\"/>", guid(3, n * 10 + k))?;
        }
        write!(zip, "</Code>")?;
    }
    write!(zip, "</Codes></CodeBook><Sources>{sources}</Sources></Project>")?;
    zip.finish()?.flush()?;
    Ok(bytes)
}

fn guid(kind: u64, n: u64) -> String {
    format!("{kind:08x}-0000-4000-8000-{n:012x}")
}

/// Returns a text, and adds what is said of it to the sources.
fn text(words: &mut Words, number: u64, codings: u64, sources: &mut String) -> String {
    let _ = write!(
        sources,
        "<TextSource guid=\"{0}\" name=\"Interview {number}\" plainTextPath=\"internal://{0}.txt\">",
        guid(1, number)
    );
    let mut text = "\u{feff}".to_owned();
    let (mut units, mut coded, mut sentence) = (0, 0, String::new());
    while text.len() < BYTES_A_TEXT {
        sentence.clear();
        words.sentence(&mut sentence);
        if words.next(9) == 0 {
            sentence.push_str("caf\u{e9} \u{1f30a} ");
        }
        let length = sentence.encode_utf16().count();
        if text.len() as u64 * codings >= BYTES_A_TEXT as u64 * coded && coded < codings {
            let n = number * CODINGS_A_TEXT + coded;
            let (by, code) = (guid(2, words.next(USERS)), guid(3, words.next(CODES)));
            let end = units + sentence.trim_end().encode_utf16().count();
            let _ = write!(
                sources,
                "<PlainTextSelection guid=\"{}\" startPosition=\"{units}\" endPosition=\"{end}\" creatingUser=\"{by}\" creationDateTime=\"2026-01-02T03:04:05Z\"><Coding guid=\"{}\" creatingUser=\"{by}\" creationDateTime=\"2026-01-02T03:04:05Z\"><CodeRef targetGUID=\"{code}\"/></Coding></PlainTextSelection>",
                guid(4, n),
                guid(5, n)
            );
            coded += 1;
        }
        text.push_str(&sentence);
        units += length;
        if words.next(4) == 0 {
            text.push_str("\r\n");
            units += 2;
        }
    }
    sources.push_str("</TextSource>");
    text
}
