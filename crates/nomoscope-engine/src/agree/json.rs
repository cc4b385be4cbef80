//! `agree --json`.

use crate::agree::answer::{
    CoderCount, ConceptAgreement, LexiconScore, PairAgreement, Passage, Proportion, StudyAgreement, TableAgreement,
    Validity, reasons,
};
use crate::json::number;
use nomoscope_core::codebook::Role;
use nomoscope_stats::Interval;
use nomoscope_stats::agreement::{AgreementError, Bootstrap, Coefficient, Estimate};
use serde_json::{Map, Value, json};

/// Returns the agreement of the coders of a study.
#[must_use]
pub fn study(a: &StudyAgreement, top: usize) -> Value {
    json!({
        "kind": "study",
        "coders": a.coders.iter().map(|c| json!({ "coder": c.coder, "codings": c.codings, "sources": c.read })).collect::<Vec<_>>(),
        "unit": a.options.unit.name(),
        "units": a.n_units,
        "sources": a.n_sources,
        "sources_of_one_coder": a.n_alone,
        "level": "nominal",
        "overlapping": a.overlapping,
        "coefficients": estimates(&a.overall, a.options.unit.name()),
        "pairs": pairs(&a.pairs, &a.coders),
        "concepts": a.concepts.iter().map(|c| concept(c, a)).collect::<Vec<_>>(),
        "differences": a.passages.iter().take(top).map(|p| passage(p, a)).collect::<Vec<_>>(),
        "omitted": a.passages.len().saturating_sub(top),
        "lexicon": match &a.validity {
            Ok(v) => validity(v),
            Err(reason) => json!({ "overall": null, "reason": reason }),
        },
        "unknown_concepts": a.unknown_concepts,
        "bootstrap": bootstrap(a.options.bootstrap, (a.drawn.0, a.drawn.1 as u64), a.caution.as_deref()),
    })
}

/// Returns the agreement of the coders of a table.
#[must_use]
pub fn table(a: &TableAgreement, top: usize) -> Value {
    let by_coder = |values: &[Option<String>]| -> Value {
        let named = a.coders.iter().zip(values).map(|(c, v)| (c.coder.clone(), json!(v)));
        Value::Object(named.collect())
    };
    json!({
        "kind": "table",
        "coders": a.coders.iter().map(|c| json!({ "coder": c.coder, "values": c.codings })).collect::<Vec<_>>(),
        "unit": "row",
        "units": a.n_compared,
        "units_in_table": a.n_units,
        "level": a.level.name(),
        "coefficients": estimates(&a.overall, "row"),
        "pairs": pairs(&a.pairs, &a.coders),
        "categories": a.categories.iter().map(|c| category(c, &a.coders)).collect::<Vec<_>>(),
        "differences": a.differences.iter().take(top).map(|d| json!({
            "unit": d.unit,
            "values": by_coder(&d.values),
            "disagreement": number(Some(d.disagreement)),
        })).collect::<Vec<_>>(),
        "omitted": a.differences.len().saturating_sub(top),
        "notes": a.notes,
        "bootstrap": bootstrap(a.bootstrap, ("units", a.n_units), a.caution.as_deref()),
    })
}

fn bootstrap(how: Bootstrap, (of, n): (&str, u64), caution: Option<&str>) -> Value {
    let mut out = json!({ "draws": how.draws, "seed": how.seed, "level": how.level, "of": of, "n": n });
    if let Some(caution) = caution {
        out["caution"] = json!(caution);
    }
    out
}

fn interval(found: Option<Interval>) -> Value {
    found.map_or(Value::Null, |i| json!([number(i.lower), number(i.upper)]))
}

