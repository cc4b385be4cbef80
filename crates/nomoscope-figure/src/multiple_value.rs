//! The multiple-value model: which problems, values and behaviours are stated together, and how much each carries.
//!
//! After the second model in Narminio (2020), section 4.3, which follows Winston (2018), p. 653. Three columns of bars as high
//! as their weight; what three sources state in full is a ribbon from its problem through its value to its behaviour, and the dark
//! part of its bars. Where there is no such statement the heaviest few are drawn in grey, and none of them leads. Statements that
//! lack a part are no combination of three: a bar above the columns tells how much weight they have. What is not shown by name
//! runs through "others", so that each column carries the whole weight of complete statements. The order of bars is that of
//! barycentres, which uncrosses ribbons.

use crate::metrics::{Block, Cut};
use crate::palette::tints;
use crate::ranked::{counted, hover, makers, yes};
use crate::scale::{count, percent, plain, sane, share};
use crate::sheet::{Entry, Glyph, MARGIN, Sheet};
use crate::svg::{Anchor, number};
use crate::{Figure, Heading, Node, Others, Role, View, named};
use nomoscope_core::table::{Cell, Table};
use nomoscope_core::weight;
use std::collections::BTreeMap;

/// File stem and anchor.
pub const ID: &str = "multiple-value";
/// How many concepts each column shows by name; what is left over is one bar more.
const SHOWN: usize = 11;
/// How many statements are told in words.
const TOLD: usize = 4;
/// How many statements are ribbons where three sources make none of them.
const UNCERTAIN: usize = 12;
/// Width of a bar, and the least room between two labels.
const BAR: f64 = 12.0;
const GAP: f64 = 7.0;
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
    /// Whether three sources or more make it in sentences of their own; the others are no ribbons where there is any such.
    pub certain: bool,
    /// Whether a part was supplied from a wider window.
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
    /// Statements, in the order in which they are told.
    pub links: Vec<Link>,
    /// Statements that the caller left out.
    pub other_statements: Others,
    /// Whether sources are known by their actor, so that makers of statements are actors.
    pub by_actor: bool,
    /// Sources behind the statements.
    pub n_sources: u64,
    /// Statements.
    pub n_statements: u64,
}

/// A bar of a column.
struct Slot<'a> {
    /// The concept; none for all others together.
    node: Option<&'a Node>,
    /// How many concepts are behind it.
    n: usize,
    mass: f64,
    /// What of it three sources state.
    sure: f64,
    label: Block,
    number: Block,
    /// Centre of the bar, once placed.
    y: f64,
}

/// A column: its bars, and the bars from top to bottom.
struct Column<'a> {
    role: Role,
    slots: Vec<Slot<'a>>,
    order: Vec<usize>,
    x: f64,
}

/// A statement between bars.
#[derive(Clone, Copy)]
struct Thread<'a> {
    slots: [usize; 3],
    weight: f64,
    link: &'a Link,
}

/// A ribbon between bars of neighbouring columns.
struct Ribbon<'a> {
    ends: [usize; 2],
    weight: f64,
    certain: bool,
    href: Option<&'a str>,
    n: usize,
    /// Centre of the band at both ends.
    y: [f64; 2],
}

/// How much weight statements have that lack a part.
#[derive(Debug, Clone, Copy, Default)]
struct Lacking {
    complete: f64,
    value: f64,
    behaviour: f64,
    problem: f64,
}

impl Lacking {
    /// Of a statement that lacks several parts, the value is what is missed first: it is what makes the behaviour fitting.
    fn of(links: &[&Link]) -> Self {
        let mut out = Self::default();
        for link in links {
            let place = match parts(link) {
                [Some(_), Some(_), Some(_)] => &mut out.complete,
                [_, None, _] => &mut out.value,
                [_, _, None] => &mut out.behaviour,
                [None, _, _] => &mut out.problem,
            };
            *place += sane(link.weight);
        }
        out
    }

