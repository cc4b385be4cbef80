//! Codebooks as SKOS, read from Turtle and from JSON-LD.
//!
//! A `skos:Concept`, or whatever has a label or stands above or below one, is a code; its preferred label is its name, what
//! is broader stands above it, its definition or scope note says what it means. Collections that are named after a role
//! say who has it, as they do in what this program writes.

use super::project::{ForeignCode, ForeignProject};
use super::skos::SKOS;
use crate::readers::jsonl::depth;
use crate::{FormatError, Input, Limits, Reason};
use nomoscope_core::codebook::Role;
use nomoscope_core::problem::Place;
use oxjsonld::JsonLdParser;
use oxrdf::{NamedOrBlankNode, Term, Triple};
use oxttl::TurtleParser;
use std::collections::{BTreeMap, BTreeSet};

/// What addresses of a file are relative to that gives none.
const BASE: &str = "codebook:this";
const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

pub(super) fn turtle(input: &Input, limits: &Limits) -> Result<ForeignProject, FormatError> {
    let parser = TurtleParser::new().with_base_iri(BASE).map_err(|e| refused(input, None, e.to_string()))?;
    let mut book = Book::default();
    for triple in parser.for_slice(input.bytes) {
        let triple = triple.map_err(|e| {
            let line = e.location().start.line + 1;
            refused(input, Some(Place::Line(line)), e.message().to_owned())
        })?;
        book.take(input, limits, triple)?;
    }
    book.project(input)
}

pub(super) fn json_ld(input: &Input, limits: &Limits) -> Result<ForeignProject, FormatError> {
    // Before anything is built of it.
    if depth(&String::from_utf8_lossy(input.bytes)) > limits.max_depth {
        return Err(FormatError::new(input, None, Reason::TooDeep { limit: limits.max_depth }));
    }
    let parser = JsonLdParser::new().with_base_iri(BASE).map_err(|e| refused(input, None, e.to_string()))?;
    let mut book = Book::default();
    for quad in parser.for_slice(input.bytes) {
        let quad = quad.map_err(|e| {
            let line = e.location().map(|at| Place::Line(at.start.line + 1));
            refused(input, line, format!("{e}; contexts that lie elsewhere are not fetched"))
        })?;
        book.take(input, limits, Triple::new(quad.subject, quad.predicate, quad.object))?;
    }
    book.project(input)
}

fn refused(input: &Input, place: Option<Place>, message: String) -> FormatError {
    FormatError::new(input, place, Reason::NoProject { message })
}

/// A concept as far as it is known.
#[derive(Default)]
struct Known {
    is_concept: bool,
    /// Labels with their languages, in the order of the file.
    labels: Vec<(Option<String>, String)>,
    definition: String,
    above: Option<String>,
}

#[derive(Default)]
struct Book {
    known: BTreeMap<String, Known>,
    /// In which order things were first named.
    order: Vec<String>,
    schemes: BTreeMap<String, String>,
    /// Members of collections, and how these are called.
    members: BTreeMap<String, Vec<String>>,
    n_triples: usize,
    others: BTreeMap<&'static str, usize>,
}

impl Book {
    fn known(&mut self, id: &str) -> &mut Known {
        if !self.known.contains_key(id) {
            self.order.push(id.to_owned());
        }
        self.known.entry(id.to_owned()).or_default()
    }

    fn take(&mut self, input: &Input, limits: &Limits, triple: Triple) -> Result<(), FormatError> {
        self.n_triples += 1;
        if self.n_triples > limits.max_rows {
            return Err(FormatError::new(input, None, Reason::TooMany { what: "statements", limit: limits.max_rows }));
        }
        let id = match &triple.subject {
            NamedOrBlankNode::NamedNode(node) => node.as_str().to_owned(),
            NamedOrBlankNode::BlankNode(node) => format!("_:{}", node.as_str()),
        };
        let (target, language) = match triple.object {
            Term::NamedNode(node) => (node.into_string(), None),
            Term::BlankNode(node) => (format!("_:{}", node.as_str()), None),
            Term::Literal(words) => (words.value().to_owned(), words.language().map(str::to_owned)),
        };
        match triple.predicate.as_str() {
            TYPE => self.typed(&id, &target),
            other => {
                if let Some(property) = other.strip_prefix(SKOS) {
                    self.said(&id, property, target, language);
                }
            }
        }
        Ok(())
    }

