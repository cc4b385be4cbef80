//! Curves of diffusion, fitted to the numbers that joined in each year by maximum likelihood.
//!
//! A share m of the population joins in the end, and those who do at times with distribution F; the years in which they
//! did and the number that had not by the end are multinomial. So a curve has three parameters, two of F and the
//! ceiling, and all three curves are compared by AIC on the same data. The likelihood is that of Schmittlein & Mahajan
//! for the Bass model, with the other two distributions put in its place. Least squares on the cumulative curve, which is common,
//! takes a sum as independent observations, and its intervals are far too narrow.

use super::adoption::Treaty;
use super::states::{States, last_day, start_of};
use crate::amount::counted;
use libm::{exp, expm1, log, log1p};
use nomoscope_stats::{Interval, check_level};

/// A curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Model {
    /// Symmetric: as fast before the midpoint as after it.
    Logistic,
    /// Skewed: fast at first, slow at the end.
    Gompertz,
    /// Innovators and imitators.
    Bass,
}

impl Model {
    /// All curves.
    pub const ALL: [Self; 3] = [Self::Logistic, Self::Gompertz, Self::Bass];

    /// Returns the word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Logistic => "logistic",
            Self::Gompertz => "Gompertz",
            Self::Bass => "Bass",
        }
    }

    /// Returns the names of the two parameters beside the ceiling.
    #[must_use]
    pub const fn parameters(self) -> [&'static str; 2] {
        match self {
            Self::Logistic => ["rate", "midpoint"],
            Self::Gompertz => ["rate", "inflection"],
            Self::Bass => ["innovation", "imitation"],
        }
    }

    /// Returns the share of those who join in the end that have by `t` years after the opening.
    fn cdf(self, [a, b]: [f64; 2], t: f64) -> f64 {
        match self {
            Self::Logistic => 1.0 / (1.0 + exp(-exp(a) * (t - b))),
            Self::Gompertz => exp(-exp(-exp(a) * (t - b))),
            Self::Bass => {
                let (p, q) = (exp(a), exp(b));
                let left = exp(-(p + q) * t);
                -expm1(-(p + q) * t) / (1.0 + q / p * left)
            }
        }
    }
}

/// How many joined in each stretch of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Uptake {
    /// When the treaty was opened, as a year with its fraction.
    pub opening: f64,
    /// Ends of the stretches in years after the opening, rising; the first reaches back as far as the curve does.
    pub ends: Vec<f64>,
    /// How many joined in each.
    pub joined: Vec<u64>,
    /// How many could have joined, at the end.
    pub population: u64,
}

/// Why no curve is fitted.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum DiffusionError {
    /// Nothing to fit.
    #[error(
        "{} joined in {}; a curve of three parameters needs at least {least_joined} in {least_years}",
        counted(*joined as usize, "state", "states"),
        counted(*years, "year", "different years")
    )]
    TooFew {
        /// How many joined.
        joined: u64,
        /// In how many years.
        years: usize,
        /// The least.
        least_joined: u64,
        /// The least.
        least_years: usize,
    },
    /// More joined than there are.
    #[error("{joined} joined of a population of {population}")]
    MoreThanAll {
        /// How many joined.
        joined: u64,
        /// How many could.
        population: u64,
    },
    /// Stretches that make no sense.
    #[error("the stretches of time do not rise, or differ in number from the counts")]
    BadTimes,
    /// A level that is none.
    #[error("the level of the interval does not lie strictly between 0 and 1")]
    BadLevel,
    /// The data are before the register of states.
    #[error("there is no count of states before October 1945")]
    BeforeRegister,
}

/// The least number of states, and of years in which any joined.
const LEAST: (u64, usize) = (10, 4);

/// Returns the uptake of a treaty by the states that are parties at the end of `until`, year by year.
/// # Errors  [`DiffusionError::BeforeRegister`], [`DiffusionError::TooFew`] without any party
pub fn uptake(treaty: &Treaty, states: &States, until: u16) -> Result<Uptake, DiffusionError> {
    let none = DiffusionError::TooFew { joined: 0, years: 0, least_joined: LEAST.0, least_years: LEAST.1 };
    let opened = start_of(treaty.opened().ok_or(none)?);
    let end = last_day(until);
    let dates = treaty.joined_states(end);
    let world = states.count(end).ok_or(DiffusionError::BeforeRegister)?;
    let opening = opened.year_fraction();
    let years = opened.year..=until.max(opened.year);
    let ends = years.clone().map(|y| f64::from(y) + 1.0 - opening).collect();
    let joined: Vec<u64> = years.map(|y| dates.iter().filter(|d| d.year == y).count() as u64).collect();
    Ok(Uptake { opening, ends, joined, population: world })
}

