//! The multiple-value model: which combinations of problem, value and behaviour are stated, and how often.
//!
//! After the second model in Narminio (2020), section 4.3, which follows Winston (2018), p. 653. Three columns; every
//! statement is a ribbon from its problem through its value to its behaviour, as wide as its weight. A part that a
//! statement lacks is a node of its own, because that is a finding; what is not shown by name runs through "others".
//! So each column always carries the whole weight. The order of nodes is that of barycentres, which uncrosses ribbons.

use crate::metrics::{Block, Cut};
use crate::palette::tints;
use crate::ranked::{counted, hover, yes};
use crate::scale::{count, percent, plain, sane, share};
use crate::shape::{Paint, shape};
use crate::sheet::{Entry, Filled, Glyph, MARGIN, Part, Sheet};
use crate::svg::{Anchor, Rect, number};
use crate::{Figure, Heading, Node, Others, Role, View, named};
use nomoscope_core::table::{Cell, Table};
use std::collections::{BTreeMap, BTreeSet};

/// File stem and anchor.
pub const ID: &str = "multiple-value";
/// How many concepts each column shows by name.
const SHOWN: [usize; 3] = [12, 10, 16];
/// How many statements are drawn one by one.
const NUMBERED: usize = 6;
/// Least room between two nodes.
const GAP: f64 = 9.0;
const ROLES: [Role; 3] = [Role::Problem, Role::Value, Role::Behaviour];

/// A statement; a part that it lacks is `None`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Link {
    /// Index into the problems.
    pub problem: Option<usize>,
    /// Index into the values.
    pub value: Option<usize>,
    /// Index into the behaviours.
    pub behaviour: Option<usize>,
    /// Weight.
    pub weight: f64,
    /// Whether it is certain; drawn solid, otherwise hatched with a dashed outline.
    pub certain: bool,
    /// Whether a part was supplied from a wider window; drawn hatched.
    pub supplied: bool,
    /// Where its passages stand.
    pub href: Option<String>,
}

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MultipleValueModel {
    /// Id, title and last line.
    pub heading: Heading,
    /// Problems.
    pub problems: Vec<Node>,
    /// Values.
    pub values: Vec<Node>,
    /// Behaviours.
    pub behaviours: Vec<Node>,
    /// Statements.
    pub links: Vec<Link>,
    /// Statements that the caller left out.
    pub other_statements: Others,
    /// Sources behind the statements.
    pub n_sources: u64,
    /// Statements.
    pub n_statements: u64,
}

/// What a place in a column stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind<'a> {
    Named(&'a Node),
    Others(usize),
    Missing,
}

/// A place in a column.
struct Slot<'a> {
    kind: Kind<'a>,
    mass: f64,
    label: Block,
    number: Block,
    /// Upper edge and height, once placed.
    y: f64,
    h: f64,
}

/// A column: its slots, and the slots in order from top to bottom.
struct Column<'a> {
    role: Role,
    slots: Vec<Slot<'a>>,
    order: Vec<usize>,
    x: f64,
    width: f64,
}

/// How sure a ribbon is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    Sure,
    Supplied,
    Uncertain,
}

/// A statement whose parts are slots.
#[derive(Clone, Copy)]
struct Thread<'a> {
    slots: [usize; 3],
    weight: f64,
    look: Look,
    number: Option<usize>,
    link: &'a Link,
}

/// Half of a statement, or of a bundle: between two neighbouring columns.
struct Ribbon<'a> {
    ends: [usize; 2],
    weight: f64,
    look: Look,
    number: Option<usize>,
    href: Option<&'a str>,
    n: usize,
    /// Centre of the band at both ends.
    y: [f64; 2],
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &MultipleValueModel, view: View) -> Figure {
    let model = &MultipleValueModel {
        problems: named(&model.problems),
        values: named(&model.values),
        behaviours: named(&model.behaviours),
        ..model.clone()
    };
    let id = model.heading.id_or(ID);
    let (links, stray) = sound_links(model);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model, &links));
    let mut sheet = Sheet::new(&id, &title, view);
    sheet.formula(&formula(model, &links));
    let (mut columns, threads) = arrange(&sheet, model, &links);
    let total: f64 = threads.iter().map(|thread| thread.weight).sum();
    uncross(&mut columns, &threads);
    let scale = place(&mut sheet, &mut columns, total);
    for half in 0..2 {
        let ribbons = ribbons(&columns, &threads, half, scale);
        draw_ribbons(&mut sheet, &columns, &ribbons, half, scale, total);
    }
    for column in &columns {
        draw_nodes(&mut sheet, column, scale, total);
    }
    sheet.y = columns.iter().flat_map(|c| &c.slots).map(|s| s.y + s.h).fold(sheet.y, f64::max) + 14.0;
    numbered_list(&mut sheet, model, &threads, total);
    legend(&mut sheet, model, &threads, scale, total);
    sheet.paragraph(&notes(model, stray, total), "soft");
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    let description = description(model, &columns, &threads, total, stray);
    sheet.finish(&title, description, table(model, &id, &title))
}

