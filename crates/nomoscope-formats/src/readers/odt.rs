//! OpenDocument texts and presentations (odt, odp): paragraphs, headings, lists with the numbers that people see, tables
//! and notes.
//!
//! Deleted passages of recorded changes, comments, hidden passages and tables of contents are left out, and counted.

use super::docx::numerals::{letters, roman};
use super::{Format, raised, set, single};
use crate::builder::Builder;
use crate::package::Package;
use crate::{FormatError, Input, Read, ReadOptions, Reason, xml};
use nomoscope_core::text::{Document, MarkKind};
use roxmltree::Node;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const FORMAT: Format = Format {
    name: "odt",
    extensions: &["odt", "ott", "odp", "fodt"],
    description: "OpenDocument texts and presentations, with headings, lists, tables and notes",
    roots: &[],
    read,
};

/// Levels of a list that have their own number.
const LEVELS: usize = 10;
/// The most spaces that one element stands for.
const MAX_SPACES: usize = 200;

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    if input.extension() == "fodt" && !input.bytes.starts_with(b"PK") {
        let decoded = crate::decode::decode(input, crate::decode::Declaration::Xml, options)?;
        let tree = xml::parse(input, &decoded.text, &options.limits)?;
        let root = tree.root_element();
        let meta = xml::child(root, "meta");
        return written(input, options, &[root], root, meta);
    }
    let mut package = Package::open(input, options)?;
    refuse_encrypted(&mut package)?;
    let content = package.required("content.xml")?;
    let styles = package.text("styles.xml")?.unwrap_or_else(|| "<none/>".to_owned());
    let meta = package.text("meta.xml")?.unwrap_or_else(|| "<none/>".to_owned());
    let limits = &options.limits;
    let tree = xml::parse(input, &content, limits).map_err(|error| error.within("content.xml"))?;
    let styles = xml::parse(input, &styles, limits).map_err(|error| error.within("styles.xml"))?;
    let meta = xml::parse(input, &meta, limits).map_err(|error| error.within("meta.xml"))?;
    let about = meta.root_element().descendants().find(|node| node.tag_name().name() == "meta");
    written(input, options, &[styles.root_element(), tree.root_element()], tree.root_element(), about)
}

/// Refuses a package whose parts are locked by a password.
pub(crate) fn refuse_encrypted(package: &mut Package<'_>) -> Result<(), FormatError> {
    let manifest = package.text("META-INF/manifest.xml")?.unwrap_or_default();
    if manifest.contains("encryption-data") {
        return Err(FormatError::new(package.input, None, Reason::Encrypted));
    }
    Ok(())
}

fn written(
    input: &Input,
    options: &ReadOptions,
    styled: &[Node],
    root: Node,
    meta: Option<Node>,
) -> Result<Vec<Read>, FormatError> {
    let missing = || FormatError::new(input, None, Reason::MissingMember { member: "office:body".to_owned() });
    let body = root.children().find(|node| node.tag_name().name() == "body").ok_or_else(missing)?;
    let content = body.children().find(Node::is_element).ok_or_else(missing)?;
    let mut writer = Writer {
        builder: Builder::new(&options.limits),
        styles: Styles::read(styled),
        lists: Vec::new(),
        counters: BTreeMap::new(),
        notes: Vec::new(),
        left_out: BTreeMap::new(),
        slides: 0,
    };
    writer.blocks(content);
    writer.notes();
    let notes = writer.left_out.iter().map(|(what, n)| format!("left out: {what} ({n})")).collect();
    let (text, marks) = writer.builder.finish(input)?;
    let mut document = Document { text, marks, ..Document::default() };
    for node in meta.into_iter().flat_map(|meta| meta.children().filter(Node::is_element)) {
        let key = match node.tag_name().name() {
            name @ ("title" | "language" | "subject" | "description") => name,
            "creator" | "initial-creator" => "author",
            "creation-date" => "created",
            "keyword" => "keywords",
            _ => continue,
        };
        set(&mut document, key, &xml::plain(node));
    }
    Ok(single(document, notes))
}

/// One level of a list.
#[derive(Debug, Clone, Default)]
struct ListLevel {
    prefix: String,
    suffix: String,
    /// How the number is written; empty for none.
    format: String,
    bullet: bool,
    start: u32,
    /// How many levels are shown.
    shown: usize,
}

