//! The answer in words.

use super::answer::{Adoption, GapReport, TreatyReport};
use crate::words::counted;
use nomoscope_core::reach::adoption::Year;

/// Returns what each treaty and the gap say.
#[must_use]
pub fn lead(adoption: &Adoption) -> Vec<String> {
    let gap_lines = adoption.gap.iter().flat_map(gap);
    adoption.treaties.iter().map(treaty).chain(gap_lines).collect()
}

/// Returns how many joined a treaty, and when a third had, in a sentence.
#[must_use]
pub fn treaty(report: &TreatyReport) -> String {
    let t = &report.treaty;
    let states = counted(t.states(report.end()) as usize, "state", "states");
    let others = match report.not_states().len() {
        0 => String::new(),
        n => format!(", and {}", counted(n, "that is no state", "that are no states")),
    };
    let share = report
        .curve
        .last()
        .and_then(Year::share)
        .map_or_else(String::new, |s| format!(", {:.0} % of the world's", s * 100.0));
    let third = match report.tipping {
        Ok(tip) => format!("a third ({} of {}) had joined by {}", tip.states, tip.world, tip.date),
        Err(reason) => format!("when a third had joined is not known: {reason}"),
    };
    let left = match report.left().len() {
        0 => String::new(),
        n => format!(", {n} that joined and are parties no more"),
    };
    format!(
        "{}: {} ({states}{share}{others}) by the end of {}, {}{left}; {third}.",
        t.name,
        counted(t.parties(report.end()) as usize, "party", "parties"),
        report.until,
        counted(usize::try_from(t.signatories()).unwrap_or(usize::MAX), "signatory", "signatories"),
    )
}

/// Returns how far each step is behind acceptance, a sentence a step.
#[must_use]
pub fn gap(report: &GapReport) -> Vec<String> {
    let Ok(gap) = &report.gap else { return Vec::new() };
    let mut out = Vec::new();
    for behind in &gap.behind {
        let years = behind.years.map_or_else(String::new, |y| format!(", where acceptance stood {y:.1} years before"));
        out.push(format!(
            "Of {} states that had accepted by the end of {} and that all tables know, {} had {}: {} fewer{years}.",
            gap.observed, gap.until, behind.taken, behind.step, behind.states
        ));
    }
    out
}

pub(super) fn looked(years: &[u16]) -> String {
    years.iter().take(8).map(u16::to_string).collect::<Vec<_>>().join(", ")
}

/// Returns what must be said with the numbers.
#[must_use]
pub fn cautions(adoption: &Adoption) -> Vec<String> {
    let mut out = vec![
        "The observation of a treaty ends with the year of its last date, unless a year was named; states that joined later are not in the table.".to_owned(),
        "Curves are fitted to states alone, year by year, among the states that there were at the end; no curve says why states joined.".to_owned(),
    ];
    for report in &adoption.treaties {
        let name = &report.treaty.name;
        let unread: Vec<String> = report.treaty.unread.iter().map(|column| format!("`{column}`")).collect();
        if !unread.is_empty() {
            out.push(format!("{name}: nothing was read from {}.", unread.join(", ")));
        }
        let late = report.signed_late();
        if !late.is_empty() {
            out.push(format!("{name}: {} signed after joining; check the dates.", late.join(", ")));
        }
    }
    if let Some(gap) = &adoption.gap {
        match &gap.gap {
            Ok(g) if !g.unobserved.is_empty() => out.push(format!(
                "The gap is measured among {} states; of {} that accepted too, not all steps are known. A state that nobody looked at is not one that did nothing.",
                g.observed,
                counted(g.unobserved.len(), "state", "states")
            )),
            _ => {}
        }
        out.extend(gap.sparse.iter().map(|(step, years)| {
            format!(
                "The table of `{step}` looks at states in {} alone. The gap is measured in the last of these years that the treaty's table reaches (unless a year was named up to which it reaches); when a step was taken in between is not known.",
                looked(years)
            )
        }));
        out.push(
            "The gap is descriptive: it does not say that acceptance caused, or failed to cause, anything.".to_owned(),
        );
    }
    out
}
