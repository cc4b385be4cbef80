//! An Excel workbook as rows of text: the first of its sheets that fits.
//!
//! Cells are read one by one. The library's own table of a whole sheet is as large as the outermost cell says, and one
//! cell in the last corner would ask for a million rows of sixteen thousand columns.

use super::{Chosen, Row, Sheet};
use crate::study::{Problem, Problems};
use crate::zip_archive::Archive;
use crate::{Input, Limits};
use calamine::{DataRef, Reader as _, Xlsx};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The widest sheet.
const MAX_COLUMNS: u32 = 512;
/// The most cells.
const MAX_CELLS: usize = 20_000_000;
/// The most regions of merged cells.
const MAX_MERGED: usize = 100_000;

/// Returns the first sheet that fits, and the names of the others.
pub(super) fn read(input: &Input, limits: &Limits, fits: &dyn Fn(&[Row]) -> bool) -> Result<Chosen, Problems> {
    let wrong = |reason: String| Problem::new(input.name, reason).hint("save it again as .xlsx, or as CSV");
    // What comes out is counted before the library unpacks it, for it counts nothing.
    let mut archive = Archive::open(input, limits).map_err(|e| wrong(reason(&e)))?;
    archive.unpack_all().map_err(|e| wrong(reason(&e)))?;
    // A broken workbook must not end the program, whatever the library does with it.
    catch_unwind(AssertUnwindSafe(|| sheets(input, limits, fits)))
        .unwrap_or_else(|_| Err("the workbook is damaged".to_owned()))
        .map_err(|reason| wrong(reason).into())
}

fn reason(error: &crate::FormatError) -> String {
    error.problems.first().map_or_else(|| error.to_string(), |p| p.reason.to_string())
}

fn sheets(input: &Input, limits: &Limits, fits: &dyn Fn(&[Row]) -> bool) -> Result<Chosen, String> {
    let unreadable = |e: calamine::XlsxError| format!("not a readable workbook: {e}");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(input.bytes)).map_err(unreadable)?;
    let mut found = false;
    let sheets = book.sheet_names().into_iter().map(|name| {
        if found {
            // Of the sheets after it only the names are told.
            let rows = if has_cells(&mut book, &name) { vec![Row { line: 1, cells: Vec::new() }] } else { Vec::new() };
            return Ok(Sheet { name, rows, ..Sheet::default() });
        }
        let rows = sheet(&mut book, &name, limits)?;
        found = !rows.is_empty() && fits(&rows);
        let mut sheet = Sheet { name, rows, ..Sheet::default() };
        merge(&mut book, &mut sheet);
        Ok(sheet)
    });
    Chosen::among(sheets, fits)
}

/// Cells merged over several rows say the same for each; a library that cannot tell them leaves the rows as they are.
fn merge(book: &mut Xlsx<Cursor<&[u8]>>, sheet: &mut Sheet) {
    let Ok(regions) = book.merge_cells_by_sheet_name(&sheet.name) else {
        return;
    };
    for region in regions.into_iter().take(MAX_MERGED).filter(|r| r.end.0 > r.start.0 && r.start.1 < MAX_COLUMNS) {
        sheet.merge(region.start.1 as usize, region.start.0.saturating_add(1), region.end.0.saturating_add(1));
    }
}

fn has_cells(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> bool {
    let Ok(mut reader) = book.worksheet_cells_reader(name) else {
        return false;
    };
    std::iter::from_fn(|| reader.next_cell().ok().flatten().map(|cell| !text(cell.get_value()).is_empty()))
        .any(|full| full)
}

fn sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, limits: &Limits) -> Result<Vec<Row>, String> {
    let mut reader = match book.worksheet_cells_reader(name) {
        Ok(reader) => reader,
        // A sheet of charts has no cells.
        Err(calamine::XlsxError::WorksheetNotFound(_) | calamine::XlsxError::NotAWorksheet(_)) => return Ok(Vec::new()),
        Err(e) => return Err(format!("sheet `{name}`: {e}")),
    };
    let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut n_cells = 0_usize;
    while let Some(cell) = reader.next_cell().map_err(|e| format!("sheet `{name}`: {e}"))? {
        let (row, column) = cell.get_position();
        let text = text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if column >= MAX_COLUMNS {
            return Err(format!("sheet `{name}` has more than {MAX_COLUMNS} columns"));
        }
        n_cells += column as usize + 1;
        if n_cells > MAX_CELLS || rows.len() > limits.max_rows {
            return Err(format!("sheet `{name}` has more than {MAX_CELLS} cells"));
        }
        let cells = rows.entry(row).or_default();
        let at = column as usize;
        if cells.len() <= at {
            n_cells -= cells.len().min(n_cells);
            cells.resize(at + 1, String::new());
        }
        if let Some(place) = cells.get_mut(at) {
            *place = text;
        }
    }
    Ok(rows.into_iter().map(|(row, cells)| Row { line: row.saturating_add(1), cells }).collect())
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(s) | DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => s.clone(),
        DataRef::SharedString(s) => (*s).to_owned(),
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(n) => n.to_string(),
        DataRef::Bool(b) => b.to_string(),
        DataRef::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTime(duration) => duration.as_f64().to_string(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}
