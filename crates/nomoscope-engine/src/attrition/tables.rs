//! The answer as tables.

use super::answer::Attrition;
use super::words::power;
use crate::words::thousands;
use nomoscope_core::reach::attrition::{Ratio, Size};
use nomoscope_core::table::{Cell, Table};

/// Returns stages and ratios, and of a table the counts of each indicator.
#[must_use]
pub fn all(attrition: &Attrition) -> Vec<Table> {
    let mut all = vec![stages(attrition), ratios(attrition)];
    if !attrition.counts.is_empty() {
        all.push(counted(attrition));
    }
    all
}

fn stages(attrition: &Attrition) -> Table {
    let grouped = attrition.ladders.iter().any(|g| !g.group.is_empty());
    let mut columns = vec!["stage", "unit", "year", "count", "low", "high", "suppressed_cells", "source"];
    if grouped {
        columns.insert(0, "group");
    }
    let mut table = Table::new("attrition-stages", "Stages", &columns);
    for (group, ladder) in attrition.known() {
        for (stage, count) in ladder.stages.iter().zip(&ladder.counts) {
            let rough = matches!(stage.size, Size::OneIn { .. });
            let number =
                |v: f64| if rough { Cell::text(format!("≈ {}", thousands(v as u64))) } else { Cell::number(v, 0) };
            let mut row = vec![
                Cell::text(&stage.label),
                Cell::text(&stage.unit),
                Cell::text(&stage.year),
                number(count.point()),
                number(count.low()),
                number(count.high()),
                Cell::Whole(count.suppressed()),
                Cell::text(&stage.source),
            ];
            if grouped {
                row.insert(0, Cell::text(group.name()));
            }
            table.push(row);
        }
    }
    for group in attrition.ladders.iter().filter(|g| g.ladder.is_err()) {
        if let Err(reason) = &group.ladder {
            table.notes.push(format!("{}: {reason}", group.name()));
        }
    }
    table
}

fn ratios(attrition: &Attrition) -> Table {
    let grouped = attrition.ladders.iter().any(|g| !g.group.is_empty());
    let mut columns = vec!["from", "to", "ratio", "low", "high", "one_in"];
    if grouped {
        columns.insert(0, "group");
    }
    let mut table = Table::new("attrition-ratios", "What is left from stage to stage", &columns);
    for (group, ladder) in attrition.known() {
        let further = ladder.from_first.iter().filter(|r| r.to > 1);
        for ratio in ladder.steps.iter().chain(further) {
            let label = |at: usize| Cell::text(ladder.stages.get(at).map_or("", |s| s.label.as_str()));
            let reason = ratio.reason.unwrap_or("not known");
            let number = |v: Option<f64>| v.map_or(Cell::Missing(reason), |v| Cell::number(v, 4));
            let mut row = vec![
                label(ratio.from),
                label(ratio.to),
                number(ratio.ratio),
                number(ratio.interval.and_then(|i| i.lower)),
                number(ratio.interval.and_then(|i| i.upper)),
                one_in(ratio),
            ];
            if grouped {
                row.insert(0, Cell::text(group.name()));
            }
            table.push(row);
        }
    }
    table
}

fn one_in(ratio: &Ratio) -> Cell {
    match (ratio.ratio, ratio.order) {
        (Some(value), _) if value > 0.0 => Cell::number(1.0 / value, 1),
        (None, Some(order)) => Cell::text(format!("about {}", power(order))),
        _ => Cell::Missing("nobody is left"),
    }
}

fn counted(attrition: &Attrition) -> Table {
    let mut table = Table::new(
        "attrition-counts",
        "Counts of each indicator, whoever reports it",
        &["group", "indicator", "unit", "reports", "low", "high", "suppressed_cells"],
    );
    for c in &attrition.counts {
        let name = c.group.iter().map(|(_, v)| v.as_str()).collect::<Vec<_>>().join(", ");
        table.push(vec![
            Cell::text(if name.is_empty() { "all".to_owned() } else { name }),
            Cell::text(c.label),
            Cell::text(c.unit),
            Cell::Whole(c.reports),
            Cell::number(c.count.low(), 0),
            Cell::number(c.count.high(), 0),
            Cell::Whole(c.count.suppressed()),
        ]);
    }
    table
}
