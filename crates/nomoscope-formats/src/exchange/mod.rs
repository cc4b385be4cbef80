//! Projects of other programs: read, placed in their texts, and written.
//!
//! A format is one file here and one line in [`EXCHANGE`]; help, documentation and tests read that table. What the formats
//! hold in common is [`ForeignProject`]; where its selections stand in the texts is found in one place, [`mod@place`].

pub mod account;
pub mod counting;
mod dna;
mod dna_write;
pub mod fidelity;
mod folded;
pub mod graph;
mod layers;
mod member;
pub mod outgoing;
pub mod place;
mod positions;
pub mod project;
mod qualcoder;
mod refi;
mod refi_write;
mod requal;
mod rqda;
mod salvage;
mod search;
mod settle;
mod skos;
mod skos_read;
mod sqlite;
mod tables;
mod tables_read;
mod taguette;
pub mod times;
mod uima;
mod values;
mod webanno;
mod workbook;

use crate::{FormatError, Input, Limits, Reason};
pub use account::Writing;
pub use outgoing::{Outgoing, Written, guarded};
pub use project::{
    CODABLE, COLOR, ForeignCode, ForeignCoder, ForeignCoding, ForeignProject, ForeignSource, Loss, Selection,
};
use sqlite::Database;
pub use workbook::workbook;

