//! HTML: the main text of a page without menus, banners and forms.
//!
//! The parser is fed in small pieces, and the tree is measured after each: a page of unclosed elements could otherwise
//! grow to the square of its size before anybody looked.

mod notes;

pub(super) use notes::raised_words;

use super::{Format, attributes, direction, single};
use crate::builder::Builder;
use crate::decode::{Declaration, decode};
use crate::{FormatError, Input, Limits, Read, ReadOptions, Reason};
use ego_tree::NodeRef;
use html5ever::ParseOpts;
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use nomoscope_core::text::{Document, MarkKind};
use scraper::{Html, HtmlTreeSink, Node, node::Element};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const FORMAT: Format = Format {
    name: "html",
    extensions: &["html", "htm", "xhtml"],
    description: "web pages: the main text, without menus and forms",
    roots: &[],
    read,
};

/// Bytes handed to the parser before the tree is measured again.
const PIECE: usize = 4096;
/// Bytes of a tag outside quoted values.
const MAX_TAG_BYTES: usize = 32_768;
/// Nodes that a page may have whatever its size, and for each of its bytes.
const NODES_FREE: usize = 1000;
const NODES_PER_BYTE: usize = 2;
/// A `main` or `article` with less text than this share of the page is not its main text.
const MAIN_SHARE: usize = 5;

/// What holds no words that anybody reads.
static NEVER_READ: &[&str] =
    &["script", "style", "template", "head", "svg", "iframe", "canvas", "audio", "video", "input", "datalist", "rp"];
/// What holds words that are no part of the text: choices, formulas, struck-out words, readings beside a word.
static NEVER_TEXT: &[&str] = &["math", "object", "select", "dialog", "del", "rt", "rtc"];
/// What holds the text only where it holds running text.
static SELDOM_TEXT: &[&str] = &["noscript", "button", "textarea"];
/// What people fill in.
static CONTROLS: &[&str] = &["input", "select", "textarea", "button"];
/// What stands beside it and says what to fill in.
static PROMPTS: &[&str] = &["label", "legend", "select", "textarea", "button", "option"];
/// From how many words on a button or a box for words holds running text, and a form for each of its controls.
const RUNNING_WORDS: usize = 12;
static BOILERPLATE: &[&str] = &["nav", "footer", "aside", "header", "form", "menu"];
static BOILERPLATE_ROLES: &[&str] =
    &["navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar"];
static BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "details",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
    "caption",
    "tr",
    // Cells come here only from tables that lay out a page.
    "td",
    "th",
];

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let decoded = decode(input, Declaration::Html, options)?;
    let html = parse(input, &decoded.text, &options.limits)?;
    let root = html.tree.root();
    let mut walker = Walker::new(input, &options.limits, Builder::new(&options.limits), root);
    let main = main_of(root);
    walker.page_text = text_length(main);
    walker.children(main, 0)?;
    let mut notes = decoded.notes;
    if !walker.dropped.is_empty() {
        let list: Vec<String> = walker.dropped.iter().map(|(name, n)| format!("{name} ({n})")).collect();
        notes.push(format!("left out as not part of the text: {}", list.join(", ")));
    }
    let (text, marks) = walker.builder.finish(input)?;
    let mut document = Document { text, marks, ..Document::default() };
    describe(&mut document, root);
    let mut reads = single(document, notes);
    let said = attributes::settle(&mut reads, &[]);
    reads.iter_mut().for_each(|read| read.notes.extend(said.iter().cloned()));
    Ok(reads)
}

/// Writes the text of a piece of HTML inside another format.
pub(super) fn fragment(
    input: &Input,
    html: &str,
    options: &ReadOptions,
    builder: &mut Builder,
) -> Result<(), FormatError> {
    let tree = parse(input, html, &options.limits)?;
    let empty = Builder::new(&options.limits);
    let inner = std::mem::replace(builder, empty);
    let mut walker = Walker::new(input, &options.limits, inner, tree.tree.root());
    let result = walker.children(tree.tree.root(), 0);
    *builder = walker.builder;
    result
}