/// A parameter with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Its maximum likelihood estimate.
    pub estimate: f64,
    /// Profile likelihood interval; open where the data set no limit.
    pub interval: Interval,
}

/// A fitted curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Which.
    pub model: Model,
    /// The two parameters of the curve (dates as years), then the ceiling in states.
    pub parameters: [Parameter; 3],
    /// Logarithm of the likelihood, without the multinomial coefficient.
    pub ln_likelihood: f64,
    /// Akaike's information criterion, with three parameters.
    pub aic: f64,
    opening: f64,
    shape: [f64; 2],
    ceiling: f64,
}

impl Fit {
    /// Returns how many states the curve says had joined by a year with its fraction.
    #[must_use]
    pub fn at(&self, year: f64) -> f64 {
        self.ceiling * self.model.cdf(self.shape, year - self.opening)
    }
}

/// Returns a curve fitted by maximum likelihood, with profile likelihood intervals.
/// # Input   counts of states in stretches of time, and how many states there are
/// # Errors  [`DiffusionError`]
/// # Source  Schmittlein & Mahajan (1982), Marketing Science 1(1): 57–78, for the likelihood; Bass (1969), Management
/// Science 15(5): 215–227; Venzon & Moolgavkar (1988), Applied Statistics 37(1): 87–94, for the intervals
pub fn fit(uptake: &Uptake, model: Model, level: f64) -> Result<Fit, DiffusionError> {
    check(uptake)?;
    check_level(level).map_err(|_| DiffusionError::BadLevel)?;
    let problem = Likelihood { uptake, model };
    let shape = problem.best();
    let m = problem.ceiling(shape);
    let top = problem.at(shape, m);
    // Half the chi-square quantile with one degree of freedom.
    let z = nomoscope_stats::special::normal_quantile(0.5 * (1.0 + level));
    let profile = Profile { problem: &problem, shape, m, floor: top - 0.5 * z * z, level };
    let population = uptake.population as f64;
    let [first, second] = model.parameters();
    let (a, b, c) = (profile.shape(0), profile.shape(1), profile.ceiling());
    let rate = |name, at: usize, interval| Parameter { name, unit: "1/year", estimate: natural(shape[at]), interval };
    let year = |name| Parameter {
        name,
        unit: "year",
        estimate: uptake.opening + shape[1],
        interval: shift(b, uptake.opening),
    };
    let parameters = [
        rate(first, 0, positive(a)),
        if model == Model::Bass { rate(second, 1, positive(b)) } else { year(second) },
        Parameter { name: "ceiling", unit: "states", estimate: m * population, interval: scale(c, population) },
    ];
    let ceiling = m * population;
    Ok(Fit { model, parameters, ln_likelihood: top, aic: 6.0 - 2.0 * top, opening: uptake.opening, shape, ceiling })
}

fn check(uptake: &Uptake) -> Result<(), DiffusionError> {
    let rising = uptake.ends.windows(2).all(|w| w[0] < w[1]) && uptake.ends.first().is_some_and(|&t| t > 0.0);
    if !rising || !uptake.ends.iter().all(|t| t.is_finite()) || uptake.ends.len() != uptake.joined.len() {
        return Err(DiffusionError::BadTimes);
    }
    let joined: u64 = uptake.joined.iter().sum();
    let years = uptake.joined.iter().filter(|&&n| n > 0).count();
    if joined < LEAST.0 || years < LEAST.1 {
        return Err(DiffusionError::TooFew { joined, years, least_joined: LEAST.0, least_years: LEAST.1 });
    }
    if joined > uptake.population {
        return Err(DiffusionError::MoreThanAll { joined, population: uptake.population });
    }
    Ok(())
}

/// Below this a rate is nothing: e⁻³⁰ a year.
const LEAST_LN_RATE: f64 = -30.0;
const MOST_LN_RATE: f64 = 6.0;

fn natural(ln: f64) -> f64 {
    if ln <= LEAST_LN_RATE + 1e-6 { 0.0 } else { exp(ln) }
}

fn positive(interval: Interval) -> Interval {
    Interval { lower: interval.lower.map(natural), upper: interval.upper.map(natural), ..interval }
}

fn shift(interval: Interval, by: f64) -> Interval {
    Interval { lower: interval.lower.map(|v| v + by), upper: interval.upper.map(|v| v + by), ..interval }
}

fn scale(interval: Interval, by: f64) -> Interval {
    Interval { lower: interval.lower.map(|v| v * by), upper: interval.upper.map(|v| v * by), ..interval }
}

struct Likelihood<'u> {
    uptake: &'u Uptake,
    model: Model,
}

