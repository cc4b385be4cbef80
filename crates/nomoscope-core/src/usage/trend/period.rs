//! Periods and sliding windows: which sources count in which stretch of time, and how much.

use crate::problem::{Remedy, Slot};
use crate::study::Source;
use nomoscope_stats::kernel::Kernel;
use std::collections::BTreeMap;
use std::str::FromStr;

/// The most stretches of time that one analysis takes.
pub const MAX_SLICES: usize = 400;

/// A stretch of time in years: `from` included, `to` excluded.
#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    /// As it was named: `1920-1949`.
    pub name: String,
    /// Where it begins; minus infinity where it has no beginning.
    pub from: f64,
    /// Where it ends; infinity where it has no end.
    pub to: f64,
}

/// Why the division of time was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PeriodError {
    /// Not the name of a period.
    #[error("`{0}` is no period")]
    NoPeriod(String),
    /// A period that begins before the one before it has ended.
    #[error("period `{later}` begins before `{earlier}` has ended")]
    Overlap {
        /// The one before.
        earlier: String,
        /// The one after.
        later: String,
    },
    /// Not a length of time.
    #[error("`{0}` is no length of time")]
    NoLength(String),
    /// More stretches than anybody reads.
    #[error("{n} stretches of time, more than {MAX_SLICES}")]
    TooMany {
        /// How many there would be.
        n: usize,
    },
    /// The sources cover less time than one window.
    #[error("the sources cover {covered:.1} years, less than one window of {width}")]
    TooShort {
        /// Years covered.
        covered: f64,
        /// Width of the window in years.
        width: f64,
    },
}

impl PeriodError {
    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> Remedy {
        match self {
            Self::NoPeriod(_) => "write periods as 1920-1949, 1950 or 1950-, with commas between them".into(),
            Self::Overlap { .. } => "both ends of a period belong to it; write 1920-1949,1950-1979".into(),
            Self::NoLength(_) => "write years as 10y, or months as 6m".into(),
            Self::TooMany { .. } => "choose longer periods, or a longer step".into(),
            Self::TooShort { .. } => Remedy::with("choose a narrower window with {}", [Slot::setting("width")]),
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    /// Reads `1920-1949`, `1950`, `1950-` (or `1950-…`) and `-1949`; an en dash will do.
    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let wrong = || PeriodError::NoPeriod(text.to_owned());
        let year = |part: &str| -> Option<Option<f64>> {
            match part.trim() {
                "" | "…" | "..." => Some(None),
                y if y.len() == 4 && y.bytes().all(|b| b.is_ascii_digit()) => {
                    y.parse::<f64>().ok().filter(|&y| y >= 1.0).map(Some)
                }
                _ => None,
            }
        };
        let plain = text.trim().replace('–', "-");
        let (first, last) = plain.split_once('-').unwrap_or((&plain, &plain));
        let (first, last) = (year(first).ok_or_else(wrong)?, year(last).ok_or_else(wrong)?);
        if first.is_none() && last.is_none() || matches!((first, last), (Some(f), Some(l)) if f > l) {
            return Err(wrong());
        }
        let whole = |y: Option<f64>| y.map_or_else(String::new, |y| format!("{y:04}"));
        let name = if first == last { whole(first) } else { format!("{}-{}", whole(first), whole(last)) };
        Ok(Self { name, from: first.unwrap_or(f64::NEG_INFINITY), to: last.map_or(f64::INFINITY, |y| y + 1.0) })
    }
}

/// Returns the periods of a list such as `1920-1949,1950-`, or everything that is wrong with it.
///
/// # Errors
/// [`PeriodError::NoPeriod`], [`PeriodError::Overlap`], [`PeriodError::TooMany`]
pub fn periods<T: AsRef<str>>(names: &[T]) -> Result<Vec<Period>, Vec<PeriodError>> {
    let mut problems = Vec::new();
    let mut out: Vec<Period> = Vec::new();
    for name in names {
        match name.as_ref().parse::<Period>() {
            Ok(period) => {
                if let Some(before) = out.last().filter(|b| b.to > period.from) {
                    problems.push(PeriodError::Overlap { earlier: before.name.clone(), later: period.name.clone() });
                }
                out.push(period);
            }
            Err(problem) => problems.push(problem),
        }
    }
    if out.len() > MAX_SLICES {
        problems.push(PeriodError::TooMany { n: out.len() });
    }
    if problems.is_empty() { Ok(out) } else { Err(problems) }
}

/// Returns a length of time in years: `10y`, `6m`, or a plain number of years.
///
/// # Errors
/// [`PeriodError::NoLength`]
pub fn length(text: &str) -> Result<f64, PeriodError> {
    let wrong = || PeriodError::NoLength(text.to_owned());
    let text = text.trim();
    let (number, months) = match text.strip_suffix('m') {
        Some(rest) => (rest, true),
        None => (text.strip_suffix('y').unwrap_or(text), false),
    };
    let value: f64 = number.trim().parse().map_err(|_| wrong())?;
    let years = if months { value / 12.0 } else { value };
    if years.is_finite() && (1.0 / 12.0 - 1e-9..=10_000.0).contains(&years) { Ok(years) } else { Err(wrong()) }
}

/// How time is divided.
#[derive(Debug, Clone, PartialEq)]
pub enum Division {
    /// Periods side by side.
    Periods(Vec<Period>),
    /// Windows that slide.
    Windows {
        /// Their shape.
        kernel: Kernel,
        /// Their width in years.
        width: f64,
        /// From the middle of one to the middle of the next, in years.
        step: f64,
    },
}

/// A stretch of time with the sources that count in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// The period or window.
    pub period: Period,
    /// Sources by index, each with its weight; all 1 in a period.
    pub weights: Vec<(usize, f64)>,
}