fn parse(input: &Input, text: &str, limits: &Limits) -> Result<Html, FormatError> {
    if has_endless_tag(text) {
        let reason = Reason::TooMany { what: "bytes in one tag", limit: MAX_TAG_BYTES };
        return Err(FormatError::new(input, None, reason));
    }
    // Without scripts, as nobody runs them here: what a page shows then is parsed too.
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let parse_options = ParseOpts { tree_builder, ..ParseOpts::default() };
    let mut parser = html5ever::parse_document(HtmlTreeSink::new(Html::new_document()), parse_options);
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE.min(rest.len())));
        parser.process(StrTendril::from(piece));
        rest = after;
        let html = parser.tokenizer.sink.sink.0.borrow();
        if html.tree.values().len() > limits.max_nodes {
            return Err(FormatError::new(input, None, Reason::TooMany { what: "HTML nodes", limit: limits.max_nodes }));
        }
        // A node takes at least a byte, unless unclosed formatting is opened anew in every paragraph.
        let copied = html.tree.values().len() > NODES_FREE + NODES_PER_BYTE * (text.len() - rest.len());
        let depth = std::iter::successors(Some(html.tree.root()), NodeRef::last_child).count();
        if copied || depth > limits.max_depth {
            return Err(FormatError::new(input, None, Reason::TooDeep { limit: limits.max_depth }));
        }
    }
    Ok(parser.finish())
}

/// Returns whether a tag has so many attributes that comparing each with each, as the parser does, would never end.
///
/// What lies inside scripts, styles and comments is no tag, whatever signs it is made of.
fn has_endless_tag(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let tag = rest.get(at + 1..).unwrap_or_default();
        let name_end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
        let name = tag.get(..name_end).unwrap_or_default().to_ascii_lowercase();
        let Some(end) = tag_end(tag.as_bytes()).filter(|_| name_end <= MAX_TAG_BYTES) else {
            return true;
        };
        let after = tag.get(end..).unwrap_or_default();
        rest = match name.as_str() {
            "script" | "style" | "textarea" | "title" => find_end(after, &format!("</{name}")),
            "" if tag.starts_with("!--") => find_end(tag, "-->"),
            "" => tag,
            _ => after,
        };
    }
    false
}

/// Returns the byte after the end of a tag; none if it has too many bytes outside quoted values.
fn tag_end(tag: &[u8]) -> Option<usize> {
    if !tag.first().is_some_and(u8::is_ascii_alphabetic) {
        return Some(0);
    }
    let (mut quote, mut last, mut bare) = (None, b' ', 0);
    for (at, &byte) in tag.iter().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => continue,
            (None, b'"' | b'\'') if last == b'=' => quote = Some(byte),
            (None, b'>') => return Some(at + 1),
            _ => bare += 1,
        }
        if bare > MAX_TAG_BYTES {
            return None;
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
    }
    Some(tag.len())
}

fn find_end<'a>(text: &'a str, mark: &str) -> &'a str {
    let found = text.as_bytes().windows(mark.len()).position(|window| window.eq_ignore_ascii_case(mark.as_bytes()));
    found.and_then(|at| text.get(at..)).unwrap_or_default()
}

/// Returns where the main text lies: `main`, a single `article`, or the whole page.
fn main_of(root: NodeRef<'_, Node>) -> NodeRef<'_, Node> {
    let whole = text_length(root);
    let large = |node: &NodeRef<'_, Node>| text_length(*node) * MAIN_SHARE >= whole;
    let named = |node: &NodeRef<'_, Node>, name: &str| element(*node).is_some_and(|element| element.name() == name);
    let is_main = |node: &NodeRef<'_, Node>| {
        named(node, "main") || element(*node).is_some_and(|element| element.attr("role") == Some("main"))
    };
    if let Some(main) = root.descendants().find(|node| is_main(node) && large(node)) {
        return main;
    }
    let mut articles = root.descendants().filter(|node| named(node, "article"));
    match (articles.next(), articles.next()) {
        (Some(only), None) if large(&only) => only,
        _ => root,
    }
}

