//! Who says what: discourse networks of actors and concepts.

use super::question::{Field, Input, Kind};
use nomoscope_engine::network::answer::DiscourseNetwork;
use nomoscope_engine::network::question::Question;
use nomoscope_engine::network::tables::graph;
use nomoscope_formats::exchange::graph::GRAPHS;

pub(super) static KIND: Kind<Question, DiscourseNetwork> = Kind {
    here: "/network",
    title: "Network",
    fields: &[
        Field {
            name: "mode",
            label: "Nodes",
            input: Input::Choice(&[
                ("actors", "actors"),
                ("concepts", "concepts"),
                ("two-mode", "actors and concepts"),
            ]),
        },
        Field { name: "actor", label: "Whose a source is", input: Input::Attribute },
        Field {
            name: "aggregate",
            label: "Stances",
            input: Input::Choice(&[
                ("ignore", "are not told apart"),
                ("congruence", "the same stance (congruence)"),
                ("conflict", "opposite stances (conflict)"),
                ("subtract", "congruence less conflict"),
                ("combine", "which stances occur"),
            ]),
        },
        Field {
            name: "normalise",
            label: "Ties are divided by",
            input: Input::Choice(&[
                ("no", "nothing"),
                ("average", "the mean of what both ends say"),
                ("jaccard", "what either end says (Jaccard)"),
                ("cosine", "the lengths of both ends (cosine)"),
                ("activity", "the actor's statements"),
                ("prominence", "the statements on the concept"),
            ]),
        },
        Field {
            name: "duplicates",
            label: "Repetitions left out",
            input: Input::Choice(&[
                ("include", "none"),
                ("document", "in one document"),
                ("week", "in one week"),
                ("month", "in one month"),
                ("year", "in one year"),
                ("acrossrange", "all"),
            ]),
        },
        Field {
            name: "time",
            label: "A network for each window of",
            input: Input::Choice(&[
                ("days", "days"),
                ("weeks", "weeks"),
                ("months", "months"),
                ("years", "years"),
                ("events", "statements in their order"),
            ]),
        },
        Field { name: "width", label: "Units of time in a window", input: Input::Number },
    ],
    open: 2,
    ask: Question::ask,
    more: &[
        ("network.graphml", |found| written(found, "graphml")),
        ("network.gexf", |found| written(found, "gexf")),
        ("network.dot", |found| written(found, "dot")),
    ],
};

/// Returns the whole network in a format of networks.
fn written(found: &DiscourseNetwork, ending: &str) -> String {
    let format = GRAPHS.iter().find(|(known, _)| *known == ending);
    format.map_or_else(String::new, |(_, write)| write(&graph(found)))
}
