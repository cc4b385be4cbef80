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

pub mod actors;
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
pub mod keyness;
pub mod lag;
mod layered;
pub mod metrics;
mod model;
pub mod multiple_value;
pub mod network;
pub mod networks;
mod palette;
mod plot;
mod ranked;
pub mod reality_check;
mod scale;
mod shape;
mod sheet;
mod signs;
pub mod single_value;
pub mod slippage;
mod stress;
pub mod svg;
mod view;
mod widths;
pub mod xray;

pub use model::{Heading, Node, Others, Role};
pub(crate) use model::{name_or_id, named};
pub use sheet::css;
pub use view::{Figure, Frame, Theme, View};

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
    FigureKind { id: keyness::ID, shows: "which words set one group of texts apart from all others" },
    FigureKind { id: xray::ID, shows: "where in each text a concept stands, a line a text" },
    FigureKind { id: actors::ID, shows: "who uses which label for the same thing" },
];
