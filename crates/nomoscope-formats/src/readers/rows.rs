//! Tables with a text in each row, whatever file they come from: one text a row, the other columns become its attributes.

mod questions;
mod turns;

use super::{attributes, set};
use crate::grid::Row;
use crate::{Fault, FormatError, Input, Limits, Place, Read, ReadOptions, Reason};
use nomoscope_core::amount::of_many;
use nomoscope_core::text::{Document, MAX_TEXT_BYTES, Mark, MarkKind, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Names that a column of texts usually has, the most telling first.
pub(super) static TEXT_NAMES: &[&str] = &[
    "text",
    "body",
    "content",
    "speech",
    "full_text",
    "fulltext",
    "texte",
    "texto",
    "testo",
    "inhalt",
    "текст",
    "文本",
    "正文",
    "本文",
    "テキスト",
    "본문",
    "نص",
    "النص",
    "utterance",
    "testimony",
    "answer",
    "respuesta",
    "réponse",
    "reponse",
    "antwort",
    "risposta",
    "resposta",
    "antwoord",
    "ответ",
    "відповідь",
    "回答",
];
/// Names that a column of identifiers usually has.
pub(super) static ID_NAMES: &[&str] = &["id", "doc_id", "docid", "identifier", "uuid", "key"];

/// How many rows above it may keep the header from being the first.
const HEADER_WITHIN: usize = 20;
/// What stands between the texts of one respondent.
const GAP: &str = "\n\n";
/// How many lines are named in a note.
const NAMED: usize = 5;

/// A table as a file has it.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
    /// Cells, by line and column, that only repeat the one above with which they were merged.
    pub(super) merged: BTreeSet<(u32, usize)>,
}

/// Whether a table has a column of texts.
pub(super) fn has_texts(rows: &[Row], options: &ReadOptions) -> bool {
    rows.iter().take(HEADER_WITHIN).any(|row| !text_columns(&names(row), options).is_empty())
}

/// Returns a text for each row, or for each conversation whose turns have a row each.
pub(super) fn texts(
    input: &Input,
    table: Table,
    notes: Vec<String>,
    options: &ReadOptions,
) -> Result<Vec<Read>, FormatError> {
    let is_header = |row: &Row| !text_columns(&names(row), options).is_empty();
    let at = table.rows.iter().take(HEADER_WITHIN).position(is_header).unwrap_or(0);
    let mut rows = table.rows.into_iter();
    let above: Vec<Row> = rows.by_ref().take(at).collect();
    let header = rows.next().unwrap_or(Row { line: 1, cells: Vec::new() });
    let columns = Columns::find(input, &header, options)?;
    let mut texts = Texts {
        columns: &columns,
        options,
        notes,
        reads: Vec::new(),
        problems: Vec::new(),
        ids: Ids::default(),
        empty: Vec::new(),
    };
    if !above.is_empty() {
        texts.notes.push(format!("left out: {} above the header", of_many(above.len(), "rows")));
    }
    let rows: Vec<Row> = rows.collect();
    let asked = questions::above(&columns.names, columns.text.first().copied().unwrap_or_default(), &rows);
    texts.notes.extend(asked.note());
    for row in rows.iter().skip(asked.rows) {
        if texts.reads.len() >= options.limits.max_rows {
            let reason = Reason::TooMany { what: "rows", limit: options.limits.max_rows };
            return Err(FormatError::new(input, None, reason));
        }
        // A text that stands once for several rows is one text.
        let repeats = columns.text.iter().all(|text| table.merged.contains(&(row.line, *text)));
        texts.add(&row.cells, row.line.into(), repeats);
    }
    texts.finish(input)
}

fn names(header: &Row) -> Vec<String> {
    header.cells.iter().map(|name| name.trim().to_owned()).collect()
}

/// Returns the columns of texts that there are, in the order in which they were asked for.
fn text_columns(names: &[String], options: &ReadOptions) -> Vec<usize> {
    if options.text_columns.is_empty() {
        return find(names, TEXT_NAMES).into_iter().collect();
    }
    options.text_columns.iter().filter_map(|wanted| find(names, &[wanted.trim()])).collect()
}

