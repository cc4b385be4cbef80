//! Rows as lines of JSON, in pieces as those of other tables, and only the columns that are wanted.
//!
//! Columns are decoded one by one, some rows at a time. The library's own reader of rows is not used: it takes what a file says
//! of its columns for granted, and ends the program where that is wrong.

use crate::caught::caught;
use crate::exchange::times::of_epoch;
use crate::stream::split::{MAX_RECORD_BYTES, PIECE_BYTES, Piece};
use ::parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::{ByteArray, DataType};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
pub use ::parquet::file::reader::ChunkReader;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::schema::types::ColumnDescriptor;
pub use bytes::Bytes;
use serde_json::{Map, Number, Value};
use std::collections::{BTreeSet, VecDeque};

/// How many rows of each column are held: texts may be long.
const BATCH: usize = 64;

/// A cell, or why it holds no value.
type Cell = Result<Value, &'static str>;

/// Rows of a file of Parquet. The same file gives the same pieces.
pub struct Rows {
    file: Box<dyn FileReader>,
    columns: Vec<String>,
    wanted: Vec<Column>,
    said: Vec<KeyValue>,
    /// The next group of rows, and how many rows of the one before it were not decoded yet.
    group: usize,
    left: u64,
    /// How many rows there are, and how many were read.
    n: u64,
    read: u64,
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").field("n", &self.n).field("read", &self.read).finish_non_exhaustive()
    }
}

/// A column that is read.
struct Column {
    name: String,
    /// Its place among all columns.
    at: usize,
    how: How,
    /// Whether a cell may be empty.
    gaps: bool,
    reader: Option<ColumnReader>,
    cells: VecDeque<Cell>,
}

/// What the numbers of a column mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Plain,
    Unsigned,
    /// Days after the beginning of 1970.
    Days,
    /// So many of them are a second after the beginning of 1970.
    Time(i64),
    /// Digits behind the point.
    Decimal(i32),
}

impl How {
    fn of(column: &ColumnDescriptor) -> Self {
        match (column.logical_type_ref(), column.converted_type()) {
            (Some(LogicalType::Timestamp(time)), _) if matches!(time.unit, TimeUnit::NANOS) => {
                Self::Time(1_000_000_000)
            }
            (_, ConvertedType::TIMESTAMP_MICROS) => Self::Time(1_000_000),
            (_, ConvertedType::TIMESTAMP_MILLIS) => Self::Time(1000),
            (_, ConvertedType::DATE) => Self::Days,
            (_, ConvertedType::DECIMAL) => Self::Decimal(column.type_scale().clamp(0, 38)),
            (_, ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64) => {
                Self::Unsigned
            }
            _ => Self::Plain,
        }
    }

    fn of_whole(self, n: i64) -> Value {
        match self {
            Self::Days => Value::String(of_epoch(n.saturating_mul(86_400)).get(..10).unwrap_or_default().to_owned()),
            Self::Time(second) => Value::String(of_epoch(n.div_euclid(second))),
            Self::Decimal(digits) => number(n as f64 / 10_f64.powi(digits)),
            Self::Unsigned | Self::Plain => Value::from(n),
        }
    }
}

/// Returns a number; a whole one without a point, for a table with gaps holds its years as decimals.
fn number(x: f64) -> Value {
    if x.fract() == 0.0 && x.abs() < 9e15 {
        return Value::from(x as i64);
    }
    Number::from_f64(x).map_or(Value::Null, Value::Number)
}

fn words_of(bytes: &ByteArray) -> Cell {
    if bytes.is_empty() {
        return Ok(Value::String(String::new()));
    }
    // Some programs do not say that their bytes are words.
    let words = std::str::from_utf8(bytes.data()).map_err(|_| "holds bytes that are not UTF-8")?;
    Ok(Value::String(words.to_owned()))
}

/// What the library says, without its own name.
fn words(error: &ParquetError) -> String {
    let said = error.to_string();
    let plain = said.strip_prefix("Parquet error: ").unwrap_or(&said).trim().to_owned();
    format!("is no sound Parquet: {plain}")
}

