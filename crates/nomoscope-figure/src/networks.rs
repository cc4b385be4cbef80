//! The same network for each group or period on one layout, and for two groups the network of their differences.
//!
//! A concept stands in the same place in every panel, so that what comes and goes is the ties. Places and labels are those
//! of `network.rs`, found once for all ties together.

use crate::metrics::{Block, Cut};
use crate::network::{self, Concept, Network, Place, Placed, Spot, Tie};
use crate::ranked::yes;
use crate::scale::{Steps, capital, count, plain, sane};
use crate::sheet::{Entry, Glyph, MARGIN, Sheet};
use crate::svg::{Anchor, Rect};
use crate::{Figure, Heading, View, name_or_id};
use nomoscope_core::table::{Cell, Table};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// File stem and anchor.
pub const ID: &str = "networks-side-by-side";
/// File stem and anchor where the panels are periods.
pub const OVER_TIME: &str = "networks-over-time";
/// How many concepts are drawn.
const SHOWN: usize = 22;
/// How many where more than [`MANY`] periods are to find room on one page.
const SHOWN_OF_MANY: usize = 12;
/// Beyond so many periods panels have to be small.
const MANY: usize = 4;
/// Between two panels.
const GAP: f64 = 14.0;

/// What the panels are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Across {
    /// Groups of sources.
    #[default]
    Groups,
    /// Stretches of time, in their order.
    Periods,
}

impl Across {
    const fn id(self) -> &'static str {
        match self {
            Self::Groups => ID,
            Self::Periods => OVER_TIME,
        }
    }

    const fn one(self) -> &'static str {
        match self {
            Self::Groups => "group",
            Self::Periods => "period",
        }
    }
}

/// The network of one group or period.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Panel {
    /// The group or period.
    pub name: String,
    /// Its sources.
    pub sources: u64,
    /// Whether it is small.
    pub small: bool,
    /// Its backbone.
    pub ties: Vec<Tie>,
    /// The pairs that it certainly couples more than the other side, by the two indices of each.
    pub more: Vec<(usize, usize)>,
}

/// A certain difference between two groups.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Difference {
    /// Index of one concept.
    pub a: usize,
    /// Index of the other.
    pub b: usize,
    /// Whether the first group couples the pair more, otherwise the second.
    pub first_more: bool,
    /// How far the logarithm of the ratio surely lies from 0.
    pub least_ln_ratio: f64,
}

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Networks {
    /// Id, title and last line.
    pub heading: Heading,
    /// Whether the panels are groups or periods.
    pub across: Across,
    /// The concepts of all panels.
    pub nodes: Vec<Concept>,
    /// The groups or periods; those without a tie get no panel, and are named.
    pub panels: Vec<Panel>,
    /// Those for whose panels there is no room.
    pub undrawn: Vec<Panel>,
    /// For two groups: where they certainly differ.
    pub differences: Option<Vec<Difference>>,
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &Networks, view: View) -> Figure {
    let nodes = model.nodes.iter().map(|c| Concept { label: name_or_id(&c.label, &c.id), ..c.clone() }).collect();
    let model = &Networks { nodes, ..model.clone() };
    let id = model.heading.id_or(model.across.id());
    let title = model.heading.title.clone().unwrap_or_else(|| title(model));
    let mut sheet = Sheet::new(&id, &title, view);
    let (full, empty): (Vec<Panel>, Vec<Panel>) = model.panels.iter().cloned().partition(|p| !p.ties.is_empty());
    // Where nothing certainly differs there is nothing to draw: a sentence says so.
    let differences = model.differences.clone().filter(|list| !list.is_empty());
    let shown = &Networks { panels: full, differences, ..model.clone() };
    let (all, drawn) = union(shown);
    if drawn.is_empty() {
        let nothing = match model.across {
            Across::Groups => "No group couples any pair, and none differ for certain.",
            Across::Periods => "No period couples any pair.",
        };
        sheet.paragraph(nothing, "soft");
    } else {
        panels(&mut sheet, shown, &all, &drawn);
    }
    sheet.paragraph(&notes(shown, &empty, &drawn), "soft");
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    let description = description(model);
    sheet.finish(&title, description, table(model, &id, &title))
}

