//! Emergence: when instruments of each category came, what they brought in, and whom they cite.
//!
//! After Table 1 of Narminio (2020). A lane per category on one axis of time; labels stand beside their dots and are
//! packed so that none lies on another: first the side with fewer lines, then the first free place downward. References
//! are arcs below a second line of the same dots, because arcs between lanes would run through the labels.

use crate::metrics::{Block, Cut};
use crate::ranked::counted;
use crate::scale::{Steps, count, round_up};
use crate::sheet::{Entry, Glyph, MARGIN, Sheet};
use crate::svg::{Anchor, Rect, number};
use crate::{Figure, Heading, View};
use nomoscope_core::table::{Cell, Table};
use std::collections::{BTreeMap, BTreeSet};

/// File stem and anchor.
pub const ID: &str = "emergence";
/// How many instruments are drawn; beyond, those that brought in and are cited least are counted only.
const SHOWN: usize = 60;
/// How many concepts are named at an instrument.
const NAMED: usize = 3;
/// Radii of the five steps of being cited.
const CITED: [f64; 5] = [2.6, 3.7, 4.8, 5.9, 7.0];
const DOT: f64 = 3.3;
/// Between a label and the concepts beside it.
const BESIDE: f64 = 7.0;

/// A treaty, a declaration, a statute, a set of principles.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Instrument {
    /// Its id.
    pub id: String,
    /// What people read; short names make better figures.
    pub label: String,
    /// Year of adoption; 1926.7 is September 1926.
    pub adopted: f64,
    /// Within which years that lies: from the beginning to the end of what the date does not tell.
    pub within: (f64, f64),
    /// Year of entry into force, if there is one.
    pub in_force: Option<f64>,
    /// Labels of the concepts that it brought in first, most important first.
    pub first_concepts: Vec<String>,
    /// Where it stands.
    pub href: Option<String>,
}

/// A category with its instruments.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lane {
    /// The category.
    pub category: String,
    /// Its instruments, in any order.
    pub instruments: Vec<Instrument>,
}

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Emergence {
    /// Id, title and last line.
    pub heading: Heading,
    /// Whether they are instruments, which are adopted; other sources have a date and no more.
    pub instruments: bool,
    /// The lanes, from top to bottom.
    pub lanes: Vec<Lane>,
    /// Ids of the instrument that cites and of the one that is cited.
    pub references: Vec<(String, String)>,
    /// Concepts that none brought in, because the dates do not tell who was first.
    pub n_tied: usize,
}

/// The axis of time.
#[derive(Clone, Copy)]
struct Axis {
    first: f64,
    last: f64,
    step: f64,
    x0: f64,
    x1: f64,
}

/// An instrument with its words and its place.
struct Item<'a> {
    instrument: &'a Instrument,
    label: Block,
    /// The concepts that it brought in, and whether they stand on the label's line.
    concepts: Option<(Block, bool)>,
    /// Where the words stand, and how they are held.
    words: Rect,
    anchor: Anchor,
    /// Height of the dots.
    y: f64,
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &Emergence, view: View) -> Figure {
    let id = model.heading.id_or(ID);
    let links = references(model);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model, &links));
    let mut sheet = Sheet::new(&id, &title, view);
    let shown = shown(model, &links);
    let axis = axis(&sheet, &shown);
    if let Some(axis) = axis {
        time_labels(&mut sheet, axis);
        let (top, lines_at) = (sheet.y, sheet.svg.mark());
        for (index, lane) in model.lanes.iter().enumerate() {
            draw_lane(&mut sheet, axis, lane, &shown, (index, model.instruments));
        }
        let bottom = sheet.y;
        grid(&mut sheet, axis, top, bottom, lines_at);
        time_labels(&mut sheet, axis);
        arcs(&mut sheet, axis, &shown, &links);
    }
    legend(&mut sheet, model, &shown, &links, axis);
    sheet.paragraph(&notes(model, &shown), "soft");
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    let description = description(model, &links);
    sheet.finish(&title, description, table(model, &id, &title, &links))
}

