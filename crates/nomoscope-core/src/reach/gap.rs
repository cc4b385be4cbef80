//! The implementation gap: states that accepted a norm, made it law, and applied it.
//!
//! Narminio (2020) calls the distance between near-universal acceptance and limited enforcement the norm's puzzle. Here
//! it is measured among the same states throughout: those whose law, and whose courts, somebody looked at. A state that
//! nobody looked at is not one that did nothing.

use super::adoption::{Participant, Treaty};
use super::states::{States, end_of, last_day, start_of};
use super::survival::Spell;
use crate::date::PartialDate;
use crate::problem::{Remedy, Slot};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of a state's step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The step was taken on this date.
    Taken(PartialDate),
    /// It was seen on this date; the observation before, if there was one, did not show it.
    Seen {
        /// When it was first seen.
        by: PartialDate,
        /// The last observation without it.
        after: Option<PartialDate>,
    },
    /// It had not been taken by this date.
    NotBy(PartialDate),
}

impl Status {
    /// Returns by when the step is known to have been taken.
    #[must_use]
    pub const fn by(self) -> Option<PartialDate> {
        match self {
            Self::Taken(date) | Self::Seen { by: date, .. } => Some(date),
            Self::NotBy(_) => None,
        }
    }
}

/// A step that states take after they accept, with what is known of each state by code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StepTable {
    /// What the step is: `criminalised`, `convicted`.
    pub step: String,
    /// What is known of each state.
    pub of: BTreeMap<String, Status>,
    /// The last date that the table observes.
    pub until: Option<PartialDate>,
    /// The years in which it looks at states; empty where it gives dates and so knows of every year.
    pub years: BTreeSet<u16>,
}

impl StepTable {
    fn observes(&self, year: u16) -> bool {
        self.until.is_none_or(|d| year <= d.year) && (self.years.is_empty() || self.years.contains(&year))
    }

    /// Returns whether it leaves out years between those in which it looks: what happened there has no date.
    #[must_use]
    pub fn is_sparse(&self) -> bool {
        match (self.years.first(), self.years.last()) {
            (Some(first), Some(last)) => usize::from(last - first) + 1 > self.years.len(),
            _ => false,
        }
    }
}

/// The curves at the end of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapYear {
    /// The year.
    pub year: u16,
    /// States that had accepted.
    pub accepted: u64,
    /// Of these, states that had taken each step.
    pub taken: Vec<u64>,
}

/// How far a step is behind acceptance at the end.
#[derive(Debug, Clone, PartialEq)]
pub struct Behind {
    /// The step.
    pub step: String,
    /// States that had taken it.
    pub taken: u64,
    /// States that had accepted and not taken it.
    pub states: u64,
    /// How long ago as many had accepted as have taken the step now, in years.
    pub years: Option<f64>,
    /// When that was.
    pub level_reached: Option<PartialDate>,
    /// States that had taken the step before they accepted.
    pub before_accepting: u64,
    /// The first year by whose end a third of the world's states had taken it, having accepted.
    pub third: Option<u16>,
    /// Why there are no years.
    pub reason: Option<&'static str>,
}

/// The gap.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// The year at whose end it is measured: the last that all tables observe.
    pub until: u16,
    /// States that accepted and that all tables know.
    pub observed: u64,
    /// Codes of states that accepted and that some table does not know.
    pub unobserved: Vec<String>,
    /// The curves.
    pub curve: Vec<GapYear>,
    /// When observed states accepted, in order; then, step by step, when they had accepted and taken it.
    pub dates: Vec<Vec<PartialDate>>,
    /// One entry a step.
    pub behind: Vec<Behind>,
}

/// Why there is no gap.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GapError {
    /// No table.
    #[error("no table says which states took a further step")]
    NoTable,
    /// No state in common.
    #[error("no state that accepted `{treaty}` is in all tables")]
    NobodyObserved {
        /// The treaty.
        treaty: String,
    },
    /// The tables do not meet in time.
    #[error(
        "from the first acceptance of `{treaty}` to the end of its table there is no year in which all tables look at states"
    )]
    NoOverlap {
        /// The treaty.
        treaty: String,
        /// The last year of the table that ends first.
        until: u16,
    },
}

impl GapError {
    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> Remedy {
        match self {
            Self::NoTable => {
                Remedy::with("give {}, {} or both", [Slot::set("criminalised", "FILE"), Slot::set("convicted", "FILE")])
            }
            Self::NobodyObserved { .. } | Self::NoOverlap { .. } => {
                "check that the tables are on the same states and years".into()
            }
        }
    }
}

