//! Rich Text (rtf): paragraphs, headings by the names of their styles, tables and notes.
//!
//! A reader of its own: the text that people see, in the encodings that the file names (`\ansicpg`, the character set of
//! the font, `\u`). Hidden and deleted passages, headers, footers, pictures, comments and instructions of fields are left
//! out. # Source  Microsoft, Rich Text Format (RTF) Specification 1.9.1

use super::{Format, raised, set, single};
use crate::builder::Builder;
use crate::{FormatError, Input, Read, ReadOptions, Reason};
use encoding_rs::Encoding;
use nomoscope_core::text::{Document, MarkKind};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const FORMAT: Format = Format {
    name: "rtf",
    extensions: &["rtf"],
    description: "Rich Text, with headings, tables and notes",
    roots: &[],
    read,
};

/// Groups whose words are no text of the document.
static SKIPPED: &[&str] = &[
    "colortbl",
    "filetbl",
    "listtable",
    "listoverridetable",
    "revtbl",
    "rsidtbl",
    "generator",
    "pict",
    "object",
    "objdata",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "fldinst",
    "themedata",
    "colorschememapping",
    "latentstyles",
    "datastore",
    "xmlnstbl",
    "mmathPr",
    "bkmkstart",
    "bkmkend",
    "pgptbl",
    "template",
    "private",
    "nextfile",
    "xe",
    "tc",
    "rxe",
    "nonshppict",
    "listpicture",
    "fontemb",
    "fontfile",
    "falt",
    "panose",
    "atnid",
    "atnauthor",
    "atntime",
    "atndate",
    "atnref",
    "atnparent",
    "atrfstart",
    "atrfend",
    "ftnsep",
    "ftnsepc",
    "ftncn",
    "aftnsep",
    "aftnsepc",
    "aftncn",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Skipped,
    Fonts,
    Styles,
    Info,
    /// A field of the description of the document.
    Field(&'static str),
    Note,
    Comment,
}

#[derive(Debug, Clone)]
struct State {
    place: Place,
    encoding: &'static Encoding,
    /// Bytes that stand for a `\u` in programs that do not know it.
    fallback: usize,
    hidden: bool,
    deleted: bool,
    raised: bool,
}

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    if !input.bytes.starts_with(b"{\\rtf") {
        return Err(FormatError::new(
            input,
            None,
            Reason::Table { message: "it does not begin with {\\rtf".to_owned() },
        ));
    }
    let mut reader = Reader::new(input, options);
    reader.run()?;
    reader.finish(options)
}

struct Reader<'a> {
    input: &'a Input<'a>,
    bytes: &'a [u8],
    at: usize,
    state: State,
    stack: Vec<State>,
    max_depth: usize,
    /// Bytes of the file's own encoding that wait for the next ones of their character.
    pending: Vec<u8>,
    /// A high surrogate that waits for its low one.
    surrogate: Option<u32>,
    skip: usize,
    fonts: BTreeMap<i32, &'static Encoding>,
    font: i32,
    styles: BTreeMap<i32, String>,
    style: i32,
    words: String,
    paragraph: String,
    heading: Option<u8>,
    in_table: bool,
    row: Vec<String>,
    blocks: Vec<Block>,
    fields: Vec<(&'static str, String)>,
    field: String,
    notes: Vec<String>,
    note: String,
    raised: String,
    left_out: BTreeMap<&'static str, usize>,
    told: BTreeSet<usize>,
    total: usize,
    limit: usize,
}

struct Block {
    text: String,
    heading: Option<u8>,
    row: bool,
}

impl<'a> Reader<'a> {
    fn new(input: &'a Input<'a>, options: &ReadOptions) -> Self {
        let state = State {
            place: Place::Text,
            encoding: encoding_rs::WINDOWS_1252,
            fallback: 1,
            hidden: false,
            deleted: false,
            raised: false,
        };
        Self {
            input,
            bytes: input.bytes,
            at: 0,
            state,
            stack: Vec::new(),
            max_depth: options.limits.max_depth,
            pending: Vec::new(),
            surrogate: None,
            skip: 0,
            fonts: BTreeMap::new(),
            font: 0,
            styles: BTreeMap::new(),
            style: 0,
            words: String::new(),
            paragraph: String::new(),
            heading: None,
            in_table: false,
            row: Vec::new(),
            blocks: Vec::new(),
            fields: Vec::new(),
            field: String::new(),
            notes: Vec::new(),
            note: String::new(),
            raised: String::new(),
            left_out: BTreeMap::new(),
            told: BTreeSet::new(),
            total: 0,
            limit: options.limits.max_text_bytes,
        }
    }

