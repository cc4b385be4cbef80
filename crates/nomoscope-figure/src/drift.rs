//! Drift: how far the statements of one period lie from those of the next, beyond what chance would do.
//!
//! One panel for whole statements and one for each part. A band or a thin line is the interval; a dot is filled where the
//! change is certain. A vertical line marks the turning point that stands out over all changes.

use crate::metrics::{Block, Cut};
use crate::scale::{count, sane};
use crate::sheet::{MARGIN, Sheet};
use crate::svg::{Anchor, line_height, number};
use crate::{Figure, Heading, View};
use nomoscope_core::table::{Cell, Table};
use std::fmt::Write as _;

/// File stem and anchor.
pub const ID: &str = "drift";
/// Height of a panel.
const PANEL: f64 = 66.0;
/// From this q-value on a change is not certain.
const MAX_Q: f64 = 0.05;

/// One change.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Step {
    /// When the later side begins, in words.
    pub at: String,
    /// Divergence beyond chance, 0 to 1.
    pub value: Option<f64>,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
    /// Its q-value.
    pub q: Option<f64>,
}

/// One distribution over time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Panel {
    /// Whose distribution.
    pub of: String,
    /// Its changes, in order.
    pub steps: Vec<Step>,
    /// The change that stands out over all, if any does.
    pub turn: Option<usize>,
}

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DriftModel {
    /// Id, title and last line.
    pub heading: Heading,
    /// The distributions.
    pub panels: Vec<Panel>,
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &DriftModel, view: View) -> Figure {
    let id = model.heading.id_or(ID);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model));
    let mut sheet = Sheet::new(&id, &title, view);
    let n = model.panels.iter().map(|p| p.steps.len()).max().unwrap_or(0);
    if n > 0 {
        for p in &model.panels {
            panel(&mut sheet, p, n);
        }
        names(&mut sheet, model, n);
        explain(&mut sheet, model);
    }
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    sheet.finish(&title, description(model), table(model, &id, &title))
}

fn certain(step: &Step) -> bool {
    step.q.is_some_and(|q| q <= MAX_Q)
}

fn title(model: &DriftModel) -> String {
    let turns: Vec<String> = model
        .panels
        .iter()
        .filter_map(|p| Some(format!("{} turn towards {}", p.of, p.steps.get(p.turn?)?.at)))
        .collect();
    if !turns.is_empty() {
        let words = turns.join(", ");
        let mut chars = words.chars();
        return chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect());
    }
    let n = model.panels.iter().flat_map(|p| &p.steps).filter(|s| certain(s)).count();
    if n == 0 {
        "No change stands out from chance".to_owned()
    } else {
        format!("{} out from chance, and no turning point over all", count(n, "change stands", "changes stand"))
    }
}

#[expect(clippy::cast_precision_loss, reason = "changes are few")]
fn x_of(sheet: &Sheet, i: usize, n: usize) -> f64 {
    let left = MARGIN + 26.0;
    left + (i as f64 + 0.5) * (sheet.width() - MARGIN - left) / n as f64
}

fn panel(sheet: &mut Sheet, panel: &Panel, n: usize) {
    let size = sheet.small();
    let block = Block::new(&capital(&panel.of), sheet.base(), Cut::Semibold, sheet.inner(), 1);
    sheet.svg.block(&block, Anchor::Start, MARGIN, sheet.y, "ink");
    sheet.y += block.height + 8.0;
    let (top, floor) = (sheet.y, sheet.y + PANEL);
    let left = MARGIN + 26.0;
    let y = |value: f64| floor - sane(value).min(1.0) * PANEL;
    for (value, words) in [(0.0, "0"), (0.5, "0.5"), (1.0, "1")] {
        sheet.line(
            (left, y(value)),
            (sheet.width() - MARGIN, y(value)),
            if value > 0.0 { "hair" } else { "faint" },
            0.7,
            None,
        );
        let block = Block::new(words, size, Cut::Regular, 24.0, 1);
        sheet.svg.block(&block, Anchor::End, left - 4.0, y(value) - line_height(size) / 2.0, "soft");
    }
    if let Some(turn) = panel.turn.filter(|t| *t < panel.steps.len()) {
        let x = x_of(sheet, turn, n);
        sheet.line((x, top - 2.0), (x, floor), "problem", 1.4, Some("4 2.5"));
    }
    band(sheet, panel, n, &y);
    let mut before: Option<(f64, f64)> = None;
    for (i, step) in panel.steps.iter().enumerate() {
        let Some(value) = step.value else {
            before = None;
            continue;
        };
        let at = (x_of(sheet, i, n), y(value));
        if let Some(from) = before {
            sheet.line(from, at, "value", 1.1, None);
        }
        before = Some(at);
    }
    let radius = if n > 24 { 2.0 } else { 3.4 };
    for (i, step) in panel.steps.iter().enumerate() {
        let Some(value) = step.value else { continue };
        let at = (x_of(sheet, i, n), y(value));
        if let Some((low, high)) = step.interval.filter(|_| n <= 24) {
            sheet.line((at.0, y(low)), (at.0, y(high)), "value", 1.0, None);
        }
        let fill = if certain(step) { "value" } else { "paper" };
        sheet.svg.open_item(None, &hover(panel, step));
        sheet.dot(at, radius, fill, "value", 1.3, step.interval.is_none());
        sheet.svg.close();
    }
    sheet.y = floor + 9.0;
}

