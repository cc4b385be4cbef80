//! Formex, the XML of the Official Journal of the European Union: titles, recitals, articles, paragraphs, points, notes.
//!
//! # Source  Publications Office of the European Union, Formex 4 (schema `formex-05.59`)

use super::akn::labels::{bare_number, item_label, section_label};
use super::{Format, set, single};
use crate::builder::Builder;
use crate::decode::{Declaration, decode};
use crate::{FormatError, Input, Read, ReadOptions, xml};
use nomoscope_core::text::{Document, MarkKind};
use roxmltree::Node;

pub(super) const FORMAT: Format = Format {
    name: "formex",
    extensions: &["xml", "fmx4", "fmx"],
    description: "Formex, the XML of the Official Journal of the European Union",
    roots: &["ACT", "CONS.ACT", "GENERAL"],
    read,
};

/// What describes the document and is no text of it.
static DESCRIPTIONS: &[&str] =
    &["BIB.INSTANCE", "BIB.DATA", "INFO.CONSLEG", "INFO.PROD", "FAM.COMP", "TOC", "COLL.LETTERS"];

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let decoded = decode(input, Declaration::Xml, options)?;
    let tree = xml::parse(input, &decoded.text, &options.limits)?;
    let root = tree.root_element();
    let mut walker = Walker { builder: Builder::new(&options.limits), notes: Vec::new(), quoted: 0, contents: 0 };
    walker.children(root, &Context::default());
    walker.end_notes();
    let mut notes = decoded.notes;
    if walker.contents > 0 {
        notes.push(format!("left out: table of contents ({})", walker.contents));
    }
    let (text, marks) = walker.builder.finish(input)?;
    let mut document = Document { text, marks, ..Document::default() };
    let find = |name: &str| root.descendants().find(|node| node.tag_name().name() == name);
    set(&mut document, "title", &find("TITLE").map(xml::plain).unwrap_or_default());
    set(&mut document, "language", &find("LG.DOC").map(xml::plain).unwrap_or_default().to_lowercase());
    let day =
        find("BIB.INSTANCE").into_iter().flat_map(|node| node.descendants()).find_map(|node| node.attribute("ISO"));
    let day = day.filter(|day| day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()));
    let date = day.map(|day| format!("{}-{}-{}", part(day, 0, 4), part(day, 4, 6), part(day, 6, 8)));
    set(&mut document, "date", &date.unwrap_or_default());
    Ok(single(document, notes))
}