    fn total(self) -> f64 {
        self.complete + self.value + self.behaviour + self.problem
    }
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
    let lacking = Lacking::of(&links);
    let whole: Vec<&Link> = links.iter().copied().filter(|link| complete(link) && sane(link.weight) > 0.0).collect();
    let title = model.heading.title.clone().unwrap_or_else(|| title(model, &whole, lacking));
    let mut sheet = Sheet::new(&id, &title, view);
    strip(&mut sheet, lacking);
    let (mut columns, threads) = arrange(&sheet, model, &whole);
    let total: f64 = threads.iter().map(|thread| thread.weight).sum();
    if total > 0.0 {
        uncross(&mut columns, &threads);
        let scale = place(&mut sheet, &mut columns, total);
        let drawn = drawn(&threads);
        for half in 0..2 {
            let ribbons = ribbons(&columns, &drawn, half, scale);
            draw_ribbons(&mut sheet, &columns, &ribbons, half, (model, scale, total));
        }
        for column in &columns {
            draw_bars(&mut sheet, column, scale, total);
        }
        told(&mut sheet, model, &whole, total);
        legend(&mut sheet, model, &whole, scale, total);
    }
    sheet.paragraph(&notes(model, stray, lacking), "soft");
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    let description = description(model, &columns, &whole, total);
    sheet.finish(&title, description, table(model, &id, &title))
}

/// Returns the statements whose parts exist, and how many were not sound.
fn sound_links(model: &MultipleValueModel) -> (Vec<&Link>, usize) {
    let fits = |part: Option<usize>, nodes: &[Node]| part.is_none_or(|index| index < nodes.len());
    let links: Vec<&Link> = model
        .links
        .iter()
        .filter(|l| {
            fits(l.problem, &model.problems) && fits(l.value, &model.values) && fits(l.behaviour, &model.behaviours)
        })
        .collect();
    let stray = model.links.len() - links.len();
    (links, stray)
}

const fn parts(link: &Link) -> [Option<usize>; 3] {
    [link.problem, link.value, link.behaviour]
}

fn complete(link: &Link) -> bool {
    parts(link).iter().all(Option::is_some)
}

/// Returns the statements that are ribbons: those that three sources make, or where there is none the first few.
fn drawn<'a>(threads: &[Thread<'a>]) -> Vec<Thread<'a>> {
    let certain: Vec<Thread> = threads.iter().copied().filter(|thread| thread.link.certain).collect();
    if certain.is_empty() { threads.iter().copied().take(UNCERTAIN).collect() } else { certain }
}

/// Says which values carry most of what is stated in full, by three sources or more.
fn title(model: &MultipleValueModel, whole: &[&Link], lacking: Lacking) -> String {
    if lacking.total() <= 0.0 {
        return "No statement of problem, value and behaviour was found".to_owned();
    }
    if whole.is_empty() {
        return "No statement names problem, value and behaviour".to_owned();
    }
    let certain: Vec<&Link> = whole.iter().copied().filter(|link| link.certain).collect();
    let makers = makers(model.by_actor);
    if certain.is_empty() {
        return format!(
            "{} problem, value and behaviour; none is made by three {makers}",
            count(whole.len(), "statement names", "statements name")
        );
    }
    let mut mass: BTreeMap<usize, f64> = BTreeMap::new();
    for link in &certain {
        if let Some(value) = link.value {
            *mass.entry(value).or_default() += sane(link.weight);
        }
    }
    let total: f64 = mass.values().sum();
    let mut values: Vec<(usize, f64)> = mass.into_iter().collect();
    values.sort_by(|a, b| weight::compare(b.1, a.1).then(a.0.cmp(&b.0)));
    let name = |&(value, _): &(usize, f64)| model.values.get(value).map_or("", |node| node.label.as_str());
    let of_all = |&(_, mass): &(usize, f64)| percent(share(mass, total));
    // What the rest of the statements carries is a part of the whole too: nothing is said of "the" values where others are only less certain.
    let stated = if certain.len() == whole.len() {
        "stated in full".to_owned()
    } else {
        format!("stated in full by three {makers}")
    };
    let (first, rest) = values.split_at(weight::n_first(values.iter().map(|v| v.1)));
    match (first, rest) {
        ([], _) => "No statement names problem, value and behaviour".to_owned(),
        ([only], []) => format!("One value carries all that is {stated}: {}", name(only)),
        ([only], [other]) | ([only, other], []) => {
            format!(
                "Two values carry what is {stated}: {} {}, {} {}",
                name(only),
                of_all(only),
                name(other),
                of_all(other)
            )
        }
        ([_, ..], []) => format!("{} values carry what is {stated}, {} each", first.len(), of_all(&first[0])),
        // Of equal ones none is singled out.
        ([lead], rest) => {
            let (second, rest) = rest.split_at(weight::n_first(rest.iter().map(|v| v.1)));
            format!(
                "Of what is {stated}, {} rests on {}, {}{}",
                of_all(lead),
                name(lead),
                equals(second, &name, &of_all),
                others(rest)
            )
        }
        (equal, rest) => {
            let equal = equals(equal, &name, &of_all).replacen(" on ", " rests on ", 1);
            format!("Of what is {stated}, {equal}{}", others(rest))
        }
    }
}

