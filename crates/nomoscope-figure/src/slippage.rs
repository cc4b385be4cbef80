//! Slippage: which labels are used for one another, as half a matrix.
//!
//! The side of a cell is observed over expected changes between two labels; a thin frame shows where 1 is. Filled where the
//! two are interchangeable for certain, hatched where they are certainly not, hollow where the data do not tell. Names
//! stand on the diagonal, so that none need be turned.

use crate::metrics::{Block, Cut};
use crate::scale::count;
use crate::shape::{Paint, shape};
use crate::sheet::{Entry, Filled, Glyph, MARGIN, Sheet};
use crate::svg::{Anchor, Rect, line_height};
use crate::{Figure, Heading, Role, View, name_or_id};
use nomoscope_core::table::{Cell, Table};
use nomoscope_core::usage::slip::Verdict;
use std::collections::BTreeMap;

/// File stem and anchor.
pub const ID: &str = "slippage";
/// The ratio that fills a cell.
const MOST: f64 = 2.0;

/// A label.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Name {
    /// Its id.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Mentions.
    pub mentions: u64,
    /// Where its passages stand.
    pub href: Option<String>,
}

/// A pair of labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Index of one.
    pub a: usize,
    /// Index of the other.
    pub b: usize,
    /// Observed over expected changes; none if not tested.
    pub ratio: Option<f64>,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
    /// What the pair is.
    pub verdict: Verdict,
    /// Mentions in common lists.
    pub listed: u64,
}

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Slippage {
    /// Id, title and last line.
    pub heading: Heading,
    /// The labels.
    pub labels: Vec<Name>,
    /// The pairs.
    pub pairs: Vec<Pair>,
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &Slippage, view: View) -> Figure {
    let labels = model.labels.iter().map(|l| Name { label: name_or_id(&l.label, &l.id), ..l.clone() }).collect();
    let model = &Slippage { labels, ..model.clone() };
    let id = model.heading.id_or(ID);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model));
    let mut sheet = Sheet::new(&id, &title, view);
    let shown = shown(model, if sheet.narrow() { 7 } else { 12 });
    if shown.len() > 1 {
        matrix(&mut sheet, model, &shown);
        legend(&mut sheet, model, &shown);
    }
    let left = model.labels.len() - shown.len();
    if left > 0 {
        sheet.paragraph(&format!("Not drawn: {} in fewer or no tested pairs.", count(left, "label", "labels")), "soft");
    }
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    sheet.finish(&title, description(model), table(model, &id, &title))
}

fn title(model: &Slippage) -> String {
    let of = |v: Verdict| model.pairs.iter().filter(|p| p.verdict == v).count();
    let tested = model.pairs.iter().filter(|p| p.ratio.is_some()).count();
    if tested == 0 && of(Verdict::Enumeration) == 0 {
        return "No pair of labels is used often enough to tell".to_owned();
    }
    let apart = of(Verdict::Sticky) + of(Verdict::ByTopic) + of(Verdict::ByContext) + of(Verdict::Separated);
    let free = match of(Verdict::Interchangeable) {
        0 => "No pair of labels is used interchangeably for certain".to_owned(),
        1 => "One pair of labels is used interchangeably".to_owned(),
        n => format!("{} are used interchangeably", count(n, "pair of labels", "pairs of labels")),
    };
    let more: Vec<String> = [(apart, "kept apart"), (of(Verdict::Enumeration), "listed together")]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| format!("{n} {} {what}", if n == 1 { "is" } else { "are" }))
        .collect();
    if more.is_empty() { free } else { format!("{free}; {}", more.join(", ")) }
}

