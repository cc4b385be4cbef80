//! Coupling network: which concepts hang together, and which sit on the boundary of the cluster.
//!
//! Draws the backbone only. Distance follows the graph (`stress.rs`), then the core is drawn together and what is
//! not core is moved out of its hull, so that inside and outside can be trusted. Labels are placed where they lie on
//! neither label nor node and on as few lines as possible; a leader line joins those that had to move away.

use crate::metrics::{Block, Cut};
use crate::palette::tints;
use crate::ranked::{counted, yes};
use crate::scale::{Steps, count, percent, plain, sane};
use crate::shape::{Paint, shape};
use crate::sheet::{Entry, Filled, Glyph, MARGIN, Sheet};
use crate::stress::{Point, Spring, hull, inside, layout, turned_flat};
use crate::svg::{Anchor, Rect, number};
use crate::{Figure, Heading, Role, View, name_or_id};
use nomoscope_core::table::{Cell, Table};
use std::collections::BTreeSet;

/// File stem and anchor.
pub const ID: &str = "network";
/// From this share of runs on, a concept is core.
pub const CORE: f64 = 0.8;
/// Below this share of runs, a concept is outside.
pub const OUTSIDE: f64 = 0.2;
/// How many concepts are drawn.
const SHOWN: usize = 60;
/// Line widths and radii of the five steps; areas grow evenly.
const WIDTH: [f64; 5] = [0.7, 1.6, 2.7, 4.0, 5.5];
const RADIUS: [f64; 5] = [4.2, 6.4, 8.2, 9.7, 11.0];
/// Pixels for a distance of one tie, at most.
const LONGEST: f64 = 96.0;
/// How much more room nodes need beside each other than above.
const BESIDE: f64 = 1.7;
/// Between the core's nodes and the rim of its hull.
const RIM: f64 = 15.0;

/// A concept of the network.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Concept {
    /// Its id.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Its parts in norms; the first gives the shape.
    pub roles: Vec<Role>,
    /// Whether it is the name of a norm.
    pub norm_label: bool,
    /// Units that hold it.
    pub units: u64,
    /// Share of runs in which it shares the focus's community, 0 to 1.
    pub membership: f64,
    /// Its community.
    pub community: usize,
    /// Whether it is the focus.
    pub focus: bool,
    /// Where its passages stand.
    pub href: Option<String>,
}

/// Two coupled concepts.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tie {
    /// Index of one.
    pub a: usize,
    /// Index of the other.
    pub b: usize,
    /// Lower bound of the logarithm of the odds ratio.
    pub lower_ln_or: f64,
    /// Whether its q-value is 0.01 at most; drawn solid, otherwise dashed.
    pub certain: bool,
}

/// What the figure is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Network {
    /// Id, title and last line.
    pub heading: Heading,
    /// The concepts.
    pub nodes: Vec<Concept>,
    /// The backbone; where there is none, what may be coupled.
    pub edges: Vec<Tie>,
    /// Whether the pairs are not coupled beyond chance, but may be.
    pub possible: bool,
    /// Whether membership was not computed: all concepts are then drawn alike, and the legend says so.
    pub ungraded: bool,
}

/// How a concept belongs to the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Core,
    Boundary,
    Outside,
}

/// A concept with its spot on paper.
pub(crate) struct Spot<'a> {
    pub(crate) concept: &'a Concept,
    pub(crate) index: usize,
    pub(crate) at: Point,
    pub(crate) radius: f64,
    pub(crate) place: Place,
}

/// A label with its box, and whether a leader line is needed.
pub(crate) struct Placed {
    pub(crate) spot: usize,
    pub(crate) block: Block,
    pub(crate) area: Rect,
    pub(crate) leader: bool,
}

/// Returns the figure.
#[must_use]
pub fn draw(model: &Network, view: View) -> Figure {
    let nodes = model.nodes.iter().map(|c| Concept { label: name_or_id(&c.label, &c.id), ..c.clone() }).collect();
    let model = &Network { nodes, ..model.clone() };
    let id = model.heading.id_or(ID);
    let ties = ties(model);
    let drawn = drawn(model, &ties);
    let title = model.heading.title.clone().unwrap_or_else(|| title(model, &ties));
    let mut sheet = Sheet::new(&id, &title, view);
    let units = Steps::counts_up_to(drawn.iter().map(|&i| model.nodes[i].units).max().unwrap_or(0));
    let bound = Steps::up_to(ties.iter().map(|t| sane(t.lower_ln_or)).fold(0.0, f64::max));
    let plan = plan(model, &drawn, &ties);
    let ties: Vec<Tie> = ties.into_iter().filter(|t| drawn.contains(&t.a) && drawn.contains(&t.b)).collect();
    let (mut spots, mut labels, n_dropped, frame) = roomiest(&sheet, model, &drawn, &ties, &plan, units);
    let bottom = move_up(&mut spots, &mut labels, frame);
    let rim = rim(&spots, RIM);
    if !spots.is_empty() {
        paint(&mut sheet, (&spots, &labels), &ties, &rim, bound, model.possible);
        sheet.y = bottom + 12.0;
    }
    legend(&mut sheet, &spots, &ties, (units, bound), &rim, model);
    sheet.paragraph(&notes(model, &drawn, n_dropped), "soft");
    sheet.paragraph(model.heading.note.as_deref().unwrap_or(""), "soft");
    let description = description(model, &ties);
    sheet.finish(&title, description, table(model, &id, &title))
}