/// Returns periods of equal length that hold all dates, aligned to whole multiples: decades begin with a nought.
///
/// # Errors
/// [`PeriodError::TooMany`]
pub fn every(years: f64, sources: &[Source]) -> Result<Vec<Period>, PeriodError> {
    let Some((first, last)) = range(sources) else { return Ok(Vec::new()) };
    let start = libm::floor(first / years + 1e-9);
    let n = libm::floor(last / years + 1e-9) - start + 1.0;
    if n > MAX_SLICES as f64 {
        return Err(PeriodError::TooMany { n: n as usize });
    }
    Ok((0..n as usize)
        .map(|i| {
            let from = (start + i as f64) * years;
            Period { name: name(from, from + years), from, to: from + years }
        })
        .collect())
}

/// Returns the first and the last date, as fractions of years.
fn range(sources: &[Source]) -> Option<(f64, f64)> {
    let dates = || sources.iter().filter_map(|s| s.date).map(|d| d.year_fraction());
    let first = dates().fold(f64::INFINITY, f64::min);
    first.is_finite().then(|| (first, dates().fold(f64::NEG_INFINITY, f64::max)))
}

/// Returns the name of a stretch of time: whole years where it has whole years, else months.
fn name(from: f64, to: f64) -> String {
    let whole = |x: f64| (x - libm::round(x)).abs() < 1e-6;
    if whole(from) && whole(to) {
        let (first, last) = (libm::round(from), libm::round(to) - 1.0);
        return if last > first { format!("{first:04}-{last:04}") } else { format!("{first:04}") };
    }
    let month = |x: f64| {
        let months = libm::round(x * 12.0);
        let year = libm::floor(months / 12.0);
        format!("{year:04}-{:02}", months - year * 12.0 + 1.0)
    };
    let (first, last) = (month(from), month(to - 1.0 / 12.0));
    if first == last { first } else { format!("{first}/{last}") }
}

