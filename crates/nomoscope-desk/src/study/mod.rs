//! Studies on disk: a folder of plain files, or a study file.
//!
//! [`folder`] reads a study folder, [`add`] adds sources to either kind, [`convert`] goes from one to the other.

pub mod add;
mod caps;
pub mod convert;
mod error;
pub mod folder;
mod history;
pub mod make;
pub(crate) mod shelf;
mod source;
mod walk;

pub use add::Given;
pub use caps::Caps;
pub use convert::{export_folder, load_file, new_file, render};
pub use error::StudyError;
pub use folder::{Loaded, ReadText, Readers, Texts, read_folder, read_image};
pub use nomoscope_formats::study::{Problem, Problems};
pub(crate) use walk::read_capped;
