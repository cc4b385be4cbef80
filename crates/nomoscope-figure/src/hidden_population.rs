//! Hidden population: how many there are depends on the model, and how much.
//!
//! The answer stands first, and its interval runs as a band through all rows, so that every estimate it leaves out is seen to lie outside.
//! Then come the other ways to choose, then other models that fit about as well as the best, told apart by the overlaps that not all of
//! them have. Below, where there are more, every model at its estimate and its distance in AIC. One axis of persons for all, logarithmic,
//! from those who were seen on: no estimate can lie left of them.

use crate::metrics::{Block, Cut, width};
use crate::scale::{count, plain};
use crate::shape::{Paint, shape};
use crate::sheet::{MARGIN, Sheet};
use crate::svg::{Anchor, Rect, number};
use crate::{Figure, Heading, View};
use libm::{ceil, exp10, fabs, floor, log, log1p, log10, round};
use nomoscope_core::table::{Cell, Table};
use std::collections::BTreeSet;

/// File stem and anchor.
pub const ID: &str = "hidden-population";
/// Models within this of the least AIC fit about as well as the best.
const WINDOW: f64 = 2.0;
/// Other ways to choose with a row, and other models within the window.
const ROWS: (usize, usize) = (7, 5);
/// Least height of a row.
const ROW: f64 = 17.0;
/// Height of the heading of a group of rows.
const GROUP: f64 = 19.0;
/// Height of the part that shows every model.
const CLOUD: f64 = 130.0;
/// Up to so many models the lower part shows intervals, too.
const WITH_INTERVALS: usize = 150;
/// The axis ends at so many times what was seen; intervals that go on get an arrow.
const LONGEST: f64 = 1000.0;
/// Dots closer than this are one.
const GRID: f64 = 0.75;

/// A model's estimate.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dot {
    /// Whether it is a lower bound, no estimate.
    pub is_bound: bool,
    /// What people read: a name, or the model's interactions.
    pub label: String,
    /// Whether the model has a name (main effects, stepwise, best BIC): it then has a row.
    pub named: bool,
    /// Whether the answer is this model's: it has its row there, with the interval of the answer.
    pub is_answer: bool,
    /// The overlaps that it models.
    pub terms: Vec<String>,
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
    /// The answer, with the interval that holds its choice, if there is one.
    pub answer: Option<Dot>,
    /// The models, in any order.
    pub models: Vec<Dot>,
    /// Estimates of other kinds: a bootstrap, a lower bound.
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

/// The rows of the upper part.
struct Rows<'a> {
    answer: Option<&'a Dot>,
    /// Other ways to choose.
    named: Vec<&'a Dot>,
    /// Other models within the window.
    near: Vec<&'a Dot>,
    /// The overlaps that all models within the window have.
    common: Vec<&'a str>,
}

impl<'a> Rows<'a> {
    fn new(answer: Option<&'a Dot>, dots: &[&'a Dot], others: &[&'a Dot]) -> Self {
        let is_other = |d: &&'a Dot| !(answer.is_some() && d.is_answer);
        let named = dots.iter().copied().filter(|d| d.named).filter(is_other).take(ROWS.0 - others.len().min(3));
        let near: Vec<&Dot> =
            dots.iter().copied().filter(|d| !d.named && is_within(d)).filter(is_other).take(ROWS.1).collect();
        let mut common: Vec<&str> =
            near.first().map_or_else(Vec::new, |d| d.terms.iter().map(String::as_str).collect());
        common.retain(|term| near.iter().all(|d| d.terms.iter().any(|t| t == term)));
        if near.len() < 2 {
            common.clear();
        }
        Self { answer, named: named.chain(others.iter().copied()).collect(), near, common }
    }

    fn all(&self) -> impl Iterator<Item = &'a Dot> + '_ {
        self.answer.into_iter().chain(self.named.iter().copied()).chain(self.near.iter().copied())
    }

    fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    /// Returns the words of a row: of a model without a name the overlaps that not all have.
    fn label(&self, dot: &Dot) -> String {
        if dot.named || dot.is_answer || self.common.is_empty() {
            return dot.label.clone();
        }
        let own: Vec<&str> = dot.terms.iter().map(String::as_str).filter(|t| !self.common.contains(t)).collect();
        if own.is_empty() { "nothing more".to_owned() } else { format!("+ {}", own.join(", ")) }
    }

    /// Returns the estimates that the answer's interval leaves out.
    fn outside(&self) -> Vec<&'a Dot> {
        let Some(answer) = self.answer else { return Vec::new() };
        self.all().filter(|d| !d.is_answer && lies_outside(d, answer)).collect()
    }
}

fn lies_outside(dot: &Dot, answer: &Dot) -> bool {
    dot.point < answer.interval.0 || dot.point > answer.interval.1
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &HiddenPopulation, view: View) -> Figure {
    let id = model.heading.id_or(ID);
    let dots = sane(&model.models);
    let others = sane(&model.others);
    let answer = model.answer.as_ref().filter(|d| is_sane(d));
    let rows = Rows::new(answer, &dots, &others);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model, &dots, &rows));
    let mut sheet = Sheet::new(&id, &title, view);
    let mut clipped = 0;
    if let Some(axis) = axis(&sheet, model, &rows) {
        clipped = paint(&mut sheet, model, axis, &dots, &rows);
    }
    sheet.paragraph(&notes(model, &dots, &rows, clipped), "soft");
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    let description = description(model, &dots, &rows);
    sheet.finish(&title, description, table(model, &id, &title))
}

fn is_sane(d: &Dot) -> bool {
    let (low, high) = d.interval;
    [d.point, low, high].iter().all(|v| v.is_finite() && *v > 0.0) && low <= high
}

/// Returns what can be drawn, the least AIC first.
fn sane(dots: &[Dot]) -> Vec<&Dot> {
    let mut out: Vec<&Dot> = dots.iter().filter(|d| is_sane(d)).collect();
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

fn persons(value: f64) -> String {
    plain(if value >= 1000.0 { round(value) } else { value })
}

fn ends<'a>(dots: impl Iterator<Item = &'a Dot>) -> Option<(f64, f64)> {
    dots.map(|d| d.point).fold(None, |e, v| Some(e.map_or((v, v), |(low, high): (f64, f64)| (low.min(v), high.max(v)))))
}

fn title(model: &HiddenPopulation, dots: &[&Dot], rows: &Rows<'_>) -> String {
    let seen = count(usize::try_from(model.n_observed).unwrap_or(usize::MAX), "was seen", "were seen");
    if let Some(answer) = rows.answer {
        let (low, high) = answer.interval;
        let outside = match rows.outside().as_slice() {
            [] => String::new(),
            [one] => format!("; one way to choose says {}", persons(one.point)),
            many => match ends(many.iter().copied()) {
                Some((low, high)) => format!("; others say {} to {}", persons(low), persons(high)),
                None => String::new(),
            },
        };
        let (point, low, high) = (persons(answer.point), persons(low), persons(high));
        return format!("About {point} persons, {low} to {high}; {seen}{outside}");
    }
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

fn axis(sheet: &Sheet, model: &HiddenPopulation, rows: &Rows<'_>) -> Option<Axis> {
    if rows.is_empty() {
        return None;
    }
    let seen = (model.n_observed as f64).max(1.0);
    let high = rows.all().map(|d| d.interval.1).fold(seen * 1.5, f64::max).min(seen * LONGEST);
    let least = rows.all().map(|d| d.interval.0).fold(seen, f64::min);
    let (left, right) = if sheet.narrow() { (118.0, 62.0) } else { (212.0, 112.0) };
    Some(Axis { low: least.min(seen) / 1.06, high: high * 1.04, x0: MARGIN + left, x1: sheet.width() - MARGIN - right })
}

/// A group of rows with its heading.
fn groups<'a>(rows: &Rows<'a>) -> Vec<(String, Vec<&'a Dot>)> {
    let near = match rows.common.as_slice() {
        [] => "Other models that fit about as well".to_owned(),
        common => format!("Other models that fit about as well; all have {}, and", common.join(", ")),
    };
    let all = [
        ("The answer".to_owned(), rows.answer.into_iter().collect()),
        ("Other ways to choose".to_owned(), rows.named.clone()),
        (near, rows.near.clone()),
    ];
    all.into_iter().filter(|(_, list): &(String, Vec<&Dot>)| !list.is_empty()).collect()
}