fn title(model: &Networks) -> String {
    let one = model.across.one();
    // What is not drawn is counted: a title that tells of all groups means all.
    let everyone: Vec<&Panel> = model.panels.iter().chain(&model.undrawn).collect();
    let mut pairs: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for pair in everyone.iter().flat_map(|p| p.ties.iter().map(ends).collect::<BTreeSet<_>>()) {
        *pairs.entry(pair).or_default() += 1;
    }
    let all = match everyone.len() {
        1 => format!("the one {one}"),
        2 => format!("both {one}s"),
        n => format!("all {n} {one}s"),
    };
    let among = |n: usize| if n == everyone.len() { all.clone() } else { format!("{n} of {} {one}s", everyone.len()) };
    let label = |i: usize| model.nodes.get(i).map_or("", |c| c.label.as_str());
    let mut coupling = everyone.iter().filter(|p| !p.ties.is_empty());
    match (pairs.len(), coupling.next(), coupling.next()) {
        (0, ..) | (_, None, _) => format!("No {one} couples any pair beyond chance"),
        (1, ..) => {
            let ((a, b), n) = pairs.iter().next().map_or(((0, 0), 0), |(pair, n)| (*pair, *n));
            format!("{} and {} are coupled in {}", capital(label(a)), label(b), among(n))
        }
        (n, Some(only), None) if everyone.len() > 1 => {
            format!("{} coupled in {}, none in any other {one}", count(n, "pair is", "pairs are"), only.name)
        }
        (n, ..) => {
            let everywhere = pairs.values().filter(|n| **n == everyone.len()).count();
            let everywhere = if everywhere == 0 { "none".to_owned() } else { everywhere.to_string() };
            format!("{} coupled in one {one} or another, {everywhere} in {all}", count(n, "pair is", "pairs are"))
        }
    }
}

fn ends(t: &Tie) -> (usize, usize) {
    (t.a.min(t.b), t.a.max(t.b))
}

/// Returns all ties of all panels and differences as one network, and the concepts that are drawn: those with most ties,
/// over time those nearest to the focus.
fn union(model: &Networks) -> (Vec<Tie>, Vec<usize>) {
    let n = model.nodes.len();
    let mut all: BTreeMap<(usize, usize), Tie> = BTreeMap::new();
    let differing = model.differences.iter().flatten().map(|d| Tie { a: d.a, b: d.b, lower_ln_or: 0.2, certain: true });
    for tie in model.panels.iter().flat_map(|p| &p.ties).copied().chain(differing) {
        let (a, b) = ends(&tie);
        if a != b && b < n {
            let kept = all.entry((a, b)).or_insert(Tie { a, b, ..tie });
            kept.lower_ln_or = kept.lower_ln_or.max(sane(tie.lower_ln_or));
        }
    }
    let mut degree = vec![0_usize; n];
    let mut telling = vec![0_usize; n];
    for &(a, b) in all.keys() {
        degree[a] += 1;
        degree[b] += 1;
    }
    let certain = model.differences.iter().flatten().map(|d| (d.a, d.b));
    for (a, b) in certain.chain(model.panels.iter().flat_map(|p| p.more.iter().copied())).filter(|&(a, b)| a.max(b) < n)
    {
        telling[a] += 1;
        telling[b] += 1;
    }
    // Whose cluster it is must be seen, tied or not.
    let any = !all.is_empty();
    let mut drawn: Vec<usize> = (0..n).filter(|&i| degree[i] > 0 || (any && model.nodes[i].focus)).collect();
    let steps = match model.across {
        Across::Groups => vec![0; n],
        Across::Periods => steps_from_focus(&model.nodes, &all),
    };
    drawn.sort_by(|&x, &y| {
        let key = |i: usize| (model.nodes[i].focus, Reverse(steps[i]), telling[i], degree[i], model.nodes[i].units);
        key(y).cmp(&key(x)).then_with(|| model.nodes[x].id.cmp(&model.nodes[y].id)).then(x.cmp(&y))
    });
    let many = model.across == Across::Periods && model.panels.len() > MANY;
    drawn.truncate(if many { SHOWN_OF_MANY } else { SHOWN });
    // Whose neighbours all found no room would stand alone in every panel.
    let kept: BTreeSet<usize> = drawn.iter().copied().collect();
    let tied: BTreeSet<usize> =
        all.keys().filter(|(a, b)| kept.contains(a) && kept.contains(b)).flat_map(|&(a, b)| [a, b]).collect();
    drawn.retain(|i| tied.contains(i) || model.nodes[*i].focus);
    (all.into_values().collect(), drawn)
}

