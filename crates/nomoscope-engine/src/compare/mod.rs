//! Coupling, holding and naming between groups of sources.

pub mod answer;
pub mod figures;
pub mod json;
pub mod question;
pub mod tables;
pub mod words;
