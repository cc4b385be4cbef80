//! What is assumed of ladders, in words.

use crate::words::{counted, thousands};
use nomoscope_core::reach::attrition::{Count, Ladder, Settings};

/// Returns what is assumed of all ladders.
pub(super) fn assumptions<'l>(
    ladders: impl Iterator<Item = &'l Ladder>,
    settings: &Settings,
    suppressed_from: u64,
) -> Vec<String> {
    let all: Vec<&Ladder> = ladders.collect();
    let mut out = Vec::new();
    let suppressed: u64 = all.iter().flat_map(|l| &l.counts).map(Count::suppressed).sum();
    if suppressed > 0 {
        out.push(format!(
            "{}: each is taken as a whole number from {suppressed_from} to one below its limit, all equally likely and independent",
            counted(usize::try_from(suppressed).unwrap_or(usize::MAX), "suppressed cell", "suppressed cells")
        ));
    }
    let ranges = |l: &&Ladder| l.steps.iter().any(|s| s.interval.is_some());
    if all.iter().any(ranges) {
        out.push(format!(
            "intervals hold what is left open by the stated ranges ({} draws, seed {}), and no error of counting",
            thousands(settings.draws as u64),
            settings.seed.0
        ));
    }
    if all.iter().any(|l| l.years_differ) {
        out.push("the stages are of different years".to_owned());
    }
    out
}