fn label_of(sheet: &Sheet, rows: &Rows<'_>, dot: &Dot, axis: Axis) -> Block {
    let cut = if dot.is_answer { Cut::Semibold } else { Cut::Regular };
    Block::new(&rows.label(dot), sheet.small(), cut, axis.x0 - MARGIN - 10.0, 3)
}

/// Returns the heading of a group: over the whole sheet, so that names of lists find room.
fn group_of(sheet: &Sheet, words: &str) -> Block {
    Block::new(words, sheet.small(), Cut::Italic, sheet.inner(), 2)
}

/// Draws rows and cloud; returns how many models of the cloud lie beyond the axis.
fn paint(sheet: &mut Sheet, model: &HiddenPopulation, axis: Axis, dots: &[&Dot], rows: &Rows<'_>) -> usize {
    let seen = model.n_observed as f64;
    let words = format!("{} seen", persons(seen));
    let block = Block::new(&words, sheet.small(), Cut::Italic, 140.0, 1);
    let x = axis.x(seen).max(axis.x0);
    let anchored = (x - block.width / 2.0).min(axis.x1 + 10.0 - block.width).max(axis.x0 - 30.0);
    sheet.svg.block(&block, Anchor::Start, anchored, sheet.y, "soft");
    headings(sheet, axis);
    let groups = groups(rows);
    let high = |dot: &Dot| label_of(sheet, rows, dot, axis).height.max(ROW - 4.0) + 4.0;
    let of_rows: f64 = groups.iter().flat_map(|(_, list)| list).map(|d| high(d)).sum();
    let of_groups: f64 = groups.iter().map(|(words, _)| group_of(sheet, words).height + GROUP - 13.0).sum();
    let top = sheet.y + block.height + 3.0;
    let has_cloud = is_whole(model, dots) && dots.len() > rows.all().count();
    let cloud_top = top + of_rows + of_groups + if has_cloud { 16.0 } else { 0.0 };
    let bottom = cloud_top + if has_cloud { CLOUD } else { 6.0 };
    if let Some(answer) = rows.answer {
        let (left, right) = (axis.x(answer.interval.0), axis.x(answer.interval.1));
        let ground = Paint { fill: "value-tint", stroke: "none", width: 0.0, dashed: false };
        shape(&mut sheet.svg, Rect::new(left, top, right - left, bottom - top), None, ground, false);
    }
    grid(sheet, axis, top, bottom);
    sheet.line((x, top - 2.0), (x, bottom), "ink", 1.2, None);
    sheet.y = top;
    for (words, list) in &groups {
        let block = group_of(sheet, words);
        sheet.svg.halo = Some("paper");
        sheet.svg.block(&block, Anchor::Start, MARGIN, sheet.y + 3.0, "soft");
        sheet.svg.halo = None;
        sheet.y += block.height + GROUP - 13.0;
        list.iter().for_each(|dot| row(sheet, axis, rows, dot));
    }
    let clipped = if has_cloud { cloud(sheet, axis, dots, cloud_top) } else { 0 };
    sheet.y = bottom + 3.0;
    tick_labels(sheet, axis);
    clipped
}

fn headings(sheet: &mut Sheet, axis: Axis) {
    let small = sheet.small();
    let columns = columns(axis);
    let mut put = |words: &str, x: f64| {
        let block = Block::new(words, small, Cut::Italic, 60.0, 1);
        sheet.svg.block(&block, Anchor::End, x, sheet.y, "soft");
    };
    put("persons", columns.0);
    if let Some(x) = columns.1 {
        put("ΔAIC", x);
    }
}