/// Returns the labels that are drawn: those with most tested pairs, then those said most, in the order of mentions.
fn shown(model: &Slippage, most: usize) -> Vec<usize> {
    let mut tested = vec![0_usize; model.labels.len()];
    for pair in model.pairs.iter().filter(|p| p.ratio.is_some() || p.verdict != Verdict::Undetermined) {
        for i in [pair.a, pair.b] {
            if let Some(n) = tested.get_mut(i) {
                *n += 1;
            }
        }
    }
    let mut all: Vec<usize> = (0..model.labels.len()).filter(|&i| tested[i] > 0).collect();
    let key = |i: usize| (std::cmp::Reverse((tested[i], model.labels[i].mentions)), model.labels[i].id.clone(), i);
    all.sort_by_key(|&i| key(i));
    all.truncate(most);
    all.sort_by_key(|&i| (std::cmp::Reverse(model.labels[i].mentions), model.labels[i].id.clone(), i));
    all
}

#[expect(clippy::cast_precision_loss, reason = "labels in a figure are few")]
fn matrix(sheet: &mut Sheet, model: &Slippage, shown: &[usize]) {
    let n = shown.len();
    let room = if sheet.narrow() { 112.0 } else { 170.0 };
    let cell = ((sheet.inner() - room) / (n as f64 - 1.0)).clamp(24.0, if sheet.narrow() { 40.0 } else { 50.0 });
    let found: BTreeMap<(usize, usize), &Pair> =
        model.pairs.iter().map(|p| ((p.a.min(p.b), p.a.max(p.b)), p)).collect();
    for (row, &i) in shown.iter().enumerate() {
        let top = sheet.y;
        for (column, &j) in shown[..row].iter().enumerate() {
            let area = Rect::new(MARGIN + column as f64 * cell, top, cell, cell);
            square(sheet, model, found.get(&(i.min(j), i.max(j))).copied(), area);
        }
        let x = MARGIN + row as f64 * cell + 6.0;
        let label = &model.labels[i];
        let block = Block::new(label.label.trim(), sheet.base(), Cut::Regular, sheet.width() - MARGIN - x, 2);
        sheet.svg.open_item(
            label.href.as_deref(),
            &format!("{}: {}", label.label, count(label.mentions as usize, "mention", "mentions")),
        );
        let first = row == 0;
        let y = if first { top } else { top + (cell - block.height) / 2.0 };
        sheet.svg.block(&block, Anchor::Start, x, y, "ink");
        sheet.svg.close();
        sheet.y += if first { block.height + 4.0 } else { cell.max(block.height + 2.0) };
    }
    sheet.y += 10.0;
}

fn square(sheet: &mut Sheet, model: &Slippage, pair: Option<&Pair>, area: Rect) {
    let (cx, cy) = (area.cx(), area.cy());
    let side = |ratio: f64| (area.w - 4.0) * ratio.clamp(0.06, MOST) / MOST;
    let frame = |ratio: f64| Rect::centred(cx, cy, side(ratio), side(ratio));
    let plain = |fill, stroke, width, dashed| Paint { fill, stroke, width, dashed };
    let Some(pair) = pair else {
        shape(&mut sheet.svg, frame(0.08), None, plain("hair", "hair", 0.6, false), false);
        return;
    };
    sheet.svg.open_item(None, &hover(model, pair));
    match pair.ratio {
        None if pair.verdict == Verdict::Enumeration => {
            let hatch = sheet.hatch(None);
            shape(&mut sheet.svg, frame(MOST), None, plain(&hatch, "neutral", 1.1, true), false);
        }
        None => shape(&mut sheet.svg, frame(0.12), None, plain("paper", "faint", 0.8, false), false),
        Some(ratio) => {
            let hatch = sheet.hatch(None);
            let paint = match pair.verdict {
                Verdict::Interchangeable => plain("value", "value", 1.2, false),
                Verdict::Undetermined => plain("paper", "neutral", 1.1, false),
                _ => plain(&hatch, "neutral", 1.2, false),
            };
            shape(&mut sheet.svg, frame(ratio), None, paint, false);
            shape(&mut sheet.svg, frame(1.0), None, plain("none", "faint", 0.6, true), false);
        }
    }
    sheet.svg.close();
    let Some(ratio) = pair.ratio.filter(|_| area.w >= 34.0) else { return };
    let size = sheet.small();
    let block = Block::new(&format!("{ratio:.2}"), size, Cut::Regular, area.w, 1);
    let full = pair.verdict == Verdict::Interchangeable && side(ratio) > block.width;
    sheet.svg.halo = if full { None } else { Some("paper") };
    sheet.svg.block(&block, Anchor::Middle, cx, cy - line_height(size) / 2.0, if full { "paper" } else { "ink" });
    sheet.svg.halo = None;
}

