//! Fallback: what is left when an element cannot be proved.
//!
//! After Narminio (2020), section 3.3, on the recourse to adjacent norms. On the left what is lost, on the right the norms that remain,
//! by legal order, each with what it still needs, its penalty and its protection; above them those of the norm that is lost. A norm
//! that holds in some of the ways only has a bar as long as its share of them. The lost element is as tall as what hangs
//! on it: links then run level and can be followed, where links from a small box would fan out over the whole page. Several
//! lost elements stand one below the other, each with its own norms; links that cross from one list of norms to all
//! elements were tried and could not be read. Norms aimed at the person concerned are no refuge; the model does not carry
//! them, and a line says how many were kept out.

use crate::definition_matrix::{FROM_MEMORY, with_memory};
use crate::metrics::{ASCENT, Block, Cut};
use crate::ranked::yes;
use crate::scale::{capital, count};
use crate::shape::{Paint, shape};
use crate::sheet::{Entry, Glyph, MARGIN, Sheet};
use crate::svg::{Anchor, Rect};
use crate::{Figure, Heading, View, name_or_id};
use nomoscope_core::table::{Cell, Table};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// File stem and anchor.
pub const ID: &str = "fallback";
/// How many links are drawn; beyond, those to the norms that need most are counted only.
const SHOWN: usize = 90;
/// Width of the link to a norm that holds, that misses one fact, two, more.
const LINK: [f64; 4] = [8.0, 4.5, 2.2, 0.9];

/// A way from a lost element to a norm.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Way {
    /// Index of the lost element.
    pub lost: usize,
    /// How many facts are missing when that element is lost; 0: the norm holds all the same.
    pub distance: u32,
    /// Those facts.
    pub missing: Vec<String>,
    /// In how many of the ways to meet what is left of the lost norm this one holds, and of how many; none for a case.
    pub covers: Option<(u64, u64)>,
}

/// A norm that remains.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remaining {
    /// The norm's id.
    pub id: String,
    /// Its short name.
    pub label: String,
    /// How it is reached, one way a lost element at most; none: it is not drawn.
    pub ways: Vec<Way>,
    /// What the offender faces, where known.
    pub penalty: Option<String>,
    /// What the person is entitled to, where known.
    pub protection: Option<String>,
    /// Whether it was verified from memory only.
    pub memory: bool,
    /// Where the norm stands.
    pub href: Option<String>,
}

/// The norm that cannot be established: what the others are measured against.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Aimed {
    /// Its short name.
    pub label: String,
    /// What the offender would have faced, where known.
    pub penalty: Option<String>,
    /// What the person would have been entitled to, where known.
    pub protection: Option<String>,
}

/// A legal order with the norms of it that remain.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LegalOrder {
    /// Its name.
    pub system: String,
    /// Its norms, in any order.
    pub norms: Vec<Remaining>,
}

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fallback {
    /// Id, title and last line.
    pub heading: Heading,
    /// The case, or the norm of which an element is lost.
    pub case: String,
    /// What cannot be proved.
    pub lost: Vec<String>,
    /// The norm that cannot be established, where one was named.
    pub aimed: Option<Aimed>,
    /// What remains; norms aimed at the person are not among them.
    pub orders: Vec<LegalOrder>,
    /// How many norms aimed at the person were kept out.
    pub kept_out: usize,
    /// Where non-punishment is laid down; `None`: the clauses of the Council of Europe and of the European Union.
    pub non_punishment: Option<String>,
}

/// A link: a norm with its legal order, and how it is reached.
#[derive(Clone, Copy)]
struct Link<'a> {
    order: usize,
    norm: &'a Remaining,
    way: &'a Way,
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &Fallback, view: View) -> Figure {
    let model = &cleaned(model);
    let id = model.heading.id_or(ID);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model));
    let mut sheet = Sheet::new(&id, &title, view);
    let links = links(model);
    paint(&mut sheet, model, &links);
    legend(&mut sheet, &links);
    sheet.paragraph(&kept_out(model), "ink");
    sheet.paragraph(&notes(model, &links), "soft");
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    let description = description(model);
    sheet.finish(&title, description, table(model, &id, &title))
}

