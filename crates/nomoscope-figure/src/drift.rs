//! Drift: how far the statements of one period lie from those of the next, beyond what chance would do.
//!
//! Whole statements stand above, and below them only those parts of which something is certain; what is certain of none is a sentence. A
//! band or a thin line is the interval; a dot is filled where the change is certain. Places on the axis are years. Where a side has no
//! statement, the place is hatched: no data is no change.

use crate::metrics::{Block, Cut};
use crate::scale::{capital, count, plain, round_up, sane};
use crate::shape::{Paint, shape};
use crate::sheet::{MARGIN, Sheet};
use crate::svg::{Anchor, Rect, line_height, number};
use crate::{Figure, Heading, View};
use nomoscope_core::table::{Cell, Table};
use std::fmt::Write as _;

/// File stem and anchor.
pub const ID: &str = "drift";
/// Height of the panel of whole statements, and of one of a part.
const PANELS: (f64, f64) = (116.0, 62.0);
/// Room at the left for the numbers of the axis.
const LEFT: f64 = 30.0;
/// From this q-value on a change is not certain.
const MAX_Q: f64 = 0.05;
/// The axis never ends below this, so that nothing is blown up to a change.
const LEAST: f64 = 0.2;

/// One change.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Step {
    /// When the later side begins, in words.
    pub at: String,
    /// The same as a year; steps without one stand at equal distances.
    pub year: Option<f64>,
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
    /// The distributions, that of whole statements first.
    pub panels: Vec<Panel>,
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &DriftModel, view: View) -> Figure {
    let id = model.heading.id_or(ID);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model));
    let mut sheet = Sheet::new(&id, &title, view);
    if let Some(axis) = Axis::new(&sheet, model) {
        let mut unsure = Vec::new();
        for (k, p) in model.panels.iter().enumerate() {
            if k == 0 || p.turn.is_some() || p.steps.iter().any(certain) {
                panel(&mut sheet, p, &axis, if k == 0 { PANELS.0 } else { PANELS.1 });
            } else {
                unsure.push(p.of.as_str());
            }
        }
        names(&mut sheet, model, &axis);
        if !unsure.is_empty() {
            let words = format!("Of {} alone no change is certain.", unsure.join(", of "));
            sheet.paragraph(&words, "ink");
        }
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
        .filter_map(|p| Some(format!("{} change most in {}", p.of, p.steps.get(p.turn?)?.at)))
        .collect();
    if !turns.is_empty() {
        return capital(&turns.join(", "));
    }
    let sure: Vec<&str> =
        model.panels.iter().flat_map(|p| &p.steps).filter(|s| certain(s)).map(|s| s.at.as_str()).collect();
    match sure.as_slice() {
        [] => "From period to period no change stands out from chance".to_owned(),
        [one] => format!("One change stands out from chance, in {one}, and no turning point over all"),
        many => format!(
            "{} out from chance, and no turning point over all",
            count(many.len(), "change stands", "changes stand")
        ),
    }
}

/// Where changes stand across the sheet, and how high the greatest is.
struct Axis {
    x: Vec<f64>,
    right: f64,
    most: f64,
}

impl Axis {
    fn new(sheet: &Sheet, model: &DriftModel) -> Option<Self> {
        let longest = model.panels.iter().max_by_key(|p| p.steps.len()).filter(|p| !p.steps.is_empty())?;
        let (left, right) = (MARGIN + LEFT, sheet.width() - MARGIN);
        let air = 16.0;
        let years: Option<Vec<f64>> = longest.steps.iter().map(|s| s.year.filter(|y| y.is_finite())).collect();
        let years = years.filter(|y| y.windows(2).all(|w| w[0] < w[1]));
        let places = years.unwrap_or_else(|| (0..longest.steps.len()).map(crate::scale::whole).collect());
        let (first, last) = (places.first().copied()?, places.last().copied()?);
        let room = right - left - 2.0 * air;
        let place = |at: &f64| {
            if last > first { left + air + (at - first) / (last - first) * room } else { f64::midpoint(left, right) }
        };
        let heights = model.panels.iter().flat_map(|p| &p.steps).flat_map(|s| [s.value, s.interval.map(|i| i.1)]);
        let highest = heights.flatten().map(sane).fold(LEAST, f64::max).min(1.0);
        Some(Self { x: places.iter().map(place).collect(), right, most: round_up(highest).min(1.0) })
    }

    fn x(&self, i: usize) -> f64 {
        self.x.get(i).copied().unwrap_or(self.right)
    }

    /// Returns half the distance to the nearer neighbour.
    fn half(&self, i: usize) -> f64 {
        let to = |j: Option<usize>| j.and_then(|j| self.x.get(j)).map_or(16.0, |x| libm::fabs(x - self.x(i)) / 2.0);
        to(i.checked_sub(1)).min(to(i.checked_add(1))).min(16.0)
    }
}

