//! Codings from a table: a row a coding, as programs for qualitative research write them for spreadsheets, or as people keep
//! them.
//!
//! Columns: the source, the code, and the words or where they stand; as far as there are any, coder, time and memo; under the
//! names that the programs give them. The table holds no text: each source is one of the study, found by its name, or
//! becomes an empty place with its quotations. A table of codes alone brings its codes.

use super::counting::Counting;
use super::project::{ForeignCode, ForeignCoder, ForeignCoding, ForeignProject, ForeignSource, Selection};
use super::times::time;
use crate::codebook_table::names_of;
use crate::grid::{self, Found, Row, is_blank, no_header};
use crate::{FormatError, Input, Limits, Reason};
use nomoscope_core::problem::{Place, Problem};
use std::collections::BTreeSet;

/// Names of columns: of this program, of MAXQDA, ATLAS.ti, NVivo, Taguette, QualCoder, RQDA and CATMA.
const SOURCE: &[&str] = &[
    "source",
    "document name",
    "document",
    "document title",
    "file",
    "file name",
    "filename",
    "path",
    "dokumentname",
    "nom du document",
];
const CODE: &[&str] =
    &["concept", "code", "codes", "tag", "tags", "code name", "codename", "node", "label", "codierung", "kode"];
const QUOTE: &[&str] = &[
    "quotation",
    "quotation content",
    "segment",
    "coded segment",
    "content",
    "text",
    "seltext",
    "quote",
    "excerpt",
    "coded text",
    "highlight",
    "citation",
    "segment codé",
];
const START: &[&str] =
    &["start", "start position", "begin", "beginning", "pos0", "selfirst", "start offset", "start_offset"];
const END: &[&str] = &["end", "end position", "stop", "ending", "pos1", "selend", "end offset", "end_offset"];
const CODER: &[&str] = &["coder", "author", "created by", "owner", "user", "creator", "annotator"];
const CREATED: &[&str] = &["created", "creation date", "created on", "date of creation", "creation_date", "coded on"];
const MEMO: &[&str] = &["memo", "comment", "note", "notes", "kommentar", "commentaire"];

pub(super) fn codings(input: &Input, limits: &Limits) -> Result<ForeignProject, FormatError> {
    let grid = grid::read(input, limits).map_err(|problems| of_grid(input, problems.as_slice()))?;
    let is_header = |row: &Row| row.cells.iter().any(|cell| CODE.contains(&cell.to_lowercase().as_str()));
    let Some(found) = grid.below(is_header) else {
        let hint = "columns of a table of codings are source, code, quotation or start and end, coder, created, memo";
        return Err(of_grid(input, &[no_header(&grid, "the code", hint)]));
    };
    let mut table = Table::new(found);
    table.project.notes.clone_from(&grid.notes);
    if table.of(SOURCE).is_none() {
        table.codes_alone();
    } else {
        table.all(input)?;
    }
    Ok(table.project)
}

fn of_grid(input: &Input, problems: &[Problem]) -> FormatError {
    let message = problems.iter().map(|p| p.reason.plain()).collect::<Vec<_>>().join("; ");
    let place = problems.first().and_then(|p| p.place.clone());
    FormatError::new(input, place, Reason::Codings { message })
}

/// What columns a coding has, in the order in which a row is read.
const COLUMNS: [&[&str]; 8] = [SOURCE, CODE, QUOTE, CODER, CREATED, MEMO, START, END];

struct Table<'g> {
    found: Found<'g>,
    /// Where each of the columns is.
    places: [Option<usize>; 8],
    project: ForeignProject,
    codes: BTreeSet<String>,
    sources: BTreeSet<&'g str>,
    coders: BTreeSet<&'g str>,
}

impl<'g> Table<'g> {
    fn new(found: Found<'g>) -> Self {
        let project = ForeignProject { format: "codings", origin: String::new(), ..ForeignProject::default() };
        let places = COLUMNS.map(|names| found.column(names));
        let (codes, sources, coders) = Default::default();
        Self { found, places, project, codes, sources, coders }
    }

    fn of(&self, names: &[&str]) -> Option<usize> {
        self.found.column(names)
    }