/// Returns the model with names for what has none, and no way from an element that does not exist.
fn cleaned(model: &Fallback) -> Fallback {
    let mut model = model.clone();
    for (index, lost) in model.lost.iter_mut().enumerate() {
        *lost = name_or_id(lost, &format!("element {}", index + 1));
    }
    let n = model.lost.len();
    for norm in model.orders.iter_mut().flat_map(|order| &mut order.norms) {
        norm.label = name_or_id(&norm.label, &norm.id);
        let mut seen = BTreeSet::new();
        norm.ways.sort_by_key(|way| (way.lost, way.distance));
        norm.ways.retain(|way| way.lost < n && seen.insert(way.lost));
    }
    model
}

fn every_link(model: &Fallback) -> impl Iterator<Item = Link<'_>> {
    let norms = model.orders.iter().enumerate().flat_map(|(order, o)| o.norms.iter().map(move |norm| (order, norm)));
    norms.flat_map(|(order, norm)| norm.ways.iter().map(move |way| Link { order, norm, way }))
}

/// Returns the links that are drawn: by lost element and legal order, the nearest norm first.
fn links(model: &Fallback) -> Vec<Link<'_>> {
    let mut all: Vec<Link> = every_link(model).collect();
    // The sorts are stable: what ties stays as it was given.
    all.sort_by_key(|link| link.way.distance);
    all.truncate(SHOWN);
    all.sort_by(|a, b| {
        let held = |link: &Link| link.way.covers.map_or(0, |(held, _)| held);
        let key = |link: &Link| (link.way.lost, link.order, link.way.distance, Reverse(held(link)));
        key(a).cmp(&key(b)).then_with(|| a.norm.label.cmp(&b.norm.label))
    });
    all
}

/// The share of the ways in which a norm holds; none where it does not hold, and where there are no ways: for a case.
fn share(way: &Way) -> Option<f64> {
    let (held, of) = way.covers.filter(|(_, of)| way.distance == 0 && *of > 0)?;
    Some((held as f64 / of as f64).min(1.0))
}

fn step(distance: u32) -> usize {
    usize::try_from(distance).unwrap_or(usize::MAX).min(LINK.len() - 1)
}

/// The measures of the drawing.
#[derive(Clone, Copy)]
struct Frame {
    /// Width of the lost elements.
    lost: f64,
    /// Where the norms begin.
    norms: f64,
    /// Left edge and width of the columns: still missing, penalty, protection; none on a narrow sheet.
    columns: Option<[(f64, f64); 3]>,
    /// Width of the names.
    names: f64,
}

impl Frame {
    fn new(sheet: &Sheet) -> Self {
        if sheet.narrow() {
            let norms = MARGIN + 142.0;
            return Self { lost: 76.0, norms, columns: None, names: sheet.width() - MARGIN - norms };
        }
        let norms = MARGIN + 182.0;
        let columns =
            [(norms + 150.0, 110.0), (norms + 268.0, 92.0), (norms + 368.0, sheet.width() - MARGIN - norms - 368.0)];
        Self { lost: 96.0, norms, columns: Some(columns), names: 140.0 }
    }
}

/// A norm with its words set.
struct Card<'a> {
    link: Link<'a>,
    name: Block,
    cells: Vec<Block>,
    h: f64,
}

impl<'a> Card<'a> {
    fn new(sheet: &Sheet, frame: Frame, link: Link<'a>, aimed: Option<&Aimed>) -> Self {
        let norm = link.norm;
        let protection = known(norm.protection.as_ref()).or_else(|| lost_protection(aimed));
        let cut = if norm.memory { Cut::Italic } else { Cut::Regular };
        let name = Block::new(&with_memory(&norm.label, norm.memory), sheet.base(), cut, frame.names, 4);
        let set = |words: &str, limit: f64| Block::new(words, sheet.small(), Cut::Regular, limit, 12);
        let (cells, h) = if let Some(columns) = frame.columns {
            let words = [Some(needs(link.way)), known(norm.penalty.as_ref()), protection];
            let cells: Vec<Block> =
                words.iter().zip(columns).map(|(words, (_, w))| set(words.as_deref().unwrap_or("–"), w)).collect();
            let tallest = cells.iter().map(|cell| cell.height).fold(name.height, f64::max);
            (cells, tallest)
        } else {
            let labelled = |label: &str, words: Option<String>| words.map(|words| format!("{label}: {words}"));
            let needs = Some(needs(link.way));
            let whole = link.way.distance == 0 || link.way.missing == [LOST];
            let needs = if whole { needs.map(|words| capital(&words)) } else { labelled("Missing", needs) };
            let words = [needs, labelled("Penalty", known(norm.penalty.as_ref())), labelled("Protection", protection)];
            let cells: Vec<Block> = words.iter().flatten().map(|words| set(words, frame.names)).collect();
            let h = name.height + cells.iter().map(|cell| cell.height + 1.5).sum::<f64>();
            (cells, h)
        };
        Self { link, name, cells, h: h + 7.0 }
    }

