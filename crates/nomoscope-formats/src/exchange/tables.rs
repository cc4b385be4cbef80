//! Codings as a table or a workbook for spreadsheets, as Parquet, and as a table of quotations for Word.

use super::account::{Thing, Writing, unused};
use super::outgoing::{Lost, Outgoing, Written, guarded, xml};
use super::workbook::{MAX_CHARACTERS, workbook};
use crate::parquet_file::write::{Kind, ROWS, Value, Writer};
use crate::study::csv;
use crate::study::offsets::Offsets;
use nomoscope_core::problem::{Problem, Problems};
use nomoscope_core::study::{CodingRecord, Source};
use nomoscope_core::table::{Cell, Table};
use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const WHY: &str = "the table has a row a coding, with its quotation, title and date";
const HOLDS: &[Thing] = &[Thing::Codings, Thing::CodingMemos, Thing::Concepts, Thing::Coders];

/// Separated values.
pub(super) static CSV: Writing = Writing { file: csv_of, holds: HOLDS, why: WHY };
/// A workbook.
pub(super) static XLSX: Writing = Writing { file: xlsx, holds: HOLDS, why: WHY };
/// Parquet.
pub(super) static PARQUET: Writing = Writing { file: parquet, holds: HOLDS, why: WHY };
/// A document.
pub(super) static DOCX: Writing =
    Writing { file: docx, holds: &[Thing::Codings, Thing::Concepts, Thing::Coders], why: WHY };

pub(super) const COLUMNS: [&str; 11] =
    ["source", "title", "date", "concept", "label", "quotation", "start", "end", "coder", "created", "memo"];

/// Returns the rows of all codings that count, by source and place.
fn rows(out: &Outgoing<'_>, lost: &mut Lost) -> Vec<[String; 11]> {
    let sources: BTreeMap<&str, &Source> = out.study.sources.iter().map(|s| (s.path.as_str(), s)).collect();
    let mut codings: Vec<&CodingRecord> = out.study.codings.iter().filter(|c| c.status.counts()).collect();
    lost.add(Thing::Concepts.name(), unused(out), "no coding has them");
    codings.sort_by(|a, b| (&a.source, a.span, &a.concept, &a.id).cmp(&(&b.source, b.span, &b.concept, &b.id)));
    let mut points: BTreeMap<&str, Offsets<'_>> = BTreeMap::new();
    let row = |coding: &CodingRecord| {
        let source = sources.get(coding.source.as_str());
        // In code points, the end not included.
        let places = source.map(|s| points.entry(&s.path).or_insert_with(|| Offsets::new(&s.document.text)));
        let place = |byte: u32| places.as_deref().and_then(|p| p.point_of(byte)).map(|n| n.to_string());
        let [start, end] = [coding.span.start, coding.span.end].map(|byte| place(byte).unwrap_or_default());
        let label = out.codebook.find(&coding.concept).map(|c| out.codebook.get(c).label_in("en").to_owned());
        [
            coding.source.to_string(),
            source.map(|s| s.title.clone()).unwrap_or_default(),
            source.and_then(|s| s.date).map(|date| date.to_string()).unwrap_or_default(),
            coding.concept.to_string(),
            label.unwrap_or_default(),
            coding.quote.clone(),
            start,
            end,
            coding.coder.to_string(),
            coding.created.clone(),
            coding.memo.clone(),
        ]
    };
    codings.into_iter().map(row).collect()
}

/// Writes the codings as csv; no cell of it is run by a spreadsheet.
fn csv_of(out: &Outgoing<'_>) -> Result<Written, Problems> {
    let mut lost = Lost::default();
    let rows: Vec<Vec<String>> =
        rows(out, &mut lost).into_iter().map(|row| row.iter().map(|cell| guarded(cell)).collect()).collect();
    let text = csv::write(COLUMNS, rows.iter().map(|row| row.iter().map(String::as_str)));
    Ok(lost.written(text.into_bytes()))
}

