//! The order of reading: columns from left to right, and in each the lines from above.
//!
//! A gutter is a stretch of the width that few lines cross while lines of text stand on both sides of it. Lines that cross
//! it (titles, wide tables) divide the page: what stands above them is read before them, column by column.

use super::glyphs::Stretch;

/// How many gutters are looked for within one another.
const MAX_DEPTH: usize = 5;
/// Lines on the same baseline, as a share of the type size.
const SAME_LINE: f64 = 0.4;
/// The least width of a gutter, as a share of the usual type size.
const GUTTER: f64 = 0.9;
/// The least lines on each side of a gutter.
const LEAST_LINES: usize = 3;
/// The least width of what stands on each side, in sizes of type: columns of numbers are those of a table.
const LEAST_WIDTH: f64 = 8.0;
/// How often a side of a gutter is parted once more, to see whether it is made of columns itself.
const SIDE_BY_SIDE: usize = 2;
/// Of the lines, the share that may cross a gutter.
const CROSSING: f64 = 0.35;

/// A line of a column.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) baseline: f64,
    pub(super) size: f64,
    /// Whether a column begins with it.
    pub(super) opens: bool,
}

/// Returns the lines of a page in the order of reading.
pub(super) fn lines(stretches: Vec<Stretch>) -> Vec<Line> {
    let mut out = Vec::new();
    columns(stretches, MAX_DEPTH, &mut out);
    out
}

fn columns(stretches: Vec<Stretch>, depth: usize, out: &mut Vec<Line>) {
    let Some(gutter) = (depth > 0).then(|| gutter(&stretches, SIDE_BY_SIDE)).flatten() else {
        return column(stretches, out);
    };
    // Above, below and between the lines that cross the gutter.
    let crosses = |stretch: &Stretch| stretch.left < gutter && stretch.right > gutter;
    let (mut across, beside): (Vec<Stretch>, Vec<Stretch>) = stretches.into_iter().partition(crosses);
    across.sort_by(|a, b| b.baseline.total_cmp(&a.baseline));
    let mut left_over = beside;
    let mut bands: Vec<(Vec<Stretch>, Vec<Stretch>)> = Vec::new();
    for stretch in across {
        let half = stretch.size * SAME_LINE;
        let above = |other: &Stretch| other.baseline > stretch.baseline + half;
        let (upper, rest): (Vec<Stretch>, Vec<Stretch>) = left_over.into_iter().partition(above);
        // What stands on the same line as one that crosses belongs to it.
        let on = |other: &Stretch| (other.baseline - stretch.baseline).abs() <= half;
        let (beside, rest): (Vec<Stretch>, Vec<Stretch>) = rest.into_iter().partition(on);
        left_over = rest;
        let mut line = beside;
        line.push(stretch);
        match bands.last_mut() {
            Some((_, lines)) if upper.is_empty() => lines.append(&mut line),
            _ => bands.push((upper, line)),
        }
    }
    bands.push((left_over, Vec::new()));
    for (upper, lines) in bands {
        let (left, right): (Vec<Stretch>, Vec<Stretch>) =
            upper.into_iter().partition(|stretch| stretch.right <= gutter);
        columns(left, depth - 1, out);
        columns(right, depth - 1, out);
        column(lines, out);
    }
}

/// Writes one column, line by line.
fn column(mut stretches: Vec<Stretch>, out: &mut Vec<Line>) {
    stretches.sort_by(|a, b| b.baseline.total_cmp(&a.baseline));
    let mut rows: Vec<Vec<Stretch>> = Vec::new();
    for stretch in stretches {
        let fits = |row: &Vec<Stretch>| {
            row.first()
                .is_some_and(|first| first.baseline - stretch.baseline <= first.size.max(stretch.size) * SAME_LINE)
        };
        match rows.last_mut().filter(|row| fits(row)) {
            Some(row) => row.push(stretch),
            None => rows.push(vec![stretch]),
        }
    }
    let begin = out.len();
    for mut row in rows {
        row.sort_by(|a, b| a.left.total_cmp(&b.left));
        let tallest = row.iter().map(|stretch| stretch.size).fold(0.0, f64::max);
        let Some(first) = row.iter().find(|stretch| stretch.size >= tallest * 0.9) else { continue };
        let baseline = first.baseline;
        let mut text = String::new();
        let mut end = f64::NEG_INFINITY;
        for stretch in &row {
            if !text.is_empty() && !text.ends_with(' ') && stretch.left - end > stretch.size * 0.12 {
                text.push(' ');
            }
            text.push_str(stretch.text.trim_start_matches(|c: char| c == ' ' && text_is_spaced(&text)));
            end = stretch.right;
        }
        out.push(Line { text: text.trim().to_owned(), baseline, size: tallest, opens: out.len() == begin });
    }
}

