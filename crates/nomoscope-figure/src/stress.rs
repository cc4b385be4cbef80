//! Layout of a graph by stress majorisation: distances on paper follow distances in the graph.
//!
//! Gansner, Koren & North (2005), "Graph drawing by stress majorization", the local update with weights d^-2. Several
//! starts from a fixed generator, the best kept: the same graph always gets the same picture. A second phase pulls
//! core nodes to the middle and boundary nodes outward, because inside and outside is what the figure is about.

/// A point on paper.
pub(crate) type Point = (f64, f64);

/// An edge of the layout: its ends and how long it would like to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spring {
    pub(crate) a: usize,
    pub(crate) b: usize,
    pub(crate) length: f64,
}

const STARTS: u64 = 10;
const ROUNDS: usize = 160;

/// Returns a place for each of `n` nodes; `outward` is 0 in the core and grows to 1 far from it.
pub(crate) fn layout(n: usize, springs: &[Spring], outward: &[f64]) -> Vec<Point> {
    if n == 0 {
        return Vec::new();
    }
    let distances = distances(n, springs);
    let mut best: Option<(f64, Vec<Point>)> = None;
    for start in 0..STARTS {
        let mut points = circle(n, start);
        for _ in 0..ROUNDS {
            relax(&mut points, &distances, None);
        }
        let stress = stress(&points, &distances);
        if best.as_ref().is_none_or(|(least, _)| stress < *least - 1e-9) {
            best = Some((stress, points));
        }
    }
    let mut points = best.map(|(_, points)| points).unwrap_or_default();
    let radius = points.iter().map(|p| libm::hypot(p.0, p.1)).fold(0.0, f64::max);
    for round in 0..100 {
        let centre = centre(&points, outward);
        relax(&mut points, &distances, Some(Rings { centre, radius, outward, pull: 1.3 * f64::from(round) / 100.0 }));
    }
    points
}

/// Pulls towards a ring round the core.
#[derive(Clone, Copy)]
struct Rings<'a> {
    centre: Point,
    radius: f64,
    outward: &'a [f64],
    pull: f64,
}

#[expect(clippy::cast_precision_loss, reason = "graphs in figures are small")]
fn circle(n: usize, start: u64) -> Vec<Point> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(start + 1);
    let mut chance = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1_u64 << 31) as f64
    };
    (0..n)
        .map(|index| {
            let turn = std::f64::consts::TAU * (index as f64 / n as f64 + if start == 0 { 0.0 } else { chance() });
            let far = if start == 0 { 1.0 } else { 0.3 + chance() };
            (far * libm::cos(turn), far * libm::sin(turn))
        })
        .collect()
}

/// Returns the shortest ways between all nodes; parts without a way between them stand a little apart.
fn distances(n: usize, springs: &[Spring]) -> Vec<Vec<f64>> {
    let mut d = vec![vec![f64::INFINITY; n]; n];
    for (i, row) in d.iter_mut().enumerate() {
        row[i] = 0.0;
    }
    for s in springs {
        let length = d[s.a][s.b].min(s.length);
        d[s.a][s.b] = length;
        d[s.b][s.a] = length;
    }
    for k in 0..n {
        for i in 0..n {
            for j in 0..n {
                let by = d[i][k] + d[k][j];
                if by < d[i][j] {
                    d[i][j] = by;
                }
            }
        }
    }
    let longest = d.iter().flatten().copied().filter(|x| x.is_finite()).fold(1.0, f64::max);
    for x in d.iter_mut().flatten() {
        if !x.is_finite() {
            *x = longest * 0.75 + 1.0;
        }
    }
    d
}

/// Moves every node to where its distances would have it, one after the other.
fn relax(points: &mut [Point], distances: &[Vec<f64>], rings: Option<Rings>) {
    for i in 0..points.len() {
        let (mut x, mut y, mut weight) = (0.0, 0.0, 0.0);
        let here = points[i];
        for (j, &there) in points.iter().enumerate() {
            let d = distances[i][j];
            if i == j || d <= 0.0 {
                continue;
            }
            let w = 1.0 / (d * d);
            let (dx, dy) = apart(here, there, i, j);
            let way = libm::hypot(dx, dy);
            x += w * (there.0 + d * dx / way);
            y += w * (there.1 + d * dy / way);
            weight += w;
        }
        if let Some(rings) = rings {
            let (dx, dy) = apart(here, rings.centre, i, usize::MAX);
            let way = libm::hypot(dx, dy);
            let ring = rings.radius * (0.25 + 0.85 * rings.outward[i]);
            let wish = if rings.outward[i] > 0.0 { way.max(ring) } else { way.min(rings.radius * 0.38) };
            let w = rings.pull * weight.max(1e-9);
            x += w * (rings.centre.0 + wish * dx / way);
            y += w * (rings.centre.1 + wish * dy / way);
            weight += w;
        }
        if weight > 0.0 {
            points[i] = (x / weight, y / weight);
        }
    }
}