/// Returns the statements whose parts exist, heaviest first, and how many were not sound.
fn sound_links(model: &MultipleValueModel) -> (Vec<&Link>, usize) {
    let fits = |part: Option<usize>, nodes: &[Node]| part.is_none_or(|index| index < nodes.len());
    let mut links: Vec<&Link> = model
        .links
        .iter()
        .filter(|l| {
            fits(l.problem, &model.problems) && fits(l.value, &model.values) && fits(l.behaviour, &model.behaviours)
        })
        .collect();
    let stray = model.links.len() - links.len();
    links.sort_by(|a, b| sane(b.weight).total_cmp(&sane(a.weight)).then_with(|| key(a).cmp(&key(b))));
    (links, stray)
}

fn key(link: &Link) -> ([Option<usize>; 3], bool, bool) {
    (parts(link), !link.certain, link.supplied)
}

const fn parts(link: &Link) -> [Option<usize>; 3] {
    [link.problem, link.value, link.behaviour]
}

fn complete(link: &Link) -> bool {
    parts(link).iter().all(Option::is_some)
}

fn title(model: &MultipleValueModel, links: &[&Link]) -> String {
    if links.is_empty() {
        return "No statement of problem, value and behaviour was found".to_owned();
    }
    let used = |pick: fn(&Link) -> Option<usize>| links.iter().filter_map(|l| pick(l)).collect::<BTreeSet<_>>().len();
    let total: f64 = links.iter().map(|l| sane(l.weight)).sum::<f64>() + sane(model.other_statements.weight);
    let top: Vec<f64> = links.iter().filter(|l| complete(l)).take(NUMBERED).map(|l| sane(l.weight)).collect();
    let combinations = format!(
        "{}, {} and {} in {}",
        count(used(|l| l.problem), "problem", "problems"),
        count(used(|l| l.value), "value", "values"),
        count(used(|l| l.behaviour), "behaviour", "behaviours"),
        count(links.len() + model.other_statements.n, "combination", "combinations"),
    );
    if links.len() > NUMBERED && !top.is_empty() {
        format!("{combinations}; the {} heaviest hold {}", spelled(top.len()), percent(share(top.iter().sum(), total)))
    } else {
        combinations
    }
}

const fn spelled(n: usize) -> &'static str {
    match n {
        1 => "one",
        2 => "two",
        3 => "three",
        4 => "four",
        5 => "five",
        _ => "six",
    }
}

fn formula(model: &MultipleValueModel, links: &[&Link]) -> [Part; 3] {
    let heaviest = links.iter().find(|l| complete(l)).or(links.first());
    let part = |nodes: &[Node], c: usize| {
        let index = heaviest.and_then(|link| parts(link)[c]);
        let used = links.iter().filter_map(|link| parts(link)[c]).collect::<BTreeSet<_>>().len();
        Part {
            label: index.and_then(|i| nodes.get(i)).map(|node| node.label.clone()),
            others: used.saturating_sub(usize::from(index.is_some())),
        }
    };
    [part(&model.problems, 0), part(&model.values, 1), part(&model.behaviours, 2)]
}

/// Returns the columns with their slots, and the statements between slots.
fn arrange<'a>(sheet: &Sheet, model: &'a MultipleValueModel, links: &[&'a Link]) -> ([Column<'a>; 3], Vec<Thread<'a>>) {
    let mut threads: Vec<Thread> = links
        .iter()
        .map(|&link| {
            let look = match (link.certain, link.supplied) {
                (false, _) => Look::Uncertain,
                (true, true) => Look::Supplied,
                (true, false) => Look::Sure,
            };
            Thread { slots: [0; 3], weight: sane(link.weight), look, number: None, link }
        })
        .collect();
    let all = [&model.problems, &model.values, &model.behaviours];
    let columns = [0, 1, 2].map(|c| column(sheet, c, all[c], &mut threads));
    let named = |thread: &Thread| (0..3).all(|c| matches!(columns[c].slots[thread.slots[c]].kind, Kind::Named(_)));
    for (number, thread) in threads.iter_mut().filter(|t| t.weight > 0.0 && named(t)).take(NUMBERED).enumerate() {
        thread.number = Some(number);
    }
    (columns, threads)
}

