//! Attrition: how many are left from one stage to the next, from those a norm protects to those it reaches.
//!
//! Stages are counts by different people of different things. A ratio is given an interval only where both sides count
//! the same unit in the same population; everything else is refused, or, if asked for, printed as an order of magnitude.
//! After Narminio (2020, section 3.2), who asks to read her own chain for its scales alone.

use crate::amount::counted;
use crate::problem::{Remedy, Slot};
use nomoscope_stats::bootstrap::quantile;
use nomoscope_stats::rng::{Seed, Stream};
use nomoscope_stats::special::normal_quantile;
use nomoscope_stats::{Interval, StatsError};

/// How a value lies within its range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// Anywhere, equally likely.
    Uniform,
    /// Anywhere, equally likely on a logarithmic scale.
    LogUniform,
    /// Rising to this value and falling from it.
    Triangular(f64),
    /// A whole number, equally likely.
    Whole,
}

/// Numbers of which each is known only within the same range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Least value, not negative.
    pub low: f64,
    /// Greatest value.
    pub high: f64,
    /// How a value lies between them.
    pub shape: Shape,
    /// How many such numbers there are: suppressed cells come in thousands.
    pub cells: u64,
}

/// Beyond so many cells their sum is drawn as a normal variable: the sum of 50 uniform ones differs from it by less
/// than a thousandth of its spread.
const NORMAL_FROM: u64 = 50;

impl Range {
    fn middle(&self) -> f64 {
        match self.shape {
            Shape::Uniform | Shape::Whole => f64::midpoint(self.low, self.high),
            Shape::LogUniform => libm::sqrt(self.low * self.high),
            Shape::Triangular(best) => best,
        }
    }

    fn draw(&self, stream: &mut Stream) -> f64 {
        if self.cells > NORMAL_FROM && matches!(self.shape, Shape::Uniform | Shape::Whole) {
            return self.draw_sum(stream);
        }
        (0..self.cells).map(|_| self.draw_one(stream)).sum()
    }

    fn draw_sum(&self, stream: &mut Stream) -> f64 {
        let n = self.cells as f64;
        let width = self.high - self.low;
        let variance = match self.shape {
            Shape::Whole => width * (width + 2.0) / 12.0,
            _ => width * width / 12.0,
        };
        // A uniform of exactly 0 would be minus infinity.
        let z = normal_quantile(stream.uniform().max(f64::EPSILON));
        let sum = n * self.middle() + z * libm::sqrt(n * variance);
        let sum = if self.shape == Shape::Whole { libm::round(sum) } else { sum };
        sum.clamp(n * self.low, n * self.high)
    }

    fn draw_one(&self, stream: &mut Stream) -> f64 {
        let (u, width) = (stream.uniform(), self.high - self.low);
        match self.shape {
            Shape::Uniform => self.low + u * width,
            Shape::Whole => self.low + libm::floor(u * (width + 1.0)),
            Shape::LogUniform => self.low * libm::exp(u * libm::log(self.high / self.low)),
            Shape::Triangular(best) => {
                let rise = if width > 0.0 { (best - self.low) / width } else { 1.0 };
                if u < rise {
                    self.low + libm::sqrt(u * width * (best - self.low))
                } else {
                    self.high - libm::sqrt((1.0 - u) * width * (self.high - best))
                }
            }
        }
    }
}

/// A count: what is known exactly, and parts that are known within ranges.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Count {
    /// The exact part.
    pub exact: f64,
    /// The parts known within ranges.
    pub ranges: Vec<Range>,
}

impl Count {
    /// Returns a count that is known.
    #[must_use]
    pub const fn exact(value: f64) -> Self {
        Self { exact: value, ranges: Vec::new() }
    }

    /// Returns the best guess: ranges at their middle.
    #[must_use]
    pub fn point(&self) -> f64 {
        self.exact + self.ranges.iter().map(|r| r.cells as f64 * r.middle()).sum::<f64>()
    }

    /// Returns the least that the count can be.
    #[must_use]
    pub fn low(&self) -> f64 {
        self.exact + self.ranges.iter().map(|r| r.cells as f64 * r.low).sum::<f64>()
    }

    /// Returns the most that the count can be.
    #[must_use]
    pub fn high(&self) -> f64 {
        self.exact + self.ranges.iter().map(|r| r.cells as f64 * r.high).sum::<f64>()
    }

