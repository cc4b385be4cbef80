//! Logistic regression with Firth's penalty: an odds ratio beside other reasons, finite whatever the data.
//!
//! Among thirty sources all that use one concept may use the other, and the likelihood then has no maximum. The penalty, half the logarithm
//! of the determinant of the information, keeps it finite and takes out most of the bias of small samples. Tests and intervals are those
//! of the penalised likelihood ratio; Wald's err on this scale.

mod cholesky;
mod likelihood;

use self::likelihood::{Likelihood, Place, distinct};
use super::special::{chi_square_sf, normal_quantile};
use super::{Interval, StatsError, check_level};
use libm::{fabs, sqrt};

/// Steps of the iteration before it gives up.
const MAX_STEPS: usize = 500;
/// No parameter moves by more in one step.
const MAX_MOVE: f64 = 5.0;
/// What the next step would gain of the logarithm below which the search for a maximum ends: the parameters then hold to about seven digits.
const STILL: f64 = 1e-15;
/// The same for the heights of a profile, of which only the value counts.
const HIGH: f64 = 1e-9;
/// Where a step leaves less than this part to be gained, the information tells the bend well enough.
const QUICK: f64 = 0.05;
/// Where as much is to be gained, it does not count yet how fast: far from the maximum the information changes more than the penalty.
const FAR: f64 = 0.1;
/// A step that moves no parameter by more is none.
const SHORTEST: f64 = 1e-12;
/// How near the end of an interval is found, in logarithms of the odds ratio.
const NEAR: f64 = 1e-6;
/// Turns of the direct search for the end of an interval.
const MAX_TURNS: usize = 15;
/// No parameter moves by more in one of them.
const MAX_REACH: f64 = 1.5;
/// The logarithm of odds ratios beyond which an interval has no end.
const FARTHEST: f64 = 60.0;

/// The effect of one column.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Effect {
    /// Logarithm of the odds ratio.
    pub ln_odds: f64,
    /// Profile interval of the logarithm.
    pub interval: Interval,
    /// P-value of no effect, by the penalised likelihood ratio (chi-squared, one degree of freedom).
    pub p: f64,
}

/// Returns the effect of one column of a design on a binary outcome, the others held.
/// # Input   rows of the design, all of one length, the intercept among them; one outcome a row; the place of the column
/// # Errors  [`StatsError::LengthMismatch`], [`StatsError::Empty`], [`StatsError::BadValue`]; [`StatsError::NoVariance`] where columns depend on
///   each other, or the iteration does not come to rest
/// # Source  Firth (1993), Biometrika 80(1): 27–38; Heinze & Schemper (2002), Statistics in Medicine 21(16): 2409–2419 (R `logistf`)
pub fn effect(rows: &[Vec<f64>], outcome: &[bool], column: usize, level: f64) -> Result<Effect, StatsError> {
    check_level(level)?;
    if rows.len() != outcome.len() {
        return Err(StatsError::LengthMismatch { what: "rows", left: rows.len(), right: outcome.len() });
    }
    let width = rows.first().map_or(0, Vec::len);
    if let Some(row) = rows.iter().find(|row| row.len() != width) {
        return Err(StatsError::LengthMismatch { what: "columns", left: width, right: row.len() });
    }
    let value = |i: usize, j: usize| rows[i].get(j).copied().unwrap_or(f64::from(u8::from(outcome[i])));
    let seen = distinct(rows.len(), width + 1, value)?;
    let likelihood = Likelihood::new(&seen, width, |i, j| rows[i][j], |i| outcome[i])?;
    effect_of(&Design { likelihood, column }, level)
}

fn effect_of(design: &Design, level: f64) -> Result<Effect, StatsError> {
    const NO_REST: StatsError = StatsError::NoVariance { what: "the design" };
    let column = design.column;
    if column >= design.likelihood.width() {
        return Err(StatsError::Empty);
    }
    let best = design.maximum(&design.likelihood.start(), None, None, STILL).ok_or(NO_REST)?;
    let null =
        design.maximum(&best.towards(column, 0.0), Some(0.0), Some(best.metric.held(column)), HIGH).ok_or(NO_REST)?;
    let ratio = (2.0 * (best.value - null.value)).max(0.0);
    let z = normal_quantile(0.5 * (1.0 + level));
    let end = |sign: f64| design.end(&best, z, sign);
    Ok(Effect {
        ln_odds: best.beta[column],
        interval: Interval { lower: end(-1.0), upper: end(1.0), level },
        p: chi_square_sf(ratio, 1.0),
    })
}

