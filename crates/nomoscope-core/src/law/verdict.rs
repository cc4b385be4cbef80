//! The three findings.

/// What the facts entered do to a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Finding {
    /// They satisfy it.
    Established,
    /// They do not satisfy it.
    NotEstablished,
    /// They do not settle it.
    Undetermined,
}

impl Finding {
    /// Returns the word of the stable JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Established => "established",
            Self::NotEstablished => "not-established",
            Self::Undetermined => "undetermined",
        }
    }

    /// Returns what the facts entered do: "satisfy", "do not satisfy", "do not settle".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Established => "satisfy",
            Self::NotEstablished => "do not satisfy",
            Self::Undetermined => "do not settle",
        }
    }
}
