//! The single-value model: one value between the problems it answers and the behaviours it suggests.
//!
//! After the first of the two models in Narminio (2020), section 4.3, which follows Winston (2018), pp. 650–651. The
//! value is a spine; problems stand left and behaviours right in order of weight. Links carry the weight, not the
//! boxes, so that a short label does not look light.

use crate::metrics::{Block, Cut};
use crate::palette::tints;
use crate::ranked::{COLUMNS, Ranked, hover, makers, others_row, ranked, row};
use crate::scale::{LINE, Steps, count, percent, sane, share};
use crate::shape::{Paint, shape};
use crate::sheet::{Entry, Filled, Glyph, MARGIN, Part, Sheet, ellipse_round};
use crate::svg::{Anchor, Rect};
use crate::{Figure, Heading, Node, Others, Role, View, named};
use nomoscope_core::table::Table;

/// File stem and anchor.
pub const ID: &str = "single-value";
/// How many concepts a column shows before it sums the rest.
const SHOWN: usize = 14;

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SingleValueModel {
    /// Id, title and last line.
    pub heading: Heading,
    /// The one value.
    pub value: Node,
    /// Problems, in any order.
    pub problems: Vec<Node>,
    /// Behaviours, in any order.
    pub behaviours: Vec<Node>,
    /// Problems that the caller left out.
    pub other_problems: Others,
    /// Behaviours that the caller left out.
    pub other_behaviours: Others,
    /// Whether sources are known by their actor, so that makers of statements are actors.
    pub by_actor: bool,
    /// Whether a statement of the value may lead: three make it in sentences of their own.
    pub leads: bool,
    /// Sources behind the statements.
    pub n_sources: u64,
    /// Statements.
    pub n_statements: u64,
}

/// A row of a column: a concept, or the sum of the rest.
struct Line<'a> {
    node: Option<&'a Node>,
    label: Block,
    number: Block,
    weight: f64,
    height: f64,
}

/// A column with its place on the sheet.
struct Column<'a> {
    role: Role,
    lines: Vec<Line<'a>>,
    total: f64,
    x: f64,
    width: f64,
    height: f64,
}

const GAP: f64 = 7.0;

/// Returns the figure.
#[must_use]
pub fn draw(model: &SingleValueModel, view: View) -> Figure {
    let model = &SingleValueModel {
        value: model.value.clone().named(),
        problems: named(&model.problems),
        behaviours: named(&model.behaviours),
        ..model.clone()
    };
    let id = model.heading.id_or(ID);
    let problems = ranked(&model.problems, model.other_problems, SHOWN);
    let behaviours = ranked(&model.behaviours, model.other_behaviours, SHOWN);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model, &problems, &behaviours));
    let mut sheet = Sheet::new(&id, &title, view);
    // A formula is read as what is said: one that hardly anybody says stands nowhere in large letters.
    if model.leads {
        sheet.formula(&[
            part(&problems),
            Part { label: Some(model.value.label.clone()).filter(|l| !l.is_empty()), others: 0 },
            part(&behaviours),
        ]);
    }
    let width = if sheet.narrow() { 131.0 } else { 214.0 };
    let left = column(&sheet, Role::Problem, &problems, MARGIN, width);
    let right = column(&sheet, Role::Behaviour, &behaviours, sheet.width() - MARGIN - width, width);
    let steps = Steps::up_to(left.heaviest().max(right.heaviest()));
    body(&mut sheet, model, &left, &right, steps);
    legend(&mut sheet, model, steps);
    sheet.paragraph(&notes(model), "soft");
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    let description = description(model, &problems, &behaviours);
    let table = table(model, &id, &title, &problems, &behaviours);
    sheet.finish(&title, description, table)
}

fn title(model: &SingleValueModel, problems: &Ranked, behaviours: &Ranked) -> String {
    if model.value.label.is_empty() && problems.n + behaviours.n == 0 {
        return "No value with its problems and behaviours was found".to_owned();
    }
    let value = if model.value.label.is_empty() { "no value named" } else { &model.value.label };
    let joined =
        format!("{} to {}", count(problems.n, "problem", "problems"), count(behaviours.n, "behaviour", "behaviours"));
    let makers = makers(model.by_actor);
    if model.leads {
        format!("One value, {value}, joins {joined}")
    } else if model.value.certain {
        format!("One value, {value}, joins {joined}; none of these statements is made by three {makers}")
    } else {
        format!("No value is stated by three {makers}; the one stated most, {value}, joins {joined}")
    }
}