    fn draw(&self, sheet: &mut Sheet, frame: Frame) {
        let y = sheet.y + 3.5;
        sheet.svg.open_item(self.link.norm.href.as_deref(), &self.link.norm.label);
        sheet.svg.block(&self.name, Anchor::Start, frame.norms, y, "ink");
        if let Some(columns) = frame.columns {
            // The first lines stand on one base line although their sizes differ.
            let lower = (self.name.size - sheet.small()) * ASCENT;
            for ((x, _), cell) in columns.into_iter().zip(&self.cells) {
                sheet.svg.block(cell, Anchor::Start, x, y + lower, "soft");
            }
        } else {
            let mut y = y + self.name.height;
            for cell in &self.cells {
                sheet.svg.block(cell, Anchor::Start, frame.norms, y + 1.5, "soft");
                y += cell.height + 1.5;
            }
        }
        sheet.svg.close();
        sheet.y += self.h;
    }
}

/// What stands for a norm that gives no protection, where the norm that is lost would have given some.
fn lost_protection(aimed: Option<&Aimed>) -> Option<String> {
    known(aimed?.protection.as_ref()).map(|_| "none recorded: lost".to_owned())
}

fn known(words: Option<&String>) -> Option<String> {
    words.map(|words| words.trim()).filter(|words| !words.is_empty()).map(str::to_owned)
}

/// Returns what a norm still needs, in words.
fn needs(way: &Way) -> String {
    match (way.distance, way.missing.is_empty()) {
        (0, _) => match way.covers.filter(|(_, of)| *of > 0) {
            Some((held, of)) if held < of => format!("holds in {held} of {of}\u{a0}ways"),
            Some((_, of)) => format!("holds in all {of}\u{a0}ways"),
            None => "holds all the same".to_owned(),
        },
        (n, true) => count(n as usize, "fact", "facts"),
        (_, false) => way.missing.join(", "),
    }
}

/// Draws every lost element with the norms that remain without it.
fn paint(sheet: &mut Sheet, model: &Fallback, links: &[Link]) {
    if model.lost.is_empty() {
        return;
    }
    let frame = Frame::new(sheet);
    headings(sheet, frame, links.iter().any(|link| share(link.way).is_some()));
    if let Some(aimed) = &model.aimed {
        draw_aimed(sheet, frame, aimed);
    }
    for (index, lost) in model.lost.iter().enumerate() {
        let own: Vec<Link> = links.iter().copied().filter(|link| link.way.lost == index).collect();
        element(sheet, model, frame, lost, &own);
    }
}

fn element(sheet: &mut Sheet, model: &Fallback, frame: Frame, lost: &str, links: &[Link]) {
    let label = Block::new(lost, sheet.base(), Cut::Semibold, frame.lost - 16.0, 6);
    let top = sheet.y;
    let mut ends = Vec::new();
    let mut order = None;
    for &link in links {
        if order != Some(link.order) {
            order = Some(link.order);
            system(sheet, frame, &model.orders[link.order].system, ends.is_empty());
        }
        ends.push(sheet.y + sheet.base() * 0.55 + 3.5);
        Card::new(sheet, frame, link, model.aimed.as_ref()).draw(sheet, frame);
    }
    if links.is_empty() {
        let none = Block::new("no norm remains", sheet.small(), Cut::Italic, frame.names, 2);
        sheet.svg.block(&none, Anchor::Start, frame.norms, top + 8.0, "soft");
    }
    let area = Rect::new(MARGIN, top, frame.lost, (sheet.y - top).max(label.height + 20.0));
    for (&link, y) in links.iter().zip(ends) {
        draw_link(sheet, lost, link, (area.right(), frame.norms - 9.0), y);
    }
    draw_lost(sheet, &label, area);
    sheet.y = area.bottom() + 10.0;
}

