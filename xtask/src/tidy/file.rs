//! What is committed, or would be.

use std::path::Path;
use std::process::Command;

/// A file of the repository: its path with `/`, its text (empty if it is none) and its size in bytes.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) size: usize,
}

/// Returns what is committed, or would be by `git add .`.
pub(crate) fn files(root: &Path) -> Result<Vec<File>, String> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .map_err(|e| format!("git could not be started: {e}"))?;
    if !listed.status.success() {
        return Err("tidy needs a git checkout".to_owned());
    }
    let names = String::from_utf8_lossy(&listed.stdout).into_owned();
    let mut paths: Vec<&str> = names.split('\0').filter(|p| !p.is_empty()).collect();
    paths.sort_unstable();
    paths.dedup();
    let read = |path: &str| {
        // A file that was deleted and not yet committed is still listed.
        let bytes = std::fs::read(root.join(path)).ok()?;
        let size = bytes.len();
        Some(File { path: path.to_owned(), text: String::from_utf8(bytes).unwrap_or_default(), size })
    };
    Ok(paths.into_iter().filter_map(read).collect())
}

#[cfg(test)]
pub(crate) fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned(), size: text.len() }
}
