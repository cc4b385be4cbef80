//! Tables with a text in each row (csv, tsv): one text a row, the other columns become its attributes.

use super::{Format, set};
use crate::decode::{Declaration, decode};
use crate::grid::{self, Flaw, FlawKind};
use crate::{Fault, FormatError, Input, Place, Read, ReadOptions, Reason};
use nomoscope_core::text::{Document, MAX_TEXT_BYTES};
use std::collections::BTreeMap;

pub(super) const FORMAT: Format = Format {
    name: "csv",
    extensions: &["csv", "tsv", "tab"],
    description: "tables with a text in each row; separated by commas, semicolons, tabs or vertical bars",
    root: None,
    read,
};

/// Names that a column of texts usually has, the most telling first.
pub(super) static TEXT_NAMES: &[&str] =
    &["text", "body", "content", "speech", "full_text", "fulltext", "texte", "texto", "inhalt"];
/// Names that a column of identifiers usually has.
pub(super) static ID_NAMES: &[&str] = &["id", "doc_id", "docid", "identifier", "uuid", "key"];

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let decoded = decode(input, Declaration::None, options)?;
    let (text, separator, line) = grid::start(&input.extension(), &decoded.text);
    let mut table = grid::rows(text, separator, line)
        .map_err(|flaws| FormatError::many(input, flaws.into_iter().map(fault).collect()))?
        .into_iter();
    let header = table.next().map(|row| row.cells).unwrap_or_default();
    let columns = Columns::find(input, &header, options)?;
    let mut rows = Rows {
        columns: &columns,
        options,
        notes: decoded.notes,
        reads: Vec::new(),
        problems: Vec::new(),
        seen: BTreeMap::new(),
    };
    for row in table {
        if rows.reads.len() >= options.limits.max_rows {
            let reason = Reason::TooMany { what: "rows", limit: options.limits.max_rows };
            return Err(FormatError::new(input, None, reason));
        }
        rows.add(&row.cells, row.line.into());
    }
    rows.finish(input)
}

fn fault(flaw: Flaw) -> Fault {
    let reason = match flaw.kind {
        FlawKind::OpenQuote => Reason::OpenQuote,
        FlawKind::AfterQuote => Reason::Table { message: "text after a closing quotation mark".to_owned() },
        FlawKind::TooManyCells => Reason::TooMany { what: "cells", limit: grid::MAX_CELLS },
    };
    Fault { place: Some(Place::Line(flaw.line.into())), reason }
}

/// Which column is what.
struct Columns {
    names: Vec<String>,
    text: usize,
    id: Option<usize>,
}

impl Columns {
    fn find(input: &Input, header: &[String], options: &ReadOptions) -> Result<Self, FormatError> {
        let names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        let mut seen = std::collections::BTreeSet::new();
        let mut problems: Vec<Fault> = Vec::new();
        for name in names.iter().filter(|name| !name.is_empty() && !seen.insert(name.as_str())) {
            problems
                .push(Fault { place: Some(Place::Line(1)), reason: Reason::DuplicateColumn { column: name.clone() } });
        }
        let text = match &options.text_column {
            Some(wanted) => names.iter().position(|name| name == wanted),
            None => find(&names, TEXT_NAMES),
        };
        let Some(text) = text else {
            let columns = names.iter().take(30).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            problems.push(Fault { place: Some(Place::Line(1)), reason: Reason::NoTextColumn { columns } });
            return Err(FormatError::many(input, problems));
        };
        if !problems.is_empty() {
            return Err(FormatError::many(input, problems));
        }
        let id = find(&names, ID_NAMES).filter(|id| *id != text);
        Ok(Self { names, text, id })
    }
}

/// Returns the first column that has one of the names, in the order of the names.
fn find(columns: &[String], names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| columns.iter().position(|column| column.eq_ignore_ascii_case(name)))
}

struct Rows<'a> {
    columns: &'a Columns,
    options: &'a ReadOptions,
    notes: Vec<String>,
    reads: Vec<Read>,
    problems: Vec<Fault>,
    seen: BTreeMap<String, u64>,
}

impl Rows<'_> {
    fn add(&mut self, record: &[String], line: u64) {
        let place = Some(Place::Line(line));
        let (expected, found) = (self.columns.names.len() as u64, record.len() as u64);
        if expected != found {
            self.problems.push(Fault { place, reason: Reason::FieldCount { expected, found } });
            return;
        }
        let limit = self.options.limits.max_field_bytes.min(MAX_TEXT_BYTES);
        if record.iter().any(|field| field.len() > limit) {
            self.problems.push(Fault { place, reason: Reason::FieldTooLarge { limit } });
            return;
        }
        let id = self.columns.id.and_then(|id| record.get(id)).map(|id| id.trim()).filter(|id| !id.is_empty());
        let row = id.map_or_else(|| (self.reads.len() + 1).to_string(), str::to_owned);
        if let (Some(id), Some(&first)) = (id, self.seen.get(&row)) {
            self.problems.push(Fault { place, reason: Reason::DuplicateId { id: id.to_owned(), first } });
            return;
        }
        self.seen.insert(row.clone(), line);
        let text = record.get(self.columns.text).map_or("", String::as_str);
        if text.trim().is_empty() {
            self.notes.push(format!("line {line}: no text, left out"));
            return;
        }
        let mut document = Document { text: text.to_owned(), ..Document::default() };
        for (index, (name, value)) in self.columns.names.iter().zip(record).enumerate() {
            if index != self.columns.text && Some(index) != self.columns.id {
                set(&mut document, name, value);
            }
        }
        self.reads.push(Read { document, row: Some(row), notes: Vec::new() });
    }

    fn finish(mut self, input: &Input) -> Result<Vec<Read>, FormatError> {
        if !self.problems.is_empty() {
            return Err(FormatError::many(input, self.problems));
        }
        let Some(first) = self.reads.first_mut() else {
            return Err(FormatError::new(input, None, Reason::NoText));
        };
        first.notes = self.notes;
        Ok(self.reads)
    }
}
