//! Change: the cluster as a river. Each part of the norm has a bed of its own, and each concept is a ribbon in it.
//!
//! The width of a ribbon is the concept's share of the focal statements of a period; what is not a ribbon is other concepts,
//! summed, or nothing named. What came, went, rose or fell beyond chance, at equal length of text, has a mark; that a ribbon merely begins
//! or ends has none. A period in which nobody speaks of the focus is hatched: no data is not death. Below stands how well the type of
//! the cluster is supported in each period, where that is known.

use crate::metrics::{Block, Cut};
use crate::palette::tints;
use crate::ranked::yes;
use crate::scale::{count, percent, sane};
use crate::shape::{Paint, shape};
use crate::sheet::{Entry, Filled, Glyph, MARGIN, Sheet};
use crate::svg::{Anchor, Rect, line_height, number};
use crate::{Figure, Heading, Role, View, name_or_id};
use nomoscope_core::norm::kind::Model;
use nomoscope_core::table::{Cell, Table};
use std::fmt::Write as _;

/// File stem and anchor.
pub const ID: &str = "change";
/// How many ribbons a bed shows.
const SHOWN: usize = 6;
/// Height of a bed, for a share of 1.
const BED: f64 = 122.0;
/// Height of a bed in which little is named: its labels stand beside it.
const LOWEST: f64 = 62.0;
/// The share of its height that a digit needs to be read in a ribbon.
const LEGIBLE: f64 = 0.7;
/// In a ribbon of this share a digit can be read.
const THIN: f64 = 0.08;
/// Height of the strip of support.
const STRIP: f64 = 26.0;
/// Sources below which a period is marked.
const FEW: u64 = 5;

/// A period.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Sources that speak of the focus.
    pub focal_sources: u64,
    /// Type of the cluster.
    pub model: Option<Model>,
    /// Share of bootstrap draws with this type.
    pub support: Option<f64>,
}

/// What a concept did between two periods, beyond chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// Nobody held it before.
    Came,
    /// Nobody holds it after.
    Went,
    /// It became more common.
    Rose,
    /// It became less common.
    Fell,
}

impl Moved {
    const fn word(self) -> &'static str {
        match self {
            Self::Came => "came",
            Self::Went => "went",
            Self::Rose => "rose",
            Self::Fell => "fell",
        }
    }
}

/// A certain change of a concept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Number of the period before.
    pub before: usize,
    /// Number of the period after.
    pub after: usize,
    /// What it did.
    pub what: Moved,
}

/// A concept in one part of the norm.
#[derive(Debug, Clone, PartialEq)]
pub struct Ribbon {
    /// Its id.
    pub id: String,
    /// What people read.
    pub label: String,
    /// The part.
    pub role: Role,
    /// Share of the focal weight in each period.
    pub shares: Vec<f64>,
    /// What is certain of it, in order.
    pub moves: Vec<Move>,
    /// Where its passages stand.
    pub href: Option<String>,
}

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Change {
    /// Id, title and last line.
    pub heading: Heading,
    /// The periods, in order.
    pub periods: Vec<Column>,
    /// The concepts.
    pub ribbons: Vec<Ribbon>,
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &Change, view: View) -> Figure {
    let n = model.periods.len();
    let tidy = |r: &Ribbon| Ribbon {
        label: name_or_id(&r.label, &r.id),
        shares: (0..n).map(|i| sane(r.shares.get(i).copied().unwrap_or(0.0)).min(1.0)).collect(),
        ..r.clone()
    };
    let model = &Change { ribbons: model.ribbons.iter().map(tidy).collect(), ..model.clone() };
    let id = model.heading.id_or(ID);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model));
    let mut sheet = Sheet::new(&id, &title, view);
    let mut dropped = 0;
    if n > 0 && !model.ribbons.is_empty() {
        let axis = Axis::new(&sheet, n);
        for role in [Role::Problem, Role::Value, Role::Behaviour] {
            dropped += bed(&mut sheet, model, role, axis);
        }
        if model.periods.iter().any(|p| p.support.is_some()) {
            strip(&mut sheet, model, axis);
        }
        names(&mut sheet, model, axis);
        legend(&mut sheet, model);
    }
    if dropped > 0 {
        sheet.paragraph(&format!("{} found no room.", count(dropped, "label", "labels")), "soft");
    }
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    let description = description(model);
    sheet.finish(&title, description, table(model, &id, &title))
}

