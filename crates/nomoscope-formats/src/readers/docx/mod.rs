//! Word documents (docx): paragraphs, tables, notes, headings and the automatic numbers that people see.
//!
//! Deleted revisions and hidden text are left out, inserted revisions are kept: what remains is the text as it would be
//! printed with all changes accepted. Headers and footers, pictures and fields' instructions are not text.

mod notes;
mod numbering;
pub(super) mod numerals;
mod paragraph;
mod styles;

use super::{Format, single};
use crate::builder::Builder;
use crate::decode::{Declaration, decode};
use crate::zip_archive::Archive;
use crate::{FormatError, Input, Read, ReadOptions, Reason, xml};
use nomoscope_core::text::{Document, MarkKind};
use notes::{Cited, NoteKind, marker};
use numbering::Numbering;
use paragraph::Paragraph;
use roxmltree::Node;
use std::collections::BTreeMap;
use styles::Styles;

pub(super) const FORMAT: Format = Format {
    name: "docx",
    extensions: &["docx", "docm", "dotx"],
    description: "Word documents, with headings, automatic numbers, tables and notes",
    root: None,
    read,
};

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    if !input.bytes.starts_with(b"PK") {
        let message = "the file does not begin like one".to_owned();
        return Err(FormatError::new(input, None, Reason::Zip { message }));
    }
    let mut archive = Archive::open(input, &options.limits)?;
    let mut package = Package { archive: &mut archive, input, options };
    let main = package.main_part()?;
    let Some(document) = package.text(&main)? else {
        return Err(FormatError::new(input, None, Reason::MissingMember { member: main }));
    };
    let styles = package.text(&sibling(&main, "styles.xml"))?.unwrap_or_default();
    let numbers = package.text(&sibling(&main, "numbering.xml"))?.unwrap_or_default();
    let footnotes = package.notes(&sibling(&main, "footnotes.xml"))?;
    let endnotes = package.notes(&sibling(&main, "endnotes.xml"))?;
    let core = package.text("docProps/core.xml")?.unwrap_or_default();

    let styles = package.parsed(&styles, "styles.xml", Styles::read)?.unwrap_or_default();
    let numbering =
        package.parsed(&numbers, "numbering.xml", |root| Numbering::read(root, &styles))?.unwrap_or_default();
    let tree = xml::parse(input, &document, &options.limits).map_err(|error| error.within(&main))?;
    let Some(body) = xml::child(tree.root_element(), "body") else {
        return Err(FormatError::new(input, None, Reason::MissingMember { member: "w:body".to_owned() }).within(&main));
    };
    let mut writer = Writer {
        builder: Builder::new(&options.limits),
        styles,
        numbering,
        cited: Cited::default(),
        left_out: BTreeMap::new(),
    };
    writer.blocks(body);
    writer.notes(&footnotes, &endnotes);
    let notes = writer.left_out.iter().map(|(what, n)| format!("left out: {what} ({n})")).collect();
    let (text, marks) = writer.builder.finish(input)?;
    let mut document = Document { text, marks, ..Document::default() };
    package.parsed(&core, "core.xml", |root| properties(&mut document, root))?;
    Ok(single(document, notes))
}

/// The parts of the archive, decoded and parsed.
struct Package<'p, 'a> {
    archive: &'p mut Archive<'a>,
    input: &'p Input<'a>,
    options: &'p ReadOptions,
}

impl Package<'_, '_> {
    /// Returns the name of the part with the text: usually, but not always, `word/document.xml`.
    fn main_part(&mut self) -> Result<String, FormatError> {
        let relations = self.text("_rels/.rels")?.unwrap_or_default();
        let target = self.parsed(&relations, "_rels/.rels", |root| {
            let office = |node: &Node| node.attribute("Type").is_some_and(|kind| kind.ends_with("/officeDocument"));
            let target = root.children().find(office)?.attribute("Target")?;
            Some(target.trim_start_matches('/').to_owned())
        })?;
        Ok(target.flatten().unwrap_or_else(|| "word/document.xml".to_owned()))
    }

    fn text(&mut self, member: &str) -> Result<Option<String>, FormatError> {
        let Some(bytes) = self.archive.member(member)? else {
            return Ok(None);
        };
        // The encoding that a user names is for text files; a part of a package says its own.
        let options = ReadOptions { encoding: None, ..self.options.clone() };
        let part = Input { name: self.input.name, bytes: &bytes };
        let decoded = decode(&part, Declaration::Xml, &options).map_err(|error| error.within(member))?;
        Ok(Some(decoded.text))
    }

    fn parsed<T>(&self, text: &str, member: &str, read: impl FnOnce(Node) -> T) -> Result<Option<T>, FormatError> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let tree = xml::parse(self.input, text, &self.options.limits).map_err(|error| error.within(member))?;
        Ok(Some(read(tree.root_element())))
    }

    /// Returns the notes of a part by their ids.
    fn notes(&mut self, member: &str) -> Result<BTreeMap<String, String>, FormatError> {
        let text = self.text(member)?.unwrap_or_default();
        let notes = self.parsed(&text, member, |root| {
            let elements = root.children().filter(|node| matches!(node.tag_name().name(), "footnote" | "endnote"));
            // Separators between text and notes have a type; notes have none, or `normal`.
            let real = elements.filter(|node| xml::attribute(*node, "type").is_none_or(|kind| kind == "normal"));
            real.filter_map(|node| Some((xml::attribute(node, "id")?.to_owned(), paragraph::note_text(node)))).collect()
        })?;
        Ok(notes.unwrap_or_default())
    }
}

