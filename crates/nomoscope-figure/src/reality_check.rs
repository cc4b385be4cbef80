//! Reality check: how few of those whom a norm protects it reaches.
//!
//! A field of ten thousand dots shows the share, a ladder on a logarithmic scale shows each stage with its range, its unit and its
//! source. The field alone would hide that the units change from step to step; the ladder alone cannot be felt.

use crate::metrics::{Block, Cut};
use crate::scale::{capital, percent, plain};
use crate::sheet::{MARGIN, Sheet};
use crate::svg::{Anchor, line_height, number};
use crate::{Figure, Heading, View};
use nomoscope_core::table::{Cell, Table};

/// File stem and anchor.
pub const ID: &str = "attrition";
/// Dots on a side of the field.
const SIDE: usize = 100;
/// How many rungs are drawn; further ones stand in the data.
const SHOWN: usize = 8;

/// A stage.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rung {
    /// What people read.
    pub label: String,
    /// What is counted.
    pub unit: String,
    /// When.
    pub year: String,
    /// Who counted.
    pub source: String,
    /// The count; none where only a share is known.
    pub count: Option<f64>,
    /// Share of the first stage.
    pub share: Option<f64>,
    /// Interval of the share.
    pub interval: Option<(f64, f64)>,
    /// Whether the share is an order of magnitude only.
    pub rough: bool,
}

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RealityCheck {
    /// Id, title and last line.
    pub heading: Heading,
    /// The stages, the first being the whole.
    pub rungs: Vec<Rung>,
    /// Of which year or region, where it is one of several.
    pub group: String,
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &RealityCheck, view: View) -> Figure {
    let id = model.heading.id_or(ID);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model));
    let mut sheet = Sheet::new(&id, &title, view);
    let top = sheet.y;
    if sheet.narrow() {
        let side = sheet.inner();
        field(&mut sheet, model, MARGIN, side);
        sheet.y += 8.0;
        let width = sheet.inner();
        ladder(&mut sheet, model, MARGIN, width, 0.0);
    } else {
        field(&mut sheet, model, MARGIN, 290.0);
        let field_end = sheet.y;
        sheet.y = top;
        let left = MARGIN + 290.0 + 26.0;
        let width = sheet.width() - MARGIN - left;
        // Laid out once to see how high it is, then again so that it is as high as the field.
        let mut trial = Sheet::new(&id, &title, view);
        ladder(&mut trial, model, left, width, 0.0);
        let rungs = model.rungs.len().clamp(1, SHOWN) as f64;
        let air = ((top + 290.0 - trial.y) / rungs).clamp(0.0, 26.0);
        ladder(&mut sheet, model, left, width, air);
        sheet.y = sheet.y.max(field_end);
    }
    sheet.y += 6.0;
    let notes = notes(model);
    sheet.paragraph(&notes, "soft");
    if let Some(note) = &model.heading.note {
        sheet.paragraph(note, "soft");
    }
    let table = table(model, &id, &title);
    sheet.finish(&title, description(model), table)
}

fn sound(share: Option<f64>) -> Option<f64> {
    share.filter(|s| s.is_finite() && *s > 0.0)
}

/// Returns "one in 100", or "13 in 100" where more than one in ten is left.
fn one_in(share: f64, rough: bool) -> String {
    let about = if rough { "about " } else { "" };
    if share > 0.1 {
        return format!("{about}{} in 100", plain(share * 100.0));
    }
    format!("{about}one in {}", plain(libm::round(1.0 / share)))
}

fn title(model: &RealityCheck) -> String {
    let parts: Vec<String> = model
        .rungs
        .iter()
        .skip(1)
        .filter_map(|r| sound(r.share).map(|s| format!("{}: {}", r.label, one_in(s, false))))
        .collect();
    let mut words = parts.join("; ");
    if let Some(first) = words.chars().next() {
        words = first.to_uppercase().chain(words.chars().skip(1)).collect();
    }
    match (words.is_empty(), model.rungs.first()) {
        (false, _) if !model.group.is_empty() => format!("{words} ({})", model.group),
        (false, _) => words,
        (true, Some(first)) => format!("What is left of {} is not known", first.label),
        (true, None) => "No stage is known".to_owned(),
    }
}