/// How many changes a title tells.
const TOLD: usize = 2;

fn title(model: &Change) -> String {
    let (Some(first), Some(last)) = (model.periods.first(), model.periods.last()) else {
        return "The parts of the norm".to_owned();
    };
    let name = |i: usize| model.periods.get(i).map_or("", |p| p.name.as_str()).replace('-', "–");
    let mut told: Vec<(usize, String)> = Vec::new();
    for r in &model.ribbons {
        for m in &r.moves {
            let words =
                format!("{} {} between {} and {}", r.label.trim(), m.what.word(), name(m.before), name(m.after));
            // One concept may be a problem and a value.
            if told.iter().all(|(_, w)| *w != words) {
                told.push((m.after, words));
            }
        }
    }
    told.sort();
    if told.is_empty() {
        let (from, to) = (first.name.replace('-', "–"), last.name.replace('-', "–"));
        return format!("From {from} to {to} no part of the norm came or went beyond chance");
    }
    let more = told.len().saturating_sub(TOLD);
    let words: Vec<String> = told.into_iter().take(TOLD).map(|t| t.1).collect();
    let mut title = crate::scale::capital(&words.join("; "));
    if more > 0 {
        title.push_str(&format!("; {more} more of its parts moved"));
    }
    title
}

/// Where periods stand across the sheet.
#[derive(Debug, Clone, Copy)]
struct Axis {
    left: f64,
    step: f64,
    half: f64,
    n: usize,
    right: f64,
}

impl Axis {
    #[expect(clippy::cast_precision_loss, reason = "periods are few")]
    fn new(sheet: &Sheet, n: usize) -> Self {
        let margin = if sheet.narrow() { 104.0 } else { 150.0 };
        let width = sheet.inner() - margin;
        let step = width / n as f64;
        Self { left: MARGIN, step, half: (step * 0.28).clamp(0.4, 16.0), n, right: MARGIN + width }
    }

    #[expect(clippy::cast_precision_loss, reason = "periods are few")]
    fn x(&self, i: usize) -> f64 {
        self.left + (i as f64 + 0.5) * self.step
    }
}

/// The ribbons of a part, widest first.
fn of_role(model: &Change, role: Role) -> Vec<&Ribbon> {
    let sum = |r: &Ribbon| r.shares.iter().sum::<f64>();
    let mut all: Vec<&Ribbon> = model.ribbons.iter().filter(|r| r.role == role && sum(r) > 0.0).collect();
    all.sort_by(|a, b| nomoscope_core::weight::compare(sum(b), sum(a)).then_with(|| a.id.cmp(&b.id)));
    all
}

/// A stretch of periods in which a ribbon runs, with the upper and lower edge in each.
struct Run {
    first: usize,
    edges: Vec<(f64, f64)>,
}