fn sibling(main: &str, name: &str) -> String {
    main.rsplit_once('/').map_or_else(|| name.to_owned(), |(folder, _)| format!("{folder}/{name}"))
}

fn properties(document: &mut Document, root: Node) {
    for node in root.children().filter(Node::is_element) {
        let key = match node.tag_name().name() {
            "creator" => "author",
            name @ ("title" | "language" | "subject" | "keywords" | "description" | "category" | "created"
            | "modified") => name,
            _ => continue,
        };
        super::set(document, key, &xml::plain(node));
    }
}

struct Writer {
    builder: Builder,
    styles: Styles,
    numbering: Numbering,
    cited: Cited,
    left_out: BTreeMap<&'static str, usize>,
}

impl Writer {
    fn blocks(&mut self, parent: Node) {
        for node in parent.children().filter(Node::is_element) {
            match node.tag_name().name() {
                "p" => self.paragraph(node),
                "tbl" => self.table(node),
                "del" | "moveFrom" => self.skip("deleted passages"),
                "sdt" | "sdtContent" | "customXml" | "ins" | "moveTo" | "smartTag" | "txbxContent" => self.blocks(node),
                "AlternateContent" => {
                    if let Some(choice) = node.children().find(Node::is_element) {
                        self.blocks(choice);
                    }
                }
                _ => {}
            }
        }
    }

    fn skip(&mut self, what: &'static str) {
        *self.left_out.entry(what).or_default() += 1;
    }

    fn read_paragraph<'a, 'input>(&mut self, node: Node<'a, 'input>) -> Paragraph<'a, 'input> {
        let paragraph = Paragraph::read(node, &mut self.cited);
        for _ in 0..paragraph.deleted {
            self.skip("deleted passages");
        }
        for _ in 0..paragraph.hidden {
            self.skip("hidden passages");
        }
        paragraph
    }

    fn paragraph(&mut self, node: Node) {
        let paragraph = self.read_paragraph(node);
        let style = self.styles.resolve(paragraph.style);
        // An empty paragraph consumes no number: Word shows one, but nobody can cite it.
        if style.contents {
            self.skip("lines of the table of contents");
        } else if !paragraph.text.trim().is_empty() {
            let numbered = paragraph.number.or(style.number);
            let number = numbered.and_then(|(list, level)| self.numbering.next(&list, level.unwrap_or_default()));
            let level = paragraph.outline.or(style.heading);
            self.builder.block();
            let open = level.map(|level| self.builder.open(MarkKind::Heading { level }, None, None));
            if let Some(number) = number.filter(|number| !number.is_empty()) {
                self.builder.exact(&number);
                self.builder.space();
            }
            self.builder.exact(paragraph.text.trim());
            if let Some(open) = open {
                self.builder.close(open);
            }
            self.builder.block();
        }
        for frame in paragraph.frames {
            self.blocks(frame);
        }
    }

    fn table(&mut self, table: Node) {
        self.builder.block();
        for row in descend(table, "tr") {
            self.builder.line();
            for (index, cell) in descend(row, "tc").into_iter().enumerate() {
                if index > 0 {
                    self.builder.cell();
                }
                self.builder.flatten();
                self.cell(cell);
                self.builder.unflatten();
            }
        }
        self.builder.block();
    }

    /// Paragraphs of a cell follow one another on one line, so that a row stays a row.
    fn cell(&mut self, cell: Node) {
        for node in cell.descendants().filter(|node| node.tag_name().name() == "p") {
            let paragraph = self.read_paragraph(node);
            let style = self.styles.resolve(paragraph.style);
            if paragraph.text.trim().is_empty() {
                continue;
            }
            self.builder.space();
            let numbered = paragraph.number.or(style.number);
            if let Some(number) =
                numbered.and_then(|(list, level)| self.numbering.next(&list, level.unwrap_or_default()))
            {
                self.builder.exact(&number);
                self.builder.space();
            }
            self.builder.inline(paragraph.text.trim());
        }
    }

    fn notes(&mut self, footnotes: &BTreeMap<String, String>, endnotes: &BTreeMap<String, String>) {
        for (kind, number, id) in std::mem::take(&mut self.cited).notes {
            let notes = match kind {
                NoteKind::Foot => footnotes,
                NoteKind::End => endnotes,
            };
            if let Some(text) = notes.get(&id).filter(|text| !text.is_empty()) {
                self.builder.block();
                self.builder.exact(&marker(kind, number));
                self.builder.space();
                self.builder.exact(text);
            }
        }
    }
}

/// Returns rows or cells, also those that stand inside content controls or insertions.
fn descend<'a, 'input>(parent: Node<'a, 'input>, name: &str) -> Vec<Node<'a, 'input>> {
    let mut found = Vec::new();
    for node in parent.children().filter(Node::is_element) {
        match node.tag_name().name() {
            own if own == name => found.push(node),
            "sdt" | "sdtContent" | "ins" | "customXml" => found.extend(descend(node, name)),
            _ => {}
        }
    }
    found
}
