//! Bytes to text: byte order marks, declared encodings, and a guess that says it is one.
//!
//! Nothing is ever replaced by U+FFFD: a byte that the encoding does not allow is an error with its place, because a
//! quotation must be found again in the file it comes from.

mod charset;
mod single_bytes;
mod twice;

use crate::{FormatError, Input, Place, ReadOptions, Reason};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use charset::Charset;
use encoding_rs::{DecoderResult, Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

/// How much of a file is searched for a declaration of its encoding.
const DECLARATION_BYTES: usize = 4096;
/// How much of a file is looked at to tell what it is.
const PEEK_BYTES: usize = 65_536;

/// Where a format may say in which encoding it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Declaration {
    /// Nowhere.
    None,
    /// In `<?xml … encoding="…"?>`.
    Xml,
    /// In `<meta charset="…">` or its older form, or as in XML.
    Html,
}

/// A decoded text.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) notes: Vec<String>,
}

/// Returns the text of a file without its byte order mark; line ends stay as they are.
pub(crate) fn decode(input: &Input, declaration: Declaration, options: &ReadOptions) -> Result<Decoded, FormatError> {
    let (charset, skip, mut notes) = choose(input, declaration, options)?;
    let body = input.bytes.get(skip..).unwrap_or_default();
    let text = match charset {
        Charset::Known(encoding) if encoding == UTF_8 => utf8(input, body, skip)?,
        Charset::Known(encoding) => legacy(input, encoding, body, skip)?,
        Charset::Utf32 { big_endian } => utf32(input, body, skip, big_endian)?,
        Charset::Cp850 => body.iter().map(|byte| single_bytes::of_cp850(*byte)).collect(),
    };
    if let Some(at) = text.find('\0') {
        let line = lines_before(text.get(..at).unwrap_or_default()) + 1;
        return Err(FormatError::new(input, Some(Place::Line(line)), Reason::Binary));
    }
    notes.extend(twice::note(&text));
    Ok(Decoded { text, notes })
}

/// Returns the beginning of a file as text, with whatever is broken replaced: to tell formats apart, never to be kept.
pub(crate) fn peek(bytes: &[u8]) -> String {
    let head = bytes.get(..PEEK_BYTES).unwrap_or(bytes);
    match byte_order_mark(head) {
        Some((Charset::Known(encoding), skip)) => {
            encoding.decode_without_bom_handling(head.get(skip..).unwrap_or_default()).0.into_owned()
        }
        // No byte order mark says so.
        Some((Charset::Cp850, _)) => String::new(),
        Some((Charset::Utf32 { big_endian }, skip)) => {
            let (chunks, _) = head.get(skip..).unwrap_or_default().as_chunks::<4>();
            chunks.iter().filter_map(|unit| char::from_u32(unit32(*unit, big_endian))).collect()
        }
        None => match utf16_without_mark(head) {
            Some(encoding) => encoding.decode_without_bom_handling(head).0.into_owned(),
            None => String::from_utf8_lossy(head).into_owned(),
        },
    }
}

fn choose(
    input: &Input,
    declaration: Declaration,
    options: &ReadOptions,
) -> Result<(Charset, usize, Vec<String>), FormatError> {
    let given = options.encoding.as_deref().map(|label| known(input, label)).transpose()?;
    if let Some((charset, skip)) = byte_order_mark(input.bytes) {
        return Ok((charset, skip, Vec::new()));
    }
    if let Some(charset) = given {
        return Ok((charset, 0, Vec::new()));
    }
    if let Some(encoding) = utf16_without_mark(input.bytes) {
        let note = format!("read as {}, guessed from its bytes: there is no byte order mark", encoding.name());
        return Ok((Charset::Known(encoding), 0, vec![note]));
    }
    if let Some(label) = declared(input.bytes, declaration) {
        let charset = known(input, &label)?;
        // The declaration was readable as ASCII, so UTF-16 or UTF-32 it is not; both standards say to take UTF-8.
        if !charset.is_utf16() && !matches!(charset, Charset::Utf32 { .. }) {
            return Ok((charset, 0, Vec::new()));
        }
        let note = format!("the file declares {label}, but is not written so; read as UTF-8");
        return Ok((Charset::Known(UTF_8), 0, vec![note]));
    }
    // All its bytes are those of ASCII: escapes switch between the scripts.
    if input.bytes.is_ascii()
        && [b"\x1b$B", b"\x1b$@"].iter().any(|escape| memchr::memmem::find(input.bytes, *escape).is_some())
    {
        let note = format!("read as {}, guessed from its bytes", ISO_2022_JP.name());
        return Ok((Charset::Known(ISO_2022_JP), 0, vec![note]));
    }
    if std::str::from_utf8(input.bytes).is_ok() || input.bytes.contains(&0) {
        return Ok((Charset::Known(UTF_8), 0, Vec::new()));
    }
    Ok(guess(input.bytes))
}

fn guess(bytes: &[u8]) -> (Charset, usize, Vec<String>) {
    // Letters of other encodings almost never form valid UTF-8 by chance, so a file that has more of it than of errors
    // is broken UTF-8; a guess would turn its letters into pairs of signs.
    if mostly_utf8(bytes) {
        return (Charset::Known(UTF_8), 0, Vec::new());
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let (charset, doubt) = match single_bytes::likelier(bytes, encoding) {
        Some(likelier) => {
            (likelier, " (rarely met: look at its letters with accents, and name the encoding if they are wrong)")
        }
        None => (Charset::Known(encoding), ""),
    };
    let name = charset.name();
    (charset, 0, vec![format!("read as {name}, guessed from its bytes: the file is not valid UTF-8{doubt}")])
}

fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= 2 && bad * 2 <= good
}

