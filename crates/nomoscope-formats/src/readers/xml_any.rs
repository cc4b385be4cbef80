//! Any other XML: the text of its elements, with the structure that their names give away.
//!
//! An element runs on in its line if text stands beside it; otherwise it is a block. Statutes in the XML of Justice
//! Canada, and whatever else names its parts `Section`, `Article`, `Paragraph`, `Label` or `Heading`, get their marks.

mod debates;

use super::akn::labels::{item_label, section_label};
use super::{Format, attributes, raised, single};
use crate::builder::{Builder, Open};
use crate::decode::{Declaration, decode};
use crate::{FormatError, Input, Read, ReadOptions, xml};
use nomoscope_core::text::{Document, MarkKind};
use roxmltree::Node;

pub(super) const FORMAT: Format = Format {
    name: "xml",
    extensions: &["xml"],
    description: "any other XML: the text of its elements",
    roots: &[],
    read,
};

/// Names (in lower case) of elements that never begin a line, whatever stands beside them.
static INLINE: &[&str] = &[
    "a",
    "abbr",
    "b",
    "bold",
    "cite",
    "em",
    "emph",
    "emphasis",
    "hi",
    "i",
    "italic",
    "link",
    "q",
    "quote",
    "ref",
    "span",
    "strong",
    "sub",
    "sup",
    "term",
    "u",
    "xref",
    "definedtermen",
    "definedtermfr",
    "definitionenonly",
    "xrefexternal",
    "xrefinternal",
    "sc",
    "name",
    "date",
    "yyyy",
    "mm",
    "dd",
    "leader",
    "fraction",
    "numerator",
    "denominator",
];
/// "articletitle" and so on: Japan's e-Gov; "pnumber": legislation.gov.uk; "enbez": gesetze-im-internet.de.
static NUMBERS: &[&str] = &[
    "label",
    "num",
    "number",
    "no",
    "enum",
    "articletitle",
    "paragraphnum",
    "itemtitle",
    "subitem1title",
    "subitem2title",
    "pnumber",
    "enbez",
];
static HEADINGS: &[&str] = &[
    "heading",
    "head",
    "title",
    "titletext",
    "marginalnote",
    "subject",
    "header",
    "major-heading",
    "minor-heading",
    "lawtitle",
    "articlecaption",
    "titel",
    "langue",
];
/// Names of parts that hold others: an element with one of them inside is no heading, whatever its name (a "title" of the
/// United States Code holds chapters).
static CONTAINERS: &[&str] = &[
    "chapter",
    "subchapter",
    "part",
    "subpart",
    "division",
    "subdivision",
    "content",
    "body",
    "level",
    "chapeau",
    "list",
    "table",
];
/// Notes that stand as blocks beside the law: where it comes from, how it was changed.
static NOTES: &[&str] = &["notes", "note", "sourcecredit", "footnotes"];
/// Notes that stand where they are cited.
static FOOTNOTES: &[&str] = &["footnote", "fn", "endnote"];
static SECTIONS: &[&str] = &["section", "article", "rule", "p1group", "p1", "norm"];
static PARAGRAPHS: &[&str] = &["subsection", "paragraph", "para", "p", "provision", "definition", "p2"];
static ITEMS: &[&str] = &[
    "subparagraph",
    "clause",
    "subclause",
    "item",
    "point",
    "listitem",
    "li",
    "p3",
    "p4",
    "p5",
    "subitem1",
    "subitem2",
];
/// Quoted law: no part of the numbering around it.
static QUOTATIONS: &[&str] = &["amendedtext", "sectionpiece", "quotedstructure", "quotedblock", "quotedcontent"];
/// Parts of Justice Canada's files that describe the document or repeat it.
static DESCRIPTIONS: &[&str] = &[
    "identification",
    "billhistory",
    "runninghead",
    "recentamendments",
    "historicalnote",
    "script",
    "style",
    "meta",
    "toc",
    "metadata",
    // The short name of a German law, before each of its sections.
    "jurabk",
    "amtabk",
    // Of the German parliament: contents, and the list of all who spoke.
    "inhaltsverzeichnis",
    "rednerliste",
];

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let decoded = decode(input, Declaration::Xml, options)?;
    let tree = xml::parse(input, &decoded.text, &options.limits)?;
    let root = tree.root_element();
    let mut walker =
        Walker { builder: Builder::new(&options.limits), left_out: Vec::new(), notes: Vec::new(), numbered: None };
    walker.children(root, &Context::default());
    walker.end_notes();
    let mut notes = decoded.notes;
    if !walker.left_out.is_empty() {
        notes.push(format!("left out: {}", walker.left_out.join(", ")));
    }
    let (text, marks) = walker.builder.finish(input)?;
    let mut document = Document { text, marks, ..Document::default() };
    let language = xml::language(root).or_else(|| root.attribute("lang"));
    super::set(&mut document, "language", language.unwrap_or_default());
    let is_title = |node: &Node| !is_container(*node);
    let named =
        |name: &str| root.descendants().filter(|node| node.tag_name().name() == name).find(is_title).map(xml::plain);
    let titles = ["LongTitle", "LawTitle", "langue", "title", "Title"];
    document.title = titles.into_iter().find_map(named).filter(|title| !title.is_empty());
    super::set(&mut document, "number", &named("BillNumber").unwrap_or_default());
    super::set(&mut document, "date", root.attribute("sitzung-datum").unwrap_or_default());
    let mut reads = single(document, notes);
    attributes::settle(&mut reads, &[]);
    Ok(reads)
}