type Value = (usize, f64);

/// Says what one value carries, or each of several equal ones.
fn equals<'m>(values: &[Value], name: &dyn Fn(&Value) -> &'m str, of_all: &dyn Fn(&Value) -> String) -> String {
    match values {
        [] => String::new(),
        [one] => format!("{} on {}", of_all(one), name(one)),
        [one, two] => format!("{} each on {} and {}", of_all(one), name(one), name(two)),
        [one, two, three] => format!("{} each on {}, {} and {}", of_all(one), name(one), name(two), name(three)),
        [one, ..] => format!("{} each on {} values", of_all(one), values.len()),
    }
}

fn others(rest: &[Value]) -> String {
    if rest.is_empty() {
        return String::new();
    }
    format!("; {} the rest", count(rest.len(), "other value carries", "other values carry"))
}

/// Draws how much of the weight is stated in full, and what the rest lacks.
fn strip(sheet: &mut Sheet, lacking: Lacking) {
    let total = lacking.total();
    if total <= 0.0 || lacking.complete >= total {
        return;
    }
    let parts = [
        ("all three parts named", lacking.complete, "neutral"),
        ("no value named", lacking.value, "neutral-mid"),
        ("no behaviour named", lacking.behaviour, "neutral-tint"),
        ("no problem named", lacking.problem, "paper"),
    ];
    let (mut x, top, height) = (MARGIN, sheet.y, 11.0);
    let mut entries = Vec::new();
    for (words, weight, fill) in parts.into_iter().filter(|(_, weight, _)| *weight > 0.0) {
        let w = sheet.inner() * share(weight, total);
        let d = format!("M{} {}h{}v{}h{}Z", number(x), number(top), number(w), number(height), number(-w));
        sheet.path(&d, fill, "neutral", 0.8, None);
        x += w;
        entries.push(Entry::new(
            Glyph::Mark {
                colour: if fill == "paper" { "neutral" } else { fill },
                round: false,
                hollow: fill == "paper",
            },
            format!("{words}: {}", percent(share(weight, total))),
        ));
    }
    sheet.y = top + height + 6.0;
    sheet.legend(&entries);
    sheet.y += 6.0;
}

/// Returns the columns with their bars, and the statements between them.
fn arrange<'a>(sheet: &Sheet, model: &'a MultipleValueModel, links: &[&'a Link]) -> ([Column<'a>; 3], Vec<Thread<'a>>) {
    let mut threads: Vec<Thread> =
        links.iter().map(|&link| Thread { slots: [0; 3], weight: sane(link.weight), link }).collect();
    let all = [&model.problems, &model.values, &model.behaviours];
    let columns = [0, 1, 2].map(|c| column(sheet, c, all[c], &mut threads));
    (columns, threads)
}

