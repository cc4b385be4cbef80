//! Contrast of groups: for each pair of concepts the odds ratios of two groups with their intervals, joined.
//!
//! One row a pair, sorted by the difference; two sides told apart by shape and lightness, so that print in grey keeps
//! them apart. A thick bar between the two says that the difference is certain, a hollow mark that the group is small.

use crate::metrics::{Block, Cut, width};
use crate::ranked::{counted, yes};
use crate::scale::{count, plain};
use crate::shape::{Paint, shape};
use crate::sheet::{Entry, Glyph, MARGIN, Sheet};
use crate::svg::{Anchor, Rect, line_height};
use crate::{Figure, Heading, View};
use nomoscope_core::table::{Cell, Table};

/// File stem and anchor.
pub const ID: &str = "contrast";
/// How many pairs are drawn: the certain ones, as far as there is room.
const SHOWN: usize = 12;
/// Odds ratios beyond these run off the axis, with an arrow.
const REACH: (f64, f64) = (1.0 / 64.0, 512.0);
/// Half the size of a mark.
const MARK: f64 = 4.2;

/// One side of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct End {
    /// The odds ratio; none where it is unbounded or untold, 0 where the two never meet.
    pub odds_ratio: Option<f64>,
    /// Lower end of its interval; none where there is no limit.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Units with both.
    pub joint: u64,
    /// Whether the group is small.
    pub small: bool,
    /// Whether the group couples the pair.
    pub coupled: bool,
}

/// A pair of concepts in two groups.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// The two concepts.
    pub concepts: [String; 2],
    /// The group, where each is set against all others; empty where there are two groups.
    pub group: String,
    /// First group, second group.
    pub sides: [End; 2],
    /// First odds ratio over the second.
    pub ratio: Option<f64>,
    /// q-value of the difference; none if it was not tested.
    pub q: Option<f64>,
    /// Whether the difference is certain.
    pub certain: bool,
    /// Where its passages stand.
    pub href: Option<String>,
}

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contrasts {
    /// Id, title and last line.
    pub heading: Heading,
    /// Names of the first and the second group.
    pub groups: [String; 2],
    /// The pairs, the most certain first.
    pub rows: Vec<Row>,
    /// Tested contrasts in all.
    pub n_tested: usize,
    /// Least odds ratio of a coupled pair: a line on the axis.
    pub min_or: f64,
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &Contrasts, view: View) -> Figure {
    let id = model.heading.id_or(ID);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model));
    let mut sheet = Sheet::new(&id, &title, view);
    let mut rows: Vec<&Row> = model.rows.iter().filter(|row| row.certain).take(SHOWN).collect();
    rows.sort_by(|x, y| {
        difference(y)
            .total_cmp(&difference(x))
            .then_with(|| x.concepts.cmp(&y.concepts))
            .then_with(|| x.group.cmp(&y.group))
    });
    if rows.is_empty() {
        sheet.paragraph("No difference is certain, so none is drawn.", "soft");
    } else {
        body(&mut sheet, model, &rows);
    }
    sheet.paragraph(&notes(model, rows.len()), "soft");
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    let description = description(model, &rows);
    sheet.finish(&title, description, table(model, &id, &title))
}

fn title(model: &Contrasts) -> String {
    let certain = model.rows.iter().filter(|r| r.certain).count();
    match certain {
        0 => "No difference in what the groups couple is certain".to_owned(),
        1 => "One difference in what the groups couple is certain".to_owned(),
        n => format!("{n} differences in what the groups couple are certain"),
    }
}

/// The logarithm of the ratio; where one odds ratio is 0 or unbounded, beyond all others.
fn difference(row: &Row) -> f64 {
    const BEYOND: f64 = 1e6;
    if let Some(ratio) = row.ratio.filter(|r| r.is_finite() && *r > 0.0) {
        return libm::log(ratio);
    }
    let height = |end: &End| match end.odds_ratio {
        Some(x) if x <= 0.0 => -1.0,
        None if end.low.is_some() => 1.0,
        _ => 0.0,
    };
    BEYOND * (height(&row.sides[0]) - height(&row.sides[1]))
}

/// The axis: odds ratios on a logarithmic scale.
struct Axis {
    low: f64,
    high: f64,
    left: f64,
    right: f64,
}