/// Reads a project.
pub type ReadProject = fn(&Input<'_>, &Limits) -> Result<ForeignProject, FormatError>;

/// A format of exchange.
#[derive(Debug)]
pub struct Exchange {
    /// A short name: `qdpx`.
    pub name: &'static str,
    /// File name extensions in lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// One line for help and documentation.
    pub description: &'static str,
    /// Whether it is a database, whose tables tell the format whatever its name.
    pub database: bool,
    /// Reads a project, where it can be read.
    pub read: Option<ReadProject>,
    /// Writes a study, where it can be written.
    pub write: Option<&'static Writing>,
}

/// All formats.
pub static EXCHANGE: &[Exchange] = &[
    Exchange {
        name: "qdpx",
        extensions: &["qdpx"],
        description: "REFI-QDA project (NVivo, ATLAS.ti, MAXQDA, QualCoder, Taguette and others)",
        database: false,
        read: Some(refi::read_project),
        write: Some(&refi_write::PROJECT_FILE),
    },
    Exchange {
        name: "qdc",
        extensions: &["qdc"],
        description: "REFI-QDA codebook",
        database: false,
        read: Some(refi::read_codebook),
        write: Some(&refi_write::CODEBOOK_FILE),
    },
    Exchange {
        name: "dna",
        extensions: &["dna"],
        description: "Discourse Network Analyzer 2 or 3",
        database: true,
        read: Some(database),
        write: Some(&dna_write::DATABASE),
    },
    Exchange {
        name: "rqda",
        extensions: &["rqda"],
        description: "RQDA",
        database: true,
        read: Some(database),
        write: None,
    },
    Exchange {
        name: "qualcoder",
        extensions: &["qda"],
        description: "QualCoder: the project folder, or its data.qda",
        database: true,
        read: Some(database),
        write: None,
    },
    Exchange {
        name: "taguette",
        extensions: &["sqlite3", "db", "sqlite"],
        description: "Taguette: its export as SQLite, or its database",
        database: true,
        read: Some(database),
        write: None,
    },
    Exchange {
        name: "requal",
        extensions: &["requal"],
        description: "requal",
        database: true,
        read: Some(database),
        write: None,
    },
    Exchange {
        name: "uima",
        extensions: &["json"],
        description: "UIMA CAS as JSON, as INCEpTION writes it",
        database: false,
        read: Some(uima::read),
        write: None,
    },
    Exchange {
        name: "skos",
        extensions: &["ttl"],
        description: "the codebook as SKOS in Turtle",
        database: false,
        read: Some(skos_read::turtle),
        write: Some(&skos::TURTLE),
    },
    Exchange {
        name: "skos-json",
        extensions: &["jsonld"],
        description: "the codebook as SKOS in JSON-LD",
        database: false,
        read: Some(skos_read::json_ld),
        write: Some(&skos::JSON_LD),
    },
    Exchange {
        name: "codings",
        extensions: &["csv"],
        description: "the codings as a table",
        database: false,
        read: Some(tables_read::codings),
        write: Some(&tables::CSV),
    },
    Exchange {
        name: "parquet",
        extensions: &["parquet"],
        description: "the codings as a table of Parquet",
        database: false,
        read: None,
        write: Some(&tables::PARQUET),
    },
    Exchange {
        name: "workbook",
        extensions: &["xlsx"],
        description: "the codings as a workbook; read, a table of codings as QDA programs write it",
        database: false,
        read: Some(tables_read::codings),
        write: Some(&tables::XLSX),
    },
    Exchange {
        name: "sheet",
        extensions: &["ods", "tsv"],
        description: "a table of codings, as QDA programs write it for spreadsheets",
        database: false,
        read: Some(tables_read::codings),
        write: None,
    },
    Exchange {
        name: "webanno",
        extensions: &["tsv"],
        description: "WebAnno TSV 3, as INCEpTION writes it, known by its first line",
        database: false,
        read: Some(webanno::read),
        write: None,
    },
    Exchange {
        name: "quotations",
        extensions: &["docx"],
        description: "the codings as a table of quotations that Word opens",
        database: false,
        read: None,
        write: Some(&tables::DOCX),
    },
];

/// What tells databases apart: their tables.
type Fits = fn(&Database<'_>) -> bool;
type ReadDatabase = fn(&Database<'_>) -> Result<ForeignProject, FormatError>;
const DATABASES: [(&str, Fits, ReadDatabase); 5] = [
    ("dna", dna::fits, dna::read),
    ("rqda", rqda::fits, rqda::read),
    ("qualcoder", qualcoder::fits, qualcoder::read),
    ("taguette", taguette::fits, taguette::read),
    ("requal", requal::fits, requal::read),
];

/// Returns the format of a file, by its name.
#[must_use]
pub fn format_of(name: &str) -> Option<&'static Exchange> {
    let extension = Input { name, bytes: &[] }.extension();
    EXCHANGE.iter().find(|format| format.extensions.contains(&extension.as_str()))
}

/// Reads the project in the bytes of a file.
///
/// # Errors
/// Everything that is wrong with it: a format that cannot be read, a damaged or hostile file, one that is no project.
pub fn read(input: &Input, limits: &Limits) -> Result<ForeignProject, FormatError> {
    if input.bytes.len() > limits.max_bytes {
        return Err(FormatError::new(input, None, Reason::TooLarge { limit: limits.max_bytes }));
    }
    if input.bytes.is_empty() {
        return Err(FormatError::new(input, None, Reason::Empty));
    }
    // A table of words is known by its first line, whatever other tables are called.
    let is_webanno = input.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input.bytes).starts_with(webanno::MAGIC);
    let by_name = if is_webanno { EXCHANGE.iter().find(|f| f.name == "webanno") } else { format_of(input.name) };
    let read = match by_name {
        // A database is known by its tables, whatever it is called.
        _ if input.bytes.starts_with(sqlite::MAGIC) => return database(input, limits),
        Some(Exchange { read: Some(read), .. }) => read,
        _ => {
            let extension = input.extension();
            return Err(FormatError::new(input, None, Reason::UnknownFormat { extension }));
        }
    };
    let mut project = read(input, limits)?;
    project.format = by_name.map_or("", |format| format.name);
    settle::settle(&mut project);
    named(&mut project, input);
    Ok(project)
}

/// Reads a database, whichever program made it.
fn database(input: &Input, limits: &Limits) -> Result<ForeignProject, FormatError> {
    let database = Database::open(input, limits)?;
    let Some((format, _, read)) = DATABASES.iter().find(|(_, fits, _)| fits(&database)) else {
        let message = "a database, but with the tables of no program that is known here".to_owned();
        return Err(FormatError::new(input, None, Reason::NoProject { message }));
    };
    let mut project = read(&database)?;
    project.notes.extend(database.told());
    project.format = format;
    settle::settle(&mut project);
    named(&mut project, input);
    Ok(project)
}

/// Gives a project that says no name that of its file.
fn named(project: &mut ForeignProject, input: &Input) {
    if project.name.trim().is_empty() {
        let file = input.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        // The database of QualCoder is always called the same; its folder has the name.
        let folder = input.name.rsplit(['/', '\\']).nth(1).unwrap_or_default();
        let folder = folder.rsplit_once('.').map_or(folder, |(stem, _)| stem);
        let generic = stem.eq_ignore_ascii_case("data") && !folder.is_empty();
        project.name = if generic { folder.to_owned() } else { stem.to_owned() };
    }
}