fn describe(document: &mut Document, root: NodeRef<Node>) {
    for node in root.descendants() {
        let Some(element) = element(node) else {
            continue;
        };
        match element.name() {
            "html" => {
                let language = element.attr("lang").or_else(|| element.attr("xml:lang")).unwrap_or_default();
                super::set(document, "language", language);
                document.direction = element.attr("dir").and_then(direction);
            }
            "body" if document.direction.is_none() => document.direction = element.attr("dir").and_then(direction),
            "title" if document.title.is_none() => super::set(document, "title", &plain(node)),
            "meta" => {
                let name =
                    element.attr("name").or_else(|| element.attr("property")).unwrap_or_default().to_ascii_lowercase();
                let key = name.trim_start_matches("dc.").trim_start_matches("dcterms.").trim_start_matches("article:");
                if let ("author" | "creator" | "date" | "description" | "published_time" | "publisher", Some(value)) =
                    (key, element.attr("content"))
                {
                    super::set(document, key, value);
                }
            }
            _ => {}
        }
    }
}

struct Walker<'a> {
    input: &'a Input<'a>,
    limits: &'a Limits,
    builder: Builder,
    dropped: BTreeMap<String, usize>,
    page_text: usize,
    /// The places of the page to which links lead.
    targets: BTreeSet<String>,
}

impl<'a> Walker<'a> {
    fn new(input: &'a Input<'a>, limits: &'a Limits, builder: Builder, root: NodeRef<Node>) -> Self {
        let targets = notes::targets(root);
        Self { input, limits, builder, dropped: BTreeMap::new(), page_text: 0, targets }
    }

