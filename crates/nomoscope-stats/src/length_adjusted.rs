//! The textual test: are two concepts used in the same place, longer places holding more of everything?
//!
//! In each source, a concept's hits are taken to fall over places by their length: a unit of w words holds one with probability
//! 1 − e^(−λ w^β), with a rate λ for each source and an exponent β for each concept, because words that come in bursts fill long places
//! less often than their length says. What is left after that, multiplied for two concepts and summed over a source, is compared with what
//! an odds ratio ψ leads one to expect. Sources are the sample; units within one may depend on each other as they like. One statistic T(ψ)
//! gives the p-value (at ψ = 1) and the interval (all ψ that it does not reject), so that the two never part.

use super::special::{t_two_sided, t_two_sided_quantile};
use super::wald::Estimated;
use super::{Interval, StatsError, check_level};
use libm::{exp, expm1, fabs, sqrt};

/// Units of about one length in one source, and how many of them hold a concept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LengthClass {
    /// Units.
    pub units: f64,
    /// Logarithm of their mean length in words.
    pub ln_words: f64,
    /// Units that hold the concept.
    pub holding: f64,
}

/// The rate at which a concept occurs in a source.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rate {
    /// In no unit.
    Never,
    /// Per word, to the power of the exponent.
    PerWord(f64),
    /// In every unit.
    Everywhere,
}

impl Rate {
    /// Returns the probability that a unit of this length holds the concept.
    /// # Input   the logarithm of its length in words, and the exponent
    #[must_use]
    pub fn probability(self, ln_words: f64, exponent: f64) -> f64 {
        match self {
            Self::Never => 0.0,
            Self::PerWord(rate) => -expm1(-rate * exp(exponent * ln_words)),
            Self::Everywhere => 1.0,
        }
    }
}

/// Returns the rate of a concept in one source, by maximum likelihood.
///
/// The score Σ k x / (e^(λx) − 1) − Σ (n − k) x, x = w^β, falls in λ and is convex, so that Newton's method from below the
/// root climbs to it without a bracket.
/// # Errors  [`StatsError::Empty`], [`StatsError::BadValue`] for counts or lengths that cannot be
/// # Source  the complementary log-log model with offset β ln w: McCullagh & Nelder (1989), Generalized Linear Models, 4.3
pub fn fit_rate(classes: &[LengthClass], exponent: f64) -> Result<Rate, StatsError> {
    for (at, c) in classes.iter().enumerate() {
        let possible = c.ln_words.is_finite() && c.units.is_finite() && (0.0..=c.units).contains(&c.holding);
        if !possible {
            return Err(StatsError::BadValue { what: "class of length", at, value: c.holding });
        }
    }
    let units: f64 = classes.iter().map(|c| c.units).sum();
    let holding: f64 = classes.iter().map(|c| c.holding).sum();
    if units <= 0.0 {
        return Err(StatsError::Empty);
    }
    if holding <= 0.0 {
        return Ok(Rate::Never);
    }
    if holding >= units {
        return Ok(Rate::Everywhere);
    }
    Ok(Rate::PerWord(climb(classes, exponent)))
}

/// Returns the root of the score.
fn climb(classes: &[LengthClass], exponent: f64) -> f64 {
    let lengths: Vec<(f64, f64, f64)> =
        classes.iter().map(|c| (exp(exponent * c.ln_words), c.holding, c.units - c.holding)).collect();
    let without: f64 = lengths.iter().map(|(x, _, rest)| x * rest).sum();
    let (held, with): (f64, f64) = lengths.iter().fold((0.0, 0.0), |(n, s), (x, k, _)| (n + k, s + x * k));
    // 1/(e^x − 1) > 1/x − 1/2 puts the root above this start (when it is positive) ...
    let mut rate = held / (without + 0.5 * with);
    for _ in 0..200 {
        let (mut score, mut slope) = (-without, 0.0);
        for &(x, k, _) in lengths.iter().filter(|l| l.1 > 0.0) {
            let growth = expm1(rate * x);
            score += k * x / growth;
            slope -= k * x * x * (1.0 + growth) / growth / growth;
        }
        // Beyond e^709 the term is gone, and with it its slope.
        if !(score.is_finite() && slope.is_finite() && slope < 0.0) {
            break;
        }
        let next = rate - score / slope;
        if next <= 0.0 || fabs(next - rate) <= 1e-15 * rate {
            break;
        }
        rate = next;
    }
    rate
}

/// Where exponents are looked for: 0, length does not matter, to 2, twice the length four times the hits.
const EXPONENTS: (f64, f64) = (0.0, 2.0);

