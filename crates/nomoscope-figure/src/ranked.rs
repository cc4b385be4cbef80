//! Concepts in order of weight, with what is left over summed; and their rows in tables.

use crate::scale::{count, percent, plain, sane, share};
use crate::{Node, Others};
use nomoscope_core::table::Cell;
use nomoscope_core::weight;

/// The heaviest concepts and the sum of the rest.
pub(crate) struct Ranked<'a> {
    /// Heaviest first.
    pub(crate) shown: Vec<&'a Node>,
    /// What is not shown.
    pub(crate) rest: Others,
    /// Weight of all, shown or not.
    pub(crate) total: f64,
    /// How many there are.
    pub(crate) n: usize,
}

/// Returns the `limit` heaviest of `nodes`; a rest of a single concept is shown instead of being summed.
pub(crate) fn ranked(nodes: &[Node], others: Others, limit: usize) -> Ranked<'_> {
    let mut shown: Vec<&Node> = nodes.iter().collect();
    shown.sort_by(|a, b| {
        weight::compare(sane(b.weight), sane(a.weight))
            .then_with(|| a.id.cmp(&b.id))
            .then_with(|| a.label.cmp(&b.label))
    });
    let keep = if others.n == 0 && shown.len() == limit + 1 { limit + 1 } else { limit.min(shown.len()) };
    let dropped = shown.split_off(keep);
    let weight = dropped.iter().map(|node| sane(node.weight)).sum::<f64>() + sane(others.weight);
    let rest = Others { n: dropped.len() + others.n, weight };
    let total = shown.iter().map(|node| sane(node.weight)).sum::<f64>() + weight;
    Ranked { shown, rest, total, n: nodes.len() + others.n }
}

/// Returns what shows when the pointer rests on a concept.
pub(crate) fn hover(node: &Node, total: f64) -> String {
    let role = node.role.map_or("concept", crate::Role::word);
    let support = node.support.map_or_else(String::new, |s| format!(", support {}", plain(s)));
    let sure = if node.certain { "" } else { ", uncertain" };
    format!(
        "{} ({role}): weight {}, {}; {} in {}{support}{sure}",
        node.label,
        plain(sane(node.weight)),
        percent(share(sane(node.weight), total)),
        counted(node.units, "unit", "units"),
        counted(node.sources, "source", "sources"),
    )
}

/// Returns who makes statements.
pub(crate) const fn makers(by_actor: bool) -> &'static str {
    if by_actor { "actors" } else { "sources" }
}

/// Returns "1 unit", "3 units".
pub(crate) fn counted(n: u64, one: &str, many: &str) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX), one, many)
}

/// The columns of [`row`].
pub(crate) const COLUMNS: [&str; 10] =
    ["role", "id", "label", "norm_label", "weight", "share", "units", "sources", "certain", "support"];

/// Returns a concept as a row of a table.
pub(crate) fn row(part: &str, node: &Node, total: f64) -> Vec<Cell> {
    vec![
        Cell::text(part),
        Cell::text(&node.id),
        Cell::text(&node.label),
        Cell::text(yes(node.norm_label)),
        Cell::number(node.weight, 2),
        if total > 0.0 { Cell::number(sane(node.weight) / total, 3) } else { Cell::Missing("no weight at all") },
        Cell::Count(node.units),
        Cell::Count(node.sources),
        Cell::text(yes(node.certain)),
        node.support.map_or(Cell::Missing("not estimated"), |s| Cell::number(s, 2)),
    ]
}

/// Returns the row of what the caller left out.
pub(crate) fn others_row(part: &str, others: Others, total: f64) -> Vec<Cell> {
    let mut cells = vec![
        Cell::text(part),
        Cell::text(""),
        Cell::text(format!("others: {}", count(others.n, "concept", "concepts"))),
        Cell::text(""),
    ];
    cells.push(Cell::number(others.weight, 2));
    cells.push(if total > 0.0 {
        Cell::number(sane(others.weight) / total, 3)
    } else {
        Cell::Missing("no weight at all")
    });
    cells.extend((0..4).map(|_| Cell::Missing("a sum of several concepts")));
    cells
}

/// Returns "yes" or "no".
pub(crate) const fn yes(answer: bool) -> &'static str {
    if answer { "yes" } else { "no" }
}