    /// Returns whether nothing is left open.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.low() == self.high()
    }

    fn draw(&self, stream: &mut Stream) -> f64 {
        self.exact + self.ranges.iter().map(|r| r.draw(stream)).sum::<f64>()
    }

    /// Adds suppressed cells: each a whole number from `low` to `high`.
    pub fn add_suppressed(&mut self, low: u64, high: u64, cells: u64) {
        let range = Range { low: low as f64, high: high as f64, shape: Shape::Whole, cells };
        match self.ranges.iter_mut().find(|r| (r.low, r.high, r.shape) == (range.low, range.high, range.shape)) {
            Some(same) => same.cells += cells,
            None => self.ranges.push(range),
        }
    }

    /// Returns how many cells were suppressed.
    #[must_use]
    pub fn suppressed(&self) -> u64 {
        self.ranges.iter().filter(|r| r.shape == Shape::Whole).map(|r| r.cells).sum()
    }
}

/// Whether a count is of those who are in a state on a day, or of those who enter it in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// At one time.
    Stock,
    /// Over a period.
    Flow,
}

impl Kind {
    /// Returns the word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Flow => "flow",
        }
    }
}

/// How large a stage is.
#[derive(Debug, Clone, PartialEq)]
pub enum Size {
    /// A count.
    Count(Count),
    /// Only its relation to an earlier stage is known, as somebody stated it: 1 in so many.
    OneIn {
        /// In how many.
        n: f64,
        /// The earlier stage, by its place.
        of: usize,
    },
}

/// A stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// Its id.
    pub id: String,
    /// What people read.
    pub label: String,
    /// What is counted: child, victim, trial.
    pub unit: String,
    /// The year or years, as written.
    pub year: String,
    /// Stock or flow, if somebody said.
    pub kind: Option<Kind>,
    /// Of whom: children worldwide.
    pub population: String,
    /// Who counted.
    pub source: String,
    /// What to bear in mind.
    pub note: String,
    /// How large it is.
    pub size: Size,
}

/// What two stages differ in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The earlier stage's id.
    pub from: String,
    /// The later stage's id.
    pub to: String,
    /// What differs: `unit`, `population`, `stock or flow`.
    pub what: &'static str,
    /// The earlier stage's.
    pub before: String,
    /// The later stage's.
    pub after: String,
}

/// Why there is no ladder.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AttritionError {
    /// Fewer than two stages.
    #[error("{}, and a ratio needs two", counted(*n, "stage", "stages"))]
    TooFewStages {
        /// How many there are.
        n: usize,
    },
    /// Stages that do not count the same.
    #[error("the stages do not count the same: {}", words(differences))]
    Mixed {
        /// Everything that differs.
        differences: Vec<Difference>,
    },
    /// A stage that refers to itself or to a later one.
    #[error("stage `{id}` is given as 1 in so many of a stage that does not stand before it")]
    NotBefore {
        /// The stage.
        id: String,
    },
    /// A range whose ends make no sense.
    #[error("stage `{id}` has an impossible count: {reason}")]
    BadCount {
        /// The stage.
        id: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// No draws.
    #[error("an interval needs at least {least} draws, not {n}")]
    TooFewDraws {
        /// How many were asked for.
        n: usize,
        /// The least.
        least: usize,
    },
}

impl AttritionError {
    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> Remedy {
        match self {
            Self::TooFewStages { .. } => "begin each stage with [[stage]]".into(),
            Self::Mixed { .. } => Remedy::with(
                "compare stages of one unit, one population, and stocks or flows alone; or give {}, which prints orders of magnitude without intervals",
                [Slot::setting("mixed")],
            ),
            Self::NotBefore { .. } => "`of` names an earlier stage".into(),
            Self::BadCount { .. } => {
                "a count is not negative, and a range runs from the lower to the higher number".into()
            }
            Self::TooFewDraws { .. } => Remedy::with("{} is the default", [Slot::set("draws", "10000")]),
        }
    }
}