/// Returns the exponent of a concept that fits all sources together best, each with its own rate; 1 where lengths do not differ within
/// any source that could tell.
/// # Source  profile likelihood: Barndorff-Nielsen & Cox (1994), Inference and Asymptotics, 3.4
#[must_use]
pub fn fit_exponent(sources: &[Vec<LengthClass>]) -> f64 {
    let telling: Vec<&Vec<LengthClass>> = sources.iter().filter(|s| tells_length(s)).collect();
    let score = |exponent: f64| -> f64 { telling.iter().map(|s| profile_score(s, exponent)).sum() };
    if telling.is_empty() {
        return 1.0;
    }
    let (low, high) = EXPONENTS;
    let (at_low, at_high) = (score(low), score(high));
    if at_low <= 0.0 {
        return low;
    }
    if at_high >= 0.0 {
        return high;
    }
    root((low, at_low), (high, at_high), 1e-12, score)
}

/// Whether a source has units of more than one length, some with the concept and some without.
fn tells_length(classes: &[LengthClass]) -> bool {
    let mut lengths = classes.iter().filter(|c| c.units > 0.0).map(|c| c.ln_words);
    let first = lengths.next();
    let (units, holding) = classes.iter().fold((0.0, 0.0), |(n, k), c| (n + c.units, k + c.holding));
    lengths.any(|l| Some(l) != first) && holding > 0.0 && holding < units
}

/// The slope of the log-likelihood in the exponent, the rate being the best for it.
fn profile_score(classes: &[LengthClass], exponent: f64) -> f64 {
    let rate = climb(classes, exponent);
    let of = |c: &LengthClass| {
        let x = rate * exp(exponent * c.ln_words);
        let held = if c.holding > 0.0 { c.holding / expm1(x) } else { 0.0 };
        c.ln_words * x * (held - (c.units - c.holding))
    };
    classes.iter().map(of).filter(|s| s.is_finite()).sum()
}

/// Returns where a falling function is 0 between two places, by false position with the Illinois rule.
/// # Source  Dowell & Jarratt (1971), BIT 11: 168–174
fn root((a, at_a): (f64, f64), (b, at_b): (f64, f64), tolerance: f64, f: impl Fn(f64) -> f64) -> f64 {
    let ((mut a, mut fa), (mut b, mut fb)) = ((a, at_a), (b, at_b));
    let mut side = 0;
    for _ in 0..100 {
        // Where one end is far away in value, halving gets on faster.
        let secant = (a * fb - b * fa) / (fb - fa);
        let x = if secant.is_finite() && secant > a.min(b) && secant < a.max(b) { secant } else { f64::midpoint(a, b) };
        let fx = f(x);
        if fabs(b - a) <= tolerance || fx == 0.0 {
            return x;
        }
        if (fx > 0.0) == (fa > 0.0) {
            if fabs(x - a) <= tolerance * 0.5 && side == 1 {
                return x;
            }
            (a, fa) = (x, fx);
            if side == 1 {
                fb *= 0.5;
            }
            side = 1;
        } else {
            if fabs(x - b) <= tolerance * 0.5 && side == 2 {
                return x;
            }
            (b, fb) = (x, fx);
            if side == 2 {
                fa *= 0.5;
            }
            side = 2;
        }
    }
    f64::midpoint(a, b)
}

/// Units of one length, with what length leads one to expect of two concepts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Units.
    pub units: f64,
    /// Probability that such a unit holds the first concept.
    pub p: f64,
    /// The same of the second.
    pub q: f64,
}

impl Cell {
    /// Returns the joint probability at an odds ratio, less that of independence, and the variance of the product of residuals.
    /// # Source  Plackett (1965), Journal of the American Statistical Association 60(310): 516–522
    #[must_use]
    pub fn excess(&self, odds_ratio: f64) -> (f64, f64) {
        let (p, q) = (self.p, self.q);
        let linear = 1.0 + (p + q) * (odds_ratio - 1.0);
        let under = linear * linear - 4.0 * odds_ratio * (odds_ratio - 1.0) * p * q;
        let square = sqrt(under.max(0.0));
        let both = if linear > 0.0 {
            2.0 * odds_ratio * p * q / (linear + square)
        } else {
            (linear - square) / (2.0 * (odds_ratio - 1.0))
        };
        // Where q is nearly 1 the two bounds may pass each other by a rounding.
        let both = both.max((p + q - 1.0).max(0.0)).min(p.min(q));
        let (first, second, neither) = (p - both, q - both, 1.0 - p - q + both);
        let (a, b) = ((1.0 - p) * (1.0 - p), (1.0 - q) * (1.0 - q));
        let second_moment = both * a * b + first * a * q * q + second * p * p * b + neither * p * p * q * q;
        let excess = both - p * q;
        (excess, (second_moment - excess * excess).max(0.0))
    }