fn instruments(model: &Emergence) -> impl Iterator<Item = &Instrument> {
    model.lanes.iter().flat_map(|lane| &lane.instruments)
}

/// Returns the references between instruments that exist, each once, without those to oneself.
fn references(model: &Emergence) -> BTreeSet<(&str, &str)> {
    let known: BTreeSet<&str> = instruments(model).map(|i| i.id.as_str()).collect();
    model
        .references
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .filter(|(a, b)| a != b && known.contains(a) && known.contains(b))
        .collect()
}

fn cited(links: &BTreeSet<(&str, &str)>, id: &str) -> usize {
    links.iter().filter(|(_, to)| *to == id).count()
}

/// Returns the ids of the instruments that are drawn: dated, and not too many.
fn shown<'a>(model: &'a Emergence, links: &BTreeSet<(&str, &str)>) -> BTreeMap<&'a str, &'a Instrument> {
    let mut all: Vec<&Instrument> =
        instruments(model).filter(|i| i.adopted.is_finite() && i.adopted.abs() < 1e5).collect();
    all.sort_by(|a, b| {
        let weight = |i: &Instrument| i.first_concepts.len() + cited(links, &i.id);
        weight(b).cmp(&weight(a)).then_with(|| a.adopted.total_cmp(&b.adopted)).then_with(|| a.id.cmp(&b.id))
    });
    all.into_iter().take(SHOWN).map(|i| (i.id.as_str(), i)).collect()
}

fn year(at: f64) -> String {
    if at.is_finite() { format!("{:.0}", libm::floor(at + 1e-9)) } else { "without a date".to_owned() }
}

fn title(model: &Emergence, links: &BTreeSet<(&str, &str)>) -> String {
    let dated: Vec<&Instrument> = instruments(model).filter(|i| i.adopted.is_finite()).collect();
    let n = instruments(model).count();
    let (Some(first), Some(last)) =
        (dated.iter().map(|i| i.adopted).reduce(f64::min), dated.iter().map(|i| i.adopted).reduce(f64::max))
    else {
        return format!("No dated {} was found", nouns(model).0);
    };
    let span = if year(first) == year(last) { year(first) } else { format!("{}–{}", year(first), year(last)) };
    let (one, many) = nouns(model);
    let lanes = match model.lanes.len() {
        0 | 1 => String::new(),
        n => format!(" in {n} categories"),
    };
    let start = format!("{}{lanes}, {span}", count(n, one, many));
    let most = dated.iter().max_by(|a, b| {
        cited(links, &a.id)
            .cmp(&cited(links, &b.id))
            .then_with(|| b.adopted.total_cmp(&a.adopted))
            .then_with(|| b.id.cmp(&a.id))
    });
    match most {
        Some(top) if cited(links, &top.id) > 1 => {
            format!("{start}; cited most: {}, by {} of them", top.label, cited(links, &top.id))
        }
        _ => match newest(model) {
            Some(top) => format!("{start}; most that is new came with {}, {}", top.label, year(top.adopted)),
            None => start,
        },
    }
}

/// Returns the one that brought in more concepts than all others together.
fn newest(model: &Emergence) -> Option<&Instrument> {
    let all = instruments(model).map(|i| i.first_concepts.len()).sum::<usize>() + model.n_tied;
    instruments(model).find(|i| i.first_concepts.len() > 1 && 2 * i.first_concepts.len() > all)
}

const fn nouns(model: &Emergence) -> (&'static str, &'static str) {
    if model.instruments { ("instrument", "instruments") } else { ("source", "sources") }
}

