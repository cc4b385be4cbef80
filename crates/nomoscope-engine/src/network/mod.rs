//! Discourse networks.

pub mod answer;
pub mod json;
