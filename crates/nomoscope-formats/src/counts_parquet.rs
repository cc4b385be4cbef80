//! Counts as Parquet: a row a source, what is said of it in columns that any program reads, and its counts as the line of JSON
//! that a file of counts has; the first line of such a file stands beside the rows.

use crate::parquet_file::read::{Bytes, Rows};
use crate::parquet_file::write::{Kind, Value, Writer};
use nomoscope_core::counts::SourceCounts;
use std::io::Write;

/// Under which name the first line stands beside the rows.
const HEAD: &str = "nomoscope_counts";
/// The column that is read back.
const COUNTS: &str = "counts";
/// Columns before those of attributes.
const OWN: [&str; 5] = ["source", "kind", "date", "language", "words"];
/// About how many bytes of lines make a group of rows.
const GROUP_BYTES: usize = 8 << 20;

/// Writes counts as Parquet: the first line of their file, and the sources; `by` names the attributes that get a column each.
///
/// # Errors
/// What cannot be read or written, in words.
pub fn write<W: Write + Send>(
    first: &str,
    sources: impl Iterator<Item = Result<SourceCounts, String>>,
    by: &[String],
    into: W,
) -> Result<W, String> {
    let by: Vec<&str> = by.iter().map(String::as_str).filter(|name| !OWN.contains(name) && *name != COUNTS).collect();
    let kind = |name: &&'static str| (*name, if *name == "words" { Kind::Integer } else { Kind::Text });
    let mut columns: Vec<(&str, Kind)> = OWN.iter().map(kind).collect();
    columns.extend(by.iter().map(|name| (*name, Kind::Text)));
    columns.push((COUNTS, Kind::Text));
    let mut writer = Writer::new(into, &columns, &[(HEAD, first)])?;
    let (mut rows, mut bytes) = (Vec::new(), 0);
    for source in sources {
        let (row, length) = row(&source?, &by)?;
        rows.push(row);
        bytes += length;
        if bytes >= GROUP_BYTES {
            writer.rows(&rows)?;
            (rows, bytes) = (Vec::new(), 0);
        }
    }
    writer.rows(&rows)?;
    writer.finish()
}

/// Returns the row of a source, and how long its line is.
fn row(counts: &SourceCounts, by: &[&str]) -> Result<(Vec<Value>, usize), String> {
    let line = serde_json::to_string(counts).map_err(|error| error.to_string())?;
    let (source, length) = (counts.source(), line.len());
    let text = |words: Option<String>| words.filter(|w| !w.is_empty()).map_or(Value::Null, Value::Text);
    let mut row = vec![
        Value::Text(source.path.clone()),
        text(source.kind.clone()),
        text(source.date.map(|date| date.to_string())),
        text(Some(source.language.join(" "))),
        Value::Integer(i64::from(counts.words())),
    ];
    row.extend(by.iter().map(|name| text(source.attributes.get(*name).cloned())));
    row.push(Value::Text(line));
    Ok((row, length))
}

/// Returns the lines of a file of counts from Parquet: the first, and that of each source.
///
/// # Errors
/// Parquet that is damaged, or that holds no counts, in words.
pub(crate) fn lines(bytes: &[u8]) -> Result<Vec<String>, String> {
    let mut rows = Rows::open(Bytes::copy_from_slice(bytes), &|name| name == COUNTS)?;
    let no_counts = || "is no file of counts: it is another table as Parquet".to_owned();
    let mut lines = vec![rows.said(HEAD).ok_or_else(no_counts)?.to_owned()];
    while let Some(row) = rows.next_row()? {
        match row.into_iter().next() {
            Some(Ok(serde_json::Value::String(line))) => lines.push(line),
            _ => return Err(no_counts()),
        }
    }
    Ok(lines)
}
