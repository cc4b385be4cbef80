//! Implementation lag: how long states take from one step to the next, with what is not known yet kept in view.
//!
//! A panel a pair of steps, Kaplan-Meier turned upside down: the share that had taken the step rises, with its pointwise
//! band, and stops where the longest observation stops.

use crate::metrics::{Block, Cut};
use crate::plot::{Plot, per_cent};
use crate::scale::{count, plain};
use crate::sheet::{MARGIN, Sheet};
use crate::svg::{Anchor, Rect, number};
use crate::{Figure, Heading, View};
use nomoscope_core::reach::survival::Survival;
use nomoscope_core::table::{Cell, Table};

/// File stem and anchor.
pub const ID: &str = "implementation-lag";
/// How many panels are drawn.
const SHOWN: usize = 3;

/// A pair of steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Lag {
    /// What people read: "from accepting to criminalising".
    pub label: String,
    /// The estimate.
    pub survival: Survival,
    /// How many had taken the second step when they took the first.
    pub already: u64,
}

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lags {
    /// Id, title and last line.
    pub heading: Heading,
    /// The pairs.
    pub lags: Vec<Lag>,
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &Lags, view: View) -> Figure {
    let id = model.heading.id_or(ID);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model));
    let mut sheet = Sheet::new(&id, &title, view);
    let shown = &model.lags[..model.lags.len().min(SHOWN)];
    let across = if sheet.narrow() { 1 } else { shown.len().max(1) };
    let gap = 22.0;
    let width = (sheet.inner() - gap * (across as f64 - 1.0)) / across as f64;
    let longest = shown.iter().map(|l| drawn_until(&l.survival)).fold(1.0, f64::max);
    // Panels side by side have their plots at one height, however long their words are.
    let words = shown.iter().map(|lag| heads(&sheet, lag, width));
    let (head, text) = words.fold((0.0_f64, 0.0_f64), |(a, b), (h, t)| (a.max(h.height), b.max(t.height)));
    let top = sheet.y;
    let mut end = top;
    for (at, lag) in shown.iter().enumerate() {
        let left = MARGIN + if across > 1 { at as f64 * (width + gap) } else { 0.0 };
        let y = if across > 1 { top } else { end };
        end = end.max(panel(&mut sheet, lag, Rect::new(left, y, width, head), text, longest));
    }
    sheet.y = end + 2.0;
    if shown.is_empty() {
        sheet.paragraph("No lag is known.", "ink");
    } else {
        sheet.paragraph("Share that had taken the second step, by years since the first (Kaplan-Meier); shaded: pointwise 95 % band; dot: median. Curves end where fewer than five states are left to watch; the data go on.", "soft");
    }
    if let Some(note) = &model.heading.note {
        sheet.paragraph(note, "soft");
    }
    let table = table(model, &id, &title);
    sheet.finish(&title, description(model), table)
}

/// Fewer states than these say little of all, and one that took forty years would set the scale.
const LEAST_AT_RISK: u64 = 5;

/// Returns until when a curve is drawn.
fn drawn_until(survival: &Survival) -> f64 {
    let last = survival.steps.iter().filter(|s| s.at_risk >= LEAST_AT_RISK).map(|s| s.years).fold(0.0, f64::max);
    let thin = survival.steps.iter().find(|s| s.at_risk < LEAST_AT_RISK).map_or(survival.longest, |s| s.years);
    let until = thin.max(last).min(survival.longest);
    if until.is_finite() { until } else { 1.0 }
}

fn heads(sheet: &Sheet, lag: &Lag, width: f64) -> (Block, Block) {
    (
        Block::new(&lag.label, sheet.base(), Cut::Semibold, width, 2),
        Block::new(&summary(lag), sheet.small(), Cut::Regular, width, 4),
    )
}

