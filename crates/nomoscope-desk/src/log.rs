//! Which changes of a study somebody asks for.

use nomoscope_core::date::PartialDate;
use nomoscope_core::study::Event;

/// Changes that are asked for; by default all.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// By whom, exactly as the log names them.
    pub coder: Option<String>,
    /// Words that the change has, in small letters or capitals; none asks for all.
    pub words: String,
    /// The first day, month or year.
    pub since: Option<PartialDate>,
    /// The last day, month or year, all of it.
    pub until: Option<PartialDate>,
}

impl Wanted {
    /// Returns whether a change is asked for. Times of the log are in UTC.
    #[must_use]
    pub fn has(&self, event: &Event) -> bool {
        // As much of the time as the date says is compared: a month begins and ends with its days.
        let time = |date: PartialDate| {
            let date = date.to_string();
            (event.time.get(..date.len()).unwrap_or_default().to_owned(), date)
        };
        self.coder.as_deref().is_none_or(|coder| event.coder == coder)
            && event.command.to_lowercase().contains(&self.words.to_lowercase())
            && self.since.map(time).is_none_or(|(time, since)| time >= since)
            && self.until.map(time).is_none_or(|(time, until)| time <= until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(wanted: &Wanted, has: bool) {
        let event = Event {
            id: "1".to_owned(),
            parents: Vec::new(),
            coder: "ana".to_owned(),
            time: "2026-11-29T23:59:59Z".to_owned(),
            command: "code Sources/a.txt".to_owned(),
            forward: "null".to_owned(),
            inverse: "null".to_owned(),
        };
        assert_eq!(wanted.has(&event), has, "{wanted:?}");
    }

    #[test]
    fn by_whom_what_and_when() {
        check(&Wanted::default(), true);
        for (coder, has) in [("ana", true), ("Ana", false), ("an", false)] {
            check(&Wanted { coder: Some(coder.to_owned()), ..Wanted::default() }, has);
        }
        for (words, has) in [("sources/A", true), ("undo", false)] {
            check(&Wanted { words: words.to_owned(), ..Wanted::default() }, has);
        }
        for (date, since, until) in [
            ("2026", true, true),
            ("2026-11", true, true),
            ("2026-11-29", true, true),
            ("2026-11-30", false, true),
            ("2026-10", true, false),
            ("2027", false, true),
        ] {
            let date = Some(date.parse().unwrap());
            check(&Wanted { since: date, ..Wanted::default() }, since);
            check(&Wanted { until: date, ..Wanted::default() }, until);
        }
    }
}
