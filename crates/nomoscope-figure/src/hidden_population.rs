//! Hidden population: how many there are depends on the model, and how much.
//!
//! Above, a row a model: those that fit about as well as the best, and those that have a name, each a dot with its interval and
//! its distance in AIC and BIC to the right. Below, where there are more, every model at its estimate and its distance. One
//! axis of persons for both, on a logarithmic scale that begins at those who were seen: no estimate can lie left of them.

use crate::metrics::{Block, Cut, width};
use crate::scale::{count, plain};
use crate::sheet::{MARGIN, Sheet};
use crate::svg::{Anchor, number};
use crate::{Figure, Heading, View};
use libm::{ceil, exp10, floor, log, log1p, log10, round};
use nomoscope_core::table::{Cell, Table};
use std::collections::BTreeSet;

/// File stem and anchor.
pub const ID: &str = "hidden-population";
/// Models within this of the least AIC are drawn dark.
const WINDOW: f64 = 2.0;
/// How many models have a row of their own.
const ROWS: usize = 22;
/// Height of a row.
const ROW: f64 = 17.0;
/// Height of the part that shows every model.
const CLOUD: f64 = 190.0;
/// Up to so many models the lower part shows intervals, too.
const WITH_INTERVALS: usize = 150;
/// The axis ends at so many times what was seen; intervals that go on get an arrow.
const LONGEST: f64 = 1000.0;
/// Dots closer than this are one.
const GRID: f64 = 0.75;

/// A model's estimate.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dot {
    /// What people read: a name, or the model's interactions.
    pub label: String,
    /// Whether the model has a name (main effects, stepwise, best BIC): it then has a row.
    pub named: bool,
    /// The estimate, in persons.
    pub point: f64,
    /// Its interval.
    pub interval: (f64, f64),
    /// AIC less the least one; none for what is no model (a lower bound, a bootstrap).
    pub delta_aic: Option<f64>,
    /// BIC less the least one.
    pub delta_bic: Option<f64>,
}

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HiddenPopulation {
    /// Id, title and last line.
    pub heading: Heading,
    /// The models, in any order.
    pub models: Vec<Dot>,
    /// Estimates of other kinds, below the models: a bootstrap, a lower bound.
    pub others: Vec<Dot>,
    /// Persons on any list.
    pub n_observed: u64,
    /// How many models were considered, drawn or not.
    pub n_considered: Option<u64>,
    /// Whether reasonable models differ by more than a third.
    pub disagreement: bool,
}

/// The axis of persons.
#[derive(Clone, Copy)]
struct Axis {
    low: f64,
    high: f64,
    x0: f64,
    x1: f64,
}

impl Axis {
    fn x(self, persons: f64) -> f64 {
        let share = (log(persons) - log(self.low)) / (log(self.high) - log(self.low));
        self.x0 + share.clamp(0.0, 1.0) * (self.x1 - self.x0)
    }

    fn holds(self, persons: f64) -> bool {
        (self.low..=self.high).contains(&persons)
    }
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &HiddenPopulation, view: View) -> Figure {
    let id = model.heading.id_or(ID);
    let dots = sane(&model.models);
    let others = sane(&model.others);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model, &dots));
    let mut sheet = Sheet::new(&id, &title, view);
    let rows = rows(&dots);
    let mut clipped = 0;
    if let Some(axis) = axis(&sheet, model, &rows, &others) {
        clipped = paint(&mut sheet, model, axis, &dots, &rows, &others);
    }
    sheet.paragraph(&notes(model, &dots, &rows, clipped), "soft");
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    let description = description(model, &dots, &others);
    sheet.finish(&title, description, table(model, &id, &title))
}

/// Returns what can be drawn, the least AIC first.
fn sane(dots: &[Dot]) -> Vec<&Dot> {
    let finite = |d: &&Dot| {
        let (low, high) = d.interval;
        [d.point, low, high].iter().all(|v| v.is_finite() && *v > 0.0) && low <= d.point && d.point <= high
    };
    let mut out: Vec<&Dot> = dots.iter().filter(finite).collect();
    let aic = |d: &Dot| d.delta_aic.filter(|v| v.is_finite()).unwrap_or(f64::INFINITY);
    out.sort_by(|a, b| {
        aic(a).total_cmp(&aic(b)).then_with(|| b.named.cmp(&a.named)).then_with(|| a.label.cmp(&b.label))
    });
    out
}

