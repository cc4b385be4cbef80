//! The cluster in time.

pub mod figures;
pub mod json;
pub mod networks;
pub mod tables;
pub mod words;
