//! Definition matrix: what each definition asks for.
//!
//! Table 2 of Narminio (2020), generalised: definitions against the facts that they name, in groups (act, means,
//! purpose, age, other). Few definitions stand as columns, so that every fact is named beside its row; with more of them, the
//! definitions are rows and the facts numbered columns with a key below. Turned labels would fit, but nobody reads them;
//! labels on leader lines would need as many lines as there are columns, because each is wider than the columns beside it.

use crate::metrics::{Block, Cut, width};
use crate::ranked::yes;
use crate::scale::{count, whole};
use crate::shape::{Paint, shape};
use crate::sheet::{Entry, Glyph, MARGIN, Sheet};
use crate::signs::{Sign, draw_sign};
use crate::svg::{Anchor, Rect, line_height};
use crate::{Figure, Heading, View, name_or_id};
use nomoscope_core::table::{Cell, Table};
use nomoscope_stats::seriation::{jaccard_dissimilarity, seriation};
use std::collections::BTreeSet;

pub use crate::signs::Mark;

/// File stem and anchor.
pub const ID: &str = "definition-matrix";
/// How many definitions are drawn; those given first stay.
const SHOWN: usize = 130;
/// Room for numbered columns on a wide sheet; beyond, the facts that fewest definitions name are summed. The narrow sheet
/// shows the same columns on several strips.
const ROOM: f64 = 530.0;
/// Least width of a numbered column on a wide sheet.
const COLUMN: f64 = 11.0;
/// Radius of a mark.
const RADIUS: f64 = 3.4;
/// Between two groups of columns.
const GAP: f64 = 10.0;
/// Stands behind the name of a definition that was verified from memory only.
pub(crate) const FROM_MEMORY: &str = "†";

/// A fact that definitions may name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// The fact's id.
    pub id: String,
    /// What people read.
    pub label: String,
}

/// Facts of one kind: act, means, purpose, age, other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// The kind.
    pub label: String,
    /// Its facts, in the order in which they are shown.
    pub columns: Vec<Column>,
}

/// A definition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The norm's id.
    pub id: String,
    /// Its short name.
    pub label: String,
    /// The legal order that it belongs to.
    pub system: String,
    /// The family of norms that it belongs to.
    pub family: String,
    /// Whether it was verified from memory only.
    pub memory: bool,
    /// One mark a column, over all groups in their order; those that are missing are silent.
    pub marks: Vec<Mark>,
    /// One answer a group: whether its list is open; those that are missing are no.
    pub open: Vec<bool>,
    /// Where the definition stands.
    pub href: Option<String>,
}

/// How the definitions are arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// As the model gives them.
    #[default]
    AsGiven,
    /// By legal order, in the order in which these first appear.
    BySystem,
    /// Those that name the same facts side by side.
    ByLikeness,
}

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DefinitionMatrix {
    /// Id, title and last line.
    pub heading: Heading,
    /// The facts.
    pub groups: Vec<Group>,
    /// The definitions.
    pub rows: Vec<Row>,
    /// Their order on paper.
    pub order: Order,
}

/// A fact with its place among all columns, and how many definitions name it.
#[derive(Clone)]
struct Fact<'a> {
    at: usize,
    column: &'a Column,
    n_named: usize,
}

/// A group as it is drawn.
struct Part<'a> {
    group: usize,
    label: &'a str,
    facts: Vec<Fact<'a>>,
    /// Facts that are summed.
    rest: Vec<Fact<'a>>,
    open: bool,
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &DefinitionMatrix, view: View) -> Figure {
    let model = &cleaned(model);
    let id = model.heading.id_or(ID);
    let rows = arranged(model);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model));
    let mut sheet = Sheet::new(&id, &title, view);
    let direct = rows.len() <= if sheet.narrow() { 4 } else { 7 };
    let (parts, fold) = parts(model, &rows, if direct { f64::INFINITY } else { ROOM });
    if !parts.is_empty() && direct {
        facts_by_definition(&mut sheet, &rows, &parts);
    } else if !parts.is_empty() {
        definitions_by_fact(&mut sheet, model, &rows, &parts);
        key(&mut sheet, &parts, fold);
    }
    legend(&mut sheet, model, &rows, &parts);
    sheet.paragraph(&notes(model, &rows), "soft");
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    let description = description(model, &rows);
    sheet.finish(&title, description, table(model, &id, &title))
}

