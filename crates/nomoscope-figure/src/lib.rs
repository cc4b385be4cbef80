//! Figures: a model in, an SVG with title, description and its data as a table out.
//!
//! Every figure is one file with plain input structs and a function `draw(&model, view) -> Figure`; the caller fills the
//! structs from results. The grammar is shared: roles are told by shape and by colour (problem: rounded box, vermilion;
//! value: ellipse, blue; behaviour: cut-corner box, green; norm label: double outline), weight by width or area in at
//! most five steps with numbers beside them, certainty by solid, hatched or dashed. What a figure leaves out is summed
//! and named. No figure reads a font, a clock or a file: same model, same bytes.
//!
//! Colours stand as attributes on each element (so that every viewer, printer and rasteriser sees them) and once more
//! as CSS variables behind `@supports`, which gives pages and dark screens their say.

pub mod adoption;
pub mod agreement;
pub mod change;
pub mod contrast;
pub mod definition_matrix;
pub mod drift;
pub mod emergence;
pub mod fallback;
pub mod hidden_population;
pub mod implication;
pub mod lag;
mod layered;
pub mod metrics;
pub mod multiple_value;
pub mod network;
pub mod networks;
mod plot;
mod ranked;
pub mod reality_check;
mod scale;
mod shape;
mod sheet;
pub mod single_value;
pub mod slippage;
mod stress;
pub mod svg;
mod widths;

use nomoscope_core::table::Table;
use svg::Rect;

/// One line of the list of figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FigureKind {
    /// File stem and anchor.
    pub id: &'static str,
    /// What it shows, in a few words.
    pub shows: &'static str,
}

/// The figures that the program draws; help, pages and documentation read this table.
pub static FIGURES: &[FigureKind] = &[
    FigureKind {
        id: single_value::ID,
        shows: "one value between the problems it answers and the behaviours it suggests",
    },
    FigureKind {
        id: multiple_value::ID,
        shows: "which combinations of problem, value and behaviour are stated, and how often",
    },
    FigureKind {
        id: emergence::ID,
        shows: "when instruments of each category came, what they brought in, and whom they cite",
    },
    FigureKind {
        id: change::ID,
        shows: "which parts joined the norm and left it, period by period, and its type with support",
    },
    FigureKind {
        id: drift::ID,
        shows: "how far each period's statements lie from those of the one before, beyond chance",
    },
    FigureKind {
        id: networks::OVER_TIME,
        shows: "the same network for each period on one layout: which couplings came, stayed and went",
    },
    FigureKind { id: slippage::ID, shows: "which labels are used for one another, listed together, or kept apart" },
    FigureKind { id: network::ID, shows: "which concepts hang together, and which sit on the boundary of the cluster" },
    FigureKind { id: definition_matrix::ID, shows: "what each legal definition asks for, fact by fact" },
    FigureKind { id: implication::ID, shows: "which legal definition contains which, under one reading of open lists" },
    FigureKind {
        id: fallback::ID,
        shows: "which norms remain when an element cannot be proved, and how near they are",
    },
    FigureKind {
        id: hidden_population::ID,
        shows: "how many persons are on no list, by model, and how far models differ",
    },
    FigureKind { id: reality_check::ID, shows: "how many of those whom a norm protects are left at each stage" },
    FigureKind { id: adoption::ID, shows: "how many states accepted a norm, made it law and applied it, year by year" },
    FigureKind { id: lag::ID, shows: "how long states take from one step to the next" },
    FigureKind { id: agreement::ID, shows: "how far coders agree, concept by concept, and how sure that is" },
    FigureKind {
        id: contrast::ID,
        shows: "who couples what others do not: odds ratios of two groups with their intervals",
    },
    FigureKind {
        id: networks::ID,
        shows: "the same network for each group on one layout, and where two groups differ",
    },
];

/// A drawn figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// File stem and anchor: `[a-z0-9-]+`.
    pub id: String,
    /// The message, as a sentence.
    pub title: String,
    /// What is to be seen, in words, for those who do not see it.
    pub description: String,
    /// A complete SVG document.
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
    /// What the reader's system prefers.
    #[default]
    Auto,
    /// Dark ink on white.
    Light,
    /// Light ink on near-black.
    Dark,
}

/// How a figure is to be drawn, apart from its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct View {
    /// The width.
    pub frame: Frame,
    /// The colours.
    pub theme: Theme,
}

/// The part that a concept plays in a norm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// What is wrong: rounded box, vermilion.
    Problem,
    /// What is held dear: ellipse, blue.
    Value,
    /// What is to be done: cut-corner box, green.
    Behaviour,
}

impl Role {
    /// Returns the word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Value => "value",
            Self::Behaviour => "behaviour",
        }
    }

    const fn colour(role: Option<Self>) -> &'static str {
        match role {
            Some(role) => role.word(),
            None => "neutral",
        }
    }
}

/// A concept with its weight.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Node {
    /// The concept's id.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Its part in the norm.
    pub role: Option<Role>,
    /// Whether it is the name of a norm.
    pub norm_label: bool,
    /// Weight of statements.
    pub weight: f64,
    /// Units that hold it.
    pub units: u64,
    /// Sources that hold it.
    pub sources: u64,
    /// Whether its place is certain; drawn solid, otherwise dashed.
    pub certain: bool,
    /// Share of bootstrap draws that agree, 0 to 1.
    pub support: Option<f64>,
    /// Where its passages stand.
    pub href: Option<String>,
}

/// Returns the label, or the id where it is blank: what nobody can read nobody can check.
fn name_or_id(label: &str, id: &str) -> String {
    if label.trim().is_empty() { id.to_owned() } else { label.to_owned() }
}

impl Node {
    fn named(mut self) -> Self {
        self.label = name_or_id(&self.label, &self.id);
        self
    }
}

fn named(nodes: &[Node]) -> Vec<Node> {
    nodes.iter().cloned().map(Node::named).collect()
}

/// What the caller left out before the figure saw it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Others {
    /// How many concepts.
    pub n: usize,
    /// Their weight together.
    pub weight: f64,
}

/// What every figure says about itself; empty fields get sensible words.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Heading {
    /// File stem and anchor, unique on a page; empty: the kind's own.
    pub id: String,
    /// The message; `None`: made from the data.
    pub title: Option<String>,
    /// A last line below the figure: sources, dates, settings.
    pub note: Option<String>,
}

impl Heading {
    fn id_or(&self, kind: &str) -> String {
        let clean: String =
            self.id.chars().filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-').collect();
        if clean.is_empty() { kind.to_owned() } else { clean }
    }
}
