//! Akoma Ntoso (LegalDocML): acts, bills, judgments, debates and collections of them.
//!
//! Elements are known by their local names, whatever the version of the namespace or its prefix. What the standard
//! calls a hierarchy becomes marks: articles and sections, their paragraphs and points, speeches, recitals. Metadata
//! becomes attributes; tables of contents and struck-out words are left out; notes stand at the end.
//! Text quoted inside an amending act gets no marks: its articles are not articles of that act.

pub(super) mod labels;
mod metadata;

use super::{Format, raised, single};
use crate::builder::Builder;
use crate::decode::{Declaration, decode};
use crate::{FormatError, Input, Read, ReadOptions, xml};
use labels::{bare_number, item_label, section_label};
use nomoscope_core::text::{Document, MarkKind};
use roxmltree::Node;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const FORMAT: Format = Format {
    name: "akn",
    extensions: &["akn", "xml"],
    description: "Akoma Ntoso (LegalDocML): acts, bills, judgments, debates",
    roots: &["akomaNtoso"],
    read,
};

/// Units that are cited by themselves.
static SECTIONS: &[&str] = &["article", "section", "rule", "crossSection"];
/// Divisions above them; one without any section in it is a section itself.
static DIVISIONS: &[&str] = &[
    "book",
    "chapter",
    "division",
    "hcontainer",
    "level",
    "part",
    "subchapter",
    "subdivision",
    "subpart",
    "subtitle",
    "title",
    "tome",
    "subsectionGroup",
    "debateSection",
    "administrationOfOath",
    "rollCall",
    "prayers",
    "oralStatements",
    "writtenStatements",
    "personalStatements",
    "ministerialStatements",
    "resolutions",
    "nationalInterest",
    "declarationOfVote",
    "communication",
    "petitions",
    "papers",
    "noticesOfMotion",
    "questions",
    "address",
    "proceduralMotions",
    "pointOfOrder",
    "adjournment",
    "introduction",
    "background",
    "arguments",
    "remedies",
    "motivation",
    "decision",
    "tblock",
];
/// Numbered stretches below a section: the outermost is a paragraph, those within it are items.
static PARAGRAPHS: &[&str] = &["paragraph", "subsection", "clause", "subrule", "alinea", "recital", "citation"];
static ITEMS: &[&str] =
    &["point", "indent", "item", "subparagraph", "subclause", "sublist", "subpoint", "proviso", "transitional", "li"];
static SPEECHES: &[&str] = &["speech", "question", "answer"];
/// Other elements that stand on lines of their own; whatever is in no list runs on in its line.
static BLOCKS: &[&str] = &[
    "p",
    "block",
    "blockContainer",
    "blockList",
    "container",
    "content",
    "intro",
    "wrapUp",
    "heading",
    "subheading",
    "num",
    "crossHeading",
    "longTitle",
    "listIntroduction",
    "listWrapUp",
    "list",
    "ul",
    "ol",
    "table",
    "caption",
    "formula",
    "scene",
    "narrative",
    "summary",
    "from",
    "other",
    "speechGroup",
    "preface",
    "preamble",
    "recitals",
    "citations",
    "conclusions",
    "header",
    "body",
    "mainBody",
    "judgmentBody",
    "debateBody",
    "amendmentBody",
    "portionBody",
    "collectionBody",
    "component",
    "components",
    "attachment",
    "attachments",
    "doc",
    "act",
    "bill",
    "judgment",
    "debate",
    "debateReport",
    "statement",
    "amendment",
    "amendmentList",
    "documentCollection",
    "officialGazette",
    "portion",
    "coverPage",
    "quotedStructure",
    "embeddedStructure",
    "interstitial",
    "foreign",
    "fragment",
    "fragmentBody",
    "signatures",
    "tr",
];

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let decoded = decode(input, Declaration::Xml, options)?;
    let tree = xml::parse(input, &decoded.text, &options.limits)?;
    let root = tree.root_element();
    let mut walker = Walker {
        builder: Builder::new(&options.limits),
        divisions: inner_divisions(root),
        people: metadata::people(root),
        note_texts: metadata::notes(root),
        notes: Vec::new(),
        left_out: BTreeMap::new(),
    };
    walker.children(root, &Context::default());
    walker.footnotes();
    let mut notes = decoded.notes;
    notes.extend(walker.left_out.iter().map(|(what, n)| format!("left out: {what} ({n})")));
    let (text, marks) = walker.builder.finish(input)?;
    let mut document = Document { text, marks, ..Document::default() };
    metadata::describe(&mut document, root);
    Ok(single(document, notes))
}