/// What styles say of text.
#[derive(Debug, Default)]
struct Styles {
    raised: BTreeSet<String>,
    hidden: BTreeSet<String>,
    parents: BTreeMap<String, String>,
    lists: BTreeMap<String, Vec<ListLevel>>,
    /// Numbers of headings.
    outline: Vec<ListLevel>,
    /// Lists that paragraph styles name.
    list_of: BTreeMap<String, String>,
}

impl Styles {
    fn read(parts: &[Node]) -> Self {
        let mut styles = Self::default();
        for node in parts.iter().flat_map(Node::descendants).filter(Node::is_element) {
            let name = xml::attribute(node, "name").unwrap_or_default().to_owned();
            match node.tag_name().name() {
                "style" => styles.style(node, name),
                "list-style" => drop(styles.lists.insert(name, levels(node))),
                "outline-style" => styles.outline = levels(node),
                _ => {}
            }
        }
        styles
    }

    fn style(&mut self, node: Node, name: String) {
        if let Some(list) = xml::attribute(node, "list-style-name").filter(|list| !list.is_empty()) {
            self.list_of.insert(name.clone(), list.to_owned());
        }
        if let Some(parent) = xml::attribute(node, "parent-style-name") {
            self.parents.insert(name.clone(), parent.to_owned());
        }
        if let Some(properties) = xml::child(node, "text-properties") {
            let place = xml::attribute(properties, "text-position").unwrap_or_default();
            let above = place.split(' ').next().and_then(|share| share.trim_end_matches('%').parse::<f32>().ok());
            if place.starts_with("super") || above.is_some_and(|share| share > 0.0) {
                self.raised.insert(name.clone());
            }
            if xml::attribute(properties, "display") == Some("none") {
                self.hidden.insert(name);
            }
        }
    }

    /// Returns whether a style, or one that it is based on, is in a set.
    fn is(&self, set: &BTreeSet<String>, name: Option<&str>) -> bool {
        let mut name = name;
        for _ in 0..LEVELS {
            match name {
                Some(style) if set.contains(style) => return true,
                Some(style) => name = self.parents.get(style).map(String::as_str),
                None => return false,
            }
        }
        false
    }
}

fn levels(style: Node) -> Vec<ListLevel> {
    let mut levels = vec![ListLevel::default(); LEVELS];
    for node in style.children().filter(Node::is_element) {
        let said = |name: &str| xml::attribute(node, name);
        let at = said("level").and_then(|level| level.parse::<usize>().ok()).and_then(|level| level.checked_sub(1));
        if let Some(level) = at.and_then(|at| levels.get_mut(at)) {
            *level = ListLevel {
                prefix: said("num-prefix").unwrap_or_default().to_owned(),
                suffix: said("num-suffix").unwrap_or_default().to_owned(),
                format: said("num-format").unwrap_or_default().to_owned(),
                bullet: node.tag_name().name() == "list-level-style-bullet",
                start: said("start-value").and_then(|start| start.parse().ok()).unwrap_or(1),
                shown: said("display-levels").and_then(|shown| shown.parse().ok()).unwrap_or(1).clamp(1, LEVELS),
            };
        }
    }
    levels
}

fn numeral(number: u32, format: &str) -> String {
    match format {
        "a" => letters(number),
        "A" => letters(number).to_ascii_uppercase(),
        "i" => roman(number),
        "I" => roman(number).to_ascii_uppercase(),
        _ => number.to_string(),
    }
}

/// Returns the number that stands before a paragraph, given how far each level is counted.
fn number(levels: &[ListLevel], counts: &[Option<u32>], at: usize) -> Option<String> {
    let level = levels.get(at)?;
    if level.bullet {
        return Some("\u{2022}".to_owned());
    }
    if level.format.is_empty() {
        return None;
    }
    let first = at.saturating_sub(level.shown - 1);
    let shown = (first..=at).filter_map(|at| {
        let of = levels.get(at).filter(|level| !level.format.is_empty())?;
        Some(numeral(counts.get(at).copied().flatten()?, &of.format))
    });
    Some(format!("{}{}{}", level.prefix, shown.collect::<Vec<_>>().join("."), level.suffix))
}

/// A list that is open.
struct Open {
    style: String,
    /// Whether the next paragraph is the first of its item.
    fresh: bool,
}

struct Writer {
    builder: Builder,
    styles: Styles,
    lists: Vec<Open>,
    /// How far each list is counted, by its style; headings count under an empty name.
    counters: BTreeMap<String, Vec<Option<u32>>>,
    notes: Vec<(String, String)>,
    left_out: BTreeMap<&'static str, usize>,
    slides: usize,
}

