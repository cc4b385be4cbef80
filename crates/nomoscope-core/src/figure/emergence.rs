//! x
/// x
pub const ID: &str = "emergence";
