//! Word documents (docx): paragraphs, tables, notes, headings and the automatic numbers that people see.
//!
//! Deleted revisions and hidden text are left out, inserted revisions are kept: what remains is the text as it would be
//! printed with all changes accepted. Headers and footers, pictures and fields' instructions are not text.

mod notes;
mod numbering;
pub(super) mod numerals;
mod paragraph;
pub(super) mod styles;

use super::{Format, single};
use crate::builder::Builder;
use crate::package::{Package, beside};
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
    roots: &[],
    read,
};

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let mut package = Package::open(input, options)?;
    let main = main_part(&mut package)?;
    let document = package.required(&main)?;
    let styles = package.text(&sibling(&main, "styles.xml"))?.unwrap_or_default();
    let numbers = package.text(&sibling(&main, "numbering.xml"))?.unwrap_or_default();
    let footnotes = notes_of(&mut package, &sibling(&main, "footnotes.xml"))?;
    let endnotes = notes_of(&mut package, &sibling(&main, "endnotes.xml"))?;
    let core = package.text("docProps/core.xml")?.unwrap_or_default();

    let styles = package.parsed(&styles, "styles.xml", Styles::read)?.unwrap_or_default();
    let numbering =
        package.parsed(&numbers, "numbering.xml", |root| Numbering::read(root, &styles))?.unwrap_or_default();
    let tree = xml::parse(input, &document, &options.limits).map_err(|error| error.within(&main))?;
    let Some(body) = xml::child(tree.root_element(), "body") else {
        return Err(FormatError::new(input, None, Reason::MissingMember { member: "w:body".to_owned() }).within(&main));
    };
    let chunks = chunks(&mut package, &main, body)?;
    let mut writer = Writer {
        builder: Builder::new(&options.limits),
        chunks,
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

/// Returns the name of the part with the text: usually, but not always, `word/document.xml`.
fn main_part(package: &mut Package<'_>) -> Result<String, FormatError> {
    let relations = package.text("_rels/.rels")?.unwrap_or_default();
    let target = package.parsed(&relations, "_rels/.rels", |root| {
        let office = |node: &Node| node.attribute("Type").is_some_and(|kind| kind.ends_with("/officeDocument"));
        let target = root.children().find(office)?.attribute("Target")?;
        Some(target.trim_start_matches('/').to_owned())
    })?;
    Ok(target.flatten().unwrap_or_else(|| "word/document.xml".to_owned()))
}

/// Returns the notes of a part by their ids.
fn notes_of(package: &mut Package<'_>, member: &str) -> Result<BTreeMap<String, String>, FormatError> {
    let text = package.text(member)?.unwrap_or_default();
    let notes = package.parsed(&text, member, |root| {
        let elements = root.children().filter(|node| matches!(node.tag_name().name(), "footnote" | "endnote"));
        // Separators between text and notes have a type; notes have none, or `normal`.
        let real = elements.filter(|node| xml::attribute(*node, "type").is_none_or(|kind| kind == "normal"));
        real.filter_map(|node| Some((xml::attribute(node, "id")?.to_owned(), paragraph::note_text(node)))).collect()
    })?;
    Ok(notes.unwrap_or_default())
}

/// Returns the parts that relations point to, by the ids of the relations.
fn relations(package: &mut Package<'_>, main: &str) -> Result<BTreeMap<String, String>, FormatError> {
    let (folder, file) = main.rsplit_once('/').unwrap_or(("", main));
    let member = format!("{folder}{}_rels/{file}.rels", if folder.is_empty() { "" } else { "/" });
    let text = package.text(&member)?.unwrap_or_default();
    let found = package.parsed(&text, &member, |root| {
        let inside = root.children().filter(|node| node.attribute("TargetMode") != Some("External"));
        inside
            .filter_map(|node| Some((node.attribute("Id")?.to_owned(), beside(main, node.attribute("Target")?))))
            .collect()
    })?;
    Ok(found.unwrap_or_default())
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

/// Returns the texts of documents that are embedded whole (`altChunk`), by the ids of their relations.
fn chunks(package: &mut Package<'_>, main: &str, body: Node) -> Result<BTreeMap<String, Document>, FormatError> {
    let wanted: Vec<&str> = body
        .descendants()
        .filter(|node| node.tag_name().name() == "altChunk")
        .filter_map(|node| xml::attribute(node, "id"))
        .collect();
    let mut found = BTreeMap::new();
    if wanted.is_empty() {
        return Ok(found);
    }
    let targets = relations(package, main)?;
    for id in wanted {
        let Some(member) = targets.get(id) else { continue };
        let Some(bytes) = package.archive.member(member)? else { continue };
        // A chunk in a chunk in a chunk: only the first is read, and what cannot be read is told as left out.
        let options = ReadOptions { encoding: None, ..package.options.clone() };
        let part = Input { name: member, bytes: &bytes };
        let nested = super::format_of(&part).ok().filter(|format| format.name != FORMAT.name && format.name != "zip");
        let read = nested.and_then(|format| (format.read)(&part, &options).ok()).and_then(|mut reads| reads.pop());
        if let Some(read) = read {
            found.insert(id.to_owned(), read.document);
        }
    }
    Ok(found)
}

struct Writer {
    builder: Builder,
    /// Texts of embedded documents by the ids of their relations.
    chunks: BTreeMap<String, Document>,
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
                "altChunk" => self.chunk(node),
                "subDoc" => self.skip("documents in other files"),
                "bookmarkStart" | "bookmarkEnd" | "sectPr" | "proofErr" | "permStart" | "permEnd"
                | "commentRangeStart" | "commentRangeEnd" | "sdtPr" | "sdtEndPr" | "customXmlPr"
                | "moveFromRangeStart" | "moveFromRangeEnd" | "moveToRangeStart" | "moveToRangeEnd" => {}
                // Formulas and whatever later versions invent: letters that would be lost without a word.
                _ if node
                    .descendants()
                    .any(|node| node.is_text() && node.text().is_some_and(|t| !t.trim().is_empty())) =>
                {
                    self.skip("passages of a kind that is not read");
                }
                _ => {}
            }
        }
    }

    /// A document that is embedded whole.
    fn chunk(&mut self, node: Node) {
        let document = xml::attribute(node, "id").and_then(|id| self.chunks.remove(id));
        match document {
            Some(document) => {
                self.builder.block();
                self.builder.document(document);
                self.builder.block();
            }
            None => self.skip("embedded documents"),
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
            self.builder.with_notes(paragraph.text.trim(), Builder::exact);
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
            self.builder.with_notes(paragraph.text.trim(), Builder::inline);
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
                self.builder.note_mark(&marker(kind, number));
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
