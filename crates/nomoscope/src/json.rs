//! The stable JSON of the analysing commands. Documented in docs/reference/json.md; no number is NaN or infinite.

pub mod adoption;
pub mod agree;
pub mod attrition;
pub mod compare;
pub mod estimate;
pub mod law;
pub mod network;
pub mod slip;
pub mod trend;

use crate::analysis::Analysis;
use nomoscope_core::codebook::{ConceptIx, Role};
use nomoscope_core::norm::completeness::Completeness;
use nomoscope_core::norm::corpus::{CodedSource, Corpus};
use nomoscope_core::norm::kind::{Kind, Model};
use nomoscope_core::norm::statement::{Statement, StatementCount};
use nomoscope_core::stats::graph::Graph;
use nomoscope_core::stats::partition::disparity_filter;
use nomoscope_core::study::Source;
use nomoscope_core::text::{Level, UnitRole};
use nomoscope_core::usage::coupling::{Coupling, CouplingLevel};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Returns a number, or null where there is none or it is not finite.
fn number(value: Option<f64>) -> Value {
    value.filter(|v| v.is_finite()).map_or(Value::Null, |v| json!(v))
}

/// Returns `map --json`.
#[must_use]
pub fn map(a: &Analysis<'_>, top: usize, run: Value) -> Value {
    json!({
        "focus": focus(a),
        "window": a.options.window.name(),
        "sources": a.corpus.sources.len(),
        "focal_sources": a.focal_source_count(),
        "units": a.n_windows(),
        "focal_units": a.focal.iter().map(BTreeSet::len).sum::<usize>(),
        "statements": statements(a, top),
        "omitted": omitted(a, top),
        "effective": effective(a),
        "type": kind(a),
        "undecided": number(a.undecided),
        "completeness": json!({ "all": completeness(&a.completeness[0]), "focal": completeness(&a.completeness[1]) }),
        "force": force(a),
        "resemblance": a.resemblance,
        "couplings": couplings(a),
        "membership": membership(a),
        "first": a.first.iter().map(|(c, f)| json!({
            "concept": a.id(*c), "source": a.corpus.sources[f.source].path, "date": f.date.to_string() })).collect::<Vec<_>>(),
        "citations": a.citations.iter().map(|c| json!({
            "from": a.corpus.sources[c.from].path, "to": a.corpus.sources[c.to].path, "places": c.places.len() })).collect::<Vec<_>>(),
        "unread_languages": a.corpus.unread_languages,
        "run": run,
    })
}

fn focus(a: &Analysis<'_>) -> Value {
    a.focus.as_ref().map_or(Value::Null, |f| {
        json!({
            "concept": a.id(f.used),
            "asked": a.id(f.asked),
            "widened": f.used != f.asked,
            "sources": f.sources,
            "sources_of_asked": f.sources_of_asked,
            "concepts": f.concepts.iter().map(|c| a.id(*c)).collect::<Vec<_>>(),
        })
    })
}

/// Returns the focal statements, heaviest first, ties by their parts.
#[must_use]
pub fn ranked<'t>(a: &'t Analysis<'_>) -> Vec<(&'t Statement, &'t StatementCount)> {
    let mut all: Vec<_> = a.statements.counts.iter().collect();
    all.sort_by(|x, y| y.1.weight.total_cmp(&x.1.weight).then(x.0.cmp(y.0)));
    all
}

fn statements(a: &Analysis<'_>, top: usize) -> Vec<Value> {
    let name = |c: Option<ConceptIx>| c.map_or(Value::Null, |c| json!(a.id(c)));
    ranked(a)
        .into_iter()
        .take(top)
        .map(|(s, n)| {
            json!({
                "problem": name(s.problem),
                "value": name(s.value),
                "behaviour": name(s.behaviour),
                "weight": n.weight,
                "source_weight": n.source_weight,
                "supplied": n.supplied,
                "units": n.windows.len(),
                "sources": n.sources.len(),
                "passages": n.passages.iter().take(5).map(|(supplied, p)| {
                    let coded = &a.corpus.coded[p.source as usize];
                    json!({
                        "source": a.corpus.sources[p.source as usize].path,
                        "unit": coded.label(p.unit),
                        "supplied": supplied,
                    })
                }).collect::<Vec<_>>(),
            })
        })
        .collect()
}