    fn children(&mut self, node: NodeRef<Node>, depth: usize) -> Result<(), FormatError> {
        if depth > self.limits.max_depth {
            return Err(FormatError::new(self.input, None, Reason::TooDeep { limit: self.limits.max_depth }));
        }
        for child in node.children() {
            match child.value() {
                Node::Text(text) => self.builder.inline(text),
                Node::Element(element) if !self.left_out(child, element) => self.element(child, element, depth)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn left_out(&mut self, node: NodeRef<Node>, element: &Element) -> bool {
        let name = element.name();
        if NEVER_READ.contains(&name) || element.attr("hidden").is_some() || element.attr("aria-hidden") == Some("true")
        {
            return true;
        }
        let role = element.attr("role").is_some_and(|role| BOILERPLATE_ROLES.contains(&role));
        let drop = match name {
            // The title of a page often stands in its header.
            "header" => !has_heading(node),
            // Some servers wrap the whole page into one form, or all of it but a banner.
            "form" => text_length(node) * 2 < self.page_text && is_filled_in(node),
            _ if SELDOM_TEXT.contains(&name) => !holds_text(node, name),
            _ => role || BOILERPLATE.contains(&name) || NEVER_TEXT.contains(&name),
        };
        if drop && !plain(node).is_empty() {
            *self.dropped.entry(name.to_owned()).or_default() += 1;
        }
        drop
    }

    fn element(&mut self, node: NodeRef<Node>, element: &Element, depth: usize) -> Result<(), FormatError> {
        let name = element.name();
        let block = BLOCKS.contains(&name);
        if block {
            self.builder.block();
        }
        match name {
            "br" => self.builder.line(),
            _ if !block && notes::is_raised(element) => self.superscript(node, depth)?,
            _ if notes::is_note_link(node, element, &self.targets, self.builder.last_word()) => self.noted(node),
            "pre" | "textarea" => self.preformatted(node),
            "table" => self.table(node, depth)?,
            "ol" | "ul" => self.list(node, element, depth)?,
            _ if block && notes::is_note_text(node, element, &self.targets) => {
                let open = self.builder.open(MarkKind::Note, None, None);
                let result = self.children(node, depth + 1);
                self.builder.close(open);
                result?;
            }
            _ => match mark_of(name) {
                Some(kind) => self.marked(node, element, kind, depth)?,
                None => self.children(node, depth + 1)?,
            },
        }
        if block {
            self.builder.block();
        }
        Ok(())
    }

    /// Raised digits are raised in the text; in brackets, or as letters, stars and daggers, they are the mark of a note.
    fn superscript(&mut self, node: NodeRef<Node>, depth: usize) -> Result<(), FormatError> {
        if raised_words(&mut self.builder, &plain(node)) {
            return Ok(());
        }
        self.children(node, depth + 1)
    }

    /// A link to a note: digits that it raises are raised in the text, all else is the mark of the note.
    fn noted(&mut self, node: NodeRef<Node>) {
        let text = plain(node);
        let is_raised = node.descendants().filter_map(element).any(notes::is_raised);
        if !(is_raised && raised_words(&mut self.builder, &text)) {
            self.builder.note_mark(&text);
        }
    }

    fn marked(
        &mut self,
        node: NodeRef<Node>,
        element: &Element,
        kind: MarkKind,
        depth: usize,
    ) -> Result<(), FormatError> {
        let open = self.builder.open(kind, None, element.attr("id").map(str::to_owned));
        let heading = matches!(kind, MarkKind::Heading { .. });
        if heading {
            self.builder.flatten();
        }
        let result = self.children(node, depth + 1);
        if heading {
            self.builder.unflatten();
        }
        self.builder.close(open);
        result
    }

    fn preformatted(&mut self, node: NodeRef<Node>) {
        let text: String = node.descendants().filter_map(|node| node.value().as_text()).map(|text| &**text).collect();
        self.builder.exact(text.trim_matches(['\n', '\r']));
    }

    /// A table of data has a line a row and a tab between cells; a table that only lays out a page is read as blocks.
    fn table(&mut self, node: NodeRef<Node>, depth: usize) -> Result<(), FormatError> {
        let layout = node
            .descendants()
            .skip(1)
            .filter_map(element)
            .any(|element| matches!(element.name(), "table" | "h1" | "h2" | "h3" | "ul" | "ol"))
            || node.descendants().filter_map(element).filter(|element| element.name() == "td").count() == 1;
        let rows: Vec<_> =
            node.descendants().filter(|node| element(*node).is_some_and(|element| element.name() == "tr")).collect();
        if layout || rows.is_empty() {
            return self.children(node, depth + 1);
        }
        for caption in node.children().filter(|node| element(*node).is_some_and(|element| element.name() == "caption"))
        {
            self.children(caption, depth + 1)?;
        }
        for row in rows {
            self.builder.line();
            let is_cell =
                |node: &NodeRef<'_, Node>| element(*node).is_some_and(|element| matches!(element.name(), "td" | "th"));
            for (index, cell) in row.children().filter(is_cell).enumerate() {
                if index > 0 {
                    self.builder.cell();
                }
                self.builder.flatten();
                let result = self.children(cell, depth + 1);
                self.builder.unflatten();
                result?;
            }
        }
        Ok(())
    }

    fn list(&mut self, node: NodeRef<Node>, list: &Element, depth: usize) -> Result<(), FormatError> {
        let mut number: i64 = list.attr("start").and_then(|start| start.trim().parse().ok()).unwrap_or(1);
        for child in node.children() {
            let Some(item) = element(child).filter(|element| element.name() == "li") else {
                if let Some(other) = element(child)
                    && !self.left_out(child, other)
                {
                    self.element(child, other, depth + 1)?;
                }
                continue;
            };
            number = item.attr("value").and_then(|value| value.trim().parse().ok()).unwrap_or(number);
            self.builder.line();
            let open = self.builder.open(MarkKind::Item, None, item.attr("id").map(str::to_owned));
            if list.name() == "ol" && !numbers_itself(&plain(child)) {
                self.builder.exact(&ordinal(number, list.attr("type")));
                self.builder.stick();
            }
            self.children(child, depth + 1)?;
            self.builder.unstick();
            self.builder.close(open);
            number = number.saturating_add(1);
        }
        Ok(())
    }
}

fn mark_of(name: &str) -> Option<MarkKind> {
    match name {
        "p" => Some(MarkKind::Paragraph),
        "li" => Some(MarkKind::Item),
        _ => {
            let level =
                name.strip_prefix('h').and_then(|digit| digit.parse().ok()).filter(|level| (1..=6).contains(level))?;
            Some(MarkKind::Heading { level })
        }
    }
}

/// Legal lists often write "(a)" or "1." into the item and switch the browser's own numbers off.
fn numbers_itself(text: &str) -> bool {
    let token = text.split_whitespace().next().unwrap_or_default();
    let bare = token.trim_matches(['(', ')', '.', '[', ']']);
    bare.len() < token.len()
        && (1..=4).contains(&bare.len())
        && bare.chars().all(|c| c.is_ascii_alphanumeric())
        && !token.starts_with('.')
}

fn ordinal(number: i64, kind: Option<&str>) -> String {
    use super::docx::numerals::{letters, roman};
    let small = u32::try_from(number).ok().filter(|number| *number > 0);
    let text = match (kind, small) {
        (Some("a"), Some(number)) => letters(number),
        (Some("A"), Some(number)) => letters(number).to_ascii_uppercase(),
        (Some("i"), Some(number)) => roman(number),
        (Some("I"), Some(number)) => roman(number).to_ascii_uppercase(),
        _ => number.to_string(),
    };
    format!("{text}.")
}

fn element<'a>(node: NodeRef<'a, Node>) -> Option<&'a Element> {
    node.value().as_element()
}

/// Whether a form is there to be filled in: its words, those that say what to fill in left out, are few for what can be.
fn is_filled_in(form: NodeRef<Node>) -> bool {
    let hidden = |element: &Element| {
        element
            .attr("type")
            .is_some_and(|kind| ["hidden", "submit", "image"].iter().any(|k| kind.eq_ignore_ascii_case(k)))
    };
    let controls =
        form.descendants().filter_map(element).filter(|e| CONTROLS.contains(&e.name()) && !hidden(e)).count();
    words_outside(form, PROMPTS) < controls * RUNNING_WORDS
}

/// Whether something that seldom holds the text does: a page for readers without scripts, a box or a button full of words,
/// or the button of a heading that folds what stands below it.
fn holds_text(node: NodeRef<Node>, name: &str) -> bool {
    match name {
        // "Please enable JavaScript" is said in every language with that word.
        "noscript" => {
            let words = plain(node);
            words.split(' ').count() >= RUNNING_WORDS * 4 || !words.to_ascii_lowercase().contains("javascript")
        }
        "button" if node.ancestors().filter_map(element).any(|e| mark_of(e.name()).is_some_and(is_heading)) => true,
        _ => plain(node).split_whitespace().count() >= RUNNING_WORDS,
    }
}

const fn is_heading(kind: MarkKind) -> bool {
    matches!(kind, MarkKind::Heading { .. })
}

/// Returns the number of words that stand in none of these elements.
fn words_outside(node: NodeRef<Node>, names: &[&str]) -> usize {
    let mut count = 0;
    let mut open: Vec<NodeRef<Node>> = vec![node];
    while let Some(next) = open.pop() {
        for child in next.children() {
            match child.value() {
                Node::Text(text) => count += text.split_whitespace().count(),
                Node::Element(inner) if !names.contains(&inner.name()) && !NEVER_READ.contains(&inner.name()) => {
                    open.push(child);
                }
                _ => {}
            }
        }
    }
    count
}

fn has_heading(node: NodeRef<Node>) -> bool {
    node.descendants().filter_map(element).any(|element| matches!(element.name(), "h1" | "h2"))
}

fn text_length(node: NodeRef<Node>) -> usize {
    let skipped = |node: &NodeRef<'_, Node>| {
        node.parent().and_then(element).is_some_and(|parent| {
            [NEVER_READ, NEVER_TEXT, SELDOM_TEXT].iter().any(|names| names.contains(&parent.name()))
        })
    };
    let texts = node
        .descendants()
        .filter(|node| !skipped(node))
        .filter_map(|node| node.value().as_text().map(|text| text.trim().len()));
    texts.sum()
}

fn plain(node: NodeRef<Node>) -> String {
    let words: String = node.descendants().filter_map(|node| node.value().as_text()).map(|text| &**text).collect();
    words.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}