/// Returns the model with names for what has none, and a mark for every column.
fn cleaned(model: &DefinitionMatrix) -> DefinitionMatrix {
    let mut model = model.clone();
    for column in model.groups.iter_mut().flat_map(|group| &mut group.columns) {
        column.label = name_or_id(&column.label, &column.id);
    }
    let (n_columns, n_groups) = (n_columns(&model), model.groups.len());
    for row in &mut model.rows {
        row.label = name_or_id(&row.label, &row.id);
        row.marks.resize(n_columns, Mark::Silent);
        row.open.resize(n_groups, false);
    }
    model
}

fn n_columns(model: &DefinitionMatrix) -> usize {
    model.groups.iter().map(|group| group.columns.len()).sum()
}

/// Returns the definitions that are drawn, in their order on paper.
fn arranged(model: &DefinitionMatrix) -> Vec<&Row> {
    let mut rows: Vec<&Row> = model.rows.iter().take(SHOWN).collect();
    match model.order {
        Order::AsGiven => rows,
        Order::BySystem => {
            let first = |row: &Row| model.rows.iter().position(|other| other.system == row.system);
            rows.sort_by_key(|row| first(row));
            rows
        }
        Order::ByLikeness => {
            let held: Vec<Vec<bool>> = rows.iter().map(|row| held(row)).collect();
            // Every row has as many marks as there are columns, so neither step can refuse.
            let order = jaccard_dissimilarity(&held).and_then(|d| seriation(&d)).unwrap_or_default();
            if order.len() == rows.len() { order.into_iter().map(|at| rows[at]).collect() } else { rows }
        }
    }
}

/// Returns what a definition names, for comparison: what it excludes is something else than what it lists.
fn held(row: &Row) -> Vec<bool> {
    let marks =
        row.marks.iter().flat_map(|mark| [!matches!(mark, Mark::Silent | Mark::Excluded), *mark == Mark::Excluded]);
    marks.chain(row.open.iter().copied()).collect()
}

fn names(row: &Row, at: usize) -> bool {
    row.marks[at] != Mark::Silent
}

/// Returns the groups with the facts that some definition names, and the number of definitions up to which facts are summed.
fn parts<'a>(model: &'a DefinitionMatrix, rows: &[&Row], room: f64) -> (Vec<Part<'a>>, usize) {
    let mut at = 0;
    let mut all: Vec<Part> = Vec::new();
    for (index, group) in model.groups.iter().enumerate() {
        let facts = group.columns.iter().enumerate().map(|(n, column)| Fact {
            at: at + n,
            column,
            n_named: rows.iter().filter(|row| names(row, at + n)).count(),
        });
        let facts = facts.filter(|fact| fact.n_named > 0).collect();
        let open = rows.iter().any(|row| row.open[index]);
        all.push(Part { group: index, label: &group.label, facts, rest: Vec::new(), open });
        at += group.columns.len();
    }
    all.retain(|part| part.open || !part.facts.is_empty());
    let mut fold = 0;
    while fold < rows.len() && all.iter().map(least_width).sum::<f64>() > room {
        fold += 1;
        all.iter_mut().for_each(|part| sum_rare(part, fold));
    }
    (all, fold)
}

/// Sums the facts that at most `fold` definitions name; a rest of a single fact is shown instead.
fn sum_rare(part: &mut Part, fold: usize) {
    let mut every: Vec<Fact> = part.facts.drain(..).chain(part.rest.drain(..)).collect();
    every.sort_by_key(|fact| fact.at);
    let (rest, facts): (Vec<Fact>, Vec<Fact>) = every.into_iter().partition(|fact| fact.n_named <= fold);
    (part.facts, part.rest) =
        if rest.len() == 1 { (facts.into_iter().chain(rest).collect(), Vec::new()) } else { (facts, rest) };
    part.facts.sort_by_key(|fact| fact.at);
}

/// Returns the room that a group needs on a wide sheet.
fn least_width(part: &Part) -> f64 {
    let (columns, wider) = (whole(part.facts.len()) * COLUMN, COLUMN * 1.6);
    let ends = whole(usize::from(!part.rest.is_empty()) + usize::from(part.open));
    columns + ends * wider + GAP
}

/// Returns a name with the sign of memory behind it.
pub(crate) fn with_memory(label: &str, memory: bool) -> String {
    if memory { format!("{label}\u{a0}{FROM_MEMORY}") } else { label.to_owned() }
}