fn omitted(a: &Analysis<'_>, top: usize) -> Value {
    let rest = ranked(a).into_iter().skip(top);
    let (n, weight) = rest.fold((0_usize, 0.0), |(n, w), (_, c)| (n + 1, w + c.weight));
    json!({ "statements": n, "weight": weight, "beyond_cap": a.statements.omitted_weight })
}

fn effective(a: &Analysis<'_>) -> Value {
    match &a.kind {
        Ok(k) => {
            let [p, v, b] = k.effective;
            json!({
                "problem": number(Some(p.adjusted)),
                "value": number(Some(v.adjusted)),
                "behaviour": number(Some(b.adjusted)),
                "statement": number(Some(k.effective_statements.adjusted)),
                "detail": { "problem": p, "value": v, "behaviour": b, "statement": k.effective_statements },
            })
        }
        Err(reason) => {
            json!({ "problem": null, "value": null, "behaviour": null, "statement": null, "reason": reason })
        }
    }
}

fn kind(a: &Analysis<'_>) -> Value {
    let readings: Map<String, Value> = a
        .readings
        .iter()
        .map(|(r, k)| (r.name().to_owned(), k.as_ref().map_or(Value::Null, |k| json!(k.model.name()))))
        .collect();
    let support = match &a.support.shares {
        Some(shares) => Value::Object(shares.iter().map(|(m, s)| (m.name().to_owned(), json!(s))).collect()),
        None => Value::Null,
    };
    let mut out = json!({ "model": null, "support": support, "readings": readings });
    if let Some(reason) = &a.support.reason {
        out["support_reason"] = json!(reason);
        out["reason"] = json!(reason);
    }
    out["draws"] = json!(a.support.draws);
    match &a.kind {
        Ok(k) => add_kind(&mut out, k),
        Err(reason) => out["reason"] = json!(reason),
    }
    out
}

fn add_kind(out: &mut Value, k: &Kind) {
    let name = |m: Option<Model>| m.map_or(Value::Null, |m| json!(m.name()));
    out["model"] = json!(k.model.name());
    out["determination"] = json!(k.determination);
    out["by_threshold"] =
        k.by_threshold.iter().map(|(t, m)| json!({ "threshold": t, "model": m.name() })).collect::<Vec<_>>().into();
    out["merged_values"] = json!({ "model": name(k.merged_values), "value": number(k.merged_effective_values) });
    out["rarefied"] = match k.rarefied {
        Some([p, v, b]) => json!({ "model": name(k.rarefied_model), "problem": p, "value": v, "behaviour": b }),
        None => Value::Null,
    };
}

fn completeness(c: &Completeness) -> Value {
    let share = |part, whole| number(Completeness::share(part, whole));
    json!({
        "sentences": c.sentences,
        "complete": share(c.complete, c.sentences),
        "complete_in_sentence": share(c.complete_alone, c.sentences),
        "without_problem": share(c.without_problem, c.sentences),
        "without_value": share(c.without_value, c.sentences),
        "without_behaviour": share(c.without_behaviour, c.sentences),
        "behaviours": c.with_behaviour,
        "behaviour_without_value": share(c.behaviour_without_value, c.with_behaviour),
        "behaviour_with_value_of_another_norm": share(c.behaviour_with_value_of_another_norm, c.with_behaviour),
    })
}

fn force(a: &Analysis<'_>) -> Value {
    let families = a.force.iter().map(|(family, by_force)| {
        let counts: Map<String, Value> = by_force.iter().map(|(f, n)| (f.name().to_owned(), json!(n))).collect();
        (family.clone(), Value::Object(counts))
    });
    Value::Object(families.collect())
}