fn part(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

#[derive(Debug, Clone, Default)]
struct Context {
    level: u8,
    label: Option<String>,
    in_paragraph: bool,
}

struct Walker {
    builder: Builder,
    notes: Vec<(String, String)>,
    /// How deep in quoted law, which is no part of the numbering around it.
    quoted: usize,
    contents: usize,
}

impl Walker {
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
            "TOC" => self.contents += 1,
            _ if DESCRIPTIONS.contains(&name) => {}
            "NOTE" => self.note(node),
            "QUOT.START" | "QUOT.END" => {
                let code = node.attribute("CODE").and_then(|code| u32::from_str_radix(code, 16).ok());
                let sign = code.and_then(char::from_u32).filter(|c| !c.is_control()).unwrap_or('"');
                self.builder.exact(sign.encode_utf8(&mut [0; 4]));
            }
            "QUOT.S" => {
                self.quoted += 1;
                self.block(node, context);
                self.quoted -= 1;
            }
            "PREAMBLE" => self.marked(node, MarkKind::Preamble, None, context),
            "CONSID" | "VISA" => self.recital(node, context),
            "ARTICLE" => self.article(node, context),
            "DIVISION" => {
                self.block(node, &Context { level: context.level.saturating_add(1), ..context.clone() });
            }
            "TITLE" | "TI.ART" | "STI.ART" | "TI.CONT" => self.heading(node, context),
            "PARAG" => self.numbered(node, "NO.PARAG", MarkKind::Paragraph, context),
            "ALINEA" if context.in_paragraph || context.label.is_none() => self.block(node, context),
            "ALINEA" => {
                self.marked(node, MarkKind::Paragraph, None, &Context { in_paragraph: true, ..context.clone() })
            }
            "ITEM" => match xml::child(node, "NP") {
                Some(np) => self.numbered(np, "NO.P", MarkKind::Item, context),
                None => self.marked(node, MarkKind::Item, None, context),
            },
            "NP" => self.numbered(node, "NO.P", MarkKind::Item, context),
            "HT" | "FT" | "DATE" | "REF.DOC.OJ" | "REF.DOC.SE" | "TXT" | "NO.P" | "NO.PARAG" | "IE" | "LINK"
            | "FORMULA.S" | "EXPONENT" | "INDEX" => self.children(node, context),
            "ROW" => self.row(node, context),
            "INCL.ELEMENT" | "TRADEMARK" => {}
            _ => self.block(node, context),
        }
    }

    fn block(&mut self, node: Node, context: &Context) {
        self.builder.block();
        self.children(node, context);
        self.builder.block();
    }

    fn marked(&mut self, node: Node, kind: MarkKind, label: Option<String>, context: &Context) {
        self.builder.block();
        let id = node.attribute("IDENTIFIER").map(str::to_owned);
        let open = (self.quoted == 0).then(|| self.builder.open(kind, label, id));
        self.children(node, context);
        if let Some(open) = open {
            self.builder.close(open);
        }
        self.builder.unstick();
        self.builder.block();
    }

    fn heading(&mut self, node: Node, context: &Context) {
        self.builder.block();
        self.builder.flatten();
        let level = context.level.saturating_add(1).clamp(1, 6);
        let open = (self.quoted == 0).then(|| self.builder.open(MarkKind::Heading { level }, None, None));
        // The lines of a title are headings of one heading.
        for child in node.children() {
            match child.text().filter(|_| child.is_text()) {
                Some(text) => self.builder.inline(text),
                None => {
                    self.builder.space();
                    self.lines(child, context);
                }
            }
        }
        if let Some(open) = open {
            self.builder.close(open);
        }
        self.builder.unflatten();
        self.builder.block();
    }

    fn lines(&mut self, node: Node, context: &Context) {
        for child in node.children() {
            match child.tag_name().name() {
                _ if child.is_text() => self.builder.inline(child.text().unwrap_or_default()),
                "NOTE" => self.note(child),
                "P" | "TI" | "STI" => {
                    self.builder.space();
                    self.lines(child, context);
                }
                _ => self.lines(child, context),
            }
        }
    }

    fn article(&mut self, node: Node, context: &Context) {
        let number = xml::child(node, "TI.ART").map(xml::plain);
        let bare = number.as_deref().map(|number| number.split_whitespace().skip(1).collect::<Vec<_>>().join(" "));
        let label = bare.filter(|number| !number.is_empty()).map(|number| section_label("article", &number)).or(number);
        let below = Context { level: context.level.saturating_add(1), label: label.clone(), ..Context::default() };
        self.marked(node, MarkKind::Section, label, &below);
    }

    fn recital(&mut self, node: Node, context: &Context) {
        let inner = xml::child(node, "NP").unwrap_or(node);
        let number = xml::child(inner, "NO.P").map(xml::plain).filter(|number| !number.is_empty());
        let label = number.as_deref().map(|number| format!("Recital {}", bare_number(number)));
        self.marked_numbered(inner, "NO.P", MarkKind::Paragraph, label, context);
    }

    fn numbered(&mut self, node: Node, number: &str, kind: MarkKind, context: &Context) {
        let own = xml::child(node, number).map(xml::plain).filter(|number| !number.is_empty());
        let label = own.as_deref().and_then(|number| item_label(context.label.as_deref(), number));
        let kind = if context.in_paragraph { MarkKind::Item } else { kind };
        self.marked_numbered(node, number, kind, label, context);
    }

    fn marked_numbered(&mut self, node: Node, number: &str, kind: MarkKind, label: Option<String>, context: &Context) {
        let inside =
            Context { in_paragraph: true, label: label.clone().or_else(|| context.label.clone()), ..context.clone() };
        self.builder.block();
        let id = node.attribute("IDENTIFIER").map(str::to_owned);
        let open = (self.quoted == 0).then(|| self.builder.open(kind, label, id));
        for child in node.children() {
            if child.is_text() {
                self.builder.inline(child.text().unwrap_or_default());
            } else if child.tag_name().name() == number {
                self.builder.flatten();
                self.children(child, &inside);
                self.builder.unflatten();
                self.builder.stick();
            } else if child.is_element() {
                self.element(child, &inside);
            }
        }
        if let Some(open) = open {
            self.builder.close(open);
        }
        self.builder.unstick();
        self.builder.block();
    }

    fn row(&mut self, node: Node, context: &Context) {
        self.builder.line();
        for (index, cell) in node.children().filter(|child| child.tag_name().name() == "CELL").enumerate() {
            if index > 0 {
                self.builder.cell();
            }
            self.builder.flatten();
            self.children(cell, context);
            self.builder.unflatten();
        }
    }

    fn note(&mut self, node: Node) {
        let sign = (self.notes.len() + 1).to_string();
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
