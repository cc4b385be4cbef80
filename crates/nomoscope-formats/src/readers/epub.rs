//! Electronic books (epub): the chapters in the order in which they are read.

use super::{Format, html, set, single};
use crate::builder::Builder;
use crate::package::{Package, beside};
use crate::{FormatError, Input, Read, ReadOptions, Reason, xml};
use nomoscope_core::amount::of_many;
use nomoscope_core::text::Document;
use roxmltree::Node;
use std::collections::BTreeMap;

pub(super) const FORMAT: Format = Format {
    name: "epub",
    extensions: &["epub"],
    description: "electronic books: the chapters in their order",
    roots: &[],
    read,
};

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let mut package = Package::open(input, options)?;
    let locked = package.text("META-INF/encryption.xml")?.unwrap_or_default();
    if locked.contains("CipherReference") && package.text("META-INF/rights.xml")?.is_some() {
        return Err(FormatError::new(input, None, Reason::Encrypted));
    }
    let container = package.required("META-INF/container.xml")?;
    let missing = |part: &str| FormatError::new(input, None, Reason::MissingMember { member: part.to_owned() });
    let of = |root: Node| {
        let file = root.descendants().find(|node| node.tag_name().name() == "rootfile")?;
        file.attribute("full-path").map(str::to_owned)
    };
    let opf = package.parsed(&container, "META-INF/container.xml", of)?.flatten().ok_or_else(|| missing("rootfile"))?;
    let text = package.required(&opf)?;
    let book = package.parsed(&text, &opf, |root| Book::read(root, &opf))?.unwrap_or_default();
    let mut builder = Builder::new(&options.limits);
    let mut gone = 0_usize;
    for chapter in &book.chapters {
        let Some(bytes) = package.archive.member(chapter)? else {
            gone += 1;
            continue;
        };
        let part = Input { name: input.name, bytes: &bytes };
        let inside = ReadOptions { encoding: None, ..options.clone() };
        match (html::FORMAT.read)(&part, &inside) {
            Ok(reads) => reads.into_iter().for_each(|read| {
                builder.block();
                builder.document(read.document);
                builder.block();
            }),
            // A cover or a page of pictures.
            Err(error) if error.problems.iter().all(|problem| problem.reason == Reason::NoText) => {}
            Err(error) => return Err(error.within(chapter)),
        }
    }
    let mut notes = Vec::new();
    if gone > 0 {
        notes.push(format!("left out: {} that the book names and does not hold", of_many(gone, "chapters")));
    }
    if book.left_out > 0 {
        notes.push(format!("left out: {} beside the text", of_many(book.left_out, "parts")));
    }
    let (text, marks) = builder.finish(input)?;
    let mut document = Document { text, marks, ..Document::default() };
    for (key, value) in &book.about {
        set(&mut document, key, value);
    }
    Ok(single(document, notes))
}

#[derive(Debug, Default)]
struct Book {
    /// Parts in the order of reading.
    chapters: Vec<String>,
    left_out: usize,
    about: Vec<(&'static str, String)>,
}

impl Book {
    fn read(root: Node, opf: &str) -> Self {
        let mut book = Self::default();
        let mut parts: BTreeMap<&str, (String, bool)> = BTreeMap::new();
        for node in root.descendants().filter(Node::is_element) {
            let text = || xml::plain(node);
            match node.tag_name().name() {
                "title" if !book.about.iter().any(|(key, _)| *key == "title") => book.about.push(("title", text())),
                "language" => book.about.push(("language", text())),
                "creator" => book.about.push(("author", text())),
                "publisher" => book.about.push(("publisher", text())),
                "date" => book.about.push(("published", text())),
                "item" => {
                    let (Some(id), Some(target)) = (node.attribute("id"), node.attribute("href")) else { continue };
                    let kind = node.attribute("media-type").unwrap_or_default();
                    let is_text = matches!(kind, "application/xhtml+xml" | "text/html" | "application/xml");
                    parts.insert(id, (beside(opf, &decoded(target)), is_text));
                }
                "itemref" => {
                    let Some((part, is_text)) = node.attribute("idref").and_then(|id| parts.get(id)) else { continue };
                    // Pages beside the text (answers, enlarged notes) are reached by links only.
                    if node.attribute("linear") == Some("no") || !is_text {
                        book.left_out += 1;
                    } else {
                        book.chapters.push(part.clone());
                    }
                }
                _ => {}
            }
        }
        book
    }
}

/// Returns a name without its escapes (`%20`).
fn decoded(target: &str) -> String {
    let mut bytes = Vec::with_capacity(target.len());
    let mut rest = target.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok()).filter(|_| byte == b'%');
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(value) => {
                bytes.push(value);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| target.to_owned())
}
