//! Slippage: which labels are used for one another, a row a pair.
//!
//! In groups by what the pair is to its speakers, what is certain first: each pair with its observed over expected changes from one label to
//! the other, the interval, and how often the two stand in one list. At 1 labels follow one another as in random order. Where nothing is
//! certain of any pair the caller has a sentence in place of the figure.

use crate::metrics::{Block, Cut};
use crate::scale::{count, sane};
use crate::sheet::{Entry, Glyph, MARGIN, Sheet};
use crate::svg::{Anchor, line_height, number};
use crate::{Figure, Heading, View, name_or_id};
use nomoscope_core::table::{Cell, Table};
use nomoscope_core::usage::slip::Verdict;

/// File stem and anchor.
pub const ID: &str = "slippage";
/// Where the axis ends; intervals that go on get an arrow.
const MOST: f64 = 2.0;
/// Rows at most.
const ROWS: usize = 12;
/// Of these, pairs of which the data do not tell what they are.
const UNTOLD: usize = 5;
/// Pairs that a title names.
const NAMED: usize = 2;

/// A label.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Name {
    /// Its id.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Mentions.
    pub mentions: u64,
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
    /// Where its passages stand.
    pub href: Option<String>,
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
    let all = ordered(model);
    let shown = shown(&all);
    if !shown.is_empty() {
        let axis = Axis::new(&sheet);
        headings(&mut sheet, axis);
        let top = sheet.y;
        let ground = grid(&mut sheet, model, &shown, axis);
        sheet.y = top;
        rows(&mut sheet, model, &shown, axis);
        ticks(&mut sheet, axis, ground);
        legend(&mut sheet, &shown);
    }
    sheet.paragraph(&left_out(&all, &shown), "soft");
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    sheet.finish(&title, description(model), table(model, &id, &title))
}

fn name(model: &Slippage, i: usize) -> &str {
    model.labels.get(i).map_or("", |l| l.label.trim())
}

fn both(model: &Slippage, pair: &Pair) -> String {
    format!("{} – {}", name(model, pair.a), name(model, pair.b))
}

fn title(model: &Slippage) -> String {
    let of = |v: Verdict| model.pairs.iter().filter(|p| p.verdict == v).collect::<Vec<_>>();
    if model.pairs.iter().all(|p| p.ratio.is_none() && p.verdict == Verdict::Undetermined) {
        return "No pair of labels is used often enough to tell".to_owned();
    }
    let quoted = |p: &Pair| format!("“{}” and “{}”", name(model, p.a), name(model, p.b));
    let free = of(Verdict::Interchangeable);
    let free = match free.as_slice() {
        [] => "No two labels are certainly used for one another".to_owned(),
        few if few.len() <= NAMED => {
            format!("{} are used for one another", few.iter().map(|p| quoted(p)).collect::<Vec<_>>().join(", as are "))
        }
        many => format!("{} of labels are used for one another", count(many.len(), "pair", "pairs")),
    };
    let all = |verdicts: &[Verdict]| -> usize { verdicts.iter().map(|v| of(*v).len()).sum() };
    let more: Vec<String> = [
        (all(&[Verdict::Sticky, Verdict::Separated, Verdict::OwnWord]), "kept apart"),
        (all(&[Verdict::ByTopic, Verdict::ByContext]), "used by what stands around them"),
        (all(&[Verdict::Enumeration]), "listed together or said in turn"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, what)| format!("{} {what}", count(n, "pair is", "pairs are")))
    .collect();
    if more.is_empty() { free } else { format!("{free}; {}", more.join(", ")) }
}

