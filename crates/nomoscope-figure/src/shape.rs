//! The shapes of the grammar: a role is told by its outline, certainty by fill and dash.

use crate::model::Role;
use crate::palette::{fill_class, light, stroke_class};
use crate::svg::{Rect, Svg, number};

/// How a shape is painted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Paint<'a> {
    /// Name of the fill colour, or `url(#…)` of a hatch.
    pub fill: &'a str,
    /// Name of the outline's colour.
    pub stroke: &'a str,
    /// Width of the outline.
    pub width: f64,
    /// Whether the outline is dashed.
    pub dashed: bool,
}

/// Draws the outline of a role; `double` adds the second outline of a norm label outside.
pub(crate) fn shape(svg: &mut Svg, area: Rect, role: Option<Role>, paint: Paint, double: bool) {
    if double {
        let outer = Paint { fill: "paper", width: paint.width * 0.75, ..paint };
        outline(svg, area.grown(2.6), role, outer);
    }
    outline(svg, area, role, paint);
}

fn outline(svg: &mut Svg, area: Rect, role: Option<Role>, paint: Paint) {
    let class = format!("{} {}", fill_class(paint.fill), stroke_class(paint.stroke));
    let width = number(paint.width);
    let mut attributes = vec![
        ("class", class.trim()),
        ("fill", light(paint.fill)),
        ("stroke", light(paint.stroke)),
        ("stroke-width", width.as_str()),
    ];
    if paint.dashed {
        attributes.push(("stroke-dasharray", "4 2.5"));
    }
    let [x, y, w, h] = [area.x, area.y, area.w, area.h].map(number);
    let [cx, cy, rx, ry] = [area.cx(), area.cy(), area.w / 2.0, area.h / 2.0].map(number);
    let radius = number((area.h * 0.3).min(7.0));
    let corners = cut_corners(area);
    match role {
        Some(Role::Value) => {
            attributes.extend([("cx", cx.as_str()), ("cy", cy.as_str()), ("rx", rx.as_str()), ("ry", ry.as_str())]);
            svg.empty("ellipse", &attributes);
        }
        Some(Role::Behaviour) => {
            attributes.push(("points", corners.as_str()));
            svg.empty("polygon", &attributes);
        }
        role => {
            attributes.extend([("x", x.as_str()), ("y", y.as_str()), ("width", w.as_str()), ("height", h.as_str())]);
            if role == Some(Role::Problem) {
                attributes.push(("rx", radius.as_str()));
            }
            svg.empty("rect", &attributes);
        }
    }
}

/// Returns the points of a box whose upper right and lower left corners are cut.
fn cut_corners(area: Rect) -> String {
    let cut = (area.h.min(area.w) * 0.38).min(9.0);
    let (right, bottom) = (area.right(), area.bottom());
    [
        (area.x, area.y),
        (right - cut, area.y),
        (right, area.y + cut),
        (right, bottom),
        (area.x + cut, bottom),
        (area.x, bottom - cut),
    ]
    .map(|(x, y)| format!("{},{}", number(x), number(y)))
    .join(" ")
}

/// Draws a straight line.
pub(crate) fn line(svg: &mut Svg, from: (f64, f64), to: (f64, f64), colour: &str, width: f64, dash: Option<&str>) {
    let [x1, y1, x2, y2, w] = [from.0, from.1, to.0, to.1, width].map(number);
    let class = stroke_class(colour);
    let mut attributes = vec![
        ("class", class.as_str()),
        ("x1", &x1),
        ("y1", &y1),
        ("x2", &x2),
        ("y2", &y2),
        ("stroke", light(colour)),
        ("stroke-width", &w),
    ];
    if let Some(dash) = dash {
        attributes.push(("stroke-dasharray", dash));
    }
    svg.empty("line", &attributes);
}

/// Draws a circle.
pub(crate) fn dot(svg: &mut Svg, at: (f64, f64), radius: f64, fill: &str, stroke: &str, width: f64, dashed: bool) {
    shape(
        svg,
        Rect::centred(at.0, at.1, 2.0 * radius, 2.0 * radius),
        Some(Role::Value),
        Paint { fill, stroke, width, dashed },
        false,
    );
}

/// Draws a path.
pub(crate) fn path(svg: &mut Svg, d: &str, fill: &str, stroke: &str, width: f64, dash: Option<&str>) {
    let class = format!("{} {}", fill_class(fill), stroke_class(stroke));
    let w = number(width);
    let mut attributes =
        vec![("class", class.trim()), ("d", d), ("fill", light(fill)), ("stroke", light(stroke)), ("stroke-width", &w)];
    if let Some(dash) = dash {
        attributes.push(("stroke-dasharray", dash));
    }
    svg.empty("path", &attributes);
}
