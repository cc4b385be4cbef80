//! What can be wrong with a file: where, why, and (apart) what to do about it.

use crate::Input;
use nomoscope_core::problem::{Act, Place, Problem, Problems, Remedy, Slot};
use thiserror::Error;

/// How many problems of one file are listed before the rest is only counted.
const MAX_LISTED: usize = 50;

/// Why a file could not be read: all problems that were found, each with its place.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", self.render())]
pub struct FormatError {
    /// The file name as it was given.
    pub file: String,
    /// At least one problem, in the order of the file.
    pub problems: Vec<Fault>,
}

impl FormatError {
    pub(crate) fn new(input: &Input, place: Option<Place>, reason: Reason) -> Self {
        Self { file: input.name.to_owned(), problems: vec![Fault { place, reason }] }
    }

    pub(crate) fn many(input: &Input, problems: Vec<Fault>) -> Self {
        Self { file: input.name.to_owned(), problems }
    }

    /// Returns the same error with the zip member in which every problem lies.
    pub(crate) fn within(mut self, member: &str) -> Self {
        for problem in &mut self.problems {
            problem.place =
                Some(Place::Member { member: member.to_owned(), place: problem.place.take().map(Box::new) });
        }
        self
    }

    /// Returns what the user may do, if there is something to say.
    #[must_use]
    pub fn hint(&self) -> Option<Remedy> {
        self.problems.iter().find_map(|problem| problem.reason.hint())
    }

    /// Returns the error of a member of an archive as one of the archive.
    pub(crate) fn of(mut self, archive: &str, member: &str) -> Self {
        archive.clone_into(&mut self.file);
        self.within(member)
    }

    /// Returns what is wrong, without the places.
    pub(crate) fn reasons(&self) -> String {
        self.problems.iter().map(|problem| problem.reason.to_string()).collect::<Vec<_>>().join("; ")
    }

    fn render(&self) -> String {
        let lines = self.problems.iter().take(MAX_LISTED).map(|problem| match &problem.place {
            Some(place) => format!("{}: {place}: {}", self.file, problem.reason),
            None => format!("{}: {}", self.file, problem.reason),
        });
        let more = self.problems.len().saturating_sub(MAX_LISTED);
        let tail = (more > 0).then(|| format!("{}: and {more} more problems", self.file));
        lines.chain(tail).collect::<Vec<_>>().join("\n")
    }
}

impl From<FormatError> for Problems {
    fn from(error: FormatError) -> Self {
        let problem = |fault: Fault| Problem {
            place: fault.place,
            ..Problem::new(error.file.as_str(), fault.reason.to_string()).perhaps(fault.reason.hint())
        };
        error.problems.into_iter().map(problem).collect()
    }
}

