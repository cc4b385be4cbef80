//! Implication: which definition contains which.
//!
//! A Hasse diagram: a line leads up from a definition to one that holds wherever it holds, and what follows from two lines
//! has no line of its own. Equal definitions share a box. What can be compared with nothing is a list below, because forty
//! boxes without a line would hide the six that have one.

use crate::definition_matrix::{FROM_MEMORY, with_memory};
use crate::layered::{Layout, Route, layered};
use crate::metrics::{Block, Cut, width};
use crate::ranked::yes;
use crate::scale::{count, whole};
use crate::shape::{Paint, shape};
use crate::sheet::{Entry, Glyph, MARGIN, Sheet};
use crate::svg::{Anchor, Rect, number};
use crate::{Figure, Heading, View, name_or_id};
use nomoscope_core::table::{Cell, Table};
use std::collections::{BTreeMap, BTreeSet};

/// File stem and anchor.
pub const ID: &str = "implication";
/// How many boxes are drawn; those with most relations stay.
const SHOWN: usize = 80;
/// How many classes of definitions are read; far above what any collection of norms holds.
const MOST: usize = 2_000;
/// Between the rim of a box and its words.
const PAD: f64 = 7.0;
/// Room for the sign of equality.
const EQUALS: f64 = 14.0;

/// How the open lists of definitions are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum OpenLists {
    /// Only what is listed counts.
    #[default]
    Closed,
    /// What open lists add is one and the same for all definitions.
    Shared,
    /// What an open list adds is each definition's own question.
    Own,
}

impl OpenLists {
    /// Returns the beginning of a sentence that says so.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Closed => "With open lists read as closed",
            Self::Shared => "With one shared residue for all open lists",
            Self::Own => "With a residue of its own for every open list",
        }
    }
}

/// A definition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Norm {
    /// The norm's id.
    pub id: String,
    /// Its short name.
    pub label: String,
    /// The legal order that it belongs to.
    pub system: String,
    /// Whether it was verified from memory only.
    pub memory: bool,
    /// Where the definition stands.
    pub href: Option<String>,
}

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Implication {
    /// Id, title and last line.
    pub heading: Heading,
    /// How open lists are read.
    pub reading: OpenLists,
    /// The definitions; equal ones are members of one class.
    pub classes: Vec<Vec<Norm>>,
    /// Indices of a class and of one that it implies; what follows from others may be missing or not.
    pub edges: Vec<(usize, usize)>,
}

/// The order, put right: equal ones in one class, no line that follows from others.
struct Ordered {
    classes: Vec<Vec<Norm>>,
    /// All that each class implies.
    implied: Vec<BTreeSet<usize>>,
    /// The lines.
    covers: Vec<(usize, usize)>,
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &Implication, view: View) -> Figure {
    let id = model.heading.id_or(ID);
    let order = ordered(model);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model, &order));
    let mut sheet = Sheet::new(&id, &title, view);
    let drawn = drawn(&order);
    let left_out = (0..order.classes.len()).filter(|c| related(&order, *c) && !drawn.contains(c)).count();
    diagram(&mut sheet, &order, &drawn);
    legend(&mut sheet, &order, &drawn);
    alone(&mut sheet, &order);
    sheet.paragraph(&notes(model.reading, &order, left_out), "soft");
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    let description = description(model, &order);
    sheet.finish(&title, description, table(&order, &id, &title))
}

/// Returns the classes with all that follows from the edges; classes that imply each other become one.
fn ordered(model: &Implication) -> Ordered {
    let given: Vec<&Vec<Norm>> = model.classes.iter().take(MOST).collect();
    let reach = reach(given.len(), &model.edges);
    // The first of those that imply each other stands for all.
    let head: Vec<usize> = (0..given.len())
        .map(|a| reach[a].iter().copied().find(|&b| b < a && reach[b].contains(&a)).unwrap_or(a))
        .collect();
    let kept: Vec<usize> = (0..given.len())
        .filter(|&a| head[a] == a && (0..given.len()).any(|b| head[b] == a && !given[b].is_empty()))
        .collect();
    let at: BTreeMap<usize, usize> = kept.iter().enumerate().map(|(new, old)| (*old, new)).collect();
    let named = |norm: &Norm| Norm { label: name_or_id(&norm.label, &norm.id), ..norm.clone() };
    let classes = kept
        .iter()
        .map(|&a| (0..given.len()).filter(|&b| head[b] == a).flat_map(|b| given[b].iter().map(named)).collect())
        .collect();
    let implied: Vec<BTreeSet<usize>> = kept
        .iter()
        .map(|&a| reach[a].iter().filter_map(|b| at.get(&head[*b]).copied()).filter(|b| *b != at[&a]).collect())
        .collect();
    let covers = covers(&implied);
    Ordered { classes, implied, covers }
}