// ---- few definitions: a row for each fact

/// Draws facts as rows and definitions as columns.
fn facts_by_definition(sheet: &mut Sheet, rows: &[&Row], parts: &[Part]) {
    let words = if sheet.narrow() { 128.0 } else { 210.0 };
    let column = ((sheet.inner() - words) / whole(rows.len().max(1))).min(if sheet.narrow() { 100.0 } else { 110.0 });
    let x = |index: usize| MARGIN + words + (whole(index) + 0.5) * column;
    definition_names(sheet, rows, column, x);
    let mut even = false;
    for part in parts {
        let heading = Block::new(part.label, sheet.base(), Cut::Semibold, sheet.inner(), 2);
        sheet.svg.block(&heading, Anchor::Start, MARGIN, sheet.y + 5.0, "ink");
        sheet.y += heading.height + 8.0;
        sheet.line((MARGIN, sheet.y), (x(rows.len()) - column / 2.0, sheet.y), "faint", 0.7, None);
        for fact in &part.facts {
            let marks = rows.iter().enumerate().map(|(n, row)| (x(n), Sign::Mark(row.marks[fact.at])));
            even = !even;
            fact_row(sheet, &fact.column.label, words, even, marks, x(rows.len()) - column / 2.0);
        }
        if part.open {
            let marks = rows
                .iter()
                .enumerate()
                .map(|(n, row)| (x(n), if row.open[part.group] { Sign::Open } else { Sign::Mark(Mark::Silent) }));
            even = !even;
            fact_row(sheet, "open list", words, even, marks, x(rows.len()) - column / 2.0);
        }
    }
    sheet.y += 8.0;
}

/// Writes the names of the definitions over their columns, standing on one line.
fn definition_names(sheet: &mut Sheet, rows: &[&Row], column: f64, x: impl Fn(usize) -> f64) {
    let small = sheet.small();
    let blocks: Vec<(Block, Block)> = rows
        .iter()
        .map(|row| {
            let cut = if row.memory { Cut::Italic } else { Cut::Regular };
            (
                Block::new(&with_memory(&row.label, row.memory), sheet.base(), cut, column - 8.0, 5),
                Block::new(&row.system, small, Cut::Regular, column - 8.0, 2),
            )
        })
        .collect();
    let tall = blocks.iter().map(|(name, system)| name.height + system.height + 2.0).fold(0.0, f64::max);
    for (index, (row, (name, system))) in rows.iter().zip(&blocks).enumerate() {
        sheet.svg.open_item(row.href.as_deref(), &hover(row));
        let top = sheet.y + tall - name.height - system.height - 2.0;
        sheet.svg.block(name, Anchor::Middle, x(index), top, "ink");
        sheet.svg.block(system, Anchor::Middle, x(index), top + name.height + 2.0, "soft");
        sheet.svg.close();
    }
    sheet.y += tall + 2.0;
}

fn fact_row(
    sheet: &mut Sheet,
    label: &str,
    words: f64,
    even: bool,
    marks: impl Iterator<Item = (f64, Sign)>,
    right: f64,
) {
    let block = Block::new(label, sheet.base(), Cut::Regular, words - 14.0, 3);
    let tall = block.height + 4.0;
    if even {
        band(sheet, Rect::new(MARGIN, sheet.y, right - MARGIN, tall));
    }
    sheet.svg.block(&block, Anchor::Start, MARGIN + 5.0, sheet.y + 2.0, "ink");
    let small = sheet.small();
    for (x, sign) in marks {
        draw_sign(&mut sheet.svg, sign, (x, sheet.y + tall / 2.0), RADIUS + 0.6, small);
    }
    sheet.y += tall;
}

fn band(sheet: &mut Sheet, area: Rect) {
    shape(&mut sheet.svg, area, None, Paint { fill: "band", stroke: "none", width: 0.0, dashed: false }, false);
}

// ---- many definitions: numbered columns

/// A column on paper: its head, and where it stands.
struct Slot<'a> {
    head: String,
    content: Content<'a>,
    w: f64,
}

enum Content<'a> {
    Fact(&'a Fact<'a>),
    Rest(&'a [Fact<'a>]),
    Open(usize),
}

