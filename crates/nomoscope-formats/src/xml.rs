//! XML that cannot hurt: no entity declarations, bounded depth and size, never a file or an address outside.

use crate::{FormatError, Input, Limits, Place, Reason};
use roxmltree::{Document, Node, ParsingOptions};

/// What a first pass over the markup found.
#[derive(Debug, Default)]
struct Scan<'a> {
    doctype: bool,
    root: Option<&'a str>,
}

/// The attributes that an element may have; parsers compare each with each.
const MAX_ATTRIBUTES: usize = 256;

/// Why the first pass stopped, and at which byte.
enum Refusal {
    InternalSubset(usize),
    TooDeep(usize),
    TooManyAttributes(usize),
}

/// Returns the tree of an XML text.
/// # Errors
/// [`Reason::InternalSubset`], [`Reason::TooDeep`], [`Reason::TooMany`], [`Reason::Xml`]
pub(crate) fn parse<'a>(input: &Input, text: &'a str, limits: &Limits) -> Result<Document<'a>, FormatError> {
    let text = text.trim_start_matches('\u{feff}');
    let scan = scan(text, limits.max_depth).map_err(|refusal| {
        let (at, reason) = match refusal {
            Refusal::InternalSubset(at) => (at, Reason::InternalSubset),
            Refusal::TooManyAttributes(at) => {
                let limit = MAX_ATTRIBUTES;
                (at, Reason::TooMany { what: "attributes of one element", limit })
            }
            Refusal::TooDeep(at) => (at, Reason::TooDeep { limit: limits.max_depth }),
        };
        FormatError::new(input, Some(place(text, at)), reason)
    })?;
    let nodes_limit = u32::try_from(limits.max_nodes).unwrap_or(u32::MAX);
    // Without an internal subset a DOCTYPE declares nothing, so letting the parser skip it is safe.
    let options = ParsingOptions { allow_dtd: scan.doctype, nodes_limit, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| {
        let pos = error.pos();
        let place = Place::LineColumn { line: u64::from(pos.row), column: u64::from(pos.col) };
        match error {
            // The parser does not say where it was.
            roxmltree::Error::NodesLimitReached => {
                FormatError::new(input, None, Reason::TooMany { what: "XML nodes", limit: limits.max_nodes })
            }
            other => FormatError::new(input, Some(place), Reason::Xml { message: message_of(&other) }),
        }
    })
}

/// Returns the local name of the root element, if the text looks like XML at all.
pub(crate) fn root_name(text: &str) -> Option<String> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let name = match scan(text, usize::MAX) {
        Ok(scan) => scan.root,
        Err(_) => None,
    };
    name.map(|name| name.rsplit(':').next().unwrap_or(name).to_owned())
}

/// Returns the text of a node without markup, white space collapsed.
pub(crate) fn plain(node: Node) -> String {
    let words: Vec<&str> = node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect();
    words.concat().split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the first child element with a local name.
pub(crate) fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.children().find(|child| child.tag_name().name() == name)
}

/// Returns an attribute by its local name, whatever its namespace.
pub(crate) fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes().find(|attribute| attribute.name() == name).map(|attribute| attribute.value())
}

/// Returns `xml:lang`.
pub(crate) fn language<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    node.attribute(("http://www.w3.org/XML/1998/namespace", "lang")).filter(|value| !value.is_empty())
}

/// The parser's message without the position that the place already tells.
fn message_of(error: &roxmltree::Error) -> String {
    let message = error.to_string();
    message.split(" at ").next().unwrap_or(&message).to_owned()
}

/// Walks over the markup once: looks for a DOCTYPE, measures the depth, and never builds anything.
fn scan(text: &str, max_depth: usize) -> Result<Scan<'_>, Refusal> {
    let bytes = text.as_bytes();
    let (mut found, mut at, mut depth) = (Scan::default(), 0_usize, 0_usize);
    while let Some(offset) = text.get(at..).and_then(|rest| rest.find('<')) {
        at += offset;
        let rest = text.get(at..).unwrap_or_default();
        if rest.starts_with("<!--") {
            at = after(text, at + 4, "-->");
        } else if rest.starts_with("<![CDATA[") {
            at = after(text, at + 9, "]]>");
        } else if rest.starts_with("<?") {
            at = after(text, at + 2, "?>");
        } else if rest.starts_with("<!") {
            found.doctype = true;
            at = tag_end(bytes, at, true).map_err(Refusal::InternalSubset)?;
        } else if rest.starts_with("</") {
            depth = depth.saturating_sub(1);
            at = tag_end(bytes, at, false).unwrap_or(bytes.len());
        } else {
            let end = tag_end(bytes, at, false).unwrap_or(bytes.len());
            if found.root.is_none() {
                found.root = name_of(rest);
            }
            if bytes.get(end.saturating_sub(2)) != Some(&b'/') {
                depth += 1;
            }
            if depth > max_depth {
                return Err(Refusal::TooDeep(at));
            }
            let tag = bytes.get(at..end).unwrap_or_default();
            if tag.iter().filter(|byte| **byte == b'=').count() > MAX_ATTRIBUTES && attributes(tag) > MAX_ATTRIBUTES {
                return Err(Refusal::TooManyAttributes(at));
            }
            at = end;
        }
    }
    Ok(found)
}

fn name_of(tag: &str) -> Option<&str> {
    let name = tag.get(1..)?;
    let end = name.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').unwrap_or(name.len());
    name.get(..end).filter(|name| name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_'))
}

fn after(text: &str, from: usize, mark: &str) -> usize {
    text.get(from..).and_then(|rest| rest.find(mark)).map_or(text.len(), |offset| from + offset + mark.len())
}

/// Returns the byte after the `>` that ends a tag, quotes respected; with `doctype`, a `[` outside quotes is an error.
fn tag_end(bytes: &[u8], from: usize, doctype: bool) -> Result<usize, usize> {
    let mut quote = None;
    for (at, &byte) in bytes.iter().enumerate().skip(from + 1) {
        match (quote, byte) {
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return Ok(at + 1),
            (None, b'[') if doctype => return Err(at),
            _ => {}
        }
    }
    Ok(bytes.len())
}

/// Returns the number of attributes of a tag: its equals signs outside quotes.
fn attributes(tag: &[u8]) -> usize {
    let (mut quote, mut count) = (None, 0);
    for &byte in tag {
        match (quote, byte) {
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'=') => count += 1,
            _ => {}
        }
    }
    count
}

fn place(text: &str, at: usize) -> Place {
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() as u64 + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u64 + 1;
    Place::LineColumn { line, column }
}