/// Returns the ties between different concepts of the model, strongest first, each pair once.
fn ties(model: &Network) -> Vec<Tie> {
    let n = model.nodes.len();
    let mut all: Vec<Tie> = model
        .edges
        .iter()
        .copied()
        .filter(|t| t.a != t.b && t.a < n && t.b < n)
        .map(|t| Tie { a: t.a.min(t.b), b: t.a.max(t.b), ..t })
        .collect();
    all.sort_by(|x, y| {
        sane(y.lower_ln_or)
            .total_cmp(&sane(x.lower_ln_or))
            .then_with(|| (x.a, x.b).cmp(&(y.a, y.b)))
            .then_with(|| y.certain.cmp(&x.certain))
    });
    let mut seen = BTreeSet::new();
    all.retain(|t| seen.insert((t.a, t.b)));
    all
}

/// Returns the concepts that are drawn: those with a tie, and the focus; past the limit, the most telling.
fn drawn(model: &Network, ties: &[Tie]) -> Vec<usize> {
    let tied: BTreeSet<usize> = ties.iter().flat_map(|t| [t.a, t.b]).collect();
    let mut all: Vec<usize> = (0..model.nodes.len()).filter(|i| tied.contains(i) || model.nodes[*i].focus).collect();
    all.sort_by(|&a, &b| {
        let (x, y) = (&model.nodes[a], &model.nodes[b]);
        y.focus
            .cmp(&x.focus)
            .then_with(|| sane(y.membership).total_cmp(&sane(x.membership)))
            .then_with(|| y.units.cmp(&x.units))
            .then_with(|| x.id.cmp(&y.id))
            .then(a.cmp(&b))
    });
    all.truncate(SHOWN);
    all
}

fn place_of(concept: &Concept) -> Place {
    match sane(concept.membership) {
        m if m >= CORE || concept.focus => Place::Core,
        m if m >= OUTSIDE => Place::Boundary,
        _ => Place::Outside,
    }
}

fn title(model: &Network, ties: &[Tie]) -> String {
    if ties.is_empty() {
        return "No two concepts are coupled in the backbone".to_owned();
    }
    let tied: BTreeSet<usize> = ties.iter().flat_map(|t| [t.a, t.b]).collect();
    let n = |place: Place| tied.iter().filter(|&&i| place_of(&model.nodes[i]) == place).count();
    let around = model.nodes.iter().find(|c| c.focus).map_or_else(String::new, |c| format!(" around {}", c.label));
    format!(
        "{} of {} form the core{around}; {} on the boundary",
        n(Place::Core),
        count(tied.len(), "coupled concept", "coupled concepts"),
        verb(n(Place::Boundary))
    )
}

fn verb(n: usize) -> String {
    match n {
        0 => "none sits".to_owned(),
        1 => "1 sits".to_owned(),
        n => format!("{n} sit"),
    }
}

#[expect(clippy::cast_precision_loss, reason = "graphs in figures are small")]
fn frame(sheet: &Sheet, n: usize, taller: f64) -> Rect {
    let height = if sheet.narrow() {
        (150.0 + 17.0 * n as f64).clamp(120.0, 900.0)
    } else {
        (120.0 + 11.5 * n as f64).clamp(130.0, 600.0)
    };
    Rect::new(MARGIN, sheet.y, sheet.inner(), height * taller)
}

/// Where nodes would stand on an endless sheet, and which are tied.
pub(crate) struct Plan {
    points: Vec<Point>,
    pairs: Vec<(usize, usize)>,
}

pub(crate) fn plan(model: &Network, drawn: &[usize], ties: &[Tie]) -> Plan {
    let strongest = ties.iter().map(|t| sane(t.lower_ln_or)).fold(f64::MIN_POSITIVE, f64::max);
    let at = |index: usize| drawn.iter().position(|&d| d == index);
    let springs: Vec<Spring> = ties
        .iter()
        .filter_map(|t| Some(Spring { a: at(t.a)?, b: at(t.b)?, length: 1.35 - 0.6 * sane(t.lower_ln_or) / strongest }))
        .collect();
    let outward: Vec<f64> = drawn
        .iter()
        .map(|&i| match place_of(&model.nodes[i]) {
            Place::Core => 0.0,
            _ => (1.0 - sane(model.nodes[i].membership)).clamp(0.2, 1.0),
        })
        .collect();
    Plan {
        points: turned_flat(&layout(drawn.len(), &springs, &outward)),
        pairs: springs.iter().map(|s| (s.a, s.b)).collect(),
    }
}

