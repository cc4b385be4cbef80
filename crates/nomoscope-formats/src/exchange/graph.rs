//! Networks as GraphML, GEXF 1.3 and DOT, every attribute with its type, for Gephi, igraph, networkx and Graphviz.

use super::outgoing::xml;
use super::project::{COLOR, color};
use nomoscope_core::study::{Value, VariableKind};
use std::collections::BTreeMap;

/// A network: undirected, weighted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Graph {
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The ties, by places of nodes.
    pub edges: Vec<Edge>,
}

/// What is known of a node beside its name, by name; [`COLOR`] is its colour.
pub type Attributes = BTreeMap<String, Value>;

/// A node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub label: String,
    /// What it is: `actor` or `concept`.
    pub kind: &'static str,
    /// What else is known of it.
    pub attributes: Attributes,
}

/// A tie.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// One end.
    pub from: usize,
    /// The other end.
    pub to: usize,
    /// Its weight.
    pub weight: f64,
    /// What both ends have in common, in words.
    pub shared: String,
}

impl Graph {
    /// Returns the names of what is known of nodes, each with the kind of its values: words, where they are of several.
    #[must_use]
    pub fn attributes(&self) -> BTreeMap<&str, VariableKind> {
        let mut out = BTreeMap::new();
        for (name, value) in self.nodes.iter().flat_map(|node| &node.attributes) {
            let kind = out.entry(name.as_str()).or_insert(value.kind());
            if *kind != value.kind() {
                *kind = VariableKind::Text;
            }
        }
        out
    }
}

/// A format of networks: its extension, and what writes it.
pub type Format = (&'static str, fn(&Graph) -> String);

/// All formats of networks.
pub static GRAPHS: [Format; 3] = [("graphml", graphml), ("gexf", gexf), ("dot", dot)];

/// The attributes that nodes have of their own: what is known of them under such a name gets a sign behind it.
const OWN: [&str; 4] = ["id", "label", "kind", "weight"];

/// Returns how what is known of nodes is called in a file.
#[must_use]
pub fn named(name: &str) -> String {
    if OWN.contains(&name.to_lowercase().as_str()) { format!("{name}_") } else { name.to_owned() }
}

/// Returns what the formats call a kind of values; programs read dates as words.
const fn typed(kind: VariableKind) -> &'static str {
    match kind {
        VariableKind::Text | VariableKind::Date => "string",
        VariableKind::Integer => "long",
        VariableKind::Decimal => "double",
        VariableKind::Boolean => "boolean",
    }
}

/// Returns a value as the formats write it: none has a `+` before a number.
fn word(value: &Value) -> String {
    let word = value.to_string();
    match value.kind() {
        VariableKind::Integer | VariableKind::Decimal => word.trim_start_matches('+').to_owned(),
        _ => word,
    }
}

fn graphml(graph: &Graph) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n\
         <key id=\"label\" for=\"node\" attr.name=\"label\" attr.type=\"string\"/>\n\
         <key id=\"kind\" for=\"node\" attr.name=\"kind\" attr.type=\"string\"/>\n",
    );
    let attributes = graph.attributes();
    let keys: BTreeMap<&str, usize> = attributes.keys().copied().zip(0..).collect();
    for ((name, kind), at) in attributes.iter().zip(0..) {
        let (name, kind) = (xml(&named(name)), typed(*kind));
        out.push_str(&format!("<key id=\"a{at}\" for=\"node\" attr.name=\"{name}\" attr.type=\"{kind}\"/>\n"));
    }
    out.push_str(
        "<key id=\"weight\" for=\"edge\" attr.name=\"weight\" attr.type=\"double\"/>\n\
         <key id=\"shared\" for=\"edge\" attr.name=\"shared\" attr.type=\"string\"/>\n\
         <graph edgedefault=\"undirected\">\n",
    );
    for (at, node) in graph.nodes.iter().enumerate() {
        let (label, kind) = (xml(&node.label), node.kind);
        out.push_str(&format!("<node id=\"n{at}\"><data key=\"label\">{label}</data><data key=\"kind\">{kind}</data>"));
        for (name, value) in &node.attributes {
            let key = keys.get(name.as_str()).copied().unwrap_or_default();
            out.push_str(&format!("<data key=\"a{key}\">{}</data>", xml(&word(value))));
        }
        out.push_str("</node>\n");
    }
    for (at, edge) in graph.edges.iter().enumerate() {
        let (from, to, weight, shared) = (edge.from, edge.to, edge.weight, xml(&edge.shared));
        out.push_str(&format!(
            "<edge id=\"e{at}\" source=\"n{from}\" target=\"n{to}\"><data key=\"weight\">{weight}</data><data key=\"shared\">{shared}</data></edge>\n"
        ));
    }
    out + "</graph>\n</graphml>\n"
}