fn bed(sheet: &mut Sheet, model: &Change, role: Role, axis: Axis) -> usize {
    let all = of_role(model, role);
    let digit = Block::new("0", sheet.small(), Cut::Semibold, axis.step, 1);
    let (shown, rest) = parted(&all);
    // One scale in all beds; where no period names much, the bed is as low as that.
    let most = (0..axis.n).map(|i| all.iter().map(|r| r.shares[i]).sum::<f64>()).fold(0.0, f64::max).min(1.0);
    let height = (most * BED).max(LOWEST);
    heading(sheet, role, (all.len(), shown.len()), most);
    let floor = sheet.y + height;
    let ground = Paint { fill: "band", stroke: "none", width: 0.0, dashed: false };
    shape(&mut sheet.svg, Rect::new(axis.left, sheet.y, axis.right - axis.left, height), None, ground, false);
    silent(sheet, model, axis, height);
    let mut levels = vec![floor; axis.n];
    let mut dropped = 0;
    let mut asides: Vec<Aside<'_>> = Vec::new();
    for (k, ribbon) in shown.iter().enumerate() {
        let runs = runs(ribbon, &mut levels);
        let fill = tints(Some(role))[if k % 2 == 0 { 1 } else { 0 }];
        sheet.svg.open_item(ribbon.href.as_deref(), &hover(model, ribbon));
        for run in &runs {
            let d = outline(run, axis);
            sheet.path(&d, fill, "paper", 0.8, None);
        }
        marks(sheet, ribbon, &runs, axis, role);
        sheet.svg.close();
        let mut aside = Aside { ribbon, place: k, end: None, keys: Vec::new() };
        let mut inside = false;
        // A ribbon that is broken off is named wherever it begins again: its colour is that of others, too.
        for run in &runs {
            if self::inside(sheet, ribbon, run, axis) {
                inside = true;
            } else if let Some((top, bottom)) = run.edges.last().filter(|_| run.first + run.edges.len() == axis.n) {
                aside.end = Some(f64::midpoint(*top, *bottom));
            } else {
                aside.keys.extend(key(run, axis, &digit));
            }
        }
        if aside.end.is_some() || !aside.keys.is_empty() {
            asides.push(aside);
        } else {
            dropped += usize::from(!inside);
        }
    }
    if !rest.is_empty() {
        others(sheet, &rest, &mut levels, axis);
    }
    let bed_top = sheet.y;
    dropped += beside(sheet, &mut asides, axis, (bed_top, floor));
    sheet.y = floor + 10.0;
    dropped
}

/// Parts the ribbons into those that are drawn, widest first, and the rest: what can be told by name is drawn, because it
/// reaches the labels beside the bed or a digit can be read in it.
fn parted<'r>(all: &[&'r Ribbon]) -> (Vec<&'r Ribbon>, Vec<&'r Ribbon>) {
    let highest = |ribbon: &Ribbon| ribbon.shares.iter().copied().fold(0.0, f64::max);
    let (mut shown, mut rest): (Vec<&Ribbon>, Vec<&Ribbon>) =
        all.iter().partition(|r| r.shares.last().is_some_and(|share| *share > 0.0) || highest(r) >= THIN);
    rest.extend(shown.drain(shown.len().min(SHOWN)..));
    (shown, rest)
}

fn heading(sheet: &mut Sheet, role: Role, (all, shown): (usize, usize), most: f64) {
    let word = match role {
        Role::Problem => "Problems",
        Role::Value => "Values",
        Role::Behaviour => "Behaviours",
    };
    let mut words = word.to_owned();
    if most > 0.0 && most < 0.995 {
        words += &format!(", named in {} of the statements at most", percent(most));
    }
    if all > shown {
        words += &format!(": {shown} of {all}, the others grey");
    }
    let block = Block::new(&words, sheet.base(), Cut::Semibold, sheet.inner(), 2);
    sheet.svg.block(&block, Anchor::Start, MARGIN, sheet.y, tints(Some(role))[2]);
    sheet.y += block.height + 3.0;
}

/// Returns the stretches of periods with any share: first and last.
fn stretches(ribbon: &Ribbon) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (i, share) in ribbon.shares.iter().enumerate() {
        if *share <= 0.0 {
            continue;
        }
        match out.last_mut() {
            Some((_, last)) if *last + 1 == i => *last = i,
            _ => out.push((i, i)),
        }
    }
    out
}