impl Likelihood<'_> {
    fn total(&self) -> f64 {
        self.uptake.joined.iter().sum::<u64>() as f64
    }

    /// Returns the ceiling, as a share, that fits a curve best: it has a closed form.
    fn ceiling(&self, shape: [f64; 2]) -> f64 {
        let reached = self.model.cdf(shape, self.uptake.ends.last().copied().unwrap_or_default());
        let share = self.total() / self.uptake.population as f64;
        if reached <= share { 1.0 } else { share / reached }
    }

    /// Returns the logarithm of the likelihood; minus infinity where the curve leaves no room for what happened.
    fn at(&self, shape: [f64; 2], m: f64) -> f64 {
        let mut sum = 0.0;
        let mut before = 0.0;
        for (&end, &n) in self.uptake.ends.iter().zip(&self.uptake.joined) {
            let now = self.model.cdf(shape, end);
            if n > 0 {
                let p = now - before;
                if p.is_nan() || p <= 0.0 {
                    return f64::NEG_INFINITY;
                }
                sum += n as f64 * log(p);
            }
            before = now;
        }
        let total = self.total();
        let left = self.uptake.population as f64 - total;
        let stayed = if left > 0.0 { left * log1p(-m * before) } else { 0.0 };
        let value = sum + total * log(m) + stayed;
        if value.is_nan() { f64::NEG_INFINITY } else { value }
    }

    fn with_best_ceiling(&self, shape: [f64; 2]) -> f64 {
        if !self.allowed(shape) {
            return f64::NEG_INFINITY;
        }
        self.at(shape, self.ceiling(shape))
    }

    fn allowed(&self, [a, b]: [f64; 2]) -> bool {
        let rate = |v: f64| (LEAST_LN_RATE..=MOST_LN_RATE).contains(&v);
        rate(a) && if self.model == Model::Bass { rate(b) } else { b.abs() <= 1e4 }
    }

    /// Returns the best curve: simplex searches from a grid of beginnings, the best of them searched again.
    fn best(&self) -> [f64; 2] {
        let span = self.uptake.ends.last().copied().unwrap_or(1.0);
        let seconds: Vec<f64> = match self.model {
            Model::Bass => [0.01, 0.1, 0.3, 1.0].map(log).to_vec(),
            _ => [0.05, 0.25, 0.5, 1.0, 1.5].map(|f| f * span).to_vec(),
        };
        let mut best = ([0.0, 0.0], f64::NEG_INFINITY);
        for a in [0.005, 0.03, 0.15, 0.5, 1.5].map(log) {
            for &b in &seconds {
                let found = maximise(|s| self.with_best_ceiling(s), [a, b], [0.5, 0.2 * step(self.model, span)]);
                if found.1 > best.1 {
                    best = found;
                }
            }
        }
        for _ in 0..3 {
            best = maximise(|s| self.with_best_ceiling(s), best.0, [0.1, 0.05 * step(self.model, span)]);
        }
        best.0
    }
}

const fn step(model: Model, span: f64) -> f64 {
    match model {
        Model::Bass => 2.0,
        _ => span,
    }
}

/// The likelihood along one parameter, the others at their best.
struct Profile<'p, 'u> {
    problem: &'p Likelihood<'u>,
    shape: [f64; 2],
    m: f64,
    floor: f64,
    level: f64,
}

impl Profile<'_, '_> {
    fn interval(&self, lower: Option<f64>, upper: Option<f64>) -> Interval {
        Interval { lower, upper, level: self.level }
    }

    /// Returns the interval of one of the curve's own parameters, on the scale on which it is searched.
    fn shape(&self, at: usize) -> Interval {
        let other = 1 - at;
        let is_rate = at == 0 || self.problem.model == Model::Bass;
        let first = if is_rate { 0.05 } else { 0.1 };
        let side = |sign: f64| {
            let mut start = self.shape[other];
            let above = |value: f64| {
                let joined = |o: f64| if at == 0 { [value, o] } else { [o, value] };
                let (found, top) = maximise_line(|o| self.problem.with_best_ceiling(joined(o)), start, 0.1);
                start = found;
                top >= self.floor
            };
            crossing(self.shape[at], sign * first, above)
        };
        self.interval(side(-1.0), side(1.0))
    }

    /// Returns the interval of the ceiling as a share; it ends at 1.
    fn ceiling(&self) -> Interval {
        let side = |first: f64| {
            let mut start = self.shape;
            crossing(log(self.m), first, |ln| self.holds(ln, &mut start)).map(exp)
        };
        let lower = side(-0.02);
        let upper = if self.holds(0.0, &mut self.shape.clone()) { Some(1.0) } else { side(0.02) };
        self.interval(lower, upper)
    }

