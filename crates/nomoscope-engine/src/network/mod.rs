//! Discourse networks.

pub mod answer;
pub mod json;
pub mod question;