/// What is said of the norm that cannot be established, where others say what they still need.
const LOST: &str = "cannot be established";

/// Draws the norm that cannot be established, in the columns of those that remain.
fn draw_aimed(sheet: &mut Sheet, frame: Frame, aimed: &Aimed) {
    let way = Way { distance: u32::MAX, missing: vec![LOST.to_owned()], ..Way::default() };
    let norm = Remaining {
        label: aimed.label.clone(),
        penalty: aimed.penalty.clone(),
        protection: aimed.protection.clone(),
        ..Remaining::default()
    };
    let head = Block::new("Lost", sheet.base(), Cut::Semibold, frame.names, 1);
    sheet.svg.block(&head, Anchor::Start, frame.norms, sheet.y, "ink");
    sheet.y += head.height + 1.0;
    Card::new(sheet, frame, Link { order: 0, norm: &norm, way: &way }, None).draw(sheet, frame);
    sheet.y += 6.0;
}

/// Height of a bar.
const BAR: f64 = 9.0;

fn draw_link(sheet: &mut Sheet, lost: &str, link: Link, (from, to): (f64, f64), y: f64) {
    let words = if link.way.distance == 0 {
        needs(link.way)
    } else {
        format!("{} missing", count(link.way.distance as usize, "fact", "facts"))
    };
    sheet.svg.open_item(None, &format!("without {lost}, {}: {words}", link.norm.label));
    match share(link.way) {
        Some(share) => bar(sheet, Rect::new(from + 6.0, y - BAR / 2.0, to - from - 6.0, BAR), share),
        None => {
            let holds = link.way.distance == 0;
            let colour = if holds { "neutral" } else { "bundle" };
            sheet.line((from, y), (to, y), colour, LINK[step(link.way.distance)], None);
            sheet.dot((to, y), 3.0, if holds { "ink" } else { "paper" }, "ink", 1.2, false);
        }
    }
    sheet.svg.close();
}

/// Draws a share as the part of a frame that is filled; the least share is a line that can be seen.
fn bar(sheet: &mut Sheet, area: Rect, share: f64) {
    let frame = Paint { fill: "paper", stroke: "faint", width: 0.7, dashed: false };
    shape(&mut sheet.svg, area, None, frame, false);
    if share > 0.0 {
        let filled = Rect::new(area.x, area.y, (area.w * share).max(1.2), area.h);
        shape(
            &mut sheet.svg,
            filled,
            None,
            Paint { fill: "neutral", stroke: "none", width: 0.0, dashed: false },
            false,
        );
    }
}

/// Draws a lost element: dashed and hatched, because it is not established.
fn draw_lost(sheet: &mut Sheet, label: &Block, area: Rect) {
    let fill = sheet.hatch(None);
    shape(&mut sheet.svg, area, None, Paint { fill: &fill, stroke: "ink", width: 1.1, dashed: true }, false);
    // Where the eye begins to read; in a tall box the middle may be pages away.
    let y = if area.h > 160.0 { area.y + 12.0 } else { area.cy() - label.height / 2.0 };
    let ground = Rect::new(area.cx() - label.width / 2.0 - 4.0, y - 3.0, label.width + 8.0, label.height + 6.0);
    shape(&mut sheet.svg, ground, None, Paint { fill: "paper", stroke: "none", width: 0.0, dashed: false }, false);
    sheet.svg.block(label, Anchor::Middle, area.cx(), y, "ink");
}

fn headings(sheet: &mut Sheet, frame: Frame, shares: bool) {
    let small = sheet.small();
    let set = |words: &str, limit: f64| Block::new(words, small, Cut::Italic, limit, 2);
    let mut all =
        vec![(MARGIN, set("cannot be proved", frame.lost - 4.0)), (frame.norms, set("what remains", frame.names))];
    if shares {
        all.push((MARGIN + frame.lost + 6.0, set("share of the ways", frame.norms - MARGIN - frame.lost - 12.0)));
    }
    if let Some(columns) = frame.columns {
        for ((x, w), words) in columns.into_iter().zip(["still to be proved", "penalty", "protection"]) {
            all.push((x, set(words, w)));
        }
    }
    let tall = all.iter().map(|(_, block)| block.height).fold(0.0, f64::max);
    for (x, block) in all {
        sheet.svg.block(&block, Anchor::Start, x, sheet.y + tall - block.height, "soft");
    }
    sheet.y += tall + 5.0;
}

