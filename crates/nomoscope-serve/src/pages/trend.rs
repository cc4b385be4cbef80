//! When the cluster changed, and who said what first.

use super::question::{Field, Input, Kind};
use nomoscope_engine::trend::answer::ClusterInTime;
use nomoscope_engine::trend::question::Question;

pub(super) static KIND: Kind<Question, ClusterInTime> = Kind {
    here: "/trend",
    title: "Trend",
    fields: &[
        Field { name: "every", label: "Periods of (10y)", input: Input::Proposed(&["1y", "5y", "10y", "20y"]) },
        Field { name: "periods", label: "Or these periods (1920-1949, 1950-)", input: Input::Words },
        Field { name: "focus", label: "Focus", input: Input::Concept },
        Field { name: "window", label: "Window", input: Input::Level },
        Field { name: "bootstrap", label: "Bootstrap draws", input: Input::Number },
        Field { name: "permutations", label: "Permutations", input: Input::Number },
        Field { name: "min_or", label: "Least odds ratio of the backbone", input: Input::Number },
        Field { name: "seed", label: "Seed", input: Input::Number },
    ],
    open: 3,
    ask: Question::ask,
    more: &[],
};