/// Returns how many ties lead from the focus to each concept; as many as there are concepts where none do.
fn steps_from_focus(nodes: &[Concept], all: &BTreeMap<(usize, usize), Tie>) -> Vec<usize> {
    let far = nodes.len();
    let mut steps: Vec<usize> = nodes.iter().map(|c| if c.focus { 0 } else { far }).collect();
    // A way passes each concept once at most.
    for step in 1..far {
        let reached = |i: usize, steps: &[usize]| steps[i] == step - 1;
        let next: BTreeSet<usize> = all
            .keys()
            .flat_map(|&(a, b)| [(a, b), (b, a)])
            .filter(|&(from, to)| reached(from, &steps) && steps[to] == far)
            .map(|(_, to)| to)
            .collect();
        if next.is_empty() {
            break;
        }
        for i in next {
            steps[i] = step;
        }
    }
    steps
}

/// Nodes and labels in a frame at the origin.
struct Laid<'m> {
    spots: Vec<Spot<'m>>,
    labels: Vec<Placed>,
    n_dropped: usize,
    height: f64,
}

fn laid<'m>(sheet: &Sheet, network: &'m Network, all: &[Tie], drawn: &[usize], units: Steps, width: f64) -> Laid<'m> {
    #[expect(clippy::cast_precision_loss, reason = "graphs in figures are small")]
    let n = drawn.len() as f64;
    let plan = network::plan(network, drawn, all);
    let mut best: Option<(usize, Laid<'m>)> = None;
    for taller in [1.0, 1.2, 1.45, 1.75] {
        let frame = Rect::new(0.0, 0.0, width, (110.0 + 13.0 * n).clamp(140.0, 460.0) * taller);
        let mut spots = network::spots(network, drawn, &plan, frame, units);
        let lines = network::lines(&spots, all);
        let (mut labels, n_dropped) = network::labels(sheet, &spots, &lines, &[], frame);
        let worth = network::awkward(&spots, &labels, n_dropped) + 3 * passing(&spots, all);
        let height = network::move_up(&mut spots, &mut labels, frame);
        if best.as_ref().is_none_or(|(least, _)| worth < *least) {
            best = Some((worth, Laid { spots, labels, n_dropped, height }));
        }
        if worth == 0 {
            break;
        }
    }
    let best = best.map(|(_, laid)| laid);
    best.unwrap_or(Laid { spots: Vec::new(), labels: Vec::new(), n_dropped: 0, height: 0.0 })
}

/// Returns how many ties pass over a node that is not theirs.
fn passing(spots: &[Spot<'_>], ties: &[Tie]) -> usize {
    let at = |index: usize| spots.iter().find(|s| s.index == index).map(|s| s.at);
    let over = |t: &Tie| {
        let (Some(a), Some(b)) = (at(t.a), at(t.b)) else { return 0 };
        let foreign = spots.iter().filter(|s| s.index != t.a && s.index != t.b);
        foreign.filter(|s| network::covered(Rect::centred(s.at.0, s.at.1, s.radius, s.radius), (a, b)) > 0.0).count()
    };
    ties.iter().map(over).sum()
}

fn panels(sheet: &mut Sheet, model: &Networks, all: &[Tie], drawn: &[usize]) {
    // Neither core nor outside: the one layout belongs to no panel.
    let nodes = model
        .nodes
        .iter()
        .map(|c| Concept { membership: 0.5, focus: c.focus && model.across == Across::Periods, ..c.clone() })
        .collect();
    let network = Network { nodes, edges: all.to_vec(), ..Network::default() };
    let units = Steps::counts_up_to(drawn.iter().map(|&i| model.nodes[i].units).max().unwrap_or(0));
    let ties: Vec<Tie> = all.iter().filter(|t| drawn.contains(&t.a) && drawn.contains(&t.b)).copied().collect();
    let n_panels = model.panels.len() + usize::from(model.differences.is_some());
    let columns = if sheet.narrow() || n_panels == 1 { 1 } else { 2 };
    #[expect(clippy::cast_precision_loss, reason = "one or two columns")]
    let width = (sheet.inner() - GAP * (columns as f64 - 1.0)) / columns as f64;
    let laid = laid(sheet, &network, &ties, drawn, units, width);
    let bound =
        Steps::up_to(model.panels.iter().flat_map(|p| &p.ties).map(|t| sane(t.lower_ln_or)).fold(0.0, f64::max));
    let mut index = 0;
    while index < n_panels {
        let top = sheet.y;
        let mut bottom = top;
        for column in 0..columns.min(n_panels - index) {
            #[expect(clippy::cast_precision_loss, reason = "one or two columns")]
            let x = MARGIN + column as f64 * (width + GAP);
            sheet.y = top;
            match model.panels.get(index) {
                Some(panel) => group_panel(sheet, panel, &laid, (x, width), bound),
                None => difference_panel(sheet, model, &laid, (x, width)),
            }
            bottom = bottom.max(sheet.y);
            index += 1;
        }
        sheet.y = bottom + 12.0;
    }
    legend(sheet, model, &laid, bound, units);
    if laid.n_dropped > 0 {
        sheet.paragraph(&format!("{} found no room.", count(laid.n_dropped, "label", "labels")), "soft");
    }
}

/// Writes the name of a panel and returns where its drawing begins.
fn heading(sheet: &mut Sheet, words: &str, (x, width): (f64, f64)) -> f64 {
    let block = Block::new(words, 12.5, Cut::Semibold, width, 2);
    sheet.svg.block(&block, Anchor::Start, x, sheet.y, "ink");
    sheet.y += block.height + 3.0;
    sheet.line((x, sheet.y), (x + width, sheet.y), "hair", 0.8, None);
    sheet.y += 5.0;
    sheet.y
}

/// Returns nodes and labels at their place on the sheet; nodes with a tie that is drawn in the panel are filled.
fn placed<'m>(
    laid: &Laid<'m>,
    (x, y): (f64, f64),
    ties: impl Iterator<Item = (usize, usize)>,
) -> (Vec<Spot<'m>>, Vec<Placed>) {
    let there = |index: usize| laid.spots.iter().any(|s| s.index == index);
    let tied: BTreeSet<usize> = ties.filter(|&(a, b)| there(a) && there(b)).flat_map(|(a, b)| [a, b]).collect();
    let spots = laid.spots.iter().map(|s| Spot {
        at: (s.at.0 + x, s.at.1 + y),
        place: if tied.contains(&s.index) { Place::Core } else { Place::Outside },
        ..*s
    });
    let labels = laid.labels.iter().map(|l| Placed {
        area: Rect::new(l.area.x + x, l.area.y + y, l.area.w, l.area.h),
        block: l.block.clone(),
        ..*l
    });
    (spots.collect(), labels.collect())
}

