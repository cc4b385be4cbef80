//! TEI, and ParlaMint's debates in it: divisions, headings, paragraphs, speeches, notes.
//!
//! A speech is `<u who="…">` or `<sp>` with its `<speaker>`; who is told by the list of persons, where the file has one.
//! What the transcribers note (applause, pauses) is left out and counted; their notes of who speaks are the speaker. Words
//! that a tagger cut into elements are joined again. # Source  TEI Guidelines P5; ParlaMint schema

use super::{Format, set, single};
use crate::builder::Builder;
use crate::decode::{Declaration, decode};
use crate::{FormatError, Input, Read, ReadOptions, xml};
use nomoscope_core::text::{Document, MarkKind};
use roxmltree::Node;
use std::collections::BTreeMap;

pub(super) const FORMAT: Format = Format {
    name: "tei",
    extensions: &["xml", "tei"],
    description: "TEI texts, and ParlaMint's debates",
    roots: &["TEI", "teiCorpus"],
    read,
};

/// What stands beside the words.
static EVENTS: &[&str] = &["vocal", "kinesic", "incident", "pause", "shift", "gap", "writing"];
/// Elements that stand on lines of their own.
static BLOCKS: &[&str] = &[
    "p",
    "ab",
    "seg",
    "l",
    "lg",
    "item",
    "list",
    "head",
    "div",
    "body",
    "front",
    "back",
    "text",
    "group",
    "quote",
    "cit",
    "byline",
    "dateline",
    "opener",
    "closer",
    "salute",
    "signed",
    "trailer",
    "epigraph",
    "titlePage",
    "docTitle",
    "titlePart",
    "row",
    "table",
    "figure",
    "argument",
    "castList",
    "castItem",
    "stage",
    "floatingText",
    "label",
    "postscript",
    "bibl",
    "listBibl",
    "address",
    "addrLine",
];

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let decoded = decode(input, Declaration::Xml, options)?;
    let tree = xml::parse(input, &decoded.text, &options.limits)?;
    let root = tree.root_element();
    let mut walker = Walker {
        builder: Builder::new(&options.limits),
        people: people(root),
        speaker: None,
        joins: false,
        notes: Vec::new(),
        left_out: BTreeMap::new(),
    };
    walker.children(root, 0);
    walker.end_notes();
    let mut notes = decoded.notes;
    notes.extend(walker.left_out.iter().map(|(what, n)| format!("left out: {what} ({n})")));
    let (text, marks) = walker.builder.finish(input)?;
    let mut document = Document { text, marks, ..Document::default() };
    describe(&mut document, root);
    Ok(single(document, notes))
}

fn describe(document: &mut Document, root: Node) {
    let language = xml::language(root)
        .or_else(|| root.descendants().find(|node| node.tag_name().name() == "text").and_then(xml::language));
    set(document, "language", language.unwrap_or_default());
    let Some(header) = xml::child(root, "teiHeader") else { return };
    let find = |from: Node, name: &str| from.descendants().find(|node| node.tag_name().name() == name).map(xml::plain);
    let statement = header.descendants().find(|node| node.tag_name().name() == "titleStmt");
    set(document, "title", &statement.and_then(|node| find(node, "title")).unwrap_or_default());
    set(document, "author", &statement.and_then(|node| find(node, "author")).unwrap_or_default());
    // The day of the sitting or of the text, not the day on which the file was made.
    let source =
        header.descendants().filter(|node| matches!(node.tag_name().name(), "sourceDesc" | "settingDesc" | "creation"));
    let mut dates = source.flat_map(|node| node.descendants()).filter(|node| node.tag_name().name() == "date");
    let date = dates.find_map(|node| node.attribute("when").or_else(|| node.attribute("from")));
    set(document, "date", date.unwrap_or_default());
}

/// Returns the names of persons by their ids.
fn people<'a>(root: Node<'a, '_>) -> BTreeMap<&'a str, String> {
    let xml_id = |node: Node<'a, '_>| node.attribute(("http://www.w3.org/XML/1998/namespace", "id"));
    let persons = root.descendants().filter(|node| node.tag_name().name() == "person");
    persons
        .filter_map(|node| {
            let name = node.children().find(|child| child.tag_name().name() == "persName")?;
            let part = |wanted: &str| {
                let parts = name.children().filter(|child| child.tag_name().name() == wanted);
                parts.map(xml::plain).collect::<Vec<_>>().join(" ")
            };
            let parts = format!("{} {}", part("forename"), part("surname"));
            let parts = parts.trim();
            Some((xml_id(node)?, if parts.is_empty() { xml::plain(name) } else { parts.to_owned() }))
        })
        .collect()
}

struct Walker<'a> {
    builder: Builder,
    people: BTreeMap<&'a str, String>,
    /// Who speaks next, by a note of the transcribers.
    speaker: Option<String>,
    /// Whether the next words are the rest of a word.
    joins: bool,
    notes: Vec<(String, String)>,
    left_out: BTreeMap<&'static str, usize>,
}

