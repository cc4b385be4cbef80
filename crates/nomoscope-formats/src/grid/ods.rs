//! An OpenDocument spreadsheet as rows of text: the first of its sheets that fits.

use super::{Chosen, Row, Sheet};
use crate::study::{Problem, Problems};
use crate::zip_archive::Archive;
use crate::{Input, Limits, xml};
use roxmltree::Node;

/// The widest sheet.
const MAX_COLUMNS: usize = 512;
/// The most cells.
const MAX_CELLS: usize = 20_000_000;

/// Returns whether a zip archive is an OpenDocument file: its first member says so, uncompressed.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes
        .get(30..80)
        .is_some_and(|head| head.starts_with(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"[..50].as_ref()))
}

/// Returns the first sheet that fits, and the names of the others.
pub(super) fn read(input: &Input, limits: &Limits, fits: &dyn Fn(&[Row]) -> bool) -> Result<Chosen, Problems> {
    let wrong = |reason: String| Problem::new(input.name, reason).hint("save it again as .ods or .xlsx, or as CSV");
    let said =
        |e: crate::FormatError| wrong(e.problems.first().map_or_else(|| e.to_string(), |p| p.reason.to_string()));
    let mut archive = Archive::open(input, limits).map_err(said)?;
    let member = archive.member("content.xml").map_err(said)?;
    let bytes = member.ok_or_else(|| wrong("the part `content.xml` is missing".to_owned()))?;
    let text = String::from_utf8(bytes).map_err(|_| wrong("the spreadsheet is encrypted or damaged".to_owned()))?;
    let tree = xml::parse(input, &text, limits).map_err(said)?;
    let sheets = tree.descendants().filter(|node| node.tag_name().name() == "table");
    let sheets = sheets.map(|node| {
        let name = xml::attribute(node, "name").unwrap_or_default().to_owned();
        let mut spans = Vec::new();
        let rows = rows(node, limits, &mut spans).map_err(|reason| format!("sheet `{name}`: {reason}"))?;
        let mut sheet = Sheet { name, rows, ..Sheet::default() };
        for Span { column, first, last } in spans {
            sheet.merge(column, first, last);
        }
        Ok(sheet)
    });
    Chosen::among(sheets, fits).map_err(|reason| wrong(reason).into())
}

/// A cell that stands for those below it too.
struct Span {
    column: usize,
    first: u32,
    last: u32,
}

fn rows(sheet: Node, limits: &Limits, spans: &mut Vec<Span>) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    let (mut line, mut n_cells) = (1_u32, 0_usize);
    for row in sheet.descendants().filter(|node| node.tag_name().name() == "table-row") {
        let repeated = count(row, "number-rows-repeated");
        let mut spanning = Vec::new();
        let cells = cells(row, &mut spanning)?;
        spans.extend(spanning.into_iter().map(|(column, rows)| Span {
            column,
            first: line,
            last: line.saturating_add(u32::try_from(rows).unwrap_or(u32::MAX) - 1),
        }));
        // Blank rows stand for the rest of the sheet: a million times.
        let times = if cells.is_empty() { 0 } else { repeated };
        n_cells = n_cells.saturating_add(cells.len().saturating_mul(times));
        if n_cells > MAX_CELLS || rows.len().saturating_add(times) > limits.max_rows {
            return Err(format!("more than {MAX_CELLS} cells"));
        }
        for offset in 0..times {
            rows.push(Row { line: line.saturating_add(u32::try_from(offset).unwrap_or(0)), cells: cells.clone() });
        }
        line = line.saturating_add(u32::try_from(repeated).unwrap_or(u32::MAX));
    }
    Ok(rows)
}

/// Returns the cells of a row; those that stand for several rows are added to `spans`, with how many.
fn cells(row: Node, spans: &mut Vec<(usize, usize)>) -> Result<Vec<String>, String> {
    let mut cells: Vec<String> = Vec::new();
    let mut blank = 0_usize;
    for node in row.children().filter(|node| matches!(node.tag_name().name(), "table-cell" | "covered-table-cell")) {
        let (text, repeated) = (text(node), count(node, "number-columns-repeated"));
        if text.is_empty() {
            blank = blank.saturating_add(repeated);
            continue;
        }
        if cells.len().saturating_add(blank).saturating_add(repeated) > MAX_COLUMNS {
            return Err(format!("more than {MAX_COLUMNS} columns"));
        }
        cells.extend(std::iter::repeat_n(String::new(), std::mem::take(&mut blank)));
        let rows = count(node, "number-rows-spanned");
        if rows > 1 {
            spans.push((cells.len(), rows));
        }
        cells.extend(std::iter::repeat_n(text, repeated));
    }
    Ok(cells)
}

fn count(node: Node, name: &str) -> usize {
    xml::attribute(node, name).and_then(|n| n.parse().ok()).unwrap_or(1).max(1)
}

/// Returns a date as a date and a number as a number, whatever a sheet shows; of all else the words.
fn text(cell: Node) -> String {
    let said = |name: &str| xml::attribute(cell, name).map(str::to_owned);
    match xml::attribute(cell, "value-type") {
        Some("date") => said("date-value").unwrap_or_default(),
        Some("float" | "percentage" | "currency") => said("value").unwrap_or_default(),
        _ => {
            let paragraphs = cell.children().filter(|node| node.tag_name().name() == "p");
            paragraphs.map(xml::plain).collect::<Vec<_>>().join("\n")
        }
    }
}
