//! Who does something, when, and with which new identities.

use std::fmt;

/// What a change needs to know of the world outside.
pub struct Stamp<'a> {
    /// Who does it.
    pub coder: &'a str,
    /// When, RFC 3339.
    pub time: &'a str,
    /// The command, in words, for the log.
    pub command: &'a str,
    /// Gives a new identity (a UUID) at each call.
    pub new_id: &'a mut dyn FnMut() -> String,
}

impl Stamp<'_> {
    /// Returns who does what since when, for those who wait for it.
    #[must_use]
    pub fn who(&self) -> String {
        format!("{} (process {}, since {}: {})", self.coder, std::process::id(), self.time, self.command)
    }
}

impl fmt::Debug for Stamp<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stamp")
            .field("coder", &self.coder)
            .field("time", &self.time)
            .field("command", &self.command)
            .finish_non_exhaustive()
    }
}