impl Slot<'_> {
    fn sign(&self, row: &Row) -> Sign {
        match &self.content {
            Content::Fact(fact) => Sign::Mark(row.marks[fact.at]),
            Content::Rest(facts) => Sign::Count(facts.iter().filter(|fact| names(row, fact.at)).count()),
            Content::Open(group) => {
                if row.open[*group] {
                    Sign::Open
                } else {
                    Sign::Mark(Mark::Silent)
                }
            }
        }
    }
}

/// A group, or a stretch of one, beside others on one strip of the matrix.
struct Stretch<'a> {
    label: String,
    slots: Vec<Slot<'a>>,
}

impl Stretch<'_> {
    fn width(&self, column: f64) -> f64 {
        self.slots.iter().map(|slot| slot.w.max(column)).sum::<f64>().max(self.least_width())
    }

    /// A heading keeps its words whole, within reason.
    fn least_width(&self) -> f64 {
        self.label.split_whitespace().map(|word| width(word, 10.5, Cut::Semibold)).fold(0.0, f64::max).min(76.0)
    }
}

/// How the names of the definitions are set.
#[derive(Clone, Copy)]
struct Names {
    width: f64,
    /// Width of a column for the legal order, where it has one.
    tag: f64,
    /// Whether the legal order stands behind the name.
    joined: bool,
    size: f64,
}

impl Names {
    /// Returns how names are set beside columns that need this room at least.
    fn new(sheet: &Sheet, model: &DefinitionMatrix, rows: &[&Row], columns: f64) -> Self {
        let headed = model.order == Order::BySystem;
        let size = if rows.len() > 24 { sheet.small() } else { sheet.base() };
        let widest = |words: &mut dyn Iterator<Item = f64>| words.fold(0.0, f64::max);
        // On a narrow sheet a column for the legal order alone would be lost room.
        let tag = if headed || sheet.narrow() {
            0.0
        } else {
            widest(&mut rows.iter().map(|row| width(&row.system, sheet.small(), Cut::Regular))).min(54.0) + 8.0
        };
        let names = Self { width: 0.0, tag, joined: !headed && sheet.narrow(), size };
        let natural = widest(&mut rows.iter().map(|row| width(&names.words(row), size, Cut::Italic))) + 8.0;
        let (least, most) = if sheet.narrow() { (122.0, 122.0) } else { (118.0, 235.0) };
        Self { width: natural.min(most).min((sheet.inner() - tag - columns).max(least)), ..names }
    }

    fn words(self, row: &Row) -> String {
        let name = with_memory(&row.label, row.memory);
        if self.joined && !row.system.is_empty() { format!("{name} ({})", row.system) } else { name }
    }
}

fn definitions_by_fact(sheet: &mut Sheet, model: &DefinitionMatrix, rows: &[&Row], parts: &[Part]) {
    let least = if sheet.narrow() { 12.0 } else { COLUMN };
    let stretches: Vec<Stretch> = stretches(sheet, parts, least);
    let taken = |strip: &[Stretch], column: f64| strip.iter().map(|s| s.width(column) + GAP).sum::<f64>();
    let names = Names::new(sheet, model, rows, taken(&stretches, least));
    let room = sheet.inner() - names.width - names.tag;
    for (index, strip) in strips(stretches, room, least).iter().enumerate() {
        if index > 0 {
            sheet.y += 14.0;
        }
        let n: f64 = strip.iter().map(|s| whole(s.slots.len())).sum();
        // Wider than needed is harder to follow than narrow.
        let spread = (least + ((room - taken(strip, least)) / n.max(1.0)).max(0.0)).min(17.0);
        let column = if taken(strip, spread) > room + 0.1 { least } else { spread };
        draw_strip(sheet, model, rows, &Grid { strip, column, names });
    }
    sheet.y += 6.0;
}