/// Returns the texts of one respondent as one; where they are kept apart, each is a section that bears the name of its column. Nothing
/// where all are empty.
///
/// # Errors
/// [`Reason::FieldTooLarge`]: together they are larger than a text may be.
pub(super) fn put_together(parts: &[(&str, &str)], apart: bool, limits: &Limits) -> Result<Option<Document>, Reason> {
    let limit = limits.max_field_bytes.min(MAX_TEXT_BYTES);
    if parts.iter().map(|(_, text)| text.len() + GAP.len()).sum::<usize>() > limit + GAP.len() {
        return Err(Reason::FieldTooLarge { limit });
    }
    let mut document = Document::default();
    for (name, text) in parts.iter().filter(|(_, text)| !text.trim().is_empty()) {
        if !apart {
            document.text.push_str(text);
            continue;
        }
        if !document.text.is_empty() {
            document.text.push_str(GAP);
        }
        let start = document.text.len();
        document.text.push_str(text.trim());
        let ends = u32::try_from(start).ok().zip(u32::try_from(document.text.len()).ok());
        document.marks.extend(ends.map(|(start, end)| Mark {
            span: Span::new(start, end),
            kind: MarkKind::Section,
            label: Some((*name).to_owned()),
            id: None,
        }));
    }
    Ok((!document.text.is_empty()).then_some(document))
}

/// Which column is what.
struct Columns {
    names: Vec<String>,
    text: Vec<usize>,
    id: Option<usize>,
    speaker: Option<usize>,
}

impl Columns {
    fn find(input: &Input, header: &Row, options: &ReadOptions) -> Result<Self, FormatError> {
        let names = names(header);
        let place = Some(Place::Line(header.line.into()));
        let mut seen = BTreeSet::new();
        let mut problems: Vec<Fault> = Vec::new();
        for name in names.iter().filter(|name| !name.is_empty() && !seen.insert(name.as_str())) {
            problems.push(Fault { place: place.clone(), reason: Reason::DuplicateColumn { column: name.clone() } });
        }
        let columns = names.iter().take(30).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let missing = |column: Option<&String>| {
            let columns = columns.clone();
            let reason = match column {
                Some(column) => Reason::NoSuchColumn { column: column.clone(), columns },
                None => Reason::NoTextColumn { columns },
            };
            Fault { place: place.clone(), reason }
        };
        let text = text_columns(&names, options);
        let id = match &options.id_column {
            None => find(&names, ID_NAMES).filter(|id| !text.contains(id)),
            Some(wanted) => {
                let found = find(&names, &[wanted.trim()]);
                if found.is_none() {
                    problems.push(missing(Some(wanted)));
                }
                found
            }
        };
        if options.text_columns.is_empty() && text.is_empty() {
            problems.push(missing(None));
        }
        let unknown = options.text_columns.iter().filter(|wanted| find(&names, &[wanted.trim()]).is_none());
        problems.extend(unknown.map(|wanted| missing(Some(wanted))));
        if !problems.is_empty() {
            return Err(FormatError::many(input, problems));
        }
        // Several questions a row are a form that somebody filled in, and no talk.
        let speaker =
            find(&names, turns::SPEAKER_NAMES).filter(|at| text.len() == 1 && !text.contains(at) && Some(*at) != id);
        Ok(Self { names, text, id, speaker })
    }
}

/// Returns the first column that has one of the names, in the order of the names.
fn find(columns: &[String], names: &[&str]) -> Option<usize> {
    let exact = names.iter().find_map(|name| columns.iter().position(|column| column == name));
    exact.or_else(|| {
        names.iter().find_map(|name| columns.iter().position(|column| column.to_lowercase() == name.to_lowercase()))
    })
}

/// The ids of the texts of a file: those of a respondent with several rows are told apart by numbers.
#[derive(Default)]
pub(super) struct Ids {
    seen: BTreeMap<String, u32>,
    repeated: BTreeSet<String>,
}

impl Ids {
    /// Returns the id of the next text, given the one that it says of itself; the second of `R1` is `R1-2`.
    pub(super) fn next(&mut self, id: &str) -> String {
        let mut own = id.to_owned();
        while self.seen.contains_key(&own) {
            let count = self.seen.get_mut(id).map_or(2, |count| {
                *count = count.saturating_add(1);
                *count
            });
            own = format!("{id}-{count}");
            self.repeated.insert(id.to_owned());
        }
        self.seen.insert(own.clone(), 1);
        own
    }

    /// Returns what to say of ids that came again.
    pub(super) fn note(&self) -> Option<String> {
        let first = self.repeated.first()?;
        let n = of_many(self.repeated.len(), "ids");
        Some(format!("{n} in several rows: `{first}` and then `{first}-2`; each row keeps its id as an attribute"))
    }