fn axis(sheet: &Sheet, shown: &BTreeMap<&str, &Instrument>) -> Option<Axis> {
    let ends: Vec<f64> = shown.values().flat_map(|i| [Some(i.adopted), force(i)]).flatten().collect();
    let (first, last) = (ends.iter().copied().reduce(f64::min)?, ends.iter().copied().reduce(f64::max)?);
    let ticks = if sheet.narrow() { 5.5 } else { 11.0 };
    // Years are counted in fives, tens, twenties; 15 or 30 would be strange.
    let least = ((last - first) / ticks).max(1.0);
    let step = [1.0, 2.0, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0]
        .into_iter()
        .find(|&s| s >= least - 1e-9)
        .unwrap_or_else(|| round_up(least));
    let first = libm::floor(first / step) * step;
    let last = (libm::floor(last / step) + 1.0) * step;
    let x0 = if sheet.narrow() { MARGIN + 13.0 } else { MARGIN + 118.0 };
    Some(Axis { first, last, step, x0, x1: sheet.width() - MARGIN - 8.0 })
}

/// Returns the entry into force, unless it is no date or lies before adoption.
fn force(instrument: &Instrument) -> Option<f64> {
    instrument.in_force.filter(|f| f.is_finite() && f.abs() < 1e5 && *f >= instrument.adopted)
}

impl Axis {
    fn x(self, at: f64) -> f64 {
        self.x0 + (at - self.first) / (self.last - self.first) * (self.x1 - self.x0)
    }

    fn ticks(self) -> Vec<f64> {
        let mut at = self.first;
        let mut ticks = Vec::new();
        while at <= self.last + self.step / 2.0 && ticks.len() < 40 {
            ticks.push(at);
            at += self.step;
        }
        ticks
    }
}

fn time_labels(sheet: &mut Sheet, axis: Axis) {
    let ticks = axis.ticks();
    let mut tall = 0.0;
    for &at in &ticks {
        let block = Block::new(&year(at), sheet.small(), Cut::Regular, 60.0, 1);
        let half = block.width / 2.0;
        let x = axis.x(at).clamp(MARGIN + half, sheet.width() - MARGIN - half + 4.0);
        tall = sheet.svg.block(&block, Anchor::Middle, x, sheet.y, "soft").h;
    }
    sheet.y += tall + 3.0;
}

/// Puts the lines of time behind what was drawn since `mark`.
fn grid(sheet: &mut Sheet, axis: Axis, top: f64, bottom: f64, mark: usize) {
    let above = sheet.svg.take_from(mark);
    let (bands, rest) = above;
    sheet.svg.raw(&bands);
    for at in axis.ticks() {
        sheet.line((axis.x(at), top), (axis.x(at), bottom), "hair", 0.8, None);
    }
    sheet.svg.raw(&rest);
    sheet.y = bottom + 3.0;
}

fn draw_lane(
    sheet: &mut Sheet,
    axis: Axis,
    lane: &Lane,
    shown: &BTreeMap<&str, &Instrument>,
    (index, instruments): (usize, bool),
) {
    let narrow = sheet.narrow();
    let mut drawn: Vec<&Instrument> =
        lane.instruments.iter().filter(|i| shown.get(i.id.as_str()).is_some_and(|s| std::ptr::eq(*s, *i))).collect();
    drawn.sort_by(|a, b| a.adopted.total_cmp(&b.adopted).then_with(|| a.id.cmp(&b.id)));
    let heading =
        Block::new(&lane.category, sheet.base(), Cut::Semibold, if narrow { sheet.inner() } else { 108.0 }, 5);
    let top = sheet.y;
    let start = top + 6.0 + if narrow { heading.height + 3.0 } else { 0.0 };
    let mut bottom = if narrow { start } else { start + heading.height };
    let items = pack(drawn.iter().map(|i| settings(sheet, axis, i)), axis, start);
    for item in &items {
        bottom = bottom.max(area(item, axis).bottom());
    }
    let band = if index.is_multiple_of(2) { "band" } else { "paper" };
    sheet.svg.background(Rect::new(MARGIN, top, sheet.inner(), bottom + 6.0 - top), band);
    sheet.svg.block(&heading, Anchor::Start, MARGIN + 5.0, top + 6.0, "ink");
    for item in &items {
        draw_item(sheet, axis, item, band, instruments);
    }
    sheet.y = bottom + 6.0;
}

