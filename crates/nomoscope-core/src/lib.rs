//! Types and pure computation of Nomoscope: what norms become in use.
//!
//! `core` never prints, never opens a file, never reads a clock, an environment variable or a source of chance:
//! seeds, dates and bytes are arguments. The layout is the way of the data:
//! [`text`] ← [`codebook`] ← [`coding`] ← [`norm`] ← [`counts`] ← [`usage`]; `nomoscope-stats` is what they share.

#![allow(
    clippy::indexing_slicing,
    reason = "indices here come from the same data structure a few lines above; bytes from outside are indexed in nomoscope-formats, where the lint is on"
)]

pub mod amount;
pub mod codebook;
pub mod coding;
pub mod counts;
pub mod date;
pub mod law;
pub mod norm;
pub mod problem;
pub mod reach;
pub mod sheet;
pub mod spelling;
pub mod study;
pub mod table;
pub mod text;
pub mod usage;
pub mod weight;