/// Returns nodes and labels in the least frame in which every label finds room near its node, else in the best of four.
fn roomiest<'a>(
    sheet: &Sheet,
    model: &'a Network,
    drawn: &[usize],
    ties: &[Tie],
    plan: &Plan,
    units: Steps,
) -> (Vec<Spot<'a>>, Vec<Placed>, usize, Rect) {
    let set = |taller: f64| {
        let frame = frame(sheet, drawn.len(), taller);
        let spots = spots(model, drawn, plan, frame, units);
        let (labels, n_dropped) = labels(sheet, &spots, &lines(&spots, ties), &rim(&spots, RIM), frame);
        (spots, labels, n_dropped, frame)
    };
    let mut best = set(1.0);
    for taller in [1.15, 1.3, 1.5] {
        if awkward(&best.0, &best.1, best.2) == 0 {
            break;
        }
        let next = set(taller);
        if awkward(&next.0, &next.1, next.2) < awkward(&best.0, &best.1, best.2) {
            best = next;
        }
    }
    best
}

/// Returns how badly the labels stand: one for each at the end of a long leader line, ten for each that is missing.
pub(crate) fn awkward(spots: &[Spot], labels: &[Placed], n_dropped: usize) -> usize {
    let far = |label: &&Placed| {
        let from = spots[label.spot].at;
        let to = nearest(label.area, from);
        label.leader && libm::hypot(to.0 - from.0, to.1 - from.1) > spots[label.spot].radius + 30.0
    };
    10 * n_dropped + labels.iter().filter(far).count()
}

pub(crate) fn spots<'a>(model: &'a Network, drawn: &[usize], plan: &Plan, frame: Rect, units: Steps) -> Vec<Spot<'a>> {
    let points =
        if frame.h > frame.w { plan.points.iter().map(|&(x, y)| (y, x)).collect() } else { plan.points.clone() };
    let mut spots: Vec<Spot> = drawn
        .iter()
        .zip(fitted(&points, frame.grown(-26.0)))
        .map(|(&index, at)| {
            let concept = &model.nodes[index];
            #[expect(clippy::cast_precision_loss, reason = "steps are coarse")]
            let radius = RADIUS[units.of(concept.units as f64)];
            Spot { concept, index, at, radius, place: place_of(concept) }
        })
        .collect();
    settle(&mut spots, &plan.pairs, frame.grown(-20.0));
    spots
}

/// Stretches the points to a frame; the two directions may differ by a third.
fn fitted(points: &[Point], frame: Rect) -> Vec<Point> {
    let span = |get: fn(&Point) -> f64| {
        let low = points.iter().map(get).fold(f64::INFINITY, f64::min);
        let high = points.iter().map(get).fold(f64::NEG_INFINITY, f64::max);
        (low, high)
    };
    let ((x0, x1), (y0, y1)) = (span(|p| p.0), span(|p| p.1));
    let (sx, sy) = (frame.w / (x1 - x0).max(1e-9), frame.h / (y1 - y0).max(1e-9));
    // A tie between two nodes need not cross the page.
    let least = sx.min(sy).min(LONGEST);
    let (sx, sy) = (sx.min(least * 1.6), sy.min(least * 1.6));
    let middle = (f64::midpoint(x0, x1), f64::midpoint(y0, y1));
    points.iter().map(|p| (frame.cx() + (p.0 - middle.0) * sx, frame.cy() + (p.1 - middle.1) * sy)).collect()
}

/// Pushes nodes apart, off ties that are not theirs, and what is not core out of the core's hull, until all hold.
fn settle(spots: &mut [Spot], pairs: &[(usize, usize)], frame: Rect) {
    for round in 0..240 {
        let mut moved = push_apart(spots);
        // In a dense graph no place is free of ties: the last rounds care for nodes and hull alone.
        moved |= round < 160 && push_off(spots, pairs);
        moved |= push_out(spots);
        for spot in spots.iter_mut() {
            let r = spot.radius + 4.0;
            spot.at.0 = spot.at.0.clamp(frame.x + r, (frame.right() - r).max(frame.x + r));
            spot.at.1 = spot.at.1.clamp(frame.y + r, (frame.bottom() - r).max(frame.y + r));
        }
        if !moved && round > 0 {
            break;
        }
    }
}