fn column<'a>(sheet: &Sheet, c: usize, nodes: &'a [Node], threads: &mut [Thread<'a>]) -> Column<'a> {
    let mut mass = vec![0.0; nodes.len()];
    for thread in &*threads {
        if let Some(index) = parts(thread.link)[c] {
            mass[index] += thread.weight;
        }
    }
    let mut ranking: Vec<usize> = (0..nodes.len()).collect();
    ranking.sort_by(|&a, &b| {
        mass[b]
            .total_cmp(&mass[a])
            .then_with(|| sane(nodes[b].weight).total_cmp(&sane(nodes[a].weight)))
            .then_with(|| nodes[a].id.cmp(&nodes[b].id))
            .then(a.cmp(&b))
    });
    // A concept in no statement would only take room; the notes name it.
    if mass.iter().any(|&m| m > 0.0) {
        ranking.retain(|&index| mass[index] > 0.0);
    }
    let keep = if ranking.len() == SHOWN[c] + 1 { ranking.len() } else { SHOWN[c].min(ranking.len()) };
    let mut kinds: Vec<(Kind, f64)> = ranking[..keep].iter().map(|&i| (Kind::Named(&nodes[i]), mass[i])).collect();
    let n_others = ranking.len() - keep;
    if n_others > 0 {
        kinds.push((Kind::Others(n_others), ranking[keep..].iter().map(|&i| mass[i]).sum()));
    }
    let missing = kinds.len();
    if threads.iter().any(|t| parts(t.link)[c].is_none()) {
        kinds.push((Kind::Missing, threads.iter().filter(|t| parts(t.link)[c].is_none()).map(|t| t.weight).sum()));
    }
    let mut slot_of = vec![keep; nodes.len()];
    for (slot, &index) in ranking[..keep].iter().enumerate() {
        slot_of[index] = slot;
    }
    for thread in threads.iter_mut() {
        thread.slots[c] = parts(thread.link)[c].map_or(missing, |index| slot_of[index]);
    }
    let (side, middle) = if sheet.narrow() { (99.0, 82.0) } else { (170.0, 144.0) };
    let (x, width) = match c {
        0 => (MARGIN, side),
        1 => ((sheet.width() - middle) / 2.0, middle),
        _ => (sheet.width() - MARGIN - side, side),
    };
    let total: f64 = kinds.iter().map(|(_, mass)| mass).sum();
    let slots: Vec<Slot> =
        kinds.into_iter().map(|(kind, mass)| slot(sheet, ROLES[c], kind, mass, total, width)).collect();
    let order = (0..slots.len()).collect();
    Column { role: ROLES[c], slots, order, x, width }
}

fn slot<'a>(sheet: &Sheet, role: Role, kind: Kind<'a>, mass: f64, total: f64, width: f64) -> Slot<'a> {
    let (words, cut) = match kind {
        Kind::Named(node) => (node.label.clone(), Cut::Regular),
        Kind::Others(n) => (format!("others: {}", count(n, "concept", "concepts")), Cut::Italic),
        Kind::Missing => (format!("no {} named", role.word()), Cut::Italic),
    };
    let number = Block::new(&percent(share(mass, total)), sheet.small(), Cut::Regular, 60.0, 1);
    let limit = match (role, sheet.narrow()) {
        (Role::Value, _) => width * 0.76,
        (_, true) => width - 18.0,
        (_, false) => width - number.width - 26.0,
    };
    let label = Block::new(&words, sheet.base(), cut, limit, if sheet.narrow() { 6 } else { 4 });
    Slot { kind, mass, label, number, y: 0.0, h: 0.0 }
}

impl Slot<'_> {
    /// Returns whether the share stands under the label instead of beside it.
    fn stacked(&self, column: &Column, narrow: bool) -> bool {
        narrow || (column.role == Role::Value && matches!(self.kind, Kind::Named(_)))
    }

    fn role(&self, column: &Column) -> Option<Role> {
        matches!(self.kind, Kind::Named(_)).then_some(column.role)
    }

    /// Returns the height that words and weight need.
    fn needs(&self, column: &Column, narrow: bool, scale: f64) -> f64 {
        let words = self.label.height + if self.stacked(column, narrow) { self.number.height } else { 0.0 };
        let double = if matches!(self.kind, Kind::Named(node) if node.norm_label) { 5.2 } else { 0.0 };
        if self.role(column) == Some(Role::Value) {
            let ratio = (self.label.width.max(self.number.width) / column.width).min(0.9);
            let round = words * 0.93 / libm::sqrt(1.0 - ratio * ratio) + 8.0;
            round.max(self.mass * scale * 1.22) + double
        } else {
            (words + 9.0).max(self.mass * scale + 4.0) + double
        }
    }
}

/// Orders every column by barycentres so that ribbons cross less; keeps the best order seen.
fn uncross(columns: &mut [Column; 3], threads: &[Thread]) {
    let mut best: ([Vec<usize>; 3], f64) = (orders(columns), crossings(columns, threads));
    for sweep in 0..24 {
        let path: [(usize, &[usize]); 3] =
            if sweep % 2 == 0 { [(1, &[0]), (2, &[1]), (1, &[0, 2])] } else { [(1, &[2]), (0, &[1]), (1, &[0, 2])] };
        for (moving, fixed) in path {
            sort_by_barycentre(columns, threads, moving, fixed);
        }
        let now = crossings(columns, threads);
        if now < best.1 - 1e-12 {
            best = (orders(columns), now);
        }
    }
    for (column, order) in columns.iter_mut().zip(best.0) {
        column.order = order;
    }
}

