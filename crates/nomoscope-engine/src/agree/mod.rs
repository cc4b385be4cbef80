//! Agreement between coders.

pub mod answer;
pub mod figures;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;
