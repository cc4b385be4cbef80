//! How long it takes from one step to the next, where some have not taken it yet: the Kaplan-Meier estimate.

use nomoscope_stats::special::normal_quantile;
use nomoscope_stats::{Interval, StatsError, check_level};

/// The time somebody took, or has waited so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spell {
    /// Years, not negative.
    pub years: f64,
    /// Whether the step was taken then; otherwise it had not been by then.
    pub taken: bool,
}

/// The estimate from a time on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Years.
    pub years: f64,
    /// How many were still waiting just before.
    pub at_risk: u64,
    /// How many took the step then.
    pub taken: u64,
    /// Share that has not taken it after this time.
    pub waiting: f64,
    /// Pointwise band of that share; none where it is 0 or 1 and has no variance.
    pub band: Option<Interval>,
}

/// A Kaplan-Meier estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Survival {
    /// One entry a time at which the step was taken.
    pub steps: Vec<Step>,
    /// How many were observed.
    pub n: u64,
    /// How many took the step.
    pub taken: u64,
    /// Longest observation, in years.
    pub longest: f64,
    /// The time by which half had taken it; none if that was not reached.
    pub median: Option<f64>,
    /// Its interval; open where the band does not cross one half.
    pub median_interval: Interval,
}

impl Survival {
    /// Returns the share still waiting after so many years.
    #[must_use]
    pub fn waiting(&self, years: f64) -> f64 {
        self.steps.iter().take_while(|s| s.years <= years).last().map_or(1.0, |s| s.waiting)
    }
}

/// Returns the Kaplan-Meier estimate with pointwise bands on the scale of ln(−ln S) and Greenwood's variance.
/// # Input   spells in years
/// # Errors  [`StatsError::Empty`], [`StatsError::BadValue`] for a spell that is negative or no number
/// # Source  Kaplan & Meier (1958), JASA 53: 457–481; Kalbfleisch & Prentice (2002), The Statistical Analysis of
/// Failure Time Data, 2nd ed., section 1.4; Brookmeyer & Crowley (1982), Biometrics 38: 29–41, for the median
pub fn kaplan_meier(spells: &[Spell], level: f64) -> Result<Survival, StatsError> {
    check_level(level)?;
    if spells.is_empty() {
        return Err(StatsError::Empty);
    }
    if let Some((at, s)) = spells.iter().enumerate().find(|(_, s)| !(s.years.is_finite() && s.years >= 0.0)) {
        return Err(StatsError::BadValue { what: "spell", at, value: s.years });
    }
    let mut sorted = spells.to_vec();
    // Who took the step at a time was waiting just before it, and so was who left then.
    sorted.sort_by(|a, b| a.years.total_cmp(&b.years).then(b.taken.cmp(&a.taken)));
    let z = normal_quantile(0.5 * (1.0 + level));
    let (mut waiting, mut greenwood) = (1.0, 0.0);
    let mut steps: Vec<Step> = Vec::new();
    let mut at = 0;
    while let Some(first) = sorted.get(at) {
        let years = first.years;
        let same = sorted[at..].iter().take_while(|s| s.years == years).count();
        let taken = sorted[at..at + same].iter().filter(|s| s.taken).count();
        let at_risk = sorted.len() - at;
        if taken > 0 {
            let (n, d) = (at_risk as f64, taken as f64);
            waiting *= 1.0 - d / n;
            greenwood += d / (n * (n - d));
            let band = band(waiting, greenwood, z, level);
            steps.push(Step { years, at_risk: at_risk as u64, taken: taken as u64, waiting, band });
        }
        at += same;
    }
    let below =
        |f: &dyn Fn(&Step) -> Option<f64>| steps.iter().find(|s| f(s).is_some_and(|v| v <= 0.5)).map(|s| s.years);
    let median = below(&|s| Some(s.waiting));
    let lower = below(&|s| s.band.and_then(|b| b.lower).or((s.waiting == 0.0).then_some(0.0)));
    let upper = below(&|s| s.band.and_then(|b| b.upper));
    Ok(Survival {
        n: spells.len() as u64,
        taken: spells.iter().filter(|s| s.taken).count() as u64,
        longest: sorted.last().map_or(0.0, |s| s.years),
        median,
        median_interval: Interval { lower, upper, level },
        steps,
    })
}

fn band(waiting: f64, greenwood: f64, z: f64, level: f64) -> Option<Interval> {
    if waiting <= 0.0 || waiting >= 1.0 {
        return None;
    }
    let ln = libm::log(waiting);
    let spread = z * libm::sqrt(greenwood) / -ln;
    let at = |sign: f64| libm::pow(waiting, libm::exp(sign * spread));
    Some(Interval { lower: Some(at(1.0)), upper: Some(at(-1.0)), level })
}