/// Returns divisions that have no section or division with a heading or number inside, so that they are sections.
///
/// One pass from the leaves up: asking every division for its descendants would take the square of a deep file.
fn inner_divisions(root: Node) -> BTreeSet<u32> {
    let (mut inner, mut outer) = (BTreeSet::new(), BTreeSet::new());
    for node in root.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        let section = SECTIONS.contains(&name);
        let division = DIVISIONS.contains(&name) && (is_headed(node) || is_judicial(name)) && !is_point(node);
        let speech = SPEECHES.contains(&name);
        if !section && !division && !speech
            || node.ancestors().skip(1).any(|ancestor| is_quotation(ancestor.tag_name().name()))
        {
            continue;
        }
        // A debate is cut into speeches, so the divisions above them are none.
        if !speech {
            inner.insert(node.id().get());
        }
        let above = node.ancestors().skip(1);
        outer
            .extend(above.map(|ancestor| ancestor.id().get()).take_while(|id| !outer.contains(id)).collect::<Vec<_>>());
    }
    // An article stays a section whatever stands in it; a section (EU law) may contain articles.
    inner.retain(|id| {
        !outer.contains(id)
            || root.document().get_node((*id).into()).is_some_and(|node| node.tag_name().name() == "article")
    });
    inner
}

fn is_headed(node: Node) -> bool {
    node.children().any(|child| matches!(child.tag_name().name(), "num" | "heading"))
}

/// Whether a level is a numbered point of a section, as the law of some States is marked, and no division of its own.
fn is_point(node: Node) -> bool {
    let within = |name: &str| SECTIONS.contains(&name) || PARAGRAPHS.contains(&name) || ITEMS.contains(&name);
    node.tag_name().name() == "level"
        && xml::child(node, "num").is_some()
        && xml::child(node, "heading").is_none()
        && node.ancestors().skip(1).any(|above| within(above.tag_name().name()))
}

fn is_judicial(name: &str) -> bool {
    matches!(name, "introduction" | "background" | "arguments" | "remedies" | "motivation" | "decision")
}

fn is_quotation(name: &str) -> bool {
    matches!(name, "quotedStructure" | "embeddedStructure" | "quotedText" | "embeddedText")
}

/// What an element finds above it.
#[derive(Debug, Clone, Default)]
struct Context {
    /// Level of the next heading.
    level: u8,
    /// Label of the enclosing section or paragraph.
    label: Option<String>,
    /// Inside a quotation: no marks.
    quoted: bool,
    in_paragraph: bool,
    in_judgment: bool,
}

impl Context {
    fn paragraph(&self, label: Option<String>) -> Self {
        Self { in_paragraph: true, label: label.or_else(|| self.label.clone()), ..self.clone() }
    }
}

struct Walker<'a> {
    builder: Builder,
    divisions: BTreeSet<u32>,
    /// Names of persons and roles by the ids that speeches point to.
    people: BTreeMap<&'a str, &'a str>,
    /// Notes that stand in the metadata, by their ids.
    note_texts: BTreeMap<&'a str, String>,
    notes: Vec<(String, String)>,
    left_out: BTreeMap<&'static str, usize>,
}