fn system(sheet: &mut Sheet, frame: Frame, words: &str, first: bool) {
    if !first {
        sheet.y += 5.0;
    }
    sheet.line((frame.norms, sheet.y), (sheet.width() - MARGIN, sheet.y), "faint", 0.7, None);
    let block = Block::new(words, sheet.base(), Cut::Semibold, sheet.width() - MARGIN - frame.norms, 2);
    sheet.svg.block(&block, Anchor::Start, frame.norms, sheet.y + 4.0, "ink");
    sheet.y += 4.0 + block.height.max(sheet.small()) + 1.0;
}

fn legend(sheet: &mut Sheet, links: &[Link]) {
    let lines = links.iter().filter(|link| share(link.way).is_none());
    let used: BTreeSet<usize> = lines.map(|link| step(link.way.distance)).collect();
    let words = ["holds all the same", "one fact missing", "two facts missing", "more missing"];
    let mut entries: Vec<Entry> = Vec::new();
    if links.iter().any(|link| share(link.way).is_some()) {
        entries.push(Entry::new(Glyph::Share, "holds in this share of the ways"));
    }
    let line = |step: usize| Entry::new(Glyph::Way { width: LINK[step], holds: step == 0 }, words[step]);
    entries.extend(used.into_iter().map(line));
    if !entries.is_empty() {
        sheet.legend(&entries);
    }
}

fn kept_out(model: &Fallback) -> String {
    if model.kept_out == 0 {
        return String::new();
    }
    let clause = model.non_punishment.as_deref().map(str::trim).filter(|clause| !clause.is_empty());
    format!(
        "{} kept out: aimed at the person, never a fallback. Non-punishment of trafficked persons for what they were compelled to do: {}.",
        count(model.kept_out, "norm", "norms"),
        clause.unwrap_or("CoE 2005 Art.\u{a0}26; EU Directive 2011/36 Art.\u{a0}8")
    )
}

fn notes(model: &Fallback, links: &[Link]) -> String {
    let mut words = Vec::new();
    let norms: BTreeSet<(&str, &str, bool)> =
        links.iter().map(|link| (link.norm.id.as_str(), link.norm.label.as_str(), link.norm.memory)).collect();
    let memory = norms.iter().filter(|norm| norm.2).count();
    if memory > 0 {
        words.push(format!(
            "{FROM_MEMORY} Verified from memory only ({memory} of {}): check the text before you rely on it.",
            norms.len()
        ));
    }
    let past = every_link(model).count().saturating_sub(links.len());
    if past > 0 {
        words.push(format!(
            "Not drawn for lack of room, but in the data: {} to norms that need most.",
            count(past, "link", "links")
        ));
    }
    if !links.is_empty() {
        let dash = if has_dash(links) { "A dash: not recorded. " } else { "" };
        words.push(format!("{dash}Not legal advice."));
    }
    words.join(" ")
}

fn has_dash(links: &[Link]) -> bool {
    links
        .iter()
        .any(|link| known(link.norm.penalty.as_ref()).is_none() || known(link.norm.protection.as_ref()).is_none())
}

fn title(model: &Fallback) -> String {
    let case = model.case.trim();
    let message = match model.lost.as_slice() {
        [] => return "Nothing is lost, so nothing is fallen back on".to_owned(),
        [one] => one_lost(model, one),
        several => several_lost(model, several),
    };
    if case.is_empty() { capital(&message) } else { format!("{case}: {message}") }
}

