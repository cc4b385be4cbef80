//! PDF: the text layer, a page at a time, with the labels that the pages carry.
//!
//! PDF is a drawing, not a text: lines stay lines, and where they stand tells the order of reading, column by column. What
//! recurs at the heads and feet of pages is left out, and notes stand at the end. The libraries below
//! panic on many broken files, so they run on a thread of their own, behind `caught`, with a time limit; what
//! cannot be caught there (endless recursion, streams that expand without end) is looked for beforehand.

mod furniture;
mod glyphs;
mod guard;
mod labels;
mod letters;
mod order;

use super::{Format, set, single};
use crate::builder::{NOTE_CLOSES, NOTE_OPENS};
use crate::caught::caught;
use crate::{Fault, FormatError, Input, Limits, Place, Read, ReadOptions, Reason};
use glyphs::Glyphs;
use lopdf::{Document as Pdf, Object};
use nomoscope_core::text::{Document, Mark, MarkKind, Span};
use order::Line;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Instant;

pub(super) const FORMAT: Format = Format {
    name: "pdf",
    extensions: &["pdf"],
    description: "PDF with a text layer, with page labels; scans need OCR first",
    roots: &[],
    read,
};

const THREAD_NAME: &str = "nomoscope-pdf";
/// Deep but finite recursion of the libraries has to fit.
const STACK_BYTES: usize = 64 << 20;
/// How much of the head of a file may precede the signature.
const SIGNATURE_WITHIN: usize = 1024;

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let limits = &options.limits;
    let head = input.bytes.get(..SIGNATURE_WITHIN).unwrap_or(input.bytes);
    if !head.windows(5).any(|window| window == b"%PDF-") {
        let message = "the file does not begin like one".to_owned();
        return Err(FormatError::new(input, None, Reason::Pdf { message }));
    }
    guard::expansion(input.bytes, limits).map_err(|reason| FormatError::new(input, None, reason))?;
    let extracted = on_thread(input, limits)?;
    assemble(input, extracted, options)
}

