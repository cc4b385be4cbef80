//! Which states joined, and what they did then.

pub mod answer;
pub mod brought;
pub mod figures;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;