fn one_lost(model: &Fallback, lost: &str) -> String {
    let n = |distance: u32| every_link(model).filter(|link| link.way.distance == distance).count();
    let near = every_link(model).filter(|link| link.way.distance < 2);
    let orders = near.map(|link| link.order).collect::<BTreeSet<_>>().len();
    let across = format!("in {}", count(orders, "legal order", "legal orders"));
    let away = |n: usize| format!("{n} {} one fact away", if n == 1 { "is" } else { "are" });
    let part = every_link(model).any(|link| share(link.way).is_some_and(|s| s < 1.0));
    let holds_how = if part { "in at least some of the ways" } else { "all the same" };
    match (n(0), n(1)) {
        _ if every_link(model).next().is_none() => format!("without {lost}, no norm remains"),
        (0, 0) => format!("without {lost}, no norm holds and none is one fact away"),
        (0, one) => format!("without {lost}, no norm holds, but {}, {across}", away(one)),
        (holds, 0) => format!("without {lost}, {} {holds_how}, {across}", held(holds)),
        (holds, one) => format!("without {lost}, {} {holds_how} and {}, {across}", held(holds), away(one)),
    }
}

/// Compares what holds without each element; beyond four, the rest is in the figure.
fn several_lost(model: &Fallback, lost: &[String]) -> String {
    let holds =
        |index: usize| every_link(model).filter(|link| link.way.lost == index && link.way.distance == 0).count();
    let each: Vec<String> = lost
        .iter()
        .enumerate()
        .take(4)
        .map(|(index, lost)| match holds(index) {
            0 => format!("none without {lost}"),
            n => format!("{n} without {lost}"),
        })
        .collect();
    let more = if lost.len() > 4 {
        format!(", and {} more", count(lost.len() - 4, "element", "elements"))
    } else {
        String::new()
    };
    format!("norms that hold all the same: {}{more}", each.join(", "))
}

fn held(n: usize) -> String {
    if n == 1 { "1\u{a0}norm holds".to_owned() } else { format!("{n}\u{a0}norms hold") }
}

fn description(model: &Fallback) -> String {
    let mut text = String::new();
    for (index, lost) in model.lost.iter().enumerate() {
        let mut own: Vec<Link> = every_link(model).filter(|link| link.way.lost == index).collect();
        own.sort_by_key(|link| link.way.distance);
        let norms: Vec<String> = own
            .into_iter()
            .map(|link| {
                let needs = needs(link.way);
                let missing = if link.way.distance == 0 { needs } else { format!("missing {needs}") };
                let penalty = known(link.norm.penalty.as_ref()).map_or_else(String::new, |p| format!(", penalty {p}"));
                let protection =
                    known(link.norm.protection.as_ref()).map_or_else(String::new, |p| format!(", protection {p}"));
                format!("{} ({}): {missing}{penalty}{protection}", link.norm.label, model.orders[link.order].system)
            })
            .collect();
        let list = if norms.is_empty() { "no norm remains".to_owned() } else { norms.join("; ") };
        text += &format!("Without {lost}: {list}. ");
    }
    text + &format!("{} aimed at the person kept out.", count(model.kept_out, "norm", "norms"))
}

/// A row for each way from a lost element to a norm.
fn table(model: &Fallback, id: &str, title: &str) -> Table {
    let columns = [
        "lost",
        "system",
        "id",
        "norm",
        "n_missing",
        "ways_covered",
        "ways_of",
        "share_of_ways",
        "missing",
        "penalty",
        "protection",
        "from_memory",
    ];
    let mut table = Table::new(id, title, &columns);
    let text = |words: Option<&String>| words.map_or(Cell::Missing("not recorded"), Cell::text);
    for order in &model.orders {
        for norm in &order.norms {
            for way in &norm.ways {
                table.push(vec![
                    Cell::text(&model.lost[way.lost]),
                    Cell::text(&order.system),
                    Cell::text(&norm.id),
                    Cell::text(&norm.label),
                    Cell::Whole(u64::from(way.distance)),
                    way.covers.map_or(Cell::Missing("a case, not a norm"), |(held, _)| Cell::Whole(held)),
                    way.covers.map_or(Cell::Missing("a case, not a norm"), |(_, of)| Cell::Whole(of)),
                    share(way).map_or(Cell::Missing("it does not hold, or a case"), |s| Cell::number(s, 3)),
                    Cell::text(way.missing.join("; ")),
                    text(norm.penalty.as_ref()),
                    text(norm.protection.as_ref()),
                    Cell::text(yes(norm.memory)),
                ]);
            }
        }
    }
    if model.kept_out > 0 {
        table.notes.push(kept_out(model));
    }
    table
}
