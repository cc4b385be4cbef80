//! The text of one paragraph, from its runs.

use super::notes::{Cited, NoteKind, marker};
use super::styles::{ListLevel, list_level, outline_level};
use crate::xml;
use roxmltree::Node;

/// A paragraph as the file has it.
#[derive(Debug, Default)]
pub(super) struct Paragraph<'a, 'input> {
    pub(super) text: String,
    pub(super) style: Option<&'a str>,
    pub(super) number: Option<ListLevel>,
    pub(super) outline: Option<u8>,
    /// Text boxes that are anchored here; their paragraphs follow this one.
    pub(super) frames: Vec<Node<'a, 'input>>,
    pub(super) deleted: usize,
    pub(super) hidden: usize,
}

impl<'a, 'input> Paragraph<'a, 'input> {
    pub(super) fn read(node: Node<'a, 'input>, cited: &mut Cited) -> Self {
        let mut paragraph = Self::default();
        if let Some(properties) = xml::child(node, "pPr") {
            paragraph.style = xml::child(properties, "pStyle").and_then(|style| xml::attribute(style, "val"));
            paragraph.number = list_level(properties);
            paragraph.outline = outline_level(properties).filter(|level| *level <= 9).map(|level| level.min(6));
        }
        paragraph.inlines(node, cited);
        paragraph
    }

    fn inlines(&mut self, parent: Node<'a, 'input>, cited: &mut Cited) {
        for node in parent.children().filter(Node::is_element) {
            match node.tag_name().name() {
                "r" if is_hidden(node) => self.hidden += 1,
                "del" | "moveFrom" => self.deleted += 1,
                "t" => self.text.push_str(node.text().unwrap_or_default()),
                "tab" => self.text.push('\t'),
                "br" | "cr" => self.text.push('\n'),
                "noBreakHyphen" => self.text.push('\u{2011}'),
                "softHyphen" => self.text.push('\u{ad}'),
                "footnoteReference" => self.cite(NoteKind::Foot, node, cited),
                "endnoteReference" => self.cite(NoteKind::End, node, cited),
                "txbxContent" => self.frames.push(node),
                // The second branch repeats the first for older programs.
                "AlternateContent" => {
                    if let Some(choice) = node.children().find(Node::is_element) {
                        self.inlines(choice, cited);
                    }
                }
                "pPr" | "rPr" | "instrText" | "delText" | "delInstrText" | "sdtPr" | "footnoteRef" | "endnoteRef" => {}
                _ => self.inlines(node, cited),
            }
        }
    }

    fn cite(&mut self, kind: NoteKind, node: Node, cited: &mut Cited) {
        let number = cited.add(kind, xml::attribute(node, "id").unwrap_or_default());
        self.text.push_str(&marker(kind, number));
    }
}

/// Returns the text of a note, its paragraphs on lines of their own.
pub(super) fn note_text(node: Node) -> String {
    let paragraphs = node.descendants().filter(|node| node.tag_name().name() == "p");
    let texts = paragraphs.map(|node| Paragraph::read(node, &mut Cited::default()).text.trim().to_owned());
    let text = texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    // Some write "1." as the note's own number and a full stop; the number is not text, the stop would be left over.
    text.strip_prefix('.').map_or(text.as_str(), str::trim_start).to_owned()
}

fn is_hidden(run: Node) -> bool {
    let vanish = xml::child(run, "rPr").and_then(|properties| xml::child(properties, "vanish"));
    vanish.is_some_and(|node| !matches!(xml::attribute(node, "val"), Some("0" | "false" | "off")))
}
