//! Tables as workbooks (Office Open XML, ECMA-376), as small as spreadsheets accept them.

use super::outgoing::{guarded, xml};
use crate::zipped;
use nomoscope_core::table::{Cell, Table};
use std::fmt::Write as _;

/// What a cell of a spreadsheet can hold: a file with more is called damaged.
pub(super) const MAX_CHARACTERS: usize = 32_767;

const TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>";
const RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
const SHEETS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";

/// Returns a workbook of one sheet; no cell of it is run, numbers are numbers.
///
/// # Errors
/// What the archive cannot hold.
pub fn workbook(table: &Table) -> Result<Vec<u8>, String> {
    let book = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"{}\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
        xml(&table.id)
    );
    let mut sheet = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
    );
    let head: Vec<Cell> = table.columns.iter().map(Cell::text).collect();
    for cells in std::iter::once(&head).chain(&table.rows) {
        sheet.push_str("<row>");
        cells.iter().for_each(|cell| push(&mut sheet, cell));
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    let files = [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELATIONS),
        ("xl/workbook.xml", &book),
        ("xl/_rels/workbook.xml.rels", SHEETS),
        ("xl/worksheets/sheet1.xml", &sheet),
    ];
    zipped(files.map(|(name, text)| (name.to_owned(), text.as_bytes())))
}

fn push(sheet: &mut String, cell: &Cell) {
    let _ = match cell {
        Cell::Missing(_) => write!(sheet, "<c/>"),
        cell if cell.is_number() => write!(sheet, "<c><v>{}</v></c>", cell.csv()),
        cell => {
            let words: String = guarded(&cell.csv()).chars().take(MAX_CHARACTERS).collect();
            write!(sheet, "<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", xml(&words))
        }
    };
}
