//! How often each concept occurs.

pub mod answer;
pub mod json;
