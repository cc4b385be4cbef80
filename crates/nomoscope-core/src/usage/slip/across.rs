//! Do speakers share two labels, or has each a word of their own?
//!
//! Where half of the speakers say the one label three times of four, and the other half the other, nobody's mentions come in any
//! order, and no context tells which: every speaker by themselves seems to use the two for one another. The difference
//! stands between the speakers.

use nomoscope_stats::Interval;
use nomoscope_stats::special::{chi_square_sf, t_two_sided_quantile};

/// Bounds between which a ratio of changes, or of chances, counts as free.
pub const FREE: (f64, f64) = (0.8, 1.25);
/// Greatest q-value, and least p-value of what tells nothing.
pub const ALPHA: f64 = 0.05;
/// Speakers from which on their differences give the ratio an interval.
const MIN_SPEAKERS: usize = 5;
/// Level of the interval.
const LEVEL: f64 = 0.95;

/// How far speakers share two labels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Across {
    /// Chance that two mentions of one speaker are of different labels, over the chance that two of different speakers are: 1 where all
    /// speakers choose alike, 0 where each says one label only.
    pub ratio: f64,
    /// Its interval, leaving out one speaker at a time; none below five speakers.
    pub interval: Option<Interval>,
    /// P-value of equal shares in all speakers.
    pub p: f64,
    /// Speakers who say either.
    pub n_speakers: usize,
}

impl Across {
    /// Returns whether speakers share both labels: as free between speakers as [`FREE`] asks for within them.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        match self.interval.and_then(|i| i.lower) {
            Some(lower) => lower >= FREE.0,
            None => self.ratio >= FREE.0 && self.p > ALPHA,
        }
    }

    /// Returns whether each speaker has a word of their own: shares surely differ, and by more than [`FREE`] allows.
    #[must_use]
    pub fn is_apart(&self) -> bool {
        self.p <= ALPHA && self.ratio < FREE.0
    }
}

/// Returns how far speakers share two labels, from how often each says either; none for fewer than two speakers, or where all mentions are
/// of one label.
/// # Source  ratio of within to between heterozygosity, 1 − F_ST: Hudson, Slatkin & Maddison (1992), Genetics 132(2): 583–589; equal shares: Pearson
///   (1900), chi-square with one degree of freedom a speaker less one; interval: Tukey (1958), jackknife over speakers
#[must_use]
pub fn across(speakers: &[(u64, u64)]) -> Option<Across> {
    let speakers: Vec<(f64, f64)> =
        speakers.iter().filter(|(a, b)| a + b > 0).map(|&(a, b)| (a as f64, b as f64)).collect();
    let ratio = ratio(&speakers, None)?;
    let n = speakers.len() as f64;
    let left_out: Vec<f64> = (0..speakers.len()).filter_map(|s| self::ratio(&speakers, Some(s))).collect();
    let interval = (speakers.len() >= MIN_SPEAKERS && left_out.len() == speakers.len()).then(|| {
        let mean = left_out.iter().sum::<f64>() / n;
        let squares: f64 = left_out.iter().map(|x| (x - mean) * (x - mean)).sum();
        let reach = t_two_sided_quantile(1.0 - LEVEL, n - 1.0) * libm::sqrt((n - 1.0) / n * squares);
        Interval { lower: Some((ratio - reach).max(0.0)), upper: Some(ratio + reach), level: LEVEL }
    });
    let (a, b) = speakers.iter().fold((0.0, 0.0), |(x, y), s| (x + s.0, y + s.1));
    let share = a / (a + b);
    let chi = speakers.iter().map(|(a, b)| {
        let n = a + b;
        (a - n * share) * (a - n * share) / (n * share * (1.0 - share))
    });
    Some(Across { ratio, interval, p: chi_square_sf(chi.sum(), n - 1.0), n_speakers: speakers.len() })
}

/// The ratio without one of the speakers.
fn ratio(speakers: &[(f64, f64)], without: Option<usize>) -> Option<f64> {
    let kept = || speakers.iter().enumerate().filter(|(s, _)| Some(*s) != without).map(|(_, s)| *s);
    let (a, b) = kept().fold((0.0, 0.0), |(x, y), s| (x + s.0, y + s.1));
    let several = || kept().filter(|(a, b)| a + b >= 2.0);
    let mentions: f64 = several().map(|(a, b)| a + b).sum();
    let within = several().map(|(a, b)| 2.0 * a * b / (a + b - 1.0)).sum::<f64>() / mentions;
    let (alike, pairs) = kept().fold((0.0, 0.0), |(x, n), (a, b)| (x + 2.0 * a * b, n + (a + b) * (a + b)));
    let between = (2.0 * a * b - alike) / ((a + b) * (a + b) - pairs);
    let found = within / between;
    (kept().count() >= 2 && between > 0.0 && found.is_finite()).then_some(found)
}
