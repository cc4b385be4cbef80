//! Labels used for one another.

use super::question::{Field, Input, Kind};
use nomoscope_engine::slip::answer::Slippage;
use nomoscope_engine::slip::question::Question;

pub(super) static KIND: Kind<Question, Slippage> = Kind {
    here: "/slip",
    title: "Labels",
    fields: &[
        Field { name: "labels", label: "Only these labels", input: Input::Labels },
        Field { name: "by", label: "Apart for each", input: Input::Attribute },
        Field { name: "window", label: "Window", input: Input::Level },
        Field { name: "actor", label: "Who speaks", input: Input::Attribute },
        Field { name: "permutations", label: "Permutations", input: Input::Number },
        Field { name: "bootstrap", label: "Bootstrap draws", input: Input::Number },
        Field { name: "seed", label: "Seed", input: Input::Number },
    ],
    open: 3,
    ask: Question::ask,
    more: &[],
};