impl Axis {
    fn new(rows: &[&Row], min_or: f64, left: f64, right: f64) -> Self {
        let ends = rows.iter().flat_map(|r| &r.sides).flat_map(|e| [e.odds_ratio, e.low, e.high]).flatten();
        let kept = ends.filter(|x| x.is_finite() && *x > 0.0).map(|x| x.clamp(REACH.0, REACH.1));
        let (low, high) = kept.fold((0.8, min_or.clamp(1.25, 4.0) * 1.2), |(l, h), x| (f64::min(l, x), f64::max(h, x)));
        Self { low: libm::log(low * 0.9), high: libm::log(high * 1.1), left, right }
    }

    fn x(&self, odds: f64) -> f64 {
        let share = (libm::log(odds.max(1e-9)) - self.low) / (self.high - self.low);
        self.left + share.clamp(0.0, 1.0) * (self.right - self.left)
    }

    /// Returns whether the value lies on the axis.
    fn holds(&self, odds: f64) -> bool {
        odds > 0.0 && (self.low..=self.high).contains(&libm::log(odds))
    }

    fn ticks(&self) -> Vec<f64> {
        let all = [1.0 / 64.0, 1.0 / 16.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];
        all.into_iter().filter(|&t| self.holds(t)).collect()
    }
}

fn tick_words(value: f64) -> String {
    if value >= 1.0 { plain(value) } else { format!("1/{}", plain(1.0 / value)) }
}

fn body(sheet: &mut Sheet, model: &Contrasts, rows: &[&Row]) {
    let narrow = sheet.narrow();
    let (left, numbers) = if narrow { (MARGIN + 6.0, 92.0) } else { (MARGIN + 250.0, 104.0) };
    let right = sheet.width() - MARGIN - numbers;
    let axis = Axis::new(rows, model.min_or, left, right);
    legend(sheet, model, rows);
    let small = sheet.small();
    for (words, at, anchor) in [
        ("odds ratio", left, Anchor::Start),
        ("ratio", right + numbers * 0.52, Anchor::End),
        ("q", sheet.width() - MARGIN, Anchor::End),
    ] {
        let block = Block::new(words, small, Cut::Italic, 200.0, 1);
        sheet.svg.block(&block, anchor, at, sheet.y, "soft");
    }
    sheet.y += line_height(small) + 5.0;
    let top = sheet.y;
    let mark = sheet.svg.mark();
    for row in rows {
        draw_row(sheet, model, row, &axis, (left, right, numbers));
    }
    let bottom = sheet.y;
    let (_, drawn) = sheet.svg.take_from(mark);
    grid(sheet, model, &axis, (top - 3.0, bottom));
    sheet.svg.raw(&drawn);
    sheet.y = bottom + line_height(small) + 12.0;
}

/// Lines behind the rows, with the numbers of the axis below.
fn grid(sheet: &mut Sheet, model: &Contrasts, axis: &Axis, (top, bottom): (f64, f64)) {
    let small = sheet.small();
    let mut free_from = f64::NEG_INFINITY;
    for tick in axis.ticks() {
        let x = axis.x(tick);
        let one = (tick - 1.0).abs() < 1e-9;
        sheet.line((x, top), (x, bottom + 2.0), if one { "faint" } else { "hair" }, if one { 1.1 } else { 0.7 }, None);
        let words = tick_words(tick);
        let half = width(&words, small, Cut::Regular) / 2.0 + 3.0;
        if x - half >= free_from {
            let block = Block::new(&words, small, Cut::Regular, 60.0, 1);
            sheet.svg.block(&block, Anchor::Middle, x, bottom + 5.0, "soft");
            free_from = x + half;
        }
    }
    if axis.holds(model.min_or) {
        let x = axis.x(model.min_or);
        sheet.line((x, top), (x, bottom + 2.0), "faint", 0.8, Some("2 2.5"));
    }
}