fn text_is_spaced(text: &str) -> bool {
    text.is_empty() || text.ends_with(' ')
}

/// Returns where the widest gutter lies.
fn gutter(stretches: &[Stretch], further: usize) -> Option<f64> {
    let size = usual_size(stretches)?;
    let (left, right) = stretches.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(left, right), stretch| {
        (left.min(stretch.left), right.max(stretch.right))
    });
    let n_lines = count_lines(stretches.iter());
    if n_lines < LEAST_LINES || right - left < 2.0 * LEAST_WIDTH * size {
        return None;
    }
    // Where fewest lines cross: edges of stretches are the only places at which that number changes.
    let mut edges: Vec<(f64, i32)> = stretches.iter().flat_map(|s| [(s.left, 1), (s.right, -1)]).collect();
    edges.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut best: Option<(f64, f64)> = None;
    let mut crossing = 0_i32;
    #[allow(clippy::cast_precision_loss, reason = "a number of lines")]
    let allowed = (n_lines as f64 * CROSSING).floor();
    let (mut from, mut open): (f64, bool) = (left, false);
    for (at, change) in edges {
        let width = at - from;
        if open
            && width >= size * GUTTER
            && best.is_none_or(|(_, widest)| width > widest)
            && parts(stretches, from + width / 2.0, size, further)
        {
            best = Some((from + width / 2.0, width));
        }
        crossing += change;
        open = f64::from(crossing) <= allowed;
        from = at;
    }
    best.map(|(gutter, _)| gutter)
}

/// Whether a place parts two columns of text: lines of some width on both sides, beside one another.
fn parts(stretches: &[Stretch], place: f64, size: f64, further: usize) -> bool {
    let side = |is_left: bool| -> Vec<&Stretch> {
        stretches.iter().filter(|s| if is_left { s.right <= place } else { s.left >= place }).collect()
    };
    let (left, right) = (side(true), side(false));
    let crossing = stretches.len() - left.len() - right.len();
    let (n_left, n_right) = (count_lines(left.iter().copied()), count_lines(right.iter().copied()));
    if n_left < LEAST_LINES || n_right < LEAST_LINES || crossing > n_left + n_right {
        return false;
    }
    let reach = |side: &[&Stretch]| {
        let edge = |of: fn(&Stretch) -> f64, pick: fn(f64, f64) -> f64, start: f64| {
            side.iter().map(|s| of(s)).fold(start, pick)
        };
        (
            edge(|s| s.left, f64::min, f64::INFINITY),
            edge(|s| s.right, f64::max, f64::NEG_INFINITY),
            edge(|s| s.baseline, f64::min, f64::INFINITY),
            edge(|s| s.baseline, f64::max, f64::NEG_INFINITY),
        )
    };
    let ((ll, lr, lb, lt), (rl, rr, rb, rt)) = (reach(&left), reach(&right));
    let beside = lt.min(rt) - lb.max(rb);
    let shorter = (lt - lb).min(rt - rb);
    let fills = |side: &[&Stretch], width: f64| {
        let mut widths: Vec<f64> = side.iter().map(|s| s.right - s.left).collect();
        widths.sort_by(f64::total_cmp);
        // Most lines of text reach far into their column, or into one of several; cells of a table do not.
        let columns = || {
            let side: Vec<Stretch> = side.iter().map(|&stretch| stretch.clone()).collect();
            further > 0 && gutter(&side, further - 1).is_some()
        };
        widths
            .get(widths.len() / 2)
            .is_some_and(|median| *median >= LEAST_WIDTH * size && (*median >= width * 0.45 || columns()))
    };
    beside >= shorter * 0.5 && fills(&left, lr - ll) && fills(&right, rr - rl)
}