/// Returns the effect of two binary things on each other, whichever is taken for the outcome: neither comes first, and the two regressions
/// may differ a little. The mean logarithm of the odds ratio, the larger p, the hull of the intervals.
/// # Input   one value a row of either thing and of each covariate
/// # Errors  those of [`effect`]
/// # Source  as [`effect`]; the rule: docs/adr/0024
pub fn symmetric(a: &[bool], b: &[bool], covariates: &[impl AsRef<[f64]>], level: f64) -> Result<Effect, StatsError> {
    check_level(level)?;
    let n = a.len();
    let covariates: Vec<&[f64]> = covariates.iter().map(AsRef::as_ref).collect();
    if let Some(other) = covariates.iter().map(|column| column.len()).chain([b.len()]).find(|&other| other != n) {
        return Err(StatsError::LengthMismatch { what: "rows", left: n, right: other });
    }
    let one = |x: bool| f64::from(u8::from(x));
    let value = |i: usize, j: usize| match j {
        0 => one(a[i]),
        1 => one(b[i]),
        _ => covariates[j - 2][i],
    };
    // Once for both regressions: what is alike in all things is alike in either.
    let seen = distinct(n, covariates.len() + 2, value)?;
    let of = |outcome: &[bool], cause: &[bool]| {
        let x = |i: usize, j: usize| match j {
            0 => 1.0,
            1 => one(cause[i]),
            _ => covariates[j - 2][i],
        };
        let likelihood = Likelihood::new(&seen, covariates.len() + 2, x, |i| outcome[i])?;
        effect_of(&Design { likelihood, column: 1 }, level)
    };
    let (x, y) = (of(a, b)?, of(b, a)?);
    Ok(Effect {
        ln_odds: f64::midpoint(x.ln_odds, y.ln_odds),
        interval: Interval {
            lower: x.interval.lower.zip(y.interval.lower).map(|(a, b)| a.min(b)),
            upper: x.interval.upper.zip(y.interval.upper).map(|(a, b)| a.max(b)),
            level,
        },
        p: x.p.max(y.p),
    })
}

/// What is regressed on what.
struct Design {
    likelihood: Likelihood,
    column: usize,
}

/// A maximum of the penalised likelihood.
struct Maximum {
    beta: Vec<f64>,
    value: f64,
    /// How steeply the value rises along each parameter there: not at all, but for one that is held.
    score: Vec<f64>,
    /// The bend there, as far as it was learned on the way.
    metric: Metric,
}

impl Maximum {
    /// Returns where the maximum lies, about, if one parameter is held at a value: the others follow as the bend says.
    fn towards(&self, held: usize, value: f64) -> Vec<f64> {
        let n = self.metric.n;
        let by = (value - self.beta[held]) / self.metric.inverse[held * n + held];
        self.beta.iter().enumerate().map(|(j, b)| b + by * self.metric.inverse[j * n + held]).collect()
    }
}

impl Design {
    /// Returns the maximum, the column's parameter held at a value if one is given; `metric` is what is known of the bend.
    ///
    /// The information alone knows nothing of how the penalty bends, and comes nearer by a constant factor only: of many observations
    /// at once, for the penalty is small beside them, of few slowly. Where it is slow, what each step shows of the bend is learned.
    /// # Source  Nocedal & Wright (2006), Numerical Optimization, ch. 6 (BFGS)
    fn maximum(&self, start: &[f64], held: Option<f64>, metric: Option<Metric>, still: f64) -> Option<Maximum> {
        let mut beta = start.to_vec();
        if let Some(value) = held {
            beta[self.column] = value;
        }
        let held = held.map(|_| self.column);
        let free: Vec<usize> = (0..self.likelihood.width()).filter(|&j| held != Some(j)).collect();
        let mut here = self.likelihood.at(&beta)?;
        let mut metric = metric.unwrap_or_else(|| Metric::new(&here, held));
        for _ in 0..MAX_STEPS {
            let step = metric.step(&here.score, &free);
            let slope = metric.gain(&here.score, &free);
            if slope <= still {
                break;
            }
            let Some((next, place)) = self.ascend(&beta, &here, &free, &step, slope) else {
                if metric.is_fresh {
                    break;
                }
                // What was learned leads nowhere from here: begin again.
                metric = Metric::new(&here, held);
                continue;
            };
            let fresh = Metric::new(&place, held);
            if metric.is_fresh && slope > FAR || fresh.gain(&place.score, &free) <= QUICK * slope {
                metric = fresh;
            } else {
                let moved: Vec<f64> = free.iter().map(|&j| next[j] - beta[j]).collect();
                let bend: Vec<f64> = free.iter().map(|&j| here.score[j] - place.score[j]).collect();
                metric.learn(&moved, &bend);
            }
            (beta, here) = (next, place);
        }
        here.value.is_finite().then_some(Maximum { beta, value: here.value, score: here.score, metric })
    }

