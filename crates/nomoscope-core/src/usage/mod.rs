//! Meaning in use (Wiener 2009): who couples which concepts.
//!
//! Reads `norm`; is read by nothing in the core but `figure`.

pub mod avoidance;
pub mod citation;
pub mod concordance;
pub mod contrast;
pub mod coupling;
pub mod discourse;
pub mod emergence;
pub mod permuted;
pub mod portfolio;
pub mod sentences;
pub mod slip;
pub mod terms;
pub mod trend;
pub mod uncoded;
