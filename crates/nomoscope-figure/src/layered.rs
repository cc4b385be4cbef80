//! Layout of an order in layers: what contains stands above what is contained, with few crossings.
//!
//! Sugiyama, Tagawa & Toda (1981), "Methods for visual understanding of hierarchical system structures", with layers of
//! bounded width: every box as high as the boxes above it and the room allow. Barycentres and exchanges of neighbours
//! order the layers; places within a layer are the least squares under that order (isotonic regression), with the weights of
//! Gansner, Koutsofios, North & Vo (1993), "A technique for drawing directed graphs". No chance
//! anywhere: the same order always gets the same picture.

use crate::scale::whole;
use crate::svg::Rect;

/// Free room between two boxes of a layer.
const BESIDE: f64 = 14.0;
/// Room that a line through a layer wants.
const LANE: f64 = 11.0;
/// How much of a layer boxes may fill, so that lines can pass.
const FILLED: f64 = 0.86;
const SWEEPS: usize = 14;

/// A line from one box up to another: where it leaves, passes and arrives.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Route {
    /// Middle of the line, upper and lower edge of the layer, from below to above.
    pub(crate) stations: Vec<(f64, f64, f64)>,
}

/// Boxes and lines with their places; the upper left corner is 0, 0.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Layout {
    pub(crate) boxes: Vec<Rect>,
    pub(crate) routes: Vec<Route>,
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// How often two lines cross between layers.
    pub(crate) n_crossings: usize,
}

/// A graph whose lines join neighbouring layers only: boxes first, then the places where long lines pass.
struct Layers {
    /// Vertices of every layer, left to right; the top layer first.
    order: Vec<Vec<usize>>,
    layer: Vec<usize>,
    above: Vec<Vec<usize>>,
    below: Vec<Vec<usize>>,
    width: Vec<f64>,
    n_boxes: usize,
    /// The vertices of every line, from below to above.
    paths: Vec<Vec<usize>>,
}

/// Returns places for boxes of these sizes; an edge leads from a box to one above it. The edges must not form a cycle.
pub(crate) fn layered(sizes: &[(f64, f64)], edges: &[(usize, usize)], room: f64, between: f64) -> Layout {
    if sizes.is_empty() {
        return Layout::default();
    }
    let layer = layers_of(sizes, edges, room * FILLED);
    let mut layers = proper(sizes, edges, &layer);
    let n_crossings = reduce_crossings(&mut layers);
    let x = columns(&layers, room);
    finish(&layers, sizes, &x, between, n_crossings)
}

/// Returns the layer of every box: below all that it leads to, as high as the room allows.
fn layers_of(sizes: &[(f64, f64)], edges: &[(usize, usize)], room: f64) -> Vec<usize> {
    let n = sizes.len();
    let mut layer = vec![0; n];
    let mut used: Vec<f64> = Vec::new();
    for node in from_the_top(n, edges) {
        let least = edges.iter().filter(|(a, _)| *a == node).map(|(_, b)| layer[*b] + 1).max().unwrap_or(0);
        layer[node] = place(&mut used, least, sizes[node].0, room);
    }
    // What nothing lies above comes down to what it contains: short lines are followed, long ones are not.
    for node in (0..n).filter(|&node| !edges.iter().any(|(a, _)| *a == node)) {
        let Some(first) = edges.iter().filter(|(_, b)| *b == node).map(|(a, _)| layer[*a]).min() else { continue };
        let w = sizes[node].0 + BESIDE;
        if first > layer[node] + 1 && used[first - 1] + w <= room + BESIDE {
            used[layer[node]] -= w;
            layer[node] = first - 1;
            used[first - 1] += w;
        }
    }
    close_up(&mut layer);
    layer
}

/// Returns the first layer from `least` on with room for a box, and takes the room.
fn place(used: &mut Vec<f64>, least: usize, width: f64, room: f64) -> usize {
    let mut at = least;
    loop {
        if used.len() <= at {
            used.resize(at + 1, 0.0);
        }
        // An empty layer takes any box, so the loop ends.
        if used[at] <= 0.0 || used[at] + width <= room {
            used[at] += width + BESIDE;
            return at;
        }
        at += 1;
    }
}