/// Returns all that each class leads to.
fn reach(n: usize, edges: &[(usize, usize)]) -> Vec<BTreeSet<usize>> {
    let mut next: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); n];
    for &(a, b) in edges.iter().filter(|(a, b)| a != b && *a < n && *b < n) {
        next[a].insert(b);
    }
    (0..n)
        .map(|start| {
            let mut seen = BTreeSet::new();
            let mut stack: Vec<usize> = next[start].iter().copied().collect();
            while let Some(at) = stack.pop() {
                if seen.insert(at) {
                    stack.extend(&next[at]);
                }
            }
            seen
        })
        .collect()
}

/// Returns the pairs that do not follow from others.
fn covers(implied: &[BTreeSet<usize>]) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    for (a, above) in implied.iter().enumerate() {
        let between = |b: &usize| above.iter().any(|c| c != b && implied[*c].contains(b));
        all.extend(above.iter().filter(|b| !between(b)).map(|b| (a, *b)));
    }
    all
}

fn related(order: &Ordered, class: usize) -> bool {
    order.classes[class].len() > 1 || n_relations(order, class) > 0
}

fn n_relations(order: &Ordered, class: usize) -> usize {
    order.implied[class].len() + order.implied.iter().filter(|above| above.contains(&class)).count()
}

/// Returns the classes that are drawn as boxes.
fn drawn(order: &Ordered) -> Vec<usize> {
    let mut all: Vec<usize> = (0..order.classes.len()).filter(|c| related(order, *c)).collect();
    all.sort_by_key(|&c| (std::cmp::Reverse(n_relations(order, c)), c));
    all.truncate(SHOWN);
    all.sort_unstable();
    all
}

/// A box with its words.
struct Card<'a> {
    norms: &'a [Norm],
    words: Vec<(Block, Block)>,
    w: f64,
    h: f64,
}

impl<'a> Card<'a> {
    fn new(sheet: &Sheet, norms: &'a [Norm]) -> Self {
        let limit = if sheet.narrow() { 92.0 } else { 136.0 };
        let words: Vec<(Block, Block)> = norms
            .iter()
            .map(|norm| {
                let cut = if norm.memory { Cut::Italic } else { Cut::Regular };
                (
                    Block::new(&with_memory(&norm.label, norm.memory), sheet.base(), cut, limit, 4),
                    Block::new(&norm.system, sheet.small(), Cut::Regular, limit, 2),
                )
            })
            .collect();
        let inner = words.iter().map(|(name, system)| name.width.max(system.width)).fold(0.0, f64::max);
        let h = words.iter().map(|(name, system)| name.height + system_height(system)).sum::<f64>()
            + 5.0 * whole(words.len().saturating_sub(1));
        let sign = if norms.len() > 1 { EQUALS } else { 0.0 };
        Self { norms, words, w: inner + sign + 2.0 * PAD, h: h + 2.0 * PAD - 3.0 }
    }

    fn draw(&self, sheet: &mut Sheet, area: Rect) {
        let equal = self.norms.len() > 1;
        let paint = Paint {
            fill: if equal { "neutral-tint" } else { "paper" },
            stroke: "ink",
            width: 1.0,
            dashed: self.norms.iter().all(|norm| norm.memory),
        };
        shape(&mut sheet.svg, area, None, paint, false);
        let mut y = area.y + PAD - 1.5;
        let x = area.x + PAD + if equal { EQUALS } else { 0.0 };
        for (index, (norm, (name, system))) in self.norms.iter().zip(&self.words).enumerate() {
            if index > 0 {
                let sign = Block::new("=", name.size, Cut::Regular, EQUALS, 1);
                sheet.svg.block(&sign, Anchor::Start, area.x + PAD, y, "ink");
            }
            sheet.svg.open_item(norm.href.as_deref(), "");
            sheet.svg.block(name, Anchor::Start, x, y, "ink");
            y += name.height;
            sheet.svg.block(system, Anchor::Start, x, y, "soft");
            y += system_height(system) + 5.0;
            sheet.svg.close();
        }
    }
}

