//! Exact conditional inference on 2 × 2 tables, one or many strata.
//!
//! Given all margins, the sum of the joint cells follows a convolution of hypergeometric distributions, tilted by the odds ratio.
//! The convolution is done once, tilted so that what was observed lies at its centre: what is asked of the
//! distribution (tails at 1, the estimate, the ends of intervals) then stands in few and large terms. Normalising
//! constants of other odds ratios are products over strata and need no convolution. One table is the case K = 1.

use super::{Interval, StatsError, check_level};
use core::f64::consts::TAU;
use libm::{exp, fabs, log};

/// Terms below this share of the largest are left out.
const NEGLIGIBLE: f64 = 1e-45;
/// Widest range of a joint cell; beyond it the normal approximation does, and the memory does not.
const MAX_RANGE: u64 = 1 << 24;
/// R counts a table as at least as extreme when its probability exceeds the observed one by no more than this.
const RELATIVE_TIE: f64 = 1e-7;

/// A 2 × 2 table of counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Table2x2 {
    /// Units with both.
    pub a: u64,
    /// Units with the first only.
    pub b: u64,
    /// Units with the second only.
    pub c: u64,
    /// Units with neither.
    pub d: u64,
}

impl Table2x2 {
    /// Returns the table with these cells, row by row.
    #[must_use]
    pub fn new(a: u64, b: u64, c: u64, d: u64) -> Self {
        Self { a, b, c, d }
    }

    /// Returns by how much the joint cell can vary within the margins.
    fn width(&self) -> u64 {
        self.a.min(self.d).saturating_add(self.b.min(self.c))
    }
}

/// How an interval is formed from the tails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// The observed value counts in full: never too narrow.
    Exact,
    /// The observed value counts by half (Lancaster 1961): nearer to its level.
    Mid,
}

/// What is known of the odds ratio given the margins.
#[derive(Debug, Clone, PartialEq)]
pub struct Conditional {
    strata: Vec<Coefficients>,
    observed: u64,
    low: u64,
    high: u64,
    centre: Window,
    null: Window,
}

/// The conditional maximum likelihood estimate.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Estimate {
    /// As few joint units as the margins allow.
    Zero,
    /// Between the extremes.
    Finite(f64),
    /// As many joint units as the margins allow.
    Unbounded,
}

impl Conditional {
    /// Returns the conditional distribution of strata of counts.
    /// # Errors  [`StatsError::NoInformativeStratum`] if the margins allow one value only; [`StatsError::SampleTooLarge`] if they
    ///   allow more than 16 million
    /// # Source  Fisher (1935); stratified: Gart (1970), Biometrika 57(3): 471–475; Mehta, Patel & Gray (1985), JASA 80: 969–973
    pub fn new(tables: &[Table2x2]) -> Result<Self, StatsError> {
        let widths = tables.iter().map(Table2x2::width);
        let asked = widths.fold(0, u64::saturating_add);
        if asked > MAX_RANGE {
            return Err(StatsError::SampleTooLarge { asked, available: MAX_RANGE });
        }
        let strata: Vec<Coefficients> = tables.iter().filter_map(Coefficients::new).collect();
        let low = strata.iter().map(|s| s.low).sum();
        let high = strata.iter().map(Coefficients::high).sum();
        let observed = strata.iter().map(|s| s.observed).sum();
        if low >= high {
            return Err(StatsError::NoInformativeStratum);
        }
        let target = (observed as f64).clamp(low as f64 + 0.5, high as f64 - 0.5);
        let centre = Window::new(&strata, tilt_for_mean(&strata, target));
        let null = Window::new(&strata, 0.0);
        Ok(Self { strata, observed, low, high, centre, null })
    }

    /// Returns the observed number of joint units, over the strata whose margins leave it free.
    #[must_use]
    pub fn observed(&self) -> u64 {
        self.observed
    }

    /// Returns the least and greatest number of joint units that the margins allow.
    #[must_use]
    pub fn range(&self) -> (u64, u64) {
        (self.low, self.high)
    }

    /// Returns the conditional maximum likelihood estimate of the odds ratio.
    #[must_use]
    pub fn estimate(&self) -> Estimate {
        if self.observed == self.low {
            Estimate::Zero
        } else if self.observed == self.high {
            Estimate::Unbounded
        } else {
            Estimate::Finite(exp(tilt_for_mean(&self.strata, self.observed as f64)))
        }
    }