/// Lays a ribbon on what lies there already.
fn runs(ribbon: &Ribbon, levels: &mut [f64]) -> Vec<Run> {
    stretches(ribbon)
        .into_iter()
        .map(|(first, last)| {
            let edges = (first..=last)
                .map(|i| {
                    let bottom = levels[i];
                    levels[i] -= ribbon.shares[i] * BED;
                    (levels[i], bottom)
                })
                .collect();
            Run { first, edges }
        })
        .collect()
}

/// Hatches the periods in which nobody speaks of the focus.
fn silent(sheet: &mut Sheet, model: &Change, axis: Axis, height: f64) {
    for i in (0..axis.n).filter(|i| model.periods.get(*i).is_some_and(|p| p.focal_sources == 0)) {
        let half = 0.5 * axis.step - 0.5;
        let hatch = sheet.hatch(None);
        let paint = Paint { fill: &hatch, stroke: "none", width: 0.0, dashed: false };
        shape(&mut sheet.svg, Rect::new(axis.x(i) - half, sheet.y, 2.0 * half, height), None, paint, false);
    }
}

/// Marks what is certain of a ribbon, on its edge: a bar where it came or went, a point up or down where it rose or fell.
fn marks(sheet: &mut Sheet, ribbon: &Ribbon, runs: &[Run], axis: Axis, role: Role) {
    let edge = |i: usize| runs.iter().find_map(|r| r.edges.get(i.checked_sub(r.first)?)).copied();
    let colour = tints(Some(role))[2];
    for m in &ribbon.moves {
        let at = if m.what == Moved::Went { m.before } else { m.after };
        let Some((top, bottom)) = edge(at) else { continue };
        let side = if m.what == Moved::Went { axis.half } else { -axis.half };
        let (x, y) = (axis.x(at) + side, f64::midpoint(top, bottom));
        // A thin ribbon gets a mark that can be seen.
        let half = (0.5 * (bottom - top)).max(2.5);
        match m.what {
            Moved::Came => sheet.line((x, y - half), (x, y + half), colour, 2.6, None),
            Moved::Went => sheet.line((x, y - half), (x, y + half), "ink", 2.6, Some("2 1.6")),
            Moved::Rose | Moved::Fell => {
                let tip = if m.what == Moved::Rose { -1.0 } else { 1.0 };
                let d = format!(
                    "M{} {}L{} {}L{} {}Z",
                    number(x - 4.0),
                    number(y - tip * 3.5),
                    number(x + 4.0),
                    number(y - tip * 3.5),
                    number(x),
                    number(y + tip * 3.5)
                );
                sheet.path(&d, "ink", "paper", 0.8, None);
            }
        }
    }
}

/// Returns the outline of a run: level within a period, bending between two.
fn outline(run: &Run, axis: Axis) -> String {
    let mut d = String::new();
    let x = |i: usize| axis.x(run.first + i);
    let mut edge = |points: &mut dyn Iterator<Item = (f64, f64, f64)>, start: bool| {
        let mut at: Option<(f64, f64)> = None;
        for (enter, leave, y) in points {
            match at {
                None => {
                    let _ = write!(d, "{}{} {}", if start { "M" } else { "L" }, number(enter), number(y));
                }
                Some((px, py)) => {
                    let middle = f64::midpoint(px, enter);
                    let _ = write!(
                        d,
                        "C{} {} {} {} {} {}",
                        number(middle),
                        number(py),
                        number(middle),
                        number(y),
                        number(enter),
                        number(y)
                    );
                }
            }
            let _ = write!(d, "L{} {}", number(leave), number(y));
            at = Some((leave, y));
        }
    };
    edge(&mut run.edges.iter().enumerate().map(|(i, e)| (x(i) - axis.half, x(i) + axis.half, e.0)), true);
    edge(&mut run.edges.iter().enumerate().rev().map(|(i, e)| (x(i) + axis.half, x(i) - axis.half, e.1)), false);
    d.push('Z');
    d
}