    fn typed(&mut self, id: &str, class: &str) {
        match class.strip_prefix(SKOS) {
            Some("Concept") => self.known(id).is_concept = true,
            Some("ConceptScheme") => drop(self.schemes.entry(id.to_owned()).or_default()),
            Some("Collection" | "OrderedCollection") => drop(self.members.entry(id.to_owned()).or_default()),
            _ => {}
        }
    }

    fn said(&mut self, id: &str, property: &str, target: String, language: Option<String>) {
        match property {
            "prefLabel" => self.known(id).labels.push((language, target)),
            "broader" | "broaderGeneric" | "broaderPartitive" => {
                self.known(&target).is_concept = true;
                let known = self.known(id);
                known.is_concept = true;
                if known.above.is_none() {
                    known.above = Some(target);
                } else if known.above.as_deref() != Some(target.as_str()) {
                    *self.others.entry("further broader concepts").or_default() += 1;
                }
            }
            "narrower" => {
                self.known(id).is_concept = true;
                let below = self.known(&target);
                below.is_concept = true;
                below.above.get_or_insert_with(|| id.to_owned());
            }
            "definition" | "scopeNote" => {
                let known = self.known(id);
                // A definition says more than a note, whichever comes first.
                if known.definition.is_empty() || property == "definition" {
                    known.definition = target;
                }
            }
            "member" => self.members.entry(id.to_owned()).or_default().push(target),
            "inScheme" | "topConceptOf" => self.known(id).is_concept = true,
            "hasTopConcept" => self.known(&target).is_concept = true,
            "altLabel" | "hiddenLabel" => *self.others.entry("other labels").or_default() += 1,
            "related" => *self.others.entry("related concepts").or_default() += 1,
            "exactMatch" | "closeMatch" | "broadMatch" | "narrowMatch" | "relatedMatch" => {
                *self.others.entry("matches with other schemes").or_default() += 1;
            }
            _ => {}
        }
    }

    fn project(mut self, input: &Input) -> Result<ForeignProject, FormatError> {
        let mut project = ForeignProject { format: "skos", ..ForeignProject::default() };
        let roles = self.roles();
        for scheme in self.schemes.keys() {
            project.name = self.known.get(scheme).map(Known::label).unwrap_or_default();
        }
        for id in &self.order {
            let Some(known) = self.known.get(id).filter(|known| known.is_concept) else { continue };
            if self.schemes.contains_key(id) || self.members.contains_key(id) {
                continue;
            }
            let name = Some(known.label()).filter(|label| !label.is_empty()).unwrap_or_else(|| last_part(id));
            project.codes.push(ForeignCode {
                id: id.clone(),
                name,
                parent: known.above.clone(),
                description: known.definition.clone(),
                codable: true,
                roles: roles.get(id).cloned().unwrap_or_default(),
                ..ForeignCode::default()
            });
        }
        if project.codes.is_empty() {
            return Err(refused(input, None, "it holds no concept of SKOS".to_owned()));
        }
        project.count("concepts", project.codes.len());
        let labels = self.known.values().map(|known| known.labels.len().saturating_sub(1)).sum();
        self.others.insert("labels in further languages", labels);
        for (what, n) in self.others {
            project.lose(what, n, "a code has one name and one code above it");
        }
        Ok(project)
    }