/// Returns the ways to set an instrument's words, in order of preference; not yet placed downward.
///
/// To the right of its dots, to the left, and where neither side has room, below. Concepts stand on the label's own
/// line if that is possible: a figure that is a page high is worth more than one of two pages.
fn settings<'a>(sheet: &Sheet, axis: Axis, instrument: &'a Instrument) -> Vec<Item<'a>> {
    let (from, to) = reach(axis, instrument);
    let aside = DOT + 5.0;
    let (right, left) = (axis.x1 + 6.0 - to - aside, from - aside - axis.x0 + 6.0);
    let mut all = Vec::new();
    for (anchor, room) in [(Anchor::Start, right), (Anchor::End, left)] {
        if room >= 90.0 {
            all.push(setting(
                sheet,
                instrument,
                anchor,
                room,
                |w| {
                    if anchor == Anchor::End { from - aside - w } else { to + aside }
                },
                0.0,
            ));
        }
    }
    if all.is_empty() {
        let width = axis.x1 - axis.x0;
        all.push(setting(
            sheet,
            instrument,
            Anchor::Start,
            width,
            |w| from.min(axis.x1 - w).max(axis.x0),
            sheet.base() * 0.52 + DOT + 2.0,
        ));
    }
    all
}

fn setting<'a>(
    sheet: &Sheet,
    instrument: &'a Instrument,
    anchor: Anchor,
    room: f64,
    left: impl Fn(f64) -> f64,
    below: f64,
) -> Item<'a> {
    let adopted = year(instrument.adopted);
    let dates = match force(instrument).map(year) {
        Some(force) if force != adopted => format!("{adopted}/{force}"),
        _ => adopted,
    };
    let words = if instrument.label.trim().is_empty() { dates } else { format!("{}, {dates}", instrument.label) };
    let widest = if sheet.narrow() { 190.0 } else { 340.0 };
    let label = Block::new(&words, sheet.base(), Cut::Regular, room.min(widest), 4);
    let set = |words: &str, limit: f64| Block::new(words, sheet.small(), Cut::Italic, limit.max(30.0), 3);
    let concepts = concept_words(instrument).map(|words| {
        let free = room - label.width - BESIDE;
        let beside = set(&words, free.max(30.0));
        // Between a name and its dot nothing stands: the name would seem to have another date.
        let aside = anchor == Anchor::Start && label.lines.len() == 1 && beside.lines.len() == 1;
        if aside && beside.width <= free { (beside, true) } else { (set(&words, room.min(widest)), false) }
    });
    let (w, h) = match &concepts {
        None => (label.width, label.height),
        Some((block, true)) => (label.width + BESIDE + block.width, label.height),
        Some((block, false)) => (label.width.max(block.width), label.height + 1.0 + block.height),
    };
    Item { instrument, label, concepts, words: Rect::new(left(w), below, w, h), anchor, y: sheet.base() * 0.52 }
}

fn concept_words(instrument: &Instrument) -> Option<String> {
    let first = &instrument.first_concepts;
    if first.is_empty() {
        return None;
    }
    let mut words = format!("new: {}", first.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", "));
    if first.len() > NAMED {
        words += &format!(" +{}", first.len() - NAMED);
    }
    Some(words)
}

/// Returns from where to where an instrument's dots reach, with what its date leaves open.
fn reach(axis: Axis, instrument: &Instrument) -> (f64, f64) {
    let (from, to) = (axis.x(instrument.adopted), axis.x(force(instrument).unwrap_or(instrument.adopted)));
    let (earliest, latest) = (axis.x(instrument.within.0), axis.x(instrument.within.1));
    if loose(axis, instrument) { (from.min(earliest), to.max(latest)) } else { (from, to) }
}

