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

impl UnitShape {
    /// Returns how unlike two shapes are; sources by their ratio, since 8 and 16 differ more than 200 and 208.
    fn distance(&self, n_sources: usize, length_dispersion: f64, lag1: f64) -> f64 {
        let sources = libm::log(n_sources.max(1) as f64 / self.n_sources as f64);
        let (dispersion, lag) = (length_dispersion - self.length_dispersion, lag1 - self.lag1);
        // A quarter in lag-1 correlation moves miss rates about as much as twice the sources.
        sources * sources + 4.0 * dispersion * dispersion + 9.0 * lag * lag
    }

    fn words(&self) -> String {
        let lengths = if self.length_dispersion < 0.3 { "of equal length" } else { "as unequal as treaty paragraphs" };
        let bursts = match self.lag1 {
            lag if lag < 0.1 => "concepts evenly spread",
            lag if lag < 0.45 => "concepts in bursts",
            _ => "concepts in long bursts",
        };
        format!("{} sources, units {lengths}, {bursts}", self.n_sources)
    }
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

/// The measured cells, 1,000 replications each.
pub const CALIBRATION: &[CalibrationCell] = &[
    cell(8, 0.00, -0.01, 0.017, 0.017, 0.009),
    cell(32, 0.00, -0.01, 0.030, 0.030, 0.027),
    cell(200, 0.00, -0.01, 0.044, 0.044, 0.036),
    cell(8, 0.00, 0.48, 0.068, 0.068, 0.045),
    cell(32, 0.00, 0.47, 0.072, 0.072, 0.061),
    cell(200, 0.00, 0.47, 0.054, 0.054, 0.078),
    cell(8, 0.00, 0.67, 0.145, 0.143, 0.111),
    cell(32, 0.00, 0.67, 0.118, 0.118, 0.078),
    cell(200, 0.00, 0.67, 0.055, 0.055, 0.097),
    cell(8, 0.74, -0.01, 0.015, 0.015, 0.011),
    cell(32, 0.74, -0.01, 0.023, 0.023, 0.031),
    cell(200, 0.74, -0.01, 0.046, 0.046, 0.060),
    cell(8, 0.74, 0.29, 0.038, 0.038, 0.028),
    cell(32, 0.74, 0.29, 0.060, 0.060, 0.059),
    cell(200, 0.74, 0.29, 0.042, 0.042, 0.060),
    cell(8, 0.74, 0.41, 0.063, 0.063, 0.051),
    cell(32, 0.74, 0.41, 0.070, 0.070, 0.063),
    cell(200, 0.74, 0.41, 0.048, 0.048, 0.111),
];

/// Returns a warning if the measured studies most like these sources had intervals that missed their level.
///
/// # Source
/// docs/calibration.md
#[must_use]
pub fn calibration_caution(n_sources: usize, length_dispersion: f64, lag1: f64) -> Option<String> {
    let distance = |cell: &&CalibrationCell| cell.shape.distance(n_sources, length_dispersion, lag1);
    let nearest = CALIBRATION.iter().min_by(|x, y| distance(x).total_cmp(&distance(y)))?;
    if !nearest.fails() {
        return None;
    }
    Some(format!(
        "How certain the odds ratios within texts are is told roughly: this study has {n_sources} {}, and in the simulated studies most like it \
         ({}) 95 % intervals missed the truth up to {:.1} % of the time, and the 5 % test erred in {:.1} %.",
        if n_sources == 1 { "source" } else { "sources" },
        nearest.shape.words(),
        nearest.worst_miss(),
        per_cent(nearest.test_errs),
    ))
}

/// A measured cell of the comparison of two groups of one shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContrastCell {
    /// The shape of each of the two groups.
    pub shape: UnitShape,
    /// Miss rate of the interval of their ratio where both odds ratios are 1: how often the 5 % test errs.
    pub both_1: f64,
    /// The same where both are 3.
    pub both_3: f64,
    /// Miss rate where one is 3 and the other 1.
    pub apart: f64,
}

