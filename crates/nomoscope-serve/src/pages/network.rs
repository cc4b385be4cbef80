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
        Field { name: "mode", label: "Nodes: actors, concepts, two-mode", input: Input::Words },
        Field { name: "actor", label: "Whose a source is", input: Input::Attribute },
        Field { name: "aggregate", label: "Stances: ignore, congruence, conflict, subtract", input: Input::Words },
        Field { name: "normalise", label: "Divided by: no, average, jaccard, cosine", input: Input::Words },
        Field { name: "duplicates", label: "Left out once said: include, document, year", input: Input::Words },
        Field { name: "time", label: "A network for each: years, months", input: Input::Words },
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
    format.map_or_else(String::new, |(_, write)| write(&graph(&found.networks)))
}
