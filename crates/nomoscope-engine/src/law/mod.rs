//! Definitions, one by one and against each other.

pub mod answer;
pub mod figures;
pub mod json;
pub mod library;
pub mod pages;
pub mod question;
pub mod tables;
pub mod words;