fn draw_row(sheet: &mut Sheet, model: &Contrasts, row: &Row, axis: &Axis, (left, right, numbers): (f64, f64, f64)) {
    let (base, narrow) = (sheet.base(), sheet.narrow());
    let cut = if row.certain { Cut::Semibold } else { Cut::Regular };
    let of_group = if row.group.is_empty() { String::new() } else { format!("{}: ", row.group) };
    let words = format!("{of_group}{} – {}", row.concepts[0], row.concepts[1]);
    let limit = if narrow { sheet.inner() } else { left - MARGIN - 12.0 };
    let label = Block::new(&words, base, cut, limit, 2);
    let plot = 22.0;
    let height = if narrow { label.height + plot } else { label.height.max(plot) } + 5.0;
    let middle = if narrow { sheet.y + label.height + plot / 2.0 } else { sheet.y + (height - 5.0) / 2.0 };
    sheet.svg.open_item(row.href.as_deref(), &hover(model, row));
    let at = if narrow { sheet.y } else { middle - label.height / 2.0 };
    // On a narrow sheet the lines of the axis run behind the words.
    sheet.svg.halo = narrow.then_some("paper");
    sheet.svg.block(&label, Anchor::Start, MARGIN, at, "ink");
    sheet.svg.halo = None;
    bar(sheet, row, axis, middle);
    for (side, end) in row.sides.iter().enumerate() {
        draw_end(sheet, side, end, axis, middle + if side == 0 { -4.6 } else { 4.6 });
    }
    let ratio = row.ratio.map_or_else(|| "–".to_owned(), ratio_words);
    let q = row.q.map_or_else(|| "–".to_owned(), q_words);
    for (words, x) in [(ratio, right + numbers * 0.52), (q, sheet.width() - MARGIN)] {
        let block = Block::new(&words, sheet.small(), cut, numbers, 1);
        sheet.svg.block(&block, Anchor::End, x, middle - block.height / 2.0, if row.certain { "ink" } else { "soft" });
    }
    sheet.svg.close();
    sheet.y += height;
}

fn ratio_words(ratio: f64) -> String {
    match ratio {
        r if !(r.is_finite() && r > 0.0) => "–".to_owned(),
        r if r >= 1.0 => format!("× {}", plain(r)),
        r => format!("÷ {}", plain(1.0 / r)),
    }
}

fn q_words(q: f64) -> String {
    match q {
        q if q < 0.001 => "< 0.001".to_owned(),
        q if q < 0.1 => format!("{q:.3}"),
        q => format!("{q:.2}"),
    }
}

/// The bar between the two odds ratios: thick where the difference is certain.
fn bar(sheet: &mut Sheet, row: &Row, axis: &Axis, y: f64) {
    let [Some(a), Some(b)] = row.sides.map(|e| e.odds_ratio.filter(|x| *x > 0.0 && x.is_finite())) else { return };
    let (colour, width) = if row.certain { ("neutral-mid", 7.0) } else { ("hair", 2.0) };
    sheet.line((axis.x(a), y), (axis.x(b), y), colour, width, None);
}

fn draw_end(sheet: &mut Sheet, side: usize, end: &End, axis: &Axis, y: f64) {
    let ink = if side == 0 { "value" } else { "problem" };
    let limits = match (end.low, end.high) {
        (None, None) => None,
        (low, high) => Some((low, high)),
    };
    if let Some((low, high)) = limits {
        let from = low.filter(|&l| axis.holds(l));
        let to = high.filter(|&h| axis.holds(h));
        // An interval that lies beyond the axis altogether is its arrow alone.
        let (x, z) = (from.map_or(axis.left, |l| axis.x(l)), to.map_or(axis.right, |h| axis.x(h)));
        let (x, z) = match (low.is_some_and(|l| libm::log(l.max(1e-300)) > axis.high), high.is_some_and(|h| h <= 0.0)) {
            (true, _) => (axis.right - 6.0, axis.right),
            (_, true) => (axis.left, axis.left + 6.0),
            _ => (x, z),
        };
        sheet.line((x, y), (z, y), ink, 1.1, None);
        if from.is_none() {
            sheet.path(&arrow(x, y, 1.0), "none", ink, 1.1, None);
        }
        if to.is_none() {
            sheet.path(&arrow(z, y, -1.0), "none", ink, 1.1, None);
        }
    }
    let Some(odds) = end.odds_ratio.filter(|&o| axis.holds(o)) else { return };
    let paint = Paint { fill: if end.small { "paper" } else { ink }, stroke: ink, width: 1.4, dashed: false };
    let role = if side == 0 { Some(crate::Role::Value) } else { None };
    let size = if side == 0 { 2.0 * MARK } else { 1.77 * MARK };
    shape(&mut sheet.svg, Rect::centred(axis.x(odds), y, size, size), role, paint, false);
}