/// Returns the right edges of the columns of persons and, where there is room, of AIC.
fn columns(axis: Axis) -> (f64, Option<f64>) {
    if axis.x1 > 400.0 { (axis.x1 + 62.0, Some(axis.x1 + 112.0)) } else { (axis.x1 + 62.0, None) }
}

/// Returns round numbers of persons along the axis: the most important first, those whose words find room.
fn ticks(sheet: &Sheet, axis: Axis) -> Vec<f64> {
    let (first, last) = (floor(log10(axis.low)) as i32, ceil(log10(axis.high)) as i32);
    let wide = |v: f64| width(&persons(v), sheet.small(), Cut::Regular);
    let mut out: Vec<f64> = Vec::new();
    for step in [1.0, 5.0, 2.0, 3.0, 7.0, 4.0, 6.0, 8.0, 9.0] {
        for at in (first..=last).map(|power| step * exp10(f64::from(power))).filter(|v| axis.holds(*v)) {
            let apart = |other: &f64| fabs(axis.x(*other) - axis.x(at)) >= 0.5 * (wide(at) + wide(*other)) + 9.0;
            if out.iter().all(apart) {
                out.push(at);
            }
        }
    }
    out.sort_by(f64::total_cmp);
    out
}

fn grid(sheet: &mut Sheet, axis: Axis, top: f64, bottom: f64) {
    for at in ticks(sheet, axis) {
        sheet.line((axis.x(at), top), (axis.x(at), bottom), "hair", 0.8, None);
    }
    // Every round number has a tick, so that the logarithm shows.
    let (first, last) = (floor(log10(axis.low)) as i32, ceil(log10(axis.high)) as i32);
    if last - first <= 6 {
        for at in (first..=last).flat_map(|p| (1..10).map(move |s| f64::from(s) * exp10(f64::from(p)))) {
            if axis.holds(at) {
                sheet.line((axis.x(at), bottom - 4.0), (axis.x(at), bottom), "neutral", 0.8, None);
            }
        }
    }
}

fn tick_labels(sheet: &mut Sheet, axis: Axis) {
    let mut tall: f64 = 0.0;
    for at in ticks(sheet, axis) {
        let block = Block::new(&persons(at), sheet.small(), Cut::Regular, 90.0, 1);
        tall = tall.max(sheet.svg.block(&block, Anchor::Middle, axis.x(at), sheet.y, "soft").h);
    }
    sheet.y += tall + 1.0;
    let words = "persons, seen or not (logarithmic scale)";
    let block = Block::new(words, sheet.small(), Cut::Italic, 260.0, 1);
    sheet.svg.block(&block, Anchor::End, axis.x1, sheet.y, "soft");
    sheet.y += block.height + 6.0;
}