    /// Returns which concepts have which role: those in the collections that are named after one.
    fn roles(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut roles: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (collection, members) in &self.members {
            let label = self.known.get(collection).map(Known::label).unwrap_or_default().to_lowercase();
            if let Some(role) = Role::ALL.into_iter().find(|role| role.name() == label) {
                for member in members {
                    roles.entry(member.clone()).or_default().insert(role.name().to_owned());
                }
            }
        }
        roles
    }
}

impl Known {
    /// Returns the English label, or that without a language, or the first.
    fn label(&self) -> String {
        let english = |(language, _): &&(Option<String>, String)| {
            language.as_deref().is_some_and(|l| l == "en" || l.starts_with("en-"))
        };
        let plain = |(language, _): &&(Option<String>, String)| language.is_none();
        let best = self.labels.iter().find(english).or_else(|| self.labels.iter().find(plain));
        best.or_else(|| self.labels.first()).map(|(_, label)| label.clone()).unwrap_or_default()
    }
}

/// Returns what of an address people read: what stands after its last sign.
fn last_part(address: &str) -> String {
    address.rsplit(['#', '/', ':']).next().unwrap_or(address).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<ForeignProject, FormatError> {
        let input = Input { name, bytes: text.as_bytes() };
        if name.ends_with(".ttl") { turtle(&input, &Limits::default()) } else { json_ld(&input, &Limits::default()) }
    }

    /// The ways in which the reference of SKOS lets a hierarchy, labels and notes be written.
    #[test]
    fn a_thesaurus_as_others_write_it() {
        let text = r#"
            @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
            @prefix ex: <http://example.org/t/> .
            ex:scheme a skos:ConceptScheme ; skos:prefLabel "Work" ; skos:hasTopConcept ex:labour .
            ex:labour skos:prefLabel "Arbeit"@de, "labour"@en ; skos:narrower ex:debt ; skos:altLabel "work"@en .
            ex:debt a skos:Concept ; skos:prefLabel "debt bondage" ; skos:scopeNote "note" ; skos:definition "meaning" .
            ex:child a skos:Concept ; skos:broader ex:labour , ex:debt .
            ex:roles a skos:Collection ; skos:prefLabel "Problem"@en ; skos:member ex:debt .
        "#;
        let project = read("t.ttl", text).unwrap();
        let codes: Vec<(&str, Option<&str>, &str)> =
            project.codes.iter().map(|c| (c.name.as_str(), c.parent.as_deref(), c.description.as_str())).collect();
        let labour = Some("http://example.org/t/labour");
        assert_eq!(codes, [("labour", None, ""), ("debt bondage", labour, "meaning"), ("child", labour, "")]);
        assert_eq!(project.codes[1].roles, BTreeSet::from(["problem".to_owned()]));
        assert_eq!(project.name, "Work");
        let lost: Vec<(&str, usize)> = project.lost.iter().map(|l| (l.what.as_str(), l.n)).collect();
        assert_eq!(lost, [("further broader concepts", 1), ("labels in further languages", 1), ("other labels", 1)]);
    }

    #[test]
    fn json_with_its_own_context() {
        let text = r#"{"@context": {"skos": "http://www.w3.org/2004/02/skos/core#", "label": "skos:prefLabel"},
            "@id": "http://example.org/a", "@type": "skos:Concept", "label": {"@value": "dette", "@language": "fr"}}"#;
        assert_eq!(read("t.jsonld", text).unwrap().codes[0].name, "dette");
    }

    #[test]
    fn what_is_no_thesaurus_says_so() {
        for (name, text, want) in [
            ("t.ttl", "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n<a> skos:prefLabel \"x .\n", "line 2"),
            ("t.ttl", "<a> <b> <c> .", "no concept"),
            ("t.jsonld", r#"{"@context": "http://example.org/elsewhere", "@id": "x"}"#, "not fetched"),
            ("t.jsonld", &"[".repeat(100_000), "nested deeper"),
            ("t.jsonld", "{", "t.jsonld"),
        ] {
            let error = read(name, text).unwrap_err().to_string();
            assert!(error.contains(want), "{error}");
        }
    }
}