/// Returns all boxes, each after those that it leads to; among several the one with the longest way below it first.
fn from_the_top(n: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let depth = depths(n, edges);
    let mut left: Vec<usize> = vec![0; n];
    for (a, _) in edges {
        left[*a] += 1;
    }
    let mut ready: Vec<usize> = (0..n).filter(|&node| left[node] == 0).collect();
    let mut order = Vec::with_capacity(n);
    while !ready.is_empty() {
        ready.sort_by(|&a, &b| depth[a].cmp(&depth[b]).then(b.cmp(&a)));
        let Some(node) = ready.pop() else { break };
        order.push(node);
        for (a, _) in edges.iter().filter(|(_, b)| *b == node) {
            left[*a] -= 1;
            if left[*a] == 0 {
                ready.push(*a);
            }
        }
    }
    order
}

/// Returns how many boxes the longest way down from each holds.
fn depths(n: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut depth = vec![0; n];
    // A way holds each box once at most, so n rounds settle it.
    for _ in 0..n {
        let mut changed = false;
        for &(a, b) in edges {
            if depth[b] < depth[a] + 1 {
                depth[b] = depth[a] + 1;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    depth
}

/// Removes layers that were left empty.
fn close_up(layer: &mut [usize]) {
    let mut used: Vec<usize> = layer.to_vec();
    used.sort_unstable();
    used.dedup();
    for at in layer.iter_mut() {
        *at = used.binary_search(at).unwrap_or(0);
    }
}

/// Cuts long lines into steps from layer to layer.
fn proper(sizes: &[(f64, f64)], edges: &[(usize, usize)], layer: &[usize]) -> Layers {
    let n = sizes.len();
    let n_layers = layer.iter().max().map_or(0, |last| last + 1);
    let mut layers = Layers {
        order: vec![Vec::new(); n_layers],
        layer: layer.to_vec(),
        above: vec![Vec::new(); n],
        below: vec![Vec::new(); n],
        width: sizes.iter().map(|size| size.0).collect(),
        n_boxes: n,
        paths: Vec::new(),
    };
    for &(a, b) in edges {
        let mut path = vec![a];
        for at in (layer[b] + 1..layer[a]).rev() {
            path.push(layers.layer.len());
            layers.layer.push(at);
            layers.width.push(LANE);
            layers.above.push(Vec::new());
            layers.below.push(Vec::new());
        }
        path.push(b);
        for step in path.windows(2) {
            layers.above[step[0]].push(step[1]);
            layers.below[step[1]].push(step[0]);
        }
        layers.paths.push(path);
    }
    for vertex in first_order(&layers) {
        layers.order[layers.layer[vertex]].push(vertex);
    }
    layers
}

/// Returns all vertices as a walk from the top meets them: what hangs together begins together.
fn first_order(layers: &Layers) -> Vec<usize> {
    let n = layers.layer.len();
    let mut seen = vec![false; n];
    let mut order = Vec::with_capacity(n);
    let mut starts: Vec<usize> = (0..n).collect();
    starts.sort_by_key(|&v| (layers.layer[v], v));
    for start in starts {
        let mut stack = vec![start];
        while let Some(vertex) = stack.pop() {
            if !std::mem::replace(&mut seen[vertex], true) {
                order.push(vertex);
                stack.extend(layers.below[vertex].iter().rev().filter(|v| !seen[**v]));
            }
        }
    }
    order
}

fn places(order: &[Vec<usize>], n: usize) -> Vec<usize> {
    let mut place = vec![0; n];
    for layer in order {
        for (at, &vertex) in layer.iter().enumerate() {
            place[vertex] = at;
        }
    }
    place
}

/// Orders the layers and returns how many crossings are left.
fn reduce_crossings(layers: &mut Layers) -> usize {
    let mut best = (crossings(layers), layers.order.clone());
    for sweep in 0..SWEEPS {
        if best.0 == 0 {
            break;
        }
        let down = sweep % 2 == 0;
        let n_layers = layers.order.len();
        for step in 0..n_layers {
            let at = if down { step } else { n_layers - 1 - step };
            by_barycentre(layers, at, down);
        }
        exchange(layers);
        let now = crossings(layers);
        if now < best.0 {
            best = (now, layers.order.clone());
        }
    }
    layers.order = best.1;
    best.0
}

fn by_barycentre(layers: &mut Layers, at: usize, from_above: bool) {
    let place = places(&layers.order, layers.layer.len());
    let near = if from_above { &layers.above } else { &layers.below };
    let centre = |vertex: usize| {
        let all = &near[vertex];
        if all.is_empty() {
            whole(place[vertex])
        } else {
            all.iter().map(|v| whole(place[*v])).sum::<f64>() / whole(all.len())
        }
    };
    layers.order[at].sort_by(|&a, &b| centre(a).total_cmp(&centre(b)).then(place[a].cmp(&place[b])));
}

/// Exchanges neighbours as long as that takes crossings away.
fn exchange(layers: &mut Layers) {
    for _ in 0..8 {
        let mut better = false;
        for at in 0..layers.order.len() {
            let mut place = places(&layers.order, layers.layer.len());
            for i in 1..layers.order[at].len() {
                let (a, b) = (layers.order[at][i - 1], layers.order[at][i]);
                let cost = |x: usize, y: usize| {
                    pair_crossings(&layers.above[x], &layers.above[y], &place)
                        + pair_crossings(&layers.below[x], &layers.below[y], &place)
                };
                if cost(b, a) < cost(a, b) {
                    layers.order[at].swap(i - 1, i);
                    (place[a], place[b]) = (i, i - 1);
                    better = true;
                }
            }
        }
        if !better {
            break;
        }
    }
}

/// Returns how often lines of a vertex cross those of one to its right.
fn pair_crossings(left: &[usize], right: &[usize], place: &[usize]) -> usize {
    left.iter().map(|l| right.iter().filter(|r| place[**r] < place[*l]).count()).sum()
}

fn crossings(layers: &Layers) -> usize {
    let place = places(&layers.order, layers.layer.len());
    let of = |layer: &Vec<usize>| -> usize {
        (0..layer.len())
            .map(|j| {
                (0..j).map(|i| pair_crossings(&layers.above[layer[i]], &layers.above[layer[j]], &place)).sum::<usize>()
            })
            .sum()
    };
    layers.order.iter().map(of).sum()
}

/// Returns the middle of every vertex.
fn columns(layers: &Layers, room: f64) -> Vec<f64> {
    let mut x = vec![room / 2.0; layers.layer.len()];
    for layer in &layers.order {
        settle(layers, layer, &mut x, room, |_, x| (x, 1.0));
    }
    // At first after one side at a time, which spreads what hangs together; then between both.
    for sweep in 0..160 {
        let down = sweep % 2 == 0;
        for step in 0..layers.order.len() {
            let at = if down { step } else { layers.order.len() - 1 - step };
            let layer = &layers.order[at];
            let both = sweep >= 16;
            let now = x.clone();
            settle(layers, layer, &mut x, room, |vertex, own| {
                let above = layers.above[vertex].iter().filter(|_| down || both);
                let below = layers.below[vertex].iter().filter(|_| !down || both);
                pull(layers, vertex, above.chain(below), &now).unwrap_or((own, 1.0))
            });
        }
    }
    x
}

/// Returns where its lines pull a vertex, and how strongly.
///
/// The strength is the sum over its lines: with the same strength for all, steps layer by layer would not come down to
/// least squares, but drift to one side until the rim stops them.
fn pull<'a>(layers: &Layers, vertex: usize, near: impl Iterator<Item = &'a usize>, x: &[f64]) -> Option<(f64, f64)> {
    let line = |v: usize| v >= layers.n_boxes;
    let (mut sum, mut strength) = (0.0, 0.0);
    for &other in near {
        // Long lines are straight before boxes are in the middle (weights of Gansner et al. 1993).
        let weight = match (line(vertex), line(other)) {
            (false, false) => 1.0,
            (true, true) => 8.0,
            _ => 2.0,
        };
        sum += weight * x[other];
        strength += weight;
    }
    if strength > 0.0 { Some((sum / strength, strength)) } else { None }
}

/// Moves the vertices of a layer as close to where they want to be as their order, their widths and the room allow.
fn settle(layers: &Layers, layer: &[usize], x: &mut [f64], room: f64, wish: impl Fn(usize, f64) -> (f64, f64)) {
    let (offsets, total) = offsets(layers, layer, room);
    let Some(&first) = layer.first() else { return };
    let half = width_of(layers, first, layer, room) / 2.0;
    let wishes: Vec<(f64, f64)> = layer
        .iter()
        .zip(&offsets)
        .map(|(&vertex, offset)| {
            let (to, strength) = wish(vertex, x[vertex]);
            (to - offset, strength)
        })
        .collect();
    for ((&vertex, offset), y) in layer.iter().zip(&offsets).zip(isotonic(&wishes)) {
        x[vertex] = y.clamp(half, (room - total + half).max(half)) + offset;
    }
}

/// Returns the room of a vertex: lines give way where a layer is crowded.
fn width_of(layers: &Layers, vertex: usize, layer: &[usize], room: f64) -> f64 {
    if vertex < layers.n_boxes {
        return layers.width[vertex];
    }
    let boxes: f64 = layer.iter().filter(|v| **v < layers.n_boxes).map(|v| layers.width[*v] + BESIDE).sum();
    let lines = layer.iter().filter(|v| **v >= layers.n_boxes).count();
    ((room - boxes) / whole(lines.max(1))).clamp(0.0, LANE)
}

/// Returns the least distance of every vertex's middle from that of the first, and the width of the layer.
fn offsets(layers: &Layers, layer: &[usize], room: f64) -> (Vec<f64>, f64) {
    let widths: Vec<f64> = layer.iter().map(|v| width_of(layers, *v, layer, room)).collect();
    let mut offsets = Vec::with_capacity(layer.len());
    let mut edge = 0.0;
    for (at, (&vertex, w)) in layer.iter().zip(&widths).enumerate() {
        let gap = match at.checked_sub(1).map(|before| layer[before]) {
            None => 0.0,
            Some(before) if before < layers.n_boxes && vertex < layers.n_boxes => BESIDE,
            Some(before) if before < layers.n_boxes || vertex < layers.n_boxes => BESIDE / 2.0,
            Some(_) => 0.0,
        };
        edge += gap;
        offsets.push(edge + w / 2.0);
        edge += w;
    }
    let first = offsets.first().copied().unwrap_or(0.0);
    (offsets.into_iter().map(|offset| offset - first).collect(), edge)
}

/// Returns the values that do not fall and lie closest to the wishes, by weighted squares.
fn isotonic(wishes: &[(f64, f64)]) -> Vec<f64> {
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for &(value, weight) in wishes {
        let mut block = (value, weight, 1);
        while let Some(&(before, heavy, n)) = blocks.last().filter(|last| last.0 > block.0) {
            block = ((before * heavy + block.0 * block.1) / (heavy + block.1), heavy + block.1, n + block.2);
            blocks.pop();
        }
        blocks.push(block);
    }
    blocks.into_iter().flat_map(|(value, _, n)| std::iter::repeat_n(value, n)).collect()
}

fn finish(layers: &Layers, sizes: &[(f64, f64)], x: &[f64], between: f64, n_crossings: usize) -> Layout {
    let half = |vertex: usize| sizes.get(vertex).map_or(0.0, |size| size.0 / 2.0);
    let left = (0..x.len()).map(|v| x[v] - half(v)).fold(f64::INFINITY, f64::min);
    let right = (0..x.len()).map(|v| x[v] + half(v)).fold(0.0, f64::max);
    let mut boxes = vec![Rect::default(); sizes.len()];
    let mut bands = Vec::new();
    let mut y = 0.0;
    for layer in &layers.order {
        let tall = layer.iter().filter(|v| **v < sizes.len()).map(|v| sizes[*v].1).fold(0.0, f64::max);
        for &vertex in layer.iter().filter(|v| **v < sizes.len()) {
            let (w, h) = sizes[vertex];
            boxes[vertex] = Rect::new(x[vertex] - w / 2.0 - left, y + (tall - h) / 2.0, w, h);
        }
        bands.push((y, y + tall));
        y += tall + between;
    }
    let station = |vertex: usize| {
        let (top, bottom) = bands[layers.layer[vertex]];
        (x[vertex] - left, top, bottom)
    };
    let routes =
        layers.paths.iter().map(|path| Route { stations: path.iter().map(|v| station(*v)).collect() }).collect();
    Layout { boxes, routes, width: right - left, height: y - between, n_crossings }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(n: usize, edges: &[(usize, usize)], room: f64) -> Layout {
        let sizes: Vec<(f64, f64)> = (0..n).map(|i| (40.0 + 10.0 * (i % 4) as f64, 20.0 + (i % 3) as f64)).collect();
        let layout = layered(&sizes, edges, room, 30.0);
        assert_eq!(layout, layered(&sizes, edges, room, 30.0));
        assert!(layout.width <= room + 1e-6, "{} in {room}", layout.width);
        for (i, a) in layout.boxes.iter().enumerate() {
            assert!(a.x >= -1e-6 && a.right() <= layout.width + 1e-6 && a.bottom() <= layout.height + 1e-6);
            for b in &layout.boxes[..i] {
                assert!(a.shared(b) < 1e-6, "{a:?} lies on {b:?}");
            }
        }
        for ((below, above), route) in edges.iter().zip(&layout.routes) {
            assert!(layout.boxes[*below].y > layout.boxes[*above].bottom(), "{below} is not below {above}");
            // A line passes between boxes, never through one.
            for (x, top, bottom) in &route.stations[1..route.stations.len() - 1] {
                let line = Rect::new(x - 0.1, *top, 0.2, bottom - top);
                assert!(layout.boxes.iter().all(|b| b.shared(&line) < 1e-6));
            }
        }
        layout
    }

    #[test]
    fn a_planar_order_has_no_crossing() {
        // A tree, given so that the order of its numbers crosses; a diamond; the cube's order of three, which is not planar.
        let tree = [(1, 0), (2, 0), (3, 0), (6, 1), (5, 2), (4, 3), (8, 1), (7, 2), (9, 3)];
        assert_eq!(check(10, &tree, 700.0).n_crossings, 0);
        assert_eq!(check(4, &[(1, 0), (2, 0), (3, 1), (3, 2)], 700.0).n_crossings, 0);
        let cube = [(1, 0), (2, 0), (3, 0), (4, 1), (4, 2), (5, 1), (5, 3), (6, 2), (6, 3), (7, 4), (7, 5), (7, 6)];
        assert_eq!(check(8, &cube, 700.0).n_crossings, 2);
    }

    #[test]
    fn a_layer_that_is_too_wide_becomes_two() {
        let star: Vec<(usize, usize)> = (1..30).map(|i| (i, 0)).collect();
        let layout = check(30, &star, 400.0);
        assert!(layout.height > 200.0);
        check(1, &[], 10.0_f64.max(70.0));
        assert_eq!(layered(&[], &[], 100.0, 30.0), Layout::default());
    }

    #[test]
    fn chains_are_straight() {
        let layout = check(5, &[(1, 0), (2, 1), (3, 2), (4, 3)], 700.0);
        assert!(layout.boxes.iter().all(|b| (b.cx() - layout.boxes[0].cx()).abs() < 1e-6));
        // What stands beside a chain and above its foot bends only its own line, whatever the widths.
        for widths in [[119.0, 96.0, 127.0, 144.0], [60.0, 140.0, 50.0, 40.0], [150.0, 40.0, 140.0, 30.0]] {
            let beside = layered(&widths.map(|w| (w, 30.0)), &[(1, 0), (3, 1), (3, 2)], 700.0, 34.0);
            let [top, middle, other, foot] = [0, 1, 2, 3].map(|i: usize| beside.boxes[i].cx());
            assert!((top - middle).abs() < 0.5, "{top} is not above {middle}");
            assert!((foot - f64::midpoint(middle, other)).abs() < 0.5, "{foot} is not between {middle} and {other}");
        }
        // A long line beside a chain.
        check(6, &[(1, 0), (2, 1), (3, 2), (4, 3), (4, 5)], 700.0);
    }

    #[test]
    fn dense_orders_keep_to_their_room() {
        let mut state = 5_u64;
        let mut chance = |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        for (n, one_in) in [(6, 2), (12, 3), (25, 6), (60, 12), (36, 4)] {
            let mut edges = Vec::new();
            for a in 0..n {
                for b in 0..a {
                    if chance(one_in) == 0 {
                        edges.push((a, b));
                    }
                }
            }
            check(n, &edges, 380.0);
            check(n, &edges, 700.0);
        }
    }
}
