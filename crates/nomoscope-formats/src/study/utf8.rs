//! Bytes as text, with the line of what is none.

use super::Problem;
use crate::grid::line_of;

/// Returns the bytes as text without a byte order mark.
///
/// # Errors
/// The line of the first byte that is not UTF-8.
pub fn utf8<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, Problem> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let reason = if matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
                "the file is UTF-16, not UTF-8"
            } else {
                "the file is not UTF-8"
            };
            Err(Problem::new(file, reason).at(line_of(before)).hint("save it as UTF-8 (in Excel: “CSV UTF-8”)"))
        }
    }
}