/// Returns the gap between the acceptance of a treaty and the steps after it, at the end of `until` or, if a table ends
/// before, of its last year.
/// # Errors  [`GapError`]
/// # Source  Narminio (2020), section 1, for the question
pub fn gap(treaty: &Treaty, steps: &[StepTable], states: &States, until: u16) -> Result<Gap, GapError> {
    if steps.is_empty() {
        return Err(GapError::NoTable);
    }
    let accepted: BTreeMap<&str, PartialDate> = accepted(treaty, |p| p.is_state_party(last_day(until)));
    let opened = accepted.values().map(|d| d.year).min().unwrap_or(until);
    // Only a year in which all tables look at states can be measured.
    let observed = |year: &u16| steps.iter().all(|s| s.observes(*year));
    let Some(until) = (opened..=until).rev().find(observed) else {
        let until = steps.iter().filter_map(|s| s.until).map(|d| d.year).min().unwrap_or(until);
        return Err(GapError::NoOverlap { treaty: treaty.name.clone(), until });
    };
    let known: BTreeSet<&str> =
        accepted.keys().copied().filter(|iso3| steps.iter().all(|s| s.of.contains_key(*iso3))).collect();
    if known.is_empty() {
        return Err(GapError::NobodyObserved { treaty: treaty.name.clone() });
    }
    let unobserved = accepted.keys().filter(|iso3| !known.contains(**iso3)).map(|s| (*s).to_owned()).collect();
    let accepted: BTreeMap<&str, PartialDate> = accepted.into_iter().filter(|(iso3, _)| known.contains(iso3)).collect();
    let curve: Vec<GapYear> = (opened..=until).filter(observed).map(|year| at_end_of(year, &accepted, steps)).collect();
    let behind = (0..steps.len()).map(|i| behind(i, &accepted, steps, states, &curve)).collect();
    let observed = accepted.values().filter(|d| d.year <= until).count() as u64;
    let dates = dates(until, &accepted, steps);
    Ok(Gap { until, observed, unobserved, curve, dates, behind })
}

fn dates(until: u16, accepted: &BTreeMap<&str, PartialDate>, steps: &[StepTable]) -> Vec<Vec<PartialDate>> {
    let both = |step: Option<&StepTable>| {
        let date = |(iso3, &date): (&&str, &PartialDate)| match step {
            None => Some(date),
            Some(step) => {
                let by = step.of.get(*iso3)?.by()?;
                // The later of the two; a year alone stands for its end only against a day within it.
                Some(if years_between(by, date) > 0.0 { date } else { by })
            }
        };
        let mut all: Vec<PartialDate> = accepted.iter().filter_map(date).filter(|d| d.year <= until).collect();
        all.sort_unstable_by(|a, b| a.year_fraction().total_cmp(&b.year_fraction()));
        all
    };
    std::iter::once(None).chain(steps.iter().map(Some)).map(both).collect()
}

fn accepted(treaty: &Treaty, is_meant: impl Fn(&Participant) -> bool) -> BTreeMap<&str, PartialDate> {
    let states = treaty.participants.iter().filter(|p| is_meant(p));
    states.filter_map(|p| p.joined.map(|d| (p.iso3.as_str(), d))).collect()
}

fn at_end_of(year: u16, accepted: &BTreeMap<&str, PartialDate>, steps: &[StepTable]) -> GapYear {
    let there: Vec<&str> = accepted.iter().filter(|(_, d)| d.year <= year).map(|(iso3, _)| *iso3).collect();
    let taken = |step: &StepTable| {
        let by = |iso3: &&&str| step.of.get(**iso3).and_then(|s| s.by()).is_some_and(|d| d.year <= year);
        there.iter().filter(by).count() as u64
    };
    GapYear { year, accepted: there.len() as u64, taken: steps.iter().map(taken).collect() }
}

fn behind(
    at: usize,
    accepted: &BTreeMap<&str, PartialDate>,
    steps: &[StepTable],
    states: &States,
    curve: &[GapYear],
) -> Behind {
    let step = &steps[at];
    let end = curve.last();
    let (until, all) = end.map_or((0, 0), |y| (y.year, y.accepted));
    let taken = end.map_or(0, |y| y.taken[at]);
    let mut dates: Vec<PartialDate> = accepted.values().copied().filter(|d| d.year <= until).collect();
    dates.sort_unstable_by_key(|d| end_of(*d));
    let level_reached = (taken > 0).then(|| dates.get(taken as usize - 1).copied()).flatten();
    let close = last_day(until);
    let first = |(iso3, date): &(&&str, &PartialDate)| {
        step.of.get(**iso3).and_then(|s| s.by()).is_some_and(|by| end_of(by) < start_of(**date))
    };
    let third = |y: &&GapYear| {
        let world = states.count(last_day(y.year));
        world.is_some_and(|w| 3 * y.taken[at] >= w)
    };
    Behind {
        step: step.step.clone(),
        taken,
        states: all - taken,
        years: level_reached.map(|d| years_between(d, close)),
        level_reached,
        before_accepting: accepted.iter().filter(first).count() as u64,
        third: curve.iter().find(third).map(|y| y.year),
        reason: (taken == 0).then_some("no state had taken the step"),
    }
}