    /// Returns P(X ≤ observed), P(X = observed), P(X ≥ observed) under the odds ratio e^`tilt`.
    fn tails(&self, tilt: f64) -> Tails {
        let constant = self.centre.ln_constant - ln_constant(&self.strata, tilt);
        let step = tilt - self.centre.tilt;
        let term = |x: u64, g: f64| {
            if g > 0.0 { exp(log(g) + constant + step * x as f64) } else { 0.0 }
        };
        let at = term(self.observed, self.centre.share(self.observed));
        let (mut below, mut above) = (0.0, 0.0);
        for (x, g) in self.centre.terms() {
            // Of the two strict tails only the one away from the mass is made of terms near the centre.
            if x < self.observed && step >= 0.0 {
                below += term(x, g);
            } else if x > self.observed && step <= 0.0 {
                above += term(x, g);
            }
        }
        if step > 0.0 {
            above = f64::max(1.0 - below - at, 0.0);
        } else if step < 0.0 {
            below = f64::max(1.0 - above - at, 0.0);
        }
        Tails { below, at, above }
    }

    /// Returns the one-sided p-value of an odds ratio above 1, P(X ≥ observed).
    #[must_use]
    pub fn p_greater(&self) -> f64 {
        let tails = self.tails(0.0);
        (tails.above + tails.at).min(1.0)
    }

    /// Returns the one-sided p-value of an odds ratio below 1, P(X ≤ observed).
    #[must_use]
    pub fn p_less(&self) -> f64 {
        let tails = self.tails(0.0);
        (tails.below + tails.at).min(1.0)
    }

    /// Returns the two-sided p-value: the probability of all values no more probable than the one observed.
    ///
    /// Ties are counted as R's `fisher.test` and `mantelhaen.test` count them.
    #[must_use]
    pub fn p_two_sided(&self) -> f64 {
        let mode = self.null.mode();
        if self.observed == mode {
            return 1.0;
        }
        let tails = self.tails(0.0);
        let above_mode = self.observed > mode;
        let near = tails.at + if above_mode { tails.above } else { tails.below };
        if tails.at <= 0.0 {
            return near.min(1.0);
        }
        let bound = log(tails.at) + RELATIVE_TIE;
        let far = if tails.at > 1e-25 {
            self.far_tail(&self.null, above_mode, bound)
        } else {
            self.far_tail(&self.far_window(above_mode, bound), above_mode, bound)
        };
        (near + far).min(1.0)
    }

    /// Returns the null probability of the values at the mode (a tie) or beyond it, seen from the one observed, that are no more probable.
    fn far_tail(&self, window: &Window, above_mode: bool, bound: f64) -> f64 {
        let mode = self.null.mode();
        let constant = window.ln_constant - self.null.ln_constant;
        window
            .terms()
            .filter(|&(x, g)| g > 0.0 && if above_mode { x <= mode } else { x >= mode })
            .map(|(x, g)| log(g) + constant - window.tilt * x as f64)
            .filter(|&ln| ln <= bound)
            .map(exp)
            .sum()
    }

    /// Returns the window round the far value that is as improbable as `bound`.
    ///
    /// The place is found by a saddle-point approximation, which needs no convolution; only the window there is exact.
    fn far_window(&self, above_mode: bool, bound: f64) -> Window {
        let direction = if above_mode { -1.0 } else { 1.0 };
        let tilt = monotone_root(0.0, direction, |tilt| {
            let (ln_constant, mean, variance) = moments(&self.strata, tilt);
            let spread = TAU * (variance + 1.0 / 12.0);
            ln_constant - self.null.ln_constant - tilt * mean - 0.5 * log(spread) - bound
        });
        Window::new(&self.strata, tilt)
    }

    /// Returns the mid-p value: twice the smaller tail with the observed value counted by half, at most 1.
    ///
    /// It is below 1 − level exactly when the [`Tail::Mid`] interval leaves out 1.
    /// # Source  Lancaster (1961), JASA 56: 223–234; Rothman & Greenland (1998), Modern Epidemiology, 2nd ed., chapter 14
    #[must_use]
    pub fn p_mid(&self) -> f64 {
        let tails = self.tails(0.0);
        (2.0 * f64::min(tails.below, tails.above) + tails.at).min(1.0)
    }

    /// Returns the interval of the odds ratio, each tail with half of what `level` leaves.
    ///
    /// Where an end does not exist because a cell is empty, it is `None`, and the other end keeps its half.
    /// # Errors  [`StatsError::NotAProportion`]
    /// # Source  Cornfield (1956); as R's `fisher.test` for [`Tail::Exact`]
    pub fn interval(&self, level: f64, tail: Tail) -> Result<Interval, StatsError> {
        check_level(level)?;
        Ok(self.interval_with(0.5 * (1.0 - level), level, tail))
    }

