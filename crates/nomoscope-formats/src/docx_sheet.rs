//! A sheet as an Office Open XML document (ECMA-376), as small as word processors accept it.
//!
//! Same sheet, same bytes: entries carry no time.

use nomoscope_core::sheet::{Block, Sheet};
use nomoscope_core::table::Table;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
const OPEN: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>"#;
const CLOSE: &str = r#"<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134"/></w:sectPr></w:body></w:document>"#;

/// Returns the document.
///
/// # Errors
/// The archive cannot be written.
pub fn write(sheet: &Sheet) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
    for (name, content) in
        [("[Content_Types].xml", TYPES), ("_rels/.rels", RELATIONS), ("word/document.xml", &document(sheet))]
    {
        archive.start_file(name, options)?;
        archive.write_all(content.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

fn document(sheet: &Sheet) -> String {
    let mut out = OPEN.to_owned();
    paragraph(&mut out, &sheet.title, &sheet.language, 36, true);
    for block in &sheet.blocks {
        match block {
            Block::Heading(words) => paragraph(&mut out, words, &sheet.language, 28, true),
            Block::Text(words) => paragraph(&mut out, words, &sheet.language, 22, false),
            Block::Field(name, value) => field(&mut out, name, value, &sheet.language),
            Block::List(items) => {
                items.iter().for_each(|i| paragraph(&mut out, &format!("• {i}"), &sheet.language, 22, false));
            }
            Block::Table(table) => self::table(&mut out, table, &sheet.language),
        }
    }
    paragraph(&mut out, &sheet.foot, &sheet.language, 18, false);
    out.push_str(CLOSE);
    out
}

fn run(out: &mut String, words: &str, language: &str, half_points: u8, bold: bool) {
    let bold = if bold { "<w:b/>" } else { "" };
    let _ = write!(
        out,
        "<w:r><w:rPr>{bold}<w:sz w:val=\"{half_points}\"/><w:lang w:val=\"{}\"/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r>",
        escaped(language),
        escaped(words)
    );
}

fn paragraph(out: &mut String, words: &str, language: &str, half_points: u8, bold: bool) {
    out.push_str("<w:p><w:pPr><w:spacing w:after=\"120\"/></w:pPr>");
    run(out, words, language, half_points, bold);
    out.push_str("</w:p>");
}

fn field(out: &mut String, name: &str, value: &str, language: &str) {
    out.push_str("<w:p><w:pPr><w:spacing w:after=\"120\"/></w:pPr>");
    run(out, &format!("{name}: "), language, 22, true);
    run(out, if value.is_empty() { "______________________" } else { value }, language, 22, false);
    out.push_str("</w:p>");
}

fn table(out: &mut String, table: &Table, language: &str) {
    paragraph(out, &table.title, language, 22, true);
    out.push_str("<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblBorders>");
    for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
        let _ = write!(out, "<w:{side} w:val=\"single\" w:sz=\"4\" w:color=\"999999\"/>");
    }
    out.push_str("</w:tblBorders></w:tblPr>");
    row(out, &table.headings(), language, true);
    for cells in &table.rows {
        row(out, &cells.iter().map(|c| c.display()).collect::<Vec<_>>(), language, false);
    }
    out.push_str("</w:tbl>");
    table.remarks().iter().for_each(|n| paragraph(out, n, language, 18, false));
}

fn row(out: &mut String, cells: &[String], language: &str, head: bool) {
    out.push_str("<w:tr>");
    for cell in cells {
        out.push_str("<w:tc><w:p>");
        run(out, cell, language, 18, head);
        out.push_str("</w:p></w:tc>");
    }
    out.push_str("</w:tr>");
}

fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