/// Returns every group with its numbered columns.
fn stretches<'a>(sheet: &Sheet, parts: &'a [Part<'a>], least: f64) -> Vec<Stretch<'a>> {
    let mut number = 0;
    parts
        .iter()
        .map(|part| {
            let mut slots: Vec<Slot> = part
                .facts
                .iter()
                .map(|fact| {
                    number += 1;
                    Slot { head: number.to_string(), content: Content::Fact(fact), w: least }
                })
                .collect();
            if !part.rest.is_empty() {
                let head = format!("+{}", part.rest.len());
                let w = width(&head, sheet.small(), Cut::Regular) + 3.0;
                slots.push(Slot { head, content: Content::Rest(&part.rest), w });
            }
            if part.open {
                slots.push(Slot { head: String::new(), content: Content::Open(part.group), w: least + 3.0 });
            }
            Stretch { label: part.label.to_owned(), slots }
        })
        .collect()
}

/// Lays the groups on as few strips as hold them; a group wider than a strip is cut.
fn strips(stretches: Vec<Stretch>, room: f64, column: f64) -> Vec<Vec<Stretch>> {
    let mut strips: Vec<Vec<Stretch>> = Vec::new();
    let mut used = f64::INFINITY;
    for stretch in stretches.into_iter().flat_map(|stretch| cut(stretch, room - GAP, column)) {
        let w = stretch.width(column) + GAP;
        match strips.last_mut() {
            Some(strip) if used + w <= room + 0.1 => {
                strip.push(stretch);
                used += w;
            }
            _ => {
                strips.push(vec![stretch]);
                used = w;
            }
        }
    }
    strips
}

/// Cuts a group that is wider than a strip into even stretches.
fn cut(stretch: Stretch, room: f64, column: f64) -> Vec<Stretch> {
    let all = stretch.width(column);
    if all <= room {
        return vec![stretch];
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a handful of stretches")]
    let n = libm::ceil(all / (room - column)).max(1.0) as usize;
    let each = stretch.slots.len().div_ceil(n).max(1);
    let mut cut: Vec<Stretch> = Vec::new();
    for (index, slot) in stretch.slots.into_iter().enumerate() {
        if index % each == 0 {
            let label = if index == 0 { stretch.label.clone() } else { format!("{}, continued", stretch.label) };
            cut.push(Stretch { label, slots: Vec::new() });
        }
        if let Some(last) = cut.last_mut() {
            last.slots.push(slot);
        }
    }
    cut
}

/// One strip of the matrix with its measures.
struct Grid<'a> {
    strip: &'a [Stretch<'a>],
    column: f64,
    names: Names,
}

impl Grid<'_> {
    /// Returns the left edge of every group.
    fn lefts(&self) -> Vec<f64> {
        let mut x = MARGIN + self.names.width + self.names.tag;
        self.strip
            .iter()
            .map(|stretch| {
                let left = x;
                x += stretch.width(self.column) + GAP;
                left
            })
            .collect()
    }

    /// Returns every column with its middle.
    fn slots(&self) -> Vec<(f64, &Slot<'_>)> {
        let mut all = Vec::new();
        for (mut x, stretch) in self.lefts().into_iter().zip(self.strip) {
            for slot in &stretch.slots {
                let w = slot.w.max(self.column);
                all.push((x + w / 2.0, slot));
                x += w;
            }
        }
        all
    }

    fn right(&self) -> f64 {
        let last = self.strip.last().map_or(0.0, |stretch| stretch.width(self.column));
        self.lefts().last().copied().unwrap_or(MARGIN) + last
    }
}

fn draw_strip(sheet: &mut Sheet, model: &DefinitionMatrix, rows: &[&Row], grid: &Grid) {
    let headings: Vec<Block> = grid
        .strip
        .iter()
        .map(|s| {
            Block::new(&s.label, sheet.base().min(11.0), Cut::Semibold, s.width(grid.column).max(24.0) + GAP * 0.6, 3)
        })
        .collect();
    let tall = headings.iter().map(|block| block.height).fold(0.0, f64::max);
    for (left, block) in grid.lefts().into_iter().zip(&headings) {
        sheet.svg.block(block, Anchor::Start, left + 1.0, sheet.y + tall - block.height, "ink");
    }
    sheet.y += tall + 3.0;
    heads(sheet, grid);
    let (top, mark) = (sheet.y, sheet.svg.mark());
    let mut system = None;
    for (index, row) in rows.iter().enumerate() {
        if model.order == Order::BySystem && system != Some(&row.system) {
            system = Some(&row.system);
            let block = Block::new(&row.system, sheet.small(), Cut::Semibold, sheet.inner(), 1);
            sheet.svg.block(&block, Anchor::Start, MARGIN, sheet.y + 4.0, "ink");
            sheet.y += block.height + 6.0;
        }
        definition_row(sheet, row, grid, index.is_multiple_of(2));
    }
    let bottom = sheet.y;
    let (bands, rest) = sheet.svg.take_from(mark);
    sheet.svg.raw(&bands);
    for (x, _) in grid.slots() {
        sheet.line((x, top), (x, bottom), "hair", 0.6, None);
    }
    sheet.svg.raw(&rest);
    sheet.y += 2.0;
    // A long way down, nobody remembers the numbers above.
    if rows.len() > 14 {
        heads(sheet, grid);
    }
}