fn hover(model: &Slippage, pair: &Pair) -> String {
    let name = |i: usize| model.labels.get(i).map_or("", |l| l.label.as_str());
    let ratio = match (pair.ratio, pair.interval) {
        (Some(r), Some((l, u))) => format!("changes {r:.2} of those expected ({l:.2} to {u:.2})"),
        (Some(r), None) => format!("changes {r:.2} of those expected"),
        (None, _) => "not tested".to_owned(),
    };
    format!("{} – {}: {ratio}; {}; {} in common lists", name(pair.a), name(pair.b), pair.verdict.meaning(), pair.listed)
}

fn legend(sheet: &mut Sheet, model: &Slippage, shown: &[usize]) {
    let of = |p: &&Pair| shown.contains(&p.a) && shown.contains(&p.b);
    let has = |f: &dyn Fn(&Pair) -> bool| model.pairs.iter().filter(of).any(f);
    let mut entries = vec![Entry::new(
        Glyph::Shape { role: None, filled: Filled::Hollow, dashed: true, double: false },
        "side: observed over expected changes; thin frame: 1",
    )];
    if has(&|p| p.verdict == Verdict::Interchangeable) {
        entries.push(Entry::new(
            Glyph::Shape { role: Some(Role::Value), filled: Filled::Full, dashed: false, double: false },
            "filled: interchangeable",
        ));
    }
    if has(&|p| !matches!(p.verdict, Verdict::Interchangeable | Verdict::Undetermined)) {
        entries.push(Entry::new(
            Glyph::Ribbon { hatched: true, dashed: false },
            "hatched: certainly not (in stretches, by topic or context; dashed: listed together)",
        ));
    }
    if has(&|p| p.verdict == Verdict::Undetermined && p.ratio.is_some()) {
        entries.push(Entry::new(
            Glyph::Shape { role: None, filled: Filled::Hollow, dashed: false, double: false },
            "hollow: the data do not tell",
        ));
    }
    sheet.legend(&entries);
}

fn description(model: &Slippage) -> String {
    let name = |i: usize| model.labels.get(i).map_or("", |l| l.label.as_str());
    let told: Vec<String> = model
        .pairs
        .iter()
        .filter(|p| p.ratio.is_some() || p.verdict != Verdict::Undetermined)
        .take(20)
        .map(|p| {
            let ratio = p.ratio.map_or_else(String::new, |r| format!(" {r:.2}"));
            format!("{} – {}{ratio} {}", name(p.a), name(p.b), p.verdict.name())
        })
        .collect();
    format!(
        "Pairs of norm labels with observed over expected changes and what they are to each other: {}.",
        if told.is_empty() { "none tested".to_owned() } else { told.join(", ") }
    )
}

fn table(model: &Slippage, id: &str, title: &str) -> Table {
    let mut table = Table::new(id, title, &["a", "b", "ratio", "lower", "upper", "verdict", "listed"]);
    let name = |i: usize| model.labels.get(i).map_or("", |l| l.label.as_str());
    for p in &model.pairs {
        let number = |x: Option<f64>| x.map_or(Cell::Missing("too few changes expected"), |x| Cell::number(x, 2));
        table.push(vec![
            Cell::text(name(p.a)),
            Cell::text(name(p.b)),
            number(p.ratio),
            number(p.interval.map(|i| i.0)),
            number(p.interval.map(|i| i.1)),
            Cell::text(p.verdict.name()),
            Cell::Count(p.listed),
        ]);
    }
    table
}