fn group_panel(sheet: &mut Sheet, panel: &Panel, laid: &Laid<'_>, across: (f64, f64), bound: Steps) {
    let sources = count(usize::try_from(panel.sources).unwrap_or(usize::MAX), "source", "sources");
    let small = if panel.small { ", small" } else { "" };
    let top = heading(sheet, &format!("{} ({sources}{small})", panel.name), across);
    let (spots, labels) = placed(laid, (across.0, top), panel.ties.iter().map(|t| (t.a, t.b)));
    let at = |index: usize| spots.iter().find(|s| s.index == index);
    for tie in panel.ties.iter().rev() {
        let (Some(a), Some(b)) = (at(tie.a), at(tie.b)) else { continue };
        let more = panel.more.contains(&ends(tie));
        let words = format!(
            "{}: {} – {}, ln odds ratio at least {}{}",
            panel.name,
            a.concept.label,
            b.concept.label,
            plain(tie.lower_ln_or),
            if more { ", certainly more than the other side" } else { "" }
        );
        network::tie_line(sheet, (a, b), tie, if more { "ink" } else { "bundle" }, &words, bound);
    }
    network::nodes_and_labels(sheet, &spots, &[], &labels);
    sheet.y = top + laid.height;
}

fn difference_panel(sheet: &mut Sheet, model: &Networks, laid: &Laid<'_>, across: (f64, f64)) {
    let top = heading(sheet, "Where the two certainly differ", across);
    let differences: Vec<Difference> = model.differences.iter().flatten().copied().collect();
    let (spots, labels) = placed(laid, (across.0, top), differences.iter().map(|d| (d.a, d.b)));
    let at = |index: usize| spots.iter().find(|s| s.index == index);
    let bound = Steps::up_to(differences.iter().map(|d| sane(d.least_ln_ratio)).fold(0.0, f64::max));
    let name = |first: bool| model.panels.get(usize::from(!first)).map_or("", |p| p.name.as_str());
    for d in differences.iter().rev() {
        let (Some(a), Some(b)) = (at(d.a), at(d.b)) else { continue };
        let words = format!(
            "{} – {}: {} more, ln ratio at least {}",
            a.concept.label,
            b.concept.label,
            name(d.first_more),
            plain(d.least_ln_ratio)
        );
        let tie = Tie { a: d.a, b: d.b, lower_ln_or: d.least_ln_ratio, certain: d.first_more };
        network::tie_line(sheet, (a, b), &tie, if d.first_more { "value" } else { "problem" }, &words, bound);
    }
    network::nodes_and_labels(sheet, &spots, &[], &labels);
    sheet.y = top + laid.height;
}

