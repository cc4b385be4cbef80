//! How a figure is to be drawn, and what comes of it.

use crate::svg::Rect;
use nomoscope_core::table::Table;

/// A drawn figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// File stem and anchor: `[a-z0-9-]+`.
    pub id: String,
    /// The message, as a sentence.
    pub title: String,
    /// What is to be seen, in words, for those who do not see it.
    pub description: String,
    /// A complete SVG document in the theme [`Theme::Auto`]; [`Figure::themed`] gives the others.
    pub svg: String,
    /// The data behind it, also what the drawing leaves out.
    pub table: Table,
    /// Width in pixels.
    pub width: f64,
    /// Height in pixels.
    pub height: f64,
    /// The boxes of all labels, for tests of overlap.
    pub labels: Vec<Rect>,
}

/// The width that a figure is laid out for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Frame {
    /// 720 px: a page, or 180 mm in print.
    #[default]
    Wide,
    /// 400 px: a telephone, or 90 mm (one column) in print.
    Narrow,
}

impl Frame {
    /// Returns the width in pixels.
    #[must_use]
    pub const fn width(self) -> f64 {
        match self {
            Self::Wide => 720.0,
            Self::Narrow => 400.0,
        }
    }

    /// Returns the font size of labels: 8 pt at 180 mm, 7.3 pt at 90 mm.
    #[must_use]
    pub const fn base(self) -> f64 {
        11.5
    }

    /// Returns the smallest font size: just over 7 pt at 180 mm and at 90 mm.
    #[must_use]
    pub const fn small(self) -> f64 {
        match self {
            Self::Wide => 10.0,
            Self::Narrow => 11.0,
        }
    }
}

/// Which colours a figure shows on a screen; print is always light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// What the reader's system prefers: so every figure is drawn.
    #[default]
    Auto,
    /// Dark ink on white.
    Light,
    /// Light ink on near-black.
    Dark,
}

impl Theme {
    /// Returns the attribute of the drawing's root by which the style inside it tells the theme.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Auto => "class=\"nf nf-auto\"",
            Self::Light => "class=\"nf\"",
            Self::Dark => "class=\"nf nf-dark\"",
        }
    }
}

impl Figure {
    /// Returns the drawing in a theme. Colours are all that differs, and they are told by one word at the root:
    /// nothing is computed or laid out again.
    #[must_use]
    pub fn themed(&self, theme: Theme) -> String {
        self.svg.replacen(Theme::Auto.class(), theme.class(), 1)
    }
}

/// How a figure is to be drawn, apart from its data and its colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct View {
    /// The width.
    pub frame: Frame,
}
