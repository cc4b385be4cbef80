//! Tables of this answer.

use super::answer::{DiscourseNetwork, Mode, Named, Networks, sum};
use nomoscope_core::study::Value;
use nomoscope_core::table::{Cell, Table};
use nomoscope_formats::exchange::graph::{Edge, Graph, Node, named};

/// Returns how many digits weights are printed with: what is counted, and not divided, has none.
fn digits(found: &Networks) -> u8 {
    let windows = found.slices.iter().filter_map(|slice| slice.network.as_ref());
    let whole = |named: &Named| named.ties.iter().all(|tie| tie.weight.fract() == 0.0);
    if std::iter::once(&found.whole).chain(windows).all(whole) { 0 } else { 3 }
}

/// Returns the whole network as a matrix.
#[must_use]
pub fn matrix(found: &Networks) -> Table {
    let (named, digits) = (&found.whole, digits(found));
    let mut columns = vec![if found.choice.mode == Mode::Concepts { "concept" } else { "actor" }];
    columns.extend(named.columns.iter().map(String::as_str));
    let mut table = Table::new("network", "The network", &columns);
    for (row, name) in named.rows.iter().enumerate() {
        let cells = (0..named.columns.len()).map(|c| Cell::number(named.matrix.cell(row, c), digits));
        table.push(std::iter::once(Cell::text(name)).chain(cells).collect());
    }
    table
}

/// Returns the whole network as nodes and ties.
#[must_use]
pub fn graph(asked: &DiscourseNetwork) -> Graph {
    let found = &asked.networks;
    let named = &found.whole;
    let mode = found.choice.mode;
    let first = if mode == Mode::Concepts { "concept" } else { "actor" };
    let node = |kind: &'static str| {
        let known = &asked.said.known[usize::from(kind == "concept")];
        move |label: &String| Node {
            label: label.clone(),
            kind,
            attributes: known.get(label).cloned().unwrap_or_default(),
        }
    };
    let mut nodes: Vec<Node> = named.rows.iter().map(node(first)).collect();
    // Between actors and concepts both may have the same name: each is looked for among its own.
    let (split, second) = match mode {
        Mode::TwoMode => {
            nodes.extend(named.columns.iter().map(node("concept")));
            (named.rows.len(), &named.columns)
        }
        _ => (0, &named.rows),
    };
    let edges = named.ties.iter().filter_map(|tie| {
        let from = named.rows.iter().position(|name| *name == tie.a)?;
        let to = split + second.iter().position(|name| *name == tie.b)?;
        Some(Edge { from, to, weight: tie.weight, shared: tie.shared.join("; ") })
    });
    Graph { edges: edges.collect(), nodes }
}

/// Returns the nodes of the whole network, with what is known of each.
#[must_use]
pub fn nodes(asked: &DiscourseNetwork) -> Table {
    let graph = graph(asked);
    let known: Vec<&str> = graph.attributes().into_keys().collect();
    let mut table = Table::new("nodes", "The nodes", &["label", "kind"]);
    table.columns.extend(known.iter().map(|name| named(name)));
    for node in &graph.nodes {
        let cell = |name: &&str| match node.attributes.get(*name) {
            Some(Value::Integer(n)) => Cell::number(*n as f64, 0),
            Some(Value::Decimal(n)) => Cell::number(n.to_f64(), 3),
            Some(value) => Cell::text(value.to_string()),
            None => Cell::Missing("not said"),
        };
        let own = [Cell::text(&node.label), Cell::text(node.kind)];
        table.push(own.into_iter().chain(known.iter().map(cell)).collect());
    }
    table
}

/// Returns the ties of the whole, or where time counts of each window; for people with what they rest on.
#[must_use]
pub fn ties(asked: &DiscourseNetwork, for_people: bool) -> Table {
    let found = &asked.networks;
    // People read what a concept is called; programs look for its id.
    let called = |name: &String| asked.said.labels.get(name).filter(|_| for_people).unwrap_or(name).clone();
    let (a, b, shared) = match found.choice.mode {
        Mode::Actors => ("a", "b", "concepts"),
        Mode::Concepts => ("a", "b", "actors"),
        Mode::TwoMode => ("actor", "concept", ""),
    };
    let timed = found.choice.series.is_some() && !for_people;
    let mut columns = if timed { vec!["from", "to"] } else { Vec::new() };
    columns.extend([a, b, "weight"]);
    if for_people && !shared.is_empty() {
        columns.push(shared);
    }
    let digits = digits(found);
    let mut table = Table::new("ties", "The heaviest ties", &columns);
    let whole = (None, Some(&found.whole));
    let slices = found.slices.iter().map(|s| (Some(s), s.network.as_ref()));
    let networks: Vec<_> = if timed { slices.collect() } else { vec![whole] };
    for (slice, named) in networks {
        for tie in named.iter().flat_map(|n| &n.ties) {
            let mut row: Vec<Cell> = slice.iter().flat_map(|s| [Cell::text(&s.from), Cell::text(&s.to)]).collect();
            row.extend([Cell::text(called(&tie.a)), Cell::text(called(&tie.b)), Cell::number(tie.weight, digits)]);
            if for_people && !shared.is_empty() {
                row.push(Cell::text(tie.shared.iter().map(called).collect::<Vec<_>>().join(", ")));
            }
            table.push(row);
        }
    }
    table
}

/// Returns the windows of time, where it counts.
#[must_use]
pub fn windows(found: &Networks) -> Option<Table> {
    found.choice.series?;
    let digits = digits(found);
    let mut table = Table::new("windows", "Windows", &["from", "to", "statements", "nodes", "ties", "sum"]);
    for slice in &found.slices {
        let named = slice.network.as_ref();
        table.push(vec![
            Cell::text(&slice.from),
            Cell::text(&slice.to),
            Cell::Count(slice.n_statements as u64),
            Cell::Count(named.map_or(0, |n| n.rows.len()) as u64),
            Cell::Count(named.map_or(0, |n| n.ties.len()) as u64),
            named.map_or(Cell::Missing("nothing was said"), |n| Cell::number(sum(n), digits)),
        ]);
    }
    Some(table)
}
