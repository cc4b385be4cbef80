//! The law that the user has, from a file or a folder.

use crate::reason::reason;
use nomoscope_core::problem::Problem;
use nomoscope_engine::law::library::Files;
use std::path::Path;

/// Most files of a folder of law.
const MAX_FILES: usize = 5_000;
/// How deep folders of law may nest.
const MAX_DEPTH: usize = 8;

/// Returns the files at a path: the file itself, or all `.toml` files below the folder.
///
/// # Errors
/// What cannot be read, and why.
pub fn files_at(path: &Path) -> Result<Files, Vec<Problem>> {
    let wrong = |path: &Path, reason: String| Problem::new(path.display().to_string(), reason);
    let mut out = Files::new();
    let mut open = vec![(path.to_path_buf(), 0)];
    let mut complaints = Vec::new();
    while let Some((at, depth)) = open.pop() {
        if at.is_dir() {
            if depth >= MAX_DEPTH {
                complaints.push(wrong(&at, format!("folders nest more than {MAX_DEPTH} deep")));
                continue;
            }
            match std::fs::read_dir(&at) {
                Ok(entries) => open.extend(entries.flatten().map(|e| (e.path(), depth + 1))),
                Err(error) => complaints.push(wrong(&at, format!("cannot be read: {}", reason(&error)))),
            }
        } else if depth == 0 || at.extension().is_some_and(|e| e == "toml") {
            match std::fs::read(&at) {
                Ok(bytes) => {
                    out.insert(at.display().to_string(), bytes);
                }
                Err(error) => complaints.push(wrong(&at, format!("cannot be read: {}", reason(&error)))),
            }
        }
        if out.len() > MAX_FILES {
            complaints.push(wrong(path, format!("holds more than {MAX_FILES} files")));
            break;
        }
    }
    if complaints.is_empty() && out.is_empty() {
        complaints.push(wrong(path, "holds no .toml file".to_owned()));
    }
    if complaints.is_empty() { Ok(out) } else { Err(complaints) }
}