/// Pushes apart what is too close; labels are wide, so nodes need more room beside each other than above.
fn push_apart(spots: &mut [Spot]) -> bool {
    let mut moved = false;
    for i in 0..spots.len() {
        for j in 0..i {
            let (dx, dy) = ((spots[i].at.0 - spots[j].at.0) / BESIDE, spots[i].at.1 - spots[j].at.1);
            let way = libm::hypot(dx, dy);
            let want = spots[i].radius + spots[j].radius + 15.0;
            if way < want - 0.01 {
                let (ux, uy) = if way > 1e-6 { (dx / way, dy / way) } else { (0.6, 0.8) };
                let by = (want - way) / 2.0;
                let (x, y) = (ux * by * BESIDE, uy * by);
                spots[i].at = (spots[i].at.0 + x, spots[i].at.1 + y);
                spots[j].at = (spots[j].at.0 - x, spots[j].at.1 - y);
                moved = true;
            }
        }
    }
    moved
}

/// Moves nodes off the ties of others, where they would seem to take part.
fn push_off(spots: &mut [Spot], pairs: &[(usize, usize)]) -> bool {
    let mut moved = false;
    for i in 0..spots.len() {
        for &(a, b) in pairs.iter().filter(|(a, b)| *a != i && *b != i) {
            let (here, from, to) = (spots[i].at, spots[a].at, spots[b].at);
            let (dx, dy) = (to.0 - from.0, to.1 - from.1);
            let long = dx * dx + dy * dy;
            if long < 1.0 {
                continue;
            }
            let t = ((here.0 - from.0) * dx + (here.1 - from.1) * dy) / long;
            let foot = (from.0 + t * dx, from.1 + t * dy);
            let (ox, oy) = (here.0 - foot.0, here.1 - foot.1);
            let way = libm::hypot(ox, oy);
            let want = spots[i].radius + 7.0;
            if !(0.0..=1.0).contains(&t) || way >= want - 0.05 {
                continue;
            }
            let (ux, uy) =
                if way > 1e-6 { (ox / way, oy / way) } else { (-dy / libm::sqrt(long), dx / libm::sqrt(long)) };
            let by = (want - way) * 0.5;
            spots[i].at = (here.0 + ux * by, here.1 + uy * by);
            moved = true;
        }
    }
    moved
}

fn push_out(spots: &mut [Spot]) -> bool {
    let corners = rim(spots, RIM);
    if corners.len() < 3 {
        return false;
    }
    let middle = mean(&corners);
    let mut moved = false;
    for spot in spots.iter_mut().filter(|s| s.place != Place::Core) {
        let (dx, dy) = (spot.at.0 - middle.0, spot.at.1 - middle.1);
        let way = libm::hypot(dx, dy).max(1e-6);
        let (ux, uy) = if way > 1e-5 { (dx / way, dy / way) } else { (1.0, 0.0) };
        let near = |at: Point| {
            let clear = spot.radius + 6.0;
            (0..12).any(|k| {
                let turn = std::f64::consts::TAU * f64::from(k) / 12.0;
                inside(&corners, (at.0 + clear * libm::cos(turn), at.1 + clear * libm::sin(turn)))
            }) || inside(&corners, at)
        };
        let mut steps = 0;
        while near(spot.at) && steps < 400 {
            spot.at = (spot.at.0 + ux * 2.0, spot.at.1 + uy * 2.0);
            steps += 1;
            moved = true;
        }
    }
    moved
}

#[expect(clippy::cast_precision_loss, reason = "graphs in figures are small")]
fn mean(points: &[Point]) -> Point {
    let n = points.len().max(1) as f64;
    (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n)
}

/// Returns the hull round the core's nodes; its corners lie so close that it looks smooth.
fn rim(spots: &[Spot], by: f64) -> Vec<Point> {
    let mut points = Vec::new();
    for spot in spots.iter().filter(|s| s.place == Place::Core) {
        for k in 0..48 {
            let turn = std::f64::consts::TAU * f64::from(k) / 48.0;
            points.push((
                spot.at.0 + (spot.radius + by) * libm::cos(turn),
                spot.at.1 + (spot.radius + by) * libm::sin(turn),
            ));
        }
    }
    hull(&points)
}

/// Moves the drawing to the top of its frame and returns where it ends: no white band above or below.
pub(crate) fn move_up(spots: &mut [Spot], labels: &mut [Placed], frame: Rect) -> f64 {
    let rim = rim(spots, RIM);
    let (mut top, mut bottom) = (f64::INFINITY, f64::NEG_INFINITY);
    let nodes = spots.iter().map(|s| (s.at.1 - s.radius - 5.0, s.at.1 + s.radius + 5.0));
    for (low, high) in
        nodes.chain(labels.iter().map(|l| (l.area.y, l.area.bottom()))).chain(rim.iter().map(|p| (p.1, p.1)))
    {
        top = top.min(low);
        bottom = bottom.max(high);
    }
    if !top.is_finite() {
        return frame.y;
    }
    let by = frame.y - top;
    for spot in spots.iter_mut() {
        spot.at.1 += by;
    }
    for label in labels.iter_mut() {
        label.area.y += by;
    }
    bottom + by
}

