//! A sheet: headed words, fields and tables for people, before it becomes a page or a document.

use crate::table::Table;

/// One part of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// A field of a form, with what is known; empty where it is to be filled in.
    Field(String, String),
    /// A list.
    List(Vec<String>),
    /// A table.
    Table(Table),
}

/// A sheet of one or a few pages.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// File stem: `[a-z0-9-]+`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The language of its words, as a code.
    pub language: String,
    /// Its parts.
    pub blocks: Vec<Block>,
    /// What stands at its foot.
    pub foot: String,
}

impl Sheet {
    /// Returns an empty sheet.
    #[must_use]
    pub fn new(id: impl Into<String>, title: impl Into<String>, language: &str, foot: &str) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            language: language.to_owned(),
            blocks: Vec::new(),
            foot: foot.to_owned(),
        }
    }

    /// Adds a heading.
    pub fn heading(&mut self, words: impl Into<String>) {
        self.blocks.push(Block::Heading(words.into()));
    }

    /// Adds a paragraph.
    pub fn text(&mut self, words: impl Into<String>) {
        self.blocks.push(Block::Text(words.into()));
    }

    /// Adds a field.
    pub fn field(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.blocks.push(Block::Field(name.into(), value.into()));
    }

    /// Adds a list, unless it is empty.
    pub fn list(&mut self, items: Vec<String>) {
        if !items.is_empty() {
            self.blocks.push(Block::List(items));
        }
    }
}
