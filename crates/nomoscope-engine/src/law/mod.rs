//! Definitions: held against facts, and against each other.

pub mod answer;
pub mod figures;
pub mod json;
pub mod tables;
pub mod words;