    /// Returns the texts and their places; those of a respondent with several rows keep their id as an attribute.
    fn keep(&self, said: Vec<Said>, notes: &mut Vec<String>) -> (Vec<Read>, Vec<Place>) {
        notes.extend(self.note());
        let places = said.iter().map(|said| Place::Line(said.line)).collect();
        let (mut reads, own): (Vec<Read>, Vec<_>) = said.into_iter().map(|said| (said.read, said.own)).unzip();
        keep_ids(&mut reads, &own, self);
        (reads, places)
    }

    fn is_repeated(&self, id: &str) -> bool {
        self.repeated.contains(id)
    }
}

/// Gives rows of a respondent with several rows their id as an attribute.
pub(super) fn keep_ids(reads: &mut [Read], own: &[Option<(String, String)>], ids: &Ids) {
    for (read, own) in reads.iter_mut().zip(own) {
        if let Some((column, id)) = own.as_ref().filter(|(_, id)| ids.is_repeated(id)) {
            read.document.attributes.entry(column.clone()).or_insert_with(|| id.clone());
        }
    }
}

/// A text with what its row says of it.
struct Said {
    read: Read,
    /// The column and the value of its id.
    own: Option<(String, String)>,
    speaker: Option<String>,
    line: u64,
}

struct Texts<'a> {
    columns: &'a Columns,
    options: &'a ReadOptions,
    notes: Vec<String>,
    reads: Vec<Said>,
    problems: Vec<Fault>,
    ids: Ids,
    /// Lines without a text.
    empty: Vec<u64>,
}

impl Texts<'_> {
    fn add(&mut self, record: &[String], line: u64, repeats: bool) {
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
        let cell = |at: &usize| record.get(*at).map_or("", String::as_str);
        let name = |at: &usize| self.columns.names.get(*at).map_or("", String::as_str);
        let parts: Vec<(&str, &str)> = self.columns.text.iter().map(|at| (name(at), cell(at))).collect();
        let id = self.columns.id.and_then(|id| record.get(id)).map(|id| id.trim()).filter(|id| !id.is_empty());
        let mut document = match put_together(&parts, self.columns.text.len() > 1, &self.options.limits) {
            Ok(Some(document)) if !repeats => document,
            Ok(_) => {
                self.empty.push(line);
                return;
            }
            Err(reason) => {
                self.problems.push(Fault { place, reason });
                return;
            }
        };
        let number = || (self.reads.len() + 1).to_string();
        let row = self.ids.next(&id.map_or_else(number, str::to_owned));
        for (index, (name, value)) in self.columns.names.iter().zip(record).enumerate() {
            if !self.columns.text.contains(&index) && Some(index) != self.columns.id {
                set(&mut document, name, value);
            }
        }
        let column = self.columns.id.and_then(|id| self.columns.names.get(id));
        let own = column.zip(id).map(|(column, id)| (column.clone(), id.to_owned()));
        let speaker = self.columns.speaker.and_then(|at| record.get(at)).map(|name| name.trim().to_owned());
        let speaker = speaker.filter(|name| !name.is_empty());
        self.reads.push(Said { read: Read { document, row: Some(row), notes: Vec::new() }, own, speaker, line });
    }

    fn finish(mut self, input: &Input) -> Result<Vec<Read>, FormatError> {
        if !self.problems.is_empty() {
            return Err(FormatError::many(input, self.problems));
        }
        if !self.empty.is_empty() {
            let named: Vec<String> = self.empty.iter().take(NAMED).map(u64::to_string).collect();
            let dots = if self.empty.len() > NAMED { ", …" } else { "" };
            let rows = of_many(self.empty.len(), "rows");
            self.notes.push(format!("left out: {rows} without a text, in line {}{dots}", named.join(", ")));
        }
        let speaker = self.columns.speaker.and_then(|at| self.columns.names.get(at));
        let (mut reads, places) = match speaker {
            Some(column) => match turns::transcripts(input, self.reads, column, self.options)? {
                turns::Spoken::Joined { reads, places, notes } => {
                    self.notes.extend(notes);
                    (reads, places)
                }
                turns::Spoken::Apart(said) => self.ids.keep(turns::marked(said), &mut self.notes),
            },
            None => self.ids.keep(self.reads, &mut self.notes),
        };
        self.notes.extend(attributes::settle(&mut reads, &places));
        let Some(first) = reads.first_mut() else {
            return Err(FormatError::new(input, None, Reason::NoText));
        };
        first.notes = self.notes;
        Ok(reads)
    }
}
