//! Dates that are known to the day, the month or the year, as ISO 8601 writes them.
//!
//! Absent on purpose: what spreadsheets, depositaries and people write, which the readers of tables turn into this.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A date known to the day, the month or the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct PartialDate {
    /// Year, 1 to 9999.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: Option<u8>,
    /// Day of the month.
    pub day: Option<u8>,
}

/// Returns the day of a time such as `2001-03-21 00:00:00` or `2001-03-21T00:00:00Z`, as databases and spreadsheets
/// write it, and all else as it is.
#[must_use]
pub fn without_time(words: &str) -> &str {
    let has_time = |rest: &str| {
        rest.starts_with(['T', ' ']) && rest.get(1..).is_some_and(|time| time.starts_with(|c: char| c.is_ascii_digit()))
    };
    let is_day = |day: &str| day.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    words.split_at_checked(10).filter(|(day, rest)| is_day(day) && has_time(rest)).map_or(words, |(day, _)| day)
}

/// Why a date was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date of the form 2000, 2000-11 or 2000-11-15")]
pub struct DateError(pub String);

impl FromStr for PartialDate {
    type Err = DateError;

    fn from_str(s: &str) -> Result<Self, DateError> {
        let fail = || DateError(s.to_owned());
        let digits = |part: &str, n: usize| {
            (part.len() == n && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u16>().ok()).flatten()
        };
        let mut parts = s.split('-');
        let year = parts.next().and_then(|p| digits(p, 4)).filter(|&y| y > 0).ok_or_else(fail)?;
        let month = match parts.next() {
            None => None,
            Some(p) => Some(digits(p, 2).filter(|m| (1..=12).contains(m)).ok_or_else(fail)? as u8),
        };
        let day = match (month, parts.next()) {
            (_, None) => None,
            (None, Some(_)) => return Err(fail()),
            (Some(m), Some(p)) => {
                let last = days_in_month(year, m);
                Some(digits(p, 2).filter(|&d| d >= 1 && d <= u16::from(last)).ok_or_else(fail)? as u8)
            }
        };
        if parts.next().is_some() {
            return Err(fail());
        }
        Ok(Self { year, month, day })
    }
}

const fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> Self {
        date.to_string()
    }
}

impl TryFrom<String> for PartialDate {
    type Error = DateError;

    fn try_from(text: String) -> Result<Self, DateError> {
        text.parse()
    }
}

impl PartialDate {
    /// Returns the date as a fraction of years, at the middle of what is not known.
    #[must_use]
    pub fn year_fraction(self) -> f64 {
        let month =
            self.month.map_or(6.5, |m| f64::from(m) - 1.0 + self.day.map_or(0.5, |d| (f64::from(d) - 0.5) / 31.0));
        f64::from(self.year) + month / 12.0
    }

    /// Returns within which years it lies, as fractions: from the beginning to the end of what is not known; of a day, twice the same.
    #[must_use]
    pub fn years_within(self) -> (f64, f64) {
        let year = f64::from(self.year);
        match (self.month, self.day) {
            (None, _) => (year, year + 1.0),
            (Some(m), None) => (year + (f64::from(m) - 1.0) / 12.0, year + f64::from(m) / 12.0),
            (Some(_), Some(_)) => (self.year_fraction(), self.year_fraction()),
        }
    }

    /// Returns the first day that it may be: year, month, day.
    #[must_use]
    pub fn earliest(self) -> (u16, u8, u8) {
        (self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// Returns a day before which it lies, or which it is: year, month, day.
    #[must_use]
    pub fn latest(self) -> (u16, u8, u8) {
        (self.year, self.month.unwrap_or(12), self.day.unwrap_or(31))
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::without_time;

    #[test]
    fn of_a_time_the_day() {
        for (words, want) in [
            ("2001-03-21 00:00:00", "2001-03-21"),
            ("2001-03-21T10:15:00Z", "2001-03-21"),
            ("2001-03-21", "2001-03-21"),
            ("2001-03-21 a", "2001-03-21 a"),
            ("21 August 2002 a", "21 August 2002 a"),
            ("août 2001 à", "août 2001 à"),
        ] {
            assert_eq!(without_time(words), want);
        }
    }
}