fn column<'a>(sheet: &Sheet, c: usize, nodes: &'a [Node], threads: &mut [Thread<'a>]) -> Column<'a> {
    let (mut mass, mut sure) = (vec![0.0; nodes.len()], vec![0.0; nodes.len()]);
    for thread in &*threads {
        if let Some(index) = parts(thread.link)[c] {
            mass[index] += thread.weight;
            sure[index] += if thread.link.certain { thread.weight } else { 0.0 };
        }
    }
    let mut ranking: Vec<usize> = (0..nodes.len()).filter(|&index| mass[index] > 0.0).collect();
    ranking.sort_by(|&a, &b| {
        weight::compare(mass[b], mass[a]).then_with(|| nodes[a].id.cmp(&nodes[b].id)).then(a.cmp(&b))
    });
    // One that is left over needs no more room than "others".
    let keep = if ranking.len() == SHOWN + 1 { ranking.len() } else { SHOWN.min(ranking.len()) };
    let total: f64 = threads.iter().map(|thread| thread.weight).sum();
    let mut slots: Vec<Slot> = ranking[..keep]
        .iter()
        .map(|&i| slot(sheet, ROLES[c], (Some(&nodes[i]), 1), (mass[i], sure[i]), total))
        .collect();
    let left = &ranking[keep..];
    if !left.is_empty() {
        let of_rest = |all: &[f64]| left.iter().map(|&i| all[i]).sum::<f64>();
        slots.push(slot(sheet, ROLES[c], (None, left.len()), (of_rest(&mass), of_rest(&sure)), total));
    }
    let mut slot_of = vec![keep; nodes.len()];
    for (slot, &index) in ranking[..keep].iter().enumerate() {
        slot_of[index] = slot;
    }
    for thread in threads.iter_mut() {
        thread.slots[c] = parts(thread.link)[c].map_or(keep, |index| slot_of[index]);
    }
    let side = side(sheet);
    let x = match c {
        0 => MARGIN + side,
        1 => (sheet.width() - BAR) / 2.0,
        _ => sheet.width() - MARGIN - side - BAR,
    };
    let order = (0..slots.len()).collect();
    Column { role: ROLES[c], slots, order, x }
}

/// Returns how wide the labels of problems and of behaviours may be.
fn side(sheet: &Sheet) -> f64 {
    if sheet.narrow() { 104.0 } else { 172.0 }
}

fn slot<'a>(
    sheet: &Sheet,
    role: Role,
    (node, n): (Option<&'a Node>, usize),
    (mass, sure): (f64, f64),
    total: f64,
) -> Slot<'a> {
    let (words, cut) = match node {
        Some(node) => (node.label.clone(), if node.norm_label { Cut::Semibold } else { Cut::Regular }),
        None => (format!("{n} others"), Cut::Italic),
    };
    let number = Block::new(&percent(share(mass, total)), sheet.small(), Cut::Regular, 60.0, 1);
    let limit = match (role, sheet.narrow()) {
        (Role::Value, true) => 62.0,
        (Role::Value, false) => 118.0 - number.width,
        (_, true) => side(sheet) - 10.0,
        (_, false) => side(sheet) - number.width - 16.0,
    };
    let label = Block::new(&words, sheet.base(), cut, limit, if sheet.narrow() { 4 } else { 3 });
    Slot { node, n, mass, sure, label, number, y: 0.0 }
}

impl Slot<'_> {
    /// Returns the height that words and weight need.
    fn needs(&self, narrow: bool, scale: f64) -> f64 {
        let words = self.label.height + if narrow { self.number.height } else { 0.0 };
        words.max(self.number.height).max(self.mass * scale)
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
    // Others stay at the bottom, where the eye looks for them.
    let last: Vec<bool> = columns[moving].slots.iter().map(|slot| slot.node.is_none()).collect();
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

/// Places the bars; returns the height of a unit of weight.
fn place(sheet: &mut Sheet, columns: &mut [Column; 3], total: f64) -> f64 {
    let words = [("If: problem", Anchor::Start), ("value", Anchor::Middle), ("suggests: behaviour", Anchor::End)];
    for ((word, anchor), column) in words.into_iter().zip(columns.iter()) {
        let block = Block::new(word, sheet.base(), Cut::Italic, 110.0, 1);
        let x = match anchor {
            Anchor::Start => MARGIN,
            Anchor::Middle => column.x + BAR / 2.0,
            Anchor::End => sheet.width() - MARGIN,
        };
        sheet.svg.block(&block, anchor, x, sheet.y, "soft");
    }
    let top = sheet.y + 22.0;
    let longest = columns.iter().map(|column| column.slots.len()).max().unwrap_or(0);
    #[expect(clippy::cast_precision_loss, reason = "a column has few bars")]
    let room = (60.0 + 18.0 * longest as f64).clamp(90.0, 250.0);
    let (scale, narrow) = (share(room, total), sheet.narrow());
    let tall_of =
        |column: &Column, gap: f64| column.slots.iter().map(|slot| slot.needs(narrow, scale) + gap).sum::<f64>() - gap;
    let tall = columns.iter().map(|column| tall_of(column, GAP)).fold(0.0, f64::max);
    for column in columns.iter_mut() {
        #[expect(clippy::cast_precision_loss, reason = "a column has few bars")]
        let gaps = column.slots.len().saturating_sub(1).max(1) as f64;
        let gap = ((tall - tall_of(column, 0.0)) / gaps).clamp(GAP, 40.0);
        let mut y = top + (tall - tall_of(column, gap)) / 2.0;
        for slot in column.order.clone() {
            let h = column.slots[slot].needs(narrow, scale);
            column.slots[slot].y = y + h / 2.0;
            y += h + gap;
        }
    }
    sheet.y = top + tall + 12.0;
    scale
}

/// Returns the ribbons between column `half` and the next.
fn ribbons<'a>(columns: &[Column; 3], threads: &[Thread<'a>], half: usize, scale: f64) -> Vec<Ribbon<'a>> {
    let mut bundles: BTreeMap<[usize; 2], Ribbon> = BTreeMap::new();
    for thread in threads {
        let ends = [thread.slots[half], thread.slots[half + 1]];
        let certain = thread.link.certain;
        let ribbon = bundles.entry(ends).or_insert_with(|| Ribbon {
            ends,
            weight: 0.0,
            certain,
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
        let y = |r: usize, ribbons: &[Ribbon]| there.slots[ribbons[r].ends[1 - end]].y;
        at.sort_by(|&a, &b| y(a, ribbons).total_cmp(&y(b, ribbons)));
        let mut y = slot.y - slot.mass * scale / 2.0;
        for r in at {
            let h = ribbons[r].weight * scale;
            ribbons[r].y[end] = y + h / 2.0;
            y += h;
        }
    }
}

fn draw_ribbons(
    sheet: &mut Sheet,
    columns: &[Column; 3],
    ribbons: &[Ribbon],
    half: usize,
    (model, scale, total): (&MultipleValueModel, f64, f64),
) {
    let (x0, x1) = (columns[half].x + BAR, columns[half + 1].x);
    let [_, mid, _] = tints(Some(if half == 0 { Role::Problem } else { Role::Behaviour }));
    let mut order: Vec<&Ribbon> = ribbons.iter().collect();
    order.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.ends.cmp(&b.ends)));
    for ribbon in order {
        let (fill, stroke) = if ribbon.certain { (mid, mid) } else { ("neutral-tint", "hair") };
        sheet.svg.open_item(ribbon.href, &ribbon_hover(columns, ribbon, half, (model, total)));
        sheet.path(&band(ribbon, x0, x1, scale), fill, stroke, 0.5, None);
        sheet.svg.close();
    }
}

