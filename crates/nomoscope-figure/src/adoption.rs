//! Adoption and gap: how many states accepted a norm, made it law and applied it, year by year.
//!
//! One treaty is drawn in states, with the steps that came after acceptance and the gap between them shaded and measured both
//! ways: in states, and in the years by which a step trails acceptance. Several treaties are drawn as shares of the world's states,
//! because the world has grown.

use crate::metrics::{Block, Cut};
use crate::plot::{Plot, per_cent, spread, year};
use crate::scale::plain;
use crate::sheet::{Entry, Glyph, MARGIN, Sheet};
use crate::svg::{Anchor, Rect, number};
use crate::{Figure, Heading, View};
use nomoscope_core::table::{Cell, Table};

/// File stem and anchor.
pub const ID: &str = "adoption";
/// How many curves are drawn; further ones stand in the data.
const SHOWN: usize = 6;
/// Colour and dash of the curves, told apart in grey.
const STYLES: [(&str, f64, Option<&str>); 6] = [
    ("ink", 2.2, None),
    ("neutral", 2.2, None),
    ("ink", 1.7, Some("6 2.5")),
    ("neutral", 1.9, Some("2 2")),
    ("ink", 1.5, Some("9 3 2 3")),
    ("faint", 1.4, None),
];

/// Years with their fraction, and values from then on.
type Points = Vec<(f64, f64)>;

/// A curve: from each date on, so many.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// What people read.
    pub label: String,
    /// Years with their fraction, and states or shares from then on.
    pub points: Vec<(f64, f64)>,
}

/// How far a curve trails the first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trail {
    /// Which curve, by its place.
    pub curve: usize,
    /// States fewer at the end.
    pub states: f64,
    /// When the first curve, of the same states, had reached where this one ends; none where it has no states.
    pub since: Option<f64>,
    /// Years since then.
    pub years: Option<f64>,
}

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Adoption {
    /// Id, title and last line.
    pub heading: Heading,
    /// The curves, acceptance first.
    pub curves: Vec<Curve>,
    /// Whether values are shares of the world's states.
    pub shares: bool,
    /// A third of the world's states over time, in the unit of the curves.
    pub third: Vec<(f64, f64)>,
    /// When and where the first curve crossed it, with words for the date.
    pub tipping: Option<(f64, f64, String)>,
    /// The name of a fitted curve with its points.
    pub fitted: Option<(String, Vec<(f64, f64)>)>,
    /// Acceptance by those states alone of which the further steps are known; the gap is shaded from here.
    pub observed: Vec<(f64, f64)>,
    /// How far the further curves trail.
    pub trails: Vec<Trail>,
    /// The end of the observation.
    pub until: f64,
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &Adoption, view: View) -> Figure {
    let id = model.heading.id_or(ID);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model));
    let mut sheet = Sheet::new(&id, &title, view);
    let words = if model.shares { "Share of the world's states that were party" } else { "States" };
    let block = Block::new(words, sheet.small(), Cut::Italic, sheet.inner(), 2);
    sheet.svg.block(&block, Anchor::Start, MARGIN, sheet.y, "soft");
    sheet.y += block.height + 6.0;
    if let Some(plot) = plot(&sheet, model) {
        ground(&mut sheet, &plot, model);
        curves(&mut sheet, &plot, model);
        sheet.y = plot.below(&mut sheet, year) + 8.0;
        legend(&mut sheet, model);
    } else {
        sheet.paragraph("Nobody joined.", "ink");
    }
    let notes = notes(model);
    sheet.paragraph(&notes, "soft");
    if let Some(note) = &model.heading.note {
        sheet.paragraph(note, "soft");
    }
    let table = table(model, &id, &title);
    sheet.finish(&title, description(model), table)
}

fn shown(model: &Adoption) -> &[Curve] {
    &model.curves[..model.curves.len().min(SHOWN)]
}

fn finite(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    points.iter().copied().filter(|(x, y)| x.is_finite() && y.is_finite()).collect()
}

fn last(curve: &Curve) -> f64 {
    finite(&curve.points).last().map_or(0.0, |p| p.1)
}

