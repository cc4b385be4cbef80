//! PDF: the text layer, a page at a time, with the labels that the pages carry.
//!
//! PDF is a drawing, not a text: lines stay lines, and the order is that in which the file draws. The libraries below
//! panic on many broken files, so they run on a thread of their own, behind `catch_unwind`, with a time limit; what
//! cannot be caught there (endless recursion, streams that expand without end) is looked for beforehand.

mod guard;
mod labels;
mod lines;

use super::{Format, set, single};
use crate::builder::{NOTE_CLOSES, NOTE_OPENS};
use crate::{Fault, FormatError, Input, Limits, Place, Read, ReadOptions, Reason};
use lines::Lines;
use lopdf::{Document as Pdf, Object};
use nomoscope_core::text::{Document, Mark, MarkKind, Span};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

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
    text: Result<String, String>,
    /// The page was read by the simpler method.
    fallback: bool,
}

fn on_thread(input: &Input, limits: &Limits) -> Result<Extracted, FormatError> {
    quiet_panics();
    let (sender, receiver) = mpsc::channel();
    let (bytes, limits_inside) = (input.bytes.to_vec(), limits.clone());
    let stop = Arc::new(AtomicBool::new(false));
    let stop_inside = Arc::clone(&stop);
    let work = move || {
        let result = catch_unwind(AssertUnwindSafe(|| extract(&bytes, &limits_inside, &stop_inside)));
        let panicked = || Err(Reason::Pdf { message: "its structure is damaged".to_owned() });
        // Nobody listens any more when the time is over.
        let _ = sender.send(result.unwrap_or_else(|_| panicked()));
    };
    let spawned = std::thread::Builder::new().name(THREAD_NAME.to_owned()).stack_size(STACK_BYTES).spawn(work);
    if let Err(error) = spawned {
        return Err(FormatError::new(input, None, Reason::Pdf { message: error.to_string() }));
    }
    let result = receiver.recv_timeout(limits.pdf_time).unwrap_or_else(|_| {
        stop.store(true, Ordering::Relaxed);
        Err(Reason::TooSlow { seconds: limits.pdf_time.as_secs() })
    });
    result.map_err(|reason| FormatError::new(input, None, reason))
}

/// Keeps panics of this module's own threads, which are caught and reported, from being printed as well.
fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if std::thread::current().name() != Some(THREAD_NAME) {
                before(info);
            }
        }));
    });
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
        left = left.saturating_sub(page.text.as_ref().map_or(0, String::len));
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
        let mut lines = Lines::new(max_bytes, Arc::clone(stop));
        pdf_extract::output_doc_page(pdf, &mut lines, number).map(|()| lines.text()).map_err(|error| error.to_string())
    };
    let simple = || pdf.extract_text(&[number]).map_err(|error| error.to_string());
    let caught = |read: &dyn Fn() -> Result<String, String>| {
        catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err("its content is damaged".to_owned()))
    };
    let first = caught(&by_position);
    let fallback = first.is_err();
    let text = first.or_else(|_| caught(&simple)).map(|text| lines::clean(&text));
    Page { label, text, fallback }
}

fn assemble(input: &Input, mut extracted: Extracted, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let numbered = || (1_u32..).zip(&extracted.pages);
    let problems: Vec<Fault> = numbered()
        .filter_map(|(number, page)| page.text.as_ref().err().map(|message| (number, message)))
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
    let is_empty = |page: &Page| page.text.as_ref().is_ok_and(|text| text.trim().is_empty());
    if extracted.pages.iter().all(is_empty) {
        return Err(FormatError::new(input, None, Reason::NoTextLayer));
    }
    let mut notes = Vec::new();
    notes.extend(list(&is_empty).map(|pages| format!("pages without text (pictures, or empty): {pages}")));
    notes
        .extend(list(&|page| page.fallback).map(|pages| {
            format!("pages read in the order of drawing, which may differ from that of reading: {pages}")
        }));
    let dropped = drop_page_numbers(&mut extracted.pages);
    if dropped > 0 {
        notes.push(format!("page numbers left out ({dropped})"));
    }
    let mut document = Document::default();
    for page in &extracted.pages {
        append(&mut document, page);
    }
    super::txt::check(input, &document.text, options)?;
    for (key, value) in &extracted.fields {
        set(&mut document, key, value);
    }
    Ok(single(document, notes))
}

/// Leaves out page numbers at the head or foot of pages: they would stand in the middle of sentences.
///
/// Only where most pages have one that is their own number; a lone number may be anything. Returns how many.
fn drop_page_numbers(pages: &mut [Page]) -> usize {
    let mut dropped = 0;
    for first in [true, false] {
        let found: Vec<usize> = pages
            .iter()
            .enumerate()
            .filter(|(index, page)| ends_in_number(page, *index, first))
            .map(|(index, _)| index)
            .collect();
        if found.len() < 2 || found.len() * 2 < pages.len() {
            continue;
        }
        for index in &found {
            let Some(Page { text: Ok(text), .. }) = pages.get_mut(*index) else {
                continue;
            };
            let cut = if first {
                text.split_once('\n').map(|parts| parts.1)
            } else {
                text.rsplit_once('\n').map(|parts| parts.0)
            };
            *text = cut.unwrap_or_default().trim().to_owned();
        }
        dropped += found.len();
    }
    dropped
}

/// Returns whether the first or last line of a page is its label or number.
fn ends_in_number(page: &Page, index: usize, first: bool) -> bool {
    let text = page.text.as_deref().unwrap_or_default();
    let line = if first { text.lines().next() } else { text.lines().next_back() };
    let bare = line.unwrap_or_default().trim_matches(|c: char| c.is_whitespace() || "-–—[]|".contains(c));
    bare == page.label || bare == (index + 1).to_string()
}

fn append(document: &mut Document, page: &Page) {
    let text = page.text.as_deref().unwrap_or_default();
    if text.is_empty() {
        return;
    }
    if !document.text.is_empty() {
        // A sentence that runs over the page must not be cut by an empty line.
        let ended = document.text.ends_with(['.', '!', '?', ':', ';', '”', '"', ')', '。', '؟', '।']);
        document.text.push_str(if ended { "\n\n" } else { "\n" });
    }
    let start = document.text.len();
    let mut notes = Vec::new();
    for piece in text.split(NOTE_CLOSES) {
        let (words, note) = piece.split_once(NOTE_OPENS).unwrap_or((piece, ""));
        document.text.push_str(words);
        let from = document.text.len();
        document.text.push_str(note);
        if let (false, Ok(from), Ok(to)) = (note.is_empty(), u32::try_from(from), u32::try_from(document.text.len())) {
            notes.push(Mark { span: Span::new(from, to), kind: MarkKind::NoteMark, label: None, id: None });
        }
    }
    if let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(document.text.len())) {
        let label = Some(page.label.clone());
        document.marks.push(Mark { span: Span::new(start, end), kind: MarkKind::Page, label, id: None });
        document.marks.append(&mut notes);
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
            fields.extend(info.get(name.as_bytes()).ok().and_then(text).map(|value| (key, lines::clean(&value))));
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