/// A straight line between two nodes.
pub(crate) type Line = (Point, Point);

pub(crate) fn lines(spots: &[Spot], ties: &[Tie]) -> Vec<Line> {
    let at = |index: usize| spots.iter().find(|s| s.index == index).map(|s| s.at);
    ties.iter().filter_map(|t| Some((at(t.a)?, at(t.b)?))).collect()
}

/// Returns the labels with their places, most telling first, and how many found none.
pub(crate) fn labels(
    sheet: &Sheet,
    spots: &[Spot],
    lines: &[Line],
    rim: &[Point],
    frame: Rect,
) -> (Vec<Placed>, usize) {
    let limit = if sheet.narrow() { 92.0 } else { 118.0 };
    let blocks: Vec<Block> = spots
        .iter()
        .map(|s| {
            Block::new(
                s.concept.label.trim(),
                sheet.base(),
                if s.concept.focus { Cut::Semibold } else { Cut::Regular },
                limit,
                3,
            )
        })
        .collect();
    let mut placed: Vec<Option<Placed>> = spots.iter().map(|_| None).collect();
    // Two more passes let early labels make room for late ones.
    for _ in 0..3 {
        for spot in 0..spots.len() {
            if blocks[spot].lines.iter().all(String::is_empty) {
                continue;
            }
            placed[spot] = None;
            let best = candidates(&spots[spot], &blocks[spot], frame)
                .into_iter()
                .enumerate()
                .filter(|(_, (area, _))| free(*area, spot, spots, &placed))
                .map(|(order, (area, leader))| {
                    (
                        cost(area, leader, order, spot, spots, lines, rim)
                            + crowding(area, leader, spot, spots, &placed),
                        area,
                        leader,
                    )
                })
                .min_by(|a, b| a.0.total_cmp(&b.0));
            placed[spot] = best.map(|(_, area, leader)| Placed { spot, block: blocks[spot].clone(), area, leader });
        }
    }
    let n = blocks.iter().filter(|b| b.lines.iter().any(|l| !l.is_empty())).count();
    let placed: Vec<Placed> = placed.into_iter().flatten().collect();
    let dropped = n - placed.len();
    (placed, dropped)
}

/// Returns the boxes where a label may stand: around its node, near first, then further off with a leader line.
fn candidates(spot: &Spot, block: &Block, frame: Rect) -> Vec<(Rect, bool)> {
    let (w, h) = (block.width, block.height);
    let mut all = Vec::new();
    for (gap, leader) in
        [(3.0, false), (12.0, true), (22.0, true), (34.0, true), (48.0, true), (64.0, true), (84.0, true)]
    {
        let r = spot.radius + gap + if spot.concept.norm_label { 2.6 } else { 0.0 };
        for k in 0..16 {
            // Right, left, below, above first; then the slanting ones.
            let turn = std::f64::consts::TAU
                * [0.0, 8.0, 4.0, 12.0, 1.0, 15.0, 7.0, 9.0, 2.0, 14.0, 6.0, 10.0, 3.0, 13.0, 5.0, 11.0][k]
                / 16.0;
            let (c, s) = (libm::cos(turn), libm::sin(turn));
            let x = spot.at.0 + c * r + (c.clamp(-0.5, 0.5) - 0.5) * w;
            let y = spot.at.1 + s * r + (s.clamp(-0.5, 0.5) - 0.5) * h;
            let area = Rect::new(x, y, w, h);
            if area.x >= frame.x
                && area.right() <= frame.right()
                && area.y >= frame.y
                && area.bottom() <= frame.bottom()
            {
                all.push((area, leader));
            }
        }
    }
    all
}

fn free(area: Rect, own: usize, spots: &[Spot], placed: &[Option<Placed>]) -> bool {
    let on_label = placed.iter().flatten().any(|p| {
        p.spot != own && Rect::new(p.area.x - 5.0, p.area.y - 1.5, p.area.w + 10.0, p.area.h + 3.0).shared(&area) > 0.0
    });
    let on_node = spots.iter().enumerate().any(|(index, s)| {
        let r = s.radius + 1.0 + if s.concept.norm_label { 3.0 } else { 0.0 };
        // Slack round the own node is part of the candidate already.
        let r = if index == own { s.radius } else { r };
        Rect::centred(s.at.0, s.at.1, 2.0 * r, 2.0 * r).shared(&area) > 0.0
    });
    !on_label && !on_node
}

