//! Which states joined, and what they did then.

pub mod answer;
pub mod brought;
pub mod json;
