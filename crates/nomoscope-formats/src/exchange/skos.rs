//! Codebooks as SKOS: Turtle and JSON-LD.
//!
//! A concept is a `skos:Concept` with its labels by language, its note as `skos:scopeNote`, its source as `skos:note`, and
//! what is wider as `skos:broader`. Roles are collections.

use super::account::{Thing, Writing};
use super::outgoing::{Outgoing, Written};
use nomoscope_core::codebook::{Concept, Role};
use nomoscope_core::problem::{Problem, Problems};
use serde_json::{Map, Value, json};

pub(super) const SKOS: &str = "http://www.w3.org/2004/02/skos/core#";

/// The codebook in Turtle.
pub(super) static TURTLE: Writing = Writing { file: turtle, holds: HOLDS, why: WHY };
/// The codebook in JSON-LD.
pub(super) static JSON_LD: Writing = Writing { file: json_ld, holds: HOLDS, why: WHY };

const HOLDS: &[Thing] = &[Thing::Concepts, Thing::Labels, Thing::Roles, Thing::Broader];
const WHY: &str = "SKOS has no place for it: it holds concepts, and no texts";

fn checked(out: &Outgoing<'_>) -> Result<(), Problems> {
    if out.codebook.is_empty() {
        return Err(Problem::new("codebook.toml", "holds no concept").into());
    }
    Ok(())
}

/// Returns labels with their languages; `und` is no language.
fn labels(concept: &Concept) -> Vec<(Option<&str>, &str)> {
    let labels = concept.label.iter().map(|(l, label)| (Some(l.as_str()).filter(|l| *l != "und"), label.as_str()));
    let labels: Vec<_> = labels.collect();
    if labels.is_empty() { vec![(None, concept.id.as_str())] } else { labels }
}

/// Returns an identity as part of an address: letters of other scripts and points are written as they are escaped there.
fn local(id: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    id.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn turtle(out: &Outgoing<'_>) -> Result<Written, Problems> {
    checked(out)?;
    let quoted = |words: &str| {
        let words = words.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\r', "\\r");
        format!("\"{words}\"")
    };
    let named = |id: &str| format!("<#{}>", local(id));
    let mut text = format!(
        "@prefix skos: <{SKOS}> .\n\n<#> a skos:ConceptScheme ; skos:prefLabel {} .\n",
        quoted(&out.codebook.title)
    );
    for concept in out.codebook.concepts() {
        text.push_str(&format!("\n{} a skos:Concept ; skos:inScheme <#>", named(&concept.id)));
        for (language, label) in labels(concept) {
            let language = language.map_or(String::new(), |l| format!("@{l}"));
            text.push_str(&format!(" ;\n  skos:prefLabel {}{language}", quoted(label)));
        }
        text.push_str(&format!(" ;\n  skos:notation {}", quoted(&concept.id)));
        for (property, words) in [("scopeNote", &concept.note), ("note", &concept.source)] {
            if !words.is_empty() {
                text.push_str(&format!(" ;\n  skos:{property} {}", quoted(words)));
            }
        }
        if let Some(broader) = &concept.broader {
            text.push_str(&format!(" ;\n  skos:broader {}", named(broader)));
        }
        text.push_str(" .\n");
    }
    for role in Role::ALL {
        let members: Vec<String> =
            out.codebook.concepts().iter().filter(|c| c.has(role)).map(|c| named(&c.id)).collect();
        if !members.is_empty() {
            let name = role.name();
            text.push_str(&format!(
                "\n<#role-{name}> a skos:Collection ; skos:prefLabel \"{name}\"@en ; skos:member {} .\n",
                members.join(", ")
            ));
        }
    }
    Ok(Written { bytes: text.into_bytes(), ..Written::default() })
}

fn json_ld(out: &Outgoing<'_>) -> Result<Written, Problems> {
    checked(out)?;
    let named = |id: &str| json!({ "@id": format!("#{}", local(id)) });
    let mut graph = vec![json!({ "@id": "#", "@type": "skos:ConceptScheme", "skos:prefLabel": out.codebook.title })];
    for concept in out.codebook.concepts() {
        let label = |(language, label): (Option<&str>, &str)| match language {
            Some(language) => json!({ "@value": label, "@language": language }),
            None => json!({ "@value": label }),
        };
        let mut node = Map::new();
        node.insert("@id".to_owned(), format!("#{}", local(&concept.id)).into());
        node.insert("@type".to_owned(), "skos:Concept".into());
        node.insert("skos:inScheme".to_owned(), json!({ "@id": "#" }));
        node.insert("skos:notation".to_owned(), concept.id.as_str().into());
        node.insert("skos:prefLabel".to_owned(), labels(concept).into_iter().map(label).collect());
        for (property, words) in [("skos:scopeNote", &concept.note), ("skos:note", &concept.source)] {
            if !words.is_empty() {
                node.insert(property.to_owned(), words.as_str().into());
            }
        }
        if let Some(broader) = &concept.broader {
            node.insert("skos:broader".to_owned(), named(broader));
        }
        graph.push(Value::Object(node));
    }
    for role in Role::ALL {
        let members: Vec<Value> =
            out.codebook.concepts().iter().filter(|c| c.has(role)).map(|c| named(&c.id)).collect();
        if !members.is_empty() {
            let name = role.name();
            graph.push(json!({ "@id": format!("#role-{name}"), "@type": "skos:Collection", "skos:prefLabel": name, "skos:member": members }));
        }
    }
    let value = json!({ "@context": { "skos": SKOS }, "@graph": graph });
    let mut bytes = serde_json::to_vec_pretty(&value).unwrap_or_default();
    bytes.push(b'\n');
    Ok(Written { bytes, ..Written::default() })
}