fn system_height(system: &Block) -> f64 {
    if system.width > 0.0 { system.height } else { 0.0 }
}

/// What hangs together, with its places; the edges count its members.
struct Piece {
    members: Vec<usize>,
    edges: Vec<(usize, usize)>,
    layout: Layout,
}

/// Draws what hangs together, one piece beside the other.
fn diagram(sheet: &mut Sheet, order: &Ordered, drawn: &[usize]) {
    let cards: BTreeMap<usize, Card> = drawn.iter().map(|&c| (c, Card::new(sheet, &order.classes[c]))).collect();
    let lines: Vec<(usize, usize)> = restricted(order, drawn);
    let pieces: Vec<Piece> =
        pieces(drawn, &lines).into_iter().map(|members| laid_out(sheet, members, &lines, &cards)).collect();
    let (mut x, mut tall) = (MARGIN, 0.0_f64);
    for piece in &pieces {
        if x > MARGIN && x + piece.layout.width > sheet.width() - MARGIN {
            sheet.y += tall + 22.0;
            (x, tall) = (MARGIN, 0.0);
        }
        draw_piece(sheet, order, piece, &cards, (x, sheet.y));
        x += piece.layout.width + 26.0;
        tall = tall.max(piece.layout.height);
    }
    if !pieces.is_empty() {
        sheet.y += tall + 14.0;
    }
}

fn laid_out(sheet: &Sheet, members: Vec<usize>, lines: &[(usize, usize)], cards: &BTreeMap<usize, Card>) -> Piece {
    let sizes: Vec<(f64, f64)> = members.iter().map(|c| (cards[c].w, cards[c].h)).collect();
    let at = |class: &usize| members.binary_search(class).ok();
    let edges: Vec<(usize, usize)> = lines.iter().filter_map(|(a, b)| Some((at(a)?, at(b)?))).collect();
    let layout = layered(&sizes, &edges, sheet.inner(), if sheet.narrow() { 30.0 } else { 34.0 });
    Piece { members, edges, layout }
}

fn draw_piece(sheet: &mut Sheet, order: &Ordered, piece: &Piece, cards: &BTreeMap<usize, Card>, corner: (f64, f64)) {
    let Piece { members, edges, layout } = piece;
    for (edge, route) in edges.iter().zip(&layout.routes) {
        let class = |member: usize| names(&order.classes[members[member]]);
        sheet.svg.open_item(None, &format!("{} implies {}", class(edge.0), class(edge.1)));
        sheet.path(&path(edge, edges, route, layout, corner), "none", "neutral", 1.1, None);
        sheet.svg.close();
    }
    for (class, area) in members.iter().zip(&layout.boxes) {
        cards[class].draw(sheet, Rect::new(area.x + corner.0, area.y + corner.1, area.w, area.h));
    }
}

/// Returns the lines between the classes that are drawn, also where one between was left out.
fn restricted(order: &Ordered, drawn: &[usize]) -> Vec<(usize, usize)> {
    if drawn.len() == order.classes.len() {
        return order.covers.clone();
    }
    let implied: Vec<BTreeSet<usize>> = (0..order.classes.len())
        .map(|a| {
            let shown = |c: &usize| drawn.binary_search(c).is_ok();
            if shown(&a) { order.implied[a].iter().copied().filter(shown).collect() } else { BTreeSet::new() }
        })
        .collect();
    covers(&implied)
}

/// Returns what hangs together, largest first.
fn pieces(drawn: &[usize], lines: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut left: BTreeSet<usize> = drawn.iter().copied().collect();
    let mut pieces: Vec<Vec<usize>> = Vec::new();
    while let Some(&first) = left.iter().next() {
        let (mut piece, mut stack) = (BTreeSet::new(), vec![first]);
        while let Some(at) = stack.pop() {
            if left.remove(&at) {
                piece.insert(at);
                stack.extend(lines.iter().filter(|(a, _)| *a == at).map(|(_, b)| *b));
                stack.extend(lines.iter().filter(|(_, b)| *b == at).map(|(a, _)| *a));
            }
        }
        pieces.push(piece.into_iter().collect());
    }
    pieces.sort_by_key(|piece| (std::cmp::Reverse(piece.len()), piece.first().copied()));
    pieces
}

