//! The answer serialised.

use super::answer::Concepts;
use nomoscope_core::codebook::ConceptIx;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// How often each concept occurs.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// Sources that were read.
    pub sources: usize,
    /// The attribute that the counts are grouped by.
    pub by: Option<String>,
    /// One entry a concept, in the order of the codebook.
    pub concepts: Vec<Concept>,
    /// Languages of sources for which the codebook has no pattern, with the number of sources in each.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unread_languages: BTreeMap<String, usize>,
}

/// One concept.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Concept {
    /// The id.
    pub concept: String,
    /// Its label, English where there is one.
    pub label: String,
    /// `problem`, `value`, `behaviour`.
    pub roles: Vec<&'static str>,
    /// Whether it names a whole norm.
    pub norm_label: bool,
    /// How often it occurs.
    pub codings: u64,
    /// In how many paragraphs.
    pub units: u64,
    /// In how many sources.
    pub sources: u64,
    /// The earliest dated source that has it.
    pub first: Option<First>,
    /// The same by group, only where an attribute was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<Group>>,
}

/// A first appearance.
#[derive(Debug, Serialize, JsonSchema)]
pub struct First {
    /// Path of the source.
    pub source: String,
    /// Its date.
    pub date: String,
}

/// The counts of one group.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Group {
    /// Value of the attribute; `(none)` where a source has none.
    pub group: String,
    /// How often the concept occurs.
    pub codings: u64,
    /// In how many paragraphs.
    pub units: u64,
    /// In how many sources.
    pub sources: u64,
}

impl From<&Concepts> for Said {
    fn from(answer: &Concepts) -> Self {
        Self {
            sources: answer.corpus.sources.len(),
            by: answer.by.clone(),
            concepts: answer.corpus.codebook.indices().map(|ix| concept(answer, ix)).collect(),
            unread_languages: answer.corpus.unread_languages.clone(),
        }
    }
}

fn concept(answer: &Concepts, ix: ConceptIx) -> Concept {
    let Concepts { corpus, by, counts } = answer;
    let concept = corpus.codebook.get(ix);
    let [codings, units, sources] = counts.total.get(&ix).copied().unwrap_or_default();
    let group = |(group, [codings, units, sources]): (&str, [u64; 3])| Group {
        group: group.to_owned(),
        codings,
        units,
        sources,
    };
    Concept {
        concept: concept.id.clone(),
        label: concept.label_in("en").to_owned(),
        roles: concept.roles.iter().map(|r| r.name()).collect(),
        norm_label: concept.norm_label,
        codings,
        units,
        sources,
        first: counts
            .first
            .get(&ix)
            .map(|f| First { source: corpus.sources[f.source].path.clone(), date: f.date.to_string() }),
        groups: by.is_some().then(|| counts.of_groups(ix).map(group).collect()),
    }
}