/// The times from one step to the next, and what could not be used.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lags {
    /// The spells, by state.
    pub spells: Vec<Spell>,
    /// States that had taken the second step when they took the first: their lag is 0.
    pub already: u64,
    /// States whose second step lies somewhere between two observations more than [`WIDEST_YEARS`] apart.
    pub undated: u64,
    /// States that nobody observed after the first step, or not at all.
    pub unobserved: u64,
}

/// Where more than this share of the states have a step without a date, the lags of the others say nothing: those who
/// have not taken it yet would stay in, and many of those who have would not.
pub const MOST_UNDATED: f64 = 0.05;

impl Lags {
    /// Returns whether too many steps have no date.
    #[must_use]
    pub fn too_many_undated(&self) -> bool {
        let all = self.spells.len() as f64 + self.undated as f64;
        all > 0.0 && self.undated as f64 > MOST_UNDATED * all
    }
}

/// Observations further apart than this do not date what happened between them.
pub const WIDEST_YEARS: f64 = 1.5;

/// Returns how long states took from accepting to a step, those that withdrew later included.
#[must_use]
pub fn lags_from_acceptance(treaty: &Treaty, step: &StepTable) -> Lags {
    let mut lags = Lags::default();
    for (iso3, date) in accepted(treaty, |p| p.kind.is_state()) {
        lags.add(date, step.of.get(iso3).copied());
    }
    lags
}

/// Returns how long the states that accepted took from one step to another.
#[must_use]
pub fn lags_between(treaty: &Treaty, first: &StepTable, second: &StepTable) -> Lags {
    let mut lags = Lags::default();
    for iso3 in accepted(treaty, |p| p.kind.is_state()).keys() {
        match first.of.get(*iso3) {
            Some(Status::Seen { by, after }) if too_wide(*by, *after) => lags.undated += 1,
            Some(status) => {
                if let Some(date) = status.by() {
                    lags.add(date, second.of.get(*iso3).copied());
                }
            }
            None => lags.unobserved += 1,
        }
    }
    lags
}

fn too_wide(by: PartialDate, after: Option<PartialDate>) -> bool {
    after.is_none_or(|after| years_between(after, by) > WIDEST_YEARS)
}

impl Lags {
    fn add(&mut self, from: PartialDate, status: Option<Status>) {
        match status {
            None => self.unobserved += 1,
            Some(Status::NotBy(date)) => {
                let years = years_between(from, date);
                if years > 0.0 {
                    self.spells.push(Spell { years, taken: false });
                } else {
                    self.unobserved += 1;
                }
            }
            Some(Status::Taken(date)) => self.taken(years_between(from, date)),
            Some(Status::Seen { by, after }) => {
                let years = years_between(from, by);
                if years > 0.0 && too_wide(by, after) {
                    self.undated += 1;
                } else {
                    self.taken(years);
                }
            }
        }
    }

    fn taken(&mut self, years: f64) {
        self.already += u64::from(years <= 0.0);
        self.spells.push(Spell { years: years.max(0.0), taken: true });
    }
}

/// Returns the time between two dates in years of 365.2425 days; what is not known of a date stands in its middle.
#[must_use]
pub fn years_between(from: PartialDate, to: PartialDate) -> f64 {
    // Whole days, so that equal lags are equal numbers.
    (day_number(to) - day_number(from)) as f64 / 365.2425
}

/// Returns the day as a number, in the Gregorian calendar.
/// # Source  E. G. Richards (2013), in: Explanatory Supplement to the Astronomical Almanac, 3rd ed., 15.11.3
fn day_number(date: PartialDate) -> i64 {
    let (month, day) = match (date.month, date.day) {
        (None, _) => (7, 2),
        (Some(month), day) => (i64::from(month), day.map_or(15, i64::from)),
    };
    let year = i64::from(date.year);
    let h = month - 2;
    let g = year + 4716 - (12 + 2 - month) / 12;
    let f = (h - 1 + 12) % 12;
    let e = (1461 * g) / 4 + day - 1 - 1401;
    let j = e + (153 * f + 2) / 5;
    j + 38 - (((g + 184) / 100) * 3) / 4
}
