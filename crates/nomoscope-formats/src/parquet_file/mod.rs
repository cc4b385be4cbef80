//! Parquet: rows of any number read a page at a time, and tables written.
//!
//! Columns of plain values are read and written; what is nested is read as it is printed. Names that begin with `::parquet` are
//! those of the library, whose reader of Arrow is not used (docs/adr/0036).

pub mod read;
pub mod write;

/// How the file ends, by its name.
pub const ENDING: &str = "parquet";

/// What a file of Parquet begins with.
pub const MAGIC: &[u8] = b"PAR1";