/// Returns how many of ten thousand dots each stage has: the second, and the last if there is a third.
fn shaded(model: &RealityCheck) -> Vec<(usize, &Rung)> {
    let known: Vec<&Rung> = model.rungs.iter().skip(1).filter(|r| sound(r.share).is_some_and(|s| s <= 1.0)).collect();
    let mut chosen: Vec<&Rung> = known.first().copied().into_iter().collect();
    if known.len() > 1 {
        chosen.extend(known.last().copied());
    }
    let all = (SIDE * SIDE) as f64;
    chosen.into_iter().map(|r| (libm::round(r.share.unwrap_or(0.0) * all) as usize, r)).collect()
}

/// Draws rows of dots: lines of no length with round ends, so that ten thousand dots are a hundred lines.
fn dots(sheet: &mut Sheet, rows: &[(f64, f64, usize)], pitch: f64, radius: f64, colour: &str) {
    let mut d = String::new();
    for &(x, y, n) in rows.iter().filter(|(.., n)| *n > 0) {
        d += &format!("M{} {}", number(x), number(y));
        for _ in 0..n {
            // Each dot a hair long: some rasterisers drop lines of no length.
            d += &format!("h.01m{} 0", number(pitch - 0.01));
        }
    }
    let class = crate::palette::stroke_class(colour);
    let width = number(2.0 * radius);
    let attributes = [
        ("class", class.as_str()),
        ("d", d.as_str()),
        ("fill", "none"),
        ("stroke", crate::palette::light(colour)),
        ("stroke-width", width.as_str()),
        ("stroke-linecap", "round"),
    ];
    sheet.svg.empty("path", &attributes);
}

/// Returns the rows of a block of `n` dots in the upper right corner, as square as it can be.
fn block(n: usize, right: f64, top: f64, pitch: f64) -> Vec<(f64, f64, usize)> {
    if n == 0 {
        return Vec::new();
    }
    let wide = (1..=SIDE).find(|w| w * w >= n).unwrap_or(SIDE);
    let rows = n.div_ceil(wide);
    (0..rows)
        .map(|row| {
            let here = if row + 1 == rows { n - row * wide } else { wide };
            (right - (here as f64 - 1.0) * pitch, top + row as f64 * pitch, here)
        })
        .collect()
}

fn field(sheet: &mut Sheet, model: &RealityCheck, left: f64, side: f64) {
    let Some(first) = model.rungs.first() else { return };
    let pitch = side / SIDE as f64;
    let (x, y, right) = (left + pitch / 2.0, sheet.y + pitch / 2.0, left + side - pitch / 2.0);
    let all: Vec<(f64, f64, usize)> = (0..SIDE).map(|row| (x, y + row as f64 * pitch, SIDE)).collect();
    dots(sheet, &all, pitch, pitch * 0.26, "bundle");
    let chosen = shaded(model);
    for (at, (n, _)) in chosen.iter().enumerate() {
        // The last stage is the darkest.
        let darkest = at + 1 == chosen.len() && chosen.len() > 1;
        let colour = if darkest { "ink" } else { "neutral" };
        // A single dot among ten thousand must be found.
        let radius = pitch * if *n < 20 && darkest { 0.75 } else { 0.42 };
        dots(sheet, &block(*n, right, y, pitch), pitch, radius, colour);
    }
    sheet.y += side + 6.0;
    let mut words = format!("Each dot: 1 of 10,000 {}.", first.label);
    for (n, rung) in &chosen {
        let dots = match n {
            0 => "less than a dot".to_owned(),
            1 => "1 dot".to_owned(),
            n => format!("{} dots", plain(*n as f64)),
        };
        let colour =
            if chosen.len() > 1 && std::ptr::eq(*rung, chosen[chosen.len() - 1].1) { "dark" } else { "shaded" };
        words += &format!(" {}, {colour}: {dots}.", capital(&rung.label));
    }
    let size = sheet.small();
    let block = Block::new(&words, size, Cut::Regular, side, 6);
    sheet.svg.block(&block, Anchor::Start, left, sheet.y, "soft");
    sheet.y += block.height + 4.0;
}

/// The logarithmic axis of the ladder: shares of the first stage, the whole at the left.
#[derive(Clone, Copy)]
struct Axis {
    x0: f64,
    x1: f64,
    decades: f64,
}

impl Axis {
    fn x(&self, share: f64) -> f64 {
        let down = -libm::log10(share.max(1e-300));
        self.x0 + (down / self.decades).clamp(0.0, 1.0) * (self.x1 - self.x0)
    }
}

impl Axis {
    /// Returns the shares that are marked: powers of ten, and halves and fifths of them where there is room.
    fn marks(&self) -> Vec<f64> {
        let between: &[f64] = if self.decades <= 2.0 { &[1.0, 0.5, 0.2] } else { &[1.0] };
        let least = libm::exp10(-self.decades) * (1.0 - 1e-9);
        let all = (0..=self.decades as i32).flat_map(|d| between.iter().map(move |m| m * libm::exp10(-f64::from(d))));
        all.filter(|share| *share >= least).collect()
    }
}