fn part(column: &Ranked) -> Part {
    Part { label: column.shown.first().map(|node| node.label.clone()), others: column.n.saturating_sub(1) }
}

fn column<'a>(sheet: &Sheet, role: Role, ranked: &Ranked<'a>, x: f64, width: f64) -> Column<'a> {
    let mut lines: Vec<Line> = ranked
        .shown
        .iter()
        .map(|node| line(sheet, Some(node), &node.label, node.weight, ranked.total, width))
        .collect();
    if ranked.rest.n > 0 {
        let words = format!("others: {}", count(ranked.rest.n, "concept", "concepts"));
        lines.push(line(sheet, None, &words, ranked.rest.weight, ranked.total, width));
    }
    let height = lines.iter().map(|line| line.height + GAP).sum::<f64>() - GAP;
    Column { role, lines, total: ranked.total, x, width, height: height.max(0.0) }
}

fn line<'a>(sheet: &Sheet, node: Option<&'a Node>, words: &str, weight: f64, total: f64, width: f64) -> Line<'a> {
    let number = Block::new(&percent(share(sane(weight), total)), sheet.small(), Cut::Regular, 60.0, 1);
    let cut = if node.is_none() { Cut::Italic } else { Cut::Regular };
    let label = Block::new(words, sheet.base(), cut, width - number.width - 25.0, 4);
    let height = label.height + 9.0 + if node.is_some_and(|n| n.norm_label) { 4.0 } else { 0.0 };
    Line { node, label, number, weight: sane(weight), height }
}

impl Column<'_> {
    fn heaviest(&self) -> f64 {
        self.lines.iter().map(|line| share(line.weight, self.total)).fold(0.0, f64::max)
    }
}

fn body(sheet: &mut Sheet, model: &SingleValueModel, left: &Column, right: &Column, steps: Steps) {
    let middle = sheet.width() / 2.0;
    let value = value_block(sheet, model);
    let (value_w, value_h) = ellipse_round(&value, 16.0);
    let (value_w, value_h) = (value_w.max(if sheet.narrow() { 84.0 } else { 120.0 }), value_h.max(54.0));
    headings(sheet, left, right, middle);
    let top = sheet.y;
    let tall = left.height.max(right.height).max(value_h + 30.0);
    for column in [left, right] {
        rows(sheet, column, top + (tall - column.height) / 2.0, middle, steps);
    }
    let centre = top + tall / 2.0;
    sheet.line((middle, top - 4.0), (middle, top + tall + 4.0), "value", 4.5, None);
    sheet.svg.open_item(model.value.href.as_deref(), &hover(&model.value, model.value.weight));
    let paint = Paint { fill: "value-tint", stroke: "value", width: 2.0, dashed: !model.value.certain };
    shape(
        &mut sheet.svg,
        Rect::centred(middle, centre, value_w, value_h),
        Some(Role::Value),
        paint,
        model.value.norm_label,
    );
    sheet.svg.block(&value, Anchor::Middle, middle, centre - value.height / 2.0, "ink");
    sheet.svg.close();
    sheet.y = top + tall + 16.0;
}

fn value_block(sheet: &Sheet, model: &SingleValueModel) -> Block {
    let words = if model.value.label.is_empty() { "no value named" } else { &model.value.label };
    let (limit, size) = if sheet.narrow() { (78.0, 12.0) } else { (124.0, 14.0) };
    Block::new(words, size, Cut::Semibold, limit, 5)
}

fn headings(sheet: &mut Sheet, left: &Column, right: &Column, middle: f64) {
    let size = sheet.base();
    let (y, mut tall) = (sheet.y, 0.0_f64);
    let words = [
        ("Problems", Anchor::Start, left.x),
        ("Value", Anchor::Middle, middle),
        ("Behaviours", Anchor::End, right.x + right.width),
    ];
    for (word, anchor, x) in words {
        let block = Block::new(word, size, Cut::Semibold, 120.0, 1);
        tall = tall.max(sheet.svg.block(&block, anchor, x, y, "ink").h);
    }
    sheet.y += tall + 10.0;
}