/// Writes the label into the run where it is widest, if it finds room there.
fn inside(sheet: &mut Sheet, ribbon: &Ribbon, run: &Run, axis: Axis) -> bool {
    let size = sheet.small();
    let block = Block::new(ribbon.label.trim(), size, Cut::Regular, axis.right - axis.left, 1);
    let fits = |i: usize| -> Option<(f64, f64, f64)> {
        // The ribbon must be high enough from one end of the label to the other.
        let reach = libm::ceil((block.width / 2.0 - axis.half).max(0.0) / axis.step) as usize;
        let (from, to) = (i.checked_sub(reach)?, i + reach);
        if to >= run.edges.len() {
            return None;
        }
        let top = run.edges[from..=to].iter().map(|e| e.0).fold(f64::NEG_INFINITY, f64::max);
        let bottom = run.edges[from..=to].iter().map(|e| e.1).fold(f64::INFINITY, f64::min);
        (bottom - top >= block.height + 1.0).then_some((axis.x(run.first + i), top, bottom))
    };
    let best = (0..run.edges.len())
        .filter_map(fits)
        .filter(|(x, ..)| x - block.width / 2.0 >= axis.left && x + block.width / 2.0 <= axis.right)
        .max_by(|a, b| (a.2 - a.1).total_cmp(&(b.2 - b.1)).then(a.0.total_cmp(&b.0)));
    if let Some((x, top, bottom)) = best {
        sheet.svg.block(&block, Anchor::Middle, x, f64::midpoint(top, bottom) - block.height / 2.0, "ink");
    }
    best.is_some()
}

/// A label that stands beside the bed.
struct Aside<'r> {
    ribbon: &'r Ribbon,
    /// The place of the ribbon in its bed.
    place: usize,
    /// The height at which the ribbon reaches the last period, from where a line leads to the label.
    end: Option<f64>,
    /// Where the number of the label stands in runs that ended before.
    keys: Vec<(f64, f64)>,
}

impl Aside<'_> {
    fn y(&self) -> f64 {
        self.end.or(self.keys.first().map(|key| key.1)).unwrap_or(0.0)
    }
}

/// Returns where a number can be read in a run: where it is highest; nowhere where it is thinner than a digit.
fn key(run: &Run, axis: Axis, digit: &Block) -> Option<(f64, f64)> {
    let places = run.edges.iter().enumerate().map(|(i, edge)| (axis.x(run.first + i), *edge));
    let height = |(_, (top, bottom)): &(f64, (f64, f64))| bottom - top;
    let highest = places.max_by(|a, b| height(a).total_cmp(&height(b)))?;
    let (x, (top, bottom)) = highest;
    let legible = height(&highest) >= LEGIBLE * digit.height && 2.0 * axis.half >= digit.width;
    legible.then_some((x, f64::midpoint(top, bottom)))
}