fn plot(sheet: &Sheet, model: &Adoption) -> Option<Plot> {
    let points: Vec<(f64, f64)> = shown(model).iter().flat_map(|c| finite(&c.points)).collect();
    let first = points.iter().map(|p| p.0).fold(f64::INFINITY, f64::min);
    let end = if model.until.is_finite() { model.until } else { points.iter().map(|p| p.0).fold(first, f64::max) };
    if !first.is_finite() {
        return None;
    }
    let third = model.third.iter().map(|p| p.1);
    let most = points.iter().map(|p| p.1).chain(third).filter(|v| v.is_finite()).fold(0.0, f64::max);
    let top = if model.shares { 1.0 } else { most.max(1.0) * 1.06 };
    let (labels, height) = if sheet.narrow() { (104.0, 240.0) } else { (168.0, 310.0) };
    let left = MARGIN + 34.0;
    let area = Rect::new(left, sheet.y, sheet.width() - MARGIN - labels - left, height);
    Some(Plot { area, x: (libm::floor(first), libm::ceil(end.max(first + 1.0))), y: (0.0, top) })
}

fn ground(sheet: &mut Sheet, plot: &Plot, model: &Adoption) {
    shade(sheet, plot, model);
    if model.shares {
        plot.grid(sheet, per_cent)
    } else {
        plot.grid(sheet, plain)
    };
    let all = finite(&model.third);
    let mut third: Vec<(f64, f64)> = all.iter().copied().filter(|(x, _)| *x >= plot.x.0 && *x <= plot.x.1).collect();
    // A line over the whole width may be given by its ends alone, beyond what is drawn.
    if let (Some(first), Some(last), true) = (all.first(), all.last(), third.len() < 2) {
        third = vec![(plot.x.0, first.1), (plot.x.1, last.1)];
    }
    if third.is_empty() {
        return;
    }
    let d = plot.curve(&third);
    sheet.path(&d, "none", "soft", 1.1, Some("1.5 3"));
    let block = Block::new("a third of the world's states", sheet.small(), Cut::Italic, plot.area.w, 1);
    let y = third.iter().map(|p| plot.at_y(p.1)).fold(f64::INFINITY, f64::min);
    sheet.svg.halo = Some("paper");
    let y = (y - block.height - 2.0).max(plot.area.y + 2.0);
    sheet.svg.block(&block, Anchor::Start, plot.area.x + 4.0, y, "soft");
    sheet.svg.halo = None;
}

/// Shades what lies between acceptance and the further steps, darker the further one looks down.
fn shade(sheet: &mut Sheet, plot: &Plot, model: &Adoption) {
    let mut above = finite(&model.observed);
    for (trail, colour) in model.trails.iter().zip(["neutral-tint", "neutral-mid"]) {
        let Some(curve) = model.curves.get(trail.curve) else { continue };
        if above.is_empty() {
            continue;
        }
        let (upper, lower) = aligned(&above, &finite(&curve.points));
        above = upper;
        let d = plot.between(&above, &lower, model.until);
        let fill = if colour == "neutral-mid" { sheet.hatch(None) } else { colour.to_owned() };
        sheet.path(&d, &fill, "none", 0.0, None);
        above = lower;
    }
}

/// Returns two step curves at the dates of both; where the lower lies above the upper there is no gap.
fn aligned(upper: &[(f64, f64)], lower: &[(f64, f64)]) -> (Points, Points) {
    let mut dates: Vec<f64> = upper.iter().chain(lower).map(|p| p.0).collect();
    dates.sort_by(f64::total_cmp);
    dates.dedup();
    let at = |curve: &[(f64, f64)], x: f64| curve.iter().take_while(|p| p.0 <= x).last().map_or(0.0, |p| p.1);
    dates.iter().map(|&x| ((x, at(upper, x)), (x, at(lower, x).min(at(upper, x))))).unzip()
}

