//! What must be known of a PDF before a library reads it: nothing in it expands, or calls itself, without end.
//!
//! A stack that overflows and memory that runs out end the whole program; no `catch_unwind` helps there.

use crate::{Limits, Reason};
use flate2::read::ZlibDecoder;
use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

/// How often the drawing of a page may draw something else, all levels together.
const MAX_DRAWINGS: u64 = 100_000;
/// How deep drawings may nest.
const MAX_NESTING: usize = 32;
/// How far from a page the root of the page tree may be.
const MAX_TREE_DEPTH: usize = 256;
/// The largest stream in LZW compression.
const MAX_LZW_BYTES: usize = 1 << 20;
/// Compressed layers within one another.
const MAX_LAYERS: usize = 3;

/// Adds up what all compressed streams of a file would expand to, without keeping any of it.
///
/// Streams are found by their keyword, not by the file's own tables, which cannot be read before this check.
pub(super) fn expansion(bytes: &[u8], limits: &Limits) -> Result<(), Reason> {
    let mut left = limits.max_expanded_bytes;
    for at in memchr::memmem::find_iter(bytes, b"stream") {
        let data = bytes.get(at + b"stream".len()..).unwrap_or_default();
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        // Compressed data knows its own end; a word in it that looks like the end of the stream must not count.
        measure(data, &mut left, MAX_LAYERS)
            .map_err(|()| Reason::Bomb { limit: limits.max_expanded_bytes, ratio: limits.max_ratio })?;
    }
    Ok(())
}

/// Subtracts the expanded size of zlib data from what is left; data of another kind costs nothing.
fn measure(data: &[u8], left: &mut u64, layers: usize) -> Result<(), ()> {
    if data.first().is_none_or(|byte| byte & 0x0F != 8) {
        return Ok(());
    }
    let mut decoder = ZlibDecoder::new(data);
    let (mut buffer, mut head) = ([0_u8; 16_384], Vec::new());
    // Broken data ends the stream here as it will for the library.
    while let Ok(n @ 1..) = decoder.read(&mut buffer) {
        *left = left.checked_sub(n as u64).ok_or(())?;
        // What is compressed twice is small after the first time; only that much is looked into again.
        if head.len() < 1 << 20 {
            head.extend_from_slice(buffer.get(..n).unwrap_or_default());
        }
    }
    if layers == 0 {
        return Err(());
    }
    measure(&head, left, layers - 1)
}

/// Empties pictures: they hold no text, and the library below would take their pixels for commands.
pub(super) fn drop_images(pdf: &mut Document) {
    for object in pdf.objects.values_mut() {
        if let Object::Stream(stream) = object
            && stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Image")
        {
            stream.content.clear();
            stream.dict.remove(b"Filter");
        }
    }
}

/// Refuses large streams in the old LZW compression: they could expand a thousandfold, and nothing new is written so.
pub(super) fn old_compression(pdf: &Document, limits: &Limits) -> Result<(), Reason> {
    let is_lzw = |stream: &Stream| stream.filters().is_ok_and(|filters| filters.contains(&b"LZWDecode".as_slice()));
    let streams = pdf.objects.values().filter_map(|object| object.as_stream().ok());
    if streams.filter(|stream| is_lzw(stream)).any(|stream| stream.content.len() > MAX_LZW_BYTES) {
        return Err(Reason::Bomb { limit: limits.max_expanded_bytes, ratio: limits.max_ratio });
    }
    Ok(())
}

/// Refuses page trees and drawings that contain themselves.
pub(super) fn recursion(pdf: &Document, pages: &BTreeMap<u32, ObjectId>) -> Result<(), Reason> {
    let mut sound = BTreeSet::new();
    let mut drawings = Drawings { pdf, known: BTreeMap::new(), open: Vec::new() };
    for &page in pages.values() {
        let resources = inherited_resources(pdf, page, &mut sound)?;
        if let Some(resources) = resources {
            let content = pdf.get_page_content(page).unwrap_or_default();
            drawings.count(&content, resources)?;
        }
    }
    Ok(())
}

fn damaged(message: &str) -> Reason {
    Reason::Pdf { message: message.to_owned() }
}

/// Follows a page's parents, checks that they end, and returns the first resources on the way.
fn inherited_resources<'a>(
    pdf: &'a Document,
    page: ObjectId,
    sound: &mut BTreeSet<ObjectId>,
) -> Result<Option<&'a Dictionary>, Reason> {
    let (mut resources, mut next) = (None, Some(page));
    for _ in 0..MAX_TREE_DEPTH {
        let Some(node) = next.and_then(|id| pdf.get_dictionary(id).ok()) else {
            sound.insert(page);
            return Ok(resources);
        };
        resources = resources.or_else(|| dictionary(pdf, node.get(b"Resources").ok()?));
        next = node.get(b"Parent").and_then(Object::as_reference).ok();
    }
    Err(damaged("its page tree contains itself"))
}

/// Counts how many drawings a drawing makes, itself included.
struct Drawings<'a> {
    pdf: &'a Document,
    /// By the stream and the resources that it draws with.
    known: BTreeMap<(ObjectId, usize), u64>,
    open: Vec<ObjectId>,
}

impl<'a> Drawings<'a> {
    fn count(&mut self, content: &[u8], resources: &'a Dictionary) -> Result<u64, Reason> {
        let Some(forms) = resources.get(b"XObject").ok().and_then(|forms| dictionary(self.pdf, forms)) else {
            return Ok(1);
        };
        if forms.is_empty() || !content.windows(2).any(|window| window == b"Do") {
            return Ok(1);
        }
        let mut total: u64 = 1;
        for operation in Content::decode(content).map(|content| content.operations).unwrap_or_default() {
            let name = operation.operands.first().and_then(|name| name.as_name().ok());
            let Some(form) = name.filter(|_| operation.operator == "Do").and_then(|name| forms.get(name).ok()) else {
                continue;
            };
            total = total.saturating_add(self.form(form, resources)?);
            if total > MAX_DRAWINGS {
                return Err(damaged("its drawings repeat one another without end"));
            }
        }
        Ok(total)
    }

    fn form(&mut self, form: &'a Object, above: &'a Dictionary) -> Result<u64, Reason> {
        let Ok((Some(id), Object::Stream(stream))) = self.pdf.dereference(form) else {
            return Ok(1);
        };
        let resources = stream.dict.get(b"Resources").ok().and_then(|own| dictionary(self.pdf, own)).unwrap_or(above);
        let key = (id, std::ptr::from_ref(resources).addr());
        if let Some(&known) = self.known.get(&key) {
            return Ok(known);
        }
        if self.open.contains(&id) || self.open.len() >= MAX_NESTING {
            return Err(damaged("one of its drawings contains itself"));
        }
        self.open.push(id);
        let total = self.count(&plain(stream), resources);
        self.open.pop();
        let total = total?;
        self.known.insert(key, total);
        Ok(total)
    }
}

fn plain(stream: &Stream) -> Vec<u8> {
    stream.get_plain_content().unwrap_or_else(|_| stream.content.clone())
}

fn dictionary<'a>(pdf: &'a Document, object: &'a Object) -> Option<&'a Dictionary> {
    pdf.dereference(object).ok()?.1.as_dict().ok()
}
