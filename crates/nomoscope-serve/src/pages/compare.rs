//! Who couples, holds and names what others do not.

use super::question::{Field, Input, Kind};
use nomoscope_engine::compare::answer::Comparison;
use nomoscope_engine::compare::question::Question;

pub(super) static KIND: Kind<Question, Comparison> = Kind {
    here: "/compare",
    title: "Compare",
    fields: &[
        Field { name: "by", label: "Groups by", input: Input::Attribute },
        Field { name: "groups", label: "Only this group", input: Input::Value("by", 0) },
        Field { name: "groups", label: "against this one", input: Input::Value("by", 1) },
        Field { name: "map.focus", label: "Focus", input: Input::Concept },
        Field { name: "map.window", label: "Window", input: Input::Level },
        Field { name: "actor", label: "Whose a source is", input: Input::Attribute },
        Field { name: "definition", label: "Definition adopted", input: Input::Attribute },
        Field { name: "permutations", label: "Permutations", input: Input::Number },
        Field { name: "map.bootstrap", label: "Bootstrap draws", input: Input::Number },
        Field { name: "map.min_or", label: "Least odds ratio of the backbone", input: Input::Number },
        Field { name: "map.seed", label: "Seed", input: Input::Number },
    ],
    open: 4,
    ask: Question::ask,
    more: &[],
};