fn curves(sheet: &mut Sheet, plot: &Plot, model: &Adoption) {
    if let Some((_, points)) = &model.fitted {
        let d = plot.curve(&finite(points));
        sheet.path(&d, "none", "ink", 0.7, None);
    }
    for (curve, (colour, width, dash)) in shown(model).iter().zip(STYLES).rev() {
        let d = plot.steps(&finite(&curve.points), model.until);
        sheet.path(&d, "none", colour, width, dash);
    }
    trails(sheet, plot, model);
    tipping(sheet, plot, model);
    end_labels(sheet, plot, model);
}

/// Measures the gap in years: an arrow back to when acceptance stood where the step stands now.
fn trails(sheet: &mut Sheet, plot: &Plot, model: &Adoption) {
    for trail in &model.trails {
        let (Some(curve), Some(since), Some(years)) = (model.curves.get(trail.curve), trail.since, trail.years) else {
            continue;
        };
        if years < 0.5 {
            continue;
        }
        let (from, to) = (plot.at((since, last(curve))), plot.at((model.until, last(curve))));
        sheet.line(from, (to.0, from.1), "ink", 0.9, None);
        sheet.path(&format!("M{} {}l5 -3v6z", number(from.0), number(from.1)), "ink", "ink", 0.5, None);
        let block = Block::new(
            &format!("{} years", plain(libm::round(years * 10.0) / 10.0)),
            sheet.small(),
            Cut::Semibold,
            90.0,
            1,
        );
        let middle = f64::midpoint(from.0, to.0);
        let area = Rect::new(middle - block.width / 2.0, from.1 + 2.0, block.width, block.height);
        if block.width + 8.0 < to.0 - from.0 && is_free(sheet, plot, &area) {
            sheet.svg.halo = Some("paper");
            sheet.svg.block(&block, Anchor::Start, area.x, area.y, "ink");
            sheet.svg.halo = None;
        }
    }
}

fn tipping(sheet: &mut Sheet, plot: &Plot, model: &Adoption) {
    let Some((x, y, words)) = &model.tipping else { return };
    if !(x.is_finite() && y.is_finite()) {
        return;
    }
    let at = plot.at((*x, *y));
    sheet.dot(at, 3.6, "paper", "ink", 1.4, false);
    let limit = (at.0 - plot.area.x - 8.0).max(plot.area.right() - at.0 - 12.0);
    let block = Block::new(words, sheet.small(), Cut::Regular, limit.max(60.0), 2);
    // Above the line of a third and left of the curve there is room; to its right only below. The description has the
    // date in any case.
    let (left, right) = (at.0 - 7.0 - block.width, at.0 + 8.0);
    let (above, below) = (at.1 - block.height - 15.0, at.1 + 5.0);
    let places = [(left, above), (right, below), (left, above - 14.0), (left, below), (right, below + 16.0)];
    let areas = places.map(|(x, y)| Rect::new(x, y, block.width, block.height));
    if let Some(area) = areas.iter().find(|area| is_free(sheet, plot, area)) {
        sheet.svg.halo = Some("paper");
        sheet.svg.block(&block, Anchor::Start, area.x, area.y, "ink");
        sheet.svg.halo = None;
    }
}

/// Returns whether a label may stand here: within the plot, and on no other.
fn is_free(sheet: &Sheet, plot: &Plot, area: &Rect) -> bool {
    let within = area.x >= plot.area.x && area.right() <= plot.area.right();
    let within = within && area.y >= plot.area.y && area.bottom() <= plot.area.bottom();
    within && sheet.svg.labels.iter().all(|other| other.grown(1.5).shared(area) <= 0.0)
}