fn cost(area: Rect, leader: bool, order: usize, own: usize, spots: &[Spot], lines: &[Line], rim: &[Point]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a label has few candidates")]
    let mut cost = order as f64 * 0.04 + if leader { 1.2 } else { 0.0 };
    let inner = area.grown(-1.0);
    cost += lines.iter().map(|line| covered(inner, *line) / 22.0).sum::<f64>();
    cost += (0..rim.len()).map(|k| covered(inner, (rim[k], rim[(k + 1) % rim.len()])) / 40.0).sum::<f64>();
    // A label should not look as if it named a neighbour.
    for (index, spot) in spots.iter().enumerate().filter(|(index, _)| *index != own) {
        let near = Rect::centred(spot.at.0, spot.at.1, 2.0 * spot.radius + 8.0, 2.0 * spot.radius + 8.0).shared(&area);
        cost += if near > 0.0 { 0.8 } else { 0.0 } + if index < own { 0.0 } else { near * 0.001 };
    }
    if leader {
        let from = spots[own].at;
        let to = nearest(area, from);
        cost += spots
            .iter()
            .enumerate()
            .filter(|(i, s)| {
                *i != own && covered(Rect::centred(s.at.0, s.at.1, 2.0 * s.radius, 2.0 * s.radius), (from, to)) > 0.0
            })
            .count() as f64
            * 2.0;
    }
    cost
}

/// Two labels right above each other read as one, and a leader line through a label points nowhere.
fn crowding(area: Rect, leader: bool, own: usize, spots: &[Spot], placed: &[Option<Placed>]) -> f64 {
    let from = spots[own].at;
    let line = (from, nearest(area, from));
    placed.iter().flatten().filter(|p| p.spot != own).fold(0.0, |cost, other| {
        let near = if other.area.grown(5.0).shared(&area) > 0.0 { 0.5 } else { 0.0 };
        let mine = if leader && covered(other.area, line) > 0.0 { 3.0 } else { 0.0 };
        let at = spots[other.spot].at;
        let theirs = if other.leader && covered(area, (at, nearest(other.area, at))) > 0.0 { 3.0 } else { 0.0 };
        cost + near + mine + theirs
    })
}

fn nearest(area: Rect, p: Point) -> Point {
    (p.0.clamp(area.x, area.right()), p.1.clamp(area.y, area.bottom()))
}

/// Returns how much of a line lies in a rectangle (Liang & Barsky 1984).
pub(crate) fn covered(area: Rect, (a, b): Line) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (p, q) in [(-dx, a.0 - area.x), (dx, area.right() - a.0), (-dy, a.1 - area.y), (dy, area.bottom() - a.1)] {
        if p.abs() < 1e-12 {
            if q < 0.0 {
                return 0.0;
            }
        } else if p < 0.0 {
            enter = enter.max(q / p);
        } else {
            leave = leave.min(q / p);
        }
    }
    if enter < leave { (leave - enter) * libm::hypot(dx, dy) } else { 0.0 }
}

fn paint(
    sheet: &mut Sheet,
    (spots, labels): (&[Spot], &[Placed]),
    ties: &[Tie],
    rim: &[Point],
    bound: Steps,
    possible: bool,
) {
    if rim.len() > 2 {
        let d =
            rim.iter().enumerate().fold(String::new(), |d, (k, p)| {
                d + if k == 0 { "M" } else { "L" } + &number(p.0) + " " + &number(p.1)
            }) + "Z";
        sheet.path(&d, "band", "faint", 0.9, None);
    }
    let at = |index: usize| spots.iter().find(|s| s.index == index);
    for tie in ties.iter().rev() {
        if let (Some(a), Some(b)) = (at(tie.a), at(tie.b)) {
            let words = format!(
                "{} – {}: ln odds ratio at least {}{}",
                a.concept.label,
                b.concept.label,
                plain(tie.lower_ln_or),
                if tie.certain { String::new() } else { format!("; {}", dashed(possible)) }
            );
            tie_line(sheet, (a, b), tie, "bundle", &words, bound);
        }
    }
    nodes_and_labels(sheet, spots, rim, labels);
}

/// Draws a tie, its width telling its strength.
pub(crate) fn tie_line(sheet: &mut Sheet, (a, b): (&Spot, &Spot), tie: &Tie, colour: &str, words: &str, bound: Steps) {
    sheet.svg.open_item(None, words);
    let dash = if tie.certain { None } else { Some("5 3.5") };
    sheet.line(a.at, b.at, colour, WIDTH[bound.of(sane(tie.lower_ln_or))], dash);
    sheet.svg.close();
}