/// Returns whether every model is there: only then does a cloud of them say how estimates are spread.
fn is_whole(model: &HiddenPopulation, dots: &[&Dot]) -> bool {
    model.n_considered.is_none_or(|all| all <= model.models.len() as u64) && !dots.is_empty()
}

fn is_within(dot: &Dot) -> bool {
    dot.delta_aic.is_some_and(|d| d <= WINDOW)
}

/// Returns the models with a row: the named ones, and of those within the window the best.
fn rows<'a>(dots: &[&'a Dot]) -> Vec<&'a Dot> {
    let n_named = dots.iter().filter(|d| d.named).count().min(ROWS);
    let mut room = ROWS - n_named;
    let mut named = n_named;
    let mut take = |d: &&'a Dot| {
        let left = if d.named { &mut named } else { &mut room };
        let fits = (d.named || is_within(d)) && *left > 0;
        *left -= usize::from(fits);
        fits
    };
    dots.iter().copied().filter(|d| take(d)).collect()
}

fn persons(value: f64) -> String {
    plain(if value >= 1000.0 { round(value) } else { value })
}

fn ends<'a>(dots: impl Iterator<Item = &'a Dot>) -> Option<(f64, f64)> {
    dots.map(|d| d.point).fold(None, |e, v| Some(e.map_or((v, v), |(low, high): (f64, f64)| (low.min(v), high.max(v)))))
}

fn title(model: &HiddenPopulation, dots: &[&Dot]) -> String {
    let seen = count(usize::try_from(model.n_observed).unwrap_or(usize::MAX), "was seen", "were seen");
    match ends(dots.iter().copied().filter(|d| is_within(d))) {
        None => format!("No model has an estimate; {seen}"),
        Some((low, high)) if persons(low) == persons(high) => {
            format!("The best model puts the population at {}; {seen}", persons(low))
        }
        Some((low, high)) => {
            format!("Models that fit alike put the population at {} to {}; {seen}", persons(low), persons(high))
        }
    }
}

fn axis(sheet: &Sheet, model: &HiddenPopulation, rows: &[&Dot], others: &[&Dot]) -> Option<Axis> {
    if rows.is_empty() {
        return None;
    }
    let seen = (model.n_observed as f64).max(1.0);
    let all = || rows.iter().chain(others);
    let high = all().map(|d| d.interval.1).fold(seen * 1.5, f64::max).min(seen * LONGEST);
    let least = all().map(|d| d.interval.0).fold(seen, f64::min);
    let (left, right) = if sheet.narrow() { (112.0, 44.0) } else { (206.0, 96.0) };
    Some(Axis { low: least.min(seen) / 1.06, high: high * 1.04, x0: MARGIN + left, x1: sheet.width() - MARGIN - right })
}

