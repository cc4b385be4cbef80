//! What can be read of files that are damaged in a few places: no project is lost for one character.
//!
//! Readers of texts refuse what they cannot decode, for a quotation must be found again. Here the selections are at stake that
//! people made in years: what cannot be read is replaced, one sign for another, so that places hold, and told.

use crate::decode::{Declaration, Decoded, decode};
use crate::{Input, ReadOptions};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use nomoscope_core::amount::counted;

/// Returns the text of a file, and what was done to read it.
pub(super) fn text(input: &Input<'_>, declaration: Declaration, options: &ReadOptions) -> Decoded {
    if let Ok(read) = decode(input, declaration, options) {
        return read;
    }
    let mut notes = Vec::new();
    let marked = Encoding::for_bom(input.bytes).map(|(encoding, _)| encoding);
    if let Some(encoding) = marked.filter(|e| [UTF_16LE, UTF_16BE].contains(e)).or_else(|| utf16(input.bytes)) {
        if marked.is_none() {
            notes.push(format!("read as {}, guessed from its bytes: there is no byte order mark", encoding.name()));
        }
        let text = encoding.decode_with_bom_removal(input.bytes).0.into_owned();
        return without_nul(replaced(text, notes));
    }
    // Without NUL, which no text holds, the encoding may be known.
    let blank: Vec<u8> = input.bytes.iter().map(|byte| if *byte == 0 { b' ' } else { *byte }).collect();
    let nul = input.bytes.iter().filter(|byte| **byte == 0).count();
    if nul > 0 {
        notes.push(format!("{} NUL replaced by blanks", counted(nul, "character", "characters")));
    }
    match decode(&Input { name: input.name, bytes: &blank }, declaration, options) {
        Ok(read) => {
            notes.extend(read.notes);
            Decoded { text: read.text, notes }
        }
        Err(_) => {
            let text = String::from_utf8_lossy(blank.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&blank)).into_owned();
            replaced(text, notes)
        }
    }
}

/// Says how many places were replaced.
fn replaced(text: String, mut notes: Vec<String>) -> Decoded {
    let n = text.matches(char::REPLACEMENT_CHARACTER).count();
    if n > 0 {
        let places = counted(n, "place that cannot be read is", "places that cannot be read are");
        notes.push(format!("{places} replaced by U+FFFD"));
    }
    Decoded { text, notes }
}

fn without_nul(read: Decoded) -> Decoded {
    let nul = read.text.matches('\0').count();
    if nul == 0 {
        return read;
    }
    let mut notes = read.notes;
    notes.push(format!("{} NUL replaced by blanks", counted(nul, "character", "characters")));
    Decoded { text: read.text.replace('\0', " "), notes }
}

/// Text of a Latin script as UTF-16 has a NUL in nearly every other byte, nearly always on the same side.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..65_536).unwrap_or(bytes);
    let (pairs, _) = head.as_chunks::<2>();
    let high = pairs.iter().filter(|[first, _]| *first == 0).count();
    let low = pairs.iter().filter(|[_, second]| *second == 0).count();
    let (many, few) = (pairs.len() * 2 / 5, (pairs.len() / 20).max(1));
    match (high, low) {
        _ if pairs.len() < 4 => None,
        (high, low) if low > many && high <= few => Some(UTF_16LE),
        (high, low) if high > many && low <= few => Some(UTF_16BE),
        _ => None,
    }
}

/// Returns words of XML without the characters that XML forbids, written or by their numbers, and how many there were.
pub(super) fn allowed(text: &str) -> (String, usize) {
    let mut out = String::with_capacity(text.len());
    let (mut n, mut at) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let plain = rest.find(|c: char| c == '&' || is_forbidden(c)).unwrap_or(rest.len());
        out.push_str(rest.get(..plain).unwrap_or_default());
        let Some(c) = rest.get(plain..).and_then(|rest| rest.chars().next()) else { break };
        let from = rest.get(plain..).unwrap_or_default();
        at += plain;
        match reference(from) {
            Some((length, number)) if char::from_u32(number).is_none_or(is_forbidden) => {
                n += 1;
                at += length;
            }
            _ if is_forbidden(c) => {
                n += 1;
                at += c.len_utf8();
            }
            _ => {
                out.push(c);
                at += c.len_utf8();
            }
        }
    }
    (out, n)
}

/// Returns the length of a reference to a character by its number, and the number.
fn reference(text: &str) -> Option<(usize, u32)> {
    let inside = text.strip_prefix("&#")?;
    let end = inside.get(..12.min(inside.len())).unwrap_or(inside).find(';')?;
    let word = inside.get(..end)?;
    let number = match word.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => word.parse(),
    };
    Some((end + 3, number.ok()?))
}

fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_forbidden_is_taken_out_and_nothing_else() {
        for (text, want, n) in [
            ("<a b=\"x&#x1F;y\">&amp;&#10;&#xE9;\u{b}\u{e9}</a>", "<a b=\"xy\">&amp;&#10;&#xE9;\u{e9}</a>", 2),
            ("&#0;&#xD800;&#x110000;&#x;&#12", "&#x;&#12", 3),
            ("\t\r\n & \u{1f30a}", "\t\r\n & \u{1f30a}", 0),
        ] {
            assert_eq!(allowed(text), (want.to_owned(), n), "{text}");
        }
    }

    #[test]
    fn files_with_a_few_bad_places_are_read() {
        let mut wide: Vec<u8> = "Kyiv \u{1f600} is a city".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let read = |bytes: &[u8]| text(&Input { name: "x", bytes }, Declaration::None, &ReadOptions::default());
        assert_eq!((read(&wide).text.as_str(), read(&wide).notes.len()), ("Kyiv \u{1f600} is a city", 1));
        wide.push(b'x');
        assert!(read(&wide).text.starts_with("Kyiv \u{1f600} is a city"));
        assert_eq!(read(b"a\0b").text, "a b");
        let bad =
            read("caf\u{e9} \u{1f54a} is".as_bytes().iter().copied().chain([0xff]).collect::<Vec<u8>>().as_slice());
        assert_eq!((bad.text.as_str(), bad.notes.len()), ("caf\u{e9} \u{1f54a} is\u{fffd}", 1));
    }
}
