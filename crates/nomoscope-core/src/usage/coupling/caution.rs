//! Where the intervals of the odds ratio keep their level, and where they do not.
//!
//! The table is measured by `cargo xtask calibrate` and published in docs/calibration.md.

/// What decides whether the intervals of a study keep their level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitShape {
    /// Sources.
    pub n_sources: usize,
    /// Standard deviation of the logarithm of unit lengths in words.
    pub length_dispersion: f64,
    /// Correlation of a concept's presence, less what length explains, between neighbouring units; over all concepts.
    pub lag1: f64,
}

/// A measured cell: the miss rates of 95 % intervals of the odds ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalibrationCell {
    /// The shape of the simulated studies.
    pub shape: UnitShape,
    /// Miss rate where the true odds ratio is 1.
    pub miss_or_1: f64,
    /// Miss rate where it is 3.
    pub miss_or_3: f64,
}

/// The measured cells.
pub const CALIBRATION: &[CalibrationCell] = &[];

/// Returns a warning where intervals of studies of this shape missed their level.
#[must_use]
pub fn calibration_caution(_n_sources: usize, _length_dispersion: f64, _lag1: f64) -> Option<String> {
    None
}