/// Draws nodes, labels and what joins them.
pub(crate) fn nodes_and_labels(sheet: &mut Sheet, spots: &[Spot], rim: &[Point], labels: &[Placed]) {
    for label in labels.iter().filter(|l| l.leader) {
        let from = spots[label.spot].at;
        sheet.line(from, nearest(label.area, from), "ink", 0.6, None);
    }
    for spot in spots {
        node(sheet, spot);
    }
    for label in labels {
        let middle = (label.area.cx(), label.area.cy());
        sheet.svg.halo = Some(if inside(rim, middle) { "band" } else { "paper" });
        let node = spots[label.spot].at;
        // Slack goes to the side away from the node.
        let (anchor, x) = match (label.area.x > node.0, label.area.right() < node.0) {
            (true, _) => (Anchor::Start, label.area.x),
            (_, true) => (Anchor::End, label.area.right()),
            _ => (Anchor::Middle, label.area.cx()),
        };
        sheet.svg.open_item(spots[label.spot].concept.href.as_deref(), "");
        sheet.svg.block(&label.block, anchor, x, label.area.y, "ink");
        sheet.svg.close();
        sheet.svg.halo = None;
    }
}

fn node(sheet: &mut Sheet, spot: &Spot) {
    let role = spot.concept.roles.first().copied();
    let [_, _, full] = tints(role);
    let (fill, dashed) = match spot.place {
        Place::Core => (full, false),
        Place::Boundary => ("paper", false),
        Place::Outside => ("paper", true),
    };
    sheet.svg.open_item(spot.concept.href.as_deref(), &hover(spot.concept));
    // Squares of the same area as the circle.
    let side = if role == Some(Role::Value) { 2.0 * spot.radius } else { 1.77 * spot.radius };
    let paint = Paint { fill, stroke: full, width: 1.6, dashed };
    shape(&mut sheet.svg, Rect::centred(spot.at.0, spot.at.1, side, side), role, paint, spot.concept.norm_label);
    sheet.svg.close();
}

fn hover(concept: &Concept) -> String {
    let roles: Vec<&str> = concept.roles.iter().map(|r| r.word()).collect();
    let roles = if roles.is_empty() { "concept".to_owned() } else { roles.join(", ") };
    format!(
        "{} ({roles}): {}, membership {}, community {}",
        concept.label,
        counted(concept.units, "unit", "units"),
        plain(sane(concept.membership)),
        concept.community
    )
}

fn legend(
    sheet: &mut Sheet,
    spots: &[Spot],
    ties: &[Tie],
    (units, bound): (Steps, Steps),
    rim: &[Point],
    model: &Network,
) {
    if spots.is_empty() {
        return;
    }
    let mut entries = role_entries(spots);
    if rim.len() > 2 {
        entries.push(Entry::new(
            Glyph::Ground,
            format!("core, filled: in the focus’s community in {} of runs or more", percent(CORE)),
        ));
    }
    let has = |place: Place| spots.iter().any(|s| s.place == place);
    if has(Place::Boundary) {
        entries.push(Entry::new(
            Glyph::Shape { role: None, filled: Filled::Hollow, dashed: false, double: false },
            format!("boundary: {} to {}", percent(OUTSIDE), percent(CORE)),
        ));
    }
    if has(Place::Outside) {
        entries.push(Entry::new(
            Glyph::Shape { role: None, filled: Filled::Hollow, dashed: true, double: false },
            if model.ungraded {
                "membership not computed".to_owned()
            } else if has(Place::Core) || has(Place::Boundary) {
                format!("outside: below {}", percent(OUTSIDE))
            } else {
                format!("all outside: in the focus’s community in less than {} of runs", percent(OUTSIDE))
            },
        ));
    }
    if ties.iter().any(|t| !t.certain) {
        entries.push(Entry::new(Glyph::Line { width: 1.6, dashed: true }, dashed(model.possible)));
    }
    sheet.legend(&entries);
    sizes(sheet, ties, units, bound);
}

/// Returns what a dashed tie says: coupled it is all the same, where the backbone is drawn.
pub(crate) const fn dashed(possible: bool) -> &'static str {
    if possible { "may be coupled, q above 0.05" } else { "coupled, q above 0.01" }
}

/// Returns the entries of the legend that tell roles and names of norms apart.
pub(crate) fn role_entries(spots: &[Spot]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for role in [Role::Problem, Role::Value, Role::Behaviour] {
        if spots.iter().any(|s| s.concept.roles.first() == Some(&role)) {
            entries.push(Entry::new(
                Glyph::Shape { role: Some(role), filled: Filled::Full, dashed: false, double: false },
                role.word(),
            ));
        }
    }
    if spots.iter().any(|s| s.concept.norm_label) {
        entries.push(Entry::new(
            Glyph::Shape { role: None, filled: Filled::Hollow, dashed: false, double: true },
            "name of a norm",
        ));
    }
    entries
}