fn band(ribbon: &Ribbon, x0: f64, x1: f64, scale: f64) -> String {
    let h = (ribbon.weight * scale).max(0.6) / 2.0;
    let middle = f64::midpoint(x0, x1);
    let [a, b] = ribbon.y;
    let n = number;
    format!(
        "M{} {}C{} {} {} {} {} {}V{}C{} {} {} {} {} {}Z",
        n(x0),
        n(a - h),
        n(middle),
        n(a - h),
        n(middle),
        n(b - h),
        n(x1),
        n(b - h),
        n(b + h),
        n(middle),
        n(b + h),
        n(middle),
        n(a + h),
        n(x0),
        n(a + h)
    )
}

fn name(slot: &Slot) -> String {
    slot.node.map_or_else(|| count(slot.n, "other concept", "other concepts"), |node| node.label.clone())
}

fn ribbon_hover(
    columns: &[Column; 3],
    ribbon: &Ribbon,
    half: usize,
    (model, total): (&MultipleValueModel, f64),
) -> String {
    let makers = makers(model.by_actor);
    format!(
        "{} – {}: {} of the weight of complete statements, {}, each made by {}",
        name(&columns[half].slots[ribbon.ends[0]]),
        name(&columns[half + 1].slots[ribbon.ends[1]]),
        percent(share(ribbon.weight, total)),
        count(ribbon.n, "statement", "statements"),
        if ribbon.certain {
            format!("three {makers} or more, in sentences of their own")
        } else {
            format!("fewer than three {makers} in sentences of their own")
        }
    )
}

/// Draws the bars, each as high as its weight, with what they are beside them.
fn draw_bars(sheet: &mut Sheet, column: &Column, scale: f64, total: f64) {
    let narrow = sheet.narrow();
    for slot in &column.slots {
        let words = slot.node.map_or_else(|| name(slot), |node| hover(node, total));
        sheet.svg.open_item(slot.node.and_then(|node| node.href.as_deref()), &words);
        let h = (slot.mass * scale).max(0.8);
        let [tint, _, full] = tints(slot.node.map(|_| column.role));
        let top = slot.y - h / 2.0;
        let bar =
            |h: f64| format!("M{} {}h{}v{}h{}Z", number(column.x), number(top), number(BAR), number(h), number(-BAR));
        sheet.path(&bar(h), tint, full, 0.8, None);
        if slot.sure > 0.0 {
            sheet.path(&bar(h * share(slot.sure, slot.mass)), full, full, 0.8, None);
        }
        // Ribbons run behind the words of values.
        sheet.svg.halo = (column.role == Role::Value).then_some("paper");
        let (anchor, x, away) = match column.role {
            Role::Problem => (Anchor::End, column.x - 6.0, -1.0),
            Role::Value | Role::Behaviour => (Anchor::Start, column.x + BAR + 6.0, 1.0),
        };
        if narrow {
            let top = slot.y - (slot.label.height + slot.number.height) / 2.0;
            sheet.svg.block(&slot.label, anchor, x, top, "ink");
            sheet.svg.block(&slot.number, anchor, x, top + slot.label.height, "soft");
        } else {
            sheet.svg.block(&slot.number, anchor, x, slot.y - slot.number.height / 2.0, "soft");
            let beside = x + away * (slot.number.width + 6.0);
            sheet.svg.block(&slot.label, anchor, beside, slot.y - slot.label.height / 2.0, "ink");
        }
        sheet.svg.halo = None;
        sheet.svg.close();
    }
}