fn heads(sheet: &mut Sheet, grid: &Grid) {
    for (x, slot) in grid.slots() {
        let block = Block::new(&slot.head, sheet.small(), Cut::Regular, 40.0, 1);
        sheet.svg.block(&block, Anchor::Middle, x, sheet.y, "soft");
    }
    sheet.y += line_height(sheet.small()) + 2.0;
}

fn definition_row(sheet: &mut Sheet, row: &Row, grid: &Grid, even: bool) {
    let small = sheet.small();
    let cut = if row.memory { Cut::Italic } else { Cut::Regular };
    let block = Block::new(&grid.names.words(row), grid.names.size, cut, grid.names.width - 8.0, 3);
    let tall = (block.height + 3.0).max(RADIUS * 2.0 + 4.0);
    if even {
        sheet.svg.background(Rect::new(MARGIN, sheet.y, grid.right() - MARGIN, tall), "band");
    }
    sheet.svg.open_item(row.href.as_deref(), &hover(row));
    sheet.svg.block(&block, Anchor::Start, MARGIN + 3.0, sheet.y + (tall - block.height) / 2.0, "ink");
    if grid.names.tag > 0.0 {
        let tag = Block::new(&row.system, small, Cut::Regular, grid.names.tag - 6.0, 1);
        sheet.svg.block(&tag, Anchor::Start, MARGIN + grid.names.width, sheet.y + (tall - tag.height) / 2.0, "soft");
    }
    for (x, slot) in grid.slots() {
        draw_sign(&mut sheet.svg, slot.sign(row), (x, sheet.y + tall / 2.0), RADIUS, small);
    }
    sheet.svg.close();
    sheet.y += tall;
}

/// One line of the key; a heading has no number.
struct KeyLine {
    number: String,
    words: Block,
}

/// Writes what the numbers stand for, in even columns.
fn key(sheet: &mut Sheet, parts: &[Part], fold: usize) {
    let n_columns = if sheet.narrow() { 2 } else { 4 };
    let column = sheet.inner() / whole(n_columns);
    let lines = key_lines(sheet, parts, fold, column - 34.0);
    let all: f64 = lines.iter().map(|line| line.words.height + 2.0).sum();
    // The least height at which the columns hold all lines.
    let mut tall = all / whole(n_columns);
    while columns_needed(&lines, tall) > n_columns {
        tall += 4.0;
    }
    let (top, mut x, mut y) = (sheet.y + 2.0, MARGIN, 0.0);
    let mut bottom = top;
    for (index, line) in lines.iter().enumerate() {
        if breaks(&lines, index, y, tall) {
            (x, y) = (x + column, 0.0);
        }
        let heading = line.number.is_empty();
        if !heading {
            let number = Block::new(&line.number, line.words.size, Cut::Regular, 40.0, 1);
            sheet.svg.block(&number, Anchor::End, x + 20.0, top + y, "soft");
        }
        sheet.svg.block(&line.words, Anchor::Start, if heading { x } else { x + 26.0 }, top + y, "ink");
        y += line.words.height + 2.0;
        bottom = bottom.max(top + y);
    }
    sheet.y = bottom + 8.0;
}

fn key_lines(sheet: &Sheet, parts: &[Part], fold: usize, limit: f64) -> Vec<KeyLine> {
    let small = sheet.small();
    let mut number = 0;
    let mut lines = Vec::new();
    for part in parts {
        lines.push(KeyLine {
            number: String::new(),
            words: Block::new(part.label, small, Cut::Semibold, limit + 20.0, 2),
        });
        for fact in &part.facts {
            number += 1;
            let words = format!("{} ({})", fact.column.label, fact.n_named);
            lines
                .push(KeyLine { number: number.to_string(), words: Block::new(&words, small, Cut::Regular, limit, 3) });
        }
        if !part.rest.is_empty() {
            let words = format!("others: {}, each named by at most {fold}", count(part.rest.len(), "fact", "facts"));
            lines.push(KeyLine {
                number: format!("+{}", part.rest.len()),
                words: Block::new(&words, small, Cut::Italic, limit, 3),
            });
        }
    }
    lines
}