/// All couplings of both levels, each with its p-value in the disparity filter over the joint counts of its level.
fn couplings(a: &Analysis<'_>) -> Vec<Value> {
    let mut out = Vec::new();
    for list in [&a.textual, &a.actor] {
        let joint: Vec<(usize, usize, f64)> =
            list.iter().filter(|c| c.n11 > 0).map(|c| (c.a.get(), c.b.get(), c.n11 as f64)).collect();
        let significance: BTreeMap<(usize, usize), f64> = Graph::new(a.corpus.codebook.len(), &joint)
            .map(|graph| disparity_filter(&graph).into_iter().map(|e| ((e.from, e.to), e.p)).collect())
            .unwrap_or_default();
        for c in list {
            let mut value = coupling(a, c);
            let pair = (c.a.get().min(c.b.get()), c.a.get().max(c.b.get()));
            value["disparity_p"] = number(significance.get(&pair).copied());
            out.push(value);
        }
    }
    out
}

fn coupling(a: &Analysis<'_>, c: &Coupling) -> Value {
    let ci = c.interval.map_or(Value::Null, |i| json!([number(i.lower), number(i.upper)]));
    let mut out = json!({
        "a": a.id(c.a),
        "b": a.id(c.b),
        "level": c.level.name(),
        "n11": c.n11,
        "n1": c.n1,
        "n2": c.n2,
        "n": c.n,
        "expected": number(Some(c.expected)),
        "sources": c.informative_sources,
        "odds_ratio": number(c.odds_ratio),
        "odds_ratio_unadjusted": number(c.unadjusted),
        "ci": ci,
        "p": number(c.p),
        "q": number(c.q),
        "npmi": number(c.npmi),
        "jaccard": number(c.jaccard),
        "cosine": number(c.cosine),
        "association_strength": number(c.association_strength),
        "backbone": if c.level == CouplingLevel::Textual { json!(c.backbone) } else { Value::Null },
    });
    if let Some(reason) = c.reason {
        out["reason"] = json!(reason);
    }
    out
}

fn membership(a: &Analysis<'_>) -> Value {
    let m = &a.membership;
    json!({
        "concepts": m.members.iter().map(|x| json!({
            "concept": a.id(x.concept),
            "membership": if m.runs > 0 { json!(x.membership) } else { Value::Null },
            "standing": if m.runs > 0 { json!(x.standing()) } else { Value::Null },
            "community": x.community,
            "participation": number(x.participation),
        })).collect::<Vec<_>>(),
        "adjusted_rand_bootstrap": number(m.bootstrap_rand),
        "adjusted_rand_algorithmic": number(m.algorithmic_rand),
        "modularity": number(m.modularity),
        "runs": m.runs,
        "reason": m.reason,
    })
}

/// Returns `concepts --json`.
#[must_use]
pub fn concepts(corpus: &Corpus<'_>, by: Option<&str>) -> Value {
    let counts = ConceptCounts::new(corpus, by);
    let list: Vec<Value> = corpus.codebook.indices().map(|ix| counts.concept(corpus, ix, by)).collect();
    let mut out = json!({ "sources": corpus.sources.len(), "by": by, "concepts": list });
    if !corpus.unread_languages.is_empty() {
        out["unread_languages"] = json!(corpus.unread_languages);
    }
    out
}

/// How often each concept occurs, in all and by group.
#[derive(Debug, Default)]
pub struct ConceptCounts {
    /// Per concept: codings, units (paragraphs), sources.
    pub total: BTreeMap<ConceptIx, [u64; 3]>,
    /// The same by group.
    pub groups: BTreeMap<(ConceptIx, String), [u64; 3]>,
    /// First dated source of each concept.
    pub first: BTreeMap<ConceptIx, nomoscope_core::usage::emergence::First>,
}

impl ConceptCounts {
    /// Returns the counts, by group where an attribute is named.
    #[must_use]
    pub fn new(corpus: &Corpus<'_>, by: Option<&str>) -> Self {
        let mut out = Self { first: nomoscope_core::usage::emergence::first_appearances(corpus), ..Self::default() };
        for (source, coded) in corpus.sources.iter().zip(&corpus.coded) {
            let group = by.map(|k| source.attribute(k).unwrap_or_else(|| "(none)".to_owned()));
            for (concept, n) in in_source(coded) {
                add(out.total.entry(concept).or_default(), n);
                if let Some(group) = &group {
                    add(out.groups.entry((concept, group.clone())).or_default(), n);
                }
            }
        }
        out
    }

