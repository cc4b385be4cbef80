//! Codings from a table: a row a coding, as programs for qualitative research write them for spreadsheets, or as people keep
//! them.
//!
//! Columns: the source, the code, and the words or where they stand; as far as there are any, coder, time and memo; under the
//! names that the programs give them. The table holds no text: each source is one of the study, found by its name, or
//! becomes an empty place with its quotations. A table of codes alone brings its codes.

use super::counting::Counting;
use super::project::{ForeignCode, ForeignCoder, ForeignCoding, ForeignProject, ForeignSource, Selection, color};
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
    "media title",
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
    "excerpt copy",
];
const START: &[&str] =
    &["start", "start position", "begin", "beginning", "pos0", "selfirst", "start offset", "start_offset", "index1"];
const END: &[&str] = &["end", "end position", "stop", "ending", "pos1", "selend", "end offset", "end_offset", "index2"];
const CODER: &[&str] = &["coder", "author", "created by", "owner", "user", "creator", "annotator", "excerpt creator"];
const CREATED: &[&str] =
    &["created", "creation date", "created on", "date of creation", "creation_date", "coded on", "excerpt date"];
const MEMO: &[&str] = &["memo", "comment", "note", "notes", "kommentar", "commentaire"];
/// Names of columns of a table of codes alone.
const MEANING: &[&str] = &[
    "memo",
    "comment",
    "note",
    "notes",
    "description",
    "definition",
    "meaning",
    "kommentar",
    "beschreibung",
    "commentaire",
    "définition",
];
const COLOR: &[&str] = &["color", "colour", "farbe", "couleur"];