impl Writer {
    fn skip(&mut self, what: &'static str) {
        *self.left_out.entry(what).or_default() += 1;
    }

    fn blocks(&mut self, parent: Node) {
        for node in parent.children().filter(Node::is_element) {
            match node.tag_name().name() {
                "p" => self.paragraph(node, None),
                "h" => {
                    let level = xml::attribute(node, "outline-level").and_then(|level| level.parse().ok()).unwrap_or(1);
                    self.paragraph(node, Some(level));
                }
                "list" => self.list(node),
                "table" => self.table(node),
                "tracked-changes" => {
                    let deleted = node.descendants().filter(|node| node.tag_name().name() == "deletion").count();
                    (0..deleted).for_each(|_| self.skip("deleted passages"));
                }
                "table-of-content" | "alphabetical-index" | "illustration-index" | "table-index" | "user-index" => {
                    self.skip("tables of contents and indexes");
                }
                "annotation" => self.skip("comments"),
                "page" => self.slide(node),
                "notes" | "forms" | "sequence-decls" | "variable-decls" | "user-field-decls" | "animations" => {}
                // Sections, frames, text boxes, list headers, bibliographies: what is inside is text.
                _ => self.blocks(node),
            }
        }
    }

    /// A page of a presentation, with what the speaker noted below it.
    fn slide(&mut self, node: Node) {
        self.slides += 1;
        let label = Some(format!("Slide {}", self.slides));
        self.builder.block();
        let open = self.builder.open(MarkKind::Section, label, None);
        self.blocks(node);
        if let Some(notes) = xml::child(node, "notes") {
            self.blocks(notes);
        }
        self.builder.close(open);
        self.builder.block();
    }

    fn list(&mut self, node: Node) {
        if self.lists.len() >= LEVELS {
            return self.blocks(node);
        }
        let own = xml::attribute(node, "style-name").map(str::to_owned);
        let of_style = || {
            let paragraph = node.descendants().find(|node| matches!(node.tag_name().name(), "p" | "h"))?;
            self.styles.list_of.get(xml::attribute(paragraph, "style-name")?).cloned()
        };
        let style = own.or_else(|| self.lists.last().map(|list| list.style.clone())).or_else(of_style);
        let style = style.unwrap_or_default();
        let at = self.lists.len();
        let goes_on = xml::attribute(node, "continue-numbering") == Some("true")
            || xml::attribute(node, "continue-list").is_some();
        if !goes_on && let Some(counts) = self.counters.get_mut(&style) {
            counts.iter_mut().skip(at).for_each(|count| *count = None);
        }
        self.lists.push(Open { style, fresh: false });
        for item in node.children().filter(Node::is_element) {
            let numbered = item.tag_name().name() == "list-item";
            if let Some(list) = self.lists.last_mut() {
                list.fresh = numbered;
            }
            if let Some(start) = xml::attribute(item, "start-value").and_then(|start| start.parse::<u32>().ok()) {
                let style = self.lists.last().map(|list| list.style.clone()).unwrap_or_default();
                let counts = self.counters.entry(style).or_insert_with(|| vec![None; LEVELS]);
                if let Some(count) = counts.get_mut(at) {
                    *count = start.checked_sub(1);
                }
            }
            self.blocks(item);
        }
        self.lists.pop();
    }

    /// Returns the number of the next paragraph of the innermost list, or of a heading.
    fn next_number(&mut self, heading: Option<usize>) -> Option<String> {
        let (style, at) = match (self.lists.last_mut(), heading) {
            (Some(list), _) if list.fresh => {
                list.fresh = false;
                (list.style.clone(), self.lists.len() - 1)
            }
            (Some(_), _) => return None,
            (None, Some(level)) => (String::new(), level.saturating_sub(1)),
            (None, None) => return None,
        };
        let levels =
            if heading.is_some() && style.is_empty() { &self.styles.outline } else { self.styles.lists.get(&style)? };
        let start = levels.get(at)?.start;
        let counts = self.counters.entry(style).or_insert_with(|| vec![None; LEVELS]);
        for (level, count) in counts.iter_mut().enumerate() {
            if level == at {
                *count = Some(count.map_or(start, |count| count.saturating_add(1)));
            } else if level > at {
                *count = None;
            }
        }
        number(levels, counts, at)
    }