fn legend(sheet: &mut Sheet, model: &Networks, laid: &Laid<'_>, bound: Steps, units: Steps) {
    let mut entries = network::role_entries(&laid.spots);
    let one = model.across.one();
    entries.push(Entry::new(Glyph::Line { width: 1.6, dashed: false }, format!("coupled in the {one}")));
    if model.panels.iter().any(|p| !p.more.is_empty()) {
        entries.push(Entry::new(Glyph::Dark { width: 1.6 }, "certainly more than on the other side"));
    }
    if model.panels.iter().flat_map(|p| &p.ties).any(|t| !t.certain) {
        entries.push(Entry::new(Glyph::Line { width: 1.6, dashed: true }, network::dashed(false)));
    }
    if model.panels.len() + usize::from(model.differences.is_some()) > 1 {
        entries.push(Entry::new(
            Glyph::Shape { role: None, filled: crate::sheet::Filled::Hollow, dashed: true, double: false },
            "no tie in this panel",
        ));
    }
    if model.differences.as_ref().is_some_and(|d| !d.is_empty()) {
        let name = |i: usize| model.panels.get(i).map_or("", |p| p.name.as_str());
        entries.push(Entry::new(Glyph::Coloured { colour: "value", dashed: false }, format!("{} more", name(0))));
        entries.push(Entry::new(Glyph::Coloured { colour: "problem", dashed: true }, format!("{} more", name(1))));
    }
    sheet.legend(&entries);
    let ties: Vec<Tie> = model.panels.iter().flat_map(|p| p.ties.iter().copied()).collect();
    network::sizes(sheet, &ties, units, bound);
}

fn notes(model: &Networks, empty: &[Panel], drawn: &[usize]) -> String {
    let of = |i: &usize| drawn.contains(i);
    let all: BTreeSet<(usize, usize)> = model.panels.iter().flat_map(|p| &p.ties).map(ends).collect();
    let lost = all.iter().filter(|(a, b)| !of(a) || !of(b)).count();
    let tied: BTreeSet<usize> = all.iter().flat_map(|&(a, b)| [a, b]).collect();
    let past = tied.iter().filter(|i| !of(i)).count();
    let mut words = Vec::new();
    if past > 0 {
        let (concepts, ties) = (count(past, "concept", "concepts"), count(lost, "tie", "ties"));
        words.push(format!("Not drawn for lack of room: {concepts} with {ties}."));
    }
    if !empty.is_empty() && !drawn.is_empty() {
        let names: Vec<&str> = empty.iter().map(|panel| panel.name.as_str()).collect();
        words.push(format!("Without a panel, for no pair is coupled there: {}.", names.join(", ")));
    }
    words.join(" ")
}

fn description(model: &Networks) -> String {
    let one = model.across.one();
    let panel = |p: &Panel| {
        let strongest: Vec<String> = p
            .ties
            .iter()
            .take(8)
            .filter_map(|t| Some(format!("{} – {}", model.nodes.get(t.a)?.label, model.nodes.get(t.b)?.label)))
            .collect();
        format!(
            "{}: {}{}",
            p.name,
            count(p.ties.len(), "tie", "ties"),
            if strongest.is_empty() { String::new() } else { format!(", strongest {}", strongest.join(", ")) }
        )
    };
    let all: Vec<String> = model.panels.iter().map(panel).collect();
    let differ = model
        .differences
        .as_ref()
        .map_or_else(String::new, |d| format!(" The two certainly differ in {}.", count(d.len(), "pair", "pairs")));
    format!(
        "The same concepts in the same places for each {one}, joined by what the {one} couples. {}.{differ}",
        all.join(". ")
    )
}

fn table(model: &Networks, id: &str, title: &str) -> Table {
    let mut table =
        Table::new(id, title, &["panel", "concept", "coupled_with", "lower_ln_or", "certain", "more_than_other_side"]);
    let label = |i: usize| model.nodes.get(i).map_or("", |c| c.label.as_str());
    for p in model.panels.iter().chain(&model.undrawn) {
        for t in &p.ties {
            table.push(vec![
                Cell::text(&p.name),
                Cell::text(label(t.a)),
                Cell::text(label(t.b)),
                Cell::number(t.lower_ln_or, 3),
                Cell::text(yes(t.certain)),
                Cell::text(yes(p.more.contains(&ends(t)))),
            ]);
        }
    }
    for d in model.differences.iter().flatten() {
        let name = model.panels.get(usize::from(!d.first_more)).map_or("", |p| p.name.as_str());
        table.push(vec![
            Cell::text(format!("difference: {name} more")),
            Cell::text(label(d.a)),
            Cell::text(label(d.b)),
            Cell::number(d.least_ln_ratio, 3),
            Cell::text("yes"),
            Cell::text("yes"),
        ]);
    }
    table
}