fn estimates(all: &[Estimate], unit: &str) -> Vec<Value> {
    all.iter()
        .map(|e| {
            let unitised = matches!(e.coefficient, Coefficient::UAlpha | Coefficient::CuAlpha | Coefficient::KuAlpha);
            let (reason, interval_reason) = reasons(e);
            let mut out = json!({
                "name": e.coefficient.name(),
                "level": e.level.name(),
                "value": number(e.value.ok()),
                "interval": interval(e.interval.ok()),
                "units": e.n_units,
                "unit": if unitised { "character" } else { unit },
            });
            if let Some(reason) = reason {
                out["reason"] = json!(reason);
            }
            if let Some(reason) = interval_reason {
                out["interval_reason"] = json!(reason);
            }
            out
        })
        .collect()
}

fn pairs(all: &[PairAgreement], coders: &[CoderCount]) -> Vec<Value> {
    let name = |at: usize| coders.get(at).map(|c| c.coder.as_str());
    let value = |found: Result<f64, AgreementError>| number(found.ok());
    all.iter()
        .map(|p| {
            let mut out = json!({
                "a": name(p.pair.0),
                "b": name(p.pair.1),
                "units": p.n_units,
                "percent": value(p.percent),
                "cohen_kappa": value(p.kappa),
            });
            if let Err(reason) = p.percent.and(p.kappa) {
                out["reason"] = json!(reason.to_string());
            }
            out
        })
        .collect()
}

fn by_coder(counts: &[u64], coders: &[CoderCount]) -> Value {
    let named: Map<String, Value> = coders.iter().zip(counts).map(|(c, n)| (c.coder.clone(), json!(n))).collect();
    Value::Object(named)
}

fn category(c: &ConceptAgreement, coders: &[CoderCount]) -> Value {
    json!({ "category": c.concept, "values": by_coder(&c.by_coder, coders), "coefficients": estimates(&c.estimates, "row") })
}

fn concept(c: &ConceptAgreement, a: &StudyAgreement) -> Value {
    json!({
        "concept": c.concept,
        "label": c.label,
        "roles": c.roles.iter().map(|r: &Role| r.name()).collect::<Vec<_>>(),
        "codings": by_coder(&c.by_coder, &a.coders),
        "coefficients": estimates(&c.estimates, a.options.unit.name()),
    })
}

fn passage(p: &Passage, a: &StudyAgreement) -> Value {
    let name = |at: &usize| a.coders.get(*at).map(|c| c.coder.as_str());
    let concept = |at: usize| a.concepts.get(at).map(|c| c.concept.as_str());
    let d = &p.difference;
    json!({
        "source": p.source,
        "unit": p.unit,
        "start": d.span.start,
        "end": d.span.end,
        "quote": p.quote,
        "concept": concept(p.concept),
        "marked_by": d.marked_by.iter().map(name).collect::<Vec<_>>(),
        "not_by": d.not_by.iter().map(name).collect::<Vec<_>>(),
        "instead": d.instead.iter().map(|(coder, c)| json!({ "coder": name(coder), "concept": concept(*c as usize) })).collect::<Vec<_>>(),
        "disagreement": number(Some(d.share)),
        "characters": d.characters,
    })
}

fn validity(v: &Validity) -> Value {
    let with = |key: &str, name: &str, s: &LexiconScore| {
        let mut out = score(s);
        out[key] = json!(name);
        out
    };
    json!({
        "people": v.people,
        "sources": v.n_sources,
        "overall": score(&v.overall),
        "roles": v.roles.iter().map(|(r, s)| with("role", r.name(), s)).collect::<Vec<_>>(),
        "concepts": v.concepts.iter().map(|(c, s)| with("concept", c, s)).collect::<Vec<_>>(),
    })
}

fn score(s: &LexiconScore) -> Value {
    json!({ "precision": proportion(&s.precision), "recall": proportion(&s.recall) })
}

fn proportion(p: &Proportion) -> Value {
    let mut out = json!({
        "value": number(p.value()),
        "interval": interval(p.interval),
        "k": p.k,
        "n": p.n,
        "interval_by": match (p.interval, p.by_sources) {
            (None, _) => Value::Null,
            (_, true) => json!("sources"),
            (_, false) => json!("wilson"),
        },
    });
    if p.n == 0 {
        out["reason"] = json!("nothing to count");
    }
    out
}