    fn paragraph(&mut self, node: Node, heading: Option<usize>) {
        let style = xml::attribute(node, "style-name");
        if self.styles.is(&self.styles.hidden, style) {
            return self.skip("hidden passages");
        }
        let empty = xml::plain(node).is_empty();
        self.builder.block();
        let level = heading.map(|level| u8::try_from(level.clamp(1, 6)).unwrap_or(6));
        let open = level.map(|level| self.builder.open(MarkKind::Heading { level }, None, None));
        // An empty heading or item takes no number that anybody could cite.
        if !empty && let Some(number) = self.next_number(heading).filter(|number| !number.is_empty()) {
            self.builder.exact(&number);
            self.builder.space();
        }
        let mut frames = Vec::new();
        self.inlines(node, &mut frames);
        if let Some(open) = open {
            self.builder.close(open);
        }
        self.builder.block();
        for frame in frames {
            self.blocks(frame);
        }
    }

    fn inlines<'a, 'input>(&mut self, parent: Node<'a, 'input>, frames: &mut Vec<Node<'a, 'input>>) {
        for node in parent.children() {
            if let Some(text) = node.text().filter(|_| node.is_text()) {
                self.builder.inline(text);
                continue;
            }
            match node.tag_name().name() {
                "s" => {
                    let n = xml::attribute(node, "c").and_then(|n| n.parse::<usize>().ok()).unwrap_or(1);
                    if n > 1 { self.builder.exact(&" ".repeat(n.min(MAX_SPACES))) } else { self.builder.space() }
                }
                "tab" => self.builder.exact("\t"),
                "line-break" => self.builder.line(),
                "soft-page-break" | "bookmark" | "bookmark-start" | "bookmark-end" | "" => {}
                "note" => self.note(node),
                "annotation" => self.skip("comments"),
                "hidden-text" | "hidden-paragraph" => self.skip("hidden passages"),
                "ruby-text" => self.skip("readings above words"),
                "frame" | "custom-shape" | "text-box" | "g" | "rect" | "ellipse" => frames.push(node),
                "span" => self.span(node, frames),
                _ => self.inlines(node, frames),
            }
        }
    }

    fn span<'a, 'input>(&mut self, node: Node<'a, 'input>, frames: &mut Vec<Node<'a, 'input>>) {
        let style = xml::attribute(node, "style-name");
        if self.styles.is(&self.styles.hidden, style) {
            return self.skip("hidden passages");
        }
        let high =
            self.styles.is(&self.styles.raised, style) && !node.descendants().any(|n| n.tag_name().name() == "note");
        match high.then(|| raised(&xml::plain(node))).flatten() {
            Some(digits) => self.builder.inline(&digits),
            None => self.inlines(node, frames),
        }
    }

    fn note(&mut self, node: Node) {
        let sign = xml::child(node, "note-citation").map(xml::plain).filter(|sign| !sign.is_empty());
        let sign = sign.unwrap_or_else(|| (self.notes.len() + 1).to_string());
        self.builder.note_mark(&format!("[{sign}]"));
        let text = xml::child(node, "note-body").map(|body| {
            let paragraphs = body.descendants().filter(|node| matches!(node.tag_name().name(), "p" | "h"));
            paragraphs.map(xml::plain).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
        });
        self.notes.push((sign, text.unwrap_or_default()));
    }

    fn table(&mut self, table: Node) {
        self.builder.block();
        let is = |node: &Node, name: &str| node.tag_name().name() == name;
        // A row of an inner table belongs to that one; its text stands in the cell.
        let own = |row: &Node| row.ancestors().skip(1).find(|above| is(above, "table")) == Some(table);
        for row in table.descendants().filter(|node| is(node, "table-row")).filter(own) {
            self.builder.line();
            let cells = row.children().filter(|node| is(node, "table-cell") || is(node, "covered-table-cell"));
            for (index, cell) in cells.enumerate() {
                if index > 0 {
                    self.builder.cell();
                }
                self.builder.flatten();
                self.blocks(cell);
                self.builder.unflatten();
            }
        }
        self.builder.block();
    }

    fn notes(&mut self) {
        for (sign, text) in std::mem::take(&mut self.notes) {
            self.builder.block();
            let open = self.builder.open(MarkKind::Note, None, None);
            self.builder.note_mark(&format!("[{sign}]"));
            self.builder.space();
            self.builder.exact(&text);
            self.builder.close(open);
        }
    }
}