/// One thing wrong with a file, of a kind that programs can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where, if it has a place.
    pub place: Option<Place>,
    /// What.
    pub reason: Reason,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Reason {
    /// The extension belongs to no format.
    #[error("no reader for files of type `{extension}`")]
    UnknownFormat {
        /// The extension, without the dot.
        extension: String,
    },
    /// The first bytes belong to another format than the name.
    #[error("the name says {expected}, but the file looks like {found}")]
    WrongType {
        /// The format that the name calls for.
        expected: &'static str,
        /// What the first bytes look like.
        found: &'static str,
    },
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// Nothing to read was found.
    #[error("no text found")]
    NoText,
    /// The file is larger than allowed.
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The extracted text is larger than allowed.
    #[error("the text is longer than {limit} bytes")]
    TextTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The file holds binary data, not text.
    #[error("a NUL character: this is a binary file, not a text")]
    Binary,
    /// A declared or given encoding is not known.
    #[error("unknown encoding `{label}`")]
    UnknownEncoding {
        /// The label as written.
        label: String,
    },
    /// Bytes that the encoding does not allow.
    #[error("byte {byte:#04x} cannot be read as {encoding}")]
    Undecodable {
        /// The first byte that does not fit.
        byte: u8,
        /// The encoding's name.
        encoding: String,
    },
    /// XML that is not well formed.
    #[error("not well-formed XML: {message}")]
    Xml {
        /// What the parser said.
        message: String,
    },
    /// A DOCTYPE with declarations of its own.
    #[error("a DOCTYPE with declarations (an internal subset) is refused: it could define entities without end")]
    InternalSubset,
    /// Nested too deep.
    #[error("nested deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// Too many parts (elements, rows, members, pages).
    #[error("more than {limit} {what}")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// A field of a table is too long.
    #[error("a field longer than {limit} bytes")]
    FieldTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// Not a readable zip archive.
    #[error("not a readable zip archive: {message}")]
    Zip {
        /// What the unpacker said.
        message: String,
    },
    /// A part of an archive is missing.
    #[error("the part `{member}` is missing")]
    MissingMember {
        /// The part's name.
        member: String,
    },
    /// A member's name leads out of the archive.
    #[error("the member name `{member}` leads out of the archive")]
    UnsafeName {
        /// The name.
        member: String,
    },
    /// A compressed part grows beyond all measure.
    #[error("expands beyond {limit} bytes or beyond {ratio} times its size: refused as a decompression bomb")]
    Bomb {
        /// The limit in bytes.
        limit: u64,
        /// The limit as a ratio.
        ratio: u64,
    },
    /// Not a readable database.
    #[error("not a readable SQLite database: {message}")]
    Database {
        /// What is wrong.
        message: String,
    },
    /// A table of codings that cannot be taken as one.
    #[error("{message}")]
    Codings {
        /// What is wrong.
        message: String,
    },
    /// A file that holds no project of another program.
    #[error("not a project that can be read: {message}")]
    NoProject {
        /// What is wrong.
        message: String,
    },
    /// Locked by a password.
    #[error("the file is encrypted")]
    Encrypted,
    /// A PDF without text.
    #[error("no text layer: the pages are images")]
    NoTextLayer,
    /// A PDF that cannot be read.
    #[error("not a readable PDF: {message}")]
    Pdf {
        /// What the reader said.
        message: String,
    },
    /// A reader took too long.
    #[error("not read within {seconds} seconds")]
    TooSlow {
        /// The limit.
        seconds: u64,
    },
    /// A table that cannot be taken apart.
    #[error("not a readable table: {message}")]
    Table {
        /// What the parser said.
        message: String,
    },
    /// A table without the column for the text.
    #[error("no column for the text among {columns}")]
    NoTextColumn {
        /// The columns that there are, in backticks.
        columns: String,
    },
    /// A column name that occurs twice.
    #[error("column `{column}` occurs twice")]
    DuplicateColumn {
        /// The name.
        column: String,
    },
    /// A table without a column that was named.
    #[error("no column `{column}` among {columns}")]
    NoSuchColumn {
        /// The name.
        column: String,
        /// The columns that there are, in backticks.
        columns: String,
    },
    /// A kind of file that is known and not read.
    #[error("{what}, which is not read")]
    NotRead {
        /// What the file is.
        what: &'static str,
        /// What to do about it.
        way_out: &'static str,
    },
    /// A row with another number of fields than the header.
    #[error("{found} fields, but the header has {expected}")]
    FieldCount {
        /// Fields in the header.
        expected: u64,
        /// Fields in the row.
        found: u64,
    },
    /// A quoted field that never ends.
    #[error("a quotation mark that is never closed")]
    OpenQuote,
    /// A line that is not a JSON object.
    #[error("not a JSON object: {message}")]
    Json {
        /// What the parser said.
        message: String,
    },
    /// A row without a text.
    #[error("`{key}` is missing or not a text")]
    NoTextValue {
        /// The key.
        key: String,
    },
    /// Front matter that cannot be understood.
    #[error("front matter: {message}")]
    FrontMatter {
        /// What is wrong.
        message: String,
    },
}

impl Reason {
    /// Returns what the user may do, if there is something to say.
    #[must_use]
    pub fn hint(&self) -> Option<Remedy> {
        let words = match self {
            Self::UnknownFormat { .. } => {
                return Some(Remedy::with(
                    "convert the file to one of the formats that `{}` lists, for example docx or txt",
                    [Act::ListFormats],
                ));
            }
            Self::WrongType { .. } => {
                "rename the file so that its extension fits, or save it again in the format that its name says"
            }
            Self::Empty | Self::NoText => "leave the file out, or check that the right one was given",
            Self::Binary => {
                "a file in UTF-16 without a byte order mark needs its encoding named: encoding `utf-16le` or `utf-16be`"
            }
            Self::UnknownEncoding { .. } => "name the encoding, for example `utf-8`, `windows-1252` or `utf-16le`",
            Self::Undecodable { .. } => "save the file as UTF-8, or name its encoding, for example `windows-1252`",
            Self::InternalSubset => "remove everything between `[` and `]` in the DOCTYPE, and write its entities out",
            Self::Xml { .. } => "a browser or an XML editor shows the same place; or save the text as txt",
            Self::Zip { .. } => "open it in the program that made it, and save it again",
            Self::Codings { .. } => {
                "the columns of a table of codings are source, code, quotation or start and end, coder, created, memo"
            }
            Self::Database { .. } | Self::NoProject { .. } => {
                "open it in the program that made it, and save or export it again"
            }
            Self::Encrypted => "remove the password in the program that made the file, and save it again",
            Self::NoTextLayer => "run optical character recognition (OCR) on it first, and read the result",
            Self::Pdf { .. } | Self::TooSlow { .. } => "print it to a new PDF, or save its text as txt or docx",
            Self::NoTextColumn { .. } => {
                return Some(Remedy::with("name the column that holds the text: {}", [Slot::set("text", "COLUMN")]));
            }
            Self::NotRead { way_out, .. } => way_out,
            Self::OpenQuote => "a quotation mark inside a quoted field is written twice",
            Self::FieldCount { .. } => "put a field with a separator or a line break between quotation marks",
            Self::TooLarge { .. } | Self::TextTooLarge { .. } | Self::FieldTooLarge { .. } => {
                "split it into several files"
            }
            _ => return None,
        };
        Some(words.into())
    }
}
