//! The sources as they were read, and those of them that hold some words.

pub mod answer;
pub mod json;
pub mod question;
mod text;

pub use text::{equal_texts, with_labels};