/// Shades the interval from change to change.
fn band(sheet: &mut Sheet, panel: &Panel, n: usize, y: &dyn Fn(f64) -> f64) {
    let mut run: Vec<(f64, f64, f64)> = Vec::new();
    let mut runs = Vec::new();
    for (i, step) in panel.steps.iter().enumerate() {
        match step.interval {
            Some((low, high)) => run.push((x_of(sheet, i, n), y(low), y(high))),
            None => runs.push(std::mem::take(&mut run)),
        }
    }
    runs.push(run);
    for run in runs.iter().filter(|r| r.len() > 1) {
        let mut d = String::new();
        let there = run.iter().map(|(x, _, high)| (x, high));
        let back = run.iter().rev().map(|(x, low, _)| (x, low));
        for (k, (x, y)) in there.chain(back).enumerate() {
            let _ = write!(d, "{}{} {}", if k == 0 { "M" } else { "L" }, number(*x), number(*y));
        }
        d.push('Z');
        sheet.path(&d, "value-tint", "none", 0.0, None);
    }
}

fn names(sheet: &mut Sheet, model: &DriftModel, n: usize) {
    let size = sheet.small();
    let Some(longest) = model.panels.iter().max_by_key(|p| p.steps.len()) else { return };
    #[expect(clippy::cast_precision_loss, reason = "changes are few")]
    let step = (sheet.inner() - 26.0) / n as f64;
    let blocks: Vec<Block> =
        longest.steps.iter().map(|s| Block::new(&s.at, size, Cut::Regular, step.max(40.0), 2)).collect();
    let widest = blocks.iter().map(|b| b.width).fold(0.0, f64::max);
    let every = libm::ceil((widest + 5.0) / step.max(0.1)).max(1.0) as usize;
    let (mut lowest, mut free) = (sheet.y, f64::NEG_INFINITY);
    for (i, block) in blocks.iter().enumerate().filter(|(i, _)| i % every == 0) {
        let x = x_of(sheet, i, n).clamp(MARGIN + block.width / 2.0, sheet.width() - MARGIN - block.width / 2.0);
        if x - block.width / 2.0 < free {
            continue;
        }
        free = x + block.width / 2.0 + 4.0;
        sheet.svg.block(block, Anchor::Middle, x, sheet.y - 2.0, "ink");
        lowest = lowest.max(sheet.y - 2.0 + block.height);
    }
    sheet.y = lowest + 8.0;
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

fn explain(sheet: &mut Sheet, model: &DriftModel) {
    let steps = || model.panels.iter().flat_map(|p| &p.steps);
    let mut words =
        "Height: divergence beyond chance, 0 for none, 1 for nothing in common. Filled: q ≤ 0.05.".to_owned();
    if steps().any(|s| s.interval.is_some()) {
        words.push_str(" Thin line or band: 95 % interval.");
    }
    if steps().any(|s| s.value.is_some() && s.interval.is_none()) {
        words.push_str(" Dashed rim: too few sources for an interval.");
    }
    if model.panels.iter().any(|p| p.turn.is_some()) {
        words.push_str(" Dashed vertical line: turning point, certain over all changes.");
    }
    sheet.paragraph(&words, "soft");
}

fn hover(panel: &Panel, step: &Step) -> String {
    let interval = step.interval.map_or_else(String::new, |(l, h)| format!(", interval {l:.2} to {h:.2}"));
    let q = step.q.map_or_else(String::new, |q| format!(", q {q:.3}"));
    format!("{}, {}: {:.2} beyond chance{interval}{q}", panel.of, step.at, step.value.unwrap_or(0.0))
}

fn description(model: &DriftModel) -> String {
    let one = |p: &Panel| {
        let words: Vec<String> = p
            .steps
            .iter()
            .filter_map(|s| Some(format!("{} {:.2}{}", s.at, s.value?, if certain(s) { " (certain)" } else { "" })))
            .collect();
        format!("{}: {}", capital(&p.of), if words.is_empty() { "not computed".to_owned() } else { words.join(", ") })
    };
    format!(
        "Divergence beyond chance from each period to the next. {}.",
        model.panels.iter().map(one).collect::<Vec<_>>().join(". ")
    )
}

fn table(model: &DriftModel, id: &str, title: &str) -> Table {
    let mut table = Table::new(id, title, &["of", "at", "beyond_chance", "lower", "upper", "q", "turning_point"]);
    for p in &model.panels {
        for (i, s) in p.steps.iter().enumerate() {
            let number = |x: Option<f64>| x.map_or(Cell::Missing("see trend --json"), |x| Cell::number(x, 3));
            table.push(vec![
                Cell::text(&p.of),
                Cell::text(&s.at),
                number(s.value),
                number(s.interval.map(|i| i.0)),
                number(s.interval.map(|i| i.1)),
                number(s.q),
                Cell::text(crate::ranked::yes(p.turn == Some(i))),
            ]);
        }
    }
    table
}
