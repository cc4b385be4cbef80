//! A cluster in time: snapshots, what came and went, drift, and who said what first.

pub mod answer;
pub mod figures;
pub mod json;
pub mod networks;
pub mod question;
pub mod tables;
pub mod words;
