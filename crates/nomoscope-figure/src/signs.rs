//! The signs of the definition matrix: what stands in a cell, and beside a word of a legend.

use crate::metrics::{Block, Cut};
use crate::shape::{Paint, dot, line, shape};
use crate::svg::{Anchor, Rect, Svg};

/// What a definition says of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Mark {
    /// It does not name it.
    #[default]
    Silent,
    /// It lists it as one of several that are each enough.
    Listed,
    /// It asks for it, whatever else is the case.
    Required,
    /// It asks for it, or lists it, for adults only: not required of a child.
    AdultsOnly,
    /// It does not hold where this is the case.
    Excluded,
}

impl Mark {
    /// Returns the word for it, empty for silence.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Silent => "",
            Self::Listed => "listed",
            Self::Required => "required",
            Self::AdultsOnly => "adults only",
            Self::Excluded => "excluded",
        }
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Sign {
    /// A mark.
    Mark(Mark),
    /// The list goes on.
    Open,
    /// How many of the summed facts are named.
    Count(usize),
}

/// Draws what stands in a cell, or beside a word of the legend.
pub(crate) fn draw_sign(svg: &mut Svg, sign: Sign, at: (f64, f64), radius: f64, small: f64) {
    let (x, y) = at;
    match sign {
        Sign::Mark(Mark::Silent) | Sign::Count(0) => {}
        Sign::Mark(Mark::Listed) => dot(svg, at, radius, "ink", "ink", 0.8, false),
        Sign::Mark(Mark::AdultsOnly) => dot(svg, at, radius, "paper", "ink", 1.3, false),
        Sign::Mark(Mark::Required) => {
            let side = radius * 1.9;
            let paint = Paint { fill: "ink", stroke: "ink", width: 0.8, dashed: false };
            shape(svg, Rect::centred(x, y, side, side), None, paint, false);
        }
        Sign::Mark(Mark::Excluded) => line(svg, (x - radius, y), (x + radius, y), "ink", 1.8, None),
        Sign::Open => {
            for step in [-1.0, 0.0, 1.0] {
                dot(svg, (x + step * radius * 1.05, y), radius * 0.3, "ink", "ink", 0.4, false);
            }
        }
        Sign::Count(n) => {
            let block = Block::new(&n.to_string(), small, Cut::Regular, 40.0, 1);
            svg.halo = Some("paper");
            svg.block(&block, Anchor::Middle, x, y - block.height / 2.0, "ink");
            svg.halo = None;
        }
    }
}