/// Draws rows and cloud; returns how many models of the cloud lie beyond the axis.
fn paint(
    sheet: &mut Sheet,
    model: &HiddenPopulation,
    axis: Axis,
    dots: &[&Dot],
    rows: &[&Dot],
    others: &[&Dot],
) -> usize {
    let small = sheet.small();
    let seen = model.n_observed as f64;
    let words = format!("{} seen", persons(seen));
    let block = Block::new(&words, small, Cut::Italic, 140.0, 1);
    let x = axis.x(seen).max(axis.x0);
    let anchored = (x - block.width / 2.0).min(axis.x1 + 10.0 - block.width).max(axis.x0 - 30.0);
    sheet.svg.block(&block, Anchor::Start, anchored, sheet.y, "soft");
    headings(sheet, axis);
    let top = sheet.y + block.height + 3.0;
    let has_cloud = is_whole(model, dots) && dots.len() > rows.len();
    let rows_height = ROW * (rows.len() + others.len()) as f64 + if others.is_empty() { 0.0 } else { 7.0 };
    let cloud_top = top + rows_height + if has_cloud { 30.0 } else { 0.0 };
    let bottom = if has_cloud { cloud_top + CLOUD } else { cloud_top + 4.0 };
    grid(sheet, axis, top, bottom);
    sheet.line((x, top - 2.0), (x, bottom), "ink", 1.2, None);
    sheet.y = top;
    rows.iter().for_each(|dot| row(sheet, axis, dot, is_within(dot)));
    if !others.is_empty() {
        sheet.y += 3.0;
        sheet.line((MARGIN, sheet.y), (sheet.width() - MARGIN, sheet.y), "hair", 0.8, None);
        sheet.y += 4.0;
        others.iter().for_each(|dot| row(sheet, axis, dot, false));
    }
    let clipped = if has_cloud { cloud(sheet, axis, dots, cloud_top) } else { 0 };
    sheet.y = bottom + 3.0;
    tick_labels(sheet, axis);
    clipped
}

fn headings(sheet: &mut Sheet, axis: Axis) {
    let small = sheet.small();
    let mut put = |words: &str, x: f64| {
        let block = Block::new(words, small, Cut::Italic, 60.0, 1);
        sheet.svg.block(&block, Anchor::End, x, sheet.y, "soft");
    };
    let columns = columns(axis);
    put("ΔAIC", columns.0);
    if axis.x1 < 640.0 && axis.x1 > 400.0 {
        put("ΔBIC", columns.1);
    }
}

/// Returns the right edges of the columns of AIC and BIC.
const fn columns(axis: Axis) -> (f64, f64) {
    (axis.x1 + 44.0, axis.x1 + 92.0)
}

/// Returns round numbers of persons along the axis, not closer than their words are wide.
fn ticks(sheet: &Sheet, axis: Axis) -> Vec<f64> {
    let mut out: Vec<f64> = Vec::new();
    let wide = |v: f64| width(&persons(v), sheet.small(), Cut::Regular);
    for steps in [&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0][..], &[1.0, 2.0, 5.0], &[1.0, 3.0], &[1.0]] {
        out.clear();
        let (first, last) = (floor(log10(axis.low)) as i32, ceil(log10(axis.high)) as i32);
        for power in first..=last {
            out.extend(steps.iter().map(|s| s * exp10(f64::from(power))).filter(|&v| axis.holds(v)));
        }
        let apart = |pair: &[f64]| axis.x(pair[1]) - axis.x(pair[0]) >= 0.5 * (wide(pair[0]) + wide(pair[1])) + 8.0;
        if out.windows(2).all(apart) {
            return out;
        }
    }
    // Too many powers of ten: every second, third …
    let every = (2..40).find(|n| {
        let kept: Vec<f64> = out.iter().copied().step_by(*n).collect();
        kept.windows(2).all(|pair| axis.x(pair[1]) - axis.x(pair[0]) >= 0.5 * (wide(pair[0]) + wide(pair[1])) + 8.0)
    });
    out.into_iter().step_by(every.unwrap_or(40)).collect()
}

fn grid(sheet: &mut Sheet, axis: Axis, top: f64, bottom: f64) {
    for at in ticks(sheet, axis) {
        sheet.line((axis.x(at), top), (axis.x(at), bottom), "hair", 0.8, None);
    }
}

fn tick_labels(sheet: &mut Sheet, axis: Axis) {
    let mut tall: f64 = 0.0;
    for at in ticks(sheet, axis) {
        let block = Block::new(&persons(at), sheet.small(), Cut::Regular, 90.0, 1);
        tall = tall.max(sheet.svg.block(&block, Anchor::Middle, axis.x(at), sheet.y, "soft").h);
    }
    sheet.y += tall + 1.0;
    let block = Block::new("persons, seen or not", sheet.small(), Cut::Italic, 200.0, 1);
    sheet.svg.block(&block, Anchor::End, axis.x1, sheet.y, "soft");
    sheet.y += block.height + 6.0;
}

