//! Agreement between coders, concept by concept: a dot with its interval on one axis, worst at the top.
//!
//! The two lines are those that Krippendorff (2019, chapter 12) draws: from 0.8 on conclusions are safe, from 0.667 on
//! tentative. A mark is filled where its whole interval lies beyond 0.667, so that a good value from a few codings does
//! not look good. Of many concepts those with the most codings are drawn.

use crate::metrics::{Block, Cut};
use crate::palette::tints;
use crate::scale::{count, plain};
use crate::shape::{Paint, shape};
use crate::sheet::{Entry, Filled, Glyph, MARGIN, Sheet};
use crate::svg::{Anchor, Rect};
use crate::{Figure, Heading, Role, View, name_or_id};
use nomoscope_core::table::{Cell, Table};

/// File stem and anchor.
pub const ID: &str = "agreement";
/// Concepts that are drawn; the rest is counted.
const SHOWN: usize = 40;
/// From here on conclusions may be drawn, tentatively.
const TENTATIVE: f64 = 0.667;
/// From here on they are safe.
const SAFE: f64 = 0.8;

/// A concept and how far coders agree on it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Agreed {
    /// The concept's id.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Its part in the norm.
    pub role: Option<Role>,
    /// The coefficient; none where it does not exist.
    pub value: Option<f64>,
    /// Lower end of its interval.
    pub lower: Option<f64>,
    /// Upper end.
    pub upper: Option<f64>,
    /// Codings that it rests on.
    pub codings: u64,
    /// Where its passages stand.
    pub href: Option<String>,
}

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AgreementModel {
    /// Id, title and last line.
    pub heading: Heading,
    /// What the axis shows, such as "Krippendorff's alpha".
    pub coefficient: String,
    /// The concepts, in any order.
    pub concepts: Vec<Agreed>,
    /// All of them together.
    pub overall: Option<Agreed>,
}

const ROW_GAP: f64 = 5.0;

/// A line of the figure.
struct Line<'m> {
    concept: &'m Agreed,
    label: Block,
    number: Block,
    height: f64,
    overall: bool,
}

/// Where values lie on the sheet.
struct Axis {
    left: f64,
    right: f64,
    least: f64,
}

impl Axis {
    fn x(&self, value: f64) -> f64 {
        let share = (value.clamp(self.least, 1.0) - self.least) / (1.0 - self.least);
        self.left + share * (self.right - self.left)
    }
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &AgreementModel, view: View) -> Figure {
    let id = model.heading.id_or(ID);
    let mut order: Vec<&Agreed> = model.concepts.iter().filter(|c| sane(c.value).is_some()).collect();
    order.sort_by(|a, b| (b.codings, &a.id, &a.label).cmp(&(a.codings, &b.id, &b.label)));
    let (drawn, rare) = order.split_at(order.len().min(SHOWN));
    let (mut drawn, rare) = (drawn.to_vec(), rare.len());
    worst_first(&mut drawn);
    worst_first(&mut order);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model, &order));
    let mut sheet = Sheet::new(&id, &title, view);
    body(&mut sheet, model, &drawn);
    sheet.legend(&legend(model, &drawn));
    sheet.paragraph(&notes(model, &drawn, rare, model.concepts.len() - order.len()), "soft");
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    let description = description(model, &order);
    let table = table(model, &id, &title);
    sheet.finish(&title, description, table)
}

fn worst_first(concepts: &mut [&Agreed]) {
    let value = |c: &Agreed| sane(c.value).unwrap_or(1.0);
    concepts.sort_by(|a, b| value(a).total_cmp(&value(b)).then_with(|| (&a.id, &a.label).cmp(&(&b.id, &b.label))));
}

fn sane(value: Option<f64>) -> Option<f64> {
    value.filter(|v| v.is_finite()).map(|v| v.clamp(-1.0, 1.0))
}

/// Whether the whole interval lies at or beyond `bound`.
fn beyond(c: &Agreed, bound: f64) -> bool {
    sane(c.lower).is_some_and(|l| l >= bound)
}

fn title(model: &AgreementModel, order: &[&Agreed]) -> String {
    let coefficient = if model.coefficient.is_empty() { "agreement" } else { &model.coefficient };
    match order {
        [] => "No concept shows how far coders agree".to_owned(),
        [only] => format!("{}: {coefficient} {}", name(only), plain(sane(only.value).unwrap_or(0.0))),
        all => {
            let good = all.iter().filter(|c| beyond(c, TENTATIVE)).count();
            format!("Coders surely agree on {good} of {}", count(all.len(), "concept", "concepts"))
        }
    }
}

fn name(c: &Agreed) -> String {
    name_or_id(&c.label, &c.id)
}