fn known(input: &Input, label: &str) -> Result<Charset, FormatError> {
    Charset::of_label(label).ok_or_else(|| {
        FormatError::new(input, None, Reason::UnknownEncoding { label: label.chars().take(40).collect() })
    })
}

fn byte_order_mark(bytes: &[u8]) -> Option<(Charset, usize)> {
    // UTF-32LE first: its mark begins with that of UTF-16LE.
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] => Some((Charset::Utf32 { big_endian: false }, 4)),
        [0, 0, 0xFE, 0xFF, ..] => Some((Charset::Utf32 { big_endian: true }, 4)),
        [0xEF, 0xBB, 0xBF, ..] => Some((Charset::Known(UTF_8), 3)),
        [0xFF, 0xFE, ..] => Some((Charset::Known(UTF_16LE), 2)),
        [0xFE, 0xFF, ..] => Some((Charset::Known(UTF_16BE), 2)),
        _ => None,
    }
}

/// Text in a Latin script as UTF-16 has a NUL in nearly every other byte, always on the same side.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..4096).unwrap_or(bytes);
    let (pairs, rest) = head.as_chunks::<2>();
    if pairs.len() < 4 || !rest.is_empty() {
        return None;
    }
    let high = pairs.iter().filter(|[first, _]| *first == 0).count();
    let low = pairs.iter().filter(|[_, second]| *second == 0).count();
    let many = pairs.len() * 2 / 5;
    match (high, low) {
        (0, low) if low > many => Some(UTF_16LE),
        (high, 0) if high > many => Some(UTF_16BE),
        _ => None,
    }
}

fn declared(bytes: &[u8], declaration: Declaration) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..DECLARATION_BYTES).unwrap_or(bytes)).to_ascii_lowercase();
    let in_xml = || {
        let start = head.strip_prefix("<?xml")?;
        value_after(start.get(..start.find("?>")?)?, "encoding")
    };
    let in_meta = || {
        let tags = head.match_indices("<meta").filter_map(|(at, _)| head.get(at..));
        tags.filter_map(|tag| tag.split('>').next()).find_map(|tag| value_after(tag, "charset"))
    };
    match declaration {
        Declaration::None => None,
        Declaration::Xml => in_xml(),
        Declaration::Html => in_xml().or_else(in_meta),
    }
}

/// Returns the value after `name =`, quoted or not (`content="text/html; charset=x"` has it inside other quotes).
fn value_after(text: &str, name: &str) -> Option<String> {
    let after = text.get(text.find(name)? + name.len()..)?.trim_start().strip_prefix('=')?.trim_start();
    let bare = after.trim_start_matches(['"', '\'']);
    let end = bare.find(|c: char| c.is_whitespace() || "\"';/>".contains(c)).unwrap_or(bare.len());
    bare.get(..end).filter(|value| !value.is_empty()).map(str::to_owned)
}

fn utf8(input: &Input, body: &[u8], skip: usize) -> Result<String, FormatError> {
    match std::str::from_utf8(body) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let at = error.valid_up_to();
            let before = body.get(..at).unwrap_or_default();
            let line = count_lines(before.iter().copied()) + 1;
            Err(undecodable(input, body, at, skip, line, "UTF-8"))
        }
    }
}

fn legacy(input: &Input, encoding: &'static Encoding, body: &[u8], skip: usize) -> Result<String, FormatError> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let capacity = decoder.max_utf8_buffer_length_without_replacement(body.len()).unwrap_or(body.len());
    let mut text = String::with_capacity(capacity);
    let (result, read) = decoder.decode_to_string_without_replacement(body, &mut text, true);
    match result {
        DecoderResult::InputEmpty => Ok(text),
        DecoderResult::Malformed(length, beyond) => {
            let at = read.saturating_sub(usize::from(length) + usize::from(beyond));
            Err(undecodable(input, body, at, skip, lines_before(&text) + 1, encoding.name()))
        }
        DecoderResult::OutputFull => Err(FormatError::new(input, None, Reason::TextTooLarge { limit: capacity })),
    }
}

fn utf32(input: &Input, body: &[u8], skip: usize, big_endian: bool) -> Result<String, FormatError> {
    let name = Charset::Utf32 { big_endian }.name();
    let (units, rest) = body.as_chunks::<4>();
    let mut text = String::with_capacity(body.len() / 4);
    for (index, unit) in units.iter().enumerate() {
        match char::from_u32(unit32(*unit, big_endian)) {
            Some(c) => text.push(c),
            None => {
                return Err(undecodable(input, body, index * 4, skip, lines_before(&text) + 1, &name));
            }
        }
    }
    if rest.is_empty() {
        return Ok(text);
    }
    Err(undecodable(input, body, units.len() * 4, skip, lines_before(&text) + 1, &name))
}

const fn unit32(unit: [u8; 4], big_endian: bool) -> u32 {
    if big_endian { u32::from_be_bytes(unit) } else { u32::from_le_bytes(unit) }
}

fn undecodable(input: &Input, body: &[u8], at: usize, skip: usize, line: u64, encoding: &str) -> FormatError {
    let byte = body.get(at).copied().unwrap_or_default();
    let place = Place::LineByte { line, byte: (at + skip) as u64 };
    FormatError::new(input, Some(place), Reason::Undecodable { byte, encoding: encoding.to_owned() })
}

/// Returns the number of line ends; CR LF counts once, a single CR as well.
fn lines_before(text: &str) -> u64 {
    count_lines(text.bytes())
}

fn count_lines(bytes: impl Iterator<Item = u8>) -> u64 {
    let (mut lines, mut after_cr) = (0, false);
    for byte in bytes {
        if byte == b'\r' || (byte == b'\n' && !after_cr) {
            lines += 1;
        }
        after_cr = byte == b'\r';
    }
    lines
}
