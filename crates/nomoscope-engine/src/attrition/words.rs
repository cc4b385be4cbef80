//! The answer in words.

use super::answer::{Attrition, GroupLadder};
use crate::words::{capital, counted, thousands};
use nomoscope_core::reach::attrition::{Ladder, Ratio};

/// Returns the answer in a sentence.
#[must_use]
pub fn lead(attrition: &Attrition) -> String {
    let known: Vec<(&GroupLadder, &Ladder)> = attrition.known().collect();
    let [(group, ladder)] = known.as_slice() else {
        return format!(
            "{}: {} with a ladder, {} without.",
            attrition.title,
            counted(known.len(), "group", "groups"),
            attrition.ladders.len() - known.len()
        );
    };
    let first = ladder.stages.first().map_or("", |s| s.label.as_str());
    let parts: Vec<String> = ladder
        .from_first
        .iter()
        .filter_map(|r| ladder.stages.get(r.to).map(|s| format!("{} {}", s.label, left(r))))
        .collect();
    let group = if group.group.is_empty() { String::new() } else { format!(" ({})", group.name()) };
    format!("Of {first}{group}: {}.", parts.join("; "))
}

/// Returns what is left, in words.
#[must_use]
pub fn left(ratio: &Ratio) -> String {
    match (ratio.ratio, ratio.order) {
        (Some(value), _) => {
            let interval = ratio.interval.map_or_else(String::new, |i| {
                let end = |v: Option<f64>| v.map_or("open".to_owned(), percent);
                format!(" [{}; {}]", end(i.lower), end(i.upper))
            });
            format!("{}{interval}", percent(value))
        }
        (None, Some(order)) => format!("about 1 in {}", power(order)),
        (None, None) => ratio.reason.map_or_else(|| "not known".to_owned(), |reason| format!("not known ({reason})")),
    }
}

/// Returns how a stage that may count more than the one before it is told.
fn grown(ladder: &Ladder) -> Vec<String> {
    let label = |at: usize| ladder.stages.get(at).map_or("", |s| s.label.as_str());
    let most = |r: &Ratio| r.interval.and_then(|i| i.upper).into_iter().chain(r.ratio).fold(0.0, f64::max);
    let grown = ladder.steps.iter().filter(|r| most(r) > 1.0);
    grown.map(|r| format!("{} are {} of {}", label(r.to), left(r), label(r.from))).collect()
}

fn percent(value: f64) -> String {
    if value > 0.0 && value < 0.001 { format!("{:.4} %", value * 100.0) } else { format!("{:.1} %", value * 100.0) }
}

/// Returns a power of ten in full, 100 for 2.
pub(super) fn power(order: i32) -> String {
    match u32::try_from(order).ok().and_then(|o| 10_u64.checked_pow(o)) {
        Some(n) => thousands(n),
        None => format!("10^{order}"),
    }
}

/// Returns what must be said with the numbers.
#[must_use]
pub fn cautions(attrition: &Attrition) -> Vec<String> {
    let mut out = Vec::new();
    let mixed = attrition.known().find(|(_, l)| l.mixed);
    if let Some((_, ladder)) = mixed {
        let parts: Vec<String> = ladder
            .differences
            .iter()
            .map(|d| format!("{} {} is followed by {} {}", d.what, d.before, d.what, d.after))
            .collect();
        out.push(format!(
            "The stages do not count the same ({}); where that is so, orders of magnitude stand in place of ratios, without intervals.",
            parts.join("; ")
        ));
    }
    for (group, ladder) in attrition.known() {
        let grown = grown(ladder);
        if !grown.is_empty() {
            let of = if group.group.is_empty() { String::new() } else { format!(" ({})", group.name()) };
            out.push(format!(
                "More may reach a stage than the one before it{of}: {}. No part is larger than its whole: check the order of the stages, and that they count the same population.",
                grown.join("; ")
            ));
        }
    }
    out.extend((!attrition.caution.is_empty()).then(|| attrition.caution.clone()));
    out.extend(attrition.assumptions.iter().map(|a| format!("{}.", capital(a))));
    out
}