fn end_labels(sheet: &mut Sheet, plot: &Plot, model: &Adoption) {
    let right = plot.area.right();
    let room = sheet.width() - MARGIN - right - 16.0;
    let base = sheet.small();
    // As many lines a label as leave room for all.
    let set = |lines: usize| -> Vec<Block> {
        let one = |(at, curve)| Block::new(&end_words(model, curve, at), base, Cut::Regular, room, lines);
        shown(model).iter().enumerate().map(one).collect()
    };
    let fits = |blocks: &[Block]| blocks.iter().map(|b| b.height + 4.0).sum::<f64>() <= plot.area.h + 20.0;
    let blocks = (1..=5).rev().map(set).find(|b| fits(b)).unwrap_or_else(|| set(1));
    let wanted: Vec<f64> = shown(model).iter().zip(&blocks).map(|(c, b)| plot.at_y(last(c)) - b.height / 2.0).collect();
    let heights: Vec<f64> = blocks.iter().map(|b| b.height + 4.0).collect();
    let places = spread(&wanted, &heights, plot.area.y - 2.0, plot.area.bottom() + 22.0);
    for ((curve, block), y) in shown(model).iter().zip(&blocks).zip(&places) {
        let from = (plot.at_x(model.until), plot.at_y(last(curve)));
        sheet.line(from, (right + 13.0, y + block.height / 2.0), "faint", 0.7, None);
        sheet.svg.block(block, Anchor::Start, right + 16.0, *y, "ink");
    }
}

fn end_words(model: &Adoption, curve: &Curve, at: usize) -> String {
    let value = last(curve);
    let mut words = if model.shares {
        format!("{}: {}", curve.label, per_cent(libm::round(value * 100.0) / 100.0))
    } else {
        format!("{}: {}", curve.label, plain(value))
    };
    if let Some(trail) = model.trails.iter().find(|t| t.curve == at) {
        words += &format!(" of {} of which it is known", plain(value + trail.states));
    }
    words
}

fn legend(sheet: &mut Sheet, model: &Adoption) {
    let mut entries = Vec::new();
    if let Some((name, _)) = &model.fitted {
        entries.push(Entry::new(Glyph::Line { width: 0.8, dashed: false }, format!("{name} curve, fitted")));
    }
    if model.tipping.is_some() {
        entries.push(Entry::new(Glyph::Hollow, "a third had joined"));
    }
    if !model.trails.is_empty() {
        entries.push(Entry::new(Glyph::Ground, "accepted and not yet done"));
    }
    if !entries.is_empty() {
        sheet.legend(&entries);
    }
}

fn notes(model: &Adoption) -> String {
    let mut words = String::new();
    if !model.trails.is_empty() {
        words += "The gap is shaded and measured among the states of which the further steps are known. Arrows lead back to when as many of these had accepted as have taken the step at the end.";
    }
    let hidden = model.curves.len().saturating_sub(SHOWN);
    if hidden > 0 {
        words += &format!(" {hidden} further curves: not drawn, but in the data.");
    }
    words.trim().to_owned()
}

fn title(model: &Adoption) -> String {
    let value = |c: &Curve| {
        if model.shares {
            format!("{} {}", c.label, per_cent(libm::round(last(c) * 100.0) / 100.0))
        } else {
            format!("{} {}", plain(last(c)), c.label)
        }
    };
    if model.curves.is_empty() {
        "Nobody joined".to_owned()
    } else {
        model.curves.iter().map(value).collect::<Vec<_>>().join(", ")
    }
}

fn description(model: &Adoption) -> String {
    let mut words = String::from("Step curves over time. ");
    for (at, curve) in model.curves.iter().enumerate() {
        words += &format!("{}. ", end_words(model, curve, at));
    }
    for trail in &model.trails {
        if let (Some(curve), Some(years)) = (model.curves.get(trail.curve), trail.years) {
            words += &format!("{} trails acceptance by {} years. ", curve.label, plain(years));
        }
    }
    if let Some((.., date)) = &model.tipping {
        words += &format!("{date}. ");
    }
    words.trim_end().to_owned()
}

fn table(model: &Adoption, id: &str, title: &str) -> Table {
    let unit = if model.shares { "share_of_states" } else { "states" };
    let mut table = Table::new(id, title, &["curve", "year", unit]);
    let digits = if model.shares { 4 } else { 0 };
    for curve in &model.curves {
        for &(x, y) in &curve.points {
            table.push(vec![Cell::text(&curve.label), Cell::number(x, 3), Cell::number(y, digits)]);
        }
    }
    table
}
