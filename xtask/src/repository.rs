//! Where the repository lies, and the cargo that works in it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns the top folder of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Returns the cargo that started this program, in the top folder.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Puts a part between its two marks in a page, or at its end where it has none.
///
/// # Errors
/// Files that cannot be read or written.
pub(crate) fn put_part(page: &Path, [begin, end]: [&str; 2], part: &str) -> Result<(), String> {
    let wrong = |e: std::io::Error| format!("{}: {e}", page.display());
    let text = std::fs::read_to_string(page).map_err(wrong)?.replace("\r\n", "\n");
    let kept = text.split_once(begin).map_or(text.as_str(), |(before, _)| before).trim_end();
    let after = text.split_once(end).map_or("", |(_, after)| after);
    std::fs::write(page, format!("{kept}\n\n{begin}{part}{end}{after}")).map_err(wrong)
}

/// Adds all files in a folder and below it.
///
/// # Errors
/// Folders that cannot be read.
pub(crate) fn files_below(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files_below(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