fn orders(columns: &[Column; 3]) -> [Vec<usize>; 3] {
    [0, 1, 2].map(|c| columns[c].order.clone())
}

/// Returns each slot's place in the order, as a share of the column.
fn ranks(column: &Column) -> Vec<f64> {
    let mut ranks = vec![0.0; column.slots.len()];
    let whole: f64 = column.slots.iter().map(|slot| slot.mass).sum::<f64>().max(f64::MIN_POSITIVE);
    let mut above = 0.0;
    for &slot in &column.order {
        ranks[slot] = (above + column.slots[slot].mass / 2.0) / whole;
        above += column.slots[slot].mass;
    }
    ranks
}

fn sort_by_barycentre(columns: &mut [Column; 3], threads: &[Thread], moving: usize, fixed: &[usize]) {
    let n = columns[moving].slots.len();
    let (mut sum, mut weight) = (vec![0.0; n], vec![0.0; n]);
    for &other in fixed {
        let ranks = ranks(&columns[other]);
        for thread in threads {
            sum[thread.slots[moving]] += thread.weight * ranks[thread.slots[other]];
            weight[thread.slots[moving]] += thread.weight;
        }
    }
    let at: Vec<f64> = (0..n).map(|i| if weight[i] > 0.0 { sum[i] / weight[i] } else { 1.0 }).collect();
    // Others and missing parts stay at the bottom, where the eye looks for them.
    let last: Vec<u8> = columns[moving]
        .slots
        .iter()
        .map(|s| match s.kind {
            Kind::Named(_) => 0,
            Kind::Others(_) => 1,
            Kind::Missing => 2,
        })
        .collect();
    columns[moving].order.sort_by(|&a, &b| last[a].cmp(&last[b]).then_with(|| at[a].total_cmp(&at[b])).then(a.cmp(&b)));
}

/// Returns the weight of crossing pairs.
fn crossings(columns: &[Column; 3], threads: &[Thread]) -> f64 {
    let mut sum = 0.0;
    for half in 0..2 {
        let mut pairs: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        let place = |c: usize, slot: usize| columns[c].order.iter().position(|&s| s == slot).unwrap_or(0);
        for thread in threads {
            *pairs.entry((place(half, thread.slots[half]), place(half + 1, thread.slots[half + 1]))).or_default() +=
                thread.weight;
        }
        let pairs: Vec<((usize, usize), f64)> = pairs.into_iter().collect();
        for (index, ((a, b), w)) in pairs.iter().enumerate() {
            for ((c, d), v) in &pairs[index + 1..] {
                if (a < c && b > d) || (a > c && b < d) {
                    sum += w * v;
                }
            }
        }
    }
    sum
}

/// Gives every slot its place and returns the pixels for a weight of 1.
fn place(sheet: &mut Sheet, columns: &mut [Column; 3], total: f64) -> f64 {
    let words = [("Problems", Anchor::Start), ("Values", Anchor::Middle), ("Behaviours", Anchor::End)];
    for ((word, anchor), column) in words.into_iter().zip(columns.iter()) {
        let block = Block::new(word, sheet.base(), Cut::Semibold, 110.0, 1);
        let x = match anchor {
            Anchor::Start => column.x,
            Anchor::Middle => column.x + column.width / 2.0,
            Anchor::End => column.x + column.width,
        };
        sheet.svg.block(&block, anchor, x, sheet.y, "ink");
    }
    let top = sheet.y + 23.0;
    let longest = columns.iter().map(|column| column.slots.len()).max().unwrap_or(0);
    #[expect(clippy::cast_precision_loss, reason = "a column has few slots")]
    let room = (40.0 + 26.0 * longest as f64).clamp(70.0, 330.0);
    let scale = share(room, total);
    let narrow = sheet.narrow();
    for column in columns.iter_mut() {
        let heights: Vec<f64> = column.slots.iter().map(|slot| slot.needs(column, narrow, scale)).collect();
        for (slot, h) in column.slots.iter_mut().zip(heights) {
            slot.h = h;
        }
    }
    let sum = |column: &Column, gap: f64| {
        column.slots.iter().map(|slot| slot.h + gap).sum::<f64>() - if column.slots.is_empty() { 0.0 } else { gap }
    };
    let tall = columns.iter().map(|column| sum(column, GAP)).fold(0.0, f64::max);
    for column in columns.iter_mut() {
        #[expect(clippy::cast_precision_loss, reason = "a column has few slots")]
        let gaps = column.slots.len().saturating_sub(1).max(1) as f64;
        let gap = ((tall - sum(column, 0.0)) / gaps).clamp(GAP, 36.0);
        let mut y = top + (tall - sum(column, gap)) / 2.0;
        for slot in column.order.clone() {
            column.slots[slot].y = y;
            y += column.slots[slot].h + gap;
        }
    }
    sheet.y = top + tall;
    scale
}

