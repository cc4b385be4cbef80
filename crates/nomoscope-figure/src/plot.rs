//! The ground of a plot: a box with two linear axes, drawn lightly, and paths through its points.

use crate::metrics::{Block, Cut};
use crate::scale::{plain, round_up};
use crate::sheet::Sheet;
use crate::svg::{Anchor, Rect, number};

/// A plot's box and what its edges mean.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plot {
    pub(crate) area: Rect,
    pub(crate) x: (f64, f64),
    pub(crate) y: (f64, f64),
}

impl Plot {
    pub(crate) fn at_x(&self, value: f64) -> f64 {
        let width = (self.x.1 - self.x.0).max(1e-9);
        self.area.x + ((value - self.x.0) / width).clamp(0.0, 1.0) * self.area.w
    }

    pub(crate) fn at_y(&self, value: f64) -> f64 {
        let height = (self.y.1 - self.y.0).max(1e-9);
        self.area.bottom() - ((value - self.y.0) / height).clamp(0.0, 1.0) * self.area.h
    }

    pub(crate) fn at(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.at_x(x), self.at_y(y))
    }

    /// Draws lines across at the steps of the y axis, with their numbers to the left.
    pub(crate) fn grid(&self, sheet: &mut Sheet, words: impl Fn(f64) -> String) {
        for value in ticks(self.y, self.area.h / 34.0) {
            let y = self.at_y(value);
            sheet.line((self.area.x, y), (self.area.right(), y), "hair", 0.7, None);
            let block = Block::new(&words(value), sheet.small(), Cut::Regular, 60.0, 1);
            sheet.svg.block(&block, Anchor::End, self.area.x - 5.0, y - block.height / 2.0, "soft");
        }
    }

    /// Draws the x axis with its numbers below, as many as have room; returns where they end.
    pub(crate) fn below(&self, sheet: &mut Sheet, words: impl Fn(f64) -> String) -> f64 {
        let (y, size) = (self.area.bottom(), sheet.small());
        sheet.line((self.area.x, y), (self.area.right(), y), "faint", 0.9, None);
        let mut end = y + 7.0;
        for value in ticks(self.x, self.area.w / 52.0) {
            let x = self.at_x(value);
            sheet.line((x, y), (x, y + 3.5), "faint", 0.9, None);
            let block = Block::new(&words(value), size, Cut::Regular, 60.0, 1);
            sheet.svg.block(&block, Anchor::Middle, x, y + 7.0, "soft");
            end = y + 7.0 + block.height;
        }
        end
    }

    /// Returns a path that keeps each value until the next point, to the right edge.
    pub(crate) fn steps(&self, points: &[(f64, f64)], until: f64) -> String {
        let mut d = String::new();
        for (i, &point) in points.iter().enumerate() {
            let (x, y) = self.at(point);
            if i == 0 {
                d += &format!("M{} {}", number(x), number(y));
            } else {
                d += &format!("H{}V{}", number(x), number(y));
            }
        }
        if !points.is_empty() {
            d += &format!("H{}", number(self.at_x(until)));
        }
        d
    }

    /// Returns a path through the points.
    pub(crate) fn curve(&self, points: &[(f64, f64)]) -> String {
        let place = |(i, &point): (usize, &(f64, f64))| {
            let (x, y) = self.at(point);
            format!("{}{} {}", if i == 0 { "M" } else { "L" }, number(x), number(y))
        };
        points.iter().enumerate().map(place).collect()
    }

    /// Returns the outline of what lies between two step curves with the same abscissae.
    pub(crate) fn between(&self, upper: &[(f64, f64)], lower: &[(f64, f64)], until: f64) -> String {
        let mut back: Vec<(f64, f64)> = Vec::new();
        for (i, &(x, y)) in lower.iter().enumerate() {
            let right = lower.get(i + 1).map_or(until, |next| next.0);
            back.push((x, y));
            back.push((right, y));
        }
        let back: String = back
            .iter()
            .rev()
            .map(|&point| {
                let (x, y) = self.at(point);
                format!("L{} {}", number(x), number(y))
            })
            .collect();
        if upper.is_empty() || lower.is_empty() { String::new() } else { self.steps(upper, until) + &back + "Z" }
    }
}

/// Returns round values within a range, about as many as there is room for.
pub(crate) fn ticks((low, high): (f64, f64), room: f64) -> Vec<f64> {
    if !(low.is_finite() && high.is_finite() && high > low) {
        return vec![low].into_iter().filter(|v| v.is_finite()).collect();
    }
    let rough = (high - low) / room.clamp(1.0, 12.0);
    // Years at steps of 1.5 or 2.5 would be odd; so would states.
    let step = [1.0, 2.0, 5.0, 10.0].map(|m| m * libm::exp10(libm::floor(libm::log10(rough))));
    let step = step.into_iter().find(|s| *s >= rough * (1.0 - 1e-9)).unwrap_or_else(|| round_up(rough));
    let first = libm::ceil(low / step - 1e-9);
    let mut out = Vec::new();
    for i in 0..64 {
        let value = (first + f64::from(i)) * step;
        if value > high + 1e-9 * step.abs() {
            break;
        }
        out.push(value);
    }
    out
}

/// Returns a year without separators.
pub(crate) fn year(value: f64) -> String {
    format!("{value:.0}")
}

/// Returns a share in per cent as a number on an axis.
pub(crate) fn per_cent(value: f64) -> String {
    format!("{}\u{a0}%", plain(value * 100.0))
}

/// Puts labels beside one another's heights: none nearer than its height to the next, in the order given by `wanted`.
pub(crate) fn spread(wanted: &[f64], heights: &[f64], top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]).then(a.cmp(&b)));
    let mut places = wanted.to_vec();
    let mut free = top;
    for &i in &order {
        places[i] = places[i].max(free);
        free = places[i] + heights[i];
    }
    // What ran over the bottom goes up again, pushing what is above it.
    let mut limit = bottom;
    for &i in order.iter().rev() {
        places[i] = places[i].min(limit - heights[i]);
        limit = places[i];
    }
    places
}