/// Returns a line from the upper rim of a box, between the boxes of the layers above, to the lower rim of another.
fn path(edge: &(usize, usize), all: &[(usize, usize)], route: &Route, layout: &Layout, corner: (f64, f64)) -> String {
    let (from, to) = (layout.boxes[edge.0], layout.boxes[edge.1]);
    let start = port(edge, all, layout, true);
    let end = port(edge, all, layout, false);
    let last = route.stations.len() - 1;
    let n = |x: f64, y: f64| format!("{} {}", number(x + corner.0), number(y + corner.1));
    let (_, top, _) = route.stations[0];
    let mut d = format!("M{} L{}", n(start, from.y), n(start, top));
    let (mut x, mut y) = (start, top);
    for (index, &(middle, top, bottom)) in route.stations.iter().enumerate().skip(1) {
        let next = if index == last { end } else { middle };
        let bend = (y - bottom) / 2.0;
        d += &format!(" C{} {} {}", n(x, y - bend), n(next, bottom + bend), n(next, bottom));
        let rim = if index == last { to.bottom() } else { top };
        d += &format!(" L{}", n(next, rim));
        (x, y) = (next, rim);
    }
    d
}

/// Returns where a line meets a box: lines that meet one rim stand side by side, in the order in which they come.
fn port(edge: &(usize, usize), all: &[(usize, usize)], layout: &Layout, lower: bool) -> f64 {
    let own = if lower { edge.0 } else { edge.1 };
    let mut lines: Vec<(f64, &(usize, usize))> = all
        .iter()
        .zip(&layout.routes)
        .filter(|(e, _)| (if lower { e.0 } else { e.1 }) == own)
        .map(|(e, route)| {
            let next = if lower { route.stations.get(1) } else { route.stations.iter().rev().nth(1) };
            (next.map_or(0.0, |station| station.0), e)
        })
        .collect();
    lines.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)));
    let at = lines.iter().position(|(_, e)| *e == edge).unwrap_or(0);
    let area = layout.boxes[own];
    let n = whole(lines.len().saturating_sub(1));
    let step = if n > 0.0 { ((area.w - 16.0) / n).min(16.0) } else { 0.0 };
    area.cx() + (whole(at) - n / 2.0) * step
}

fn names(norms: &[Norm]) -> String {
    norms.iter().map(|norm| norm.label.as_str()).collect::<Vec<_>>().join(" = ")
}

fn legend(sheet: &mut Sheet, order: &Ordered, drawn: &[usize]) {
    if drawn.is_empty() {
        return;
    }
    let mut entries = Vec::new();
    if !order.covers.is_empty() {
        entries.push(Entry::new(
            Glyph::Line { width: 1.1, dashed: false },
            "read upward: whatever satisfies the lower definition satisfies the upper one; the widest stand at the top",
        ));
    }
    if drawn.iter().any(|c| order.classes[*c].len() > 1) {
        entries.push(Entry::new(Glyph::Card { dashed: false, tinted: true }, "equal definitions"));
    }
    if drawn.iter().any(|c| order.classes[*c].iter().all(|norm| norm.memory)) {
        entries.push(Entry::new(Glyph::Card { dashed: true, tinted: false }, "verified from memory only"));
    }
    sheet.legend(&entries);
}

/// Lists what can be compared with nothing, by legal order.
fn alone(sheet: &mut Sheet, order: &Ordered) {
    let lonely: Vec<&Norm> =
        (0..order.classes.len()).filter(|c| !related(order, *c)).flat_map(|c| &order.classes[c]).collect();
    if lonely.is_empty() {
        return;
    }
    let heading = format!("Incomparable with all others ({})", lonely.len());
    let block = Block::new(&heading, sheet.base(), Cut::Semibold, sheet.inner(), 2);
    sheet.svg.block(&block, Anchor::Start, MARGIN, sheet.y + 2.0, "ink");
    sheet.y += block.height + 6.0;
    let mut systems: Vec<&str> = lonely.iter().map(|norm| norm.system.as_str()).collect();
    let mut seen = BTreeSet::new();
    systems.retain(|system| seen.insert(*system));
    let most = if sheet.narrow() { 96.0 } else { 150.0 };
    let tag =
        systems.iter().map(|system| width(system, sheet.small(), Cut::Regular)).fold(0.0, f64::max).min(most) + 10.0;
    for system in systems {
        let list: Vec<String> =
            lonely.iter().filter(|n| n.system == system).map(|n| with_memory(&n.label, n.memory)).collect();
        let left = Block::new(system, sheet.small(), Cut::Regular, tag - 8.0, 3);
        let top = sheet.y;
        sheet.svg.block(&left, Anchor::Start, MARGIN, top, "soft");
        let right = sheet.running(&list.join("; "), MARGIN + tag, sheet.inner() - tag, "ink");
        sheet.y = right.max(top + left.height) + 3.0;
    }
    sheet.y += 5.0;
}