/// Writes labels beside the last period, pushed apart, each joined to its ribbon by a line or a number; returns how many found no room.
fn beside(sheet: &mut Sheet, labels: &mut [Aside<'_>], axis: Axis, (top, floor): (f64, f64)) -> usize {
    labels.sort_by(|a, b| a.y().total_cmp(&b.y()).then(a.place.cmp(&b.place)));
    let size = sheet.small();
    let limit = sheet.width() - MARGIN - axis.right - 18.0;
    // Numbers run from top to bottom, as they are looked for.
    let mut n = 0;
    let numbers: Vec<Option<String>> = labels
        .iter()
        .map(|label| {
            n += usize::from(!label.keys.is_empty());
            (!label.keys.is_empty()).then(|| n.to_string())
        })
        .collect();
    let words = |label: &Aside<'_>, number: &Option<String>| {
        let said = label.ribbon.label.trim();
        number.as_ref().map_or_else(|| said.to_owned(), |number| format!("{number} {said}"))
    };
    let blocks: Vec<Block> =
        labels.iter().zip(&numbers).map(|(l, n)| Block::new(&words(l, n), size, Cut::Regular, limit, 2)).collect();
    let mut y: Vec<f64> = labels.iter().zip(&blocks).map(|(l, b)| l.y() - b.height / 2.0).collect();
    for i in 0..y.len() {
        let least = if i == 0 { top } else { y[i - 1] + blocks[i - 1].height + 1.5 };
        y[i] = y[i].max(least);
    }
    let mut limit_below = floor + 8.0;
    for i in (0..y.len()).rev() {
        y[i] = y[i].min(limit_below - blocks[i].height);
        limit_below = y[i] - 1.5;
    }
    let mut dropped = 0;
    // The heading of the bed may be as long as the sheet is wide.
    let mut above = top - 2.0;
    for (((label, block), number), y) in labels.iter().zip(&blocks).zip(&numbers).zip(y) {
        if y < above {
            dropped += 1;
            continue;
        }
        if let Some(from) = label.end {
            let end = axis.x(axis.n - 1) + axis.half;
            sheet.line((end, from), (axis.right + 13.0, y + block.height / 2.0), "faint", 0.6, None);
        }
        if let Some(number) = number {
            let digit = Block::new(number, size, Cut::Semibold, axis.step, 1);
            for (x, y) in &label.keys {
                sheet.svg.block(&digit, Anchor::Middle, *x, y - digit.height / 2.0, "ink");
            }
        }
        sheet.svg.block(block, Anchor::Start, axis.right + 16.0, y, "ink");
        above = y + block.height + 1.0;
    }
    dropped
}

/// Draws the sum of what is not shown, on top of what is.
fn others(sheet: &mut Sheet, rest: &[&Ribbon], levels: &mut [f64], axis: Axis) {
    let shares = (0..axis.n).map(|i| rest.iter().map(|r| r.shares[i]).sum::<f64>()).collect();
    let sum =
        Ribbon { id: String::new(), label: String::new(), role: Role::Problem, shares, moves: Vec::new(), href: None };
    sheet.svg.open_item(None, &format!("others: {}", count(rest.len(), "concept", "concepts")));
    for run in runs(&sum, levels) {
        let d = outline(&run, axis);
        sheet.path(&d, "hair", "paper", 0.8, None);
    }
    sheet.svg.close();
}

/// Returns the letter of a type in the strip.
const fn letter(model: Model) -> &'static str {
    match model {
        Model::SingleNorm => "N",
        Model::SingleValue => "V",
        Model::SingleBehaviour => "B",
        Model::SideBySide => "S",
        Model::MultipleValue => "M",
        Model::Undetermined => "–",
    }
}

fn strip(sheet: &mut Sheet, model: &Change, axis: Axis) {
    let block = Block::new("Type of the cluster and its support", sheet.base(), Cut::Semibold, sheet.inner(), 1);
    sheet.svg.block(&block, Anchor::Start, MARGIN, sheet.y, "ink");
    sheet.y += block.height + 3.0;
    let size = sheet.small();
    let floor = sheet.y + STRIP;
    sheet.line((axis.left, floor), (axis.right, floor), "faint", 0.7, None);
    sheet.line((axis.left, sheet.y), (axis.right, sheet.y), "hair", 0.7, None);
    let half = (axis.step * 0.36).min(22.0);
    let every = spacing(axis.step, 13.0);
    for (i, period) in model.periods.iter().enumerate() {
        let x = axis.x(i);
        let area = |share: f64| Rect::new(x - half, floor - share * STRIP, 2.0 * half, share * STRIP);
        if let Some(share) = period.support.map(|s| sane(s).min(1.0)).filter(|s| *s > 0.0) {
            let paint = Paint { fill: "neutral-mid", stroke: "neutral", width: 0.7, dashed: false };
            shape(&mut sheet.svg, area(share), None, paint, false);
        }
        if let Some(of) = period.model.filter(|_| i % every == 0) {
            let block = Block::new(letter(of), size, Cut::Semibold, 20.0, 1);
            sheet.svg.block(&block, Anchor::Middle, x, floor - STRIP / 2.0 - block.height / 2.0, "ink");
        }
    }
    let scale = Block::new("support 0 to 1", size, Cut::Regular, sheet.width() - axis.right - MARGIN - 16.0, 2);
    sheet.svg.block(&scale, Anchor::Start, axis.right + 16.0, floor - STRIP / 2.0 - scale.height / 2.0, "soft");
    sheet.y = floor + 5.0;
}

