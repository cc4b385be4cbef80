//! Labels used for one another.

pub mod figures;
pub mod json;
pub mod tables;
pub mod words;