/// Returns the slices of a division; a source without a date is in none.
///
/// # Errors
/// [`PeriodError::TooMany`], [`PeriodError::TooShort`]
pub fn slices(division: &Division, sources: &[Source]) -> Result<Vec<Slice>, PeriodError> {
    let dated: Vec<(usize, f64)> =
        sources.iter().enumerate().filter_map(|(i, s)| Some((i, s.date?.year_fraction()))).collect();
    match division {
        Division::Periods(periods) => Ok(periods
            .iter()
            .map(|p| Slice {
                period: p.clone(),
                weights: dated.iter().filter(|(_, d)| *d >= p.from && *d < p.to).map(|&(i, _)| (i, 1.0)).collect(),
            })
            .collect()),
        &Division::Windows { kernel, width, step } => {
            let Some((first, last)) = range(sources) else { return Ok(Vec::new()) };
            // Whole years, for a year is the least that most dates tell.
            let (first, last) = (libm::floor(first), libm::floor(last) + 1.0);
            if last - first < width - 1e-9 {
                return Err(PeriodError::TooShort { covered: last - first, width });
            }
            let n = libm::floor((last - first - width) / step + 1e-9) + 1.0;
            if n > MAX_SLICES as f64 {
                return Err(PeriodError::TooMany { n: n as usize });
            }
            Ok((0..n as usize)
                .map(|i| {
                    let from = first + i as f64 * step;
                    let middle = from + width / 2.0;
                    let weight = |d: f64| kernel.weight(d - middle, width);
                    Slice {
                        period: Period { name: name(from, from + width), from, to: from + width },
                        weights: dated.iter().map(|&(i, d)| (i, weight(d))).filter(|(_, w)| *w > 0.0).collect(),
                    }
                })
                .collect())
        }
    }
}

/// Returns whose each source is where it counts, numbered in the order in which they come: what one actor says in one stretch of time is
/// one thing, and what they say in another is another.
///
/// Sources of an actor are one cluster in each period; in sliding windows, in which they weigh by their dates, those of one date are.
/// `actor` says whose each source is; where it is empty each is a cluster of its own.
#[must_use]
pub fn clusters(division: &Division, slices: &[Slice], sources: &[Source], actor: &[usize]) -> Vec<usize> {
    if actor.is_empty() {
        return (0..sources.len()).collect();
    }
    let mut period: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, slice) in slices.iter().enumerate() {
        period.extend(slice.weights.iter().map(|w| (w.0, at)));
    }
    let mut known: BTreeMap<(usize, u64), usize> = BTreeMap::new();
    let of = |(i, source): (usize, &Source)| {
        let when = match division {
            Division::Periods(_) => period.get(&i).map_or(u64::MAX, |&at| at as u64),
            Division::Windows { .. } => source.date.map_or(u64::MAX, |d| d.year_fraction().to_bits()),
        };
        let next = known.len();
        *known.entry((actor.get(i).copied().unwrap_or(i), when)).or_insert(next)
    };
    sources.iter().enumerate().map(of).collect()
}

/// Clusters, each with its weight in a stretch of time.
pub type Weighed = Vec<(usize, f64)>;

impl Slice {
    /// Returns the clusters that count in it, each with its weight.
    #[must_use]
    pub fn clustered(&self, cluster: &[usize]) -> Weighed {
        let weights: BTreeMap<usize, f64> =
            self.weights.iter().filter_map(|&(i, weight)| Some((*cluster.get(i)?, weight))).collect();
        weights.into_iter().collect()
    }
}

/// Returns the pairs of slices that are compared: each that speaks with the first that begins where it ends, or later, and speaks.
///
/// Where nobody speaks nothing is born and nothing has died: such a stretch is no side of a comparison.
#[must_use]
pub fn neighbours(slices: &[Slice], speaks: impl Fn(usize) -> bool) -> Vec<(usize, usize)> {
    let begins_after = |i: usize, j: usize| slices[j].period.from >= slices[i].period.to - 1e-9;
    let after = |i: usize| (i + 1..slices.len()).find(|&j| begins_after(i, j) && speaks(j));
    (0..slices.len()).filter(|&i| speaks(i)).filter_map(|i| Some((i, after(i)?))).collect()
}