pub(super) fn codings(input: &Input, limits: &Limits) -> Result<ForeignProject, FormatError> {
    let grid = grid::read(input, limits).map_err(|problems| of_grid(input, problems.as_slice()))?;
    let is_header = |row: &Row| {
        row.cells.iter().any(|cell| CODE.contains(&cell.to_lowercase().as_str()) || applied(cell).is_some())
    };
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

/// Returns the code whose column this is, where each code has a column that says whether it is applied: `Code: X Applied`.
fn applied(heading: &str) -> Option<&str> {
    let word = |at: usize| heading.get(..at).filter(|word| word.eq_ignore_ascii_case("code:")).and(heading.get(at..));
    let rest = word("code:".len())?;
    let end = rest.len().checked_sub(" applied".len())?;
    rest.get(end..).filter(|word| word.eq_ignore_ascii_case(" applied"))?;
    rest.get(..end).map(str::trim).filter(|code| !code.is_empty())
}

/// Columns that this program writes beside those of a coding: what they say is read elsewhere.
const OWN: [&str; 3] = ["title", "date", "label"];

/// What columns a coding has, in the order in which a row is read.
const COLUMNS: [&[&str]; 8] = [SOURCE, CODE, QUOTE, CODER, CREATED, MEMO, START, END];

struct Table<'g> {
    found: Found<'g>,
    /// Where each of the columns is.
    places: [Option<usize>; 8],
    /// Columns of codes: several where the heading occurs again.
    codes_at: Vec<usize>,
    /// Whether this program wrote it, so that it is known how it counts.
    is_ours: bool,
    /// Columns that say of one code whether it is applied.
    applied: Vec<(usize, &'g str)>,
    /// Rows whose places are no positions, and rows whose time is none that is known.
    no_position: usize,
    no_time: usize,
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
        let cells = &found.header.cells;
        let heading = places[1].and_then(|at| cells.get(at)).map(|heading| heading.to_lowercase());
        let same =
            |(_, cell): &(usize, &String)| heading.as_ref().is_some_and(|heading| cell.to_lowercase() == *heading);
        let codes_at = cells.iter().enumerate().filter(same).map(|(at, _)| at).collect();
        let applied = cells.iter().enumerate().filter_map(|(at, cell)| Some((at, applied(cell)?))).collect();
        let is_ours = super::tables::COLUMNS.iter().all(|name| found.column(&[name]).is_some());
        Self { found, places, codes_at, is_ours, applied, no_position: 0, no_time: 0, project, codes, sources, coders }
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
        let places = [CODE, MEANING, names_of("broader"), COLOR].map(|names| self.of(names));
        for row in self.found.rows {
            let [name, memo, above, of_color] = places.map(|place| self.cell(row, place));
            let path = if above.is_empty() { name.to_owned() } else { format!("{above} > {name}") };
            let id = self.code(&path, memo);
            if let Some(code) = self.project.codes.iter_mut().rfind(|code| code.id == id) {
                code.color = color(of_color);
            }
        }
        self.untold(&[places.as_slice(), &[self.of(names_of("pattern"))]].concat());
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
        self.no_offsets();
        self.untold(&self.places.clone());
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

    /// Takes positions for none that are not as far apart as the quotations are long: numbers of paragraphs, or of pages.
    fn no_offsets(&mut self) {
        let quoted =
            |s: &Selection| s.quote.as_ref().map(|quote| (quote.chars().count(), quote.len(), quote.lines().count()));
        let is_length = |(start, end): (i64, i64), (points, bytes, lines): (usize, usize, usize)| {
            // An end that is included is one nearer; quotations may be cut a little, and blanks folded.
            let length = usize::try_from(end.saturating_sub(start)).unwrap_or(0);
            (length > 0 || points < 2) && length + 2 >= points * 4 / 5 && length <= bytes + 2 * lines
        };
        let compared = self.project.selections.iter().filter_map(|s| Some((s.place?, quoted(s)?)));
        let (fit, all) = compared.fold((0_usize, 0_usize), |(fit, all), (place, quote)| {
            (fit + usize::from(is_length(place, quote)), all + 1)
        });
        let heading = |names: &[&str]| self.of(names).and_then(|at| self.found.header.cells.get(at)).cloned();
        let names = [heading(START), heading(END)].map(|name| format!("`{}`", name.unwrap_or_default())).join(" and ");
        if all + self.no_position > 0 && fit * 2 < all + self.no_position {
            self.project.selections.iter_mut().filter(|s| s.quote.is_some()).for_each(|s| s.place = None);
            self.project
                .notes
                .push(format!("{names} are no positions of characters; the quotations were searched for"));
        } else if self.no_position > 0 {
            let rows = nomoscope_core::amount::counted(self.no_position, "row", "rows");
            self.project.notes.push(format!("{names} are no positions in {rows}; the quotations were searched for"));
        }
    }

    /// Names columns that are not read, and counts times that are not known.
    fn untold(&mut self, places: &[Option<usize>]) {
        let read = |at: usize| {
            places.contains(&Some(at)) || self.codes_at.contains(&at) || self.applied.iter().any(|(of, _)| *of == at)
        };
        let filled = |at: usize| self.found.rows.iter().any(|row| !is_blank(self.found.cell(row, at)));
        let cells = self.found.header.cells.iter().enumerate();
        let unread = cells.filter(|(at, name)| {
            !name.is_empty() && !read(*at) && !OWN.contains(&name.to_lowercase().as_str()) && filled(*at)
        });
        let names: Vec<String> = unread.map(|(_, name)| format!("`{name}`")).collect();
        if !names.is_empty() {
            self.project.notes.push(format!("columns that are not read: {}", names.join(", ")));
        }
        self.project.lose("times of codings", self.no_time, "they are written in no way that is known without doubt");
    }

    /// Returns the codes of a row: lines of the columns of codes, and those that are applied.
    fn codes_of(&self, row: &'g Row) -> Vec<&'g str> {
        let cells = self.codes_at.iter().map(|at| self.cell(row, Some(*at)));
        let mut codes: Vec<&str> = cells.flat_map(str::lines).map(str::trim).filter(|code| !code.is_empty()).collect();
        let is_true = |at: usize| {
            let cell = self.cell(row, Some(at)).to_lowercase();
            ["true", "1", "yes", "x"].contains(&cell.as_str())
        };
        codes.extend(self.applied.iter().filter(|(at, _)| is_true(*at)).map(|(_, code)| *code));
        codes
    }

    fn row(&mut self, row: &'g Row) -> Result<(), String> {
        let [source, _, quote, coder, created, memo, start, end] = self.places.map(|place| self.cell(row, place));
        if source.is_empty() {
            return Err("the row names no source".to_owned());
        }
        let place = match (start, end) {
            ("", "") => None,
            _ => match (position(start), position(end)) {
                (Ok(start), Ok(end)) => Some((start, end)),
                // The words say where it is.
                _ if !quote.is_empty() => {
                    self.no_position += 1;
                    None
                }
                (start, end) => Some((start?, end?)),
            },
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
                trusted: self.is_ours,
                ..ForeignSource::default()
            });
        }
        if !coder.is_empty() && self.coders.insert(coder) {
            self.project.coders.push(ForeignCoder { id: coder.to_owned(), name: coder.to_owned() });
        }
        let codes: Vec<String> = self.codes_of(row).into_iter().map(|code| self.code(code, "")).collect();
        let when = time(created);
        self.no_time += usize::from(when.is_empty() && !created.is_empty());
        let coding = |code: String| ForeignCoding {
            code,
            coder: coder.to_owned(),
            created: when.clone(),
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