    /// Returns the one-sided interval that an empty cell leaves, with all of what `level` leaves in its one tail;
    /// `None` if both ends exist.
    /// # Errors  [`StatsError::NotAProportion`]
    pub fn one_sided_interval(&self, level: f64, tail: Tail) -> Result<Option<Interval>, StatsError> {
        check_level(level)?;
        let extreme = self.observed == self.low || self.observed == self.high;
        Ok(extreme.then(|| self.interval_with(1.0 - level, level, tail)))
    }

    fn interval_with(&self, alpha: f64, level: f64, tail: Tail) -> Interval {
        let half = if tail == Tail::Mid { 0.5 } else { 1.0 };
        let centre = self.centre.tilt;
        let lower = (self.observed > self.low).then(|| {
            exp(monotone_root(centre, -1.0, |tilt| {
                let tails = self.tails(tilt);
                tails.above + half * tails.at - alpha
            }))
        });
        let upper = (self.observed < self.high).then(|| {
            exp(monotone_root(centre, 1.0, |tilt| {
                let tails = self.tails(tilt);
                tails.below + half * tails.at - alpha
            }))
        });
        Interval { lower, upper, level }
    }
}

struct Tails {
    below: f64,
    at: f64,
    above: f64,
}

/// Returns the least x in [low, high] with `holds`, which holds from some x on.
fn first_true(low: u64, high: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
    if !holds(high) {
        return None;
    }
    let (mut no, mut yes) = (low, high);
    if holds(low) {
        return Some(low);
    }
    while yes - no > 1 {
        let middle = no + (yes - no) / 2;
        if holds(middle) { yes = middle } else { no = middle }
    }
    Some(yes)
}

/// Returns the root of a function that falls through zero when one walks from `start` in `direction`.
fn monotone_root(start: f64, direction: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut near, mut reach) = (0.0, 0.5);
    while f(start + direction * reach) > 0.0 && reach < 1e4 {
        near = reach;
        reach *= 2.0;
    }
    let mut far = reach;
    while far - near > 1e-15 * fabs(start + direction * far).max(1.0) {
        let middle = 0.5 * (near + far);
        if middle <= near || middle >= far {
            break;
        }
        if f(start + direction * middle) > 0.0 { near = middle } else { far = middle }
    }
    start + direction * 0.5 * (near + far)
}

/// ln of the number of tables with each value of the joint cell, up to a constant.
#[derive(Debug, Clone, PartialEq)]
struct Coefficients {
    low: u64,
    observed: u64,
    ln: Vec<f64>,
}

impl Coefficients {
    /// Returns `None` where the margins allow one value only.
    fn new(table: &Table2x2) -> Option<Self> {
        let (row, column) = (table.a.saturating_add(table.b), table.a.saturating_add(table.c));
        let low = table.a.saturating_sub(table.d);
        let high = row.min(column);
        if low >= high {
            return None;
        }
        // Ratios of neighbours are exact to the last bit; summed from the mode outwards they never grow large where it matters.
        let rest = table.d as f64 - table.a as f64;
        let ratio = |x: u64| {
            let x = x as f64;
            ((row as f64 - x) * (column as f64 - x)) / ((x + 1.0) * (rest + x + 1.0))
        };
        let mode = first_true(low, high, |x| x == high || ratio(x) < 1.0).unwrap_or(high);
        let mut ln = vec![0.0; (high - low + 1) as usize];
        let at = (mode - low) as usize;
        for i in at + 1..ln.len() {
            ln[i] = ln[i - 1] + log(ratio(low + i as u64 - 1));
        }
        for i in (0..at).rev() {
            ln[i] = ln[i + 1] - log(ratio(low + i as u64));
        }
        Some(Self { low, observed: table.a, ln })
    }

    fn high(&self) -> u64 {
        self.low + self.ln.len() as u64 - 1
    }

    /// Returns the first index that matters under e^`tilt`, ln of the largest weight, and the weights from there on (largest: 1).
    fn tilted(&self, tilt: f64) -> (usize, f64, Vec<f64>) {
        let value = |i: usize| self.ln[i] + tilt * i as f64;
        let rises = |i: usize| i + 1 < self.ln.len() && value(i + 1) > value(i);
        let last = self.ln.len() as u64 - 1;
        let mode = first_true(0, last, |i| !rises(i as usize)).unwrap_or(last) as usize;
        let peak = value(mode);
        let floor = peak + log(NEGLIGIBLE);
        let mut first = mode;
        while first > 0 && value(first - 1) > floor {
            first -= 1;
        }
        let mut end = mode + 1;
        while end < self.ln.len() && value(end) > floor {
            end += 1;
        }
        (first, peak, (first..end).map(|i| exp(value(i) - peak)).collect())
    }