    /// Goes along a step, or a part of it, until the value rises as the slope there promises.
    fn ascend(
        &self,
        beta: &[f64],
        here: &Place,
        free: &[usize],
        step: &[f64],
        slope: f64,
    ) -> Option<(Vec<f64>, Place)> {
        let longest = step.iter().fold(0.0_f64, |m, s| m.max(fabs(*s)));
        let mut scale = if longest > MAX_MOVE { MAX_MOVE / longest } else { 1.0 };
        while scale * longest > SHORTEST {
            let mut next = beta.to_vec();
            free.iter().zip(step).for_each(|(&j, s)| next[j] += scale * s);
            let gain = 1e-4 * scale * slope - 1e-13 * (1.0 + fabs(here.value));
            if let Some(place) = self.likelihood.at(&next).filter(|place| place.value - here.value >= gain) {
                return Some((next, place));
            }
            scale *= 0.5;
        }
        None
    }

    /// Returns where the root of twice the fall of the profile reaches `z`, below or above the maximum.
    fn end(&self, best: &Maximum, z: f64, sign: f64) -> Option<f64> {
        self.end_at_once(best, z, sign).or_else(|| self.end_by_heights(best, z, sign))
    }

    /// Returns the same by solving for height and other parameters together; none where the information does not tell the bend well
    /// enough, as among few observations.
    /// # Source  Venzon & Moolgavkar (1988), Applied Statistics 37(1): 87–94
    fn end_at_once(&self, best: &Maximum, z: f64, sign: f64) -> Option<f64> {
        let (column, n) = (self.column, self.likelihood.width());
        let free: Vec<usize> = (0..n).collect();
        let mut beta = best.towards(column, best.beta[column] + sign * z * best.metric.spread(column));
        let mut last = f64::INFINITY;
        for _ in 0..MAX_TURNS {
            let here = self.likelihood.at(&beta)?;
            let metric = Metric::new(&here, None);
            let along = |j: usize| metric.inverse[j * n + column];
            let left = 2.0 * (here.value - best.value) + z * z + metric.gain(&here.score, &free);
            let pull = sign * sqrt(left.max(0.0) / along(column));
            let step: Vec<f64> =
                metric.times(&here.score).iter().enumerate().map(|(j, s)| s + pull * along(j)).collect();
            let longest = step.iter().fold(0.0_f64, |m, s| m.max(fabs(*s)));
            // The bend is not that of a parabola far away: no longer steps, and no giving up before it is near.
            let part = (MAX_REACH / longest).min(1.0);
            beta.iter_mut().zip(&step).for_each(|(b, s)| *b += part * s);
            if longest <= NEAR {
                return Some(beta[column]);
            }
            if last < 1.0 && longest > 0.5 * last {
                return None;
            }
            last = longest;
        }
        None
    }

