//! How the server is to run.

use std::path::PathBuf;

/// How the server is to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The study; none begins with a page that makes or opens one.
    pub study: Option<PathBuf>,
    /// The folder whose studies can be opened, and in which new ones are made.
    pub home: PathBuf,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// The version with the commit, for run records.
    pub version: String,
}