    /// The slope of the joint probability in the logarithm of the odds ratio.
    fn slope(&self, odds_ratio: f64) -> f64 {
        let both = self.excess(odds_ratio).0 + self.p * self.q;
        let cells = [both, self.p - both, self.q - both, 1.0 - self.p - self.q + both];
        if cells.iter().all(|c| *c > 0.0) { 1.0 / cells.iter().map(|c| 1.0 / c).sum::<f64>() } else { 0.0 }
    }
}

/// What one informative source says of two concepts.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceScore {
    /// How much the source counts: 1, or its weight in a window of a kernel.
    pub weight: f64,
    /// Σ (a − p)(b − q) over units.
    pub observed: f64,
    /// Its units by length.
    pub cells: Vec<Cell>,
}

impl SourceScore {
    /// Returns the sums over units of the excess that an odds ratio leads one to expect, and of its variance.
    #[must_use]
    pub fn expected(&self, odds_ratio: f64) -> (f64, f64) {
        let add = |(e, v): (f64, f64), cell: &Cell| {
            let (excess, variance) = cell.excess(odds_ratio);
            (e + cell.units * excess, v + cell.units * variance)
        };
        self.cells.iter().fold((0.0, 0.0), add)
    }
}

/// Returns T from each source's weight, score U and variance V.
///
/// T = Σ wU / √max(Σ w² r²/(1 − h), Σ w² V), with δ = ΣwU / ΣwV, r = U − δV and h = wV / ΣwV: residuals are taken about the common excess, so
/// that a coupling that all sources share does not count as noise, and a source that carries much of the whole is given its leverage. The
/// floor is what independent units would make of it: a handful of sources that happen to agree is no certainty.
/// # Source  scores by source: Liang & Zeger (1986), Biometrika 73(1): 13–22; leverage: Mancl & DeRouen (2001), Biometrics 57(1): 126–134
pub fn studentised(sources: impl Iterator<Item = (f64, f64, f64)> + Clone) -> Option<f64> {
    let (mut sum, mut variance, mut floor) = (0.0, 0.0, 0.0);
    for (w, u, v) in sources.clone() {
        sum += w * u;
        variance += w * v;
        floor += w * w * v;
    }
    if variance <= 0.0 {
        return None;
    }
    let delta = sum / variance;
    let robust: f64 = sources
        .map(|(w, u, v)| {
            let (residual, leverage) = (w * (u - delta * v), w * v / variance);
            residual * residual / (1.0 - leverage).max(1e-9)
        })
        .sum();
    Some(sum / sqrt(robust.max(floor)))
}

/// The common odds ratio of sources.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CommonOdds {
    /// Its logarithm.
    Finite(f64),
    /// The two meet no more often than their frequency forces.
    Zero,
    /// They meet as often as their frequency allows.
    Unbounded,
}

/// The logarithm of odds ratios beyond which there is none.
const FARTHEST: f64 = 18.0;

/// What all informative sources say of two concepts.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    sources: Vec<SourceScore>,
}

impl Scores {
    /// Returns the scores of sources with a weight above 0.
    #[must_use]
    pub fn new(sources: Vec<SourceScore>) -> Self {
        Self { sources: sources.into_iter().filter(|s| s.weight > 0.0).collect() }
    }