    fn run(&mut self) -> Result<(), FormatError> {
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'{' => {
                    self.flush();
                    if self.stack.len() >= self.max_depth {
                        return Err(FormatError::new(self.input, None, Reason::TooDeep { limit: self.max_depth }));
                    }
                    self.stack.push(self.state.clone());
                }
                b'}' => self.close(),
                b'\\' => self.control(),
                b'\r' | b'\n' => {}
                _ if self.skip > 0 => self.skip -= 1,
                byte => self.pending.push(byte),
            }
            if self.total > self.limit {
                return Err(FormatError::new(self.input, None, Reason::TextTooLarge { limit: self.limit }));
            }
        }
        self.flush();
        self.end_paragraph();
        Ok(())
    }

    fn close(&mut self) {
        self.flush();
        self.end_raised();
        self.skip = 0;
        let (inner, Some(outer)) = (self.state.place, self.stack.pop()) else {
            return;
        };
        let changed = inner != outer.place;
        self.state = outer;
        match inner {
            Place::Field(name) if changed => {
                let value = std::mem::take(&mut self.field);
                self.fields.push((name, value));
            }
            Place::Note if changed => {
                let note = std::mem::take(&mut self.note);
                self.notes.push(note.trim().to_owned());
                let sign = format!("\u{fdd0}[{}]\u{fdd1}", self.notes.len());
                self.paragraph.push_str(&sign);
            }
            Place::Comment if changed => *self.left_out.entry("comments").or_default() += 1,
            _ => {}
        }
    }

    fn control(&mut self) {
        let Some(&byte) = self.bytes.get(self.at) else {
            return;
        };
        if byte.is_ascii_alphabetic() {
            return self.word();
        }
        self.at += 1;
        match byte {
            b'\'' => {
                let hex = self.bytes.get(self.at..self.at + 2).and_then(|hex| std::str::from_utf8(hex).ok());
                if let Some(value) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                    self.at += 2;
                    if self.skip > 0 { self.skip -= 1 } else { self.pending.push(value) }
                }
            }
            b'*' => {
                // What follows may be passed over by whoever does not know it.
                self.flush();
                if !self.known_destination() {
                    self.state.place = Place::Skipped;
                }
            }
            b'~' => self.put("\u{a0}"),
            b'_' => self.put("\u{2011}"),
            b'-' => self.put("\u{ad}"),
            b'\r' | b'\n' => self.paragraph_mark(),
            b'\\' | b'{' | b'}' => self.pending.push(byte),
            _ => {}
        }
    }

    /// Whether a destination that others may pass over holds text.
    fn known_destination(&self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        [b"\\shpinst".as_slice(), b"\\shptxt", b"\\footnote", b"\\pntext", b"\\annotation"]
            .iter()
            .any(|name| rest.starts_with(name))
    }

    fn word(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let letters = rest.iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
        let after = rest.get(letters..).unwrap_or_default();
        let sign = usize::from(after.first() == Some(&b'-'));
        let digits = after.iter().skip(sign).take(10).take_while(|b| b.is_ascii_digit()).count();
        let number = after.get(..if digits > 0 { sign + digits } else { 0 }).unwrap_or_default();
        let number = std::str::from_utf8(number).ok().and_then(|n| n.parse::<i32>().ok());
        let used = letters + if number.is_some() { sign + digits } else { 0 };
        let name = std::str::from_utf8(rest.get(..letters).unwrap_or_default()).unwrap_or_default();
        self.at += used + usize::from(rest.get(used) == Some(&b' '));
        if name != "u" && self.skip > 0 && name != "bin" {
            self.skip -= 1;
        }
        self.apply(name, number);
    }

    fn apply(&mut self, name: &str, number: Option<i32>) {
        let on = number != Some(0);
        match name {
            "u" => return self.unicode(number.unwrap_or(0)),
            "bin" => {
                self.at = self.at.saturating_add(usize::try_from(number.unwrap_or(0)).unwrap_or(0));
                return;
            }
            _ => self.flush(),
        }
        match name {
            "par" | "sect" | "page" => self.paragraph_mark(),
            "line" | "softline" => self.put("\n"),
            "tab" => self.put("\t"),
            "emdash" => self.put("\u{2014}"),
            "endash" => self.put("\u{2013}"),
            "lquote" => self.put("\u{2018}"),
            "rquote" => self.put("\u{2019}"),
            "ldblquote" => self.put("\u{201c}"),
            "rdblquote" => self.put("\u{201d}"),
            "bullet" => self.put("\u{2022}"),
            "emspace" | "enspace" | "qmspace" => self.put(" "),
            "zwj" => self.put("\u{200d}"),
            "zwnj" => self.put("\u{200c}"),
            "cell" | "nestcell" => self.end_cell(),
            "row" | "nestrow" => self.end_row(),
            "intbl" => self.in_table = true,
            "pard" => (self.in_table, self.heading, self.style) = (false, None, 0),
            "plain" => (self.state.hidden, self.state.deleted) = (false, false),
            "outlinelevel" => {
                self.heading = number.and_then(|n| u8::try_from(n + 1).ok()).filter(|n| *n <= 9).map(|n| n.min(6))
            }
            "s" => {
                self.style = number.unwrap_or(0);
                self.heading = self.styles.get(&self.style).and_then(|name| heading_level(name));
            }
            "v" => self.hide(on, false),
            "deleted" => self.hide(on, true),
            "super" => self.state.raised = on,
            "nosupersub" => self.state.raised = false,
            "uc" => self.state.fallback = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(8),
            "ansicpg" => self.state.encoding = code_page(number.unwrap_or(1252)),
            "mac" => self.state.encoding = encoding_rs::MACINTOSH,
            "f" => {
                self.font = number.unwrap_or(0);
                if self.state.place != Place::Fonts
                    && let Some(encoding) = self.fonts.get(&self.font)
                {
                    self.state.encoding = encoding;
                }
            }
            "fcharset" => drop(char_set(number.unwrap_or(1)).map(|encoding| self.fonts.insert(self.font, encoding))),
            _ => self.destination(name),
        }
    }

    fn hide(&mut self, on: bool, deleted: bool) {
        let what = if deleted { "deleted passages" } else { "hidden passages" };
        if on
            && self.state.place == Place::Text
            && self.told.insert(self.stack.len().wrapping_mul(2) + usize::from(deleted))
        {
            *self.left_out.entry(what).or_default() += 1;
        }
        if deleted { self.state.deleted = on } else { self.state.hidden = on }
    }

    fn destination(&mut self, name: &str) {
        let place = match name {
            "fonttbl" => Place::Fonts,
            "stylesheet" => Place::Styles,
            "info" => Place::Info,
            "title" if self.state.place == Place::Info => Place::Field("title"),
            "author" if self.state.place == Place::Info => Place::Field("author"),
            "subject" if self.state.place == Place::Info => Place::Field("subject"),
            "keywords" if self.state.place == Place::Info => Place::Field("keywords"),
            "footnote" if self.state.place == Place::Text => Place::Note,
            "annotation" => Place::Comment,
            name if SKIPPED.contains(&name) => Place::Skipped,
            _ => return,
        };
        if self.state.place != Place::Skipped {
            self.state.place = place;
        }
    }

    fn unicode(&mut self, number: i32) {
        self.flush();
        // Signed 16 bits: what is below zero lies above 32767.
        let unit = u32::try_from(if number < 0 { number + 65_536 } else { number }).unwrap_or(0xfffd);
        self.skip = self.state.fallback;
        let c = match (self.surrogate.take(), unit) {
            (_, 0xd800..=0xdbff) => {
                self.surrogate = Some(unit);
                return;
            }
            (Some(high), 0xdc00..=0xdfff) => char::from_u32(0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00)),
            (_, unit) => char::from_u32(unit),
        };
        if let Some(c) = c.filter(|c| !c.is_control() && !matches!(c, '\u{fdd0}' | '\u{fdd1}')) {
            self.put(c.encode_utf8(&mut [0; 4]));
        }
    }

    /// Turns bytes that wait into text.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let (text, _) = self.state.encoding.decode_without_bom_handling(&self.pending);
        let text = text.replace(['\0', '\u{fdd0}', '\u{fdd1}'], "");
        self.pending.clear();
        self.put(&text);
    }

    fn put(&mut self, text: &str) {
        if !self.pending.is_empty() {
            self.flush();
        }
        self.total += text.len();
        match self.state.place {
            Place::Skipped | Place::Info | Place::Comment => {}
            Place::Fonts => {}
            Place::Styles => {
                self.words.push_str(text);
                if let Some((name, _)) = self.words.split_once(';') {
                    self.styles.insert(self.style, name.trim().to_owned());
                    self.words.clear();
                    self.style = 0;
                }
            }
            Place::Field(_) => self.field.push_str(text),
            Place::Note => self.note.push_str(text),
            Place::Text if self.state.hidden || self.state.deleted => {}
            Place::Text if self.state.raised => self.raised.push_str(text),
            Place::Text => {
                self.end_raised();
                self.paragraph.push_str(text);
            }
        }
    }

    /// Raised digits are raised in the text; whatever else is raised is text.
    fn end_raised(&mut self) {
        if self.raised.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.raised);
        self.paragraph.push_str(&raised(&text).unwrap_or(text));
    }

    fn paragraph_mark(&mut self) {
        self.flush();
        match self.state.place {
            Place::Text if self.in_table => self.put(" "),
            Place::Text => self.end_paragraph(),
            Place::Note => self.note.push('\n'),
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        self.end_raised();
        self.end_row();
        let text = std::mem::take(&mut self.paragraph);
        self.blocks.push(Block { text, heading: self.heading, row: false });
    }

    fn end_cell(&mut self) {
        if self.state.place == Place::Text {
            self.end_raised();
            let cell = std::mem::take(&mut self.paragraph);
            self.row.push(cell.trim().replace(['\n', '\t'], " "));
        }
    }

    fn end_row(&mut self) {
        if !self.row.is_empty() {
            let text = std::mem::take(&mut self.row).join("\t");
            self.blocks.push(Block { text, heading: None, row: true });
        }
    }

    fn finish(self, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
        let mut builder = Builder::new(&options.limits);
        let mut after_row = false;
        for block in self.blocks {
            let text = block.text.trim();
            if text.is_empty() {
                continue;
            }
            if block.row && after_row {
                builder.line()
            } else {
                builder.block()
            }
            let open = block.heading.map(|level| builder.open(MarkKind::Heading { level }, None, None));
            builder.with_notes(text, Builder::exact);
            if let Some(open) = open {
                builder.close(open);
            }
            after_row = block.row;
            if !block.row {
                builder.block();
            }
        }
        for (number, note) in (1..).zip(self.notes.iter()) {
            builder.block();
            let open = builder.open(MarkKind::Note, None, None);
            builder.note_mark(&format!("[{number}]"));
            builder.space();
            builder.exact(&note.replace(['\u{fdd0}', '\u{fdd1}'], ""));
            builder.close(open);
        }
        let notes = self.left_out.iter().map(|(what, n)| format!("left out: {what} ({n})")).collect();
        let (text, marks) = builder.finish(self.input)?;
        let mut document = Document { text, marks, ..Document::default() };
        for (name, value) in &self.fields {
            set(&mut document, name, value);
        }
        Ok(single(document, notes))
    }
}

/// Returns the level that the name of a style says: "heading 2", "Überschrift 2"; "Title" is the first.
fn heading_level(name: &str) -> Option<u8> {
    super::docx::styles::heading_level(name).map(|level| level.min(6))
}

fn code_page(number: i32) -> &'static Encoding {
    let label = match number {
        437 | 850 | 1252 => "windows-1252",
        866 => "ibm866",
        874 => "windows-874",
        932 => "shift_jis",
        936 => "gbk",
        949 => "euc-kr",
        950 => "big5",
        10000 => "macintosh",
        10007 => "x-mac-cyrillic",
        65001 => "utf-8",
        1250..=1258 => {
            return Encoding::for_label(format!("windows-{number}").as_bytes()).unwrap_or(encoding_rs::WINDOWS_1252);
        }
        _ => "windows-1252",
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::WINDOWS_1252)
}

/// Returns the encoding of a font's character set.
fn char_set(number: i32) -> Option<&'static Encoding> {
    Some(code_page(match number {
        0 => 1252,
        77 => 10000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    }))
}