fn ladder(sheet: &mut Sheet, model: &RealityCheck, left: f64, width: f64, air: f64) {
    let rungs: Vec<&Rung> = model.rungs.iter().take(SHOWN).collect();
    let least = rungs
        .iter()
        .flat_map(|r| [sound(r.share), r.interval.map(|i| i.0)])
        .flatten()
        .filter(|s| *s > 0.0)
        .fold(0.1, f64::min);
    let decades = libm::ceil(-libm::log10(least) - 1e-9).clamp(1.0, 9.0);
    let axis = Axis { x0: left + 8.0, x1: left + width - 8.0, decades };
    let size = sheet.small();
    let first = model.rungs.first().map_or("the first stage", |r| r.label.as_str());
    let head = Block::new(&format!("Share left of {first}, logarithmic scale"), size, Cut::Italic, width, 2);
    sheet.svg.block(&head, Anchor::Start, left, sheet.y, "soft");
    sheet.y += head.height + 2.0;
    scale(sheet, axis);
    let mark = sheet.svg.mark();
    let top = sheet.y;
    let mut before: Option<(f64, f64)> = None;
    let mut stairs = Vec::new();
    for (at, rung) in rungs.iter().enumerate() {
        let place = draw_rung(sheet, axis, (left, width), rung, at);
        if let (Some(from), Some(to)) = (before, place) {
            let d = format!("M{} {}V{}H{}", number(from.0), number(from.1), number(to.1), number(to.0));
            stairs.push((d, rung.rough));
        }
        before = place.or(before);
        sheet.y += air;
    }
    let bottom = sheet.y - air;
    // Scale and stairs go behind the words of the rungs, whose height is known only now.
    let (_, drawn) = sheet.svg.take_from(mark);
    for share in axis.marks() {
        let x = axis.x(share);
        sheet.line((x, top), (x, bottom), "hair", 0.7, None);
    }
    for (d, rough) in stairs {
        sheet.path(&d, "none", "bundle", 1.6, rough.then_some("4 2.5"));
    }
    sheet.svg.raw(&drawn);
}

fn scale(sheet: &mut Sheet, axis: Axis) {
    let size = sheet.small();
    let mut end: f64 = f64::NEG_INFINITY;
    for share in axis.marks() {
        let words = if share >= 1.0 { "all".to_owned() } else { format!("1 in {}", plain(libm::round(1.0 / share))) };
        let block = Block::new(&words, size, Cut::Regular, 90.0, 1);
        let x = axis.x(share);
        let at = x.clamp(axis.x0 - 8.0 + block.width / 2.0, axis.x1 + 8.0 - block.width / 2.0);
        if at - block.width / 2.0 > end + 5.0 {
            sheet.svg.block(&block, Anchor::Middle, at, sheet.y, "soft");
            end = at + block.width / 2.0;
        }
    }
    sheet.y += line_height(size) + 3.0;
}

/// Draws a rung: its words, and the dot on the scale with its interval; returns where the dot is.
fn draw_rung(sheet: &mut Sheet, axis: Axis, (left, width): (f64, f64), rung: &Rung, at: usize) -> Option<(f64, f64)> {
    sheet.svg.halo = Some("paper");
    let value = match (sound(rung.share), at) {
        (_, 0) => rung.count.map_or_else(String::new, plain),
        (Some(share), _) => one_in(share, rung.rough),
        (None, _) => "not known".to_owned(),
    };
    let base = sheet.base();
    let figure = Block::new(&value, base, Cut::Semibold, width * 0.45, 1);
    let label = Block::new(&capital(&rung.label), base, Cut::Semibold, width - figure.width - 14.0, 3);
    let y = sheet.y + 4.0;
    sheet.svg.block(&label, Anchor::Start, left, y, "ink");
    sheet.svg.block(&figure, Anchor::End, left + width, y, "ink");
    let line = y + label.height.max(figure.height) + 9.0;
    sheet.svg.halo = None;
    let share = if at == 0 { Some(1.0) } else { sound(rung.share) };
    let place = share.map(|s| (axis.x(s), line));
    if let (Some((low, high)), Some(_)) = (rung.interval.filter(|(l, h)| h > l && !rung.rough), place) {
        let (x0, x1) = (axis.x(high), axis.x(low.max(1e-12)));
        sheet.line((x0, line), (x1, line), "ink", 1.6, None);
        for x in [x0, x1] {
            sheet.line((x, line - 3.0), (x, line + 3.0), "ink", 1.2, None);
        }
    }
    if let Some(place) = place {
        let fill = if rung.rough { "paper" } else { "ink" };
        sheet.dot(place, 4.0, fill, "ink", 1.5, false);
    }
    let words = under(rung, at);
    let block = Block::new(&words, sheet.small(), Cut::Regular, width, 4);
    sheet.svg.halo = Some("paper");
    sheet.svg.block(&block, Anchor::Start, left, line + 8.0, "soft");
    sheet.svg.halo = None;
    sheet.y = line + 8.0 + block.height + 8.0;
    place
}

