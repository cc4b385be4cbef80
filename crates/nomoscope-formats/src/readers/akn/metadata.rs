//! What an Akoma Ntoso file says of itself, and of the persons and notes that its text points to.

use crate::readers::set;
use crate::xml;
use nomoscope_core::text::Document;
use roxmltree::Node;
use std::collections::BTreeMap;

/// Elements that name the text, the best first.
static TITLES: &[&str] = &["shortTitle", "docTitle", "longTitle"];

/// Puts title, language, dates and identifiers of the first document of a file where they belong.
pub(super) fn describe(document: &mut Document, root: Node) {
    let Some(kind) = root.children().find(Node::is_element) else {
        return;
    };
    set(document, "kind", kind.tag_name().name());
    let find =
        |from: Node, name: &str| from.descendants().find(|node| node.tag_name().name() == name).map(|node| node.id());
    let node_of = |id: Option<roxmltree::NodeId>| id.and_then(|id| root.document().get_node(id));
    let work = node_of(find(root, "FRBRWork"));
    let expression = node_of(find(root, "FRBRExpression"));
    if let Some(work) = work {
        for (key, name, attribute) in [
            ("date", "FRBRdate", "date"),
            ("uri", "FRBRthis", "value"),
            ("number", "FRBRnumber", "value"),
            ("country", "FRBRcountry", "value"),
            ("subtype", "FRBRsubtype", "value"),
        ] {
            let value = xml::child(work, name).and_then(|node| node.attribute(attribute)).unwrap_or_default();
            set(document, key, value);
        }
        let author = xml::child(work, "FRBRauthor").and_then(|node| node.attribute("href")).unwrap_or_default();
        let author = author.trim_start_matches('#');
        set(document, "author", people(root).get(author).copied().unwrap_or(author));
    }
    if let Some(expression) = expression {
        let date = xml::child(expression, "FRBRdate").and_then(|node| node.attribute("date")).unwrap_or_default();
        set(document, "expression_date", date);
        let language =
            xml::child(expression, "FRBRlanguage").and_then(|node| node.attribute("language")).unwrap_or_default();
        set(document, "language", language);
    }
    let citation = node_of(find(root, "neutralCitation")).map(xml::plain).unwrap_or_default();
    set(document, "citation", &citation);
    let named = work.and_then(|work| xml::child(work, "FRBRname")).and_then(|node| node.attribute("value"));
    // A single word there names a file or a kind of document.
    let named = named.filter(|name| name.trim().contains(char::is_whitespace)).map(str::to_owned);
    // The name in the metadata of a judgment is that of the case; elsewhere the printed title is the better one.
    let printed =
        || TITLES.iter().find_map(|name| node_of(find(root, name)).map(xml::plain)).filter(|title| !title.is_empty());
    let judgment = kind.tag_name().name() == "judgment";
    let title = if judgment { named.or_else(printed) } else { printed().or(named) };
    set(document, "title", &title.unwrap_or_default());
}

/// Returns the names of persons, roles and organisations by their ids.
pub(super) fn people<'a>(root: Node<'a, '_>) -> BTreeMap<&'a str, &'a str> {
    let known = |node: &Node| matches!(node.tag_name().name(), "TLCPerson" | "TLCRole" | "TLCOrganization");
    let named = root.descendants().filter(known);
    named
        .filter_map(|node| Some((node.attribute("eId").or_else(|| node.attribute("id"))?, node.attribute("showAs")?)))
        .collect()
}

/// Returns the notes that stand in the metadata, by their ids.
pub(super) fn notes<'a>(root: Node<'a, '_>) -> BTreeMap<&'a str, String> {
    let notes = root.descendants().filter(|node| node.tag_name().name() == "note");
    notes.filter_map(|node| Some((node.attribute("eId").or_else(|| node.attribute("id"))?, xml::plain(node)))).collect()
}
