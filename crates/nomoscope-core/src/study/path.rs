//! Paths that stay inside a study folder.

/// Why a path is no path inside a study folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// Nothing there.
    #[error("the path is empty")]
    Empty,
    /// Longer than file systems allow.
    #[error("the path is longer than {MAX_PATH_BYTES} bytes")]
    TooLong,
    /// Begins at a root.
    #[error("the path is absolute")]
    Absolute,
    /// Begins with a drive such as `C:`.
    #[error("the path names a drive")]
    Drive,
    /// Contains a backslash.
    #[error("the path contains a backslash")]
    Backslash,
    /// Contains `..`.
    #[error("the path contains `..`")]
    Parent,
    /// Contains `.` or nothing between two slashes, or ends with a slash.
    #[error("the path contains an empty or `.` part")]
    NotNormal,
    /// Contains a control character.
    #[error("the path contains a control character")]
    Control,
}

/// The longest path inside a study folder, in bytes.
pub const MAX_PATH_BYTES: usize = 1024;

impl PathError {
    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Backslash => "separate folders with `/`",
            _ => "write it relative to the study folder, such as `sources/treaty.txt`",
        }
    }
}

/// Checks that a path stays inside the folder that it is relative to.
///
/// Paths of other systems are refused too: a study written on one machine is opened on another.
///
/// # Errors
/// The first [`PathError`] that applies.
pub fn check_relative_path(path: &str) -> Result<(), PathError> {
    let bytes = path.as_bytes();
    match bytes {
        [] => return Err(PathError::Empty),
        [b'/', ..] => return Err(PathError::Absolute),
        [letter, b':', ..] if letter.is_ascii_alphabetic() => return Err(PathError::Drive),
        _ if bytes.len() > MAX_PATH_BYTES => return Err(PathError::TooLong),
        _ if bytes.contains(&b'\\') => return Err(PathError::Backslash),
        _ if path.chars().any(char::is_control) => return Err(PathError::Control),
        _ => {}
    }
    path.split('/').try_for_each(|part| match part {
        ".." => Err(PathError::Parent),
        "" | "." => Err(PathError::NotNormal),
        _ => Ok(()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, want: Result<(), PathError>) {
        assert_eq!(check_relative_path(path), want, "{path:?}");
    }

    #[test]
    fn paths_stay_inside() {
        check("sources/a b é.txt", Ok(()));
        check("a..b/...", Ok(()));
        check("", Err(PathError::Empty));
        check("/etc/passwd", Err(PathError::Absolute));
        check("C:/x", Err(PathError::Drive));
        check("c:x", Err(PathError::Drive));
        check("a\\b", Err(PathError::Backslash));
        check("\\\\server\\x", Err(PathError::Backslash));
        check("../x", Err(PathError::Parent));
        check("a/../../x", Err(PathError::Parent));
        check("a//b", Err(PathError::NotNormal));
        check("./a", Err(PathError::NotNormal));
        check("a/", Err(PathError::NotNormal));
        check("a\nb", Err(PathError::Control));
        check(&"x".repeat(2000), Err(PathError::TooLong));
    }
}