/// Returns the way from `there` to `here`; for two nodes on one spot, a small one that depends on which they are.
#[expect(clippy::cast_precision_loss, reason = "graphs in figures are small")]
fn apart(here: Point, there: Point, i: usize, j: usize) -> Point {
    let (dx, dy) = (here.0 - there.0, here.1 - there.1);
    if dx.abs() + dy.abs() > 1e-9 {
        return (dx, dy);
    }
    let turn = i as f64 * 2.399 + if i < j { 0.0 } else { std::f64::consts::PI };
    (1e-3 * libm::cos(turn), 1e-3 * libm::sin(turn))
}

fn stress(points: &[Point], distances: &[Vec<f64>]) -> f64 {
    let mut sum = 0.0;
    for i in 0..points.len() {
        for j in 0..i {
            let d = distances[i][j];
            let way = libm::hypot(points[i].0 - points[j].0, points[i].1 - points[j].1);
            if d > 0.0 {
                sum += (way - d) * (way - d) / (d * d);
            }
        }
    }
    sum
}

fn centre(points: &[Point], outward: &[f64]) -> Point {
    let core: Vec<&Point> = points.iter().zip(outward).filter(|(_, o)| **o <= 0.0).map(|(p, _)| p).collect();
    let core = if core.is_empty() { points.iter().collect() } else { core };
    #[expect(clippy::cast_precision_loss, reason = "graphs in figures are small")]
    let n = core.len().max(1) as f64;
    (core.iter().map(|p| p.0).sum::<f64>() / n, core.iter().map(|p| p.1).sum::<f64>() / n)
}

/// Returns the points turned so that they reach furthest along x.
pub(crate) fn turned_flat(points: &[Point]) -> Vec<Point> {
    #[expect(clippy::cast_precision_loss, reason = "graphs in figures are small")]
    let n = points.len().max(1) as f64;
    let (mx, my) = (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in points {
        xx += (x - mx) * (x - mx);
        xy += (x - mx) * (y - my);
        yy += (y - my) * (y - my);
    }
    let turn = 0.5 * libm::atan2(2.0 * xy, xx - yy);
    let (c, s) = (libm::cos(turn), libm::sin(turn));
    points.iter().map(|(x, y)| ((x - mx) * c + (y - my) * s, (y - my) * c - (x - mx) * s)).collect()
}

/// Returns the corners of the convex hull, counter-clockwise (Andrew's monotone chain).
pub(crate) fn hull(points: &[Point]) -> Vec<Point> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.total_cmp(&b.1)));
    sorted.dedup();
    if sorted.len() < 3 {
        return sorted;
    }
    let half = |points: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for p in points {
            while let [.., a, b] = chain[..] {
                if cross(a, b, p) > 1e-12 {
                    break;
                }
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    let mut corners = half(&mut sorted.iter().copied());
    corners.extend(half(&mut sorted.iter().rev().copied()));
    corners
}

fn cross(o: Point, a: Point, b: Point) -> f64 {
    (a.0 - o.0) * (b.1 - o.1) - (a.1 - o.1) * (b.0 - o.0)
}

/// Returns whether a point lies in a convex hull.
pub(crate) fn inside(corners: &[Point], p: Point) -> bool {
    corners.len() > 2 && (0..corners.len()).all(|i| cross(corners[i], corners[(i + 1) % corners.len()], p) >= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_drawn_straight_with_its_own_lengths() {
        let springs = [0, 1, 2].map(|a| Spring { a, b: a + 1, length: 1.0 });
        let distances = distances(4, &springs);
        let mut points = circle(4, 1);
        for _ in 0..400 {
            relax(&mut points, &distances, None);
        }
        // A path can be drawn without any stress: the ends lie three lengths apart.
        let ends = libm::hypot(points[0].0 - points[3].0, points[0].1 - points[3].1);
        assert!((ends - 3.0).abs() < 0.01, "{ends}");
        assert!(stress(&points, &distances) < 1e-3);
    }

    #[test]
    fn the_hull_holds_every_point_and_no_inner_one() {
        let corners = hull(&[(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (1.0, 1.0), (1.0, 0.0)]);
        assert_eq!(corners, [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]);
        assert!(inside(&corners, (1.0, 1.9)) && !inside(&corners, (1.0, 2.1)));
    }
}