#[derive(Debug, Clone, Default)]
struct Context {
    level: u8,
    label: Option<String>,
    quoted: bool,
    in_paragraph: bool,
}

struct Walker {
    builder: Builder,
    left_out: Vec<String>,
    /// The mark of a heading that its number has opened.
    numbered: Option<Open>,
    /// Footnotes, for the end.
    notes: Vec<String>,
}

impl Walker {
    fn children(&mut self, node: Node, context: &Context) {
        // Text beside elements makes them part of a line.
        let mixed =
            node.children().any(|child| child.text().is_some_and(|text| child.is_text() && !text.trim().is_empty()));
        for child in node.children() {
            if child.is_text() {
                self.builder.inline(child.text().unwrap_or_default());
            } else if child.is_element() {
                self.element(child, mixed, context);
            }
        }
    }

    fn element(&mut self, node: Node, mixed: bool, context: &Context) {
        let name = node.tag_name().name().to_lowercase();
        let name = name.as_str();
        if DESCRIPTIONS.contains(&name) {
            self.leave_out(node.tag_name().name());
        } else if let Some(speaker) = debates::speaker(node, name) {
            self.speech(node, speaker, context);
        } else if debates::holds_speeches(name) {
            self.sitting(node, context);
        } else if FOOTNOTES.contains(&name) && mixed {
            self.notes.push(xml::plain(node));
            self.builder.note_mark(&format!("[{}]", self.notes.len()));
        } else if NOTES.contains(&name) && !mixed {
            self.note(node, context);
        } else if name == "dl" {
            self.terms(node, context);
        } else if name == "pnumber" && !context.quoted {
            self.british_number(node, context);
        } else if let Some(raised) = (name == "sup").then(|| raised(&xml::plain(node))).flatten() {
            self.builder.inline(&raised);
        } else if mixed || INLINE.contains(&name) {
            self.children(node, context);
            if !mixed {
                self.builder.space();
            }
        } else if NUMBERS.contains(&name) && node.next_siblings().skip(1).any(|next| next.is_element()) {
            let next = node.next_sibling_element();
            let headed = next.is_some_and(|next| is_heading(next)) && !context.quoted;
            self.builder.block();
            self.builder.flatten();
            if headed {
                self.numbered = Some(self.open_heading(context));
            }
            self.children(node, context);
            self.builder.unflatten();
            self.builder.stick();
        } else if is_heading(node) {
            self.heading(node, context);
        } else {
            self.block(node, name, context);
        }
    }

    /// A list of terms, as German laws keep their points: "1." is the term of what stands beside it.
    fn terms(&mut self, list: Node, context: &Context) {
        let mut term = String::new();
        for child in list.children().filter(Node::is_element) {
            if child.tag_name().name().eq_ignore_ascii_case("dt") {
                term = xml::plain(child);
                continue;
            }
            self.builder.block();
            let open = self.builder.open(MarkKind::Item, None, None);
            if !term.is_empty() {
                self.builder.inline(&std::mem::take(&mut term));
                self.builder.stick();
            }
            self.children(child, &Context { quoted: true, ..context.clone() });
            self.builder.close(open);
            self.builder.unstick();
            self.builder.block();
        }
    }

    /// The number of a British section, below its title, or that of a part of it, which print has in brackets.
    fn british_number(&mut self, node: Node, context: &Context) {
        if node.parent().is_some_and(|parent| parent.tag_name().name().eq_ignore_ascii_case("p1")) {
            return self.heading(node, context);
        }
        self.builder.block();
        self.builder.inline(&format!("({})", xml::plain(node)));
        self.builder.stick();
    }

    fn leave_out(&mut self, name: &str) {
        if !self.left_out.iter().any(|known| known == name) {
            self.left_out.push(name.to_owned());
        }
    }

    fn open_heading(&mut self, context: &Context) -> Open {
        let level = context.level.saturating_add(1).clamp(1, 6);
        self.builder.open(MarkKind::Heading { level }, None, None)
    }

    /// A note that stands beside the law, with all that is in it.
    fn note(&mut self, node: Node, context: &Context) {
        self.builder.block();
        let open = (!context.quoted).then(|| self.builder.open(MarkKind::Note, None, None));
        self.children(node, &Context { quoted: true, ..context.clone() });
        if let Some(open) = open {
            self.builder.close(open);
        }
        self.builder.unstick();
        self.builder.block();
    }

    fn end_notes(&mut self) {
        for (number, text) in (1..).zip(std::mem::take(&mut self.notes)) {
            self.builder.block();
            let open = self.builder.open(MarkKind::Note, None, None);
            self.builder.note_mark(&format!("[{number}]"));
            self.builder.space();
            self.builder.inline(&text);
            self.builder.close(open);
        }
    }

