//! How much is read of a study.

/// How much is read of a study.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of all files.
    pub total_bytes: u64,
    /// Files.
    pub files: usize,
}

impl Default for Caps {
    fn default() -> Self {
        Self { file_bytes: 512 << 20, total_bytes: 8 << 30, files: 200_000 }
    }
}
