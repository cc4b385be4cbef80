//! Times as other programs write them, to RFC 3339 in UTC.
//!
//! Programs that say no zone wrote their local time; it is kept as it stands and marked UTC, for a study knows no other.

use nomoscope_core::date::PartialDate;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Returns a time as `2026-11-29T10:00:00Z`, a date as it is, and nothing where the word is neither.
#[must_use]
pub fn time(word: &str) -> String {
    let word = word.trim();
    iso(word).or_else(|| spelled(word)).or_else(|| numbered(word)).unwrap_or_default()
}

/// Returns the time of so many seconds after the beginning of 1970; nothing before the year 1 and after 9999.
#[must_use]
pub fn of_epoch(seconds: i64) -> String {
    let (day, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    match date_of(day) {
        Some((y, m, d)) => {
            format!("{y:04}-{m:02}-{d:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
        }
        None => String::new(),
    }
}

/// Returns the seconds after the beginning of 1970 of a time or a date.
#[must_use]
pub fn to_epoch(time: &str) -> Option<i64> {
    let date: PartialDate = time.get(..10).unwrap_or(time).parse().ok()?;
    let day = days(i64::from(date.year), i64::from(date.month.unwrap_or(1)), i64::from(date.day.unwrap_or(1)));
    let clock = time.get(11..19).and_then(clock).unwrap_or(0);
    Some(day * 86_400 + clock)
}

/// Days after the beginning of 1970 of a day of the Gregorian calendar (H. Hinnant, chrono-compatible date algorithms).
fn days(y: i64, m: i64, d: i64) -> i64 {
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let yoe = y - era * 400;
    let doy = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

fn date_of(day: i64) -> Option<(i64, i64, i64)> {
    let z = day.checked_add(719_468)?;
    let era = z.div_euclid(146_097);
    let doe = z - era * 146_097;
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (m, d) = (if mp < 10 { mp + 3 } else { mp - 9 }, doy - (153 * mp + 2) / 5 + 1);
    let y = yoe + era * 400 + i64::from(m <= 2);
    (1..=9999).contains(&y).then_some((y, m, d))
}

/// Seconds of `10:20:30`.
fn clock(word: &str) -> Option<i64> {
    let mut parts = word.split(':').map(|p| p.parse::<i64>().ok().filter(|n| (0..60).contains(n)));
    let (h, m) = (parts.next()??, parts.next()??);
    let s = parts.next().unwrap_or(Some(0))?;
    (h < 24 && parts.next().is_none()).then_some(h * 3600 + m * 60 + s)
}

fn iso(word: &str) -> Option<String> {
    let date = word.get(..10).filter(|d| d.parse::<PartialDate>().is_ok());
    let Some(date) = date else {
        return word.parse::<PartialDate>().is_ok_and(|d| d.day.is_some()).then(|| word.to_owned());
    };
    let rest = word.get(10..)?;
    if rest.is_empty() {
        return Some(date.to_owned());
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(rest.len());
    let (hms, zone) = rest.split_at(end);
    let seconds = clock(hms)?;
    let zone = match zone.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => zone,
    };
    let shift = match zone.trim() {
        "" | "Z" | "z" => 0,
        zone => {
            let (sign, hm) = match zone.split_at_checked(1)? {
                ("+", hm) => (1, hm),
                ("-" | "_", hm) => (-1, hm),
                _ => return None,
            };
            let hm = if hm.contains(':') { hm.to_owned() } else { format!("{}:{}", hm.get(..2)?, hm.get(2..)?) };
            sign * clock(&hm)?
        }
    };
    let made = of_epoch(to_epoch(date)? + seconds - shift);
    (!made.is_empty()).then_some(made)
}

/// Reads `Sat Apr 13 16:14:53 2013`.
fn spelled(word: &str) -> Option<String> {
    let parts: Vec<&str> = word.split_whitespace().collect();
    let [_, month, day, hms, year] = parts.as_slice() else { return None };
    let month = month.get(..3)?.to_ascii_lowercase();
    let month = MONTHS.iter().position(|m| *m == month)? + 1;
    let (day, year): (u8, u16) = (day.parse().ok()?, year.parse().ok()?);
    iso(&format!("{year:04}-{month:02}-{day:02}T{hms}Z"))
}

/// Reads `05.03.2024 10:11:12`, which begins with the day, and `3/5/2024 10:11:12 AM`, which begins with the month. With
/// slashes and without the half of the day, one that can be both is read as neither.
fn numbered(word: &str) -> Option<String> {
    let mut parts = word.split_whitespace();
    let (date, clock, half) = (parts.next()?, parts.next(), parts.next().map(str::to_ascii_uppercase));
    if parts.next().is_some() || half.as_deref().is_some_and(|half| half != "AM" && half != "PM") {
        return None;
    }
    let date = date.trim_end_matches(',');
    let sign = date.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '.' | '/'))?;
    let numbers: Option<Vec<u16>> = date.split(sign).map(|part| part.parse().ok()).collect();
    let [first, second, year] = numbers?[..] else { return None };
    let (day, month) = match sign {
        '.' => (first, second),
        _ if half.is_some() || second > 12 => (second, first),
        _ if first > 12 => (first, second),
        _ => return None,
    };
    let date = format!("{year:04}-{month:02}-{day:02}");
    let Some(clock) = clock else { return iso(&date) };
    let seconds = self::clock(clock)?;
    let seconds = match half.as_deref() {
        Some(_) if !(3_600..46_800).contains(&seconds) => return None,
        Some("AM") if seconds >= 43_200 => seconds - 43_200,
        Some("PM") if seconds < 43_200 => seconds + 43_200,
        _ => seconds,
    };
    iso(&format!("{date}T{:02}:{:02}:{:02}Z", seconds / 3600, seconds / 60 % 60, seconds % 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_other_programs() {
        for (word, want) in [
            ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
            ("2026-01-01T00:30:00+02:00", "2025-12-31T22:30:00Z"),
            ("2019-03-09T13:55:00.1234567-0500", "2019-03-09T18:55:00Z"),
            ("2021-05-06 07:08:09", "2021-05-06T07:08:09Z"),
            ("2021-05-06", "2021-05-06"),
            ("Sat Apr 13 16:14:53 2013", "2013-04-13T16:14:53Z"),
            ("Sun Mar  3 06:04:05 2024", "2024-03-03T06:04:05Z"),
            ("2021-02-30 07:08:09", ""),
            ("2021-02-20 25:08:09", ""),
            ("05.03.2024 10:11:12", "2024-03-05T10:11:12Z"),
            ("5.3.2024", "2024-03-05"),
            ("3/5/2024 10:11:12 AM", "2024-03-05T10:11:12Z"),
            ("3/5/2024 12:01 AM", "2024-03-05T00:01:00Z"),
            ("3/5/2024, 1:01:00 pm", "2024-03-05T13:01:00Z"),
            ("3/25/2024", "2024-03-25"),
            ("25/3/2024 09:00", "2024-03-25T09:00:00Z"),
            ("3/5/2024 10:11:12", ""),
            ("13/13/2024", ""),
            ("31.02.2024", ""),
            ("yesterday", ""),
            ("", ""),
        ] {
            assert_eq!(time(word), want, "{word}");
        }
        // Python: datetime.fromtimestamp(1106697600, timezone.utc)
        assert_eq!(of_epoch(1_106_697_600), "2005-01-26T00:00:00Z");
        assert_eq!(to_epoch("2005-01-26T00:00:00Z"), Some(1_106_697_600));
        assert_eq!(to_epoch("1969-12-31"), Some(-86_400));
        assert_eq!(of_epoch(i64::MAX), "");
    }
}
