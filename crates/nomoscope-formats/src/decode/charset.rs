//! The encodings that are known, by their labels: those of the web, UTF-32, and that of DOS.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// The encoding of a file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Charset {
    Known(&'static Encoding),
    Utf32 {
        big_endian: bool,
    },
    /// That of DOS in Western Europe, which the standard of the web does not know.
    Cp850,
}

impl Charset {
    pub(super) fn of_label(label: &str) -> Option<Self> {
        match label.trim().to_ascii_lowercase().as_str() {
            "utf-32le" | "utf32le" | "utf-32" | "utf32" => Some(Self::Utf32 { big_endian: false }),
            "utf-32be" | "utf32be" => Some(Self::Utf32 { big_endian: true }),
            "cp850" | "ibm850" | "cp-850" | "ibm-850" | "850" => Some(Self::Cp850),
            // The standard maps dangerous labels to "replacement", which would turn any file into one U+FFFD.
            _ => Encoding::for_label_no_replacement(label.trim().as_bytes())
                .filter(|encoding| *encoding != encoding_rs::X_USER_DEFINED)
                .map(Self::Known),
        }
    }

    pub(super) fn name(self) -> String {
        match self {
            Self::Known(encoding) => encoding.name().to_owned(),
            Self::Utf32 { big_endian: true } => "UTF-32BE".to_owned(),
            Self::Utf32 { big_endian: false } => "UTF-32LE".to_owned(),
            Self::Cp850 => "CP850".to_owned(),
        }
    }

    pub(super) fn is_utf16(self) -> bool {
        matches!(self, Self::Known(encoding) if encoding == UTF_16LE || encoding == UTF_16BE)
    }
}