    fn heading(&mut self, node: Node, context: &Context) {
        self.builder.block();
        self.builder.flatten();
        let numbered = self.numbered.take();
        let open = numbered.or_else(|| (!context.quoted).then(|| self.open_heading(context)));
        // A heading may be made of headings (a title and a note in the margin); one mark is enough.
        self.children(node, &Context { quoted: true, ..context.clone() });
        if let Some(open) = open {
            self.builder.close(open);
        }
        self.builder.unflatten();
        self.builder.block();
    }

    fn block(&mut self, node: Node, name: &str, context: &Context) {
        let quoted = context.quoted || QUOTATIONS.contains(&name);
        let (kind, label) = if quoted { (None, None) } else { kind_and_label(node, name, context) };
        let below = Context {
            level: context.level + u8::from(kind == Some(MarkKind::Section) && context.level < 5),
            label: label.clone().or_else(|| context.label.clone()),
            quoted,
            in_paragraph: context.in_paragraph || matches!(kind, Some(MarkKind::Paragraph)),
        };
        self.builder.block();
        let id = node.attribute("id").map(str::to_owned);
        let open = kind.map(|kind| self.builder.open(kind, label, id));
        if kind == Some(MarkKind::Section) && is_chapeau(node) {
            // The words of the section and its points make one paragraph.
            let paragraph = self.builder.open(MarkKind::Paragraph, None, None);
            self.children(node, &Context { in_paragraph: true, ..below });
            self.builder.close(paragraph);
        } else {
            self.children(node, &below);
        }
        if let Some(open) = open {
            self.builder.close(open);
        }
        self.builder.unstick();
        self.builder.block();
    }
}

fn is_heading(node: Node) -> bool {
    HEADINGS.contains(&node.tag_name().name().to_lowercase().as_str()) && !is_container(node)
}

/// Whether an element holds sections, paragraphs or points, and is thus no heading.
fn is_container(node: Node) -> bool {
    node.descendants().skip(1).filter(Node::is_element).any(|inner| {
        let name = inner.tag_name().name().to_lowercase();
        let name = name.as_str();
        let paragraph = PARAGRAPHS.contains(&name) && !matches!(name, "p" | "para");
        SECTIONS.contains(&name) || CONTAINERS.contains(&name) || paragraph || ITEMS.contains(&name)
    })
}

fn is_chapeau(section: Node) -> bool {
    let has = |names: &[&str]| {
        section.children().any(|child| names.contains(&child.tag_name().name().to_lowercase().as_str()))
    };
    has(&["text", "intro"]) && !has(&["subsection"])
}

/// Returns the number of a part: a child of it, or what stands where a file keeps it.
fn own_number<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    let is_number = |child: &Node| NUMBERS.contains(&child.tag_name().name().to_lowercase().as_str());
    let holder = match name {
        "norm" => child(node, "metadaten")?,
        // The title of a British section stands beside it, in a group that holds nothing else.
        "p1group" => child(node, "p1").filter(|section| is_grouped(*section))?,
        _ => node,
    };
    holder.children().find(is_number)
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.tag_name().name().eq_ignore_ascii_case(name))
}

/// Whether a British section is the only one of its group, which is the section then, with its title.
fn is_grouped(section: Node) -> bool {
    let group = section.parent().filter(|group| group.tag_name().name().eq_ignore_ascii_case("p1group"));
    group.is_some_and(|group| {
        group.children().filter(|child| child.tag_name().name().eq_ignore_ascii_case("p1")).count() == 1
    })
}

fn kind_and_label(node: Node, name: &str, context: &Context) -> (Option<MarkKind>, Option<String>) {
    // Japanese numbers are wide.
    let narrow = |c: char| char::from_u32(u32::from(c) - 0xfee0).filter(char::is_ascii_digit);
    let ascii = |c: char| if c >= '\u{ff10}' { narrow(c).unwrap_or(c) } else { c };
    let number: Option<String> = own_number(node, name).map(|number| xml::plain(number).chars().map(ascii).collect());
    let number = number.filter(|number| !number.is_empty());
    let within = || number.as_deref().and_then(|number| item_label(context.label.as_deref(), number));
    if matches!(name, "p1group" | "norm") && number.is_none() || name == "p1" && is_grouped(node) {
        (None, None)
    } else if matches!(name, "p1group" | "p1") {
        (Some(MarkKind::Section), number.map(|number| format!("s. {number}")))
    } else if SECTIONS.contains(&name) {
        (Some(MarkKind::Section), number.as_deref().map(|number| section_label(name, number)))
    } else if PARAGRAPHS.contains(&name) && !context.in_paragraph {
        (Some(MarkKind::Paragraph), within())
    } else if PARAGRAPHS.contains(&name) && number.is_some() || ITEMS.contains(&name) {
        (Some(MarkKind::Item), within())
    } else if name == "preamble" {
        (Some(MarkKind::Preamble), None)
    } else {
        (None, None)
    }
}
