//! What a scan of whole files found.

use super::scanner::BadRow;
use super::sums::Sums;
use nomoscope_core::counts::Counts;
use nomoscope_core::text::Level;
use std::collections::BTreeMap;

/// Tables with a text in each row, counted.
#[derive(Debug)]
pub struct Scan {
    /// What couplings are computed from.
    pub counts: Counts,
    /// Sums by stratum.
    pub sums: Sums,
    /// The unit of co-occurrence.
    pub window: Level,
    /// Rows that could not be read, the first of very many.
    pub bad: Vec<BadRow>,
    /// All of them.
    pub n_bad: usize,
    /// Rows without a text.
    pub n_empty: usize,
    /// Texts whose date cannot be read, and that no group was asked by.
    pub n_undated: usize,
    /// Languages that the codebook has no pattern for, with their texts.
    pub unread: BTreeMap<String, usize>,
}
