//! How programs count the characters of a text.

use serde::Serialize;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Unicode code points.
    #[default]
    CodePoints,
    /// UTF-16 code units.
    Utf16,
    /// Bytes of UTF-8.
    Utf8,
}

/// How an end of a line counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Newlines {
    /// As it is written: CRLF as two.
    #[default]
    AsWritten,
    /// CRLF as one.
    One,
    /// Each as two, be it LF, CR or a paragraph separator alone: the file was written anew since.
    Two,
}

/// A way of counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct Counting {
    /// What is counted.
    pub unit: Unit,
    /// How ends of lines count.
    pub newlines: Newlines,
    /// Whether the byte order mark counts.
    pub bom: bool,
    /// Whether the end is the last character rather than the one behind it.
    pub inclusive: bool,
    /// By how much every position is too high: 1 where the first character has the number 1, or a mark was counted that the
    /// file does not have.
    pub shift: i64,
}

/// How far positions are tried that are all too high or too low.
const FARTHEST: i64 = 8;

impl Counting {
    /// Returns all ways of counting.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let units = [Unit::CodePoints, Unit::Utf16, Unit::Utf8];
        let newlines = [Newlines::AsWritten, Newlines::One, Newlines::Two];
        units.into_iter().flat_map(move |unit| {
            newlines.into_iter().flat_map(move |newlines| {
                [(false, false), (true, false), (false, true), (true, true)].map(|(bom, inclusive)| Self {
                    unit,
                    newlines,
                    bom,
                    inclusive,
                    shift: 0,
                })
            })
        })
    }

    /// Returns the way with every position so much too high or too low, and as it is.
    pub(super) fn shifted(self) -> impl Iterator<Item = Self> {
        (-FARTHEST..=FARTHEST).map(move |shift| Self { shift, ..self })
    }

    /// Returns how far the way is from another: the rarer the difference, the farther.
    pub(super) fn distance(self, other: Self) -> u32 {
        let shift = u32::try_from(self.shift.abs_diff(other.shift)).unwrap_or(u32::MAX / 2).min(u32::MAX / 64);
        shift * 32
            + u32::from(shift != 0) * 16
            + u32::from(self.inclusive != other.inclusive) * 8
            + u32::from(self.bom != other.bom) * 4
            + u32::from(self.newlines != other.newlines) * 2
            + u32::from(self.unit != other.unit)
    }

    /// Returns the way in words.
    #[must_use]
    pub fn words(self) -> String {
        let unit = match self.unit {
            Unit::CodePoints => "code points",
            Unit::Utf16 => "UTF-16 units",
            Unit::Utf8 => "UTF-8 bytes",
        };
        let newlines = match self.newlines {
            Newlines::AsWritten => "",
            Newlines::One => ", CRLF as one",
            Newlines::Two => ", each end of a line as two",
        };
        let shift = match self.shift {
            0 => String::new(),
            n if n > 0 => format!(", every position {n} too high"),
            n => format!(", every position {} too low", n.unsigned_abs()),
        };
        let bom = if self.bom { ", the byte order mark too" } else { "" };
        let end = if self.inclusive { "included" } else { "not included" };
        format!("{unit}{newlines}{bom}{shift}; the end {end}")
    }
}
