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

/// A measured cell: the miss rates of 95 % intervals of the odds ratio in studies of one shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalibrationCell {
    /// The shape of the simulated studies.
    pub shape: UnitShape,
    /// How often the 5 % test errs.
    pub test_errs: f64,
    /// Miss rate where the true odds ratio is 1.
    pub miss_or_1: f64,
    /// Miss rate where it is 3.
    pub miss_or_3: f64,
}

/// Miss rates in per cent, to the first decimal, that count as right.
const BAND: (f64, f64) = (3.5, 6.5);

impl CalibrationCell {
    /// Returns the miss rate further from 5 %, in per cent to the first decimal.
    fn worst_miss(&self) -> f64 {
        let (one, three) = (per_cent(self.miss_or_1), per_cent(self.miss_or_3));
        if libm::fabs(one - 5.0) >= libm::fabs(three - 5.0) { one } else { three }
    }

    /// Returns whether a miss rate, or the error of the test, lies outside 3.5 to 6.5 %.
    #[must_use]
    pub fn fails(&self) -> bool {
        let right = |rate: f64| (BAND.0..=BAND.1).contains(&rate);
        !(right(self.worst_miss()) && right(per_cent(self.test_errs)))
    }

    /// Returns how unlike two shapes are; sources by their ratio, since 8 and 16 differ more than 200 and 208.
    fn distance(&self, n_sources: usize, length_dispersion: f64, lag1: f64) -> f64 {
        let sources = libm::log(n_sources.max(1) as f64 / self.shape.n_sources as f64);
        let (dispersion, lag) = (length_dispersion - self.shape.length_dispersion, lag1 - self.shape.lag1);
        // A quarter in lag-1 correlation moves miss rates about as much as twice the sources.
        sources * sources + 4.0 * dispersion * dispersion + 9.0 * lag * lag
    }
}

fn per_cent(share: f64) -> f64 {
    libm::round(share * 1000.0) / 10.0
}

const fn cell(
    n_sources: usize,
    length_dispersion: f64,
    lag1: f64,
    test_errs: f64,
    miss_or_1: f64,
    miss_or_3: f64,
) -> CalibrationCell {
    CalibrationCell { shape: UnitShape { n_sources, length_dispersion, lag1 }, test_errs, miss_or_1, miss_or_3 }
}

/// The measured cells, 10,000 replications each.
pub const CALIBRATION: &[CalibrationCell] = &[
    cell(8, 0.00, -0.01, 0.050, 0.0458, 0.0519),
    cell(32, 0.00, -0.01, 0.050, 0.0550, 0.0509),
    cell(200, 0.00, -0.01, 0.048, 0.0493, 0.0544),
    cell(8, 0.00, 0.48, 0.073, 0.0706, 0.0646),
    cell(32, 0.00, 0.47, 0.062, 0.0570, 0.0574),
    cell(200, 0.00, 0.47, 0.051, 0.0498, 0.0538),
    cell(8, 0.00, 0.67, 0.089, 0.1270, 0.0685),
    cell(32, 0.00, 0.67, 0.074, 0.0659, 0.0596),
    cell(200, 0.00, 0.67, 0.057, 0.0542, 0.0538),
    cell(8, 0.74, -0.01, 0.046, 0.0663, 0.0617),
    cell(32, 0.74, -0.01, 0.048, 0.0541, 0.0541),
    cell(200, 0.74, -0.01, 0.048, 0.0509, 0.0545),
    cell(8, 0.74, 0.29, 0.047, 0.0668, 0.0675),
    cell(32, 0.74, 0.29, 0.054, 0.0639, 0.0604),
    cell(200, 0.74, 0.29, 0.052, 0.0545, 0.0511),
    cell(8, 0.74, 0.41, 0.047, 0.0712, 0.0700),
    cell(32, 0.74, 0.41, 0.052, 0.0639, 0.0628),
    cell(200, 0.74, 0.41, 0.049, 0.0529, 0.0511),
];

/// Returns a warning if the measured studies most like these sources had intervals that missed their level.
///
/// # Source
/// docs/calibration.md
#[must_use]
pub fn calibration_caution(n_sources: usize, length_dispersion: f64, lag1: f64) -> Option<String> {
    let distance = |cell: &&CalibrationCell| cell.distance(n_sources, length_dispersion, lag1);
    let nearest = CALIBRATION.iter().min_by(|x, y| distance(x).total_cmp(&distance(y)))?;
    if !nearest.fails() {
        return None;
    }
    let CalibrationCell { shape, .. } = nearest;
    let lengths = if shape.length_dispersion < 0.3 { "of equal length" } else { "as unequal as treaty paragraphs" };
    let bursts = match shape.lag1 {
        lag if lag < 0.1 => "concepts evenly spread",
        lag if lag < 0.45 => "concepts in bursts",
        _ => "concepts in long bursts",
    };
    Some(format!(
        "textual odds ratios: in simulated studies like this one ({} sources, units {lengths}, {bursts}) 95 % intervals \
         missed the truth up to {:.1} % of the time, and the 5 % test erred {:.1} %",
        shape.n_sources,
        nearest.worst_miss(),
        per_cent(nearest.test_errs),
    ))
}
