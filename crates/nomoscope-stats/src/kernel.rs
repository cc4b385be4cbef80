//! Weights of a sliding window: how much an observation counts by its distance from the middle.
//!
//! All kernels are symmetric, and a window of width w covers exactly w: from w/2 before its middle, included, to w/2 after
//! it, excluded, so that two windows side by side share no observation and leave none out.

use libm::{exp, fabs};

/// The shape of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kernel {
    /// Everything in the window counts alike.
    Uniform,
    /// 1 − u²: the least mean squared error of all (Epanechnikov 1969).
    Epanechnikov,
    /// 1 − |u|.
    Triangular,
    /// The normal curve, cut at three standard deviations, where the window ends.
    Gaussian,
}

impl Kernel {
    /// All kernels.
    pub const ALL: [Self; 4] = [Self::Uniform, Self::Epanechnikov, Self::Triangular, Self::Gaussian];

    /// Returns the name used on the command line and in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Epanechnikov => "epanechnikov",
            Self::Triangular => "triangular",
            Self::Gaussian => "gaussian",
        }
    }

    /// Returns the weight of an observation `distance` from the middle of a window: 1 in the middle, 0 outside.
    /// # Input   distance and width in one unit; a width that is not above 0, or a distance that is not finite, weighs 0
    /// # Source  Silverman (1986), Density Estimation, table 3.1; heights here are 1 in the middle
    #[must_use]
    pub fn weight(self, distance: f64, width: f64) -> f64 {
        let half = width / 2.0;
        if !(half > 0.0 && distance >= -half && distance < half) {
            return 0.0;
        }
        let u = distance / half;
        match self {
            Self::Uniform => 1.0,
            Self::Epanechnikov => 1.0 - u * u,
            Self::Triangular => 1.0 - fabs(u),
            Self::Gaussian => exp(-0.5 * 9.0 * u * u),
        }
    }
}

/// Returns how many equally weighted observations are worth as much: (Σ w)² / Σ w².
/// # Source  Kish (1965), Survey Sampling, section 11.7
#[must_use]
pub fn effective_size(weights: impl Iterator<Item = f64>) -> f64 {
    let (sum, squares) = weights.fold((0.0, 0.0), |(s, q), w| (s + w, q + w * w));
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}