/// Does what the library may break down at, where a file says of itself what is not so.
fn guarded<T>(work: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, String> {
    match caught(work) {
        Some(done) => done.map_err(|error| words(&error)),
        None => Err("is no sound Parquet: it contradicts itself".to_owned()),
    }
}

impl Rows {
    /// Opens a file; only columns that are wanted are read.
    ///
    /// # Errors
    /// What is wrong with its end, where its columns stand; a wanted column that is a list or a group, in words.
    pub fn open<R: ChunkReader + 'static>(from: R, wanted: &dyn Fn(&str) -> bool) -> Result<Self, String> {
        let file: Box<dyn FileReader> = Box::new(guarded(|| SerializedFileReader::new(from))?);
        let about = file.metadata().file_metadata();
        let n = u64::try_from(about.num_rows()).map_err(|_| "says that it has fewer rows than none".to_owned())?;
        let said = about.key_value_metadata().cloned().unwrap_or_default();
        let columns: Vec<String> = about.schema().get_fields().iter().map(|field| field.name().to_owned()).collect();
        let mut seen = BTreeSet::new();
        if let Some(twice) = columns.iter().find(|name| !seen.insert(name.as_str())) {
            return Err(format!("column `{twice}` occurs twice"));
        }
        let mut kept = Vec::new();
        for (at, column) in about.schema_descr().columns().iter().enumerate() {
            let name = column.path().parts().first().cloned().unwrap_or_default();
            if !wanted(&name) {
                continue;
            }
            if column.path().parts().len() > 1 || column.max_rep_level() > 0 {
                return Err(format!("column `{name}` holds lists or groups: only plain values are read"));
            }
            let (how, gaps) = (How::of(column), column.max_def_level() > 0);
            kept.push(Column { name, at, how, gaps, reader: None, cells: VecDeque::new() });
        }
        Ok(Self { file, columns, wanted: kept, said, group: 0, left: 0, n, read: 0 })
    }

    /// Returns the names of all columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Returns what was written beside the rows under this name.
    #[must_use]
    pub fn said(&self, name: &str) -> Option<&str> {
        self.said.iter().find(|said| said.key == name)?.value.as_deref()
    }

    /// Returns how much of all rows was read, from 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        if self.n == 0 { 1.0 } else { self.read as f64 / self.n as f64 }
    }

    /// Returns the cells of the next row, those of wanted columns in their order; none at the end.
    ///
    /// # Errors
    /// A file that is damaged, with the number of the row, or that has fewer rows than it says.
    pub fn next_row(&mut self) -> Result<Option<Vec<Cell>>, String> {
        if self.wanted.is_empty() {
            return Ok(None);
        }
        if self.wanted.iter().any(|column| column.cells.is_empty()) {
            self.fill().map_err(|said| format!("row {}: {said}", self.read + 1))?;
        }
        let row: Option<Vec<Cell>> = self.wanted.iter_mut().map(|column| column.cells.pop_front()).collect();
        match row {
            Some(row) => {
                self.read += 1;
                Ok(Some(row))
            }
            None if self.read < self.n => Err(format!("{} rows are announced, and {} are there", self.n, self.read)),
            None => Ok(None),
        }
    }

    /// Decodes some rows of each column, of the next group where one is at its end.
    fn fill(&mut self) -> Result<(), String> {
        while self.left == 0 && self.group < self.file.num_row_groups() {
            let (file, at) = (&self.file, self.group);
            let group = guarded(|| file.get_row_group(at))?;
            self.left = u64::try_from(group.metadata().num_rows()).unwrap_or_default();
            for column in &mut self.wanted {
                column.reader = Some(guarded(|| group.get_column_reader(column.at))?);
            }
            self.group += 1;
        }
        let n = BATCH.min(usize::try_from(self.left).unwrap_or(BATCH));
        for column in &mut self.wanted {
            let before = column.cells.len();
            if let Some(reader) = &mut column.reader {
                let (how, gaps) = (column.how, column.gaps);
                let cells = guarded(|| cells(reader, n, gaps, how))?;
                column.cells.extend(cells);
            }
            if column.cells.len() - before != n {
                return Err(format!("is no sound Parquet: column `{}` ends before others", column.name));
            }
        }
        self.left -= n as u64;
        Ok(())
    }

    /// Returns the next piece, its lines numbered by rows from 1; none at the end.
    ///
    /// # Errors
    /// Those of [`Rows::next_row`].
    pub fn next_piece(&mut self) -> Result<Option<Piece>, String> {
        let mut piece = Piece::default();
        while piece.bytes.len() < PIECE_BYTES {
            let Some(row) = self.next_row()? else { break };
            match self.line(row) {
                Ok(line) if line.len() > MAX_RECORD_BYTES => {
                    piece.bad.push((self.read, "the row is longer than 16 MiB: left out".to_owned()));
                }
                Ok(line) => {
                    piece.starts.push((piece.bytes.len(), self.read));
                    piece.bytes.extend_from_slice(line.as_bytes());
                    piece.bytes.push(b'\n');
                }
                Err(reason) => piece.bad.push((self.read, reason)),
            }
        }
        Ok((!piece.starts.is_empty() || !piece.bad.is_empty()).then_some(piece))
    }

    fn line(&self, row: Vec<Cell>) -> Result<String, String> {
        let mut object = Map::new();
        for (column, cell) in self.wanted.iter().zip(row) {
            object.insert(column.name.clone(), cell.map_err(|reason| format!("`{}` {reason}", column.name))?);
        }
        Ok(Value::Object(object).to_string())
    }
}

