//! Files that nobody means to read.

/// Returns whether a file is one that systems and word processors leave beside those of people: hidden files, locks,
/// thumbnails.
#[must_use]
pub fn is_system_file(path: &str) -> bool {
    const NAMES: [&str; 6] = ["desktop.ini", "thumbs.db", "ehthumbs.db", "icon\r", "__macosx", "$recycle.bin"];
    path.split(['/', '\\']).any(|part| {
        part.starts_with('.') && !matches!(part, "." | "..")
            || part.starts_with("~$")
            || part.starts_with("~WRL")
            || NAMES.contains(&part.to_lowercase().as_str())
    })
}