fn body(sheet: &mut Sheet, model: &AgreementModel, drawn: &[&Agreed]) {
    if drawn.is_empty() {
        return;
    }
    let label_width = if sheet.narrow() { 118.0 } else { 220.0 };
    let number_width = if sheet.narrow() { 42.0 } else { 60.0 };
    let size = sheet.base();
    let line = |concept, overall: bool| {
        let cut = if overall { Cut::Semibold } else { Cut::Regular };
        let label = Block::new(&name(concept), size, cut, label_width - 22.0, if sheet.narrow() { 3 } else { 2 });
        let number = Block::new(&plain(whole(concept.codings)), sheet.small(), Cut::Regular, number_width, 1);
        let height = label.height.max(13.0);
        Line { concept, label, number, height, overall }
    };
    let mut lines: Vec<Line> =
        model.overall.iter().filter(|o| sane(o.value).is_some()).map(|o| line(o, true)).collect();
    lines.extend(drawn.iter().map(|c| line(c, false)));
    let least = lines.iter().filter_map(|l| sane(l.concept.lower.or(l.concept.value))).fold(0.0, f64::min);
    let axis = Axis {
        left: MARGIN + label_width,
        right: sheet.width() - MARGIN - number_width - 12.0,
        // A shade below 0 is 0 to the eye, and needs no step of its own.
        least: (libm::floor((least + 0.01).min(0.0) * 5.0) / 5.0).max(-1.0),
    };
    head(sheet, model, &axis);
    let top = sheet.y;
    let height: f64 = lines.iter().map(|l| l.height + ROW_GAP).sum::<f64>() + 4.0;
    grid(sheet, &axis, top, top + height);
    sheet.y += 4.0;
    for line in &lines {
        row(sheet, line, &axis);
    }
    ticks(sheet, &axis);
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
const fn whole(n: u64) -> f64 {
    n as f64
}

/// Names the axis and the numbers at the right.
fn head(sheet: &mut Sheet, model: &AgreementModel, axis: &Axis) {
    let size = sheet.small();
    let words = if model.coefficient.is_empty() { "agreement" } else { &model.coefficient };
    let block = Block::new(words, size, Cut::Italic, axis.right - axis.left, 1);
    sheet.svg.block(&block, Anchor::Start, axis.left, sheet.y, "soft");
    let codings = Block::new("codings", size, Cut::Italic, 60.0, 1);
    sheet.svg.block(&codings, Anchor::End, sheet.width() - MARGIN, sheet.y, "soft");
    sheet.y += block.height + 4.0;
}

fn grid(sheet: &mut Sheet, axis: &Axis, top: f64, bottom: f64) {
    let (from, to) = (axis.x(SAFE), axis.x(1.0));
    shape(
        &mut sheet.svg,
        Rect::new(from, top, to - from, bottom - top),
        None,
        Paint { fill: "band", stroke: "band", width: 0.1, dashed: false },
        false,
    );
    for value in tick_values(axis) {
        let x = axis.x(value);
        sheet.line((x, top), (x, bottom), "hair", if value == 0.0 { 1.4 } else { 0.7 }, None);
    }
    for bound in [TENTATIVE, SAFE] {
        let x = axis.x(bound);
        sheet.line((x, top), (x, bottom), "faint", 0.9, Some("3 2.5"));
    }
}

fn tick_values(axis: &Axis) -> Vec<f64> {
    (-5..=5).map(|i| f64::from(i) / 5.0).filter(|v| *v >= axis.least - 1e-9).collect()
}

fn ticks(sheet: &mut Sheet, axis: &Axis) {
    let size = sheet.small();
    let values = tick_values(axis);
    // On a long axis in a narrow frame every other number would touch the next; 0 always has one.
    let sparse = values.len() > 6 && sheet.narrow();
    let shown = |v: &&f64| !sparse || libm::round(**v * 5.0) as i64 % 2 == 0;
    for value in values.iter().filter(shown) {
        let words = plain(*value).replace('-', "−");
        let block = Block::new(&words, size, Cut::Regular, 40.0, 1);
        sheet.svg.block(&block, Anchor::Middle, axis.x(*value), sheet.y + 2.0, "soft");
    }
    sheet.y += size * 1.4 + 8.0;
}

fn row(sheet: &mut Sheet, line: &Line, axis: &Axis) {
    let c = line.concept;
    let Some(value) = sane(c.value) else { return };
    let middle = sheet.y + line.height / 2.0;
    let words = match (sane(c.lower), sane(c.upper)) {
        (Some(lower), Some(upper)) => format!("{}: {} ({} to {})", name(c), plain(value), plain(lower), plain(upper)),
        _ => format!("{}: {}, no interval", name(c), plain(value)),
    };
    sheet.svg.open_item(
        c.href.as_deref(),
        &format!("{words}; {}", count(usize::try_from(c.codings).unwrap_or(usize::MAX), "coding", "codings")),
    );
    sheet.svg.block(&line.label, Anchor::End, axis.left - 12.0, middle - line.label.height / 2.0, "ink");
    if let (Some(lower), Some(upper)) = (sane(c.lower), sane(c.upper)) {
        sheet.line((axis.x(lower), middle), (axis.x(upper), middle), "ink", if line.overall { 2.0 } else { 1.1 }, None);
    }
    let [_, _, full] = tints(c.role);
    let fill = if beyond(c, TENTATIVE) { full } else { "paper" };
    let area = Rect::centred(axis.x(value), middle, 9.0, 9.0);
    shape(&mut sheet.svg, area, c.role, Paint { fill, stroke: full, width: 1.4, dashed: false }, false);
    if sane(c.lower).is_none() {
        sheet.dot((axis.x(value), middle), 1.2, full, full, 0.5, false);
    }
    let number = &line.number;
    sheet.svg.block(number, Anchor::End, sheet.width() - MARGIN, middle - number.height / 2.0, "soft");
    sheet.svg.close();
    sheet.y += line.height + ROW_GAP;
}

fn legend(model: &AgreementModel, drawn: &[&Agreed]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for role in [Role::Problem, Role::Value, Role::Behaviour] {
        if drawn.iter().any(|c| c.role == Some(role)) {
            let glyph = Glyph::Shape { role: Some(role), filled: Filled::Full, dashed: false, double: false };
            entries.push(Entry::new(glyph, role.word()));
        }
    }
    if !drawn.is_empty() || model.overall.is_some() {
        let hollow = Glyph::Shape { role: None, filled: Filled::Hollow, dashed: false, double: false };
        entries.push(Entry::new(hollow, "hollow: the interval reaches below 0.667"));
        entries.push(Entry::new(Glyph::Line { width: 1.1, dashed: false }, "interval of 95 %"));
        entries.push(Entry::new(Glyph::Line { width: 1.0, dashed: true }, "0.667 and 0.8"));
    }
    entries
}

fn notes(model: &AgreementModel, drawn: &[&Agreed], rare: usize, without: usize) -> String {
    let mut parts = Vec::new();
    if drawn.iter().chain(&model.overall.iter().collect::<Vec<_>>()).any(|c| sane(c.lower).is_none()) {
        parts.push("A point in a mark: too few passages for an interval.".to_owned());
    }
    if rare > 0 {
        parts.push(format!("Not drawn: {} with fewer codings.", count(rare, "concept", "concepts")));
    }
    if without > 0 {
        let one = "concept without a value: it does not vary";
        let many = "concepts without a value: they do not vary";
        parts.push(format!("Left out: {}.", count(without, one, many)));
    }
    parts.join(" ")
}

fn description(model: &AgreementModel, order: &[&Agreed]) -> String {
    let (Some(worst), Some(best)) = (order.first(), order.last()) else {
        return "Nothing is drawn: no concept has a coefficient of agreement.".to_owned();
    };
    let value = |c: &Agreed| plain(sane(c.value).unwrap_or(0.0));
    let good = order.iter().filter(|c| beyond(c, TENTATIVE)).count();
    let safe = order.iter().filter(|c| beyond(c, SAFE)).count();
    let coefficient = if model.coefficient.is_empty() { "Agreement" } else { &model.coefficient };
    format!(
        "{coefficient} of {}, each a mark with its interval, worst first: from {} ({}) to {} ({}). The whole interval lies beyond 0.667 for {good}, and beyond 0.8 for {safe}.",
        count(order.len(), "concept", "concepts"),
        name(worst),
        value(worst),
        name(best),
        value(best)
    )
}

fn table(model: &AgreementModel, id: &str, title: &str) -> Table {
    let mut table = Table::new(id, title, &["concept", "label", "role", "value", "lower", "upper", "codings"]);
    let number = |v: Option<f64>, why| v.map_or(Cell::Missing(why), |v| Cell::number(v, 3));
    for c in model.overall.iter().chain(&model.concepts) {
        table.push(vec![
            Cell::text(&c.id),
            Cell::text(name(c)),
            c.role.map_or(Cell::Missing("several or none"), |r| Cell::text(r.word())),
            number(c.value, "it does not vary"),
            number(c.lower, "no interval"),
            number(c.upper, "no interval"),
            Cell::Count(c.codings),
        ]);
    }
    table
}