/// Returns the ribbons between column `half` and the next: numbered statements one by one, the rest in bundles.
fn ribbons<'a>(columns: &[Column; 3], threads: &[Thread<'a>], half: usize, scale: f64) -> Vec<Ribbon<'a>> {
    let mut bundles: BTreeMap<([usize; 2], usize, Look), Ribbon> = BTreeMap::new();
    for thread in threads.iter().filter(|t| t.weight > 0.0) {
        let ends = [thread.slots[half], thread.slots[half + 1]];
        let ribbon =
            bundles.entry((ends, thread.number.unwrap_or(usize::MAX), thread.look)).or_insert_with(|| Ribbon {
                ends,
                weight: 0.0,
                look: thread.look,
                number: thread.number,
                href: thread.link.href.as_deref(),
                n: 0,
                y: [0.0; 2],
            });
        ribbon.weight += thread.weight;
        ribbon.n += 1;
        if ribbon.n > 1 {
            ribbon.href = None;
        }
    }
    let mut ribbons: Vec<Ribbon> = bundles.into_values().collect();
    for end in 0..2 {
        stack(columns, &mut ribbons, half, end, scale);
    }
    ribbons
}

/// Stacks the bands at one end of the ribbons in the order of what they lead to.
fn stack(columns: &[Column; 3], ribbons: &mut [Ribbon], half: usize, end: usize, scale: f64) {
    let (here, there) = (&columns[half + end], &columns[half + 1 - end]);
    for (slot_index, slot) in here.slots.iter().enumerate() {
        let mut at: Vec<usize> = (0..ribbons.len()).filter(|&r| ribbons[r].ends[end] == slot_index).collect();
        at.sort_by(|&a, &b| {
            let y = |r: usize| there.slots[ribbons[r].ends[1 - end]].y;
            y(a).total_cmp(&y(b))
                .then_with(|| ribbons[a].number.is_none().cmp(&ribbons[b].number.is_none()))
                .then(a.cmp(&b))
        });
        let height: f64 = at.iter().map(|&r| ribbons[r].weight * scale).sum();
        let mut y = slot.y + slot.h / 2.0 - height / 2.0;
        for r in at {
            let h = ribbons[r].weight * scale;
            ribbons[r].y[end] = y + h / 2.0;
            y += h;
        }
    }
}

/// The horizontal stretch of a half: where it leaves, where it arrives, and the run under the value's ellipse.
fn run(columns: &[Column; 3], half: usize) -> (f64, f64, [f64; 2]) {
    let (from, to) = (&columns[half], &columns[half + 1]);
    let centre = columns[1].x + columns[1].width / 2.0;
    let (x0, x1) = (from.x + from.width, to.x);
    if half == 0 { (x0, x1, [x0, centre]) } else { (x0, x1, [centre, x1]) }
}

fn draw_ribbons(sheet: &mut Sheet, columns: &[Column; 3], ribbons: &[Ribbon], half: usize, scale: f64, total: f64) {
    let (x0, x1, ends) = run(columns, half);
    let role = if half == 0 { Role::Problem } else { Role::Behaviour };
    let mut order: Vec<usize> = (0..ribbons.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&ribbons[a], &ribbons[b]);
        b.number
            .is_none()
            .cmp(&a.number.is_none())
            .then_with(|| b.weight.total_cmp(&a.weight))
            .then_with(|| a.ends.cmp(&b.ends))
    });
    for &index in &order {
        let ribbon = &ribbons[index];
        let d = band(ribbon, x0, x1, ends, scale);
        let colour = ribbon.number.map(|_| role);
        let [tint, mid, full] = tints(colour);
        let plain_fill = if ribbon.number.is_some() { mid } else { tint };
        let fill = if ribbon.look == Look::Sure { plain_fill.to_owned() } else { sheet.hatch(colour) };
        let dash = (ribbon.look == Look::Uncertain).then_some("4 2.5");
        // Bundles stay in the background: the outline that marks an uncertain one must not make it the darkest.
        let (stroke, width) = match (ribbon.look, ribbon.number) {
            (Look::Sure, _) => (mid, 0.6),
            (_, Some(_)) => (full, 0.8),
            (_, None) => ("bundle", 0.5),
        };
        sheet.svg.open_item(ribbon.href, &ribbon_hover(columns, ribbon, half, total));
        sheet.path(&d, &fill, stroke, width, dash);
        sheet.svg.close();
    }
    numbers(sheet, ribbons, x0, x1);
}

