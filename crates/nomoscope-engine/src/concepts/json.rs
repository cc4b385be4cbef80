//! `concepts --json`.

use super::answer::ConceptCounts;
use nomoscope_core::codebook::{ConceptIx, Role};
use nomoscope_core::norm::corpus::Corpus;
use serde_json::{Value, json};

/// Returns `concepts --json`.
#[must_use]
pub fn concepts(corpus: &Corpus, by: Option<&str>) -> Value {
    let counts = ConceptCounts::new(corpus, by);
    let list: Vec<Value> = corpus.codebook.indices().map(|ix| concept(&counts, corpus, ix, by)).collect();
    let mut out = json!({ "sources": corpus.sources.len(), "by": by, "concepts": list });
    if !corpus.unread_languages.is_empty() {
        out["unread_languages"] = json!(corpus.unread_languages);
    }
    out
}

fn concept(counts: &ConceptCounts, corpus: &Corpus, ix: ConceptIx, by: Option<&str>) -> Value {
    let concept = corpus.codebook.get(ix);
    let [codings, units, sources] = counts.total.get(&ix).copied().unwrap_or_default();
    let first = counts
        .first
        .get(&ix)
        .map_or(Value::Null, |f| json!({ "source": corpus.sources[f.source].path, "date": f.date.to_string() }));
    let mut out = json!({
        "concept": concept.id,
        "label": concept.label_in("en"),
        "roles": concept.roles.iter().map(|r: &Role| r.name()).collect::<Vec<_>>(),
        "norm_label": concept.norm_label,
        "codings": codings,
        "units": units,
        "sources": sources,
        "first": first,
    });
    if by.is_some() {
        let groups = counts.groups.range((ix, String::new())..).take_while(|((c, _), _)| *c == ix);
        out["groups"] = groups
            .map(|((_, g), n)| json!({ "group": g, "codings": n[0], "units": n[1], "sources": n[2] }))
            .collect::<Vec<_>>()
            .into();
    }
    out
}