/// Tells the first statements that three sources make in words.
fn told(sheet: &mut Sheet, model: &MultipleValueModel, whole: &[&Link], total: f64) {
    for link in leading(whole) {
        let words = format!("{}: {}", sentence(model, link), percent(share(sane(link.weight), total)));
        sheet.svg.open_item(link.href.as_deref(), "");
        sheet.paragraph(&words, "ink");
        sheet.svg.close();
    }
    sheet.y += 5.0;
}

/// Returns the first statements that three sources make.
fn leading<'l>(whole: &[&'l Link]) -> impl Iterator<Item = &'l Link> {
    whole.iter().copied().filter(|link| link.certain).take(TOLD)
}

fn sentence(model: &MultipleValueModel, link: &Link) -> String {
    let word = |nodes: &[Node], part: Option<usize>| {
        part.and_then(|i| nodes.get(i)).map_or("", |node| node.label.as_str()).to_owned()
    };
    format!(
        "If [{}], [{}] suggests [{}]",
        word(&model.problems, link.problem),
        word(&model.values, link.value),
        word(&model.behaviours, link.behaviour)
    )
}

fn legend(sheet: &mut Sheet, model: &MultipleValueModel, whole: &[&Link], scale: f64, total: f64) {
    let unit = crate::scale::round_up(8.0 / scale / total) * total;
    let mut entries = vec![Entry::new(
        Glyph::Line { width: unit * scale, dashed: false },
        format!("this height: {} of the weight", percent(unit / total)),
    )];
    let makers = makers(model.by_actor);
    let mark = |colour: &'static str| Glyph::Mark { colour, round: false, hollow: false };
    let certain = whole.iter().filter(|link| link.certain).count();
    let fewer = whole.len() - certain;
    if certain > 0 {
        let words = format!("ribbon, and dark in a bar: what three {makers} or more state in sentences of their own");
        entries.push(Entry::new(mark("problem"), words));
        if fewer > 0 {
            let words = format!("pale: {} that fewer make, without ribbons", count(fewer, "statement", "statements"));
            entries.push(Entry::new(mark("problem-tint"), words));
        }
    } else {
        let words = match fewer {
            ..=UNCERTAIN => format!("no statement is made by three {makers} in sentences of their own"),
            _ => format!(
                "the first {UNCERTAIN} of {fewer} statements; none is made by three {makers} in sentences of their own"
            ),
        };
        entries.push(Entry::new(mark("neutral-mid"), words));
    }
    sheet.legend(&entries);
}

fn notes(model: &MultipleValueModel, stray: usize, lacking: Lacking) -> String {
    let mut words = format!(
        "{} in {}. Columns show complete statements only; bars are as high as their weight.",
        counted(model.n_statements, "statement", "statements"),
        counted(model.n_sources, "source", "sources")
    );
    let left = model.other_statements;
    if left.n > 0 {
        let all = lacking.total() + sane(left.weight);
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
    words
}

fn description(model: &MultipleValueModel, columns: &[Column; 3], whole: &[&Link], total: f64) -> String {
    let mut words =
        String::from("Three columns of bars, problems, values and behaviours; ribbons are complete statements. ");
    for (column, title) in columns.iter().zip(["Problems", "Values", "Behaviours"]) {
        let list: Vec<String> =
            column.slots.iter().map(|slot| format!("{} {}", name(slot), percent(share(slot.mass, total)))).collect();
        words += &format!("{title}: {}. ", if list.is_empty() { "none".to_owned() } else { list.join(", ") });
    }
    for link in leading(whole) {
        words += &format!("{}, {}. ", sentence(model, link), percent(share(sane(link.weight), total)));
    }
    words.trim_end().to_owned()
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