/// Returns how many periods apart labels of a width may stand.
fn spacing(step: f64, width: f64) -> usize {
    libm::ceil(width / step.max(0.1)).max(1.0) as usize
}

fn names(sheet: &mut Sheet, model: &Change, axis: Axis) {
    let size = sheet.small();
    // One name in sight after another, on two lines: "1920–" over "1949".
    let blocks: Vec<Block> = model
        .periods
        .iter()
        .map(|p| Block::new(&p.name.replace('-', "–"), size, Cut::Regular, axis.step.max(34.0), 2))
        .collect();
    let widest = blocks.iter().map(|b| b.width).fold(0.0, f64::max);
    let every = spacing(axis.step, widest + 5.0);
    let mut lowest = sheet.y;
    let mut named = Vec::new();
    let mut free = f64::NEG_INFINITY;
    for (i, block) in blocks.iter().enumerate().filter(|(i, _)| i % every == 0) {
        let x = axis.x(i).clamp(axis.left + block.width / 2.0, axis.right.max(axis.left + block.width));
        // A name that was moved to stay on the sheet may need the room of the next.
        if x - block.width / 2.0 < free {
            continue;
        }
        free = x + block.width / 2.0 + 4.0;
        named.push((i, x));
        sheet.svg.block(block, Anchor::Middle, x, sheet.y, "ink");
        lowest = lowest.max(sheet.y + block.height);
    }
    sheet.y = lowest + 2.0;
    for (i, x) in named {
        let Some(period) = model.periods.get(i) else { continue };
        let few = if (1..FEW).contains(&period.focal_sources) { "°" } else { "" };
        let block = Block::new(&format!("{}{few}", period.focal_sources), size, Cut::Italic, axis.step.max(34.0), 1);
        sheet.svg.block(&block, Anchor::Middle, x, sheet.y, "soft");
    }
    let words = Block::new("sources on the focus", size, Cut::Italic, sheet.width() - axis.right - MARGIN - 16.0, 2);
    sheet.svg.block(&words, Anchor::Start, axis.right + 16.0, sheet.y + line_height(size) - words.height, "soft");
    sheet.y += line_height(size) + 8.0;
}

fn legend(sheet: &mut Sheet, model: &Change) {
    let mut entries = vec![Entry::new(
        Glyph::Ribbon { hatched: false, dashed: false },
        "height: share of the statements on the focus; dark and light tell neighbours apart",
    )];
    let did = |what: Moved| model.ribbons.iter().flat_map(|r| &r.moves).any(|m| m.what == what);
    let words: Vec<&str> = [
        (Moved::Came, "bar: came"),
        (Moved::Went, "dotted bar: went"),
        (Moved::Rose, "point up: rose"),
        (Moved::Fell, "point down: fell"),
    ]
    .into_iter()
    .filter(|(what, _)| did(*what))
    .map(|(_, words)| words)
    .collect();
    if !words.is_empty() {
        let words = format!("{}, beyond chance at equal length of text (q ≤ 0.05)", words.join(", "));
        entries.push(Entry::new(Glyph::Tick, words));
    }
    if model.periods.iter().any(|p| p.focal_sources == 0) {
        entries.push(Entry::new(Glyph::Ribbon { hatched: true, dashed: false }, "hatched: nobody speaks of the focus"));
    }
    let typed = model.periods.iter().any(|p| p.support.is_some());
    let used: std::collections::BTreeSet<Model> =
        model.periods.iter().filter(|_| typed).filter_map(|p| p.model).collect();
    let words: Vec<String> = used.iter().map(|m| format!("{} {}", letter(*m), m.name().replace('-', " "))).collect();
    if !words.is_empty() {
        entries.push(Entry::new(
            Glyph::Shape { role: None, filled: Filled::Tint, dashed: false, double: false },
            format!("type: {}", words.join(", ")),
        ));
    }
    if model.periods.iter().any(|p| (1..FEW).contains(&p.focal_sources)) {
        entries.push(Entry::new(Glyph::Hollow, format!("° fewer than {FEW} sources")));
    }
    sheet.legend(&entries);
}