    fn concept(&self, corpus: &Corpus<'_>, ix: ConceptIx, by: Option<&str>) -> Value {
        let concept = corpus.codebook.get(ix);
        let [codings, units, sources] = self.total.get(&ix).copied().unwrap_or_default();
        let first = self
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
            let groups = self.groups.range((ix, String::new())..).take_while(|((c, _), _)| *c == ix);
            out["groups"] = groups
                .map(|((_, g), n)| json!({ "group": g, "codings": n[0], "units": n[1], "sources": n[2] }))
                .collect::<Vec<_>>()
                .into();
        }
        out
    }
}

fn add(to: &mut [u64; 3], n: [u64; 3]) {
    for (t, n) in to.iter_mut().zip(n) {
        *t += n;
    }
}

fn in_source(coded: &CodedSource) -> BTreeMap<ConceptIx, [u64; 3]> {
    let mut out: BTreeMap<ConceptIx, [u64; 3]> = BTreeMap::new();
    let mut paragraphs: BTreeSet<(ConceptIx, u32)> = BTreeSet::new();
    for coding in &coded.codings {
        out.entry(coding.concept).or_insert([0, 0, 1])[0] += 1;
        paragraphs.insert((coding.concept, coded.unit_at(coding.span.start, Level::Paragraph)));
    }
    for (concept, _) in paragraphs {
        if let Some(n) = out.get_mut(&concept) {
            n[1] += 1;
        }
    }
    out
}

/// Returns one entry of `sources --json`.
#[must_use]
pub fn source(source: &Source, coded: &CodedSource, with_units: bool) -> Value {
    let units = &coded.segmentation.units;
    let mut counts: Map<String, Value> = Level::ALL
        .iter()
        .filter(|l| **l != Level::Source)
        .map(|l| (l.name().to_owned(), json!(units.iter().filter(|u| u.level == *l).count())))
        .collect();
    let articles = units.iter().filter(|u| u.level == Level::Section && is_article(&u.label)).count();
    counts.insert("article".to_owned(), json!(articles));
    let mut out = json!({
        "path": source.path,
        "title": source.title,
        "kind": source.kind,
        "date": source.date.map(|d| d.to_string()),
        "language": source.language,
        "language_detected": coded.detected,
        "direction": source.document.direction,
        "attributes": source.attributes,
        "characters": source.document.text.chars().count(),
        "words": coded.words.first().copied().unwrap_or(0),
        "units": counts,
        "paragraphs_by": coded.segmentation.paragraphs_by.name(),
        "median_paragraph_words": coded.segmentation.median_paragraph_words,
    });
    if with_units {
        let labels = Level::ALL.iter().filter(|l| **l != Level::Source).map(|l| {
            let of: Vec<&str> = units.iter().filter(|u| u.level == *l).map(|u| &*u.label).collect();
            (l.name().to_owned(), json!(of))
        });
        out["labels"] = Value::Object(labels.collect());
        out["unit_labels"] = units
            .iter()
            .filter(|u| u.level != Level::Source)
            .map(|u| {
                json!({
                    "level": u.level.name(),
                    "label": u.label,
                    "role": role(u.role),
                    "start": u.span.start,
                    "end": u.span.end,
                })
            })
            .collect::<Vec<_>>()
            .into();
    }
    out
}

const fn role(role: UnitRole) -> &'static str {
    match role {
        UnitRole::Body => "body",
        UnitRole::Heading => "heading",
        UnitRole::Chapeau => "chapeau",
        UnitRole::Preamble => "preamble",
    }
}

/// Whether a section label names an article or a section of a statute.
fn is_article(label: &str) -> bool {
    label.starts_with(['第', '제'])
        || label.split_whitespace().any(|w| matches!(w, "Art." | "§" | "Section" | "Sec." | "s."))
}
