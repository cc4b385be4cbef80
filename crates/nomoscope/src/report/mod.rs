//! The report page and its files.

pub mod png;