fn band(ribbon: &Ribbon, x0: f64, x1: f64, ends: [f64; 2], scale: f64) -> String {
    let h = (ribbon.weight * scale).max(0.6) / 2.0;
    let middle = f64::midpoint(x0, x1);
    let [a, b] = ribbon.y;
    let n = number;
    format!(
        "M{} {}H{}C{} {} {} {} {} {}H{}V{}H{}C{} {} {} {} {} {}H{}Z",
        n(ends[0]),
        n(a - h),
        n(x0),
        n(middle),
        n(a - h),
        n(middle),
        n(b - h),
        n(x1),
        n(b - h),
        n(ends[1]),
        n(b + h),
        n(x1),
        n(middle),
        n(b + h),
        n(middle),
        n(a + h),
        n(x0),
        n(a + h),
        n(ends[0])
    )
}

fn name(column: &Column, slot: usize) -> String {
    match column.slots[slot].kind {
        Kind::Named(node) => node.label.clone(),
        Kind::Others(n) => format!("others ({})", count(n, "concept", "concepts")),
        Kind::Missing => format!("no {} named", column.role.word()),
    }
}

fn ribbon_hover(columns: &[Column; 3], ribbon: &Ribbon, half: usize, total: f64) -> String {
    let look = match ribbon.look {
        Look::Sure => "",
        Look::Supplied => ", a part supplied from the wider window",
        Look::Uncertain => ", uncertain",
    };
    format!(
        "{} → {}: {}, {}{look}",
        name(&columns[half], ribbon.ends[0]),
        name(&columns[half + 1], ribbon.ends[1]),
        count(ribbon.n, "combination", "combinations"),
        percent(share(ribbon.weight, total)),
    )
}

/// Puts the numbers on the numbered ribbons, each at the first place along it that is free.
fn numbers(sheet: &mut Sheet, ribbons: &[Ribbon], x0: f64, x1: f64) {
    let mut taken: Vec<Rect> = Vec::new();
    let mut numbered: Vec<&Ribbon> = ribbons.iter().filter(|r| r.number.is_some()).collect();
    numbered.sort_by_key(|r| r.number);
    for ribbon in numbered {
        let tries = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
        let place = tries
            .into_iter()
            .map(|t| {
                Rect::centred(
                    x0 + (x1 - x0) * bezier(t, [0.0, 0.5, 0.5, 1.0]),
                    ribbon.y[0] + (ribbon.y[1] - ribbon.y[0]) * bezier(t, [0.0, 0.0, 1.0, 1.0]),
                    15.0,
                    15.0,
                )
            })
            .find(|r| taken.iter().all(|o| r.grown(0.6).shared(o) <= 0.0));
        if let (Some(area), Some(n)) = (place, ribbon.number) {
            badge(sheet, area, n);
            taken.push(area);
        }
    }
}

fn bezier(t: f64, p: [f64; 4]) -> f64 {
    let u = 1.0 - t;
    u * u * u * p[0] + 3.0 * u * u * t * p[1] + 3.0 * u * t * t * p[2] + t * t * t * p[3]
}

fn badge(sheet: &mut Sheet, area: Rect, n: usize) {
    sheet.dot((area.cx(), area.cy()), area.w / 2.0, "paper", "ink", 0.9, false);
    let block = Block::new(&(n + 1).to_string(), sheet.small(), Cut::Semibold, 20.0, 1);
    sheet.svg.block(&block, Anchor::Middle, area.cx(), area.cy() - block.height / 2.0, "ink");
}

fn draw_nodes(sheet: &mut Sheet, column: &Column, scale: f64, total: f64) {
    for slot in &column.slots {
        let (href, words, sure, double) = match slot.kind {
            Kind::Named(node) => (node.href.as_deref(), hover(node, total), node.certain, node.norm_label),
            _ => (None, String::new(), !matches!(slot.kind, Kind::Missing), false),
        };
        let role = slot.role(column);
        let [tint, _, full] = tints(role);
        sheet.svg.open_item(href, &words);
        let area = Rect::new(column.x, slot.y, column.width, slot.h).grown(if double { -2.6 } else { 0.0 });
        let fill = if role.is_some() { tint } else { "paper" };
        shape(&mut sheet.svg, area, role, Paint { fill, stroke: full, width: 1.2, dashed: !sure }, double);
        port(sheet, column, slot, scale, full);
        slot_words(sheet, column, slot);
        sheet.svg.close();
    }
}

/// Draws the bar whose height is the weight, on the side where the ribbons leave; an ellipse has none.
fn port(sheet: &mut Sheet, column: &Column, slot: &Slot, scale: f64, colour: &str) {
    let h = slot.mass * scale;
    if h <= 0.0 || column.role == Role::Value {
        return;
    }
    let x = if column.role == Role::Problem { column.x + column.width - 2.0 } else { column.x + 2.0 };
    let y = slot.y + slot.h / 2.0;
    sheet.line((x, y - h / 2.0), (x, y + h / 2.0), colour, 4.0, None);
}