impl Walker<'_> {
    fn children(&mut self, node: Node, level: u8) {
        for child in node.children() {
            if child.is_text() {
                let text = child.text().unwrap_or_default();
                let text = if self.joins { text.trim_start() } else { text };
                self.joins &= text.is_empty();
                self.builder.inline(text);
            } else if child.is_element() {
                self.element(child, level);
            }
        }
    }

    fn element(&mut self, node: Node, level: u8) {
        let name = node.tag_name().name();
        match name {
            "teiHeader" | "standOff" | "facsimile" | "linkGrp" | "fs" => {}
            // A line, page or column may begin within a word, below the head of the page.
            "lb" | "pb" | "cb" | "gb" | "milestone" if node.attribute("break") == Some("no") => {
                self.builder.join();
                self.joins = true;
            }
            "lb" | "pb" | "cb" | "gb" | "milestone" | "anchor" | "fw" if self.joins => {}
            "lb" | "pb" | "cb" | "gb" | "milestone" | "anchor" | "fw" => self.builder.space(),
            "u" | "sp" => self.speech(node, level),
            "speaker" => {}
            "note" => self.note(node),
            "choice" => self.choice(node, level),
            "del" => self.skip("struck-out words"),
            "s" => {
                self.children(node, level);
                self.builder.space();
            }
            "w" | "pc" => self.token(node),
            _ if EVENTS.contains(&name) => self.skip("what is noted beside the words"),
            "head" => self.heading(node, level),
            "div" | "div1" | "div2" | "div3" | "div4" | "div5" | "div6" | "div7" => {
                self.block(node, level.saturating_add(1))
            }
            "p" | "ab" | "seg" | "l" => self.marked(node, MarkKind::Paragraph, level),
            "item" => self.marked(node, MarkKind::Item, level),
            "cell" => {
                self.builder.flatten();
                self.children(node, level);
                self.builder.unflatten();
                if node.next_sibling_element().is_some() {
                    self.builder.cell();
                }
            }
            _ if BLOCKS.contains(&name) => self.block(node, level),
            _ => self.children(node, level),
        }
    }

    fn skip(&mut self, what: &'static str) {
        *self.left_out.entry(what).or_default() += 1;
    }

    fn block(&mut self, node: Node, level: u8) {
        self.builder.block();
        self.children(node, level);
        self.builder.block();
    }

    fn marked(&mut self, node: Node, kind: MarkKind, level: u8) {
        self.builder.block();
        let id = node.attribute(("http://www.w3.org/XML/1998/namespace", "id")).map(str::to_owned);
        let open = self.builder.open(kind, None, id);
        self.children(node, level);
        self.builder.close(open);
        self.builder.block();
    }

    fn heading(&mut self, node: Node, level: u8) {
        self.builder.block();
        self.builder.flatten();
        let open = self.builder.open(MarkKind::Heading { level: level.clamp(1, 6) }, None, None);
        self.children(node, level);
        self.builder.close(open);
        self.builder.unflatten();
        self.builder.block();
    }

    /// What an editor put right is read; what he found, and short forms, are not.
    fn choice(&mut self, node: Node, level: u8) {
        let better = ["corr", "reg", "expan", "ex"];
        let chosen = node.children().find(|child| better.contains(&child.tag_name().name()));
        if let Some(chosen) = chosen.or_else(|| node.children().find(Node::is_element)) {
            self.children(chosen, level);
        }
    }

    /// A word of a tagger, which says what it is joined to; a contraction has its parts inside.
    fn token(&mut self, node: Node) {
        let words = node.children().filter(Node::is_text).filter_map(|text| text.text()).collect::<String>();
        let words = words.trim();
        if words.is_empty() {
            return self.children(node, 0);
        }
        self.builder.exact(words);
        self.joins = false;
        if node.attribute("join") != Some("right") {
            self.builder.space();
        }
    }

    fn speech(&mut self, node: Node, level: u8) {
        let who =
            node.attribute("who").and_then(|who| who.split_whitespace().next()).map(|who| who.trim_start_matches('#'));
        let named = who.and_then(|who| self.people.get(who).cloned());
        let before = self.speaker.take().map(|name| name.trim_end_matches(':').trim().to_owned());
        let own = xml::child(node, "speaker").map(xml::plain).map(|name| name.trim_end_matches([':', '.']).to_owned());
        let speaker = named.or(own).or(before).or_else(|| who.map(str::to_owned)).filter(|name| !name.is_empty());
        self.builder.block();
        let open = self.builder.open(MarkKind::Turn, speaker, None);
        self.children(node, level);
        self.builder.close(open);
        self.builder.block();
    }

    fn note(&mut self, node: Node) {
        let kind = node.attribute("type").unwrap_or_default();
        if kind == "speaker" {
            self.speaker = Some(xml::plain(node));
            return;
        }
        let foot = node.attribute("n").is_some() || matches!(node.attribute("place"), Some("foot" | "end" | "bottom"));
        if !foot {
            return self.skip("what is noted beside the words");
        }
        let sign = node.attribute("n").map_or_else(|| (self.notes.len() + 1).to_string(), str::to_owned);
        self.builder.note_mark(&format!("[{sign}]"));
        self.notes.push((sign, xml::plain(node)));
    }

    fn end_notes(&mut self) {
        for (sign, text) in std::mem::take(&mut self.notes) {
            self.builder.block();
            let open = self.builder.open(MarkKind::Note, None, None);
            self.builder.note_mark(&format!("[{sign}]"));
            self.builder.space();
            self.builder.inline(&text);
            self.builder.close(open);
        }
    }
}