/// Writes the legend of areas and widths.
pub(crate) fn sizes(sheet: &mut Sheet, ties: &[Tie], units: Steps, bound: Steps) {
    let mut entries = Vec::new();
    for (step, &radius) in RADIUS.iter().enumerate().take(units.used()) {
        let words = units.words(step, "");
        entries.push(Entry::new(
            Glyph::Disc { radius: radius * 0.9 },
            if step == 0 { format!("units: {words}") } else { words },
        ));
    }
    if !ties.is_empty() {
        for (step, &width) in WIDTH.iter().enumerate().take(bound.used()) {
            let words = bound.words(step, "");
            entries.push(Entry::new(
                Glyph::Line { width, dashed: false },
                if step == 0 { format!("ln odds ratio, lower bound: {words}") } else { words },
            ));
        }
    }
    sheet.legend(&entries);
}

fn notes(model: &Network, drawn: &[usize], n_dropped: usize) -> String {
    let ties = ties(model);
    let tied: BTreeSet<usize> = ties.iter().flat_map(|t| [t.a, t.b]).collect();
    let mut alone: Vec<&str> = (0..model.nodes.len())
        .filter(|i| !tied.contains(i) && !drawn.contains(i))
        .map(|i| model.nodes[i].label.as_str())
        .collect();
    alone.sort_unstable();
    let mut words = format!("{} drawn.", count(ties.len(), "tie", "ties"));
    let past = tied.iter().filter(|i| !drawn.contains(i)).count();
    if past > 0 {
        let lost = ties.iter().filter(|t| !drawn.contains(&t.a) || !drawn.contains(&t.b)).count();
        words += &format!(
            " Not drawn for lack of room: {} with {}.",
            count(past, "concept", "concepts"),
            count(lost, "tie", "ties")
        );
    }
    if !alone.is_empty() {
        let more = alone.len().saturating_sub(8);
        let list = alone[..alone.len() - more].join(", ");
        words += &format!(
            " Coupled with nothing: {list}{}.",
            if more > 0 { format!(" and {more} more") } else { String::new() }
        );
    }
    if n_dropped > 0 {
        words += &format!(" {} found no room.", count(n_dropped, "label", "labels"));
    }
    words
}

fn description(model: &Network, ties: &[Tie]) -> String {
    let list = |place: Place| {
        let mut all: Vec<&Concept> = model.nodes.iter().filter(|c| place_of(c) == place).collect();
        all.sort_by(|a, b| sane(b.membership).total_cmp(&sane(a.membership)).then_with(|| a.id.cmp(&b.id)));
        let words: Vec<String> = all.iter().map(|c| format!("{} {}", c.label, plain(sane(c.membership)))).collect();
        if words.is_empty() { "none".to_owned() } else { words.join(", ") }
    };
    let strongest: Vec<String> = ties
        .iter()
        .take(10)
        .map(|t| format!("{} – {} ({})", model.nodes[t.a].label, model.nodes[t.b].label, plain(t.lower_ln_or)))
        .collect();
    format!(
        "Concepts joined by the ties of the backbone. Core, with membership: {}. Boundary: {}. Outside: {}. Strongest ties, with the lower bound of the ln odds ratio: {}.",
        list(Place::Core),
        list(Place::Boundary),
        list(Place::Outside),
        if strongest.is_empty() { "none".to_owned() } else { strongest.join(", ") }
    )
}

/// One table for both kinds of rows: a concept has no second end, a tie has one.
fn table(model: &Network, id: &str, title: &str) -> Table {
    let mut table = Table::new(
        id,
        title,
        &[
            "row",
            "concept",
            "coupled_with",
            "roles",
            "norm_label",
            "units",
            "membership",
            "community",
            "lower_ln_or",
            "certain",
        ],
    );
    let none = || Cell::Missing("not of this kind of row");
    for c in &model.nodes {
        let roles: Vec<&str> = c.roles.iter().map(|r| r.word()).collect();
        table.push(vec![
            Cell::text("concept"),
            Cell::text(&c.label),
            none(),
            Cell::text(roles.join("; ")),
            Cell::text(yes(c.norm_label)),
            Cell::Count(c.units),
            Cell::number(c.membership, 2),
            Cell::Whole(c.community as u64),
            none(),
            none(),
        ]);
    }
    for t in ties(model) {
        let mut row = vec![Cell::text("tie"), Cell::text(&model.nodes[t.a].label), Cell::text(&model.nodes[t.b].label)];
        row.extend((0..5).map(|_| none()));
        row.extend([Cell::number(t.lower_ln_or, 3), Cell::text(yes(t.certain))]);
        table.push(row);
    }
    table
}