/// Returns whether a line begins a new column: it does not fit, or it is a heading that would stand alone at the foot.
fn breaks(lines: &[KeyLine], index: usize, y: f64, tall: f64) -> bool {
    let own = lines[index].words.height + 2.0;
    let with_next = if lines[index].number.is_empty() {
        lines.get(index + 1).map_or(0.0, |next| next.words.height + 2.0)
    } else {
        0.0
    };
    y > 0.0 && y + own + with_next > tall + 0.5
}

fn columns_needed(lines: &[KeyLine], tall: f64) -> usize {
    let (mut n, mut y) = (1, 0.0);
    for (index, line) in lines.iter().enumerate() {
        if breaks(lines, index, y, tall) {
            (n, y) = (n + 1, 0.0);
        }
        y += line.words.height + 2.0;
    }
    n
}

// ---- words

fn legend(sheet: &mut Sheet, model: &DefinitionMatrix, rows: &[&Row], parts: &[Part]) {
    if parts.is_empty() {
        return;
    }
    let used: BTreeSet<Mark> = rows.iter().flat_map(|row| row.marks.iter().copied()).collect();
    let mut entries = Vec::new();
    for (mark, words) in [
        (Mark::Listed, "listed: one of its group is enough"),
        (Mark::Required, "required by itself"),
        (Mark::AdultsOnly, "for adults only, not required of a child"),
        (Mark::Excluded, "excluded: rules the definition out"),
    ] {
        if used.contains(&mark) {
            entries.push(Entry::new(Glyph::Sign(Sign::Mark(mark)), words));
        }
    }
    if model.groups.iter().enumerate().any(|(group, _)| rows.iter().any(|row| row.open[group])) {
        entries.push(Entry::new(Glyph::Sign(Sign::Open), "open list: others may be added to those named"));
    }
    entries.push(Entry::new(Glyph::Sign(Sign::Mark(Mark::Silent)), "blank: not named"));
    sheet.legend(&entries);
}

fn notes(model: &DefinitionMatrix, rows: &[&Row]) -> String {
    let mut words = Vec::new();
    let memory = rows.iter().filter(|row| row.memory).count();
    if memory > 0 {
        words.push(format!(
            "{FROM_MEMORY} Verified from memory only ({memory} of {}): check the text before you rely on it.",
            rows.len()
        ));
    }
    if rows.len() > 7 {
        words.push("In brackets: how many of these definitions name the fact.".to_owned());
    }
    let unnamed = (0..n_columns(model)).filter(|&at| !rows.iter().any(|row| names(row, at))).count();
    if unnamed > 0 && !rows.is_empty() {
        words.push(format!("Named by none of them, and not drawn: {}.", count(unnamed, "fact", "facts")));
    }
    if model.rows.len() > rows.len() {
        words.push(format!(
            "Not drawn for lack of room, but in the data: {}.",
            count(model.rows.len() - rows.len(), "definition", "definitions")
        ));
    }
    if model.order == Order::ByLikeness && rows.len() > 2 {
        words.push("Definitions that name the same facts stand side by side.".to_owned());
    }
    words.join(" ")
}

/// Returns every fact with its place and the number of definitions that name it, most named first.
fn ranking(model: &DefinitionMatrix) -> Vec<(&Column, usize)> {
    let columns = model.groups.iter().flat_map(|group| &group.columns);
    let mut all: Vec<(&Column, usize)> = columns
        .enumerate()
        .map(|(at, column)| (column, model.rows.iter().filter(|row| names(row, at)).count()))
        .collect();
    all.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    all
}

fn title(model: &DefinitionMatrix) -> String {
    let n = model.rows.len();
    let ranking = ranking(model);
    let Some(&(top, most)) = ranking.first().filter(|(_, most)| *most > 0) else {
        return if n == 0 {
            "No definition to compare".to_owned()
        } else {
            format!("{} of which none names a fact", count(n, "definition", "definitions"))
        };
    };
    if n == 1 {
        return format!(
            "{} names {}",
            model.rows[0].label,
            count(ranking.iter().filter(|(_, n)| *n > 0).count(), "fact", "facts")
        );
    }
    let distinct = model.rows.iter().map(|row| (&row.marks, &row.open)).collect::<BTreeSet<_>>().len();
    let alike = match distinct {
        1 => "all ask for the same".to_owned(),
        d if d == n => "no two ask for the same".to_owned(),
        d => format!("they ask for {d} different things"),
    };
    let common = ranking.iter().filter(|(_, k)| *k == n).count();
    let shared = match common {
        0 => format!("no fact is named by all, {} by most ({most})", top.label),
        1 => format!("only {} is named by all", top.label),
        k => format!("{} are named by all", count(k, "fact", "facts")),
    };
    format!("{}: {alike}; {shared}", count(n, "definition", "definitions"))
}