/// Writes the codings as a workbook; positions are whole numbers.
fn xlsx(out: &Outgoing<'_>) -> Result<Written, Problems> {
    let mut lost = Lost::default();
    let mut table = Table::new("codings", "Codings", &COLUMNS);
    for row in rows(out, &mut lost) {
        let cut = row.iter().filter(|cell| cell.chars().count() > MAX_CHARACTERS).count();
        lost.add("ends of quotations or memos", cut, "a cell of a spreadsheet holds 32,767 characters");
        let cell = |(words, name): (String, &str)| match words.parse() {
            Ok(n) if matches!(name, "start" | "end") => Cell::Whole(n),
            _ => Cell::Text(words),
        };
        table.push(row.into_iter().zip(COLUMNS).map(cell).collect());
    }
    let bytes = workbook(&table).map_err(|said| Problem::new("", said))?;
    Ok(lost.written(bytes))
}

/// Writes the codings as Parquet; positions are whole numbers, and what is not there is null.
fn parquet(out: &Outgoing<'_>) -> Result<Written, Problems> {
    let mut lost = Lost::default();
    let columns = COLUMNS.map(|name| (name, if matches!(name, "start" | "end") { Kind::Integer } else { Kind::Text }));
    let cell = |(words, (_, kind)): (String, &(&str, Kind))| match kind {
        _ if words.is_empty() => Value::Null,
        Kind::Integer => words.parse().map_or(Value::Null, Value::Integer),
        _ => Value::Text(words),
    };
    let rows: Vec<Vec<Value>> =
        rows(out, &mut lost).into_iter().map(|row| row.into_iter().zip(&columns).map(cell).collect()).collect();
    let write = || {
        let mut writer = Writer::new(Vec::new(), &columns, &[])?;
        rows.chunks(ROWS).try_for_each(|rows| writer.rows(rows))?;
        writer.finish()
    };
    let bytes = write().map_err(|said: String| Problem::new("", said))?;
    Ok(lost.written(bytes))
}

/// Writes the codings as a table that Word opens.
fn docx(out: &Outgoing<'_>) -> Result<Written, Problems> {
    let mut lost = Lost::default();
    let cell = |words: &str| {
        let lines: Vec<String> =
            words.lines().map(|l| format!("<w:t xml:space=\"preserve\">{}</w:t>", xml(l))).collect();
        format!("<w:tc><w:tcPr/><w:p><w:r>{}</w:r></w:p></w:tc>", lines.join("<w:br/>"))
    };
    let row = |cells: [&str; 5]| format!("<w:tr>{}</w:tr>", cells.map(cell).concat());
    let mut table = row(["Source", "Date", "Concept", "Quotation", "Coder"]);
    for [source, title, date, concept, label, quotation, _, _, coder, ..] in &rows(out, &mut lost) {
        let title = if title.is_empty() { source } else { title };
        let label = if label.is_empty() { concept } else { label };
        table.push_str(&row([title, date, label, quotation, coder]));
    }
    let edges = ["top", "left", "bottom", "right", "insideH", "insideV"];
    let borders: String = edges.iter().map(|e| format!("<w:{e} w:val=\"single\" w:sz=\"4\"/>")).collect();
    let grid = "<w:gridCol w:w=\"1800\"/>".repeat(5);
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p><w:tbl><w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{table}</w:tbl><w:p/></w:body></w:document>",
        xml(&out.study.meta.title)
    );
    const TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    const RELS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";
    let failed =
        |e: &dyn std::fmt::Display| Problems::from(Problem::new("", format!("the file cannot be written: {e}")));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in
        [("[Content_Types].xml", TYPES), ("_rels/.rels", RELS), ("word/document.xml", document.as_str())]
    {
        zip.start_file(name, SimpleFileOptions::default()).map_err(|e| failed(&e))?;
        zip.write_all(text.as_bytes()).map_err(|e| failed(&e))?;
    }
    let bytes = zip.finish().map_err(|e| failed(&e))?.into_inner();
    Ok(lost.written(bytes))
}