/// Returns what there is to tell of pairs, certain ones first; among those of a kind, the more precise ones, then those listed most.
fn ordered(model: &Slippage) -> Vec<&Pair> {
    let tells = |p: &&Pair| p.ratio.is_some() || p.verdict != Verdict::Undetermined || p.listed > 0;
    let mut all: Vec<&Pair> = model.pairs.iter().filter(tells).collect();
    let width = |p: &Pair| p.interval.map_or(f64::INFINITY, |(low, high)| high - low);
    all.sort_by(|x, y| {
        let rank = x.verdict.cmp(&y.verdict).then(x.ratio.is_none().cmp(&y.ratio.is_none()));
        let rank = rank.then(width(x).total_cmp(&width(y))).then(y.listed.cmp(&x.listed));
        rank.then((x.a, x.b).cmp(&(y.a, y.b)))
    });
    all
}

fn shown<'p>(all: &[&'p Pair]) -> Vec<&'p Pair> {
    let (mut untold, mut room) = (UNTOLD, ROWS);
    let mut fits = |p: &&&Pair| {
        let left = if p.verdict == Verdict::Undetermined { &mut untold } else { &mut room };
        let fits = *left > 0;
        *left = left.saturating_sub(1);
        fits
    };
    let mut out: Vec<&Pair> = all.iter().filter(|p| fits(p)).copied().collect();
    out.truncate(ROWS);
    out
}

