//! The sources as they were read.

pub mod json;
mod text;

pub use text::{equal_texts, with_labels};