fn panel(sheet: &mut Sheet, panel: &Panel, axis: &Axis, height: f64) {
    let size = sheet.small();
    let block = Block::new(&capital(&panel.of), sheet.base(), Cut::Semibold, sheet.inner(), 1);
    sheet.svg.block(&block, Anchor::Start, MARGIN, sheet.y, "ink");
    sheet.y += block.height + 8.0;
    let (top, floor) = (sheet.y, sheet.y + height);
    let left = MARGIN + LEFT;
    let y = |value: f64| floor - sane(value).min(axis.most) / axis.most * height;
    for value in [0.0, 0.5 * axis.most, axis.most] {
        let ink = if value > 0.0 { "hair" } else { "faint" };
        sheet.line((left, y(value)), (axis.right, y(value)), ink, 0.7, None);
        let block = Block::new(&plain(value), size, Cut::Regular, 28.0, 1);
        sheet.svg.block(&block, Anchor::End, left - 4.0, y(value) - line_height(size) / 2.0, "soft");
    }
    for (i, _) in panel.steps.iter().enumerate().filter(|(_, s)| s.value.is_none()) {
        let (half, hatch) = (axis.half(i), sheet.hatch(None));
        let paint = Paint { fill: &hatch, stroke: "none", width: 0.0, dashed: false };
        shape(&mut sheet.svg, Rect::new(axis.x(i) - half, top, 2.0 * half, height), None, paint, false);
    }
    if let Some(turn) = panel.turn.filter(|t| *t < panel.steps.len()) {
        sheet.line((axis.x(turn), top - 2.0), (axis.x(turn), floor), "problem", 1.4, Some("4 2.5"));
    }
    band(sheet, panel, axis, &y);
    let points: Vec<Option<(f64, f64)>> =
        panel.steps.iter().enumerate().map(|(i, s)| s.value.map(|v| (axis.x(i), y(v)))).collect();
    for pair in points.windows(2) {
        if let [Some(from), Some(to)] = pair {
            sheet.line(*from, *to, "value", 1.1, None);
        }
    }
    dots(sheet, panel, &points, &y);
    sheet.y = floor + 9.0;
}

fn dots(sheet: &mut Sheet, panel: &Panel, points: &[Option<(f64, f64)>], y: &dyn Fn(f64) -> f64) {
    let many = panel.steps.len() > 24;
    for (step, at) in panel.steps.iter().zip(points).filter_map(|(s, at)| Some((s, (*at)?))) {
        if let Some((low, high)) = step.interval.filter(|_| !many) {
            sheet.line((at.0, y(low)), (at.0, y(high)), "value", 1.0, None);
        }
        let fill = if certain(step) { "value" } else { "paper" };
        sheet.svg.open_item(None, &hover(panel, step));
        sheet.dot(at, if many { 2.0 } else { 3.6 }, fill, "value", 1.3, step.interval.is_none());
        sheet.svg.close();
    }
}

/// Shades the interval from change to change.
fn band(sheet: &mut Sheet, panel: &Panel, axis: &Axis, y: &dyn Fn(f64) -> f64) {
    let mut run: Vec<(f64, f64, f64)> = Vec::new();
    let mut runs = Vec::new();
    for (i, step) in panel.steps.iter().enumerate() {
        match step.interval {
            Some((low, high)) => run.push((axis.x(i), y(low), y(high))),
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

fn names(sheet: &mut Sheet, model: &DriftModel, axis: &Axis) {
    let size = sheet.small();
    let Some(longest) = model.panels.iter().max_by_key(|p| p.steps.len()) else { return };
    let (mut lowest, mut free) = (sheet.y, f64::NEG_INFINITY);
    for (i, step) in longest.steps.iter().enumerate() {
        let block = Block::new(&step.at, size, Cut::Regular, 70.0, 2);
        let x = axis.x(i).clamp(MARGIN + block.width / 2.0, sheet.width() - MARGIN - block.width / 2.0);
        if x - block.width / 2.0 < free {
            continue;
        }
        free = x + block.width / 2.0 + 6.0;
        sheet.svg.block(&block, Anchor::Middle, x, sheet.y - 2.0, "ink");
        lowest = lowest.max(sheet.y - 2.0 + block.height);
    }
    sheet.y = lowest + 8.0;
}

fn explain(sheet: &mut Sheet, model: &DriftModel) {
    let steps = || model.panels.iter().flat_map(|p| &p.steps);
    let mut words = "Height: how far the statements before and after each year lie apart beyond chance; 0 is not at all, 1 nothing \
                     in common. Filled: certain at 5 % false discoveries."
        .to_owned();
    if steps().any(|s| s.interval.is_some()) {
        words.push_str(" Thin line or band: 95 % interval.");
    }
    if steps().any(|s| s.value.is_some() && s.interval.is_none()) {
        words.push_str(" Dashed rim: too few sources for an interval.");
    }
    if steps().any(|s| s.value.is_none()) {
        words.push_str(" Hatched: no statement on one side.");
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
