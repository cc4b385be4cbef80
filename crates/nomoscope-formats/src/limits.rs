//! How much a reader may take from a file it does not trust.

use nomoscope_core::text::MAX_TEXT_BYTES;
use std::time::Duration;

/// Caps on size, depth, expansion and time. The defaults fit the largest real files by a wide margin.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of one file.
    pub max_bytes: usize,
    /// Bytes of one extracted text.
    pub max_text_bytes: usize,
    /// Nesting depth of XML, HTML and JSON.
    pub max_depth: usize,
    /// Elements and other nodes of an XML or HTML tree.
    pub max_nodes: usize,
    /// Members of a zip archive.
    pub max_members: usize,
    /// Bytes that all members of a zip archive, or all streams of a PDF, may expand to.
    pub max_expanded_bytes: u64,
    /// Bytes out for a byte in, once a member has grown beyond ten megabytes.
    pub max_ratio: u64,
    /// Rows of a table.
    pub max_rows: usize,
    /// Bytes of one field of a table.
    pub max_field_bytes: usize,
    /// Pages of a PDF.
    pub max_pages: usize,
    /// Time for one PDF.
    pub pdf_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 512 << 20,
            max_text_bytes: MAX_TEXT_BYTES,
            max_depth: 256,
            max_nodes: 8_000_000,
            max_members: 10_000,
            max_expanded_bytes: 512 << 20,
            max_ratio: 200,
            max_rows: 5_000_000,
            max_field_bytes: 64 << 20,
            max_pages: 20_000,
            pdf_time: Duration::from_secs(60),
        }
    }
}
