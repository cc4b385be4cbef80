//! The answer in words.

use super::answer::Report;
use crate::address;
use crate::map::{brief, words};
use crate::words::{capital, counted};

/// Returns what the report says first.
#[must_use]
pub fn lead(report: &Report) -> String {
    brief::answer(&report.map, report.study.meta.claim.as_deref())
}

/// Returns what should be known before the report is used.
#[must_use]
pub fn cautions(report: &Report) -> Vec<String> {
    let mut out = words::cautions(&report.map);
    if report.lists_left_out > 0 {
        let left = counted(report.lists_left_out, "table of lists is", "tables of lists are");
        out.push(format!("{left} not estimated: a report takes the first {}.", report.lists.len()));
    }
    let refused = report.further.iter().filter_map(|further| Some((further, further.answer.as_ref().err()?)));
    out.extend(refused.map(|(further, why)| format!("{} has no answer: {why}.", title(&further.address))));
    out
}

/// Returns what an address asks as a heading: `Compare: by region, focus slavery`.
#[must_use]
pub fn title(address: &str) -> String {
    let (name, fields) = address::parts(address);
    let said = fields.iter().map(|(field, value)| {
        let field = field.rsplit('.').next().unwrap_or_default().replace('_', " ");
        format!("{field} {value}")
    });
    let said = said.collect::<Vec<_>>().join(", ");
    let name = capital(&name.replace('-', " "));
    if said.is_empty() { name } else { format!("{name}: {said}") }
}