    fn cell(&self, row: &'g Row, place: Option<usize>) -> &'g str {
        let cell = place.map_or("", |place| self.found.cell(row, place));
        if is_blank(cell) { "" } else { unguarded(cell) }
    }

    /// Takes a code up with those above it, as its path says: `parent > child`, `parent\child`.
    fn code(&mut self, path: &str, memo: &str) -> String {
        let parts: Vec<&str> = path.split(" > ").flat_map(|part| part.split('\\')).map(str::trim).collect();
        let (mut parent, mut id) = (None, String::new());
        for part in parts.into_iter().filter(|part| !part.is_empty()) {
            id = if id.is_empty() { part.to_owned() } else { format!("{id} > {part}") };
            if self.codes.insert(id.clone()) {
                self.project.codes.push(ForeignCode {
                    id: id.clone(),
                    name: part.to_owned(),
                    parent: parent.clone(),
                    description: memo.to_owned(),
                    codable: true,
                    ..ForeignCode::default()
                });
            }
            parent = Some(id.clone());
        }
        id
    }

    fn codes_alone(&mut self) {
        let places = [CODE, MEMO, names_of("broader")].map(|names| self.of(names));
        for row in self.found.rows {
            let [name, memo, above] = places.map(|place| self.cell(row, place));
            let path = if above.is_empty() { name.to_owned() } else { format!("{above} > {name}") };
            self.code(&path, memo);
        }
        self.project.count("codes", self.project.codes.len());
        let patterns = self
            .of(names_of("pattern"))
            .map_or(0, |at| self.found.rows.iter().filter(|r| !self.cell(r, Some(at)).is_empty()).count());
        self.project.lose(
            "patterns",
            patterns,
            "an import brings codes; a codebook can be made of the table as a whole",
        );
    }

    fn all(&mut self, input: &Input) -> Result<(), FormatError> {
        let mut faults = Vec::new();
        let has_place = self.of(START).is_some() && self.of(END).is_some();
        if !has_place && self.of(QUOTE).is_none() {
            let message =
                "a coding needs its words or where they stand: there is no column `quotation`, nor `start` and `end`";
            let reason = Reason::Codings { message: message.to_owned() };
            return Err(FormatError::new(input, Some(Place::Line(self.found.header.line.into())), reason));
        }
        for row in self.found.rows {
            if let Err(message) = self.row(row) {
                let reason = Reason::Codings { message };
                faults.push(crate::error::Fault { place: Some(Place::Line(row.line.into())), reason });
            }
        }
        if !faults.is_empty() {
            return Err(FormatError::many(input, faults));
        }
        for (what, n) in [
            ("sources", self.project.sources.len()),
            ("codes", self.project.codes.len()),
            ("codings", self.project.selections.len()),
            ("coders", self.project.coders.len()),
        ] {
            self.project.count(what, n);
        }
        Ok(())
    }

    fn row(&mut self, row: &'g Row) -> Result<(), String> {
        let [source, codes, quote, coder, created, memo, start, end] = self.places.map(|place| self.cell(row, place));
        if source.is_empty() {
            return Err("the row names no source".to_owned());
        }
        let place = match (start, end) {
            ("", "") => None,
            _ => Some((position(start)?, position(end)?)),
        };
        if place.is_none() && quote.is_empty() {
            return Err("the row has neither the words of the coding nor where they stand".to_owned());
        }
        if self.sources.insert(source) {
            let (id, name) = (source.to_owned(), source.to_owned());
            self.project.sources.push(ForeignSource {
                id,
                name,
                usual: Counting::default(),
                ..ForeignSource::default()
            });
        }
        if !coder.is_empty() && self.coders.insert(coder) {
            self.project.coders.push(ForeignCoder { id: coder.to_owned(), name: coder.to_owned() });
        }
        // Several codes of one quotation stand in lines of their cell.
        let codes: Vec<String> =
            codes.lines().map(str::trim).filter(|code| !code.is_empty()).map(|code| self.code(code, "")).collect();
        let coding = |code: String| ForeignCoding {
            code,
            coder: coder.to_owned(),
            created: time(created),
            memo: memo.to_owned(),
            ..ForeignCoding::default()
        };
        self.project.selections.push(Selection {
            source: source.to_owned(),
            place,
            quote: Some(quote.to_owned()).filter(|quote| !quote.is_empty()),
            coder: coder.to_owned(),
            codings: codes.into_iter().map(coding).collect(),
            ..Selection::default()
        });
        Ok(())
    }
}

/// Returns a cell without the apostrophe that keeps spreadsheets from running it.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if super::guarded(rest) == cell => rest,
        _ => cell,
    }
}

fn position(cell: &str) -> Result<i64, String> {
    cell.parse().map_err(|_| format!("`{cell}` is no position: characters are counted from 0"))
}