/// Returns what an item covers: its dots and its words.
fn area(item: &Item, axis: Axis) -> Rect {
    let (from, to) = reach(axis, item.instrument);
    let (x, right) = ((from - DOT - 1.0).min(item.words.x), (to + DOT + 1.0).max(item.words.right()));
    let (y, bottom) = ((item.y - DOT - 1.0).min(item.words.y), (item.y + DOT + 1.0).max(item.words.bottom()));
    Rect::new(x, y, right - x, bottom - y)
}

/// Gives every item the first free place downward, set in the way that ends highest.
fn pack<'a>(items: impl Iterator<Item = Vec<Item<'a>>>, axis: Axis, start: f64) -> Vec<Item<'a>> {
    let mut taken: Vec<Rect> = Vec::new();
    let mut packed = Vec::new();
    for settings in items {
        let placed = settings
            .into_iter()
            .map(|item| drop_down(item, axis, start, &taken))
            .min_by(|a, b| (area(a, axis).bottom() - 0.01).total_cmp(&area(b, axis).bottom()));
        if let Some(item) = placed {
            taken.push(area(&item, axis));
            packed.push(item);
        }
    }
    packed
}

fn drop_down<'a>(mut item: Item<'a>, axis: Axis, start: f64, taken: &[Rect]) -> Item<'a> {
    item.y += start;
    item.words.y += start;
    let mut now = area(&item, axis);
    while let Some(hit) =
        taken.iter().find(|t| Rect::new(t.x - 9.0, t.y - 3.0, t.w + 18.0, t.h + 6.0).shared(&now) > 0.0)
    {
        let down = (hit.bottom() + 3.01 - now.y).max(0.5);
        item.y += down;
        item.words.y += down;
        now = area(&item, axis);
    }
    item
}

/// Returns whether a date leaves open more than its dot covers.
fn loose(axis: Axis, instrument: &Instrument) -> bool {
    let (earliest, latest) = instrument.within;
    axis.x(latest) - axis.x(earliest) > 2.0 * DOT + 2.0
}

fn draw_item(sheet: &mut Sheet, axis: Axis, item: &Item, band: &'static str, instruments: bool) {
    let instrument = item.instrument;
    let (from, to) = (axis.x(instrument.adopted), force(instrument).map(|f| axis.x(f)));
    sheet.svg.open_item(instrument.href.as_deref(), &hover(instrument, instruments));
    let (earliest, latest) = (axis.x(instrument.within.0), axis.x(instrument.within.1));
    if loose(axis, instrument) {
        sheet.line((earliest, item.y), (latest, item.y), "soft", 0.8, Some("2 2"));
    }
    if let Some(to) = to {
        sheet.line((from, item.y), (to, item.y), "ink", 1.4, None);
        sheet.dot((to, item.y), DOT, "ink", "ink", 1.2, false);
    }
    sheet.dot((from, item.y), DOT, "paper", "ink", 1.2, false);
    sheet.svg.halo = Some(band);
    let end = item.anchor == Anchor::End;
    let beside = item.concepts.as_ref().filter(|(_, beside)| *beside).map_or(0.0, |(block, _)| block.width + BESIDE);
    let x = if end { item.words.right() - beside } else { item.words.x };
    sheet.svg.block(&item.label, item.anchor, x, item.words.y, "ink");
    if let Some((block, beside)) = &item.concepts {
        let top = if *beside {
            item.words.y + (item.label.height - block.height) * 0.7
        } else {
            item.words.y + item.label.height + 1.0
        };
        let (anchor, at) = match (end, *beside) {
            (true, _) => (Anchor::End, item.words.right()),
            (false, true) => (Anchor::Start, item.words.x + item.label.width + BESIDE),
            (false, false) => (Anchor::Start, item.words.x),
        };
        sheet.svg.block(block, anchor, at, top, "soft");
    }
    sheet.svg.halo = None;
    sheet.svg.close();
}