impl ContrastCell {
    /// Returns the miss rate furthest from 5 %, in per cent to the first decimal.
    fn worst_miss(&self) -> f64 {
        let off = |rate: &f64| libm::fabs(rate - 5.0);
        let rates = [self.both_1, self.both_3, self.apart].map(per_cent);
        rates.into_iter().max_by(|x, y| off(x).total_cmp(&off(y))).unwrap_or(5.0)
    }

    /// Returns whether a miss rate lies outside 3.5 to 6.5 %.
    #[must_use]
    pub fn fails(&self) -> bool {
        !(BAND.0..=BAND.1).contains(&self.worst_miss())
    }
}

const fn contrast(
    n_sources: usize,
    length_dispersion: f64,
    lag1: f64,
    both_1: f64,
    both_3: f64,
    apart: f64,
) -> ContrastCell {
    ContrastCell { shape: UnitShape { n_sources, length_dispersion, lag1 }, both_1, both_3, apart }
}

/// The measured cells of `cargo xtask calibrate`, 4,000 replications each.
pub const CONTRAST_CALIBRATION: &[ContrastCell] = &[
    contrast(8, 0.00, -0.01, 0.0431, 0.0565, 0.0452),
    contrast(32, 0.00, -0.01, 0.0462, 0.0493, 0.0527),
    contrast(200, 0.00, -0.01, 0.0515, 0.0527, 0.0498),
    contrast(8, 0.00, 0.48, 0.0683, 0.0623, 0.0638),
    contrast(32, 0.00, 0.47, 0.0643, 0.0548, 0.0560),
    contrast(200, 0.00, 0.47, 0.0505, 0.0525, 0.0535),
    contrast(8, 0.00, 0.67, 0.0602, 0.0757, 0.0705),
    contrast(32, 0.00, 0.67, 0.0690, 0.0555, 0.0575),
    contrast(200, 0.00, 0.67, 0.0515, 0.0490, 0.0510),
    contrast(8, 0.74, -0.01, 0.0569, 0.0569, 0.0586),
    contrast(32, 0.74, -0.01, 0.0597, 0.0540, 0.0512),
    contrast(200, 0.74, -0.01, 0.0522, 0.0515, 0.0447),
    contrast(8, 0.74, 0.29, 0.0603, 0.0638, 0.0676),
    contrast(32, 0.74, 0.29, 0.0590, 0.0527, 0.0520),
    contrast(200, 0.74, 0.29, 0.0550, 0.0530, 0.0462),
    contrast(8, 0.74, 0.41, 0.0728, 0.0717, 0.0652),
    contrast(32, 0.74, 0.41, 0.0665, 0.0607, 0.0600),
    contrast(200, 0.74, 0.41, 0.0542, 0.0455, 0.0525),
];

/// Returns a warning if the measured pairs of groups most like these two had ratios of odds ratios that missed their level.
///
/// The smaller group and the more bursty one decide: an interval is as good as its weaker side.
///
/// # Source
/// docs/calibration.md
#[must_use]
pub fn contrast_caution(first: UnitShape, second: UnitShape) -> Option<String> {
    let n_sources = first.n_sources.min(second.n_sources);
    let dispersion = f64::midpoint(first.length_dispersion, second.length_dispersion);
    let lag1 = first.lag1.max(second.lag1);
    let distance = |cell: &&ContrastCell| cell.shape.distance(n_sources, dispersion, lag1);
    let nearest = CONTRAST_CALIBRATION.iter().min_by(|x, y| distance(x).total_cmp(&distance(y)))?;
    if !nearest.fails() {
        return None;
    }
    Some(format!(
        "Ratios of odds ratios: the smaller group has {n_sources} {}; in the simulated groups most like these ({}) 95 % intervals missed the \
         truth up to {:.1} % of the time.",
        if n_sources == 1 { "source" } else { "sources" },
        nearest.shape.words(),
        nearest.worst_miss()
    ))
}