    /// Returns whether a ceiling, as the logarithm of a share, is not refuted; begins where the last search ended.
    fn holds(&self, ln: f64, start: &mut [f64; 2]) -> bool {
        if ln > 0.0 {
            return false;
        }
        let m = exp(ln);
        let at = |s| if self.problem.allowed(s) { self.problem.at(s, m) } else { f64::NEG_INFINITY };
        let span = self.problem.uptake.ends.last().copied().unwrap_or(1.0);
        let (found, top) = maximise(at, *start, [0.1, 0.05 * step(self.problem.model, span)]);
        *start = found;
        top >= self.floor
    }
}

/// Returns where a profile falls below its floor, walking from its top; none where it does not within a wide range.
fn crossing(top: f64, first: f64, mut above: impl FnMut(f64) -> bool) -> Option<f64> {
    let (mut inside, mut step) = (top, first);
    let mut outside = None;
    for _ in 0..24 {
        let next = inside + step;
        if above(next) {
            inside = next;
            step *= 1.6;
        } else {
            outside = Some(next);
            break;
        }
    }
    let mut outside = outside?;
    for _ in 0..60 {
        let middle = f64::midpoint(inside, outside);
        if above(middle) {
            inside = middle;
        } else {
            outside = middle;
        }
        if (outside - inside).abs() <= 1e-9 * (1.0 + inside.abs()) {
            break;
        }
    }
    Some(f64::midpoint(inside, outside))
}

/// Returns where a function of one variable is greatest near `start`: a bracket by doubling, then the golden section.
fn maximise_line(f: impl Fn(f64) -> f64, start: f64, step: f64) -> (f64, f64) {
    let (mut a, mut b, mut c) = (start - step, start, start + step);
    let (mut fa, mut fb, mut fc) = (f(a), f(b), f(c));
    for _ in 0..40 {
        if fb >= fa && fb >= fc {
            break;
        }
        if fa > fc {
            let next = a - 2.0 * (b - a);
            (c, b, a) = (b, a, next);
            (fc, fb, fa) = (fb, fa, f(a));
        } else {
            let next = c + 2.0 * (c - b);
            (a, b, c) = (b, c, next);
            (fa, fb, fc) = (fb, fc, f(c));
        }
    }
    const GOLD: f64 = 0.618_033_988_749_894_9;
    let (mut x, mut y) = (c - GOLD * (c - a), a + GOLD * (c - a));
    let (mut fx, mut fy) = (f(x), f(y));
    for _ in 0..100 {
        if fx >= fy {
            (c, y, fy) = (y, x, fx);
            x = c - GOLD * (c - a);
            fx = f(x);
        } else {
            (a, x, fx) = (x, y, fy);
            y = a + GOLD * (c - a);
            fy = f(y);
        }
        if (c - a).abs() <= 1e-9 * (1.0 + b.abs()) {
            break;
        }
    }
    [(b, fb), (x, fx), (y, fy)].into_iter().fold((b, fb), |best, now| if now.1 > best.1 { now } else { best })
}

/// Returns where a function of two variables is greatest, by the simplex method.
/// # Source  Nelder & Mead (1965), The Computer Journal 7(4): 308–313
fn maximise(f: impl Fn([f64; 2]) -> f64, start: [f64; 2], steps: [f64; 2]) -> ([f64; 2], f64) {
    let mut simplex = [start, [start[0] + steps[0], start[1]], [start[0], start[1] + steps[1]]].map(|x| (x, f(x)));
    let mix = |a: [f64; 2], b: [f64; 2], t: f64| [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
    for _ in 0..400 {
        simplex.sort_by(|x, y| y.1.total_cmp(&x.1));
        let [best, middle, worst] = simplex;
        let size =
            (0..2).map(|i| (best.0[i] - worst.0[i]).abs().max((best.0[i] - middle.0[i]).abs())).fold(0.0, f64::max);
        if size < 1e-10 || (best.1 - worst.1).abs() < 1e-13 * (1.0 + best.1.abs()) && size < 1e-6 {
            break;
        }
        let centre = mix(best.0, middle.0, 0.5);
        let reflected = mix(centre, worst.0, -1.0);
        let at = f(reflected);
        if at > best.1 {
            let further = mix(centre, worst.0, -2.0);
            let there = f(further);
            simplex[2] = if there > at { (further, there) } else { (reflected, at) };
        } else if at > middle.1 {
            simplex[2] = (reflected, at);
        } else {
            let nearer = if at > worst.1 { mix(centre, reflected, 0.5) } else { mix(centre, worst.0, 0.5) };
            let there = f(nearer);
            if there > worst.1.max(at) {
                simplex[2] = (nearer, there);
            } else {
                let shrink = |x: [f64; 2]| mix(best.0, x, 0.5);
                simplex[1] = (shrink(middle.0), f(shrink(middle.0)));
                simplex[2] = (shrink(worst.0), f(shrink(worst.0)));
            }
        }
    }
    simplex.sort_by(|x, y| y.1.total_cmp(&x.1));
    simplex[0]
}
