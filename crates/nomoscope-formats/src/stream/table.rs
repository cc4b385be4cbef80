//! A table that was opened, whatever it is: its columns, and its pieces one after the other.

use super::row::Shape;
use super::split::{Kind, Piece, Pieces};
use crate::parquet_file::read::{ChunkReader, Rows};
use std::io::{self, Read};

/// A table.
#[derive(Debug)]
pub struct Table<'r>(From<'r>);

enum From<'r> {
    Text(Pieces<Box<dyn Read + Send + 'r>>),
    Columns(Box<Rows>),
}

impl std::fmt::Debug for From<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(pieces) => pieces.fmt(f),
            Self::Columns(rows) => rows.fmt(f),
        }
    }
}

impl<'r> Table<'r> {
    /// Begins a table of lines; `name` tells by its ending how columns are separated.
    ///
    /// # Errors
    /// A beginning that cannot be read, or a header that is none, in words.
    pub fn of_lines(from: Box<dyn Read + Send + 'r>, kind: Kind, name: &str) -> Result<(Shape, Self), String> {
        let mut pieces = Pieces::new(from, kind, name).map_err(|error| format!("cannot be read: {error}"))?;
        let shape = shape(&mut pieces, kind)?;
        Ok((shape, Self(From::Text(pieces))))
    }

    /// Begins a file of Parquet; only columns that are wanted are read.
    ///
    /// # Errors
    /// A file that is none, in words.
    pub fn of_parquet<R: ChunkReader + 'static>(
        from: R,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Result<(Shape, Self), String> {
        let rows = Rows::open(from, wanted)?;
        Ok((Shape::of_columns(rows.columns().to_vec()), Self(From::Columns(Box::new(rows)))))
    }

    /// Returns the next piece; none at the end.
    ///
    /// # Errors
    /// What the system says; Parquet that is damaged.
    pub fn next_piece(&mut self) -> io::Result<Option<Piece>> {
        match &mut self.0 {
            From::Text(pieces) => pieces.next_piece(),
            From::Columns(rows) => rows.next_piece().map_err(io::Error::other),
        }
    }

    /// Returns how much was read, from 0 to 1; none where whoever reads the file counts its bytes.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        match &self.0 {
            From::Text(_) => None,
            From::Columns(rows) => Some(rows.share()),
        }
    }
}

/// Returns the shape of the records of a file, its header read.
fn shape<R: Read>(pieces: &mut Pieces<R>, kind: Kind) -> Result<Shape, String> {
    if kind == Kind::JsonLines {
        return Ok(Shape::json_lines());
    }
    let separator = pieces.separator();
    match pieces.header().map_err(|error| error.to_string())? {
        Some((line, header)) => {
            Shape::of_header(&header, separator).map_err(|reason| format!("the header in line {line}: {reason}"))
        }
        None => Err("the table is empty".to_owned()),
    }
}