fn row(sheet: &mut Sheet, axis: Axis, rows: &Rows<'_>, dot: &Dot) {
    let size = sheet.small();
    let label = label_of(sheet, rows, dot, axis);
    let tall = label.height.max(ROW - 4.0) + 4.0;
    let y = sheet.y + tall / 2.0;
    let outside = !dot.is_answer && rows.answer.is_some_and(|a| lies_outside(dot, a));
    let cut = if dot.is_answer || outside { Cut::Semibold } else { Cut::Regular };
    let (low, high) = dot.interval;
    sheet.svg.open_item(None, &format!("{}: {} [{}; {}]", dot.label, persons(dot.point), persons(low), persons(high)));
    sheet.svg.block(&label, Anchor::Start, MARGIN + 6.0, y - label.height / 2.0, "ink");
    let (colour, thick) = match (dot.is_answer, outside) {
        (true, _) => ("value", 2.6),
        (_, true) => ("problem", 1.6),
        _ => ("neutral", 1.2),
    };
    // What is no model has a dashed line.
    let dash = (dot.delta_aic.is_none() && !dot.is_answer).then_some("4 2.5");
    sheet.line((axis.x(low), y), (axis.x(high), y), colour, thick, dash);
    if high > axis.high {
        let x = number(axis.x1);
        sheet.path(&format!("M{x} {} l6 3.5 l-6 3.5 z", number(y - 3.5)), colour, colour, 0.5, None);
    }
    if axis.holds(dot.point) {
        let at = (axis.x(dot.point), y);
        if outside {
            let paint = Paint { fill: "problem", stroke: "paper", width: 0.8, dashed: false };
            shape(&mut sheet.svg, Rect::centred(at.0, at.1, 8.0, 8.0), None, paint, false);
        } else {
            sheet.dot(at, 3.8, if dot.is_answer { "value" } else { "paper" }, colour, 1.3, false);
        }
    }
    let columns = columns(axis);
    let mut put = |words: &str, x: f64| {
        let block = Block::new(words, size, cut, 62.0, 1);
        sheet.svg.block(&block, Anchor::End, x, y - block.height / 2.0, "ink");
    };
    put(&persons(dot.point), columns.0);
    if let (Some(x), Some(delta)) = (columns.1, dot.delta_aic.filter(|v| v.is_finite())) {
        put(&if delta < 9999.5 { format!("{:.1}", delta.max(0.0)) } else { "> 9,999".to_owned() }, x);
    }
    sheet.svg.close();
    sheet.y += tall;
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

fn notes(model: &HiddenPopulation, dots: &[&Dot], rows: &Rows<'_>, clipped: usize) -> String {
    let mut out = String::new();
    if rows.is_empty() {
        return out;
    }
    if rows.answer.is_some() {
        out.push_str(
            "The answer holds if lists depend on each other as its model says; where some persons are harder to see than others there are more. Band: its interval. ",
        );
        if !rows.outside().is_empty() {
            out.push_str("Squares: estimates that it leaves out. ");
        }
    }
    out.push_str("Other lines: the interval of 95 % if that model holds. ");
    let within: Vec<&Dot> = dots.iter().copied().filter(|d| is_within(d)).collect();
    let hidden: Vec<&Dot> =
        within.iter().copied().filter(|d| !rows.all().any(|r| std::ptr::eq(r, *d)) && !d.is_answer).collect();
    if let Some((low, high)) = ends(hidden.iter().copied()) {
        out.push_str(&format!(
            "{} within 2 AIC of the best without a row: {} to {}. ",
            count(hidden.len(), "model", "models"),
            persons(low),
            persons(high)
        ));
    }
    if let Some(all) = model.n_considered.filter(|all| *all > dots.len() as u64) {
        let all = usize::try_from(all).unwrap_or(usize::MAX);
        out.push_str(&format!(
            "Of {}, those are drawn that fit or have a name. ",
            count(all, "possible model", "possible models")
        ));
    }
    if clipped > 0 {
        out.push_str(&format!("{} beyond the axis. ", count(clipped, "model lies", "models lie")));
    }
    if rows.near.iter().any(|d| !d.terms.is_empty()) {
        out.push_str("A:B: whoever is on list A is more, or less, often on list B than others. ");
    }
    let bound = |d: &&&Dot| d.is_bound && rows.answer.is_some_and(|answer| d.point > answer.point);
    if let Some(bound) = rows.named.iter().find(bound) {
        out.push_str(&format!(
            "{} takes no list to keep persons from another; that it lies above the answer suggests that some lists here do. ",
            bound.label
        ));
    }
    if model.disagreement {
        out.push_str("Reasonable models differ by more than a third: no single one should be quoted alone.");
    }
    out.trim_end().to_owned()
}

fn description(model: &HiddenPopulation, dots: &[&Dot], rows: &Rows<'_>) -> String {
    let told =
        |d: &Dot| format!("{} {} [{}; {}]", d.label, persons(d.point), persons(d.interval.0), persons(d.interval.1));
    let named: Vec<String> = rows.answer.into_iter().chain(rows.named.iter().copied()).map(told).collect();
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
    let answer = model.answer.iter().filter(|d| is_sane(d));
    for dot in answer.chain(sane(&model.models)).chain(sane(&model.others)) {
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
    table.notes.push(
        "lower, upper: interval of 95 %, conditional on the model but for the answer in the first row".to_owned(),
    );
    table
}