/// Returns the next cells of a column, at most `n`.
fn cells(reader: &mut ColumnReader, n: usize, gaps: bool, how: How) -> Result<Vec<Cell>, ParquetError> {
    let unsigned = how == How::Unsigned;
    match reader {
        ColumnReader::BoolColumnReader(reader) => plain(reader, n, gaps, |b| Ok(Value::Bool(*b))),
        ColumnReader::Int32ColumnReader(reader) => plain(reader, n, gaps, |n| {
            Ok(if unsigned { Value::from(n.cast_unsigned()) } else { how.of_whole(i64::from(*n)) })
        }),
        ColumnReader::Int64ColumnReader(reader) => {
            plain(reader, n, gaps, |n| Ok(if unsigned { Value::from(n.cast_unsigned()) } else { how.of_whole(*n) }))
        }
        ColumnReader::Int96ColumnReader(reader) => {
            plain(reader, n, gaps, |time| Ok(Value::String(of_epoch(time.to_millis().div_euclid(1000)))))
        }
        ColumnReader::FloatColumnReader(reader) => plain(reader, n, gaps, |x| Ok(number(f64::from(*x)))),
        ColumnReader::DoubleColumnReader(reader) => plain(reader, n, gaps, |x| Ok(number(*x))),
        ColumnReader::ByteArrayColumnReader(reader) => plain(reader, n, gaps, words_of),
        ColumnReader::FixedLenByteArrayColumnReader(reader) => plain(reader, n, gaps, |bytes| words_of(bytes)),
    }
}

/// Returns the next cells of a column of one type; where nothing is, nothing.
fn plain<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    n: usize,
    gaps: bool,
    of: impl Fn(&T::T) -> Cell,
) -> Result<Vec<Cell>, ParquetError> {
    let (mut values, mut there) = (Vec::new(), Vec::new());
    let (mut rows, mut out) = (0, Vec::with_capacity(n));
    // A page may end before as many rows are there.
    while rows < n {
        let levels = gaps.then_some(&mut there);
        let (read, _, _) = reader.read_records(n - rows, levels, None, &mut values)?;
        if read == 0 {
            break;
        }
        rows += read;
    }
    if !gaps {
        out.extend(values.iter().map(of));
        return Ok(out);
    }
    let mut values = values.iter();
    for level in there {
        out.push(if level == 0 { Ok(Value::Null) } else { values.next().map_or(Ok(Value::Null), &of) });
    }
    Ok(out)
}