fn words(differences: &[Difference]) -> String {
    let one = |d: &Difference| format!("`{}` has {} {}, `{}` {}", d.from, d.what, d.before, d.to, d.after);
    differences.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// What is left from one stage to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratio {
    /// The earlier stage, by its place.
    pub from: usize,
    /// The later stage, by its place.
    pub to: usize,
    /// Later over earlier; none if the earlier is zero, and where the two do not count the same.
    pub ratio: Option<f64>,
    /// Interval over the stated ranges; none where the ratio has none.
    pub interval: Option<Interval>,
    /// Order of magnitude of the earlier over the later: 2 stands for 1 in 100. Only where the two do not count the same.
    pub order: Option<i32>,
    /// Why something is missing, or what the interval does not say.
    pub reason: Option<&'static str>,
}

/// Stages with what is left between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Ladder {
    /// The stages.
    pub stages: Vec<Stage>,
    /// Their counts; those given as 1 in so many follow from the stage that they refer to.
    pub counts: Vec<Count>,
    /// From each stage to the next.
    pub steps: Vec<Ratio>,
    /// From the first stage to each later one.
    pub from_first: Vec<Ratio>,
    /// Whether orders of magnitude stand in place of some ratios.
    pub mixed: bool,
    /// What the stages differ in; empty unless mixed.
    pub differences: Vec<Difference>,
    /// Whether the years of the stages differ.
    pub years_differ: bool,
}

/// How a ladder is computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Whether stages may differ in unit, population, stock and flow.
    pub mixed: bool,
    /// Draws over the ranges.
    pub draws: usize,
    /// What the draws follow from.
    pub seed: Seed,
    /// Level of the intervals.
    pub level: f64,
}

/// The least draws for an interval of 95 %.
pub const LEAST_DRAWS: usize = 100;

impl Default for Settings {
    fn default() -> Self {
        Self { mixed: false, draws: 10_000, seed: Seed(1), level: 0.95 }
    }
}

/// Returns the ladder of stages, each ratio with its interval over the stated ranges (Monte Carlo, percentiles).
/// # Input   at least two stages, counts in units of each stage
/// # Errors  [`AttritionError`]; stages that do not count the same, unless `settings.mixed`
/// # Source  Narminio (2020), section 3.2, for the ladder; the interval: Joint Committee for Guides in Metrology (2008),
/// JCGM 101, propagation of distributions
pub fn ladder(stages: Vec<Stage>, settings: &Settings) -> Result<Ladder, AttritionError> {
    if stages.len() < 2 {
        return Err(AttritionError::TooFewStages { n: stages.len() });
    }
    if settings.draws < LEAST_DRAWS {
        return Err(AttritionError::TooFewDraws { n: settings.draws, least: LEAST_DRAWS });
    }
    let counts = counts(&stages)?;
    let differences: Vec<Difference> = stages.windows(2).flat_map(|w| differ(&w[0], &w[1])).collect();
    if !settings.mixed && !differences.is_empty() {
        return Err(AttritionError::Mixed { differences });
    }
    let draws = draw(&counts, settings);
    // Of a mixed ladder, stages that do count the same still have a ratio.
    let between = |from: usize, to: usize| {
        if differ(&stages[from], &stages[to]).is_empty() {
            ratio(&stages, &counts, &draws, from, to, settings.level)
        } else {
            magnitude(&counts, from, to)
        }
    };
    let steps = (1..stages.len()).map(|to| between(to - 1, to)).collect();
    let from_first = (1..stages.len()).map(|to| between(0, to)).collect();
    let years_differ = stages.windows(2).any(|w| w[0].year != w[1].year);
    let mixed = !differences.is_empty();
    Ok(Ladder { stages, counts, steps, from_first, mixed, differences, years_differ })
}

fn counts(stages: &[Stage]) -> Result<Vec<Count>, AttritionError> {
    let mut counts: Vec<Count> = Vec::new();
    for (at, stage) in stages.iter().enumerate() {
        let bad = |reason| AttritionError::BadCount { id: stage.id.clone(), reason };
        let count = match &stage.size {
            Size::Count(count) => {
                if let Some(reason) = impossible(count) {
                    return Err(bad(reason));
                }
                count.clone()
            }
            Size::OneIn { n, of } => {
                if !(n.is_finite() && *n > 0.0) {
                    return Err(bad("1 in so many needs a number above zero"));
                }
                let before = counts.get(*of).filter(|_| *of < at);
                let before = before.ok_or_else(|| AttritionError::NotBefore { id: stage.id.clone() })?;
                Count::exact(before.point() / n)
            }
        };
        counts.push(count);
    }
    Ok(counts)
}

