//! Networks as GraphML, GEXF 1.3 and DOT, every attribute with its type, for Gephi, igraph, networkx and Graphviz.

use super::outgoing::xml;

/// A network: undirected, weighted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Graph {
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The ties, by places of nodes.
    pub edges: Vec<Edge>,
}

/// A node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub label: String,
    /// What it is: `actor` or `concept`.
    pub kind: &'static str,
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

/// A format of networks: its extension, and what writes it.
pub type Format = (&'static str, fn(&Graph) -> String);

/// All formats of networks.
pub static GRAPHS: [Format; 3] = [("graphml", graphml), ("gexf", gexf), ("dot", dot)];

fn graphml(graph: &Graph) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n\
         <key id=\"label\" for=\"node\" attr.name=\"label\" attr.type=\"string\"/>\n\
         <key id=\"kind\" for=\"node\" attr.name=\"kind\" attr.type=\"string\"/>\n\
         <key id=\"weight\" for=\"edge\" attr.name=\"weight\" attr.type=\"double\"/>\n\
         <key id=\"shared\" for=\"edge\" attr.name=\"shared\" attr.type=\"string\"/>\n\
         <graph edgedefault=\"undirected\">\n",
    );
    for (at, node) in graph.nodes.iter().enumerate() {
        let (label, kind) = (xml(&node.label), node.kind);
        out.push_str(&format!(
            "<node id=\"n{at}\"><data key=\"label\">{label}</data><data key=\"kind\">{kind}</data></node>\n"
        ));
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
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">\n\
         <graph defaultedgetype=\"undirected\">\n\
         <attributes class=\"node\"><attribute id=\"0\" title=\"kind\" type=\"string\"/></attributes>\n\
         <attributes class=\"edge\"><attribute id=\"0\" title=\"shared\" type=\"string\"/></attributes>\n<nodes>\n",
    );
    for (at, node) in graph.nodes.iter().enumerate() {
        let (label, kind) = (xml(&node.label), node.kind);
        out.push_str(&format!(
            "<node id=\"{at}\" label=\"{label}\"><attvalues><attvalue for=\"0\" value=\"{kind}\"/></attvalues></node>\n"
        ));
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
        out.push_str(&format!("  n{at} [label={}, kind={}];\n", quoted(&node.label), quoted(node.kind)));
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
        let node = |label: &str| Node { label: label.to_owned(), kind: "actor" };
        let nodes = vec![node("a \"b\" <c> & \\"), node("d\ne")];
        let graph = Graph { nodes, edges: vec![Edge { from: 0, to: 1, weight: -1.5, shared: "x".to_owned() }] };
        for (name, write) in &GRAPHS[..2] {
            let text = write(&graph);
            let read = roxmltree::Document::parse(&text).unwrap_or_else(|e| panic!("{name}: {e}\n{text}"));
            let n = |tag: &str| read.descendants().filter(|d| d.tag_name().name() == tag).count();
            assert_eq!((n("node"), n("edge")), (2, 1), "{name}");
        }
        assert_eq!(
            dot(&graph),
            "graph {\n  n0 [label=\"a \\\"b\\\" <c> & \\\\\", kind=\"actor\"];\n  n1 [label=\"d e\", kind=\"actor\"];\n  n0 -- n1 [weight=-1.5, shared=\"x\"];\n}\n"
        );
    }
}