/// Says how many pairs have no row, kind by kind.
fn left_out(all: &[&Pair], shown: &[&Pair]) -> String {
    let of = |list: &[&Pair], v: Verdict| list.iter().filter(|p| p.verdict == v).count();
    let words = Verdict::ALL.into_iter().filter_map(|v| {
        let n = of(all, v) - of(shown, v);
        (n > 0).then(|| format!("{n} {}", group(v)))
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() { String::new() } else { format!("Pairs without a row: {}.", words.join("; ")) }
}

const fn group(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Undetermined => "of which the data do not tell what they are",
        other => other.meaning(),
    }
}

/// The axis of changes.
#[derive(Debug, Clone, Copy)]
struct Axis {
    x0: f64,
    x1: f64,
    /// Right edges of the columns of numbers.
    ratio: f64,
    listed: f64,
}

impl Axis {
    fn new(sheet: &Sheet) -> Self {
        let right = sheet.width() - MARGIN;
        let left = if sheet.narrow() { MARGIN + 12.0 } else { MARGIN + 262.0 };
        Self { x0: left, x1: right - 104.0, ratio: right - 56.0, listed: right }
    }

    fn x(self, ratio: f64) -> f64 {
        self.x0 + sane(ratio).min(MOST) / MOST * (self.x1 - self.x0)
    }
}

fn headings(sheet: &mut Sheet, axis: Axis) {
    let size = sheet.small();
    let blocks = [
        (Block::new("in stretches", size, Cut::Italic, 80.0, 1), Anchor::Start, axis.x0),
        (Block::new("in turn", size, Cut::Italic, 80.0, 1), Anchor::End, axis.x1),
        (Block::new("changes", size, Cut::Italic, 44.0, 1), Anchor::End, axis.ratio),
        (Block::new("in lists", size, Cut::Italic, 44.0, 1), Anchor::End, axis.listed),
    ];
    let at_random = Block::new("as at random", size, Cut::Italic, 80.0, 1);
    sheet.svg.block(&at_random, Anchor::Middle, axis.x(1.0), sheet.y, "ink");
    let tall = at_random.height;
    for (block, anchor, x) in blocks {
        sheet.svg.block(&block, anchor, x, sheet.y, "soft");
    }
    sheet.y += tall + 4.0;
}

/// Room above a group, for its name.
const GROUP: f64 = 21.0;

fn label(sheet: &Sheet, model: &Slippage, pair: &Pair, axis: Axis) -> Block {
    let limit = if sheet.narrow() { sheet.inner() - 12.0 } else { axis.x0 - MARGIN - 14.0 };
    Block::new(&both(model, pair), sheet.base(), Cut::Regular, limit, 2)
}

/// Returns how high a row is.
fn height(sheet: &Sheet, block: &Block) -> f64 {
    if sheet.narrow() { block.height + 20.0 } else { block.height.max(15.0) + 4.0 }
}

/// Returns whether a group begins at a row.
fn begins(shown: &[&Pair], row: usize) -> bool {
    row == 0 || shown.get(row - 1).map(|p| p.verdict) != shown.get(row).map(|p| p.verdict)
}

/// Draws the lines of the axis through all rows, and returns where they end.
fn grid(sheet: &mut Sheet, model: &Slippage, shown: &[&Pair], axis: Axis) -> f64 {
    let heights: f64 = shown.iter().map(|p| height(sheet, &label(sheet, model, p, axis))).sum();
    let groups = (0..shown.len()).filter(|i| begins(shown, *i)).count();
    let (top, bottom) = (sheet.y, sheet.y + heights + GROUP * crate::scale::whole(groups));
    for at in [0.0, 0.5, 1.5, 2.0] {
        sheet.line((axis.x(at), top), (axis.x(at), bottom), "hair", 0.7, None);
    }
    sheet.line((axis.x(1.0), top), (axis.x(1.0), bottom), "neutral", 1.2, None);
    bottom
}

fn ticks(sheet: &mut Sheet, axis: Axis, ground: f64) {
    sheet.y = ground + 2.0;
    let size = sheet.small();
    for (at, words) in [(0.0, "0"), (0.5, "0.5"), (1.0, "1"), (1.5, "1.5"), (2.0, "2")] {
        let block = Block::new(words, size, Cut::Regular, 24.0, 1);
        sheet.svg.block(&block, Anchor::Middle, axis.x(at), sheet.y, "soft");
    }
    sheet.y += line_height(size) + 7.0;
}

fn rows(sheet: &mut Sheet, model: &Slippage, shown: &[&Pair], axis: Axis) {
    for (i, pair) in shown.iter().enumerate() {
        if begins(shown, i) {
            let words = crate::scale::capital(match pair.verdict {
                Verdict::Undetermined => "the data do not tell",
                other => other.meaning(),
            });
            let block = Block::new(&words, sheet.base(), Cut::Semibold, sheet.inner(), 1);
            // Lines of the axis do not run through words.
            sheet.svg.halo = Some("paper");
            sheet.svg.block(&block, Anchor::Start, MARGIN, sheet.y + 4.0, "ink");
            sheet.svg.halo = None;
            sheet.y += GROUP;
        }
        row(sheet, model, pair, axis);
    }
}

fn row(sheet: &mut Sheet, model: &Slippage, pair: &Pair, axis: Axis) {
    let block = label(sheet, model, pair, axis);
    let (all, size) = (height(sheet, &block), sheet.small());
    let y = if sheet.narrow() { sheet.y + block.height + 9.0 } else { sheet.y + all / 2.0 };
    let top = if sheet.narrow() { sheet.y } else { y - block.height / 2.0 };
    sheet.svg.open_item(pair.href.as_deref(), &hover(model, pair));
    sheet.svg.halo = sheet.narrow().then_some("paper");
    sheet.svg.block(&block, Anchor::Start, MARGIN + if sheet.narrow() { 0.0 } else { 8.0 }, top, "ink");
    sheet.svg.halo = None;
    let mut words = |words: &str, x: f64| {
        let block = Block::new(words, size, Cut::Regular, 60.0, 1);
        sheet.svg.block(&block, Anchor::End, x, y - block.height / 2.0, "ink");
    };
    words(&pair.ratio.map_or("–".to_owned(), |r| format!("{r:.2}")), axis.ratio);
    words(&if pair.listed > 0 { pair.listed.to_string() } else { "–".to_owned() }, axis.listed);
    mark(sheet, pair, axis, y);
    sheet.svg.close();
    sheet.y += all;
}

/// Draws the interval and the dot; of a pair with too few changes a few words.
fn mark(sheet: &mut Sheet, pair: &Pair, axis: Axis, y: f64) {
    let Some(ratio) = pair.ratio else {
        let block = Block::new("too few changes of label", sheet.small(), Cut::Italic, axis.x1 - axis.x0, 1);
        sheet.svg.halo = Some("paper");
        sheet.svg.block(&block, Anchor::Start, axis.x0 + 3.0, y - block.height / 2.0, "soft");
        sheet.svg.halo = None;
        return;
    };
    let (colour, fill) = match pair.verdict {
        Verdict::Interchangeable => ("value", "value"),
        Verdict::Undetermined => ("neutral", "paper"),
        _ => ("ink", "ink"),
    };
    if let Some((low, high)) = pair.interval {
        sheet.line((axis.x(low), y), (axis.x(high), y), colour, 1.6, None);
        if high > MOST {
            let d = format!("M{} {}l6 3.5l-6 3.5z", number(axis.x1), number(y - 3.5));
            sheet.path(&d, colour, colour, 0.5, None);
        }
    }
    sheet.dot((axis.x(ratio), y), 3.8, fill, colour, 1.4, false);
}

fn hover(model: &Slippage, pair: &Pair) -> String {
    let ratio = match (pair.ratio, pair.interval) {
        (Some(r), Some((l, u))) => format!("changes {r:.2} of those expected ({l:.2} to {u:.2})"),
        (Some(r), None) => format!("changes {r:.2} of those expected"),
        (None, _) => "not tested".to_owned(),
    };
    format!("{}: {ratio}; {}; {} in common lists", both(model, pair), pair.verdict.meaning(), pair.listed)
}

fn legend(sheet: &mut Sheet, shown: &[&Pair]) {
    let mark = |colour: &'static str, hollow: bool| Glyph::Mark { colour, round: true, hollow };
    let has = |f: &dyn Fn(&Pair) -> bool| shown.iter().any(|p| f(p) && p.ratio.is_some());
    let mut entries = Vec::new();
    if has(&|p| p.verdict == Verdict::Interchangeable) {
        entries.push(Entry::new(mark("value", false), "used for one another"));
    }
    if has(&|p| !matches!(p.verdict, Verdict::Interchangeable | Verdict::Undetermined)) {
        entries.push(Entry::new(mark("ink", false), "certainly not"));
    }
    if has(&|p| p.verdict == Verdict::Undetermined) {
        entries.push(Entry::new(mark("neutral", true), "not certain"));
    }
    if !entries.is_empty() {
        sheet.legend(&entries);
    }
    sheet.paragraph(
        "Changes: from one label to the other within a speaker, over those of the same mentions in random order; line: 95 % interval. In lists: mentions in a list with both.",
        "soft",
    );
}

fn description(model: &Slippage) -> String {
    let told: Vec<String> = model
        .pairs
        .iter()
        .filter(|p| p.ratio.is_some() || p.verdict != Verdict::Undetermined)
        .take(20)
        .map(|p| {
            let ratio = p.ratio.map_or_else(String::new, |r| format!(" {r:.2}"));
            format!("{}{ratio} {}", both(model, p), p.verdict.name())
        })
        .collect();
    format!(
        "Pairs of norm labels with observed over expected changes and what they are to each other: {}.",
        if told.is_empty() { "none tested".to_owned() } else { told.join(", ") }
    )
}

fn table(model: &Slippage, id: &str, title: &str) -> Table {
    let mut table = Table::new(id, title, &["a", "b", "ratio", "lower", "upper", "verdict", "listed"]);
    for p in &model.pairs {
        let number = |x: Option<f64>| x.map_or(Cell::Missing("too few changes expected"), |x| Cell::number(x, 2));
        table.push(vec![
            Cell::text(name(model, p.a)),
            Cell::text(name(model, p.b)),
            number(p.ratio),
            number(p.interval.map(|i| i.0)),
            number(p.interval.map(|i| i.1)),
            Cell::text(p.verdict.name()),
            Cell::Count(p.listed),
        ]);
    }
    table
}