/// What the thread hands back.
struct Extracted {
    pages: Vec<Page>,
    fields: Vec<(&'static str, String)>,
}

struct Page {
    label: String,
    lines: Result<Vec<Line>, String>,
    /// The page was read by the simpler method.
    fallback: bool,
    /// The page is written from below or above.
    turned: bool,
    /// Characters of fonts that do not say which letters they are.
    unknown: usize,
}

fn on_thread(input: &Input, limits: &Limits) -> Result<Extracted, FormatError> {
    let (sender, receiver) = mpsc::channel();
    let (bytes, limits_inside) = (input.bytes.to_vec(), limits.clone());
    let stop = Arc::new(AtomicBool::new(false));
    let stop_inside = Arc::clone(&stop);
    let work = move || {
        let result = caught(|| extract(&bytes, &limits_inside, &stop_inside));
        let panicked = || Err(Reason::Pdf { message: "its structure is damaged".to_owned() });
        // Nobody listens any more when the time is over.
        let _ = sender.send(result.unwrap_or_else(panicked));
    };
    let started = Instant::now();
    let spawned = std::thread::Builder::new().name(THREAD_NAME.to_owned()).stack_size(STACK_BYTES).spawn(work);
    if let Err(error) = spawned {
        return Err(FormatError::new(input, None, Reason::Pdf { message: error.to_string() }));
    }
    let too_slow = || {
        stop.store(true, Ordering::Relaxed);
        Err(Reason::TooSlow { seconds: limits.pdf_time.as_secs() })
    };
    let result = receiver.recv_timeout(limits.pdf_time).unwrap_or_else(|_| too_slow());
    // What came in the end may have come late: the same limit for the same file, however the threads take turns.
    let result = if started.elapsed() > limits.pdf_time { too_slow() } else { result };
    result.map_err(|reason| FormatError::new(input, None, reason))
}

fn extract(bytes: &[u8], limits: &Limits, stop: &Arc<AtomicBool>) -> Result<Extracted, Reason> {
    let mut pdf = Pdf::load_mem(bytes).map_err(|error| reason_of(bytes, &error))?;
    if pdf.is_encrypted() && pdf.decrypt("").is_err() {
        return Err(Reason::Encrypted);
    }
    let pages = pdf.get_pages();
    if pages.len() > limits.max_pages {
        return Err(Reason::TooMany { what: "pages", limit: limits.max_pages });
    }
    guard::drop_images(&mut pdf);
    guard::old_compression(&pdf, limits)?;
    guard::recursion(&pdf, &pages)?;
    let names = labels::page_labels(&pdf, pages.len());
    let mut read = Vec::new();
    let mut left = limits.max_text_bytes;
    for (&number, label) in pages.keys().zip(names) {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let page = page(&pdf, number, label, left, stop);
        left = left.saturating_sub(page.lines.iter().flatten().map(|line| line.text.len()).sum());
        if left == 0 {
            return Err(Reason::TextTooLarge { limit: limits.max_text_bytes });
        }
        read.push(page);
    }
    Ok(Extracted { pages: read, fields: fields(&pdf) })
}

fn reason_of(bytes: &[u8], error: &lopdf::Error) -> Reason {
    let locked = matches!(error, lopdf::Error::Decryption(_) | lopdf::Error::InvalidPassword);
    if locked || bytes.windows(8).any(|window| window == b"/Encrypt") {
        return Reason::Encrypted;
    }
    Reason::Pdf { message: error.to_string() }
}

fn page(pdf: &Pdf, number: u32, label: String, max_bytes: usize, stop: &Arc<AtomicBool>) -> Page {
    let by_position = || {
        let mut glyphs = Glyphs::new(max_bytes, Arc::clone(stop));
        pdf_extract::output_doc_page(pdf, &mut glyphs, number).map_err(|error| error.to_string())?;
        let shown = glyphs.shown();
        Ok((order::lines(shown.stretches), shown.turned, shown.unknown))
    };
    let simple = || pdf.extract_text(&[number]).map(|text| (drawn(&text), false, 0)).map_err(|error| error.to_string());
    let caught = |read: &dyn Fn() -> Result<(Vec<Line>, bool, usize), String>| {
        caught(read).unwrap_or_else(|| Err("its content is damaged".to_owned()))
    };
    let first = caught(&by_position);
    let fallback = first.is_err();
    let read = first.or_else(|_| caught(&simple));
    let (turned, unknown) = read.as_ref().map_or((false, 0), |(_, turned, unknown)| (*turned, *unknown));
    let lines = read.map(|(mut lines, ..)| {
        lines.iter_mut().for_each(|line| line.text = letters::clean(&line.text));
        lines.retain(|line| !line.text.is_empty());
        lines
    });
    Page { label, lines, fallback, turned, unknown }
}

/// Returns the lines of a text without places; blank lines leave a gap.
fn drawn(text: &str) -> Vec<Line> {
    let rows = text.lines().zip((0..).map(f64::from));
    rows.map(|(row, at)| Line { text: row.to_owned(), baseline: -at, size: 0.0, opens: at == 0.0 }).collect()
}

fn assemble(input: &Input, mut extracted: Extracted, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let numbered = || (1_u32..).zip(&extracted.pages);
    let problems: Vec<Fault> = numbered()
        .filter_map(|(number, page)| page.lines.as_ref().err().map(|message| (number, message)))
        .map(|(number, message)| Fault {
            place: Some(Place::Page(number)),
            reason: Reason::Pdf { message: message.clone() },
        })
        .collect();
    if !problems.is_empty() {
        return Err(FormatError::many(input, problems));
    }
    let list = |chosen: &dyn Fn(&Page) -> bool| {
        let labels: Vec<&str> =
            extracted.pages.iter().filter(|page| chosen(page)).map(|page| page.label.as_str()).collect();
        (!labels.is_empty()).then(|| labels.join(", "))
    };
    let is_empty = |page: &Page| page.lines.as_ref().is_ok_and(Vec::is_empty);
    if extracted.pages.iter().all(is_empty) {
        return Err(FormatError::new(input, None, Reason::NoTextLayer));
    }
    let mut notes = Vec::new();
    notes.extend(list(&is_empty).map(|pages| format!("pages without text (pictures, or empty): {pages}")));
    notes
        .extend(list(&|page| page.fallback).map(|pages| {
            format!("pages read in the order of drawing, which may differ from that of reading: {pages}")
        }));
    notes.extend(list(&|page| page.turned).map(|pages| format!("pages that are written from below or above: {pages}")));
    notes.extend(unknown(&extracted.pages));
    let labels: Vec<String> = extracted.pages.iter().map(|page| page.label.clone()).collect();
    let mut pages: Vec<Vec<Line>> = extracted
        .pages
        .iter_mut()
        .map(|page| std::mem::replace(&mut page.lines, Ok(Vec::new())).unwrap_or_default())
        .collect();
    if let Some((example, n)) = furniture::drop_recurring(&mut pages, &labels) {
        let example: String = example.chars().take(60).collect();
        notes.push(format!("left out: what recurs at the head or foot of pages ({n} lines, such as `{example}`)"));
    }
    let at_feet = furniture::take_notes(&mut pages);
    let mut document = Document::default();
    for (lines, label) in pages.iter().zip(&labels) {
        append(&mut document, &paragraphs(lines), label);
    }
    append_notes(&mut document, &at_feet);
    // A note mark on a later page of the list stands after the mark of the page, as all marks do: by start, longer first.
    document.marks.sort_by_key(|mark| (mark.span.start, std::cmp::Reverse(mark.span.end)));
    super::txt::check(input, &document.text, options)?;
    for (key, value) in &extracted.fields {
        set(&mut document, key, value);
    }
    Ok(single(document, notes))
}

/// Characters without a letter below which nothing is said: signs of a formula, bullets.
const FEW_UNKNOWN: usize = 20;

/// Returns what is said of characters that are seen and cannot be read: in files of China, Japan and Korea these may be most.
fn unknown(pages: &[Page]) -> Option<String> {
    let n: usize = pages.iter().map(|page| page.unknown).sum();
    let on = pages.iter().filter(|page| page.unknown > 0).count();
    (n >= FEW_UNKNOWN).then(|| {
        let pages = if on == 1 { "page" } else { "pages" };
        format!(
            "left out: {n} characters on {on} {pages}, because their fonts do not say which letters they are; text recognition (OCR) or a copy in another format has them"
        )
    })
}

/// A line further away than this many times the usual distance begins a paragraph.
const PARAGRAPH: f64 = 1.35;

/// Returns the text of a page; an empty line stands where the lines are further apart than usual.
fn paragraphs(lines: &[Line]) -> String {
    let pairs = || lines.iter().zip(lines.iter().skip(1)).filter(|(_, below)| !below.opens);
    let mut distances: Vec<f64> =
        pairs().map(|(above, below)| above.baseline - below.baseline).filter(|distance| *distance > 0.0).collect();
    distances.sort_by(f64::total_cmp);
    // The lower median: where half of all lines end paragraphs, the smaller distance is the one within them.
    let usual = distances.get(distances.len().saturating_sub(1) / 2).copied();
    let mut text = String::new();
    let mut above: Option<&Line> = None;
    for line in lines {
        if let Some(above) = above {
            let wide = usual.is_some_and(|usual| above.baseline - line.baseline > usual * PARAGRAPH);
            let ended = if line.opens { has_ended(&above.text) } else { wide };
            text.push_str(if ended { "\n\n" } else { "\n" });
        }
        text.push_str(&line.text);
        above = Some(line);
    }
    text
}

fn has_ended(text: &str) -> bool {
    text.ends_with(['.', '!', '?', ':', ';', '”', '"', ')', '。', '؟', '।'])
}

fn append(document: &mut Document, text: &str, label: &str) {
    if text.is_empty() {
        return;
    }
    if !document.text.is_empty() {
        // A sentence that runs over the page must not be cut by an empty line.
        document.text.push_str(if has_ended(&document.text) { "\n\n" } else { "\n" });
    }
    let start = document.text.len();
    write(document, text);
    mark(document, start, MarkKind::Page, Some(label.to_owned()));
}

/// Writes words, and the marks of notes in them as what they are.
fn write(document: &mut Document, text: &str) {
    for piece in text.split(NOTE_CLOSES) {
        let (words, note) = piece.split_once(NOTE_OPENS).unwrap_or((piece, ""));
        document.text.push_str(words);
        let from = document.text.len();
        document.text.push_str(note);
        mark(document, from, MarkKind::NoteMark, None);
    }
}

/// Marks the text from a place to its end.
fn mark(document: &mut Document, from: usize, kind: MarkKind, label: Option<String>) {
    if let (Ok(start), Ok(end)) = (u32::try_from(from), u32::try_from(document.text.len()))
        && start < end
    {
        document.marks.push(Mark { span: Span::new(start, end), kind, label, id: None });
    }
}

/// Writes the notes of all pages after the text, each a paragraph of its own; one that runs over a page goes on.
fn append_notes(document: &mut Document, pages: &[Vec<Line>]) {
    let mut open: Option<usize> = None;
    for line in pages.iter().flatten() {
        if furniture::opens_note(&line.text) || open.is_none() {
            if let Some(start) = open {
                mark(document, start, MarkKind::Note, None);
            }
            document.text.push_str("\n\n");
            open = Some(document.text.len());
        } else {
            document.text.push('\n');
        }
        write(document, &line.text);
    }
    if let Some(start) = open {
        mark(document, start, MarkKind::Note, None);
    }
}

fn fields(pdf: &Pdf) -> Vec<(&'static str, String)> {
    let mut fields = Vec::new();
    let text =
        |object: &Object| pdf.dereference(object).ok().and_then(|(_, object)| lopdf::decode_text_string(object).ok());
    let info = pdf.trailer.get(b"Info").and_then(|info| pdf.dereference(info)).and_then(|(_, info)| info.as_dict());
    if let Ok(info) = info {
        for (key, name) in [("title", "Title"), ("author", "Author"), ("subject", "Subject"), ("keywords", "Keywords")]
        {
            fields.extend(info.get(name.as_bytes()).ok().and_then(text).map(|value| (key, letters::clean(&value))));
        }
        let created = info.get(b"CreationDate").ok().and_then(text).and_then(|date| iso_date(&date));
        fields.extend(created.map(|date| ("created", date)));
    }
    let language = pdf.catalog().ok().and_then(|catalog| catalog.get(b"Lang").ok()).and_then(text);
    fields.extend(language.map(|language| ("language", language)));
    fields
}

/// Returns `D:20071123142700Z` as `2007-11-23`.
fn iso_date(date: &str) -> Option<String> {
    let digits = date.trim_start_matches("D:");
    let part =
        |range: std::ops::Range<usize>| digits.get(range).filter(|part| part.chars().all(|c| c.is_ascii_digit()));
    Some(format!("{}-{}-{}", part(0..4)?, part(4..6)?, part(6..8)?))
}