    /// Returns ln of the normalising constant (values counted from 0) and the mean and variance of the value.
    fn moments(&self, tilt: f64) -> (f64, f64, f64) {
        let (first, peak, weights) = self.tilted(tilt);
        let total: f64 = weights.iter().sum();
        let mean = weights.iter().enumerate().map(|(i, w)| w * i as f64).sum::<f64>() / total;
        let variance = weights.iter().enumerate().map(|(i, w)| w * (i as f64 - mean) * (i as f64 - mean)).sum::<f64>();
        let offset = self.low as f64;
        (peak + log(total) + tilt * offset, offset + first as f64 + mean, variance / total)
    }
}

fn ln_constant(strata: &[Coefficients], tilt: f64) -> f64 {
    moments(strata, tilt).0
}

/// Returns ln of the normalising constant, mean and variance of the sum.
fn moments(strata: &[Coefficients], tilt: f64) -> (f64, f64, f64) {
    strata.iter().fold((0.0, 0.0, 0.0), |(ln_constant, mean, variance), s| {
        let (l, m, v) = s.moments(tilt);
        (ln_constant + l, mean + m, variance + v)
    })
}

/// Returns the ln of the odds ratio under which the expected sum is `target`, which lies inside the range.
fn tilt_for_mean(strata: &[Coefficients], target: f64) -> f64 {
    let mean_at = |tilt: f64| moments(strata, tilt).1;
    let (mut below, mut above) = (-1.0, 1.0);
    while mean_at(below) > target && below > -1e4 {
        below *= 2.0;
    }
    while mean_at(above) < target && above < 1e4 {
        above *= 2.0;
    }
    // Newton's method, kept inside a bracket that only shrinks.
    let mut tilt = 0.0;
    for _ in 0..200 {
        let (_, mean, variance) = moments(strata, tilt);
        if mean > target {
            above = tilt
        } else {
            below = tilt
        }
        let newton = tilt + (target - mean) / variance;
        let next = if newton > below && newton < above { newton } else { 0.5 * (below + above) };
        if fabs(next - tilt) <= 1e-15 * fabs(next).max(1.0) {
            return next;
        }
        tilt = next;
    }
    tilt
}

/// The distribution of the sum under one odds ratio, without its negligible terms.
#[derive(Debug, Clone, PartialEq)]
struct Window {
    tilt: f64,
    ln_constant: f64,
    first: u64,
    shares: Vec<f64>,
}

impl Window {
    fn new(strata: &[Coefficients], tilt: f64) -> Self {
        let mut first = 0;
        let mut shares = vec![1.0];
        for stratum in strata {
            let (start, _, weights) = stratum.tilted(tilt);
            first += stratum.low + start as u64;
            shares = convolve(&shares, &weights);
            let cut = trim(&mut shares);
            first += cut;
        }
        let total: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|s| *s /= total);
        Self { tilt, ln_constant: ln_constant(strata, tilt), first, shares }
    }

    fn share(&self, x: u64) -> f64 {
        x.checked_sub(self.first).and_then(|i| self.shares.get(i as usize)).copied().unwrap_or(0.0)
    }

    fn terms(&self) -> impl Iterator<Item = (u64, f64)> + '_ {
        (self.first..).zip(self.shares.iter().copied())
    }

    fn mode(&self) -> u64 {
        self.terms().fold((0, -1.0), |best, (x, g)| if g > best.1 { (x, g) } else { best }).0
    }
}

fn convolve(left: &[f64], right: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; left.len() + right.len() - 1];
    for (i, l) in left.iter().enumerate() {
        for (slot, r) in sum[i..].iter_mut().zip(right) {
            *slot += l * r;
        }
    }
    sum
}

/// Scales the largest term to 1, drops negligible ends, and returns how many went at the front.
fn trim(shares: &mut Vec<f64>) -> u64 {
    let peak = shares.iter().copied().fold(0.0, f64::max);
    shares.iter_mut().for_each(|s| *s /= peak);
    while shares.last().is_some_and(|&s| s < NEGLIGIBLE) {
        shares.pop();
    }
    let cut = shares.iter().take_while(|&&s| s < NEGLIGIBLE).count();
    shares.drain(..cut);
    cut as u64
}