fn slot_words(sheet: &mut Sheet, column: &Column, slot: &Slot) {
    let narrow = sheet.narrow();
    let centre = slot.y + slot.h / 2.0;
    let (left, right) = (column.x, column.x + column.width);
    let stacked = slot.stacked(column, narrow);
    let middle = column.role == Role::Value;
    let (anchor, x) = match column.role {
        Role::Problem => (Anchor::Start, left + 9.0),
        Role::Value => (Anchor::Middle, f64::midpoint(left, right)),
        Role::Behaviour => (Anchor::End, right - 9.0),
    };
    if stacked {
        let top = centre - (slot.label.height + slot.number.height) / 2.0;
        sheet.svg.block(&slot.label, anchor, x, top, "ink");
        sheet.svg.block(&slot.number, anchor, x, top + slot.label.height + 0.5, "soft");
        return;
    }
    let (anchor, x) = if middle { (Anchor::Start, left + 9.0) } else { (anchor, x) };
    sheet.svg.block(&slot.label, anchor, x, centre - slot.label.height / 2.0, "ink");
    let (near, at) =
        if column.role == Role::Behaviour { (Anchor::Start, left + 10.0) } else { (Anchor::End, right - 10.0) };
    sheet.svg.block(&slot.number, near, at, centre - slot.number.height / 2.0, "soft");
}

/// Writes the numbered statements under the figure, in two columns where there is room.
fn numbered_list(sheet: &mut Sheet, model: &MultipleValueModel, threads: &[Thread], total: f64) {
    let columns = if sheet.narrow() { 1 } else { 2 };
    let numbered: Vec<&Thread> = threads.iter().filter(|t| t.number.is_some()).collect();
    #[expect(clippy::cast_precision_loss, reason = "one or two columns")]
    let width = (sheet.inner() - 16.0 * (columns - 1) as f64) / columns as f64;
    let half = numbered.len().div_ceil(columns).max(1);
    let mut tallest = sheet.y;
    for (c, chunk) in numbered.chunks(half).enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "one or two columns")]
        let x = MARGIN + c as f64 * (width + 16.0);
        let mut y = sheet.y;
        for thread in chunk {
            let words = format!(
                "{}{} – {}",
                sentence(model, thread.link),
                remark(thread.look),
                percent(share(thread.weight, total))
            );
            let block = Block::new(&words, sheet.small(), Cut::Regular, width - 24.0, 5);
            sheet.svg.open_item(thread.link.href.as_deref(), "");
            badge(sheet, Rect::new(x, y - 1.5, 15.0, 15.0), thread.number.unwrap_or(0));
            sheet.svg.block(&block, Anchor::Start, x + 22.0, y, "ink");
            sheet.svg.close();
            y += block.height.max(15.0) + 5.0;
        }
        tallest = tallest.max(y);
    }
    sheet.y = tallest + 5.0;
}

const fn remark(look: Look) -> &'static str {
    match look {
        Look::Sure => "",
        Look::Supplied => " (a part supplied)",
        Look::Uncertain => " (uncertain)",
    }
}

fn sentence(model: &MultipleValueModel, link: &Link) -> String {
    let word = |nodes: &[Node], part: Option<usize>, role: Role| {
        part.and_then(|i| nodes.get(i)).map_or_else(|| format!("[no {} named]", role.word()), |node| node.label.clone())
    };
    format!(
        "If {}, {} suggests: {}",
        word(&model.problems, link.problem, Role::Problem),
        word(&model.values, link.value, Role::Value),
        word(&model.behaviours, link.behaviour, Role::Behaviour)
    )
}

fn legend(sheet: &mut Sheet, model: &MultipleValueModel, threads: &[Thread], scale: f64, total: f64) {
    let mut entries = Vec::new();
    if total > 0.0 {
        let unit = crate::scale::round_up(8.0 / scale / total) * total;
        entries.push(Entry::new(
            Glyph::Line { width: unit * scale, dashed: false },
            format!("this height: {} of the weight", percent(unit / total)),
        ));
    }
    let has = |look: Look| threads.iter().any(|t| t.look == look);
    if has(Look::Sure) && (has(Look::Supplied) || has(Look::Uncertain)) {
        entries.push(Entry::new(Glyph::Ribbon { hatched: false, dashed: false }, "certain"));
    }
    if has(Look::Supplied) {
        entries
            .push(Entry::new(Glyph::Ribbon { hatched: true, dashed: false }, "a part supplied from the wider window"));
    }
    if has(Look::Uncertain) {
        entries.push(Entry::new(Glyph::Ribbon { hatched: true, dashed: true }, "uncertain"));
    }
    if [&model.problems, &model.values, &model.behaviours].into_iter().flatten().any(|node| node.norm_label) {
        entries.push(Entry::new(
            Glyph::Shape { role: Some(Role::Problem), filled: Filled::Tint, dashed: false, double: true },
            "name of a norm",
        ));
    }
    if [&model.problems, &model.values, &model.behaviours].into_iter().flatten().any(|node| !node.certain) {
        entries.push(Entry::new(
            Glyph::Shape { role: Some(Role::Problem), filled: Filled::Tint, dashed: true, double: false },
            "uncertain concept",
        ));
    }
    sheet.legend(&entries);
}