fn hover(instrument: &Instrument, instruments: bool) -> String {
    let force = match force(instrument) {
        Some(f) => format!(", in force {}", year(f)),
        None if instruments => ", no entry into force recorded".to_owned(),
        None => String::new(),
    };
    let dated = if instruments { "adopted" } else { "dated" };
    let first = if instrument.first_concepts.is_empty() {
        String::new()
    } else {
        format!("; first to name {}", instrument.first_concepts.join(", "))
    };
    format!("{}: {dated} {}{force}{first}", instrument.label, year(instrument.adopted))
}

/// Draws the references as arcs below a line of dots.
fn arcs(sheet: &mut Sheet, axis: Axis, shown: &BTreeMap<&str, &Instrument>, links: &BTreeSet<(&str, &str)>) {
    let drawn: Vec<(&str, &str)> =
        links.iter().copied().filter(|(a, b)| shown.contains_key(a) && shown.contains_key(b)).collect();
    if drawn.is_empty() {
        return;
    }
    let at = arc_places(axis, shown, &drawn);
    let head = Block::new("Who cites whom", sheet.base(), Cut::Semibold, if sheet.narrow() { 200.0 } else { 108.0 }, 2);
    let top = sheet.y + 8.0;
    sheet.svg.block(&head, Anchor::Start, MARGIN + 5.0, top, "ink");
    sheet.y = if sheet.narrow() { top + head.height + 3.0 } else { top };
    let line = most_cited(sheet, axis, shown, links, &at);
    let deepest = drawn.iter().map(|(a, b)| (at[a] - at[b]).abs()).fold(0.0, f64::max);
    let depth = if sheet.narrow() { 70.0 } else { 96.0 };
    let top_cited = at.keys().copied().max_by(|a, b| cited(links, a).cmp(&cited(links, b)).then_with(|| b.cmp(a)));
    for strong in [false, true] {
        for (from, to) in drawn.iter().filter(|(_, to)| (Some(*to) == top_cited) == strong) {
            let (x1, x2) = (at[from], at[to]);
            let down = ((x1 - x2).abs() / deepest.max(1.0) * depth).max(7.0);
            let d = format!(
                "M{} {} C{} {} {} {} {} {}",
                number(x1),
                number(line),
                number(x1),
                number(line + down * 1.33),
                number(x2),
                number(line + down * 1.33),
                number(x2),
                number(line)
            );
            sheet.svg.open_item(None, &format!("{} cites {}", shown[from].label, shown[to].label));
            sheet.path(&d, "none", if strong { "ink" } else { "faint" }, if strong { 1.1 } else { 0.7 }, None);
            sheet.svg.close();
        }
    }
    sheet.line((axis.x0, line), (axis.x1, line), "faint", 0.8, None);
    let steps = citation_steps(links);
    for (id, &x) in &at {
        let n = cited(links, id);
        let (radius, fill) = if n == 0 { (2.0, "paper") } else { (CITED[steps.of(whole(n))], "neutral-mid") };
        sheet.svg.open_item(shown[id].href.as_deref(), &format!("{}: cited by {}", shown[id].label, n));
        sheet.dot((x, line), radius, fill, "ink", 0.9, false);
        sheet.svg.close();
    }
    sheet.y = line + depth + 14.0;
}

#[expect(clippy::cast_precision_loss, reason = "citations are few")]
const fn whole(n: usize) -> f64 {
    n as f64
}

fn citation_steps(links: &BTreeSet<(&str, &str)>) -> Steps {
    let most = links.iter().map(|(_, to)| cited(links, to)).max().unwrap_or(0);
    Steps::counts_up_to(most as u64)
}

