//! The one clock.

/// Returns today's date in UTC, ISO.
pub fn today() -> String {
    timestamp().chars().take(10).collect()
}

/// Returns the time in UTC, RFC 3339, to the second. `SOURCE_DATE_EPOCH` takes the place of the clock.
pub fn timestamp() -> String {
    let fixed = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|s| s.parse::<u64>().ok());
    let seconds = fixed.unwrap_or_else(|| {
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs())
    });
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = civil(days as i64);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest % 3600 / 60, rest % 60)
}

/// Returns the time as disks have it, to tell how long ago a file changed: nothing that is written depends on it.
pub(crate) fn now() -> std::time::SystemTime {
    std::time::SystemTime::now()
}

/// Days since 1970-01-01 to a date of the Gregorian calendar.
/// # Source  E. G. Richards (2013), in: Explanatory Supplement to the Astronomical Almanac, 3rd ed., 15.11.3
const fn civil(days: i64) -> (i64, i64, i64) {
    let julian = days + 2_440_588;
    let f = julian + 1401 + (((4 * julian + 274_277) / 146_097) * 3) / 4 - 38;
    let e = 4 * f + 3;
    let g = (e % 1461) / 4;
    let h = 5 * g + 2;
    let day = (h % 153) / 5 + 1;
    let month = (h / 153 + 2) % 12 + 1;
    let year = e / 1461 - 4716 + (12 + 2 - month) / 12;
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::civil;

    #[test]
    fn dates_of_the_calendar() {
        for (days, want) in
            [(0, (1970, 1, 1)), (11_016, (2000, 2, 29)), (11_276, (2000, 11, 15)), (20_780, (2026, 11, 23))]
        {
            assert_eq!(civil(days), want);
        }
    }
}