fn row(sheet: &mut Sheet, axis: Axis, dot: &Dot, dark: bool) {
    let size = sheet.small();
    let y = sheet.y + ROW / 2.0;
    let cut = if dot.named { Cut::Semibold } else { Cut::Regular };
    let ink = if dot.named || dark { "ink" } else { "soft" };
    let label = Block::new(&dot.label, size, cut, axis.x0 - MARGIN - 8.0, 1);
    let top = y - label.height / 2.0;
    let (low, high) = dot.interval;
    let hover = format!("{}: {} [{}; {}]", dot.label, persons(dot.point), persons(low), persons(high));
    sheet.svg.open_item(None, &hover);
    sheet.svg.block(&label, Anchor::Start, MARGIN, top, ink);
    let (colour, thick) = if dark { ("value", 1.9) } else { ("faint", 1.1) };
    let dash = (dot.delta_aic.is_none() && dot.named).then_some("4 2.5");
    sheet.line((axis.x(low), y), (axis.x(high), y), colour, thick, dash);
    if high > axis.high {
        let x = number(axis.x1);
        sheet.path(&format!("M{x} {} l6 3.5 l-6 3.5 z", number(y - 3.5)), colour, colour, 0.5, None);
    }
    let point = (axis.x(dot.point), y);
    if axis.holds(dot.point) {
        sheet.dot(point, 3.6, if dark { "value" } else { "paper" }, if dark { "value" } else { "soft" }, 1.2, false);
    }
    let (aic, bic) = columns(axis);
    let mut put = |value: Option<f64>, x: f64| {
        let Some(value) = value.filter(|v| v.is_finite()) else { return };
        let words = if value < 9999.5 { format!("{:.1}", value.max(0.0)) } else { "> 9,999".to_owned() };
        let block = Block::new(&words, size, Cut::Regular, 47.0, 1);
        sheet.svg.block(&block, Anchor::End, x, top, ink);
    };
    put(dot.delta_aic, aic);
    if axis.x1 > 400.0 {
        put(dot.delta_bic, bic);
    }
    sheet.svg.close();
    sheet.y += ROW;
}

/// Draws every model at its estimate and its distance in AIC; returns how many lie beyond the axis.
fn cloud(sheet: &mut Sheet, axis: Axis, dots: &[&Dot], top: f64) -> usize {
    let small = sheet.small();
    let words = format!("all {}, by ΔAIC", count(dots.len(), "model", "models"));
    let heading = Block::new(&words, small, Cut::Italic, axis.x0 - MARGIN - 8.0, 3);
    sheet.svg.block(&heading, Anchor::Start, MARGIN, top + 2.0, "soft");
    let delta = |d: &Dot| d.delta_aic.unwrap_or(0.0).max(0.0);
    let greatest = dots.iter().map(|d| delta(d)).filter(|d| d.is_finite()).fold(WINDOW, f64::max);
    let y = |d: f64| top + 4.0 + (CLOUD - 8.0) * log1p(d) / log1p(greatest);
    let mut last = f64::NEG_INFINITY;
    for at in [0.0, 2.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 10_000.0, 100_000.0] {
        if at <= greatest && y(at) - last >= 13.0 {
            let block = Block::new(&plain(at), small, Cut::Regular, 60.0, 1);
            sheet.svg.block(&block, Anchor::Start, axis.x1 + 9.0, y(at) - block.height / 2.0, "soft");
            sheet.line((axis.x1, y(at)), (axis.x1 + 5.0, y(at)), "faint", 0.8, None);
            last = y(at);
        }
    }
    sheet.line((axis.x0, y(WINDOW)), (axis.x1, y(WINDOW)), "faint", 0.8, Some("2 2"));
    if dots.len() <= WITH_INTERVALS {
        for d in dots {
            let colour = if is_within(d) { "value" } else { "hair" };
            let at = y(delta(d));
            sheet.line((axis.x(d.interval.0), at), (axis.x(d.interval.1), at), colour, 0.7, None);
        }
    }
    let snap = |v: f64| round(v / GRID) as i64;
    for dark in [false, true] {
        let shown = dots.iter().filter(|d| is_within(d) == dark && axis.holds(d.point));
        let places: BTreeSet<(i64, i64)> = shown.map(|d| (snap(y(delta(d))), snap(axis.x(d.point)))).collect();
        points(sheet, &places, dark);
    }
    dots.iter().filter(|d| !axis.holds(d.point)).count()
}