    /// Returns the same by searching among heights of the profile.
    ///
    /// The profile is nearly a parabola and the root of its fall nearly a line, so Newton's step is close at once; from one height to
    /// the next the other parameters go on as they went, and what was learned of the bend stays.
    fn end_by_heights(&self, best: &Maximum, z: f64, sign: f64) -> Option<f64> {
        let peak = best.beta[self.column];
        let (mut near, mut step) = (peak, z * best.metric.spread(self.column));
        let mut last = [(peak, best.beta.clone()), (peak + sign * step, best.towards(self.column, peak + sign * step))];
        let mut metric = Some(best.metric.held(self.column));
        // How much is left to z at a place, and where nothing would be by the slope there.
        let mut gap = |x: f64| -> Option<(f64, f64)> {
            let [(x0, before), (x1, here)] = &last;
            let on = ((x - x1) / (x1 - x0)).clamp(-2.0, 1.0);
            let start: Vec<f64> = here.iter().zip(before).map(|(h, b)| h + on * (h - b)).collect();
            let found = self.maximum(&start, Some(x), metric.take(), HIGH)?;
            metric = Some(found.metric);
            if fabs(x - last[1].0) > 0.0 {
                last.swap(0, 1);
            }
            last[1] = (x, found.beta);
            let root = sqrt((2.0 * (best.value - found.value)).max(0.0));
            Some((z - root, x - (z - root) * root / found.score[self.column]))
        };
        let mut far = near + sign * step;
        let mut next = loop {
            if fabs(far) > FARTHEST {
                return None;
            }
            let (at, newton) = gap(far)?;
            if fabs(at) <= NEAR {
                return Some(far);
            }
            if at < 0.0 {
                break newton;
            }
            near = far;
            step *= 1.5;
            // By the slope, and a little beyond: what lies between is then known to hold the end.
            far = if (newton - near) * sign > 0.0 {
                near + (1.1 * (newton - near)).clamp(-step, step)
            } else {
                near + sign * step
            };
        };
        for turn in 0..80 {
            if fabs(far - near) <= NEAR {
                break;
            }
            // Every third step halves, so that a bent profile cannot hold the search up.
            let is_between = (next - near) * (next - far) < 0.0;
            let x = if turn % 3 == 2 || !is_between { f64::midpoint(near, far) } else { next };
            let (at, newton) = gap(x)?;
            next = newton;
            if fabs(at) <= NEAR {
                return Some(x);
            }
            if at > 0.0 {
                near = x;
            } else {
                far = x;
            }
        }
        Some(f64::midpoint(near, far))
    }
}

/// How far to go along each slope: the inverse of the bend, as far as it is known.
#[derive(Clone)]
struct Metric {
    n: usize,
    inverse: Vec<f64>,
    /// Whether it is still that of the information alone.
    is_fresh: bool,
}

impl Metric {
    /// Returns that of the information, of all parameters or of all but one.
    fn new(place: &Place, held: Option<usize>) -> Self {
        let all = Self { n: place.score.len(), inverse: place.inverse.clone(), is_fresh: true };
        held.map_or_else(|| all.clone(), |held| Self { is_fresh: true, ..all.held(held) })
    }

    /// Returns the same with one parameter held.
    fn held(&self, held: usize) -> Self {
        let (n, v) = (self.n, &self.inverse);
        let free = || (0..n).filter(|&j| j != held);
        let cell = |(i, j): (usize, usize)| v[i * n + j] - v[i * n + held] * v[held * n + j] / v[held * n + held];
        let inverse = free().flat_map(|i| free().map(move |j| (i, j))).map(cell).collect();
        Self { n: n - 1, inverse, is_fresh: false }
    }

    /// Returns the standard error of a parameter, as far as the bend is known; at least a tenth, at most five.
    fn spread(&self, parameter: usize) -> f64 {
        sqrt(self.inverse[parameter * self.n + parameter].clamp(0.01, 25.0))
    }

    fn times(&self, v: &[f64]) -> Vec<f64> {
        self.inverse.chunks(self.n.max(1)).map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum()).collect()
    }

    fn step(&self, score: &[f64], free: &[usize]) -> Vec<f64> {
        self.times(&free.iter().map(|&j| score[j]).collect::<Vec<f64>>())
    }

    /// Returns twice what a step would gain if the bend were right.
    fn gain(&self, score: &[f64], free: &[usize]) -> f64 {
        free.iter().zip(self.step(score, free)).map(|(&j, s)| score[j] * s).sum()
    }

    /// Learns from a move and from how the slopes fell over it; where they did not fall nothing can be learned.
    fn learn(&mut self, moved: &[f64], bend: &[f64]) {
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        let curvature = dot(moved, bend);
        if curvature <= 1e-10 * dot(moved, moved) {
            return;
        }
        self.is_fresh = false;
        let turned = self.times(bend);
        let factor = (1.0 + dot(bend, &turned) / curvature) / curvature;
        for (i, row) in self.inverse.chunks_mut(self.n.max(1)).enumerate() {
            for (j, cell) in row.iter_mut().enumerate() {
                *cell += factor * moved[i] * moved[j] - (turned[i] * moved[j] + moved[i] * turned[j]) / curvature;
            }
        }
    }
}
