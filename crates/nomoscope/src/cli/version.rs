//! Which program this is.

/// The version with the commit, where it is known.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("NOMOSCOPE_COMMIT"), ")");