/// Returns what a definition names, group by group.
fn profile(model: &DefinitionMatrix, row: &Row) -> String {
    let mut at = 0;
    let mut words = Vec::new();
    for (index, group) in model.groups.iter().enumerate() {
        let marks = &row.marks[at..at + group.columns.len()];
        at += group.columns.len();
        let n = |mark: Mark| marks.iter().filter(|m| **m == mark).count();
        let mut said: Vec<String> = [Mark::Listed, Mark::Required, Mark::AdultsOnly, Mark::Excluded]
            .into_iter()
            .filter(|&mark| n(mark) > 0)
            .map(|mark| format!("{} {}", n(mark), mark.word()))
            .collect();
        if row.open[index] {
            said.push("open list".to_owned());
        }
        if !said.is_empty() {
            words.push(format!("{} {}", group.label, said.join(", ")));
        }
    }
    if words.is_empty() { "names nothing here".to_owned() } else { words.join("; ") }
}

fn hover(row: &Row) -> String {
    let memory = if row.memory { "; verified from memory only" } else { "" };
    let n = row.marks.iter().filter(|mark| **mark != Mark::Silent).count();
    format!("{} ({}): names {}{memory}", row.label, row.system, count(n, "fact", "facts"))
}

fn description(model: &DefinitionMatrix, rows: &[&Row]) -> String {
    let facts = n_columns(model);
    let mut words = format!(
        "A matrix of {} and {} in {}. ",
        count(model.rows.len(), "definition", "definitions"),
        count(facts, "fact", "facts"),
        count(model.groups.len(), "group", "groups")
    );
    for row in rows {
        words += &format!("{} ({}): {}. ", row.label, row.system, profile(model, row));
    }
    let top: Vec<String> = ranking(model)
        .into_iter()
        .take(5)
        .filter(|(_, n)| *n > 0)
        .map(|(column, n)| format!("{} {n}", column.label))
        .collect();
    words
        + &if top.is_empty() {
            "No fact is named.".to_owned()
        } else {
            format!("Named most often: {}.", top.join(", "))
        }
}

/// Returns an id as the name of a column that no other column has.
fn column_name(id: &str, taken: &mut BTreeSet<String>) -> String {
    let plain: String = id.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let plain = if plain.trim_matches('_').is_empty() { "fact".to_owned() } else { plain };
    let mut name = plain.clone();
    let mut n = 2;
    while !taken.insert(name.clone()) {
        name = format!("{plain}_{n}");
        n += 1;
    }
    name
}

/// The matrix itself: a row a definition, a column a fact, in the order of the figure, with what is not drawn at the end.
fn table(model: &DefinitionMatrix, id: &str, title: &str) -> Table {
    let mut columns: Vec<String> = ["id", "definition", "system", "family", "from_memory"].map(str::to_owned).to_vec();
    let mut taken: BTreeSet<String> = columns.iter().cloned().collect();
    for group in &model.groups {
        columns.extend(group.columns.iter().map(|column| column_name(&column.id, &mut taken)));
        columns.push(column_name(&format!("{}_open", group.label), &mut taken));
    }
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut table = Table::new(id, title, &columns);
    for row in arranged(model).into_iter().chain(model.rows.iter().skip(SHOWN)) {
        let mut cells = vec![
            Cell::text(&row.id),
            Cell::text(&row.label),
            Cell::text(&row.system),
            Cell::text(&row.family),
            Cell::text(yes(row.memory)),
        ];
        let mut at = 0;
        for (index, group) in model.groups.iter().enumerate() {
            cells.extend(row.marks[at..at + group.columns.len()].iter().map(|mark| Cell::text(mark.word())));
            cells.push(Cell::text(yes(row.open[index])));
            at += group.columns.len();
        }
        table.push(cells);
    }
    table.notes.push("A blank cell: the definition does not name the fact.".to_owned());
    table
}