fn rows(sheet: &mut Sheet, column: &Column, top: f64, middle: f64, steps: Steps) {
    let leftward = column.role == Role::Problem;
    let inner = if leftward { column.x + column.width } else { column.x };
    let mut y = top;
    for line in &column.lines {
        let centre = y + line.height / 2.0;
        let role = line.node.map(|_| column.role);
        let sure = line.node.is_none_or(|node| node.certain);
        let double = line.node.is_some_and(|node| node.norm_label);
        let [tint, mid, full] = tints(role);
        let step = steps.of(share(line.weight, column.total));
        if line.weight > 0.0 {
            sheet.line(
                (inner, centre),
                (middle, centre),
                if sure { mid } else { full },
                LINE[step],
                if sure { None } else { Some("5 3") },
            );
        }
        let href = line.node.and_then(|node| node.href.as_deref());
        let words = line.node.map_or_else(String::new, |node| hover(node, column.total));
        sheet.svg.open_item(href, &words);
        let area = Rect::new(column.x, y, column.width, line.height).grown(if double { -2.6 } else { 0.0 });
        let fill = if role.is_none() { "paper" } else { tint };
        shape(&mut sheet.svg, area, role, Paint { fill, stroke: full, width: 1.2, dashed: !sure }, double);
        let (outer, near) = if leftward { (Anchor::Start, Anchor::End) } else { (Anchor::End, Anchor::Start) };
        let (label_x, number_x) =
            if leftward { (column.x + 9.0, inner - 8.0) } else { (inner + column.width - 9.0, inner + 8.0) };
        sheet.svg.block(&line.label, outer, label_x, centre - line.label.height / 2.0, "ink");
        sheet.svg.block(&line.number, near, number_x, centre - line.number.height / 2.0, "soft");
        sheet.svg.close();
        y += line.height + GAP;
    }
}

fn legend(sheet: &mut Sheet, model: &SingleValueModel, steps: Steps) {
    let mut entries: Vec<Entry> = Vec::new();
    for (step, &width) in LINE.iter().enumerate().take(steps.used()) {
        let words = steps.words(step, "%");
        entries.push(Entry::new(
            Glyph::Line { width, dashed: false },
            if step == 0 { format!("share of the column’s weight: {words}") } else { words },
        ));
    }
    let all = || model.problems.iter().chain(&model.behaviours).chain([&model.value]);
    if all().any(|node| node.norm_label) {
        entries.push(Entry::new(
            Glyph::Shape { role: Some(Role::Problem), filled: Filled::Tint, dashed: false, double: true },
            "name of a norm",
        ));
    }
    if all().any(|node| !node.certain) {
        entries.push(Entry::new(
            Glyph::Shape { role: Some(Role::Problem), filled: Filled::Tint, dashed: true, double: false },
            format!("dashed: fewer than three {} say so in sentences of their own", makers(model.by_actor)),
        ));
    }
    sheet.legend(&entries);
}

fn notes(model: &SingleValueModel) -> String {
    let statements = crate::ranked::counted(model.n_statements, "statement", "statements");
    let sources = crate::ranked::counted(model.n_sources, "source", "sources");
    let formula = if model.leads { "; the sentence above the figure holds the heaviest of each part" } else { "" };
    format!("{statements} in {sources}. Shares are of the weight of each column{formula}.")
}

fn description(model: &SingleValueModel, problems: &Ranked, behaviours: &Ranked) -> String {
    format!(
        "The value in the middle is {}. Left, problems by share of weight: {}. Right, behaviours: {}. {}",
        quoted(&model.value.label),
        listed(problems),
        listed(behaviours),
        notes(model)
    )
}

fn quoted(label: &str) -> &str {
    if label.is_empty() { "not named" } else { label }
}

fn listed(column: &Ranked) -> String {
    let mut parts: Vec<String> = column
        .shown
        .iter()
        .map(|node| format!("{} {}", node.label, percent(share(sane(node.weight), column.total))))
        .collect();
    if column.rest.n > 0 {
        parts.push(format!(
            "others ({}) {}",
            count(column.rest.n, "concept", "concepts"),
            percent(share(column.rest.weight, column.total))
        ));
    }
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

fn table(model: &SingleValueModel, id: &str, title: &str, problems: &Ranked, behaviours: &Ranked) -> Table {
    let mut table = Table::new(id, title, &COLUMNS);
    table.push(row("value", &model.value, sane(model.value.weight)));
    for (part, nodes, others, column) in [
        ("problem", &model.problems, model.other_problems, problems),
        ("behaviour", &model.behaviours, model.other_behaviours, behaviours),
    ] {
        for node in ranked(nodes, Others::default(), nodes.len()).shown {
            table.push(row(part, node, column.total));
        }
        if others.n > 0 {
            table.push(others_row(part, others, column.total));
        }
    }
    table.notes.push("share: of the weight of all concepts with the same role in this figure".to_owned());
    table
}
