//! Facts of a case held against norms.

pub mod answer;
pub mod interview;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;