/// Draws many dots as one path of short lines with round ends.
fn points(sheet: &mut Sheet, places: &BTreeSet<(i64, i64)>, dark: bool) {
    if places.is_empty() {
        return;
    }
    let size = if dark { 2.0 } else { 1.1 };
    let mut d = String::new();
    for (y, x) in places {
        let (x, y) = (*x as f64 * GRID, *y as f64 * GRID);
        d.push_str(&format!(
            "M{} {}a{size} {size} 0 1 0 {} 0a{size} {size} 0 1 0 -{} 0",
            number(x - size),
            number(y),
            number(2.0 * size),
            number(2.0 * size)
        ));
    }
    let colour = if dark { "value" } else { "neutral" };
    sheet.path(&d, colour, "none", 0.0, None);
}

fn notes(model: &HiddenPopulation, dots: &[&Dot], rows: &[&Dot], clipped: usize) -> String {
    let mut out = String::new();
    if dots.is_empty() {
        return out;
    }
    out.push_str(
        "A dot is the estimate of a model, its line the interval of 95 % if that model holds. Blue: within 2 AIC of the best.",
    );
    let hidden = dots.iter().filter(|d| is_within(d)).count() - rows.iter().filter(|d| is_within(d)).count();
    if hidden > 0 {
        out.push_str(&format!(" {} more within 2 AIC have no row.", count(hidden, "model", "models")));
    }
    let n = dots.len() as u64;
    if let Some(all) = model.n_considered.filter(|all| *all > n) {
        let all = usize::try_from(all).unwrap_or(usize::MAX);
        out.push_str(&format!(
            " Of {}, these are within 2 AIC or have a name.",
            count(all, "possible model", "possible models")
        ));
    }
    if clipped > 0 {
        out.push_str(&format!(" {} beyond the axis.", count(clipped, "model lies", "models lie")));
    }
    if model.disagreement {
        out.push_str(" Reasonable models differ by more than a third: no single one should be quoted alone.");
    }
    out
}

fn description(model: &HiddenPopulation, dots: &[&Dot], others: &[&Dot]) -> String {
    let named: Vec<String> = dots
        .iter()
        .filter(|d| d.named)
        .chain(others)
        .map(|d| format!("{} {} [{}; {}]", d.label, persons(d.point), persons(d.interval.0), persons(d.interval.1)))
        .collect();
    let range = match ends(dots.iter().copied().filter(|d| is_within(d))) {
        Some((low, high)) => format!(
            "{} within 2 AIC of the best estimate from {} to {} persons.",
            count(dots.iter().filter(|d| is_within(d)).count(), "model", "models"),
            persons(low),
            persons(high)
        ),
        None => "No model has an estimate.".to_owned(),
    };
    format!("{} persons are on the lists. {range} {}", model.n_observed, named.join("; "))
}

fn table(model: &HiddenPopulation, id: &str, title: &str) -> Table {
    let columns = ["model", "persons", "lower", "upper", "delta_aic", "delta_bic"];
    let mut table = Table::new(id, title, &columns);
    for dot in sane(&model.models).into_iter().chain(sane(&model.others)) {
        let delta = |value: Option<f64>| value.map_or(Cell::Missing("no model"), |v| Cell::number(v, 2));
        table.push(vec![
            Cell::text(&dot.label),
            Cell::number(dot.point, 0),
            Cell::number(dot.interval.0, 0),
            Cell::number(dot.interval.1, 0),
            delta(dot.delta_aic),
            delta(dot.delta_bic),
        ]);
    }
    table.notes.push("lower, upper: interval of 95 %, conditional on the model".to_owned());
    table
}
