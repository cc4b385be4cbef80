//! Markdown: the text that people read, with headings as marks.
//!
//! Only headings become marks. Paragraphs and lists are left to segmentation, which sees the empty lines and the
//! numbers: in legal texts "(a)" and "1." stand in paragraphs of their own far more often than in Markdown lists.

mod front_matter;

use super::{Format, attributes, html, single};
use crate::builder::{Builder, Open};
use crate::decode::{Declaration, decode};
use crate::{FormatError, Input, Read, ReadOptions};
use nomoscope_core::text::{Document, MarkKind};
use pulldown_cmark::{Event, OffsetIter, Options, Parser, Tag, TagEnd, TextMergeWithOffset};
use std::iter::Peekable;
use std::ops::Range;

pub(super) const FORMAT: Format = Format {
    name: "md",
    extensions: &["md", "markdown", "mdown"],
    description: "Markdown with YAML or TOML front matter",
    roots: &[],
    read,
};

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let decoded = decode(input, Declaration::None, options)?;
    let mut notes = decoded.notes;
    let front = front_matter::split(input, &decoded.text)?;
    notes.extend(front.notes);
    let mut writer = Writer::new(input, options, front.body);
    writer.write()?;
    let (text, marks) = writer.builder.finish(input)?;
    let mut document = Document { text, marks, ..Document::default() };
    document.title = first_title(&document);
    for (key, value) in front.fields {
        super::set(&mut document, &key, &value);
    }
    let mut reads = single(document, notes);
    let said = attributes::settle(&mut reads, &[]);
    reads.iter_mut().for_each(|read| read.notes.extend(said.iter().cloned()));
    Ok(reads)
}

/// Whether words between `[^` and `]` name a note.
fn is_label(words: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '*');
    !words.is_empty() && words.chars().count() <= LONGEST_LABEL && words.chars().all(fits)
}

/// A heading of the highest level at the very beginning is the title.
fn first_title(document: &Document) -> Option<String> {
    let first =
        document.marks.first().filter(|mark| mark.kind == MarkKind::Heading { level: 1 } && mark.span.start == 0)?;
    Some(first.span.of(&document.text).to_owned())
}

fn flavour() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_DEFINITION_LIST
}

type Events<'a> = Peekable<TextMergeWithOffset<'a, OffsetIter<'a>>>;

/// The longest name of a note.
const LONGEST_LABEL: usize = 20;

struct Writer<'a> {
    builder: Builder,
    input: &'a Input<'a>,
    options: &'a ReadOptions,
    source: &'a str,
    heading: Option<Open>,
    first_cell: bool,
    raw_html: String,
    /// Words between `<sup>` and `</sup>`.
    raised: Option<String>,
}

impl<'a> Writer<'a> {
    fn new(input: &'a Input, options: &'a ReadOptions, source: &'a str) -> Self {
        let builder = Builder::new(&options.limits);
        Self { builder, input, options, source, heading: None, first_cell: true, raw_html: String::new(), raised: None }
    }

    fn write(&mut self) -> Result<(), FormatError> {
        let parser = Parser::new_ext(self.source, flavour()).into_offset_iter();
        let mut events: Events = TextMergeWithOffset::new(parser).peekable();
        while let Some((event, range)) = events.next() {
            match event {
                Event::Start(tag) => self.start(&tag, range, &mut events),
                Event::End(tag) => self.end(tag)?,
                Event::Text(text) => self.text(&text),
                Event::Code(text) => self.builder.exact(&text),
                Event::SoftBreak | Event::HardBreak => self.builder.line(),
                Event::Html(html) => self.raw_html.push_str(&html),
                Event::InlineHtml(tag) if tag.to_ascii_lowercase().starts_with("<br") => self.builder.line(),
                Event::FootnoteReference(label) => self.builder.note_mark(&format!("[{label}]")),
                Event::TaskListMarker(done) => self.text(if done { "[x] " } else { "[ ] " }),
                Event::Rule => self.builder.block(),
                Event::InlineHtml(tag) => self.raise(&tag.to_ascii_lowercase()),
                Event::InlineMath(_) | Event::DisplayMath(_) => {}
            }
        }
        self.end_raised();
        Ok(())
    }