fn gexf(graph: &Graph) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gexf xmlns=\"http://gexf.net/1.3\" xmlns:viz=\"http://gexf.net/1.3/viz\" version=\"1.3\">\n\
         <graph defaultedgetype=\"undirected\">\n\
         <attributes class=\"node\"><attribute id=\"0\" title=\"kind\" type=\"string\"/>",
    );
    let attributes = graph.attributes();
    let keys: BTreeMap<&str, usize> = attributes.keys().copied().zip(1..).collect();
    for ((name, kind), at) in attributes.iter().zip(1..) {
        let (name, kind) = (xml(&named(name)), typed(*kind));
        out.push_str(&format!("<attribute id=\"{at}\" title=\"{name}\" type=\"{kind}\"/>"));
    }
    out.push_str(
        "</attributes>\n\
         <attributes class=\"edge\"><attribute id=\"0\" title=\"shared\" type=\"string\"/></attributes>\n<nodes>\n",
    );
    for (at, node) in graph.nodes.iter().enumerate() {
        let (label, kind) = (xml(&node.label), node.kind);
        out.push_str(&format!("<node id=\"{at}\" label=\"{label}\"><attvalues><attvalue for=\"0\" value=\"{kind}\"/>"));
        for (name, value) in &node.attributes {
            let key = keys.get(name.as_str()).copied().unwrap_or_default();
            out.push_str(&format!("<attvalue for=\"{key}\" value=\"{}\"/>", xml(&word(value))));
        }
        out.push_str("</attvalues>");
        // Gephi paints nodes by this, and not by an attribute.
        let painted = node.attributes.get(COLOR).and_then(|value| color(&value.to_string()));
        if let Some(n) = painted.and_then(|hex| u32::from_str_radix(hex.get(1..)?, 16).ok()) {
            let [_, r, g, b] = n.to_be_bytes();
            out.push_str(&format!("<viz:color r=\"{r}\" g=\"{g}\" b=\"{b}\"/>"));
        }
        out.push_str("</node>\n");
    }
    out.push_str("</nodes>\n<edges>\n");
    for (at, edge) in graph.edges.iter().enumerate() {
        let (from, to, weight, shared) = (edge.from, edge.to, edge.weight, xml(&edge.shared));
        out.push_str(&format!(
            "<edge id=\"{at}\" source=\"{from}\" target=\"{to}\" weight=\"{weight}\"><attvalues><attvalue for=\"0\" value=\"{shared}\"/></attvalues></edge>\n"
        ));
    }
    out + "</edges>\n</graph>\n</gexf>\n"
}

fn dot(graph: &Graph) -> String {
    let quoted = |words: &str| {
        let words = words.replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{}\"", words.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let mut out = "graph {\n".to_owned();
    for (at, node) in graph.nodes.iter().enumerate() {
        out.push_str(&format!("  n{at} [label={}, kind={}", quoted(&node.label), quoted(node.kind)));
        for (name, value) in &node.attributes {
            // Graphviz draws by names that it knows, and one of them reads files: only the colour is meant for it.
            let name = if name == COLOR { name.clone() } else { quoted(&format!("{name}_")) };
            out.push_str(&format!(", {name}={}", quoted(&word(value))));
        }
        out.push_str("];\n");
    }
    for edge in &graph.edges {
        let (from, to, weight) = (edge.from, edge.to, edge.weight);
        out.push_str(&format!("  n{from} -- n{to} [weight={weight}, shared={}];\n", quoted(&edge.shared)));
    }
    out + "}\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out() {
        let red = Attributes::from([
            (COLOR.to_owned(), Value::Text("#c0ffee".to_owned())),
            ("Label".to_owned(), Value::Text("<e>".to_owned())),
            ("n".to_owned(), Value::Integer(3)),
        ]);
        let node = |label: &str, attributes| Node { label: label.to_owned(), kind: "actor", attributes };
        let nodes = vec![node("a \"b\" <c> & \\", red), node("d\ne", Attributes::new())];
        let graph = Graph { nodes, edges: vec![Edge { from: 0, to: 1, weight: -1.5, shared: "x".to_owned() }] };
        for (name, write) in &GRAPHS[..2] {
            let text = write(&graph);
            let read = roxmltree::Document::parse(&text).unwrap_or_else(|e| panic!("{name}: {e}\n{text}"));
            let n = |tag: &str| read.descendants().filter(|d| d.tag_name().name() == tag).count();
            assert_eq!((n("node"), n("edge")), (2, 1), "{name}");
            // Each attribute has its type, and none takes the name of the label.
            for (name, kind) in [("Label_", "string"), ("n", "long"), ("color", "string")] {
                let key = read.descendants().find(|d| d.attributes().any(|a| a.value() == name)).unwrap();
                assert!(key.attributes().any(|a| a.value() == kind), "{text}");
            }
        }
        assert!(gexf(&graph).contains("<viz:color r=\"192\" g=\"255\" b=\"238\"/>"));
        assert_eq!(
            dot(&graph),
            "graph {\n  n0 [label=\"a \\\"b\\\" <c> & \\\\\", kind=\"actor\", \"Label_\"=\"<e>\", color=\"#c0ffee\", \"n_\"=\"3\"];\n  n1 [label=\"d e\", kind=\"actor\"];\n  n0 -- n1 [weight=-1.5, shared=\"x\"];\n}\n"
        );
    }
}