fn count_lines<'s>(stretches: impl Iterator<Item = &'s Stretch>) -> usize {
    let mut baselines: Vec<(f64, f64)> = stretches.map(|stretch| (stretch.baseline, stretch.size)).collect();
    baselines.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut lines = 0;
    let mut last = f64::NEG_INFINITY;
    for (baseline, size) in baselines {
        if baseline - last > size * SAME_LINE {
            lines += 1;
            last = baseline;
        }
    }
    lines
}

/// Returns the type size in which most letters are set.
pub(super) fn usual_size(stretches: &[Stretch]) -> Option<f64> {
    usual(stretches.iter().map(|stretch| (stretch.size, stretch.text.len())))
}

/// Returns the size that has most letters, to the quarter of a point.
pub(super) fn usual(sizes: impl Iterator<Item = (f64, usize)>) -> Option<f64> {
    let mut counts: std::collections::BTreeMap<i64, usize> = std::collections::BTreeMap::new();
    for (size, letters) in sizes.filter(|(size, _)| size.is_finite() && *size > 0.0) {
        #[allow(clippy::cast_possible_truncation, reason = "a size of type")]
        let key = (size * 4.0).round() as i64;
        *counts.entry(key).or_default() += letters;
    }
    let (key, _) = counts.into_iter().max_by_key(|(key, letters)| (*letters, *key))?;
    #[allow(clippy::cast_precision_loss, reason = "a size of type")]
    Some(key as f64 / 4.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(left: f64, right: f64, baseline: f64, text: &str) -> Stretch {
        Stretch { text: text.to_owned(), left, right, baseline, size: 10.0 }
    }

    fn read(stretches: Vec<Stretch>) -> Vec<String> {
        lines(stretches).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn columns_are_read_one_after_the_other() {
        let mut page = vec![stretch(50.0, 500.0, 800.0, "Title across the page")];
        for line in 0..4 {
            let y = 700.0 - 12.0 * f64::from(line);
            page.push(stretch(50.0, 240.0, y, &format!("left {line}")));
            page.push(stretch(300.0, 490.0, y, &format!("right {line}")));
        }
        page.push(stretch(50.0, 500.0, 600.0, "Across again"));
        for line in 0..3 {
            let y = 580.0 - 12.0 * f64::from(line);
            page.push(stretch(50.0, 240.0, y, &format!("below {line}")));
            page.push(stretch(300.0, 490.0, y, &format!("beside {line}")));
        }
        let want = "Title across the page|left 0|left 1|left 2|left 3|right 0|right 1|right 2|right 3|Across again|below 0|below 1|below 2|beside 0|beside 1|beside 2";
        assert_eq!(read(page).join("|"), want);
    }

    #[test]
    fn three_columns_are_read_one_after_the_other() {
        let mut page = Vec::new();
        for line in 0..5 {
            for (column, left) in [("a", 50.0), ("b", 225.0), ("c", 400.0)] {
                page.push(stretch(left, left + 135.0, 700.0 - 12.0 * f64::from(line), &format!("{column}{line}")));
            }
        }
        assert_eq!(read(page).join(" "), "a0 a1 a2 a3 a4 b0 b1 b2 b3 b4 c0 c1 c2 c3 c4");
    }

    #[test]
    fn numbers_and_cells_make_no_columns() {
        let mut page = Vec::new();
        for line in 0..5 {
            let y = 700.0 - 12.0 * f64::from(line);
            page.push(stretch(50.0, 60.0, y, &format!("{line}.")));
            page.push(stretch(90.0, 490.0, y, "words of a paragraph"));
        }
        assert_eq!(read(page).first().map(String::as_str), Some("0. words of a paragraph"));
        let mut page = Vec::new();
        for line in 0..5 {
            let y = 700.0 - 12.0 * f64::from(line);
            page.push(stretch(50.0, 110.0, y, "country"));
            page.push(stretch(300.0, 330.0, y, "12"));
        }
        assert_eq!(read(page).first().map(String::as_str), Some("country 12"));
    }
}
