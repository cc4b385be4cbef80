//! How many of those concerned reach each stage.

pub mod answer;
pub mod json;
