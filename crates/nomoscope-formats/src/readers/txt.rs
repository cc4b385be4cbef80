//! Plain text: decoded, nothing else. Line ends stay as they are.

use super::{Format, single};
use crate::decode::{Declaration, decode};
use crate::{FormatError, Input, Read, ReadOptions, Reason};
use nomoscope_core::text::{Document, MAX_TEXT_BYTES};

pub(super) const FORMAT: Format =
    Format { name: "txt", extensions: &["txt", "text"], description: "plain text in any encoding", roots: &[], read };

fn read(input: &Input, options: &ReadOptions) -> Result<Vec<Read>, FormatError> {
    let decoded = decode(input, Declaration::None, options)?;
    check(input, &decoded.text, options)?;
    Ok(single(Document { text: decoded.text, ..Document::default() }, decoded.notes))
}

/// Refuses a text that is blank or too long.
pub(super) fn check(input: &Input, text: &str, options: &ReadOptions) -> Result<(), FormatError> {
    let limit = options.limits.max_text_bytes.min(MAX_TEXT_BYTES);
    if text.len() > limit {
        return Err(FormatError::new(input, None, Reason::TextTooLarge { limit }));
    }
    if text.trim().is_empty() {
        return Err(FormatError::new(input, None, Reason::NoText));
    }
    Ok(())
}
