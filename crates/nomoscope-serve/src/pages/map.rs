//! The map of the norm cluster.

use super::question::{Field, Input, Kind};
use nomoscope_engine::map::answer::Analysis;
use nomoscope_engine::map::question::Question;

pub(super) static KIND: Kind<Question, Analysis> = Kind {
    here: "/map",
    title: "Map",
    fields: &[
        Field { name: "focus", label: "Focus", input: Input::Concept },
        Field { name: "window", label: "Window", input: Input::Level },
        Field { name: "min_or", label: "Least odds ratio of the backbone", input: Input::Number },
        Field { name: "bootstrap", label: "Bootstrap draws", input: Input::Number },
        Field { name: "inherit", label: "Operative units inherit from the preamble", input: Input::Check },
        Field { name: "strata", label: "Strata", input: Input::Attribute },
        Field { name: "seed", label: "Seed", input: Input::Number },
    ],
    open: 2,
    ask: Question::ask,
    more: &[],
};