fn arrow(x: f64, y: f64, to: f64) -> String {
    use crate::svg::number;
    let back = x + 4.0 * to;
    format!("M{} {} L{} {} L{} {}", number(back), number(y - 3.0), number(x), number(y), number(back), number(y + 3.0))
}

fn legend(sheet: &mut Sheet, model: &Contrasts, rows: &[&Row]) {
    let mut entries = vec![
        Entry::new(Glyph::Mark { colour: "value", round: true, hollow: false }, model.groups[0].as_str()),
        Entry::new(Glyph::Mark { colour: "problem", round: false, hollow: false }, model.groups[1].as_str()),
    ];
    if rows.iter().flat_map(|r| &r.sides).any(|e| e.small) {
        entries.push(Entry::new(
            Glyph::Mark { colour: "neutral", round: true, hollow: true },
            "hollow: fewer than 5 sources",
        ));
    }
    if rows.iter().any(|r| r.certain) {
        entries.push(Entry::new(Glyph::Line { width: 7.0, dashed: false }, "difference certain, q ≤ 0.05"));
    }
    entries.push(Entry::new(
        Glyph::Line { width: 0.8, dashed: true },
        format!("from {} on a pair may count as coupled", plain(model.min_or)),
    ));
    sheet.legend(&entries);
    sheet.y += 4.0;
}

fn hover(model: &Contrasts, row: &Row) -> String {
    let side = |s: usize| {
        let e = &row.sides[s];
        let number = |x: Option<f64>| x.map_or_else(|| "–".to_owned(), plain);
        format!(
            "{}: odds ratio {} [{}; {}], {}{}",
            if s == 0 && !row.group.is_empty() { row.group.as_str() } else { model.groups[s].as_str() },
            number(e.odds_ratio),
            number(e.low),
            number(e.high),
            counted(e.joint, "unit with both", "units with both"),
            if e.coupled { ", coupled" } else { "" }
        )
    };
    format!(
        "{} – {}. {}; {}. Difference: {}, q {}",
        row.concepts[0],
        row.concepts[1],
        side(0),
        side(1),
        row.ratio.map_or_else(|| "no ratio".to_owned(), ratio_words),
        row.q.map_or_else(|| "not tested".to_owned(), q_words)
    )
}

fn notes(model: &Contrasts, shown: usize) -> String {
    let tested = count(model.n_tested, "pair was", "pairs were");
    let certain = model.rows.iter().filter(|row| row.certain).count();
    match certain - shown {
        0 => format!("{tested} tested; differences that are not certain are in the data, not in the picture."),
        1 => format!("{tested} tested; one more certain difference and those that are not certain are in the data."),
        n => format!("{tested} tested; {n} more certain differences and those that are not certain are in the data."),
    }
}

fn description(model: &Contrasts, rows: &[&Row]) -> String {
    let lines: Vec<String> = rows.iter().filter(|r| r.certain).take(10).map(|r| hover(model, r)).collect();
    format!(
        "Odds ratios of pairs of concepts in two groups, {} and {}, with 95 per cent intervals, sorted by their ratio. {}",
        model.groups[0],
        model.groups[1],
        if lines.is_empty() { "No difference is certain.".to_owned() } else { lines.join(". ") }
    )
}

fn table(model: &Contrasts, id: &str, title: &str) -> Table {
    let columns = [
        "a",
        "b",
        "group",
        "odds_ratio",
        "ci_low",
        "ci_high",
        "units",
        "odds_ratio_against",
        "ci_low_against",
        "ci_high_against",
        "units_against",
        "ratio",
        "q",
        "certain",
    ];
    let mut table = Table::new(id, title, &columns);
    let cell = |x: Option<f64>| x.map_or(Cell::Missing("unbounded or not told"), |x| Cell::number(x, 2));
    for r in &model.rows {
        let group = if r.group.is_empty() { &model.groups[0] } else { &r.group };
        let mut row = vec![Cell::text(&r.concepts[0]), Cell::text(&r.concepts[1]), Cell::text(group)];
        for e in &r.sides {
            row.extend([cell(e.odds_ratio), cell(e.low), cell(e.high), Cell::Count(e.joint)]);
        }
        row.push(cell(r.ratio));
        row.push(r.q.map_or(Cell::Missing("not tested"), |q| Cell::number(q, 4)));
        row.push(Cell::text(yes(r.certain)));
        table.push(row);
    }
    table
}
