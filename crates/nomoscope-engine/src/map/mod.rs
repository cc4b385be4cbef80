//! What the norm is made of, and how certain that is.

pub mod answer;
pub mod figures;
pub mod json;
pub mod tables;
pub mod words;
