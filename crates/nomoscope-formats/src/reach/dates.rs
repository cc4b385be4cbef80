//! Dates as depositaries, statisticians and people write them.

use crate::grid::is_blank;
use nomoscope_core::date::{PartialDate, without_time};
use nomoscope_core::reach::adoption::Way;

/// A date with the way in which a party joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dated {
    /// The date.
    pub date: PartialDate,
    /// What the depositary's letter says.
    pub way: Way,
}

/// Why a cell is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateProblem {
    /// Nothing like a date.
    #[error("`{0}` is no date")]
    NoDate(String),
    /// A day and a month that could be either.
    #[error("`{0}` may be day and month or month and day")]
    Ambiguous(String),
    /// A day that the month does not have, or a month that the year does not have.
    #[error("`{0}` is a day that no calendar has")]
    NoSuchDay(String),
}

impl DateProblem {
    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Ambiguous(_) => "write the month as a word, or the date as 2000-12-31",
            _ => {
                "dates are written 12 Dec 2000, 2000-12-12, 2000-12 or 2000; a letter may follow: a, A, AA, c, d, n, P, s"
            }
        }
    }
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const LONG_MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Returns the date in a cell; none for a blank one.
///
/// # Errors
/// [`DateProblem`]
pub fn read(cell: &str) -> Result<Option<Dated>, DateProblem> {
    if is_blank(cell) {
        return Ok(None);
    }
    let fail = || DateProblem::NoDate(cell.trim().to_owned());
    let bare = without_notes(cell);
    let mut words: Vec<&str> = bare.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()).collect();
    let mark = words.last().copied().filter(|w| w.chars().all(char::is_alphabetic) && w.chars().count() <= 2);
    let way = match mark {
        None => Way::Ratification,
        Some(mark) => {
            words.pop();
            Way::of_mark(mark).ok_or_else(fail)?
        }
    };
    let date = date(&words).ok_or_else(fail)?;
    let date = date.map_err(|ambiguous| match ambiguous {
        Some(()) => DateProblem::Ambiguous(cell.trim().to_owned()),
        None => DateProblem::NoSuchDay(cell.trim().to_owned()),
    })?;
    Ok(Some(Dated { date, way }))
}

/// Returns the cell without footnotes in brackets and time of day.
fn without_notes(cell: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_u32;
    for c in cell.chars() {
        match c {
            '[' | '(' => depth = depth.saturating_add(1),
            ']' | ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    without_time(out.trim()).to_owned()
}

/// Returns none for what is no date, an error of `Some` for an ambiguous one and of none for an impossible one.
type Parsed = Option<Result<PartialDate, Option<()>>>;

fn date(words: &[&str]) -> Parsed {
    match words {
        [one] => single(one),
        [a, b, c] => match (month(a), month(b)) {
            (_, Some(month)) => Some(on(year(c)?, month, day(a)?)),
            (Some(month), _) => Some(on(year(c)?, month, day(b)?)),
            _ => None,
        },
        [a, b] => Some(Ok(PartialDate { year: year(b)?, month: Some(month(a)?), day: None })),
        _ => None,
    }
}

fn single(word: &str) -> Parsed {
    let parts: Vec<&str> = word.split(['-', '/', '.']).collect();
    match parts.as_slice() {
        [y] => Some(Ok(PartialDate { year: year(y)?, month: None, day: None })),
        // Statistics programs write 2004.0 for a year.
        [y, "0"] if word.contains('.') => Some(Ok(PartialDate { year: year(y)?, month: None, day: None })),
        [y, m] if y.len() == 4 => {
            let month = number(m, 12)?;
            Some(Ok(PartialDate { year: year(y)?, month: Some(month), day: None }))
        }
        [m, y] => Some(Ok(PartialDate { year: year(y)?, month: Some(month(m)?), day: None })),
        [y, m, d] if y.len() == 4 => Some(on(year(y)?, month(m).or_else(|| number(m, 99))?, day(d)?)),
        [d, m, y] if month(m).is_some() => Some(on(year(y)?, month(m)?, day(d)?)),
        [a, b, y] => {
            let (a, b, y) = (number(a, 31)?, number(b, 31)?, year(y)?);
            // With points the day comes first everywhere; with strokes that depends on the country.
            if word.contains('.') || a > 12 || a == b {
                Some(on(y, b, a))
            } else if b > 12 {
                Some(on(y, a, b))
            } else {
                Some(Err(Some(())))
            }
        }
        _ => None,
    }
}

fn on(year: u16, month: u8, day: u8) -> Result<PartialDate, Option<()>> {
    format!("{year:04}-{month:02}-{day:02}").parse().map_err(|_| None)
}

fn year(word: &str) -> Option<u16> {
    (word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()))
        .then(|| word.parse().ok())
        .flatten()
        .filter(|y| *y > 0)
}

fn day(word: &str) -> Option<u8> {
    number(word, 99)
}

fn number(word: &str, most: u8) -> Option<u8> {
    let digits = !word.is_empty() && word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| word.parse().ok()).flatten().filter(|n| (1..=most).contains(n))
}

