//! Tables of plain values, a group of rows at a time.

use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use ::parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use ::parquet::schema::types::Type;
use nomoscope_core::table::{Cell, Table};
use std::io::Write;
use std::sync::Arc;

/// What a column holds; any cell may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words in UTF-8.
    Text,
    /// Whole numbers of 64 bits.
    Integer,
    /// Numbers of 64 bits with decimals.
    Decimal,
    /// Yes or no.
    Boolean,
}

/// A cell; one that is not of its column's kind is empty.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// Words.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Decimal(f64),
    /// Yes or no.
    Boolean(bool),
}

/// A file that is being written.
pub struct Writer<W: Write + Send> {
    file: SerializedFileWriter<W>,
    kinds: Vec<Kind>,
}

impl<W: Write + Send> std::fmt::Debug for Writer<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("kinds", &self.kinds).finish_non_exhaustive()
    }
}

fn words(error: &ParquetError) -> String {
    format!("cannot be written as Parquet: {error}")
}

impl<W: Write + Send> Writer<W> {
    /// Begins a file; `said` is written beside its rows.
    ///
    /// # Errors
    /// Columns of one name; what the system says, in words.
    pub fn new(into: W, columns: &[(&str, Kind)], said: &[(&str, &str)]) -> Result<Self, String> {
        let fields = columns.iter().map(|(name, kind)| field(name, *kind).map(Arc::new));
        let fields = fields.collect::<Result<Vec<_>, _>>().map_err(|e| words(&e))?;
        let schema = Type::group_type_builder("table").with_fields(fields).build().map_err(|e| words(&e))?;
        let said = said.iter().map(|(name, value)| KeyValue::new((*name).to_owned(), (*value).to_owned())).collect();
        let how = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("nomoscope".to_owned())
            .set_key_value_metadata(Some(said))
            .build();
        let file = SerializedFileWriter::new(into, Arc::new(schema), Arc::new(how)).map_err(|e| words(&e))?;
        Ok(Self { file, kinds: columns.iter().map(|(_, kind)| *kind).collect() })
    }

    /// Writes rows as a group of their own; each has a cell for each column.
    ///
    /// # Errors
    /// What the system says, in words.
    pub fn rows(&mut self, rows: &[Vec<Value>]) -> Result<(), String> {
        if rows.is_empty() {
            return Ok(());
        }
        self.group(rows).map_err(|e| words(&e))
    }

    fn group(&mut self, rows: &[Vec<Value>]) -> Result<(), ParquetError> {
        let mut group = self.file.next_row_group()?;
        for (at, kind) in self.kinds.iter().enumerate() {
            let Some(column) = group.next_column()? else { break };
            let cells = rows.iter().map(|row| row.get(at).unwrap_or(&Value::Null));
            match kind {
                Kind::Text => put::<ByteArrayType>(column, cells, |cell| match cell {
                    Value::Text(words) => Some(ByteArray::from(words.as_bytes().to_vec())),
                    _ => None,
                })?,
                Kind::Integer => put::<Int64Type>(column, cells, |cell| match cell {
                    Value::Integer(n) => Some(*n),
                    _ => None,
                })?,
                Kind::Decimal => put::<DoubleType>(column, cells, |cell| match cell {
                    Value::Decimal(x) => Some(*x),
                    Value::Integer(n) => Some(*n as f64),
                    _ => None,
                })?,
                Kind::Boolean => put::<BoolType>(column, cells, |cell| match cell {
                    Value::Boolean(b) => Some(*b),
                    _ => None,
                })?,
            }
        }
        group.close().map(drop)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// What the system says, in words.
    pub fn finish(self) -> Result<W, String> {
        self.file.into_inner().map_err(|e| words(&e))
    }
}

fn field(name: &str, kind: Kind) -> Result<Type, ParquetError> {
    let physical = match kind {
        Kind::Text => Physical::BYTE_ARRAY,
        Kind::Integer => Physical::INT64,
        Kind::Decimal => Physical::DOUBLE,
        Kind::Boolean => Physical::BOOLEAN,
    };
    let logical = (kind == Kind::Text).then_some(LogicalType::String);
    let field = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
    field.with_logical_type(logical).build()
}

/// Writes the cells of a column: those that are there, and where they are.
fn put<'c, T: DataType>(
    mut column: SerializedColumnWriter<'_>,
    cells: impl Iterator<Item = &'c Value>,
    of: fn(&Value) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let (mut values, mut there) = (Vec::new(), Vec::new());
    for cell in cells {
        let value = of(cell);
        there.push(i16::from(value.is_some()));
        values.extend(value);
    }
    column.typed::<T>().write_batch(&values, Some(&there), None)?;
    column.close()
}

/// Returns a table as a file. A column is of numbers where all its cells are such or missing.
///
/// # Errors
/// Columns of one name.
pub fn table(table: &Table) -> Result<Vec<u8>, String> {
    let kind = |at: usize| {
        let mut kind = None;
        for row in &table.rows {
            kind = match (row.get(at), kind) {
                (Some(Cell::Missing(_) | Cell::Withheld) | None, kind) => kind,
                (Some(cell), None | Some(Kind::Integer)) if cell.whole().is_some() => Some(Kind::Integer),
                (Some(cell), None | Some(Kind::Integer | Kind::Decimal)) if cell.is_number() => Some(Kind::Decimal),
                _ => return Kind::Text,
            };
        }
        kind.unwrap_or(Kind::Text)
    };
    let columns: Vec<(&str, Kind)> =
        table.columns.iter().enumerate().map(|(at, name)| (name.as_str(), kind(at))).collect();
    let mut writer = Writer::new(Vec::new(), &columns, &[])?;
    let value = |cell: &Cell, kind: Kind| match (cell, kind) {
        (Cell::Missing(_) | Cell::Withheld, _) => Value::Null,
        (cell, Kind::Decimal) => cell.value().map_or(Value::Null, Value::Decimal),
        (cell, Kind::Integer) => cell.whole().and_then(|n| i64::try_from(n).ok()).map_or(Value::Null, Value::Integer),
        (cell, _) => Value::Text(cell.csv()),
    };
    for rows in table.rows.chunks(ROWS) {
        let rows: Vec<Vec<Value>> = rows
            .iter()
            .map(|row| row.iter().zip(&columns).map(|(cell, (_, kind))| value(cell, *kind)).collect())
            .collect();
        writer.rows(&rows)?;
    }
    writer.finish()
}

/// Rows of a group.
pub const ROWS: usize = 50_000;
