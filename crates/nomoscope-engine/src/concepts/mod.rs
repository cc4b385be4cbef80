//! How often each concept occurs, where, and since when.

pub mod answer;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;