/// Returns where the instruments with references stand; those of one moment side by side.
fn arc_places<'a>(
    axis: Axis,
    shown: &BTreeMap<&'a str, &Instrument>,
    drawn: &[(&str, &str)],
) -> BTreeMap<&'a str, f64> {
    let used: BTreeSet<&str> = drawn.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let mut order: Vec<(&str, f64)> =
        shown.iter().filter(|(id, _)| used.contains(**id)).map(|(id, i)| (*id, axis.x(i.adopted))).collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.cmp(b.0)));
    let mut places = BTreeMap::new();
    let mut last = f64::NEG_INFINITY;
    for (id, x) in order {
        let x = x.max(last + 5.0).min(axis.x1);
        places.insert(id, x);
        last = x;
    }
    places
}

/// Names the most cited above their dots, with leader lines, and returns the height of the line of dots.
fn most_cited(
    sheet: &mut Sheet,
    axis: Axis,
    shown: &BTreeMap<&str, &Instrument>,
    links: &BTreeSet<(&str, &str)>,
    at: &BTreeMap<&str, f64>,
) -> f64 {
    let mut top: Vec<(&str, f64)> = at.iter().filter(|(id, _)| cited(links, id) > 1).map(|(id, x)| (*id, *x)).collect();
    top.sort_by(|a, b| cited(links, b.0).cmp(&cited(links, a.0)).then_with(|| a.0.cmp(b.0)));
    top.truncate(if sheet.narrow() { 3 } else { 5 });
    let row = sheet.small() * 1.35;
    let mut placed: Vec<(Rect, f64, Block)> = Vec::new();
    for (id, x) in top {
        let words = format!("{}, cited by {}", shown[id].label, cited(links, id));
        let block = Block::new(
            &words,
            sheet.small(),
            Cut::Regular,
            (axis.x1 - axis.x0) * if sheet.narrow() { 0.97 } else { 0.7 },
            1,
        );
        for level in 1..=6 {
            let y = -whole(level) * row - 9.0;
            let fits = [x - 4.0, x + 4.0 - block.width, x - block.width / 2.0].into_iter().find_map(|left| {
                let left = left.clamp(axis.x0, (axis.x1 - block.width + 6.0).max(axis.x0));
                let area = Rect::new(left, y, block.width, block.height);
                let leader = Rect::new(x - 1.0, y + block.height, 2.0, -y - block.height);
                let clear = placed.iter().all(|(other, ox, _)| {
                    other.grown(2.0).shared(&area) <= 0.0
                        && other.shared(&leader) <= 0.0
                        && Rect::new(ox - 1.5, other.bottom(), 3.0, -other.bottom()).shared(&area) <= 0.0
                });
                (clear && area.x <= x && area.right() >= x).then_some(area)
            });
            if let Some(area) = fits {
                placed.push((area, x, block));
                break;
            }
        }
    }
    let line = sheet.y - placed.iter().map(|(area, ..)| area.y).fold(-12.0, f64::min);
    for (area, x, block) in placed {
        sheet.line((x, line + area.bottom()), (x, line), "faint", 0.7, None);
        sheet.svg.block(&block, Anchor::Start, area.x, line + area.y, "ink");
    }
    line
}

fn legend(
    sheet: &mut Sheet,
    model: &Emergence,
    shown: &BTreeMap<&str, &Instrument>,
    links: &BTreeSet<(&str, &str)>,
    axis: Option<Axis>,
) {
    let Some(axis) = axis else { return };
    let mut entries = Vec::new();
    if shown.values().any(|i| force(i).is_some()) {
        entries.push(Entry::new(Glyph::Span, if model.instruments { "adopted, in force" } else { "dated, in force" }));
    }
    if shown.values().any(|i| force(i).is_none()) {
        let words = if model.instruments { "adopted; no entry into force recorded" } else { "the date of a source" };
        entries.push(Entry::new(Glyph::Hollow, words));
    }
    if shown.values().any(|i| loose(axis, i)) {
        entries.push(Entry::new(
            Glyph::Line { width: 0.8, dashed: true },
            "within these dates: only year or month is known",
        ));
    }
    if !links.is_empty() {
        entries.push(Entry::new(Glyph::Arc, "cites (dark: cites the one cited most)"));
        let steps = citation_steps(links);
        for (step, &radius) in CITED.iter().enumerate().take(steps.used()) {
            let words = steps.words(step, "");
            entries
                .push(Entry::new(Glyph::Disc { radius }, if step == 0 { format!("cited by {words}") } else { words }));
        }
    }
    sheet.legend(&entries);
}