impl Walker<'_> {
    fn children(&mut self, node: Node, context: &Context) {
        for child in node.children() {
            if child.is_text() {
                self.builder.inline(child.text().unwrap_or_default());
            } else if child.is_element() {
                self.element(child, context);
            }
        }
    }

    fn element(&mut self, node: Node, context: &Context) {
        let name = node.tag_name().name();
        match name {
            "meta" => {}
            "toc" => self.skip("table of contents"),
            "del" => self.skip("struck-out words"),
            "componentRef" | "documentRef" => self.skip("documents in other files"),
            "eol" | "br" => self.builder.line(),
            "marker" => self.builder.space(),
            "sup" if raised(&xml::plain(node)).is_some() => {
                self.builder.inline(&raised(&xml::plain(node)).unwrap_or_default());
            }
            "img" => self.builder.inline(node.attribute("alt").unwrap_or_default()),
            "authorialNote" => self.note(node.attribute("marker"), xml::plain(node)),
            "noteRef" => self.note_reference(node),
            "tr" => self.row(node, context),
            "preamble" | "recitals" => self.preamble(node, context),
            "judgmentBody" => self.block(node, &Context { in_judgment: true, ..context.clone() }),
            "p" | "block" | "narrative" | "scene" | "summary" | "other" => self.text_block(node, context),
            _ if is_quotation(name) => self.quotation(node, context),
            "level" if is_point(node) => self.numbered(node, context),
            _ if SECTIONS.contains(&name) || DIVISIONS.contains(&name) => self.division(node, context),
            _ if PARAGRAPHS.contains(&name) || ITEMS.contains(&name) => self.numbered(node, context),
            "list" | "blockList" => self.list(node, context),
            _ if SPEECHES.contains(&name) => self.speech(node, context),
            "heading" | "subheading" | "crossHeading" => self.heading(node, context),
            _ if BLOCKS.contains(&name) => self.block(node, context),
            _ => self.children(node, context),
        }
    }

    fn skip(&mut self, what: &'static str) {
        *self.left_out.entry(what).or_default() += 1;
    }

    fn block(&mut self, node: Node, context: &Context) {
        self.builder.block();
        self.children(node, context);
        self.builder.block();
    }

    /// Writes what `inside` writes under a mark; without one in quotations.
    fn marked(
        &mut self,
        node: Node,
        kind: MarkKind,
        label: Option<String>,
        context: &Context,
        inside: impl FnOnce(&mut Self),
    ) {
        if context.quoted {
            return inside(self);
        }
        let open = self.builder.open(kind, label, id_of(node));
        inside(self);
        self.builder.close(open);
    }

    fn text_block(&mut self, node: Node, context: &Context) {
        self.builder.block();
        if context.in_paragraph {
            self.children(node, context);
        } else {
            self.marked(node, MarkKind::Paragraph, None, context, |walker| {
                walker.children(node, &context.paragraph(None))
            });
        }
        self.builder.block();
    }

    fn quotation(&mut self, node: Node, context: &Context) {
        let inside = Context { quoted: true, ..context.clone() };
        if matches!(node.tag_name().name(), "quotedText" | "embeddedText") {
            self.builder.inline(node.attribute("startQuote").unwrap_or_default());
            self.children(node, &inside);
            self.builder.exact(node.attribute("endQuote").unwrap_or_default());
        } else {
            self.block(node, &inside);
        }
    }

    fn division(&mut self, node: Node, context: &Context) {
        let section = self.divisions.contains(&node.id().get()) && !context.in_paragraph;
        let label = section.then(|| division_label(node)).flatten();
        let below = Context {
            level: context.level.saturating_add(1),
            label: label.clone().or_else(|| context.label.clone()),
            ..context.clone()
        };
        let inside = |walker: &mut Self| {
            walker.head(node, context);
            walker.body(node, &below);
        };
        self.builder.block();
        // A judgment's paragraphs are numbered throughout, so the headings above them are no part of their labels.
        if section {
            self.marked(node, MarkKind::Section, label, context, inside);
        } else {
            inside(self);
        }
        self.builder.block();
    }

    /// The number and heading of a division, on one line.
    fn head(&mut self, node: Node, context: &Context) {
        let level = context.level.saturating_add(1).clamp(1, 6);
        self.builder.flatten();
        self.marked(node, MarkKind::Heading { level }, None, context, |walker| {
            for part in
                node.children().filter(|child| matches!(child.tag_name().name(), "num" | "heading" | "subheading"))
            {
                walker.builder.space();
                walker.children(part, context);
            }
        });
        self.builder.unflatten();
        self.builder.block();
    }

    /// The body of a division. A chapeau directly in a section makes one paragraph with the points below it.
    fn body(&mut self, node: Node, context: &Context) {
        let chapeau =
            SECTIONS.contains(&node.tag_name().name()) && xml::child(node, "intro").is_some() && !context.in_paragraph;
        let inside = |walker: &mut Self, context: &Context| {
            for child in node.children() {
                match child.tag_name().name() {
                    "num" | "heading" | "subheading" => {}
                    _ if child.is_text() => walker.builder.inline(child.text().unwrap_or_default()),
                    _ if child.is_element() => walker.element(child, context),
                    _ => {}
                }
            }
        };
        if chapeau {
            self.marked(node, MarkKind::Paragraph, None, context, |walker| inside(walker, &context.paragraph(None)));
        } else {
            inside(self, context);
        }
    }

    /// A heading that belongs to no division.
    fn heading(&mut self, node: Node, context: &Context) {
        self.builder.block();
        self.builder.flatten();
        let level = context.level.saturating_add(1).clamp(1, 6);
        self.marked(node, MarkKind::Heading { level }, None, context, |walker| walker.children(node, context));
        self.builder.unflatten();
        self.builder.block();
    }

    fn numbered(&mut self, node: Node, context: &Context) {
        let name = node.tag_name().name();
        let number = xml::child(node, "num").map(xml::plain).filter(|number| !number.is_empty());
        let kind = if context.in_paragraph { MarkKind::Item } else { MarkKind::Paragraph };
        let label = number.as_deref().and_then(|number| match name {
            "recital" => Some(format!("Recital {}", bare_number(number))),
            _ if context.in_judgment && !context.in_paragraph => Some(format!("¶ {}", bare_number(number))),
            _ => item_label(context.label.as_deref(), number),
        });
        let inside = context.paragraph(label.clone());
        self.builder.block();
        let write = |walker: &mut Self| {
            for child in node.children() {
                match child.tag_name().name() {
                    "num" => walker.number(child, &inside),
                    // A paragraph's own heading stands on the line of its number.
                    "heading" | "subheading" => walker.number(child, &inside),
                    _ if child.is_text() => walker.builder.inline(child.text().unwrap_or_default()),
                    _ if child.is_element() => walker.element(child, &inside),
                    _ => {}
                }
            }
        };
        // Without a number an inner stretch is only a continuation of its paragraph.
        if kind == MarkKind::Item && number.is_none() && !matches!(name, "point" | "indent" | "item" | "li") {
            write(self);
        } else {
            self.marked(node, kind, label, context, write);
        }
        self.builder.unstick();
        self.builder.block();
    }

    fn number(&mut self, node: Node, context: &Context) {
        self.builder.flatten();
        self.children(node, context);
        self.builder.unflatten();
        self.builder.stick();
    }

    fn list(&mut self, node: Node, context: &Context) {
        // Points that stand alone, numbered throughout as the paragraphs of some judgments are, form no paragraph.
        let chapeau = node.children().any(|child| matches!(child.tag_name().name(), "intro" | "listIntroduction"));
        self.builder.block();
        if context.in_paragraph || (context.in_judgment && !chapeau) {
            self.children(node, context);
        } else {
            self.marked(node, MarkKind::Paragraph, None, context, |walker| {
                walker.children(node, &context.paragraph(None))
            });
        }
        self.builder.block();
    }

    fn row(&mut self, node: Node, context: &Context) {
        self.builder.line();
        let cells = node.children().filter(|child| matches!(child.tag_name().name(), "td" | "th"));
        for (index, cell) in cells.enumerate() {
            if index > 0 {
                self.builder.cell();
            }
            self.builder.flatten();
            self.children(cell, &context.paragraph(None));
            self.builder.unflatten();
        }
    }

    fn preamble(&mut self, node: Node, context: &Context) {
        let nested = node.ancestors().skip(1).any(|above| above.tag_name().name() == "preamble");
        self.builder.block();
        if nested {
            self.children(node, context);
        } else {
            self.marked(node, MarkKind::Preamble, None, context, |walker| walker.children(node, context));
        }
        self.builder.block();
    }

    fn speech(&mut self, node: Node, context: &Context) {
        let by = node.attribute("by").or_else(|| node.attribute("as")).map(|id| id.trim_start_matches('#'));
        let named = by.and_then(|id| self.people.get(id).map(|name| (*name).to_owned()));
        let from = xml::child(node, "from").map(|from| xml::plain(from).trim_end_matches(':').trim().to_owned());
        let speaker = named.or(from).or_else(|| by.map(str::to_owned)).filter(|speaker| !speaker.is_empty());
        self.builder.block();
        self.marked(node, MarkKind::Turn, speaker, context, |walker| walker.children(node, context));
        self.builder.block();
    }

    fn note(&mut self, marker: Option<&str>, text: String) {
        let number = marker.map(str::trim).filter(|marker| !marker.is_empty());
        let marker = number.map_or_else(|| (self.notes.len() + 1).to_string(), str::to_owned);
        self.builder.note_mark(&format!("[{marker}]"));
        self.notes.push((marker, text));
    }

    fn note_reference(&mut self, node: Node) {
        let id = node.attribute("href").unwrap_or_default().trim_start_matches('#');
        if let Some(text) = self.note_texts.get(id).cloned() {
            self.note(node.attribute("marker"), text);
        }
    }

    fn footnotes(&mut self) {
        for (marker, text) in std::mem::take(&mut self.notes) {
            self.builder.block();
            self.builder.note_mark(&format!("[{marker}]"));
            self.builder.space();
            self.builder.inline(&text);
        }
    }
}

fn division_label(node: Node) -> Option<String> {
    let name = node.tag_name().name();
    let number = xml::child(node, "num").map(xml::plain).filter(|number| !number.is_empty());
    if let Some(number) = number {
        return Some(section_label(name, &number));
    }
    let heading = xml::child(node, "heading").map(xml::plain).filter(|heading| !heading.is_empty());
    heading.or_else(|| is_judicial(name).then(|| labels::capitalised(name))).or_else(|| id_of(node))
}

fn id_of(node: Node) -> Option<String> {
    ["eId", "wId", "id"].iter().find_map(|name| node.attribute(*name)).map(str::to_owned)
}