fn month(word: &str) -> Option<u8> {
    let word = word.trim_end_matches('.').to_lowercase();
    let word = if word == "sept" { "sep" } else { word.as_str() };
    let at = MONTHS.iter().position(|m| *m == word).or_else(|| LONG_MONTHS.iter().position(|m| *m == word))?;
    u8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(cell: &str, want: &str) {
        let got = match read(cell) {
            Ok(None) => "blank".to_owned(),
            Ok(Some(d)) => format!("{} {}", d.date, d.way.name()),
            Err(e) => e.to_string(),
        };
        assert_eq!(got, want, "{cell:?}");
    }

    #[test]
    fn dates_of_every_kind() {
        check("12 Dec 2000", "2000-12-12 ratification");
        check("21 Aug 2002 a", "2002-08-21 accession");
        check(" 6 Sep 2006 AA", "2006-09-06 approval");
        check("1 July 2003 A", "2003-07-01 acceptance");
        check("23 Oct 2006 d", "2006-10-23 succession");
        check("5 Sept 2001 c", "2001-09-05 formal confirmation");
        check("12 Dec 2000 [1]", "2000-12-12 ratification");
        check("21 Oct 2013 a [2]", "2013-10-21 accession");
        check("December 12, 2000", "2000-12-12 ratification");
        check("12-Dec-2000", "2000-12-12 ratification");
        check("2000-12-12", "2000-12-12 ratification");
        check("2000-12-12T00:00:00Z", "2000-12-12 ratification");
        check("2000-12", "2000-12 ratification");
        check("Dec 2000", "2000-12 ratification");
        check("2000", "2000 ratification");
        check("2004.0", "2004 ratification");
        check("31/12/2000", "2000-12-31 ratification");
        check("12/31/2000", "2000-12-31 ratification");
        check("12.11.2000", "2000-11-12 ratification");
        for blank in ["", " ", "-", "–", "NA", "n/a"] {
            check(blank, "blank");
        }
    }

    #[test]
    fn what_is_no_date() {
        check("11/12/2000", "`11/12/2000` may be day and month or month and day");
        check("31 Feb 2000", "`31 Feb 2000` is a day that no calendar has");
        check("2001-02-29", "`2001-02-29` is a day that no calendar has");
        check("2000-13-01", "`2000-13-01` is a day that no calendar has");
        for bad in ["yes", "12 Dez 2000", "00", "12 Dec 00", "2000-13", "12 Dec 2000 x", "12 Dec 2000 b", "20000"] {
            check(bad, &format!("`{bad}` is no date"));
        }
    }

    proptest! {
        #[test]
        fn no_cell_panics(cell in "\\PC{0,20}", parts in "[0-9a-zA-Z./ \\-]{0,16}") {
            let _ = read(&cell);
            let _ = read(&parts);
        }

        #[test]
        fn what_is_written_is_read(year in 1800_u16..2100, month in 1_u8..=12, day in 1_u8..=28) {
            let date = PartialDate { year, month: Some(month), day: Some(day) };
            let word = format!("{day} {} {year} a", MONTHS[usize::from(month) - 1]);
            prop_assert_eq!(read(&word).map(|d| d.map(|d| d.date)), Ok(Some(date)));
            prop_assert_eq!(read(&date.to_string()).map(|d| d.map(|d| d.date)), Ok(Some(date)));
        }
    }
}