fn impossible(count: &Count) -> Option<&'static str> {
    if !(count.exact.is_finite() && count.exact >= 0.0) {
        return Some("it is negative or no number");
    }
    count.ranges.iter().find_map(|r| match r.shape {
        _ if !(r.low.is_finite() && r.high.is_finite() && r.low >= 0.0) => Some("it is negative or no number"),
        _ if r.low > r.high => Some("the range runs from the higher number to the lower"),
        Shape::LogUniform if r.low <= 0.0 => Some("a range from zero cannot be log-uniform"),
        Shape::Triangular(best) if !(r.low <= best && best <= r.high) => Some("the count lies outside its range"),
        _ => None,
    })
}

/// Returns what two stages differ in; what nobody said cannot be told to differ.
fn differ(a: &Stage, b: &Stage) -> Vec<Difference> {
    let kind = |s: &Stage| s.kind.map_or_else(String::new, |k| k.name().to_owned());
    [
        ("unit", a.unit.clone(), b.unit.clone()),
        ("population", a.population.clone(), b.population.clone()),
        ("stock or flow", kind(a), kind(b)),
    ]
    .into_iter()
    .filter(|(_, before, after)| !before.is_empty() && !after.is_empty() && before != after)
    .map(|(what, before, after)| Difference { from: a.id.clone(), to: b.id.clone(), what, before, after })
    .collect()
}

/// Returns for each draw the value of every stage.
fn draw(counts: &[Count], settings: &Settings) -> Vec<Vec<f64>> {
    (0..settings.draws)
        .map(|i| {
            let mut stream = settings.seed.stream(i as u64);
            counts.iter().map(|count| count.draw(&mut stream)).collect()
        })
        .collect()
}

fn ratio(stages: &[Stage], counts: &[Count], draws: &[Vec<f64>], from: usize, to: usize, level: f64) -> Ratio {
    let mut out = Ratio { from, to, ratio: None, interval: None, order: None, reason: None };
    let (before, after) = (counts[from].point(), counts[to].point());
    if before <= 0.0 {
        out.reason = Some("the earlier stage is zero");
        return out;
    }
    out.ratio = Some(after / before);
    if matches!(stages[to].size, Size::OneIn { .. }) || matches!(stages[from].size, Size::OneIn { .. }) {
        out.reason = Some("a ratio as its source states it, without a range");
        return out;
    }
    match interval(draws, from, to, level) {
        Ok((interval, open)) => {
            out.interval = Some(interval);
            out.reason = match (open, counts[from].is_exact() && counts[to].is_exact()) {
                (true, _) => Some("the earlier stage may be zero, so the ratio has no upper limit"),
                (false, true) => Some("both counts are given exactly: the interval knows of no error in them"),
                (false, false) => None,
            };
        }
        Err(_) => out.reason = Some("no draw gave a ratio"),
    }
    out
}

/// Returns the percentile interval, and whether it is open above because some draws of the earlier stage were zero.
fn interval(draws: &[Vec<f64>], from: usize, to: usize, level: f64) -> Result<(Interval, bool), StatsError> {
    nomoscope_stats::check_level(level)?;
    let ratios: Vec<f64> = draws.iter().filter(|d| d[from] > 0.0).map(|d| d[to] / d[from]).collect();
    let zero = draws.len() - ratios.len();
    // Draws without a ratio lie above all others.
    let tail = 0.5 * (1.0 - level);
    let open = zero as f64 > tail * draws.len() as f64;
    let rescaled = |p: f64| (p * draws.len() as f64 / ratios.len().max(1) as f64).min(1.0);
    let lower = quantile(&ratios, rescaled(tail))?;
    let upper = if open { None } else { Some(quantile(&ratios, rescaled(1.0 - tail))?) };
    Ok((Interval { lower: Some(lower), upper, level }, open))
}

fn magnitude(counts: &[Count], from: usize, to: usize) -> Ratio {
    let (before, after) = (counts[from].point(), counts[to].point());
    let mut out = Ratio { from, to, ratio: None, interval: None, order: None, reason: None };
    if before > 0.0 && after > 0.0 {
        out.order = Some(libm::round(libm::log10(before / after)) as i32);
        out.reason = Some("the stages do not count the same: an order of magnitude, without an interval");
    } else {
        out.reason = Some("a stage is zero");
    }
    out
}