fn notes(model: &Emergence, shown: &BTreeMap<&str, &Instrument>) -> String {
    let all = instruments(model).count();
    let undated = instruments(model).filter(|i| !i.adopted.is_finite()).count();
    let (one, many) = nouns(model);
    let mut words = String::new();
    if model.instruments {
        words += "Dates after names: adoption/entry into force; one date where both fall in one year or the second is not recorded. ";
    }
    if instruments(model).any(|i| !i.first_concepts.is_empty()) {
        words += &format!("After “new”: what no other {one} here names as early, as far as dates tell.");
    }
    if model.n_tied > 0 {
        words += &format!(
            " {} no one’s: several name {} first, or dates do not tell which.",
            count(model.n_tied, "concept is", "concepts are"),
            if model.n_tied == 1 { "it" } else { "them" }
        );
    }
    if undated > 0 {
        words += &format!(" {} without a date: not drawn.", counted(undated as u64, one, many));
    }
    let rest = all.saturating_sub(undated + shown.len());
    if rest > 0 {
        words += &format!(
            " {} that brought in and are cited least: not drawn, but in the data.",
            counted(rest as u64, one, many)
        );
    }
    words.trim().to_owned()
}

fn description(model: &Emergence, links: &BTreeSet<(&str, &str)>) -> String {
    let mut words = String::from(if model.instruments {
        "Lanes by category on an axis of time; a hollow dot is adoption, a filled dot entry into force. "
    } else {
        "Lanes by category on an axis of time; a hollow dot is a source. "
    });
    for lane in &model.lanes {
        let mut all: Vec<&Instrument> = lane.instruments.iter().collect();
        all.sort_by(|a, b| a.adopted.total_cmp(&b.adopted).then_with(|| a.id.cmp(&b.id)));
        let list: Vec<String> = all.into_iter().map(|i| hover(i, model.instruments)).collect();
        words += &format!("{}: {}. ", lane.category, if list.is_empty() { "none".to_owned() } else { list.join("; ") });
    }
    words + &format!("{} between them.", counted(links.len() as u64, "reference", "references"))
}

fn table(model: &Emergence, id: &str, title: &str, links: &BTreeSet<(&str, &str)>) -> Table {
    let mut table = Table::new(
        id,
        title,
        &["category", "id", "instrument", "adopted_year", "in_force_year", "first_concepts", "cites", "n_cited_by"],
    );
    for lane in &model.lanes {
        let mut all: Vec<&Instrument> = lane.instruments.iter().collect();
        all.sort_by(|a, b| a.adopted.total_cmp(&b.adopted).then_with(|| a.id.cmp(&b.id)));
        for i in all {
            let cites: Vec<&str> = links.iter().filter(|(from, _)| *from == i.id).map(|(_, to)| *to).collect();
            table.push(vec![
                Cell::text(&lane.category),
                Cell::text(&i.id),
                Cell::text(&i.label),
                Cell::number(i.adopted, 1),
                i.in_force.map_or(Cell::Missing("no entry into force recorded"), |f| Cell::number(f, 1)),
                Cell::text(i.first_concepts.join("; ")),
                Cell::text(cites.join("; ")),
                Cell::Count(cited(links, &i.id) as u64),
            ]);
        }
    }
    table
}
