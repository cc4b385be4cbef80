//! Studies on disk: a folder of plain files, or a study file.
//!
//! [`folder`] reads a study folder, [`add`] adds sources to either kind, [`import`] takes in projects of other programs,
//! [`convert`] goes from one to the other, [`loose`] reads files that are no study yet.

pub mod add;
mod caps;
pub mod convert;
pub mod correct;
pub(crate) mod describe;
mod edits;
mod error;
pub mod folder;
mod given;
mod history;
pub mod import;
pub mod key;
mod later;
pub mod loose;
pub mod make;
pub(crate) mod merge;
pub mod names;
mod redact;
pub(crate) mod rewrite;
pub(crate) mod shelf;
mod source;
pub(crate) mod walk;
mod words;

pub use caps::Caps;
pub use convert::{export_folder, load_file, new_file, new_sealed_file, render, write_image};
pub use error::StudyError;
pub use folder::{Loaded, ReadText, Readers, Texts, read_folder, read_image};
pub use given::Given;
pub use import::{Imported, Options, roles_table};
pub use loose::{FOLDER, Loose, read_loose, read_loose_bytes};
pub use merge::read as read_any;
pub use merge::{Tally, Told};
pub use nomoscope_formats::study::sources_csv::Reading;
pub use nomoscope_formats::study::{Problem, Problems};
pub use rewrite::{Erasure, Rewritten, names_in};
pub(crate) use walk::read_capped;
