//! The sources as they were read.

pub mod json;