fn panel(sheet: &mut Sheet, lag: &Lag, place: Rect, words_height: f64, longest: f64) -> f64 {
    let (head, words) = heads(sheet, lag, place.w);
    sheet.svg.block(&head, Anchor::Start, place.x, place.y, "ink");
    let y = place.y + place.h + 2.0;
    sheet.svg.block(&words, Anchor::Start, place.x, y, "soft");
    let top = y + words_height + 10.0;
    let left = place.x + 32.0;
    let area = Rect::new(left, top, place.right() - left - 4.0, 170.0);
    let plot = Plot { area, x: (0.0, longest), y: (0.0, 1.0) };
    bands(sheet, &plot, &lag.survival);
    plot.grid(sheet, per_cent);
    let until = drawn_until(&lag.survival);
    let points: Vec<(f64, f64)> = done(&lag.survival).into_iter().filter(|p| p.0 < until).collect();
    let d = plot.steps(&points, until);
    sheet.path(&d, "none", "ink", 1.8, None);
    if let Some(median) = lag.survival.median {
        sheet.dot(plot.at((median, 0.5)), 3.6, "paper", "ink", 1.4, false);
    }
    plot.below(sheet, plain) + 14.0
}

/// Returns the share that had taken the step, from zero on.
fn done(survival: &Survival) -> Vec<(f64, f64)> {
    std::iter::once((0.0, 0.0)).chain(survival.steps.iter().map(|s| (s.years, 1.0 - s.waiting))).collect()
}

fn bands(sheet: &mut Sheet, plot: &Plot, survival: &Survival) {
    let mut d = String::new();
    let until = drawn_until(survival);
    for (i, step) in survival.steps.iter().enumerate().filter(|(_, s)| s.years < until) {
        let right = survival.steps.get(i + 1).map_or(until, |next| next.years.min(until));
        let Some((Some(low), Some(high))) = step.band.map(|b| (b.lower, b.upper)) else { continue };
        let (x0, x1) = (plot.at_x(step.years), plot.at_x(right));
        let (y0, y1) = (plot.at_y(1.0 - low), plot.at_y(1.0 - high));
        d += &format!("M{} {}H{}V{}H{}Z", number(x0), number(y0), number(x1), number(y1), number(x0));
    }
    if !d.is_empty() {
        sheet.path(&d, "neutral-tint", "none", 0.0, None);
    }
}

fn summary(lag: &Lag) -> String {
    let s = &lag.survival;
    let median = match (s.median, s.median_interval.lower, s.median_interval.upper) {
        (Some(m), Some(l), Some(u)) => format!("median {} years [{}; {}]", plain(m), plain(l), plain(u)),
        (Some(m), Some(l), None) => format!("median {} years [{}; open]", plain(m), plain(l)),
        (Some(m), ..) => format!("median {} years", plain(m)),
        (None, ..) => "half not reached".to_owned(),
    };
    let already = if lag.already > 0 {
        format!(", {} of them before or with the first step", plain(lag.already as f64))
    } else {
        String::new()
    };
    let n = usize::try_from(s.n).unwrap_or(usize::MAX);
    format!("{} of {}{already}; {median}", plain(s.taken as f64), count(n, "state", "states"))
}

fn title(model: &Lags) -> String {
    let parts: Vec<String> = model
        .lags
        .iter()
        .map(|l| match l.survival.median {
            Some(m) => format!("{}: half within {} years", l.label, plain(m)),
            None => format!("{}: half have not", l.label),
        })
        .collect();
    if parts.is_empty() { "No lag is known".to_owned() } else { parts.join("; ") }
}

fn description(model: &Lags) -> String {
    let parts: Vec<String> = model.lags.iter().map(|l| format!("{}: {}.", l.label, summary(l))).collect();
    format!("Kaplan-Meier curves of the time between two steps. {}", parts.join(" "))
}

fn table(model: &Lags, id: &str, title: &str) -> Table {
    let columns = ["lag", "years", "at_risk", "taken", "share_taken", "band_low", "band_high"];
    let mut table = Table::new(id, title, &columns);
    for lag in &model.lags {
        for step in &lag.survival.steps {
            let end = |value: Option<f64>| {
                value.map_or(Cell::Missing("no variance at 0 and 1"), |v| Cell::number(1.0 - v, 4))
            };
            table.push(vec![
                Cell::text(&lag.label),
                Cell::number(step.years, 3),
                Cell::Whole(step.at_risk),
                Cell::Whole(step.taken),
                Cell::number(1.0 - step.waiting, 4),
                end(step.band.and_then(|b| b.upper)),
                end(step.band.and_then(|b| b.lower)),
            ]);
        }
    }
    table
}