fn notes(model: &MultipleValueModel, stray: usize, total: f64) -> String {
    let mut words = format!(
        "{} in {}. Ribbons and the bars at which they end are as wide as the weight of statements; coloured ribbons are the numbered ones, grey ribbons bundle the rest.",
        counted(model.n_statements, "statement", "statements"),
        counted(model.n_sources, "source", "sources")
    );
    let left = model.other_statements;
    if left.n > 0 {
        let all = total + sane(left.weight);
        words += &format!(
            " Not drawn: {}, {} of all weight.",
            count(left.n, "combination", "combinations"),
            percent(share(sane(left.weight), all))
        );
    }
    if stray > 0 {
        words += &format!(
            " {} named a concept that the model does not hold and were left out.",
            count(stray, "combination", "combinations")
        );
    }
    let idle = idle(model);
    if !idle.is_empty() {
        words += &format!(" In no statement here: {}.", idle.join(", "));
    }
    words
}

/// Returns the labels of concepts without a weighty statement; past eight, how many more.
fn idle(model: &MultipleValueModel) -> Vec<String> {
    let mut labels = Vec::new();
    for (c, nodes) in [&model.problems, &model.values, &model.behaviours].into_iter().enumerate() {
        let used: BTreeSet<usize> =
            model.links.iter().filter(|l| sane(l.weight) > 0.0).filter_map(|l| parts(l)[c]).collect();
        labels.extend(
            nodes
                .iter()
                .enumerate()
                .filter(|(index, node)| !used.contains(index) && !node.label.is_empty())
                .map(|(_, node)| node.label.clone()),
        );
    }
    let more = labels.len().saturating_sub(8);
    labels.truncate(8);
    if more > 0 {
        labels.push(format!("{more} more"));
    }
    labels
}

fn description(
    model: &MultipleValueModel,
    columns: &[Column; 3],
    threads: &[Thread],
    total: f64,
    stray: usize,
) -> String {
    let mut words = String::from("Three columns: problems, values, behaviours; ribbons are statements. ");
    for (column, title) in columns.iter().zip(["Problems", "Values", "Behaviours"]) {
        let mut slots: Vec<usize> = (0..column.slots.len()).collect();
        slots.sort_by(|&a, &b| column.slots[b].mass.total_cmp(&column.slots[a].mass).then(a.cmp(&b)));
        let list: Vec<String> = slots
            .into_iter()
            .map(|s| format!("{} {}", name(column, s), percent(share(column.slots[s].mass, total))))
            .collect();
        words += &format!("{title}: {}. ", if list.is_empty() { "none".to_owned() } else { list.join(", ") });
    }
    for thread in threads.iter().filter(|t| t.number.is_some()) {
        words += &format!(
            "{}. {}{}, {}. ",
            thread.number.unwrap_or(0) + 1,
            sentence(model, thread.link),
            remark(thread.look),
            percent(share(thread.weight, total))
        );
    }
    words + &notes(model, stray, total)
}

fn table(model: &MultipleValueModel, id: &str, title: &str) -> Table {
    let mut table = Table::new(id, title, &["problem", "value", "behaviour", "weight", "share", "certain", "supplied"]);
    let (links, _) = sound_links(model);
    let total: f64 = links.iter().map(|l| sane(l.weight)).sum::<f64>() + sane(model.other_statements.weight);
    let ratio = |weight: f64| {
        if total > 0.0 { Cell::number(sane(weight) / total, 4) } else { Cell::Missing("no weight at all") }
    };
    for link in links {
        let word = |nodes: &[Node], part: Option<usize>| {
            part.and_then(|i| nodes.get(i)).map_or(Cell::Missing("not named"), |node| Cell::text(&node.label))
        };
        table.push(vec![
            word(&model.problems, link.problem),
            word(&model.values, link.value),
            word(&model.behaviours, link.behaviour),
            Cell::number(link.weight, 2),
            ratio(link.weight),
            Cell::text(yes(link.certain)),
            Cell::text(yes(link.supplied)),
        ]);
    }
    if model.other_statements.n > 0 {
        let words = format!("others: {}", count(model.other_statements.n, "combination", "combinations"));
        let mixed = || Cell::Missing("a sum of several combinations");
        table.push(vec![
            Cell::text(words),
            mixed(),
            mixed(),
            Cell::number(model.other_statements.weight, 2),
            ratio(model.other_statements.weight),
            mixed(),
            mixed(),
        ]);
    }
    table
        .notes
        .push(format!("weight: of statements; an empty part was not named; shares are of {} in all", plain(total)));
    table
}