fn notes(reading: OpenLists, order: &Ordered, left_out: usize) -> String {
    let mut words = Vec::new();
    let all: Vec<&Norm> = order.classes.iter().flatten().collect();
    let memory = all.iter().filter(|norm| norm.memory).count();
    if memory > 0 {
        words.push(format!(
            "{FROM_MEMORY} Verified from memory only ({memory} of {}): check the text before you rely on it.",
            all.len()
        ));
    }
    if left_out > 0 {
        words.push(format!("Not drawn for lack of room, but in the data: {}.", count(left_out, "box", "boxes")));
    }
    if reading != OpenLists::Closed && !all.is_empty() {
        words.push("Residue: what an open list would add to what it names.".to_owned());
    }
    if !all.is_empty() {
        words.push("Facts are taken as independent of each other, except where one entails another.".to_owned());
    }
    words.join(" ")
}

fn title(model: &Implication, order: &Ordered) -> String {
    let n: usize = order.classes.iter().map(Vec::len).sum();
    let reading = model.reading.words();
    if n == 0 {
        return "No definition to compare".to_owned();
    }
    let k: usize = (0..order.classes.len()).filter(|c| related(order, *c)).map(|c| order.classes[c].len()).sum();
    match (k, n - k) {
        (0, _) => format!("{reading}, none of {} implies another", count(n, "definition", "definitions")),
        (_, 0) => format!(
            "{reading}, each of {} implies, equals or is implied by another",
            count(n, "definition", "definitions")
        ),
        (_, rest) => format!(
            "{reading}, {k} of {} imply, equal or are implied by another; {rest} can be compared with none",
            count(n, "definition", "definitions")
        ),
    }
}

fn description(model: &Implication, order: &Ordered) -> String {
    let mut words = format!("{}. ", model.reading.words());
    for (index, class) in order.classes.iter().enumerate() {
        let above: Vec<String> =
            order.covers.iter().filter(|(a, _)| *a == index).map(|(_, b)| names(&order.classes[*b])).collect();
        if !above.is_empty() {
            words += &format!("{} implies {}. ", names(class), above.join(", and "));
        } else if class.len() > 1 {
            words += &format!("{}. ", names(class));
        }
    }
    let alone: Vec<&str> = (0..order.classes.len())
        .filter(|c| !related(order, *c))
        .flat_map(|c| &order.classes[c])
        .map(|norm| norm.label.as_str())
        .collect();
    words
        + &format!(
            "Incomparable with all others: {}.",
            if alone.is_empty() { "none".to_owned() } else { alone.join("; ") }
        )
}

/// A row a definition, with what it implies next and in all.
fn table(order: &Ordered, id: &str, title: &str) -> Table {
    let columns = [
        "id",
        "definition",
        "system",
        "from_memory",
        "equals",
        "implies_next",
        "implied_next_by",
        "n_implies",
        "n_implied_by",
    ];
    let mut table = Table::new(id, title, &columns);
    let ids = |classes: &mut dyn Iterator<Item = usize>| {
        classes.flat_map(|c| &order.classes[c]).map(|norm| norm.id.as_str()).collect::<Vec<_>>().join("; ")
    };
    let n = |classes: &mut dyn Iterator<Item = usize>| classes.map(|c| order.classes[c].len()).sum::<usize>() as u64;
    for (index, class) in order.classes.iter().enumerate() {
        for norm in class {
            let equals: Vec<&str> = class.iter().filter(|o| !std::ptr::eq(*o, norm)).map(|o| o.id.as_str()).collect();
            table.push(vec![
                Cell::text(&norm.id),
                Cell::text(&norm.label),
                Cell::text(&norm.system),
                Cell::text(yes(norm.memory)),
                Cell::text(equals.join("; ")),
                Cell::text(ids(&mut order.covers.iter().filter(|(a, _)| *a == index).map(|(_, b)| *b))),
                Cell::text(ids(&mut order.covers.iter().filter(|(_, b)| *b == index).map(|(a, _)| *a))),
                Cell::Whole(n(&mut order.implied[index].iter().copied())),
                Cell::Whole(n(&mut (0..order.classes.len()).filter(|c| order.implied[*c].contains(&index)))),
            ]);
        }
    }
    table
}