/// Returns what stands below a rung: count, unit, year, interval, source.
fn under(rung: &Rung, at: usize) -> String {
    let mut parts = Vec::new();
    let unit = if rung.unit.is_empty() { String::new() } else { format!("unit: {}", rung.unit) };
    parts.extend((!unit.is_empty()).then_some(unit));
    parts.extend((!rung.year.is_empty()).then(|| rung.year.clone()));
    if at > 0 && !rung.rough {
        parts.extend(rung.count.map(|c| format!("n = {}", plain(libm::round(c)))));
    }
    if let Some((low, high)) = rung.interval.filter(|(l, h)| h > l && !rung.rough) {
        parts.push(format!("{} to {}", share_words(low), share_words(high)));
    }
    let source = if rung.source.is_empty() { String::new() } else { format!("; {}", rung.source) };
    parts.join(", ") + &source
}

fn share_words(share: f64) -> String {
    if share >= 0.01 {
        format!("{}\u{a0}%", plain(share * 100.0))
    } else if share > 0.0 {
        one_in(share, false)
    } else {
        percent(0.0)
    }
}

fn notes(model: &RealityCheck) -> String {
    let mut words = String::new();
    if model.rungs.iter().any(|r| r.rough) {
        words += "Hollow, dashed: an order of magnitude without an interval, because the stages do not count the same.";
    }
    if model.rungs.iter().any(|r| r.interval.is_some_and(|(l, h)| h > l) && !r.rough) {
        words += " A line through a dot is the 95 % interval over the stated ranges.";
    }
    let hidden = model.rungs.len().saturating_sub(SHOWN);
    if hidden > 0 {
        words += &format!(" {hidden} further stages: not drawn, but in the data.");
    }
    words.trim().to_owned()
}

fn description(model: &RealityCheck) -> String {
    let mut words = String::from(
        "A field of 10,000 dots for the first stage, with those of later stages marked, and a ladder on a logarithmic scale. ",
    );
    for (at, rung) in model.rungs.iter().enumerate() {
        let share = match (at, sound(rung.share)) {
            (0, _) => rung.count.map_or_else(|| "the whole".to_owned(), plain),
            (_, Some(share)) => one_in(share, rung.rough),
            (_, None) => "not known".to_owned(),
        };
        words += &format!("{}: {share} ({}). ", capital(&rung.label), under(rung, at));
    }
    words.trim_end().to_owned()
}

fn table(model: &RealityCheck, id: &str, title: &str) -> Table {
    let columns = [
        "stage",
        "unit",
        "year",
        "count",
        "share_of_first",
        "share_low",
        "share_high",
        "order_of_magnitude_only",
        "source",
    ];
    let mut table = Table::new(id, title, &columns);
    let number = |value: Option<f64>, digits: u8, why: &'static str| {
        value.map_or(Cell::Missing(why), |v| Cell::number(v, digits))
    };
    for rung in &model.rungs {
        let interval = rung.interval.filter(|_| !rung.rough);
        table.push(vec![
            Cell::text(&rung.label),
            Cell::text(&rung.unit),
            Cell::text(&rung.year),
            number(rung.count, 0, "only a share is stated"),
            number(rung.share, 6, "not known"),
            number(interval.map(|i| i.0), 6, "no interval"),
            number(interval.map(|i| i.1), 6, "no interval"),
            Cell::text(if rung.rough { "yes" } else { "no" }),
            Cell::text(&rung.source),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_has_as_many_dots_as_asked() {
        for n in [0, 1, 2, 3, 37, 100, 101, 5_000, 10_000] {
            let rows = block(n, 300.0, 0.0, 3.0);
            assert_eq!(rows.iter().map(|r| r.2).sum::<usize>(), n);
            assert!(rows.iter().all(|r| r.2 <= SIDE) && rows.len() <= SIDE);
        }
    }
}