    /// Writes words; `[^1]` in them is the mark of a note whose text the file does not have.
    fn text(&mut self, text: &str) {
        if let Some(raised) = &mut self.raised {
            raised.push_str(text);
            return;
        }
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("[^") {
            let label = after.split_once(']').filter(|(label, _)| is_label(label));
            let Some((label, tail)) = label else {
                self.builder.exact(before);
                self.builder.exact("[^");
                rest = after;
                continue;
            };
            self.builder.exact(before);
            self.builder.note_mark(&format!("[{label}]"));
            rest = tail;
        }
        self.builder.exact(rest);
    }

    /// Opens and closes what tags of HTML raise.
    fn raise(&mut self, tag: &str) {
        self.end_raised();
        if tag.starts_with("<sup") {
            self.raised = Some(String::new());
        }
    }

    fn end_raised(&mut self) {
        if let Some(words) = self.raised.take()
            && !html::raised_words(&mut self.builder, &words)
        {
            self.builder.exact(&words);
        }
    }

    fn start(&mut self, tag: &Tag, range: Range<usize>, events: &mut Events) {
        match tag {
            Tag::Heading { level, .. } => {
                self.builder.block();
                self.builder.flatten();
                self.heading = Some(self.builder.open(MarkKind::Heading { level: *level as u8 }, None, None));
            }
            Tag::Item => self.item(range, events),
            Tag::FootnoteDefinition(label) => {
                self.builder.block();
                self.builder.note_mark(&format!("[{label}]"));
                self.builder.stick();
            }
            Tag::DefinitionListDefinition | Tag::TableRow | Tag::TableHead => {
                self.builder.line();
                self.first_cell = true;
            }
            Tag::TableCell => {
                if !self.first_cell {
                    self.builder.cell();
                }
                self.first_cell = false;
                self.builder.flatten();
            }
            Tag::Paragraph
            | Tag::BlockQuote(_)
            | Tag::CodeBlock(_)
            | Tag::HtmlBlock
            | Tag::Table(_)
            | Tag::DefinitionListTitle => self.builder.block(),
            // A list inside a tight item begins on the next line, any other after an empty one.
            Tag::List(_) => self.builder.line(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) -> Result<(), FormatError> {
        // What is raised ends with its block, closed or not.
        if !matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Image) {
            self.end_raised();
        }
        match tag {
            TagEnd::Heading(_) => {
                self.builder.unflatten();
                if let Some(open) = self.heading.take() {
                    self.builder.close(open);
                }
                self.builder.block();
            }
            TagEnd::TableCell => self.builder.unflatten(),
            TagEnd::HtmlBlock => {
                let raw = std::mem::take(&mut self.raw_html);
                html::fragment(self.input, &raw, self.options, &mut self.builder)?;
            }
            TagEnd::Paragraph
            | TagEnd::BlockQuote(_)
            | TagEnd::CodeBlock
            | TagEnd::Table
            | TagEnd::DefinitionList
            | TagEnd::FootnoteDefinition => {
                self.builder.unstick();
                self.builder.block();
            }
            TagEnd::List(_) | TagEnd::Item => {
                self.builder.unstick();
                self.builder.line();
            }
            _ => {}
        }
        Ok(())
    }

    /// Writes a list marker as it stands in the source: a renumbered "4." would no longer be citable.
    fn item(&mut self, range: Range<usize>, events: &mut Events) {
        let loose = matches!(events.peek(), Some((Event::Start(Tag::Paragraph), _)));
        if loose {
            self.builder.block();
        } else {
            self.builder.line();
        }
        let marker = self.source.get(range).unwrap_or_default().split_whitespace().next().unwrap_or_default();
        self.builder.exact(marker);
        self.builder.stick();
    }
}
