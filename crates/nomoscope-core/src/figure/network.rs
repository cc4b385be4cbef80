//! x
/// x
pub const ID: &str = "network";