fn hover(model: &Change, ribbon: &Ribbon) -> String {
    let shares = model.periods.iter().zip(&ribbon.shares).filter(|(_, s)| **s > 0.0);
    let words: Vec<String> = shares.map(|(p, s)| format!("{} {}", p.name, percent(*s))).collect();
    let moves = ribbon.moves.iter().map(|m| {
        let name = model.periods.get(m.after).map_or("", |p| p.name.as_str());
        format!("; {} by {name}", m.what.word())
    });
    format!("{} ({}): {}{}", ribbon.label, ribbon.role.word(), words.join(", "), moves.collect::<String>())
}

fn description(model: &Change) -> String {
    let part = |role: Role| {
        let words: Vec<String> = of_role(model, role)
            .into_iter()
            .take(SHOWN)
            .map(|r| {
                let ends: Vec<String> =
                    [r.shares.first(), r.shares.last()].into_iter().flatten().map(|s| percent(*s)).collect();
                format!("{} {}", r.label, ends.join(" to "))
            })
            .collect();
        format!("{}s: {}", role.word(), if words.is_empty() { "none".to_owned() } else { words.join(", ") })
    };
    let types: Vec<String> = model
        .periods
        .iter()
        .filter_map(|p| Some(format!("{} {}", p.name, p.model?.name().replace('-', " "))))
        .collect();
    format!(
        "Shares of focal statements from the first period to the last. {}. {}. {}. Types: {}.",
        part(Role::Problem),
        part(Role::Value),
        part(Role::Behaviour),
        if types.is_empty() { "none".to_owned() } else { types.join(", ") }
    )
}

fn table(model: &Change, id: &str, title: &str) -> Table {
    let mut table = Table::new(
        id,
        title,
        &["period", "part", "id", "label", "share", "drawn", "type", "support", "sources", "moved"],
    );
    for role in [Role::Problem, Role::Value, Role::Behaviour] {
        let all = of_role(model, role);
        let (shown, _) = parted(&all);
        for r in all {
            let moved = |i: usize| {
                let words = r.moves.iter().filter(|m| if m.what == Moved::Went { m.before == i } else { m.after == i });
                words.map(|m| m.what.word()).collect::<Vec<_>>().join(", ")
            };
            for (i, (p, share)) in model.periods.iter().zip(&r.shares).enumerate().filter(|(_, (_, s))| **s > 0.0) {
                table.push(vec![
                    Cell::text(&p.name),
                    Cell::text(role.word()),
                    Cell::text(&r.id),
                    Cell::text(&r.label),
                    Cell::number(*share, 3),
                    Cell::text(yes(shown.iter().any(|s| std::ptr::eq(*s, r)))),
                    p.model.map_or(Cell::Missing("no complete statement"), |m| Cell::text(m.name())),
                    p.support.map_or(Cell::Missing("not estimated"), |s| Cell::number(s, 2)),
                    Cell::Count(p.focal_sources),
                    Cell::text(moved(i)),
                ]);
            }
        }
    }
    table
}