    /// Returns the number of sources.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    fn df(&self) -> f64 {
        self.sources.len() as f64 - 1.0
    }

    /// Returns T at the logarithm of an odds ratio; see [`studentised`].
    #[must_use]
    pub fn statistic(&self, ln_odds: f64) -> Option<f64> {
        let odds_ratio = exp(ln_odds);
        let parts: Vec<(f64, f64, f64)> = self
            .sources
            .iter()
            .map(|s| {
                let (expected, variance) = s.expected(odds_ratio);
                (s.weight, s.observed - expected, variance)
            })
            .collect();
        studentised(parts.iter().copied())
    }

    /// Returns the two-sided p-value of an odds ratio of 1, by Student's t with one degree of freedom less than sources.
    /// # Errors  [`StatsError::TooFewSources`], [`StatsError::NoVariance`]
    pub fn p(&self) -> Result<f64, StatsError> {
        if self.sources.len() < 2 {
            return Err(StatsError::TooFewSources { n: self.sources.len(), needed: 2 });
        }
        let t = self.statistic(0.0).ok_or(StatsError::NoVariance { what: "the scores of the sources" })?;
        Ok(t_two_sided(t, self.df()))
    }

    fn sum(&self, ln_odds: f64) -> f64 {
        let odds_ratio = exp(ln_odds);
        self.sources.iter().map(|s| s.weight * (s.observed - s.expected(odds_ratio).0)).sum()
    }

    /// Returns the common odds ratio: the one at which the scores sum to 0.
    #[must_use]
    pub fn common_odds(&self) -> CommonOdds {
        let at_one = self.sum(0.0);
        let far = if at_one > 0.0 { FARTHEST } else { -FARTHEST };
        let at_far = self.sum(far);
        if (at_far > 0.0) == (at_one > 0.0) && at_one != 0.0 {
            return if far > 0.0 { CommonOdds::Unbounded } else { CommonOdds::Zero };
        }
        let (start, end) = if far > 0.0 { ((0.0, at_one), (far, at_far)) } else { ((far, at_far), (0.0, at_one)) };
        CommonOdds::Finite(root(start, end, 1e-13, |x| self.sum(x)))
    }

    /// Returns the logarithm of the odds ratio, from the common one up or down, at which T first reaches a critical value; none where it
    /// never does.
    #[must_use]
    pub fn end(&self, critical: f64, upper: bool) -> Option<f64> {
        let start = match self.common_odds() {
            CommonOdds::Finite(x) => x,
            CommonOdds::Zero if upper => -FARTHEST,
            CommonOdds::Unbounded if !upper => FARTHEST,
            CommonOdds::Zero | CommonOdds::Unbounded => return None,
        };
        let sign = if upper { 1.0 } else { -1.0 };
        // Falls through 0 at the end, whichever way it goes.
        let gap = |x: f64| self.statistic(x).map_or(0.0, |t| critical + sign * t);
        let (mut near, mut at_near, mut step) = (start, gap(start), 0.25);
        while at_near > 0.0 {
            let far = near + sign * step;
            if fabs(far) > FARTHEST + 1.0 {
                return None;
            }
            let at_far = gap(far);
            if at_far <= 0.0 {
                return Some(if at_far == 0.0 { far } else { root((near, at_near), (far, at_far), 1e-13, gap) });
            }
            (near, at_near) = (far, at_far);
            step *= 1.6;
        }
        Some(near)
    }

    /// Returns the interval of the odds ratio: all that the statistic does not reject.
    /// # Errors  [`StatsError::NotAProportion`], [`StatsError::TooFewSources`]
    /// # Source  inversion of a test: Cox & Hinkley (1974), Theoretical Statistics, 7.2
    pub fn interval(&self, level: f64) -> Result<Interval, StatsError> {
        check_level(level)?;
        if self.sources.len() < 2 {
            return Err(StatsError::TooFewSources { n: self.sources.len(), needed: 2 });
        }
        let critical = t_two_sided_quantile(1.0 - level, self.df());
        let lower = self.end(critical, false).map_or(0.0, exp);
        Ok(Interval { lower: Some(lower), upper: self.end(critical, true).map(exp), level })
    }

    /// Returns the logarithm of the common odds ratio with its variance between sources; none where it is 0 or unbounded.
    /// # Source  sandwich variance of an estimating equation: Liang & Zeger (1986)
    #[must_use]
    pub fn estimated(&self) -> Option<Estimated> {
        let CommonOdds::Finite(value) = self.common_odds() else { return None };
        let odds_ratio = exp(value);
        let slope: f64 = self
            .sources
            .iter()
            .map(|s| s.weight * s.cells.iter().map(|c| c.units * c.slope(odds_ratio)).sum::<f64>())
            .sum();
        let parts: Vec<(f64, f64, f64)> = self
            .sources
            .iter()
            .map(|s| {
                let (expected, variance) = s.expected(odds_ratio);
                (s.weight, s.observed - expected, variance)
            })
            .collect();
        let whole: f64 = parts.iter().map(|(w, _, v)| w * v).sum();
        let robust: f64 = parts.iter().map(|(w, u, v)| w * w * u * u / (1.0 - w * v / whole).max(1e-9)).sum();
        let floor: f64 = parts.iter().map(|(w, _, v)| w * w * v).sum();
        let variance = robust.max(floor) / (slope * slope);
        (variance.is_finite() && variance > 0.0).then(|| Estimated { value, variance, df: self.df() })
    }
}
